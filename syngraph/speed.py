"""``syngraph bench speed``: how fast and how large this installation is, measured on a made-up encounter."""

from __future__ import annotations

import json
import os
import platform
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from syngraph.errors import BackendError

_TURNS = (
    ("医生", "哪里不舒服？"), ("患者", "咳嗽三天了，晚上厉害，有点黄痰。"), ("医生", "发烧吗？"), ("患者", "没有发烧。"),
    ("医生", "胸痛吗？"), ("患者", "不疼，就是有点闷。"), ("医生", "平时吃什么药？"), ("患者", "络活喜，一天一片。"), ("医生", "好的，我再问几个问题。"),
)  # fmt: skip
_RESOURCES, _LINES = 200, 45


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One figure with the limit that the product sets itself."""

    name: str
    value: float
    unit: str
    limit: float

    @property
    def ok(self) -> bool:
        """Whether the limit is kept."""
        return self.value <= self.limit


def text_encounter(folder: Path) -> Path:
    """Write a text-only encounter: a 45-turn transcript, a questionnaire, 200 FHIR resources. Returns its folder."""
    home = folder / "speed"
    for name in ("preconsultation", "consultation", "emr"):
        (home / name).mkdir(parents=True)
    (home / "encounter.yaml").write_text(
        "id: speed\nlanguage: zh\nstart: 2026-11-20T09:30:00+08:00\n"
        "patient: {id: P1, name: 王芳, sex: female, birth_date: 1984-03-02}\n",
        encoding="utf-8",
    )
    (home / "preconsultation" / "form.yaml").write_text(
        "- {question: 哪里不舒服, answer: 咳嗽}\n- {question: 多久了, answer: 三天}\n- {question: 过敏, answer: 没有}\n",
        encoding="utf-8",
    )
    lines = [f"{who}：{words}" for i in range(_LINES) for who, words in (_TURNS[i % len(_TURNS)],)]
    (home / "consultation" / "talk.txt").write_text("\n".join(lines), encoding="utf-8")
    (home / "emr" / "bundle.json").write_text(json.dumps(_bundle(), ensure_ascii=False), encoding="utf-8")
    return home


def _bundle() -> dict[str, object]:
    entries: list[dict[str, object]] = [
        {
            "resource": {
                "resourceType": "Patient",
                "id": "P1",
                "name": [{"text": "王芳"}],
                "gender": "female",
                "birthDate": "1984-03-02",
            }
        }
    ]
    entries += [{"resource": _observation(i)} for i in range(_RESOURCES - 1)]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def _observation(i: int) -> dict[str, object]:
    return {
        "resourceType": "Observation", "id": f"o{i}", "status": "final", "subject": {"reference": "Patient/P1"},
        "category": [{"coding": [{"code": "laboratory"}]}], "code": {"text": ("血红蛋白", "白细胞", "肌酐", "钾")[i % 4]},
        "effectiveDateTime": f"20{10 + i % 16:02d}-03-{1 + i % 28:02d}",
        "valueQuantity": {"value": 100 + i, "unit": ("g/L", "10^9/L", "umol/L", "mmol/L")[i % 4]},
    }  # fmt: skip


def _timed(work: Callable[[], object], times: int) -> float:
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def _command(*words: str) -> Callable[[], object]:
    def run() -> object:
        done = subprocess.run([sys.executable, "-m", "syngraph.cli", *words], capture_output=True)  # noqa: S603
        return _succeeded(done.returncode, words)

    return run


def _succeeded(status: int, words: Sequence[str]) -> int:
    if status:
        raise BackendError(
            f"syngraph {words[0]} ended with status {status} while it was measured", "run syngraph doctor"
        )
    return status


def _peak_mb(*words: str) -> float:
    """Peak resident memory of a fresh process, in MiB."""
    code = (
        "import resource,sys,io,contextlib\nfrom syngraph.cli import main\n"
        "with contextlib.redirect_stdout(io.StringIO()): main(sys.argv[1:])\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True)  # noqa: S603
    _succeeded(done.returncode, words)
    scale = 2**20 if platform.system() == "Darwin" else 2**10
    return int(done.stdout.split()[-1]) / scale


def measures(cases: Path | None = None) -> Iterator[Measure]:
    """Measure, one figure after the other; ``cases`` adds the shipped report page and recording."""
    from syngraph.pipeline import draft

    with tempfile.TemporaryDirectory() as temporary:
        home = text_encounter(Path(temporary))
        draft(home)
        yield Measure(
            name="text-only encounter, warm", value=_timed(lambda: draft(home), 7) * 1000, unit="ms", limit=150
        )
        yield Measure(name="syngraph --help", value=_timed(_command("--help"), 5), unit="s", limit=0.4)
        yield Measure(name="syngraph draft, cold", value=_timed(_command("draft", str(home)), 3), unit="s", limit=1.5)
        yield Measure(name="memory, text only", value=_peak_mb("draft", str(home)), unit="MiB", limit=400)
        yield from _parallel(home, Path(temporary))
    if cases is not None:
        yield from _engines(cases)


def _parallel(home: Path, temporary: Path) -> Iterator[Measure]:
    import shutil

    many = [str(shutil.copytree(home, temporary / f"many{i}")) for i in range(40)]
    one = _timed(_command("draft", *many, "--out", str(temporary / "out1")), 1)
    two = _timed(_command("draft", *many, "--out", str(temporary / "out2"), "--jobs", "2"), 1)
    yield Measure(name="--jobs 2, share of the time of --jobs 1", value=two / one, unit="", limit=0.65)


def _engines(cases: Path) -> Iterator[Measure]:
    page = next(iter(sorted(cases.glob("*/reports/*.jpg"))), None)
    if page is not None:
        from syngraph.pipeline import read_one

        read_one(page)
        yield Measure(name="report page, warm", value=_timed(lambda: read_one(page), 3), unit="s", limit=5)
        yield Measure(name="memory, OCR", value=_peak_mb("read", str(page)), unit="MiB", limit=1536)
    sound = next((p for s in ("ogg", "wav", "flac", "mp3") for p in sorted(cases.glob(f"*/consultation/*.{s}"))), None)
    if sound is not None:
        yield from _speech(sound)


def _speech(sound: Path) -> Iterator[Measure]:
    from syngraph.pipeline import read_one

    sources, _, _ = read_one(sound)
    times = [m.locator.time[1] for s in sources for m in s.ruler.marks if m.locator.time]
    if times:
        seconds = _timed(lambda: read_one(sound), 2)
        yield Measure(name="audio, share of its length", value=seconds / max(times), unit="x", limit=0.5)
        yield Measure(name="memory, speech", value=_peak_mb("read", str(sound)), unit="MiB", limit=1536)


def bench_speed(*, as_json: bool) -> int:
    """Measure and print a table (or one line of JSON); returns 0 where every limit is kept, else 1."""
    cases = next((p for p in (Path("cases"), Path(__file__).parent.parent / "cases") if p.is_dir()), None)
    rows = []
    if not as_json:
        print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    for m in measures(cases):
        rows.append(m)
        if not as_json:
            print(f"{m.name:42}{m.value:10.2f} {m.unit:4} limit {m.limit:g}  {'ok' if m.ok else 'OVER'}", flush=True)
    if as_json:
        figures = {re.sub(r"\W+", "_", m.name.lower()).strip("_"): round(m.value, 3) for m in rows}
        print(json.dumps({**figures, "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
    return 0 if all(m.ok for m in rows) else 1

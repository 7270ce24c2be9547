"""From a visit's YAML to the files of its encounter folder."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from case_builder import cda, fhir, forms, messages, pages, talk

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "cases"
VOICES = Path(__file__).parent / "voices.py"
VISITS = Path(__file__).resolve().parent / "visits"
AUDIO = frozenset({".wav", ".mp3", ".m4a", ".ogg", ".flac", ".webm"})
IMAGES = frozenset({".jpg", ".png", ".heic", ".tif"})

#: ``make:`` of a file in a visit -> how its bytes are made from its description, its suffix and the visit.
_MAKERS: Mapping[str, Callable[[Mapping[str, Any], str, Mapping[str, Any]], bytes]] = {
    "text": lambda spec, suffix, visit: spec["content"].encode("utf-8"),
    "answers": forms.answers,
    "questionnaire": forms.questionnaire,
    "talk": talk.transcript,
    "report": pages.report,
    "fhir": fhir.resources,
    "hl7": messages.messages,
    "cda": cda.document,
}


class BuildError(Exception):
    """A file can't be made here; says what is missing and how to get it."""


def names() -> list[str]:
    """Every visit there is, sorted."""
    return sorted(p.stem for p in VISITS.glob("*.yaml"))


def load(name: str) -> dict[str, Any]:
    """A visit as written: every scalar stays a string, so that ``7.10`` stays ``7.10``."""
    visit: dict[str, Any] = yaml.load((VISITS / f"{name}.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
    return visit


def files(name: str) -> dict[str, bytes]:
    """The files of an encounter but for its recordings: path inside the folder -> bytes.

    Raises:
        BuildError: the font that images are drawn with is missing.
    """
    visit = load(name)
    made: dict[str, bytes] = {}
    for path, spec in visit["files"].items():
        suffix = PurePosixPath(path).suffix
        if suffix in AUDIO:
            continue
        try:
            made[path] = _MAKERS[spec["make"]](spec, suffix, visit)
        except pages.FontError as error:
            raise BuildError(f"{name}/{path}: {error}") from error
    return made


def drawn(name: str) -> set[str]:
    """Which of a visit's files are drawn with a font, so that another font makes other bytes."""
    return {
        path
        for path, spec in load(name)["files"].items()
        if PurePosixPath(path).suffix in IMAGES or "scan" in spec or "photo" in spec
    }


def build(name: str, out: Path, *, audio: Path | None = None) -> list[Path]:
    """Write the encounter folder ``out/name`` anew; recordings only where ``audio`` names a speaking Python.

    Returns the files written. Files that the visit no longer names are removed, recordings among them.
    """
    folder = out / name
    written: list[Path] = []
    for path, data in files(name).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        written.append(target)
    visit = load(name)
    if audio:
        written += [_speak(folder / p, s, visit, audio) for p, s in visit["files"].items() if Path(p).suffix in AUDIO]
    wanted = {folder / path for path in visit["files"]}
    for stale in [p for p in folder.rglob("*") if p.is_file() and p not in wanted]:
        stale.unlink()
    return written


def _speak(target: Path, spec: Mapping[str, Any], visit: Mapping[str, Any], python: Path) -> Path:
    lines = talk.spoken(spec, visit)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", suffix=".tsv", encoding="utf-8") as file:
        file.writelines(f"{voice}\t{text}\n" for voice, text in lines)
        file.flush()
        command = [python, VOICES, file.name, target]
        command += ["--language", spec["language"], "--channels", spec.get("channels", "1")]
        done = subprocess.run([str(c) for c in command], capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise BuildError(f"{target.name} can't be spoken ({last}); see {VOICES.name} for the environment it needs")
    return target

"""The shipped made-up encounters: rebuilt as committed, drafted without trouble, and each shows what it is there for."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from case_builder import pages, talk
from case_builder.build import AUDIO, CASES, IMAGES, BuildError, build, drawn, files, load, names
from syngraph.checks.draft_rules import violations
from syngraph.codec import draft_to_json
from syngraph.pipeline import draft

SCHEMA = Path(__file__).parent.parent / "docs" / "draft.schema.json"
#: What each visit was made to show: kinds of findings that its draft must hold.
EXPECTED: dict[str, set[str]] = {
    "en-child-asthma": {"contradiction"},
    "en-dysuria": {"contradiction", "safety"},
    "en-knee-followup": {"contradiction", "safety", "implausible", "outdated"},
    "en-spoken": {"contradiction", "omission", "safety"},
    "zh-chest-tightness": {"contradiction", "omission", "safety"},
    "zh-child-fever": {"contradiction", "omission", "safety"},
    "zh-consistent": set(),
    "zh-diabetes-followup": {"contradiction", "safety"},
    "zh-elderly-dizzy": {"contradiction", "omission", "identity-mismatch", "safety"},
    "zh-spoken": {"contradiction", "safety"},
}
#: The report of somebody else, and words that stand only in it.
STRANGER = ("zh-elderly-dizzy", "reports/biochemistry.heic", ("268", "518", "罗德贵"))
#: Suffixes of the contract, by source.
FORMATS = {
    "preconsultation": {".json", ".yaml"},
    "consultation": {".wav", ".mp3", ".m4a", ".ogg", ".flac", ".webm", ".vtt", ".srt", ".json", ".txt"},
    "reports": {".jpg", ".png", ".heic", ".tif", ".pdf"},
    "emr": {".json", ".ndjson", ".hl7", ".xml"},
}


def _paths(name: str) -> list[str]:
    return list(load(name)["files"])


def _reads_engine(name: str) -> bool:
    return any(PurePosixPath(p).suffix in AUDIO for p in _paths(name)) or bool(drawn(name))


def _case(name: str) -> Any:
    return pytest.param(name, marks=[pytest.mark.engine] if _reads_engine(name) else [])


@cache
def _drafted(name: str) -> dict[str, Any]:
    """The case's draft as JSON text would hold it; one drafting a case, since some take half a minute."""
    document: dict[str, Any] = json.loads(json.dumps(draft_to_json(draft(CASES / name)), ensure_ascii=False))
    return document


every_case = pytest.mark.parametrize("name", [_case(n) for n in names()])


# --- the folder ---------------------------------------------------------------------------------------------------


def test_there_are_five_chinese_and_three_english_visits() -> None:
    assert set(EXPECTED) == set(names())
    assert sum(n.startswith("zh-") for n in names()) >= 5
    assert sum(n.startswith("en-") for n in names()) >= 3


def test_between_them_they_hold_every_format_of_the_contract() -> None:
    for source, suffixes in FORMATS.items():
        found = {PurePosixPath(p).suffix for n in names() for p in _paths(n) if p.startswith(f"{source}/")}
        assert found == suffixes


def test_the_demo_visits_need_no_audio() -> None:
    for name in ("zh-chest-tightness", "en-dysuria"):
        assert not any(PurePosixPath(p).suffix in AUDIO for p in _paths(name))


def test_the_folder_is_small() -> None:
    sizes = {p: p.stat().st_size for p in CASES.rglob("*") if p.is_file()}
    assert sum(sizes.values()) < 12 * 2**20
    assert [p.name for p, size in sizes.items() if size > 1.5 * 2**20] == []


@pytest.mark.parametrize("name", names())
def test_a_folder_holds_what_its_visit_names_and_nothing_else(name: str) -> None:
    folder = CASES / name
    assert {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()} == set(_paths(name))


def test_the_messages_are_gb18030_with_a_traditional_name() -> None:
    data = (CASES / "zh-elderly-dizzy/emr/messages.hl7").read_bytes()
    assert "蔡^錦芳" in data.decode("gb18030")
    with pytest.raises(UnicodeDecodeError):
        data.decode("utf-8")


# --- the builder --------------------------------------------------------------------------------------------------


def _font_or_skip(name: str) -> None:
    try:
        path, _ = pages.font()
    except pages.FontError as error:
        pytest.skip(f"pictures can't be drawn here: {error}")
    if drawn(name) and hashlib.sha256(Path(path).read_bytes()).hexdigest() != pages.FONT_SHA256:
        pytest.skip(f"{path} is another version of the font that the shipped pictures were drawn with")


@pytest.mark.parametrize("name", [n for n in names() if not drawn(n)])
def test_written_files_are_rebuilt_byte_for_byte(name: str) -> None:
    assert files(name) == {p: (CASES / name / p).read_bytes() for p in files(name)}


@pytest.mark.parametrize("name", [n for n in names() if drawn(n)])
def test_drawn_files_are_rebuilt(name: str) -> None:
    """Byte for byte; a picture may differ where another processor rounds otherwise, by what no eye sees."""
    _font_or_skip(name)
    for path, data in files(name).items():
        shipped = (CASES / name / path).read_bytes()
        if data != shipped and path in drawn(name):
            assert _nearly_same(data, shipped, PurePosixPath(path).suffix), path
        else:
            assert data == shipped, path


def _nearly_same(a: bytes, b: bytes, suffix: str) -> bool:
    import numpy as np

    for one, other in zip(_pictures(a, suffix), _pictures(b, suffix), strict=True):
        if one.shape != other.shape or np.abs(one.astype(int) - other.astype(int)).mean() > 1.5:
            return False
    return True


def _pictures(data: bytes, suffix: str) -> list[Any]:
    import numpy as np

    if suffix == ".pdf":
        import pypdfium2

        with pypdfium2.PdfDocument(data) as pdf:
            return [np.asarray(page.render(scale=2).to_pil().convert("L")) for page in pdf]
    import pillow_heif
    from PIL import Image

    pillow_heif.register_heif_opener()
    return [np.asarray(Image.open(io.BytesIO(data)).convert("L"))]


def test_building_writes_the_folder_and_clears_what_is_stale(tmp_path: Path) -> None:
    (tmp_path / "en-spoken" / "reports").mkdir(parents=True)
    stale = tmp_path / "en-spoken" / "reports" / "old.pdf"
    stale.write_bytes(b"")
    written = build("en-spoken", tmp_path)
    assert not stale.exists()
    for path in written:
        assert path.read_bytes() == (CASES / path.relative_to(tmp_path)).read_bytes()


def test_a_missing_font_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "FONTS", (("/nowhere.ttc", 0),))
    with pytest.raises(BuildError, match=r"zh-chest-tightness/reports/biochemistry\.jpg: .*fonts-noto-cjk"):
        files("zh-chest-tightness")


def test_audio_without_a_speaking_environment_is_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"see voices\.py"):
        build("zh-spoken", tmp_path, audio=Path(sys.executable))


def test_the_command_rebuilds_one_visit(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "case_builder", "en-spoken", "--out", tmp_path],
        capture_output=True,
        text=True,
        env={**os.environ},
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "en-spoken" / "encounter.yaml").is_file()
    unknown = subprocess.run([sys.executable, "-m", "case_builder", "nobody"], capture_output=True, text=True)
    assert unknown.returncode == 2
    assert "no such visit: nobody" in unknown.stderr


def test_spoken_lines_are_the_transcript() -> None:
    visit = load("en-knee-followup")
    spoken = talk.spoken(visit["files"]["consultation/talk.m4a"], visit)
    written = (CASES / "en-knee-followup/consultation/talk.txt").read_text(encoding="utf-8")
    assert len(spoken) == 8
    assert all(words in written for _, words in spoken)


# --- the drafts ---------------------------------------------------------------------------------------------------


@every_case
def test_a_case_drafts_without_trouble(name: str) -> None:
    document = _drafted(name)
    assert document["problems"] == []
    assert {s["path"] for s in document["sources"]} <= set(_paths(name))
    assert {s["kind"] for s in document["sources"]} >= {"preconsultation", "consultation", "emr"}
    assert document["sections"]


@every_case
def test_a_draft_keeps_the_four_rules(name: str) -> None:
    assert violations(_drafted(name)) == []


@every_case
def test_a_draft_fits_the_schema(name: str) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.validate(_drafted(name), json.loads(SCHEMA.read_text(encoding="utf-8")))


@every_case
def test_a_draft_holds_the_findings_it_is_there_to_show(name: str) -> None:
    found = {f["kind"] for f in _drafted(name)["findings"]}
    assert found >= EXPECTED[name]


def test_every_kind_of_finding_is_shown_by_some_case() -> None:
    kinds = {"contradiction", "omission", "identity-mismatch", "implausible", "outdated", "safety"}
    assert set().union(*EXPECTED.values()) == kinds


@pytest.mark.engine
def test_where_all_sources_agree_nothing_is_contradicted() -> None:
    kinds = [f["kind"] for f in _drafted("zh-consistent")["findings"]]
    assert not {"contradiction", "identity-mismatch", "implausible", "safety"} & set(kinds)


@pytest.mark.engine
def test_no_statement_rests_on_somebody_elses_report() -> None:
    name, path, words = STRANGER
    document = _drafted(name)
    source = next(s["id"] for s in document["sources"] if s["path"] == path)
    theirs = {e["id"] for e in document["evidence"] if e["source"] == source}
    statements = [s for section in document["sections"] for s in section["statements"]]
    assert statements
    assert not any(theirs & set(s["evidence"]) for s in statements)
    assert not any(word in s["text"] for s in statements for word in words)
    mismatch = [f for f in document["findings"] if f["kind"] == "identity-mismatch"]
    assert any(theirs & set(f["evidence"]) for f in mismatch)


@pytest.mark.engine
def test_a_recording_and_its_transcript_are_one_talk() -> None:
    talks = [s for s in _drafted("en-knee-followup")["sources"] if s["kind"] == "consultation"]
    assert [t["path"] for t in talks] == ["consultation/talk.txt"]
    timed = [
        e for e in _drafted("en-knee-followup")["evidence"] if e["source"] == talks[0]["id"] and "time" in e["anchor"]
    ]
    assert timed


def test_every_image_suffix_is_one_that_reports_may_have() -> None:
    assert IMAGES | {".pdf"} == FORMATS["reports"]

"""Whatever comes in, one line goes out: never a traceback, never a patient's words."""

from __future__ import annotations

import inspect
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syngraph import errors
from syngraph.cli import main
from syngraph.errors import SyngraphError
from syngraph.sources.folder import EXTENSIONS, FOLDERS
from tests.encounter_maker import HEADERS, encounter, write

WORD = "quetzalcoatlus"
HOMES = {kind: name for name, kind in reversed(FOLDERS.items())}
#: Every place in an encounter folder with every extension that is read there.
PLACES = [(HOMES[kind], suffix) for kind, suffixes in EXTENSIONS.items() for suffix in sorted(suffixes)]


@pytest.fixture(autouse=True)
def no_engine(monkeypatch):
    """No recogniser is loaded, so that a picture or sound that could be decoded is a problem too."""
    monkeypatch.setenv("SYNGRAPH_OCR_ENGINE", "none")
    monkeypatch.setenv("SYNGRAPH_ASR_ENGINE", "none")


def test_every_error_says_what_and_what_to_do_in_one_line():
    tree = [c for _, c in inspect.getmembers(errors, inspect.isclass)]
    assert len(tree) == 6
    for cls in tree:
        assert issubclass(cls, SyngraphError)
        assert str(cls("a.pdf: is empty")) == "a.pdf: is empty"
        error = cls("a.pdf: is empty", "scan it again")
        assert str(error) == "a.pdf: is empty (scan it again)"
        assert (error.message, error.advice) == ("a.pdf: is empty", "scan it again")
        assert cls.__name__ in (errors.__doc__ or "")


def run(capsys, *words: str) -> tuple[int, str, str]:
    status = main([str(w) for w in words])
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    assert "internal error" not in out + err
    for line in err.splitlines():
        assert line.startswith("syngraph: ")
        assert len(line) < 400
    return status, out, err


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ("", "names no patient|key: value"),
        (f"patient: [{WORD}\n", "is not YAML"),
        (f"- {WORD}\n", "key: value"),
        (f"note: {WORD}\n", "names no patient"),
        (f"patient: {{id: 1, nmae: {WORD}}}\n", "no name"),
        (b"\x00\xff\x00" + WORD.encode(), "not text"),
        (f"a: &x {WORD}\nb: *x\n", "aliases"),
        ("[" * 5000, "nested|YAML"),
        (b"x" * (2**20 + 1), "larger than 1 MB"),
    ],
)
def test_a_header_that_cannot_be_used(tmp_path, capsys, header, why):
    folder = encounter(tmp_path / "visit", more={"encounter.yaml": header})
    status, out, err = run(capsys, "draft", folder)
    assert status == 2
    assert out == ""
    assert any(w in err for w in why.split("|"))
    assert "visit/encounter.yaml" in err
    assert WORD not in err


def test_folders_that_are_none(tmp_path, capsys):
    (tmp_path / "file").write_text(WORD, encoding="utf-8")
    (tmp_path / "empty").mkdir()
    for name in ("file", "empty", "gone", "file/below"):
        status, out, err = run(capsys, "draft", tmp_path / name)
        assert status == 2
        assert out == ""
        assert name in err
        assert "(" in err
        assert err.count(str(tmp_path)) == 1
        assert WORD not in err


def test_source_folders_that_are_files_and_files_that_are_folders(tmp_path, capsys):
    folder = write(tmp_path / "visit", {"encounter.yaml": HEADERS["en"], "emr": WORD, "reports": b"\x00"})
    (folder / "consultation" / "talk.txt").mkdir(parents=True)
    (folder / "preconsultation").mkdir()
    (folder / "preconsultation" / "form.yaml").symlink_to("/etc/hostname")
    status, out, err = run(capsys, "draft", folder)
    assert status == 1
    for name in ("emr", "reports", "preconsultation/form.yaml"):
        assert f": {name}: " in err
    assert WORD not in err + out


@pytest.mark.parametrize("content", [b"", b"\x00" * 64, bytes(range(256)) * 8, b"\xff\xfe", f"{WORD} ".encode() * 9])
def test_garbage_under_every_name_is_named_and_the_rest_is_drafted(tmp_path, capsys, content):
    names = [f"{home}/garbage{suffix}" for home, suffix in PLACES]
    status, out, err = run(capsys, "draft", encounter(tmp_path / "visit", more=dict.fromkeys(names, content)), "--json")
    assert status == 1 if WORD.encode() not in content else status in (0, 1)
    data = json.loads(out)
    assert data["sections"]
    told = {p["path"] for p in data["problems"]}
    read = {s["path"] for s in data["sources"]} | {c["name"] for c in data["provenance"]["components"]}
    # Each is either read (a word is a valid transcript; equal transcripts are one talk) or reported; none is passed over.
    assert set(names) <= told | read
    assert WORD not in err + json.dumps(data["problems"])


@pytest.mark.parametrize(("home", "suffix"), PLACES)
@given(content=st.binary(max_size=60), start=st.sampled_from([b"", b"{", b"[", b"<", b"MSH|^~\\&|", b"%PDF-", b"- a: ", b"\xff\xd8\xff"]))  # fmt: skip
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_no_bytes_make_reading_crash(home, suffix, content, start, tmp_path, capsys):
    path = write(tmp_path, {f"{home}/x{suffix}": start + content}) / home / f"x{suffix}"
    status, _, err = run(capsys, "read", path, "--json")
    assert status in (0, 1, 2)
    if status:
        assert f"x{suffix}" in err


def test_a_lone_file_of_unknown_kind_missing_or_a_folder(tmp_path, capsys):
    (tmp_path / "x.dat").write_text(WORD, encoding="utf-8")
    for name in ("x.dat", "gone.txt", "."):
        status, out, err = run(capsys, "read", tmp_path / name)
        assert status == 2
        assert out == ""
        assert err.count("\n") == 1
        assert WORD not in err


@pytest.mark.parametrize(
    "content", [b"", b"\xff", b"[]", b"3", b'"x"', b"null", b"{}", b'{"format": 3}', b"[" * 100_000, b"1" * 5000,
                b'{"sources": [1], "evidence": {"a": 1}, "sections": [{"statements": [null, {"evidence": 3}]}]}'],
)  # fmt: skip
def test_anything_may_be_held_against_the_rules(tmp_path, capsys, content):
    path = tmp_path / "draft.json"
    path.write_bytes(content)
    status, out, err = run(capsys, "check", path)
    assert status == 1
    assert str(path) in out
    assert err == ""


def test_a_wrong_setting_is_one_line_for_every_command(tmp_path, capsys, monkeypatch):
    folder = encounter(tmp_path / "visit")
    monkeypatch.setenv("SYNGRAPH_MAX_FILE_MB", "lots")
    for words in (("draft", folder), ("read", folder / "consultation" / "talk.txt"), ("doctor",)):
        status, _, err = run(capsys, *words)
        assert status == 2
        assert "SYNGRAPH_MAX_FILE_MB is not a positive whole number" in err

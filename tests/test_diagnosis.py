"""``syngraph doctor``: what is there, what is missing, how to get it."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError

import pytest

from syngraph import diagnosis
from syngraph.diagnosis import Row, examine, print_examination
from syngraph.errors import InputError
from syngraph.settings import Settings


def rows(settings=None):
    return {r.name: r for r in examine(settings or Settings())}


def test_what_is_required_is_here():
    found = rows()
    assert {"python", "syngraph", "terminology", "ocr: onnxruntime", "ocr: rapidocr"} <= set(found)
    assert all(r.ok for r in found.values() if r.required)
    assert "rapidocr" in found["engines: syngraph.ocr"].found
    assert int(found["terminology"].found.split()[0]) > 1000


def test_a_missing_package_says_how_to_get_it(monkeypatch):
    def missing(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr(diagnosis, "version", missing)
    found = rows()
    assert not found["ocr: rapidocr"].ok
    assert "pip install" in found["ocr: rapidocr"].advice
    assert not found["speech: faster-whisper"].ok
    assert not found["speech: faster-whisper"].required


def test_the_speech_model_by_server_folder_or_package(tmp_path, monkeypatch):
    name = "speech: model"
    assert rows(Settings(asr_url="http://localhost:1/v1"))[name].found == "server http://localhost:1/v1"
    assert not rows(Settings(asr_model=str(tmp_path)))[name].ok
    (tmp_path / "model.bin").write_bytes(b"x")
    assert rows(Settings(asr_model=str(tmp_path)))[name].ok
    monkeypatch.setattr("syngraph.sources.asr_whisper.packaged_parts", lambda: None)
    assert not rows()[name].ok
    assert "SYNGRAPH_ASR_MODEL" in rows()[name].advice


def test_a_misspelt_setting_is_shown_with_the_right_ones(monkeypatch):
    assert "setting" not in rows()
    monkeypatch.setenv("SYNGRAPH_OCR_ENGIN", "rapidocr")
    row = rows()["setting"]
    assert not row.ok
    assert not row.required
    assert "SYNGRAPH_OCR_ENGIN is not known" in row.found
    assert "SYNGRAPH_OCR_ENGINE" in row.advice


def test_a_wrong_setting_is_an_input_error(monkeypatch):
    monkeypatch.setenv("SYNGRAPH_MAX_PAGES", "many")
    with pytest.raises(InputError, match="SYNGRAPH_MAX_PAGES"):
        examine()


def test_the_table_marks_what_is_missing_and_only_there_gives_advice(capsys):
    print_examination([
        Row(name="good", ok=True, found="1.0", advice="never shown"),
        Row(name="optional", ok=False, found="none", advice="get it"),
        Row(name="needed", ok=False, found="none", advice="get this", required=True),
        Row(name="bare", ok=False, found="none"),
    ])  # fmt: skip
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines == [
        ["ok", "good", "1.0"], ["--", "optional", "none"], ["get", "it"], ["MISSING", "needed", "none"], ["get", "this"],
        ["--", "bare", "none"],
    ]  # fmt: skip
    assert Row(name="a", ok=True, found="b").to_json() == {
        "name": "a", "ok": True, "found": "b", "advice": "", "required": False,
    }  # fmt: skip

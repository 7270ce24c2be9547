"""Engines from outside come in by entry point, through the same door as the built-in ones."""

from __future__ import annotations

import wave
from importlib.metadata import EntryPoint, entry_points
from io import BytesIO
from typing import ClassVar

import pytest

from syngraph.errors import BackendError
from syngraph.pipeline import draft
from syngraph.ports import OcrLine, Utterance, Word
from syngraph.settings import Settings
from syngraph.sources import asr_engine, ocr_engine
from tests.encounter_maker import encounter


class TinyOcr:
    """Reads every page as the same two lines."""

    name, version, sends_data_out = "tiny-ocr", "3.2", False

    def read(self, page):
        rows = ("Patient: Ann Lee", "Findings: clear lungs")
        return [
            OcrLine(text=row, quad=((10, y), (200, y), (200, y + 12), (10, y + 12)), score=0.99)
            for row, y in zip(rows, (10.0, 40.0), strict=True)
        ]


class TinySpeech:
    """Hears every recording as the same sentence."""

    name, version, sends_data_out = "tiny-speech", "0.3", False
    heard: ClassVar[list[tuple[str, tuple[str, ...]]]] = []

    def __init__(self, settings):
        self.settings = settings

    def transcribe(self, audio, *, language, hotwords=(), progress=None):
        self.heard.append((language, tuple(hotwords)))
        words = (
            Word(text="My ", start=0.1, end=0.3, probability=0.9),
            Word(text="knee ", start=0.3, end=0.5, probability=0.9),
            Word(text="hurts.", start=0.5, end=0.9, probability=0.4),
        )
        return [Utterance(start=0.1, end=0.9, text="My knee hurts.", words=words, speaker="patient")]


class Sender(TinyOcr):
    sends_data_out = True


class SpeechSender(TinySpeech):
    sends_data_out = True


class Unloadable:
    def __init__(self, *_):
        raise RuntimeError("no such library")


@pytest.fixture(autouse=True)
def door(monkeypatch):
    """Installs this module's engines as a package would."""
    rows = {
        "syngraph.ocr": {"tiny": "TinyOcr", "sender": "Sender", "unloadable": "Unloadable"},
        "syngraph.asr": {"tiny": "TinySpeech", "sender": "SpeechSender", "unloadable": "Unloadable"},
    }

    def installed(*, group):
        return [EntryPoint(name, f"{__name__}:{cls}", group) for name, cls in rows[group].items()]

    for module, cached in ((ocr_engine, ocr_engine._load), (asr_engine, asr_engine.speech_recogniser)):
        monkeypatch.setattr(module, "entry_points", installed)
        cached.cache_clear()
    TinySpeech.heard.clear()
    yield
    ocr_engine._load.cache_clear()
    asr_engine.speech_recogniser.cache_clear()


def picture() -> bytes:
    from PIL import Image

    out = BytesIO()
    Image.new("RGB", (400, 300), "white").save(out, "PNG")
    return out.getvalue()


def sound() -> bytes:
    out = BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(b"\0\0" * 16_000)
    return out.getvalue()


@pytest.fixture
def untilted(monkeypatch):
    """Leaves pages as they lie, so that no model is needed to find out which side is up."""
    import numpy as np

    from syngraph.sources import ocr_upright

    def as_it_is(page, reader):
        height, width = page.shape[:2]
        return ocr_upright.UprightPage(pixels=page, angle=0.0, back=np.eye(3)[:2], size=(width, height))

    monkeypatch.setattr(ocr_upright, "upright", as_it_is)


def test_an_ocr_engine_from_outside_reads_the_pages(tmp_path, untilted):
    folder = encounter(tmp_path, without=["reports"], more={"reports/page.png": picture()})
    d = draft(folder, settings=Settings(ocr_engine="tiny"))
    [page] = [s for s in d.sources if s.kind == "report"]
    assert "clear lungs" in page.text
    assert ("ocr", "tiny-ocr", "3.2") in [(c.role, c.name, c.version) for c in d.components]
    at = page.text.index("clear lungs")
    place = page.ruler.locate(at, at + 5)
    assert place.page == 1
    assert place.box is not None
    assert all(0 <= x <= 1 for x in place.box)


def test_a_speech_engine_from_outside_hears_the_talk(tmp_path):
    folder = encounter(tmp_path, without=["consultation"], more={"consultation/talk.wav": sound()})
    d = draft(folder, settings=Settings(asr_engine="tiny"))
    [talk] = [s for s in d.sources if s.kind == "consultation"]
    assert talk.text.strip() == "My knee hurts."
    assert talk.ruler.locate(3, 7).time == (0.3, 0.5)
    assert talk.ruler.locate(0, len(talk.text)).confidence == pytest.approx(0.4)
    assert ("asr", "tiny-speech", "0.3") in [(c.role, c.name, c.version) for c in d.components]
    [(language, names)] = TinySpeech.heard
    assert language == "en"
    assert any("penicillin" in n for n in names)


@pytest.mark.parametrize(("kind", "name"), [("ocr", "sender"), ("asr", "sender")])
def test_an_engine_that_sends_data_out_stays_off_until_it_is_allowed(kind, name):
    def load(**over):
        settings = Settings(**{f"{kind}_engine": name, **over})
        return ocr_engine.ocr_engine(settings) if kind == "ocr" else asr_engine.speech_recogniser(settings)

    with pytest.raises(BackendError, match=r"another machine.*SYNGRAPH_ALLOW_REMOTE=1"):
        load()
    assert load(allow_remote=True).sends_data_out


@pytest.mark.parametrize("name", ["unloadable", "none-such"])
@pytest.mark.parametrize("kind", ["ocr", "asr"])
def test_an_engine_that_is_not_there_or_does_not_load_is_the_operators_matter(kind, name):
    settings = Settings(**{f"{kind}_engine": name})
    with pytest.raises(BackendError, match=name) as caught:
        ocr_engine.ocr_engine(settings) if kind == "ocr" else asr_engine.speech_recogniser(settings)
    assert caught.value.advice


def test_the_built_in_engines_are_entry_points_too():
    for group, built_in in (("syngraph.ocr", ocr_engine._BUILT_IN), ("syngraph.asr", asr_engine._BUILT_IN)):
        installed = {e.name: e.value for e in entry_points(group=group)}
        assert built_in.items() <= installed.items()

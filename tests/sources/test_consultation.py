from __future__ import annotations

import itertools
import wave
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syngraph.errors import BackendError, InputError
from syngraph.model import Mark, Problem, Source, SourceId
from syngraph.ports import Utterance, Word
from syngraph.settings import Settings
from syngraph.sources import consultation
from syngraph.sources.align import SAME_TALK, similarity, with_times
from syngraph.sources.speakers import Turn

TXT = "Doctor: What brings you in today?\nPatient: My knee hurts when I climb stairs.\nDoctor: Since when does it hurt?\nPatient: Since last Monday, after football.\n"


class FakeRecogniser:
    name, version, sends_data_out = "fake", "1", False

    def __init__(self, utterances: Sequence[Utterance] | Exception) -> None:
        self.utterances = utterances
        self.asked: list[object] = []

    def transcribe(
        self, audio: Path, *, language: str, hotwords: Sequence[str] = (), progress: object = None
    ) -> list[Utterance]:
        self.asked.append((audio.suffix, audio.read_bytes(), language, tuple(hotwords)))
        if isinstance(self.utterances, Exception):
            raise self.utterances
        return list(self.utterances)


def said(text: str, start: float = 0.0, speaker: str | None = None) -> Utterance:
    """Each word takes half a second."""
    words = tuple(
        Word(text=" " + w, start=start + n / 2, end=start + n / 2 + 0.4, probability=0.9 if n else 0.3)
        for n, w in enumerate(text.split())
    )
    return Utterance(start=start, end=words[-1].end, text=text, words=words, speaker=speaker)


Read = Callable[..., tuple[tuple[Source, ...], tuple[Problem, ...]]]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Read:
    def run(files: list[tuple[str, bytes]], engine: FakeRecogniser | None = None, **settings: object):  # type: ignore[no-untyped-def]
        if engine:
            monkeypatch.setattr(consultation, "speech_recogniser", lambda _: engine)
        ids = (SourceId(f"s{n}") for n in itertools.count(1))
        return consultation.read_consultation(
            files,
            first_id=lambda: next(ids),
            language="en",
            hotwords=["metformin"],
            settings=Settings(**settings),  # type: ignore[arg-type]
        )

    return run


def test_a_transcript_is_one_source_of_turns(read: Read) -> None:
    (source,), problems = read([("consultation/a.txt", TXT.encode())])
    assert problems == ()
    assert source.text.split("\n")[1] == "My knee hurts when I climb stairs."
    assert [(s.role, s.label) for s in source.segments] == [("doctor", "Doctor"), ("patient", "Patient")] * 2
    assert source.title == "Doctor = doctor, Patient = patient"
    assert source.kind == "consultation"
    assert (source.id, source.path, len(source.sha256)) == ("s1", "consultation/a.txt", 64)


def test_cue_times_are_on_the_ruler(read: Read) -> None:
    vtt = b"WEBVTT\n\n00:01.000 --> 00:02.000\n<v Doctor>Any pain?\n\n00:03.000 --> 00:04.000\n<v Patient>No.\n"
    (source,), _ = read([("a.vtt", vtt)])
    at = source.text.index("No.")
    assert source.ruler.locate(at, at + 3).time == (3.0, 4.0)


def test_speech_becomes_turns_with_words_on_the_ruler(read: Read) -> None:
    engine = FakeRecogniser(
        [
            said("What brings you in today?", 0.0, "channel 1"),
            said("My knee hurts.", 3.0, "channel 2"),
            said("It started on Monday.", 5.0, "channel 2"),
        ]
    )
    (source,), problems = read([("consultation/a.ogg", b"sound")], engine)
    assert problems == ()
    assert engine.asked == [(".ogg", b"sound", "en", ("metformin",))]
    assert source.text == "What brings you in today?\nMy knee hurts. It started on Monday."
    assert [s.role for s in source.segments] == ["doctor", "patient"]
    assert source.title == "channel 1 = doctor (resolved), channel 2 = patient (resolved)"
    at = source.text.index("knee")
    place = source.ruler.locate(at, at + 4)
    assert place.time == (3.5, 3.9)
    at = source.text.index("My")
    assert (source.ruler.locate(at, at + 2).confidence or 1) < consultation.LOW_CONFIDENCE
    assert {(c.role, c.name) for c in source.components} == {("asr", "fake"), ("audio", "consultation/a.ogg")}


def test_mono_speech_without_words_is_resolved_turn_by_turn(read: Read) -> None:
    lines = ["What brings you in today?", "My knee hurts, doctor.", "Any swelling?", "No, it just aches."]
    engine = FakeRecogniser([Utterance(start=n * 2.0, end=n * 2 + 1.0, text=t) for n, t in enumerate(lines)])
    (source,), _ = read([("a.wav", b"no real sound")], engine)
    assert [s.role for s in source.segments] == ["doctor", "patient"] * 2
    assert [s.label for s in source.segments] == [""] * 4
    assert source.ruler.locate(0, 5).time == (0.0, 1.0)


def wav(*channels: np.ndarray) -> bytes:
    import io

    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(len(channels))
        file.setsampwidth(2)
        file.setframerate(16000)
        file.writeframes(np.stack(channels, axis=1).tobytes())
    return out.getvalue()


def test_two_voices_on_one_channel_become_labels(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ["What brings you in?", "My knee hurts, doctor.", "Any swelling?", "No, I have none."]
    engine = FakeRecogniser([said(t, n * 3.0) for n, t in enumerate(lines)])
    monkeypatch.setattr("syngraph.sources.voices.tell_apart", lambda *_: [0, 1, 0, 1])
    (source,), _ = read([("a.wav", wav(np.zeros(16000, np.int16)))], engine)
    assert [s.label for s in source.segments] == ["voice 1", "voice 2"] * 2
    assert source.title == "voice 1 = doctor (resolved), voice 2 = patient (resolved)"
    monkeypatch.setattr("syngraph.sources.voices.tell_apart", lambda *_: None)
    (source,), _ = read([("a.wav", wav(np.zeros(16000, np.int16)))], engine)
    assert source.title == "unlabelled turns: resolved one by one"


def test_recording_and_transcript_of_one_talk_make_one_source(read: Read) -> None:
    heard = [
        said("what brings you in today", 1.0),
        said("my me hurts when I climb stairs", 5.0),
        said("since when does it hurt", 10.0),
        said("since last Monday after football", 14.0),
    ]
    (source,), problems = read([("c/a.m4a", b"s"), ("c/a.txt", TXT.encode())], FakeRecogniser(heard))
    assert problems == ()
    assert source.path == "c/a.txt"
    assert "My knee hurts" in source.text
    at = source.text.index("climb")
    assert source.ruler.locate(at, at + 5).time == (7.5, 7.9)
    at = source.text.index("knee")
    assert source.ruler.locate(at, at + 4).time == (5.5, 5.9)
    assert {(c.role, c.name) for c in source.components} == {("asr", "fake"), ("audio", "c/a.m4a")}
    assert [s.role for s in source.segments] == ["doctor", "patient"] * 2


def test_different_talks_stay_apart(read: Read) -> None:
    heard = [said("good morning your blood sugar results are back and they look much better than before", 0.0)]
    sources, problems = read([("c/a.m4a", b"s"), ("c/b.txt", TXT.encode())], FakeRecogniser(heard))
    assert problems == ()
    assert [(s.id, s.path) for s in sources] == [("s1", "c/a.m4a"), ("s2", "c/b.txt")]


def test_two_exports_of_one_talk_make_one_source(read: Read) -> None:
    bare = "\n".join(line.partition(": ")[2] for line in TXT.splitlines())
    (source,), _ = read([("c/a.txt", bare.encode()), ("c/b.txt", TXT.encode())])
    assert source.path == "c/b.txt"
    assert [(c.role, c.name) for c in source.components] == [("transcript", "c/a.txt")]


@pytest.mark.parametrize(
    ("engine", "says"),
    [
        (FakeRecogniser([]), "no speech"),
        (FakeRecogniser(BackendError("no speech model is installed", "get one")), "no speech model"),
        (FakeRecogniser(InputError("is no sound that can be decoded", "export it")), "no sound"),
    ],
)
def test_what_cannot_be_heard_is_a_problem_and_the_rest_is_used(read: Read, engine: FakeRecogniser, says: str) -> None:
    (source,), problems = read([("c/a.wav", b"x"), ("c/b.txt", TXT.encode())], engine)
    assert source.path == "c/b.txt"
    assert [(p.path, says in p.message, bool(p.advice)) for p in problems] == [("c/a.wav", True, True)]


def test_empty_and_too_large_files(read: Read) -> None:
    big = b"x" * ((1 << 20) + 1)
    sources, problems = read(
        [("a.wav", b""), ("b.wav", big), ("c.txt", big), ("d.txt", b"")], FakeRecogniser([]), max_file_mb=1
    )
    assert sources == ()
    assert [p.path for p in problems] == ["c.txt", "d.txt", "a.wav", "b.wav"]


def test_similarity() -> None:
    assert similarity(TXT, TXT) == 1.0
    assert similarity("头疼三天了，没有发烧", "頭疼三天了没有发烧") == 1.0
    assert similarity(TXT, "Your sugar is much better, keep taking the tablets twice a day.") < 0.2
    assert similarity("hi", "hi") == 1.0
    assert similarity("hi", "no") == similarity("", "") == 0.0
    assert SAME_TALK < 0.66


def test_turns_that_were_not_heard_keep_their_own_time() -> None:
    from syngraph.model import Locator

    own = Turn(text="zebra", marks=(Mark(start=0, end=5, locator=Locator(time=(9.0, 9.5))),))
    timed = with_times([Turn(text="my knee hurts"), own], [said("my knee hurts", 1.0)])
    assert timed[0].time == (1.0, 2.4)
    assert timed[1] == own


WORD = st.sampled_from(["knee", "pain", "since", "monday", "fever", "no", "yes", "头", "疼"])


@given(st.lists(st.lists(WORD, min_size=1, max_size=5), min_size=1, max_size=6), st.lists(WORD, max_size=20))
def test_marks_lie_inside_their_turn_and_do_not_overlap(rows: list[list[str]], heard: list[str]) -> None:
    turns = [Turn(text=" ".join(row)) for row in rows]
    utterances = [said(" ".join(heard))] if heard else []
    for turn in with_times(turns, utterances):
        at = 0
        for mark in turn.marks:
            assert at <= mark.start < mark.end <= len(turn.text)
            at = mark.end


@given(st.lists(WORD, min_size=4, max_size=30), st.lists(WORD, min_size=4, max_size=30))
def test_similarity_is_a_share(a: list[str], b: list[str]) -> None:
    assert 0.0 <= similarity(" ".join(a), " ".join(b)) <= 1.0
    assert similarity(" ".join(a), " ".join(a)) == 1.0

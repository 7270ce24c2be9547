from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syngraph.errors import InputError
from syngraph.ports import Utterance, Word
from syngraph.sources import voices
from syngraph.sources.audio import (
    RATE,
    Sound,
    blocks,
    gated,
    is_silent,
    join_utterances,
    levels,
    load,
    load_wav,
    merge_channels,
    separate,
    shifted,
    split_utterance,
    wav_bytes,
)

DATA = Path(__file__).parent.parent / "data" / "audio"


def tone(seconds: float, *, hertz: float = 200.0, loud: float = 0.3) -> np.ndarray:
    t = np.arange(int(seconds * RATE)) / RATE
    return (loud * 32767 * np.sin(2 * np.pi * hertz * t)).astype(np.int16)


def quiet(seconds: float) -> np.ndarray:
    return np.zeros(int(seconds * RATE), dtype=np.int16)


def turns(*, bleed: float = 0.03) -> Sound:
    """Six turns of a second: left, right, left, right ..., each faintly on the other channel."""
    left = np.concatenate([tone(1, loud=0.3 if n % 2 == 0 else 0.3 * bleed) for n in range(6)])
    right = np.concatenate([tone(1, hertz=300, loud=0.3 if n % 2 else 0.3 * bleed) for n in range(6)])
    return Sound((left, right))


def write(path: Path, *channels: np.ndarray, rate: int = RATE) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(len(channels))
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.stack(channels, axis=1).tobytes())
    return path


def test_wav_round_trip(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(wav_bytes(tone(1)))
    sound = load(path, max_minutes=1)
    assert np.array_equal(sound.channels[0], tone(1))
    assert sound.seconds == 1.0
    assert np.array_equal(load_wav(path).channels[0], tone(1))


def test_other_rates_are_brought_to_ours_and_channels_kept(tmp_path: Path) -> None:
    sound = load(write(tmp_path / "a.wav", tone(2), quiet(2), rate=2 * RATE), max_minutes=1)
    assert len(sound.channels) == 2
    assert sound.seconds == pytest.approx(1.0, abs=0.01)
    assert np.abs(sound.channels[0]).max() > 5000
    assert np.abs(sound.channels[1]).max() < 10


def test_opus_in_ogg() -> None:
    sound = load(DATA / "zh.ogg", max_minutes=1)
    assert len(sound.channels) == 2
    assert 20 < sound.seconds < 40


@pytest.mark.parametrize("data", [b"", b"no sound at all", b"RIFF\x00\x00\x00\x00WAVEfmt ", b"#EXTM3U\nhttp://x/y\n"])
def test_what_is_no_sound_is_an_input_error(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"sound"):
        load(path, max_minutes=1)


def test_a_film_without_sound_holds_none(tmp_path: Path) -> None:
    import av

    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=5)
        stream.width = stream.height = 32
        container.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), format="rgb24")))
        container.mux(stream.encode(None))
    with pytest.raises(InputError, match="holds no sound"):
        load(path, max_minutes=1)


def test_too_long(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="longer than 1 minutes"):
        load(write(tmp_path / "a.wav", quiet(61)), max_minutes=1)


def test_an_empty_wav_holds_no_sound(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no sound"):
        load(write(tmp_path / "a.wav", quiet(0)), max_minutes=1)


def test_plain_wav_reader_refuses_what_it_cannot_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="16 kHz"):
        load_wav(write(tmp_path / "a.wav", tone(1), rate=8000))
    (tmp_path / "b.wav").write_bytes(b"x")
    with pytest.raises(InputError, match="no wav"):
        load_wav(tmp_path / "b.wav")


def test_loudness() -> None:
    assert levels(tone(1, loud=1.0)).max() == pytest.approx(-3.0, abs=0.1)
    assert is_silent(Sound((quiet(1), quiet(1))))
    assert is_silent(Sound((quiet(0),)))
    assert not is_silent(Sound((quiet(1), tone(1, loud=0.01))))


def test_two_speakers_on_two_channels_stay_apart() -> None:
    assert len(separate(turns()).channels) == 2


def test_channels_that_hear_the_same_become_one() -> None:
    speech = turns().channels[0]
    assert len(separate(Sound((speech, speech))).channels) == 1
    assert len(separate(Sound((speech, (speech * 0.4).astype(np.int16)))).channels) == 1
    assert len(separate(Sound((speech, np.zeros_like(speech)))).channels) == 1
    assert len(separate(Sound((speech,))).channels) == 1


def test_mixing_does_not_clip() -> None:
    loud = np.full(RATE, 32767, dtype=np.int16)
    assert separate(Sound((loud, loud))).channels[0].min() == 32767


def test_the_gate_silences_what_is_only_overheard() -> None:
    sound = gated(turns())
    left = levels(sound.channels[0])
    assert left[8] > -20
    assert left[30] < -100
    assert gated(Sound((tone(1),))).seconds == 1.0


@given(st.integers(0, 40 * RATE), st.integers(4, 20))
def test_blocks_hold_every_sample_once(length: int, seconds: int) -> None:
    samples = np.arange(length, dtype=np.int64).astype(np.int16)
    pieces = list(blocks(samples, seconds=seconds))
    assert sum(len(p) for _, p in pieces) == length
    at = 0
    for offset, piece in pieces:
        assert offset == at / RATE
        assert len(piece) <= seconds * RATE
        assert piece.dtype == np.float32
        at += len(piece)


def test_blocks_are_cut_where_it_is_quiet() -> None:
    samples = np.concatenate([tone(7), quiet(1), tone(7)])
    (_, first), (offset, _) = list(blocks(samples, seconds=10))
    assert 7 <= offset <= 8
    assert len(first) == offset * RATE


def words(*rows: tuple[str, float, float]) -> tuple[Word, ...]:
    return tuple(Word(text=t, start=a, end=b, probability=0.9) for t, a, b in rows)


def utterance(rows: tuple[Word, ...], speaker: str | None = None) -> Utterance:
    return Utterance(
        start=rows[0].start, end=rows[-1].end, text="".join(w.text for w in rows).strip(), words=rows, speaker=speaker
    )


def test_utterances_are_cut_at_sentences_and_pauses() -> None:
    rows = words(
        (" Hi", 0, 0.2),
        (" Dr.", 0.2, 0.4),
        (" Lee.", 0.4, 0.6),
        (" It", 0.7, 0.8),
        (" is", 0.8, 0.9),
        (" 9.", 0.9, 1),
        ("6", 1, 1.1),
        (" now", 2.5, 2.7),
    )
    parts = split_utterance(utterance(rows))
    assert [(p.text, p.start, p.end) for p in parts] == [
        ("Hi Dr. Lee.", 0, 0.6),
        ("It is 9.6", 0.7, 1.1),
        ("now", 2.5, 2.7),
    ]


def test_text_without_words_is_cut_but_never_timed_by_guess() -> None:
    whole = Utterance(start=1.0, end=9.0, text="Any pain? No. It is 9.6 now")
    assert [(p.text, p.start, p.end) for p in split_utterance(whole)] == [
        ("Any pain?", 1.0, 9.0),
        ("No.", 1.0, 9.0),
        ("It is 9.6 now", 1.0, 9.0),
    ]
    assert [p.text for p in split_utterance(Utterance(start=0, end=1, text="疼吗？不疼。"))] == ["疼吗？", "不疼。"]


def test_neighbours_of_one_speaker_are_joined() -> None:
    a = Utterance(start=0, end=1, text="疼吗？", speaker="x")
    b = Utterance(start=1.5, end=2, text="哪里？", speaker="x")
    c = Utterance(start=2.1, end=3, text="So it", speaker="y")
    d = Utterance(start=3.1, end=4, text="goes", speaker="y")
    e = Utterance(start=9, end=10, text="on", speaker="y")
    f = Utterance(start=10, end=11, text="and on")
    joined = list(join_utterances([a, b, c, d, e, f]))
    assert [(u.text, u.start, u.end) for u in joined] == [
        ("疼吗？哪里？", 0, 2),
        ("So it goes", 2.1, 4),
        ("on", 9, 10),
        ("and on", 10, 11),
    ]
    assert list(join_utterances([])) == []


def test_shifting_moves_words_too() -> None:
    moved = shifted(utterance(words(("a", 0.0, 1.0))), 2.5)
    assert (moved.start, moved.words[0].end) == (2.5, 3.5)


def test_what_one_channel_overhears_is_dropped() -> None:
    sound = turns(bleed=0.3)
    left = [Utterance(start=0.0, end=0.9, text="where does it hurt"), Utterance(start=1.0, end=1.9, text="in my chest")]
    right = [Utterance(start=1.05, end=1.95, text="in my chest"), Utterance(start=3.0, end=3.9, text="since monday")]
    assert [u.text for u in merge_channels([left, right], sound)] == [
        "where does it hurt",
        "in my chest",
        "since monday",
    ]


def test_two_who_speak_at_once_are_both_kept() -> None:
    both = Sound((tone(2), tone(2, hertz=300)))
    left = [Utterance(start=0.0, end=1.5, text="any fever")]
    right = [Utterance(start=0.5, end=1.9, text="yes it hurts")]
    assert len(merge_channels([left, right], both)) == 2
    assert merge_channels([[Utterance(start=9.0, end=9.9, text="x")], [Utterance(start=9.0, end=9.9, text="x")]], both)


def voice(hertz: float, seconds: float, *, bright: float) -> np.ndarray:
    """A buzz with harmonics that fall off by ``bright``: as much of a voice as pitch and timbre need."""
    t = np.arange(int(seconds * RATE)) / RATE
    wave_ = sum(bright**k * np.sin(2 * np.pi * hertz * k * t) for k in range(1, 12))
    rng = np.random.default_rng(3)
    return (6000 * wave_ / np.abs(wave_).max() + rng.normal(0, 30, len(t))).astype(np.int16)


def strung(parts: list[np.ndarray]) -> tuple[np.ndarray, list[tuple[float, float]]]:
    spans, at = [], 0.0
    for p in parts:
        spans.append((at, at + len(p) / RATE))
        at += len(p) / RATE + 0.5
    return np.concatenate([np.concatenate([p, quiet(0.5)]) for p in parts]), spans


def test_a_high_and_a_low_voice_are_told_apart() -> None:
    pattern = [0, 1, 0, 1, 1, 0]
    parts = [
        voice(110 + 2 * n, 1.5, bright=0.6) if p == 0 else voice(230 + 3 * n, 1.5, bright=0.85)
        for n, p in enumerate(pattern)
    ]
    parts.append(voice(235, 0.7, bright=0.85))
    parts.append(quiet(0.6))
    samples, spans = strung(parts)
    assert voices.tell_apart(samples, spans) == [*pattern, 1, 1]


def test_one_voice_stays_one() -> None:
    rng = np.random.default_rng(1)
    parts = [voice(120 * 2 ** rng.normal(0, 0.08), 1.5, bright=0.6 + rng.normal(0, 0.03)) for _ in range(8)]
    assert voices.tell_apart(*strung(parts)) is None


def test_too_little_speech_tells_nothing() -> None:
    samples, spans = strung([voice(110, 1, bright=0.6), voice(220, 1, bright=0.9)])
    assert voices.tell_apart(samples, spans) is None
    assert voices.tell_apart(samples, []) is None

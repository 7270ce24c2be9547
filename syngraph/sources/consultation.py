"""What was said in the room: transcripts, recordings, or both of the same talk, to sources."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from syngraph.errors import InputError, SyngraphError
from syngraph.model import Component, Mark, Problem, Ruler, Segment, Source, SourceId
from syngraph.ports import Progress, Utterance
from syngraph.settings import Settings
from syngraph.sources.align import SAME_TALK, SAME_TEXT, similarity, with_times
from syngraph.sources.asr_engine import speech_recogniser
from syngraph.sources.audio import join_utterances
from syngraph.sources.folder import AUDIO
from syngraph.sources.speakers import Turn, resolve
from syngraph.sources.transcript import read_transcript, word_marks

#: A heard word below this confidence should be shown to the reader as doubtful.
LOW_CONFIDENCE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class _Talk:
    """One talk: its turns, the file that its text is from, and what else took part."""

    path: str
    data: bytes
    turns: tuple[Turn, ...]
    components: tuple[Component, ...] = ()
    heard: bool = False

    @property
    def text(self) -> str:
        return "\n".join(t.text for t in self.turns)

    @property
    def richness(self) -> tuple[int, int, int]:
        """How much the transcript says besides the words: labels, times, length."""
        return (sum(bool(t.label) for t in self.turns), sum(bool(t.marks) for t in self.turns), len(self.text))


@dataclass(slots=True)
class _Notes:
    problems: list[Problem] = field(default_factory=list)

    def add(self, path: str, message: str, advice: str) -> None:
        self.problems.append(Problem(path=path, message=message, advice=advice))


def read_consultation(
    files: Sequence[tuple[str, bytes]],
    *,
    first_id: Callable[[], SourceId],
    language: str,
    hotwords: Sequence[str] = (),
    settings: Settings,
    progress: Progress | None = None,
) -> tuple[tuple[Source, ...], tuple[Problem, ...]]:
    """All files of ``consultation/`` as sources: one a talk, in the order of the files.

    A recording and a transcript of the same talk make one source: the transcript's text with the recording's clock; the
    recording is named among its components (role ``audio``, its path and SHA-256). Two exports of one talk make one
    source as well (role ``transcript``). Different talks stay apart.

    Args:
        files: (path inside the encounter folder, bytes).
        first_id: gives the next free source id each time it is called.
        language: ``zh`` or ``en``, for the recogniser.
        hotwords: names to listen for, most important first.
        settings: engine, model and limits.
        progress: told how many seconds of sound are done.
    """
    notes = _Notes()
    talks: list[_Talk] = []
    for path, data in files:
        if not _is_audio(path) and (talk := _transcript(path, data, settings, notes)):
            _keep(talks, talk)
    for path, data in files:
        if _is_audio(path):
            _listen(talks, path, data, language, hotwords, settings, progress, notes)
    order = {path: n for n, (path, _) in enumerate(files)}
    talks.sort(key=lambda t: order[t.path])
    return tuple(_source(t, first_id()) for t in talks), tuple(notes.problems)


def _is_audio(path: str) -> bool:
    return PurePosixPath(path).suffix.lower() in AUDIO


def _transcript(path: str, data: bytes, settings: Settings, notes: _Notes) -> _Talk | None:
    if _too_large(path, data, settings, notes):
        return None
    turns, problems = read_transcript(data, path)
    notes.problems.extend(problems)
    return _Talk(path=path, data=data, turns=turns) if turns else None


def _too_large(path: str, data: bytes, settings: Settings, notes: _Notes) -> bool:
    large = len(data) > settings.max_file_mb << 20
    if large:
        notes.add(path, f"is larger than {settings.max_file_mb} MB", "split it, or raise SYNGRAPH_MAX_FILE_MB")
    return large


def _keep(talks: list[_Talk], new: _Talk) -> None:
    """Add a transcript; of two exports of one talk the richer one is the text and the other is named beside it."""
    for n, old in enumerate(talks):
        length = min(len(old.text), len(new.text)) / max(len(old.text), len(new.text))
        if length > 0.8 and similarity(old.text, new.text) > SAME_TEXT:
            best, other = (new, old) if new.richness > old.richness else (old, new)
            talks[n] = replace(best, components=(*best.components, _named("transcript", other)))
            return
    talks.append(new)


def _named(role: str, talk: _Talk) -> Component:
    return Component(role=role, name=talk.path, version=hashlib.sha256(talk.data).hexdigest())


def _listen(
    talks: list[_Talk],
    path: str,
    data: bytes,
    language: str,
    hotwords: Sequence[str],
    settings: Settings,
    progress: Progress | None,
    notes: _Notes,
) -> None:
    """Transcribe a recording; give its clock to the transcript of the same talk, or add it as a talk of its own."""
    if _too_large(path, data, settings, notes):
        return
    try:
        utterances, engine = _recognise(path, data, language, hotwords, settings, progress)
    except SyngraphError as error:
        notes.add(path, error.message, error.advice)
        return
    if not utterances:
        notes.add(path, "no speech was found in it", "check that the microphone was on")
        return
    heard = "\n".join(u.text for u in utterances)
    scores = [(0.0 if t.heard else similarity(t.text, heard), n) for n, t in enumerate(talks)]
    best, n = max(scores, default=(0.0, -1))
    talk = _heard(path, data, utterances, engine)
    if best < SAME_TALK:
        talks.append(talk)
        return
    clocked = with_times(talks[n].turns, utterances)
    added = (*talks[n].components, engine, _named("audio", talk))
    talks[n] = replace(talks[n], turns=clocked, components=added)


def _recognise(
    path: str,
    data: bytes,
    language: str,
    hotwords: Sequence[str],
    settings: Settings,
    progress: Progress | None,
) -> tuple[list[Utterance], Component]:
    if not data:
        raise InputError("is empty", "record or export it again")
    recogniser = speech_recogniser(settings)
    with tempfile.TemporaryDirectory(prefix="syngraph-") as folder:
        # The engine reads a file; the name is ours, so that it can hold nothing.
        audio = Path(folder) / f"recording{PurePosixPath(path).suffix.lower()}"
        audio.write_bytes(data)
        utterances = recogniser.transcribe(audio, language=language, hotwords=hotwords, progress=progress)
        utterances = told_apart(utterances, audio, settings)
    return utterances, Component(role="asr", name=recogniser.name, version=recogniser.version)


def told_apart(utterances: list[Utterance], audio: Path, settings: Settings) -> list[Utterance]:
    """One microphone, several voices: names them by their sound where two clearly differ."""
    if not utterances or any(u.speaker for u in utterances):
        return utterances
    from syngraph.sources.audio import load, separate
    from syngraph.sources.voices import tell_apart

    try:
        sound = separate(load(audio, max_minutes=settings.max_audio_minutes))
    except SyngraphError:
        return utterances
    voices = tell_apart(sound.channels[0], [(u.start, u.end) for u in utterances])
    if voices is None:
        return utterances
    return [replace(u, speaker=f"voice {v + 1}") for u, v in zip(utterances, voices, strict=True)]


def _heard(path: str, data: bytes, utterances: Sequence[Utterance], engine: Component) -> _Talk:
    """A talk from what was heard: neighbouring utterances of one speaker are one turn."""
    roles = resolve([_turn(u) for u in utterances]).turns
    named = [u if u.speaker else replace(u, speaker=f"\0{role}") for u, role in zip(utterances, roles, strict=True)]
    joined = [u if not (u.speaker or "").startswith("\0") else replace(u, speaker=None) for u in join_utterances(named)]
    audio = Component(role="audio", name=path, version=hashlib.sha256(data).hexdigest())
    return _Talk(path=path, data=data, turns=tuple(_turn(u) for u in joined), components=(engine, audio), heard=True)


def _turn(u: Utterance) -> Turn:
    text = " ".join(u.text.split())
    marks = word_marks(text, u.words)
    if not marks and text:
        from syngraph.model import Locator

        marks = [Mark(start=0, end=len(text), locator=Locator(time=(round(u.start, 3), round(u.end, 3))))]
    return Turn(text=text, label=u.speaker or "", marks=tuple(marks))


def _source(talk: _Talk, source_id: SourceId) -> Source:
    """One text, one turn a line; a mark for each timed stretch, a segment for each turn."""
    roles = resolve(talk.turns)
    segments: list[Segment] = []
    marks: list[Mark] = []
    at = 0
    for turn, role in zip(talk.turns, roles.turns, strict=True):
        end = at + len(turn.text)
        segments.append(Segment(start=at, end=end, role=role, label=turn.label))
        marks += [replace(m, start=m.start + at, end=m.end + at) for m in turn.marks]
        at = end + 1
    return Source(
        id=source_id,
        kind="consultation",
        path=talk.path,
        sha256=hashlib.sha256(talk.data).hexdigest(),
        text=talk.text,
        ruler=Ruler(tuple(marks)),
        segments=tuple(segments),
        title=roles.summary or None,
        components=talk.components,
    )

"""Transcripts: WebVTT, SubRip, JSON and plain text, to turns with their speaker labels and times."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from syngraph.errors import InputError
from syngraph.model import Locator, Mark, Problem
from syngraph.ports import Word
from syngraph.sources.plain import decode_text, is_chinese, one_line, parse_json
from syngraph.sources.speakers import Turn, is_generic, known_role
from syngraph.terminology.patterns import regex

_CLOCK = r"(?:\d{1,3}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?"
_ARROW = regex(rf"\s*({_CLOCK}|\S+)\s*-->\s*({_CLOCK}|\S+)")
_TAG = regex(r"</?(?:c|i|b|u|ruby|rt|lang|font|span|v)(?:[.\s][^>]*)?>|<\d[\d:.]*>")
_VOICE = regex(r"<v(?:\.[\w.]+)?\s+([^>]+)>(.*?)(?=<v[.\s]|$)", re.DOTALL)
_LEAD = rf"[\[(【（]?{_CLOCK}(?:\s*(?:-->|-|–|~|至)\s*{_CLOCK})?[\])】）]?"
_STAMP = regex(rf"\A\s*({_LEAD})\s*[|:：-]?\s*(?=\D|$)")
_LABEL = r"[^\W\d_][\w .'’\-/·]{0,28}?"
#: A colon that is not the one inside a clock.
_COLON = r"[:：](?!(?<=\d[:：])\d\d(?!\d))"
_PREFIX = regex(rf"\s*(?:>>\s*)?\**({_LABEL})\**\s*({_LEAD})?\**\s*{_COLON}\**\s*(.*)", re.DOTALL)
_BRACKET = regex(
    r"\s*\**(?:\[([^\[\]]{1,30})\]|【([^【】]{1,30})】|<([^<>]{1,30})>|（([^（）]{1,12})）)\**\s*[:：]?\s*(.*)",
    re.DOTALL,
)
_ALONE = regex(rf"\s*\**({_LABEL})\**\s*({_LEAD})?\s*")
_INLINE = regex(
    r"(?<=[。！？!?.…/|\"”])\s+(?=[^\s:：]{1,16}(?: [^\s:：]{1,12})?[:：])|\s*[/|]\s+(?=[^\s:：]{1,16}[:：])"
)
_ENDS = (".", "!", "?", "。", "！", "？", "…", "”", '"')
_SCALES = {"ms": 0.001, "millis": 0.001}
_TEXT_KEYS = ("text", "content", "utterance", "sentence", "transcript", "message", "words_text", "onebest")
_SPEAKER_KEYS = (
    "speaker",
    "role",
    "label",
    "speaker_label",
    "speaker_id",
    "speakerId",
    "spk",
    "name",
    "channel",
    "who",
)
_START_KEYS = ("start", "begin", "from", "start_time", "startTime", "begin_time", "bg", "offset", "timestamp", "time")
_END_KEYS = ("end", "stop", "to", "end_time", "endTime", "ed")
_LIST_KEYS = (
    "segments",
    "turns",
    "utterances",
    "dialogue",
    "conversation",
    "messages",
    "items",
    "sentences",
    "results",
)
_MERGE_GAP = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cue:
    """A stretch of a transcript as it stands in the file."""

    text: str
    label: str = ""
    start: float | None = None
    end: float | None = None
    words: tuple[Word, ...] = ()


def read_transcript(data: bytes, path: str) -> tuple[tuple[Turn, ...], tuple[Problem, ...]]:
    """The turns of a transcript in the order of the file.

    Args:
        data: the file's bytes, in any usual encoding.
        path: the file's name; its extension says the format.

    Returns:
        Turns with the label as found ("" where there is none) and marks where there are times; and problems. No
        turns where the file can't be read.
    """
    try:
        text = decode_text(data)
        if not text.strip():
            raise InputError("is empty", "export the transcript again")
        cues, broken = _cues(text, path.lower().rpartition(".")[2])
        turns = tuple(t for t in map(_turn, _joined(cues)) if t.text)
        if not turns:
            raise InputError("holds no spoken text", "see docs/encounter-format.md for the shapes that are read")
    except InputError as error:
        return (), (Problem(path=path, message=error.message, advice=error.advice),)
    except RecursionError:
        return (), (Problem(path=path, message="is nested too deeply", advice="check the file"),)
    if broken:
        message = f"{broken} of its time stamps can't be read; their text is used without a time"
        return turns, (Problem(path=path, message=message, advice="write them as 00:01:02.500"),)
    return turns, ()


def _cues(text: str, kind: str) -> tuple[list[_Cue], int]:
    if kind in {"vtt", "srt"} and "-->" in text:
        return _subtitles(text)
    if kind == "json":
        return _json(parse_json(text))
    return _plain(text)


def _seconds(clock: str) -> float | None:
    """Seconds of ``00:01:02.500``, ``1:02``, ``62.5`` or ``62.5s``; None where it is no time."""
    parts = clock.strip().rstrip("s").replace(",", ".").split(":")
    try:
        numbers = [float(p) for p in parts]
    except ValueError:
        return None
    if len(numbers) > 3 or any(not 0 <= n < 1e6 for n in numbers):
        return None
    total = 0.0
    for n in numbers:
        total = total * 60 + n
    return round(total, 3)


# --- WebVTT and SubRip --------------------------------------------------------------------------------------------


def _subtitles(text: str) -> tuple[list[_Cue], int]:
    raw: list[tuple[float | None, float | None, str]] = []
    broken = 0
    for block in re.split(r"\n[ \t]*\n", text):
        lines = block.strip("\n").split("\n")
        at = next((i for i, line in enumerate(lines) if "-->" in line), None)
        if at is None or lines[0].startswith(("NOTE", "STYLE", "REGION")):
            continue
        found = _ARROW.match(lines[at])
        start, end = (_seconds(found[1]), _seconds(found[2])) if found else (None, None)
        if start is None or end is None or end < start:
            start = end = None
            broken += 1
        raw.append((start, end, "\n".join(lines[at + 1 :])))
    labels = _label_words(line for _, _, payload in raw for line in payload.split("\n"))
    cues: list[_Cue] = []
    for start, end, payload in raw:
        cues += [_Cue(text=t, label=label, start=start, end=end) for label, t in _voices(payload, labels)]
    return _carried(cues), broken


def _voices(payload: str, labels: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Label and text of each voice in one cue."""
    if "<v" in payload:
        lead = payload[: payload.index("<v")]
        if _clean(lead):
            yield "", _clean(lead)
        for found in _VOICE.finditer(payload):
            yield one_line(html.unescape(found[1])), _clean(found[2])
        return
    lines = payload.split("\n")
    if len(lines) > 1 and all(re.match(r"\s*[-–]\s*\S", line) for line in lines):
        groups = [line.strip().lstrip("-– ") for line in lines]
    else:
        groups = []
        for line in lines:
            if groups and not _prefixed(_clean(line), labels)[0]:
                groups[-1] += " " + line
            else:
                groups.append(line)
    for group in groups:
        label, _, text = _prefixed(_clean(group), labels)
        yield label, text


def _clean(text: str) -> str:
    return one_line(html.unescape(_TAG.sub("", text)))


def _carried(cues: Sequence[_Cue]) -> list[_Cue]:
    """Cues that continue a labelled one without repeating its label get it."""
    out: list[_Cue] = []
    for cue in cues:
        label = cue.label or (out[-1].label if out else "")
        out.append(replace(cue, label=label))
    return out


# --- plain text ---------------------------------------------------------------------------------------------------


def _plain(text: str) -> tuple[list[_Cue], int]:
    lines = [part for line in text.split("\n") for part in _split_inline(line)]
    labels = _label_words(_STAMP.sub("", line, count=1) for line in lines)
    cues: list[_Cue] = []
    for line in lines:
        start, body = _stamp(line)
        label, clock, words = _prefixed(body, labels)
        start = clock if clock is not None else start
        if label or start is not None or not labels or not cues:
            cues.append(_Cue(text=one_line(words), label=label, start=start))
        elif words.strip():
            last = cues[-1]
            # A long line without an end was wrapped; after a short one something new is said.
            wrapped = len(last.text) >= 20 and not last.text.endswith(_ENDS)
            cues[-1] = replace(last, text=_glue(last.text, one_line(words), run_on=wrapped))
    cues = [c for c in cues if c.text]
    return _until_next(cues), 0


def _split_inline(line: str) -> list[str]:
    """The line cut before each further speaker word ("Doctor: So it is back? Patient: Yeah")."""
    parts = [""]
    for piece in _INLINE.split(line):
        found = _PREFIX.match(piece)
        if parts == [""]:
            parts = [piece]
        elif found and known_role(found[1]) and len(found[1]) > 1:
            parts.append(piece)
        else:
            parts[-1] += " " + piece
    return parts


def _stamp(line: str) -> tuple[float | None, str]:
    found = _STAMP.match(line)
    if not found:
        return None, line
    clock = re.search(_CLOCK, found[1])
    return (_seconds(clock[0]) if clock else None), line[found.end() :]


def _prefixed(line: str, labels: frozenset[str]) -> tuple[str, float | None, str]:
    """The speaker label, the time and the text of a line; no label where it begins with none of ``labels``."""
    for pattern in (_BRACKET, _PREFIX, _ALONE):
        found = pattern.fullmatch(line)
        if not found:
            continue
        label, clock, text = _parts(found, pattern)
        if label in labels:
            return label, clock, text
    return "", None, line


def _parts(found: re.Match[str], pattern: re.Pattern[str]) -> tuple[str, float | None, str]:
    if pattern is _BRACKET:
        return one_line(next(g for g in found.groups()[:4] if g is not None)), None, found[5]
    clock = re.search(_CLOCK, found[2] or "")
    text = found[3] if pattern is _PREFIX else ""
    return one_line(found[1]), (_seconds(clock[0]) if clock else None), text


def _label_words(lines: Iterator[str]) -> frozenset[str]:
    """The labels that a file uses: words for a speaker, a machine's names, and other names that keep coming back."""
    seen: Counter[str] = Counter()
    alone: Counter[str] = Counter()
    timed: set[str] = set()
    for line in lines:
        for pattern in (_BRACKET, _PREFIX, _ALONE):
            found = pattern.fullmatch(_STAMP.sub("", line, count=1))
            if found:
                label, clock, _ = _parts(found, pattern)
                bare = pattern is _ALONE and clock is None
                (alone if bare else seen)[label] += 1
                timed |= {label} if pattern is _ALONE and not bare else set()
                break
    named = {s for s in seen if _names_speaker(s)} | {s for s, n in alone.items() if n > 1 and known_role(s)}
    # "体温：37.2" comes once; a name that heads three lines is a speaker.
    often = {s for s, n in seen.items() if n >= (2 if s in timed or named else 3) and len(s.split()) <= 3}
    return frozenset(named | often)


def _names_speaker(label: str) -> bool:
    """Whether ``label`` is a word for a speaker and not a sentence that holds one ("医生说的药")."""
    return (known_role(label) is not None or is_generic(label)) and len(label) <= (8 if is_chinese(label) else 30)


def _until_next(cues: list[_Cue]) -> list[_Cue]:
    """Text files say only when a turn begins: it ends at the latest when the next one begins."""
    starts = [c.start for c in cues]
    out: list[_Cue] = []
    for i, cue in enumerate(cues):
        later = next((s for s in starts[i + 1 :] if s is not None), None)
        end = later if cue.start is not None and later is not None and later >= cue.start else cue.start
        out.append(replace(cue, end=end))
    return out


# --- JSON ---------------------------------------------------------------------------------------------------------


def _json(raw: Any, depth: int = 0) -> tuple[list[_Cue], int]:
    if depth > 6:
        raise InputError("is nested too deeply", "see docs/encounter-format.md for the shapes that are read")
    if isinstance(raw, str):
        return _plain(raw)
    if isinstance(raw, list):
        return _json_list(raw)
    if isinstance(raw, dict):
        for key in _LIST_KEYS:
            if isinstance(raw.get(key), list) and raw[key]:
                return _json(raw[key], depth + 1)
        for key in ("transcript", "transcription", "result", "data", "text"):
            if isinstance(raw.get(key), (str, list, dict)) and raw[key]:
                return _json(raw[key], depth + 1)
    raise InputError("is no transcript", 'write [{"start": 3.2, "end": 5.1, "speaker": "doctor", "text": "..."}]')


def _json_list(rows: list[Any]) -> tuple[list[_Cue], int]:
    if rows and all(isinstance(r, str) for r in rows):
        return _plain("\n".join(rows))
    dicts = [r for r in rows if isinstance(r, dict)]
    cues: list[_Cue] = []
    broken = 0
    scale = _scale(dicts)
    for row in dicts:
        text = _pick(row, _TEXT_KEYS)
        if not isinstance(text, str):
            continue
        start, end, bad = _span(row, scale)
        broken += bad
        label = _pick(row, _SPEAKER_KEYS)
        name = str(label.get("name") or label.get("id") or "") if isinstance(label, dict) else label
        cues.append(
            _Cue(
                text=one_line(text),
                label=one_line(str(name)) if name is not None else "",
                start=start,
                end=end,
                words=_words(row.get("words"), scale),
            )
        )
    if cues and not any(c.label for c in cues):
        labels = _label_words(c.text for c in cues)
        split = [_prefixed(c.text, labels) for c in cues]
        cues = [replace(c, label=s[0], text=s[2]) for c, s in zip(cues, split, strict=True)]
    return cues, broken


def _pick(row: Mapping[str, Any], keys: Sequence[str]) -> Any:
    return next((row[k] for k in keys if row.get(k) not in (None, "")), None)


def _number(value: object) -> float | None:
    return _seconds(value) if isinstance(value, str) else None


def _span(row: Mapping[str, Any], scale: float) -> tuple[float | None, float | None, int]:
    """Start and end in seconds; (None, None, 1) where a time is given but can't be read."""
    for unit, factor in _SCALES.items():
        for a, b in (("start", "end"), ("begin", "end"), ("offset", "end")):
            keys = (
                (f"{a}_{unit}", f"{b}_{unit}") if f"{a}_{unit}" in row else (f"{a}{unit.title()}", f"{b}{unit.title()}")
            )
            first, last = _number(row.get(keys[0])), _number(row.get(keys[1]))
            if first is not None:
                return first * factor, (last if last is not None else first) * factor, 0
    given = row.get("timestamp")
    if isinstance(given, list) and len(given) == 2:
        row = {"start": given[0], "end": given[1]}
    raw_start, raw_end = _pick(row, _START_KEYS), _pick(row, _END_KEYS)
    if raw_start is None and raw_end is None:
        return None, None, 0
    start, end = _number(raw_start), _number(raw_end)
    length = _number(row.get("duration"))
    if end is None and start is not None:
        end = start + (length or 0.0)
    if start is None or end is None or end < start:
        return None, None, 1
    return round(start * scale, 3), round(end * scale, 3), 0


def _scale(rows: Sequence[Mapping[str, Any]]) -> float:
    """1, or 0.001 where the times are whole numbers so large that they can only be milliseconds."""
    per_character: list[float] = []
    for row in rows:
        text, start, end = _pick(row, _TEXT_KEYS), _pick(row, _START_KEYS), _pick(row, _END_KEYS)
        if not isinstance(text, str) or not isinstance(start, str) or not isinstance(end, str):
            continue
        if not (start.isdigit() and end.isdigit()):
            return 1.0
        per_character.append((int(end) - int(start)) / max(1, len(text)))
    return 0.001 if per_character and sorted(per_character)[len(per_character) // 2] > 10 else 1.0


def _words(raw: object, scale: float) -> tuple[Word, ...]:
    words: list[Word] = []
    for row in raw if isinstance(raw, list) else ():
        text = _pick(row, ("word", "text", "punctuated_word")) if isinstance(row, dict) else None
        start, end, bad = _span(row, scale) if isinstance(row, dict) else (None, None, 1)
        if not isinstance(text, str) or start is None or end is None or bad:
            continue
        sure = _number(_pick(row, ("probability", "confidence", "score")))
        words.append(Word(text=text, start=start, end=end, probability=1.0 if sure is None else min(1.0, sure)))
    return tuple(words)


# --- from cues to turns -------------------------------------------------------------------------------------------


def _joined(cues: Sequence[_Cue]) -> Iterator[list[_Cue]]:
    """Cues that one sentence runs through, together: subtitles break sentences where the line is full."""
    punctuated = sum(c.text.endswith(_ENDS) for c in cues) * 4 >= len(cues)
    group: list[_Cue] = []
    for cue in cues:
        if group and not (punctuated and _continues(group[-1], cue)):
            yield group
            group = []
        group.append(cue)
    if group:
        yield group


def _continues(before: _Cue, after: _Cue) -> bool:
    if before.end is None or after.start is None or before.text.endswith(_ENDS) or before.label != after.label:
        return False
    return bool(before.text) and -0.5 <= after.start - before.end <= _MERGE_GAP


def _glue(left: str, right: str, *, run_on: bool = True) -> str:
    """``left`` and ``right`` as one text; where it runs on, Chinese has no blank between."""
    joined = not left or (run_on and is_chinese(left[-1:]) and is_chinese(right[:1]))
    return left + ("" if joined else " ") + right


def _turn(cues: Sequence[_Cue]) -> Turn:
    text = ""
    marks: list[Mark] = []
    for cue in cues:
        if not cue.text:
            continue
        text = _glue(text, cue.text)
        start = len(text) - len(cue.text)
        marks += _cue_marks(cue, start)
    return Turn(text=text, label=cues[0].label, marks=tuple(marks))


def _cue_marks(cue: _Cue, at: int) -> list[Mark]:
    words = word_marks(cue.text, cue.words, at)
    if words:
        return words
    if cue.start is None or cue.end is None:
        return []
    return [Mark(start=at, end=at + len(cue.text), locator=Locator(time=(cue.start, max(cue.start, cue.end))))]


def word_marks(text: str, words: Sequence[Word], at: int = 0) -> list[Mark]:
    """One mark for each word that is found in ``text``, in order, with its seconds and its confidence.

    Args:
        text: what the words are looked for in.
        words: in the order of ``text``; one that isn't found is passed over.
        at: where ``text`` begins in the text that the marks are for.
    """
    marks: list[Mark] = []
    cursor = 0
    for word in words:
        bare = word.text.strip().strip(",.!?;:，。！？；：、")
        found = text.find(bare, cursor, cursor + len(bare) + 40) if bare else -1
        if found < 0:
            continue
        cursor = found + len(bare)
        place = Locator(time=(round(word.start, 3), round(word.end, 3)), confidence=round(word.probability, 3))
        marks.append(Mark(start=at + found, end=at + cursor, locator=place))
    return marks

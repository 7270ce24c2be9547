"""The talk in the room as a transcript, and which of its lines are spoken into a recording."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def turns(spec: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(speaker, words) of each line of ``lines``; the speaker stands before the first colon."""
    rows = (line.replace("：", ":", 1).split(":", 1) for line in spec["lines"].splitlines() if line.strip())
    return [(speaker.strip(), words.strip()) for speaker, words in rows]


def transcript(spec: Mapping[str, Any], suffix: str, visit: Mapping[str, Any]) -> bytes:
    """The talk in the form that the file's suffix names."""
    if suffix == ".txt":
        return f"{spec['lines'].rstrip()}\n".encode()
    rows = _timed(turns(spec))
    write = {".json": _json, ".vtt": _vtt, ".srt": _srt}[suffix]
    return write(rows).encode("utf-8")


Row = tuple[int, int, str, str]


def _timed(said: list[tuple[str, str]]) -> list[Row]:
    """Each turn with its start and end in milliseconds: as long as its words take, and a breath between."""
    at, rows = 1200, []
    for speaker, words in said:
        wide = sum(not c.isascii() for c in words)
        end = at + 400 + 210 * wide + 62 * (len(words) - wide)
        rows.append((at, end, speaker, words))
        at = end + 350
    return rows


def _json(rows: list[Row]) -> str:
    said = [{"start": a / 1000, "end": b / 1000, "speaker": who, "text": text} for a, b, who, text in rows]
    lines = ",\n".join(" " + json.dumps(row, ensure_ascii=False) for row in said)
    return f"[\n{lines}\n]\n"


def _clock(ms: int, point: str) -> str:
    return f"{ms // 3_600_000:02d}:{ms // 60_000 % 60:02d}:{ms // 1000 % 60:02d}{point}{ms % 1000:03d}"


def _vtt(rows: list[Row]) -> str:
    cues = (f"{_clock(a, '.')} --> {_clock(b, '.')}\n<v {who}>{text}\n" for a, b, who, text in rows)
    return "WEBVTT\n\n" + "\n".join(cues)


def _srt(rows: list[Row]) -> str:
    colon = "：" if any("一" <= c <= "鿿" for _, _, who, _ in rows for c in who) else ": "
    cues = (
        f"{n}\n{_clock(a, ',')} --> {_clock(b, ',')}\n{who}{colon}{text}\n"
        for n, (a, b, who, text) in enumerate(rows, 1)
    )
    return "\n".join(cues)


def spoken(spec: Mapping[str, Any], visit: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(voice, words) of a recording: its own ``lines``, or the first ``turns`` of the transcript ``of``."""
    said = turns(spec) if "lines" in spec else turns(visit["files"][spec["of"]])[: int(spec["turns"])]
    return [(spec["voices"][speaker], words) for speaker, words in said]

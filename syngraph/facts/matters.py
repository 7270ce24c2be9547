"""What a question is about where it names no complaint, and what an answer then tells of it.

"大便什么样？" "黑的" tells of black stools though neither half names them, "Any blood?" after talk of coughing is of the
sputum. Which words name a matter and what may be said of it stands in ``data/matters.tsv``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from syngraph.facts.cues import cues, pattern
from syngraph.facts.passage import Passage
from syngraph.terminology.lexicon import Match, lexicon
from syngraph.terminology.patterns import regex

#: How many passages back a bare "any blood?" looks for what the talk is about.
_BACK = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """Something of the body that is asked about: its name, whose symptoms describe it, what may be told of it."""

    name: str
    named: re.Pattern[str]
    of: re.Pattern[str]
    told: tuple[tuple[str, re.Pattern[str]], ...]


@cache
def matters() -> tuple[Matter, ...]:
    """All matters of ``data/matters.tsv``."""
    text = files("syngraph.terminology").joinpath("data/matters.tsv").read_text(encoding="utf-8")
    rows = [row.split("\t") for row in text.splitlines() if row.strip() and not row.startswith("#")]
    of = {row[1]: row[2] for row in rows if row[0] == "of"}
    return tuple(
        Matter(
            name=row[1],
            named=regex("|".join(f"(?:{pattern(p)})" for p in row[2].split(" | "))),
            of=re.compile(of[row[1]]),
            told=tuple((r[2], regex(_whole(r[3]))) for r in rows if r[0] == "told" and r[1] == row[1]),
        )
        for row in rows
        if row[0] == "name"
    )


def _whole(alternatives: str) -> str:
    """``alternatives`` with Latin words whole, Chinese ones anywhere."""
    return rf"(?<![a-z])(?:{alternatives})(?![a-z])"


def named(folded: str, start: int, end: int) -> Matter | None:
    """The matter that a range names last; None where it names none."""
    found = [(m.end(), x) for x in matters() for m in x.named.finditer(folded, start, end)]
    return max(found, key=lambda f: f[0])[1] if found else None


def asked_about(rows: Sequence[Passage], index: int) -> Matter | None:
    """What the question that the passage ``index`` answers is about: what it names, else what the talk was about."""
    row = rows[index]
    if row.asked is None:
        return None
    last = row.asked.sentences[-1]
    matter = named(row.folded, last.start, last.end) or named(row.folded, row.asked.start, row.asked.end)
    if matter is not None or not bare(row.folded[last.start : last.end]):
        return matter
    earlier = [r for r in rows[max(0, index - _BACK) : index] if r.end <= row.asked.start]
    return next((m for r in reversed(earlier) if (m := named(r.folded, r.start, r.end)) is not None), None)


def bare(question: str) -> bool:
    """Whether a folded question names only what is seen or felt, and not of what ("Any blood?")."""
    return cues("bare-question").search(question.strip()) is not None


def told(matter: Matter, folded: str, start: int, end: int) -> list[Match]:
    """What [start, end) tells of ``matter``, as symptoms; the longest of those that overlap."""
    found = [
        Match(m.start(), m.end(), term)
        for name, words in matter.told
        if (term := lexicon().terms.get(f"symptom:{name}")) is not None
        for m in words.finditer(folded, start, end)
    ]
    kept: list[Match] = []
    for m in sorted(found, key=lambda m: (m.start - m.end, m.start)):
        if all(m.end <= k.start or k.end <= m.start for k in kept):
            kept.append(m)
    return sorted(kept, key=lambda m: m.start)

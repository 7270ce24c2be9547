"""Self-corrections: what a speaker takes back in the same breath doesn't hold ("since Sunday. No wait, Saturday").

A correction cue takes back the nearest earlier value of the sort that follows the cue: a duration for a duration, a
side for a side, a number for a number, a drug for a drug.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from syngraph.facts.cues import cues
from syngraph.facts.passage import Passage
from syngraph.terminology.doses import find_doses, find_frequencies
from syngraph.terminology.lexicon import lexicon
from syngraph.terminology.numerals import find_numbers
from syngraph.terminology.patterns import regex
from syngraph.terminology.times import find_dates, find_durations

#: How far, in characters, a correction reaches back and forward.
_BACK, _AHEAD = 60, 40
_SIDE = regex(r"左|右|(?<![a-z])(?:left|right)(?![a-z])")
_NAMED = ("drug", "allergen", "relative", "body-site", "condition", "symptom")

#: (what sort, start, end)
_Value = tuple[str, int, int]


class Retractions:
    """The ranges of a source that its speakers took back."""

    def __init__(self, rows: Sequence[Passage]) -> None:
        self.ranges: list[tuple[int, int]] = []
        for row in rows:
            if row.role not in ("question", "document"):
                self.ranges += _taken_back(row)

    def holds(self, start: int, end: int) -> bool:
        """Whether any of [start, end) was taken back."""
        return any(a < end and start < b for a, b in self.ranges)


def _taken_back(row: Passage) -> Iterator[tuple[int, int]]:
    text = row.folded[row.start : row.end]
    found = list(cues("correction").finditer(text))
    if not found:
        return
    values = sorted(_values(text, row), key=lambda v: (v[1], -v[2]))
    for cue in found:
        after = [v for v in values if cue.end() - 2 <= v[1] <= cue.end() + _AHEAD and v[1] >= cue.start()]
        if not after:
            continue
        sorts = {v[0] for v in after if v[1] == after[0][1]} | {after[0][0]}
        before = [v for v in values if v[0] in sorts and cue.start() - _BACK <= v[1] and v[2] <= cue.start() + 1]
        if not before:
            continue
        last = max(before, key=lambda v: v[2])
        same_words = any(v[0] == last[0] and text[v[1] : v[2]] == text[last[1] : last[2]] for v in after)
        if not same_words:
            yield row.start + last[1], row.start + last[2]


def _values(text: str, row: Passage) -> Iterator[_Value]:
    yield from (("time", d.start, d.end) for d in find_durations(text))
    yield from (("time", d.start, d.end) for d in find_dates(text, row.said))
    yield from (("dose", d.start, d.end) for d in find_doses(text))
    yield from (("frequency", f.start, f.end) for f in find_frequencies(text))
    yield from (("number", n.start, n.end) for n in find_numbers(text))
    yield from (("side", m.start(), m.end()) for m in _SIDE.finditer(text))
    yield from ((m.term.kind, m.start, m.end) for m in lexicon().longest(text, *_NAMED))

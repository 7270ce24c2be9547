"""The values around a name: durations, dates, sides, doses, frequencies, numbers, and how strong or of what sort.

Everything is found once a sentence, less what its speaker took back, with offsets into the source's text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, TypeVar, cast

from syngraph.facts.mentions import Reading
from syngraph.facts.passage import Passage, Sentence
from syngraph.terminology.doses import DoseSpan, FrequencySpan, find_doses, find_frequencies
from syngraph.terminology.lexicon import Match, lexicon
from syngraph.terminology.times import DateSpan, DurationSpan, find_dates, find_durations

Side = Literal["left", "right", "bilateral"]
_SIDES = re.compile(
    r"(?P<bilateral>双侧|双(?=[一-鿿])|两侧|两边|左右两?[侧边]|两(?=[只个条]?[眼耳手脚腿膝肩臂肺肾])|两[只个条]|"
    r"(?<![a-z])(?:both|bilateral(?:ly)?|either side|each side|left and right|right and left)(?![a-z]))"
    r"|(?P<left>左(?!右)|(?<![a-z])left(?!\s+(?:over|the|me|him|her|it|home|work|school|hospital|alone|off|in|us)\b)(?![a-z-]*over))"
    r"|(?P<right>(?<!左)右|(?<![a-z])right(?=[\s-]+(?:side|sided|hand|arm|leg|knee|ankle|foot|eye|ear|shoulder|hip|wrist|elbow|lower|upper|"
    r"flank|breast|calf|thigh|groin|lung|kidney|chest|thumb|toe|finger|big|index|iliac|costal|loin|temple|cheek|testicle|ovary|heel|one|and)\b)"
    r"|(?<=the )right(?=\s*[.,;!?)]|\s*$))"
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """What stands in one sentence besides names; offsets are the source's."""

    durations: tuple[DurationSpan, ...]
    dates: tuple[DateSpan, ...]
    doses: tuple[DoseSpan, ...]
    frequencies: tuple[FrequencySpan, ...]
    qualifiers: tuple[Match, ...]
    sides: tuple[tuple[int, int, Side], ...]


_Span = TypeVar("_Span", DurationSpan, DateSpan, DoseSpan, FrequencySpan)


def _shift(spans: Iterable[_Span], by: int, reading: Reading) -> tuple[_Span, ...]:
    moved = (replace(s, start=s.start + by, end=s.end + by) for s in spans)
    return tuple(s for s in moved if not reading.retractions.holds(s.start, s.end))


def values(reading: Reading, row: Passage, sentence: Sentence) -> Values:
    """The values of ``sentence``, less those taken back."""
    text = row.folded[sentence.start : sentence.end]
    at = sentence.start
    durations = _shift(find_durations(text), at, reading)
    dates = _shift(find_dates(text, row.said), at, reading)
    # "三天前" is one statement, an onset, and not a duration beside it.
    return Values(
        durations=durations,
        dates=dates,
        doses=_shift(find_doses(text), at, reading),
        frequencies=_shift(find_frequencies(text), at, reading),
        qualifiers=tuple(Match(m.start + at, m.end + at, m.term) for m in lexicon().longest(text, "qualifier")),
        sides=tuple(
            s for s in sides(row.folded, sentence.start, sentence.end) if not reading.retractions.holds(s[0], s[1])
        ),
    )


def sides(folded: str, start: int, end: int) -> list[tuple[int, int, Side]]:
    """Every side named in a range: (start, end, left | right | bilateral)."""
    return [(m.start(), m.end(), cast(Side, m.lastgroup)) for m in _SIDES.finditer(folded, start, end)]


def side_of(row: Passage, found: Values, sentence: Sentence, start: int, end: int) -> Side | None:
    """The side that belongs to the thing at [start, end): inside it, just before it, or alone in its clause."""
    inside = [s for s in found.sides if start <= s[0] < end]
    if inside:
        return inside[0][2]
    clause = sentence.clause_at(start)
    near = [s for s in found.sides if clause.start <= s[0] < clause.end]
    before = [s for s in near if s[1] <= start and start - s[1] <= 12]
    if before:
        return before[-1][2]
    after = [s for s in near if s[0] >= end and s[0] - end <= 24 and "," not in row.folded[end : s[0]]]
    return after[0][2] if after and len({s[2] for s in near}) == 1 else None

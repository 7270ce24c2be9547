"""What brings a complaint on, worsens or eases it, in the speaker's own words. Patterns in ``data/triggers.tsv``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from syngraph.facts.passage import Passage

_WAYS = {"aggravated_by", "relieved_by"}


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    rows = []
    text = files("syngraph.terminology").joinpath("data/triggers.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            way, _, pattern = line.partition("\t")
            if way not in _WAYS:
                raise ValueError(f"not a way of triggering: {way}")
            rows.append((way, re.compile(pattern)))
    return tuple(rows)


def triggers(row: Passage, start: int, end: int) -> Iterator[tuple[str, str]]:
    """(``aggravated_by`` | ``relieved_by``, verbatim words) for what [start, end) says makes things worse or better."""
    for way, pattern in _patterns():
        for m in pattern.finditer(row.folded, start, end):
            a, b = m.span("x")
            words = row.source.text[a:b].strip(" ，,。.的")
            if words and len(words) <= 40:
                yield way, words

"""Whether 05/10/2026 is in May or in October: what the other words and dates of an encounter tell of it.

The order holds for one encounter and is set around its extraction; what reads dates need not know where it comes from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Literal

from syngraph.terminology.fold import fold
from syngraph.terminology.patterns import regex

DayOrder = Literal["day", "month"]
_CURRENT: ContextVar[DayOrder | None] = ContextVar("day_order", default=None)


@cache
def _rows() -> tuple[tuple[str, ...], ...]:
    text = files("syngraph.terminology").joinpath("data/day_order.tsv").read_text(encoding="utf-8")
    return tuple(tuple(line.split("\t")) for line in text.splitlines() if line and not line.startswith("#"))


@cache
def _cues(order: str) -> tuple[re.Pattern[str], ...]:
    return tuple(regex(row[1]) for row in _rows() if row[0] == order)


def order_of(texts: Iterable[str], start: datetime) -> DayOrder | None:
    """Which part comes first, by spelling, words and unmistakable dates of ``texts``, else by the visit's time zone.

    None where nothing tells, or as much speaks for the one as for the other.

    >>> order_of(["Mum gave her Calpol"], datetime(2026, 11, 20)), order_of(["Tylenol 650 mg"], datetime(2026, 11, 20))
    ('day', 'month')
    """
    folded = fold("\n".join(texts))
    votes = {order: sum(bool(cue.search(folded)) for cue in _cues(order)) for order in ("day", "month")}
    if votes["day"] != votes["month"]:
        return "day" if votes["day"] > votes["month"] else "month"
    return None if votes["day"] else _by_zone(start)


def _by_zone(start: datetime) -> DayOrder | None:
    offset = start.utcoffset()
    if offset is None:
        return None
    hours = offset.total_seconds() / 3600
    found = [r[1] for r in _rows() if r[0] == "zone" and float(r[2]) <= hours <= float(r[3])]
    return None if not found else "day" if found[0] == "day" else "month"


@contextmanager
def day_order(order: DayOrder | None) -> Iterator[None]:
    """Within: dates in figures are read in this order where they read both ways."""
    token = _CURRENT.set(order)
    try:
        yield
    finally:
        _CURRENT.reset(token)


def current_order() -> DayOrder | None:
    """The order that holds here; None where nothing told it."""
    return _CURRENT.get()

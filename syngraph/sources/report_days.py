"""Tables of several days side by side: which column's results are the newest, hence the report's own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from syngraph.sources.report_fields import date_of
from syngraph.sources.report_layout import Cell, Row

#: A longer cell is more than a date, with or without its time.
_LONGEST_DATE = 17
_DAY = re.compile(
    r"(\d{1,4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{2,4})日?(?:[\sT]*(\d{1,2})[:：](\d\d)(?:[:：]\d\d)?)?"
)
_NAMED = re.compile(r"(\d{1,2})[\s\-/.]?([A-Za-z]{3})[a-z]*[\s\-/.,']*(\d\d)")
#: What stands before a colon and holds no figure names what comes behind it.
_LABEL = re.compile(r"\D+[:：]")
_ORDERS = ("ymd", "dmy", "mdy")

_When = tuple[date, int]


def dated(row: Row) -> list[Cell]:
    """The cells that hold a date and nothing else, as in the header of a table of several days.

    A date behind its name (``采样日期: 2026-11-15``, in one cell or two) tells of the report, and heads no column.
    """
    found = []
    for left, cell in zip((None, *row), row, strict=False):
        named = _LABEL.match(cell.text) or (left is not None and left.text.rstrip().endswith((":", "：")))
        if not named and len(cell.text) <= _LONGEST_DATE and any(_read(cell.text, order) for order in _ORDERS):
            found.append(cell)
    return found


def newest(cells: Sequence[Cell]) -> Cell | None:
    """The cell of the last day; None where the print can be read so that it is another one's.

    The days of such a table are in order, forwards or backwards, which tells ``05/03/24`` from ``03/05/24``.
    """
    ways = [[_read(c.text, order) for c in cells] for order in _ORDERS]
    full = [[when for when in way if when] for way in ways]
    full = [way for way in full if way and len(way) == len(cells)]
    best = [way for way in full if _in_order(way)] or full
    lasts = {way.index(max(way)) if way.count(max(way)) == 1 else -1 for way in best}
    return cells[lasts.pop()] if len(lasts) == 1 and -1 not in lasts else None


def _in_order(days: Sequence[_When]) -> bool:
    return all(a <= b for a, b in pairwise(days)) or all(a >= b for a, b in pairwise(days))


def _read(text: str, order: str) -> _When | None:
    found = _DAY.fullmatch(text.strip())
    if not found:
        named = _NAMED.fullmatch(text.strip())
        day = date_of(f"{named[1]} {named[2]} 20{named[3]}" if named else text)
        return (date.fromisoformat(day), 0) if day else None
    part = dict(zip(order, found.groups()[:3], strict=True))
    if len(part["y"]) not in {2, 4} or max(len(part["m"]), len(part["d"])) > 2:
        return None
    year = int(part["y"]) + (2000 if len(part["y"]) == 2 else 0)
    try:
        return date(year, int(part["m"]), int(part["d"])), 60 * int(found[4] or 0) + int(found[5] or 0)
    except ValueError:
        return None


def headed(rows: Sequence[Row], at: int) -> list[tuple[int, int, Row]]:
    """Where a header of days at ``rows[at]`` may reach (first, past the last row) and what it then says.

    The days stand above or below the other words of the header; numbers of orders and times beside them say nothing.
    """
    days = dated(rows[at])
    if len(days) < 2:
        return []
    spans = [(at, at + 2), (at - 1, at + 1), (at, at + 3)]
    return [(a, b, _words(days, rows[a:b])) for a, b in spans if a >= 0 and b <= len(rows) and _is_near(rows[a:b])]


def _is_near(rows: Sequence[Row]) -> bool:
    tops = [min(c.y0 for c in row) for row in rows]
    height = max(c.height for c in rows[0])
    return all(b - a < 2.5 * height for a, b in pairwise(tops))


def _words(days: Sequence[Cell], rows: Sequence[Row]) -> Row:
    words = [c for row in rows for c in row if not any(d.isdigit() for d in c.text)]
    return tuple(sorted([*days, *words], key=lambda c: c.x0))

"""The header of a laboratory table: which column stands where, in one table or in two side by side."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import pairwise

from syngraph.sources.report_days import dated, newest
from syngraph.sources.report_layout import Cell, Row
from syngraph.sources.report_tokens import shape
from syngraph.terminology.fold import fold

#: The share of a column's cells that must look like what it is taken for.
_MOST = 0.7
#: Two words closer than this many letters are one phrase.
_BLANK = 1.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column, ``x0`` and ``x1`` its left and right edge in pixels.

    ``role`` says what it holds (``item value unit range flag abbr index method previous other``), ``half`` in
    which of the tables that stand side by side it is, from 0.
    """

    role: str
    x0: float
    x1: float
    half: int = 0


@dataclass(frozen=True, slots=True)
class _Char:
    char: str
    x0: float
    x1: float
    cell: int
    #: Whether a word may begin here: a cell, a blank or a capital after a small letter says so.
    begins: bool


def columns_of(row: Row) -> tuple[Column, ...]:
    """The columns that ``row`` announces; empty where it is no table header.

    Words may be split over cells (``结`` ``果``) or run together (``参考范围单位``).
    """
    on_days = dated(row)
    row = tuple(c for c in row if all(c is not d for d in on_days))
    chars = _chars(row)
    text = "".join(c.char for c in chars)
    if sum(c.isdigit() for c in text) > 2 or "：" in text.rstrip(":") or re.search(r":\S", text):
        return ()
    found = _words_in(chars, _gaps(chars))
    roles = [role for _, _, role in found]
    days = _days(on_days, "value" in roles)
    roles += [c.role for c in days]
    covered = sum(e - s for s, e, _ in found)
    # A word or two that can't be read must not cost the table, where enough of the others are there.
    enough = 0.35 if {"item", "value"} <= set(roles) and len(set(roles)) > 2 else 0.55
    # Days that can't be put in order leave a table without results, which is better than one with older ones.
    announced = [*roles, "value"] if len(days) > 1 else roles
    if not _announces(announced) or covered < enough * len(text) or (not days and _is_phrase(chars, found)):
        return ()
    return _halved([*_named(chars, found), *_unnamed(row, chars, found), *days])


def _is_phrase(chars: Sequence[_Char], found: Sequence[tuple[int, int, str]]) -> bool:
    """Whether two header words are the words of one title (``Calculated Values``)."""
    if len(found) != 2:
        return False
    a, b = chars[found[0][1] - 1], chars[found[1][0]]
    return a.char.isascii() and a.cell == b.cell and b.x0 - a.x1 < _BLANK * (a.x1 - a.x0)


def _days(days: Sequence[Cell], valued: bool) -> list[Column]:
    """A column for each day: the last one's results are the report's, unless it has a column of results besides."""
    last = None if valued else newest(days)
    return [Column(role="value" if c is last else "previous", x0=c.x0, x1=c.x1) for c in days]


def _announces(roles: Sequence[str]) -> bool:
    kinds = set(roles)
    return len(kinds & {"item", "value", "unit", "range"}) > 1 and bool(kinds & {"value", "range"})


def _chars(row: Row) -> list[_Char]:
    chars: list[_Char] = []
    for number, cell in enumerate(row):
        widths = [1.0 if c.isascii() else 2.0 for c in cell.text]
        scale, x = (cell.x1 - cell.x0) / sum(widths), cell.x0
        before = " "
        for char, printed, width in zip(fold(cell.text), cell.text, widths, strict=True):
            if not char.isspace():
                begins = not before.isalpha() or (printed.isupper() and before.islower())
                chars.append(_Char(char, x, x + width * scale, number, begins))
            before = printed
            x += width * scale
    return chars


def _gaps(chars: Sequence[_Char]) -> list[int]:
    """Where a column may end: before which characters there is a gap that its script does not put between words."""
    return [i for i, (a, b) in enumerate(pairwise(chars), 1) if _parts(a, b)]


def _parts(a: _Char, b: _Char) -> bool:
    gap = (b.x0 - a.x1) / max(a.x1 - a.x0, b.x1 - b.x0)
    if a.char.isascii() or b.char.isascii():
        return gap > 0.8
    return (gap > 0.3 or a.cell == b.cell) and b.begins


def _words_in(chars: Sequence[_Char], gaps: Sequence[int]) -> list[tuple[int, int, str]]:
    """Header words in the row (blanks taken out), the longest first, as (start, end, role) in order."""
    names, text = dict(_header_words()), "".join(c.char for c in chars)

    def two_columns(start: int, end: int) -> bool:
        parts = ((text[start:g], text[g:end]) for g in gaps if start < g < end)
        # ``Last Result`` and ``Observed Value`` are one column, however wide the blank.
        return any(a in names and b in names and names[a] not in {"previous", names[b]} for a, b in parts)

    taken: list[tuple[int, int, str]] = []
    for word, role in _header_words():
        at = text.find(word)
        while at >= 0:
            end = at + len(word)
            if (
                all(end <= s or at >= e for s, e, _ in taken)
                and _stands_alone(chars, at, end)
                and not two_columns(at, end)
            ):
                taken.append((at, end, role))
            at = text.find(word, at + 1)
    return sorted(taken)


def _stands_alone(chars: Sequence[_Char], start: int, end: int) -> bool:
    """A Latin word must not be part of a longer one: ``no`` in ``normal``, ``tests`` in ``Test`` and ``Short``."""
    latin = chars[start].char.isascii() and chars[end - 1].char.isascii()
    return not latin or (chars[start].begins and (end == len(chars) or chars[end].begins or not _letter(chars[end])))


def _letter(char: _Char) -> bool:
    return char.char.isascii() and char.char.isalpha()


@cache
def _header_words() -> tuple[tuple[str, str], ...]:
    text = files("syngraph.terminology").joinpath("data/report_columns.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if "\t" in line and not line.startswith(("#", "role"))]
    words = {fold(w).replace(" ", ""): role for role, cells in rows for w in cells.split("|")}
    return tuple(sorted(words.items(), key=lambda w: -len(w[0])))


def _named(chars: Sequence[_Char], found: Sequence[tuple[int, int, str]]) -> list[Column]:
    return [Column(role=role, x0=chars[s].x0, x1=chars[e - 1].x1) for s, e, role in found]


def _unnamed(row: Row, chars: Sequence[_Char], found: Sequence[tuple[int, int, str]]) -> list[Column]:
    """A column whose header says nothing we know still keeps its cells from its neighbours."""
    spans = [(chars[s].x0, chars[e - 1].x1) for s, e, _ in found]
    return [
        Column(role=_nearly(c.text), x0=c.x0, x1=c.x1)
        for c in row
        if all(c.x1 <= a or c.x0 >= b for a, b in spans) and len(c.text) > 1
    ]


def _nearly(text: str) -> str:
    """The role of a header that was misread by a letter or two, else ``other``."""
    from rapidfuzz import fuzz, process

    key = fold(text).replace(" ", "")
    best = process.extractOne(key, list(dict(_header_words())), scorer=fuzz.ratio, score_cutoff=80)
    return dict(_header_words())[best[0]] if best and len(key) > 3 else "other"


def _halved(columns: Sequence[Column]) -> tuple[Column, ...]:
    """The columns from left to right, numbered anew where a table's columns begin again."""
    ordered = sorted(columns, key=lambda c: c.x0)
    starts = _half_starts([c.role for c in ordered])
    halves = [sum(n >= s for s in starts) - 1 for n in range(len(ordered))]
    return tuple(_with_item([replace(c, half=h) for c, h in zip(ordered, halves, strict=True)]))


def _half_starts(roles: Sequence[str]) -> list[int]:
    """Where each table begins: at the item, or at the number or short name that leads it.

    The item must come again after the first table's results; a header that can't be read between the two
    (``N°``) leads the second table where one led the first.
    """
    items = [0]
    for n, role in enumerate(roles):
        if role == "item" and "value" in roles[items[-1] : n] and "item" in roles[items[-1] : n]:
            items.append(n)
    if len(items) == 1:
        return _by_leader(roles)
    led = roles.index("item")
    return [0, *(n - _leads(roles, n, led) for n in items[1:])]


def _leads(roles: Sequence[str], item: int, most: int) -> int:
    """How many of the columns before the second table's ``item`` belong to it."""
    own = 0
    while own < most and roles[item - own - 1] in {"index", "abbr", "other", roles[most - own - 1]}:
        own += 1
    return own


def _by_leader(roles: Sequence[str]) -> list[int]:
    """Tables that say no second item: by the number or the short name that leads them."""
    lead = next((r for r in roles if r in {"index", "item", "abbr"}), "item")
    starts = [0]
    for n, role in enumerate(roles):
        if n and role == lead and lead in roles[starts[-1] : n] and "value" in roles[starts[-1] : n]:
            starts.append(n)
    return starts


def _with_item(columns: Sequence[Column]) -> list[Column]:
    """A half whose header names no item column: what leads it is the item (``中文`` ``英文`` headed otherwise)."""
    out = list(columns)
    for half in {c.half for c in columns}:
        mine = [i for i, c in enumerate(out) if c.half == half]
        if any(out[i].role == "item" for i in mine):
            continue
        lead = next((i for i in mine if out[i].role in {"other", "abbr"}), None)
        if lead is not None and all(out[lead].x0 <= out[i].x0 for i in mine if out[i].role not in {"index"}):
            c = out[lead]
            out[lead] = Column(role="item", x0=c.x0, x1=c.x1, half=c.half)
        else:
            left = min(out[i].x0 for i in mine)
            out.append(Column(role="item", x0=left - 4 * (out[mine[0]].x1 - out[mine[0]].x0), x1=left - 1, half=half))
    return sorted(out, key=lambda c: c.x0)


def retold(columns: tuple[Column, ...], placed: Sequence[Sequence[tuple[Cell, Column]]]) -> tuple[Column, ...]:
    """The columns by what stands in them, where the header says something else or nothing we know.

    Results and ranges whose headers were exchanged are set right: a range of two bounds is no result where a number
    stands in the column of ranges.
    """
    out = list(columns)
    for half in {c.half for c in columns}:
        swapped = sum(_exchanged(row, half) for row in placed)
        if swapped > 0:
            out = [replace(c, role=_OTHER_WAY.get(c.role, c.role)) if c.half == half else c for c in out]
        out = _unheaded(out, half, placed)
    return tuple(out)


_OTHER_WAY = {"value": "range", "range": "value"}


def _exchanged(row: Sequence[tuple[Cell, Column]], half: int) -> int:
    """1 where a row shows its result under the ranges and its range under the results, -1 where all is in order."""
    looks = {
        role: {
            shape(p.text) if not p.text.startswith(("<", ">", "≤", "≥")) else "bound"
            for p, c in row
            if (c.role, c.half) == (role, half)
        }
        for role in ("value", "range")
    }
    numbers = {"number", "flagged"}
    if "range" in looks["value"] and looks["range"] & numbers and "range" not in looks["range"]:
        return 1
    return -1 if "range" in looks["range"] and looks["value"] & numbers else 0


def _unheaded(columns: list[Column], half: int, placed: Sequence[Sequence[tuple[Cell, Column]]]) -> list[Column]:
    """A column of results, ranges or units under a header that says nothing known."""
    out = list(columns)
    for n, column in enumerate(columns):
        if column.half != half or column.role != "other":
            continue
        looks = [shape(p.text) for row in placed for p, c in row if (c.half, c.x0) == (half, column.x0)]
        for role, fit in (("value", {"number", "flagged", "word"}), ("range", {"range"}), ("unit", {"unit"})):
            missing = all(c.role != role or c.half != half for c in out)
            if missing and len(looks) > 1 and sum(look in fit for look in looks) > _MOST * len(looks):
                out[n] = replace(column, role=role)
                break
    return out


def cell_width(cells: Sequence[Cell]) -> float:
    """The median height of ``cells``: the measure for gaps."""
    heights = sorted(c.height for c in cells)
    return heights[len(heights) // 2] if heights else 1.0

"""A row of print cut into pieces, and what each piece looks like beside its neighbours."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from syngraph.model import join_boxes
from syngraph.sources.report_layout import Cell, Row, part
from syngraph.sources.report_tokens import cut, is_labelled_range, is_qualitative, is_unit, shape
from syngraph.terminology.units import unit

#: Tells whether a name is a known laboratory item.
Known = Callable[[str], bool]


def unmixed(row: Row, known: Known) -> list[Row]:
    """A further range of the row above with small print or the rest of a name beside it (``Method: CMIA``), as two lines."""
    ranges = tuple(c for c in row if is_labelled_range(c.text))
    rest = tuple(c for c in row if c not in ranges)
    alone = ranges and rest and all(shape(c.text) == "text" and not known(c.text) for c in rest)
    return [rest, ranges] if alone else [row]


def plain_text(row: Row) -> str:
    """What stands in the row, its cells two blanks apart."""
    return "  ".join(c.text for c in row)


def pieces_of(row: Row, known: Known) -> list[Cell]:
    """The row cut at what ran together, results of several words put together; a known name is left alone."""
    pieces: list[Cell] = []
    for cell in row:
        for start, end in cut(cell.text, known(cell.text)):
            piece = part(cell, start, end)
            pieces.append(replace(piece, text=piece.text.strip()))
    return _phrases([p for p in pieces if re.search(r"[^\s|_¦丨]", p.text)])


def _phrases(pieces: Sequence[Cell]) -> list[Cell]:
    """Results of several words (``Non`` ``Reactive``) that were found as several cells, put together."""
    out: list[Cell] = []
    for piece in pieces:
        last = out[-1] if out else None
        near = last is not None and piece.x0 - last.x1 < 1.2 * last.height
        if last is not None and near and is_qualitative(f"{last.text} {piece.text}") and shape(last.text) == "text":
            places = (last.place, piece.place)
            scores = [c.score for c in (last, piece) if c.score is not None]
            place = join_boxes(places) or last.place
            text, score = f"{last.text} {piece.text}", min(scores, default=None)
            out[-1] = replace(last, text=text, x1=piece.x1, place=place, score=score)
        else:
            out.append(piece)
    return out


def looks_of(pieces: Sequence[Cell], usual: float) -> list[str]:
    """The shape of each piece, a row's number (``index``) and a sign beside a number (``flag``) told by what stands next to them."""
    looks: list[str] = [shape(p.text) for p in pieces]
    for i, (a, b) in enumerate(pairwise(pieces)):
        counts = re.fullmatch(r"\d{1,3}[.、)]?", a.text) and looks[i + 1] in {"text", "unit"}
        starred = i > 0 and looks[i - 1] == "flag" and a.x0 - pieces[i - 1].x1 < 0.5 * usual
        if (
            counts
            and not starred
            and b.x0 - a.x1 < 2.5 * usual
            and re.search(r"[^\W\d_]", b.text)
            and not (is_unit(b.text) or (i and unit(b.text)))
        ):
            looks[i] = "index"
        if b.text in {"A", "AA"} and {looks[i], *looks[i + 2 : i + 3]} & {"word", "number", "flagged"}:
            looks[i + 1] = "flag"
        if a.text in {"A", "AA"} and i and looks[i + 1] in {"word", "number", "flagged"}:
            looks[i] = "flag"
        if looks[i] in {"number", "flagged"} and looks[i + 1] == "text" and b.x0 - a.x1 < usual and unit(b.text):
            looks[i + 1] = "unit"  # a unit that could be a word elsewhere (``25 min``)
        if looks[i] == "number" and b.text in {"+", "++", "-", "--"} and b.x0 - a.x1 < 2.5 * usual:
            looks[i + 1] = "flag"  # a sign beside a number is a mark, by itself it is a result
    return looks

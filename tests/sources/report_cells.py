"""Cells of print for tests, without a reader of print: a page typed as lines of text."""

from __future__ import annotations

import math
from collections.abc import Sequence

from syngraph.sources.report_layout import Cell

#: Pixels of one Latin letter and of one line.
LETTER, LINE = 10.0, 40.0


def typed(lines: Sequence[str], *, score: float | None = 0.99, pitch: float = LINE) -> list[Cell]:
    """``lines`` as cells: two blanks or more part cells; a column of the text is ten pixels, a Chinese character two."""
    cells = []
    for row, line in enumerate(lines):
        column = start = 0
        word = ""
        blanks = 2
        for char in [*line, "\n"]:
            if char in " \n":
                blanks += 1
                if word and (blanks == 2 or char == "\n"):
                    cells.append(_cell(word, start, row, score, pitch))
                    word = ""
            else:
                if blanks >= 2:
                    start = column
                elif blanks == 1 and word:
                    word += " "
                blanks = 0
                word += char
            column += 1 if char.isascii() else 2
    return cells


def _cell(word: str, column: int, row: int, score: float | None, pitch: float) -> Cell:
    width = sum(1 if c.isascii() else 2 for c in word) * LETTER
    x0, y0 = column * LETTER, row * pitch
    place = (x0 / 2000, y0 / 4000, (x0 + width) / 2000, (y0 + 20) / 4000)
    return Cell(text=word, x0=x0, y0=y0, x1=x0 + width, y1=y0 + 20, place=place, score=score)


def tilted(cells: Sequence[Cell], degrees: float, narrowing: float = 0.0) -> list[Cell]:
    """The cells on a sheet that was turned by ``degrees``, more so towards its foot by ``narrowing`` degrees."""
    from dataclasses import replace

    foot = max(c.y1 for c in cells) or 1.0
    out = []
    for cell in cells:
        slope = math.tan(math.radians(degrees + narrowing * cell.y0 / foot))
        shift = (cell.x0 + cell.x1) / 2 * slope
        out.append(replace(cell, y0=cell.y0 + shift, y1=cell.y1 + shift))
    return out

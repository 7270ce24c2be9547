"""From cells of print to rows of a page, in reading order, on paper that is neither flat nor straight.

Cells come from OCR or from a PDF's text layer, in pixels of an upright page. What is left of the skew is
found by trying: the tilt, and how it changes down the page, under which the cells' middles fall into the sharpest rows.
Then each cell joins the row whose nearest cell to its left lies on the same line, which follows perspective and folds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from syngraph.model import Box

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: How far apart, in heights of the smaller cell, two neighbours' middles may lie on one row.
_SAME_ROW = 0.45
#: A sign this much lower than its neighbour (``*``, ``-``) may stand higher or lower on its line.
_SMALL = 0.75


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A piece of print. ``x0 y0 x1 y1`` in pixels of the upright page, straightened; ``place`` in fractions of the stored page.

    ``score`` is the recogniser's confidence 0..1, None for a PDF's own text.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    place: Box
    score: float | None = None

    @property
    def middle(self) -> float:
        """The height of its middle on the page."""
        return (self.y0 + self.y1) / 2

    @property
    def height(self) -> float:
        """Its height, never 0."""
        return max(self.y1 - self.y0, 1.0)


Row = tuple[Cell, ...]


def rows_of(cells: Sequence[Cell]) -> list[Row]:
    """The cells by row, top to bottom, each row from left to right."""
    if not cells:
        return []
    flat = straightened(cells)
    rows: list[list[Cell]] = []
    for cell in sorted(flat, key=lambda c: (c.x0 + c.x1) / 2):
        home = min(
            (r for r in rows if _fits(_last(r), cell)), key=lambda r: _apart(_last(r), cell), default=None
        )  # fmt: skip
        if home is None:
            rows.append([cell])
        else:
            home.append(cell)
    return [tuple(r) for r in sorted(_joined(rows), key=_level)]


def straightened(cells: Sequence[Cell]) -> list[Cell]:
    """The cells with the tilt that is left taken out of their heights on the page."""
    import numpy as np

    x = np.array([(c.x0 + c.x1) / 2 for c in cells])
    y = np.array([c.middle for c in cells])
    height = float(np.median([c.height for c in cells]))
    a, b = _tilt(x, y, height)
    span = max(float(y.max() - y.min()), 1.0)
    shift = (x - x.min()) * (a + b * (y - y.min()) / span)
    return [replace(c, y0=c.y0 - float(s), y1=c.y1 - float(s)) for c, s in zip(cells, shift, strict=True)]


def _tilt(x: NDArray[np.floating], y: NDArray[np.floating], height: float) -> tuple[float, float]:
    """Slope at the top, and how much it grows to the foot, under which rows are sharpest."""
    import numpy as np

    if len(x) < 8:
        return 0.0, 0.0
    run, down = x - x.min(), (y - y.min()) / max(float(y.max() - y.min()), 1.0)
    best, found = -1.0, (0.0, 0.0)
    for a in np.radians(np.arange(-3, 3.01, 0.25)):
        for b in np.radians(np.arange(-3, 3.01, 0.5)):
            level = (y - run * (a + b * down)) / (0.2 * height)
            # Two bin edges, so that a row on an edge is not cut; the plain page wins a draw.
            score = sum(float((np.bincount((level - level.min() + o).astype(int)) ** 2).sum()) for o in (0.0, 0.5))
            score -= 0.01 * (abs(a) + abs(b)) * len(x)
            if score > best:
                best, found = score, (float(a), float(b))
    return found


def _apart(left: Cell, right: Cell) -> float:
    return abs(left.middle - right.middle)


def _last(row: Sequence[Cell]) -> Cell:
    """The cell at the row's right end that shows its level: a raised star or a low dash does not."""
    return next((c for c in reversed(row[-2:]) if not _is_small(c, row)), row[-1])


def _is_small(cell: Cell, row: Sequence[Cell]) -> bool:
    return len(cell.text) == 1 and cell.height < _SMALL * max(c.height for c in row[-3:])


def _fits(left: Cell, right: Cell) -> bool:
    low = left.height if _is_small(right, (left,)) else min(left.height, right.height)
    return _apart(left, right) < _SAME_ROW * low and right.x0 > left.x0 and right.x0 > left.x1 - 1.2 * low


def _level(row: Sequence[Cell]) -> float:
    return sum(c.middle for c in row) / len(row)


def _joined(rows: list[list[Cell]]) -> list[list[Cell]]:
    """Rows whose pieces stand side by side at one level become one: a wide gap had lost the thread."""
    done: list[list[Cell]] = []
    for row in sorted(rows, key=_level):
        for other in done[-3:]:
            left, right = sorted((other, row), key=lambda r: r[0].x0)
            if _fits(_last(left), right[0]):
                other[:] = [*left, *right]
                break
        else:
            done.append(list(row))
    return done


def together(cells: Iterable[Cell]) -> str:
    """The cells' texts in one line: a wide gap is two blanks, a narrow one a blank between Latin words only."""
    out, last = "", None
    for cell in cells:
        if last is not None:
            out += gap(last, cell)
        out += cell.text
        last = cell
    return out


def gap(left: Cell, right: Cell) -> str:
    """What to write between two neighbours."""
    wide = (right.x0 - left.x1) / min(left.height, right.height)
    if wide > 0.9:
        return "  "
    return " " if (left.text[-1:] + right.text[:1]).isascii() else ""


def part(cell: Cell, start: int, end: int) -> Cell:
    """The piece ``cell.text[start:end]``, its box cut in proportion (a Chinese character is as wide as two letters)."""
    widths = [1.0 if c.isascii() else 2.0 for c in cell.text]
    total = sum(widths)
    left, right = sum(widths[:start]) / total, sum(widths[:end]) / total
    px0, py0, px1, py1 = cell.place
    return replace(
        cell,
        text=cell.text[start:end],
        x0=cell.x0 + (cell.x1 - cell.x0) * left,
        x1=cell.x0 + (cell.x1 - cell.x0) * right,
        place=(px0, py0, px1, py1) if py1 - py0 > px1 - px0
        else (px0 + (px1 - px0) * left, py0, px0 + (px1 - px0) * right, py1),
    )  # fmt: skip

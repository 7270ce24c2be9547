"""Dashes by themselves: a result of one short stroke (``-``) is too little print for a reader to find.

They are looked for in the picture, only on pages that have results in words, and only where a table can have one: alone on the
line of other cells, in a column where others stand.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from syngraph.ports import OcrLine

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Words that a dash stands for or beside; without them a page is not looked at.
_IN_WORDS = re.compile(r"阴性|阳性|negative|positive|未见|未检出|nil\b", re.IGNORECASE)
#: Width and height of a dash, the empty space around it to the sides and above, all in heights of a found line.
_WIDTH, _HEIGHT, _SIDE, _ABOVE = (0.12, 0.9), (0.03, 0.2), 0.8, 0.35
#: How far from the middle of its line a dash may stand, and how many cells its column must have.
_LEVEL, _COLUMN = 0.3, 2
#: How sure a dash is: enough to be shown, too little not to be looked at.
_SURE = 0.7


def dashes(page: NDArray[np.uint8], lines: Sequence[OcrLine]) -> list[OcrLine]:
    """The lone dashes of ``page`` (height x width x 3) that are in none of ``lines``."""
    if sum(bool(_IN_WORDS.search(line.text)) for line in lines) < _COLUMN:
        return []
    import numpy as np

    quads = np.array([line.quad for line in lines], np.float32)
    boxes = np.concatenate([quads.min(1), quads.max(1)], 1)
    height = float(np.median(boxes[:, 3] - boxes[:, 1]))
    strokes = _strokes(page, height)
    found = [s for s in _candidates(strokes, height) if _is_lone(s, strokes, height) and _in_table(s, boxes, height)]
    return [_line(s, height) for s in found]


def _strokes(page: NDArray[np.uint8], height: float) -> NDArray[np.float32]:
    """The boxes (left, top, right, bottom) of what is darker than its surroundings, by connected ink."""
    import cv2
    import numpy as np

    block = 2 * round(height) + 1
    grey = cv2.cvtColor(page, cv2.COLOR_RGB2GRAY)
    ink = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, block, 25)
    stats = cv2.connectedComponentsWithStats(ink, connectivity=8)[2][1:]
    # The rules of a table are one frame around everything in it.
    frame = (stats[:, 2] > 3 * height) & (stats[:, 3] > 3 * height)
    stats = stats[(stats[:, 4] >= 4) & ~frame].astype(np.float32)
    return np.column_stack([stats[:, 0], stats[:, 1], stats[:, 0] + stats[:, 2], stats[:, 1] + stats[:, 3]])


def _candidates(strokes: NDArray[np.float32], height: float) -> NDArray[np.float32]:
    wide, high = strokes[:, 2] - strokes[:, 0], strokes[:, 3] - strokes[:, 1]
    fits = (wide >= _WIDTH[0] * height) & (wide <= _WIDTH[1] * height) & (high >= _HEIGHT[0] * height)
    return strokes[fits & (high <= _HEIGHT[1] * height) & (wide >= 1.8 * high)]


def _is_lone(stroke: NDArray[np.float32], strokes: NDArray[np.float32], height: float) -> bool:
    """Whether no other ink stands near: no dashed line, no minus of a number, no part of a letter."""
    x0, y0, x1, y1 = stroke
    near = (strokes[:, 2] > x0 - _SIDE * height) & (strokes[:, 0] < x1 + _SIDE * height)
    near &= (strokes[:, 3] > y0 - _ABOVE * height) & (strokes[:, 1] < y1 + _ABOVE * height)
    return int(near.sum()) == 1


def _in_table(stroke: NDArray[np.float32], boxes: NDArray[np.float32], height: float) -> bool:
    """Whether it stands behind the nearest cell of its line, and cells of its column above or below it."""
    x0, y0, x1, y1 = stroke
    middle = (y0 + y1) / 2
    levels = (boxes[:, 1] + boxes[:, 3]) / 2
    left = boxes[:, 2] <= x0
    before = left & (abs(levels - middle) < _LEVEL * height + 0.02 * (x0 - boxes[:, 2]))
    column = (boxes[:, 0] < x1 + height) & (boxes[:, 2] > x0 - height) & (abs(levels - middle) < 12 * height)
    inside = (boxes[:, 0] < x1) & (boxes[:, 2] > x0) & (boxes[:, 1] < y1) & (boxes[:, 3] > y0)
    return bool(before.any()) and int(column.sum()) >= _COLUMN and not bool(inside.any())


def _line(stroke: NDArray[np.float32], height: float) -> OcrLine:
    x0, y0, x1, y1 = (float(v) for v in stroke)
    top, foot = (y0 + y1 - height) / 2, (y0 + y1 + height) / 2
    return OcrLine(text="-", quad=((x0, top), (x1, top), (x1, foot), (x0, foot)), score=_SURE)

"""Dashes that a reader of print does not find."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from syngraph.ports import OcrLine
from syngraph.sources.ocr_dashes import dashes


def _line(text: str, x: float, y: float) -> OcrLine:
    x1 = x + 14 * len(text)
    return OcrLine(text=text, quad=((x, y), (x1, y), (x1, y + 30), (x, y + 30)), score=0.99)


LINES = [_line(t, x, 40.0 * n) for n in range(1, 6) for t, x in (("GLU", 20), ("阴性", 300))] + [
    _line("1+", 160, 40), _line("3+", 160, 160),
]  # fmt: skip


def _page(*strokes: tuple[int, int, int, int]) -> NDArray[np.uint8]:
    """A white page with black boxes (left, top, right, bottom), and the ink of its lines."""
    page = np.full((300, 500, 3), 255, np.uint8)
    for x0, y0, x1, y1 in strokes:
        page[y0:y1, x0:x1] = 0
    return page


def test_a_dash_in_a_column_of_results_is_found() -> None:
    found = dashes(_page((164, 94, 172, 96)), LINES)
    assert [line.text for line in found] == ["-"]
    assert found[0].quad[0][0] == pytest.approx(164, abs=2)


@pytest.mark.parametrize(
    "strokes",
    [
        [(164, 94, 172, 96), (180, 94, 188, 96)],  # a dashed line
        [(164, 94, 260, 96)],  # a rule
        [(164, 88, 168, 102)],  # a letter
        [(164, 114, 172, 116)],  # between the lines
        [(420, 94, 428, 96)],  # where no column is
        [(164, 54, 172, 56)],  # in what was read
    ],
)
def test_other_strokes_are_none(strokes: list[tuple[int, int, int, int]]) -> None:
    assert dashes(_page(*strokes), LINES) == []


def test_a_page_of_numbers_is_not_looked_at() -> None:
    assert dashes(_page((164, 94, 172, 96)), [_line("3.5", 20, 40), _line("4.1", 20, 80)]) == []

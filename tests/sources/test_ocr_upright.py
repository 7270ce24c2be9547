"""Turning pages upright by any angle, and the way back to the page as stored."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from syngraph.sources.ocr_rapidocr import Strip
from syngraph.sources.ocr_upright import line_angle, turned, upright

Quads = NDArray[np.float32]


def _lines(count: int = 12, width: float = 90.0) -> Quads:
    """Quads of lines of print on a straight page."""
    return np.array(
        [
            [[40, 30 * n], [40 + width, 30 * n], [40 + width, 30 * n + 14], [40, 30 * n + 14]]
            for n in range(1, count + 1)
        ],
        np.float32,
    )


def _spun(quads: Quads, degrees: float) -> Quads:
    a = np.radians(degrees)
    middle = np.array([300.0, 300.0])
    spun = (quads - middle) @ np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]]) + middle
    # A finder orders corners by where they lie on the stored page.
    ordered = []
    for quad in spun:
        left, right = quad[np.argsort(quad[:, 0])][:2], quad[np.argsort(quad[:, 0])][2:]
        left, right = left[np.argsort(left[:, 1])], right[np.argsort(right[:, 1])]
        ordered.append([left[0], right[0], right[1], left[1]])
    return np.array(ordered, np.float32)


@given(st.floats(-89, 90))
def test_the_angle_of_the_lines_is_found(degrees: float) -> None:
    found = line_angle(_spun(_lines(), degrees))
    assert abs((found - degrees + 90) % 180 - 90) < 0.7


def test_nothing_to_go_by_is_straight() -> None:
    assert line_angle(np.zeros((0, 4, 2), np.float32)) == 0.0
    assert line_angle(_lines(width=14.0)) == 0.0


class _Reader:
    """Reads surely only what is the right way up: the page's bright half must be at the left of a line."""

    def __init__(self, quads: Quads) -> None:
        self.quads = quads
        self.sides: list[int] = []

    def find(self, page: NDArray[np.uint8], side: int) -> Quads:
        self.sides.append(side)
        return self.quads

    def line(self, strip: NDArray[np.uint8]) -> Strip:
        half = strip.shape[1] // 2
        up = strip[:, :half].mean() > strip[:, half:].mean()
        score = 0.99 if up else 0.45
        return Strip(text="白细胞计数", score=score, centres=(0.1,) * 5, sure=(score,) * 5)


def _page() -> NDArray[np.uint8]:
    """Lines whose left half is white and right half black, on grey."""
    page = np.full((600, 600, 3), 128, np.uint8)
    for quad in _lines():
        (x0, y0), (x1, y1) = quad[0].astype(int), quad[2].astype(int)
        page[y0:y1, x0 : (x0 + x1) // 2] = 255
        page[y0:y1, (x0 + x1) // 2 : x1] = 0
    return page


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_all_four_ways(quarters: int) -> None:
    page = np.ascontiguousarray(np.rot90(_page(), -quarters))
    straight = upright(page, _Reader(_spun(_lines(), 90 * quarters)))
    assert (straight.angle + 90 * quarters) % 360 == pytest.approx(0, abs=0.5)
    # The first line's left end is white and lies where the stored page has it.
    box = straight.stored(
        [(s * 1.0, t * 1.0) for s, t in ((0, 0), (straight.pixels.shape[1], straight.pixels.shape[0]))]
    )
    assert all(-1e-6 <= v <= 1 + 1e-6 for v in box)


def test_few_lines_are_looked_for_again() -> None:
    reader = _Reader(_lines(3))
    upright(_page(), reader)
    assert reader.sides == [800, 1280]


def test_an_empty_page_stays_as_it_is() -> None:
    page = np.zeros((50, 80, 3), np.uint8)
    straight = upright(page, _Reader(np.zeros((0, 4, 2), np.float32)))
    assert straight.pixels.shape == (50, 80, 3)
    assert straight.stored([(0, 0), (80, 50)]) == pytest.approx((0, 0, 1, 1))


@given(st.floats(-179, 180), st.floats(40, 400), st.floats(40, 400))
def test_the_way_back_is_the_inverse_of_the_turn(clockwise: float, x: float, y: float) -> None:
    page = np.zeros((450, 450, 3), np.uint8)
    corners = np.array([[[20, 20], [430, 20], [430, 430], [20, 430]]], np.float32)
    straight = turned(page, clockwise, corners)
    there = np.linalg.inv(np.vstack([straight.back, [0, 0, 1]]))
    u, v, _ = there @ np.array([x, y, 1.0])
    left, top, _, _ = straight.stored([(float(u), float(v))])
    assert (left * 450, top * 450) == pytest.approx((x, y), abs=1e-3)


def test_a_small_turn_is_not_resampled() -> None:
    assert turned(_page(), 0.1, _lines()).angle == 0.0
    assert turned(_page(), 90.1, _lines()).angle == 90.0

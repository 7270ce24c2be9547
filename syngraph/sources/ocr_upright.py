"""Turning a page upright: by any angle, with no model but the OCR's own.

The lines found on a reduced page give the angle but for head or foot; a few of them are then read both ways,
and the way that reads surely is up. The page is turned about that angle and cut down to its print, and the
way back to the page as stored is kept, so that a box can be shown on the original.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from syngraph.sources.ocr_rapidocr import Strip

    Points = NDArray[np.float32]

#: Longest side of the copy on which the angle is looked for; the second is tried where the first shows too few lines.
_SIDES, _ENOUGH = (800, 1280), 8
#: A smaller turn than this, in degrees, is not worth resampling the page.
_STRAIGHT = 0.2
#: Most lines read both ways to tell head from foot, and the lead in sure lines that settles it.
_TRIED, _LEAD = 16, 2.0
#: Print's margin that is kept, as a fraction of the longer side: less where so many lines were found that hardly
#: one can be missing.
_MARGIN, _NARROW_MARGIN, _MANY = 0.1, 0.05, 40


class LineReader(Protocol):
    """What turning needs of an OCR engine: finding lines, and reading one strip."""

    def find(self, page: NDArray[np.uint8], side: int) -> Points:
        """Quads around the lines of print."""
        ...

    def line(self, strip: NDArray[np.uint8]) -> Strip:
        """What one strip says."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class UprightPage:
    """A page turned upright and cut down to its print.

    Attributes:
        pixels: height x width x 3, RGB.
        angle: how far the stored page was turned clockwise to get it, in degrees.
        back: 2 x 3 matrix from its pixels to those of the stored page.
        size: width and height of the stored page in pixels.
    """

    pixels: NDArray[np.uint8]
    angle: float
    back: NDArray[np.float64]
    size: tuple[int, int]

    def stored(self, points: Sequence[tuple[float, float]]) -> tuple[float, float, float, float]:
        """The box around ``points`` (pixels of this page) in fractions of the page as stored."""
        import numpy as np

        xy = np.asarray(points, float) @ self.back[:, :2].T + self.back[:, 2]
        x, y = np.clip(xy[:, 0] / self.size[0], 0, 1), np.clip(xy[:, 1] / self.size[1], 0, 1)
        return (float(x.min()), float(y.min()), float(x.max()), float(y.max()))


def upright(page: NDArray[np.uint8], reader: LineReader) -> UprightPage:
    """``page`` (height x width x 3, RGB) turned so that its lines run left to right, and cut down to them."""
    quads = reader.find(page, _SIDES[0])
    if len(quads) < _ENOUGH:
        quads = reader.find(page, _SIDES[1])
    angle = line_angle(quads)
    if len(quads) and _is_upside_down(page, quads, angle, reader):
        angle += 180
    return turned(page, -angle % 360, quads)


def line_angle(quads: Points) -> float:
    """The direction in degrees, clockwise from the x axis, in (-90, 90], in which most of the lines run.

    A short or square box says nothing. With nothing to go by it is 0.
    """
    import numpy as np

    if not len(quads):
        return 0.0
    edges = np.stack([quads[:, 1] - quads[:, 0], quads[:, 2] - quads[:, 1]], axis=1)
    lengths = np.linalg.norm(edges, axis=2)
    longer = np.argmax(lengths, axis=1)
    picked = np.arange(len(quads))
    wide = lengths.max(axis=1) > 2.2 * lengths.min(axis=1)
    if not wide.any():
        return 0.0
    vectors, weights = edges[picked, longer][wide], lengths.max(axis=1)[wide]
    angles = np.degrees(np.arctan2(vectors[:, 1], vectors[:, 0])) % 180
    votes, _ = np.histogram(angles, bins=90, range=(0, 180), weights=weights)
    around = votes + np.roll(votes, 1) + np.roll(votes, -1)
    middle = (int(np.argmax(around)) + 0.5) * 2
    apart = (angles - middle + 90) % 180 - 90
    near = np.abs(apart) < 6
    angle = float(middle + _weighted_median(apart[near], weights[near]))
    return (angle + 90) % 180 - 90 if angle % 180 != 90 else 90.0


def _weighted_median(values: NDArray[np.floating], weights: NDArray[np.floating]) -> float:
    import numpy as np

    order = np.argsort(values)
    running = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(running, running[-1] / 2)])


def _is_upside_down(page: NDArray[np.uint8], quads: Points, angle: float, reader: LineReader) -> bool:
    import numpy as np

    from syngraph.sources.ocr_rapidocr import strip_of

    ordered = [_along(q, angle) for q in quads]
    width = np.array([np.linalg.norm(q[1] - q[0]) for q in ordered])
    height = np.array([np.linalg.norm(q[3] - q[0]) for q in ordered])
    shape = width / np.maximum(height, 1)
    # Lines of a few to twenty characters: long enough to be words, short enough to be read quickly.
    fit = [int(i) for i in np.argsort(-height * np.minimum(shape, 8)) if 2.5 < shape[i] < 14]
    up = down = 0.0
    for i in fit[:_TRIED]:
        strip = strip_of(page, ordered[i])
        ways = [_sureness(reader.line(s)) for s in (strip, np.ascontiguousarray(strip[::-1, ::-1]))]
        up, down = up + ways[0], down + ways[1]
        if abs(up - down) > _LEAD:
            break
    return down > up


def _sureness(read: Strip) -> float:
    """How much a reading counts: digits and dashes read as well on their heads, so only letters do."""
    letters = sum(c.isalpha() for c in read.text)
    return max(0.0, read.score - 0.3) * 1.5 if letters >= 2 and letters * 2 >= len(read.text) else 0.0


def _along(quad: Points, angle: float) -> Points:
    """``quad`` begun at the corner that is top left for a reader whose lines run at ``angle``."""
    import numpy as np

    a = np.radians(angle)
    local = quad @ np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])
    by_x = np.argsort(local[:, 0])
    left, right = by_x[:2], by_x[2:]
    top_left, bottom_left = left[np.argsort(local[left, 1])]
    top_right, bottom_right = right[np.argsort(local[right, 1])]
    return cast("Points", quad[[top_left, top_right, bottom_right, bottom_left]].astype(np.float32))


def turned(page: NDArray[np.uint8], clockwise: float, quads: Points) -> UprightPage:
    """``page`` turned ``clockwise`` degrees and cut down to the ``quads`` of its print with a margin."""
    import cv2
    import numpy as np

    height, width = page.shape[:2]
    quarter = round(clockwise / 90) * 90
    if abs(clockwise - quarter) < _STRAIGHT:
        clockwise = float(quarter)
    a = np.radians(clockwise)
    spin = np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])
    # An empty page keeps its whole area.
    marks = quads.reshape(-1, 2) if len(quads) else np.array([[0, 0], [width, 0], [width, height], [0, height]], float)
    share = _NARROW_MARGIN if len(quads) >= _MANY else _MARGIN
    margin = share * max(width, height) if len(quads) else 0.0
    frame = np.array([[0, 0], [width, 0], [width, height], [0, height]], float) @ spin.T
    print_area = marks @ spin.T
    low = np.maximum(print_area.min(axis=0) - margin, frame.min(axis=0))
    high = np.minimum(print_area.max(axis=0) + margin, frame.max(axis=0))
    there = np.hstack([spin, -low[:, None]])
    size = np.maximum(np.ceil(high - low).astype(int), 1)
    pixels = cv2.warpAffine(page, there, (int(size[0]), int(size[1])), flags=cv2.INTER_CUBIC, borderValue=_ground(page))
    back = cv2.invertAffineTransform(there)
    return UprightPage(pixels=cast("NDArray[np.uint8]", pixels), angle=clockwise, back=back, size=(width, height))


def _ground(page: NDArray[np.uint8]) -> tuple[float, float, float]:
    """The page's usual colour, to fill what lies beyond its edges."""
    import numpy as np

    red, green, blue = np.median(page[::16, ::16].reshape(-1, 3), axis=0)
    return float(red), float(green), float(blue)

"""RapidOCR as the OCR engine: PP-OCRv6 small, its models inside the wheel, one thread, no network.

Finding lines is done on a reduced page, reading them on the full one: that costs a third of RapidOCR's own
way and reads as well. Its 180 degree line classifier stays off, since it turns ``0.98`` into ``860``. A line whose
characters stand far apart is cut there, because the finder joins the cells of a tight table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast

from syngraph.ports import OcrLine

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Longest side, in pixels, on which lines are looked for.
FIND_SIDE = 1280
#: Where found lines are lower than this on that copy, they are looked for again on one where they have the second height.
SMALL_PX, LARGER_PX, LARGEST_SIDE = 21, 27, 2200
#: A gap as wide as this many line heights is the gap between two cells.
CELL_GAP = 0.75
#: A short line with a figure is read again where one of its characters is less sure than this.
DOUBT = 0.9
#: A figure one at the end of a line is an arrow unless it is surer than this (a true one is all but certain).
SURE_ONE = 0.99
#: What an arrow beside a number is taken for, and the share of line heights by which the strip is changed to read it again:
#: longer, higher and lower.
_ARROW_LIKE, _OTHER_STRIPS = "1|lI!！tiT", ((0.5, 0.0), (0.0, 0.12), (0.0, -0.12))
#: Height of a line in the recogniser and how many of its pixels make one step of its output.
_LINE_PX, _STEP_PX = 48, 8
_PARAMS: dict[str, Any] = {
    "Global.use_cls": False,
    "Global.log_level": "critical",
    "Global.max_side_len": 100_000,
    "Det.limit_type": "max",
    "Det.limit_side_len": 100_000,
    "Rec.rec_img_shape": [3, _LINE_PX, 96],
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
}


@cache
def _models() -> Any:
    import cv2
    from rapidocr import RapidOCR

    cv2.setNumThreads(1)  # scale by processes: two threads on two cores are slower than one
    engine = RapidOCR(params=_PARAMS)
    # Lines are cut out of the full page here; its own cuts of the reduced one are a fifth of the time and never read.
    engine.crop_text_regions = lambda img, boxes: []
    return engine


class RapidOcr:
    """Reads an upright page with RapidOCR. Safe to build: models load at the first page."""

    name = "rapidocr"
    sends_data_out = False

    def __init__(self) -> None:
        self.version = version("rapidocr")

    def read(self, page: NDArray[np.uint8]) -> list[OcrLine]:
        """Lines of print on ``page`` (height x width x 3, RGB, upright), cut into cells at wide gaps."""
        lines: list[OcrLine] = []
        for quad in self._found(page):
            lines += self._cells(page, quad)
        return lines

    def _found(self, page: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Quads of the lines; looked for again on a larger copy where the print is small."""
        import cv2
        import numpy as np

        quads, longest = self.find(page, FIND_SIDE), max(page.shape[:2])
        height = float(np.median(np.linalg.norm(quads[:, 3] - quads[:, 0], axis=1))) if len(quads) else 0.0
        if not height or height * min(1.0, FIND_SIDE / longest) >= SMALL_PX:
            return quads
        scale = min(LARGER_PX / height, LARGEST_SIDE / longest)
        if scale <= 1:
            return self.find(page, round(longest * scale))
        large = cv2.resize(page, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
        return cast("NDArray[np.float32]", (self.find(large, LARGEST_SIDE) / scale).astype(np.float32))

    def find(self, page: NDArray[np.uint8], side: int) -> NDArray[np.float32]:
        """Quads (n x 4 x 2, pixels of ``page``) around the lines of print, looked for on a copy ``side`` long."""
        import cv2
        import numpy as np

        height, width = page.shape[:2]
        scale = min(1.0, side / max(height, width))
        small = cv2.resize(
            page, (max(32, round(width * scale)), max(32, round(height * scale))), interpolation=cv2.INTER_AREA
        )
        found = _models()(small[:, :, ::-1], use_det=True, use_cls=False, use_rec=False)
        if getattr(found, "boxes", None) is None:
            return np.zeros((0, 4, 2), np.float32)
        factor = np.array([width / small.shape[1], height / small.shape[0]], np.float32)
        return cast("NDArray[np.float32]", (np.asarray(found.boxes, np.float32) * factor).astype(np.float32))

    def line(self, strip: NDArray[np.uint8]) -> Strip:
        """What one straightened line of print says."""
        read = _models()(strip[:, :, ::-1], use_det=False, use_cls=False, use_rec=True, return_word_box=True)
        if read.txts is None or not read.txts[0].strip():
            return Strip(text="", score=0.0, centres=(), sure=())
        text, words = read.txts[0], read.word_results[0]
        columns = [c for cols in words.word_cols for c in cols]
        steps = max(1.0, strip.shape[1] / strip.shape[0] * _LINE_PX / _STEP_PX)
        sure = tuple(float(c) for c in words.confs)
        return Strip(
            text=text,
            score=float(read.scores[0]),
            centres=tuple(_centres(text, [min(1.0, (c + 0.5) / steps) for c in columns])),
            sure=sure if len(sure) == len(text) else (float(read.scores[0]),) * len(text),
        )

    def _cells(self, page: NDArray[np.uint8], quad: NDArray[np.float32]) -> list[OcrLine]:
        import numpy as np

        read = self.line(strip_of(page, quad))
        if read.doubtful:
            read = better([read, *(self.line(strip_of(page, q)) for q in _other_quads(quad))])
        text, score, centres = read.text, read.score, read.centres
        if not text.strip():
            return []
        aspect = float(np.linalg.norm(quad[1] - quad[0])) / max(float(np.linalg.norm(quad[3] - quad[0])), 1.0)
        cells = []
        for start, end in cut_at_gaps(text, centres, aspect):
            left = 0.0 if start == 0 else _edge(text, centres, start, aspect, -1)
            right = 1.0 if end == len(text) else _edge(text, centres, end - 1, aspect, 1)
            cells.append(OcrLine(text=text[start:end].strip(), quad=_part(quad, left, right), score=score))
        return [c for c in cells if c.text]


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """What a line says.

    ``score`` is its confidence 0..1; ``centres`` has each character's centre as a fraction of the line's width,
    ``sure`` each character's own confidence.
    """

    text: str
    score: float
    centres: tuple[float, ...]
    sure: tuple[float, ...]

    @property
    def doubtful(self) -> bool:
        """Whether it is a figure with a character that may be another."""
        if len(self.text) > 24 or not re.search(r"\d", self.text):
            return False
        if self.text.strip()[-1:] in _ARROW_LIKE and self.sure[-1] < SURE_ONE:
            return True
        return any(s < DOUBT for s, c in zip(self.sure, self.text, strict=True) if c != " ")


def better(readings: Sequence[Strip]) -> Strip:
    """The reading of one line to trust: the first is the plain one, the others are of slightly different strips.

    An arrow read in any of them was an arrow: the recogniser makes ``1`` of an arrow, never the other way round.
    Otherwise the text that most of them give, and among equals the surest.
    """
    first = readings[0]
    if first.text.strip()[-1:] in _ARROW_LIKE:
        stem = first.text.strip()[:-1].strip()
        arrows = [r for r in readings if r.text.strip()[-1:] in "↑↓" and r.text.strip()[:-1].strip() == stem]
        if arrows:
            mark = max(arrows, key=lambda r: r.sure[-1]).text.strip()[-1]
            at = len(first.text.rstrip()) - 1
            return Strip(
                text=first.text[:at] + mark,
                score=first.score,
                centres=first.centres[: at + 1],
                sure=first.sure[: at + 1],
            )
    texts = [r.text.replace(" ", "") for r in readings]
    return max(readings, key=lambda r: (texts.count(r.text.replace(" ", "")), r.score))


def _other_quads(quad: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
    import numpy as np

    down = (quad[3] - quad[0] + quad[2] - quad[1]) / 2
    along = (quad[1] - quad[0]) / max(float(np.linalg.norm(quad[1] - quad[0])), 1.0) * np.linalg.norm(down)
    for longer, higher in _OTHER_STRIPS:
        shift = np.stack([-along * longer - down * higher, along * longer - down * higher])
        yield quad + np.stack(
            [shift[0], shift[1], along * longer + down * higher, -along * longer + down * higher]
        ).astype(np.float32)


def strip_of(page: NDArray[np.uint8], quad: NDArray[np.float32]) -> NDArray[np.uint8]:
    """The picture inside ``quad``, straightened: its first edge becomes the top."""
    import cv2
    import numpy as np

    width = max(4, round(float(max(np.linalg.norm(quad[0] - quad[1]), np.linalg.norm(quad[2] - quad[3])))))
    height = max(4, round(float(max(np.linalg.norm(quad[0] - quad[3]), np.linalg.norm(quad[1] - quad[2])))))
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(quad.astype(np.float32), corners)
    strip = cv2.warpPerspective(page, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return cast("NDArray[np.uint8]", strip)


def cut_at_gaps(text: str, centres: Sequence[float], aspect: float) -> list[tuple[int, int]]:
    """Ranges of ``text`` between which its characters stand at least a cell's gap apart.

    Args:
        text: the line.
        centres: the centre of each character, as a fraction of the line's width; as long as ``text``.
        aspect: width of the line over its height.
    """
    starts = [0]
    shown = [i for i, c in enumerate(text) if c != " "]
    for a, b in pairwise(shown):
        gap = (centres[b] - centres[a]) * aspect - _half(text[a]) - _half(text[b])
        if gap > CELL_GAP:
            starts.append(b)
    return list(zip(starts, [*starts[1:], len(text)], strict=True))


def _half(char: str) -> float:
    """Half the width of ``char`` in heights of a found line, which is about 1.5 times the print's."""
    return 0.17 if char.isascii() else 0.34


def _edge(text: str, centres: Sequence[float], index: int, aspect: float, side: int) -> float:
    return min(1.0, max(0.0, centres[index] + side * (_half(text[index]) + 0.1) / aspect))


def _centres(text: str, columns: Sequence[float]) -> list[float]:
    """A centre for every character: the recogniser gives none for blanks, and sometimes too few."""
    shown = len(text) - text.count(" ")
    if len(columns) != shown:
        return [(i + 0.5) / len(text) for i in range(len(text))]
    out: list[float] = []
    rest = iter(columns)
    for char in text:
        out.append((out[-1] if out else 0.0) if char == " " else next(rest))
    return out


def _part(quad: NDArray[np.float32], left: float, right: float) -> tuple[Any, Any, Any, Any]:
    top, bottom = quad[1] - quad[0], quad[2] - quad[3]
    points = (quad[0] + top * left, quad[0] + top * right, quad[3] + bottom * right, quad[3] + bottom * left)
    return cast("tuple[Any, Any, Any, Any]", tuple((float(p[0]), float(p[1])) for p in points))

"""RapidOCR as the OCR engine: PP-OCRv6 small, its models inside the wheel, one thread, no network.

Finding lines is done on a reduced page, reading them on the full one: that costs a third of RapidOCR's own
way and reads as well. Its 180 degree line classifier stays off, since it turns ``0.98`` into ``860``. A line whose
characters stand far apart is cut there, because the finder joins the cells of a tight table.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, cast

from syngraph.ports import OcrLine

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Longest side, in pixels, on which lines are looked for.
FIND_SIDE = 1280
#: A gap as wide as this many line heights is the gap between two cells.
CELL_GAP = 0.75
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
    return RapidOCR(params=_PARAMS)


class RapidOcr:
    """Reads an upright page with RapidOCR. Safe to build: models load at the first page."""

    name = "rapidocr"
    sends_data_out = False

    def __init__(self) -> None:
        self.version = version("rapidocr")

    def read(self, page: NDArray[np.uint8]) -> list[OcrLine]:
        """Lines of print on ``page`` (height x width x 3, RGB, upright), cut into cells at wide gaps."""
        lines: list[OcrLine] = []
        for quad in self.find(page, FIND_SIDE):
            lines += self._cells(page, quad)
        return lines

    def find(self, page: NDArray[np.uint8], side: int) -> NDArray[np.float32]:
        """Quads (n x 4 x 2, pixels of ``page``) around the lines of print, looked for on a copy ``side`` long."""
        import cv2
        import numpy as np

        height, width = page.shape[:2]
        scale = min(1.0, side / max(height, width))
        small = cv2.resize(page, (max(32, round(width * scale)), max(32, round(height * scale))), interpolation=cv2.INTER_AREA)
        found = _models()(small[:, :, ::-1], use_det=True, use_cls=False, use_rec=False)
        if getattr(found, "boxes", None) is None:
            return np.zeros((0, 4, 2), np.float32)
        factor = np.array([width / small.shape[1], height / small.shape[0]], np.float32)
        return cast("NDArray[np.float32]", (np.asarray(found.boxes, np.float32) * factor).astype(np.float32))

    def line(self, strip: NDArray[np.uint8]) -> tuple[str, float, list[float]]:
        """Text, confidence 0..1, and the centre of each character as a fraction of the width of ``strip``."""
        read = _models()(strip[:, :, ::-1], use_det=False, use_cls=False, use_rec=True, return_word_box=True)
        if read.txts is None or not read.txts[0].strip():
            return "", 0.0, []
        text, words = read.txts[0], read.word_results[0]
        columns = [c for cols in words.word_cols for c in cols]
        steps = max(1.0, strip.shape[1] / strip.shape[0] * _LINE_PX / _STEP_PX)
        return text, float(read.scores[0]), _centres(text, [min(1.0, (c + 0.5) / steps) for c in columns])

    def _cells(self, page: NDArray[np.uint8], quad: NDArray[np.float32]) -> list[OcrLine]:
        import numpy as np

        text, score, centres = self.line(strip_of(page, quad))
        if not text.strip():
            return []
        width, height = np.linalg.norm(quad[1] - quad[0]), np.linalg.norm(quad[3] - quad[0])
        cells = []
        for start, end in cut_at_gaps(text, centres, float(width / max(height, 1.0))):
            left = 0.0 if start == 0 else _edge(text, centres, start, width / max(height, 1.0), -1)
            right = 1.0 if end == len(text) else _edge(text, centres, end - 1, width / max(height, 1.0), 1)
            cells.append(OcrLine(text=text[start:end].strip(), quad=_part(quad, left, right), score=score))
        return [c for c in cells if c.text]


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
    for a, b in zip(shown, shown[1:], strict=False):
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

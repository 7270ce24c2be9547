"""PDF reports: the text layer with a box for each cell where a page has one, a picture of the page where not."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from syngraph.errors import InputError
from syngraph.sources.report_layout import Cell

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Resolution at which a page without text is drawn, and the most pixels of its longer side.
_DPI, _LONGEST_PX = 200, 3000
#: Pixels of the device space in which text is placed, per longer side of the page.
_DEVICE = 10_000
#: A text layer with fewer characters under a picture of the whole page is a stamp, not the report.
_STAMP = 40


@dataclass(frozen=True, slots=True)
class _Glyph:
    char: str
    x0: float
    y0: float
    x1: float
    y1: float


class Pdf:
    """An open PDF. Close it, or use it in a ``with`` block.

    Raises:
        InputError: it is encrypted or damaged.
    """

    def __init__(self, data: bytes) -> None:
        import pypdfium2

        try:
            self._document: Any = pypdfium2.PdfDocument(data)
            self.count = len(self._document)
        except pypdfium2.PdfiumError as error:
            if "password" in str(error).lower():
                raise InputError("the PDF is encrypted with a password", "save it without the password") from error
            raise InputError("the PDF is damaged", "export or scan it again") from error
        if not self.count:
            raise InputError("the PDF has no pages", "export or scan it again")

    def __enter__(self) -> Pdf:
        return self

    def __exit__(self, *_: object) -> None:
        self._document.close()

    def cells(self, index: int) -> list[Cell]:
        """Cells of the text layer of page ``index`` (from 0), in units of 1/10000 of its longer side; [] without a usable one."""
        page = self._document[index]
        width, height = page.get_size()
        scale = _DEVICE / max(width, height, 1)
        size = (width * scale, height * scale)
        glyphs = _glyphs(page, size)
        shown = [g for g in glyphs if not g.char.isspace()]
        if not _usable(shown) or (len(shown) < _STAMP and _has_full_picture(page)):
            return []
        return _placed(_level(glyphs, size), size)

    def picture(self, index: int) -> NDArray[np.uint8]:
        """Page ``index`` (from 0) drawn at 200 dpi, height x width x 3, RGB; at most 3000 pixels long.

        Raises:
            InputError: it can't be drawn.
        """
        import pypdfium2

        try:
            page = self._document[index]
            scale = min(_DPI / 72, _LONGEST_PX / max(*page.get_size(), 1))
            image = page.render(scale=scale).to_pil().convert("RGB")
        except (pypdfium2.PdfiumError, MemoryError, ValueError) as error:
            raise InputError(f"page {index + 1} of the PDF can't be drawn", "export or scan it again") from error
        import numpy as np

        return np.asarray(image)


def _glyphs(page: Any, size: tuple[float, float]) -> list[_Glyph]:
    import pypdfium2.raw as raw

    text = page.get_textpage()
    glyphs: list[_Glyph] = []
    box = [ctypes.c_double() for _ in range(4)]
    corner = [ctypes.c_int() for _ in range(4)]
    loose = raw.FS_RECTF()
    for i in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text, i)
        char = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
        if raw.FPDFText_GetLooseCharBox(text, i, loose):
            left, right, bottom, top = loose.left, loose.right, loose.bottom, loose.top
        else:
            raw.FPDFText_GetCharBox(text, i, *(ctypes.byref(b) for b in box))
            left, right, bottom, top = (b.value for b in box)
        for n, (x, y) in enumerate(((left, top), (right, bottom))):
            raw.FPDF_PageToDevice(
                page, 0, 0, round(size[0]), round(size[1]), 0, x, y,
                ctypes.byref(corner[2 * n]), ctypes.byref(corner[2 * n + 1]),
            )  # fmt: skip
        xs, ys = sorted((corner[0].value, corner[2].value)), sorted((corner[1].value, corner[3].value))
        glyphs.append(_Glyph("\n" if char in "\r\n" else char, xs[0], ys[0], xs[1], ys[1]))
    return glyphs


def _usable(shown: Sequence[_Glyph]) -> bool:
    """Whether the layer holds words: a font without a character map gives private or missing characters."""
    broken = sum(g.char == "\ufffd" or "\ue000" <= g.char <= "\uf8ff" or ord(g.char) < 32 for g in shown)
    return bool(shown) and broken < 0.2 * len(shown)


def _has_full_picture(page: Any) -> bool:
    import pypdfium2.raw as raw

    width, height = page.get_size()
    for picture in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = picture.get_bounds()
        if (right - left) * (top - bottom) > 0.5 * width * height:
            return True
    return False


def _level(glyphs: list[_Glyph], size: tuple[float, float]) -> list[tuple[_Glyph, _Glyph]]:
    """Each glyph as (turned so that most lines run to the right, as it stands on the page)."""
    steps = {"right": 0, "left": 0, "down": 0, "up": 0}
    for a, b in pairwise(glyphs):
        dx, dy = (b.x0 + b.x1 - a.x0 - a.x1) / 2, (b.y0 + b.y1 - a.y0 - a.y1) / 2
        if a.char.isspace() or b.char.isspace() or abs(dx) + abs(dy) > 3 * (a.y1 - a.y0 + a.x1 - a.x0 + 1):
            continue
        steps[("right" if dx > 0 else "left") if abs(dx) >= abs(dy) else ("down" if dy > 0 else "up")] += 1
    way = max(steps, key=lambda k: steps[k])
    return [(_turned(g, way, size), g) for g in glyphs]


def _turned(g: _Glyph, way: str, size: tuple[float, float]) -> _Glyph:
    """``g`` on the page turned so that what ran to ``way`` runs to the right."""
    if way == "left":
        return _Glyph(g.char, size[0] - g.x1, size[1] - g.y1, size[0] - g.x0, size[1] - g.y0)
    if way == "down":
        return _Glyph(g.char, g.y0, size[0] - g.x1, g.y1, size[0] - g.x0)
    if way == "up":
        return _Glyph(g.char, size[1] - g.y1, g.x0, size[1] - g.y0, g.x1)
    return g


def _placed(glyphs: Sequence[tuple[_Glyph, _Glyph]], size: tuple[float, float]) -> list[Cell]:
    cells: list[Cell] = []
    run: list[tuple[_Glyph, _Glyph]] = []
    for pair in glyphs:
        if run and (pair[0].char == "\n" or _breaks(run, pair[0])):
            cells += _cell(run, size)
            run = []
        if pair[0].char != "\n" and (run or not pair[0].char.isspace()):
            run.append(pair)
    return _once([*cells, *_cell(run, size)])


def _breaks(run: Sequence[tuple[_Glyph, _Glyph]], glyph: _Glyph) -> bool:
    last = next(g for g, _ in reversed(run) if not g.char.isspace())
    if glyph.char.isspace():
        return False
    high = max(last.y1 - last.y0, 1.0)
    apart = abs((last.y0 + last.y1 - glyph.y0 - glyph.y1) / 2)
    return apart > 0.5 * high or not -0.5 * high < glyph.x0 - last.x1 < 0.8 * high


def _cell(run: Sequence[tuple[_Glyph, _Glyph]], size: tuple[float, float]) -> list[Cell]:
    shown = [p for p in run if not p[0].char.isspace()]
    if not shown:
        return []
    text = "".join(g.char for g, _ in run).strip()
    turned, stored = [g for g, _ in shown], [g for _, g in shown]
    place = (
        max(0.0, min(g.x0 for g in stored) / size[0]),
        max(0.0, min(g.y0 for g in stored) / size[1]),
        min(1.0, max(g.x1 for g in stored) / size[0]),
        min(1.0, max(g.y1 for g in stored) / size[1]),
    )
    return [
        Cell(
            text=text, place=place,
            x0=min(g.x0 for g in turned), y0=min(g.y0 for g in turned),
            x1=max(g.x1 for g in turned), y1=max(g.y1 for g in turned),
        )
    ]  # fmt: skip


def _once(cells: Sequence[Cell]) -> list[Cell]:
    """Cells without those drawn twice to look bold."""
    kept: list[Cell] = []
    for cell in cells:
        if not any(
            k.text == cell.text and abs(k.x0 - cell.x0) + abs(k.y0 - cell.y0) < 0.3 * cell.height for k in kept[-6:]
        ):
            kept.append(cell)
    return kept

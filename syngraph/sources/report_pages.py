"""Opening a report: an image or a PDF, told by its content, within limits, into pages of cells.

Boxes are fractions of the page as it is shown: a photograph that carries an EXIF turn is measured after that turn, a PDF
page after its own rotation.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from syngraph.errors import InputError, SyngraphError
from syngraph.model import Component, Problem
from syngraph.ports import OcrEngine, Progress
from syngraph.settings import Settings
from syngraph.sources.report_layout import Cell
from syngraph.terminology.fold import fold

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: A picture is reduced to this many pixels on its longer side: more helps no reader.
_LONGEST_PX = 3200
#: A picture smaller than this on either side holds no line of print.
_SHORTEST_PX = 24
#: Below this mean confidence a page is called hard to read.
_HARD = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPage:
    """A page that was read: its number from 1, and its cells in pixels of the upright page."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPages:
    """What was read of a file: pages with print, what went wrong, which engines took part."""

    pages: tuple[ReadPage, ...]
    problems: tuple[Problem, ...]
    components: tuple[Component, ...]


def read_pages(data: bytes, path: str, settings: Settings, progress: Progress | None = None) -> ReadPages:
    """Every page of the image or PDF ``data``; ``path`` only names it in problems. Never raises on bad input."""
    reader = _Reader(path, settings, progress)
    try:
        _check_bytes(data, settings)
        if b"%PDF-" in data[:1024]:
            reader.read_pdf(data)
        else:
            reader.read_image(data)
    except SyngraphError as error:
        reader.problem(error.message, error.advice)
    return ReadPages(pages=tuple(reader.pages), problems=tuple(reader.problems), components=tuple(reader.components))


class _Reader:
    def __init__(self, path: str, settings: Settings, progress: Progress | None) -> None:
        self.path, self.settings, self.progress = path, settings, progress
        self.pages: list[ReadPage] = []
        self.problems: list[Problem] = []
        self.components: list[Component] = []

    def problem(self, message: str, advice: str = "") -> None:
        self.problems.append(Problem(path=self.path, message=message, advice=advice))

    def read_pdf(self, data: bytes) -> None:
        from syngraph.sources.report_pdf import Pdf

        with Pdf(data) as pdf:
            total = self._within(pdf.count)
            for index in range(total):
                try:
                    cells = pdf.cells(index) or self._ocr(pdf.picture(index), index + 1)
                except InputError as error:
                    self.problem(error.message, error.advice)
                    cells = []
                self._add(index + 1, cells, total)

    def read_image(self, data: bytes) -> None:
        with _opened(data) as image:
            total = self._within(getattr(image, "n_frames", 1) if image.format == "TIFF" else 1)
            for index, pixels in enumerate(_frames(image, total, self.settings)):
                self._add(index + 1, self._ocr(pixels, index + 1), total)

    def _within(self, count: int) -> int:
        most = self.settings.max_pages
        if count > most:
            self.problem(f"has {count} pages, only the first {most} were read", "split it, or raise SYNGRAPH_MAX_PAGES")
        return min(count, most)

    def _add(self, number: int, cells: list[Cell], total: int) -> None:
        if cells:
            self.pages.append(ReadPage(number=number, cells=tuple(cells)))
        if self.progress:
            self.progress(number, total, "page")

    def _ocr(self, pixels: NDArray[np.uint8], number: int) -> list[Cell]:
        from syngraph.sources.ocr_engine import ocr_engine

        engine = ocr_engine(self.settings)
        component = Component(role="ocr", name=engine.name, version=engine.version)
        if component not in self.components:
            self.components.append(component)
        cells = ocr_cells(pixels, engine)
        where = f"page {number}" if number > 1 else "the page"
        if not cells:
            self.problem(f"nothing could be read on {where}", "take the picture again in good light, or scan it")
        elif sum(c.score or 0 for c in cells) / len(cells) < _HARD:
            self.problem(f"{where} is hard to read", "check each value against the original, or scan it again")
        return cells


def ocr_cells(pixels: NDArray[np.uint8], engine: OcrEngine) -> list[Cell]:
    """The cells that ``engine`` reads on a page (height x width x 3, RGB), turned upright first."""
    from syngraph.sources.ocr_dashes import dashes
    from syngraph.sources.ocr_rapidocr import RapidOcr
    from syngraph.sources.ocr_upright import upright

    page = upright(pixels, RapidOcr())
    cells = []
    lines = engine.read(page.pixels)
    for line in (*lines, *dashes(page.pixels, lines)):
        xs, ys = [p[0] for p in line.quad], [p[1] for p in line.quad]
        # A tilted line's own height is that of its sides, not of the box around it.
        middle, half = sum(ys) / 4, max(ys[3] - ys[0], ys[2] - ys[1], 2.0) / 2
        cells.append(
            Cell(
                text=unconfused(line.text), x0=min(xs), x1=max(xs), y0=middle - half, y1=middle + half,
                place=page.stored(line.quad), score=line.score,
            )
        )  # fmt: skip
    return one_script(cells)


def unconfused(text: str) -> str:
    """``text`` with words that the reader of print takes for others set right, where only one word can have been meant."""
    for misread, right in _confusions():
        text = misread.sub(right, text)
    return text


def one_script(cells: Sequence[Cell]) -> list[Cell]:
    """The cells of a page in simplified characters without the traditional ones that a reader of print slips in.

    Only characters that simplified print does not have at all are changed, and only where they are rare on the page.
    """
    text = "".join(c.text for c in cells)
    foreign = {c for c in text if not c.isascii() and _only_traditional(c)}
    if not foreign or sum(c in foreign for c in text) > 0.05 * sum("\u3400" <= c <= "\u9fff" for c in text):
        return list(cells)
    table = {ord(c): fold(c) for c in foreign}
    return [replace(c, text=c.text.translate(table)) for c in cells]


@cache
def _only_traditional(char: str) -> bool:
    if fold(char) == char or not "\u3400" <= char <= "\u9fff":
        return False
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return True
    return False


@cache
def _confusions() -> tuple[tuple[re.Pattern[str], str], ...]:
    rows = files("syngraph.terminology").joinpath("data/report_confusions.tsv").read_text(encoding="utf-8").splitlines()
    pairs = [row.split("\t") for row in rows if "\t" in row and not row.startswith(("#", "misread"))]
    return tuple((re.compile(misread), right) for misread, right in pairs)


def _check_bytes(data: bytes, settings: Settings) -> None:
    if not data:
        raise InputError("the file is empty", "copy or export it again")
    if len(data) > settings.max_file_mb * 1024 * 1024:
        raise InputError(f"the file is larger than {settings.max_file_mb} MiB", "raise SYNGRAPH_MAX_FILE_MB")


def _opened(data: bytes) -> Any:
    from PIL import Image

    if data[4:8] == b"ftyp":
        import pillow_heif

        pillow_heif.register_heif_opener()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the size is checked below, against our own limit
            return Image.open(io.BytesIO(data))
    except Image.DecompressionBombError as error:
        raise InputError("the image has far too many pixels", "scan it at 200 to 300 dpi") from error
    except Exception as error:
        raise InputError(
            "neither an image nor a PDF that can be opened", "give JPEG, PNG, HEIC, TIFF or PDF"
        ) from error


def _frames(image: Any, total: int, settings: Settings) -> Iterator[NDArray[np.uint8]]:
    import numpy as np
    from PIL import ImageOps

    for index in range(total):
        try:
            if index:
                image.seek(index)
            _check_size(image.size, settings)
            if image.format == "JPEG":
                image.draft("RGB", (_LONGEST_PX, _LONGEST_PX))
            picture = _plain(ImageOps.exif_transpose(image))
        except SyngraphError:
            raise
        except Exception as error:
            raise InputError("the image is damaged or cut short", "copy it again, or take it again") from error
        if max(picture.size) > _LONGEST_PX:
            picture.thumbnail((_LONGEST_PX, _LONGEST_PX))
        yield np.asarray(picture)


def _check_size(size: tuple[int, int], settings: Settings) -> None:
    if size[0] * size[1] > settings.max_megapixels * 1_000_000:
        raise InputError(
            f"the image has more than {settings.max_megapixels} megapixels",
            "scan it at 200 to 300 dpi, or raise SYNGRAPH_MAX_MEGAPIXELS",
        )
    if min(size) < _SHORTEST_PX:
        raise InputError(f"the image is too small to read ({size[0]} x {size[1]} pixels)", "scan it at 200 dpi")


def _plain(image: Any) -> Any:
    """``image`` in RGB on white: no palette, no transparency, no 16-bit greys."""
    from PIL import Image

    if image.mode.startswith(("I", "F")):
        import numpy as np

        grey = np.asarray(image, dtype=np.float64)
        low, high = float(grey.min()), float(grey.max())
        image = Image.fromarray(((grey - low) * 255 / max(high - low, 1.0)).astype("uint8"))
    if image.mode in {"LA", "PA", "RGBA", "La", "RGBa"} or "transparency" in image.info:
        image = image.convert("RGBA")
        sheet = Image.new("RGBA", image.size, "white")
        sheet.alpha_composite(image)
        image = sheet
    return image.convert("RGB")

"""Reports from other hospitals: one layout, drawn as a picture, photographed, scanned, or written as PDF text."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageFont

from tests.report_maker import Page, pdf_with_text, photograph, png

#: Fonts with Chinese, best first: (file, index of the mainland Chinese face in it). Debian's packages of the same name.
FONTS: tuple[tuple[str, int], ...] = (
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 2),
    ("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc", 0),
)
#: The shipped pictures were drawn with this file (fonts-noto-cjk 1:20220127); another one makes other bytes.
FONT_SHA256 = "b76b0433203017ca80401b2ee0dd69350349871c4b19d504c34dbdd80541690a"
_DPI = 160
#: Pillow stamps a PDF with the present time unless it is told another.
_EPOCH = time.gmtime(1_780_000_000)


class FontError(Exception):
    """There is no font with Chinese characters on this machine."""


def font() -> tuple[str, int]:
    """The font to draw with.

    Raises:
        FontError: none is installed.
    """
    found = next(((path, index) for path, index in FONTS if Path(path).is_file()), None)
    if found is None:
        raise FontError("no Chinese font to draw with; install Debian's fonts-noto-cjk (or fonts-wqy-zenhei)")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A piece of text on a page: left and top and size in millimetres."""

    x: float
    y: float
    size: float
    text: str


class _Sheet(Page):
    """A page in the mainland Chinese face of a font collection."""

    def __init__(self, height_mm: float) -> None:
        path, self._index = font()
        super().__init__(path, height_mm=height_mm, dpi=_DPI)

    def font(self, size_mm: float) -> ImageFont.FreeTypeFont:
        return ImageFont.truetype(self.font_path, round(size_mm * self.scale), index=self._index)


def report(spec: Mapping[str, Any], suffix: str, visit: Mapping[str, Any]) -> bytes:
    """A report in the form that the file's suffix names; ``scan`` makes a PDF of pictures."""
    laid = [list(_laid(page)) for page in spec.get("pages", [spec])]
    if suffix == ".pdf" and "scan" not in spec:
        points = 72 / 25.4
        return pdf_with_text(
            [[(t.x * points, t.y * points + t.size * points, t.size * points, t.text) for t in p] for p in laid]
        )
    images = [_drawn(p) for p in laid]
    if suffix == ".pdf":
        return _scanned(images)
    if suffix == ".jpg":
        return photograph(images[0], **_numbers(spec["photo"]))
    return {".png": png, ".tif": _tiff, ".heic": _heic}[suffix](images[0])


def _numbers(photo: Mapping[str, str]) -> dict[str, Any]:
    return {key: float(value) if "." in value else int(value) for key, value in photo.items()}


# --- layout -------------------------------------------------------------------------------------------------------


def _laid(page: Mapping[str, Any]) -> Iterator[Text]:
    """Title, lines of fields, table, paragraphs, foot: from the top, in millimetres."""
    y = 12.0
    for n, line in enumerate(page["title"]):
        size = 5.5 if n == 0 else 4.5
        yield Text(x=105 - _width(line, size) / 2, y=y, size=size, text=line)
        y += size * 1.7
    for line in page.get("fields", []):
        yield from (Text(x=14 + n * 182 / len(line), y=y, size=3.4, text=t) for n, t in enumerate(line) if t)
        y += 6.2
    y += 2
    if "columns" in page:
        for row in [page["columns"], *page["rows"]]:
            yield from (Text(x=float(x), y=y, size=3.4, text=t) for x, t in zip(page["at"], row, strict=True) if t)
            y += 6.4
        y += 2
    for line in page.get("text", []):
        for part in _wrapped(line, 178, 3.6):
            yield Text(x=14, y=y, size=3.6, text=part)
            y += 6.2
    y += 3
    for line in page.get("foot", []):
        yield from (Text(x=14 + n * 182 / len(line), y=y, size=3.2, text=t) for n, t in enumerate(line) if t)
        y += 5.6


def _width(text: str, size: float) -> float:
    return sum(size if ord(c) > 0x2E80 else size * 0.55 for c in text)


def _wrapped(text: str, width: float, size: float) -> Iterator[str]:
    line = ""
    for token in _tokens(text):
        if line and _width(line + token.rstrip(), size) > width:
            yield line.rstrip()
            line = ""
        line += token
    yield line.rstrip()


def _tokens(text: str) -> list[str]:
    """Chinese breaks anywhere, other writing at blanks."""
    tokens: list[str] = []
    for char in text:
        if tokens and ord(char) < 0x2E80 and ord(tokens[-1][-1]) < 0x2E80 and tokens[-1][-1] != " ":
            tokens[-1] += char
        else:
            tokens.append(char)
    return tokens


# --- pictures -----------------------------------------------------------------------------------------------------


def _drawn(texts: Sequence[Text]) -> Image.Image:
    sheet = _Sheet(max(t.y for t in texts) + 18)
    for t in texts:
        sheet.text(t.x, t.text, size=t.size, y=t.y)
    return sheet.image


def _aslant(image: Image.Image, angle: float) -> Image.Image:
    """As a sheet lies in a scanner: a little turned, grey, not quite white."""
    turned = image.convert("L").rotate(angle, Image.Resampling.BICUBIC, fillcolor=255)
    return turned.point(lambda v: 24 + v * 222 // 255)


def _scanned(images: Sequence[Image.Image]) -> bytes:
    """A PDF without text: each page a JPEG, every second one slightly turned the other way."""
    pages = [_aslant(im, 0.6 if n % 2 == 0 else -0.4) for n, im in enumerate(images)]
    out = io.BytesIO()
    stamps = {"creationDate": _EPOCH, "modDate": _EPOCH}
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=_DPI, quality=55, **stamps)
    return out.getvalue()


def _tiff(image: Image.Image) -> bytes:
    """Black and white, as a fax machine or an old archive makes it."""
    out = io.BytesIO()
    image.convert("L").point(lambda v: 255 if v > 150 else 0).convert("1").save(
        out, "TIFF", compression="group4", dpi=(_DPI, _DPI)
    )
    return out.getvalue()


def _heic(image: Image.Image) -> bytes:
    """As a phone stores its pictures."""
    import pillow_heif

    taken = Image.open(io.BytesIO(photograph(image, angle=-1.2, tilt=0.012, shadow=0.2, noise=3.0, quality=88, seed=5)))
    out = io.BytesIO()
    pillow_heif.from_pillow(taken.convert("RGB")).save(out, quality=55)
    return out.getvalue()

"""Draws invented hospital reports, and makes photographs of them.

A report is a list of instructions (title, fields, table, paragraphs) in page millimetres, so the same report
can be drawn at any resolution, in any font, and spoilt in any way. Everything in it is made up. Needs Pillow
and numpy only; a font file is given by the caller, since none is shipped.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a table: where it starts (mm), its header, and which field of a row it shows."""

    x: float
    head: str
    show: str
    align: str = "left"
    width: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Row:
    """A laboratory row, as printed. ``extra`` holds what other columns show (``no``, ``method``, ``previous``)."""

    item: str
    value: str
    unit: str = ""
    range: str = ""
    flag: str = ""
    abbr: str = ""
    extra: dict[str, str] = field(default_factory=dict)

    def cell(self, show: str) -> str:
        if show == "value+flag":
            return f"{self.value}{self.flag}"
        if show == "value flag":
            return f"{self.value} {self.flag}".strip()
        if show == "flag value":
            return f"{self.flag} {self.value}".strip()
        if show == "item(abbr)":
            return f"{self.item}({self.abbr})" if self.abbr else self.item
        if show == "value unit":
            return f"{self.value} {self.unit}".strip()
        if show == "range unit":
            return f"{self.range} {self.unit}".strip()
        return self.extra.get(show, "") if show not in self.__dataclass_fields__ else getattr(self, show)


class Page:
    """A page being drawn: white, ``width_mm`` by ``height_mm`` at ``dpi``."""

    def __init__(self, font: str, *, width_mm: float = 210, height_mm: float = 297, dpi: int = 200) -> None:
        self.scale = dpi / 25.4
        self.font_path = font
        self.image = Image.new("RGB", (round(width_mm * self.scale), round(height_mm * self.scale)), "white")
        self.draw = ImageDraw.Draw(self.image)
        self.y = 10.0
        self.width_mm = width_mm

    def font(self, size_mm: float) -> ImageFont.FreeTypeFont:
        return ImageFont.truetype(self.font_path, round(size_mm * self.scale))

    def text(self, x: float, text: str, *, size: float = 3.5, align: str = "left", y: float | None = None) -> None:
        font = self.font(size)
        length = self.draw.textlength(text, font=font) / self.scale
        left = x - {"left": 0.0, "right": length, "centre": length / 2}[align]
        self.draw.text((left * self.scale, (self.y if y is None else y) * self.scale), text, font=font, fill="black")

    def title(self, text: str, *, size: float = 6.0) -> None:
        self.text(self.width_mm / 2, text, size=size, align="centre")
        self.y += size * 1.7

    def fields(self, cells: Sequence[tuple[float, str]], *, size: float = 3.5) -> None:
        for x, text in cells:
            self.text(x, text, size=size)
        self.y += size * 1.7

    def rule(self, left: float = 12, right: float | None = None) -> None:
        end = self.width_mm - 12 if right is None else right
        self.draw.line(
            [(left * self.scale, self.y * self.scale), (end * self.scale, self.y * self.scale)], fill="black", width=2
        )
        self.y += 1.5

    def table(
        self,
        columns: Sequence[Column],
        rows: Sequence[Row],
        *,
        size: float = 3.5,
        pitch: float = 6.0,
        head: bool = True,
    ) -> None:
        """Rows below each other; a cell that is wider than its column's ``width`` is wrapped."""
        if head:
            for c in columns:
                self.text(c.x, c.head, size=size, align=c.align)
            self.y += pitch
            self.rule()
        for row in rows:
            lines = 1
            for c in columns:
                parts = self._wrap(row.cell(c.show), c.width, size)
                for i, part in enumerate(parts):
                    self.text(c.x, part, size=size, align=c.align, y=self.y + i * size * 1.25)
                lines = max(lines, len(parts))
            self.y += pitch + (lines - 1) * size * 1.25

    def halves(
        self,
        left: Sequence[Column],
        right: Sequence[Column],
        rows: Sequence[Row],
        *,
        size: float = 3.2,
        pitch: float = 6.0,
    ) -> None:
        """The rows in two half-tables side by side, the first half of them on the left."""
        middle = (len(rows) + 1) // 2
        top = self.y
        self.table(left, rows[:middle], size=size, pitch=pitch)
        bottom, self.y = self.y, top
        self.table(right, rows[middle:], size=size, pitch=pitch)
        self.y = bottom

    def paragraph(self, text: str, *, x: float = 15, size: float = 3.8, width: float | None = None) -> None:
        for part in self._wrap(text, width or self.width_mm - 2 * x, size):
            self.text(x, part, size=size)
            self.y += size * 1.6

    def _wrap(self, text: str, width: float, size: float) -> list[str]:
        if not width:
            return [text]
        font, lines, line = self.font(size), [], ""
        for token in _tokens(text):
            if line and self.draw.textlength(line + token.rstrip(), font=font) / self.scale > width:
                lines.append(line.rstrip())
                line = ""
            line += token
        return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _tokens(text: str) -> list[str]:
    tokens: list[str] = []
    for char in text:
        if tokens and char.isascii() and tokens[-1][-1].isascii() and tokens[-1][-1] != " ":
            tokens[-1] += char
        else:
            tokens.append(char)
    return tokens


def photograph(
    image: Image.Image,
    *,
    angle: float = 2.0,
    tilt: float = 0.03,
    blur: float = 0.7,
    shadow: float = 0.35,
    noise: float = 6.0,
    quality: int = 50,
    scale: float = 0.75,
    seed: int = 0,
) -> bytes:
    """A JPEG that looks like a phone's photograph of ``image`` lying on a table.

    Args:
        image: the clean page.
        angle: turn in degrees, anticlockwise.
        tilt: how much narrower the far edge is, as a fraction of the width.
        blur: radius in pixels.
        shadow: how much darker the darkest corner is, 0..1.
        noise: standard deviation of grey noise, 0..255.
        quality: of the JPEG.
        scale: size against the clean page.
        seed: for the noise.
    """
    small = image.resize((round(image.width * scale), round(image.height * scale)), Image.Resampling.LANCZOS)
    pad = round(max(small.size) * (0.03 + abs(math.sin(math.radians(angle))) * 0.5))
    table = Image.new("RGB", (small.width + 2 * pad, small.height + 2 * pad), (176, 168, 158))
    table.paste(small, (pad, pad))
    table = table.rotate(angle, Image.Resampling.BICUBIC, fillcolor=(176, 168, 158))
    w, h = table.size
    d = tilt * w
    table = table.transform(
        (w, h), Image.Transform.PERSPECTIVE,
        _perspective([(0, 0), (w, 0), (w, h), (0, h)], [(d, d / 2), (w - d, 0), (w, h), (0, h - d / 2)]),
        Image.Resampling.BICUBIC, fillcolor=(176, 168, 158),
    )  # fmt: skip
    table = table.filter(ImageFilter.GaussianBlur(blur))
    pixels = np.asarray(table).astype(np.float32)
    ramp = 1 - shadow * np.linspace(0, 1, w)[None, :] * np.linspace(0.3, 1, h)[:, None]
    rng = np.random.default_rng(seed)
    pixels = pixels * ramp[:, :, None] + rng.normal(0, noise, (h, w, 1))
    out = io.BytesIO()
    Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(out, "JPEG", quality=quality)
    return out.getvalue()


def _perspective(source: Sequence[tuple[float, float]], target: Sequence[tuple[float, float]]) -> list[float]:
    rows, right = [], []
    for (x, y), (u, v) in zip(source, target, strict=True):
        rows += [[u, v, 1, 0, 0, 0, -x * u, -x * v], [0, 0, 0, u, v, 1, -y * u, -y * v]]
        right += [x, y]
    return [float(c) for c in np.linalg.solve(np.array(rows, float), np.array(right, float))]


def png(image: Image.Image) -> bytes:
    """``image`` as PNG bytes, in 16 greys so that it stays small."""
    out = io.BytesIO()
    image.convert("L").quantize(16).save(out, "PNG", optimize=True)
    return out.getvalue()


def pdf_with_text(
    pages: Sequence[Sequence[tuple[float, float, float, str]]], *, size: tuple[int, int] = (595, 842)
) -> bytes:
    """A PDF whose pages hold real text: (x, y from the top, size, text) in points. No font is embedded.

    Text is written in UCS-2 with a predefined character map, so Chinese works too.
    """
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    objects.append(
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>"
    )
    objects.append(
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /W [1 95 500] "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /FontDescriptor 5 0 R >>"
    )
    objects.append(
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [0 -200 1000 900] /ItalicAngle 0 "
        b"/Ascent 850 /Descent -150 /CapHeight 700 /StemV 90 >>"
    )
    kids = []
    for page in pages:
        stream = b"".join(
            f"BT /F1 {s} Tf {x} {size[1] - y} Td <{t.encode('utf-16-be').hex()}> Tj ET\n".encode()
            for x, y, s, t in page
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>"
            % (*size, len(objects))
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    return _assemble(objects)


def _assemble(objects: Sequence[bytes]) -> bytes:
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % o for o in offsets)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


# --- the committed samples -------------------------------------------------------------------------------------

BLOOD_COUNT = (
    Row(item="白细胞计数", value="11.26", flag="↑", unit="10^9/L", range="3.50-9.50"),
    Row(item="中性粒细胞百分比", value="82.4", flag="↑", unit="%", range="40.0-75.0"),
    Row(item="淋巴细胞百分比", value="11.3", flag="↓", unit="%", range="20.0-50.0"),
    Row(item="红细胞计数", value="4.02", unit="10^12/L", range="3.80-5.10"),
    Row(item="血红蛋白", value="108", flag="↓", unit="g/L", range="115-150"),
    Row(item="平均红细胞体积", value="83.6", unit="fL", range="82.0-100.0"),
    Row(item="血小板计数", value="306", unit="10^9/L", range="125-350"),
    Row(item="C反应蛋白", value="38.40", flag="↑", unit="mg/L", range="0.00-8.00"),
)
METABOLIC_PANEL = (
    Row(item="Glucose", value="112", flag="H", unit="mg/dL", range="70-99"),
    Row(item="Creatinine", value="1.62", flag="H", unit="mg/dL", range="0.70-1.30"),
    Row(item="eGFR", value="46", flag="L", unit="mL/min/1.73m2", range=">60"),
    Row(item="Sodium", value="138", unit="mmol/L", range="136-145"),
    Row(item="Potassium", value="5.4", flag="H", unit="mmol/L", range="3.5-5.1"),
    Row(item="Protein, Total", value="6.9", unit="g/dL", range="6.4-8.3"),
    Row(item="Hemoglobin A1c", value="7.4", flag="H", unit="%", range="4.0-5.6"),
)
CT_FINDINGS = (
    "右肺上叶尖段见一磨玻璃结节，大小约8mm×6mm，边缘清楚；余两肺纹理清晰。纵隔内未见肿大淋巴结，双侧胸腔未见积液。"
)
CT_CONCLUSION = "右肺上叶磨玻璃结节，建议三个月后复查。"


def blood_count(font: str, *, dpi: int = 150) -> Image.Image:
    """A Chinese blood count in two half-tables."""
    page = Page(font, width_mm=200, height_mm=92, dpi=dpi)
    page.title("安和市第二人民医院检验报告单", size=5.5)
    page.fields([(10, "姓名：陈晓岚"), (60, "性别：女"), (95, "年龄：34岁"), (135, "门诊号：M00871265")])
    page.fields([(10, "标本：静脉血"), (60, "送检医生：周建国"), (135, "检验项目：血常规")])
    page.rule()
    heads = (
        ("项目", "item", 0),
        ("结果", "value", 36),
        ("提示", "flag", 50),
        ("参考区间", "range", 60),
        ("单位", "unit", 79),
    )
    left, right = ([Column(x=x0 + dx, head=h, show=s) for h, s, dx in heads] for x0 in (8, 103))
    page.halves(left, right, BLOOD_COUNT, size=3.2, pitch=6.6)
    page.rule()
    page.fields([(10, "采集时间：2026-11-03 08:12"), (110, "报告时间：2026-11-03 09:25")])
    page.fields([(10, "检验者：刘敏"), (110, "审核者：赵海波")])
    return page.image


def metabolic_panel(font: str, *, dpi: int = 150) -> Image.Image:
    """An English metabolic panel with a flag column."""
    page = Page(font, width_mm=180, height_mm=112, dpi=dpi)
    page.title("Maple Ridge Clinical Laboratory", size=5.5)
    page.fields([(12, "Patient: Robert Ellison"), (80, "DOB: 04/17/1961"), (130, "Sex: Male")])
    page.fields([(12, "MRN: 00482913"), (80, "Ordering Physician: Alice Moreno, MD")])
    page.fields([(12, "Collected: 11/02/2026 08:15"), (80, "Reported: 11/02/2026 16:40")])
    page.rule()
    heads = (
        ("Test", "item", 12),
        ("Result", "value", 65),
        ("Flag", "flag", 85),
        ("Units", "unit", 100),
        ("Reference Range", "range", 140),
    )
    page.table([Column(x=x, head=h, show=s) for h, s, x in heads], METABOLIC_PANEL, size=3.6, pitch=6.6)
    page.rule()
    return page.image


def chest_ct(font: str, *, dpi: int = 130) -> Image.Image:
    """A Chinese CT report in prose."""
    page = Page(font, width_mm=180, height_mm=110, dpi=dpi)
    page.title("平川省立医院CT检查报告单", size=5.5)
    page.fields([(12, "姓名：孙志远"), (60, "性别：男"), (90, "年龄：63岁"), (125, "检查日期：2026-11-07")])
    page.fields([(12, "检查项目：胸部CT平扫"), (90, "门诊号：10087312")])
    page.rule()
    for title, text in (("检查所见：", CT_FINDINGS), ("诊断意见：", CT_CONCLUSION)):
        page.paragraph(title)
        page.paragraph(text)
        page.y += 3
    page.rule()
    page.fields([(12, "报告医师：杜磊"), (90, "报告时间：2026-11-07 15:33")])
    return page.image


def write_samples(folder: str, zh_font: str, en_font: str) -> None:
    """Draw the samples that the tests read into ``folder``.

    ``python -m tests.report_maker tests/data/reports NotoSansCJK-Regular.ttc LiberationSans-Regular.ttf``
    """
    from pathlib import Path

    out = Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    (out / "blood_count.png").write_bytes(png(blood_count(zh_font)))
    (out / "metabolic_panel_photo.jpg").write_bytes(
        photograph(metabolic_panel(en_font, dpi=200), angle=-4, tilt=0.03, noise=4, scale=0.75, seed=7)
    )
    (out / "chest_ct.png").write_bytes(png(chest_ct(zh_font)))


if __name__ == "__main__":
    import sys

    write_samples(*sys.argv[1:4])

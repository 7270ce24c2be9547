"""Opening reports: every kind of image, limits, and files that are none; with an engine that reads nothing real."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from syngraph.errors import BackendError
from syngraph.ports import OcrLine
from syngraph.settings import Settings
from syngraph.sources import ocr_engine, ocr_upright, report_pages
from syngraph.sources.ocr_upright import UprightPage
from syngraph.sources.report_pages import ReadPages, one_script, read_pages, unconfused
from tests.report_maker import pdf_with_text
from tests.sources.report_cells import typed


class _Fake:
    name, version, sends_data_out = "fake", "1", False

    def __init__(self, score: float = 0.99, text: str = "白细胞") -> None:
        self.score, self.text, self.seen = score, text, []

    def read(self, page: NDArray[np.uint8]) -> list[OcrLine]:
        self.seen.append(page)
        if not self.text:
            return []
        return [OcrLine(text=self.text, quad=((2, 2), (12, 2), (12, 8), (2, 8)), score=self.score)]


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> _Fake:
    fake = _Fake()
    monkeypatch.setattr(ocr_engine, "ocr_engine", lambda _: fake)

    def upright(page: NDArray[np.uint8], _: object) -> UprightPage:
        return UprightPage(pixels=page, angle=0.0, back=np.array([[1.0, 0, 0], [0, 1.0, 0]]), size=page.shape[1::-1])

    monkeypatch.setattr(ocr_upright, "upright", upright)
    return fake


def _image(kind: str, mode: str = "RGB", size: tuple[int, int] = (60, 40), **options: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind, **options)
    return out.getvalue()


def _read(data: bytes, **settings: int) -> ReadPages:
    return read_pages(data, "reports/a.bin", Settings(**settings))  # type: ignore[arg-type]


def _message(data: bytes, **settings: int) -> str:
    read = _read(data, **settings)
    assert not read.pages
    assert len(read.problems) == 1
    assert read.problems[0].advice
    assert "\n" not in read.problems[0].line
    return read.problems[0].line


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "BMP", "WEBP", "GIF"])
def test_images_of_every_kind(engine: _Fake, kind: str) -> None:
    read = _read(_image(kind))
    assert [c.text for c in read.pages[0].cells] == ["白细胞"]
    assert read.pages[0].cells[0].place == pytest.approx((2 / 60, 2 / 40, 12 / 60, 8 / 40))
    assert [(c.role, c.name) for c in read.components] == [("ocr", "fake")]


def test_heic(engine: _Fake) -> None:
    import pillow_heif

    pillow_heif.register_heif_opener()
    assert _read(_image("HEIF")).pages


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "CMYK", "I;16", "F"])
def test_images_of_every_mode(engine: _Fake, mode: str) -> None:
    kind = "TIFF" if mode in {"CMYK", "F", "I;16"} else "PNG"
    assert _read(_image(kind, mode)).pages
    assert engine.seen[0].shape == (40, 60, 3)
    assert engine.seen[0].dtype == np.uint8


def test_what_is_transparent_is_white(engine: _Fake) -> None:
    _read(_image("PNG", "RGBA"))
    assert int(engine.seen[0].min()) == 255


def test_a_turned_photograph_is_measured_as_shown(engine: _Fake) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    read = _read(_image("JPEG", exif=exif))
    assert engine.seen[0].shape == (60, 40, 3)
    assert read.pages[0].cells[0].place == pytest.approx((2 / 40, 2 / 60, 12 / 40, 8 / 60))


def _tiff(pages: int) -> bytes:
    out = io.BytesIO()
    first, *rest = [Image.new("L", (60, 40), 255 - n) for n in range(pages)]
    first.save(out, "TIFF", save_all=True, append_images=rest)
    return out.getvalue()


def test_every_page_of_a_tiff(engine: _Fake) -> None:
    told: list[tuple[float, float, str]] = []
    read = read_pages(_tiff(3), "a.tif", Settings(), lambda *a: told.append(a))
    assert [p.number for p in read.pages] == [1, 2, 3]
    assert told == [(1, 3, "page"), (2, 3, "page"), (3, 3, "page")]


def test_too_many_pages(engine: _Fake) -> None:
    read = _read(_tiff(3), max_pages=2)
    assert len(read.pages) == 2
    assert "3 pages, only the first 2" in read.problems[0].line


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"), (b"hello", "neither an image nor a PDF"), (b"PK\x03\x04 docx", "neither an image nor a PDF"),
        (b"\x00\x00\x00\x18ftypheic broken", "neither"), (_image("JPEG", size=(900, 900))[:1200], "damaged"), (_image("PNG", size=(9, 9)), "too small"),
        (b"%PDF-1.4 nothing", "damaged"),
    ],
)  # fmt: skip
def test_files_that_are_none(engine: _Fake, data: bytes, says: str) -> None:
    assert says in _message(data)


def _bomb(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(9000, 9000), (12000, 12000), (60000, 60000)])
def test_bombs_are_not_opened(engine: _Fake, size: tuple[int, int]) -> None:
    assert "pixels" in _message(_bomb(*size))
    assert not engine.seen


def test_large_files_and_large_pictures(engine: _Fake) -> None:
    assert "MiB" in _message(b"x" * (1024 * 1024 + 1), max_file_mb=1)
    assert _read(_image("PNG", "L", (4000, 1000))).pages
    assert engine.seen[0].shape[1] == 3200
    assert "megapixels" in _message(_image("PNG", "L", (4000, 1000)), max_megapixels=3)


def test_an_empty_page_and_a_poor_one_are_said(engine: _Fake) -> None:
    engine.text = ""
    assert "nothing could be read" in _message(_image("PNG"))
    engine.text, engine.score = "白细胞", 0.5
    read = _read(_image("PNG"))
    assert read.pages
    assert "hard to read" in read.problems[0].line


def test_an_engine_that_is_missing_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_: Settings) -> None:
        raise BackendError("the OCR engine is not installed", "pip install it")

    monkeypatch.setattr(ocr_engine, "ocr_engine", missing)
    assert "not installed" in _message(_image("PNG"))


def test_a_pdf_with_text_needs_no_engine() -> None:
    read = read_pages(pdf_with_text([[(50, 50, 12, "白细胞")], [(50, 50, 12, "Glucose")]]), "a.pdf", Settings())
    assert [[c.text for c in p.cells] for p in read.pages] == [["白细胞"], ["Glucose"]]
    assert not read.components
    assert not read.problems


def test_a_page_without_text_is_read_by_the_engine(engine: _Fake) -> None:
    read = _read(pdf_with_text([[(50, 50, 12, "白细胞")], []]))
    assert [p.number for p in read.pages] == [1, 2]
    assert len(engine.seen) == 1


@given(st.binary(max_size=300))
def test_no_bytes_raise(data: bytes) -> None:
    read_pages(data, "a.bin", Settings(max_megapixels=1))


@pytest.mark.parametrize(
    ("read", "meant"),
    [("呼吸内科内诊", "呼吸内科门诊"), ("天巾冬氨酸", "天门冬氨酸"), ("Y-谷氨酰转移酶", "γ-谷氨酰转移酶"), ("lgG", "IgG"), ("pC02", "pCO2"), ("颈内静脉", "颈内静脉"),
     ("mlgG", "mlgG"), ("血红蛋白", "血红蛋白")],
)  # fmt: skip
def test_words_that_are_taken_for_others(read: str, meant: str) -> None:
    assert unconfused(read) == meant


def test_a_traditional_character_in_simplified_print_was_misread() -> None:
    cells = one_script(typed(["促黃体生成素  血红蛋白浓度及其他项目名称若干个检验结果均正常"]))
    assert cells[0].text == "促黄体生成素"


def test_traditional_print_stays() -> None:
    assert [c.text for c in one_script(typed(["門診檢驗報告單"]))] == ["門診檢驗報告單"]


def test_settings_reach_the_engine_only_once_a_page(engine: _Fake) -> None:
    report_pages.read_pages(_tiff(2), "a.tif", Settings())
    assert len(engine.seen) == 2

"""The OCR engines: which one is chosen, where a line is cut, which of several readings is trusted."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from syngraph.errors import BackendError
from syngraph.settings import Settings
from syngraph.sources import ocr_engine as engines
from syngraph.sources import ocr_faster_paddle
from syngraph.sources.ocr_engine import ocr_engine
from syngraph.sources.ocr_rapidocr import RapidOcr, Strip, better, cut_at_gaps

SAMPLES = Path(__file__).parent.parent / "data" / "reports"


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    engines._load.cache_clear()
    yield
    engines._load.cache_clear()


def test_the_default_engine_is_built_once() -> None:
    first = ocr_engine(Settings())
    assert (first.name, first.sends_data_out) == ("rapidocr", False)
    assert first.version
    assert ocr_engine(Settings()) is first


def test_without_metadata_the_built_in_table_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "entry_points", lambda **_: [])
    assert ocr_engine(Settings()).name == "rapidocr"


def test_an_unknown_engine_names_the_known_ones() -> None:
    with pytest.raises(BackendError, match="rapidocr"):
        ocr_engine(Settings(ocr_engine="nosuch"))


class Remote:
    name, version, sends_data_out = "cloud", "1", True


class Broken:
    def __init__(self) -> None:
        raise RuntimeError("no")


def _plugged(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    point = EntryPoint("plug", f"{__name__}:{name}", engines.GROUP)
    monkeypatch.setitem(sys.modules, __name__, sys.modules[__name__])
    monkeypatch.setattr(engines, "entry_points", lambda **_: [point])


def test_an_engine_that_sends_pages_out_needs_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    _plugged(monkeypatch, "Remote")
    with pytest.raises(BackendError, match="SYNGRAPH_ALLOW_REMOTE"):
        ocr_engine(Settings(ocr_engine="plug"))
    assert ocr_engine(Settings(ocr_engine="plug", allow_remote=True)).name == "cloud"


def test_an_engine_that_fails_to_load_is_the_operators_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    _plugged(monkeypatch, "Broken")
    with pytest.raises(BackendError, match="can't be loaded"):
        ocr_engine(Settings(ocr_engine="plug"))


def test_a_missing_package_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    ocr_faster_paddle._engine.cache_clear()
    monkeypatch.setitem(sys.modules, "faster_paddle", None)
    with pytest.raises(BackendError, match=r"syngraph\[ocr\]"):
        ocr_engine(Settings(ocr_engine="faster-paddle"))
    ocr_faster_paddle._engine.cache_clear()


def _strip(text: str, *, last: float = 0.99, others: float = 0.99) -> Strip:
    shown = len(text)
    sure = (*((others,) * (shown - 1)), last)
    return Strip(text=text, score=sum(sure) / shown, centres=tuple((i + 0.5) / shown for i in range(shown)), sure=sure)


def test_an_arrow_that_any_reading_saw_is_an_arrow() -> None:
    assert better([_strip("16.81", last=0.7), _strip("16.8↓"), _strip("16.81")]).text == "16.8↓"
    assert better([_strip("16.81", last=0.7), _strip("16.81"), _strip("16.81")]).text == "16.81"


def test_most_readings_win_and_then_the_surest() -> None:
    assert better([_strip(".3~3", others=0.8), _strip("-3~3"), _strip("-3~3")]).text == "-3~3"
    assert better([_strip("5.2", others=0.6), _strip("5.7", others=0.9)]).text == "5.7"


@pytest.mark.parametrize(
    ("text", "last", "doubtful"),
    [("16.81", 0.95, True), ("16.81", 1.0, False), ("16.8", 0.85, True), ("白细胞", 0.5, False), ("", 0.5, False)],
)
def test_doubtful(text: str, last: float, doubtful: bool) -> None:
    assert (_strip(text, last=last) if text else Strip(text="", score=0, centres=(), sure=())).doubtful is doubtful


def test_a_line_is_cut_at_wide_gaps_only() -> None:
    centres = [0.05, 0.10, 0.15, 0.80, 0.85, 0.90]
    assert cut_at_gaps("白细胞1.2", centres, 12.0) == [(0, 3), (3, 6)]
    assert cut_at_gaps("白细胞1.2", [(i + 0.5) / 6 for i in range(6)], 3.0) == [(0, 6)]


@given(
    st.text(alphabet="白1. a", min_size=1, max_size=12),
    st.lists(st.floats(0, 1), min_size=12, max_size=12),
    st.floats(1, 20),
)
def test_the_cuts_of_a_line_lose_nothing(text: str, centres: list[float], aspect: float) -> None:
    ranges = cut_at_gaps(text, sorted(centres)[: len(text)], aspect)
    assert ranges[0][0] == 0
    assert ranges[-1][1] == len(text)
    assert all(a[1] == b[0] for a, b in pairwise(ranges))


@pytest.mark.engine
def test_rapidocr_reads_a_page_and_finds_nothing_on_an_empty_one() -> None:
    page = np.asarray(Image.open(SAMPLES / "chest_ct.png").convert("RGB"))
    lines = RapidOcr().read(page)
    assert any("胸部CT平扫" in line.text for line in lines)
    assert all(0 <= x <= page.shape[1] and 0 <= y <= page.shape[0] for line in lines for x, y in line.quad)
    assert RapidOcr().read(np.full((200, 300, 3), 255, np.uint8)) == []


@pytest.mark.engine
def test_faster_paddle_reads_the_same() -> None:
    pytest.importorskip("faster_paddle")
    page = np.asarray(Image.open(SAMPLES / "chest_ct.png").convert("RGB"))
    engine = ocr_engine(Settings(ocr_engine="faster-paddle"))
    assert any("胸部CT平扫" in line.text for line in engine.read(page))


class _Finder(RapidOcr):
    """Finds lines of a given height, and reads what it is told."""

    def __init__(self, height: float, readings: list[Strip]) -> None:
        super().__init__()
        self.height, self.readings, self.sides = height, readings, []

    def find(self, page: np.ndarray, side: int) -> np.ndarray:
        self.sides.append(side)
        high = self.height * page.shape[0] / 1000
        return np.array([[[10, 10], [110, 10], [110, 10 + high], [10, 10 + high]]], np.float32)

    def line(self, strip: np.ndarray) -> Strip:
        return self.readings.pop(0) if len(self.readings) > 1 else self.readings[0]


def test_small_print_is_looked_for_again_on_a_larger_copy() -> None:
    page = np.zeros((1000, 1000, 3), np.uint8)
    large, small = _Finder(30, [_strip("白细胞")]), _Finder(12, [_strip("白细胞")])
    (line,) = large.read(page)
    assert large.sides == [1280]
    assert line.quad[2] == pytest.approx((110, 40))
    (line,) = small.read(page)
    assert small.sides == [1280, 2200]
    # Its place is given in pixels of the page, not of the copy.
    assert line.quad[2][1] - line.quad[0][1] == pytest.approx(12, abs=0.1)
    # A page that is longer than the finder's usual copy is only reduced less.
    long = _Finder(6, [_strip("白细胞")])
    long.read(np.zeros((5000, 1000, 3), np.uint8))
    assert long.sides == [1280, 2200]


def test_a_doubtful_figure_is_read_again() -> None:
    first, sure = _strip("16.81", last=0.7), _strip("16.8↓")
    (line,) = _Finder(30, [first, sure, sure, sure]).read(np.zeros((1000, 1000, 3), np.uint8))
    assert line.text == "16.8↓"


def test_an_empty_strip_is_no_line() -> None:
    blank = Strip(text=" ", score=0.0, centres=(0.5,), sure=(0.0,))
    assert _Finder(30, [blank]).read(np.zeros((1000, 1000, 3), np.uint8)) == []

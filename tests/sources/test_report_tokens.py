"""What a piece of print can be, and cutting pieces that ran together."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syngraph.sources.report_marks import flag_of
from syngraph.sources.report_tokens import cut, is_qualitative, is_range, is_unit, shape, split_flag


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("11.26", "number"), ("<1.20", "range"), ("-4.6", "number"), ("1:80", "number"), ("3.21E+04", "number"),
        ("3.50-9.50", "range"), ("0.45 - 4.50", "range"), ("-3~3", "range"), (">39", "range"), ("<=14", "range"),
        ("<1.00E+02", "range"), ("(3.5-9.5)", "range"), ("75～125", "range"), ("12.3↑", "flagged"), ("H 12.3", "flagged"),
        ("↑", "flag"), ("HH", "flag"), ("10^9/L", "unit"), ("×10⁹/L", "unit"), ("10~9/L", "unit"), ("×10/L", "unit"),
        ("mg/L FEU", "unit"), ("mL/min/1.73m²", "unit"), ("/HPF", "unit"), ("%", "unit"), ("g/1", "unit"),
        ("阴性", "word"), ("阴性(-)", "word"), ("2+", "word"), ("±", "word"), ("Not Detected", "word"),
        ("白细胞计数", "text"), ("CA125", "text"), ("AST (SGOT)", "text"), ("补体C3", "text"),
    ],
)  # fmt: skip
def test_shape(text: str, expected: str) -> None:
    assert shape(text) == expected


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("4.00~10.0010^9/L14红细胞压积", ["4.00~10.00", "10^9/L", "14", "红细胞压积"]),
        ("1.80~6.40 10~9/L15 红细胞平均体积 90.1", ["1.80~6.40", "10~9/L", "15", "红细胞平均体积", "90.1"]),
        ("嗜碱性粒细胞计数0.04", ["嗜碱性粒细胞计数", "0.04"]),
        ("10嗜酸性粒细胞百分4.40", ["10", "嗜酸性粒细胞百分", "4.40"]),
        ("40.00~75.00%", ["40.00~75.00", "%"]),
        ("↓ 15.1~18.1 %", ["↓", "15.1~18.1", "%"]),
        ("mmol/L3.90-6.10", ["mmol/L", "3.90-6.10"]),
        ("5.6mmol/L", ["5.6", "mmol/L"]), ("6.1210^9/L", ["6.12", "10^9/L"]),
        ("Glucose 112 H mg/dL 70-99", ["Glucose", "112", "H", "mg/dL", "70-99"]),
        ("112H", ["112", "H"]),
        ("中性粒细胞%71.2↑", ["中性粒细胞%", "71.2", "↑"]),
        ("MONO% 单核细胞百分比", ["MONO%", "单核细胞百分比"]),
        ("HBV-DNA3.21E+04", ["HBV-DNA", "3.21E+04"]),
        # What only looks as if it had run together.
        ("25-羟基维生素D", ["25-羟基维生素D"]), ("餐后2小时血糖", ["餐后2小时血糖"]), ("CA125", ["CA125"]),
        ("Vitamin B12", ["Vitamin B12"]), ("CA 125", ["CA 125"]), ("皮质醇(8AM)", ["皮质醇(8AM)"]),
        ("8.9 1", ["8.9 1"]),
    ],
)  # fmt: skip
def test_cut(text: str, pieces: list[str]) -> None:
    assert [text[a:b].strip() for a, b in cut(text)] == pieces


def test_a_known_name_is_never_cut() -> None:
    assert cut("糖类抗原125", known=True) == [(0, 7)]


@given(st.text(alphabet="白细胞0123456789.~-^/LgmU%↑ H(", min_size=1, max_size=24))
def test_cuts_are_in_order_and_lose_nothing(text: str) -> None:
    ranges = cut(text)
    assert all(a < b for a, b in ranges)
    assert all(b <= c for (_, b), (c, _) in pairwise(ranges))
    kept = "".join(text[a:b] for a, b in ranges)
    assert kept.replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    ("text", "value", "mark"),
    [
        ("12.3↑", "12.3", "↑"), ("H 12.3", "12.3", "H"), ("12.3 L", "12.3", "L"), ("阳性(+)↑", "阳性(+)", "↑"),
        ("12.3", "12.3", ""), ("8.9 1", "8.9", "?"), ("108|", "108", "?"), ("1+ 1", "1+", "?"),
    ],
)  # fmt: skip
def test_split_flag(text: str, value: str, mark: str) -> None:
    assert split_flag(text) == (value, mark)


def test_marks() -> None:
    assert [flag_of(t) for t in ("↑", "(L)", "*", "N", "", "12")] == ["high", "low", "abnormal", "normal", None, None]


def test_small_tests() -> None:
    assert is_qualitative("弱阳性")
    assert not is_qualitative("白细胞")
    assert is_range("≥32")
    assert is_unit("copies/mL")
    assert not is_unit("白细胞")

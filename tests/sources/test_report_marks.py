"""Marks beside a result."""

from __future__ import annotations

import pytest

from syngraph.sources.report_marks import flag_of, is_mark, mark_end
from syngraph.sources.report_tokens import cut, shape, split_flag


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("↑", "high"), ("[↓]", "low"), ("(High)", "high"), ("（低）", "low"), ("HIGH", "high"), ("LOW", "low"), ("ABN", "abnormal"),
        ("★", "abnormal"), ("!", "abnormal"), ("※", "abnormal"), ("H*", "high"), ("▼", "low"), ("异常", "abnormal"),
    ],
)  # fmt: skip
def test_marks_of_every_style(text: str, says: str) -> None:
    assert is_mark(text)
    assert shape(text) == "flag"
    assert flag_of(text) == says


@pytest.mark.parametrize("text", ["(P)", "L/L", "Hct", "+", "Na+", "12", "白细胞", "Highly sensitive"])
def test_what_is_no_mark(text: str) -> None:
    assert not is_mark(text)


@pytest.mark.parametrize(
    ("text", "value", "mark"),
    [
        ("228 (High)", "228", "(High)"), ("*68.4", "68.4", "*"), ("[↑]1.842", "1.842", "[↑]"), ("[ ]5.93", "5.93", "[ ]"),
        ("Amber!", "Amber", "!"), ("Positive !", "Positive", "!"), ("阳性(++)★", "阳性(++)", "★"), ("±*", "±", "*"), ("0.62(高)", "0.62", "(高)"),
        ("阳性(1:1000) ★", "阳性(1:1000)", "★"), ("▲ 438", "438", "▲"), (">100!", ">100", "!"), ("Cloudy A", "Cloudy", "A"),
    ],
)  # fmt: skip
def test_a_result_and_its_mark(text: str, value: str, mark: str) -> None:
    assert split_flag(text) == (value, mark)


def test_words_nobody_listed_part_from_a_sure_mark_only_where_they_are_surely_a_result() -> None:
    assert split_flag("Lemon-coloured (A)") == ("Lemon-coloured (A)", "")
    assert split_flag("Lemon-coloured (A)", sure=True) == ("Lemon-coloured", "(A)")


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("*68.4 mmHg", ["*", "68.4", "mmHg"]), ("62 (High) mg/dL", ["62", "(High)", "mg/dL"]), ("!29.0 %", ["!", "29.0", "%"]),
        ("88 * 10^3/uL", ["88", "*", "10^3/uL"]), ("cHCO3-(P)", ["cHCO3-(P)"]), ("*Glucose", ["*Glucose"]),
    ],
)  # fmt: skip
def test_cells_with_marks_are_cut(text: str, pieces: list[str]) -> None:
    assert [text[a:b].strip() for a, b in cut(text)] == pieces


def test_a_letter_is_a_mark_only_behind_another_piece() -> None:
    assert mark_end("H mg/dL", 0, inside=True) == 1
    assert mark_end("H pylori", 0, inside=False) == 0

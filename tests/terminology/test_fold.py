"""Folding takes spelling away and moves nothing."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syngraph.terminology.fold import fold


@given(st.text())
def test_folding_never_changes_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    once = fold(text)
    assert fold(once) == once


@given(st.text(), st.text())
def test_each_character_folds_by_itself(a: str, b: str) -> None:
    assert fold(a + b) == fold(a) + fold(b)


@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)))
def test_han_characters_stay_han_characters(text: str) -> None:
    assert all("CJK" in unicodedata.name(c, "CJK") for c in fold(text))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("HTN", "htn"),
        ("ＣＲＰ", "crp"),
        ("１２０／８０", "120/80"),
        ("頭痛", "头痛"),
        ("高血壓", "高血压"),
        ("過敏", "过敏"),
        ("can’t", "can't"),
        ("5–7", "5-7"),
        ("3～5", "3~5"),
        ("μg", "ug"),
        ("µg", "ug"),
        ("a\u00a0b", "a b"),
    ],
)
def test_spellings_that_mean_the_same_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("左", "右"), ("无", "有"), ("7.10", "7.1"), ("mg", "ug")])
def test_spellings_that_mean_different_things_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)

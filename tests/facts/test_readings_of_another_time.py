"""Readings of another time, changes of weight, and numbers as machines write them."""

from __future__ import annotations

import pytest

from syngraph.model import Fact
from tests.facts.talk import facts


def _signs(talk: str, name: str) -> list[Fact]:
    return [f for f in facts(talk) if f.kind == "vital-sign" and f.concept.id == f"vital:{name}"]


@pytest.mark.parametrize(
    "talk",
    [
        "D: What was your blood pressure?\nP: It was 200 over 90 back then.",
        "D: BP was 200/90 when you had the stroke.",
        "D: 血压呢？\nP: 那时候量的血压200/110。",
    ],
)
def test_a_reading_of_another_time_is_none_of_today(talk: str) -> None:
    assert not _signs(talk, "blood-pressure")


@pytest.mark.parametrize(
    "talk", ["P: 体重变化：比半年前重了两斤", "D: 体重呢？\nP: 瘦了五公斤。", "P: Weight change: gained 3 kg"]
)
def test_a_change_of_weight_is_no_weight(talk: str) -> None:
    assert not _signs(talk, "weight")


@pytest.mark.parametrize("said", ["98 . four", "98 . 4", "ninety-eight . four", "98.4"])
def test_a_point_between_blanks_is_a_point(said: str) -> None:
    assert [f.get("value") for f in _signs(f"D: Your temperature is {said} today .", "temperature")] == ["98.4"]


@pytest.mark.parametrize("said", ["98 . Four days ago it began .", "98 . two tablets a day ."])
def test_what_follows_a_full_stop_is_no_tenth(said: str) -> None:
    assert [f.get("value") for f in _signs(f"D: Your temperature is {said}", "temperature")] == ["98"]


@pytest.mark.parametrize(
    ("talk", "value"), [("D: 我给您量一下……156/88，心率78。", "156/88"), ("D: Pulse 80, 130/84, sats 98.", "130/84")]
)
def test_a_pressure_needs_no_name_where_it_is_read_out(talk: str, value: str) -> None:
    assert [f.get("value") for f in _signs(talk, "blood-pressure")] == [value]


def test_a_fraction_in_an_answer_is_no_pressure() -> None:
    assert not _signs("D: 几号开始的？\nP: 大概110/80那样的票据号。", "blood-pressure")

"""Vital signs as they are said aloud."""

from __future__ import annotations

import pytest

from tests.facts.talk import facts


def read_out(talk: str) -> dict[str, tuple[str | None, str | None]]:
    kinds = ("vital-sign", "exam-finding")
    return {
        f.concept.text: (f.get("value"), f.get("unit_code")) for f in facts(talk) if f.kind in kinds and f.get("value")
    }


@pytest.mark.parametrize(
    ("talk", "name", "value"),
    [
        ("D: 体温三十八度五。", "体温", ("38.5", "Cel")),
        ("D: 血压一百三十六八十八。", "血压", ("136/88", "mm[Hg]")),
        ("D: 脉搏九十六，血氧……九十一，有点低。", "血氧饱和度", ("91", "%")),
        ("D: 他现在多重？\nC: 刚称的，14.5公斤。", "体重", ("14.5", "kg")),
        ("D: Blood pressure at the front desk, one forty over ninety.", "blood pressure", ("140/90", "mm[Hg]")),
        ("D: Temp ninety-nine point one.", "body temperature", ("99.1", "[degF]")),
        ("D: Temperature 38.6, breathing twenty-eight, oxygen ninety-eight.", "oxygen saturation", ("98", "%")),
        ("D: Temperature 38.6, breathing twenty-eight, oxygen ninety-eight.", "respiratory rate", ("28", "/min")),
        ("D: Blow into this, hard as you can. That's 310, best of three.", "peak flow", ("310", "L/min")),
        ("D: Baby's heart rate, one forty-eight.", "fetal heart rate", ("148", "/min")),
        ("D: Weight, what was it, 23.4 kilos.", "body weight", ("23.4", "kg")),
    ],
)
def test_a_number_said_is_the_number_written(talk: str, name: str, value: tuple[str, str]) -> None:
    assert read_out(talk).get(name) == value


def test_a_weight_without_its_unit_is_given_none_in_english() -> None:
    assert read_out("D: Weight one sixty-three.")["body weight"] == ("163", None)


@pytest.mark.parametrize("talk", ["D: 他这个体重5毫升少了点。", "D: 体温计用了3天。", "D: Weight loss for two weeks?"])
def test_a_number_that_counts_something_else_is_no_reading(talk: str) -> None:
    assert read_out(talk) == {}


@pytest.mark.parametrize(
    ("talk", "name", "value"),
    [
        ("D: Blood pressure first. 138 over 84, that's fine.", "blood pressure", ("138/84", "mm[Hg]")),
        ("D: Temperature now is 37.9, pulse 118.", "body temperature", ("37.9", "Cel")),
        ("D: Heart rate 88 and regular, oxygen 99 percent.", "heart rate", ("88", "/min")),
        ("D: 我同你度吓血压先……142，88，脉搏76。", "血压", ("142/88", "mm[Hg]")),
        ("D: 血压量了吗？护士写的126/78，行。", "血压", ("126/78", "mm[Hg]")),
    ],
)
def test_a_reading_may_be_split_from_its_name(talk: str, name: str, value: tuple[str, str]) -> None:
    assert read_out(talk).get(name) == value


def test_a_second_pressure_keeps_its_posture() -> None:
    talk = "D: Lying down your blood pressure is 142 over 76. Now stand for me... after three minutes, 116 over 68."
    assert "Blood pressure standing, after three minutes 116/68 mmHg" in {f.get("text") for f in facts(talk)}

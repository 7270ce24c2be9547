"""What the doctor concludes and orders, frame by frame: every frame with several names, in both languages."""

from __future__ import annotations

import itertools

import pytest

from syngraph.model import Fact
from tests.facts.talk import facts

#: A talk long enough for its last turn to conclude and plan.
PAD = {
    "en": "D: What brings you in?\nP: I don't feel well.\nD: How long?\nP: A week.\nD: Do you smoke?\nP: No.\n"
    "D: Do you drink?\nP: No.\nD: Let me examine you.\nP: Okay.\n",
    "zh": "D: 怎么不好？\nP: 不舒服。\nD: 多久了？\nP: 一个礼拜。\nD: 抽烟吗？\nP: 不抽。\nD: 喝酒吗？\nP: 不喝。\n"
    "D: 我检查一下。\nP: 好。\n",
}
SURE = {
    "en": ["This is {x}.", "So this is {x}.", "You've got a touch of {x}.", "It has all the hallmarks of {x}."],
    "zh": ["就是{x}。", "这个就是典型的{x}。", "你这个是{x}。", "诊断是{x}。"],
}
DENIED = {
    "en": [
        "I don't see anything to suggest {x}.", "Nothing here makes me think of {x}.", "I'm not worried about {x}.",
        "There's no evidence of {x}.", "It doesn't look like {x}.", "Nothing points to {x}.",
    ],
    "zh": ["没看出有{x}的迹象。", "目前不考虑{x}。", "不像{x}。", "没有什么支持{x}。"],
}  # fmt: skip
OPEN = {
    "en": ["I can't rule out {x}.", "I'd be suspicious of {x}.", "This could be {x}.", "{x} until proved otherwise."],
    "zh": ["考虑{x}。", "{x}不能除外。", "像是{x}。", "{x}待排。", "{x}要警惕。"],
}
DISEASES = {"en": ["pneumonia", "asthma", "gout", "bronchitis"], "zh": ["肺炎", "哮喘", "痛风", "支气管炎"]}


def _frames(table: dict[str, list[str]], names: dict[str, list[str]]) -> list[tuple[str, str, str]]:
    return [(lang, f, n) for lang in table for f, n in itertools.product(table[lang], names[lang])]


def _said(language: str, sentence: str) -> list[Fact]:
    sentence = sentence[:1].upper() + sentence[1:]
    return [f for f in facts(PAD[language] + "D: " + sentence, language) if "doctor" in f.witnesses]


def _diagnoses(language: str, frame: str, name: str) -> set[tuple[str, str]]:
    found = _said(language, frame.format(x=name))
    assert not [f for f in found if f.kind == "exam-finding"], "a conclusion is no finding on examination"
    return {(f.concept.text.lower(), f.status) for f in found if f.kind == "diagnosis"}


@pytest.mark.parametrize(("language", "frame", "name"), _frames(SURE, DISEASES))
def test_a_sure_frame_concludes(language: str, frame: str, name: str) -> None:
    assert (name, "present") in _diagnoses(language, frame, name)


@pytest.mark.parametrize(("language", "frame", "name"), _frames(DENIED, DISEASES))
def test_a_denying_frame_rules_out(language: str, frame: str, name: str) -> None:
    assert {s for n, s in _diagnoses(language, frame, name) if name in n} == {"absent"}


@pytest.mark.parametrize(("language", "frame", "name"), _frames(OPEN, DISEASES))
def test_an_open_frame_stays_open(language: str, frame: str, name: str) -> None:
    assert {s for n, s in _diagnoses(language, frame, name) if name in n} == {"uncertain"}


@pytest.mark.parametrize(
    ("language", "sentence", "text"),
    [
        ("en", "Your blood pressure is well controlled.", "Blood pressure is well controlled"),
        ("zh", "血压控制得不太好。", "血压控制得不太好"),
        ("zh", "血糖控制可以，先这样。", "血糖控制可以"),
    ],
)
def test_how_a_measured_thing_is_held_is_assessed_and_no_advice(language: str, sentence: str, text: str) -> None:
    found = _said(language, sentence)
    assert text in {f.concept.text for f in found if f.kind == "diagnosis"}
    assert not [f for f in found if f.kind == "plan"]


def test_a_list_keeps_the_names_that_the_terminology_does_not_have() -> None:
    found = _said("en", "So, left groin strain, and asthma, with early kidney involvement.")
    named = {f.concept.text.lower() for f in found if f.kind == "diagnosis"}
    assert "asthma" in named
    assert any("kidney involvement" in n for n in named)


REFUSED = {
    "en": ["No {x} for now.", "You don't need {x}.", "I won't start {x} today."],
    "zh": ["{x}先不用。", "{x}不需要。", "不用{x}。", "暂时不用吃{x}。"],
}
GIVEN = {"en": ["antibiotics", "amoxicillin", "steroids"], "zh": ["抗生素", "阿莫西林", "激素"]}


@pytest.mark.parametrize(("language", "frame", "name"), _frames(REFUSED, GIVEN))
def test_what_is_not_given_is_told_as_not_given(language: str, frame: str, name: str) -> None:
    found = [f for f in _said(language, frame.format(x=name)) if f.kind == "plan"]
    assert {f.status for f in found} == {"absent"}
    assert not [f for f in _said(language, frame.format(x=name)) if f.kind == "medication" and f.status == "present"]


@pytest.mark.parametrize(
    ("talk", "language", "name"),
    [
        ("C: 抗生素要不要？\nD: 病毒的，不用。", "zh", "抗生素"),
        ("P: Do I need antibiotics?\nD: No, this is a virus.", "en", "antibiotics"),
    ],
)
def test_what_is_asked_for_and_not_given(talk: str, language: str, name: str) -> None:
    found = [f for f in facts(PAD[language] + talk, language) if f.kind == "plan"]
    assert (name, "absent") in {(f.concept.text, f.status) for f in found}


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "I'll ask the district nurse to pop round"),
        ("en", "I'll put a letter in to the neurologist"),
        ("en", "We'll hold cycle five"),
        ("en", "We'll need to get that drained"),
        ("en", "I'll refer you to the stop smoking service"),
        ("en", "Zobble mouthwash, four times a day, for the ulcers"),
        ("en", "Pelvic floor exercises, three times a day"),
        ("zh", "配副助听器"),
        ("zh", "约个康复科"),
        ("zh", "收进来住院"),
        ("zh", "某某络合碘，一天三次，一次两片"),
        ("zh", "疤痕痒的话用某某凝胶，一天两次"),
    ],
)
def test_what_is_arranged_without_a_known_name_stays_in_words(language: str, sentence: str) -> None:
    found = [f for f in _said(language, sentence + ("." if language == "en" else "。")) if f.kind == "plan"]
    spoken = sentence.lower().replace("refer you to", "refer to")  # as a record writes it
    assert any(f.concept.text.lower() in spoken for f in found)


@pytest.mark.parametrize(
    ("language", "said", "term", "value"),
    [
        ("en", "Temperature now is thirty-seven nine.", "temperature", "37.9"),
        ("en", "Temperature's ninety-eight four, pulse eighty.", "temperature", "98.4"),
        ("en", "Sats ninety-six on air, one forty over ninety.", "blood-pressure", "140/90"),
        ("en", "Fine. Oxygen's ninety-five percent on air.", "spo2", "95"),
        ("en", "Fundal height thirty-one centimetres, heartbeat a hundred and forty-two.", "fetal-heart-rate", "142"),
        ("zh", "体温三十八度五，血压一百四、九十。", "temperature", "38.5"),
    ],
)
def test_vital_signs_in_spoken_forms(language: str, said: str, term: str, value: str) -> None:
    assert (f"vital:{term}", value) in {(f.concept.id, f.get("value")) for f in _said(language, said)}


@pytest.mark.parametrize("said", ["If it's one sixty over a hundred, ring us.", "We aim for one thirty over eighty."])
def test_a_pressure_aimed_at_is_none(said: str) -> None:
    assert not [f for f in _said("en", said) if f.kind == "vital-sign"]


@pytest.mark.parametrize(("often", "code"), [("four", "q4h"), ("six", "q6h"), ("twelve", "q12h")])
def test_hours_before_hourly_count(often: str, code: str) -> None:
    found = _said("en", f"Paracetamol one gram {often} hourly.")
    assert [f.get("frequency") for f in found if f.kind == "plan"] == [code]


def test_units_of_a_medicine_are_no_result() -> None:
    assert not [f for f in _said("zh", "甘精胰岛素16单位每晚一次。") if f.kind == "lab-result"]

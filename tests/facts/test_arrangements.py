"""Vaccines to be given and services sent to: by every frame, and not where they were given, refused or asked about."""

from __future__ import annotations

import itertools

import pytest

from syngraph.model import Fact
from tests.facts.talk import facts
from tests.facts.test_decisions_by_frame import PAD


def _plans(language: str, sentence: str) -> list[Fact]:
    found = facts(PAD[language] + "D: " + sentence, language)
    return [f for f in found if f.kind == "plan" and "doctor" in f.witnesses]


def _told(language: str, sentence: str) -> str:
    return " | ".join(f.concept.text.lower() for f in _plans(language, sentence))


GIVEN = {
    "en": ["So today: {x} injection.", "We'll give you the {x} vaccine today.", "{x}, three doses, first one today."],
    "zh": ["今天先打{x}疫苗第一针。", "{x}疫苗今天打一针。", "我给你开{x}疫苗。"],
}
AGAINST = {"en": ["typhoid", "rabies", "hepatitis A", "polio"], "zh": ["狂犬病", "伤寒", "乙肝", "破伤风"]}


@pytest.mark.parametrize(
    ("language", "frame", "disease"),
    [(lang, f, x) for lang in GIVEN for f, x in itertools.product(GIVEN[lang], AGAINST[lang])],
)
def test_a_vaccine_ordered_is_planned_and_its_disease_is_no_diagnosis(language: str, frame: str, disease: str) -> None:
    sentence = frame.format(x=disease)
    sentence = sentence[:1].upper() + sentence[1:]
    found = facts(PAD[language] + "D: " + sentence, language)
    assert disease.lower().split()[0] in _told(language, sentence) or "hep" in _told(language, sentence)
    assert not [f for f in found if f.kind == "diagnosis"]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "You had the flu jab in October."),
        ("en", "No typhoid vaccine needed."),
        ("en", "Have you had the rabies vaccine?"),
        ("en", "You don't need the tetanus booster."),
        ("zh", "狂犬疫苗你打过没有？"),
        ("zh", "流感疫苗去年打过了。"),
        ("zh", "这次不用打破伤风疫苗。"),
    ],
)
def test_a_vaccine_given_before_or_not_needed_is_not_planned(language: str, sentence: str) -> None:
    assert not [f for f in _plans(language, sentence) if f.status == "planned"]


def test_a_combined_vaccine_is_one_order() -> None:
    found = _plans("en", "So today the diphtheria-tetanus-polio booster.")
    assert [f.concept.text.lower() for f in found] == ["diphtheria-tetanus-polio booster"]


@pytest.mark.parametrize(
    ("language", "sentence", "name"),
    [
        ("en", "I'm referring you for pulmonary rehab, and we can give you nicotine patches.", "pulmonary rehab"),
        ("en", "I'll book you in with the dietitian.", "dietitian"),
        ("en", "I'd send you to the surgeon about a reconstruction.", "refer to the surgeon"),
        ("en", "Before that, physio, four weeks.", "physio"),
        ("en", "Do TSH today, EEG in two weeks.", "eeg"),
        ("en", "DEET fifty per cent, nets, long sleeves at dusk.", "deet"),
        ("zh", "转到戒烟门诊看看。", "戒烟门诊"),
        ("zh", "HBV-DNA今天抽血查一下。", "hbv-dna"),
        ("zh", "彩超和心电图也查。", "心电图"),
    ],
)
def test_services_and_orders_by_what_stands_behind_them(language: str, sentence: str, name: str) -> None:
    assert name in _told(language, sentence)


@pytest.mark.parametrize("sentence", ["BP was 200 when you were in the hospital.", "It hurt when you were admitted."])
def test_what_was_is_no_advice_to_come_back(sentence: str) -> None:
    assert not [f for f in _plans("en", sentence) if f.get("category") == "return-precaution"]

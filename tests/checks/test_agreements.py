"""What agrees is no dispute: no two sayings of one state of affairs, however worded, make a contradiction."""

from __future__ import annotations

import pytest
from agreements import AGREEMENTS, Agreement
from contradiction_maker import allergy, condition, form, medication, operation, talk, visit
from contradiction_plants import en, zh

from syngraph.model import Draft


def disputes(draft: Draft) -> list[str]:
    return [f"{f.rule}: {f.message}" for f in draft.findings if f.kind in {"contradiction", "implausible"}]


@pytest.mark.parametrize("agreement", AGREEMENTS, ids=lambda a: f"{a.topic}-{a.language}")
def test_no_two_sayings_of_one_state_make_a_dispute(agreement: Agreement):
    told = [
        (pair, said)
        for pair in agreement.visits()
        if (said := disputes(visit(agreement.language, pair, agreement.patient)))
    ]
    assert told == []


@pytest.mark.parametrize(
    ("language", "said", "rule"),
    [
        ("en", [form("Reason", "Back pain going down my left leg"), talk("Doctor: Does it go anywhere?", "Patient: Down the leg. The right one.")], "side-said"),
        ("zh", [form("主诉", "腰痛伴左下肢放射痛2周"), zh("往腿上串吗？", "往右腿串，一直麻到脚背。")], "side-said"),
        ("en", [form("Reason", "Left ear blocked"), en("Which ear?", "The right one.")], "side-said"),
        ("zh", [form("是否正在备孕", "是，正在备孕"), zh("近期有怀孕打算吗？", "没有没有。")], "pregnancy-planned"),
        ("en", [form("Are you trying to conceive?", "Yes"), en("Any plans for a baby?", "No, not at the moment.")], "pregnancy-planned"),
        ("zh", [form("吸烟", "从不"), zh("抽烟吗？", "抽了二十年，去年刚戒。")], "social-status"),
        ("en", [form("Do you smoke?", "Never smoked"), en("Do you smoke?", "I used to, ten a day, I packed it in.")], "social-status"),
        ("en", [form("Do you vape?", "No"), en("Smoking?", "I vape now.")], "social-status"),
        ("zh", [form("慢性病", "无"), zh("以前有什么病？", "高血压十年了。")], "conditions-denied"),
        ("zh", [form("既往史", "体健"), condition("2型糖尿病")], "conditions-denied"),
        ("en", [form("Previous operations", "None"), operation("Appendectomy", "2011-03-02")], "procedures-denied"),
        ("en", [form("Past illnesses", "none"), condition("Type 2 diabetes mellitus")], "conditions-denied"),
        ("zh", [allergy("青霉素"), zh("青霉素过敏吗？", "不过敏。")], "allergy-denied"),
        ("en", [medication("Warfarin 5 mg", "5 mg once daily"), en("Do you take any medicines?", "No, none.")], "medications-denied"),
    ],
)  # fmt: skip
def test_true_disputes_of_the_same_topics_are_found(language, said, rule):
    draft = visit(language, said, {"birth_date": "1990-05-05"})
    assert rule in {f.rule for f in draft.findings}


def test_what_is_said_of_one_allergen_denies_that_alone():
    draft = visit("zh", [zh("青霉素过敏吗？", "不过敏，打过的。")])
    assert [(f.concept.id, f.status) for f in draft.facts if f.kind == "allergy"] == [
        ("drug:benzylpenicillin", "absent")
    ]
    assert any(
        "青霉素" in s.text for section in draft.sections if section.id == "allergies" for s in section.statements
    )

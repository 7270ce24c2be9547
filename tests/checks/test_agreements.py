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
        ("en", [form("Reason", "Back pain going down my left leg"), talk("Doctor: Does it go anywhere?", "Patient: Down the leg. The right one.")], "side-said|symptom-side|side-across"),
        ("zh", [form("主诉", "腰痛伴左下肢放射痛2周"), zh("往腿上串吗？", "往右腿串，一直麻到脚背。")], "side-said|symptom-side|side-across"),
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
        ("zh", [form("现在吃什么药", "优甲乐75μg每天一次"), zh("吃什么药？", "优甲乐，一天100微克。")], "medication-dose"),
        ("en", [form("Medications", "Levothyroxine 75 mcg daily"), en("What do you take?", "Levothyroxine 100 micrograms.")], "medication-dose"),
        ("zh", [medication("美托洛尔缓释片", "47.5mg 每日1次"), zh("美托洛尔怎么吃？", "美托洛尔一天半片，半片是23.75毫克。")], "medication-dose"),
        ("en", [form("Heart disease or sudden death in the family?", "No"), en("Family history?", "My dad. He dropped dead at forty-eight.")], "family-denied"),
        ("zh", [form("家里人有没有心脏病或猝死？", "没有"), zh("家里人身体怎么样？", "我哥四十多岁猝死的。")], "family-denied"),
        ("zh", [form("有没有耳鸣？", "有，右耳嗡嗡响"), zh("有冇耳鸣？", "冇，耳鸣冇。")], "symptom-status"),
        ("zh", [allergy("青霉素"), zh("青霉素过敏吗？", "不过敏。")], "allergy-denied"),
        ("en", [medication("Warfarin 5 mg", "5 mg once daily"), en("Do you take any medicines?", "No, none.")], "medications-denied"),
    ],
)  # fmt: skip
def test_true_disputes_of_the_same_topics_are_found(language, said, rule):
    draft = visit(language, said, {"birth_date": "1990-05-05"})
    assert set(rule.split("|")) & {f.rule for f in draft.findings}


def test_what_is_said_of_one_allergen_denies_that_alone():
    draft = visit("zh", [zh("青霉素过敏吗？", "不过敏，打过的。")])
    assert [(f.concept.id, f.status) for f in draft.facts if f.kind == "allergy"] == [
        ("drug:benzylpenicillin", "absent")
    ]
    assert any(
        "青霉素" in s.text for section in draft.sections if section.id == "allergies" for s in section.statements
    )


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", [form("Alcohol", "2-3 glasses of wine a week"), en("Energy drinks?", "No, those are gross.")]),
        ("en", [form("Alcohol", "2 beers a week"), en("Any fizzy drinks?", "No, never.")]),
        ("zh", [form("有没有高血压？", "高血压十年"), talk("医生：不过你有高血压，中风我不敢说完全排除。", "患者：知道了。")]),
        ("zh", [medication("美托洛尔缓释片", "47.5mg 每日1次"), zh("美托洛尔怎么吃？", "美托洛尔一天半片。")]),
    ],
)  # fmt: skip
def test_words_that_only_look_alike_make_no_dispute(language, said):
    assert disputes(visit(language, said, {"birth_date": "1970-05-05"})) == []


@pytest.mark.parametrize(
    ("language", "asked", "told", "plan", "sex"),
    [
        ("en", "How far along are you?", "Thirty-two weeks.", "I'll prescribe ibuprofen 400 mg three times a day.", "female"),
        ("zh", "怀孕多少周了？", "三十二周了。", "给你开点布洛芬，一次0.3克，一天两次。", "female"),
        ("en", "Any chance of a pregnancy?", "We're trying for a baby.", "I'll start you on doxycycline 100 mg twice a day.", "female"),
        ("zh", "有怀孕打算吗？", "在备孕呢。", "给你开多西环素0.1克，一天两次。", "female"),
        ("en", "Anything in the past?", "I had a bleeding stomach ulcer.", "I'll prescribe naproxen 500 mg twice a day.", "male"),
        ("zh", "以前得过什么病？", "前年胃溃疡出血住过院。", "给你开双氯芬酸钠，一天两次，一次一片。", "male"),
    ],
)  # fmt: skip
def test_a_drug_planned_against_a_state_told_in_the_room_is_a_safety_finding(language, asked, told, plan, sex):
    spoken = talk(f"Doctor: {asked}", f"Patient: {told}", f"Doctor: {plan}")
    draft = visit(language, [spoken], {"birth_date": "1990-05-05", "sex": sex})
    assert "safety" in {f.kind for f in draft.findings}

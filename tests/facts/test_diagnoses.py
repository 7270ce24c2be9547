"""Diagnoses said aloud: sure, suspected, ruled out, and what is none."""

from __future__ import annotations

import pytest

from tests.facts.talk import said

PAD = "D: 哪里不舒服？\nP: 有点不舒服。\nD: 多久了？\nP: 三天了。\n"


@pytest.mark.parametrize(
    ("talk", "name", "status"),
    [
        ("D: 我考虑左膝前交叉韧带断裂，内侧副韧带可能也有损伤。", "内侧副韧带损伤", "uncertain"),
        ("D: 考虑糖尿病周围神经病变。2型糖尿病，还有高血压。", "高血压", "present"),
        ("D: 考虑急性荨麻疹，跟前面感冒可能有关系。", "急性荨麻疹", "uncertain"),
        ("D: 我考虑抑郁症复发，双相要排除。", "双相情感障碍", "uncertain"),
        (
            "D: I think this is a moderate exacerbation of asthma, set off by a virus.",
            "Moderate exacerbation of asthma",
            "uncertain",
        ),
        ("D: It doesn't look like septic arthritis.", "Septic arthritis", "absent"),
        ("D: So, for your second problem, your hypertension, keep going.", "hypertension", "present"),
        ("D: Heart failure is stable. Keep going.", "heart failure, stable", "present"),
        (
            "D: I think you have a peptic ulcer, and iron deficiency anemia from the blood loss.",
            "iron deficiency anemia",
            "uncertain",
        ),
    ],
)
def test_a_conclusion_keeps_its_name_and_its_doubt(talk: str, name: str, status: str) -> None:
    found = {(n.lower(), s) for n, s in said(PAD * ("。" in talk) + talk, "diagnosis")}
    assert (name.lower(), status) in found


@pytest.mark.parametrize(
    ("talk", "name"),
    [
        ("D: 考虑急性荨麻疹，跟前面感冒可能有关系。", "感冒"),
        ("D: 这药吃了有可能血压高点儿，量着。", "高血压"),
        ("D: It's on TV for sugar, you don't have diabetes, it helps the heart too.", "diabetes"),
        ("D: I think this is asthma, set off by a virus.", "viral infection"),
        ("D: I need to figure out whether you have pneumonia.", "pneumonia"),
    ],
)
def test_causes_side_effects_and_asides_are_no_diagnoses(talk: str, name: str) -> None:
    assert name not in {n for n, _ in said(talk, "diagnosis")}


@pytest.mark.parametrize(
    ("talk", "name", "status"),
    [
        (
            "D: Iron deficiency anaemia, and with the weight loss I need to look further.",
            "Iron deficiency anaemia",
            "present",
        ),
        ("D: With the weight loss I can't rule out a bowel cancer.", "colorectal cancer", "uncertain"),
        ("D: So this is a reducible right inguinal hernia.", "right inguinal hernia", "present"),
        ("D: There it is, right inguinal hernia.", "right inguinal hernia", "present"),
        ("D: It's sciatica, really.", "sciatica", "present"),
        ("D: What you have is gout.", "gout", "present"),
        ("D: I can't tell you whether that's SVT or something else.", "supraventricular tachycardia", "uncertain"),
        ("D: I also wonder about osteoporosis.", "osteoporosis", "uncertain"),
        ("D: Right. It's an IgE-mediated peanut allergy.", "IgE-mediated peanut allergy", "present"),
        ("D: And her eczema's flaring.", "eczema, flaring", "present"),
        (
            "D: I think it's a moderate to severe depressive episode.",
            "moderate to severe depressive episode",
            "uncertain",
        ),
        ("D: 那就是右踝外侧副韧带损伤，韧带有没有完全断现在不敢说死。", "右踝外侧副韧带损伤", "present"),
        ("D: 后循环缺血我唔敢话完全排除。", "后循环缺血", "uncertain"),
        ("D: 血红蛋白108，轻度贫血，其他还好。", "轻度贫血", "present"),
        ("D: 類風濕關節炎目前算中度活動。", "类风湿关节炎，目前算中度活动", "present"),
    ],
)
def test_a_disease_is_concluded_without_a_word_that_says_so(talk: str, name: str, status: str) -> None:
    found = {(n.lower(), s) for n, s in said(PAD * ("。" in talk) + talk, "diagnosis")}
    assert (name.lower(), status) in found


@pytest.mark.parametrize(
    "talk",
    [
        "D: And then other things like COPD, pulmonary fibrosis.",
        "D: Anything else?\nP: I have diabetes.\nD: Diabetes.",
        "D: 一般轻度的黄疸不用管。",
        "D: The scan showed a pregnancy in the womb.",
        "D: The risks are bleeding, infection, stroke.",
        "D: You can keep on with paracetamol if you like, or ibuprofen for migraine.",
    ],
)
def test_what_is_general_repeated_or_feared_is_no_diagnosis(talk: str) -> None:
    assert {s for _, s in said(talk, "diagnosis")} <= {"uncertain", "absent"}


@pytest.mark.parametrize(
    ("talk", "name", "status"),
    [
        ("D: So, for your third problem, your reflux, we'll keep the tablets as they are.", "reflux", "present"),
        ("D: From an asthma point of view you're doing well.", "asthma", "present"),
        ("D: And in terms of your gout, I know that we tried a diet before.", "gout", "present"),
        ("D: It sounds like your epilepsy's stable, so nothing changes.", "epilepsy, stable", "present"),
        ("D: 高血压这块呢，药照吃。", "高血压", "present"),
    ],
)
def test_a_known_disease_under_review_is_one_of_todays(talk: str, name: str, status: str) -> None:
    assert (name, status) in said(talk, "diagnosis")


@pytest.mark.parametrize(
    ("talk", "name", "status"),
    [
        ("D: The X-ray shows a fracture of the wrist.", "fracture of the wrist", "present"),
        ("D: There's an undisplaced fracture of the ankle on the film.", "fracture", "present"),
        ("D: 片子上看是有个肺炎。", "肺炎", "present"),
    ],
)
def test_a_result_read_aloud_is_concluded_from(talk: str, name: str, status: str) -> None:
    assert any(n.startswith(name) and s == status for n, s in said(talk, "diagnosis"))


@pytest.mark.parametrize(
    "talk",
    [
        "D: The X-ray shows no fracture.",
        "D: For your risk of stroke we'll start a statin.",
        "D: Possible causes are alcohol, hepatitis, cirrhosis.",
        "D: 化验一下看看是病毒感染还是细菌感染。",
        "D: 祝身体健康。",
    ],
)
def test_what_is_not_there_a_risk_or_an_alternative_is_no_diagnosis(talk: str) -> None:
    assert not {n for n, s in said(talk, "diagnosis") if s != "absent"}


@pytest.mark.parametrize(
    ("talk", "name", "status"),
    [
        ("D: I'd like to rule out sleep apnoea.", "obstructive sleep apnea", "uncertain"),
        ("D: With the blood I have to exclude bladder cancer.", "bladder cancer", "uncertain"),
        ("D: Typhoid and dengue are less likely.", "typhoid fever", "uncertain"),
        ("D: This could well be malaria, until proven otherwise.", "malaria", "uncertain"),
        ("D: 我的考虑是慢性胃炎。", "慢性胃炎", "present"),
        ("D: 考虑慢性乙型肝炎，停药以后复发了。", "慢性乙型肝炎", "present"),
        ("D: 考虑慢性乙型肝炎。", "慢性乙型肝炎", "uncertain"),
        ("D: 可能就是个感冒。", "感冒", "uncertain"),
        ("D: 对，胆囊结石伴慢性胆囊炎。", "慢性胆囊炎", "present"),
    ],
)
def test_how_sure_it_is_follows_the_last_word_on_it(talk: str, name: str, status: str) -> None:
    assert (name, status) in said(talk, "diagnosis")


def test_talk_without_marks_is_read_in_stretches() -> None:
    talk = (
        "D: okay now your vitals look good so i'm going to feel your belly now and do you have any pain when i press okay"
        " so let me tell you about my plan okay so for your first problem your kidney stone i want to get a scan okay"
        " and then for your second problem your hypertension let's continue the tablets okay any questions"
    )
    assert {("kidney stone", "present"), ("hypertension", "present")} <= said(talk, "diagnosis")

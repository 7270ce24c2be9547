"""Headings, section codes and questions lead to the section that they are about."""

from __future__ import annotations

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syngraph.model import SECTION_IDS
from syngraph.terminology.sections import section_of, section_of_code, topic_of

HEADINGS = {
    "chief-complaint": ["主诉", "主 诉", "【主诉】", "一、主诉：", "Chief Complaint", "CC:", "REASON FOR VISIT"],
    "history-of-present-illness": ["现病史", "二、现病史", "诊疗经过", "HPI", "History of Present Illness:", "Hospital Course"],
    "past-history": ["既往史", "(3) 既往史：", "手术史", "預防接種史", "Past Medical History", "PMH", "Past Surgical History", "## Problem List"],
    "medications": ["出院带药", "用药史", "Medications", "Discharge Medications", "Current Medications:"],
    "allergies": ["过敏史", "藥物過敏史", "Allergies", "Allergies and Adverse Reactions"],
    "personal-history": ["个人史", "吸烟史", "Social History", "Substance Use"],
    "reproductive-history": ["月经史", "婚育史", "月经、婚育史", "OB/GYN History"],
    "family-history": ["家族史", "Family History", "FHx"],
    "review-of-systems": ["系统回顾", "ROS", "Review of Systems"],
    "vital-signs": ["生命体征", "Vital Signs", "Vitals:"],
    "physical-examination": ["体格检查", "查体：", "查体如下：", "专科检查", "Physical Exam", "O/E", "Objective"],
    "investigations": ["辅助检查", "影像所见", "检查所见：", "超声所见", "影像表现", "诊断意见", "印象", "结论", "检查结论", "Findings", "IMPRESSION:", "Impression (final)", "Results"],
    "assessment": ["入院诊断", "出院诊断：", "初步诊断", "诊断", "门（急）诊诊断", "Assessment", "Assessment and Plan", "A/P", "Discharge Diagnosis"],
    "plan": ["出院医嘱", "建议", "处理", "处理意见", "Plan", "Plan:", "Recommendations", "Follow-up", "Discharge Instructions"],
}  # fmt: skip
CODES = {
    "10154-3": "chief-complaint", "46239-0": "chief-complaint", "10164-2": "history-of-present-illness",
    "8648-8": "history-of-present-illness", "11348-0": "past-history", "11450-4": "past-history",
    "56836-0": "past-history", "11369-6": "past-history", "47519-4": "past-history", "10160-0": "medications",
    "10183-2": "medications", "48765-2": "allergies", "29762-2": "personal-history", "49033-4": "reproductive-history",
    "10157-6": "family-history", "10187-3": "review-of-systems", "8716-3": "vital-signs",
    "29545-1": "physical-examination", "30954-2": "investigations", "18782-3": "investigations",
    "19005-8": "investigations", "51848-0": "assessment", "51847-2": "assessment", "29548-5": "assessment",
    "11535-2": "assessment", "18776-5": "plan", "46209-3": "plan", "8653-8": "plan",
}  # fmt: skip
QUESTIONS = {
    "chief-complaint": ["哪里不舒服？", "您这次来想看什么？", "What brings you in today?", "What seems to be the problem?"],
    "history-of-present-illness": [
        "多久了？", "什么情况下会加重？", "还有其他不舒服吗？", "这次发病后吃过什么药？", "睡眠怎么样？", "最近体重有变化吗？",
        "How long has this been going on?", "Does anything make it worse?", "What have you tried for it?",
        "Is the pain worse with exercise?", "Have you lost any weight?",
    ],
    "past-history": [
        "有没有慢性病？", "做过手术吗？", "以前住过院吗？", "有过敏性鼻炎吗？", "Any long-term conditions?",
        "Have you had any operations?", "Have you had your flu jab?",
    ],
    "medications": ["正在吃的药", "平时吃什么药？", "目前服用哪些保健品", "Are you taking any medications?", "Any supplements?"],
    "allergies": ["过敏", "您对什么药物过敏？", "对任何藥物過敏嗎", "Any allergies?", "Ever had a bad reaction to a drug?"],
    "personal-history": ["吸烟喝酒吗？", "每天抽几支烟？", "您的职业是？", "跟谁住？", "Do you smoke?", "How much do you drink?", "Who do you live with?"],
    "reproductive-history": ["末次月经是哪天？", "有没有可能怀孕？", "在哺乳吗？", "When was your last period?", "Are you pregnant?"],
    "family-history": ["家里人有没有类似的病？", "父母有高血压吗？", "家人有过敏吗", "Has anyone in your family had a stroke?", "Family history"],
    "vital-signs": ["身高体重", "今天的体温多少？", "What is your height?"],
    "investigations": ["做过什么检查？", "Have you had any tests?", "Test results"],
}  # fmt: skip


@pytest.mark.parametrize(("title", "section"), [(t, s) for s, titles in HEADINGS.items() for t in titles])
def test_printed_headings(title: str, section: str) -> None:
    assert section_of(title) == section


@pytest.mark.parametrize(
    "text",
    ["患者3天前出现咳嗽。", "否认过敏史", "无", "", "2.5", "3.", "一", "The patient has a plan to travel", "血红蛋白", "咳嗽与发热", "/", "既往史不详，家族史不详，其余情况均未能提供" * 4],
)  # fmt: skip
def test_what_is_no_heading_is_none(text: str) -> None:
    assert section_of(text) is None


def test_of_a_double_heading_the_first_half_decides_and_both_must_be_known() -> None:
    assert section_of("既往史及个人史") == "past-history"
    assert section_of("Social History and Family History") == "personal-history"
    assert section_of("既往史及天气") is None


@pytest.mark.parametrize(("code", "section"), CODES.items())
def test_loinc_codes(code: str, section: str) -> None:
    assert section_of_code(f" {code} ") == section


def test_an_unknown_code_is_none() -> None:
    assert section_of_code("00000-0") is None


@pytest.mark.parametrize(("question", "section"), [(q, s) for s, qs in QUESTIONS.items() for q in qs])
def test_what_a_question_is_about(question: str, section: str) -> None:
    assert topic_of(question) == section


@pytest.mark.parametrize("question", ["您叫什么名字？", "手机号", "What is your name?", "Date of birth", ""])
def test_a_question_about_nothing_medical_is_none(question: str) -> None:
    assert topic_of(question) is None


@given(st.text())
def test_any_text_gives_a_section_or_none(text: str) -> None:
    for found in (section_of(text), topic_of(text), section_of_code(text)):
        assert found is None or found in SECTION_IDS


def test_every_row_names_a_section_and_no_heading_stands_twice() -> None:
    text = files("syngraph.terminology").joinpath("data/sections.tsv").read_text(encoding="utf-8")
    seen: dict[str, str] = {}
    for line in text.splitlines():
        if line.startswith(("#", "row\t")):
            continue
        row, section, priority, zh, en = line.split("\t")
        assert row in {"title", "code", "topic"}
        assert section in SECTION_IDS
        assert (row == "topic") == priority.isdigit()
        for name in (*zh.split("|"), *en.split("|")):
            if row != "topic" and name:
                assert seen.setdefault(f"{row} {name.lower()}", section) == section

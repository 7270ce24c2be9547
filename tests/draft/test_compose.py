from __future__ import annotations

import re
from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syngraph.draft.compose import compose, left_out, superseded, support_of
from syngraph.draft.templates import list_templates, load_template
from syngraph.model import Concept, Evidence, Fact, FactId, Group, SourceId
from tests.draft.visits import VISITS, Visit, chest, dysuria, text_of

TEMPLATES = [t.id for t in list_templates()]
OWN = {
    "chest": "zh-outpatient-initial",
    "dysuria": "en-consultation",
    "feverish_child": "zh-outpatient-initial",
    "diabetes_followup": "zh-outpatient-followup",
    "knee": "en-consultation",
    "stroke_admission": "zh-admission",
    "eczema_online": "zh-online-consultation",
    "cough_disputed": "zh-outpatient-initial",
    "low_mood": "en-soap",
    "bleeding": "zh-outpatient-initial",
    "elderly_english": "en-consultation",
    "nosebleed": "zh-outpatient-initial",
    "refill": "en-consultation",
}
EVERY = [(v, t) for v in VISITS for t in TEMPLATES]
#: Seams of templates and doubled words that no clinician writes.
SEAMS = re.compile(
    r"出现出现|伴伴|，，|、、|。。|；；|，。|、。|天天前|前前|过敏过敏|病病|史史|无无|\{|\}|None|  |,,|\.\.|,\.|: \.|：。|（）|\(\)|\bfor for\b|\bsince since\b|\bwith with\b",
    re.IGNORECASE,
)


def statements(sections):
    return [s for section in sections for s in section.statements]


# -- the two examples of the standard ---------------------------------------------------------------------


def test_the_chest_visit_reads_as_a_clinician_writes():
    assert text_of(chest().draft("zh-outpatient-initial")).splitlines() == [
        "主诉 胸闷半月。",
        "现病史 患者半月前出现胸闷，呈压迫感，快走、爬楼时加重，休息三五分钟后缓解，伴少量出汗、后背发紧。上周出现夜间憋醒1次，坐起后缓解。无上肢放射痛。",
        "既往史 高血压病2级。2024年12月行胃镜下止血。",
        "过敏史 〔待确认〕本院2019年记录青霉素过敏（皮疹）；预问诊、诊室否认过敏。",
        "用药 氨氯地平 5 mg，每日1次。阿司匹林，2024年12月因胃出血停用。",
        "个人史 〔待确认〕预问诊称已戒烟；诊室述偶尔吸烟。",
        "家族史 父亲有心脏病史。",
        "体格检查 心率 88 次/分，血压 152/94 mmHg。律齐，未闻及杂音，双下肢无水肿。",
        "辅助检查 2026-10-30 XX市第一人民医院：LDL-C 4.12 mmol/L ↑（参考 <3.40），TG 1.9 mmol/L ↑（参考 <1.70），空腹血糖 5.6 mmol/L。",
        "初步诊断 冠心病？心绞痛待排。",
        "处理 完善心电图、肌钙蛋白。阿托伐他汀 20 mg，每晚1次。如夜里再憋醒、疼得超过一刻钟，立即来急诊。",
    ]


def test_the_dysuria_visit_reads_as_a_clinician_writes():
    draft = dysuria().draft("en-consultation")
    assert text_of(draft, "history-of-present-illness").endswith(
        "Reports dysuria since Saturday, recurrent, with urinary frequency (every half hour) and mild left back soreness. "
        "Denies fever and visible blood in the urine. Took trimethoprim for 2 days."
    )
    assert "Recurrent dysuria for 3 days" in text_of(draft, "chief-complaint")
    assert "[To confirm] EMR (2022): trimethoprim-sulfamethoxazole allergy (hives); form: sulfa allergy." in text_of(
        draft
    )
    assert "Mother: kidney stones." in text_of(draft, "family-history")
    assert "Last menstrual period 6 weeks ago." in text_of(draft)
    assert "City Urgent Care, 2026-11-16: Urine culture E. coli > 100,000 CFU/mL." in text_of(draft, "investigations")
    assert "Nitrofurantoin 100 mg twice daily for 5 days [see safety finding]." in text_of(draft, "plan")
    assert "No left flank tenderness." in text_of(draft, "physical-examination")


# -- properties of every draft ----------------------------------------------------------------------------


@pytest.mark.parametrize(("visit", "template"), EVERY)
def test_every_statement_has_facts_and_all_their_evidence_and_no_other(visit, template):
    made = VISITS[visit]()
    facts = {f.id: f for g in made.merged() for f in g.facts}
    texts = {s.id: s.text for s in made.sources}
    for s in statements(made.draft(template)):
        assert s.facts
        own = {e for f in s.facts for e in facts[f].evidence}
        assert own <= set(s.evidence)
        # What is added is the head of a source that the facts come from, and says something.
        for e in set(s.evidence) - own:
            assert e.source in {o.source for o in own}
            assert texts[e.source][e.start : e.end].strip()


@pytest.mark.parametrize(("visit", "template"), EVERY)
def test_every_fact_is_stated_once_or_left_out_with_a_reason(visit, template):
    made = VISITS[visit]()
    sections = made.draft(template)
    told: dict[str, int] = {}
    for section in sections:
        for s in section.statements:
            plain = section.id != "chief-complaint" and not s.text.startswith(("〔待确认〕", "[To confirm]"))
            for f in s.facts:
                told[f] = told.get(f, 0) + plain
    missing = dict(left_out(made.merged(), sections))
    for group in made.merged():
        for fact in group.facts:
            assert (fact.id in told) != (fact.id in missing)
            assert told.get(fact.id, 0) <= 1
            assert missing.get(fact.id, "x")


@pytest.mark.parametrize(("visit", "template"), EVERY)
def test_statements_are_numbered_in_reading_order_and_no_section_is_empty(visit, template):
    made = VISITS[visit]()
    sections = made.draft(template)
    order = [s.id for s in load_template(template).sections]
    assert [s.id for s in statements(sections)] == [f"st{n + 1}" for n in range(len(statements(sections)))]
    assert [order.index(s.id) for s in sections] == sorted(order.index(s.id) for s in sections)
    assert all(s.statements for s in sections)
    assert made.draft(template) == sections


@pytest.mark.parametrize(("visit", "template"), EVERY)
def test_the_chief_complaint_is_short_and_the_text_has_no_seams(visit, template):
    made = VISITS[visit]()
    spec = load_template(template)
    for section in made.draft(template):
        for s in section.statements:
            assert not SEAMS.search(s.text), s.text
            assert s.text == s.text.strip()
            if section.id == "chief-complaint":
                assert len(s.text) <= spec.max_chief_complaint


@pytest.mark.parametrize("visit", VISITS)
def test_numbers_and_doses_carry_across_languages(visit):
    made = VISITS[visit]()
    zh, en = text_of(made.draft("zh-admission")), text_of(made.draft("en-consultation"))
    for group in made.merged():
        for fact in group.facts:
            value = fact.get("value") or (fact.get("dose") or "").split(" ")[0]
            assert (value in zh) == (value in en)


# -- one rule at a time -----------------------------------------------------------------------------------


def wrote(visit, section, template=None):
    made = VISITS[visit]()
    return text_of(made.draft(template or OWN[visit]), section)


def test_a_child_is_a_child_and_its_mother_treats_it():
    text = wrote("feverish_child", "history-of-present-illness")
    assert "患儿2天前出现发热，伴咳痰、呕吐1次。昨天出现咳嗽，晚上加重。" in text
    assert "自测体温 39.1 ℃。" in text
    assert "自行服用布洛芬混悬液 5 mL，症状未见好转。" in text
    assert "病程中无腹泻，精神可，食欲不振，失眠。" in text
    assert "3天后复诊。" in wrote("feverish_child", "plan")
    assert "38.6" in wrote("feverish_child", "physical-examination")


def test_a_return_visit_may_come_for_a_condition():
    assert wrote("diabetes_followup", "chief-complaint") == "主诉 2型糖尿病复诊，口干。"
    assert "糖尿病" not in wrote("diabetes_followup", "chief-complaint", "zh-outpatient-initial")
    assert "患者诉口干，较前好转。" in wrote("diabetes_followup", "history-of-present-illness")
    assert "〔待确认〕预问诊称、本院记录使用二甲双胍 0.5 g，每日2次；诊室述使用二甲双胍，每日3次。" in wrote(
        "diabetes_followup", "medications"
    )
    assert "已戒酒3年（既往2两/天）。" in wrote("diabetes_followup", "personal-history")
    assert "3个月后复查糖化血红蛋白。" in wrote("diabetes_followup", "plan")


def test_a_visit_for_nothing_but_a_condition_still_has_a_complaint():
    v = Visit(language="zh", texts={"pre": "看高血压"})
    v.said("condition", "高血压", "pre:看高血压", chief=1)
    assert text_of(v.draft("zh-outpatient-initial"), "chief-complaint") == "主诉 高血压就诊。"
    assert text_of(v.draft("zh-outpatient-followup"), "chief-complaint") == "主诉 高血压复诊。"
    v = Visit(language="zh", texts={"pre": "体检血糖高"})
    v.said("lab-result", "血糖", "pre:体检血糖高", chief=1, flag="high")
    assert text_of(v.draft("zh-outpatient-initial"), "chief-complaint") == "主诉 检查发现血糖升高。"


def test_a_side_that_sources_dispute_is_marked_in_each_place():
    made = VISITS["knee"]()
    sections = made.draft("en-consultation")
    by_id = {s.id: s.statements for s in sections}
    assert by_id["chief-complaint"][0].text == "Left knee pain for 2 weeks (to confirm)."
    assert by_id["history-of-present-illness"][0].text.startswith(
        "[To confirm] Reports severe left knee pain for 2 weeks"
    )
    assert by_id["investigations"][0].text.startswith("[To confirm] North Clinic, 2026-11-12: MRI knee (right-sided)")
    assert {by_id[k][0].support for k in ("chief-complaint", "history-of-present-illness", "investigations")} == {
        "conflicting"
    }
    assert by_id["assessment"][0].support == "single"


def test_a_disputed_length_is_given_from_both_sides_and_decided_nowhere():
    text = wrote("cough_disputed", None)
    assert "主诉 咳嗽（3天/2周，待确认）。" in text
    assert "〔待确认〕预问诊称咳嗽3天；诊室述咳嗽2周。" in text
    assert "〔待确认〕预问诊称发热；诊室否认发热。" in text
    assert "天前" not in text
    assert "周前" not in text
    assert "曾有头痛（2026-11-01）。" in text


def test_review_of_systems_holds_what_the_form_asked_of_other_organs():
    assert "呼吸系统：无咳嗽。" in wrote("stroke_admission", "review-of-systems")
    assert "咳嗽" in wrote("stroke_admission", "history-of-present-illness", "zh-outpatient-initial")
    assert "Respiratory: denies cough." in wrote("stroke_admission", "review-of-systems", "en-consultation")


def test_an_outside_diagnosis_stands_with_hospital_and_the_date_of_its_report():
    made = VISITS["stroke_admission"]()
    past = next(s for s in made.draft("zh-admission") if s.id == "past-history")
    said = next(s for s in past.statements if "脑萎缩" in s.text)
    assert said.text == "2025-06-12于市二院诊断脑萎缩。"
    texts = {s.id: s.text for s in made.sources}
    assert "2025-06-12" in "".join(texts[e.source][e.start : e.end] for e in said.evidence)


def test_six_sections_take_in_everything():
    sections = VISITS["eczema_online"]().draft("zh-online-consultation")
    assert [s.title for s in sections] == ["主诉", "现病史", "既往史", "诊断", "建议"]
    assert text_of(sections, "past-history") == "既往史 否认慢性病史。海鲜过敏（皮疹）。妊娠（20周）。母亲有哮喘病史。"


def test_resolved_complaints_and_stopped_drugs():
    assert "Chest tightness, now resolved." in wrote("low_mood", "history-of-present-illness")
    assert "Sertraline, stopped in 2024 because of nausea." in wrote("low_mood", "medications")
    assert wrote("low_mood", "allergies").endswith("No known allergies.")
    assert "Drinks alcohol, 14 units/week." in wrote("low_mood", "personal-history")


def test_gynaecology():
    assert "患者约10天前出现阴道出血，量多，伴下腹坠胀。" in wrote("bleeding", "history-of-present-illness")
    assert "末次月经上个月10号。" in wrote("bleeding", "reproductive-history")
    assert "2026-11-05 妇幼保健院：子宫附件超声：子宫肌瘤（32×28 mm）；宫腔内节育器。" in wrote(
        "bleeding", "investigations"
    )


def test_a_long_panel_names_its_house_once_the_abnormal_first_and_values_as_received():
    text = wrote("elderly_english", "investigations")
    assert text.index("Sodium 128 mmol/L ↓") < text.index("Potassium 4.1")
    assert text.count("Hill Hospital Laboratory, 2026-11-19:") == 1
    assert "Same report, others:" in text
    assert "White cells 7.10" in text
    assert "Stop indapamide." in wrote("elderly_english", "plan")
    assert "Possible stroke." in wrote("elderly_english", "past-history")


def test_negatives_and_denials():
    text = wrote("nosebleed", None)
    assert "无鼻塞。否认无力。未用药治疗。" in text
    assert "否认高血压、糖尿病史。" in text
    assert "否认饮酒、吸烟史。" in text
    assert "否认鼻出血家族史。" in text
    assert "鼻咽癌已排除。" in text
    assert "每天早上，每次持续5分钟" in text


def test_another_persons_cough_is_never_the_patients():
    made = VISITS["refill"]()
    sections = made.draft("en-consultation")
    assert [s.id for s in sections] == ["chief-complaint", "medications", "family-history"]
    assert "Brother: cough." in text_of(sections)
    assert left_out(made.merged(), sections) == ((FactId("f3"), "administrative: belongs to the encounter's header"),)


def test_support_is_no_better_than_the_weakest_fact():
    v = chest()
    by_text = {s.text: s.support for s in statements(v.draft("zh-outpatient-initial"))}
    assert by_text["高血压病2级。"] == "corroborated"
    assert by_text["父亲有心脏病史。"] == "single"
    assert by_text["氨氯地平 5 mg，每日1次。"] == "corroborated"
    assert support_of([v.groups[0][0], v.groups[1][0]], frozenset()) == "single"
    assert support_of([v.groups[0][0]], frozenset({FactId("f1")})) == "conflicting"


def test_only_the_newest_points_of_the_hospitals_own_series_are_written():
    v = Visit(language="zh", texts={"emr": " ".join(f"2026-0{n}-01 钾 4.{n}" for n in range(1, 6))})
    for n in range(1, 6):
        v.said(
            "lab-result",
            "钾",
            f"emr:2026-0{n}-01 钾 4.{n}",
            who=("this-hospital",),
            value=f"4.{n}",
            unit="mmol/L",
            date=f"2026-0{n}-01",
            same=n > 1,
        )
    sections = v.draft("zh-outpatient-initial")
    text = text_of(sections)
    assert "4.5" in text
    assert "4.4" in text
    assert "4.3" not in text
    assert [reason for _, reason in left_out(v.merged(), sections)] == [
        "an older result of this hospital; the newer ones are stated"
    ] * 3
    v.disagree("f1", kind="implausible")
    assert "4.1" in text_of(v.draft("zh-outpatient-initial"))
    assert superseded(Group(facts=(v.groups[0][0],), mentions=(v.groups[0][0],))) == []


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        (
            {"category": "medication", "dose": "10 mg", "frequency": "qd", "action": "continue"},
            "继续甲药 10 mg，每日1次。",
        ),
        ({"category": "medication", "action": "stop"}, "停用甲药。"),
        ({"category": "medication", "indication": "咳嗽", "timing": "餐后"}, "甲药，餐后（用于咳嗽）。"),
        ({"category": "test", "when": "P1M"}, "1个月后完善甲药。"),
        ({"category": "procedure"}, "拟行甲药。"),
        ({"category": "referral"}, "转诊：甲药。"),
        ({"category": "follow-up", "when": "P2W"}, "2周后复诊（甲药）。"),
        ({"category": "return-precaution"}, "如出现甲药，及时就诊。"),
        ({}, "甲药。"),
    ],
)
def test_steps_of_a_plan(attributes, expected):
    v = Visit(language="zh", texts={"talk": "甲药"})
    v.said("plan", "甲药", "talk:甲药", who=("doctor",), status="planned", **attributes)
    assert text_of(v.draft("zh-outpatient-initial")) == f"处理 {expected}"


@pytest.mark.parametrize(
    ("category", "expected"),
    [("medication", "暂不使用甲药。"), ("test", "暂不行甲药。"), ("advice", "暂不甲药。")],
)
def test_what_the_clinician_will_not_do(category, expected):
    v = Visit(language="zh", texts={"talk": "不用甲药"})
    v.said("plan", "甲药", "talk:不用甲药", who=("doctor",), status="absent", category=category)
    assert text_of(v.draft("zh-outpatient-initial")) == f"处理 {expected}"


@pytest.mark.parametrize(
    ("kind", "what", "status", "attributes", "zh", "en"),
    [
        ("condition", "哮喘", "present", {"duration": "P10Y"}, "哮喘病史10年。", "哮喘 for 10 years."),
        ("condition", "冠心病", "historical", {"date": "2015"}, "曾患冠心病（2015年）。", "History of 冠心病 (2015)."),
        ("condition", "高血压", "present", {"stage": "2级"}, "高血压（2级）。", "高血压 (2级)."),
        ("diagnosis", "胃炎", "present", {}, "曾诊断胃炎。", "Previously diagnosed 胃炎."),
        ("procedure", "剖宫产", "absent", {}, "否认剖宫产史。", "No history of 剖宫产."),
        ("procedure", "手术", "uncertain", {}, "可能行手术。", "Possible 手术."),
        ("procedure", "阑尾切除术", "present", {"duration": "P10Y"}, "10年前行阑尾切除术。", "阑尾切除术 (10 years ago)."),
        ("immunization", "流感", "present", {"date": "2015"}, "已接种流感疫苗（2015年）。", "流感 vaccine given (2015)."),
        ("medication", "甲药", "absent", {}, "未使用甲药。", "Not taking 甲药."),
        ("medication", "甲药", "historical", {}, "甲药，已停用。", "甲药, stopped."),
        ("medication", "甲药", "present", {"indication": "便秘", "timing": "睡前", "duration": "P1M"}, "甲药，睡前，用药1个月（用于便秘）。", "甲药, 睡前, for 1 month (for 便秘)."),
        ("medication", "甲药", "absent", {"self": "1"}, "未服用甲药。", "Has not taken 甲药."),
        ("medication", "甲药", "planned", {"dose": "5 mg"}, "甲药 5 mg。", "甲药 5 mg."),
        ("allergy", "青霉素", "uncertain", {"reaction": "皮疹"}, "可疑青霉素过敏（皮疹）。", "Possible 青霉素 allergy (皮疹)."),
        ("allergy", "青霉素", "historical", {}, "曾有青霉素过敏。", "Previous 青霉素 allergy."),
        ("allergy", "花粉过敏", "present", {"severity": "mild"}, "花粉过敏（轻度）。", "花粉过敏 (mild)."),
        ("allergy", "青霉素", "absent", {}, "否认青霉素过敏史。", "Denies allergy to 青霉素."),
        ("family-history", "糖尿病", "uncertain", {"subject": "mother", "age": "P50Y"}, "母亲可疑糖尿病史（50岁）。", "Mother: possible 糖尿病 (age 50)."),
        ("family-history", "糖尿病", "absent", {"subject": "father"}, "父亲无糖尿病史。", "Father: no 糖尿病."),
        ("procedure", "胆囊切除术", "planned", {}, "拟行胆囊切除术。", "胆囊切除术."),
    ],
)  # fmt: skip
def test_sentences_of_the_histories(kind, what, status, attributes, zh, en):
    who = ("patient",)
    attributes = dict(attributes)
    subject = attributes.pop("subject", "patient")
    v = Visit(language="zh", texts={"talk": f"{what} 2015"})
    v.said(kind, what, f"talk:{what} 2015", who=who, status=status, subject=subject, **attributes)
    expected_zh, expected_en = text_of(v.draft("zh-admission")), text_of(v.draft("en-consultation"))
    assert expected_zh.split(" ", 1)[1] == zh
    assert en in expected_en


@pytest.mark.parametrize(
    ("concept", "status", "attributes", "zh", "en"),
    [
        ("social:smoking", "present", {"amount": "20", "per": "day", "duration": "P10Y"}, "吸烟，20支/天，10年。", "Smokes, 20 cigarettes/day, for 10 years."),
        ("social:smoking", "historical", {"ended": "2015"}, "已戒烟（2015年）。", "Former smoker, quit in 2015."),
        ("social:smoking", "historical", {"ended_for": "P2Y", "amount": "1 packs", "per": "day"}, "已戒烟2年（既往1包/天）。", "Former smoker, quit 2 years ago (previously 1 pack/day)."),
        ("social:drugs", "historical", {}, "既往毒品接触，已停止。", "Former recreational drug use."),
        ("social:alcohol", "uncertain", {}, "可疑饮酒。", "Possible drinks alcohol."),
        ("social:alcohol", "present", {"amount": "二两，每天"}, "饮酒，二两，每天。", "Drinks alcohol, 二两，每天."),
        ("social:exercise", "present", {"frequency": "bid"}, "运动：每日2次。", "Exercise: twice daily."),
        ("social:occupation", "present", {"text": "教师"}, "职业：教师。", "Occupation: 教师."),
        ("social:any", "absent", {}, "无特殊嗜好。", "No relevant social history."),
        ("social:pets", "present", {"text": "宠物接触：猫"}, "宠物接触：猫。", "Pets: 宠物接触：猫."),
    ],
)  # fmt: skip
def test_sentences_of_the_personal_history(concept, status, attributes, zh, en):
    v = Visit(language="zh", texts={"talk": "抽烟 2015"})
    v.said("social-history", "习惯", "talk:抽烟 2015", status=status, id=concept, **attributes)
    assert text_of(v.draft("zh-admission")) == f"个人史 {zh}"
    assert text_of(v.draft("en-consultation")) == f"Social history {en}"


@pytest.mark.parametrize(
    ("concept", "status", "attributes", "zh", "en"),
    [
        ("lmp", "present", {"date": "2026-10-10"}, "末次月经2026-10-10。", "Last menstrual period 2026-10-10."),
        ("menopause", "present", {}, "已绝经。", "Postmenopausal."),
        ("menopause", "absent", {}, "未绝经。", "Not postmenopausal."),
        ("pregnancy", "uncertain", {}, "妊娠待排。", "Possible pregnancy."),
        ("gravida-para", "present", {"gravida": "2", "para": "1"}, "孕产次：G2P1。", "Obstetric history: G2P1."),
        ("cycle", "present", {"duration": "P28D"}, "月经周期：28天。", "Menstrual cycle: 28 days."),
        ("menarche", "present", {"value": "13", "unit": "岁"}, "初潮：13 岁。", "Menarche: 13 years."),
        ("other", "absent", {}, "否认某事。", "Denies 某事."),
        ("lmp", "present", {"date": "2026-11-08", "text": "初八"}, "末次月经初八。", "Last menstrual period 初八."),
    ],
)
def test_sentences_of_the_reproductive_history(concept, status, attributes, zh, en):
    words = "初八" if "text" in attributes else "某事 2026-10-10"
    v = Visit(language="zh", texts={"talk": words})
    v.said("reproductive-history", "某事", f"talk:{words}", status=status, id=f"reproductive:{concept}", **attributes)
    assert text_of(v.draft("zh-admission")) == f"婚育史、月经史 {zh}"
    assert text_of(v.draft("en-consultation")) == f"Reproductive history {en}"


@pytest.mark.parametrize(
    ("kind", "what", "status", "attributes", "zh"),
    [
        ("lab-result", "血糖", "present", {"flag": "high"}, "患者述血糖升高。"),
        ("lab-result", "血糖", "present", {}, "患者述已行血糖。"),
        ("lab-result", "血糖", "absent", {}, "患者述未行血糖。"),
        ("lab-result", "乙肝表面抗原", "present", {"value": "positive", "flag": "abnormal"}, "患者述乙肝表面抗原 阳性（异常）。"),
        ("lab-result", "丙氨酸氨基转移酶", "present", {"value": "80", "unit": "U/L", "abbreviation": "ALT"}, "患者述ALT 80 U/L。"),
        ("imaging", "胸部CT", "present", {"flag": "normal"}, "患者述胸部CT正常。"),
        ("imaging", "CT", "present", {"laterality": "left", "conclusion": "未见异常。"}, "患者述CT（左侧）：未见异常。"),
        ("imaging", "肩关节X线", "present", {"laterality": "left"}, "患者述已行左肩关节X线。"),
    ],
)  # fmt: skip
def test_results_that_are_only_told(kind, what, status, attributes, zh):
    v = Visit(language="zh", texts={"talk": what})
    v.said(kind, what, f"talk:{what}", status=status, **attributes)
    assert text_of(v.draft("zh-admission"), "investigations") == f"辅助检查 {zh}"


@pytest.mark.parametrize(
    ("printed", "date"),
    [
        ("报告时间：2026年10月3日", "2026-10-03"), ("2026/10/03 08:30", "2026-10-03"), ("2026.10.3", "2026-10-03"), ("20261003", "2026-10-03"),
        ("October 3, 2026", "2026-10-03"), ("3 Oct 2026", "2026-10-03"), ("10/03/2026", "2026-10-03"), ("2026年10月", "2026-10"),
    ],
)  # fmt: skip
def test_the_date_of_a_report_is_found_in_any_notation(printed, date):
    v = Visit(language="zh", texts={"report": f"{printed}\n钾 4.10"}, organization="不在文中的医院")
    v.said("lab-result", "钾", "report:钾 4.10", who=("laboratory",), value="4.10", date=date)
    (section,) = v.draft("zh-admission")
    assert section.statements[0].text == f"{date} 不在文中的医院：钾 4.10。"
    assert len(section.statements[0].evidence) == 2


def test_a_date_that_stands_nowhere_in_the_report_is_not_written():
    v = Visit(language="zh", texts={"report": "钾 4.10"})
    v.said("lab-result", "钾", "report:钾 4.10", who=("laboratory",), value="4.10", date="2026-10-03")
    assert text_of(v.draft("zh-admission")) == "辅助检查 外院：钾 4.10。"


def test_vital_signs_stand_in_order_and_old_ones_with_the_results():
    v = Visit(language="zh", texts={"talk": "数", "emr": "2025-01-01 体重 60"})
    doctor = ("doctor",)
    for what, key, value in (
        ("血压", "blood-pressure", "120/80"),
        ("血氧", "oxygen-saturation", "98"),
        ("脉搏", "pulse", "80"),
        ("体温", "temperature", "36.5"),
        ("呼吸", "respiratory-rate", "18"),
    ):
        v.said("vital-sign", what, "talk:数", who=doctor, value=value, id=f"x:{key}")
    v.said("vital-sign", "身高", "talk:数", who=doctor, status="absent")
    v.said(
        "vital-sign", "体重", "emr:2025-01-01 体重 60", who=("this-hospital",), value="60", unit="kg", date="2025-01-01"
    )
    v.said("vital-sign", "血压", "talk:数", flag="high")
    sections = v.draft("zh-admission")
    assert (
        text_of(sections, "physical-examination")
        == "体格检查 体温 36.5，脉搏 80，呼吸 18，血压 120/80，血氧 98，身高未测。"
    )
    assert text_of(sections, "investigations") == "辅助检查 2025-01-01 本院：体重 60 kg。"
    assert "自测血压 升高。" in text_of(sections, "history-of-present-illness")


def test_every_kind_can_be_disputed():
    v = Visit(language="zh", texts={"pre": "甲 2019", "talk": "乙"})
    rows = [
        ("condition", "condition:any", "absent", {}), ("medication", "medication:any", "absent", {}), ("procedure", "procedure:any", "absent", {}),
        ("condition", None, "present", {"duration": "P1Y"}), ("medication", None, "absent", {}), ("medication", None, "historical", {}),
        ("medication", None, "present", {"self": "1"}), ("medication", None, "planned", {}), ("allergy", None, "absent", {}), ("allergy", None, "uncertain", {}),
        ("social-history", "social:smoking", "absent", {}), ("reproductive-history", "reproductive:pregnancy", "absent", {}),
        ("procedure", None, "present", {"date": "2019"}), ("procedure", None, "absent", {}), ("vital-sign", None, "present", {"value": "1"}), ("lab-result", None, "present", {"value": "1"}),
        ("imaging", None, "present", {}), ("exam-finding", None, "present", {}), ("diagnosis", None, "present", {}), ("plan", None, "planned", {}),
        ("immunization", None, "absent", {}), ("symptom", None, "present", {"onset": "2019"}),
    ]  # fmt: skip
    for kind, concept, status, attributes in rows:
        a = v.said(kind, "甲", "pre:甲 2019", status=status, id=concept, **attributes)
        b = v.said(kind, "甲", "talk:乙", status=status, id=concept, who=("doctor",), same=True, **attributes)
        v.disagree(a, b)
    a = v.said("family-history", "甲", "pre:甲 2019", subject="father")
    b = v.said("family-history", "甲", "talk:乙", subject="father", status="absent", same=True)
    v.disagree(a, b)
    for template in TEMPLATES:
        sections = v.draft(template)
        assert left_out(v.merged(), sections) == ()
        assert {s.support for s in statements(sections)} == {"conflicting"}
        assert not any(SEAMS.search(s.text) for s in statements(sections))
    text = text_of(v.draft("zh-admission"))
    assert "预问诊称父亲有甲病史；诊室述父亲无甲病史" in text


# -- whatever comes in ------------------------------------------------------------------------------------

WORDS = "三天前昨天咳嗽发热左右2026-11-19 2026年10月 fever since Saturday 3 days"
ATTRIBUTES = {
    "severity": ["mild", "severe"], "course": ["improving", "sudden", "recurrent", "persistent"], "duration": ["P3D", "P15D", "PT2H", "P1Y6M"],
    "onset": ["2026-11-19", "2024", "2026-11"], "date": ["2026-11-19", "2019"], "laterality": ["left", "bilateral"], "body_site": ["膝", "knee", "腰部"],
    "character": ["刺痛", "sharp"], "aggravated_by": ["爬楼", "饭后, 夜间", "stairs"], "relieved_by": ["休息", "rest"], "timing": ["夜间", "at night", "每3小时"],
    "amount": ["少量", "20", "3 cigarettes"], "count": ["2", "2～3次"], "per": ["day", "week"], "chief": ["1"], "general": ["1"], "self": ["1"], "review": ["1"],
    "dose": ["5 mg", "1片"], "route": ["po", "topical"], "frequency": ["bid", "qn"], "ended": ["yes", "2024", "P2Y"], "effect": ["improved", "none"],
    "reaction": ["皮疹", "hives"], "value": ["7.10", "120/80", "阳性"], "unit": ["mmol/L", "%"], "flag": ["high", "normal", "abnormal"], "reference_range": ["<3.40"],
    "conclusion": ["未见异常。"], "organization": ["某院"], "text": ["多喝水", "rest well", "。"], "category": ["test", "medication", "advice", "follow-up", "return-precaution", "other", "visit"],
    "when": ["P2W", "2周后"], "action": ["stop", "continue"], "trigger": ["受凉", "无明显诱因"], "resolved": ["1"], "episode": ["PT5M"], "indication": ["咳嗽"], "context": ["home"],
}  # fmt: skip
KINDS = [
    "symptom", "condition", "medication", "allergy", "vital-sign", "lab-result", "imaging", "exam-finding", "procedure", "family-history",
    "social-history", "reproductive-history", "immunization", "diagnosis", "plan", "administrative",
]  # fmt: skip
NAMES = [
    ("咳嗽", "symptom:cough"), ("发热", "symptom:fever"), ("膝疼痛", None), ("headache", None), ("无力", None), ("高血压病", None), ("过敏", "allergy:any"),
    ("吸烟", "social:smoking"), ("末次月经", "reproductive:lmp"), ("慢性病", "condition:any"), ("A", None), ("血压", "vital:blood-pressure"),
]  # fmt: skip


@st.composite
def facts(draw, n):
    name, concept = draw(st.sampled_from(NAMES))
    keys = draw(st.lists(st.sampled_from(sorted(ATTRIBUTES)), max_size=6, unique=True))
    sources = draw(st.lists(st.sampled_from(["pre", "talk", "report", "emr"]), min_size=1, max_size=2, unique=True))
    return Fact(
        id=FactId(f"f{n}"),
        kind=draw(st.sampled_from(KINDS)),
        concept=Concept(text=name, id=concept),
        status=draw(st.sampled_from(["present", "absent", "uncertain", "historical", "planned"])),
        subject=draw(st.sampled_from(["patient", "patient", "patient", "mother", "cousin-once-removed"])),
        witnesses=tuple(draw(st.lists(st.sampled_from(["patient", "companion", "doctor", "laboratory", "other-hospital", "this-hospital"]), min_size=1, max_size=2, unique=True))),
        evidence=tuple(Evidence(source=SourceId(s), start=0, end=draw(st.integers(1, len(WORDS)))) for s in sources),
        attributes=MappingProxyType({k: draw(st.sampled_from(ATTRIBUTES[k])) for k in keys}),
    )  # fmt: skip


@st.composite
def visits(draw):
    rows = [draw(facts(n)) for n in range(1, draw(st.integers(1, 9)))]
    made = Visit(
        language="zh",
        texts=dict.fromkeys(("pre", "talk", "report", "emr"), WORDS),
        birth_date=draw(st.sampled_from([None, "1980-01-01", "2020-01-01"])),
    )
    for fact in rows:
        twin = made.groups and made.groups[-1][0]
        if twin and draw(st.booleans()):
            made.groups[-1].append(replace(fact, kind=twin.kind, concept=twin.concept, subject=twin.subject))
        else:
            made.groups.append([fact])
    for kind in ("contradiction", "safety"):
        named = draw(st.lists(st.sampled_from([f.id for f in rows]), max_size=3, unique=True)) if rows else []
        made.disagree(*named, kind=kind)
    return made


@settings(max_examples=250, deadline=None)
@given(visits(), st.sampled_from(TEMPLATES))
def test_whatever_comes_in_a_draft_keeps_its_promises(visit, template):
    groups = visit.merged()
    sections = compose(groups, visit.encounter, load_template(template), visit.sources, visit.findings)
    known = {f.id: f for g in groups for f in g.facts}
    stated = {f for s in statements(sections) for f in s.facts}
    missing = dict(left_out(groups, sections))
    assert stated | set(missing) == set(known)
    assert not stated & set(missing)
    # Nothing but administration, and the hospital's own older results, may stay out.
    # So may what a relative is spared ("has he a cough?" "no" of a father).
    spared = {
        f
        for f in missing
        if known[f].kind == "symptom" and known[f].status == "absent" and known[f].subject != "patient"
    }
    assert {known[f].kind for f in set(missing) - spared} <= {"administrative", "lab-result", "vital-sign", "imaging"}
    disputed = {f for x in visit.findings if x.kind == "contradiction" for f in x.facts}
    for section in sections:
        for s in section.statements:
            assert s.facts
            assert {e for f in s.facts for e in known[f].evidence} <= set(s.evidence)
            assert (s.support == "conflicting") == bool(disputed & set(s.facts))
            assert "None" not in s.text
            assert "{" not in s.text
            assert not re.search(r"出现出现|过敏过敏|。。|，，|天天前", s.text)
            if section.id in {"chief-complaint", "history-of-present-illness"}:
                assert all(known[f].subject == "patient" or known[f].kind == "administrative" for f in s.facts)
    assert compose(groups, visit.encounter, load_template(template), visit.sources, visit.findings) == sections


def test_reactions_and_vaccines_are_said_once() -> None:
    from syngraph.draft.background import _once

    assert _once("皮疹; 躯干皮疹") == "躯干皮疹"
    assert _once("rash; Rash") == "Rash"
    assert _once("hives; swelling") == "hives; swelling"

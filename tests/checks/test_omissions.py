from __future__ import annotations

import pytest
from visit_maker import Visit


def test_required_sections_one_finding_each():
    visit = Visit()
    visit.say("talk", "咳嗽", "symptom", "symptom:cough")
    found = [f for f in visit.findings(["chief-complaint", "allergies", "plan", "vital-signs.temperature", "vital-signs.respiratory-rate"])
             if f.rule == "required-missing"]  # fmt: skip
    assert [f.topic for f in found] == ["缺项：过敏史", "缺项：处理意见", "缺项：生命体征"]
    assert all(f.kind == "omission" and not f.evidence for f in found)
    assert [f.severity for f in found] == ["warning", "warning", "info"]
    vitals = found[-1]
    assert vitals.message.count("、") == 1


def test_a_denial_fills_a_section():
    visit = Visit(language="en").say("form", "None", "allergy", "allergy:any", "absent")
    assert not [f for f in visit.findings(["allergies"]) if f.rule == "required-missing"]


@pytest.mark.parametrize(("sex", "birth", "asked"), [
    ("female", "1984-03-02", True), ("male", "1984-03-02", False), ("female", "2020-03-02", False), ("unknown", None, True),
])  # fmt: skip
def test_reproductive_history_is_asked_of_women(sex, birth, asked):
    visit = Visit(sex=sex, birth=birth).say("talk", "咳嗽", "symptom", "symptom:cough")
    rows = [f for f in visit.findings(["reproductive-history"]) if f.rule == "required-missing"]
    assert bool(rows) is asked


def test_unknown_sections_are_nobodys_duty():
    assert not [f for f in Visit().chat("你好").findings(["astrology"]) if f.rule == "required-missing"]


def test_an_anticoagulant_nobody_spoke_of():
    visit = Visit().chat("今天哪里不舒服").say("emr", "华法林 3 mg qd", "medication", "drug:warfarin")
    found = visit.only("unspoken-medication")
    assert (found.kind, found.severity) == ("omission", "warning")
    assert "华法林 3 mg qd" in found.message


@pytest.mark.parametrize("words", ["华法林还吃着吗", "您那个抗凝药按时吃", "Warfarin?"])
def test_spoken_of_by_any_name(words):
    visit = Visit().chat(words).say("emr", "华法林 3 mg qd", "medication", "drug:warfarin")
    assert "unspoken-medication" not in visit.rules("omission")


def test_a_drug_that_matters_little_need_not_be_named():
    visit = Visit().chat("今天哪里不舒服").say("emr", "阿莫西林", "medication", "drug:amoxicillin")
    assert "unspoken-medication" not in visit.rules("omission")


def test_without_a_talk_nothing_is_unspoken():
    assert not Visit().say("emr", "华法林", "medication", "drug:warfarin").rules("omission")


def test_what_stands_in_the_form_is_a_lesser_silence():
    visit = Visit().chat("今天哪里不舒服").say("form", "在吃华法林", "medication", "drug:warfarin")
    assert visit.only("unspoken-medication").severity == "info"


def test_an_allergy_nobody_spoke_of():
    visit = Visit().chat("今天哪里不舒服").say("emr", "青霉素：皮疹", "allergy", "drug:benzylpenicillin")
    assert visit.only("unspoken-allergy").severity == "warning"
    denied = (
        Visit()
        .say("talk", "没有", "allergy", "allergy:any", "absent")
        .say("emr", "青霉素", "allergy", "drug:benzylpenicillin")
    )
    assert "unspoken-allergy" not in denied.rules("omission")


def test_a_pregnancy_nobody_spoke_of():
    visit = Visit().chat("今天哪里不舒服").say("emr", "妊娠12周", "reproductive-history", "reproductive:pregnancy")
    assert "unspoken-pregnancy" in visit.rules("omission")


def test_abnormal_results_of_a_report_in_one_finding():
    visit = Visit().chat("今天哪里不舒服")
    visit.say("report", "ALT 120 ↑", "lab-result", "谷丙", value="120", flag="high")
    visit.say("report", "TG 1.9 ↑", "lab-result", "三酯", value="1.9", flag="high")
    visit.say("report", "K 4.1", "lab-result", "钾离子", value="4.1", flag="normal")
    found = visit.only("abnormal-result")
    assert found.severity == "info"
    assert "谷丙、三酯" in found.message
    assert len(found.evidence) == 2


def test_abnormal_results_taken_up_or_old_are_no_omission():
    visit = Visit().chat("谷丙高了，复查一下").say("report", "ALT 120 ↑", "lab-result", "谷丙", flag="high")
    assert "abnormal-result" not in visit.rules("omission")
    visit = Visit().chat("你好").say("report", "ALT 120 ↑", "lab-result", "谷丙", flag="high", recorded="2025-01-01")
    assert "abnormal-result" not in visit.rules("omission")


def test_only_the_newest_counts():
    visit = Visit().chat("你好")
    visit.say("report", "ALT 120 ↑", "lab-result", "谷丙", flag="high", date="2026-10-01")
    visit.say("report", "ALT 20", "lab-result", "谷丙", flag="normal", date="2026-11-01")
    assert len([f for f in visit.findings() if f.rule == "abnormal-result"]) <= 1

from __future__ import annotations

import pytest
from visit_maker import Visit


def rules(visit):
    return visit.rules("implausible")


def test_before_birth():
    visit = Visit(birth="1984-03-02")
    visit.say("talk", "1975年做的", "procedure", "procedure:appendectomy", date="1975")
    found = visit.only("before-birth")
    assert "1984-03-02" in found.message
    assert "1975年做的" in found.message


@pytest.mark.parametrize("date", ["1984", "1984-03", "2010-05-01"])
def test_not_before_birth(date):
    visit = Visit(birth="1984-03-02").say("talk", "x年做的", "procedure", "procedure:appendectomy", date=date)
    assert not rules(visit)


def test_a_relatives_illness_may_predate_the_patient():
    visit = Visit().say("talk", "我爸1970年", "family-history", "condition:stroke", subject="father", onset="1970")
    assert not rules(visit)


def test_after_the_visit():
    visit = Visit(language="en").say("report", "2027-01-05 LDL 4", "lab-result", "lab:ldl-c", date="2027-01-05")
    assert "2026-11-20" in visit.only("after-visit").message


@pytest.mark.parametrize(("kind", "concept", "status", "keys"), [
    ("procedure", "procedure:appendectomy", "planned", {"date": "2027-01-05"}),
    ("plan", "follow-up", "present", {"date": "2027-01-05"}),
    ("reproductive-history", "reproductive:edd", "present", {"date": "2027-01-05"}),
    ("lab-result", "lab:ldl-c", "present", {"date": "2026-11-20"}),
    ("condition", "condition:asthma", "absent", {"onset": "2027"}),
])  # fmt: skip
def test_what_may_lie_ahead(kind, concept, status, keys):
    assert not rules(Visit().say("talk", "到时候", kind, concept, status, **keys))


def test_end_before_start():
    visit = Visit().say("emr", "阿司匹林", "medication", "drug:aspirin", onset="2024-05", ended="2023-01")
    assert rules(visit) == {"end-before-start"}
    assert not rules(Visit().say("emr", "阿司匹林", "medication", "drug:aspirin", onset="2023", ended="2023-01"))


def test_longer_than_life():
    visit = Visit(birth="2020-01-01").say("talk", "咳嗽十年", "symptom", "symptom:cough", duration="P10Y")
    assert rules(visit) == {"longer-than-life"}
    assert "7" in visit.only("longer-than-life").message


def test_against_sex():
    visit = Visit(sex="male").say("form", "怀孕", "reproductive-history", "reproductive:pregnancy")
    assert "男" in visit.only("against-sex").message
    assert not rules(Visit(sex="male").say("form", "否", "reproductive-history", "reproductive:pregnancy", "absent"))
    assert not rules(Visit(sex="unknown").say("form", "是", "reproductive-history", "reproductive:pregnancy"))


def test_against_age():
    visit = Visit(birth="1950-01-01").say("form", "怀孕", "reproductive-history", "reproductive:pregnancy")
    assert rules(visit) == {"against-age"}
    assert not rules(Visit(birth=None).say("form", "怀孕", "reproductive-history", "reproductive:pregnancy"))


# --- pregnancy --------------------------------------------------------------------------------------------------


def test_pregnancy_denied_and_recorded():
    visit = Visit()
    visit.say("form", "没有", "reproductive-history", "reproductive:pregnancy", "absent", question="是否怀孕")
    visit.say("emr", "妊娠8周", "reproductive-history", "reproductive:pregnancy")
    assert visit.only("pregnancy-status").severity == "blocking"


def test_a_pregnancy_of_years_ago():
    visit = Visit()
    visit.say("form", "没有", "reproductive-history", "reproductive:pregnancy", "absent")
    visit.say("emr", "妊娠8周", "reproductive-history", "reproductive:pregnancy", recorded="2019-02-02")
    assert not visit.rules()


@pytest.mark.parametrize(("value", "status", "found"), [
    ("阳性", "absent", True), ("positive", "absent", True), ("阴性", "absent", False), ("negative", "present", True),
    ("阳性", "present", False),
])  # fmt: skip
def test_pregnancy_against_its_test(value, status, found):
    visit = Visit()
    visit.say("talk", "怀孕的说法", "reproductive-history", "reproductive:pregnancy", status)
    visit.say("report", f"尿HCG {value}", "lab-result", "lab:hcg", value=value, recorded="2026-11-18")
    assert ("pregnancy-test" in visit.rules()) is found


def late(**visit):
    return Visit(**visit).say("talk", "六周前", "reproductive-history", "reproductive:lmp", date="2026-10-09")


def test_a_late_period_is_a_safety_question():
    visit = late()
    visit.say("form", "否", "reproductive-history", "reproductive:pregnancy", "absent", question="是否怀孕")
    found = visit.only("late-period")
    assert (found.kind, found.severity) == ("safety", "warning")
    assert "42天" in found.message
    assert "“否”" in found.message
    assert "妊娠未提及" in late().only("late-period").message


def test_a_late_period_by_duration():
    visit = Visit(language="en").say("talk", "Six weeks?", "reproductive-history", "reproductive:lmp", duration="P6W")
    assert "42 days" in visit.only("late-period").message
    visit = Visit(language="en").say("talk", "Six weeks?", "reproductive-history", "reproductive:lmp", ago="P6W")
    assert "42 days" in visit.only("late-period").message


@pytest.mark.parametrize("explained", [
    lambda v: v.say("talk", "怀孕了", "reproductive-history", "reproductive:pregnancy"),
    lambda v: v.say("talk", "绝经", "reproductive-history", "reproductive:menopause"),
    lambda v: v.say("report", "阴性", "lab-result", "lab:hcg", value="阴性", recorded="2026-11-19"),
])  # fmt: skip
def test_a_late_period_that_is_explained(explained):
    assert "late-period" not in explained(late()).rules("safety")


@pytest.mark.parametrize("visit", [late(sex="male"), late(birth="1960-01-01"),
                                   Visit().say("talk", "上周", "reproductive-history", "reproductive:lmp", date="2026-11-12"),
                                   Visit().say("talk", "忘了", "reproductive-history", "reproductive:lmp")])  # fmt: skip
def test_no_late_period(visit):
    assert "late-period" not in visit.rules("safety")

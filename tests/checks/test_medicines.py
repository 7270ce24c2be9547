from __future__ import annotations

import pytest
from visit_maker import Visit

from syngraph.checks.medicines import _AGE, _LAB, table
from syngraph.terminology.lexicon import lexicon


def planned(drug, allergen, status="present", **kwargs):
    visit = Visit(**kwargs)
    visit.say("emr", "过敏记录 2019", "allergy", allergen, status, recorded="2019-04-04")
    visit.say("talk", "先开这个药吃上", "medication", drug, "planned", by="doctor")
    return visit


def safety(visit, rule="drug-allergy"):
    return [f for f in visit.findings() if f.rule == rule]


@pytest.mark.parametrize(
    ("drug", "allergen", "severity"),
    [
        ("drug:amoxicillin", "drug:amoxicillin", "blocking"),
        ("drug:amoxicillin", "drug-class:penicillin", "blocking"),
        ("drug:amoxicillin-clavulanate", "drug:benzylpenicillin", "blocking"),
        ("drug:cefalexin", "drug:amoxicillin", "blocking"),
        ("drug:cefuroxime", "drug:benzylpenicillin", "warning"),
        ("drug:trimethoprim", "drug:co-trimoxazole", "blocking"),
        ("drug:ibuprofen", "drug:aspirin", "blocking"),
        ("drug:azithromycin", "drug:benzylpenicillin", None),
        ("drug:amlodipine", "allergen:peanut", None),
        ("drug:hydrochlorothiazide", "drug-class:sulfonamide-antibiotic", None),
    ],
)
def test_planned_against_allergy(drug, allergen, severity):
    assert drug in lexicon().terms
    found = safety(planned(drug, allergen))
    assert [f.severity for f in found] == ([severity] if severity else [])
    if found:
        assert found[0].kind == "safety"
        assert "过敏记录 2019" in found[0].message
        assert "先开这个药吃上" in found[0].message


def test_a_suspected_allergy_does_not_block():
    (found,) = safety(planned("drug:amoxicillin", "drug:amoxicillin", "uncertain", language="en"))
    assert found.severity == "warning"
    assert "ame active ingredient" in found.message


def test_a_denied_allergy_speaks_against_nothing():
    assert not safety(planned("drug:amoxicillin", "drug:amoxicillin", "absent"))


def test_a_drug_already_taken_and_one_in_the_plan_section():
    visit = Visit(language="en").say("emr", "TMP-SMX: hives 2022", "allergy", "drug:co-trimoxazole")
    visit.say("talk", "The trimethoprim I had left", "medication", "drug:trimethoprim")
    assert len(safety(visit)) == 1
    visit = Visit().say("emr", "青霉素", "allergy", "drug:benzylpenicillin")
    visit.say("talk", "打青霉素", "plan", "drug:benzylpenicillin", "planned", by="doctor")
    assert len(safety(visit)) == 1


def test_a_stopped_drug_is_no_danger():
    visit = Visit().say("emr", "青霉素", "allergy", "drug:benzylpenicillin")
    visit.say("emr", "阿莫西林 已停", "medication", "drug:amoxicillin", "historical")
    assert not safety(visit)


# --- cautions ---------------------------------------------------------------------------------------------------


def caution(cause, drug="drug:ibuprofen", status="planned", **kwargs):
    visit = Visit(**kwargs)
    cause(visit)
    visit.say("talk", "吃点这个药", "medication", drug, status, by="doctor" if status == "planned" else "patient")
    return [f for f in visit.findings() if f.rule == "caution"]


def test_a_condition_speaks_against_a_planned_drug():
    (found,) = caution(lambda v: v.say("emr", "消化道出血 2024-12", "condition", "condition:gi-bleeding", "historical"))
    assert (found.kind, found.severity) == ("safety", "blocking")
    assert "布洛芬" in found.topic
    assert "消化道出血 2024-12" in found.message


def test_already_taken_is_one_step_less():
    (found,) = caution(lambda v: v.say("emr", "出血", "condition", "condition:gi-bleeding"), status="present")
    assert found.severity == "warning"


@pytest.mark.parametrize(
    ("value", "unit", "days", "severities"),
    [
        ("38", "mL/min/1.73m2", "2026-09-02", ["warning"]),
        ("25", "mL/min/1.73m²", "2026-09-02", ["blocking"]),
        ("92", "mL/min/1.73m2", "2026-09-02", []),
        ("25", "mL/min/1.73m2", "2024-09-02", []),
        ("25", "", "2026-09-02", []),
    ],
)
def test_a_result_speaks_against_a_planned_drug(value, unit, days, severities):
    found = caution(
        lambda v: v.say(
            "emr", f"eGFR {value}", "lab-result", "lab:egfr", value=value, unit=unit, date=days, recorded=days
        ),
        drug="drug:metformin",
        language="en",
    )
    assert [f.severity for f in found] == severities
    assert all(f"eGFR {value}" in f.message for f in found)


def test_only_the_newest_result_counts():
    def results(visit):
        visit.say(
            "emr",
            "eGFR 25",
            "lab-result",
            "lab:egfr",
            value="25",
            unit="mL/min/1.73m2",
            date="2026-01-02",
            recorded="2026-01-02",
        )
        visit.say(
            "emr",
            "eGFR 80",
            "lab-result",
            "lab:egfr",
            value="80",
            unit="mL/min/1.73m2",
            date="2026-10-02",
            recorded="2026-10-02",
        )

    assert not caution(results, drug="drug:metformin")


@pytest.mark.parametrize(("status", "severity"), [("present", "blocking"), ("uncertain", "warning"), ("absent", None)])
def test_pregnancy(status, severity):
    found = caution(
        lambda v: v.say("talk", "怀孕的事", "reproductive-history", "reproductive:pregnancy", status),
        drug="drug:warfarin",
    )
    assert [f.severity for f in found] == ([severity] if severity else [])


def test_age():
    found = caution(lambda v: v, drug="drug:aspirin", birth="2018-01-01")
    assert [f.severity for f in found] == ["blocking"]
    assert "9岁" in found[0].message
    assert not caution(lambda v: v, drug="drug:aspirin", birth="1990-01-01")


def test_age_in_months():
    assert _AGE.fullmatch("age<2 months")
    assert all(_AGE.fullmatch(s) for row in table() for s in row.against if s.startswith("age"))
    assert all(_LAB.fullmatch(s) for row in table() for s in row.against if s.startswith("lab:"))


def test_two_drugs_once():
    found = caution(lambda v: v.say("emr", "华法林 3mg", "medication", "drug:warfarin"))
    assert len([f for f in found if "华法林" in f.message]) == 1


def test_a_class_beside_its_own_drug_is_not_another_drug():
    found = caution(lambda v: v.say("form", "吃着消炎止痛药", "medication", "drug-class:nsaid"), status="present")
    assert not found


def test_every_row_names_what_the_terminology_knows():
    named = {c for t in lexicon().terms.values() for c in t.attrs.get("class", "").split(",")}
    for row in table():
        for selector in (*row.drug.split("!"), *row.against):
            kind, _, name = selector.partition(":")
            if kind in ("drug", "condition"):
                assert selector in lexicon().terms, selector
            if kind == "class":
                assert f"drug-class:{name}" in lexicon().terms or name in named, selector


@pytest.mark.parametrize(("drug", "warned"), [("drug:ibuprofen", True), ("drug:aspirin", False)])
def test_what_a_row_exempts_raises_nothing(drug, warned):
    visit = Visit()
    visit.say("emr", "冠心病 2020", "condition", "condition:coronary-disease", "present", recorded="2020-04-04")
    visit.say("talk", "先开这个药吃上", "medication", drug, "planned", by="doctor")
    rows = [f for f in visit.findings() if "心脑血管事件" in f.message]
    assert bool(rows) is warned


def test_bleeding_that_the_doctor_does_not_connect():
    visit = Visit().chat("考虑冠心病，先查个心电图")
    visit.say(
        "emr", "2024-12 胃镜下止血", "procedure", "procedure:gi-endoscopic-hemostasis", "historical", date="2024-12"
    )
    visit.say("talk", "阿司匹林胃出血停了", "medication", "drug:aspirin", "historical")
    found = visit.only("bleeding-and-thinner")
    assert "胃镜下止血" in found.message
    assert "阿司匹林" in found.message
    visit.chat("您有出血史，抗血小板药再说")
    assert "bleeding-and-thinner" not in visit.rules("omission")


def test_ear_drops_are_no_systemic_antibiotic():
    visit = Visit(birth="2018-04-27")
    visit.say("talk", "滴耳液", "plan", "drug:ciprofloxacin", "planned", by="doctor", route="otic")
    assert not safety(visit, "caution")


def test_what_is_given_instead_is_worth_a_remark_only():
    visit = Visit(language="en").say("emr", "Ibuprofen: rash", "allergy", "drug:ibuprofen")
    visit.say("talk", "paracetamol", "medication", "drug:paracetamol", status="planned", by="doctor")
    assert visit.only("drug-allergy").severity == "info"

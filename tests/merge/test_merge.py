from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syngraph.merge import merge, number, statement_support, support
from syngraph.merge.agreement import agree, exact_day
from syngraph.merge.kinship import settle
from syngraph.merge.table import parse, table
from syngraph.model import Concept, Encounter, Evidence, Fact, FactId, Finding, Patient, Source, SourceId, frozen_map

ENCOUNTER = Encounter(id="e", language="zh", start=datetime(2026, 11, 20, 9, tzinfo=timezone(timedelta(hours=8))),
                      patient=Patient(id="P", name="王芳"))  # fmt: skip
KINDS = {"s1": "preconsultation", "s2": "consultation", "s3": "report", "s4": "emr"}
WITNESS = {"s1": "patient", "s2": "patient", "s3": "other-hospital", "s4": "this-hospital"}
SOURCES = [Source(id=SourceId(i), kind=k, path=i, sha256="0" * 64, text="。" * 400) for i, k in KINDS.items()]


def fact(
    source, start, kind, concept, status="present", *, subject="patient", by=None, recorded="2026-11-20", **attributes
):
    known = concept if ":" in concept else None
    return Fact(kind=kind, concept=Concept(text=concept.split(":")[-1], id=known), status=status, subject=subject,
                evidence=(Evidence(source=SourceId(source), start=start, end=start + 2),),
                witnesses=(by or WITNESS[source],), attributes=frozen_map(attributes), recorded=recorded)  # fmt: skip


def merged(*facts):
    return merge(facts, SOURCES, ENCOUNTER)


def one(*facts):
    (group,) = merged(*facts)
    (found,) = group.facts
    return found


def claims(*facts):
    return [len(g.facts) for g in merged(*facts)]


def test_two_witnesses_of_one_symptom():
    found = one(fact("s1", 0, "symptom", "symptom:cough"), fact("s2", 8, "symptom", "symptom:cough"))
    assert found.witnesses == ("patient", "patient")
    assert {e.source for e in found.evidence} == {"s1", "s2"}
    assert found.id == ""


def test_the_record_gives_the_dose_that_speech_lacks():
    found = one(
        fact("s2", 0, "medication", "drug:amlodipine"),
        fact("s4", 0, "medication", "drug:amlodipine", dose="5 mg", frequency="qd"),
    )
    assert (found.get("dose"), found.get("frequency")) == ("5 mg", "qd")
    assert found.witnesses[0] == "this-hospital"


def test_more_evidence_than_witnesses_is_lined_up():
    asked = Fact(kind="symptom", concept=Concept(text="咳嗽", id="symptom:cough"), status="present", witnesses=("patient",),
                 evidence=(Evidence(source=SourceId("s2"), start=5, end=7), Evidence(source=SourceId("s2"), start=1, end=3)))  # fmt: skip
    found = one(asked, fact("s4", 0, "symptom", "symptom:cough"))
    assert found.witnesses == ("patient", "patient", "this-hospital")


@pytest.mark.parametrize(("a", "b", "count"), [
    ({"dose": "5 mg"}, {"dose": "10 mg"}, 2),
    ({"dose": "0.5 g"}, {"dose": "500 mg"}, 1),
    ({"dose": "5 mg"}, {"dose": "1 tablet"}, 1),
    ({"frequency": "qd"}, {"frequency": "bid"}, 2),
    ({"frequency": "tid"}, {"frequency": "q8h"}, 1),
    ({"ended": "yes"}, {"ended": "2024-12"}, 1),
    ({"ended": "2023"}, {"ended": "2024-12"}, 2),
])  # fmt: skip
def test_medication_claims(a, b, count):
    rows = fact("s2", 0, "medication", "drug:amlodipine", **a), fact("s4", 0, "medication", "drug:amlodipine", **b)
    assert claims(*rows) == [count]


@pytest.mark.parametrize(("a", "b", "count"), [
    ({"duration": "P3D"}, {"duration": "P2D"}, 1), ({"duration": "P3D"}, {"duration": "P3W"}, 2),
    ({"duration": "P3D"}, {"onset": "2026-11-17"}, 1), ({"duration": "P3D"}, {"onset": "2026-09-01"}, 2),
    ({"duration": "P2Y"}, {"onset": "2024"}, 1), ({"duration": "P2Y"}, {"onset": "2011"}, 2),
    ({"laterality": "left"}, {"laterality": "right"}, 2), ({"laterality": "left"}, {}, 1),
    ({"severity": "mild"}, {"severity": "severe"}, 2), ({"character": "dull"}, {"character": "burning"}, 1),
])  # fmt: skip
def test_symptom_claims(a, b, count):
    assert claims(
        fact("s1", 0, "symptom", "symptom:knee-pain", **a), fact("s2", 0, "symptom", "symptom:knee-pain", **b)
    ) == [count]


def test_several_characters_are_all_kept():
    found = one(
        fact("s1", 0, "symptom", "symptom:pain", character="dull"),
        fact("s2", 0, "symptom", "symptom:pain", character="burning"),
    )
    assert set(found.get("character").split("; ")) == {"dull", "burning"}


def test_numbers_are_never_averaged_and_bounds_travel_with_their_duration():
    found = one(
        fact("s1", 0, "symptom", "symptom:cough", duration="P3D", severity="mild", course="stable"),
        fact("s2", 0, "symptom", "symptom:cough", duration="P2D", duration_low="P2D", duration_high="P3D"),
    )
    assert found.get("duration") in ("P3D", "P2D")
    assert (found.get("duration") == "P2D") is (found.get("duration_low") is not None)


def test_the_finer_date_wins():
    found = one(fact("s2", 0, "procedure", "procedure:appendectomy", date="2024"),
                fact("s4", 0, "procedure", "procedure:appendectomy", "historical", date="2024-12"))  # fmt: skip
    assert found.get("date") == "2024-12"


@pytest.mark.parametrize(("a", "b", "count"), [
    ("present", "absent", 2), ("present", "uncertain", 1), ("uncertain", "absent", 2), ("planned", "present", 2),
    ("historical", "present", 2),
])  # fmt: skip
def test_statuses(a, b, count):
    rows = fact("s1", 0, "symptom", "symptom:cough", a), fact("s2", 0, "symptom", "symptom:cough", b)
    assert claims(*rows) == [count]
    if {a, b} == {"present", "uncertain"}:
        assert one(*rows).status == "present"


def test_a_doubt_in_the_same_talk_outlives_the_plain_name():
    rows = [fact("s2", 0, "diagnosis", "condition:angina", "uncertain", by="doctor"),
            fact("s2", 9, "diagnosis", "condition:angina", by="doctor")]  # fmt: skip
    assert one(*rows).status == "uncertain"


def test_an_operation_that_was_and_one_that_is_on_record_are_one():
    rows = (
        fact("s1", 0, "procedure", "procedure:appendectomy"),
        fact("s4", 0, "procedure", "procedure:appendectomy", "historical"),
    )
    assert len(one(*rows).evidence) == 2


@pytest.mark.parametrize("other", [
    fact("s2", 0, "symptom", "symptom:cough", subject="mother"), fact("s2", 0, "condition", "symptom:cough"),
    fact("s2", 0, "symptom", "symptom:fever"),
])  # fmt: skip
def test_other_things_are_other_groups(other):
    assert claims(fact("s1", 0, "symptom", "symptom:cough"), other) == [1, 1]


def test_sites():
    chest, belly, lower = ({"body_site": s} for s in ("胸", "腹", "右下腹"))
    assert claims(
        fact("s1", 0, "symptom", "symptom:pain", **chest), fact("s2", 0, "symptom", "symptom:pain", **belly)
    ) == [1, 1]
    assert claims(
        fact("s1", 0, "symptom", "symptom:pain", **lower), fact("s2", 0, "symptom", "symptom:pain", **belly)
    ) == [1]
    assert claims(fact("s1", 0, "symptom", "symptom:pain"), fact("s2", 0, "symptom", "symptom:pain", **belly)) == [1]


def test_the_general_name_joins_the_specific_one():
    # penicillins (a class) and amoxicillin, one of them
    found = one(fact("s2", 0, "medication", "drug-class:penicillin"), fact("s4", 0, "medication", "drug:amoxicillin"))
    assert found.concept.id == "drug:amoxicillin"


def test_the_general_name_stays_alone_between_two_specific_ones():
    rows = [fact("s2", 0, "medication", "drug-class:penicillin"), fact("s4", 0, "medication", "drug:amoxicillin"),
            fact("s4", 5, "medication", "drug:ampicillin")]  # fmt: skip
    assert claims(*rows) == [1, 1, 1]


def test_a_kind_of_illness_joins_but_a_complication_does_not():
    general = fact("s2", 0, "condition", "condition:diabetes")
    assert (
        one(general, fact("s4", 0, "condition", "condition:type-2-diabetes")).concept.id == "condition:type-2-diabetes"
    )
    assert claims(general, fact("s4", 0, "condition", "condition:diabetic-nephropathy")) == [1, 1]


def test_denials_keep_what_says_more():
    rows = (
        fact("s1", 0, "medication", "drug-class:penicillin", "absent"),
        fact("s2", 0, "medication", "drug:amoxicillin", "absent"),
    )
    assert one(*rows).concept.id == "drug-class:penicillin"


def test_denying_the_specific_leaves_the_general():
    rows = (
        fact("s1", 0, "medication", "drug-class:penicillin"),
        fact("s2", 0, "medication", "drug:amoxicillin", "absent"),
    )
    assert claims(*rows) == [1, 1]


def test_unknown_names_meet_by_spelling():
    assert claims(fact("s1", 0, "condition", "高血壓 病"), fact("s4", 0, "condition", "高血压 病")) == [1]


@pytest.mark.parametrize(("a", "b", "count"), [
    ({"value": "4.12", "unit": "mmol/L", "date": "2026-10-30"}, {"value": "4.12", "unit": "mmol/L", "date": "2026-10-30"}, 1),
    ({"value": "4.12", "unit": "mmol/L", "date": "2026-10-30"}, {"value": "4.12", "unit": "mmol/L", "date": "2026-09-30"}, 2),
    ({"value": "4.12", "unit": "mmol/L", "date": "2026-10-30"}, {"value": "5.2", "unit": "mmol/L", "date": "2026-10-30"}, 2),
    ({"value": "4.12", "unit": "mmol/L", "date": "2026-10-30"}, {"flag": "high"}, 2),
    ({"value": "4.12", "unit": "mmol/L", "date": "2026-10-30"}, {"value": "4.12"}, 1),
    ({"flag": "high"}, {"flag": "high"}, 1), ({"flag": "high"}, {"flag": "normal"}, 2),
])  # fmt: skip
def test_laboratory_results(a, b, count):
    assert claims(fact("s3", 0, "lab-result", "lab:ldl-c", **a), fact("s2", 0, "lab-result", "lab:ldl-c", **b)) == [
        count
    ]


def test_laboratory_results_in_two_units():
    a = fact("s3", 0, "lab-result", "lab:glucose", value="5.6", unit="mmol/L", date="2026-10-30")
    b = fact("s4", 0, "lab-result", "lab:glucose", value="101", unit="mg/dL", date="2026-10-30")
    found = one(a, b)
    assert (found.get("value"), found.get("unit")) in (("5.6", "mmol/L"), ("101", "mg/dL"))


def test_a_range_comes_with_its_value_only():
    a = fact("s4", 0, "lab-result", "lab:ldl-c", value="4.12", unit="mmol/L", date="2026-10-30")
    b = fact(
        "s3", 0, "lab-result", "lab:ldl-c", value="4.12", unit="mmol/L", date="2026-10-30", reference_range="<3.40"
    )
    assert one(a, b).get("reference_range") == "<3.40"


def test_vital_signs_of_the_day():
    rows = (
        fact("s2", 0, "vital-sign", "vital:blood-pressure", value="152/94", unit="mmHg", by="doctor"),
        fact(
            "s4",
            0,
            "vital-sign",
            "vital:blood-pressure",
            value="152/94",
            unit="mmHg",
            recorded="2026-11-20T09:10:00+08:00",
        ),
    )
    assert len(one(*rows).evidence) == 2


def test_numbering_is_in_order_and_keeps_everything():
    groups = number(merged(fact("s1", 0, "symptom", "symptom:cough"), fact("s2", 0, "symptom", "symptom:cough", "absent"),
                           fact("s4", 0, "plan", "plan:x")))  # fmt: skip
    assert [f.id for g in groups for f in g.facts] == ["f1", "f2", "f3"]


def test_support():
    groups = number(merged(fact("s1", 0, "symptom", "symptom:cough"), fact("s2", 0, "symptom", "symptom:cough"),
                           fact("s1", 5, "symptom", "symptom:fever"), fact("s2", 5, "symptom", "symptom:fever", "absent")))  # fmt: skip
    cough, feverish, cool = (f for g in groups for f in g.facts)
    clash = Finding(
        kind="contradiction", severity="warning", topic="x", message="x", rule="r", facts=(feverish.id, cool.id)
    )
    assert support(cough, [clash]) == "corroborated"
    assert support(cool, [clash]) == "conflicting"
    assert support(cool, []) == "single"
    assert statement_support([cough, cool], []) == "single"
    assert statement_support([cough], []) == "corroborated"
    assert statement_support([cough, cool], [clash]) == "conflicting"


def test_a_table_without_a_kind_is_refused():
    with pytest.raises(ValueError, match="kinds differ"):
        parse({"kinds": {}, "orders": {}, "bundles": []})


def test_a_table_with_half_an_order_is_refused():
    with pytest.raises(ValueError, match="witnesses"):
        parse({"kinds": {"symptom": {"trust": "x", "agree": {}}}, "orders": {"x": ["patient"]}, "bundles": []})


def test_every_comparator_is_known():
    from syngraph.merge.agreement import _COMPARATORS

    assert {how for row in table().kinds.values() for how in row.agree.values()} <= set(_COMPARATORS)


def test_settle_in_a_chain():
    finer = {("c", "b"), ("c", "a"), ("b", "a")}
    assert settle("abc", lambda x, y: (x, y) in finer) == {"a": "c", "b": "c", "c": "c"}


# --- properties -------------------------------------------------------------------------------------------------

ATTRIBUTES = {
    "symptom": {"duration": ["P2D", "P3D", "P4D", "P5D", "P2W"], "onset": ["2026-11-17", "2026-11", "2024"], "laterality": ["left", "right"],
                "severity": ["mild", "severe"], "body_site": ["腹", "右下腹", "胸"], "character": ["a", "b"]},
    "medication": {"dose": ["5 mg", "0.005 g", "10 mg", "1 tablet"], "frequency": ["qd", "bid", "qn"], "ended": ["yes", "2024", "2024-12"]},
    "lab-result": {"value": ["4.1", "4.12", "5"], "unit": ["mmol/L"], "date": ["2026-10-30", "2026-09-30"], "flag": ["high", "normal"]},
}  # fmt: skip
CONCEPTS = {
    "symptom": ["symptom:cough", "symptom:fever"],
    "medication": ["drug:amoxicillin", "drug-class:penicillin", "drug:ampicillin", "drug-class:beta-lactam", "草药"],
    "lab-result": ["lab:glucose"],
}


@st.composite
def some_fact(draw):
    kind = draw(st.sampled_from(sorted(ATTRIBUTES)))
    keys = draw(st.sets(st.sampled_from(sorted(ATTRIBUTES[kind])), max_size=3))
    return fact(
        draw(st.sampled_from(sorted(KINDS))), draw(st.integers(0, 30)), kind, draw(st.sampled_from(CONCEPTS[kind])),
        draw(st.sampled_from(["present", "absent", "uncertain", "historical"])),
        subject=draw(st.sampled_from(["patient", "mother"])), **{k: draw(st.sampled_from(ATTRIBUTES[kind][k])) for k in keys},
    )  # fmt: skip


FACTS = st.lists(some_fact(), max_size=9)


@settings(max_examples=150, deadline=None)
@given(FACTS, st.randoms(use_true_random=False))
def test_order_changes_nothing(facts, random):
    shuffled, sources = list(facts), list(SOURCES)
    random.shuffle(shuffled)
    random.shuffle(sources)
    assert merge(shuffled, sources, ENCOUNTER) == merge(facts, SOURCES, ENCOUNTER)


@settings(max_examples=150, deadline=None)
@given(FACTS)
def test_nothing_is_lost_and_every_mention_stands_once(facts):
    groups = merge(facts, SOURCES, ENCOUNTER)
    mentions = [m for g in groups for m in g.mentions]
    assert sorted(map(repr, mentions)) == sorted(map(repr, facts))
    for group in groups:
        said = {(e, w) for m in group.mentions for e in m.evidence for w in m.witnesses}
        assert said == {p for f in group.facts for p in zip(f.evidence, f.witnesses, strict=True)}


@settings(max_examples=150, deadline=None)
@given(FACTS)
def test_merging_what_is_merged_changes_nothing(facts):
    for group in merge(facts, SOURCES, ENCOUNTER):
        again = merge(group.facts, SOURCES, ENCOUNTER)
        assert sorted(repr(f) for g in again for f in g.facts) == sorted(repr(f) for f in group.facts)


@settings(max_examples=100, deadline=None)
@given(FACTS)
def test_values_come_from_somebody(facts):
    for group in merge(facts, SOURCES, ENCOUNTER):
        for found in group.facts:
            for key, value in found.attributes.items():
                assert set(value.split("; ")) <= {m.get(key) for m in group.mentions}


@pytest.mark.parametrize(
    ("a", "b", "count"),
    [
        ("10 cigarettes", "10支", 1),
        ("1包", "20 cigarettes", 1),
        ("1包", "5支", 2),
        ("偶尔", "偶尔", 1),
        ("2 beers", "2 cans", 2),
    ],
)
def test_amounts_in_everyday_units(a, b, count):
    rows = [fact(s, 0, "social-history", "social:smoking", amount=x, per="day") for s, x in (("s1", a), ("s2", b))]
    assert claims(*rows) == [count]


def test_ids_play_no_part():
    rows = [fact("s1", 0, "symptom", "symptom:cough"), fact("s2", 0, "symptom", "symptom:cough")]
    from dataclasses import replace

    assert one(*[replace(r, id=FactId(f"f{n}")) for n, r in enumerate(rows)]) == one(*rows)


@given(FACTS)
def test_measurements_of_different_days_never_agree(facts):
    visit = ENCOUNTER.start.date()
    for a in facts:
        for b in facts:
            days = exact_day(a, visit), exact_day(b, visit)
            if a.kind == b.kind and None not in days and days[0] != days[1]:
                assert not agree(a, b, visit)

from __future__ import annotations

import string
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from visit_maker import SPEAKERS, Visit

from syngraph.checks.rules import load_yaml, parse, rules
from syngraph.checks.run import ALGORITHMS, check, ordered, ranked
from syngraph.merge import merge, number
from syngraph.model import SEVERITIES, Finding

# --- the rules as data ------------------------------------------------------------------------------------------


def test_every_rule_names_an_algorithm_and_every_algorithm_is_used():
    assert {r.check for r in rules()} == set(ALGORITHMS)


@pytest.mark.parametrize("rule", rules(), ids=lambda r: r.id)
def test_every_rule_speaks_both_languages_and_offers_choices(rule):
    for texts in (rule.topic, rule.message):
        for text in texts.values():
            blanks = {name for _, name, _, _ in string.Formatter().parse(text) if name}
            assert blanks <= {
                "a",
                "b",
                "name",
                "drug",
                "text",
                "why",
                "title",
                "days",
                "denial",
                "born",
                "day",
                "other",
                "visit",
                "age",
                "sex",
            }
    blanks = [{n for _, n, _, _ in string.Formatter().parse(rule.message[lang]) if n} for lang in ("zh", "en")]
    assert blanks[0] == blanks[1]
    assert len(rule.choices["zh"]) == len(rule.choices["en"]) >= 2
    assert max(rule.message["en"]) < "\u4e00"


ROW = {"id": "x", "check": "status", "kind": "contradiction", "severity": "info", "topic": {"zh": "", "en": ""},
       "message": {"zh": "", "en": ""}}  # fmt: skip


@pytest.mark.parametrize(("rows", "message"), [
    ([ROW, ROW], "twice"), ([{**ROW, "topic": {"zh": ""}}], "need zh and en"), ([{**ROW, "severity": "grave"}], "unknown"),
])  # fmt: skip
def test_a_broken_rule_is_refused(rows, message):
    with pytest.raises(ValueError, match=message):
        parse({"rules": rows})


def test_every_data_file_names_its_source_and_licence():
    from importlib.resources import files

    for name in ("rules", "agreement", "identity", "sections", "voices", "amounts"):
        head = (
            files("syngraph.terminology")
            .joinpath(f"data/checks/{name}.yaml")
            .read_text(encoding="utf-8")
            .split("\n\n")[0]
        )
        assert "# source: " in head
        assert "# licence: " in head
    assert load_yaml("sections.yaml")["sections"]


# --- order ------------------------------------------------------------------------------------------------------


def test_findings_by_severity_and_numbered():
    rows = [Finding(kind="omission", severity=s, topic=s, message=s, rule="r") for s in ("info", "blocking", "warning")]
    assert [f.severity for f in ordered(rows)] == ["blocking", "warning", "info"]
    assert [f.id for f in ranked([*rows, rows[0]])] == ["x1", "x2", "x3"]


def test_an_empty_visit():
    assert check((), Visit().encounter, [], []) == ()


def test_text_in_a_source_is_data():
    visit = Visit()
    visit.say("form", "{a}{0} 没有", "allergy", "allergy:any", "absent", question="{name} 有无过敏")
    visit.say("emr", "青霉素 {who_b}", "allergy", "drug:benzylpenicillin")
    assert "{a}{0} 没有" in visit.only("allergies-denied").message


def test_a_long_quote_is_cut_and_a_missing_source_is_named():
    visit = Visit()
    visit.say("form", "没有" * 60, "allergy", "allergy:any", "absent")
    visit.say("emr", "青霉素", "allergy", "drug:benzylpenicillin")
    groups = visit.groups()
    assert "…" in check(groups, visit.encounter, visit.sources)[0].message
    assert "来源不明" not in check(groups, visit.encounter, [])[0].message
    assert "benzylpenicillin" in check(groups, visit.encounter, [])[0].message


def test_a_report_is_named_with_its_hospital():
    visit = Visit()
    visit.say("form", "没有", "allergy", "allergy:any", "absent")
    visit.say("report", "青霉素过敏", "allergy", "drug:benzylpenicillin", recorded="2026-10-30")
    sources = [replace(s, organization="XX市医院") if s.kind == "report" else s for s in visit.sources]
    assert "外院报告（XX市医院、2026-10-30）" in check(visit.groups(), visit.encounter, sources)[0].message


# --- properties -------------------------------------------------------------------------------------------------

CLAIMS = {
    "symptom": (["symptom:cough", "symptom:fever", "symptom:knee-pain"],
                {"duration": ["P2D", "P3D", "P3W"], "laterality": ["left", "right"], "severity": ["mild", "severe"]}),
    "medication": (["drug:amlodipine", "drug:warfarin", "medication:any"],
                   {"dose": ["5 mg", "10 mg"], "frequency": ["qd", "bid"], "ended": ["yes", "2024"]}),
    "allergy": (["drug:benzylpenicillin", "drug-class:penicillin", "allergy:any"], {"reaction": ["皮疹"]}),
    "condition": (["condition:hypertension", "condition:any"], {"duration": ["P3Y", "P10Y"]}),
    "social-history": (["social:smoking"], {"amount": ["20 cigarettes", "5支"], "per": ["day"]}),
    "procedure": (["procedure:appendectomy"], {"date": ["2012", "2019-05"], "laterality": ["left", "right"]}),
}  # fmt: skip


@st.composite
def claim(draw):
    kind = draw(st.sampled_from(sorted(CLAIMS)))
    concepts, values = CLAIMS[kind]
    concept = draw(st.sampled_from(concepts))
    status = (
        "absent"
        if concept.endswith(":any")
        else draw(st.sampled_from(["present", "absent", "historical", "uncertain"]))
    )
    keys = draw(st.sets(st.sampled_from(sorted(values)), max_size=2))
    return kind, concept, status, {k: draw(st.sampled_from(values[k])) for k in keys}


def told(rows, language="zh"):
    visit = Visit(language=language)
    for where, (kind, concept, status, values) in rows:
        visit.say(where, f"{concept} {status} {sorted(values.items())}", kind, concept, status, **values)
    return visit


def disputes(visit):
    """What disagrees, without the words: rule and the quotes on either side."""
    texts = {s.id: s.text for s in visit.sources}
    return {
        (f.rule, frozenset(texts[e.source][e.start : e.end] for e in f.evidence))
        for f in visit.of_kind("contradiction")
    }


WHERE = st.sampled_from(["form", "talk"])


@settings(max_examples=150, deadline=None)
@given(st.lists(claim(), min_size=1, max_size=4), st.lists(claim(), min_size=1, max_size=4))
def test_swapping_the_sides_changes_nothing(one, two):
    there = [("form", c) for c in one] + [("talk", c) for c in two]
    back = [("talk", c) for c in one] + [("form", c) for c in two]
    assert {r for r, _ in disputes(told(there))} == {r for r, _ in disputes(told(back))}
    assert disputes(told(there)) == disputes(told(list(reversed(there))))


@settings(max_examples=100, deadline=None)
@given(claim())
def test_saying_the_same_is_no_contradiction(row):
    assert not disputes(told([(where, row) for where in SPEAKERS]))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["form", "talk", "emr"]), claim()), min_size=1, max_size=6), st.data())
def test_a_witness_who_agrees_adds_no_contradiction(rows, data):
    voice = data.draw(st.sampled_from(rows))[0]
    echo = [(voice + "2", c) for where, c in rows if where == voice]
    # Who contradicts himself is contradicted by whoever repeats it.
    assume(not disputes(told([r for r in rows if r[0] == voice] + echo)))
    assert {r for r, _ in disputes(told(rows + echo))} == {r for r, _ in disputes(told(rows))}


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(sorted(SPEAKERS)), claim()), max_size=7), st.sampled_from(["zh", "en"]))
def test_every_finding_shows_both_sides(rows, language):
    visit = told(rows, language)
    ids = {f.id for g in visit.groups() for f in g.facts}
    for found in visit.findings():
        assert found.severity in SEVERITIES
        assert found.message
        assert set(found.facts) <= ids
        if found.kind == "contradiction":
            assert len({e.source for e in found.evidence}) >= 2
            assert len(found.facts) >= 1


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(sorted(SPEAKERS)), claim()), max_size=7), st.randoms(use_true_random=False))
def test_the_order_of_facts_changes_nothing(rows, random):
    visit = told(rows)
    shuffled = list(visit.facts)
    random.shuffle(shuffled)
    groups = number(merge(shuffled, visit.sources, visit.encounter))
    assert check(groups, visit.encounter, visit.sources) == visit.findings()

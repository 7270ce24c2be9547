"""Question and answer, whose it is, self-corrections, and what a value belongs to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syngraph.facts.mentions import polarity
from tests.facts.talk import facts, said, source


@pytest.mark.parametrize(
    ("talk", "expected"),
    [
        ("D: 发烧吗？\nP: 没有。", {("发热", "absent")}),
        ("D: 发烧吗？\nP: 嗯，有点。", {("发热", "present")}),
        ("D: 有没有恶心呕吐？\nP: 都没有。", {("恶心", "absent"), ("呕吐", "absent")}),
        ("D: 咳嗽发烧吗？\nP: 咳嗽，不发烧。", {("咳嗽", "present"), ("发热", "absent")}),
        ("D: 发烧吗？\nP: 不清楚，没量。", {("发热", "uncertain")}),
        ("D: 疼不疼？咳嗽吗？\nP: 不咳。", {("咳嗽", "absent")}),
        ("D: 咳嗽多久了？\nP: 三天。", {("咳嗽", "present")}),
        ("D: Any fever?\nP: No.", {("fever", "absent")}),
        ("D: Any fever or chills?\nP: Nope, neither.", {("fever", "absent"), ("chills", "absent")}),
        (
            "D: Any fever, back pain?\nP: No fever. My back's a bit sore.",
            {("fever", "absent"), ("back pain", "present")},
        ),
        ("D: Blood in the urine?\nP: Not that I've seen.", {("hematuria", "absent")}),
        ("D: How long have you had the cough?\nP: About two weeks.", {("cough", "present")}),
        ("D: With those headaches, any trouble with your vision?\nP: No.", set()),
    ],
)
def test_answer_decides(talk: str, expected: set[tuple[str, str]]) -> None:
    got = said(talk, "symptom")
    assert expected <= got
    names = {n for n, _ in expected}
    assert not {s for s in got if s[0] in names} - expected
    if not expected:
        assert ("headache", "absent") not in got


def test_answer_is_quoted_with_its_question() -> None:
    talk = "D: 发烧吗？\nP: 没有没有。"
    (fact,) = [f for f in facts(talk) if f.kind == "symptom"]
    text = source(talk).text
    assert [text[e.start : e.end] for e in fact.evidence] == ["没有没有。", "发烧吗？"]
    assert fact.witnesses == ("patient",)


@pytest.mark.parametrize(
    ("talk", "subject"),
    [
        ("我妈有糖尿病。", "mother"),
        ("My mum has diabetes.", "mother"),
        ("D: 家里人有糖尿病吗？\nP: 我爸有。", "father"),
        ("我妈说我有糖尿病。", "patient"),
        ("I have diabetes.", "patient"),
        ("My father had diabetes and so did my brother.", "father"),
    ],
)
def test_whose_it_is(talk: str, subject: str) -> None:
    got = [f.subject for f in facts(talk) if "diabetes" in (f.concept.id or "")]
    assert subject in got
    assert ("patient" in got) == (subject == "patient")


def test_a_child_is_the_patient_of_those_who_bring_it() -> None:
    got = facts("D: 怎么了？\nC: 我儿子发烧两天了。", birth="2022-05-01", sex="male")
    assert [(f.subject, f.get("duration")) for f in got if f.kind == "symptom"] == [("patient", "P2D")]


def test_a_colleague_is_not_the_patient() -> None:
    assert not [f for f in facts("A colleague of mine, she kept sneezing next to me.") if f.kind == "symptom"]


@pytest.mark.parametrize(
    ("talk", "key", "value"),
    [
        ("咳嗽三天了，不对，四天了。", "duration", "P4D"),
        ("左膝盖疼，哦不，右膝盖疼。", "laterality", "right"),
        ("I've had a cough for three days, no wait, five days.", "duration", "P5D"),
        ("My left knee hurts, sorry, my right knee hurts.", "laterality", "right"),
        ("I've been coughing since Sunday. No wait, Saturday.", "onset", "2026-11-14"),
    ],
)
def test_self_correction_holds(talk: str, key: str, value: str) -> None:
    got = [f.get(key) for f in facts(talk) if f.kind == "symptom" and f.get(key)]
    assert got
    assert set(got) == {value}


@pytest.mark.parametrize(
    ("talk", "name", "duration"),
    [
        ("D: 哪里不舒服？\nP: 咳嗽。\nD: 多久了？\nP: 三天了。", "咳嗽", "P3D"),
        ("咳嗽三天，发烧一天。", "咳嗽", "P3D"),
        ("咳嗽三天，发烧一天。", "发热", "P1D"),
        ("P: I've got a cough.\nD: How long?\nP: Two weeks.", "cough", "P2W"),
    ],
)
def test_duration_finds_its_symptom(talk: str, name: str, duration: str) -> None:
    assert [f.get("duration") for f in facts(talk) if f.concept.text == name][:1] == [duration]


def test_a_value_of_another_matter_is_no_duration() -> None:
    got = facts("P: I've got back pain.\nD: Last period?\nP: Six weeks ago.")
    assert all(f.get("duration") is None for f in got if f.kind == "symptom")


def test_polarity_of_plain_answers() -> None:
    assert polarity("没有没有。") == "absent"
    assert polarity("yeah, since sunday") == "present"
    assert polarity("说不好") == "uncertain"
    assert polarity("蓝色的") is None


@given(st.text(alphabet="咳嗽发烧没有不左右三天了，。？！ab cfevrno'.,?!\n", max_size=80))
def test_any_talk_gives_facts_whose_evidence_stands_in_it(words: str) -> None:
    talk = "\n".join(f"{'DP'[i % 2]}: {line}" for i, line in enumerate(words.split("\n")))
    text = source(talk).text
    for fact in facts(talk, "zh"):
        for e in fact.evidence:
            assert text[e.start : e.end].strip()

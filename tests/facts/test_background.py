"""Whose illness it is, what somebody smokes and drinks, births, allergies: the background of a patient, class by class."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syngraph.facts.kin import kin_of
from syngraph.facts.vocabulary import words
from syngraph.model import Fact
from tests.facts.talk import encounter, facts, source

CHILD = {"birth": "2023-01-01", "sex": "male"}
OLD = {"birth": "1951-01-01", "sex": "female"}


def of(talk: str, concept: str, **patient: str) -> list[Fact]:
    return [f for f in facts(talk, **patient) if f.concept.id == concept]


# -- whose it is ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("talk", "patient", "expected"),
    [
        ("D: Any asthma in the family?\nC: I had asthma as a kid.", CHILD, {("asthma", "parent")}),
        ("D: Anything in the family?\nC: My mum has eczema.", CHILD, {("eczema", "grandmother")}),
        ("D: 家里有哮喘吗？\nC: 我小时候有哮喘，他爸有鼻炎。", CHILD, {("asthma", "parent"), ("rhinitis", "father")}),
        ("D: 家里呢？\nC: 外婆曾因抑郁症住院。", CHILD, {("depression", "maternal-grandmother")}),
        ("My dad has heart disease. He's also a diabetic with diabetes.", OLD, {("diabetes", "father")}),
        ("My mum's sister had breast cancer.", OLD, {("breast-cancer", "aunt")}),
        ("One of my uncles on my dad's side was diagnosed with leukemia.", OLD, {("leukemia", "uncle")}),
        ("D: Any heart disease in the family?\nP: No one that I can remember.", OLD, {("heart-disease", "family")}),
        ("D: 家里人有糖尿病吗？\nP: 家里没有高血压。", OLD, {("hypertension", "family")}),
    ],
)
def test_kin_words_are_the_speakers(talk: str, patient: dict[str, str], expected: set[tuple[str, str]]) -> None:
    got = {((f.concept.id or "").partition(":")[2], f.subject) for f in facts(talk, **patient)}
    assert expected <= got
    assert not {g for g in got if g[1] == "patient" and g[0] in {n for n, _ in expected}}


def test_a_daughter_speaks_of_the_patient_as_mother() -> None:
    got = of("D: 怎么了？\nC: 我妈自己有糖尿病十年了。", "condition:diabetes", **OLD)
    assert [f.subject for f in got] == ["patient"]


@pytest.mark.parametrize("kin", ["mother", "father", "wife", "brother", "maternal-grandmother", "child", "in-law"])
def test_kin_of_the_patient_is_what_it_says(kin: str) -> None:
    assert kin_of("patient", kin) == kin


@given(st.text(max_size=12), st.text(max_size=12))
def test_kin_of_never_fails(whose: str, kin: str) -> None:
    assert kin_of(whose, kin)


def test_a_named_test_is_no_illness() -> None:
    assert not of("I am here for a breast cancer screening.", "condition:breast-cancer", **OLD)
    assert not [f for f in facts("The doctor at the surgery said to come.", **OLD) if f.kind == "procedure"]


def test_your_surgery_denied_details_is_no_denial() -> None:
    assert not of("D: Do you remember the details of your surgery?\nP: No.", "procedure:any", **OLD)
    assert of("D: Any surgeries?\nP: No.", "procedure:any", **OLD)


def test_who_he_is_is_quoted_too() -> None:
    talk = "D: Any family history?\nP: My father used to have gout. He died of bowel cancer."
    (fact,) = [f for f in facts(talk, **OLD) if "cancer" in f.concept.text]
    text = source(talk).text
    assert fact.subject == "father"
    assert any("father" in text[e.start : e.end] for e in fact.evidence)


# -- habits -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("talk", "concept", "status", "attributes"),
    [
        ("I do not smoke or drink alcohol.", "alcohol", "absent", {}),
        ("I do not smoke or drink alcohol.", "smoking", "absent", {}),
        ("D: Do you drink or smoke?\nP: No, I don't do any of that.", "alcohol", "absent", {}),
        ("D: Do you smoke?\nP: I smoke half a pack a day and I drink now and again.", "smoking", "present",
         {"amount": "0.5 packs", "per": "day"}),
        ("D: Do you smoke?\nP: I smoke half a pack a day and I drink now and again.", "alcohol", "present", {"text": "occasional"}),
        ("D: How much do you smoke?\nP: One or two cigarettes a day.", "smoking", "present", {"amount": "1-2 cigarettes"}),
        ("D: When was the last time you had a cigarette?\nP: Seventeen years back.", "smoking", "historical", {"ended_for": "P17Y"}),
        ("D: How many packs did you smoke?\nP: One pack a day.", "smoking", "historical", {"amount": "1 packs"}),
        ("D: 烟呢，还抽不抽？\nP: 戒啥呀，一天还得半盒。", "smoking", "present", {"amount": "0.5 packs"}),
        ("D: 抽烟吗？\nP: 烟戒了三年，以前一天一包。", "smoking", "historical", {"ended_for": "P3Y", "amount": "1 packs"}),
        ("D: 喝酒吗？\nP: 逢年过节喝点。", "alcohol", "present", {"text": "occasional"}),
    ],
)  # fmt: skip
def test_habits(talk: str, concept: str, status: str, attributes: dict[str, str]) -> None:
    (fact,) = of(talk, f"social:{concept}", **OLD)
    assert fact.status == status
    assert attributes.items() <= dict(fact.attributes).items()


@pytest.mark.parametrize(
    "talk",
    [
        "能喝酒吗，周末有个婚礼。",
        "Can I drink with these tablets?",
        "I have tried a beer once.",
        "I drink plenty of water.",
        "My husband smokes.",
    ],
)
def test_no_habit_of_the_patient(talk: str) -> None:
    assert not [f for f in facts(talk, **OLD) if f.concept.id in ("social:alcohol", "social:smoking")]


@pytest.mark.parametrize(
    ("talk", "status", "who"),
    [
        ("D: Does anyone smoke at home?\nC: Nobody smokes at home.", "absent", None),
        ("D: Does anyone smoke at home?\nC: No.", "absent", None),
        ("D: Does anyone smoke at home?\nC: My wife smokes, outside mostly.", "present", "mother"),
        ("D: 家里有人抽烟吗？\nC: 他爸抽，在阳台上抽。", "present", "father"),
    ],
)
def test_smoke_at_home_is_not_the_childs_smoking(talk: str, status: str, who: str | None) -> None:
    (fact,) = [f for f in facts(talk, **CHILD) if f.kind == "social-history"]
    assert (fact.concept.id, fact.status, fact.get("who")) == ("social:smoke-exposure", status, who)


def test_a_young_childs_drinking_is_no_alcohol() -> None:
    assert not of("D: Is he drinking?\nC: Yes, a bit.", "social:alcohol", **CHILD)


# -- the rest of the personal history -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("talk", "concept", "text"),
    [
        ("D: What do you do?\nP: I'm a network engineer, at a bank.", "social:occupation", "network engineer"),
        ("D: 做什么工作的？\nP: 种地的。", "social:occupation", "种地"),
        ("I live with my husband and two kids.", "social:living", "with husband and two kids"),
        ("D: Are you married?\nP: Yes, for twenty years.", "social:marital", "married"),
        ("D: 结婚了吗？\nP: 结了。我是已婚。", "reproductive:marital", "已婚"),
        ("D: Any pets?\nP: We've got a cat.", "social:pets", "a cat"),
        ("I just got back from Portugal on Sunday.", "social:travel", "Portugal"),
        ("上周从广州出差回来。", "social:travel", "广州"),
    ],
)
def test_told_in_their_own_words(talk: str, concept: str, text: str) -> None:
    assert [f.get("text") for f in of(talk, concept, **OLD)] == [text]


@pytest.mark.parametrize(
    "talk", ["I'm a light sleeper.", "I work on my diet.", "I just got back from work.", "我是个老病号。"]
)
def test_not_told(talk: str) -> None:
    assert not [f for f in facts(talk, **OLD) if f.kind == "social-history"]


@pytest.mark.parametrize(
    ("talk", "text"),
    [
        ("D: 足月生的吗？\nC: 足月，剖的，六斤四两。", "足月，剖的，六斤四两"),
        (
            "D: Was he born at term?\nC: Thirty-nine weeks, normal birth, no problems.",
            "thirty-nine weeks, normal birth, no problems",
        ),
        ("D: 宝宝是足月的吗？\nC: 早产。", "早产"),
    ],
)
def test_birth_of_a_child(talk: str, text: str) -> None:
    assert [f.get("text") for f in of(talk, "social:birth", **CHILD)] == [text]


def test_routine_vaccinations() -> None:
    (fact,) = [f for f in facts("D: 疫苗打了吗？\nC: 都按时打的。", **CHILD) if f.kind == "immunization"]
    assert (fact.concept.id, fact.status) == ("immunization:routine-vaccines", "present")


# -- menstrual and obstetric history ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("talk", "concept", "status", "text"),
    [
        ("D: 啥时候绝经的？\nP: 五十一岁。", "menopause", "present", "51岁"),
        ("D: 怎么避孕的？\nP: 我们都用避孕套。", "contraception", "present", "避孕套"),
        (
            "D: You're pregnant, and you're twenty-four weeks today.\nP: Yes.",
            "pregnancy",
            "present",
            "24 weeks",
        ),
        ("D: 初潮几岁？\nP: 13岁。", "menarche", "present", "13岁"),
    ],
)
def test_states(talk: str, concept: str, status: str, text: str) -> None:
    got = [(f.status, f.get("text")) for f in of(talk, f"reproductive:{concept}", birth="1990-01-01", sex="female")]
    assert (status, text) in got


def test_alcohol_in_pregnancy_denied_leaves_her_pregnant() -> None:
    talk = "D: Any alcohol during this pregnancy?\nP: No."
    assert not of(talk, "reproductive:pregnancy", birth="1990-01-01", sex="female")


# -- allergies ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("talk", "expected"),
    [
        ("D: 药物过敏有吗？吃的呢？\nP: 药没有。鸡蛋过敏。", {("药物过敏", "absent"), ("鸡蛋", "present")}),
        ("D: 药物过敏？\nP: 没得，青霉素那些都打过。", {("药物过敏", "absent")}),
        ("D: Any allergies?\nP: I don't know of any.", {("allergies", "absent")}),
        ("D: Any drug allergies?\nP: Nothing that I know of.", {("drug allergy", "absent")}),
    ],
)
def test_denied_allergies(talk: str, expected: set[tuple[str, str]]) -> None:
    assert {(f.concept.text, f.status) for f in facts(talk, **OLD) if f.kind == "allergy"} == expected


@pytest.mark.parametrize(
    "talk",
    [
        "D: Allergies?\nP: Penicillin. I get a rash.",
        "D: Any allergies?\nP: Yes, penicillin.\nD: What happens when you take it?\nP: A rash.",
    ],
)
def test_the_reaction_belongs_to_the_allergy(talk: str) -> None:
    got = facts(talk, **OLD)
    assert "rash" in {f.get("reaction") for f in got if f.kind == "allergy"}
    assert not [f for f in got if f.kind == "symptom"]


# -- invariants ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "category", ["smoking", "alcohol", "quit", "never", "occupation-said", "travel-said", "birth-said", "allergy"]
)
@given(text=st.text(max_size=80))
def test_lists_compile_and_search_any_text(category: str, text: str) -> None:
    m = words(category).search(text)
    assert m is None or m.end() > m.start()


@given(st.lists(st.sampled_from([
    "D: 抽烟吗？", "P: 不抽。", "P: 我爸有糖尿病，他还抽烟", "C: 我有哮喘", "D: Do you smoke or drink?", "P: No, neither.", "C: My wife smokes",
    "P: 戒了三年", "D: Any allergies?", "P: Penicillin. Rash.", "P: I live alone", "D: 末次月经？", "P: 上个月3号",
]), max_size=6))  # fmt: skip
def test_facts_quote_their_source(lines: list[str]) -> None:
    talk = "\n".join(lines)
    text = source(talk).text
    assert encounter()
    for fact in facts(talk, **OLD):
        assert all(text[e.start : e.end].strip() for e in fact.evidence)
        assert not (fact.kind == "social-history" and fact.subject != "patient")

"""The patient's story: what is said of which complaint, what was denied, and what nobody's lexicon knows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syngraph.facts.accounts import reconciled
from syngraph.facts.compose import takes_side
from syngraph.facts.manner import describes
from syngraph.facts.phrased import phrased
from syngraph.model import Fact
from syngraph.terminology.fold import fold
from syngraph.terminology.lexicon import lexicon
from tests.facts.talk import facts, said


def named(talk: str, name: str, **patient: str) -> list[Fact]:
    return [f for f in facts(talk, **patient) if f.kind == "symptom" and f.concept.text == name]


@pytest.mark.parametrize(
    ("talk", "name", "key"),
    [
        ("嗓子疼，晚上睡觉的时候看电视看得很厉害。", "咽痛", "severity"),
        ("睡不着，大便稀糊糊的。", "失眠", "character"),
        ("头疼，早上吃一片药。", "头痛", "timing"),
        ("膝盖疼，我干了四十年瓦工。", "膝痛", "duration"),
        ("牙龈老出血，药我停了一个月了。", "牙龈出血", "duration"),
        ("说话不清楚，右边。", "言语不清", "laterality"),
        ("I get headaches, and I take the tablet in the morning.", "headache", "timing"),
        ("My thumbs ache, but I was a bricklayer for forty years.", "thumb pain", "duration"),
        ("I'm peeing all the time, every twenty minutes.", "urinary frequency", "duration"),
    ],
)
def test_what_is_said_of_something_else_is_not_the_symptom_s(talk: str, name: str, key: str) -> None:
    got = named(talk, name)
    assert got
    assert all(f.get(key) is None for f in got)


@pytest.mark.parametrize(
    ("talk", "name", "key", "value"),
    [
        ("有点咳嗽。", "咳嗽", "severity", "mild"),
        ("头疼得厉害。", "头痛", "severity", "severe"),
        ("D: 咳嗽多久了？\nP: 三天了。", "咳嗽", "duration", "P3D"),
        ("P: 膝盖疼。\nD: 怎么个疼法？厉害吗？\nP: 挺厉害的。", "膝痛", "severity", "severe"),
        ("腰疼，往大腿根那儿窜。", "腰痛", "radiation", "大腿根"),
        ("I've got a terrible headache.", "headache", "severity", "severe"),
        ("My cough is worse at night.", "cough", "aggravated_by", "at night"),
        ("My knee hurts. Resting it definitely helps.", "knee pain", "relieved_by", "Resting"),
    ],
)
def test_what_is_said_of_a_symptom_is_its_own(talk: str, name: str, key: str, value: str) -> None:
    assert value in [f.get(key) for f in named(talk, name)]


@pytest.mark.parametrize(
    ("talk", "expected"),
    [
        ("D: 有没有昏倒过，抽过？\nP: 没有抽，也没有昏死过去。", {("抽搐", "absent"), ("晕厥", "absent")}),
        (
            "P: 膝盖疼。\nD: 会不会卡住？\nP: 没有卡住，走路有时候打软腿。",
            {("关节交锁", "absent"), ("关节不稳", "present")},
        ),
        ("D: 体重长了没有？\nP: 长了，上个月才六十公斤。", {("体重增加", "present")}),
        ("D: 除了发烧，还有别的不舒服吗？\nP: 没有了。", {("发热", "present")}),
        ("D: 有没有胸痛？\nP: 有，咳嗽的时候就疼。", {("胸痛", "present")}),
        ("D: 恶心呕吐有没有？\nP: 恶心有过，没吐。", {("恶心", "present"), ("呕吐", "absent")}),
        (
            "P: My knee hurts.\nD: Does it lock, or give way?\nP: It's never locked. It gives way on the gravel.",
            {("joint locking", "absent"), ("joint giving way", "present")},
        ),
        ("P: My knee hurts.\nD: Swelling?\nP: Comes up of an evening.", {("knee swelling", "present")}),
        ("D: Any chest pain?\nP: Yeah, after coughing it starts to hurt.", {("chest pain", "present")}),
        ("D: Any vomiting, diarrhoea?\nP: No vomiting. No runs.", {("vomiting", "absent"), ("diarrhea", "absent")}),
        ("D: Any fever? \nP: No fever. I wish I was losing weight.", {("fever", "absent")}),
        ("D: Besides the cough, anything else?\nP: No.", {("cough", "present")}),
    ],
)
def test_an_answer_tells_of_each_thing_asked(talk: str, expected: set[tuple[str, str]]) -> None:
    got = {(name, status) for name, status in said(talk, "symptom") if name in {n for n, _ in expected}}
    assert got == expected


@pytest.mark.parametrize(
    "talk",
    [
        "餐后不大测，扎手指头疼。",
        "胃里烧得慌。",
        "脚底像踩棉花一样。",
        "D: 药物过敏有吗？\nP: 磺胺，吃了浑身起疹子。",
        "D: Allergies?\nP: Aspirin. Makes me wheeze.",
        "打二十来岁就抽，一天一包。",
        "肠炎是不是会肚子疼",
    ],
)
def test_what_is_no_complaint_of_today_is_none(talk: str) -> None:
    assert not [f for f in facts(talk) if f.kind == "symptom" and f.status != "absent" and not f.get("verbatim")]


def test_a_later_correction_of_the_same_speaker_holds() -> None:
    assert said("P: 我咳嗽。\nP: 说错了，不咳嗽，就是嗓子疼。", "symptom") == {("咳嗽", "absent"), ("咽痛", "present")}


def test_a_no_to_an_earlier_time_takes_nothing_back() -> None:
    talk = "P: I've been having pain in my chest.\nD: Ever had that?\nP: I mean, I've never had any pain in my chest before."
    assert said(talk, "symptom") == {("chest pain", "present")}


def test_words_that_say_where_win_over_those_that_say_the_limbs() -> None:
    assert said("脚麻三个月了。", "symptom") == {("足部麻木", "present")}


def test_an_answer_to_what_happened_is_the_complaint() -> None:
    talk = "D: Could you tell me what happened?\nP: I slipped and my wrist started to hurt."
    assert ("wrist pain", "present") in said(talk, "symptom")


def test_what_is_over_today_was_there() -> None:
    (fact,) = named("D: 吐没吐？\nP: 昨天呕吐了，今天不呕吐了。", "呕吐")
    assert (fact.status, fact.get("course")) == ("present", "resolved")


def test_two_speakers_who_differ_both_stand() -> None:
    got = facts("D: 咳嗽吗？\nP: 不咳嗽。\nC: 他昨晚咳嗽了一夜。", birth="2022-01-01")
    assert {(f.status, f.witnesses) for f in got if f.concept.text == "咳嗽"} == {
        ("absent", ("patient",)),
        ("present", ("companion",)),
    }


def test_a_time_said_before_the_complaint_has_a_name_is_kept() -> None:
    talk = "D: What's been going on?\nP: It's my right ear. It's been about two weeks now.\nD: Pain?\nP: Pain, yeah."
    assert [f.get("duration") for f in named(talk, "ear pain")] == ["P2W"]


@pytest.mark.parametrize(
    ("talk", "kept"),
    [
        ("D: 怎么了？\nP: 整个人昏戳戳的，提不起来。", True),
        ("D: 白带怎么样？\nP: 前天内裤上有一点点褐色的东西。", True),
        ("D: What's wrong?\nP: It cracks, and the cracks sting.", True),
        ("D: 平时干什么？\nP: 打打小麻将，一块钱一把的。", False),
        ("D: 做过手术没有？\nP: 小时候右边胳膊摔断过一回。", False),
        ("P: 住院要花好多钱哦，手头紧。", False),
        ("D: And what do you do for work?\nP: I do the accounts, it hurts my pride.", False),
    ],
)
def test_the_speaker_s_own_words_are_kept_where_they_tell_of_the_illness(talk: str, kept: bool) -> None:
    got = [f for f in facts(talk) if f.get("verbatim") == "1"]
    assert bool(got) is kept


def test_the_reason_for_the_visit_is_kept_where_it_is_no_symptom() -> None:
    reasons = [f for f in facts("D: 今天来看什么？\nP: 来取三个月的药。") if f.get("category") == "reason"]
    assert [f.get("text") for f in reasons] == ["来取三个月的药"]
    assert not [f for f in facts("D: 哪里不舒服？\nP: 咳嗽。") if f.get("category") == "reason"]


def test_a_qualifier_describes_only_what_it_can() -> None:
    terms = lexicon().terms
    loose, stabbing, night = (terms[f"qualifier:{name}"] for name in ("loose-character", "stabbing", "night"))
    assert describes(loose, terms["symptom:diarrhea"])
    assert not describes(loose, terms["symptom:insomnia"])
    assert describes(stabbing, terms["symptom:chest-pain"])
    assert not describes(stabbing, terms["symptom:fever"])
    assert not describes(night, terms["symptom:nocturia"])


def test_a_side_belongs_to_what_has_sides() -> None:
    terms = lexicon().terms
    assert takes_side(terms["symptom:knee-pain"], "left")
    assert takes_side(terms["symptom:headache"], "right")
    assert not takes_side(terms["symptom:lower-abdominal-pain"], "bilateral")
    assert not takes_side(terms["symptom:speech-difficulty"], "right")


def test_every_phrase_names_a_known_symptom() -> None:
    for text in ("up three times a night", "没抽，", "it's never locked", "no runs."):
        found, _ = phrased(text, 0, len(text))
        assert found
    assert phrased(fold("扎手指头疼"), 0, 5)[1]


@given(st.text(alphabet="痛疼左右厉害有点三天了晚上吃药停，。不没咳嗽稀黄", max_size=40))
def test_a_description_fits_its_symptom_whatever_is_said(words: str) -> None:
    for fact in facts(words, "zh"):
        term = lexicon().terms.get(fact.concept.id or "")
        if fact.kind == "symptom" and term is not None and fact.get("laterality"):
            assert takes_side(term, fact.attributes["laterality"])


def test_nothing_told_needs_no_reconciling() -> None:
    assert reconciled([]) == []

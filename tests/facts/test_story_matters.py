"""Answers by class: matters that only the question names, lists answered by order, summaries, times and rates."""

from __future__ import annotations

import itertools

import pytest

from syngraph.facts.matters import matters, told
from syngraph.facts.rates import _code
from syngraph.terminology.lexicon import lexicon
from tests.facts.talk import facts


def symptoms(talk: str) -> dict[str, str]:
    return {(f.concept.id or "").partition(":")[2]: f.status for f in facts(talk) if f.kind == "symptom"}


def attribute(talk: str, name: str, key: str) -> str | None:
    return next((f.get(key) for f in facts(talk) if f.concept.id == f"symptom:{name}" and f.get(key)), None)


@pytest.mark.parametrize(
    ("talk", "name", "status"),
    [
        ("D: 大便什么样？\nP: 黄的稀的。", "diarrhea", "present"),
        ("D: 大便呢？\nP: 黑的，像沥青。", "melena", "present"),
        ("D: 大便呢？\nP: 不黑，一天一次。", "melena", "absent"),
        ("D: 小便呢？\nP: 次数多，还急。", "urgency", "present"),
        ("D: What's wrong?\nC: Constipation.\nD: Any blood?\nC: A bit of bright red on the paper.", "hematochezia", "present"),
        ("D: What's wrong?\nP: I've been peeing a lot.\nD: Any blood?\nP: Yes, a bit pink.", "hematuria", "present"),
        ("D: What's wrong?\nP: A cough for a week.\nD: Any blood?\nP: No.", "hemoptysis", "absent"),
        ("D: Are you bringing anything up?\nP: It's dry, I haven't brought up any sputum or any blood.", "hemoptysis", "absent"),
    ],
)  # fmt: skip
def test_what_an_answer_tells_of_the_matter_asked_about(talk: str, name: str, status: str) -> None:
    assert symptoms(talk).get(name) == status


def test_what_is_told_of_a_matter_is_of_no_other_question() -> None:
    assert "melena" not in symptoms("D: 手上那块是什么颜色？\nP: 黑的。")
    assert attribute("D: 哪里不舒服？\nP: 吐了两天。\nD: 大便什么颜色？\nP: 黄色的。", "vomiting", "character") is None


def test_every_matter_names_known_symptoms() -> None:
    for matter in matters():
        for name, _ in matter.told:
            assert f"symptom:{name}" in lexicon().terms, (matter.name, name)
        assert told(matter, "", 0, 0) == []


_NAMES = {"zh": (("恶心", "nausea"), ("头晕", "dizziness"), ("咳嗽", "cough")), "en": (("nausea", "nausea"), ("dizziness", "dizziness"), ("cough", "cough"))}  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second", "language"), [(*pair, lang) for lang in _NAMES for pair in itertools.permutations(_NAMES[lang], 2)]
)  # fmt: skip
def test_a_list_is_answered_thing_by_thing(first: tuple[str, str], second: tuple[str, str], language: str) -> None:
    a, b = first[0], second[0]
    expected = {first[1]: "present", second[1]: "absent"}
    if language == "zh":
        answers = [f"{a}有，{b}没有。", f"{a}有点，{b}倒没有。", "第一个有，第二个没有。"]
        question = f"D: {a}、{b}有没有？"
    else:
        answers = [f"{a} yes, {b} no.", f"Yes {a}, but no {b}.", "Yes to the first, no to the second."]
        question = f"D: Any {a} or {b}?"
    for answer in answers:
        assert symptoms(f"{question}\nP: {answer}") == expected, answer


@pytest.mark.parametrize(
    ("talk", "expected"),
    [
        ("D: 肚子疼？\nP: 三天了。", {"abdominal-pain": "present"}),
        ("D: Headaches?\nP: Most days.", {"headache": "present"}),
        ("D: 肚子疼？\nP: 今天没怎么放屁。", {}),
        ("D: 咳嗽厉害吗？\nP: 不厉害。", {"cough": "present"}),
        ("D: 恶心、呕吐、拉肚子有没有？\nP: 恶心有点，吐没吐，拉也没拉。", {"nausea": "present", "vomiting": "absent", "diarrhea": "absent"}),
        ("D: So no fever, no vomiting, just the cough?\nP: That's right.", {"fever": "absent", "vomiting": "absent", "cough": "present"}),
        ("D: 所以没发烧、没吐，就是咳嗽？\nP: 对。", {"fever": "absent", "vomiting": "absent", "cough": "present"}),
        ("D: 烧几天了？\nC: 昨天开始的吧，昨儿晚上我下班回来摸着烫。", {"fever": "present"}),
    ],
)  # fmt: skip
def test_what_short_answers_mean(talk: str, expected: dict[str, str]) -> None:
    made = symptoms(talk)
    assert {k: v for k, v in made.items() if k in expected} == expected
    assert expected or "abdominal-pain" not in made


def test_what_a_question_only_offers_is_not_told() -> None:
    assert "fever" not in symptoms("D: 怎么个痛法，胀痛、烧起来那样？\nP: 就是火烧火燎的。")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("一天疼三四回", "3-4/d"), ("five or six a month", "5-6/mo"), ("一周发作两三次", "2-3/w"), ("10 times a day", "10/d"),
        ("每天十几回", "每天十几回"), ("most nights", "most nights"),
    ],
)  # fmt: skip
def test_how_often_as_a_code_or_as_said(words: str, code: str) -> None:
    assert _code(words) == code


@pytest.mark.parametrize(
    ("talk", "name", "value"),
    [
        ("D: 哪里不舒服？\nP: 拉肚子三天了。\nD: 拉的什么样子？\nP: 黄色的水。一天七八次。", "diarrhea", "7-8/d"),
        ("D: What's wrong?\nP: Headaches.\nD: How often?\nP: Five or six a month.", "headache", "5-6/mo"),
        ("D: What's wrong?\nP: I have diarrhoea.\nD: How many times a day?\nP: Six or seven, watery.", "diarrhea", "6-7/d"),
        ("D: 哪儿不舒服？\nP: 头痛三天，一天疼三四回。", "headache", "3-4/d"),
    ],
)  # fmt: skip
def test_how_often_a_complaint_comes(talk: str, name: str, value: str) -> None:
    assert attribute(talk, name, "frequency") == value


def test_how_often_a_tablet_is_taken_is_no_complaint_s() -> None:
    assert (
        attribute("D: 哪里不舒服？\nP: 头痛。\nD: 吃药没有？\nP: 布洛芬，一天三次。", "headache", "frequency") is None
    )


@pytest.mark.parametrize(
    ("talk", "key", "value"),
    [
        ("Q: 主要症状\nP: 发热\nQ: 开始日期\nP: 2026-11-08", "onset", "2026-11-08"),
        ("Q: 哪里不舒服\nP: 发热\nQ: 病程（天）\nP: 5", "duration", "P5D"),
        ("Q: Main problem\nP: Fever\nQ: How many days?\nP: 5", "duration", "P5D"),
        ("D: 疹子什么时候出的？\nC: 今天早上穿衣服看见的。", "onset", "2026-11-20"),
    ],
)
def test_since_when_where_it_was_asked(talk: str, key: str, value: str) -> None:
    assert [f.get(key) for f in facts(talk) if f.kind == "symptom"] == [value]


@pytest.mark.parametrize(
    "talk",
    [
        "Q: Soiling\nP: Yes\nQ: Was your child born on time?\nP: Yes, 39 weeks",
        "D: This is two weeks after cycle four, isn't it?\nP: Two weeks today, yes. Bit tired.",
        "D: 咳嗽吗？\nP: 咳，不厉害。\nD: 以前呢？\nP: 前两次都是十天左右恢复。",
        "D: 怎么了？\nC: 干呕。\nD: 还有呢？\nC: 今天因为四天没吃我就给他用了。",
        "D: 怎么了？\nP: 前一向腰痛，吃过布洛芬，大概五六天。",
        "D: 什么时候开始的？\nP: 头痛，今天礼拜四，礼拜几来着。",
    ],
)
def test_a_time_of_something_else_is_no_complaint_s(talk: str) -> None:
    assert all(
        not f.get("duration") and (f.get("onset") or "2026-11-20") == "2026-11-20" for f in facts(talk) if f.kind == "symptom"
    )  # fmt: skip


@pytest.mark.parametrize(
    "talk",
    [
        "D: 怎么了？\nP: 没有。",
        "D: 精神饮食怎样？\nC: 有什么办法呢",
        "D: OK, so it's been there pretty constantly for the past few days, but worse when you walk?\nP: Exactly.",
    ],
)
def test_an_answer_that_tells_nothing_is_not_kept(talk: str) -> None:
    assert [f for f in facts(talk) if f.kind == "administrative"] == []

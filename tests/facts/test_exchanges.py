"""Questions and answers that nothing else understood: kept, in their words, where they belong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syngraph.model import Fact
from tests.facts.talk import facts, source


def exchanged(talk: str) -> list[Fact]:
    return [f for f in facts(talk) if f.extractor == "exchange"]


def pairs(talk: str) -> list[tuple[str, str, str, str]]:
    return [(f.attributes["asked"], f.attributes["text"], f.status, f.attributes["section"]) for f in exchanged(talk)]


@pytest.mark.parametrize(
    ("talk", "expected"),
    [
        ("D: And at night?\nP: I drift off and then I'm up at four.", "I drift off and then I'm up at four."),
        ("D: 什么时候最厉害？\nP: 太阳一落就来了。", "太阳一落就来了。"),
        ("D: 有多久了？\nP: 怕有……赶场那天起的。", "怕有……赶场那天起的。"),
    ],
)
def test_an_answer_that_names_nothing_is_kept(talk: str, expected: str) -> None:
    assert [text for _, text, _, _ in pairs(talk)] == [expected]


def test_yes_and_no_are_the_status() -> None:
    talk = "D: Have you made any plans for it?\nP: No. None at all."
    assert pairs(talk) == [
        ("Have you made any plans for it?", "No. None at all.", "absent", "history-of-present-illness")
    ]
    assert [f.status for f in exchanged("D: 晚上能平着躺吗？\nP: 能。")] == ["present"]


def test_the_question_tells_the_section() -> None:
    assert [p[3] for p in pairs("D: Who lives with you?\nP: Just the cat.")] == ["personal-history"]
    assert [p[3] for p in pairs("Q: 您的工作是什么\nP: 在窑上看火")] == ["personal-history"]


@pytest.mark.parametrize(
    "talk",
    [
        "D: 王芳是吧？\nP: 是我。",
        "D: 您怎么称呼？\nP: 叫我老李就行。",
        "D: 都听明白了吗？\nP: 明白了。",
        "D: Did you find us all right?\nP: Yes, the number nine goes past the door.",
        "D: Any questions for me?\nP: No, that's everything.",
        "D: So you're his dad?\nC: Yes, that's right.",
        "D: How has that been?\nP: Um.",
    ],
)
def test_courtesy_and_empty_answers_are_not(talk: str) -> None:
    assert exchanged(talk) == []


def test_what_was_understood_is_not_said_again() -> None:
    assert exchanged("D: 发烧吗？\nP: 没有发烧。") == []
    assert exchanged("D: Any cough?\nP: No cough.") == []


def test_another_person_s_answer_is_not_the_patient_s() -> None:
    assert exchanged("D: And how does that go?\nP: My sister gets that too.") == []


def test_nothing_is_asked_of_the_record_once_the_plan_is_made() -> None:
    talk = "D: 哪里不对头？\nP: 晚上老醒。\nD: 开点布洛芬，一次一片，一天三次。\nD: 家里远不远？\nP: 要走两个钟头。"
    assert "要走两个钟头" not in "".join(text for _, text, _, _ in pairs(talk))


def test_a_talk_of_nothing_but_these_stays_short() -> None:
    talk = "\n".join(f"D: And night {n}, how did you sleep?\nP: Mostly the same as {n + 1}." for n in range(30))
    assert 0 < len(exchanged(talk)) <= 8


@given(st.lists(st.tuples(st.text(max_size=30), st.text(max_size=60)), max_size=5))
def test_quotes_stand_at_their_offsets(turns: list[tuple[str, str]]) -> None:
    lines = [line for q, a in turns for line in (f"D: {' '.join(q.split())}？", f"P: {' '.join(a.split())}")]
    talk = "\n".join(lines)
    text = source(talk).text
    for f in exchanged(talk):
        answer, question = f.evidence
        assert text[answer.start : answer.end] == f.attributes["text"]
        assert text[question.start : question.end] == f.attributes["asked"]


def test_small_talk_is_kept_only_where_the_answer_is_about_the_body() -> None:
    assert exchanged("D: Is that a dinosaur on your jumper?\nP: It's an ankylosaurus.") == []
    assert [f.attributes["text"] for f in exchanged("D: And the garden?\nP: My knees won't have it any more.")] != []


def test_more_than_yes_or_no_tells_something() -> None:
    assert [p[2] for p in pairs("D: How is your appetite?\nP: I'm not bothered, my jeans hang off me.")] == ["present"]

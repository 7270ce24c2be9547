"""Answers in everyday and regional speech: whose word denies, whose asks, which side and how long it is of."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product as crossed

import pytest

from syngraph.model import Fact
from tests.facts.talk import facts


def product(*choices: Sequence[object]) -> list[tuple[object, ...]]:
    return list(crossed(*choices))


def symptoms(talk: str) -> dict[str, str]:
    return {(f.concept.id or "").partition(":")[2]: f.status for f in facts(talk) if f.kind == "symptom"}


def the(talk: str, name: str) -> Fact:
    found = [f for f in facts(talk) if f.kind == "symptom" and (f.concept.id or "").endswith(name)]
    assert found, symptoms(talk)
    return found[0]


QUESTIONS = ["{x}吗？", "有没有{x}？", "{x}不{y}？", "{x}冇得？", "还{x}伐？"]
FELT = [
    ("胸口痛", "痛", "chest-pain"),
    ("咳嗽", "咳", "cough"),
    ("头晕", "晕", "dizziness"),
    ("呕吐", "吐", "vomiting"),
]
POSTPOSED = ["{y}没有，别的还行。", "{y}倒没有，就是没睡好。", "{y}冇得，饭吃得。", "{y}么得，你放心。"]


@pytest.mark.parametrize(("question", "felt", "answer"), product(QUESTIONS[:2], FELT, POSTPOSED))
def test_a_feeling_with_not_behind_it_is_denied(question: str, felt: tuple[str, str, str], answer: str) -> None:
    name, short, symptom = felt
    talk = f"D: {question.format(x=name)}\nP: {answer.format(y=short)}"
    assert symptoms(talk).get(symptom) == "absent", talk


@pytest.mark.parametrize(
    ("felt", "particle", "rest"),
    product(
        [("发烧", "烧", "fever"), ("头晕", "晕", "dizziness")],
        ["么", "勿", "唔", "不"],
        ["不算{y}吧。", "没有，没{y}。"],
    ),
)
def test_a_question_said_back_asserts_nothing(felt: tuple[str, str, str], particle: str, rest: str) -> None:
    name, short, symptom = felt
    talk = f"D: {name}没有？\nC: {short}{particle}{short}？{rest.format(y=short)}"
    assert symptoms(talk).get(symptom) == "absent", talk


@pytest.mark.parametrize("said", ["什么什么都疼", "怎么怎么疼"])
def test_doubled_words_that_ask_nothing_are_no_question(said: str) -> None:
    assert "pain" in " ".join(symptoms(f"D: 怎么了？\nP: 膝盖疼，{said}。"))


@pytest.mark.parametrize(
    ("answer", "name"),
    [("气不短。", "dyspnea"), ("心也不慌。", "palpitations"), ("口倒不渴。", "polydipsia"), ("尿不急。", "urgency")],
)
def test_a_name_cut_by_a_negation_is_denied(answer: str, name: str) -> None:
    told = symptoms(f"D: 还有哪里不好？\nP: {answer}")
    assert set(told.values()) == {"absent"}, told
    assert any(name in k for k in told), told


@pytest.mark.parametrize(
    ("no", "thing"), product(["Nae", "No", "Nowt like", "Naw, nae"], ["fever", "cough", "vomiting"])
)
def test_regional_negations_deny(no: str, thing: str) -> None:
    told = symptoms(f"D: Any {thing}?\nP: {no} {thing}.")
    assert told.get(thing) == "absent", told


@pytest.mark.parametrize("answer", ["Doesn't burn.", "No burning.", "More often, yes. Doesn't burn."])
def test_burning_beside_going_often_is_of_the_urine(answer: str) -> None:
    assert symptoms(f"D: Any burning, going more often?\nP: {answer}").get("dysuria") == "absent"


def test_wee_for_small_is_no_urine() -> None:
    talk = "D: Coughing up blood?\nP: Aye, wee streaks.\nD: Any clots?\nP: Pink, a wee bit."
    assert "hematuria" not in symptoms(talk)


SIDES = [("左边", "left"), ("右边", "right")]
LUMPS = ["鼓一个包", "起了个疙瘩", "长了一个小包", "有个包", "站起来就鼓一个包"]


@pytest.mark.parametrize(("side", "lump"), product(SIDES, LUMPS))
def test_a_lump_in_lay_words_has_one_name_and_its_side(side: tuple[str, str], lump: str) -> None:
    fact = the(f"Q: 这次来看什么问题？\nP: {side[0]}大腿根{lump}", "groin-lump")
    assert fact.get("laterality") == side[1]
    spoken = the(f"D: 哪里不舒服？\nP: 医生，我这个……大腿根这边，{side[0]}，{lump}。", "groin-lump")
    assert spoken.get("laterality") == side[1]


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("pause", ["这个牙齿，就是……最后头那颗，", "这个牙齿，", "后面的牙，"])
def test_a_side_told_in_pieces_is_the_tooths(side: tuple[str, str], pause: str) -> None:
    told = the(f"D: 哪里不舒服？\nP: 医生，我{pause}{side[0]}下头，疼得受不了。", "toothache")
    assert told.get("laterality") == side[1]
    assert "headache" not in symptoms(f"D: 哪里不舒服？\nP: 医生，我{pause}{side[0]}下头，疼得受不了。")


@pytest.mark.parametrize(
    "phrase", ["bad pain in left side", "this pain, here, in my left side", "an ache along my left side"]
)
def test_pain_in_the_side_is_of_the_flank(phrase: str) -> None:
    fact = the(f"D: What brings you?\nP: {phrase}.", "flank-pain")
    assert fact.get("laterality") == "left"


@pytest.mark.parametrize("question", ["症状持续时间", "持续多久", "烧好久了？", "多久了？"])
def test_a_length_asked_in_any_words_is_the_complaints(question: str) -> None:
    assert the(f"Q: 主要症状\nP: 发烧，头痛\nQ: {question}\nP: 2天", "fever").get("duration") == "P2D"


def test_a_length_said_before_a_new_complaint_answers_the_question() -> None:
    talk = "D: 哪里不好？\nP: 牙疼。\nD: 疼了几天了？\nP: 三四天吧，昨天起脸都肿了。"
    assert the(talk, "toothache").get("duration") == "P4D"
    summed = "D: 哪里不好？\nP: 发烧。\nD: 那就是有八九天了？\nP: 嗯，八天九天是有了，先是怕冷。"
    assert the(summed, "fever").get("duration") == "P8D"
    assert the(summed, "chills").get("duration") is None


@pytest.mark.parametrize("answer", ["两天是你回来那两天嘛。", "就那两天的事。"])
def test_days_pointed_at_are_no_length(answer: str) -> None:
    assert the(f"D: 怎么了？\nP: 发烧。\nD: 多久了？\nP: {answer}", "fever").get("duration") is None


def test_a_question_by_class_is_of_the_complaint_told() -> None:
    fact = the("Q: 这次想看什么\nP: 左边胸背起水疱\nQ: 皮疹出了多久\nP: 3天", "blister")
    assert (fact.get("duration"), fact.get("laterality")) == ("P3D", "left")


@pytest.mark.parametrize("amount", ["two stone", "near enough two stone", "about ten kilos"])
def test_a_relatives_word_of_weight_lost_is_told(amount: str) -> None:
    talk = f"D: Weight?\nP: Same as ever.\nC: It is not! He's lost {amount} since the summer."
    assert ("present", "companion") in {
        (f.status, f.witnesses[0]) for f in facts(talk) if f.concept.id == "symptom:weight-loss"
    }


def test_a_medicines_doing_is_no_complaint() -> None:
    assert "itching" not in symptoms("D: Well?\nP: My heart races. Patches made me itch last time.")


def test_hesitation_is_no_disease() -> None:
    assert not [f for f in facts("D: Taking it?\nP: Erm, that week I was on nights.") if f.kind == "condition"]


def test_short_questions_in_one_breath_are_quoted_together() -> None:
    told = [
        f for f in facts("D: Any warning? Funny smell, tummy feeling?\nP: No, nothing.") if f.extractor == "exchange"
    ]
    assert [(f.status, f.attributes["asked"]) for f in told] == [("absent", "Any warning? Funny smell, tummy feeling?")]


def test_a_companions_sign_never_displaces_the_complaint() -> None:
    talk = "D: 怎么了？\nP: 胸口痛。\nC: 他汗水把衣裳都打湿了。"
    assert the(talk, "chest-pain").get("chief") == "1"
    assert symptoms(talk).get("hyperhidrosis") == "present"


def test_what_is_said_after_a_companions_sign_is_still_of_the_complaint() -> None:
    talk = "D: 怎么了？\nP: 胸口痛。\nC: 他汗水把衣裳都打湿了。\nD: 几时开始的？\nP: 昨天晚上就开始了。"
    assert the(talk, "chest-pain").get("onset") is not None

"""The story by class: what a form and a talk say of time, side, place, degree and number, and whose cry it is."""

from __future__ import annotations

from itertools import product

import pytest

from syngraph.model import Fact
from tests.facts.talk import facts

FEELINGS = [("疼", "pain"), ("肿", "swelling"), ("麻", "numbness"), ("僵硬", "stiffness")]
PLACES = ["膝盖", "手腕", "脚踝"]


def told(talk: str, name: str = "") -> list[Fact]:
    return [f for f in facts(talk) if f.kind == "symptom" and name in (f.concept.id or "")]


def the(talk: str, name: str) -> Fact:
    found = [f for f in told(talk, name) if f.status in ("present", "uncertain")]
    assert found, told(talk)
    return found[0]


@pytest.mark.parametrize(
    ("question", "answer", "duration"),
    [
        (q, a, d)
        for q in ("多长时间了", "不舒服多久了？", "多久了？")
        for a, d in (("2个月", "P2M"), ("3天", "P3D"), ("1周", "P1W"))
    ],
)
@pytest.mark.parametrize("next_question", ["大便颜色发黑吗", "大概什么时候重", "小便正常吗", "过敏"])
def test_a_forms_length_is_that_of_its_complaint_whatever_is_asked_next(
    question: str, answer: str, duration: str, next_question: str
) -> None:
    assert (
        the(f"Q: 主要不舒服\nP: 头晕\nQ: {question}\nP: {answer}\nQ: {next_question}\nP: 无", "dizziness").get(
            "duration"
        )
        == duration
    )


@pytest.mark.parametrize(("side", "want"), [("右眼", "right"), ("左眼", "left")])
@pytest.mark.parametrize("question", ["哪只眼睛不舒服？", "哪一边？", "左眼还是右眼？"])
def test_the_side_that_a_form_asks_for_is_that_of_all_complaints_of_the_place(
    side: str, want: str, question: str
) -> None:
    rows = told(f"Q: 您今天主要哪里不舒服？\nP: 眼睛红、胀痛，看东西模糊\nQ: {question}\nP: {side}")
    assert {f.get("laterality") for f in rows if "eye" in (f.concept.id or "") or "vision" in (f.concept.id or "")} == {
        want
    }


@pytest.mark.parametrize(
    ("talk", "name", "key", "want"),
    [
        ("D: When did the fever come on?\nC: Saturday. Four days now.\nD: And the rash?\nC: Monday. Just two days.",
         "rash", "duration", "P2D"),
        ("D: 发烧几天了？\nC: 四天了。\nD: 疹子呢？\nC: 两天。", "rash", "duration", "P2D"),
        ("D: How long have you had the cough?\nP: Two weeks.\nD: And the chest pain?\nP: Three days.",
         "chest-pain", "duration", "P3D"),
        ("D: 咳嗽多久了？\nP: 两周。\nD: 胸痛呢？\nP: 三天了。", "chest-pain", "duration", "P3D"),
    ],
)  # fmt: skip
def test_a_question_that_only_names_another_complaint_asks_the_same_of_it(
    talk: str, name: str, key: str, want: str
) -> None:
    assert the(talk, name).get(key) == want


@pytest.mark.parametrize(("place", "first", "second"), [
    (p, a, b) for p in PLACES for a, b in product(FEELINGS, FEELINGS) if a is not b
])  # fmt: skip
@pytest.mark.parametrize("joint", ["、", "，", "又", "和"])
def test_feelings_listed_behind_a_place_are_all_felt_there(
    place: str, first: tuple[str, str], second: tuple[str, str], joint: str
) -> None:
    rows = told(f"P: {place}{first[0]}{joint}{second[0]}。")
    assert len(rows) >= 2 or any("+" in (f.concept.id or "") or "肿痛" in f.concept.text for f in rows)
    assert {f.status for f in rows} == {"present"}


@pytest.mark.parametrize("other", ["发热", "恶心", "咳嗽", "乏力", "腹泻"])
def test_a_symptom_with_a_name_of_its_own_is_not_put_to_the_place_before(other: str) -> None:
    assert not [f for f in told(f"P: 膝盖疼，{other}。") if "knee" in (f.concept.id or "") and "疼" not in f.concept.text
                and "痛" not in f.concept.text]  # fmt: skip


@pytest.mark.parametrize(
    ("talk", "score"),
    [
        ("Q: 主要症状\nP: 胸口痛\nQ: 疼痛程度0-10\nP: 8", "8/10"),
        ("D: 哪里不舒服？\nP: 腰痛。\nD: 打几分？\nP: 七八分吧。", "7-8"),
        ("D: What's brought you in?\nP: My back hurts.\nD: How bad is it out of ten?\nP: About eight.", "8/10"),
        ("D: What's brought you in?\nP: My back hurts, it's a seven out of ten.", "7/10"),
    ],
)
def test_a_degree_from_nought_to_ten_is_the_complaints(talk: str, score: str) -> None:
    assert [f.get("score") for f in told(talk) if f.get("score")] == [score]


@pytest.mark.parametrize("talk", ["D: 怎么了？\nP: 肚子十分疼。", "D: 怎么了？\nP: 肚子疼，吃了八分饱就疼。"])
def test_very_and_nearly_full_are_no_degrees(talk: str) -> None:
    assert not [f for f in told(talk) if f.get("score")]


@pytest.mark.parametrize(("words", "count"), [
    ("昨天吐了一回。", "1"), ("昨天吐了两次。", "2"), ("I vomited twice.", "2"), ("I vomited three times.", "3"),
])  # fmt: skip
def test_how_many_times_it_came_is_a_count(words: str, count: str) -> None:
    assert the(f"P: {words}", "vomiting").get("count") == count


@pytest.mark.parametrize(
    ("talk", "key"),
    [
        ("P: I'm not sleeping, maybe five hours.", "duration"),
        ("P: Periods regular till about two years ago. I feel dry down there. Vaginal dryness.", "duration"),
        ("P: I had a hysterectomy in 1996 for heavy menstrual bleeding.", "onset"),
        ("P: I get headaches, once every couple of months.", "duration"),
        ("D: 烟呢？\nP: 一天一包，三十年了。", "duration"),
    ],
)
def test_a_time_of_something_else_is_no_complaints(talk: str, key: str) -> None:
    assert not [f for f in told("D: 有什么不舒服？\nP: 乏力。\n" + talk if "烟" in talk else talk) if f.get(key)]


@pytest.mark.parametrize("cry", ["哎呀妈呀", "我的妈呀", "哎哟妈呀", "我滴娘诶"])
@pytest.mark.parametrize("words", ["鼻涕流个没完", "痒死了，眼睛痒", "肚子疼得很"])
def test_a_cry_names_no_relative(cry: str, words: str) -> None:
    assert {f.subject for f in told(f"C: {cry}，{words}。")} <= {"patient"}


@pytest.mark.parametrize(
    ("talk", "names"),
    [
        ("D: Which joints hurt?\nP: Knuckles and the wrists.", ["wrist"]),
        ("D: Where does it hurt?\nP: Right wrist, and right shoulder a bit.", ["wrist", "shoulder"]),
        ("D: 哪几个关节疼？\nP: 手腕、膝盖。", ["wrist", "knee"]),
    ],
)
def test_places_that_answer_where_hold_what_was_asked(talk: str, names: list[str]) -> None:
    assert all(any(n in (f.concept.id or "") for f in told(talk)) for n in names)


@pytest.mark.parametrize("ask", ["any blood in the water?", "Have you had blood in your water, even once?"])
@pytest.mark.parametrize("lead", ["Well, now you mention it,", "Well, now ye mention it,", "Oh, actually,"])
def test_what_is_told_after_a_topic_affirms_what_was_asked(ask: str, lead: str) -> None:
    assert {f.status for f in told(f"D: {ask}\nP: {lead} it was pinkish. Twice.", "hematuria")} == {"present"}


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("Have you, got a ?", False), ("And do you have any ?", False), ("Um, OK, and how do you sleep?", True),
        ("Right, so, what makes you say that it's the job?", True),
    ],
)  # fmt: skip
def test_broken_questions_are_dropped_and_fillers_are_not_quoted(question: str, kept: bool) -> None:
    rows = [
        f
        for f in facts(f"D: {question}\nP: I toss and turn until three most nights.")
        if f.get("category") == "exchange"
    ]
    assert bool(rows) == kept
    for f in rows:
        asked = f.attributes["asked"]
        assert asked in question
        assert not asked.lower().startswith(("um", "ok", "and ", "right", "so"))


def test_a_heading_answered_yes_is_not_quoted_where_its_rows_tell_more() -> None:
    talk = "Q: Allergies\nP: Yes\nQ: Which allergies?\nP: Penicillin, rash"
    assert not [f for f in facts(talk) if f.get("category") == "exchange"]


@pytest.mark.parametrize(
    ("talk", "name", "status"),
    [
        ("D: 有没有眼屎多？\nP: 眼屎不多。", "eye-discharge", "absent"),
        ("D: 月经怎么样？\nP: 量多。\nD: 有没有血块？\nP: 血块没有。", "vaginal-clots", "absent"),
        ("D: 月经怎么样？\nP: 量多。\nD: 有没有血块？\nP: 有，有血块。", "vaginal-clots", "present"),
        ("D: Can you swallow your own spit?\nP: Yeah, just hurts.", "odynophagia", "present"),
        ("D: Do you have to rush?\nP: Aye, I have to run sometimes.", "urgency", "present"),
        (
            "D: What's the stream like?\nP: I stand there and wait, then it stops and starts.",
            "void-hesitancy",
            "present",
        ),
    ],
)
def test_what_is_told_of_a_matter_that_only_the_question_names(talk: str, name: str, status: str) -> None:
    assert {f.status for f in told(talk, name)} == {status}


def test_half_of_a_named_part_is_no_half_of_the_body() -> None:
    assert not [f for f in told("P: 左半边脑袋都疼。") if "one-side" in (f.concept.id or "")]

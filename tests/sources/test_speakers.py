from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syngraph.model import Locator, Mark
from syngraph.sources.speakers import Turn, is_generic, known_role, resolve

ZH = [
    ("d", "您好，哪里不舒服？"),
    ("p", "医生，我头晕一个星期了。"),
    ("d", "有没有恶心、呕吐？"),
    ("p", "有点恶心，没吐。"),
    ("d", "血压平时多少？"),
    ("p", "没量过，我不知道。"),
    ("d", "血压一百六，九十五。考虑高血压，先做个心电图，抽血化验一下。"),
    ("p", "好的，谢谢医生。"),
]
EN = [
    ("d", "Good morning, what brings you in today?"),
    ("p", "I've had this pain in my knee for a month."),
    ("d", "Did you fall or injure it?"),
    ("p", "No, it just started. It hurts when I go upstairs."),
    ("d", "Any swelling? Do you take anything for it?"),
    ("p", "My wife gave me ibuprofen."),
    ("d", "Let me examine it. I'd like you to have an X-ray, and we'll see you in two weeks."),
    ("p", "Okay, thank you doctor."),
]
CHILD_ZH = [
    ("d", "孩子怎么了？多大了？"),
    ("p", "他三岁，昨天晚上发烧了。"),
    ("d", "最高多少度？咳嗽吗？"),
    ("p", "三十九度，孩子有点咳。"),
    ("d", "精神怎么样？"),
    ("p", "他不爱吃饭，老是哭。"),
    ("d", "我听一下，扁桃体有点红，先查个血常规。"),
]
CHILD_EN = [
    ("d", "How old is he? What's been going on?"),
    ("p", "He's two. He's had a fever since last night and he won't eat."),
    ("d", "Has he had any vomiting?"),
    ("p", "He threw up once. My son had ear infections before."),
    ("d", "Let me look in his ears. I'll prescribe an antibiotic."),
]


def talk(rows: list[tuple[str, str]], labels: dict[str, str]) -> list[Turn]:
    return [Turn(text=text, label=labels.get(who, "")) for who, text in rows]


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("医生", "doctor"), ("李医生", "doctor"), ("王大夫", "doctor"), ("护士", "doctor"), ("Dr. Lee", "doctor"),
        ("NURSE", "doctor"), ("D", "doctor"), ("doctor:", "doctor"), ("患者", "patient"), ("患儿", "patient"),
        ("Pt", "patient"), ("P", "patient"), ("patient_1", "patient"), ("患者家属", "companion"),
        ("患儿母亲", "companion"), ("Patient's mother", "companion"), ("Mom", "companion"), ("翻译", "companion"),
        ("interpreter", "companion"), ("家屬", "companion"), ("SPEAKER_01", None), ("Anna", None), ("张三", None), ("", None),
    ],
)  # fmt: skip
def test_labels_that_say_it(label: str, role: str | None) -> None:
    assert known_role(label) == role


def test_machines_names_for_speakers() -> None:
    assert all(map(is_generic, ["SPEAKER_00", "Speaker 2", "说话人1", "A", "乙", "spk1"]))
    assert not any(map(is_generic, ["Anna", "医生", "blood pressure"]))


@pytest.mark.parametrize(
    ("rows", "other"), [(ZH, "patient"), (EN, "patient"), (CHILD_ZH, "companion"), (CHILD_EN, "companion")]
)
@pytest.mark.parametrize("labels", [{"d": "SPEAKER_00", "p": "SPEAKER_01"}, {"d": "Zoe", "p": "Abe"}])
def test_two_unknown_speakers(rows: list[tuple[str, str]], other: str, labels: dict[str, str]) -> None:
    roles = resolve(talk(rows, labels))
    assert roles.speakers == {labels["d"]: "doctor", labels["p"]: other}
    assert roles.resolved == set(labels.values())
    assert [r == "doctor" for r in roles.turns] == [who == "d" for who, _ in rows]
    assert "(resolved)" in roles.summary


def test_the_doctor_may_speak_second() -> None:
    roles = resolve(talk([("p", "Hello doctor, my throat hurts."), *EN], {"d": "A", "p": "B"}))
    assert roles.speakers == {"B": "patient", "A": "doctor"}


def test_known_labels_are_not_resolved() -> None:
    roles = resolve(talk(ZH, {"d": "医生", "p": "患者"}))
    assert roles.resolved == frozenset()
    assert roles.summary == "医生 = doctor, 患者 = patient"


def test_one_known_label_helps_the_other() -> None:
    assert resolve(talk(ZH, {"d": "医生", "p": "小王"})).speakers["小王"] == "patient"
    assert resolve(talk(ZH, {"d": "X", "p": "患者"})).speakers["X"] == "doctor"


def test_three_speakers_doctor_patient_and_companion() -> None:
    rows = [
        ("d", "How are you feeling today? Any headaches?"),
        ("p", "I feel dizzy and I can't sleep."),
        ("c", "She forgets her tablets, and she fell last week."),
        ("d", "Did you hurt yourself when you fell?"),
        ("p", "My hip hurts a bit."),
        ("c", "She has been limping. She doesn't eat much."),
        ("d", "Let me examine your hip. I'd like to order an X-ray."),
        ("c", "She had a stroke two years ago."),
    ]
    roles = resolve(talk(rows, {"d": "S1", "p": "S2", "c": "S3"}))
    assert roles.speakers == {"S1": "doctor", "S2": "patient", "S3": "companion"}
    known = resolve(talk(rows, {"d": "Doctor", "p": "Patient", "c": "S3"}))
    assert known.speakers["S3"] == "companion"


def test_a_second_doctor_is_one_too() -> None:
    rows = [
        *EN[:6],
        ("n", "Any allergies? Do you smoke?"),
        ("p", "No."),
        ("n", "Can you tell me your date of birth?"),
        ("p", "I don't have it on me."),
    ]
    rows += [("n", "Let me check your blood pressure. Do you take any medications?"), *EN[6:]]
    assert resolve(talk(rows, {"d": "A", "p": "B", "n": "C"})).speakers == {
        "A": "doctor",
        "B": "patient",
        "C": "doctor",
    }


@pytest.mark.parametrize(
    ("rows", "other"), [(ZH, "patient"), (EN, "patient"), (CHILD_ZH, "companion"), (CHILD_EN, "companion")]
)
def test_turns_without_labels(rows: list[tuple[str, str]], other: str) -> None:
    roles = resolve(talk(rows, {}))
    assert list(roles.turns) == ["doctor" if who == "d" else other for who, _ in rows]
    assert roles.speakers == {}
    assert "one by one" in roles.summary


def test_one_label_for_everybody_says_nothing() -> None:
    roles = resolve(talk(EN, {"d": "SPEAKER_00", "p": "SPEAKER_00"}))
    assert list(roles.turns) == ["doctor" if who == "d" else "patient" for who, _ in EN]


def test_unlabelled_heading_in_a_labelled_talk_is_nobodys() -> None:
    turns = [Turn(text="Consultation 3"), *talk(EN, {"d": "Doctor", "p": "Patient"})]
    assert resolve(turns).turns[0] == "unknown"


def test_nothing_and_one_turn() -> None:
    assert resolve([]).turns == ()
    assert resolve([Turn(text="Headache for two days.")]).turns == ("unknown",)


def test_close_together_is_more_likely_the_same_speaker() -> None:
    def at(text: str, start: float, end: float) -> Turn:
        return Turn(text=text, marks=(Mark(start=0, end=len(text), locator=Locator(time=(start, end))),))

    turns = [at("Take a deep breath.", 0, 1), at("All good.", 1.1, 2), at("I've been coughing, doctor.", 4, 6)]
    assert resolve(turns).turns == ("doctor", "doctor", "patient")
    assert turns[0].time == (0, 1)


@given(st.lists(st.tuples(st.sampled_from(["", "A", "医生", "Mom", "x"]), st.text(max_size=40)), max_size=12))
def test_every_turn_gets_a_role(rows: list[tuple[str, str]]) -> None:
    roles = resolve([Turn(text=text, label=label) for label, text in rows])
    assert len(roles.turns) == len(rows)
    assert set(roles.turns) <= {"doctor", "patient", "companion", "unknown"}
    for (label, _), role in zip(rows, roles.turns, strict=True):
        if label in {"医生", "Mom"}:
            assert role == known_role(label)

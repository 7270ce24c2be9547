"""Medicines: which value belongs to which name, what is taken, stopped, missed, wished for or ordered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syngraph.model import Fact
from tests.facts.talk import facts


def _medicines(talk: str) -> list[Fact]:
    return [f for f in facts(talk) if f.kind == "medication" or f.get("category") == "medication"]


def drugs(talk: str) -> dict[str, dict[str, str]]:
    """Name to dose, frequency and what else is said to be done."""
    keep = ("dose", "frequency", "duration", "timing", "action", "adherence")
    return {f.concept.text: {k: v for k in keep if (v := f.get(k))} for f in _medicines(talk)}


def told(talk: str) -> set[tuple[str, str, str | None, str | None]]:
    """(name, status, taken for this illness, effect)."""
    return {(f.concept.text, f.status, f.get("self"), f.get("effect")) for f in _medicines(talk)}


@pytest.mark.parametrize(
    ("talk", "expected"),
    [
        ("P: paracetamol, ramipril 5 mg", {"paracetamol": {}, "ramipril": {"dose": "5 mg"}}),
        ("P: Two puffs of the Ventolin and 20 mg of Lipitor at night.",
         {"salbutamol": {"dose": "2 puff"}, "atorvastatin": {"dose": "20 mg", "frequency": "qn"}}),
        ("P: Lantus, 16 at bedtime, and metformin five hundred twice a day.",
         {"insulin glargine": {"dose": "16 U", "frequency": "qn"}, "metformin": {"dose": "500", "frequency": "bid"}}),
        ("P: Baby aspirin 81 mg at night, ferrous sulfate 325 mg once a day.",
         {"aspirin": {"dose": "81 mg", "frequency": "qn"}, "ferrous sulfate": {"dose": "325 mg", "frequency": "qd"}}),
        ("P: 平时吃拜新同，一天一片，舒利迭早晚各一吸。",
         {"硝苯地平": {"dose": "1 tablet", "frequency": "qd"},
          "沙美特罗替卡松": {"dose": "1 puff", "frequency": "bid"}}),
        ("P: omeprazole 10 mg, no, 20 mg a day", {"omeprazole": {"dose": "20 mg"}}),
        ("T: Medication: Bisoprolol; Dose: 5 mg; Frequency: once daily; Medication: Furosemide; Dose: 40 mg.",
         {"bisoprolol": {"dose": "5 mg", "frequency": "qd"}, "furosemide": {"dose": "40 mg"}}),
        ("D: 二甲双胍先停。低盐饮食，一天盐别超过五克。", {"二甲双胍": {"action": "stop"}}),
        ("D: 甘精胰岛素加到十六个单位，每晚一次；二甲双胍还是零点五克，一天三次。",
         {"甘精胰岛素": {"dose": "16 U", "frequency": "qn", "action": "change"},
          "二甲双胍": {"dose": "0.5 g", "frequency": "tid"}}),
        ("D: 多西环素100毫克，一天两次，甲硝唑400毫克，一天两次，都吃14天。",
         {"多西环素": {"dose": "100 mg", "frequency": "bid", "duration": "P14D"},
          "甲硝唑": {"dose": "400 mg", "frequency": "bid", "duration": "P14D"}}),
        ("D: Let's increase your lisinopril from 10 to 20 milligrams.", {"lisinopril": {"dose": "20 mg", "action": "change"}}),
        ("D: Take pantoprazole 40 mg, half an hour before meals.",
         {"pantoprazole": {"dose": "40 mg", "timing": "before meals"}}),
    ],
)  # fmt: skip
def test_a_value_belongs_to_its_medicine(talk: str, expected: dict[str, dict[str, str]]) -> None:
    assert drugs(talk) == expected


@pytest.mark.parametrize(
    ("talk", "expected"),
    [
        ("P: My sister had some Bactrim left over, so I took that for two days. Didn't do much.",
         {("trimethoprim-sulfamethoxazole", "present", "1", "none")}),
        ("D: 有没有药物过敏？\nP: 没得，青霉素那些都打过。", set()),
        ("P: My husband takes warfarin.", set()),
        ("P: 我膝盖也痛，你给开点止痛药嘛。", set()),
        ("P: 这激素吃了没事儿吧？", set()),
        ("P: Keflex - hives all over, throat tight", set()),
        ("P: 前年吃过达英-35，吃了半年停了。", {("炔雌醇环丙孕酮", "historical", None, None)}),
        ("P: 给她吃过健胃消食片，但没有效果。", {("健胃消食片", "present", "1", "none")}),
        ("P: 吃了美林能退，过五六个小时又上来了。", {("布洛芬", "present", "1", "partial")}),
        ("P: 医生给我开了阿托伐他汀，我没吃。", {("阿托伐他汀", "absent", None, None)}),
        ("P: I took my lisinopril this morning.", {("lisinopril", "present", None, None)}),
        ("P: 二甲双胍，一天三次，吃了十来年了。", {("二甲双胍", "present", None, None)}),
        ("D: 阿司匹林呢？\nP: 我停了，牙龈老出血。", {("阿司匹林", "historical", None, None)}),
        ("D: And the Flovent?\nC: One puff at bedtime.", {("fluticasone", "present", None, None)}),
    ],
)  # fmt: skip
def test_what_is_taken(talk: str, expected: set[tuple[str, str, str | None, str | None]]) -> None:
    assert told(talk) == expected


def test_missed_doses_are_no_other_frequency() -> None:
    (found,) = drugs("C: 舒利迭他老忘，有时候一天就喷一回。").values()
    assert found == {"adherence": "poor"}


def test_every_day_is_not_once_a_day() -> None:
    talk = "D: How often is he using the albuterol?\nC: Oh, every day this week. Two puffs, maybe three times a day."
    assert drugs(talk) == {"salbutamol": {"dose": "2 puff", "frequency": "tid"}}


def test_different_doses_at_different_times_stay_as_said() -> None:
    found = drugs("P: Novolog, eight in the morning and six at night.")
    assert found == {"insulin aspart": {"timing": "eight in the morning and six at night"}}


@pytest.mark.parametrize(
    ("talk", "expected"),
    [
        ("D: I was going to start spironolactone today, but I won't with that potassium.", {}),
        ("D: 吃甲硝唑不能喝酒，停药后还要等一个礼拜。", {}),
        ("D: 头孢就没有必要吃了。", {}),
        ("D: 先开点阿莫西林，吃三天，不行再换头孢。", {"阿莫西林": None}),
        ("D: 氨氯地平照吃。", {"氨氯地平": "continue"}),
        ("D: I would avoid ibuprofen and naproxen.", {"ibuprofen": "stop", "naproxen": "stop"}),
        ("D: 塞来昔布200毫克一天两次，再吃5天，胃不舒服就停。", {"塞来昔布": None}),
        ("D: Swap the omeprazole for pantoprazole, forty milligrams, twice a day.",
         {"omeprazole": "stop", "pantoprazole": None}),
    ],
)  # fmt: skip
def test_what_is_ordered(talk: str, expected: dict[str, str | None]) -> None:
    assert {name: a.get("action") for name, a in drugs(talk).items()} == expected


@given(
    st.lists(
        st.sampled_from(["ramipril", "metformin", "aspirin", "bisoprolol", "atorvastatin", "omeprazole"]),
        min_size=2, max_size=5, unique=True,
    ),
    st.integers(0, 4),
)  # fmt: skip
def test_a_dose_never_jumps_over_a_name(names: list[str], at: int) -> None:
    owner = names[at % len(names)]
    talk = "P: I take " + ", ".join(f"{n} 40 mg" if n == owner else n for n in names) + "."
    assert {n for n, a in drugs(talk).items() if "dose" in a} == {owner}


@pytest.mark.parametrize(
    ("talk", "name"),
    [
        ("D: And the amitriptyline was stopped?\nP: No, I still have that one. One at bedtime.", "amitriptyline"),
        ("D: Has the ramipril been stopped?\nP: No, I'm still taking it.", "ramipril"),
        ("D: 阿司匹林停了没？\nP: 没停，还吃着呢，一天一片。", "阿司匹林"),
        ("D: 二甲双胍停了吗？\nP: 没有，还在吃着。", "二甲双胍"),
    ],
)
def test_a_medicine_asked_to_be_stopped_goes_on(talk: str, name: str) -> None:
    found = {(f.concept.text, f.status) for f in facts(talk) if f.kind == "medication"}
    assert found == {(name, "present")}


def test_a_medicine_seldom_needed_is_still_taken() -> None:
    for talk in (
        "D: Inhalers?\nP: I don't really use the blue one.",
        "Q: Past\nP: Asthma as a child, inhaler now and then",
    ):
        assert {f.status for f in facts(talk) if f.kind == "medication"} == {"present"}


def test_the_date_of_the_stop_is_the_one_before_the_word_that_stops() -> None:
    told = [f for f in facts("P: 七月份开过右佐匹克隆，一片，九月份我就停了。") if f.kind == "medication"]
    assert [(f.status, f.get("ended")) for f in told] == [("historical", "2026-09")]

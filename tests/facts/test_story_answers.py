"""The story by class: how answers deny, measure and go on about a complaint; what never becomes one."""

from __future__ import annotations

import pytest

from tests.facts.talk import facts


def status(talk: str, name: str) -> set[str]:
    return {f.status for f in facts(talk) if f.kind == "symptom" and f.concept.id == f"symptom:{name}"}


def exchanged(talk: str) -> list[str]:
    return [f.attributes["text"] for f in facts(talk) if f.get("category") == "exchange"]


@pytest.mark.parametrize(
    ("talk", "name"),
    [
        ("D: 夜里有没有憋醒过？\nP: 躺得平，木憋醒过。", "paroxysmal-nocturnal-dyspnea"),
        ("D: 有没有喘、出气累？\nC: 喘倒没喘。", "dyspnea"),
        ("D: 拉肚子呢？\nC: 肚子没拉，屎有点干。", "diarrhea"),
        ("D: 看东西模糊？\nP: 脚底板有点麻，大概两个月了。眼睛还行，不模糊。", "blurred-vision"),
        ("D: 现在肩膀疼吗？\nP: 肩膀没事，一点不疼。", "shoulder-pain"),
        ("D: 听力有没有下降？\nP: 没有。", "hearing-loss"),
        ("D: How's the waterworks, any burning?\nP: No burning.", "dysuria"),
        ("D: 小便呢，痛不痛？\nP: 不痛，就是次数多。", "dysuria"),
        ("D: Numbness around the back passage, the saddle area?\nP: No.", "saddle-numbness"),
        ("D: Any bright red blood, any clots?\nP: No, no clots, nothing red.", "vaginal-clots"),
    ],
)
def test_what_an_answer_denies(talk: str, name: str) -> None:
    assert status(talk, name) == {"absent"}


@pytest.mark.parametrize(
    ("talk", "name"),
    [
        ("D: Any fever?\nC: She was 38.5 last night on the ear thing.", "fever"),
        ("D: 发烧没有？\nC: 三十八度五。", "fever"),
        ("Q: 有无肉眼血尿\nP: 是", "hematuria"),
        ("Q: Over the last 2 weeks: trouble sleeping\nP: Nearly every day", "insomnia"),
        ("Q: Reason for referral\nP: Feeling very low", "depressed-mood"),
        ("D: 尿什么颜色？\nP: 昨天早上那泡尿，像洗肉水，红的。", "hematuria"),
        ("D: Appetite?\nP: My jeans are loose. I've lost, I think, about half a stone.", "weight-loss"),
        ("D: And sleep?\nP: I drop off okay and then I'm awake at four.", "early-waking"),
        ("D: 别的呢？\nP: 就是熬夜多，天天一两点睡。", "late-nights"),
        ("D: Any pain with it?\nP: Nausea all day. I've not actually vomited though.", "nausea"),
    ],
)
def test_what_an_answer_affirms(talk: str, name: str) -> None:
    assert status(talk, name) == {"present"}


@pytest.mark.parametrize(
    "talk",
    [
        "D: What is it like?\nP: Dull, like a toothache.",
        "D: Is it the groin?\nP: It pops out when I cough or lift the shopping.",
        "D: 用什么泡的？\nC: 他还拿热水泡。",
        "D: 烟还抽吗？\nP: 心里刺挠，忍不住。",
        "D: Why did you stop?\nP: I was on sertraline, but I stopped it. It made me feel sick.",
        "D: 孩子怎么了？\nC: 吵得我都睡不着。",
    ],
)
def test_what_is_no_complaint(talk: str) -> None:
    made = {
        f.concept.id for f in facts(talk) if f.kind == "symptom" and f.status == "present" and not f.get("verbatim")
    }
    assert made & {
        "symptom:toothache", "symptom:cough", "symptom:blister", "symptom:heart+foreign-body-sensation", "symptom:nausea",
        "symptom:insomnia",
    } == set()  # fmt: skip


def test_a_denied_or_foreign_quality_describes_nothing() -> None:
    talk = "D: What's wrong?\nP: I have knee pain.\nD: Burning?\nP: No burning, not severe."
    assert all(f.get("character") is None and f.get("severity") is None for f in facts(talk) if f.kind == "symptom")


def test_a_time_told_before_the_complaint_is_the_complaints() -> None:
    made = [
        f
        for f in facts("D: 发病几天了？\nP: 一个星期了。\nD: 哪里不舒服？\nP: 咳嗽。")
        if f.concept.id == "symptom:cough"
    ]
    assert made[0].get("duration") == "P1W"


def test_what_brings_it_on_is_taken_from_a_plain_answer() -> None:
    made = facts("Q: 您这次来主要想解决什么问题？\nP: 胸闷半个月\nQ: 症状什么时候会加重？\nP: 走快、上楼时")
    assert [f.get("aggravated_by") for f in made if f.concept.id == "symptom:chest-tightness"] == ["走快、上楼时"]


def test_the_side_of_a_leg_is_not_that_of_the_back() -> None:
    made = facts("Q: What is the main reason for your appointment?\nP: Lower back pain going down my left leg")
    sides = {f.concept.id: f.get("laterality") for f in made if f.kind == "symptom"}
    assert sides == {"symptom:low-back-pain": None, "symptom:leg-pain": "left"}


@pytest.mark.parametrize(
    "talk",
    [
        "D: Which ear, do you know?\nP: This one.",
        "D: 有没有粘液？\nP: 那该吃什么药？",
        "D: Any fever?\nP: Felt hot and shivery last night.\nC: He was like a radiator.",
    ],
)
def test_exchanges_that_tell_nothing_are_not_kept(talk: str) -> None:
    assert exchanged(talk) == []


@pytest.mark.parametrize("talk", ["C: 吐了两天，昨天开始不吐了。", "P: 咳了三天，昨天起没再咳了。"])
def test_when_it_stopped_is_not_when_it_began(talk: str) -> None:
    assert all(f.get("onset") != "2026-11-19" for f in facts(talk))


def test_how_a_boy_was_born_is_no_operation_of_his() -> None:
    talk = "D: 生的时候怎么样，足月吗？\nC: 足月，顺产。"
    assert not any(f.kind == "procedure" for f in facts(talk, sex="male", birth="2026-02-01"))
    assert any(f.kind != "procedure" for f in facts(talk, sex="male", birth="2026-02-01"))


def test_a_turn_of_phrase_is_no_confusion() -> None:
    assert {f.concept.text for f in facts("C: 拉肚子，拉得一塌糊涂。")} == {"腹泻"}

"""Findings that the clinician voices while examining: all of them, in their own words, with the right polarity."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syngraph.facts.examination import written
from syngraph.facts.extract import extract
from tests.facts.talk import encounter, facts, source

PAD_ZH = "D: 哪里不舒服？\nP: 有点不舒服。\nD: 多久了？\nP: 三天了。\n"
PAD_EN = "D: What brings you in?\nP: I feel rough.\nD: How long?\nP: Three days.\n"


def found(talk: str) -> list[tuple[str, str]]:
    padded = (PAD_ZH if "。" in talk or "，" in talk else PAD_EN) + talk
    return [(f.get("text") or f.concept.text, f.status) for f in facts(padded) if f.kind == "exam-finding"]


@pytest.mark.parametrize(
    ("talk", "text", "status"),
    [
        ("D: 躺下我按按。肚子软，右下腹压痛，没有反跳痛。", "腹软", "present"),
        ("D: 躺下我按按。肚子软，右下腹压痛，没有反跳痛。", "右下腹压痛", "present"),
        ("D: 躺下我按按。肚子软，右下腹压痛，没有反跳痛。", "无反跳痛", "absent"),
        ("D: 来，我看看。两侧前臂有大小不等的红色风团，有抓痕。", "双侧前臂有大小不等的红色风团", "present"),
        ("D: 张嘴。咽部充血，扁桃体二度肿大，上面有脓点。", "扁桃体二度肿大，上面有脓点", "present"),
        ("D: 脚我看一下，皮肤没破，足背动脉摸得到，这里有感觉吗？", "足背动脉可触及", "present"),
        ("D: Let me have a look. You've got a small effusion, McMurray negative.", "McMurray negative", "absent"),
        ("D: Let's have a listen. There's wheeze on both sides, no crackles.", "Wheeze on both sides", "present"),
        (
            "D: Let me look in your ears. Right ear looks fine. Left... that drum is red.",
            "Left: drum is red",
            "present",
        ),
        ("D: Let me have a look. No murmurs, rubs or gallops.", "No murmurs, rubs or gallops", "absent"),
        ("D: Let me examine you. Elbows, scalp, feet clear.", "Elbows, scalp, feet clear", "present"),
        ("D: I'm going to check you over. I don't hear any murmur, okay?", "No murmur", "absent"),
    ],
)
def test_a_finding_stands_in_its_own_words(talk: str, text: str, status: str) -> None:
    assert (text, status) in found(talk)


@pytest.mark.parametrize(
    "talk",
    [
        "D: 有没有皮疹？\nP: 没有。",
        "D: 来，张嘴，啊——真棒。\nP: 啊。",
        "D: 要是皮肤发红、肿胀，马上来。",
        "D: 片子我看看啊，右下肺有斑片影，考虑肺炎。",
        "D: Breathe in. And out. Turn your head for me.",
        "D: If the wound gets red or swollen, come back.",
        "D: Your last echo showed a moderate leak of the valve.",
        "D: Any swelling, redness, discharge?\nP: No.",
    ],
)
def test_questions_instructions_suppositions_and_results_are_no_findings(talk: str) -> None:
    assert found(talk) == []


@pytest.mark.parametrize(
    ("talk", "text", "status"),
    [
        ("D: Does it hurt when I press on your left calf?\nP: Ow, yes.", "Tenderness over the left calf", "present"),
        ("D: Does it hurt when I press on your belly?\nP: No.", "No tenderness over the abdomen", "absent"),
        ("D: 我按一下，左小腿这样疼吗？\nP: 疼。", "左小腿压痛", "present"),
        ("D: 我敲一下，右腰这样疼不疼？\nP: 不疼。", "右腰无叩击痛", "absent"),
    ],
)
def test_what_the_patient_feels_under_the_hand_is_a_finding(talk: str, text: str, status: str) -> None:
    assert (text, status) in [(a.replace("部", ""), b) for a, b in found(talk)] + found(talk)


@given(st.text(max_size=80))
def test_writing_never_fails_and_never_grows_a_denial(words: str) -> None:
    text = written(words, "zh")
    assert ("未" in text or "无" in text) <= any(c in words for c in "没未无不莫冇木")


@pytest.mark.parametrize(
    ("talk", "text"),
    [
        ("D: Let me examine you. You look slightly pale.", "Slightly pale"),
        ("D: Let me feel your belly. I'm not certain it's a mass.", "Possible mass"),
        ("D: Can I look in your ears? And the left... ooh. That's very red, and it's bulging.", "Left: bulging"),
        (
            "D: Lie down please. Cough. There it is, right inguinal hernia, positive cough impulse.",
            "Positive cough impulse",
        ),
        ("D: Your speech is quiet and slow, eye contact's fair, thoughts are coherent.", "Speech is quiet and slow"),
        ("D: 來，手給我看看。右手第二、第三掌指關節腫，有壓痛。", "右手第二、第三掌指关节肿，有压痛"),
    ],
)
def test_a_finding_is_told_without_its_shell(talk: str, text: str) -> None:
    assert text in {t for t, _ in found(talk)}


def test_normal_is_no_denial() -> None:
    assert ("Normal in the saddle area", "present") in found("D: Let me examine you. Normal in the saddle area.")


def test_talk_about_a_finding_is_none() -> None:
    told = {t for t, _ in found("D: Let me listen to your chest. You've wheeze on both sides. That'll be the blood.")}
    assert "Wheeze on both sides" in told
    assert not any("blood" in t for t in told)


RUNNING = (
    "D: okay alright so i'm gon na do a quick physical exam now on your neck exam there is no jugular venous distention "
    "on your heart exam i do appreciate a soft systolic murmur your lungs are clear bilaterally and there is trace "
    "pitting edema in your ankles okay so i think you have some fluid on board and we will start you on a tablet"
)


def test_running_talk_without_full_stops_is_cut_into_its_findings() -> None:
    told = dict(found(RUNNING))
    assert told["Neck: no jugular venous distention"] == "absent"
    assert "Lungs are clear bilaterally" in told
    assert any("murmur" in t for t in told)
    assert any("edema" in t for t in told)
    assert not any("fluid" in t or "tablet" in t or "exam now" in t for t in told)


@pytest.mark.parametrize(
    ("talk", "text"),
    [
        ("D: 来，下巴放上来。右眼视力零点八，左眼零点一。", "视力"),
        ("D: 来，我看看。痛苦面容，皮肤湿冷。", "皮肤湿冷"),
        ("D: Let me look. There's erythema and scaling of both palms, no pustules.", "pustules"),
    ],
)
def test_signs_of_every_system_are_findings(talk: str, text: str) -> None:
    assert any(text in t for t, _ in found(talk))


@pytest.mark.parametrize("lead", ["there is no", "i do n't appreciate any", "I can't feel any"])
@pytest.mark.parametrize("finding", ["jugular venous distention", "tenderness to palpation", "murmur rub or gallop"])
def test_the_quote_of_a_finding_denied_holds_its_denial(lead: str, finding: str) -> None:
    talk = source(PAD_EN + f"D: Let me examine you. On your exam {lead} {finding} on your lungs they are clear")
    denied = [f for f in extract(talk, encounter("en")) if f.kind == "exam-finding" and f.status == "absent"]
    assert denied
    for fact in denied:
        quotes = " ".join(talk.text[e.start : e.end] for e in fact.evidence)
        assert lead.split()[-1] in quotes or "n't" in quotes

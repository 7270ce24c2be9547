"""What patients say of sleep, mood, glands, blood, old age, wounds, skin and sex, and what they do not mean by it."""

from __future__ import annotations

import pytest

from syngraph.facts.mentions import names_in
from syngraph.terminology.fold import fold
from syngraph.terminology.lexicon import lexicon


def named(text: str) -> set[str]:
    folded = fold(text)
    return {m.term.id.partition(":")[2] for m in names_in(folded, 0, len(folded)) if m.term.kind == "symptom"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("老做噩梦", "nightmares"), ("翻来覆去睡不着", "sleep-onset"), ("醒了就睡不着", "night-waking"),
        ("睡醒还是累", "unrefreshing-sleep"), ("鬼压床", "sleep-paralysis"), ("一笑腿就软", "cataplexy"),
        ("觉得自己没用", "low-self-worth"), ("想东想西", "racing-mind"), ("吃完催吐", "self-induced-vomiting"),
        ("脸越来越圆", "moon-face"), ("脖子洗不干净", "dark-neck"), ("半夜低血糖", "night-hypos"),
        ("光想嚼冰", "pica"), ("洗完澡身上痒", "aquagenic-itch"), ("差点摔倒", "near-fall"), ("怕摔", "fear-of-falling"),
        ("得扶着墙", "supported-walking"), ("穿衣要人帮", "self-care-difficulty"), ("碰凉水手麻", "cold-dysesthesia"),
        ("伤口裂开了", "wound-dehiscence"), ("伤口红肿", "wound-redness"), ("流脓水", "purulent-discharge"),
        ("裂口子疼", "cracked-skin"), ("眼睛刺挠", "eye-itch"), ("一阵一阵地热", "hot-flash"), ("脑子转不动", "brain-fog"),
        ("冷汗直冒", "cold-sweat"), ("衣服都湿透了", "hyperhidrosis"), ("吃饭没味", "poor-appetite"),
        ("尿跟浓茶一样", "dark-urine"), ("梦遗", "nocturnal-emission"), ("包皮翻不开", "foreskin-problem"),
        ("没有转，就是昏", "vertigo"), ("房子在转", "vertigo"), ("脸往左边歪", "facial-droop"), ("眼里打闪", "flashes"),
        ("心窝子疼", "upper-abdominal-pain"), ("心窝子难受", "upper-abdominal-discomfort"),
        ("I wake up tired", "unrefreshing-sleep"), ("can't drop off", "sleep-onset"), ("can't switch off", "racing-mind"),
        ("I feel worthless", "low-self-worth"), ("moods are all over the place", "mood-swings"), ("short fuse", "irritability"),
        ("falling asleep at the wheel", "sleep-attack"), ("face is rounder", "moon-face"), ("nearly fell", "near-fall"),
        ("furniture walking", "supported-walking"), ("needs help dressing", "self-care-difficulty"),
        ("any pus?", "purulent-discharge"), ("yellow crust", "crusting"), ("my heels are cracked and sore", "heel+fissuring"),
        ("the stitches came out", "wound-dehiscence"), ("hot flushes", "hot-flash"), ("waves of heat", "hot-flash"),
        ("foggy brain", "brain-fog"), ("pale and sweaty", "cold-sweat"), ("appetite's gone", "poor-appetite"),
        ("my wee is dark", "dark-urine"), ("any frequency, urgency or hesitancy?", "urgency"),
        ("do you have to rush?", "urgency"), ("stand there and wait", "void-hesitancy"), ("caught short", "urgency"),
        ("mouth drooped", "facial-droop"), ("room was going round", "vertigo"), ("throat closing up", "throat-tightness"),
        ("my shoulder popped out", "joint-slipping"), ("I can't climax", "anorgasmia"), ("gone off my food", "poor-appetite"),
    ],
)  # fmt: skip
def test_what_patients_say_is_a_symptom(text: str, name: str) -> None:
    assert name in named(text)


@pytest.mark.parametrize(
    "text",
    [
        "the nurse flushed the line", "they flushed it", "the port was flushed", "flush your ear out", "I flushed my eyes with water",
        "the urgency of those blood tests", "I have to rush to work", "eating ice cream", "cracked my rib", "cracking on",
        "东西转给他了", "病情没有转好", "没有转院", "两口子都来了", "appetite is not bad", "an aggressive tumour",
    ],
)  # fmt: skip
def test_the_same_words_in_another_sense_name_none(text: str) -> None:
    assert named(text) == set()


def test_a_flush_of_the_face_is_told_from_a_hot_flush() -> None:
    assert named("she was flushed") == {"facial-flushing"}
    assert named("hot flushes") == {"hot-flash"}


def test_a_near_fall_is_no_fall() -> None:
    """What nearly happened must not be written as having happened."""
    for text in ("差点摔倒", "差一点摔倒", "I nearly fell", "almost fell over", "a near fall"):
        assert named(text) == {"near-fall"}


@pytest.mark.parametrize("sensation", ["pus", "fissuring", "crusting"])
@pytest.mark.parametrize("site", ["heel", "elbow", "knee"])
def test_what_oozes_cracks_or_crusts_keeps_its_place(site: str, sensation: str) -> None:
    place, feeling = lexicon().get(f"body-site:{site}"), lexicon().get(f"sensation:{sensation}")
    for text in (place.zh + feeling.zh, f"{place.en} {feeling.en}"):
        assert named(text) == {f"{site}+{sensation}"}

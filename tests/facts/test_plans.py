"""Plans: each order with its own dose, advice in words, and suppositions that stay suppositions."""

from __future__ import annotations

import pytest

from syngraph.model import Fact
from tests.facts.talk import facts


def plans(talk: str) -> list[Fact]:
    return [f for f in facts(talk) if f.kind == "plan"]


@pytest.mark.parametrize(
    ("talk", "name"),
    [
        ("D: I was going to start spironolactone today, but I won't with that potassium.", "spironolactone"),
        ("D: I don't love nitrofurantoin late on, but we'll go with cephalexin, 500 milligrams.", "nitrofurantoin"),
        ("D: 不能，吃甲硝唑不能喝酒，停药后还要等一个礼拜。", "甲硝唑"),
    ],
)
def test_a_drug_only_talked_about_is_not_ordered(talk: str, name: str) -> None:
    assert name not in {f.concept.text for f in plans(talk)}


@pytest.mark.parametrize(
    ("talk", "category", "text"),
    [
        ("D: 三天后复诊，肚子突然剧烈疼、出血多，马上来急诊。", "follow-up", "三天后复诊"),
        (
            "D: 三天后复诊，肚子突然剧烈疼、出血多，马上来急诊。",
            "return-precaution",
            "肚子突然剧烈疼、出血多，马上来急诊",
        ),
        ("D: 先莫操心钱，建议住院。", "referral", "建议住院"),
        ("D: Echo again in February, see me in six weeks.", "follow-up", "See me in six weeks"),
        ("D: Swap that cream for a greasier one, and use a soap substitute.", "advice", "use a soap substitute"),
    ],
)
def test_advice_is_told_without_what_is_only_said_to_somebody(talk: str, category: str, text: str) -> None:
    assert any(f.get("category") == category and text in (f.get("text") or "") for f in plans(talk))


@pytest.mark.parametrize(
    "talk",
    [
        "D: Mr Castellano, good to see you again.",
        "D: We can't be sure until we look.",
        "D: 大姨，我是马大夫，您这次住院我给您管。",
        "D: 现在看着不像，太小了，先别自己吓唬自己。",
        "D: 2型糖尿病，血糖控制不佳，考虑糖尿病周围神经病变。",
    ],
)
def test_talk_is_no_plan(talk: str) -> None:
    assert plans(talk) == []


@pytest.mark.parametrize(
    ("talk", "name"),
    [
        ("D: OCT of the macula today, both eyes.", "OCT of the macula"),
        ("D: I want a FeNO and spirometry in six weeks.", "FeNO"),
        ("D: 先做个泌尿系CT平扫。", "泌尿系CT平扫"),
        ("D: 今天查个血常规，留口痰做培养。", "痰培养"),
        ("D: 今天查个血常规，留口痰做培养。", "血常规"),
    ],
)
def test_a_test_keeps_the_name_that_it_was_ordered_by(talk: str, name: str) -> None:
    assert name in {f.concept.text for f in plans(talk)}


@pytest.mark.parametrize(
    ("talk", "names"),
    [
        ("D: Urgent colonoscopy and a gastroscopy the same day.", {"colonoscopy", "gastroscopy"}),
        ("D: I'm doing a full blood count, clotting and an ECG today.", {"full blood count", "clotting", "ECG"}),
        ("D: Open mesh repair, as a day case.", {"open mesh repair"}),
        ("D: 顺便抽个PSA。", {"PSA"}),
        ("D: 好，那开无创，下周来抽。", {"无创产前DNA检测"}),
    ],
)
def test_an_order_needs_no_verb(talk: str, names: set[str]) -> None:
    assert names <= {f.concept.text for f in plans(talk)}


@pytest.mark.parametrize(
    "talk",
    [
        "D: 血常规血红蛋白108，有一点点低。",
        "D: And the urine dip the nurse did is clear.",
        "D: PHQ-9 today was 19.",
        "D: It can, we'll keep an eye.",
        "D: 称体重，21公斤。",
        "D: Take care now.",
        "D: If you're using the 120 in five syrup, that's 10 mils.",
    ],
)
def test_results_readings_and_small_talk_are_no_orders(talk: str) -> None:
    assert plans(talk) == []


@pytest.mark.parametrize(
    ("talk", "text"),
    [
        ("D: Fit note for two weeks.", "Fit note for two weeks"),
        ("D: Let's get you a monitor.", "monitor"),
        ("D: So, strict peanut avoidance.", "Strict peanut avoidance"),
        ("D: Nothing to eat from six hours before.", "Nothing to eat from six hours before"),
        ("D: 烟必须戒。", "烟必须戒"),
        ("D: 四周以后产检，那时候16周。", "四周以后产检"),
        ("D: I have you down for Wednesday the ninth of December.", "ninth of December"),
    ],
)
def test_what_is_arranged_or_advised_in_few_words_is_kept(talk: str, text: str) -> None:
    assert any(text in (f.get("text") or "") for f in plans(talk))


def test_what_is_ordered_already_is_not_told_again() -> None:
    assert [f.concept.text for f in plans("D: 查个眼底，尿微量白蛋白复查。")] == ["眼科检查", "尿微量白蛋白"]


@pytest.mark.parametrize("talk", ["D: Steer clear of ibuprofen.", "D: 芬必得就别一起吃了。"])
def test_a_drug_to_keep_away_from_is_stopped(talk: str) -> None:
    assert [f.get("action") for f in plans(talk)] == ["stop"]

"""Plans: each order with its own dose, advice in words, and suppositions that stay suppositions."""

from __future__ import annotations

import pytest

from syngraph.facts.plan_wording import written
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


# -- speech without full stops, and talk that is no plan --------------------------------------------------------


def test_an_order_in_unpunctuated_speech_stands_on_its_own() -> None:
    talk = (
        "D: i'm also gon na order a urinalysis and a urine culture and based on what that shows we can decide about "
        "antibiotics and i wan na go ahead and start tamsulosin once a day and if the pain gets worse call me okay "
        "do you have any questions"
    )
    told = plans(talk)
    names = {f.concept.text for f in told}
    assert {"urinalysis", "urine culture", "tamsulosin"} <= names
    assert not any("questions" in n for n in names)


@pytest.mark.parametrize(
    ("said", "plan"),
    [
        ("So what I'm gonna do is refer you to the pain clinic, okay", "Refer to the pain clinic"),
        ("And I want you to keep a food diary", "Keep a food diary"),
        ("You need to make sure you drink plenty of fluids", "Drink plenty of fluids"),
        ("Take a deep breath for me", None),
        ("I don't feel the need to start anything", None),
        ("Which I'm happy to do today", None),
        ("No lifting with that hand", "No lifting with that hand"),
        ("所以要多休息", None),
        ("低盐饮食，多喝水", "低盐饮食，多喝水"),
    ],
)
def test_a_step_is_written_without_the_talk_around_it(said: str, plan: str | None) -> None:
    assert written(said) == plan


def test_advice_told_twice_stands_once() -> None:
    talk = "D: 注意保暖。\nP: 嗯。\nD: 这两天要注意保暖，多喝温水。"
    assert [f.concept.text for f in plans(talk)] == ["这两天要注意保暖，多喝温水"]


@pytest.mark.parametrize(
    ("talk", "name"),
    [
        ("D: So, a two week wait: flexible cystoscopy and a CT urogram.", "CT urogram"),
        ("D: Physio for the shoulder.", "physiotherapy"),
        ("D: 喘好了以后查个肺功能。", "肺功能"),
        ("D: 建议化验大便看看。", "化验大便"),
    ],
)
def test_an_order_by_its_place_or_for_later(talk: str, name: str) -> None:
    found = {f.concept.text.lower() for f in plans(talk)}
    assert any(name.lower()[:6] in f or f in name.lower() for f in found), found


def test_what_the_patient_is_asked_to_do_on_the_couch_is_no_plan() -> None:
    assert plans("D: 躺上去，我查一下。\nD: 肚子放松。") == []


@pytest.mark.parametrize(
    ("talk", "drug", "dose"),
    [
        (
            "D: How's the methotrexate?\nP: Fine.\nD: Good. I'd go up to 20 milligrams once a week.",
            "methotrexate",
            "20 mg",
        ),
        ("D: 阿托伐他汀，先吃着。\nP: 怎么吃？\nD: 二十毫克，每晚一片。", "阿托伐他汀", "20 mg"),
    ],
)
def test_a_dose_belongs_to_the_medicine_spoken_of_a_turn_before(talk: str, drug: str, dose: str) -> None:
    assert (drug, dose) in {(f.concept.text, f.get("dose")) for f in plans(talk)}


@pytest.mark.parametrize("talk", ["D: I also want you to cut down on caffeine.", "D: Try to limit the alcohol."])
def test_coffee_and_alcohol_are_no_medicines(talk: str) -> None:
    assert not any(f.get("category") == "medication" for f in plans(talk))

from __future__ import annotations

import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syngraph.terminology.doses import (
    comparable_doses,
    dose_units,
    find_doses,
    find_frequencies,
    find_meal_timing,
    find_routes,
    is_dose,
    parse_dose,
    same_dose,
    same_frequency,
    say_dose,
    say_frequency,
    say_route,
    times_a_day,
)

PIECES = (
    "每", "一", "两", "三", "半", "天", "日", "晚", "早", "周", "次", "片", "粒", "毫克", "包", "烟", "mg", " mg", "5", "0.5",
    "1-2", "/", "kg", "L", "一天", "隔", "小时", "吃", "睡前", "twice ", "a ", "day ", "every ", "six ", "hours ", "tablet ",
    "half ", "bid ", "q", "8h ", "prn ", "times ", "，", "1/2", "喷", "单位", "万", "*", "各",
)  # fmt: skip
texts = st.one_of(st.text(max_size=40), st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
codes = st.one_of(
    st.sampled_from(["qd", "bid", "tid", "qid", "qn", "qam", "qod", "qw", "biw", "tiw", "q2w", "qm"]),
    st.integers(2, 24).filter(lambda n: n != 24).map(lambda n: f"q{n}h"),
    st.integers(3, 13).filter(lambda n: n != 7).map(lambda n: f"q{n}d"),
    st.integers(5, 12).map(lambda n: f"{n}/d"),
    st.integers(4, 6).map(lambda n: f"{n}/w"),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("二十毫克", ["20 mg"]),
        ("20mg", ["20 mg"]),
        ("0.5g", ["0.5 g"]),
        ("0.1克", ["0.1 g"]),
        ("半片", ["0.5 tablet"]),
        ("两片半", ["2.5 tablet"]),
        ("一粒", ["1 capsule"]),
        ("两喷", ["2 puff"]),
        ("one tablet", ["1 tablet"]),
        ("a tablet", ["1 tablet"]),
        ("half a tablet", ["0.5 tablet"]),
        ("1/2 tab", ["0.5 tablet"]),
        ("1/4片", ["0.25 tablet"]),
        ("a hundred milligrams", ["100 mg"]),
        ("10 units", ["10 U"]),
        ("80万单位", ["800000 U"]),
        ("两包，一支", ["2 sachet", "1 ampoule"]),
        ("1-2片", ["1-2 tablet"]),
        ("one to two tablets", ["1-2 tablet"]),
        ("5mg/kg", ["5 mg/kg"]),
        ("5毫克每公斤", ["5 mg/kg"]),
        ("5mg/次", ["5 mg"]),
        ("2L/min", ["2 L/min"]),
        ("50μg", ["50 ug"]),
        ("0.25g*24粒", ["0.25 g"]),
        ("早上12单位晚上10单位", ["12 U", "10 U"]),
        ("35 g/L，40 U/L，4.12 mmol/L，200 mg/dL", []),
        ("一天20支烟，抽一包", []),
        ("一片阴影", []),
        ("喝了2升水", []),
        ("5 metres", []),
    ],
)
def test_doses(text: str, expected: list[str]) -> None:
    assert [d.dose for d in find_doses(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一天一次", ["qd"]),
        ("每日三次", ["tid"]),
        ("日三次", ["tid"]),
        ("1次/日", ["qd"]),
        ("3次/周", ["tiw"]),
        ("早晚各一次", ["bid"]),
        ("早一片晚一片", ["bid"]),
        ("每晚一片", ["qn"]),
        ("一天一片", ["qd"]),
        ("每天5毫克", ["qd"]),
        ("一天两回", ["bid"]),
        ("隔天，每隔一天", ["qod", "qod"]),
        ("两天一次", ["qod"]),
        ("一周一次", ["qw"]),
        ("每两周打一针", ["q2w"]),
        ("半年一次", ["q6m"]),
        ("每6小时，每隔8小时", ["q6h", "q8h"]),
        ("一天两三次", ["2-3/d"]),
        ("每日5次", ["5/d"]),
        ("疼的时候吃", ["prn"]),
        ("必要时", ["prn"]),
        ("睡前", ["qn"]),
        ("每天早上一片", ["qam"]),
        ("早中晚各一次", ["tid"]),
        ("立即口服", ["stat"]),
        ("twice a day", ["bid"]),
        ("two times a day", ["bid"]),
        ("three times daily", ["tid"]),
        ("5 times a day", ["5/d"]),
        ("every morning", ["qam"]),
        ("every six hours", ["q6h"]),
        ("every four to six hours as needed", ["q4-6h", "prn"]),
        ("every hour", ["q1h"]),
        ("every half hour", ["q30min"]),
        ("every other day", ["qod"]),
        ("at bedtime", ["qn"]),
        ("once a week", ["qw"]),
        ("once every 3 months", ["q3m"]),
        ("two tablets a day", ["qd"]),
        ("BID, b.i.d., nightly, once daily", ["bid", "bid", "qn", "qd"]),
        ("a hundred twice a day", ["bid"]),
        ("每周三复查", []),
        ("每晚起夜2次", []),
        ("早上血压高", []),
        ("一天抽一包烟", []),
        ("daily life", []),
        ("立即就诊", []),
    ],
)
def test_frequencies(text: str, expected: list[str]) -> None:
    assert [f.code for f in find_frequencies(text)] == expected


@pytest.mark.parametrize(
    ("text", "routes", "meals"),
    [
        ("口服，饭后", ["po"], ["pc"]),
        ("静脉滴注", ["iv"], []),
        ("肌注", ["im"], []),
        ("皮下注射", ["sc"], []),
        ("舌下含服", ["sublingual"], []),
        ("雾化吸入", ["inhaled", "inhaled"], []),
        ("外用", ["topical"], []),
        ("滴眼，滴耳，喷鼻", ["ophthalmic", "otic", "nasal"], []),
        ("塞肛，阴道用药", ["rectal", "vaginal"], []),
        ("by mouth before breakfast", ["po"], ["ac"]),
        ("1 tab po bid pc", ["po"], ["pc"]),
        ("take it with food", [], ["with meals"]),
        ("two drops in each eye", ["ophthalmic"], []),
        ("空腹血糖，餐后2小时血糖", [], []),
        ("I'm fine", [], []),
    ],
)
def test_routes_and_meals(text: str, routes: list[str], meals: list[str]) -> None:
    assert [r.code for r in find_routes(text)] == routes
    assert [m.code for m in find_meal_timing(text)] == meals


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("500 mg", "0.5 g", True),
        ("1000 ug", "1 mg", True),
        ("1 tablet", "1 capsule", True),
        ("1-2 tablet", "2 tablet", True),
        ("20 U", "20 IU", True),
        ("5 mg", "10 mg", False),
        ("1 tablet", "2 tablet", False),
        ("5 mg", "5 mL", False),
        ("5 mg", "5 mg/kg", False),
        ("20毫克", "20 mg", True),
        ("as told", "as told", True),
        ("as told", "5 mg", False),
    ],
)
def test_same_dose(a: str, b: str, same: bool) -> None:
    assert same_dose(a, b) is same
    assert same_dose(b, a) is same


def test_a_tablet_and_milligrams_can_not_be_compared() -> None:
    assert comparable_doses("5 mg", "1 g")
    assert comparable_doses("50 mcg", "100 ug")
    assert comparable_doses("75 micrograms", "0.1 mg")
    assert not comparable_doses("5 mg", "1 tablet")
    assert not comparable_doses("5 mg", "a bit")
    assert not comparable_doses("5 mg", "5 mg/kg")


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [("tid", "q8h", True), ("bid", "q12h", True), ("qn", "qd", True), ("qd", "bid", False), ("qw", "qd", False),
     ("prn", "prn", True), ("prn", "qd", False), ("q4-6h", "q6h", True), ("nonsense", "qd", False), ("5/d", "5/d", True)],
)  # fmt: skip
def test_same_frequency(a: str, b: str, same: bool) -> None:
    assert same_frequency(a, b) is same
    assert same_frequency(b, a) is same


def test_times_a_day() -> None:
    assert times_a_day("q6h") == 4
    assert times_a_day("4/w") == pytest.approx(4 / 7)
    assert times_a_day("stat") is None
    assert times_a_day("q0h") is None
    assert times_a_day("hello") is None


@pytest.mark.parametrize(
    ("dose", "zh", "en"),
    [
        ("5 mg", "5 mg", "5 mg"),
        ("1 tablet", "1片", "1 tablet"),
        ("2 puff", "2喷", "2 puffs"),
        ("0.5 tablet", "0.5片", "0.5 tablet"),
        ("1-2 tablet", "1～2片", "1-2 tablets"),
        ("20 U", "20 U", "20 units"),
        ("5 mg/kg", "5 mg/kg", "5 mg/kg"),
        ("50 ug", "50 μg", "50 mcg"),
        ("as told", "as told", "as told"),
    ],
)
def test_say_dose(dose: str, zh: str, en: str) -> None:
    assert say_dose(dose, "zh") == zh
    assert say_dose(dose, "en") == en


@pytest.mark.parametrize(
    ("code", "zh", "en"),
    [
        ("tid", "每日3次", "three times daily"),
        ("qn", "每晚1次", "every night"),
        ("q6h", "每6小时1次", "every 6 hours"),
        ("q1h", "每1小时1次", "every hour"),
        ("q4-6h", "每4～6小时1次", "every 4-6 hours"),
        ("2-3/d", "每日2～3次", "2-3 times daily"),
        ("1/y", "每年1次", "once a year"),
        ("whenever", "whenever", "whenever"),
    ],
)
def test_say_frequency(code: str, zh: str, en: str) -> None:
    assert say_frequency(code, "zh") == zh
    assert say_frequency(code, "en") == en


def test_say_route() -> None:
    assert say_route("po", "zh") == "口服"
    assert say_route("sc", "en") == "subcutaneous"
    assert say_route("pc", "zh") == "餐后"
    assert say_route("up", "en") == "up"


def test_is_dose() -> None:
    assert is_dose("5 mg")
    assert not is_dose("5毫克")
    assert not is_dose("5 parsecs")


@given(texts)
def test_dose_spans_say_what_they_say(text: str) -> None:
    spans = find_doses(text)
    assert all(0 <= s.start < s.end <= len(text) for s in spans)
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))
    for span in spans:
        assert is_dose(span.dose)
        assert [d.dose for d in find_doses(text[span.start : span.end])] == [span.dose]


@given(texts)
def test_other_spans_lie_in_the_text(text: str) -> None:
    for spans in (find_frequencies(text), find_routes(text), find_meal_timing(text)):
        assert all(0 <= s.start < s.end <= len(text) for s in spans)
        assert all(a.end <= b.start for a, b in itertools.pairwise(spans))


@given(codes, st.sampled_from(["zh", "en"]))
def test_a_frequency_written_is_read_back(code: str, language: str) -> None:
    said = say_frequency(code, language)
    assert [f.code for f in find_frequencies(said)] == [code]


@given(
    st.integers(1, 9999).map(lambda n: Decimal(n) / 4),
    st.sampled_from(
        sorted(set(dose_units()) - {"kg", "L", "IU", "sachet", "pill", "mEq", "cap", "pen", "spray", "suppository"})
    ),
    st.sampled_from(["zh", "en"]),
)
def test_a_dose_written_is_read_back(value: Decimal, unit: str, language: str) -> None:
    dose = f"{value.normalize():f} {unit}"
    read = [d.dose for d in find_doses(say_dose(dose, language))]
    assert len(read) == 1
    assert same_dose(read[0], dose)


@given(st.integers(1, 10**6))
def test_doses_compare_across_units(n: int) -> None:
    assert same_dose(f"{n} g", f"{n * 1000} mg")
    assert not same_dose(f"{n} mg", f"{n + 1} mg")
    assert parse_dose(f"{n} mg") == (n, n, "mg", "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("49/51 mg twice a day", ["49/51 mg"]),
        ("十六个单位", ["16 U"]),
        ("250 mg/5 mL suspension 500 mg", ["500 mg"]),
        ("1/2 mg", ["0.5 mg"]),
    ],
)
def test_combined_strengths_and_concentrations(text: str, expected: list[str]) -> None:
    assert [d.dose for d in find_doses(text)] == expected


def test_a_number_without_its_unit_agrees_with_what_it_can_mean() -> None:
    assert same_dose("40", "40 mg")
    assert same_dose("500", "0.5 g")
    assert not same_dose("2.5", "5 mg")
    assert comparable_doses("2.5", "5 mg")
    assert not comparable_doses("2", "1 tablet")
    assert not comparable_doses("1", "10 mg")


def test_each_day_goes_with_every_daily_rate() -> None:
    assert [f.code for f in find_frequencies("every day; 每天吃")] == ["daily", "daily"]
    assert same_frequency("daily", "qd")
    assert same_frequency("bid", "daily")
    assert not same_frequency("daily", "qw")


@pytest.mark.parametrize("said", ["一天半片", "每天半片", "一日半片", "1天半片", "一晚半片", "早上吃，一天半片"])
def test_half_a_tablet_each_day_is_no_day_and_a_half(said: str) -> None:
    assert [d.dose for d in find_doses(said)] == ["0.5 tablet"]


def test_a_day_and_a_half_is_no_dose() -> None:
    assert find_doses("疼了一天半") == []
    assert [d.dose for d in find_doses("一天一片半")] == ["1.5 tablet"]

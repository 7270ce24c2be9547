from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syngraph.model import is_date, is_duration
from syngraph.terminology.numerals import to_chinese, to_english
from syngraph.terminology.times import (
    dates_agree,
    duration_days,
    find_ages,
    find_dates,
    find_durations,
    onset_from,
    same_duration,
    say_date,
    say_duration,
)

FRIDAY = date(2026, 11, 20)
PIECES = (
    "三", "两", "半", "十", "一", "几", "个", "多", "天", "日", "周", "月", "年", "小时", "分钟", "前", "后", "岁", "大", "每",
    "次", "去年", "上", "号", "冬天", "国庆", "3", "12", "2026", "-", "/", ".", "/52", "+4周", " ", "days ", "a ", "week ",
    "ago", "last ", "March ", "half ", "an hour", "old", "y/o", "since ", "Sunday", "couple of ", "about ", "and a half", "，",
)  # fmt: skip
texts = st.one_of(st.text(max_size=40), st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
anchors = st.dates(date(1950, 1, 1), date(2100, 1, 1))
isos = st.builds(lambda n, u: f"P{n}{u}", st.integers(1, 60), st.sampled_from("YMWD"))


def isos_of(text: str) -> list[str]:
    return [d.iso for d in find_durations(text)]


def dates_of(text: str) -> list[str]:
    return [d.iso for d in find_dates(text, FRIDAY)]


@pytest.mark.parametrize(
    ("text", "iso", "low", "high"),
    [
        ("三天了", "P3D", "P3D", "P3D"),
        ("半个月", "P15D", "P15D", "P15D"),
        ("一个多月", "P1M", "P1M", "P2M"),
        ("大半年", "P8M", "P6M", "P11M"),
        ("十来天", "P10D", "P10D", "P15D"),
        ("两三天", "P3D", "P2D", "P3D"),
        ("3天余", "P3D", "P3D", "P4D"),
        ("二十多年", "P20Y", "P20Y", "P29Y"),
        ("10余年", "P10Y", "P10Y", "P19Y"),
        ("仨月", "P3M", "P3M", "P3M"),
        ("俩礼拜", "P2W", "P2W", "P2W"),
        ("个把月", "P1M", "P22D", "P45D"),
        ("半年", "P6M", "P6M", "P6M"),
        ("一年半", "P1Y6M", "P1Y6M", "P1Y6M"),
        ("一个半月", "P1.5M", "P1.5M", "P1.5M"),
        ("1年3个月", "P1Y3M", "P1Y3M", "P1Y3M"),
        ("四十分钟", "PT40M", "PT40M", "PT40M"),
        ("一刻钟", "PT15M", "PT15M", "PT15M"),
        ("两个钟头", "PT2H", "PT2H", "PT2H"),
        ("两个半小时", "PT2H30M", "PT2H30M", "PT2H30M"),
        ("小半天", "PT4H", "PT2H", "PT12H"),
        ("约3天", "P3D", "P2D", "P4D"),
        ("10天左右", "P10D", "P7D", "P13D"),
        ("几天", "P3D", "P2D", "P9D"),
        ("数日", "P3D", "P3D", "P9D"),
        ("反复咳嗽3月，", "P3M", "P3M", "P3M"),
        ("术后3日，", "P3D", "P3D", "P3D"),
        ("孕32周", "P32W", "P32W", "P32W"),
        ("32+4周", "P32W4D", "P32W4D", "P32W4D"),
        ("3d", "P3D", "P3D", "P3D"),
        ("2/52", "P2W", "P2W", "P2W"),
        ("for 3/7", "P3D", "P3D", "P3D"),
        ("3-day", "P3D", "P3D", "P3D"),
        ("3-4 days", "P4D", "P3D", "P4D"),
        ("six weeks", "P6W", "P6W", "P6W"),
        ("a couple of weeks", "P2W", "P2W", "P3W"),
        ("a few days", "P3D", "P2D", "P5D"),
        ("about a month", "P1M", "P22D", "P38D"),
        ("a year and a half", "P1Y6M", "P1Y6M", "P1Y6M"),
        ("an hour and a half", "PT1H30M", "PT1H30M", "PT1H30M"),
        ("two and a half years", "P2Y6M", "P2Y6M", "P2Y6M"),
        ("2 years and 3 months", "P2Y3M", "P2Y3M", "P2Y3M"),
        ("half an hour", "PT30M", "PT30M", "PT30M"),
        ("three quarters of an hour", "PT45M", "PT45M", "PT45M"),
        ("a fortnight", "P2W", "P2W", "P2W"),
        ("a month or two", "P2M", "P1M", "P2M"),
        ("3 weeks or so", "P3W", "P15D", "P27D"),
        ("the past month", "P1M", "P1M", "P1M"),
        ("A week.", "P1W", "P1W", "P1W"),
    ],
)
def test_durations(text: str, iso: str, low: str, high: str) -> None:
    (span,) = find_durations(text)
    assert (span.iso, span.low, span.high, span.approximate) == (iso, low, high, low != high)


@pytest.mark.parametrize(
    "text",
    ["38岁", "38-year-old", "5 years old", "aged 42", "一天三次", "three times a day", "每3天", "every 3 days", "3日", "11月",
     "10月3日", "于3月", "2019年", "08年做的", "19年3月", "一九年", "第三天", "有一天早上", "one day", "twice a week", "last week",
     "for years", "一天抽20支", "每天睡4小时", "sleeps 4 hours a night", "24小时动态心电图", "24-hour urine", "餐后2小时血糖",
     "小时候", "三年级", "3周岁", "8个月大", "三天两头", "一年四季", "上个月", "3D echo", "every half hour", "5 mg a day"],
)  # fmt: skip
def test_no_duration(text: str) -> None:
    assert isos_of(text) == []


def test_several_durations_stay_apart() -> None:
    assert isos_of("咳嗽3天，加重1周") == ["P3D", "P1W"]
    assert isos_of("咳嗽三个月，发热两天，一天三次") == ["P3M", "P2D"]
    assert isos_of("smoked 20 a day for 30 years, cough for 2 weeks") == ["P30Y", "P2W"]


@pytest.mark.parametrize(
    ("text", "iso"),
    [("四十二岁", "P42Y"), ("8个月大", "P8M"), ("8月龄", "P8M"), ("3天大", "P3D"), ("1岁3个月", "P1Y3M"), ("3岁半", "P3Y6M"),
     ("年龄：42", "P42Y"), ("六十多岁", "P60Y"), ("十七八岁", "P18Y"), ("42 y/o", "P42Y"), ("42yo", "P42Y"), ("42-year-old", "P42Y"),
     ("a five year old boy", "P5Y"), ("forty-two-year-old man", "P42Y"), ("8 months old", "P8M"), ("age 8 months", "P8M"),
     ("aged 42", "P42Y"), ("at the age of 50", "P50Y"), ("two years of age", "P2Y")],
)  # fmt: skip
def test_ages(text: str, iso: str) -> None:
    assert [a[2] for a in find_ages(text)] == [iso]


@pytest.mark.parametrize("text", ["500岁", "年龄", "aged", "old", "aged cheese", "3 days", "a very old man"])
def test_no_age(text: str) -> None:
    assert find_ages(text) == []


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026年10月30日", "2026-10-30"),
        ("二〇二四年十二月", "2024-12"),
        ("2026-10-30T08:00:00+08:00", "2026-10-30"),
        ("2026/10/30", "2026-10-30"),
        ("2026.10.30", "2026-10-30"),
        ("20261030", "2026-10-30"),
        ("2024-12", "2024-12"),
        ("2024.12", "2024-12"),
        ("2019年", "2019"),
        ("2019年底", "2019-12"),
        ("2019年春节", "2019-02"),
        ("10月30号", "2026-10-30"),
        ("12月3日", "2025-12-03"),
        ("10月份", "2026-10"),
        ("12月底", "2025-12"),
        ("于3月", "2026-03"),
        ("19年3月", "2019-03"),
        ("08年", "2008"),
        ("九八年", "1998"),
        ("一九年做的手术", "2019"),
        ("2024年冬天", "2024-12"),
        ("今早", "2026-11-20"),
        ("昨晚", "2026-11-19"),
        ("前天", "2026-11-18"),
        ("大前天", "2026-11-17"),
        ("明天", "2026-11-21"),
        ("前几天", "2026-11-16"),
        ("上周三", "2026-11-11"),
        ("周三", "2026-11-18"),
        ("下周三", "2026-11-25"),
        ("上礼拜", "2026-11-13"),
        ("上周末", "2026-11-14"),
        ("上个月", "2026-10"),
        ("上个月15号", "2026-10-15"),
        ("上月底", "2026-10"),
        ("去年", "2025"),
        ("去年12月", "2025-12"),
        ("去年12月3日", "2025-12-03"),
        ("去年国庆", "2025-10-01"),
        ("去年底", "2025-12"),
        ("前年冬天", "2024-12"),
        ("大前年", "2023"),
        ("夏天的时候", "2026-07"),
        ("国庆", "2026-10-01"),
        ("春节", "2026-02"),
        ("圣诞", "2025-12-25"),
        ("3天前", "2026-11-17"),
        ("就诊前3天", "2026-11-17"),
        ("半个月前", "2026-11-05"),
        ("两年前", "2024"),
        ("October 30", "2026-10-30"),
        ("December 3rd", "2025-12-03"),
        ("October 30, 2026", "2026-10-30"),
        ("30 Oct 2026", "2026-10-30"),
        ("the 3rd of May 2020", "2020-05-03"),
        ("30-Oct-2026", "2026-10-30"),
        ("10/30/2026", "2026-10-30"),
        ("30/10/2026", "2026-10-30"),
        ("12/25/24", "2024-12-25"),
        ("March 2019", "2019-03"),
        ("in 2019", "2019"),
        ("(2019)", "2019"),
        ("in March", "2026-03"),
        ("last November", "2025-11"),
        ("next March", "2027-03"),
        ("late March", "2026-03"),
        ("yesterday", "2026-11-19"),
        ("this morning", "2026-11-20"),
        ("since Sunday", "2026-11-15"),
        ("last Friday", "2026-11-13"),
        ("Saturday", "2026-11-14"),
        ("next Monday", "2026-11-23"),
        ("last week", "2026-11-13"),
        ("last month", "2026-10"),
        ("last year", "2025"),
        ("the year before last", "2024"),
        ("two weeks ago", "2026-11-06"),
        ("a few months ago", "2026-08"),
        ("last winter", "2025-12"),
        ("last spring", "2026-04"),
        ("winter of 2024", "2024-12"),
        ("since Christmas", "2025-12-25"),
        ("Christmas 2024", "2024-12-25"),
    ],
)
def test_dates(text: str, iso: str) -> None:
    assert dates_of(text) == [iso]


@pytest.mark.parametrize(
    "text",
    ["一周三次", "每周三", "the last week", "may be", "I march on", "2019 mg", "2.5-3.5", "术前3天", "餐前", "31月50日", "13/13/2026",
     "120/80", "2026-13-45", "3次", "in a few days"],
)  # fmt: skip
def test_no_date(text: str) -> None:
    assert dates_of(text) == []


@pytest.mark.parametrize(
    ("text", "approximate"),
    [
        ("昨天", False),
        ("3天前", False),
        ("2024年12月", False),
        ("上周", True),
        ("前年冬天", True),
        ("半个月前", True),
        ("两年前", True),
    ],
)
def test_what_is_said_roughly_is_marked(text: str, approximate: bool) -> None:
    assert [d.approximate for d in find_dates(text, FRIDAY)] == [approximate]


def test_winter_and_newyear_edges() -> None:
    january = date(2026, 1, 5)
    assert [d.iso for d in find_dates("last winter", january)] == ["2025-12"]
    assert [d.iso for d in find_dates("12月3日", january)] == ["2025-12-03"]
    assert [d.iso for d in find_dates("上个月", january)] == ["2025-12"]
    assert [d.iso for d in find_dates("下个月", date(2026, 12, 5))] == ["2027-01"]
    assert [d.iso for d in find_dates("2月29日", date(2026, 3, 5))] == []
    assert [d.iso for d in find_dates("98年3月", january)] == ["1998-03"]


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [("3天", "两三天", True), ("半个月", "十来天", True), ("about a month", "4 weeks", True), ("3天", "3周", False),
     ("2天", "3天", True), ("3天", "5天", False), ("one hour", "one week", False), ("30分钟", "15分钟", False), ("半年", "6个月", True),
     ("2 weeks", "14 days", True), ("1年", "2年", False), ("PT1H", "P1D", False)],
)  # fmt: skip
def test_same_duration(a: str, b: str, same: bool) -> None:
    first, second = ((find_durations(x) or [x])[0] for x in (a, b))
    assert same_duration(first, second) is same
    assert same_duration(second, first) is same


@given(isos, isos)
def test_same_duration_is_symmetric_and_reflexive(a: str, b: str) -> None:
    assert same_duration(a, a)
    assert same_duration(a, b) == same_duration(b, a)


@pytest.mark.parametrize(
    ("iso", "onset"),
    [("P3D", "2026-11-17"), ("P2W", "2026-11-06"), ("P2M", "2026-09"), ("P11M", "2025-12"), ("P5Y", "2021"), ("P1Y6M", "2025-05"),
     ("PT30M", "2026-11-20"), ("P1.5M", "2026-10"), ("P9999Y", "0001")],
)  # fmt: skip
def test_onset(iso: str, onset: str) -> None:
    assert onset_from(iso, FRIDAY) == onset


@pytest.mark.parametrize(
    "call", [lambda: onset_from("3D", FRIDAY), lambda: duration_days("P"), lambda: duration_days("P1..5D")]
)
def test_what_is_no_duration_is_refused(call: object) -> None:
    assert callable(call)
    with pytest.raises(ValueError, match="ISO 8601"):
        call()


@pytest.mark.parametrize(
    ("a", "b", "approximate", "agree"),
    [("2024", "2024-12-03", False, True), ("2024-12", "2024-12-31", False, True), ("2024-12", "2025-01", False, False),
     ("2024-12", "2025-01", True, True), ("2024-12", "2025-06", True, False), ("2026-11-13", "2026-11-16", True, True),
     ("2026-11-13", "2026-11-16", False, False), ("2024", "2026", True, False), ("?", "?", False, True), ("?", "2024", True, False)],
)  # fmt: skip
def test_dates_agree(a: str, b: str, approximate: bool, agree: bool) -> None:
    assert dates_agree(a, b, approximate) is agree
    assert dates_agree(b, a, approximate) is agree


@pytest.mark.parametrize(
    ("iso", "zh", "en"),
    [("P3D", "3天", "3 days"), ("P1D", "1天", "1 day"), ("P6M", "6个月", "6 months"), ("P1Y6M", "1年6个月", "1 year 6 months"),
     ("PT1H30M", "1小时30分钟", "1 hour 30 minutes"), ("PT45S", "45秒", "45 seconds"), ("P1.5M", "1.5个月", "1.5 months"), ("?", "?", "?")],
)  # fmt: skip
def test_say_duration(iso: str, zh: str, en: str) -> None:
    assert say_duration(iso, "zh") == zh
    assert say_duration(iso, "en") == en


@pytest.mark.parametrize(
    ("iso", "zh", "en"),
    [("2024", "2024年", "2024"), ("2024-12", "2024年12月", "December 2024"), ("2026-10-30", "2026-10-30", "2026-10-30"),
     ("2026-10-30T08:00:00Z", "2026-10-30", "2026-10-30"), ("2024-13", "2024-13", "2024-13"), ("soon", "soon", "soon")],
)  # fmt: skip
def test_say_date(iso: str, zh: str, en: str) -> None:
    assert say_date(iso, "zh") == zh
    assert say_date(iso, "en") == en


@given(st.builds(lambda n, u: f"P{n}{u}", st.integers(1, 99), st.sampled_from("YMWD")), st.sampled_from(["zh", "en"]))
def test_a_duration_written_is_read_back(iso: str, language: str) -> None:
    assert isos_of(say_duration(iso, language)) == [iso]


@given(st.integers(1, 99), st.sampled_from([("天", "days", "D"), ("个月", "months", "M"), ("周", "weeks", "W")]))
def test_spelled_out_durations_are_the_same(n: int, unit: tuple[str, str, str]) -> None:
    chinese, english, code = unit
    plural = english if n > 1 else english[:-1]
    for text in (
        f"{n}{chinese}了",
        f"{to_chinese(n)}{chinese}了",
        f"for {n} {plural}",
        f"for {to_english(n)} {plural}",
    ):
        if text != f"for one {plural}" or n > 1:
            assert isos_of(text) == [f"P{n}{code}"], text


@given(st.dates(date(1930, 1, 1), date(2090, 12, 31)), st.sampled_from(["zh", "en"]))
def test_a_date_written_is_read_back(day: date, language: str) -> None:
    for iso in (day.isoformat(), day.isoformat()[:7]):
        assert [d.iso for d in find_dates(f"于 {say_date(iso, language)} 查" if language == "zh" else f"in {say_date(iso, language)}", day)] == [iso]  # fmt: skip


@given(anchors, st.integers(1, 60))
def test_days_ago_count_back_from_the_visit(anchor: date, n: int) -> None:
    expected = (anchor - timedelta(days=n)).isoformat()
    assert [d.iso for d in find_dates(f"{n}天前", anchor)] == [expected]
    assert onset_from(f"P{n}D", anchor) == expected


@given(texts, anchors)
def test_spans_are_in_order_and_valid(text: str, anchor: date) -> None:
    durations, dates, ages = find_durations(text), find_dates(text, anchor), find_ages(text)
    for spans in (durations, dates):
        assert all(0 <= s.start < s.end <= len(text) for s in spans)
        assert all(a.end <= b.start for a, b in itertools.pairwise(spans))
    assert all(0 <= a < b <= len(text) and is_duration(iso) for a, b, iso in ages)
    assert all(is_duration(x) for d in durations for x in (d.iso, d.low, d.high))
    assert all(duration_days(d.low) <= duration_days(d.high) for d in durations)
    assert all(is_date(d.iso) for d in dates)

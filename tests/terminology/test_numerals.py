from __future__ import annotations

import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syngraph.terminology.numerals import find_numbers, find_ranges, parse_number, plain, to_chinese, to_english

#: Pieces that numerals are made of and that stand around them, to build texts near the edge of every rule.
PIECES = (
    "一", "二", "两", "三", "五", "九", "十", "百", "千", "万", "零", "半", "点", "度", "个", "片", "年", "天", "多", "来",
    "几", "第", "周", "岁", "次", "，", "、", " ", "-", ".", ",", "/", "~", "1", "20", "38.5", "T", "mg", "one ", "two ",
    "hundred ", "and ", "a ", "half ", "point ", "fifty", "-", "couple of ", "oh ", "½", "⁹", "①", "٣", "疼", "B12", "×10",
)  # fmt: skip
texts = st.one_of(st.text(max_size=40), st.lists(st.sampled_from(PIECES), max_size=14).map("".join))


def numbers(text: str) -> list[str]:
    return [f"{n.value.normalize():f}" for n in find_numbers(text)]


def ranges(text: str) -> list[tuple[int, int]]:
    return [(int(r.low), int(r.high)) for r in find_ranges(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,200 m, 38.5 度, １２ 片", ["1200", "38.5", "12"]),
        ("血压一百五十二、九十四", ["152", "94"]),
        ("一百三八十五", ["130", "85"]),
        ("一百五／九十", ["150", "90"]),
        ("两千三", ["2300"]),
        ("一万二", ["12000"]),
        ("一万零二", ["10002"]),
        ("三十八点五", ["38.5"]),
        ("体温三十八度五", ["38.5"]),
        ("38度8", ["38.8"]),
        ("身高一米七五", ["1.75"]),
        ("半片", ["0.5"]),
        ("一个半", ["1.5"]),
        ("两片半", ["2.5"]),
        ("一半", ["0.5"]),
        ("十来天", ["10"]),
        ("廿五", ["25"]),
        ("壹佰贰拾", ["120"]),
        ("二零一九年", ["2019"]),
        ("幺二零", ["120"]),
        ("1.5万单位", ["15000"]),
        ("孕三产二", ["3", "2"]),
        ("血压T36.5℃ P80次/分 BP120/80mmHg", ["36.5", "80", "120", "80"]),
        ("a hundred and fifty-two", ["152"]),
        ("one fifty-two over ninety-four", ["152", "94"]),
        ("one oh five over seventy", ["105", "70"]),
        ("two and a half tablets", ["2.5"]),
        ("2 and a half tablets", ["2.5"]),
        ("2 million", ["2000000"]),
        ("a couple of days", ["2"]),
        ("two dozen", ["24"]),
        ("oh point five", ["0.5"]),
        ("point seventy-five", ["0.75"]),
        ("thirty-eight point five", ["38.5"]),
        ("ninety eight point six", ["98.6"]),
        ("nineteen ninety-eight", ["1998"]),
        ("nineteen oh five", ["1905"]),
        ("three quarters", ["0.75"]),
        ("2026.10.30", ["2026", "10", "30"]),
        (".5 mg ½ tablet", ["0.5", "0.5"]),
        ("7.10", ["7.1"]),
    ],
)
def test_numbers(text: str, expected: list[str]) -> None:
    assert numbers(text) == expected


@pytest.mark.parametrize(
    "text",
    ["一直疼", "一般", "一下", "一些", "一样", "有一点儿疼", "统一", "万一", "第一次", "第3天", "十分疼", "两肺", "双肺",
     "四肢", "十二指肠", "上周三", "星期五", "三叉神经", "二甲双胍", "几天", "十几", "几十", "两三天", "no one", "one of them",
     "the first time", "3rd", "B12", "IL-6", "HbA1c", "①发热", "百日咳", "", "point", "oh", "a", "and"],
)  # fmt: skip
def test_no_number(text: str) -> None:
    assert numbers(text) == []


def test_powers_and_circles_are_not_digits() -> None:
    assert numbers("6.5×10⁹/L") == ["6.5", "10"]
    assert plain("ＡＢ①10⁹，") == "ab 10^，"
    assert numbers("3，400") == ["3", "400"]


def test_counts_where_something_is_counted() -> None:
    assert numbers("疼十分钟，打十分") == ["10", "10"]
    assert numbers("一周三次，每周三次") == ["1", "3", "3"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("两三天", [(2, 3)]),
        ("三五分钟", [(3, 5)]),
        ("三两天", [(2, 3)]),
        ("十七八岁", [(17, 18)]),
        ("七八十", [(70, 80)]),
        ("三四百", [(300, 400)]),
        ("3-5", [(3, 5)]),
        ("3～5片", [(3, 5)]),
        ("三到五天", [(3, 5)]),
        ("十来天", [(10, 15)]),
        ("二十多岁", [(20, 29)]),
        ("一百多", [(100, 199)]),
        ("十几天", [(11, 19)]),
        ("几十", [(20, 90)]),
        ("几天", [(3, 9)]),
        ("two or three", [(2, 3)]),
        ("two to three days", [(2, 3)]),
        ("between five and ten", [(5, 10)]),
        ("a few days, several weeks", [(3, 5), (3, 9)]),
        ("2026-10-30", []),
        ("5-3", []),
        ("120/80", []),
        ("two and three", []),
        ("万一两三天", [(2, 3)]),
    ],
)
def test_ranges(text: str, expected: list[tuple[int, int]]) -> None:
    assert ranges(text) == expected


@given(st.integers(0, 10**8 - 1))
def test_written_numbers_are_read_back(n: int) -> None:
    assert parse_number(to_chinese(n)) == n
    assert parse_number(to_english(n)) == n
    assert parse_number(str(n)) == n
    assert parse_number(f"{n:,}") == n


@pytest.mark.parametrize("n", [-1, 10**8])
def test_out_of_range_is_refused(n: int) -> None:
    with pytest.raises(ValueError, match="0 to 99999999"):
        to_chinese(n)
    with pytest.raises(ValueError, match="0 to 99999999"):
        to_english(n)


@pytest.mark.parametrize(
    "text", ["", "  ", "两三", "一百二百", "a hundred thousand and", "hello", "3 days", "零零一百", "百"]
)
def test_what_is_not_one_number(text: str) -> None:
    assert parse_number(text) is None


@given(texts)
def test_spans_are_in_order_and_say_what_they_say(text: str) -> None:
    spans = find_numbers(text)
    assert all(0 <= s.start < s.end <= len(text) for s in spans)
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))
    for span in spans:
        assert parse_number(text[span.start : span.end]) == span.value
    found = find_ranges(text)
    assert all(0 <= r.start < r.end <= len(text) and r.low < r.high for r in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))


@given(st.integers(1, 9999), st.sampled_from(["片", "天", "次", " mg", "毫克"]))
def test_both_spellings_count_alike(n: int, unit: str) -> None:
    for said in (str(n), to_chinese(n)):
        assert [s.value for s in find_numbers(f"共{said}{unit}")] == [Decimal(n)]


@given(st.integers(1, 9999))
def test_english_and_digits_count_alike(n: int) -> None:
    assert [s.value for s in find_numbers(f"exactly {to_english(n)} tablets")] == [Decimal(n)]

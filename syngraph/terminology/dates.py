"""Calendar dates in running text, absolute and relative to the visit, as exact as they are known.

A date is ISO 8601 of day, month or year precision. What is said only roughly (上周, 前年冬天, "last week") is
marked approximate. A day, weekday or month without its year is the most recent past one.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from importlib.resources import files

from syngraph.terminology.day_order import DayOrder, current_order
from syngraph.terminology.durations import (
    DAYS,
    find_durations,
    parse_iso,
    time_rows,
)
from syngraph.terminology.numerals import parse_number, plain
from syngraph.terminology.patterns import regex

#: How many days beyond its own length an approximate date of day, month or year precision may be off.
APPROXIMATE_DAYS = {10: 7, 7: 62, 4: 183}


@dataclass(frozen=True, slots=True)
class DateSpan:
    """``text[start:end]`` says the date ``iso`` (``2024``, ``2024-12`` or ``2024-12-03``)."""

    start: int
    end: int
    iso: str
    approximate: bool


_Found = tuple[str, bool] | None
_Rule = tuple[re.Pattern[str], Callable[[re.Match[str], date], _Found]]


# --- arithmetic ------------------------------------------------------------------------------------------------


def _iso_day(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _iso_month(year: int, month: int) -> str | None:
    return f"{year:04d}-{month:02d}" if 1 <= month <= 12 and 1 <= year <= 9999 else None


def _shift_days(anchor: date, days: float) -> date:
    try:
        return anchor + timedelta(days=round(days))
    except OverflowError:
        return anchor


def _shift_months(anchor: date, months: int) -> tuple[int, int]:
    index = anchor.year * 12 + anchor.month - 1 + months
    return index // 12, index % 12 + 1


def _month_of_past(month: int, anchor: date, *, strict: bool = False) -> str | None:
    """The most recent such month, ``strict``ly before the anchor's own."""
    now = month > anchor.month or (strict and month == anchor.month)
    return _iso_month(anchor.year - 1 if now else anchor.year, month)


def _day_of_past(month: int, day: int, anchor: date) -> str | None:
    this = _iso_day(anchor.year, month, day)
    if this and this <= anchor.isoformat():
        return this
    return _iso_day(anchor.year - 1, month, day) or _iso_day(anchor.year, month, day)


def _int(text: str | None) -> int:
    """A number in digits or Chinese; 0 where there is none (no date has a 0)."""
    value = parse_number(text) if text else None
    return int(value) if value is not None and value < 10_000 else 0


def _full_year(text: str, anchor: date) -> int:
    """A year as said: four digits, or two (08, 一九, 98) in the century that makes it past."""
    year = _int(text)
    if year >= 100 or len(text) > 2:
        return year
    century = anchor.year // 100 * 100
    return century + year if year <= anchor.year % 100 else century - 100 + year


# --- words -----------------------------------------------------------------------------------------------------


@cache
def _words(kind: str) -> str:
    """One alternation of all patterns of a kind, longest first."""
    patterns = sorted((row[-1] for row in time_rows(kind)), key=len, reverse=True)
    return "|".join(f"(?:{p})" for p in patterns)


@lru_cache(maxsize=1024)
def _row(kind: str, word: str, after: str = "") -> tuple[str, ...]:
    """The row of ``kind`` whose pattern made ``word`` match, with what comes ``after`` it."""
    whole = (r for r in time_rows(kind) if (m := re.match(f"(?:{r[-1]})", word + after)) and m.end() == len(word))
    inside = (r for r in time_rows(kind) if re.search(f"(?:{r[-1]})", word + after))
    return next(whole, None) or next(inside)


def _month(word: str) -> int:
    return int(_row("month", word)[0])


def _season_row(match: re.Match[str]) -> tuple[int, int]:
    """The month that stands for the season, and the month it begins in."""
    row = _row("season", match["season"], match.string[match.end("season") :][:6])
    return int(row[0]), int(row[1])


def _season_of_year(match: re.Match[str], anchor: date) -> _Found:
    return f"{_full_year(match['y'], anchor):04d}-{_season_row(match)[0]:02d}", True


def _past_season(match: re.Match[str], anchor: date) -> _Found:
    """The most recent one that has begun before this month; "last winter" in winter is the one before."""
    written, first = _season_row(match)
    begun = first < anchor.month or first == anchor.month == 12
    year = anchor.year if begun else anchor.year - 1
    if re.match(r"last|上", match[0]) and anchor.month - first in (0, 1, 2):
        year -= 1
    return f"{year:04d}-{written:02d}", True


def _holiday(match: re.Match[str], anchor: date) -> _Found:
    groups = match.groupdict()
    row = _row("holiday", match["holiday"], match.string[match.end("holiday") :][:6])
    if groups.get("rel"):
        return f"{_year_of_word(match, anchor):04d}-{row[0]}", True
    if groups.get("y"):
        return f"{_full_year(match['y'], anchor):04d}-{row[0]}", True
    when = f"{anchor.year:04d}-{row[0]}"
    return (when if when <= anchor.isoformat()[: len(when)] else f"{anchor.year - 1:04d}-{row[0]}"), True


def _year_of_word(match: re.Match[str], anchor: date) -> int:
    return anchor.year + int(_row("year", match["rel"])[0])


_PARTS = (("上半", 3), ("下半", 9), ("底", 12), ("末", 12), ("初", 1), ("中", 6))


def _part_of_year(year: int, part: str | None) -> _Found:
    month = next((m for word, m in _PARTS if word in (part or "")), None)
    return (f"{year:04d}-{month:02d}", True) if month else (f"{year:04d}", False)


# --- rules: absolute -------------------------------------------------------------------------------------------


def _found(iso: str | None, approximate: bool = False) -> _Found:
    return (iso, approximate) if iso else None


def _ymd(m: re.Match[str], anchor: date) -> _Found:
    year, groups = _full_year(m["y"], anchor), m.groupdict()
    if groups.get("d"):
        return _found(_iso_day(year, _int(m["m"]), _int(m["d"])))
    return _found(_iso_month(year, _int(m["m"])), bool(groups.get("part")))


def _year_only(m: re.Match[str], anchor: date) -> _Found:
    year = _full_year(m["y"], anchor)
    return _part_of_year(year, m.groupdict().get("part")) if 1900 <= year <= anchor.year + 20 else None


def _numeric_month(m: re.Match[str], anchor: date) -> _Found:
    return _found(_iso_month(int(m["y"]), int(m["m"] or m["m2"])))


def _numeric_day(m: re.Match[str], anchor: date) -> _Found:
    """10/05/2026 in the encounter's order (month first where nothing tells); the other where it can't be or lies ahead."""
    year = _full_year(m["y"], anchor)
    ways = [("b", "a"), ("a", "b")] if current_order() == "day" else [("a", "b"), ("b", "a")]
    days = [d for a, b in ways if (d := _iso_day(year, int(m[a]), int(m[b])))]
    return _found(next((d for d in days if d <= anchor.isoformat()), days[0] if days else None))


def _month_day(m: re.Match[str], anchor: date) -> _Found:
    return _found(_day_of_past(_int(m["m"]), _int(m["d"]), anchor))


def _month_part(m: re.Match[str], anchor: date) -> _Found:
    month = _int(m["m"])
    part = bool(m.groupdict().get("part"))
    return _found(_month_of_past(month, anchor), part) if 1 <= month <= 12 else None


def _day_en(m: re.Match[str], anchor: date) -> _Found:
    month, day = _month(m["month"]), int(m["d"])
    return _found(_iso_day(int(m["y"]), month, day) if m["y"] else _day_of_past(month, day, anchor))


def _month_en(m: re.Match[str], anchor: date) -> _Found:
    month, lead, part = _month(m["month"]), m["lead"] or "", m["part"] or ""
    if m["y"]:
        return _found(_iso_month(int(m["y"]), month), bool(part))
    if not lead and not part:
        return None
    if "next" in lead:
        return _found(_iso_month(anchor.year + (month <= anchor.month), month))
    return _found(_month_of_past(month, anchor, strict="last" in lead), bool(part))


# --- rules: relative -------------------------------------------------------------------------------------------


def _word(m: re.Match[str], anchor: date) -> _Found:
    unit, offset, approximate, _ = _row("rel", m["rel"], m.string[m.end() :][:6])
    if unit in "DW":
        return _shift_days(anchor, int(offset) * (7 if unit == "W" else 1)).isoformat(), approximate == "1"
    return _found(_iso_month(*_shift_months(anchor, int(offset))), approximate == "1")


def _year_word(m: re.Match[str], anchor: date) -> _Found:
    year, groups = _year_of_word(m, anchor), m.groupdict()
    if groups.get("season"):
        return f"{year:04d}-{_season_row(m)[0]:02d}", True
    if groups.get("holiday"):
        return _holiday(m, anchor)
    if groups.get("d"):
        return _found(_iso_day(year, _int(m["m"]), _int(m["d"])))
    if groups.get("m"):
        return _found(_iso_month(year, _int(m["m"])))
    return _part_of_year(year, groups.get("part"))


def _month_word(m: re.Match[str], anchor: date) -> _Found:
    offset = {"上": -1, "这": 0, "本": 0, "下": 1}[m["rel"][0]]
    year, month = _shift_months(anchor, offset)
    if m["d"]:
        return _found(_iso_day(year, month, _int(m["d"])))
    return _found(_iso_month(year, month), True)


def _weekday_zh(m: re.Match[str], anchor: date) -> _Found:
    weekend = m["day"] == "末"
    day = "一二三四五六日".index({"天": "日", "末": "六"}.get(m["day"], m["day"]))
    rel = m["rel"] or ""
    if not rel:
        return _past_weekday(day, anchor).isoformat(), weekend
    monday = anchor - timedelta(days=anchor.weekday())
    weeks = -rel.count("上") + rel.count("下")
    return (monday + timedelta(days=7 * weeks + day)).isoformat(), weekend


def _past_weekday(day: int, anchor: date) -> date:
    """The most recent such weekday before ``anchor`` (0 is Monday)."""
    return anchor - timedelta(days=(anchor.weekday() - day - 1) % 7 + 1)


def _weekday_en(m: re.Match[str], anchor: date) -> _Found:
    word = m["day"]
    day = 5 if word.startswith("weekend") else int(_row("weekday", word.rstrip("s") if len(word) > 5 else word)[0]) - 1
    if (m["rel"] or "") in ("next", "this coming"):
        return (_past_weekday(day, anchor) + timedelta(days=7)).isoformat(), False
    return _past_weekday(day, anchor).isoformat(), word.startswith("weekend")


_BUILD: dict[str, Callable[[re.Match[str], date], _Found]] = {
    "ymd": _ymd,
    "year": _year_only,
    "season": _season_of_year,
    "holiday": _holiday,
    "numeric_month": _numeric_month,
    "numeric_day": _numeric_day,
    "month_day": _month_day,
    "month_part": _month_part,
    "year_word": _year_word,
    "month_word": _month_word,
    "weekday_zh": _weekday_zh,
    "weekday_en": _weekday_en,
    "word": _word,
    "past_season": _past_season,
    "day_en": _day_en,
    "month_en": _month_en,
}
_PLACES = {
    "Y4": r"(?:(?:19|20)\d\d|[一二][零〇九][零〇一二三四五六七八九]{2})",
    "D": r"(?:\d{1,2}|[一二三四五六七八九十廿]{1,3})",
    "YREL": r"(?P<rel>大前年|前年|去年|上一年|头年|今年|本年|明年|后年)",
    "NOTNUM": r"(?<![\d.一二三四五六七八九十零〇两几半])",
    "OTHER": r"(?![\d/.-]|年|\s?(?:mg|ml|m\b|mm|cm|u\b|iu|g\b|steps|cells|kcal|x|×))",
}


@cache
def _rules() -> tuple[_Rule, ...]:
    kinds = ("month", "season", "holiday", "rel", "weekday")
    places = _PLACES | {k.upper(): _words(k) for k in kinds} | {"YEARWORD": _words("year")}
    text = files("syngraph.terminology").joinpath("data/date_patterns.tsv").read_text(encoding="utf-8")
    rules = []
    for line in text.splitlines():
        name, _, pattern = line.partition("\t")
        if name in _BUILD:
            for place, words in places.items():
                pattern = pattern.replace(f"<{place}>", words)
            rules.append((regex(pattern), _BUILD[name]))
    return tuple(rules)


_AGO = regex(r"\s?(?:(?:以|之)?前(?!臂|列|额|胸|壁|房)|\bago\b|\bback\b(?! pain| ache)|\bearlier\b|\bprior\b)")
_NOT_AGO = regex(r"(?:术|餐|饭|睡|产|经|月经|手术|服药|孕|化疗|停药|出院)$")


def _ago(text: str, anchor: date) -> Iterator[DateSpan]:
    """三天前, two weeks ago: precision follows the unit."""
    for d in find_durations(text):
        after = _AGO.match(text, d.end)
        if after:
            exact = not d.approximate and re.fullmatch(r"P\d+D|PT.*", d.iso) and "半" not in text[d.start : d.end]
            yield DateSpan(d.start, after.end(), onset_from(d.iso, anchor), not exact)
        front = re.search(r"(?<![以之])前$", text[: d.start])
        if front and not after and not _NOT_AGO.search(text[: front.start()]) and d.iso.startswith("P"):
            yield DateSpan(front.start(), d.end, onset_from(d.iso, anchor), True)


def _rule_spans(text: str, anchor: date) -> Iterator[DateSpan]:
    for pattern, build in _rules():
        for m in pattern.finditer(text):
            if build is _weekday_zh and _is_count(text, m):
                continue
            hit = build(m, anchor)
            if hit:
                start, end = _without_lead(m)
                yield DateSpan(start, end, hit[0], hit[1])


def _without_lead(m: re.Match[str]) -> tuple[int, int]:
    """The range without a preposition, bracket or comma before it."""
    lead = re.match(
        r"(?:(?:in|since|from|until|during|of|around|about|circa|before|after|year|by|back in|on)\s+(?:the )?"
        r"|[((,，]\s?)",
        m[0],
    )
    return m.start() + (lead.end() if lead else 0), m.end()


def _is_count(text: str, m: re.Match[str]) -> bool:
    """周三 is none in 一周三次 and 每周三."""
    before, after = text[m.start() - 1 : m.start()] if m.start() else "", text[m.end() : m.end() + 2]
    if m["rel"]:
        return bool(re.match(r"[次片粒]", after))
    return bool(before and (before in "每一二两三四五六七八九十半几个" or before.isdigit())) or bool(
        re.match(r"[次片粒遍顿趟个天]", after) or (m["day"] in "天日" and m[0].startswith("周天"))
    )


@lru_cache(maxsize=1024)
def _dates(text: str, anchor: date, _order: DayOrder | None) -> tuple[DateSpan, ...]:
    flat = plain(text)
    kept: list[DateSpan] = []
    found = [*_rule_spans(flat, anchor), *_ago(flat, anchor)]
    for span in sorted(found, key=lambda s: (s.start - s.end, s.start)):
        if all(span.end <= k.start or span.start >= k.end for k in kept):
            kept.append(span)
    return tuple(sorted(kept, key=lambda s: s.start))


def find_dates(text: str, anchor: date) -> list[DateSpan]:
    """The dates in ``text``, sorted, not overlapping; relative ones counted from ``anchor`` (the day of the visit).

    >>> [d.iso for d in find_dates("前年冬天停的，上个月又查", date(2026, 11, 20))]
    ['2024-12', '2026-10']
    """
    return list(_dates(text, anchor, current_order()))


def onset_from(iso_duration: str, anchor: date) -> str:
    """The date ``iso_duration`` before ``anchor``, as exact as its smallest unit: P3D a day, P2M a month, P5Y a year.

    Raises:
        ValueError: ``iso_duration`` is no ISO 8601 duration.
    """
    parts = parse_iso(iso_duration)
    if not parts:
        raise ValueError("not an ISO 8601 duration")
    finest = parts[-1][1]
    if finest == "Y" and parts[-1][0] == int(parts[-1][0]):
        return f"{max(1, anchor.year - int(parts[-1][0])):04d}"
    if finest in ("Y", "M") and all(v == int(v) for v, _ in parts):
        months = sum((v * (12 if u == "Y" else 1) for v, u in parts), Decimal(0))
        year, month = _shift_months(anchor, -min(int(months), (anchor.year - 1) * 12))
        return f"{year:04d}-{month:02d}"
    day = _shift_days(anchor, -sum(float(v) * DAYS[u] for v, u in parts)).isoformat()
    return day[:7] if finest in ("Y", "M") else day


def _interval(iso: str) -> tuple[date, date]:
    """First and last day of a date of any precision."""
    parts = [int(p) for p in iso[:10].split("-")]
    if len(parts) == 1:
        return date(parts[0], 1, 1), date(parts[0], 12, 31)
    if len(parts) == 2:
        return date(parts[0], parts[1], 1), date(parts[0], parts[1], calendar.monthrange(parts[0], parts[1])[1])
    day = date(parts[0], parts[1], parts[2])
    return day, day


def days_apart(a: str, b: str) -> int:
    """How many days lie between two ISO dates, taking each as long as its precision leaves open; 0 if they meet.

    Raises:
        ValueError: one of them is no ISO date.
    """
    (a_first, a_last), (b_first, b_last) = _interval(a), _interval(b)
    return max((a_first - b_last).days, (b_first - a_last).days, 0)


def dates_agree(a: str, b: str, approximate: bool = False) -> bool:
    """Whether two ISO dates may be the same at the precision that both have.

    With ``approximate`` they may also be :data:`APPROXIMATE_DAYS` apart. What is no date agrees only with itself.

    >>> dates_agree("2024", "2024-12-03"), dates_agree("2024-12", "2025-01-15", approximate=True)
    (True, True)
    """
    try:
        gap = days_apart(a, b)
    except ValueError:
        return a == b
    slack = APPROXIMATE_DAYS.get(min(len(a[:10]), len(b[:10])), 0) if approximate else 0
    return gap <= slack


_MONTHS_EN = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
              "November", "December")  # fmt: skip


def say_date(iso: str, language: str) -> str:
    """``iso`` as a record writes it: ``2024年12月``, ``December 2024``; a full date as ``2026-10-30`` in either."""
    year, _, rest = iso[:10].partition("-")
    if "-" in rest or not year.isdigit():
        return iso[:10] if year.isdigit() else iso
    if not rest:
        return f"{year}年" if language == "zh" else year
    if not rest.isdigit() or not 1 <= int(rest) <= 12:
        return iso
    return f"{year}年{int(rest)}月" if language == "zh" else f"{_MONTHS_EN[int(rest) - 1]} {year}"

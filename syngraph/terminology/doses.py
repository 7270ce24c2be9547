"""How much of a medicine, how often, by which way: found in running text and written out again.

A dose is ``number unit`` in canonical units (``5 mg``, ``1 tablet``, ``0.5 g``; ``1-2 tablet`` where it is a range).
A frequency is its Latin code (``qd bid tid qid qn qam qod qw biw tiw q2w qm prn stat``), ``q6h``/``q3d`` for every so
many hours or days, ``daily`` for each day without a count, ``5/d`` for so many times a day (week ``w``, month ``mo``, year ``y``). The words stand in
``data/dose_units.tsv``, ``frequencies.tsv`` and ``routes.tsv``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from importlib.resources import files
from typing import TypeVar

from syngraph.terminology.numerals import NumberSpan, find_numbers, find_ranges, parse_number, plain
from syngraph.terminology.patterns import regex


@dataclass(frozen=True, slots=True)
class DoseSpan:
    """``text[start:end]`` says a dose; ``value`` is the upper end of a range."""

    start: int
    end: int
    dose: str
    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class FrequencySpan:
    """``text[start:end]`` says how often, as ``code``."""

    start: int
    end: int
    code: str


@dataclass(frozen=True, slots=True)
class RouteSpan:
    """``text[start:end]`` says by which way, as ``code``."""

    start: int
    end: int
    code: str


@dataclass(frozen=True, slots=True)
class MealSpan:
    """``text[start:end]`` says when in relation to meals: ``ac``, ``pc`` or ``with meals``."""

    start: int
    end: int
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseUnit:
    """One row of ``dose_units.tsv``."""

    unit: str
    dimension: str
    factor: Decimal
    zh: str
    en: str
    plural: str
    words: str


def _rows(name: str) -> Iterator[list[str]]:
    text = files("syngraph.terminology").joinpath(f"data/{name}").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith(("#", "unit\t")):
            yield line.split("\t")


@cache
def dose_units() -> dict[str, DoseUnit]:
    """The units by canonical name."""
    units = {}
    for name, dimension, factor, zh, en, plural, words in _rows("dose_units.tsv"):
        units[name] = DoseUnit(
            unit=name, dimension=dimension, factor=Decimal(factor), zh=zh, en=en, plural=plural, words=words
        )
    return units


# --- doses -----------------------------------------------------------------------------------------------------

_PER = regex(
    r"\s*(?:/|每|\bper\b)\s*(?:(?P<kg>kg|公斤|千克|kilo(?:gram)?s?)|(?P<m2>m2|m\^|平方米)|(?P<h>h|hr|hour|小时)"
    r"|(?P<min>min|minute|分钟?)|(?P<none>次|片|粒|天|日|d(?:ay)?|dose|tab(?:let)?|支|包|袋|丸|喷|瓶|贴))(?![a-z\d])"
)
_CONCENTRATION = regex(
    r"\s*/\s*(?:[a-z]*l\b|\d+(?:\.\d+)?\s*(?:m?ls?\b|毫升|hr?s?\b|小时)|100|24h|hp|lp|mol|m?g(?:\b|cr)|升|毫升|克|毫克|fl)|\s*[*×]\s*10"
)
_BETWEEN = regex(r"[\s-]{0,2}(?:of )?(?:an? |more )?|\s?多?")
_EACH = regex(r"[一1][天日晚]")
_TOBACCO = regex(r"烟|抽|酒|cigar|smok|beer|wine|drink")
_SHADOW = regex(r"\s?(?:狼藉|模糊|阴影|影|红|皮疹|淤青|瘀斑|斑|空白|低密度|高密度|肺|漆黑)")


@cache
def _unit_pattern() -> re.Pattern[str]:
    options = [(w, u.unit) for u in dose_units().values() for w in _alternatives(u.words)]
    latin = [(w, u) for w, u in options if w[0].isascii() and w[0].isalpha()]
    chinese = [(w, u) for w, u in options if (w, u) not in latin]
    parts = [f"(?:{w})" for w, _ in sorted(chinese, key=lambda o: -len(o[0]))]
    parts += [f"(?:{w})(?![a-z]|\\d(?!/))" for w, _ in sorted(latin, key=lambda o: -len(o[0]))]
    return regex("|".join(parts))


def _alternatives(pattern: str) -> list[str]:
    """The top-level alternatives of a regular expression."""
    parts, depth, current = [], 0, ""
    for char in pattern:
        depth += (char == "(") - (char == ")")
        if char == "|" and not depth:
            parts.append(current)
            current = ""
        else:
            current += char
    return [*parts, current]


@lru_cache(maxsize=512)
def _unit_named(word: str) -> str | None:
    for unit in dose_units().values():
        for option in _alternatives(unit.words):
            if re.fullmatch(option, word):
                return unit.unit
    return None


def format_number(value: Decimal) -> str:
    """``value`` without exponent and trailing zeros: ``0.5``, ``100``."""
    text = f"{value.normalize():f}"
    return "0" if text in ("-0", "") else text


def _amounts(text: str) -> Iterator[tuple[int, int, tuple[Decimal, ...]]]:
    """Every amount that could be a dose: (start, end, (value,) or (low, high)); ranges before single numbers."""
    for r in find_ranges(text):
        yield r.start, r.end, (r.low, r.high)
    for m in re.finditer(r"(?<![\d./])1/([234])(?![\d/])", text):
        yield m.start(), m.end(), (Decimal("0.25") if m[1] == "4" else round(Decimal(1) / int(m[1]), 2),)
    for n in find_numbers(text):
        yield _half_a_day(text, n) or (n.start, n.end, (n.value,))
    for m in re.finditer(
        r"\ban?(?= (?:tab(?:let)?|pill|capsule|puff|sachet|suppository|teaspoon|tablespoon|gram|milligram)\b)", text
    ):
        yield m.start(), m.end(), (Decimal(1),)


def _half_a_day(text: str, number: NumberSpan) -> tuple[int, int, tuple[Decimal, ...]] | None:
    """In 一天半片 a half is taken each day: the number there isn't a day and a half."""
    start = number.end - 1
    if not _EACH.fullmatch(text, number.start, start) or not text.startswith("半", start):
        return None
    return (start, number.end, (Decimal("0.5"),)) if _unit_pattern().match(text, number.end) else None


def _dose_at(text: str, start: int, end: int, values: tuple[Decimal, ...]) -> DoseSpan | None:
    inner = _unit_inside(text, start, end)
    if inner:
        return _dose_span(start, end, values, inner, "")
    gap = _BETWEEN.match(text, end)
    at = gap.end() if gap else end
    unit = _unit_pattern().match(text, at) or _unit_pattern().match(text, end)
    if not unit or _CONCENTRATION.match(text, unit.end()):
        return None
    name = _unit_named(unit[0]) or _unit_by_context(text, unit)
    if name is None or not _is_dose(text, start, unit.end(), name):
        return None
    return _with_tail(text, start, unit.end(), values, name)


def _unit_by_context(text: str, unit: re.Match[str]) -> str | None:
    """The unit whose word needs what stands around it (克, not 克拉)."""
    for row in dose_units().values():
        if regex(row.words).match(text, unit.start()):
            return row.unit
    return None


def _unit_inside(text: str, start: int, end: int) -> str | None:
    """The unit of 两片半, where the number goes around it."""
    match = re.search(r"[\d一二两三四五六七八九十]([^\d\s]{1,2})半$", text[start:end])
    return _unit_named(match[1]) if match else None


def _is_dose(text: str, start: int, end: int, unit: str) -> bool:
    """Not tobacco, drink, a shadow on a film, a package size (0.25g*24片) or a pen to write with."""
    if re.search(r"[*×x]\s?$|[a-z克]\s?/\s?$", text[max(0, start - 3) : start]):
        return False
    if unit == "L" and not re.match(r"\s*(?:/|每)\s*(?:min|分)", text[end:]):
        return False
    if unit in ("ampoule", "sachet", "vial", "pen", "puff", "pill") and _TOBACCO.search(
        text[max(0, start - 8) : end + 5]
    ):
        return False
    return not (unit in ("tablet", "sachet") and _SHADOW.match(text, end))


def _with_tail(text: str, start: int, end: int, values: tuple[Decimal, ...], unit: str) -> DoseSpan:
    tail = ""
    while per := _PER.match(text, end):
        if per.lastgroup == "none":
            break
        tail += "/" + str(per.lastgroup)
        end = per.end()
    if dose_units()[unit].dimension not in ("mass", "volume", "activity") and text.startswith("半", end):
        after = text[end + 1 : end + 2]
        if after not in ("夜", "个", "年", "天", "小"):
            return _dose_span(start, end + 1, tuple(v + Decimal("0.5") for v in values), unit, tail)
    return _dose_span(start, end, values, unit, tail)


def _dose_span(start: int, end: int, values: tuple[Decimal, ...], unit: str, tail: str) -> DoseSpan:
    amount = "-".join(format_number(v) for v in values)
    return DoseSpan(start, end, f"{amount} {unit}{tail}", values[-1], unit + tail)


#: The two strengths of a combined product: 49/51 mg, 50/500 ug. Half a milligram is no such thing.
_RATIO = regex(r"(?<![\d./])(?!1/[234]\D)(\d+(?:\.\d+)?)\s?/\s?(\d+(?:\.\d+)?)\s?")


def _ratios(text: str) -> Iterator[DoseSpan]:
    for m in _RATIO.finditer(text):
        unit = _unit_pattern().match(text, m.end())
        name = _unit_named(unit[0]) if unit else None
        if unit and name in ("mg", "ug", "g") and not _CONCENTRATION.match(text, unit.end()):
            yield DoseSpan(m.start(), unit.end(), f"{m[1]}/{m[2]} {name}", Decimal(m[2]), name)


@lru_cache(maxsize=1024)
def _doses(text: str) -> tuple[DoseSpan, ...]:
    flat = plain(text)
    found = list(_ratios(flat))
    for start, end, values in _amounts(flat):
        if any(start < d.end and d.start < end for d in found):
            continue
        dose = _dose_at(flat, start, end, values)
        if dose and not any(dose.start < d.end and d.start < dose.end for d in found):
            found.append(dose)
    return tuple(sorted(found, key=lambda d: d.start))


def find_doses(text: str) -> list[DoseSpan]:
    """The doses in ``text``, sorted, not overlapping. A concentration (g/L) is none.

    >>> [d.dose for d in find_doses("二十毫克，每晚一片；half a tablet")]
    ['20 mg', '1 tablet', '0.5 tablet']
    """
    return list(_doses(text))


#: A strength without its unit, as people say it ("bisoprolol, 2.5").
_BARE = regex(r"\d+(?:\.\d+)?")
_DOSE = regex(r"(\d+(?:\.\d+)?)(?:-(\d+(?:\.\d+)?))? ([A-Za-z]+)((?:/[a-z0-9]+)*)")


def parse_dose(dose: str) -> tuple[Decimal, Decimal, str, str] | None:
    """(low, high, unit, per) of a canonical dose; None where ``dose`` is none.

    >>> parse_dose("1-2 tablet")
    (Decimal('1'), Decimal('2'), 'tablet', '')
    """
    match = _DOSE.fullmatch(dose.strip())
    if not match or match[3] not in dose_units():  # "50 mcg" has the form of a canonical dose, in another name
        spans = find_doses(dose)
        match = _DOSE.fullmatch(spans[0].dose) if len(spans) == 1 else None
    if not match or match[3] not in dose_units():
        return None
    low, high = Decimal(match[1]), Decimal(match[2] or match[1])
    return low, high, match[3], match[4]


def same_dose(a: str, b: str) -> bool:
    """Whether two doses are the same amount: 500 mg and 0.5 g are; 1 片 and 1 粒 are; 1-2 tablets and 2 tablets are.

    A dose that isn't understood is the same only as itself.
    """
    one, two = parse_dose(a), parse_dose(b)
    if _BARE.fullmatch(a) or _BARE.fullmatch(b):
        return _same_number(a, b)
    if not one or not two:
        return plain(a).replace(" ", "") == plain(b).replace(" ", "")
    first, second = dose_units()[one[2]], dose_units()[two[2]]
    if first.dimension != second.dimension and {first.unit, second.unit} != {"IU", "U"}:
        return False
    if one[3] != two[3]:
        return False
    return one[0] * first.factor <= two[1] * second.factor and two[0] * second.factor <= one[1] * first.factor


def _same_number(a: str, b: str) -> bool:
    """Whether a number said without its unit can be the other dose: 2.5 is 2.5 mg, 500 is 0.5 g."""
    bare, other = (a, b) if _BARE.fullmatch(a) else (b, a)
    parsed = parse_dose(other)
    if not parsed:
        return _BARE.fullmatch(other) is not None and Decimal(bare) == Decimal(other)
    unit = dose_units()[parsed[2]]
    scales = [u.factor for u in dose_units().values() if u.dimension == unit.dimension]
    return any(parsed[0] * unit.factor <= Decimal(bare) * scale <= parsed[1] * unit.factor for scale in scales)


def comparable_doses(a: str, b: str) -> bool:
    """Whether two doses measure the same dimension, so that a difference between them means something.

    5 mg and 1 tablet don't: the tablet may hold 5 mg.
    """
    one, two = parse_dose(a), parse_dose(b)
    if _BARE.fullmatch(a) or _BARE.fullmatch(b):
        weighed = [dose_units()[p[2]].dimension in ("mass", "activity") for p in (one, two) if p]
        # "1" or "0.5" counts tablets; 2.5 and 40 are strengths.
        strengths = [Decimal(x) >= 2 and x not in ("2", "3", "4") for x in (a, b) if _BARE.fullmatch(x)]
        return all(strengths) and all(weighed) and bool(weighed or a != b)
    if not one or not two or one[3] != two[3]:
        return False
    return dose_units()[one[2]].dimension == dose_units()[two[2]].dimension


def say_dose(dose: str, language: str) -> str:
    """``dose`` as a record writes it: ``5 mg``, ``1片``, ``2 puffs``; unchanged if it isn't understood."""
    parsed = parse_dose(dose)
    if not parsed:
        return dose
    low, high, name, per = parsed
    unit = dose_units()[name]
    amount = format_number(low) + (f"-{format_number(high)}" if high != low else "")
    if language == "zh":
        amount = amount.replace("-", "～")
        return f"{amount} {unit.zh}{per}" if unit.zh.isascii() or unit.zh == "μg" else f"{amount}{unit.zh}{per}"
    return f"{amount} {unit.en if high <= 1 else unit.plural}{per}"


# --- frequencies -----------------------------------------------------------------------------------------------


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """The counted phrases of ``frequencies.tsv`` with their placeholders (``<N>``) filled in."""
    rows = list(_rows("frequencies.tsv"))
    parts = {r[1]: r[2] for r in rows if r[0] == "part"}
    patterns = []
    for pattern in (r[1] for r in rows if r[0] == "counted"):
        for name in ("NN", "N", "TAKE", "ZHUNIT"):  # NN is made of N
            pattern = pattern.replace(f"<{name}>", parts[name])
        patterns.append(regex(pattern))
    return tuple(patterns)


@cache
def _periods() -> dict[str, str]:
    return {word: r[1] for r in _rows("frequencies.tsv") if r[0] == "period" for word in r[2].split("|")}


_LATIN = {
    "1/d": "qd", "2/d": "bid", "3/d": "tid", "4/d": "qid", "1/w": "qw", "2/w": "biw", "3/w": "tiw", "1/mo": "qm",
    "q1d": "qd", "q2d": "qod", "q1w": "qw", "q1m": "qm", "q7d": "qw", "q14d": "q2w", "q0.5h": "q30min", "q0.5m": "q2w",
    "q0.5y": "q6m", "q1y": "1/y", "q0.5d": "q12h",
}  # fmt: skip
_HOURS_IN = {"min": 1 / 60, "h": 1.0, "d": 24.0, "w": 168.0, "m": 720.0, "mo": 720.0, "y": 8760.0}
_TIMES = {"once": "1", "twice": "2", "thrice": "3", "half": "0.5"}
#: How far two rates may differ and still be called the same (20 % takes a month of 28 to 31 days).
RATE_TOLERANCE = 0.2


@cache
def _says() -> dict[str, tuple[float | None, str, str]]:
    return {r[1]: (float(r[2]) if r[2] else None, r[3], r[4]) for r in _rows("frequencies.tsv") if r[0] == "say"}


@cache
def _phrases() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((r[1], regex(r[2])) for r in _rows("frequencies.tsv") if r[0] == "phrase")


def _count(text: str) -> str | None:
    """A counted number or range as digits: ``3``, ``2-3``."""
    parts = re.split(r"\s?(?:-|~|至|到|\bto\b|\bor\b)\s?", text)
    values = []
    for part in parts:
        value = parse_number(_TIMES.get(part, part))
        if value is None:
            pair = find_ranges(part)
            if len(pair) != 1:
                return None
            values += [pair[0].low, pair[0].high]
        else:
            values.append(value)
    return "-".join(dict.fromkeys(format_number(v) for v in values)) if all(v > 0 for v in values) else None


def _counted_code(match: re.Match[str]) -> str | None:
    groups = match.groupdict()
    if groups.get("every"):
        count = _count(groups["every"])
        unit = {"mo": "m"}.get(_periods()[groups["unit"]], _periods()[groups["unit"]])
        if match[0].startswith(("隔", "每隔")) and (count, unit) == ("1", "d"):
            return "qod"
        return None if count is None else _LATIN.get(f"q{count}{unit}", f"q{count}{unit}")
    if not groups.get("period"):
        return "q1h"
    period = _periods()[groups["period"]]
    if period in ("qn", "qam"):
        return period if groups.get("dose") or _count(groups["n"]) == "1" else None
    count = "1" if groups.get("dose") else _count(groups["n"])
    return None if count is None else _LATIN.get(f"{count}/{period}", f"{count}/{period}")


_Span = TypeVar("_Span", FrequencySpan, RouteSpan, MealSpan)


def _longest(spans: Iterable[_Span]) -> tuple[_Span, ...]:
    kept: list[_Span] = []
    for span in sorted(spans, key=lambda s: (s.start - s.end, s.start)):
        if all(span.end <= k.start or span.start >= k.end for k in kept):
            kept.append(span)
    return tuple(sorted(kept, key=lambda s: s.start))


@lru_cache(maxsize=1024)
def _frequencies(text: str) -> tuple[FrequencySpan, ...]:
    flat = plain(text)
    found = []
    for pattern in _patterns():
        for m in pattern.finditer(flat):
            code = _counted_code(m)
            if code and not (m.groupdict().get("dose") and _TOBACCO.search(flat[max(0, m.start() - 6) : m.end() + 4])):
                found.append(FrequencySpan(m.start(), m.end(), code))
    for code, phrase in _phrases():
        found += [FrequencySpan(m.start(), m.end(), code) for m in phrase.finditer(flat) if m[0]]
    return _longest(found)


def find_frequencies(text: str) -> list[FrequencySpan]:
    """How often, wherever ``text`` says so; sorted, not overlapping.

    >>> [f.code for f in find_frequencies("一天三次，每晚一片，a hundred twice a day, q6h prn")]
    ['tid', 'qn', 'bid', 'q6h', 'prn']
    """
    return list(_frequencies(text))


def times_a_day(code: str) -> float | None:
    """How many times a day ``code`` means; None for ``prn``, ``stat`` and what isn't a code.

    >>> times_a_day("q8h")
    3.0
    """
    known = _says().get(code)
    if known:
        return known[0]
    every = re.fullmatch(r"q(\d+(?:\.\d+)?)(?:-(\d+(?:\.\d+)?))?(min|h|d|w|m|y)", code)
    if every and float(every[1]):
        high = float(every[2] or every[1])
        return 24 / (_HOURS_IN[every[3]] * (float(every[1]) + high) / 2)
    counted = re.fullmatch(r"(\d+(?:\.\d+)?)(?:-(\d+(?:\.\d+)?))?/(h|d|w|mo|y)", code)
    if counted:
        return (float(counted[1]) + float(counted[2] or counted[1])) / 2 * 24 / _HOURS_IN[counted[3]]
    return None


def same_frequency(a: str, b: str) -> bool:
    """Whether two codes come to the same number of times a day: tid and q8h do, qn and qd do; prn is only prn.

    ``daily`` says each day and not how often, so it goes with every rate of once a day or more.
    """
    if a == b:
        return True
    one, two = times_a_day(a), times_a_day(b)
    if "daily" in (a, b):
        return (one or two or 0) >= 1
    if one is None or two is None:
        return False
    return abs(one - two) <= RATE_TOLERANCE * max(one, two)


_EVERY_ZH = {"min": "分钟", "h": "小时", "d": "天", "w": "周", "m": "个月", "y": "年"}
_EVERY_EN = {"min": "minute", "h": "hour", "d": "day", "w": "week", "m": "month", "y": "year"}
_PER_ZH = {"h": "每小时", "d": "每日", "w": "每周", "mo": "每月", "y": "每年"}
_PER_EN = {"h": "an hour", "d": "daily", "w": "a week", "mo": "a month", "y": "a year"}


def say_frequency(code: str, language: str) -> str:
    """``code`` as a record writes it: ``每日3次``, ``three times daily``; unchanged if it isn't a code."""
    known = _says().get(code)
    if known:
        return known[1] if language == "zh" else known[2]
    every = re.fullmatch(r"q([\d.-]+)(min|h|d|w|m|y)", code)
    if every:
        if language == "zh":
            return f"每{every[1].replace('-', '～')}{_EVERY_ZH[every[2]]}1次"
        return f"every {every[1]} {_EVERY_EN[every[2]]}s" if every[1] != "1" else f"every {_EVERY_EN[every[2]]}"
    counted = re.fullmatch(r"([\d.-]+)/(h|d|w|mo|y)", code)
    if not counted:
        return code
    if language == "zh":
        return f"{_PER_ZH[counted[2]]}{counted[1].replace('-', '～')}次"
    return f"{counted[1]} times {_PER_EN[counted[2]]}" if counted[1] != "1" else f"once {_PER_EN[counted[2]]}"


# --- routes and meals ------------------------------------------------------------------------------------------


@cache
def _ways(kind: str) -> tuple[tuple[str, str, str, re.Pattern[str]], ...]:
    return tuple((r[1], r[2], r[3], regex(r[4])) for r in _rows("routes.tsv") if r[0] == kind)


def find_routes(text: str) -> list[RouteSpan]:
    """By which way a medicine is given, wherever ``text`` says so; sorted, not overlapping."""
    flat = plain(text)
    found = (RouteSpan(m.start(), m.end(), code) for code, _, _, way in _ways("route") for m in way.finditer(flat))
    return list(_longest(found))


def find_meal_timing(text: str) -> list[MealSpan]:
    """When in relation to meals a medicine is taken; sorted, not overlapping."""
    flat = plain(text)
    found = (MealSpan(m.start(), m.end(), code) for code, _, _, way in _ways("meal") for m in way.finditer(flat))
    return list(_longest(found))


def say_route(code: str, language: str) -> str:
    """``code`` as a record writes it (``口服``, ``by mouth``); unchanged if it isn't a code of route or meal."""
    for name, zh, en, _ in (*_ways("route"), *_ways("meal")):
        if name == code:
            return zh if language == "zh" else en
    return code


def is_dose(text: str) -> bool:
    """Whether ``text`` is a canonical dose."""
    try:
        return parse_dose(text) is not None and _DOSE.fullmatch(text) is not None
    except InvalidOperation:  # pragma: no cover - digits only reach Decimal
        return False

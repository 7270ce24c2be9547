"""Numbers, units, doses, dates and durations of a sentence that its quotes don't bear out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from syngraph.checks.guard_units import implied, rival, unit_after, units_anywhere
from syngraph.checks.guard_words import named_in
from syngraph.terminology.dates import APPROXIMATE_DAYS, days_apart
from syngraph.terminology.doses import (
    DoseSpan,
    FrequencySpan,
    find_doses,
    find_frequencies,
    parse_dose,
    same_dose,
    times_a_day,
)
from syngraph.terminology.lexicon import Match, lexicon
from syngraph.terminology.numerals import find_numbers, find_ranges, parse_number, plain
from syngraph.terminology.patterns import regex
from syngraph.terminology.times import (
    DateSpan,
    DurationSpan,
    dates_agree,
    duration_days,
    find_ages,
    find_dates,
    find_durations,
    onset_from,
    same_duration,
)

#: Two spellings of one length of time (a year, twelve months) differ by less than this share.
SAME_LENGTH = 0.02
#: Four weeks are "about a month".
OTHER_UNIT = 0.1
#: How far two rates may differ: a month of 28 or 31 days.
SAME_RATE = 0.08
#: Two days of a visit that isn't known: what comes out different from them is relative.
_SOME_DAY = date(2026, 6, 15)
_OTHER_DAY = date(2011, 3, 3)
_ROMAN = {
    "i": 1,
    "ii": 2,
    "iii": 3,
    "iv": 4,
    "v": 5,
    "vi": 6,
    "vii": 7,
    "viii": 8,
    "ix": 9,
    "x": 10,
    "xi": 11,
    "xii": 12,
}


@dataclass(frozen=True, slots=True)
class Miss:
    """A stretch of the sentence that no quote bears out."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Quoted:
    """All that the quotes say in figures."""

    texts: tuple[str, ...]
    values: frozenset[Decimal]
    doses: tuple[DoseSpan, ...]
    frequencies: tuple[FrequencySpan, ...]
    durations: tuple[DurationSpan, ...]
    vague: frozenset[DurationSpan]
    dates: tuple[DateSpan, ...]
    relative: tuple[DateSpan, ...]
    units: frozenset[str]


# --- reading the quotes ----------------------------------------------------------------------------------------


@lru_cache(maxsize=512)
def quoted(quotes: tuple[str, ...], anchor: date | None) -> Quoted:
    """Everything that ``quotes`` say in figures; dates relative to ``anchor``, ``relative`` those that need one."""
    day = anchor or _SOME_DAY
    dates = [r for q in quotes for d in find_dates(q, day) if not _holds_duration(q, d) for r in _readings(q, d)]
    fixed = {d.iso for q in quotes for d in find_dates(q, _OTHER_DAY)}
    return Quoted(
        texts=quotes,
        values=frozenset(v for q in quotes for v in _values(q)),
        doses=tuple(d for q in quotes for d in find_doses(q)),
        frequencies=tuple(f for q in quotes for f in find_frequencies(q)),
        durations=tuple(d for q in quotes for d in find_durations(q)),
        vague=frozenset(d for q in quotes for d in find_durations(q) if _is_vague(q[d.start : d.end])),
        dates=tuple(dates),
        relative=tuple(d for d in dates if d.iso not in fixed),
        units=frozenset(u for q in quotes for u in units_anywhere(q)),
    )


def _readings(text: str, day: DateSpan) -> Iterator[DateSpan]:
    """``day``, and for 12/11/2026 the day that it is on the other side of the Atlantic."""
    yield day
    year, _, rest = day.iso.partition("-")
    if re.match(r"\d{1,2}[/-]\d{1,2}[/-]", text[day.start : day.end]) and int(rest[3:5] or 99) <= 12:
        yield replace(day, iso=f"{year}-{rest[3:5]}-{rest[:2]}")


def _holds_duration(text: str, day: DateSpan) -> bool:
    """Whether a date is a length of time counted back (三天前, "a month ago"), which is compared as such."""
    return any(day.start <= d.start and d.end <= day.end for d in find_durations(text))


def _is_vague(raw: str) -> bool:
    """Whether a duration leaves a choice of numbers (两三天, 十来天); "about 3 days" still says 3."""
    return bool(find_ranges(raw) or re.search(r"[多余来几数把]|半天|大半|小半|半载|couple|few|several|or two", raw))


def _tenths(text: str) -> Iterator[Decimal]:
    """Temperatures whose point is left out ("thirty-seven nine")."""
    for a, b in pairwise(find_numbers(text)):
        warm = 33 <= a.value <= 112 and a.value == int(a.value)
        spoken = text[a.end : b.start] == " " and not text[b.start : b.end].isdigit()
        if warm and spoken and b.value in range(1, 10):
            yield a.value + b.value / 10


def _values(text: str) -> Iterator[Decimal]:
    """Every number that ``text`` can be read to say: also inside names, dates, ranges, and in another measure."""
    yield from _tenths(text)
    for n in find_numbers(text):
        yield n.value
        yield from _other_measure(text, n.end, n.value)
    for r in find_ranges(text):
        yield from (r.low, r.high)
    flat = plain(text)
    for raw in re.findall(r"\d+(?:\.\d+)?", flat):
        yield Decimal(raw)
    for raw in re.findall(r"\d+", flat):
        yield Decimal(raw)
    for char in re.findall(r"[零〇一二两三四五六七八九十俩仨半]", flat):
        yield {"俩": Decimal(2), "仨": Decimal(3)}.get(char) or parse_number(char) or Decimal(0)
    yield from _word_values(flat)


_WORD_VALUES = (
    (r"\bonce\b|\ban?\b|\bsingle\b", "1"), (r"\btwice\b|\bboth\b|\bpair\b|双", "2"), (r"\bthrice\b", "3"),
    (r"\bhalf\b|1/2|½", "0.5"), (r"\bquarter\b|1/4|一刻", "0.25"), (r"一刻|\bquarter\b", "15"), (r"三刻", "45"),
    (r"\bfortnight\b", "14"), (r"首次|第一次|\bfirst\b", "1"), (r"\bsecond\b", "2"), (r"\bthird\b", "3"),
)  # fmt: skip


def _word_values(text: str) -> Iterator[Decimal]:
    text = text.lower()  # Ⅲ
    for pattern, value in _WORD_VALUES:
        if re.search(pattern, text):
            yield Decimal(value)
    for m in re.finditer(r"[ⅰⅱⅲⅳⅴⅵⅶⅷⅸⅹⅺⅻ]|(?<![a-z])[ivx]{1,4}(?![a-z])", text):
        yield from (Decimal(v) for v in _roman(m[0]))


def _roman(text: str) -> tuple[int, ...]:
    at = "ⅰⅱⅲⅳⅴⅵⅶⅷⅸⅹⅺⅻ".find(text)
    if at >= 0:
        return (at + 1,)
    return (_ROMAN[text],) if text in _ROMAN else ()


def _other_measure(text: str, end: int, value: Decimal) -> Iterator[Decimal]:
    """斤 as kilograms, metres as centimetres, a percentage as said (百分之五)."""
    if text.startswith("斤", end):
        yield value / 2
    if re.match(r"\s?(?:米|m\b|metres?|meters?)", text[end:]) or "米" in text[max(0, end - 4) : end]:
        yield value * 100
    if re.match(r"\s?(?:cm|厘米|公分)", text[end:]):
        yield value / 100
        yield value * 10
    if re.match(r"\s?(?:mm|毫米)", text[end:]):
        yield value / 10


_POWER = regex(r"\s?[×x*]?\s?10\s?(?:[\^*~e]{1,2}\s?\d{0,2})\s?(?=/)")


def unit_misses(sentence: str, said: Quoted) -> Iterator[Miss]:
    """Units behind numbers that no quote names; a vital sign's own unit need not be said."""
    flat = plain(sentence)
    powers = [m.span() for m in _POWER.finditer(flat)]
    for n in find_numbers(sentence):
        unit = None if _taken(powers, n.start, n.end) else unit_after(flat, n.end)
        if unit is None or unit[2] in said.units or flat[n.start : n.end] == "1.73":
            continue
        if implied(n.value, flat[unit[0] : unit[1]], unit[2]) and not rival(unit[2], said.units):
            continue
        if not _in_other_measure(unit[2], said):
            yield Miss("unit", unit[0], unit[1])


def _in_other_measure(code: str, said: Quoted) -> bool:
    text = "".join(said.texts)
    return (code == "kg" and "斤" in text) or (code == "cm" and bool({"m", "mm"} & said.units)) or (
        code in ("mm", "m") and "cm" in said.units
    )  # fmt: skip


# --- dates -----------------------------------------------------------------------------------------------------


def _date_holds(span: DateSpan, relative: bool, said: Quoted, anchor: date | None) -> bool:
    """Whether the quotes say this date; ``relative`` where the sentence, too, counts it from the visit."""
    if any(_near(span, other) for other in said.dates):
        return True
    if span.iso in {f"{int(v):04d}" for v in said.values if 1900 <= v <= 2100}:
        return True
    if any(_is_before(span.iso, d, anchor or _SOME_DAY) for d in said.durations):
        return True
    return anchor is None and not relative and _may_be_relative(span, said)


def _near(span: DateSpan, other: DateSpan) -> bool:
    """Whether the two meet, or nearly where one is rough: then by the precision of the rough one."""
    finest = max((len(d.iso) for d in (span, other) if d.approximate), default=0)
    return days_apart(span.iso, other.iso) <= APPROXIMATE_DAYS.get(finest, 0)


def _may_be_relative(span: DateSpan, said: Quoted) -> bool:
    """Without the day of the visit a relative date can't be checked, but for its month and day where said."""
    if said.durations:
        return True
    return any(d.iso[5:] == span.iso[5:] or "月" not in "".join(said.texts) for d in said.relative)


def _is_before(iso: str, duration: DurationSpan, anchor: date) -> bool:
    return any(
        dates_agree(iso, onset_from(x, anchor), x != duration.iso or duration.approximate)
        for x in (duration.iso, duration.low, duration.high)
    )


# --- durations -------------------------------------------------------------------------------------------------


def _duration_holds(sentence: str, span: DurationSpan, said: Quoted, anchor: date | None) -> bool:
    raw = sentence[span.start : span.end]
    ranges = find_ranges(raw)
    if ranges and re.search(r"\d", raw):
        ends: tuple[str, ...] = (span.low, span.high)
    else:
        ends = (span.iso,)
    if any(all(_within(iso, other, other in said.vague) for iso in ends) for other in said.durations):
        return True
    if ranges and not re.search(r"\d", raw):
        return any(same_duration(span, other) for other in said.durations)
    if _said_as_date(span, said, anchor):
        return True
    return any(_same_rate(f"q{duration_days(span.iso) * 24:g}h", f.code) for f in said.frequencies)


def _within(iso: str, other: DurationSpan, vague: bool) -> bool:
    """Whether ``iso`` is what ``other`` says, or lies in the bounds that it leaves."""
    days = duration_days(iso)
    low, exact, high = (duration_days(x) for x in (other.low, other.iso, other.high))
    share = SAME_LENGTH if iso[-1] == other.iso[-1] or not other.approximate else OTHER_UNIT
    slack = share * max(days, exact)
    return abs(days - exact) <= slack or (vague and low - slack <= days <= high + slack)


def _said_as_date(span: DurationSpan, said: Quoted, anchor: date | None) -> bool:
    if anchor is None:
        return bool(said.relative)
    onset = onset_from(span.iso, anchor)
    for other in said.dates:
        if dates_agree(onset, other.iso, other.approximate or span.approximate):
            return True
        if len(other.iso) == 10 and same_duration(
            span.iso, f"P{max(1, (anchor - date.fromisoformat(other.iso)).days)}D"
        ):
            return True
    return False


# --- doses and frequencies -------------------------------------------------------------------------------------


def _dose_holds(dose: DoseSpan, said: Quoted) -> bool:
    parsed = parse_dose(dose.dose)
    for other in said.doses:
        their = parse_dose(other.dose)
        if same_dose(dose.dose, other.dose) and (not parsed or not their or _same_width(parsed, their)):
            return True
    if parsed is None or any(o.unit == dose.unit for o in said.doses):
        return False
    known = {plain(parsed[2]), {"tablet": "片"}.get(parsed[2], "")}
    return {parsed[0], parsed[1]} <= said.values and bool(known & said.units)


def _same_width(a: tuple[Decimal, Decimal, str, str], b: tuple[Decimal, Decimal, str, str]) -> bool:
    """1-2 tablets are borne out by 1-2 tablets, not by 2."""
    return (a[0] == a[1]) == (b[0] == b[1]) or (b[0] != b[1] and a[0] in (b[0], b[1]))


_TIME_OF_DAY = {"qn": r"晚|夜|睡|night|evening|bed|\bqn\b|\bhs\b", "qam": r"早|晨|morning|\bqam\b|\bqm\b",
                "prn": r"必要|需要|时候?|按需|need|when|prn|sos|疼|痛", "stat": r"立|马上|即|stat|now|immediately|\bst\b"}  # fmt: skip


def _frequency_holds(span: FrequencySpan, said: Quoted) -> bool:
    codes = {f.code for f in said.frequencies}
    text = plain(" ".join(said.texts))
    hint = _TIME_OF_DAY.get(span.code)
    if hint and re.search(hint, text):
        return True
    if span.code in ("qn", "qam") and span.code not in codes and codes & {"qn", "qam"}:
        return False
    if any(_same_rate(span.code, code) for code in codes):
        return True
    if hint:
        return False
    if said.frequencies:
        return False
    rate = times_a_day(span.code)
    numbers = [Decimal(n) for n in re.findall(r"\d+", span.code)]
    if numbers:
        return all(n in said.values for n in numbers)
    return bool(rate) and _rate_in_words(rate or 0.0, span.code, said, text)


def _same_rate(a: str, b: str) -> bool:
    one, two = times_a_day(a), times_a_day(b)
    if one is None or two is None:
        return a == b
    ranges = "-" in a or "-" in b
    return a == b or (not ranges and abs(one - two) <= SAME_RATE * max(one, two))


def _rate_in_words(rate: float, code: str, said: Quoted, text: str) -> bool:
    """A rate that the quote says in its own way: "早晚", "2 per 1 day", 每天."""
    if code == "qd":
        return bool(re.search(r"天|日|daily|day|晚|早|晨|night|morning|1", text))
    count = Decimal(round(rate)) if rate >= 1 else Decimal(round(rate * 7))
    return count in said.values or (code == "bid" and "早" in text and "晚" in text)


# --- all of them -----------------------------------------------------------------------------------------------


def _taken(spans: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    return any(s < end and start < e for s, e in spans)


def quantity_misses(sentence: str, said: Quoted, anchor: date | None) -> Iterator[Miss]:
    """What ``sentence`` says in figures and the quotes don't, each stretch once."""
    read = list(_within_names(sentence, said))
    for kind, start, end, holds in _claims(sentence, said, anchor):
        if _taken(read, start, end):
            continue
        read.append((start, end))
        if not holds():
            yield Miss(kind, start, end)
    yield from _number_misses(sentence, said, read)
    for miss in unit_misses(sentence, said):
        if not _taken(read, miss.start, miss.end):
            yield miss


def _within_names(sentence: str, said: Quoted) -> Iterator[tuple[int, int]]:
    """Names that hold a figure (一秒率, CA19-9) and that the quotes give, perhaps in another spelling (FEV1/FVC)."""
    named = [m for m in _measures(sentence) if _FIGURE.search(sentence, m.start, m.end)]
    if named:
        known = {m.term.id for q in said.texts for m in lexicon().matches(q, "lab", "vital", "test")}
        yield from ((m.start, m.end) for m in named if m.term.id in known)


def _measures(text: str) -> list[Match]:
    return [m for m in named_in(text) if m.term.kind in {"lab", "vital", "test"}]


_FIGURE = regex(r"[\d一二三四五六七八九十半]")
#: A rate for a body's surface ("43 mL/min/1.73 m²") is no dose.
_PER_SURFACE = regex(r"\s?/\s?(?:1\.73|min\s?/\s?1\.73)")

_Claim = tuple[str, int, int, Callable[[], bool]]


def _claims(sentence: str, said: Quoted, anchor: date | None) -> Iterator[_Claim]:
    fixed = {d.iso for d in find_dates(sentence, _OTHER_DAY)}
    for d in find_dates(sentence, anchor or _SOME_DAY):
        if not _holds_duration(sentence, d):
            yield "date", d.start, d.end, lambda d=d: _date_holds(d, d.iso not in fixed, said, anchor)  # type: ignore[misc]
    for start, end, iso in find_ages(sentence):
        yield "number", start, end, lambda iso=iso, s=start, e=end: _age_holds(sentence[s:e], iso, said, anchor)  # type: ignore[misc]
    for f in find_frequencies(sentence):
        yield "dose", f.start, f.end, lambda f=f: _frequency_holds(f, said)  # type: ignore[misc]
    for t in find_durations(sentence):
        if t.start and sentence[t.start - 1 : t.start + 1].isdigit():
            continue  # it begins within a number, which is checked as such
        yield "duration", t.start, t.end, lambda t=t: _duration_holds(sentence, t, said, anchor)  # type: ignore[misc]
    for x in find_doses(sentence):
        measured = any(0 <= x.start - m.end <= 1 for m in _measures(sentence))
        if measured or _PER_SURFACE.match(sentence, x.end):
            continue  # a result, whose number and unit are checked as such
        yield "dose", x.start, x.end, lambda x=x: _dose_holds(x, said)  # type: ignore[misc]


def _age_holds(raw: str, iso: str, said: Quoted, anchor: date | None) -> bool:
    if all(n.value in said.values for n in find_numbers(raw)) and all(
        {r.low, r.high} <= said.values or r.low in said.values for r in find_ranges(raw)
    ):
        return True
    years = int(duration_days(iso) / 365.25)
    return anchor is not None and any(anchor.year - int(d.iso[:4]) - years in (0, 1) for d in said.dates)


_LIST_MARK = regex(r"(?:^|[。；;:：\n]\s*|\s)(?P<n>\d{1,2})[.、)）](?!\d)")


def _number_misses(sentence: str, said: Quoted, read: list[tuple[int, int]]) -> Iterator[Miss]:
    flat = plain(sentence)
    marks = [m.span("n") for m in _LIST_MARK.finditer(flat)]
    powers = [m.span() for m in _POWER.finditer(flat)] + [m.span() for m in re.finditer(r"/\s?1\.73", flat)]
    for n in find_numbers(sentence):
        if _taken([*read, *marks, *powers], n.start, n.end):
            continue
        if n.value not in said.values or not _sign_holds(flat, n.start, n.end, said):
            yield Miss("number", n.start, n.end)
    yield from _roman_misses(flat.lower(), said)
    yield from _pair_misses(sentence, flat, said, read)


_ROMAN_GRADE = regex(r"[ⅰ-ⅻ]|(?<![a-z])[ivx]{1,4}(?=\s?[级期型度])|(?:grade|class|stage|type)\s([ivx]{1,4})\b")


def _roman_misses(text: str, said: Quoted) -> Iterator[Miss]:
    """Grades and stages in Roman numerals."""
    for m in _ROMAN_GRADE.finditer(text):
        if any(Decimal(v) not in said.values for v in _roman(m[1] or m[0])):
            yield Miss("number", m.start(), m.end())


def _sign_holds(text: str, start: int, end: int, said: Quoted) -> bool:
    """Whether -2.50 isn't said as +2.50."""
    sign = text[start - 1 : start]
    if sign not in ("-", "+") or re.search(r"[\da-z)%]\s?$", text[: start - 1][-2:]):
        return True
    other = {"-": r"\+", "+": "-"}[sign] + re.escape(text[start:end])
    own = re.escape(sign + text[start:end])
    return not any(re.search(rf"(?<![\da-z)]){other}", plain(q)) and not re.search(own, plain(q)) for q in said.texts)


def _pair_misses(sentence: str, text: str, said: Quoted, read: list[tuple[int, int]]) -> Iterator[Miss]:
    """A blood pressure must be said in its own order: 152/94, not 94/152."""
    numbers = find_numbers(sentence)
    for a, b in pairwise(numbers):
        if text[a.end : b.start].strip() != "/" or _taken(read, a.start, b.end):
            continue
        if {a.value, b.value} <= said.values and not any(_follows(q, a.value, b.value) for q in said.texts):
            yield Miss("number", a.start, b.end)


def _follows(quote: str, first: Decimal, second: Decimal) -> bool:
    values = [n.value for n in find_numbers(quote)]
    return any(v == first and second in values[i + 1 : i + 3] for i, v in enumerate(values)) or first not in values

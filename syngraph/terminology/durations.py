"""Lengths of time and ages in running text, as ISO 8601 durations.

A duration that is said approximately (两三天, 个把月, "about a month") keeps its bounds. Not durations: ages,
frequencies (一天三次), ordinals (第三天), calendar years and months.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import cache, lru_cache
from importlib.resources import files

from syngraph.terminology.doses import find_frequencies, format_number
from syngraph.terminology.numerals import find_numbers, find_ranges, parse_number, plain
from syngraph.terminology.patterns import regex

#: Days in one unit, calendar means.
DAYS = {"Y": 365.25, "M": 30.4375, "W": 7.0, "D": 1.0, "H": 1 / 24, "MIN": 1 / 1440, "S": 1 / 86400}
#: Two lengths of time agree within this share of the longer one ...
TOLERANCE_SHARE = 0.25
#: ... or within this many days where both are at least a day: people count the first day or don't.
TOLERANCE_DAYS = 1.0

_ORDER = ("Y", "M", "W", "D", "H", "MIN", "S")
_BELOW = {"Y": ("M", 12), "M": ("D", 30), "D": ("H", 24), "H": ("MIN", 60), "MIN": ("S", 60)}
_ISO = regex(
    r"P(?=\d|T\d)(?:([\d.]+)Y)?(?:([\d.]+)M)?(?:([\d.]+)W)?(?:([\d.]+)D)?"
    r"(?:T(?:([\d.]+)H)?(?:([\d.]+)M)?(?:([\d.]+)S)?)?"
)


@dataclass(frozen=True, slots=True)
class DurationSpan:
    """``text[start:end]`` says the duration ``iso``, somewhere from ``low`` to ``high`` (ISO 8601)."""

    start: int
    end: int
    iso: str
    low: str
    high: str
    approximate: bool


@dataclass(frozen=True, slots=True)
class _Length:
    """An amount with its unit, before it is written as ISO."""

    start: int
    end: int
    value: Decimal
    low: Decimal
    high: Decimal
    unit: str

    @property
    def approximate(self) -> bool:
        return self.low != self.high


@cache
def time_rows(kind: str) -> tuple[tuple[str, ...], ...]:
    """The rows of ``time_words.tsv`` of one kind, without the kind."""
    text = files("syngraph.terminology").joinpath("data/time_words.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return tuple(tuple(row[1:]) for row in rows if row[0] == kind)


# --- writing ISO -----------------------------------------------------------------------------------------------


def to_iso(value: Decimal, unit: str) -> str:
    """``value`` of ``unit`` as ISO 8601: half a month is P15D, a year and a half P1Y6M, half an hour PT30M."""
    whole = int(value)
    part = value - whole
    below = _BELOW.get(unit) if unit != "M" or not whole else None  # a month and a half stays P1.5M
    if part and below and part * below[1] == int(part * below[1]) and part in _NEAT:
        return _write([(Decimal(whole), unit), (part * below[1], below[0])])
    return _write([(value, unit)])


_NEAT = frozenset({Decimal("0.5"), Decimal("0.25"), Decimal("0.75")})


def _write(parts: list[tuple[Decimal, str]]) -> str:
    said = [(v, u) for v, u in parts if v] or [(Decimal(0), parts[-1][1])]
    days = "".join(format_number(v) + u for v, u in said if u in "YMWD" and u != "MIN")
    times = "".join(format_number(v) + u[0] for v, u in said if u in ("H", "MIN", "S"))
    return "P" + days + ("T" + times if times else "")


def parse_iso(iso: str) -> list[tuple[Decimal, str]]:
    """The (amount, unit) pairs of an ISO 8601 duration, largest first; empty where it is none.

    >>> parse_iso("P1Y6M")
    [(Decimal('1'), 'Y'), (Decimal('6'), 'M')]
    """
    match = _ISO.fullmatch(iso)
    if not match or any(g and not re.fullmatch(r"\d+(\.\d+)?", g) for g in match.groups()):
        return []
    return [(Decimal(g), u) for g, u in zip(match.groups(), _ORDER, strict=True) if g]


def duration_days(iso: str) -> float:
    """How many days ``iso`` lasts, with calendar means for months and years.

    Raises:
        ValueError: ``iso`` is no ISO 8601 duration.
    """
    parts = parse_iso(iso)
    if not parts:
        raise ValueError("not an ISO 8601 duration")
    return sum(float(v) * DAYS[u] for v, u in parts)


def _bounds(duration: DurationSpan | str) -> tuple[float, float]:
    if isinstance(duration, str):
        days = duration_days(duration)
        return days, days
    return duration_days(duration.low), duration_days(duration.high)


def same_duration(a: DurationSpan | str, b: DurationSpan | str) -> bool:
    """Whether two durations may be one: their bounds meet within :data:`TOLERANCE_SHARE` or :data:`TOLERANCE_DAYS`.

    >>> same_duration("P3D", "P2D"), same_duration("P3D", "P3W")
    (True, False)
    """
    (a_low, a_high), (b_low, b_high) = _bounds(a), _bounds(b)
    gap = max(a_low - b_high, b_low - a_high, 0.0)
    longer = max(a_low, b_low)
    least = TOLERANCE_DAYS if min(a_high, b_high) >= 1 else 0.0
    return gap <= max(least, TOLERANCE_SHARE * longer) + 1e-9


_SAY_ZH = {"Y": "年", "M": "个月", "W": "周", "D": "天", "H": "小时", "MIN": "分钟", "S": "秒"}
_SAY_EN = {"Y": "year", "M": "month", "W": "week", "D": "day", "H": "hour", "MIN": "minute", "S": "second"}


def say_duration(iso: str, language: str) -> str:
    """``iso`` as a record writes it: ``3天``, ``1年6个月``, ``3 days``; unchanged if it isn't a duration."""
    parts = parse_iso(iso)
    if not parts:
        return iso
    if language == "zh":
        return "".join(format_number(v) + _SAY_ZH[u] for v, u in parts)
    return " ".join(f"{format_number(v)} {_SAY_EN[u]}{'' if v == 1 else 's'}" for v, u in parts)


# --- ages ------------------------------------------------------------------------------------------------------

_N = r"(?:\d{1,3}(?:\.\d)?|[零〇一二两三四五六七八九十百半]{1,5})"
_EN_N = r"(?:\d{1,3}(?:\.\d)?|[a-z]+(?:[- ][a-z]+)?)"
_AGE_ZH = regex(
    rf"(?P<y>{_N})(?:来|多|几)?(?:周岁|岁)(?P<half>半)?(?:零?(?P<m>{_N})个月)?"
    rf"|(?P<n>{_N})(?P<u>个月|月|天|周|日)(?:大(?!小|便|概|约|多|于|量)|龄)"
    rf"|(?<=年龄)[::\s]*(?P<bare>\d{{1,3}})(?!\d|\.|个月|[/-])"
)
_AGE_EN = regex(
    rf"\b(?P<n>{_EN_N})(?P<half> and a half)?[\s-]?(?P<u>year|yr|y|month|mo|week|wk|day|d)s?"
    rf"(?:[\s-]old\b|[\s-]?/?\s?o\b(?!f|ut|n)|\.?\s?o\.|\sof age\b)"
    rf"|\b(?:age (?:of|at)|aged?)\s*[:=]?\s*(?P<bare>\d{{1,3}}|[a-z]+(?:-[a-z]+)?)\b"
    r"(?! ?(?:months?|weeks?|days?|group|range))"
)
_AGE_MONTHS = regex(rf"\b(?:age (?:of|at)|aged?)\s*[:=]?\s*(?P<n>{_EN_N}) (?P<u>month|week|day)s?\b")
_AGE_UNIT = {"个月": "M", "月": "M", "天": "D", "日": "D", "周": "W", "year": "Y", "yr": "Y", "y": "Y", "month": "M",
             "mo": "M", "week": "W", "wk": "W", "day": "D", "d": "D"}  # fmt: skip


def _age_number(text: str) -> Decimal | None:
    value = parse_number(text)
    if value is None and " " in text:  # "a five year old": the words before the number
        value = parse_number(text.split(" ")[-1])
    if value is None:
        ranges = find_ranges(text)
        value = ranges[0].high if len(ranges) == 1 else None
    return value if value is not None and value <= 150 else None


def _age_iso(match: re.Match[str]) -> str | None:
    groups = {k: v for k, v in match.groupdict().items() if v}
    raw = groups.get("y") or groups.get("n") or groups.get("bare") or ""
    value = _age_number(raw)
    if value is None:
        return None
    unit = _AGE_UNIT.get(groups.get("u", ""), "Y")
    months = parse_number(groups.get("m", "")) or (Decimal(6) if groups.get("half") else Decimal(0))
    if unit == "Y" and value == int(value):
        return _write([(value, "Y"), (months, "M")])
    return to_iso(value, unit)


def _age_start(match: re.Match[str]) -> int:
    """Where the age begins: at 年龄's number, at the last of the words that "a five year old" takes in."""
    groups = match.groupdict()
    raw = groups.get("n") or ""
    if " " in raw and parse_number(raw) is None:
        return match.start("n") + raw.rindex(" ") + 1
    return match.start("bare") if groups.get("bare") and match[0][0] not in "a" else match.start()


@lru_cache(maxsize=1024)
def _ages(text: str) -> tuple[tuple[int, int, str], ...]:
    flat = plain(text)
    found: list[tuple[int, int, str]] = []
    for pattern in (_AGE_ZH, _AGE_MONTHS, _AGE_EN):
        for m in pattern.finditer(flat):
            iso = _age_iso(m)
            start = _age_start(m)
            if iso and not re.search(r"[\d.]$|[-~]\d*$", flat[:start][-1:]):
                found.append((start, m.end(), iso))
    found.sort()
    return tuple(a for i, a in enumerate(found) if not i or a[0] >= found[i - 1][1])


def find_ages(text: str) -> list[tuple[int, int, str]]:
    """(start, end, ISO duration) of each age in ``text``: 四十二岁, 8个月大, 42-year-old, aged 42.

    >>> find_ages("王女士，42岁")
    [(4, 7, 'P42Y')]
    """
    return list(_ages(text))


# --- durations -------------------------------------------------------------------------------------------------

_MORE_ZH = regex(r"(?P<pre>多|余|来|几)?\s?(?:(?P<ge>个)(?P<mid>多|把|来)(?=月|星期|礼拜|小时|钟头))?")
_POST_ZH = regex(
    r"(?P<more>有余|多(?!次|吃|喝|饮|尿|汗)|余(?!额))|(?P<about>左右|上下|许(?!多))|(?P<half>半(?!夜|个|身|边|侧|天))"
)
_POST_EN = regex(r"(?P<half> and a half)|(?P<about> or so)|(?P<more>\+| plus)")
_LETTER = regex(r"[dwhy](?![a-z\d])")
_A_UNIT = regex(
    r"(?P<lead>\b(?:for|about|around|in|over|after|within|past|last|nearly|almost|roughly|maybe|like|since|only|just"
    r"|the|took|takes|lasted|lasts|every|half|quarter of|quarters of|than|at least|been|hx of"
    r"|history of)\s+(?:about |around |almost "
    r"|nearly |over |more than |like |maybe |at least )?)?(?<![a-z])(?P<article>an?|one|past|last)\s+"
    r"(?P<unit>year|month|week|fortnight|day|hour|minute|second|night|decade)\b"
    r"(?P<tail>\s+(?:ago|or so|or two|or more|now|and a half|later|back|earlier|long|prior|before|duration)\b)?"
)
_EN_UNIT = {
    "year": ("Y", 1), "month": ("M", 1), "week": ("W", 1), "fortnight": ("W", 2), "day": ("D", 1), "hour": ("H", 1),
    "minute": ("MIN", 1), "second": ("S", 1), "night": ("D", 1), "decade": ("Y", 10),
}  # fmt: skip
_HALF_EN = regex(
    r"\b(?P<n>half|three quarters?|a quarter|quarter)(?: of)?(?: an?)? "
    r"(?P<unit>year|month|week|day|hour|minute|decade)\b"
)
_NOTATION = regex(r"(?<![\d/.])(?P<n>\d{1,2})/(?P<u>52|7|12)(?![\d/.])")
_GESTATION = regex(r"(?P<w>\d{1,2})(?:周)?\+(?P<d>[0-6])\s?(?:周|天|weeks?|wks?|w\b)")
#: A year with two digits (08年, 19年3月, 一九年), not nineteen years.
SHORT_YEAR = regex(
    r"(?<![\d一二三四五六七八九十零〇两几半.年~至到-])(?:(?P<a>0\d|[1-9]\d)年(?=0?\d{1,2}月|[春夏秋冬底初末]|的时候|年底|那[年会]|做[了过]|查出|体检|在我?[院们]|因)"
    r"|(?P<z>0\d)年|(?P<c>[零〇一二七八九][零〇一二三四五六七八九])年(?![多余来了前半以]))"
)
_TEST = regex(
    r"\s?(?:动态|尿|心电|血压监测|营业|值班|制\b|holter|urine|ambulatory|monitor|recall|bp\b|event|echo|ct\b|彩超|超声|重建)"
)
_PER_BEFORE = regex(
    r"(?:每|(?<![\d一二三四五六七八九十])一)(?:个)?(?:天|晚上?|夜|日|周|星期|礼拜|月|年|次)[^\d,，。;；!?、一二两三四五六七八九十半几]{0,5}$"
)
_PER_AFTER = regex(r"\s?(?:(?:a|per|each|every)\s|/)\s?(?:day|night|week|month|year|session|d\b|w\b)")
_ONE_DAY = regex(r"(?:那|这|哪|某|头|前|后|同|隔|每|有)$")
_A_DAY_RATE = regex(
    r"(?:大[概约]|差不多|抽|喝|吃|要|得|就|能|上|跑|拉|尿|咳|吐|用|打|睡|走|起|超过|不到|最多|至少){0,3}$"
)


@cache
def _units() -> tuple[re.Pattern[str], tuple[tuple[re.Pattern[str], str, int], ...]]:
    rows = [(regex(f"(?:{p})"), code, int(times)) for code, times, p in time_rows("unit")]
    joined = [f"(?:{p})" if not p[0].isascii() else f"(?:{p})(?![a-z])(?!\\d)" for _, _, p in time_rows("unit")]
    return regex("|".join(joined)), tuple(rows)


def _unit_at(text: str, at: int) -> tuple[int, str, int] | None:
    match = _units()[0].match(text, at)
    if not match:
        return None
    for pattern, code, times in _units()[1]:
        own = pattern.match(text, at)
        if own and own.end() == match.end():
            return match.end(), code, times
    return None


def _amounts(text: str) -> Iterator[tuple[int, int, Decimal, Decimal, Decimal]]:
    """(start, end, value, low, high) of each amount, ranges first."""
    for r in find_ranges(text):
        value = r.low if re.search(r"[来多几余]$|^数|^若干|^好几|few|several", text[r.start : r.end]) else r.high
        low = r.low - 1 if re.fullmatch(r"(?:好|多)?几|a few|few", text[r.start : r.end]) else r.low
        yield r.start, r.end, value, low, r.high
    for n in find_numbers(text):
        high = n.value + 1 if "couple" in text[n.start : n.end] else n.value
        yield n.start, n.end, n.value, n.value, high


def _length_at(text: str, start: int, end: int, value: Decimal, low: Decimal, high: Decimal) -> _Length | None:
    inner = re.search(r"(年|个月|天|周|星期|礼拜|小时|钟头|分钟)半$", text[start:end])
    if inner:
        unit = _unit_at(inner[1], 0)
        return _Length(start, end, value, low, high, unit[1]) if unit else None
    more = _MORE_ZH.match(text, end)
    at = more.end() if more else end
    found = _unit_after(text, start, end, at)
    if not found:
        return None
    unit_end, code, times = found
    if more and (more["pre"] or more["mid"]):
        high = high + (_step(value) if not more["mid"] or more["mid"] != "把" else Decimal(0))
    scale = Decimal(times)
    length = _Length(start, unit_end, value * scale, low * scale, high * scale, code)
    return _with_post(text, length)


def _unit_after(text: str, start: int, end: int, at: int) -> tuple[int, str, int] | None:
    """The unit at ``at``; letters only after digits, 月 and 日 only where no date can be meant."""
    gap = re.match(r"[\s-]{0,2}", text[at:])
    at += gap.end() if gap else 0
    found = _unit_at(text, at)
    if found:
        single = _LETTER.match(text, at)
        dioptres = text[at] == "d" and "." in text[start:end]
        if single and (dioptres or not text[end - 1].isdigit() or _TEST.match(text, found[0])):
            return None
        return found
    if text[end:].startswith(("个多月", "个来月", "个把月")) or (text[end - 1] == "半" and text.startswith("月", at)):
        return text.index("月", end) + 1, "M", 1
    if text.startswith(("月", "日"), at) and _bare_month_or_day(text, start, at):
        return at + 1, {"月": "M", "日": "D"}[text[at]], 1
    return None


def _bare_month_or_day(text: str, start: int, at: int) -> bool:
    """Whether 3月, 3日 is a length of time: 3月余, 3日前, 发热3日， but not 11月3日 nor 于3月."""
    before, after = text[start - 1 : start] if start else "", text[at + 1 :]
    if re.match(r"[余来]|有余|以来|左右", after) or text[at - 1] in "数几余来":
        return True
    if before and before in "年月于在从自至到第每去今本上下~-/初":
        return False
    if re.match(r"(?:以|之)?前", after):
        return text[at] == "日" or bool(before)
    written = bool(before) and "㐀" <= before <= "鿿"
    return written and bool(re.match(r"[,，。;；、)\s]|$|加重|伴|再发|入院", after))


def _step(value: Decimal) -> Decimal:
    """How much 多 may add: one where units are counted, ten where tens are (二十多天)."""
    return Decimal(9) if value >= 10 and value % 10 == 0 else Decimal(1)


def _with_post(text: str, length: _Length) -> _Length:
    post = _POST_ZH.match(text, length.end) or _POST_EN.match(text, length.end)
    if not post:
        return length
    value, low, high = length.value, length.low, length.high
    if post["half"]:
        half = Decimal("0.5")
        value, low, high = value + half, low + half, high + half
    elif post["more"]:
        high += _step(value)
    else:
        low, high = low * Decimal("0.75"), high * Decimal("1.25")
    return _Length(length.start, post.end(), value, low, high, length.unit)


@cache
def _about_before() -> re.Pattern[str]:
    words = "|".join(f"(?:{row[0]})" for row in time_rows("about"))
    return regex(rf"(?:{words})\s?(?:有|是|the |a )?\s?$")


#: What makes an interval or a test's time of a length ("every couple of months", 餐后2小时).
_NOT_BEFORE = ("第", "每", "/", "每隔", "餐后", "服糖后", "饭后", "every ", "every other ", "each ")


def _excluded(text: str, length: _Length, taken: list[tuple[int, int]]) -> bool:
    start, end = length.start, length.end
    if any(start < e and s < end for s, e in taken):
        return True
    before, after = text[max(0, start - 12) : start], text[end : end + 14]
    if before.endswith(_NOT_BEFORE) or _TEST.match(after):
        return True
    if length.unit == "Y" and length.value > 130:
        return True
    if length.unit in ("D", "H", "MIN") and (_PER_BEFORE.search(before) or _PER_AFTER.match(text, end)):
        return True
    return _rate_or_story(text, length, before)


def _rate_or_story(text: str, length: _Length, before: str) -> bool:
    """一天抽20支 is a rate, 有一天 and "one day" a story's beginning."""
    raw = text[length.start : length.end]
    if length.value != 1 or length.unit not in ("D", "W", "M", "Y", "H") or not raw.startswith(("一", "1", "one")):
        return False
    if raw in ("one day", "one night"):
        return not re.search(r"(?:for|about|in|over|after|only|just|than|last|past)\s$", before)
    after = re.match(r"了|多|半|时间|以|之|前|后|左右|来", text[length.end :])
    if _ONE_DAY.search(before) and not after:
        return True
    if re.match(
        r"零?(?:\d+|[一二两三四五六七八九十]+)(?:个月|个星期|周|天|小时|个小时|分钟)(?!一次|1次)", text[length.end :]
    ):
        return False  # 1年3个月
    verbs = re.match(
        r"[^\d一二两三四五六七八九十半几,，。;；\s]{0,3}(?=[\d一二两三四五六七八九十半几])", text[length.end :]
    )
    return bool(verbs and _A_DAY_RATE.fullmatch(verbs[0]) and not after)


def _joined(text: str, lengths: list[_Length]) -> Iterator[tuple[int, int, list[_Length]]]:
    """Neighbours that make one duration: 1年3个月, 2 years and 3 months."""
    i = 0
    while i < len(lengths):
        group = [lengths[i]]
        while i + 1 < len(lengths) and _continues(text, group[-1], lengths[i + 1]):
            i += 1
            group.append(lengths[i])
        yield group[0].start, group[-1].end, group
        i += 1


def _continues(text: str, a: _Length, b: _Length) -> bool:
    gap = text[a.end : b.start]
    below = _ORDER.index(b.unit) > _ORDER.index(a.unit) and not a.approximate and not b.approximate
    return below and gap in ("", "零", "又", " ", " and ", "and ", ", ") and a.value == int(a.value)


def _span(text: str, group: list[_Length]) -> DurationSpan:
    first, last = group[0], group[-1]
    if len(group) > 1:
        iso = _write([(p.value, p.unit) for p in group])
        return DurationSpan(first.start, last.end, iso, iso, iso, False)
    low, high = first.low, first.high
    vague = bool(_about_before().search(text[max(0, first.start - 14) : first.start]))
    if vague and low == high:
        low, high = low * Decimal("0.75"), high * Decimal("1.25")
    iso = to_iso(first.value, first.unit)
    if low == high:
        return DurationSpan(first.start, last.end, iso, iso, iso, False)
    return DurationSpan(
        first.start, last.end, iso, _bound(low, first.unit, ROUND_FLOOR),
        _bound(high, first.unit, ROUND_CEILING), True,
    )  # fmt: skip


def _bound(value: Decimal, unit: str, rounding: str) -> str:
    """A bound as ISO; a broken number of units goes over to the next smaller one, rounded outwards."""
    finer = {"Y": ("M", 12), "M": ("D", 30), "W": ("D", 7), "D": ("H", 24), "H": ("MIN", 60), "MIN": ("S", 60)}
    if unit == "D" and value > 1:
        value = value.to_integral_value(rounding=rounding)
    if value == int(value) or unit not in finer:
        return to_iso(value, unit)
    name, times = finer[unit]
    return _write([((value * times).to_integral_value(rounding=rounding), name)])


def _is_length(text: str, m: re.Match[str]) -> bool:
    lead = (m["lead"] or "").strip()
    if m["article"] in ("past", "last"):
        return lead.endswith("the")
    if m["article"] == "one" or lead.split()[:1] in (["every"], ["half"], ["quarter"]):
        return False
    return bool(lead or m["tail"] or re.search(r"(?:^|[.,;:!?\n-])\s*$", text[: m.start()]))


def _a_units(text: str) -> Iterator[_Length]:
    """A week, the past month, an hour and a half; not the "a day" of "twice a day"."""
    for m in _A_UNIT.finditer(text):
        tail = (m["tail"] or "").strip()
        if not _is_length(text, m):
            continue
        code, times = _EN_UNIT[m["unit"]]
        value = Decimal(times) + (Decimal("0.5") if tail == "and a half" else 0)
        low = high = value
        if tail in ("or two", "or more", "or so"):
            low, high = (value, value * 2) if tail != "or so" else (value * Decimal("0.75"), value * Decimal("1.25"))
        end = m.end() if tail in ("or two", "or more", "or so", "and a half") else m.end("unit")
        yield _Length(m.start("article"), end, high if tail == "or two" else value, low, high, code)


def _special(text: str) -> Iterator[_Length]:
    for unit, value, low, high, pattern in time_rows("fixed"):
        for m in re.finditer(pattern, text):
            yield _Length(m.start(), m.end(), Decimal(value), Decimal(low), Decimal(high), unit)
    for m in _HALF_EN.finditer(text):
        part = (
            Decimal("0.5") if m["n"] == "half" else Decimal("0.75") if m["n"].startswith("three") else Decimal("0.25")
        )
        code, times = _EN_UNIT[m["unit"]]
        yield _Length(m.start(), m.end(), part * times, part * times, part * times, code)
    for m in _NOTATION.finditer(text):
        if m["u"] == "52" or re.search(r"(?:[x×]|\bfor|hx|history of|duration)\s?$", text[: m.start()]):
            n = Decimal(m["n"])
            yield _Length(m.start(), m.end(), n, n, n, {"52": "W", "7": "D", "12": "M"}[m["u"]])


def _short_years(text: str) -> list[tuple[int, int]]:
    return [(m.start(), m.end()) for m in SHORT_YEAR.finditer(text)]


@lru_cache(maxsize=1024)
def _durations(text: str) -> tuple[DurationSpan, ...]:
    flat = plain(text)
    taken = [(s, e) for s, e, _ in find_ages(text)] + _short_years(flat)
    taken += [(f.start, f.end) for f in find_frequencies(text) if f.code not in ("prn", "stat")]
    lengths: list[_Length] = []
    spans = [
        DurationSpan(m.start(), m.end(), i := f"P{m['w']}W{m['d']}D", i, i, False) for m in _GESTATION.finditer(flat)
    ]
    taken += [(s.start, s.end) for s in spans]
    candidates = [*_special(flat), *_a_units(flat)]
    candidates += [x for a in _amounts(flat) if (x := _length_at(flat, *a))]
    for length in candidates:
        if _excluded(flat, length, taken) or any(length.start < k.end and k.start < length.end for k in lengths):
            continue
        lengths.append(length)
    lengths.sort(key=lambda x: x.start)
    spans += [_span(flat, group) for _, _, group in _joined(flat, lengths)]
    return tuple(sorted(spans, key=lambda s: s.start))


def find_durations(text: str) -> list[DurationSpan]:
    """The lengths of time in ``text``, sorted, not overlapping.

    >>> [d.iso for d in find_durations("咳嗽三天了，胸闷半个月；for about a month")]
    ['P3D', 'P15D', 'P1M']
    """
    return list(_durations(text))

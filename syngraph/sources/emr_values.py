"""Small values of received records: one-line text, dates, ages, doses, ranges and flags. All pure."""

from __future__ import annotations

import calendar
import re
from functools import lru_cache
from typing import Literal

from syngraph.terminology.patterns import regex

_NOISE = regex(
    r"[\x00-\x08\x0e-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_MOMENT = regex(
    r"(\d{4})(?:[-/.年]?(\d{1,2})(?:[-/.月]?(\d{1,2})日?(?:[T ]?(\d\d):?(\d\d)?(?::?\d\d(?:\.\d+)?)?)?)?)?月?\s*"
    r"(Z|[+-]\d\d:?\d\d)?"
)
_NUMBER = regex(r"[-+]?\d+(?:\.\d+)?")
_SPAN = regex(r"\s*(-?\d+(?:\.\d+)?)\s*(?:-{1,2}|~|to|至|到)\s*(-?\d+(?:\.\d+)?)\s*[^\d]*")
_BOUND = regex(r"\s*(<=|>=|<|>|≤|≥|＜|＞|小于|大于)\s*=?\s*(-?\d+(?:\.\d+)?)\s*[^\d]*")
_DOSE = regex(
    r"(?<![\d.])\d+(?:\.\d+)?(?:\s?[-~～/]\s?\d+(?:\.\d+)?)?\s?"
    r"(?:mg/kg|mcg|μg|ug|mg|mL|ml|IU|iu|units?|puffs?|tablets?|tabs?|capsules?|caps?|drops?|sprays?|g|U|万单位|单位|毫克|微克|克|毫升|"
    r"片|粒|丸|袋|支|滴|喷|吸|揿|贴|枚|包|瓶)(?![A-Za-z])"
)
_RESULT = regex(
    r"((?:[<>≤≥]=?\s?)?\d+(?:\.\d+)?(?:/\d+)?)\s*"
    r"([A-Za-zμµ%℃°×\[*][A-Za-zμµ%℃°×/^*·.\[\]\d-]{0,14}|次/分钟?)?\s*([↑↓])?"
)
_COUNTED = regex(
    r"[一二两三四五半]片?半?\s?[片粒丸袋支滴喷吸揿贴枚包瓶]|"
    r"(?:one(?: and a half)?|two|three|four|half an?|an?) (?:tablet|capsule|puff|drop|spray|patch|sachet)(?:e?s)?\b",
    re.I,
)
_CJK = regex(r"[\u3400-\u9fff\U00020000-\U0003134f]")
_AGE_UNITS = {
    "Y": ("a", "y", "yr", "yrs", "year", "years", "岁", "年"),
    "M": ("mo", "mos", "month", "months", "月", "个月", "月龄"),
    "W": ("wk", "wks", "week", "weeks", "周"),
    "D": ("d", "day", "days", "天", "日"),
}

Flag = Literal["low", "high", "normal", "abnormal"]

_FLAGS: dict[str, Flag] = {
    **dict.fromkeys(("H", "HH", "HU", ">", "HX", "↑", "↑↑", "高", "偏高"), "high"),
    **dict.fromkeys(("L", "LL", "LU", "<", "LX", "↓", "↓↓", "低", "偏低"), "low"),
    **dict.fromkeys(("N", "NORMAL", "正常"), "normal"),
    **dict.fromkeys(("A", "AA", "POS", "ABN", "DET", "异常", "阳性", "*"), "abnormal"),
}


def one_line(text: str) -> str:
    """``text`` on one line, without control, direction and half characters."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    return " ".join(_NOISE.sub("", text).split())


def many_lines(text: str) -> str:
    """``text`` with each line cleaned and empty lines taken out."""
    lines = (one_line(line) for line in text.replace("\r", "\n").split("\n"))
    return "\n".join(line for line in lines if line)


def split_unit(value: str) -> tuple[str, str | None, str | None]:
    """A printed result as value, unit and arrow: ``7.10mmol/L↑`` is (``7.10``, ``mmol/L``, ``↑``).

    A text that is no number with a unit comes back whole.
    """
    m = _RESULT.fullmatch(value)
    if not m or (m[2] and len(m[2]) == 1 and m[2] not in "%gLUs℃"):
        return value, None, None
    return m[1], m[2], m[3]


def has_chinese(text: str) -> bool:
    """Whether a Chinese character stands in ``text``."""
    return not text.isascii() and _CJK.search(text) is not None


@lru_cache(maxsize=4096)
def moment(raw: str) -> tuple[str | None, str | None]:
    """Date and time of day of a received time stamp: ``20190502083000+0800`` is (``2019-05-02``, ``08:30``).

    The date is as exact as known and as received (no change of zone; ``UTC`` stands behind the time where the
    stamp says so). (None, None) for what is no date, or none of this world.
    """
    m = _MOMENT.fullmatch(raw.strip())
    if not m or not 1850 <= int(m[1]) <= 2200:
        return None, None
    year, month, day = m[1], m[2], m[3]
    if month and not 1 <= int(month) <= 12:
        return None, None
    if day and int(day) == 0:
        day = None
    if day and int(day) > calendar.monthrange(int(year), int(month))[1]:
        return None, None
    date = "-".join([year, *(f"{int(p):02d}" for p in (month, day) if p)])
    return date, _clock(m) if day else None


def _clock(m: re.Match[str]) -> str | None:
    hour, minute = m[4], m[5] or "00"
    if not hour or int(hour) > 23 or int(minute) > 59 or f"{hour}{minute}" == "0000":
        return None
    return f"{hour}:{minute}" + (" UTC" if m[6] in ("Z", "+00:00", "+0000") else "")


def iso_date(raw: str | None) -> str | None:
    """The ISO date of a received time stamp; None where there is none."""
    return moment(raw)[0] if raw else None


def age_duration(value: str, unit: str) -> str | None:
    """An age as ISO 8601 duration: (``57``, ``岁``) is ``P57Y``; None where it is none."""
    if not re.fullmatch(r"\d{1,3}", value):
        return None
    plain = unit.strip().lower() or "a"
    return next((f"P{int(value)}{code}" for code, names in _AGE_UNITS.items() if plain in names), None)


def with_unit(value: str, unit: str | None) -> str:
    """``5`` and ``mg`` as ``5 mg``; no blank before a Chinese unit or a percent sign."""
    if not unit:
        return value
    return value + unit if has_chinese(unit) or unit == "%" else f"{value} {unit}"


def dose_in(text: str) -> str | None:
    """The dose that free dosage text names, verbatim: ``5mg 口服`` gives ``5mg``."""
    m = _DOSE.search(text) or _COUNTED.search(text)
    return m[0].strip() if m else None


def read_flag(raw: str | None) -> Flag | None:
    """What a received abnormal flag (HL7 table 0078 or printed) means."""
    return _FLAGS.get(raw.strip().upper()) if raw else None


def limits(reference: str) -> tuple[float | None, float | None, bool, bool]:
    """Low and high end of a printed range, and whether each end itself is outside (``<3.4``)."""
    plain = reference.translate(str.maketrans("～〜－—–（）", "~~---()")).strip("() ")
    if m := _SPAN.fullmatch(plain):
        return float(m[1]), float(m[2]), False, False
    if m := _BOUND.fullmatch(plain):
        number, strict = float(m[2]), m[1] in ("<", ">", "＜", "＞", "小于", "大于")
        return (
            (None, number, False, strict) if m[1] in ("<", "<=", "≤", "＜", "小于") else (number, None, strict, False)
        )
    return None, None, False, False


def compute_flag(value: str, reference: str | None) -> Flag | None:
    """The flag that follows from a number and its printed range; None where it can't be told."""
    if not reference or not _NUMBER.fullmatch(value):
        return None
    low, high, open_low, open_high = limits(reference)
    number = float(value)
    if low is None and high is None:
        return None
    if low is not None and (number < low or (open_low and number == low)):
        return "low"
    if high is not None and (number > high or (open_high and number == high)):
        return "high"
    return "normal"


def side_in(text: str) -> str | None:
    """``left``, ``right`` or ``bilateral`` where a name or body site says so."""
    if any(w in text for w in ("双侧", "两侧", "双眼", "双肺", "双膝", "双下肢", "双上肢", "双耳", "双肾")):
        return "bilateral"
    words = set(re.findall(r"[a-z]+", text.lower()))
    if words & {"bilateral", "bilaterally", "both"}:
        return "bilateral"
    left, right = "左" in text or "left" in words, "右" in text or "right" in words
    if left and right:
        return "bilateral"
    return "left" if left else "right" if right else None

"""The dictionary's side of a laboratory row: which analyte, which unit, which flag.

The reader of print confuses what looks alike (``mlU/L``, ``10~9/L``, ``天巾冬氨酸``). A name or a unit is set right only where
the dictionary knows exactly one thing that it can have been; a digit is never touched.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from syngraph.terminology.fold import fold
from syngraph.terminology.lexicon import Term as Analyte

#: A misread name must be as like a known one as this (0..100), and have at least so many characters.
_LIKE, _LONG_ENOUGH = 82.0, 4


def analyte(
    item: str, *, unit: str = "", specimen: str | None = None, panel: str | None = None, abbreviation: str | None = None
) -> Analyte | None:
    """The analyte that a row is about, by its name, or by the name it was misread from; None where it is unknown."""
    labs = _labs()
    if labs is None:
        return None
    found: Analyte | None = labs.lab(item, unit=unit or None, specimen=specimen, panel_hint=panel, abbreviation=abbreviation)
    return found


def is_known(name: str) -> bool:
    """Whether ``name`` is the name of a laboratory item."""
    labs = _labs()
    return labs is not None and labs.lab(name) is not None


@cache
def _labs() -> Any:
    try:
        from syngraph.terminology import labs
    except ImportError:
        return None
    return labs


def repaired_name(item: str, found: Analyte | None, score: float) -> str:
    """``item`` as it must have been printed."""
    return item


def known_unit(unit: str, found: Analyte | None) -> tuple[str, str | None]:
    """``unit`` as it must have been printed, and its UCUM code; None where it is unknown."""
    u = re.sub(r"[~ˆ˄Λ]", "^", unit)
    return u, (u or None)


_BOUNDS = re.compile(r"\D*?(-?\d+(?:\.\d+)?)\s*(?:[-~～〜–—−至到]+|to)\s*(-?\d+(?:\.\d+)?)\D*")
_ONE_SIDED = re.compile(r"\D*?([<>≤≥＜＞≦≧])\s?(=?)\s?(?:1[:：])?(-?\d+(?:\.\d+)?)\D*")
_VALUE = re.compile(r"([<>≤≥＜＞]?)=?\s?(?:1\s?[:：]\s?)?([-+]?\d+(?:\.\d+)?)")
_NEGATIVE = frozenset({"阴性", "-", "(-)", "阴性(-)", "negative", "neg", "non-reactive", "nonreactive", "non reactive", "not detected", "未检出", "未检到", "未见", "none", "absent", "none seen", "正常", "normal"})  # fmt: skip
_POSITIVE = re.compile(r"弱?强?阳性.*|检出|\(?\+{1,4}\)?|\(?[1-4]\s?\+\)?|\+\s?[1-4]|±|\(±\)|可疑阳?性?|(?:weakly )?positive|pos|reactive|detected|trace|[1-4]\+.*|present|abnormal|异常")


def value_flag(value: str, reference: str) -> str | None:
    """``low``, ``high``, ``normal`` or ``abnormal``, by the value and the range alone; None where they don't tell.

    >>> value_flag("5.62", "3.50-5.30")
    'high'
    """
    number = _VALUE.fullmatch(value.replace(",", ""))
    if number is None:
        return _worded_flag(fold(value), fold(reference))
    bounds = _limits(reference.replace(",", ""))
    if bounds is None:
        return None
    low, high, strict = bounds
    sign, amount = number[1], float(number[2])
    if sign in {"<", "≤", "＜"}:
        return "low" if low is not None and amount <= low else "normal" if high is not None and amount <= high and not low else None
    if sign in {">", "≥", "＞"}:
        return "high" if high is not None and amount >= high else "normal" if high is None and low is not None and amount >= low else None
    if low is not None and (amount < low or (strict and amount == low)):
        return "low"
    if high is not None and (amount > high or (strict and amount == high)):
        return "high"
    return "normal"


def _limits(reference: str) -> tuple[float | None, float | None, bool] | None:
    """Lower bound, upper bound, and whether the bound itself is outside."""
    both = _BOUNDS.fullmatch(reference)
    if both:
        return float(both[1]), float(both[2]), False
    one = _ONE_SIDED.fullmatch(reference)
    if one is None:
        return None
    strict = one[1] in "<>＜＞" and not one[2]
    return (None, float(one[3]), strict) if one[1] in "<≤＜≦" else (float(one[3]), None, strict)


def _worded_flag(value: str, reference: str) -> str | None:
    if not reference:
        return None
    if value == reference or (value in _NEGATIVE and reference in _NEGATIVE):
        return "normal"
    return "abnormal" if reference in _NEGATIVE and _POSITIVE.fullmatch(value) else None

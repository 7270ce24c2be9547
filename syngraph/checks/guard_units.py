"""Units: which ones a text names, and which one stands behind a number, under one code for every spelling."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from syngraph.checks.guard_words import any_coded, coded, words
from syngraph.terminology.numerals import plain
from syngraph.terminology.patterns import regex


@cache
def _unit_table() -> Callable[[str], Any] | None:
    """``terminology.units.unit``, where it is there."""
    try:
        from importlib import import_module

        return getattr(import_module("syngraph.terminology.units"), "unit", None)
    except ImportError:
        return None


@lru_cache(maxsize=4096)
def _unit_code(token: str) -> str | None:
    """One code for every spelling of a unit; None for what is no unit."""
    token = re.sub(r"\s+", " ", token.strip().strip(".,;:()"))
    for code, pattern in coded("unit"):
        if pattern.fullmatch(token) or pattern.fullmatch(f"1{token}", 1):
            return code
    table = None if re.search(r"/(?:day|week|month|year|天|日|周|月|年|晚|次)$", token) else _unit_table()
    known = table(token) if table else None
    ucum = getattr(known, "ucum", None)
    return plain(str(ucum)) if ucum and "{" not in str(ucum) else None


_TOKEN = regex(r"[×x*]?\s?(?:10\s?[\^*~]?\s?\d{0,2}\s?/\s?)?[a-z%°℃℉/][a-z0-9%°℃℉/\^*]*(?:\.[a-z0-9]+)*")


def units_anywhere(text: str) -> Iterator[str]:
    """The units that ``text`` names, by table and by spelling."""
    flat = plain(text)
    if any_coded("unit").search(flat):
        yield from (code for code, pattern in coded("unit") if pattern.search(flat))
    for m in _TOKEN.finditer(flat):
        named = _unit_code(m[0])
        if named:
            yield named


def unit_after(text: str, end: int) -> tuple[int, int, str] | None:
    """The unit right behind a number: (start, end, code)."""
    gap = re.match(r"\s?(?:[×x*]\s?(?=10))?", text[end:])
    at = end + (gap.end() if gap else 0)
    best: tuple[int, int, str] | None = None
    named_here = any_coded("unit").match(text, at) or any_coded("unit").match(text, end)
    for code, pattern in coded("unit") if named_here else ():
        m = pattern.match(text, at) or pattern.match(text, end)
        if m and (best is None or m.end() > best[1]):
            best = (m.start(), m.end(), code)
    token = _TOKEN.match(text, at)
    if token and (best is None or token.end() > best[1]):
        named = _unit_code(token[0])
        best = (token.start(), token.end(), named) if named else best
    return best


_DEGREES = {"cel": (25, 45), "degf": (77, 113)}


def implied(value: Decimal, printed: str, code: str) -> bool:
    """Whether a vital sign's unit goes without saying: 37.4 are degrees Celsius."""
    low, high = _DEGREES.get(code, (0, 1000))
    return bool(words("implied").fullmatch(printed.strip())) and low <= value <= high


_RIVALS = (("mmhg", "kpa"), ("cel", "degf"), ("kg", "lb", "g"), ("cm", "mm", "m"), ("%", "g/l", "mmol/l", "g/dl"))


def rival(code: str, named: frozenset[str]) -> bool:
    """Whether the quotes name another unit of the same thing."""
    return any(code in group and named & set(group) for group in _RIVALS)

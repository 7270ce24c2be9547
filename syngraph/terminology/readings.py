"""Results and reference ranges as they are printed: numbers with their bounds, titres, and graded words.

What can't be read is None and stays as printed. The words are data (``data/readings.tsv``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

from syngraph.terminology.patterns import regex

Flag = Literal["low", "high", "normal", "abnormal"]
#: A result in graded words, from none to much.
ORDINALS = ("negative", "trace", "weak", "positive", "1+", "2+", "3+", "4+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A result as printed, and what of it could be read.

    ``comparator`` is one of ``<``, ``<=``, ``>``, ``>=`` or empty; ``number`` is None where the result is not a
    number; ``ordinal`` is one of :data:`ORDINALS` where it is a graded word. Both may be there (``0.02 阴性``).
    ``titre``: the number is the dilution of a titre (80 of ``1:80``).
    """

    printed: str
    comparator: str = ""
    number: Decimal | None = None
    ordinal: str | None = None
    titre: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """A reference range: bounds (either may be open), or a graded word such as ``negative``, or ``text``.

    ``titre``: the bounds are dilutions (``≤1:80``).
    """

    printed: str
    low: Decimal | None = None
    high: Decimal | None = None
    low_inclusive: bool = True
    high_inclusive: bool = True
    ordinal: str | None = None
    text: str = ""
    titre: bool = False


# -- the words -----------------------------------------------------------------------------------------------


@cache
def _words() -> Mapping[str, str]:
    """Each row of ``readings.tsv``: what (``grade:weak``, ``sign:<=``, ``sex:male``, ``drop``) and its words."""
    text = files("syngraph.terminology").joinpath("data/readings.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith(("#", "what\t")))
    return MappingProxyType({row[0]: row[1] for row in rows})


def _of(kind: str) -> Iterator[tuple[str, str]]:
    return ((k.partition(":")[2], words) for k, words in _words().items() if k.startswith(f"{kind}:"))


@cache
def _grades() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name, regex(f"(?:{words})")) for name, words in _of("grade"))


@cache
def _comparing() -> tuple[re.Pattern[str], tuple[str, ...]]:
    """The words that stand for a sign, one alternation; the sign of each group."""
    rows = list(_of("sign"))
    return regex("|".join(f"({words})" for _, words in rows), re.IGNORECASE), tuple(sign for sign, _ in rows)


@cache
def _around() -> re.Pattern[str]:
    return regex(rf"^(?:(?:{_words()['drop']})[::]?)+|(?<=[\d\])])(?:{_words()['drop']})$", re.IGNORECASE)


@cache
def _sexes() -> re.Pattern[str]:
    rows = dict(_of("sex"))
    return regex(rf"(?P<male>{rows['male']})|(?P<female>{rows['female']})", re.IGNORECASE)


# -- results -------------------------------------------------------------------------------------------------

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
_POWER = r"(?:[xX*×]10(?:[\^*~]|\*\*)?-?\d{1,2}(?![\d/])|[eE][-+]?\d{1,2})"
_BIG = rf"-?(?:{_NUMBER}){_POWER}?"
_SIGNS = str.maketrans({"≤": "<=", "≥": ">=", "≦": "<=", "≧": ">=", "〈": "<", "〉": ">", "《": "<", "》": ">",
                        "−": "-", "–": "-", "—": "-", "～": "~", "〜": "~", "∼": "~", "－": "-", "⩽": "<=", "⩾": ">="})  # fmt: skip
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_RAISED = regex(r"(?<=10)([⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
_VALUE = regex(
    rf"(?P<cmp>[<>]=?|=)?(?P<num>[-+]?(?:{_NUMBER}))(?:[xX*×]10(?:[\^*~]|\*\*)?(?P<pow>-?\d{{1,2}})|[eE](?P<exp>[-+]?\d{{1,2}}))?"
    r"(?P<rest>.*)"
)
_TITRE = regex(r"([<>]=?|=)?1[::/](\d{1,5})([(\[]?[+-±阴阳]?性?[)\]]?)")
_MARKS = regex(r"[↑↓⬆⬇▲▼★☆→]+|(?<=[\d.+)性])(?:HH|LL|H|L|N|\*)$")
_BETWEEN = regex(rf"({_BIG})(-{{1,2}}|~{{1,2}}|至|到|to|\.\.)({_BIG})(.*)")
_BOUND = regex(rf"(?:(<=?|>=?)({_BIG})|({_BIG})(以上|以下|及以上|及以下|orless|ormore))(.*)")
#: A word with its bound: 阴性(<1.0), Negative (<0.9), 阴性:<1.0.
_GRADED = regex(r"([^\d()<>:]+)[(:](<=?[^()]+|>=?[^()]+)[)]?")
_PLUSES = regex(r"(?:([1-4])\+|\+([1-4])|(\+{1,4}))")


def flat(printed: str) -> str:
    """``printed`` in half width, with one sign for each comparison and dash, and without blanks."""
    raised = _RAISED.sub(lambda m: "^" + m[1].translate(_SUPERSCRIPTS), printed)
    text = unicodedata.normalize("NFKC", raised.translate(_SIGNS)).translate(_SIGNS)
    return "".join(text.split())


def _ordinal(text: str) -> str | None:
    """The grade that ``text``, stripped of brackets, says and nothing else."""
    words = re.sub(r"^[()\[\]:,;。.]+|[()\[\]:,;。.]+$", "", text.lower())
    whole = re.sub(r"[()\[\]]", "", words)
    for form in (words, re.sub(r"[(\[].*$", "", words), whole):
        if m := _PLUSES.fullmatch(form):
            grade = m[1] or m[2] or str(len(m[3]))
            return "positive" if form == "+" else f"{grade}+"
        if form == "-":
            return "negative"
        found = next((name for name, pattern in _grades() if pattern.fullmatch(form)), None)
        if found:
            return found
    m = re.fullmatch(r"(阴性|阳性|弱阳性|neg|negative|pos|positive)[-+±]+", whole)
    return _ordinal(m[1]) if m else None


@lru_cache(maxsize=4096)
def parse_value(printed: str) -> Value:
    """Read a result: a number with or without comparator, a graded word, or text (neither is set).

    >>> parse_value("＜0.05").number, parse_value("3+").ordinal, parse_value("1:80").titre
    (Decimal('0.05'), '3+', True)
    """
    text = _MARKS.sub("", flat(printed))
    grade = _ordinal(text)
    if grade:
        return Value(printed=printed, ordinal=grade)
    if m := _TITRE.fullmatch(text):
        sign = (m[1] or "").removeprefix("=")
        return Value(printed=printed, comparator=sign, number=Decimal(m[2]), ordinal=_ordinal(m[3]), titre=True)
    m = _VALUE.fullmatch(text)
    if m is None or not _is_tail(m["rest"]):
        return Value(printed=printed)
    number = _decimal(m["num"], m["pow"] or m["exp"])
    comparator = (m["cmp"] or "").strip("=") + ("=" if (m["cmp"] or "") in ("<=", ">=") else "")
    return Value(printed=printed, comparator=comparator, number=number, ordinal=_ordinal(m["rest"]))


def _is_tail(rest: str) -> bool:
    """What may follow the number of a result: nothing, a graded word or a known unit."""
    from syngraph.terminology.units import unit

    bare = rest.strip("()[]")
    return not bare or _ordinal(rest) is not None or (not bare[0].isdigit() and unit(bare) is not None)


def _decimal(digits: str, power: str | None = None) -> Decimal | None:
    try:
        number = Decimal(digits.replace(",", ""))
        return number.scaleb(int(power)) if power else number
    except (InvalidOperation, ValueError):
        return None


def _sized(printed: str) -> Decimal | None:
    """The number of ``1.00E+02`` or ``1.00x10^2``."""
    m = _VALUE.fullmatch(printed)
    return _decimal(m["num"], m["pow"] or m["exp"]) if m else None


# -- ranges --------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def parse_range(printed: str, sex: str | None = None) -> Range | None:
    """Read a reference range; None where it is not one (several populations, running text).

    Args:
        printed: as printed.
        sex: ``male`` or ``female`` where known, which chooses among ranges that are printed for both.

    >>> parse_range("-3-3").low, parse_range("3.5～9.5").high, parse_range("<3.40").high_inclusive
    (Decimal('-3'), Decimal('9.5'), False)
    """
    text = _around().sub("", flat(printed).strip("{}:;,"))
    whole = _one(printed, text)
    if whole is not None or not any(c.isdigit() for c in text):
        return whole
    mine = _by_sex(text)
    return _one(printed, mine[sex]) if sex and len(mine) > 1 and sex in mine else None


def _by_sex(text: str) -> Mapping[str, str]:
    """The range of each sex in ``男120-160女110-150``; empty where anything else stands there too."""
    marks = list(_sexes().finditer(text))
    if len(marks) != 2 or marks[0].lastgroup == marks[1].lastgroup or marks[0].start():
        return {}
    cuts = [*(m.start() for m in marks), len(text)]
    return {
        str(m.lastgroup): text[m.end() : cut].strip("():,;/") for m, cut in zip(marks, cuts[1:], strict=True)
    }  # fmt: skip


def _one(printed: str, text: str) -> Range | None:
    """The range of one population."""
    text = text.strip("()[]:;,")
    if not text:
        return None
    signs, which = _comparing()
    text = signs.sub(lambda m: which[(m.lastindex or 1) - 1], text)
    if (found := _titres(printed, text)) is not None:
        return found
    if m := _BETWEEN.fullmatch(text):
        return _between(printed, m) if _is_tail(m[4]) else None
    if m := _BOUND.fullmatch(text):
        return _bound(printed, m) if _is_tail(m[5]) else None
    if m := _GRADED.fullmatch(text):
        bound = _one(printed, m[2])
        return replace(bound, ordinal=_ordinal(m[1])) if bound and _ordinal(m[1]) else None
    grade = _ordinal(text)
    if grade:
        return Range(printed=printed, ordinal=grade, text=text)
    return None if any(c.isdigit() for c in text) else Range(printed=printed, text=text)


def _titres(printed: str, text: str) -> Range | None:
    if between := re.fullmatch(r"1[::/](\d{1,5})[-~]1[::/](\d{1,5})", text):
        low, high = Decimal(between[1]), Decimal(between[2])
        return Range(printed=printed, low=low, high=high, titre=True) if low <= high else None
    m = re.fullmatch(r"(?:阴性|negative|neg)?[(]?(<=?|>=?)1[::/](\d{1,5})[)]?", text, re.IGNORECASE)
    if m is None:
        return None
    bound, inclusive = Decimal(m[2]), m[1].endswith("=")
    if m[1][0] == "<":
        return Range(printed=printed, high=bound, high_inclusive=inclusive, titre=True)
    return Range(printed=printed, low=bound, low_inclusive=inclusive, titre=True)


def _between(printed: str, m: re.Match[str]) -> Range | None:
    low, high = _sized(m[1]), _sized(m[3])
    if low is None or high is None:
        return None
    if m[2] == "--" and low < 0 and low < -high:  # -3--1: the second dash is a sign
        high = -high
    return Range(printed=printed, low=low, high=high) if low <= high else None


def _bound(printed: str, m: re.Match[str]) -> Range | None:
    if m[1]:
        number, upper, inclusive = _sized(m[2]), m[1][0] == "<", m[1].endswith("=")
    else:
        number, upper, inclusive = _sized(m[3]), m[4] in ("以下", "及以下", "orless"), True
    if number is None:
        return None
    if upper:
        return Range(printed=printed, high=number, high_inclusive=inclusive)
    return Range(printed=printed, low=number, low_inclusive=inclusive)


# -- where a result lies -------------------------------------------------------------------------------------


def flag(value: Value | str, reference: Range | str | None, sex: str | None = None) -> Flag | None:
    """Where ``value`` lies in ``reference``; None where that can't be said.

    >>> flag("4.12", "<3.40"), flag("阳性", "阴性"), flag("1:160", "≤1:80")
    ('high', 'abnormal', 'high')
    """
    result = parse_value(value) if isinstance(value, str) else value
    bounds = parse_range(reference, sex) if isinstance(reference, str) else reference
    if bounds is None:
        return None
    if (bounds.low is None and bounds.high is None) or (result.number is None and bounds.ordinal):
        return _graded(result, bounds)
    if result.number is None or result.titre != bounds.titre:
        return None
    return _numeric(result.number, result.comparator, bounds)


def _graded(result: Value, bounds: Range) -> Flag | None:
    if result.number is not None and result.ordinal is None:
        return None
    if bounds.ordinal and result.ordinal:
        same = (bounds.ordinal == "negative") == (result.ordinal == "negative")
        return "normal" if same else "abnormal"
    return "normal" if bounds.text and flat(result.printed) == bounds.text else None


def _numeric(number: Decimal, comparator: str, bounds: Range) -> Flag | None:
    low, high = bounds.low, bounds.high
    if comparator:
        return _limited(number, comparator, bounds)
    if low is not None and (number < low or (number == low and not bounds.low_inclusive)):
        return "low"
    if high is not None and (number > high or (number == high and not bounds.high_inclusive)):
        return "high"
    return "normal"


def _limited(number: Decimal, comparator: str, bounds: Range) -> Flag | None:
    """A result that is itself only a bound (``<0.05``): sure only where every value it allows agrees."""
    low, high = bounds.low, bounds.high
    if comparator[0] == "<":
        if low is not None and low > 0:
            return "low" if number <= low else None
        return "normal" if high is None or number <= high else None
    if high is not None:
        return "high" if number >= high else None
    return "normal" if low is not None and number >= low else None

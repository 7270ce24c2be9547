"""Units, measured values and reference ranges: reading the many ways they are printed, and comparing them.

A unit is read from a table of printed spellings (``data/units.tsv``), never guessed: what the table does not hold
is None and stays as printed. Codes are UCUM. Values are decimals all the way; a comparison that can't be made is
None, which is not the same as False.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation, localcontext
from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

from syngraph.terminology.lexicon import lexicon

Flag = Literal["low", "high", "normal", "abnormal"]
#: A result in graded words, from none to much.
ORDINALS = ("negative", "trace", "weak", "positive", "1+", "2+", "3+", "4+")


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit: its UCUM code and how a Chinese and an English record print it."""

    ucum: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A result as printed, and what of it could be read.

    ``comparator`` is one of ``<``, ``<=``, ``>``, ``>=`` or empty; ``number`` is None where the result is not a
    number; ``ordinal`` is one of :data:`ORDINALS` where it is a graded word. Both may be there (``0.02 阴性``).
    """

    printed: str
    comparator: str = ""
    number: Decimal | None = None
    ordinal: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """A reference range: bounds (either may be open), or a graded word such as ``negative``, or ``text``."""

    printed: str
    low: Decimal | None = None
    high: Decimal | None = None
    low_inclusive: bool = True
    high_inclusive: bool = True
    ordinal: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class _Row:
    unit: Unit
    quantity: str
    factor: Decimal
    printed: tuple[str, ...]
    expected: tuple[str, ...]


# -- units ---------------------------------------------------------------------------------------------------

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_SUPERSCRIPT_RUN = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_SPELLINGS = str.maketrans({"μ": "u", "µ": "u", "∕": "/", "⁄": "/", "÷": "/", "✕": "x", "×": "x", "⨯": "x", "º": "°"})
_POWER = re.compile(r"(?<!\d)10(?:\*\*|[\^~*ˆ˄∧`´'’\"]|[eE]\+?)(\d{1,2})(?!\d)")
_MULTIPLIED = re.compile(r"^[xX*·.](?=10\^)")
_CONFUSED = str.maketrans("i1|!o", "llll0")


def _tidy(printed: str) -> str:
    """One spelling for spaces, signs of power and multiplication, and full width; case is kept."""
    text = _SUPERSCRIPT_RUN.sub(lambda m: "^" + m[0].translate(_SUPERSCRIPTS), printed.strip())
    text = unicodedata.normalize("NFKC", text.translate(_SPELLINGS)).translate(_SPELLINGS)
    text = "".join(text.split()).replace("\\", "")
    return _MULTIPLIED.sub("", _POWER.sub(r"10^\1", text))


def _confused(key: str) -> str:
    """``key`` with the letters made one that readers of print take for each other."""
    return key.lower().translate(_CONFUSED)


@cache
def _rows() -> Mapping[str, _Row]:
    text = files("syngraph.terminology").joinpath("data/units.tsv").read_text(encoding="utf-8")
    rows: dict[str, _Row] = {}
    for line in text.splitlines():
        if not line.strip() or line.startswith(("#", "ucum\t")):
            continue
        cells = [*line.split("\t"), ""][:7]
        code, zh, en, quantity, factor, printed, expected = (c.strip() for c in cells)
        rows[code] = _Row(
            Unit(code, zh, en), quantity, Decimal(factor),
            tuple(p for p in (code, zh, en, *printed.split("|")) if p), tuple(p for p in expected.split("|") if p),
        )  # fmt: skip
    return MappingProxyType(rows)


@cache
def _tables() -> tuple[Mapping[str, str], Mapping[str, str], Mapping[str, str]]:
    """Spelling to code: as printed, without case, and with confusable letters made one (ambiguous keys left out)."""
    found: tuple[dict[str, set[str]], ...] = ({}, {}, {})
    for code, row in _rows().items():
        for spelling in row.printed:
            key = _tidy(spelling)
            for table, form in zip(found, (key, key.lower(), _confused(key)), strict=True):
                table.setdefault(form, set()).add(code)
    exact, caseless, confused = ({k: next(iter(v)) for k, v in t.items() if len(v) == 1} for t in found)
    return exact, caseless, confused


@lru_cache(maxsize=4096)
def unit(printed: str, expected: str | None = None) -> Unit | None:
    """The unit that ``printed`` spells; None where the table does not hold it.

    ``expected`` is the UCUM code of the analyte's own unit. Only with it are spellings read that have lost their
    sign of power (``109/L``), their end (``10^9/``) or that mean something else by themselves (``G/L``).

    >>> unit("×10⁹/L").ucum, unit("109/L"), unit("109/L", expected="10*9/L").ucum
    ('10*9/L', None, '10*9/L')
    """
    key = _tidy(printed)
    if not key:
        return None
    rows = _rows()
    if expected is not None and expected in rows and _is_expected(key, rows[expected]):
        return rows[expected].unit
    exact, caseless, confused = _tables()
    code = exact.get(key) or caseless.get(key.lower()) or (confused.get(_confused(key)) if len(key) > 2 else None)
    return rows[code].unit if code else None


def _is_expected(key: str, row: _Row) -> bool:
    if key in row.expected:
        return True
    bare = _confused(key).replace("^", "")
    for spelling in row.printed:
        full = _confused(_tidy(spelling))
        whole = full.replace("^", "")
        if bare == whole or (len(bare) >= 4 and "^" in full and len(whole) - len(bare) <= 2 and whole.startswith(bare)):
            return True
    return False


def quantity(code: str) -> str | None:
    """The kind of quantity a UCUM code measures (``mass-conc``, ``temperature``); None for unknown codes."""
    row = _rows().get(code)
    return row.quantity if row else None


# -- conversion ----------------------------------------------------------------------------------------------

#: NGSP % = 0.09148 x IFCC mmol/mol + 2.152: the IFCC-NGSP master equation, www.ngsp.org/ifccngsp.asp
_NGSP_SLOPE, _NGSP_OFFSET = Decimal("0.09148"), Decimal("2.152")


def convert(value: Decimal, source: str, target: str, lab_id: str | None = None) -> Decimal | None:
    """``value`` in unit ``source`` expressed in unit ``target``; None where that can't be known.

    Units are UCUM codes or printed spellings. Within one quantity a factor does; between mass and amount of
    substance the analyte's molar mass (``lab_id``) is needed, for immunoassay units the analyte's own factor.

    >>> convert(Decimal("126"), "mg/dL", "mmol/L", "lab:glucose").quantize(Decimal("0.1"))
    Decimal('7.0')
    """
    a, b = _code(source), _code(target)
    if a is None or b is None:
        return value if source == target else None
    if a == b:
        return value
    with localcontext(prec=34):
        return next((v for v in _ways(value, a, b, lab_id) if v is not None), None)


def _ways(value: Decimal, a: str, b: str, lab_id: str | None) -> Iterator[Decimal | None]:
    yield _scaled(value, a, b)
    yield _temperature(value, a, b)
    attrs = _attributes(lab_id)
    if lab_id == "lab:hba1c":
        yield _hba1c(value, a, b)
    yield _by_substance(value, a, b, attrs)
    yield _by_factor(value, a, b, attrs.get("factor", ""))


def _code(spelling: str) -> str | None:
    if spelling in _rows():
        return spelling
    found = unit(spelling)
    return found.ucum if found else None


def _attributes(lab_id: str | None) -> Mapping[str, str]:
    term = lexicon().terms.get(lab_id) if lab_id else None
    return term.attrs if term else {}


def _scaled(value: Decimal, a: str, b: str) -> Decimal | None:
    rows = _rows()
    if rows[a].quantity != rows[b].quantity or rows[a].quantity == "temperature":
        return None
    return value * rows[a].factor / rows[b].factor


def _temperature(value: Decimal, a: str, b: str) -> Decimal | None:
    if a == "deg":  # spoken "degrees" of a living body: the two scales don't overlap there
        a = "Cel" if 20 <= value <= 46 else "[degF]" if 68 <= value <= 115 else a
    if a == b:
        return value
    if (a, b) == ("[degF]", "Cel"):
        return (value - 32) * 5 / 9
    if (a, b) == ("Cel", "[degF]"):
        return value * 9 / 5 + 32
    return None


def _hba1c(value: Decimal, a: str, b: str) -> Decimal | None:
    if quantity(a) == "fraction" and b == "mmol/mol":
        percent = _scaled(value, a, "%")
        return None if percent is None else (percent - _NGSP_OFFSET) / _NGSP_SLOPE
    if a == "mmol/mol" and quantity(b) == "fraction":
        return _scaled(value * _NGSP_SLOPE + _NGSP_OFFSET, "%", b)
    return None


def _by_substance(value: Decimal, a: str, b: str, attrs: Mapping[str, str]) -> Decimal | None:
    """Between mass, amount and charge per volume: grams through the molar mass, equivalents through the valence."""
    rows = _rows()
    per_mole = {"mass-conc": attrs.get("molar_mass"), "subst-conc": "1", "equivalent-conc": attrs.get("valence")}
    ratios = [per_mole.get(rows[code].quantity) for code in (a, b)]
    if not (ratios[0] and ratios[1]):
        return None
    moles = value * rows[a].factor / Decimal(ratios[0])
    return moles * Decimal(ratios[1]) / rows[b].factor


def _by_factor(value: Decimal, a: str, b: str, rule: str) -> Decimal | None:
    """By the analyte's own ``unit:unit:number`` (one of the first is so many of the second)."""
    if rule.count(":") != 2:
        return None
    first, second, number = rule.split(":")
    for left, right, ratio in ((first, second, Decimal(number)), (second, first, 1 / Decimal(number))):
        start = _scaled(value, a, left)
        if start is not None and quantity(b) == quantity(right):
            return _scaled(start * ratio, right, b)
    return None


# -- values and ranges ---------------------------------------------------------------------------------------

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
_SIGNS = str.maketrans({"≤": "<=", "≥": ">=", "≦": "<=", "≧": ">=", "〈": "<", "〉": ">", "《": "<", "》": ">",
                        "−": "-", "–": "-", "—": "-", "～": "~", "〜": "~", "∼": "~", "－": "-", "⩽": "<=", "⩾": ">="})  # fmt: skip
_VALUE = re.compile(
    rf"(?P<cmp>[<>]=?|=)?(?P<num>[-+]?(?:{_NUMBER}))(?:[xX*×]10(?:[\^*~]|\*\*)?(?P<pow>-?\d{{1,2}})|[eE](?P<exp>[-+]?\d{{1,2}}))?"
    r"(?P<rest>.*)"
)
_MARKS = re.compile(r"[↑↓⬆⬇▲▼★☆→]+|(?<=[\d.+)性])(?:HH|LL|H|L|N|\*)$")
_BETWEEN = re.compile(rf"(-?(?:{_NUMBER}))(-{{1,2}}|~{{1,2}}|至|到|to|\.\.)(-?(?:{_NUMBER}))(.*)")
_BOUND = re.compile(rf"(?:(<=?|>=?)(-?(?:{_NUMBER}))|(-?(?:{_NUMBER}))(以上|以下|及以上|及以下|orless|ormore))(.*)")
_WORDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("negative", re.compile(r"(?:阴性?|未检出|未检测到|未见|未发现|无|neg(?:ative)?\.?|non-?reactive|notdetected|undetected|none(?:seen)?|absent|nil|nogrowth|未生长|无细菌生长|正常|normal|not?seen|rare)")),
    ("trace", re.compile(r"(?:微量|痕量|trace|tr\.?|\+-|\+/-|±|-\+|临界|可疑|borderline|equivocal|indeterminate|灰区)")),
    ("weak", re.compile(r"(?:弱阳性?|weak(?:ly)?(?:positive|reactive)?)")),
    ("positive", re.compile(r"(?:强阳性?|阳性?|检出|pos(?:itive)?\.?|reactive|detected|present|abnormal)")),
)  # fmt: skip
_PLUSES = re.compile(r"(?:([1-4])\+|\+([1-4])|(\+{1,4}))")


def _flat(printed: str) -> str:
    text = unicodedata.normalize("NFKC", printed.translate(_SIGNS)).translate(_SIGNS)
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
        found = next((name for name, pattern in _WORDS if pattern.fullmatch(form)), None)
        if found:
            return found
    m = re.fullmatch(r"(阴性|阳性|弱阳性|neg|negative|pos|positive)[-+±]+", whole)
    return _ordinal(m[1]) if m else None


@lru_cache(maxsize=4096)
def parse_value(printed: str) -> Value:
    """Read a result: a number with or without comparator, a graded word, or text (neither is set).

    >>> parse_value("＜0.05").number, parse_value("3+").ordinal, parse_value("弱阳性").ordinal
    (Decimal('0.05'), '3+', 'weak')
    """
    text = _MARKS.sub("", _flat(printed))
    grade = _ordinal(text)
    if grade:
        return Value(printed=printed, ordinal=grade)
    m = _VALUE.fullmatch(text)
    if m is None or not _is_tail(m["rest"]):
        return Value(printed=printed)
    number = _decimal(m["num"], m["pow"] or m["exp"])
    comparator = (m["cmp"] or "").strip("=") + ("=" if (m["cmp"] or "") in ("<=", ">=") else "")
    return Value(printed=printed, comparator=comparator, number=number, ordinal=_ordinal(m["rest"]))


def _is_tail(rest: str) -> bool:
    """What may follow the number of a result: nothing, a graded word or a known unit."""
    bare = rest.strip("()[]")
    return not bare or _ordinal(rest) is not None or (not bare[0].isdigit() and unit(bare) is not None)


def _decimal(digits: str, power: str | None = None) -> Decimal | None:
    try:
        number = Decimal(digits.replace(",", ""))
        return number.scaleb(int(power)) if power else number
    except (InvalidOperation, ValueError):
        return None


def parse_range(printed: str) -> Range | None:
    """Read a reference range; None where it is not one (several populations, running text).

    >>> parse_range("-3-3").low, parse_range("3.5～9.5").high, parse_range("<3.40").high_inclusive
    (Decimal('-3'), Decimal('9.5'), False)
    """
    text = _flat(printed).strip("()[]{}:;,")
    text = re.sub(r"^(?:参考(?:值|范围|区间)?|ref\.?|reference(?:range)?|normal:)[::]?", "", text, flags=re.IGNORECASE)
    if not text:
        return None
    if m := _BETWEEN.fullmatch(text):
        return _between(printed, m) if _is_tail(m[4]) else None
    if m := _BOUND.fullmatch(text):
        return _bound(printed, m) if _is_tail(m[5]) else None
    grade = _ordinal(text)
    if grade:
        return Range(printed=printed, ordinal=grade, text=text)
    return None if any(c.isdigit() for c in text) else Range(printed=printed, text=text)


def _between(printed: str, m: re.Match[str]) -> Range | None:
    low, high = _decimal(m[1]), _decimal(m[3])
    if low is None or high is None:
        return None
    if m[2] == "--" and low < 0 and low < -high:  # -3--1: the second dash is a sign
        high = -high
    return Range(printed=printed, low=low, high=high) if low <= high else None


def _bound(printed: str, m: re.Match[str]) -> Range | None:
    if m[1]:
        number, upper, inclusive = _decimal(m[2]), m[1][0] == "<", m[1].endswith("=")
    else:
        number, upper, inclusive = _decimal(m[3]), m[4] in ("以下", "及以下", "orless"), True
    if number is None:
        return None
    if upper:
        return Range(printed=printed, high=number, high_inclusive=inclusive)
    return Range(printed=printed, low=number, low_inclusive=inclusive)


def flag(value: Value | str, reference: Range | str | None) -> Flag | None:
    """Where ``value`` lies in ``reference``; None where that can't be said.

    >>> flag("4.12", "<3.40"), flag("阳性", "阴性"), flag("<0.05", "0-0.5")
    ('high', 'abnormal', 'normal')
    """
    result = parse_value(value) if isinstance(value, str) else value
    bounds = parse_range(reference) if isinstance(reference, str) else reference
    if bounds is None:
        return None
    if bounds.low is None and bounds.high is None:
        return _graded(result, bounds)
    return None if result.number is None else _numeric(result.number, result.comparator, bounds)


def _graded(result: Value, bounds: Range) -> Flag | None:
    if result.number is not None and result.ordinal is None:
        return None
    if bounds.ordinal and result.ordinal:
        same = (bounds.ordinal == "negative") == (result.ordinal == "negative")
        return "normal" if same else "abnormal"
    return "normal" if bounds.text and _flat(result.printed) == bounds.text else None


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


# -- comparison ----------------------------------------------------------------------------------------------


def same_quantity(
    a_value: Decimal | str,
    a_unit: str | None,
    b_value: Decimal | str,
    b_unit: str | None,
    lab_id: str | None = None,
    tolerance: Decimal = Decimal("0.02"),
) -> bool | None:
    """Whether two results say the same; None where they can't be compared.

    Numbers are the same within the relative ``tolerance`` or within the rounding of their last digit. A unit that
    one of them lacks is taken from the other only where the numbers then agree.

    >>> same_quantity("5.6", "mmol/L", "101", "mg/dL", "lab:glucose")
    True
    """
    a, b = parse_value(str(a_value)), parse_value(str(b_value))
    if a.number is None or b.number is None:
        return _same_words(a, b)
    numbers = _aligned(a.number, a_unit, b.number, b_unit, lab_id)
    if numbers is None:
        return None
    x, x_step, y, y_step = numbers
    if a.comparator or b.comparator:
        return _same_bounds(x, a.comparator, y, b.comparator)
    near = abs(x - y) <= max(tolerance * max(abs(x), abs(y)), (x_step + y_step) / 2)
    return True if near else (None if bool(a_unit) != bool(b_unit) else False)


def _same_words(a: Value, b: Value) -> bool | None:
    grades = {a.ordinal, b.ordinal}
    if a.ordinal and b.ordinal:
        return len(grades) == 1 or ("positive" in grades and "negative" not in grades)
    alike = a.number is None and b.number is None and _flat(a.printed).lower() == _flat(b.printed).lower()
    return True if alike else None


def _aligned(
    a: Decimal, a_unit: str | None, b: Decimal, b_unit: str | None, lab_id: str | None
) -> tuple[Decimal, Decimal, Decimal, Decimal] | None:
    """Both numbers, each with the step of its last digit, in the first one's unit."""
    steps = [Decimal(1).scaleb(min(int(n.as_tuple().exponent), 0)) for n in (a, b)]
    if not a_unit or not b_unit or a_unit == b_unit:
        return a, steps[0], b, steps[1]
    converted = convert(b, b_unit, a_unit, lab_id)
    next_up = convert(b + steps[1], b_unit, a_unit, lab_id)
    if converted is None or next_up is None:
        return None
    return a, steps[0], converted, abs(next_up - converted)


def _same_bounds(x: Decimal, x_sign: str, y: Decimal, y_sign: str) -> bool:
    if x_sign and y_sign:
        return x_sign[0] == y_sign[0] and x == y
    bound, sign, number = (x, x_sign, y) if x_sign else (y, y_sign, x)
    return number <= bound if sign[0] == "<" else number >= bound

"""Units: reading the many ways they are printed, converting them, and comparing measured values.

A unit is read from a table of printed spellings (``data/units.tsv``), never guessed: what the table does not hold
is None and stays as printed. Codes are UCUM. Values are decimals all the way; a comparison that can't be made is
None, which is not the same as False.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType

from syngraph.terminology.lexicon import lexicon
from syngraph.terminology.patterns import regex
from syngraph.terminology.readings import ORDINALS, Flag, Range, Value, flag, flat, parse_range, parse_value

__all__ = [
    "ORDINALS", "Flag", "Range", "Unit", "Value", "convert", "flag", "parse_range", "parse_value", "quantity",
    "same_quantity", "unit",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit: its UCUM code and how a Chinese and an English record print it."""

    ucum: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class _Row:
    unit: Unit
    quantity: str
    factor: Decimal
    printed: tuple[str, ...]
    expected: tuple[str, ...]


# -- units ---------------------------------------------------------------------------------------------------

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_SUPERSCRIPT_RUN = regex("[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_SPELLINGS = str.maketrans({"μ": "u", "µ": "u", "∕": "/", "⁄": "/", "÷": "/", "✕": "x", "×": "x", "⨯": "x", "º": "°"})
_POWER = regex(r"(?<!\d)10(?:\*\*|[\^~*ˆ˄∧`´'’\"]|[eE]\+?)(\d{1,2})(?!\d)")
_MULTIPLIED = regex(r"^[xX*·.](?=10\^)")
#: A power whose figures came down to the line; the sign of multiplication before it leaves no other reading.
_FALLEN = regex(r"^[xX]10(?=(?:3|6|9|12)/)")
_CONFUSED = str.maketrans("i1|!o", "llll0")


def _tidy(printed: str) -> str:
    """One spelling for spaces, signs of power and multiplication, and full width; case is kept."""
    text = _SUPERSCRIPT_RUN.sub(lambda m: "^" + m[0].translate(_SUPERSCRIPTS), printed.strip())
    text = unicodedata.normalize("NFKC", text.translate(_SPELLINGS)).translate(_SPELLINGS)
    text = "".join(text.split()).replace("\\", "")
    text = _FALLEN.sub("10^", text)
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
    alike = a.number is None and b.number is None and flat(a.printed).lower() == flat(b.printed).lower()
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

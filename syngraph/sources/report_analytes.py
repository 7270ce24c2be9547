"""The dictionary's side of a laboratory row: which analyte, which unit, which flag.

The reader of print confuses what looks alike (``mlU/L``, ``10~9/L``, ``天巾冬氨酸``). A name or a unit is set right only where
the terminology knows what it must have been; a digit of a value is never touched.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal

from syngraph.terminology.fold import fold
from syngraph.terminology.labs import is_lab_name, lab, lab_unit
from syngraph.terminology.lexicon import Term, lexicon
from syngraph.terminology.units import Flag, Unit, convert, flag, parse_range, parse_value, quantity, unit

#: A name read at least this surely is not doubted.
_SURE_NAME = 0.97
#: How many times a printed bound may be off an adult's usual one before it is doubted.
_OFF = 8
#: What no unit prints: a figure one or a bar for a letter, ``lU`` for ``IU``.
_MISREAD_UNIT = re.compile(r"CO[l1]|C0I|(?<![\d^.])[1|!](?![\d.])|lU|iU|I(?!U|NR)|\bPg|P9|mo[1I]|[a-z]9/")
_PER_CENT = re.compile(r"9[6%]|%\s?[6o]|[oO0]/[oO0]|省")
_LOST_POWER = re.compile(r"[×xX*]\s?10[°º'\"^]?\s?/\s?[Ll1I]")
_POWER_SIGN = re.compile(r"(?<=10)\s?[~ˆ˄Λ∧]\s?(?=\d)")


def analyte(
    item: str, *, unit: str = "", specimen: str | None = None, panel: str | None = None, abbreviation: str | None = None
) -> Term | None:
    """The analyte that a row is about, also where its name was misread; None where it is unknown.

    A unit that speaks against every candidate may itself be misread, so the name is then asked for alone.
    """
    found = lab(item, unit=unit or None, specimen=specimen, panel_hint=panel, abbreviation=abbreviation)
    return found or lab(item, specimen=specimen, panel_hint=panel, abbreviation=abbreviation)


def is_known(name: str) -> bool:
    """Whether ``name``, with or without what stands in brackets behind it, is exactly the name of a laboratory item."""
    bare = re.sub(r"\s*[(（\[][^()（）\[\]]*[)）\]]\s*$", "", name)
    return any(lexicon().lookup(n, "lab") is not None or is_lab_name(n) for n in (name, bare) if n)


def same_analyte(a: str, b: str) -> bool:
    """Whether two names mean one known thing (``白细胞计数``, ``WBC白细胞计数``; not ``胆固醇``, ``LDL胆固醇``)."""
    first, second = lab(a), lab(b)
    return first is not None and second is not None and first.id == second.id


def repaired_name(item: str, found: Term | None, score: float, abbreviation: str | None = None) -> str:
    """``item`` as it must have been printed: a name of ``found`` that differs by a misread character or two.

    Only a name that was read unsurely (``score`` is its confidence) is touched: of two names that differ by one
    character (衣原体, 支原体) both may exist. One that the print cut short stays as it is; one of two or three
    characters is set right only where its abbreviation means the same.
    """
    if found is None or score >= _SURE_NAME or is_known(item):
        return item
    if len(item) < 4 and not (abbreviation and (short := lab(abbreviation)) and short.id == found.id):
        return item
    key = _key(item)
    near = sorted((d, n) for n in _names(found) if (d := _misread(key, _key(n))) is not None)
    return _in_case(near[0][1], item) if near else item


def _misread(read: str, name: str) -> int | None:
    """How many characters of ``name`` were misread; None where it is too many, or where they may tell names apart.

    Figures must be the same, the first letter of a Latin name too (``VLDL`` is no misread ``LDL``); a comma more
    or less is no misreading.
    """
    from rapidfuzz.distance import Levenshtein

    if [c for c in read if c.isdigit()] != [c for c in name if c.isdigit()]:
        return None
    if name.isascii() != read.isascii():
        return None  # 白细胞 WBC is no misread WCC
    if name.isascii():
        read, name = (re.sub(r"[^a-z0-9]", "", n) for n in (read, name))
        wrong = Levenshtein.distance(read, name) if read[:1] == name[:1] else len(name)
    else:
        wrong = sum(a != b for a, b in zip(read, name, strict=True)) if len(read) == len(name) else len(name)
    return wrong if 0 < wrong <= (1 if len(name) < 9 else 2) and wrong < len(name) else None


def _names(term: Term) -> Iterator[str]:
    yield from term.names()
    yield from (n for n in term.attrs.get("printed", "").split("|") if n)


def _key(name: str) -> str:
    return fold(unicodedata.normalize("NFKC", name)).replace(" ", "")


def _in_case(name: str, item: str) -> str:
    if not name.isascii():
        return name
    return name.upper() if item.isupper() else name[:1].upper() + name[1:] if item[:1].isupper() else name


def known_unit(
    printed: str, found: Term | None, reference: str = "", *, misread: bool = True
) -> tuple[str, str | None]:
    """``printed`` as it must have been printed, and its UCUM code; None where the unit is unknown.

    Args:
        printed: as read.
        found: the analyte, whose own units help.
        reference: the printed range, which must fit where a lost power or a lost ``μ`` is put back.
        misread: whether a reader of print may have misread it; a PDF's own text stays as it is.

    >>> known_unit("10~9/L", None)
    ('10^9/L', '10*9/L')
    """
    text = _POWER_SIGN.sub("^", printed.strip()) if misread else printed.strip()
    known = lab_unit(text, found) if text else None
    if not misread:
        return text, known.ucum if known else None
    if found is not None and (micro := _micro(text, found, known, reference)):
        return micro.zh, micro.ucum
    if found is not None and (known is None or not _measures(found, known)):
        known = _damaged(text, found, reference) or known
    if known is None:
        return text, None
    return _respelled(text, known), known.ucum


def _measures(found: Term, known: Unit) -> bool:
    """Whether the analyte is measured in that kind of unit, as far as the terminology says."""
    own = _own_units(found)
    return not own or any(quantity(u.ucum) == quantity(known.ucum) for u in own)


def _own_units(found: Term) -> list[Unit]:
    codes = [found.attrs.get("unit", ""), *found.attrs.get("units", "").split(",")]
    return [u for code in codes if code and (u := unit(code))]


def _micro(text: str, found: Term, known: Unit | None, reference: str) -> Unit | None:
    """The analyte's usual unit, where it is in micro and ``text`` has another letter for its ``μ``.

    Never where the analyte is measured in the unit that ``text`` spells, or where the printed range speaks against it.
    """
    usual = unit(found.attrs.get("unit", ""))
    if usual is None or not usual.zh.startswith("μ") or not re.match(r"[pHVyj]", text) or not reference:
        return None
    if known is not None and any(u.ucum == known.ucum for u in _own_units(found)):
        return None
    same = _blurred(usual.zh[1:]) == _blurred(text[1:])
    return usual if same and is_sound(reference, found, usual.ucum) else None


def _damaged(text: str, found: Term, reference: str) -> Unit | None:
    """The one unit of the analyte that ``text`` must have been."""
    if _LOST_POWER.fullmatch(text):
        return _power_of(found, reference)
    own = _own_units(found)
    if _PER_CENT.fullmatch(text):
        return next((u for u in own if u.ucum == "%"), None)
    read = _blurred(_plain(text))
    if len(read) < 2 or read.isdigit():
        return None
    near = [u for u in own if any(_one_letter_off(read, _blurred(_plain(s))) for s in (u.en, u.zh))]
    return near[0] if len(near) == 1 else None


def _one_letter_off(read: str, spelling: str) -> bool:
    """Whether one letter was misread or lost, and not the one that says milli, micro, nano or pico."""
    from rapidfuzz.distance import Levenshtein

    amount = spelling.partition("/")[0]
    return Levenshtein.distance(read, spelling) == 1 and (len(amount) < 2 or read[0] == spelling[0])


def _power_of(found: Term, reference: str) -> Unit | None:
    """The analyte's unit with a power of ten, where the print lost its small exponent and the range fits it."""
    code = found.attrs.get("unit", "")
    return unit(code) if code.startswith("10*") and reference and is_sound(reference, found, code) else None


def _respelled(text: str, known: Unit) -> str:
    """``text`` where it spells ``known``, else the usual spelling that is closest to it."""
    fallen = re.match(r"([×xX]\s?)10(3|6|9|12)(?=/)", text)
    if (
        fallen
    ):  # the power's figures came down to the line: they were printed small, a sign of power would have been read
        return f"×10{fallen[2].translate(_RAISED)}{text[fallen.end() :]}"
    if unit(text) == known and not _MISREAD_UNIT.search(text):
        return text
    spellings = [known.en, known.zh, known.ucum]
    best = next((s for s in spellings if _blurred(_plain(s)) == _blurred(_plain(text))), known.zh)
    power = re.match(r"[×xX*]?10[⁰¹²³⁴-⁹^*]", best)
    if power is None:
        return best
    return ("×" if re.match(r"[×xX*]", text) else "") + _plain(best)


#: Figures as they are printed in a power.
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def _plain(text: str) -> str:
    digits = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
    raised = re.sub(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda m: "^" + m[0].translate(digits), text)
    flat = unicodedata.normalize("NFKC", raised).replace("μ", "u").replace("*", "^")
    return re.sub(r"^[×xX](?=10)", "", re.sub(r"\s", "", flat))


def _blurred(text: str) -> str:
    return text.lower().translate(str.maketrans("i1|!o", "llll0")).replace("^", "")


def value_flag(value: str, reference: str, sex: str | None = None) -> Flag | None:
    """``low``, ``high``, ``normal`` or ``abnormal``, by the value and the range alone; None where they don't tell.

    >>> value_flag("5.62", "3.50-5.30")
    'high'
    """
    return flag(value, reference, sex) if reference else None


def is_sound(reference: str, found: Term | None, code: str | None, sex: str | None = None) -> bool:
    """Whether a printed range can be one: readable, and not many times off the analyte's usual range in the same unit."""
    bounds = parse_range(reference, sex)
    if bounds is None:
        return False
    if bounds.titre or found is None or code is None or code != found.attrs.get("unit"):
        return True
    for mine, key in ((bounds.low, "low"), (bounds.high, "high")):
        usual = Decimal(found.attrs.get(key) or 0)
        if mine and usual > 0 and mine > 0 and not usual / _OFF <= mine <= usual * _OFF:
            return False
    return True


def is_possible(value: str, found: Term | None, code: str | None) -> bool:
    """Whether a living person can have this value; False only where the terminology's widest bounds say so.

    A lost decimal point gives such values (``323`` mmol/L of glucose, printed 3.23).
    """
    low, _, high = found.attrs.get("plausible", "").partition("..") if found else ("", "", "")
    number = parse_value(value).number
    if not (found and low and high and code) or number is None:
        return True
    read = convert(number, code, found.attrs.get("unit", ""), found.id)
    return read is None or Decimal(low) <= read <= Decimal(high)

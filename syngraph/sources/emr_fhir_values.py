"""Reading FHIR JSON that may be wrong anywhere: typed accessors, names, times, quantities. None of them raises.

Works for R4 and, where elements only moved, for DSTU2, STU3 and R5. Numbers are strings exactly as written.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from syngraph.model import Coding
from syngraph.sources.emr_rows import Named
from syngraph.sources.emr_values import has_chinese, iso_date, moment, one_line, with_unit

JsonObject = dict[str, Any]

UCUM = "http://unitsofmeasure.org"


def obj(value: object) -> JsonObject:
    """``value`` as an object; an empty one where it is none."""
    return value if isinstance(value, dict) else {}


def arr(value: object) -> list[Any]:
    """``value`` as a list; a single thing is a list of one."""
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def objects(value: object) -> Iterator[JsonObject]:
    """The objects in ``value``, a list or a single one."""
    return (v for v in arr(value) if isinstance(v, dict))


def txt(value: object) -> str | None:
    """``value`` as one line of text; None where it is none or empty."""
    return (one_line(value) or None) if isinstance(value, str) else None


def codings(concept: object) -> tuple[Coding, ...]:
    """The codes of a CodeableConcept, a Coding or a bare code, as received."""
    rows = obj(concept)
    found = [rows] if "code" in rows and "coding" not in rows else list(objects(rows.get("coding")))
    return tuple(
        Coding(code=code, system=txt(c.get("system")), display=txt(c.get("display")))
        for c in found
        if (code := txt(c.get("code")))
    )


def named(concept: object) -> Named | None:
    """A CodeableConcept by its text, else its Chinese, chosen or first display, else its code."""
    if isinstance(concept, list):
        return next((n for c in concept if (n := named(c))), None)
    if isinstance(concept, str):
        return Named(text=one_line(concept)) if one_line(concept) else None
    rows = obj(concept)
    if "concept" in rows:  # R5 CodeableReference
        return named(rows["concept"])
    codes = codings(rows)
    text = txt(rows.get("text")) or _display(rows, codes)
    if not text:
        text = next((t for c in arr(rows.get("coding")) if (t := txt(obj(c).get("display")))), None)
    return Named(text=text, codes=codes) if text else None


def _display(rows: JsonObject, codes: tuple[Coding, ...]) -> str | None:
    displays = [c.display for c in codes if c.display]
    chosen = [txt(c.get("display")) for c in objects(rows.get("coding")) if c.get("userSelected") is True]
    chinese = [d for d in displays if has_chinese(d)]
    return next((d for d in (*chinese, *chosen, *displays, *(c.code for c in codes)) if d), None)


def code_of(concept: object) -> str | None:
    """The first code of a CodeableConcept, or a bare code."""
    if isinstance(concept, list):
        return next((c for x in concept if (c := code_of(x))), None)
    if isinstance(concept, str):
        return txt(concept)
    codes = codings(concept)
    return codes[0].code if codes else txt(obj(concept).get("text"))


def choice(resource: JsonObject, stem: str) -> tuple[str, Any]:
    """The chosen type and value of a ``stem[x]`` element; ("", None) where there is none."""
    for key, value in resource.items():
        if key.startswith(stem) and key[len(stem) : len(stem) + 1].isupper() and value is not None:
            return key[len(stem) :], value
    return "", None


def stamp(resource: JsonObject, stem: str) -> tuple[str | None, str | None]:
    """Date and time of day of ``stem[x]`` (dateTime, instant or the start of a Period), or of ``stem`` itself."""
    kind, value = choice(resource, stem)
    value = value if kind else resource.get(stem)
    if isinstance(value, dict):
        value = value.get("start") or value.get("end") or next((t for t in arr(value.get("event"))), None)
    if not isinstance(value, str) or kind in ("Age", "Range", "String"):
        return None, None
    return moment(value)


def date_of(resource: JsonObject, *keys: str) -> str | None:
    """The first ISO date among the elements ``keys``."""
    for key in keys:
        value = resource.get(key)
        if isinstance(value, dict):
            value = value.get("start")
        if isinstance(value, str) and (date := iso_date(value)):
            return date
    return None


def quantity(value: object) -> tuple[str | None, str | None, str | None]:
    """Value (with comparator), unit and UCUM code of a Quantity, as received."""
    q = obj(value)
    number = txt(q.get("value"))
    if number is None:
        return None, None, None
    code = txt(q.get("code"))
    unit = txt(q.get("unit")) or txt(q.get("units")) or code
    return (txt(q.get("comparator")) or "") + number, unit, code if q.get("system") == UCUM else None


def quantity_text(value: object) -> str | None:
    """A Quantity or Range as text: ``5 mg``, ``1-2 片``."""
    q = obj(value)
    if "low" in q or "high" in q:
        low, unit, _ = quantity(q.get("low"))
        high, unit_high, _ = quantity(q.get("high"))
        return with_unit("-".join(p for p in (low, high) if p), unit_high or unit) if low or high else None
    if "numerator" in q:
        return quantity_text(q.get("numerator"))
    number, unit, _ = quantity(q)
    return with_unit(number, unit) if number else None


def notes(resource: JsonObject) -> str:
    """The text of a resource's notes on one line."""
    found = (txt(n.get("text")) if isinstance(n, dict) else txt(n) for n in arr(resource.get("note")))
    return "；".join(dict.fromkeys(n for n in found if n))

"""FHIR Observations to rows: results, vital signs, social and reproductive history, findings."""

from __future__ import annotations

from collections.abc import Iterator

from syngraph.model import FactKind
from syngraph.sources.emr_fhir import FhirFile, Item, encounter_date
from syngraph.sources.emr_fhir_values import (
    UCUM,
    JsonObject,
    arr,
    choice,
    code_of,
    codings,
    date_of,
    named,
    notes,
    obj,
    objects,
    quantity,
    quantity_text,
    stamp,
    txt,
)
from syngraph.sources.emr_rows import Named, observation_row
from syngraph.sources.emr_sheet import Prose, Row, join_pressures
from syngraph.sources.emr_values import moment, with_unit
from syngraph.sources.emr_vocabulary import state, topic_of

_KINDS: dict[str, FactKind] = {
    "laboratory": "lab-result",
    "vital-signs": "vital-sign",
    "vital-sign": "vital-sign",
    "social-history": "social-history",
    "imaging": "imaging",
    "activity": "social-history",
    "exam": "exam-finding",
    "survey": "exam-finding",
    "procedure": "exam-finding",
    "therapy": "exam-finding",
}


def observation(file: FhirFile, item: Item) -> Iterator[Row | Prose]:
    """One row for the value, one for each component; blood pressure as one row ``152/94``."""
    r = item.data
    if state("observation", txt(r.get("status"))) is None:
        return
    rows: list[Row | Prose] = []
    parts = list(objects(r.get("component")))
    if row := _row(file, item, r, item.path):
        rows.append(row)
    for n, part in enumerate(parts):
        if row := _row(file, item, part, f"{item.path}.component[{n}]"):
            rows.append(row)
    yield from join_pressures(rows) if parts else rows


def _row(file: FhirFile, item: Item, part: JsonObject, path: str) -> Row | None:
    thing = named(part.get("code"))
    if not thing:
        return None
    value, unit, unit_code, answer, truth = _value(part)
    if value is None and truth is None:
        return None
    whole = item.data
    reference = _range(part, unit)
    date, time = stamp(whole, "effective")
    date = date or date_of(whole, "issued") or encounter_date(file, item)
    flags = named(part.get("interpretation"))
    specimen = file.display(whole.get("specimen"), item)
    site = named(whole.get("bodySite"))
    return observation_row(
        thing,
        path=path,
        kind=_kind(whole, part, thing, reference, specimen),
        value=value,
        answer=answer,
        truth=truth,
        flag=next((c.code for c in flags.codes), flags.text) if flags else None,
        recorded=date_of(whole, "issued") or date,
        comment=notes(whole) if path == item.path else "",
        attributes={
            "unit": unit,
            "unit_code": unit_code,
            "reference_range": reference,
            "date": date,
            "time": time,
            "specimen": specimen,
            "body_site": site.text if site else None,
        },
    )


def _kind(whole: JsonObject, part: JsonObject, thing: Named, reference: str | None, specimen: str | None) -> FactKind:
    for category in arr(whole.get("category")):
        codes = [c.code for c in codings(category)] or [code_of(category) or ""]
        for code in codes:
            if kind := _KINDS.get(code.lower()):
                return kind
    if topic := topic_of(thing.codes, thing.text):
        return topic.kind
    measured = reference or specimen or part.get("interpretation") or "valueQuantity" in part
    return "lab-result" if measured else "exam-finding"


def _value(part: JsonObject) -> tuple[str | None, str | None, str | None, Named | None, bool | None]:
    """Value, unit, UCUM code, coded answer and truth value of ``value[x]``."""
    kind, value = choice(part, "value")
    if kind == "Quantity":
        return *quantity(value), None, None
    if kind in ("CodeableConcept", "Coding"):
        answer = named(value)
        return answer.text if answer else None, None, None, answer, None
    if kind == "Boolean":
        return None, None, None, None, value if isinstance(value, bool) else None
    if kind == "Ratio":
        ends = (quantity_text(obj(value).get("numerator")), quantity_text(obj(value).get("denominator")))
        return ":".join(e for e in ends if e) or None, None, None, None, None
    if kind == "Range":
        low, unit, _ = quantity(obj(value).get("low"))
        high, unit_high, _ = quantity(obj(value).get("high"))
        return "-".join(e for e in (low, high) if e) or None, unit or unit_high, None, None, None
    return _plain(kind, value), None, None, None, None


def _plain(kind: str, value: object) -> str | None:
    if kind in ("DateTime", "Instant", "Date"):
        date, time = moment(txt(value) or "")
        return " ".join(filter(None, (date, time))) or None
    if kind == "Period":
        ends = (moment(txt(obj(value).get(k)) or "")[0] for k in ("start", "end"))
        return " – ".join(e for e in ends if e) or None
    return txt(value) if kind in ("String", "Integer", "Time", "Decimal") else None


def _range(part: JsonObject, unit: str | None) -> str | None:
    """The printed reference range, else one written from its ends (without the value's own unit)."""
    rows = list(objects(part.get("referenceRange")))
    rows.sort(key=lambda r: code_of(r.get("type")) not in (None, "normal"))
    for row in rows:
        if text := txt(row.get("text")):
            return text
        low, high = _end(row.get("low"), unit), _end(row.get("high"), unit)
        if low and high:
            return f"{low}-{high}"
        if low or high:
            return f"≥{low}" if low else f"≤{high}"
    return None


def _end(value: object, unit: str | None) -> str | None:
    number, own, _ = quantity(value)
    same = not own or not unit or own == unit or obj(value).get("system") == UCUM
    return number if same or not number else with_unit(number, own)

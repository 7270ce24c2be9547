"""FHIR medication resources (request, statement, dispense, administration) to rows."""

from __future__ import annotations

from collections.abc import Iterator

from syngraph.model import Status
from syngraph.sources.emr_fhir import FhirFile, Item, encounter_date
from syngraph.sources.emr_fhir_values import (
    JsonObject,
    arr,
    choice,
    code_of,
    date_of,
    named,
    notes,
    obj,
    objects,
    quantity_text,
    stamp,
    txt,
)
from syngraph.sources.emr_rows import Named, medication_row
from syngraph.sources.emr_sheet import Prose, Row
from syngraph.sources.emr_values import has_chinese, iso_date
from syngraph.sources.emr_vocabulary import frequency_code, state, word

_DAILY = {1: "qd", 2: "bid", 3: "tid", 4: "qid"}
_WEEKLY = {1: "qw", 2: "biw", 3: "tiw"}


def dispense(file: FhirFile, item: Item) -> Iterator[Row | Prose]:
    """A dispense, unless its prescription is in the file too: that one says it already."""
    if not any(file.resolve(r, item) for r in arr(item.data.get("authorizingPrescription"))):
        yield from medication(file, item)


def medication(file: FhirFile, item: Item) -> Iterator[Row | Prose]:
    """A drug that is, was or will be taken."""
    r = item.data
    thing = _drug(file, item)
    status = _status(r)
    if not thing or status is None:
        return
    dosage = next(objects(r.get("dosageInstruction") or r.get("dosage")), {})
    zh = has_chinese(thing.text + (txt(dosage.get("text")) or ""))
    code, spoken = _frequency(obj(dosage.get("timing")), zh)
    why, stopped = named(r.get("reasonCode") or r.get("reasonForUseCodeableConcept")), named(r.get("statusReason"))
    start, end = _period(r, dosage)
    row = medication_row(
        thing,
        path=item.path,
        status=status,
        instructions=_instructions(r, dosage),
        recorded=date_of(r, "authoredOn", "dateAsserted", "dateWritten", "whenHandedOver")
        or encounter_date(file, item),
        comment="；".join(filter(None, (_more(r, dosage), notes(r)))),
        attributes={
            "dose": _dose(dosage),
            "route": n.text if (n := named(dosage.get("route"))) else None,
            "frequency": code,
            "frequency_text": spoken,
            "as_needed": "true" if choice(dosage, "asNeeded")[1] not in (None, False) else None,
            "onset": start,
            "ended": end,
            "reason": why.text
            if why
            else next((t for x in arr(r.get("reasonReference")) if (t := file.display(x, item))), None),
            "stop_reason": stopped.text if stopped and status == "historical" else None,
            "intent": txt(r.get("intent")),
            "category": code_of(r.get("category")),
        },
    )
    if row:
        yield row


def _drug(file: FhirFile, item: Item) -> Named | None:
    kind, value = choice(item.data, "medication")
    value = value if kind else item.data.get("medication")
    if thing := named(value):
        return thing
    reference = obj(value).get("reference") if isinstance(obj(value).get("reference"), dict) else value  # R5
    found = file.resolve(reference, item)
    if found and (thing := named(found.data.get("code"))):
        return thing
    if found:
        parts = [n.text for i in objects(found.data.get("ingredient")) if (n := named(choice(i, "item")[1]))]
        return Named(text=" / ".join(parts)) if parts else None
    display = txt(obj(reference).get("display"))
    return Named(text=display) if display else None


def _status(r: JsonObject) -> Status | None:
    kind = r.get("resourceType")
    status = state("medication", txt(r.get("status")))
    if kind in ("MedicationAdministration", "MedicationDispense") and status == "present":
        status = "historical" if txt(r.get("status")) == "completed" else "present"
    if status == "present" and (txt(r.get("intent")) in ("proposal", "plan") or r.get("doNotPerform") is True):
        return "absent" if r.get("doNotPerform") is True else "planned"
    taken = code_of(r.get("adherence")) or txt(r.get("wasNotTaken") or r.get("taken"))
    return "absent" if taken in ("n", "not-taken") or r.get("wasNotTaken") is True else status


def _period(r: JsonObject, dosage: JsonObject) -> tuple[str | None, str | None]:
    bounds = obj(obj(obj(dosage.get("timing")).get("repeat")).get("boundsPeriod"))
    kind, value = choice(r, "effective")
    period = obj(value) if kind == "Period" else obj(r.get("effectivePeriod"))
    start = iso_date(txt(period.get("start"))) or iso_date(txt(bounds.get("start")))
    end = iso_date(txt(period.get("end"))) or iso_date(txt(bounds.get("end"))) or date_of(r, "dateEnded")
    return start or stamp(r, "effective")[0] or date_of(r, "whenHandedOver"), end


def _instructions(r: JsonObject, dosage: JsonObject) -> str:
    return (
        txt(dosage.get("text"))
        or txt(dosage.get("patientInstruction"))
        or txt(r.get("renderedDosageInstruction"))
        or ""
    )


def _more(r: JsonObject, dosage: JsonObject) -> str:
    """Further dosage steps (tapering), which one dose and frequency can't hold."""
    steps = list(objects(r.get("dosageInstruction") or r.get("dosage")))[1:]
    return "；".join(t for s in steps if (t := txt(s.get("text")) or _dose(s)))


def _dose(dosage: JsonObject) -> str | None:
    rate = next(objects(dosage.get("doseAndRate")), {})
    for source in (rate, dosage):
        for key in ("doseQuantity", "doseRange", "dose", "quantityQuantity", "quantity"):
            if text := quantity_text(source.get(key)):
                return text
    return None


def _frequency(timing: JsonObject, zh: bool) -> tuple[str | None, str | None]:
    """Abbreviation and words of a Timing: as received where it has words, else worded from its numbers."""
    said = named(timing.get("code"))
    if said:
        found = frequency_code(said.text) or next((f for c in said.codes if (f := frequency_code(c.code))), None)
        return (found[0] if found else None), said.text
    repeat = obj(timing.get("repeat"))
    whens = [t for w in arr(repeat.get("when")) if (t := txt(w))]
    if "HS" in whens and len(whens) == 1:
        return "qn", word("bedtime", zh)
    times = txt(repeat.get("frequency")) or str(len(whens) or len(arr(repeat.get("timeOfDay"))) or 1)
    period, unit = (
        txt(repeat.get("period")) or ("1" if whens or repeat.get("timeOfDay") else ""),
        txt(repeat.get("periodUnit")),
    )
    unit = unit or txt(repeat.get("periodUnits")) or "d"
    if not (times.isdecimal() and period.replace(".", "", 1).isdecimal() and len(period) < 7 and len(times) < 4):
        return None, None
    return _worded(int(times), float(period), unit, zh)


def _worded(times: int, period: float, unit: str, zh: bool) -> tuple[str | None, str | None]:
    count = f"{period:g}"
    if unit == "h" and times == 1:
        code = "qd" if period == 24 else f"q{count}h"
        return code, word("every_hours", zh, count)
    if unit == "d" and period == 1:
        return _DAILY.get(times), word("per_day", zh, str(times)) if zh or times > 1 else "once daily"
    if unit == "d" and times == 1:
        return {2.0: "qod", 7.0: "qw"}.get(period), word("every_days", zh, count)
    if unit == "wk" and period == 1:
        return _WEEKLY.get(times), word("per_week", zh, str(times)) if zh or times > 1 else "once weekly"
    if unit == "wk" and times == 1:
        return {2.0: "q2w"}.get(period), word("every_weeks", zh, count)
    if unit == "mo" and period == 1:
        return "qm" if times == 1 else None, word("per_month", zh, str(times))
    return None, None

"""FHIR resources to rows and prose, one small function a resource type."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from syngraph.errors import InputError
from syngraph.model import Status
from syngraph.sources.emr_documents import attachment_text, html_text, section_id, split_document
from syngraph.sources.emr_fhir import FhirFile, Item, encounter_date
from syngraph.sources.emr_fhir_medications import dispense, medication
from syngraph.sources.emr_fhir_observations import observation
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
    quantity,
    stamp,
    txt,
)
from syngraph.sources.emr_rows import (
    Named,
    allergy_row,
    condition_row,
    none_row,
    observation_row,
    plain_name,
    severity_of,
)
from syngraph.sources.emr_sheet import Prose, Row
from syngraph.sources.emr_values import age_duration, has_chinese, iso_date, one_line, side_in
from syngraph.sources.emr_vocabulary import none_of, relative, section_groups, state, word
from syngraph.terminology.lexicon import lexicon

Reader = Callable[[FhirFile, Item], Iterator[Row | Prose]]


def read_resource(file: FhirFile, item: Item) -> list[Row | Prose]:
    """What one resource says; nothing for types that say nothing of the patient's health."""
    reader = _READERS.get(item.type)
    return list(reader(file, item)) if reader else []


def _recorded(file: FhirFile, item: Item, *keys: str) -> str | None:
    return date_of(item.data, *keys) or encounter_date(file, item)


def _allergy(file: FhirFile, item: Item) -> Iterator[Row]:
    r = item.data
    thing = named(r.get("code")) or named(r.get("substance"))
    reactions = list(objects(r.get("reaction")))
    if not thing:
        thing = next((n for x in reactions if (n := named(x.get("substance")))), None)
    status = _problem_status(r)
    if not thing or status is None:
        return
    manifestations = [n.text for x in reactions for m in arr(x.get("manifestation")) if (n := named(m))]
    manifestations += [t for x in reactions if not x.get("manifestation") and (t := txt(x.get("description")))]
    severity = severity_of(*(txt(x.get("severity")) for x in reactions)) or severity_of(txt(r.get("severity")))
    joint = "、" if has_chinese("".join(manifestations)) else ", "
    row = allergy_row(
        thing,
        path=item.path,
        status=status,
        recorded=_recorded(file, item, "recordedDate", "assertedDate", "dateRecorded"),
        comment=notes(r),
        attributes={
            "reaction": joint.join(dict.fromkeys(plain_name(m) for m in manifestations)) or None,
            "severity": severity,
            "criticality": {"high": "high", "low": "low", "CRITH": "high", "CRITL": "low"}.get(
                txt(r.get("criticality")) or ""
            ),
            "category": next((t for c in arr(r.get("category")) if (t := txt(c))), None),
            "type": code_of(r.get("type")),
            "onset": stamp(r, "onset")[0],
        },
    )
    if row:
        yield row


def _problem_status(r: JsonObject) -> Status | None:
    """Status of a Condition or an AllergyIntolerance from its clinical and verification status."""
    verified = state("verification", code_of(r.get("verificationStatus")))
    clinical = state("clinical", code_of(r.get("clinicalStatus")))
    if verified is None or code_of(r.get("status")) == "entered-in-error":
        return None
    if verified in ("absent", "uncertain") and clinical != "historical":
        return verified
    return verified if verified == "absent" else clinical


def _condition(file: FhirFile, item: Item) -> Iterator[Row]:
    r = item.data
    thing, status = named(r.get("code")), _problem_status(r)
    if not thing or status is None:
        return
    kind, ended = choice(r, "abatement")
    over = kind != "" and ended is not False
    if over and status == "present" and not code_of(r.get("clinicalStatus")):
        status = "historical"
    age_kind, age = choice(r, "onset")
    number, unit, _ = quantity(age) if age_kind == "Age" else (None, None, None)
    onset_text = txt(age) if age_kind == "String" else None
    site = named(r.get("bodySite"))
    row = condition_row(
        thing,
        path=item.path,
        status=status,
        recorded=_recorded(file, item, "recordedDate", "assertedDate", "dateRecorded"),
        comment="；".join(filter(None, (onset_text, notes(r)))),
        attributes={
            "onset": stamp(r, "onset")[0],
            "onset_age": age_duration(number, unit or "a") if number else None,
            "ended": stamp(r, "abatement")[0],
            "severity": _severity(r),
            "body_site": site.text if site else None,
            "laterality": _side_code(r.get("bodySite")),
            "category": code_of(r.get("category")),
        },
    )
    if row:
        yield row


def _severity(r: JsonObject) -> str | None:
    graded = named(r.get("severity"))
    return severity_of(*(c.code for c in graded.codes), graded.text) if graded else None


def _side_code(site: object) -> str | None:
    """Side of a body site whose code says it without words (SNOMED CT qualifiers)."""
    known = {"7771000": "left", "24028007": "right", "51440002": "bilateral"}
    for concept in arr(site):
        thing = named(concept)
        for coding in thing.codes if thing else ():
            if coding.code in known:
                return known[coding.code]
        if thing and (side := side_in(thing.text)):
            return side
    return None


def _procedure(file: FhirFile, item: Item) -> Iterator[Row]:
    r = item.data
    thing = named(r.get("code"))
    status = state("procedure", txt(r.get("status")), "historical")
    if r.get("notDone") is True or r.get("notPerformed") is True:
        status = "absent"
    if not thing or status is None:
        return
    if (none := none_of("procedure", thing.codes, thing.text)) is not None:
        if none:
            yield none_row("procedure", none, thing, item.path, None)
        return
    performed = stamp(r, "performed")[0] or stamp(r, "occurrence")[0] or encounter_date(file, item)
    site, why = named(r.get("bodySite")), named(r.get("reasonCode"))
    outcome, kind = named(r.get("outcome")), choice(r, "performed")
    said = (txt(kind[1]) if kind[0] == "String" else None, outcome.text if outcome else None, notes(r))
    yield Row(
        kind="procedure",
        name=plain_name(thing.text),
        shown=thing.text,
        path=item.path,
        status=status,
        codes=thing.codes,
        recorded=performed,
        comment="；".join(filter(None, said)),
        attributes=_kept(
            date=performed,
            body_site=site.text if site else None,
            laterality=_side_code(r.get("bodySite")) or side_in(thing.text),
            reason=why.text if why else _reference_name(file, item, "reasonReference"),
        ),
    )


def _reference_name(file: FhirFile, item: Item, key: str) -> str | None:
    return next((t for ref in arr(item.data.get(key)) if (t := file.display(ref, item))), None)


def _kept(**attributes: str | None) -> dict[str, str]:
    return {k: v for k, v in attributes.items() if v}


def _family(file: FhirFile, item: Item) -> Iterator[Row | Prose]:
    r = item.data
    if txt(r.get("status")) in ("entered-in-error", "health-unknown"):
        return
    who = named(r.get("relationship")) or Named(text=txt(r.get("name")) or "family")
    subject = relative(who.codes, who.text)
    recorded = date_of(r, "date")
    deceased = choice(r, "deceased")
    dead = bool(deceased[0]) and deceased[1] is not False
    found = False
    for n, c in enumerate(objects(r.get("condition"))):
        thing = named(c.get("code"))
        if not thing:
            continue
        found = True
        age_kind, age = choice(c, "onset")
        number, unit, _ = quantity(age) if age_kind == "Age" else (None, None, None)
        said = (txt(age) if age_kind == "String" else None, notes(c), notes(r) if n == 0 else "")
        yield Row(
            kind="family-history",
            name=plain_name(thing.text),
            shown=thing.text,
            path=f"{item.path}.condition[{n}]",
            subject=subject,
            codes=thing.codes,
            recorded=recorded,
            comment="；".join(filter(None, said)),
            attributes=_kept(
                onset_age=age_duration(number, unit or "a") if number else None,
                onset=stamp(c, "onset")[0],
                deceased="true" if dead else None,
            ),
        )
    if not found and (note := notes(r)):
        label = word("family-history", has_chinese(note))
        yield Prose(text=note, path=item.path, title=label, section="family-history", date=recorded)


def _immunization(file: FhirFile, item: Item) -> Iterator[Row]:
    r = item.data
    thing, status = named(r.get("vaccineCode")), state("immunization", txt(r.get("status")))
    if r.get("wasNotGiven") is True or r.get("notGiven") is True:
        status = "absent"
    if not thing or status is None:
        return
    date = stamp(r, "occurrence")[0] or date_of(r, "date")
    protocol = next(objects(r.get("protocolApplied")), {})
    number = choice(protocol, "doseNumber")[1]
    why = named(r.get("statusReason"))
    yield Row(
        kind="immunization",
        name=plain_name(thing.text),
        shown=thing.text,
        path=item.path,
        status=status,
        codes=thing.codes,
        recorded=date,
        comment="；".join(filter(None, (why.text if why else None, notes(r)))),
        attributes=_kept(date=date, dose_number=txt(number)),
    )


def _encounter(file: FhirFile, item: Item) -> Iterator[Row]:
    r = item.data
    status = state("encounter", txt(r.get("status")))
    kind = named(r.get("type")) or named(r.get("serviceType")) or named(r.get("class"))
    date = stamp(r, "period")[0] or stamp(r, "actualPeriod")[0]
    if status is None or not kind or not date:
        return
    service, why = named(r.get("serviceType")), named(r.get("reasonCode"))
    department = service.text if service else file.display(r.get("serviceProvider"), item)
    yield Row(
        kind="administrative",
        name=plain_name(kind.text),
        shown=kind.text,
        path=item.path,
        status=status,
        codes=kind.codes,
        recorded=date,
        attributes=_kept(
            date=date,
            department=department if department != kind.text else None,
            reason=why.text if why else _reference_name(file, item, "reasonReference"),
        ),
    )


def _order(file: FhirFile, item: Item) -> Iterator[Row]:
    r = item.data
    thing, status = named(r.get("code")), state("service", txt(r.get("status")), "planned")
    if not thing or status is None or r.get("doNotPerform") is True:
        return
    when = stamp(r, "occurrence")[0]
    why = named(r.get("reasonCode"))
    yield Row(
        kind="plan",
        name=plain_name(thing.text),
        shown=thing.text,
        path=item.path,
        status=status,
        codes=thing.codes,
        recorded=_recorded(file, item, "authoredOn"),
        comment=notes(r),
        attributes=_kept(date=date_of(r, "authoredOn"), when=when, reason=why.text if why else None),
    )


_LONGEST_CONCLUSION = 400


def _pictured(item: Item) -> Row | None:
    """A picture's report that is all in its conclusion; None where it holds more, or is of the laboratory."""
    r = item.data
    thing, conclusion = named(r.get("code")), txt(r.get("conclusion"))
    if thing is None or not conclusion or len(conclusion) > _LONGEST_CONCLUSION or r.get("presentedForm"):
        return None
    found = lexicon().longest(thing.text, "test")
    if not any(m.term.attrs.get("group") in ("imaging", "endoscopy", "function", "pathology") for m in found):
        return None
    date = stamp(r, "effective")[0] or date_of(r, "issued")
    said = one_line(conclusion).rstrip(".。")
    return observation_row(
        thing, path=item.path, kind="imaging", value=said, recorded=date, attributes={"date": date, "conclusion": said}
    )


def _report(file: FhirFile, item: Item) -> Iterator[Prose | Row]:
    r = item.data
    if state("observation", txt(r.get("status"))) is None:
        return
    if (row := _pictured(item)) is not None:
        yield row
        return
    thing = named(r.get("code"))
    date = stamp(r, "effective")[0] or date_of(r, "issued")
    texts = [t for t in [txt(r.get("conclusion"))] if t]
    texts += [n.text for c in arr(r.get("conclusionCode") or r.get("codedDiagnosis")) if not texts and (n := named(c))]
    texts += [t for a in objects(r.get("presentedForm")) if (t := _attachment(file, a))]
    body = "\n".join(dict.fromkeys(texts))
    if not body:
        return
    zh = has_chinese((thing.text if thing else "") + body)
    title = word("report.of", zh, thing.text) if thing else word("report", zh)
    heading = f"{title} {date or ''}"
    yield from split_document(body, path=item.path, heading=heading, section="investigations", date=date)


def _attachment(file: FhirFile, attachment: JsonObject) -> str | None:
    media_type = txt(attachment.get("contentType")) or ""
    data = attachment.get("data")
    if not isinstance(data, str) or not data:
        if txt(attachment.get("url")):
            file.note("holds a document that is only referenced, not included", "export it with its content")
        return None
    try:
        return attachment_text(data, media_type, max_pages=file.max_pages)
    except InputError as error:
        file.note(error.message, error.advice)
        return None


def _document(file: FhirFile, item: Item) -> Iterator[Prose]:
    r = item.data
    if txt(r.get("status")) in ("entered-in-error", "superseded") or txt(r.get("docStatus")) == "entered-in-error":
        return
    kind = named(r.get("type"))
    date = date_of(r, "date", "created", "indexed") or stamp(obj(r.get("context")), "period")[0]
    attachments = [obj(c.get("attachment")) for c in objects(r.get("content"))]
    texts = [t for a in attachments if (t := _attachment(file, _binary(file, item, a)))]
    title = kind.text if kind else txt(r.get("description")) or ""
    code = next((c.code for c in kind.codes), None) if kind else None
    for text in dict.fromkeys(texts):
        heading = " ".join(filter(None, (title or word("document", has_chinese(text)), date)))
        yield from split_document(text, path=item.path, heading=heading, section=section_id(title, code), date=date)


def _binary(file: FhirFile, item: Item, attachment: JsonObject) -> JsonObject:
    """The attachment itself, or the Binary of this file that its URL names."""
    if attachment.get("data"):
        return attachment
    found = file.resolve({"reference": attachment.get("url")}, item)
    return found.data if found and found.type == "Binary" else attachment


def _composition(file: FhirFile, item: Item) -> Iterator[Row | Prose]:
    if txt(item.data.get("status")) == "entered-in-error":
        return
    date = iso_date(txt(item.data.get("date")))
    for n, section in enumerate(objects(item.data.get("section"))):
        yield from _section(file, item, section, f"{item.path}.section[{n}]", date, 0)


def _section(
    file: FhirFile, item: Item, section: JsonObject, path: str, date: str | None, depth: int
) -> Iterator[Row | Prose]:
    title, code = txt(section.get("title")), code_of(section.get("code"))
    group = section_groups().get(code or "", "")
    if code_of(section.get("emptyReason")) == "nilknown" and group in ("allergy", "medication", "problem"):
        kind = "condition" if group == "problem" else group
        thing = Named(text="")
        yield none_row(kind, f"name.{kind}", thing, path, date)  # type: ignore[arg-type]
        return
    # Where the section's resources are in the file, they say it; the narrative would only say it again.
    entries = [file.resolve(e, item) for e in arr(section.get("entry"))]
    if not any(e and e.type in _READERS for e in entries):
        text = html_text(txt_lines(obj(section.get("text")).get("div")))
        found = section_id(title, code)
        if found or not title:
            yield Prose(text=text, path=path, title=title or "", section=found, date=date)
        else:
            yield from split_document(text, path=path, heading=title, date=date)
    if depth < 4:
        for n, inner in enumerate(objects(section.get("section"))):
            yield from _section(file, item, inner, f"{path}.section[{n}]", date, depth + 1)


def txt_lines(value: object) -> str:
    """``value`` as text with its lines; empty where it is none."""
    return value if isinstance(value, str) else ""


def _said(label: str, *keys: str) -> Reader:
    """A reader for resources that only carry a few words: an alert, an impression, a device."""

    def read(file: FhirFile, item: Item) -> Iterator[Prose]:
        r = item.data
        if txt(r.get("status")) in ("entered-in-error", "inactive"):
            return
        texts = [t for k in keys if (t := txt(r.get(k)) or (n.text if (n := named(r.get(k))) else None))]
        text = "；".join(dict.fromkeys([*texts, *([notes(r)] if notes(r) else [])]))
        if text:
            date = stamp(r, "period")[0] or stamp(r, "effective")[0] or date_of(r, "date", "recordedOn")
            yield Prose(text=text, path=item.path, title=word(label, has_chinese(text)), date=date)

    return read


def _list(file: FhirFile, item: Item) -> Iterator[Row]:
    group = section_groups().get(code_of(item.data.get("code")) or "", "")
    if code_of(item.data.get("emptyReason")) == "nilknown" and group in ("allergy", "medication", "problem"):
        kind = "condition" if group == "problem" else group
        yield none_row(kind, f"name.{kind}", Named(text=""), item.path, date_of(item.data, "date"))  # type: ignore[arg-type]


_READERS: dict[str, Reader] = {
    "AllergyIntolerance": _allergy,
    "ClinicalImpression": _said("impression", "description", "summary"),
    "Composition": _composition,
    "Condition": _condition,
    "Device": _said("device", "type", "deviceName"),
    "DiagnosticReport": _report,
    "DocumentReference": _document,
    "Encounter": _encounter,
    "FamilyMemberHistory": _family,
    "Flag": _said("alert", "code"),
    "Immunization": _immunization,
    "List": _list,
    "MedicationAdministration": medication,
    "MedicationDispense": dispense,
    "MedicationOrder": medication,
    "MedicationRequest": medication,
    "MedicationStatement": medication,
    "MedicationUsage": medication,
    "Observation": observation,
    "Procedure": _procedure,
    "ServiceRequest": _order,
}

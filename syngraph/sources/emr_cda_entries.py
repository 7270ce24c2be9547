"""Structured entries of CDA sections to rows and prose, one small function a kind of entry."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from xml.etree.ElementTree import Element

from syngraph.model import Status
from syngraph.sources.emr_cda import CdaFile, all_text, attr, find
from syngraph.sources.emr_cda_chinese import CHINESE_ELEMENTS, read_chinese
from syngraph.sources.emr_cda_results import observation, results
from syngraph.sources.emr_cda_values import PLANNED, Part, coded, comment, negated, related, status_code, times, told
from syngraph.sources.emr_rows import (
    Named,
    allergy_row,
    condition_row,
    medication_row,
    none_row,
    plain_name,
    severity_of,
)
from syngraph.sources.emr_sheet import Prose, Row
from syngraph.sources.emr_values import age_duration, has_chinese, iso_date, side_in, with_unit
from syngraph.sources.emr_vocabulary import relative, state

_SEVERITY = frozenset({"SEV", "246112005"})
_EIVL = {"HS": "qn"}

Reader = Callable[[Part], Iterator[Row | Prose]]


def read_entries(file: CdaFile, section: Element, group: str, found: str | None, path: str) -> list[Row | Prose]:
    """The rows and titled texts of a section's entries; [] where its narrative has to tell it."""
    reader = _READERS.get(group)
    rows: list[Row | Prose] = []
    for n, entry in enumerate(section.findall("entry")):
        part = Part(file, entry, f"{path}.entry[{n}]", found, section)
        if any(attr(c, "codeSystem") == CHINESE_ELEMENTS for c in entry.iter("code")):
            rows += read_chinese(part, group)
        elif reader:
            rows += reader(part)
    return rows


def _allergy(part: Part) -> Iterator[Row]:
    concern = find(part.element, "act")
    for o in _top_observations(part.element):
        thing, substance = coded(part.file, o.find("value")), None
        for entity in o.findall("participant/participantRole/playingEntity"):
            substance = coded(part.file, entity.find("code")) or _plain(all_text(entity.find("name")))
        status: Status = "absent" if negated(o) else "present"
        if status == "absent" and substance is None:
            text = thing.text.lower() if thing else ""
            key = "name.drug-allergy" if "drug" in text or "药" in text else "name.allergy"
            yield none_row("allergy", key, Named(text=""), part.path, iso_date(attr(find(o, "author/time"), "value")))
            continue
        name = substance or (thing if thing and thing.codes and not _is_type(thing) else None)
        if not name:
            continue
        if status == "present" and _over(o, concern):
            status = "historical"
        row = allergy_row(
            name,
            path=part.path,
            status=status,
            recorded=iso_date(attr(find(concern, "author/time"), "value")),
            comment=comment(part, o),
            attributes={**_reactions(part, o), "onset": times(o)[0]},
        )
        if row:
            yield row


def _is_type(thing: Named) -> bool:
    """Whether a value only says what sort of allergy it is."""
    types = {"419199007", "416098002", "419511003", "414285001", "420134006", "418038007", "418471000", "235719002"}
    return any(c.code in types for c in thing.codes)


def _plain(text: str) -> Named | None:
    return Named(text=text) if text else None


def _reactions(part: Part, o: Element) -> dict[str, str | None]:
    reactions, severities, own = [], [], []
    for relation in o.findall("entryRelationship"):
        inner = relation.find("observation")
        if inner is None:
            continue
        value = coded(part.file, inner.find("value"))
        if attr(inner.find("code"), "code") in _SEVERITY and value:
            own += [*(c.code for c in value.codes), value.text]
        elif relation.get("typeCode") == "MFST" and value:
            reactions.append(value.text)
            graded = [coded(part.file, s.find("value")) for s in related(inner)]
            severities += [w for g in graded if g for w in (*(c.code for c in g.codes), g.text)]
    joint = "、" if has_chinese("".join(reactions)) else ", "
    return {"reaction": joint.join(reactions) or None, "severity": severity_of(*own) or severity_of(*severities)}


def _over(o: Element, concern: Element | None) -> bool:
    """Whether a problem or allergy is resolved: it ended, its status says so, or its concern is closed."""
    for inner in related(o):
        if attr(inner.find("code"), "code") in ("33999-4", "S") or attr(inner.find("code"), "displayName") == "Status":
            value = attr(inner.find("value"), "displayName").lower() or attr(inner.find("value"), "code")
            if value:
                return value in ("inactive", "resolved", "413322009", "73425007", "remission", "已解决", "非活动")
    if times(o)[1] is not None:
        return True
    return concern is not None and status_code(concern) in ("completed", "aborted")


def _problem(part: Part) -> Iterator[Row]:
    concern = find(part.element, "act")
    for o in _top_observations(part.element):
        thing = coded(part.file, o.find("value")) or _plain(told(part.file, o.find("text")))
        value = o.find("value")
        if value is not None and not thing:
            thing = _plain(told(part.file, find(value, "originalText")) or all_text(value))
        if not thing:
            continue
        generic = thing.text.lower() in ("problem", "condition", "disease", "disorder", "finding", "疾病", "问题")
        if generic:
            if negated(o):
                yield none_row("condition", "name.condition", Named(text="", codes=thing.codes), part.path, None)
            continue
        status: Status = "absent" if negated(o) else "historical" if _over(o, concern) else "present"
        start, end = times(o)
        site = coded(part.file, o.find("targetSiteCode"))
        row = condition_row(
            thing,
            path=part.path,
            status=status,
            recorded=iso_date(attr(find(concern, "author/time"), "value")),
            comment=comment(part, o),
            attributes={"onset": start, "ended": end, "body_site": site.text if site else None},
        )
        if row:
            yield row


def _top_observations(entry: Element) -> Iterator[Element]:
    """The observations that an entry is about: its own, those of its acts, and components; not their details."""
    yield from entry.findall("observation")
    for act in entry.findall("act"):
        yield from related(act)
    for encounter in entry.findall("encounter"):
        for act in related(encounter, "act"):
            yield from related(act)


def _medication(part: Part) -> Iterator[Row]:
    for s in part.element.iter("substanceAdministration"):
        thing = _product(part, s)
        if not thing or s.get("moodCode") in ("GOL", "PRP"):
            continue
        if _is_vaccine(thing):
            yield from _vaccine(part, s, thing)
            continue
        start, end = times(s)
        status = state("medication", status_code(s))
        if status == "historical" and status_code(s) == "completed" and not end:
            status = "present"  # many systems call every medication act "completed"; an end date says it is over
        if status is None:
            continue
        code, spoken = _frequency(s)
        route, why = coded(part.file, s.find("routeCode")), _reason(part, s)
        yield from _some(
            medication_row(
                thing,
                path=part.path,
                status="absent" if negated(s) else status,
                instructions=told(part.file, s.find("text")) if not code else "",
                recorded=iso_date(attr(find(s, "author/time"), "value")),
                comment=comment(part, s),
                attributes={
                    "dose": _dose(part, s),
                    "route": route.text if route else None,
                    "frequency": code,
                    "frequency_text": spoken,
                    "onset": start,
                    "ended": end,
                    "reason": why,
                },
            )
        )


def _product(part: Part, s: Element) -> Named | None:
    material = s.find("consumable/manufacturedProduct/manufacturedMaterial")
    if material is None:
        material = s.find("consumable/manufacturedProduct/manufacturedLabeledDrug")
    thing = coded(part.file, find(material, "code"))
    name = all_text(find(material, "name"))
    if name and (not thing or thing.text == (thing.codes[0].code if thing.codes else "")):
        return Named(text=name, codes=thing.codes if thing else ())
    return thing


def _is_vaccine(thing: Named) -> bool:
    return any(c.system == "http://hl7.org/fhir/sid/cvx" for c in thing.codes)


def _reason(part: Part, s: Element) -> str | None:
    for relation in s.findall("entryRelationship"):
        if relation.get("typeCode") == "RSON" and (value := coded(part.file, relation.find("observation/value"))):
            return value.text
    return None


def _dose(part: Part, s: Element) -> str | None:
    quantity = s.find("doseQuantity")
    value = attr(quantity, "value") or attr(find(quantity, "center"), "value")
    low, high = attr(find(quantity, "low"), "value"), attr(find(quantity, "high"), "value")
    value = value or "-".join(p for p in (low, high) if p)
    if not value:
        return None
    form = coded(part.file, s.find("administrationUnitCode"))
    return with_unit(value, attr(quantity, "unit").strip("{}") or (form.text if form else None))


def _frequency(s: Element) -> tuple[str | None, str | None]:
    for e in s.findall("effectiveTime"):
        period, event = e.find("period"), attr(e.find("event"), "code")
        if event in _EIVL:
            return _EIVL[event], event
        value, unit = attr(period, "value"), attr(period, "unit")
        if value and unit in ("h", "d", "wk"):
            code = {"24h": "qd", "1d": "qd", "2d": "qod", "1wk": "qw", "7d": "qw"}.get(
                value + unit, f"q{value}{unit[0]}"
            )
            return code, f"every {value} {unit}"
    return None, None


def _vaccine(part: Part, s: Element, thing: Named) -> Iterator[Row]:
    date = times(s)[0]
    status: Status | None = "absent" if negated(s) else state("immunization", status_code(s))
    if status is None or s.get("moodCode") in PLANNED:
        return
    attributes = {"date": date, "dose": _dose(part, s)}
    yield Row(
        kind="immunization",
        name=plain_name(thing.text),
        shown=thing.text,
        path=part.path,
        status=status,
        codes=thing.codes,
        recorded=date,
        attributes={k: v for k, v in attributes.items() if v},
    )


def _immunization(part: Part) -> Iterator[Row]:
    for s in part.element.findall("substanceAdministration"):
        if thing := _product(part, s):
            yield from _vaccine(part, s, thing)


def _some(row: Row | None) -> Iterator[Row]:
    if row is not None:
        yield row


def _social(part: Part) -> Iterator[Row]:
    for o in part.element.findall("observation"):
        date = times(o)[0]
        if row := observation(part, o, "social-history", (date, None)):
            yield row


def _family(part: Part) -> Iterator[Row]:
    for organizer in part.element.iter("organizer"):
        subject = organizer.find("subject/relatedSubject")
        who = coded(part.file, find(subject, "code"))
        for o in organizer.findall("component/observation"):
            thing = coded(part.file, o.find("value"))
            if not thing:
                continue
            age = next(
                (i.find("value") for i in related(o) if attr(i.find("code"), "code") in ("445518008", "397659008")),
                None,
            )
            dead = any(attr(i.find("value"), "code") == "419099009" for i in related(o))
            attributes = {
                "onset": times(o)[0],
                "onset_age": age_duration(attr(age, "value"), attr(age, "unit")),
                "deceased": "true" if dead else None,
            }
            yield Row(
                kind="family-history",
                name=plain_name(thing.text),
                shown=thing.text,
                path=part.path,
                subject=relative(who.codes, who.text) if who else "family",
                status="absent" if negated(o) else "present",
                codes=thing.codes,
                attributes={k: v for k, v in attributes.items() if v},
            )


def _procedure(part: Part) -> Iterator[Row]:
    for kind in ("procedure", "observation", "act"):
        for p in part.element.findall(kind):
            thing = coded(part.file, p.find("code")) or _plain(told(part.file, p.find("text")))
            planned = p.get("moodCode") in PLANNED
            status: Status | None = "planned" if planned else state("procedure", status_code(p), "historical")
            if not thing or status is None:
                continue
            date, site = times(p)[0], coded(part.file, p.find("targetSiteCode"))
            side = side_in(f"{thing.text} {site.text if site else ''}")
            attributes = {"date": date, "body_site": site.text if site else None, "laterality": side}
            yield Row(
                kind="procedure",
                name=plain_name(thing.text),
                shown=thing.text,
                path=part.path,
                status="absent" if negated(p) else status,
                codes=thing.codes,
                recorded=date,
                attributes={k: v for k, v in attributes.items() if v},
            )


def _encounter(part: Part) -> Iterator[Row]:
    for e in part.element.findall("encounter"):
        thing, date = coded(part.file, e.find("code")), times(e)[0]
        if thing and date and e.get("moodCode") not in PLANNED:
            yield Row(
                kind="administrative",
                name=plain_name(thing.text),
                shown=thing.text,
                path=part.path,
                codes=thing.codes,
                recorded=date,
                attributes={"date": date},
            )
    yield from _problem(part)


_READERS: dict[str, Reader] = {
    "allergy": _allergy,
    "encounter": _encounter,
    "family": _family,
    "imaging": results("imaging"),
    "immunization": _immunization,
    "medication": _medication,
    "problem": _problem,
    "procedure": _procedure,
    "reproductive": results("reproductive-history"),
    "result": results("lab-result"),
    "social": _social,
    "vital": results("vital-sign"),
}

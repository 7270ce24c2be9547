"""CDA observations to rows: results, vital signs and answers, with their values and ranges."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from xml.etree.ElementTree import Element

from syngraph.model import FactKind
from syngraph.sources.emr_cda import all_text, attr, find
from syngraph.sources.emr_cda_values import PLANNED, Part, clock, coded, comment, negated, status_code, told
from syngraph.sources.emr_rows import Named, observation_row
from syngraph.sources.emr_sheet import Row
from syngraph.sources.emr_values import moment
from syngraph.sources.emr_vocabulary import state


def results(kind: FactKind) -> Callable[[Part], Iterator[Row]]:
    """A reader for sections of measurements that are of ``kind`` unless their code says better."""

    def read(part: Part) -> Iterator[Row]:
        organizer = part.element.find("organizer")
        specimen = coded(part.file, find(organizer, "specimen/specimenRole/specimenPlayingEntity/code"))
        date, time = clock(organizer) if organizer is not None else (None, None)
        tops = list(part.element.findall("observation")) + [
            o for e in part.element.iter("organizer") for o in e.findall("component/observation")
        ]
        for o in tops:
            own, own_time = clock(o)
            row = observation(
                part, o, kind, (own or date, own_time if own else time), specimen.text if specimen else None
            )
            if row:
                yield row

    return read


def observation(
    part: Part, o: Element, kind: FactKind, when: tuple[str | None, str | None], specimen: str | None = None
) -> Row | None:
    """One observation as a row; None where it has no value, no longer counts or is still to be done."""
    thing = coded(part.file, o.find("code"))
    value, unit, answer, truth = value_of(part, o.find("value"))
    if not thing or (value is None and truth is None) or state("observation", status_code(o)) is None or negated(o):
        return None
    if o.get("moodCode") in PLANNED:
        return None
    site = coded(part.file, o.find("targetSiteCode"))
    return observation_row(
        thing,
        path=part.path,
        kind=kind,
        value=value,
        answer=answer,
        truth=truth,
        flag=next((attr(i, "code") for i in o.findall("interpretationCode")), None),
        recorded=when[0],
        comment=comment(part, o),
        attributes={
            "unit": unit,
            "reference_range": range_of(o),
            "date": when[0],
            "time": when[1],
            "specimen": specimen,
            "body_site": site.text if site else None,
        },
    )


def value_of(part: Part, v: Element | None) -> tuple[str | None, str | None, Named | None, bool | None]:
    """Value, unit, coded answer and truth of an observation's value, by its xsi:type or its looks."""
    if v is None or (v.get("nullFlavor") and not list(v) and not v.text):
        return None, None, None, None
    kind = attr(v, "type").rpartition(":")[2]
    if kind in ("CD", "CE", "CV", "CO") or (not kind and v.get("code")):
        answer = coded(part.file, v)
        return answer.text if answer else None, None, answer, None
    if kind == "BL":
        return None, None, None, {"true": True, "1": True, "false": False, "0": False}.get(attr(v, "value").lower())
    if kind == "IVL_PQ" or v.find("low") is not None or v.find("high") is not None:
        low, high = v.find("low"), v.find("high")
        unit = (attr(low, "unit") or attr(high, "unit")) or None
        ends = (attr(low, "value"), attr(high, "value"))
        text = "-".join(ends) if all(ends) else f">{ends[0]}" if ends[0] else f"<{ends[1]}" if ends[1] else None
        return text, unit if unit != "1" else None, None, None
    if kind == "TS":
        return " ".join(filter(None, moment(attr(v, "value")))) or None, None, None, None
    unit = attr(v, "unit").strip("{}")
    return attr(v, "value") or told(part.file, v) or None, unit if unit != "1" and unit else None, None, None


def range_of(o: Element) -> str | None:
    """The reference range by its ends, else as text."""
    for r in o.findall("referenceRange/observationRange"):
        low, high = attr(r.find("value/low"), "value"), attr(r.find("value/high"), "value")
        if low and high:
            return f"{low}-{high}"
        if low or high:
            return f"≥{low}" if low else f"≤{high}"
        if text := all_text(r.find("text")):
            return text
    return None

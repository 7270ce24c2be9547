"""Parts of CDA statements that all their readers need: coded names, times, values, comments."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from syngraph.model import Coding
from syngraph.sources.emr_cda import CdaFile, all_text, attr, find
from syngraph.sources.emr_rows import Named
from syngraph.sources.emr_values import iso_date, moment

_SYSTEMS = {
    "2.16.840.1.113883.6.1": "http://loinc.org",
    "2.16.840.1.113883.6.96": "http://snomed.info/sct",
    "2.16.840.1.113883.6.3": "http://hl7.org/fhir/sid/icd-10",
    "2.16.840.1.113883.6.90": "http://hl7.org/fhir/sid/icd-10-cm",
    "2.16.840.1.113883.6.103": "http://hl7.org/fhir/sid/icd-9-cm",
    "2.16.840.1.113883.6.88": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "2.16.840.1.113883.12.292": "http://hl7.org/fhir/sid/cvx",
    "2.16.840.1.113883.6.59": "http://hl7.org/fhir/sid/cvx",
}
#: Moods of what is meant to happen rather than what did.
PLANNED = frozenset({"INT", "RQO", "PRMS", "PRP", "ARQ", "GOL"})


class Part:
    """One clinical statement of a section with what its readers need: file, place, section id, the whole section."""

    def __init__(self, file: CdaFile, element: Element, path: str, section: str | None, whole: Element) -> None:
        self.file, self.element, self.path, self.section, self.whole = file, element, path, section, whole


def coded(file: CdaFile, element: Element | None) -> Named | None:
    """A coded value by its display, original text, or the narrative it refers to; None for a nullFlavor."""
    if element is None:
        return None
    original = element.find("originalText")
    text = attr(element, "displayName") or told(file, original)
    codes = []
    for e in (element, *element.findall("translation")):
        if code := attr(e, "code"):
            system = attr(e, "codeSystem")
            display = attr(e, "displayName") or None
            codes.append(
                Coding(code=code, system=_SYSTEMS.get(system, f"urn:oid:{system}" if system else None), display=display)
            )
            text = text or display or ""
    text = text or (codes[0].code if codes else "")
    return Named(text=text, codes=tuple(codes)) if text else None


def told(file: CdaFile, element: Element | None) -> str:
    """The text of an element, or of the narrative that its reference names."""
    if element is None:
        return ""
    reference = element.find("reference")
    told = file.narrated(attr(reference, "value")) if reference is not None else ""
    return all_text(element) or told


def negated(element: Element) -> bool:
    """Whether a statement says that the thing is not so."""
    return element.get("negationInd", "").lower() == "true"


def times(element: Element) -> tuple[str | None, str | None]:
    """Start (or moment) and end of the first effectiveTime that has one."""
    for e in element.findall("effectiveTime"):
        low, high = iso_date(attr(e.find("low"), "value")), iso_date(attr(e.find("high"), "value"))
        if low or high or e.get("value"):
            return low or iso_date(attr(e, "value")), high
    return None, None


def clock(element: Element) -> tuple[str | None, str | None]:
    """Date and time of day of a statement."""
    e = element.find("effectiveTime")
    return moment(attr(e, "value") or attr(find(e, "low"), "value"))


def related(element: Element, kind: str = "observation") -> Iterator[Element]:
    """The statements directly related to this one."""
    for relation in element.findall("entryRelationship"):
        yield from relation.findall(kind)


def comment(part: Part, element: Element) -> str:
    """The text of a comment activity, and nothing of instructions and education."""
    acts = (a for a in related(element, "act") if attr(a.find("code"), "code") == "48767-8")
    return "；".join(t for a in acts if (t := told(part.file, a.find("text"))))


def status_code(element: Element) -> str:
    """The code of a statement's status; empty where it has none."""
    return attr(element.find("statusCode"), "code")

"""Coded fields of HL7 v2 segments (CE, CWE) as names and codes."""

from __future__ import annotations

from syngraph.model import Coding
from syngraph.sources.emr_hl7 import Segment7
from syngraph.sources.emr_rows import Named
from syngraph.sources.emr_values import has_chinese, one_line

#: HL7 table 0396: names of coding systems to their URIs.
_SYSTEMS = {
    "LN": "http://loinc.org",
    "SCT": "http://snomed.info/sct",
    "I10": "http://hl7.org/fhir/sid/icd-10",
    "I10C": "http://hl7.org/fhir/sid/icd-10-cm",
    "I9": "http://hl7.org/fhir/sid/icd-9-cm",
    "CVX": "http://hl7.org/fhir/sid/cvx",
    "RXNORM": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "NDC": "http://hl7.org/fhir/sid/ndc",
}


def named(segment: Segment7, number: int, repetition: int = 0) -> Named | None:
    """A coded field (CE, CWE) by its original text, text, alternative text or code."""
    parts = segment.parts(number, repetition)
    return named_parts(parts) if parts else None


def named_parts(parts: list[str]) -> Named | None:
    """A coded value's components as name and codes."""
    p = [one_line(x) for x in (*parts, *[""] * 9)][:9]
    codes = []
    for code, text, system in ((p[0], p[1], p[2]), (p[3], p[4], p[5])):
        if code and (text or system):
            codes.append(Coding(code=code, system=_SYSTEMS.get(system.upper(), system or None), display=text or None))
    texts = [t for t in (p[8], p[1], p[4]) if t]
    text = next((t for t in texts if has_chinese(t)), texts[0] if texts else p[0])
    return Named(text=text, codes=tuple(codes)) if text else None

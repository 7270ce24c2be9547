"""Made-up visits in text form whose sources disagree on one thing, or only seem to: for checks from text to finding."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import yaml

from syngraph.model import Draft, Encounter, Patient, Source, SourceId
from syngraph.pipeline import Read, compose_draft, read_file
from syngraph.settings import Settings

#: What one source says: ("form", question, answer), ("talk", turns), ("emr", resource).
Said = tuple[Any, ...]
DAY = "2026-11-20"
_HL7_HEAD = (
    "MSH|^~\\&|HIS|HOSP|SYN|HOSP|20261110080000||ADT^A08|1|P|2.5||||||UNICODE UTF-8",
    "PID|1||P001^^^HOSP^MR||Doe^Kim",
)
_CDA = (
    '<ClinicalDocument xmlns="urn:hl7-org:v3"><title>Summary</title><effectiveTime value="20261015"/>'
    "<component><structuredBody>{}</structuredBody></component></ClinicalDocument>"
)
_GREETING = {"zh": "医生：您好，请坐。\n患者：您好。\n", "en": "Doctor: Hello, have a seat.\nPatient: Hello.\n"}


@dataclass(frozen=True, kw_only=True)
class Plant:
    """One kind of disagreement: sayings of one side and of the other, and pairs that only look like one.

    ``found`` holds words of which a finding's topic or message must have one.
    """

    kind: str
    language: str
    found: Sequence[str]
    a: Sequence[Said]
    b: Sequence[Said]
    harmless: Sequence[Sequence[Said]] = ()
    patient: Mapping[str, str] = field(default_factory=dict)

    def visits(self) -> Iterator[tuple[Said, Said]]:
        """Every pair of the two sides that come from different sources."""
        return (pair for pair in product(self.a, self.b) if pair[0][0] != pair[1][0])


def visit(language: str, said: Sequence[Said], patient: Mapping[str, str] | None = None) -> Draft:
    """Draft the visit in which the sources say this."""
    person = Patient(
        id="P001",
        name="Kim Doe",
        **{"sex": "female", "birth_date": "1974-03-02", **(patient or {})},  # type: ignore[arg-type]
    )
    encounter = Encounter(
        id="enc-1",
        language=language,
        patient=person,
        start=datetime.fromisoformat(f"{DAY}T09:30:00+08:00"),  # type: ignore[arg-type]
    )
    sources = [s for n, file in enumerate(_files(language, said), 1) for s in _read(n, *file)]
    return compose_draft(encounter, Read(sources=tuple(sources), problems=()))


def _files(language: str, said: Sequence[Said]) -> Iterator[tuple[str, str, str]]:
    """(kind, name, text) of each file."""
    form = [{"question": s[1], "answer": s[2]} for s in said if s[0] == "form"]
    talk = "\n".join(s[1] for s in said if s[0] == "talk")
    rows = [s[1] for s in said if s[0] == "emr"]
    segments = [s[1] for s in said if s[0] == "hl7"]
    if form:
        yield "preconsultation", "preconsultation/form.yaml", json.dumps(form, ensure_ascii=False)
    yield "consultation", "consultation/talk.txt", _GREETING[language] + talk + "\n"
    if rows:
        subject = {"reference": "Patient/P001"}
        entry = [{"resource": {"subject": subject, **r, "id": f"{r['id']}{n}"}} for n, r in enumerate(rows)]
        bundle = {"resourceType": "Bundle", "type": "collection", "entry": entry}
        yield "emr", "emr/record.json", json.dumps(bundle, ensure_ascii=False)
    if sections := [s[1] for s in said if s[0] == "cda"]:
        yield "emr", "emr/summary.xml", _CDA.format("".join(sections))
    if segments:
        yield "emr", "emr/record.hl7", "\r".join([*_HL7_HEAD, *segments]) + "\r"


def _read(number: int, kind: Any, name: str, text: str) -> tuple[Source, ...]:
    sources, problems = read_file(
        text.encode(), name, kind, source_id=SourceId(f"s{number}"), settings=Settings.from_env()
    )
    assert not problems, problems
    return sources


# --- rows of a record ------------------------------------------------------------------------------------------


def allergy(text: str, **more: Any) -> Said:
    """An allergy on record."""
    return "emr", {"resourceType": "AllergyIntolerance", "id": "a1", "patient": {"reference": "Patient/P001"},
                   "recordedDate": "2019-05-06", "code": {"text": text},
                   "clinicalStatus": {"coding": [{"code": "active"}]}, **more}  # fmt: skip


def condition(text: str, onset: str | None = None, recorded: str = "2022-04-01") -> Said:
    """A condition on the problem list."""
    row = {"resourceType": "Condition", "id": "c1", "code": {"text": text}, "recordedDate": recorded,
           "clinicalStatus": {"coding": [{"code": "active"}]},
           "category": [{"coding": [{"code": "problem-list-item"}]}]}  # fmt: skip
    return "emr", row | ({"onsetDateTime": onset} if onset else {})


def medication(text: str, dosage: str = "", status: str = "active") -> Said:
    """A medicine on the list."""
    row: dict[str, Any] = {"resourceType": "MedicationStatement", "id": "m1", "status": status,
                           "medicationCodeableConcept": {"text": text}, "dateAsserted": "2026-10-10"}  # fmt: skip
    return "emr", row | ({"dosage": [{"text": dosage}]} if dosage else {})


def operation(text: str, day: str) -> Said:
    """A procedure done."""
    return "emr", {"resourceType": "Procedure", "id": "p1", "status": "completed", "code": {"text": text},
                   "performedDateTime": day}  # fmt: skip


def relative(code: str, name: str, text: str) -> Said:
    """An illness of a relative."""
    return "emr", {"resourceType": "FamilyMemberHistory", "id": "f1", "status": "completed", "date": "2024-01-05",
                   "patient": {"reference": "Patient/P001"}, "condition": [{"code": {"text": text}}],
                   "relationship": {"text": name, "coding": [{"code": code}]}}  # fmt: skip


def result(text: str, value: float, unit: str, low: float | None, high: float | None, day: str = "2026-11-12",
           category: str = "laboratory") -> Said:  # fmt: skip
    """A laboratory result or vital sign."""
    bounds = {k: {"value": v, "unit": unit} for k, v in (("low", low), ("high", high)) if v is not None}
    return "emr", {"resourceType": "Observation", "id": "o1", "status": "final", "code": {"text": text},
                   "category": [{"coding": [{"code": category}]}], "effectiveDateTime": day,
                   "valueQuantity": {"value": value, "unit": unit},
                   **({"referenceRange": [bounds]} if bounds else {})}  # fmt: skip


def pressure(systolic: int, diastolic: int, day: str = DAY) -> Said:
    """A blood pressure."""
    part = [{"code": {"coding": [{"system": "http://loinc.org", "code": c}]}, "valueQuantity": {"value": v, "unit": "mmHg"}}
            for c, v in (("8480-6", systolic), ("8462-4", diastolic))]  # fmt: skip
    return "emr", {"resourceType": "Observation", "id": "b1", "status": "final", "effectiveDateTime": day,
                   "code": {"coding": [{"system": "http://loinc.org", "code": "85354-9"}], "text": "Blood pressure"},
                   "category": [{"coding": [{"code": "vital-signs"}]}], "component": part}  # fmt: skip


def smoker(text: str) -> Said:
    """The smoking status on record."""
    return "emr", {"resourceType": "Observation", "id": "t1", "status": "final", "effectiveDateTime": "2026-08-12",
                   "category": [{"coding": [{"code": "social-history"}]}], "valueCodeableConcept": {"text": text},
                   "code": {"coding": [{"system": "http://loinc.org", "code": "72166-2"}],
                            "text": "Tobacco smoking status"}}  # fmt: skip


def form(question: str, answer: str) -> Said:
    """An answer given before the visit."""
    return "form", question, answer


def talk(*turns: str) -> Said:
    """What is said in the room."""
    return "talk", "\n".join(turns)


def imaging(title: str, conclusion: str, day: str = "2026-11-18") -> Said:
    """A radiology report's conclusion."""
    return "emr", {"resourceType": "DiagnosticReport", "id": "d1", "status": "final", "code": {"text": title},
                   "category": [{"coding": [{"code": "RAD"}]}], "effectiveDateTime": day, "conclusion": conclusion}  # fmt: skip


def note(title: str, text: str, day: str = DAY) -> Said:
    """A section of a note in words."""
    narrative = {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{text}</div>'}
    return "emr", {"resourceType": "Composition", "id": "n1", "status": "final", "type": {"text": "Note"}, "date": day,
                   "title": "Note", "author": [{"display": "x"}],
                   "section": [{"title": title, "text": narrative}]}  # fmt: skip


def asked(language: str, *turns: str) -> Said:
    """A question of the doctor's and the patient's answer, in turns."""
    labels = {"zh": ("医生：", "患者："), "en": ("Doctor: ", "Patient: ")}[language]
    return talk(*(labels[n % 2] + turn for n, turn in enumerate(turns)))


def cda(title: str, code: str, text: str) -> Said:
    """A section of a CDA document in words, with the section's LOINC code."""
    return "cda", (f'<component><section><code code="{code}" codeSystem="2.16.840.1.113883.6.1"/><title>{title}</title>'
                   f"<text><list><item>{text}</item></list></text></section></component>")  # fmt: skip


# --- sayings as data -------------------------------------------------------------------------------------------

_BUILDERS: Mapping[str, Callable[..., Said]] = {
    "allergy": allergy, "condition": condition, "medication": medication, "operation": operation, "relative": relative,
    "result": result, "pressure": pressure, "smoker": smoker, "form": form, "turns": talk, "report": imaging,
    "note": note, "hl7": lambda segment: ("hl7", segment), "cda": cda,
}  # fmt: skip


def said_in(language: str, row: Mapping[str, Any]) -> Said:
    """The saying that a row of ``data/*.yaml`` names: one builder's name with its arguments, the rest by keyword."""
    (name, given), *more = row.items()
    if name == "asked":
        return asked(language, *given)
    return _BUILDERS[name](*given, **dict(more))


@cache
def rows_of(name: str) -> Sequence[Mapping[str, Any]]:
    """The rows of ``data/<name>.yaml``."""
    text = (Path(__file__).parent / "data" / f"{name}.yaml").read_text(encoding="utf-8")
    rows: Sequence[Mapping[str, Any]] = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return rows

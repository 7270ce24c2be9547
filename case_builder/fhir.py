"""What the hospital knows as FHIR R4: short rows of a visit to resources, in a Bundle or a line each."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

Json = dict[str, Any]
_MARK = "\x00"
_ICD10, _LOINC, _UCUM = "http://hl7.org/fhir/sid/icd-10", "http://loinc.org", "http://unitsofmeasure.org"
_TERMS = "http://terminology.hl7.org/CodeSystem"


def number(text: str) -> str:
    """A decimal that is to be written exactly as it stands (``7.10``): see :func:`dump`."""
    return f"{_MARK}{text}{_MARK}"


def dump(resource: object, *, indent: int | None = 1) -> bytes:
    """``resource`` as JSON with its numbers exactly as given to :func:`number`."""
    text = json.dumps(resource, ensure_ascii=False, indent=indent)
    return (re.sub(r'"\\u0000([-0-9.]+)\\u0000"', r"\1", text) + "\n").encode("utf-8")


def resources(spec: Mapping[str, Any], suffix: str, visit: Mapping[str, Any]) -> bytes:
    """A Bundle (``.json``), or one resource a line (``.ndjson``); the patient comes first."""
    patient = visit["patient"]
    found = [_patient(patient)]
    for n, row in enumerate(spec["resources"], 1):
        kind = next(iter(row))
        found.append(_WRITERS[kind](row, {"id": f"{kind}-{n}"}, {"reference": f"Patient/{patient['id']}"}))
    if suffix == ".ndjson":
        return b"".join(dump(r, indent=None) for r in found)
    entries = [{"fullUrl": f"https://ehr.example/fhir/{r['resourceType']}/{r['id']}", "resource": r} for r in found]
    return dump({"resourceType": "Bundle", "type": "collection", "entry": entries})


def _patient(patient: Mapping[str, str]) -> Json:
    return {
        "resourceType": "Patient",
        "id": patient["id"],
        "identifier": [{"system": "https://ehr.example/mrn", "value": patient["id"]}],
        "name": [{"text": patient["name"]}],
        "gender": patient["sex"],
        "birthDate": patient["birth_date"],
    }


def _concept(text: str, code: str | None = None, system: str = _ICD10) -> Json:
    return {"coding": [{"system": system, "code": code, "display": text}], "text": text} if code else {"text": text}


def _coded(system: str, code: str) -> Json:
    return {"coding": [{"system": f"{_TERMS}/{system}", "code": code}]}


def _kept(resource: Json) -> Json:
    return {k: v for k, v in resource.items() if v is not None}


def _allergy(row: Mapping[str, str], base: Json, patient: Json) -> Json:
    return _kept(
        {
            "resourceType": "AllergyIntolerance",
            **base,
            "clinicalStatus": _coded("allergyintolerance-clinical", "active"),
            "verificationStatus": _coded("allergyintolerance-verification", "confirmed"),
            "category": [row.get("category", "medication")],
            "code": _concept(row["allergy"]),
            "patient": patient,
            "recordedDate": row["date"],
            "reaction": [{"manifestation": [{"text": row["reaction"]}]}] if "reaction" in row else None,
        }
    )


def _condition(row: Mapping[str, str], base: Json, patient: Json) -> Json:
    return _kept(
        {
            "resourceType": "Condition",
            **base,
            "clinicalStatus": _coded("condition-clinical", row.get("status", "active")),
            "verificationStatus": _coded("condition-ver-status", "confirmed"),
            "code": _concept(row["condition"], row.get("code")),
            "subject": patient,
            "onsetDateTime": row.get("onset"),
            "abatementDateTime": row.get("ended"),
            "recordedDate": row["date"],
        }
    )


def _medication(row: Mapping[str, str], base: Json, patient: Json) -> Json:
    period = _kept({"start": row.get("start"), "end": row.get("end")})
    value, _, unit = row.get("dose", "").partition(" ")
    dosage = _kept(
        {
            "text": row.get("sig"),
            "doseAndRate": [{"doseQuantity": {"value": number(value), "unit": unit}}] if unit else None,
        }
    )
    return _kept(
        {
            "resourceType": "MedicationStatement",
            **base,
            "status": row.get("status", "active"),
            "medicationCodeableConcept": _concept(row["medication"]),
            "subject": patient,
            "effectivePeriod": period or None,
            "dateAsserted": row["date"],
            "dosage": [dosage] if dosage else None,
            "note": [{"text": row["note"]}] if "note" in row else None,
        }
    )


def _procedure(row: Mapping[str, str], base: Json, patient: Json) -> Json:
    return {
        "resourceType": "Procedure",
        **base,
        "status": "completed",
        "code": _concept(row["procedure"]),
        "subject": patient,
        "performedDateTime": row["date"],
    }


def _observation(row: Mapping[str, str], base: Json, patient: Json) -> Json:
    quantity = {"value": number(row["value"]), "unit": row["unit"]}
    if "ucum" in row:
        quantity |= {"system": _UCUM, "code": row["ucum"]}
    return _kept(
        {
            "resourceType": "Observation",
            **base,
            "status": "final",
            "category": [_coded("observation-category", row.get("category", "laboratory"))],
            "code": _concept(row["observation"], row.get("loinc"), _LOINC),
            "subject": patient,
            "effectiveDateTime": row["date"],
            "valueQuantity": quantity,
            "referenceRange": [{"text": row["range"]}] if "range" in row else None,
        }
    )


def _immunization(row: Mapping[str, str], base: Json, patient: Json) -> Json:
    return {
        "resourceType": "Immunization",
        **base,
        "status": "completed",
        "vaccineCode": _concept(row["immunization"]),
        "patient": patient,
        "occurrenceDateTime": row["date"],
    }


def _family(row: Mapping[str, str], base: Json, patient: Json) -> Json:
    return {
        "resourceType": "FamilyMemberHistory",
        **base,
        "status": "completed",
        "patient": patient,
        "date": row["date"],
        "relationship": {
            "coding": [{"system": f"{_TERMS}/v3-RoleCode", "code": row["code"], "display": row["family"]}],
            "text": row["family"],
        },
        "condition": [{"code": _concept(row["condition"])}],
    }


_WRITERS: Mapping[str, Callable[[Mapping[str, str], Json, Json], Json]] = {
    "allergy": _allergy,
    "condition": _condition,
    "medication": _medication,
    "procedure": _procedure,
    "observation": _observation,
    "immunization": _immunization,
    "family": _family,
}

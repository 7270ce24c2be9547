"""Writes small made-up encounter folders in text form: no recogniser of print or speech is needed to read them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

HEADERS: Mapping[str, str] = {
    "zh": (
        "id: enc-zh\nlanguage: zh\ndepartment: 呼吸内科\nstart: 2026-11-20T09:30:00+08:00\n"
        "patient: {id: P001, name: 王芳, sex: female, birth_date: 1984-03-02}\nclinician: {id: D12, name: 李强}\n"
    ),
    "en": (
        "id: enc-en\nlanguage: en\ndepartment: Family medicine\nstart: 2026-11-20T09:30:00+08:00\n"
        "patient: {id: P002, name: Ann Lee, sex: female, birth_date: 1984-03-02}\nclinician: {id: D7, name: Sam Poe}\n"
    ),
}
FORMS: Mapping[str, str] = {
    "zh": "- {question: 哪里不舒服, answer: 咳嗽}\n- {question: 多久了, answer: 三天}\n- {question: 有无过敏, answer: 没有}\n",
    "en": (
        "- {question: What brings you in today, answer: A cough}\n- {question: For how long, answer: three days}\n"
        "- {question: Any allergies, answer: none}\n"
    ),
}
TALKS: Mapping[str, str] = {
    "zh": (
        "医生：哪里不舒服？\n患者：咳嗽三天了，有黄痰。\n医生：发烧吗？\n患者：没有。\n医生：吃过什么药？\n患者：络活喜，一天一片。\n"
        "医生：血压一百三十八、八十六。考虑急性支气管炎。\n"
    ),
    "en": (
        "Doctor: What brings you in?\nPatient: I've had a cough for three days, with yellow phlegm.\n"
        "Doctor: Any fever?\nPatient: No.\nDoctor: What medicines do you take?\nPatient: Amlodipine, five milligrams a day.\n"
        "Doctor: Blood pressure is 138 over 86. I think this is acute bronchitis.\n"
    ),
}
PATIENTS: Mapping[str, tuple[str, str]] = {"zh": ("P001", "王芳"), "en": ("P002", "Ann Lee")}
#: The clashing row of the EMR: both talk and form deny what it records.
ALLERGY: Mapping[str, str] = {"zh": "青霉素", "en": "penicillin"}
REPORT = (
    "Riverside General Hospital", "Laboratory Report", "Patient: Ann Lee   Sex: F   DOB: 1984-03-02", "Collected: 2026-11-18",
    "Test                 Result      Unit        Reference", "Creatinine           1.90        mg/dL       0.5-1.1",
    "Potassium            4.10        mmol/L      3.5-5.1", "Hemoglobin           13.2        g/dL        12.0-15.5",
)  # fmt: skip


def bundle(language: str, *resources: Mapping[str, Any], person: tuple[str, str] | None = None) -> str:
    """A FHIR bundle about the encounter's patient (or ``person``: id, name) with an allergy and ``resources``."""
    identifier, name = person or PATIENTS[language]
    subject = {"reference": f"Patient/{identifier}"}
    patient = {
        "resourceType": "Patient", "id": identifier, "name": [{"text": name}], "gender": "female", "birthDate": "1984-03-02",
    }  # fmt: skip
    allergy = {
        "resourceType": "AllergyIntolerance", "id": "a1", "patient": subject, "recordedDate": "2019-05-06",
        "code": {"text": ALLERGY[language]}, "clinicalStatus": {"coding": [{"code": "active"}]},
    }  # fmt: skip
    rows = [patient, allergy, *({"subject": subject, **r} for r in resources)]
    entry = [{"resource": r} for r in rows]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entry}, ensure_ascii=False)


def glucose(value: str = "7.10") -> dict[str, Any]:
    """A laboratory value whose last zero must live; write it with :func:`raw_number`."""
    return {
        "resourceType": "Observation", "id": "o1", "status": "final", "code": {"text": "Potassium"},
        "category": [{"coding": [{"code": "laboratory"}]}], "effectiveDateTime": "2026-10-01",
        "valueQuantity": {"value": f"@{value}@", "unit": "mmol/L"},
    }  # fmt: skip


def raw_number(text: str) -> str:
    """JSON text with the values that :func:`glucose` marks turned into bare numbers, every digit kept."""
    return text.replace('"@', "").replace('@"', "")


def pdf(lines: Sequence[str]) -> bytes:
    """A one-page PDF with a text layer: each line 24 points under the one before, columns where blanks are."""
    drawn = "\n".join(
        f"BT /F1 10 Tf 50 {780 - 24 * n} Td ({line.replace('(', '[').replace(')', ']')}) Tj ET"
        for n, line in enumerate(lines)
    )
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        f"<</Length {len(drawn)}>>\nstream\n{drawn}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Courier/Encoding/WinAnsiEncoding>>",
    ]
    out = b"%PDF-1.4\n"
    places = []
    for n, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{n} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = "".join(f"{p:010d} 00000 n \n" for p in places)
    head = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<</Size {len(objects) + 1}/Root 1 0 R>>\n"
    return out + f"{head}startxref\n{len(out)}\n%%EOF\n".encode("latin-1")


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write ``files`` (path in the folder to content) and return the folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return folder


def encounter(
    folder: Path, language: str = "en", *, without: Sequence[str] = (), more: Mapping[str, str | bytes] | None = None
) -> Path:
    """An encounter with all four sources in text form.

    Args:
        folder: where to; made where it is missing.
        language: ``zh`` or ``en``.
        without: source folders to leave out.
        more: further files, or other contents for those that there are.
    """
    files: dict[str, str | bytes] = {
        "encounter.yaml": HEADERS[language],
        "preconsultation/form.yaml": FORMS[language],
        "consultation/talk.txt": TALKS[language],
        "emr/record.json": raw_number(bundle(language, glucose())),
    }
    if language == "en":
        files["reports/laboratory.pdf"] = pdf(REPORT)
    kept = {n: c for n, c in files.items() if n.split("/")[0] not in without}
    return write(folder, {**kept, **(more or {})})

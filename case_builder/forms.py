"""What the patient answered: a plain YAML list, or a FHIR QuestionnaireResponse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from case_builder.fhir import dump, number


def answers(spec: Mapping[str, Any], suffix: str, visit: Mapping[str, Any]) -> bytes:
    """``[question, answer]`` pairs as the contract's plain list."""
    rows = (f"- question: {_quoted(q)}\n  answer: {_quoted(a)}\n" for q, a in spec["items"])
    return "".join(rows).encode("utf-8")


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def questionnaire(spec: Mapping[str, Any], suffix: str, visit: Mapping[str, Any]) -> bytes:
    """Items ``[linkId, text, answer]`` as a QuestionnaireResponse; a list as answer makes a group of items."""
    patient = visit["patient"]
    resource = {
        "resourceType": "QuestionnaireResponse",
        "id": "previsit",
        "status": "completed",
        "subject": {"reference": f"Patient/{patient['id']}", "display": patient["name"]},
        "authored": spec["recorded"],
        "source": {"reference": f"{spec['by']}/{spec['by'].lower()}-1", "display": spec["who"]},
        "item": [_item(i) for i in spec["items"]],
    }
    return dump(resource)


def _item(row: Sequence[Any]) -> dict[str, Any]:
    link, text, answer = row
    if isinstance(answer, list):
        return {"linkId": link, "text": text, "item": [_item(i) for i in answer]}
    return {"linkId": link, "text": text, "answer": [_answer(answer)]}


def _answer(answer: str | Mapping[str, str]) -> dict[str, Any]:
    """A string as it is; a mapping names the FHIR type: ``{boolean: "true"}``, ``{quantity: 39.2, unit: ℃, code: Cel}``."""
    if isinstance(answer, str):
        return {"valueString": answer}
    if "boolean" in answer:
        return {"valueBoolean": answer["boolean"] == "true"}
    if "coding" in answer:
        return {"valueCoding": {"display": answer["coding"]}}
    quantity = {"value": number(answer["quantity"]), "unit": answer["unit"]}
    if "code" in answer:
        quantity |= {"system": "http://unitsofmeasure.org", "code": answer["code"]}
    return {"valueQuantity": quantity}

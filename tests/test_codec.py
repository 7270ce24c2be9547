"""The draft's JSON: valid by its published schema, every quote at its offset, every digit kept."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syngraph.codec import EvidenceTable, draft_to_json, fact_row, reading_to_json, source_row
from syngraph.model import (
    Component,
    Concept,
    Draft,
    Encounter,
    Evidence,
    Fact,
    FactId,
    Finding,
    Identity,
    Locator,
    Mark,
    Patient,
    Problem,
    Ruler,
    Section,
    Segment,
    Source,
    SourceId,
    Statement,
    frozen_map,
)
from syngraph.pipeline import draft, read_one
from tests.encounter_maker import REPORT, encounter, pdf

SCHEMA = json.loads((Path(__file__).parent.parent / "docs" / "draft.schema.json").read_text(encoding="utf-8"))
VALID = jsonschema.Draft202012Validator(SCHEMA)
TEXT = "咳嗽三天了，𠮷𠮷 no fever"


def source(**over) -> Source:
    fields = {
        "id": SourceId("s1"),
        "kind": "consultation",
        "path": "consultation/talk.vtt",
        "sha256": "0" * 64,
        "text": TEXT,
    }
    return Source(**{**fields, **over})  # fmt: skip


def whole_draft() -> Draft:
    """A draft that uses every field there is."""
    place = Locator(
        time=(3.2049, 5.1), page=1, box=(0.12, 0.3, 0.45, 0.33333), path="OBX[3]", question="q1", confidence=0.91
    )
    here = Evidence(source=SourceId("s1"), start=0, end=5)
    fact = Fact(
        id=FactId("f1"), kind="symptom", status="present", evidence=(here, here), witnesses=("patient", "patient", "doctor"),
        concept=Concept(text="咳嗽", code="R05", system="http://hl7.org/fhir/sid/icd-10", id="symptom:cough"),
        attributes=frozen_map({"duration": "P3D"}), recorded="2026-11-20",
    )  # fmt: skip
    return Draft(
        encounter=Encounter(
            id="enc-1", language="zh", start=datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
            patient=Patient(id="P1", name="王芳", sex="female", birth_date="1984-03-02"),
        ),
        template="zh-outpatient-initial",
        sources=(
            source(
                ruler=Ruler((Mark(start=0, end=5, locator=place),)), title="诊室", organization="某院", recorded="2026-11-20",
                segments=(Segment(start=0, end=6, role="patient", label="患者", section="chief-complaint"), Segment(start=6, end=9, role="unknown")),
                identity=Identity(name="王芳", sex="female", age="P42Y", ids=("P1",)),
            ),
        ),
        facts=(fact,),
        sections=(
            Section(id="chief-complaint", title="主诉", statements=(
                Statement(id="st1", text="咳嗽3天。", facts=(FactId("f1"),), evidence=(here,), support="single"),
            )),
        ),
        findings=(
            Finding(id="x1", kind="omission", severity="info", topic="缺项", message="缺体温。", rule="required", choices=("补问",)),
            Finding(id="x2", kind="quality", severity="info", topic="t", message="m", rule="guard", evidence=(here,), facts=(FactId("f1"),)),
        ),
        problems=(Problem(path="a.pdf", message="is empty", advice="scan it"), Problem(path="b.pdf", message="is empty")),
        created="2026-11-20T01:30:00+00:00",
        components=(Component(role="software", name="syngraph", version="9.9"), Component(role="asr", name="w", version="1")),
        left_out=(frozen_map({"fact": "f9", "reason": "advice"}),),
    )  # fmt: skip


def assert_sound(data: dict) -> None:
    """Valid by the schema, ids unique, references lead somewhere, quotes stand at their offsets."""
    VALID.validate(data)
    texts = {s["id"]: s["text"] for s in data["sources"]}
    assert len(texts) == len(data["sources"])
    known = {e["id"] for e in data["evidence"]}
    assert len(known) == len(data["evidence"])
    for e in data["evidence"]:
        start, end = e["anchor"]["text"]
        assert texts[e["source"]][start:end] == e["quote"] != ""
    facts = {f["id"] for f in data["facts"]}
    assert len(facts) == len(data["facts"])
    statements = [s for section in data["sections"] for s in section["statements"]]
    assert len({s["id"] for s in statements}) == len(statements)
    for row in (*statements, *data["findings"], *data["facts"]):
        assert set(row["evidence"]) <= known
        assert set(row.get("facts", ())) <= facts
    assert all(s["evidence"] for s in statements)


def test_the_whole_draft_is_written_as_the_format_says():
    data = draft_to_json(whole_draft())
    assert_sound(data)
    assert data["format"] == "syngraph-draft/1"
    assert (data["encounter"], data["status"], data["start"]) == ("enc-1", "draft", "2026-11-20T09:30:00+00:00")
    assert data["evidence"] == [
        {
            "id": "e1", "source": "s1", "quote": "咳嗽三天了",
            "anchor": {"text": [0, 5], "time": [3.2, 5.1], "page": 1, "box": [0.12, 0.3, 0.45, 0.3333], "path": "OBX[3]",
                       "question": "q1", "confidence": 0.91},
        }
    ]  # fmt: skip
    assert data["facts"][0]["witnesses"] == ["patient", "doctor"]
    assert data["facts"][0]["evidence"] == ["e1"]
    assert data["sources"][0]["segments"] == [
        {"text": [0, 6], "role": "patient", "label": "患者", "section": "chief-complaint"}, {"text": [6, 9], "role": "unknown"},
    ]  # fmt: skip
    assert data["sources"][0]["identity"] == {"name": "王芳", "sex": "female", "age": "P42Y", "ids": ["P1"]}
    assert data["problems"] == [{"path": "a.pdf", "message": "is empty", "advice": "scan it"}, {"path": "b.pdf", "message": "is empty"}]  # fmt: skip
    assert data["left_out"] == [{"fact": "f9", "reason": "advice"}]
    assert data["provenance"]["software"] == "syngraph 9.9"
    assert data["provenance"]["components"] == [{"role": "asr", "name": "w", "version": "1"}]
    assert data["findings"][0]["choices"] == ["补问"]
    assert "choices" not in data["findings"][1]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda d: d["sections"][0]["statements"][0].update(evidence=[]),
        lambda d: d["evidence"][0]["anchor"].pop("text"),
        lambda d: d["findings"][0].update(severity="fatal"),
        lambda d: d["facts"][0].update(status="maybe"),
        lambda d: d.pop("provenance"),
        lambda d: d.update(format="syngraph-draft/0"),
    ],
)
def test_the_schema_refuses_what_the_format_forbids(spoil):
    data = draft_to_json(whole_draft())
    spoil(data)
    assert not VALID.is_valid(data)


def test_a_draft_survives_json():
    data = draft_to_json(whole_draft())
    assert json.loads(json.dumps(data, ensure_ascii=False)) == data


def test_a_bare_source_has_no_empty_fields():
    assert set(source_row(source())) == {"id", "kind", "path", "sha256", "text"}
    e = Evidence(source=SourceId("s1"), start=0, end=1)
    table = EvidenceTable([source()])
    bare = fact_row(
        Fact(kind="symptom", concept=Concept(text="x"), status="absent", evidence=(e,), witnesses=("patient",)), table
    )
    assert bare["concept"] == {"text": "x"}
    assert "recorded" not in bare
    assert table.rows()[0]["anchor"] == {"text": [0, 1]}


@given(st.text(min_size=1, max_size=40), st.lists(st.tuples(st.integers(0, 39), st.integers(0, 39)), max_size=20))
def test_evidence_is_numbered_once_and_quotes_the_text(text, spans):
    evidence = [
        Evidence(source=SourceId("s1"), start=min(a, b), end=max(a, b) + 1) for a, b in spans if max(a, b) < len(text)
    ]
    table = EvidenceTable([source(text=text)])
    ids = [table.ids([e])[0] for e in evidence]
    assert table.ids(evidence) == list(dict.fromkeys(ids))
    rows = {r["id"]: r for r in table.rows()}
    assert len(rows) == len(set(evidence))
    for name, e in zip(ids, evidence, strict=True):
        assert rows[name]["anchor"]["text"] == [e.start, e.end]
        assert rows[name]["quote"] == text[e.start : e.end]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_real_drafts_are_sound(tmp_path, language):
    data = draft_to_json(draft(encounter(tmp_path, language)))
    assert_sound(data)
    assert data["sections"]
    value = next(f for f in data["facts"] if f["kind"] == "lab-result" and f["attributes"].get("date") == "2026-10-01")
    assert value["attributes"]["value"] == "7.10"


def test_a_reading_has_the_drafts_own_terms(tmp_path):
    path = tmp_path / "page.pdf"
    path.write_bytes(pdf(REPORT))
    data = reading_to_json(*read_one(path))
    assert set(data) == {"source", "evidence", "facts", "problems"}
    assert data["source"]["kind"] == "report"
    for e in data["evidence"]:
        start, end = e["anchor"]["text"]
        assert data["source"]["text"][start:end] == e["quote"]
        assert e["anchor"]["page"] == 1
    assert data["evidence"]
    assert data["facts"]
    for name, rows in (("evidence", data["evidence"]), ("fact", data["facts"]), ("source", [data["source"]])):
        for row in rows:
            VALID.evolve(schema={**SCHEMA["$defs"][name], "$defs": SCHEMA["$defs"]}).validate(row)


def test_a_reading_of_nothing_or_of_several_people():
    assert reading_to_json((), {}, ())["source"] is None
    two = (source(), source(id=SourceId("s1b")))
    data = reading_to_json(two, {}, ())
    assert [s["id"] for s in data["sources"]] == ["s1", "s1b"]
    assert data["source"]["id"] == "s1"

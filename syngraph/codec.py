"""The draft as JSON, exactly as the public format says (``docs/encounter-format.md``, section 2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from syngraph.model import (
    Component,
    Draft,
    Evidence,
    Fact,
    Finding,
    Problem,
    Section,
    Segment,
    Source,
    SourceId,
    Statement,
)

FORMAT = "syngraph-draft/1"
Json = dict[str, Any]


class EvidenceTable:
    """Numbers evidence ``e1``, ``e2`` … in the order of first use; equal evidence gets one id."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self._sources = {s.id: s for s in sources}
        self._ids: dict[Evidence, str] = {}

    def ids(self, evidence: Iterable[Evidence]) -> list[str]:
        """The ids of ``evidence``, new ones where it was not seen before."""
        return [self._ids.setdefault(e, f"e{len(self._ids) + 1}") for e in dict.fromkeys(evidence)]

    def rows(self) -> list[Json]:
        """Every numbered piece of evidence with its quote and anchor."""
        return [self._row(e, name) for e, name in self._ids.items()]

    def _row(self, e: Evidence, name: str) -> Json:
        source = self._sources[e.source]
        place = source.ruler.locate(e.start, e.end)
        anchor: Json = {"text": [e.start, e.end]}
        if place.time is not None:
            anchor["time"] = [round(t, 2) for t in place.time]
        if place.page is not None:
            anchor["page"] = place.page
        if place.box is not None:
            anchor["box"] = [round(v, 4) for v in place.box]
        if place.path is not None:
            anchor["path"] = place.path
        if place.question is not None:
            anchor["question"] = place.question
        if place.confidence is not None:
            anchor["confidence"] = round(place.confidence, 3)
        return {"id": name, "source": e.source, "quote": source.text[e.start : e.end], "anchor": anchor}


def source_row(source: Source) -> Json:
    """A source with its text, who speaks where, and whose document it says it is."""
    row: Json = {
        "id": source.id, "kind": source.kind, "path": source.path, "sha256": source.sha256, "text": source.text,
    }  # fmt: skip
    for key in ("title", "organization", "recorded"):
        if value := getattr(source, key):
            row[key] = value
    if source.identity is not None:
        said = source.identity
        row["identity"] = {
            k: v
            for k, v in {
                "name": said.name, "sex": said.sex, "birth_date": said.birth_date, "age": said.age, "ids": list(said.ids),
            }.items()
            if v
        }  # fmt: skip
    if source.segments:
        row["segments"] = [_segment(s) for s in source.segments]
    return row


def _segment(segment: Segment) -> Json:
    row: Json = {"text": [segment.start, segment.end], "role": segment.role}
    if segment.label:
        row["label"] = segment.label
    if segment.section:
        row["section"] = segment.section
    return row


def fact_row(fact: Fact, table: EvidenceTable) -> Json:
    """A fact with its witnesses."""
    row: Json = {
        "id": fact.id,
        "kind": fact.kind,
        "concept": {
            k: v for k, v in (("text", fact.concept.text), ("code", fact.concept.code), ("system", fact.concept.system),
                              ("id", fact.concept.id)) if v
        },
        "status": fact.status,
        "subject": fact.subject,
        "attributes": dict(fact.attributes),
        "evidence": table.ids(fact.evidence),
        "witnesses": list(dict.fromkeys(fact.witnesses)),
        "extractor": fact.extractor,
    }  # fmt: skip
    if fact.recorded:
        row["recorded"] = fact.recorded
    return row


def _statement(statement: Statement, table: EvidenceTable) -> Json:
    return {
        "id": statement.id,
        "text": statement.text,
        "facts": list(statement.facts),
        "evidence": table.ids(statement.evidence),
        "support": statement.support,
    }


def _section(section: Section, table: EvidenceTable) -> Json:
    return {"id": section.id, "title": section.title, "statements": [_statement(s, table) for s in section.statements]}


def _finding(finding: Finding, table: EvidenceTable) -> Json:
    row: Json = {
        "id": finding.id, "kind": finding.kind, "severity": finding.severity, "topic": finding.topic,
        "message": finding.message, "facts": list(finding.facts), "evidence": table.ids(finding.evidence),
        "rule": finding.rule,
    }  # fmt: skip
    if finding.choices:
        row["choices"] = list(finding.choices)
    return row


def _components(components: Iterable[Component]) -> list[Json]:
    return [{"role": c.role, "name": c.name, "version": c.version} for c in components]


def _problem(problem: Problem) -> Json:
    return {k: v for k, v in (("path", problem.path), ("message", problem.message), ("advice", problem.advice)) if v}


def draft_to_json(draft: Draft) -> Json:
    """The whole draft, ready for ``json.dumps(..., ensure_ascii=False)``."""
    table = EvidenceTable(draft.sources)
    sections = [_section(s, table) for s in draft.sections]
    facts = [fact_row(f, table) for f in draft.facts]
    findings = [_finding(f, table) for f in draft.findings]
    encounter = draft.encounter
    return {
        "format": FORMAT,
        "encounter": encounter.id,
        "language": encounter.language,
        "template": draft.template,
        "status": draft.status,
        "start": encounter.start.isoformat(),
        "patient": {
            k: v for k, v in (("id", encounter.patient.id), ("name", encounter.patient.name), ("sex", encounter.patient.sex),
                              ("birth_date", encounter.patient.birth_date)) if v
        },
        "sources": [source_row(s) for s in draft.sources],
        "evidence": table.rows(),
        "facts": facts,
        "sections": sections,
        "findings": findings,
        "problems": [_problem(p) for p in draft.problems],
        "left_out": [dict(row) for row in draft.left_out],
        "provenance": {
            "created": draft.created,
            "software": next((f"{c.name} {c.version}" for c in draft.components if c.role == "software"), "syngraph"),
            "components": _components(c for c in draft.components if c.role != "software"),
        },
    }  # fmt: skip


def reading_to_json(
    sources: Sequence[Source], facts: Mapping[SourceId, Sequence[Fact]], problems: Sequence[Problem]
) -> Json:
    """What one file says, in the draft's own terms (``syngraph read --json``).

    A file about several patients has the first as ``source`` and all of them as ``sources``.
    """
    table = EvidenceTable(sources)
    rows = [fact_row(f, table) for s in sources for f in facts.get(s.id, ())]
    out: Json = {
        "source": source_row(sources[0]) if sources else None,
        "evidence": table.rows(),
        "facts": rows,
        "problems": [_problem(p) for p in problems],
    }
    if len(sources) > 1:
        out["sources"] = [source_row(s) for s in sources]
    return out

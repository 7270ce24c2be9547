"""The four rules that hold on every draft, checked on its JSON, whoever wrote it (``docs/encounter-format.md`` §2).

1. Every statement names evidence, and every evidence's quote stands in its source at its anchor.
2. Numbers, units, drugs, doses, dates, sides and negations of a statement are in the evidence that it names.
3. A source whose patient is someone else contributes no statement.
4. While a blocking finding is open, the record can't be signed.

Rule 0 is the shape of the document itself. Nothing raises: whatever is wrong is a :class:`Violation`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

from syngraph.checks.guard import verdict
from syngraph.model import (
    FACT_KINDS,
    SEVERITIES,
    SOURCE_KINDS,
    STATUSES,
    DraftStatus,
    FindingKind,
    Support,
)

FORMAT = "syngraph-draft/1"
_DRAFT_STATUSES = frozenset(get_args(DraftStatus))
_SUPPORTS = frozenset(get_args(Support))
_FINDING_KINDS = frozenset(get_args(FindingKind))
_LISTS = ("sources", "evidence", "facts", "sections", "findings")
#: What the guard checks of a statement under rule 2; the rest is for whoever writes one.
_RULE_2 = frozenset({"number", "unit", "drug", "dose", "date", "duration", "side", "negation"})
#: States of a finding that no longer hold up a signature.
_CLOSED = frozenset({"resolved", "closed", "dismissed", "accepted", "settled"})


@dataclass(frozen=True, slots=True)
class Violation:
    """One rule broken: its number (0 is the document's shape), where, and what is wrong."""

    rule: int
    where: str
    message: str


_Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Draft:
    """The parts of a draft that have the right shape, by id."""

    sources: Mapping[str, _Row]
    evidence: Mapping[str, _Row]
    facts: Mapping[str, _Row]
    statements: tuple[tuple[str, _Row], ...]
    findings: tuple[tuple[str, _Row], ...]


def violations(draft: Mapping[str, Any], *, anchor: date | None = None) -> list[Violation]:
    """What is wrong with a draft, as parsed from its JSON; empty where all rules hold.

    Args:
        draft: the document; any JSON value is taken, and a wrong one reported.
        anchor: the day of the visit; the draft's own ``start`` by default. Without either, what a relative date
            comes to can't be checked and passes.
    """
    if not isinstance(draft, Mapping):
        return [Violation(0, "draft", "not a JSON object")]
    found = list(_shape(draft))
    anchor = anchor or _day(draft.get("start"))
    parts = _collect(draft, found)
    found += _references(parts)
    for where, row in parts.statements:
        found += _statement(where, row, parts, str(draft.get("language") or "zh"), anchor)
    for key, row in parts.evidence.items():
        found += _evidence(key, row, parts.sources)
    found += _identity(parts)
    found += _signing(draft, parts)
    return sorted(set(found), key=lambda v: (v.rule, v.where, v.message))


def _day(start: Any) -> date | None:
    try:
        return date.fromisoformat(start[:10]) if isinstance(start, str) else None
    except ValueError:
        return None


# --- rule 0: shape ---------------------------------------------------------------------------------------------


def _shape(draft: _Row) -> Iterator[Violation]:
    if draft.get("format") != FORMAT:
        yield Violation(0, "format", f"is not {FORMAT}")
    if draft.get("language") not in ("zh", "en"):
        yield Violation(0, "language", "is neither zh nor en")
    if not isinstance(draft.get("status"), str) or draft["status"] not in _DRAFT_STATUSES:
        yield Violation(0, "status", f"is not one of {_names(_DRAFT_STATUSES)}")
    for key in ("encounter", "template"):
        if not isinstance(draft.get(key), str) or not draft[key]:
            yield Violation(0, key, "is missing or not text")
    for key in _LISTS:
        if not isinstance(draft.get(key), list):
            yield Violation(0, key, "is missing or not a list")


def _names(values: frozenset[str] | tuple[str, ...]) -> str:
    return ", ".join(sorted(values))


def _rows(value: Any, where: str, found: list[Violation]) -> Iterator[tuple[str, _Row]]:
    """The objects of a list, each with its place; what is none is reported."""
    for i, row in enumerate(value if isinstance(value, list) else ()):
        if isinstance(row, Mapping):
            yield f"{where}[{i}]", row
        else:
            found.append(Violation(0, f"{where}[{i}]", "is not an object"))


def _collect(draft: _Row, found: list[Violation]) -> _Draft:
    ids: dict[str, str] = {}

    def by_id(key: str) -> dict[str, _Row]:
        rows: dict[str, _Row] = {}
        for where, row in _rows(draft.get(key), key, found):
            name = _id(row, where, ids, found)
            if name is not None:
                rows[name] = row
            found.extend(_row_shape(key, name or where, row))
        return rows

    sources, evidence, facts = by_id("sources"), by_id("evidence"), by_id("facts")
    findings = tuple(by_id("findings").items())
    statements: list[tuple[str, _Row]] = []
    for where, section in _rows(draft.get("sections"), "sections", found):
        found.extend(_section_shape(where, section))
        for place, row in _rows(section.get("statements"), f"{where}.statements", found):
            statements.append((_id(row, place, ids, found) or place, row))
            found.extend(_row_shape("statements", statements[-1][0], row))
    return _Draft(sources, evidence, facts, tuple(statements), findings)


def _id(row: _Row, where: str, ids: dict[str, str], found: list[Violation]) -> str | None:
    name = row.get("id")
    if not isinstance(name, str) or not name:
        found.append(Violation(0, where, "has no id"))
        return None
    if name in ids:
        found.append(Violation(0, where, f"has the id {name}, as {ids[name]} has"))
        return None
    ids[name] = where
    return name


def _section_shape(where: str, section: _Row) -> Iterator[Violation]:
    for key in ("id", "title"):
        if not isinstance(section.get(key), str) or not section[key]:
            yield Violation(0, where, f"{key} is missing or not text")
    if not isinstance(section.get("statements"), list):
        yield Violation(0, where, "statements is missing or not a list")


#: Per list: fields that must be text, and fields with their values.
_TEXT = {
    "sources": ("path", "sha256"), "evidence": ("source", "quote"), "facts": ("subject",), "statements": ("text",),
    "findings": ("topic", "message"),
}  # fmt: skip
_ENUM: Mapping[str, tuple[tuple[str, frozenset[str]], ...]] = {
    "sources": (("kind", SOURCE_KINDS),),
    "facts": (("kind", FACT_KINDS), ("status", STATUSES)),
    "statements": (("support", _SUPPORTS),),
    "findings": (("kind", _FINDING_KINDS), ("severity", frozenset(SEVERITIES))),
}
_ID_LISTS = {"facts": ("evidence",), "statements": ("facts", "evidence"), "findings": ("facts", "evidence")}


def _row_shape(key: str, where: str, row: _Row) -> Iterator[Violation]:
    for name in _TEXT.get(key, ()):
        if not isinstance(row.get(name), str) or not row[name].strip():
            yield Violation(0, where, f"{name} is missing or not text")
    for name, values in _ENUM.get(key, ()):
        value = row.get(name)
        if not isinstance(value, str) or value not in values:
            yield Violation(0, where, f"{name} is not one of {_names(values)}")
    for name in _ID_LISTS.get(key, ()):
        value = row.get(name)
        if not isinstance(value, list) or not all(isinstance(x, str) for x in value):
            yield Violation(0, where, f"{name} is not a list of ids")
    if key == "sources" and not isinstance(row.get("text"), str):
        yield Violation(0, where, "text is missing or not text")
    if key == "facts" and not _has_concept(row):
        yield Violation(0, where, "concept has no text")


def _has_concept(row: _Row) -> bool:
    concept = row.get("concept")
    return isinstance(concept, Mapping) and isinstance(concept.get("text"), str) and bool(concept["text"])


def _ids(row: _Row, key: str) -> list[str]:
    value = row.get(key)
    return [x for x in value if isinstance(x, str)] if isinstance(value, list) else []


def _references(parts: _Draft) -> Iterator[Violation]:
    """Ids that lead nowhere."""
    rows = [*parts.facts.items(), *parts.statements, *parts.findings]
    for where, row in rows:
        for name in _ids(row, "evidence"):
            if name not in parts.evidence:
                yield Violation(1 if row.get("text") else 0, where, f"names evidence {name}, which isn't there")
        for name in _ids(row, "facts"):
            if name not in parts.facts:
                yield Violation(0, where, f"names fact {name}, which isn't there")


# --- rule 1: evidence ------------------------------------------------------------------------------------------


def _evidence(where: str, row: _Row, sources: Mapping[str, _Row]) -> Iterator[Violation]:
    source = sources.get(row["source"]) if isinstance(row.get("source"), str) else None
    if source is None:
        yield Violation(1, where, "names a source that isn't there")
        return
    span = _range(row)
    text = source.get("text")
    if span is None or not isinstance(text, str):
        yield Violation(1, where, "anchor.text is not two offsets")
    elif not 0 <= span[0] < span[1] <= len(text):
        yield Violation(1, where, "anchor.text lies outside its source's text")
    elif text[span[0] : span[1]] != row.get("quote"):
        yield Violation(1, where, "quote does not stand in its source at anchor.text")


def _range(row: _Row) -> tuple[int, int] | None:
    anchor = row.get("anchor")
    span = anchor.get("text") if isinstance(anchor, Mapping) else None
    if not isinstance(span, list) or len(span) != 2:
        return None
    start, end = span
    if isinstance(start, bool) or isinstance(end, bool) or not (isinstance(start, int) and isinstance(end, int)):
        return None
    return start, end


# --- rule 2: what is said is borne out -------------------------------------------------------------------------


def _statement(where: str, row: _Row, parts: _Draft, language: str, anchor: date | None) -> Iterator[Violation]:
    names = _ids(row, "evidence")
    if not names:
        yield Violation(1, where, "names no evidence")
        return
    text = row.get("text")
    if row.get("support") == "clinician" or not isinstance(text, str):
        return
    quotes = _quotes(names, parts)
    if not quotes:
        return
    for reason in verdict(text, quotes, language=language, anchor=anchor).reasons:
        if reason.kind in _RULE_2:
            yield Violation(2, where, f"{reason.kind} not borne out by its evidence: {reason.text}")


def _quotes(names: list[str], parts: _Draft) -> list[str]:
    """The quotes in the order of their sources' texts, so that a question stands before its answer."""
    order = {name: i for i, name in enumerate(parts.sources)}
    rows = [parts.evidence[n] for n in names if n in parts.evidence]
    rows.sort(key=lambda r: (order.get(str(r.get("source")), len(order)), _range(r) or (0, 0)))
    return [r["quote"] for r in rows if isinstance(r.get("quote"), str)]


# --- rule 3: another person's source ---------------------------------------------------------------------------


def _identity(parts: _Draft) -> Iterator[Violation]:
    strangers = _strangers(parts)
    for where, row in parts.statements:
        for name in _ids(row, "evidence"):
            source = parts.evidence.get(name, {}).get("source")
            if isinstance(source, str) and source in strangers:
                yield Violation(3, where, f"rests on {source}, whose patient is someone else")


def _strangers(parts: _Draft) -> set[str]:
    """Sources that a blocking identity-mismatch finding points at, or that are marked themselves.

    A warning says that somebody should look, not that the source is another person's.
    """
    found = {s for s, row in parts.sources.items() if _marked(row)}
    for _, finding in parts.findings:
        blocking = finding.get("kind") == "identity-mismatch" and finding.get("severity") == "blocking"
        if not blocking or _is_closed(finding):
            continue
        found |= {s for s in _ids(finding, "sources") if s in parts.sources}
        for name in _ids(finding, "evidence"):
            source = parts.evidence.get(name, {}).get("source")
            if isinstance(source, str):
                found.add(source)
    return found


def _marked(source: _Row) -> bool:
    identity = source.get("identity")
    return source.get("excluded") is True or (isinstance(identity, Mapping) and identity.get("matches") is False)


# --- rule 4: signing -------------------------------------------------------------------------------------------


def _is_closed(finding: _Row) -> bool:
    return finding.get("resolved") is True or finding.get("resolution") not in (None, "", {}) or (
        isinstance(finding.get("status"), str) and finding["status"] in _CLOSED
    )  # fmt: skip


def _signing(draft: _Row, parts: _Draft) -> Iterator[Violation]:
    if draft.get("status") not in ("signed", "amended"):
        return
    for where, finding in parts.findings:
        if finding.get("severity") == "blocking" and not _is_closed(finding):
            yield Violation(4, where, f"is open and blocking, and the record is {draft['status']}")

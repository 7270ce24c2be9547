"""Past and family history: conditions, operations, vaccinations, and the blanket denials of any of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from syngraph.facts.assertion import negated
from syngraph.facts.cues import cues
from syngraph.facts.mentions import Mention, Reading, names_in, polarity
from syngraph.facts.naming import concept_of
from syngraph.facts.passage import Passage, Sentence
from syngraph.facts.values import side_of, values
from syngraph.model import Concept, Evidence, Fact, FactKind, Status, frozen_map
from syngraph.terminology.times import onset_from

#: What a blanket denial denies: kind, id, names, and the words that ask for it.
_TOPICS: tuple[tuple[FactKind, str, str, str, re.Pattern[str]], ...] = (
    ("family-history", "family-history:any", "家族遗传病", "family history", cues("family-topic")),
    ("procedure", "procedure:any", "手术外伤", "operations", re.compile(r"手术|开过?刀|动过?刀|外伤|surger(?:y|ies)|surgical|operations?|operated")),
    ("condition", "condition:any", "慢性病", "chronic illness", re.compile(
        r"慢性病|慢性疾病|基础病|基础疾病|老毛病|其他[的疾]*病|别的病|什么病|大病|既往病史|既往史|既往疾病|(?:medical|health) (?:problems?|conditions?|issues?|history)|"
        r"chronic (?:illness|condition|disease|problem)s?|long[- ]?term (?:conditions?|illness(?:es)?)|other (?:illness(?:es)?|conditions?)|past history|medically|diagnosed with anything")),
)  # fmt: skip
#: Rows of the procedures that are things to do, never things done.
_ADVICE = frozenset(
    f"procedure:{n}" for n in ("refer", "lifestyle-advice", "diet-advice", "follow-up", "emergency-advice", "injection")
)
_KNOWN = re.compile(
    r"你(?:有|以前有|得过)|您(?:有|以前有)|既往有|既往史|以前有|病史|you have a history|you've got a history|your history of|"
    r"i see you(?:'ve| have)|history of|past medical history|history significant for"
)
_POSSESSED = re.compile(r"(?:(?<![a-z])your (?:[a-z]+ ){0,2}|[你您](?:的|这个?))$")


def histories(reading: Reading) -> Iterator[Fact]:
    """Conditions, operations, vaccinations and family history that a source tells."""
    last: Fact | None = None
    for index, row in enumerate(reading.rows):
        if row.role == "question":
            continue
        dated = _when_it_was(reading, row, last)
        if dated is not None:
            last = None
            yield dated
        made = [fact for m in reading.in_row(index) if (fact := _fact(reading, row, m)) is not None]
        yield from made
        if made and row.role != "doctor":
            last = made[-1]
        yield from _denials(reading, row, len(made))


def _when_it_was(reading: Reading, row: Passage, last: Fact | None) -> Fact | None:
    """The illness or operation told last, with the date that this answer gives ("什么时候的事？" "前年")."""
    if last is None or row.asked is None or last.get("date"):
        return None
    if not cues("when-was-that").search(row.folded, row.asked.start, row.asked.end):
        return None
    found = values(reading, row, row.sentences[0])
    if not found.dates and not found.durations:
        return None
    when = found.dates[-1].iso if found.dates else onset_from(found.durations[0].iso, row.said)
    first = row.sentences[0]
    return replace(
        last,
        attributes=frozen_map({**last.attributes, "date": when}),
        evidence=(*last.evidence, row.evidence(first.start, first.end)),
    )


def _fact(reading: Reading, row: Passage, m: Mention) -> Fact | None:
    if m.assertion.hypothetical or m.term.kind not in ("condition", "procedure", "immunization"):
        return None
    if row.role == "doctor" and not _known(row, m):
        return None
    if m.term.id == "condition:pregnancy":
        return None  # a state that the reproductive history tells
    if m.term.id == "procedure:c-section" and reading.subjects.child:
        return None  # the child's own birth
    if m.term.id in _ADVICE or cues("simile").search(row.folded, m.sentence.start, m.start):
        return None
    if m.term.kind == "procedure" and m.status == "present" and row.role == "document" and row.topic == "plan":
        return None
    kind = _kind(row, m)
    if kind is None:
        return None
    found = values(reading, row, m.sentence)
    clause = m.sentence.clause_at(m.start)
    attributes: dict[str, str | None] = {
        "laterality": side_of(row, found, m.sentence, m.start, m.end) if not m.asked else None,
        "date": next(
            (d.iso for d in found.dates if clause.start <= d.start < clause.end and d.iso != row.said.isoformat()), None
        ),
        "duration": next((d.iso for d in found.durations if clause.start <= d.start < clause.end), None),
    }
    evidence = list(m.evidence)
    if m.asked and not (attributes["date"] or attributes["duration"]):
        attributes |= _from_answer(reading, row)
    if kind in ("procedure", "immunization"):
        attributes["duration"] = None
    status: Status = m.status
    if kind == "condition" and status == "historical" and not m.assertion.resolved and m.term.attrs.get("chronic"):
        status = "present"
    return Fact(
        kind=kind, concept=concept_of(m.term, reading.encounter.language), status=status, subject=m.assertion.subject,
        attributes=frozen_map(attributes), evidence=tuple(evidence), witnesses=(row.witness,),
        recorded=row.said.isoformat(),
    )  # fmt: skip


def _known(row: Passage, m: Mention) -> bool:
    """Whether the doctor speaks of an illness as one that both know of ("your diabetes", "with a history of")."""
    if _KNOWN.search(row.folded, m.sentence.start, m.sentence.end):
        return True
    owned = _POSSESSED.search(row.folded[m.sentence.start : m.start])
    return owned is not None and "chronic" in m.term.attrs and m.status == "present"


def _from_answer(reading: Reading, row: Passage) -> dict[str, str | None]:
    first = values(reading, row, row.sentences[0])
    return {
        "date": first.dates[0].iso if first.dates else None,
        "duration": first.durations[0].iso if first.durations else None,
    }


def _kind(row: Passage, m: Mention) -> FactKind | None:
    if m.term.kind == "immunization":
        return "immunization"
    if m.assertion.subject != "patient":
        return "family-history" if m.term.kind == "condition" else None
    if m.term.kind == "procedure":
        return "procedure"
    if row.role == "document" and row.topic in ("assessment", "investigations"):
        return "condition" if row.topic == "assessment" else None
    return "condition"


def _denials(reading: Reading, row: Passage, made: int) -> Iterator[Fact]:
    """Blanket denials: "no operations", "没有慢性病", or a plain no to the question about them."""
    if row.role in ("doctor", "question"):
        return
    for sentence in row.sentences:
        if sentence.asks:
            continue
        names = [(m.start, m.end) for m in names_in(row.folded, sentence.start, sentence.end)]
        for topic in _TOPICS:
            m = topic[4].search(row.folded, sentence.start, sentence.end)
            if m and not _overlaps(m, names) and negated(row.folded, sentence, m.start(), m.end(), names):
                yield _denial(reading, row, topic, (row.evidence(sentence.start, sentence.end),))
    if row.asked is None or made or row.role == "document":
        return
    answer = row.folded[row.start : row.end].strip()
    first = row.sentences[0]
    if polarity(answer) != "absent" or names_in(row.folded, first.start, first.clauses[0].end):
        return
    for sentence in row.asked.sentences:
        hit = _asked_topic(row, sentence)
        if hit is not None:
            yield _denial(reading, row, hit, row.answer(sentence))


def _asked_topic(row: Passage, sentence: Sentence) -> tuple[FactKind, str, str, str, re.Pattern[str]] | None:
    """The blanket topic of a question that names no particular disease."""
    named = [m for m in names_in(row.folded, sentence.start, sentence.end) if m.term.kind in ("condition", "procedure")]
    if named:
        return None
    return next((t for t in _TOPICS if t[4].search(row.folded, sentence.start, sentence.end)), None)


def _overlaps(m: re.Match[str], names: list[tuple[int, int]]) -> bool:
    return any(a < m.end() and m.start() < b for a, b in names)


def _denial(
    reading: Reading,
    row: Passage,
    topic: tuple[FactKind, str, str, str, re.Pattern[str]],
    evidence: tuple[Evidence, ...],
) -> Fact:
    kind, concept_id, zh, en, _ = topic
    return Fact(
        kind=kind, concept=Concept(text=zh if reading.encounter.language == "zh" else en, id=concept_id), status="absent",
        subject="family" if kind == "family-history" else "patient", evidence=evidence, witnesses=(row.witness,),
        recorded=row.said.isoformat(),
    )  # fmt: skip

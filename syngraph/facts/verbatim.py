"""What the rules don't understand but a clinician would want: kept in the speaker's own words.

A sentence of the patient's that names a part of the body or a complaint, a clause of the doctor's in the middle of an
examination, an order that names nothing we know: none of them may vanish. Each becomes a fact whose text is the
sentence itself, so it can say nothing that was not said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from syngraph.facts.assertion import assess
from syngraph.facts.clinician import exam_clauses, words_for
from syngraph.facts.cues import cues
from syngraph.facts.mentions import Reading
from syngraph.facts.passage import Clause, Passage
from syngraph.facts.wording import tidy
from syngraph.model import Concept, Fact, FactKind, Status, frozen_map
from syngraph.terminology.lexicon import lexicon

#: At most so many sentences of a source are kept as they stand; more would be a transcript, not a record.
_MOST_TOLD, _MOST_SEEN, _MOST_PLANNED = 4, 10, 4
#: Shortest and longest kept: characters of Chinese, words of English.
_HAN, _LATIN = (4, 36), (3, 24)
#: Of what a patient says, less than this is an echo ("左边，左膝").
_HAN_TOLD, _LATIN_TOLD = 7, 5
_PLACES = ("body-site", "sensation", "exam-finding", "symptom")
_TOPICS = frozenset({None, "chief-complaint", "history-of-present-illness", "review-of-systems"})


def verbatim(reading: Reading, made: Sequence[Fact]) -> Iterator[Fact]:
    """Facts in the speakers' own words for what ``made`` leaves uncovered."""
    covered = [(e.start, e.end) for f in made for e in f.evidence]
    yield from _limit(_told(reading, covered), _MOST_TOLD)
    yield from _limit(_seen(reading, covered), _MOST_SEEN)
    yield from _limit(_planned(reading, covered), _MOST_PLANNED)


def _limit(facts: Iterator[Fact], most: int) -> Iterator[Fact]:
    for _, fact in zip(range(most), facts, strict=False):
        yield fact


def _fits(words: str) -> bool:
    han = len(re.findall(r"[一-鿿]", words))
    if han:
        return _HAN[0] <= len(words) <= _HAN[1]
    return _LATIN[0] <= len(words.split()) <= _LATIN[1]


def _free(covered: list[tuple[int, int]], start: int, end: int) -> bool:
    return not any(a < end and start < b for a, b in covered)


def _told(reading: Reading, covered: list[tuple[int, int]]) -> Iterator[Fact]:
    """The patient's sentences that name a part of the body or a sensation and became nothing else."""
    for row in reading.rows:
        if row.role not in ("patient", "companion", "unknown") or row.topic not in _TOPICS:
            continue
        for sentence in row.sentences:
            if sentence.asks or not _free(covered, sentence.start, sentence.end):
                continue
            words = row.folded[sentence.start : sentence.end]
            if not _fits(words) or not lexicon().longest(words, "body-site", "sensation"):
                continue
            if len(words) < _HAN_TOLD or (words.isascii() and len(words.split()) < _LATIN_TOLD):
                continue
            if cues("hypothetical").search(words) or reading.subjects.of(row, sentence, sentence.end) != "patient":
                continue
            yield _fact(reading, row, sentence.start, sentence.end, "symptom", "present", {"verbatim": "1"})


def _seen(reading: Reading, covered: list[tuple[int, int]]) -> Iterator[Fact]:
    """The doctor's clauses in an examination that became no finding."""
    for row in reading.rows:
        if row.role != "doctor" or not _examining(row, reading):
            continue
        for sentence in row.sentences:
            ordering = words_for("orders").search(row.folded, sentence.start, sentence.end)
            if sentence.asks or ordering or words_for("concludes").search(row.folded, sentence.start, sentence.end):
                continue
            for clause in exam_clauses(row, sentence):
                words = row.folded[clause.start : clause.end]
                named = lexicon().longest(words, *_PLACES)
                if lexicon().longest(words, "drug", "drug-class"):
                    continue
                ordered = any(
                    words_for(c).search(words) for c in ("orders", "prescribes-clearly", "advises")
                ) or re.search(r"[吃喝]", words)
                if not _fits(words) or not named or ordered or _addressed(words) or _stated(covered, reading, clause):
                    continue
                said = assess(row.folded, sentence, clause.end - 1, clause.end, [])
                if said.hypothetical or cues("hypothetical").search(row.folded, sentence.start, clause.end):
                    continue
                status: Status = assess(row.folded, sentence, clause.start, clause.end, []).status
                yield _fact(
                    reading,
                    row,
                    clause.start,
                    clause.end,
                    "exam-finding",
                    "present" if status == "historical" else status,
                    {},
                )


def _examining(row: Passage, reading: Reading) -> bool:
    kinds = {m.term.kind for m in reading.in_row(reading.rows.index(row))}
    return "exam-finding" in kinds or words_for("examines").search(row.folded, row.start, row.end) is not None


def _addressed(words: str) -> bool:
    """Whether the doctor tells the patient to do something or talks with them, rather than dictates."""
    return (
        re.search(
            r"躺下|张嘴|放松|坐好|来[,，。]|我(?:看|听|摸|查|按)|忍一?下|别动|吸气|弯一下|再弯|你|您|(?<![a-z])(?:let me|i'm going|i'll|can you|just|please|you|your turn|breathe|open|lie|sit|pop)(?![a-z])",
            words,
        )
        is not None
    )


def _stated(covered: list[tuple[int, int]], reading: Reading, clause: Clause) -> bool:
    """Whether a mention in the clause already became a fact."""
    inside = [m for m in reading.mentions if clause.start <= m.start < clause.end]
    known = any(m.term.kind in ("exam-finding", "vital", "symptom") and not m.assertion.hypothetical for m in inside)
    return known and not _free(covered, clause.start, clause.end)


def _planned(reading: Reading, covered: list[tuple[int, int]]) -> Iterator[Fact]:
    """The doctor's orders that name nothing we know ("patch testing with the hairdressing series")."""
    half = len(reading.rows) // 2
    for row in reading.rows[half:]:
        if row.role != "doctor":
            continue
        for sentence in row.sentences:
            words = row.folded[sentence.start : sentence.end]
            if sentence.asks or not _fits(words) or not _free(covered, sentence.start, sentence.end):
                continue
            if words_for("examines").search(words) or not words_for("prescribes-clearly").search(words):
                continue
            yield _fact(reading, row, sentence.start, sentence.end, "plan", "planned", {"category": "advice"})


def _fact(
    reading: Reading, row: Passage, start: int, end: int, kind: FactKind, status: Status, attributes: dict[str, str]
) -> Fact:
    text = tidy(row.source.text[start:end].strip(" ，,。.!！；;"))
    evidence = row.evidence(start, end)
    return Fact(
        kind=kind, concept=Concept(text=text), status=status, evidence=(evidence,), witnesses=(row.witness,),
        attributes=frozen_map({**attributes, "text": text}), recorded=row.said.isoformat(), extractor="verbatim",
    )  # fmt: skip

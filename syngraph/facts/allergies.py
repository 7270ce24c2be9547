"""Allergies: to what, with what reaction, denied or feared; and the words that are then no symptom and no drug taken."""

from __future__ import annotations

import re
from collections.abc import Iterator

from syngraph.facts.assertion import assess, negated
from syngraph.facts.mentions import Mention, Reading, polarity
from syngraph.facts.naming import concept_of
from syngraph.facts.passage import Passage, Sentence
from syngraph.model import Concept, Evidence, Fact, Status, frozen_map

_CUE = re.compile(
    r"过敏(?!性|原)|不耐受|皮试阳性|(?<![a-z])(?:allerg(?:y|ies|ic)|reacted|reaction|reacts|intoleran(?:t|ce)|anaphyla[a-z]+)(?![a-z])"
)
_ALLERGENS = ("drug", "drug-class", "allergen")
#: "Medicines", "food": what is asked after, not what one is allergic to.
_NO_ONE_THING = frozenset({"allergen:any-drug", "allergen:food", "allergen:any-food", "allergen:any"})
_REACTIONS = re.compile(
    r"疹|痒|肿|休克|喘|过敏|呼吸困难|晕|rash|hives|urticaria|swell|swollen|anaphyla|itch|welts|wheez|throat"
)
_TREATS = re.compile(r"抹|涂|擦|治|吃了?点|cream|for the|for my|for it|helps?")
_AFTER_DRUG = re.compile(
    r"就|后|完|之后|以后|起了|gives? me|gave me|brought me out|brings me out|broke out|break out|came out|come out|made me|makes me|from|to|with|after|when"
)


def allergies(reading: Reading) -> Iterator[tuple[Fact, list[Mention]]]:
    """Each allergy fact with the mentions that it uses up."""
    for index, row in enumerate(reading.rows):
        if row.role == "question":
            continue
        mentions = reading.in_row(index)
        made: list[tuple[Fact, list[Mention]]] = []
        for sentence in row.sentences:
            if not sentence.asks:
                made += _sentence(reading, row, sentence, mentions)
        if row.asked and row.role not in ("doctor", "document"):
            made += _answer(reading, row, mentions, made)
        yield from made


def _about_allergy(row: Passage) -> bool:
    if row.topic == "allergies":
        return True
    return row.asked is not None and _CUE.search(row.folded, row.asked.start, row.asked.end) is not None


def _sentence(
    reading: Reading, row: Passage, sentence: Sentence, mentions: list[Mention]
) -> Iterator[tuple[Fact, list[Mention]]]:
    here = [m for m in mentions if sentence.start <= m.start < sentence.end and not m.asked]
    allergens = [m for m in here if m.term.kind in _ALLERGENS and m.term.id not in _NO_ONE_THING]
    reactions = [m for m in here if m.term.kind == "symptom" and not m.assertion.hypothetical]
    cue = _CUE.search(row.folded, sentence.start, sentence.end)
    if row.role == "doctor" and not re.search(r"你|您|you", row.folded[sentence.start : sentence.end]):
        return
    if cue is None and not (_about_allergy(row) and allergens):
        allergens = [m for m in allergens if _reacted(row, m, reactions)]
        if not allergens:
            return
    if allergens:
        for m in allergens:
            status = _status(row, sentence, m, cue, here)
            if status is not None:
                reaction = [r for r in reactions if r.status != "absent" and r.start > m.start]
                yield _fact(reading, row, m, status, reaction), [m, *reaction]
        return
    if cue is not None and row.role != "doctor":
        ranges = [(m.start, m.end) for m in here]
        if assess(row.folded, sentence, cue.start(), cue.end(), ranges).hypothetical:
            return
        if negated(row.folded, sentence, cue.start(), cue.end(), ranges):
            yield _denial(reading, row, row.evidence(sentence.start, sentence.end)), []


def _status(
    row: Passage, sentence: Sentence, m: Mention, cue: re.Match[str] | None, here: list[Mention]
) -> Status | None:
    if m.assertion.hypothetical or m.assertion.subject != "patient":
        return None
    if m.status == "absent":
        return "absent"
    if cue is not None:
        ranges = [(x.start, x.end) for x in here]
        said = assess(row.folded, sentence, cue.start(), cue.end(), ranges)
        if said.hypothetical:
            return None
        if said.status == "absent" and sentence.clause_at(cue.start()) == sentence.clause_at(m.start):
            return "absent"
        if said.status == "uncertain" or m.status == "uncertain":
            return "uncertain"
    elif m.status == "uncertain":
        return "uncertain"
    return "present"


def _reacted(row: Passage, m: Mention, reactions: list[Mention]) -> bool:
    """Whether a drug and a rash in one sentence are cause and effect ("用了头孢就起疹子")."""
    for r in reactions:
        words = row.folded[min(m.end, r.end) : max(m.start, r.start)]
        allergic = r.status != "absent" and _REACTIONS.search(row.folded[r.start : r.end]) and len(words) < 40
        if allergic and _AFTER_DRUG.search(words) and not _TREATS.search(words):
            return True
    return False


def _answer(
    reading: Reading, row: Passage, mentions: list[Mention], made: list[tuple[Fact, list[Mention]]]
) -> Iterator[tuple[Fact, list[Mention]]]:
    """The answer to a question about allergies: named allergens, a denial, or a name that nobody knows."""
    if not _about_allergy(row) or row.asked is None:
        return
    asked = [m for m in mentions if m.asked and m.term.kind in _ALLERGENS]
    for m in asked:
        yield _fact(reading, row, m, m.status, []), [m]
    if made or asked:
        return
    answer = row.folded[row.start : row.end].strip()
    said = polarity(answer)
    first = row.sentences[0]
    quotes = row.answer(row.asked, first.end)
    if said == "absent":
        yield _denial(reading, row, *quotes), []
    elif row.asked.from_form and said is None and 1 < len(answer) <= 40:
        named = row.source.text[row.start : row.end].strip(" 。.")
        yield _make(reading, row, Concept(text=named), "present", {}, quotes), []


def _fact(reading: Reading, row: Passage, m: Mention, status: Status, reaction: list[Mention]) -> Fact:
    language = reading.encounter.language
    names = ("、" if language == "zh" else ", ").join(dict.fromkeys(r.term.name(language) for r in reaction))
    extra = [e for r in reaction for e in r.evidence]
    attributes = {"reaction": names} if names and status != "absent" else {}
    return _make(
        reading, row, concept_of(m.term, language), status, attributes, tuple(dict.fromkeys([*m.evidence, *extra]))
    )


def _denial(reading: Reading, row: Passage, *evidence: Evidence) -> Fact:
    text = "药物过敏" if reading.encounter.language == "zh" else "drug allergy"
    words = " ".join(row.folded[e.start : e.end] for e in evidence)
    if not re.search(r"药|drug|medic", words):
        text = "过敏" if reading.encounter.language == "zh" else "allergies"
    return _make(reading, row, Concept(text=text, id="allergy:any"), "absent", {}, evidence)


def _make(
    reading: Reading,
    row: Passage,
    concept: Concept,
    status: Status,
    attributes: dict[str, str],
    evidence: tuple[Evidence, ...],
) -> Fact:
    return Fact(
        kind="allergy", concept=concept, status=status, attributes=frozen_map(attributes), evidence=evidence,
        witnesses=(row.witness,), recorded=row.said.isoformat(),
    )  # fmt: skip

"""Allergies: to what, with what reaction, denied or feared; and the words that are then no symptom and no drug taken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from syngraph.facts.assertion import assess, negated
from syngraph.facts.mentions import Mention, Reading, polarity
from syngraph.facts.naming import concept_of
from syngraph.facts.passage import Passage, Sentence
from syngraph.facts.vocabulary import words
from syngraph.model import Concept, Evidence, Fact, Status, frozen_map
from syngraph.terminology.lexicon import lexicon

_ALLERGENS = ("drug", "drug-class", "allergen")
#: "Medicines", "food": what is asked after, not what one is allergic to.
_NO_ONE_THING = frozenset({"allergen:any-drug", "allergen:food", "allergen:any-food", "allergen:any"})


def allergies(reading: Reading) -> Iterator[tuple[Fact, list[Mention]]]:
    """Each allergy fact with the mentions that it uses up."""
    last: Fact | None = None
    for index, row in enumerate(reading.rows):
        if row.role == "question":
            continue
        mentions = reading.in_row(index)
        made: list[tuple[Fact, list[Mention]]] = []
        for sentence in row.sentences:
            if not sentence.asks:
                here = list(_sentence(reading, row, sentence, mentions))
                denied = any(f.concept.id == "allergy:any" for f, _ in here)
                made = _with_reaction(reading, row, sentence, mentions, made) if not here else made
                made += here + ([] if denied else list(_no_drugs(reading, row, sentence)))
        if row.asked and row.role not in ("doctor", "document"):
            made += _answer(reading, row, mentions, made)
            made += _what_happens(reading, row, mentions, last if not made else None)
        yield from made
        if made and row.role != "doctor":
            last = next((f for f, _ in reversed(made) if f.status == "present"), None)


def _with_reaction(
    reading: Reading, row: Passage, sentence: Sentence, mentions: list[Mention], made: list[tuple[Fact, list[Mention]]]
) -> list[tuple[Fact, list[Mention]]]:
    """``made`` with the reaction that a following sentence tells ("Penicillin. I get a rash.")."""
    if not made or made[-1][0].status != "present" or made[-1][0].get("reaction") or not _about_allergy(row):
        return made
    told = [
        m for m in mentions
        if sentence.start <= m.start < sentence.end and m.term.kind == "symptom" and m.status != "absent"
        and not m.asked and words("reaction").search(row.folded[m.start : m.end])
    ]  # fmt: skip
    if not told:
        return made
    fact, used = made[-1]
    language = reading.encounter.language
    names = ("、" if language == "zh" else ", ").join(dict.fromkeys(m.term.name(language) for m in told))
    evidence = tuple(dict.fromkeys([*fact.evidence, *(e for m in told for e in m.evidence)]))
    named = replace(fact, attributes=frozen_map({**fact.attributes, "reaction": names}), evidence=evidence)
    return [*made[:-1], (named, [*used, *told])]


def _about_allergy(row: Passage) -> bool:
    if row.topic == "allergies":
        return True
    return row.asked is not None and words("allergy").search(row.folded, row.asked.start, row.asked.end) is not None


def _sentence(
    reading: Reading, row: Passage, sentence: Sentence, mentions: list[Mention]
) -> Iterator[tuple[Fact, list[Mention]]]:
    here = [m for m in mentions if sentence.start <= m.start < sentence.end and not m.asked]
    allergens = [m for m in here if m.term.kind in _ALLERGENS and m.term.id not in _NO_ONE_THING]
    reactions = [m for m in here if m.term.kind == "symptom" and not m.assertion.hypothetical]
    cue = words("allergy").search(row.folded, sentence.start, sentence.end)
    if row.role == "doctor" and not re.search(r"你|您|you", row.folded[sentence.start : sentence.end]):
        return
    if cue is None and not _about_allergy(row):
        allergens = [m for m in allergens if _reacted(row, m, reactions)]
    told = False
    for m in allergens:
        status = _status(row, sentence, m, here, reactions)
        if status is not None:
            told = True
            reaction = [r for r in reactions if r.status != "absent" and r.start > m.start]
            yield _fact(reading, row, m, status, reaction), [m, *reaction]
    of_one = _asked_of_one(row, mentions) or bool(_named_in_question(row) & {m.term.id for m in allergens})
    if cue is not None and row.role != "doctor" and not of_one:
        yield from _of_all(reading, row, sentence, cue, here, allergens, told=told)


def _of_all(
    reading: Reading, row: Passage, sentence: Sentence, cue: re.Match[str], here: list[Mention],
    allergens: list[Mention], *, told: bool,
) -> Iterator[tuple[Fact, list[Mention]]]:  # fmt: skip
    """The denial of any allergy in a clause that names none ("no allergies, I take cetirizine in the summer")."""
    clause = sentence.clause_at(cue.start())
    if told and words("except-for").search(row.folded, clause.start, sentence.end):
        return
    if any(clause.start <= m.start < clause.end for m in allergens):
        return
    ranges = [(m.start, m.end) for m in here]
    if assess(row.folded, sentence, cue.start(), cue.end(), ranges).hypothetical:
        return
    if negated(row.folded, sentence, cue.start(), cue.end(), ranges):
        span = (clause.start, clause.end) if allergens else (sentence.start, sentence.end)
        yield _denial(reading, row, row.evidence(*span)), []


def _asked_of_one(row: Passage, mentions: list[Mention]) -> bool:
    """Whether the question was after one allergen alone, so that "not allergic" is said of that ("青霉素过敏吗？不过敏")."""
    one = any(m.asked and m.term.kind in _ALLERGENS and m.term.id not in _NO_ONE_THING for m in mentions)
    return one and words("all-of-them").search(row.folded, row.start, row.end) is None


def _status(
    row: Passage, sentence: Sentence, m: Mention, here: list[Mention], reactions: list[Mention]
) -> Status | None:
    """What is said of an allergen: by the allergy word of its clause, else by what it did and how it stands there."""
    if m.assertion.hypothetical or m.assertion.subject != "patient":
        return None
    if m.status == "absent":
        return "absent"
    clause = sentence.clause_at(m.start)
    cue = words("allergy").search(row.folded, clause.start, clause.end)
    cue = cue or words("allergy").search(row.folded, sentence.start, sentence.end)
    said = assess(row.folded, sentence, cue.start(), cue.end(), [(x.start, x.end) for x in here]) if cue else None
    if said is not None and said.hypothetical:
        return None
    if (said is not None and said.status == "uncertain") or m.status == "uncertain":
        return "uncertain"
    if cue is not None and _of_drugs_only(row, sentence, m, cue):
        return _by_itself(row, sentence, m, reactions, denied=False)
    if cue is not None and said is not None and (sentence.clause_at(cue.start()) == clause or cue.start() > m.end):
        return "absent" if said.status == "absent" else "present"
    denied = said is not None and said.status == "absent"
    return _by_itself(row, sentence, m, reactions, denied=denied)


def _of_drugs_only(row: Passage, sentence: Sentence, m: Mention, cue: re.Match[str]) -> bool:
    """Whether the allergy word belongs to a denial of drug allergies behind the thing ("plasters - no drug allergies")."""
    spans = [d.span() for d in words("drugs-only").finditer(row.folded, m.end, sentence.end)]
    return any(a <= cue.start() < b for a, b in spans)


def _by_itself(
    row: Passage, sentence: Sentence, m: Mention, reactions: list[Mention], *, denied: bool
) -> Status | None:
    """What an allergen means whose clause has no allergy word: the bare answer, what did harm, or what did none.

    "No, just penicillin" is an allergy; "no, and I've had penicillin since" is none, and "I take cetirizine in the
    summer" says nothing of allergies.
    """
    if _harmed(row, sentence, m, reactions):
        return "uncertain" if polarity(row.folded[m.end : sentence.end]) == "uncertain" else "present"
    if row.role != "document" and any(s.asks for s in row.sentences if s.end <= sentence.start):
        return None  # "What of her old tablets? Valsartan." goes on with the speaker's own question
    clause = sentence.clause_at(m.start)
    if words("fine-with").search(row.folded, clause.start, _clause_behind(sentence, clause.end)):
        return "absent"
    if words("uses-it").search(row.folded, clause.start, clause.end) or _asks_medicines(row):
        return None
    start = sentence.start if row.role == "document" else row.start
    before = row.folded[start : m.start]
    denied = denied or polarity(before) == "absent" or words("none-known").match(before.strip()) is not None
    return None if denied and words("except-for").search(before) is None else "present"


def _clause_behind(sentence: Sentence, end: int) -> int:
    """The end of the clause that follows; ``end`` where none does."""
    return next((c.end for c in sentence.clauses if c.start >= end), end)


def _harmed(row: Passage, sentence: Sentence, m: Mention, reactions: list[Mention]) -> bool:
    """Whether the words behind an allergen tell what it did, or that it must not be had."""
    told = any(
        r.status != "absent" and r.start > m.start and words("reaction").search(row.folded[r.start : r.end])
        for r in reactions
    )
    clause = sentence.clause_at(m.start)
    return told or words("must-not").search(row.folded, clause.start, _clause_behind(sentence, clause.end)) is not None


def _asks_medicines(row: Passage) -> bool:
    """Whether the same question asks what is taken, so that a name by itself answers either."""
    return row.asked is not None and words("asks-taken").search(row.folded, row.asked.start, row.asked.end) is not None


def _reacted(row: Passage, m: Mention, reactions: list[Mention]) -> bool:
    """Whether a drug and a rash in one sentence are cause and effect ("用了头孢就起疹子")."""
    for r in reactions:
        between = row.folded[min(m.end, r.end) : max(m.start, r.start)]
        allergic = r.status != "absent" and words("reaction").search(row.folded[r.start : r.end]) and len(between) < 40
        if allergic and words("after-drug").search(between) and not words("treats").search(between):
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
        if m.term.id in _NO_ONE_THING and m.status != "absent":
            continue
        if m.term.id == "allergen:any-drug":
            if not any(f.concept.id == "allergy:any" for f, _ in made):
                yield _denial(reading, row, *m.evidence), [m]
        else:
            yield _fact(reading, row, m, m.status, []), [m]
    if asked or any(f.status != "absent" or f.concept.id == "allergy:any" for f, _ in made):
        return
    answer = words("of-me").sub("", row.folded[row.start : row.end].strip())
    said = "absent" if words("none-known").match(answer) else polarity(answer)
    first = row.sentences[0]
    quotes = row.answer(row.asked, first.end)
    one = _named_in_question(row)
    if said == "absent" and one:
        # "Penicillin allergy?" "No, I've had penicillin" is said of that one, not of all.
        same = next((m for m in mentions if m.term.id in one), None)
        if same is not None and not made:
            yield _fact(reading, row, same, "absent", []), [same]
    elif said == "absent":
        yield _denial(reading, row, *quotes), []
    elif row.asked.from_form and said is None and not made and 1 < len(answer) <= 40:
        named = row.source.text[row.start : row.end].strip(" 。.")
        yield _make(reading, row, Concept(text=named), "present", {}, quotes), []


def _named_in_question(row: Passage) -> set[str]:
    """The allergens that the question names, unless it asks of all."""
    if row.asked is None:
        return set()
    question = row.folded[row.asked.start : row.asked.end]
    found = {m.term.id for m in lexicon().longest(question, *_ALLERGENS)}
    return set() if found & set(_NO_ONE_THING) or words("all-of-them").search(question) else found


def _what_happens(
    reading: Reading, row: Passage, mentions: list[Mention], last: Fact | None
) -> Iterator[tuple[Fact, list[Mention]]]:
    """The allergy told last, with the reaction that this answer gives ("What happens when you take it?" "A rash.")."""
    if last is None or row.asked is None:
        return
    if not words("asks-reaction").search(row.folded, row.asked.start, row.asked.end):
        return
    reaction = [m for m in mentions if m.term.kind == "symptom" and not m.asked and m.status != "absent"]
    if reaction:
        language = reading.encounter.language
        names = ("、" if language == "zh" else ", ").join(dict.fromkeys(m.term.name(language) for m in reaction))
        extra = [e for m in reaction for e in m.evidence]
        evidence = tuple(dict.fromkeys([*last.evidence, *extra]))
        yield replace(last, attributes=frozen_map({**last.attributes, "reaction": names}), evidence=evidence), reaction


def _fact(reading: Reading, row: Passage, m: Mention, status: Status, reaction: list[Mention]) -> Fact:
    language = reading.encounter.language
    names = ("、" if language == "zh" else ", ").join(dict.fromkeys(r.term.name(language) for r in reaction))
    extra = [e for r in reaction for e in r.evidence]
    attributes = {"reaction": names} if names and status != "absent" else {}
    return _make(
        reading, row, concept_of(m.term, language), status, attributes, tuple(dict.fromkeys([*m.evidence, *extra]))
    )


def _denial(reading: Reading, row: Passage, *evidence: Evidence) -> Fact:
    """No allergies at all, or none to medicines where only those were asked after or named."""
    told = " ".join(row.folded[e.start : e.end] for e in evidence)
    drugs = words("drug-word").search(told) is not None and words("food-word").search(told) is None
    names = ("药物过敏", "drug allergy") if drugs else ("过敏", "allergies")
    zh = reading.encounter.language == "zh"
    return _make(reading, row, Concept(text=names[0] if zh else names[1], id="allergy:any"), "absent", {}, evidence)


def _no_drugs(reading: Reading, row: Passage, sentence: Sentence) -> Iterator[tuple[Fact, list[Mention]]]:
    """A denial of drug allergies that stands beside an allergy to something else ("药没有，鸡蛋过敏")."""
    m = words("drugs-only").search(row.folded, sentence.start, sentence.end)
    about = _about_allergy(row) or words("allergy").search(row.folded, sentence.start, sentence.end) is not None
    if m is None or not about or row.role == "doctor":
        return
    clauses = [c for c in sentence.clauses if c.start < m.end() and m.start() < c.end]
    yield _denial(reading, row, row.evidence(clauses[0].start, clauses[-1].end)), []


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

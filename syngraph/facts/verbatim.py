"""What the rules don't understand but a clinician would want: kept in the speaker's own words.

A sentence of the patient's that names a part of the body or a complaint, a clause of the doctor's in the middle of an
examination, an order that names nothing we know: none of them may vanish. Each becomes a fact whose text is the
sentence itself, so it can say nothing that was not said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from syngraph.facts.cues import cues
from syngraph.facts.mentions import Reading, polarity
from syngraph.facts.passage import Passage
from syngraph.facts.phases import end_of_history
from syngraph.facts.plan_wording import written
from syngraph.facts.spoken import words_for
from syngraph.facts.wording import tidy
from syngraph.model import Concept, Fact, FactKind, Status, frozen_map
from syngraph.terminology.lexicon import lexicon
from syngraph.terminology.patterns import regex

#: At most so many sentences of a source are kept as they stand; more would be a transcript, not a record.
_MOST_TOLD, _MOST_SEEN, _MOST_PLANNED = 5, 10, 4
#: Shortest and longest kept: characters of Chinese, words of English.
_HAN, _LATIN = (4, 40), (3, 24)
#: Of what a patient says, less than this is an echo ("左边，左膝").
_HAN_TOLD, _LATIN_TOLD = 6, 4
_PLACES = ("body-site", "sensation", "exam-finding", "symptom")
_TOPICS = frozenset({None, "chief-complaint", "history-of-present-illness", "review-of-systems"})


def verbatim(reading: Reading, made: Sequence[Fact]) -> Iterator[Fact]:
    """Facts in the speakers' own words for what ``made`` leaves uncovered."""
    covered = [(e.start, e.end) for f in made for e in f.evidence if f.kind != "administrative"]
    complaints = [(e.start, e.end) for f in made if f.kind == "symptom" and f.status != "absent" for e in f.evidence]
    yield from reasons(reading, complaints)
    yield from _limit(_told(reading, covered), _MOST_TOLD)
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
    """Sentences of the patient or companion about the body or the course of the illness that became nothing else."""
    for row in reading.rows[: _end_of_history(reading)]:
        if row.role not in ("patient", "companion", "unknown") or row.topic not in _TOPICS or _other_matter(row):
            continue
        for sentence in row.sentences:
            words = row.folded[sentence.start : sentence.end].strip()
            if sentence.asks or not _free(covered, sentence.start, sentence.end) or not _long_enough(words):
                continue
            if cues("drops-it").search(words):
                continue
            if not _complains(row, words) or cues("hypothetical").search(words) or cues("chatter").search(words):
                continue
            if reading.retractions.holds(sentence.start, sentence.end):
                continue
            if reading.subjects.of(row, sentence, sentence.end) == "patient":
                yield _fact(reading, row, sentence.start, sentence.end, "symptom", "present", {"verbatim": "1"})


def _end_of_history(reading: Reading) -> int:
    """Index of the passage with which the doctor begins to conclude and order: what follows is no history."""
    last = end_of_history(reading)
    for index, row in enumerate(reading.rows):
        if index >= last:
            return last
        if (
            row.role == "doctor"
            and index > len(reading.rows) // 2
            and words_for("concludes").search(row.folded, row.start, row.end)
        ):
            return index
    return last


def _other_matter(row: Passage) -> bool:
    """Whether the passage answers what is asked of allergies, drugs, habits, family or earlier illness."""
    if row.asked is None:
        return False
    asked = row.folded[row.asked.start : row.asked.end]
    return any(cues(c).search(asked) for c in ("other-matter", "asks-allergy", "asks-history"))


def _long_enough(words: str) -> bool:
    han = len(re.findall(r"[一-鿿]", words))
    return (han >= _HAN_TOLD if han else len(words.split()) >= _LATIN_TOLD) and _fits(words)


_DENIES = regex(r"(?:n't|(?<![a-z])(?:not|no|never))(?: [a-z]+,?){0,3} $")


def _complains(row: Passage, words: str) -> bool:
    """Whether words are of the body or of the course of an illness: they say so, or that is what was asked."""
    if polarity(re.sub(r"^(?:不过|但是?|就是)", "", words)) == "absent":
        return False
    found = cues("complains").search(cues("all-well").sub("", words))
    if found is not None:
        # "It hasn't really been burning" complains of nothing.
        return _DENIES.search(words[: found.start()]) is None
    if row.topic == "chief-complaint":
        return False
    if row.asked is None or not lexicon().longest(words, "body-site", "sensation"):
        return False
    asked = row.folded[row.asked.start : row.asked.end]
    of_illness = ("presupposing", "asks-character", "asks-course", "asks-severity", "asks-when", "opens")
    return any(cues(c).search(asked) for c in of_illness)


def reasons(reading: Reading, complaints: list[tuple[int, int]]) -> Iterator[Fact]:
    """Why the patient came, in the patient's own words: a form's answer to that question, else the first answer.

    Where the answer became a symptom (``complaints``), that says it better.
    """
    for number, row in enumerate(r for r in reading.rows if r.role not in ("question", "doctor")):
        if row.asked is None or row.role not in ("patient", "companion", "unknown"):
            continue
        opening = cues("opens").search(row.folded, row.asked.start, row.asked.end) is not None
        if row.topic == "chief-complaint" or (opening and (not row.asked.from_form or number < 2)):
            if not _free(complaints, row.start, row.end):
                return
            first = next((s for s in row.sentences if len(row.folded[s.start : s.end].strip()) > 3), row.sentences[0])
            if not _gives_reason(row.folded[first.start : first.end].strip()):
                continue
            yield _fact(
                reading,
                row,
                first.start,
                first.end,
                "administrative",
                "present",
                {"category": "reason", "section": "chief-complaint"},
            )
            return


def _gives_reason(words: str) -> bool:
    """Whether an answer says anything of why: not "没有", "不知道" or a question back."""
    return polarity(words) not in ("absent", "uncertain") and cues("drops-it").search(words) is None


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
            if written(words) is None:
                continue  # talk, or half a sentence
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

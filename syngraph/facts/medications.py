"""Medications that the patient takes, took or stopped, with dose, route and frequency as they were said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from syngraph.facts.dosing import (
    Dosing,
    Name,
    answer_dosing,
    attributes_of,
    covered,
    dosings,
    drug_names,
    evidence_of,
    is_given,
)
from syngraph.facts.drug_words import drug_words
from syngraph.facts.mentions import Mention, Reading, names_in, polarity
from syngraph.facts.naming import concept_of
from syngraph.facts.passage import Passage, is_question
from syngraph.facts.subject import relatives
from syngraph.facts.values import values
from syngraph.model import Concept, Evidence, Fact, Status, frozen_map
from syngraph.terminology.durations import duration_days
from syngraph.terminology.lexicon import Term, lexicon
from syngraph.terminology.patterns import regex

_HAN = regex(r"[一-鿿]")
#: Sections of a document or form whose drugs are no statement of what is taken.
_ELSEWHERE = ("allergies", "family-history", "plan", "investigations")
#: A course of so many days, with no word of habit, is one that was taken for an illness.
_COURSE_DAYS = 21


def medications(reading: Reading, used: Sequence[Mention]) -> Iterator[Fact]:
    """The medication facts of a source; ``used`` are mentions that an allergy already claims."""
    taken = {(m.start, m.end, m.row) for m in used}
    last: list[Fact] = []
    for index, row in enumerate(reading.rows):
        if row.role == "question" or row.topic in _ELSEWHERE:
            continue  # a drug in a result ("nitrofurantoin sensitive") was not taken
        mine = [m for m in _named(reading, index, row) if (m.start, m.end, m.row) not in taken]
        facts = list(_told(reading, row, mine)) or list(_asked_about(reading, row))
        if not facts and (ended := _stopped_then(reading, row, last)):
            last = [ended]
            yield ended
        elif not facts and row.asked and last and row.role in ("patient", "companion", "unknown"):
            last = [_more(reading, row, f) for f in last]
            yield from (f for f in last if f.evidence[-1].start >= row.start)
        elif not facts:
            yield from _form_answer(reading, row)
        else:
            last = facts[-1:]
            yield from facts


def _named(reading: Reading, index: int, row: Passage) -> list[Mention]:
    """The medicines that ``row`` says something of, the patient's own (or a relative's that the patient took)."""
    found = [m for m in reading.in_row(index) if m.term.kind in ("drug", "drug-class") and not is_given(m.term)]
    found = [m for m in found if m.assertion.subject == "patient" or _borrowed(row, m) or _only_in_names(row, m)]
    if row.role == "doctor":
        found = [m for m in found if _doctor_knows(row, m)]
    inside = [m.term for m in found if m.term.kind == "drug"]
    return [m for m in found if m.term.kind == "drug" or not covered(m.term, inside)]


def _doctor_knows(row: Passage, m: Mention) -> bool:
    """Whether the doctor says that the patient takes a drug ("you're on apixaban, five milligrams twice a day")."""
    near = 24 if _HAN.search(row.folded[m.sentence.start : m.end]) else 70
    return drug_words("knows").search(row.folded, max(m.sentence.start, m.start - near), m.start) is not None


def _only_in_names(row: Passage, m: Mention) -> bool:
    """Whether the relative before a drug is only part of a drug's name ("baby aspirin", "children's Tylenol", 妈咪爱)."""
    found = relatives(row.folded[m.sentence.start : m.start])
    names = drug_names(row.folded, m.sentence.start, m.end)
    at = [(r.start + m.sentence.start, r.end + m.sentence.start) for r in found]
    return bool(at) and all(any(n.start - len("'s ") <= end and start <= n.end for n in names) for start, end in at)


def _borrowed(row: Passage, m: Mention) -> bool:
    """Whether the patient took a relative's medicine ("My sister's Bactrim", "my mum gave me some of hers")."""
    if m.asked or row.role not in ("patient", "unknown"):
        return False
    if drug_words("borrowed").search(row.folded, m.sentence.start, m.sentence.end):
        return True
    asked = row.asked is not None and drug_words("asks-treated").search(row.folded, row.asked.start, row.asked.end)
    return bool(asked) and re.search(r"(?:'s|的)\s*$", row.folded[m.sentence.start : m.start]) is not None


# -- what is said of each ----------------------------------------------------------------------------------------


def _told(reading: Reading, row: Passage, mine: Sequence[Mention]) -> Iterator[Fact]:
    if not mine:
        return
    known = dosings(reading, row)
    names = [n for n, _ in known]
    for m in mine:
        at = next((i for i, n in enumerate(names) if n.start <= m.start < n.end), None)
        if at is not None and m.start > names[at].start and any(names[at].start == o.start for o in mine):
            continue  # "Jardiance, empagliflozin": said twice
        dosing = known[at][1] if at is not None else answer_dosing(reading, row)
        fact = _fact(reading, row, m, dosing, _span(row, m, names))
        if fact is not None:
            yield fact


def _span(row: Passage, m: Mention, names: Sequence[Name]) -> tuple[int, int]:
    """What is said of a drug: from its clause's start (or the drug before) to the next drug or the next thing named."""
    if m.asked:
        return row.start, row.end
    first, last = _list_around(row, m, names)
    clause = m.sentence.clause_at(first)
    start = max([clause.start, *[n.end for n in names if n.end <= first]])
    return start, min([_end(row, m), *[n.start for n in names if n.start >= last]])


def _list_around(row: Passage, m: Mention, names: Sequence[Name]) -> tuple[int, int]:
    """The list of names that a drug stands in: what follows it is said of all ("A and B, they help")."""
    first, last = m.start, m.end
    joined = re.compile(rf"\s*(?:(?:{drug_words('joins').pattern})\s*)+|\s*")
    for n in names:
        if n.start <= m.start < n.end:
            last = max(last, n.end)
        elif n.start >= last and joined.fullmatch(row.folded[last : n.start]):
            last = n.end
    for n in reversed(names):
        if n.end <= first and joined.fullmatch(row.folded[n.end : first]):
            first = n.start
    return first, last


def _end(row: Passage, m: Mention) -> int:
    """The end of the drug's sentence, or of what goes on about it: a short next one that names nothing ("It helped.").

    A document's row goes on over its columns ("药品：…；用法：…；状态：停用").
    """
    end, left = m.sentence.end, 5 if row.role == "document" else 1
    for after in (s for s in row.sentences if s.start >= end):
        words = row.folded[after.start : after.end]
        long = len(words) > (24 if _HAN.search(words) else 50)
        if not left or after.asks or long or names_in(row.folded, after.start, after.end):
            break
        end, left = after.end, left - 1
    return end


def _fact(reading: Reading, row: Passage, m: Mention, dosing: Dosing, span: tuple[int, int]) -> Fact | None:
    words = row.folded[slice(*span)]
    attributes = attributes_of(row, m.term, dosing, reading.encounter.language)
    if not _is_statement(row, m, words, attributes):
        return None
    status = _status(row, m, words)
    lasting = _lasting(row, words, attributes)
    if status == "historical":
        attributes |= _ended(reading, row, *span)
    if drug_words("missed").search(words) and status == "present":
        # Doses forgotten tell of adherence, not of another prescription.
        attributes = {k: v for k, v in attributes.items() if k not in ("frequency", "as_needed")} | {
            "adherence": "poor"
        }
    if status in ("present", "historical") and _for_this_illness(row, m, words, attributes, lasting):
        attributes |= {"self": "1", **_effect(words)}
    if row.role == "document" and row.topic not in ("medications", "plan", None):
        status = "historical" if status == "present" else status
    said = [row.evidence(s.start, s.end) for s in row.sentences if s.start < span[1] and span[0] < s.end]
    shown = said if attributes.keys() & {"effect", "adherence", "ended"} else evidence_of(row, dosing)
    return Fact(
        kind="medication", concept=concept_of(m.term, reading.encounter.language), status=status,
        attributes=frozen_map(attributes), evidence=tuple(dict.fromkeys([*m.evidence, *shown])),
        witnesses=(row.witness,), recorded=row.said.isoformat(),
    )  # fmt: skip


def _is_statement(row: Passage, m: Mention, words: str, attributes: dict[str, str]) -> bool:
    """Whether a drug is said to be (or not to be) taken: not wished for, asked about, feared or blamed for a rash."""
    if m.assertion.hypothetical and not attributes.keys() & {"dose", "frequency", "as_needed"}:
        return False
    if m.asked or attributes.keys() & {"dose", "frequency"}:
        return True
    if row.asked is not None and drug_words("asks-allergy").search(row.folded, row.asked.start, row.asked.end):
        return False  # what was borne well or badly, and not what is taken
    taken = drug_words("tried").search(words) or drug_words("stopped").search(words)
    if drug_words("reaction").search(words):
        return False
    if drug_words("wished").search(words) and not taken:
        return False
    if row.role != "document" and _wonders(row, m, bool(taken)):
        return False
    return m.term.kind == "drug" or not m.term.attrs.get("vague") or bool(taken) or _habit(row, words)


def _wonders(row: Passage, m: Mention, taken: bool) -> bool:
    """Whether the speaker asks about a drug; a bare name with a rising tone ("Metformin?") answers."""
    own = row.folded[m.sentence.start : m.sentence.end].strip()
    if len(own) <= (m.end - m.start) * 2 + 3:
        return False
    marked = own.endswith("?") or re.search(r"[吧吗么呢]$", own) is not None
    return marked or (not taken and len(own) < 60 and is_question(own, asker=True))


def _habit(row: Passage, words: str) -> bool:
    """Whether a class of drugs ("painkillers") is said to be taken, rather than only mentioned."""
    spoken = re.search(r"吃|用|服|打|喷|(?<![a-z])(?:take|takes|taking|on|use|uses|using|have|had)(?![a-z])", words)
    return spoken is not None or row.role == "document" or row.topic == "medications" or row.asked is not None


def _lasting(row: Passage, words: str, attributes: dict[str, str]) -> bool:
    if drug_words("long").search(words):
        return True
    if row.asked is not None and drug_words("asks-treated").search(row.folded, row.asked.start, row.asked.end):
        return False
    asked = row.asked is not None and drug_words("asks-long").search(row.folded, row.asked.start, row.asked.end)
    return (row.topic == "medications" or bool(asked)) and not _short(attributes)


def _short(attributes: dict[str, str]) -> bool:
    length = attributes.get("duration")
    return length is not None and duration_days(length) <= _COURSE_DAYS


def _for_this_illness(row: Passage, m: Mention, words: str, attributes: dict[str, str], lasting: bool) -> bool:
    """Whether a drug was taken for what the patient comes with, rather than for good or long ago."""
    if row.role != "document" and _is_past_course(m.term, words):
        return True  # what was given for the disease that is followed up
    if row.role == "document" or lasting or drug_words("past").search(words):
        return False
    if "duration" in attributes and not _short(attributes):
        return False
    if _for_good(m.term):
        return False
    if row.asked is not None and drug_words("asks-treated").search(row.folded, row.asked.start, row.asked.end):
        return True
    return bool(drug_words("tried").search(words)) or _short(attributes)


def _for_good(term: Term) -> bool:
    """Whether a medicine is of a sort that is taken for good: "took my tablets this morning" treats nothing new."""
    from syngraph.terminology.drugs import classes

    return any(drug_words("chronic").fullmatch(c) for c in classes(term))


def _effect(words: str) -> dict[str, str]:
    for category, effect in (("part-effect", "partial"), ("no-effect", "none"), ("effect", "improved")):
        if drug_words(category).search(words):
            return {"effect": effect}
    return {}


def _status(row: Passage, m: Mention, words: str) -> Status:
    if row.role == "doctor":
        return "present"  # "no, you're on a PPI": the no was for something else
    if m.asked and drug_words("still").search(words):
        return "present"
    if _is_past_course(m.term, words):
        return "historical"
    if drug_words("stopped").search(words) or (
        drug_words("once").search(words) and not drug_words("tried").search(words)
    ):
        return "historical"
    if drug_words("rarely").search(words):
        return "present"  # "I don't really use the blue one": kept for when it is needed
    if drug_words("not-taken").search(words) and not drug_words("tried").search(words):
        return "absent"
    if m.status == "absent" and not drug_words("missed").search(words) and not _no_use(words):
        return "absent"
    if drug_words("past").search(words) and not (drug_words("long").search(words) or drug_words("began").search(words)):
        return "historical"
    known = re.search(r"(?:(?<![a-z])(?:the|my|this|his|her)|那个|这个)\s*$", row.folded[m.sentence.start : m.start])
    return "uncertain" if m.status == "uncertain" and not known else "present"


def _is_past_course(term: Term, words: str) -> bool:
    """Whether cytotoxic treatment is told as given and over ("eight cycles", 今年一月初打完), and nobody is on it now."""
    from syngraph.terminology.drugs import classes

    if "cytotoxic" not in classes(term) or drug_words("course-now").search(words):
        return False
    return drug_words("course-over").search(words) is not None


def _no_use(words: str) -> bool:
    """Whether a negation is about what a drug did ("the paracetamol doesn't touch it")."""
    return drug_words("no-effect").search(words) is not None


def _ended(reading: Reading, row: Passage, start: int, end: int) -> dict[str, str]:
    """When it was stopped: the last date before the word that says so ("七月开的，九月停了"), else the first."""
    inside = [s for s in row.sentences if s.start < end and start < s.end]
    dates = [d for s in inside for d in values(reading, row, s).dates if start <= d.start < end]
    stop = drug_words("stopped").search(row.folded, start, end)
    before = [d for d in dates if stop and d.start < stop.end()]
    chosen = before[-1:] or dates[:1]
    if chosen:
        return {"ended": chosen[0].iso}
    lengths = [d for s in inside for d in values(reading, row, s).durations if start <= d.start < end]
    since = next((d for d in lengths if drug_words("off-for").search(row.folded[: d.start])), None)
    return {"ended": (since and _so_long_ago(row.said, since.iso)) or "yes"}


def _so_long_ago(said: date, length: str) -> str | None:
    """The date ``length`` before ``said``, no more exact than it was said: weeks to a day, months to a month."""
    if not length.startswith("P") or length.startswith("PT"):
        return None
    day = said - timedelta(days=round(duration_days(length)))
    exact = {"D": 10, "W": 10, "M": 7, "Y": 4}.get(length[-1], 4)
    return day.isoformat()[:exact]


def _stopped_then(reading: Reading, row: Passage, last: Sequence[Fact]) -> Fact | None:
    """The medicine spoken of last, with the date of its end where that is told only now."""
    if len(last) != 1 or last[0].get("ended") != "yes" or row.role not in ("patient", "companion"):
        return None
    stop = drug_words("stopped").search(row.folded, row.start, row.end)
    if stop is None or drug_names(row.folded, row.start, row.end):
        return None
    ended = _ended(reading, row, row.start, row.end)
    if ended["ended"] == "yes":
        return None
    told = next(s for s in row.sentences if s.start <= stop.start() < s.end)
    evidence = (*last[0].evidence, row.evidence(told.start, told.end))
    return replace(last[0], attributes=frozen_map({**last[0].attributes, **ended}), evidence=evidence)


# -- questions and answers ---------------------------------------------------------------------------------------


def _asked_about(reading: Reading, row: Passage) -> Iterator[Fact]:
    """A drug that was asked about, where the answer says how much, how often, or that it was stopped."""
    asked = row.asked
    if asked is None or row.role not in ("patient", "companion", "unknown") or row.topic in _ELSEWHERE:
        return
    term = _only_one(drug_names(row.folded, asked.start, asked.end))
    if term is None or drug_names(row.folded, row.start, row.end):
        return
    told = _answer(reading, row, term)
    if told is None:
        return
    status, attributes, said = told
    yield Fact(
        kind="medication", concept=concept_of(term, reading.encounter.language), status=status,
        attributes=frozen_map(attributes), evidence=_with_question(row, said),
        witnesses=(row.witness,), recorded=row.said.isoformat(),
    )  # fmt: skip


def _only_one(names: Sequence[Name]) -> Term | None:
    """The one medicine that a question names; classes that only describe it count for nothing (抗凝药呢，拜瑞妥？)."""
    terms = {n.terms[-1].id: n.terms[-1] for n in names}
    drugs = [t for t in terms.values() if t.kind == "drug"]
    if len(drugs) == 1 and all(t in drugs or covered(t, drugs) for t in terms.values()):
        return drugs[0]
    return next(iter(terms.values())) if len(terms) == 1 else None


def _answer(reading: Reading, row: Passage, term: Term) -> tuple[Status, dict[str, str], list[Evidence]] | None:
    """Status, attributes and evidence of an answer about ``term`` that does not name it; None where it says nothing."""
    sentences = row.sentences[:3]
    stopped = [s for s in sentences if drug_words("stopped").search(row.folded, s.start, s.end)]
    kept = [s for s in sentences if drug_words("still").search(row.folded, s.start, s.end)]
    if stopped and not kept:
        ended = _ended(reading, row, stopped[0].start, stopped[0].end)
        return "historical", ended, [row.evidence(s.start, s.end) for s in stopped]
    if not kept and polarity(row.folded[row.start : row.end].strip()) in ("absent", "uncertain"):
        return None
    dosing = answer_dosing(reading, row)
    attributes = attributes_of(row, term, dosing, reading.encounter.language)
    if not kept and not attributes.keys() & {"dose", "frequency", "timing"}:
        return None
    if drug_words("missed").search(row.folded, row.start, row.end):
        attributes = {k: v for k, v in attributes.items() if k != "frequency"} | {"adherence": "poor"}
    said = [row.evidence(s.start, s.end) for s in kept]
    return "present", attributes, [*said, *evidence_of(row, dosing)]


def _with_question(row: Passage, said: Sequence[Evidence]) -> tuple[Evidence, ...]:
    assert row.asked is not None  # noqa: S101 - narrows the type
    return tuple(dict.fromkeys([*said, *row.answer(row.asked)]))


def _more(reading: Reading, row: Passage, fact: Fact) -> Fact:
    """A fact with the dose or frequency that the next answer gives ("吃多少？" "一天一片")."""
    term = lexicon().terms.get(fact.concept.id or "")
    dosing = answer_dosing(reading, row)
    if term is None or not dosing.values:
        return fact
    attributes = attributes_of(row, term, dosing, reading.encounter.language)
    vague = fact.get("frequency") == "daily"
    fresh = {
        k: v for k, v in attributes.items()
        if k in ("dose", "frequency", "as_needed") and (k not in fact.attributes or (k == "frequency" and vague))
    }  # fmt: skip
    if not fresh:
        return fact
    return replace(
        fact,
        attributes=frozen_map({**fact.attributes, **fresh}),
        evidence=tuple(dict.fromkeys([*fact.evidence, *evidence_of(row, dosing)])),
    )


def _form_answer(reading: Reading, row: Passage) -> Iterator[Fact]:
    """A form's answer about medicines that names none we know: kept as written, or the denial it is."""
    asked = row.asked
    if asked is None or row.role in ("doctor", "document") or reading.in_row(reading.rows.index(row)):
        return
    about = row.topic == "medications" or drug_words("asks-any").search(row.folded, asked.start, asked.end)
    if not about:
        return
    answer = row.folded[row.start : row.end].strip()
    said = polarity(answer)
    zh = reading.encounter.language == "zh"
    status: Status
    if said == "absent":
        concept, status = Concept(text="长期用药" if zh else "regular medication", id="medication:any"), "absent"
    elif asked.from_form and said is None and 1 < len(answer) <= 60:
        concept, status = Concept(text=row.source.text[row.start : row.end].strip(" 。.")), "present"
    else:
        return
    yield Fact(
        kind="medication", concept=concept, status=status, evidence=row.answer(asked), witnesses=(row.witness,),
        recorded=row.said.isoformat(),
    )  # fmt: skip

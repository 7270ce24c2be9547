"""Symptoms with all that is said of them: since when, how bad, which side, what makes them worse or better.

A value that stands beside a symptom belongs to it; one that stands alone in an answer ("三天了") belongs to what was
asked about, or else to what the talk was about last.
"""

from __future__ import annotations

from collections.abc import Iterator, Set

from syngraph.facts.accounts import reconciled
from syngraph.facts.cases import Case, case_of, complain, place_of, presupposes, sited, take_over
from syngraph.facts.following import describe_focus, describe_own
from syngraph.facts.matters import asked_about
from syngraph.facts.mentions import Reading
from syngraph.facts.naming import concept_of
from syngraph.facts.passage import Passage
from syngraph.facts.phases import end_of_history
from syngraph.facts.radiating import felt_at, radiated
from syngraph.facts.symptom_classes import class_of
from syngraph.model import Fact, frozen_map
from syngraph.terminology.lexicon import lexicon

_SKIP_TOPICS = frozenset({"past-history", "family-history", "medications", "allergies", "plan", "personal-history"})
#: In a letter or an old note these tell what was found then, not what is complained of now.
_FOUND_THEN = frozenset({"investigations", "assessment", "physical-examination", "vital-signs"})
#: The complaint is told in the first turns of a talk; what comes up later is asked for or said in passing.
_OPENING_TURNS = 5
#: So many turns after a complaint was named, "sometimes" or "the left one" is said of something else.
_FORGOTTEN = 12
#: What a question calls any complaint.
_UNSPECIFIC = frozenset({"symptom:malaise", "symptom:discomfort", "symptom:general-discomfort"})


def symptoms(reading: Reading, claimed: Set[tuple[int, int, int]]) -> Iterator[Fact]:
    """The symptom facts of a source; ``claimed`` are (start, end, row) of mentions that tell of an allergy."""
    cases: list[Case] = []
    focus: list[Case] = []
    chief_seen, turns, spoke_of, history = False, 0, 0, end_of_history(reading)
    for index, row in enumerate(reading.rows):
        if _tells_none(row):
            continue
        turns += 1
        if index - spoke_of > _FORGOTTEN:
            focus = []
        fresh = [
            c
            for m in reading.in_row(index)
            if (m.start, m.end, index) not in claimed
            and (index < history or not class_of("passing").search(m.term.id))
            and (c := case_of(reading, row, m, [*focus, *sited(cases)] if index < history else [])) is not None
        ]
        present = [(c, m) for c, m in fresh if c.status in ("present", "uncertain") and c.subject == "patient"]
        if turns <= _OPENING_TURNS:
            focus = focus or _placed(reading, row, cases)
        for told, _ in present:
            take_over(told, focus)
        # "不舒服多久了？" asks of whatever was complained of.
        asked = [c for c, m in fresh if m.asked and not (focus and c.term.id in _UNSPECIFIC)]
        if finer := _told_finer(row, asked, focus):
            fresh, present = [p for p in fresh if not p[1].asked], [p for p in present if not p[1].asked]
            asked = finer
        describe_own(reading, row, [(c, m) for c, m in fresh if c.status != "absent" and not m.asked])
        if index < history:
            chief = [c for c in cases if c.attributes.get("chief") and c.status == "present"]
            about, leads = _talked_of(reading, index, cases, focus, chief, asked)
            describe_focus(reading, row, present, asked, about, leads)
        cases += [c for c, _ in fresh]
        if index < history:
            cases += felt_at(reading, row, index, focus, [*cases, *[c for c, _ in fresh]])
            cases += radiated(reading, row, index)
        if present and row.role != "document":
            opening = not chief_seen and turns <= _OPENING_TURNS
            chief_seen |= (opening or row.topic == "chief-complaint") and complain(row, present)
            focus, spoke_of = _gone_on_to(row, [c for c, _ in present], focus), index
    kept = reconciled(cases)
    well = [c for c in kept if c.term.attrs.get("role") == "well"]
    for case in kept:
        # "没什么不舒服" beside a complaint tells nothing.
        if case not in well or len(well) == len(kept):
            yield _fact(case, reading)


def _gone_on_to(row: Passage, told: list[Case], focus: list[Case]) -> list[Case]:
    """What the talk is about next: a sign that a companion adds stands behind the patient's own complaint."""
    own = [c for c in focus if c.witness == "patient" and c.attributes.get("chief")]
    return [*own, *told][:3] if row.role == "companion" and own else told[:3]


def _tells_none(row: Passage) -> bool:
    """Whether a passage is a question, a doctor's words, or about something else than today's complaints."""
    if row.role in ("doctor", "question") or row.topic in _SKIP_TOPICS:
        return True
    return row.role == "document" and row.topic in _FOUND_THEN


def _placed(reading: Reading, row: Passage, cases: list[Case]) -> list[Case]:
    """The part of the body that a passage complains of before any complaint has a place."""
    place = None if sited(cases) else place_of(reading, row)
    return [] if place is None else [place]


#: What a form's question calls by its class, and the sort of complaints that are of it.
_WIDER = {"symptom:rash": "lesion", "symptom:lump": "lump", "symptom:pain": "pain"}


def _told_finer(row: Passage, asked: list[Case], focus: list[Case]) -> list[Case]:
    """The complaint that a question about its class means: "皮疹出了多久" after blisters is of the blisters."""
    if not asked or not presupposes(row):
        return []
    sorts = {_WIDER.get(c.term.id) for c in asked}
    if None in sorts or any(c.term.id == a.term.id for c in focus for a in asked):
        return []
    return [c for c in focus if any(class_of(s).search(c.term.id) for s in sorts if s)][:1]


def _talked_of(
    reading: Reading, index: int, cases: list[Case], focus: list[Case], chief: list[Case], asked: list[Case]
) -> tuple[list[Case], list[Case]]:
    """What an answer goes on about: ``focus`` and ``chief``, or what was told of the matter that was asked about."""
    matter = asked_about(reading.rows, index)
    if matter is None or asked:
        return focus, chief
    # "大便什么样？" is of what was told of the stool, and of nothing else.
    told = [c for c in cases if c.status == "present" and matter.of.search(c.term.id)][-1:]
    return told, told


def _fact(case: Case, reading: Reading) -> Fact:
    language = reading.encounter.language
    attributes = dict(case.attributes)
    for key in ("character", "timing"):
        term = lexicon().terms.get(attributes.get(key, ""))
        if term is not None:
            attributes[key] = term.name(language)
    return Fact(
        kind="symptom",
        concept=concept_of(case.term, language),
        status=case.status,  # type: ignore[arg-type]
        subject=case.subject,
        attributes=frozen_map(attributes),
        evidence=tuple(dict.fromkeys(case.evidence)),
        witnesses=(case.witness,),
        recorded=case.said,
    )

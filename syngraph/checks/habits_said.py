"""Habits owned up to in the room by their amount ("four or five roll-ups a day"), where no fact was made of them.

Only what another source denies or calls given up is read, so that the word against it is not lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from syngraph.checks.assertion import clauses, denies_habit, habit_words, words_for
from syngraph.checks.case import Case, Claim
from syngraph.checks.guard_words import any_coded, sentences
from syngraph.model import Evidence, Fact, FactId, Role, Segment, Source, Witness, frozen_map
from syngraph.terminology.fold import fold

_VOICES: Mapping[Role, Witness] = {"patient": "patient", "companion": "companion"}


def owned_up(case: Case) -> tuple[Claim, ...]:
    """The habits that a turn of patient or companion tells of as kept, one claim for each voice."""
    stated = [c for c in case.of("social-history") if c.origin == "preconsultation"]
    talks = [s for s in case.sources.values() if s.kind == "consultation"]
    denied = {c.key: c for c in stated if c.status in {"absent", "historical"} and habit_words(c.key)}
    return tuple(
        claim for about in denied.values() for talk in talks
        for claim in _once(_in_talk(case, talk, about)) if not _told(case, about, claim.evidence[0])
    )  # fmt: skip


def _told(case: Case, about: Claim, evidence: Evidence) -> bool:
    """Whether a fact tells of the habit as kept already, by these very words."""
    same = [c for c in case.claims if c.key == about.key and c.status == "present" and c.source == evidence.source]
    return any(e.start < evidence.end and evidence.start < e.end for c in same for e in c.evidence)


def _once(claims: Iterator[Claim]) -> Sequence[Claim]:
    return list({c.witness: c for c in claims}.values())


def _in_talk(case: Case, talk: Source, about: Claim) -> Iterator[Claim]:
    for segment in talk.segments:
        if segment.role in _VOICES:
            text = fold(talk.text[segment.start : segment.end])
            for at, sentence in sentences(text):
                if _keeps(about.key, sentence, segment.role):
                    yield _claim(case, talk, about, segment, (segment.start + at, segment.start + at + len(sentence)))


def _keeps(key: str, sentence: str, role: Role) -> bool:
    """Whether a sentence has a clause that names the habit with its amount, of the patient and of today."""
    named = habit_words(key)
    if named is None or words_for("habit_past").search(sentence) or words_for("habit_if").search(sentence):
        return False
    own = [c for c in clauses(sentence) if named.search(c) and words_for("habit_amount").search(c)]
    return any(not denies_habit(c) and not _of_another(c, role) for c in own)


def _of_another(clause: str, role: Role) -> bool:
    """Whether a clause is about somebody else than the patient, by whoever speaks it."""
    if words_for("habit_other").search(clause) or any_coded("relation").search(clause):
        return True
    return words_for("habit_own" if role == "companion" else "habit_of_them").search(clause) is not None


def _claim(case: Case, talk: Source, about: Claim, segment: Segment, place: tuple[int, int]) -> Claim:
    evidence = (Evidence(source=talk.id, start=place[0], end=place[1]),)
    fact = Fact(
        kind="social-history", concept=about.fact.concept, status="present", evidence=evidence,
        witnesses=(_VOICES[segment.role],), attributes=frozen_map({}),
    )  # fmt: skip
    return Claim(
        fact=fact, id=FactId(""), group=about.group, source=talk.id, origin="consultation",
        witness=_VOICES[segment.role], evidence=evidence, told=case.visit,
    )  # fmt: skip

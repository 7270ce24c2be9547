"""Whether words state a thing clearly enough to be held against another source.

Extraction may read a stretch too boldly: a name that a denial stands before, an illness that was only feared, a drug
named without any word of a reaction. Such a claim accuses nobody: it has no say in a dispute.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from syngraph.checks.case import Case, Claim
from syngraph.checks.guard_words import named_in
from syngraph.checks.rules import load_yaml
from syngraph.checks.wording import question_of, words_of
from syngraph.model import Evidence
from syngraph.terminology.fold import fold
from syngraph.terminology.patterns import regex

_CLAUSE = regex(r"[.!?](?:\s|$)|,(?!\d)|[。；;!！?？\n，]")
_ALOUD = frozenset({"consultation", "preconsultation"})
_THOUGHT = frozenset({"symptom", "condition", "diagnosis"})
_NAMED = frozenset({*_THOUGHT, "allergy", "medication"})
_SIZES = frozenset({"vital:weight", "vital:height"})
#: How far back the question or remark may stand that makes a bare name an allergy, in characters.
_ASKED_WITHIN = 300


@cache
def words_for(key: str) -> re.Pattern[str]:
    """The expressions of ``assertion.yaml`` under ``key`` as one pattern."""
    rows = load_yaml("assertion.yaml")[key]
    return regex("|".join(f"(?:{row})" for row in ([rows] if isinstance(rows, str) else rows)))


@cache
def habit_words(key: str) -> re.Pattern[str] | None:
    """The everyday words for a habit, None for one that the data don't know."""
    said = load_yaml("assertion.yaml")["habits"].get(key)
    return regex(said) if said else None


def unclear(case: Case, claim: Claim) -> bool:
    """Whether a claim's own words don't bear it out as a plain statement about the patient."""
    if claim.fact.kind == "allergy":
        return _no_allergy(case, claim) if claim.status == "present" else _reacted(case, claim)
    if claim.status not in {"present", "historical"}:
        return False
    said = words_of(case, claim, asked=False)
    if claim.fact.kind == "social-history":
        return _habit_denied(claim, said) or (
            claim.key == "social:smoking" and bool(words_for("no_smoke").search(said))
        )
    return claim.fact.kind in _NAMED and claim.origin in _ALOUD and _name_denied(case, claim)


def clauses(said: str) -> list[str]:
    """``said``, folded, cut at every mark."""
    return [part.strip() for part in _CLAUSE.split(said) if part.strip()]


def denies_habit(clause: str) -> bool:
    """Whether a clause on a habit denies it: "don't touch it", but not "don't drink much" or "没戒"."""
    return words_for("habit_denied").search(words_for("habit_kept").sub("\x00", clause)) is not None


def _habit_denied(claim: Claim, said: str) -> bool:
    named = habit_words(claim.key)
    if named is None or claim.status != "present":
        return False
    own = [part for part in clauses(said) if named.search(part)]
    return bool(own) and all(denies_habit(part) for part in own)


def _name_denied(case: Case, claim: Claim) -> bool:
    """Whether every place that names the thing in the speaker's own words denies it or only thinks of it."""
    verdicts = [_denied_or_thought(claim, before) for before in _before_names(case, claim)]
    return bool(verdicts) and all(verdicts)


def _denied_or_thought(claim: Claim, before: str) -> bool:
    if words_for("name_denied").search(before):
        return True
    return claim.fact.kind in _THOUGHT and words_for("only_thought").search(before) is not None


def _before_names(case: Case, claim: Claim) -> Iterator[str]:
    """What stands before the thing's name in its clause, at each place in the patient's or companion's words."""
    for evidence in claim.evidence:
        if not _by_doctor(case, evidence):
            text = fold(case.sources[evidence.source].text[evidence.start : evidence.end])
            for part in clauses(text):
                yield from (part[: m.start] for m in named_in(part) if m.term.id == claim.key)


def _by_doctor(case: Case, evidence: Evidence) -> bool:
    source = case.sources.get(evidence.source)
    role = next((s.role for s in source.segments if s.start <= evidence.start < s.end), None) if source else "doctor"
    return role in {"doctor", "question"}


def _no_allergy(case: Case, claim: Claim) -> bool:
    """Whether nothing but the name makes it an allergy, or the words say that the thing is borne."""
    source = case.sources.get(claim.source)
    if claim.origin not in _ALOUD or source is None:
        return False
    said = words_of(case, claim)
    if _name_denied(case, claim):
        return True
    if words_for("borne").search(said) and not words_for("reaction_felt").search(said):
        return True
    if claim.get("reaction") or claim.origin != "consultation":
        return False
    asked = " ".join(fold(source.text[max(0, e.start - _ASKED_WITHIN) : e.end + 80]) for e in claim.evidence)
    return bool(words_for("asks_or_takes").search(asked)) and words_for("reactions").search(asked) is None


def _reacted(case: Case, claim: Claim) -> bool:
    """Whether a denial names a reaction in the clause that names the thing: "plasters (rash) - no drug allergies"."""
    if claim.status != "absent" or claim.key.endswith(":any"):
        return False
    places = [(part, m) for part in clauses(words_of(case, claim, asked=False))
              for m in named_in(part) if m.term.id == claim.key]  # fmt: skip
    felt = words_for("reaction_felt")
    return bool(places) and all(
        felt.search(part[m.end : m.end + 16]) and not words_for("habit_denied").search(part[: m.end + 12])
        for part, m in places
    )


def tells_change(case: Case, claim: Claim) -> bool:
    """Whether a number is by how much something has changed ("lost two kilos", "重了两斤"), not what it measures."""
    from syngraph.terminology.numerals import find_numbers

    if claim.fact.kind != "lab-result" and claim.key not in _SIZES:
        return False  # who says that the pressure went up gives what it went up to
    said = words_of(case, claim, asked=False)
    value = (claim.get("value") or "").strip()
    places = [n for n in find_numbers(said) if str(n.value.normalize()) == _plain_number(value)]
    before, after = words_for("change_before"), words_for("change_after")
    if places:
        return all(before.search(said[: n.start]) or after.search(said[n.end :]) for n in places)
    return words_for("change_asked").search(fold(question_of(case, claim))) is not None


def _plain_number(text: str) -> str:
    from decimal import Decimal, InvalidOperation

    try:
        return str(Decimal(text).normalize())
    except InvalidOperation:
        return text

"""Claims that have no say in a dispute: asked, weighed or merely written down, by their own words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from syngraph.checks.case import Case, Claim
from syngraph.checks.phrases import phrases
from syngraph.checks.rules import Rule
from syngraph.checks.wording import words_of
from syngraph.model import Evidence, Source
from syngraph.terminology.fold import fold
from syngraph.terminology.lexicon import lexicon

#: What people have; of what they do ("I don't smoke") a denial with a verb is the plainest.
_FELT = frozenset({"symptom", "condition", "diagnosis"})


def set_aside(case: Case, rule: Rule, claim: Claim) -> bool:
    """Whether a claim's own words say that it is none here ("he often forgets it"), or a denial has no say."""
    denied = claim.status == "absent"
    if denied and claim.witness in rule.kinds("denial_not_by"):
        return True
    if claim.origin == "consultation" and claim.witness != "doctor" and _asks(case, claim):
        return True
    if any(test in rule.kinds("set_aside") and _SET_ASIDE[test](case, claim) for test in _SET_ASIDE):
        return True
    said = words_of(case, claim, asked=False)
    if denied and claim.fact.kind in _FELT and _denies_else(case, claim, said):
        return True
    patterns = [*rule.kinds("denial_not_words" if denied else "not_words")]
    patterns += rule.kinds("ended_not_words") if claim.status == "historical" else ()
    return bool(patterns) and re.search("|".join(patterns), said) is not None


def _denies_else(case: Case, claim: Claim, said: str) -> bool:
    """Whether a denial is of something else: of what is new or worse, or of doing something about it.

    "No, nothing new" leaves what has long been there, "I don't really use the blue one" leaves the asthma, and "not
    really, a bit on hills" leaves a little.
    """
    if any(phrases(kind).search(said) for kind in ("denies_change", "denies_doing", "denies_softly", "asks_effect")):
        return True
    return claim.origin == "consultation" and phrases("never").search(said) is None and presupposed(said, claim.key)


def presupposed(said: str, key: str) -> bool:
    """Whether words name a thing only as one known already ("any sickness with the headaches?", "how's your asthma?").

    What is denied of it then is something else.
    """
    places = [m.start for m in lexicon().longest(said) if m.term.id == key]
    return bool(places) and all(phrases("known_already").search(said[:start]) for start in places)


def _asks(case: Case, claim: Claim) -> bool:
    """Whether words that the talk gives to patient or family ask of somebody else's, so that they state nothing."""
    source = case.sources.get(claim.source)
    own = [e for e in claim.evidence if source and _spoken_by_them(source, e)]
    return bool(own) and all(phrases("asks_other").search(_folded(case, e)) for e in own)


def _spoken_by_them(source: Source, evidence: Evidence) -> bool:
    segment = next((s for s in source.segments if s.start <= evidence.start < s.end), None)
    return segment is not None and segment.role in {"patient", "companion"}


def _folded(case: Case, evidence: Evidence) -> str:
    return fold(case.sources[evidence.source].text[evidence.start : evidence.end])


def _only_written(case: Case, claim: Claim) -> bool:
    """Whether a medicine counts as over only because a letter or note tells of it; nothing says that it was stopped."""
    if claim.status != "historical" or claim.origin not in {"report", "emr"} or claim.get("ended"):
        return False
    said = words_of(case, claim)
    return phrases("stopped").search(said) is None or phrases("current").search(said) is not None


def _only_weighed(case: Case, claim: Claim) -> bool:
    """Whether an illness is only weighed, feared or warned of ("the risks include heart attack"), or found just now."""
    written = claim.origin in {"report", "emr"}
    if claim.status == "absent" or not written or claim.fact.kind not in {"condition", "diagnosis"}:
        return False
    return phrases("weighed").search(words_of(case, claim, asked=False)) is not None or _found_now(case, claim)


def _found_now(case: Case, claim: Claim) -> bool:
    """Whether it is the impression of a note of this very visit: no history yet, so that its denial stands."""
    source = case.sources.get(claim.source)
    if source is None or claim.origin != "emr" or claim.told is None or (case.visit - claim.told).days > 1:
        return False
    at = claim.evidence[0].start
    section = next((s.section for s in source.segments if s.start <= at < s.end), None)
    named = phrases("impression").search(words_of(case, claim, asked=False))
    return section in {"assessment", "plan"} or named is not None


_SET_ASIDE: Mapping[str, Callable[[Case, Claim], bool]] = {
    "only-written": _only_written, "only-weighed": _only_weighed,
}  # fmt: skip

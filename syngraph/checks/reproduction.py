"""Pregnancy: denied against a positive test, and a late period that nobody has explained."""

from __future__ import annotations

from collections.abc import Iterator

from syngraph.checks.case import Case, Claim
from syngraph.checks.compare import span
from syngraph.checks.contradictions import recent
from syngraph.checks.rules import Rule
from syngraph.model import Finding, is_date
from syngraph.terminology.concepts import name_of
from syngraph.terminology.fold import fold

_PREGNANCY = "reproductive:pregnancy"


def pregnancy_test(case: Case, rule: Rule) -> Iterator[Finding]:
    """A pregnancy test that is positive where a pregnancy is denied, or negative where one is stated.

    Parameters: ``tests`` (concepts), ``positive`` and ``negative`` (printed values), ``within_days``.
    """
    tests = [
        c
        for c in case.of("lab-result")
        if c.key in rule.kinds("tests") and recent(case, c, rule.number("within_days", 30))
    ]
    for outcome, contrary in (("positive", "absent"), ("negative", "present")):
        results = [c for c in tests if c.status == "present" and _outcome(rule, c) == outcome]
        said = [c for c in case.of("reproductive-history") if c.key == _PREGNANCY and c.status == contrary
                and recent(case, c, rule.number("within_days", 30))]  # fmt: skip
        if results and said:
            yield rule.finding(case, (said, results), name=name_of(said[0].fact.concept, case.language))


def _outcome(rule: Rule, claim: Claim) -> str | None:
    value = fold(claim.get("value") or "").strip()
    if value in {fold(w) for w in rule.kinds("positive")}:
        return "positive"
    if value in {fold(w) for w in rule.kinds("negative")}:
        return "negative"
    return {"high": "positive", "normal": "negative"}.get(claim.get("flag") or "") if value else None


def late_period(case: Case, rule: Rule) -> Iterator[Finding]:
    """A last period further back than a cycle in a woman of child-bearing age whose pregnancy is not known.

    Parameters: ``days`` [least, most] since the first day of the last period, ``ages``, ``explained_by`` (concepts
    that explain it when present).
    """
    age = case.age_at(case.visit)
    low, high = rule.params["ages"]
    if case.encounter.patient.sex == "male" or (age is not None and not low <= age <= high):
        return
    history = list(case.of("reproductive-history", "condition", "diagnosis", "procedure"))
    if any(c.key in rule.kinds("explained_by") and c.status in {"present", "historical"} for c in history):
        return
    late = [c for c in history if c.key == "reproductive:lmp" and _is_late(case, rule, c)]
    denied = [c for c in history if c.key == _PREGNANCY and c.status == "absent"]
    if late and not _negative_since(case, rule):
        days = min(_days_since(case, c) or 0 for c in late)
        yield rule.finding(
            case, (late, denied) if denied else (late,), days=str(days), denial=_denial(case, rule, denied)
        )


def _denial(case: Case, rule: Rule, denied: list[Claim]) -> str:
    from syngraph.checks.wording import say_side

    if not denied:
        return str(rule.params["nothing_said"][case.language])
    return say_side(case, denied)


def _is_late(case: Case, rule: Rule, claim: Claim) -> bool:
    days = _days_since(case, claim)
    least, most = rule.params["days"]
    return days is not None and least <= days <= most


def _days_since(case: Case, claim: Claim) -> int | None:
    """The fewest days since the last period began; None where its day is not known."""
    day = claim.get("date") or claim.get("onset") or claim.get("value") or ""
    if is_date(day):
        return (case.visit - span(day)[1]).days
    duration = claim.get("ago") or claim.get("duration")
    if not duration:
        return None
    from syngraph.terminology.times import duration_days

    return int(duration_days(duration)) + (case.visit - (claim.told or case.visit)).days


def _negative_since(case: Case, rule: Rule) -> bool:
    """A pregnancy test of the last two weeks that is negative settles it."""
    tests = [c for c in case.of("lab-result") if c.key in rule.kinds("tests") and recent(case, c, 14)]
    return any(_outcome(rule, c) == "negative" for c in tests)

"""What can't be: events before birth or after the visit, ends before starts, things against sex or age."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from syngraph.checks.case import Case, Claim
from syngraph.checks.compare import span
from syngraph.checks.rules import Rule
from syngraph.checks.wording import names
from syngraph.model import Finding, is_date
from syngraph.terminology.concepts import name_of, tags
from syngraph.terminology.likeness import full_date

_HAPPENED = frozenset({"present", "historical", "uncertain"})


def _dates(claim: Claim, *keys: str) -> list[tuple[date, date]]:
    values = [claim.get(k) for k in keys]
    return [span(v) for v in values if v and is_date(v)]


def _before_birth(case: Case, rule: Rule, claim: Claim) -> bool:
    born = case.encounter.patient.birth_date
    if not born:
        return False
    slack = timedelta(days=rule.number("slack_days", 0))
    return any(last < span(born)[0] - slack for _, last in _dates(claim, "onset", "date", "ended"))


def _after_visit(case: Case, rule: Rule, claim: Claim) -> bool:
    latest = case.visit + timedelta(days=rule.number("slack_days", 0))
    return any(first > latest for first, _ in _dates(claim, "onset", "date"))


def _end_before_start(_case: Case, _rule: Rule, claim: Claim) -> bool:
    starts, ends = _dates(claim, "onset"), _dates(claim, "ended")
    return bool(starts and ends and ends[0][1] < starts[0][0])


def _longer_than_life(case: Case, rule: Rule, claim: Claim) -> bool:
    from syngraph.terminology.times import duration_days

    duration, age = claim.get("duration"), case.age_at(case.visit)
    if not duration or age is None:
        return False
    return bool(duration_days(duration) / 365.25 > age + rule.number("slack_years", 1))


def _against_sex(case: Case, rule: Rule, claim: Claim) -> bool:
    sex = case.encounter.patient.sex
    if sex not in {"female", "male"}:
        return False
    fits = tags(claim.fact.concept, "sex") | ({"female"} if claim.key in rule.kinds("female") else frozenset())
    return bool(fits) and sex not in fits


def _against_age(case: Case, rule: Rule, claim: Claim) -> bool:
    day = full_date(claim.get("date") or claim.get("onset")) or case.visit
    age = case.age_at(day)
    ranges = [rule.params["ages"][claim.key]] if claim.key in rule.params["ages"] else []
    ranges += [[float(n) for n in t.split("..")] for t in tags(claim.fact.concept, "ages")]
    return age is not None and claim.status != "historical" and any(not low <= age <= high for low, high in ranges)


_TESTS: dict[str, Callable[[Case, Rule, Claim], bool]] = {
    "before-birth": _before_birth, "after-visit": _after_visit, "end-before-start": _end_before_start,
    "longer-than-life": _longer_than_life, "sex": _against_sex, "age": _against_age,
}  # fmt: skip


def _mistakes(claims: list[Claim]) -> list[list[Claim]]:
    """The claims by mistake: of one thing, or read from one stretch, whatever it names."""
    found: list[list[Claim]] = []
    for claim in claims:
        home = next((m for m in found if any(_one_mistake(claim, o) for o in m)), None)
        if home is None:
            found.append([claim])
        else:
            home.append(claim)
    return found


def _one_mistake(a: Claim, b: Claim) -> bool:
    return (a.group, a.key) == (b.group, b.key) or a.evidence == b.evidence


def impossible(case: Case, rule: Rule) -> Iterator[Finding]:
    """One finding for each thing that the rule's ``test`` says can't be as it is stated.

    Parameters: ``test``; ``kinds`` to look at; ``without`` (concepts that may lie in the future, such as a due
    date); the test's own numbers.
    """
    test = _TESTS[rule.params["test"]]
    wrong = [c for c in case.of(*rule.kinds()) if c.status in _HAPPENED and c.key not in rule.kinds("without")
             and test(case, rule, c)]  # fmt: skip
    sex = {"zh": {"female": "女", "male": "男"}, "en": {"female": "female", "male": "male"}}[case.language]
    for side in _mistakes(wrong):
        yield rule.finding(
            case,
            (side,),
            name=names((name_of(c.fact.concept, case.language) for c in side), case.language),
            born=case.encounter.patient.birth_date or "?",
            visit=case.visit.isoformat(),
            sex=sex.get(case.encounter.patient.sex, "?"),
            age=f"{case.age_at(case.visit) or 0:.0f}",
        )

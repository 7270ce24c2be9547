"""All checks in one call: every rule is handed to its algorithm, and the findings come back by severity."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from syngraph.checks import contradictions, dates, forms, medicines, omissions, reproduction, sides, values
from syngraph.checks.case import Case, build
from syngraph.checks.habits_said import owned_up
from syngraph.checks.replies import heard
from syngraph.checks.rules import Rule, rules
from syngraph.model import SEVERITIES, Encounter, Finding, Group, Source

#: Looks at a case as a rule tells it to, and says what it finds.
Algorithm = Callable[[Case, Rule], Iterator[Finding]]

ALGORITHMS: Mapping[str, Algorithm] = {
    "adherence": forms.adherence,
    "attribute": contradictions.attribute,
    "blanket": contradictions.blanket,
    "bleeding": omissions.bleeding,
    "cautions": medicines.cautions,
    "drug-allergy": medicines.drug_allergy,
    "form-dates": forms.form_dates,
    "impossible": dates.impossible,
    "implausible": values.implausible,
    "late-period": reproduction.late_period,
    "old": values.old,
    "outdated": values.outdated,
    "pregnancy-test": reproduction.pregnancy_test,
    "read-both-ways": forms.read_both_ways,
    "relatives": contradictions.relatives,
    "required": omissions.required,
    "results": values.results,
    "said-of-panel": values.said_of_panel,
    "said-of-value": values.said_of_value,
    "side-said": sides.side_said,
    "side-shown": sides.side_shown,
    "status": contradictions.status,
    "unaddressed": omissions.unaddressed,
    "unspoken": omissions.unspoken,
    "vitals": values.vitals,
}
_KINDS = ("identity-mismatch", "contradiction", "safety", "implausible", "omission", "outdated", "quality")


def check(
    groups: Sequence[Group],
    encounter: Encounter,
    sources: Sequence[Source],
    required: Sequence[str] = (),
) -> tuple[Finding, ...]:
    """Hold the facts of an encounter against each other and against what a record must have.

    Args:
        groups: merged and numbered (their facts have ids), without those of shut-out sources.
        encounter: whose visit it is, when, and in which language to speak.
        sources: the sources that take part; findings quote them.
        required: the template's section ids and single items (``vital-signs.temperature``).

    Returns:
        Findings without ids, the most severe first; see :func:`ranked` for numbering them.
    """
    case = build(groups, encounter, sources, required)
    case = replace(case, heard=(*heard(case), *owned_up(case)))
    found = [(rule, f) for rule in rules() for f in ALGORITHMS[rule.check](case, rule)]
    return ordered(f for rule, f in found if not _told_closer(rule, f, [o for _, o in found]))


def _told_closer(rule: Rule, finding: Finding, others: Sequence[Finding]) -> bool:
    """Whether a rule named in ``unless``, which looks closer, has a finding on one of the same facts."""
    closer = rule.kinds("unless")
    return any(o.rule in closer and set(o.facts) & set(finding.facts) for o in others)


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings by severity and kind, each once; one thing's dispute is told once, by who quotes most."""
    kept: list[Finding] = []
    for finding in findings:
        same = next((n for n, k in enumerate(kept) if _one_dispute(k, finding)), None)
        if same is None:
            kept.append(finding)
        elif len(finding.evidence) > len(kept[same].evidence):
            kept[same] = finding
    return tuple(sorted(kept, key=lambda f: (SEVERITIES.index(f.severity), _KINDS.index(f.kind))))


def _one_dispute(a: Finding, b: Finding) -> bool:
    """Whether two findings tell of one thing: the same words, or a contradiction under one title on the same facts."""
    if a.kind != b.kind or a.topic != b.topic:
        return False
    if a.kind == "contradiction" and set(a.facts) & set(b.facts):
        return True
    return set(a.evidence) == set(b.evidence) and (bool(a.evidence) or a.message == b.message)


def ranked(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings of all checks in the order to show them, named x1, x2, ..."""
    return tuple(replace(f, id=f"x{n}") for n, f in enumerate(ordered(findings), 1))

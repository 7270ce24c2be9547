"""All checks in one call: every rule is handed to its algorithm, and the findings come back by severity."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from syngraph.checks import contradictions, dates, medicines, omissions, reproduction, values
from syngraph.checks.case import Case, build
from syngraph.checks.rules import Rule, rules
from syngraph.model import SEVERITIES, Encounter, Finding, Group, Source

#: Looks at a case as a rule tells it to, and says what it finds.
Algorithm = Callable[[Case, Rule], Iterator[Finding]]

ALGORITHMS: Mapping[str, Algorithm] = {
    "attribute": contradictions.attribute,
    "blanket": contradictions.blanket,
    "bleeding": omissions.bleeding,
    "cautions": medicines.cautions,
    "drug-allergy": medicines.drug_allergy,
    "impossible": dates.impossible,
    "implausible": values.implausible,
    "late-period": reproduction.late_period,
    "old": values.old,
    "outdated": values.outdated,
    "pregnancy-test": reproduction.pregnancy_test,
    "relatives": contradictions.relatives,
    "required": omissions.required,
    "results": values.results,
    "said-of-value": values.said_of_value,
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
    return ordered(f for rule in rules() for f in ALGORITHMS[rule.check](case, rule))


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings by severity and kind, each once; one thing's dispute is told once, by the first rule that saw it."""
    kept: dict[object, Finding] = {}
    for finding in findings:
        kept.setdefault((finding.kind, frozenset(finding.evidence) or finding.message, finding.topic), finding)
    return tuple(sorted(kept.values(), key=lambda f: (SEVERITIES.index(f.severity), _KINDS.index(f.kind))))


def ranked(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings of all checks in the order to show them, named x1, x2, ..."""
    return tuple(replace(f, id=f"x{n}") for n, f in enumerate(ordered(findings), 1))

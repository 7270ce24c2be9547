"""What is one of a kind against the kind itself: blisters can't have come out before the rash that they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from syngraph.checks.case import Case, Claim, independent
from syngraph.checks.compare import began, compare
from syngraph.checks.rules import Rule
from syngraph.model import Finding
from syngraph.terminology.concepts import broader, name_of


def before_its_kind(case: Case, rule: Rule, claims: Sequence[Claim]) -> Iterator[Finding]:
    """What began by one source before that which it is one of began by another (blisters for ten days, a rash for three).

    Parameters: ``finer`` (what is one of what, beside the terminology's own), ``finer_within_days``.
    """
    timed = [(c, b) for c in claims if "finer" in rule.params and (b := began(case, c))]
    for (kind, kind_began), (one, one_began) in product(timed, timed):
        if not _is_one_of(rule, kind, one) or not independent(kind, one) or kind.origin == one.origin:
            continue
        sooner = one_began[0] > kind_began[1] and one_began[0] <= rule.number("finer_within_days", 90)
        own = any(c.source == one.source and c.group == kind.group for c, _ in timed)
        other = any(c.source == kind.source and c.group == one.group for c, _ in timed)
        if sooner and not own and not other and compare("began", case, rule, kind, one) is False:
            name = name_of(kind.fact.concept, case.language)
            yield rule.finding(case, ([kind], [one]), name=name)


def _is_one_of(rule: Rule, kind: Claim, one: Claim) -> bool:
    a, b = _bare(kind.key), _bare(one.key)
    finer = rule.params["finer"]
    placed = a == b and kind.key != one.key and a in {*finer, *(k for keys in finer.values() for k in keys)}
    return kind.group != one.group and (placed or b in finer.get(a, ()) or kind.key in broader(one.key))


def _bare(key: str) -> str:
    """A symptom's key without the place that it is felt at ("symptom:trunk+blister")."""
    prefix, _, name = key.partition(":")
    return f"{prefix}:{name.rpartition('+')[2]}"

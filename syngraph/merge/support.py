"""How well a fact or a sentence is borne out: by several voices, by one, or against another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from syngraph.merge.unite import independent
from syngraph.model import Fact, Finding, Support


def support(fact: Fact, findings: Iterable[Finding]) -> Support:
    """``conflicting`` where a contradiction names the fact, ``corroborated`` where two voices say it, else ``single``.

    Two voices are two sources, or two different witnesses in one.
    """
    if any(f.kind == "contradiction" and fact.id in f.facts for f in findings):
        return "conflicting"
    return "corroborated" if independent([fact]) else "single"


def statement_support(facts: Sequence[Fact], findings: Iterable[Finding]) -> Support:
    """The support of a sentence that rests on ``facts``: no better than its weakest fact."""
    rows = list(findings)
    found = {support(f, rows) for f in facts}
    if "conflicting" in found:
        return "conflicting"
    return "corroborated" if found == {"corroborated"} else "single"

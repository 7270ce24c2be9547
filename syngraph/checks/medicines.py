"""Drugs, taken or planned, against allergies, conditions, pregnancy, age, results and each other."""

from __future__ import annotations

from collections.abc import Iterator

from syngraph.checks.case import Case
from syngraph.checks.rules import Rule
from syngraph.model import Finding


def drug_allergy(case: Case, rule: Rule) -> Iterator[Finding]:
    """To do."""
    yield from ()


def cautions(case: Case, rule: Rule) -> Iterator[Finding]:
    """To do."""
    yield from ()

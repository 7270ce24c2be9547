"""Dates of a sentence against quotes that write them in figures."""

from __future__ import annotations

from datetime import date

import pytest

from syngraph.checks.guard import verdict

_VISIT = date(2026, 11, 20)


@pytest.mark.parametrize("quote", ["Collected: 12/11/2026 08:15", "Collected: 11/12/2026", "Collected 12 Nov 2026"])
def test_a_day_in_figures_holds_in_either_order(quote: str) -> None:
    assert verdict("2026-11-12: sodium 139 mmol/L.", [quote, "Sodium 139 mmol/L"], language="en", anchor=_VISIT).holds


@pytest.mark.parametrize("quote", ["Collected: 13/11/2026", "Collected: 12/10/2026"])
def test_another_day_does_not(quote: str) -> None:
    found = verdict("2026-11-12: sodium 139 mmol/L.", [quote, "Sodium 139 mmol/L"], language="en", anchor=_VISIT)
    assert "date" in {r.kind for r in found.reasons}

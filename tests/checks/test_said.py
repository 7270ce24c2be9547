"""Small visits in people's own words (``data/``): what disagrees is found, what only seems to is left alone."""

from __future__ import annotations

import pytest
from contradiction_maker import rows_of, said_in, visit

from syngraph.model import Draft

_TOLD = {"contradiction", "implausible", "safety"}
LANGUAGES = ("zh", "en")


def drafted(language: str, row) -> Draft:
    return visit(language, [said_in(language, s) for s in row["said"]], row.get("patient"))


def told(draft: Draft, kinds) -> list[str]:
    return [f"{f.rule}: {f.topic}: {f.message}" for f in draft.findings if f.kind in kinds]


def is_found(language: str, row) -> bool:
    findings = told(drafted(language, row), _TOLD)
    return any(word in finding for finding in findings for word in row["found"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_disputes_in_peoples_own_words_are_found(language):
    rows = rows_of(f"disputes_{language}")
    missed = [(row["kind"], row["said"]) for row in rows if not is_found(language, row)]
    assert len(rows) >= 40
    assert len(missed) <= len(rows) // 10, missed


@pytest.mark.parametrize("language", LANGUAGES)
def test_differences_that_are_none_are_left_alone(language):
    rows = rows_of(f"harmless_{language}")
    wrong = [(row["kind"], found) for row in rows if (found := told(drafted(language, row), _TOLD - {"safety"}))]
    assert len(rows) >= 40
    assert wrong == []


def test_a_day_that_reads_both_ways_is_said_to_where_nothing_tells_which():
    # The clock of the made-up visits is not that of an English-speaking country with month-first dates.
    said = [said_in("en", {"form": ["Date of last injection", "05/10/2026"]})]
    both = said_in("en", {"asked": ["Who gave it?", "My mum was there, then Tylenol for the arm."]})
    findings = {f.rule for f in visit("en", [*said, both]).findings}
    assert "date-both-ways" in findings
    plain = said_in("en", {"asked": ["Who gave it?", "My mum was there."]})
    assert "date-both-ways" not in {f.rule for f in visit("en", [*said, plain]).findings}

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

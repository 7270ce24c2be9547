from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syngraph.model import Concept
from syngraph.terminology.concepts import broader, covers, key_of, name_of, tags, term_of
from syngraph.terminology.lexicon import lexicon
from syngraph.terminology.likeness import amount_unit, full_date, per_day, rounded_alike


@given(st.decimals(0, 1000, places=3), st.integers(0, 2))
def test_a_value_cut_off_or_rounded_is_alike(exact, places):
    step = Decimal(1).scaleb(-places)
    assert rounded_alike(exact, exact.quantize(step))
    assert not rounded_alike(exact, exact.quantize(step) + 2 * step)


@pytest.mark.parametrize(
    ("word", "unit"), [("包", ("cigarette", 20)), ("packs", ("cigarette", 20)), ("斤", ("liang", 10))]
)
def test_household_amounts(word, unit):
    assert amount_unit(word) == unit


def test_unknown_amounts_and_periods():
    assert amount_unit("vats") == ("vats", 1)
    assert per_day("week") == pytest.approx(1 / 7, rel=1e-3)
    assert per_day("fortnight of sundays") is None


def test_days():
    assert full_date("2026-11-20T09:30:00Z") == date(2026, 11, 20)
    assert full_date("2026") is None
    assert full_date("no date at all") is None


def test_a_general_name_covers_the_specific():
    general, specific = (Concept(text=i, id=i) for i in ("condition:diabetes", "condition:type-2-diabetes"))
    if specific.id in lexicon().terms:
        assert covers(general, specific)
        assert not covers(specific, general)
    assert covers(general, general)
    assert "drug-class:antibiotic" in broader("drug:amoxicillin")


def test_a_concept_that_the_terminology_does_not_know():
    concept = Concept(text="Zorblax  Fever")
    assert key_of(concept) == "zorblax fever"
    assert name_of(concept, "zh") == "Zorblax  Fever"
    assert term_of(concept) is None
    assert tags(concept, "safety") == frozenset()

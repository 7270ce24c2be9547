"""Day first or month first: told by spelling, words and unmistakable dates, else by the clock; asked for where nothing does."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syngraph.terminology.dates import find_dates
from syngraph.terminology.day_order import current_order, day_order, order_of

VISIT = date(2026, 11, 20)


def at(hours: float) -> datetime:
    return datetime(2026, 11, 20, 9, tzinfo=timezone(timedelta(hours=hours)))


@pytest.mark.parametrize(
    ("text", "hours", "order"),
    [
        ("Mum gave her Calpol, the GP saw her", 0, "day"),
        ("His mom gave him Tylenol, then the ER", 0, "month"),
        ("haemoglobin 96", -5, "day"),
        ("first dose 23/10/2026, second 05/11/2026", -5, "day"),
        ("first dose 10/23/2026, second 11/05/2026", 0, "month"),
        ("pain since then", 0, "day"),
        ("pain since then", -6, "month"),
        ("pain since then", 5.5, "day"),
    ],
)
def test_the_order_by_what_the_texts_tell(text, hours, order):
    assert order_of([text], at(hours)) == order


def test_as_much_for_the_one_as_for_the_other_is_undecided():
    assert order_of(["Mum took Tylenol"], at(0)) is None


@pytest.mark.parametrize(("order", "iso"), [("day", "2026-10-05"), ("month", "2026-05-10"), (None, "2026-05-10")])
def test_figures_are_read_in_the_order_that_holds(order, iso):
    with day_order(order):
        assert [d.iso for d in find_dates("since 05/10/2026", VISIT)] == [iso]
    assert current_order() is None


@pytest.mark.parametrize("order", ["day", "month"])
def test_what_can_only_be_read_one_way_stays(order):
    with day_order(order):
        assert [d.iso for d in find_dates("23/10/2026 and 10/24/2026", VISIT)] == ["2026-10-23", "2026-10-24"]


@given(st.dates(date(1990, 1, 1), VISIT))
def test_a_day_written_in_the_order_that_holds_is_that_day(day):
    for order, text in (("day", f"{day:%d/%m/%Y}"), ("month", f"{day:%m/%d/%Y}")):
        with day_order(order):
            assert [d.iso for d in find_dates(text, VISIT)] == [day.isoformat()]

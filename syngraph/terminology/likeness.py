"""When two ways of saying a value or a day are one: rounded aloud, in household measures, with or without its hour."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any


def rounded_alike(a: Decimal, b: Decimal) -> bool:
    """4.1 said aloud is 4.12 on paper, whether rounded or cut off; equal precision is no rounding.

    >>> rounded_alike(Decimal("4.1"), Decimal("4.12")), rounded_alike(Decimal("4.1"), Decimal("4.2"))
    (True, False)
    """
    rough, exact = sorted((a, b), key=lambda n: -int(n.as_tuple().exponent))
    places = int(rough.as_tuple().exponent)
    return places != exact.as_tuple().exponent and abs(rough - exact) < Decimal(1).scaleb(places)


def full_date(text: str | None) -> date | None:
    """The day that an ISO 8601 date or date-time names; None where it names none.

    >>> full_date("2026-11-20T09:30:00+08:00"), full_date("2026-11")
    (datetime.date(2026, 11, 20), None)
    """
    if not text or len(text) < 10:
        return None
    try:
        return datetime.fromisoformat(text.replace("Z", "+00:00")).date()
    except ValueError:
        return None


@cache
def _amounts() -> Mapping[str, Any]:
    import yaml

    text = files("syngraph.terminology").joinpath("data/checks/amounts.yaml").read_text(encoding="utf-8")
    return yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # type: ignore[no-any-return]  # noqa: S506


def amount_unit(word: str) -> tuple[str, float]:
    """The everyday unit that ``word`` (folded) is so many of: a pack is 20 cigarettes; an unknown word is itself.

    >>> amount_unit("packs")
    ('cigarette', 20.0)
    """
    units = _amounts()["units"]
    row = units.get(word) or units.get(word.rstrip("s"))
    return (row[0], float(row[1])) if row else (word, 1.0)


def per_day(word: str) -> float | None:
    """How many times a day lie in the period ``word`` (folded); None for an unknown one."""
    found = _amounts()["per"].get(word)
    return None if found is None else float(found)

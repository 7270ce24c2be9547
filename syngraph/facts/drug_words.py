"""What people say of medicines, as one regular expression a category. Data in ``data/medication.tsv``."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from syngraph.facts.cues import pattern
from syngraph.terminology.patterns import regex


@cache
def _rows() -> dict[str, list[str]]:
    rows: dict[str, list[str]] = {}
    text = files("syngraph.terminology").joinpath("data/medication.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            category, _, patterns = line.partition("\t")
            rows.setdefault(category, []).extend(p for p in patterns.split(" | ") if p)
    return rows


@cache
def drug_words(category: str) -> re.Pattern[str]:
    """The compiled words of ``category``, the longest first.

    Raises:
        KeyError: no such category in the data.
    """
    rows = sorted(_rows()[category], key=len, reverse=True)
    return regex("|".join(f"(?:{pattern(r)})" for r in rows))


@cache
def ends_with(category: str) -> re.Pattern[str]:
    """The words of ``category`` at the end of a stretch of text, blanks and commas after them allowed."""
    return regex(f"(?:{drug_words(category).pattern})[\\s,，:]*$")

"""Cue words: negation, doubt, supposing, the past, correction. Data in ``data/cues.tsv``, one regex a category."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from syngraph.terminology.fold import fold
from syngraph.terminology.patterns import regex


@cache
def _rows() -> dict[str, list[str]]:
    rows: dict[str, list[str]] = {}
    text = files("syngraph.terminology").joinpath("data/cues.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        category, _, patterns = line.partition("\t")
        rows.setdefault(category, []).extend(p for p in patterns.split(" | ") if p)
    return rows


def pattern(cue: str) -> str:
    """A cue as a regular expression over folded text: Latin words whole, blanks of any length."""
    body = fold(cue.strip()).replace(" ", r"\s+")
    left = r"(?<![a-z0-9])" if body[:1].isascii() and body[:1].isalnum() else ""
    # "wee(?:ing)?" must not be found in "weeks".
    whole = (body[-1:].isascii() and body[-1:].isalnum()) or (
        body.isascii() and re.search(r"[a-z)]\?$", body) is not None
    )
    right = r"(?![a-z0-9])" if whole else ""
    return f"{left}{body}{right}"


@cache
def cues(category: str) -> re.Pattern[str]:
    """The compiled cues of ``category``, the longest first. Rows may hold regular expressions.

    Raises:
        KeyError: no such category in the data.
    """
    rows = sorted(_rows()[category], key=len, reverse=True)
    return regex("|".join(f"(?:{pattern(r)})" for r in rows))

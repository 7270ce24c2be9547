"""Symptoms told in a turn of phrase ("up three times a night", "抽过没有"), and words that only look like one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from syngraph.terminology.lexicon import Match, lexicon
from syngraph.terminology.patterns import regex

_NONE = "-"


@cache
def _patterns() -> tuple[re.Pattern[str], tuple[str, ...]]:
    """One alternation with a group a row, and the symptom id of each group."""
    ids, groups = [], []
    text = files("syngraph.terminology").joinpath("data/spoken_symptoms.tsv").read_text(encoding="utf-8")
    for row in text.splitlines():
        if row.strip() and not row.startswith("#"):
            name, _, patterns = row.partition("\t")
            ids.append(name)
            groups.append("|".join(_whole(p) for p in patterns.split(" | ")))
    return regex("|".join(f"(?P<g{n}>{g})" for n, g in enumerate(groups))), tuple(ids)


def _whole(pattern: str) -> str:
    """``pattern`` with Latin words whole."""
    left = r"(?<![a-z0-9])" if re.match(r"[a-z(]", pattern) and pattern.isascii() else ""
    right = r"(?![a-z0-9])" if pattern.isascii() else ""
    return f"{left}(?:{pattern}){right}"


def phrased(folded: str, start: int, end: int) -> tuple[list[Match], list[tuple[int, int]]]:
    """Symptoms that ``folded[start:end]`` tells in a phrase, and the ranges in which a symptom's name is none.

    A row whose id begins with "+" also stands for the feeling of that name, so that a place beside it joins on.
    """
    pattern, ids = _patterns()
    found: list[Match] = []
    masked: list[tuple[int, int]] = []
    for m in pattern.finditer(folded, start, end):
        name = ids[int((m.lastgroup or "g0")[1:])]
        term = None if name == _NONE else lexicon().terms.get(f"symptom:{name.removeprefix('+')}")
        if name.startswith("+") and (feeling := lexicon().terms.get(f"sensation:{name[1:]}")) is not None:
            found.append(Match(m.start(), m.end(), feeling))
        if name == _NONE:
            masked.append(m.span())
        elif term is not None:
            found.append(Match(m.start(), m.end(), term))
    return found, masked


def unmasked(matches: Sequence[Match], masked: Sequence[tuple[int, int]]) -> list[Match]:
    """``matches`` without the symptoms, sensations and places that lie in or run into a masked range."""
    return [
        m for m in matches
        if m.term.kind not in ("symptom", "sensation", "body-site") or all(m.end <= a or b <= m.start for a, b in masked)
    ]  # fmt: skip

"""Marks beside a result: arrows, stars, letters and words, bare or in brackets (``↑``, ``H``, ``(High)``, ``[↓]``, ``★``).

Which there are is data (``report_words.tsv``); here is only how they stand around a result.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from syngraph.terminology.fold import fold

_OPEN, _CLOSE = r"[(\[（【]", r"[)\]）】]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """How marks are found.

    ``whole`` is one by itself, ``sure`` one that can't be part of a name or a result, ``lone`` one behind another
    piece, ``star`` a sign before a number.
    ``after`` and ``before`` part a result from its mark; groups ``value`` and ``mark``.
    """

    whole: re.Pattern[str]
    sure: re.Pattern[str]
    lone: re.Pattern[str]
    star: re.Pattern[str]
    after: re.Pattern[str]
    before: re.Pattern[str]


@cache
def printed(role: str) -> tuple[str, ...]:
    """The words of ``role`` in ``report_words.tsv`` as they stand there, the longest first."""
    words = _table().get(role, "").split("|")
    return tuple(sorted((w for w in words if w), key=lambda w: -len(w)))


@cache
def words(role: str) -> frozenset[str]:
    """The folded words of ``role`` in ``report_words.tsv``."""
    return frozenset(fold(w) for w in printed(role))


@cache
def _table() -> Mapping[str, str]:
    text = files("syngraph.terminology").joinpath("data/report_words.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if "\t" in line and not line.startswith("#")]
    return {row[0]: row[1] for row in rows}


@cache
def marks() -> Marks:
    """The patterns, built once."""
    arrow = "[" + "".join(re.escape(s) for s in printed("arrow")) + "]{1,3}"
    sign = "[" + "".join(re.escape(s) for s in (*printed("arrow"), *printed("star"))) + "]{1,3}"
    word = "|".join(re.escape(w) for w in printed("mark"))
    bracketed = rf"{_OPEN}\s?(?:{sign}|(?i:{word})|(?i:{'|'.join(printed('mark-bracketed'))}))?\s?{_CLOSE}"
    starred = rf"(?:\*\s?(?:{word})|(?:{word})\s?\*)"
    whole = rf"(?:{bracketed}|{starred}|{sign}|{word})"
    return Marks(
        whole=re.compile(whole),
        sure=re.compile(rf"{arrow}|{bracketed}"),
        star=re.compile(rf"{sign}(?=\s?[<>≤≥]?\s?-?\d+(?:\.\d+)?(?:\s|[%↑↓]|$))"),
        lone=re.compile(rf"(?:{starred}|{sign}|{word})(?=\s|$)"),
        after=re.compile(rf"(?P<value>.*?)\s*(?P<mark>{sign}|{bracketed}|(?<=[\d\s)）+%性]){whole}|(?<=\s)AA?)"),
        before=re.compile(rf"(?P<mark>{sign}|{bracketed}|{whole}(?=[\s\d<>＜＞]))\s*(?P<value>.*)"),
    )


def flag_of(text: str) -> Literal["low", "high", "abnormal", "normal"] | None:
    """What the mark ``text`` beside a result says; None where it is no mark.

    >>> flag_of("↑")
    'high'
    """
    mark = fold(re.sub(r"[()（）\[\]【】\s]", "", text))
    for name in ("high", "low", "abnormal", "normal"):
        if mark in words(f"flag-{name}"):
            return name
    return None


def is_mark(text: str) -> bool:
    """Whether ``text`` is a mark and nothing else; an empty pair of brackets is one that was lost."""
    return marks().whole.fullmatch(text.strip()) is not None


def mark_end(text: str, at: int, *, inside: bool) -> int:
    """Where the mark that begins at ``at`` ends, 0 where none does.

    Args:
        text: a cell.
        at: where to look.
        inside: whether a piece stands before it, so that a letter by itself is a mark; without one a star must
            stand right before a number.
    """
    sure = marks().sure.match(text, at)
    if sure:
        return sure.end()
    lone = marks().lone.match(text, at) if inside else None
    if lone:
        return lone.end()
    star = marks().star.match(text, at)
    return star.end() if star else 0

"""The guard's word lists (``data/guard.tsv``), compiled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files

from syngraph.terminology.lexicon import Match, lexicon
from syngraph.terminology.numerals import plain
from syngraph.terminology.patterns import regex


@cache
def _rows() -> tuple[tuple[str, ...], ...]:
    text = files("syngraph.terminology").joinpath("data/guard.tsv").read_text(encoding="utf-8")
    return tuple(tuple(line.split("\t")) for line in text.splitlines() if line and not line.startswith("#"))


@cache
def words(kind: str) -> re.Pattern[str]:
    """One pattern for all rows of ``kind``."""
    return regex("|".join(f"(?:{row[1]})" for row in _rows() if row[0] == kind))


@cache
def coded(kind: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """(code, pattern) of each row of ``kind`` (``relation``, ``unit``)."""
    return tuple((row[1], regex(row[2])) for row in _rows() if row[0] == kind)


@cache
def any_coded(kind: str) -> re.Pattern[str]:
    """One pattern for all rows of ``kind``: whether any of them is there at all."""
    return regex("|".join(f"(?:{p.pattern})" for _, p in coded(kind)))


@lru_cache(maxsize=2048)
def named_in(text: str) -> tuple[Match, ...]:
    """The longest names in ``text``, of any kind: the flu of "flu-like symptoms" is none."""
    return tuple(lexicon().longest(text))


@lru_cache(maxsize=2048)
def flat(text: str) -> str:
    """``text`` folded, with what only looks like a negation blanked out; of the same length."""
    text = words("filler").sub(_blank, plain(text))
    return words("pseudo").sub(_blank, text)


def _blank(match: re.Match[str]) -> str:
    return "\x00" * len(match[0])


@lru_cache(maxsize=2048)
def negations(text: str) -> tuple[tuple[int, int], ...]:
    """Where ``text`` negates something."""
    return tuple((m.start(), m.end()) for m in words("negation").finditer(flat(text)))


_SENTENCE = regex(r"[^。；;\n!！?？]+[。；;\n!！?？]?")


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """(start, text) of each sentence, its closing mark included; an English full stop closes one too."""
    for part in _SENTENCE.finditer(text):
        at = part.start()
        for piece in re.split(r"(?<=[a-z\u4e00-\u9fff)]\.)\s", part[0]):
            yield at, piece
            at += len(piece) + 1

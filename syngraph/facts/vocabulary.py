"""Word lists of one data file: ``category`` TAB patterns between `` | ``, compiled when a category is first asked for.

As :mod:`syngraph.facts.cues`, but a Latin pattern counts only whole where it begins or ends with a group, too.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from syngraph.terminology.fold import fold
from syngraph.terminology.patterns import regex

_LATIN_START = regex(r"(?:\(\?:)*[a-z0-9]")
_LATIN_END = re.compile(r"[a-z0-9)?]$")
_HAN = regex(r"[一-鿿]")
_BLANK = regex(r" (?!\*)")


@cache
def _rows(name: str) -> dict[str, list[str]]:
    rows: dict[str, list[str]] = {}
    text = files("syngraph.terminology").joinpath(f"data/{name}.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            category, _, patterns = line.partition("\t")
            rows.setdefault(category, []).extend(p for p in patterns.split(" | ") if p)
    return rows


def _pattern(row: str) -> str:
    """One row as a regular expression: blanks of any length, Latin words whole."""
    body = _BLANK.sub(r"\\s+", fold(row.strip()))
    if _HAN.search(body):
        return body
    left = r"(?<![a-z0-9])" if _LATIN_START.match(body) else ""
    # "^rest" is not the beginning of "restart", either.
    whole = left or (body.startswith("^") and _LATIN_END.search(body))
    return f"{left}{body}(?![a-z0-9])" if whole else body


@cache
def patterns(category: str, file: str = "background") -> tuple[str, ...]:
    """The patterns of ``category`` in ``data/<file>.tsv`` as regular expressions, the longest first.

    Raises:
        KeyError: no such category in the data.
    """
    rows = sorted(_rows(file)[category], key=len, reverse=True)
    return tuple(f"(?:{_pattern(r)})" for r in rows)


@cache
def words(category: str, file: str = "background") -> re.Pattern[str]:
    """The compiled patterns of ``category`` in ``data/<file>.tsv``, the longest first; to be used on folded text.

    Raises:
        KeyError: no such category in the data.
    """
    return regex("|".join(patterns(category, file)))


@cache
def table(category: str, file: str = "background") -> dict[str, str]:
    """A category whose entries are ``key=value``, as a mapping.

    Raises:
        KeyError: no such category in the data.
    """
    return dict(row.split("=", 1) for row in _rows(file)[category])


@cache
def entries(category: str, file: str = "background") -> tuple[str, ...]:
    """The plain entries of a category, in the order of the file.

    Raises:
        KeyError: no such category in the data.
    """
    return tuple(_rows(file)[category])

"""The checks' own word lists (``terminology/data/checks/phrases.yaml``), each one pattern over folded text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from syngraph.checks.rules import load_yaml
from syngraph.terminology.patterns import regex


@cache
def _lists() -> Mapping[str, Sequence[str]]:
    lists: Mapping[str, Sequence[str]] = load_yaml("phrases.yaml")
    return lists


@cache
def phrases(kind: str) -> re.Pattern[str]:
    """All expressions of the list ``kind`` as one.

    Raises:
        KeyError: no such list in the data.
    """
    return regex("|".join(f"(?:{expression})" for expression in _lists()[kind]))

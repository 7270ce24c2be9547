"""Regular expressions built from word lists, parsed once for all runs.

A word list of a thousand phrases takes Python's parser tens of milliseconds, and a draft needs some nine hundred of
them: half of the time from a cold start. What the parser makes of one is plain numbers, which are kept in the
cache folder beside the compiled terminology. Where anything about that fails (another Python, a folder that can't be
written, a broken file), the expression is simply compiled as always.
"""

from __future__ import annotations

import atexit
import re
from array import array
from collections.abc import Mapping
from functools import cache
from typing import Any

from syngraph.settings import Settings
from syngraph.terminology.compiled import digest, kept

#: (flags, code, groups, names to groups) of a parsed expression.
_Parsed = tuple[int, bytes, int, Mapping[str, int]]
#: More than any one version of the product needs; a file beyond it has grown over many and begins anew.
_MOST = 3000


@cache
def regex(source: str, flags: int = 0) -> re.Pattern[str]:
    """``re.compile(source, flags)``, for word lists and rules only: what is parsed is kept on the disk.

    Raises:
        re.error: ``source`` is no regular expression.
    """
    store = _store()
    parsed = store.known.get((source, int(flags)))
    if parsed is None and (parsed := _parsed(source, int(flags))) is not None:
        store.fresh[source, int(flags)] = parsed
    made = _restored(source, parsed) if parsed is not None else None
    return made if made is not None else re.compile(source, flags)


class _Store:
    """What earlier runs parsed, and what this one had to."""

    def __init__(self) -> None:
        import sys

        self.folder = Settings.cache_of_environment()
        self.key = digest([], "pyahocorasick") + f"-{sys.hexversion:x}"
        self.known: dict[tuple[str, int], _Parsed] = kept(self.folder, "patterns", self.key, dict, dict)
        self.fresh: dict[tuple[str, int], _Parsed] = {}
        atexit.register(self.save)

    def save(self) -> None:
        """Keep what this run parsed for the next ones."""
        if self.fresh:
            from syngraph.terminology.compiled import keep

            earlier = self.known if len(self.known) + len(self.fresh) <= _MOST else {}
            keep(self.folder, "patterns", self.key, {**earlier, **self.fresh})


@cache
def _store() -> _Store:
    return _Store()


def _parsed(source: str, flags: int) -> _Parsed | None:
    try:
        from re import _compiler, _parser  # type: ignore[attr-defined]

        tree = _parser.parse(source, flags)
        code = array("I", _compiler._code(tree, flags)).tobytes()
        return flags | tree.state.flags, code, tree.state.groups - 1, dict(tree.state.groupdict)
    except Exception:  # no expression, or a Python that parses otherwise: re.compile says which
        return None


def _restored(source: str, parsed: _Parsed) -> re.Pattern[str] | None:
    flags, code, groups, names = parsed
    numbers: Any = array("I")
    numbers.frombytes(code)
    by_number: list[str | None] = [None] * (groups + 1)
    for name, number in names.items():
        by_number[number] = name
    try:
        import _sre  # type: ignore[import-not-found]

        made: re.Pattern[str] = _sre.compile(source, flags, list(numbers), groups, dict(names), tuple(by_number))
    except Exception:  # another engine than the one that it was parsed for
        return None
    return made

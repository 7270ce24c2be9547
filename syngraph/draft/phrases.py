"""The words and sentence patterns of a language, read from ``terminology/data/phrases/*.yaml``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Phrases:
    """One language's phrases by dotted key."""

    data: Mapping[str, Any]

    def get(self, key: str, default: Any = None) -> Any:
        """What stands under ``key`` (``hpi.onset``); ``default`` where nothing does."""
        node: Any = self.data
        for part in key.split("."):
            if not isinstance(node, Mapping) or part not in node:
                return default
            node = node[part]
        return node

    def say(self, key: str, **parts: str) -> str:
        """The pattern under ``key`` with its places filled. Raises KeyError where there is no such pattern."""
        pattern = self.get(key)
        if not isinstance(pattern, str):
            raise KeyError(key)
        return pattern.format_map(parts)

    def word(self, key: str, name: str | None, default: str = "") -> str:
        """The entry ``name`` of the word list under ``key``."""
        return str((self.get(key) or {}).get(name, default))

    def shape(self, key: str, x: str) -> str:
        """``x`` by the first rule under ``rules.key`` whose regular expression is found in it."""
        rows: Sequence[tuple[str, str]] = self.get(f"rules.{key}")
        return next((p.format_map({"x": x}) for r, p in rows if re.search(r, x, re.IGNORECASE)), x)

    def found(self, key: str, x: str) -> re.Match[str] | None:
        """Where the regular expression under ``key`` is found in ``x``, whatever the case."""
        return re.search(self.get(key), x, re.IGNORECASE)

    def listed(self, items: Sequence[str], last: str = "last") -> str:
        """``items`` as the language lists them: 、 in Chinese, commas and a conjunction in English."""
        rows = list(dict.fromkeys(items))
        if len(rows) < 2:
            return "".join(rows)
        head: str = self.get("marks.list").join(rows[:-1])
        return f"{head}{self.get(f'marks.{last}')}{rows[-1]}"


@cache
def phrases(language: str) -> Phrases:
    """The phrases of ``language`` (``zh`` or ``en``), read once a process."""
    import yaml

    path = files("syngraph.terminology").joinpath(f"data/phrases/{language}.yaml")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return Phrases(yaml.load(path.read_text(encoding="utf-8"), Loader=loader))  # noqa: S506

"""Whether two printed names can be one person's: script, order, initials, titles, masking and recogniser's errors."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Literal

from syngraph.checks.rules import load_yaml
from syngraph.terminology.fold import fold

NameSignal = Literal["match", "near", "differ", "unknown"]
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff*某○〇]+")
_LATIN = re.compile(r"[a-z\u00c0-\u024f']+")
_MASKS = frozenset("*某○〇")


@cache
def _words(key: str) -> frozenset[str]:
    return frozenset(fold(w) for w in load_yaml("identity.yaml")[key])


def compare_names(printed: str | None, patient: str | None) -> NameSignal:
    """How a printed name stands to the patient's.

    Han is compared with Han and Latin with Latin; "WANG FANG" and 王芳 can't be compared (``unknown``).
    """
    if not printed or not patient:
        return "unknown"
    ours, theirs = fold(patient), fold(printed)
    if theirs.strip() in _words("nameless"):
        return "unknown"
    verdicts = [_compare_han(_han(theirs), _han(ours)), _compare_latin(_latin(theirs), _latin(ours))]
    for verdict in ("match", "near", "differ"):
        if verdict in verdicts:
            return verdict
    return "unknown"


def _han(name: str) -> str:
    letters = "".join(_HAN.findall(re.sub(r"[\s·•・.]", "", name)))
    for title in _words("titles"):
        if len(letters) - len(title) >= 2:
            letters = letters.removesuffix(title).removeprefix(title)
    return letters if set(letters) - _MASKS else ""


def _compare_han(a: str, b: str) -> NameSignal:
    if not a or not b:
        return "unknown"
    if a == b:
        return "match"
    if _MASKS & set(a + b):
        return "match" if _masked_alike(a, b) else "differ"
    if len(a) == len(b) >= 3 and sum(x != y for x, y in zip(a, b, strict=True)) == 1:
        return "near"
    return "differ"


def _masked_alike(a: str, b: str) -> bool:
    """王** or 王某 for 王芳: what is not masked must stand at its place (masks may stand for any number)."""

    def pattern(name: str) -> str:
        return "".join(".{1,2}" if c in _MASKS else re.escape(c) for c in re.sub(r"([*某○〇])\1+", r"\1", name))

    return any(re.fullmatch(pattern(x), y) for x, y in ((a, b), (b, a)))


def _latin(name: str) -> list[str]:
    words = [w.strip("'") for w in _LATIN.findall(name.replace("-", "").replace("_", " "))]
    return [w for w in words if w and w not in _words("titles")]


def _compare_latin(a: Sequence[str], b: Sequence[str]) -> NameSignal:
    if not a or not b:
        return "unknown"
    if sorted(a) == sorted(b) or _joined(a) & _joined(b):
        return "match"
    few, many = sorted((list(a), list(b)), key=len)
    if len(few) >= 2 and _each_found(few, many, initials=True):
        return "match"
    if len(few) >= 2 and _each_found(few, many, initials=True, near=True):
        return "near"
    return "differ"


def _joined(words: Sequence[str]) -> set[str]:
    return {"".join(words), "".join(words[1:]) + words[0], words[-1] + "".join(words[:-1])}


def _each_found(few: Sequence[str], many: Sequence[str], *, initials: bool, near: bool = False) -> bool:
    """Whether each word of the shorter name answers to its own word of the longer; one at least in full."""
    left = list(many)
    full = slips = 0
    for word in sorted(few, key=len, reverse=True):
        hit = next((w for w in left if w == word), None)
        full += hit is not None
        if hit is None and initials:
            hit = next((w for w in left if 1 in (len(w), len(word)) and w[0] == word[0]), None)
        if hit is None and near:
            hit = next((w for w in left if _slip(w, word)), None)
            slips += hit is not None
        if hit is None:
            return False
        left.remove(hit)
    return full >= 1 and slips <= 1


def _slip(a: str, b: str) -> bool:
    """One letter misread in five, or a short form (Rob, Robert)."""
    from rapidfuzz.distance import Levenshtein

    short, long = sorted((a, b), key=len)
    return (len(short) >= 3 and long.startswith(short)) or (len(short) >= 4 and Levenshtein.distance(a, b) == 1)

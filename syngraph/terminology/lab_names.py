"""What the words of an analyte's name tell apart: IgG from IgM, free from total, a count from a percentage.

A name that was cut short, misread or has something in brackets is only taken for a known one where no such word
speaks against it. The words are data (``data/lab_distinctions.tsv``).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType

from syngraph.terminology.fold import fold

#: Letters of a Latin word below which no letter may be misread: C3 is not C4, LDL is not VLDL.
_SHORT = 5

#: What one name says: each axis with the values named on it.
Distinctions = Mapping[str, frozenset[str]]


@cache
def _table() -> tuple[re.Pattern[str], tuple[tuple[str, str, bool], ...]]:
    """All the words as one alternation of numbered groups, and the axis, value and "may go unsaid" of each."""
    text = files("syngraph.terminology").joinpath("data/lab_distinctions.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith(("#", "axis\t"))]
    pattern = "|".join(f"({row[3]})" for row in rows)
    return re.compile(pattern), tuple((row[0], row[1], row[2] == "1") for row in rows)


@lru_cache(maxsize=8192)
def distinctions(name: str) -> Distinctions:
    """What ``name`` says on each axis.

    >>> sorted(distinctions("Rubella IgM antibody")["class"]), dict(distinctions("ferritin"))
    (['igm'], {})
    """
    pattern, rows = _table()
    found: dict[str, set[str]] = {}
    for m in pattern.finditer(fold(name)):
        axis, value, _ = rows[(m.lastindex or 1) - 1]
        found.setdefault(axis, set()).add(value)
    return MappingProxyType({axis: frozenset(values) for axis, values in found.items()})


@cache
def _unsaid() -> frozenset[tuple[str, str]]:
    return frozenset((axis, value) for axis, value, unsaid in _table()[1] if unsaid)


def may_mean(said: str, names: Iterable[str]) -> bool:
    """Whether everything that ``said`` tells apart is told by one of ``names`` too, or goes without saying.

    >>> may_mean("白细胞(尿)", ["白细胞计数", "WBC"]), may_mean("胆红素(总)", ["胆红素", "bilirubin"])
    (False, True)
    """
    wanted = distinctions(said)
    if not wanted:
        return True
    known: dict[str, set[str]] = {}
    for name in names:
        for axis, values in distinctions(name).items():
            known.setdefault(axis, set()).update(values)
    return all(
        value in known.get(axis, ()) or (axis not in known and (axis, value) in _unsaid())
        for axis, values in wanted.items()
        for value in values
    )


def same_words(a: str, b: str) -> bool:
    """Whether two names say the same on every axis."""
    return distinctions(a) == distinctions(b)


def may_be_misread(read: str, name: str, words: Collection[str], letters: Collection[str]) -> bool:
    """Whether the differences between ``read`` and ``name`` look like misread print, not like another thing's name.

    A misread character gives what no analyte's name holds: a Latin word that is none (``words`` are all known
    ones), or a Chinese character foreign to such names (``letters`` are all that are not). Short Latin words,
    figures and the beginning of a word are never taken for misread.
    """
    if not same_words(read, name):
        return False
    if name.isascii():
        return _misread_latin(read, name, words)
    return _misread_chinese(_bare(read), _bare(name), letters)


def _bare(name: str) -> str:
    return re.sub(r"[^\w%#+]|_", "", fold(name))


def latin_words(name: str) -> list[str]:
    """The Latin words and figures of ``name``, folded."""
    return re.findall(r"[a-z]+|\d+", fold(name))


def _misread_latin(read: str, name: str, words: Collection[str]) -> bool:
    ours, theirs = latin_words(read), latin_words(name)
    strange = [w for w in ours if w not in theirs]
    missing = [w for w in theirs if w not in ours]
    if any(w in words or w.isdigit() for w in strange):
        return False
    if len("".join(ours)) > 0 and len(ours) == 1 < len(theirs):  # the blanks between the words were lost in print
        return ours[0].startswith(theirs[0]) and _intact_short(theirs, ours[0])
    return all(len(w) >= _SHORT for w in missing) and all(
        any(w[0] == s[0] and abs(len(w) - len(s)) <= 1 for s in strange) for w in missing
    )


def _intact_short(words: Iterable[str], read: str) -> bool:
    return all(w in read for w in words if len(w) < _SHORT)


def _misread_chinese(read: str, name: str, letters: Collection[str]) -> bool:
    """Every difference is a character foreign to analytes' names: in place of one of the name's, or one too many.

    One too many at the beginning may have been what tells (``尿免疫球蛋白G``).
    """
    from rapidfuzz.distance import Levenshtein

    return all(
        op.tag != "insert"
        and not _told(read[op.src_pos], letters)
        and (op.src_pos > 0 if op.tag == "delete" else not name[op.dest_pos].isascii())
        for op in Levenshtein.editops(read, name)
    )


def _told(char: str, letters: Collection[str]) -> bool:
    return char in letters or char.isascii()

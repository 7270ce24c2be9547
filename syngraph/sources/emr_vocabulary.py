"""The word lists of the EMR readers: what codes, names and status words of received records mean.

Everything here is read from ``terminology/data/emr_*.tsv`` once a process. A code counts before a name, and a
name counts without its brackets and after folding.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from syngraph.model import Coding, FactKind, Status
from syngraph.terminology.fold import fold

_BRACKETS = re.compile(r"\s*[(（\[【][^()（）\[\]【】]*[)）\]】]\s*$")
_CHINESE_DIGITS = str.maketrans("一二三四五六七八九", "123456789")


def _rows(name: str) -> Iterator[list[str]]:
    text = files("syngraph.terminology").joinpath(f"data/emr_{name}.tsv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    width = lines[0].count("\t") + 1
    for line in lines[1:]:
        yield (line.split("\t") + [""] * width)[:width]


@cache
def _words() -> dict[str, tuple[str, str]]:
    return {key: (zh, en) for key, zh, en in _rows("words")}


def word(key: str, zh: bool, name: str = "") -> str:
    """The word ``key`` in Chinese or English with ``name`` in its place; empty where there is no such word."""
    pair = _words().get(key)
    return pair[0 if zh else 1].replace("{name}", name) if pair else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What an observation is about: the kind of entry it makes and a short name such as ``smoking``."""

    kind: FactKind
    name: str


@cache
def _topics() -> tuple[dict[str, Topic], dict[str, Topic]]:
    codes: dict[str, Topic] = {}
    names: dict[str, Topic] = {}
    for kind, name, code_cell, name_cell in _rows("topics"):
        topic = Topic(kind=kind, name=name)  # type: ignore[arg-type]
        codes |= dict.fromkeys(filter(None, code_cell.split("|")), topic)
        names |= {fold(n): topic for n in name_cell.split("|")}
    return codes, names


def topic_of(codes: Iterable[Coding], name: str) -> Topic | None:
    """What an observation is about; None for anything but vital signs, social and reproductive history."""
    by_code, by_name = _topics()
    for coding in codes:
        if topic := by_code.get(coding.code):
            return topic
    plain = fold(name).strip()
    return by_name.get(plain) or by_name.get(_BRACKETS.sub("", plain))


@cache
def topic_names(topic: str) -> tuple[str, ...]:
    """Every folded name of a topic, shortest first."""
    return tuple(sorted((n for n, t in _topics()[1].items() if t.name == topic), key=len))


@cache
def _answers() -> tuple[tuple[str, Status, frozenset[str], re.Pattern[str]], ...]:
    rows = []
    for topic, status, codes, words in _rows("answers"):
        rows.append((topic, status, frozenset(filter(None, codes.split("|"))), re.compile(words, re.IGNORECASE)))
    return tuple(rows)  # type: ignore[arg-type]


def answer_status(topic: str, codes: Iterable[Coding], value: str) -> Status:
    """What the answer ``value`` about ``topic`` says: ``Never smoker`` is absent, ``已戒`` historical."""
    plain, received = fold(value).strip(" .。"), {c.code for c in codes}
    for name, status, known, words in _answers():
        if name == topic and (known & received or _whole(words, plain)):
            return status
    return "present"


def _whole(words: re.Pattern[str], text: str) -> bool:
    return re.fullmatch(f"(?:{words.pattern})", text, re.IGNORECASE) is not None


@cache
def _states() -> dict[tuple[str, str], str]:
    return {(what, received): status for what, received, status in _rows("states")}


def state(what: str, received: str | None, default: Status = "present") -> Status | None:
    """The status that the word ``received`` means for ``what`` (``medication``, ``clinical`` …).

    ``default`` for a word that is missing or unknown; None where the entry does not count at all.
    """
    found = _states().get((what, received or ""), default)
    return None if found == "-" else found  # type: ignore[return-value]


@cache
def _frequencies() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (code, re.compile(rf"(?<![a-z0-9])(?:{patterns})(?![a-z0-9])")) for code, patterns in _rows("frequency")
    )


@lru_cache(maxsize=1024)
def frequency_code(text: str) -> tuple[str, str] | None:
    """The dosing frequency in ``text`` as (abbreviation, the words that say it); None where it says none.

    >>> frequency_code("5 mg 口服 每日两次")
    ('bid', '每日两次')
    """
    plain = fold(text)
    found = [(m.end() - m.start(), -m.start(), code) for code, p in _frequencies() for m in p.finditer(plain) if m[0]]
    # The longest spelling wins ("twice daily" over "daily" and over "BID" before it), the first of equal ones;
    # "as needed" and "at once" count only where nothing else says how often.
    best = max(found, key=lambda f: (f[2] not in ("prn", "st"), f[0], f[1]), default=None)
    return (best[2], text[-best[1] : best[0] - best[1]]) if best else None


@cache
def _routes() -> re.Pattern[str]:
    words = sorted((w for _, cell in _rows("routes") for w in cell.split("|")), key=len, reverse=True)
    return re.compile("|".join(re.escape(w) if not w.isascii() else rf"\b{re.escape(w)}(?![a-z])" for w in words))


def route_in(text: str) -> str | None:
    """The words of free dosage text that name the route (``口服``, ``by mouth``)."""
    m = _routes().search(fold(text))
    return text[m.start() : m.end()] if m else None


@cache
def _relations() -> tuple[dict[str, str], dict[str, str]]:
    codes: dict[str, str] = {}
    names: dict[str, str] = {}
    for subject, code_cell, name_cell in _rows("relations"):
        codes |= dict.fromkeys(code_cell.split("|"), subject)
        names |= {fold(n): subject for n in name_cell.split("|")}
    return codes, names


def relative(codes: Iterable[Coding], name: str) -> str:
    """Whose family history it is: ``mother``, ``brother`` …; ``family`` where the record does not say."""
    by_code, by_name = _relations()
    found = by_name.get(fold(name).strip())
    return found or next((by_code[c.code] for c in codes if c.code in by_code), "family")


@cache
def _none() -> tuple[tuple[str, str, frozenset[str], re.Pattern[str]], ...]:
    rows = []
    for kind, name, codes, patterns in _rows("none"):
        rows.append((kind, name, frozenset(filter(None, codes.split("|"))), re.compile(f"(?:{patterns})")))
    return tuple(rows)


def none_of(kind: str, codes: Iterable[Coding], name: str) -> str | None:
    """The word key of what a record says there is none of (``name.drug-allergy`` for NKDA).

    ``""`` where it only says that nobody knows; None where it names a real thing.
    """
    received, plain = {c.code for c in codes}, fold(name).strip(" .。;；,，")
    plain = _BRACKETS.sub("", plain)
    for row_kind, key, known, patterns in _none():
        if row_kind in (kind, "info") and (known & received or patterns.fullmatch(plain)):
            return key
    return None


@cache
def section_groups() -> dict[str, str]:
    """LOINC code of a CDA section to the group of entries it holds (``allergy``, ``result`` …)."""
    return {row[0]: row[1] for row in _rows("sections")}

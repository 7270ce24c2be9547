"""A clinician's spoken step as a plan may hold it: without the talk around it, or not at all where it is no step.

Only words are cut or turned by the list ``data/plan_wording.tsv``; nothing is added that was not said.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from syngraph.facts.spoken import is_han
from syngraph.terminology.fold import fold
from syngraph.terminology.numerals import find_numbers
from syngraph.terminology.patterns import regex

#: How a category's patterns stand in the text.
_FRAMES = {
    "lead": r"^(?:{})",
    "tail": r"(?<![a-z'])(?:{})[\s,，.。]*$",
    "half": r"^(?:{})(?![a-z])",
    "open-end": r"(?<![a-z'])(?:{})$",
}
_WHOLE = r"(?<![a-z'])(?:{})(?![a-z])"
#: English steps of no more characters are left whole.
_BRIEF = 70
#: What is left before an explanation.
_LEAST = 18
#: More than this without a comma is talk.
_RAMBLES = 170
#: Advice to come back in so few words says nothing of when.
_FEW = 4
#: Of two wordings, one that shares so much with the other says nothing of its own.
_SAME = 0.75


@cache
def _rows() -> dict[str, list[str]]:
    rows: dict[str, list[str]] = {}
    text = files("syngraph.terminology").joinpath("data/plan_wording.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            category, _, patterns = line.partition("\t")
            rows.setdefault(category, []).extend(
                p.strip(" ") if category != "rewrite" else p for p in patterns.split(" | ")
            )
    return rows


@cache
def step_words(category: str) -> re.Pattern[str]:
    """The compiled patterns of ``category``, the longest first, framed as the category wants them.

    Raises:
        KeyError: no such category in the data.
    """
    rows = sorted(_rows()[category], key=len, reverse=True)
    return regex(_FRAMES.get(category, _WHOLE).format("|".join(f"(?:{r})" for r in rows)))


@cache
def _rewrites() -> tuple[tuple[re.Pattern[str], str], ...]:
    pairs = (row.rpartition("=>") for row in _rows()["rewrite"])
    return tuple((re.compile(p.strip(), re.IGNORECASE), said) for p, _, said in pairs)


def written(said: str, *, supposed: bool = False, appointment: bool = False) -> str | None:
    """The words of a step as a plan holds them; None for what is no step, or only half of one.

    Args:
        said: what the clinician said.
        supposed: it is advice on when to come back: the condition at its beginning belongs to it.
        appointment: it is the next visit: only that and its time are written.

    >>> written("So what I'm gonna do is refer you to the pain clinic, okay")
    'Refer to the pain clinic'
    >>> written("Take a deep breath for me") is None
    True
    """
    if _no_step(said, supposed=supposed):
        return None
    text = _only_visit(said) if appointment else said
    text = text if supposed else _without_lead(text)
    text = _without_tail(_without_reason(text))
    for pattern, turned in _rewrites():
        text = pattern.sub(turned, text)
    text = re.sub(r"\s{2,}", " ", text).strip(" ,，-.")
    if not text or _no_step(text, supposed=supposed) or step_words("half").search(fold(text)) or _rambles(text):
        return None
    return text[:1].upper() + text[1:]


def _only_visit(said: str) -> str:
    """The next visit with its time, out of a long sentence in English."""
    found = step_words("visit").search(fold(said))
    return said if is_han(said) or len(said) <= _BRIEF or not found else said[found.start() : found.end()]


def _without_reason(said: str) -> str:
    """A long step in English without the explanation that follows it."""
    if is_han(said) or len(said) <= _BRIEF:
        return said
    found = step_words("explains").search(fold(said), _LEAST)
    return said[: found.start()] if found else said


def _rambles(text: str) -> bool:
    """Whether so many words without a comma are no step any more."""
    return not is_han(text) and max(len(part) for part in re.split(r"[,;.]", text)) > _RAMBLES


def _no_step(said: str, *, supposed: bool) -> bool:
    folded = fold(said).strip(" ,.，。")
    if not is_han(folded) and supposed and len(folded.split()) <= _FEW:
        return True
    if not is_han(folded) and step_words("no-step").search(folded):
        return not (supposed and _only_opening(folded))
    return False


def _only_opening(folded: str) -> bool:
    """Whether what marks no step stands only at the beginning of a condition ("that's fine, but if ...")."""
    found = step_words("no-step").search(folded)
    return found is not None and found.start() == 0 and len(folded) > 2 * (found.end() - found.start()) + 20


def _without_lead(said: str) -> str:
    if is_han(said):
        return said
    for _ in range(4):
        found = step_words("lead").match(fold(said))
        if not found or found.end() >= len(said.rstrip()):
            break
        said = said[found.end() :].lstrip(" ,")
    return said


def _without_tail(said: str) -> str:
    for _ in range(4):
        folded = fold(said).rstrip(" ,，.。")
        found = step_words("tail").search(folded) or (None if is_han(said) else step_words("open-end").search(folded))
        if not found or found.start() < 3:
            break
        said = said[: found.start()].rstrip(" ,，.。")
    return said


def says_less(text: str, other: str) -> bool:
    """Whether ``other`` already says what ``text`` does, in more words or the same."""
    mine, theirs = _content(text), _content(other)
    numbers = {n.value for n in find_numbers(fold(text))} - {n.value for n in find_numbers(fold(other))}
    return bool(mine) and not numbers and len(mine & theirs) >= _SAME * len(mine) and len(mine) <= len(theirs)


def _content(text: str) -> frozenset[str]:
    folded = fold(text)
    if is_han(folded):
        han = re.sub(r"[^一-鿿]", "", folded)
        return frozenset(han[i : i + 2] for i in range(len(han) - 1))
    return frozenset(re.findall(r"[a-z0-9]{3,}", folded)) - _EMPTY


_EMPTY = frozenset(
    ["the", "and", "you", "your", "for", "with", "that", "this", "then", "just", "will", "can", "are", "out", "get",
     "have", "want", "need", "well", "make", "sure", "any", "some", "all", "our", "was", "him", "her", "his"]
)  # fmt: skip

"""What brings a complaint on, worsens or eases it, in the speaker's own words. Patterns in ``data/triggers.tsv``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from syngraph.facts.passage import Passage
from syngraph.terminology.patterns import regex

#: Words that name no trigger.
_EMPTY = frozenset({
    "it", "that", "this", "they", "them", "nothing", "which", "what", "i", "you", "he", "she", "we", "there", "so", "but", "and",
    "something", "anything", "也", "都", "就", "还", "它", "这", "那", "现在", "后来", "然后", "有时候", "有时", "过", "了", "但是",
    "所以", "自己",
})  # fmt: skip
_FRAGMENT = re.compile(r"(?:(?:so|and|but|or|your|my|the|a|an|like|when|if|you|i|to|it)(?:\s|$))+", re.IGNORECASE)
_NEGATED = regex(
    r"n't\b|\bnot\b|\bno\b|\b(?:tried|nothing|has|have|seems?|doctor|they|itself|that|this|first|once|all|any|started|receiv\w+|came|went|stuff|someone)\b|'ve\b|没|不",
    re.IGNORECASE,
)
_WAYS = {"aggravated_by", "relieved_by", "radiation"}
#: What the pattern took along before the trigger, or where it goes.
_HEAD = regex(r"^(?:(?:like|just|the|a|my)\s+|[上下前后](?:头|面|边)[、,，])")
#: What the pattern took along behind the trigger.
_TAIL = regex(r"(?:反而|反倒|倒是?|才|就|还|也|都|能|会)+$|(?:\s+(?:definitely|really|usually|always|just|only|it))+$")


#: A word said twice while thinking ("into the, the groin").
_STUTTER = regex(r"\b(my|the|his|her), \1\b")


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    rows = []
    text = files("syngraph.terminology").joinpath("data/triggers.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            way, _, pattern = line.partition("\t")
            if way not in _WAYS:
                raise ValueError(f"not a way of triggering: {way}")
            rows.append((way, regex(pattern)))
    return tuple(rows)


def triggers(row: Passage, start: int, end: int) -> Iterator[tuple[str, str]]:
    """(``aggravated_by`` | ``relieved_by``, verbatim words) for what [start, end) says makes things worse or better."""
    for way, pattern in _patterns():
        for m in pattern.finditer(row.folded, start, end):
            a, b = m.span("x")
            words = row.source.text[a:b].strip(" ，,。.的")
            words = _STUTTER.sub(r"\1", _TAIL.sub("", _HEAD.sub("", words)))
            if (
                words
                and len(words) <= 40
                and words.lower() not in _EMPTY
                and not (_NEGATED.search(words) or _FRAGMENT.fullmatch(words))
            ):
                yield way, words

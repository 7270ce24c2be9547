"""The whole name of a disease: with the kind, the place and the side that are said around what the terminology knows."""

from __future__ import annotations

import re

from syngraph.facts.mentions import Mention
from syngraph.facts.passage import Passage, Sentence
from syngraph.facts.spoken import is_han, words_for
from syngraph.terminology.lexicon import lexicon


def full_name(row: Passage, m: Mention) -> tuple[int, int]:
    """The range of a diagnosis with the words that belong to it ("急性化脓性扁桃体炎", "exacerbation of asthma")."""
    start, end = m.start, m.end
    lead = words_for("name-before").search(row.folded[m.sentence.start : start])
    if lead:
        start -= len(lead.group())
    start = with_site(row, m.sentence, start)
    tail = words_for("name-after").match(row.folded[end : m.sentence.end])
    return start, end + (len(tail.group()) if tail else 0)


def with_site(row: Passage, sentence: Sentence, start: int) -> int:
    """Where a name at ``start`` begins with the part of the body and its side that stand right before it."""
    before = row.folded[sentence.start : start].rstrip(" ")
    gap = start - sentence.start - len(before)
    sites = [s for s in lexicon().matches(before, "body-site") if s.end == len(before)]
    if sites and (gap or is_han(before[-1:])):
        start -= max(s.end - s.start for s in sites) + gap
    side = re.search(r"(?:左侧?|右侧?|双侧?|(?<![a-z])(?:left|right|bilateral) )$", row.folded[sentence.start : start])
    return start - len(side.group()) if side else start

"""Running talk cut into statements: a transcript without full stops says many things in one sentence.

Recognised speech often carries no punctuation, so that a doctor's whole examination stands in one sentence, with
what led up to it and what follows. Such a sentence is cut where new statements begin ("i do hear", "on your knee
exam", "let's"); in Chinese, where nothing but names parts them, at the names of parts and signs.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from syngraph.facts.passage import Passage, Sentence, is_question, split_clauses
from syngraph.facts.spoken import exam_words, is_han
from syngraph.terminology.lexicon import lexicon
from syngraph.terminology.patterns import regex

#: A sentence of at most so many characters says one thing; in Chinese, so many without a mark between them.
_SHORT, _SHORT_HAN = 90, 18
#: What stands before a name that it belongs to.
_BELONGS = frozenset("的在和及与无没有未不到见触闻扪稍可")
_SIDES = frozenset("左右双两")
_HAN_RUN = regex(rf"[^,，。、;；…\s]{{{_SHORT_HAN},}}")


def statements(row: Passage) -> tuple[Sentence, ...]:
    """The sentences of a passage, the long ones of running talk cut into statements."""
    return tuple(s for whole in row.sentences for s in _cut(row, whole))


def _cut(row: Passage, whole: Sentence) -> Iterator[Sentence]:
    said = row.folded[whole.start : whole.end]
    cuts = sorted(set(_han_cuts(said) if is_han(said) else _cuts(said)))
    if not cuts:
        yield whole
        return
    edges = [0, *cuts, len(said)]
    for start, end in itertools.pairwise(edges):
        part = said[start:end]
        if part.strip():
            last = whole.asks and end == len(said)
            asks = last if part.rstrip().endswith("?") else is_question(part.strip(), asker=True)
            a, b = whole.start + start, whole.start + end
            yield Sentence(start=a, end=b, clauses=split_clauses(row.folded, a, b), asks=asks)


def _cuts(said: str) -> Iterator[int]:
    """Where a new statement opens: not behind a word that waits for it, nor behind what only leads to it."""
    at = 0
    for m in exam_words("opens-statement").finditer(said) if len(said) > _SHORT else ():
        before = said[at : m.start()].strip()
        waits = exam_words("leads-in").fullmatch(before) or exam_words("waits").search(before)
        waits = None if exam_words("turns-to").match(m.group()) else waits
        if before and not waits:
            at = m.start()
            yield at


def _han_cuts(said: str) -> Iterator[int]:
    for run in _HAN_RUN.finditer(said):
        for m in lexicon().longest(run.group(), "body-site", "exam-finding", "vital"):
            start = m.start
            while start > 0 and run.group()[start - 1] in _SIDES:
                start -= 1
            if start > 1 and run.group()[start - 1] not in _BELONGS:
                yield run.start() + start

"""Steps: what a clinician says without a full stop, cut where a new order begins.

A transcript made by a machine may run a whole plan together ("... and i wan na order a culture and if it gets worse
call me okay do you have any questions"). Judged as one sentence, a question at its end or one condition in it would
speak for all of it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

from syngraph.facts.mentions import Mention, Reading
from syngraph.facts.passage import Passage, Sentence, split_clauses
from syngraph.facts.plan_wording import step_words
from syngraph.facts.spoken import is_han, names, states, words_for

#: A sentence of no more characters says one thing.
_LONG = 110
#: A step of fewer says none.
_LEAST = 16
#: A condition is still open so many characters on.
_OPEN = 240


def stepped(row: Passage) -> Passage:
    """``row`` with its long unpunctuated sentences cut into steps; ``row`` itself where it has none."""
    if not any(_runs_on(row.folded, s) for s in row.sentences):
        return row
    return replace(row, sentences=tuple(step for s in row.sentences for step in _steps(row.folded, s)))


def mentions_of(reading: Reading, row: Passage, index: int) -> list[Mention]:
    """Every name that a row states, tag questions too; in a row that was cut into steps each judged by its own step."""
    stating = [s for s in row.sentences if states(row, s)]
    return [m for s in stating for m in names_in_step(reading, row, index, s)]


def names_in_step(reading: Reading, row: Passage, index: int, sentence: Sentence) -> list[Mention]:
    """The names of one sentence or step with their assertions."""
    if sentence in reading.rows[index].sentences:
        return names(reading, row, index, sentence)
    found = names(reading, row, index, replace(sentence, asks=True))
    return [replace(m, sentence=sentence) for m in found]


def _runs_on(folded: str, sentence: Sentence) -> bool:
    return sentence.end - sentence.start > _LONG and not is_han(folded[sentence.start : sentence.end])


def _steps(folded: str, sentence: Sentence) -> Iterator[Sentence]:
    if not _runs_on(folded, sentence):
        yield sentence
        return
    cuts = [sentence.start, *_cuts(folded, sentence), sentence.end]
    if len(cuts) == 2:
        yield sentence
        return
    for start, end in itertools.pairwise(cuts):
        said = folded[start:end].strip()
        asks = said.endswith("?") or words_for("asks").match(said) is not None
        yield Sentence(start=start, end=end, clauses=split_clauses(folded, start, end), asks=asks)


def _cuts(folded: str, sentence: Sentence) -> Iterator[int]:
    """Where a new step begins, in order."""
    hard = {m.start() for m in step_words("breaks").finditer(folded, sentence.start, sentence.end)}
    soft = {m.start() for m in step_words("goes-on").finditer(folded, sentence.start, sentence.end)}
    at = since = sentence.start
    for cut in sorted(hard | soft):
        if cut - at < _LEAST or folded[cut - 1] not in " ,":
            continue
        # A condition waits for what is to be done then ("if you get a fever | i want you to call"), once.
        if cut not in hard and step_words("opens").search(folded, max(since, cut - _OPEN), cut):
            since = cut
            continue
        yield cut
        at = since = cut

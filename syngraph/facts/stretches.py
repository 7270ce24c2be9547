"""Talk that a machine wrote down without marks: a long run of words cut where the clinician goes on to something else.

Without full stops a whole turn is one sentence, and one question or aside in it would silence all that it concludes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from syngraph.facts.assertion import assess
from syngraph.facts.mentions import Mention, Reading, names_in
from syngraph.facts.passage import Passage, Sentence, is_question, split_clauses
from syngraph.facts.spoken import is_han, names, words_for

#: A run of so many characters between two marks is talk without marks.
_HAN_RUN, _LATIN_RUN = 60, 240


def stretches(row: Passage) -> Iterator[Sentence]:
    """The sentences of ``row``, an unmarked run of words as its parts."""
    for sentence in row.sentences:
        said = row.folded[sentence.start : sentence.end]
        longest = max(len(part) for part in said.replace("，", ",").split(","))
        yield from _cut(row, sentence) if longest > (_HAN_RUN if is_han(said) else _LATIN_RUN) else (sentence,)


def _cut(row: Passage, sentence: Sentence) -> Iterator[Sentence]:
    at = sentence.start
    for m in words_for("goes-to-next").of(is_han(row.text)).finditer(row.folded, sentence.start, sentence.end):
        if row.folded[at : m.start()].strip():
            yield _part(row, at, m.start())
            at = m.start()
    yield _part(row, at, sentence.end)


def _part(row: Passage, start: int, end: int) -> Sentence:
    asks = is_question(row.folded[start:end].strip(), asker=row.role == "doctor", marked="?" in row.folded)
    return Sentence(start=start, end=end, clauses=split_clauses(row.folded, start, end), asks=asks)


def names_of(reading: Reading, row: Passage, index: int, stretch: Sentence) -> list[Mention]:
    """Every name in a stretch, said as the stretch alone says it."""
    if stretch in row.sentences:
        return names(reading, row, index, stretch)
    found = names_in(row.folded, stretch.start, stretch.end)
    ranges = [(m.start, m.end) for m in found]
    whose = {(m.start, m.end): m.assertion.subject for m in reading.in_row(index)}
    return [
        Mention(
            term=m.term, start=m.start, end=m.end, row=index, sentence=stretch,
            assertion=replace(
                assess(row.folded, stretch, m.start, m.end, ranges), subject=whose.get((m.start, m.end), "patient")
            ),
            evidence=(row.evidence(stretch.start, stretch.end),),
        )
        for m in found
        if not reading.retractions.holds(m.start, m.end)
    ]  # fmt: skip

"""The fact that a quantity or a result told in running text makes: quoted by its sentence, by its speaker's mouth."""

from __future__ import annotations

from collections.abc import Mapping

from syngraph.facts.mentions import Reading
from syngraph.facts.naming import concept_of
from syngraph.facts.passage import Passage, Sentence
from syngraph.model import Fact, FactKind, frozen_map
from syngraph.terminology.lexicon import Match, Term, lexicon
from syngraph.terminology.patterns import regex


def measured(
    reading: Reading,
    row: Passage,
    sentence: Sentence,
    term: Term,
    kind: FactKind,
    attributes: Mapping[str, str | None],
    at: int,
) -> Fact | None:
    """What ``sentence`` tells of ``term``; None where somebody else's value is told (``at``: where it is named)."""
    if row.role != "doctor" and reading.subjects.of(row, sentence, at) != "patient":
        return None
    return Fact(
        kind=kind, concept=concept_of(term, reading.encounter.language), status="present",
        attributes=frozen_map(attributes), evidence=(row.evidence(sentence.start, sentence.end),),
        witnesses=(row.witness,), recorded=row.said.isoformat(),
    )  # fmt: skip


#: A number of units and no concentration: so much is given.
_UNITS_GIVEN = regex(r"[^a-z0-9一-鿿]*\d+(?:\.\d+)?\s*(?:个?单位|units?|i?u(?![a-z]))(?!\s*/)")


def is_medicine(text: str, m: Match) -> bool:
    """Whether an analyte's name is a medicine's here: part of its name (甘精胰岛素), or given by units (胰岛素16单位)."""
    for d in lexicon().longest(text, "drug"):
        if d.start <= m.start and m.end <= d.end:
            return d.end - d.start > m.end - m.start or _UNITS_GIVEN.match(text, m.end) is not None
    return False

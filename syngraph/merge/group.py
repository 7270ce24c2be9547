"""Grouping: all that is said of one thing, one fact per distinct claim, in an order that input order can't change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import get_args

from syngraph.merge.agreement import agree, exact_day
from syngraph.merge.kinship import concept_keys, site_keys
from syngraph.merge.table import table
from syngraph.merge.unite import unite
from syngraph.model import SOURCE_KINDS, Encounter, Fact, FactId, FactKind, Group, Source, SourceKind
from syngraph.terminology.concepts import key_of
from syngraph.terminology.fold import fold

_KIND_ORDER = {kind: n for n, kind in enumerate(get_args(FactKind))}
_SOURCE_ORDER = {kind: n for n, kind in enumerate(get_args(SourceKind))}
#: What sorts mentions: where they stand, then all that they say.
_Key = tuple[object, ...]


def merge(facts: Sequence[Fact], sources: Sequence[Source], encounter: Encounter) -> tuple[Group, ...]:
    """Line up ``facts``: mentions of one thing in one group, mentions that make one claim in one fact.

    A thing is a kind, a concept and a subject (and a body site or specimen where the kind has one). Claims that
    can't both be right, or that are points of a series, stay separate facts of the group. No evidence is lost and
    every mention stands in exactly one group. The order of ``facts`` and ``sources`` changes nothing.
    """
    places = _places(sources)
    visit = encounter.start.date()
    groups = [_group(rows, places, visit) for rows in _things(facts)]
    return tuple(sorted(groups, key=lambda g: (_KIND_ORDER[g.kind], _where(g.mentions[0], places))))


def number(groups: Sequence[Group]) -> tuple[Group, ...]:
    """The same groups with their facts named f1, f2, ... in order."""
    count = 0
    numbered = []
    for group in groups:
        facts = []
        for fact in group.facts:
            count += 1
            facts.append(replace(fact, id=FactId(f"f{count}")))
        numbered.append(replace(group, facts=tuple(facts)))
    return tuple(numbered)


def _places(sources: Sequence[Source]) -> dict[str, int]:
    assert set(_SOURCE_ORDER) == SOURCE_KINDS  # noqa: S101 - both come from the same type
    ordered = sorted(sources, key=lambda s: (_SOURCE_ORDER[s.kind], s.path, s.id))
    return {s.id: n for n, s in enumerate(ordered)}


def _things(facts: Iterable[Fact]) -> list[list[Fact]]:
    """The facts by kind, subject and concept, then by what else tells things apart."""
    shelves: dict[tuple[str, str], list[Fact]] = defaultdict(list)
    for fact in facts:
        shelves[fact.kind, fact.subject].append(fact)
    things = []
    for (kind, _), rows in shelves.items():
        row = table().kinds[kind]
        keys = concept_keys(rows, row.narrow)
        for same in _split(rows, [keys[key_of(f.concept)] for f in rows]):
            things += _apart(same, row.apart)
    return things


def _apart(rows: list[Fact], attributes: Sequence[str]) -> list[list[Fact]]:
    parts = [rows]
    for attribute in attributes:
        parts = [piece for part in parts for piece in _by_site(part, attribute)]
    return parts


def _by_site(rows: list[Fact], attribute: str) -> list[list[Fact]]:
    said = [fold(f.get(attribute) or "") for f in rows]
    keys = site_keys(said)
    return _split(rows, [keys[s] for s in said])


def _split(rows: list[Fact], keys: Sequence[str]) -> list[list[Fact]]:
    parts: dict[str, list[Fact]] = defaultdict(list)
    for fact, key in zip(rows, keys, strict=True):
        parts[key].append(fact)
    return list(parts.values())


def _group(rows: list[Fact], places: dict[str, int], visit: date) -> Group:
    mentions = sorted(rows, key=lambda f: _where(f, places))
    return Group(facts=tuple(_claims(mentions, places, visit)), mentions=tuple(mentions))


def _claims(mentions: Sequence[Fact], places: dict[str, int], visit: date) -> list[Fact]:
    """Unite what agrees, most trusted first, until nothing more does: merging the result again changes nothing."""
    heads = [replace(m, id=FactId("")) for m in mentions]
    while True:
        united: list[Fact] = []
        days: list[str | None] = []
        for fact in sorted(heads, key=lambda f: _weight(f, places)):
            _place(fact, united, days, visit)
        if len(united) == len(heads):
            return sorted(united, key=lambda f: _where(f, places))
        heads = united


def _place(fact: Fact, united: list[Fact], days: list[str | None], visit: date) -> None:
    """Unite ``fact`` with the first that it agrees with; ``days`` saves comparing the points of a long series."""
    day = exact_day(fact, visit)
    for n, head in enumerate(united):
        if (day is None or days[n] is None or day == days[n]) and agree(head, fact, visit):
            united[n] = unite(head, fact)
            days[n] = exact_day(united[n], visit)
            return
    united.append(fact)
    days.append(day)


def _weight(fact: Fact, places: dict[str, int]) -> _Key:
    """The most trusted witness first, then the one who says most, then reading order."""
    trust = table().kinds[fact.kind].trust
    return (min(trust.index(w) for w in fact.witnesses), -len(fact.attributes), *_where(fact, places))


def _where(fact: Fact, places: dict[str, int]) -> _Key:
    """Reading order; beyond it all that the fact says, so that no two different facts are ever equal."""
    marks = sorted((places.get(e.source, len(places)), e.source, e.start, e.end) for e in fact.evidence)
    said = tuple(sorted(fact.attributes.items()))
    concept = (fact.concept.id or "", fact.concept.text, fact.concept.code or "", fact.concept.system or "")
    rest = (fact.witnesses, fact.recorded or "", fact.extractor, fact.id, fact.evidence)
    return (tuple(marks), fact.kind, fact.subject, fact.status, concept, said, *rest)

"""Several mentions that make one claim become one fact: values of the most trusted, evidence and witnesses of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from syngraph.merge.table import KindRule, table
from syngraph.model import Concept, Evidence, Fact, FactId, Status, Witness, frozen_map
from syngraph.terminology.concepts import broader, key_of

_SEPARATOR = "; "


def witnessed(fact: Fact) -> tuple[tuple[Evidence, Witness], ...]:
    """Each piece of evidence with who says so; the last witness stands for evidence beyond the witnesses named."""
    names = fact.witnesses + fact.witnesses[-1:] * (len(fact.evidence) - len(fact.witnesses))
    return tuple(zip(fact.evidence, names, strict=False))


def unite(first: Fact, second: Fact) -> Fact:
    """``first`` borne out by ``second``: attributes that ``first`` lacks are added, its own are kept as they are."""
    row = table().kinds[first.kind]
    pairs = dict.fromkeys((*witnessed(first), *witnessed(second)))
    return replace(
        first,
        id=FactId(""),
        concept=_concept(first, second),
        status=_status(first, second, row),
        attributes=_attributes(first.attributes, second.attributes, row),
        evidence=tuple(e for e, _ in pairs),
        witnesses=tuple(w for _, w in pairs),
        recorded=first.recorded or second.recorded,
    )


def _concept(first: Fact, second: Fact) -> Concept:
    a, b = key_of(first.concept), key_of(second.concept)
    finer = b in broader(a) if first.status == "absent" else a in broader(b)
    return second.concept if finer else first.concept


def _status(first: Fact, second: Fact, row: KindRule) -> Status:
    pair = {first.status, second.status}
    if pair == {"present", "uncertain"}:
        same_source = {e.source for e in first.evidence} & {e.source for e in second.evidence}
        return "uncertain" if row.doubt and same_source else "present"
    if pair == {"present", "historical"} and not row.past:
        return "present"
    return first.status


def _attributes(first: Mapping[str, str], second: Mapping[str, str], row: KindRule) -> Mapping[str, str]:
    united = dict(first)
    for key, value in second.items():
        own = first.get(key)
        if own is None and _may_take(key, first, second):
            united[key] = value
        elif own is not None and key in row.union:
            united[key] = _join(own, value)
        elif own is not None and key in {"onset", "date", "ended"} and _finer(value, own):
            united[key] = value
    return frozen_map(united)


def _may_take(key: str, first: Mapping[str, str], second: Mapping[str, str]) -> bool:
    """A part of a bundle (a unit, a bound) only comes with the same leading value."""
    leader = table().leader(key)
    return leader == key or first.get(leader) in {None, second.get(leader)}


def _join(own: str, other: str) -> str:
    return _SEPARATOR.join(dict.fromkeys((*own.split(_SEPARATOR), *other.split(_SEPARATOR))))


def _finer(value: str, own: str) -> bool:
    """2024-12-03 says more than 2024-12, and both more than a bare yes."""
    return own == "yes" != value or (len(value) > len(own) and value.startswith(own))


def independent(facts: Sequence[Fact]) -> bool:
    """Whether more than one source or more than one witness stands behind ``facts``."""
    pairs = [p for f in facts for p in witnessed(f)]
    return len({e.source for e, _ in pairs}) > 1 or len({w for _, w in pairs}) > 1

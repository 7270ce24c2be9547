"""Which results a record states, and which of them are one: what was said of a written result stands beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from syngraph.draft.lines import Case, Item
from syngraph.model import Fact

#: Signs of an earlier visit that say nothing today; a child's weight does, for doses.
_PASSING_SIGNS = frozenset(
    f"vital:{name}"
    for name in ("temperature", "heart-rate", "pulse", "respiratory-rate", "oxygen-saturation", "spo2", "weight",
                 "height", "bmi", "head-circumference", "pain-score", "birth-weight", "waist")
)  # fmt: skip
_CHILDS_SIGNS = frozenset({"vital:weight"})
#: General names that people say for any of several analytes.
_SAID_FOR = {"lab:glucose": ("lab:fasting-glucose", "lab:random-glucose", "lab:postprandial-glucose")}


def stated(case: Case, items: Sequence[Item]) -> list[Item]:
    """The items that the record states, what was said of a result with it."""
    return _with_what_was_said(case, _without_old_signs(case, items))


def is_spoken(case: Case, fact: Fact) -> bool:
    """Whether it was only said or answered, not written in a report or the hospital's record."""
    sources = [case.voice.sources.get(e.source) for e in fact.evidence]
    return all(s is None or s.kind in {"consultation", "preconsultation"} for s in sources)


# -- signs of other days ---------------------------------------------------------------------------------


def _without_old_signs(case: Case, items: Sequence[Item]) -> list[Item]:
    """Signs that this hospital measured on another day: only the newest of those that still matter."""
    own = [i for i in items if i.view.kind == "vital-sign" and set(i.view.witnesses) == {"this-hospital"}]
    passing = _PASSING_SIGNS - (_CHILDS_SIGNS if case.voice.is_child() else frozenset())
    newest = {i.view.concept.id: _day(i.view) for i in sorted(own, key=lambda i: _day(i.view))}
    return [i for i in items if i not in own or _still_matters(case, i, passing, newest)]


def _still_matters(case: Case, item: Item, passing: frozenset[str], newest: dict[str | None, str]) -> bool:
    fact = item.view
    if any(f.id in case.disputed for f in item.facts):
        return True
    return fact.concept.id not in passing and _day(fact) == newest[fact.concept.id]


def _day(fact: Fact) -> str:
    return (fact.get("date") or fact.recorded or "")[:10]


# -- what was said of a written result -------------------------------------------------------------------


def _with_what_was_said(case: Case, items: Sequence[Item]) -> list[Item]:
    """``items`` without what was only said of a result that stands written too; its facts go with that result."""
    said = [i for i in items if i.view.kind == "lab-result" and is_spoken(case, i.view)]
    written = [i for i in items if i.view.kind == "lab-result" and i not in said]
    taken: dict[int, list[Item]] = {}
    for item in said:
        if (at := next((n for n, w in _newest_first(written) if _same(item.view, w.view)), None)) is not None:
            taken.setdefault(at, []).append(item)
    gone = [i for rows in taken.values() for i in rows]
    joined = {id(written[n]): _joined(written[n], rows) for n, rows in taken.items()}
    return [joined.get(id(i), i) for i in items if not any(i is g for g in gone)]


def _newest_first(items: Sequence[Item]) -> list[tuple[int, Item]]:
    return sorted(enumerate(items), key=lambda row: _day(row[1].view), reverse=True)


def _joined(item: Item, said: Sequence[Item]) -> Item:
    return replace(item, facts=(*item.facts, *(f for i in said for f in i.facts)))


def _same(said: Fact, written: Fact) -> bool:
    """Whether ``said`` is the written result in words: the same value, or no value and the same direction."""
    if not _same_thing(said, written) or said.status != written.status:
        return False
    if value := said.get("value"):
        return _same_value(value, said.get("unit"), written)
    flags = (said.get("flag"), written.get("flag"))
    return flags[0] == flags[1] or (flags[0] == "abnormal" and flags[1] in {"high", "low"}) or flags[0] is None


def _same_thing(said: Fact, written: Fact) -> bool:
    first, second = said.concept.id, written.concept.id
    if first is None or second is None:
        return said.concept.text.casefold() == written.concept.text.casefold()
    return first == second or second in _SAID_FOR.get(first, ()) or _counted(first) == _counted(second)


def _counted(concept: str) -> str:
    """The cells, whether counted or as a percentage: "neutrophils are up" may mean either."""
    return concept.removesuffix("-percent")


def _same_value(value: str, unit: str | None, written: Fact) -> bool:
    from syngraph.terminology.units import same_quantity

    own, measure = written.get("value"), written.get("unit")
    return own is not None and same_quantity(value, unit or measure, own, measure, written.concept.id) is True

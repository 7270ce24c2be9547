"""What a section's writer takes and gives: items to state, and lines that state them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from syngraph.draft.templates import Template
from syngraph.draft.voice import Voice
from syngraph.model import Evidence, Fact, FactId, Group
from syngraph.terminology.durations import find_durations, same_duration
from syngraph.terminology.fold import fold
from syngraph.terminology.patterns import regex


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing to state.

    ``view`` is what can be said of it without deciding anything; ``facts`` all the facts that it stands for.
    Where the sources differ on a symptom's length, ``view`` holds only what they share.
    """

    view: Fact
    facts: tuple[Fact, ...]

    @property
    def source_count(self) -> int:
        """In how many sources it stands."""
        return len({e.source for f in self.facts for e in f.evidence})


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A sentence with the facts that it states.

    Attributes:
        evidence: more than the facts' own, such as the head of a report that holds its date.
        attributed: it already says who says so.
    """

    text: str
    facts: tuple[Fact, ...]
    evidence: tuple[Evidence, ...] = ()
    attributed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """All that the writers of one record share.

    Attributes:
        disputed: facts that a contradiction names.
        unsafe: facts that a safety finding names.
        mentions: how often each fact was said, before merging.
    """

    voice: Voice
    template: Template
    disputed: frozenset[FactId] = frozenset()
    unsafe: frozenset[FactId] = frozenset()
    mentions: Mapping[FactId, int] = field(default_factory=dict)


def line(text: str, *items: Item, evidence: Sequence[Evidence] = (), attributed: bool = False) -> Line:
    """A line that states ``items``."""
    facts = tuple({f.id: f for i in items for f in i.facts}.values())
    return Line(text=text, facts=facts, evidence=tuple(evidence), attributed=attributed)


def exchanges(case: Case, items: Sequence[Item]) -> list[Line]:
    """Questions with their answers, in the words in which they were asked and answered."""
    p = case.voice.p
    return [
        line(p.say(f"exchange.{_answerer(i.view)}", q=_bare(i.view, "asked"), a=_bare(i.view, "text")), i)
        for i in items
    ]


_HOW_LONG = regex(r"多久|多长时间|几天|几个月|几年|什么时候|啥时候|how long|when did|since when|病程|持续时间")


def length_told(exchange: Fact, timed: Sequence[Fact]) -> bool:
    """Whether an exchange only asks how long, and a symptom that is written lasts just as long."""
    if not _HOW_LONG.search(fold(exchange.attributes["asked"])):
        return False
    lengths = find_durations(fold(exchange.attributes["text"]))
    return bool(lengths) and all(any(same_duration(d, f.attributes["duration"]) for f in timed) for d in lengths)


def _answerer(fact: Fact) -> str:
    return "companion" if "companion" in fact.witnesses else "patient"


def _bare(fact: Fact, key: str) -> str:
    return " ".join(fact.attributes[key].split()).rstrip("。.，,、；; ")


def items_of(groups: Iterable[Group], disputed: frozenset[FactId]) -> list[Item]:
    """Every fact as an item; present symptoms of one group that a contradiction names share one."""
    return [item for group in groups for item in _items(group, disputed)]


def _items(group: Group, disputed: frozenset[FactId]) -> list[Item]:
    joined = [f for f in group.facts if f.id in disputed and f.status in {"present", "uncertain"}]
    if group.kind != "symptom" or len(joined) < 2:
        return [Item(view=f, facts=(f,)) for f in group.facts]
    rest = [Item(view=f, facts=(f,)) for f in group.facts if f not in joined]
    return [Item(view=common(joined), facts=tuple(joined)), *rest]


def common(facts: Sequence[Fact]) -> Fact:
    """The first of ``facts`` with only the attributes that no other of them speaks against, and all evidence."""
    shared: dict[str, str] = {}
    for key in dict.fromkeys(k for f in facts for k in f.attributes):
        values = {f.attributes[key] for f in facts if key in f.attributes}
        if len(values) == 1:
            shared |= {key: values.pop()}
    if len({(f.get("duration"), f.get("onset")) for f in facts}) > 1:
        # Which of two lengths is right is not ours to say, so neither length nor beginning is taken over.
        for key in ("duration", "onset", "date"):
            shared.pop(key, None)
    return replace(
        facts[0],
        attributes=MappingProxyType(shared),
        evidence=tuple(dict.fromkeys(e for f in facts for e in f.evidence)),
        witnesses=tuple(dict.fromkeys(w for f in facts for w in f.witnesses)),
    )


def affirmed(items: Iterable[Item]) -> list[Item]:
    """The items that are so, or may be so, now."""
    return [i for i in items if i.view.status in {"present", "uncertain", "planned"}]


def denied(items: Iterable[Item]) -> list[Item]:
    """The items that are said not to be so."""
    return [i for i in items if i.view.status == "absent"]


def past(items: Iterable[Item]) -> list[Item]:
    """The items that were so and are over."""
    return [i for i in items if i.view.status == "historical"]


def is_any(item: Item) -> bool:
    """Whether it speaks of the whole kind ("no allergies"), not of one thing."""
    return (item.view.concept.id or "").endswith(":any")


def batches(items: Sequence[Item], size: int) -> list[Sequence[Item]]:
    """``items`` in order, at most ``size`` at a time."""
    return [items[n : n + size] for n in range(0, len(items), size)]

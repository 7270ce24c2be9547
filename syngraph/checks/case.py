"""An encounter laid out for checking: every single claim with its source, its witness and its day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from syngraph.model import Encounter, Evidence, Fact, FactId, Group, Source, SourceId, SourceKind, Witness
from syngraph.terminology.concepts import key_of
from syngraph.terminology.fold import fold
from syngraph.terminology.likeness import full_date

#: The merged facts of one group, by evidence.
Held = dict[Evidence, list[Fact]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What one witness says in one source: a mention, and the id of the merged fact that it went into.

    ``told`` is the day on which it was said or written, None where that is not known.
    """

    fact: Fact
    id: FactId
    group: int
    source: SourceId
    origin: SourceKind | None
    witness: Witness
    evidence: tuple[Evidence, ...]
    told: date | None

    @property
    def key(self) -> str:
        """The concept's key."""
        return key_of(self.fact.concept)

    @property
    def status(self) -> str:
        """The status; what is present but has ended is ``historical``."""
        return "historical" if self.fact.status == "present" and self.fact.get("ended") else self.fact.status

    def get(self, key: str) -> str | None:
        """The mention's attribute."""
        return self.fact.get(key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """All that the checks look at. ``heard`` are claims read from the talk's words where no fact was made of them."""

    encounter: Encounter
    sources: Mapping[SourceId, Source]
    groups: tuple[Group, ...]
    claims: tuple[Claim, ...]
    required: tuple[str, ...] = ()
    heard: tuple[Claim, ...] = ()

    @property
    def language(self) -> str:
        """The record's language."""
        return self.encounter.language

    @property
    def visit(self) -> date:
        """The day of the visit."""
        return self.encounter.start.date()

    @property
    def talked(self) -> bool:
        """Whether the talk in the room is among the sources."""
        return any(s.kind == "consultation" for s in self.sources.values())

    def of(self, *kinds: str, subject: str | None = "patient") -> Iterator[Claim]:
        """The claims of these kinds, about ``subject`` (about anybody where it is None)."""
        return (c for c in self.claims if c.fact.kind in kinds and (subject is None or c.fact.subject == subject))

    def spoken(self) -> str:
        """All that was said in the room, folded."""
        return "\n".join(fold(s.text) for s in self.sources.values() if s.kind == "consultation")

    def age_at(self, day: date) -> float | None:
        """The patient's age in years on ``day``; None where the birth date is not known to the day."""
        born = full_date(self.encounter.patient.birth_date)
        return None if born is None else (day - born).days / 365.25


def build(
    groups: Sequence[Group], encounter: Encounter, sources: Sequence[Source], required: Sequence[str] = ()
) -> Case:
    """Lay out ``groups`` (whose facts have ids) as single claims, in reading order."""
    by_id = {s.id: s for s in sources}
    held = [_held(g) for g in groups]
    claims = [c for n, g in enumerate(groups) for m in g.mentions for c in _claims(m, n, held[n], by_id, encounter)]
    return Case(
        encounter=encounter, sources=by_id, groups=tuple(groups), claims=tuple(claims), required=tuple(required)
    )


def _claims(
    mention: Fact, number: int, held: Held, sources: Mapping[SourceId, Source], encounter: Encounter
) -> Iterator[Claim]:
    """One claim for each (source, witness) that stands behind a mention; an unmerged mention has one."""
    names = mention.witnesses + mention.witnesses[-1:] * (len(mention.evidence) - len(mention.witnesses))
    voices: dict[tuple[SourceId, Witness], list[Evidence]] = {}
    for evidence, witness in zip(mention.evidence, names, strict=False):
        voices.setdefault((evidence.source, witness), []).append(evidence)
    for (source_id, witness), evidence_rows in voices.items():
        source = sources.get(source_id)
        yield Claim(
            fact=mention,
            id=_merged(mention, evidence_rows[0], held),
            group=number,
            source=source_id,
            origin=source.kind if source else None,
            witness=witness,
            evidence=tuple(evidence_rows),
            told=_told(mention, source, encounter),
        )


def _held(group: Group) -> Held:
    """The merged facts of a group by the evidence that they took in."""
    held: Held = {}
    for fact in group.facts:
        for evidence in dict.fromkeys(fact.evidence):
            held.setdefault(evidence, []).append(fact)
    return held


def _merged(mention: Fact, evidence: Evidence, held: Held) -> FactId:
    """The fact of the group that took the mention in: the one with its evidence, best with its status and values."""

    def likeness(fact: Fact) -> tuple[bool, int]:
        return fact.status == mention.status, sum(fact.get(k) == v for k, v in mention.attributes.items())

    holding = held.get(evidence) or [f for facts in held.values() for f in facts]
    return holding[0].id if len(holding) == 1 else max(holding, key=likeness).id


def _told(mention: Fact, source: Source | None, encounter: Encounter) -> date | None:
    told = full_date(mention.recorded) or full_date(source.recorded if source else None)
    if told is None and source and source.kind in {"consultation", "preconsultation"}:
        return encounter.start.date()
    return told


def independent(a: Claim, b: Claim) -> bool:
    """Whether two claims are two voices: two sources, or patient and companion in one.

    What the doctor says of the patient's own report in the same talk is an echo, not a second voice.
    """
    return a.source != b.source or {a.witness, b.witness} == {"patient", "companion"}

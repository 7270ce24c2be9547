"""Extraction of one source: rules over its passages, and its structured rows as they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from syngraph.facts.allergies import allergies
from syngraph.facts.clinician import clinician
from syngraph.facts.exchanges import exchanges
from syngraph.facts.habits import habits
from syngraph.facts.histories import histories
from syngraph.facts.measurements import measurements
from syngraph.facts.medications import medications
from syngraph.facts.mentions import Mention, Reading, read
from syngraph.facts.passage import passages
from syngraph.facts.prescriptions import prescriptions
from syngraph.facts.reproductive import reproductive
from syngraph.facts.social import social
from syngraph.facts.structured import structured
from syngraph.facts.symptoms import symptoms
from syngraph.facts.told_results import told_results
from syngraph.facts.verbatim import verbatim
from syngraph.model import Encounter, Fact, Source


def extract(source: Source, encounter: Encounter) -> tuple[Fact, ...]:
    """Everything that ``source`` says, in the order of its text.

    Facts carry no ids yet; the same thing said twice in the source gives two facts. Never raises on any text.
    """
    reading = read(source, encounter, passages(source, encounter))
    facts = [*structured(source, encounter), *_spoken(reading)]
    facts += verbatim(reading, facts)
    facts += exchanges(reading, facts)
    facts = [f for f in facts if not _mothers(f, encounter)]
    return tuple(sorted(_distinct(facts), key=lambda f: (f.evidence[0].start, f.kind)))


#: Years; nobody below it is taken to have given birth.
_YOUNGEST_MOTHER = 10
#: Deliveries: told of a man or a child they are how he was born, which the birth history says.
_DELIVERIES = frozenset({"procedure:vaginal-delivery", "procedure:c-section"})


def _mothers(fact: Fact, encounter: Encounter) -> bool:
    """Whether a fact is the mother's, told in a visit about somebody who can't have given birth."""
    if fact.concept.id not in _DELIVERIES or fact.subject != "patient":
        return False
    born = encounter.patient.birth_date
    child = bool(born) and encounter.start.year - int((born or "0")[:4]) < _YOUNGEST_MOTHER
    return encounter.patient.sex == "male" or child


def _distinct(facts: Iterable[Fact]) -> Iterator[Fact]:
    seen = set()
    for f in facts:
        key = (f.kind, f.concept, f.status, f.subject, f.evidence, tuple(sorted(f.attributes.items())))
        if key not in seen:
            seen.add(key)
            yield f


def _spoken(reading: Reading) -> Iterator[Fact]:
    used: list[Mention] = []
    for fact, mentions in allergies(reading):
        used += mentions
        yield fact
    claimed = {(m.start, m.end, m.row) for m in used}
    yield from symptoms(reading, claimed)
    yield from medications(reading, used)
    yield from histories(reading)
    yield from habits(reading)
    yield from social(reading)
    yield from reproductive(reading)
    told = list(told_results(reading))
    sentences = {f.evidence[0] for f in told if f.kind == "lab-result"}  # these values are read there, with their words
    yield from (f for f in measurements(reading) if f.kind != "lab-result" or f.evidence[0] not in sentences)
    yield from told
    # Prescriptions reads what is given; what is not given is told with the rest of the plan.
    yield from (f for f in clinician(reading) if f.get("category") != "medication" or f.status == "absent")
    yield from prescriptions(reading)

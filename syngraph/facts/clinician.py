"""What the clinician says aloud: findings on examination, the diagnosis, and the plan."""

from __future__ import annotations

from collections.abc import Iterator

from syngraph.facts.diagnoses import diagnoses
from syngraph.facts.examination import examination
from syngraph.facts.mentions import Reading
from syngraph.facts.plans import plans
from syngraph.model import Fact


def clinician(reading: Reading) -> Iterator[Fact]:
    """Examination, diagnoses and plan from the doctor's turns."""
    yield from examination(reading)
    yield from diagnoses(reading)
    yield from plans(reading)

"""What a clinician arranges beside tests, drugs and operations: vaccines to be given, and services sent to.

"Typhoid injection today, and the diphtheria-tetanus-polio booster", "rabies, three doses"; the stop smoking service.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from syngraph.facts.naming import concept_of
from syngraph.facts.passage import Clause, Passage
from syngraph.facts.spoken import is_han, simplified, words_for
from syngraph.facts.wording import tidy
from syngraph.model import Concept
from syngraph.terminology.lexicon import Term, lexicon

#: What hands out a service by its role; the rest is sent to.
_BY_ROLE = {"advice": "advice", "device": "advice", "certificate": "advice", "screening": "test"}
#: Vaccines by no name of their own.
_UNNAMED = frozenset({"immunization:vaccine", "immunization:routine-vaccines"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Arranged:
    """Something arranged, with the words that it was said in."""

    concept: Concept
    category: str
    said: str
    span: tuple[int, int]


def vaccines_given(row: Passage, step: Clause, language: str) -> Iterator[Arranged]:
    """Vaccines that a step of the plan gives; none that were given before, are refused or only asked about."""
    said = row.folded[step.start : step.end]
    if words_for("vaccine-done").search(said) or words_for("vaccine-not").search(said):
        return
    named = [m for m in lexicon().longest(said, "immunization") if m.term.id not in _UNNAMED]
    terms: dict[tuple[int, int], Term | None] = {(m.start, m.end): m.term for m in named}
    others = [m.span() for m in words_for("vaccine-of").finditer(said)]
    terms |= {o: None for o in others if not any(m.start < o[1] and o[0] < m.end for m in named)}
    for (start, end), term in sorted(terms.items(), key=lambda row: row[0]):
        begun = step.start + start
        text = tidy(simplified(row.source.text[begun : step.start + end]))
        yield Arranged(
            concept=_vaccine(term or _against(said[start:end]), text, language), category="procedure",
            said=said[start:end], span=(begun, _until(row, step, step.start + end)),
        )  # fmt: skip


def _against(said: str) -> Term | None:
    """The vaccine against the one disease named in ``said``."""
    diseases = [m.term.id.partition(":")[2] for m in lexicon().longest(said, "condition")]
    shorts = [d.replace("hepatitis-", "hep-") for d in diseases]
    return lexicon().get(f"immunization:{shorts[0]}-vaccine") if len(shorts) == 1 else None


def _vaccine(term: Term | None, text: str, language: str) -> Concept:
    if term is not None:
        return concept_of(term, language)
    name = re.sub(r"(?i)[ ,]+(?:injections?|vaccin(?:e|ation)s?|shots?|jabs?)$", "", text)
    return Concept(text=name if is_han(name) or name.lower().endswith("booster") else f"{name} vaccine")


def _until(row: Passage, step: Clause, end: int) -> int:
    """The quote goes to the end of the part, so that the doses told with it stay in it."""
    stop = re.compile(r"[;；。.!]").search(row.folded, end, step.end)
    return stop.start() if stop else step.end


def services_arranged(row: Passage, step: Clause, language: str) -> Iterator[Arranged]:
    """Services that a step of the plan sends to or books."""
    said = row.folded[step.start : step.end]
    if words_for("service-not").search(said):
        return
    for m in lexicon().longest(said, "service"):
        lead = said[: m.start]
        sent = words_for("refers").search(lead) or words_for("sends-to").search(lead)
        if sent is None:
            continue
        text = tidy(simplified(row.source.text[step.start + m.start : step.start + m.end]))
        concept = concept_of(m.term, language)
        if is_han(text) == (language == "zh") and len(text) >= 4:
            concept = Concept(id=concept.id, text=text[:1].lower() + text[1:] if text[1:2].islower() else text)
        category = _BY_ROLE.get(m.term.attrs.get("role", ""), "referral")
        yield Arranged(
            concept=concept, category=category, said=said[m.start : m.end],
            span=(step.start, _until(row, step, step.start + m.end)),
        )  # fmt: skip

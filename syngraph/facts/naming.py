"""Naming: a term of the terminology as the concept of a fact, in the record's language."""

from __future__ import annotations

from syngraph.model import Concept
from syngraph.terminology.lexicon import Term


def concept_of(term: Term, language: str) -> Concept:
    """``term`` as a fact's concept, named in ``language`` (``zh`` or ``en``)."""
    return Concept(text=term.name(language), code=term.code, system=term.system, id=term.id)

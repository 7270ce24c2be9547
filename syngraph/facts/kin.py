"""Relatives named in talk, and whose they are: "my mum" said by a child's mother is the child's grandmother."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from syngraph.facts.vocabulary import words
from syngraph.terminology.lexicon import Match, lexicon

#: Rows of the relatives whose own name says more than the relation they stand for.
_EXACT = frozenset({
    "husband", "wife", "maternal-grandmother", "maternal-grandfather", "paternal-grandmother", "paternal-grandfather",
})  # fmt: skip
SEX_OF = {
    "mother": "female", "grandmother": "female", "sister": "female", "daughter": "female", "aunt": "female", "wife": "female",
    "father": "male", "grandfather": "male", "brother": "male", "son": "male", "uncle": "male", "husband": "male",
}  # fmt: skip


def relatives(text: str) -> list[Match]:
    """The relatives named in ``text``; those who only tell the side ("on my dad's side") are left out."""
    cries = [m.span() for m in words("cry").finditer(text)]
    return [
        m
        for m in lexicon().longest(text, "relative")
        if not words("kin-side").match(text, m.end) and not any(a <= m.start < b for a, b in cries)
    ]


def relation_of(m: Match) -> str:
    """The relation that a name stands for: ``mother``, ``maternal-grandmother``, ``wife``."""
    key = m.term.id.partition(":")[2]
    return key if key in _EXACT else m.term.attrs.get("relation", "family")


@cache
def _kinship() -> dict[tuple[str, str], str]:
    text = files("syngraph.terminology").joinpath("data/kinship.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith(("#", "speaker\t"))]
    return {(speaker, kin): relation for speaker, kin, relation in rows}


def kin_of(whose: str, kin: str) -> str:
    """What ``whose`` kin is to the patient: ``self`` for the patient, ``relative`` where nobody can tell.

    >>> kin_of("mother", "mother"), kin_of("father", "wife"), kin_of("cousin", "aunt")
    ('maternal-grandmother', 'mother', 'relative')
    """
    table = _kinship()
    broad = {"husband": "spouse", "wife": "spouse"}
    tries = [(a, b) for a in (whose, broad.get(whose, whose)) for b in (kin, kin.rpartition("-")[2])]
    if whose in ("patient", "self"):
        return kin
    if whose == "other":
        return "other"  # a friend's mother is no relative
    return next((table[t] for t in tries if t in table), "relative" if kin not in ("family", "other") else kin)


def fits(relation: str, sex: str) -> bool:
    """Whether somebody of ``sex`` may be called by ``relation``."""
    return sex not in ("female", "male") or SEX_OF.get(relation.rpartition("-")[2], sex) == sex

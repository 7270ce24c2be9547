"""One speaker's account of a symptom: said to be there and not to be there, which of the two holds?

What was corrected in the same breath no longer comes here (:mod:`syngraph.facts.corrections`). Of what is left, a
plain statement outweighs the "no" to a question that named the symptom among others, and what is over today was
there before. Two speakers who differ both stand: that is for the checks to show.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from syngraph.facts.symptom_classes import class_of
from syngraph.model import Witness
from syngraph.terminology.lexicon import Term


class Account(Protocol):
    """A symptom as one speaker tells it once."""

    term: Term
    status: str
    subject: str
    witness: Witness
    asked: bool
    corrected: bool
    now: bool
    attributes: dict[str, str]


_A = TypeVar("_A", bound=Account)


def reconciled(told: Sequence[_A]) -> list[_A]:
    """``told`` without those that the same speaker's own words outweigh."""
    outweighed: set[int] = set()
    for first in told:
        same = [c for c in told if _same(c, first)]
        if first is same[0] and len({c.status for c in same} & {"present", "absent"}) == 2:
            outweighed |= {id(c) for c in _outweighed(same)}
    return [c for c in told if id(c) not in outweighed and not _said_better(c, told)]


def _said_better(case: Account, told: Sequence[_A]) -> bool:
    """Whether another account says the same more exactly.

    No numbness of the limbs beside numb toes; no feeling unwell beside what is wrong.
    """
    others = [c for c in told if c is not case and c.status == "present" and c.subject == case.subject]
    if case.status == "absent" and case.term.attrs.get("site") == "limb":
        return any(_sensation(c.term) == _sensation(case.term) for c in others)
    if case.status == "present" and (_part_of_eruption(case, others) or _of_wider_place(case, others)):
        return True
    vague = case.term.id == "symptom:malaise" and case.status == "present"
    return vague and any(c.term.id != case.term.id and c.witness == case.witness for c in others)


def _part_of_eruption(case: Account, others: Sequence[Account]) -> bool:
    """Whether lumps are those of a rash told in the same talk ("hives all over, big red lumps")."""
    lump = case.term.id in ("symptom:lump", "symptom:skin-redness")
    return lump and any(class_of("eruption").search(c.term.id) for c in others)


def _of_wider_place(case: Account, others: Sequence[Account]) -> bool:
    """Whether the same speaker names the place more exactly ("my back. Low down, here": low back pain)."""
    finer = {c.term.attrs.get("parent") for c in others if c.witness == case.witness}
    name = case.term.id.partition(":")[2]
    exact = any(c.term.id == "symptom:low-back-pain" for c in others if c.witness == case.witness)
    return (name in finer and "chief" not in case.attributes) or (name == "back-pain" and exact)


def _sensation(term: Term) -> str:
    return term.attrs.get("sensation") or term.id.partition("+")[2]


def _same(a: Account, b: Account) -> bool:
    return a.term.id == b.term.id and a.subject == b.subject and a.witness == b.witness


def _outweighed(same: Sequence[_A]) -> Iterable[_A]:
    present = [c for c in same if c.status == "present"]
    absent = [c for c in same if c.status == "absent"]
    last = same[-1]
    if last.status == "absent" and last.corrected:
        return present
    if last.status == "absent" and last.now:
        for c in present:
            c.attributes["course"] = "resolved"
    return absent

"""Whose is it: the patient's, the mother's, or that of the woman who came along?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date

from syngraph.facts.cues import cues
from syngraph.facts.passage import Passage, Sentence
from syngraph.model import Encounter
from syngraph.terminology.lexicon import Match, lexicon

_CHILD_RELATIONS = frozenset({"son", "daughter", "child", "grandson", "granddaughter", "grandchild"})
#: Below this age others speak for the patient, and "my son" is the patient.
CHILD_YEARS = 14
_SEX_OF = {
    "mother": "female", "grandmother": "female", "sister": "female", "daughter": "female", "aunt": "female", "wife": "female",
    "father": "male", "grandfather": "male", "brother": "male", "son": "male", "uncle": "male", "husband": "male",
}  # fmt: skip


def age_in_years(birth: str | None, day: date) -> int | None:
    """Whole years between an ISO birth date and ``day``; None where the birth date is not known to the year."""
    if not birth or not re.match(r"\d{4}", birth):
        return None
    month, dom = (int(birth[5:7]) if len(birth) >= 7 else 1), (int(birth[8:10]) if len(birth) >= 10 else 1)
    return day.year - int(birth[:4]) - ((day.month, day.day) < (month, dom))


def relatives(text: str) -> list[Match]:
    """The relatives named in ``text``."""
    return lexicon().longest(text, "relative")


def patient_aliases(rows: Sequence[Passage], encounter: Encounter) -> frozenset[str]:
    """The relations by which those who came along call the patient ("my son", 老伴).

    A child's companions mean the child by son, daughter or child; an adult's by the relative they name most, if
    the sex fits.
    """
    age = age_in_years(encounter.patient.birth_date, encounter.start.date())
    if age is not None and age < CHILD_YEARS:
        return _CHILD_RELATIONS
    called = {a for row in rows if row.role == "companion" for a in _called_by(row.segment.label, encounter)}
    if called:
        return frozenset(called)
    named: Counter[str] = Counter()
    for row in rows:
        if row.role == "companion":
            for m in relatives(row.text):
                # "她外婆" is the patient's grandmother, not the patient.
                if not re.search(r"(?:[他她]|(?<![a-z])(?:his|her|their)\s)$", row.text[: m.start].lower()):
                    named[m.term.attrs.get("relation", "family")] += 1
    sex = encounter.patient.sex
    fitting = [r for r, _ in named.most_common() if _SEX_OF.get(r, sex) == sex or sex not in ("female", "male")]
    return frozenset(fitting[:1])


def _called_by(label: str, encounter: Encounter) -> frozenset[str]:
    """What a companion whose label says who they are ("女儿", "Wife") calls the patient."""
    found = relatives(label)
    if not found:
        return frozenset()
    relation = found[0].term.attrs.get("relation", "family")
    if relation in ("son", "daughter", "child"):
        return frozenset({{"female": "mother", "male": "father"}.get(encounter.patient.sex, "mother")})
    if relation in ("mother", "father"):
        return _CHILD_RELATIONS
    return frozenset({"spouse", "wife", "husband"}) if relation in ("spouse", "wife", "husband") else frozenset()


class Subjects:
    """Finds the subject of a phrase in one source's passages."""

    def __init__(self, rows: Sequence[Passage], encounter: Encounter) -> None:
        self.aliases = patient_aliases(rows, encounter)
        age = age_in_years(encounter.patient.birth_date, encounter.start.date())
        self.child = age is not None and age < CHILD_YEARS

    def of(self, row: Passage, sentence: Sentence, start: int) -> str:
        """Whose is the thing at ``start``: ``patient`` or a relation.

        The nearest relative named before it in its sentence, unless the speaker came between; else, in a sentence
        that goes on about "he" or "she" or names nobody, the relative of the sentence before.
        """
        words = row.folded[sentence.start : start]
        own = self.named(row, words)
        if own is not None:
            return own
        if row.asked and cues("family-topic").search(row.folded, row.asked.start, row.asked.end):
            return "family" if row.role != "document" else "patient"
        if row.topic == "family-history":
            after = self.named(row, row.folded[sentence.start : sentence.end])
            return after if after not in (None, "patient") else "family"
        return self._carried(row, sentence, words)

    def named(self, row: Passage, words: str) -> str | None:
        """The subject that ``words`` name last: a relation, ``patient``, ``other``; None where they name nobody."""
        last: tuple[int, str] | None = None
        for m in relatives(words):
            if not cues("reported").match(words[m.end :].lstrip(" ,也就还都又总老")):
                last = (m.end, m.term.attrs.get("relation", "family"))
        other = [m.end() for m in cues("others").finditer(words)]
        if row.role in ("patient", "unknown") and not self.child:
            other += [
                m.end() for m in re.finditer(r"(?<![a-z])(?:he|she|he's|she's)(?![a-z])|他(?!们)|她(?!们)", words)
            ]
        if other and (last is None or max(other) > last[0]):
            last = (max(other), last[1] if last and not cues("others").search(words) else "other")
        self_at = max((m.end() for m in cues("patient-self").finditer(words)), default=-1)
        if last is None or self_at > last[0]:
            return self._speaker(row) if self_at >= 0 else None
        family = cues("family-topic").search(words)
        if last[1] in self.aliases and row.role != "doctor" and not (family and row.role == "patient"):
            return "patient"
        return last[1]

    def _speaker(self, row: Passage) -> str | None:
        if row.role == "companion" and not row.asked:
            return None
        return None if row.role == "companion" else "patient"

    def _carried(self, row: Passage, sentence: Sentence, words: str) -> str:
        """The relative of an earlier sentence of the same turn, where this one goes on about the same person."""
        before = [s for s in row.sentences if s.end <= sentence.start][-1:]
        if not before or not re.match(r"\s*(?:他|她|也|还|都|又|he|she|they|both|also|and)", words + " "):
            return "patient"
        earlier = self.named(row, row.folded[before[0].start : before[0].end])
        return earlier or "patient"

"""Whose is it: the patient's, the mother's, or that of the woman who came along?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date

from syngraph.facts.cues import cues
from syngraph.facts.kin import fits, kin_of, relation_of, relatives
from syngraph.facts.passage import Passage, Sentence
from syngraph.facts.vocabulary import words as listed
from syngraph.model import Encounter
from syngraph.terminology.lexicon import Match

__all__ = ["CHILD_YEARS", "Subjects", "age_in_years", "patient_aliases", "relatives"]

_CHILD_RELATIONS = frozenset({"son", "daughter", "child", "grandson", "granddaughter", "grandchild"})
#: Below this age others speak for the patient, and "my son" is the patient.
CHILD_YEARS = 14
#: So far back a "he" or "they" may look for the one it means.
_BACK = 240


def age_in_years(birth: str | None, day: date) -> int | None:
    """Whole years between an ISO birth date and ``day``; None where the birth date is not known to the year."""
    if not birth or not re.match(r"\d{4}", birth):
        return None
    month, dom = (int(birth[5:7]) if len(birth) >= 7 else 1), (int(birth[8:10]) if len(birth) >= 10 else 1)
    return day.year - int(birth[:4]) - ((day.month, day.day) < (month, dom))


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
                if not _of_patient(row.text.lower(), m):
                    named[m.term.attrs.get("relation", "family")] += 1
    fitting = [r for r, _ in named.most_common() if fits(r, encounter.patient.sex)]
    return frozenset(fitting[:1])


def _of_patient(words: str, m: Match) -> bool:
    """Whether a relative is named as the patient's ("她外婆", "his dad")."""
    if relation_of(m) in _CHILD_RELATIONS:
        return False
    return listed("kin-of-patient").search(words[: m.start]) is not None or words[m.start] in "他她其孩患"


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
        self.sex = encounter.patient.sex
        self.age = age_in_years(encounter.patient.birth_date, encounter.start.date())
        self.child = self.age is not None and self.age < CHILD_YEARS
        #: Whether the voice labelled as the patient's is that of whoever brings the child.
        self.parent_speaks = self.child and any(row.role == "patient" and self._names_child(row.text) for row in rows)

    def _names_child(self, text: str) -> bool:
        return any(m.term.attrs.get("relation") in self.aliases for m in relatives(text))

    def _for_another(self, row: Passage) -> bool:
        """Whether somebody speaks for the patient."""
        return row.role == "companion" or (row.role == "patient" and self.parent_speaks)

    def of(self, row: Passage, sentence: Sentence, start: int) -> str:
        """Whose is the thing at ``start``: ``patient`` or a relation.

        The nearest relative named before it in its sentence, unless the speaker came between; else, in a sentence
        that goes on about "he" or "she" or names nobody, the relative of the sentence before.
        """
        words = row.folded[sentence.start : start]
        behind = self._behind(row, sentence, start)
        if behind is not None:
            return behind
        if listed("household-has").search(words):
            return "family"
        own = self.named(row, words, sentence.start)
        if own is not None:
            return own
        asked = self._asked_of(row)
        if asked is not None:
            return asked
        if row.topic == "family-history":
            after = self.named(row, row.folded[sentence.start : sentence.end], sentence.start)
            return after if after not in (None, "patient") else "family"
        return self._carried(row, sentence, words)

    def named(self, row: Passage, words: str, start: int | None = None) -> str | None:
        """The subject that ``words`` name last: a relation, ``patient``, ``other``; None where they name nobody.

        Args:
            row: the passage that speaks.
            words: folded words.
            start: where they begin in the source's text, where they are a stretch of it.
        """
        last = self._relative_in(row, words)
        last = self._other_in(row, words, start, last)
        self_at = self._self_in(row, words)
        if last is None or self_at > last[0]:
            return self._speaker(row, words) if self_at >= 0 else None
        return last[1]

    def _self_in(self, row: Passage, words: str) -> int:
        """The end of the last words by which somebody names themselves; "as far as I know" is not one of them."""
        spans = [m.span() for c in ("as-i-know", "on-whose-side") for m in listed(c).finditer(words)]
        found = [m for m in cues("patient-self").finditer(words) if not any(a <= m.start() < b for a, b in spans)]
        if self._for_another(row):
            # "我妈自己有": the word stands for the one named before it.
            found = [m for m in found if m.group() != "自己"]
        return found[-1].end() if found else -1

    def _relative_in(self, row: Passage, words: str) -> tuple[int, str] | None:
        """The relative that ``words`` name last, as what they are to the patient, with the end of the name."""
        last: tuple[int, str] | None = None
        before: Match | None = None
        for m in relatives(words):
            if last and m.term.id == "relative:family" and "side" in words[m.start : m.end]:
                continue
            if not cues("reported").match(words[m.end :].lstrip(" ,也就还都又总老")):
                kin_of_kin = (
                    before is not None and listed("kin-link").fullmatch(words[before.end : m.start]) is not None
                )
                # "My mum's sister" and 我爸的哥哥 are kin of the kin named just before.
                tie = kin_of(last[1], relation_of(m)) if kin_of_kin and last else self._relation(row, words, m)
                last = (m.end, "patient" if tie == "self" else tie)
            before = m
        for plain in () if self.child else listed("kin-children").finditer(words):
            if last is None or plain.end() > last[0]:
                last = (plain.end(), "child")
        return last

    def _relation(self, row: Passage, words: str, m: Match) -> str:
        """What the relative at ``m`` is to the patient, by who speaks and whose they say it is."""
        relation, plain = relation_of(m), m.term.attrs.get("relation", "family")
        alias = plain in self.aliases and (self.child or row.role in ("companion", "unknown"))
        whose = listed("kin-of-him").search(words[: m.start])
        if whose and not (self._for_another(row) and self._fits_patient(whose.group())):
            # "My mum has it, her sister too": kin of whoever was named before.
            other = self._relative_in(row, words[: whose.start()])
            return kin_of(other[1], relation) if other else relation if self._for_another(row) else "relative"
        if not self._for_another(row):
            return "patient" if alias else relation
        if listed("kin-own").search(words[: m.end]) and (speaker := self._who_speaks(row)):
            known = kin_of(speaker, relation)
            return known if known != "self" or alias else "relative"
        return "patient" if alias and not _of_patient(words, m) else relation

    def _fits_patient(self, pronoun: str) -> bool:
        sex = "female" if pronoun.strip() in ("her", "她") else "male" if pronoun.strip() in ("his", "他") else self.sex
        return self.sex not in ("female", "male") or sex == self.sex

    def _who_speaks(self, row: Passage) -> str | None:
        """What the companion who speaks is to the patient; a child's, unless they say, is a parent."""
        found = relatives(row.segment.label)
        if found and relation_of(found[0]) not in ("family", "other", "child"):
            return relation_of(found[0])
        return "parent" if self.child else None

    def _other_in(
        self, row: Passage, words: str, start: int | None, last: tuple[int, str] | None
    ) -> tuple[int, str] | None:
        """``last``, unless strangers or a "he" come after it: then whoever that means."""
        strangers = max((m.end() for m in cues("others").finditer(words)), default=-1)
        if strangers > (last[0] if last else -1):
            last = (strangers, "other")
        anyone = max((m.end() for m in listed("anyone").finditer(words)), default=-1)
        if anyone > (last[0] if last else -1) and self._asked_of(row) is not None:
            last = (anyone, self._asked_of(row) or "family")
        if row.role not in ("patient", "unknown") or self.child:
            return last
        for m in listed("pronoun").finditer(words):
            if last is None:
                last = (m.end(), self._antecedent(row, start) or "other")
            elif m.end() > last[0]:
                last = (m.end(), last[1])
        if last is None and start is not None and (many := listed("pronoun-many").search(words)):
            known = self._antecedent(row, start)
            return (many.end(), known) if known else None
        return last

    def _antecedent(self, row: Passage, start: int | None) -> str | None:
        """The relative named last before ``start``, by whoever spoke."""
        if start is None:
            return None
        found = self._relative_in(row, row.folded[max(0, start - _BACK) : start])
        return found[1] if found and found[1] not in ("patient", "child") else None

    def _speaker(self, row: Passage, words: str) -> str | None:
        """Whose is what somebody says of themselves: the patient's, or a companion's own."""
        if not self._for_another(row):
            return "patient"
        if listed("companion-self").search(words) is None:
            return None
        return self._who_speaks(row) or "relative"

    def _behind(self, row: Passage, sentence: Sentence, start: int) -> str | None:
        """The relative that a phrase behind the thing names: "cancer on my mum's side", 糖尿病我妈有."""
        m = listed("kin-behind").search(row.folded, start, min(sentence.end, start + 64))
        if m is None or row.folded[start : m.start()].count(" ") > 6:
            return None
        before = row.folded[sentence.clause_at(start).start : start]
        own = self._self_in(row, before) >= 0 or listed("plain-reply").match(row.folded, start) is not None
        if own and re.search("family|side", m.group()) is None:
            return None  # "我没有糖尿病，我妈有", "no, my husband does": each of the two is told for itself
        found = self._relative_in(row, m.group())
        return found[1] if found and found[1] not in ("patient", "other") else None

    def _asked_of(self, row: Passage) -> str | None:
        """Whose illnesses a question asks after, where it asks after the family's or a relative's."""
        if row.asked is None or row.role == "document":
            return None
        question = row.folded[row.asked.start : row.asked.end]
        if listed("of-birth").search(question):
            return None
        if row.asked.from_form and row.asked.topic not in (None, "family-history"):
            return None
        if cues("family-topic").search(question) is not None or row.asked.topic == "family-history":
            return "family"
        if not listed("asks-health").search(question):
            return None
        found = [relation_of(m) for m in relatives(question)]
        kin = [r for r in found if r not in self.aliases and r not in ("child", "other", "son", "daughter")]
        return kin[-1] if kin and not self.child else None

    def _carried(self, row: Passage, sentence: Sentence, words: str) -> str:
        """The relative of an earlier sentence of the same turn, where this one goes on about the same person."""
        before = [s for s in row.sentences if s.end <= sentence.start][-1:]
        if not before or not listed("goes-on").match(words + " "):
            return "patient"
        earlier = self.named(row, row.folded[before[0].start : before[0].end], before[0].start)
        return earlier or "patient"

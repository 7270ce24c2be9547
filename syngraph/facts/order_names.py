"""The name that the record gives a test: the clinician's own, with the part of the body, where it says enough."""

from __future__ import annotations

import re
from dataclasses import replace

from syngraph.facts.mentions import Mention, Reading
from syngraph.facts.naming import concept_of
from syngraph.facts.passage import Passage
from syngraph.facts.spoken import is_han, simplified, words_for
from syngraph.facts.whole_name import with_site
from syngraph.facts.wording import tidy
from syngraph.model import Concept


def as_said(reading: Reading, row: Passage, m: Mention) -> Concept:
    """A test by the name that the clinician gave it, where that is a name in the record's language and no mere hint."""
    concept = concept_of(m.term, reading.encounter.language)
    start = m.start
    if is_han(row.folded[m.start : m.end]):
        verb = words_for("order-verb").match(row.folded, m.start, m.end)
        start = verb.end() if verb and m.end - verb.end() > 1 else m.start
    start, end = _whole_name(row, m, start)
    said = re.sub(r"(?i)\b(of|for) (?:your|the) ", r"\1 the ", tidy(simplified(row.source.text[start:end])))
    if words_for("generic-test").fullmatch(said.lower()) or re.search("做|个|一下", said):
        return concept
    said = re.sub(r"(?i)^(?:an?|the|some) ", "", said)
    acronym = said.isascii() and sum(c.isupper() for c in said) >= 2
    if acronym or (is_han(said) == (reading.encounter.language == "zh") and len(said) >= (3 if is_han(said) else 4)):
        return replace(concept, text=said if acronym or is_han(said) else said.lower())
    return concept


def _whole_name(row: Passage, m: Mention, start: int) -> tuple[int, int]:
    """A test's name with the part of the body before or after it ("左膝磁共振平扫", "OCT of the macula")."""
    if m.term.kind != "test":
        return start, m.end
    after = words_for("test-after").match(row.folded[m.end : m.sentence.end])
    if start == m.start and m.term.attrs.get("group") == "imaging":
        start = with_site(row, m.sentence, start)
    return start, m.end + (len(after.group()) if after else 0)

"""Where a complaint goes to: pain of the limb it shoots into, with its side."""

from __future__ import annotations

from syngraph.facts.cases import Case, off_topic

from syngraph.facts.compose import composed_term
from syngraph.facts.cues import cues
from syngraph.facts.manner import ways
from syngraph.facts.mentions import Reading
from syngraph.facts.passage import Passage, Sentence
from syngraph.terminology.lexicon import Term, lexicon
from syngraph.terminology.patterns import regex

#: What goes elsewhere: a pain or a numbness.
RADIATES = Term(id="qualifier:radiation", kind="qualifier", zh="放射", en="radiating", attrs={"for": "pain,numb"})
_LIMBS = frozenset({"leg", "thigh", "calf", "buttock", "arm", "upper-arm", "forearm", "hand", "foot", "shoulder"})
_SIDE_WORD = regex(r"左|右|(?<![a-z])(?:left|right)(?![a-z ]*(?:away|now|up))")


def radiated(reading: Reading, row: Passage, index: int) -> list[Case]:
    """Pain of the limb that a complaint goes to, where the side is told: that is the limb's, not the back's."""
    if row.role not in ("patient", "companion") or off_topic(row):
        return []
    asked = row.asked is not None and cues("asks-radiation").search(row.folded, row.asked.start, row.asked.end)
    for sentence in row.sentences:
        spans = [
            (at, at + len(words)) for way, words, at in ways(row, sentence.start, sentence.end) if way == "radiation"
        ]
        if asked and sentence is row.sentences[0]:
            # "Down the leg. The right one.": the side may follow in a breath of its own.
            after = [s.end for s in row.sentences if s.end > sentence.end and s.end - s.start < 24][:1]
            spans.append((sentence.start, after[0] if after else sentence.end))
        for start, end in spans:
            sites = [m.term for m in lexicon().longest(row.folded[start:end], "body-site")]
            limb = next((t for t in sites if t.id.partition(":")[2] in _LIMBS), None)
            sides = {w.group() for w in _SIDE_WORD.finditer(row.folded, start, end)}
            if limb is not None and len(sides) == 1:
                side = "left" if sides & {"左", "left"} else "right"
                term = composed_term(limb, lexicon().terms["sensation:pain"])
                return [Case(
                    term=term, status="present", subject="patient", witness=row.witness, said=row.said.isoformat(), row=index,
                    resolved=False, evidence=[row.evidence(start, end)], attributes={"laterality": side},
                )]  # fmt: skip
    return []


def sides_of_radiation(row: Passage, sentence: Sentence) -> bool:
    """Whether the only side in a sentence is that of where the complaint goes."""
    sides = list(_SIDE_WORD.finditer(row.folded, sentence.start, sentence.end))
    spans = [(at, at + len(words)) for way, words, at in ways(row, sentence.start, sentence.end) if way == "radiation"]
    return bool(sides) and all(any(a <= s.start() < b for a, b in spans) for s in sides)

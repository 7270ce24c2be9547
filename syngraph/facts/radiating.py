"""Where a complaint is felt and goes to: each place that answers where, and the limb that a pain shoots into."""

from __future__ import annotations

from collections.abc import Sequence

from syngraph.facts.cases import Case, off_topic
from syngraph.facts.compose import composed_term, takes_side
from syngraph.facts.cues import cues
from syngraph.facts.manner import ways
from syngraph.facts.mentions import Reading
from syngraph.facts.passage import Passage, Sentence
from syngraph.facts.values import sides
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


def felt_at(reading: Reading, row: Passage, index: int, focus: Sequence[Case], known: Sequence[Case]) -> list[Case]:
    """The same feeling at each place that answers where it is ("Which joints hurt?" "Knuckles and the wrists")."""
    if row.asked is None or row.role not in ("patient", "companion", "unknown") or off_topic(row):
        return []
    last = row.asked.sentences[-1]
    if cues("asks-places").search(row.folded, last.start, last.end) is None:
        return []
    feeling = _feeling_asked(row.folded[last.start : last.end], focus)
    first = row.sentences[0]
    told = [m for m in reading.in_row(index) if m.term.kind == "symptom" and not m.asked]
    if feeling is None or any(first.start <= m.start < first.end for m in told):
        return []
    made = []
    ids = {c.term.id for c in known}
    for m in lexicon().longest(row.folded[first.start : first.end], "body-site"):
        term = composed_term(m.term, feeling)
        if (
            m.term.attrs.get("system") == "general"
            or term.id in ids
            or _denied(row, first.start, first.start + m.start)
        ):
            continue
        made.append(_case_at(row, index, term, first.start + m.start))
    return made


def _feeling_asked(question: str, focus: Sequence[Case]) -> Term | None:
    """What is felt, as the question names it, or else the complaint that the talk is about."""
    named = lexicon().longest(question, "sensation")
    if named:
        return named[0].term
    own = next((c.term for c in focus if c.status == "present" and c.term.attrs.get("site")), None)
    name = own and (own.attrs.get("sensation") or own.id.rpartition("+")[2].rpartition("-")[2])
    return lexicon().terms.get(f"sensation:{name}") if name else None


def _denied(row: Passage, start: int, at: int) -> bool:
    return cues("negation-pre").search(row.folded, max(start, at - 12), at) is not None


def _case_at(row: Passage, index: int, term: Term, at: int) -> Case:
    """A complaint at the place named at ``at``, with the side right before it."""
    near = sides(row.folded, max(row.start, at - 10), at)
    side: dict[str, str] = {"laterality": near[-1][2]} if near and takes_side(term, near[-1][2]) else {}
    first = row.sentences[0]
    return Case(
        term=term, status="present", subject="patient", witness=row.witness, said=row.said.isoformat(), row=index, resolved=False,
        evidence=list(row.answer(row.asked.sentences[-1], first.end)) if row.asked else [row.evidence(first.start, first.end)],
        attributes=side,
    )  # fmt: skip


def sides_of_radiation(row: Passage, sentence: Sentence) -> bool:
    """Whether the only side in a sentence is that of where the complaint goes."""
    sides = list(_SIDE_WORD.finditer(row.folded, sentence.start, sentence.end))
    spans = [(at, at + len(words)) for way, words, at in ways(row, sentence.start, sentence.end) if way == "radiation"]
    return bool(sides) and all(any(a <= s.start() < b for a, b in spans) for s in sides)

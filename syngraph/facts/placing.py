"""What a mention of a feeling is: at which place, of which status, and whether it complains of anything today.

"No burning" after "waterworks okay?" is of the urine, "cramps" in a bleeding pregnancy are of the belly; what a drug
once did, what the companion feels, and what a feeling is likened to are no complaints of the patient's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from syngraph.facts.compose import at_site, composed_term
from syngraph.facts.cues import cues
from syngraph.facts.mentions import Mention, Reading, names_in
from syngraph.facts.passage import Passage
from syngraph.terminology.lexicon import Term, lexicon

#: Sensations without a site: they belong where the talk is about, or say nothing that can be placed.
_BARE = frozenset({
    "symptom:pain", "symptom:discomfort", "symptom:swelling", "symptom:soreness", "symptom:burn-injury", "symptom:stiffness",
    "symptom:numbness", "symptom:paresthesia",
})  # fmt: skip
#: Of these, some tell something alone.
_KEPT_BARE = frozenset({"symptom:stiffness", "symptom:numbness", "symptom:paresthesia"})
#: What is felt on passing urine, where urine was asked about ("Waterworks okay? Any burning?").
_OF_URINE = frozenset(
    {"symptom:pain", "symptom:soreness", "symptom:burn-injury", "symptom:burning", "symptom:stinging"}
)
_BURNING = re.compile(r"burning")
_BELLY = re.compile(r"tummy|belly|stomach|abdom|bowel|bleed|period|pregnan|spotting|肚|腹|月经|阴道|出血")


class Named(Protocol):
    """A complaint that the talk is about, as far as its name goes."""

    term: Term


def _bare_word(row: Passage, m: Mention) -> bool:
    """Whether a mention names a feeling and no place."""
    words = row.folded[m.start : m.end]
    return len(words) <= 2 if re.search(r"[一-鿿]", words) else " " not in words


def _cramps(row: Passage, asked: str, focus: Sequence[Named]) -> Term | None:
    """Cramps of the belly, where the talk or the sentence is about it."""
    near = asked + row.folded[row.start : row.end]
    about = any(c.term.attrs.get("system") in ("digestive", "gynecological", "pregnancy") for c in focus[:2])
    book = lexicon().terms
    return composed_term(book["body-site:abdomen"], book["sensation:cramp"]) if about or _BELLY.search(near) else None


def status_of(row: Passage, m: Mention) -> str:
    """The status of a mention; "恶心有过" in answer to what is felt in this illness is no earlier history."""
    if m.status == "historical" and row.asked is not None and m.assertion.cue in ("有过", "发作过", "犯过", "出过"):
        asked = row.folded[row.asked.start : row.asked.end]
        return "historical" if cues("asks-earlier").search(asked) else "present"
    return m.status


def placed(row: Passage, m: Mention, focus: Sequence[Named]) -> Term | None:
    """The term of a mention; a bare sensation is at the place that the talk is about, None where that tells no place."""
    asked = row.folded[row.asked.start : row.asked.end] if row.asked else ""
    if m.term.id == "symptom:dysuria" and _BURNING.fullmatch(row.folded[m.start : m.end]):
        return m.term if cues("asks-urine").search(asked) else None
    if m.term.id in _OF_URINE and cues("asks-urine").search(asked) and _bare_word(row, m):
        return lexicon().terms["symptom:dysuria"]
    if m.term.id == "symptom:muscle-cramp" and _bare_word(row, m):
        return _cramps(row, asked, focus) or m.term
    if m.term.id == "symptom:bleeding" and row.asked and not m.asked:
        asked_of = names_in(row.folded, row.asked.start, row.asked.end)
        return next((a.term for a in asked_of if a.term.id.endswith("-bleeding")), m.term)
    if m.term.id not in _BARE:
        return m.term
    if m.status == "absent" and not m.asked and row.asked and names_in(row.folded, row.asked.start, row.asked.end):
        return m.term if m.term.id in _KEPT_BARE else None  # "no pain" answers for what was asked
    before = row.folded[max(row.start, m.start - 6) : m.start]
    if re.search(r"(?<![a-z])(?:the|this|that)\s$", before) and any(
        _feeling(c.term) == _feeling(m.term) for c in focus
    ):
        return None  # "because of the pain": the one already told
    site = next((c.term for c in focus if c.term.attrs.get("site")), None)
    made = at_site(m.term, site) if site is not None else None
    return made or (m.term if m.term.id in _KEPT_BARE else None)


def no_complaint(reading: Reading, row: Passage, m: Mention) -> bool:
    """Whether a mention is told better by another, or is no complaint of the patient's today."""
    if m.term.id in _BARE and any(_tells_place(o, m) for o in reading.in_row(m.row)):
        return True  # "my big toe's gone tingly, pins and needles like"
    if _is_condition(reading, m) or _reaction(reading, row, m) or _likened(row, m):
        return True
    return _speakers_own(row, m) or _drugs_doing(reading, row, m)


#: A companion who speaks of herself ("晚上咳得我都睡不着").
_OWN = re.compile(
    r"[我俺](?!们?家|们?这|娃|孩|儿|爸|妈|爹|娘|老|媳|[的]|看|听|说|给|觉|感|发现|摸|就?怕)[^,，。]{0,5}$|(?<![a-z])i(?:'m| was| am| couldn't| can't)? (?:[a-z]+ )?$"
)


def _speakers_own(row: Passage, m: Mention) -> bool:
    """Whether a companion tells of their own state, not the patient's."""
    return (
        row.role == "companion"
        and not m.asked
        and row.folded[m.start] not in "摸看"  # "我下班回来摸着烫": by her hand, of the child
        and _OWN.search(row.folded[m.sentence.clause_at(m.start).start : m.start]) is not None
    )


_PRONOUN = re.compile(r"(?:it|that|they|which|them|those)(?![a-z])")


def _drugs_doing(reading: Reading, row: Passage, m: Mention) -> bool:
    """Whether a symptom is what a drug once did ("I stopped it in September. It made me feel sick")."""
    clause = m.sentence.clause_at(m.start)
    made = None if m.asked else cues("made-me").search(row.folded, clause.start, m.start)
    if made is None:
        return False
    if not _PRONOUN.match(made.group()):
        return True  # "the patches made me itch"
    return any(o.term.kind in ("drug", "drug-class") and o.start < m.start for o in reading.in_row(m.row))


def asked_of_earlier(row: Passage, m: Mention) -> bool:
    """Whether "no" answers a question about earlier episodes, which denies nothing of today."""
    return (
        m.asked
        and row.asked is not None
        and cues("asks-earlier").search(row.folded, m.sentence.start, m.sentence.end) is not None
    )


def _tells_place(other: Mention, m: Mention) -> bool:
    """Whether another mention of the sentence says where the same is felt."""
    here = other is not m and other.sentence == m.sentence and "+" in other.term.id
    return here and _feeling(other.term) == _feeling(m.term)


def _feeling(term: Term) -> str:
    """What is felt, of a symptom felt somewhere: pain of "low-back-pain" as of "knee+pain"."""
    return term.attrs.get("sensation") or re.split(r"[+:-]", term.id)[-1]


def _reaction(reading: Reading, row: Passage, m: Mention) -> bool:
    """Whether a symptom tells what a drug or food once did, not what is complained of today."""
    if m.asked:
        return False
    if row.asked is None:
        # "磺胺过敏的是吧。" "对对，吃了磺胺身上起疹子": remarked, not asked.
        last = reading.rows[m.row - 1] if m.row else row
        remark = last.role == "doctor" and cues("asks-allergy").search(row.folded, last.start, last.end)
        return bool(remark) and m.status != "absent"
    asked = row.folded[row.asked.start : row.asked.end]
    if cues("asks-allergy").search(asked) or (row.asked.from_form and cues("asks-reaction").search(asked)):
        return m.status != "absent"
    named = any(
        o.term.kind in ("drug", "drug-class", "allergen") and m.sentence.start <= o.start < m.start
        for o in reading.in_row(m.row)
    )
    return named and row.asked.from_form and row.topic not in ("chief-complaint", "history-of-present-illness")


def _likened(row: Passage, m: Mention) -> bool:
    """Whether the words only liken one feeling to another ("像踩棉花一样")."""
    here = cues("likened").finditer(row.folded, m.sentence.start, m.sentence.end)
    return any(found.start() < m.end and m.start < found.end() for found in here)


def _is_condition(reading: Reading, m: Mention) -> bool:
    """Whether the same words also name a disease, which then tells more ("胃出血")."""
    return any((o.start, o.end) == (m.start, m.end) and o.term.kind == "condition" for o in reading.in_row(m.row))

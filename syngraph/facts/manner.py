"""How a complaint is: how bad, of what sort, when of the day, by what it worsens or eases.

A word that describes belongs to the symptom beside it, not to whatever else the sentence names: "憋得慌" tells of no
pain, "稀糊状" of no sleeplessness. What can describe what stands in the data (``for=`` of a qualifier,
``symptom_classes.tsv``); here only nearness is decided.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from syngraph.facts.cues import cues
from syngraph.facts.passage import Passage
from syngraph.facts.symptom_classes import symptom_classes
from syngraph.facts.triggers import triggers
from syngraph.facts.values import Values
from syngraph.terminology.lexicon import Match, Term, lexicon
from syngraph.terminology.patterns import regex

#: What a degree may be away from its symptom, in characters: before it ("有点咳") and behind ("疼得厉害").
_HAN_BEFORE, _HAN_BEHIND, _LATIN_NEAR = 3, 4, 24
_HAN = regex(r"[一-鿿]")
#: Said in passing before many things, and so no degree of a symptom unless it touches it.
_NO_MORE = regex(r"[疼痛痒麻胀肿晕的吧了啊儿]{0,2}|(?:pain|yeah|though|i guess)?")
_FELT_SO = regex(r"[疼痛咳痒晕麻胀肿喘憋烧吐拉]得")
_COPULA = regex(r"[\s,]*(?:(?:is|are|was|were|gets?|got|feels?|been|really|so|very|pretty|quite|that|as|the)[\s,]*)*")
#: What may stand before a course that goes on about a complaint ("it's been getting", "but they're").
_ANAPHOR = regex(
    r"(?:(?:and|but|so|then|now|well|still|though|yeah|yes|no|um|uh|it|it's|that|that's|this|they|they're|them|the|pain|thing|is|are|was|has|have|been|just|"
    r"really|sort|kind|of|not|about|a|bit|little|gets|got|getting|mostly|usually|always|feels|seems|to|be|i'd|i|say|guess|think|stayed|pretty|much|more|or|less)[\s,]*)*"
)
_HAN_LINK = regex(r"[得的地也还又都,，]*(?:特别|很|非常|挺|比较|更|有点|最|越来越)?")


def describes(qualifier: Term, symptom: Term) -> bool:
    """Whether a qualifier can describe a symptom at all: a stool can be loose, sleeplessness can't."""
    allowed, barred = qualifier.attrs.get("for"), qualifier.attrs.get("not")
    if barred and symptom_classes()[barred].search(symptom.id):
        return False
    return not allowed or any(symptom_classes()[name].search(symptom.id) for name in allowed.split(","))


def said_of(row: Passage, found: Values, q: Match, symptom: Term, at: tuple[int, int], clause: tuple[int, int]) -> bool:
    """Whether the qualifier ``q`` describes the symptom named at ``at`` in the same ``clause``."""
    if not clause[0] <= q.start < clause[1] or not clause[0] <= at[0] < clause[1]:
        return False
    if not describes(q.term, symptom):
        return False
    of = q.term.attrs.get("of")
    if at[0] <= q.start and q.end <= at[1] and of == "course":
        return False
    if at[0] <= q.start and q.end <= at[1] and lexicon().lookup(row.folded[at[0] : at[1]], "symptom") is not None:
        return of == "severity"  # "runny nose": the words are the symptom's name and add nothing
    if not _over(row.folded, q):
        return False
    if of in ("severity", "course"):
        return _touches(row.folded, q, at, wide=of == "course")
    if of == "timing":
        return (
            "general" not in symptom.attrs
            and habitual(row, found, q)
            and q.term.attrs.get("value", "-") not in symptom.id
        )
    return of in ("character", "color")


def _touches(folded: str, q: Match, at: tuple[int, int], *, wide: bool) -> bool:
    """Whether nothing but light words stands between a degree and the symptom that it is of."""
    if at[0] <= q.start and q.end <= at[1]:
        return True
    between = folded[q.end : at[0]] if q.end <= at[0] else folded[at[1] : q.start]
    if not _HAN.search(folded[at[0] : at[1]]):
        behind = q.start >= at[1]
        return len(between) <= _LATIN_NEAR and (
            _COPULA.fullmatch(between) is not None if behind else len(between.split()) <= (3 if wide else 1)
        )
    if q.start >= at[1]:
        return len(between) <= (12 if wide else _HAN_BEHIND) and (wide or _HAN_LINK.fullmatch(between) is not None)
    return len(between) <= (8 if wide else _HAN_BEFORE)


#: A feeling that words of a course name themselves ("不疼了", "不晕了").
_OWN_FEELING = regex(r"[不没]([疼痛咳烧痒吐拉晕肿麻喘])(?:了|过)")


def _over(folded: str, q: Match) -> bool:
    """False for an end that is none: it only pauses ("烧退了就玩，一烧起来就…", "吃了药能退")."""
    if q.term.attrs.get("value") != "resolved" or not _HAN.search(folded[q.start : q.end]):
        return True
    before, after = folded[max(0, q.start - 3) : q.start], folded[q.end : q.end + 14]
    if re.search(r"[0-9一二两三四五六七八九十]次$|每次$|前[几两]次", before):
        return False
    return (
        re.search(r"[能会才可就便]$", before) is None
        and re.search(r"^[了]?[就又再还才]|[,，](?:一|又|再|过)|又", after) is None
    )


def habitual(row: Passage, found: Values, q: Match) -> bool:
    """Whether a time of day is when a complaint comes, not when it once began or when a tablet is taken."""
    if any(d.start - 1 <= q.start < d.end + 5 for d in found.dates) or found.doses or found.frequencies:
        return False
    before, after = row.folded[max(row.start, q.start - 6) : q.start], row.folded[q.end : q.end + 6]
    if re.search(
        r"[0-9一二三四五六七八九十日号天][,，]?$|昨|今|前天|当|那天|(?:this|last|yesterday|one|next)\s+$", before
    ):
        return False
    return re.match(r"\s*[0-9一二两三四五六七八九十]+[点时]", after) is None


def goes_on(row: Passage, q: Match, clause: tuple[int, int], symptom: Term) -> bool:
    """Whether a qualifier in a clause that names no symptom is said of ``symptom``, which the talk is about."""
    if not describes(q.term, symptom) or not _over(row.folded, q) or cues("other-action").search(row.folded, *clause):
        return False
    asked = row.folded[row.asked.start : row.asked.end] if row.asked else ""
    head = row.folded[clause[0] : q.start].strip(" ,，")
    of = q.term.attrs.get("of")
    own = _OWN_FEELING.search(row.folded[max(clause[0], q.start - 2) : q.end])
    if own is not None and own.group(1) not in symptom.zh and own.group(1) not in "".join(symptom.zh_terms):
        return False  # "现在不晕了" ends the dizziness, not the deafness
    if of == "severity":
        rest = row.folded[q.end : clause[1]].strip(" ,，。.!")
        alone = clause[0] <= row.start and len(head) <= 3 and _NO_MORE.fullmatch(rest) is not None
        # "腰杆痛，痛得遭不住": the feeling itself is taken up again.
        return alone or _FELT_SO.fullmatch(head) is not None or bool(asked and cues("asks-severity").search(asked))
    if of == "course":
        # "没了" that answers another question is no course.
        free = row.asked is None or clause[0] > row.start
        near = len(head) <= 4 if _HAN.search(row.text) else _ANAPHOR.fullmatch(head) is not None
        return bool(asked and cues("asks-course").search(asked)) or (free and near)
    if of == "timing":
        words = row.folded[clause[0] : clause[1]]
        return bool(asked and cues("asks-when").search(asked)) or cues("when-worse").search(words) is not None
    return bool(asked and cues("asks-character").search(asked))


def ways(row: Passage, start: int, end: int) -> Iterator[tuple[str, str, int]]:
    """(way, words, where) of what worsens or eases a complaint in [start, end)."""
    for way, words in triggers(row, start, end):
        if way != "radiation" or lexicon().longest(words, "body-site"):
            yield way, words, row.source.text.find(words, start, end)

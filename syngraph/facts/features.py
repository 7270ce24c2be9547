"""What a stretch of talk says of the symptoms it is about: how bad, of what sort, how often, by what worse or better."""

from __future__ import annotations

import re
from collections.abc import Sequence

from syngraph.facts.cases import Case
from syngraph.facts.lasting import OWNERS
from syngraph.facts.manner import describes, goes_on, habitual, said_of, ways
from syngraph.facts.mentions import Mention, Reading
from syngraph.facts.passage import Passage
from syngraph.facts.radiating import RADIATES
from syngraph.facts.rates import asked_how_often, asked_rate, of_complaint, rates
from syngraph.facts.values import Values
from syngraph.model import Evidence
from syngraph.terminology.lexicon import Match
from syngraph.terminology.patterns import regex


def manner(
    row: Passage,
    found: Values,
    told: Sequence[tuple[Case, Mention | None]],
    span: tuple[int, int],
    quote: Evidence,
) -> None:
    """Severity, course, character, timing and triggers in ``span``, each to the symptom that it is said of."""
    placed = [(c, m) for c, m in told if m is not None and span[0] <= m.start < span[1]]
    taken: list[tuple[int, int]] = []
    for way, words, at in ways(row, *span):
        taken.append((at, at + len(words)))
        for c in _nearest_case(told, placed, at):
            if way != "radiation" or describes(RADIATES, c.term):
                c.add(quote, **{way: words})
    for q in found.qualifiers:
        # A time or posture that worsens or eases ("worse at night", "躺着好些") is told as that.
        if span[0] <= q.start < span[1] and not any(a < q.end and q.start < b for a, b in taken):
            if _NO.search(row.folded[max(span[0], q.start - 14) : q.start]):
                continue  # "no burning", "不严重": what is denied describes nothing
            for c in _described(row, found, q, told, placed, span):
                c.add(quote, **_said(q, c, _language(row)))


def often(
    reading: Reading, row: Passage, found: Values, told: Sequence[tuple[Case, Mention | None]], span: tuple[int, int]
) -> None:
    """How often the complaint comes that ``span`` is about."""
    if not told or not of_complaint(reading, row, span, OWNERS):
        return
    placed = [(c, m) for c, m in told if m is not None and span[0] <= m.start < span[1]]
    sentence = row.sentence_at(span[0])
    if row.asked is not None and (counted := asked_rate(row)) and sentence is row.sentences[0]:
        told[0][0].add(row.evidence(sentence.start, sentence.end), frequency=counted)
        told[0][0].add(row.evidence(row.asked.sentences[-1].start, row.asked.sentences[-1].end), frequency_asked="1")
        return
    for start, end, often in rates(row, found, span):
        if not any(m.start < end and start < m.end for _, m in placed):
            quote = (row.answer(sentence, sentence.end) if asked_how_often(row) else (row.evidence(start, end),))[0]
            _nearest_case(told, placed, start)[0].add(quote, frequency=often)


_NO = regex(
    r"(?:(?<![a-z])(?:no|not|never|without|isn't|wasn't|don't|doesn't|didn't)(?: (?:really|very|too|that|so|any|much|been|feel))* |(?:不|没有?|无|唔|冇)(?:是|怎么|太|很|算|会|有)*)$"
)


def _described(
    row: Passage,
    found: Values,
    q: Match,
    told: Sequence[tuple[Case, Mention | None]],
    placed: Sequence[tuple[Case, Mention]],
    span: tuple[int, int],
) -> list[Case]:
    """Whom a qualifier describes: the nearest it can be said of; where the span names none, the one talked about."""
    if placed:
        fit = [(c, m) for c, m in placed if said_of(row, found, q, m.term, (m.start, m.end), span)]
        return [min(fit, key=lambda p: _away(p[1], q.start, q.end))[0]] if fit else []
    if q.term.attrs.get("of") == "timing" and not habitual(row, found, q):
        return []  # "今天早上看见的": when it began
    return [c for c, _ in told if goes_on(row, q, span, c.term)][:1]


def _away(m: Mention, start: int, end: int) -> int:
    return max(m.start - end, start - m.end)


def _nearest_case(
    told: Sequence[tuple[Case, Mention | None]], placed: Sequence[tuple[Case, Mention]], at: int
) -> list[Case]:
    if placed:
        return [min(placed, key=lambda p: _away(p[1], at, at))[0]]
    return [c for c, _ in told[:1]]


def _said(q: Match, case: Case, language: str) -> dict[str, str | None]:
    """The attribute that a qualifier gives a symptom; none where the symptom's name already says it."""
    of, value = q.term.attrs.get("of", ""), q.term.attrs.get("value")
    if of in ("severity", "course"):
        return {of: value or q.term.en}
    if of in ("character", "color", "timing") and q.term.name(language) not in case.term.name(language):
        if value == "sore" or (q.term.id == "qualifier:sore"):
            return {}  # a pain that is sore
        if of == "color" and _BLOODY.search(case.term.id):
            return {}
        return {"character" if of == "color" else of: q.term.id}
    return {}


#: Of blood nobody need say that it is red.
_BLOODY = regex(r"hemat|hemop|melena|epistax|bruis|redness")


def _language(row: Passage) -> str:
    return "zh" if re.search(r"[一-鿿]", row.text) else "en"

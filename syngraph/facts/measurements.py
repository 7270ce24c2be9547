"""Measurements said or written in running text: vital signs with numbers, laboratory values, and "my sugar is fine"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from syngraph.facts.assertion import negated
from syngraph.facts.mentions import Reading, names_in
from syngraph.facts.naming import concept_of
from syngraph.facts.passage import Passage, Sentence
from syngraph.facts.values import values
from syngraph.model import Fact, FactKind, Status, frozen_map
from syngraph.terminology.lexicon import Match, Term, lexicon
from syngraph.terminology.numerals import NumberSpan, find_numbers

_PAIR = re.compile(r"\s*(?:/|、|,|比|到|over|on|and|的?低压)?\s*")
#: Words that may stand between a quantity's name and its number.
_FILLER = re.compile(
    r"(?:'s(?![a-z])|是|为|在|到|有|量了?|测了?|量一?个?|测一?下|大概|大约|差不多|左右|最高|现在|今天|刚才|刚刚|护士|量的|她们?|他们?|您|你|了|的|都|就|烧到|高到|查的?|结果|值|约|也|[:：=,，、\s]|"
    r"(?<![a-z])(?:they|took|taken|nurse|the|that|is|was|of|at|about|around|reads?|reading|came back|come back|today|today's|to|up|has been|been|it's|it|are|were|got|hit|measured|running|your|his|her|my|a)(?![a-z]))*"
)
_NORMAL = re.compile(
    r"正常|挺好|还好|没问题|不高|不低|没事|(?<![a-z])(?:normal|fine|good|okay|ok|great|within (?:the )?(?:normal )?(?:range|limits)|unremarkable|well controlled|under control)(?![a-z])"
)
_HIGH = re.compile(
    r"偏高|升高|增高|有点高|太高|高了|挺高|很高|超标|(?<![a-z正])高(?!压|血|度|中|烧|龄|兴)|(?<![a-z])(?:high|elevated|raised|up|through the roof|too high)(?![a-z])"
)
_LOW = re.compile(
    r"偏低|降低|减低|有点低|太低|低了|(?<![a-z])低(?!压|血|烧|头)|(?<![a-z])(?:low|decreased|down|too low)(?![a-z])"
)
_UNIT = re.compile(
    r"\s*(?P<u>(?:[×x*]\s*)?10\s*[\^~*]?\s*\d{1,2}\s*/\s*[a-zμ]+|[a-zμ%℃°/.²0-9]+(?:\s?/\s?[a-z0-9.²]+)*|毫米汞柱|毫克[每/]?[一-鿿]{0,2}|毫摩尔?[每/]?[一-鿿]{0,2}|次[/每]?分钟?|摄氏度|度|公斤|千克|斤|厘米|公分)",
    re.IGNORECASE,
)


def measurements(reading: Reading) -> Iterator[Fact]:
    """Vital signs and laboratory values in running text."""
    for row in reading.rows:
        if row.role == "question" or row.topic in ("plan", "family-history"):
            continue
        told = False
        yield from _announced(reading, row)
        for sentence in row.sentences:
            if not (sentence.asks and row.role == "doctor"):
                for fact in _sentence(reading, row, sentence):
                    told = True
                    yield fact
        if row.asked and not told and row.role not in ("doctor", "document"):
            yield from _asked(reading, row)


def _announced(reading: Reading, row: Passage) -> Iterator[Fact]:
    """A quantity named in one sentence and read out in the next ("量个血压。一百五十六、九十二，……")."""
    if row.role != "doctor":
        return
    for a, b in zip(row.sentences, row.sentences[1:], strict=False):
        named = lexicon().longest(row.folded[a.start : a.end], "vital")
        if len(named) != 1 or row.folded[a.start + named[0].end : a.end].strip(" 。.,!"):
            continue
        term = named[0].term
        numbers = [
            NumberSpan(n.start + b.start, n.end + b.start, n.value) for n in find_numbers(row.folded[b.start : b.end])
        ]
        if not numbers or row.folded[b.start : numbers[0].start].strip():
            continue
        spot = _quantity(row, term, numbers[0], numbers)
        if spot is None:
            continue
        attributes: dict[str, str | None] = {
            "value": spot[1],
            "unit": _shown(term.attrs.get("unit")),
            "unit_code": term.attrs.get("unit"),
        }
        fact = _fact(reading, row, b, term, "vital-sign", attributes, a.start)
        if fact is not None:
            yield replace(fact, evidence=(row.evidence(a.start, b.end),))


def _asked(reading: Reading, row: Passage) -> Iterator[Fact]:
    """An answer about a quantity that only the question names ("最近血糖怎么样？" "正常的")."""
    assert row.asked is not None  # noqa: S101 - narrows the type
    named = lexicon().longest(row.folded[row.asked.start : row.asked.end], "vital", "lab")
    if len({m.term.id for m in named}) != 1:
        return
    first = row.sentences[0]
    flag = _flag(row.folded[first.start : first.end][:24])
    if flag is None:
        return
    said = row.source.text[first.start : first.end].strip(" ，,。.")
    kind: FactKind = "vital-sign" if named[0].term.kind == "vital" else "lab-result"
    fact = _fact(reading, row, first, named[0].term, kind, {"flag": flag, "said": said}, first.start)
    if fact is not None:
        yield replace(fact, evidence=row.answer(row.asked))


def _sentence(reading: Reading, row: Passage, sentence: Sentence) -> Iterator[Fact]:
    text = row.folded[sentence.start : sentence.end]
    names = [
        Match(m.start + sentence.start, m.end + sentence.start, m.term) for m in lexicon().longest(text, "vital", "lab")
    ]
    if not names:
        return
    numbers = [
        NumberSpan(start=n.start + sentence.start, end=n.end + sentence.start, value=n.value)
        for n in find_numbers(text)
    ]
    numbers = [n for n in numbers if not reading.retractions.holds(n.start, n.end)]
    for i, m in enumerate(names):
        if (
            any(o is not m and (o.start, o.end) == (m.start, m.end) and o.term.kind == "vital" for o in names)
            and m.term.kind == "lab"
        ):
            continue
        limit = names[i + 1].start if i + 1 < len(names) and names[i + 1].start >= m.end else sentence.end
        fact = _number(reading, row, sentence, m, numbers, limit) or _word(reading, row, sentence, m, limit)
        if fact is not None:
            yield fact


def _number(
    reading: Reading, row: Passage, sentence: Sentence, m: Match, numbers: list[NumberSpan], limit: int
) -> Fact | None:
    spot = next(
        (
            found
            for n in numbers
            if m.end <= n.start < limit
            and _FILLER.fullmatch(row.folded[m.end : n.start]) is not None
            and (found := _quantity(row, m.term, n, numbers)) is not None
        ),
        None,
    )
    if spot is None:
        return None
    _, printed, end = spot
    unit = _unit(row, m.term, end)
    if unit and not _measures(m.term, unit):
        return None  # "他这个体重5毫升少了点"
    # "血压一百五十二、九十四" is said without its unit; the quantity has only one in use.
    default = m.term.attrs.get("unit") if m.term.kind == "vital" else None
    kind: FactKind = "vital-sign" if m.term.kind == "vital" else "lab-result"
    attributes: dict[str, str | None] = {
        "value": printed,
        "unit": unit or _shown(default),
        "unit_code": default,
        "date": _date(reading, row, sentence),
        "context": "home" if kind == "vital-sign" and row.witness in ("patient", "companion") else None,
        "flag": _flag(row.folded[end : end + 12]) if kind == "lab-result" else None,
    }
    return _fact(reading, row, sentence, m.term, kind, attributes, m.start)


def _quantity(
    row: Passage, term: Term, first: NumberSpan, numbers: list[NumberSpan]
) -> tuple[NumberSpan, str, int] | None:
    """The quantity that begins with ``first``: its number, as printed, and its end; None where it can't be one."""
    if term.id == "vital:blood-pressure":
        second = next(
            (n for n in numbers if n.start >= first.end and _PAIR.fullmatch(row.folded[first.end : n.start])), None
        )
        if second is None or not (first.value > second.value and 40 <= first.value <= 300):
            return None
        return first, f"{first.value:f}/{second.value:f}", second.end
    return (first, f"{first.value:f}", first.end) if _plausible(term, first.value) else None


def _word(reading: Reading, row: Passage, sentence: Sentence, m: Match, limit: int) -> Fact | None:
    """A value by word only ("血糖正常", "cholesterol was a bit high")."""
    clause = sentence.clause_at(m.start)
    words = row.folded[m.end : min(limit, clause.end)]
    flag = _flag(words)
    if flag is None or len(words) > 30 or any(c in words for c in "吗?"):
        return None
    names = [(x.start, x.end) for x in names_in(row.folded, sentence.start, sentence.end)]
    if flag in ("high", "low") and negated(row.folded, sentence, m.start, m.end, names):
        flag = "normal"
    if row.role == "doctor" and m.term.kind == "vital":
        return None
    kind: FactKind = "vital-sign" if m.term.kind == "vital" else "lab-result"
    attributes: dict[str, str | None] = {
        "flag": flag,
        "said": row.source.text[m.start : min(limit, clause.end)].strip(" ，,。."),
    }
    return _fact(reading, row, sentence, m.term, kind, attributes, m.start)


def _flag(words: str) -> str | None:
    if re.search(r"不正常|异常|not (?:normal|good|great)|abnormal", words):
        return "abnormal"
    for flag, pattern in (("normal", _NORMAL), ("high", _HIGH), ("low", _LOW)):
        if pattern.search(words):
            return flag
    return None


def _plausible(term: Term, value: Decimal) -> bool:
    low, _, high = term.attrs.get("plausible", "").partition("..")
    try:
        return Decimal(low) <= value <= Decimal(high)
    except ArithmeticError:
        return True


def _measures(term: Term, printed: str) -> bool:
    """Whether a unit can measure this quantity; a quantity without a known unit takes any."""
    from syngraph.terminology.units import convert, unit

    known = [u for key in ("unit", "units") for u in term.attrs.get(key, "").split(",") if u]
    said = unit(printed)
    if not known or said is None:
        return True
    return any(said.ucum == u or convert(Decimal(1), said.ucum, u, term.id) is not None for u in known)


def _unit(row: Passage, term: Term, end: int) -> str | None:
    from syngraph.terminology.units import unit

    m = _UNIT.match(row.folded, end)
    if m is None:
        return None
    start, stop = m.span("u")
    while stop > start:
        if unit(row.source.text[start:stop]) is not None:
            return row.source.text[start:stop]
        stop -= 1
    return None


def _shown(ucum: str | None) -> str | None:
    from syngraph.terminology.units import unit

    known = unit(ucum) if ucum else None
    return known.zh if known else ucum


def _date(reading: Reading, row: Passage, sentence: Sentence) -> str | None:
    found = values(reading, row, sentence)
    return found.dates[0].iso if found.dates else None


def _fact(
    reading: Reading,
    row: Passage,
    sentence: Sentence,
    term: Term,
    kind: FactKind,
    attributes: dict[str, str | None],
    at: int,
) -> Fact | None:
    subject = reading.subjects.of(row, sentence, at)
    if subject != "patient" and row.role != "doctor":
        return None
    status: Status = "present"
    return Fact(
        kind=kind, concept=concept_of(term, reading.encounter.language), status=status, attributes=frozen_map(attributes),
        evidence=(row.evidence(sentence.start, sentence.end),), witnesses=(row.witness,), recorded=row.said.isoformat(),
    )  # fmt: skip

"""Measurements said or written in running text: vital signs with numbers, laboratory values, and "my sugar is fine"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache
from itertools import pairwise

from syngraph.facts.assertion import negated
from syngraph.facts.measured import is_medicine, measured
from syngraph.facts.mentions import Reading, names_in
from syngraph.facts.naming import concept_of
from syngraph.facts.passage import Passage, Sentence
from syngraph.facts.values import values
from syngraph.facts.vocabulary import table, words
from syngraph.model import Concept, Fact, FactKind
from syngraph.terminology.lexicon import Match, Term, lexicon
from syngraph.terminology.numerals import NumberSpan, find_numbers, parse_number
from syngraph.terminology.patterns import regex

_UNIT = regex(
    r"\s*(?P<u>(?:[×x*]\s*)?10\s*[\^~*]?\s*\d{1,2}\s*/\s*[a-zμ]+|[a-zμ%℃°/.²0-9]+(?:\s?/\s?[a-z0-9.²]+)*|毫米汞柱|毫克[每/]?[一-鿿]{0,2}|毫摩尔?[每/]?[一-鿿]{0,2}|次[/每]?分钟?|摄氏度|度|公斤|千克|斤|厘米|公分)",
    re.IGNORECASE,
)


#: Quantities that an examination gives in words ("twenty over sixty"); what the doctor says of them stands there.
_IN_WORDS = frozenset({"vital:visual-acuity", "vital:intraocular-pressure", "vital:capillary-refill"})
#: A temperature said without its unit is Fahrenheit in this range, and Celsius below it.
_FAHRENHEIT = (Decimal(90), Decimal(112))
#: No lower temperature is read out, and its tenth is one of these.
_COLDEST = 33
_DIGITS = frozenset(map(Decimal, range(1, 10)))
#: A point between blanks, as machines write what they hear ("98 . four").
_SPACED_POINT = regex(r" \. (?P<tenth>[a-z]{3,5}|\d)(?![a-z0-9])")
#: The larger and the smaller number of a pressure said without its name ("one forty over ninety") lie in these ranges.
_SYSTOLIC, _DIASTOLIC = (70, 260), (30, 150)
#: Not told by the number which unit an English speaker weighs in.
_UNSAID = frozenset({"vital:weight", "vital:birth-weight"})


#: Other pressures, which "over" does not read out.
_PRESSURES = frozenset({"vital:intraocular-pressure", "vital:visual-acuity"})
#: What a patient or parent, asked for it, tells of the present.
_TOLD_OF_NOW = frozenset({"vital:weight", "vital:height"})


def _only(category: str, said: str) -> bool:
    """Whether nothing but words of ``category`` stands in ``said``."""
    return _run(category).fullmatch(said) is not None


@cache
def _run(category: str) -> re.Pattern[str]:
    return regex(f"(?:{words(category, 'measurements').pattern}|\\s)*")


def measurements(reading: Reading) -> Iterator[Fact]:
    """Vital signs and laboratory values in running text."""
    for row in reading.rows:
        if row.role == "question" or row.topic in ("plan", "family-history"):
            continue
        told = False
        yield from _announced(reading, row)
        yield from _upright(reading, row)
        for sentence in row.sentences:
            if not (sentence.asks and row.role == "doctor"):
                for fact in _sentence(reading, row, sentence):
                    told = True
                    yield fact
        if row.asked and not told and row.role not in ("doctor", "document"):
            yield from _asked(reading, row)


def _announced(reading: Reading, row: Passage) -> Iterator[Fact]:
    """A quantity named in one sentence and read out in the next ("量个血压。一百五十六、九十二", "blow into this. 310.")."""
    if row.role != "doctor":
        return
    pairs = [(a, b) for i, a in enumerate(row.sentences) for b in row.sentences[i + 1 : i + 3]]
    told: set[int] = set()
    for a, b in pairs:
        term = _next(row.folded[a.start : a.end])
        if term is None or a.start in told:
            continue
        numbers = [
            NumberSpan(n.start + b.start, n.end + b.start, n.value) for n in find_numbers(row.folded[b.start : b.end])
        ]
        if not numbers or not _only("opens", row.folded[b.start : numbers[0].start]):
            continue
        spot = _quantity(row, term, numbers[0], numbers)
        if spot is None or _counts_else(row, spot[2]):
            continue
        told.add(a.start)
        unit, code = _implied(term, spot[1], _is_han(row.text))
        fact = measured(
            reading, row, b, term, _kind(row, term), {"value": spot[1], "unit": unit, "unit_code": code}, a.start
        )
        if fact is not None:
            yield replace(fact, evidence=(row.evidence(a.start, b.end),))


def _upright(reading: Reading, row: Passage) -> Iterator[Fact]:
    """A second pressure in another posture ("now stand for me ... after three minutes, 116 over 68"): it is examined."""
    if row.role != "doctor" or not lexicon().terms.get("vital:blood-pressure"):
        return
    begun = next((s for s in row.sentences if _pressure(row, s, named=True)), None)
    for sentence in row.sentences:
        if begun is None or sentence.start <= begun.start or sentence.asks:
            continue
        said = row.folded[begun.end : sentence.end]
        spot = _pressure(row, sentence, named=False)
        posture = words("postures", "measurements").search(said)
        if spot is None or posture is None:
            continue
        at = begun.end + posture.start()
        told = f"{row.source.text[at : at + len(posture.group())].strip()}"
        name = concept_of(lexicon().terms["vital:blood-pressure"], reading.encounter.language).text
        han = reading.encounter.language == "zh"
        text = f"{told}{name} {spot} mmHg" if han else f"{name[:1].upper()}{name[1:]} {_posture(said)} {spot} mmHg"
        fact = measured(
            reading,
            row,
            sentence,
            lexicon().terms["vital:blood-pressure"],
            "exam-finding",
            {"text": text},
            sentence.start,
        )
        if fact is not None:
            yield replace(fact, concept=Concept(text=text), evidence=(row.evidence(at, sentence.end),))
        return


def _posture(said: str) -> str:
    """The posture and how long it was kept, out of what was said since the first reading."""
    found = [m.group().strip() for m in words("postures", "measurements").finditer(said)]
    stands = "standing" if any("stand" in f for f in found) else found[0]
    return ", ".join(dict.fromkeys([stands, *(f for f in found if f.startswith("after"))]))


def _pressure(row: Passage, sentence: Sentence, *, named: bool) -> str | None:
    """The pressure that a sentence reads out, by its name or without any; None where there is none."""
    text = row.folded[sentence.start : sentence.end]
    here = [m for m in lexicon().longest(text, "vital") if m.term.id == "vital:blood-pressure"]
    if bool(here) is not named:
        return None
    numbers = [NumberSpan(n.start + sentence.start, n.end + sentence.start, n.value) for n in find_numbers(text)]
    term = lexicon().terms["vital:blood-pressure"]
    return next((found[1] for n in numbers if (found := _quantity(row, term, n, numbers)) is not None), None)


def _next(said: str) -> Term | None:
    """The quantity whose number a sentence announces: it ends with its name, or says what is done to take it."""
    named = lexicon().longest(said, "vital")
    if named and _only("after-name", re.sub(r"[ 。.,!?…]+", "", said[named[-1].end :])):
        return named[-1].term
    found = next(
        (t for p, t in table("announces", "measurements").items() if re.search(rf"\b{p}" if p.isascii() else p, said)),
        None,
    )
    return lexicon().terms.get(found or "")


def _is_han(said: str) -> bool:
    return re.search(r"[一-鿿]", said) is not None


def _kind(row: Passage, term: Term) -> FactKind:
    """Vital signs, laboratory values, and what belongs to the examination (胎心, 宫高) where the doctor measures it."""
    if term.kind != "vital":
        return "lab-result"
    return "exam-finding" if term.attrs.get("exam") == "1" and row.role == "doctor" else "vital-sign"


def _counts_else(row: Passage, end: int) -> bool:
    """Whether the number counts something else: "体重5毫升" is no weight."""
    return re.match(rf"\s*(?:{words('otherwise', 'measurements').pattern})", row.folded[end : end + 14]) is not None


def _implied(term: Term, value: str, han: bool) -> tuple[str | None, str | None]:
    """Unit and code of a number said without one, where there is only one that it can be in."""
    code = term.attrs.get("unit") if term.kind == "vital" else None
    if term.id == "vital:temperature" and _FAHRENHEIT[0] <= Decimal(value) <= _FAHRENHEIT[1]:
        code = "[degF]"
    if term.id in _UNSAID and not han:
        code = None
    return _shown(code), code


def _asked(reading: Reading, row: Passage) -> Iterator[Fact]:
    """An answer about a quantity that only the question names ("最近血糖怎么样？" "正常的")."""
    assert row.asked is not None  # noqa: S101 - narrows the type
    question = row.folded[row.asked.start : row.asked.end]
    named = lexicon().longest(question, "vital", "lab")
    wanted = next((t for p, t in table("asks", "measurements").items() if p in question), None)
    terms = {m.term.id: m.term for m in named} or ({wanted: lexicon().get(wanted)} if wanted else {})
    if len(terms) != 1:
        return
    term, first = next(iter(terms.values())), row.sentences[0]
    attributes = _answered_number(row, term) or _answered_word(row)
    if attributes is None:
        return
    kind: FactKind = "vital-sign" if term.kind == "vital" else "lab-result"
    fact = measured(reading, row, first, term, kind, attributes, first.start)
    if fact is not None:
        yield replace(fact, evidence=row.answer(row.asked))


def _answered_word(row: Passage) -> dict[str, str | None] | None:
    first = row.sentences[0]
    flag = _flag(row.folded[first.start : first.end][:24])
    return {"flag": flag, "said": row.source.text[first.start : first.end].strip(" ，,。.")} if flag else None


def _answered_number(row: Passage, term: Term) -> dict[str, str | None] | None:
    """A number with the quantity's own unit ("他现在多重？" "刚称的，14.5公斤"); without its unit it may be anything."""
    if term.id not in _TOLD_OF_NOW:
        return None  # "how high did it go?" is the fever's history, not a reading
    first = row.sentences[0]
    for n in find_numbers(row.folded[first.start : first.end]):
        unit = _unit(row, term, first.start + n.end)
        if words("changed", "measurements").search(row.folded, first.start, first.start + n.start):
            continue
        if term.kind == "vital" and unit and _measures(term, unit) and _plausible(term, n.value):
            return {"value": f"{n.value:f}", "unit": unit, "unit_code": term.attrs.get("unit"), "context": "home"}
    return None


def _sentence(reading: Reading, row: Passage, sentence: Sentence) -> Iterator[Fact]:
    text = row.folded[sentence.start : sentence.end]
    names = [
        Match(m.start + sentence.start, m.end + sentence.start, m.term)
        for m in lexicon().longest(text, "vital", "lab")
        if m.term.kind != "lab" or not is_medicine(text, m)
    ]
    names = sorted([*names, *_read_out(row, sentence, names)], key=lambda m: m.start)
    yield from _bare_pressure(reading, row, sentence, names)
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
        if row.role == "doctor" and m.term.id in _IN_WORDS:
            continue
        limit = names[i + 1].start if i + 1 < len(names) and names[i + 1].start >= m.end else sentence.end
        fact = _number(reading, row, sentence, m, numbers, limit) or _word(reading, row, sentence, m, limit)
        if fact is not None:
            yield fact


def _read_out(row: Passage, sentence: Sentence, known: list[Match]) -> list[Match]:
    """Everyday words that name a quantity where its number follows at once ("oxygen ninety-eight")."""
    if row.role != "doctor":
        return []
    said, out = row.folded[sentence.start : sentence.end], []
    for word, term_id in table("read-out", "measurements").items():
        for m in re.finditer(rf"(?:^\s*|[,.;]\s*|\band )({word})(?:'s| is| at| was| of|,)? (?=[a-z0-9])", said):
            start, end = m.start(1) + sentence.start, m.end(1) + sentence.start
            unborn = term_id == "vital:heart-rate" and words("unborn", "measurements").search(
                row.folded, row.start, start
            )
            if not any(k.start < end and start < k.end for k in known):
                out.append(Match(start, end, lexicon().get("vital:fetal-heart-rate" if unborn else term_id)))
    return out


def _bare_pressure(reading: Reading, row: Passage, sentence: Sentence, known: list[Match]) -> Iterator[Fact]:
    """A pressure that needs no name: two numbers of its size with "over" between them."""
    term = lexicon().terms.get("vital:blood-pressure")
    if term is None or row.role == "document" or any(m.term.id in (term.id, *_PRESSURES) for m in known):
        return
    text = row.folded[sentence.start : sentence.end]
    for a, b in pairwise(find_numbers(text)):
        fits = _SYSTOLIC[0] <= a.value <= _SYSTOLIC[1] and _DIASTOLIC[0] <= b.value <= _DIASTOLIC[1]
        if not fits or a.value <= b.value or not _reads_as_pressure(row, text, a, b, known):
            continue
        attributes = {
            "value": f"{a.value:f}/{b.value:f}", "unit": "mmHg", "unit_code": "mm[Hg]", "date": _date(reading, row, sentence),
            "context": None if row.role == "doctor" else "home",
        }  # fmt: skip
        fact = measured(reading, row, sentence, term, "vital-sign", attributes, sentence.start + a.start)
        if fact is not None and not _is_past(row, sentence) and not words("supposed", "measurements").search(text):
            yield fact
        return


def _reads_as_pressure(row: Passage, text: str, a: NumberSpan, b: NumberSpan, known: list[Match]) -> bool:
    """Whether two numbers of its size are a pressure: by "over", or by a stroke where the doctor reads out or measures."""
    between = text[a.end : b.start].strip()
    if between != "/" or row.role != "doctor":
        return between == "over"
    read = any(m.term.kind == "vital" for m in known)
    return read or words("takes", "measurements").search(text[: a.start]) is not None


def _number(
    reading: Reading, row: Passage, sentence: Sentence, m: Match, numbers: list[NumberSpan], limit: int
) -> Fact | None:
    spot = next(
        (
            found
            for n in numbers
            if m.end <= n.start < limit
            and _only("between", row.folded[m.end : n.start])
            and (found := _quantity(row, m.term, n, numbers)) is not None
        ),
        None,
    )
    if spot is None or _is_change(row, m, spot[0]) or _is_past(row, sentence):
        return None
    _, printed, end = spot
    unit = _unit(row, m.term, end)
    if (unit and not _measures(m.term, unit)) or (unit is None and _counts_else(row, end)):
        return None  # "他这个体重5毫升少了点"
    # "血压一百五十二、九十四" is said without its unit; the quantity has only one in use.
    kind = _kind(row, m.term)
    shown, default = _implied(m.term, printed, _is_han(row.text)) if unit is None else (unit, m.term.attrs.get("unit"))
    attributes: dict[str, str | None] = {
        "value": printed,
        "unit": shown,
        "unit_code": default if kind != "lab-result" else None,
        "date": _date(reading, row, sentence),
        "context": "home" if kind == "vital-sign" and row.witness in ("patient", "companion") else None,
        "flag": _flag(row.folded[end : end + 12]) if kind == "lab-result" else None,
    }
    return measured(reading, row, sentence, m.term, kind, attributes, m.start)


def _is_change(row: Passage, m: Match, number: NumberSpan) -> bool:
    """Whether the number tells by how much a quantity changed ("体重变化：重了两斤", "weight: lost 2 kg")."""
    named = words("change-after", "measurements").match(row.folded, m.end) is not None
    return named or words("changed", "measurements").search(row.folded, m.end, number.start) is not None


def _is_past(row: Passage, sentence: Sentence) -> bool:
    """Whether a reading is told of another time that no date gives ("it was 200 over 90 back then")."""
    return words("back-then", "measurements").search(row.folded, sentence.start, sentence.end) is not None


def _quantity(
    row: Passage, term: Term, first: NumberSpan, numbers: list[NumberSpan]
) -> tuple[NumberSpan, str, int] | None:
    """The quantity that begins with ``first``: its number, as printed, and its end; None where it can't be one."""
    if term.id == "vital:blood-pressure":
        second = next(
            (n for n in numbers if n.start >= first.end and _only("pair", row.folded[first.end : n.start])), None
        )
        if second is None or not (first.value > second.value and 40 <= first.value <= 300):
            return None
        return first, f"{first.value:f}/{second.value:f}", second.end
    first = _with_tenth(row, term, first, numbers)
    return (first, f"{first.value:f}", first.end) if _plausible(term, first.value) else None


def _with_tenth(row: Passage, term: Term, first: NumberSpan, numbers: list[NumberSpan]) -> NumberSpan:
    """A temperature whose tenth is said after it without its point ("thirty-seven nine", "ninety-eight four")."""
    if term.id != "vital:temperature" or first.value != int(first.value) or first.value < _COLDEST:
        return first
    spaced = _SPACED_POINT.match(row.folded, first.end)
    if spaced and (digit := parse_number(spaced["tenth"])) in _DIGITS and not _counts_else(row, spaced.end()):
        return NumberSpan(first.start, spaced.end(), first.value + digit / 10)
    tenth = next((n for n in numbers if n.start >= first.end), None)
    near = tenth is not None and row.folded[first.end : tenth.start] == " " and tenth.value in _DIGITS
    if tenth is None or not near or row.folded[tenth.start : tenth.end].isdigit():
        return first
    return NumberSpan(first.start, tenth.end, first.value + tenth.value / 10)


def _word(reading: Reading, row: Passage, sentence: Sentence, m: Match, limit: int) -> Fact | None:
    """A value by word only ("血糖正常", "cholesterol was a bit high")."""
    clause = sentence.clause_at(m.start)
    said = row.folded[m.end : min(limit, clause.end)]
    flag = _flag(said)
    if flag is None or len(said) > 30 or any(c in said for c in "吗?"):
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
    return measured(reading, row, sentence, m.term, kind, attributes, m.start)


def _flag(said: str) -> str | None:
    for flag in ("abnormal", "normal", "high", "low"):
        if words(flag, "measurements").search(said):
            return flag
    return None


def _plausible(term: Term, value: Decimal) -> bool:
    low, _, high = term.attrs.get("plausible", "").partition("..")
    if term.id == "vital:temperature" and _FAHRENHEIT[0] <= value <= _FAHRENHEIT[1]:
        return True
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
        if re.match(r"[a-z]{2}", row.folded[stop - 1 : stop + 1]):
            stop -= 1  # "88 and regular": no unit ends within a word
            continue
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

"""Results told in talk: values read out ("creatinine was one point four"), and what a scan or a culture showed.

A result is only taken where the words say that it is one: a name with a number that it can have, or a name with what
it "showed", whether it was normal, or that it is still awaited. What is ordered or only imagined is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache

from syngraph.facts.measured import is_medicine, measured
from syngraph.facts.mentions import Reading
from syngraph.facts.passage import Passage, Sentence
from syngraph.facts.values import values
from syngraph.facts.vocabulary import entries, words
from syngraph.model import Concept, Fact, FactKind
from syngraph.terminology.lexicon import Match, Term, lexicon
from syngraph.terminology.numerals import NumberSpan, find_numbers
from syngraph.terminology.patterns import regex

_FILE = "told_results"
_PICTURED = frozenset({"imaging", "endoscopy", "function", "pathology"})
_FLAGS = ("abnormal", "normal", "high", "low", "positive", "negative")
#: A told result is at most so long; what follows is another story.
_LONGEST = 120
#: So far behind a test's name "showed" or "was normal" may stand.
_REACH = 30
#: The same in Chinese.
_NEAR = 12
#: A picture that lies open is read for so many sentences.
_READ = 5
_CLAUSE = regex(r"[,;，；]|\.\s|$")
_STOPS = " ,.;:，。；：、"


def told_results(reading: Reading) -> Iterator[Fact]:
    """Laboratory values read out, and findings of examinations, in running talk."""
    for row in reading.rows:
        written = row.role == "document" and row.source.kind != "emr"  # a report's own rows are read as such
        if row.role == "question" or written or row.topic in ("plan", "family-history"):
            continue
        yield from _row(reading, row)


def _row(reading: Reading, row: Passage) -> Iterator[Fact]:
    context: Term | None = None
    film: tuple[Term, int] | None = None
    for sentence in row.sentences:
        tests = _tests(row, sentence)
        context = tests[-1].term if tests else context
        said = row.folded[sentence.start : sentence.end]
        asks = sentence.asks and not said.lstrip().startswith("what i see")  # begins as a question does, and tells
        named = tests or film or lexicon().longest(said, "lab")
        if named and not asks and not _has("if", said):
            yield from _sentence(reading, row, sentence, tests, context, film)
        film = _opened(row, said, tests) or ((film[0], film[1] - 1) if film and film[1] else None)


def _sentence(
    reading: Reading,
    row: Passage,
    sentence: Sentence,
    tests: Sequence[Match],
    context: Term | None,
    film: tuple[Term, int] | None,
) -> Iterator[Fact]:
    read_out = list(_values(reading, row, sentence, context))
    yield from (fact for _, fact in read_out)
    apart = [m for m in tests if m.start not in {start for start, _ in read_out}]
    found = list(_findings(reading, row, sentence, apart))
    yield from found or _seen(reading, row, sentence, film)


def _tests(row: Passage, sentence: Sentence) -> list[Match]:
    text = row.folded[sentence.start : sentence.end]
    found = list(lexicon().longest(text, "test"))
    film = lexicon().terms.get("test:xray")
    if film is not None:  # 拍了个片子 is said of an X-ray, in pieces that no list of names holds
        found += [Match(*m.span(), film) for m in words("xray", _FILE).finditer(text) if _is_free(m.span(), found)]
    return sorted(
        (Match(m.start + sentence.start, m.end + sentence.start, m.term) for m in found), key=lambda m: m.start
    )


def _is_free(span: tuple[int, int], found: Sequence[Match]) -> bool:
    return all(m.end <= span[0] or span[1] <= m.start for m in found)


def _has(category: str, said: str) -> bool:
    return words(category, _FILE).search(said) is not None


# -- values read out -----------------------------------------------------------------------------------------


def _values(reading: Reading, row: Passage, sentence: Sentence, context: Term | None) -> Iterator[tuple[int, Fact]]:
    """Each value with where its name begins."""
    text = row.folded[sentence.start : sentence.end]
    names = lexicon().longest(text, "lab", "vital", "test")
    numbers = [
        n for n in find_numbers(text) if not reading.retractions.holds(n.start + sentence.start, n.end + sentence.start)
    ]
    for i, m in enumerate(names):
        analyte = _analyte(m, text, names)
        if analyte is None or is_medicine(text, m):
            continue
        limit = next((o.start for o in names[i + 1 :] if o.start >= m.end), len(text))
        attributes = _value(text, Match(m.start, m.end, analyte), numbers, limit) or _graded(text, m, limit)
        if attributes is None:
            continue
        term = _graded_term(analyte, text[m.start : m.end], context, attributes["value"] or "")
        fact = _fact(reading, row, sentence, term, "lab-result", attributes, m.start + sentence.start)
        if fact is not None:
            yield m.start + sentence.start, fact


def _analyte(m: Match, text: str, names: Sequence[Match]) -> Term | None:
    """The analyte that a name means in talk; a test named for its one analyte (糖化, A1c) is read out as that."""
    from syngraph.terminology.labs import lab

    same = [o.term.kind for o in names if o is not m and (o.start, o.end) == (m.start, m.end)]
    if m.term.kind == "vital" or "vital" in same:
        return None
    if m.term.kind == "lab":
        return m.term
    if "lab" in same or m.term.attrs.get("group") != "lab":
        return None
    return lab(text[m.start : m.end]) or lab(m.term.zh)


def _graded(text: str, m: Match, limit: int) -> dict[str, str | None] | None:
    """A result that is one word: 阴性, positive."""
    for flag in ("negative", "positive"):
        found = words(flag, _FILE).search(text, m.end, min(limit, m.end + _REACH))
        if found and m.term.kind == "lab" and _between().fullmatch(text, m.end, found.start()):
            return {"value": found.group(), "flag": "abnormal" if flag == "positive" else None}
    return None


@cache
def _between() -> re.Pattern[str]:
    parts = "|".join(words(c, _FILE).pattern for c in ("between", "high", "low", "over"))
    return regex(rf"(?:\s|{parts})*")


def _value(text: str, m: Match, numbers: Sequence[NumberSpan], limit: int) -> dict[str, str | None] | None:
    """The number that is read out behind a name, with its unit and direction."""
    n = next((n for n in numbers if m.end <= n.start < limit), None)
    if n is None or _between().fullmatch(text, m.end, n.start) is None:
        return None
    before, after = text[m.end : n.start], text[n.end : n.end + 24]
    if pluses := words("pluses", _FILE).match(after.lstrip()):
        graded = 1 <= n.value <= 4 and n.value == int(n.value) and bool(pluses.group())
        return {"value": f"{int(n.value)}+", "flag": "abnormal"} if graded else None
    if words("not_value", _FILE).match(after.lstrip()) or re.match(r"\s*(?:/|-|到|至|over\b|比)\s*\d", after):
        return None
    if words("one", _FILE).fullmatch(text[n.start : n.end]) or not _plausible(m.term, n.value):
        return None  # "the cholesterol one" is a tablet
    unit = _unit(text, n.end, m.term)
    more = _has("over", before) or words("approx", _FILE).match(after) is not None
    return {"value": (">" if more else "") + f"{n.value:f}", "unit": unit, "flag": _direction(before, after)}


def _direction(before: str, after: str) -> str | None:
    near = _CLAUSE.split(after.lstrip(_STOPS), maxsplit=1)[0][:12]
    for said in (before, near):
        for flag in ("high", "low"):
            found = words(flag, _FILE).search(said)
            if found and not words("not", _FILE).search(said[: found.start()]):
                return flag
    return None


def _plausible(term: Term, value: Decimal) -> bool:
    """Whether the analyte can have this value in one of the units that it is reported in."""
    from syngraph.terminology.units import convert

    low, _, high = term.attrs.get("plausible", "").partition("..")
    usual = term.attrs.get("unit", "")
    if not (low and high):
        return True
    known = [usual, *term.attrs.get("units", "").split(",")]
    read = [convert(value, u, usual, term.id) if u != usual else value for u in known if u]
    return any(v is not None and Decimal(low) <= v <= Decimal(high) for v in read) if read else True


def _unit(text: str, end: int, term: Term) -> str | None:
    from syngraph.terminology.labs import lab_unit

    found = re.match(r"\s*([^\s,，。;；、的了]{1,16}(?:\s?/\s?[a-z0-9.]{1,8})?)", text[end:])
    if found is None:
        return None
    said = found[1]
    while said:
        if (known := lab_unit(said, term)) is not None and (len(said) > 1 or not said.isalpha()):
            return known.zh if re.search(r"[一-鿿]", text) else known.en
        said = said[:-1].rstrip()
    return None


def _graded_term(term: Term, name: str, context: Term | None, value: str) -> Term:
    """三个加 is said of urine: the analyte of that name in the specimen that the talk is about."""
    from syngraph.terminology.labs import lab

    in_words = context is not None and context.id in ("test:urinalysis", "test:stool-test") and value.isalpha()
    if not (value.endswith("+") or in_words) or term.attrs.get("specimen") == "urine":
        return term
    where = "大便" if context is not None and "stool" in context.id else "尿"
    return lab(name, specimen=where) or term


# -- what an examination showed --------------------------------------------------------------------------------


def _findings(reading: Reading, row: Passage, sentence: Sentence, tests: Sequence[Match]) -> Iterator[Fact]:
    for i, m in enumerate(tests):
        limit = tests[i + 1].start if i + 1 < len(tests) else sentence.end
        before = row.folded[sentence.clause_at(m.start).start : m.start]
        if words("undone", _FILE).search(before[-12:]) or before.rstrip()[-1:] in ("不", "没", "别", "未"):
            continue
        after = row.folded[m.end : limit]
        doctor, pictured = row.role in ("doctor", "document"), m.term.attrs.get("group") in _PICTURED
        found = _told(after, ordered=doctor and _has("orders", before[-24:]))
        if found is None and pictured and not _has("orders", before[-24:]):
            found = _bare(after, doctor)
        if found is None:
            continue
        start, end, flag = found
        said = row.source.text[m.end + start : m.end + end].strip(_STOPS) if end > start else ""
        state, flag = ("pending", None) if flag == "pending" else (None, flag)
        attributes = {
            "value": said or None, "flag": flag, "state": state, "said": None if said else after.strip(_STOPS)[:40]
        }  # fmt: skip
        kind: FactKind = "imaging" if pictured else "lab-result"
        fact = _fact(reading, row, sentence, m.term, kind, attributes, m.start)
        if fact is not None:
            yield _as_named(fact, m, row)


def _opened(row: Passage, said: str, tests: Sequence[Match]) -> tuple[Term, int] | None:
    """The picture that the doctor begins to read here ("let's look at your x-ray"), and for how many sentences."""
    pictured = [m.term for m in tests if m.term.attrs.get("group") in _PICTURED]
    if row.role != "doctor" or not pictured or not _has("opens", said):
        return None
    return pictured[-1], _READ


def _seen(reading: Reading, row: Passage, sentence: Sentence, film: tuple[Term, int] | None) -> Iterator[Fact]:
    """What the doctor sees on the picture that lies open ("what I see is a fracture of the humerus")."""
    if film is None or row.role != "doctor":
        return
    said = row.folded[sentence.start : sentence.end]
    cue = words("seen", _FILE).search(said)
    told = _content(said, cue.end()) if cue else None
    if told is None or not _has("content", said[told[0] : told[1]]):
        return
    words_said = row.source.text[sentence.start + told[0] : sentence.start + told[1]].strip(_STOPS)
    fact = _fact(reading, row, sentence, film[0], "imaging", {"value": words_said}, sentence.start)
    if fact is not None:
        yield fact


def _as_named(fact: Fact, m: Match, row: Passage) -> Fact:
    """A term that gathers several tests would give the result to another one: there the said name stands."""
    if m.term.id not in entries("mixed", _FILE):
        return fact
    said = row.source.text[m.start : m.end]
    bare = re.sub(rf"^(?:{words('verbs', _FILE).pattern})+", "", said)
    return replace(fact, concept=Concept(text=bare or said))


def _told(after: str, *, ordered: bool) -> tuple[int, int, str | None] | None:
    """Where in ``after`` the result stands, and what it says by word; None where no result is told."""
    if words("pending", _FILE).search(after[:_REACH]):
        return (0, 0, "pending")
    if (shown := _shown(after)) is not None:
        return shown
    return None if ordered else _judged(after, 0)


def _bare(after: str, doctor: bool) -> tuple[int, int, str | None] | None:
    """A picture's finding said without "showed": 胸片有阴影; of the doctor also 心电图窦性心律."""
    start = _skipped(after)
    if weak := words("weak", _FILE).match(after, start):
        return _content(after, weak.end())
    return _content(after, start) if doctor and _has("content", after[start : start + _REACH]) else None


def _shown(after: str) -> tuple[int, int, str | None] | None:
    """What stands behind "showed", "说是"; with its "didn't" where that stands before."""
    shown = words("shows", _FILE).search(after[: _REACH + 10])
    if shown is None or not _leads(after[: shown.start()]):
        return None
    denied = words("not", _FILE).search(after[: shown.start()])
    told = _content(after, shown.end())
    if told is None:
        return _judged(after, shown.end())
    return (denied.start(), told[1], told[2]) if denied else told


def _leads(said: str) -> bool:
    """Whether nothing but "I had a look at it" stands between an examination and what it showed."""
    near = len(said) <= (_REACH if said.isascii() else _NEAR)
    return near and not words("orders", _FILE).search(said) and not lexicon().longest(said, "condition", "symptom")


@cache
def _passing() -> re.Pattern[str]:
    """What may stand between an examination and its result and say nothing of it."""
    parts = "|".join(words(c, _FILE).pattern for c in ("viewed", "between"))
    return regex(rf"(?:\s|检查|[,:]|{parts})*")


def _skipped(after: str) -> int:
    found = _passing().match(after)
    return found.end() if found else 0


def _content(after: str, start: int) -> tuple[int, int, str | None] | None:
    """The finding from ``start`` on, where it names something."""
    said = after[start : start + _LONGEST]
    if not said.strip(_STOPS) or words("guess", _FILE).match(said.lstrip(_STOPS)) or not _names_something(said):
        return None
    end = 0
    for piece in re.finditer(r"[^,;]+[,;]*", said):  # the findings end where another story begins
        if end and not (_names_something(piece.group()) or find_numbers(piece.group())):
            break
        end = piece.end() if end or _names_something(piece.group()) else 0
        if not end and piece.end() > _REACH:
            return None
    return (start, start + end, None) if end else None


def _names_something(said: str) -> bool:
    named = lexicon().longest(said, "condition", "exam-finding")
    return bool(named) or _has("content", said) or _has("species", said)


def _judged(after: str, start: int) -> tuple[int, int, str | None] | None:
    """Normal, positive, negative ("negative for fracture"): the words, or only the flag."""
    for flag in _FLAGS:
        found = words(flag, _FILE).search(after, start, start + _REACH)
        if found is None or not _passing().fullmatch(after, start, found.start()):
            continue
        for_what = re.match(r"\s+for\s+[^,.;]+", after[found.end() :])
        if for_what:
            return (found.start(), found.end() + for_what.end(), flag)
        return (0, 0, flag)
    return None


def _fact(
    reading: Reading,
    row: Passage,
    sentence: Sentence,
    term: Term,
    kind: FactKind,
    attributes: dict[str, str | None],
    at: int,
) -> Fact | None:
    dates = values(reading, row, sentence).dates
    dated = {**attributes, "date": dates[0].iso if dates else None}
    return measured(reading, row, sentence, term, kind, dated, at)

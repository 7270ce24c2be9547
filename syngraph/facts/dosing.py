"""Which dose, frequency, route and length belong to which medicine of a passage.

A value belongs to the medicine named before it ("ramipril 5 mg"), or to the one that it leans on ("two puffs of
Ventolin"); it never jumps over another medicine's name. A sentence that names no medicine and goes straight on with
values ("Two puffs, three times a day.") speaks of the last one named. What fits no medicine is left out.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from syngraph.facts.drug_words import drug_words, ends_with
from syngraph.facts.mentions import Reading
from syngraph.facts.passage import Passage, Sentence
from syngraph.facts.values import Values, values
from syngraph.model import Evidence
from syngraph.terminology.doses import find_meal_timing, find_routes, format_number, parse_dose, say_route
from syngraph.terminology.lexicon import Term, lexicon
from syngraph.terminology.numerals import find_numbers
from syngraph.terminology.patterns import regex

Sort = Literal["dose", "frequency", "route", "duration", "timing"]
#: So many characters between a time of day or rate and the name that it leads to ("every night I take my Lipitor").
_LEAD = 14
_HAN = regex(r"[一-鿿]")
_BARE_BEFORE = regex(r"[\s,，:]*(?:the |a |是|吃)?$")
_BARE_AFTER = regex(
    r"\s*个?\s*,?\s*(?:once|twice|three times|four times|at (?:night|bed)|in the (?:morning|evening)|every|a day|daily|for the|"
    r"b\.?i?d\b|o\.?d\b|t\.?d?s\b|q\.?d\b|(?:一|每)(?:天|日|晚)|早上|晚上|睡前)"
)


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a passage: its sort, its range in the source's text, and its canonical form."""

    sort: Sort
    start: int
    end: int
    code: str


@dataclass(frozen=True, slots=True)
class Name:
    """A medicine's name (with those that only say it again: brand and substance, substance and form)."""

    start: int
    end: int
    terms: tuple[Term, ...]


@dataclass(slots=True)
class Dosing:
    """What is said of one medicine, and the stretches that say it."""

    values: list[Value] = field(default_factory=list)
    sentences: list[Sentence] = field(default_factory=list)

    def add(self, value: Value, sentence: Sentence) -> None:
        """One more value, told in ``sentence``."""
        self.values.append(value)
        if sentence not in self.sentences:
            self.sentences.append(sentence)

    def of(self, sort: Sort) -> list[Value]:
        """The values of one sort, in reading order."""
        return sorted((v for v in self.values if v.sort == sort), key=lambda v: v.start)


def drug_names(folded: str, start: int, end: int) -> list[Name]:
    """The medicines and classes of medicines named in a range, each once, in reading order."""
    found = [
        (m.start + start, m.end + start, m.term) for m in lexicon().longest(folded[start:end], "drug", "drug-class")
    ]
    names: list[Name] = []
    for a, b, term in found:
        last = names[-1] if names else None
        if last and (a < last.end or _says_again(folded, last, a, term)):
            names[-1] = Name(last.start, max(b, last.end), (*last.terms, term))
        else:
            names.append(Name(a, b, (term,)))
    return names


def _says_again(folded: str, last: Name, start: int, term: Term) -> bool:
    """Whether a name only repeats the one before it ("Jardiance, empagliflozin", "ciprofloxacin ear drops")."""
    from syngraph.terminology.drugs import classes, same_drug

    gap = folded[last.end : start]
    if len(gap) > 6 or re.search(r"\d", gap):
        return False
    if term.kind == "drug-class":
        return not gap.strip(" (（") and len(gap) <= 1
    named = last.terms[-1]
    wider = named.kind == "drug-class" and named.id.partition(":")[2] in classes(term)
    return wider or same_drug(named, term)


def is_given(term: Term) -> bool:
    """Whether a class names what is given rather than taken: a vaccine, contrast, an anaesthetic."""
    return term.kind == "drug-class" and drug_words("given").fullmatch(term.id.partition(":")[2]) is not None


def covered(group: Term, drugs: Iterable[Term]) -> bool:
    """Whether a class is only the word for a drug that is named beside it ("降压药，氨氯地平")."""
    from syngraph.terminology.drugs import classes

    return any(group.id.partition(":")[2] in classes(d) for d in drugs)


def dosings(reading: Reading, row: Passage) -> list[tuple[Name, Dosing]]:
    """Every medicine named in ``row`` with the values that belong to it."""
    names = drug_names(row.folded, row.start, row.end)
    out = [(n, Dosing()) for n in names]
    if names:
        starts = [n.start for n in names]
        for i, value, sentence in _owned(reading, row, names, starts):
            out[i][1].add(value, sentence)
    return out


def answer_dosing(reading: Reading, row: Passage) -> Dosing:
    """What an answer that names no medicine says of the one it was asked about."""
    dosing = Dosing()
    if drug_names(row.folded, row.start, row.end):
        return dosing
    asked = row.asked is not None and (
        drug_words("asks-amount").search(row.folded, row.asked.start, row.asked.end)
        or drug_names(row.folded, row.asked.start, row.asked.end)
    )
    for number, sentence in enumerate(row.sentences[:3]):
        found = [] if sentence.asks else sorted(_values(reading, row, sentence), key=lambda v: v.start)
        if (number or not asked) and not (found and _goes_on(row.folded[sentence.start : found[0].start])):
            break
        for value in found:
            dosing.add(value, sentence)
    return dosing


def only_values(reading: Reading, row: Passage, sentence: Sentence) -> bool:
    """Whether a sentence says nothing but how much, how often or how long ("一次一片，一天三次")."""
    found = sorted(_values(reading, row, sentence), key=lambda v: -v.start)
    rest = row.folded[sentence.start : sentence.end]
    for v in found:
        rest = rest[: v.start - sentence.start] + " " + rest[v.end - sentence.start :]
    return bool(found) and _goes_on(rest)


def _owned(
    reading: Reading, row: Passage, names: Sequence[Name], starts: Sequence[int]
) -> Iterator[tuple[int, Value, Sentence]]:
    carry: int | None = None
    for sentence in row.sentences:
        inside = [i for i, n in enumerate(names) if sentence.start <= n.start < sentence.end]
        found = sorted(_values(reading, row, sentence), key=lambda v: v.start)
        if not inside:
            if carry is None or not found or not _goes_on(row.folded[sentence.start : found[0].start]):
                carry = None
                continue
            yield from ((carry, v, sentence) for v in found)
            continue
        yield from ((i, v, sentence) for i, v in _among(row.folded, names, starts, inside, found))
        carry = inside[-1]


def _among(
    folded: str, names: Sequence[Name], starts: Sequence[int], inside: Sequence[int], found: Sequence[Value]
) -> Iterator[tuple[int, Value]]:
    """The values of one sentence with the medicines that they belong to."""
    shared: list[int] = []
    told: set[tuple[int, Sort]] = set()
    for value in found:
        shared = _sharers(folded, names, inside, value) or [i for i in shared if inside[-1] in shared]
        # What is said of all adds to each what it lacks, and corrects none.
        mine = [i for i in shared if i == shared[-1] or (i, value.sort) not in told]
        for i in mine or _owners(folded, names, starts, inside, value):
            told.add((i, value.sort))
            yield i, value


def _sharers(folded: str, names: Sequence[Name], inside: Sequence[int], value: Value) -> list[int]:
    """All named before a value that is said of them together ("both for 14 days", 都吃14天); what follows it too."""
    before = [i for i in inside if names[i].end <= value.start]
    if len(before) < 2:
        return []
    wide = 4 if _HAN.search(folded[value.start : value.end]) else 10
    start = max(names[before[-1]].end, value.start - wide)
    return before if drug_words("shared").search(folded, start, value.start) else []


def _owners(
    folded: str, names: Sequence[Name], starts: Sequence[int], inside: Sequence[int], value: Value
) -> Iterator[int]:
    at = bisect_right(starts, value.start) - 1
    before = at if at in inside else None
    after = at + 1 if at + 1 in inside else None
    alone = before is None or drug_words("apart").search(folded, names[before].end, value.start)
    if after is not None and alone and _leans(folded, value, names[after].start):
        yield after
        return
    if before is not None:
        if not _far(folded[names[before].end : value.start]):
            yield before
    elif after is not None and names[after].start - value.end <= _LEAD:
        yield after


def _far(gap: str) -> bool:
    """Whether so much, or such things, stand between a name and a value that they have nothing to do with each other."""
    return len(gap) > (60 if _HAN.search(gap) else 120) or drug_words("elsewhere").search(gap) is not None


def _leans(folded: str, value: Value, name: int) -> bool:
    """Whether nothing but "of" stands between a value and the name behind it."""
    gap = folded[value.end : name].strip()
    return not gap or drug_words("of").fullmatch(gap) is not None


def _goes_on(words: str) -> bool:
    """Whether the words before a sentence's first value say nothing of their own."""
    rest = re.sub(r"[\s,，.。…-]+", " ", drug_words("goes-on").sub(" ", words))
    return not rest.strip()


# -- values ------------------------------------------------------------------------------------------------------


def _values(reading: Reading, row: Passage, sentence: Sentence) -> Iterator[Value]:
    found, at = values(reading, row, sentence), sentence.start
    words = row.folded[sentence.start : sentence.end]
    meals = [(m.start + at, m.end + at, m.code) for m in find_meal_timing(words)]
    for d in found.doses:
        if _given(row.folded, d.start):
            rises = "-" in d.dose and re.search(r"(?:\bfrom|从)\s*$", row.folded[max(at, d.start - 6) : d.start])
            yield Value("dose", d.start, d.end, d.dose.partition("-")[2] if rises else d.dose)
    yield from _bare(row, sentence, found)
    # "半小时前吃一粒", "half an hour before": when to take it, not how often.
    often = [f for f in found.frequencies if row.folded[max(at, f.start - 1) : f.start] not in ("前", "后", "提")]
    yield from (Value("frequency", f.start, f.end, f.code) for f in often)
    yield from (Value("route", r.start + at, r.end + at, r.code) for r in find_routes(words))
    yield from (Value("timing", *m) for m in meals)
    for t in found.durations:
        near_meal = any(m[0] <= t.start < m[1] or not row.folded[t.end : m[0]].strip() for m in meals if m[1] >= t.end)
        if not near_meal and not t.iso.startswith("PT") and _is_course(row, sentence, t.start, t.end):
            yield Value("duration", t.start, t.end, t.iso)


def _given(folded: str, start: int) -> bool:
    """Not the most that may be taken ("up to three grams")."""
    return ends_with("at-most").search(folded[max(0, start - 16) : start]) is None


def _bare(row: Passage, sentence: Sentence, found: Values) -> Iterator[Value]:
    """Strengths said without their unit, right after a name and before how often ("bisoprolol, 2.5 once a day")."""
    names = drug_names(row.folded, sentence.start, sentence.end)
    asked = row.asked is not None and drug_words("asks-amount").search(row.folded, row.asked.start, row.asked.end)
    if not names and not asked:
        return
    others = [(d.start, d.end) for d in found.doses] + [(f.start, f.end) for f in found.frequencies]
    others += [(t.start, t.end) for t in found.durations] + [(t.start, t.end) for t in found.dates]
    for n in find_numbers(row.folded[sentence.start : sentence.end]):
        a, b = n.start + sentence.start, n.end + sentence.start
        last = max((x.end for x in names if x.end <= a), default=sentence.start if asked else -1)
        taken = any(start < b and a < end for start, end in others)
        if last < 0 or taken or not _only_day_parts(row.folded[last:a]):
            continue
        enough = n.value >= 5 or n.value != int(n.value)
        if enough and (_BARE_AFTER.match(row.folded, b) or ends_with("day-part").search(row.folded[last:a])):
            yield Value("dose", a, b, format_number(n.value))


def _only_day_parts(gap: str) -> bool:
    """Whether nothing but times of day and their numbers stands between a name and a number."""
    rest = drug_words("day-part").sub(" ", gap)
    for n in reversed(find_numbers(rest)):
        rest = rest[: n.start] + " " + rest[n.end :]
    return _BARE_BEFORE.fullmatch(drug_words("joins").sub(" ", rest).replace("个", " ")) is not None


def _is_course(row: Passage, sentence: Sentence, start: int, end: int) -> bool:
    """Whether a length of time says how long a medicine is or was taken."""
    before, after = row.folded[max(sentence.start, start - 12) : start], row.folded[end : end + 10]
    if ends_with("not-course").search(before) or drug_words("not-course-after").match(after.lstrip()):
        return False
    if re.match(r"(?:吃|用|打|喷|服)?个?[两三四一二半几\d]+[-~到]?[两三四\d]*[次回片粒]", after):
        return False
    alone = re.search(r"[,，]\s*$", before) and re.match(r"\s*(?:[,，。;；.]|$|of (?:it|that|them))", after)
    named = re.search(r"[a-z一-鿿)）]\s*[,，:(（]?\s*$", before) and _after_name(row, sentence, start)
    if alone:
        return True
    return bool(drug_words("course-verb").search(before) or named or after[:1] in ")）" or "疗程" in before)


def _after_name(row: Passage, sentence: Sentence, start: int) -> bool:
    names = drug_names(row.folded, sentence.start, start)
    return bool(names) and not drug_words("form").sub("", row.folded[names[-1].end : start]).strip(" (（,，:")


# -- from values to attributes -----------------------------------------------------------------------------------


def attributes_of(row: Passage, term: Term, dosing: Dosing, language: str) -> dict[str, str]:
    """The attributes that ``dosing`` gives the medicine ``term``; values that can't be its own are left out."""
    out: dict[str, str] = {}
    if by_time := _by_time(row, term, dosing.of("dose")):
        route = dosing.of("route")[:1]
        return {"timing": by_time, **({"route": route[0].code} if route else {})}
    if dose := _dose(row, term, dosing.of("dose")):
        out["dose"] = dose
    often = [f.code for f in dosing.of("frequency")]
    counted = [c for c in often if c not in ("prn", "daily")]
    if pick := (counted or [c for c in often if c == "daily"] or often):
        out["frequency"] = pick[0]
    if "prn" in often and out.get("frequency") != "prn":
        out["as_needed"] = "true"
    for sort in ("route", "duration"):
        if found := dosing.of(sort):
            out[sort] = found[0].code
    if meals := dosing.of("timing"):
        out["timing"] = say_route(meals[0].code, language)
    return out


def _dose(row: Passage, term: Term, doses: Sequence[Value]) -> str | None:
    fitting = [d for d in (_fitted(term, d) for d in doses) if d is not None]
    kept = [d for d, after in zip(fitting, [*fitting[1:], None], strict=False) if not _taken_back(row, d, after)]
    if not kept:
        return None
    # An inhaler's strength comes with the number of puffs: the puffs are the dose.
    puffs = [d for d in kept if (p := parse_dose(d.code)) and p[2] in ("puff", "spray", "drop")]
    rows = puffs or kept
    last = rows[-1]
    if len(rows) > 1 and ends_with("starts-at").search(row.folded[max(row.start, rows[0].start - 16) : rows[0].start]):
        return rows[0].code
    grown = len(rows) > 1 and ends_with("grows").search(row.folded[max(row.start, last.start - 8) : last.start])
    return last.code if grown else rows[0].code


def _by_time(row: Passage, term: Term, doses: Sequence[Value]) -> str | None:
    """Different doses at different times of the day, in the speaker's words ("eight in the morning and six at night")."""
    rows = [d for d in doses if _fitted(term, d)]
    times = drug_words("day-part")
    if len(rows) < 2 or len({d.code for d in rows}) < 2:
        return None
    first, last = rows[0], rows[-1]
    before, after = times.search(row.folded, first.start - 6, first.start), times.match(row.folded, last.end + 1)
    if before and times.search(row.folded, first.end, last.start):
        return row.source.text[before.start() : last.end]
    if after and times.search(row.folded, first.end, last.start):
        return row.source.text[first.start : after.end()]
    return None


_RATE = regex(r"(?i)/\s*(?:min|分)")


def _fitted(term: Term, dose: Value) -> Value | None:
    """``dose`` if it can be a dose of ``term``: insulin goes by units, everything else by what was said."""
    from syngraph.terminology.drugs import classes

    if _RATE.search(dose.code) and "oxygen" not in term.id:
        return None  # a flow ("peak flow 520 L/min") is a dose of oxygen alone
    insulin = "insulin" in classes(term)
    if not insulin:
        return dose
    parsed = parse_dose(dose.code)
    if parsed is None and re.fullmatch(r"\d+", dose.code):
        return Value("dose", dose.start, dose.end, f"{dose.code} U")
    return dose if parsed and parsed[2] in ("U", "IU") else None


def _taken_back(row: Passage, dose: Value, after: Value | None) -> bool:
    """Whether the next dose corrects this one ("two, no, one tablet")."""
    if after is None:
        return False
    return drug_words("took-back").fullmatch(row.folded[dose.end : after.start].strip(" ,，.。")) is not None


def evidence_of(row: Passage, dosing: Dosing) -> list[Evidence]:
    """The sentences that say the values."""
    return [row.evidence(s.start, s.end) for s in dosing.sentences]

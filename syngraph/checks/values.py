"""Measured values: one source against another, what is said of them, what is possible, and their age."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from itertools import combinations, product

from syngraph.checks.assertion import tells_change
from syngraph.checks.case import Case, Claim
from syngraph.checks.contradictions import recent
from syngraph.checks.omissions import named_aloud
from syngraph.checks.panels import Panel, belying, is_clean, judged_aloud, of_this_picture, said_normal
from syngraph.checks.phrases import phrases
from syngraph.checks.rules import Rule
from syngraph.checks.wording import words_of
from syngraph.model import FactId, Finding
from syngraph.terminology.concepts import covers, name_of, term_of
from syngraph.terminology.fold import fold
from syngraph.terminology.lexicon import lexicon
from syngraph.terminology.likeness import full_date, rounded_alike

_WRITTEN = frozenset({"report", "emr"})
#: A blood pressure printed as one value, and its parts in that order.
_PARTS = {"vital:blood-pressure": ("vital:systolic", "vital:diastolic")}


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text.strip())
    except InvalidOperation:
        return None


def _unit(claim: Claim) -> str | None:
    """The UCUM code of the claim's unit, else as printed."""
    from syngraph.terminology.units import unit

    printed = claim.get("unit") or claim.get("unit_code")
    known = unit(printed) if printed else None
    return known.ucum if known else printed


def taken_on(case: Case, claim: Claim) -> str | None:
    """The day of a measurement as an ISO date.

    A laboratory value said aloud without its day is of no day; a vital sign is of the day on which it is told.
    """
    day = claim.get("date")
    of_today = phrases("today").search(words_of(case, claim, asked=False)) if claim.origin not in _WRITTEN else None
    if (
        claim.fact.kind == "lab-result"
        and claim.origin not in _WRITTEN
        and not of_today
        and day == case.visit.isoformat()
    ):
        return None  # read out today, measured some other day
    if day is None and (claim.fact.kind == "vital-sign" or claim.origin in _WRITTEN) and claim.told:
        day = claim.told.isoformat()
    return day[:10] if day else None


def same_value(a: Claim, b: Claim) -> bool | None:
    """Whether two claims state one quantity: after conversion, or rounded as the less exact of them is.

    None where the two can't be compared (a missing unit may be another unit, a grade against a concentration).
    """
    from syngraph.terminology.units import parse_value, same_quantity

    left, right = a.fact.attributes["value"], b.fact.attributes["value"]
    units = [_unit(a), _unit(b)]
    x, y = parse_value(left), parse_value(right)
    if x.number is None or y.number is None or x.comparator or y.comparator or (all(units) and units[0] != units[1]):
        return same_quantity(left, units[0], right, units[1], lab_id=a.fact.concept.id)
    if x.number == y.number or rounded_alike(x.number, y.number):
        return True
    # Without its unit a number this far off is rather told in another unit than told wrong.
    far = max(x.number, y.number) > 3 * min(x.number, y.number)
    return None if far and not all(units) else False


def results(case: Case, rule: Rule) -> Iterator[Finding]:
    """One laboratory result with two values: the same day in two sources, or read out otherwise than written.

    Parameters: ``home`` (what patients measure themselves, so that their value may be another measurement).
    """
    groups: dict[int, list[Claim]] = defaultdict(list)
    for claim in case.of("lab-result"):
        if claim.get("value") and claim.status == "present" and recent(case, claim, rule.params.get("within_days")):
            groups[claim.group].append(claim)
    for rows in groups.values():
        conflict = _mismatch(case, rule, rows)
        if conflict:
            yield rule.finding(case, conflict, name=name_of(rows[0].fact.concept, case.language))


def _mismatch(case: Case, rule: Rule, rows: Sequence[Claim]) -> tuple[list[Claim], list[Claim]] | None:
    by_source: dict[str, list[Claim]] = defaultdict(list)
    written = [c for c in rows if c.origin in _WRITTEN]
    for claim in rows:
        at_home = claim.witness in {"patient", "companion"} and claim.key in rule.kinds("home")
        aim = claim.origin not in _WRITTEN and _no_claim(case, rule, claim)
        no_value = aim or _taken_back(case, claim) or tells_change(case, claim)
        if not at_home and not no_value and not _read_out(case, claim, written):
            by_source[claim.source].append(claim)
    for s, t in combinations(by_source, 2):
        sides = _same_day(case, by_source[s], by_source[t])
        verdicts = [same_value(a, b) for a, b in product(*sides)]
        if False in verdicts and True not in verdicts:
            return sides
    return None


def _taken_back(case: Case, claim: Claim) -> bool:
    """Whether the speaker corrects a value right behind it."""
    if claim.origin in _WRITTEN or claim.source not in case.sources:
        return False
    text = case.sources[claim.source].text
    return any(phrases("taken_back").match(fold(text[e.end : e.end + 40])) for e in claim.evidence)


def _read_out(case: Case, claim: Claim, written: Sequence[Claim]) -> bool:
    """Whether a value said aloud without its day is one of the written ones, so that the others are of other days."""
    spoken = claim.origin not in _WRITTEN and taken_on(case, claim) is None
    return spoken and any(same_value(claim, w) for w in written)


def _same_day(case: Case, left: Sequence[Claim], right: Sequence[Claim]) -> tuple[list[Claim], list[Claim]]:
    """The claims of two sources that may be of one day; without a day, said aloud, of any day."""

    def meets(a: Claim, b: Claim) -> bool:
        days = taken_on(case, a), taken_on(case, b)
        said = a.origin not in _WRITTEN or b.origin not in _WRITTEN
        return days[0] == days[1] if all(days) else said and any(days)

    return (
        [a for a in left if any(meets(a, b) for b in right)],
        [b for b in right if any(meets(a, b) for a in left)],
    )


def vitals(case: Case, rule: Rule) -> Iterator[Finding]:
    """Two measurements of one vital sign that one patient can't have on one day.

    Parameters: ``tolerance`` (largest difference by concept, in its canonical unit), ``lasting`` (concepts whose
    value holds for more days). What patients measured at home is another measurement, except for lasting values.
    """
    groups: dict[str, list[Claim]] = defaultdict(list)
    lasting = rule.params["lasting"]
    for claim in case.of("vital-sign"):
        at_home = claim.witness in {"patient", "companion"} and claim.key not in lasting
        told = claim.get("value") and claim.key in rule.params["tolerance"]
        if told and not at_home and not tells_change(case, claim):
            groups[claim.key].append(claim)
    for key, rows in groups.items():
        pair = next((p for p in combinations(rows, 2) if _too_far(case, rule, key, *p)), None)
        if pair and not _grown(case, pair):
            yield rule.finding(case, ([pair[0]], [pair[1]]), name=name_of(pair[0].fact.concept, case.language))


def _grown(case: Case, pair: tuple[Claim, Claim]) -> bool:
    age = case.age_at(case.visit)
    return age is not None and age < 18 and taken_on(case, pair[0]) != taken_on(case, pair[1])


def _too_far(case: Case, rule: Rule, key: str, a: Claim, b: Claim) -> bool:
    days = [full_date(taken_on(case, c)) for c in (a, b)]
    if a.source == b.source or days[0] is None or days[1] is None:
        return False
    if abs((days[0] - days[1]).days) > rule.params["lasting"].get(key, 0):
        return False
    left, right = numbers(a), numbers(b)
    return len(left) == len(right) and any(
        abs(x - y) > rule.params["tolerance"][key] for x, y in zip(left, right, strict=True)
    )


def numbers(claim: Claim) -> list[float]:
    """The value's numbers (two for a blood pressure) in the canonical unit of its row; [] where it can't be read."""
    from syngraph.terminology.units import parse_value

    parts = (claim.get("value") or "").split("/") if claim.key in _PARTS else [claim.get("value") or ""]
    found = [parse_value(part).number for part in parts]
    converted = [_canonical(claim, n) for n in found if n is not None]
    known = [n for n in converted if n is not None]
    return known if len(known) == len(parts) else []


def _canonical(claim: Claim, number: Decimal) -> float | None:
    from syngraph.terminology.units import convert

    term, unit = term_of(claim.fact.concept), _unit(claim)
    target = term.attrs.get("unit") if term else None
    if not target or not unit:
        return float(number)
    found = convert(number, unit, target, claim.fact.concept.id)
    return None if found is None else float(found)


def in_unit(claim: Claim, unit: str) -> float | None:
    """A laboratory value in ``unit``; None where it can't be read or its own unit is not known."""
    from syngraph.terminology.units import convert, parse_value

    own, number = _unit(claim), parse_value(claim.get("value") or "").number
    if number is None or (unit and not own):
        return None
    found = convert(number, own, unit, claim.fact.concept.id) if unit and own else number
    return None if found is None else float(found)


def outside(claim: Claim, attribute: str) -> bool:
    """Whether a value lies outside the range ``min..max`` of its row's ``attribute`` (either end may be open).

    A laboratory value without its unit is not judged: it may be in another one.
    """
    found = numbers(claim)
    if not found or (claim.fact.kind == "lab-result" and not _unit(claim)):
        return False
    rows = _PARTS.get(claim.key, (claim.key,))
    return any(_beyond(n, _limits(row, attribute)) for n, row in zip(found, rows, strict=False))


@lru_cache(maxsize=4096)
def _limits(term_id: str, attribute: str) -> tuple[float | None, float | None]:
    term = lexicon().terms.get(term_id)
    low, _, high = (term.attrs.get(attribute, "") if term else "").partition("..")
    ends = [_decimal(low), _decimal(high)]
    return tuple(None if e is None else float(e) for e in ends)  # type: ignore[return-value]


def _beyond(number: float, limits: tuple[float | None, float | None]) -> bool:
    low, high = limits
    return (low is not None and number < low) or (high is not None and number > high)


def implausible(case: Case, rule: Rule) -> Iterator[Finding]:
    """Values outside the range that their row calls possible."""
    for claim in case.of("lab-result", "vital-sign"):
        if claim.status == "present" and outside(claim, "plausible") and not tells_change(case, claim):
            yield rule.finding(case, ([claim],), name=name_of(claim.fact.concept, case.language))


def said_of_value(case: Case, rule: Rule) -> Iterator[Finding]:
    """What is said of a result ("my sugar is fine") against the newest written value of it.

    Parameters: ``within_days`` (older results are no answer to what is said today); ``families`` (results that one
    everyday word stands for); ``vital_limits`` (what of a vital sign nobody would call normal); ``not_words`` (words of
    an aim or a condition, which say nothing of today).
    """
    rows = list(case.of("lab-result", "vital-sign"))
    found = [c for c in rows if c.get("value") and (c.origin in _WRITTEN or c.witness == "doctor")
             and recent(case, c, rule.params.get("within_days"))]  # fmt: skip
    groups: dict[str, list[Claim]] = defaultdict(list)
    for claim in rows:
        if claim.get("flag") and not claim.get("value") and not _no_claim(case, rule, claim):
            groups[claim.key].append(claim)
    for said in groups.values():
        answers = newest(case, [w for w in found if _about(rule, said[0], w)])
        sides = _contradicted(rule, said, answers)
        if sides:
            yield rule.finding(case, sides, name=name_of(said[0].fact.concept, case.language))


def _no_claim(case: Case, rule: Rule, claim: Claim) -> bool:
    """Whether the words hold a value against an aim, or speak of what is to be once it is normal."""
    source = case.sources.get(claim.source)
    pieces = [fold(source.text[e.start : e.end]) for e in claim.evidence] if source else []
    pattern = "|".join(rule.kinds("not_words")) or r"(?!)"
    return any(re.search(pattern, said) for said in (words_of(case, claim), *pieces))


def said_of_panel(case: Case, rule: Rule) -> Iterator[Finding]:
    """What is called normal as a whole ("血常规正常") against the newest written results that it stands for.

    Parameters: ``within_days``; ``clear`` (by what share of its bound a value must miss it).
    """
    rows = [c for c in case.of("lab-result", "imaging") if c.origin in _WRITTEN and c.status == "present"
            and recent(case, c, rule.params.get("within_days"))]  # fmt: skip
    told: dict[str, list[tuple[Panel, Claim]]] = defaultdict(list)
    for panel, claim in said_normal(case) if rows else ():
        told[panel.name["en"]].append((panel, claim))
    settled: set[FactId] = set()
    for said in told.values():
        panel, own = said[0][0], [c for _, c in said]
        answers = [c for c in newest(case, belying(panel, rows)) if _belies(rule, c, panel) and c.id not in settled]
        answers = [c for c in answers if of_this_picture(case, panel, own, c) and not judged_aloud(case, own, c)]
        if answers:
            settled |= {c.id for c in answers}
            yield rule.finding(case, (own, answers), name=panel.name[case.language])


def _belies(rule: Rule, claim: Claim, panel: Panel) -> bool:
    """Whether a written result is clearly not normal."""
    from syngraph.terminology.units import parse_range, parse_value

    if claim.fact.kind == "imaging":
        conclusion = claim.get("conclusion")
        return bool(conclusion) and not is_clean(conclusion or "")
    if _reading(rule, claim) not in {"low", "high", "abnormal"}:
        return False
    value = parse_value(claim.get("value") or "").number
    bounds = parse_range(claim.get("reference_range") or "")
    if value is None or bounds is None:
        return True
    share = rule.number("clear", 0.05) if panel.clear is None else panel.clear
    low, high = bounds.low, bounds.high
    return (low is not None and float(value) < float(low) * (1 - share)) or (
        high is not None and float(value) > float(high) * (1 + share)
    )


def _contradicted(
    rule: Rule, said: Sequence[Claim], answers: Sequence[Claim]
) -> tuple[list[Claim], list[Claim]] | None:
    """A "normal" is contradicted by any value that is not, a "high" only where no value bears it out."""
    pairs = [(s, w) for s, w in product(said, answers) if s.source != w.source and _contrary(rule, s, w)]
    borne_out = any(_reading(rule, w) == s.get("flag") for s, w in product(said, answers))
    if not pairs or (borne_out and pairs[0][0].get("flag") != "normal"):
        return None
    return list(dict.fromkeys(s for s, _ in pairs)), list(dict.fromkeys(w for _, w in pairs))


def _about(rule: Rule, said: Claim, written: Claim) -> bool:
    pair = {said.key, written.key}
    if any(pair <= set(family) for family in rule.params.get("families", ())):
        return True
    return covers(said.fact.concept, written.fact.concept) or covers(written.fact.concept, said.fact.concept)


def _reading(rule: Rule, claim: Claim) -> str | None:
    """low, high, normal or abnormal: a vital sign by the rule's wide limits, a result as flagged or by its range."""
    from syngraph.terminology.units import flag

    limits = rule.params.get("vital_limits", {}).get(claim.key)
    if claim.fact.kind == "vital-sign":
        found = numbers(claim)
        if not limits or len(found) != len(limits):
            return None
        sides = [n - high if n > high else min(n - low, 0) for n, (low, high) in zip(found, limits, strict=True)]
        return "high" if max(sides) > 0 else "low" if min(sides) < 0 else "normal"
    value, printed = claim.get("value"), claim.get("reference_range")
    return claim.get("flag") or (flag(value, printed) if value and printed else None)


def _contrary(rule: Rule, said: Claim, written: Claim) -> bool:
    told, found = said.get("flag"), _reading(rule, written)
    if found is None or told == found:
        return False
    if written.fact.kind == "vital-sign":
        return told == "normal"
    return "normal" in (told, found) or {told, found} == {"low", "high"}


def newest(case: Case, claims: Sequence[Claim]) -> list[Claim]:
    """Of each concept the claims of the last day only."""
    last: dict[str, str] = {}
    for claim in claims:
        last[claim.key] = max(last.get(claim.key, ""), taken_on(case, claim) or "")
    return [c for c in claims if (taken_on(case, c) or "") == last[c.key]]


def outdated(case: Case, rule: Rule) -> Iterator[Finding]:
    """A result brought along or spoken of of which another source has a newer one that reads differently."""
    for rows in _series(case).values():
        late = newest(case, rows)
        last = taken_on(case, late[0]) or ""
        old = [c for c in rows if c.origin == "report" and (taken_on(case, c) or last) < last
               and c.source not in {n.source for n in late} and _differs(rule, c, late)]  # fmt: skip
        if old:
            yield rule.finding(case, (old, late), name=name_of(late[0].fact.concept, case.language))


def _differs(rule: Rule, claim: Claim, late: Sequence[Claim]) -> bool:
    readings = {_reading(rule, c) for c in late} - {None}
    own = _reading(rule, claim)
    return own is not None and bool(readings) and own not in readings


def _series(case: Case) -> dict[int, list[Claim]]:
    series: dict[int, list[Claim]] = defaultdict(list)
    for claim in case.of("lab-result"):
        if claim.get("value") and claim.origin in _WRITTEN and taken_on(case, claim):
            series[claim.group].append(claim)
    return series


def old(case: Case, rule: Rule) -> Iterator[Finding]:
    """A result that is spoken of in the room and whose newest written value is long past.

    Parameters: ``days``, how old a result may be and still speak of today.
    """
    for rows in _series(case).values():
        late = newest(case, rows)
        day = full_date(taken_on(case, late[0]))
        age = (case.visit - day).days if day else 0
        if day is None or age <= rule.number("days", 365) or not case.talked:
            continue
        spoken = [c for c in case.of("lab-result") if c.group == late[0].group and c.origin == "consultation"]
        name = name_of(late[0].fact.concept, case.language)
        if spoken:
            yield rule.finding(case, (late, spoken), name=name, days=str(age))
        elif named_aloud(case, late[0]):
            yield rule.finding(case, (late,), name=name, days=str(age), b=rule.params["named"][case.language])

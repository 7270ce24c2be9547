"""Drugs, taken or planned, against allergies, conditions, pregnancy, age, results and each other."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files

from syngraph.checks.assertion import unclear
from syngraph.checks.case import Case, Claim
from syngraph.checks.contradictions import by_thing, recent
from syngraph.checks.phrases import phrases
from syngraph.checks.rules import Rule
from syngraph.checks.values import in_unit, newest
from syngraph.model import Finding, Severity
from syngraph.terminology.concepts import broader, name_of, tags, term_of
from syngraph.terminology.fold import fold
from syngraph.terminology.lexicon import Term, lexicon

_COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_AGE = re.compile(r"age([<>]=?)(\d+(?:\.\d+)?)( months?)?")
_LAB = re.compile(r"(lab:[\w-]+)([<>]=?)(\d+(?:\.\d+)?)\s*(.*)")
#: Routes by which too little is taken up for what a caution of the table speaks of.
_LOCAL = frozenset({"otic", "topical"})
_STATES = {
    "pregnancy": "reproductive:pregnancy", "lactation": "reproductive:lactation", "planning": "reproductive:planning",
}  # fmt: skip


def _drugs(case: Case, rule: Rule) -> list[tuple[Term, list[Claim]]]:
    """Each drug or class that is taken or planned, with the claims that say so."""
    claims = [c for c in case.of("medication", "plan") if c.status in {"present", "planned"}
              and recent(case, c, rule.params.get("within_days")) and not _warned_of(case, c)]  # fmt: skip
    known: dict[str, tuple[Term, list[Claim]]] = {}
    for claim in claims:
        term = term_of(claim.fact.concept)
        if term is not None and term.kind in {"drug", "drug-class"}:
            known.setdefault(term.id, (term, []))[1].append(claim)
    return list(known.values())


def _warned_of(case: Case, claim: Claim) -> bool:
    """Whether the doctor names a drug only to keep the patient from it ("no aspirin, and steer clear of naproxen")."""
    term, source = term_of(claim.fact.concept), case.sources.get(claim.source)
    if claim.witness != "doctor" or claim.origin != "consultation" or term is None or source is None:
        return False
    quotes = [fold(source.text[e.start : e.end]) for e in claim.evidence]
    places = [(q, m) for q in quotes for m in lexicon().longest(q, "drug", "drug-class") if m.term.id == term.id]
    return bool(places) and all(_withheld(q[: m.start], q[m.end :]) for q, m in places)


def _withheld(before: str, after: str) -> bool:
    return bool(phrases("warned_before").search(before) or phrases("warned_after").search(after))


def _planned(claims: Sequence[Claim]) -> bool:
    return any(c.status == "planned" or c.fact.kind == "plan" for c in claims)


# --- allergies --------------------------------------------------------------------------------------------------


def drug_allergy(case: Case, rule: Rule) -> Iterator[Finding]:
    """A drug that is taken or planned in spite of an allergy to it, to its class or to what cross-reacts.

    Parameters: ``severity_of`` (severity by the relation's strength).
    """
    allergies = [c for c in case.of("allergy") if c.status in {"present", "uncertain"} and term_of(c.fact.concept)]
    allergies = [c for c in allergies if not unclear(case, c)]
    for term, drug_claims in _drugs(case, rule):
        for side in by_thing(allergies):
            related = [(c, _related(term, c)) for c in side]
            reasons = [(c, r) for c, r in related if r is not None]
            if not reasons:
                continue
            nearest, (strength, why_zh, why_en) = min(reasons, key=lambda r: ("high", "moderate", "low").index(r[1][0]))
            yield rule.finding(
                case,
                (drug_claims, side),
                severity=_allergy_severity(rule, term, strength, side),
                drug=term.name(case.language),
                name=name_of(nearest.fact.concept, case.language),
                why=why_zh if case.language == "zh" else why_en,
            )


def _related(drug: Term, claim: Claim) -> tuple[str, str, str] | None:
    """Strength and reason (Chinese, English) why the allergy speaks against the drug."""
    from syngraph.terminology.drugs import related_allergy

    allergen = term_of(claim.fact.concept)
    relation = related_allergy(drug, allergen) if allergen else None
    return (relation.strength or "low", relation.zh, relation.en) if relation else None


def _allergy_severity(rule: Rule, drug: Term, strength: str, side: Sequence[Claim]) -> Severity:
    if strength == "low" and drug.id in rule.kinds("instead"):
        return "info"
    sure = any(c.status == "present" for c in side)
    severity: Severity = rule.params["severity_of"][strength]
    return severity if sure else "warning"


# --- cautions ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Caution:
    """One row of ``cautions.tsv``: what to mind when ``drug`` meets any of ``against``."""

    id: str
    drug: str
    against: tuple[str, ...]
    severity: Severity
    text: Mapping[str, str]


@cache
def table() -> tuple[Caution, ...]:
    """The shipped cautions, blocking rows first, so that of two on one thing the graver is told."""
    text = files("syngraph.terminology").joinpath("data/cautions.tsv").read_text(encoding="utf-8")
    cells = [line.split("\t") for line in text.splitlines() if line.strip() and not line.startswith(("#", "id\t"))]
    rows = [
        Caution(
            id=c[0], drug=c[1], against=tuple(a.strip() for a in c[2].split(",")), severity=_severity(c[3]),
            text={"zh": c[4], "en": c[5]},
        )
        for c in cells
    ]  # fmt: skip
    return tuple(sorted(rows, key=lambda r: r.severity != "blocking"))


def _severity(word: str) -> Severity:
    return "blocking" if word == "blocking" else "warning"


@dataclass(frozen=True, slots=True)
class _Cause:
    """Why a caution applies: a name for it, the claims that say so, and a key that tells causes apart."""

    name: str
    claims: tuple[Claim, ...]
    key: str
    sure: bool = True


def cautions(case: Case, rule: Rule) -> Iterator[Finding]:
    """What the table of cautions says of the drugs taken or planned.

    What is planned today gets the row's severity; what is already taken, one step less. Parameters:
    ``labs_within_days`` (how old a result may be and still count).
    """
    drugs = _drugs(case, rule)
    told: set[frozenset[str]] = set()
    for row in table():
        for term, claims in drugs:
            if not _is(term, row.drug) or all(c.get("route") in _LOCAL for c in claims):
                continue
            for cause in _causes(case, rule, row, term, drugs):
                pair = frozenset({term.id, cause.key})
                if pair not in told:
                    told.add(pair)
                    yield _caution(case, rule, row, term, claims, cause)


def _caution(case: Case, rule: Rule, row: Caution, term: Term, claims: list[Claim], cause: _Cause) -> Finding:
    severity: Severity = row.severity
    if not (_planned(claims) or (cause.claims and _planned(cause.claims))):
        severity = "warning" if severity == "blocking" else "info"
    if not cause.sure and severity == "blocking":
        severity = "warning"
    words = {"drug": term.name(case.language), "name": cause.name, "text": row.text[case.language].rstrip(" .。")}
    if cause.claims:
        return rule.finding(case, (claims, cause.claims), severity=severity, **words)
    return rule.finding(case, (claims,), severity=severity, b=cause.name, **words)


def _is(term: Term, selector: str) -> bool:
    """Whether a row's selector means the drug; what follows "!" is exempt ("class:nsaid!drug:aspirin")."""
    meant, _, exempt = selector.partition("!")
    return _is_one(term.id, meant) and not (exempt and _is_one(term.id, exempt))


@lru_cache(maxsize=65536)
def _is_one(term_id: str, selector: str) -> bool:
    from syngraph.terminology.drugs import classes, ingredients

    term = lexicon().terms[term_id]
    kind, _, name = selector.partition(":")
    return name in classes(term) if kind == "class" else selector == term.id or selector in ingredients(term)


def _causes(
    case: Case, rule: Rule, row: Caution, term: Term, drugs: Sequence[tuple[Term, list[Claim]]]
) -> Iterator[_Cause]:
    illnesses = [c for s in row.against if s.startswith(("condition:", "tag:")) for c in _illnesses(case, s)]
    for thing in by_thing(dict.fromkeys(illnesses)):
        yield _cause(case, thing)
    for selector in row.against:
        if selector in _STATES:
            yield from _state(case, selector)
        elif selector.startswith("age"):
            yield from _age(case, rule, selector)
        elif selector.startswith("lab:"):
            yield from _lab(case, rule, selector)
        elif selector.startswith(("drug:", "class:")):
            yield from _other_drugs(case, selector, term, drugs)


def _cause(case: Case, claims: Sequence[Claim]) -> _Cause:
    sure = any(c.status != "uncertain" for c in claims)
    return _Cause(name_of(claims[0].fact.concept, case.language), tuple(claims), claims[0].key, sure)


def _illnesses(case: Case, selector: str) -> list[Claim]:
    tag = selector.removeprefix("tag:")
    return [
        c
        for c in case.of("condition", "diagnosis", "procedure", "symptom")
        if c.status in {"present", "historical", "uncertain"}
        and (tag in tags(c.fact.concept, "safety") if tag != selector else selector in {c.key, *broader(c.key)})
    ]


def _state(case: Case, selector: str) -> Iterator[_Cause]:
    """Pregnant, breast-feeding or trying to conceive now: as stated for this visit or within a pregnancy's length."""
    claims = [c for c in case.of("reproductive-history") if c.key == _STATES[selector] and recent(case, c, 280)]
    claims += [c for c in case.of("condition", "diagnosis") if selector in tags(c.fact.concept, "safety")
               and recent(case, c, 280)]  # fmt: skip
    claims = [c for c in claims if c.status in {"present", "uncertain"}]
    if claims:
        cause = _cause(case, claims)
        yield replace(cause, sure=False) if selector == "planning" else cause  # a wish is no pregnancy yet


def _age(case: Case, rule: Rule, selector: str) -> Iterator[_Cause]:
    found, age = _AGE.fullmatch(selector), case.age_at(case.visit)
    limit = float(found[2]) / (12 if found[3] else 1) if found else 0
    if found and age is not None and _COMPARE[found[1]](age, limit):
        yield _Cause(rule.params["age"][case.language].format(age=f"{age:.0f}"), (), selector)


def _lab(case: Case, rule: Rule, selector: str) -> Iterator[_Cause]:
    found = _LAB.fullmatch(selector)
    if not found:
        return
    days = rule.number("labs_within_days", 365)
    rows = [c for c in case.of("lab-result") if c.key == found[1] and c.get("value") and recent(case, c, days)]
    for claim in newest(case, rows):
        number = in_unit(claim, found[4])
        if number is not None and _COMPARE[found[2]](number, float(found[3])):
            yield _Cause(name_of(claim.fact.concept, case.language), (claim,), found[1])
            return


def _other_drugs(case: Case, selector: str, term: Term, drugs: Sequence[tuple[Term, list[Claim]]]) -> Iterator[_Cause]:
    from syngraph.terminology.drugs import ingredients

    for other, claims in drugs:
        if _is(other, selector) and not ingredients(other) & ingredients(term) and not _one_inside(term, other):
            yield _Cause(other.name(case.language), tuple(claims), other.id)


def _one_inside(a: Term, b: Term) -> bool:
    """A class that is named beside one of its own drugs is that drug, not another."""
    return a.id in broader(b.id) or b.id in broader(a.id)

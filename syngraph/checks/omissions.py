"""What is missing: items the template asks for, facts that matter and that nobody spoke of, results nobody took up."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from syngraph.checks.case import Case, Claim
from syngraph.checks.contradictions import by_thing, recent
from syngraph.checks.panels import Panel, panels
from syngraph.checks.rules import Rule, load_yaml
from syngraph.checks.wording import names, words_of
from syngraph.model import Finding, Severity
from syngraph.terminology.concepts import broader, covers, name_of, tags, term_of
from syngraph.terminology.fold import fold
from syngraph.terminology.lexicon import lexicon

#: A panel of more results than this is "blood tests": to name it takes up none of them.
_ONE_PANEL = 8


@cache
def _sections() -> Mapping[str, Any]:
    return load_yaml("sections.yaml")["sections"]  # type: ignore[no-any-return]


def required(case: Case, rule: Rule) -> Iterator[Finding]:
    """One finding for each section of which the sources lack something that the template requires.

    ``case.required`` holds section ids and single items (``vital-signs.temperature``).
    """
    missing: dict[str, list[str]] = defaultdict(list)
    for item in case.required:
        section, _, part = item.partition(".")
        row = _sections().get(section)
        if row is None or not _applies(case, row) or _has(case, row, part):
            continue
        missing[section].append(_item_name(case, section, row, part))
    for section, items in missing.items():
        row = _sections()[section]
        severity: Severity = row.get("severity", rule.severity)
        title = row["title"][case.language]
        yield rule.finding(case, (), severity=severity, name=names(items, case.language), title=title)


def _applies(case: Case, row: Mapping[str, Any]) -> bool:
    """Some sections are asked of some patients only (menstrual history of women from twelve)."""
    if "sex" in row and case.encounter.patient.sex not in {row["sex"], "unknown", "other"}:
        return False
    age = case.age_at(case.visit)
    low, high = row.get("ages", (0, 200))
    return age is None or bool(low <= age <= high)


def _has(case: Case, row: Mapping[str, Any], part: str) -> bool:
    claims = case.of(*row["kinds"], subject=None if row.get("anybody") else "patient")
    if not part:
        return any(c.status in row.get("statuses", (c.status,)) for c in claims)
    wanted = f"{row['prefix']}:{part}"
    return any(wanted == c.key or wanted in broader(c.key) for c in claims)


def _item_name(case: Case, section: str, row: Mapping[str, Any], part: str) -> str:
    if not part:
        return str(row["title"][case.language])
    term = lexicon().terms.get(f"{row['prefix']}:{part}")
    return term.name(case.language) if term else part


def unspoken(case: Case, rule: Rule) -> Iterator[Finding]:
    """Facts that matter for safety, known from paper or record, of which nobody spoke in the room.

    Parameters: ``kinds``; ``statuses``; ``tags`` (the ``safety`` values that count; without it every fact does);
    ``within_days``; ``not_words`` (of a claim that is no matter: a cream); ``aloud`` (words of the talk that speak
    of it without its name). What the patient wrote in the form but nobody spoke of is only an ``info``.
    """
    aloud = rule.kinds("aloud")
    if not case.talked or (aloud and re.search("|".join(aloud), case.spoken())):
        return
    claims = [c for c in case.of(*rule.kinds()) if c.status in rule.kinds("statuses") and _matters(case, rule, c)]
    for thing in by_thing(claims):
        if not any(_spoken_of(case, c) for c in thing):
            severity: Severity | None = "info" if any(c.origin == "preconsultation" for c in thing) else None
            name = name_of(thing[0].fact.concept, case.language)
            yield rule.finding(case, (thing,), severity=severity, name=name)


def _matters(case: Case, rule: Rule, claim: Claim) -> bool:
    wanted = set(rule.kinds("tags"))
    only = rule.kinds("only")
    return (
        claim.origin != "consultation"
        and not (rule.kinds("not_words") and re.search("|".join(rule.kinds("not_words")), words_of(case, claim)))
        and not claim.key.endswith(":any")
        and (not only or claim.key in only)
        and recent(case, claim, rule.params.get("within_days"))
        and (not wanted or bool(wanted & tags(claim.fact.concept, "safety")))
    )


def _spoken_of(case: Case, claim: Claim) -> bool:
    """Whether the talk names the thing, a kind of it or what it is a kind of, or denies it."""
    return named_aloud(case, claim) or any(
        covers(c.fact.concept, claim.fact.concept) or covers(claim.fact.concept, c.fact.concept) or _denies(c, claim)
        for c in case.claims
        if c.origin == "consultation"
    )


def _denies(spoken: Claim, claim: Claim) -> bool:
    # "No allergies" against a recorded one is a contradiction, not a silence.
    return spoken.status == "absent" and spoken.key == f"{claim.fact.kind}:any"


def named_aloud(case: Case, claim: Claim) -> bool:
    """Whether the words of the talk hold a name of the claim's concept or of a class of it."""
    term = term_of(claim.fact.concept)
    known = lexicon().terms
    words = [claim.fact.concept.text]
    if term:
        words += [n for i in (term.id, *broader(term.id)) for n in known[i].names()]
    spoken = case.spoken()
    return any(_stands_in(fold(w), spoken) for w in words)


def _stands_in(word: str, text: str) -> bool:
    if not word.isascii():
        return word in text
    at = text.find(word)
    while at >= 0:
        after = text[at + len(word) : at + len(word) + 1]
        if not (at and text[at - 1].isascii() and text[at - 1].isalnum()) and not (after.isascii() and after.isalnum()):
            return True
        at = text.find(word, at + 1)
    return False


def bleeding(case: Case, rule: Rule) -> Iterator[Finding]:
    """A past bleed and a drug against clotting, stopped or taken, that the doctor's words do not connect.

    Parameters: ``bleeds`` and ``thinners`` (``safety`` values), ``bleed_words`` in names; ``words`` the doctor may
    use for the bleed.
    """
    claims = [c for c in case.of("condition", "diagnosis", "procedure", "medication", "plan") if c.status != "absent"]
    bled = [c for c in claims if c.fact.kind not in {"medication", "plan"} and _is_bleed(rule, c)]
    thinned = [c for c in claims if set(rule.kinds("thinners")) & tags(c.fact.concept, "safety")]
    if not case.talked or not bled or not thinned or _doctor_says(case, rule.kinds("words")):
        return
    yield rule.finding(
        case, (bled, thinned),
        name=names((name_of(c.fact.concept, case.language) for c in bled[:2]), case.language),
        drug=names((name_of(c.fact.concept, case.language) for c in thinned[:3]), case.language),
    )  # fmt: skip


def _is_bleed(rule: Rule, claim: Claim) -> bool:
    name = fold(name_of(claim.fact.concept, "zh") + " " + claim.fact.concept.text)
    return bool(set(rule.kinds("bleeds")) & tags(claim.fact.concept, "safety")) or any(
        fold(w) in name for w in rule.kinds("bleed_words")
    )


def _doctor_says(case: Case, words: Sequence[str]) -> bool:
    said = _doctor_turns(case)
    return any(fold(w) in turn for w in words for turn in said)


def _doctor_turns(case: Case) -> list[str]:
    return [fold(s.text[g.start : g.end]) for s in case.sources.values() if s.kind == "consultation"
            for g in s.segments if g.role == "doctor"]  # fmt: skip


def unaddressed(case: Case, rule: Rule) -> Iterator[Finding]:
    """Abnormal results on paper that the talk does not take up: critical ones singly, the others by source.

    Parameters: ``kinds``; ``flags`` that make a laboratory result abnormal; ``within_days``; ``critical``
    (whether this row is about the critical ones).
    """
    if not case.talked:
        return
    rows = [c for c in case.of(*rule.kinds()) if recent(case, c, rule.number("within_days", 90)) and _abnormal(rule, c)]
    newest = [c for c in _newest(rows) if not (_heard_of(case, c) or _taken_up_with(case, rule, c))]
    chosen = [c for c in newest if is_critical(c) == bool(rule.params.get("critical"))]
    sides = [[c] for c in chosen] if rule.params.get("critical") else list(_by_source(chosen))
    for side in sides:
        listed = names((name_of(c.fact.concept, case.language) for c in side), case.language)
        yield rule.finding(case, (side,), name=listed)


def _heard_of(case: Case, claim: Claim) -> bool:
    return _spoken_of(case, claim) or _read_out(case, claim) or _in_named_panel(case, claim)


def _taken_up_with(case: Case, rule: Rule, claim: Claim) -> bool:
    """Whether the talk takes up another result of the same sheet, or (of an image) any image at all."""
    if is_critical(claim):
        return False
    if claim.fact.kind == "imaging":
        images = str(rule.params.get("images", ""))
        return bool(images) and any(re.search(images, turn) for turn in _doctor_turns(case))
    family = next((set(f) for f in rule.params.get("together", ()) if claim.key in f), set())
    sheet = [c for c in case.of("lab-result") if c.source == claim.source and c.key in family]
    return any(_heard_of(case, c) for c in sheet)


def _read_out(case: Case, claim: Claim) -> bool:
    """Whether the value itself is said ("空腹9.8"); a round figure may be any other number."""
    value = (claim.get("value") or "").strip()
    telling = len(value.replace(".", "")) >= 2 and ("." in value or len(value) >= 3)
    return telling and re.search(rf"(?<![\d.]){re.escape(value)}(?![\d.]*\d)", case.spoken()) is not None


def _in_named_panel(case: Case, claim: Claim) -> bool:
    """Whether the doctor takes up the examination that a lesser result belongs to ("你血脂高", "your blood count")."""
    if is_critical(claim):
        return False
    return any(claim.key in p.labs and _doctor_names(case, p) for p in panels() if len(p.labs) <= _ONE_PANEL)


def _doctor_names(case: Case, panel: Panel) -> bool:
    """Whether the doctor speaks of it other than to ask ("血糖怎么样？" takes up no result)."""
    said = [part for turn in _doctor_turns(case) for part in re.findall(r"[^。!！?？]+[。!！?？]?", turn)]
    return any(panel.words.search(part) for part in said if part[-1] not in "?？")


def _abnormal(rule: Rule, claim: Claim) -> bool:
    if claim.origin not in {"report", "emr"} or claim.status != "present":
        return False
    return claim.fact.kind != "lab-result" or claim.get("flag") in rule.kinds("flags") or is_critical(claim)


def is_critical(claim: Claim) -> bool:
    """Whether a laboratory value lies outside the range that its row calls critical."""
    from syngraph.checks.values import outside

    return claim.fact.kind == "lab-result" and outside(claim, "critical")


def _newest(claims: Sequence[Claim]) -> list[Claim]:
    """Of each thing only what was found last."""
    latest: dict[str, str] = {}
    for claim in claims:
        latest[claim.key] = max(latest.get(claim.key, ""), _found_on(claim))
    return [c for c in claims if _found_on(c) == latest[c.key]]


def _found_on(claim: Claim) -> str:
    return (claim.get("date") or (claim.told.isoformat() if claim.told else ""))[:10]


def _by_source(claims: Sequence[Claim]) -> Iterator[list[Claim]]:
    sources: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        sources[claim.source].append(claim)
    yield from sources.values()

"""Sides by the words themselves: the form says the left leg and the talk, whatever it tells of it, the right one.

Facts line up by what is felt; "pain going down my left leg" and "down the leg, the right one" are told of different
things. So the words of patient and companion are held against each other, place by place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from syngraph.checks.case import Case, Claim
from syngraph.checks.guard_words import sentences
from syngraph.checks.rules import Rule
from syngraph.checks.wording import cut, spoken_by
from syngraph.model import Evidence, Finding, Source, Witness
from syngraph.terminology.fold import fold
from syngraph.terminology.patterns import regex

_SIDES = {"左": "left", "右": "right", "left": "left", "right": "right"}
_ANSWER = regex(
    r"\s*(?:the |my |it's the |um+,? |er+,? |在|是|就)*(left|right|左|右)(?: one| side|边|侧|的)?(?=[\s,.，。!！?？;；]|$)"
)
_BOTH = regex(r"双侧|双|两[边侧条只腿]|都|both|bilateral|either|each")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """One side of one place, as somebody names it; ``asked`` where it answers "which one?"."""

    site: str
    side: str
    evidence: Evidence
    witness: Witness
    asked: bool = False


@lru_cache(maxsize=64)
def _pattern(zh: str, en: str) -> re.Pattern[str]:
    """The side before the place (左大腿, "my left leg"), or right behind it ("down the leg. The right one")."""
    behind = r"[.,;]?\s+(?:it's |and |on |just |only )?(?:the |my )?(?P<behind>left|right)(?: one| side| hand side)?(?=[.,;]|$)"
    count = (
        r"(?:first|second|third|fourth|fifth|[1-5](?:st|nd|rd|th)|little|ring|middle|index|big|great|distal|proximal)"
    )
    before = rf"(?P<before>left|right)(?:[- ](?:hand|side|sided|lower|upper|{count}))?\s+"
    han = r"(?P<han>[左右])(?:手?边|侧|条|只|面|下|上)?(?:的)?"
    return regex(rf"{han}{zh}|\b{before}{en}\b|\b{en}{behind}")


def side_said(case: Case, rule: Rule) -> Iterator[Finding]:
    """A place that the form names on one side, and the talk only on the other.

    Parameters: ``sites``, for each place its words in both languages and its ``name``; ``aside``, words by which a
    sentence tells of another time or of the side that is well.
    """
    forms = [s for s in case.sources.values() if s.kind == "preconsultation"]
    talks = [s for s in case.sources.values() if s.kind == "consultation"]
    for site, row in rule.params["sites"].items():
        left = [said for s in forms for said in _named(rule, s, site, row)]
        right = [said for s in talks for said in _named(rule, s, site, row)]
        told = any(said.asked for said in right)
        if _differ(left, right) and (told or not any(_mentions(s, row, left[0].side) for s in talks)):
            yield _finding(case, rule, row["name"][case.language], left[0], right[0])


def side_shown(case: Case, rule: Rule) -> Iterator[Finding]:
    """A lesion that a picture of late shows on one side only, and the complaint of form or talk on the other.

    Parameters: as of :func:`side_said`; ``lesions`` (words of what is felt: a stone, a fracture), ``within_days``.
    """
    told = [s for s in case.sources.values() if s.kind in {"preconsultation", "consultation"}]
    pictures = [(c, e) for c in case.of("imaging") if c.origin in {"report", "emr"} for e in c.evidence
                if c.told and 0 <= (case.visit - c.told).days <= rule.number("within_days", 90)]  # fmt: skip
    for site, row in rule.params["sites"].items():
        left = [said for c, e in pictures for said in _shown(case, rule, c, e, site, row)]
        right = [said for s in told for said in _named(rule, s, site, row)]
        if _differ(left, right) and not any(_mentions(s, row, left[0].side) for s in told):
            yield _finding(case, rule, row["name"][case.language], left[0], right[0])


def _shown(
    case: Case, rule: Rule, claim: Claim, evidence: Evidence, site: str, row: Mapping[str, Any]
) -> Iterator[_Said]:
    """The side of a place on which a picture's words show a lesion; nothing where they name both sides."""
    text = fold(case.sources[evidence.source].text[evidence.start : evidence.end])
    if not regex("|".join(rule.kinds("lesions"))).search(text):
        return
    sides = {_SIDES[m["han"] or m["before"] or m["behind"]] for m in _pattern(row["zh"], row["en"]).finditer(text)}
    if len(sides) == 1 and not _BOTH.search(text):
        yield _Said(site=site, side=sides.pop(), evidence=evidence, witness=claim.witness)


def _differ(left: list[_Said], right: list[_Said]) -> bool:
    sides = {s.side for s in left}, {s.side for s in right}
    return all(len(s) == 1 for s in sides) and sides[0] != sides[1]


def _named(rule: Rule, source: Source, site: str, row: Mapping[str, Any]) -> Iterator[_Said]:
    """The sides of a place that patient or companion names as the one concerned."""
    aside = regex("|".join(rule.kinds("aside")))
    before = ""
    for segment in source.segments:
        text = fold(source.text[segment.start : segment.end])
        if segment.role not in ("patient", "companion"):
            before = text if segment.role == "doctor" else ""
            continue
        asked = _asks_which(before, row)
        answer = _ANSWER.match(text) if asked else None
        before = ""
        if answer and not aside.search(text[: answer.end() + 12]):
            place = Evidence(source=source.id, start=segment.start, end=segment.start + answer.end())
            yield _Said(site=site, side=_SIDES[answer[1]], evidence=place, witness=segment.role, asked=asked)
        for m in _pattern(row["zh"], row["en"]).finditer(text):
            start, end = _sentence(text, m.start(), m.end())
            about = text[start:end] + " " + fold(segment.label if source.kind == "preconsultation" else "")
            if not aside.search(about) and not _BOTH.search(text[start:end]):
                found = m["han"] or m["before"] or m["behind"]
                place = Evidence(source=source.id, start=segment.start + start, end=segment.start + end)
                yield _Said(site=site, side=_SIDES[found], evidence=place, witness=segment.role, asked=asked)


def _asks_which(question: str, row: Mapping[str, Any]) -> bool:
    """Whether a question asks on which side the place is meant ("which ear?", 哪条腿)."""
    return (
        re.search(
            rf"(?:which|what) (?:side )?(?:of the )?{row['en']}\b|哪[边侧条只个]?(?:的)?{row['zh']}|{row['zh']}[^,，。?？]{{0,4}}哪",
            question,
        )
        is not None
    )


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentence or sentences around a stretch of ``text``, without blanks at their ends."""
    spans = [(at, at + len(part)) for at, part in sentences(text) if at < end and start < at + len(part)]
    first, last = spans[0][0] if spans else 0, spans[-1][1] if spans else len(text)
    said = text[first:last]
    return first + len(said) - len(said.lstrip()), last - len(said) + len(said.rstrip())


def _mentions(source: Source, row: Mapping[str, Any], side: str) -> bool:
    """Whether anybody in the talk names the place on this side, whatever is said of it."""
    found = _pattern(row["zh"], row["en"]).finditer(fold(source.text))
    return any(_SIDES[m["han"] or m["before"] or m["behind"]] == side for m in found)


def _finding(case: Case, rule: Rule, name: str, left: _Said, right: _Said) -> Finding:
    said = [spoken_by(case, s.evidence, s.witness) for s in (left, right)]
    quoted = [cut(case, s.evidence) for s in (left, right)]
    facts = [c.id for c in case.claims if c.id for e in c.evidence for s in (left, right) if _overlap(e, s.evidence)]
    words = {"name": name, "a": said[0] + quoted[0], "b": said[1] + quoted[1], "who_a": said[0], "who_b": said[1]}
    return rule.told(case, words, tuple(dict.fromkeys(facts)), (left.evidence, right.evidence))


def _overlap(a: Evidence, b: Evidence) -> bool:
    return a.source == b.source and a.start < b.end and b.start < a.end

"""How a finding names a voice and quotes it: 患者预问诊“没有”；本院记录（2019）“青霉素，皮疹”."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from syngraph.checks.case import Case, Claim
from syngraph.model import Source
from syngraph.terminology.fold import fold

#: Longest quote in a message, in characters; the whole stands in the evidence.
_LONGEST = {"zh": 40, "en": 80}
#: A quote this short ("没有", "No.") needs its question beside it.
_SHORT = 12
_SHOWN = 3


@cache
def voices() -> Mapping[str, Any]:
    """The words for sources and witnesses in both languages."""
    import yaml

    text = files("syngraph.terminology").joinpath("data/checks/voices.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text)  # type: ignore[no-any-return]


def say_side(case: Case, claims: Sequence[Claim]) -> str:
    """One side of a finding: each voice once, with its day and its words, three voices at most."""
    said = dict.fromkeys(say_claim(case, c) for c in claims)
    joiner: str = voices()["joiner"][case.language]
    return joiner.join(list(said)[:_SHOWN])


def say_claim(case: Case, claim: Claim) -> str:
    """Who says it, when, and the words: ``患者预问诊“没有”``."""
    quoted: str = voices()["quote"][case.language].format(quote=quote(case, claim))
    return say_voice(case, claim) + quoted + _question(case, claim)


def say_voice(case: Case, claim: Claim) -> str:
    """The voice's name, with the day for what was written earlier or elsewhere."""
    words = voices()
    where = words["voices"][case.language][claim.origin or "unknown"]
    name: str = where.get(claim.witness) or where["other"]
    source = case.sources.get(claim.source)
    notes = [n for n in (_organization(claim, source), _day(claim, source)) if n]
    if not notes:
        return name
    bracket: str = words["bracket"][case.language]
    return name + bracket.format(notes=words["comma"][case.language].join(notes))


def _organization(claim: Claim, source: Source | None) -> str | None:
    return source.organization if source and claim.origin == "report" else None


def _day(claim: Claim, source: Source | None) -> str | None:
    """When it was written: only for what was not said at this visit."""
    if claim.origin not in {"report", "emr"}:
        return None
    day = claim.get("date") or claim.fact.recorded or (source.recorded if source else None)
    return day[:10] if day else None


def quote(case: Case, claim: Claim) -> str:
    """The claim's words, verbatim, cut at a line's end or at the longest length."""
    source = case.sources.get(claim.source)
    if source is None:
        return claim.fact.concept.text
    first = claim.evidence[0]
    words = source.text[first.start : first.end].strip().splitlines() or [claim.fact.concept.text]
    longest = _LONGEST[case.language]
    short = words[0] if len(words[0]) <= longest else words[0][:longest].rstrip() + "…"
    return short.rstrip("。.；;，, ") or short


def _question(case: Case, claim: Claim) -> str:
    """The form's question beside an answer that says little by itself."""
    label = question_of(case, claim)
    if not label or len(quote(case, claim)) > _SHORT or fold(label) in fold(quote(case, claim)):
        return ""
    asked: str = voices()["asked"][case.language]
    return asked.format(question=label.rstrip("：:？? "))


def question_of(case: Case, claim: Claim) -> str:
    """The form's question that a claim answers; empty where there is none."""
    source = case.sources.get(claim.source)
    if source is None or source.kind != "preconsultation":
        return ""
    first = claim.evidence[0]
    return next((s.label for s in source.segments if s.start <= first.start < s.end and s.role != "question"), "")


def names(items: Iterable[str], language: str) -> str:
    """A list of names in ``language``, each once."""
    separator: str = voices()["comma"][language]
    return separator.join(dict.fromkeys(items))

"""How a finding names a voice and quotes it: 患者预问诊“没有”；本院记录（2019）“青霉素，皮疹”."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from syngraph.checks.case import Case, Claim
from syngraph.model import Evidence, Source, Witness
from syngraph.terminology.concepts import term_of
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


def say_side(case: Case, claims: Sequence[Claim], about: str = "") -> str:
    """One side of a finding: each voice once, with its day and its words on ``about``, three voices at most."""
    said = dict.fromkeys(say_claim(case, c, about) for c in claims)
    joiner: str = voices()["joiner"][case.language]
    return joiner.join(list(said)[:_SHOWN])


def say_claim(case: Case, claim: Claim, about: str = "") -> str:
    """Who says it, when, and the words: ``患者预问诊“没有”``; ``about`` is what is compared (``side``, ``dose``)."""
    words = quote(case, claim, about)
    quoted: str = voices()["quote"][case.language].format(quote=words)
    return say_voice(case, claim) + quoted + _unsaid_side(case, claim, words, about) + _question(case, claim)


def _unsaid_side(case: Case, claim: Claim, words: str, about: str) -> str:
    """The side in brackets where the words before it don't say it."""
    if about != "side" or _mark("side").search(fold(words)):
        return ""
    return str(voices()["side"][case.language].get(claim.get("laterality") or "", ""))


@cache
def _mark(about: str) -> re.Pattern[str]:
    return re.compile(voices()["marks"].get(about, ""))


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


def quote(case: Case, claim: Claim, about: str = "") -> str:
    """The claim's words, verbatim: of several pieces one that speaks of ``about``, of a long one the part that counts."""
    source = case.sources.get(claim.source)
    if source is None:
        return claim.fact.concept.text
    pieces = [source.text[e.start : e.end].strip() for e in claim.evidence]
    piece = next((p for p in pieces if about and _mark(about).search(fold(p))), pieces[0])
    lines = piece.splitlines() or [claim.fact.concept.text]
    line, at = _named_in(lines, claim)
    short = _cut(line, at, _LONGEST[case.language])
    return short.rstrip("。.；;，, ") or short


def spoken_by(case: Case, evidence: Evidence, witness: Witness) -> str:
    """The name of the voice behind a bare stretch of a source."""
    source = case.sources.get(evidence.source)
    where = voices()["voices"][case.language][source.kind if source else "unknown"]
    return str(where.get(witness) or where["other"])


def cut(case: Case, evidence: Evidence) -> str:
    """A bare stretch of a source in quotation marks, at most as long as a message may quote."""
    source = case.sources[evidence.source]
    line = _cut(source.text[evidence.start : evidence.end].strip(), 0, _LONGEST[case.language])
    return str(voices()["quote"][case.language].format(quote=line.rstrip("。.；;，, ") or line))


def _named_in(lines: Sequence[str], claim: Claim) -> tuple[str, int]:
    """The line that names the claim's thing, and where; the first one where none does."""
    term = term_of(claim.fact.concept)
    known = {fold(n) for n in (claim.fact.concept.text, *(term.names() if term else ()))}
    for line in lines:
        places = [fold(line).find(n) for n in known]
        if any(p >= 0 for p in places):
            return line, min(p for p in places if p >= 0)
    return lines[0], 0


def _cut(line: str, at: int, longest: int) -> str:
    """``line`` at its longest length, from the part (between marks) in which ``at`` lies where it would be cut off."""
    if len(line) <= longest:
        return line
    parts = [m.end() for m in re.finditer(r"[，,。；;]\s*", line[:at])]
    start = parts[-1] if parts and at > longest // 2 else 0
    rest = line[start:].lstrip()
    return ("…" if start else "") + (rest if len(rest) <= longest else rest[:longest].rstrip() + "…")


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


def words_of(case: Case, claim: Claim, *, asked: bool = True) -> str:
    """The claim's quotes, with the form's question that it answers where ``asked``; folded."""
    source = case.sources.get(claim.source)
    quotes = [q for e in claim.evidence for q in _said(source, e, asked)] if source else []
    return fold(" ".join([*quotes, question_of(case, claim)] if asked else quotes))


def _said(source: Source, evidence: Evidence, asked: bool) -> Iterable[str]:
    """The words of a piece of evidence; of a form's question and answer in one piece only the answer, unless ``asked``."""
    inside = [s for s in source.segments if evidence.start < s.end and s.start < evidence.end]
    questions = [s for s in inside if s.role == "question"]
    if asked or source.kind != "preconsultation" or not questions or len(questions) == len(inside):
        return [source.text[evidence.start : evidence.end]]
    return [
        source.text[max(s.start, evidence.start) : min(s.end, evidence.end)] for s in inside if s.role != "question"
    ]


def names(items: Iterable[str], language: str) -> str:
    """A list of names in ``language``, each once."""
    separator: str = voices()["comma"][language]
    return separator.join(dict.fromkeys(items))

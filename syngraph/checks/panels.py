"""What is said of a whole examination ("血常规正常", "my kidneys are fine"), as claims to hold against its results."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from syngraph.checks.case import Case, Claim
from syngraph.checks.rules import load_yaml
from syngraph.checks.wording import words_of
from syngraph.model import Concept, Evidence, Fact, FactId, FrozenMap, Role, Segment, Source, Witness
from syngraph.terminology.fold import fold

_CLAUSE = re.compile(r"(?:[^，,。；;!！?？\n.]|(?<=\d)\.(?=\d))+[?？]?")
#: The longest stretch between the name of an examination and its verdict, and the longest bare answer.
_REACH = 16
#: An answer that only takes up the question ("查了，…", "yes, …").
_BARE = 4
_WITNESSES: Mapping[Role, Witness] = {"patient": "patient", "companion": "companion", "doctor": "doctor"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """An examination under its everyday names: the results or images that would belie a "normal".

    ``clear`` is by what share of its bound a value must miss it, where that differs from the rule's.
    """

    name: Mapping[str, str]
    words: re.Pattern[str]
    labs: frozenset[str]
    images: frozenset[str]
    clear: float | None = None


@cache
def panels() -> tuple[Panel, ...]:
    """The examinations of ``panels.yaml``."""
    return tuple(
        Panel(
            name=row["name"],
            words=re.compile(row["words"]),
            labs=frozenset(row.get("labs", ())),
            images=frozenset(row.get("images", ())),
            clear=row.get("clear"),
        )
        for row in _data()["panels"]
    )


@cache
def _data() -> Mapping[str, Any]:
    return load_yaml("panels.yaml")  # type: ignore[no-any-return]


@cache
def _pattern(key: str) -> re.Pattern[str]:
    return re.compile(_data()[key])


@cache
def _any_name() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p.words.pattern})" for p in panels()))


def said_normal(case: Case) -> Iterator[tuple[Panel, Claim]]:
    """Every examination that somebody calls normal in the room or on the form, with a claim that quotes it."""
    for source in case.sources.values():
        if source.kind in {"consultation", "preconsultation"} and _any_name().search(fold(source.text)):
            for panel, segment, start, end in _in_source(source):
                yield panel, _claim(case, source, segment, panel, start, end)


def is_clean(conclusion: str) -> bool:
    """Whether a report's conclusion says that nothing is wrong."""
    return _pattern("clean").search(fold(conclusion)) is not None


_Found = tuple[Panel, Segment, int, int]


def _in_source(source: Source) -> Iterator[_Found]:
    before: Segment | None = None
    for segment in source.segments:
        text = fold(source.text[segment.start : segment.end])
        if segment.role not in {"question", "document"}:
            yield from _stated(text, segment)
            yield from _answered(source, text, segment, before)
        before = segment


def _stated(text: str, segment: Segment) -> Iterator[_Found]:
    """Name and verdict in one clause ("肝功能正常"), or the verdict in the clause behind ("查的血常规，说是正常")."""
    clauses = [(m.start(), m[0]) for m in _CLAUSE.finditer(text)]
    for n, (at, clause) in enumerate(clauses):
        named = [(p, m) for p in panels() for m in [p.words.search(clause)] if m]
        if not named or _pattern("question").search(clause):
            continue
        end = at + len(clause)
        verdict = _verdict(clause[named[-1][1].end() :], _REACH)
        if verdict is None and n + 1 < len(clauses) and not _any_name().search(clauses[n + 1][1]):
            verdict = _linked(clauses[n + 1][1])
            end = clauses[n + 1][0] + len(clauses[n + 1][1])
        if verdict and not _pattern("not_said").search(text[at:end]):
            yield from ((p, segment, segment.start + at, segment.start + end) for p, _ in named)


def _verdict(words: str, reach: int) -> bool | None:
    """Whether ``words`` call something normal; None where they give no verdict nearby."""
    if _pattern("not_normal").search(words):
        return False
    found = _pattern("normal").search(words)
    return True if found and found.start() <= reach else None


def _linked(words: str) -> bool | None:
    """The verdict of a clause or answer that has no subject of its own."""
    rest = words.strip(" ,，。.")
    while link := re.match(rf"{_data()['link']}[\s，,]*", rest):
        if _pattern("normal").match(rest):
            break
        rest = rest[link.end() :]
    return _verdict(rest, 1) if len(rest) <= _REACH else None


def _answered(source: Source, text: str, segment: Segment, before: Segment | None) -> Iterator[_Found]:
    """A bare verdict that answers a question which names the examination ("肝功能怎么样？" "正常")."""
    asked = fold(segment.label) if source.kind == "preconsultation" else ""
    if not asked and before and before.role != segment.role:
        last = list(_CLAUSE.finditer(fold(source.text[before.start : before.end])))
        asked = last[-1][0] if last and _pattern("question").search(last[-1][0]) else ""
    named = [p for p in panels() if asked and p.words.search(asked)]
    if not named or _any_name().search(text):
        return
    first, second = [*_CLAUSE.finditer(text), None, None][:2]
    said = second if first and second and len(first[0]) <= _BARE else first
    if first and said and _linked(said[0]):
        yield from ((p, segment, segment.start + first.start(), segment.start + said.end()) for p in named)


def _claim(case: Case, source: Source, segment: Segment, panel: Panel, start: int, end: int) -> Claim:
    witness = segment.witness or _WITNESSES.get(segment.role, "patient")
    evidence = (Evidence(source=source.id, start=start, end=end),)
    fact = Fact(
        kind="lab-result",
        concept=Concept(text=panel.name[case.language]),
        status="present",
        evidence=evidence,
        witnesses=(witness,),
        attributes=FrozenMap({"flag": "normal"}),
    )
    return Claim(
        fact=fact, id=FactId(""), group=-1, source=source.id, origin=source.kind, witness=witness, evidence=evidence,
        told=case.visit,
    )  # fmt: skip


def belying(panel: Panel, claims: Sequence[Claim]) -> list[Claim]:
    """Those of ``claims`` that the panel stands for."""
    return [c for c in claims if c.key in panel.labs or c.key in panel.images]


def of_this_picture(case: Case, panel: Panel, said: Sequence[Claim], written: Claim) -> bool:
    """Whether a report may be of the picture that is spoken of: not of another kind, nor of another part of the body."""
    source = case.sources.get(written.source)
    if written.fact.kind != "imaging" or source is None:
        return True
    words = " ".join((written.get("findings") or "", written.get("conclusion") or ""))
    shown = fold(" ".join((words, *(source.text[e.start : e.end] for e in written.evidence))))
    report = shown if source.kind != "report" else fold(f"{source.title or ''} {source.text}")
    kinds = [kind for kind in _data()["pictures"] if re.search(kind, report)]
    if kinds and not panel.words.search(report):
        return False
    return not said or any(_one_part(words_of(case, c, asked=False), shown) for c in said)


def _one_part(told: str, shown: str) -> bool:
    """Whether two texts may be of one part of the body: both name one, or one of them names none."""
    named = [{n for n, part in enumerate(_data()["parts"]) if re.search(part, text)} for text in (told, shown)]
    return not all(named) or bool(named[0] & named[1])


def judged_aloud(case: Case, said: Sequence[Claim], written: Claim) -> bool:
    """Whether the doctor who calls it normal reads out that very value in the same turn: a judgement, not an error."""
    value = (written.get("value") or "").strip()
    turns = [_turn(case, c) for c in said]
    return bool(value) and all(
        c.witness == "doctor" and turn and _reads_out(turn, value) for c, turn in zip(said, turns, strict=True)
    )


def _turn(case: Case, claim: Claim) -> str:
    source, at = case.sources.get(claim.source), claim.evidence[0].start
    turn = next((s for s in source.segments if s.start <= at < s.end), None) if source else None
    return source.text[turn.start : turn.end] if source and turn else ""


def _reads_out(turn: str, value: str) -> bool:
    from syngraph.terminology.numerals import find_numbers
    from syngraph.terminology.units import parse_value

    number = parse_value(value).number
    return number is not None and any(n.value == number for n in find_numbers(turn))

"""Replies in the room to what the form asks too, where no fact was made of them: "烧几天了？" "昨天开始的吧".

A fact needs its thing named; a reply leans on its question. Where the form states the thing and the talk has nothing on
it, the reply is read against the form's own claim, so that the same rules with the same tolerances hold them together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from syngraph.checks.case import Case, Claim
from syngraph.checks.guard_words import any_coded, sentences, words
from syngraph.checks.phrases import phrases
from syngraph.checks.rules import load_yaml
from syngraph.checks.setting_aside import presupposed
from syngraph.checks.wording import words_of
from syngraph.model import Evidence, Fact, FactId, Role, Source, Status, Witness, frozen_map
from syngraph.terminology.concepts import broader, term_of
from syngraph.terminology.fold import fold
from syngraph.terminology.lexicon import lexicon
from syngraph.terminology.patterns import regex

_KINDS = ("symptom", "condition", "immunization", "reproductive-history")
#: What is taken or done day by day, as kinds of facts and of terms.
_HABITS = ("medication", "social-history")
_GIVEN_UP = ("drug", "drug-class", "substance")
_WORD = re.compile(r"[a-z]{4,}")
_VOICES: Mapping[Role, Witness] = {"patient": "patient", "companion": "companion"}
#: A reply longer than this tells a story of its own.
_LONGEST = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reply:
    """What patient or companion answers to the doctor's question just before; both folded."""

    question: str
    text: str
    source: Source
    start: int
    witness: Witness


@dataclass(frozen=True, slots=True, kw_only=True)
class _Root:
    """A bare word ("烧", "blood") by which a question takes up the one thing whose names hold it."""

    names: re.Pattern[str]
    bare: re.Pattern[str]
    affirms: bool


@cache
def _roots() -> tuple[_Root, ...]:
    data: Mapping[str, Any] = load_yaml("replies.yaml")
    around, parts = data["around"], "|".join(data["parts"])
    return tuple(
        _Root(
            names=regex(row["names"]),
            bare=regex(rf"^(?:{around}|{parts})*(?:{row['said']})(?:{around}|{parts})*$"),
            affirms=bool(row.get("affirms")),
        )
        for row in data["roots"]
    )


def heard(case: Case) -> tuple[Claim, ...]:
    """The replies that answer what the form states, as claims without a fact's id."""
    stated = [c for c in case.of(*_KINDS) if c.origin == "preconsultation"]
    any_stated = stated or any(c.origin != "consultation" for c in case.of("procedure", *_HABITS))
    talks = [s for s in case.sources.values() if s.kind == "consultation"] if any_stated else []
    return tuple(claim for talk in talks for reply in _replies(talk) for claim in _read(case, reply, stated))


def _replies(talk: Source) -> Iterator[_Reply]:
    question = ""
    for segment in talk.segments:
        text = fold(talk.text[segment.start : segment.end])
        if segment.role == "doctor":
            asked = [part.strip() for _, part in sentences(text) if words("question").search(part.strip())]
            question = asked[-1] if asked else ""
        elif question and segment.role in _VOICES:
            if len(text) <= _LONGEST and not words("question").search(text):
                yield _Reply(
                    question=question, text=text, source=talk, start=segment.start, witness=_VOICES[segment.role]
                )
            question = ""


def _read(case: Case, reply: _Reply, stated: Sequence[Claim]) -> Iterator[Claim]:
    """The claims of one reply; none where it is taken back, or where a fact tells of the thing."""
    if phrases("thinks_again").search(reply.text) or phrases("unsure").search(reply.text):
        return
    if phrases("another_time").search(reply.question) or any_coded("relation").search(reply.question):
        return
    if phrases("operations").search(reply.question):
        yield from _operations(case, reply)
        return
    if phrases("asks_when").search(reply.question):
        timed = [c for c in stated if c.status == "present" and (c.get("duration") or c.get("onset"))]
        about = _named(reply, timed) or _only(_rooted(case, reply, timed))
        if about and not _told(case, reply, about, timed=True):
            yield from _times(case, reply, about)
        return
    if given_up := _given_up(case, reply):
        yield given_up
        return
    if phrases("asks_effect").search(reply.question):
        return
    about = _named(reply, stated) or _only(_rooted(case, reply, stated, affirms=True))
    if about and about.fact.kind != "immunization" and presupposed(reply.question, about.key):
        return
    status = _polarity(reply, about) if about else None
    if about and status and not _told(case, reply, about):
        yield _claim(case, reply, about, status, {})


def _given_up(case: Case, reply: _Reply) -> Claim | None:
    """What the question names of the medicines and habits known, where the reply only says that it is given up."""
    if not phrases("gave_up").search(reply.text) or phrases("of_others").search(f"{reply.question} {reply.text}"):
        return None
    if any_coded("relation").search(reply.text):
        return None
    named = {_bare_key(m.term.id) for m in lexicon().longest(reply.question, *_GIVEN_UP)}
    stated = [c for c in case.of(*_HABITS) if c.origin != "consultation" and c.status != "historical"]
    known = [c for c in stated if _bare_key(c.key) in named]
    about = _only(known)
    if about is None or len(named) != 1 or _told(case, reply, about):
        return None
    return _claim(case, reply, about, "historical", {"ended": "yes"})


def _named(reply: _Reply, stated: Sequence[Claim]) -> Claim | None:
    """What the question names, where it names one thing only and the form states that."""
    ids = {m.term.id for m in lexicon().longest(reply.question, *_KINDS)}
    if len({_bare_key(i) for i in ids}) != 1:
        return None
    return next((c for c in stated if {_bare_key(c.key)} & {_bare_key(i) for i in ids}), None)


def _bare_key(key: str) -> str:
    return key.rpartition(":")[2]


def _rooted(case: Case, reply: _Reply, stated: Sequence[Claim], *, affirms: bool = False) -> list[Claim]:
    """What a bare question ("烧几天了", "any blood?") can only mean; of a yes or no, where reply and form share words."""
    question = reply.question.strip(" .,?!。，？！")
    for root in _roots():
        if (root.affirms or not affirms) and root.bare.match(question):
            found = [c for c in stated if root.names.search(_names_of(c)) and _of_part(question, c)]
            return [c for c in found if not affirms or _shared(case, reply, c)]
    return []


def _of_part(question: str, claim: Claim) -> bool:
    """Whether what the form states is of the part of the body that the question names ("肚子啥时候疼的？": 腹痛)."""
    parts = [part for said, part in load_yaml("replies.yaml")["parts"].items() if re.search(said, question)]
    return all(re.search(part, _names_of(claim)) for part in parts)


def _names_of(claim: Claim) -> str:
    term = term_of(claim.fact.concept)
    return fold(" ".join((claim.fact.concept.text, *((term.zh, term.en) if term else ()))))


def _only(claims: Sequence[Claim]) -> Claim | None:
    return claims[0] if len({c.group for c in claims}) == 1 else None


def _shared(case: Case, reply: _Reply, claim: Claim) -> bool:
    """Whether reply and form have a word in common beside the thing itself ("on the paper")."""
    own = set(_WORD.findall(fold(claim.fact.concept.text)))
    asked = set(_WORD.findall(words_of(case, claim))) - own
    return bool(asked & set(_WORD.findall(reply.text)) - set(load_yaml("replies.yaml")["common"]))


def _told(case: Case, reply: _Reply, about: Claim, *, timed: bool = False) -> bool:
    """Whether a fact of the talk tells of this thing already (of its time, where that is what is asked)."""
    near = {about.key, *broader(about.key)}
    return any(
        c.source == reply.source.id
        and (c.group == about.group or c.key in near or _bare_key(c.key) == _bare_key(about.key) or about.key in broader(c.key))
        and (not timed or c.get("duration") or c.get("onset"))
        for c in case.claims
    )  # fmt: skip


def _polarity(reply: _Reply, about: Claim) -> Status | None:
    """Yes or no, by how the reply begins: a word for it, the question's own verb, or a measured fever."""
    text = phrases("lead").sub("", reply.text, count=1)
    if about.key == "symptom:fever" and _feverish(text):
        return "present"
    echo = re.match(r"([一-鿿])(?:了|过|着|的)", text)
    if echo and echo[1] in reply.question and echo[1] not in "有没不是":
        return "present"
    if words("denial").match(text):
        return "absent"
    return "present" if phrases("affirmed").match(text) else None


def _feverish(text: str) -> bool:
    from syngraph.terminology.numerals import find_numbers

    low, high = load_yaml("replies.yaml")["fever"]
    return any(low <= float(n.value) <= high for n in find_numbers(text))


def _times(case: Case, reply: _Reply, about: Claim) -> Iterator[Claim]:
    from syngraph.terminology.dates import find_dates
    from syngraph.terminology.durations import find_durations

    for found in find_durations(reply.text):
        yield _claim(case, reply, about, "present", {"duration": found.iso})
    for day in find_dates(reply.text, case.visit):
        yield _claim(case, reply, about, "present", {"onset": day.iso})


def _operations(case: Case, reply: _Reply) -> Iterator[Claim]:
    """An operation named by its organ alone ("胆囊，前年割的", "just my appendix, two years ago"): its day and side."""
    from syngraph.terminology.dates import find_dates, onset_from
    from syngraph.terminology.durations import find_durations

    known = [c for c in case.of("procedure") if c.origin != "consultation" and _organ(c, reply.text)]
    about = _only(known)
    if about is None or words("denial").match(reply.text) or _told(case, reply, about):
        return
    sides = {side for side in ("left", "right") if words(side).search(reply.text)}
    aside = {"laterality": sides.pop()} if len(sides) == 1 else {}
    days = [d.iso for d in find_dates(reply.text, case.visit)]
    if not days and phrases("ago").search(reply.text):
        days = [onset_from(d.iso, case.visit) for d in find_durations(reply.text)]
    for more in [{"date": d} for d in days if d] or [{}]:
        yield _claim(case, reply, about, "historical", {**aside, **more})


def _organ(claim: Claim, text: str) -> bool:
    """Whether ``text`` names the organ of an operation."""
    names = _names_of(claim)
    organs = load_yaml("replies.yaml")["organs"]
    return any(re.search(row, names) and re.search(row, text) for row in organs)


def _claim(case: Case, reply: _Reply, about: Claim, status: Status, attributes: Mapping[str, str]) -> Claim:
    end = next(iter(at + len(part) for at, part in sentences(reply.text)), len(reply.text))
    evidence = (Evidence(source=reply.source.id, start=reply.start, end=reply.start + max(end, 1)),)
    fact = Fact(
        kind=about.fact.kind, concept=about.fact.concept, status=status, evidence=evidence,
        witnesses=(reply.witness,), attributes=frozen_map(attributes),
    )  # fmt: skip
    return Claim(
        fact=fact, id=FactId(""), group=about.group, source=reply.source.id, origin="consultation",
        witness=reply.witness, evidence=evidence, told=case.visit,
    )  # fmt: skip

"""Medications that the patient takes, took or stopped, with dose, route and frequency as they were said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from syngraph.facts.mentions import Mention, Reading, names_in, polarity
from syngraph.facts.naming import concept_of
from syngraph.facts.passage import Passage
from syngraph.facts.values import values
from syngraph.model import Concept, Evidence, Fact, Status, frozen_map
from syngraph.terminology.doses import find_routes

_STOPPED = re.compile(
    r"停了|停掉|停药|停用|不吃了|没吃了|没再吃|没继续|断了|早停|不用了|戒了|(?<![a-z])(?:stopped|came off|come off|quit|discontinued|no longer|not anymore|ran out|used to take|weaned)(?![a-z])"
)
_ONCE = re.compile(
    r"以前吃|过去吃|曾吃|曾服|原来吃|之前吃|早先吃|(?<![a-z])(?:used to|was on|had been on|previously|in the past)(?![a-z])"
)
_LONG = re.compile(
    r"平时|平常|一直|长期|每天|天天|常年|规律|坚持|还在吃|在吃|在用|降[压糖脂]|一天|每日|(?<![a-z])(?:daily|every day|every morning|every night|regularly|for years|always|still|usually|nightly|once a day|twice a day|maintenance|long term)(?![a-z])"
)
_TRIED = re.compile(
    r"吃了|吃过|喝了|喝过|用了|用过|服了|服过|抹了|涂了|贴了|打了|输了|挂了|自己买|自己吃|自行|药店|家里有|剩的|买了|先吃|就吃|给他吃|给她吃|喂了|"
    r"(?<![a-z])(?:took|tried|taken|gave|given|leftover|left over|over the counter|otc|been taking|bought|popped|used some|put some|started taking)(?![a-z])"
)
_NONE_HELPED = re.compile(
    r"没用|不管用|没效|无效|没好|没见好|不见好|没退|没什么用|没啥用|不顶用|(?:didn't|did not|doesn't|hasn't|not) (?:really )?(?:help|work|touch|do)|no (?:better|help|use|effect|relief|difference)|not much help|nothing works"
)
_HELPED = re.compile(
    r"好[一些点]|好多了|管用|有效|缓解|见好|退[烧了下]|减轻|(?<![a-z])(?:helped|helps|worked|works|eased|better|relief|took the edge off)(?![a-z])"
)
_LISTED = re.compile(r"\s*(?:、|,|和|跟|还有|加|and|plus|or|\s|\+|&)+\s*")
_PAST = re.compile(
    r"去年|前年|上次|曾|以前|当时|那时|(?<![a-z])(?:last (?:year|month|time|summer|winter|spring)|years? ago|months? ago|back in|finished|completed)(?![a-z])"
)
_DOCTOR_KNOWS = re.compile(
    r"(?:你|您)(?:现在|平时|一直|目前)?(?:在|还在|是)?(?:吃|用|服)(?:着|的)|(?<![a-z])(?:you're on|you are on|you take|you're taking|you are taking|i see you)(?![a-z])"
)


def medications(reading: Reading, used: Sequence[Mention]) -> Iterator[Fact]:
    """The medication facts of a source; ``used`` are mentions that an allergy already claims."""
    taken = {(m.start, m.end, m.row) for m in used}
    last: list[Fact] = []
    for index, row in enumerate(reading.rows):
        if row.role == "question" or row.topic in ("allergies", "family-history", "plan", "investigations"):
            continue  # a drug in a result ("nitrofurantoin sensitive") was not taken
        mine = [
            m for m in reading.in_row(index)
            if m.term.kind in ("drug", "drug-class") and (m.start, m.end, m.row) not in taken
            and not m.assertion.hypothetical and m.assertion.subject == "patient"
        ]  # fmt: skip
        if row.role == "doctor":
            mine = [m for m in mine if _DOCTOR_KNOWS.search(row.folded, m.sentence.start, m.sentence.end)]
        specific = any(m.term.kind == "drug" for m in mine)
        mine = [m for m in mine if m.term.kind == "drug" or not (specific and m.term.attrs.get("vague"))]
        facts = [_fact(reading, row, m, mine) for m in mine]
        if not facts and row.asked and last and row.role in ("patient", "companion", "unknown"):
            last = [_more(reading, row, f) for f in last]
            yield from (f for f in last if f.evidence[-1].start >= row.start)
        elif not facts:
            yield from _form_answer(reading, row)
        else:
            last = facts[-1:]
            yield from facts


def _span(row: Passage, m: Mention, mine: list[Mention]) -> tuple[int, int]:
    """What is said of a drug: from its name (or its clause's start) to the next drug, at most to the turn's end."""
    if m.asked:
        return row.start, row.end
    # "paracetamol and ibuprofen, they help": what follows a list is said of all in it.
    first, last = m.start, m.end
    for o in sorted(mine, key=lambda o: o.start):
        if not o.asked and o.start >= last and _LISTED.fullmatch(row.folded[last : o.start]):
            last = o.end
    for o in sorted(mine, key=lambda o: -o.end):
        if not o.asked and o.end <= first and _LISTED.fullmatch(row.folded[o.end : first]):
            first = o.start
    later = [o.start for o in mine if o.start >= last and not o.asked]
    clause = m.sentence.clause_at(first)
    earlier = [o.end for o in mine if o.end <= first and not o.asked]
    start = max([clause.start, *[e for e in earlier if e > clause.start]])
    end = m.sentence.end
    for s in (s for s in row.sentences if s.start >= end):
        words = row.folded[s.start : s.end]
        if s.asks or len(words) > (24 if re.search(r"[一-鿿]", words) else 50) or names_in(row.folded, s.start, s.end):
            break
        end = s.end
        break
    return start, min([end, *later])


def _fact(reading: Reading, row: Passage, m: Mention, mine: list[Mention]) -> Fact:
    start, end = _span(row, m, mine)
    words = row.folded[start:end]
    attributes, evidence = _dosing(reading, row, start if m.asked else max(start, m.start), end)
    if not attributes.keys() & {"dose", "frequency"} and not any(o.end <= m.start and o.start >= start for o in mine):
        attributes, evidence = _dosing(reading, row, start, end)  # "20 mg of Lipitor"
    status = _status(row, m, words)
    if status == "historical":
        attributes |= _ended(reading, row, start, end)
    lasting = _LONG.search(words) or row.topic == "medications" or (row.asked and _asks_long(row))
    if status in ("present", "historical") and _TRIED.search(words) and not lasting and row.role != "document":
        attributes["self"] = "1"
        effect = "none" if _NONE_HELPED.search(words) else "improved" if _HELPED.search(words) else None
        if effect:
            attributes["effect"] = effect
    if row.role == "document" and row.topic not in ("medications", "plan", None):
        status = "historical" if status == "present" else status
    return Fact(
        kind="medication", concept=concept_of(m.term, reading.encounter.language), status=status,
        attributes=frozen_map(attributes), evidence=tuple(dict.fromkeys([*m.evidence, *evidence])),
        witnesses=(row.witness,), recorded=row.said.isoformat(),
    )  # fmt: skip


def _asks_long(row: Passage) -> bool:
    assert row.asked is not None  # noqa: S101 - narrows the type
    return (
        re.search(
            r"平时|长期|什么药|正在|吃药吗|在吃|regular|medications|medicines|taking any|currently",
            row.folded[row.asked.start : row.asked.end],
        )
        is not None
    )


def _status(row: Passage, m: Mention, words: str) -> Status:
    if _STOPPED.search(words) or (_ONCE.search(words) and not _TRIED.search(words)):
        return "historical"
    if m.status == "absent":
        return "absent"
    if _PAST.search(words) and not _LONG.search(words):
        return "historical"
    return "uncertain" if m.status == "uncertain" else "present"


def _dosing(reading: Reading, row: Passage, start: int, end: int) -> tuple[dict[str, str], list[Evidence]]:
    attributes: dict[str, str] = {}
    evidence: list[Evidence] = []
    for sentence in row.sentences:
        if sentence.end <= start or sentence.start >= end or sentence.asks:
            continue
        found = values(reading, row, sentence)
        fresh: dict[str, str] = {}
        for d in found.doses:
            if start <= d.start < end:
                fresh.setdefault("dose", d.dose)
        for f in found.frequencies:
            if start <= f.start < end:
                fresh.setdefault("frequency", f.code)
        for r in find_routes(row.folded[sentence.start : sentence.end]):
            if start <= r.start + sentence.start < end:
                fresh.setdefault("route", r.code)
        for t in found.durations:
            if start <= t.start < end and re.search(
                r"吃了|用了|服了|喝了|输了|took|for|taken|吃|用|\(", row.folded[max(start, t.start - 12) : t.start]
            ):
                fresh.setdefault("duration", t.iso)
        fresh = {k: v for k, v in fresh.items() if k not in attributes}
        if fresh:
            attributes |= fresh
            evidence.append(row.evidence(sentence.start, sentence.end))
    return attributes, evidence


def _ended(reading: Reading, row: Passage, start: int, end: int) -> dict[str, str]:
    for sentence in row.sentences:
        if sentence.start < end and start < sentence.end:
            for d in values(reading, row, sentence).dates:
                if start <= d.start < end:
                    return {"ended": d.iso}
    return {"ended": "yes"}


def _more(reading: Reading, row: Passage, fact: Fact) -> Fact:
    """A fact with the dose or frequency that the next answer gives ("吃多少？" "一天一片")."""
    attributes, evidence = _dosing(reading, row, row.start, row.end)
    fresh = {k: v for k, v in attributes.items() if k in ("dose", "frequency") and k not in fact.attributes}
    if not fresh:
        return fact
    from dataclasses import replace

    return replace(
        fact,
        attributes=frozen_map({**fact.attributes, **fresh}),
        evidence=tuple(dict.fromkeys([*fact.evidence, *evidence])),
    )


def _form_answer(reading: Reading, row: Passage) -> Iterator[Fact]:
    """A form's answer about medicines that names none we know: kept as written, or the denial it is."""
    asked = row.asked
    if asked is None or row.role in ("doctor", "document") or reading.in_row(reading.rows.index(row)):
        return
    question = row.folded[asked.start : asked.end]
    about = row.topic == "medications" or re.search(
        r"(?:吃|服|用)(?:着|过)?(?:什么|哪些|啥)?药|长期用药|(?:any|regular|other|what) (?:\w+ )?(?:medications?|medicines?|meds|tablets|pills)|taking any",
        question,
    )
    if not about:
        return
    answer = row.folded[row.start : row.end].strip()
    said = polarity(answer)
    quotes = row.answer(asked)
    zh = reading.encounter.language == "zh"
    if said == "absent":
        concept, status = Concept(text="长期用药" if zh else "regular medication", id="medication:any"), "absent"
    elif asked.from_form and said is None and 1 < len(answer) <= 60:
        concept, status = Concept(text=row.source.text[row.start : row.end].strip(" 。.")), "present"
    else:
        return
    yield Fact(
        kind="medication", concept=concept, status=status, evidence=quotes, witnesses=(row.witness,),  # type: ignore[arg-type]
        recorded=row.said.isoformat(),
    )  # fmt: skip

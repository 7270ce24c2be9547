"""What the clinician says aloud: findings on examination, the diagnosis, and the plan."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib.resources import files

from syngraph.facts.cues import pattern
from syngraph.facts.mentions import Mention, Reading
from syngraph.facts.naming import concept_of
from syngraph.facts.passage import Clause, Passage, Sentence
from syngraph.facts.values import side_of, values
from syngraph.facts.wording import tidy
from syngraph.model import Concept, Fact, FactKind, Status, frozen_map
from syngraph.terminology.doses import find_routes


@cache
def words_for(category: str) -> re.Pattern[str]:
    """The compiled words of one category of ``data/clinician.tsv``.

    Raises:
        KeyError: no such category in the data.
    """
    rows: list[str] = []
    text = files("syngraph.terminology").joinpath("data/clinician.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            name, _, patterns = line.partition("\t")
            if name == category:
                rows += [p for p in patterns.split(" | ") if p]
    if not rows:
        raise KeyError(category)
    return re.compile("|".join(f"(?:{pattern(r)})" for r in sorted(rows, key=len, reverse=True)))


def clinician(reading: Reading) -> Iterator[Fact]:
    """Examination, diagnoses and plan from the doctor's turns."""
    for index, row in enumerate(reading.rows):
        if row.role != "doctor":
            continue
        mentions = [m for m in reading.in_row(index) if not m.sentence.asks]
        yield from _examination(reading, row, mentions)
        yield from _diagnoses(reading, row, mentions)
        yield from _plans(reading, row, mentions)


def _examination(reading: Reading, row: Passage, mentions: list[Mention]) -> Iterator[Fact]:
    looked = any(m.term.kind in ("exam-finding", "vital") for m in mentions) or words_for("examines").search(
        row.folded, row.start, row.end
    )
    if not looked:
        return
    for m in mentions:
        plain = m.term.kind == "symptom" and not words_for("orders").search(
            row.folded, m.sentence.start, m.sentence.end
        )
        if m.assertion.hypothetical or not (m.term.kind == "exam-finding" or plain):
            continue
        if plain and any(o.term.kind == "exam-finding" and (o.start, o.end) == (m.start, m.end) for o in mentions):
            continue
        if plain and words_for("concludes").search(row.folded, m.sentence.start, m.sentence.end):
            continue
        found = values(reading, row, m.sentence)
        attributes = {"laterality": side_of(row, found, m.sentence, m.start, m.end), "text": _dictated(row, m)}
        concept = concept_of(m.term, reading.encounter.language)
        yield _fact(reading, row, m.sentence, "exam-finding", concept, m.status, attributes)


def exam_clauses(row: Passage, sentence: Sentence) -> list[Clause]:
    """Clauses, English ones also at their commas: examinations are dictated in lists."""
    out: list[Clause] = []
    for clause in sentence.clauses:
        at = clause.start
        for m in re.finditer(r",\s|、", row.folded[clause.start : clause.end]):
            if clause.start + m.start() > at:
                out.append(Clause(start=at, end=clause.start + m.start()))
            at = clause.start + m.end()
        if clause.end > at:
            out.append(Clause(start=at, end=clause.end))
    return out


_PLAIN = re.compile(
    r"没有|没|不|无|有点儿?|有些|有|的|了|是|都|也|还|挺|很|好|左|右|双侧?|侧|边|里|面|上|下|听着|摸着|看着|可见|明显|轻度|轻微|[^一-鿿a-z]"
    r"|(?<![a-z])(?:there's|there is|there are|some|no|not|a|an|the|is|are|any|left|right|on|of|with|to|in|your|i|hear|see|feel|can|do|bit|little|slight|mild|and|over|around|this|that|looks?|seems?|sounds?|so|well)(?![a-z])"
)


_TECHNICAL = re.compile(r"[A-Z][a-z]{2,}|试验|征|级|度|cm|mm|厘米|毫米|[0-9]")


def _dictated(row: Passage, m: Mention) -> str | None:
    """The clinician's own words for a finding, where its clause says more than the finding's name."""
    clause = next((c for c in exam_clauses(row, m.sentence) if c.start <= m.start < c.end), None)
    if clause is None or m.end > clause.end or words_for("examines").match(row.folded, clause.start):
        return None
    rest = row.folded[clause.start : m.start] + " " + row.folded[m.end : clause.end]
    left = _PLAIN.sub("", rest)
    if _TECHNICAL.search(row.source.text[clause.start : clause.end]):
        left += "technical"  # "Lachman试验阳性" must not become "a special test of the knee is positive"
    enough = 2 if re.search(r"[一-鿿]", row.folded[clause.start : clause.end]) else 5
    text = tidy(row.source.text[clause.start : clause.end].strip(" ，,。.!！；;"))
    return text if len(left) >= enough and len(text) <= 120 else None


def _diagnoses(reading: Reading, row: Passage, mentions: list[Mention]) -> Iterator[Fact]:
    for m in mentions:
        if m.term.kind != "condition" or m.assertion.hypothetical or m.assertion.subject != "patient":
            continue
        words = row.folded[m.sentence.start : m.start]
        bare = (m.end - m.start) * 2 > m.sentence.end - m.sentence.start
        concluded = bare or words_for("concludes").search(row.folded, m.sentence.start, m.sentence.end)
        if not concluded or words_for("known-condition").search(words[-14:]):
            continue
        status: Status = "uncertain" if m.status == "uncertain" or words_for("doubts").search(words[-24:]) else m.status
        if status == "historical":
            continue
        found = values(reading, row, m.sentence)
        concept = concept_of(m.term, reading.encounter.language)
        start, end = full_name(row, m)
        if end - start > len(concept.text) and (re.search(r"[一-鿿]", row.text) is not None) == (
            reading.encounter.language == "zh"
        ):
            concept = replace(concept, text=row.source.text[start:end].strip())
        side = side_of(row, found, m.sentence, m.start, m.end)
        named = side is None or not re.match(r"左|右|双|left|right|bilateral", concept.text)
        yield _fact(reading, row, m.sentence, "diagnosis", concept, status, {"laterality": side if named else None})


def _plans(reading: Reading, row: Passage, mentions: list[Mention]) -> Iterator[Fact]:
    for sentence in row.sentences:
        if sentence.asks:
            continue
        supposed = _supposition(row, sentence)
        if supposed is not None:
            yield _wording(reading, row, sentence, "return-precaution", supposed)
            if supposed <= sentence.start + 4:
                continue
        until = supposed or sentence.end
        here = [m for m in mentions if sentence.start <= m.start < until]
        made = [*_tests(reading, row, sentence, here), *_drugs(reading, row, sentence, here)]
        yield from made
        if supposed is None:
            yield from _instructions(reading, row, sentence, bool(made))


def _supposition(row: Passage, sentence: Sentence) -> int | None:
    """Where the advice to come back begins in a sentence ("要是夜里再憋醒，马上来急诊"); None where there is none."""
    words = row.folded[sentence.start : sentence.end]
    back, cue = words_for("return-to").search(words), words_for("supposes").search(words)
    if back is None or cue is None:
        return None
    at = sentence.start + cue.start()
    clause = sentence.clause_at(at)
    return clause.start if re.search(r"[一-鿿]", words) else (at if cue.start() < back.start() else sentence.start)


def as_said(reading: Reading, row: Passage, m: Mention) -> Concept:
    """A test by the name that the clinician gave it, where that is a name in the record's language and no mere hint."""
    concept = concept_of(m.term, reading.encounter.language)
    said = tidy(row.source.text[m.start : m.end])
    han = re.search(r"[一-鿿]", said) is not None
    acronym = said.isascii() and said.upper() == said
    if acronym or (han == (reading.encounter.language == "zh") and len(said) >= (3 if han else 5)):
        return replace(concept, text=said if acronym or han else said.lower())
    return concept


#: What may stand before a disease's name and belongs to it, and what follows it.
_HAN_BEFORE = re.compile(
    r"(?:(?:急性|慢性|亚急性|化脓性|急|慢|原发性|继发性|特发性|复发性|陈旧性|细菌性|病毒性|过敏性|糖尿病性?|高血压性?|代谢性|功能性|反流性|萎缩性|浅表性|退行性|免疫性|感染性|非感染性|混合性|单纯性|复杂性|重度|中度|轻度|早期|晚期|左侧?|右侧?|双侧?|上|下|前|后|内|外|[0-9一二三四]型))+$"
)
_HAN_AFTER = re.compile(
    r"^(?:急性加重期?|急性发作期?|复发|缓解期|发作期|[0-9一二三四]级|[ⅠⅡⅢⅣ1-4一二三四]期|断裂|撕裂|破裂)"
)
_LATIN_BEFORE = re.compile(
    r"(?:(?:acute|chronic|subacute|recurrent|severe|mild|moderate|viral|bacterial|allergic|irritant|atopic|contact|acquired|secondary|primary|early|advanced|left|right|bilateral|upper|lower|anterior|posterior|medial|lateral|non-?[a-z]+|iron[- ]deficiency|diabetic|hypertensive|exercise-induced|steroid-induced|hand|foot|knee|hip|shoulder|lumbar|cervical|seasonal|perennial|clinically significant|center-involving|[a-z]+-related)[ -]+)+$"
)


def full_name(row: Passage, m: Mention) -> tuple[int, int]:
    """The range of a diagnosis with the words that belong to it ("急性化脓性扁桃体炎", "iron deficiency anemia")."""
    before, after = row.folded[m.sentence.start : m.start], row.folded[m.end : m.sentence.end]
    start, end = m.start, m.end
    lead = _HAN_BEFORE.search(before) or _LATIN_BEFORE.search(before)
    if lead:
        start -= len(lead.group())
    tail = _HAN_AFTER.match(after)
    return start, end + (len(tail.group()) if tail else 0)


#: Rows that only say that something is advised: the clinician's own sentence tells what.
_SAID_IN_WORDS = frozenset(
    f"procedure:{n}"
    for n in ("refer", "lifestyle-advice", "diet-advice", "follow-up", "emergency-advice", "home-monitoring")
)


def _tests(reading: Reading, row: Passage, sentence: Sentence, here: list[Mention]) -> Iterator[Fact]:
    tests = [m for m in here if m.term.kind in ("test", "lab", "procedure") and m.term.id not in _SAID_IN_WORDS]
    ranges = {(m.start, m.end) for m in tests if m.term.kind == "test"}
    tests = [m for m in tests if m.term.kind == "test" or (m.start, m.end) not in ranges]
    tests = list({(m.start, m.end): m for m in tests}.values())
    if not tests or not words_for("orders").search(row.folded, sentence.start, sentence.end):
        return
    for m in tests:
        words = row.folded[sentence.start : sentence.end]
        shows = words_for("shows").search(row.folded[m.end : m.end + 12])
        if (
            m.status in ("absent", "historical")
            or shows
            or words_for("done-before").search(words[: m.start - sentence.start][-10:])
        ):
            continue
        if m.term.kind == "lab" and not words_for("orders").search(
            row.folded[max(sentence.start, m.start - 30) : m.start]
        ):
            continue
        category = (
            "procedure"
            if m.term.kind == "procedure"
            else "imaging"
            if m.term.attrs.get("group") == "imaging"
            else "test"
        )
        found = values(reading, row, sentence)
        yield _fact(reading, row, sentence, "plan", as_said(reading, row, m), "planned",
                    {"category": category, "laterality": side_of(row, found, sentence, m.start, m.end)})  # fmt: skip


def _drugs(reading: Reading, row: Passage, sentence: Sentence, here: list[Mention]) -> Iterator[Fact]:
    drugs = [m for m in here if m.term.kind in ("drug", "drug-class")]
    specific = any(m.term.kind == "drug" for m in drugs)
    for i, m in enumerate(drugs):
        if m.term.kind == "drug-class" and specific:
            continue
        end = drugs[i + 1].start if i + 1 < len(drugs) else _reach(row, sentence, here)
        attributes = _dosing(reading, row, m.start, end)
        clause = sentence.clause_at(m.start)
        words = row.folded[sentence.start : sentence.end]
        own = row.folded[clause.start : clause.end]
        stop = words_for("stops").search(own)
        ordered = words_for("prescribes").search(words) or attributes.keys() & {"dose", "frequency", "duration"}
        if (
            not (ordered or stop)
            or (m.assertion.hypothetical and not attributes)
            or words_for("takes-already").search(words)
        ):
            continue
        action = "stop" if stop or m.status == "absent" else None
        category = "medication"
        yield _fact(reading, row, sentence, "plan", concept_of(m.term, reading.encounter.language), "planned",
                    {**attributes, "category": category, "action": action},
                    until=end)  # fmt: skip


def _reach(row: Passage, sentence: Sentence, here: list[Mention]) -> int:
    """Dose and frequency may follow in the next sentence, if it names nothing else."""
    after = [s for s in row.sentences if s.start >= sentence.end][:1]
    for s in after:
        words = row.folded[s.start : s.end]
        if words_for("supposes").search(words) or words_for("return-to").search(words):
            continue
        if not s.asks and not any(s.start <= m.start < s.end for m in here) and len(words) < 40:
            return s.end
    return sentence.end


def _dosing(reading: Reading, row: Passage, start: int, end: int) -> dict[str, str]:
    out: dict[str, str] = {}
    for sentence in row.sentences:
        if sentence.end <= start or sentence.start >= end:
            continue
        found = values(reading, row, sentence)
        doses = [d for d in found.doses if start <= d.start < end]
        if doses:
            # "from 10 mg to 20 mg": the plan is the last.
            changed = len(doses) > 1 and _CHANGED.search(row.folded[doses[-1].start - 6 : doses[-1].start])
            out.setdefault("dose", doses[-1 if changed else 0].dose)
        for f in found.frequencies:
            if start <= f.start < end:
                out.setdefault("frequency", f.code)
        for t in found.durations:
            apart = re.search(
                r"(?:间隔|隔|每|every|apart|between|least|within|at least)[^,，。]{0,6}$",
                row.folded[max(start, t.start - 14) : t.start],
            )
            if start <= t.start < end and not apart:
                out.setdefault("duration", t.iso)
        for r in find_routes(row.folded[sentence.start : sentence.end]):
            if start <= r.start + sentence.start < end:
                out.setdefault("route", r.code)
    return out


_CHANGED = re.compile(r"(?:\bto|到|成|为)\s*$")


def _instructions(reading: Reading, row: Passage, sentence: Sentence, made: bool) -> Iterator[Fact]:
    words = row.folded[sentence.start : sentence.end]
    if len(re.findall(r"[a-z']+|[一-鿿]", words)) < 5:
        return
    if words_for("refers").search(words):
        yield _wording(reading, row, sentence, "referral")
    elif words_for("follow-up").search(words):
        yield _wording(reading, row, sentence, "follow-up")
    elif not made and len(words.split()) + len(words) // 4 > 3 and words_for("advises").search(words):
        yield _wording(reading, row, sentence, "advice")


def _wording(reading: Reading, row: Passage, sentence: Sentence, category: str, start: int | None = None) -> Fact:
    """A plan in the clinician's own words, the sentence as it stands from ``start`` on."""
    text = row.source.text[start or sentence.start : sentence.end].strip(" ，,").rstrip("。.!！")
    text = tidy(text)
    found = values(reading, row, sentence)
    when = found.durations[0].iso if found.durations and category == "follow-up" else None
    return _fact(
        reading,
        row,
        sentence,
        "plan",
        Concept(text=text),
        "planned",
        {"category": category, "text": text, "when": when},
    )


def _fact(
    reading: Reading, row: Passage, sentence: Sentence, kind: FactKind, concept: Concept, status: Status,
    attributes: dict[str, str | None], until: int | None = None,
) -> Fact:  # fmt: skip
    end = max(sentence.end, until or 0)
    return Fact(
        kind=kind, concept=concept, status=status, attributes=frozen_map(attributes),
        evidence=(row.evidence(sentence.start, end),), witnesses=("doctor",), recorded=row.said.isoformat(),
    )  # fmt: skip

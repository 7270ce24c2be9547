"""Past and family history: conditions, operations, vaccinations, and the blanket denials of any of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from syngraph.facts.assertion import negated
from syngraph.facts.cues import cues
from syngraph.facts.kin import relation_of, relatives
from syngraph.facts.mentions import Mention, Reading, names_in, polarity
from syngraph.facts.naming import concept_of
from syngraph.facts.passage import Passage, Sentence
from syngraph.facts.values import side_of, values
from syngraph.facts.vocabulary import words
from syngraph.model import Concept, Evidence, Fact, FactKind, Status, frozen_map
from syngraph.terminology.lexicon import Term, lexicon
from syngraph.terminology.patterns import regex
from syngraph.terminology.times import onset_from

#: A year by itself right behind what was done or had ("C-section 2012", "asthma (1998)").
_YEAR_BEHIND = regex(
    r"[\s,(（]{1,2}((?:19|20)\d\d)(?=$|[\s,.;)）、，。；])(?! ?(?:mg|ml|g|mcg|units?|calories|steps)\b)"
)

_Topic = tuple[FactKind, str, str, str]
#: What a blanket denial denies: kind, id and names; :func:`_asks_for` has the words that ask for it.
_TOPICS: tuple[_Topic, ...] = (
    ("family-history", "family-history:any", "家族遗传病", "family history"),
    ("procedure", "procedure:any", "手术外伤", "operations"),
    ("condition", "condition:any", "慢性病", "chronic illness"),
)


def _asks_for(topic: _Topic) -> re.Pattern[str]:
    return cues("family-topic") if topic[0] == "family-history" else words(f"topic-{topic[0]}")


#: Rows of the procedures that are things to do, never things done.
_ADVICE = frozenset(
    f"procedure:{n}" for n in ("refer", "lifestyle-advice", "diet-advice", "follow-up", "emergency-advice", "injection")
)
#: Short illnesses that are no past history while they last.
_OF_NOW = frozenset({"condition:common-cold", "condition:uri"})
#: States that the reproductive history tells.
_ELSEWHERE = frozenset({"condition:pregnancy", "condition:menopause"})
_POSSESSED = regex(r"(?:(?<![a-z])your (?:[a-z]+ ){0,2}|[你您](?:的|这个?))$")


def histories(reading: Reading) -> Iterator[Fact]:
    """Conditions, operations, vaccinations and family history that a source tells."""
    last: Fact | None = None
    for index, row in enumerate(reading.rows):
        if row.role == "question":
            continue
        dated = _when_it_was(reading, row, last)
        if dated is not None:
            last = None
            yield dated
        made = [fact for m in reading.in_row(index) if (fact := _fact(reading, row, m)) is not None]
        made += _kin_instead(reading, index)
        made += _sections(reading, row, made)
        yield from made
        yield from _vaccinated(reading, row, made)
        if made and row.role != "doctor":
            last = made[-1]
        yield from _denials(reading, index, len(made))


def _kin_instead(reading: Reading, index: int) -> Iterator[Fact]:
    """The illness that a relative has, told by a bare verb beside the speaker's own ("I'm not diabetic but my mum is")."""
    row = reading.rows[index]
    if row.role in ("doctor", "document"):
        return
    for m in reading.in_row(index):
        if (
            m.term.kind != "condition"
            or _generic(m.term)
            or m.assertion.subject != "patient"
            or m.status == "uncertain"
        ):
            continue
        sentence = row.sentences[0] if m.asked else m.sentence
        behind = words("kin-instead").search(row.folded, sentence.start if m.asked else m.end, sentence.end)
        who = reading.subjects.named(row, behind.group(), behind.start()) if behind else None
        if behind and who not in (None, "patient", "other", "child"):
            evidence = (*row.answer(row.asked, sentence.end),) if m.asked and row.asked else m.evidence
            yield Fact(
                kind="family-history", concept=concept_of(m.term, reading.encounter.language), status="present",
                subject=who or "family", evidence=evidence, witnesses=(row.witness,), recorded=row.said.isoformat(),
            )  # fmt: skip


def _sections(reading: Reading, row: Passage, made: list[Fact]) -> Iterator[Fact]:
    """A caesarean in a mother's own words ("two sections", 两个娃都是剖的)."""
    known = any(f.concept.id == "procedure:c-section" for f in made)
    if known or row.role == "doctor" or reading.subjects.child or reading.encounter.patient.sex == "male":
        return
    for sentence in row.sentences:
        m = None if sentence.asks else words("section-told").search(row.folded, sentence.start, sentence.end)
        if m is None or negated(row.folded, sentence, m.start(), m.end(), [m.span()]):
            continue
        if reading.subjects.of(row, sentence, m.start()) not in ("patient", "child", "son", "daughter"):
            continue
        clause = sentence.clause_at(m.start())
        when = next((d.iso for d in values(reading, row, sentence).dates if clause.start <= d.start < clause.end), None)
        yield Fact(
            kind="procedure", concept=concept_of(lexicon().get("procedure:c-section"), reading.encounter.language),
            status="present", attributes=frozen_map({"date": when}), evidence=(row.evidence(sentence.start, sentence.end),),
            witnesses=(row.witness,), recorded=row.said.isoformat(),
        )  # fmt: skip
        return


def _vaccinated(reading: Reading, row: Passage, made: list[Fact]) -> Iterator[Fact]:
    """A child's routine vaccinations, where an answer says that they were given and names none."""
    asked = row.asked
    if asked is None or not reading.subjects.child or any(f.kind == "immunization" for f in made):
        return
    if not words("vaccine-asked").search(row.folded, asked.start, asked.end):
        return
    first = row.sentences[0]
    done = words("vaccine-done").search(row.folded, first.start, first.end)
    if done is None or words("vaccine-not").search(row.folded, first.start, first.end):
        return
    term = lexicon().get("immunization:routine-vaccines")
    yield Fact(
        kind="immunization", concept=concept_of(term, reading.encounter.language), status="present", evidence=row.answer(asked),
        witnesses=(row.witness,), recorded=row.said.isoformat(),
    )  # fmt: skip


def _when_it_was(reading: Reading, row: Passage, last: Fact | None) -> Fact | None:
    """The illness or operation told last, with the date that this answer gives ("什么时候的事？" "前年")."""
    if last is None or row.asked is None or last.get("date"):
        return None
    if not cues("when-was-that").search(row.folded, row.asked.start, row.asked.end):
        return None
    found = values(reading, row, row.sentences[0])
    if not found.dates and not found.durations:
        return None
    when = found.dates[-1].iso if found.dates else onset_from(found.durations[0].iso, row.said)
    first = row.sentences[0]
    return replace(
        last,
        attributes=frozen_map({**last.attributes, "date": when}),
        evidence=(*last.evidence, row.evidence(first.start, first.end)),
    )


def _fact(reading: Reading, row: Passage, m: Mention) -> Fact | None:
    if m.assertion.hypothetical or m.term.kind not in ("condition", "procedure", "immunization"):
        return None
    if row.role == "doctor" and not _known(row, m):
        return None
    if row.role == "doctor" and words("doctor-general").search(row.folded, m.sentence.start, m.start):
        return None  # "for someone with a family history of it": nobody in particular
    if m.term.id in _ELSEWHERE or _no_illness(reading, row, m) or _wondered(row, m):
        return None
    if _generic(m.term):
        return _of_all(reading, row, m)
    if m.term.id in ("procedure:c-section", "condition:preterm-birth") and reading.subjects.child:
        return None  # the child's own birth
    if m.term.id in _ADVICE or cues("simile").search(row.folded, m.sentence.start, m.start):
        return None
    if m.term.kind == "procedure" and m.status == "present" and row.role == "document" and row.topic == "plan":
        return None
    kind = _kind(row, m)
    if kind is None:
        return None
    return _told(reading, row, m, kind)


def _wondered(row: Passage, m: Mention) -> bool:
    """Whether the patient or a companion only asks about it ("要打石膏不？", "could it be asthma?")."""
    asks = row.folded[m.sentence.start : m.sentence.end].rstrip().endswith("?")
    return row.role in ("patient", "companion") and not m.asked and asks and m.status == "uncertain"


def _told(reading: Reading, row: Passage, m: Mention, kind: FactKind) -> Fact:
    """The fact with what its clause or the answer gives: side, date, length."""
    found = values(reading, row, m.sentence)
    clause = m.sentence.clause_at(m.start)
    attributes: dict[str, str | None] = {
        "laterality": side_of(row, found, m.sentence, m.start, m.end) if not m.asked else None,
        "date": next(
            (d.iso for d in found.dates if clause.start <= d.start < clause.end and d.iso != row.said.isoformat()), None
        ),
        "duration": next((d.iso for d in found.durations if clause.start <= d.start < clause.end), None),
    }
    if not attributes["date"] and not m.asked and (year := _YEAR_BEHIND.match(row.folded, m.end)):
        attributes["date"] = year[1]
    evidence = [*m.evidence, *_naming(reading, row, m)]
    if m.asked and not (attributes["date"] or attributes["duration"]):
        attributes |= _from_answer(reading, row)
    if kind in ("procedure", "immunization"):
        attributes["duration"] = None
    status: Status = m.status
    over = m.assertion.resolved or words("used-to").search(m.assertion.cue)
    if kind == "condition" and status == "historical" and not over and m.term.attrs.get("chronic"):
        status = "present"
    return Fact(
        kind=kind, concept=concept_of(m.term, reading.encounter.language), status=status, subject=m.assertion.subject,
        attributes=frozen_map(attributes), evidence=tuple(evidence), witnesses=(row.witness,),
        recorded=row.said.isoformat(),
    )  # fmt: skip


#: So many passages back may stand who "he" or "she" is.
_BACK = 5


def _naming(reading: Reading, row: Passage, m: Mention) -> Iterator[Evidence]:
    """The sentence that names the relative whose illness it is, where the one that tells of it says "he" or nothing."""
    subject = m.assertion.subject
    if subject in ("patient", "family", "other", "relative"):
        return
    if any(_names(row.folded[e.start : e.end], subject) for e in m.evidence):
        return
    for other in reversed(reading.rows[max(0, m.row - _BACK) : m.row + 1]):
        for sentence in reversed(other.sentences):
            if sentence.start < m.sentence.start and _names(row.folded[sentence.start : sentence.end], subject):
                yield other.evidence(sentence.start, sentence.end)
                return


def _names(text: str, subject: str) -> bool:
    return any(relation_of(r) == subject or r.term.attrs.get("relation") == subject for r in relatives(text))


def _generic(term: Term) -> bool:
    """Whether a name is of the whole kind ("medical problems", 手术) or of its absence ("fit and well", 体健)."""
    return term.attrs.get("role") in ("generic", "healthy") and term.kind in ("condition", "procedure")


def _of_all(reading: Reading, row: Passage, m: Mention) -> Fact | None:
    """What is said of all illnesses or operations: a denial; or an operation that is told without its name."""
    healthy = m.term.attrs.get("role") == "healthy"
    if m.status == "absent" or (healthy and m.status == "present"):
        if healthy and m.status == "absent":
            return None
        family = m.assertion.subject != "patient"
        if family and m.assertion.subject != "family":
            return None  # "my children are healthy" speaks for them alone
        topic = _TOPICS[0] if family else _TOPICS[1] if m.term.kind == "procedure" else _TOPICS[2]
        return _denial(reading, row, topic, m.evidence)
    if m.term.kind == "condition" or m.assertion.subject != "patient" or m.asked:
        return None
    return None if row.role == "document" and row.topic == "plan" else _told(reading, row, m, "procedure")


def _no_illness(reading: Reading, row: Passage, m: Mention) -> bool:
    """Whether the name is of a test, a clinic or a place ("breast cancer screening", "the nurse at the surgery")."""
    before, after = row.folded[m.sentence.start : m.start], row.folded[m.end : m.sentence.end]
    if (
        m.term.id == "procedure:surgery"
        and row.folded[m.start : m.end] == "surgery"
        and words("surgery-place").search(before)
    ):
        return True
    if not m.asked and words("feared").search(before):
        return True  # "I was so worried that I had cancer"
    if m.asked and m.status == "absent" and words("died-of").search(before):
        return True  # "Did he die of it?" "No": he may have had it
    if m.asked and m.status == "absent" and m.assertion.subject == "family" and _affirms(reading, m.row):
        return True  # the answer goes on to tell who has it
    return m.term.kind == "condition" and words("not-illness").match(after.lstrip(" ")) is not None


def _known(row: Passage, m: Mention) -> bool:
    """Whether the doctor speaks of an illness as one that both know of ("your diabetes", "with a history of")."""
    if words("known-to-both").search(row.folded, m.sentence.start, m.sentence.end):
        return True
    owned = _POSSESSED.search(row.folded[m.sentence.start : m.start])
    return owned is not None and "chronic" in m.term.attrs and m.status == "present"


def _from_answer(reading: Reading, row: Passage) -> dict[str, str | None]:
    first = values(reading, row, row.sentences[0])
    return {
        "date": first.dates[0].iso if first.dates else None,
        "duration": first.durations[0].iso if first.durations else None,
    }


def _kind(row: Passage, m: Mention) -> FactKind | None:
    if m.term.kind == "immunization":
        return "immunization"
    if m.assertion.subject != "patient":
        return "family-history" if m.term.kind == "condition" else None
    if m.term.attrs.get("whose") == "family":
        return None  # nobody tells of their own sudden death
    if m.term.kind == "procedure":
        return "procedure"
    if row.role != "document" and m.term.id in _OF_NOW and m.status == "present" and not m.asked:
        earlier = words("other-times").search(row.folded, m.sentence.start, m.sentence.end)
        return "condition" if earlier else "symptom"  # a cold that somebody has now is the present illness
    if row.role == "document" and row.topic in ("assessment", "investigations"):
        return "condition" if row.topic == "assessment" else None
    return "condition"


def _affirms(reading: Reading, index: int) -> bool:
    """Whether a passage tells of an illness of some relative, so that its "none" is not for all ("none on dad's side")."""
    return any(
        m.assertion.subject != "patient" and m.status in ("present", "historical") for m in reading.in_row(index)
    )


def _denials(reading: Reading, index: int, made: int) -> Iterator[Fact]:
    """Blanket denials: "no operations", "没有慢性病", or a plain no to the question about them."""
    row = reading.rows[index]
    if row.role in ("doctor", "question"):
        return
    for sentence in row.sentences:
        if sentence.asks:
            continue
        names = [(m.start, m.end) for m in names_in(row.folded, sentence.start, sentence.end) if not _generic(m.term)]
        for topic in _TOPICS:
            if topic[0] == "family-history" and _affirms(reading, index):
                continue
            m = _asks_for(topic).search(row.folded, sentence.start, sentence.end)
            if made and m and words("no-other").search(row.folded, sentence.start, m.end()):
                continue  # "nothing else was done" beside what was
            if (
                m
                and not _overlaps(m, names)
                and not _denies_one(row.folded[m.end() : sentence.end])
                and negated(row.folded, sentence, m.start(), m.end(), names)
            ):
                yield _denial(reading, row, topic, (row.evidence(sentence.start, sentence.end),))
    if row.asked is None or made or row.role == "document":
        return
    answer = row.folded[row.start : row.end].strip()
    first = row.sentences[0]
    first_names = [m for m in names_in(row.folded, first.start, first.clauses[0].end) if not _generic(m.term)]
    if polarity(answer) != "absent" or first_names or _affirms(reading, index) or _denies_one(answer):
        return
    for sentence in row.asked.sentences:
        hit = _asked_topic(row, sentence)
        if hit is not None:
            yield _denial(reading, row, hit, row.answer(sentence))


def _denies_one(said: str) -> bool:
    """Whether a denial is of a single illness ("家族史：无肾病"), which leaves every other open."""
    return words("denies-one").match(said) is not None


def _asked_topic(row: Passage, sentence: Sentence) -> _Topic | None:
    """The blanket topic of a question that names no particular disease."""
    found = names_in(row.folded, sentence.start, sentence.end)
    if any(m.term.kind in ("condition", "procedure") and not _generic(m.term) for m in found):
        return None
    if words("not-asking-any").search(row.folded, sentence.start, sentence.end):
        return None
    return next((t for t in _TOPICS if _asks_whether(row, sentence, t)), None)


def _asks_whether(row: Passage, sentence: Sentence, topic: _Topic) -> bool:
    """Whether a question asks if there was anything of a kind; "your surgery" takes one for granted."""
    m = _asks_for(topic).search(row.folded, sentence.start, sentence.end)
    if m is None or topic[0] != "procedure":
        return m is not None
    given = words("given-surgery").search(row.folded[sentence.start : m.start()])
    return given is None and words("given-surgery-after").match(row.folded, m.end()) is None


def _overlaps(m: re.Match[str], names: list[tuple[int, int]]) -> bool:
    return any(a < m.end() and m.start() < b for a, b in names)


def _denial(
    reading: Reading,
    row: Passage,
    topic: _Topic,
    evidence: tuple[Evidence, ...],
) -> Fact:
    kind, concept_id, zh, en = topic
    return Fact(
        kind=kind, concept=Concept(text=zh if reading.encounter.language == "zh" else en, id=concept_id), status="absent",
        subject="family" if kind == "family-history" else "patient", evidence=evidence, witnesses=(row.witness,),
        recorded=row.said.isoformat(),
    )  # fmt: skip

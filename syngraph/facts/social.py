"""Personal history in the speaker's own words: work, home, marriage, animals, travel, a child's birth and feeding.

Which words tell of each topic stands in ``data/background.tsv`` (``<topic>-asked``, ``<topic>-said``); smoking, alcohol and
drugs have their own file, :mod:`syngraph.facts.habits`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from syngraph.facts.assertion import assess, negated
from syngraph.facts.mentions import Reading, names_in, polarity
from syngraph.facts.passage import Passage, Sentence
from syngraph.facts.vocabulary import words
from syngraph.facts.wording import tidy
from syngraph.model import Concept, Evidence, Fact, FactKind, Status, frozen_map

#: An answer to a form's question is taken whole up to so many characters.
_SHORT = 40
_SIBLINGS = frozenset({"brother", "sister", "sibling", "cousin"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Topic:
    """A topic: its names, from which to which age it is told (years), and whether a plain no denies it."""

    key: str
    zh: str
    en: str
    ages: tuple[int, int] = (0, 200)
    deniable: bool = False


_TOPICS = (
    _Topic(key="occupation", zh="职业", en="occupation", ages=(14, 200)),
    _Topic(key="living", zh="居住情况", en="living situation", ages=(14, 200)),
    _Topic(key="marital", zh="婚姻", en="marital status", ages=(14, 200)),
    _Topic(key="pets", zh="宠物接触", en="pets", deniable=True),
    _Topic(key="travel", zh="旅居史", en="recent travel", deniable=True),
)
_CHILD_TOPICS = (
    _Topic(key="birth", zh="出生史", en="birth history", ages=(0, 14)),
    _Topic(key="feeding", zh="喂养史", en="feeding", ages=(0, 4)),
    _Topic(key="development", zh="生长发育", en="development", ages=(0, 14)),
)


def social(reading: Reading) -> Iterator[Fact]:
    """Each topic of the personal history that a passage tells."""
    age = reading.subjects.age
    adult = [t for t in _TOPICS if age is None or t.ages[0] <= age < t.ages[1]]
    child = [t for t in _CHILD_TOPICS if age is not None and t.ages[0] <= age < t.ages[1]]
    for row in reading.rows:
        if row.role in ("question", "doctor") or row.topic in ("plan", "family-history"):
            continue
        for topic in adult:
            yield from _told(reading, row, topic)
        for topic in child:
            yield from _of_child(reading, row, topic)


def _asks(row: Passage, topic: _Topic) -> bool:
    return (
        row.asked is not None
        and words(f"{topic.key}-asked").search(row.folded, row.asked.start, row.asked.end) is not None
    )


def _quotes(row: Passage, sentence: Sentence, *, asked: bool) -> tuple[Evidence, ...]:
    """The sentence, with its question where it answers one about the topic."""
    if asked and row.asked:
        return row.answer(row.asked, sentence.end)
    return (row.evidence(sentence.start, sentence.end),)


def _volunteered(row: Passage, sentence: Sentence, topic: _Topic) -> bool:
    """Whether a sentence tells of a birth unasked, in words that mean nothing else."""
    return topic.key == "birth" and words("birth-strong").search(row.folded, sentence.start, sentence.end) is not None


def _told(reading: Reading, row: Passage, topic: _Topic) -> Iterator[Fact]:
    asked = _asks(row, topic)
    for sentence in row.sentences:
        value = None if sentence.asks else _value(reading, row, sentence, topic)
        if value:
            quotes = _quotes(row, sentence, asked=asked)
            yield _fact(reading, row, topic, "present", value, quotes)
            return
    if asked and row.role != "document":
        yield from _answer(reading, row, topic)


def _value(reading: Reading, row: Passage, sentence: Sentence, topic: _Topic) -> str | None:
    """The words of a statement that tell the topic; None where it tells nothing of the patient."""
    for m in words(f"{topic.key}-said").finditer(row.folded, sentence.start, sentence.end):
        start, end = m.span(m.lastindex or 0)
        if not _stands(reading, row, sentence, (start, end), topic):
            continue
        return _clean(row.source.text[start:end], topic)
    return None


def _stands(reading: Reading, row: Passage, sentence: Sentence, span: tuple[int, int], topic: _Topic) -> bool:
    start, end = span
    text = row.folded[start:end]
    if assess(row.folded, sentence, start, end, []).hypothetical:
        return False
    if negated(row.folded, sentence, start, end, [span]):
        return False
    if reading.subjects.of(row, sentence, start) not in ("patient", "family"):
        return False
    if topic.key == "occupation":
        return words("occupation-not").search(text) is None and not names_in(row.folded, start, end)
    if topic.key == "living":
        return re.search(r"with (?:him|her|them|it|me)$", text) is None
    if topic.key == "travel":
        return words("travel-not").fullmatch(text) is None and _is_place(row.source.text[start:end])
    return True


def _is_place(text: str) -> bool:
    """Whether a Latin name is written as one; Chinese has no capitals to tell by."""
    return (
        re.search(r"[一-鿿]", text) is not None
        or re.search(r"[A-Z]|trip|holiday|vacation|cruise|honeymoon|safari", text) is not None
    )


def _clean(text: str, topic: _Topic) -> str:
    """The words without the speaker in them ("with my husband" is "with husband")."""
    text = re.sub(r"\b(?:my|our)\s+(?!own\b)", "", text.strip(" ,，。."), flags=re.IGNORECASE)
    if topic.key == "living" and re.fullmatch(
        r"(?:[a-z]+ and )?[a-z]+ lives?(?: at home)? with me", text, re.IGNORECASE
    ):
        return "with " + text[: text.lower().index(" live")]
    if topic.key == "occupation":
        text = re.sub(r"^work(?:ing)?\b\s+as\s+(?:an?|the)\s+", "", text, flags=re.IGNORECASE)
        text = re.sub(r"^(?:work|working)\b", "works", text, flags=re.IGNORECASE)
    return tidy(text) if topic.key == "travel" else tidy_words(text)


def tidy_words(text: str) -> str:
    """Spoken words without fillers, beginning small in English as the middle of a sentence does."""
    text = tidy(text)
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text


def _answer(reading: Reading, row: Passage, topic: _Topic) -> Iterator[Fact]:
    """What the answer to a question says where no statement matched: a form's words, a no, a line of work."""
    asked = row.asked
    if asked is None:
        return
    answer, first = row.folded[row.start : row.end].strip(), row.sentences[0]
    said, quotes = polarity(answer), row.answer(asked)
    if topic.deniable and said == "absent":
        yield _fact(reading, row, topic, "absent", None, quotes)
    elif asked.from_form and said is None and 1 < len(answer) <= _SHORT:
        yield _fact(reading, row, topic, "present", row.text.strip(" 。."), quotes)
    elif topic.key == "occupation" and (m := words("occupation-told").search(row.folded, first.start, row.end)):
        text = re.sub(r"^i\s+", "", row.source.text[m.start() : m.end()], flags=re.IGNORECASE)
        yield _fact(reading, row, topic, "present", tidy_words(text), (row.evidence(row.start, m.end()), *quotes[1:]))
    elif (
        topic.key == "marital"
        and said == "present"
        and re.search(r"married|结婚|已婚|成家", row.folded[asked.start : asked.end])
    ):
        yield _fact(reading, row, topic, "present", "已婚" if re.search(r"[一-鿿]", answer) else "married", quotes)


def _of_child(reading: Reading, row: Passage, topic: _Topic) -> Iterator[Fact]:
    """A child's birth, feeding or development, in the words of whoever brings it."""
    asked = _asks(row, topic)
    if topic.key == "development":
        if asked and row.asked and (text := _development(row)):
            yield _fact(reading, row, topic, "present", text, row.answer(row.asked))
        return
    for sentence in row.sentences:
        if sentence.asks or not (asked or _volunteered(row, sentence, topic)):
            continue
        told = _clauses_with(row, sentence, words(f"{topic.key}-said"))
        if told is None or reading.subjects.of(row, sentence, told[0]) in _SIBLINGS:
            continue
        text = tidy_words(row.source.text[told[0] : told[1]].strip(" ,，。."))
        quotes = _quotes(row, sentence, asked=asked)
        yield _fact(reading, row, topic, "present", text, quotes)
        return
    if topic.key == "feeding" and asked and (text := _fed(row)) and row.asked:
        yield _fact(reading, row, topic, "present", text, row.answer(row.asked))


def _fed(row: Passage) -> str | None:
    """What a plain yes says of feeding: the one way that the question names."""
    if row.asked is None or polarity(row.folded[row.start : row.end].strip()) != "present":
        return None
    question = row.folded[row.asked.start : row.asked.end]
    named = {m.group() for m in words("feeding-said").finditer(question)}
    found = words("feeding-said").search(row.folded, row.asked.start, row.asked.end)
    if found is None or len(named) != 1 or re.search(r"还是|\bor\b", question):
        return None
    return row.source.text[found.start() : found.end()]


def _clauses_with(row: Passage, sentence: Sentence, said: re.Pattern[str]) -> tuple[int, int] | None:
    """From the first clause that tells of the topic to the last of those that follow it without a gap."""
    start = end = -1
    for clause in sentence.clauses:
        if said.search(row.folded, clause.start, clause.end):
            start, end = (clause.start if start < 0 else start), clause.end
        elif start >= 0:
            break
    return (start, end) if start >= 0 else None


def _development(row: Passage) -> str | None:
    """How the child develops: the first clause of the answer, or "normal" where a plain yes says so."""
    first = row.sentences[0].clauses[0]
    answer = row.folded[first.start : first.end].strip(" ,，。.")
    question = row.folded[row.asked.start : row.asked.end] if row.asked else ""
    han = re.search(r"[一-鿿]", answer) is not None
    if polarity(answer) == "present" and words("development-normal").search(question):
        return "正常" if han else "normal"
    if polarity(answer) == "absent" or not 1 < len(answer) <= _SHORT:
        return None
    return answer if polarity(answer) is None else None


def _fact(
    reading: Reading, row: Passage, topic: _Topic, status: Status, text: str | None, evidence: tuple[Evidence, ...]
) -> Fact:
    zh = reading.encounter.language == "zh"
    # Chinese records write marriage with the obstetric history (婚育史), English ones with the social history.
    kind: FactKind = "reproductive-history" if zh and topic.key == "marital" else "social-history"
    prefix = "reproductive" if kind == "reproductive-history" else "social"
    return Fact(
        kind=kind, concept=Concept(text=topic.zh if zh else topic.en, id=f"{prefix}:{topic.key}"), status=status,
        attributes=frozen_map({"text": text}), evidence=evidence, witnesses=(row.witness,), recorded=row.said.isoformat(),
    )  # fmt: skip

"""Menstrual and obstetric history: last period, cycle, pregnancy, lactation, menopause, contraception, births."""

from __future__ import annotations

import re
from collections.abc import Iterator

from syngraph.facts.assertion import Assertion, assess
from syngraph.facts.mentions import Reading, names_in, polarity
from syngraph.facts.passage import Passage, Question, Sentence
from syngraph.facts.values import values
from syngraph.facts.vocabulary import words
from syngraph.model import Concept, Evidence, Fact, Status, frozen_map
from syngraph.terminology.numerals import find_numbers

#: States with their names; asked after by the words of ``<key>-asked`` where the data has them, else by their own.
_STATES: tuple[tuple[str, str, str], ...] = (
    ("pregnancy", "妊娠", "pregnancy"),
    ("lactation", "哺乳", "breastfeeding"),
    ("menopause", "绝经", "menopause"),
    ("contraception", "避孕", "contraception"),
    ("planning", "备孕", "trying to conceive"),
)
_ASKED = {"contraception": "contraception-asked"}
#: Before this age there is nothing to tell.
_GIRL = 9
_SHORT = 30


def reproductive(reading: Reading) -> Iterator[Fact]:
    """Last period, cycle, pregnancy, lactation, menopause, contraception, gravida and para."""
    age = reading.subjects.age
    if age is not None and age < _GIRL:
        return
    male = reading.encounter.patient.sex == "male"
    for row in reading.rows:
        if row.role == "question" or row.topic in ("family-history", "plan"):
            continue
        if male and not re.search(r"怀孕|妊娠|pregnan", row.text):
            continue
        if row.role == "doctor":
            yield from _known_weeks(reading, row)
            continue
        yield from _states(reading, row)
        yield from _last_period(reading, row)
        yield from _menarche(reading, row)
        yield from _verbatim(reading, row)


def _known_weeks(reading: Reading, row: Passage) -> Iterator[Fact]:
    """How far a pregnancy is, said by the doctor to her ("you're twenty-four weeks today").

    Where that sentence does not name the pregnancy, one that does must stand elsewhere in the talk and is quoted too.
    """
    for sentence in row.sentences:
        m = None if sentence.asks else words("pregnancy").search(row.folded, sentence.start, sentence.end)
        if m is None or not re.search(r"你|您|孕|you", row.folded[sentence.start : m.end()]):
            continue
        weeks = words("weeks").search(row.folded, max(sentence.start, m.start() - 8), sentence.end)
        named = row if "pregnan" in m.group() or "孕" in m.group() else _names_pregnancy(reading)
        if weeks and named and not assess(row.folded, sentence, m.start(), m.end(), []).hypothetical:
            quotes = [row.evidence(sentence.start, sentence.end)]
            if named is not row and (p := re.search(r"pregnan|孕", named.folded[named.start : named.end])):
                other = named.sentence_at(named.start + p.start())
                quotes.append(named.evidence(other.start, other.end))
            text = re.sub(
                r"^(?:(?:i'm|you're|you are|i am|about|now) )+", "", row.source.text[weeks.start() : weeks.end()]
            )
            yield _make(reading, row, _STATES[0], "present", {"text": _in_figures(text)}, tuple(quotes))
            return


def _names_pregnancy(reading: Reading) -> Passage | None:
    return next(
        (r for r in reading.rows if r.role != "question" and re.search(r"pregnan|孕", r.folded[r.start : r.end])), None
    )


def _states(reading: Reading, row: Passage) -> Iterator[Fact]:
    for state in _STATES:
        claim = _stated(reading, row, state[0]) or _answered(row, state[0])
        if claim is None:
            continue
        status, evidence, text = claim
        yield _make(reading, row, state, status, {"text": text}, evidence)


_Told = tuple[Status, tuple[Evidence, ...], str | None]


def _stated(reading: Reading, row: Passage, key: str) -> _Told | None:
    for sentence in row.sentences:
        m = None if sentence.asks else words(key).search(row.folded, sentence.start, sentence.end)
        if m is None or _of_another_time(row, sentence, m, key):
            continue
        said = _assessed(row, sentence, m)
        if said.hypothetical or reading.subjects.of(row, sentence, m.start()) != "patient":
            continue
        status: Status = "present" if said.status == "historical" and key == "menopause" else said.status
        return status, (row.evidence(sentence.start, sentence.end),), _detail(row, sentence, m, key, status)
    return None


def _assessed(row: Passage, sentence: Sentence, m: re.Match[str]) -> Assertion:
    found = names_in(row.folded, sentence.start, sentence.end)
    names = [(x.start, x.end) for x in found if not (x.start < m.end() and m.start() < x.end)]
    return assess(row.folded, sentence, m.start(), m.end(), names)


def _in_figures(text: str) -> str:
    """Words with their numbers in figures, as records write them: "twenty-four weeks" is 24 weeks, 五十一岁 51岁."""
    for number in reversed(find_numbers(text)):
        text = f"{text[: number.start]}{number.value.normalize():f}{text[number.end :]}"
    return text


def _of_another_time(row: Passage, sentence: Sentence, m: re.Match[str], key: str) -> bool:
    """Whether "pregnancy" names an earlier one, a test or a wish, not the state of today."""
    if key not in ("pregnancy", "planning"):
        return False
    return any(
        o.start() < m.end() and m.start() < o.end()
        for o in words(f"{key}-past").finditer(row.folded, sentence.start, sentence.end)
    )


def _detail(row: Passage, sentence: Sentence, m: re.Match[str], key: str, status: Status) -> str | None:
    """The words to show with a state: weeks of pregnancy, age at menopause, the way of contraception."""
    if status != "present":
        return None
    found: re.Match[str] | None = None
    if key == "pregnancy":
        found = words("weeks").search(row.folded, sentence.start, sentence.end)
    elif key == "menopause":
        found = words("age-said").search(row.folded, sentence.start, sentence.end)
    elif key == "contraception" and m.group() not in ("避孕", "contraception", "birth control"):
        found = m
    return _in_figures(row.source.text[found.start() : found.end()]) if found else None


def _answered(row: Passage, key: str) -> _Told | None:
    """The state that a question asks after, by the answer."""
    asked = row.asked
    if asked is None or row.role == "document":
        return None
    along = _weeks_told(row, asked) if key == "pregnancy" else None
    if along:
        return "present", row.answer(asked), along
    m = words(_ASKED.get(key, key)).search(row.folded, asked.start, asked.end)
    past = words("planning-past" if key == "planning" else "pregnancy-past")
    if m is None or past.search(row.folded, asked.start, asked.end):
        return None
    answer = row.text.strip(" 。.")
    age = words("age-said").search(answer) or re.match(r"[0-9]{2}(?![0-9])|[四五]十[一二三四五六七八九]?", answer)
    if key == "menopause" and age:
        return "present", row.answer(asked), _in_figures(age.group())
    status = polarity(row.folded[row.start : row.end])
    if status is None and key == "contraception" and asked.from_form and 1 < len(answer) <= _SHORT:
        return "present", row.answer(asked), answer
    return (status, row.answer(asked), None) if status else None


def _weeks_told(row: Passage, asked: Question) -> str | None:
    """The weeks with which an answer says how far a pregnancy is ("How far along are you?" "Thirty-two weeks")."""
    if words("weeks-asked").search(row.folded, asked.start, asked.end) is None:
        return None
    first = row.sentences[0]
    weeks = words("weeks").search(row.folded, first.start, first.end)
    return _in_figures(row.source.text[weeks.start() : weeks.end()]) if weeks else None


def _last_period(reading: Reading, row: Passage) -> Iterator[Fact]:
    asked = (
        row.asked is not None
        and words("lmp").search(row.folded, row.asked.start, row.asked.end) is not None
        and words("lmp-when").search(row.folded, row.asked.start, row.asked.end) is not None
        and words("not-lmp").search(row.folded, row.asked.start, row.asked.end) is None
    )
    for sentence in row.sentences:
        named = all(words(w).search(row.folded, sentence.start, sentence.end) for w in ("lmp-only", "lmp"))
        if words("no-more-periods").search(row.folded, sentence.start, sentence.end):
            return  # the year of a hysterectomy or of the change is no last period
        if sentence.asks or not (named or asked) or reading.subjects.of(row, sentence, sentence.start) != "patient":
            continue
        when = _moment(reading, row, sentence, asked=asked)
        if when:
            quotes = (
                (row.evidence(sentence.start, sentence.end),)
                if named or not row.asked
                else row.answer(row.asked, sentence.end)
            )
            yield _make(reading, row, ("lmp", "末次月经", "last menstrual period"), "present", when, quotes)
            return


def _moment(reading: Reading, row: Passage, sentence: Sentence, *, asked: bool) -> dict[str, str | None]:
    """The date, or how long ago, with the words that say it; a letter's date must stand behind the words for it."""
    m = words("lmp").search(row.folded, sentence.start, sentence.end)
    after = m.end() if m and row.role == "document" else sentence.start
    found = values(reading, row, sentence)
    # A year alone dates no period.
    spans = [(d.start, d.end, "date", d.iso) for d in found.dates if d.start >= after and len(d.iso) > 4]
    spans = spans or [(t.start, t.end, "ago", t.iso) for t in found.durations if t.start >= after]
    if not spans:
        return {}
    start, end, key, iso = spans[0]
    return {key: iso, "text": row.source.text[start:end]}


def _menarche(reading: Reading, row: Passage) -> Iterator[Fact]:
    """The age at the first period: said, or answered to a question about it."""
    asked = row.asked is not None and words("menarche").search(row.folded, row.asked.start, row.asked.end) is not None
    for sentence in row.sentences:
        m = words("menarche").search(row.folded, sentence.start, sentence.end)
        if sentence.asks or not (m or asked):
            continue
        age = words("age-said").search(row.folded, sentence.start, sentence.end)
        number = re.match(r"\s*([0-9]{1,2})\s*$", row.folded[sentence.start : sentence.end]) if asked else None
        text = age.group() if age else number.group(1) if number else None
        if text is None:
            continue
        if number and not age and reading.encounter.language == "zh":
            text += "岁"
        quotes = (
            row.answer(row.asked) if asked and row.asked and not m else (row.evidence(sentence.start, sentence.end),)
        )
        yield _make(reading, row, ("menarche", "初潮", "menarche"), "present", {"text": _in_figures(text)}, quotes)
        return


def _verbatim(reading: Reading, row: Passage) -> Iterator[Fact]:
    for key, zh, en in (("gravida-para", "孕产史", "obstetric history"), ("cycle", "月经周期", "menstrual cycle")):
        m = words(key).search(row.folded, row.start, row.end)
        if m is None or row.sentence_at(m.start()).asks:
            continue
        sentence = row.sentence_at(m.start())
        if reading.subjects.of(row, sentence, m.start()) not in ("patient", "child"):
            continue
        yield _make(reading, row, (key, zh, en), "present", {"text": row.source.text[m.start() : m.end()]},
                    (row.evidence(sentence.start, sentence.end),))  # fmt: skip


def _make(
    reading: Reading, row: Passage, what: tuple[str, str, str], status: Status, attributes: dict[str, str | None],
    evidence: tuple[Evidence, ...],
) -> Fact:  # fmt: skip
    key, zh, en = what
    return Fact(
        kind="reproductive-history", concept=Concept(text=zh if reading.encounter.language == "zh" else en, id=f"reproductive:{key}"),
        status=status, attributes=frozen_map(attributes), evidence=evidence, witnesses=(row.witness,),
        recorded=row.said.isoformat(),
    )  # fmt: skip

"""Smoking, vaping, alcohol and drugs: whether, how much, since or until when; and who smokes near the patient."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from syngraph.facts.assertion import assess, negated
from syngraph.facts.mentions import Reading, polarity
from syngraph.facts.passage import Clause, Passage, Sentence
from syngraph.facts.values import values
from syngraph.facts.vocabulary import entries, table, words
from syngraph.model import Concept, Evidence, Fact, Status, frozen_map
from syngraph.terminology.numerals import find_numbers, find_ranges

_UNITS = {
    "smoking": (("cigarettes", "smoking-unit"), ("packs", "smoking-unit-pack")),
    "alcohol": (("", "alcohol-unit"),),
}
#: Below this age nobody asks a child whether it smokes; "is he drinking?" asks after milk.
_YOUNG = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class _Habit:
    key: str
    zh: str
    en: str

    def named(self, text: str, start: int, end: int) -> re.Match[str] | None:
        """Where a statement names the habit."""
        return words(self.key).search(text, start, end)

    def asked(self, text: str, start: int, end: int) -> bool:
        """Whether a question asks after the habit; questions name it more loosely ("do you drink?")."""
        if words(f"{self.key}-asked").search(text, start, end) is None:
            return False
        if self.key == "smoking" and words("smokes-drugs").search(text, start, end):
            return words("smoking-sure").search(text, start, end) is not None
        # "Is he eating and drinking?" asks after fluids.
        fluids = self.key == "alcohol" and words("drink-fluids").search(text, start, end) is not None
        return not fluids or words("alcohol-sure").search(text, start, end) is not None


_HABITS = (
    _Habit(key="smoking", zh="吸烟", en="smoking"),
    _Habit(key="alcohol", zh="饮酒", en="alcohol"),
    _Habit(key="smokeless", zh="无烟烟草", en="smokeless tobacco"),
    _Habit(key="vaping", zh="电子烟", en="vaping"),
    _Habit(key="drugs", zh="毒品使用", en="recreational drug use"),
)


def habits(reading: Reading) -> Iterator[Fact]:
    """What the patient smokes, drinks and takes, and who smokes at home."""
    young = reading.subjects.age is not None and reading.subjects.age < _YOUNG
    for row in reading.rows:
        if row.role in ("question", "doctor") or row.topic in ("plan", "family-history"):
            continue
        near = list(_near(reading, row))
        yield from near
        if not young and not near:
            for habit in _HABITS:
                yield from _habit(reading, row, habit)


# -- the patient's own ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claim:
    """What one passage says of a habit: the clauses that tell of it, and their status."""

    status: Status
    words: str
    start: int
    end: int
    answers: bool


def _habit(reading: Reading, row: Passage, habit: _Habit) -> Iterator[Fact]:
    claim = _stated(reading, row, habit) or _answered(reading, row, habit)
    if claim is None:
        return
    evidence: list[Evidence] = [row.evidence(claim.start, claim.end)]
    if claim.answers and row.asked:
        evidence = list(row.answer(row.asked, claim.end))
    zh = reading.encounter.language == "zh"
    yield Fact(
        kind="social-history", concept=Concept(text=habit.zh if zh else habit.en, id=f"social:{habit.key}"), status=claim.status,
        attributes=frozen_map(_amounts(reading, row, habit, claim)), evidence=tuple(evidence),
        witnesses=(row.witness,), recorded=row.said.isoformat(),
    )  # fmt: skip


def _stated(reading: Reading, row: Passage, habit: _Habit) -> _Claim | None:
    """What the passage says of the habit by name."""
    found: list[_Claim] = []
    for sentence in row.sentences:
        said = row.folded[sentence.start : sentence.end]
        # "哪天晚上不得整两瓶啤酒" asks nothing.
        asks = said.rstrip().endswith("?") or (sentence.asks and not words("not-asked").search(said))
        m = None if asks else habit.named(row.folded, sentence.start, sentence.end)
        if m is None or _not_told(reading, row, sentence, m) or _any_drink(row, sentence, m, habit):
            continue
        asked = _asks(row, habit)
        clauses = _own_clauses(reading, row, sentence, habit, asked=asked)
        own = ",".join(row.folded[c.start : c.end] for c in clauses)
        status = _status(row, sentence, m, own, asked)
        if status == "present" and asked and _asked_of_the_past(row):
            status = "historical"
        if status is not None:
            end = _goes_on(row, sentence, habit) if status != "absent" else sentence.end
            told = own if end == sentence.end else own + "," + row.folded[sentence.end : end]
            if status == "present" and words("quit").search(told) and not words("not-quite").search(told):
                status = "historical"  # "I've a bit of a smoker's cough still. I gave up in 2019."
            found.append(_Claim(status=status, words=told, start=sentence.start, end=end, answers=asked))
    told = row.folded[row.start : row.end]
    if found and _asks(row, habit) and words("not-quite").search(told):
        end = row.sentences[min(2, len(row.sentences) - 1)].end
        found = [replace(c, status="present", words=told, start=row.start, end=end) for c in found[:1]]
    # "I drink, but not much. No, I don't smoke": where two sentences tell of one habit, the fuller one counts.
    return next((c for s in ("historical", "present", "absent") for c in found if c.status == s), None)


def _any_drink(row: Passage, sentence: Sentence, m: re.Match[str], habit: _Habit) -> bool:
    """Whether "drink" may be of anything: unasked, it tells of alcohol only beside a word for it, smoke or how often.

    "Chewed" needs a word for tobacco likewise, and "I smoke" where cannabis was asked after.
    """
    if habit.key == "smokeless":
        return words("smokeless-sure").search(row.folded, sentence.start, sentence.end) is None and not _asks(
            row, habit
        )
    if habit.key == "smoking" and row.asked is not None and not _asks(row, habit):
        drugs = words("smokes-drugs").search(row.folded, row.asked.start, row.asked.end) is not None
        return drugs and words("smoking-sure").search(row.folded, sentence.start, sentence.end) is None
    if habit.key != "alcohol" or "drink" not in m.group() or _asks(row, habit):
        return False
    span = (sentence.start, sentence.end)
    sure = any(words(w).search(row.folded, *span) for w in ("alcohol-sure", "smoking"))
    often = words("some").search(row.folded, *span) or words("not-much").search(row.folded, *span)
    return not sure and (not often or words("drink-fluids").search(row.folded, *span) is not None)


def _not_told(reading: Reading, row: Passage, sentence: Sentence, m: re.Match[str]) -> bool:
    """Whether the words ask leave, suppose, or tell of another person or of the time of something else."""
    text = row.folded
    clause = sentence.clause_at(m.start())
    if words("permission").search(text, clause.start, clause.end):
        return True
    if any(o.start() <= m.start() < o.end() for o in words("habit-other").finditer(text, sentence.start, sentence.end)):
        return True
    topic = words("habit-topic").match(text, m.start()) is not None  # "as for drink": nothing supposed
    if not topic and assess(text, sentence, m.start(), m.end(), []).hypothetical:
        return True
    if words("tried-once").search(text, sentence.start, sentence.end):
        return True
    if row.asked is not None and words("others-smoke").search(text, row.asked.start, row.asked.end):
        return False
    return reading.subjects.of(row, sentence, m.start()) not in ("patient", "family") or (
        reading.subjects.named(row, text[sentence.start : m.start()]) not in (None, "patient")
    )


def _own_clauses(reading: Reading, row: Passage, sentence: Sentence, habit: _Habit, *, asked: bool) -> list[Clause]:
    """The clauses that tell of the patient's own habit, without those of another or of another's.

    Of an answer the first words count before the habit is named, too ("戒了，八月份以后就没抽了").
    """
    kept: list[Clause] = []
    named, mine, whose = False, asked and sentence is row.sentences[0], "patient"
    for part in _parts(row, sentence):
        whose = reading.subjects.named(row, row.folded[part.start : part.end], part.start) or whose
        if habit.named(row.folded, part.start, part.end):
            named = mine = True
        elif any(h is not habit and _about(h, row.folded, part.start, part.end) for h in _HABITS):
            kept, mine = (kept if named else []), False  # "I don't, I don't smoke, I do drink"
        if mine and whose in ("patient", "family"):
            kept.append(part)
    return kept or list(sentence.clauses)


def _about(habit: _Habit, text: str, start: int, end: int) -> bool:
    """Whether a clause tells of a habit, by its name or as loosely as a question does ("I don't do any drugs")."""
    return habit.named(text, start, end) is not None or habit.asked(text, start, end)


def _parts(row: Passage, sentence: Sentence) -> Iterator[Clause]:
    """The parts of a sentence, a bare name joined to what is said of all that are listed ("烟、酒一样不沾")."""
    held: Clause | None = None
    for part in _cut(row, sentence):
        said = row.folded[part.start : part.end]
        if held is not None and words("of-each").search(said):
            part = Clause(start=held.start, end=part.end)
        elif held is not None and not words("habit-bare").fullmatch(said.strip()):
            yield held
        elif held is not None:
            part = Clause(start=held.start, end=part.end)
        held = part if words("habit-bare").fullmatch(said.strip()) else None
        if held is None:
            yield part
    if held is not None:
        yield held


def _cut(row: Passage, sentence: Sentence) -> Iterator[Clause]:
    """Clauses, cut again where an "and" begins another habit ("I smoke a pack a day and I drink now and again")."""
    for clause in sentence.clauses:
        at = clause.start
        for m in re.finditer(r"\s+(?:and|but|or)\s+(?=i\b)|[、;；,，]", row.folded[clause.start : clause.end]):
            if clause.start + m.start() > at:
                yield Clause(start=at, end=clause.start + m.start())
                at = clause.start + m.end()
        if at < clause.end:
            yield Clause(start=at, end=clause.end)


def _goes_on(row: Passage, sentence: Sentence, habit: _Habit) -> int:
    """The end of the sentences that go on about the habit with an amount or a time and nothing else."""
    end = sentence.end
    for other in [s for s in row.sentences if s.start >= sentence.end][:2]:
        text = row.folded[other.start : other.end]
        strange = any(h is not habit and h.named(text, 0, len(text)) for h in _HABITS)
        if other.asks or strange or len(text) > 60 or not _counts(text, habit):
            break
        end = other.end
    return end


def _counts(text: str, habit: _Habit) -> bool:
    """Whether a text gives an amount, or says that the habit was given up."""
    units = [words(u) for _, u in _UNITS.get(habit.key, ())]
    told = any(u.match(text, end) or u.match(text, end + 1) for _, end, _ in _quantities(text) for u in units)
    return told or words("quit").search(text) is not None


def _status(row: Passage, sentence: Sentence, m: re.Match[str], own: str, asked: bool) -> Status | None:
    if words("not-quite").search(own):
        return "present"
    if words("quit").search(own):
        return "absent" if words("never").search(own) and not words("gave-up").search(own) else "historical"
    if words("not-much").search(own):
        return "present"
    if words("never").search(own) or negated(row.folded, sentence, m.start(), m.end(), [(m.start(), m.end())]):
        return "absent"
    if words("same-as").search(own) and polarity(row.folded[row.start : row.end]) == "absent":
        return "absent"
    if asked and polarity(own) == "absent" and not words("some").search(own) and not find_numbers(own):
        return "absent"
    if words("habit-denied").search(own):
        return "absent"
    return None if polarity(own) == "uncertain" else "present"


def _asked_of_the_past(row: Passage) -> bool:
    """Whether the question was what somebody used to smoke or drink."""
    asked = row.asked
    return asked is not None and words("asked-past").search(row.folded, asked.start, asked.end) is not None


def _asks(row: Passage, habit: _Habit) -> bool:
    return row.asked is not None and habit.asked(row.folded, row.asked.start, row.asked.end)


def _answered(reading: Reading, row: Passage, habit: _Habit) -> _Claim | None:
    """What a plain answer says of a habit that was asked after, where the passage does not name it."""
    asked = row.asked
    if asked is None or not _asks(row, habit) or row.role == "document":
        return None
    first = row.sentences[0]
    question = row.folded[asked.start : asked.end]
    if first.asks or words("others-smoke").search(question):
        return None
    others = [h for h in _HABITS if h is not habit and h.asked(question, 0, len(question))]
    end = max(s.end for s in row.sentences[:3])
    told = _unnamed(reading, row, end, habit)
    if not told:
        return None
    status = _answer_status(question, told, habit, bool(others))
    if status is None or reading.subjects.of(row, first, first.start) not in ("patient", "family"):
        return None
    end = end if status != "absent" else first.end
    return _Claim(status=status, words=told, start=first.start, end=end, answers=True)


def _unnamed(reading: Reading, row: Passage, end: int, habit: _Habit) -> str:
    """The clauses of an answer up to the first that names another habit or another person."""
    kept: list[str] = []
    for sentence in (s for s in row.sentences if s.start < end):
        clauses = list(_until_another(reading, row, sentence, habit))
        kept.append(row.folded[clauses[0].start : clauses[-1].end] if clauses else "")
        if not clauses or clauses[-1].end < sentence.clauses[-1].end:
            break
    return " ".join(kept).strip()


def _until_another(reading: Reading, row: Passage, sentence: Sentence, habit: _Habit) -> Iterator[Clause]:
    for part in _parts(row, sentence):
        said = row.folded[part.start : part.end]
        if any(h is not habit and h.named(said, 0, len(said)) for h in _HABITS):
            return
        if reading.subjects.named(row, said, part.start) not in (None, "patient", "family"):
            return
        yield part


def _answer_status(question: str, told: str, habit: _Habit, others: bool) -> Status | None:
    if words("never").search(told) or words("none-of").search(told):
        return "absent" if not words("quit").search(told) else "historical"
    if words("not-quite").search(told) or words("not-much").search(told):
        # "He still has half a packet" to "smoking, drinking?" says which by its unit alone.
        return "present" if not others or _counts(told, habit) else None
    said = polarity(words("sure-not").sub("", told).strip())
    if words("asked-quit").search(question) or words("last-one").search(question):
        if words("last-one").search(question) and said is None:
            return "historical"
        if said == "absent":
            return "present"  # "have you quit?" "no"
        return "historical" if said == "present" else None
    if words("quit").search(told):
        return "historical"
    if said == "absent":
        return "present" if words("some").search(told) and not words("not-some").search(told) else "absent"
    if said == "uncertain":
        return None
    if said is None and not others and words("some").search(told):
        return "present"
    past: Status = "historical" if words("asked-past").search(question) else "present"
    # "Do you smoke or drink?" "Yes" says both; an amount alone says which only by its unit.
    both = said is not None and re.search(r"both|都", told) is not None
    return past if (said == "present" and not others) or both or _counts(told, habit) else None


# -- amounts and times ----------------------------------------------------------------------------------


def _amounts(reading: Reading, row: Passage, habit: _Habit, claim: _Claim) -> dict[str, str | None]:
    out: dict[str, str | None] = {}
    if claim.status == "absent":
        return out
    now = [m.start() for m in words("these-days").finditer(claim.words)] if claim.status == "present" else []
    amount = _amount(claim.words[now[-1] :] if now else claim.words, habit)
    if amount:
        out["amount"] = amount
        per = words("per").search(claim.words)
        out["per"] = _per(per.group()) if per else None
    elif words("some").search(claim.words) or words("not-much").search(claim.words):
        out["text"] = "occasional"
    question = row.folded[row.asked.start : row.asked.end] if row.asked and claim.answers else ""
    for sentence in row.sentences:
        if claim.start <= sentence.start < claim.end:
            _times(reading, row, sentence, claim, question, out)
    return out


def _amount(text: str, habit: _Habit) -> str | None:
    """The first number, range or part with a unit of the habit: "10 cigarettes", "1-2 packs", "0.5 packs"."""
    for start, end, value in sorted(_quantities(text)):
        del start
        for name, category in _UNITS.get(habit.key, ()):
            unit = words(category).match(text, end) or words(category).match(text, _behind_measure(text, end))
            if unit is not None:
                return f"{value} {name or table('alcohol-unit-names').get(unit.group(), unit.group())}"
    return None


def _behind_measure(text: str, end: int) -> int:
    """Behind a blank or 多/来/个 after a number; 天 of 一天两瓶 is another thing."""
    return end + 1 if text[end : end + 1] in (" ", "多", "来", "个", "-") else end


def _quantities(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, value) of the ranges, halves, "a pack a day" and numbers of ``text``, the ranges first."""
    taken: list[tuple[int, int]] = []
    for r in find_ranges(text):
        taken.append((r.start, r.end))
        said = text[r.start : r.end]
        # "A few beers" is no figure and stays as it was said.
        figures = len(list(find_numbers(said))) > 1 or re.search(r"[\d一二两三四五六七八九十]{2}|\d", said) is not None
        if figures or said.startswith("a "):
            yield r.start, r.end, f"{r.low.normalize():f}-{r.high.normalize():f}" if figures else said
    for category, value in (("fraction", "0.5"), ("one-of", "1")):
        for m in words(category).finditer(text):
            last = m.start() + 1 if "半" in m.group() else m.start() + m.group().rstrip().rfind(" ")
            taken.append((m.start(), last))
            yield m.start(), last, value
    for n in find_numbers(text):
        if not any(a < n.end and n.start < b for a, b in taken):
            yield n.start, n.end, f"{n.value.normalize():f}"


def _per(text: str) -> str:
    names = table("per-names")
    found = [k for k in names if text.rstrip().endswith(k) or k in text]
    return names[max(found, key=len)] if found else "day"


def _times(
    reading: Reading, row: Passage, sentence: Sentence, claim: _Claim, question: str, out: dict[str, str | None]
) -> None:
    found = values(reading, row, sentence)
    ago = words("last-one").search(question) is not None
    for d in found.durations:
        near = row.folded[max(sentence.start, d.start - 18) : d.end + 8]
        if row.folded[d.start : d.end] not in claim.words or ("D" in d.iso and "T" not in d.iso and not ago):
            continue
        if words("at-work").search(row.folded, sentence.start, d.start):
            continue
        # "Twice a year" is how often, not how long, and "several years" is no figure.
        if words("rate-behind").match(row.folded, d.end) or words("vague-length").search(row.folded, d.start, d.end):
            continue
        over = claim.status == "historical" and (ago or words("ago-words").search(near) is not None)
        if over or "Y" in d.iso or "M" in d.iso.partition("T")[0]:
            out.setdefault("ended_for" if over else "duration", d.iso)
    if claim.status == "historical":
        for when in found.dates:
            if row.folded[when.start : when.end] in claim.words:
                out.setdefault("ended", when.iso)


# -- others ---------------------------------------------------------------------------------------------


def _near(reading: Reading, row: Passage) -> Iterator[Fact]:
    """Whether anybody smokes near the patient: asked after, or told of those whom they live with."""
    asked = (
        row.asked is not None and words("others-smoke").search(row.folded, row.asked.start, row.asked.end) is not None
    )
    for sentence in row.sentences:
        if sentence.asks:
            continue
        nobody = words("nobody-smokes").search(row.folded, sentence.start, sentence.end)
        if nobody and (asked or words("smokes-now").search(nobody.group())):
            yield _exposure(reading, row, sentence, "absent", None, asked=asked and sentence is row.sentences[0])
            return
        m = words("smokes-now").search(row.folded, sentence.start, sentence.end)
        who = _smoker(reading, row, sentence, m) if m else None
        if m and who and not negated(row.folded, sentence, m.start(), m.end(), [(m.start(), m.end())]):
            yield _exposure(reading, row, sentence, "present", who, asked=asked and sentence is row.sentences[0])
            return
    if asked:
        said = polarity(row.folded[row.start : row.end])
        if said in ("absent", "present"):
            yield _exposure(reading, row, row.sentences[0], said, _answering(reading, row), asked=True)


def _smoker(reading: Reading, row: Passage, sentence: Sentence, m: re.Match[str]) -> str | None:
    """The relative or housemate who is said to smoke now; None for the patient and for those not near."""
    if words("quit").search(row.folded, sentence.start, sentence.end):
        return None
    who = reading.subjects.named(row, row.folded[sentence.start : m.start()], sentence.start)
    living = {"husband", "wife", "spouse", "partner"} | (
        set(entries("smokers-near")) if reading.subjects.child else set()
    )
    return who if who in living else None


def _answering(reading: Reading, row: Passage) -> str | None:
    first = row.sentences[0]
    who = reading.subjects.named(row, row.folded[first.start : first.end], first.start)
    return who if who not in (None, "patient", "other", "family") else None


def _exposure(
    reading: Reading, row: Passage, sentence: Sentence, status: Status, who: str | None, *, asked: bool
) -> Fact:
    zh = reading.encounter.language == "zh"
    evidence = row.answer(row.asked) if asked and row.asked else (row.evidence(sentence.start, sentence.end),)
    return Fact(
        kind="social-history", concept=Concept(text="二手烟接触" if zh else "second-hand smoke exposure", id="social:smoke-exposure"),
        status=status, attributes=frozen_map({"who": who}), evidence=evidence, witnesses=(row.witness,),
        recorded=row.said.isoformat(),
    )  # fmt: skip

"""Since when a complaint is there, and for how long each time: which of the times said is a symptom's own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Protocol

from syngraph.facts.cues import cues
from syngraph.facts.mentions import Reading
from syngraph.facts.passage import Passage, Sentence
from syngraph.facts.symptom_classes import class_of
from syngraph.facts.values import Values
from syngraph.model import Evidence
from syngraph.terminology.lexicon import Term, lexicon
from syngraph.terminology.patterns import regex
from syngraph.terminology.times import DateSpan, DurationSpan, duration_days, find_durations

#: Kinds whose own duration or date a clause gives, so that it isn't the symptom's.
OWNERS = ("drug", "drug-class", "condition", "procedure", "test", "immunization", "substance")
_HAN = regex(r"[一-鿿]")
_EPISODE = regex(
    r"每次|一次|一阵|歇|休息|缓|就好|就没|就消|会消|自己消|每回|一回|lasts?|each|every time|at a time|goes away|rest"
)


_MINUTES = regex(r"PT\d+(?:\.\d+)?[MS]")
_SINCE = regex(r"前|之前|ago|(?:past|last)\s|since")
#: A child younger than this, in days, is often introduced by its age.
_SMALL_CHILD = 365 * 6
_DAYS = regex(r"(?:several|a few|some) days[.]?|好?几天[。]?|more than half the days[.]?")


class Timed(Protocol):
    """A symptom being described, as far as its times go."""

    term: Term
    attributes: dict[str, str]
    timed: tuple[int, int] | None

    def add(self, evidence: Evidence, **attributes: str | None) -> None:
        """Note what is said of it."""


def times(
    reading: Reading, row: Passage, sentence: Sentence, found: Values, cases: Sequence[Timed],
    span: tuple[int, int], named: Sequence[tuple[int, int]],
) -> None:  # fmt: skip
    """Give ``cases`` the durations and onset dates in ``span`` that are theirs.

    ``named`` are the places of the symptoms that the span itself names; where there are none, a treatment, another
    history or a doing ("停了个把月") owns what time is said.
    """
    start, end = span
    if not named and (cues("treated").search(row.folded, start, end) or _owned(reading, start, end)):
        return
    if not named and _of_something_else(reading, row, sentence, span):
        return
    quote = row.evidence(sentence.start, sentence.end)
    for d in found.durations:
        if start <= d.start < end and not _future(row, d) and not _elsewhere(row, d, span, named):
            if (
                _repeats(row, d)
                or _ended(row, d)
                or _age(row, d)
                or _patients_age(reading, d)
                or any(a < d.end and d.start < b for a, b in named)
                or _done_then(reading, sentence, d, named)
            ):
                continue
            long = end - start > (14 if _HAN.search(row.text) else 40)
            if not named and not _tells_beginning(row, span) and (long or _of_other_things(row)):
                continue
            _lasts(row, d, cases, start, quote, named=bool(named))
    for when in found.dates:
        if start <= when.start < end and _began(row, when, start, own=bool(named)):
            if _done_then(reading, sentence, when, named):
                continue
            if _elsewhere(row, when, span, named) or not (named or _tells_beginning(row, span)):
                continue
            for c in cases:
                c.add(quote, onset=when.iso, onset_text=row.source.text[when.start : when.end])


def _done_then(
    reading: Reading, sentence: Sentence, time: DurationSpan | DateSpan, named: Sequence[tuple[int, int]]
) -> bool:
    """Whether a time is nearer to an operation, a test or a vaccine than to the symptom ("hysterectomy in 1996 for bleeding")."""
    done = [m for m in reading.mentions if m.term.kind in _DONE and sentence.start <= m.start < sentence.end]
    away = [max(a - time.end, time.start - b) for a, b in named]
    return bool(away) and any(max(m.start - time.end, time.start - m.end) < min(away) for m in done)


_DONE = ("procedure", "test", "immunization")


def _elsewhere(
    row: Passage, time: DurationSpan | DateSpan, span: tuple[int, int], named: Sequence[tuple[int, int]]
) -> bool:
    """Whether a doing that is no complaint stands between a time and the symptom, or fills the span."""
    if not named:
        # "四天没拉": for so long something was not done.
        undone = regex(r"\s*(?:都|也)?[没不](?!舒服|见好|好)[一-鿿]").match(row.folded, time.end) is not None
        return undone or cues("other-action").search(row.folded, *span) is not None
    a, b = min(named, key=lambda at: max(at[0] - time.end, time.start - at[1]))
    between = (time.end, a) if time.end <= a else (b, time.start)
    return between[0] < between[1] and cues("other-action").search(row.folded, *between) is not None


def _lasts(row: Passage, d: DurationSpan, cases: Sequence[Timed], start: int, quote: Evidence, *, named: bool) -> None:
    """A duration: of each episode where it is short and said of one, else since when the complaint is there."""
    asked = row.folded[row.asked.start : row.asked.end] if row.asked else ""
    if _DAYS.fullmatch(row.folded[row.start : row.end].strip()) and not cues("presupposing").search(asked):
        return  # "Over the last 2 weeks ...": "Several days" is how often
    brief = _MINUTES.fullmatch(d.iso) and not _SINCE.search(row.folded[max(start, d.start - 14) : d.end + 8])
    if (brief and named) or ("T" in d.iso and any(_of_episodes(c) for c in cases)) or _of_nights(cases, d):
        for c in cases:
            if not (class_of("night").search(c.term.id) and "H" in d.iso):  # "not sleeping, maybe five hours"
                c.add(quote, episode=d.iso)
        return
    if "T" in d.iso and (_EPISODE.search(row.folded[max(start, d.start - 16) : d.end + 12]) or _EPISODE.search(asked)):
        for c in cases:
            c.add(quote, episode=d.iso)
        return
    if "T" in d.iso and not named and not cues("presupposing").search(asked):
        return
    bounds = {"duration_low": d.low, "duration_high": d.high} if d.approximate else {}
    for c in cases:
        known = c.attributes.get("duration")
        if known and c.timed == (row.start, row.end) and _settles(c, d):
            # "十来天，半个月吧": the speaker settles on the last.
            for key in ("duration", "duration_text", "duration_low", "duration_high"):
                c.attributes.pop(key, None)
            known = None
        if known is None:
            c.add(quote, duration=d.iso, duration_text=row.source.text[d.start : d.end], **bounds)
            c.timed = (row.start, row.end)


def _of_nights(cases: Sequence[Timed], d: DurationSpan) -> bool:
    """Whether hours are those that somebody sleeps, not since when they don't."""
    return "T" in d.iso and bool(cases) and all(class_of("night").search(c.term.id) for c in cases)


def _of_episodes(case: Timed) -> bool:
    """Whether hours or minutes of a complaint are always those of one bout ("早上关节僵硬多久：30分钟")."""
    return class_of("episodic").search(case.term.id) is not None


#: Behind a date: that it was when something stopped.
_ENDING = regex(
    r"(?:开始|起|以后|以来|就|都|也|又|已经|才)*(?:不|没再|没有再|没)(?!舒服|得劲|对劲|好|行|适)[^,，。;；]{1,6}了"
)


def _began(row: Passage, when: DateSpan, start: int, *, own: bool) -> bool:
    """Whether a date is when a complaint began: not one it lasted until, none to come, not a bare "today"."""
    if _ENDING.match(row.folded, when.end):
        return False  # 昨天开始不吐了: when it ended
    before = row.folded[max(start, when.start - 28) : when.start]
    if re.search(r"(?:until|till|through|up to|before|than|直到|到|比|较|跟)\s*(?:about |around )?$", before):
        return False
    if re.match(
        r"[^,，。]{0,6}(?:又|再次|再一次)|[^,.]{0,16}(?<![a-z])again(?![a-z])", row.folded[when.end : when.end + 28]
    ):
        return False  # "今天早上又烧到三十八度五": not when it began
    if re.search(r"(?<![a-z])(?:not|n't|never|haven't|hasn't)(?![a-z])[^,.]{0,24}$", before) and not own:
        return False  # "I've not been since the summer"
    if _COUNTED.search(before):
        return False  # "three times this week" is how often
    if _IS.search(before) or _IS.match(row.folded, when.end):
        return False  # "今天礼拜四，那就是四天了": which day it is
    today = row.said.isoformat()
    return when.iso <= today and (own or when.iso != today or _asked_since(row))


_COUNTED = regex(r"(?:times|once|twice|[次回趟])\s*$")
#: What makes a date the answer's own day rather than a beginning.
_IS = regex(r"(?:今天|今日|今儿)(?:是|就是|不是)?$|(?:today(?:'s| is)|it's now|it is) $")


def _asked_since(row: Passage) -> bool:
    """Whether the question was when a complaint began ("疹子什么时候出的？" "今天早上")."""
    return any(cues("asks-since").search(row.folded, *span) for span in row.asked_spans)


def _settles(case: Timed, d: DurationSpan) -> bool:
    """Whether a duration lies within the rough one said just before."""
    low, high = case.attributes.get("duration_low"), case.attributes.get("duration_high")
    return bool(low and high) and duration_days(low or "") <= duration_days(d.iso) <= duration_days(high or "")


_UNTIL = regex(r"(?:(?<![a-z])(?:until|till|til|up to|before)|直到|到) ?(?:about |around |roughly |大概|大约)?$")


def _ended(row: Passage, d: DurationSpan) -> bool:
    """Whether a time is when something ended ("regular as clockwork till about two years ago")."""
    back = re.match(r" ?(?:ago|back)|(?:以|之)?前", row.folded[d.end : d.end + 6]) is not None
    return back and _UNTIL.search(row.folded[max(row.start, d.start - 18) : d.start]) is not None


#: "那两天", "两天是你回来那两天": days that are pointed at, no length of an illness.
_POINTED = regex(r"\s*是(?!有)(?:[你我他她]|从|因|那|在)")


def _repeats(row: Passage, d: DurationSpan) -> bool:
    """Whether a duration is an interval ("every twenty minutes", 每四小时) or days pointed at ("那两天")."""
    if row.folded[d.start - 1 : d.start] == "那" or _POINTED.match(row.folded, d.end):
        return True
    return (
        re.search(r"(?:every|each|per|每隔?|隔)\s*(?:other\s*)?$", row.folded[max(row.start, d.start - 8) : d.start])
        is not None
    )


def _age(row: Passage, d: DurationSpan) -> bool:
    """Whether a duration is how old somebody is (快13个月了, "six months old")."""
    before, after = row.folded[max(row.start, d.start - 3) : d.start], row.folded[d.end : min(d.end + 5, row.end)]
    return re.search(r"(?:快要?|刚|满|才)$", before) is not None or _OLD.match(after) is not None


_OLD = regex(r"[ -]*(?:大(?![便腿概约小])|old)")


def _patients_age(reading: Reading, d: DurationSpan) -> bool:
    """Whether a duration is a small child's age ("宝宝10个月，发热")."""
    born = reading.encounter.patient.birth_date
    if not born or len(born) < 10 or "T" in d.iso:
        return False
    age = (reading.encounter.start.date() - date.fromisoformat(born[:10])).days
    return 60 < age < _SMALL_CHILD and abs(duration_days(d.iso) - age) <= 31


def _tells_beginning(row: Passage, span: tuple[int, int]) -> bool:
    """Whether a date in a sentence that names no symptom is when one began: it says so, or that was asked."""
    if row.asked is not None and cues("presupposing").search(row.folded, row.asked.start, row.asked.end):
        return True
    if _asked_since(row):
        return True
    return any(cues(c).search(row.folded, *span) for c in ("begins", "correction"))


def _of_other_things(row: Passage) -> bool:
    """Whether the question was about something else than a complaint: "Born on time?" "39 weeks"."""
    if row.asked is None or row.asked.from_form:
        return False
    question = row.folded[row.asked.start : row.asked.end]
    return bool(question.strip()) and not lexicon().longest(
        question, "symptom", "sensation", "body-site", "general-state"
    )


def _of_something_else(reading: Reading, row: Passage, sentence: Sentence, span: tuple[int, int]) -> bool:
    """Whether a time in a span that names no symptom is that of an earlier episode, a drug or a form's other matter."""
    start, end = span
    if cues("earlier-episode").search(row.folded, start, end) or cues("other-doing").search(row.folded, start, end):
        return True
    before = [m for m in reading.mentions if sentence.start <= m.start < start and not m.asked]
    if before and before[-1].term.kind in OWNERS:
        return True  # "前一向腰痛，吃过芬必得，大概五六天"
    if row.asked is None:
        return False
    asked = row.folded[row.asked.start : row.asked.end]
    if cues("presupposing").search(asked) or _asked_since(row):
        return False
    # "Was your child born on time?" "Yes, 39 weeks"; "This is two weeks after cycle four?" "Two weeks, yes"
    return (row.asked.from_form and _plain_matter(row)) or bool(find_durations(asked))


def _plain_matter(row: Passage) -> bool:
    """Whether a form's question is about no complaint: it names none and its topic is none."""
    if row.asked is None or row.topic in ("chief-complaint", "history-of-present-illness", "review-of-systems"):
        return False
    asked = row.folded[row.asked.start : row.asked.end]
    return not (cues("opens").search(asked) or lexicon().longest(asked, "symptom", "sensation", "general-state"))


#: The unit that a form's question gives its number ("How many days?", 病程（天）).
_UNIT_ASKED = (
    ("D", regex(r"how many days|days ill|in days|几天|多少天|[(（]天[)）]|天数")),
    ("W", regex(r"how many weeks|in weeks|几周|多少周|几个星期|[(（]周[)）]")),
    ("M", regex(r"how many months|in months|几个月|多少个?月|[(（]月[)）]")),
    ("Y", regex(r"how many years|in years|几年|多少年|[(（]年[)）]")),
)  # fmt: skip
_NUMBER = regex(r"\d{1,3}")


def asked_length(row: Passage) -> str | None:
    """The duration that a bare number gives in answer to a form's question for days, weeks, months or years."""
    number = _NUMBER.fullmatch(row.folded[row.start : row.end].strip(" ."))
    if row.asked is None or number is None or int(number.group()) == 0:
        return None
    asked = row.folded[row.asked.start : row.asked.end]
    if cues("of-no-illness").search(asked):
        return None
    return next((f"P{int(number.group())}{unit}" for unit, words in _UNIT_ASKED if words.search(asked)), None)


def _future(row: Passage, d: DurationSpan) -> bool:
    return re.match(r"\s*(?:后复|后来|以后再)", row.folded[d.end : d.end + 6]) is not None


def _owned(reading: Reading, start: int, end: int) -> bool:
    return any(start <= m.start < end and m.term.kind in OWNERS for m in reading.mentions)

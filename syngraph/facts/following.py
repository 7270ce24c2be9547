"""Which symptom a sentence is about: the one it names, the one that was asked about, or the one the talk goes on about."""

from __future__ import annotations

import re
from collections.abc import Sequence

from syngraph.facts.cases import Case, off_topic, presupposes
from syngraph.facts.compose import takes_side
from syngraph.facts.cues import cues
from syngraph.facts.features import manner, often
from syngraph.facts.lasting import OWNERS, asked_length, times
from syngraph.facts.manner import describes
from syngraph.facts.matters import asked_about
from syngraph.facts.mentions import Mention, Reading
from syngraph.facts.passage import Passage, Sentence
from syngraph.facts.radiating import RADIATES, sides_of_radiation
from syngraph.facts.rates import asked_how_often
from syngraph.facts.values import side_of, values
from syngraph.model import Evidence
from syngraph.terminology.lexicon import lexicon
from syngraph.terminology.numerals import parse_number
from syngraph.terminology.patterns import regex


def describe_own(reading: Reading, row: Passage, fresh: list[tuple[Case, Mention]]) -> None:
    """Give each symptom the values of its clause, and of the clauses after it that name no other."""
    for sentence in row.sentences:
        here = [(c, m) for c, m in fresh if sentence.start <= m.start < sentence.end]
        if not here:
            continue
        found = values(reading, row, sentence)
        quote = row.evidence(sentence.start, sentence.end)
        for clause in sentence.clauses:
            mine = [(c, m) for c, m in here if clause.start <= m.start < clause.end]
            before = [p for p in here if p[1].start < clause.start][-1:]
            if not mine and not before and row.asked is not None and presupposes(row):
                # What comes before the first symptom of an answer is still said of what was asked.
                continue
            carried = mine or before or here[:1]
            cases = [c for c, _ in carried]
            span = (clause.start, clause.end)
            times(reading, row, sentence, found, cases, span, [(m.start, m.end) for _, m in mine])
            manner(row, found, carried, span, quote)
            often(reading, row, found, carried, span)
        for c, m in here:
            side = side_of(row, found, sentence, m.start, m.end)
            if side and takes_side(c.term, side) and not sides_of_radiation(row, sentence):
                c.add(quote, laterality=side)


def describe_focus(
    reading: Reading,
    row: Passage,
    present: list[tuple[Case, Mention]],
    asked: list[Case],
    focus: list[Case],
    chief: list[Case],
) -> None:
    """Sentences that name no symptom of their own go on about what was asked, or what the talk was about."""
    if row.role == "document" or off_topic(row):
        return
    own = [(c, m) for c, m in present if not m.asked]
    _length_asked(row, (asked or focus)[:3])
    _side_asked(reading, row, asked or focus or [c for c, _ in own])
    _scored(row, [*asked, *[c for c, _ in own], *focus, *chief])
    first = min((m.start for _, m in own), default=row.end)
    named = {(m.sentence.start, m.sentence.end) for _, m in present if not m.asked}
    _answered_first(reading, row, own, asked or focus)
    for sentence in row.sentences:
        if (sentence.start, sentence.end) in named or sentence.asks:
            continue
        if any(
            m.term.kind == "symptom" and not m.asked and sentence.start <= m.start < sentence.end
            for m in reading.in_row(reading.rows.index(row))
        ):
            continue
        if not _goes_on(reading, row, sentence) or _turned_away(reading, row, sentence):
            continue
        found = values(reading, row, sentence)
        quote = row.evidence(sentence.start, sentence.end)
        # What comes before a new complaint still answers for the old one.
        fresh = [c for c, m in own if m.start < sentence.start]
        about = asked or (focus or [c for c, _ in own] if sentence.start < first else fresh or focus)
        live = [c for c in about if c.status in ("present", "uncertain")][: None if asked else 1]
        span = (sentence.start, sentence.end)
        times(reading, row, sentence, found, live, span, ())
        for clause in sentence.clauses:
            manner(row, found, [(c, None) for c in (*live, *focus, *chief)], (clause.start, clause.end), quote)
        if asked or asked_how_often(row) or asked_about(reading.rows, reading.rows.index(row)) is not None:
            often(reading, row, found, [(c, None) for c in (*live, *focus)], span)
        if sentence is row.sentences[0]:
            _as_asked(row, sentence, [*live, *focus, *chief], quote)
        sides = {s[2] for s in found.sides}
        if len(sides) == 1 and row.asked and cues("asks-where").search(row.folded, row.asked.start, row.asked.end):
            for c in live:
                if takes_side(c.term, next(iter(sides))):
                    c.add(quote, laterality=next(iter(sides)))


def _answered_first(reading: Reading, row: Passage, own: list[tuple[Case, Mention]], about: list[Case]) -> None:
    """What an answer says before it names a new complaint is of what was asked ("三四天吧，昨天起脸都肿了")."""
    sentence = row.sentences[0]
    mine = [(c, m) for c, m in own if sentence.start <= m.start < sentence.end]
    if not mine or not about or sentence.asks or not presupposes(row):
        return
    first = min(m.start for _, m in mine)
    span = (sentence.start, sentence.clause_at(first).start)
    if span[0] < span[1] and not any(c in about for c, m in mine if m.start == first):
        times(reading, row, sentence, values(reading, row, sentence), about[:1], span, ())


_TEN = regex(r"(?<!\d)10(?!\d)|(?<![a-z])ten(?![a-z])|十分制")
_WORDS = "one|two|three|four|five|six|seven|eight|nine|ten"
_SCORE = regex(
    rf"(?<![\d一二三四五六七八九十a-z])(?P<a>10|\d|{_WORDS}|[一二两三四五六七八九十])(?:\s?(?:[-~～到、]|to|or)?\s?(?P<b>10|\d|{_WORDS}|[一二三四五六七八九十]))?\s?"
    r"(?:分(?![钟之饱])|(?:/|out of) ?(?:10|ten))"
)
_BARE_SCORE = regex(
    r"(?:about |around |maybe |probably |an? |大概|差不多|得有)*(?P<a>10|\d|[a-z]+|[一二两三四五六七八九十])(?:\s?(?:[-~～到、]|to|or)?\s?(?P<b>10|\d|[一二三四五六七八九十]|[a-z]+))?\s?分?"
)
_OF_PAIN = regex(r"疼|痛|pain|hurt")


def _scored(row: Passage, cases: Sequence[Case]) -> None:
    """How bad a complaint is from nought to ten, where that was asked or is said ("疼痛评分：8", "eight out of ten")."""
    asked = row.folded[row.asked.start : row.asked.end] if row.asked else ""
    words = row.folded[row.start : row.end]
    wanted = cues("asks-score").search(asked) is not None
    found = _SCORE.search(words) or (_BARE_SCORE.match(words.strip()) if wanted else None)
    very = found is not None and found.group() == "十分" and not wanted
    if found is None or very or not (wanted or _WORD_NUMBER.search(words) or _OF_PAIN.search(words)):
        return
    low, high = _figure(found["a"]), _figure(found["b"]) if found["b"] else None
    if low is None or (found["b"] and (high is None or not low < high <= 10)):
        return
    felt = [c for c in cases if c.status == "present" and describes(RADIATES, c.term)] or list(cases)
    score = f"{low}-{high}" if high is not None else str(low)
    ten = "/10" if _TEN.search(asked) or _TEN.search(found.group()) else ""
    quotes = row.answer(row.asked) if row.asked and wanted else (row.evidence(row.start, row.end),)
    for c in felt[:1]:
        c.attributes.setdefault("score", score + ten)
        c.evidence += [q for q in quotes if q not in c.evidence]


_WORD_NUMBER = regex(r"out of (?:10|ten)|/ ?10(?!\d)")


def _figure(words: str) -> int | None:
    """A whole number from 0 to 10."""
    value = parse_number(words)
    return int(value) if value is not None and value == int(value) and 0 <= value <= 10 else None


def _length_asked(row: Passage, cases: Sequence[Case]) -> None:
    """A form's number of days, weeks or months is how long its complaint has lasted."""
    if (length := asked_length(row)) is not None and row.asked is not None:
        for c in cases:
            c.add(row.answer(row.asked)[0], duration=length)


#: What a question asks of a complaint, and the attribute that a plain answer to it fills.
_ASKED_WAYS = (
    ("asks-worse", "aggravated_by"), ("asks-better", "relieved_by"), ("asks-trigger", "trigger"), ("asks-radiation", "radiation"),
)  # fmt: skip


_PLAIN_ANSWER = regex(
    r"(?:no|not|nothing|none|don't|yes|yeah|it|i|my|he|she|they|um|well|so|never|maybe|sort)(?![a-z])|不|没|无|说不|就?是?(?:这样|自己)|嗯|对|有"
)


def _as_asked(row: Passage, sentence: Sentence, cases: Sequence[Case], quote: Evidence) -> None:
    """A short answer to what worsens, eases or set off a complaint, or where it goes, tells just that."""
    if row.asked is None or not cases:
        return
    asked = row.folded[row.asked.sentences[-1].start : row.asked.sentences[-1].end]
    words = row.source.text[sentence.start : sentence.end].strip(" ,，。.!！;；吧呢啊")
    if re.match(r"[A-Z][a-z]", words):
        words = words[0].lower() + words[1:]
    short = len(words) <= 14 if re.search(r"[一-鿿]", words) else len(words.split()) <= 8
    if not short or _PLAIN_ANSWER.match(words.lower()):
        return
    for cue, way in _ASKED_WAYS:
        if cues(cue).search(asked):
            if way != "radiation" or (
                lexicon().longest(_words(row, sentence), "body-site")
                and describes(RADIATES, cases[0].term)
                and not _STAYS.search(words.lower())
            ):
                cases[0].add(quote, **{way: words})
            return


_STAYS = regex(r"(?<![a-z])(?:stays?|staying|just (?:in|here|there|the)|only|doesn't|not|no)(?![a-z])|就在|只在|不")


def _words(row: Passage, sentence: Sentence) -> str:
    """The folded words of a sentence."""
    return row.folded[sentence.start : sentence.end]


_WHICH_SIDE = regex(
    r"哪[一]?[边侧只条个]|左.{0,3}右|which (?:side|one|knee|leg|arm|ear|eye|foot|hand|shoulder|hip)|left or right|right or left"
)


def _side_asked(reading: Reading, row: Passage, about: list[Case]) -> None:
    """The side asked for ("哪边？" "左边，……"): the side at the beginning of the answer is that of the complaint."""
    if row.asked is None or not _WHICH_SIDE.search(row.folded, row.asked.start, row.asked.end):
        return
    first = row.sentences[0]
    near = [s for s in values(reading, row, first).sides if s[0] - first.start <= 12]
    alike = [c for c in about if _same_place(c, about[0])]
    for c in alike if near else []:
        if takes_side(c.term, near[0][2]):
            c.add(row.evidence(first.start, first.end), laterality=near[0][2])


def _same_place(a: Case, b: Case) -> bool:
    """Whether two complaints are felt at one place ("眼睛红、胀痛", which has one side)."""
    if a is b:
        return True
    return a.term.attrs.get("site") == b.term.attrs.get("site") is not None or (
        a.term.attrs.get("system") == b.term.attrs.get("system") == "eye"
    )


_GOES_ON = regex(
    r"\s*(?:i've been|i have been|he's been|she's been|been|it|that|they|since|for|about|maybe|no|yes|yeah|um|uh|around|probably|started|just|only|every|all|when|on|the|mostly|usually|大概|差不多|就|有|从|是|都|得|一|每|主要|现在|这|那|嗯|刚)"
)


def _turned_away(reading: Reading, row: Passage, sentence: Sentence) -> bool:
    """Whether the sentence before names a disease or drug, which this one then goes on about ("小时候有湿疹。现在好多了")."""
    before = [s for s in row.sentences if s.end <= sentence.start][-1:]
    return any(
        m.term.kind in OWNERS and s.start <= m.start < s.end and not m.asked for s in before for m in reading.mentions
    )


def _goes_on(reading: Reading, row: Passage, sentence: Sentence) -> bool:
    """Whether a sentence without a symptom of its own may go on about one: short or anaphoric, and the patient's."""
    words = row.folded[sentence.start : sentence.end]
    limit = 36 if re.search(r"[一-鿿]", words) else 80
    if len(words) > limit and not _GOES_ON.match(words):
        return False
    return reading.subjects.of(row, sentence, sentence.end) == "patient"

"""Symptoms with all that is said of them: since when, how bad, which side, what makes them worse or better.

A value that stands beside a symptom belongs to it; one that stands alone in an answer ("三天了") belongs to what was
asked about, or else to what the talk was about last.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field

from syngraph.facts.accounts import reconciled
from syngraph.facts.compose import composed_term, takes_side
from syngraph.facts.cues import cues
from syngraph.facts.lasting import OWNERS, asked_length, times
from syngraph.facts.manner import class_of, describes, goes_on, habitual, said_of, ways
from syngraph.facts.matters import asked_about
from syngraph.facts.mentions import Mention, Reading, names_in
from syngraph.facts.naming import concept_of
from syngraph.facts.passage import Passage, Sentence
from syngraph.facts.phases import end_of_history
from syngraph.facts.placing import asked_of_earlier, no_complaint, placed, status_of
from syngraph.facts.rates import asked_how_often, asked_rate, of_complaint, rates
from syngraph.facts.values import Values, side_of, values
from syngraph.model import Evidence, Fact, Witness, frozen_map
from syngraph.terminology.lexicon import Match, Term, lexicon
from syngraph.terminology.patterns import regex

_SKIP_TOPICS = frozenset({"past-history", "family-history", "medications", "allergies", "plan", "personal-history"})
#: In a letter or an old note these tell what was found then, not what is complained of now.
_FOUND_THEN = frozenset({"investigations", "assessment", "physical-examination", "vital-signs"})
#: The complaint is told in the first turns of a talk; what comes up later is asked for or said in passing.
_OPENING_TURNS = 5
#: So many turns after a complaint was named, "sometimes" or "the left one" is said of something else.
_FORGOTTEN = 12


#: What goes elsewhere: a pain or a numbness.
_RADIATES = Term(id="qualifier:radiation", kind="qualifier", zh="放射", en="radiating", attrs={"for": "pain,numb"})


@dataclass(slots=True)
class _Case:
    """A symptom being described."""

    term: Term
    status: str
    subject: str
    witness: Witness
    said: str
    row: int
    resolved: bool
    evidence: list[Evidence]
    #: Named in the question that was answered; corrected in the same turn; said of now and not of before.
    asked: bool = False
    corrected: bool = False
    now: bool = False
    attributes: dict[str, str] = field(default_factory=dict)
    #: Where a duration was said, as (start, end) of the passage.
    timed: tuple[int, int] | None = None

    def add(self, evidence: Evidence, **attributes: str | None) -> None:
        """Note what is said of the symptom, and by which words; the first word on a matter stands."""
        fresh = {k: v for k, v in attributes.items() if v and k not in self.attributes}
        if fresh:
            self.attributes.update(fresh)
            if evidence not in self.evidence:
                self.evidence.append(evidence)


def symptoms(reading: Reading, claimed: Set[tuple[int, int, int]]) -> Iterator[Fact]:
    """The symptom facts of a source; ``claimed`` are (start, end, row) of mentions that tell of an allergy."""
    cases: list[_Case] = []
    focus: list[_Case] = []
    chief_seen, turns, spoke_of, history = False, 0, 0, end_of_history(reading)
    for index, row in enumerate(reading.rows):
        if row.role in ("doctor", "question") or row.topic in _SKIP_TOPICS:
            continue
        if row.role == "document" and row.topic in _FOUND_THEN:
            continue
        turns += 1
        if index - spoke_of > _FORGOTTEN:
            focus = []
        fresh = [
            c
            for m in reading.in_row(index)
            if (m.start, m.end, index) not in claimed
            and (index < history or not class_of("passing").search(m.term.id))
            and (c := _case(reading, row, m, [*focus, *_sited(cases)] if index < history else [])) is not None
        ]
        present = [(c, m) for c, m in fresh if c.status in ("present", "uncertain") and c.subject == "patient"]
        if not _sited(cases) and turns <= _OPENING_TURNS and (place := _place(reading, row)) is not None:
            focus = focus or [place]
        for told, _ in present:
            _take_over(told, focus)
        asked = [c for c, m in fresh if m.asked]
        _describe_own(reading, row, [(c, m) for c, m in fresh if c.status != "absent" and not m.asked])
        if index < history:
            chief = [c for c in cases if c.attributes.get("chief") and c.status == "present"]
            about, leads = _talked_of(reading, index, cases, focus, chief, asked)
            _describe_focus(reading, row, present, asked, about, leads)
        cases += [c for c, _ in fresh]
        if index < history:
            cases += _radiated(reading, row, index)
        if present and row.role != "document":
            opening = not chief_seen and turns <= _OPENING_TURNS
            chief_seen |= (opening or row.topic == "chief-complaint") and _complain(row, present)
            focus, spoke_of = [c for c, _ in present][:3], index
    kept = reconciled(cases)
    well = [c for c in kept if c.term.attrs.get("role") == "well"]
    for case in kept:
        # "没什么不舒服" beside a complaint tells nothing.
        if case not in well or len(well) == len(kept):
            yield _fact(case, reading)


def _talked_of(
    reading: Reading, index: int, cases: list[_Case], focus: list[_Case], chief: list[_Case], asked: list[_Case]
) -> tuple[list[_Case], list[_Case]]:
    """What an answer goes on about: ``focus`` and ``chief``, or what was told of the matter that was asked about."""
    matter = asked_about(reading.rows, index)
    if matter is None or asked:
        return focus, chief
    # "大便什么样？" is of what was told of the stool, and of nothing else.
    told = [c for c in cases if c.status == "present" and matter.of.search(c.term.id)][-1:]
    return told, told


_SINCE_WHEN = regex(
    r"(?:发病|病了|不舒服|得病)?(?:多久|几天|多长时间)了?|how long (?:have|has|is|'s)|when did (?:it|this|that) (?:start|begin)"
)
_ILLNESS = Term(id="body-site:illness", kind="body-site", zh="病", en="illness")


def _place(reading: Reading, row: Passage) -> _Case | None:
    """The part of the body that a complaint is about before anybody said what is wrong with it ("It's this knee").

    It stands for a complaint to be named, so that a side or a time said meanwhile is not lost.
    """
    if row.role not in ("patient", "companion") or row.topic not in (None, "chief-complaint") or _off_topic(row):
        return None
    named = lexicon().longest(row.folded[row.start : row.end], "body-site")
    if not named and row.asked is not None and _SINCE_WHEN.search(row.folded, row.asked.start, row.asked.end):
        # "发病几天了？" "一个星期了": told before the complaint has a name.
        named = [Match(row.start, row.end, _ILLNESS)]
    if not named or reading.subjects.of(row, row.sentences[0], row.sentences[0].end) != "patient":
        return None
    site = named[0].term
    name = site.id.partition(":")[2]
    term = Term(id=f"symptom:{name}+", kind="symptom", zh=site.zh, en=site.en, attrs={**site.attrs, "site": name})
    return _Case(
        term=term, status="present", subject="patient", witness=row.witness, said=row.said.isoformat(),
        row=0, resolved=False, evidence=[],
    )  # fmt: skip


def _take_over(case: _Case, focus: Sequence[_Case]) -> None:
    """What was said of a place before its complaint had a name is the complaint's."""
    for place in focus:
        same = place.term.attrs.get("site") == case.term.attrs.get("site") or place.term.id == "symptom:illness+"
        if place.term.id.endswith("+") and same:
            case.evidence += [e for e in place.evidence if e not in case.evidence]
            for key, value in place.attributes.items():
                case.attributes.setdefault(key, value)


def _sited(cases: Sequence[_Case]) -> list[_Case]:
    """The complaints that have a place, the latest first."""
    return [c for c in reversed(cases) if c.status == "present" and c.subject == "patient" and c.term.attrs.get("site")]


def _complain(row: Passage, present: Sequence[tuple[_Case, Mention]]) -> bool:
    """Mark the complaints among ``present``: what is volunteered, or asked for by a form; whether there are any."""
    own = [c for c, m in present if not m.asked or row.asked is None or _presupposes(row)]
    for c in own:
        c.attributes["chief"] = "1"
        if row.topic == "chief-complaint":
            c.attributes["complaint"] = "1"
    return bool(own)


def _case(reading: Reading, row: Passage, m: Mention, focus: Sequence[_Case]) -> tuple[_Case, Mention] | None:
    if m.term.kind not in ("symptom", "normal") or m.assertion.hypothetical or m.assertion.subject == "other":
        return None
    term, status = placed(row, m, focus), status_of(row, m)
    if term is None or no_complaint(reading, row, m) or (status == "absent" and asked_of_earlier(row, m)):
        return None
    attributes: dict[str, str] = {}
    if _OFTEN.match(row.folded, m.start, m.end):
        attributes["course"] = "recurrent"
    if m.asked and (times_said := _TIMES.fullmatch(row.folded[row.start : row.end].strip())):
        attributes["count"] = times_said.group(1)
    if term.kind == "normal":
        negated = lexicon().terms.get("symptom:" + term.attrs.get("negates", ""))
        if negated is None or status != "present":
            return None
        attributes["text"] = term.name(reading.encounter.language)
        term, status = negated, "absent"
    if term.attrs.get("general"):
        attributes["general"] = "1"
    if row.topic == "review-of-systems":
        attributes["review"] = "1"
    if m.asked and status == "uncertain":
        attributes["unsure"] = "1"
    case = _Case(
        term=term, status=status, subject=m.assertion.subject, witness=row.witness, said=row.said.isoformat(),
        row=m.row, resolved=m.assertion.resolved, evidence=list(m.evidence), attributes=attributes, asked=m.asked,
        corrected=not m.asked and cues("takes-back").search(row.folded, row.start, m.sentence.end) is not None,
        now=not m.asked and cues("now").search(row.folded, m.sentence.start, m.sentence.end) is not None,
    )  # fmt: skip
    if m.assertion.resolved:
        case.attributes["resolved"] = "1"
    return case, m


#: "keeps falling", "老摔跤": it comes again and again.
_OFTEN = regex(r"(?:keeps?|kept|keeping) |老(?!毛病)|总|经常|反复")
_TIMES = regex(r"([1-9]\d?)\s*(?:次|times|x)?[.。]?")


def _describe_own(reading: Reading, row: Passage, fresh: list[tuple[_Case, Mention]]) -> None:
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
            if not mine and not before and row.asked is not None and _presupposes(row):
                # What comes before the first symptom of an answer is still said of what was asked.
                continue
            carried = mine or before or here[:1]
            cases = [c for c, _ in carried]
            span = (clause.start, clause.end)
            times(reading, row, sentence, found, cases, span, [(m.start, m.end) for _, m in mine])
            _manner(row, found, carried, span, quote)
            _often(reading, row, found, carried, span)
        for c, m in here:
            side = side_of(row, found, sentence, m.start, m.end)
            if side and takes_side(c.term, side) and not _sides_of_radiation(row, sentence):
                c.add(quote, laterality=side)


def _presupposes(row: Passage) -> bool:
    """Whether the question that ``row`` answers goes on about a complaint already told."""
    return row.asked is not None and cues("presupposing").search(row.folded, row.asked.start, row.asked.end) is not None


def _describe_focus(
    reading: Reading,
    row: Passage,
    present: list[tuple[_Case, Mention]],
    asked: list[_Case],
    focus: list[_Case],
    chief: list[_Case],
) -> None:
    """Sentences that name no symptom of their own go on about what was asked, or what the talk was about."""
    if row.role == "document" or _off_topic(row):
        return
    own = [(c, m) for c, m in present if not m.asked]
    _length_asked(row, (asked or focus)[:3])
    _side_asked(reading, row, asked or focus or [c for c, _ in own])
    first = min((m.start for _, m in own), default=row.end)
    named = {(m.sentence.start, m.sentence.end) for _, m in present if not m.asked}
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
            _manner(row, found, [(c, None) for c in (*live, *focus, *chief)], (clause.start, clause.end), quote)
        if asked or asked_how_often(row) or asked_about(reading.rows, reading.rows.index(row)) is not None:
            _often(reading, row, found, [(c, None) for c in (*live, *focus)], span)
        if sentence is row.sentences[0]:
            _as_asked(row, sentence, [*live, *focus, *chief], quote)
        sides = {s[2] for s in found.sides}
        if len(sides) == 1 and row.asked and cues("asks-where").search(row.folded, row.asked.start, row.asked.end):
            for c in live:
                if takes_side(c.term, next(iter(sides))):
                    c.add(quote, laterality=next(iter(sides)))


def _length_asked(row: Passage, cases: Sequence[_Case]) -> None:
    """A form's number of days, weeks or months is how long its complaint has lasted."""
    if (length := asked_length(row)) is not None and row.asked is not None:
        for c in cases:
            c.add(row.answer(row.asked)[0], duration=length)


#: What a question asks of a complaint, and the attribute that a plain answer to it fills.
_ASKED_WAYS = (
    ("asks-worse", "aggravated_by"), ("asks-better", "relieved_by"), ("asks-trigger", "trigger"), ("asks-radiation", "radiation"),
)  # fmt: skip
_LIMBS = frozenset({"leg", "thigh", "calf", "buttock", "arm", "upper-arm", "forearm", "hand", "foot", "shoulder"})
_SIDE_WORD = regex(r"左|右|(?<![a-z])(?:left|right)(?![a-z ]*(?:away|now|up))")


def _radiated(reading: Reading, row: Passage, index: int) -> list[_Case]:
    """Pain of the limb that a complaint goes to, where the side is told: that is the limb's, not the back's."""
    if row.role not in ("patient", "companion") or _off_topic(row):
        return []
    asked = row.asked is not None and cues("asks-radiation").search(row.folded, row.asked.start, row.asked.end)
    for sentence in row.sentences:
        spans = [
            (at, at + len(words)) for way, words, at in ways(row, sentence.start, sentence.end) if way == "radiation"
        ]
        if asked and sentence is row.sentences[0]:
            # "Down the leg. The right one.": the side may follow in a breath of its own.
            after = [s.end for s in row.sentences if s.end > sentence.end and s.end - s.start < 24][:1]
            spans.append((sentence.start, after[0] if after else sentence.end))
        for start, end in spans:
            sites = [m.term for m in lexicon().longest(row.folded[start:end], "body-site")]
            limb = next((t for t in sites if t.id.partition(":")[2] in _LIMBS), None)
            sides = {w.group() for w in _SIDE_WORD.finditer(row.folded, start, end)}
            if limb is not None and len(sides) == 1:
                side = "left" if sides & {"左", "left"} else "right"
                term = composed_term(limb, lexicon().terms["sensation:pain"])
                return [_Case(
                    term=term, status="present", subject="patient", witness=row.witness, said=row.said.isoformat(), row=index,
                    resolved=False, evidence=[row.evidence(start, end)], attributes={"laterality": side},
                )]  # fmt: skip
    return []


def _sides_of_radiation(row: Passage, sentence: Sentence) -> bool:
    """Whether the only side in a sentence is that of where the complaint goes."""
    sides = list(_SIDE_WORD.finditer(row.folded, sentence.start, sentence.end))
    spans = [(at, at + len(words)) for way, words, at in ways(row, sentence.start, sentence.end) if way == "radiation"]
    return bool(sides) and all(any(a <= s.start() < b for a, b in spans) for s in sides)


_PLAIN_ANSWER = regex(
    r"(?:no|not|nothing|none|don't|yes|yeah|it|i|my|he|she|they|um|well|so|never|maybe|sort)(?![a-z])|不|没|无|说不|就?是?(?:这样|自己)|嗯|对|有"
)


def _as_asked(row: Passage, sentence: Sentence, cases: Sequence[_Case], quote: Evidence) -> None:
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
            if way != "radiation" or lexicon().longest(sentence_words(row, sentence), "body-site"):
                cases[0].add(quote, **{way: words})
            return


def sentence_words(row: Passage, sentence: Sentence) -> str:
    """The folded words of a sentence."""
    return row.folded[sentence.start : sentence.end]


_WHICH_SIDE = regex(
    r"哪[一]?[边侧只条个]|左.{0,3}右|which (?:side|one|knee|leg|arm|ear|eye|foot|hand|shoulder|hip)|left or right|right or left"
)


def _side_asked(reading: Reading, row: Passage, about: list[_Case]) -> None:
    """The side asked for ("哪边？" "左边，……"): the side at the beginning of the answer is that of the complaint."""
    if row.asked is None or not _WHICH_SIDE.search(row.folded, row.asked.start, row.asked.end):
        return
    first = row.sentences[0]
    near = [s for s in values(reading, row, first).sides if s[0] - first.start <= 12]
    for c in about[:1] if near else []:
        if takes_side(c.term, near[0][2]):
            c.add(row.evidence(first.start, first.end), laterality=near[0][2])


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


def _off_topic(row: Passage) -> bool:
    """Whether the passage answers a question about something that is no complaint, so that its values aren't one's."""
    if row.asked is None:
        return False
    if row.topic not in (None, "chief-complaint", "history-of-present-illness", "review-of-systems"):
        return True
    words = row.folded[row.asked.start : row.asked.end]
    if cues("when-was-that").search(words) or cues("asks-earlier").search(words):
        return True
    other = names_in(row.folded, row.asked.start, row.asked.end)
    return cues("other-matter").search(words) is not None or any(m.term.kind in OWNERS for m in other)


def _manner(
    row: Passage,
    found: Values,
    told: Sequence[tuple[_Case, Mention | None]],
    span: tuple[int, int],
    quote: Evidence,
) -> None:
    """Severity, course, character, timing and triggers in ``span``, each to the symptom that it is said of."""
    placed = [(c, m) for c, m in told if m is not None and span[0] <= m.start < span[1]]
    taken: list[tuple[int, int]] = []
    for way, words, at in ways(row, *span):
        taken.append((at, at + len(words)))
        for c in _nearest_case(told, placed, at):
            if way != "radiation" or describes(_RADIATES, c.term):
                c.add(quote, **{way: words})
    for q in found.qualifiers:
        # A time or posture that worsens or eases ("worse at night", "躺着好些") is told as that.
        if span[0] <= q.start < span[1] and not any(a < q.end and q.start < b for a, b in taken):
            if _NO.search(row.folded[max(span[0], q.start - 14) : q.start]):
                continue  # "no burning", "不严重": what is denied describes nothing
            for c in _described(row, found, q, told, placed, span):
                c.add(quote, **_said(q, c, _language(row)))


def _often(
    reading: Reading, row: Passage, found: Values, told: Sequence[tuple[_Case, Mention | None]], span: tuple[int, int]
) -> None:
    """How often the complaint comes that ``span`` is about."""
    if not told or not of_complaint(reading, row, span, OWNERS):
        return
    placed = [(c, m) for c, m in told if m is not None and span[0] <= m.start < span[1]]
    sentence = row.sentence_at(span[0])
    if row.asked is not None and (counted := asked_rate(row)) and sentence is row.sentences[0]:
        told[0][0].add(row.evidence(sentence.start, sentence.end), frequency=counted)
        told[0][0].add(row.evidence(row.asked.sentences[-1].start, row.asked.sentences[-1].end), frequency_asked="1")
        return
    for start, end, often in rates(row, found, span):
        if not any(m.start < end and start < m.end for _, m in placed):
            quote = (row.answer(sentence, sentence.end) if asked_how_often(row) else (row.evidence(start, end),))[0]
            _nearest_case(told, placed, start)[0].add(quote, frequency=often)


_NO = regex(
    r"(?:(?<![a-z])(?:no|not|never|without|isn't|wasn't|don't|doesn't|didn't)(?: (?:really|very|too|that|so|any|much|been|feel))* |(?:不|没有?|无|唔|冇)(?:是|怎么|太|很|算|会|有)*)$"
)


def _described(
    row: Passage,
    found: Values,
    q: Match,
    told: Sequence[tuple[_Case, Mention | None]],
    placed: Sequence[tuple[_Case, Mention]],
    span: tuple[int, int],
) -> list[_Case]:
    """Whom a qualifier describes: the nearest it can be said of; where the span names none, the one talked about."""
    if placed:
        fit = [(c, m) for c, m in placed if said_of(row, found, q, m.term, (m.start, m.end), span)]
        return [min(fit, key=lambda p: _away(p[1], q.start, q.end))[0]] if fit else []
    if q.term.attrs.get("of") == "timing" and not habitual(row, found, q):
        return []  # "今天早上看见的": when it began
    return [c for c, _ in told if goes_on(row, q, span, c.term)][:1]


def _away(m: Mention, start: int, end: int) -> int:
    return max(m.start - end, start - m.end)


def _nearest_case(
    told: Sequence[tuple[_Case, Mention | None]], placed: Sequence[tuple[_Case, Mention]], at: int
) -> list[_Case]:
    if placed:
        return [min(placed, key=lambda p: _away(p[1], at, at))[0]]
    return [c for c, _ in told[:1]]


def _said(q: Match, case: _Case, language: str) -> dict[str, str | None]:
    """The attribute that a qualifier gives a symptom; none where the symptom's name already says it."""
    of, value = q.term.attrs.get("of", ""), q.term.attrs.get("value")
    if of in ("severity", "course"):
        return {of: value or q.term.en}
    if of in ("character", "color", "timing") and q.term.name(language) not in case.term.name(language):
        if value == "sore" or (q.term.id == "qualifier:sore"):
            return {}  # a pain that is sore
        if of == "color" and _BLOODY.search(case.term.id):
            return {}
        return {"character" if of == "color" else of: q.term.id}
    return {}


#: Of blood nobody need say that it is red.
_BLOODY = regex(r"hemat|hemop|melena|epistax|bruis|redness")


def _language(row: Passage) -> str:
    return "zh" if re.search(r"[一-鿿]", row.text) else "en"


def _fact(case: _Case, reading: Reading) -> Fact:
    language = reading.encounter.language
    attributes = dict(case.attributes)
    for key in ("character", "timing"):
        term = lexicon().terms.get(attributes.get(key, ""))
        if term is not None:
            attributes[key] = term.name(language)
    return Fact(
        kind="symptom",
        concept=concept_of(case.term, language),
        status=case.status,  # type: ignore[arg-type]
        subject=case.subject,
        attributes=frozen_map(attributes),
        evidence=tuple(dict.fromkeys(case.evidence)),
        witnesses=(case.witness,),
        recorded=case.said,
    )

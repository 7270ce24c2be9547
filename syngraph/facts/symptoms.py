"""Symptoms with all that is said of them: since when, how bad, which side, what makes them worse or better.

A value that stands beside a symptom belongs to it; one that stands alone in an answer ("三天了") belongs to what was
asked about, or else to what the talk was about last.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field

from syngraph.facts.cues import cues
from syngraph.facts.mentions import Mention, Reading, names_in
from syngraph.facts.naming import concept_of
from syngraph.facts.passage import Passage, Sentence
from syngraph.facts.triggers import triggers
from syngraph.facts.values import Values, side_of, values
from syngraph.model import Evidence, Fact, Witness, frozen_map
from syngraph.terminology.lexicon import Match, Term, lexicon
from syngraph.terminology.times import DateSpan, DurationSpan, duration_days

_SKIP_TOPICS = frozenset({"past-history", "family-history", "medications", "allergies", "plan", "personal-history"})
#: In a letter or an old note these tell what was found then, not what is complained of now.
_FOUND_THEN = frozenset({"investigations", "assessment", "physical-examination", "vital-signs"})
#: Kinds whose own duration or date a clause gives, so that it isn't the symptom's.
_OWNERS = ("drug", "drug-class", "condition", "procedure", "test", "immunization", "substance")
#: Sensations without a site: they go on about a complaint named elsewhere, or say nothing that can be placed.
_BARE = frozenset({"symptom:pain", "symptom:discomfort", "symptom:swelling", "symptom:soreness", "symptom:burn-injury"})
_OTHER_MATTER = re.compile(
    r"月经|例假|末次|怀孕|抽烟|吸烟|喝酒|过敏|手术|家里|职业|多大|几岁|吃什么药|period|pregnan|smok|drink|allerg|surger|operat|family|for work|how old|medic"
)
_TREATED = re.compile(
    r"烟|酒|根|smok|drink|beer|pint|吃药|吃了.{0,6}药|用药|输液|打针|挂水|住院|治疗|took|taken|taking|antibiotic|tablets?|pills?|prescri|hospital"
)


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
    chief_seen = False
    for index, row in enumerate(reading.rows):
        if row.role in ("doctor", "question") or row.topic in _SKIP_TOPICS:
            continue
        if row.role == "document" and row.topic in _FOUND_THEN:
            continue
        fresh = [
            c
            for m in reading.in_row(index)
            if (m.start, m.end, index) not in claimed and (c := _case(reading, row, m)) is not None
        ]
        present = [(c, m) for c, m in fresh if c.status in ("present", "uncertain") and c.subject == "patient"]
        asked = [c for c, m in fresh if m.asked]
        _describe_own(reading, row, [(c, m) for c, m in fresh if c.status != "absent" and not m.asked])
        _describe_focus(reading, row, present, asked, focus)
        cases += [c for c, _ in fresh]
        if present and row.role != "document":
            if not chief_seen or row.topic == "chief-complaint":
                for case, m in present:
                    if not m.asked or row.asked is None:
                        case.attributes["chief"] = "1"
                        chief_seen = True
            focus = [c for c, _ in present][:3]
    for told in cases:
        yield _fact(told, reading)


def _case(reading: Reading, row: Passage, m: Mention) -> tuple[_Case, Mention] | None:
    if m.term.kind not in ("symptom", "normal") or m.assertion.hypothetical or m.assertion.subject == "other":
        return None
    if m.term.id in _BARE or _is_condition(reading, m):
        return None
    term, status = m.term, m.status
    attributes: dict[str, str] = {}
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
    case = _Case(
        term=term, status=status, subject=m.assertion.subject, witness=row.witness, said=row.said.isoformat(),
        row=m.row, resolved=m.assertion.resolved, evidence=list(m.evidence), attributes=attributes,
    )  # fmt: skip
    if m.assertion.resolved:
        case.attributes["resolved"] = "1"
    return case, m


def _is_condition(reading: Reading, m: Mention) -> bool:
    """Whether the same words also name a disease, which then tells more ("胃出血")."""
    return any((o.start, o.end) == (m.start, m.end) and o.term.kind == "condition" for o in reading.in_row(m.row))


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
            carried = mine or [p for p in here if p[1].start < clause.start][-1:] or here[:1]
            cases = [c for c, _ in carried]
            _times(reading, row, sentence, found, cases, clause.start, clause.end, own=bool(mine))
            _manner(row, found, carried, clause.start, clause.end, quote)
        for c, m in here:
            side = side_of(row, found, sentence, m.start, m.end)
            if side and m.term.attrs.get("site", "x") is not None:
                c.add(quote, laterality=side)


def _describe_focus(
    reading: Reading, row: Passage, present: list[tuple[_Case, Mention]], asked: list[_Case], focus: list[_Case]
) -> None:
    """Sentences that name no symptom of their own go on about what was asked, or what the talk was about."""
    if row.role == "document" or _off_topic(row):
        return
    own = [(c, m) for c, m in present if not m.asked]
    _side_asked(reading, row, asked or focus or [c for c, _ in own])
    first = min((m.start for _, m in own), default=row.end)
    named = {(m.sentence.start, m.sentence.end) for _, m in present if not m.asked}
    for sentence in row.sentences:
        if (sentence.start, sentence.end) in named or sentence.asks:
            continue
        if any(
            m.term.kind in ("symptom",) and sentence.start <= m.start < sentence.end
            for m in reading.in_row(reading.rows.index(row))
        ):
            continue
        if not _goes_on(reading, row, sentence):
            continue
        found = values(reading, row, sentence)
        quote = row.evidence(sentence.start, sentence.end)
        # What comes before a new complaint still answers for the old one.
        fresh = [c for c, m in own if m.start < sentence.start]
        about = asked or (focus or [c for c, _ in own] if sentence.start < first else fresh or focus)
        live = [c for c in about if c.status in ("present", "uncertain")][: None if asked else 1]
        _times(reading, row, sentence, found, live, sentence.start, sentence.end, own=False)
        _manner(row, found, [(c, None) for c in live], sentence.start, sentence.end, quote)
        sides = {s[2] for s in found.sides}
        if (
            len(sides) == 1
            and row.asked
            and re.search(
                r"哪|部位|位置|左|右|side|left|right|where|site|location", row.folded[row.asked.start : row.asked.end]
            )
        ):
            for c in live:
                c.add(quote, laterality=next(iter(sides)))


_WHICH_SIDE = re.compile(
    r"哪[一]?[边侧只条个]|左.{0,3}右|which (?:side|one|knee|leg|arm|ear|eye|foot|hand|shoulder|hip)|left or right|right or left"
)


def _side_asked(reading: Reading, row: Passage, about: list[_Case]) -> None:
    """The side asked for ("哪边？" "左边，……"): the side at the beginning of the answer is that of the complaint."""
    if row.asked is None or not _WHICH_SIDE.search(row.folded, row.asked.start, row.asked.end):
        return
    first = row.sentences[0]
    near = [s for s in values(reading, row, first).sides if s[0] - first.start <= 12]
    for c in about[:1] if near else []:
        c.add(row.evidence(first.start, first.end), laterality=near[0][2])


_GOES_ON = re.compile(
    r"\s*(?:it|that|they|since|for|about|maybe|no|yes|yeah|um|uh|around|probably|started|just|only|every|all|when|on|the|mostly|usually|大概|差不多|就|有|从|是|都|得|一|每|主要|现在|这|那|嗯|刚)"
)


def _goes_on(reading: Reading, row: Passage, sentence: Sentence) -> bool:
    """Whether a sentence without a symptom of its own may go on about one: short or anaphoric, and the patient's."""
    words = row.folded[sentence.start : sentence.end]
    limit = 20 if re.search(r"[一-鿿]", words) else 60
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
    if cues("when-was-that").search(words):
        return True
    other = names_in(row.folded, row.asked.start, row.asked.end)
    return _OTHER_MATTER.search(words) is not None or any(m.term.kind in _OWNERS for m in other)


def _times(
    reading: Reading,
    row: Passage,
    sentence: Sentence,
    found: Values,
    cases: list[_Case],
    start: int,
    end: int,
    *,
    own: bool,
) -> None:
    """Durations and onset dates in [start, end), where no treatment or other history owns them."""
    words = row.folded[start:end]
    if not own and (_TREATED.search(words) or _owned(reading, row, start, end)):
        return
    quote = row.evidence(sentence.start, sentence.end)
    for d in found.durations:
        if start <= d.start < end and not _future(row, d):
            _lasts(row, d, cases, start, quote)
    for when in found.dates:
        if start <= when.start < end and _began(row, when, start, own=own):
            for c in cases:
                c.add(quote, onset=when.iso, onset_text=row.source.text[when.start : when.end])


_EPISODE = re.compile(r"每次|一次|一阵|歇|休息|缓|就好|每回|一回|lasts?|each|every time|at a time|goes away|rest")


def _lasts(row: Passage, d: DurationSpan, cases: list[_Case], start: int, quote: Evidence) -> None:
    """A duration: of each episode where it is short and said of one, else since when the complaint is there."""
    if "T" in d.iso and _EPISODE.search(row.folded[max(start, d.start - 16) : d.end + 12]):
        for c in cases:
            c.add(quote, episode=d.iso)
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


def _began(row: Passage, when: DateSpan, start: int, *, own: bool) -> bool:
    """Whether a date is when a complaint began: not one it lasted until, none to come, not a bare "today"."""
    before = row.folded[max(start, when.start - 12) : when.start]
    if re.search(r"(?:until|till|through|up to|before|直到|到)\s*(?:about |around )?$", before):
        return False
    today = row.said.isoformat()
    return when.iso <= today and (own or when.iso != today)


def _settles(case: _Case, d: DurationSpan) -> bool:
    """Whether a duration lies within the rough one said just before."""
    low, high = case.attributes.get("duration_low"), case.attributes.get("duration_high")
    return bool(low and high) and duration_days(low or "") <= duration_days(d.iso) <= duration_days(high or "")


def _future(row: Passage, d: DurationSpan) -> bool:
    return re.match(r"\s*(?:后复|后来|以后再)", row.folded[d.end : d.end + 6]) is not None


def _owned(reading: Reading, row: Passage, start: int, end: int) -> bool:
    return any(start <= m.start < end and m.term.kind in _OWNERS for m in reading.mentions)


def _manner(
    row: Passage, found: Values, told: Sequence[tuple[_Case, Mention | None]], start: int, end: int, quote: Evidence
) -> None:
    """Severity, course, character, timing and triggers in [start, end)."""
    language = _language(row)
    for q in found.qualifiers:
        if not start <= q.start < end or any(d.start <= q.start < d.end + 2 for d in found.dates):
            continue
        cases = _nearest(told, q)
        of, value = q.term.attrs.get("of"), q.term.attrs.get("value")
        if of in ("severity", "course"):
            for c in cases:
                c.add(quote, **{of: value or q.term.en})
        elif of in ("character", "color", "timing"):
            for c in cases:
                if q.term.name(language) not in c.term.name(language):
                    c.add(quote, **{"character" if of == "color" else of: q.term.id})
    for way, words in triggers(row, start, end):
        for c, _ in told:
            c.add(quote, **{way: words})


def _nearest(told: Sequence[tuple[_Case, Mention | None]], q: Match) -> list[_Case]:
    """Whom a qualifier describes: the nearest of a list ("发热、喉咙痛、轻微咳嗽"), else all."""
    placed = [(c, m) for c, m in told if m is not None]
    if len(placed) < 2:
        return [c for c, _ in told]
    return [min(placed, key=lambda p: max(p[1].start - q.end, q.start - p[1].end))[0]]


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

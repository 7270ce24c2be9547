"""A symptom as one voice tells it, from the mention that names it or the place it is felt at."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from syngraph.facts.cues import cues
from syngraph.facts.lasting import OWNERS
from syngraph.facts.mentions import Mention, Reading, names_in
from syngraph.facts.passage import Passage
from syngraph.facts.placing import asked_of_earlier, no_complaint, placed, status_of
from syngraph.model import Evidence, Witness
from syngraph.terminology.lexicon import Match, Term, lexicon
from syngraph.terminology.numerals import parse_number
from syngraph.terminology.patterns import regex


@dataclass(slots=True)
class Case:
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


_SINCE_WHEN = regex(
    r"(?:发病|病了|不舒服|得病)?(?:多久|几天|多长时间)了?|how long (?:have|has|is|'s)|when did (?:it|this|that) (?:start|begin)"
)
_ILLNESS = Term(id="body-site:illness", kind="body-site", zh="病", en="illness")


def place_of(reading: Reading, row: Passage) -> Case | None:
    """The part of the body that a complaint is about before anybody said what is wrong with it ("It's this knee").

    It stands for a complaint to be named, so that a side or a time said meanwhile is not lost.
    """
    if row.role not in ("patient", "companion") or row.topic not in (None, "chief-complaint") or off_topic(row):
        return None
    things = names_in(row.folded, row.start, row.end)
    named = [
        m
        for m in lexicon().longest(row.folded[row.start : row.end], "body-site")
        if not any(t.start <= m.start + row.start < t.end and t.term.kind in OWNERS for t in things)
    ]
    if not named and row.asked is not None and _SINCE_WHEN.search(row.folded, row.asked.start, row.asked.end):
        # "发病几天了？" "一个星期了": told before the complaint has a name.
        named = [Match(row.start, row.end, _ILLNESS)]
    if not named or reading.subjects.of(row, row.sentences[0], row.sentences[0].end) != "patient":
        return None
    site = named[0].term
    name = site.id.partition(":")[2]
    term = Term(id=f"symptom:{name}+", kind="symptom", zh=site.zh, en=site.en, attrs={**site.attrs, "site": name})
    return Case(
        term=term, status="present", subject="patient", witness=row.witness, said=row.said.isoformat(),
        row=0, resolved=False, evidence=[],
    )  # fmt: skip


def take_over(case: Case, focus: Sequence[Case]) -> None:
    """What was said of a place before its complaint had a name is the complaint's."""
    for place in focus:
        same = place.term.attrs.get("site") == case.term.attrs.get("site") or place.term.id == "symptom:illness+"
        if place.term.id.endswith("+") and same:
            case.evidence += [e for e in place.evidence if e not in case.evidence]
            for key, value in place.attributes.items():
                case.attributes.setdefault(key, value)


def sited(cases: Sequence[Case]) -> list[Case]:
    """The complaints that have a place, the latest first."""
    return [c for c in reversed(cases) if c.status == "present" and c.subject == "patient" and c.term.attrs.get("site")]


def complain(row: Passage, present: Sequence[tuple[Case, Mention]]) -> bool:
    """Mark the complaints among ``present``: what is volunteered, or asked for by a form; whether there are any."""
    own = [c for c, m in present if not m.asked or row.asked is None or presupposes(row)]
    for c in own:
        c.attributes["chief"] = "1"
        if row.topic == "chief-complaint":
            c.attributes["complaint"] = "1"
    return bool(own)


def case_of(reading: Reading, row: Passage, m: Mention, focus: Sequence[Case]) -> tuple[Case, Mention] | None:
    """The symptom that a mention tells of, with the mention; None where it complains of nothing today."""
    if m.term.kind not in ("symptom", "normal") or m.assertion.hypothetical or m.assertion.subject == "other":
        return None
    term, status = placed(row, m, focus), status_of(row, m)
    if term is None or no_complaint(reading, row, m) or (status == "absent" and asked_of_earlier(row, m)):
        return None
    attributes: dict[str, str] = {}
    if _OFTEN.match(row.folded, m.start, m.end):
        attributes["course"] = "recurrent"
    if not m.asked and (counted := _counted(row.folded, m)) is not None:
        attributes["count"] = _number(counted.group(1) or counted.group(2))
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
    case = Case(
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
#: "吐了一回", "vomited twice": how many times it came, not how often it comes.
_COUNTED = regex(
    r"(?:了|过){1,2}([一二两三四五六七八九十]|\d{1,2})(?:次|回|趟|遍|道)(?![一-鿿]{0,2}[天日周月年])"
    r"| (once|twice|(?:two|three|four|five|six) times)(?! (?:a|per|every|each|in a|daily))(?=[ ,.;]|$)"
)
_COUNTS = {"once": "1", "twice": "2", "一": "1", "两": "2"}


def _counted(folded: str, m: Mention) -> re.Match[str] | None:
    """The count right behind a name, or in it where the name is a turn of phrase that takes it in ("吐了一回")."""
    behind = _COUNTED.match(folded, m.end, m.sentence.end)
    within = _COUNTED.search(folded, m.start + 1, min(m.end + 2, m.sentence.end)) if behind is None else None
    return behind or within


def _number(words: str) -> str:
    """The figure of a count in words."""
    words = words.removesuffix(" times")
    value = parse_number(words)
    return _COUNTS.get(words) or (str(int(value)) if value is not None else "")


_TIMES = regex(r"([1-9]\d?)\s*(?:次|times|x)?[.。]?")


def presupposes(row: Passage) -> bool:
    """Whether the question that ``row`` answers goes on about a complaint already told."""
    return row.asked is not None and cues("presupposing").search(row.folded, row.asked.start, row.asked.end) is not None


def off_topic(row: Passage) -> bool:
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

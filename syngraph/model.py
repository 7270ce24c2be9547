"""The types that travel through the house, and nothing else.

A :class:`Source` is one text plus one :class:`Ruler` that leads any text range back to a second of sound,
a box on a page, a question or a path in a resource. An :class:`Evidence` is a range of one source. A
:class:`Fact` is what that range says: what, whose, when, how much, and by whose mouth. Everything is
frozen and keyword-only and checks itself when it is built, so that a wrong record can't be made.

All offsets are Unicode code points, half open (``text[start:end]``). Dates are ISO 8601 strings as exact
as known (``2024``, ``2024-12``, ``2024-12-03``); durations are ISO 8601 (``P3D``). Measured values stay
strings exactly as received (``7.10`` is not ``7.1``).
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NewType, get_args

SourceId = NewType("SourceId", str)
FactId = NewType("FactId", str)

SourceKind = Literal["preconsultation", "consultation", "report", "emr"]
FactKind = Literal[
    "symptom", "condition", "medication", "allergy", "vital-sign", "lab-result", "imaging",
    "exam-finding", "procedure", "family-history", "social-history", "reproductive-history",
    "immunization", "diagnosis", "plan", "administrative",
]  # fmt: skip
Status = Literal["present", "absent", "uncertain", "historical", "planned"]
#: Who says so. ``this-hospital`` is the EMR, ``other-hospital`` a report brought along.
Witness = Literal["patient", "companion", "doctor", "laboratory", "other-hospital", "this-hospital"]
#: Whose words a stretch of text is. ``question`` is a form's question; ``document`` is written text.
Role = Literal["patient", "companion", "doctor", "question", "document", "unknown"]
Support = Literal["corroborated", "single", "conflicting", "clinician"]
FindingKind = Literal["contradiction", "omission", "identity-mismatch", "implausible", "outdated", "safety", "quality"]
Severity = Literal["blocking", "warning", "info"]
DraftStatus = Literal["draft", "signed", "amended", "withdrawn"]
Language = Literal["zh", "en"]
Sex = Literal["female", "male", "other", "unknown"]

SOURCE_KINDS: frozenset[str] = frozenset(get_args(SourceKind))
FACT_KINDS: frozenset[str] = frozenset(get_args(FactKind))
STATUSES: frozenset[str] = frozenset(get_args(Status))
WITNESSES: frozenset[str] = frozenset(get_args(Witness))
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
LATERALITIES: frozenset[str] = frozenset({"left", "right", "bilateral"})

SECTION_IDS: tuple[str, ...] = (
    "chief-complaint", "history-of-present-illness", "past-history", "medications", "allergies",
    "personal-history", "reproductive-history", "family-history", "review-of-systems", "vital-signs",
    "physical-examination", "investigations", "assessment", "plan",
)  # fmt: skip

_DURATION = re.compile(
    r"P(?=\d|T\d)(\d+(\.\d+)?Y)?(\d+(\.\d+)?M)?(\d+(\.\d+)?W)?(\d+(\.\d+)?D)?"
    r"(T(?=\d)(\d+(\.\d+)?H)?(\d+(\.\d+)?M)?(\d+(\.\d+)?S)?)?"
)
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])(T[0-9:.]+(Z|[+-]\d\d:\d\d)?)?)?)?")

#: Fractions of the page: left, top, right, bottom.
Box = tuple[float, float, float, float]


def is_duration(text: str) -> bool:
    """Whether ``text`` is an ISO 8601 duration such as ``P3D`` or ``PT30M``."""
    return _DURATION.fullmatch(text) is not None


def is_date(text: str) -> bool:
    """Whether ``text`` is an ISO 8601 date of year, month, day or time precision."""
    return _DATE.fullmatch(text) is not None


def _check_range(start: int, end: int) -> None:
    if not 0 <= start < end:
        raise ValueError(f"not a text range: [{start}, {end})")


class FrozenMap(Mapping[str, str]):
    """A read-only mapping of strings that can be hashed, compared and sent to another process."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, str] | Iterable[tuple[str, str]] = ()) -> None:
        self._items = dict(items)

    def __getitem__(self, key: str) -> str:
        return self._items[key]

    def get(self, key: str, default: str | None = None) -> str | None:  # type: ignore[override]
        """As of any mapping; asked so often that the way over an exception would show."""
        return self._items.get(key, default)

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __repr__(self) -> str:
        return f"FrozenMap({self._items!r})"


def frozen_map(items: Mapping[str, str | None]) -> FrozenMap:
    """A read-only copy of ``items`` without the keys whose value is None or empty."""
    return FrozenMap({k: v for k, v in items.items() if v})


@dataclass(frozen=True, slots=True, kw_only=True)
class Locator:
    """Where a stretch of text lies in the original: every field is optional.

    ``time`` in seconds, ``page`` from 1, ``box`` in fractions of the page as stored in the file,
    ``path`` into structured data (FHIRPath-like or HL7 v2 such as ``OBX[3]``), ``question`` the linkId
    of a form's item, ``confidence`` 0..1 as the recogniser of sound or print says.
    """

    time: tuple[float, float] | None = None
    page: int | None = None
    box: Box | None = None
    path: str | None = None
    question: str | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One division of a ruler: the text range [start, end) lies at ``locator``."""

    start: int
    end: int
    locator: Locator

    def __post_init__(self) -> None:
        _check_range(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Ruler:
    """A sorted list of non-overlapping marks; leads any text range back to the original."""

    marks: tuple[Mark, ...] = ()

    def __post_init__(self) -> None:
        for a, b in zip(self.marks, self.marks[1:], strict=False):
            if b.start < a.end:
                raise ValueError(f"marks overlap or are unsorted at {b.start}")

    def between(self, start: int, end: int) -> tuple[Mark, ...]:
        """The marks that share at least one character with [start, end)."""
        first = bisect.bisect_right(self.marks, start, key=lambda m: m.end)
        last = bisect.bisect_left(self.marks, end, key=lambda m: m.start)
        return self.marks[first:last]

    def locate(self, start: int, end: int) -> Locator:
        """The smallest place that covers [start, end).

        Times span from the first to the last; boxes are joined on the first mark's page; path and
        question are the first mark's; confidence is the lowest.
        """
        marks = [m.locator for m in self.between(start, end)]
        if not marks:
            return Locator()
        times = [m.time for m in marks if m.time]
        page = next((m.page for m in marks if m.page is not None), None)
        boxes = [m.box for m in marks if m.box and m.page == page]
        sure = [m.confidence for m in marks if m.confidence is not None]
        return Locator(
            time=(min(t[0] for t in times), max(t[1] for t in times)) if times else None,
            page=page,
            box=join_boxes(boxes),
            path=next((m.path for m in marks if m.path), None),
            question=next((m.question for m in marks if m.question), None),
            confidence=min(sure) if sure else None,
        )


def join_boxes(boxes: Iterable[Box]) -> Box | None:
    """The smallest box around all ``boxes``; None where there are none."""
    rows = list(boxes)
    if not rows:
        return None
    return (min(b[0] for b in rows), min(b[1] for b in rows), max(b[2] for b in rows), max(b[3] for b in rows))


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What a document says about whose it is. Fields are as printed, None where it says nothing.

    ``birth_date`` ISO; ``age`` an ISO 8601 duration (``P42Y``, ``P8M``) at ``stated`` (ISO date);
    ``ids`` every patient number it carries.
    """

    name: str | None = None
    sex: Sex | None = None
    birth_date: str | None = None
    age: str | None = None
    stated: str | None = None
    ids: tuple[str, ...] = ()
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch of a source's text in one voice: a spoken turn, a form's question or answer, a paragraph.

    Attributes:
        role: whose words.
        label: the speaker label as found ("SPEAKER_01", "医生"), the question's text for an answer.
        section: a section id of :data:`SECTION_IDS` where the document or question says what it is about.
        code: linkId or code of the question, if any.
        date: ISO date that the stretch was recorded at, where it differs from the source's.
        witness: who says so where the role alone does not tell (an EMR note is ``this-hospital``).
    """

    start: int
    end: int
    role: Role
    label: str = ""
    section: str | None = None
    code: str | None = None
    date: str | None = None
    witness: Witness | None = None

    def __post_init__(self) -> None:
        _check_range(self.start, self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """A code as received, with its system's URI and the display that came with it."""

    code: str
    system: str | None = None
    display: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row of structured data: an EMR resource, an HL7 segment, a laboratory row.

    ``[start, end)`` is the plain line that the source's text holds for it; ``text`` the name of the thing
    as received. ``attributes`` uses the keys of the draft's ``attributes`` (values as received).
    """

    kind: FactKind
    start: int
    end: int
    text: str
    status: Status = "present"
    subject: str = "patient"
    codes: tuple[Coding, ...] = ()
    attributes: Mapping[str, str] = FrozenMap()
    recorded: str | None = None
    witness: Witness | None = None

    def __post_init__(self) -> None:
        _check_range(self.start, self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One file of the encounter as one text with its ruler; the original bytes are named by ``sha256``.

    Attributes:
        text: what was read, heard or answered.
        segments: the stretches of ``text`` in reading order, not overlapping.
        entries: rows of structured data, each with the line of ``text`` that shows it.
        identity: whose document it says it is; None where it does not say.
        organization: hospital or laboratory that issued it.
        recorded: ISO date of issue.
        components: (role, name, version) of the engines that read it.
    """

    id: SourceId
    kind: SourceKind
    path: str
    sha256: str
    text: str
    ruler: Ruler = Ruler()
    segments: tuple[Segment, ...] = ()
    entries: tuple[Entry, ...] = ()
    identity: Identity | None = None
    organization: str | None = None
    recorded: str | None = None
    title: str | None = None
    components: tuple[Component, ...] = ()

    def __post_init__(self) -> None:
        if self.kind not in SOURCE_KINDS:
            raise ValueError(f"not a source kind: {self.kind}")
        ranges = [(s.start, s.end) for s in self.segments] + [(e.start, e.end) for e in self.entries]
        for start, end in ranges:
            if end > len(self.text):
                raise ValueError(f"range [{start}, {end}) outside the text of {self.path}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A piece of software or a model that took part: role (``ocr``, ``asr``, ``extract``), name, version."""

    role: str
    name: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that could not be read: which file, what is wrong, what to do. One line, no patient text."""

    path: str
    message: str
    advice: str = ""

    @property
    def line(self) -> str:
        """The problem as one line for a terminal or a log."""
        return f"{self.path}: {self.message}" + (f" ({self.advice})" if self.advice else "")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Evidence:
    """A range of one source's text. Quote, time, page, box and path follow from it."""

    source: SourceId
    start: int
    end: int

    def __post_init__(self) -> None:
        _check_range(self.start, self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """What a fact is about. ``id`` is the terminology's own id (``symptom:cough``); None if unknown to it."""

    text: str
    code: str | None = None
    system: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that one witness says, or (after merging) that several say alike.

    Attributes:
        kind: what sort of thing.
        concept: what.
        status: present, absent, uncertain, historical or planned.
        subject: ``patient`` or the relation (``mother``).
        attributes: see ``docs/encounter-format.md``; values are non-empty strings.
        evidence: at least one; the first is the one to show first.
        witnesses: who says so, in the order of the evidence.
        recorded: ISO date or date-time at which it was said or written down.
        extractor: name of the hand that found it.
    """

    id: FactId = FactId("")
    kind: FactKind
    concept: Concept
    status: Status
    evidence: tuple[Evidence, ...]
    witnesses: tuple[Witness, ...]
    subject: str = "patient"
    attributes: Mapping[str, str] = FrozenMap()
    recorded: str | None = None
    extractor: str = "rules"

    def __post_init__(self) -> None:
        if self.kind not in FACT_KINDS:
            raise ValueError(f"not a fact kind: {self.kind}")
        if self.status not in STATUSES:
            raise ValueError(f"not a status: {self.status}")
        if not self.evidence or not self.witnesses:
            raise ValueError("a fact needs evidence and a witness")
        if not self.concept.text:
            raise ValueError("a fact needs a concept")
        duration, side = self.attributes.get("duration"), self.attributes.get("laterality")
        if duration and not is_duration(duration):
            raise ValueError("duration is not ISO 8601")
        if side and side not in LATERALITIES:
            raise ValueError("laterality is not left, right or bilateral")
        for key in ("onset", "date", "ended"):
            value = self.attributes.get(key)
            if value and key != "ended" and not is_date(value):
                raise ValueError(f"{key} is not an ISO 8601 date")

    def get(self, key: str) -> str | None:
        """The attribute ``key``, None where it is not known."""
        return self.attributes.get(key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """All that is said of one thing: facts of the same kind, concept and subject, one per distinct claim.

    ``facts`` holds merged facts (each with all of its witnesses); ``mentions`` every fact before merging.
    """

    facts: tuple[Fact, ...]
    mentions: tuple[Fact, ...]

    @property
    def kind(self) -> FactKind:
        """The kind that all facts of the group share."""
        return self.facts[0].kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One sentence of the record. Without evidence it can't be built: no evidence, no sentence."""

    id: str
    text: str
    facts: tuple[FactId, ...]
    evidence: tuple[Evidence, ...]
    support: Support

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise ValueError("a statement needs text")
        if not self.evidence:
            raise ValueError("a statement needs evidence")


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A titled part of the record with its statements in reading order."""

    id: str
    title: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something a doctor must see: sources that disagree or fall silent. ``rule`` names the row that fired.

    ``choices`` are the ways a doctor may settle it, in the record's language.
    """

    id: str = ""
    kind: FindingKind
    severity: Severity
    topic: str
    message: str
    rule: str
    facts: tuple[FactId, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """The patient of the encounter, as the encounter's header says."""

    id: str
    name: str
    sex: Sex = "unknown"
    birth_date: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Encounter:
    """Who, when, where: the header of an encounter folder. ``start`` carries its offset."""

    id: str
    language: Language
    start: datetime
    patient: Patient
    template: str | None = None
    department: str | None = None
    clinician_id: str | None = None
    clinician_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A draft record: sections with evidence, and the findings that stand beside them."""

    encounter: Encounter
    template: str
    sources: tuple[Source, ...]
    facts: tuple[Fact, ...]
    sections: tuple[Section, ...]
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    created: str
    components: tuple[Component, ...]
    status: DraftStatus = "draft"
    #: Facts that no statement states, each as {"fact": id, "reason": why}: nothing is dropped quietly.
    left_out: tuple[Mapping[str, str], ...] = ()

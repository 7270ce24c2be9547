"""What the EMR readers hand over, and how it becomes Sources: rows and prose of one patient, a line each.

A reader (FHIR, HL7 v2, CDA) only says what stands in the file: a :class:`Row` for each structured thing, a
:class:`Prose` for each stretch of written text. Here they are laid out as one text with one ruler.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from syngraph.model import (
    Coding,
    Entry,
    FactKind,
    Identity,
    Locator,
    Mark,
    Problem,
    Ruler,
    Segment,
    Source,
    SourceId,
    Status,
    Witness,
    frozen_map,
)
from syngraph.sources.emr_lines import Printed, identity_line, render
from syngraph.sources.emr_values import has_chinese, many_lines, one_line
from syngraph.sources.emr_vocabulary import word


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One structured thing of a record, in the terms of :class:`~syngraph.model.Entry`.

    Attributes:
        name: the name of the thing; stands in the line.
        shown: the name as received, where ``name`` is a part of it.
        path: where it stands in the file.
        generic: for an absent row: there is none of the whole kind (no known allergies); ``name`` is a word key then.
        instructions: dosage text as received, shown instead of dose, route and frequency where it holds them all.
        printed_flag: the received abnormal flag as words (``↑``), if any.
        comment: a remark that came with it.
        topic: what an observation is about (``systolic``, ``smoking``), see ``emr_topics.tsv``.
    """

    kind: FactKind
    name: str
    path: str
    shown: str = ""
    status: Status = "present"
    subject: str = "patient"
    attributes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    codes: tuple[Coding, ...] = ()
    recorded: str | None = None
    witness: Witness = "this-hospital"
    generic: bool = False
    instructions: str = ""
    printed_flag: str = ""
    comment: str = ""
    topic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """Written text: ``heading`` stands on its own line before it, ``title`` in front of its first paragraph."""

    text: str
    path: str
    heading: str = ""
    title: str = ""
    section: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """All that one file says of one patient, in file order."""

    identity: Identity | None = None
    identity_path: str | None = None
    items: tuple[Row | Prose, ...] = ()
    organization: str | None = None
    recorded: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a reader made of one file."""

    sheets: tuple[Sheet, ...] = ()
    problems: tuple[Problem, ...] = ()


def build_sources(sheets: Sequence[Sheet], *, source_id: SourceId, path: str, sha256: str) -> tuple[Source, ...]:
    """One Source a sheet, with the ids ``s4``, ``s4b``, ``s4c`` and so on."""
    return tuple(
        _Layout(sheet).source(SourceId(f"{source_id}{_suffix(n)}"), path, sha256) for n, sheet in enumerate(sheets)
    )


def _suffix(n: int) -> str:
    if n == 0:
        return ""
    letters = ""
    while n >= 0:
        letters = chr(ord("a") + n % 26) + letters
        n = n // 26 - 1
    return letters


def join_pressures(items: Iterable[Row | Prose]) -> list[Row | Prose]:
    """Systolic and diastolic of the same moment as one row ``152/94``; everything else unchanged."""
    kept: list[Row | Prose] = []
    waiting: dict[tuple[str | None, ...], int] = {}
    for item in items:
        if not isinstance(item, Row) or item.topic not in ("systolic", "diastolic") or not item.attributes.get("value"):
            kept.append(item)
            continue
        a = item.attributes
        key = (a.get("date"), a.get("time"), a.get("body_site"), a.get("unit"))
        other = waiting.pop((*key, "diastolic" if item.topic == "systolic" else "systolic"), None)
        if other is None:
            waiting[*key, item.topic] = len(kept)
            kept.append(item)
        else:
            first = kept[other]
            assert isinstance(first, Row)  # noqa: S101 - only rows are put into `waiting`
            kept[other] = _pressure(*((item, first) if item.topic == "systolic" else (first, item)))
    return kept


def _pressure(systolic: Row, diastolic: Row) -> Row:
    attributes = {k: v for k, v in systolic.attributes.items() if k not in ("flag", "reference_range")}
    attributes["value"] = f"{systolic.attributes['value']}/{diastolic.attributes['value']}"
    name = "血压" if has_chinese(systolic.name + diastolic.name) else "Blood pressure"
    return replace(
        systolic,
        name=name,
        shown="",
        topic="blood-pressure",
        attributes=attributes,
        codes=(*systolic.codes, *diastolic.codes),
        printed_flag="",
    )


class _Layout:
    """Lays a sheet out as text, marks, segments and entries."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.lines: list[str] = []
        self.length = 0
        self.marks: list[Mark] = []
        self.segments: list[Segment] = []
        self.entries: list[Entry] = []
        self.seen: set[tuple[str, ...]] = set()
        words = [f"{i.name} {i.shown} {i.comment}" if isinstance(i, Row) else i.text for i in sheet.items]
        self.chinese = [has_chinese(w) for w in words]
        identity = sheet.identity.name or "" if sheet.identity else ""
        self.zh = sum(self.chinese) * 3 > len(words) if words else has_chinese(identity)

    def source(self, source_id: SourceId, path: str, sha256: str) -> Source:
        identity = self._identity()
        for item, chinese in zip(self.sheet.items, self.chinese, strict=True):
            if isinstance(item, Row):
                self._row(item, chinese or self.zh)
            else:
                self._prose(item)
        return Source(
            id=source_id,
            kind="emr",
            path=path,
            sha256=sha256,
            text="\n".join(self.lines),
            ruler=Ruler(tuple(self.marks)),
            segments=tuple(self.segments),
            entries=tuple(self.entries),
            identity=identity,
            organization=self.sheet.organization,
            recorded=self.sheet.recorded,
            title=self.sheet.title,
        )

    def _put(self, line: str, path: str | None) -> tuple[int, int]:
        start = self.length + (1 if self.lines else 0)
        self.lines.append(line)
        self.length = start + len(line)
        self.marks.append(Mark(start=start, end=self.length, locator=Locator(path=path)))
        return start, self.length

    def _identity(self) -> Identity | None:
        identity = self.sheet.identity
        line = identity_line(identity, self.zh) if identity else ""
        if not identity or not line:
            return identity
        start, end = self._put(line, self.sheet.identity_path)
        return replace(identity, start=start, end=end)

    def _row(self, row: Row, zh: bool) -> None:
        printed = Printed(
            kind=row.kind,
            name=word(row.name, zh) if row.generic else one_line(row.name),
            shown=one_line(row.shown),
            status=row.status,
            subject=row.subject,
            attributes=row.attributes,
            recorded=row.recorded,
            generic=row.generic,
            instructions=one_line(row.instructions),
            flag=row.printed_flag,
            comment=one_line(row.comment),
        )
        line = render(printed, zh)
        # The same row twice (a resource sent again, a message repeated) says nothing new.
        if not printed.name or (row.kind, row.subject, line) in self.seen:
            return
        self.seen.add((row.kind, row.subject, line))
        start, end = self._put(line, row.path)
        self.entries.append(
            Entry(
                kind=row.kind,
                start=start,
                end=end,
                text=printed.name,
                status=row.status,
                subject=row.subject,
                codes=row.codes,
                attributes=frozen_map(row.attributes),
                recorded=row.recorded,
                witness=row.witness,
            )
        )

    def _prose(self, prose: Prose) -> None:
        paragraphs = many_lines(prose.text).split("\n")
        key = ("prose", prose.title, prose.date or "", *paragraphs)
        if not paragraphs[0] or key in self.seen:
            return
        self.seen.add(key)
        if heading := one_line(prose.heading):
            self._put(heading, prose.path)
        title = one_line(prose.title)
        for n, paragraph in enumerate(paragraphs):
            line = paragraph
            if n == 0 and title and title not in paragraph[: len(title) + 6]:
                line = f"{title}{'：' if has_chinese(title) else ': '}{paragraph}"
            start, end = self._put(line, prose.path)
            self.segments.append(
                Segment(
                    start=start,
                    end=end,
                    role="document",
                    label=title,
                    section=prose.section,
                    date=prose.date,
                    witness="this-hospital",
                )
            )

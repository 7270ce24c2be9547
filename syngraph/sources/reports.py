"""Reports from other hospitals: scans, photographs and PDFs as sources.

A report becomes one text in reading order, a row of the page a line, with the place of every cell on its ruler. Laboratory
rows become entries, prose becomes segments under the record's sections, an image report also an entry with its conclusion.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from syngraph.model import Entry, Locator, Mark, Problem, Ruler, Segment, Source, SourceId, frozen_map
from syngraph.ports import Progress
from syngraph.settings import Settings
from syngraph.sources.report_analytes import is_known
from syngraph.sources.report_fields import Field, fields_in, identity_of, is_form, issued, measured, person, value_of
from syngraph.sources.report_kind import ReportKind, exam_name, organization_of, report_kind, title_line
from syngraph.sources.report_lab import Reading, has_arrows, reading
from syngraph.sources.report_layout import Cell, rows_of, together
from syngraph.sources.report_pages import ReadPage, ReadPages, read_pages
from syngraph.sources.report_prose import Paragraph, goes_on, joined, paragraph, spaced, title_of
from syngraph.sources.report_table import Line, lines_of

#: Kinds whose prose is a result of an examination.
_EXAMINED: frozenset[str] = frozenset({"laboratory", "imaging", "endoscopy", "pathology", "ecg"})
#: Kinds that are one examination with a conclusion.
_PICTURED: frozenset[str] = frozenset({"imaging", "endoscopy", "pathology", "ecg"})
_DISCHARGE_DATE = "discharged"


def read_report(
    data: bytes, path: str, *, source_id: SourceId, settings: Settings, progress: Progress | None = None
) -> tuple[Source | None, tuple[Problem, ...]]:
    """The report in ``data`` as a source, and what went wrong. Never raises on bad input.

    Args:
        data: bytes of an image (JPEG, PNG, HEIC, TIFF, BMP, WEBP) or of a PDF; told by content, not by name.
        path: the file's path in the encounter folder.
        source_id: id to give.
        settings: engine and limits.
        progress: told how many pages are done.

    Returns:
        The source, None where nothing could be read, and the problems.
    """
    read = read_pages(data, path, settings, progress)
    if not read.pages:
        problems = read.problems or (Problem(path=path, message="nothing could be read", advice="scan it again"),)
        return None, problems
    report = _Report(read)
    report.write()
    source = Source(
        id=source_id, kind="report", path=path, sha256=hashlib.sha256(data).hexdigest(), text=report.text,
        ruler=Ruler(tuple(report.marks)), segments=tuple(report.segments()), entries=tuple(report.entries()),
        identity=identity_of(report.text, report.fields), organization=report.organization,
        recorded=issued(report.fields), title=report.title, components=read.components,
    )  # fmt: skip
    return source, (*read.problems, *report.doubts(path))


@dataclass(slots=True)
class _Written:
    """A line of the text: its range, its sort (``lab``, ``head``, ``form`` or ``prose``), the readings in it."""

    start: int
    end: int
    sort: str
    readings: list[tuple[int, int, Reading]] = field(default_factory=list)


@dataclass(slots=True)
class _Part:
    """Prose under one title: [start, end) without the title, its part and section."""

    start: int
    end: int
    label: str
    part: str
    section: str | None


class _Report:
    """The text of a report while it is put together."""

    def __init__(self, read: ReadPages) -> None:
        self.pages = [(p, lines_of(rows_of(p.cells), is_known, is_form)) for p in read.pages]
        plain = [_plain(line) for _, lines in self.pages for line in lines]
        draft = fields_in("\n".join(plain))
        head = _head_lines(plain)
        self.organization = organization_of(head) or value_of(draft, "organization")
        prose = [_plain(line) for _, lines in self.pages for line in lines[:16] if not (line.rows or line.header)]
        self.title = title_line([*head, *(t for t in prose if not is_form(t))], self.organization)
        rows = sum(len(line.rows) for _, lines in self.pages for line in lines)
        self.kind: ReportKind = report_kind("\n".join(head), "\n".join(plain), rows)
        self.specimen = value_of(draft, "specimen")
        self.panel = value_of(draft, "panel") or self.title
        self.date = measured(draft)
        whose = identity_of("\n".join(plain), draft)
        self.sex = whose.sex if whose else None
        self.arrows = has_arrows([r for _, lines in self.pages for line in lines for r in line.rows])
        self.text = ""
        self.marks: list[Mark] = []
        self.written: list[_Written] = []
        self.fields: list[Field] = []

    def write(self) -> None:
        for page, lines in self.pages:
            prose: list[Paragraph] = []
            margin = max((c.x1 for line in lines if not line.rows for c in line.cells), default=0.0)
            for line in lines:
                if line.rows or line.header or is_form(_plain(line)):
                    self._prose(prose, page)
                    self._other(line, page)
                    continue
                below = paragraph(line.cells)
                if prose and goes_on(prose[-1], below, margin):
                    prose[-1] = joined(prose[-1], below)
                else:
                    prose.append(below)
            self._prose(prose, page)
        self.text = self.text.rstrip("\n")
        self.fields = fields_in("\n".join(self._form_text()))

    def _form_text(self) -> list[str]:
        """The text line by line, what is no form blanked out, so that offsets stay."""
        return [
            self.text[w.start : w.end] if w.sort in {"form", "prose"} and is_form(self.text[w.start : w.end])
            else " " * (w.end - w.start)
            for w in self.written
        ]  # fmt: skip

    def _prose(self, prose: list[Paragraph], page: ReadPage) -> None:
        for one in prose:
            start = len(self.text)
            for before, cell in spaced(one).pieces:
                self._put(before, cell, page)
            self._end_line(start, "prose")
        prose.clear()

    def _other(self, line: Line, page: ReadPage) -> None:
        start = len(self.text)
        readings = []
        for row in line.rows:
            read = reading(row, self.specimen, self.panel, self.date, arrows=self.arrows, sex=self.sex)
            first = len(self.text) + (2 if len(self.text) > start else 0)
            for cell in read.cells:
                self._put("  " if len(self.text) > start else "", cell, page)
            readings.append((first, len(self.text), read))
        for cell in line.cells:
            self._put("  " if len(self.text) > start else "", cell, page)
        self._end_line(start, "lab" if readings else "head" if line.header else "form")
        self.written[-1].readings = readings

    def _put(self, before: str, cell: Cell, page: ReadPage) -> None:
        self.text += before
        start = len(self.text)
        self.text += cell.text
        place = Locator(page=page.number, box=cell.place, confidence=cell.score)
        self.marks.append(Mark(start=start, end=len(self.text), locator=place))

    def _end_line(self, start: int, sort: str) -> None:
        self.written.append(_Written(start, len(self.text), sort))
        self.text += "\n"

    # --- what the text says ---

    def entries(self) -> list[Entry]:
        """The laboratory rows, and the examination as a whole."""
        rows = [
            Entry(
                kind="lab-result", start=start, end=end, text=read.item, attributes=read.attributes,
                recorded=issued(self.fields), witness="laboratory",
            )
            for start, end, read in self._readings()
        ]  # fmt: skip
        return [*rows, *self._examination()]

    def _readings(self) -> list[tuple[int, int, Reading]]:
        """The rows as a reader takes them: of half-tables side by side first the left one, then the right."""
        rows: list[tuple[tuple[int, int, int], tuple[int, int, Reading]]] = []
        table = 0
        for n, line in enumerate(self.written):
            table += line.sort != "lab"
            rows += [((table, half, n), one) for half, one in enumerate(line.readings)]
        return [one for _, one in sorted(rows, key=lambda r: r[0])]

    def _examination(self) -> list[Entry]:
        if self.kind not in _PICTURED:
            return []
        parts = self._parts()
        said = {p: [x for x in parts if x.part == p] for p in ("conclusion", "findings")}
        shown = said["conclusion"] or said["findings"] or parts
        if not shown:
            return []
        name = value_of(self.fields, "exam") or exam_name(self.title) or self.kind
        attributes = {
            "conclusion": self._verbatim(said["conclusion"]), "findings": self._verbatim(said["findings"]),
            "body_site": value_of(self.fields, "site"), "date": measured(self.fields), "report_kind": self.kind,
        }  # fmt: skip
        return [
            Entry(
                kind="imaging", start=shown[0].start, end=_run_end(shown), text=name,
                attributes=frozen_map(attributes), recorded=issued(self.fields), witness="other-hospital",
            )
        ]  # fmt: skip

    def _verbatim(self, parts: Sequence[_Part]) -> str | None:
        return "\n".join(self.text[p.start : p.end] for p in parts) or None

    def segments(self) -> list[Segment]:
        """The prose by title, and the diagnosis that the request names."""
        rows = [(p.start, p.end, p.label, p.section) for p in self._parts()]
        rows += [(f.start, f.end, f.label, "assessment") for f in self.fields if f.name == "diagnosis" and f.value]
        return [
            Segment(start=s, end=e, role="document", label=label, section=section, witness="other-hospital")
            for s, e, label, section in sorted(rows)
        ]  # fmt: skip

    def _parts(self) -> list[_Part]:
        parts: list[_Part] = []
        usual = "investigations" if self.kind in _EXAMINED else "medications" if self.kind == "prescription" else None
        now = _Part(0, 0, "", "other", usual)
        fresh = True
        for line in self.written[self._body_start() :]:
            if line.sort != "prose":
                fresh = True
                continue
            text = self.text[line.start : line.end]
            title = title_of(text)
            if title:
                now = _Part(0, 0, title.text, title.part, title.section or usual)
                fresh = True
            start = line.start + (title.end if title else 0)
            if start >= line.end:
                continue
            if fresh:
                parts.append(_Part(start, line.end, now.label, now.part, now.section))
            else:
                parts[-1].end = line.end
            fresh = False
        return parts

    def _body_start(self) -> int:
        """The first line after the head: the head's lines name the house and the report."""
        head = {t for t in (self.organization, self.title) if t}
        for n, line in enumerate(self.written[:8]):
            text = self.text[line.start : line.end]
            if line.sort != "prose" or title_of(text):
                return n
            if n > 3 or (not any(h.replace(" ", "") in text.replace(" ", "") for h in head) and len(text) > 40):
                return n
        return min(len(self.written), 1) if len(self.written) > 1 else 0

    def doubts(self, path: str) -> list[Problem]:
        """What a person should look at before relying on the source."""
        out = []
        names = {person(f.value) for f in self.fields if f.name == "name"} - {None}
        if len({str(n).replace(" ", "").lower() for n in names}) > 1:
            out.append(Problem(path=path, message="its pages name different patients", advice="split it by patient"))
        if self.kind == "laboratory" and not any(w.readings for w in self.written):
            out.append(
                Problem(path=path, message="no laboratory row was recognised", advice="scan it flat, at 200 dpi")
            )
        return out


def _plain(line: Line) -> str:
    return together([*(c for r in line.rows for c in r.cells), *line.cells])


def _head_lines(plain: Sequence[str]) -> list[str]:
    """The lines above the first form field."""
    first = next((n for n, t in enumerate(plain) if is_form(t) and n), len(plain))
    return [t for t in plain[: min(max(first, 1), 8)] if not is_form(t)]


def _run_end(parts: Sequence[_Part]) -> int:
    """Where the parts that follow each other end: an entry's range has no hole."""
    end = parts[0].end
    for part in parts[1:]:
        if part.start - end > 12:
            break
        end = part.end
    return end

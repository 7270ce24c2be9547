"""CDA R2 (C-CDA, WS/T 500): XML to one Sheet. Namespaces are taken off; templates are not needed.

A section whose structured entries make rows is told by them; only the others are told by their narrative.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from syngraph.errors import InputError
from syngraph.model import Identity, Problem, Sex
from syngraph.settings import Settings
from syngraph.sources.emr_documents import attachment_text, bytes_text, section_id, split_document
from syngraph.sources.emr_sheet import Prose, Reading, Row, Sheet, join_pressures
from syngraph.sources.emr_values import age_duration, has_chinese, iso_date, many_lines, one_line
from syngraph.sources.emr_vocabulary import section_groups, word
from syngraph.sources.plain import decode_text

_ENCODING = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']", re.I)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_SEXES: dict[str, Sex] = {
    "F": "female",
    "M": "male",
    "UN": "other",
    "1": "male",
    "2": "female",
    "0": "unknown",
    "9": "unknown",
}
_MAX_DEPTH = 60


@dataclass(slots=True)
class CdaFile:
    """The document while it is read: narrative by its ID, problems, limits."""

    path: str
    max_pages: int
    date: str | None = None
    marked: dict[str, Element] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def narrated(self, reference: str) -> str:
        """The narrative that ``#id`` names, on one line; empty where there is none."""
        return all_text(self.marked.get(reference.lstrip("#")))

    def note(self, message: str, advice: str = "") -> None:
        """Says once that something in the document could not be read."""
        problem = Problem(path=self.path, message=message, advice=advice)
        if problem not in self.problems:
            self.problems.append(problem)


def read_cda(data: bytes, path: str, *, settings: Settings) -> Reading:
    """What a CDA document says; never raises."""
    try:
        root = parse_xml(data)
    except InputError as error:
        return Reading(problems=(Problem(path=path, message=error.message, advice=error.advice),))
    if root.tag != "ClinicalDocument":
        advice = "export FHIR as JSON" if root.tag == "Bundle" else "emr/ takes CDA, FHIR JSON and HL7 v2"
        return Reading(problems=(Problem(path=path, message="XML, but not a CDA document", advice=advice),))
    file = CdaFile(path, settings.max_pages)
    try:
        sheet = _Document(file, root).sheet()
    except RecursionError:
        return Reading(problems=(Problem(path=path, message="is nested too deeply", advice="check the file"),))
    return Reading(sheets=(sheet,), problems=tuple(file.problems))


def parse_xml(data: bytes) -> Element:
    """The root element, without namespaces. Entities, whether bombs or files, are refused.

    Raises:
        InputError: no XML, broken XML, or entities in it.
    """
    try:
        text = _DECLARATION.sub("", _decode(data), count=1)
        root: Element = ElementTree.fromstring(text.encode("utf-8"))
    except DefusedXmlException:
        raise InputError("XML that defines entities, which may be an attack", "export it without a DTD") from None
    except ParseError as error:
        line = error.position[0] if error.position else 0
        raise InputError(f"broken XML (line {line})", "export it again") from None
    except (ValueError, RecursionError):
        raise InputError("broken XML", "export it again") from None
    for element in root.iter():
        element.tag = str(element.tag).rpartition("}")[2]
        for key in [k for k in element.attrib if "}" in k]:
            element.attrib.setdefault(key.rpartition("}")[2], element.attrib.pop(key))
    return root


def _decode(data: bytes) -> str:
    """XML as text: by its declaration (GB18030 for GBK and GB2312 too), else as any text."""
    m = _ENCODING.match(data[:200])
    name = m[1].decode("ascii").lower() if m else ""
    name = "gb18030" if name in ("gb2312", "gbk", "gb18030", "gb_2312-80") else name
    if name and not name.startswith("utf-16"):
        try:
            return data.decode("utf-8-sig" if name == "utf-8" else name)
        except (UnicodeDecodeError, LookupError):
            pass
    return decode_text(data)


def find(element: Element | None, path: str) -> Element | None:
    """The first element at ``path``; None where there is none."""
    return element.find(path) if element is not None else None


def attr(element: Element | None, name: str) -> str:
    """An attribute on one line; empty where it or the element is missing."""
    return one_line(element.get(name, "")) if element is not None else ""


def all_text(element: Element | None) -> str:
    """All text inside an element on one line."""
    return one_line(" ".join(element.itertext())) if element is not None else ""


def narrative(element: Element | None) -> str:
    """Narrative block as text: a line for each paragraph, item and table row (``header: cell`` pairs)."""
    if element is None:
        return ""
    parts: list[str] = []
    _walk(element, parts, 0)
    return many_lines("".join(parts))


def _walk(element: Element, parts: list[str], depth: int) -> None:
    if depth > _MAX_DEPTH:
        return
    if element.tag == "table":
        parts.append("\n" + "\n".join(_table(element)) + "\n")
        return
    block = element.tag in ("paragraph", "list", "item", "br", "caption", "footnote", "text")
    parts.append("\n" if block else "")
    parts.append(re.sub(r"\s+", " ", element.text or ""))
    for child in element:
        _walk(child, parts, depth + 1)
        parts.append(re.sub(r"\s+", " ", child.tail or ""))
    parts.append("\n" if block else "")


def _table(table: Element) -> Iterator[str]:
    heads = [all_text(c) for row in table.findall("thead/tr")[-1:] for c in row if c.tag in ("th", "td")]
    rows = [r for r in table.iter("tr") if not any(r is h for h in table.findall("thead/tr"))]
    zh = has_chinese("".join(heads))
    for row in rows:
        cells = [all_text(c) for c in row if c.tag in ("th", "td")]
        if heads and len(heads) == len(cells):
            colon, joint = ("：", "；") if zh else (": ", "; ")
            yield joint.join(f"{h}{colon}{c}" if h else c for h, c in zip(heads, cells, strict=True) if c)
        else:
            yield " | ".join(c for c in cells if c)


class _Document:
    """Reads one ClinicalDocument."""

    def __init__(self, file: CdaFile, root: Element) -> None:
        self.file = file
        self.root = root
        self.date = file.date = iso_date(attr(root.find("effectiveTime"), "value"))
        for element in root.iter():
            if identifier := element.get("ID"):
                file.marked.setdefault(identifier, element)

    def sheet(self) -> Sheet:
        title = all_text(self.root.find("title")) or attr(self.root.find("code"), "displayName")
        return Sheet(
            identity=self._identity(),
            identity_path="ClinicalDocument.recordTarget",
            items=tuple(join_pressures([*self._sections(), *self._unstructured(title)])),
            organization=self._organization(),
            recorded=self.date,
            title=title or None,
        )

    def _identity(self) -> Identity | None:
        role = self.root.find("recordTarget/patientRole")
        if role is None:
            return None
        patient = role.find("patient")
        ids = (attr(i, "extension") for i in role.findall("id"))
        names = [n for e in (patient.findall("name") if patient is not None else []) if (n := _person_name(e))]
        age = find(patient, "age")
        return Identity(
            name=next((n for n in names if has_chinese(n)), names[0] if names else None),
            sex=_SEXES.get(attr(find(patient, "administrativeGenderCode"), "code").upper()),
            birth_date=iso_date(attr(find(patient, "birthTime"), "value")),
            age=age_duration(attr(age, "value"), attr(age, "unit") or "岁") if age is not None else None,
            stated=self.date if age is not None else None,
            ids=tuple(dict.fromkeys(i for i in ids if i)),
        )

    def _organization(self) -> str | None:
        for path in (
            "custodian/assignedCustodian/representedCustodianOrganization/name",
            "author/assignedAuthor/representedOrganization/name",
            "recordTarget/patientRole/providerOrganization/name",
        ):
            if name := all_text(self.root.find(path)):
                return name
        return None

    def _sections(self) -> Iterator[Row | Prose]:
        body = self.root.find("component/structuredBody")
        if body is None:
            return
        for n, component in enumerate(body.findall("component")):
            for section in component.findall("section"):
                yield from self._section(section, f"ClinicalDocument.section[{n}]", 0)

    def _section(self, section: Element, path: str, depth: int) -> Iterator[Row | Prose]:
        from syngraph.sources.emr_cda_entries import read_entries
        from syngraph.sources.emr_cda_tables import tabled_rows, without_tables

        code, title = attr(section.find("code"), "code"), all_text(section.find("title"))
        title = title or attr(section.find("code"), "displayName")
        group = section_groups().get(code, "")
        found = section_id(title, code)
        if group == "skip":
            return
        rows: list[Row | Prose] = []
        if not section.get("nullFlavor"):
            rows = read_entries(self.file, section, group, found, path)
        said = section.find("text")
        if not rows and said is not None and (tabled := tabled_rows(said, path, self.date)):
            yield from tabled
            said = without_tables(said)
        yield from rows
        text = narrative(said)
        if not rows and text:
            yield from self._told(text, title, found, path)
        if depth < _MAX_DEPTH:
            for n, inner in enumerate(section.findall("component/section")):
                yield from self._section(inner, f"{path}.section[{n}]", depth + 1)

    def _told(self, text: str, title: str, found: str | None, path: str) -> Iterator[Prose]:
        if found:
            yield Prose(text=text, path=path, title=title, section=found, date=self.date)
        else:
            yield from split_document(text, path=path, heading=title, date=self.date)

    def _unstructured(self, title: str) -> Iterator[Prose]:
        element = self.root.find("component/nonXMLBody/text")
        if element is None:
            return
        path = "ClinicalDocument.nonXMLBody"
        if element.find("reference") is not None:
            self.file.note("holds a document that is only referenced, not included", "export it with its content")
            return
        raw, media = "".join(element.itertext()), attr(element, "mediaType") or "text/plain"
        try:
            if attr(element, "representation").upper() == "B64":
                text = attachment_text(raw, media, max_pages=self.file.max_pages)
            else:
                text = bytes_text(raw.encode("utf-8", "replace"), media, max_pages=self.file.max_pages)
        except InputError as error:
            self.file.note(error.message, error.advice)
            return
        heading = title or word("document", has_chinese(text))
        yield from split_document(text, path=path, heading=heading, date=self.date)


def _person_name(name: Element) -> str | None:
    family = "".join(all_text(e) for e in name.findall("family"))
    given = [t for e in name.findall("given") if (t := all_text(e))]
    if not family and not given:
        return all_text(name) or None
    if has_chinese(family + "".join(given)):
        return family + "".join(given)
    return " ".join(filter(None, (*given, family)))

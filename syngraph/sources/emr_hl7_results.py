"""HL7 v2 observations: OBX to rows, and runs of text OBX to the documents they are lines of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from syngraph.errors import InputError
from syngraph.model import Coding, FactKind
from syngraph.sources.emr_documents import attachment_text, section_id, split_document
from syngraph.sources.emr_hl7 import Hl7File, Message, Segment7
from syngraph.sources.emr_hl7_values import named, named_parts
from syngraph.sources.emr_rows import Named, observation_row
from syngraph.sources.emr_sheet import Prose, Row
from syngraph.sources.emr_values import has_chinese, iso_date, moment, one_line
from syngraph.sources.emr_vocabulary import topic_of, word

#: Results that are no results: deleted, wrong, cannot be obtained, not asked, order detail without value.
_DROPPED = frozenset({"D", "W", "X", "N", "I"})
_TEXT = frozenset({"TX", "FT", "ST", "CF", "ED", ""})
_IMAGING = frozenset({"RAD", "RUS", "CUS", "CT", "NMR", "MRI", "XR", "US", "NMS", "EC", "VUS", "IMG", "PET"})
_LONG = 40


@dataclass(slots=True)
class Told:
    """The documents found among the OBX segments, and which segments they took."""

    prose: list[Prose] = field(default_factory=list)
    paths: set[str] = field(default_factory=set)


def specimen_of(inner: Sequence[Segment7], obr: Segment7 | None) -> str | None:
    """The specimen's name from SPM-4, else OBR-15."""
    for s in inner:
        if s.name == "SPM" and (thing := named(s, 4)):
            return thing.text
    parts = obr.parts(15) if obr is not None else []
    return next((one_line(p) for p in parts if p), None) if parts else None


def narrative(file: Hl7File, inner: Sequence[Segment7], head: Segment7 | None, message: Message) -> Told:
    """Written text among observations: embedded documents, long texts, several lines under one name.

    In an MDM message every text is the document; ``head`` is its TXA, else the OBR.
    """
    told = Told()
    groups: dict[tuple[str, ...], list[Segment7]] = {}
    document = message.type == "MDM"
    for s in inner:
        if s.name == "OBX" and s.get(2).upper() in _TEXT and s.get(11) not in _DROPPED:
            key = ("",) if document else (s.get(3), s.get(3, 2), s.get(2) if s.get(2) == "ED" else "")
            groups.setdefault(key, []).append(s)
    for segments in groups.values():
        texts = [t for s in segments if (t := _text(file, s))]
        if texts and (document or _written(segments, texts, head)):
            told.paths |= {s.path for s in segments}
            told.prose += _document("\n".join(texts), segments[0], head, message)
        told.paths |= {s.path for s in segments if s.get(2) == "ED"}
    return told


def _text(file: Hl7File, s: Segment7) -> str:
    if s.get(2).upper() != "ED":
        joint = "\n" if s.get(2).upper() in ("TX", "FT") else ", "
        return joint.join("^".join(s.components(r)) for r in s.repetitions(5))
    parts = [*s.parts(5), *[""] * 5]
    kind, subtype, encoding, data = (p.strip() for p in parts[1:5])
    if not data:
        file.note("holds an embedded document without content", "export it with its content")
        return ""
    try:
        if encoding.lower() in ("base64", "b64", ""):
            media = f"{kind}/{subtype}".lower()
            images = "image/" if subtype.upper() in ("JPEG", "JPG", "PNG", "TIFF", "GIF", "DICOM") else media
            return attachment_text(data, images, max_pages=file.max_pages)
    except InputError as error:
        file.note(error.message, error.advice)
        return ""
    return data


def _written(segments: Sequence[Segment7], texts: list[str], head: Segment7 | None) -> bool:
    """Whether these OBX are prose rather than a short result such as ``阴性``."""
    if segments[0].get(2) == "ED":
        return True
    if any(s.get(6) or s.get(7) for s in segments):
        return False
    thing = named(segments[0], 3)
    if thing and topic_of(thing.codes, thing.text):
        return False
    lines = sum(t.count("\n") + 1 for t in texts)
    imaging = head is not None and head.name == "OBR" and head.get(24).upper() in _IMAGING
    return imaging or lines > 1 or any(len(t) > _LONG for t in texts) or bool(thing and section_id(thing.text))


def _document(text: str, s: Segment7, head: Segment7 | None, message: Message) -> list[Prose]:
    thing = named(s, 3)
    if head is not None and head.name == "TXA":
        date = next((d for n in (4, 6, 7) if (d := iso_date(head.get(n)))), None)
        kind = head.get(2, 2) or (thing.text if thing and section_id(thing.text) is None else "")
        heading = kind if len(kind) > 2 else word("document", has_chinese(text))
        return split_document(text, path=s.path, heading=" ".join(filter(None, (heading, date))), date=date)
    date = iso_date(s.get(14)) or (iso_date(head.get(7)) or iso_date(head.get(22)) if head is not None else None)
    date = date or iso_date(message.head.get(7))
    panel = named(head, 4) if head is not None else None
    names = [n.text for n in (panel, thing) if n]
    zh, title = has_chinese("".join(names) + text), " ".join(dict.fromkeys(names))
    heading = word("report.of", zh, title) if title else word("report", zh)
    section = (section_id(thing.text) if thing else None) or "investigations"
    return split_document(text, path=s.path, heading=f"{heading} {date or ''}", section=section, date=date)


def result(s: Segment7, obr: Segment7 | None, specimen: str | None) -> Row | None:
    """One OBX as a row; None where it holds no value or no longer counts."""
    thing = named(s, 3)
    if not thing or s.get(11) in _DROPPED or s.get(2) in ("ED", "RP", "HD"):
        return None
    value, answer = _value(s)
    if not value:
        return None
    date, time = moment(s.get(14))
    if not date and obr is not None:
        date, time = moment(obr.get(7))
        date = date or iso_date(obr.get(22))
    issued = iso_date(obr.get(22)) if obr is not None else None
    unit = _unit(s)
    return observation_row(
        thing,
        path=s.path,
        kind=_kind(thing, obr),
        value=value,
        answer=answer,
        flag=s.get(8) or None,
        recorded=issued or date,
        attributes={
            "unit": unit,
            "reference_range": s.get(7) or None,
            "date": date,
            "time": time,
            "specimen": specimen,
            "state": {"P": "preliminary", "C": "corrected"}.get(s.get(11)),
        },
    )


def _kind(thing: Named, obr: Segment7 | None) -> FactKind:
    if topic := topic_of(thing.codes, thing.text):
        return topic.kind
    return "imaging" if obr is not None and obr.get(24).upper() in _IMAGING else "lab-result"


def _unit(s: Segment7) -> str | None:
    parts = [one_line(p) for p in (*s.parts(6), "", "")]
    if parts[0] in ("10", "x10", "×10") and re.match(r"\d{1,2}/", parts[1]):
        return f"{parts[0]}^{parts[1]}"  # 10^9/L, whose power sign nobody escaped
    return parts[0] or parts[1] or None


def _value(s: Segment7) -> tuple[str, Named | None]:
    kind = s.get(2).upper()
    found: list[str] = []
    answer: Named | None = None
    for raw in s.repetitions(5):
        parts = [one_line(p) for p in s.components(raw)]
        if kind in ("CE", "CWE", "CNE", "CF"):
            answer = _coded(parts)
            found.append(answer.text if answer else "")
        elif kind == "SN":
            found.append("".join(parts[:4]))
        elif kind in ("TS", "DT", "DTM"):
            found.append(" ".join(filter(None, moment(parts[0]))) or parts[0])
        elif kind == "NM":
            found.append(parts[0])
        else:
            found.append("^".join(parts))
    kept = [f for f in found if f]
    joint = "、" if has_chinese("".join(kept)) else ", "
    return joint.join(kept), answer


def _coded(parts: list[str]) -> Named | None:
    thing = named_parts(parts)
    if thing and not thing.codes and parts and re.fullmatch(r"[A-Za-z0-9.-]+", parts[0]):
        return Named(text=thing.text, codes=(Coding(code=parts[0]),))
    return thing

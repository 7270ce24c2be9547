"""Talk for tests: written lines into a source, and facts out of it."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from syngraph.facts.extract import extract
from syngraph.model import Encounter, Fact, Patient, Role, Segment, Sex, Source, SourceId

ROLES: dict[str, Role] = {"D": "doctor", "P": "patient", "C": "companion", "Q": "question", "T": "document"}


def encounter(language: str = "zh", *, sex: Sex = "female", birth: str = "1984-03-02") -> Encounter:
    return Encounter(
        id="e1",
        language="zh" if language == "zh" else "en",
        start=datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
        patient=Patient(id="p1", name="王芳", sex=sex, birth_date=birth),
    )


def source(talk: str, *, section: str | None = None) -> Source:
    """Lines such as ``D: 发烧吗？`` or ``P: 没有。``; a line without a label is the patient's."""
    text, segments = "", []
    for line in talk.strip().splitlines():
        m = re.match(r"\s*([DPCQT])[:：]\s*(.*)", line)
        if m and not m[2].strip():
            continue
        role, words = (ROLES[m[1]], m[2]) if m else ("patient", line.strip())
        segments.append(
            Segment(start=len(text), end=len(text) + len(words), role=role, label=role, section=section)  # type: ignore[arg-type]
        )
        text += words + "\n"
    return Source(id=SourceId("s1"), kind="consultation", path="t.txt", sha256="0", text=text, segments=tuple(segments))


def facts(talk: str, language: str | None = None, *, section: str | None = None, **patient: str) -> tuple[Fact, ...]:
    spoken = language or ("zh" if re.search(r"[一-鿿]", talk) else "en")
    return extract(source(talk, section=section), encounter(spoken, **patient))  # type: ignore[arg-type]


def said(talk: str, *kinds: str, **patient: str) -> set[tuple[str, str]]:
    """(name, status) of the facts of ``kinds``."""
    return {(f.concept.text, f.status) for f in facts(talk, **patient) if not kinds or f.kind in kinds}

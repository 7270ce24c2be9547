"""Made-up visits for the checks: say who says what, and ask what is found."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from syngraph.checks.run import check
from syngraph.merge import merge, number
from syngraph.model import (
    Concept,
    Encounter,
    Evidence,
    Fact,
    Finding,
    Group,
    Patient,
    Segment,
    Source,
    SourceId,
    frozen_map,
)  # fmt: skip

KINDS = {"form": "preconsultation", "talk": "consultation", "report": "report", "emr": "emr"}
KINDS |= {f"{where}2": kind for where, kind in KINDS.items()}
SPEAKERS = {"form": "patient", "talk": "patient", "report": "other-hospital", "emr": "this-hospital"}
SPEAKERS |= {f"{where}2": by for where, by in SPEAKERS.items()}


@dataclass
class Visit:
    """A visit under construction; ``say`` adds a quote to a source and the fact that it states."""

    language: str = "zh"
    sex: str = "female"
    birth: str | None = "1984-03-02"
    day: str = "2026-11-20"
    texts: dict[str, str] = field(default_factory=dict)
    segments: dict[str, list[Segment]] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)

    def say(self, where, quote, kind, concept, status="present", *, by=None, subject="patient", recorded=None,
            text=None, question="", **attributes):  # fmt: skip
        by = by or SPEAKERS[where]
        before = self.texts.setdefault(where, "")
        if question:
            before += question + "\n"
        start = len(before)
        self.texts[where] = before + quote + "\n"
        role = by if by in ("patient", "companion", "doctor") else "document"
        if quote:
            label = question or by
            self.segments.setdefault(where, []).append(
                Segment(start=start, end=start + len(quote), role=role, label=label)
            )
        known = concept if ":" in concept else None
        self.facts.append(Fact(
            kind=kind, concept=Concept(text=text or concept.split(":")[-1], id=known), status=status, subject=subject,
            evidence=(Evidence(source=SourceId(where), start=start, end=start + len(quote)),), witnesses=(by,),
            attributes=frozen_map({k: str(v) for k, v in attributes.items()}), recorded=recorded or self._told(where),
        ))  # fmt: skip
        return self

    def chat(self, text, by="doctor"):
        """Words in the room that state no fact."""
        before = self.texts.setdefault("talk", "")
        self.texts["talk"] = before + text + "\n"
        self.segments.setdefault("talk", []).append(
            Segment(start=len(before), end=len(before) + len(text), role=by, label=by)
        )
        return self

    def _told(self, where):
        if KINDS[where] in ("preconsultation", "consultation"):
            return self.day
        return (datetime.fromisoformat(self.day) - timedelta(days=30)).date().isoformat()

    @property
    def sources(self):
        return [
            Source(id=SourceId(w), kind=KINDS[w], path=f"{KINDS[w]}/{w}", sha256="0" * 64, text=t,
                   segments=tuple(self.segments.get(w, ())))
            for w, t in self.texts.items()
        ]  # fmt: skip

    @property
    def encounter(self):
        start = datetime.fromisoformat(self.day + "T09:30:00").replace(tzinfo=timezone(timedelta(hours=8)))
        patient = Patient(id="P001", name="王芳", sex=self.sex, birth_date=self.birth)
        return Encounter(id="enc-1", language=self.language, start=start, patient=patient)

    def groups(self) -> tuple[Group, ...]:
        return number(merge(self.facts, self.sources, self.encounter))

    def findings(self, required=()) -> tuple[Finding, ...]:
        return check(self.groups(), self.encounter, self.sources, required)

    def of_kind(self, *kinds) -> list[Finding]:
        return [f for f in self.findings() if f.kind in kinds]

    def rules(self, *kinds) -> set[str]:
        """The rules that fire, of these kinds (contradictions where none is named)."""
        return {f.rule for f in self.of_kind(*(kinds or ("contradiction",)))}

    def only(self, rule) -> Finding:
        found = [f for f in self.findings() if f.rule == rule]
        assert len(found) == 1, [(f.rule, f.message) for f in self.findings()]
        return found[0]

"""Whose document it is: a source whose patient is someone else contributes nothing, and the doctor sees why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

from syngraph.checks.compare import reads_both_ways, span
from syngraph.checks.names import compare_names
from syngraph.checks.rules import load_yaml
from syngraph.model import Encounter, Evidence, Finding, Identity, Patient, Source, SourceId, is_date, is_duration
from syngraph.terminology.fold import fold
from syngraph.terminology.likeness import full_date

Signals = Mapping[str, str]


@cache
def _policy() -> Mapping[str, Any]:
    return load_yaml("identity.yaml")  # type: ignore[no-any-return]


def check_identity(sources: Sequence[Source], encounter: Encounter) -> tuple[tuple[Finding, ...], frozenset[SourceId]]:
    """Hold each source's stated patient against the encounter's.

    Returns the findings (blocking where a source is shut out, a warning where something is slightly off) and the
    ids of the sources to shut out. The policy is the table in ``identity.yaml``; a source that says nothing of its
    patient passes.
    """
    findings: list[Finding] = []
    excluded: set[SourceId] = set()
    for source in sources:
        signals = compare_identity(source, encounter)
        row = next((r for r in _policy()["rows"] if _holds(r["when"], signals)), None)
        if row is None:
            continue
        if row["verdict"] == "exclude":
            excluded.add(source.id)
        findings.append(_finding(source, encounter, row, signals))
    return tuple(findings), frozenset(excluded)


def _holds(when: Mapping[str, Sequence[str]], signals: Signals) -> bool:
    return all(signals[key] in values for key, values in when.items())


def compare_identity(source: Source, encounter: Encounter) -> Signals:
    """The signals that the policy's table speaks of: name, sex, birth, age, id."""
    identity, patient = source.identity or Identity(), encounter.patient
    return {
        "name": compare_names(identity.name, patient.name),
        "sex": _compare_sex(identity, patient),
        "birth": _compare_birth(identity.birth_date, patient.birth_date, _printed_head(source)),
        "age": _compare_age(identity, patient, _stated(source, encounter)),
        "id": "match" if fold(patient.id).strip() in {fold(i).strip() for i in identity.ids} else "unknown",
    }


def _compare_sex(identity: Identity, patient: Patient) -> str:
    pair = {identity.sex, patient.sex}
    if not pair <= {"female", "male"}:
        return "unknown"
    return "match" if len(pair) == 1 else "differ"


def _printed_head(source: Source) -> str:
    identity = source.identity
    return source.text[identity.start : identity.end] if identity and identity.end <= len(source.text) else ""


def _compare_birth(printed: str | None, known: str | None, head: str = "") -> str:
    if not printed or not known or not is_date(printed) or not is_date(known):
        return "unknown"
    length = min(len(printed), len(known), 10)
    a, b = printed[:length], known[:length]
    if a == b:
        return "match"
    exchanged = length == 10 and a[:5] + a[8:] + "-" + a[5:7] == b
    if exchanged and reads_both_ways(head, b):
        return "match"
    wrong = sum(x != y for x, y in zip(a, b, strict=True))
    return "near" if exchanged or wrong == 1 else "differ"


def _stated(source: Source, encounter: Encounter) -> date:
    identity = source.identity or Identity()
    return full_date(identity.stated) or full_date(source.recorded) or encounter.start.date()


def _compare_age(identity: Identity, patient: Patient, stated: date) -> str:
    from syngraph.terminology.times import duration_days

    if not identity.age or not is_duration(identity.age) or not patient.birth_date or not is_date(patient.birth_date):
        return "unknown"
    printed = duration_days(identity.age) / 365.25
    first, last = span(patient.birth_date)
    oldest, youngest = (stated - first).days / 365.25, (stated - last).days / 365.25
    # A printed 42 means 42 to just under 43; a child's months mean themselves.
    width = 1.0 if identity.age.endswith("Y") else 1 / 12
    off = max(youngest - (printed + width), printed - oldest, 0.0)
    policy = _policy()
    for signal in ("match", "near"):
        if off <= policy[f"age_{signal}"]:
            return signal
    return "away" if off > policy["age_away"] else "far"


def _finding(source: Source, encounter: Encounter, row: Mapping[str, Any], signals: Signals) -> Finding:
    words = _policy()["words"][encounter.language]
    verdict = words[row["verdict"]]
    identity = source.identity or Identity()
    off = [k for k, v in signals.items() if v not in {"match", "unknown"}]
    return Finding(
        kind="identity-mismatch",
        severity="blocking" if row["verdict"] == "exclude" else "warning",
        topic=verdict["topic"],
        message=verdict["message"].format(
            where=_where(source, words),
            theirs=_person(identity, words),
            ours=_person(_as_identity(encounter), words),
            what=words["list"].join(words["fields"][k] for k in off),
        ),
        rule=f"identity-{row['id']}",
        evidence=_header(source),
        choices=tuple(verdict["choices"]),
    )


def _as_identity(encounter: Encounter) -> Identity:
    patient, day = encounter.patient, encounter.start.date()
    born = full_date(patient.birth_date)
    days = (day - born) / timedelta(days=1) if born else None
    age = None if days is None else f"P{int(days // 365.25)}Y" if days >= 730 else f"P{int(days // 30.44)}M"
    return Identity(name=patient.name, sex=patient.sex, birth_date=patient.birth_date, age=age)


def _where(source: Source, words: Mapping[str, Any]) -> str:
    notes = [n for n in (source.organization, source.path) if n]
    name: str = words["kinds"][source.kind]
    return name + str(words["bracket"]).format(text=words["list"].join(notes))


def _person(identity: Identity, words: Mapping[str, Any]) -> str:
    parts = [identity.name or words["nobody"]]
    if identity.sex and identity.sex != "unknown":
        parts.append(words["sexes"][identity.sex])
    if identity.age:
        count = "".join(c for c in identity.age.split("Y")[0].split("M")[0] if c.isdigit() or c == ".")
        parts.append(words["years" if "Y" in identity.age else "months"].format(n=count) if count else identity.age)
    if identity.birth_date:
        parts.append(words["born"].format(date=identity.birth_date))
    return str(words["comma"]).join(parts)


def _header(source: Source) -> tuple[Evidence, ...]:
    """The stretch of the source that says whose it is; its first line where that stretch is not known."""
    identity = source.identity
    if identity and 0 <= identity.start < identity.end <= len(source.text):
        return (Evidence(source=source.id, start=identity.start, end=identity.end),)
    first = source.text.split("\n", 1)[0]
    return (Evidence(source=source.id, start=0, end=len(first)),) if first else ()

"""The plain line that a structured record is shown as: one deterministic function, Chinese or English.

The line is the evidence that a doctor reads, so everything an entry says stands in it verbatim: name, value,
unit, range, dose, frequency, dates. Only normalised values (``flag``, ``laterality``, ``severity`` …) are worded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from syngraph.model import FactKind, Identity, Status
from syngraph.sources.emr_values import has_chinese, side_in, with_unit
from syngraph.sources.emr_vocabulary import word

#: Attributes that are normalised or worded, and so need not stand in the line as they are.
WORDED = frozenset(
    {"flag", "laterality", "severity", "criticality", "unit_code", "category", "topic", "as_needed", "intent"}
    | {"onset_age", "deceased", "per", "type", "abbreviation", "state"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """What a line shows; see :class:`syngraph.sources.emr_sheet.Row`."""

    kind: FactKind
    name: str
    shown: str = ""
    status: Status = "present"
    subject: str = "patient"
    attributes: Mapping[str, str]
    recorded: str | None = None
    generic: bool = False
    instructions: str = ""
    flag: str = ""
    comment: str = ""


def identity_line(identity: Identity, zh: bool) -> str:
    """``患者：王芳，女，1984-03-02出生，编号 P001``; empty where the identity says nothing."""
    parts = [identity.name or ""]
    parts.append(word(identity.sex, zh) if identity.sex and identity.sex != "unknown" else "")
    parts.append(word("born", zh, identity.birth_date) if identity.birth_date else "")
    if identity.age:
        parts.append(f"{word('age', zh)} {_age(identity.age, zh)}")
    parts.append(f"{word('ids', zh)} {' '.join(identity.ids)}" if identity.ids else "")
    kept = [p for p in parts if p]
    return f"{word('patient', zh)}{_colon(zh)}{_comma(zh).join(kept)}" if kept else ""


def render(row: Printed, zh: bool) -> str:
    """The line of one row.

    >>> render(Printed(kind="allergy", name="青霉素", attributes={"reaction": "皮疹"}, recorded="2019-05-02"), True)
    '过敏：青霉素（皮疹），记录于2019-05-02'
    """
    head = _head(row, zh)
    inner = _comma(zh).join(_inner(row, zh))
    if inner:
        head += f"（{inner}）" if zh else f" ({inner})"
    parts = [head, *_tail(row, zh)]
    line = f"{_label(row, zh)}{_colon(zh)}{_comma(zh).join(p for p in parts if p)}"
    return _complete(line, row, zh)


def _colon(zh: bool) -> str:
    return "：" if zh else ": "


def _comma(zh: bool) -> str:
    return "，" if zh else ", "


def _label(row: Printed, zh: bool) -> str:
    label = word(row.kind, zh)
    if row.kind == "family-history":
        return f"{label}{_colon(zh)}{word(row.subject, zh) or row.subject}"
    return label


def _head(row: Printed, zh: bool) -> str:
    name = _absent(row, zh) if row.status == "absent" and not row.attributes.get("value") else row.shown or row.name
    a = row.attributes
    parts = [name]
    if value := a.get("value"):
        joint = " " if row.kind in ("lab-result", "vital-sign", "imaging") else _colon(zh)
        parts = [name + joint + with_unit(value, a.get("unit"))]
    parts += [row.flag] if row.flag else []
    parts += [row.instructions] if row.instructions else [a[k] for k in ("dose", "route") if a.get(k)]
    frequency = _frequency(a, row.instructions, zh)
    if frequency.startswith("（"):
        parts[-1] += frequency
    elif frequency:
        parts.append(frequency)
    return " ".join(parts)


def _absent(row: Printed, zh: bool) -> str:
    if not row.generic:
        name = row.shown or row.name
        return word(f"absent.{row.kind}", zh, name) or name
    if row.shown and row.name in row.shown:
        return row.shown
    name = word("none", zh, row.name)
    return f"{name}（{row.shown}）" if row.shown and zh else f"{name} ({row.shown})" if row.shown else name


def _frequency(a: Mapping[str, str], said: str, zh: bool) -> str:
    text, code = "" if said else a.get("frequency_text", ""), a.get("frequency", "")
    if said:
        return "" if not code or code in said else f"（{code}）" if zh else f"({code})"
    if code and code not in text:
        text = (f"{text}（{code}）" if zh else f"{text} ({code})") if text else code
    if a.get("as_needed") and "prn" not in text:
        text = f"{text} {word('as_needed', zh)}".strip()
    return text


def _inner(row: Printed, zh: bool) -> list[str]:
    a = row.attributes
    parts = [a.get("reaction", ""), word(a["severity"], zh) or a["severity"] if a.get("severity") else ""]
    parts.append(word(f"criticality.{a['criticality']}", zh) if a.get("criticality") else "")
    if a.get("reference_range"):
        parts.append(f"{word('range', zh)} {a['reference_range']}")
    return [p for p in parts if p]


def _tail(row: Printed, zh: bool) -> list[str]:
    a = row.attributes
    parts = []
    if side := a.get("laterality"):
        parts.append("" if side_in(f"{row.shown or row.name} {a.get('body_site', '')}") else word(side, zh))
    parts.append(a.get("body_site", ""))
    if age := a.get("onset_age"):
        parts.append(word("onset_age", zh, _age(age, zh)))
    parts += [_onset(row, zh), _ended(row, zh)]
    parts.append(f"{word('department', zh)} {a['department']}" if a.get("department") else "")
    parts.append(f"{word('specimen', zh)} {a['specimen']}" if a.get("specimen") else "")
    parts.append(word("reason", zh, a["reason"]) if a.get("reason") else "")
    parts.append(word("stop_reason", zh, a["stop_reason"]) if a.get("stop_reason") else "")
    parts.append(word("deceased", zh) if a.get("deceased") else "")
    parts.append(word(a["state"], zh) if a.get("state") else "")
    if not (row.status == "absent" and not a.get("value")):
        parts.append(word(f"{row.status}.{row.kind}", zh))
    parts.append(" ".join(filter(None, (a.get("date"), a.get("time")))))
    if row.recorded and row.recorded != a.get("date"):
        parts.append(word("recorded", zh, row.recorded))
    parts.append(word("comment", zh, row.comment) if row.comment else "")
    return [p for p in parts if p]


def _onset(row: Printed, zh: bool) -> str:
    onset = row.attributes.get("onset")
    return word("since" if row.kind == "medication" else "onset", zh, onset) if onset else ""


def _ended(row: Printed, zh: bool) -> str:
    ended = row.attributes.get("ended")
    return word("ended" if row.kind in ("condition", "diagnosis") else "until", zh, ended) if ended else ""


def _age(duration: str, zh: bool) -> str:
    return word(f"unit.{duration[-1]}", zh, duration[1:-1])


def _complete(line: str, row: Printed, zh: bool) -> str:
    """Puts at the end whatever an entry carries and the line does not show yet."""
    missing = [v for k, v in row.attributes.items() if v and k not in WORDED and v not in line]
    missing += [row.name] if row.name not in line else []
    if missing:
        line += ("；" if zh or has_chinese(line) else "; ") + _comma(zh).join(missing)
    return line

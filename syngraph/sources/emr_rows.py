"""Rows that every EMR format makes alike: condition, allergy, medication, observation.

A reader finds the parts in its own format; what they mean together is decided here, once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from syngraph.model import Coding, FactKind, Status, frozen_map
from syngraph.sources.emr_sheet import Row
from syngraph.sources.emr_values import compute_flag, dose_in, has_chinese, read_flag, side_in, split_unit
from syngraph.sources.emr_vocabulary import (
    answer_status,
    frequency_code,
    none_of,
    route_in,
    topic_names,
    topic_of,
    word,
)
from syngraph.terminology.fold import fold

#: The hierarchy tag of a SNOMED CT fully specified name says nothing to a reader.
_TAG = re.compile(
    r"\s*[(（](?:disorder|finding|procedure|situation|substance|product|event|observable entity|regime/therapy|"
    r"morphologic abnormality|medicinal product|clinical drug|physical object|person|qualifier value)[)）]$"
)
_ALLERGY_TO = re.compile(
    r"^(?:allergy to|allergic to|hypersensitivity to|propensity to adverse reactions? to|对)\s*", re.I
)
_ALLERGY_END = re.compile(r"(?:\s+(?:allergy|hypersensitivity)|过敏(?:史|反应|者)?)$", re.I)
_ALLERGY_NAME = re.compile(
    r"(?:^(?:allergy|allergic|hypersensitivity) to .+|^(?!.*(?:皮肤|鼻|性))[^无否未].*过敏(?:史|反应)?$)", re.I
)
_FAMILY = re.compile(r"^(?:family history of|fh:?|家族史[:：]?)\s*", re.I)
_NO_FAMILY = re.compile(r"^no family history of\s*", re.I)
_PAST = re.compile(r"^(?:(?:past )?history of|h/o)\s*", re.I)
_DOUBT = re.compile(r"[?？]\s*$|待排|待查|疑似|可疑|rule out|\br/o\b|possible|probable|suspected", re.I)
#: ``(ALT)``, ``(K)``, ``(HbA1c)``, and not ``(Manual)``.
_ABBREVIATION = re.compile(r"[(（]([A-Z]|(?=[a-z]*[A-Z][^()（）]*[A-Z0-9])[A-Za-z][A-Za-z0-9%#/+.-]{1,9})[)）]")
_AMOUNT = re.compile(
    r"(\d+(?:\.\d+)?(?:\s?[-~]\s?\d+)?\s?(?:支|根|包|两|杯|瓶|g|ml|cigarettes?|packs?|drinks?|units?))\s?"
    r"(?:/|每|per|a)\s?(天|日|周|月|day|d|week|wk|month)"
)
_PER = {"天": "day", "日": "day", "d": "day", "day": "day", "周": "week", "wk": "week", "week": "week"}
_SEVERITIES: dict[str, str] = {
    **dict.fromkeys(("mild", "mi", "轻度", "轻", "轻微", "255604002"), "mild"),
    **dict.fromkeys(("moderate", "mo", "中度", "中", "6736007", "mild to moderate", "371923003"), "moderate"),
    **dict.fromkeys(("severe", "sv", "重度", "重", "严重", "24484000", "moderate to severe", "371924009"), "severe"),
    **dict.fromkeys(("fatal", "life threatening", "life-threatening", "危及生命", "399166001"), "severe"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A thing as received: its name, and the codes that came with it."""

    text: str
    codes: tuple[Coding, ...] = ()


def severity_of(*words: str | None) -> str | None:
    """``mild``, ``moderate`` or ``severe`` for a code or word that says so."""
    return next((_SEVERITIES[w.strip().lower()] for w in words if w and w.strip().lower() in _SEVERITIES), None)


def plain_name(text: str) -> str:
    """A received name without its hierarchy tag: ``Asthma (disorder)`` is ``Asthma``."""
    return (_TAG.sub("", text) or text) if text.endswith((")", "）")) else text


def none_row(kind: FactKind, key: str, named: Named, path: str, recorded: str | None) -> Row:
    """The row that says there is none of a kind at all: no known allergies, no medication."""
    return Row(
        kind=kind,
        name=key,
        shown=named.text,
        path=path,
        status="absent",
        codes=named.codes,
        recorded=recorded,
        generic=True,
    )


def allergy_row(
    named: Named,
    *,
    path: str,
    status: Status = "present",
    attributes: Mapping[str, str | None],
    recorded: str | None = None,
    comment: str = "",
) -> Row | None:
    """An allergy; ``No known allergies`` becomes an absent row, ``unknown`` none at all."""
    none = none_of("allergy", named.codes, named.text)
    if none is not None:
        return none_row("allergy", none, named, path, recorded) if none and status != "historical" else None
    name = plain_name(named.text)
    allergen = _ALLERGY_END.sub("", _ALLERGY_TO.sub("", name)).strip() or name
    return Row(
        kind="allergy",
        name=allergen,
        shown=named.text,
        path=path,
        status=status,
        codes=named.codes,
        attributes=frozen_map(attributes),
        recorded=recorded,
        comment=comment,
    )


def condition_row(
    named: Named,
    *,
    path: str,
    status: Status = "present",
    attributes: Mapping[str, str | None],
    recorded: str | None = None,
    comment: str = "",
    kind: FactKind = "condition",
) -> Row | None:
    """A problem or diagnosis. ``Family history of …`` and ``Allergy to …`` go where they belong."""
    none = none_of("condition", named.codes, named.text)
    if none is not None:
        return none_row("condition", none, named, path, recorded) if none else None
    name = plain_name(named.text)
    if _NO_FAMILY.match(name) or _FAMILY.match(name):
        return _family(named, name, path, attributes, recorded, comment)
    if _ALLERGY_NAME.match(name):
        return allergy_row(named, path=path, status=status, attributes=attributes, recorded=recorded, comment=comment)
    if status == "present" and _DOUBT.search(name):
        status = "uncertain"
    if status == "present" and _PAST.match(name):
        status = "historical"
    side = attributes.get("laterality") or side_in(f"{name} {attributes.get('body_site') or ''}")
    full = {**attributes, "laterality": side}
    return Row(
        kind=kind,
        name=_PAST.sub("", name) or name,
        shown=named.text,
        path=path,
        status=status,
        codes=named.codes,
        attributes=frozen_map(full),
        recorded=recorded,
        comment=comment,
    )


def _family(
    named: Named, name: str, path: str, attributes: Mapping[str, str | None], recorded: str | None, comment: str
) -> Row:
    absent = _NO_FAMILY.match(name) is not None
    return Row(
        kind="family-history",
        name=_FAMILY.sub("", _NO_FAMILY.sub("", name)).strip() or name,
        shown="" if absent else named.text,
        path=path,
        subject="family",
        status="absent" if absent else "present",
        codes=named.codes,
        attributes=frozen_map({k: v for k, v in attributes.items() if k in ("onset", "onset_age")}),
        recorded=recorded,
        comment=comment,
    )


def medication_row(
    named: Named,
    *,
    path: str,
    status: Status = "present",
    attributes: Mapping[str, str | None],
    instructions: str = "",
    recorded: str | None = None,
    comment: str = "",
) -> Row | None:
    """A drug. What ``attributes`` lack of dose, route and frequency is read from ``instructions``."""
    none = none_of("medication", named.codes, named.text)
    if none is not None:
        return none_row("medication", none, named, path, recorded) if none else None
    full = dict(attributes)
    sig = fold(instructions)
    full["dose"] = full.get("dose") or dose_in(instructions)
    full["route"] = full.get("route") or route_in(instructions)
    if not full.get("frequency_text") and (found := frequency_code(instructions)):
        full["frequency_text"] = found[1]
    if not full.get("frequency") and (found := frequency_code(full.get("frequency_text") or "")):
        full["frequency"] = found[0]
    if full.get("frequency") == "prn" or "必要时" in sig or "as needed" in sig:
        full["as_needed"] = "true"
    whole = all(v in instructions for k in ("dose", "route", "frequency_text") if (v := full.get(k)))
    return Row(
        kind="medication",
        name=plain_name(named.text),
        shown=named.text,
        path=path,
        status=status,
        codes=named.codes,
        attributes=frozen_map(full),
        recorded=recorded,
        instructions=instructions if whole else "",
        comment="；".join(filter(None, (comment, "" if whole else instructions))),
    )


def observation_row(
    named: Named,
    *,
    path: str,
    kind: FactKind,
    value: str | None,
    attributes: Mapping[str, str | None],
    answer: Named | None = None,
    truth: bool | None = None,
    flag: str | None = None,
    recorded: str | None = None,
    comment: str = "",
) -> Row | None:
    """A measurement, result or answer. ``kind`` counts where neither code nor name says better.

    ``value`` is as received, on one line, None where only the yes-or-no ``truth`` is known; ``answer`` the coded
    value, for what it says about smoking, pregnancy and the like; ``flag`` the received abnormal flag.
    """
    name = plain_name(named.text)
    topic = topic_of(named.codes, name)
    kind = topic.kind if topic else kind
    codes, text = (answer.codes, answer.text) if answer else ((), value or "")
    status: Status = "present" if truth is not False or kind == "lab-result" else "absent"
    if topic and kind in ("social-history", "reproductive-history"):
        status = status if truth is not None else answer_status(topic.name, codes, text)
        status = "absent" if topic.name in ("smoking", "alcohol") and value in ("0", "0.0") else status
    if value is None and truth is not None:
        value = word("yes" if truth else "no", has_chinese(name))
    full: dict[str, str | None] = {"value": value, **attributes}
    if value and kind in ("lab-result", "vital-sign") and not full.get("unit"):
        full["value"], full["unit"], arrow = split_unit(value)
        flag, value = flag or arrow, full["value"]
    meaning = read_flag(flag)
    full["flag"] = meaning or compute_flag(value or "", attributes.get("reference_range"))
    full["laterality"] = side_in(f"{name} {attributes.get('body_site') or ''}")
    if kind == "lab-result":
        full["abbreviation"] = m[1] if (m := _ABBREVIATION.search(name)) else None
    row = Row(
        kind=kind,
        name=name,
        shown=named.text,
        path=path,
        status=status,
        codes=named.codes,
        attributes=frozen_map(full),
        recorded=recorded,
        witness="laboratory" if kind == "lab-result" else "this-hospital",
        printed_flag=word(meaning, has_chinese(name)) if meaning and meaning != "normal" else "",
        comment=comment,
        topic=topic.name if topic else "",
    )
    return _topical(row) if kind in ("social-history", "reproductive-history") else row


def _topical(row: Row) -> Row:
    """Social and reproductive rows are named by the shortest word for their topic that the name holds."""
    folded = fold(row.name)
    for known in topic_names(row.topic):
        at = folded.find(known)
        if at >= 0:
            row = replace(row, name=row.name[at : at + len(known)])
            break
    attributes = {**row.attributes, "topic": row.topic}
    if m := _AMOUNT.search(row.attributes.get("value", "")):
        attributes |= {"amount": m[1], "per": _PER.get(m[2], "month")}
    return replace(row, attributes=frozen_map(attributes))

"""What the patient answered before the visit: FHIR R4 QuestionnaireResponse, or a plain list of questions and answers.

Every item becomes one line of text, question and answer together (``过敏：没有``, ``Any allergies? None``), so that a
quote of the line can be read on its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from syngraph.errors import InputError
from syngraph.model import Identity, Locator, Mark, Problem, Role, Ruler, Segment, Sex, Source, SourceId
from syngraph.settings import Settings
from syngraph.sources.folder import iso_date
from syngraph.sources.plain import decode_text, is_chinese, one_line, parse_json, parse_yaml
from syngraph.sources.speakers import known_role
from syngraph.terminology.sections import topic_of

_MAX_DEPTH = 40
_LISTS = ("answers", "items", "item", "questions", "responses", "entries", "questionnaire", "preconsultation", "回答")
_QUESTION = ("question", "q", "text", "label", "title", "prompt", "问", "问题", "题目")
_ANSWER = ("answer", "a", "response", "value", "reply", "answers", "答", "回答", "答案")
_CODE = ("linkId", "linkid", "link_id", "code", "id", "key")
_WHEN = ("recorded", "authored", "date", "time", "answered", "submitted", "日期", "时间")
_WHO = (
    "respondent",
    "source",
    "author",
    "answered_by",
    "answeredby",
    "filled_by",
    "filledby",
    "by",
    "填写人",
    "回答人",
)
_WHOSE = ("patient", "name", "subject", "姓名", "患者")
_OTHER = ("language", "form", "id", "version", "status", "encounter")
_NOTHING = frozenset({"", "~", "null", "none given", "n/a", "未填", "未作答", "未回答", "-", "--"})
_WORDS = {
    "zh": {"true": "是", "false": "否", "yes": "是", "no": "否", "colon": "：", "comma": "、"},
    "en": {"true": "Yes", "false": "No", "yes": "Yes", "no": "No", "colon": ": ", "comma": ", "},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    """One question with its answers as text; ``path`` leads into the file."""

    question: str
    answers: tuple[str, ...]
    path: str
    code: str | None = None
    group: str = ""
    heading: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    items: tuple[_Item, ...]
    role: Role = "patient"
    recorded: str | None = None
    identity: Identity | None = None
    title: str | None = None


def read_preconsultation(
    data: bytes, path: str, *, source_id: SourceId, settings: Settings
) -> tuple[Source | None, tuple[Problem, ...]]:
    """A questionnaire file as a source; None, with the reason, where it holds no answers.

    Args:
        data: the file's bytes: JSON (a QuestionnaireResponse, a Bundle of them, or a plain list) or YAML.
        path: the file's name inside the encounter folder.
        source_id: id for the source.
        settings: ``max_file_mb`` limits what is read.
    """
    try:
        form = _form(_parse(data, path, settings))
    except InputError as error:
        return None, (Problem(path=path, message=error.message, advice=error.advice),)
    except RecursionError:
        return None, (Problem(path=path, message="is nested too deeply", advice="check the file"),)
    return _source(form, data, path, source_id), ()


def _parse(data: bytes, path: str, settings: Settings) -> Any:
    if len(data) > settings.max_file_mb << 20:
        raise InputError(f"is larger than {settings.max_file_mb} MB", "a questionnaire is a few kilobytes")
    text = decode_text(data)
    if not text.strip():
        raise InputError("is empty", "export the answers again")
    return parse_json(text) if path.lower().endswith(".json") else parse_yaml(text)


def _form(raw: Any) -> _Form:
    if isinstance(raw, dict) and "resourceType" in raw:
        form = _fhir(raw)
    elif isinstance(raw, (dict, list)):
        form = _plain(raw)
    else:
        raise InputError("is no questionnaire", "give a QuestionnaireResponse or a list of {question, answer}")
    if not any(not item.heading for item in form.items):
        raise InputError("holds no questions", "give a QuestionnaireResponse or a list of {question, answer}")
    return form


# --- from items to a source ---------------------------------------------------------------------------------------


def _source(form: _Form, data: bytes, path: str, source_id: SourceId) -> Source:
    lines: list[str] = []
    segments: list[Segment] = []
    marks: list[Mark] = []
    at = 0
    for item in form.items:
        question, colon, answer = _line(item)
        line = question + (colon + answer if answer else "")
        middle = at + len(question) + len(colon)
        section = _topic(item)
        segments.append(
            Segment(
                start=at, end=at + len(question), role="question", label=item.question, section=section, code=item.code
            )
        )
        if answer:
            segments.append(
                Segment(
                    start=middle,
                    end=at + len(line),
                    role=form.role,
                    label=item.question,
                    section=section,
                    code=item.code,
                )
            )
        marks.append(Mark(start=at, end=at + len(line), locator=Locator(path=item.path, question=item.code)))
        lines.append(line)
        at += len(line) + 1
    return Source(
        id=source_id,
        kind="preconsultation",
        path=path,
        sha256=hashlib.sha256(data).hexdigest(),
        text="\n".join(lines),
        ruler=Ruler(tuple(marks)),
        segments=tuple(segments),
        identity=form.identity,
        recorded=form.recorded,
        title=form.title,
    )


def _line(item: _Item) -> tuple[str, str, str]:
    """Question, what stands between, and answer; a question that asks with a mark needs no colon."""
    question = item.question
    bare = question.rstrip(":： ") or question
    words = _words(question + "".join(item.answers))
    answer = words["comma"].join(item.answers)
    if bare.endswith(("?", "？", "。", "!", "！")):
        return bare, "" if bare.endswith(("？", "。", "！")) else " ", answer
    return bare, words["colon"], answer


def _words(text: str) -> Mapping[str, str]:
    return _WORDS["zh" if is_chinese(text) else "en"]


def _topic(item: _Item) -> str | None:
    """The section that a question is about, by its own words or else by those of its group."""
    return topic_of(item.question) or (topic_of(item.group) if item.group else None)


# --- FHIR ---------------------------------------------------------------------------------------------------------


def _fhir(raw: Mapping[str, Any]) -> _Form:
    kind = raw.get("resourceType")
    found: list[tuple[int | None, dict[str, Any]]]
    if kind == "Bundle":
        entries = [e.get("resource") for e in _dicts(raw.get("entry"))]
        found = [
            (i, r)
            for i, r in enumerate(entries)
            if isinstance(r, dict) and r.get("resourceType") == "QuestionnaireResponse"
        ]
    else:
        found = [(None, dict(raw))] if kind == "QuestionnaireResponse" else []
    if not found:
        name = one_line(str(kind))[:40]
        raise InputError(f"holds a FHIR {name}, not a QuestionnaireResponse", "put what the EMR knows into emr/")
    if all(r.get("status") == "entered-in-error" for _, r in found):
        raise InputError("is marked as entered in error", "give the corrected questionnaire")
    live = [(i, r) for i, r in found if r.get("status") != "entered-in-error"]
    items: list[_Item] = []
    for i, resource in live:
        base = "QuestionnaireResponse" if i is None else f"Bundle.entry[{i}].resource"
        items += _fhir_items(resource, base, "", _speaks_chinese(resource), 0)
    first = live[0][1]
    return _Form(
        items=tuple(items),
        role=_fhir_role(first),
        recorded=_when(first.get("authored")),
        identity=_subject(first),
    )


def _dicts(value: object) -> list[dict[str, Any]]:
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []


def _speaks_chinese(raw: object, depth: int = 0) -> bool:
    """Whether the form's questions are Chinese, so that true and false are answered in the form's language."""
    if isinstance(raw, str):
        return is_chinese(raw)
    if depth > _MAX_DEPTH:
        return False
    if isinstance(raw, dict):
        return any(_speaks_chinese(v, depth + 1) for v in raw.values())
    return isinstance(raw, list) and any(_speaks_chinese(v, depth + 1) for v in raw)


def _fhir_items(raw: Mapping[str, Any], path: str, group: str, chinese: bool, depth: int) -> Iterator[_Item]:
    """The items below ``raw``, those nested under answers too, in reading order."""
    if depth > _MAX_DEPTH:
        raise InputError("is nested too deeply", "check the file")
    for n, item in enumerate(_dicts(raw.get("item"))):
        here = f"{path}.item[{n}]"
        code = _scalar(item.get("linkId"))
        answers = _dicts(item.get("answer"))
        texts = tuple(t for t in (_fhir_answer(a, chinese) for a in answers) if t)
        heading = not answers and bool(_dicts(item.get("item")))
        question = _scalar(item.get("text")) or code or here
        if not heading or item.get("text"):
            yield _Item(question=question, answers=texts, path=here, code=code, group=group, heading=heading)
        below = question if heading else f"{group} {question}".strip()
        for m, answer in enumerate(answers):
            yield from _fhir_items(answer, f"{here}.answer[{m}]", below, chinese, depth + 1)
        yield from _fhir_items(item, here, below, chinese, depth + 1)


def _fhir_answer(answer: Mapping[str, Any], chinese: bool) -> str:
    """An answer of any FHIR type as its reader would write it; numbers exactly as received."""
    key, value = next(((k, v) for k, v in answer.items() if k.startswith("value")), ("", None))
    if isinstance(value, bool):
        return _WORDS["zh" if chinese else "en"][str(value).lower()]
    if not isinstance(value, dict):
        return _scalar(value) or ""
    if key == "valueQuantity":
        return _quantity(value)
    if key == "valueAttachment":
        return _scalar(value.get("title")) or _scalar(value.get("url")) or _scalar(value.get("contentType")) or ""
    names = (value.get("display"), value.get("text"), value.get("code"), value.get("reference"))
    coded = next((_scalar(c.get("display")) for c in _dicts(value.get("coding"))), None)
    return next((text for text in map(_scalar, names) if text), coded or "")


def _quantity(value: Mapping[str, Any]) -> str:
    number, unit = _scalar(value.get("value")) or "", _scalar(value.get("unit")) or _scalar(value.get("code")) or ""
    gap = "" if unit in {"", "%"} or is_chinese(unit) else " "
    return f"{_scalar(value.get('comparator')) or ''}{number}{gap}{unit}" if number else ""


def _fhir_role(raw: Mapping[str, Any]) -> Role:
    """``source`` is who answered; ``author`` who wrote it down and counts only where it is a relative."""
    for key in ("source", "author"):
        who = raw.get(key)
        if not isinstance(who, dict):
            continue
        kind = str(who.get("type") or _contained(raw, who).get("resourceType") or "")
        if "RelatedPerson" in f"{kind} {who.get('reference', '')}":
            return "companion"
        role = known_role(_scalar(who.get("display")) or "")
        if role == "companion" or (key == "source" and "Patient" in f"{kind} {who.get('reference', '')}"):
            return "companion" if role == "companion" else "patient"
    return "patient"


def _contained(raw: Mapping[str, Any], reference: Mapping[str, Any]) -> dict[str, Any]:
    wanted = str(reference.get("reference") or "")
    return next((r for r in _dicts(raw.get("contained")) if wanted == f"#{r.get('id')}"), {})


def _subject(raw: Mapping[str, Any]) -> Identity | None:
    """Whose form it says it is; a display name, a patient number, or the patient contained in the file."""
    who = raw.get("subject")
    if not isinstance(who, dict):
        return None
    patient = _contained(raw, who)
    sexes: dict[str, Sex] = {"female": "female", "male": "male", "other": "other"}
    names = [_human_name(n) for n in _dicts(patient.get("name"))]
    number = who.get("identifier")
    identity = Identity(
        name=_scalar(who.get("display")) or next((n for n in names if n), None),
        sex=sexes.get(str(patient.get("gender"))),
        birth_date=iso_date(str(patient.get("birthDate") or "")),
        ids=tuple(filter(None, [_scalar(number.get("value"))])) if isinstance(number, dict) else (),
    )
    return identity if identity != Identity() else None


def _human_name(raw: Mapping[str, Any]) -> str | None:
    if raw.get("text"):
        return _scalar(raw["text"])
    given = [g for g in raw.get("given") or [] if isinstance(g, str)]
    family = _scalar(raw.get("family")) or ""
    return one_line(family + "".join(given) if is_chinese(family) else " ".join([*given, family])) or None


def _scalar(value: object) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    text = one_line(str(value)) if isinstance(value, (str, int, float)) else ""
    return text or None


def _when(value: object) -> str | None:
    """A date or date-time as received where it is one; a day in any usual spelling as ISO 8601."""
    from datetime import datetime

    text = _scalar(value)
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text).isoformat() if "T" in text or ":" in text else iso_date(text)
    except ValueError:
        return iso_date(text)


# --- the plain list -----------------------------------------------------------------------------------------------


def _plain(raw: dict[str, Any] | list[Any]) -> _Form:
    if isinstance(raw, list):
        return _Form(items=tuple(_plain_items(raw, "", "", _speaks_chinese(raw), 0)))
    keys = {str(k).strip().lower(): k for k in raw}
    body = next((raw[keys[k]] for k in _LISTS if k in keys and isinstance(raw[keys[k]], (list, dict))), None)
    where = next((f"{keys[k]}" for k in _LISTS if k in keys and raw[keys[k]] is body), "")
    if body is None:
        known = {*_WHEN, *_WHO, *_WHOSE, *_OTHER}
        body, where = ({k: v for k, v in raw.items() if str(k).strip().lower() not in known}, "")
    who = _first(raw, _WHO)
    role = known_role(_scalar(who) or "") if not isinstance(who, (dict, list)) else None
    return _Form(
        items=tuple(_plain_items(body, where, "", _speaks_chinese(body), 0)),
        role="companion" if role == "companion" else "patient",
        recorded=_when(_first(raw, _WHEN)),
        identity=_plain_identity(_first(raw, _WHOSE)),
        title=_scalar(raw.get("title")) if not isinstance(raw.get("title"), (dict, list)) else None,
    )


def _first(raw: Mapping[Any, Any], keys: Sequence[str]) -> Any:
    found = {str(k).strip().lower(): v for k, v in raw.items()}
    return next((found[k.lower()] for k in keys if found.get(k.lower()) not in (None, "")), None)


def _plain_identity(value: object) -> Identity | None:
    if isinstance(value, dict):
        name, number = _scalar(_first(value, ("name", "姓名"))), _scalar(_first(value, ("id", "number", "编号")))
        return Identity(name=name, ids=(number,) if number else ()) if name or number else None
    name = _scalar(value)
    return Identity(name=name) if name else None


def _plain_items(raw: Any, path: str, group: str, chinese: bool, depth: int) -> Iterator[_Item]:
    if depth > _MAX_DEPTH:
        raise InputError("is nested too deeply", "check the file")
    if isinstance(raw, dict):
        for key, value in raw.items():
            here = f"{path}.{key}".lstrip(".")
            yield from _pair(one_line(str(key)), value, here, None, group, chinese, depth)
        return
    for n, row in enumerate(raw):
        here = f"{path}[{n}]"
        if isinstance(row, dict) and (question := _scalar(_first(row, _QUESTION))):
            code = _scalar(_first(row, _CODE))
            yield from _pair(question, _first(row, _ANSWER), here, code, group, chinese, depth)
            below = next((row[k] for k in ("items", "item", "followup", "follow_up") if k in row), None)
            if isinstance(below, (list, dict)):
                yield from _plain_items(below, f"{here}.items", question, chinese, depth + 1)
        elif isinstance(row, dict):
            yield from _plain_items(row, here, group, chinese, depth + 1)
        elif isinstance(row, list) and len(row) == 2:
            yield from _pair(_scalar(row[0]) or here, row[1], here, None, group, chinese, depth)
        else:
            raise InputError(f"entry {n + 1} is no question with an answer", "write {question: ..., answer: ...}")


def _pair(
    question: str, value: Any, path: str, code: str | None, group: str, chinese: bool, depth: int
) -> Iterator[_Item]:
    if isinstance(value, list) and any(isinstance(v, dict) and _first(v, _QUESTION) for v in value):
        yield _Item(question=question, answers=(), path=path, code=code, group=group, heading=True)
        yield from _plain_items(value, path, question, chinese, depth + 1)
        return
    answers = tuple(t for t in _plain_answers(value, chinese) if t.lower() not in _NOTHING)
    yield _Item(question=question, answers=answers, path=path, code=code, group=group)


def _plain_answers(value: Any, chinese: bool, depth: int = 0) -> Iterator[str]:
    """The texts of an answer: each of a list, ``key: value`` of a mapping, yes and no in the form's language."""
    if depth > _MAX_DEPTH:
        raise InputError("is nested too deeply", "check the file")
    words = _WORDS["zh" if chinese else "en"]
    if isinstance(value, list):
        for part in value:
            yield from _plain_answers(part, chinese, depth + 1)
    elif isinstance(value, dict) and set(value) <= {"value", "unit"} and "value" in value:
        yield _quantity(value)
    elif isinstance(value, dict):
        for key, part in value.items():
            inner = words["comma"].join(_plain_answers(part, chinese, depth + 1))
            yield f"{one_line(str(key))}{words['colon']}{inner}" if inner else one_line(str(key))
    elif (text := _scalar(value)) is not None:
        yield words.get(text.lower(), text) if text.lower() in {"true", "false", "yes", "no"} else text

"""The head and the foot of a report: whose it is, who issued it, when.

A field is a known label with what follows it, up to the next label or a wide gap. Labels of doctors and technicians are
fields too, so that their names are never taken for the patient's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from syngraph.model import Identity, Sex
from syngraph.terminology.fold import fold


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """``text[start:end]`` is what stands behind a label of the sort ``name``; the label begins at ``label_start``."""

    name: str
    label: str
    value: str
    label_start: int
    start: int
    end: int


#: Fields that say whose report it is.
_PATIENT = frozenset({"name", "sex", "age", "age-sex", "birth", "id"})
#: Dates of a report, the one that dates it first.
_ISSUED = ("reported", "discharged", "tested", "collected", "received", "ordered", "printed")
#: Dates of what was measured, the closest to the patient first.
_MEASURED = ("collected", "tested", "received", "reported", "ordered")
_FOOT = re.compile(
    r"^\W*(注[:：]|注意[:：]|说明[:：]|声明|温馨提示|本报告|此报告|该报告|以上结果|结果仅|本结果|仅供|报告仅|第\s*\d+\s*页|共\s*\d+\s*页|"
    r"page \d+|h\s?=\s?high|\*?\s?abnormal|this report|the above|results? (?:are|relate)|end of report|\*+ ?end|"
    r"electronically signed|disclaimer|flag key|performed (?:by|at)|reference (?:ranges?|intervals?) (?:are|may))",
    re.I,
)
#: Labels that begin other lines too, and need a colon to count by themselves.
_AMBIGUOUS = frozenset({"exam", "panel", "specimen", "sample", "site"})
#: A line with one label and more characters than this is prose under a title.
_LONG_FIELD = 60
_COLON = r"\s*[:：]\s*"


def fields_in(text: str) -> list[Field]:
    """Every field of ``text``, in order."""
    labels = _labels_in(text)
    out = []
    for n, (start, end, name, label) in enumerate(labels):
        stop = labels[n + 1][0] if n + 1 < len(labels) else len(text)
        line = text.find("\n", end)
        stop = min(stop, line if line >= 0 else len(text))
        at = end + len(text[end:stop]) - len(text[end:stop].lstrip(" :：\t"))
        wide = text.find("  ", at, stop)
        last = at + len(text[at : wide if wide >= 0 else stop].rstrip())
        out.append(Field(name=name, label=label, value=text[at:last], label_start=start, start=at, end=last))
    return out


def is_form(line: str) -> bool:
    """Whether ``line`` is a line of form fields or of small print, so that it can't be a result."""
    if _FOOT.search(line):
        return True
    labels = _labels_in(line)
    if not labels:
        return False
    start, end, name, _ = labels[0]
    if line[:start].strip() or (len(labels) == 1 and len(line) > _LONG_FIELD):
        return False
    return len(labels) > 1 or name not in _AMBIGUOUS or re.match(_COLON, line[end:]) is not None


def _labels_in(text: str) -> list[tuple[int, int, str, str]]:
    folded = fold(text)
    found: list[tuple[int, int, str, str]] = []
    for match in _label_pattern().finditer(folded):
        label = re.sub(r"\s+", "" if not match[0].isascii() else " ", match[0].strip())
        name, loose = _names()[label if label in _names() else label.replace(" ", "")]
        colon = re.match(_COLON, folded[match.end() :])
        if _inside_word(folded, match.start(), label, name):
            continue
        if colon or (loose and _may_be_bare(folded, match.start(), match.end(), name)):
            found.append((match.start(), match.end(), name, label))
    return found


def _inside_word(text: str, start: int, label: str, name: str) -> bool:
    """Whether a short label is only the end of a longer one that is unknown (``日期`` in ``备皮日期``)."""
    before = text[:start]
    if label.isascii() or len(label) > 2 or name in {"name", "sex", "age"} or not before or not before[-1].isalpha():
        return False
    return not _ends_field(before)


def _may_be_bare(text: str, start: int, end: int, name: str) -> bool:
    """Without a colon a label must begin a cell, and what follows must be of its sort."""
    before, after = text[:start], text[end:].lstrip()
    apart = ("  ", "\n", "\t") if text[start:end].isascii() else (" ", "\n", "\t")
    if before.strip() and not before.endswith(apart) and not _ends_field(before):
        return False
    if text[start:end].isascii() and not text[end : end + 1].isspace() and text[end : end + 1] not in {"", "#"}:
        return False
    shapes = {
        "sex": r"[男女]|(?:male|female|[mf])\b", "age": r"\d", "age-sex": r"[\dmf男女]", "birth": r"\d|[a-z]{3}", "id": r"[a-z]{0,4}[\d*-]",
        "sample": r"[a-z]{0,4}\d",
    }  # fmt: skip
    dated = {*_ISSUED, *_MEASURED, "admitted"}
    shape = shapes.get(name, r"\d{1,4}\s?[-/.年\d]" if name in dated else r"\S")
    if name in dated and text[start:end].isascii():
        shape = r"\d{1,4}[-/. ]|[a-z]{3,9}\.? \d|\d{1,2} [a-z]{3}"
    return bool(re.match(shape, after))


def _ends_field(before: str) -> bool:
    """Cells that the reader of print joined: ``性别：男年龄：34岁``."""
    return bool(re.search(r"(?:[男女]|\d|岁|月|\bmale|\bfemale)\s?$", before))


@cache
def _names() -> Mapping[str, tuple[str, bool]]:
    text = files("syngraph.terminology").joinpath("data/report_fields.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if "\t" in line and not line.startswith(("#", "field"))]
    names: dict[str, tuple[str, bool]] = {}
    for name, loose, labels in rows:
        for label in labels.split("|"):
            names.setdefault(
                fold(label) if fold(label).isascii() else fold(label).replace(" ", ""), (name, loose == "1")
            )
    return names


@cache
def _label_pattern() -> re.Pattern[str]:
    parts = []
    for label in sorted(_names(), key=len, reverse=True):
        if label.isascii():
            parts.append(rf"(?<![a-z0-9]){re.escape(label)}(?![a-z0-9])")
        else:
            parts.append(r"[ \t]{0,6}".join(re.escape(c) for c in label))
    return re.compile("|".join(parts))


# --- what the fields say ---------------------------------------------------------------------------------------


def identity_of(text: str, fields: Sequence[Field]) -> Identity | None:
    """Whose report it is; None where no field says so."""
    mine = [f for f in fields if f.name in _PATIENT and f.value]
    name = next((n for f in mine if f.name == "name" and (n := person(f.value))), None)
    sex = next((s for f in mine if f.name in {"sex", "age-sex"} and (s := sex_of(f.value))), None)
    age = next((a for f in mine if f.name in {"age", "age-sex"} and (a := age_of(f.value))), None)
    day_first = counts_days_first(fields)
    birth = next((d for f in mine if f.name == "birth" and (d := date_of(f.value, day_first=day_first))), None)
    ids = tuple(dict.fromkeys(i for f in mine if f.name == "id" and (i := number(f.value))))
    if not (name or sex or age or birth or ids):
        return None
    return Identity(
        name=name, sex=sex, age=age, birth_date=birth, ids=ids, stated=issued(fields),
        start=min(f.label_start for f in mine), end=max(f.end for f in mine),
    )  # fmt: skip


def issued(fields: Iterable[Field]) -> str | None:
    """ISO date of the report."""
    return _first_date(fields, _ISSUED)


def measured(fields: Iterable[Field]) -> str | None:
    """ISO date on which what it reports was taken from the patient, or else of the report."""
    return _first_date(fields, _MEASURED)


def _first_date(fields: Iterable[Field], order: Sequence[str]) -> str | None:
    rows = list(fields)
    day_first = counts_days_first(rows)
    dates = (date_of(f.value, day_first=day_first) for name in order for f in rows if f.name == name)
    return next((d for d in dates if d), None)


def counts_days_first(fields: Iterable[Field]) -> bool:
    """Whether a date such as ``23/04/2026`` shows that the report writes the day before the month."""
    found = (_NUMERIC.search(f.value) for f in fields)
    return any(m is not None and int(m[1]) > 12 for m in found)


def value_of(fields: Iterable[Field], *names: str) -> str | None:
    """What stands behind the first label of one of the sorts ``names``."""
    rows = list(fields)
    return next((f.value for name in names for f in rows if f.name == name and f.value), None)


def person(text: str) -> str | None:
    """A person's name in ``text``, without title and what follows; None where it can't be one.

    >>> person("王建军 先生")
    '王建军'
    """
    han = re.match(r"[\u3400-\u9fff·•]{1,12}", re.sub(r"(?<=[\u3400-\u9fff])\s(?=[\u3400-\u9fff]\b)", "", text))
    if han:
        name = re.sub(r"(先生|女士|小姐|同志|之子|之女)$", "", han[0])
        return name if len(name) >= 2 else None
    latin = re.match(
        r"(?:(?:mr|mrs|ms|miss|dr|master|baby)\.?\s+)?([A-Za-zÀ-ɏ][A-Za-zÀ-ɏ'’.\-]*(?:,?\s+[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ'’.\-]*){0,4})",
        text,
        re.I,
    )
    if not latin or len(latin[1]) < 2 or latin[1].lower() in {"name", "unknown", "information"}:
        return None
    return latin[1].strip(" .,")


def sex_of(text: str) -> Sex | None:
    """Male or female as said in either language."""
    if re.search(r"女|\bfemale\b|(?<![a-z])f(?![a-z])", text, re.I):
        return "female"
    if re.search(r"男|\bmale\b|(?<![a-z])m(?![a-z])", text, re.I):
        return "male"
    return None


_AGE_PART = re.compile(
    r"(\d{1,3})\s*(岁|周岁|yrs?|years?|y/?o|y|个月|月龄|月|months?|mos?|mths?|m|周|weeks?|wks?|w|天|日|days?|d)(?![a-z])",
    re.I,
)
_AGE_UNIT = {
    "岁": "Y",
    "周岁": "Y",
    "y": "Y",
    "个": "M",
    "月": "M",
    "m": "M",
    "周": "W",
    "w": "W",
    "天": "D",
    "日": "D",
    "d": "D",
}


def age_of(text: str) -> str | None:
    """An age as an ISO 8601 duration; a bare number is years.

    >>> age_of("3岁2月")
    'P3Y2M'
    """
    plain = fold(text)
    parts: dict[str, str] = {}
    for amount, unit in _AGE_PART.findall(plain):
        letter = "Y" if unit.startswith(("岁", "周岁")) else _AGE_UNIT[unit[0].lower()]
        parts.setdefault(letter, str(int(amount)))
    if "W" in parts:
        return f"P{parts['W']}W"
    if parts:
        return "P" + "".join(parts[u] + u for u in "YMD" if u in parts)
    bare = re.match(r"\s*(\d{1,3})(?!\d|[-/.]\d)", plain)
    return f"P{int(bare[1])}Y" if bare and int(bare[1]) < 130 else None


def number(text: str) -> str | None:
    """A patient's number at the start of ``text``."""
    found = re.match(r"[A-Za-z]{0,6}[-\s]?[\d*][\w*\-]{2,}", text)
    return found[0].strip() if found else None


_MONTHS = {
    m: i for i, m in enumerate(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)
}
_YMD = re.compile(r"(?<!\d)((?:19|20)\d\d)\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})(?=\D|$|\d\d?[:：]\d\d)")
_PACKED = re.compile(r"(?<!\d)((?:19|20)\d\d)([01]\d)([0-3]\d)(?!\d)")
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})[/.\-](\d{1,2})[/.\-]((?:19|20)\d\d)")
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?[\s\-./]?\s?([A-Za-z]{3})[a-z]*\.?[\s\-,./]*((?:19|20)\d\d)")
_MONTH_FIRST = re.compile(r"([A-Za-z]{3})[a-z]*\.?\s?(\d{1,2})(?:st|nd|rd|th)?,?\s?((?:19|20)\d\d)")


def date_of(text: str, *, day_first: bool = False) -> str | None:
    """The first date in ``text``, ISO. ``04/05/2026`` is 5 April (United States) unless ``day_first``.

    >>> date_of("2026年8月9日")
    '2026-08-09'
    """
    for pattern, order in (
        (_YMD, "ymd"),
        (_PACKED, "ymd"),
        (_DAY_FIRST, "dmy"),
        (_MONTH_FIRST, "mdy"),
        (_NUMERIC, "mdy"),
    ):
        found = pattern.search(text)
        if not found:
            continue
        part = dict(zip(order, found.groups(), strict=True))
        month = _MONTHS.get(part["m"].lower(), 0) if part["m"].isalpha() else int(part["m"])
        day = int(part["d"])
        if pattern is _NUMERIC and (month > 12 or (day_first and day <= 12)):
            month, day = day, month
        try:
            return date(int(part["y"]), month, day).isoformat()
        except ValueError:
            continue
    return None

"""What a CDA document has only in the tables of its narrative: results, and medicines with their state and dates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from importlib.resources import files
from xml.etree.ElementTree import Element

from syngraph.sources.emr_rows import Named, medication_row, observation_row
from syngraph.sources.emr_sheet import Row
from syngraph.sources.emr_values import iso_date, one_line
from syngraph.terminology.fold import fold
from syngraph.terminology.patterns import regex

_DATES = frozenset(
    {"日期", "检验日期", "检查日期", "报告日期", "采样日期", "采集日期", "时间", "date", "collected", "performed"}
)

#: Between the beginning and the end of a time: 2024-06至2024-12, 2024-06 to 2024-12, 2024/6～2024/12.
_PERIOD = re.compile(r"\s*(?:至|到|～|~|—+|–|\bto\b|\buntil\b|\s-\s)\s*", re.I)


@cache
def _roles() -> dict[str, str]:
    text = files("syngraph.terminology").joinpath("data/report_columns.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith(("#", "role\t"))]
    return {word: role for role, words in rows for word in words.split("|")} | dict.fromkeys(_DATES, "date")


@cache
def _medicine_columns() -> tuple[dict[str, str], re.Pattern[str]]:
    """Roles of the heads of a table of medicines, and the words by which a state says that one is over."""
    text = files("syngraph.terminology").joinpath("data/medicine_columns.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith(("#", "role\t"))]
    roles = {word: role for role, words in rows if role != "over" for word in words.split("|")}
    return roles, regex(next(words for role, words in rows if role == "over"))


def tabled_rows(section_text: Element | None, path: str, recorded: str | None) -> list[Row]:
    """The rows of results or medicines in a narrative's tables; none where a table is about something else."""
    tables = section_text.iter("table") if section_text is not None else ()
    return [row for table in tables for row in (*_rows(table, path, recorded), *_medicines(table, path, recorded))]


def without_tables(section_text: Element) -> Element:
    """A copy of the narrative without its tables, for what stands beside them."""
    rest = deepcopy(section_text)
    for parent in list(rest.iter()):
        for table in parent.findall("table"):
            parent.remove(table)
    return rest


def _lines(table: Element) -> list[list[str]]:
    return [[_text(c) for c in tr if c.tag in ("th", "td")] for tr in table.iter("tr")]


def _medicines(table: Element, path: str, recorded: str | None) -> Iterator[Row]:
    """Medicines of a table that also says of each whether or until when it is taken."""
    known, over = _medicine_columns()
    lines = _lines(table)
    roles = [known.get(fold(head).strip(" :："), "") for head in lines[0]] if lines else []
    if "drug" not in roles or "sig" not in roles or not {"state", "period", "end"} & set(roles):
        return
    for cells in lines[1:]:
        if len(cells) == len(roles):
            row = _medicine(list(zip(roles, cells, strict=True)), path, recorded, over)
            if row is not None:
                yield row


def _medicine(cells: list[tuple[str, str]], path: str, recorded: str | None, over: re.Pattern[str]) -> Row | None:
    said = {role: cell for role, cell in reversed(cells) if cell}
    if not said.get("drug"):
        return None
    sig = " ".join(cell for role, cell in cells if role == "sig" and cell)
    begun, _, left = _PERIOD.sub("~", said.get("period", ""), count=1).partition("~")
    start, end = iso_date(said.get("start") or begun), iso_date(said.get("end") or left)
    day = recorded or ""
    stopped = over.search(fold(said.get("state", ""))) is not None or bool(end and day and end < day[: len(end)])
    return medication_row(
        Named(text=said["drug"]), path=path, status="historical" if stopped else "present", instructions=sig,
        recorded=recorded, attributes={"onset": start, "ended": end if stopped else None},
    )  # fmt: skip


def _rows(table: Element, path: str, recorded: str | None) -> Iterator[Row]:
    lines = _lines(table)
    roles = [_roles().get(fold(head).strip(" :："), "") for head in lines[0]] if lines else []
    if not {"item", "value"} <= set(roles) or not {"unit", "range", "flag"} & set(roles):
        return
    for cells in lines[1:]:
        if len(cells) == len(roles):
            said = dict(zip(roles, cells, strict=True))
            row = _row(said, path, recorded) if said["item"] and said["value"] else None
            if row is not None:
                yield row


def _row(said: dict[str, str], path: str, recorded: str | None) -> Row | None:
    date = iso_date(said.get("date", "")) or recorded
    return observation_row(
        Named(text=said["item"]), path=path, kind="lab-result", value=said["value"], flag=said.get("flag") or None,
        recorded=date,
        attributes={"unit": said.get("unit") or None, "reference_range": said.get("range") or None, "date": date},
    )  # fmt: skip


def _text(cell: Element) -> str:
    return one_line(" ".join(cell.itertext()))

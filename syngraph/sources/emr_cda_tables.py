"""Results that a CDA document has only in its narrative: tables whose heads name an item and its result."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from importlib.resources import files
from xml.etree.ElementTree import Element

from syngraph.sources.emr_rows import Named, observation_row
from syngraph.sources.emr_sheet import Row
from syngraph.sources.emr_values import iso_date, one_line
from syngraph.terminology.fold import fold

_DATES = frozenset(
    {"日期", "检验日期", "检查日期", "报告日期", "采样日期", "采集日期", "时间", "date", "collected", "performed"}
)


@cache
def _roles() -> dict[str, str]:
    text = files("syngraph.terminology").joinpath("data/report_columns.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith(("#", "role\t"))]
    return {word: role for role, words in rows for word in words.split("|")} | dict.fromkeys(_DATES, "date")


def result_rows(section_text: Element | None, path: str, recorded: str | None) -> list[Row]:
    """The laboratory rows of a narrative's tables; none where a table is about something else."""
    tables = section_text.iter("table") if section_text is not None else ()
    return [row for table in tables for row in _rows(table, path, recorded)]


def without_tables(section_text: Element) -> Element:
    """A copy of the narrative without its tables, for what stands beside them."""
    rest = deepcopy(section_text)
    for parent in list(rest.iter()):
        for table in parent.findall("table"):
            parent.remove(table)
    return rest


def _rows(table: Element, path: str, recorded: str | None) -> Iterator[Row]:
    lines = [[_text(c) for c in tr if c.tag in ("th", "td")] for tr in table.iter("tr")]
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

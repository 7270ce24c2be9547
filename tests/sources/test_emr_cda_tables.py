"""Results that stand only in a CDA document's narrative table."""

from __future__ import annotations

from xml.etree.ElementTree import fromstring

import pytest

from syngraph.sources.emr_cda_tables import result_rows, without_tables


def _text(heads: str, *rows: str) -> str:
    lines = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in r.split("|")) + "</tr>" for r in rows)
    head = "".join(f"<th>{h}</th>" for h in heads.split("|"))
    return f"<text>Note.<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>End.</text>"


@pytest.mark.parametrize(
    ("heads", "row", "name"),
    [
        ("日期|项目|结果|单位|参考值", "2026-11-18|血β-hCG|1286.4|mIU/mL|0-5", "血β-hCG"),
        ("Test|Result|Units|Reference range|Date", "Sodium|128|mmol/L|135-145|2026-11-18", "Sodium"),
    ],
)
def test_rows_of_a_results_table(heads: str, row: str, name: str) -> None:
    rows = result_rows(fromstring(_text(heads, row)), "p", "2026-11-20")
    assert [(r.name, r.kind, r.recorded) for r in rows] == [(name, "lab-result", "2026-11-18")]
    assert rows[0].attributes["flag"] in ("high", "low")


@pytest.mark.parametrize(
    ("heads", "row"),
    [("药品|用法|状态", "氨氯地平|每日1片|在用"), ("Problem|Result", "Asthma|resolved"), ("a|b", "1|2")],
)
def test_another_table_gives_no_rows(heads: str, row: str) -> None:
    assert result_rows(fromstring(_text(heads, row)), "p", None) == []


def test_what_stands_beside_the_table_is_kept() -> None:
    rest = without_tables(fromstring(_text("a|b", "1|2")))
    assert "".join(rest.itertext()).startswith("Note.")

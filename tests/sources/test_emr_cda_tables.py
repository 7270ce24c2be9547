"""Results that stand only in a CDA document's narrative table."""

from __future__ import annotations

from xml.etree.ElementTree import fromstring

import pytest

from syngraph.sources.emr_cda_tables import tabled_rows, without_tables


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
    rows = tabled_rows(fromstring(_text(heads, row)), "p", "2026-11-20")
    assert [(r.name, r.kind, r.recorded) for r in rows] == [(name, "lab-result", "2026-11-18")]
    assert rows[0].attributes["flag"] in ("high", "low")


@pytest.mark.parametrize(
    ("heads", "row"),
    [("药品|厂家", "氨氯地平|甲厂"), ("Problem|Result", "Asthma|resolved"), ("a|b", "1|2")],
)
def test_another_table_gives_no_rows(heads: str, row: str) -> None:
    assert tabled_rows(fromstring(_text(heads, row)), "p", None) == []


def test_what_stands_beside_the_table_is_kept() -> None:
    rest = without_tables(fromstring(_text("a|b", "1|2")))
    assert "".join(rest.itertext()).startswith("Note.")


@pytest.mark.parametrize(
    ("heads", "row", "status", "dates"),
    [
        ("药品|用法|状态", "氨氯地平|5mg 每日1次|在用", "present", (None, None)),
        ("药品|用法|起止|状态", "某某片|每日1片|2024-06至2024-12|已停", "historical", ("2024-06", "2024-12")),
        ("药品名称|用法用量|停药日期", "某某片|每日1片|2025-03-01", "historical", (None, "2025-03-01")),
        (
            "Medication|Directions|Start|End|Status",
            "Amlodipine|5 mg daily|2024-01-02||active",
            "present",
            ("2024-01-02", None),
        ),
        ("Drug|Dose|Status", "Amlodipine|5 mg daily|discontinued", "historical", (None, None)),
        ("Drug|Dose|End", "Amlodipine|5 mg daily|2027-01-01", "present", (None, None)),
    ],
)
def test_a_table_of_medicines_tells_which_are_over(
    heads: str, row: str, status: str, dates: tuple[str | None, str | None]
) -> None:
    rows = tabled_rows(fromstring(_text(heads, row)), "p", "2026-11-20")
    assert [(r.kind, r.status) for r in rows] == [("medication", status)]
    assert (rows[0].attributes.get("onset"), rows[0].attributes.get("ended")) == dates

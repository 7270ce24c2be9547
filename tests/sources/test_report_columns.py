"""Headers of laboratory tables."""

from __future__ import annotations

import pytest

from syngraph.sources.report_columns import columns_of
from syngraph.sources.report_layout import rows_of
from tests.sources.report_cells import typed


def _roles(line: str) -> list[tuple[str, int]]:
    return [(c.role, c.half) for c in columns_of(rows_of(typed([line]))[0])]


def test_one_table() -> None:
    assert _roles("No   缩写   检验项目      结果   提示  单位   参考范围") == [
        (r, 0) for r in ("index", "abbr", "item", "value", "flag", "unit", "range")
    ]


def test_two_tables_side_by_side() -> None:
    roles = _roles("项目      结果  参考区间  单位  项目      结果  参考区间  单位")
    assert roles == [(r, h) for h in (0, 1) for r in ("item", "value", "range", "unit")]


def test_words_split_over_cells_or_run_together() -> None:
    assert [r for r, _ in _roles("检验项目   结   果   参考范围单位")] == ["item", "value", "range", "unit"]


def test_neighbours_are_not_one_word() -> None:
    assert [r for r, _ in _roles("项目名称     结果    单位    参考区间")] == ["item", "value", "unit", "range"]


def test_english() -> None:
    assert [r for r, _ in _roles("ANALYTE     VALUE     REF. INTERVAL    UNITS")] == ["item", "value", "range", "unit"]


def test_an_unknown_word_keeps_its_column() -> None:
    assert [r for r, _ in _roles("检验项目    结果    单位    参考值    检测平台")] == [
        "item", "value", "unit", "range", "other",
    ]  # fmt: skip


def test_a_half_without_an_item_header_gets_one() -> None:
    assert _roles("                结果   单位   参考值")[0] == ("item", 0)
    assert [r for r, _ in _roles("缩写         结果   单位   参考值")] == ["item", "value", "unit", "range"]


@pytest.mark.parametrize(
    "line",
    [
        "姓名：王芳    性别：女",
        "检验项目：血常规   结果：见下",
        "白细胞计数  11.26  10^9/L  3.50-9.50",
        "Normal liver.",
        "结果",
    ],
)
def test_no_header(line: str) -> None:
    assert _roles(line) == []

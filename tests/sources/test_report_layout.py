"""Rows of a page out of cells, on paper that is neither flat nor straight."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from syngraph.sources.report_layout import gap, part, rows_of, together
from tests.sources.report_cells import tilted, typed

LINES = [
    "检验项目        结果      单位       参考区间",
    "白细胞计数      11.26     10^9/L     3.50-9.50",
    "血红蛋白        108       g/L        115-150",
    "血小板计数      306       10^9/L     125-350",
    "C反应蛋白       38.4      mg/L       0-8",
    "降钙素原        0.42      ng/mL      <0.05",
    "血沉            34        mm/h       0-15",
]
PLAIN = [line.split() for line in LINES]


@given(st.floats(-2.5, 2.5), st.floats(-1.5, 1.5))
def test_a_tilted_page_gives_the_rows_of_the_straight_one(degrees: float, narrowing: float) -> None:
    rows = rows_of(tilted(typed(LINES), degrees, narrowing))
    assert [[c.text for c in row] for row in rows] == PLAIN


def test_rows_keep_every_cell_once() -> None:
    cells = typed(LINES)
    assert sorted(c.text for row in rows_of(cells) for c in row) == sorted(c.text for c in cells)


def test_no_cells_make_no_rows() -> None:
    assert rows_of([]) == []


def test_cells_above_each_other_are_never_one_row() -> None:
    rows = rows_of(typed(["甲乙丙丁", "戊己庚辛"], pitch=26))
    assert [[c.text for c in row] for row in rows] == [["甲乙丙丁"], ["戊己庚辛"]]


@given(st.text(alphabet="白细胞abc1.2 ", min_size=2, max_size=12), st.data())
def test_parts_of_a_cell_lie_side_by_side_and_fill_it(text: str, data: st.DataObject) -> None:
    cell = typed(["x"])[0]
    from dataclasses import replace

    cell = replace(cell, text=text, x1=400.0)
    at = data.draw(st.integers(1, len(text) - 1))
    left, right = part(cell, 0, at), part(cell, at, len(text))
    assert left.text + right.text == text
    assert left.x0 == cell.x0
    assert abs(left.x1 - right.x0) < 1e-6
    assert abs(right.x1 - cell.x1) < 1e-6
    assert left.place[2] <= right.place[0] + 1e-9


def test_a_cell_that_stands_upright_on_the_stored_page_keeps_its_whole_place() -> None:
    from dataclasses import replace

    cell = replace(typed(["白细胞 11.26"])[0], place=(0.1, 0.1, 0.12, 0.6))
    assert part(cell, 0, 3).place == (0.1, 0.1, 0.12, 0.6)


def test_gaps_become_blanks() -> None:
    a, b = typed(["姓名  王芳"])
    assert together((a, b)) == "姓名  王芳"
    c, d = typed(["性  别"])
    from dataclasses import replace

    near = replace(d, x0=c.x1 + 1, x1=c.x1 + 21)
    assert gap(c, near) == ""
    latin = replace(near, text="of")
    assert gap(replace(c, text="Count"), latin) == " "

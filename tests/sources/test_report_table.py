"""Laboratory tables: rows of print to rows of item, value, unit and range."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syngraph.sources.report_analytes import is_known
from syngraph.sources.report_days import dated
from syngraph.sources.report_fields import is_form
from syngraph.sources.report_layout import rows_of
from syngraph.sources.report_table import LabRow, lines_of, mark_of
from syngraph.sources.report_tokens import is_number
from syngraph.terminology.units import unit
from tests.sources.report_cells import typed


def _rows(*lines: str, pitch: float = 40.0) -> list[LabRow]:
    found = lines_of(rows_of(typed(lines, pitch=pitch)), is_known, is_form)
    return [row for line in found for row in line.rows]


def _cells(row: LabRow) -> tuple[str, str, str, str]:
    return row.text("item"), row.text("value"), row.text("unit"), row.text("range")


def test_a_headed_table() -> None:
    rows = _rows(
        "检验项目           结果     提示   单位       参考区间",
        "白细胞计数         11.26    ↑      10^9/L     3.50-9.50",
        "血红蛋白           108             g/L        115-150",
        "国际标准化比值     2.15                       0.80-1.20",
        "尿蛋白             1+       ↑                 阴性",
        "报告时间：2026-11-03       检验者：刘敏",
    )
    assert [_cells(r) for r in rows] == [
        ("白细胞计数", "11.26", "10^9/L", "3.50-9.50"),
        ("血红蛋白", "108", "g/L", "115-150"),
        ("国际标准化比值", "2.15", "", "0.80-1.20"),
        ("尿蛋白", "1+", "", "阴性"),
    ]
    assert [r.text("flag") for r in rows] == ["↑", "", "", "↑"]


def test_side_by_side_with_cells_that_ran_together() -> None:
    rows = _rows(
        "检验项目          结果    参考范围        单位    检验项目            结果    参考范围       单位",
        "1 白细胞计数      3.86    4.00~10.0010^9/L14红细胞压积      39.2    42.0~49.0      %",
        "2 中性粒细胞计数  1.68    1.80~6.40  10^9/L15 平均红细胞体积      90.1    82.0~95.0      fL",
        "3 淋巴细胞计数1.48        1.00~3.30       10^9/L",
    )
    assert [_cells(r)[1:] for r in rows] == [
        ("3.86", "10^9/L", "4.00~10.00"), ("39.2", "%", "42.0~49.0"), ("1.68", "10^9/L", "1.80~6.40"),
        ("90.1", "fL", "82.0~95.0"), ("1.48", "10^9/L", "1.00~3.30"),
    ]  # fmt: skip
    names = ("白细胞计数", "红细胞压积", "中性粒细胞计数", "平均红细胞体积", "淋巴细胞计数")
    assert all(name in r.text("item") for name, r in zip(names, rows, strict=True))


def test_a_name_over_two_lines() -> None:
    lines = [""] * 9
    lines[0] = "项目名称                    结果     单位     参考区间"
    lines[2] = "总25羟维生素D测定(化学发      22.7     ng/mL    30.0-100.0"
    lines[3] = "光法)"
    lines[5] = "铁蛋白                      11.2     ng/mL    12.0-140.0"
    lines[7] = "前白蛋白                    142      mg/L     200-400"
    rows = _rows(*lines, pitch=24.0)
    assert [r.text("item").replace(" ", "") for r in rows] == ["总25羟维生素D测定(化学发光法)", "铁蛋白", "前白蛋白"]


def test_a_name_whose_value_stands_beside_its_second_line() -> None:
    lines = [""] * 9
    lines[0] = "Test                        Result    Units     Reference Range"
    lines[2] = "Thyroid Stimulating"
    lines[3] = "                            2.31      uIU/mL    0.45-4.50"
    lines[5] = "Sodium                      138       mmol/L    136-145"
    lines[7] = "Potassium                   4.4       mmol/L    3.5-5.1"
    rows = _rows(*lines, pitch=24.0)
    assert [_cells(r)[:2] for r in rows] == [("Thyroid Stimulating", "2.31"), ("Sodium", "138"), ("Potassium", "4.4")]


def test_a_unit_under_a_header_that_could_not_be_read() -> None:
    rows = _rows(
        "检验项目          结果      标志         参考区间",
        "白细胞计数        11.26     10^9/L       3.50-9.50",
        "血红蛋白          108       g/L          115-150",
    )
    assert [_cells(r)[2:] for r in rows] == [("10^9/L", "3.50-9.50"), ("g/L", "115-150")]


def test_a_table_without_a_header() -> None:
    rows = _rows(
        "白细胞            15.6↑     10^9/L    4.9-12.7",
        "C反应蛋白         38.4 ↑    mg/L      0-8",
        "肺炎支原体抗体    阳性                阴性",
    )
    assert [_cells(r) for r in rows] == [
        ("白细胞", "15.6", "10^9/L", "4.9-12.7"),
        ("C反应蛋白", "38.4", "mg/L", "0-8"),
        ("肺炎支原体抗体", "阳性", "", "阴性"),
    ]


def test_prose_and_forms_are_no_rows() -> None:
    assert not _rows(
        "姓名：王芳    性别：女    年龄：42岁",
        "血压 150/90mmHg，心率 88 次/分，双肺未闻及湿啰音。",
        "The heart size is normal. No effusion.",
        "1. Left lower lobe pneumonia",
    )


def test_a_result_of_two_words_found_as_two_cells() -> None:
    rows = _rows(
        "Test             Result          Flag    Reference Range",
        "HCV Antibody     Non  Reactive           Non  Reactive",
        "Hepatitis B Ag   Not  Detected           Not  Detected",
    )
    assert [_cells(r)[1:] for r in rows] == [("Non Reactive", "", "Non Reactive"), ("Not Detected", "", "Not Detected")]


def test_a_form_field_in_a_tables_columns_is_no_row() -> None:
    rows = _rows(
        "检验项目          结果      单位       参考区间",
        "白细胞计数        11.26     10^9/L     3.50-9.50",
        "血红蛋白          108       g/L        115-150",
        "发票号码          01425472  ",
    )
    assert [r.text("item") for r in rows] == ["白细胞计数", "血红蛋白"]


def test_a_single_result_without_a_header_is_left_to_the_reader() -> None:
    assert not _rows("白细胞    15.6    10^9/L    4.9-12.7")


def test_every_cell_of_a_page_is_kept() -> None:
    lines = (
        "检验项目        结果     单位      参考区间",
        "白细胞计数      11.26    10^9/L    3.50-9.50",
        "见镜检",
        "血红蛋白        108      g/L       115-150",
    )
    found = lines_of(rows_of(typed(lines)), is_known, is_form)
    text = "".join(c.text for line in found for c in (*(c for r in line.rows for c in r.cells), *line.cells))
    assert sorted(text) == sorted("".join(lines).replace(" ", ""))


def test_result_and_flag_printed_close_to_each_other() -> None:
    rows = _rows(
        "序号  检验项目        简称    结果 提示  单位     参考区间       检验方法",
        "1     谷丙转氨酶      ALT     68   ↑     U/L      9-50           速率法",
        "2     总蛋白          TP      71.4       g/L      65.0-85.0      双缩脲法",
    )
    assert [_cells(r)[1:] for r in rows] == [("68", "U/L", "9-50"), ("71.4", "g/L", "65.0-85.0")]


def test_values_in_one_of_two_columns_by_their_range() -> None:
    rows = _rows(
        "Test Name            In Range     Out of Range     Reference Range    Units",
        "GLUCOSE                           118 H            65-99              mg/dL",
        "CREATININE           1.08                          0.70-1.28          mg/dL",
        "EGFR                 74                            > OR = 60          mL/min/1.73m2",
        "GLOBULIN             2.7                           1.9-3.7            g/dL (calc)",
    )
    assert [_cells(r) for r in rows] == [
        ("GLUCOSE", "118", "mg/dL", "65-99"), ("CREATININE", "1.08", "mg/dL", "0.70-1.28"),
        ("EGFR", "74", "mL/min/1.73m2", "> OR = 60"), ("GLOBULIN", "2.7", "g/dL (calc)", "1.9-3.7"),
    ]  # fmt: skip


def test_marks_in_brackets_are_no_part_of_the_result() -> None:
    rows = _rows(
        "Parameter              Result       Unit       Normal",
        "Protein                2+ (A)                  Negative",
        "Albumin, Random Urine  342.6 (H)    mg/L       <20.0",
        "Red Blood Cells        8-10 (H)     /hpf       0-3",
    )
    assert [r.text("value") for r in rows[1:]] == ["342.6", "8-10"]
    assert [mark_of(r) for r in rows[1:]] == ["high", "high"]


def test_an_arrow_before_the_name_without_a_header() -> None:
    rows = _rows(
        "pH        7.31                 7.350 - 7.450",
        "↑cK+      5.8 mmol/L           [3.4 - 4.5]",
        "↓  cNa+   131 mmol/L           [136 - 146]",
        "pO2       104   mmHg           83 - 108",
    )
    assert [r.text("item") for r in rows] == ["pH", "cK+", "cNa+", "pO2"]
    assert [mark_of(r) for r in rows] == [None, "high", "low", None]


def test_short_names_beside_names_and_a_test_done_fasting() -> None:
    rows = _rows(
        "Test                     Short    Result        Reference Range & Unit    Method",
        "Fasting Plasma Glucose   FPG      10.8    H     3.9 - 5.5 mmol/L          Hexokinase",
        "Fasting Insulin          INS      18.6          2.6 - 24.9 mIU/L          ECLIA",
    )
    assert [_cells(r) for r in rows] == [
        ("Fasting Plasma Glucose", "10.8", "mmol/L", "3.9 - 5.5"), ("Fasting Insulin", "18.6", "mIU/L", "2.6 - 24.9"),
    ]  # fmt: skip
    assert [r.text("abbr") for r in rows] == ["FPG", "INS"]


def test_a_list_of_medicines_is_no_table_of_results() -> None:
    assert (
        _rows(
            "Medicine       Dose                   Status",
            "Apixaban       5 mg twice daily       Continued",
            "Bisoprolol     2.5  mg  once daily    Continued",
            "Furosemide     20  mg                 Continued",
        )
        == []
    )


def test_halves_whose_leader_cannot_be_read_are_told_apart() -> None:
    rows = _rows(
        "No  项目          结果     单位     参考范围    N?  项目          结果     单位     参考范围",
        "1   白细胞计数    13.62    10^9/L   3.5-9.5     13  血红蛋白      142      g/L      130-175",
        "2   红细胞计数    4.71     10^12/L  4.3-5.8     14  血小板计数    118      10^9/L   125-350",
    )
    assert [r.text("value") for r in rows] == ["13.62", "142", "4.71", "118"]
    assert [r.text("unit") for r in rows] == ["10^9/L", "g/L", "10^12/L", "10^9/L"]


def test_two_results_that_ran_together_are_no_row() -> None:
    rows = _rows(
        "项目          结果             单位     参考范围",
        "白细胞计数    13.62  142       10^9/L   3.5-9.5",
        "红细胞计数    4.71             10^12/L  4.3-5.8",
        "血小板计数    118  1           10^9/L   125-350",
    )
    assert [r.text("item") for r in rows] == ["红细胞计数", "血小板计数"]


@pytest.mark.parametrize("header", ["Therapeutic range", "Target           ", "Cut-off          ", "Expected         "])
def test_ranges_before_results(header: str) -> None:
    rows = _rows(
        f"Drug             {header}    Level           Units",
        "Carbamazepine    4.0 - 12.0           13.8  HIGH      mg/L",
        "Valproic acid    50 - 100             71              mg/L",
        "Paracetamol      < 20                 <5              mg/L",
    )
    assert [(r.text("value"), r.text("range")) for r in rows] == [
        ("13.8", "4.0 - 12.0"), ("71", "50 - 100"), ("<5", "< 20"),
    ]  # fmt: skip
    assert mark_of(rows[0]) == "high"


def test_results_and_ranges_under_exchanged_headers() -> None:
    rows = _rows(
        "检验项目        结果          单位       参考区间",
        "白细胞计数      3.50-9.50     10^9/L     11.26",
        "血红蛋白        115-150       g/L        108",
        "C反应蛋白       <10           mg/L       <0.5",
    )
    assert [(r.text("value"), r.text("range")) for r in rows] == [
        ("11.26", "3.50-9.50"), ("108", "115-150"), ("<0.5", "<10"),
    ]  # fmt: skip


def test_ranges_before_results_without_a_header() -> None:
    rows = _rows(
        "血红蛋白        130-175      142      g/L",
        "D-二聚体        <0.55        0.21     mg/L",
        "尿蛋白          阴性         2+",
        "钾              3.5-5.3      5.9      mmol/L",
    )
    assert [(r.text("value"), r.text("range")) for r in rows] == [
        ("142", "130-175"), ("0.21", "<0.55"), ("2+", "阴性"), ("5.9", "3.5-5.3"),
    ]  # fmt: skip


@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_range_for_each_group_over_several_lines(at: int) -> None:
    """The row's other cells stand beside the first, the middle or the last of its ranges."""
    lines = ["项目            结果      单位       参考区间", ""]
    for name, ranges in (
        ("促卵泡生成素    12.46     mIU/mL", ("3.5-12.5", "4.7-21.5", "1.7-7.7")),
        ("雌二醇          38.5      pg/mL", ("12.4-233", "41.0-398", "22.3-341")),
    ):
        for n, (label, one) in enumerate(zip(("卵泡期：", "排卵期：", "黄体期："), ranges, strict=True)):
            left = name if n == at else ""
            lines.append(left + " " * (37 - sum(1 if c.isascii() else 2 for c in left)) + label + one)
        lines.append("")
    rows = _rows(*lines, "睾酮            0.62      ng/mL      0.08-0.48", pitch=26.0)
    assert [r.text("item") for r in rows] == ["促卵泡生成素", "雌二醇", "睾酮"]
    assert [r.text("range") for r in rows] == [
        "卵泡期：3.5-12.5 排卵期：4.7-21.5 黄体期：1.7-7.7", "卵泡期：12.4-233 排卵期：41.0-398 黄体期：22.3-341", "0.08-0.48",
    ]  # fmt: skip


def test_ranges_of_a_row_whose_result_was_not_read_stay_with_it() -> None:
    rows = _rows(
        "Test             Result    Unit      Reference Range",
        "Free T4          1.21      ng/dL     0.82-1.77",
        "",
        "Progesterone                         Follicular: 0.1-0.9",
        "                                     Luteal: 1.8-23.9",
        "",
        "TSH              1.90      uIU/mL    0.45-4.50",
        pitch=26.0,
    )
    assert [r.text("range") for r in rows] == ["0.82-1.77", "0.45-4.50"]


def test_a_second_range_beside_small_print() -> None:
    rows = _rows(
        "Test             Result    Unit      Bio. Ref. Interval",
        "CEA              2.7       ng/mL     Non-smoker: <3.0",
        "Method: CMIA                         Smoker: <5.0",
        "",
        "CA 19-9          18.8      U/mL      <37.0",
        "Method: CMIA",
        pitch=26.0,
    )
    assert [(r.text("item"), r.text("range")) for r in rows] == [
        ("CEA", "Non-smoker: <3.0 Smoker: <5.0"), ("CA 19-9", "<37.0"),
    ]  # fmt: skip


def test_results_in_words_nobody_listed() -> None:
    rows = _rows(
        "检验项目            结果        单位     参考值",
        "抗核抗体荧光模型    粗颗粒样",
        "抗Sm抗体            阳性(++)★            阴性",
        "抗dsDNA抗体         186.3       IU/mL    <100",
    )
    assert [r.text("value") for r in rows] == ["粗颗粒样", "阳性(++)★", "186.3"]


def test_a_table_of_several_days_reports_the_last() -> None:
    rows = _rows(
        "Investigation    17 Sep 2024     02 Sep 2024    Units      Ref. range",
        "Sodium           *134            136            mmol/L     135 - 145",
        "Potassium        *5.9            5.4            mmol/L     3.5 - 5.1",
    )
    assert [(r.text("value"), r.text("previous")) for r in rows] == [("134", "136"), ("5.9", "5.4")]


@pytest.mark.parametrize("header", ["Last Result  ", "Previous Value", "Prior Result "])
def test_an_older_result_is_not_the_result(header: str) -> None:
    rows = _rows(
        f"Test         Observed Value    {header}    Units     Reference Range",
        "Sodium       134               136              mmol/L    135-145",
        "Potassium    5.9               5.4              mmol/L    3.5-5.1",
    )
    assert [r.text("value") for r in rows] == ["134", "5.9"]


def test_signs_beside_a_number_are_marks() -> None:
    rows = _rows(
        "Measured     Result         Unit       [Ref. limits]",
        "pH           7.512  +                  [7.350-7.450]",
        "Na+          148    +       mmol/L     [136-145]",
        "Ketones      +                         Negative",
    )
    assert [(r.text("value"), r.text("flag"), r.text("unit")) for r in rows] == [
        ("7.512", "+", ""), ("148", "+", "mmol/L"), ("+", "", ""),
    ]  # fmt: skip


def test_a_result_and_its_unit_in_one_cell() -> None:
    rows = _rows(
        "参数        结果            参考范围",
        "pCO2        *68.4 mmHg      35.0~45.0",
        "sO2         *83.6 %         95.0~98.0",
        "cK+         5.6 mmol/L      3.4~4.5",
    )
    assert [(r.text("value"), r.text("unit")) for r in rows] == [("68.4", "mmHg"), ("83.6", "%"), ("5.6", "mmol/L")]


@given(
    st.lists(
        st.lists(st.sampled_from(["白细胞计数", "WBC", "4.71", "3.5-9.5", "10^9/L", "↑", "阴性", "男:1-2", "结果", "项目", "A", "*", "上次", ""]), max_size=7),
        max_size=7,
    )
)  # fmt: skip
def test_no_layout_joins_two_results(table: list[list[str]]) -> None:
    lines = ["   ".join(cell.ljust(8) for cell in row) for row in table]
    for row in _rows(*lines):
        numbers = [c.text for c in row.fields["value"] if is_number(c.text)]
        assert len(numbers) < 2


def test_the_newest_of_several_days_is_the_result_wherever_it_stands() -> None:
    body = [
        "Sodium        140          141          139          mmol/L     137-147",
        "Urea          7.6          8.1          9.4 H        mmol/L     2.0-7.0",
    ]
    newest_last = _rows(
        "              14/02/23     29/08/23     05/03/24",
        "              23-5510077   23-9903410   24-7781204   Units      Ref. Range",
        *body,
    )
    assert [_cells(r) for r in newest_last] == [
        ("Sodium", "139", "mmol/L", "137-147"), ("Urea", "9.4", "mmol/L", "2.0-7.0")]  # fmt: skip
    newest_first = _rows("Test          05/03/24     29/08/23     14/02/23     Units      Ref. Range", *body)
    assert [r.text("value") for r in newest_first] == ["140", "7.6"]


@pytest.mark.parametrize("between", ["", " ", "   "])
@pytest.mark.parametrize("name", ["采样日期:", "接收日期：", "Date:"])
def test_a_date_behind_its_name_heads_no_column(name: str, between: str) -> None:
    assert dated(typed([f"{name}{between}2026-11-15"])) == []
    alone = typed(["2026-11-15     2026-11-16"])
    assert dated(alone) == alone


def test_days_that_can_not_be_put_in_order_give_no_result() -> None:
    assert not _rows(
        "Test          05/06/24     05/06/24     Units      Ref. Range",
        "Sodium        140          141          mmol/L     137-147",
        "Urea          7.6          8.1          mmol/L     2.0-7.0",
    )


def test_counts_in_thousands_and_millions_part_from_the_range_before_them() -> None:
    rows = _rows(
        "Test                    Result    Reference Range",
        "WHITE BLOOD CELL COUNT  4.9       3.8-10.8 Thousand/uL",
        "RED BLOOD CELL COUNT    5.22      3.80-5.10 Million/uL",
    )
    assert [_cells(r)[2:] for r in rows] == [("Thousand/uL", "3.8-10.8"), ("Million/uL", "3.80-5.10")]


@pytest.mark.parametrize(("fallen", "code"), [("×109/L", "10*9/L"), ("×1012/L", "10*12/L"), ("x103/uL", "10*3/uL")])
def test_a_power_that_came_down_to_the_line(fallen: str, code: str) -> None:
    found = unit(fallen)
    assert found is not None
    assert found.ucum == code


def test_ranges_under_any_labels_on_lines_of_their_own() -> None:
    rows = _rows(
        "项目名称        结果      单位       参考区间",
        "雌二醇          46.2      pg/mL      卵泡期：12.4-233",
        "                                     排卵期：41.0-398",
        "                                     绝经期：<5.0-138",
        "Hs-CRP          4.37      mg/L       Low risk : < 1.00",
        "                                     Average : 1.00 - 3.00",
        "抗缪勒管激素    9.84      ng/mL      25-29岁：1.18-9.16",
    )
    assert [r.text("range") for r in rows] == [
        "卵泡期：12.4-233 排卵期：41.0-398 绝经期：<5.0-138", "Low risk : < 1.00 Average : 1.00 - 3.00", "25-29岁：1.18-9.16",
    ]  # fmt: skip


def test_names_and_results_in_turn_across_a_table_of_other_columns() -> None:
    rows = _rows(
        "检测项目              结果         单位       参考值",
        "弓形虫抗体IgM         0.12         COI        <0.8",
        "HPV 16型   阴性(-)    HPV 18型   阳性(+)    HPV 31型   阴性(-)",
    )
    assert [_cells(r)[:2] for r in rows[1:]] == [
        ("HPV 16型", "阴性(-)"),
        ("HPV 18型", "阳性(+)"),
        ("HPV 31型", "阴性(-)"),
    ]


@pytest.mark.parametrize("name", ["早幼粒细胞", "中幼粒细胞", "浆细胞"])
def test_of_two_numbers_under_no_known_header_none_is_taken(name: str) -> None:
    assert not [
        r
        for r in _rows(
            "白细胞  15.6  10^9/L  4.9-12.7", "血红蛋白  108  g/L  115-150", f"{name}   1.0   12.5   2.2-12.2"
        )
        if name in r.text("item")
    ]


def test_of_a_result_in_two_units_the_first_is_taken() -> None:
    rows = _rows(
        "Glucose       5.6    mmol/L   3.9-6.1    101    mg/dL   70-110",
        "Creatinine    88     umol/L   57-111     1.0    mg/dL   0.6-1.3",
    )
    assert [_cells(r) for r in rows] == [
        ("Glucose", "5.6", "mmol/L", "3.9-6.1"),
        ("Creatinine", "88", "umol/L", "57-111"),
    ]


def test_a_short_name_with_a_stroke_is_no_unit() -> None:
    rows = _rows(
        "代号    项目名称                结果      提示   单位     参考区间",
        "ALT     丙氨酸氨基转移酶        86.4      ↑      U/L      9~50",
        "S/L     AST/ALT                 0.73",
    )
    assert [r.text("unit") for r in rows] == ["U/L", ""]


def test_a_title_of_two_words_is_no_header() -> None:
    rows = _rows(
        "pH            7.48              7.350 - 7.450",
        "cLac          1.9    mmol/L     0.5 - 1.6",
        "Calculated Values",
        "p50           3.42   kPa",
        "FO2Hb         95.0   %",
    )
    assert [r.text("item") for r in rows] == ["pH", "cLac", "p50", "FO2Hb"]


@pytest.mark.parametrize("value", ["02", "007", "日"])
def test_what_no_report_prints_is_no_result(value: str) -> None:
    rows = _rows(
        "检验项目      结果     单位     参考区间",
        f"白细胞计数    {value}       10^9/L   3.5-9.5",
        "血红蛋白      108      g/L      115-150",
    )
    assert [r.text("item") for r in rows] == ["血红蛋白"]


@given(
    st.integers(1, 99), st.integers(0, 9), st.sampled_from(["kU/L", "个/μL", "ng/dL", "mIU/mL", "S/CO", "copies/mL"])
)
def test_no_value_comes_from_another_column(whole: int, part: int, measure: str) -> None:
    """Whatever the headers are called: a result is a number that stands in the column of results, or it is left out."""
    value = f"{whole}.{part}"
    rows = _rows(
        "Whatever        Aaa        Bbb        Ccc",
        f"白细胞计数      {value}       {measure}      3.50-9.50",
        "血红蛋白        108        g/L        115-150",
    )
    assert all(r.text("value") in {value, "108"} and "-" not in r.text("value") for r in rows)

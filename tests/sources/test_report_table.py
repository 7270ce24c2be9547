"""Laboratory tables: rows of print to rows of item, value, unit and range."""

from __future__ import annotations

from syngraph.sources.report_analytes import is_known
from syngraph.sources.report_fields import is_form
from syngraph.sources.report_layout import rows_of
from syngraph.sources.report_table import LabRow, lines_of, mark_of
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
    assert _rows(
        "Medicine       Dose                   Status",
        "Apixaban       5 mg twice daily       Continued",
        "Bisoprolol     2.5  mg  once daily    Continued",
        "Furosemide     20  mg                 Continued",
    ) == []

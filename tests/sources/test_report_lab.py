"""Laboratory rows read: names and units set right, figures never, doubts marked."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syngraph.sources.report_analytes import analyte, is_known, is_sound, known_unit, repaired_name
from syngraph.sources.report_lab import Reading, reading
from syngraph.sources.report_table import LabRow
from tests.sources.report_cells import typed


def _row(score: float = 0.99, **fields: str | tuple[str, ...]) -> LabRow:
    cells = {}
    at = 0
    for role, texts in fields.items():
        mine = []
        for text in (texts,) if isinstance(texts, str) else texts:
            cell = replace(typed([" " * at + "x"], score=score)[0], text=text, x0=at * 10.0, x1=at * 10.0 + 50)
            mine.append(cell)
            at += 12
        cells[role] = tuple(mine)
    return LabRow(cells=tuple(c for v in cells.values() for c in v), fields=cells)


def _read(score: float = 0.99, **fields: str | tuple[str, ...]) -> Reading:
    return reading(_row(score, **fields), None, None, "2026-11-03")


def test_a_plain_row() -> None:
    found = _read(item="白细胞计数", value="11.26", flag="↑", unit="10^9/L", range="3.50-9.50")
    assert found.item == "白细胞计数"
    assert dict(found.attributes) == {
        "value": "11.26", "unit": "10^9/L", "reference_range": "3.50-9.50", "unit_code": "10*9/L", "flag": "high",
        "date": "2026-11-03",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("printed", "item", "abbreviation"),
    [
        ("白细胞计数(WBC)", "白细胞计数", "WBC"), ("★丙氨酸氨基转移酶", "丙氨酸氨基转移酶", None), ("12 红细胞计数", "红细胞计数", None),
        ("3.血红蛋白", "血红蛋白", None), ("WBC 白细胞计数", "白细胞计数", "WBC"), ("WBC白细胞计数", "白细胞计数", "WBC"),
        ("LDL胆固醇", "LDL胆固醇", None), ("AST (SGOT)", "AST (SGOT)", None), ("24小时尿蛋白定量", "24小时尿蛋白定量", None), ("*Glucose", "Glucose", None),
    ],
)  # fmt: skip
def test_names(printed: str, item: str, abbreviation: str | None) -> None:
    found = _read(item=printed, value="1.0")
    assert (found.item, found.attributes.get("abbreviation")) == (item, abbreviation)


def test_a_number_read_with_its_surroundings_is_not_part_of_the_name() -> None:
    assert _read(item=("$5", "胆碱酯酶"), value="7120", unit="U/L").item == "胆碱酯酶"


def test_a_misread_name_is_set_right_and_shown_so() -> None:
    found = _read(0.93, item="天巾冬氨酸氨基转移酶", value="47", unit="U/L", range="15-40")
    assert found.item == "天门冬氨酸氨基转移酶"
    assert [c.text for c in found.cells] == ["天门冬氨酸氨基转移酶", "47", "U/L", "15-40"]


@pytest.mark.parametrize("item", ["LDL Cholesterol Calc", "嗜酸性粒细胞百分", "自编项目名称", "25羟维生素D3"])
def test_a_name_that_may_be_right_stays(item: str) -> None:
    assert repaired_name(item, analyte(item), 0.5) == item


def test_a_name_that_was_read_surely_stays() -> None:
    assert repaired_name("肺炎衣原体IgM抗体", analyte("肺炎支原体IgM抗体"), 0.99) == "肺炎衣原体IgM抗体"
    assert _read(item="天巾冬氨酸氨基转移酶", value="47", unit="U/L").item == "天巾冬氨酸氨基转移酶"


@pytest.mark.parametrize(
    ("item", "unit", "reference", "printed", "code"),
    [
        ("血小板计数", "10~9/L", "125-350", "10^9/L", "10*9/L"), ("白细胞计数", "109/L", "3.5-9.5", "10^9/L", "10*9/L"),
        ("白细胞计数", "×10/L", "3.5-9.5", "×10^9/L", "10*9/L"), ("促甲状腺激素", "mlU/L", "0.35-4.94", "mIU/L", "m[IU]/L"),
        ("血红蛋白", "g/1", "115-150", "g/L", "g/L"), ("中性粒细胞百分比", "96", "40-75", "%", "%"), ("C反应蛋白", "mg/L", "0-8", "mg/L", "mg/L"),
        ("葡萄糖", "mmol/l", "3.9-6.1", "mmol/l", "mmol/L"), ("血沉", "mm/hr", "0-20", "mm/hr", "mm/h"), ("肌酐", "μmol/L", "57-97", "μmol/L", "umol/L"),
        ("血红蛋白", "E/L", "115-150", "g/L", "g/L"), ("降钙素原", "PE/mL", "", "PE/mL", None), ("白介素6", "PE/mL", "", "pg/mL", "pg/mL"), ("血红蛋白", "", "", "", None),
    ],
)  # fmt: skip
def test_units(item: str, unit: str, reference: str, printed: str, code: str | None) -> None:
    assert known_unit(unit, analyte(item), reference) == (printed, code)


def test_a_power_of_ten_is_never_guessed() -> None:
    assert known_unit("×10/L", None)[1] is None
    assert known_unit("×10/L", analyte("白细胞计数"), "400-950")[1] is None


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("20.0.50.0", "20.0-50.0"), ("5.0 15.0", "5.0-15.0"), ("07.00", "0-7.00"), ("0.5.00", "0-5.00"), (".3~3", "-3~3"),
        ("9.-47", "9-47"), ("5.6.30", "5.6.30"), ("82·167", "82-167"), ("5.0 . 20.0", "5.0-20.0"), ("(3.5-9.5)", "3.5-9.5"), ("27.51", "27.51"), ("3.5～9.5", "3.5～9.5"), ("0.05", "0.05"), ("10.5", "10.5"),
    ],
)  # fmt: skip
def test_ranges(read: str, meant: str) -> None:
    assert _read(item="白介素6", value="5.0", range=read).attributes["reference_range"] == meant


@pytest.mark.parametrize(
    ("value", "reference", "flag"),
    [
        ("5.62", "3.50-5.30", "high"), ("3.1", "3.50-5.30", "low"), ("4.0", "3.50-5.30", "normal"), ("4.12", "<3.40", "high"),
        ("阳性", "阴性", "abnormal"), ("阴性", "阴性", "normal"), ("5.62", "9.5-3.5", None), ("5.62", "", None),
    ],
)  # fmt: skip
def test_flags_are_computed(value: str, reference: str, flag: str | None) -> None:
    assert _read(item="钾", value=value, range=reference).attributes.get("flag") == flag


def test_a_printed_mark_serves_where_nothing_can_be_computed() -> None:
    assert _read(item="钾", value="5.62", flag="H").attributes["flag"] == "high"
    assert _read(item="Appearance", value="Cloudy", flag="A", range="Clear").attributes["flag"] == "abnormal"


def test_a_mark_that_contradicts_is_kept_and_marked() -> None:
    found = _read(item="钾", value="4.0", flag="↑", unit="mmol/L", range="3.5-5.3").attributes
    assert (found["flag"], found["printed_flag"], found["review"]) == ("normal", "high", "flag")


@pytest.mark.parametrize(
    ("value", "reference", "score", "meant"),
    [
        (("8.9", "1"), "3.9-6.1", 0.9, "8.9"), ("8.9 1", "3.9-6.1", 0.9, "8.9"), ("108|", "115-150", 0.9, "108"),
        ("11.261", "3.50-9.50", 0.9, "11.26"), ("11.261", "3.50-9.50", 0.999, "11.261"), ("0.31", "<0.3", 0.999, "0.31"),
        ("5.281", "3.50-9.50", 0.9, "5.281"), (".4.6", "-3.0-3.0", 0.9, "-4.6"), ("1,00", "0.00-1.50", 0.9, "1.00"), ("o", "0-0.6", 0.9, "0"),
    ],
)  # fmt: skip
def test_arrows_and_points_that_were_misread(
    value: str | tuple[str, ...], reference: str, score: float, meant: str
) -> None:
    assert _read(score, item="白细胞计数", value=value, range=reference).attributes["value"] == meant


@given(st.from_regex(r"[0-9]{1,4}(\.[0-9]{1,3})?", fullmatch=True), st.sampled_from(["3.5-9.5", "<10", "阴性", ""]))
def test_a_figure_that_was_read_surely_is_never_changed(value: str, reference: str) -> None:
    assert _read(1.0, item="白细胞计数", value=value, unit="10^9/L", range=reference).attributes["value"] == value


@pytest.mark.parametrize(
    ("fields", "score", "reasons"),
    [
        ({"item": "钾", "value": "4.0", "unit": "mmol/L", "range": "3.5-5.3"}, 0.9, {"low-confidence"}),
        ({"item": "自编项目", "value": "4.0", "unit": "mmol/L"}, 0.99, {"unknown-item"}),
        ({"item": "钾", "value": "4.0", "unit": "zz/L"}, 0.99, {"unknown-unit"}),
        ({"item": "钾", "value": "4.0", "unit": "mmol/L", "range": "5.3-3.5"}, 0.99, {"range"}),
        ({"item": "肌酐", "value": "82", "unit": "μmol/L", "range": "<4115"}, 0.99, {"range"}),
        ({"item": "钾", "value": "4.0", "unit": "mmol/L", "range": "3.5-5.3"}, 0.99, set()),
    ],
)  # fmt: skip
def test_doubts_are_marked(fields: dict[str, str], score: float, reasons: set[str]) -> None:
    review = _read(score, **fields).attributes.get("review", "")
    assert set(filter(None, review.split(","))) == reasons


def test_a_lone_number_beside_a_whole_one_is_two_and_is_doubted() -> None:
    found = _read(item="白介素6", value="86", range="90.386").attributes
    assert (found["reference_range"], found["flag"]) == ("90-386", "low")
    assert "range" in found["review"]


def test_unit_and_range_in_one_column() -> None:
    found = _read(item="钾", value="4.0", range=("3.5-5.3", "mmol/L")).attributes
    assert (found["unit"], found["reference_range"]) == ("mmol/L", "3.5-5.3")
    found = _read(item="中性粒细胞百分比", value=("70.6", "96"), range="40-75").attributes
    assert (found["value"], found["unit"]) == ("70.6", "%")


def test_the_same_short_name_in_two_units() -> None:
    assert re.search("pct", str(analyte("PCT", unit="ng/mL")))
    assert analyte("PCT", unit="ng/mL") != analyte("PCT", unit="%")


def test_known_names_and_sound_ranges() -> None:
    assert is_known("白细胞计数(WBC)")
    assert not is_known("白细胞计数 11.26")
    assert is_sound("3.5-9.5", analyte("白细胞计数"), "10*9/L")
    assert not is_sound("3.5.9.5", None, None)

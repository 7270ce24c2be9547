"""Laboratory rows read: names and units set right, figures never, doubts marked."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syngraph.sources.report_analytes import analyte, is_known, is_sound, known_unit, repaired_name
from syngraph.sources.report_lab import Reading, has_arrows, reading
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


def test_micro_is_put_back_only_where_it_fits() -> None:
    iron = analyte("血清铁")
    assert known_unit("pmol/L", iron, "10.6-36.7") == ("μmol/L", "umol/L")
    assert known_unit("pmol/L", iron, "10600-36700") == ("pmol/L", "pmol/L")
    assert known_unit("pmol/L", iron, "") == ("pmol/L", "pmol/L")
    assert known_unit("pmol/L", iron, "10.6-36.7", misread=False) == ("pmol/L", "pmol/L")
    assert known_unit("pmol/L", analyte("游离甲状腺素"), "9.01-19.05") == ("pmol/L", "pmol/L")


def test_a_pdfs_own_text_is_not_doubted() -> None:
    found = reading(
        LabRow(
            cells=(typed(["x"], score=None)[0],),
            fields={
                "item": (replace(typed(["x"], score=None)[0], text="血小板计数"),),
                "value": (replace(typed(["x"], score=None)[0], text="306"),),
                "unit": (replace(typed(["x"], score=None)[0], text="10~9/L"),),
            },
        ),
        None,
        None,
        None,
    )
    assert found.attributes["unit"] == "10~9/L"


def test_a_short_name_is_set_right_by_its_abbreviation() -> None:
    assert _read(0.9, item="叶酰", abbr="FA", value="5.31").item == "叶酸"
    assert _read(0.9, item="叶酰", value="5.31").item == "叶酰"


def test_a_mark_in_the_range_is_no_range() -> None:
    assert _read(item="尿蛋白", value="阳性", range=("A", "阴性")).attributes["reference_range"] == "阴性"


def test_a_power_of_ten_is_never_guessed() -> None:
    assert known_unit("×10/L", None)[1] is None
    assert known_unit("×10/L", analyte("白细胞计数"), "400-950")[1] is None


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("20.0.50.0", "20.0-50.0"), ("0,300", "0-300"), ("232,1245", "232-1245"), ("1,245", "1,245"), ("5.0 15.0", "5.0-15.0"), ("07.00", "0-7.00"), ("0.5.00", "0-5.00"), (".3~3", "-3~3"),
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


def test_where_arrows_are_glued_to_values_a_one_too_many_is_one() -> None:
    row = _row(0.9999, item="甲状旁腺激素", value="88.411", range="15.00-65.00")
    found = reading(row, None, None, None, arrows=True)
    assert (found.attributes["value"], found.attributes["review"]) == ("88.41", "flag")
    assert [c.text for c in found.cells] == ["甲状旁腺激素", "88.41", "15.00-65.00"]
    assert reading(row, None, None, None).attributes["value"] == "88.411"
    assert has_arrows([row, _row(item="x", value="8.9↑")])
    assert not has_arrows([row])


def test_arrows_that_were_all_read_as_figures_are_known_by_their_number() -> None:
    marked = [_row(item="屋尘螨", value=v, range="<0.35") for v in ("64.201", "51.737", "4.181")]
    plain = [_row(item="牛奶", value=v, range="<0.35") for v in ("0.12", "<0.35")]
    assert has_arrows([*marked, *plain])
    assert not has_arrows([*marked[:2], *plain])
    assert not has_arrows([*marked, _row(item="小麦", value="0.120", range="<0.35")])


def test_the_quote_reads_as_the_attributes_do() -> None:
    found = _read(0.9, item="中性粒细胞百分比", value="1,00↑", unit="96", range="40.0.75.0")
    assert [c.text for c in found.cells] == ["中性粒细胞百分比", "1.00↑", "%", "40.0-75.0"]


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


@pytest.mark.parametrize(
    ("value", "unit", "possible"), [("323", "mmol/L", False), ("323", "mg/dL", True), ("3.23", "mmol/L", True)]
)
def test_a_value_that_nobody_has_is_given_to_a_person_to_check(value: str, unit: str, possible: bool) -> None:
    from syngraph.sources.report_analytes import analyte, is_possible

    assert is_possible(value, analyte("葡萄糖", unit=unit), unit) is possible
    assert is_possible("阴性", analyte("葡萄糖", unit=unit), unit)


@pytest.mark.parametrize("item", ["白细胞 WBC", "血红蛋白 HGB", "血小板 PLT", "肌酐 Cr", "中性粒细胞 NEUT"])
def test_a_name_printed_with_its_abbreviation_stays_as_it_is(item: str) -> None:
    assert repaired_name(item, analyte(item), 0.6) == item


def test_ranges_for_several_groups_are_joined_and_only_a_known_sex_chooses() -> None:
    row = _row(item="血红蛋白", value="120", unit="g/L", range=("男：130-175", "女：115-150"))
    flags = [reading(row, None, None, None, sex=sex).attributes.get("flag") for sex in ("male", "female", None)]
    assert flags == ["low", "normal", None]
    assert reading(row, None, None, None).attributes["reference_range"] == "男：130-175 女：115-150"
    phases = _read(
        item="雌二醇", value="38.5", unit="pg/mL", range=("卵泡期:12.4-233", "排卵期：41.0-398", "黄体期：22.3-341")
    )
    assert phases.attributes["reference_range"] == "卵泡期：12.4-233 排卵期：41.0-398 黄体期：22.3-341"
    assert "flag" not in phases.attributes


def test_a_word_behind_a_range_stays_with_it() -> None:
    assert (
        _read(item="Rubella IgG", value="0.7", range=("≥1.0", "Immune")).attributes["reference_range"] == "≥1.0 Immune"
    )


def test_an_older_result_beside_a_range_is_no_range() -> None:
    assert _read(item="钾", value="5.9", range=("5.4", "3.5-5.3")).attributes["reference_range"] == "3.5-5.3"


@pytest.mark.parametrize(
    ("item", "value", "meant"),
    [
        ("ABO Group", "0", "O"),
        ("血型", "0型", "O型"),
        ("ABO/Rh", "0 Positive", "O Positive"),
        ("ABO Group", "A Positive", "A Positive"),
        ("尿蛋白", "A 2+", "2+"),
    ],
)
def test_the_letter_of_a_blood_group(item: str, value: str, meant: str) -> None:
    assert _read(item=item, value=value).attributes["value"] == meant


@pytest.mark.parametrize("unit", ["Index", "ratio", "S/CO", "MoM"])
def test_a_unit_that_is_a_word_stays(unit: str) -> None:
    assert _read(item="Rubella IgG", value="0.7", unit=unit, range="≥1.0").attributes["unit"] == unit


@pytest.mark.parametrize("printed", ["Glucose (mmol/L)", "Glucose, mmol/L", "Glucose [mmol/L]"])
def test_a_unit_behind_the_name(printed: str) -> None:
    found = _read(item=printed, value="5.1", range="3.9-6.1")
    assert (found.item, found.attributes["unit"]) == ("Glucose", "mmol/L")
    assert "abbreviation" not in found.attributes


def test_a_seven_beside_a_mark_is_a_seven() -> None:
    assert _read(0.9, item="CA72-4", value="15.07", flag="H", range="≤6.9").attributes["value"] == "15.07"


@pytest.mark.parametrize(("item", "unit"), [("FEV1 (L)", "L"), ("PEF (L/s)", "L/s"), ("Glucose (mmol/L)", "mmol/L")])
def test_a_unit_in_the_name_is_not_replaced_by_a_share_in_another_column(item: str, unit: str) -> None:
    assert _read(item=item, value="1.42", unit="%").attributes["unit"] == unit


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("++/HP", ("++", "/HP")), ("3.2 mL", ("3.2", "mL")), ("186.40 IU/mL", ("186.40", "IU/mL")), ("40.3 ×10^6", ("40.3", "×10^6")),
        ("4.1 GPL", ("4.1", "GPL")), ("阳性", ("阳性", None)), ("1:320", ("1:320", None)), ("3+", ("3+", None)),
    ],
)  # fmt: skip
def test_a_unit_behind_the_result_is_no_part_of_it(value: str, expected: tuple[str, str | None]) -> None:
    found = _read(item="某项目", value=value).attributes
    assert (found["value"], found.get("unit")) == expected


def test_a_word_in_a_column_of_its_own_judges_the_number_and_is_none_of_it() -> None:
    found = _read(item="弓形虫抗体IgM", value=("0.12", "阴性"), unit="COI", range="<0.8").attributes
    assert (found["value"], found["flag"]) == ("0.12", "normal")


def test_a_power_that_came_down_to_the_line_goes_up_again() -> None:
    assert known_unit("×109/L", None) == ("×10⁹/L", "10*9/L")

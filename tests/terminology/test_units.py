"""Reading units, values and ranges, and comparing them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syngraph.terminology.lexicon import lexicon
from syngraph.terminology.units import (
    ORDINALS,
    Range,
    Value,
    _rows,
    convert,
    flag,
    parse_range,
    parse_value,
    quantity,
    same_quantity,
    unit,
)

CODES = sorted(_rows())
NUMBERS = st.decimals(min_value="-1000", max_value="100000", places=4, allow_nan=False, allow_infinity=False)
POSITIVE = st.decimals(min_value="0.001", max_value="100000", places=3, allow_nan=False, allow_infinity=False)
LABS = sorted(t.id for t in lexicon().terms.values() if t.kind == "lab")


@pytest.mark.parametrize("code", CODES)
def test_every_unit_reads_back_from_all_that_it_prints(code: str) -> None:
    row = _rows()[code]
    for printed in (row.unit.ucum, row.unit.zh, row.unit.en):
        found = unit(printed)
        assert found is not None, printed
        assert found.ucum == code


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("10^9/L", "10*9/L"), ("10~9/L", "10*9/L"), ("10*9/L", "10*9/L"), ("x10^9/L", "10*9/L"), ("×10⁹/L", "10*9/L"),
        ("X10ˆ9/L", "10*9/L"), ("* 10^9 /L", "10*9/L"), ("10E9/L", "10*9/L"), ("K/μL", "10*3/uL"), ("10^12/L", "10*12/L"),
        ("μmol/L", "umol/L"), ("µmol/l", "umol/L"), ("umo1/L", "umol/L"), ("mg/d1", "mg/dL"), ("mlU/L", "m[IU]/L"),
        ("mIU/mL", "m[IU]/mL"), ("IU/ml", "[IU]/mL"), ("ｍｇ／Ｌ", "mg/L"), ("mg/L FEU", "mg/L{FEU}"), ("S/CO", "{S_CO}"),
        ("mL/min/1.73m2", "mL/min/{1.73_m2}"), ("ml/min/1.73㎡", "mL/min/{1.73_m2}"), ("℃", "Cel"), ("°C", "Cel"), ("/HP", "/[HPF]"),
        ("个/μL", "/uL"), ("mm/h", "mm/h"), ("mmHg", "mm[Hg]"), ("毫米汞柱", "mm[Hg]"), ("millimetres of mercury", "mm[Hg]"),
        ("毫克", "mg"), ("milligrams", "mg"), ("毫升", "mL"), ("mils", "mL"), ("度", "Cel"), ("degrees", "deg"), ("公斤", "kg"),
        ("斤", "{jin}"), ("pounds", "[lb_av]"), ("stone", "[stone_av]"), ("次/分", "/min"), ("bpm", "/min"),
        ("beats per minute", "/min"), ("%", "%"), ("％", "%"), ("mEq/L", "meq/L"), ("mOsm/kg", "mosm/kg"),
    ],
)  # fmt: skip
def test_printed_and_spoken_spellings(printed: str, code: str) -> None:
    found = unit(printed)
    assert found is not None
    assert found.ucum == code


@pytest.mark.parametrize(
    "printed", ["", "  ", "109/L", "1012/L", "10^12/", "白细胞", "mmol/furlong", "3.5-9.5", "10^8/L", "10^90/L"]
)
def test_what_the_table_does_not_hold_is_not_guessed(printed: str) -> None:
    assert unit(printed) is None


@pytest.mark.parametrize(
    ("printed", "expected", "code"),
    [
        ("109/L", "10*9/L", "10*9/L"), ("1012/L", "10*12/L", "10*12/L"), ("10^12/", "10*12/L", "10*12/L"), ("G/L", "10*9/L", "10*9/L"),
        ("G/L", None, "g/L"), ("g/L", "10*9/L", "g/L"), ("109/L", "10*12/L", None), ("mg/L", "10*9/L", "mg/L"), ("mg/L", "no such", "mg/L"),
        ("103/uL", "10*3/uL", "10*3/uL"), ("in", None, None), ("in", "[in_i]", "[in_i]"),
    ],
)  # fmt: skip
def test_the_analytes_own_unit_helps_to_read_a_damaged_one(
    printed: str, expected: str | None, code: str | None
) -> None:
    found = unit(printed, expected=expected)
    assert (found.ucum if found else None) == code


def test_quantity_names_what_is_measured() -> None:
    assert quantity("mg/dL") == quantity("g/L") == "mass-conc"
    assert quantity("parsec") is None


@pytest.mark.parametrize(
    ("value", "source", "target", "lab", "result"),
    [
        ("126", "mg/dL", "mmol/L", "lab:glucose", "6.99"), ("193.3", "mg/dL", "mmol/L", "lab:cholesterol", "5.00"),
        ("177.14", "mg/dL", "mmol/L", "lab:triglycerides", "2.00"), ("1", "mg/dL", "umol/L", "lab:creatinine", "88.40"),
        ("28", "mg/dL", "mmol/L", "lab:urea", "10.00"), ("6", "mg/dL", "umol/L", "lab:uric-acid", "356.91"),
        ("1", "mg/dL", "umol/L", "lab:bilirubin-total", "17.10"), ("10", "mg/dL", "mmol/L", "lab:calcium", "2.50"),
        ("7", "%", "mmol/mol", "lab:hba1c", "53.00"), ("53", "mmol/mol", "%", "lab:hba1c", "7.00"), ("0.07", "L/L", "mmol/mol", "lab:hba1c", "53.00"),
        ("140", "meq/L", "mmol/L", "lab:sodium", "140.00"), ("5", "meq/L", "mmol/L", "lab:calcium", "2.50"), ("10", "mg/dL", "meq/L", "lab:calcium", "4.99"),
        ("10", "ng/mL", "m[IU]/L", "lab:prolactin", "212.00"), ("212", "m[IU]/L", "ug/L", "lab:prolactin", "10.00"),
        ("13.5", "g/dL", "g/L", None, "135.00"), ("98.6", "[degF]", "Cel", None, "37.00"), ("37", "Cel", "[degF]", None, "98.60"),
        ("101", "deg", "Cel", None, "38.33"), ("38.5", "deg", "Cel", None, "38.50"), ("154", "[lb_av]", "kg", None, "69.85"),
        ("130", "斤", "公斤", None, "65.00"), ("11", "stone", "kg", None, "69.85"), ("12.3", "10*3/uL", "10*9/L", None, "12.30"),
        ("42", "%", "L/L", None, "0.42"), ("16", "kPa", "mm[Hg]", None, "120.01"), ("50", "U/L", "[IU]/L", None, "50.00"), ("5", "zz", "zz", None, "5.00"),
    ],
)  # fmt: skip
def test_conversions(value: str, source: str, target: str, lab: str | None, result: str) -> None:
    converted = convert(Decimal(value), source, target, lab)
    assert converted is not None
    assert converted.quantize(Decimal("0.01")) == Decimal(result)


@pytest.mark.parametrize(
    ("source", "target", "lab"),
    [("mg/dL", "mmol/L", None), ("mg/dL", "mmol/L", "lab:wbc"), ("mg/dL", "kg", "lab:glucose"), ("Cel", "kg", None), ("60", "deg", None),
     ("mg/L", "mg/L{FEU}", "lab:d-dimer"), ("mmol/L", "mmol/mol", "lab:hba1c"), ("zz", "kg", None), ("m[IU]/L", "g", "lab:prolactin"), ("mg", "mL", None)],
)  # fmt: skip
def test_what_cannot_be_converted_is_none(source: str, target: str, lab: str | None) -> None:
    assert convert(Decimal("60"), source, target, lab) is None


def test_degrees_that_no_living_body_has_stay_unread() -> None:
    assert convert(Decimal("60"), "degrees", "Cel") is None


@given(st.sampled_from(LABS), st.sampled_from(CODES), st.sampled_from(CODES), NUMBERS)
def test_there_and_back_is_the_same(lab: str, a: str, b: str, value: Decimal) -> None:
    there = convert(value, a, b, lab)
    if there is None or a == "deg":
        return
    back = convert(there, b, a, lab)
    assert back is not None
    assert abs(back - value) <= Decimal("1e-9") * max(abs(value), Decimal(1))


@pytest.mark.parametrize("lab_id", LABS)
def test_a_labs_units_are_known_and_convert_into_each_other(lab_id: str) -> None:
    attrs = lexicon().terms[lab_id].attrs
    own = [u for u in (attrs.get("unit", ""), *attrs.get("units", "").split(",")) if u]
    assert all(u in _rows() for u in own), own
    if attrs.get("molar_mass"):
        masses = [u for u in own if quantity(u) in ("mass-conc", "subst-conc")]
        assert all(convert(Decimal(1), u, masses[0], lab_id) is not None for u in masses)


@pytest.mark.parametrize(
    ("printed", "comparator", "number", "ordinal"),
    [
        ("3.86", "", "3.86", None), ("＜0.05", "<", "0.05", None), ("≤5", "<=", "5", None), ("> 1000", ">", "1000", None), ("≥10", ">=", "10", None),
        ("-3", "", "-3", None), ("1,234.5", "", "1234.5", None), ("1.2E+05", "", "1.2E+5", None), ("2.0×10^3", "", "2000", None),
        ("12.3↑", "", "12.3", None), ("5.2 H", "", "5.2", None), ("阴性", "", None, "negative"), ("阴性(-)", "", None, "negative"),
        ("(-)", "", None, "negative"), ("Negative", "", None, "negative"), ("未检出", "", None, "negative"), ("±", "", None, "trace"),
        ("+-", "", None, "trace"), ("trace", "", None, "trace"), ("弱阳性", "", None, "weak"), ("阳性(+)", "", None, "positive"), ("+", "", None, "positive"),
        ("3+", "", None, "3+"), ("+++", "", None, "3+"), ("+2", "", "2", None), ("2+(++)", "", None, "2+"), ("0.02(阴性)", "", "0.02", "negative"),
        ("5.6 mmol/L", "", "5.6", None), ("1:320", "", "320", None), ("<1:40", "<", "40", None), ("1:160(+)", "", "160", "positive"), ("1:", "", None, None), ("152/94", "", None, None), ("0-3", "", None, None), ("黄色", "", None, None), ("", "", None, None),
    ],
)  # fmt: skip
def test_results(printed: str, comparator: str, number: str | None, ordinal: str | None) -> None:
    value = parse_value(printed)
    if printed == "+2":
        assert value.ordinal == "2+"
        return
    assert (value.printed, value.comparator, value.ordinal) == (printed, comparator, ordinal)
    assert value.number == (None if number is None else Decimal(number))


@pytest.mark.parametrize(
    ("printed", "low", "high"),
    [
        ("3.5-9.5", "3.5", "9.5"), ("3.5～9.5", "3.5", "9.5"), ("3.5--9.5", "3.5", "9.5"), ("-3-3", "-3", "3"), ("-3--1", "-3", "-1"), ("-3~3", "-3", "3"),
        ("0.5--1.5", "0.5", "1.5"), ("<3.40", None, "3.40"), ("≤5", None, "5"), ("≥60", "60", None), (">1.04", "1.04", None), ("(40-75)", "40", "75"),
        ("3.5 - 5.3 mmol/L", "3.5", "5.3"), ("115—150", "115", "150"), ("5至10", "5", "10"), ("3 to 5", "3", "5"), ("参考值:3-5", "3", "5"), ("60以上", "60", None), ("5.2以下", None, "5.2"),
        ("<1.00E+02", None, "100"), ("<1.00×10^2", None, "100"), ("1.0×10³-1.0×10⁵", "1000", "100000"), ("0-5/HPF", "0", "5"), ("≤1:80", None, "80"), ("1:20-1:80", "20", "80"),
        ("(3.5 - 9.5)", "3.5", "9.5"), ("less than 5", None, "5"), ("up to 1.2 mg/dL", None, "1.2"), ("大于60", "60", None), ("不超过5", None, "5"), ("正常<5.2", None, "5.2"),
        ("阴性(<1.0)", None, "1.0"), ("Negative (<0.9)", None, "0.9"), ("成人3.5-9.5", "3.5", "9.5"), ("3.9-6.1 参考", "3.9", "6.1"), ("not less than 90", "90", None),
    ],
)  # fmt: skip
def test_reference_ranges(printed: str, low: str | None, high: str | None) -> None:
    found = parse_range(printed)
    assert found is not None
    assert found.low == (None if low is None else Decimal(low))
    assert found.high == (None if high is None else Decimal(high))


@pytest.mark.parametrize(
    ("printed", "male", "female"),
    [
        ("男 120-160 女 110-150", "120", "110"), ("男:120-160;女:110-150", "120", "110"), ("M: 13-17; F: 12-15", "13", "12"),
        ("Male 13.0-17.0 Female 12.0-15.0", "13.0", "12.0"), ("女性：110～150，男性：120～160", "120", "110"), ("男>90 女>80", "90", "80"),
    ],
)  # fmt: skip
def test_a_range_printed_for_both_sexes_is_read_only_where_the_sex_is_known(
    printed: str, male: str, female: str
) -> None:
    assert parse_range(printed) is None
    assert parse_range(printed, "other") is None
    for sex, low in (("male", male), ("female", female)):
        found = parse_range(printed, sex)
        assert found is not None
        assert found.low == Decimal(low)


def test_a_titre_is_only_compared_with_a_titre() -> None:
    flags = [flag(v, "≤1:80") for v in ("1:40", "1:80", "1:160", "80", "<1:40")]
    assert flags == ["normal", "normal", "high", None, "normal"]
    assert flag("1:160", "3-5") is None


def test_ranges_in_words_and_what_is_none() -> None:
    words = parse_range("阴性(-)")
    assert words is not None
    assert words.ordinal == "negative"
    colour = parse_range("淡黄色")
    assert colour is not None
    assert colour.ordinal is None
    assert colour.text == "淡黄色"
    for printed in ("", "9.5-3.5", "男:3-5;女:2-4", "3-5 furlongs 9", "<5 or 7"):
        assert parse_range(printed) is None


@pytest.mark.parametrize(
    ("value", "reference", "result"),
    [
        ("4.12", "<3.40", "high"), ("3.4", "<3.40", "high"), ("3.4", "≤3.40", "normal"), ("60", ">60", "low"), ("60", "≥60", "normal"), ("2", "3.5-9.5", "low"),
        ("9.5", "3.5-9.5", "normal"), ("9.51", "3.5-9.5", "high"), ("-4", "-3-3", "low"), ("阴性", "阴性", "normal"), ("2+", "阴性", "abnormal"), ("trace", "negative", "abnormal"),
        ("阳性", "阳性", "normal"), ("阴性", "阳性", "abnormal"), ("黄色", "黄色", "normal"), ("红色", "黄色", None), ("<0.05", "0-0.5", "normal"), ("<5", "0-0.5", None),
        ("<3", "3.5-9.5", "low"), ("<5", "3.5-9.5", None), (">1000", "0-5", "high"), (">1", "0-5", None), (">90", "≥60", "normal"), (">50", "≥60", None), ("<5", "<10", "normal"), ("<50", "<10", None),
        ("1:320", "3-5", None), ("5", "", None), ("5", None, None), ("5", "阴性", None), ("0.02 阴性", "阴性", "normal"),
        ("0.3", "阴性(<1.0)", "normal"), ("1.3", "阴性(<1.0)", "high"), ("阳性", "阴性(<1.0)", "abnormal"), ("120", "<1.00E+02", "high"),
    ],
)  # fmt: skip
def test_flags(value: str, reference: str | None, result: str | None) -> None:
    assert flag(value, reference) == result


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS)
def test_flags_rise_with_the_value(a: Decimal, b: Decimal, low: Decimal, width: Decimal) -> None:
    bounds = Range(printed="", low=low, high=low + abs(width))
    order = {"low": 0, "normal": 1, "high": 2}
    first, second = (flag(Value(printed=str(n), number=n), bounds) for n in sorted((a, b)))
    assert first is not None
    assert second is not None
    assert order[first] <= order[second]


@given(NUMBERS, NUMBERS)
def test_a_range_reads_back_as_it_is_written(low: Decimal, width: Decimal) -> None:
    high = low + abs(width)
    found = parse_range(f"{low:f}~{high:f}")
    assert found is not None
    assert (found.low, found.high) == (low, high)


@given(NUMBERS)
def test_a_number_reads_back_as_it_is_written(number: Decimal) -> None:
    assert parse_value(f"{number:f}").number == number


@given(st.text(max_size=30))
def test_no_text_is_too_odd_to_be_read(text: str) -> None:
    assert parse_value(text).printed == text
    assert flag(text, text) in ("low", "high", "normal", "abnormal", None)
    found = unit(text)
    assert found is None or found.ucum in CODES


@pytest.mark.parametrize(
    ("a", "a_unit", "b", "b_unit", "lab", "same"),
    [
        ("5.6", "mmol/L", "101", "mg/dL", "lab:glucose", True), ("5.6", "mmol/L", "126", "mg/dL", "lab:glucose", False), ("4.1", "mmol/L", "4.12", "mmol/L", "lab:ldl-c", True),
        ("13.5", "g/dL", "135", "g/L", "lab:hemoglobin", True), ("7.0", "%", "53", "mmol/mol", "lab:hba1c", True), ("5.6", "mmol/L", "101", "mg/dL", None, None),
        ("12.3", "10^9/L", "12300", "/μL", "lab:wbc", True), ("38", "℃", "100.4", "°F", None, True), ("7.10", None, "7.1", "", None, True), ("7.1", "mmol/L", "7.1", None, None, True),
        ("7.1", "mmol/L", "126", None, "lab:glucose", None), ("<0.05", "ng/mL", "<0.05", "ng/mL", None, True), ("<0.05", "ng/mL", "0.02", "ng/mL", None, True), ("0.5", "ng/mL", "<0.05", "ng/mL", None, False), (">10", "g", ">20", "g", None, False), (">10", "g", "20", "g", None, True),
        ("阴性", None, "negative", None, None, True), ("阴性", None, "3+", None, None, False), ("阳性", None, "2+", None, None, True), ("1+", None, "3+", None, None, False), ("阴性", None, "3.5", None, None, None), ("黄色", None, "黄色", None, None, True), ("黄色", None, "红色", None, None, None),
    ],
)  # fmt: skip
def test_same_quantity(
    a: str, a_unit: str | None, b: str, b_unit: str | None, lab: str | None, same: bool | None
) -> None:
    assert same_quantity(a, a_unit, b, b_unit, lab_id=lab) is same


@given(POSITIVE, POSITIVE, st.sampled_from(["mmol/L", "mg/dL", "g/L"]), st.sampled_from(["mmol/L", "mg/dL"]))
def test_sameness_has_no_direction(a: Decimal, b: Decimal, a_unit: str, b_unit: str) -> None:
    assert same_quantity(a, a_unit, b, b_unit, "lab:glucose") == same_quantity(b, b_unit, a, a_unit, "lab:glucose")


def test_ordinals_are_all_reachable() -> None:
    words = ("阴性", "微量", "弱阳性", "阳性", "1+", "++", "+++", "4+")
    assert tuple(parse_value(w).ordinal for w in words) == ORDINALS

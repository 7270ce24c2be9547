"""Whose report it is, who issued it, when: in both languages, and never a doctor's name for the patient's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syngraph.sources.report_fields import (
    age_of,
    date_of,
    fields_in,
    identity_of,
    is_form,
    issued,
    measured,
    number,
    person,
    sex_of,
    value_of,
)


@pytest.mark.parametrize(
    "text",
    [
        "姓名：王建军  性别：男  年龄：58岁  病历号：00349871",
        "姓  名：王建军  性 别：男  年 龄：58 岁  病历号：00349871",
        "姓名 王建军 性别 男 年龄 58岁 病历号 00349871",
        "姓名王建军  性别男  年龄58岁  病历号00349871",
        "姓名：王建军性别：男年龄：58岁病历号：00349871",
        "病历号：00349871\n姓名  王建军\n性别  男    年龄  58\n送检医生：周建国    审核者：赵海波",
        "Patient: 王建军   Sex: M   Age: 58 Y   MRN: 00349871   Ordering Physician: Ann Lee, MD",
    ],
)
def test_identity_in_many_hands(text: str) -> None:
    found = identity_of(text, fields_in(text))
    assert found is not None
    assert (found.name, found.sex, found.age, found.ids) == ("王建军", "male", "P58Y", ("00349871",))
    assert text[found.start : found.end].strip()


def test_identity_in_english() -> None:
    text = "Name: HAYES, MARIANNE    MRN: SB-1182734\nAge/Sex: 52 Y / F   Date of Birth: 09 Feb 1974\nReviewed by: J. Whitfield, MD"
    found = identity_of(text, fields_in(text))
    assert found is not None
    assert (found.name, found.sex, found.age, found.birth_date, found.ids) == (
        "HAYES, MARIANNE", "female", "P52Y", "1974-02-09", ("SB-1182734",),
    )  # fmt: skip


def test_doctors_are_not_patients() -> None:
    text = "送检医生：周建国  检验者：刘敏  审核者：赵海波\nOrdering Physician: Alice Moreno"
    assert identity_of(text, fields_in(text)) is None
    assert {f.name for f in fields_in(text)} == {"person"}


def test_sample_numbers_are_not_patient_numbers() -> None:
    text = "姓名：王芳  样本号：20261103-0187  条码号：7720114583"
    found = identity_of(text, fields_in(text))
    assert found is not None
    assert found.ids == ()


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("42岁", "P42Y"), ("8月", "P8M"), ("8个月", "P8M"), ("3岁2月", "P3Y2M"), ("15天", "P15D"), ("2周", "P2W"), ("42", "P42Y"), ("52 Y", "P52Y"),
        ("6 mos", "P6M"), ("36 years", "P36Y"), ("3 yrs 4 months", "P3Y4M"), ("", None), ("成人", None), ("1984-03-02", None),
    ],
)  # fmt: skip
def test_ages(text: str, age: str | None) -> None:
    assert age_of(text) == age


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026-11-03 08:12", "2026-11-03"), ("2026-11-0308:12", "2026-11-03"), ("2026/10/28", "2026-10-28"), ("2026.11.01", "2026-11-01"),
        ("2026年8月9日", "2026-08-09"), ("20261103", "2026-11-03"), ("11/02/2026", "2026-11-02"), ("23/04/2026", "2026-04-23"),
        ("16 Nov 2026", "2026-11-16"), ("Nov 16, 2026", "2026-11-16"), ("12 March 1948", "1948-03-12"), ("2026-13-40", None), ("none", None),
    ],
)  # fmt: skip
def test_dates(text: str, iso: str | None) -> None:
    assert date_of(text) == iso


def test_one_date_tells_the_order_of_the_others() -> None:
    text = "DOB: 23/04/1980\nReported: 05/11/2026"
    assert issued(fields_in(text)) == "2026-11-05"
    assert issued(fields_in("DOB: 04/23/1980\nReported: 05/11/2026")) == "2026-05-11"


@given(st.dates(min_value=__import__("datetime").date(1901, 1, 1), max_value=__import__("datetime").date(2099, 12, 31)))
def test_every_date_is_read_as_written(day: object) -> None:
    iso = day.isoformat()  # type: ignore[attr-defined]
    assert date_of(iso) == iso
    assert date_of(iso.replace("-", "")) == iso
    assert date_of(day.strftime("%d %B %Y")) == iso  # type: ignore[attr-defined]
    assert date_of("/".join(iso.split("-")[i] for i in (2, 1, 0)), day_first=True) == iso


def test_the_report_is_dated_by_its_issue_and_the_result_by_its_taking() -> None:
    fields = fields_in(
        "采集时间：2026-11-02 08:12  接收时间：2026-11-02  报告时间：2026-11-03 09:25  打印时间：2026-11-09"
    )
    assert (issued(fields), measured(fields)) == ("2026-11-03", "2026-11-02")
    assert issued(fields_in("出院日期：2026-08-11")) == "2026-08-11"
    assert issued(()) is None


@pytest.mark.parametrize(
    ("line", "form"),
    [
        ("姓名：王芳  性别：女", True), ("检验者：刘敏", True), ("注：本报告仅对所检标本负责", True), ("Page 1 of 2", True),
        ("H = High, L = Low.", True), ("检查日期 2026-11-07", True), ("标本：血清", True),
        ("Sex Hormone Binding Globulin  33  nmol/L", False), ("出院诊断：1.急性心肌梗死", False), ("患者因胸痛入院。", False),
        ("白细胞计数  11.26  10^9/L", False), ("Specific Gravity  1.018", False),
        ("检查方法：患者取仰卧位，平静呼吸下行胸部螺旋扫描，层厚五毫米，层距五毫米，未注射对比剂，扫描范围自肺尖至膈顶水平，图像清晰满意。", False),
    ],
)  # fmt: skip
def test_forms(line: str, form: bool) -> None:
    assert is_form(line) is form


def test_small_readers() -> None:
    assert person("王建军 先生") == "王建军"
    assert person("Mr. John Smith") == "John Smith"
    assert person("12345") is None
    assert person("王") is None
    assert person("Name") is None
    assert [sex_of(t) for t in ("女", "Female", "M", "52 Y / F", "未说明")] == [
        "female",
        "female",
        "male",
        "female",
        None,
    ]
    assert number("M00871265 ") == "M00871265"
    assert number("无") is None
    assert value_of(fields_in("标本类型：静脉血"), "specimen") == "静脉血"
    assert value_of((), "specimen") is None

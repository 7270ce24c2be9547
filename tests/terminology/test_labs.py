"""Which analyte a printed line means."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syngraph.terminology.labs import lab, lab_by_code, lab_unit
from syngraph.terminology.lexicon import Term, lexicon
from syngraph.terminology.units import convert, quantity

LABS = [t for t in lexicon().terms.values() if t.kind == "lab"]


def test_there_are_enough_of_them() -> None:
    assert len(LABS) >= 780
    assert len({t.attrs["panel"] for t in LABS}) >= 20


@pytest.mark.parametrize("term", LABS, ids=lambda t: t.id)
def test_a_lab_is_found_by_its_own_names(term: Term) -> None:
    unit, specimen = term.attrs.get("unit"), term.attrs["specimen"]
    for name in (term.zh, term.en, *term.zh_terms, *term.en_terms):
        found = lab(name, unit=unit, specimen=specimen)
        assert found is not None, name
        assert found.id == term.id or name in (*found.names(), *found.attrs.get("printed", "").split("|")), (
            name,
            found.id,
        )
    assert lab(term.zh, unit=unit, specimen=specimen) == term


@pytest.mark.parametrize("term", LABS, ids=lambda t: t.id)
def test_bounds_are_in_order(term: Term) -> None:
    low, _, high = term.attrs.get("plausible", "..").partition("..")
    bounds = [Decimal(x) for x in (low, term.attrs.get("low"), term.attrs.get("high"), high) if x]
    assert bounds == sorted(bounds)
    critical = [Decimal(x) for x in term.attrs.get("critical", "..").split("..") if x]
    assert critical == sorted(critical)


@pytest.mark.parametrize(
    ("name", "hints", "expected"),
    [
        ("★白细胞计数(WBC)", {}, "wbc"), ("1 血红蛋白", {}, "hemoglobin"), ("2、血小板计数", {}, "platelets"), ("*丙氨酸氨基转移酶(ALT)", {}, "alt"),
        ("血清总胆固醇测定", {}, "cholesterol"), ("WBC 白细胞", {}, "wbc"), ("嗜酸性粒细胞百分", {}, "eosinophil-percent"), ("丙氨酸氨基转移晦", {}, "alt"),
        ("甘油三醋", {}, "triglycerides"), ("天门冬氨酸氨墓转移酶", {}, "ast"), ("低密度脂蛋白胆固酹", {}, "ldl-c"), ("alanine aminotransferese", {}, "alt"),
        ("PCT", {"unit": "ng/mL"}, "pct"), ("PCT", {"unit": "%"}, "plateletcrit"), ("PCT", {"panel_hint": "血常规"}, "plateletcrit"), ("PCT", {}, None),
        ("白细胞", {}, "wbc"), ("白细胞", {"unit": "10^9/L"}, "wbc"), ("白细胞", {"unit": "/μL"}, "urine-wbc"), ("白细胞", {"panel_hint": "尿常规"}, "urine-wbc"),
        ("白细胞", {"specimen": "粪便"}, "stool-wbc"), ("WBC", {"specimen": "Urine"}, "urine-wbc"), ("白细胞(尿)", {}, "urine-wbc"), ("白细胞", {"unit": "/HP"}, None),
        ("葡萄糖", {}, "glucose"), ("葡萄糖", {"panel_hint": "尿液分析"}, "urine-glucose"), ("葡萄糖", {"specimen": "脑脊液"}, "csf-glucose"), ("Glucose", {"specimen": "Urine", "unit": "mg/dL"}, "urine-glucose"),
        ("肌酸激酶同工酶", {"unit": "U/L"}, "ck-mb"), ("肌酸激酶同工酶", {"unit": "ng/mL"}, "ck-mb-mass"), ("P", {"unit": "mmol/L"}, "phosphorus"), ("P", {"unit": "ng/mL"}, "progesterone-level"),
        ("TG", {"unit": "mmol/L"}, "triglycerides"), ("TG", {"unit": "ng/mL"}, "thyroglobulin"), ("K", {}, "potassium"), ("钾", {"unit": "mmol/L"}, "potassium"), ("K", {"unit": "mm/h"}, None),
        ("中性粒细胞", {"unit": "%"}, "neutrophil-percent"), ("中性粒细胞", {"unit": "10^9/L"}, "neutrophils"), ("NEUT#", {}, "neutrophils"), ("NEUT%", {}, "neutrophil-percent"),
        ("乙肝e抗原", {}, "hbeag"), ("乙型肝炎病毒e抗体测定", {}, "hbeab"), ("隐血", {"specimen": "粪便"}, "stool-occult-blood"), ("隐血", {"panel_hint": "尿干化学"}, "urine-blood"),
        ("Glucose [Mass/volume] in Blood", {}, "glucose"), ("Glucose [Presence] in Urine by Test strip", {}, "urine-glucose"), ("Hemoglobin A1c/Hemoglobin.total in Blood", {}, "hba1c"), ("Cholesterol in LDL", {}, "ldl-c"),
        ("Potassium, Whole Blood", {"unit": "mEq/L"}, "potassium"), ("Chloride, Urine", {"unit": "mEq/L"}, "urine-chloride"), ("Hematocrit, Calculated", {"unit": "%"}, "hematocrit"), ("pH", {"specimen": "Blood", "unit": "units"}, "ph-blood"),
        ("不认得的项目", {"abbreviation": "CREA"}, "creatinine"), ("肌酐", {"abbreviation": "ALT"}, "creatinine"), ("谷丙转氨晦", {"abbreviation": "CREA"}, "alt"), ("", {}, None), ("主任医师", {}, None), ("Dr Smith", {}, None),
        ("总胆红", {}, None), ("免疫球蛋白X", {}, None), ("糖类抗原15", {}, None), ("5-核苷酸晦", {}, "5-nucleotidase"),
    ],
)  # fmt: skip
def test_printed_lines(name: str, hints: dict[str, str], expected: str | None) -> None:
    found = lab(name, **hints)
    assert (found.id if found else None) == (f"lab:{expected}" if expected else None)


def test_codes_lead_to_the_same_analyte() -> None:
    assert lab_by_code("2345-7") == lab_by_code("2339-0") == lexicon().get("lab:glucose")
    assert lab_by_code(" 8480-6 ") == lexicon().get("vital:systolic")
    assert lab_by_code("0000-0") is None


def test_a_damaged_unit_is_read_by_the_analyte() -> None:
    wbc = lexicon().get("lab:wbc")
    for printed, code in (("109/L", "10*9/L"), ("103/uL", "10*3/uL"), ("G/L", "10*9/L"), ("10^9/L", "10*9/L")):
        found = lab_unit(printed, wbc)
        assert found is not None, printed
        assert found.ucum == code
    assert lab_unit("109/L", None) is None
    assert lab_unit("10九", wbc) is None
    odd = lab_unit("mmHg", wbc)
    assert odd is not None
    assert odd.ucum == "mm[Hg]"


#: What readers of print put in place of a character they don't know: characters that no analyte's name holds.
FOREIGN = "晦墓巾荃醇忌汉匹拱凛搬蜂跑滚寻岛峡桌椅幅"


def _swapped(letters: str) -> tuple[int, int, int]:
    """How many long Chinese names with one character replaced by one of ``letters`` are found right, wrong, of all."""
    chance = random.Random(11)
    right = wrong = total = 0
    for term in LABS:
        if len(term.zh) < 6 or not term.attrs.get("unit"):
            continue
        at = chance.choice([i for i, c in enumerate(term.zh) if "一" <= c <= "鿿"] or [0])
        name = term.zh[:at] + chance.choice(letters) + term.zh[at + 1 :]
        found = lab(name, unit=term.attrs["unit"])
        total += 1
        right += found == term
        wrong += found is not None and found != term and name not in found.names()
    return right, wrong, total


def test_misread_names_lead_to_the_right_analyte() -> None:
    right, wrong, total = _swapped(FOREIGN)
    assert wrong == 0
    assert right * 2 >= total


def test_a_name_with_another_analytes_character_is_not_taken_for_a_misreading() -> None:
    """支原体 is no misread 衣原体: both characters are of analytes' names."""
    _, wrong, _ = _swapped("".join(sorted({c for t in LABS for c in t.zh if "一" <= c <= "鿿"})))
    assert wrong == 0


#: Words of one kind: a name in which one of them is exchanged for another, or left out, is another analyte's.
TELLING = [
    ["IgG", "IgM", "IgA", "IgE"], ["游离", "总", "结合", ""], ["直接", "间接", "总"], ["free ", "total ", "bound ", ""],
    ["direct ", "indirect ", "total "], ["抗原", "抗体", "核酸"], ["antigen", "antibody", "DNA"], ["绝对值", "百分比"],
    ["count", "percentage"], ["血清", "尿", "脑脊液", "粪便"], ["urine ", "serum ", "CSF "], ["VLDL", "LDL", "HDL"],
    ["极低密度", "低密度", "高密度", "非高密度"], ["支原体", "衣原体", "脲原体", "军团菌"], ["Mycoplasma", "Chlamydophila", "Legionella"],
    ["甲肝", "乙肝", "丙肝", "戊肝"], ["hepatitis A", "hepatitis B", "hepatitis C", "hepatitis E"], ["influenza A", "influenza B"],
    ["嗜酸", "嗜碱"], ["Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ"], ["κ", "λ"], ["kappa", "lambda"], ["anti-", ""], ["抗", ""], ["高敏", "超敏", ""],
    ["甲状旁腺", "甲状腺", "促甲状腺"], ["troponin I", "troponin T"], ["肌钙蛋白I", "肌钙蛋白T"], ["protein C", "protein S"], ["C3", "C4", "C5"],
    ["空腹", "餐后2小时", "随机"], ["素B12", "素B6", "素A", "素D"], ["rubella", "measles", "mumps"], ["cytomegalovirus", "Toxoplasma"],
]  # fmt: skip


def _exchanged(term: Term) -> Iterator[str]:
    for name in term.names():
        for words in TELLING:
            for word in words:
                if word and word in name:
                    yield from (name.replace(word, other) for other in words if other != word)


@pytest.mark.parametrize("dressed", ["{}", "{}(x)", "★{}测定"])
def test_a_name_with_one_telling_word_exchanged_is_never_taken_for_the_old_one(dressed: str) -> None:
    own = {t.id: {_plainly(n) for n in (*t.names(), *t.attrs.get("printed", "").split("|"))} for t in LABS}
    for term in LABS:
        for name in _exchanged(term):
            found = lab(dressed.format(name), unit=term.attrs.get("unit"))
            assert found is None or _plainly(name) in own[found.id] or found != term, (name, term.id)


def _plainly(name: str) -> str:
    return re.sub(r"[\s\-'’,]|测定|检测|试验|levels?|tests?", "", name.lower())


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("胆红素(直接)", None), ("Bilirubin (Direct)", "bilirubin-direct"), ("胆红素(总)", "bilirubin-total"), ("PSA (free)", None), ("白细胞(尿)", "urine-wbc"), ("风疹病毒抗体(IgM)", "rubella-igm"),
        ("Chlamydia pneumoniae IgM", "chlamydia-pneumoniae"), ("Legionella pneumophila IgM", "legionella-igm"), ("Legionella pneumophila IgG", None), ("rubella IgM", "rubella-igm"), ("CRP (hs)", None),
        ("乙型肝炎病毒e抗", None), ("肺炎支原体抗体I", None), ("血管紧张素", None), ("thyroxine binding", None), ("甲状腺激素", None), ("prothrombim time", "pt"),
        ("Alkaline phosphatse", "alp"), ("indirct bilirubin", None), ("hemogobin", "hemoglobin"), ("C-ANCA", "c-anca"), ("巨细胞病毒IgG", "cmv-igg"),
    ],
)  # fmt: skip
def test_a_doubtful_name_is_the_right_analyte_or_none(name: str, expected: str | None) -> None:
    found = lab(name)
    assert (found.id if found else None) == (f"lab:{expected}" if expected else None)


@given(st.text(max_size=20), st.sampled_from([None, "mmol/L", "%", "??"]))
def test_no_name_is_too_odd(name: str, unit: str | None) -> None:
    found = lab(name, unit=unit)
    assert found is None or found.kind == "lab"


@given(st.sampled_from(LABS), st.sampled_from(["★", "*", "", "△"]), st.sampled_from(["", "↑", "测定", " "]))
def test_marks_around_a_name_change_nothing(term: Term, before: str, after: str) -> None:
    unit, specimen = term.attrs.get("unit"), term.attrs["specimen"]
    assert lab(before + term.zh + after, unit=unit, specimen=specimen) == term


def test_accepted_units_fit_their_analyte() -> None:
    for term in LABS:
        usual = term.attrs.get("unit")
        for other in filter(None, term.attrs.get("units", "").split(",")):
            same_kind = quantity(other) == quantity(usual or "")
            convertible = bool(usual) and convert(Decimal(1), other, usual or "", term.id) is not None
            assert same_kind or convertible or quantity(other) is not None, (term.id, other)

"""Paragraphs and titles of reports in prose, and what sort of report a text is."""

from __future__ import annotations

import pytest

from syngraph.sources.report_kind import (
    REPORT_KINDS,
    exam_name,
    known_kinds,
    organization_of,
    report_kind,
    title_line,
)
from syngraph.sources.report_layout import rows_of
from syngraph.sources.report_prose import Paragraph, goes_on, joined, paragraph, spaced, title_of
from tests.sources.report_cells import typed


@pytest.mark.parametrize(
    ("line", "part", "section", "rest"),
    [
        ("检查所见：右肺结节", "findings", "investigations", "右肺结节"), ("诊断意见：", "conclusion", "investigations", ""),
        ("【超声提示】甲状腺结节", "conclusion", "investigations", "甲状腺结节"), ("出院诊断：肺炎", "other", "assessment", "肺炎"),
        ("出院带药：阿司匹林", "other", "medications", "阿司匹林"), ("IMPRESSION:", "conclusion", "investigations", ""),
        ("FINDINGS: The heart is normal.", "findings", "investigations", "The heart is normal."),
        ("Discharge Medications", "other", "medications", ""), ("一、出院医嘱：休息", "other", "plan", "休息"), ("印  象：未见异常", "conclusion", "investigations", "未见异常"),
    ],
)  # fmt: skip
def test_titles(line: str, part: str, section: str, rest: str) -> None:
    title = title_of(line)
    assert title is not None
    assert (title.part, title.section, line[title.end :]) == (part, section, rest)


@pytest.mark.parametrize(
    "line", ["右肺上叶见结节。", "诊断明确，建议手术", "Impression of the left kidney is smooth.", ""]
)
def test_no_titles(line: str) -> None:
    assert title_of(line) is None


def _paragraphs(*lines: str) -> list[Paragraph]:
    return [paragraph(row) for row in rows_of(typed(lines, pitch=30.0))]


def test_a_broken_sentence_is_put_together() -> None:
    above, below = _paragraphs("右肺上叶尖段见一混合磨玻璃结节，边缘见毛刺及分", "叶；余两肺散在索条影。")
    assert goes_on(above, below, above.pieces[-1][1].x1)
    assert joined(above, below).text == "右肺上叶尖段见一混合磨玻璃结节，边缘见毛刺及分叶；余两肺散在索条影。"


def test_latin_words_keep_their_blank() -> None:
    above, below = _paragraphs("There is a patchy airspace opacity in the", "left lower lobe.")
    assert goes_on(above, below, above.pieces[-1][1].x1)
    assert joined(above, below).text.endswith("in the left lower lobe.")


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("1、右肺上叶结节，建议复查，除外恶性", "2、两肺慢性炎症。"), ("右肺上叶结节，建议复查，除外恶性", "诊断意见："),
        ("诊断意见：", "右肺上叶结节。"), ("两肺清晰。", "纵隔无肿大淋巴结。"),
    ],
)  # fmt: skip
def test_separate_sentences_stay_apart(above: str, below: str) -> None:
    first, second = _paragraphs(above, below)
    margin = 400.0 if above == "两肺清晰。" else first.pieces[-1][1].x1
    assert not goes_on(first, second, margin)


def test_a_list_within_a_line_gets_its_blanks_back() -> None:
    one = _paragraphs("1.急性下壁心肌梗死2.高血压病3级3.2型糖尿病")[0]
    assert spaced(one).text == "1.急性下壁心肌梗死 2.高血压病3级 3.2型糖尿病"
    assert spaced(_paragraphs("血钾3.2，血钠138")[0]).text == "血钾3.2，血钠138"


@pytest.mark.parametrize(
    ("head", "body", "rows", "kind"),
    [
        ("安和市第二人民医院检验报告单", "", 8, "laboratory"), ("平川省立医院CT检查报告单", "检查所见", 0, "imaging"),
        ("彩色超声诊断报告", "", 0, "imaging"), ("电子胃镜检查报告", "活检 病理 镜下所见", 0, "endoscopy"), ("病理诊断报告", "免疫组化", 0, "pathology"),
        ("出院记录", "出院诊断 CT检查 检验结果", 6, "discharge"), ("十二导联心电图报告", "", 0, "ecg"), ("门诊处方笺", "Rp: 阿莫西林", 0, "prescription"),
        ("Harborview Imaging Center", "XR CHEST IMPRESSION", 0, "imaging"), ("Discharge Summary", "Hospital Course", 0, "discharge"),
        ("致家属的一封信", "你好", 0, "other"),
    ],
)  # fmt: skip
def test_kinds(head: str, body: str, rows: int, kind: str) -> None:
    assert report_kind(head, body, rows) == kind


def test_every_kind_but_other_has_words() -> None:
    assert set(known_kinds()) == REPORT_KINDS - {"other"}


@pytest.mark.parametrize(
    ("lines", "house"),
    [
        (["安和市第二人民医院检验报告单"], "安和市第二人民医院"), (["2026-08-24门诊  东湖大学附属中心医院化验单"], "东湖大学附属中心医院"),
        (["南华医学检验实验室 检验报告"], "南华医学检验实验室"), (["Maple Ridge Clinical Laboratory"], "Maple Ridge Clinical Laboratory"),
        (["Final report  Northgate Urgent Care"], "Northgate Urgent Care"), (["检验报告单"], None), ([], None),
    ],
)  # fmt: skip
def test_houses(lines: list[str], house: str | None) -> None:
    assert organization_of(lines) == house


def test_titles_of_reports() -> None:
    assert title_line(["平川省立医院", "CT检查报告单"], "平川省立医院") == "CT检查报告单"
    assert title_line(["平川省立医院CT检查报告单"], "平川省立医院") == "CT检查报告单"
    assert title_line(["门诊  平川省立医院化验报告单"], "平川省立医院") == "化验报告单"
    assert title_line(["平川省立医院"], "平川省立医院") is None
    assert exam_name("电子胃镜检查报告") == "电子胃镜检查"
    assert exam_name("Chest CT Report") == "Chest CT"
    assert exam_name(None) is None

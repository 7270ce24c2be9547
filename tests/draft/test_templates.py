from __future__ import annotations

import pytest

from syngraph.draft.templates import default_template, list_templates, load_template
from syngraph.errors import InputError
from syngraph.model import SECTION_IDS

SHIPPED = {
    "zh-outpatient-initial", "zh-outpatient-followup", "zh-admission", "zh-online-consultation", "en-consultation", "en-soap",
}  # fmt: skip


def test_all_templates_are_shipped_and_found_by_their_id():
    assert {t.id for t in list_templates()} == SHIPPED
    assert all(load_template(t.id) is t for t in list_templates())
    assert list_templates()[0].language == "zh"


@pytest.mark.parametrize("template", list_templates(), ids=lambda t: t.id)
def test_every_section_of_the_contract_has_exactly_one_home(template):
    homes = [part for s in template.sections for part in (s.id, *s.takes)]
    assert sorted(homes) == sorted(SECTION_IDS)
    assert all(template.home(s) for s in SECTION_IDS)
    assert template.home("no-such-section") is None


@pytest.mark.parametrize("template", list_templates(), ids=lambda t: t.id)
def test_required_items_are_sections_or_items_of_sections(template):
    assert template.required
    assert {r.partition(".")[0] for r in template.required} <= set(SECTION_IDS)
    assert template.title_zh
    assert template.title_en
    assert all(s.title for s in template.sections)
    assert {s.id for s in template.sections if s.required} == {s.id for s in template.sections} & set(template.required)
    assert template.id.startswith(template.language)


def test_chinese_chief_complaint_has_at_most_twenty_characters():
    assert {t.max_chief_complaint for t in list_templates() if t.language == "zh"} == {20}


def test_the_online_consultation_has_its_six_sections():
    titles = [s.title for s in load_template("zh-online-consultation").sections]
    assert sorted(titles) == sorted(["主诉", "现病史", "辅助检查", "既往史", "诊断", "建议"])


def test_an_unknown_template_is_an_input_error_that_lists_the_known_ones():
    with pytest.raises(InputError) as caught:
        load_template("zh-nothing")
    assert "zh-nothing" in caught.value.message
    assert all(t in caught.value.advice for t in SHIPPED)


@pytest.mark.parametrize(
    ("language", "department", "expected"),
    [
        ("zh", None, "zh-outpatient-initial"),
        ("zh", "儿科", "zh-outpatient-initial"),
        ("zh", "互联网医院呼吸内科", "zh-online-consultation"),
        ("zh", "心内科病房", "zh-admission"),
        ("en", "Paediatrics", "en-consultation"),
        ("en", None, "en-consultation"),
    ],
)
def test_default_template(language, department, expected):
    assert default_template(language, department) == expected

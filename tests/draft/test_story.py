"""How the story reads: the complaint first, the speakers' own words as theirs, each side at its organ."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from syngraph.draft.phrases import phrases
from syngraph.pipeline import draft as draft_of


def written(tmp_path: Path, talk: str, language: str = "zh", form: str = "") -> dict[str, list[str]]:
    (tmp_path / "consultation").mkdir()
    (tmp_path / "consultation" / "talk.txt").write_text(talk, encoding="utf-8")
    if form:
        (tmp_path / "preconsultation").mkdir()
        (tmp_path / "preconsultation" / "form.yaml").write_text(form, encoding="utf-8")
    start = datetime(2026, 11, 20, 9, 30, tzinfo=UTC).isoformat()
    header = f"id: e1\nlanguage: {language}\nstart: {start}\npatient: {{id: p1, name: 王芳, sex: female, birth_date: 1984-03-02}}\n"
    (tmp_path / "encounter.yaml").write_text(header, encoding="utf-8")
    draft = draft_of(tmp_path)
    return {s.id: [st.text for st in s.statements] for s in draft.sections}


def test_the_form_s_complaint_is_the_chief_complaint(tmp_path: Path) -> None:
    form = "- question: 哪里不舒服？\n  answer: 左膝疼\n- question: 多久了？\n  answer: 两个月\n"
    got = written(tmp_path, "医生：怎么了？\n患者：这两天有点咳嗽，左膝疼。\n", form=form)
    assert got["chief-complaint"] == ["左膝痛2个月。"]


@pytest.mark.parametrize(
    ("talk", "language", "complaint"),
    [
        ("医生：今天来看什么？\n患者：来取三个月的药。\n", "zh", "来取三个月的药。"),
        ("Doctor: What brings you in?\nPatient: My three month check.\n", "en", "My three month check."),
    ],
)
def test_a_visit_for_no_symptom_says_what_it_is_for(tmp_path: Path, talk: str, language: str, complaint: str) -> None:
    assert written(tmp_path, talk, language)["chief-complaint"] == [complaint]


def test_own_words_are_quoted_by_speaker(tmp_path: Path) -> None:
    got = written(
        tmp_path, "医生：怎么了？\n患者：头晕三天了，整个人昏戳戳的。\n患者：喝口水下去，嗓子眼那儿怪得慌。\n"
    )
    story = "".join(got["history-of-present-illness"])
    assert story.startswith("患者3天前出现头晕")
    assert "自述“" in story


def test_the_complaint_opens_the_history(tmp_path: Path) -> None:
    got = written(tmp_path, "医生：怎么了？\n患者：咳嗽三天了。\n医生：还有别的吗？\n患者：膝盖疼了二十年了。\n")
    assert got["history-of-present-illness"][0].startswith("患者3天前出现咳嗽")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_phrase_of_the_story_is_there(language: str) -> None:
    p = phrases(language)
    for key in ("hpi.told_patient", "hpi.told_companion", "marks.cut", "marks.alike", "side.organs", "course.resolved"):
        assert p.get(key) is not None


def test_what_the_patient_could_not_say_is_no_possible_symptom(tmp_path: Path) -> None:
    got = written(tmp_path, "医生：怎么了？\n患者：咳嗽三天了。\n医生：发烧吗？\n患者：不清楚，没量。\n")
    assert got["history-of-present-illness"] == ["患者3天前出现咳嗽。", "发热情况不详。"]
    assert got["chief-complaint"] == ["咳嗽3天。"]

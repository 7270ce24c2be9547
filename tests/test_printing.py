"""The printed record: findings on top, a mark for support, quotes with their place, nothing a terminal would obey."""

from __future__ import annotations

import io
import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syngraph.model import Locator, Mark, Problem, Ruler
from syngraph.pipeline import draft, read_one
from syngraph.printing import print_draft, print_reading, progress_bar, safe
from tests.encounter_maker import REPORT, TALKS, encounter, pdf
from tests.test_codec import source, whole_draft


def test_the_record_with_findings_by_severity_first(tmp_path, capsys):
    d = draft(encounter(tmp_path))
    print_draft(d)
    out = capsys.readouterr().out
    lines = out.splitlines()
    assert lines[0].startswith("[DRAFT · not signed]")
    assert "Ann Lee" in lines[0]
    assert lines[2].startswith("⛔")
    assert out.index("⛔") < out.index("⚠") < out.index("Chief complaint")
    assert "Choose: " in lines[3]
    at = 0
    for section in d.sections:
        at = out.index(f"\n{section.title}\n", at)
        for s in section.statements:
            at = out.index(s.text, at)
    assert "◆ [To confirm]" in out
    assert "○ single source" in lines[-1]
    # In a pipe: no colours, no wrapping.
    assert "\x1b" not in out
    assert "“" not in out.split("Chief complaint")[1].replace("In the patient's words: “", "")


def test_the_chinese_record_carries_its_mark(tmp_path, capsys):
    print_draft(draft(encounter(tmp_path, "zh")))
    out = capsys.readouterr().out
    assert out.startswith("[草稿 · 未经医师签名]")
    assert "请选择：" in out
    assert "〔待确认〕" in out


def test_evidence_prints_each_quote_with_its_place(tmp_path, capsys):
    print_draft(draft(encounter(tmp_path)), evidence=True)
    out = capsys.readouterr().out
    assert "“Creatinine 1.90 mg/dL 0.5-1.1”  reports/laboratory.pdf · page 1" in out
    assert "emr/record.json · Bundle.entry[1].resource" in out
    assert "preconsultation/form.yaml · " in out


def test_seconds_pages_questions_and_paths_are_places(capsys):
    print_draft(whole_draft(), evidence=True)
    out = capsys.readouterr().out
    assert "“咳嗽三天了”  consultation/talk.vtt · 0:03.2 · 第1页 · q1" in out
    assert "✗ 未能读取: a.pdf: is empty (scan it)" in out
    assert "未写入病历的内容：1 条" in out
    place = Locator(time=(75.0, 76.0), path="OBX[1]")
    d = whole_draft()
    d = replace(d, sources=(source(ruler=Ruler((Mark(start=0, end=5, locator=place),))),))
    print_draft(d, evidence=True)
    assert "talk.vtt · 1:15.0 · OBX[1]" in capsys.readouterr().out


def test_an_empty_record_says_so(capsys):
    print_draft(replace(whole_draft(), sections=(), findings=(), problems=(), left_out=()))
    out = capsys.readouterr().out
    assert "没有可写入的内容" in out
    assert "未写入" not in out


@pytest.mark.parametrize(
    ("name", "content", "word"), [("a.txt", TALKS["en"], "cough"), ("b.pdf", pdf(REPORT), "Potassium")]
)
def test_a_reading_is_its_text_and_a_table_of_facts(tmp_path, capsys, name, content, word):
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    sources, facts, _ = read_one(path)
    print_reading(sources, facts)
    out = capsys.readouterr().out
    assert out.startswith(name)
    assert sources[0].text.splitlines()[0] in out
    table = out[out.index("kind ") :].splitlines()
    assert len(table) == 1 + len(facts[sources[0].id])
    assert any(word in line for line in table[1:])


# --- what a terminal would obey ---------------------------------------------------------------------------------


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_safe_text_has_the_same_length_and_no_controls(text):
    shown = safe(text)
    assert len(shown) == len(text)
    assert safe(shown) == shown
    shown.encode("utf-8")
    for before, after in zip(text, shown, strict=True):
        if before in "\t\n" or before.isprintable():
            assert after == before
        if after != before:
            assert after == "\ufffd"
            assert not before.isprintable()


HOSTILE = "\x1b[2Jcough\u202e\x07\ud83d"


def test_control_characters_of_a_source_are_shown_not_obeyed(capsys):
    d = whole_draft()
    spoilt = replace(
        d,
        encounter=replace(d.encounter, patient=replace(d.encounter.patient, name=HOSTILE)),
        sources=(source(text=HOSTILE + " " * 10),),
        sections=tuple(
            replace(s, title=HOSTILE, statements=tuple(replace(t, text=HOSTILE) for t in s.statements)) for s in d.sections
        ),
        findings=tuple(replace(f, topic=HOSTILE, message=HOSTILE, choices=(HOSTILE,)) for f in d.findings),
        problems=(Problem(path=HOSTILE, message="m"),),
    )  # fmt: skip
    print_draft(spoilt, evidence=True)
    fact = replace(d.facts[0], concept=replace(d.facts[0].concept, text=HOSTILE))
    print_reading([source(text=HOSTILE, title=HOSTILE)], {spoilt.sources[0].id: [fact]})
    out = capsys.readouterr().out
    assert "cough" in out
    assert not {"\x1b", "\u202e", "\x07", "\ud83d"} & set(out)


# --- progress ---------------------------------------------------------------------------------------------------


def test_no_bar_in_a_pipe():
    with progress_bar("page.pdf", quiet=True) as step:
        assert step is None


def test_the_bar_counts_pages_and_seconds(monkeypatch):
    screen = io.StringIO()
    monkeypatch.setattr(screen, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm-256color")
    with progress_bar("talk.wav", quiet=False) as step:
        assert step is not None
        step(10.0, 60.0, "second")
        step(20.0, 60.0, "second")
        step(1.0, 3.0, "page")
    assert "talk.wav (seconds)" in screen.getvalue()
    assert "talk.wav (pages)" in screen.getvalue()

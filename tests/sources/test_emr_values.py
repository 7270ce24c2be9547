"""Small values, word lists, lines and document text of the EMR readers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syngraph.errors import InputError
from syngraph.model import Coding, Identity, is_date
from syngraph.sources import emr_documents
from syngraph.sources.emr_documents import bytes_text, html_text, section_id, split_document
from syngraph.sources.emr_lines import Printed, identity_line, render
from syngraph.sources.emr_sheet import Prose, Row, Sheet, build_sources
from syngraph.sources.emr_values import (
    age_duration,
    compute_flag,
    dose_in,
    iso_date,
    limits,
    many_lines,
    moment,
    one_line,
    read_flag,
    side_in,
    split_unit,
    with_unit,
)
from syngraph.sources.emr_vocabulary import (
    answer_status,
    frequency_code,
    none_of,
    relative,
    route_in,
    state,
    topic_of,
    word,
)


@pytest.mark.parametrize(
    ("raw", "date", "time"),
    [
        ("2019-05-02", "2019-05-02", None),
        ("2019-05-02T08:30:00+08:00", "2019-05-02", "08:30"),
        ("2019-05-02T08:30:00.123Z", "2019-05-02", "08:30 UTC"),
        ("2019-05-02T00:00:00+08:00", "2019-05-02", None),
        ("20190502083015.1234+0800", "2019-05-02", "08:30"),
        ("2019050208", "2019-05-02", "08:00"),
        ("201905", "2019-05", None),
        ("2019", "2019", None),
        ("19300122000000+0215", "1930-01-22", None),
        ("2026-11-01 08:30:00", "2026-11-01", "08:30"),
        ("2026/1/2", "2026-01-02", None),
        ("2026年1月2日", "2026-01-02", None),
        ("20190500", "2019-05", None),
        ("2024-13-40", None, None),
        ("2023-02-29", None, None),
        ("2024-02-29", "2024-02-29", None),
        ("0001-01-01", None, None),
        ("2019-05-02T25:00", "2019-05-02", None),
        ("last year", None, None),
        ("", None, None),
    ],
)
def test_moments(raw: str, date: str | None, time: str | None) -> None:
    assert moment(raw) == (date, time)


@given(st.text(alphabet="0123456789-T:Z+年月日/ .", max_size=22))
def test_every_date_found_is_a_date(raw: str) -> None:
    date = iso_date(raw)
    assert date is None or is_date(date)


@given(st.dates(min_value=__import__("datetime").date(1850, 1, 1), max_value=__import__("datetime").date(2200, 12, 31)))
def test_hl7_and_iso_dates_are_one(day: object) -> None:
    iso = str(day)
    assert iso_date(iso.replace("-", "")) == iso_date(iso) == iso


@given(st.text())
def test_one_line_is_one_line(text: str) -> None:
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert one_line(line) == line
    line.encode("utf-8")
    assert "\n\n" not in many_lines(text)


@pytest.mark.parametrize(
    ("value", "reference", "flag"),
    [
        ("7.10", "3.5-5.3", "high"), ("3.4", "3.5～5.3", "low"), ("3.5", "3.5--5.3", "normal"), ("4.12", "<3.40", "high"),
        ("3.40", "<3.40", "high"), ("3.40", "≤3.40", "normal"), ("60", ">60", "low"), ("60", "≥60", "normal"), ("5", "(3-9)", "normal"),
        ("5", "3 to 9 g/L", "normal"), ("-2", "-3-3", "normal"), ("阴性", "阴性", None), ("5", "阴性", None), ("<5", "3-9", None), ("5", None, None),
    ],
)  # fmt: skip
def test_flags_by_range(value: str, reference: str | None, flag: str | None) -> None:
    assert compute_flag(value, reference) == flag


@given(st.floats(-1e4, 1e4).map(lambda x: f"{x:.2f}"), st.integers(0, 500), st.integers(0, 500))
def test_flag_agrees_with_numbers(value: str, a: int, b: int) -> None:
    low, high = sorted((a, b))
    number = float(value)
    expected = "low" if number < low else "high" if number > high else "normal"
    assert compute_flag(value, f"{low}-{high}") == expected
    assert limits(f"{low}~{high}")[:2] == (low, high)


def test_small_values() -> None:
    assert read_flag(" h ") == "high"
    assert read_flag(None) is None
    assert with_unit("5", "mg") == "5 mg"
    assert with_unit("1", "片") == "1片"
    assert with_unit("1", None) == "1"
    assert age_duration("57", "岁") == "P57Y"
    assert age_duration("8", "mo") == "P8M"
    assert age_duration("many", "a") is None
    assert age_duration("5", "furlong") is None
    assert split_unit("7.10mmol/L↑") == ("7.10", "mmol/L", "↑")
    assert split_unit("152/94 mmHg") == ("152/94", "mmHg", None)
    assert split_unit("72次/分") == ("72", "次/分", None)
    assert split_unit("2B") == ("2B", None, None)
    assert split_unit("阴性") == ("阴性", None, None)


@pytest.mark.parametrize(
    ("text", "dose"),
    [("5mg 口服", "5mg"), ("0.25 g bid", "0.25 g"), ("每次1片", "1片"), ("take 1-2 tablets", "1-2 tablets"), ("一次一片", "一片"),
     ("one tablet at night", "one tablet"), ("half a tablet", "half a tablet"), ("as told", None)],
)  # fmt: skip
def test_doses(text: str, dose: str | None) -> None:
    assert dose_in(text) == dose


@pytest.mark.parametrize(
    ("text", "side"),
    [("左侧腹股沟疝", "left"), ("右膝", "right"), ("双侧", "bilateral"), ("both knees", "bilateral"), ("Left and right ear", "bilateral"),
     ("right hip", "right"), ("leftover", None), ("腹部", None)],
)  # fmt: skip
def test_sides(text: str, side: str | None) -> None:
    assert side_in(text) == side


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("qd", "qd"), ("QD", "qd"), ("q.d.", "qd"), ("每日1次", "qd"), ("每天一次", "qd"), ("1次/日", "qd"), ("once daily", "qd"),
        ("bid", "bid"), ("每日两次", "bid"), ("早晚各一次", "bid"), ("twice a day", "bid"), ("2 times daily", "bid"),
        ("tid", "tid"), ("一日三次", "tid"), ("three times a day", "tid"), ("qid", "qid"), ("four times daily", "qid"),
        ("每晚1次", "qn"), ("睡前", "qn"), ("at bedtime", "qn"), ("QHS", "qn"), ("every other day", "qod"), ("隔日一次", "qod"),
        ("每8小时一次", "q8h"), ("every 6 hours", "q6h"), ("Q4H", "q4h"), ("q12h", "q12h"), ("每周一次", "qw"), ("twice weekly", "biw"),
        ("every 2 weeks", "q2w"), ("monthly", "qm"), ("必要时", "prn"), ("as needed", "prn"), ("必要时每日两次", "bid"),
        ("every 6 hours as needed", "q6h"), ("stat", "st"), ("晨起", "qam"), ("with food", None), ("", None),
    ],
)  # fmt: skip
def test_frequencies(text: str, code: str | None) -> None:
    found = frequency_code(text)
    assert (found[0] if found else None) == code
    assert found is None or found[1] in text


def test_vocabulary() -> None:
    assert route_in("0.5g 静滴 q8h") == "静滴"
    assert route_in("Take by mouth") == "by mouth"
    assert route_in("import") is None
    assert relative([Coding(code="FTH")], "") == "father"
    assert relative([Coding(code="FTH")], "母亲") == "mother"
    assert relative([], "someone") == "family"
    assert state("medication", "nonsense") == "present"
    assert state("medication", "draft") is None
    assert topic_of([], "收缩压(mmHg)") is not None
    assert topic_of([], "Ferritin") is None
    assert none_of("allergy", [], "nobody knows") is None
    assert none_of("allergy", [], "不详") == ""
    assert answer_status("smoking", [Coding(code="8517006")], "") == "historical"
    assert answer_status("alcohol", [], "偶尔少量") == "present"
    assert answer_status("pregnancy", [], "未孕") == "absent"
    assert word("no such word", True) == ""


def test_identity_lines() -> None:
    assert (
        identity_line(Identity(name="王芳", sex="female", age="P8M", ids=("1", "2")), True)
        == "患者：王芳，女，年龄 8月龄，编号 1 2"
    )
    assert identity_line(Identity(name="Li", birth_date="1980"), False) == "Patient: Li, born 1980"
    assert identity_line(Identity(), True) == ""


def test_lines_show_what_has_no_place_of_its_own() -> None:
    row = Printed(kind="condition", name="Gout", attributes={"stage": "II"}, flag="")
    assert render(row, False) == "Condition: Gout; II"
    side = Printed(kind="procedure", name="Cataract surgery", attributes={"laterality": "left"})
    assert render(side, False) == "Procedure: Cataract surgery, left"
    kin = Printed(kind="family-history", name="痛风", subject="great-aunt", attributes={})
    assert render(kin, True) == "家族史：great-aunt：痛风"
    hurt = Printed(kind="allergy", name="虾", attributes={"severity": "very bad", "onset": "2001"}, status="uncertain")
    assert render(hurt, True) == "过敏：虾（very bad），2001起病，未证实"


def test_many_patients_get_letters() -> None:
    row = Row(kind="condition", name="Gout", path="x")
    sources = build_sources([Sheet(items=(row,))] * 30, source_id=__import__("syngraph.model", fromlist=["SourceId"]).SourceId("s1"), path="emr/a", sha256="0")  # fmt: skip
    assert [sources[n].id for n in (0, 1, 2, 26, 27)] == ["s1", "s1b", "s1c", "s1aa", "s1ab"]
    assert len({s.id for s in sources}) == 30


def test_repeated_prose_counts_once() -> None:
    prose = Prose(text="Seen.\n\nWell.", path="p", heading="Note", title="Story")
    (source,) = build_sources([Sheet(items=(prose, prose))], source_id="s1", path="emr/a", sha256="0")  # type: ignore[arg-type]
    assert source.text == "Note\nStory: Seen.\nWell."


def test_html() -> None:
    assert html_text("a<br>b<p>c &lt; d</p>\n e<style>x</style><ul><li>f</ul>") == "a\nb\nc < d\ne\nf"
    assert html_text("<table><tr><th>a</th><th></th></tr></table>") == "a"
    assert html_text("<![if x") != "never raises"


@given(st.text(alphabet="<>!-[]/ap &;\"'=\n", max_size=40))
def test_html_never_raises(text: str) -> None:
    html_text(text)


def test_pdf_attachments() -> None:
    pdf = _pdf(b"BT /F1 12 Tf 50 100 Td (Normal chest film) Tj ET")
    assert bytes_text(pdf, "application/pdf", max_pages=5) == "Normal chest film"
    with pytest.raises(InputError, match="no text layer"):
        bytes_text(_pdf(b""), "application/pdf", max_pages=5)
    with pytest.raises(InputError, match="can't be opened"):
        bytes_text(b"%PDF-1.4 broken", "application/pdf", max_pages=5)


def _pdf(content: bytes) -> bytes:
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, offsets = b"%PDF-1.4\n", []
    for n, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (n, body)
    table = b"".join(b"%010d 00000 n \n" % o for o in offsets)
    return out + b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        table,
        len(out),
    )


def test_sections(monkeypatch: pytest.MonkeyPatch) -> None:
    table = {"主诉": "chief-complaint", "现病史": "history-of-present-illness", "Past medical history": "past-history"}
    monkeypatch.setattr(emr_documents, "_sections", lambda: (table.get, {"x": "plan"}.get))
    assert section_id("主诉") == "chief-complaint"
    assert section_id("anything", "x") == "plan"
    assert section_id(None) is None
    text = "入院记录\n【主诉】咳嗽3天\n二、现病史：受凉后起病；体温：38.5℃。\nPast medical history\nGout.\nAsthma."
    got = [(p.heading, p.title, p.section, p.text) for p in split_document(text, path="p", heading="H", date=None)]
    assert got == [
        ("H", "", None, "入院记录"),
        ("", "主诉", "chief-complaint", "【主诉】咳嗽3天"),
        ("", "现病史", "history-of-present-illness", "二、现病史：受凉后起病；体温：38.5℃。"),
        ("", "Past medical history", "past-history", "Past medical history: Gout.\nAsthma."),
    ]


@given(st.lists(st.sampled_from(["主诉：", "【现病史】", "咳嗽", "。", "\n", "x", "一、", " "]), max_size=25))
def test_splitting_loses_no_text(parts: list[str]) -> None:
    text = "".join(parts)
    pieces = split_document(text, path="p", date=None)
    assert "".join("".join(p.text.split()) for p in pieces).count("咳嗽") == text.count("咳嗽")


@pytest.mark.parametrize(
    ("text", "code"),
    [("BID twice daily", "bid"), ("QD 每日1次", "qd"), ("TID three times daily", "tid"), ("Max daily dose 8", None)],
)
def test_a_longer_spelling_is_not_cut_to_once_daily(text: str, code: str | None) -> None:
    from syngraph.sources.emr_vocabulary import frequency_code

    found = frequency_code(text)
    assert (found[0] if found else None) == code

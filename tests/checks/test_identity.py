from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syngraph.checks.identity import check_identity, compare_identity
from syngraph.checks.names import compare_names
from syngraph.model import Encounter, Identity, Patient, Source, SourceId


def source(n=0, kind="report", text="姓名：某某 性别：某\n正文", **identity):
    return Source(id=SourceId(f"s{n}"), kind=kind, path=f"reports/{n}.jpg", sha256="0" * 64, text=text,
                  identity=Identity(**identity, start=0, end=5) if identity else None, recorded="2026-10-30")  # fmt: skip


def encounter(language="zh", name="王芳", sex="female", birth="1984-03-02"):
    return Encounter(id="e", language=language, start=datetime(2026, 11, 20, 9, tzinfo=timezone(timedelta(hours=8))),
                     patient=Patient(id="P001", name=name, sex=sex, birth_date=birth))  # fmt: skip


def verdict(identity, **who):
    findings, excluded = check_identity([source(**identity)], encounter(**who))
    if excluded:
        assert [f.severity for f in findings] == ["blocking"]
        return "exclude"
    return "warn" if findings else "pass"


@pytest.mark.parametrize(("identity", "expected"), [
    ({}, "pass"),
    ({"name": "王芳", "sex": "female", "age": "P42Y"}, "pass"),
    ({"name": "王芳", "age": "P43Y"}, "pass"),
    ({"name": "王 芳 女士"}, "pass"),
    ({"name": "王*"}, "pass"),
    ({"name": "王某某"}, "pass"),
    ({"name": "WANG FANG"}, "pass"),
    ({"name": "WANG FANG", "sex": "male"}, "exclude"),
    ({"name": "李强"}, "exclude"),
    ({"name": "李芳", "sex": "female", "age": "P42Y"}, "exclude"),
    ({"name": "王芳", "sex": "male"}, "exclude"),
    ({"name": "王芳", "birth_date": "1984-03-02"}, "pass"),
    ({"name": "王芳", "birth_date": "1984-03"}, "pass"),
    ({"name": "王芳", "birth_date": "1984-03-07"}, "warn"),
    ({"name": "王芳", "birth_date": "1951-12-24"}, "exclude"),
    ({"name": "王芳", "age": "P44Y"}, "pass"),
    ({"name": "王芳", "age": "P45Y"}, "warn"),
    ({"name": "王芳", "age": "P47Y"}, "warn"),
    ({"name": "王芳", "age": "P71Y"}, "exclude"),
    ({"age": "P71Y"}, "exclude"),
    ({"age": "P42Y", "sex": "female"}, "pass"),
    ({"name": "王秀芳", "birth_date": "1984-03-02"}, "warn"),
    ({"name": "李强", "ids": ("P001",)}, "warn"),
    ({"name": "王芳", "ids": ("00982131",)}, "pass"),
    ({"ids": ("00982131",)}, "pass"),
    ({"name": "无名氏", "sex": "female"}, "pass"),
])  # fmt: skip
def test_policy(identity, expected):
    assert verdict(identity) == expected


@pytest.mark.parametrize(("identity", "expected"), [
    ({"name": "张伟民", "age": "P42Y", "sex": "female"}, "warn"),
    ({"name": "张伟民", "birth_date": "1984-03-02"}, "warn"),
    ({"name": "张伟民"}, "exclude"),
    ({"name": "张伟民", "age": "P30Y"}, "exclude"),
    ({"name": "張偉明"}, "pass"),
])  # fmt: skip
def test_one_character_misread(identity, expected):
    assert verdict(identity, name="张伟明") == expected


@pytest.mark.parametrize(("printed", "expected"), [
    ("SMITH, JOHN", "match"), ("Smith John", "match"), ("Mr. John Smith", "match"), ("John A. Smith", "match"),
    ("J. Smith", "match"), ("Smith^John^Albert", "match"), ("JohnSmith", "match"), ("Johan Smith", "near"), ("Rob Smith", "differ"),
    ("John Smyth", "near"), ("Mary Smith", "differ"), ("John Brown", "differ"), ("王芳", "unknown"), ("", "unknown"),
    ("王芳 John Smith", "match"), ("Unknown", "unknown"),
])  # fmt: skip
def test_latin_names(printed, expected):
    assert compare_names(printed, "John Smith") == expected


def test_a_child_by_months():
    assert verdict({"name": "小宝", "age": "P8M"}, name="小宝", birth="2026-03-15") == "pass"
    assert verdict({"age": "P9Y"}, name="小宝", birth="2026-03-15") == "exclude"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_finding_names_both_sides_and_shows_the_header(language):
    findings, excluded = check_identity([source(7, name="李强", sex="male", age="P71Y")], encounter(language))
    assert excluded == {"s7"}
    (found,) = findings
    assert found.kind == "identity-mismatch"
    assert "李强" in found.message
    assert "71" in found.message
    assert "王芳" in found.message
    assert "reports/7.jpg" in found.message
    assert (found.evidence[0].source, found.evidence[0].start, found.evidence[0].end) == ("s7", 0, 5)
    assert found.choices


def test_without_a_header_range_the_first_line_is_shown():
    one = Source(
        id=SourceId("s"), kind="emr", path="a", sha256="0" * 64, text="Li Qiang\nx", identity=Identity(name="李强")
    )
    (found,), _ = check_identity([one], encounter())
    assert found.evidence[0].end == len("Li Qiang")
    empty = Source(id=SourceId("s"), kind="emr", path="a", sha256="0" * 64, text="", identity=Identity(name="李强"))
    (found,), _ = check_identity([empty], encounter())
    assert found.evidence == ()


def test_nothing_known_of_the_patient_compares_with_nothing():
    assert verdict({"name": "王芳", "sex": "male", "age": "P71Y"}, sex="unknown", birth=None) == "pass"


def test_each_source_by_itself():
    rows = [source(1, name="王芳"), source(2, name="李强"), source(3)]
    findings, excluded = check_identity(rows, encounter())
    assert excluded == {"s2"}
    assert len(findings) == 1


HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=4)
LATIN = st.lists(st.text("abcdefghijklmnopqrstuvwxyz", min_size=2, max_size=8), min_size=2, max_size=3).map(" ".join)


@given(st.one_of(HAN, LATIN), st.one_of(HAN, LATIN))
def test_comparing_names_is_symmetric(a, b):
    assert compare_names(a, b) == compare_names(b, a)


@given(LATIN)
def test_order_case_and_comma_never_matter(name):
    words = name.split()
    assert compare_names(f"{words[-1].upper()}, {' '.join(words[:-1])}", name) in ("match", "unknown")


@pytest.mark.parametrize(
    ("printed", "read_as", "expected"),
    [("05/12/1941", "1941-05-12", "match"), ("12.5.1941", "1941-05-12", "match"), ("1941-05-12", "1941-05-12", "near")],
)
def test_a_birthday_in_figures_that_reads_both_ways_is_the_same(printed, read_as, expected):
    text = f"Patient: Edith Holloway  DOB: {printed}"
    source = Source(
        id=SourceId("s1"), kind="report", path="r.pdf", sha256="0", text=text,
        identity=Identity(name="Edith Holloway", birth_date=read_as, start=0, end=len(text)),
    )  # fmt: skip
    assert compare_identity(source, encounter("en", "Edith Holloway", birth="1941-12-05"))["birth"] == expected

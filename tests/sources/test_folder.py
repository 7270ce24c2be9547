from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syngraph.errors import InputError
from syngraph.sources.folder import MAX_HEADER_BYTES, iso_date, list_files, read_header
from syngraph.sources.plain import decode_text, is_chinese, parse_json, parse_yaml

GOOD = """\
id: enc-1
language: zh
template: zh-admission
department: 呼吸内科
start: 2026-11-20T09:30:00+08:00
patient:   {id: "0012", name: 王芳, sex: 女, birth_date: 1984-03-02}
clinician: {id: D12, name: 李强}
"""


def folder(tmp_path: Path, header: str | bytes = GOOD, name: str = "encounter.yaml") -> Path:
    data = header.encode() if isinstance(header, str) else header
    (tmp_path / name).write_bytes(data)
    return tmp_path


def put(root: Path, *names: str) -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"x")
    return root


def test_header_is_read_as_written(tmp_path: Path) -> None:
    encounter, problems = read_header(folder(tmp_path))
    assert problems == ()
    assert (encounter.id, encounter.language, encounter.template) == ("enc-1", "zh", "zh-admission")
    assert encounter.start.isoformat() == "2026-11-20T09:30:00+08:00"
    assert encounter.start.utcoffset() == timedelta(hours=8)
    assert (encounter.patient.id, encounter.patient.sex, encounter.patient.birth_date) == (
        "0012",
        "female",
        "1984-03-02",
    )
    assert (encounter.clinician_id, encounter.clinician_name, encounter.department) == ("D12", "李强", "呼吸内科")


def test_json_header(tmp_path: Path) -> None:
    raw = {
        "language": "en-GB",
        "start": "2026-11-20T09:30:00Z",
        "patient": {"id": 12, "name": "Ann Lee", "sex": "F", "birth_date": "1984-03"},
        "clinician": "Dr. Day",
    }
    encounter, problems = read_header(folder(tmp_path, json.dumps(raw), "encounter.json"))
    assert problems == ()
    assert (encounter.patient.id, encounter.patient.birth_date, encounter.language) == ("12", "1984-03", "en")
    assert encounter.id == tmp_path.name
    assert encounter.clinician_name == "Dr. Day"


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("language: zh\n", "names no patient"),
        ("patient: {id: P1}\n", "no name"),
        ("patient: {name: A}\n", "no id"),
        ("patient: {}\n", "no id and name"),
        ("- a\n", "key: value"),
        ("patient: [\n", "not YAML (line"),
        ("a: &x [1]\nb: *x\n", "aliases"),
        ("--- 1\n--- 2\n", "not YAML"),
        ("? [a]\n: b\n", "not YAML"),
        (b"\xff\xfe\x00", "text"),
    ],
)
def test_headers_that_name_no_patient_give_one_line(tmp_path: Path, header: str | bytes, says: str) -> None:
    with pytest.raises(InputError) as caught:
        read_header(folder(tmp_path, header))
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "encounter.yaml" in str(caught.value)


def test_yaml_errors_do_not_quote_the_patient(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_header(folder(tmp_path, "patient: {id: P1, name: 王芳 [}"))
    assert "王芳" not in str(caught.value)


def test_missing_folder_file_and_header(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        read_header(tmp_path / "nowhere")
    with pytest.raises(InputError, match="has no encounter"):
        read_header(tmp_path)
    (tmp_path / "f").write_text("x")
    with pytest.raises(InputError, match="is a file"):
        read_header(tmp_path / "f")


def test_header_larger_than_a_megabyte_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="larger than 1 MB"):
        read_header(folder(tmp_path, "#" * (MAX_HEADER_BYTES + 1)))


def test_alias_bomb_is_refused_at_once(tmp_path: Path) -> None:
    bomb = "a: &a [x,x]\n" + "".join(f"{c}: &{c} [*{p},*{p}]\n" for p, c in zip("abcdefgh", "bcdefghi", strict=True))
    with pytest.raises(InputError, match="aliases"):
        read_header(folder(tmp_path, bomb))


@pytest.mark.parametrize(
    ("line", "says", "start"),
    [
        ("start: 2026-11-20T09:30:00", "no offset", datetime(2026, 11, 20, 9, 30, tzinfo=UTC)),
        ("start: 2026-11-20", "no offset", datetime(2026, 11, 20, tzinfo=UTC)),
        ("start: 2026-11-20 09:30:00 +08:00", None, datetime(2026, 11, 20, 1, 30, tzinfo=UTC)),
        ("start: soon", "not a time", None),
        ("x: y", "has no start", None),
    ],
)
def test_start(tmp_path: Path, line: str, says: str | None, start: datetime | None) -> None:
    encounter, problems = read_header(folder(tmp_path, f"language: zh\npatient: {{id: P1, name: 王芳}}\n{line}\n"))
    assert [says in p.line for p in problems] == [True] if says else not problems
    assert encounter.start.tzinfo is not None
    if start:
        assert encounter.start == start


@pytest.mark.parametrize(("word", "sex"), [("女", "female"), ("Male", "male"), ("M", "male"), ("其他", "other")])
def test_sexes(tmp_path: Path, word: str, sex: str) -> None:
    text = f"language: en\nstart: 2026-11-20T09:30:00Z\npatient: {{id: P1, name: A, sex: {word}}}\n"
    encounter, problems = read_header(folder(tmp_path, text))
    assert (encounter.patient.sex, problems) == (sex, ())


def test_unclear_values_are_problems_and_the_rest_is_used(tmp_path: Path) -> None:
    text = "language: fr\nstart: 2026-11-20T09:30:00Z\npatient: {id: P1, name: 王芳, sex: x, birth_date: 1984-13-01}\n"
    encounter, problems = read_header(folder(tmp_path, text))
    assert encounter.language == "zh"
    assert encounter.patient.sex == "unknown"
    assert encounter.patient.birth_date is None
    assert len(problems) == 3
    assert all(p.advice and p.path == "encounter.yaml" for p in problems)


def test_language_is_guessed_from_the_patient(tmp_path: Path) -> None:
    encounter, problems = read_header(folder(tmp_path, "start: 2026-11-20T09:30:00Z\npatient: {id: P1, name: Ann}\n"))
    assert encounter.language == "en"
    assert "no language" in problems[0].message


def test_gb18030_and_utf16_headers(tmp_path: Path) -> None:
    for encoding in ("gb18030", "utf-16", "utf-8-sig"):
        encounter, problems = read_header(folder(tmp_path, GOOD.encode(encoding)))
        assert (encounter.patient.name, problems) == ("王芳", ())


def test_two_headers_are_noticed(tmp_path: Path) -> None:
    put(folder(tmp_path), "encounter.json")
    assert "more than one" in read_header(tmp_path)[1][0].message


def test_files_by_source_and_sorted(tmp_path: Path) -> None:
    put(
        folder(tmp_path),
        "emr/b.hl7",
        "emr/A.JSON",
        "Reports/2.JPG",
        "Reports/1.pdf",
        "consultation/talk.vtt",
        "consultation/talk.m4a",
        "preconsultation/form.yaml",
        "consultation/day1/second.txt",
        ".DS_Store",
        "emr/.hidden.json",
        "Thumbs.db",
    )
    files, problems = list_files(tmp_path)
    assert problems == ()
    assert [(k, p.relative_to(tmp_path).as_posix().lower()) for k, p in files] == [
        ("preconsultation", "preconsultation/form.yaml"),
        ("consultation", "consultation/day1/second.txt"),
        ("consultation", "consultation/talk.m4a"),
        ("consultation", "consultation/talk.vtt"),
        ("report", "reports/1.pdf"),
        ("report", "reports/2.jpg"),
        ("emr", "emr/A.JSON".lower()),
        ("emr", "emr/b.hl7"),
    ]


def test_what_belongs_nowhere_is_named_with_reason_and_advice(tmp_path: Path) -> None:
    put(folder(tmp_path), "notes.txt", "misc/a.jpg", "reports/talk.mp3", "emr/README", "reports/ok.png")
    files, problems = list_files(tmp_path)
    assert [p.name for _, p in files] == ["ok.png"]
    assert {p.path for p in problems} == {"notes.txt", "misc", "reports/talk.mp3", "emr/README"}
    assert all(p.message and p.advice for p in problems)
    assert "consultation/" in next(p.advice for p in problems if p.path == "reports/talk.mp3")


def test_an_empty_encounter_is_said_to_be_empty(tmp_path: Path) -> None:
    files, problems = list_files(folder(tmp_path))
    assert files == []
    assert "no file of any source" in problems[0].message


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    put(secret, "a.json", "d/b.json")
    root = folder(put(tmp_path / "enc", "emr/own.json"))
    (root / "emr/out.json").symlink_to(secret / "a.json")
    (root / "emr/folder").symlink_to(secret / "d")
    (root / "emr/gone.json").symlink_to(root / "nothing")
    (root / "emr/inside.json").symlink_to(root / "emr/own.json")
    (root / "reports").symlink_to(secret)
    files, problems = list_files(root)
    assert [p.name for _, p in files] == ["inside.json", "own.json"]
    assert {p.path for p in problems} == {"emr/out.json", "emr/folder", "emr/gone.json", "reports"}


def test_deep_folders_pipes_and_odd_names(tmp_path: Path) -> None:
    root = folder(put(tmp_path / "e", "emr/1/2/3/4/5/deep.json"))
    os.mkfifo(root / "emr/pipe.json")
    (root / "bad\nname").write_text("x")
    files, problems = list_files(root)
    assert files == []
    messages = {p.path: p.message for p in problems}
    assert messages["emr/pipe.json"] == "is not a regular file"
    assert any("deeply" in m for m in messages.values())
    assert all("\n" not in p.line for p in problems)


def test_unreadable_folder_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(folder(tmp_path), "emr/a.json", "consultation/t.txt")
    real = Path.iterdir

    def denied(self: Path):  # type: ignore[no-untyped-def]
        if self.name == "emr":
            raise PermissionError(13, "Permission denied")
        return real(self)

    monkeypatch.setattr(Path, "iterdir", denied)
    files, problems = list_files(tmp_path)
    assert [p.name for _, p in files] == ["t.txt"]
    assert "Permission denied" in problems[0].message


def test_unreadable_header_is_an_input_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(self: Path, *_: object) -> None:
        raise PermissionError(13, "Permission denied")

    folder(tmp_path)
    monkeypatch.setattr(Path, "open", denied)
    with pytest.raises(InputError, match="Permission denied"):
        read_header(tmp_path)


@given(st.dates())
def test_every_day_comes_back_in_every_spelling(day) -> None:  # type: ignore[no-untyped-def]
    iso = day.isoformat()
    for text in (iso, iso.replace("-", "/"), iso.replace("-", "."), iso.replace("-", "")):
        assert iso_date(text) == iso
    assert iso_date(f"{day.year:04}年{day.month}月{day.day}日") == iso
    assert iso_date(f"{day.year:04}-{day.month:02}") == iso[:7]


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp"]), min_size=1))
def test_utf8_and_utf16_decode_to_the_same(text: str) -> None:
    assert decode_text(text.encode("utf-8-sig")) == text
    assert decode_text(text.encode("utf-16")) == text


@given(st.binary(max_size=300))
def test_any_bytes_give_text_or_an_input_error(data: bytes) -> None:
    try:
        text = decode_text(data)
    except InputError:
        return
    assert "\x00" not in text
    for parse in (parse_json, parse_yaml):
        try:
            parse(text)
        except InputError:
            continue


def test_encodings_by_their_bytes() -> None:
    assert decode_text("患者：头疼，三天了".encode("gb18030")) == "患者：头疼，三天了"
    assert decode_text("I’m fine – café".encode("cp1252")) == "I’m fine – café"
    assert decode_text("Doctor: hi\r\nyes".encode("utf-16-le")) == "Doctor: hi\nyes"
    assert decode_text("Doctor: hi".encode("utf-16-be")) == "Doctor: hi"
    assert decode_text("hé".encode("utf-32")) == "hé"
    with pytest.raises(InputError, match="not text"):
        decode_text(bytes(range(256)))


def test_numbers_stay_as_written() -> None:
    assert parse_json('{"a": 7.10, "b": 1e400}') == {"a": "7.10", "b": "1e400"}
    assert parse_yaml("a: 7.10\nb: no\nc: 0012\nd: 2026-11-20") == {
        "a": "7.10",
        "b": "no",
        "c": "0012",
        "d": "2026-11-20",
    }
    with pytest.raises(InputError, match="NaN"):
        parse_json("[NaN]")
    with pytest.raises(InputError, match="deeply"):
        parse_json("[" * 100_000)
    with pytest.raises(InputError, match="deeply"):
        parse_yaml("[" * 5000)


def test_language_of_a_text() -> None:
    assert is_chinese("HbA1c 高")
    assert not is_chinese("Any 痛 in the chest, or somewhere else entirely?")
    assert not is_chinese("")

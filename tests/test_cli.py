"""The commands as the contract has them: what they print, what they write, how they end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from syngraph import __version__, cli
from syngraph.checks.draft_rules import violations
from syngraph.cli import main
from tests.encounter_maker import HEADERS, TALKS, encounter, write


def run(capsys, *words) -> tuple[int, str, str]:
    status = main([str(w) for w in words])
    out, err = capsys.readouterr()
    return status, out, err


# --- draft ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
def test_draft_prints_the_record(tmp_path, capsys, language):
    status, out, err = run(capsys, "draft", encounter(tmp_path, language))
    assert (status, err) == (0, "")
    assert ("主诉" if language == "zh" else "Chief complaint") in out
    assert ("草稿" if language == "zh" else "DRAFT") in out.splitlines()[0]


def test_draft_json_prints_one_document_a_line(tmp_path, capsys):
    folders = [encounter(tmp_path / "a"), encounter(tmp_path / "b", "zh")]
    status, out, err = run(capsys, "draft", *folders, "--json")
    assert (status, err) == (0, "")
    drafts = [json.loads(line) for line in out.splitlines()]
    assert [d["encounter"] for d in drafts] == ["enc-en", "enc-zh"]
    assert all(d["format"] == "syngraph-draft/1" and violations(d) == [] for d in drafts)
    assert "青霉素" in out  # not escaped


def test_draft_out_writes_a_file_named_like_each_folder(tmp_path, capsys, monkeypatch):
    encounter(tmp_path / "a")
    encounter(tmp_path / "b", "zh")
    out = tmp_path / "deep" / "out"
    monkeypatch.chdir(tmp_path / "b")
    status, printed, _ = run(capsys, "draft", tmp_path / "a", ".", "--out", out)
    assert status == 0
    assert sorted(p.name for p in out.iterdir()) == ["a.json", "b.json"]
    assert printed.split() == [str(out / "a.json"), str(out / "b.json")]
    assert json.loads((out / "b.json").read_text(encoding="utf-8"))["encounter"] == "enc-zh"
    status, printed, _ = run(capsys, "draft", tmp_path / "a", "--out", out, "--json")
    assert json.loads(printed) == json.loads((out / "a.json").read_text(encoding="utf-8"))


def test_draft_language_template_and_evidence(tmp_path, capsys):
    folder = encounter(tmp_path, "zh")
    _, out, _ = run(capsys, "draft", folder, "--language", "en", "--template", "en-soap", "--json")
    data = json.loads(out)
    assert (data["language"], data["template"]) == ("en", "en-soap")
    assert any(s["title"].startswith("Subjective") for s in data["sections"])
    _, plain, _ = run(capsys, "draft", folder)
    _, quoted, _ = run(capsys, "draft", folder, "--evidence")
    assert "emr/record.json · " in quoted
    assert "emr/record.json · " not in plain


def test_status_1_where_a_file_could_not_be_read_and_stderr_names_it(tmp_path, capsys):
    folder = encounter(tmp_path / "visit", more={"emr/torn.json": "{"})
    status, out, err = run(capsys, "draft", folder)
    assert status == 1
    assert err.count("\n") == 1
    assert f"syngraph: {folder}: emr/torn.json: " in err
    assert "Not read: emr/torn.json" in out
    status, out, _ = run(capsys, "draft", folder, "--json")
    assert status == 1
    assert json.loads(out)["problems"][0]["path"] == "emr/torn.json"


def test_status_2_where_a_folder_could_not_be_drafted_and_the_others_are(tmp_path, capsys):
    good = encounter(tmp_path / "good")
    torn = encounter(tmp_path / "torn", more={"emr/torn.json": "{"})
    status, out, err = run(capsys, "draft", tmp_path / "gone", torn, good, "--json")
    assert status == 2
    assert len(out.splitlines()) == 2
    assert "gone: there is no such folder" in err


@pytest.mark.parametrize("words", [["--template", "nope"], ["--jobs", "0"]])
def test_what_was_asked_for_wrongly_is_status_2(tmp_path, capsys, words):
    status, out, err = run(capsys, "draft", encounter(tmp_path), *words)
    assert (status, out) == (2, "")
    assert err.startswith("syngraph: ")


@pytest.mark.parametrize(
    "words", [[], ["draft"], ["fly"], ["draft", "x", "--language", "fr"], ["draft", "x", "--jobs", "two"]]
)
def test_a_command_that_does_not_parse_is_status_2(capsys, words):
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert "usage: syngraph" in capsys.readouterr().err


def test_two_folders_of_one_name_are_not_written_over_each_other(tmp_path, capsys):
    folders = [encounter(tmp_path / "a" / "visit"), encounter(tmp_path / "b" / "visit")]
    status, _, err = run(capsys, "draft", *folders, "--out", tmp_path / "out")
    assert status == 2
    assert "two encounters are named visit" in err
    assert not (tmp_path / "out").exists()


def test_an_out_that_cannot_be_written(tmp_path, capsys):
    folder = encounter(tmp_path / "visit")
    (tmp_path / "file").write_text("x", encoding="utf-8")
    status, _, err = run(capsys, "draft", folder, "--out", tmp_path / "file")
    assert status == 2
    assert "can't be made a folder" in err
    (tmp_path / "out" / "visit.json").mkdir(parents=True)
    status, _, err = run(capsys, "draft", folder, "--out", tmp_path / "out")
    assert status == 2
    assert "can't be written" in err


def test_jobs_give_the_same_files(tmp_path, capsys):
    folders = [encounter(tmp_path / "a"), encounter(tmp_path / "b", "zh")]
    texts = []
    for jobs in ("1", "2"):
        run(capsys, "draft", *folders, "--out", tmp_path / jobs, "--jobs", jobs)
        drafts = [json.loads(p.read_text(encoding="utf-8")) for p in sorted((tmp_path / jobs).iterdir())]
        for d in drafts:
            del d["provenance"]["created"]
        texts.append(drafts)
    assert texts[0] == texts[1]


# --- read -------------------------------------------------------------------------------------------------------


def test_read_prints_text_and_facts(tmp_path, capsys):
    folder = encounter(tmp_path)
    status, out, err = run(capsys, "read", folder / "consultation" / "talk.txt", folder / "reports" / "laboratory.pdf")
    assert (status, err) == (0, "")
    assert "Any fever?" in out
    assert "Potassium" in out


def test_read_json_is_one_document_a_file_in_the_drafts_terms(tmp_path, capsys):
    folder = encounter(tmp_path)
    files = sorted(p for p in folder.rglob("*.*") if p.parent != folder and p.is_file())
    status, out, _ = run(capsys, "read", *files, "--json")
    assert status == 0
    rows = [json.loads(line) for line in out.splitlines()]
    assert [r["source"]["path"] for r in rows] == [f.name for f in files]
    for r in rows:
        assert set(r) == {"source", "evidence", "facts", "problems"}
        assert r["facts"]
        for e in r["evidence"]:
            start, end = e["anchor"]["text"]
            assert r["source"]["text"][start:end] == e["quote"]


def test_read_takes_the_kind_it_is_given(tmp_path, capsys):
    path = write(tmp_path, {"a.json": json.dumps([{"speaker": "patient", "text": "I have a cough."}])}) / "a.json"
    assert json.loads(run(capsys, "read", path, "--json", "--language", "en")[1])["source"]["kind"] == "consultation"
    status, out, err = run(capsys, "read", path, "--kind", "emr", "--json")
    assert status == 2
    assert json.loads(out)["source"] is None
    assert "a.json" in err


def test_read_goes_on_after_a_file_that_it_cannot_open(tmp_path, capsys):
    folder = encounter(tmp_path)
    status, out, err = run(capsys, "read", tmp_path / "gone.txt", folder / "consultation" / "talk.txt")
    assert status == 2
    assert "gone.txt: can't be opened" in err
    assert "Any fever?" in out


def test_read_status_1_where_only_part_could_be_read(tmp_path, capsys):
    text = '{"resourceType": "Condition", "code": {"text": "Asthma"}, "subject": {"reference": "Patient/1"}}\n{broken\n'
    path = write(tmp_path, {"a.ndjson": text}) / "a.ndjson"
    status, out, err = run(capsys, "read", path)
    assert status == 1
    assert "Asthma" in out
    assert "a.ndjson" in err


# --- check ------------------------------------------------------------------------------------------------------


@pytest.fixture
def drafted(tmp_path, capsys):
    run(capsys, "draft", encounter(tmp_path / "visit"), "--out", tmp_path)
    return tmp_path / "visit.json"


def mutate(path: Path, change) -> Path:
    data = json.loads(path.read_text(encoding="utf-8"))
    change(data)
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return path


def statement(data, part: str):
    return next(s for sec in data["sections"] for s in sec["statements"] if part in s["text"])


def test_check_passes_what_draft_wrote(drafted, capsys):
    status, out, err = run(capsys, "check", drafted)
    assert (status, err) == (0, "")
    assert out == "1 draft: all four rules hold\n"
    status, out, _ = run(capsys, "check", drafted, drafted)
    assert out == "2 drafts: all four rules hold\n"


def _digit(data):
    row = statement(data, "138/86")
    row["text"] = row["text"].replace("138", "139")


def _negation(data):
    row = statement(data, "Denies fever")
    row["text"] = row["text"].replace("Denies fever", "Reports fever")


def _unit(data):
    row = statement(data, "5 mg")
    row["text"] = row["text"].replace("5 mg", "5 g")


def _drug(data):
    row = statement(data, "mlodipine")
    row["text"] = row["text"].replace("mlodipine", "torvastatin")


def _no_evidence(data):
    statement(data, "Denies fever")["evidence"] = []


def _quote(data):
    data["evidence"][0]["quote"] += "x"


def _offset(data):
    data["evidence"][0]["anchor"]["text"][0] += 1


def _stranger(data):
    [report] = [s["id"] for s in data["sources"] if s["kind"] == "report"]
    evidence = [e["id"] for e in data["evidence"] if e["source"] == report]
    data["findings"].append({
        "id": "x99", "kind": "identity-mismatch", "severity": "blocking", "topic": "t", "message": "m", "facts": [],
        "evidence": evidence[:1],
    })  # fmt: skip


def _signed(data):
    data["status"] = "signed"


@pytest.mark.parametrize(
    ("change", "rule"),
    [(_digit, 2), (_negation, 2), (_unit, 2), (_drug, 2), (_no_evidence, 1), (_quote, 1), (_offset, 1), (_stranger, 3), (_signed, 4)],
)  # fmt: skip
def test_check_finds_each_broken_rule(drafted, capsys, change, rule):
    status, out, _ = run(capsys, "check", mutate(drafted, change))
    assert status == 1
    assert f"{drafted}: rule {rule}: " in out


def test_check_names_each_bad_draft_among_good_ones(drafted, tmp_path, capsys):
    torn = write(tmp_path, {"torn.json": "{"}) / "torn.json"
    status, out, _ = run(capsys, "check", drafted, torn, tmp_path / "gone.json")
    assert status == 1
    assert out.splitlines() == [
        f"{torn}: can't be read: not JSON in UTF-8",
        f"{tmp_path / 'gone.json'}: can't be read: No such file or directory",
    ]


# --- doctor, template, bench ------------------------------------------------------------------------------------


def test_doctor(capsys):
    status, out, _ = run(capsys, "doctor")
    assert status == 0
    assert "terminology" in out
    rows = json.loads(run(capsys, "doctor", "--json")[1])
    assert all(set(r) == {"name", "ok", "found", "advice", "required"} for r in rows)


def test_doctor_status_1_where_something_needed_is_missing(capsys, monkeypatch):
    from syngraph.diagnosis import Row

    monkeypatch.setattr("syngraph.diagnosis.examine", lambda: (Row(name="x", ok=False, found="none", required=True),))
    assert run(capsys, "doctor")[0] == 1


def test_template_list_names_the_six_of_the_contract(capsys):
    status, out, _ = run(capsys, "template", "list")
    assert status == 0
    ids = [line.split()[0] for line in out.splitlines()]
    assert set(ids) >= {
        "zh-outpatient-initial", "zh-outpatient-followup", "zh-admission", "zh-online-consultation", "en-consultation", "en-soap",
    }  # fmt: skip
    assert "主诉" in out
    assert "Chief complaint" in out


def test_bench(monkeypatch):
    monkeypatch.setattr("syngraph.speed.bench_speed", lambda *, as_json: 0 if as_json else 1)
    assert main(["bench", "speed"]) == 1
    assert main(["bench", "speed", "--json"]) == 0


# --- start, pipes, faults ---------------------------------------------------------------------------------------

HEAVY = (
    "numpy",
    "onnxruntime",
    "rapidocr",
    "rich",
    "yaml",
    "PIL",
    "ahocorasick",
    "faster_whisper",
    "av",
    "syngraph.pipeline",
)


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["draft", "--help"]])
def test_help_imports_nothing_heavy(words):
    code = (
        "import sys\nfrom syngraph.cli import main\n"
        "try:\n    main(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_version(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"syngraph {__version__}\n"


def syngraph(*words, **more) -> subprocess.CompletedProcess[bytes]:
    env = {**os.environ, **more}
    return subprocess.run(
        [sys.executable, "-m", "syngraph.cli", *map(str, words)], capture_output=True, env=env, check=False
    )


def test_a_pipe_gets_utf_8_whatever_the_locale_says(tmp_path):
    done = syngraph("draft", encounter(tmp_path, "zh"), "--json", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == 0
    assert json.loads(done.stdout.decode("utf-8"))["language"] == "zh"


def test_half_a_character_in_a_source_is_written_as_valid_utf_8(tmp_path, capsys):
    talk = '[{"speaker": "patient", "text": "I have had a cough \\ud83d for three days."}]'
    folder = write(tmp_path / "visit", {"encounter.yaml": HEADERS["en"], "consultation/talk.json": talk})
    assert run(capsys, "draft", folder, "--out", tmp_path)[0] == 0
    data = json.loads((tmp_path / "visit.json").read_text(encoding="utf-8"))
    assert violations(data) == []
    assert syngraph("draft", folder, "--json").stdout.decode("utf-8")
    assert syngraph("draft", folder).returncode == 0


def test_a_reader_that_stops_reading_is_no_error(tmp_path, monkeypatch):
    def gone(_):
        raise BrokenPipeError

    read, written = os.pipe()
    os.close(read)
    with os.fdopen(written, "w") as pipe:
        monkeypatch.setattr(sys, "stdout", pipe)
        monkeypatch.setitem(cli._COMMANDS, "doctor", gone)
        assert main(["doctor"]) == 0


def test_ctrl_c(monkeypatch):
    def stop(_):
        raise KeyboardInterrupt

    monkeypatch.setitem(cli._COMMANDS, "doctor", stop)
    assert main(["doctor"]) == 130


def test_a_fault_of_our_own_is_one_line_without_its_text(monkeypatch, capsys):
    def crash(_):
        raise RuntimeError(TALKS["en"])

    monkeypatch.setitem(cli._COMMANDS, "doctor", crash)
    status, out, err = run(capsys, "doctor")
    assert (status, out) == (2, "")
    assert err.startswith("syngraph: internal error (RuntimeError at test_cli.py:")
    assert err.count("\n") == 1
    assert "cough" not in err

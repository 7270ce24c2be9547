"""``syngraph bench speed``: measures the right things; no figure is judged here, since machines differ."""

from __future__ import annotations

import json
import subprocess
from types import SimpleNamespace

import pytest

from syngraph import speed
from syngraph.errors import BackendError
from syngraph.pipeline import draft
from syngraph.speed import Measure, bench_speed, measures, text_encounter


def test_the_made_up_encounter_is_as_large_as_the_limit_speaks_of(tmp_path):
    home = text_encounter(tmp_path)
    d = draft(home)
    assert d.problems == ()
    assert len((home / "consultation" / "talk.txt").read_text(encoding="utf-8").splitlines()) == 45
    assert len(json.loads((home / "emr" / "bundle.json").read_text(encoding="utf-8"))["entry"]) == 200
    assert sum(len(s.entries) for s in d.sources if s.kind == "emr") == 199
    assert {s.kind for s in d.sources} == {"preconsultation", "consultation", "emr"}


@pytest.fixture
def calls(monkeypatch):
    """Runs of the command line, noted instead of run."""
    noted = []

    def run(command, **_):
        noted.append(command)
        return SimpleNamespace(returncode=0, stdout="text\n2048\n")

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(speed, "_timed", lambda work, times: (work(), 2.0)[1])
    monkeypatch.setattr(speed.platform, "system", lambda: "Linux")
    return noted


def test_what_is_measured_without_the_shipped_cases(calls):
    rows = {m.name: m for m in measures()}
    assert [m.unit for m in rows.values()] == ["ms", "s", "s", "MiB", ""]
    assert rows["text-only encounter, warm"].value == 2000
    assert rows["memory, text only"].value == 2
    assert rows["--jobs 2, share of the time of --jobs 1"].value == 1
    assert any(c[3:4] == ["--help"] for c in calls)
    both = [c for c in calls if "--out" in c]
    assert [("--jobs" in c) for c in both] == [False, True]
    assert sum("many" in word for word in both[0]) == 40


def test_the_cases_add_a_page_and_a_recording(calls, tmp_path, monkeypatch):
    for name in ("a/reports/x.jpg", "a/consultation/x.ogg"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_bytes(b"x")
    mark = SimpleNamespace(locator=SimpleNamespace(time=(1.0, 4.0)))
    source = SimpleNamespace(ruler=SimpleNamespace(marks=[mark]))
    monkeypatch.setattr("syngraph.pipeline.read_one", lambda path: ([source], {}, ()))
    rows = {m.name: m for m in measures(tmp_path)}
    assert rows["report page, warm"].value == 2
    assert rows["audio, share of its length"].value == 0.5
    assert {"memory, OCR", "memory, speech"} <= set(rows)


def test_cases_without_page_or_words_add_nothing(calls, tmp_path, monkeypatch):
    assert len(list(measures(tmp_path))) == 5
    (tmp_path / "a/consultation").mkdir(parents=True)
    (tmp_path / "a/consultation/x.wav").write_bytes(b"x")
    monkeypatch.setattr("syngraph.pipeline.read_one", lambda path: ([], {}, ()))
    assert len(list(measures(tmp_path))) == 5


def test_a_command_that_fails_is_not_measured(calls, monkeypatch):
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: SimpleNamespace(returncode=2, stdout=""))
    with pytest.raises(BackendError, match="ended with status 2"):
        list(measures())


def test_the_median_is_taken():
    ran = []
    assert speed._timed(lambda: ran.append(1), 3) >= 0
    assert len(ran) == 3


@pytest.mark.parametrize(("value", "status", "word"), [(1.0, 0, "ok"), (9.0, 1, "OVER")])
def test_the_table_and_the_status(monkeypatch, capsys, value, status, word):
    row = Measure(name="a thing, warm", value=value, unit="s", limit=5)
    monkeypatch.setattr(speed, "measures", lambda cases: iter([row]))
    assert bench_speed(as_json=False) == status
    out = capsys.readouterr().out.splitlines()
    assert "cores" in out[0]
    assert out[1].split() == ["a", "thing,", "warm", f"{value:.2f}", "s", "limit", "5", word]
    assert bench_speed(as_json=True) == status
    data = json.loads(capsys.readouterr().out)
    assert data["a_thing_warm"] == value
    assert data["peak_mib"] > 0

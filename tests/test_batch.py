"""Many encounters at a time: the same drafts in the same order, and no one's failure is another's."""

from __future__ import annotations

import os
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool

import pytest

from syngraph import batch
from syngraph.batch import draft_all
from syngraph.codec import draft_to_json
from syngraph.errors import BackendError, InputError
from syngraph.model import Draft
from tests.encounter_maker import encounter


@pytest.fixture
def folders(tmp_path):
    return [encounter(tmp_path / name, language) for name, language in (("a", "zh"), ("b", "en"), ("c", "zh"))]


def as_data(result):
    data = draft_to_json(result)
    del data["provenance"]["created"]
    return data


def test_two_processes_draft_as_one_does(folders):
    one = list(draft_all(folders, jobs=1))
    two = list(draft_all(folders, jobs=2))
    assert [f for f, _ in one] == [f for f, _ in two] == folders
    assert [as_data(d) for _, d in one] == [as_data(d) for _, d in two]


def test_language_and_template_reach_every_process(folders):
    for _, result in draft_all(folders[:2], jobs=2, language="en", template="en-soap"):
        assert isinstance(result, Draft)
        assert (result.encounter.language, result.template) == ("en", "en-soap")


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_folder_that_cannot_be_drafted_does_not_stop_the_others(folders, tmp_path, jobs):
    results = [r for _, r in draft_all([folders[0], tmp_path / "gone", folders[1]], jobs=jobs)]
    assert [type(r) for r in results] == [Draft, InputError, Draft]


@pytest.mark.parametrize("jobs", [0, -3])
def test_no_jobs_is_an_error(folders, jobs):
    with pytest.raises(InputError, match="at least 1"):
        list(draft_all(folders, jobs=jobs))


def test_an_unforeseen_fault_is_one_line_without_its_text(folders, monkeypatch):
    def crash(*_, **__):
        raise ZeroDivisionError("the patient's words")

    monkeypatch.setattr("syngraph.pipeline.draft", crash)
    [(_, result), *_] = draft_all(folders)
    assert isinstance(result, BackendError)
    assert "internal error (ZeroDivisionError at test_batch.py:" in str(result)
    assert "words" not in str(result)


def test_a_process_that_is_killed_is_an_error_of_the_machine():
    future: Future = Future()
    future.set_exception(BrokenProcessPool())
    result = batch._result(future)
    assert isinstance(result, BackendError)
    assert "--jobs" in result.advice


def test_a_killed_process_reaches_the_caller_as_such(folders, monkeypatch):
    # A worker gets this by its name in place of the real work.
    monkeypatch.setattr(batch, "_one", _die)
    assert all(isinstance(r, BackendError) for _, r in draft_all(folders[:2], jobs=2))


def _die(*_):
    os._exit(1)

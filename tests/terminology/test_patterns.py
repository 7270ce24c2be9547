"""Regular expressions parsed once: the same as Python's own, and never without one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syngraph.terminology import patterns
from syngraph.terminology.patterns import regex


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SYNGRAPH_CACHE", str(tmp_path))
    _forget()
    yield
    _forget()


def _forget() -> None:
    patterns._store.cache_clear()
    regex.cache_clear()


def _next_run() -> None:
    patterns._store().save()
    _forget()


_SOURCES = [
    (r"(?P<n>\d+)\s?(?:天|日)|(?P<h>半)天", 0),
    (r"(?<![a-z])(?:no|not)(?![a-z])", re.IGNORECASE),
    ("^咳[嗽痰]?$|x{2,}", re.MULTILINE),
    (r"(a)|(b)(?P<last>c)?", re.DOTALL | re.IGNORECASE),
]


@pytest.mark.parametrize(("source", "flags"), _SOURCES)
def test_the_same_as_python_s_own_in_this_run_and_the_next(source: str, flags: int) -> None:
    own = re.compile(source, flags)
    for _ in range(2):
        made = regex(source, flags)
        assert made == own  # flags, code and source
        assert (made.groups, made.groupindex) == (own.groups, own.groupindex)
        _next_run()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.sampled_from(_SOURCES), st.text("咳嗽痰三天日半noNOT xabc12\n", max_size=20))
def test_finds_the_same(row: tuple[str, int], text: str) -> None:
    _next_run()
    made, own = regex(*row), re.compile(*row)
    assert [(m.span(), m.groupdict(), m.lastgroup) for m in made.finditer(text)] == [
        (m.span(), m.groupdict(), m.lastgroup) for m in own.finditer(text)
    ]


def test_the_next_run_parses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    regex(r"parsed (?:once|twice)")
    _next_run()
    monkeypatch.setattr(patterns, "_parsed", lambda *_: pytest.fail("parsed again"))
    assert regex(r"parsed (?:once|twice)").fullmatch("parsed once")


def test_what_cannot_be_restored_is_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "_restored", lambda *_: None)
    assert regex("b+").search("abb")
    monkeypatch.setattr(patterns, "_parsed", lambda *_: None)
    assert regex("c+").search("abcc")


def test_no_expression_is_told_as_python_tells_it() -> None:
    with pytest.raises(re.error):
        regex("(")


def test_a_file_that_has_grown_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    regex("one")
    _next_run()
    monkeypatch.setattr(patterns, "_MOST", 1)
    regex("two")
    _next_run()
    assert set(patterns._store().known) == {("two", 0)}

"""Settings from the environment: each one read, each mistake one line."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syngraph.errors import InputError
from syngraph.settings import Settings

TEXTS = [f.name for f in fields(Settings) if isinstance(f.default, str)]
NUMBERS = [f.name for f in fields(Settings) if type(f.default) is int]


def test_the_defaults_need_no_environment():
    assert Settings.from_env({}) == Settings()
    assert Settings.from_env({f"SYNGRAPH_{f.name.upper()}": "" for f in fields(Settings)}) == Settings()


def test_the_process_environment_is_read(monkeypatch):
    monkeypatch.setenv("SYNGRAPH_MAX_PAGES", "7")
    assert Settings.from_env().max_pages == 7


@pytest.mark.parametrize("name", TEXTS)
def test_every_text_setting_is_its_variable(name):
    assert getattr(Settings.from_env({f"SYNGRAPH_{name.upper()}": "x y"}), name) == "x y"


@pytest.mark.parametrize("name", NUMBERS)
@given(number=st.integers(1, 10**9 - 1))
def test_every_number_is_its_variable(name, number):
    assert getattr(Settings.from_env({f"SYNGRAPH_{name.upper()}": str(number)}), name) == number


@given(st.text(alphabet=st.characters(exclude_characters="123456789"), min_size=1) | st.just("9" * 5000) | st.just("²"))
def test_what_is_no_positive_number_is_one_line_that_names_the_variable(raw):
    with pytest.raises(InputError, match=r"SYNGRAPH_MAX_PAGES is not a positive whole number.*default is 50"):
        Settings.from_env({"SYNGRAPH_MAX_PAGES": raw})


@pytest.mark.parametrize(("raw", "value"), [("1", True), ("yes", True), ("ON", True), ("0", False), ("False", False), ("off", False)])  # fmt: skip
def test_switches(raw, value):
    assert Settings.from_env({"SYNGRAPH_ALLOW_REMOTE": raw}).allow_remote is value


def test_a_switch_that_is_neither():
    with pytest.raises(InputError, match="SYNGRAPH_ALLOW_REMOTE is neither on nor off"):
        Settings.from_env({"SYNGRAPH_ALLOW_REMOTE": "perhaps"})


def test_the_cache_folder():
    assert Settings(cache="/somewhere").cache_dir == Path("/somewhere")
    assert Settings().cache_dir.parts[-2:] == (".cache", "syngraph")

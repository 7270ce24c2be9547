"""What is kept between runs: found again, built anew when stale, broken, or not ours alone to write."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syngraph.terminology import lexicon as module
from syngraph.terminology.compiled import digest, kept
from syngraph.terminology.lexicon import Lexicon, Term, lexicon


class Built:
    """Counts how often it had to be built."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> dict[str, int]:
        self.times += 1
        return {"n": self.times}


def test_built_once(tmp_path: Path) -> None:
    built = Built()
    folder = tmp_path / "new" / "folder"
    assert [kept(folder, "x", "k1", dict, built) for _ in range(3)] == [{"n": 1}] * 3
    assert kept(folder, "x", "k2", dict, built) == {"n": 2}
    assert [p.name for p in folder.iterdir()] == ["x-k2.pickle"]  # the stale one is gone


@pytest.mark.parametrize("content", [b"", b"torn", pickle.dumps(["not a dict"])])
def test_a_broken_file_is_built_anew(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x-k.pickle"
    path.write_bytes(content)
    path.chmod(0o600)
    assert kept(tmp_path, "x", "k", dict, Built()) == {"n": 1}
    assert pickle.loads(path.read_bytes()) == {"n": 1}


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="POSIX permissions")
@pytest.mark.parametrize("mode", [0o620, 0o602])
def test_a_file_that_others_may_write_is_not_opened(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "x-k.pickle"
    path.write_bytes(pickle.dumps({"n": 99}))
    path.chmod(mode)
    assert kept(tmp_path, "x", "k", dict, Built()) == {"n": 1}


def test_a_folder_that_cannot_be_made_costs_only_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert kept(tmp_path / "file" / "folder", "x", "k", dict, Built()) == {"n": 1}


def test_digest_changes_with_every_byte(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"1")
    first = digest([path], "pyahocorasick")
    path.write_bytes(b"2")
    assert digest([path], "pyahocorasick") != first


def test_kept_lexicon_finds_what_a_new_one_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYNGRAPH_CACHE", str(tmp_path))
    made = lexicon.__wrapped__()
    monkeypatch.setattr(module, "read_terms", lambda: pytest.fail("read again"))
    again = lexicon.__wrapped__()
    text = "咳嗽三天，吃了阿莫西林；coughs, headaches, no allergies"
    assert [(m.start, m.end, m.term.id) for m in again.matches(text)] == [
        (m.start, m.end, m.term.id) for m in made.matches(text)
    ]
    assert again.matches(text)


_WORD = st.text("abcdefghijklmnopqrtuvwz", min_size=4, max_size=8)


@given(_WORD)
def test_plurals_are_whole_words(word: str) -> None:
    lex = Lexicon([Term(id="k:1", kind="k", zh="甲乙", en=word)])
    ending = "es" if word.endswith("ch") else "s"
    plural = word[:-1] + "ies" if word[-1] == "y" and word[-2] not in "aeiou" else word + ending
    for text in (word, plural):
        assert [(m.start, m.end) for m in lex.matches(f"1 {text}, 2")] == [(2, 2 + len(text))]
        assert lex.lookup(text) is not None
    assert not lex.matches(f"{plural}x")
    assert not lex.matches(f"x{plural}")

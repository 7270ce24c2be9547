"""The terminology: what each thing is called in either language, and finding those names in text.

The rows stand in ``data/terms/*.tsv``, one file a kind, with the columns ``id zh en code zh_terms en_terms
attrs``: the preferred name in each language (as a clinician writes it), a code in the file's code system, every
other name (``|`` between them; spoken, dialect, brand, abbreviation), and ``key=value;key=value``. Header lines
begin with ``#`` and give kind, code system, source and licence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from syngraph.terminology.fold import fold


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Term:
    """One row of the terminology; two terms are equal only if they are the same row.

    ``id`` is ``kind:name`` (``symptom:cough``); ``zh`` and ``en`` the preferred names; ``code`` in ``system``.
    """

    id: str
    kind: str
    zh: str
    en: str
    code: str | None = None
    system: str | None = None
    zh_terms: tuple[str, ...] = ()
    en_terms: tuple[str, ...] = ()
    attrs: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def name(self, language: str) -> str:
        """The preferred name in ``language`` (``zh`` or ``en``)."""
        return self.zh if language == "zh" else self.en

    def names(self) -> Iterator[str]:
        """Every name in both languages."""
        yield from dict.fromkeys((self.zh, self.en, *self.zh_terms, *self.en_terms))


@dataclass(frozen=True, slots=True)
class Match:
    """A name found in a text: ``text[start:end]`` names ``term``."""

    start: int
    end: int
    term: Term


class Lexicon:
    """Names to terms, and a search for all of them in one pass over a text."""

    def __init__(self, terms: Iterable[Term], ambiguous: Set[str] = frozenset()) -> None:
        """Compile ``terms``; names in ``ambiguous`` (folded) are only looked up, never searched for in text."""
        import ahocorasick

        self.terms: dict[str, Term] = {}
        self._by_name: dict[str, list[Term]] = {}
        self._by_code: dict[str, list[Term]] = {}
        for term in terms:
            if term.id in self.terms:
                raise ValueError(f"term defined twice: {term.id}")
            self.terms[term.id] = term
            if term.code:
                self._by_code.setdefault(term.code, []).append(term)
            for name in term.names():
                for form in _forms(fold(name), term.kind):
                    rows = self._by_name.setdefault(form, [])
                    if term not in rows:
                        rows.append(term)
        self._automaton: Any = ahocorasick.Automaton()
        for form, rows in self._by_name.items():
            if form in ambiguous:
                continue
            self._automaton.add_word(form, (len(form), tuple(rows)))
        self._automaton.make_automaton()

    def get(self, term_id: str) -> Term:
        """The term with this id. Raises KeyError where there is none."""
        return self.terms[term_id]

    def lookup(self, name: str, *kinds: str) -> Term | None:
        """The term that ``name`` names exactly (but for spelling), of one of ``kinds`` if any are given."""
        rows = self._by_name.get(fold(name.strip()), ())
        return next((t for t in rows if not kinds or t.kind in kinds), None)

    def by_code(self, code: str, *kinds: str) -> Term | None:
        """The term with this code, of one of ``kinds`` if any are given."""
        rows = self._by_code.get(code, ())
        return next((t for t in rows if not kinds or t.kind in kinds), None)

    def matches(self, text: str, *kinds: str) -> list[Match]:
        """Every name in ``text``, overlapping ones too, by start and then longest first.

        Latin names count only as whole words. Offsets are those of ``text``.
        """
        folded = fold(text)
        found = []
        for last, (length, rows) in self._automaton.iter(folded):
            start, end = last - length + 1, last + 1
            if not _whole_word(folded, start, end):
                continue
            found += [Match(start, end, t) for t in rows if not kinds or t.kind in kinds]
        return sorted(found, key=lambda m: (m.start, -m.end))

    def longest(self, text: str, *kinds: str) -> list[Match]:
        """The names in ``text`` without those that lie inside or run into a longer one.

        Terms of different kinds with exactly the same range are all kept.
        """
        kept: list[Match] = []
        for m in sorted(self.matches(text, *kinds), key=lambda m: (m.start - m.end, m.start)):
            if all(m.end <= k.start or m.start >= k.end or (m.start, m.end) == (k.start, k.end) for k in kept):
                kept.append(m)
        return sorted(kept, key=lambda m: m.start)


#: Verbs of Chinese verb-object symptoms that speech splits: 出汗 -> 出点汗, 发烧 -> 发过烧.
_SPLIT_VERBS = frozenset("出发流拉吐打掉脱抽尿咳便犯闹冒反长起")
_SPLIT_WORDS = ("了", "过", "点", "些", "着", "点儿", "一点", "了点")


def _forms(name: str, kind: str) -> Iterator[str]:
    """``name`` as it may stand in running text: English also in the plural, Chinese verb and object also apart."""
    yield name
    if kind == "symptom" and 2 <= len(name) <= 3 and name[0] in _SPLIT_VERBS:
        for word in _SPLIT_WORDS:
            yield name[0] + word + name[1:]
    if name and name[-1].isascii() and name[-1].isalpha() and len(name) > 3:
        if name.endswith("y") and name[-2] not in "aeiou":
            yield name[:-1] + "ies"
        elif not name.endswith("s"):
            yield name + ("es" if name.endswith(("x", "ch", "sh")) else "s")


def _whole_word(text: str, start: int, end: int) -> bool:
    def joined(a: str, b: str) -> bool:
        return a.isascii() and b.isascii() and a.isalnum() and b.isalnum() and a.isdigit() == b.isdigit()

    return not (
        (start > 0 and joined(text[start - 1], text[start])) or (end < len(text) and joined(text[end - 1], text[end]))
    )


def _read(text: str, name: str) -> Iterator[Term]:
    header: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("#"):
            key, _, value = line[1:].partition(":")
            header[key.strip().lower()] = value.strip()
            continue
        if not line.strip() or line.startswith("id\t"):
            continue
        cells = [*line.split("\t"), "", "", "", "", "", ""][:7]
        term_id, zh, en, code, zh_terms, en_terms, attrs = (c.strip() for c in cells)
        if not (term_id and zh and en):
            raise ValueError(f"{name}:{number}: a term needs id, zh and en")
        kind = header["kind"]
        yield Term(
            id=f"{kind}:{term_id}",
            kind=kind,
            zh=zh,
            en=en,
            code=code or None,
            system=header.get("system") if code else None,
            zh_terms=tuple(t.strip() for t in zh_terms.split("|") if t.strip()),
            en_terms=tuple(t.strip() for t in en_terms.split("|") if t.strip()),
            attrs=MappingProxyType(dict(a.strip().split("=", 1) for a in attrs.split(";") if "=" in a)),
        )


def read_terms() -> Iterator[Term]:
    """Every row of every shipped term file.

    Raises:
        ValueError: a row without an id or a name; names file and line.
    """
    folder = files("syngraph.terminology").joinpath("data/terms")
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".tsv"):
            yield from _read(entry.read_text(encoding="utf-8"), entry.name)


@cache
def lexicon() -> Lexicon:
    """The shipped terminology, read and compiled once a process."""
    text = files("syngraph.terminology").joinpath("data/ambiguous.tsv").read_text(encoding="utf-8")
    return Lexicon(read_terms(), frozenset(fold(w) for w in text.splitlines() if w and not w.startswith("#")))

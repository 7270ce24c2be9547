"""The terminology: what each thing is called in either language, and finding those names in text.

The rows stand in ``data/terms/*.tsv``, one file a kind, with the columns ``id zh en code zh_terms en_terms
attrs``: the preferred name in each language (as a clinician writes it), a code in the file's code system, every
other name (``|`` between them; spoken, dialect, brand, abbreviation), and ``key=value;key=value``. Header lines
begin with ``#`` and give kind, code system, source and licence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import chain
from typing import Any

from syngraph.model import FrozenMap
from syngraph.settings import Settings
from syngraph.terminology.compiled import digest, kept
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
    attrs: Mapping[str, str] = FrozenMap()

    def name(self, language: str) -> str:
        """The preferred name in ``language`` (``zh`` or ``en``)."""
        return self.zh if language == "zh" else self.en

    def names(self) -> Iterator[str]:
        """Every name in both languages."""
        yield from dict.fromkeys((self.zh, self.en, *self.zh_terms, *self.en_terms))

    def forms(self) -> Iterator[str]:
        """Every name, folded, as it may stand in running text."""
        yield from dict.fromkeys(form for name in map(fold, self.names()) for form in _forms(name, self.kind))


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
        self.terms: dict[str, Term] = {}
        self._by_code: dict[str, list[Term]] = {}
        self._by_name: dict[str, tuple[int, ...]] = {}
        for number, term in enumerate(terms):
            if term.id in self.terms:
                raise ValueError(f"term defined twice: {term.id}")
            self.terms[term.id] = term
            if term.code:
                self._by_code.setdefault(term.code, []).append(term)
            for form in term.forms():
                self._by_name[form] = (*self._by_name.get(form, ()), number)
        self._terms = tuple(self.terms.values())
        self._forms = tuple(self._by_name)
        self._automaton = _automaton(self._forms, ambiguous)

    def _named(self, form: str) -> Iterator[Term]:
        return (self._terms[n] for n in self._by_name.get(form, ()))

    def get(self, term_id: str) -> Term:
        """The term with this id. Raises KeyError where there is none."""
        return self.terms[term_id]

    def lookup(self, name: str, *kinds: str) -> Term | None:
        """The term that ``name`` names exactly (but for spelling), of one of ``kinds`` if any are given."""
        folded = fold(name.strip())
        singular = _singular(folded)
        rows = chain(self._named(folded), self._named(singular) if singular != folded else ())
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
        for last, number in self._automaton.iter(folded):
            form = self._forms[number]
            start, end = last + 1 - len(form), _word_end(folded, last + 1, form)
            if end and not _joined(folded, start):
                found += [Match(start, end, t) for t in self._named(form) if not kinds or t.kind in kinds]
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
    """``name`` as it may stand in running text: Chinese verb and object also apart, English -y also as -ies."""
    yield name
    if kind == "symptom" and 2 <= len(name) <= 3 and name[0] in _SPLIT_VERBS:
        for word in _SPLIT_WORDS:
            yield name[0] + word + name[1:]
    elif name[-1:] == "y" and len(name) > 3 and name[-2].isascii() and name[-2].isalpha() and name[-2] not in "aeiou":
        yield name[:-1] + "ies"


def _plural(form: str) -> str:
    """What an English name takes in the plural; empty where it takes nothing."""
    if len(form) <= 3 or form[-1] == "s" or not ("a" <= form[-1] <= "z"):
        return ""
    return "es" if form.endswith(("x", "ch", "sh")) else "s"


def _singular(name: str) -> str:
    for ending in ("es", "s"):
        if name.endswith(ending) and _plural(name.removesuffix(ending)) == ending:
            return name.removesuffix(ending)
    return name


def _word_end(text: str, end: int, form: str) -> int:
    """Where the word that ``form`` begins ends: at ``end`` or after its plural; 0 where the word goes on otherwise."""
    if not _joined(text, end):
        return end
    ending = _plural(form)
    if ending and text.startswith(ending, end) and not _joined(text, end + len(ending)):
        return end + len(ending)
    return 0


def _joined(text: str, at: int) -> bool:
    """Whether the characters before and at ``at`` belong to one Latin word or number."""
    if not 0 < at < len(text):
        return False
    a, b = text[at - 1], text[at]
    return a.isascii() and b.isascii() and a.isalnum() and b.isalnum() and a.isdigit() == b.isdigit()


def _automaton(forms: Sequence[str], ambiguous: Set[str]) -> Any:
    """An Aho-Corasick automaton that answers with a form's number."""
    import ahocorasick

    automaton = ahocorasick.Automaton(ahocorasick.STORE_INTS)
    for number, form in enumerate(forms):
        if form not in ambiguous:
            automaton.add_word(form, number)
    automaton.make_automaton()
    return automaton


def _read(text: str, name: str) -> Iterator[Term]:
    header: dict[str, str] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("#"):
            key, _, value = line[1:].partition(":")
            header[key.strip().lower()] = value.strip()
        elif line.strip() and not line.startswith("id\t"):
            yield _term(line, header, f"{name}:{number}")


def _term(line: str, header: Mapping[str, str], place: str) -> Term:
    term_id, zh, en, code, zh_terms, en_terms, attrs = _cells(line)
    if not (term_id and zh and en):
        raise ValueError(f"{place}: a term needs id, zh and en")
    return Term(
        id=f"{header['kind']}:{term_id}",
        kind=header["kind"],
        zh=zh,
        en=en,
        code=code or None,
        system=header.get("system") if code else None,
        zh_terms=_listed(zh_terms),
        en_terms=_listed(en_terms),
        attrs=FrozenMap(dict(a.strip().split("=", 1) for a in attrs.split(";") if "=" in a)),
    )


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in (line + "\t\t\t\t\t\t").split("\t")[:7]]


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(name for part in cell.split("|") if (name := part.strip())) if cell else ()


def read_terms() -> Iterator[Term]:
    """Every row of every shipped term file.

    Raises:
        ValueError: a row without an id or a name; names file and line.
    """
    for entry in _term_files():
        yield from _read(entry.read_text(encoding="utf-8"), entry.name)


def _term_files() -> list[Traversable]:
    folder = files("syngraph.terminology").joinpath("data/terms")
    return sorted((e for e in folder.iterdir() if e.name.endswith(".tsv")), key=lambda e: e.name)


@cache
def lexicon() -> Lexicon:
    """The shipped terminology, read and compiled once for all runs (a compiled one loads five times as fast)."""
    home = files("syngraph.terminology")
    names = home.joinpath("data/ambiguous.tsv")

    def build() -> Lexicon:
        words = names.read_text(encoding="utf-8").splitlines()
        return Lexicon(read_terms(), frozenset(fold(w) for w in words if w and not w.startswith("#")))

    folder = Settings.cache_of_environment()
    code = (home.joinpath(f) for f in ("lexicon.py", "fold.py", "data/traditional.txt"))
    return kept(folder, "lexicon", digest([*_term_files(), names, *code], "pyahocorasick"), Lexicon, build)

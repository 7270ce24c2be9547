"""What the clinician's sentences hold: which of them state something, and every name in them with how it is said."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import cache

from syngraph.facts.assertion import assess
from syngraph.facts.mentions import Mention, Reading, names_in
from syngraph.facts.passage import Passage, Sentence
from syngraph.facts.vocabulary import patterns
from syngraph.model import Concept, Fact, FactKind, Status, frozen_map
from syngraph.terminology.fold import fold
from syngraph.terminology.patterns import regex

_HAN = regex(r"[一-鿿]")
_LATIN = regex(r"[a-z]+")


class Words:
    """The patterns of one category, each language's compiled when a text of that language first asks for them.

    A text with Chinese in it is searched for the Chinese patterns and for what Chinese talk borrows (``ct``, 120);
    any other for those without Chinese.
    """

    __slots__ = ("_compiled", "_name")

    def __init__(self, category: str, file: str) -> None:
        """Categories are read from ``data/<file>.tsv`` when first used."""
        self._name = (category, file)
        self._compiled: dict[bool, re.Pattern[str]] = {}

    def of(self, han: bool) -> re.Pattern[str]:
        """The compiled patterns for a text with (``han``) or without Chinese.

        Raises:
            KeyError: no such category in the data.
        """
        if han not in self._compiled:
            rows = [r for r in patterns(*self._name) if (_borrowed(r) if han else not is_han(r))]
            # A category that has nothing for a language matches nothing in it.
            self._compiled[han] = regex("|".join(rows) if rows else r"(?!)")
        return self._compiled[han]

    def search(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """As :meth:`re.Pattern.search`."""
        return self.of(_HAN.search(text, start, end) is not None).search(text, start, end)

    def match(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """As :meth:`re.Pattern.match`."""
        return self.of(_HAN.search(text, start, end) is not None).match(text, start, end)

    def fullmatch(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """As :meth:`re.Pattern.fullmatch`."""
        return self.of(_HAN.search(text, start, end) is not None).fullmatch(text, start, end)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """As :meth:`re.Pattern.finditer`."""
        return self.of(is_han(text)).finditer(text)

    def sub(self, replacement: str, text: str) -> str:
        """As :meth:`re.Pattern.sub`."""
        return self.of(is_han(text)).sub(replacement, text)


def _borrowed(row: str) -> bool:
    """Whether a pattern counts in Chinese talk: it is Chinese, or no more than a sign, a number or an abbreviation."""
    bare = row.replace("[a-z]", "").replace("[a-z0-9]", "")
    return is_han(row) or max((len(w) for w in _LATIN.findall(bare.replace("\\s", ""))), default=0) <= 3


@cache
def exam_words(category: str) -> Words:
    """The words of one category of ``data/examination.tsv``."""
    return Words(category, "examination")


@cache
def words_for(category: str) -> Words:
    """The words of one category of ``data/clinician.tsv``."""
    return Words(category, "clinician")


def is_han(text: str) -> bool:
    """Whether ``text`` holds Chinese."""
    return _HAN.search(text) is not None


def simplified(text: str) -> str:
    """``text`` with its Chinese in the characters that the record is written in; all else stays as it is."""
    if not is_han(text):
        return text
    return "".join(f if _HAN.match(f) else c for c, f in zip(text, fold(text), strict=True))


def states(row: Passage, sentence: Sentence) -> bool:
    """Whether the doctor's sentence states something: it is no question, or one by its tag only (", okay?")."""
    if not sentence.asks:
        return True
    said = row.folded[sentence.start : sentence.end].strip()
    if said[-1:] != "?" and words_for("states-anyway").search(said):
        return True  # "what you have is gout." begins like a question
    tag = words_for("tag").search(said)
    if tag is None or words_for("asks").match(said):
        return False
    return tag.start() > (3 if is_han(said) else 16)


def names(reading: Reading, row: Passage, index: int, sentence: Sentence) -> list[Mention]:
    """Every name in a sentence with its assertion, in tag questions too."""
    if not sentence.asks:
        return [m for m in reading.in_row(index) if m.sentence == sentence and not m.asked]
    found = names_in(row.folded, sentence.start, sentence.end)
    ranges = [(m.start, m.end) for m in found]
    return [
        Mention(
            term=m.term, start=m.start, end=m.end, row=index, sentence=sentence,
            assertion=assess(row.folded, sentence, m.start, m.end, ranges),
            evidence=(row.evidence(sentence.start, sentence.end),),
        )
        for m in found
        if not reading.retractions.holds(m.start, m.end)
    ]  # fmt: skip


def stated(
    row: Passage, span: tuple[int, int], kind: FactKind, concept: Concept, status: Status,
    attributes: dict[str, str | None],
) -> Fact:  # fmt: skip
    """A fact by the clinician's mouth, quoted by ``span``."""
    return Fact(
        kind=kind, concept=concept, status=status, attributes=frozen_map(attributes),
        evidence=(row.evidence(*span),), witnesses=("doctor",), recorded=row.said.isoformat(),
    )  # fmt: skip


def late(reading: Reading) -> int:
    """From which passage on a doctor concludes and plans rather than asks: after the examination, or past the middle."""
    rows = reading.rows
    for index, row in enumerate(rows):
        begun = row.role == "doctor" and exam_words("begins").search(row.folded, row.start, row.end)
        if begun and index * 3 >= len(rows):
            return index
    return len(rows) * 2 // 5 if len(rows) > _SHORT else 0


#: A talk of no more passages than this has no part in which only questions are asked.
_SHORT = 8

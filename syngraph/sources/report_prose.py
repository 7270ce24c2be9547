"""The prose of a report: lines put together to paragraphs, paragraphs under their titles.

A sentence that the paper broke over two lines becomes one line of text again, so that whoever reads the text finds
its words whole. Titles say which part is the finding and which the conclusion.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from syngraph.sources.report_layout import Cell, gap
from syngraph.terminology.fold import fold
from syngraph.terminology.sections import section_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """A title at the start of a line: its ``part`` (findings, conclusion or other), its section id, where what it heads begins."""

    text: str
    part: str
    section: str | None
    end: int


_LEAD = re.compile(r"^[\s【\[(（<《*#■◆●▶]*(?:[一二三四五六七八九十]{1,2}[、.．]|[(（][一二三四五六七八九十][)）])?\s*")
_AFTER = re.compile(r"^\s*[】\])）>》]?\s*[:：]?\s*|^\s*[】\])）>》]\s*")
_LIST = re.compile(
    r"^\s*(?:\d{1,2}\s?[.、)）．]\s?(?!\d)|[(（]\d{1,2}[)）]|[①-⑳]|[-•·*●]\s|[一二三四五六七八九十]{1,2}、)"
)


def title_of(line: str) -> Title | None:
    """The title that ``line`` begins with, if it is alone on the line, in brackets, or followed by a colon or a wide gap."""
    lead = _LEAD.match(line)
    start = lead.end() if lead else 0
    folded = fold(line)
    bracketed = line[:start].rstrip().endswith(("【", "[", "<", "《"))
    for size in range(min(_longest(), len(line) - start), 0, -1):
        words = folded[start : start + size].strip()
        row = _titles().get(re.sub(r"\s+", " ", words)) or (
            _titles().get(re.sub(r"\s+", "", words)) if not words.isascii() else None
        )
        rest = line[start + size :]
        if row and (not rest.strip(" :：】])）") or re.match(r"\s*[:：】\]]|  ", rest) or bracketed):
            after = _AFTER.match(rest)
            end = start + size + (after.end() if after else 0)
            return Title(text=line[start : start + size].strip(), part=row[0], section=row[1] or None, end=end)
    return _general_title(line, start)


def _general_title(line: str, start: int) -> Title | None:
    """A title that only the record's own list of titles knows."""
    found = re.match(r"([^:：。，,.;；]{2,24}?)\s*(?:[】\]])?\s*[:：]\s*", line[start:])
    if found is None:
        return None
    section = section_of(found[1])
    if section is None:
        return None
    return Title(text=found[1].strip(), part="other", section=section, end=start + found.end())


@cache
def _titles() -> Mapping[str, tuple[str, str]]:
    text = files("syngraph.terminology").joinpath("data/report_titles.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if "\t" in line and not line.startswith(("#", "part"))]
    titles: dict[str, tuple[str, str]] = {}
    for part, section, names in rows:
        for name in names.split("|"):
            titles.setdefault(fold(name), (part, section))
    return titles


@cache
def _longest() -> int:
    # Room for blanks between the characters of a spaced title.
    return max(len(t) for t in _titles()) + 6


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines of prose that belong together: (what to write before the cell, the cell), in reading order."""

    pieces: tuple[tuple[str, Cell], ...]

    @property
    def text(self) -> str:
        """The paragraph as one line."""
        return "".join(before + cell.text for before, cell in self.pieces)


def paragraph(cells: Sequence[Cell]) -> Paragraph:
    """One line of cells as a paragraph."""
    pieces: list[tuple[str, Cell]] = []
    for cell in cells:
        pieces.append((gap(pieces[-1][1], cell) if pieces else "", cell))
    return Paragraph(tuple(pieces))


def spaced(one: Paragraph) -> Paragraph:
    """A blank before each of the numbers 1, 2, 3 … of a list within a line: readers of print lose it (``梗死2.2型糖尿病``)."""
    pieces = []
    count = 0
    for before, cell in one.pieces:
        text, at = cell.text, 0
        while True:
            found = re.compile(rf"(?<![\d.]){count + 1}[.、．](?=\s?(?:[^\d\s]|\d\s?型|\d\s?级))").search(text, at)
            if found is None:
                break
            blank = " " if found.start() and not text[found.start() - 1].isspace() and count else ""
            text = text[: found.start()] + blank + text[found.start() :]
            at, count = found.end() + len(blank), count + 1
        pieces.append((before, replace(cell, text=text)))
    return Paragraph(tuple(pieces))


def goes_on(above: Paragraph, below: Paragraph, margin: float) -> bool:
    """Whether ``below`` continues the sentence of ``above``: its first word did not fit before ``margin``."""
    last, first = above.pieces[-1][1], below.pieces[0][1]
    high = min(last.height, first.height)
    if _LIST.match(below.text) or title_of(below.text) or len(below.pieces) > 2:
        return False
    title = title_of(above.text)
    if title and title.end >= len(above.text.rstrip()):
        return False
    if first.middle - last.middle > 2.6 * max(last.height, first.height) or first.middle <= last.middle:
        return False
    word = re.match(r"[\x21-\x7e]+|.", first.text)
    fraction = len(word[0]) / len(first.text) if word else 0.0
    return last.x1 + fraction * (first.x1 - first.x0) > margin - 1.2 * high


def joined(above: Paragraph, below: Paragraph) -> Paragraph:
    """Both as one: Chinese runs on, Latin words keep their blank."""
    ends, begins = above.text[-1:], below.text[:1]
    latin = ends.isascii() and begins.isascii() and not (ends == "-" and above.text[-2:-1].isalpha())
    pieces = list(below.pieces)
    pieces[0] = (" " if latin else "", pieces[0][1])
    return Paragraph((*above.pieces, *pieces))

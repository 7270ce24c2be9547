"""What a heading, a section code or a question is about: the section of the record that it leads to.

The rows stand in ``data/sections.tsv``: headings as hospitals print them, LOINC section codes (C-CDA and
WS/T 500 share them), and the words by which a questionnaire's question gives away its topic.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from syngraph.terminology.fold import fold
from syngraph.terminology.patterns import regex

#: Numbering, bullets and brackets around a printed heading: ``一、``, ``3.``, ``【``, ``##``, ``(2)``.
_NUMBER = regex(r"[\s>*#•·■◆●○□▲☆★-]*(?:[(（]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[)）、.．:：]\s*(?=\D))?")
_BRACKETS = "【】[]〔〕［］{}《》<>「」『』*_#=~|"
_TAIL = regex(r"(?:[\s:：.。,，;；=-]|如下)+$")
#: A gloss behind a heading: ``诊断（门诊）``, ``Impression (final)``.
_GLOSS = regex(r"\s*[(（][^()（）]{0,20}[)）]$")
#: Between the two halves of a double heading: ``主诉/现病史``, ``Impression and recommendations``.
_JOIN = regex(r"\s*(?:[/、&+,，]|及其?|与|和|\band\b)\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Topic:
    section: str
    priority: int
    words: re.Pattern[str]


def section_of(title: str) -> str | None:
    """The section id for a heading as printed, None where it is no heading that we know.

    The whole heading must be known (numbering, brackets, a gloss in brackets and a colon don't count), so
    that a sentence is never taken for one. Of a double heading the first known half decides.

    >>> section_of("【主诉】"), section_of("三、既往史："), section_of("HPI")
    ('chief-complaint', 'past-history', 'history-of-present-illness')
    """
    titles = _titles()
    bare = _bare(title)
    for form in (bare, _GLOSS.sub("", bare)):
        if form in titles:
            return titles[form]
    if len(bare) > 60:
        return None
    halves = [titles.get(half.strip()) for half in _JOIN.split(_GLOSS.sub("", bare)) if half.strip()]
    return halves[0] if halves and all(halves) else None


def section_of_code(code: str) -> str | None:
    """The section id for a LOINC section code, None where it is not one that we know.

    >>> section_of_code("10164-2")
    'history-of-present-illness'
    """
    return _codes().get(code.strip())


def topic_of(question: str) -> str | None:
    """The section id that the answer to ``question`` belongs to, None where its words don't say.

    >>> topic_of("您对什么药物过敏吗？"), topic_of("How long have you had this?")
    ('allergies', 'history-of-present-illness')
    """
    if found := section_of(question):
        return found
    folded = fold(question)
    best: tuple[int, int] = (0, 0)
    section = None
    for topic in _topics():
        for match in topic.words.finditer(folded):
            if (topic.priority, len(match[0])) > best:
                best, section = (topic.priority, len(match[0])), topic.section
    return section


def _bare(title: str) -> str:
    """A heading without case, numbering, brackets and the colon behind it; Chinese also without blanks."""
    text = fold(title).strip().strip(_BRACKETS).strip()
    text = text[_NUMBER.match(text).end() :] if _NUMBER.match(text) else text  # type: ignore[union-attr]
    text = _TAIL.sub("", text.strip(_BRACKETS + " "))
    text = text.strip(_BRACKETS + " ")
    return re.sub(r"\s+", " " if text.isascii() else "", text)


def _rows(kind: str) -> Iterator[tuple[str, str, tuple[str, ...], tuple[str, ...]]]:
    """(section, priority, Chinese, English) of each row of one kind."""
    text = files("syngraph.terminology").joinpath("data/sections.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        cells = line.split("\t")
        if cells[0] == kind:
            yield cells[1], cells[2], tuple(filter(None, cells[3].split("|"))), tuple(filter(None, cells[4].split("|")))


@cache
def _titles() -> dict[str, str]:
    return {_bare(name): section for section, _, zh, en in _rows("title") for name in (*zh, *en)}


@cache
def _codes() -> dict[str, str]:
    return {code: section for section, _, codes, _ in _rows("code") for code in codes}


@cache
def _topics() -> tuple[_Topic, ...]:
    """English words count from the beginning of a word on, Chinese ones anywhere; longer ones first."""
    return tuple(
        _Topic(section=section, priority=int(priority), words=_pattern(zh, en))
        for section, priority, zh, en in _rows("topic")
    )


def _pattern(zh: tuple[str, ...], en: tuple[str, ...]) -> re.Pattern[str]:
    words = [re.escape(fold(w)) for w in sorted(zh, key=len, reverse=True)]
    words += [r"(?<![a-z])" + re.escape(fold(w)) for w in sorted(en, key=len, reverse=True)]
    return regex("|".join(words))

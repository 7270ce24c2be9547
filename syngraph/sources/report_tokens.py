"""What a piece of print in a laboratory row can be, and cutting pieces that ran together.

A reader of print joins the cells of a tight table (``0.20~1.0010^9/L17平均血红蛋白``). The cut follows what laboratory
rows are made of: numbers, ranges, units, arrows, names. A known name is never cut.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from syngraph.sources.report_marks import is_mark, mark_end, marks, printed, words
from syngraph.terminology.fold import fold
from syngraph.terminology.units import unit

#: Roles of the words that say whom or what one of several ranges is for, by family.
RANGE_LABELS = ("range-sex", "range-phase", "range-smoking", "range-dose", "range-label")

Shape = Literal["number", "flagged", "flag", "range", "unit", "word", "text"]

_SIGN = r"(?:[<>＜＞]\s?(?:OR|or)\s?=|[<>≤≥＜＞≦≧]\s?=?|=<|>=)"
#: A comma before one or two figures is a misread point.
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3},\d{1,2}(?!\d)|\d+(?:\.\d+)?"
_DASH = r"\s?(?:--|~|～|〜|∼|-|–|—|―|−|至|to)\s?"
_NUMBER = re.compile(rf"{_SIGN}?\s?[-+]?(?:{_DIGITS})(?:\s?[eE][-+]?\d+)?")
_TITRE = re.compile(rf"{_SIGN}?\s?1\s?[:：]\s?\d+|\d+(?:\.\d+)?\s?[:：]\s?1")
#: No result is printed with a nought before its figures: it is a code, or a letter O that was misread.
_CODE = re.compile(r"0\d+")
_GRADED = r"(?:[-+±]{1,4}|阴性|阳性|弱阳性)"
_RANGE = re.compile(
    rf"[(\[（]?\s?(?:{_SIGN}?\s?-?(?:{_DIGITS}){_DASH}-?(?:{_DIGITS})(?:[:：]1)?|{_SIGN}\s?-?(?:{_DIGITS})(?:E[-+]?\d+)?"
    rf"|{_SIGN}\s?1[:：]\d+|1[:：]\d+{_DASH}1[:：]\d+|{_GRADED}\s?[~～至]{{1,2}}\s?{_GRADED})\s?[)\]）]?",
    re.I,
)
#: Two numbers whose dash was taken for a point or a comma, or lost: the second has a point, or the sign stands apart.
_LOST_DASH = re.compile(
    r"\d+(?:\.\d+)?\s?[.,·]?\s[.,·]?\s?\d+\.\d+|\d+(?:\.\d+)?\s[.,·]\s?\d+|\d+(?:\.\d+)?\s?[.,·]\s\d{2,}|\d+·\d+|\d+\.\d+\.\d+(?:\.\d+)?"
)
_GRADE = re.compile(r"[(（]?\s?(?:[-+±]{1,4}|\d\s?\+|\+\s?\d|[-+±]\s?/\s?[-+±HL]\S*)\s?[)）]?")
#: A power of ten, also where print so small that its exponent was lost (``×10/L``).
_POWER = r"(?:[×xX*]\s?)?10\s?[\^~*ˆ˄Λ]?\s?[0-9⁰¹²³⁴-⁹]{1,2}|[×xX]?10[eE]\d{1,2}|[×xX]\s?10[°º'\"]?"
_AMOUNT = (
    r"(?:[munpfkcdMμµ]|MC)?(?:IU|1U|lU|iU|AU|RU|PFU|CFU|U|u|g|9|mol|mo1|moI|L|l|Eq|kat|[oO]sm|Gal)|mm|fl|f1|fI|"
    r"[Tt]housand|THOUSAND|[Mm]illion|MILLION|[Tt]hous?|[Mm]ill?|copies|cells|ratio|个|S|%|A|μ|µ"
)
_PER = (
    r"1\.73\s?(?:m\^?2|m²|㎡)|(?:[mμµudnfk])?(?:L|l|1|I|g|mol|m²|m2)|h(?:r|our)?|H|min|hr|s|HPF?|LPF?|hpf|lpf|HP视野|LP视野|"
    r"高倍视野|低倍视野|视野|CO|24\s?h(?:r|rs)?|24小时|d|day|kg|g\s?Cr|gCr|mmol\s?Cr|mol\s?Cr|test|小时|分|T|片|一?次(?:射精)?"
)
_SPECIAL = (
    r"fL|fl|f1|fI|pg|Pg|PG|P9|mmHg|mmhg|kPa|KPa|[%‰]|sec(?:onds|s)?|秒|s|S|ratio|Ratio|INR|U|IU|COI|S/CO|s/co|index|Index|℃|°C|"
    r"mV|cm|mm|g|mg|μg|ug|分|度|AU|RU|MoM|titer|g%|岁"
)
_TAIL = r"(?:\s?\{?\(?\s?(?:FEU|DDU|Cr|cre|creat)\s?\)?\}?)?"
_UNIT = re.compile(
    rf"(?:(?:{_POWER})\s?/\s?[mμµun]?(?:[LlI1]|mL|ml)?(?![A-Za-z])|(?:{_POWER})?(?:{_AMOUNT})?\s?/\s?(?:{_PER})"
    rf"(?:\s?[/.·]\s?(?:{_PER}))?{_TAIL}|(?:[mμµun]?(?:IU|U|g|mol)/(?:{_PER})){_TAIL}|(?:{_SPECIAL}))"
)
_POWER_UNIT = re.compile(rf"(?:{_POWER})\s?/\s?[mμµun]?[LlI1]")
#: A word with its titre or its number: ``阳性(1:1000)``, ``positive 1:80``, ``弱阳性(1.2)``.
_WITH_GRADE = re.compile(
    r"([^\d()（）:：]+?)\s?[(（\[]?\s?(?:1\s?[:：]\s?\d+|\+{0,4}\d?\+{0,4}|\d+(?:\.\d+)?)\s?[)）\]]?"
)
_INDEX = re.compile(r"\d{1,3}\s?[.、)]?")
_HAN = re.compile(r"[\u3400-\u9fff]")


def is_qualitative(text: str) -> bool:
    """Whether ``text`` is a result in words or signs (``阴性``, ``1+``, ``not detected``)."""
    plain = fold(text.strip()).replace(" ", " ")
    if plain in words("qualitative") or _GRADE.fullmatch(plain):
        return True
    bare = re.sub(r"[(（\[]\s?[-+±]*\s?[)）\]]|[-+±↑↓\s]+$|^[-+±]+", "", plain).strip()
    graded = _WITH_GRADE.fullmatch(plain)
    return bare in words("qualitative") or (graded is not None and graded[1].strip() in words("qualitative"))


def is_number(text: str) -> bool:
    """Whether ``text`` is a measured number as printed, comparator allowed; or a titre (``1:80``)."""
    return bool(_NUMBER.fullmatch(text) or _TITRE.fullmatch(text)) and _CODE.fullmatch(text) is None


def is_range(text: str) -> bool:
    """Whether ``text`` is a reference range in numbers."""
    return bool(_RANGE.fullmatch(text))


def is_labelled_range(text: str, *, known: bool = False) -> bool:
    """Whether ``text`` is one or several ranges, each with whom or what it is for (``男:50-310女:40-200``).

    Args:
        text: a piece of print.
        known: whether only words of the list count as labels; else any words before a colon do (``Average : 1.00 - 3.00``).
    """
    plain = fold(text.strip())
    if not any(c.isdigit() for c in plain):
        return False
    if _labelled().fullmatch(plain):
        return True
    return not known and all(_is_told(part) for part in re.split(r"[;；,，]\s*(?=\D)", plain) if part)


def _is_told(plain: str) -> bool:
    """Whether ``plain`` is any words, a colon and a range that can be one: no date and no number of a form."""
    found = _ANY_LABEL.match(plain)
    reference = plain[found.end() :] if found else ""
    if not found or not _RANGE.fullmatch(reference):
        return False
    bounds = re.findall(r"\d+(?:\.\d+)?", reference)
    return not any(_CODE.fullmatch(b) for b in bounds) and (len(bounds) < 2 or float(bounds[0]) <= float(bounds[1]))


def range_label(text: str) -> str:
    """Whom or what the range ``text`` is for, folded; empty where it doesn't say."""
    plain = fold(text.strip())
    found = _label().match(plain)
    if found:
        return found[1]
    told = _ANY_LABEL.match(plain) if _is_told(plain) else None
    return told[1].strip() if told else ""


#: The age that a range is for (``25-29岁``, ``>60 years``), as words or with its colon.
_AGE = (
    r"(?:[<>≤≥]=?\s?)?\d{1,3}\s?(?:[-~～至]\s?\d{1,3}\s?)?(?:岁|个?月龄?|天|周|years?|yrs?|y|months?|mo|days?|weeks?|wks?)"
    r"(?:以上|以下| old)?\s?(?:男性?|女性?|male|female)?"
)
#: Any words before a colon, or an age.
_ANY_LABEL = re.compile(rf"((?=[^\W\d_]{{2}})[^\d:：<>≤≥]{{2,24}}?(?=\s?[:：])|{_AGE}(?=\s?[:：\s]))\s?[:：]?\s?")


@cache
def _label() -> re.Pattern[str]:
    words = sorted((fold(w) for role in RANGE_LABELS for w in printed(role)), key=lambda w: -len(w))
    labels = "|".join(re.escape(w) for w in words)
    return re.compile(rf"({labels})(?![a-z])\s?[:：]?\s?(?=[-<>≤≥＜＞(\d]|$)")


@cache
def _labelled() -> re.Pattern[str]:
    one = rf"{_label().pattern}{_RANGE.pattern}"
    return re.compile(rf"(?:{one}\s?[,，;；/]?\s*)+", re.I)


def is_unit(text: str) -> bool:
    """Whether ``text`` is a unit or has the form of one; case and small misreadings allowed."""
    return bool(_UNIT.fullmatch(text)) or (bool(re.search(r"[/%]", text)) and unit(text) is not None)


def shape(text: str) -> Shape:
    """What ``text`` looks like, taken by itself."""
    plain = text.strip()
    if is_mark(plain):
        return "flag"
    if is_number(plain) and not _SIGN_ONLY.match(plain):
        return "number"
    if is_range(plain) or _LOST_DASH.fullmatch(plain) or is_labelled_range(plain):
        return "range"
    if split_flag(plain)[1]:
        return "flagged"
    if is_unit(plain):
        return "unit"
    return "word" if is_qualitative(plain) else "text"


#: ``6.1210^9/L``: what stands before a power of ten with its unit.
_BEFORE_POWER = re.compile(r"\d+\.\d+?(?=10\s?[\^~*]\s?\d{1,2}\s?/)")
_SIGN_ONLY = re.compile(_SIGN)
#: An arrow that was taken for a letter or a figure, a blank away from the number.
_BLURRED = re.compile(r"(.*[\d+])(?:\s+[1|lIi!！tT]|[|!！丨])|(.*\.\d+)\s+\d")


def split_flag(text: str, *, sure: bool = False) -> tuple[str, str]:
    """(value, mark) of a result that carries its mark (``12.3↑``, ``H 12.3``); the mark is empty where it has none.

    It is ``?`` where there is a mark that can't be read (``12.3 |``). ``sure``: ``text`` is surely a result, whatever its words.
    """
    for pattern in (marks().after, marks().before):
        found = pattern.fullmatch(text.strip())
        stem = found["value"].strip() if found else ""
        if found and (
            is_number(stem) or is_range(stem) or is_qualitative(stem) or (sure and stem and is_mark(found["mark"]))
        ):
            return stem, found["mark"].strip()
    blurred = _BLURRED.fullmatch(text.strip())
    stem = (blurred[1] or blurred[2]).strip() if blurred else ""
    if stem and (is_number(stem) or is_qualitative(stem)):
        return stem, "?"
    return text.strip(), ""


def cut(text: str, known: bool = False) -> list[tuple[int, int]]:
    """The ranges of ``text`` that are pieces of their own.

    Args:
        text: one cell.
        known: whether the whole of it is a known item name, which is then left alone.
    """
    if known or shape(text) not in {"text", "flagged"} or is_qualitative(text) or split_flag(text)[1] == "?":
        return [(0, len(text))]
    pieces: list[tuple[int, int]] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        end = _piece(text, at, bool(pieces))
        pieces.append((at, end))
        at = end
    return _whole(text, pieces)


def _piece(text: str, at: int, inside: bool) -> int:
    """Where the piece that begins at ``at`` ends."""
    power = _POWER_UNIT.match(text, at)
    if power and not re.match(r"\*\s", power[0]):  # a star apart from its power of ten is a mark
        return power.end()
    end = mark_end(text, at, inside=inside) or _range_end(text, at) or _number_end(text, at)
    if end:
        return end
    measure = _unit_end(text, at)
    if measure and (inside or text[measure : measure + 1].isdigit()):
        return measure
    return _text_end(text, at)


def _range_end(text: str, at: int) -> int:
    found = _RANGE.match(text, at)
    if not found or _SIGN_ONLY.match(text, at):
        return 0
    decimals = [len(d) for d in re.findall(r"\.(\d+)", found[0])]
    numbers = re.findall(r"\d+(?:\.\d+)?", found[0])
    end = found.end()
    if len(numbers) == 2 and "." in numbers[0] and len(decimals) == 2 and decimals[1] > decimals[0]:
        # ``4.00~10.0010^9/L``: a bound has as many decimals as the other; the rest belongs to the unit.
        shorter = end - (decimals[1] - decimals[0])
        if _unit_end(text, shorter):
            return shorter
    return end if _ends_piece(text, end) else 0


def _number_end(text: str, at: int) -> int:
    glued = _BEFORE_POWER.match(text, at)
    if glued:
        return glued.end()
    found = _TITRE.match(text, at) or _NUMBER.match(text, at)
    if not found:
        return 0
    if _unit_end(text, at) > found.end() and at > 0:
        return 0
    return found.end() if _ends_piece(text, found.end()) else 0


def _ends_piece(text: str, at: int) -> bool:
    rest = text[at:]
    if not rest or rest[0].isspace() or _unit_end(text, at):
        return True
    return mark_end(text, at, inside=True) > 0


def _unit_end(text: str, at: int) -> int:
    found = _UNIT.match(text, at)
    while found:
        after = text[found.end() : found.end() + 1]
        before = text[found.end() - 1]
        joined = after.isascii() and after.isalpha() and before.isascii() and before.isalpha()
        return 0 if joined else found.end()
    return 0


_DECIMAL_TAIL = re.compile(r"\d+\.\d+(?:E[+-]?\d+)?")
_SHORT_FIRST = re.compile(r"[A-Za-zαβγ][\w%#+/()\-αβγ.]*\s+(?=[\u3400-\u9fff]|[αβγ]-)")


def _text_end(text: str, at: int) -> int:
    """A name runs to a blank before a number, to an arrow, or to a number glued to a Chinese character.

    An abbreviation before a Chinese name is a piece of its own.
    """
    short = _SHORT_FIRST.match(text, at)
    if short:
        return at + len(short[0].rstrip())
    index = _INDEX.match(text, at)
    if (
        index
        and at + len(index[0]) < len(text)
        and _HAN.match(text[index.end()])
        and not _part_of_name(text, index.end())
    ):
        return index.end()
    i = at + 1
    while i < len(text):
        if marks().sure.match(text, i) or (text[i].isspace() and _starts_value(text, i + 1)):
            return i
        glued = _HAN.match(text[i - 1]) or text[i - 1] in ")）%#"
        if glued and text[i].isdigit() and _starts_value(text, i):
            return i
        if text[i - 1].isascii() and text[i - 1].isalpha() and _DECIMAL_TAIL.fullmatch(text, i):
            return i
        i += 1
    return len(text)


def _starts_value(text: str, at: int) -> bool:
    end = _range_end(text, at) or _number_end(text, at)
    if not end:
        return bool(_unit_end(text, at) == len(text) and at < len(text) and "/" in text[at:])
    return True


def _part_of_name(text: str, at: int) -> bool:
    """``2小时血糖``, ``25羟维生素``: a number that begins a name rather than counts the rows."""
    return text[at : at + 2] in {"小时", "分钟", "羟基", "羟维", "型糖", "点血", "h后"} or text[at] in {
        "羟",
        "时",
        "点",
        "型",
    }


def _whole(text: str, pieces: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """A single number at the end of a Latin name stays with it (``CA 125``, ``Vitamin B 12``)."""
    if len(pieces) == 2:
        first, second = (text[s:e] for s, e in pieces)
        if shape(first) == "text" and not _HAN.search(first) and re.fullmatch(r"\d{1,3}", second) and " " not in second:
            return [(0, len(text))]
    return pieces

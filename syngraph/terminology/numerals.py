"""Numbers in running text, Chinese and English, spoken and written, in one pass.

Offsets are those of the text given. A number keeps its exact decimal value; an approximate number (两三, 十来,
"a few") is a range, not a number. Which words only look like numbers (一直, "no one") stands in
``data/numerals.tsv``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise

from syngraph.terminology.chinese_numbers import BIG, CHARS, DIGITS, UNITS, approximate_pair, to_chinese, whole_number
from syngraph.terminology.english_numbers import BIG as EN_BIG
from syngraph.terminology.english_numbers import FIRST_WORDS, WORDS, to_english, value_of
from syngraph.terminology.fold import fold
from syngraph.terminology.patterns import regex

__all__ = [
    "NumberSpan",
    "RangeSpan",
    "find_numbers",
    "find_ranges",
    "parse_number",
    "plain",
    "to_chinese",
    "to_english",
]

_FRACTIONS = {"½": Decimal("0.5"), "¼": Decimal("0.25"), "¾": Decimal("0.75"), "⅓": Decimal(1) / 3}
_LONGEST_RUN = 24

_ARABIC_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,])|\d+(?:\.\d+)*|(?<![\d.])\.\d+"
_START = regex(rf"[{CHARS}半½¼¾⅓]|\.?\d|\b(?:{'|'.join(FIRST_WORDS)})\b")
_ARABIC = regex(_ARABIC_DIGITS)
_ZH_RUN = regex(rf"[{CHARS}]{{1,{_LONGEST_RUN}}}")
_ZH_FRACTION = regex(r"点([零〇一二两三四五六七八九幺]+)(?![十百千])")
_SPLIT_UNIT = regex(r"(?:度|米)([零〇一二三四五六七八九\d]{1,2})(?![\d十百千万.:]|个|次|天|左右的)")
_WORD = regex(r"[a-z]+|\d+(?:\.\d+)?")
_MULTIPLY = regex(r"[百千万亿](?![卡克帕米焦瓦赫伏分])")
_SUPERSCRIPT = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉")
#: What :func:`plain` reads otherwise than folding does.
_SPECIAL = regex(r"[⁰¹²³⁴⁵⁶⁷⁸⁹₀-₉①-⓿⁄，]")


@dataclass(frozen=True, slots=True)
class NumberSpan:
    """``text[start:end]`` says the number ``value``."""

    start: int
    end: int
    value: Decimal


@dataclass(frozen=True, slots=True)
class RangeSpan:
    """``text[start:end]`` says a number between ``low`` and ``high``, both included."""

    start: int
    end: int
    low: Decimal
    high: Decimal


@cache
def _data() -> dict[str, list[str]]:
    rows: dict[str, list[str]] = {}
    lines = files("syngraph.terminology").joinpath("data/numerals.tsv").read_text(encoding="utf-8").splitlines()
    for line in lines:
        kind, _, value = line.partition("\t")
        if value and not line.startswith("#"):
            rows.setdefault(kind, []).append(value)
    return rows


@cache
def _idioms() -> re.Pattern[str]:
    return regex("|".join(f"(?:{row})" for row in _data()["idiom"]))


@cache
def _measure() -> re.Pattern[str]:
    return regex("|".join(sorted(_data()["measure"][0].split(), key=len, reverse=True)))


@cache
def _and_half() -> re.Pattern[str]:
    return regex(f"(?:{'|'.join(sorted(_data()['half'][0].split(), key=len, reverse=True))})半")


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """``text`` folded, of the same length, with superscripts as ``^`` and circled numbers as spaces.

    Folding alone would read 10⁹ as 109 and ①发热 as one fever; a full-width comma stays one, as it never
    groups thousands.
    """
    folded = fold(text)
    if folded.isascii() and text.isascii():
        return folded
    special = list(_SPECIAL.finditer(text))
    if not special:
        return folded
    chars = list(folded)
    for m in special:
        chars[m.start()] = "，" if m[0] == "，" else "^" if m[0] in _SUPERSCRIPT else " "
    return "".join(chars)


# --- Chinese ---------------------------------------------------------------------------------------------------


def _zh_at(text: str, start: int) -> tuple[int, Decimal] | None:
    """The longest Chinese number that begins at ``start``: its end and value."""
    if text[start] == "半":
        return start + 1, Decimal("0.5")
    run = _ZH_RUN.match(text, start)
    if not run:
        return None
    for end in range(run.end(), start, -1):
        piece = text[start:end]
        if approximate_pair(piece) is not None:
            return None
        value = whole_number(piece)
        if value is not None and not (end < run.end() and text[end] in "十百千万" and len(piece) > 1):
            return _zh_tail(text, start, end, Decimal(value))
    return None


def _zh_tail(text: str, start: int, end: int, value: Decimal) -> tuple[int, Decimal]:
    """Takes in what follows a whole number: 点五, 度五, 个半."""
    point = _ZH_FRACTION.match(text, end)
    if point:
        digits = "".join(str(DIGITS[c]) for c in point[1])
        return point.end(), Decimal(f"{value}.{digits}")
    if text[start:end] == "一" and text.startswith("半", end):
        return end + 1, Decimal("0.5")
    if text[end - 1] in "十百" and text.startswith("来", end) and not text.startswith(("自", "了", "说"), end + 1):
        return end + 1, value
    return _split_tail(text, end, value)


def _split_tail(text: str, end: int, value: Decimal) -> tuple[int, Decimal]:
    """三十八度五, 一米七五, 两片半: the number goes on behind its unit."""
    split = _SPLIT_UNIT.match(text, end)
    if split and value == value.to_integral_value():
        digits = "".join(str(DIGITS.get(c, c)) for c in split[1])
        return split.end(), Decimal(f"{value}.{digits}")
    half = _and_half().match(text, end)
    if half and not text.startswith(("夜", "身"), half.end()):
        return half.end(), value + Decimal("0.5")
    return end, value


def _is_cjk(char: str) -> bool:
    return "㐀" <= char <= "鿿"


def _lone_digit_counts(text: str, start: int, end: int) -> bool:
    """Whether a single Chinese digit is a number: it is where something is counted (一片), not in 两肺."""
    if end - start > 1 or end == len(text) or not _is_cjk(text[end]):
        return True
    if start and text[start - 1] in "孕产到至":
        return True
    return bool(_measure().match(text, end)) or bool(re.match("到|至", text[end:]))


# --- digits ----------------------------------------------------------------------------------------------------


def _arabic_at(text: str, start: int) -> tuple[int, Decimal] | None:
    match = _ARABIC.match(text, start)
    if not match:
        return None
    raw, end = match[0], match.end()
    if raw.count(".") > 1 or ("." in raw and re.search(r"\d\.$", text[max(0, start - 2) : start])):
        raw = raw.split(".")[0]
        return start + len(raw), Decimal(raw)
    value = Decimal(raw.replace(",", ""))
    times = _MULTIPLY.match(text, end)
    if times:
        return times.end(), value * ({**UNITS, **BIG}[times[0]])
    words = _EN_AFTER_DIGITS.match(text, end)
    if words:
        return words.end(), _after_digits(value, words[0])
    return _split_tail(text, end, value)


_EN_AFTER_DIGITS = regex(r" and (?:a )?(?:half|quarter)\b| (?:hundred|thousand|million|dozen)\b")


def _after_digits(value: Decimal, words: str) -> Decimal:
    last = words.split()[-1]
    if last in ("half", "quarter"):
        return value + Decimal("0.5" if last == "half" else "0.25")
    return value * {**EN_BIG, "dozen": 12}[last]


def _part_of_name(text: str, start: int, end: int) -> bool:
    """Whether the digits belong to a name (B12, IL-6, HbA1c), not to a value (BP120, T36.5)."""
    if "." in text[start:end] or not start:
        return False
    match = re.search(r"(?:(?<=[^a-z\d])|^)[a-z]{1,8}(-?)$", text[max(0, start - 10) : start])
    if not match:
        return bool(re.search(r"[a-z]$", text[:start][-1:])) and not _follows_unit(text, start)
    letters = match[0].rstrip("-")
    if match[1]:
        return len(letters) <= 5
    return not _is_value_prefix(letters, text[start:end])


def _follows_unit(text: str, start: int) -> bool:
    return bool(re.search(r"\d[a-z]{1,4}$", text[max(0, start - 6) : start]))


def _is_value_prefix(letters: str, digits: str) -> bool:
    if letters not in _data()["prefix"][0].split():
        return False
    least = {"t": 30, "p": 20, "r": 5, "w": 10}.get(letters, 0)
    return not digits.isdigit() or int(digits[:9]) >= least or letters == "p"


# --- English ---------------------------------------------------------------------------------------------------


def _en_words(text: str, start: int) -> Iterator[tuple[str, int]]:
    """The number words from ``start`` on, each with its end; one space or hyphen between them."""
    at = start
    while match := _WORD.match(text, at):
        if match[0] not in WORDS:
            return
        yield match[0], match.end()
        at = match.end() + 1
        if text[match.end() : at] not in (" ", "-"):
            return


def _en_at(text: str, start: int) -> tuple[int, Decimal] | None:
    words, ends = [], []
    for word, end in _en_words(text, start):
        words.append(word)
        ends.append(end)
        if len(words) == 20:
            break
    for count in range(len(words), 0, -1):
        value = value_of(tuple(words[:count]))
        if value is not None:
            return ends[count - 1], value
    return None


# --- both ------------------------------------------------------------------------------------------------------


def _number_at(text: str, start: int) -> tuple[int, Decimal] | None:
    char = text[start]
    if char in _FRACTIONS:
        return start + 1, _FRACTIONS[char]
    if char.isascii():
        return _en_at(text, start) if char.isalpha() else _arabic_at(text, start)
    return _zh_at(text, start)


def _counts(text: str, start: int, end: int, masked: bytearray) -> bool:
    if any(masked[start:end]):
        return False
    if text[start].isdigit():
        return not _part_of_name(text, start, end)
    return not _is_cjk(text[start]) or _lone_digit_counts(text, start, end)


def _masked(text: str) -> bytearray:
    """1 for each character inside an idiom in which no number is meant."""
    mask = bytearray(len(text))
    for match in _idioms().finditer(text):
        mask[match.start() : match.end()] = b"\x01" * (match.end() - match.start())
    return mask


@lru_cache(maxsize=1024)
def _numbers(text: str) -> tuple[NumberSpan, ...]:
    flat = plain(text)
    mask, found, at = _masked(flat), [], 0
    while match := _START.search(flat, at):
        start = match.start()
        hit = _number_at(flat, start)
        if hit is None:
            at = _skip(flat, start)
            continue
        end, value = hit
        if _counts(flat, start, end, mask):
            found.append(NumberSpan(start, end, value))
            at = end
        else:
            at = _after_uncounted(flat, start, end)
    return tuple(found)


def _skip(text: str, start: int) -> int:
    """Where to go on after something at ``start`` that is no number: past an approximate pair as a whole."""
    run = _ZH_RUN.match(text, start)
    if run:
        for end in range(run.end(), start, -1):
            if approximate_pair(text[start:end]) is not None:
                return end
    return start + 1


def _after_uncounted(text: str, start: int, end: int) -> int:
    """Past one character of a Chinese numeral (万一三天 still counts 三), past the whole of any other."""
    return start + 1 if _is_cjk(text[start]) else end


def find_numbers(text: str) -> list[NumberSpan]:
    """The numbers in ``text``, sorted, not overlapping, each as long as it can be.

    >>> [(n.start, n.end, str(n.value)) for n in find_numbers("血压一百五十二、九十四")]
    [(2, 7, '152'), (8, 11, '94')]
    """
    return list(_numbers(text))


def parse_number(text: str) -> Decimal | None:
    """The number that the whole of ``text`` says; None where it says none or an approximate one."""
    flat = plain(text).strip()
    if not flat or not _START.match(flat):
        return None
    hit = _number_at(flat, 0)
    return hit[1] if hit and hit[0] == len(flat) else None


_CONNECT = regex(r"\s*(?:-|~|/|至|到|--|或(?:者)?)\s*|\s+(?:to|or|through|and)\s+|-(?:to|or)-")
_FEW = regex(
    r"(?P<teens>十几)|(?P<tens>几十|数十)|(?P<few>(?:好|多)?几(?![乎何率])|数(?=[天日周月年次个小分秒十])|若干)"
    r"|\b(?P<afew>a few|few(?= \w)|several|some few)\b"
)
_FEW_BOUNDS = {"teens": (11, 19), "tens": (20, 90), "few": (3, 9), "afew": (3, 5)}
_ABOUT = regex(r"(来|几|多|余)(?=[^\s]|$)")


def _joined_ranges(text: str, numbers: tuple[NumberSpan, ...]) -> Iterator[RangeSpan]:
    for a, b in pairwise(numbers):
        gap = _CONNECT.fullmatch(text, a.end, b.start)
        if not gap or not a.value < b.value:
            continue
        word = gap[0].strip()
        if word == "/" or (word == "and" and not text[: a.start].endswith("between ")):
            continue
        dashes = text[b.end : b.end + 1] in "-/." and text[b.end + 1 : b.end + 2].isdigit()
        if not dashes and not re.search(r"\d[-/.]$", text[: a.start][-2:]):
            yield RangeSpan(a.start, b.end, a.value, b.value)


def _vague_ranges(text: str, numbers: tuple[NumberSpan, ...]) -> Iterator[RangeSpan]:
    for n in numbers:
        raw = text[n.start : n.end].rstrip("来")
        about = _ABOUT.match(text, n.start + len(raw))
        if about and n.value >= 10 and raw[-1] in "十百千0":
            step = Decimal(10) ** (1 if raw[-1] == "十" else n.value.adjusted())
            high = n.value + (step / 2 if about[1] == "来" else step - 1)
            yield RangeSpan(n.start, about.end(), n.value, high)
    for m in _FEW.finditer(text):
        bounds = (3, 9) if m[0] == "several" else _FEW_BOUNDS[m.lastgroup or "few"]
        yield RangeSpan(m.start(), m.end(), Decimal(bounds[0]), Decimal(bounds[1]))


def _pair_ranges(text: str) -> Iterator[RangeSpan]:
    mask = _masked(text)
    for run in _ZH_RUN.finditer(text):
        at = run.start()
        while at < run.end():
            pair, end = _pair_at(text, at, run.end()) if not mask[at] else (None, at + 1)
            if pair and not any(mask[at:end]):
                yield RangeSpan(at, end, Decimal(pair[0]), Decimal(pair[1]))
            at = end if pair else at + 1


def _pair_at(text: str, start: int, stop: int) -> tuple[tuple[int, int] | None, int]:
    for end in range(stop, start + 1, -1):
        pair = approximate_pair(text[start:end])
        if pair:
            return pair, end
        if end == stop and whole_number(text[start:end]) is not None:
            return None, end
    return None, start + 1


@lru_cache(maxsize=1024)
def _ranges(text: str) -> tuple[RangeSpan, ...]:
    flat, numbers = plain(text), _numbers(text)
    found = [*_joined_ranges(flat, numbers), *_pair_ranges(flat), *_vague_ranges(flat, numbers)]
    kept: list[RangeSpan] = []
    for span in sorted(found, key=lambda r: (r.start, -r.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return tuple(kept)


def find_ranges(text: str) -> list[RangeSpan]:
    """The approximate numbers in ``text``: 3-5, 三到五, 两三, 十来, 几, "two or three", "a few".

    >>> [(str(r.low), str(r.high)) for r in find_ranges("歇个三五分钟")]
    [('3', '5')]
    """
    return list(_ranges(text))

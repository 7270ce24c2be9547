"""Chinese numerals: what they say, and how a number is written in them."""

from __future__ import annotations

import re
from functools import lru_cache

DIGITS = {c: i for i, chars in enumerate(
    ("零〇", "一壹幺", "二两贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")) for c in chars}  # fmt: skip
UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
BIG = {"万": 10_000, "亿": 100_000_000}
CHARS = "".join((*DIGITS, *UNITS, *BIG, "廿卅"))


def _section(text: str) -> int | None:
    """A Chinese number below ten thousand; None if ``text`` isn't exactly one. 一百五 is 150, 两千三 2300."""
    total, unit, digit, zero = 0, 10_000, None, False
    for char in text:
        if char in "零〇":
            if zero or digit is not None or not total:
                return None
            zero = True
        elif char in DIGITS:
            if digit is not None:
                return None
            digit = DIGITS[char]
        else:
            size = UNITS.get(char, unit)  # a second 万 or 亿 is refused like any unit out of order
            if size >= unit or (digit is None and size != 10):
                return None
            total, unit, digit, zero = total + (1 if digit is None else digit) * size, size, None, False
    if digit is None:
        return None if zero else total
    short = unit in (100, 1000) and not zero  # the unit left out: 一百五(十)
    return total + digit * (unit // 10 if short else 1)


def spelled(text: str) -> int | None:
    """A Chinese number with its units said: 一百五十二, 两万五, 一亿零三."""
    text = text.replace("廿", "二十").replace("卅", "三十")
    total = 0
    for name, size in (("亿", 100_000_000), ("万", 10_000)):
        head, found, text_after = text.partition(name)
        if not found:
            continue
        part = _section(head.lstrip("零") if total else head)
        if not part:
            return None
        total, text = total + part * size, text_after
        if not text:
            return total
        if len(text) == 1 and text in DIGITS and text not in "零〇":
            return total + DIGITS[text] * size // 10
    if total:
        text = text[1:] if text[0] in "零〇" else text
    rest = _section(text) if text else None
    return None if rest is None else total + rest


@lru_cache(maxsize=2048)
def whole_number(text: str) -> int | None:
    """The whole number ``text`` says in Chinese; a row of digits is read one by one (二零一九)."""
    if all(c in DIGITS for c in text):
        if len(text) == 1:
            return DIGITS[text]
        if "两" in text or approximate_pair(text) is not None:
            return None
        return int("".join(str(DIGITS[c]) for c in text))
    return spelled(text)


@lru_cache(maxsize=2048)
def approximate_pair(text: str) -> tuple[int, int] | None:
    """The bounds of an approximate number: 两三, 三五, 十七八, 七八十, 三四百."""
    match = re.fullmatch(r"(.*?[十百])?([一二两三四五六七八九])([二两三四五六七八九])([十百千万]?)", text)
    if not match:
        return None
    before, low, high, unit = match.groups()
    a, b = DIGITS[low], DIGITS[high]
    if (a, b) == (3, 2):  # 三两天
        a, b = 2, 3
    if (b - a != 1 and (a, b) != (3, 5)) or (before and unit):
        return None
    base = spelled(before) if before else 0
    size = {**UNITS, **BIG}.get(unit, 1)
    if base is None or (before and before[-1] == "百"):
        return None
    return base + a * size, base + b * size


def to_chinese(n: int) -> str:
    """``n`` (0 <= n < 10**8) in Chinese numerals.

    Raises:
        ValueError: ``n`` is outside that range.
    """
    if not 0 <= n < 10**8:
        raise ValueError("a number from 0 to 99999999 is needed")
    high, low = divmod(n, 10_000)
    if not high:
        text = _section_to_chinese(low) or "零"
    else:
        gap = "零" if low and low < 1000 else ""
        text = _section_to_chinese(high) + "万" + gap + _section_to_chinese(low)
    return text[1:] if text.startswith("一十") else text


def _section_to_chinese(n: int) -> str:
    text, gap = "", False
    for size, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, n = divmod(n, size)
        if digit:
            text += ("零" if gap else "") + "零一二三四五六七八九"[digit] + unit
        gap = not digit and bool(text) and n > 0
    return text

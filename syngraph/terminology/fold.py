"""Folding: the spelling differences that mean nothing, taken away without moving a single character.

Full width and half width, upper and lower case, traditional and simplified Chinese, and the many dashes
and quotes become one. Every character maps to exactly one, so an offset into the folded text is an offset
into the original.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib.resources import files

_SAME = {
    "‐": "-", "‑": "-", "–": "-", "—": "-", "−": "-", "～": "~", "〜": "~", "∼": "~",
    "’": "'", "‘": "'", "“": '"', "”": '"', "μ": "u", "µ": "u", "、": "、", "。": "。", "\u00a0": " ", "\u3000": " ",
    # Written Cantonese and its neighbours: each stands for one word of the standard language.
    "冇": "没", "咗": "了",
}  # fmt: skip


@cache
def _table() -> dict[int, str]:
    table: dict[int, str] = {}
    for code in (*range(0x80, 0x250), *range(0x370, 0x400), *range(0x2000, 0x2500), *range(0xFF01, 0xFFEF)):
        char = chr(code)
        plain = unicodedata.normalize("NFKC", char)
        if len(plain) == 1 and len(plain.lower()) == 1 and plain.lower() != char:
            table[code] = plain.lower()
    lines = files("syngraph.terminology").joinpath("data/traditional.txt").read_text(encoding="utf-8")
    for line in lines.splitlines():
        if line and not line.startswith("#"):
            traditional, simplified = line.split("\t")
            table[ord(traditional)] = simplified
    for char, plain in _SAME.items():
        table[ord(char)] = plain
    for code in range(ord("A"), ord("Z") + 1):
        table[code] = chr(code).lower()
    return table


def fold(text: str) -> str:
    """``text`` with meaningless spelling differences removed; always of the same length.

    >>> fold("ＨＴＮ，高血壓")
    'htn,高血压'
    """
    return text.translate(_table())

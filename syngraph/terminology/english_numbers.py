"""English number words: what they say, and how a number is written in them."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

ONES = {w: i for i, w in enumerate((
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
))}  # fmt: skip
TENS = {w: i * 10 for i, w in enumerate(
    ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), 2)}  # fmt: skip
BIG = {"hundred": 100, "thousand": 1000, "million": 1_000_000}
FIRST_WORDS = (*ONES, *TENS, *BIG, "a", "an", "half", "quarter", "couple", "dozen", "oh", "point", "three")
WORDS = frozenset((*FIRST_WORDS, "and", "quarters", "of"))


def _small(words: tuple[str, ...]) -> int | None:
    """0 to 99."""
    if len(words) == 1:
        return ONES.get(words[0], TENS.get(words[0]))
    if len(words) == 2 and words[0] in TENS and 0 < ONES.get(words[1], 0) < 10:
        return TENS[words[0]] + ONES[words[1]]
    return None


def _spoken(words: tuple[str, ...]) -> int | None:
    """Numbers as said of blood pressures and years: one fifty-two, one oh five, nineteen ninety-eight."""
    if len(words) < 2:
        return None
    head = ONES.get(words[0], TENS.get(words[0], 0))
    tail = _small(words[1:])
    if tail is None and words[1] == "oh" and len(words) == 3:
        tail = ONES.get(words[2])
        return head * 100 + tail if tail and tail < 10 and (0 < head < 10 or head in (19, 20)) else None
    if tail is None or tail < 10:
        return None
    return head * 100 + tail if 0 < head < 10 or head in (18, 19, 20) else None


def _whole(words: tuple[str, ...]) -> int | None:
    """A whole number in English words; None where ``words`` aren't exactly one."""
    if not words:
        return None
    if words[0] in ("a", "an"):
        words = ("one", *words[1:]) if len(words) > 1 and words[1] in BIG else ()
    elif words[0] in BIG:
        words = ("one", *words)
    for name in ("million", "thousand", "hundred"):
        if name in words:
            return _big(words, name)
    small = _small(words) if words else None
    return small if small is not None else _spoken(words)


def _big(words: tuple[str, ...], name: str) -> int | None:
    at = words.index(name)
    head = _whole(words[:at]) if words[:at] else 1
    rest = words[at + 1 :]
    if rest[:1] == ("and",):
        rest = rest[1:]
        if not rest:
            return None
    tail = _whole(rest) if rest else 0
    if head is None or tail is None or tail >= BIG[name] or (rest and rest[0] in ("a", "an", *BIG)):
        return None
    return head * BIG[name] + tail


_FIXED = {
    ("half",): "0.5", ("a", "half"): "0.5", ("one", "half"): "0.5", ("a", "quarter"): "0.25", ("quarter",): "0.25",
    ("three", "quarters"): "0.75", ("a", "couple"): "2", ("couple",): "2", ("a", "couple", "of"): "2",
    ("couple", "of"): "2", ("a", "dozen"): "12", ("dozen",): "12", ("half", "a", "dozen"): "6",
}  # fmt: skip


@lru_cache(maxsize=2048)
def value_of(words: tuple[str, ...]) -> Decimal | None:
    """The number that exactly these English words say."""
    if words in _FIXED:
        return Decimal(_FIXED[words])
    for tail, extra in ((("and", "a", "half"), "0.5"), (("and", "half"), "0.5"), (("and", "a", "quarter"), "0.25")):
        if words[-len(tail) :] == tail:
            head = _whole(words[: -len(tail)])
            return None if head is None else head + Decimal(extra)
    if words[-1:] == ("dozen",):
        head = _whole(words[:-1])
        return None if head is None else Decimal(head * 12)
    if "point" in words:
        return _decimal(words)
    whole = _whole(words)
    return None if whole is None else Decimal(whole)


def _decimal(words: tuple[str, ...]) -> Decimal | None:
    at = words.index("point")
    head = 0 if words[:at] in ((), ("oh",)) else _whole(words[:at])
    digits = [0 if w == "oh" else ONES.get(w, 10) for w in words[at + 1 :]]
    if head is None or not digits:
        return None
    if all(d < 10 for d in digits):
        return Decimal(f"{head}.{''.join(map(str, digits))}")
    small = _small(words[at + 1 :])  # "point seventy-five"
    return None if small is None else Decimal(f"{head}.{small}")


def to_english(n: int) -> str:
    """``n`` (0 <= n < 10**8) in English words.

    Raises:
        ValueError: ``n`` is outside that range.
    """
    if not 0 <= n < 10**8:
        raise ValueError("a number from 0 to 99999999 is needed")
    for size, name in ((1_000_000, "million"), (1000, "thousand"), (100, "hundred")):
        if n >= size:
            head, rest = divmod(n, size)
            between = " and " if rest < 100 else " "
            return f"{to_english(head)} {name}" + (between + to_english(rest) if rest else "")
    if n < 20:
        return next(w for w, i in ONES.items() if i == n)
    tens = next(w for w, i in TENS.items() if i == n // 10 * 10)
    return tens + (f"-{to_english(n % 10)}" if n % 10 else "")

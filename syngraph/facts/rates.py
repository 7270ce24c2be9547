"""How often a complaint comes: "一天七八次", "five or six a month", "most nights"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from syngraph.facts.cues import cues
from syngraph.facts.mentions import Reading
from syngraph.facts.passage import Passage
from syngraph.facts.values import Values
from syngraph.terminology.numerals import find_numbers, find_ranges
from syngraph.terminology.patterns import regex

#: Codes of a dose's time, which tell nothing of how often a complaint comes.
_OF_DOSES = frozenset({"prn", "stat", "qn", "qam"})
_N = r"(?:\d+|[a-z]+teen|twenty|thirty|once|twice|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|a (?:few|couple)(?: of)?|several)"
_HAN_N = r"[\d一二两三四五六七八九十几]+(?:[、到~～-][\d一二两三四五六七八九十几]+)?多?"
#: Said of complaints only, so that the terminology of doses doesn't know them.
_SAID = regex(
    rf"(?<![a-z]){_N}(?:(?:-| or | to ){_N})?(?: times)? (?:a|an|per|each|every) (?:day|night|week|month|year|hour)(?![a-z])"
    r"|(?<![a-z])most (?:days|nights|mornings|evenings|weeks)(?![a-z])"
    rf"|(?:每|一|1)(?:天|日|晚上?|夜|宿|周|个?星期|个?礼拜|个?月|年|小时)(?:大?概|差不多|得|要|都|能|会|拉|吐|咳|疼|痛|发作|犯|起来|起|尿|跑|发|抽|来){{0,3}}{_HAN_N}(?:次|回|趟|遍|道|顿|口)"
)


def rates(row: Passage, found: Values, span: tuple[int, int]) -> Iterator[tuple[int, int, str]]:
    """(start, end, code of ``doses`` or the words) of how often, in ``span``."""
    known = [(f.start, f.end, f.code) for f in found.frequencies if f.code not in _OF_DOSES]
    said = [(m.start(), m.end(), _code(m.group())) for m in _SAID.finditer(row.folded, *span)]
    free = [s for s in said if not any(a < s[1] and s[0] < b and b - a >= s[1] - s[0] for a, b, _ in known)]
    kept = [k for k in known if span[0] <= k[0] < span[1] and not any(a < k[1] and k[0] < b for a, b, _ in free)]
    yield from sorted([*kept, *free])


_PERIODS = (
    ("d", regex(r"^[每一1](?:天|日)|day$")), ("w", regex(r"^[每一1](?:周|个?星期|个?礼拜)|week$")), ("mo", regex(r"^[每一1]个?月|month$")),
    ("y", regex(r"^[每一1]年|year$")), ("h", regex(r"^[每一1]小时|hour$")),
)  # fmt: skip


def _code(words: str) -> str:
    """Words as a code of ``doses`` ("5-6/mo"), or as they are where they give no exact numbers or another period."""
    period = next((code for code, pattern in _PERIODS if pattern.search(words)), None)
    counted = regex(r"[几多]|few|couple|several|most").search(words) is None
    rest = re.sub(r"^[每一1]个?(?:天|日|周|星期|礼拜|月|年|小时)", "", words)
    ranges, numbers = list(find_ranges(rest)), [n for n in find_numbers(rest) if n.value == int(n.value)]
    if period is None or not counted or not (ranges or numbers):
        return words
    if ranges:
        return f"{ranges[0].low}-{ranges[0].high}/{period}"
    return "-".join(str(int(n.value)) for n in numbers[:2]) + f"/{period}"


def of_complaint(reading: Reading, row: Passage, span: tuple[int, int], owners: Sequence[str]) -> bool:
    """Whether how often in ``span`` is a complaint's: no drug, habit or doing in it has that."""
    if any(span[0] <= m.start < span[1] and m.term.kind in owners for m in reading.mentions):
        return False
    return cues("treated").search(row.folded, *span) is None and cues("taking").search(row.folded, *span) is None


def asked_how_often(row: Passage) -> bool:
    """Whether the question was how often."""
    return (
        row.asked is not None and cues("asks-how-often").search(row.folded, row.asked.start, row.asked.end) is not None
    )


_PER = (
    ("d", regex(r"一天|每天|每日|一日|(?:a|per|each|every|in a) day|daily")), ("w", regex(r"一周|每周|一个?(?:星期|礼拜)|(?:a|per|each|every|in a) week")),
    ("mo", regex(r"一个?月|每个?月|(?:a|per|each|every|in a) month")),
)  # fmt: skip


def asked_rate(row: Passage) -> str | None:
    """The rate that a number gives in answer to "how many times a day?"; None where the answer says its own."""
    if row.asked is None or not asked_how_often(row):
        return None
    asked = row.folded[row.asked.start : row.asked.end]
    period = next((code for code, words in _PER if words.search(asked)), None)
    answer = row.folded[row.start : row.end].strip()
    if period is None or _SAID.search(answer[:24]) is not None:
        return None
    head = re.split(
        r"[,，。.;；]",
        re.sub(r"^(?:um|uh|oh|about|around|maybe|大概|差不多|有|嗯|也就|就|得有|[, ])+", "", answer),
        maxsplit=1,
    )[0]
    ranges, numbers = list(find_ranges(head)), list(find_numbers(head))
    starts = [r.start for r in ranges] + [n.start for n in numbers]
    if not starts or min(starts) > 1 or re.search(r"小时|天|月|年|hour|day|week|month|几|多", head):
        return None
    if ranges:
        return f"{ranges[0].low}-{ranges[0].high}/{period}"
    return "-".join(str(int(n.value)) for n in numbers[:2]) + f"/{period}"

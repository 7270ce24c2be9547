"""What a laboratory row printed over several lines: the rest of a name, and ranges for several groups under each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from syngraph.sources.report_layout import Cell
from syngraph.sources.report_marks import words
from syngraph.sources.report_tokens import RANGE_LABELS, range_label, shape
from syngraph.terminology.fold import fold

#: A row's cells by role; a row that is used up becomes None.
Shard = dict[str, list[Cell]]
Halves = dict[int, Shard]

#: What it costs to give a line of ranges to a row: a label that the row has already, a label beside a range without one,
#: leaving the way in which the rest of the table is printed, and each row's pitch between them.
_TWICE, _MIXED, _FREE, _FIRST = 4.0, 2.0, 0.4, 5.0


def wrapped(shards: Sequence[Halves]) -> list[Halves | None]:
    """Names and ranges printed over several lines put together again; a row that is used up becomes None."""
    out: list[Halves | None] = [dict(s) for s in shards]
    for half in sorted({h for s in shards for h in s}):
        mine = [(i, s[half]) for i, s in enumerate(shards) if half in s]
        used = [*_names(mine), *_ranges(mine)]
        for i in used:
            halves = out[i]
            if halves is not None:
                halves.pop(half, None)
                out[i] = halves or None
    return out


# --- names -----------------------------------------------------------------------------------------------------


def _names(mine: Sequence[tuple[int, Shard]]) -> Iterator[int]:
    pitch = _pitch([s for _, s in mine])
    for n, (i, shard) in enumerate(mine):
        if shard.get("value") or not set(shard) <= {"item", "index"} or not shard.get("item"):
            continue
        host = _host(shard, mine[n - 1][1] if n else None, mine[n + 1][1] if n + 1 < len(mine) else None, pitch)
        if host is None:
            continue
        target = mine[n + host][1]
        if _is_note(shard["item"][0].text):
            target["method"] = [*target.get("method", []), *shard["item"]]
            yield i
            continue
        named = target.get("item", [])
        target["item"] = [*named, *shard["item"]] if host < 0 else [*shard["item"], *named]
        yield i


def _host(shard: Shard, before: Shard | None, after: Shard | None, pitch: float) -> int | None:
    """-1 if the piece of a name in ``shard`` belongs to the row before, 1 if to the row after."""
    level = shard["item"][0].middle
    if after and after.get("value") and not after.get("item") and _level(after) - level < pitch:
        return 1
    if before and before.get("value") and before.get("item"):
        down = level - _level(before)
        foot = _level(after) - level if after and after.get("value") else pitch
        # A line between two rows that stands closer to the upper one; a title between them stands in the middle.
        if down < 0.8 * pitch or (down < 0.95 * pitch and down < 0.88 * foot):
            return -1
    return None


def _is_note(text: str) -> bool:
    """Whether a line under a row says how it was measured, and is no part of its name."""
    first = re.match(r"[^:：]+", fold(text))
    return first is not None and (first[0].strip() in words("row-note") or first[0].split()[0] in words("row-note"))


def _pitch(shards: Sequence[Shard]) -> float:
    levels = [_level(s) for s in shards if s.get("value") and s.get("item")]
    steps = sorted(b - a for a, b in pairwise(levels) if b > a)
    return steps[len(steps) // 2] if steps else 0.0


def _level(shard: Shard) -> float:
    cells = shard.get("value") or next(iter(shard.values()))
    return cells[0].middle


# --- ranges ----------------------------------------------------------------------------------------------------


def _ranges(mine: Sequence[tuple[int, Shard]]) -> list[int]:
    """Lines that hold only a range go to the row above or below, all of a table in the same way where that fits."""
    # A row whose result was not read still has its ranges; they must not go to its neighbour.
    hosts = [n for n, (_, s) in enumerate(mine) if s.get("item") and (s.get("value") or s.get("range"))]
    extra = [n for n, (_, s) in enumerate(mine) if _is_more(s)]
    if not hosts or not extra:
        return []
    pitch = _pitch([s for _, s in mine]) or 1.0
    gaps = [_Gap([mine[n][1] for n in lines], a, b, pitch) for lines, a, b in _between(mine, hosts, extra)]
    ways = {way: [gap.split(way) for gap in gaps] for way in ("above", "below", "free")}
    best = min(ways, key=lambda way: sum(cost for cost, _ in ways[way]))
    joined = [s for gap, (_, cut) in zip(gaps, ways[best], strict=True) for s in gap.join(cut)]
    return [i for i, s in mine if any(s is j for j in joined)]


def _is_more(shard: Shard) -> bool:
    """Whether there is only a range in it, or a label of one."""
    if not shard.get("range") or set(shard) - {"range", "flag", "unit"}:
        return False
    return any(shape(c.text) == "range" or range_label(c.text) for c in shard["range"])


def _between(
    mine: Sequence[tuple[int, Shard]], hosts: Sequence[int], extra: Sequence[int]
) -> Iterator[tuple[list[int], Shard | None, Shard | None]]:
    """The extra lines between each two rows, with the row above and the row below."""
    for above, below in pairwise([-1, *hosts, len(mine)]):
        lines = [n for n in extra if above < n < below]
        if lines:
            yield lines, mine[above][1] if above >= 0 else None, mine[below][1] if below < len(mine) else None


class _Gap:
    """Lines of ranges between two rows."""

    def __init__(self, lines: list[Shard], above: Shard | None, below: Shard | None, pitch: float) -> None:
        self.lines, self.above, self.below, self.pitch = lines, above, below, pitch

    def split(self, way: str) -> tuple[float, int]:
        """What it costs, and how many of the lines go to the row above."""
        most = len(self.lines)
        cuts = {"above": [most], "below": [0], "free": range(most + 1)}[way]
        return min((self._cost(cut) + (_FREE if way == "free" else 0.0), cut) for cut in cuts)

    def _cost(self, cut: int) -> float:
        cost = 0.0
        for host, lines in ((self.above, self.lines[:cut]), (self.below, self.lines[cut:])):
            if lines and host is None:
                cost += _FIRST
            elif lines and host is not None:
                cost += _MIXED * any(shape(c.text) not in {"number", "flagged"} for c in host.get("value", [])[:1])
                cost += _unlike([*host.get("range", []), *(c for s in lines for c in s["range"])])
                cost += sum(abs(_level(host) - s["range"][0].middle) for s in lines) / self.pitch / len(self.lines)
        return cost - self._room(cut) / self.pitch

    def _room(self, cut: int) -> float:
        """How far apart the lines are between which it is cut; what belongs together stands closer."""
        levels = [s["range"][0].middle for s in self.lines]
        top = self.above["range"][-1].middle if self.above and self.above.get("range") else levels[0] - self.pitch
        foot = self.below["range"][0].middle if self.below and self.below.get("range") else levels[-1] + self.pitch
        ladder = [top, *levels, foot]
        return ladder[cut + 1] - ladder[cut]

    def join(self, cut: int) -> Iterator[Shard]:
        """Give the first ``cut`` lines to the row above, the rest to the row below, in the order of print.

        Yields the lines that were given; ranges that can't be the row's stay lines of their own.
        """
        for host, lines in ((self.above, self.lines[:cut]), (self.below, self.lines[cut:])):
            more = [c for s in lines for c in s["range"]]
            if more and host is not None and not _unlike([*host.get("range", []), *more]):
                yield from lines
                host["range"] = sorted([*host.get("range", []), *more], key=lambda c: (c.middle, c.x0))


def _unlike(ranges: Sequence[Cell]) -> float:
    """How little these ranges are those of one item."""
    labels = [range_label(c.text) if shape(c.text) == "range" else "" for c in ranges]
    named = [label for label in labels if label]
    families = {role for label in named for role in RANGE_LABELS[:-1] if label in words(role)}
    alien = len(families) > 1 or (bool(named) and len(named) < len(labels))
    return _TWICE * (len(named) - len(set(named))) + _MIXED * alien

"""Laboratory rows without a header: what each piece is, told by its looks alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

from syngraph.sources.report_columns import cell_width
from syngraph.sources.report_layout import Cell, Row
from syngraph.sources.report_pieces import Known, looks_of
from syngraph.sources.report_tokens import shape
from syngraph.sources.report_wrapped import Halves, Shard


def is_prose(row: Row) -> bool:
    """A long cell, or one with sentence marks, is no table row."""
    return any(len(c.text) > 45 or re.search(r"[。；，;]|[a-z]\.\s|[a-z],\s", c.text) for c in row)


def free_rows(pieces: Sequence[Cell], known: Known) -> list[Shard]:
    """The rows that ``pieces`` make, each piece in the role that its looks and its neighbours give it."""
    usual = cell_width(pieces)
    looks = looks_of(pieces, usual)
    found: list[Shard] = []
    for piece, look in zip(pieces, looks, strict=True):
        role = _free_role(piece, look, found)
        if role == "item" and (not found or found[-1].get("value")):
            found.append({})
        if not found:
            if look == "index" or re.fullmatch(r"\d{1,3}", piece.text):
                continue
            if look != "flag":
                return []
            found.append({})  # an arrow before the name
        found[-1].setdefault(role, []).append(piece)
    return _sorted_out(found)


def _sorted_out(found: Sequence[Shard]) -> list[Shard]:
    """Shards without a value are what stands behind a row (its method); a range before its value, and an older value, put right."""
    rows: list[Shard] = []
    for shard in found:
        if rows and not shard.get("value"):
            rows[-1].setdefault("method", []).extend(c for cells in shard.values() for c in cells)
        else:
            rows.append(shard)
    return [_ordered(s) for s in rows]


def _ordered(shard: Shard) -> Shard:
    value, ranges = shard.get("value", []), shard.get("range", [])
    shard = _short_first(shard)
    numbers = [c for c in ranges if shape(c.text) in {"number", "flagged"}]
    if value and numbers and shape(value[0].text) == "range" and not re.match(r"[<>≤≥]", value[0].text):
        return {**shard, "value": numbers[:1], "range": value, "previous": numbers[1:]}
    if numbers and len(numbers) < len(ranges):
        return _first_measure({**shard, "range": [c for c in ranges if c not in numbers], "previous": numbers})
    return shard


def _first_measure(shard: Shard) -> Shard:
    """Of a result in two units, each with its range, the first; without a result where two numbers have nothing to tell them apart."""
    units, ranges, numbers = shard.get("unit", []), shard["range"], shard["previous"]
    if len(units) > 1:
        return {**shard, "unit": units[:1], "range": ranges[:1], "previous": [*numbers, *units[1:], *ranges[1:]]}
    if numbers[0].x0 < ranges[0].x0 and shard.get("value"):
        return {k: v for k, v in shard.items() if k != "value"}
    return shard


def _short_first(shard: Shard) -> Shard:
    """A short name before the name (``TBIL  总胆红素``) is no item."""
    names = [*shard.get("item", []), *shard.get("abbr", [])]
    if len(names) != 2 or not re.fullmatch(r"[A-Za-z][\w%#+/\-]{0,8}", names[0].text) or not names[0].text.isascii():
        return shard
    longer = not names[1].text.isascii() or (
        names[0].text.upper() == names[0].text and len(names[1].text) > len(names[0].text)
    )
    apart = names[1].x0 - names[0].x1 > 0.5 * names[0].height
    return {**shard, "item": names[1:], "abbr": names[:1]} if longer and apart else shard


def _free_role(piece: Cell, look: str, found: Sequence[Shard]) -> str:
    shard = found[-1] if found else {}
    if look == "index":
        return "index"
    if look == "flag":
        return "flag"
    if look in {"number", "flagged"}:
        return "value" if not shard.get("value") else "range"
    if look == "range":
        return "value" if not shard.get("value") and shard.get("item") else "range"
    if look == "unit":
        return "unit" if shard.get("item") else "item"
    if look == "word":
        return "value" if not shard.get("value") and shard.get("item") else "range"
    if shard.get("item") and not shard.get("value") and re.fullmatch(r"[\w%#/+.\-αβγ]+", piece.text):
        return "abbr"
    return "item"


def ranges_first(found: list[Halves]) -> list[Halves]:
    """Where ranges in numbers stand before the results, those in words do too."""
    shards = [s for halves in found for s in halves.values() if s.get("value") and s.get("range")]
    numbers = [s for s in shards if shape(s["range"][0].text) == "range"]
    before = sum(1 if s["range"][0].x0 < s["value"][0].x0 else -1 for s in numbers)
    for s in shards if before > 0 else ():
        value, reference = s["value"][0], s["range"][0]
        told = shape(value.text) == "word" or (
            shape(value.text) == "range" and shape(reference.text) in {"number", "flagged"}
        )
        if told and value.x0 < reference.x0:
            s["value"], s["range"] = s["range"], s["value"]
    return found

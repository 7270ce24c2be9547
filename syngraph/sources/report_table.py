"""Laboratory tables: rows of print to rows of item, value, unit and range.

With a header, each piece of a row goes to a column by where it stands and what it looks like, in one pass
that keeps the order (so a slipped column can't take its neighbour's cells). Without one, the looks alone decide.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from syngraph.sources.report_columns import Column, cell_width, columns_of, retold
from syngraph.sources.report_days import dated, headed
from syngraph.sources.report_free import free_rows, is_prose, ranges_first
from syngraph.sources.report_layout import Cell, Row
from syngraph.sources.report_marks import flag_of
from syngraph.sources.report_pieces import Known, looks_of, pieces_of, plain_text, unmixed
from syngraph.sources.report_tokens import is_labelled_range, is_qualitative, shape
from syngraph.sources.report_wrapped import Halves, Shard, wrapped
from syngraph.terminology.units import unit


@dataclass(frozen=True, slots=True, kw_only=True)
class LabRow:
    """A laboratory row: its cells in reading order, and by role (``item value flag unit range abbr`` ...)."""

    cells: tuple[Cell, ...]
    fields: Mapping[str, tuple[Cell, ...]]

    def text(self, role: str) -> str:
        """What stands in the column ``role``."""
        return " ".join(c.text for c in self.fields.get(role, ()))

    @property
    def level(self) -> float:
        """Where the row's value stands on the page."""
        return self.fields["value"][0].middle if self.fields.get("value") else self.cells[0].middle


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the page: laboratory rows side by side and what stands beside them, or plain cells."""

    cells: tuple[Cell, ...] = ()
    rows: tuple[LabRow, ...] = ()
    header: bool = False


#: What it costs to put a piece of a shape into a column of a role, in heights of a line.
_COST: Mapping[str, Mapping[str, float]] = {
    "item": {"text": 0, "word": 3, "unit": 2, "number": 5, "flagged": 6, "range": 7, "flag": 5, "index": 0.1},
    "abbr": {"text": 0, "word": 2, "unit": 1, "number": 5, "flagged": 6, "range": 7, "flag": 3, "index": 5},
    "value": {"text": 2.5, "word": 0, "unit": 6, "number": 0, "flagged": 0, "range": 3, "flag": 3, "index": 6},
    "unit": {"text": 2.5, "word": 4, "unit": 0, "number": 6, "flagged": 7, "range": 7, "flag": 4, "index": 6},
    "range": {"text": 2, "word": 1, "unit": 5, "number": 3, "flagged": 5, "range": 0, "flag": 5, "index": 8},
    "index": {"text": 8, "word": 8, "unit": 8, "number": 2, "flagged": 8, "range": 8, "flag": 5, "index": 0},
    "flag": {"text": 4, "word": 2, "unit": 6, "number": 8, "flagged": 8, "range": 8, "flag": 0, "index": 8},
}
_ANY = {"number": 1.5, "flagged": 2.0, "range": 1.5, "unit": 1.5}
#: What a second piece in the same column costs.
_AGAIN = {"item": 0.5, "method": 0.3, "other": 0.3, "range": 2.0, "value": 3.0}
#: Distance to a column counts up to this many heights: a far column is only as bad as this, per piece.
_FAR = 12.0


def lines_of(rows: Sequence[Row], known: Known, is_field: Callable[[str], bool]) -> list[Line]:
    """The rows of a page as lines, laboratory rows recognised.

    Args:
        rows: the page, top to bottom.
        known: tells a known item name.
        is_field: tells a line that is a form field (name, date, signature), never a result.
    """
    blocks = _blocks(rows)
    lines: list[Line] = []
    for header, body in blocks:
        if header is None:
            lines += _free_lines(body, known, is_field)
        else:
            lines.append(Line(cells=body[0], header=True))
            lines += _table_lines(header, body[1:], known, is_field)
    return lines


def _blocks(rows: Sequence[Row]) -> list[tuple[tuple[Column, ...] | None, list[Row]]]:
    blocks: list[tuple[tuple[Column, ...] | None, list[Row]]] = [(None, [])]
    at = 0
    while at < len(rows):
        header, length = _header(rows, at)
        row = tuple(c for r in rows[at : at + length] for c in r)
        at += length
        if header:
            blocks.append((header, [row]))
        else:
            blocks[-1][1].append(row)
    return [b for b in blocks if b[1]]


def _header(rows: Sequence[Row], at: int) -> tuple[tuple[Column, ...], int]:
    """The header that begins at ``rows[at]`` and over how many lines it goes; days may stand on one of their own."""
    header = columns_of(rows[at]) if len(dated(rows[at])) > 1 else ()
    for near in () if header else (at, at + 1):
        for first, end, words in headed(rows, near) if near < len(rows) else ():
            found = columns_of(words) if first == at else ()
            if found:
                return found, end - first
    return header or columns_of(rows[at]), 1


# --- with a header ---------------------------------------------------------------------------------------------


def _table_lines(
    header: tuple[Column, ...], rows: list[Row], known: Known, is_field: Callable[[str], bool]
) -> list[Line]:
    rows = [part for r in rows for part in unmixed(r, known)]
    usual = cell_width([c for r in rows for c in r])
    cut_rows = [None if is_field(plain_text(r)) else pieces_of(r, known) for r in rows]
    columns = header
    for _ in range(2):
        placed = [_place(p, columns, usual) if p else [] for p in cut_rows]
        header = retold(header, placed)
        columns = _refined(header, placed, usual)
    placed = [_place(p, columns, usual) if p else [] for p in cut_rows]
    shards = [_shards(p) for p in placed]
    joined = wrapped(shards)
    return [
        _line(row, pieces, halves, known, is_field, columns) for row, pieces, halves in zip(rows, cut_rows, joined, strict=True)
        if halves is not None
    ]  # fmt: skip


_Placed = list[tuple[Cell, Column]]


def _place(pieces: Sequence[Cell], columns: Sequence[Column], usual: float) -> _Placed:
    """The cheapest way to give each piece a column without changing the order of either."""
    looks = looks_of(pieces, usual)
    unitless = {c.half for c in columns} - {c.half for c in columns if c.role == "unit"}
    # best[j]: cheapest cost with the last piece in column j, and the columns chosen so far.
    best: list[tuple[float, tuple[int, ...]]] = [(0.0, ())] * len(columns)
    for n, (piece, look) in enumerate(zip(pieces, looks, strict=True)):
        fresh: list[tuple[float, tuple[int, ...]]] = []
        for j, column in enumerate(columns):
            own = _fit(piece, look, column, usual)
            shared = look == "unit" and column.role in {"value", "range"} and column.half in unitless
            if shared:
                own -= _COST[column.role]["unit"]
            ways = []
            for i in range(j + 1):
                cost, path = best[i]
                again = _AGAIN.get(column.role, 2.5) if n and i == j and path and path[-1] == j else 0.0
                if (again and look in {"flag", "index"}) or (n and looks[n - 1] in {"flag", "index"}):
                    again = min(again, 0.2)
                if shared:
                    again = 0.0
                ways.append((cost + again + own, path))
            cost, path = min(ways, key=lambda w: w[0])
            fresh.append((cost, (*path, j)))
        best = fresh
    chosen = min(best, key=lambda b: b[0])[1]
    return [(p, columns[j]) for p, j in zip(pieces, chosen, strict=True)]


def _fit(piece: Cell, look: str, column: Column, usual: float) -> float:
    gap = max(column.x0 - piece.x1, piece.x0 - column.x1, 0.0) / usual
    align = min(
        abs(piece.x0 - column.x0), abs(piece.x1 - column.x1), abs(piece.x0 + piece.x1 - column.x0 - column.x1) / 2
    )
    return min(gap, _FAR) + 0.12 * min(align / usual, 8.0) + _COST.get(column.role, _ANY).get(look, 0.8)


def _refined(header: tuple[Column, ...], placed: Sequence[_Placed], usual: float) -> tuple[Column, ...]:
    """Columns as wide as what most rows put there."""
    out = []
    for column in header:
        mine = [p for row in placed for p, c in row if (c.role, c.half) == (column.role, column.half)]
        same = [p for p in mine if _COST.get(column.role, {}).get(shape(p.text), 0) < 1]
        if len(same) >= 3:
            lefts, rights = sorted(p.x0 for p in same), sorted(p.x1 for p in same)
            cutoff = len(same) // 6
            column = replace(column, x0=lefts[cutoff], x1=max(rights[-1 - cutoff], lefts[cutoff] + usual))
        out.append(column)
    return tuple(out)


def _shards(placed: _Placed) -> dict[int, Shard]:
    halves: dict[int, Shard] = {}
    for piece, column in placed:
        role = column.role
        if _is_flag(piece, role, halves.get(column.half, {})):
            role = "flag"
        halves.setdefault(column.half, {}).setdefault(role, []).append(piece)
    return {half: _valued(_by_looks(_two_words(shard))) for half, shard in halves.items()}


def _two_words(shard: Shard) -> Shard:
    """A result and a reference in words that came to one column: they were printed apart, the reference behind or before."""
    value = shard.get("value", [])
    if len(value) != 2 or shard.get("range") or {shape(c.text) for c in value} != {"word", "flagged"}:
        return shard
    plain = [c for c in value if shape(c.text) == "word"]
    return {**shard, "value": [c for c in value if c not in plain], "range": plain}


def _valued(shard: Shard) -> Shard:
    """A row whose only result is a word that could be a mark (``High``, ``Abnormal``)."""
    words = [p for p in shard.get("flag", []) if p.text == "A" or (p.text.isalpha() and is_qualitative(p.text))]
    if shard.get("value") or len(words) != 1 or not (shard.get("item") or shard.get("abbr")):
        return shard
    return {**shard, "value": words, "flag": [p for p in shard["flag"] if p not in words]}


def _is_flag(piece: Cell, role: str, shard: Shard) -> bool:
    """Whether a piece is a mark: one of letters is the result itself where nothing else is (``Abnormal``, ``High``)."""
    if role in {"item", "abbr", "previous"} or (role in {"other", "method"} and piece.text.isalpha()):
        return False
    if piece.text in {"A", "AA"}:
        return role in {"value", "flag", "unit", "range"}
    if piece.text in {"+", "++", "-", "--"}:
        return bool(shard.get("value")) and shape(shard["value"][-1].text) == "number" and role in {"value", "unit"}
    return shape(piece.text) == "flag"


_BY_LOOKS = {"unit": {"unit"}, "range": {"range", "word"}, "value": {"number", "flagged"}}


def _by_looks(shard: Shard) -> Shard:
    """A unit or a range that has no column of its own (its header could not be read) is told by its looks."""
    for role in ("unit", "range", "value"):
        if shard.get(role):
            continue
        for host in ("flag", "unit", "range", "other", "method", "previous", "value", "abbr"):
            spare = shard.get(host, [])[1:] if host == "value" else shard.get(host, [])
            looks = _BY_LOOKS[role]
            if role == "value" and host not in {"other", "method"}:
                continue
            mine = [p for p in spare if shape(p.text) in looks and (host != "abbr" or _is_known_unit(p.text))]
            if mine and host != role:
                shard[host] = [p for p in shard[host] if p not in mine]
                shard[role] = mine
                break
    return {k: v for k, v in shard.items() if v}


def _is_misplaced(shard: Shard, known: Known) -> bool:
    """Whether the row is no row of this table: a name with its own result stands under another column's header."""
    value = [shape(c.text) for c in shard.get("value", [])]
    if len(value) > 1 and value[0] == "text" and "word" in value[1:]:
        return True
    crowd = [*shard.get("value", []), *shard.get("range", [])] if len(value) > 1 else []
    names = [c for c in crowd if known(c.text)]
    names += [c for c in shard.get("unit", []) if _is_name(c.text, known)]
    return any(shape(c.text) == "text" for c in names)


def _is_name(text: str, known: Known) -> bool:
    return unit(text) is None and (
        known(text) or (re.search(r"[\u3400-\u9fff]{2}", text) is not None and "/" not in text)
    )


def _blocks_of(pieces: Sequence[Cell], known: Known) -> list[LabRow]:
    """Names and results in turn across the page (``HPV16 阴性 HPV18 阳性``), at least one name known; none where it is otherwise."""
    rows = [_lab_row(s) for s in free_rows(pieces, known)]
    good = [
        r for r in rows if r is not None and r.text("value") and len(r.fields["item"]) == 1 and "range" not in r.fields
    ]
    named = any(known(r.text("item")) for r in good)
    return good if named and len(good) == len(rows) > 1 else []


def _is_known_unit(text: str) -> bool:
    """Whether ``text`` is a unit for sure; a short name with a stroke (``S/L``, ``A/G``) is none."""
    return bool(re.search(r"[/%]", text)) and unit(text) is not None


def _line(
    row: Row,
    pieces: list[Cell] | None,
    halves: dict[int, Shard],
    known: Known,
    is_field: Callable[[str], bool],
    columns: Sequence[Column],
) -> Line:
    if not pieces:
        return Line(cells=row)
    if any(_is_misplaced(halves[h], known) for h in halves):
        blocks = _blocks_of(pieces, known)
        return Line(rows=tuple(blocks)) if blocks else Line(cells=row)
    rows = [(h, _lab_row(halves[h])) for h in sorted(halves)]
    # A form field can stand beside half a table (``发票号码 01425472``).
    named = [(h, r) for h, r in rows if r is not None and not is_field(r.text("item") + "：0")]
    good = [r for h, r in named if is_result(r, known, headed=True) or _in_columns(r, columns, h)]
    if not good:
        return Line(cells=row)
    used = {id(c) for r in good for c in r.cells}
    rest = tuple(p for p in pieces if id(p) not in used)
    return Line(cells=rest, rows=tuple(good))


def _in_columns(row: LabRow, columns: Sequence[Column], half: int) -> bool:
    """Whether a name stands in the column of names and a short text in that of results, with nothing else to tell."""
    item, value = row.fields["item"], row.fields.get("value", ())
    homes = {c.role: c for c in columns if c.half == half}
    if len(value) != 1 or not {"item", "value"} <= set(homes) or shape(value[0].text) != "text":
        return False
    if _is_misread(value[0].text):
        return False
    if (
        len(row.text("item")) > 40
        or len(value[0].text) > 30
        or re.search(r"[:：。；;?？]", row.text("item") + value[0].text)
    ):
        return False
    usual = value[0].height
    left = abs(item[0].x0 - homes["item"].x0) < 4 * usual or item[0].x0 < homes["item"].x1
    home = homes["value"]
    return (
        left
        and item[-1].x1 < value[0].x0
        and (abs(value[0].x0 - home.x0) < usual or value[0].x0 < home.x1 > value[0].x1)
    )


def _lab_row(shard: Shard) -> LabRow | None:
    fields = {k: tuple(v) for k, v in shard.items()}
    if not fields.get("item") and fields.get("abbr"):
        fields["item"] = fields.pop("abbr")  # a name that begins in the column of short names, or has no other
    names = fields.get("item", ())
    if not names:
        return None
    # A wrapped name's second line is read after its first, before the cells beside them.
    others = sorted((c for k, v in fields.items() if k != "item" for c in v), key=lambda c: c.x0)
    left = [c for c in others if c.x1 <= names[0].x0]
    return LabRow(cells=(*left, *names, *(c for c in others if c not in left)), fields=fields)


def is_result(row: LabRow, known: Known, *, headed: bool) -> bool:
    """Whether ``row`` is a result: a name with letters, a value, and something that bears it out."""
    item, value = row.text("item"), row.text("value")
    letters = re.sub(r"^\d{1,3}\s?[.、)]?", "", item)
    if not value or not re.search(r"[^\W\d_]", letters) or len(item) > 60:
        return False
    if _two_results(row.fields["value"]) or _is_misread(value):
        return False
    look = shape(value)
    if (
        not headed
        and look == "range"
        and not row.text("range")
        and not re.search(r"[HL]P|视野|^[<>≤≥＜＞]", row.text("unit") + value)
    ):
        return False  # a reference whose result was not read; only counts in a field of view are ranges themselves
    if look in {"number", "flagged", "range"}:
        return headed or _is_measured(row) or bool(row.text("range") or known(letters))
    if look == "word":
        return headed or bool(row.text("range") or known(letters))
    return headed and len(value) <= 24 and bool(row.text("range") or row.text("unit") or known(letters))


def _is_misread(value: str) -> bool:
    """Whether no report prints such a result: a figure behind a nought, or a lone character that is no word of results."""
    return bool(re.fullmatch(r"0\d+", value)) or (
        len(value) == 1 and "\u3400" <= value <= "\u9fff" and not is_qualitative(value)
    )


def _two_results(cells: Sequence[Cell]) -> bool:
    """Whether two numbers stand there: results of two rows that ran together, and no one can say whose they are.

    A single figure behind a number is an arrow that was misread.
    """
    numbers = [c for c in cells if shape(c.text) in {"number", "flagged"}]
    return len(numbers) > 1 and any(len(c.text) > 1 for c in numbers[1:])


def _is_measured(row: LabRow) -> bool:
    """Whether the unit is one of a result; a bare mass or volume is a medicine's dose."""
    measure = row.text("unit").strip()
    dose = re.fullmatch(r"(?i:mg|g|mcg|[uμµ]g|ml|iu|u|片|粒|支|units?|tabs?|tablets?|puffs?)", measure)
    return bool(measure) and dose is None


# --- without one -----------------------------------------------------------------------------------------------


def _free_lines(rows: Sequence[Row], known: Known, is_field: Callable[[str], bool]) -> list[Line]:
    found = ranges_first([_free_halves(row, known, is_field) for row in rows])
    if sum(len(_results(halves, known)) for halves in found) < 2:
        return [Line(cells=r) for r in rows]
    lines = []
    for row, halves in zip(rows, wrapped(found), strict=True):
        if halves is not None:
            good = _results(halves, known)
            lines.append(Line(rows=tuple(good)) if good else Line(cells=row))
    return lines


def _results(halves: Halves, known: Known) -> list[LabRow]:
    """The rows of a line without a header; none where one of them is no result."""
    rows = [_lab_row(halves[h]) for h in sorted(halves)]
    good = [r for r in rows if r is not None and is_result(r, known, headed=False)]
    return good if len(good) == len(rows) else []


def _free_halves(row: Row, known: Known, is_field: Callable[[str], bool]) -> Halves:
    if all(is_labelled_range(c.text, known=True) for c in row):
        return {0: {"range": list(row)}}
    if is_field(plain_text(row)) or is_prose(row):
        return {}
    halves = dict(enumerate(free_rows(pieces_of(row, known), known)))
    return halves if _results(halves, known) else {}


def mark_of(row: LabRow) -> str | None:
    """The printed mark of ``row`` as ``low``, ``high``, ``abnormal`` or ``normal``."""
    for cell in (*row.fields.get("flag", ()), *row.fields.get("value", ())[1:]):
        found = flag_of(cell.text)
        if found:
            return found
    return None

"""From a row of a laboratory table to an entry: names and units set right by the dictionary, the flag computed.

What is printed is never changed in a digit. A unit or a letter that the reader of print confused (``mlU/L``, ``10~9/L``) is set
right only where the dictionary bears it out; whatever remains doubtful is marked for review.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from syngraph.model import frozen_map
from syngraph.sources.report_analytes import (
    analyte,
    is_known,
    is_possible,
    is_sound,
    known_unit,
    repaired_name,
    same_analyte,
    value_flag,
)
from syngraph.sources.report_layout import Cell
from syngraph.sources.report_marks import flag_of, words
from syngraph.sources.report_table import LabRow, mark_of
from syngraph.sources.report_tokens import (
    is_labelled_range,
    is_number,
    is_qualitative,
    is_range,
    is_unit,
    range_label,
    shape,
    split_flag,
)
from syngraph.terminology.fold import fold
from syngraph.terminology.lexicon import Term

#: Below this confidence of any cell a row is marked for review (catches 3 of 4 misread cells for 1 right one in 30).
SURE = 0.95
#: A number that is really all figures is read at least this surely.
_SURE_FIGURE = 0.98
#: So many rows of a kind are no chance.
_SEVERAL = 3
_INDEX = re.compile(r"^\d{1,3}\s?[.、)]\s?|^\d{1,3}\s+(?=\D)|^\d{1,2}(?=[\u3400-\u9fff])(?!\d*(?:小时|羟|分钟|型|点))")
_MARKS = re.compile(r"^[*★☆#△▲●○◆◇※\s]+|[*★☆※\s:：]+$")
_ABBR = re.compile(r"^(.*[\u3400-\u9fff].*?)\s*[(（\[【]\s*([A-Za-z][\w\s%#/+.\-βαγⅢ]*?)\s*[)）\]】]$")
_ABBR_FIRST = re.compile(r"^([A-Za-z][A-Za-z0-9%#/+\-]{1,9})[\s:：]+([\u3400-\u9fff].+)$")

_NAMED_UNIT = re.compile(r"(.+?)\s*(?:[(（\[【,，]|\s)\s*([^\s()（）\[\]【】,，]+)\s*[)）\]】]?")
_BARE_RANGE = re.compile(r"(0|[1-9]\d*)[.](\d+)")
_PER_CENT = re.compile(r"9[6%]|%\s?[6o]|[oO0]/[oO0]|省|[%％]")
_ABBR_GLUED = re.compile(r"^([A-Za-z][A-Za-z0-9%#/+\-]{1,11})([\u3400-\u9fff].+)$")


#: A number or a grade, and what stands behind it.
_WITH_UNIT = re.compile(r"([<>≤≥]?\s?-?\d[\d.,]*|[+±]{1,4}|\d\+)\s*([^\d\s.,+\-].*|×\s?10.*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a laboratory row says: the item's name, and its attributes with the keys of the public format."""

    item: str
    attributes: Mapping[str, str]
    cells: tuple[Cell, ...]


def reading(
    row: LabRow,
    specimen: str | None,
    panel: str | None,
    date: str | None,
    *,
    arrows: bool = False,
    sex: str | None = None,
) -> Reading:
    """``row`` read: name, value, unit, range, flag, and why a person should look at it.

    Args:
        row: the row.
        specimen: what the report says was tested.
        panel: the report's own name for the panel, as a hint.
        date: ISO date of collection, or else of the report.
        arrows: whether the report prints arrows right behind its values, so that one may have been read as a figure.
        sex: the patient's, as the report says; it chooses among ranges that are printed for both.
    """
    item, abbreviation, named_unit = _name(row)
    unit, reference = _unit_and_range(row)
    reference = _repaired_range(reference)
    # A percentage beside a result that names its unit is its share of what was predicted.
    unit = named_unit if named_unit and unit == "%" else unit or named_unit
    value, glued_mark = _value(row, reference, arrows)
    value, unit = _own_unit(value, unit)
    bare = _BARE_RANGE.fullmatch(reference)
    if bare and value.isdigit():
        # A lone number is no range; beside a whole number it is two whole numbers (``90.386`` was ``90-386``).
        reference = f"{bare[1]}-{bare[2]}"
    found = analyte(item, unit=unit, specimen=specimen, panel=panel, abbreviation=abbreviation)
    fixed = repaired_name(item, found, _lowest(row.fields["item"]), abbreviation)
    scanned = any(c.score is not None for c in row.cells)
    unit_print, code = _unit(unit, found, reference, misread=scanned)
    sound = is_sound(reference, found, code, sex)
    flag = value_flag(value, reference, sex) if sound else None
    mark = _printed_mark(row, glued_mark)
    review = _review(
        row, found, unit, code, (sound and not bare) or not reference, flag, glued_mark if glued_mark == "?" else mark
    )
    if not is_possible(value, found, code):
        review.append("value")
        flag = mark = None  # what lies where can't be said of a value that nobody has
    attributes = {
        "value": value, "unit": unit_print, "reference_range": reference, "unit_code": code, "flag": flag or mark,
        "printed_flag": mark if mark and flag and not _agree(mark, flag) else None,
        "abbreviation": abbreviation, "specimen": specimen, "date": date, "review": ",".join(review),
    }  # fmt: skip
    cells = _rewritten(row, item=(item, fixed), unit=(unit, unit_print), reference=reference, value=value)
    return Reading(item=fixed, attributes=frozen_map(attributes), cells=cells)


def _unit_in_name(item: str) -> tuple[str, str]:
    """``Glucose (mmol/L)`` as name and unit, where the row has no other."""
    found = _NAMED_UNIT.fullmatch(item)
    measured = found and is_unit(found[2]) and re.search(r"[/%]|^(?:fL|pg|mmHg|kPa|ng|mm|s|sec|秒|mg|ug|μg)$", found[2])
    if found and (measured or found[2] in {"L", "mL"}):
        return found[1].strip(), found[2]
    return item, ""


def _unit(printed: str, found: Term | None, reference: str, *, misread: bool) -> tuple[str, str | None]:
    """The unit as printed, misreadings set right, and its code. One that is a word (``Index``) stays the word it is."""
    if misread and printed in {"o", "O"}:
        printed = "%"  # no unit is a lone round letter
    shown, code = known_unit(printed, found, reference, misread=misread)
    return (printed, code) if fold(printed) in words("unit-word") else (shown, code)


def _own_unit(value: str, unit: str) -> tuple[str, str]:
    """The result without the unit printed behind it, where the row has no other (``++/HP``, ``3.2 mL``)."""
    found = _WITH_UNIT.fullmatch(value) if not unit else None
    if found and (is_unit(found[2]) or known_unit(found[2], None)[1]):
        return found[1], found[2]
    return value, unit


def has_arrows(rows: Sequence[LabRow]) -> bool:
    """Whether arrows are printed right behind the values of a report, so that one may have been read as a figure.

    One that was read as an arrow says so. Where all were read as ``1`` or ``7``, several rows have one decimal more
    than their ranges, each of them ends in such a figure, and each lies outside its range without it.
    """
    if any(split_flag(row.fields["value"][0].text)[1] for row in rows):
        return True
    pairs = [(row.text("value"), _unit_and_range(row)[1]) for row in rows]
    longer = [(v, r) for v, r in pairs if _has_more_decimals(v, r)]
    return len(longer) >= _SEVERAL and all(_ends_in_arrow(v, r) for v, r in longer)


def _value(row: LabRow, reference: str, arrows: bool) -> tuple[str, str]:
    """The value as printed, and the mark that was printed with it; ``?`` is a mark that can't be read."""
    cells = row.fields["value"]
    first = cells[0].text
    if len(cells) > 1 and (shape(first) == "number" or re.fullmatch(r"[<>≤≥]\s?\d[\d.,]*", first)):
        rest = [c.text for c in cells[1:] if not _PER_CENT.fullmatch(c.text)]
        if all(len(t) == 1 for t in rest):
            return _plain_number(first), "" if not rest else rest[0] if flag_of(rest[0]) else "?"
        if reference and _is_judged(cells):
            return _plain_number(first), ""
    value, mark = split_flag(row.text("value"), sure=True)
    if _is_blood_group(row.text("item")):
        return _blood_group(value), mark
    lettered = re.fullmatch(r"(AA?)\s+(.+)", value)
    if lettered and not mark and is_qualitative(lettered[2]):
        return lettered[2], lettered[1]
    if value in {"o", "O", "〇", "○"} and re.search(r"\d", reference):
        return "0", mark  # a lone letter beside a range of numbers is a nought
    value = _plain_number(value)
    # The score is the mean of the characters'; one doubtful one among sure ones hides in it.
    if row.fields.get("flag"):
        return value, mark  # a mark has a place of its own
    unsure = arrows or 1 - (1 - (cells[0].score or 1.0)) * len(value) < _SURE_FIGURE
    return (value[:-1], "?") if unsure and not mark and _ends_in_arrow(value, reference) else (value, mark)


def _is_judged(cells: Sequence[Cell]) -> bool:
    """Whether a word stands in a column of its own behind the number and judges it (``0.12    阴性``)."""
    return len(cells) == 2 and is_qualitative(cells[1].text) and cells[1].x0 - cells[0].x1 > cells[0].height


def _is_blood_group(item: str) -> bool:
    name = fold(item)
    return any(w == name or (w in name and (len(w) > 5 or not w.isascii())) for w in words("blood-group"))


def _blood_group(value: str) -> str:
    """A blood group has the letter O and no nought."""
    return re.sub(r"^[0〇○o](?![\d.])", "O", value)


def _plain_number(value: str) -> str:
    """A comma before the last one or two figures, or a point before two numbers' points, was misread."""
    value = re.sub(r"^(\d{1,3}),(\d{1,2})$", r"\1.\2", value)
    return re.sub(r"^\.(\d+\.\d+)$", r"-\1", value)


def _has_more_decimals(value: str, reference: str) -> bool:
    shown = re.fullmatch(r"\d+\.(\d+)", value)
    decimals = [len(d) for d in re.findall(r"\.(\d+)", reference)]
    return bool(shown and decimals and len(shown[1]) == max(decimals) + 1)


def _ends_in_arrow(value: str, reference: str) -> bool:
    """Whether the last ``1`` or ``7`` of a value was an arrow.

    It has one decimal more than its range, and without it the value lies outside, which is what an arrow says.
    """
    decimals = [len(d) for d in re.findall(r"\.(\d+)", reference)]
    shown = re.fullmatch(r"\d+\.(\d+)[17]", value)
    if not shown or not decimals or len(shown[1]) != max(decimals):
        return False
    return value_flag(value[:-1], reference) in {"low", "high"}


def _lowest(cells: tuple[Cell, ...]) -> float:
    return min((c.score for c in cells if c.score is not None), default=1.0)


def _name(row: LabRow) -> tuple[str, str | None, str]:
    """The item's name without its number and stars, its abbreviation, and the unit that is printed with it."""
    cells = row.fields["item"]
    if len(cells) > 1 and not any(c.isalpha() for c in cells[0].text):
        cells = cells[1:]  # the row's number, read with whatever stood around it
    joined = cells[0].text
    for cell in cells[1:]:
        joined += ("" if re.search(r"[\u3400-\u9fff(（)）\-]$", joined) else " ") + cell.text
    if not row.fields.get("index"):
        joined = _INDEX.sub("", joined)
    item, unit = _unit_in_name(_MARKS.sub("", joined).strip() or joined.strip())
    abbreviation = re.sub(r"^[*★\s]+", "", row.text("abbr")).strip() or None
    for pattern, name, short in ((_ABBR, 1, 2), (_ABBR_FIRST, 2, 1)):
        found = pattern.match(item)
        if found:
            return found[name].strip(), abbreviation or found[short].strip(), unit
    glued = _ABBR_GLUED.match(item)
    if glued and not is_known(item) and same_analyte(glued[2], item):
        return glued[2], abbreviation or glued[1], unit
    return item, abbreviation, unit


def _unit_and_range(row: LabRow) -> tuple[str, str]:
    """Unit and range, also where they share a column or were cut differently than their columns say."""
    unit, pieces = row.text("unit").strip(), [c.text for c in row.fields.get("range", ())]
    if len(pieces) > 1 and any(is_range(p) for p in pieces):
        rest = [p for p in pieces if not (is_range(p) or is_labelled_range(p) or is_qualitative(p) or is_number(p))]
        if not unit and len(rest) == 1 and not range_label(rest[0]):
            unit = rest[0]
        pieces = _ranges(pieces)
    if not unit:
        unit = next((c.text for c in row.fields["value"][1:] if _PER_CENT.fullmatch(c.text)), "")
    bare = "" if re.fullmatch(r"[-—/\s]*", unit) and unit != "/" else unit
    marked = [p for p in pieces if not flag_of(p)] if len(pieces) > 1 else pieces
    return bare, _one_colon(" ".join(marked).strip())


def _one_colon(text: str) -> str:
    """One sort of colon behind the labels: a reader of print mixes them."""
    wide, narrow = text.count("："), len(re.findall(r"(?<!\d):", text))
    if not wide or not narrow:
        return text
    return re.sub(r"(?<!\d):", "：", text) if wide >= narrow else text.replace("：", ":")


def _ranges(pieces: Sequence[str]) -> list[str]:
    """The pieces that make the range: all where they say whom each is for, else the first range and its word."""
    words = [p for p in pieces if is_qualitative(p) or range_label(p)]
    if any(is_labelled_range(p) or range_label(p) for p in pieces):
        return [p for p in pieces if is_range(p) or is_labelled_range(p) or p in words]
    chosen = next(p for p in pieces if is_range(p))
    return [p for p in pieces if p is chosen or p in words]


def _repaired_range(text: str) -> str:
    """The range without brackets around it, and with its dash where that was taken for a point or lost.

    A number has one point and does not begin with a nought and a figure, so ``20.0.50.0``, ``07.00`` and ``.3~3`` can
    have been nothing else; ``27.51`` could, and stays.
    """
    text = text.replace("〜", "~")
    for pattern, right in _LOST_DASH:
        text = pattern.sub(right, text)
    text = _parted(text)
    if not re.search(r"[\w+]", text):
        return ""  # signs without what stood between them
    whole = re.fullmatch(r"[(\[（【]\s*([^()（）\[\]]+?)\s*[)\]）】]?", text)
    return whole[1] if whole and is_range(whole[1]) else text


_NUM = r"(?:0|[1-9]\d*)(?:\.\d+)?"
_LOST_DASH: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^\.(\d+)(\s?[-~～]\s?)\+?\1$"), r"-\1\2\1"),
    (re.compile(r"^\.(\d+\.\d+)(\s?[-~～.]\s?)(\d+\.\d+)$"), r"-\1-\3"),
    (re.compile(rf"^({_NUM})(?:\s?[.,·]\s|\s[.,·]?\s?|\s?·\s?)({_NUM})$"), r"\1-\2"),
    (re.compile(r"^0([1-9]\d*(?:\.\d+)?|0\.\d+)$"), r"0-\1"),
    (re.compile(rf"^({_NUM})\.-({_NUM})$"), r"\1-\2"),
    (re.compile(r"^(0),(\d+)$|^([1-9]\d*),(\d{1,2}|\d{4,})$"), r"\1\3-\2\4"),
)


def _parted(text: str) -> str:
    """Two numbers with only points between their figures (``20.0.50.0``), parted where just one way makes a range."""
    if not re.fullmatch(r"\d+(?:\.\d+){2,3}", text):
        return text
    ways = []
    for point in re.finditer(r"\.", text):
        low, high = text[: point.start()], text[point.end() :]
        if re.fullmatch(_NUM, low) and re.fullmatch(_NUM, high) and float(low) < float(high):
            ways.append(f"{low}-{high}")
    return ways[0] if len(ways) == 1 else text


def _printed_mark(row: LabRow, glued: str) -> str | None:
    return flag_of(glued) or mark_of(row)


def _agree(mark: str, flag: str) -> bool:
    return mark == flag or (mark == "abnormal" and flag in {"low", "high"}) or (mark == "high" and flag == "abnormal")


def _review(
    row: LabRow, found: Term | None, unit: str, code: str | None, sound: bool, flag: str | None, mark: str | None
) -> list[str]:
    reasons = []
    if _lowest(row.cells) < SURE:
        reasons.append("low-confidence")
    if found is None:
        reasons.append("unknown-item")
    if unit and not code:
        reasons.append("unknown-unit")
    if not sound:
        reasons.append("range")
    if mark == "?" or (mark and flag and not _agree(mark, flag)):
        reasons.append("flag")
    return reasons


def _rewritten(
    row: LabRow, *, item: tuple[str, str], unit: tuple[str, str], reference: str, value: str
) -> tuple[Cell, ...]:
    """The row's cells with what was set right, so that a quote reads as the attributes do."""
    ranges = row.fields.get("range", ())
    shown = next((c for c in ranges if is_range(c.text)), ranges[0] if ranges else None)
    first = row.fields["value"][0]

    def text(cell: Cell) -> str:
        if cell is first:
            return _value_cell(cell.text, value)
        if cell is shown:
            return reference or cell.text
        if cell.text == item[0]:
            return item[1]
        return unit[1] if unit[1] and cell.text == unit[0] else cell.text

    return tuple(replace(c, text=text(c)) for c in row.cells)


def _value_cell(text: str, value: str) -> str:
    """The value's cell with the value in it, and its mark where that can be read."""
    stem, mark = split_flag(text)
    if stem == value or value not in {_plain_number(stem), stem[:-1], "0"}:
        return text
    return value + (mark if flag_of(mark) else "")

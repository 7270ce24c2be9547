"""Whether two mentions of one thing can be one claim. Each comparator answers only from what both sides say."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from syngraph.merge.table import table
from syngraph.model import Fact
from syngraph.terminology.fold import fold
from syngraph.terminology.lexicon import lexicon
from syngraph.terminology.likeness import amount_unit, full_date, rounded_alike

#: (a, b, visit day, attribute) -> False only where both say something and both can't be right.
Comparator = Callable[[Fact, Fact, date, str], bool]


def agree(a: Fact, b: Fact, visit: date) -> bool:
    """Whether ``a`` and ``b``, mentions of one thing, make one claim; symmetric."""
    row = table().kinds[a.kind]
    return same_status(a, b) and all(_COMPARATORS[how](a, b, visit, key) for key, how in row.agree.items())


def same_status(a: Fact, b: Fact) -> bool:
    """Whether the two statuses can stand for one: a doubt goes with an affirmation, never with a denial."""
    pair = {a.status, b.status}
    if len(pair) == 1 or pair == {"present", "uncertain"}:
        return True
    return pair == {"present", "historical"} and (table().kinds[a.kind].past or (_chronic(a) or _chronic(b)))


def _chronic(fact: Fact) -> bool:
    # A chronic condition in the history is the same condition today.
    term = lexicon().terms.get(fact.concept.id or "")
    return fact.kind in {"condition", "diagnosis"} and term is not None and term.attrs.get("chronic") == "1"


def _both(a: Fact, b: Fact, key: str) -> tuple[str, str] | None:
    left, right = a.get(key), b.get(key)
    return (left, right) if left and right else None


def _text(a: Fact, b: Fact, _visit: date, key: str) -> bool:
    pair = _both(a, b, key)
    return pair is None or fold(pair[0]).split() == fold(pair[1]).split()


def _dose(a: Fact, b: Fact, _visit: date, key: str) -> bool:
    from syngraph.terminology.doses import comparable_doses, same_dose

    pair = _both(a, b, key)
    # 5 mg and one tablet don't contradict each other.
    return pair is None or not comparable_doses(*pair) or same_dose(*pair)


def _frequency(a: Fact, b: Fact, _visit: date, key: str) -> bool:
    from syngraph.terminology.doses import same_frequency

    pair = _both(a, b, key)
    return pair is None or same_frequency(*pair)


def _date(a: Fact, b: Fact, _visit: date, key: str) -> bool:
    from syngraph.terminology.times import dates_agree

    pair = _both(a, b, key)
    return pair is None or dates_agree(*pair)


def _duration(a: Fact, b: Fact, _visit: date, key: str) -> bool:
    from syngraph.terminology.times import same_duration

    pair = _both(a, b, key)
    return pair is None or same_duration(*pair)


def _ended(a: Fact, b: Fact, _visit: date, key: str) -> bool:
    from syngraph.terminology.times import dates_agree

    pair = _both(a, b, key)
    if pair is None or "yes" in pair:
        return True
    return dates_agree(*pair)


def _began(a: Fact, b: Fact, visit: date, _key: str) -> bool:
    """Durations agree with durations, onsets with onsets, and a duration with an onset counted back from the visit."""
    if not (_duration(a, b, visit, "duration") and _date(a, b, visit, "onset")):
        return False
    return _crosswise(a, b, visit) and _crosswise(b, a, visit)


def _crosswise(a: Fact, b: Fact, visit: date) -> bool:
    from syngraph.terminology.times import dates_agree, onset_from, same_duration

    duration, onset = a.get("duration"), b.get("onset")
    if not duration or not onset or b.get("duration") or a.get("onset"):
        return True
    anchor = full_date(a.recorded) or visit
    if len(onset) < 10:
        began = onset_from(duration, anchor)
        return began is None or dates_agree(began, onset)
    days = (anchor - date.fromisoformat(onset[:10])).days
    return same_duration(duration, f"P{max(days, 0)}D")


def _amount(a: Fact, b: Fact, visit: date, key: str) -> bool:
    """Ten cigarettes are 10支; a pack is twenty. Over different times amounts are different claims."""
    pair = _both(a, b, key)
    same = pair is None or _counted(pair[0]) == _counted(pair[1])
    return same and _text(a, b, visit, "per")


def _counted(amount: str) -> tuple[float, str] | str:
    """How many of which everyday unit; the folded words where that can't be read."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([^\d/]+)", fold(amount).strip())
    if not found:
        return fold(amount).strip()
    unit, factor = amount_unit(found[2].strip())
    return (float(found[1]) * factor, unit)


def _measured(a: Fact, b: Fact, visit: date, _key: str) -> bool:
    """One measurement: the same day (or a value read out without its date) and the same quantity."""
    if bool(a.get("value")) != bool(b.get("value")):
        return False
    if not a.get("value"):
        return a.get("flag") == b.get("flag") and _same_day(a, b, visit)
    return _same_day(a, b, visit) and _same_value(a, b)


def _same_day(a: Fact, b: Fact, visit: date) -> bool:
    from syngraph.terminology.times import dates_agree

    left, right = _measured_on(a, visit), _measured_on(b, visit)
    return left is None or right is None or dates_agree(left[:10], right[:10])


def exact_day(fact: Fact, visit: date) -> str | None:
    """The day of a measurement, where its kind is told apart by days and it is known to the day.

    Two measurements of different exact days never :func:`agree`.
    """
    if "measured" not in table().kinds[fact.kind].agree:
        return None
    day = (_measured_on(fact, visit) or "")[:10]
    return day if len(day) == 10 else None


def _measured_on(fact: Fact, visit: date) -> str | None:
    day = fact.get("date")
    if fact.kind != "vital-sign":
        # A result read out today was measured some other day.
        aloud = fact.witnesses[0] in {"doctor", "patient", "companion"} and day == visit.isoformat()
        return None if aloud else day
    if day:
        return day
    # A vital sign without a date is taken when it is said or written down.
    return fact.recorded or visit.isoformat()


def _same_value(a: Fact, b: Fact) -> bool:
    """One quantity: exactly (or as rounded aloud) in one unit, within the rounding of a conversion between two."""
    from syngraph.terminology.units import parse_value, same_quantity

    left, right = a.attributes["value"], b.attributes["value"]
    if fold(left).split() == fold(right).split() and _one_unit(a, b):
        return True
    x, y = parse_value(left), parse_value(right)
    if x.number is None or y.number is None or x.comparator != y.comparator or not _one_unit(a, b):
        units = [f.get("unit") or f.get("unit_code") for f in (a, b)]
        return same_quantity(left, units[0], right, units[1], lab_id=a.concept.id) is True
    return x.number == y.number or rounded_alike(x.number, y.number)


def _one_unit(a: Fact, b: Fact) -> bool:
    """The same unit however spelled, or one side that names none."""
    from syngraph.terminology.units import unit

    printed = [f.get("unit") or f.get("unit_code") for f in (a, b)]
    known = [(unit(u), u) for u in printed if u]
    codes = {u.ucum if u else spelling for u, spelling in known}
    return len(codes) <= 1


def _side(a: Fact, b: Fact, _visit: date, key: str) -> bool:
    pair = _both(a, b, key)
    return pair is None or pair[0] == pair[1]


_COMPARATORS: dict[str, Comparator] = {
    "amount": _amount, "began": _began, "date": _date, "dose": _dose, "duration": _duration, "ended": _ended,
    "frequency": _frequency, "measured": _measured, "side": _side, "text": _text,
}  # fmt: skip

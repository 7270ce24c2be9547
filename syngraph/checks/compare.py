"""Whether two claims about one attribute can both be right, after conversion and within the rule's tolerance."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from itertools import product

from syngraph.checks.case import Case, Claim
from syngraph.checks.phrases import phrases
from syngraph.checks.rules import Rule
from syngraph.checks.wording import words_of
from syngraph.terminology.fold import fold
from syngraph.terminology.likeness import amount_unit, full_date, per_day
from syngraph.terminology.patterns import regex

#: Answers None where one of the claims does not say, else whether they agree.
Comparator = Callable[[Case, Rule, Claim, Claim], bool | None]
_DAY = timedelta(days=1)
_MONTHS = 12
_DAY_HOURS = 24
_COUNTED, _WEIGHED = frozenset({"tablet", "capsule", "pill"}), frozenset({"mg", "g", "ug"})
#: Behind a number: it is what one tablet holds ("四十七点五的片", "a 50 mg tablet").
_OF_TABLET = regex(
    r"\s?(?:mg|毫克|mcg|ug|微克|g|克|milligrams?|micrograms?)?(?:的|规格|一片|/片|每片|\s?(?:tab|pill|one\b|caps))",
    re.I,
)
_AMOUNT = regex(r"(\d+(?:\.\d+)?)(?:\s*[-~到至]\s*(\d+(?:\.\d+)?))?\s*(.*)")


def compare(how: str, case: Case, rule: Rule, a: Claim, b: Claim) -> bool | None:
    """Whether ``a`` and ``b`` agree by the comparator ``how``; None where one of them does not say."""
    return COMPARATORS[how](case, rule, a, b)


def _pair(a: Claim, b: Claim, key: str) -> tuple[str, str] | None:
    left, right = a.get(key), b.get(key)
    return (left, right) if left and right else None


def _side(_case: Case, _rule: Rule, a: Claim, b: Claim) -> bool | None:
    pair = _pair(a, b, "laterality")
    return None if pair is None else pair[0] == pair[1] or "bilateral" in pair


def _dose(case: Case, _rule: Rule, a: Claim, b: Claim) -> bool | None:
    from syngraph.terminology.doses import comparable_doses, same_dose

    pair = _pair(a, b, "dose")
    if pair is None:
        return None
    if comparable_doses(*pair):
        return same_dose(*pair)
    return False if _part_of(case, a, b) or _part_of(case, b, a) else None


def _part_of(case: Case, part: Claim, whole: Claim) -> bool:
    """Whether ``part`` is told as half a tablet, in words that make it half of the weight that ``whole`` gives.

    Half a tablet alone may be half of twice the strength; "half, 23.75" and "the 47.5 one, I take half" are not.
    """
    from syngraph.terminology.doses import find_doses, parse_dose
    from syngraph.terminology.numerals import find_numbers

    count, weight = parse_dose(part.get("dose") or ""), parse_dose(whole.get("dose") or "")
    if not count or not weight or count[2] not in _COUNTED or weight[2] not in _WEIGHED or count[1] >= 1:
        return False
    said = words_of(case, part, asked=False)
    if any(d.unit in _COUNTED and d.value < 1 for d in find_doses(words_of(case, whole, asked=False))):
        return False
    numbers = find_numbers(said)
    if count[1] * weight[1] in {n.value for n in numbers}:
        return True
    return any(n.value == weight[1] and _OF_TABLET.match(said, n.end) for n in numbers)


def _frequency(case: Case, rule: Rule, a: Claim, b: Claim) -> bool | None:
    """Codes that don't come to a number of times a day can't be compared, and "as needed" may be any number."""
    from syngraph.terminology.doses import same_frequency, times_a_day

    pair = _pair(a, b, "frequency") or _spoken_pair(a, b, _frequency_of(case, a), _frequency_of(case, b))
    if pair is None:
        return None
    rates = [times_a_day(code) for code in pair]
    if "daily" in pair and any(rate is not None and rate < 1 for rate in rates):
        return False  # "every day" without a count is more than once a week all the same
    if None in rates:
        return None
    counted = {rates[1]: _parts_of_day(case, rule, a), rates[0]: _parts_of_day(case, rule, b)}
    return same_frequency(*pair) or any(n > 1 and rate == n for rate, n in counted.items())


def _spoken_pair(a: Claim, b: Claim, left: str | None, right: str | None) -> tuple[str, str] | None:
    """Both values, one of them read from what is said in the room; None where one is not known."""
    aloud = a.origin != b.origin and "consultation" in {a.origin, b.origin}
    return (left, right) if aloud and left and right else None


def _frequency_of(case: Case, claim: Claim) -> str | None:
    """How often: the claim's own, or the only one in its words."""
    from syngraph.terminology.doses import find_frequencies

    if claim.get("frequency") or claim.origin != "consultation":
        return claim.get("frequency")
    found = {f.code for f in find_frequencies(words_of(case, claim, asked=False))}
    return found.pop() if len(found) == 1 else None


def _day_of(case: Case, claim: Claim) -> str | None:
    """The day: the claim's own, or the only year or day in its words."""
    from syngraph.terminology.dates import find_dates

    if claim.get("date") or claim.origin != "consultation":
        return claim.get("date")
    found = {d.iso for d in find_dates(words_of(case, claim, asked=False), case.visit)}
    return found.pop() if len(found) == 1 else None


def _parts_of_day(case: Case, rule: Rule, claim: Claim) -> int:
    """How many parts of the day a claim's words name: "a gram in the morning and a gram at teatime" is two."""
    said = words_of(case, claim, asked=False)
    return sum(bool(regex(p).search(said)) for p in rule.kinds("day_parts"))


def _opposite(_case: Case, rule: Rule, a: Claim, b: Claim) -> bool | None:
    """Words that exclude each other (mild and severe), listed by the rule; other differences are none."""
    pair = _pair(a, b, rule.params["attribute"])
    if pair is None:
        return None
    return {fold(pair[0]), fold(pair[1])} not in [set(words) for words in rule.params["opposites"]]


def _date(case: Case, rule: Rule, a: Claim, b: Claim) -> bool | None:
    """Dates agree as exactly as both are known; of what lies years back a year's slip of memory is none."""
    from syngraph.terminology.dates import days_apart
    from syngraph.terminology.times import dates_agree

    pair = _pair(a, b, "date") or _pair(a, b, "onset") or _spoken_pair(a, b, _day_of(case, a), _day_of(case, b))
    if pair is None:
        return None
    slack_days = rule.number("slack_days", 0)
    readings = product(_readings(case, a, pair[0]), _readings(case, b, pair[1]))
    if any(dates_agree(*p) or days_apart(*p) <= slack_days for p in readings):
        return True
    years = [int(d[:4]) for d in pair]
    vague = min(len(d) for d in pair) == 4
    slack = rule.number("slack_years", 1) if case.visit.year - min(years) >= rule.number("long_ago_years", 5) else 0
    return vague and abs(years[0] - years[1]) <= slack


def _readings(case: Case, claim: Claim, iso: str) -> list[str]:
    """``iso`` and, where the words give the day in figures that read both ways (01/11/2026), the other past day."""
    found = full_date(iso)
    if found is None or found.day > _MONTHS or not reads_both_ways(words_of(case, claim), iso):
        return [iso]
    other = date(found.year, found.day, found.month)
    known = [d for d in (found, other) if d <= case.visit]
    return [d.isoformat() for d in known or [found, other]]


def reads_both_ways(text: str, iso: str) -> bool:
    """Whether ``text`` writes the day in figures that read both ways: 05/12/1941 is in May or in December."""
    year, month, day = iso.split("-")
    figures = re.finditer(rf"(?<!\d)(\d{{1,2}})[/.-](\d{{1,2}})[/.-](?:{year[:2]})?{year[2:]}(?!\d)", text)
    return any({int(m[1]), int(m[2])} == {int(month), int(day)} for m in figures)


def _began(case: Case, rule: Rule, a: Claim, b: Claim) -> bool | None:
    """Durations and onsets, all counted in days before the visit."""
    left, right = began(case, a), began(case, b)
    if left is None or right is None:
        return None
    if _hours_differ(case, rule, a, b):
        return _told_too(case, a, b) or _told_too(case, b, a)
    if left[0] <= right[1] and right[0] <= left[1]:
        return True
    near, far = sorted([left, right])[0][1], sorted([left, right])[1][0]
    if far - near <= rule.number("slack_days", 1) or far <= near * rule.number("ratio", 1):
        return True
    return _alike(near, far) or _told_alike(a, b) or _told_too(case, a, b) or _told_too(case, b, a)


def _hours_differ(case: Case, rule: Rule, a: Claim, b: Claim) -> bool:
    """Whether what is told at the visit began within the last hours by one account, and the day before by the other.

    Parameters: ``acute_hours`` (how few hours are acute), ``hours_apart`` and ``hours_ratio`` (how far the accounts
    must lie apart): half an hour against last night is a difference, three hours against this morning is none.
    """
    limit = rule.number("acute_hours", 0)
    if not limit or {a.origin, b.origin} - {"preconsultation", "consultation"}:
        return False
    spans = [_hours(case, c) for c in (a, b)]
    if None in spans:
        return False
    (_, near), (far, _) = sorted(s for s in spans if s is not None)
    apart = far - near >= rule.number("hours_apart", 6) and far >= near * rule.number("hours_ratio", 4)
    return near <= limit and apart


def _hours(case: Case, claim: Claim) -> tuple[float, float] | None:
    """How many hours before the visit it began, as (fewest, most); None where nobody says to the day."""
    from syngraph.terminology.times import duration_days

    duration = claim.get("duration")
    if duration and (claim.get("episode") or _is_rate(case, claim, duration)):
        return None
    if duration:
        hours = duration_days(duration) * 24
        return (hours, hours) if hours < _DAY_HOURS else (hours - _DAY_HOURS / 2, hours + _DAY_HOURS / 2)
    day = full_date(claim.get("onset"))
    if day is None:
        return None
    midnight = (case.visit - day).days * _DAY_HOURS + case.encounter.start.hour + case.encounter.start.minute / 60
    return (max(0.0, midnight - _DAY_HOURS), midnight)


def _alike(near: float, far: float) -> bool:
    from syngraph.terminology.times import same_duration

    return near > 0 and same_duration(f"P{round(near)}D", f"P{round(far)}D")


def _told_too(case: Case, a: Claim, b: Claim) -> bool:
    """Whether the words of ``a`` name the time of ``b`` as well ("five years, worse for three days")."""
    from syngraph.terminology.durations import find_durations
    from syngraph.terminology.times import same_duration

    told = b.get("duration")
    return told is not None and any(same_duration(told, d.iso) for d in find_durations(words_of(case, a, asked=False)))


def _told_alike(a: Claim, b: Claim) -> bool:
    """The same round words ("three months") told within days of each other."""
    from syngraph.terminology.times import same_duration

    pair = _pair(a, b, "duration")
    apart = abs(a.told - b.told) if a.told and b.told else timedelta(0)
    return pair is not None and apart <= 3 * _DAY and same_duration(*pair)


def began(case: Case, claim: Claim) -> tuple[float, float] | None:
    """How many days before the visit it began, as (fewest, most); None where nobody says."""
    from syngraph.terminology.times import duration_days

    told = claim.told or case.visit
    since = (case.visit - told).days
    duration = claim.get("duration")
    if duration and claim.get("episode") and not claim.get("onset"):
        return None  # of attacks: "four hours, the worst was two days" is how long each of them lasts
    if duration and _is_rate(case, claim, duration):
        return None
    if duration:
        bounds = [claim.get("duration_low") or duration, claim.get("duration_high") or duration]
        low, high = (duration_days(d) for d in bounds)
        return (low + since, high + since)
    onset = claim.get("onset")
    if not onset:
        return None
    first, last = span(onset)
    return (float((case.visit - last).days), float((case.visit - first).days))


def _is_rate(case: Case, claim: Claim, duration: str) -> bool:
    """Whether the words have the duration only as a rate: "once every couple of months"."""
    from syngraph.terminology.durations import find_durations
    from syngraph.terminology.times import same_duration

    said = words_of(case, claim, asked=False)
    rest = phrases("rate").sub(" ", said)
    return rest != said and not any(same_duration(duration, d.iso) for d in find_durations(rest))


def span(iso: str) -> tuple[date, date]:
    """The first and last day that a date of year, month or day precision can mean."""
    day = full_date(iso)
    if day:
        return day, day
    if len(iso) >= 7:
        year, month = int(iso[:4]), int(iso[5:7])
        after = date(year + month // 12, month % 12 + 1, 1)
        return date(year, month, 1), after - _DAY
    return date(int(iso[:4]), 1, 1), date(int(iso[:4]), 12, 31)


def _amount(case: Case, rule: Rule, a: Claim, b: Claim) -> bool | None:
    """Daily amounts in one unit, as ranges; they agree while the nearer ends differ by less than the rule's ratio.

    Who tells how much it was as well ("five a day now, it was ten") agrees with who wrote that down.
    """
    left, right = daily(a), daily(b)
    if left is None or right is None or left[2] != right[2]:
        return None
    low, high = sorted([left[:2], right[:2]])
    return high[0] <= low[1] * rule.number("ratio", 1.5) or _names_amount(case, a, b) or _names_amount(case, b, a)


def _names_amount(case: Case, a: Claim, b: Claim) -> bool:
    """Whether the words of ``a``, told in the room, hold the number that an older ``b`` gives."""
    from syngraph.terminology.numerals import find_numbers

    written = _AMOUNT.match(fold(b.get("amount") or "").strip())
    if not written or b.origin not in {"report", "emr"} or a.origin == b.origin:
        return False
    return any(float(n.value) == float(written[1]) for n in find_numbers(words_of(case, a, asked=False)))


def daily(claim: Claim) -> tuple[float, float, str] | None:
    """(least, most, unit) a day: "1包" a day is 20 cigarettes; None where the amount or its time can't be read.

    Cigarettes are counted by the day where nothing else is said.
    """
    found = _AMOUNT.match(fold(claim.get("amount") or "").strip())
    if not found:
        return None
    unit, factor = amount_unit(found[3].split("/")[0].strip())
    said = claim.get("per") or ("day" if unit == "cigarette" else "")
    per = per_day(fold(said).strip())
    if per is None:
        return None
    low, high = float(found[1]), float(found[2] or found[1])
    return (low * factor * per, high * factor * per, unit)


COMPARATORS: dict[str, Comparator] = {
    "amount": _amount, "began": _began, "date": _date, "dose": _dose, "frequency": _frequency,
    "opposite": _opposite, "side": _side,
}  # fmt: skip

"""Entries of WS/T 500 documents: observations by WS/T 363 data element, with plain text for values."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from syngraph.sources.emr_cda import attr
from syngraph.sources.emr_cda_results import range_of, value_of
from syngraph.sources.emr_cda_values import Part, clock, coded
from syngraph.sources.emr_rows import Named, condition_row, none_row, observation_row
from syngraph.sources.emr_sheet import Prose, Row
from syngraph.sources.emr_values import has_chinese
from syngraph.sources.emr_vocabulary import topic_of

#: Data elements of WS/T 363; the observations of WS/T 500 documents carry them as codes.
CHINESE_ELEMENTS = "2.16.156.10011.2.2.1"
#: WS/T 363 elements that name an examination item and give its result.
_ITEMS = frozenset({"DE04.30.010.00", "DE04.30.019.00", "DE04.30.020.00"})
_RESULTS = frozenset({"DE04.30.009.00", "DE04.30.015.00", "DE04.30.017.00"})
_UNITS = frozenset({"DE04.30.016.00"})
_DIAGNOSIS, _DIAGNOSIS_CODE = "DE05.01.025.00", "DE05.01.024.00"
#: A result longer than this is a report, not a value.
_LONG = 20
_ALLERGY_FLAG, _ALLERGY_TEXT = "DE02.10.023.00", "DE05.01.022.00"


def read_chinese(part: Part, group: str) -> Iterator[Row | Prose]:
    """WS/T 500 entries: observations whose codes are data elements of WS/T 363 and whose values are plain text."""
    observations = [o for o in part.element.iter("observation") if o.find("value") is not None]
    by_code = {attr(o.find("code"), "code"): o for o in reversed(observations)}
    if group == "allergy" and (_ALLERGY_FLAG in by_code or _ALLERGY_TEXT in by_code):
        yield from _chinese_allergy(part, by_code)
        return
    yield from _chinese_items(part, observations)
    named = bool(_observations(part.whole, _DIAGNOSIS))
    for o in observations:
        code = attr(o.find("code"), "code")
        if code in _ITEMS | _RESULTS | _UNITS or (code == _DIAGNOSIS_CODE and named):
            continue
        yield from _chinese_one(part, o, code)


def _observations(section: Element, code: str) -> list[Element]:
    return [o for o in section.iter("observation") if attr(o.find("code"), "code") == code]


def _diagnosis(part: Part, o: Element, name: str, answer: Named | None) -> Row | None:
    """A diagnosis with the code that stands in an observation of its own: the one of that name, or at that place."""
    coded_ones = [coded(part.file, c.find("value")) for c in _observations(part.whole, _DIAGNOSIS_CODE)]
    named_ones = _observations(part.whole, _DIAGNOSIS)
    match = next((c for c in coded_ones if c and c.text == name), None)
    if match is None and len(coded_ones) == len(named_ones) and o in named_ones:
        other = coded_ones[named_ones.index(o)]
        match = other if other and other.codes and other.text == other.codes[0].code else None
    date = clock(o)[0]
    thing = answer or Named(text=name, codes=match.codes if match else ())
    return condition_row(thing, path=part.path, recorded=date, attributes={"date": date})


def _chinese_allergy(part: Part, by_code: dict[str, Element]) -> Iterator[Row | Prose]:
    flag, told = by_code.get(_ALLERGY_FLAG), by_code.get(_ALLERGY_TEXT)
    truth = value_of(part, flag.find("value"))[3] if flag is not None else None
    text = value_of(part, told.find("value"))[0] if told is not None else None
    if text and text.strip("-—/ "):
        yield Prose(text=text, path=part.path, title="过敏史", section="allergies", date=part.file.date)
    elif truth is False:
        yield none_row("allergy", "name.allergy", Named(text=""), part.path, None)


def _chinese_items(part: Part, observations: list[Element]) -> Iterator[Row | Prose]:
    """Examination item and result stand in observations of their own, side by side."""
    item: Named | None = None
    for n, o in enumerate(observations):
        code = attr(o.find("code"), "code")
        if code in _ITEMS:
            text = value_of(part, o.find("value"))[0]
            item = Named(text=text) if text else item
        elif code in _RESULTS and item:
            value, unit, answer, _ = value_of(part, o.find("value"))
            after = observations[n + 1 :][:1]
            if after and attr(after[0].find("code"), "code") in _UNITS:
                unit = value_of(part, after[0].find("value"))[0] or unit
            date, time = clock(o)
            if value and len(value) > _LONG:
                when = date or part.file.date
                yield Prose(text=value, path=part.path, title=item.text, section="investigations", date=when)
                continue
            attributes = {"unit": unit, "reference_range": range_of(o), "date": date, "time": time}
            flag = next((attr(i, "code") for i in o.findall("interpretationCode")), None)
            row = observation_row(
                item,
                path=part.path,
                kind="lab-result",
                value=value,
                answer=answer,
                flag=flag,
                recorded=date,
                attributes=attributes,
            )
            if row and value:
                yield row


def _chinese_one(part: Part, o: Element, code: str) -> Iterator[Row | Prose]:
    value, unit, answer, truth = value_of(part, o.find("value"))
    label = coded(part.file, o.find("code"))
    date, time = clock(o)
    if not label or (value is None and truth is None):
        return
    if code in (_DIAGNOSIS, _DIAGNOSIS_CODE) and value:
        if row := _diagnosis(part, o, value, answer):
            yield row
        return
    if unit or topic_of(label.codes, label.text):
        attributes = {"unit": unit, "reference_range": range_of(o), "date": date, "time": time}
        row = observation_row(
            label,
            path=part.path,
            kind="exam-finding",
            value=value,
            answer=answer,
            truth=truth,
            recorded=date,
            attributes=attributes,
        )
        if row:
            yield row
    elif value and has_chinese(label.text):
        yield Prose(text=value, path=part.path, title=label.text, section=part.section, date=date or part.file.date)
    elif value:
        yield Prose(text=value, path=part.path, section=part.section, date=date or part.file.date)

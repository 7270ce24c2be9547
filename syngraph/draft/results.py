"""What was measured, seen and found: vital signs, examination, investigations of any hospital."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from syngraph.draft.lines import Case, Item, Line, batches, line
from syngraph.draft.panels import stated
from syngraph.draft.voice import Voice
from syngraph.model import Evidence, Fact, Source, is_date
from syngraph.terminology.patterns import regex

_MOST_LABS = 8
_MOST_NORMAL = 16
_MOST_SIGNS = 6
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


# -- vital signs ----------------------------------------------------------------------------------------


def vital_signs(case: Case, items: Sequence[Item]) -> list[Line]:
    """The readings of the visit in one line, in the order T, P, R, BP, SpO2 and the rest."""
    rows = sorted(items, key=lambda i: _vital_order(case.voice, i.view))
    return [_listed(case.voice, batch, vital) for batch in batches(rows, _MOST_SIGNS)]


def _listed(voice: Voice, items: Sequence[Item], say: Callable[[Voice, Fact], str]) -> Line:
    said = dict.fromkeys(say(voice, i.view) for i in items)  # several findings may share the words of one clause
    return line(voice.sentence(voice.clauses(said) + voice.p.get("marks.end")), *items)


def _vital_order(voice: Voice, fact: Fact) -> int:
    key = (fact.concept.id or fact.concept.text).lower()
    order: list[str] = voice.p.get("vitals.order")
    return next((n for n, word in enumerate(order) if word in key), len(order))


def vital(voice: Voice, fact: Fact) -> str:
    """One reading: 血压 152/94 mmHg."""
    name, value = voice.name(fact), voice.measured(fact)
    if value:
        return voice.p.say("vitals.item", x=name, value=value)
    if fact.status == "absent":
        return voice.p.say("vitals.absent", x=name)
    word = voice.p.word("results.words", fact.get("flag")) or fact.get("text") or ""
    return voice.p.say("vitals.bare", x=name, value=word).strip()


# -- examination ----------------------------------------------------------------------------------------


def examination(case: Case, items: Sequence[Item]) -> list[Line]:
    """What the clinician found, in the order in which it was said."""
    voice = case.voice
    if voice.language == "zh":
        return [_listed(voice, batch, sign) for batch in batches(items, _MOST_SIGNS)]
    said: dict[str, list[Item]] = {}
    for item in items:
        said.setdefault(sign(voice, item.view), []).append(item)
    return [line(voice.sentence(words + voice.p.get("marks.end")), *rows) for words, rows in said.items()]


def sign(voice: Voice, fact: Fact) -> str:
    """One finding: the clinician's own wording where there is one, else present or absent at its site."""
    if text := fact.get("text"):
        return voice.told(text) or text
    if value := voice.measured(fact):
        return voice.p.say("vitals.item", x=voice.noun(fact), value=value)
    extra = [x for k in ("character", "grade") if (x := fact.get(k))]
    if fact.status != "absent" and voice.normal(fact):
        return voice.name(fact)
    if fact.status != "absent":
        seen = voice.p.shape("exam_present", voice.noun(fact))
        return seen + (voice.p.say("marks.paren", x=voice.clauses(extra)) if extra else "")
    if voice.language == "zh" and fact.get("body_site") and fact.attributes["body_site"] not in voice.name(fact):
        return voice.place(fact) + voice.p.shape("exam_absent", voice.name(fact))
    return voice.p.shape("exam_absent", voice.noun(fact))


#: Why a value read from print must be looked at before anyone relies on it.
_MISREAD = frozenset({"value", "flag"})


# -- investigations -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """When and where a panel was made; ``evidence`` holds the date and the name in the source's own text."""

    text: str
    place: str
    evidence: tuple[Evidence, ...]
    order: str


def investigations(case: Case, items: Sequence[Item]) -> list[Line]:
    """Results by date and hospital, the newest first; of a panel the abnormal ones first."""
    panels: dict[str, tuple[Head, list[Item]]] = {}
    for item in stated(case, items):
        head = header(case.voice, item.view)
        panels.setdefault(head.text, (head, []))[1].append(item)
    lines: list[Line] = []
    for head, rows in sorted(panels.values(), key=lambda p: p[0].order, reverse=True):
        lines += _panel(case, head, rows)
    return lines


def _panel(case: Case, head: Head, rows: Sequence[Item]) -> list[Line]:
    """What is not normal in one sentence or more, what is normal in another that needs no head of its own."""
    alone = [i for i in rows if i.view.kind == "imaging" or any(f.id in case.disputed for f in i.facts)]
    rest = [i for i in rows if i not in alone]
    odd = sorted((i for i in rest if not _is_normal(i.view)), key=lambda i: _weight(i.view))
    normal = [i for i in rest if i not in odd]
    if len(odd) + len(normal) <= _MOST_LABS:
        odd, normal = [*odd, *normal], []
    lines = [_stated(case, head, batch) for batch in batches(odd, _MOST_LABS)]
    same = replace(head, text=case.voice.p.get("results.rest"), evidence=()) if lines and head.order else head
    lines += [_stated(case, same, batch) for batch in batches(normal, _MOST_NORMAL)]
    return [*lines, *(_stated(case, head, [i]) for i in alone)]


def _stated(case: Case, head: Head, batch: Sequence[Item]) -> Line:
    voice = case.voice
    text = head.text + voice.clauses(result(voice, i.view) for i in batch) + voice.p.get("marks.end")
    more = [e for i in batch for f in i.facts for e in f.evidence]
    return line(voice.sentence(text), *batch, evidence=[e for e in head.evidence if e not in more])


def _is_normal(fact: Fact) -> bool:
    return fact.kind == "lab-result" and fact.get("flag") in {None, "normal"} and bool(fact.get("value"))


def _weight(fact: Fact) -> tuple[bool, bool]:
    return (fact.kind != "lab-result", fact.get("flag") in {None, "normal"})


def result(voice: Voice, fact: Fact) -> str:
    """One result of any kind."""
    if fact.kind == "lab-result":
        return lab(voice, fact)
    if fact.kind == "imaging":
        return image(voice, fact)
    if fact.kind == "exam-finding":
        if fact.get("value") and not fact.get("unit"):
            return voice.p.say("results.imaging", x=voice.noun(fact), value=voice.told(fact.get("value") or ""))
        return voice.p.say("results.exam", x=sign(voice, fact))
    return vital(voice, fact)


def lab(voice: Voice, fact: Fact) -> str:
    """One laboratory row: LDL-C 4.12 mmol/L ↑（参考 <3.40）; a normal one without its range."""
    p, name, flag = voice.p, _lab_name(voice, fact), fact.get("flag") or ""
    value = voice.measured(fact)
    if fact.get("state") == "pending" and not value:
        return p.say("results.pending", x=name)
    if not value:
        if fact.status == "absent":
            return p.say("results.not_done", x=name)
        word = p.word("results.words", flag) or voice.told(fact.get("text") or fact.get("said") or "")
        return p.say("results.said", x=name, word=word) if word else p.say("results.done", x=name)
    text = p.say("results.item", x=name, value=p.word("results.words", value) or value)
    if _MISREAD & set((fact.get("review") or "").split(",")):
        return f"{text}{p.get('results.doubtful')}"
    mark = p.word("results.flags", flag)
    text += f" {mark}" if mark in {"↑", "↓"} else mark
    spread = fact.get("reference_range")
    return text + (p.say("results.range", x=spread) if mark and spread else "")


def _lab_name(voice: Voice, fact: Fact) -> str:
    name, short = voice.name(fact), fact.get("abbreviation") or ""
    if short and len(name) > 6 and voice.language == "zh":
        name = short
    return name


def image(voice: Voice, fact: Fact) -> str:
    """An examination with its conclusion word for word."""
    name, side = voice.name(fact), voice.p.word("side.long", fact.get("laterality"))
    if voice.p.found("results.side_last", name) and side and not voice.p.found("side.said", name):
        name = voice.p.say("results.sided", x=name, side=side)
    else:
        name = voice.noun(fact)
    said = next((x for k in ("conclusion", "value", "text", "findings") if (x := fact.get(k))), "")
    value = re.sub(r"(?<=[；;。，,])\s*\n\s*(?=[一-鿿])", "", said)
    value = re.sub(r"\s*\n\s*", " ", value).strip().rstrip(voice.p.get("marks.stops"))
    for pattern, written in voice.p.get("results.seen"):
        value = re.sub(pattern, written, value, flags=re.IGNORECASE)
    if value:
        return voice.p.say("results.imaging", x=name, value=value)
    if fact.get("state") == "pending":
        return voice.p.say("results.pending", x=name)
    if fact.status == "absent":
        return voice.p.say("results.imaging_absent", x=name)
    word = voice.p.word("results.words", fact.get("flag"))
    return voice.p.say("results.said", x=name, word=word) if word else voice.p.say("results.done", x=name)


#: A sender's code (XHYY, BRYNSURG), not a hospital's name.
_CODE = regex(r"[A-Z0-9_.-]{2,16}")


# -- where and when ---------------------------------------------------------------------------------------


def header(voice: Voice, fact: Fact) -> Head:
    """Date and hospital of a result, as far as its source's text holds them."""
    source = next(
        (s for e in fact.evidence if (s := voice.sources.get(e.source)) and s.kind in {"report", "emr"}), None
    )
    if source is None:
        doctor = "doctor" in fact.witnesses and not {"patient", "companion"} & set(fact.witnesses)
        place = voice.p.get("results.doctor" if doctor else "results.patient")
        return Head(text=voice.p.say("results.spoken", place=place), place=place, evidence=(), order="")
    iso = (fact.get("date") or fact.recorded or source.recorded or "")[:10]
    dated = find_date(source, fact, iso) if is_date(iso) else None
    place = fact.get("organization") or source.organization
    if place and source.kind == "emr" and _CODE.fullmatch(place):
        place = None  # what a message's head calls its sender is no name to write
    found = find_text(source, fact, place) if place else None
    place = place or voice.p.get("results.own" if source.kind == "emr" else "results.outside")
    evidence = tuple(e for e in (dated, found) if e)
    if dated is None:
        return Head(text=voice.p.say("results.place_only", place=place), place=place, evidence=evidence, order="")
    return Head(text=voice.p.say("results.header", date=iso, place=place), place=place, evidence=evidence, order=iso)


def find_date(source: Source, fact: Fact, iso: str) -> Evidence | None:
    """Where ``source`` says the date ``iso``, in whatever notation; nearest to the fact's own words."""
    return _nearest(source, fact, _written(source.text).get(iso, ()))


def find_text(source: Source, fact: Fact, words: str) -> Evidence | None:
    """Where ``source`` says ``words``, nearest to the fact's own."""
    return _nearest(source, fact, _said(source.text, words))


def _nearest(source: Source, fact: Fact, spans: Sequence[tuple[int, int]]) -> Evidence | None:
    if not spans:
        return None
    at = next((e.start for e in fact.evidence if e.source == source.id), 0)
    own = [e for e in fact.evidence if e.source == source.id]
    inside = next((s for e in own for s in spans if e.start <= s[0] and s[1] <= e.end), None)
    start, end = inside or min(spans, key=lambda s: abs(s[0] - at))
    return Evidence(source=source.id, start=start, end=end)


@lru_cache(maxsize=256)
def _said(text: str, words: str) -> tuple[tuple[int, int], ...]:
    return tuple(m.span() for m in re.finditer(re.escape(words), text, re.IGNORECASE))


_NOTATION = regex(
    r"(?<!\d)(?P<y>\d{4})(?:[年./\-\s]?(?P<m>\d{1,2})(?!\d{3})(?:[月./\-\s]?(?P<d>\d{1,2}))?)?(?!\d)"
    rf"|\b(?P<month>{'|'.join(_MONTHS)})[a-z]*\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})"
    rf"|(?<!\d)(?P<day_>\d{{1,2}})(?:st|nd|rd|th)?[ -](?P<month_>{'|'.join(_MONTHS)})[a-z]*[ ,.-]*(?P<year_>\d{{4}})"
    r"|(?<!\d)(?P<one>\d{1,2})/(?P<two>\d{1,2})/(?P<slashed>\d{4})",
    re.IGNORECASE,
)


@lru_cache(maxsize=64)
def _written(text: str) -> Mapping[str, Sequence[tuple[int, int]]]:
    """Where each date stands in ``text``: by day, by month and by year; 03/04/2026 counts as both its readings."""
    found: dict[str, list[tuple[int, int]]] = {}
    for m in _NOTATION.finditer(text):
        for key, span in _readings(m):
            found.setdefault(key, []).append(span)
    return found


def _readings(m: re.Match[str]) -> Iterator[tuple[str, tuple[int, int]]]:
    g = m.groupdict()
    if year := g["y"]:
        yield year, m.span("y")
        if g["m"]:
            yield f"{year}-{int(g['m']):02d}", (m.start(), m.end("m"))
        if g["d"]:
            yield f"{year}-{int(g['m']):02d}-{int(g['d']):02d}", m.span()
    elif year := g["slashed"]:
        for month, day in dict.fromkeys(((g["one"], g["two"]), (g["two"], g["one"]))):
            yield f"{year}-{int(month):02d}-{int(day):02d}", m.span()
    else:
        month, day, year = (g[k] or g[k + "_"] for k in ("month", "day", "year"))
        yield f"{year}-{_MONTHS.index(month.lower()[:3]) + 1:02d}-{int(day):02d}", m.span()

"""The chief complaint: the main symptoms with their duration, never a diagnosis (病历书写基本规范, article 13).

A return visit may come for a known condition (高血压复诊). At most three symptoms, as many as fit.
"""

from __future__ import annotations

from collections.abc import Sequence

from syngraph.draft.lines import Case, Item, Line, affirmed, line
from syngraph.draft.voice import Voice

_MOST_SYMPTOMS = 3


def rank(case: Case, item: Item) -> tuple[object, ...]:
    """The weight of a symptom as complaint, least first: asked-for, told often and in many sources, timed."""
    fact = item.view
    first = fact.evidence[0]
    told = sum(case.mentions.get(f.id, 1) for f in item.facts)
    patient = bool({"patient", "companion"} & set(fact.witnesses))
    unspecific = fact.get("general") == "1" or fact.status == "uncertain"
    timed = case.voice.days(fact) is not None
    chief = any(f.get("chief") == "1" for f in item.facts)
    return (not chief, unspecific, not patient, -item.source_count, -told, not timed, first.source, first.start)


def choose(case: Case, symptoms: Sequence[Item]) -> list[Item]:
    """The one to three symptoms that the visit is about, the most important first."""
    ranked = sorted(
        (i for i in affirmed(symptoms) if not (i.view.get("verbatim") or i.view.get("unsure"))),
        key=lambda i: rank(case, i),
    )
    for mark in ("complaint", "chief"):
        asked = [i for i in ranked if any(f.get(mark) == "1" for f in i.facts)]
        if asked:
            return asked[:_MOST_SYMPTOMS]
    if not ranked:
        return []
    head = ranked[0]
    fellows = [i for i in ranked[1:] if _same_time(case.voice, head, i) and i.view.get("general") != "1"]
    return [head, *fellows][: _MOST_SYMPTOMS - 1]


def _same_time(voice: Voice, a: Item, b: Item) -> bool:
    days = voice.days(a.view)
    return days is not None and days == voice.days(b.view)


def chief_complaint(case: Case, chosen: Sequence[Item], others: Sequence[Item]) -> list[Line]:
    """The complaint as one line, or nothing where no source tells one.

    Args:
        case: the record's words and template.
        chosen: the symptoms of :func:`choose`.
        others: all other items of the patient, among them conditions to follow up.
    """
    conditions = _conditions(case, others)
    if case.template.follow_up and conditions:
        opening = case.voice.p.say("chief.followup", x=case.voice.name(conditions[0].view))
        return _fitted(case, chosen, opening, conditions[0]) or _single(case, opening, conditions[0])
    if (reason := _stated_reason(case, chosen, others)) is not None:
        return _reasoned(case, chosen, reason)
    return _fitted(case, chosen) or _without_symptom(case, conditions, others)


def _stated_reason(case: Case, chosen: Sequence[Item], others: Sequence[Item]) -> Item | None:
    """What a form gives as the reason of the visit, where that is no symptom ("糖尿病复诊", "reaction to a biscuit")."""
    for item in others:
        first = item.view.evidence[0]
        source = case.voice.sources.get(first.source)
        if item.view.get("category") != "reason" or source is None or source.kind != "preconsultation":
            continue
        named = [f for i in chosen for f in i.facts if f.get("complaint") == "1"]
        if not any(e.source == first.source and e.start <= first.start for f in named for e in f.evidence):
            return item
    return None


def _reasoned(case: Case, chosen: Sequence[Item], reason: Item) -> list[Line]:
    """The reason in the patient's words, with the first symptom where both fit; the symptoms where it does not."""
    told = (reason.view.get("text") or "").strip(case.voice.p.get("marks.stops") + " ")
    both = _fitted(case, chosen[:1], told, reason) if case.voice.language == "zh" and told else []
    return both or _in_own_words(case, [reason]) or _fitted(case, chosen)


def _conditions(case: Case, others: Sequence[Item]) -> list[Item]:
    rows = [
        i
        for i in others
        if i.view.kind in {"condition", "diagnosis"} and i.view.status == "present" and i.view.id not in case.disputed
    ]
    asked = [i for i in rows if i.view.get("chief") == "1"]
    told = [i for i in rows if {"patient", "companion", "doctor"} & set(i.view.witnesses)]
    return asked or (sorted(told or rows, key=lambda i: -i.source_count) if case.template.follow_up else [])


def _fitted(case: Case, chosen: Sequence[Item], opening: str = "", extra: Item | None = None) -> list[Line]:
    """As many of ``chosen`` as the template's length allows."""
    voice = case.voice
    for count in range(len(chosen), 0, -1):
        rows = chosen[:count]
        text = voice.clauses([opening, _symptoms(case, rows)])
        text = voice.sentence(text + voice.p.get("marks.end"))
        if len(text) <= case.template.max_chief_complaint:
            doubted = any(_doubtful(case, i) for i in rows)
            return [line(text, *([extra] if extra else []), *rows, attributed=doubted)]
    return []


def _symptoms(case: Case, rows: Sequence[Item]) -> str:
    """Symptoms of one length together, the longest first; those without a length come along."""
    voice = case.voice
    times = _agreed(voice, {id(i): found for i in rows if (found := _time(voice, i))}, rows)
    doubtful = [i for i in rows if _doubtful(case, i)]
    plain = [i for i in rows if i not in doubtful]
    timed = sorted((i for i in plain if id(i) in times), key=lambda i: -(voice.days(i.view) or 0))
    parts = [_doubt(case, i) for i in doubtful]
    for time in dict.fromkeys(times[id(i)] for i in timed):
        names = voice.p.listed([_name(voice, i) for i in timed if times[id(i)] == time])
        parts.append(voice.p.say(f"chief.{time[0]}", x=names, time=time[1]))
    rest = voice.p.listed([_name(voice, i) for i in plain if id(i) not in times])
    if rest:
        parts.append(voice.p.say("chief.with", x=rest) if parts else rest)
    return voice.clauses(parts)


def _agreed(voice: Voice, times: dict[int, tuple[str, str]], rows: Sequence[Item]) -> dict[int, tuple[str, str]]:
    """``times`` with one wording where "since Saturday" and "for 3 days" are the same day."""
    lasting = [(voice.days(i.view), times[id(i)]) for i in rows if times.get(id(i), ("",))[0] == "time"]
    out = dict(times)
    for item in rows:
        days = voice.days(item.view)
        if times.get(id(item), ("",))[0] != "since" or days is None:
            continue
        same = [t for d, t in lasting if d is not None and abs(d - days) <= 1]
        out[id(item)] = same[0] if same else times[id(item)]
    return out


def _name(voice: Voice, item: Item) -> str:
    noun = voice.noun(item.view, severity=False)
    pattern = voice.p.word("chief.recurrent", item.view.get("course"))
    word = pattern.format_map({"x": ""}).strip()
    return pattern.format_map({"x": noun}) if pattern and word not in noun else noun


def _time(voice: Voice, item: Item) -> tuple[str, str] | None:
    if item.view.get("duration"):
        return ("time", voice.lasting(item.view))
    moment = voice.moment(item.view)
    if moment.endswith("前"):
        return ("time", moment.removesuffix("前"))
    if moment.endswith(" ago"):
        return ("time", moment.removesuffix(" ago"))
    return ("since", moment) if moment else None


def _doubtful(case: Case, item: Item) -> bool:
    return any(f.id in case.disputed for f in item.facts)


def _doubt(case: Case, item: Item) -> str:
    """A symptom whose length the sources dispute, with every length told; else one that is itself in doubt."""
    voice = case.voice
    lengths = list(dict.fromkeys(voice.lasting(f) for f in item.facts if f.get("duration")))
    if len(item.facts) > 1 and len(lengths) > 1:
        times = str(voice.p.get("chief.doubt_sep")).join(lengths)
        return voice.p.say("chief.doubt", x=_name(voice, item), times=times)
    name, time = _name(voice, item), _time(voice, item)
    return voice.p.say("chief.doubt_short", x=voice.p.say(f"chief.{time[0]}", x=name, time=time[1]) if time else name)


def _without_symptom(case: Case, conditions: Sequence[Item], others: Sequence[Item]) -> list[Line]:
    """What brings the patient where it is no symptom: a condition, a result, a prescription."""
    p, asked = case.voice.p, [i for i in others if i.view.get("chief") == "1"]
    for item in (*conditions, *asked):
        name, kind = case.voice.name(item.view), item.view.kind
        if kind in {"condition", "diagnosis"}:
            return _single(case, p.say("chief.condition", x=name), item)
        if kind == "medication":
            return _single(case, p.say("chief.medication", x=name), item)
        if kind in {"lab-result", "vital-sign"} and (word := p.word("results.words", item.view.get("flag"))):
            return _single(case, p.say("chief.lab", x=name, word=word), item)
    return _in_own_words(case, others)


def _in_own_words(case: Case, others: Sequence[Item]) -> list[Line]:
    """Why the patient came as the patient said it, as much of it as fits: whole clauses from the first on."""
    voice, most = case.voice, case.template.max_chief_complaint
    for item in others:
        if item.view.get("category") != "reason":
            continue
        told = (item.view.get("text") or "").strip(voice.p.get("marks.stops") + " ")
        while len(told) >= most and (cut := max(told.rfind(mark) for mark in "，,、；;")) > 0:
            told = told[:cut]
        if 2 <= len(told) < most:
            return _single(case, told + voice.p.get("marks.end"), item)
    return []


def _single(case: Case, text: str, item: Item) -> list[Line]:
    text = case.voice.sentence(text + case.voice.p.get("marks.end"))
    return [line(text, item)] if len(text) <= case.template.max_chief_complaint else []

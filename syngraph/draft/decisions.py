"""What the clinician concludes and wants done. A doubt stays a doubt; the wording of advice stays the clinician's."""

from __future__ import annotations

import re
from collections.abc import Sequence

from syngraph.draft.background import graded
from syngraph.draft.lines import Case, Item, Line, affirmed, denied, line, past
from syngraph.draft.voice import Voice
from syngraph.model import Fact, is_duration

_ORDER = ("test", "imaging", "procedure", "medication", "referral", "advice", "follow-up", "return-precaution")
_LISTED = frozenset({"test", "imaging"})
_SAID = frozenset({"advice", "return-precaution", "follow-up", "referral", "other"})


def assessment(case: Case, items: Sequence[Item]) -> list[Line]:
    """Diagnoses, one a line: the certain, then the suspected, then what was ruled out."""
    sure = [i for i in items if i.view.status in {"present", "planned"}]
    maybe = [i for i in items if i.view.status == "uncertain"]
    rows = sorted((*sure, *maybe), key=lambda i: i.view.status == "uncertain" and bool(i.view.get("duration")))
    return [line(diagnosis(case.voice, i.view), i) for i in (*rows, *past(items), *denied(items))]


def diagnosis(voice: Voice, fact: Fact) -> str:
    """One diagnosis, a suspected one with its doubt (冠心病？, 心绞痛待排)."""
    name = voice.sentence(graded(voice, fact))
    if fact.status != "uncertain":
        key = {"absent": "assessment.absent", "historical": "assessment.historical"}.get(fact.status)
        return voice.sentence(voice.p.say(key or "assessment.present", x=name))
    key = "marks.rule_out" if _to_rule_out(voice, fact) else "marks.suspected"
    return voice.sentence(voice.p.say(key, x=voice.lowered(name) if key == "marks.rule_out" else name))


def _to_rule_out(voice: Voice, fact: Fact) -> bool:
    """Whether the words beside the diagnosis are "rule out" (待排, 排除) rather than "consider"."""
    from syngraph.terminology.fold import fold
    from syngraph.terminology.lexicon import lexicon

    term = lexicon().terms.get(fact.concept.id or "")
    names = [fold(n) for n in (fact.concept.text, *(term.names() if term else ()))]
    parts = re.split(r"[，,。；;\n]", fold(voice.quotes(fact)))
    near = [part for part in parts if any(n in part for n in names)]
    return any(voice.p.found("marks.rule_out_cue", part) for part in near)


def plan(case: Case, items: Sequence[Item]) -> list[Line]:
    """The plan by kind: tests together, then what is given, done, advised; each drug on its own."""
    rows = sorted(items, key=lambda i: _place(i.view))
    listed = [i for i in affirmed(rows) if _category(i.view) in _LISTED and _bare(case, i)]
    lines = [line(_tests(case.voice, listed), *listed)] if listed else []
    return lines + [line(step(case.voice, i.view), i) for i in rows if i not in listed]


def _category(fact: Fact) -> str:
    if fact.kind == "medication":
        return "medication"
    if fact.kind == "procedure":
        return "procedure"
    return fact.get("category") or "other"


def _place(fact: Fact) -> int:
    category = _category(fact)
    return _ORDER.index(category) if category in _ORDER else len(_ORDER)


def _bare(case: Case, item: Item) -> bool:
    """Whether a test is only a name, so that it can stand in a list."""
    fact = item.view
    timed = any(fact.get(k) for k in ("when", "frequency", "date", "duration"))
    return not timed and not any(f.id in case.unsafe or f.id in case.disputed for f in item.facts)


def _tests(voice: Voice, items: Sequence[Item]) -> str:
    names = voice.p.listed([voice.noun(i.view) for i in items])
    done = voice.p.found("plan.done", names)
    return voice.sentence(voice.p.say("plan.other" if done else "plan.test", x=names))


def step(voice: Voice, fact: Fact) -> str:
    """One step of the plan as a sentence."""
    category = _category(fact)
    if fact.status == "absent":
        return _not_done(voice, fact, category)
    text = voice.told(fact.get("text") or "") if category in _SAID else ""
    if text:
        return voice.sentence(text + voice.p.get("marks.end"))
    if category == "medication":
        return _medication(voice, fact)
    if category == "follow-up":
        return _follow_up(voice, fact)
    name = voice.name(fact) if category in _SAID else voice.noun(fact)
    if category == "return-precaution" and voice.p.found("plan.return_said", name):
        category = "other"
    key = "other" if voice.p.found("plan.done", name) or voice.p.get(f"plan.{category}") is None else category
    said = voice.p.say(f"plan.{key}", x=name).rstrip(voice.p.get("marks.end"))
    return voice.sentence(_when(voice, fact, said) + voice.p.get("marks.end"))


def _not_done(voice: Voice, fact: Fact, category: str) -> str:
    name = voice.name(fact)
    if category == "medication" and (fact.get("ended") or fact.get("action") == "stop"):
        return voice.sentence(voice.p.say("plan.stop", x=name))
    verbs = voice.p.get("plan.absent_verbs")
    return voice.sentence(voice.p.say("plan.absent", x=verbs.get(category, verbs["other"]).format_map({"x": name})))


def _medication(voice: Voice, fact: Fact) -> str:
    p, parts = voice.p, [voice.dosed(fact)]
    length = p.say("plan.for", x=voice.length(fact.get("duration"))) if fact.get("duration") else ""
    if voice.language == "en" and length:
        parts, length = [f"{parts[0]} {length}"], ""
    parts += [x for k in ("timing", "when") if (x := voice.length(fact.get(k)))]
    purpose = fact.get("indication") or fact.get("reason")
    text = voice.clauses([*parts, length]) + (p.say("medications.indication", x=purpose) if purpose else "")
    action = fact.get("action") or ("stop" if fact.get("ended") else "")
    key = f"plan.{action}" if p.get(f"plan.{action}") else "plan.medication"
    return voice.sentence(p.say(key, x=voice.lowered(text) if key != "plan.medication" else text))


def _when(voice: Voice, fact: Fact, name: str) -> str:
    from syngraph.terminology.doses import say_frequency

    often = say_frequency(fact.attributes["frequency"], voice.language) if fact.get("frequency") else ""
    when = fact.get("when") or fact.get("duration") or ""
    if is_duration(when):
        when = voice.p.say("plan.in_time", x=voice.length(when))
    elif not when:
        when = voice.moment(fact, "date")
    if voice.language == "zh":
        return voice.clauses([when + name, often])
    return " ".join(x.strip() for x in (name, often, when) if x)


def _follow_up(voice: Voice, fact: Fact) -> str:
    """2周后复诊. / Follow-up in 2 weeks."""
    name = voice.name(fact)
    if voice.p.found("plan.follow_up_word", name) or not voice.p.found("plan.follow_up_said", name):
        again = voice.p.get("plan.again")
        name = again if voice.p.found("plan.follow_up_word", name) else again + voice.p.say("marks.paren", x=name)
    return voice.sentence(voice.p.say("plan.other", x=_when(voice, fact, name)))

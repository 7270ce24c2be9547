"""The history of present illness, in time: onset, course, company, negatives, treatment so far, general state."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from syngraph.draft.chief import rank
from syngraph.draft.lines import Case, Item, Line, affirmed, batches, denied, is_any, line
from syngraph.draft.voice import Voice
from syngraph.model import Fact
from syngraph.terminology.patterns import regex

_COMPANIONS = 6
_NEGATIVES = 8
_LEADS = 3
_TOLD = 3
#: (attribute, rule) in the order in which a clinician describes a symptom.
_FEATURES = (
    "character",
    "amount",
    "frequency",
    "timing",
    "episode",
    "score",
    "radiation",
    "aggravated_by",
    "relieved_by",
)


def present_illness(case: Case, items: Sequence[Item], chosen: Sequence[Item]) -> list[Line]:
    """The lines of the history.

    Args:
        case: the record's words and template.
        items: symptoms, treatment taken for this episode, readings at home, visits elsewhere.
        chosen: the symptoms of the chief complaint.
    """
    items = _rates_once(items)
    told = [i for i in items if i.view.kind == "symptom" and i.view.get("verbatim")]
    symptoms = [i for i in items if i.view.kind == "symptom" and i not in told]
    over = [i for i in symptoms if i.view.status == "historical"]
    general = [i for i in symptoms if i.view.get("general") == "1" and i not in (*chosen, *over) and not _unsure(i)]
    specific = [i for i in symptoms if i not in general]
    return [
        *_course(case, [i for i in affirmed(specific) if not _unsure(i)], chosen),
        *_told(case.voice, told),
        *[line(case.voice.p.say("hpi.resolved", x=case.voice.noun(i.view)), i) for i in over],
        *_negatives(case.voice, denied(specific)),
        *_unknown(case.voice, [i for i in symptoms if _unsure(i)]),
        *_readings(case.voice, _telling([i for i in items if i.view.kind == "vital-sign"], case)),
        *_treatment(case.voice, [i for i in items if i.view.kind == "medication"]),
        *_visits(case.voice, [i for i in items if i.view.kind == "administrative"]),
        *_general(case.voice, general),
    ]


def _rates_once(items: Sequence[Item]) -> list[Item]:
    """``items`` with how often told of the first complaint only where the same words give it to several."""
    out: list[Item] = []
    told: set[tuple[str, frozenset[object]]] = set()
    for item in items:
        rate = item.view.get("frequency")
        if rate and item.view.kind == "symptom":
            if any(rate == r and quotes & set(item.view.evidence) for r, quotes in told):
                left = {k: v for k, v in item.view.attributes.items() if k not in ("frequency", "frequency_asked")}
                item = Item(view=replace(item.view, attributes=left), facts=item.facts)
            else:
                told.add((rate, frozenset(item.view.evidence)))
        out.append(item)
    return out


#: The wider name of a place or feeling, and what tells it more exactly.
_FINER = (
    ("symptom:back-pain", re.compile(r"symptom:low-back-pain|symptom:flank-pain|symptom:lower-back\+pain")),
    ("symptom:low-back-pain", re.compile(r"symptom:flank-pain")),
)
_PAINS = regex(r"(symptom:.+)\+(?:soreness|distending-pain|swelling-pain|stinging-pain)$")


def folded(items: Sequence[Item]) -> list[Item]:
    """``items`` with a complaint's wider name taken into the more exact one ("back pain" into "low back pain")."""
    out = list(items)
    for wide in [i for i in items if _plain_symptom(i)]:
        fine = next((i for i in out if i is not wide and _plain_symptom(i) and _takes_in(i.view, wide.view)), None)
        if fine is not None and wide in out:
            out.remove(wide)
            out[out.index(fine)] = _joined(fine, wide)
    return out


def _plain_symptom(item: Item) -> bool:
    return item.view.kind == "symptom" and item.view.status == "present" and item.view.subject == "patient"


def _takes_in(fine: Fact, wide: Fact) -> bool:
    """Whether ``fine`` can be told together with ``wide``: a more exact name, or the same told again."""
    if _is_finer(fine, wide):
        return True
    if fine.concept.id is None or fine.concept.id != wide.concept.id or fine.get("verbatim") or wide.get("verbatim"):
        return False
    untimed = not (wide.get("duration") or wide.get("onset"))
    return untimed and all(fine.get(k) in (None, v) for k, v in wide.attributes.items() if k in _SET_APART)


#: What tells two accounts of one complaint apart, so that they are not told as one.
_SET_APART = ("laterality", "body_site", "course", "severity", "general", "resolved", "unsure")


def _is_finer(fine: Fact, wide: Fact) -> bool:
    sides = {s for s in (fine.get("laterality"), wide.get("laterality")) if s}
    if len(sides) > 1:
        return False
    name, own = wide.concept.id or "", fine.concept.id or ""
    kind = _PAINS.match(own)
    return any(name == w and pattern.fullmatch(own) for w, pattern in _FINER) or (
        kind is not None and name == kind.group(1) + "+pain"
    )


def _joined(fine: Item, wide: Item) -> Item:
    """One item of two names: what only the wider one tells is kept."""
    view = replace(
        fine.view,
        attributes={**wide.view.attributes, **fine.view.attributes},
        evidence=tuple(dict.fromkeys((*fine.view.evidence, *wide.view.evidence))),
        witnesses=tuple(dict.fromkeys((*fine.view.witnesses, *wide.view.witnesses))),
    )
    return Item(view=view, facts=(*fine.facts, *wide.facts))


# -- course ---------------------------------------------------------------------------------------------


def _course(case: Case, symptoms: Sequence[Item], chosen: Sequence[Item]) -> list[Line]:
    lines: list[Line] = []
    for cluster in _clusters(case, symptoms, chosen):
        lines += _cluster(case, cluster, chosen, first=not lines)
    return lines


def _clusters(case: Case, symptoms: Sequence[Item], chosen: Sequence[Item]) -> list[list[Item]]:
    """Symptoms that began together, the earliest first; those without a time keep the main one company."""
    by_days: dict[float | None, list[Item]] = {}
    for item in sorted(symptoms, key=lambda i: (i not in chosen, rank(case, i))):
        by_days.setdefault(_day(case.voice, item), []).append(item)
    loose = by_days.pop(None, [])
    rows = [by_days[d] for d in sorted((d for d in by_days if d is not None), reverse=True)]
    main = next((c for c in rows if any(i in chosen for i in c)), None)
    if main is not None:
        # What the visit is about opens the history; an old trouble told in passing follows.
        rows = [c for c in rows if any(i in chosen for i in c)] + [c for c in rows if all(i not in chosen for i in c)]
    if not loose:
        return rows
    if main is None or (any(i in chosen for i in loose) and not any(i in chosen for i in main)):
        return [loose, *rows]
    main += loose
    return rows


def _day(voice: Voice, item: Item) -> float | None:
    """The day an item began, as a number to group by; None where no words of the evidence tell it."""
    return voice.days(item.view) if voice.onset(item.view) else None


def _cluster(case: Case, cluster: Sequence[Item], chosen: Sequence[Item], *, first: bool) -> list[Line]:
    voice = case.voice
    leads = _leads(voice, cluster, chosen)
    company = [i for i in cluster if i not in leads]
    near, far = company[:_COMPANIONS], company[_COMPANIONS:]
    parts = [_onset(voice, leads, first=first), *(_described(voice, leads[0].view) if len(leads) == 1 else [])]
    if near:
        parts.append(voice.p.say("hpi.with", x=voice.p.listed([_brief(voice, i.view) for i in near])))
    lines = [line(voice.clauses(parts) + voice.p.get("marks.end"), *leads, *near)]
    return lines + [line(_more(voice, rows), *rows) for rows in batches(far, _COMPANIONS)]


def _more(voice: Voice, rows: Sequence[Item]) -> str:
    return voice.p.say("hpi.more", x=voice.p.listed([_brief(voice, i.view) for i in rows]))


def _leads(voice: Voice, cluster: Sequence[Item], chosen: Sequence[Item]) -> list[Item]:
    """The symptoms that open the sentence: complaints told together, as long as they began together."""
    head = cluster[0]
    same = [i for i in cluster[1:] if voice.onset(i.view) == voice.onset(head.view)]
    fellows = [i for i in same if i in chosen or head not in chosen]
    plain = [i for i in fellows if not _described(voice, i.view)]
    return [head, *plain][:_LEADS] if not _described(voice, head.view) else [head]


def _onset(voice: Voice, leads: Sequence[Item], *, first: bool) -> str:
    fact = leads[0].view
    nouns = voice.p.listed([_noun(voice, i.view) for i in leads])
    when = voice.onset(fact)
    adverbs = "hpi_since" if when else "hpi"
    adverb = voice.p.word("adverb_since" if adverbs == "hpi_since" else "adverb", fact.get("course"))
    trigger = voice.p.shape("trigger", voice.tidy(fact.get("trigger"))) if fact.get("trigger") else ""
    if voice.language == "en" and when:
        when = f" {when}"
    plain = voice.p.word("hpi.onset_plain", "child" if voice.is_child() else "adult")
    if first and plain and not (when or trigger or adverb) and "patient" in fact.witnesses:
        return plain.format_map({"who": voice.who(), "x": nouns})
    key = "hpi.onset" if first else "hpi.onset_later"
    nouns = re.sub(voice.p.get("marks.again"), "", nouns)
    return voice.p.say(key, who=voice.who(), when=when, trigger=trigger, adverb=adverb, x=nouns)


def _noun(voice: Voice, fact: Fact) -> str:
    """The symptom with what goes next to its name: 少量出汗, 憋醒1次."""
    noun, amount, count = voice.noun(fact), fact.get("amount") or "", fact.get("count")
    if amount and voice.p.found("hpi.amount_first", amount):
        noun = amount + noun
    return voice.p.say("hpi.counted", x=noun, n=voice.p.shape("count", count)) if count else noun


def _described(voice: Voice, fact: Fact) -> list[str]:
    """A symptom's features, a clause each: 呈压迫感, 快走时加重, 休息后缓解."""
    noun, clauses = _noun(voice, fact), [voice.lonely_site(fact)]
    for key in _FEATURES:
        value = voice.tidy(fact.get(key))
        if key == "timing" and value and any(w in (fact.get("aggravated_by") or "") for w in value.split()):
            continue
        if value and key == "frequency":
            clauses.append(_how_often(value, voice.language))
        elif value and key == "episode":
            clauses.append(voice.p.say("hpi.episode", x=voice.length(value)))
        elif value and value not in noun:
            clauses.append(voice.p.shape(_shape(fact, key), value))
    if fact.get("course") not in (voice.p.get("adverb") or {}):
        clauses.append(voice.p.word("course", fact.get("course")))
    return _joined_alike(voice, [c for c in dict.fromkeys(clauses) if c])


def _shape(fact: Fact, key: str) -> str:
    """How a feature is worded: what a cough brings up is named, "described as white" would be said of the cough."""
    return "sputum" if key == "character" and fact.concept.id == "symptom:productive-cough" else key


def _how_often(value: str, language: str) -> str:
    """How often a complaint comes: a code of ``doses`` written out, other words as they were said."""
    from syngraph.terminology.doses import say_frequency

    return say_frequency(value, language)


def _joined_alike(voice: Voice, clauses: Sequence[str]) -> list[str]:
    """``clauses`` with neighbours that begin alike as one: 呈烧灼样、持续性 rather than 呈烧灼样，呈持续性."""
    opening = voice.p.get("marks.alike")
    out: list[str] = []
    for clause in clauses:
        found = re.match(opening, clause)
        if found and out and out[-1].startswith(found.group()):
            out[-1] += voice.p.get("marks.list") + clause[found.end() :]
        else:
            out.append(clause)
    return out


def _brief(voice: Voice, fact: Fact) -> str:
    """A companion symptom: its name, its features in brackets."""
    course = voice.p.word("course", fact.get("course")) if fact.get("course") in (voice.p.get("adverb") or {}) else ""
    features = voice.clauses([*_described(voice, fact), course])
    return _noun(voice, fact) + (voice.p.say("marks.paren", x=features) if features else "")


# -- negatives and the rest -----------------------------------------------------------------------------


def _negatives(voice: Voice, items: Sequence[Item]) -> list[Line]:
    """Only what was asked or said: 无发热、胸痛."""
    odd = [i for i in items if voice.p.found("hpi.awkward_after_no", voice.noun(i.view))]
    lines = []
    for key, rows in (("hpi.none", [i for i in items if i not in odd]), ("hpi.denied", odd)):
        for batch in batches(rows, _NEGATIVES):
            nouns = voice.p.listed([voice.noun(i.view) for i in batch])
            lines.append(line(voice.p.say(key, x=nouns), *batch))
    return lines


def _unsure(item: Item) -> bool:
    """Whether it was asked and the speaker could not say: that makes no possible symptom."""
    return item.view.status == "uncertain" and item.view.get("unsure") == "1"


def _unknown(voice: Voice, items: Sequence[Item]) -> list[Line]:
    lines = []
    for batch in batches(items, _NEGATIVES):
        nouns = voice.p.listed([voice.noun(replace(i.view, status="present")) for i in batch], last="or")
        lines.append(line(voice.p.say("hpi.unsure", x=nouns), *batch))
    return lines


#: No adult weighs less: it is what was lost or gained.
_LEAST_WEIGHT = 25


def _telling(readings: Sequence[Item], case: Case) -> list[Item]:
    """Readings without a bare "high" beside its number, and without a change of weight taken for the weight."""
    numbers = {i.view.concept.id for i in readings if case.voice.measured(i.view)}
    return [
        i
        for i in readings
        if (case.voice.measured(i.view) or (i.view.concept.id not in numbers and _by_measuring(case.voice, i.view)))
        and not _change_of_weight(case.voice, i.view)
    ]


def _by_measuring(voice: Voice, fact: Fact) -> bool:
    """Whether somebody measured it: "血压高啰，十年啦" names a disease, no reading."""
    words = voice.quotes(fact).lower()
    disease = re.search(r"血[压糖脂]高|high (?:blood pressure|sugars?)", words) is not None
    return not disease or re.search(r"量|测|measur|check|monitor|reading", words) is not None


def _change_of_weight(voice: Voice, fact: Fact) -> bool:
    value = re.match(r"-?\d+(?:\.\d+)?", fact.get("value") or "")
    return (
        fact.concept.id == "vital:weight"
        and value is not None
        and float(value.group()) < _LEAST_WEIGHT
        and not voice.is_child()
    )


def _readings(voice: Voice, items: Sequence[Item]) -> list[Line]:
    """What the patient measured at home."""
    lines = []
    for item in items:
        x = voice.p.say("vitals.item", x=voice.name(item.view), value=voice.measured(item.view) or _word(voice, item))
        lines.append(line(voice.p.say("hpi.own_readings", x=x.strip()), item))
    return lines


def _word(voice: Voice, item: Item) -> str:
    return voice.p.word("results.words", item.view.get("flag"))


def _treatment(voice: Voice, items: Sequence[Item]) -> list[Line]:
    lines = []
    for item in items:
        fact = item.view
        verb = voice.p.shape("took_verb", fact.get("route") or "oral")
        if fact.status == "absent":
            text = voice.p.say("hpi.not_taken", verb=verb, x=voice.name(fact))
            lines.append(line(voice.p.get("hpi.no_treatment") if is_any(item) else text, item))
        else:
            lines.append(line(voice.clauses(took(voice, fact)) + voice.p.get("marks.end"), item))
    return lines


def took(voice: Voice, fact: Fact) -> list[str]:
    """A drug taken for this episode: 自行服用布洛芬 0.2 g, 共2天, 症状好转."""
    verb = voice.p.shape("took_verb", fact.get("route") or "oral")
    head = voice.p.say("hpi.took", verb=verb, x=voice.lowered(voice.dosed(fact, route=False)))
    length = voice.p.say("for", x=voice.length(fact.get("duration"))) if fact.get("duration") else ""
    if voice.language == "en" and length:
        head, length = f"{head} {length}", ""
    return [head, length, voice.p.word("effect", fact.get("effect"))]


def _told(voice: Voice, items: Sequence[Item]) -> list[Line]:
    """What the patient and those who came along said of it in their own words, who it was kept apart."""
    lines = []
    for witness in ("patient", "companion"):
        mine = [i for i in items if ("companion" in i.view.witnesses) == (witness == "companion")]
        for rows in batches(mine, _TOLD):
            words = voice.p.get("marks.cut").join(_own_words(voice, i) for i in rows)
            lines.append(line(voice.p.say(f"hpi.told_{witness}", x=words), *rows))
    return lines


def _own_words(voice: Voice, item: Item) -> str:
    return (item.view.get("text") or "").strip(voice.p.get("marks.stops") + " —-")


def _visits(voice: Voice, items: Sequence[Item]) -> list[Line]:
    rows = []
    for item in items:
        text = voice.told(item.view.get("text") or voice.name(item.view))
        rows.append(line(voice.p.say("hpi.visit", x=text), item))
    return rows


def _general(voice: Voice, items: Sequence[Item]) -> list[Line]:
    """Spirit, appetite, sleep, bowels, weight, as said."""
    words = []
    for item in items:
        fact = item.view
        if fact.get("text"):
            words.append(voice.told(fact.attributes["text"]))
        elif fact.status == "absent":
            words.append(_none(voice, fact))
        else:
            words.append(_brief(voice, fact))
    return [line(voice.p.say("hpi.general", x=voice.clauses(words)), *items)] if items else []


def _none(voice: Voice, fact: Fact) -> str:
    if well := voice.p.word("hpi.well", (fact.concept.id or "").partition(":")[2]):
        return well
    key = "hpi.denied" if voice.p.found("hpi.awkward_after_no", voice.noun(fact)) else "hpi.no_general"
    return voice.p.say(key, x=voice.noun(fact)).rstrip(voice.p.get("marks.end"))

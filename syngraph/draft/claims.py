"""Who says what: one claim in a few words with its source, for sentences that must not decide between sources."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from syngraph.draft.background import allergen, graded, habit, habit_name, reaction, relatives, reproductive
from syngraph.draft.decisions import diagnosis, step
from syngraph.draft.lines import Case, Item, Line
from syngraph.draft.results import header, result, sign, vital
from syngraph.draft.voice import Voice
from syngraph.model import Fact, SourceId, is_date

_SOURCES = ("emr", "report", "preconsultation", "consultation")


def disputed_line(case: Case, items: Sequence[Item]) -> Line:
    """One sentence with every side of a disagreement, the written ones first: 〔待确认〕本院记录…；诊室否认…."""
    voice = case.voice
    facts = sorted({f.id: f for i in items for f in i.facts}.values(), key=lambda f: _order(voice, f))
    said = [claimed(voice, f) for f in facts]
    text = voice.p.get("marks.confirm") + voice.p.get("marks.item").join(dict.fromkeys(said)) + voice.p.get("marks.end")
    heads = [e for f in facts if voice.reported(f) for e in header(voice, f).evidence]
    return Line(text=voice.sentence(text), facts=tuple(facts), evidence=tuple(heads), attributed=True)


def _order(voice: Voice, fact: Fact) -> tuple[int, SourceId, int]:
    kinds = [s.kind for e in fact.evidence if (s := voice.sources.get(e.source))]
    first = min((_SOURCES.index(k) for k in kinds), default=len(_SOURCES))
    return (first, fact.evidence[0].source, fact.evidence[0].start)


def claimed(voice: Voice, fact: Fact) -> str:
    """One side: by whom, and what."""
    text, denies = claim(voice, fact)
    who = voice.p.get("marks.list").join(_who(voice, fact, "denier" if denies else "attribution"))
    return voice.p.say("claims.denies" if denies else "claims.says", who=who, x=text)


def _who(voice: Voice, fact: Fact, role: str) -> list[str]:
    """The sources of a fact by name, each once, in the order of its evidence."""
    names = []
    for evidence in fact.evidence:
        source = voice.sources.get(evidence.source)
        kind = source.kind if source else "consultation"
        row = voice.p.get(f"claims.{role}.{kind}")
        if isinstance(row, str):
            names.append(row.format_map({"place": _place(voice, fact), "date": _year(voice, fact)}))
        else:
            names.append(row[_speaker(fact)])
    names = list(dict.fromkeys(names))
    # "form:, in the room: ..." would be ugly: only the last keeps its colon.
    return [*(n.rstrip(":") for n in names[:-1]), names[-1]]


def _speaker(fact: Fact) -> str:
    return next((w for w in fact.witnesses if w in {"patient", "companion", "doctor"}), "patient")


def _place(voice: Voice, fact: Fact) -> str:
    return re.sub(r"[：:]\s*$", "", header(voice, fact).text)


def _year(voice: Voice, fact: Fact) -> str:
    """The year of a record, where the record itself says it."""
    for iso in (fact.get("date"), fact.get("onset"), fact.recorded):
        if iso and is_date(iso[:10]) and iso[:4] in voice.quotes(fact):
            return voice.p.say("claims.year", x=iso[:4])
    return ""


# -- the claim itself, kind by kind ----------------------------------------------------------------------


def claim(voice: Voice, fact: Fact) -> tuple[str, bool]:
    """What the fact says in a few words without a full stop, and whether it denies."""
    text, denies = _SAY.get(fact.kind, _named)(voice, fact)
    return text.rstrip("。.") if not denies else text, denies


def _named(voice: Voice, fact: Fact) -> tuple[str, bool]:
    return voice.noun(fact), fact.status == "absent"


def _symptom(voice: Voice, fact: Fact) -> tuple[str, bool]:
    noun = voice.noun(fact)
    if fact.status == "absent":
        return noun, True
    length, moment = voice.lasting(fact), voice.moment(fact)
    if length:
        noun = voice.p.say("chief.time", x=noun, time=length)
    elif moment:
        noun = voice.p.say("chief.since", x=noun, time=moment)
    course = voice.p.word("claims.course", fact.get("course"))
    return voice.clauses([noun, course]), False


def _condition(voice: Voice, fact: Fact) -> tuple[str, bool]:
    if fact.concept.id == "condition:any":
        return voice.p.get("claims.any_condition"), True
    name = voice.p.shape("history_of", graded(voice, fact))
    if fact.get("duration") and fact.status != "absent":
        name += voice.p.say("condition_length", x=voice.length(fact.get("duration")))
    return name, fact.status == "absent"


def _medication(voice: Voice, fact: Fact) -> tuple[str, bool]:
    p = voice.p
    if fact.concept.id == "medication:any":
        return p.get("claims.any_medication"), True
    if fact.status == "absent":
        return p.say("medications.absent_claim", x=voice.name(fact)), True
    if fact.get("self") == "1":
        return p.say("claims.took", x=voice.dosed(fact)), False
    if fact.get("ended") or fact.status == "historical":
        return p.say("medications.stopped_claim", x=voice.name(fact)), False
    if fact.status == "planned":
        return p.say("claims.plan", x=voice.dosed(fact)), False
    return p.say("medications.current_claim", x=voice.dosed(fact)), False


def _allergy(voice: Voice, fact: Fact) -> tuple[str, bool]:
    if (fact.concept.id or "").endswith(":any"):
        return voice.p.get("claims.any_allergy"), True
    if fact.status == "absent":
        return voice.p.say("claims.allergy_denied", x=allergen(voice, fact)), True
    name = (
        voice.p.say("marks.uncertain", x=allergen(voice, fact)) if fact.status == "uncertain" else allergen(voice, fact)
    )
    return voice.p.say("claims.allergy", x=name) + reaction(voice, fact, dated=not _year(voice, fact)), False


def _social(voice: Voice, fact: Fact) -> tuple[str, bool]:
    if fact.status == "absent" and not fact.get("text"):
        return voice.p.word("social.denied", (fact.concept.id or "").partition(":")[2]) or habit_name(voice, fact), True
    return habit(voice, fact), False


def _reproductive(voice: Voice, fact: Fact) -> tuple[str, bool]:
    return voice.lowered(reproductive(voice, fact)), False


def _family(voice: Voice, fact: Fact) -> tuple[str, bool]:
    key = {"absent": "absent", "uncertain": "uncertain"}.get(fact.status, "present")
    return relatives(voice, [fact], key), False


def _procedure(voice: Voice, fact: Fact) -> tuple[str, bool]:
    if fact.concept.id == "procedure:any":
        return voice.p.get("claims.any_procedure"), True
    on = voice.moment(fact, "date") or voice.moment(fact)
    if fact.status == "absent":
        return voice.p.say("claims.surgery", x=voice.noun(fact), time=""), True
    return voice.p.say(
        "claims.surgery", x=voice.noun(fact), time=voice.p.say("condition_date", x=on) if on else ""
    ), False


def _plain(say: Callable[[Voice, Fact], str]) -> Callable[[Voice, Fact], tuple[str, bool]]:
    return lambda voice, fact: (voice.lowered(say(voice, fact)), False)


_SAY: dict[str, Callable[[Voice, Fact], tuple[str, bool]]] = {
    "symptom": _symptom,
    "condition": _condition,
    "medication": _medication,
    "allergy": _allergy,
    "social-history": _social,
    "reproductive-history": _reproductive,
    "family-history": _family,
    "procedure": _procedure,
    "vital-sign": _plain(vital),
    "lab-result": _plain(result),
    "imaging": _plain(result),
    "exam-finding": _plain(sign),
    "diagnosis": _plain(diagnosis),
    "plan": _plain(step),
}

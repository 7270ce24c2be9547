"""Past, allergy, drug, personal, reproductive and family history, and the review of systems."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from syngraph.draft.lines import Case, Item, Line, affirmed, batches, denied, is_any, line, past
from syngraph.draft.results import header
from syngraph.draft.voice import Voice
from syngraph.model import Fact, is_date, is_duration

_MOST = 8


def _of(items: Sequence[Item], *kinds: str) -> list[Item]:
    return [i for i in items if i.view.kind in kinds]


def _denials(voice: Voice, items: Sequence[Item], one: str, everything: str, noun: Callable[[Fact], str]) -> list[Line]:
    """One line for "none of this kind", one for the things that were asked for by name."""
    rows = [i for i in items if is_any(i)]
    lines = [line(voice.p.say(everything, x=noun_list(voice, rows, noun)), *rows)] if rows else []
    for batch in batches([i for i in items if not is_any(i)], _MOST):
        x = noun_list(voice, batch, noun)
        if batch[0].view.kind in {"condition", "diagnosis"}:
            x = voice.p.shape("history_of", x)
        lines.append(line(voice.p.say(one, x=x), *batch))
    return lines


def noun_list(voice: Voice, items: Sequence[Item], noun: Callable[[Fact], str]) -> str:
    """The nouns of denied things: with "or" in English, with 、 in Chinese."""
    return voice.p.listed([noun(i.view) for i in items], last="or")


# -- past history ---------------------------------------------------------------------------------------


def past_history(case: Case, items: Sequence[Item]) -> list[Line]:
    """Conditions, earlier symptoms, operations, immunizations; what was denied last."""
    voice = case.voice
    ills, cuts, shots = _of(items, "condition", "diagnosis"), _of(items, "procedure"), _of(items, "immunization")
    symptoms = _of(items, "symptom")
    lines = [_ailment(voice, i) for i in (*affirmed(ills), *past(ills))]
    lines += [line(_earlier(voice, i.view), i) for i in (*affirmed(symptoms), *past(symptoms))]
    lines += [line(operation(voice, i.view), i) for i in (*past(cuts), *affirmed(cuts))]
    lines += _immunizations(voice, [*affirmed(shots), *past(shots)])
    everything = "condition_any_other" if affirmed(ills) or past(ills) else "condition_any"
    ailment = "plain_history.condition_absent", f"plain_history.{everything}"
    lines += _denials(voice, denied(ills), *ailment, voice.name)
    lines += _denials(voice, denied(symptoms), "hpi.none", "hpi.none", voice.noun)
    lines += _no_operations(voice, denied(cuts), others=bool(affirmed(cuts) or past(cuts)))
    vaccines = "plain_history.not_immunized", "plain_history.immunization_any"
    return lines + _denials(voice, denied(shots), *vaccines, lambda f: _vaccine(voice, f))


def _no_operations(voice: Voice, items: Sequence[Item], *, others: bool) -> list[Line]:
    """No operations, no stay in hospital, not this one: one line for all that was denied."""
    everything, named = [i for i in items if is_any(i)], [i for i in items if not is_any(i)]
    if not named:
        key = "plain_history.procedure_any_other" if others else "plain_history.procedure_any"
        return [line(voice.p.get(key), *everything)] if everything else []
    lines = []
    for n, batch in enumerate(batches(named, _MOST)):
        first = everything if n == 0 else []
        names = [voice.p.get("plain_history.surgery")] if first else []
        names += [voice.noun(i.view).removesuffix(voice.p.get("plain_history.history_suffix")) for i in batch]
        x = voice.p.listed(list(dict.fromkeys(names)), last="or")
        lines.append(line(voice.p.say("plain_history.procedure_absent", x=x), *first, *batch))
    return lines


def graded(voice: Voice, fact: Fact) -> str:
    """A condition with its side, stage and complications, each unless the name already says it."""
    name = voice.noun(fact, severity=True) if fact.status != "uncertain" else voice.name(fact)
    extra = [x for k in ("stage", "grade", "complication") if (x := fact.get(k)) and x not in name]
    return name + (voice.p.say("marks.paren", x=voice.p.listed(extra)) if extra else "")


def condition(voice: Voice, fact: Fact) -> str:
    """A condition of the past history, with how long or since when."""
    p, name = voice.p, graded(voice, fact)
    if fact.status == "uncertain":
        return p.say("plain_history.condition_uncertain", x=name)
    on = voice.moment(fact, "date") or voice.moment(fact)
    if fact.status == "historical":
        return p.say("plain_history.condition_ended", x=name, time=p.say("marks.paren", x=on) if on else "")
    if fact.get("duration"):
        named = p.shape("history_of", name)
        time = p.say("condition_length", x=voice.lasting(fact))
        return p.say("plain_history.condition_since", x=named, time=time)
    if fact.kind == "diagnosis":
        return p.say("plain_history.diagnosis_told", x=name)
    if on:
        time = p.say("condition_date", x=on)
        return p.say("plain_history.condition_on", x=name, time=time)
    return p.say("plain_history.condition", x=name)


def _ailment(voice: Voice, item: Item) -> Line:
    """A condition; one that only another hospital knows stands with that hospital's name and date."""
    fact = item.view
    if set(fact.witnesses) != {"other-hospital"} or fact.status != "present":
        return line(condition(voice, fact), item)
    head = header(voice, fact)
    on = voice.moment(fact, "date") or voice.moment(fact) or head.order
    where = voice.p.say("plain_history.place", x=head.place)
    time = voice.p.say("condition_date", x=on) if on else ""
    text = voice.p.say("plain_history.outside_diagnosis", x=graded(voice, fact), time=time, place=where)
    return line(text, item, evidence=head.evidence)


def _earlier(voice: Voice, fact: Fact) -> str:
    on = voice.moment(fact, "date") or voice.moment(fact) or voice.length(fact.get("duration"))
    time = voice.p.say("plain_history.symptom_time", x=on) if on else ""
    return voice.p.say("plain_history.symptom", x=voice.noun(fact), time=time)


def operation(voice: Voice, fact: Fact) -> str:
    """An operation with its date and place: 2024年12月行胃镜下止血."""
    p, name = voice.p, voice.noun(fact)
    stay = fact.concept.id == "procedure:hospitalization"
    on = voice.moment(fact, "date") or voice.moment(fact)
    if not on and (ago := fact.get("duration") or fact.get("ago")):
        on = p.say("reproductive.ago", x=voice.length(ago))
    place = p.say("plain_history.place", x=fact.attributes["organization"]) if fact.get("organization") else ""
    if fact.status == "uncertain":
        return p.say("plain_history.procedure_uncertain", x=voice.name(fact))
    if stay:
        time = p.say("condition_date", x=on) if on else ""
        return p.say("plain_history.stay" if on else "plain_history.stay_undated", time=time, place=place)
    if not on:
        return p.say("plain_history.procedure_undated", x=name, place=place)
    return p.say("plain_history.procedure", x=name, time=p.say("condition_date", x=on), place=place)


def _vaccine(voice: Voice, fact: Fact) -> str:
    name = voice.name(fact)
    known = voice.p.found("plain_history.vaccine", re.sub(r"\s*[（(][^（()）]*[）)]$", "", name))
    return name if known else voice.p.say("plain_history.vaccine_name", x=name)


def _immunizations(voice: Voice, items: Sequence[Item]) -> list[Line]:
    """One line a vaccine; that some vaccine was given says nothing beside a particular one."""
    named = [i for i in items if not voice.p.found("plain_history.any_vaccine", voice.name(i.view))]
    bare = [i for i in items if i not in named] if named else []
    first = [line(_immunized(voice, named[0].view), named[0], *bare)] if named else []
    return first + [line(_immunized(voice, i.view), i) for i in (named[1:] if named else items)]


def _immunized(voice: Voice, fact: Fact) -> str:
    on = voice.moment(fact, "date") or voice.moment(fact)
    time = voice.p.say("marks.paren", x=on) if on else ""
    return voice.p.say("plain_history.immunized", x=_vaccine(voice, fact), time=time)


# -- drugs and allergies --------------------------------------------------------------------------------


def medications(case: Case, items: Sequence[Item]) -> list[Line]:
    """Drugs in use, then stopped ones, then those that were denied."""
    voice = case.voice
    lines = [line(drug(voice, i.view), i) for i in (*affirmed(items), *past(items))]
    return lines + _denials(voice, denied(items), "medications.absent", "medications.any", voice.name)


def drug(voice: Voice, fact: Fact) -> str:
    """One drug of the list, with what it is for or why and when it was stopped."""
    p, name = voice.p, voice.dosed(fact)
    if fact.get("ended") or fact.status == "historical":
        return _stopped(voice, fact, name)
    if timing := fact.get("timing"):
        name = voice.clauses([name, timing])
    if duration := fact.get("duration"):
        name = voice.clauses([name, p.say("medications.used_for", x=voice.length(duration))])
    purpose = fact.get("indication") or fact.get("reason")
    name += p.say("medications.indication", x=purpose) if purpose else ""
    return p.say("medications.uncertain" if fact.status == "uncertain" else "medications.current", x=name)


def _stopped(voice: Voice, fact: Fact, name: str) -> str:
    p, ended = voice.p, fact.get("ended") or ""
    on = voice.moment(fact, "ended") if is_date(ended) else ""
    if not on and is_duration(ended):
        on = p.say("reproductive.ago", x=voice.length(ended))
    why = (fact.get("reason") or "").removeprefix("因")
    reason = p.say("medications.reason", x=why) if why else ""
    if on:
        return p.say("medications.stopped", x=name, time=p.shape("ended_on", on), reason=reason)
    return p.say("medications.stopped_undated", x=name, reason=reason)


def allergies(case: Case, items: Sequence[Item]) -> list[Line]:
    """Allergies with their reaction, then what was denied, in one sentence."""
    voice = case.voice
    lines = [line(allergy(voice, i.view), i) for i in (*affirmed(items), *past(items))]
    return lines + _no_allergies(voice, denied(items), others=bool(lines))


def _no_allergies(voice: Voice, items: Sequence[Item], *, others: bool) -> list[Line]:
    """No allergies, no drug allergies, none to this and that: one line for all that was denied."""
    p, everything = voice.p, [i for i in items if is_any(i)]
    named = [i for i in items if not is_any(i)]
    drugs = [i for i in everything if _drugs_only(voice, i.view)]
    if not everything:
        return [
            line(p.say("allergies.absent", x=noun_list(voice, batch, lambda f: allergen(voice, f))), *batch)
            for batch in batches(named, _MOST)
        ]
    scopes = [p.get("allergies.drug_scope")] if drugs else []
    names = [*scopes, *(voice.name(i.view).removesuffix(p.get("allergies.general")) for i in named)]
    if len(drugs) == len(everything) and not named:
        return [line(p.get("allergies.drugs_only"), *items)]
    if names:
        text = p.say(
            "allergies.and_others" if len(drugs) < len(everything) else "allergies.scoped", x=_either(voice, names)
        )
        return [line(text, *items)]
    return [line(p.get("allergies.any_other" if others else "allergies.any"), *items)]


def _either(voice: Voice, names: Sequence[str]) -> str:
    return voice.p.listed(list(dict.fromkeys(names)), last="or")


def _drugs_only(voice: Voice, fact: Fact) -> bool:
    """Whether every quote that speaks of allergies speaks of medicines."""
    quotes = [voice.quote(e).lower() for e in fact.evidence]
    drugs = [q for q in quotes if voice.p.found("allergies.drugs", q)]
    return bool(drugs) and not any(voice.p.found("allergies.general", q) for q in quotes if q not in drugs)


def allergen(voice: Voice, fact: Fact) -> str:
    """青霉素过敏 / Penicillin: never 过敏过敏."""
    name = voice.name(fact)
    return name if voice.p.found("allergies.noun_in", name) else voice.p.say("allergies.noun", x=name)


def reaction(voice: Voice, fact: Fact, *, dated: bool = True) -> str:
    """Severity, reaction and year in brackets; nothing where none is known."""
    on = (voice.moment(fact, "date") or voice.moment(fact)) if dated else ""
    parts = [voice.p.word("severity", fact.get("severity")), _once(fact.get("reaction") or ""), on]
    detail = voice.clauses(parts)
    return voice.p.say("marks.paren", x=detail) if detail else ""


def _once(reaction: str) -> str:
    """Each reaction once, the more exact wording of two (躯干皮疹 for 皮疹; 躯干皮疹)."""
    parts = list({p.strip().casefold(): p.strip() for p in re.split(r"[;；]", reaction) if p.strip()}.values())
    kept = [p for p in parts if not any(p is not o and p.casefold() in o.casefold() for o in parts)]
    return "; ".join(kept)


def allergy(voice: Voice, fact: Fact) -> str:
    """One allergy as a sentence."""
    key = {"uncertain": "allergies.uncertain", "historical": "allergies.past"}.get(fact.status, "allergies.present")
    return voice.p.say(key, x=allergen(voice, fact), detail=reaction(voice, fact))


# -- personal, reproductive, family ----------------------------------------------------------------------


def personal_history(case: Case, items: Sequence[Item]) -> list[Line]:
    """Smoking, alcohol, work and the rest, as said."""
    voice = case.voice
    lines = [line(voice.sentence(habit(voice, i.view) + voice.p.get("marks.end")), i) for i in items if not _no(i)]
    return lines + _denials(voice, denied(items), "social.absent", "social.any", lambda f: habit_name(voice, f))


def _no(item: Item) -> bool:
    return item.view.status == "absent" and not item.view.get("text")


def _key(fact: Fact) -> str:
    return (fact.concept.id or "").partition(":")[2]


def habit_name(voice: Voice, fact: Fact) -> str:
    """吸烟, alcohol use."""
    return voice.p.word("social.names", _key(fact)) or voice.name(fact)


def habit(voice: Voice, fact: Fact) -> str:
    """One item of the personal history without its full stop: 吸烟，20支/天，10年."""
    p, key, name = voice.p, _key(fact), habit_name(voice, fact)
    rarely = p.word("social.rarely", fact.get("text"))
    if key == "smoke-exposure":
        known = fact.get("who") or ""
        who = (p.word("relations", known) or known.replace("-", " ")).lower()
        return p.say("social.near", who=who) if who else p.get("social.near_unknown")
    if (text := fact.get("text")) and not rarely:
        told = voice.told(text)
        return told if name in told or not told else p.say("social.label", label=name, x=told).rstrip("。.")
    detail = [_rate(voice, fact), p.say("social.for", x=voice.length(d)) if (d := fact.get("duration")) else ""]
    if fact.status == "historical" or fact.get("ended"):
        return _quit(voice, fact, [d for d in detail if d])
    word = p.word("social.present", key) or name
    word = rarely.format_map({"x": word}) if rarely else word
    if key in p.get("social.labelled") and any(detail):
        return p.say("social.label", label=name, x=voice.clauses(detail)).rstrip("。.")
    word = p.say("marks.uncertain", x=word) if fact.status == "uncertain" else word
    return voice.clauses([word, *detail])


def _quit(voice: Voice, fact: Fact, detail: Sequence[str]) -> str:
    p, ended = voice.p, fact.get("ended") or ""
    word = p.word("social.quit", _key(fact)) or p.say("social.quit_other", x=habit_name(voice, fact))
    ended = fact.get("ended_for") or ended
    since = p.say("social.quit_for", x=voice.length(ended)) if is_duration(ended) else ""
    on = p.shape("ended_on", moment) if is_date(ended) and (moment := voice.moment(fact, "ended")) else ""
    earlier = p.say("social.earlier", x=voice.clauses(detail)) if detail else ""
    when = since or (p.say("social.quit_on", x=on) if on else "")
    return (word + when if voice.language == "zh" else voice.clauses([word, when])) + earlier


def _rate(voice: Voice, fact: Fact) -> str:
    """20支/天: the amount, with its unit where it came without, and per what."""
    from syngraph.terminology.doses import say_frequency

    amount, per = fact.get("amount") or "", fact.get("per")
    if not amount:
        return say_frequency(fact.attributes["frequency"], voice.language) if fact.get("frequency") else ""
    number, _, word = amount.partition(" ")
    if word:
        word = re.sub(r"(?<=ss)es$|(?<!s)s$", "", word) if number == "1" and voice.language == "en" else word
        amount = counted(voice, number, voice.p.word("social.words", word, word))
    if amount[-1:].isdigit():
        unit = fact.get("unit") or voice.p.word("social.counted", _key(fact))
        amount = counted(voice, amount, unit) if unit else amount
    if not per or voice.p.found("social.per_words", amount):
        return amount
    return voice.p.say("social.rate", x=amount, per=voice.p.word("social.per", per, per))


def counted(voice: Voice, number: str, word: str) -> str:
    """20 cigarettes, 20支."""
    return number + word if voice.language == "zh" else f"{number} {word}"


def reproductive_history(case: Case, items: Sequence[Item]) -> list[Line]:
    """Last period, pregnancies, menopause, as said."""
    return [line(case.voice.sentence(reproductive(case.voice, i.view)), i) for i in items]


def reproductive(voice: Voice, fact: Fact) -> str:
    """One item of the reproductive history as a sentence."""
    p, key = voice.p, _key(fact)
    name = p.word("reproductive.names", key) or voice.name(fact)
    timed = any(fact.get(k) for k in ("date", "ago", "duration", "value"))
    text = voice.told(fact.get("text") or "") if not timed else ""
    if fact.status == "absent" and not text:
        return p.word("reproductive.absent", key) or p.say("reproductive.absent_other", x=name)
    if fact.status == "uncertain" and p.word("reproductive.uncertain", key):
        return p.word("reproductive.uncertain", key)
    detail = text or _when_or_value(voice, fact)
    if not detail:
        return p.say("reproductive.present", x=name)
    if key == "lmp":
        return p.say("reproductive.lmp", x=detail)
    if key in {"pregnancy", "menopause", "lactation"} and len(detail) < 20:
        return p.say("reproductive.detail", x=name, detail=detail)
    return p.say("reproductive.label", label=name, x=detail)


def _when_or_value(voice: Voice, fact: Fact) -> str:
    if fact.get("value"):
        return voice.measured(fact)
    for key in ("date", "onset"):
        if moment := voice.moment(fact, key):
            return moment
    if duration := fact.get("ago") or fact.get("duration"):
        length = voice.length(duration)
        return length if _key(fact) in {"pregnancy", "cycle"} else voice.p.say("reproductive.ago", x=length)
    numbers = [f"{letter}{fact.get(k)}" for letter, k in (("G", "gravida"), ("P", "para")) if fact.get(k)]
    if numbers:
        return "".join(numbers)
    quote = voice.told(fact.get("text") or voice.quote(fact.evidence[0])) if fact.get("date") else ""
    return (fact.get("amount") or "") or (quote if 0 < len(quote) <= 20 else "")


def family_history(case: Case, items: Sequence[Item]) -> list[Line]:
    """What relatives have, a line for each relative; then what was denied."""
    voice = case.voice
    own = [i for i in items if i.view.status != "absent" and _of_themselves(voice, i.view)]
    lines = [line(voice.p.say("family.told", x=voice.quote(i.view.evidence[0]).rstrip("。.,， ")), i) for i in own]
    items = [i for i in items if i not in own]
    for status, key in (("present", "present"), ("uncertain", "uncertain")):
        by_subject: dict[str, list[Item]] = {}
        for item in items:
            if _status(item) == status:
                by_subject.setdefault(item.view.subject, []).append(item)
        lines += [line(relatives(voice, [i.view for i in rows], key), *rows) for rows in by_subject.values()]
    nobody = [i for i in items if i.view.status == "absent" and i.view.subject in {"patient", "family"}]
    lines += _denials(voice, nobody, "family.absent_family", "family.any_other" if lines else "family.any", voice.name)
    # "Has he got a cough?" "No" of a father who is well: what relatives suffer from counts, not what they are spared.
    someone = [i for i in items if i.view.status == "absent" and i not in nobody and i.view.kind != "symptom"]
    return [*lines, *(line(relatives(voice, [i.view], "absent"), i) for i in someone)]


def _of_themselves(voice: Voice, fact: Fact) -> bool:
    """Whether a companion tells it of themselves, so that no quote names the relative: "I had asthma as a kid".

    Who that is stands in the speaker's label alone; the record keeps their words and says whose they are.
    """
    if set(fact.witnesses) != {"companion"} or fact.subject in {"patient", "family"}:
        return False
    first = fact.evidence[0]
    source = voice.sources.get(first.source)
    label = next((x.label for x in source.segments if x.start <= first.start < x.end), "") if source else ""
    return fact.subject in ("parent", *_relations(label)) and fact.subject not in _relations(voice.quote(first))


def _relations(text: str) -> frozenset[str]:
    """The relations that the relatives named in ``text`` stand for."""
    from syngraph.terminology.lexicon import lexicon

    return frozenset(m.term.attrs.get("relation", "family") for m in lexicon().longest(text, "relative"))


def _status(item: Item) -> str:
    return "present" if item.view.status in {"present", "historical", "planned"} else item.view.status


def relatives(voice: Voice, facts: Sequence[Fact], key: str) -> str:
    """What one relative has: 父亲有心脏病史 / Mother: kidney stones."""
    subject = "family" if facts[0].subject == "patient" else facts[0].subject
    who = voice.p.word("relations", subject) or subject.replace("-", " ")
    chronic = all(f.kind in {"family-history", "condition", "diagnosis"} for f in facts)
    ages = [_age(voice, f) for f in facts]
    if len(facts) == 1 and chronic:
        x = voice.p.shape("history_of", voice.name(facts[0])) + ages[0]
    else:
        names = voice.p.listed([voice.name(f) + age for f, age in zip(facts, ages, strict=True)])
        x = voice.p.shape("history_of", names) if chronic else names
    return voice.sentence(voice.p.say(f"family.{key}", who=who[:1].upper() + who[1:], x=x))


def _age(voice: Voice, fact: Fact) -> str:
    """The age that goes with a relative's condition, in brackets: （50岁）."""
    age = fact.get("age") or ""
    years = re.fullmatch(r"P(\d+)Y", age)
    said = voice.p.say("family.years", x=years[1]) if years else voice.length(age)
    return voice.p.say("family.age", x=said) if said else ""


# -- review of systems ------------------------------------------------------------------------------------


def review_of_systems(case: Case, items: Sequence[Item]) -> list[Line]:
    """What a form asked about other organs, one line a system."""
    voice = case.voice
    systems: dict[str, list[Item]] = {}
    for item in items:
        systems.setdefault(system_of(item.view), []).append(item)
    lines = []
    for system, rows in systems.items():
        name = voice.p.word("systems", system) or voice.p.word("systems", "general")
        yes = voice.p.listed([voice.noun(i.view) for i in affirmed(rows)])
        no = noun_list(voice, denied(rows), voice.noun)
        parts = [voice.p.say("review.yes", x=yes) if yes else "", voice.p.say("review.no", x=no) if no else ""]
        text = voice.p.say("review.system", system=name, x=voice.clauses(parts))
        lines.append(line(voice.sentence(text), *rows))
    return lines


def system_of(fact: Fact) -> str:
    """The organ system of a symptom by the terminology; ``general`` where it does not say."""
    from syngraph.terminology.lexicon import lexicon

    terms = lexicon().terms
    known = terms.get(fact.concept.id or "")
    if known is None and "+" in (fact.concept.id or ""):
        known = terms.get("body-site:" + _key(fact).partition("+")[0])
    return known.attrs.get("system", "general") if known else "general"

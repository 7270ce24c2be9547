"""From facts to a record: each fact to its section, each section to its sentences, each sentence to its evidence.

Every writer takes items and gives lines; here they are routed, gathered in reading order and made into statements.
Facts that a contradiction names are written with their sources and never decided. What no section takes up is
told by :func:`left_out`, so that nothing is dropped in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from syngraph.draft.background import (
    allergies,
    family_history,
    medications,
    past_history,
    personal_history,
    reproductive_history,
    review_of_systems,
    system_of,
)
from syngraph.draft.chief import chief_complaint, choose
from syngraph.draft.claims import disputed_line
from syngraph.draft.decisions import assessment, plan
from syngraph.draft.illness import folded, present_illness
from syngraph.draft.lines import Case, Item, Line, affirmed, exchanges, items_of, length_told
from syngraph.draft.results import examination, investigations, vital_signs
from syngraph.draft.templates import SectionSpec, Template
from syngraph.draft.voice import Voice
from syngraph.model import (
    SECTION_IDS,
    Encounter,
    Evidence,
    Fact,
    FactId,
    Finding,
    Group,
    Section,
    Source,
    Statement,
    Support,
)
from syngraph.terminology.fold import fold
from syngraph.terminology.lexicon import lexicon

_WRITERS: Mapping[str, Callable[[Case, Sequence[Item]], list[Line]]] = {
    "past-history": past_history,
    "medications": medications,
    "allergies": allergies,
    "personal-history": personal_history,
    "reproductive-history": reproductive_history,
    "family-history": family_history,
    "review-of-systems": review_of_systems,
    "vital-signs": vital_signs,
    "physical-examination": examination,
    "investigations": investigations,
    "assessment": assessment,
    "plan": plan,
}
#: Sections whose lines name their own source or belong to the clinician: one disputed fact stays in its place there.
_IN_PLACE = frozenset({"investigations", "vital-signs", "physical-examination", "assessment", "plan"})
_SERIES = frozenset({"lab-result", "vital-sign", "imaging"})
_SHOWN_OF_SERIES = 2
#: An answer no longer than this tells no more than yes or no.
_BRIEF = 12
_SPOKEN = frozenset({"patient", "companion"})


def compose(
    groups: Sequence[Group],
    encounter: Encounter,
    template: Template,
    sources: Sequence[Source],
    findings: Sequence[Finding],
) -> tuple[Section, ...]:
    """The sections of the draft, in the template's order; those that nothing is known for are left out.

    Args:
        groups: merged and numbered facts.
        encounter: whose record it is; the language written is the template's.
        template: sections, titles and order.
        sources: what the evidence points into.
        findings: contradictions and safety findings mark the sentences that they speak of.

    Returns:
        Sections with statements st1, st2, ... in reading order. Each statement names all facts that it states and
        all of their evidence. The same input gives the same output.
    """
    case = _case(groups, encounter, template, sources, findings)
    named = frozenset(f for x in findings for f in x.facts)
    outdated = frozenset(f.id for g in groups for f in superseded(g)) - named
    places: dict[str, list[Item]] = {}
    for item in items_of(groups, case.disputed):
        if (section := route(case, item)) and not any(f.id in outdated for f in item.facts):
            places.setdefault(section, []).append(item)
    return _numbered(_write(case, places, findings), case)


def _case(
    groups: Sequence[Group],
    encounter: Encounter,
    template: Template,
    sources: Sequence[Source],
    findings: Sequence[Finding],
) -> Case:
    by_id = {s.id: s for s in sources}
    disputed = frozenset(f for x in findings if x.kind == "contradiction" for f in x.facts)
    told = {fact: times for g in groups for fact, times in _told(g).items()}
    return Case(
        voice=Voice(language=template.language, encounter=encounter, sources=by_id),
        template=template,
        disputed=disputed,
        unsafe=frozenset(f for x in findings if x.kind == "safety" for f in x.facts),
        mentions=told,
    )


def _told(group: Group) -> dict[FactId, int]:
    """How many mentions each fact of a group was merged from."""
    at: dict[Evidence, set[int]] = {}
    for n, mention in enumerate(group.mentions):
        for evidence in mention.evidence:
            at.setdefault(evidence, set()).add(n)
    return {f.id: max(1, len(set().union(*(at.get(e, ()) for e in f.evidence)))) for f in group.facts}


def superseded(group: Group) -> list[Fact]:
    """Older points of a series of this hospital's own results: all but the newest two.

    A record shows the course, not the archive; the doctor finds the rest where it has always been.
    """
    if group.kind not in _SERIES:
        return []
    own = [f for f in group.facts if set(f.witnesses) == {"this-hospital"}]
    return sorted(own, key=lambda f: f.get("date") or f.recorded or "", reverse=True)[_SHOWN_OF_SERIES:]


# -- where a fact belongs --------------------------------------------------------------------------------


def route(case: Case, item: Item) -> str | None:
    """The section id that an item belongs to, before the template folds sections; None where no record holds it."""
    fact = item.view
    if fact.kind == "administrative":
        return "history-of-present-illness" if fact.get("category") == "visit" else fact.get("section")
    if fact.kind == "family-history" or fact.subject != "patient":
        return "family-history"
    return _ROUTES[fact.kind](case, fact)


def _symptom_place(case: Case, fact: Fact) -> str:
    if fact.status == "historical" and fact.get("resolved") != "1":
        return "past-history"
    if not _SPOKEN & set(fact.witnesses) and "doctor" not in fact.witnesses and not _of_today(case, fact):
        return "past-history"
    asked = fact.get("review") == "1" or (fact.status == "absent" and _only_in_form(case, fact))
    return "review-of-systems" if asked and fact.get("chief") != "1" else "history-of-present-illness"


def _only_in_form(case: Case, fact: Fact) -> bool:
    found = [case.voice.sources.get(e.source) for e in fact.evidence]
    return all(s is not None and s.kind == "preconsultation" for s in found)


def _of_today(case: Case, fact: Fact) -> bool:
    day = case.voice.encounter.start.date().isoformat()
    return any((iso or "")[:10] == day for iso in (fact.recorded, fact.get("date")))


def _diagnosis_place(_case: Case, fact: Fact) -> str:
    return "assessment" if "doctor" in fact.witnesses else "past-history"


def _medication_place(_case: Case, fact: Fact) -> str:
    if fact.status == "planned":
        return "plan"
    return "history-of-present-illness" if fact.get("self") == "1" else "medications"


def _vital_place(case: Case, fact: Fact) -> str:
    if fact.get("context") == "home" or set(fact.witnesses) <= _SPOKEN:
        return "history-of-present-illness"
    dated = (fact.get("date") or fact.recorded or "")[:10]
    old = dated and not _of_today(case, fact) and "doctor" not in fact.witnesses
    return "investigations" if old else "vital-signs"


def _exam_place(case: Case, fact: Fact) -> str:
    return "physical-examination" if "doctor" in fact.witnesses or _of_today(case, fact) else "investigations"


def _procedure_place(_case: Case, fact: Fact) -> str:
    return "plan" if fact.status == "planned" else "past-history"


def _always(section: str) -> Callable[[Case, Fact], str]:
    return lambda _case, _fact: section


_ROUTES: Mapping[str, Callable[[Case, Fact], str]] = {
    "symptom": _symptom_place,
    "condition": _always("past-history"),
    "diagnosis": _diagnosis_place,
    "medication": _medication_place,
    "allergy": _always("allergies"),
    "vital-sign": _vital_place,
    "lab-result": _always("investigations"),
    "imaging": _always("investigations"),
    "exam-finding": _exam_place,
    "procedure": _procedure_place,
    "social-history": _always("personal-history"),
    "reproductive-history": _always("reproductive-history"),
    "immunization": _always("past-history"),
    "plan": _always("plan"),
}


# -- writing ---------------------------------------------------------------------------------------------


def _write(case: Case, places: dict[str, list[Item]], findings: Sequence[Finding]) -> list[tuple[str, Line]]:
    """All lines with the section of the template that holds them, in reading order."""
    asked = {section: exchanges(case, rows) for section, rows in _take_exchanges(places).items()}
    if "history-of-present-illness" in places:
        places["history-of-present-illness"] = folded(places["history-of-present-illness"])
    symptoms = [i for i in places.get("history-of-present-illness", ()) if i.view.kind == "symptom"]
    chosen = choose(case, _undenied(case, symptoms, findings))
    _unreview(case, places, chosen)
    others = [i for rows in places.values() for i in rows if i.view.subject == "patient" and i not in symptoms]
    lines = {"chief-complaint": chief_complaint(case, chosen, others)}
    lines["history-of-present-illness"] = _illness(case, places, chosen, findings)
    for section, writer in _WRITERS.items():
        lines[section] = _section(case, section, writer, places.get(section, ()), findings)
    order = [(spec.id, part) for spec in case.template.sections for part in _parts(spec)]
    return [(home, row) for home, part in order for row in (*lines.get(part, ()), *asked.get(part, ()))]


def _take_exchanges(places: dict[str, list[Item]]) -> dict[str, list[Item]]:
    """Takes the questions and answers that stand as they were said out of ``places``, by section."""
    taken = {}
    told = {i.view.concept.id for rows in places.values() for i in rows if i.view.kind == "symptom"}
    timed = [i.view for rows in places.values() for i in rows if i.view.kind == "symptom" and i.view.get("duration")]
    for section, rows in places.items():
        asked = [i for i in rows if i.view.get("category") == "exchange"]
        places[section] = [i for i in rows if i not in asked]
        taken[section] = [i for i in asked if not (_told_anyway(i.view, told) or length_told(i.view, timed))]
    return taken


def _told_anyway(fact: Fact, told: Collection[str | None]) -> bool:
    """Whether a question and its brief answer are about symptoms that the record states from another source."""
    question = fold(fact.attributes["asked"])
    asked = [m.term.id for m in lexicon().longest(question, "symptom")]
    return bool(asked) and len(fact.attributes["text"]) <= _BRIEF and all(a in told for a in asked)


def _parts(spec: SectionSpec) -> list[str]:
    """A section and those that it takes, in the order in which a record has them."""
    return sorted((spec.id, *spec.takes), key=lambda s: SECTION_IDS.index(s) if s in SECTION_IDS else len(SECTION_IDS))


def _unreview(case: Case, places: dict[str, list[Item]], chosen: Sequence[Item]) -> None:
    """What a form asked of the organ that the visit is about belongs to the history, not to the review."""
    systems = {system_of(i.view) for i in chosen}
    review = places.get("review-of-systems", [])
    apart = case.template.home("review-of-systems") == "review-of-systems"
    near = [i for i in review if not apart or system_of(i.view) in systems - {"general"}]
    if near:
        places["review-of-systems"] = [i for i in review if i not in near]
        places.setdefault("history-of-present-illness", []).extend(near)


def _illness(
    case: Case, places: dict[str, list[Item]], chosen: Sequence[Item], findings: Sequence[Finding]
) -> list[Line]:
    """The history, then what the sources dispute of it; a symptom that one source denies is only told as disputed."""
    items = places.get("history-of-present-illness", [])
    clusters = [c for c in _clusters(case, items, findings) if _apart(case, c)]
    disputed = [f for c in clusters if not _all_so(c) for i in c for f in i.facts]
    plain = [i for i in items if not any(f in disputed for f in i.facts)]
    lines = present_illness(case, plain, [i for i in chosen if i in plain])
    return [*lines, *(disputed_line(case, c) for c in clusters)]


def _apart(_case: Case, cluster: Sequence[Item]) -> bool:
    """Whether the two sides of a disagreement both stand in this section."""
    return sum(len(i.facts) for i in cluster) > 1


def _all_so(cluster: Sequence[Item]) -> bool:
    return len(cluster) == 1 and len(affirmed(cluster)) == 1 and cluster[0].view.kind == "symptom"


def _undenied(case: Case, symptoms: Sequence[Item], findings: Sequence[Finding]) -> list[Item]:
    """Symptoms that no source denies; all of them where a denial hangs over each."""
    clusters = _clusters(case, symptoms, findings)
    doubted = [i for c in clusters for i in c if any(o.view.status == "absent" for o in c)]
    sure = [i for i in symptoms if i not in doubted]
    return sure if affirmed(sure) else list(symptoms)


def _section(
    case: Case,
    section: str,
    writer: Callable[[Case, Sequence[Item]], list[Line]],
    items: Sequence[Item],
    findings: Sequence[Finding],
) -> list[Line]:
    clusters = _clusters(case, items, findings)
    if section in _IN_PLACE:
        clusters = [c for c in clusters if _apart(case, c)]
    disputed = [i for c in clusters for i in c]
    return [*(disputed_line(case, c) for c in clusters), *writer(case, [i for i in items if i not in disputed])]


def _clusters(case: Case, items: Sequence[Item], findings: Sequence[Finding]) -> list[list[Item]]:
    """Disputed items that one chain of contradictions links, in reading order."""
    clusters: list[list[Item]] = []
    for item in items:
        if not any(f.id in case.disputed for f in item.facts):
            continue
        linked = [c for c in clusters if any(_linked(item, o, findings) for o in c)]
        joined = [i for c in linked for i in c]
        clusters = [c for c in clusters if c not in linked] + [[*joined, item]]
    return clusters


def _linked(a: Item, b: Item, findings: Iterable[Finding]) -> bool:
    ids_a, ids_b = {f.id for f in a.facts}, {f.id for f in b.facts}
    return any(x.kind == "contradiction" and ids_a & set(x.facts) and ids_b & set(x.facts) for x in findings)


# -- statements ------------------------------------------------------------------------------------------


def _numbered(lines: Sequence[tuple[str, Line]], case: Case) -> tuple[Section, ...]:
    titles = {s.id: s.title for s in case.template.sections}
    rows: dict[str, list[Statement]] = {}
    told = frozenset(f.id for s, row in lines if row.attributed and s != "chief-complaint" for f in row.facts)
    for number, (section, row) in enumerate(lines, 1):
        rows.setdefault(section, []).append(_statement(number, row, case, told))
    return tuple(Section(id=s, title=titles[s], statements=tuple(rows[s])) for s in titles if s in rows)


def _statement(number: int, row: Line, case: Case, told: frozenset[FactId]) -> Statement:
    evidence = dict.fromkeys([*(e for f in row.facts for e in f.evidence), *row.evidence])
    return Statement(
        id=f"st{number}",
        text=_marked(row, case, told),
        facts=tuple(dict.fromkeys(f.id for f in row.facts)),
        evidence=tuple(evidence),
        support=support_of(row.facts, case.disputed),
    )


def _marked(row: Line, case: Case, told: frozenset[FactId]) -> str:
    """The sentence with its marks: in doubt, where it doesn't say so itself; unsafe, where a finding says so."""
    p, text = case.voice.p, case.voice.sentence(row.text)
    if any(f.id in case.unsafe and f.kind in {"plan", "medication"} and f.status == "planned" for f in row.facts):
        text = text.rstrip(p.get("marks.end")) + p.get("marks.safety") + p.get("marks.end")
    open_ = any(f.id in case.disputed - told for f in row.facts)
    return p.get("marks.confirm") + text if open_ and not row.attributed else text


def support_of(facts: Sequence[Fact], disputed: frozenset[FactId]) -> Support:
    """How a sentence is borne out: no better than the weakest of its facts.

    ``conflicting`` where a contradiction names one; ``corroborated`` where two sources tell each of them.
    """
    if any(f.id in disputed for f in facts):
        return "conflicting"
    return "corroborated" if all(len({e.source for e in f.evidence}) > 1 for f in facts) else "single"


def left_out(
    groups: Sequence[Group], sections: Sequence[Section], refused: Collection[FactId] = ()
) -> tuple[tuple[FactId, str], ...]:
    """The facts that no statement states, each with the reason; nothing is dropped in silence.

    Args:
        groups: all facts.
        sections: the record as it stands.
        refused: facts whose sentence the guard took out.
    """
    stated = {f for s in sections for st in s.statements for f in st.facts}
    return tuple(
        (f.id, "its sentence said more than its quotes; see the finding" if f.id in refused else _reason(f))
        for g in groups
        for f in g.facts
        if f.id not in stated
    )


def _reason(fact: Fact) -> str:
    if fact.kind == "administrative":
        return "administrative: belongs to the encounter's header"
    if fact.kind in _SERIES and set(fact.witnesses) == {"this-hospital"}:
        return "an older result of this hospital; the newer ones are stated"
    return "no section of the template takes it"

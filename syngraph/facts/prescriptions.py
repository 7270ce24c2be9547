"""Medicines that the clinician orders, changes, continues or stops, each with its own dose, frequency and length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from syngraph.facts.dosing import Dosing, Name, answer_dosing, attributes_of, covered, dosings, drug_names, is_given
from syngraph.facts.drug_words import drug_words, ends_with
from syngraph.facts.mentions import Mention, Reading
from syngraph.facts.naming import concept_of
from syngraph.facts.passage import Passage
from syngraph.facts.spoken import words_for
from syngraph.facts.steps import mentions_of, stepped
from syngraph.facts.values import values
from syngraph.model import Evidence, Fact, frozen_map
from syngraph.terminology.lexicon import Term, lexicon

#: A medicine is still spoken of so many passages later.
_BEFORE = 4
#: So near behind the words of a change stands the new dose.
_NEXT = 6
_VALUES = frozenset({"frequency", "duration", "timing"})
#: Negations that forbid a medicine by themselves ("no aspirin either").
_FORBIDS = frozenset({"no", "别", "不要", "勿", "don't", "do not"})


def prescriptions(reading: Reading) -> Iterator[Fact]:
    """The medication steps of the plan, from the doctor's turns."""
    for index, said in enumerate(reading.rows):
        if said.role != "doctor":
            continue
        row = stepped(said)
        named = (m for m in mentions_of(reading, row, index) if m.term.kind in ("drug", "drug-class"))
        here = [m for m in named if not is_given(m.term) and not _no_medicine(m.term)]
        if here:
            yield from _ordered(reading, row, here)
        if more := _changed(reading, row, index) or _dosed_later(reading, row, index):
            yield more


def _changed(reading: Reading, row: Passage, index: int) -> Fact | None:
    """A new dose of the medicine that was spoken of just before ("How's the methotrexate?" "Fine." "Go up to 20 mg.")."""
    for sentence in row.sentences:
        cue = drug_words("goes-to").search(row.folded, sentence.start, sentence.end)
        if cue is None or sentence.asks or drug_names(row.folded, row.start, cue.end()):
            continue
        found = values(reading, row, sentence)
        dose = next((d for d in found.doses if 0 <= d.start - cue.end() <= _NEXT), None)
        spoken = _spoken_of(reading, index) if dose else None
        if dose is None or spoken is None:
            return None
        until = min((n.start for n in drug_names(row.folded, dose.end, sentence.end)), default=sentence.end)
        rates = [f.code for f in found.frequencies if dose.end <= f.start < until]
        often = {"frequency": rates[0]} if rates else {}
        term, said = spoken
        return Fact(
            kind="plan", concept=concept_of(term, reading.encounter.language), status="planned",
            attributes=frozen_map({"dose": dose.dose, "category": "medication", "action": "change", **often}),
            evidence=(row.evidence(sentence.start, sentence.end), said), witnesses=("doctor",),
            recorded=row.said.isoformat(),
        )  # fmt: skip
    return None


def _dosed_later(reading: Reading, row: Passage, index: int) -> Fact | None:
    """The dose of a medicine that the clinician ordered a turn before ("Amoxicillin." "Okay." "500 mg, three times a day.")."""
    before = next((i for i in range(index - 1, max(-1, index - 3), -1) if reading.rows[i].role == "doctor"), None)
    if before is None or drug_names(row.folded, row.start, row.end):
        return None
    ordered = [f for f in _of_row(reading, before) if not f.get("dose") and f.get("action") != "stop"]
    dosing = answer_dosing(reading, row)
    term = lexicon().terms.get(ordered[0].concept.id or "") if len(ordered) == 1 else None
    if term is None or not dosing.of("dose") or not (dosing.of("frequency") or dosing.of("duration")):
        return None
    attributes = attributes_of(row, term, dosing, reading.encounter.language)
    said = tuple(row.evidence(s.start, s.end) for s in dosing.sentences)
    return replace(
        ordered[0], attributes=frozen_map({**ordered[0].attributes, **attributes}),
        evidence=(*ordered[0].evidence, *said),
    )  # fmt: skip


def _of_row(reading: Reading, index: int) -> list[Fact]:
    row = stepped(reading.rows[index])
    named = [m for m in mentions_of(reading, row, index) if m.term.kind == "drug" and not _no_medicine(m.term)]
    return list(_ordered(reading, row, named)) if named else []


def _spoken_of(reading: Reading, index: int) -> tuple[Term, Evidence] | None:
    """The medicine named last in the passages before ``index``, with the sentence that names it."""
    for before in reversed(reading.rows[max(0, index - _BEFORE) : index]):
        named = drug_names(before.folded, before.start, before.end)
        if named:
            sentence = before.sentence_at(named[-1].start)
            drugs = [t for t in named[-1].terms if t.kind == "drug"]
            return (drugs[0], before.evidence(sentence.start, sentence.end)) if drugs else None
    return None


def _ordered(reading: Reading, row: Passage, here: Sequence[Mention]) -> Iterator[Fact]:
    known = dosings(reading, row)
    names = [n for n, _ in known]
    for name, dosing in known:
        m = _mention(name, here)
        if m is None or _advice_to_return(row, m) or _in_test(reading, m):
            continue
        if m.assertion.subject not in ("patient", "family") and not dosing.values:
            continue  # "your mum takes warfarin"
        if m.term.kind == "drug-class" and covered(m.term, _drugs_beside(names, m)):
            continue
        fact = _order(reading, row, m, dosing, _words(row, m, names))
        if fact is not None:
            yield fact


def _no_medicine(term: Term) -> bool:
    """Whether a name is no medicine that anyone prescribes (coffee, contrast, a way of feeding)."""
    return drug_words("no-medicine").fullmatch(term.id.partition(":")[2]) is not None


def _in_test(reading: Reading, m: Mention) -> bool:
    """Whether a medicine's name only begins a test's ("荧光素眼底血管造影", "lithium level", "iron studies")."""
    tests = (o for o in reading.in_row(m.row) if o.term.kind in ("test", "lab"))
    return any(m.start <= o.start <= m.end + 1 < o.end for o in tests)


def _mention(name: Name, here: Sequence[Mention]) -> Mention | None:
    """The mention that a name is best known by: the substance rather than its class."""
    inside = [m for m in here if name.start <= m.start < name.end]
    return min(inside, key=lambda m: (m.term.kind != "drug", m.start), default=None)


def _drugs_beside(names: Sequence[Name], m: Mention) -> Iterator[Term]:
    inside = (n for n in names if m.sentence.start <= n.start < m.sentence.end)
    return (t for n in inside for t in n.terms if t.kind == "drug")


def _advice_to_return(row: Passage, m: Mention) -> bool:
    """Whether the drug stands only in advice on when to come back."""
    words = row.folded[m.sentence.start : m.sentence.end]
    cue = words_for("supposes").search(words)
    return cue is not None and m.start > m.sentence.start + cue.start() and bool(words_for("return-to").search(words))


def _words(row: Passage, m: Mention, names: Sequence[Name]) -> tuple[str, str]:
    """The words before a drug (from its clause or the drug before it) and those after it, to the next drug."""
    clause = m.sentence.clause_at(m.start)
    start = max([clause.start, *[n.end for n in names if n.end <= m.start and n.end > clause.start]])
    if drug_words("joins").fullmatch(row.folded[start : m.start].strip()):
        start = clause.start  # "avoid ibuprofen and naproxen"
    end = min([m.sentence.end, *[n.start for n in names if n.start >= m.end]])
    return row.folded[start : m.start], row.folded[m.end : end]


def _order(reading: Reading, row: Passage, m: Mention, dosing: Dosing, words: tuple[str, str]) -> Fact | None:
    attributes = attributes_of(row, m.term, dosing, reading.encounter.language)
    if m.assertion.hypothetical and not attributes:
        return None
    action = _action(row, m, words, dosing)
    sentence = row.folded[m.sentence.start : m.sentence.end]
    if action is None and not _is_order(row, m, words, attributes):
        return None
    if action != "stop" and m.status in ("absent", "historical") and not attributes:
        return None
    if action is None and words_for("takes-already").search(sentence):
        return None
    if action == "stop":
        if m.term.kind == "drug-class" and not drug_words("stops").search((words[0] + words[1][:16])[-46:]):
            return None  # a class named far from the word that stops is only talked about
        if drug_words("stops-in-part").match(words[1]):
            return None  # "don't use the steroid on the test area"
        attributes = {}
    end = max([m.sentence.end, *[s.end for s in dosing.sentences]])
    return Fact(
        kind="plan", concept=concept_of(m.term, reading.encounter.language), status="planned",
        attributes=frozen_map({**attributes, "category": "medication", "action": action or ""}),
        evidence=(row.evidence(m.sentence.start, end),), witnesses=("doctor",), recorded=row.said.isoformat(),
    )  # fmt: skip


def _action(row: Passage, m: Mention, words: tuple[str, str], dosing: Dosing) -> str | None:
    """``stop``, ``continue`` or ``change``; None for a medicine that is new, or where nothing is said of it."""
    before, after = words
    own = before + " " + after
    lead = row.folded[m.sentence.start : m.start]
    swapped = drug_words("swapped").search(before)
    if swapped and drug_words("instead").match(after.lstrip(" ,，")):
        return "stop"
    if _stops(words, dosing) and not drug_words("keeps").search(own) and not _merely_about(own):
        return "stop"
    if m.assertion.cue.strip() in _FORBIDS and drug_words("stops").search(lead):
        return "stop"
    if drug_words("keeps").search(own) or _kept_in_list(row, m):
        return "continue"
    if ends_with("adds").search(before):
        return None
    raised = drug_words("raises").search(own) and not drug_words("starts-at").search(own)
    return "change" if raised else None


def _stops(words: tuple[str, str], dosing: Dosing) -> bool:
    """Whether a medicine is to be stopped now; after its dose a stop is a condition ("stop if it upsets you")."""
    before, after = words
    return bool(
        (drug_words("stops").search(before) and not (dosing.of("dose") and "," in before))
        or (drug_words("stops").search(after) and not dosing.of("dose"))
    )


def _kept_in_list(row: Passage, m: Mention) -> bool:
    """Whether a list of drugs ends in "go on with" ("阿司匹林、替格瑞洛都接着吃")."""
    clause = m.sentence.clause_at(m.start)
    rest = row.folded[m.end : clause.end]
    found = drug_words("keeps").search(rest)
    return (
        found is not None
        and not drug_words("stops").search(rest[: found.start()])
        and drug_words("joins").match(rest.lstrip()) is not None
    )


def _merely_about(own: str) -> bool:
    """Whether the words warn of something else while the drug is taken ("不能喝酒", "no alcohol with it")."""
    return drug_words("about").search(own) is not None


def _is_order(row: Passage, m: Mention, words: tuple[str, str], attributes: dict[str, str]) -> bool:
    own = words[0] + " " + words[1]
    if (
        drug_words("not-ordered").search(own)
        or drug_words("contingent").search(words[0])
        or (_merely_about(own) and not attributes.keys() & {"dose", "frequency"})
    ):
        return False
    if attributes.keys() & _VALUES or ("dose" in attributes and "就是" not in words[0]):
        return True
    return words_for("prescribes").search(row.folded[m.sentence.start : m.sentence.end]) is not None

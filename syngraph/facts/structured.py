"""Facts from structured rows: what an EMR resource or a laboratory row says stands in its fields, not in its line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from syngraph.facts.naming import concept_of
from syngraph.model import Concept, Encounter, Entry, Evidence, Fact, FactKind, Source, Status, Witness, frozen_map
from syngraph.terminology.lexicon import Term, lexicon

_TERM_KINDS: dict[FactKind, tuple[str, ...]] = {
    "symptom": ("symptom",),
    "condition": ("condition", "symptom"),
    "diagnosis": ("condition", "symptom"),
    "family-history": ("condition",),
    "procedure": ("procedure", "test"),
    "immunization": ("immunization",),
    "vital-sign": ("vital",),
    "exam-finding": ("exam-finding", "symptom"),
    "imaging": ("test",),
}
_WITNESS: dict[str, Witness] = {"emr": "this-hospital", "report": "other-hospital", "preconsultation": "patient"}


def structured(source: Source, encounter: Encounter) -> Iterator[Fact]:
    """One fact for each of the source's entries."""
    for entry in source.entries:
        term = term_of(entry)
        attributes = dict(entry.attributes)
        if source.organization and entry.kind in ("lab-result", "imaging"):
            attributes.setdefault("organization", source.organization)
        witness = entry.witness or _WITNESS.get(source.kind, "this-hospital")
        kind = entry.kind
        concept, status = _concept(entry, term, encounter.language), entry.status
        if kind in ("social-history", "reproductive-history"):
            concept, status = _habit(entry, concept, encounter.language)
        yield Fact(
            kind=kind,
            concept=concept,
            status=status,
            subject=entry.subject,
            attributes=frozen_map({k: v for k, v in attributes.items() if k != "dataset"}),
            evidence=(Evidence(source=source.id, start=entry.start, end=entry.end),),
            witnesses=(witness,),
            recorded=entry.recorded or source.recorded,
            extractor="structure",
        )


_NEVER = re.compile(
    r"从不|从未|不吸|不抽|不饮|不喝|无(?!法)|否认|never|non-?smoker|no\b|none|denies|not pregnant|negative",
    re.IGNORECASE,
)
_FORMER = re.compile(r"已戒|戒烟|戒酒|既往|曾|former|ex-?smoker|quit|stopped|past", re.IGNORECASE)
_TOPIC_IDS = {
    "smoking": ("social:smoking", "吸烟", "smoking"),
    "tobacco": ("social:smoking", "吸烟", "smoking"),
    "alcohol": ("social:alcohol", "饮酒", "alcohol"),
    "drinking": ("social:alcohol", "饮酒", "alcohol"),
    "occupation": ("social:occupation", "职业", "occupation"),
    "pregnancy": ("reproductive:pregnancy", "妊娠", "pregnancy"),
    "lmp": ("reproductive:lmp", "末次月经", "last menstrual period"),
    "menstruation": ("reproductive:lmp", "末次月经", "last menstrual period"),
}


def _habit(entry: Entry, concept: Concept, language: str) -> tuple[Concept, Status]:
    """A habit or state under the id that talk uses too, with the status that its value tells."""
    known = _TOPIC_IDS.get(entry.attributes.get("topic", ""))
    if known is None:
        return concept, entry.status
    named = Concept(
        text=known[1] if language == "zh" else known[2], code=concept.code, system=concept.system, id=known[0]
    )
    value = entry.attributes.get("value", "") + entry.attributes.get("text", "")
    if entry.status != "present" or known[0].endswith(("lmp", "occupation")):
        return named, entry.status
    if _FORMER.search(value):
        return named, "historical"
    return named, "absent" if _NEVER.search(value) else "present"


def term_of(entry: Entry) -> Term | None:
    """The terminology's row for an entry, by name first and by code where the name is unknown."""
    from syngraph.terminology.drugs import drug
    from syngraph.terminology.labs import lab

    if entry.kind in ("medication", "plan"):
        found = drug(entry.text)
        return found or (lexicon().lookup(entry.text, "test", "procedure") if entry.kind == "plan" else None)
    if entry.kind == "allergy":
        return _allergen(entry)
    if entry.kind == "lab-result":
        a = entry.attributes
        return lab(
            entry.text, unit=a.get("unit"), specimen=a.get("specimen"), abbreviation=a.get("abbreviation"),
            panel_hint=a.get("panel"),
        ) or _by_code(entry, "lab")  # fmt: skip
    kinds = _TERM_KINDS.get(entry.kind, ())
    return (
        (lexicon().lookup(entry.text, *kinds) or _inside(entry.text, kinds) or _by_code(entry, *kinds))
        if kinds
        else None
    )


def _by_code(entry: Entry, *kinds: str) -> Term | None:
    return next((t for c in entry.codes if (t := lexicon().by_code(c.code, *kinds))), None)


def _allergen(entry: Entry) -> Term | None:
    from syngraph.terminology.drugs import drug

    name = entry.text
    return lexicon().lookup(name, "allergen") or drug(name) or next(
        (m.term for m in lexicon().longest(name, "drug", "drug-class", "allergen")), None
    )  # fmt: skip


def _inside(name: str, kinds: tuple[str, ...]) -> Term | None:
    """The one known thing that a longer name holds ("Diabetes mellitus type 2 (disorder)", "高血压病2级")."""
    found = lexicon().longest(name, *kinds)
    if not found:
        return None
    best = max(found, key=lambda m: m.end - m.start)
    return best.term if (best.end - best.start) * 2 >= len(name.strip()) else None


def _concept(entry: Entry, term: Term | None, language: str) -> Concept:
    if entry.status == "absent" and entry.kind == "allergy" and term is None:
        return Concept(text="药物过敏" if language == "zh" else "drug allergy", id="allergy:any")
    code = entry.codes[0] if entry.codes else None
    if term is None:
        return Concept(text=entry.text, code=code.code if code else None, system=code.system if code else None)
    known = concept_of(term, language)
    exact = term.name(language) if entry.kind in ("medication", "allergy", "vital-sign") else None
    # A printed name that says more than the term ("高血压病2级") is kept: codes help machines, names help doctors.
    text = exact or (entry.text if _same_script(entry.text, language) else known.text)
    return Concept(
        text=text,
        code=code.code if code else known.code,
        system=code.system if code else known.system,
        id=term.id,
    )


def _same_script(text: str, language: str) -> bool:
    return any("一" <= c <= "鿿" for c in text) == (language == "zh")

"""Drugs: what a written or spoken name means, what it contains, and which allergies speak against it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal

from syngraph.terminology.fold import fold
from syngraph.terminology.lexicon import Term, lexicon
from syngraph.terminology.patterns import regex

RelationKind = Literal["same-ingredient", "same-class", "cross-reactive"]

_ZH_FORM = regex(
    r"(?:(?:普通|复方)?(?:薄膜衣|肠溶|缓释|控释|分散|咀嚼|泡腾|口崩|口腔崩解|舌下|双层|透皮|速释|干混悬|混悬|口服|外用|滴鼻|鼻用|吸入用?|注射用|阴道|眼用|小儿|儿童|无糖型?)*"
    r"(?:片|胶囊|软胶囊|微丸|颗粒|颗粒剂|冲剂|口服液|口服溶液|口服混悬液|混悬液|混悬剂|混悬滴剂|滴剂|糖浆|散|散剂|丸|滴丸|注射液|注射剂|针|针剂|粉针|"
    r"乳膏|软膏|凝胶|凝胶贴膏|贴|贴片|贴剂|贴膏|栓|栓剂|滴眼液|眼膏|滴耳液|气雾剂|喷雾剂|鼻喷雾剂|粉吸入剂|吸入剂|吸入溶液|吸入混悬液|溶液|合剂|酊|洗剂|洗液|搽剂|干混悬剂|粉|泡腾片|膜|含片|制剂|类药物))$"
)
_ZH_PREFIX = regex(r"^(?:注射用|口服|外用|吸入用|国产|进口|小儿|复方(?=$))")
_ZH_SALT = regex(
    r"^(?:盐酸|硫酸氢?|磷酸|酒石酸|重酒石酸|富马酸|马来酸|琥珀酸|枸橼酸|甲磺酸|苯磺酸|甲苯磺酸|氢溴酸|醋酸|乳酸|硝酸|草酸|苹果酸|门冬氨酸|葡萄糖酸|丙酸|糠酸|戊酸|双羟萘酸|谷氨酸|乙磺酸|"
    r"碳酸|苯甲酸|水杨酸|棕榈酸|己酸|十一酸)+"
)
_ZH_ION = regex(r"(?:二?钠|钾|钙|镁|锌|酯|三水合物|一水合物)$")
_DOSE = regex(
    r"[\s(（]*(?<![^A-Za-z][A-Za-z\d])(?<!^[A-Za-z])(?<![\d.])\d+(?:[.,]\d+)?\s*(?:[-/x×*]\s*\d+(?:[.,]\d+)?\s*)?(?:%|(?:mg|mcg|ug|μg|g|ml|iu|units?|unt|meq|毫克|微克|克|毫升|单位|万单位|片|粒|mmol|actuat)\b).*$",
    re.IGNORECASE,
)
_BARE_NUMBER = regex(r"\s+\d+(?:[.,/-]\d+)*$")
_EN_FORM = regex(
    r"\b(?:extended|sustained|controlled|delayed|immediate|modified|slow|prolonged)[\s-]?release\b"
    r"|\b(?:oral|ophthalmic|otic|topical|rectal|vaginal|nasal|inhaled|inhalation|injectable|transdermal|sublingual|chewable|enteric[\s-]coated|dispersible|effervescent|"
    r"disintegrating|delayed|buccal|intravenous|iv|im|sc|po|prn|hfa|diskus|respimat|turbuhaler|intramuscular|subcutaneous|metered|dose|dry powder|low[\s-]dose|baby|children'?s|infants?'?|generic|"
    r"extra[\s-]strength|maximum[\s-]strength|regular[\s-]strength|otc|odt|xr|xl|er|sr|la|cr|ir|mr|ec|dr|pr|24 ?hr|12 ?hr)\b"
    r"|\b(?:tablets?|tabs?|capsules?|caps?|caplets?|pills?|solution|suspension|syrup|elixir|drops?|cream|ointment|gel|lotion|patch(?:es)?|suppositor(?:y|ies)|inhalers?|nebuli[sz]er|nebs?|"
    r"injections?|shots?|infusions?|spray|powder|liquid|lozenges?|foam|enema|vials?|pens?|pen injector|prefilled syringe|implant|\d+ day pack|dose pack|pack|product|medication|oph?th|soln|susp|oint|neb|mdi|jelly|viscous|sl|flush|dwell|rinse|hydrocream|preserv free|w/minerals|nf|ds|ss|in water|in dextrose|premix|bag)\b",
    re.IGNORECASE,
)
_EN_SALT = regex(
    r"\b(?:hydrochloride|hcl|dihydrochloride|hydrobromide|sulfate|sulphate|bisulfate|phosphate|tartrate|bitartrate|fumarate|maleate|succinate|citrate|mesylate|besylate|besilate|tosylate|acetate|"
    r"lactate|nitrate|oxalate|gluconate|propionate|furoate|valerate|sodium|disodium|potassium|calcium|magnesium|zinc|trihydrate|monohydrate|anhydrous|hemihydrate|dihydrate|tromethamine|"
    r"medoxomil|cilexetil|axetil|proxetil|etexilate|xinafoate|pamoate|hyclate|bromide|polacrilex|na succ|sod succ|erbumine|arginine|micronized|hydrate|human|recombinant)\b",
    re.IGNORECASE,
)


#: What product names of code systems put before the drug: package, hours of release.
_LEAD = regex(r"^(?:NDA\d+\s+|\d+(?:\.\d+)?\s*(?:hr|ml|actuat|mg|mcg|%)\s+)+", re.IGNORECASE)
_JOINT = regex(
    r"\s*(?:/(?!\s*(?:ml|actuat|hr|dose|kg|\d))|\+|&|;|\band\b|\bwith\b|、|与|(?<=[a-z])-(?=[a-z]))\s*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """Why an allergy speaks against a drug.

    ``strength`` is ``high``, ``moderate`` or ``low`` (how likely a reaction is); ``zh`` and ``en`` say it in a
    sentence; ``reference`` is the paper or labelling that it rests on, empty for the very same ingredient or class.
    """

    kind: RelationKind
    strength: str
    zh: str
    en: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class _Cross:
    left: frozenset[str]
    right: frozenset[str]
    unrelated: bool
    relation: Relation


# -- names ---------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def drug(name: str) -> Term | None:
    """The drug, else the class of drugs, that ``name`` means; None where it is unknown.

    Trade names, salts, dose forms and strengths are seen through.

    >>> drug("苯磺酸氨氯地平片 5mg").id, drug("Norvasc 5 mg tablet").id, drug("头孢").id
    ('drug:amlodipine', 'drug:amlodipine', 'drug-class:cephalosporin')
    """
    exact = _as_written(name)
    if exact is not None:
        return exact
    parts = _parts(name)
    if len(parts) > 1:
        return _combination(parts)
    forms = list(dict.fromkeys(f for f in map(str.strip, _forms(name)) if f))
    return _known(forms, "drug") or _known(forms, "drug-class")


def _as_written(name: str) -> Term | None:
    """The drug or class of exactly this name: ``penicillins`` is the class, not the plural of the drug."""
    found = [t for kind in ("drug", "drug-class") if (t := lexicon().lookup(name, kind)) is not None]
    literal = [t for t in found if fold(name.strip()) in map(fold, t.names())]
    return next(iter(literal or found), None)


def _known(forms: Iterable[str], kind: str) -> Term | None:
    return next((t for form in forms if (t := lexicon().lookup(form, kind)) is not None), None)


def _parts(name: str) -> list[Term]:
    """The drugs that a name joins together; empty where it is not a list of drugs."""
    pieces = [p for p in _JOINT.split(_LEAD.sub("", unicodedata.normalize("NFKC", name))) if p.strip()]
    if not 1 < len(pieces) < 5:
        return []
    found = [_known(list(_forms(piece)), "drug") for piece in pieces]
    return [] if None in found else list(dict.fromkeys(t for t in found if t is not None))


def _combination(parts: list[Term]) -> Term | None:
    """The product that holds exactly these drugs: naming one of them alone would lose the other."""
    wanted = frozenset().union(*map(ingredients, parts))
    return _combinations().get(wanted)


@cache
def _combinations() -> Mapping[frozenset[str], Term]:
    rows = (t for t in lexicon().terms.values() if t.kind == "drug" and "," in t.attrs.get("ingredients", ""))
    found: dict[frozenset[str], Term] = {}
    for term in rows:
        found.setdefault(ingredients(term), term)
    return found


def _forms(name: str) -> Iterator[str]:
    """``name``, then with less and less around it: brackets, strength, dose form, salt."""
    text = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", name)).strip(" .,;:*★☆●、。_")
    yield text
    text = _LEAD.sub("", text)
    outside = re.sub(r"[(\[【][^()\[\]【】]*[)\]】]?", " ", text)
    outside = re.sub(r"\s+", " ", outside).strip()
    bare = _BARE_NUMBER.sub("", _DOSE.sub("", outside)).strip(" -,")
    for form in (outside, bare):
        yield form
        yield from _chinese(form) if not form.isascii() else _english(form)
    yield from re.findall(r"[(\[【]([^()\[\]【】]+)[)\]】]", text)


def _chinese(text: str) -> Iterator[str]:
    yield _ZH_FORM.sub("", text)  # 小儿健脾片: what reads like a prefix may begin the name
    plain = _ZH_FORM.sub("", _ZH_PREFIX.sub("", text))
    yield plain
    plain = _ZH_FORM.sub("", plain)
    yield plain
    saltless = _ZH_SALT.sub("", plain)
    yield saltless
    yield _ZH_ION.sub("", saltless)
    yield _ZH_ION.sub("", plain)


def _english(text: str) -> Iterator[str]:
    formless = re.sub(r"\s+", " ", _EN_FORM.sub(" ", text)).strip(" -,/")
    yield formless
    saltless = re.sub(r"\s+", " ", _EN_SALT.sub(" ", formless)).strip(" -,/")
    yield saltless


# -- what is in it -------------------------------------------------------------------------------------------


def ingredients(term: Term) -> frozenset[str]:
    """Ids of the active ingredients: the drug itself, or those of a combination (taken apart to the end)."""
    parts = [p for p in term.attrs.get("ingredients", "").split(",") if p]
    found: set[str] = set()
    for part in parts:
        inner = lexicon().terms.get(f"drug:{part}")
        found |= ingredients(inner) if inner is not None and inner is not term else {f"drug:{part}"}
    return frozenset(found or {term.id})


def classes(term: Term) -> frozenset[str]:
    """Class names (without ``drug-class:``) of a drug, of its ingredients and of the classes above them."""
    found: set[str] = set()
    if term.kind == "drug-class":
        found |= _with_parents(term.id.removeprefix("drug-class:"))
    for one in (term, *(lexicon().terms[i] for i in ingredients(term) if i in lexicon().terms)):
        for name in one.attrs.get("class", "").split(","):
            found |= _with_parents(name) if name else set()
    return frozenset(found)


@cache
def _with_parents(name: str) -> frozenset[str]:
    term = lexicon().terms.get(f"drug-class:{name}")
    parents = [p for p in term.attrs.get("parent", "").split(",") if p] if term else []
    return frozenset({name}).union(*map(_with_parents, parents))


def same_drug(a: Term | str, b: Term | str) -> bool:
    """Whether two names or terms mean the same active ingredients (brand and generic, salt and base).

    >>> same_drug("络活喜", "amlodipine besylate"), same_drug("Tylenol", "acetaminophen")
    (True, True)
    """
    first, second = (drug(x) if isinstance(x, str) else x for x in (a, b))
    if first is None or second is None:
        return False
    if "drug-class" in (first.kind, second.kind):
        return first.id == second.id
    return ingredients(first) == ingredients(second)


# -- allergies -----------------------------------------------------------------------------------------------


def related_allergy(drug_term: Term, allergen_term: Term) -> Relation | None:
    """Why an allergy to ``allergen_term`` (drug, class or other allergen) speaks against ``drug_term``.

    The same ingredient comes first, then the literature's table, then an allergologically meaningful class.
    None where nothing speaks against it, as between sulfonamide antibiotics and other sulfonamides.

    >>> related_allergy(drug("阿莫西林"), drug("青霉素")).kind
    'same-class'
    """
    if allergen_term.kind == "drug" and ingredients(drug_term) & ingredients(allergen_term):
        return Relation(kind="same-ingredient", strength="high", zh="成分相同", en="Same active ingredient")
    shared = _shared_class(drug_term, allergen_term)
    if allergen_term.kind == "drug-class" and shared:
        return _same_class(shared, "high" if _matters(shared) else "moderate")
    row = _cross(drug_term, allergen_term)
    if row is not None:
        return None if row.unrelated else row.relation
    return _same_class(shared, "moderate") if shared else None


def _same_class(name: str, strength: str) -> Relation:
    term = lexicon().terms.get(f"drug-class:{name}")
    zh, en = (term.zh, term.en) if term else (name, name)
    return Relation(kind="same-class", strength=strength, zh=f"同属{zh}", en=f"Both belong to: {en}")


def _shared_class(drug_term: Term, allergen_term: Term) -> str | None:
    """The narrowest class that both belong to and that matters for allergy."""
    mine = classes(drug_term)
    if allergen_term.kind == "drug-class":
        name = allergen_term.id.removeprefix("drug-class:")
        return name if name in mine else None
    shared = [c for c in mine & classes(allergen_term) if _matters(c)]
    return max(shared, key=lambda c: (len(_with_parents(c)), c), default=None)


@cache
def _matters(name: str) -> bool:
    term = lexicon().terms.get(f"drug-class:{name}")
    return term is not None and term.attrs.get("allergy") == "1"


def _cross(drug_term: Term, allergen_term: Term) -> _Cross | None:
    mine, other = _labels(drug_term), _labels(allergen_term)
    for row in _crosses():
        if (mine & row.left and other & row.right) or (mine & row.right and other & row.left):
            return row
    return None


def _labels(term: Term) -> frozenset[str]:
    """Every name under which the table may speak of ``term``."""
    if term.kind == "allergen":
        parent = term.attrs.get("parent")
        return frozenset({term.id, *([f"allergen:{parent}"] if parent else [])})
    return ingredients(term) | {term.id} | {f"class:{c}" for c in classes(term)}


@cache
def _crosses() -> tuple[_Cross, ...]:
    text = files("syngraph.terminology").joinpath("data/cross_reactivity.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line.strip() and not line.startswith(("#", "id\t"))]
    return tuple(
        _Cross(
            frozenset(left.split(",")), frozenset(right.split(",")), kind == "unrelated",
            Relation(kind="cross-reactive", strength=strength, zh=zh, en=en, reference=reference),
        )
        for _, left, right, kind, strength, zh, en, reference in rows
    )  # fmt: skip

"""How patients tell of allergies, tobacco and alcohol, form by form: said, denied, borne well, given up, another's, all but one."""

from __future__ import annotations

from pathlib import Path

import pytest

from syngraph.model import Fact
from tests.facts.talk import facts

_DATA = Path(__file__).parent / "data" / "background_forms.tsv"
#: Allergens by language: a drug, a drug class or a food; folded name and the id that the fact carries.
_ALLERGENS = {
    "zh": {"青霉素": "drug-class:penicillins", "头孢": "drug-class:cephalosporins", "阿莫西林": "drug:amoxicillin"},
    "en": {"penicillin": "drug-class:penicillins", "amoxicillin": "drug:amoxicillin", "eggs": "allergen:egg"},
}
_ROOTS = {"青霉素": "青霉素", "头孢": "头孢", "阿莫西林": "阿莫西林", "penicillin": "penicillin", "amoxicillin": "amoxicillin", "eggs": "egg"}


def _forms() -> list[tuple[str, str, str, str]]:
    rows = []
    for line in _DATA.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            group, language, told, talk = line.split("\t")
            names = _ALLERGENS[language] if "{x}" in talk else ("",)
            rows += [(group, told, talk.replace("{x}", x).replace("/", "\n"), x) for x in names]
    return rows


def _matches(fact: Fact, key: str, allergen: str) -> bool:
    if key == "x":
        return fact.kind == "allergy" and fact.concept.id != "allergy:any" and _ROOTS[allergen] in fact.concept.text.lower()
    return fact.concept.id == ("allergy:any" if key == "any" else f"social:{key}")


@pytest.mark.parametrize(("group", "told", "talk", "allergen"), _forms())
def test_form_is_read_as_told(group: str, told: str, talk: str, allergen: str) -> None:
    found = [f for f in facts(talk) if f.kind in ("allergy", "social-history")]
    for claim in told.split():
        key, _, status = claim.partition("=")
        got = [f.status for f in found if _matches(f, key.rstrip("!"), allergen)]
        if key.endswith("!"):
            assert status not in got, (group, found)
        elif status == "-":
            assert not got, (group, found)
        else:
            assert got and set(got) == {status}, (group, claim, [(f.concept.text, f.status) for f in found])
    if "x=present" not in told:
        assert not [f for f in found if f.kind == "allergy" and f.status == "present"]

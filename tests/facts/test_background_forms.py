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
_ROOTS = {
    "青霉素": "青霉素",
    "头孢": "头孢",
    "阿莫西林": "阿莫西林",
    "penicillin": "penicillin",
    "amoxicillin": "amoxicillin",
    "eggs": "egg",
}


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
        return (
            fact.kind == "allergy"
            and fact.concept.id != "allergy:any"
            and _ROOTS[allergen] in fact.concept.text.lower()
        )
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
            assert set(got) == {status}, (group, claim, [(f.concept.text, f.status) for f in found])
    if "x=present" not in told:
        assert not [f for f in found if f.kind == "allergy" and f.status == "present"]


def _ids(talk: str, kind: str) -> set[tuple[str, str, str]]:
    return {((f.concept.id or "").partition(":")[2], f.status, f.subject) for f in facts(talk) if f.kind == kind}


@pytest.mark.parametrize(
    ("talk", "own", "kin"),
    [
        ("我没有糖尿病，我妈有。", ("diabetes", "absent", "patient"), ("diabetes", "present", "mother")),
        ("我有高血压，我爸也有。", ("hypertension", "present", "patient"), ("hypertension", "present", "father")),
        ("I'm not diabetic but my mum is.", ("diabetes", "absent", "patient"), ("diabetes", "present", "mother")),
        ("I don't have asthma, my son does.", ("asthma", "absent", "patient"), ("asthma", "present", "son")),
        ("Um, breast cancer, my grandma had it.", None, ("breast-cancer", "present", "grandmother")),
        ("My nan on my mam's side had breast cancer.", None, ("breast-cancer", "present", "grandmother")),
    ],
)
def test_own_illness_and_that_of_kin_stay_apart(
    talk: str, own: tuple[str, str, str] | None, kin: tuple[str, str, str]
) -> None:
    assert _ids(talk, "condition") == ({own} if own else set())
    assert _ids(talk, "family-history") == {kin}


@pytest.mark.parametrize(
    "talk",
    [
        "C: 要打石膏不？",
        "C: 是不是糖尿病啊？",
        "C: Could it be asthma?",
        "D: 末次月经什么时候？\nP: 2018年子宫切了，没有月经了。",
    ],
)
def test_what_is_only_asked_or_over_is_no_fact(talk: str) -> None:
    kinds = {"condition", "procedure", "reproductive-history"}
    assert not [f for f in facts(talk) if f.kind in kinds and f.concept.id != "procedure:hysterectomy"]


@pytest.mark.parametrize(
    "talk",
    [
        "D: Any operations?\nP: Two sections, both for the twins.",
        "D: 做过手术吗？\nP: 两个娃都是剖的。",
        "I had a caesarean in 2017.",
    ],
)
def test_a_caesarean_in_her_own_words(talk: str) -> None:
    assert ("c-section", "present", "patient") in _ids(talk, "procedure")


def test_a_cold_of_now_is_the_present_illness() -> None:
    assert not _ids("我这两天感冒了，流鼻涕。", "condition")
    assert ("common-cold", "present", "patient") in _ids("I've had a cold since Monday.", "symptom")


@pytest.mark.parametrize(
    ("talk", "status"),
    [
        ("D: Have you smoked in the past?\nP: No.", {"absent"}),
        ("D: You smoke marijuana or use marijuana products?\nP: No.", set()),
        ("D: Ever smoked?\nP: Twenty a day till 2009.", {"historical"}),
    ],
)
def test_smoking_by_what_was_asked(talk: str, status: set[str]) -> None:
    assert {f.status for f in facts(talk) if f.concept.id == "social:smoking"} == status


@pytest.mark.parametrize("still", ["仍未戒烟", "至今没戒烟", "还没戒掉", "不肯戒烟"])
def test_one_who_has_not_given_up_smokes(still: str) -> None:
    told = facts(f"D: 抽烟吗？\nP: 每天15支，{still}。")
    assert [f.status for f in told if f.kind == "social-history"] == ["present"]


@pytest.mark.parametrize("answer", ["No.", "No, I've had penicillin, that's fine."])
def test_a_question_after_one_allergen_denies_no_other(answer: str) -> None:
    denied = [f.concept.id for f in facts(f"D: Penicillin allergy?\nP: {answer}") if f.kind == "allergy"]
    assert len(denied) == 1
    assert denied != ["allergy:any"]


def test_of_two_habits_asked_at_once_each_has_its_own_answer() -> None:
    told = facts("D: Do you smoke or drink?\nP: Smoking no, drinking a bit at weekends.")
    assert [f.status for f in told if f.concept.text == "smoking"] == ["absent"]

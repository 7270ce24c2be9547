"""Drug names, what is in them, and the tables on allergy and caution."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from syngraph.terminology.drugs import classes, drug, ingredients, related_allergy, same_drug
from syngraph.terminology.lexicon import Term, lexicon

TERMS = lexicon().terms
DRUGS = [t for t in TERMS.values() if t.kind == "drug"]
CLASSES = {t.id.removeprefix("drug-class:") for t in TERMS.values() if t.kind == "drug-class"}
SINGLE = [t for t in DRUGS if "ingredients" not in t.attrs and t.en.isalpha()]


def rows(name: str) -> list[list[str]]:
    text = files("syngraph.terminology").joinpath(f"data/{name}").read_text(encoding="utf-8")
    return [r.split("\t") for r in text.splitlines() if r.strip() and not r.startswith(("#", "id\t"))]


def reference_is_known(label: str) -> bool:
    kind, _, name = label.partition(":")
    if kind == "class":
        return name in CLASSES
    return label in TERMS


def term(name: str) -> Term:
    found = drug(name) or lexicon().lookup(name, "allergen")
    assert found is not None, name
    return found


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("氨氯地平", "amlodipine"), ("苯磺酸氨氯地平片", "amlodipine"), ("苯磺酸氨氯地平片 5mg", "amlodipine"), ("络活喜", "amlodipine"), ("Norvasc", "amlodipine"), ("amlodipine besylate 5 mg tablet", "amlodipine"),
        ("二甲双胍片", "metformin"), ("格华止", "metformin"), ("met formin", "metformin"), ("盐酸二甲双胍缓释片(格华止) 0.5g", "metformin"), ("24 HR Metformin hydrochloride 500 MG Extended Release Oral Tablet", "metformin"),
        ("acetaminophen", "paracetamol"), ("Tylenol", "paracetamol"), ("扑热息痛", "paracetamol"), ("albuterol", "salbutamol"), ("Ventolin HFA inhaler", "salbutamol"), ("200 ACTUAT Albuterol 0.09 MG/ACTUAT Metered Dose Inhaler", "salbutamol"),
        ("ASA", "aspirin"), ("baby aspirin", "aspirin"), ("阿司匹林肠溶片", "aspirin"), ("HCTZ", "hydrochlorothiazide"), ("阿托伐他汀钙片", "atorvastatin"), ("阿托伐", "atorvastatin"), ("注射用头孢曲松钠", "ceftriaxone"),
        ("琥珀酸美托洛尔缓释片47.5mg", "metoprolol"), ("硫酸氢氯吡格雷片", "clopidogrel"), ("0.9%氯化钠", "sodium-chloride"), ("Lidocaine 5% Patch", "lidocaine"), ("连花清瘟胶囊", "lianhua-qingwen"), ("云南白药", "yunnan-baiyao"),
        ("TMP-SMX", "co-trimoxazole"), ("复方新诺明", "co-trimoxazole"), ("Bactrim DS", "co-trimoxazole"), ("Augmentin 875 mg", "amoxicillin-clavulanate"), ("amoxicillin/clavulanate 875", "amoxicillin-clavulanate"),
        ("Acetaminophen 325 MG / Oxycodone Hydrochloride 5 MG Oral Tablet", "paracetamol-oxycodone"), ("losartan-HCTZ", "losartan-hydrochlorothiazide"), ("valsartan and amlodipine", "amlodipine-valsartan"), ("氨氯地平、缬沙坦", "amlodipine-valsartan"),
    ],
)  # fmt: skip
def test_names(name: str, expected: str) -> None:
    found = drug(name)
    assert found is not None
    assert found.id == f"drug:{expected}"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("头孢", "cephalosporin"), ("sulfa", "sulfonamide-antibiotic"), ("blood thinner", "antithrombotic"), ("water pill", "diuretic"), ("降压药", "antihypertensive"),
     ("激素", "corticosteroid"), ("安眠药", "sedative-hypnotic"), ("the pill", "oral-contraceptive"), ("painkillers", "analgesic"), ("消炎药", "antibiotic"), ("statins", "statin"), ("沙坦", "arb")],
)  # fmt: skip
def test_classes_as_people_call_them(name: str, expected: str) -> None:
    found = drug(name)
    assert found is not None
    assert found.id == f"drug-class:{expected}"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "片",
        "tablets",
        "no idea",
        "白色的药片",
        "5 mg",
        "atorvastatin/moonlight",
        "aspirin/warfarin",
        "fish and chips",
    ],
)
def test_what_is_no_known_drug(name: str) -> None:
    found = drug(name)
    assert found is None or (name.startswith("atorvastatin") and found.id == "drug:atorvastatin")


def test_there_are_enough_of_them_in_every_department() -> None:
    assert len(DRUGS) >= 600
    assert len([t for t in DRUGS if t.attrs.get("class") == "tcm"]) >= 100
    for name in (
        "penicillin",
        "statin",
        "ssri",
        "insulin",
        "anticoagulant",
        "antineoplastic",
        "eye-drop",
        "oral-contraceptive",
        "antiepileptic",
        "local-anaesthetic",
    ):
        assert len([t for t in DRUGS if name in classes(t)]) >= 5, name


@pytest.mark.parametrize("drug_term", DRUGS, ids=lambda t: t.id)
def test_a_row_is_sound(drug_term: Term) -> None:
    assert drug(drug_term.zh) is not None
    assert all(i in TERMS for i in ingredients(drug_term))
    assert re.fullmatch(r"drug:[a-z0-9]+(-[a-z0-9]+)*", drug_term.id)
    limit = drug_term.attrs.get("max_mg_day")
    assert limit is None or float(limit) > 0


def test_no_name_means_two_drugs() -> None:
    seen: dict[str, str] = {}
    for t in DRUGS:
        for name in t.names():
            assert seen.setdefault(name.lower(), t.id) == t.id or name.istitle(), name


def test_parents_are_known_classes() -> None:
    for t in TERMS.values():
        if t.kind == "drug-class":
            assert all(p in CLASSES for p in t.attrs.get("parent", "").split(",") if p), t.id


def test_ingredients_and_classes() -> None:
    assert ingredients(term("Percocet")) == {"drug:paracetamol", "drug:oxycodone"}
    assert ingredients(term("感冒灵")) >= {"drug:paracetamol", "drug:chlorphenamine"}
    assert ingredients(term("恩他卡朋双多巴")) >= {"drug:entacapone"}
    assert {"penicillin", "beta-lactam", "antibiotic"} <= classes(term("amoxicillin"))
    assert {"statin", "ccb", "antihypertensive"} <= classes(term("Caduet"))
    assert classes(term("头孢")) == {"cephalosporin", "beta-lactam", "antibiotic"}


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [("络活喜", "amlodipine besylate", True), ("Tylenol", "扑热息痛", True), ("Bactrim", "复方磺胺甲噁唑片", True), ("trimethoprim", "Bactrim", False), ("metformin", "glipizide", False),
     ("头孢", "cephalosporins", True), ("头孢", "头孢克肟", False), ("no such drug", "no such drug", False), ("消渴丸", "优降糖", True)],
)  # fmt: skip
def test_same_drug(a: str, b: str, same: bool) -> None:
    assert same_drug(a, b) is same
    assert same_drug(b, a) is same


@given(st.sampled_from(DRUGS), st.sampled_from(["片", "胶囊", "缓释片", "注射液", "颗粒", "片 5mg", "(国产)"]))
def test_a_dose_form_changes_nothing(drug_term: Term, form: str) -> None:
    assume(
        not drug_term.zh.endswith(
            ("片", "丸", "颗粒", "胶囊", "散", "膏", "液", "丹", "剂", "水", "油", "酊", "贴", "素片")
        )
    )
    found = drug(drug_term.zh + form)
    assert found is not None
    assert found == drug_term or found.zh.startswith(drug_term.zh[:2])


@given(
    st.sampled_from(SINGLE),
    st.sampled_from([" 10 mg", " tablets", " 5 MG Oral Tablet", " XR", " hydrochloride", " sodium 250 mg capsule"]),
)
def test_a_strength_or_salt_changes_nothing(drug_term: Term, tail: str) -> None:
    found = drug(drug_term.en + tail)
    assert found is not None
    assert same_drug(found, drug_term) or drug_term.en.lower() in " ".join(found.names()).lower()


@given(st.text(max_size=40))
def test_no_name_is_too_odd(name: str) -> None:
    found = drug(name)
    assert found is None or found.kind in ("drug", "drug-class")


@pytest.mark.parametrize(
    ("planned", "allergy", "kind", "strength"),
    [
        ("阿莫西林", "青霉素", "same-class", "moderate"), ("amoxicillin", "penicillins", "same-class", "high"), ("Augmentin", "amoxicillin", "same-ingredient", "high"), ("感冒灵", "扑热息痛", "same-ingredient", "high"),
        ("trimethoprim", "Bactrim", "same-ingredient", "high"), ("Bactrim", "sulfa", "same-class", "high"), ("头孢氨苄", "阿莫西林", "cross-reactive", "moderate"), ("头孢克肟", "青霉素", "cross-reactive", "low"),
        ("美罗培南", "青霉素", "cross-reactive", "low"), ("ibuprofen", "aspirin", "cross-reactive", "high"), ("布洛芬", "NSAIDs", "same-class", "high"), ("塞来昔布", "布洛芬", "cross-reactive", "low"),
        ("celecoxib", "sulfa", "cross-reactive", "low"), ("奥卡西平", "卡马西平", "cross-reactive", "high"), ("碘海醇", "碘", "cross-reactive", "low"), ("碘海醇", "碘帕醇", "cross-reactive", "moderate"),
        ("tetracaine", "procaine", "cross-reactive", "high"), ("amoxicillin", "antibiotics", "same-class", "moderate"), ("左氧氟沙星", "莫西沙星", "cross-reactive", "moderate"), ("enoxaparin", "heparin", "cross-reactive", "high"),
        ("Entresto", "lisinopril", "cross-reactive", "high"), ("aztreonam", "ceftazidime", "cross-reactive", "moderate"), ("glucosamine", "虾", "cross-reactive", "low"),
    ],
)  # fmt: skip
def test_allergies_that_speak_against_a_drug(planned: str, allergy: str, kind: str, strength: str) -> None:
    found = related_allergy(term(planned), term(allergy))
    assert found is not None
    assert (found.kind, found.strength) == (kind, strength)
    assert found.zh
    assert found.en
    assert found.reference or found.kind != "cross-reactive"


@pytest.mark.parametrize(
    ("planned", "allergy"),
    [("氢氯噻嗪", "磺胺"), ("furosemide", "sulfa"), ("nitrofurantoin", "Bactrim"), ("azithromycin", "penicillin"), ("aztreonam", "penicillin"), ("lidocaine", "procaine"), ("碘海醇", "海鲜"),
     ("氨氯地平", "硝苯地平"), ("银杏叶片", "连花清瘟"), ("丙泊酚", "鸡蛋"), ("metformin", "peanuts"), ("地塞米松", "泼尼松")],
)  # fmt: skip
def test_allergies_that_do_not(planned: str, allergy: str) -> None:
    assert related_allergy(term(planned), term(allergy)) is None


@given(st.sampled_from(DRUGS))
def test_every_drug_is_related_to_itself(drug_term: Term) -> None:
    found = related_allergy(drug_term, drug_term)
    assert found is not None
    assert found.kind == "same-ingredient"


@given(st.sampled_from(DRUGS), st.sampled_from(DRUGS))
def test_relation_has_no_direction(a: Term, b: Term) -> None:
    one, other = related_allergy(a, b), related_allergy(b, a)
    assert (one is None) == (other is None)
    assert one is None or other is None or (one.kind, one.strength) == (other.kind, other.strength)


def test_cross_reactivity_table() -> None:
    table = rows("cross_reactivity.tsv")
    assert len({r[0] for r in table}) == len(table) >= 40
    for name, left, right, kind, strength, zh, en, reference in table:
        assert all(reference_is_known(x) for x in (*left.split(","), *right.split(","))), name
        assert kind in ("cross-reactive", "unrelated")
        assert strength in (("high", "moderate", "low") if kind == "cross-reactive" else ("",))
        assert zh
        assert en
        assert reference


AGAINST = re.compile(
    r"pregnancy|planning|lactation|age(<|>=)\d+( months?)?|lab:[a-z0-9-]+[<>][\d.]+ \S+|tag:[a-z0-9-]+"
)


def test_cautions_table() -> None:
    table = rows("cautions.tsv")
    assert len({r[0] for r in table}) == len(table) >= 70
    tags = {s for t in TERMS.values() for s in re.split(r"[,|]", t.attrs.get("safety", ""))} | {
        "alcohol-use",
        "smoker-over-35",
    }
    for name, label, against, severity, zh, en, reference in table:
        assert all(reference_is_known(one) for one in label.split("!")), name
        assert severity in ("blocking", "warning")
        assert zh
        assert en
        assert reference
        for one in against.split(","):
            assert AGAINST.fullmatch(one) or reference_is_known(one), (name, one)
            if one.startswith("lab:"):
                assert re.split("[<>]", one)[0] in TERMS, (name, one)
            if one.startswith("tag:"):
                assert one.removeprefix("tag:") in tags, (name, one)


@pytest.mark.parametrize("kind", ["drug", "drug-class", "allergen", "substance", "lab", "vital"])
def test_every_kind_is_there_in_both_languages(kind: str) -> None:
    terms = [t for t in TERMS.values() if t.kind == kind]
    assert len(terms) >= 30
    assert all(re.search("[A-Za-z]", t.en) and not re.search("[一-鿿]", t.en) for t in terms)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("我对花生和虾过敏", {"allergen:peanut", "allergen:shrimp"}), ("allergic to shellfish and latex", {"allergen:shellfish", "allergen:latex"}),
        ("每天抽一包烟，喝半斤白酒", {"substance:cigarettes", "substance:spirits"}), ("smoking weed and vaping", {"substance:cannabis", "substance:vaping"}),
        ("病情稳定，可定期复查", set()), ("吃可定", {"drug:rosuvastatin"}), ("血压一百五", {"vital:blood-pressure"}), ("his sats are fine", {"vital:spo2"}),
    ],
)  # fmt: skip
def test_words_in_running_text(text: str, ids: set[str]) -> None:
    kinds = ("drug", "drug-class", "allergen", "substance", "vital")
    assert {m.term.id for m in lexicon().longest(text, *kinds)} == ids

"""The bilingual clinical word lists: whole, consistent and findable."""

from __future__ import annotations

import re
from collections import defaultdict
from importlib.resources import files

import pytest

from syngraph.terminology.fold import fold
from syngraph.terminology.lexicon import Term, lexicon

ICD = "http://hl7.org/fhir/sid/icd-10-cm"
KINDS = {
    "symptom": 350, "condition": 500, "body-site": 120, "sensation": 40, "qualifier": 100, "procedure": 100,
    "test": 100, "exam-finding": 120, "immunization": 20, "relative": 20, "normal": 10, "general-state": 10,
}  # fmt: skip
SYSTEMS = {
    "general", "respiratory", "cardiovascular", "gastrointestinal", "genitourinary", "neurological",
    "musculoskeletal", "skin", "ent", "eye", "psychiatric", "endocrine", "gynecological", "breast", "hematological",
    "pediatric",
}  # fmt: skip
OTHER_SYSTEMS = SYSTEMS | {
    "infectious", "oncological", "obstetric", "immunological", "dental", "injury", "toxicological", "congenital",
}  # fmt: skip
#: What an attribute names: the kind of the row that must exist.
REFERENCES = {
    ("symptom", "site"): "body-site", ("symptom", "sensation"): "sensation", ("symptom", "parent"): "symptom",
    ("condition", "parent"): "condition", ("sensation", "symptom"): "symptom", ("sensation", "parent"): "sensation",
    ("normal", "negates"): "symptom", ("general-state", "abnormal"): "symptom", ("general-state", "normal"): "normal",
}  # fmt: skip
VALUES = {
    "of": {"severity", "character", "course", "timing", "color", "amount", "trigger"},
    "group": {"lab", "imaging", "endoscopy", "function", "pathology"},
    "sex": {"female", "male"},
    "blood": {"0", "1"},
    "paired": {"1"},
    "general": {"1"},
    "chronic": {"1"},
}


def _ambiguous() -> frozenset[str]:
    """Names that are only looked up, never searched for in running text."""
    text = files("syngraph.terminology").joinpath("data/ambiguous.tsv").read_text(encoding="utf-8")
    return frozenset(fold(line.strip()) for line in text.splitlines() if line.strip() and not line.startswith("#"))


def rows(kind: str) -> list[Term]:
    return [t for t in lexicon().terms.values() if t.kind == kind]


def bare(term: Term) -> str:
    return term.id.split(":", 1)[1]


@pytest.mark.parametrize(("kind", "least"), KINDS.items())
def test_each_list_is_there_and_broad(kind: str, least: int) -> None:
    assert len(rows(kind)) >= least


@pytest.mark.parametrize("kind", KINDS)
def test_ids_are_plain_words(kind: str) -> None:
    assert [t.id for t in rows(kind) if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", bare(t))] == []


@pytest.mark.parametrize("kind", KINDS)
def test_no_name_stands_for_two_things_of_one_kind(kind: str) -> None:
    owners: defaultdict[str, set[str]] = defaultdict(set)
    for t in rows(kind):
        for name in t.names():
            owners[fold(name)].add(bare(t))
    assert {name: sorted(ids) for name, ids in owners.items() if len(ids) > 1} == {}


@pytest.mark.parametrize("kind", KINDS)
def test_preferred_names_are_found(kind: str) -> None:
    for t in rows(kind):
        assert lexicon().lookup(t.zh, kind) is t
        assert lexicon().lookup(t.en, kind) is t


@pytest.mark.parametrize("kind", KINDS)
def test_every_name_is_found_in_running_text(kind: str) -> None:
    ambiguous = _ambiguous()
    for t in rows(kind):
        for name in (n for n in t.names() if fold(n) not in ambiguous):
            assert any(m.term is t for m in lexicon().matches(f"，{name}。", kind)), name


@pytest.mark.parametrize("kind", KINDS)
def test_preferred_names_are_in_their_language_and_clean(kind: str) -> None:
    for t in rows(kind):
        assert re.search(r"[\u4e00-\u9fff]", t.zh) or t.zh in {"PET-CT"}, t.id
        assert t.en.isascii(), t.id
        for name in t.names():
            assert name == " ".join(name.split()), name
            assert not re.search(r"[|;\t]", name), name


@pytest.mark.parametrize(("kind", "key"), REFERENCES)
def test_what_an_attribute_names_exists(kind: str, key: str) -> None:
    target = REFERENCES[kind, key]
    named = [(t.id, t.attrs[key]) for t in rows(kind) if key in t.attrs]
    assert named
    assert [n for n in named if f"{target}:{n[1]}" not in lexicon().terms] == []


@pytest.mark.parametrize("kind", KINDS)
def test_attributes_hold_known_values(kind: str) -> None:
    for t in rows(kind):
        for key, values in VALUES.items():
            assert t.attrs.get(key) in {None, *values}, (t.id, key)
        if "system" in t.attrs:
            assert t.attrs["system"] in (
                SYSTEMS | {"obstetric", "dental", "injury", "toxicological"} if kind == "symptom" else OTHER_SYSTEMS
            ), t.id


def test_symptoms_and_conditions_name_their_system() -> None:
    assert [t.id for k in ("symptom", "condition") for t in rows(k) if "system" not in t.attrs] == []


def test_required_attributes_are_there() -> None:
    assert [t.id for t in rows("qualifier") if not ("of" in t.attrs and "value" in t.attrs)] == []
    assert [t.id for t in rows("test") if "group" not in t.attrs] == []
    assert [t.id for t in rows("relative") if not ("relation" in t.attrs and "blood" in t.attrs)] == []
    assert [t.id for t in rows("normal") if "negates" not in t.attrs] == []


@pytest.mark.parametrize("kind", ["symptom", "condition"])
def test_parents_lead_up_and_end(kind: str) -> None:
    for t in rows(kind):
        seen = {bare(t)}
        parent = t.attrs.get("parent")
        while parent:
            assert parent not in seen, t.id
            seen.add(parent)
            parent = lexicon().get(f"{kind}:{parent}").attrs.get("parent")


@pytest.mark.parametrize("kind", ["symptom", "condition"])
def test_codes_are_well_formed(kind: str) -> None:
    coded = [t for t in rows(kind) if t.code]
    assert len(coded) > len(rows(kind)) // 2
    for t in coded:
        assert re.fullmatch(r"[A-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?", t.code or ""), t.id
        assert t.system == ICD


@pytest.mark.parametrize(
    ("code", "id_"),
    [
        ("R05", "symptom:cough"), ("R50.9", "symptom:fever"), ("R07.9", "symptom:chest-pain"), ("R55", "symptom:syncope"),
        ("R42", "symptom:dizziness"), ("I10", "condition:hypertension"), ("E11.9", "condition:type-2-diabetes"),
        ("I63.9", "condition:cerebral-infarction"), ("J45.909", "condition:asthma"), ("N20.0", "condition:kidney-stone"),
    ],
)  # fmt: skip
def test_a_code_leads_to_its_own_meaning(code: str, id_: str) -> None:
    kind = id_.split(":")[0]
    found = lexicon().by_code(code, kind)
    assert found is not None
    assert found.id == id_


SPOKEN = [
    ("昨天开始拉肚子", "symptom:diarrhea"), ("娃娃窜稀了", "symptom:diarrhea"), ("闹肚子", "symptom:diarrhea"),
    ("屙血", "symptom:hematochezia"), ("打摆子", "symptom:chills"), ("心里慌得很", "symptom:palpitations"),
    ("心扑通扑通的", "symptom:palpitations"), ("喘不上气", "symptom:dyspnea"), ("气不够用", "symptom:dyspnea"),
    ("脑壳痛", "symptom:headache"), ("头疼", "symptom:headache"), ("嗓子眼疼", "symptom:sore-throat"),
    ("浑身冇力气", "symptom:fatigue"), ("睡不着觉", "symptom:insomnia"), ("老想吐", "symptom:nausea"),
    ("不想活了", "symptom:suicidal-ideation"), ("白带多", "symptom:vaginal-discharge"), ("来例假肚子疼", "symptom:dysmenorrhea"),
    ("夜里憋醒", "symptom:paroxysmal-nocturnal-dyspnea"), ("腿肿了", "symptom:leg-swelling"), ("吐奶", "symptom:spitting-up"),
    ("眼前有黑影飘", "symptom:floaters"), ("嘴歪了", "symptom:facial-droop"), ("尿尿疼", "symptom:dysuria"),
    ("血压高", "condition:hypertension"), ("有房颤", "condition:atrial-fibrillation"), ("慢阻肺", "condition:copd"),
    ("乙肝小三阳", "condition:hepatitis-b"), ("腰突", "condition:lumbar-disc"), ("高血脂", "condition:hyperlipidemia"),
    ("甲亢", "condition:hyperthyroidism"), ("割过阑尾", "procedure:appendectomy"), ("剖腹产", "procedure:c-section"),
    ("放了两个支架，做支架", "procedure:coronary-stent"), ("拉个心电图", "test:ecg"), ("做个胃镜", "test:gastroscopy"),
    ("嗓子红", "exam-finding:throat-red"), ("肺里清的", "exam-finding:lungs-clear"), ("心律是齐的", "exam-finding:regular-rhythm"),
    ("我老汉儿有糖尿病", "relative:father"), ("我姥姥", "relative:maternal-grandmother"), ("流感疫苗", "immunization:influenza-vaccine"),
    ("胃口还行", "normal:normal-appetite"), ("大小便正常", "normal:normal-excretion"), ("饭后", "qualifier:after-meals"),
    ("I can't catch my breath", "symptom:dyspnea"), ("short of breath", "symptom:dyspnea"), ("SOB", "symptom:dyspnea"),
    ("he threw up twice", "symptom:vomiting"), ("she's been throwing up", "symptom:vomiting"), ("being sick", "symptom:vomiting"),
    ("pins and needles", "symptom:paresthesia"), ("the trots", "symptom:diarrhea"), ("diarrhoea", "symptom:diarrhea"),
    ("feeling lightheaded", "symptom:dizziness"), ("I passed out", "symptom:syncope"), ("blacked out", "symptom:syncope"),
    ("burning when I pee", "symptom:dysuria"), ("peeing a lot", "symptom:polyuria"), ("my chest feels tight, chest tightness", "symptom:chest-tightness"),
    ("coughing up blood", "symptom:hemoptysis"), ("itchy eyes", "symptom:eye-itch"), ("my tummy hurts", "symptom:abdominal-pain"),
    ("HTN", "condition:hypertension"), ("T2DM", "condition:type-2-diabetes"), ("had a heart attack", "condition:myocardial-infarction"),
    ("AFib", "condition:atrial-fibrillation"), ("kidney stones", "condition:kidney-stone"), ("piles", "condition:hemorrhoids"),
    ("had my appendix out", "procedure:appendectomy"), ("C-section", "procedure:c-section"), ("tonsils out", "procedure:tonsillectomy"),
    ("a CT", "test:ct"), ("EKG", "test:ecg"), ("lungs are clear", "exam-finding:lungs-clear"), ("Murphy's sign", "exam-finding:murphy"),
    ("my mum", "relative:mother"), ("eating fine", "normal:normal-appetite"), ("comes and goes", "qualifier:intermittent"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "id_"), SPOKEN)
def test_spoken_lay_and_dialect_words_are_known(text: str, id_: str) -> None:
    assert id_ in [m.term.id for m in lexicon().longest(text)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Ms. Smith and Mr. Jones saw Dr. Lee", "condition"), ("Ms. Smith and Mr. Jones saw Dr. Lee", "test"),
        ("i.e. the rest, aka nothing", "condition"), ("97% on RA", "condition"), ("as fit as a fiddle", "symptom"),
        ("两口子都来了", "symptom"), ("真麻烦您了", "symptom"), ("抽了一根烟", "symptom"), ("妇儿医院挂号", "sensation"),
        ("Hi, add this to the top", "condition"),
    ],
)  # fmt: skip
def test_everyday_words_are_no_terms(text: str, kind: str) -> None:
    assert [m.term.id for m in lexicon().longest(text, kind)] == []


def test_a_site_and_a_sensation_said_apart_lead_to_one_symptom() -> None:
    """Each (site, sensation) pair names at most one symptom, so that composing is a look-up."""
    pairs: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for t in rows("symptom"):
        if "site" in t.attrs and "sensation" in t.attrs:
            pairs[t.attrs["site"], t.attrs["sensation"]].append(bare(t))
    assert {pair: ids for pair, ids in pairs.items() if len(ids) > 1} == {}
    assert pairs["chest", "pain"] == ["chest-pain"]
    assert pairs["heart", "racing"] == ["palpitations"]

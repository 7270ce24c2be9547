"""Whole domains of the review of systems and the physical examination: what is asked, said and found has a name."""

from __future__ import annotations

import pytest

from syngraph.facts.mentions import names_in
from syngraph.terminology.fold import fold
from syngraph.terminology.lexicon import lexicon


def named(text: str) -> set[str]:
    folded = fold(text)
    return {m.term.id for m in names_in(folded, 0, len(folded))}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("吃东西哽不哽", "dysphagia"), ("喝水老呛", "choking-liquids"), ("耳朵里闷闷的", "ear-fullness"),
        ("她一直揪耳朵", "ear-pulling"), ("嘴巴疼", "mouth-pain"), ("口痛，不肯吃", "mouth-pain"),
        ("站起来头晕", "postural-dizziness"), ("拉的像蛋花汤一样", "egg-drop-stool"), ("羊屎蛋一样", "hard-stool"),
        ("擦屁股有血", "blood-on-paper"), ("憋着不拉", "stool-withholding"), ("小便也黄黄的", "dark-urine"),
        ("尿线细", "weak-stream"), ("尿完还滴", "post-void-dribble"), ("咳嗽漏尿", "stress-leak"),
        ("踩棉花", "sensory-ataxia"), ("字越写越小", "fine-motor-difficulty"), ("说话说不利索", "word-finding"),
        ("手指遇冷变白", "finger-color-change"), ("走几步就得歇", "exercise-intolerance"),
        ("the stream is weak", "weak-stream"), ("dribbling at the end", "post-void-dribble"),
        ("he is soiling his pants", "soiling"), ("any wetting?", "day-wetting"), ("she holds it in", "stool-withholding"),
        ("pulling at her ear", "ear-pulling"), ("food gets stuck", "dysphagia"), ("blood when I wipe", "blood-on-paper"),
        ("any leaking of fluid?", "amniotic-leak"), ("reduced fetal movements", "fetal-movement-decreased"),
        ("the light hurts my eyes", "photophobia"), ("dizzy when I stand up", "postural-dizziness"),
        ("I keep dropping things", "dropping-things"), ("couldn't put weight on it", "weight-bearing-difficulty"),
        ("he repeats himself", "repeats-questions"), ("my nipples are cracked", "cracked-nipple"),
    ],
)  # fmt: skip
def test_what_patients_say_in_a_review_of_systems_is_a_symptom(text: str, name: str) -> None:
    assert f"symptom:{name}" in named(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("McMurray's positive", "mcmurray"), ("Lachman试验阳性", "lachman"), ("monofilament is reduced", "monofilament-abnormal"),
        ("尼龙丝试验正常", "monofilament-normal"), ("no pronator drift", "pronator-drift-neg"), ("踝阵挛阴性", "clonus-neg"),
        ("角膜透明", "cornea-clear"), ("RAPD阴性", "rapd-neg"), ("视野粗测正常", "visual-field-normal"),
        ("Dix-Hallpike positive", "dix-hallpike"), ("气导大于骨导", "rinne-normal"), ("耳屏压痛", "tragal-tender"),
        ("head is down", "presentation-cephalic"), ("宫口未开", "cervix-closed"), ("no cervical excitation", "cmt-neg"),
        ("膝腱反射亢进", "hyperreflexia"), ("ankle jerks absent", "hyporeflexia"),
    ],
)  # fmt: skip
def test_what_doctors_find_is_an_examination_finding(text: str, name: str) -> None:
    assert f"exam-finding:{name}" in named(text)


@pytest.mark.parametrize(
    "text",
    [
        "put weight on it when you can", "hold this for me", "twice a month", "water is leaking from the tap", "胸口疼",
        "伤口疼", "奶奶胀气", "我有个预感", "上面红叶", "take small steps", "pacing yourself helps",
    ],
)  # fmt: skip
def test_everyday_words_name_none_of_the_new_symptoms(text: str) -> None:
    new = {"weight-bearing-difficulty", "stool-withholding", "short-cycle", "amniotic-leak", "mouth-pain",
           "breast-engorgement", "deja-vu", "facial-flushing", "bradykinesia", "agitation"}  # fmt: skip
    assert {i for i in named(text) if i.partition(":")[2] in new} == set()


def test_opposite_reflexes_are_different_findings() -> None:
    """What merging holds together must be one finding: brisk and absent reflexes are two."""
    ids = {lexicon().lookup(n, "exam-finding") for n in ("hyperreflexia", "areflexia")}
    assert None not in ids
    assert len(ids) == 2


def test_what_a_site_and_a_sensation_make_is_what_both_say() -> None:
    """A sunken and a bulging fontanelle are opposites, and a sore foot is no burning one."""
    assert named("囟门凹陷") == {"symptom:fontanelle-sunken"}
    assert "symptom:fontanelle-sunken" not in named("囟门鼓起来")
    assert "symptom:burning-feet" not in named("脚烫伤了")

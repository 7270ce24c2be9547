"""What clinics diagnose, order, do and send to, by the words and short forms that they use."""

from __future__ import annotations

import pytest

from syngraph.terminology.lexicon import lexicon

KNOWN = [
    ("考虑轻度脱水", "condition:dehydration-mild"), ("玻璃体积血", "condition:vitreous-hemorrhage"),
    ("粒缺发热", "condition:febrile-neutropenia"), ("neutropenic sepsis", "condition:neutropenic-sepsis"),
    ("pelvic girdle pain", "condition:pelvic-girdle-pain"), ("慢粒", "condition:cml"), ("中浆", "condition:central-serous"),
    ("Ⅱ型糖尿病", "condition:type-2-diabetes"), ("亚甲炎", "condition:subacute-thyroiditis"), ("BPH", "condition:bph"),
    ("C. diff", "condition:cdiff"), ("CKD3b期", "condition:diabetic-kidney-ckd"), ("STEMI", "condition:stemi"),
    ("von Willebrand disease", "condition:von-willebrand"), ("glue ear", "condition:secretory-otitis"),
    ("肝郁脾虚", "condition:tcm-liver-spleen"), ("风热犯肺", "condition:tcm-lung-wind-heat"),
    ("R-CHOP", "procedure:rchop"), ("FOLFOX", "procedure:folfox"), ("新辅助化疗", "procedure:neoadjuvant"),
    ("hearing aids", "procedure:hearing-aid"), ("CPAP", "procedure:cpap"), ("弹力袜", "procedure:compression-stockings"),
    ("眼底荧光造影", "test:ffa"), ("Humphrey visual field", "test:visual-field"), ("CTPA", "test:ctpa"),
    ("肝脏弹性", "test:fibroscan"), ("sleep-deprived EEG", "test:video-eeg"), ("唐筛", "test:down-screen"),
    ("卵磷脂络合碘", "drug:lecithin-iodine"), ("硅酮凝胶", "drug:silicone-gel"), ("podiatrist", "service:podiatry"),
    ("戒烟门诊", "service:smoking-cessation"), ("dietitian", "service:dietitian"), ("病假条", "service:sick-note"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "id_"), KNOWN)
def test_the_words_of_a_clinic_are_known(words: str, id_: str) -> None:
    kind = id_.split(":")[0]
    assert id_ in [m.term.id for m in lexicon().longest(f"，{words}。", kind)]


EVERYDAY = [
    "给你换药试试", "我先看一下", "说话别着急", "prep for the holiday", "put a cap on it", "he's in remission hopefully",
    "I walked with a stick man", "tartan boo", "she went to the prom", "honk the horn", "your bones and joints",
]  # fmt: skip


@pytest.mark.parametrize("words", EVERYDAY)
def test_everyday_words_name_no_disease_or_order(words: str) -> None:
    assert lexicon().longest(words, "condition", "procedure", "test", "drug", "service") == []


def test_a_kind_of_a_disease_or_test_names_a_parent_that_exists() -> None:
    terms = lexicon().terms
    kinds = [t for t in terms.values() if t.attrs.get("isa")]
    assert len(kinds) > 300
    assert [t.id for t in kinds if f"{t.kind}:{t.attrs.get('parent')}" not in terms] == []


def test_services_say_what_they_are() -> None:
    rows = [t for t in lexicon().terms.values() if t.kind == "service"]
    assert len(rows) > 60
    assert {t.attrs.get("role") for t in rows} <= {
        "referral", "screening", "admission", "certificate", "advice", "device",
    }  # fmt: skip

"""From text to finding: planted disagreements are found, look-alikes are left alone, in both languages."""

from __future__ import annotations

import pytest
from contradiction_maker import form, result, talk, visit
from contradiction_plants import PLANTS, en, zh

from syngraph.model import Draft

_TOLD = {"contradiction", "implausible", "safety"}
LANGUAGES = ("zh", "en")


def found(draft: Draft, words) -> bool:
    return any(w in f.topic + f.message for f in draft.findings if f.kind in _TOLD for w in words)


def contradictions(draft: Draft) -> list[str]:
    return [f.message for f in draft.findings if f.kind in {"contradiction", "implausible"}]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nine_plants_in_ten_are_found(language):
    seen = [
        (plant.kind, pair, found(visit(language, pair, plant.patient), plant.found))
        for plant in PLANTS
        if plant.language == language
        for pair in plant.visits()
    ]
    missed = [(kind, pair) for kind, pair, ok in seen if not ok]
    assert len(seen) > 150
    assert len(missed) <= len(seen) // 10, missed


@pytest.mark.parametrize("language", LANGUAGES)
def test_look_alikes_are_left_alone(language):
    told = [
        (pair, said)
        for plant in PLANTS
        if plant.language == language
        for pair in plant.harmless
        if (said := contradictions(visit(language, pair, plant.patient)))
    ]
    assert told == []


HIGH, LOW = result("丙氨酸氨基转移酶", 186, "U/L", 9, 50), result("血红蛋白", 78, "g/L", 115, 150)


@pytest.mark.parametrize(
    ("said", "row", "told"),
    [
        (zh("肝功能怎么样？", "正常的。"), HIGH, True),
        (zh("肝功能怎么样？", "不太正常。"), HIGH, False),
        (zh("查过没有？", "肝功能不正常。"), HIGH, False),
        (zh("查过没有？", "去年肝功能正常。"), HIGH, False),
        (zh("还有什么要问？", "等肝功能正常了再打针行吗？"), HIGH, False),
        (zh("肝功能正不正常？", "我不知道。"), HIGH, False),
        (form("肝功能", "正常"), HIGH, True),
        (zh("化验过吗？", "抽血查了，都正常。"), LOW, True),
        (talk("医生：血常规查了吗？", "家属：查了，医生说没什么问题。"), LOW, True),
        (zh("查过没有？", "血常规正常。"), result("红细胞分布宽度变异系数", 14.9, "%", 11, 14.5), False),
        (zh("查过没有？", "血常规正常。"), result("血红蛋白", 113, "g/L", 115, 150), False),
    ],
)
def test_a_whole_examination_called_normal(said, row, told):
    assert bool(contradictions(visit("zh", [said, row]))) is told


def test_a_whole_examination_is_quoted_from_both_sides():
    draft = visit(
        "en", [en("Blood tests?", "Yes, my kidney function was normal."), result("eGFR", 37, "mL/min/1.73m2", 60, None)]
    )
    (finding,) = [f for f in draft.findings if f.rule == "said-of-panel"]
    assert "my kidney function was normal" in finding.message
    assert "37" in finding.message
    assert {e.source for e in finding.evidence} == {"s1", "s2"}


def test_the_side_stands_in_the_quote_or_behind_it():
    draft = visit("zh", [form("哪里不舒服", "左膝疼痛"), zh("哪个膝盖？", "右膝盖疼。")])
    (finding,) = [f for f in draft.findings if f.kind == "contradiction"]
    assert "左" in finding.message
    assert "右" in finding.message

"""Medicines that the patient stopped, with the date by any way of telling it, and courses of chemotherapy that are over."""

from __future__ import annotations

import pytest

from syngraph.model import Fact
from tests.facts.talk import facts


def _medicine(talk: str, name: str) -> Fact:
    found = [f for f in facts(talk) if f.kind == "medication" and f.concept.id == f"drug:{name}"]
    assert found, talk
    return found[-1]


@pytest.mark.parametrize(
    ("talk", "ended"),
    [
        ("D: 抗凝药呢，拜瑞妥？\nP: 那个我没有吃了。\nD: 什么时候停的？\nP: 牙龈流血，九月初就没吃了。", "2026-09"),
        ("D: 利伐沙班，就是那个防血栓的药，还在吃吗？\nP: 早就没吃了，停了两个礼拜了。", "2026-11-06"),
        ("D: And the blood thinner, the rivaroxaban?\nP: I stopped it myself in early September.", "2026-09"),
        ("D: Are you taking the rivaroxaban?\nP: I'm not taking that any more.\nD: Since when?\n"
         "P: I gave up on it at the start of September.", "2026-09"),
    ],
)  # fmt: skip
def test_a_medicine_left_off_has_the_date_of_its_end(talk: str, ended: str) -> None:
    fact = _medicine(talk, "rivaroxaban")
    assert (fact.status, fact.get("ended")) == ("historical", ended)


@pytest.mark.parametrize("name", ["oxaliplatin", "capecitabine"])
def test_chemotherapy_that_is_over_is_no_current_medicine(name: str) -> None:
    fact = _medicine("D: 打过化疗没？\nP: 打咗八次，奥沙利铂同希罗达，今年一月初打完。", name)
    assert (fact.status, fact.get("self")) == ("historical", "1")


@pytest.mark.parametrize("talk", ["P: 现在还在吃希罗达，一天两次。", "P: I'm on capecitabine twice a day."])
def test_chemotherapy_that_goes_on_is_current(talk: str) -> None:
    assert _medicine(talk, "capecitabine").status == "present"


def test_before_what_it_is_taken_is_not_how_often() -> None:
    talk = "D: 怎么不好？\nP: 膝盖疼。\nD: 塞来昔布治疗前半小时吃一粒，200毫克，一天最多一次。"
    found = [f for f in facts(talk) if f.concept.id == "drug:celecoxib"]
    assert found
    assert all(f.get("frequency") != "q30min" for f in found)

from __future__ import annotations

import copy
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syngraph.checks.draft_rules import Violation, violations

Json = dict[str, Any]
TEXT = "患者：咳嗽三天了。医生：发烧吗？患者：没有。"


def evidence(name: str, quote: str, source: str = "s1", text: str = TEXT) -> Json:
    start = text.index(quote)
    return {"id": name, "source": source, "quote": quote, "anchor": {"text": [start, start + len(quote)]}}


def draft() -> Json:
    """A small draft that keeps every rule."""
    return {
        "format": "syngraph-draft/1",
        "encounter": "enc-1",
        "language": "zh",
        "template": "zh-outpatient-initial",
        "status": "draft",
        "sources": [{"id": "s1", "kind": "consultation", "path": "consultation/talk.txt", "sha256": "00", "text": TEXT}],
        "evidence": [evidence("e1", "咳嗽三天了"), evidence("e2", "发烧吗？"), evidence("e3", "没有")],
        "facts": [
            {"id": "f1", "kind": "symptom", "concept": {"text": "咳嗽"}, "status": "present", "subject": "patient",
             "attributes": {"duration": "P3D"}, "evidence": ["e1"]},
            {"id": "f2", "kind": "symptom", "concept": {"text": "发热"}, "status": "absent", "subject": "patient",
             "attributes": {}, "evidence": ["e3", "e2"]},
        ],
        "sections": [
            {"id": "history-of-present-illness", "title": "现病史", "statements": [
                {"id": "st1", "text": "患者3天前出现咳嗽。", "facts": ["f1"], "evidence": ["e1"], "support": "single"},
                {"id": "st2", "text": "无发热。", "facts": ["f2"], "evidence": ["e3", "e2"], "support": "single"},
            ]}
        ],
        "findings": [{"id": "x1", "kind": "omission", "severity": "warning", "topic": "体温", "message": "未记录",
                      "facts": [], "evidence": []}],
    }  # fmt: skip


def rules(changed: Any, **kwargs: Any) -> set[int]:
    return {v.rule for v in violations(changed, **kwargs)}


def statement(d: Json, i: int = 0) -> Json:
    found: Json = d["sections"][0]["statements"][i]
    return found


def test_a_good_draft_keeps_every_rule() -> None:
    assert violations(draft()) == []
    assert violations(draft(), anchor=date(2026, 11, 20)) == []


@pytest.mark.parametrize("value", [None, 3, "x", [], True])
def test_what_is_no_object_is_refused(value: Any) -> None:
    assert violations(value) == [Violation(0, "draft", "not a JSON object")]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("format",), "syngraph-draft/2"),
        (("language",), "fr"),
        (("status",), "final"),
        (("status",), ["draft"]),
        (("encounter",), ""),
        (("template",), 7),
        (("sources",), None),
        (("evidence",), {}),
        (("facts",), "f1"),
        (("sections",), None),
        (("findings",), 1),
        (("sources", 0), "s1"),
        (("sources", 0, "kind"), "letter"),
        (("sources", 0, "text"), None),
        (("sources", 0, "path"), None),
        (("evidence", 0, "id"), "e2"),
        (("evidence", 0, "quote"), ""),
        (("facts", 0, "id"), None),
        (("facts", 0, "kind"), "rumour"),
        (("facts", 0, "kind"), ["symptom"]),
        (("facts", 0, "status"), "maybe"),
        (("facts", 0, "concept"), {}),
        (("facts", 0, "evidence"), "e1"),
        (("facts", 0, "evidence"), ["e9"]),
        (("sections", 0, "id"), None),
        (("sections", 0, "statements"), {}),
        (("sections", 0, "statements", 0), 5),
        (("sections", 0, "statements", 0, "text"), "  "),
        (("sections", 0, "statements", 0, "support"), "sure"),
        (("sections", 0, "statements", 0, "facts"), ["f9"]),
        (("sections", 0, "statements", 0, "id"), "st2"),
        (("findings", 0, "kind"), "gossip"),
        (("findings", 0, "severity"), "fatal"),
        (("findings", 0, "topic"), ""),
    ],
)
def test_shape(path: tuple[Any, ...], value: Any) -> None:
    changed = draft()
    at: Any = changed
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    assert 0 in rules(changed)


@pytest.mark.parametrize(
    "anchor",
    [{"text": [0, 5]}, {"text": [3, 4]}, {"text": [-1, 5]}, {"text": [0, 999]}, {"text": [8, 3]}, {"text": [1]}, {"text": [True, 5]},
     {"text": [0.0, 5.0]}, {"text": "0-5"}, {}, None, 3],
)  # fmt: skip
def test_a_quote_must_stand_at_its_anchor(anchor: Any) -> None:
    changed = draft()
    changed["evidence"][0]["anchor"] = anchor
    assert 1 in rules(changed)


def test_evidence_must_lead_to_a_source() -> None:
    for source in ("s9", None, ["s1"]):
        changed = draft()
        changed["evidence"][0]["source"] = source
        assert 1 in rules(changed)


def test_a_statement_needs_evidence_that_is_there() -> None:
    for value in ([], None, ["e9"], "e1"):
        changed = draft()
        statement(changed)["evidence"] = value
        assert 1 in rules(changed)


@pytest.mark.parametrize(
    ("index", "text"),
    [(0, "患者5天前出现咳嗽。"), (0, "患者3周前出现咳嗽。"), (0, "患者无咳嗽。"), (0, "咳嗽，体温38.5℃。"), (0, "左侧咳嗽。"),
     (0, "阿司匹林。"), (1, "发热。")],
)  # fmt: skip
def test_what_a_statement_says_must_be_in_its_evidence(index: int, text: str) -> None:
    changed = draft()
    statement(changed, index)["text"] = text
    assert rules(changed) == {2}


def test_a_date_is_counted_from_the_visit() -> None:
    changed = draft()
    statement(changed)["text"] = "患者2026-11-17出现咳嗽。"
    assert rules(changed) == set()  # the day of the visit isn't known
    assert rules(changed, anchor=date(2026, 11, 20)) == set()
    assert rules(changed | {"start": "2026-11-20T09:30:00+08:00"}) == set()
    assert rules(changed | {"start": "2026-12-20T09:30:00+08:00"}) == {2}
    assert rules(changed | {"start": "soon"}) == set()


def test_the_doctors_own_words_need_no_quote() -> None:
    changed = draft()
    statement(changed)["text"] = "患者5天前出现咳嗽。"
    statement(changed)["support"] = "clinician"
    assert violations(changed) == []


def stranger(severity: str, how: str) -> Json:
    changed = draft()
    text = "姓名：李四 血红蛋白 98 g/L"
    changed["sources"].append({"id": "s2", "kind": "report", "path": "reports/a.pdf", "sha256": "01", "text": text})
    changed["evidence"] += [evidence("e4", "血红蛋白 98 g/L", "s2", text), evidence("e5", "姓名：李四", "s2", text)]
    row = {"id": "st3", "text": "血红蛋白 98 g/L。", "facts": [], "evidence": ["e4"], "support": "single"}
    changed["sections"][0]["statements"].append(row)
    if how == "finding":
        changed["findings"].append({"id": "x2", "kind": "identity-mismatch", "severity": severity, "topic": "t", "message": "m",
                                    "facts": [], "evidence": ["e5"]})  # fmt: skip
    elif how == "sources":
        changed["findings"].append({"id": "x2", "kind": "identity-mismatch", "severity": severity, "topic": "t", "message": "m",
                                    "facts": [], "evidence": [], "sources": ["s2"]})  # fmt: skip
    elif how == "identity":
        changed["sources"][1]["identity"] = {"name": "李四", "matches": False}
    elif how == "excluded":
        changed["sources"][1]["excluded"] = True
    return changed


@pytest.mark.parametrize("how", ["finding", "sources", "identity", "excluded"])
def test_another_persons_report_contributes_nothing(how: str) -> None:
    assert rules(stranger("blocking", how)) == {3}


def test_a_warning_or_a_settled_mismatch_lets_it_in() -> None:
    assert rules(stranger("warning", "finding")) == set()
    settled = stranger("blocking", "finding")
    settled["findings"][-1]["resolution"] = "same person"
    assert rules(settled) == set()
    assert rules(stranger("blocking", "")) == set()


@pytest.mark.parametrize(
    ("status", "change", "broken"),
    [("draft", {}, set()), ("signed", {}, {4}), ("amended", {}, {4}), ("signed", {"severity": "warning"}, set()),
     ("signed", {"resolved": True}, set()), ("signed", {"resolution": {"choice": "a"}}, set()), ("signed", {"status": "resolved"}, set()),
     ("signed", {"status": "open"}, {4}), ("withdrawn", {}, set())],
)  # fmt: skip
def test_no_signature_over_an_open_blocking_finding(status: str, change: Json, broken: set[int]) -> None:
    changed = draft()
    changed["status"] = status
    changed["findings"][0] |= {"severity": "blocking"} | change
    assert rules(changed) == broken


def test_an_english_draft() -> None:
    text = "Patient: I've had a cough for three days."
    changed = draft() | {
        "language": "en",
        "sources": [{"id": "s1", "kind": "consultation", "path": "t.txt", "sha256": "00", "text": text}],
        "evidence": [evidence("e1", "a cough for three days", text=text)],
        "facts": [],
        "sections": [{"id": "history-of-present-illness", "title": "HPI", "statements": [
            {"id": "st1", "text": "Cough for 3 days.", "facts": [], "evidence": ["e1"], "support": "single"}]}],
    }  # fmt: skip
    assert violations(changed) == []
    statement(changed)["text"] = "Cough for 30 days."
    assert rules(changed) == {2}


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-5, 60), st.floats(allow_nan=False), st.sampled_from(["e1", "s1", "st1", "draft", ""])),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["id", "text", "evidence", "anchor"]), inner, max_size=3)),
    max_leaves=6,
)  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path] * bool(path) + [p for k, v in items for p in places(v, (*path, k))]


@given(st.data(), json_values)
def test_nothing_raises_whatever_stands_there(data: st.DataObject, value: Any) -> None:
    changed = copy.deepcopy(draft())
    path = data.draw(st.sampled_from(places(changed)))
    at: Any = changed
    for key in path[:-1]:
        at = at[key]
    if data.draw(st.booleans()):
        at[path[-1]] = value
    elif isinstance(at, dict):
        del at[path[-1]]
    found = violations(changed)
    assert all(isinstance(v, Violation) and 0 <= v.rule <= 4 and v.message for v in found)

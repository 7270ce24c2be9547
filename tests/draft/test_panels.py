"""Which results a record states: one thing said twice is one, and old signs are left to the archive."""

from __future__ import annotations

import pytest

from tests.draft.visits import Visit, text_of

REPORT = "XX市第一人民医院 检验报告 报告日期 2026-10-30\n钾 5.9 mmol/L ↑ 3.5-5.3\n钠 140 mmol/L"


def _visit(talk: str) -> Visit:
    v = Visit(
        language="zh", texts={"report": REPORT, "talk": talk}, organization="XX市第一人民医院", recorded="2026-10-30"
    )
    v.said(
        "lab-result", "钾", "report:钾 5.9 mmol/L", who=("laboratory",), id="lab:potassium", value="5.9", unit="mmol/L",
        flag="high", reference_range="3.5-5.3", date="2026-10-30",
    )  # fmt: skip
    return v


@pytest.mark.parametrize(
    ("talk", "attributes"),
    [("钾5.9。", {"value": "5.9"}), ("血钾高了。", {"flag": "high"}), ("钾不正常。", {"flag": "abnormal"})],
)
def test_what_was_said_of_a_written_result_stands_with_it(talk: str, attributes: dict[str, str]) -> None:
    v = _visit(talk)
    v.said("lab-result", "钾", f"talk:{talk}", who=("doctor",), id="lab:potassium", **attributes)
    statements = [st for s in v.draft("zh-outpatient-initial") if s.id == "investigations" for st in s.statements]
    assert len(statements) == 1
    assert set(statements[0].facts) == {"f1", "f2"}


def test_another_value_said_is_stated_with_its_speaker() -> None:
    v = _visit("钾4.1。")
    v.said("lab-result", "钾", "talk:钾4.1。", who=("doctor",), id="lab:potassium", value="4.1")
    text = text_of(v.draft("zh-outpatient-initial"), "investigations")
    assert "钾 5.9 mmol/L ↑" in text
    assert "医生述钾 4.1" in text


def test_old_signs_of_this_hospital_are_left_out_but_for_blood_pressure() -> None:
    v = Visit(
        language="en", texts={"emr": "2026-08-18 weight 188 lb\n2026-08-18 BP 112/66 mmHg\n2025-01-02 BP 150/90 mmHg"}
    )
    for what, quote, value, date in (
        ("weight", "weight 188 lb", "188", "2026-08-18"), ("blood-pressure", "BP 112/66 mmHg", "112/66", "2026-08-18"),
        ("blood-pressure", "BP 150/90 mmHg", "150/90", "2025-01-02"),
    ):  # fmt: skip
        v.said("vital-sign", what, f"emr:{quote}", who=("this-hospital",), id=f"vital:{what}", value=value, date=date)
    text = text_of(v.draft("en-soap"))
    assert "112/66" in text
    assert "188" not in text
    assert "150/90" not in text


def test_normal_results_of_a_long_panel_share_a_sentence() -> None:
    names = [f"N{n}" for n in range(9)]
    v = Visit(
        language="en", texts={"report": "Lab Y 2026-11-13\n" + "\n".join(f"{n} 1.{i}" for i, n in enumerate(names))}
    )
    for i, name in enumerate(names):
        v.said(
            "lab-result", name, f"report:{name} 1.{i}", who=("laboratory",), value=f"1.{i}", date="2026-11-13",
            flag="high" if i == 4 else "normal",
        )  # fmt: skip
    statements = [st.text for s in v.draft("en-soap") for st in s.statements]
    assert len(statements) == 2
    assert statements[0].endswith("N4 1.4 ↑.")
    assert statements[1].startswith("Same report, others: N0 1.0,")


@pytest.mark.parametrize(("said", "written"), [("XHYY", "This hospital"), ("Hill Clinic", "Hill Clinic")])
def test_a_senders_code_is_no_name_of_a_hospital(said: str, written: str) -> None:
    v = Visit(language="en", texts={"emr": f"{said} 2026-11-13 sodium 140"})
    v.said(
        "lab-result",
        "sodium",
        "emr:sodium 140",
        who=("this-hospital",),
        value="140",
        date="2026-11-13",
        organization=said,
    )
    assert text_of(v.draft("en-soap")).count(written) == 1


@pytest.mark.parametrize("review", ["value", "low-confidence,flag"])
def test_a_value_in_doubt_is_stated_as_such_and_without_an_arrow(review: str) -> None:
    v = Visit(language="zh", texts={"report": "XX医院 2026-10-30 葡萄糖 323 mmol/L"})
    v.said(
        "lab-result", "葡萄糖", "report:葡萄糖 323 mmol/L", who=("laboratory",), id="lab:glucose", value="323",
        unit="mmol/L", flag="high", reference_range="3.9-6.1", review=review,
    )  # fmt: skip
    text = text_of(v.draft("zh-outpatient-initial"), "investigations")
    assert "323 mmol/L（读数存疑，请核对原件）" in text
    assert "↑" not in text

"""Results told in talk: which value, which finding, and what is none."""

from __future__ import annotations

import pytest

from tests.facts.talk import facts


def _results(talk: str, **more: str) -> dict[str, tuple[str | None, str | None]]:
    """Name to (value, flag) of the results told."""
    return {
        f.concept.text: (f.get("value"), f.get("flag") or f.get("state"))
        for f in facts(talk, **more)
        if f.kind in ("lab-result", "imaging")
    }


@pytest.mark.parametrize(
    ("talk", "name", "value"),
    [
        ("P: 上个月查糖化九点一。", "糖化血红蛋白", "9.1"), ("P: BNP八百多。", "B型钠尿肽", ">800"), ("D: INR三点六。", "国际标准化比值", "3.6"),
        ("P: 血红蛋白才八点二。", "血红蛋白", "8.2"), ("D: 尿常规白细胞三个加。", "尿白细胞", "3+"), ("D: 谷丙转氨酶查出来是239。", "丙氨酸氨基转移酶", "239"),
        ("P: My creatinine was one point four last month.", "creatinine", "1.4"), ("P: Hemoglobin eight point two.", "hemoglobin", "8.2"),
        ("D: Your white count was fourteen.", "white blood cell count", "14"), ("D: Your potassium is a little low at 3.2.", "potassium", "3.2"),
        ("D: Your A1c came back at 8.9.", "hemoglobin A1c", "8.9"),
    ],
)  # fmt: skip
def test_values_are_read_out(talk: str, name: str, value: str) -> None:
    assert _results(talk)[name][0] == value


@pytest.mark.parametrize(
    ("talk", "name", "told"),
    [
        ("P: B超说有囊肿。", "超声检查", ("囊肿", None)), ("D: CT显示右肺有个6毫米结节，没有积液。", "CT检查", ("右肺有个6毫米结节，没有积液", None)),
        ("P: 胸片没事。", "胸部X线检查", (None, "normal")), ("D: 心电图窦性心律，没有ST段改变。", "心电图", ("窦性心律，没有ST段改变", None)),
        ("P: 拍了片子，说骨头没事。", "X线检查", ("骨头没事", None)), ("P: 核磁还没出来。", "磁共振检查", (None, "pending")),
        ("D: 心电图没有ST段改变。", "心电图", ("没有ST段改变", None)),
        ("P: The CT showed a 6 mm stone.", "CT scan", ("a 6 mm stone", None)), ("P: The ultrasound was normal.", "ultrasound", (None, "normal")),
        ("P: They did an X-ray in the ER and it was negative for fracture.", "X-ray", ("negative for fracture", "negative")),
        ("P: The MRI results aren't back yet.", "MRI", (None, "pending")), ("D: The CT didn't show a stone.", "CT scan", ("didn't show a stone", None)),
        ("D: Let's look at your X-ray. What I see is a fracture of the humerus.", "X-ray", ("a fracture of the humerus", None)),
    ],
)  # fmt: skip
def test_findings_are_told_in_the_speakers_words(talk: str, name: str, told: tuple[str | None, str | None]) -> None:
    assert _results(talk)[name] == told


@pytest.mark.parametrize(
    "talk",
    [
        "D: 拍胸片，看看肺里是否有炎症。", "D: 建议化验一下血常规，分析一下是病毒感染还是细菌感染。", "D: CT没得出血的话，阿司匹林重新吃起来。", "D: 胸片可以确诊，不过肺炎可能性不大。",
        "D: 最好化验一下大便常规，除外肠炎。", "P: 血糖三个月查一次。", "P: 没做CT。", "D: 水电解质紊乱，病毒性肠炎都有可能。",
        "D: Let's get a CT to see if there's a stone.", "D: If the ultrasound is normal we stop there.", "P: And the cholesterol one at night.", "D: I'd like an X-ray to rule out a fracture.",
        "P: I never had a colonoscopy.", "D: Was the CT normal?",
    ],
)  # fmt: skip
def test_what_is_ordered_imagined_or_asked_is_no_result(talk: str) -> None:
    assert _results(talk) == {}


@pytest.mark.parametrize("talk", ["P: 我妈血红蛋白八点二。", "P: My mother's creatinine was 1.4."])
def test_a_relatives_result_is_not_the_patients(talk: str) -> None:
    assert _results(talk) == {}


def test_a_test_that_gathers_several_is_named_as_it_was_said() -> None:
    assert "流感病毒检测" not in _results("D: 支原体检测阳性。")

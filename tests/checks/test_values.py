from __future__ import annotations

import pytest
from visit_maker import Visit

LDL = {"unit": "mmol/L", "date": "2026-10-30"}


@pytest.mark.parametrize(
    ("one", "two", "differs"),
    [
        ({"value": "4.12", **LDL}, {"value": "4.12", **LDL}, False),
        ({"value": "4.12", **LDL}, {"value": "4.21", **LDL}, True),
        ({"value": "4.12", **LDL}, {"value": "159", "unit": "mg/dL", "date": "2026-10-30"}, False),
        ({"value": "4.12", **LDL}, {"value": "4.12", "unit": "mmol/l", "date": "2026-10-30"}, False),
        ({"value": "4.12", **LDL}, {"value": "3.1", "unit": "mmol/L", "date": "2026-09-30"}, False),
        ({"value": "<0.5", **LDL}, {"value": "<0.5", **LDL}, False),
    ],
)
def test_one_result_in_two_sources(one, two, differs):
    visit = Visit()
    visit.say("report", f"低密度 {one['value']}", "lab-result", "lab:ldl-c", **one)
    visit.say("emr", f"LDL-C {two['value']}", "lab-result", "lab:ldl-c", **two)
    assert ("lab-mismatch" in visit.rules()) is differs


@pytest.mark.parametrize(
    ("said", "by", "differs"),
    [("4.1", "doctor", False), ("4.12", "patient", False), ("2.4", "doctor", True), ("159", "patient", False)],
)
def test_read_aloud_against_the_paper(said, by, differs):
    visit = Visit(language="en")
    visit.say("report", "LDL-C 4.12 mmol/L", "lab-result", "lab:ldl-c", value="4.12", **LDL)
    visit.say("talk", f"your LDL is {said}", "lab-result", "lab:ldl-c", by=by, value=said)
    assert ("lab-mismatch" in visit.rules()) is differs


def test_read_aloud_today_was_measured_before():
    visit = Visit(language="en")
    visit.say("emr", "LDL-C 4.12 mmol/L", "lab-result", "lab:ldl-c", value="4.12", **LDL)
    visit.say("talk", "your LDL is 2.4", "lab-result", "lab:ldl-c", by="doctor", value="2.4", date=visit.day)
    assert visit.rules() == {"lab-mismatch"}


def test_sugar_measured_at_home_is_another_measurement():
    visit = Visit()
    visit.say("report", "空腹血糖 5.6", "lab-result", "lab:fasting-glucose", value="5.6", **LDL)
    visit.say("form", "早上测的7.8", "lab-result", "lab:fasting-glucose", value="7.8")
    assert not visit.rules()


def test_a_series_that_shares_a_value_agrees():
    visit = Visit()
    visit.say("report", "4.12", "lab-result", "lab:ldl-c", value="4.12", **LDL)
    visit.say("emr", "4.12 复查", "lab-result", "lab:ldl-c", value="4.12", **LDL)
    visit.say("emr", "4.60", "lab-result", "lab:ldl-c", value="4.60", **LDL)
    assert not visit.rules()


@pytest.mark.parametrize(
    ("word", "flag", "written", "differs"),
    [
        ("血糖正常", "normal", "high", True),
        ("血糖正常", "normal", "normal", False),
        ("血糖高", "high", "normal", True),
        ("血糖高", "high", "high", False),
        ("血糖低", "low", "high", True),
    ],
)
def test_what_is_said_of_a_value(word, flag, written, differs):
    visit = Visit()
    visit.say("talk", word, "lab-result", "lab:glucose", flag=flag)
    visit.say("report", "空腹血糖 9.8 ↑", "lab-result", "lab:fasting-glucose", value="9.8", flag=written, **LDL)
    assert ("said-of-value" in visit.rules()) is differs


def test_the_flag_follows_from_the_printed_range():
    visit = Visit(language="en").say("talk", "my cholesterol is fine", "lab-result", "lab:ldl-c", flag="normal")
    visit.say("report", "LDL-C 4.12 (<3.40)", "lab-result", "lab:ldl-c", value="4.12", reference_range="<3.40", **LDL)
    assert visit.rules() == {"said-of-value"}


def test_only_the_newest_result_answers():
    visit = Visit().say("talk", "血糖正常了", "lab-result", "lab:glucose", flag="normal")
    visit.say("emr", "血糖 9.8", "lab-result", "lab:glucose", value="9.8", flag="high", date="2026-03-01")
    visit.say("emr", "血糖 5.0", "lab-result", "lab:glucose", value="5.0", flag="normal", date="2026-10-01")
    assert not visit.rules()


@pytest.mark.parametrize(("value", "differs"), [("142/92", False), ("182/104", True), ("118/76", False)])
def test_what_is_said_of_the_blood_pressure(value, differs):
    visit = Visit().say("form", "血压控制得挺好", "vital-sign", "vital:blood-pressure", flag="normal")
    visit.say("talk", f"血压{value}", "vital-sign", "vital:blood-pressure", by="doctor", value=value, unit="mmHg")
    assert ("said-of-value" in visit.rules()) is differs


@pytest.mark.parametrize(
    ("one", "two", "differs"), [("152/94", "148/90", False), ("152/94", "110/64", True), ("152/94", "20.3/12.5", True)]
)
def test_blood_pressure_of_one_day(one, two, differs):
    visit = Visit()
    visit.say("talk", f"血压{one}", "vital-sign", "vital:blood-pressure", by="doctor", value=one, unit="mmHg")
    visit.say(
        "emr", f"BP {two}", "vital-sign", "vital:blood-pressure", value=two, unit="mmHg", recorded="2026-11-20T09:00:00+08:00"
    )  # fmt: skip
    assert ("vital-mismatch" in visit.rules()) is differs


def test_home_and_clinic_readings_may_differ():
    visit = Visit().say("form", "在家120/70", "vital-sign", "vital:blood-pressure", value="120/70", unit="mmHg")
    visit.say("talk", "一百六、一百", "vital-sign", "vital:blood-pressure", by="doctor", value="160/100", unit="mmHg")
    assert not visit.rules()


def test_height_lasts_and_children_grow():
    for birth, differs in (("1984-03-02", True), ("2016-03-02", False)):
        visit = Visit(birth=birth).say("form", "一米六", "vital-sign", "vital:height", value="160", unit="cm")
        visit.say("emr", "身高 1.48 m", "vital-sign", "vital:height", value="1.48", unit="m", recorded="2026-01-01")
        assert ("vital-mismatch" in visit.rules()) is differs


@pytest.mark.parametrize(
    ("concept", "value", "unit", "found"),
    [
        ("vital:temperature", "37.4", "℃", False),
        ("vital:temperature", "98.6", "°F", False),
        ("vital:temperature", "87", "℃", True),
        ("vital:blood-pressure", "152/94", "mmHg", False),
        ("vital:blood-pressure", "152/940", "mmHg", True),
        ("vital:blood-pressure", "152", "mmHg", False),
        ("lab:potassium", "41", "mmol/L", True),
        ("lab:potassium", "4.1", "mmol/L", False),
        ("lab:potassium", "41", "", False),
        ("lab:potassium", "阴性", "mmol/L", False),
        ("lab:glucose", "101", "mg/dL", False),
    ],
)
def test_implausible(concept, value, unit, found):
    kind = "vital-sign" if concept.startswith("vital") else "lab-result"
    visit = Visit().say("report", f"值 {value}", kind, concept, value=value, unit=unit)
    assert ("value-implausible" in visit.rules("implausible")) is found


def test_a_critical_result_nobody_took_up():
    visit = Visit().chat("今天哪里不舒服")
    visit.say("report", "K 6.9 ↑", "lab-result", "lab:potassium", value="6.9", unit="mmol/L", flag="high")
    found = visit.only("critical-result")
    assert found.severity == "warning"
    assert "K 6.9 ↑" in found.message
    assert "abnormal-result" not in visit.rules("omission")


def test_an_older_report_that_reads_differently():
    visit = Visit()
    visit.say(
        "report", "肌酐 160", "lab-result", "lab:creatinine", value="160", unit="umol/L", flag="high", date="2026-03-01"
    )
    visit.say(
        "emr", "肌酐 80", "lab-result", "lab:creatinine", value="80", unit="umol/L", flag="normal", date="2026-10-01"
    )
    found = visit.only("result-outdated")
    assert (found.kind, found.severity) == ("outdated", "info")
    assert not visit.rules()


def test_an_old_result_spoken_of_as_if_it_were_new():
    visit = Visit(language="en").chat("Your creatinine looks fine")
    visit.say("emr", "Creatinine 80", "lab-result", "lab:creatinine", value="80", unit="umol/L", date="2024-10-01")
    assert "780 days" in visit.only("result-old").message
    spoken = Visit().say("talk", "肌酐80", "lab-result", "lab:creatinine", by="doctor", value="80")
    spoken.say("emr", "肌酐 80", "lab-result", "lab:creatinine", value="80", unit="umol/L", date="2024-10-01")
    assert "诊室对话" in spoken.only("result-old").message
    silent = Visit().chat("你好")
    silent.say("emr", "肌酐 80", "lab-result", "lab:creatinine", value="80", unit="umol/L", date="2024-10-01")
    assert not silent.rules("outdated")

from __future__ import annotations

import pytest
from visit_maker import Visit

COUGH, HTN, AML = "symptom:cough", "condition:hypertension", "drug:amlodipine"


def quotes_stand(visit, finding):
    texts = {s.id: s.text for s in visit.sources}
    return all(texts[e.source][e.start : e.end].strip() in finding.message for e in finding.evidence)


# --- allergies --------------------------------------------------------------------------------------------------


def test_recorded_allergy_against_denials_blocks_and_quotes_everybody():
    visit = Visit()
    visit.say("form", "没有", "allergy", "allergy:any", "absent", text="药物过敏", question="有无药物过敏")
    visit.say("talk", "没有没有", "allergy", "allergy:any", "absent", text="过敏")
    visit.say("emr", "青霉素，皮疹", "allergy", "drug:benzylpenicillin", recorded="2019-05-01", reaction="皮疹")
    found = visit.only("allergies-denied")
    assert (found.kind, found.severity) == ("contradiction", "blocking")
    assert "青霉素" in found.topic
    assert quotes_stand(visit, found)
    assert "本院记录（2019-05-01）" in found.message
    assert "患者预问诊" in found.message
    assert "诊室对话" in found.message
    assert {e.source for e in found.evidence} == {"form", "talk", "emr"}
    assert len(found.facts) == 2
    assert "按过敏记录" in found.choices


def test_specific_denial_against_specific_allergy_in_english():
    visit = Visit(language="en")
    visit.say("talk", "No, penicillin is fine", "allergy", "drug:benzylpenicillin", "absent")
    visit.say("emr", "Penicillin - hives (2015)", "allergy", "drug-class:penicillin")
    found = visit.only("allergy-denied")
    assert found.severity == "blocking"
    assert "This hospital's record" in found.message
    assert "Patient in the room: “No, penicillin is fine”" in found.message


def test_denying_drug_allergies_says_nothing_of_peanuts():
    visit = Visit()
    visit.say("talk", "没有药物过敏", "allergy", "allergy:any", "absent", text="药物过敏")
    visit.say("emr", "花生过敏", "allergy", "allergen:peanut")
    assert not visit.rules()


def test_denying_all_allergies_denies_peanuts():
    visit = Visit(language="en")
    visit.say("form", "None", "allergy", "allergy:any", "absent", text="allergies", question="Any allergies?")
    visit.say("emr", "Peanut: anaphylaxis", "allergy", "allergen:peanut")
    assert visit.rules() == {"allergies-denied"}


def test_same_allergy_in_other_words_is_harmless():
    visit = Visit()
    visit.say("form", "青霉素过敏", "allergy", "drug:benzylpenicillin")
    visit.say("emr", "青霉素类：皮疹", "allergy", "drug-class:penicillin")
    visit.say("talk", "青霉素不能打", "allergy", "drug:benzylpenicillin", "uncertain")
    assert not visit.rules()


def test_one_allergy_denied_leaves_the_other():
    visit = Visit()
    visit.say("talk", "头孢不过敏", "allergy", "drug-class:cephalosporin", "absent")
    visit.say("emr", "青霉素", "allergy", "drug:benzylpenicillin")
    assert not visit.rules()


# --- medicines --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("one", "two", "differs"), [
    ("5 mg", "10 mg", True), ("0.5 g", "500 mg", False), ("5 mg", "1 tablet", False), ("5 mg", "5 mg", False),
])  # fmt: skip
def test_dose(one, two, differs):
    visit = Visit()
    visit.say("talk", f"每天{one}", "medication", AML, dose=one)
    visit.say("emr", f"氨氯地平 {two}", "medication", AML, dose=two)
    assert ("medication-dose" in visit.rules()) is differs


@pytest.mark.parametrize(
    ("one", "two", "differs"),
    [("qd", "bid", True), ("qd", "qn", False), ("tid", "q8h", False), ("qd", "prn", False), ("prn", "qw", False)],
)
def test_frequency(one, two, differs):
    visit = Visit(language="en")
    visit.say("talk", f"I take it {one}", "medication", AML, frequency=one)
    visit.say("emr", f"amlodipine {two}", "medication", AML, frequency=two)
    assert ("medication-frequency" in visit.rules()) is differs


def test_two_doses_in_one_source_agree_with_either():
    visit = Visit()
    visit.say("talk", "早上10", "medication", "drug:metoprolol", dose="10 mg")
    visit.say("talk", "晚上5", "medication", "drug:metoprolol", dose="5 mg")
    visit.say("emr", "美托洛尔 5 mg", "medication", "drug:metoprolol", dose="5 mg")
    assert not visit.rules()


def test_stopped_by_the_patient_but_active_in_the_record():
    visit = Visit(language="en")
    visit.say(
        "talk",
        "I don't take it any more, stopped last month",
        "medication",
        "drug:warfarin",
        "historical",
        ended="2026-10",
    )
    visit.say("emr", "warfarin 3 mg daily, active", "medication", "drug:warfarin", recorded="2026-01-05")
    found = visit.only("medication-stopped")
    assert "Taken: This hospital's record (2026-01-05)" in found.message
    assert "Stopped: Patient in the room" in found.message


def test_stopped_in_the_record_but_taken():
    visit = Visit()
    visit.say("talk", "阿司匹林一直吃着", "medication", "drug:aspirin")
    visit.say("emr", "阿司匹林 已停", "medication", "drug:aspirin", ended="2024-12")
    assert visit.rules() == {"medication-stopped"}


def test_both_say_stopped():
    visit = Visit()
    visit.say("talk", "阿司匹林停了", "medication", "drug:aspirin", "historical", ended="yes")
    visit.say("emr", "阿司匹林 2024-12停", "medication", "drug:aspirin", ended="2024-12")
    assert not visit.rules()


def test_an_old_report_of_a_drug_stopped_since_is_progress():
    visit = Visit()
    visit.say("report", "氯吡格雷 75 mg qd", "medication", "drug:clopidogrel", recorded="2024-01-10")
    visit.say("talk", "氯吡格雷去年停了", "medication", "drug:clopidogrel", "historical", ended="2025-06-01")
    assert not visit.rules()


def test_denied_medicines_against_the_list():
    visit = Visit()
    visit.say("form", "没有", "medication", "medication:any", "absent", text="长期用药", question="有无长期用药")
    visit.say("emr", "二甲双胍 0.5 g bid", "medication", "drug:metformin")
    found = visit.only("medications-denied")
    assert "“没有”（问：有无长期用药）" in found.message


def test_a_listed_drug_nobody_spoke_of_is_no_contradiction():
    visit = Visit().chat("今天怎么样")
    visit.say("emr", "氨氯地平 5 mg", "medication", AML)
    assert not visit.rules()


def test_a_planned_dose_is_no_contradiction():
    visit = Visit()
    visit.say("emr", "氨氯地平 5 mg", "medication", AML, dose="5 mg")
    visit.say("talk", "氨氯地平加到10毫克", "medication", AML, "planned", by="doctor", dose="10 mg")
    assert not visit.rules()


# --- symptoms ---------------------------------------------------------------------------------------------------


def test_symptom_reported_and_denied():
    visit = Visit()
    visit.say("form", "发热", "symptom", "symptom:fever")
    visit.say("talk", "没发烧", "symptom", "symptom:fever", "absent")
    found = visit.only("symptom-status")
    assert quotes_stand(visit, found)
    assert found.severity == "warning"


@pytest.mark.parametrize("harmless", [
    {"status": "uncertain"}, {"status": "historical"}, {"ended": "yes"}, {"subject": "mother"},
    {"course": "resolved"},
])  # fmt: skip
def test_symptom_differences_that_are_none(harmless):
    harmless = dict(harmless)
    status = harmless.pop("status", "present")
    visit = Visit()
    visit.say("form", "发热", "symptom", "symptom:fever", status, **harmless)
    visit.say("talk", "没发烧", "symptom", "symptom:fever", "absent")
    assert not visit.rules()


def test_who_says_both_settles_nothing():
    visit = Visit()
    visit.say("form", "咳嗽", "symptom", COUGH)
    visit.say("talk", "现在不咳", "symptom", COUGH, "absent")
    visit.say("talk", "早上咳几声", "symptom", COUGH)
    assert not visit.rules()


def test_companion_against_patient():
    visit = Visit()
    visit.say("talk", "不头晕", "symptom", "symptom:dizziness", "absent")
    visit.say("talk", "他昨天还头晕", "symptom", "symptom:dizziness", by="companion")
    found = visit.only("symptom-status")
    assert "家属" in found.message


def test_the_doctors_echo_is_no_second_voice():
    visit = Visit()
    visit.say("talk", "咳嗽是吧", "symptom", COUGH, by="doctor")
    visit.say("talk", "不咳", "symptom", COUGH, "absent")
    assert not visit.rules()


def test_an_old_note_does_not_speak_of_today():
    visit = Visit()
    visit.say("emr", "无咳嗽", "symptom", COUGH, "absent", recorded="2026-08-01")
    visit.say("talk", "咳嗽三天", "symptom", COUGH)
    assert not visit.rules()


@pytest.mark.parametrize(("one", "two", "differs"), [
    ("P3D", "P2D", False), ("P15D", "P2W", False), ("P3D", "P3W", True), ("P2D", "P3M", True), ("P1M", "P4W", False),
])  # fmt: skip
def test_duration(one, two, differs):
    visit = Visit()
    visit.say("form", "咳嗽", "symptom", COUGH, duration=one)
    visit.say("talk", "咳了一阵", "symptom", COUGH, duration=two)
    assert ("symptom-began" in visit.rules()) is differs


@pytest.mark.parametrize(
    ("onset", "differs"),
    [("2026-11-17", False), ("2026-11-18", False), ("2026-11", False), ("2026-09-01", True), ("2024", True)],
)
def test_onset_against_duration(onset, differs):
    visit = Visit(language="en")
    visit.say("form", "cough for 3 days", "symptom", COUGH, duration="P3D")
    visit.say("talk", "it started then", "symptom", COUGH, onset=onset)
    assert ("symptom-began" in visit.rules()) is differs


def test_a_duration_told_earlier_has_grown_since():
    visit = Visit()
    visit.say("report", "胸痛2天", "symptom", "symptom:chest-pain", duration="P2D", recorded="2026-11-08")
    visit.say("talk", "有半个月了", "symptom", "symptom:chest-pain", duration="P15D")
    assert not visit.rules()


def test_ten_years_and_worse_for_three_days_agrees_with_three_days():
    visit = Visit()
    visit.say("form", "咳嗽3天", "symptom", COUGH, duration="P3D")
    visit.say("talk", "老毛病十年", "symptom", COUGH, duration="P10Y")
    visit.say("talk", "这回三天", "symptom", COUGH, duration="P3D")
    assert not visit.rules()


def test_side():
    visit = Visit(language="en")
    visit.say("form", "left knee pain", "symptom", "symptom:knee-pain", laterality="left")
    visit.say("talk", "my right knee", "symptom", "symptom:knee-pain", laterality="right")
    assert "symptom-side" in visit.rules()


@pytest.mark.parametrize("other", ["left", "bilateral"])
def test_sides_that_agree(other):
    visit = Visit(language="en")
    visit.say("form", "left knee pain", "symptom", "symptom:knee-pain", laterality="left")
    visit.say("talk", "knee", "symptom", "symptom:knee-pain", laterality=other)
    assert not visit.rules()


def test_side_of_complaint_against_imaging():
    visit = Visit()
    visit.say("talk", "左膝疼", "symptom", "symptom:pain", laterality="left", body_site="膝")
    visit.say("report", "右膝半月板损伤", "imaging", "右膝半月板损伤", laterality="right", body_site="膝")
    assert visit.rules() == {"side-across"}


def test_denied_pain_elsewhere():
    visit = Visit()
    visit.say("form", "胸痛", "symptom", "symptom:pain", body_site="胸")
    visit.say("talk", "肚子不疼", "symptom", "symptom:pain", "absent", body_site="腹")
    assert not visit.rules()


def test_severity_opposites_only():
    for other, found in (("severe", True), ("moderate", False)):
        visit = Visit()
        visit.say("form", "轻微", "symptom", "symptom:headache", severity="mild")
        visit.say("talk", "头疼", "symptom", "symptom:headache", severity=other)
        assert ("symptom-severity" in visit.rules()) is found


# --- history ----------------------------------------------------------------------------------------------------


def test_condition_denied():
    visit = Visit()
    visit.say("talk", "没有高血压", "condition", HTN, "absent")
    visit.say("emr", "高血压病2级", "condition", HTN)
    assert visit.rules() == {"condition-denied"}


def test_no_chronic_disease_against_hypertension():
    visit = Visit()
    visit.say("form", "无", "condition", "condition:any", "absent", text="慢性病", question="有无慢性病")
    visit.say("emr", "高血压病2级", "condition", HTN)
    found = visit.only("conditions-denied")
    assert "高血压" in found.topic


def test_no_chronic_disease_and_an_old_cold_agree():
    visit = Visit()
    visit.say("form", "无", "condition", "condition:any", "absent", text="慢性病", question="有无慢性病")
    visit.say(
        "emr", "上呼吸道感染", "condition", "condition:upper-respiratory-infection", "historical", recorded="2023-01-04"
    )
    assert not visit.rules()


def test_todays_diagnosis_does_not_contradict_the_history():
    visit = Visit()
    visit.say("form", "无", "condition", "condition:any", "absent", text="慢性病")
    visit.say("form", "没有高血压", "condition", HTN, "absent")
    visit.say("talk", "考虑高血压病", "diagnosis", HTN, by="doctor")
    assert not visit.rules()


def test_narrower_name_is_harmless_and_general_denial_is_not():
    visit = Visit()
    visit.say("talk", "有糖尿病", "condition", "condition:diabetes")
    visit.say("emr", "2型糖尿病", "condition", "condition:type-2-diabetes")
    assert not visit.rules()


def test_condition_began_tolerates_memory():
    for years, found in (("P9Y", False), ("P3Y", True)):
        visit = Visit()
        visit.say("talk", "高血压好多年", "condition", HTN, duration="P10Y")
        visit.say("emr", "高血压", "condition", HTN, duration=years)
        assert ("condition-began" in visit.rules()) is found


def test_operation_denied():
    visit = Visit()
    visit.say("form", "没有", "procedure", "procedure:any", "absent", text="手术外伤", question="有无手术外伤史")
    visit.say("emr", "2015-06 阑尾切除术", "procedure", "procedure:appendectomy", date="2015-06")
    assert visit.rules() == {"procedures-denied"}


def test_denying_an_injury_denies_no_operation():
    visit = Visit()
    visit.say("talk", "有没有外伤？没有", "procedure", "procedure:any", "absent", text="手术外伤")
    visit.say("emr", "2015-06 阑尾切除术", "procedure", "procedure:appendectomy", date="2015-06")
    assert not visit.rules()


def test_no_chronic_disease_denies_no_operation():
    visit = Visit().say("form", "无", "condition", "condition:any", "absent", text="慢性病", question="慢性病")
    visit.say("emr", "2015-06 阑尾切除术", "procedure", "procedure:appendectomy", date="2015-06")
    assert not visit.rules()


def test_good_health_is_a_denial():
    visit = Visit().say("talk", "平素体健", "condition", "condition:no-chronic-disease")
    visit.say("emr", "高血压病", "condition", HTN)
    assert visit.rules() == {"conditions-denied"}


def test_an_endoscopy_is_no_operation():
    visit = Visit()
    visit.say("form", "没有", "procedure", "procedure:any", "absent", text="手术")
    visit.say("emr", "2024-12 胃镜检查", "procedure", "胃镜检查", date="2024-12")
    assert not visit.rules()


def test_no_past_history_against_an_operation():
    visit = Visit(language="en")
    visit.say(
        "form",
        "None",
        "condition",
        "condition:any",
        "absent",
        text="past medical history",
        question="Past medical or surgical history",
    )
    visit.say("emr", "Cholecystectomy 2018", "procedure", "procedure:cholecystectomy", "historical", date="2018")
    assert visit.rules() == {"history-denied-operation"}


@pytest.mark.parametrize(("one", "two", "differs"), [
    ("2021", "2021-03", False), ("2024-12", "2024-12-03", False), ("2015", "2016-05", False), ("2012", "2019-05", True),
    ("2024-12", "2025-06", True),
])  # fmt: skip
def test_procedure_date(one, two, differs):
    visit = Visit()
    visit.say("talk", "做过手术", "procedure", "procedure:appendectomy", date=one)
    visit.say("emr", "阑尾切除术", "procedure", "procedure:appendectomy", "historical", date=two)
    assert ("procedure-date" in visit.rules()) is differs


def test_family_history():
    visit = Visit()
    visit.say("form", "无", "family-history", "family-history:any", "absent", subject="family", text="家族史")
    visit.say("talk", "我爸有糖尿病", "family-history", "condition:diabetes", subject="father")
    assert visit.rules() == {"families-denied"}


def test_which_parent():
    visit = Visit(language="en")
    visit.say("form", "Father had a stroke", "family-history", "condition:stroke", subject="father")
    visit.say("talk", "my mum had a stroke", "family-history", "condition:stroke", subject="mother")
    assert visit.rules() == {"family-who"}


def test_both_parents():
    visit = Visit(language="en")
    visit.say("form", "Father had a stroke", "family-history", "condition:stroke", subject="father")
    visit.say("talk", "mum and dad had strokes", "family-history", "condition:stroke", subject="mother")
    visit.say("talk", "mum and dad", "family-history", "condition:stroke", subject="father")
    visit.say("talk", "and grandma", "family-history", "condition:stroke", subject="maternal-grandmother")
    assert not visit.rules()


@pytest.mark.parametrize(("one", "two", "differs"), [
    ("present", "absent", True), ("historical", "present", True), ("absent", "historical", False),
    ("present", "present", False), ("uncertain", "present", False),
])  # fmt: skip
def test_smoking(one, two, differs):
    visit = Visit()
    visit.say("form", "吸烟情况", "social-history", "social:smoking", one)
    visit.say("talk", "偶尔还抽两根", "social-history", "social:smoking", two)
    assert (visit.rules() == {"social-status"}) is differs


@pytest.mark.parametrize(
    ("denial", "differs"), [("不吸烟", False), ("从不吸烟", True), ("无吸烟史", True), ("现在不抽", False)]
)
def test_only_never_stands_against_having_given_up(denial, differs):
    visit = Visit()
    visit.say("form", denial, "social-history", "social:smoking", "absent")
    visit.say("talk", "抽了二十年，去年戒的", "social-history", "social:smoking", "historical")
    assert (visit.rules() == {"social-status"}) is differs


def test_who_quit_after_the_record_was_written_has_changed():
    visit = Visit()
    visit.say("emr", "吸烟 20支/日", "social-history", "social:smoking", recorded="2020-05-01")
    visit.say("talk", "前年戒的", "social-history", "social:smoking", "historical", ended="2024")
    assert not visit.rules()


@pytest.mark.parametrize(("one", "two", "differs"), [
    (("20 cigarettes", "day"), ("1 pack", "day"), False), (("1包", "day"), ("5支", "天"), True),
    (("10 cigarettes", "day"), ("14 cigarettes", "day"), False), (("2 drinks", "day"), ("14 drinks", "week"), False),
    (("2两", "day"), ("3 beers", "day"), False),
    (("3 glasses", "week"), ("2 glasses", ""), False),
    (("1包", ""), ("5支", ""), True),
])  # fmt: skip
def test_amounts(one, two, differs):
    visit = Visit()
    visit.say("form", "量一", "social-history", "social:smoking", amount=one[0], per=one[1])
    visit.say("talk", "量二", "social-history", "social:smoking", amount=two[0], per=two[1])
    assert (visit.rules() == {"social-amount"}) is differs


def test_imaging_denied_aloud():
    visit = Visit()
    visit.say("report", "右肺上叶结节", "imaging", "肺结节", recorded="2026-11-01")
    visit.say("talk", "CT没结节", "imaging", "肺结节", "absent")
    assert visit.rules() == {"imaging-status"}


def test_imaging_of_different_days_may_change():
    visit = Visit()
    visit.say("report", "右肺上叶结节", "imaging", "肺结节", recorded="2026-07-01", date="2026-07-01")
    visit.say("report2", "未见结节", "imaging", "肺结节", "absent", recorded="2026-11-01", date="2026-11-01")
    assert not visit.rules()


def test_one_dispute_is_one_finding_however_many_voices():
    visit = Visit()
    for where in ("form", "talk"):
        visit.say(where, "没有高血压", "condition", HTN, "absent")
    for where in ("emr", "emr2", "report"):
        visit.say(where, "高血压", "condition", HTN)
    assert len(visit.only("condition-denied").evidence) == 5


def test_a_weekly_medicine_told_as_daily_stops_the_signature():
    visit = Visit(language="en")
    visit.say("form", "Every day", "medication", "drug:methotrexate", dose="15 mg", frequency="daily")
    visit.say("emr", "15 mg once weekly", "medication", "drug:methotrexate", dose="15 mg", frequency="qw")
    assert visit.only("medication-frequency").severity == "blocking"


def test_half_an_hour_is_not_last_night_and_three_hours_are_this_morning():
    early = Visit().say("form", "半小时前", "symptom", "symptom:chest-pain", duration="PT30M")
    assert early.say("talk", "昨晚十一点", "symptom", "symptom:chest-pain", onset="2026-11-19").rules() == {
        "symptom-began"
    }
    same = Visit().say("form", "3小时前", "symptom", "symptom:chest-pain", duration="PT3H")
    assert same.say("talk", "今早", "symptom", "symptom:chest-pain", onset="2026-11-20").rules() == set()


def test_what_is_there_for_when_it_is_needed_is_not_denied_by_who_hardly_needs_it():
    said = Visit(language="en").say("form", "when needed", "medication", "drug:salbutamol", frequency="prn")
    said.say("talk", "I don't use the blue one", "medication", "drug:salbutamol", status="absent")
    assert said.rules() == set()
    given_up = Visit(language="en").say("form", "twice a day", "medication", "drug:salbutamol", frequency="bid")
    given_up.say("talk", "I never use it", "medication", "drug:salbutamol", status="absent")
    assert given_up.rules() == {"medication-denied"}


def test_nothing_new_denies_only_what_is_new():
    said = Visit(language="en").say("form", "Weakness: right arm", "symptom", "symptom:weakness")
    assert said.say("talk", "No, nothing new", "symptom", "symptom:weakness", status="absent").rules() == set()

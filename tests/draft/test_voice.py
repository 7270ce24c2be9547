from __future__ import annotations

import pytest

from syngraph.draft.voice import Voice
from tests.draft.visits import Visit


def voiced(text, language="zh", **attributes):
    """A voice and one fact that quotes the whole of ``text``."""
    kind, what = attributes.pop("kind", "symptom"), attributes.pop("what", "疼痛" if language == "zh" else "pain")
    concept_id = attributes.pop("id", None)
    status = attributes.pop("status", "present")
    visit = Visit(language=language, texts={"talk": text}, birth_date=attributes.pop("born", "1980-01-01"))
    visit.said(kind, what, f"talk:{text}", status=status, id=concept_id, **attributes)
    return Voice(language=language, encounter=visit.encounter, sources={s.id: s for s in visit.sources}), visit.groups[
        0
    ][0]


@pytest.mark.parametrize(
    ("language", "what", "attributes", "expected"),
    [
        ("zh", "疼痛", {"body_site": "膝", "laterality": "left"}, "左膝疼痛"),
        ("zh", "疼痛", {"body_site": "腰部", "laterality": "right"}, "右侧腰部疼痛"),
        ("zh", "水肿", {"body_site": "下肢", "laterality": "bilateral"}, "双下肢水肿"),
        ("zh", "膝疼痛", {"body_site": "膝", "laterality": "left"}, "左膝疼痛"),
        ("zh", "左膝疼痛", {"laterality": "left"}, "左膝疼痛"),
        ("zh", "头痛", {"severity": "severe"}, "重度头痛"),
        ("zh", "重度抑郁", {"severity": "severe"}, "重度抑郁"),
        ("zh", "发热", {"status": "uncertain"}, "可疑发热"),
        ("en", "pain", {"body_site": "knee", "laterality": "left", "severity": "mild"}, "mild left knee pain"),
        ("en", "cataract", {"laterality": "bilateral"}, "bilateral cataract"),
        ("en", "tinnitus", {"laterality": "right"}, "right-sided tinnitus"),
        ("en", "fever", {"status": "uncertain"}, "possible fever"),
    ],
)
def test_nouns(language, what, attributes, expected):
    voice, fact = voiced("左膝 left", language, what=what, **attributes)
    assert voice.noun(fact) == expected


@pytest.mark.parametrize(
    ("language", "words", "attributes", "expected"),
    [
        ("zh", "3天了", {"duration": "P3D"}, "3天前"),
        ("zh", "半个月吧", {"duration": "P15D"}, "半月前"),
        ("zh", "十来天", {"duration": "P10D", "duration_low": "P10D", "duration_high": "P15D"}, "约10天前"),
        ("zh", "2024年查的", {"onset": "2024"}, "于2024年"),
        ("zh", "昨天开始", {"onset": "2026-11-19"}, "昨天"),
        ("zh", "上个礼拜六", {"onset": "2026-11-14", "onset_text": "上个礼拜六"}, "上周六"),
        ("zh", "十一月十号", {"onset": "2026-11-10"}, "于11月10日"),
        ("zh", "三天前", {"onset": "2026-11-17"}, "三天前"),
        ("zh", "说不清", {"onset": "2026-11-17"}, ""),
        ("zh", "", {}, ""),
        ("en", "three days", {"duration": "P3D"}, "for 3 days"),
        ("en", "Sunday. No wait, Saturday", {"onset": "2026-11-14", "duration": "P6D"}, "since Saturday"),
        ("en", "on November 3rd", {"onset": "2026-11-03"}, "since 3 November"),
        ("en", "two days ago", {"onset": "2026-11-18"}, "starting two days ago"),
        ("en", "since 2019", {"onset": "2019-05"}, "since May 2019"),
        ("en", "since yesterday", {"onset": "2026-11-19", "onset_text": "since yesterday"}, "since yesterday"),
    ],
)
def test_beginnings_are_said_only_as_the_evidence_has_them(language, words, attributes, expected):
    voice, fact = voiced(words or "x", language, **attributes)
    assert voice.onset(fact) == expected


def test_a_weekday_that_does_not_fit_the_date_is_not_taken():
    voice, fact = voiced("Sunday I went out", "en", onset="2026-11-14")
    assert voice.moment(fact) == ""


def test_days_since_onset():
    voice, fact = voiced("x", duration="P2W")
    assert voice.days(fact) == 14
    voice, fact = voiced("x", onset="2026-11-18")
    assert voice.days(fact) == 2
    voice, fact = voiced("x")
    assert voice.days(fact) is None


@pytest.mark.parametrize(
    ("born", "who"), [("2020-01-01", "患儿"), ("1980-01-01", "患者"), (None, "患者"), ("2012-11-19", "患者")]
)
def test_children_are_called_children(born, who):
    voice, _ = voiced("x", born=born)
    assert voice.who() == who


def test_the_terminology_names_what_it_knows_in_either_language():
    for language, name in (("zh", "咳嗽"), ("en", "cough")):
        voice, fact = voiced("x", language, what="老咳", id="symptom:cough")
        assert voice.name(fact) == name
    voice, fact = voiced("x", "en", what="膝肿胀", id="symptom:knee+swelling")
    assert voice.name(fact) == "knee swelling"
    voice, fact = voiced("x", "en", what="mystery", id="symptom:not-there")
    assert voice.name(fact) == "mystery"


def test_wording_that_says_more_than_the_name_is_kept():
    voice, fact = voiced("x", kind="exam-finding", what="咳嗽 2 级", id="symptom:cough")
    assert voice.name(fact) == "咳嗽2级"


def test_doses_and_measures():
    voice, fact = voiced("x", kind="medication", what="氨氯地平", dose="5 mg", frequency="bid", route="po")
    assert voice.dosed(fact) == "氨氯地平 5 mg，口服，每日2次"
    voice, fact = voiced("x", "en", kind="medication", what="amlodipine", dose="5 mg", frequency="bid")
    assert voice.dosed(fact) == "amlodipine 5 mg twice daily"
    voice, fact = voiced("x", kind="lab-result", what="钾", value="4.10", unit="mmol/L")
    assert voice.measured(fact) == "4.10 mmol/L"
    voice, fact = voiced("x", kind="lab-result", what="糖化血红蛋白", value="8.1", unit="%")
    assert voice.measured(fact) == "8.1%"
    voice, fact = voiced("x", kind="lab-result", what="尿蛋白", value="阴性")
    assert voice.measured(fact) == "阴性"


@pytest.mark.parametrize(
    ("language", "spoken", "written"),
    [
        ("zh", "嗯，那个要是再发烧，马上来医院啊。", "如再发烧，立即来医院"),
        ("zh", "你回去多喝水", "多饮水"),
        ("zh", "别熬夜哈", "勿熬夜"),
        ("en", "Okay, so I'd like you to keep the leg up, alright?", "keep the leg up"),
        ("en", "We'll see you in two weeks.", "Follow-up in two weeks"),
    ],
)
def test_spoken_advice_is_brought_into_written_form(language, spoken, written):
    voice, _ = voiced("x", language)
    assert voice.told(spoken) == written


def test_lonely_sites():
    voice, fact = voiced("x", what="头痛", body_site="太阳穴")
    assert voice.lonely_site(fact) == "位于太阳穴"
    voice, fact = voiced("x", "en", what="headache", body_site="temples")
    assert voice.lonely_site(fact) == "in the temples"
    voice, fact = voiced("x", "en", what="headache", body_site="behind the eyes")
    assert voice.lonely_site(fact) == "behind the eyes"


def test_evidence_whose_source_is_not_at_hand_says_nothing():
    voice, fact = voiced("x")
    bare = Voice(language="zh", encounter=voice.encounter)
    assert bare.quotes(fact) == ""


@pytest.mark.parametrize(
    ("spoken", "worse", "better"),
    [
        ("走快了", "快走时加重", "快走后缓解"),
        ("夜里", "夜间加重", "夜间减轻"),
        ("吃完饭以后", "进食后加重", "进食后缓解"),
        ("平躺的时候", "平躺时加重", "平躺时缓解"),
        ("只要一咳嗽", "咳嗽时加重", "咳嗽后缓解"),
        ("坐起来一会儿才", "坐起时加重", "坐起后缓解"),
        ("歇个三五分钟", "休息三五分钟时加重", "休息三五分钟后缓解"),
        ("一般活动", "一般活动时加重", "一般活动后缓解"),
        ("爬楼, 快走", "爬楼、快走时加重", "爬楼、快走后缓解"),
    ],
)
def test_what_eases_and_worsens_is_brought_into_written_form(spoken, worse, better):
    voice, _ = voiced("x")
    assert voice.p.shape("aggravated_by", voice.tidy(spoken)) == worse
    assert voice.p.shape("relieved_by", voice.tidy(spoken)) == better

"""CDA R2: C-CDA and WS/T 500 entries, narrative, unstructured bodies, encodings."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from syngraph.model import Source, SourceId
from syngraph.settings import Settings
from syngraph.sources import emr_documents
from syngraph.sources.emr import read_emr

SAMPLES = Path(__file__).parent.parent / "data" / "emr"


@pytest.fixture(autouse=True)
def titles(monkeypatch: pytest.MonkeyPatch) -> None:
    table = {"主诉": "chief-complaint", "现病史": "history-of-present-illness", "过敏史": "allergies"}
    codes = {"10154-3": "chief-complaint", "10164-2": "history-of-present-illness", "48765-2": "allergies"}
    monkeypatch.setattr(emr_documents, "_sections", lambda: (table.get, codes.get))


def read(data: bytes) -> tuple[tuple[Source, ...], list[str]]:
    sources, problems = read_emr(data, "emr/x.xml", source_id=SourceId("s4"), settings=Settings())
    return sources, [p.line for p in problems]


def document(*sections: str, body: str | None = None) -> bytes:
    inner = (
        body
        or "<component><structuredBody>"
        + "".join(f"<component><section>{s}</section></component>" for s in sections)
        + "</structuredBody></component>"
    )
    return (
        '<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f'<title>Doc</title><effectiveTime value="20260405"/>{inner}</ClinicalDocument>'
    ).encode()


def one(*sections: str) -> Source:
    sources, problems = read(document(*sections))
    assert problems == []
    assert len(sources) == 1
    return sources[0]


def test_ws_t_500_sample() -> None:
    (source,), _ = read((SAMPLES / "outpatient_zh.xml").read_bytes())
    assert source.identity is not None
    assert source.identity.name == "王芳"
    assert (source.identity.sex, source.identity.age, source.identity.stated) == ("female", "P40Y", "2025-03-01")
    assert source.identity.ids == ("MZ20260001",)
    assert (source.organization, source.recorded, source.title) == ("示例市中心医院", "2025-03-01", "门(急)诊病历")
    assert [(s.section, source.text[s.start : s.end]) for s in source.segments] == [
        ("allergies", "过敏史：青霉素，皮疹"),
        ("chief-complaint", "主诉：头晕3天"),
        ("history-of-present-illness", "现病史：患者3天前出现头晕。"),
        ("history-of-present-illness", "无头痛"),
        ("history-of-present-illness", "无呕吐"),
        ("history-of-present-illness", "项目：血压；结果：150/90"),
    ]
    assert {s.date for s in source.segments} == {"2025-03-01"}
    rows = [(e.kind, e.text, e.attributes.get("value"), e.attributes.get("unit")) for e in source.entries]
    assert rows == [
        ("vital-sign", "体温", "36.50", "℃"),
        ("vital-sign", "血压", "150/90", "mmHg"),
        ("lab-result", "空腹血糖", "7.10", "mmol/L"),
        ("condition", "高血压病2级", None, None),
    ]
    assert source.entries[3].codes[0].code == "I10.x05"


def test_c_cda_sample() -> None:
    (source,), _ = read((SAMPLES / "summary_en.xml").read_bytes())
    assert "Table repeated here" not in source.text
    assert "Take one tablet" in source.text
    rows = [(e.kind, e.text, e.status, e.subject) for e in source.entries]
    assert rows == [
        ("allergy", "Penicillin G", "present", "patient"),
        ("allergy", "drug allergy", "absent", "patient"),
        ("medication", "Metoprolol tartrate 25 MG Oral Tablet", "present", "patient"),
        ("medication", "Metformin 500 mg", "historical", "patient"),
        ("condition", "Angina", "present", "patient"),
        ("condition", "Pneumonia", "historical", "patient"),
        ("condition", "Diabetes mellitus", "absent", "patient"),
        ("condition", "problem", "absent", "patient"),
        ("lab-result", "Potassium", "present", "patient"),
        ("lab-result", "Titre", "present", "patient"),
        ("vital-sign", "Blood pressure", "present", "patient"),
        ("social-history", "smoking", "absent", "patient"),
        ("family-history", "Breast cancer", "present", "mother"),
        ("procedure", "Arthroscopy", "historical", "patient"),
        ("procedure", "Colonoscopy", "planned", "patient"),
        ("immunization", "Influenza vaccine", "absent", "patient"),
        ("administrative", "Office visit", "present", "patient"),
    ]
    by_name = {e.text: dict(e.attributes) for e in source.entries}
    assert by_name["Penicillin G"] == {"reaction": "Hives", "severity": "severe", "onset": "1998"}
    assert by_name["Metoprolol tartrate 25 MG Oral Tablet"]["frequency"] == "q12h"
    assert by_name["Metoprolol tartrate 25 MG Oral Tablet"]["reason"] == "Angina"
    assert by_name["Metformin 500 mg"]["frequency"] == "bid"
    assert by_name["Potassium"]["value"] == "7.10"
    assert by_name["Potassium"]["specimen"] == "Serum"
    assert by_name["Breast cancer"] == {"onset_age": "P44Y", "deceased": "true"}
    assert by_name["Arthroscopy"]["laterality"] == "left"
    first = source.entries[0]
    assert source.ruler.locate(first.start, first.end).path == "ClinicalDocument.section[0].entry[0]"
    assert [s.section for s in source.segments][:2] == ["history-of-present-illness"] * 2


@pytest.mark.parametrize("name", ["GB2312", "gbk", "GB18030"])
def test_chinese_encodings(name: str) -> None:
    text = (SAMPLES / "outpatient_zh.xml").read_text(encoding="utf-8").replace("UTF-8", name)
    (source,), problems = read(text.encode("gb18030"))
    assert problems == []
    assert "主诉：头晕3天" in source.text


def test_wrongly_declared_encoding() -> None:
    text = (SAMPLES / "outpatient_zh.xml").read_text(encoding="utf-8")
    assert "主诉：头晕3天" in read(text.encode("gb18030"))[0][0].text
    assert "主诉：头晕3天" in read(text.replace("UTF-8", "no-such").encode())[0][0].text
    assert "主诉：头晕3天" in read(text.replace("UTF-8", "utf-16").encode("utf-16"))[0][0].text


def test_narrative_of_sections_without_entries() -> None:
    source = one(
        "<title>Plan</title><text>Rest.<br/><list><item>Fluids</item><item>Review in <b>3</b> days</item></list></text>",
        "<code code='10164-2'/><text><paragraph>Cough.</paragraph></text>"
        "<component><section><title>Inner</title><text>More.</text></section></component>",
        "<code code='48768-6'/><title>Payers</title><text>Insurer</text>",
        "<title>Tables</title><text><table><tr><td>a</td><td>b</td></tr></table></text>",
    )
    assert source.text.split("\n") == [
        "Plan", "Rest.", "Fluids", "Review in 3 days", "Cough.", "Inner", "More.", "Tables", "a | b",
    ]  # fmt: skip


def test_unstructured_bodies() -> None:
    encoded = base64.b64encode("主诉：咳嗽3天。".encode()).decode()

    def body(text: str) -> bytes:
        return document(body=f"<component><nonXMLBody>{text}</nonXMLBody></component>")

    (source,), problems = read(body(f'<text mediaType="text/plain" representation="B64">{encoded}</text>'))
    assert problems == []
    assert source.text == "Doc\n主诉：咳嗽3天。"
    assert source.segments[0].section == "chief-complaint"
    assert read(body("<text>Seen today.</text>"))[0][0].text == "Doc\nSeen today."
    assert "only referenced" in read(body('<text><reference value="a.pdf"/></text>'))[1][0]
    assert "broken base64" in read(body('<text representation="B64">@</text>'))[1][0]


def observation(value: str, more: str = "") -> str:
    return (
        "<code code='30954-2'/><entry><observation><code displayName='Thing'/><statusCode code='completed'/>"
        f"{value}{more}</observation></entry>"
    )


@pytest.mark.parametrize(
    ("value", "text", "unit"),
    [
        ("<value xsi:type='PQ' value='7.10' unit='g/L'/>", "7.10", "g/L"),
        ("<value xsi:type='PQ' value='6.5' unit='1'/>", "6.5", None),
        ("<value xsi:type='INT' value='3'/>", "3", None),
        ("<value xsi:type='ST'>negative</value>", "negative", None),
        ("<value xsi:type='ED'>12 mg/L</value>", "12", "mg/L"),
        ("<value xsi:type='CD' code='1' displayName='Positive'/>", "Positive", None),
        ("<value xsi:type='BL' value='true'/>", "yes", None),
        ("<value xsi:type='TS' value='202601020830'/>", "2026-01-02 08:30", None),
        ("<value xsi:type='IVL_PQ'><low value='1' unit='g'/><high value='2' unit='g'/></value>", "1-2", "g"),
        ("<value xsi:type='IVL_PQ'><low value='60'/></value>", ">60", None),
    ],
)
def test_values(value: str, text: str, unit: str | None) -> None:
    e = one(observation(value)).entries[0]
    assert (e.text, e.attributes["value"], e.attributes.get("unit")) == ("Thing", text, unit)


@pytest.mark.parametrize(
    "value", ["", "<value xsi:type='PQ' nullFlavor='UNK'/>", "<value xsi:type='IVL_PQ'><low/></value>"]
)
def test_no_value_no_row(value: str) -> None:
    sources, problems = read(document(observation(value)))
    assert (sources, problems) == ((), [])


def test_one_sided_ranges() -> None:
    bound = "<referenceRange><observationRange><value><high value='5'/></value></observationRange></referenceRange>"
    e = one(observation("<value xsi:type='PQ' value='7'/>", bound)).entries[0]
    assert (e.attributes["reference_range"], e.attributes["flag"]) == ("≤5", "high")


def drug(inner: str, status: str = "active", attributes: str = "") -> str:
    material = "<consumable><manufacturedProduct><manufacturedMaterial><code displayName='Warfarin'/></manufacturedMaterial></manufacturedProduct></consumable>"
    return (
        f"<code code='10160-0'/><entry><substanceAdministration {attributes}><statusCode code='{status}'/>"
        f"{inner}{material}</substanceAdministration></entry>"
    )


def test_medication_variants() -> None:
    night = one(
        drug(
            "<effectiveTime xsi:type='EIVL_TS'><event code='HS'/></effectiveTime><doseQuantity><low value='1'/><high value='2'/></doseQuantity>"
        )
    )
    assert night.entries[0].attributes["frequency"] == "qn"
    assert night.entries[0].attributes["dose"] == "1-2"
    daily = one(drug("<effectiveTime><period value='1' unit='d'/></effectiveTime>"))
    assert daily.entries[0].attributes["frequency"] == "qd"
    assert one(drug("", "completed")).entries[0].status == "present"
    assert (
        one(drug("<effectiveTime><high value='2024'/></effectiveTime>", "completed")).entries[0].status == "historical"
    )
    assert one(drug("", attributes="negationInd='true'")).text == "Medication: not taking Warfarin"
    assert read(document(drug("", attributes="moodCode='PRP'"))) == ((), [])


def test_problem_statuses() -> None:
    def problem(inner: str, concern: str = "active") -> str:
        return (
            f"<code code='11450-4'/><entry><act><statusCode code='{concern}'/><entryRelationship><observation>"
            f"<value xsi:type='CD' code='1' displayName='Asthma'/>{inner}</observation></entryRelationship></act></entry>"
        )

    status = "<entryRelationship><observation><code code='33999-4'/><value xsi:type='CD' displayName='{}'/></observation></entryRelationship>"
    assert one(problem("")).entries[0].status == "present"
    assert one(problem("", "completed")).entries[0].status == "historical"
    assert one(problem(status.format("Active"), "completed")).entries[0].status == "present"
    assert one(problem(status.format("Resolved"))).entries[0].status == "historical"
    comment = "<entryRelationship><act><code code='48767-8'/><text>worse in spring</text></act></entryRelationship>"
    assert one(problem(comment)).text == "Condition: Asthma, comment: worse in spring"


def test_names_from_the_narrative() -> None:
    source = one(
        "<code code='11450-4'/><text><content ID='p1'>Chronic cough</content></text><entry><act><entryRelationship>"
        "<observation><value xsi:type='CD' nullFlavor='UNK'><originalText><reference value='#p1'/></originalText></value>"
        "</observation></entryRelationship></act></entry>"
    )
    assert source.entries[0].text == "Chronic cough"


def chinese(code: str, name: str, value: str) -> str:
    return f"<observation><code code='{code}' codeSystem='2.16.156.10011.2.2.1' displayName='{name}'/>{value}</observation>"


def test_chinese_allergy_flag() -> None:
    no = chinese("DE02.10.023.00", "过敏史标志", "<value xsi:type='BL' value='false'/>")
    source = one(f"<code code='48765-2'/><title>过敏史</title><entry>{no}</entry>")
    assert (source.entries[0].status, source.text) == ("absent", "Allergy: no known allergy")


def test_chinese_examinations_and_answers() -> None:
    item = chinese("DE04.30.010.00", "项目", "<value xsi:type='ST'>胸部CT</value>")
    long = chinese(
        "DE04.30.009.00", "结果", "<value xsi:type='ST'>两肺纹理增多，未见明显实质性病变，纵隔淋巴结无肿大。</value>"
    )
    mixed = chinese("DE04.30.009.00", "结果", "<value xsi:type='ST'>7.10mmol/L↑</value>")
    smoke = chinese("DE02.10.000.00", "吸烟", "<value xsi:type='ST'>从不吸烟</value>")
    source = one(
        f"<code code='30954-2'/><title>辅助检查</title><entry>{item}</entry><entry>{long}</entry>"
        f"<entry><organizer><component>{item}</component><component>{long}</component></organizer></entry>"
        f"<entry><organizer><component>{item.replace('胸部CT', '血钾')}</component><component>{mixed}</component></organizer></entry>",
        f"<code code='29762-2'/><title>个人史</title><entry>{smoke}</entry>",
    )
    assert source.text.split("\n") == [
        "胸部CT：两肺纹理增多，未见明显实质性病变，纵隔淋巴结无肿大。",
        "检验：血钾 7.10 mmol/L ↑",
        "个人史：吸烟：从不吸烟",
    ]
    assert source.segments[0].section == "investigations"
    assert (source.entries[0].attributes["flag"], source.entries[1].status) == ("high", "absent")


def test_chinese_diagnosis_codes_are_paired() -> None:
    named = [chinese("DE05.01.025.00", "诊断名称", f"<value xsi:type='ST'>{n}</value>") for n in ("痛风", "高血压")]
    coded = [chinese("DE05.01.024.00", "诊断代码", f"<value xsi:type='CD' code='{c}'/>") for c in ("M10", "I10")]
    entries = "".join(f"<entry>{o}</entry>" for o in (*named, *coded))
    source = one(f"<code code='29548-5'/>{entries}")
    assert [(e.text, e.codes[0].code) for e in source.entries] == [("痛风", "M10"), ("高血压", "I10")]
    value = "<value xsi:type='CD' code='I10' displayName='高血压'/>"
    alone = one(f"<code code='29548-5'/><entry>{chinese('DE05.01.024.00', '诊断', value)}</entry>")
    assert [(e.text, e.codes[0].code) for e in alone.entries] == [("高血压", "I10")]


def test_rarer_entries() -> None:
    vaccine = "<code code='140' codeSystem='2.16.840.1.113883.12.292' displayName='Flu'/>"
    warfarin = "<code code='11289'/><name>Warfarin</name>"
    product = "<consumable><manufacturedProduct><manufacturedMaterial>{}</manufacturedMaterial></manufacturedProduct></consumable>"
    source = one(
        # An allergy named by its value alone, no longer active; one without any name.
        "<code code='48765-2'/><entry><act><statusCode code='completed'/><entryRelationship><observation>"
        "<value xsi:type='CD' code='300916003' displayName='Latex allergy'/></observation></entryRelationship></act></entry>"
        "<entry><act><entryRelationship><observation><value xsi:type='CD' code='419199007' displayName='Allergy'/>"
        "<entryRelationship/></observation></entryRelationship></act></entry>",
        # A vaccine among the drugs, a withdrawn one, and a drug of which nothing but a code is known.
        f"<code code='10160-0'/><entry><substanceAdministration><statusCode code='completed'/>{product.format(vaccine)}"
        "</substanceAdministration></entry><entry><substanceAdministration moodCode='INT'>"
        f"{product.format(vaccine)}</substanceAdministration></entry><entry><substanceAdministration><statusCode code='nullified'/>"
        f"{product.format(vaccine.replace('2.16.840.1.113883.12.292', ''))}</substanceAdministration></entry>"
        "<entry><substanceAdministration><statusCode code='active'/>"
        f"{product.format(warfarin)}</substanceAdministration></entry>"
        "<entry><substanceAdministration/></entry>",
        # A problem that is no name, one in words only, and the diagnosis of an encounter.
        "<code code='11450-4'/><entry><observation><value xsi:type='CD' displayName='Problem'/></observation></entry>"
        "<entry><observation><value xsi:type='ST'>Back pain</value><targetSiteCode displayName='left side'/></observation></entry>"
        "<entry><observation/></entry>",
        "<code code='46240-8'/><entry><encounter><code displayName='Visit'/><effectiveTime value='2026'/><entryRelationship>"
        "<act><entryRelationship><observation><value xsi:type='CD' displayName='Sprain'/></observation></entryRelationship></act>"
        "</entryRelationship></encounter></entry>",
        "<code code='47519-4'/><entry><act><text>Wound dressing</text></act></entry><entry><procedure/></entry>",
        "<code code='10157-6'/><entry><organizer><component><observation><value xsi:type='CD' displayName='Gout'/></observation>"
        "</component><component><observation/></component></organizer></entry>",
    )
    assert [(e.kind, e.text, e.status) for e in source.entries] == [
        ("allergy", "Latex", "historical"),
        ("immunization", "Flu", "present"),
        ("medication", "Warfarin", "present"),
        ("condition", "Back pain", "present"),
        ("administrative", "Visit", "present"),
        ("condition", "Sprain", "present"),
        ("procedure", "Wound dressing", "historical"),
        ("family-history", "Gout", "present"),
    ]
    assert source.entries[2].codes[0].code == "11289"
    assert source.entries[3].attributes["laterality"] == "left"
    assert source.entries[-1].subject == "family"

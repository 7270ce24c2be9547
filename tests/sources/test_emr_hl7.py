"""HL7 v2: encodings, separators, escapes, segments, results, documents, several patients."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syngraph.model import Source, SourceId
from syngraph.settings import Settings
from syngraph.sources import emr_documents
from syngraph.sources.emr import read_emr
from syngraph.sources.emr_hl7 import Delimiters, decode, escape, split_messages, unescape

SAMPLE = Path(__file__).parent.parent / "data" / "emr" / "results_gb18030.hl7"
MSH = "MSH|^~\\&|LIS|H|HIS|X|20261118091500+0800||{}|M1|P|2.5|||||CHN|{}"
PID = "PID|1||{}^^^H^MR||{}||19840302|F"


@pytest.fixture(autouse=True)
def titles(monkeypatch: pytest.MonkeyPatch) -> None:
    table = {"主诉": "chief-complaint", "现病史": "history-of-present-illness", "HISTORY": "history-of-present-illness"}
    monkeypatch.setattr(emr_documents, "_sections", lambda: (table.get, lambda code: None))


def read_bytes(data: bytes) -> tuple[tuple[Source, ...], list[str]]:
    sources, problems = read_emr(data, "emr/x.hl7", source_id=SourceId("s4"), settings=Settings())
    return sources, [p.line for p in problems]


def one(*segments: str, kind: str = "ORU^R01", who: str | None = "王^芳") -> Source:
    head = [MSH.format(kind, "UNICODE UTF-8"), *([PID.format("7", who)] if who else [])]
    sources, problems = read_bytes("\r".join([*head, *segments]).encode())
    assert problems == []
    assert len(sources) == 1
    return sources[0]


def lines(source: Source) -> list[str]:
    return source.text.split("\n")[1:]


def test_the_gb18030_sample() -> None:
    data = SAMPLE.read_bytes()
    assert b"\xe5\x7c" in data  # the first character's second byte is the field separator
    (source,), problems = read_bytes(data)
    assert problems == []
    assert source.identity is not None
    assert (source.identity.name, source.identity.sex) == ("陳錦秀", "female")
    assert source.identity.birth_date == "1984-03-02"
    assert source.organization == "錦州示例醫院"
    assert source.recorded == "2026-11-18"
    assert lines(source) == [
        "过敏：青霉素（皮疹、喘息，重度），记录于2019-05-02",
        "疾病：高血壓病，记录于2025-03-01",
        "检验：血清鉀 7.10 mmol/L ↑（参考 3.5-5.3），标本 血清，2026-11-18 08:05，备注：標本輕度溶血",
        "检验：乙肝表面抗體 <2.00 mIU/mL（参考 <10），标本 血清，2026-11-18 08:05",
        "检验：尿蛋白 陰性，标本 血清，2026-11-18 08:05",
        "检查报告：胸部CT 影像所見 2026-11-17",
        "兩肺紋理增多。",
        "未見結節。",
    ]
    potassium = source.entries[2]
    assert (potassium.attributes["value"], potassium.attributes["flag"], potassium.witness) == (
        "7.10",
        "high",
        "laboratory",
    )
    assert potassium.codes[0].system == "http://loinc.org"
    assert source.ruler.locate(potassium.start, potassium.end).path == "OBX[1]"


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [
        ("UNICODE UTF-8", "utf-8"),
        ("UTF-8", "utf-8"),
        ("GB 18030-2000", "gb18030"),
        ("GBK", "gbk"),
        ("GB2312", "gbk"),
        ("BIG-5", "big5hkscs"),
        ("", "utf-8"),
        ("", "gb18030"),
        ("UNICODE UTF-8", "gb18030"),
        ("GB18030", "utf-8"),
        ("ASCII", "gb18030"),
        ("8859/1", "gb18030"),
        ("8859/1", "utf-8"),
    ],
)
def test_encodings_declared_undeclared_and_misdeclared(charset: str, encoding: str) -> None:
    text = "\r".join([MSH.format("ADT^A01", charset), PID.format("7", "陳^錦秀"), "AL1|1|DA|^青黴素|SV|皮疹與喘息"])
    (source,), problems = read_bytes(text.encode(encoding))
    assert problems == []
    assert "陳錦秀" in source.text
    assert "青黴素（皮疹與喘息，重度）" in source.text


def test_western_text_and_marks() -> None:
    text = MSH.format("ADT^A01", "8859/1") + "\r" + PID.format("7", "Müller^José")
    assert "José Müller" in read_bytes(text.encode("cp1252"))[0][0].text
    assert "José Müller" in read_bytes(b"\xef\xbb\xbf" + text.encode())[0][0].text
    assert decode(text.encode("utf-16"))[0].startswith("MSH")


def test_undecodable_bytes_are_told() -> None:
    data = (MSH.format("ADT^A01", "UNICODE UTF-8") + "\r" + PID.format("7", "Doe")).encode() + b"\xff\xff|\xff"
    sources, problems = read_bytes(data)
    assert len(sources) == 1
    assert "some characters can't be read" in problems[0]


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\r")))
def test_escape_and_unescape_are_inverse(text: str) -> None:
    assert unescape(escape(text)) == text
    own = Delimiters("!", "@", "#", "$", "%")
    assert unescape(escape(text, own), own) == text
    assert not set(escape(text)) & set("|^~&\n")


@pytest.mark.parametrize(
    ("escaped", "text"),
    [
        (r"a\F\b\S\c\T\d\R\e\E\f", "a|b^c&d~e\\f"),
        (r"one\.br\two", "one\ntwo"),
        (r"one\.sp2\two", "one\n\ntwo"),
        (r"\H\bold\N\ text", "bold text"),
        (r"\X414243\ \X0D\x", "ABC \rx"),
        (r"\XE99D92\\XC7E0\ ", "青青 "),
        (r"\.in+4\x\.ti-2\y\Z12\z", "xyz"),
        (r"C:\temp\file", r"C:\temp\file"),
        (r"\XZZ\ ", r"\XZZ\ "),
    ],
)
def test_escapes(escaped: str, text: str) -> None:
    assert unescape(escaped) == text


def test_own_separators_line_ends_and_framing() -> None:
    body = "MSH*%~\\&*A*HOSP*B*C*20260101**ADT%A01*1*P*2.3\nPID*1**7**Doe%Jane\nAL1*1*DA*%Latex*SV*Hives~Wheeze\n"
    for data in (body, body.replace("\n", "\r\n"), "\x0b" + body.replace("\n", "\r") + "\x1c\r"):
        (source,), problems = read_bytes(data.encode())
        assert problems == []
        assert source.text.split("\n")[1] == "Allergy: Latex (Hives, Wheeze, severe)"


def test_batch_with_several_patients_and_messages() -> None:
    first = [MSH.format("ADT^A01", ""), PID.format("7", "Doe^Jane"), "AL1|1|DA|^Latex"]
    again = [MSH.format("ADT^A08", ""), PID.format("7", "Doe^Jane"), "AL1|1|DA|^Latex", "AL1|2|FA|^Nuts"]
    other = [MSH.format("ADT^A01", ""), PID.format("8", "Roe^Sam"), "DG1|1||^Gout"]
    nobody = [MSH.format("ADT^A01", ""), "DG1|1||^Flu"]
    text = "\r".join(["FHS|^~\\&|x", "BHS|^~\\&|x", *first, *again, *other, *nobody, "BTS|4", "FTS|1"])
    sources, problems = read_bytes(text.encode())
    assert [(s.id, [e.text for e in s.entries if e.kind != "administrative"]) for s in sources] == [
        ("s4", ["Latex", "Nuts"]),
        ("s4b", ["Gout"]),
    ]
    e = sources[0].entries[-1]
    assert sources[0].ruler.locate(e.start, e.end).path == "message[2].AL1[2]"
    assert problems == [
        "emr/x.hl7: a message names no patient (no PID) (it is left out, as the file holds several patients)"
    ]


def test_message_without_patient_has_no_identity() -> None:
    source = one("DG1|1||^Flu", who=None)
    assert source.identity is None
    assert source.entries[0].text == "Flu"
    late = "\r".join([MSH.format("ADT^A01", ""), "DG1|1||^Flu", MSH.format("ADT^A01", ""), PID.format("7", "Doe^Jane")])
    (joined,), _ = read_bytes(late.encode())
    assert joined.identity is not None
    assert joined.identity.name == "Jane Doe"


def test_broken_lines_join_the_segment_before() -> None:
    source = one("OBR|1|||^Note", "OBX|1|TX|^Text||first line\nsecond, longer line of the same text||||||F")
    assert lines(source) == [
        "Report: Note Text 2026-11-18",
        "first line",
        "second, longer line of the same text",
    ]


def test_allergies() -> None:
    source = one(
        "AL1|1|DA|70618^Penicillin^RXNORM|MO|Rash|20190502",
        "AL1|2|DA|^NKDA",
        'AL1|3|DA|""',
        "IAM|1|FA^Food|^Peanut|SV|Swelling|A||||||2018||20200101||||||I",
        "IAM|2|DA|^Sulfa|||D",
        "IAM|3|DA|^Iodine|||A|||||||||||E",
        "IAM|4|DA|^Codeine|||A|||||||||||S",
        "NTE|1||only at night",
        kind="ADT^A60",
        who="Doe^Jane",
    )
    assert [(e.text, e.status) for e in source.entries] == [
        ("Penicillin", "present"),
        ("drug allergy", "absent"),
        ("Peanut", "present"),
        ("Codeine", "uncertain"),
    ]
    assert source.entries[0].attributes["category"] == "medication"
    assert source.entries[0].codes[0].system == "http://www.nlm.nih.gov/research/umls/rxnorm"
    assert lines(source)[-1] == "Allergy: Codeine, unconfirmed, comment: only at night"


def test_problems_diagnoses_procedures() -> None:
    source = one(
        "PV1|1|I|W3^12|||||||CRD",
        "DG1|1||I10^^I10|Hypertension|20250301|F",
        "DG1|2|||Gout||A",
        "DG1|3||^Dropped" + "|" * 18 + "D",
        "DG1|4||E11.9^Diabetes^I10|since youth",
        "PRB|AD|2024|^Asthma|||20240101|||||||Suspected|||2010",
        "PRB|UP|2024|^Angina||||||20240301||||Resolved",
        "PRB|DE|2024|^Deleted",
        "PR1|1||0DB^Polypectomy^I10P||20110203",
        "PR1|2||^Dropped" + "|" * 17 + "D",
        kind="ADT^A01",
        who="Doe^Jane",
    )
    assert [(e.kind, e.text, e.status) for e in source.entries] == [
        ("administrative", "inpatient", "present"),
        ("condition", "Hypertension", "present"),
        ("condition", "Gout", "present"),
        ("condition", "Diabetes", "present"),
        ("condition", "Asthma", "uncertain"),
        ("condition", "Angina", "historical"),
        ("procedure", "Polypectomy", "historical"),
    ]
    assert source.entries[1].codes[0].code == "I10"
    assert "department CRD" in lines(source)[0]
    assert "comment: since youth" in lines(source)[3]
    assert source.entries[5].attributes["ended"] == "2024-03-01"


@pytest.mark.parametrize(
    ("segment", "name", "value", "unit", "kind"),
    [
        ("OBX|1|NM|2823-3^Potassium^LN||7.10|mmol/L", "Potassium", "7.10", "mmol/L", "lab-result"),
        ("OBX|1|NM|^White cells||6.8|10^9/L", "White cells", "6.8", "10^9/L", "lab-result"),
        ("OBX|1|SN|^Titre||^1^:^40", "Titre", "1:40", None, "lab-result"),
        ("OBX|1|SN|^CEA||<^0.50|ng/mL", "CEA", "<0.50", "ng/mL", "lab-result"),
        ("OBX|1|CWE|^Culture||27268008^Salmonella^SCT", "Culture", "Salmonella", None, "lab-result"),
        ("OBX|1|CE|^Blood group||A", "Blood group", "A", None, "lab-result"),
        ("OBX|1|TS|^Collected||20260101083000", "Collected", "2026-01-01 08:30", None, "lab-result"),
        ("OBX|1|ST|^Nitrite||neg~trace", "Nitrite", "neg, trace", None, "lab-result"),
        ("OBX|1|NM|8867-4^Heart rate^LN||72|/min^per minute", "Heart rate", "72", "/min", "vital-sign"),
        ("OBX|1|ST|72166-2^Smoking status^LN||Former smoker", "Smoking", "Former smoker", None, "social-history"),
    ],
)
def test_result_values(segment: str, name: str, value: str, unit: str | None, kind: str) -> None:
    e = one("OBR|1|||^Panel", segment, who="Doe^Jane").entries[0]
    assert (e.text, e.attributes["value"], e.attributes.get("unit"), e.kind) == (name, value, unit, kind)


def test_result_status_dates_and_specimen() -> None:
    source = one(
        "OBR|1|||^Panel|||20260101",
        "OBX|1|NM|^A||1|||N|||P|||20260102030400+0000",
        "OBX|2|NM|^B||2||||||C",
        "OBX|3|NM|^C||||||||F",
        "OBX|4|NM|^D||4||||||D",
        "OBX|5|RP|^E||http://x||||||F",
        "SPM|1|||SER^Serum",
        who="Doe^Jane",
    )
    assert lines(source) == [
        "Laboratory: A 1, specimen Serum, preliminary, 2026-01-02 03:04 UTC",
        "Laboratory: B 2, specimen Serum, corrected, 2026-01-01",
    ]


def test_pressure_and_vitals_outside_an_order() -> None:
    source = one(
        "OBX|1|NM|8480-6^Systolic^LN||152|mmHg", "OBX|2|NM|8462-4^Diastolic^LN||94|mmHg", kind="ADT^A01", who="Doe^Jane"
    )
    assert [(e.text, e.attributes["value"]) for e in source.entries] == [("Blood pressure", "152/94")]


def test_notes_of_an_order_are_text() -> None:
    source = one("OBR|1|||^Panel", r"NTE|1||Fasting \T\ rested", "OBX|1|NM|^A||1", who="Doe^Jane")
    assert lines(source) == ["Fasting & rested", "Laboratory: A 1"]
    assert source.segments[0].section == "investigations"


def test_radiology_text_is_a_document() -> None:
    source = one("OBR|1|||^Chest|||20260102|||||||||||||||||RAD", "OBX|1|TX|^Findings||Clear.", who="Doe^Jane")
    assert lines(source) == ["Report: Chest Findings 2026-01-02", "Clear."]


def test_embedded_documents() -> None:
    text = base64.b64encode("主诉：咳嗽3天。\n现病史：受凉后起病。".encode()).decode()
    source = one("OBR|1|||^病历", f"OBX|1|ED|^文书||^TEXT^PLAIN^Base64^{text}||||||F")
    assert [(s.section, source.text[s.start : s.end]) for s in source.segments] == [
        ("chief-complaint", "主诉：咳嗽3天。"),
        ("history-of-present-illness", "现病史：受凉后起病。"),
    ]
    plain = one("OBR|1|||^x", "OBX|1|ED|^y||^TEXT^PLAIN^A^Seen well today.||||||F", who="Doe^Jane")
    assert lines(plain)[-1] == "Seen well today."


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("^IM^JPEG^Base64^AAAA", "image or sound"),
        ("^TEXT^^Base64^@@", "broken base64"),
        ("^TEXT^^Base64^", "without content"),
    ],
)
def test_embedded_documents_that_can_not_be_read(value: str, said: str) -> None:
    text = "\r".join([MSH.format("ORU^R01", ""), PID.format("7", "Doe"), "OBR|1", f"OBX|1|ED|^x||{value}||||||F"])
    sources, problems = read_bytes(text.encode())
    assert sources[0].entries == ()
    assert said in problems[0]


def test_mdm_is_one_document() -> None:
    source = one(
        "AL1|1|DA|^青霉素",
        "DG1|1||^肺炎",
        "TXA|1|CN^门诊病历|TX|20250301",
        "OBX|1|TX|^x||主诉：咳嗽3天。",
        r"OBX|2|FT|^x||现病史：受凉后起病。\.br\无发热。",
        kind="MDM^T02",
    )
    assert [e.text for e in source.entries] == ["青霉素", "肺炎"]
    assert [(s.section, s.date, source.text[s.start : s.end]) for s in source.segments] == [
        ("chief-complaint", "2025-03-01", "主诉：咳嗽3天。"),
        ("history-of-present-illness", "2025-03-01", "现病史：受凉后起病。"),
        ("history-of-present-illness", "2025-03-01", "无发热。"),
    ]
    assert "门诊病历 2025-03-01" in source.text
    assert one("TXA|1|CN|||||||||||||||CA", "OBX|1|TX|^x||gone", kind="MDM^T02").segments == ()
    assert one("TXA|1", "OBX|1|TX|^x||gone", kind="MDM^T11").segments == ()


def test_drug_orders() -> None:
    source = one(
        "ORC|NW|1|||||||20260105",
        "RXO|^Ampicillin|250||mg",
        "TQ1|1||BID^twice a day||||20260105|20260112",
        "RXE||^Ampicillin 250 mg caps|2||^capsule||after meals",
        "RXR|PO^oral",
        "ORC|DC|2",
        "RXE|^Q8H^^20240101^20240201|^Ibuprofen|400||mg",
        "ORC|CA|3",
        "RXO|^Never given|1||mg",
        "ORC|RE|4",
        "RXD|1|^Dispensed|20260101|1|tab",
        kind="RDE^O11",
        who="Doe^Jane",
    )
    assert [(e.text, e.status) for e in source.entries] == [
        ("Ampicillin 250 mg caps", "present"),
        ("Ibuprofen", "historical"),
        ("Dispensed", "historical"),
    ]
    assert dict(source.entries[0].attributes) == {
        "dose": "2 capsule",
        "route": "oral",
        "frequency": "bid",
        "frequency_text": "twice a day",
        "onset": "2026-01-05",
        "ended": "2026-01-12",
    }
    assert "comment: after meals" in lines(source)[0]
    assert source.entries[1].attributes["frequency"] == "q8h"
    assert source.entries[1].attributes["ended"] == "2024-02-01"


def test_vaccinations_and_administrations() -> None:
    rows = [
        "RXA|0|1|20251011||88^Influenza^CVX|0.5|mL",
        "RXA|0|1|20251012||115^Tdap^CVX|999" + "|" * 14 + "RE",
        "RXA|0|1|2025||998^None^CVX",
    ]
    source = one(*rows, "OBX|1|CE|30963-3^Funding^LN||x^Private", kind="VXU^V04", who="Doe^Jane")
    assert [(e.kind, e.text, e.status) for e in source.entries] == [
        ("immunization", "Influenza", "present"),
        ("immunization", "Tdap", "absent"),
    ]
    given_ = one("RXA|0|1|20251011||^Morphine|5|mg", kind="RAS^O17", who="Doe^Jane").entries[0]
    assert (given_.kind, given_.status, given_.attributes["dose"]) == ("medication", "historical", "5 mg")


def test_open_orders_are_plans() -> None:
    source = one("ORC|NW|1", "OBR|1|||^CT head|||20260101", "ORC|CA|2", "OBR|2|||^MRI", kind="ORM^O01", who="Doe^Jane")
    assert [(e.kind, e.text, e.status) for e in source.entries] == [("plan", "CT head", "planned")]


def test_segments_of_an_empty_text() -> None:
    assert split_messages("") == []
    assert split_messages("no message") == []
    short = split_messages("MSH|^~")[0]
    assert (short.type, short.event, short.head.get(2)) == ("", "", "")

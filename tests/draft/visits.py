"""Invented visits as facts: what extraction and merging would hand over, keyed by hand.

A visit is written as its sources' texts and, beside them, rows of facts that quote those texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from syngraph.draft.compose import compose
from syngraph.draft.templates import load_template
from syngraph.model import (
    Concept,
    Encounter,
    Evidence,
    Fact,
    FactId,
    Finding,
    Group,
    Patient,
    Section,
    Source,
    SourceId,
)

KINDS = {"pre": "preconsultation", "talk": "consultation", "report": "report", "emr": "emr"}


@dataclass
class Visit:
    """A visit under construction; ``said`` adds one fact to the last or a new group."""

    language: str
    texts: Mapping[str, str]
    birth_date: str | None = "1960-05-01"
    sex: str = "female"
    start: str = "2026-11-20T09:30:00+08:00"
    organization: str | None = None
    recorded: str | None = None
    groups: list[list[Fact]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def sources(self) -> tuple[Source, ...]:
        return tuple(
            Source(
                id=SourceId(key), kind=KINDS[key.rstrip("0123456789")], path=f"{key}.txt", sha256="0" * 64, text=text,
                organization=self.organization if key.startswith("report") else None,
                recorded=self.recorded if key.startswith("report") else None,
            )  # fmt: skip
            for key, text in self.texts.items()
        )

    @property
    def encounter(self) -> Encounter:
        patient = Patient(id="P1", name="Made Up", sex=self.sex, birth_date=self.birth_date)
        return Encounter(id="enc-1", language=self.language, start=datetime.fromisoformat(self.start), patient=patient)

    def said(
        self, kind: str, what: str, /, *quotes: str, status: str = "present", who: Iterable[str] = ("patient",),
        subject: str = "patient", id: str | None = None, same: bool = False, **attributes: Any,
    ) -> FactId:  # fmt: skip
        """Add a fact; a quote is ``source:words``; ``same`` puts it into the group of the fact before."""
        fact = Fact(
            id=FactId(f"f{1 + sum(map(len, self.groups))}"), kind=kind, concept=Concept(text=what, id=id), status=status,
            evidence=tuple(self._evidence(q) for q in quotes), witnesses=tuple(who), subject=subject,
            attributes={k: str(v) for k, v in attributes.items()},
        )  # fmt: skip
        if same:
            self.groups[-1].append(fact)
        else:
            self.groups.append([fact])
        return fact.id

    def _evidence(self, quote: str) -> Evidence:
        key, _, words = quote.partition(":")
        start = self.texts[key].index(words)
        return Evidence(source=SourceId(key), start=start, end=start + len(words))

    def disagree(self, *facts: str, kind: str = "contradiction") -> None:
        """A finding over facts."""
        self.findings.append(
            Finding(kind=kind, severity="blocking", topic="t", message="m", rule="r", facts=tuple(map(FactId, facts)))
        )

    def merged(self) -> tuple[Group, ...]:
        return tuple(Group(facts=tuple(g), mentions=tuple(g)) for g in self.groups)

    def draft(self, template: str) -> tuple[Section, ...]:
        return compose(self.merged(), self.encounter, load_template(template), self.sources, self.findings)

    def in_language(self, language: str) -> Visit:
        """The same facts to be written in another language."""
        return replace(self, language=language)


def text_of(sections: Iterable[Section], section: str | None = None) -> str:
    """The record as running text."""
    return "\n".join(
        f"{s.title} " + "".join(st.text if s.statements[0].text[0] > "\u2e80" or st.text[0] > "\u2e80" else st.text + " " for st in s.statements).strip()
        for s in sections
        if section in (None, s.id)
    )  # fmt: skip


def chest() -> Visit:
    """The first example of the standard: chest tightness."""
    v = Visit(
        language="zh",
        texts={
            "pre": "哪里不舒服：胸口发闷；多久：半个月；什么时候加重：爬楼；有无慢性病：高血压；过敏：没有；吸烟：已戒；家族史：父亲有心脏病。",
            "talk": (
                "患者：就是走快了胸口这儿闷得慌，像压了块石头，歇个三五分钟就好了。患者：有个十来天，半个月吧。上礼拜有一回夜里憋醒了，坐起来一会儿才缓过来。"
                "医生：出汗没有？往肩膀胳膊窜不窜？患者：出点汗，胳膊不疼，后背有点紧。患者：络活喜，一天一片。以前还吃阿司匹林，后来胃出血停了。"
                "患者：前年，前年冬天。患者：没有没有。患者：嗐，偶尔还抽两根。医生：血压量一个，一百五十二、九十四。心率八十八，齐的，没杂音，下肢不肿。"
                "医生：考虑冠心病，心绞痛不排除。先做个心电图、查个肌钙蛋白，要是夜里再憋醒、疼得超过一刻钟，马上来急诊。阿托伐他汀先吃上，二十毫克，每晚一片。"
            ),
            "report": "XX市第一人民医院 检验报告 报告日期 2026-10-30\nLDL-C 4.12 mmol/L ↑ <3.40\nTG 1.9 mmol/L ↑ <1.70\n空腹血糖 5.6 mmol/L",
            "emr": (
                "过敏：青霉素，皮疹，2019\n高血压病 2 级\n2024-12 胃镜下止血\n氨氯地平 5 mg qd 在用\n阿司匹林 2024-12 停用"
            ),
        },
        birth_date="1961-02-03",
        sex="male",
        organization="XX市第一人民医院",
        recorded="2026-10-30",
    )
    v.said("symptom", "胸闷", "pre:胸口发闷", "pre:半个月", "talk:走快了胸口这儿闷得慌，像压了块石头，歇个三五分钟就好了", "talk:半个月吧",
           id="symptom:chest-tightness", chief=1, duration="P15D", character="压迫感", aggravated_by="走快了、爬楼", relieved_by="歇个三五分钟")  # fmt: skip
    v.said("symptom", "夜间憋醒", "talk:上礼拜有一回夜里憋醒了，坐起来一会儿才缓过来", onset="2026-11-09", onset_text="上礼拜", count="1", relieved_by="坐起来一会儿")
    v.said("symptom", "出汗", "talk:出点汗", amount="少量")
    v.said("symptom", "后背发紧", "talk:后背有点紧")
    v.said("symptom", "上肢放射痛", "talk:往肩膀胳膊窜不窜", "talk:胳膊不疼", status="absent")
    v.said("condition", "高血压病2级", "pre:高血压", "emr:高血压病 2 级", who=("patient", "this-hospital"), id="condition:hypertension")
    v.said("procedure", "胃镜下止血", "emr:2024-12 胃镜下止血", who=("this-hospital",), date="2024-12")
    allergy = v.said("allergy", "青霉素", "emr:过敏：青霉素，皮疹，2019", who=("this-hospital",), reaction="皮疹", date="2019")
    none = v.said("allergy", "过敏", "pre:过敏：没有", "talk:没有没有", status="absent", id="allergy:any")
    v.said("medication", "氨氯地平", "talk:络活喜，一天一片", "emr:氨氯地平 5 mg qd 在用", who=("patient", "this-hospital"), dose="5 mg", frequency="qd")
    v.said("medication", "阿司匹林", "talk:阿司匹林，后来胃出血停了", "emr:阿司匹林 2024-12 停用", who=("patient", "this-hospital"), status="historical", ended="2024-12", reason="胃出血")
    quit_ = v.said("social-history", "吸烟", "pre:吸烟：已戒", status="historical", id="social:smoking", ended="yes")
    smokes = v.said("social-history", "吸烟", "talk:偶尔还抽两根", id="social:smoking", text="occasional", same=True)
    v.said("family-history", "心脏病", "pre:父亲有心脏病", subject="father")
    v.said("vital-sign", "血压", "talk:血压量一个，一百五十二、九十四", who=("doctor",), id="vital:blood-pressure", value="152/94", unit="mmHg")
    v.said("vital-sign", "心率", "talk:心率八十八", who=("doctor",), id="vital:heart-rate", value="88", unit="次/分")
    v.said("exam-finding", "心律齐", "talk:心率八十八，齐的", who=("doctor",), text="律齐")
    v.said("exam-finding", "杂音", "talk:没杂音", who=("doctor",), status="absent")
    v.said("exam-finding", "水肿", "talk:下肢不肿", who=("doctor",), status="absent", body_site="下肢", laterality="bilateral")
    for name, value, flag, spread, quote in (
        ("空腹血糖", "5.6", "", "", "空腹血糖 5.6 mmol/L"),
        ("LDL-C", "4.12", "high", "<3.40", "LDL-C 4.12 mmol/L ↑ <3.40"),
        ("TG", "1.9", "high", "<1.70", "TG 1.9 mmol/L ↑ <1.70"),
    ):
        v.said("lab-result", name, f"report:{quote}", who=("laboratory",), value=value, unit="mmol/L", flag=flag or "normal", reference_range=spread, date="2026-10-30", organization="XX市第一人民医院")
    v.said("diagnosis", "冠心病", "talk:考虑冠心病，心绞痛不排除", who=("doctor",), status="uncertain")
    v.said("diagnosis", "心绞痛", "talk:考虑冠心病，心绞痛不排除", who=("doctor",), status="uncertain")
    v.said("plan", "心电图", "talk:先做个心电图", who=("doctor",), status="planned", category="test")
    v.said("plan", "肌钙蛋白", "talk:查个肌钙蛋白", who=("doctor",), status="planned", category="test")
    v.said("plan", "阿托伐他汀", "talk:阿托伐他汀先吃上，二十毫克，每晚一片", who=("doctor",), status="planned", category="medication", dose="20 mg", frequency="qn")
    words = "要是夜里再憋醒、疼得超过一刻钟，马上来急诊"
    v.said("plan", words, f"talk:{words}", who=("doctor",), status="planned", category="return-precaution", text=words)
    v.disagree(allergy, none)
    v.disagree(quit_, smokes)
    return v


def dysuria() -> Visit:
    """The second example of the standard: a recurrent urinary infection, in English."""
    v = Visit(
        language="en",
        texts={
            "pre": "Burning when I pee again, 3 days. Took leftover antibiotics (2 days). Allergies: sulfa. Pregnant? No.",
            "talk": (
                "PATIENT: Yeah, since Sunday. No wait, Saturday, it was my sister's party. Stinging, and I'm going every half hour. PATIENT: No fever. "
                "My back's a bit sore on the left but I've been moving boxes. DOCTOR: Blood in the urine? PATIENT: Not that I've seen. My mum gets kidney stones though. "
                "PATIENT: The trimethoprim I had left. DOCTOR: Last period? PATIENT: Um. Six weeks? I'm usually late. DOCTOR: We'll do a test to be safe. "
                "Temperature's 37.4, tender over the bladder, left flank okay. I'd go with nitrofurantoin, a hundred twice a day, five days. "
                "If you get shivers or it moves up your back, come straight in."
            ),
            "report": "City Urgent Care, 2026-11-16. Urine culture: E. coli > 100,000 CFU/mL; trimethoprim R; nitrofurantoin S",
            "emr": "AllergyIntolerance: trimethoprim-sulfamethoxazole, hives, 2022\nObservation eGFR 38 mL/min/1.73m2 2026-09-02",
        },
        birth_date="1992-07-09",
        start="2026-11-17T09:30:00-05:00",
        organization="City Urgent Care",
        recorded="2026-11-16",
    )
    v.said("symptom", "dysuria", "pre:Burning when I pee again, 3 days", "talk:since Sunday. No wait, Saturday", "talk:Stinging", chief=1, duration="P3D", onset="2026-11-14", onset_text="Saturday", course="recurrent", id="symptom:dysuria")
    v.said("symptom", "urinary frequency", "talk:I'm going every half hour", timing="every half hour", onset="2026-11-14", chief=1)
    v.said("symptom", "back soreness", "talk:My back's a bit sore on the left but I've been moving boxes", laterality="left", severity="mild")
    v.said("symptom", "fever", "talk:No fever", status="absent")
    v.said("symptom", "visible blood in the urine", "talk:Blood in the urine? PATIENT: Not that I've seen", status="absent")
    v.said("medication", "trimethoprim", "pre:Took leftover antibiotics (2 days)", "talk:The trimethoprim I had left", self=1, duration="P2D", id="drug:trimethoprim")
    emr = v.said("allergy", "trimethoprim-sulfamethoxazole", "emr:AllergyIntolerance: trimethoprim-sulfamethoxazole, hives, 2022", who=("this-hospital",), reaction="hives", date="2022")
    sulfa = v.said("allergy", "sulfa", "pre:Allergies: sulfa")
    v.said("family-history", "kidney stones", "talk:My mum gets kidney stones", subject="mother")
    v.said("reproductive-history", "last menstrual period", "talk:Last period? PATIENT: Um. Six weeks", id="reproductive:lmp", ago="P6W", text="Six weeks")
    v.said("reproductive-history", "menstrual cycle", "talk:I'm usually late", id="reproductive:cycle", text="usually late")
    v.said("reproductive-history", "pregnancy", "pre:Pregnant? No", status="absent", id="reproductive:pregnancy")
    v.said("vital-sign", "temperature", "talk:Temperature's 37.4", who=("doctor",), value="37.4", unit="°C", id="vital:temperature")
    v.said("exam-finding", "suprapubic tenderness", "talk:tender over the bladder", who=("doctor",))
    v.said("exam-finding", "flank tenderness", "talk:left flank okay", who=("doctor",), status="absent", laterality="left")
    v.said("lab-result", "Urine culture", "report:Urine culture: E. coli > 100,000 CFU/mL; trimethoprim R; nitrofurantoin S", who=("laboratory",), value="E. coli > 100,000 CFU/mL", date="2026-11-16")
    v.said("lab-result", "eGFR", "emr:Observation eGFR 38 mL/min/1.73m2 2026-09-02", who=("this-hospital",), value="38", unit="mL/min/1.73m2", flag="low", date="2026-09-02")
    v.said("diagnosis", "recurrent urinary tract infection", "talk:I'd go with nitrofurantoin", who=("doctor",))
    drug = v.said("plan", "nitrofurantoin", "talk:nitrofurantoin, a hundred twice a day, five days", who=("doctor",), status="planned", category="medication", dose="100 mg", frequency="bid", duration="P5D")
    v.said("plan", "pregnancy test", "talk:We'll do a test to be safe", who=("doctor",), status="planned", category="test")
    words = "If you get shivers or it moves up your back, come straight in"
    v.said("plan", words, f"talk:{words}", who=("doctor",), status="planned", category="return-precaution", text=words)
    v.disagree(emr, sulfa)
    v.disagree(drug, kind="safety")
    return v

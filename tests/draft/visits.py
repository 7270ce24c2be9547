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
                id=SourceId(key),
                kind=KINDS[key.rstrip("0123456789")],
                path=f"{key}.txt",
                sha256="0" * 64,
                text=text,
                organization=self.organization if key.startswith("report") else None,
                recorded=self.recorded if key.startswith("report") else None,
            )
            for key, text in self.texts.items()
        )

    @property
    def encounter(self) -> Encounter:
        patient = Patient(id="P1", name="Made Up", sex=self.sex, birth_date=self.birth_date)
        return Encounter(id="enc-1", language=self.language, start=datetime.fromisoformat(self.start), patient=patient)

    def said(
        self,
        kind: str,
        what: str,
        /,
        *quotes: str,
        status: str = "present",
        who: Iterable[str] = ("patient",),
        subject: str = "patient",
        id: str | None = None,  # noqa: A002
        same: bool = False,
        **attributes: Any,
    ) -> FactId:
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
    v.said(
        "symptom",
        "夜间憋醒",
        "talk:上礼拜有一回夜里憋醒了，坐起来一会儿才缓过来",
        onset="2026-11-09",
        onset_text="上礼拜",
        count="1",
        relieved_by="坐起来一会儿",
    )
    v.said("symptom", "出汗", "talk:出点汗", amount="少量")
    v.said("symptom", "后背发紧", "talk:后背有点紧")
    v.said("symptom", "上肢放射痛", "talk:往肩膀胳膊窜不窜", "talk:胳膊不疼", status="absent")
    v.said(
        "condition",
        "高血压病2级",
        "pre:高血压",
        "emr:高血压病 2 级",
        who=("patient", "this-hospital"),
        id="condition:hypertension",
    )
    v.said("procedure", "胃镜下止血", "emr:2024-12 胃镜下止血", who=("this-hospital",), date="2024-12")
    allergy = v.said(
        "allergy", "青霉素", "emr:过敏：青霉素，皮疹，2019", who=("this-hospital",), reaction="皮疹", date="2019"
    )
    none = v.said("allergy", "过敏", "pre:过敏：没有", "talk:没有没有", status="absent", id="allergy:any")
    v.said(
        "medication",
        "氨氯地平",
        "talk:络活喜，一天一片",
        "emr:氨氯地平 5 mg qd 在用",
        who=("patient", "this-hospital"),
        dose="5 mg",
        frequency="qd",
    )
    v.said(
        "medication",
        "阿司匹林",
        "talk:阿司匹林，后来胃出血停了",
        "emr:阿司匹林 2024-12 停用",
        who=("patient", "this-hospital"),
        status="historical",
        ended="2024-12",
        reason="胃出血",
    )
    quit_ = v.said("social-history", "吸烟", "pre:吸烟：已戒", status="historical", id="social:smoking", ended="yes")
    smokes = v.said("social-history", "吸烟", "talk:偶尔还抽两根", id="social:smoking", text="occasional", same=True)
    v.said("family-history", "心脏病", "pre:父亲有心脏病", subject="father")
    v.said(
        "vital-sign",
        "血压",
        "talk:血压量一个，一百五十二、九十四",
        who=("doctor",),
        id="vital:blood-pressure",
        value="152/94",
        unit="mmHg",
    )
    v.said("vital-sign", "心率", "talk:心率八十八", who=("doctor",), id="vital:heart-rate", value="88", unit="次/分")
    v.said("exam-finding", "心律齐", "talk:心率八十八，齐的", who=("doctor",), text="律齐")
    v.said("exam-finding", "杂音", "talk:没杂音", who=("doctor",), status="absent")
    v.said(
        "exam-finding",
        "水肿",
        "talk:下肢不肿",
        who=("doctor",),
        status="absent",
        body_site="下肢",
        laterality="bilateral",
    )
    for name, value, flag, spread, quote in (
        ("空腹血糖", "5.6", "", "", "空腹血糖 5.6 mmol/L"),
        ("LDL-C", "4.12", "high", "<3.40", "LDL-C 4.12 mmol/L ↑ <3.40"),
        ("TG", "1.9", "high", "<1.70", "TG 1.9 mmol/L ↑ <1.70"),
    ):
        v.said(
            "lab-result",
            name,
            f"report:{quote}",
            who=("laboratory",),
            value=value,
            unit="mmol/L",
            flag=flag or "normal",
            reference_range=spread,
            date="2026-10-30",
            organization="XX市第一人民医院",
        )
    v.said("diagnosis", "冠心病", "talk:考虑冠心病，心绞痛不排除", who=("doctor",), status="uncertain")
    v.said("diagnosis", "心绞痛", "talk:考虑冠心病，心绞痛不排除", who=("doctor",), status="uncertain")
    v.said("plan", "心电图", "talk:先做个心电图", who=("doctor",), status="planned", category="test")
    v.said("plan", "肌钙蛋白", "talk:查个肌钙蛋白", who=("doctor",), status="planned", category="test")
    v.said(
        "plan",
        "阿托伐他汀",
        "talk:阿托伐他汀先吃上，二十毫克，每晚一片",
        who=("doctor",),
        status="planned",
        category="medication",
        dose="20 mg",
        frequency="qn",
    )
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
    v.said(
        "symptom",
        "dysuria",
        "pre:Burning when I pee again, 3 days",
        "talk:since Sunday. No wait, Saturday",
        "talk:Stinging",
        chief=1,
        duration="P3D",
        onset="2026-11-14",
        onset_text="Saturday",
        course="recurrent",
        id="symptom:dysuria",
    )
    v.said(
        "symptom",
        "urinary frequency",
        "talk:I'm going every half hour",
        timing="every half hour",
        onset="2026-11-14",
        chief=1,
    )
    v.said(
        "symptom",
        "back soreness",
        "talk:My back's a bit sore on the left but I've been moving boxes",
        laterality="left",
        severity="mild",
    )
    v.said("symptom", "fever", "talk:No fever", status="absent")
    v.said(
        "symptom", "visible blood in the urine", "talk:Blood in the urine? PATIENT: Not that I've seen", status="absent"
    )
    v.said(
        "medication",
        "trimethoprim",
        "pre:Took leftover antibiotics (2 days)",
        "talk:The trimethoprim I had left",
        self=1,
        duration="P2D",
        id="drug:trimethoprim",
    )
    emr = v.said(
        "allergy",
        "trimethoprim-sulfamethoxazole",
        "emr:AllergyIntolerance: trimethoprim-sulfamethoxazole, hives, 2022",
        who=("this-hospital",),
        reaction="hives",
        date="2022",
    )
    sulfa = v.said("allergy", "sulfa", "pre:Allergies: sulfa")
    v.said("family-history", "kidney stones", "talk:My mum gets kidney stones", subject="mother")
    v.said(
        "reproductive-history",
        "last menstrual period",
        "talk:Last period? PATIENT: Um. Six weeks",
        id="reproductive:lmp",
        ago="P6W",
        text="Six weeks",
    )
    v.said(
        "reproductive-history", "menstrual cycle", "talk:I'm usually late", id="reproductive:cycle", text="usually late"
    )
    v.said("reproductive-history", "pregnancy", "pre:Pregnant? No", status="absent", id="reproductive:pregnancy")
    v.said(
        "vital-sign",
        "temperature",
        "talk:Temperature's 37.4",
        who=("doctor",),
        value="37.4",
        unit="°C",
        id="vital:temperature",
    )
    v.said("exam-finding", "suprapubic tenderness", "talk:tender over the bladder", who=("doctor",))
    v.said(
        "exam-finding", "flank tenderness", "talk:left flank okay", who=("doctor",), status="absent", laterality="left"
    )
    v.said(
        "lab-result",
        "Urine culture",
        "report:Urine culture: E. coli > 100,000 CFU/mL; trimethoprim R; nitrofurantoin S",
        who=("laboratory",),
        value="E. coli > 100,000 CFU/mL",
        date="2026-11-16",
    )
    v.said(
        "lab-result",
        "eGFR",
        "emr:Observation eGFR 38 mL/min/1.73m2 2026-09-02",
        who=("this-hospital",),
        value="38",
        unit="mL/min/1.73m2",
        flag="low",
        date="2026-09-02",
    )
    v.said("diagnosis", "recurrent urinary tract infection", "talk:I'd go with nitrofurantoin", who=("doctor",))
    drug = v.said(
        "plan",
        "nitrofurantoin",
        "talk:nitrofurantoin, a hundred twice a day, five days",
        who=("doctor",),
        status="planned",
        category="medication",
        dose="100 mg",
        frequency="bid",
        duration="P5D",
    )
    v.said(
        "plan", "pregnancy test", "talk:We'll do a test to be safe", who=("doctor",), status="planned", category="test"
    )
    words = "If you get shivers or it moves up your back, come straight in"
    v.said("plan", words, f"talk:{words}", who=("doctor",), status="planned", category="return-precaution", text=words)
    v.disagree(emr, sulfa)
    v.disagree(drug, kind="safety")
    return v


def feverish_child() -> Visit:
    """A child with its mother: general state, treatment at home, a reading at home."""
    v = Visit(
        language="zh",
        texts={
            "talk": (
                "家属：孩子烧了两天了，昨天开始咳嗽，有痰，晚上咳得厉害，吐了一次。家属：自己量的三十九度一。家属：在家吃了布洛芬混悬液，每次五毫升，退下来又烧。"
                "家属：拉肚子没有，精神还行，胃口不好，睡觉也不踏实。家属：疫苗都按时打的，流感疫苗没打。家属：没有药物过敏。家属：她爸爸有鼻炎。"
                "医生：体温三十八度六，咽部充血，双肺呼吸音粗，没听到啰音。医生：考虑急性支气管炎，查个血常规，给氨溴特罗口服液，一次五毫升，一天两次，吃三天。"
                "医生：多喝水，三天以后复诊，如果出现气急、精神差，马上来医院。"
            )
        },
        birth_date="2022-03-09",
    )
    mum = ("companion",)
    v.said("symptom", "发热", "talk:孩子烧了两天了", who=mum, chief=1, duration="P2D", id="symptom:fever")
    v.said(
        "symptom",
        "咳嗽",
        "talk:昨天开始咳嗽",
        "talk:晚上咳得厉害",
        who=mum,
        onset="2026-11-19",
        onset_text="昨天",
        aggravated_by="晚上",
        id="symptom:cough",
    )
    v.said("symptom", "咳痰", "talk:有痰", who=mum, onset="2026-11-19", onset_text="昨天", chief=1)
    v.said("symptom", "呕吐", "talk:吐了一次", who=mum, count="1", id="symptom:vomiting")
    v.said("symptom", "腹泻", "talk:拉肚子没有", who=mum, status="absent", id="symptom:diarrhea", general=1)
    v.said(
        "symptom",
        "精神差",
        "talk:精神还行",
        who=mum,
        status="absent",
        general=1,
        text="精神可",
        id="symptom:poor-spirit",
    )
    v.said("symptom", "食欲不振", "talk:胃口不好", who=mum, general=1, id="symptom:poor-appetite")
    v.said("symptom", "失眠", "talk:睡觉也不踏实", who=mum, general=1, id="symptom:insomnia")
    v.said(
        "vital-sign",
        "体温",
        "talk:自己量的三十九度一",
        who=mum,
        value="39.1",
        unit="℃",
        context="home",
        id="vital:temperature",
    )
    v.said(
        "medication",
        "布洛芬混悬液",
        "talk:在家吃了布洛芬混悬液，每次五毫升，退下来又烧",
        who=mum,
        self=1,
        dose="5 mL",
        effect="none",
    )
    v.said("immunization", "流感疫苗", "talk:流感疫苗没打", who=mum, status="absent")
    v.said("allergy", "药物过敏", "talk:没有药物过敏", who=mum, status="absent", id="allergy:any")
    v.said("family-history", "鼻炎", "talk:她爸爸有鼻炎", who=mum, subject="father")
    doctor = ("doctor",)
    v.said("vital-sign", "体温", "talk:体温三十八度六", who=doctor, value="38.6", unit="℃", id="vital:temperature")
    v.said("exam-finding", "咽部充血", "talk:咽部充血", who=doctor)
    v.said(
        "exam-finding",
        "呼吸音粗",
        "talk:双肺呼吸音粗",
        who=doctor,
        body_site="肺",
        laterality="bilateral",
        text="双肺呼吸音粗",
    )
    v.said("exam-finding", "啰音", "talk:没听到啰音", who=doctor, status="absent")
    v.said("diagnosis", "急性支气管炎", "talk:考虑急性支气管炎", who=doctor, status="uncertain")
    v.said("plan", "血常规", "talk:查个血常规", who=doctor, status="planned", category="test")
    v.said(
        "plan",
        "氨溴特罗口服液",
        "talk:给氨溴特罗口服液，一次五毫升，一天两次，吃三天",
        who=doctor,
        status="planned",
        category="medication",
        dose="5 mL",
        frequency="bid",
        duration="P3D",
    )
    v.said("plan", "多喝水", "talk:多喝水", who=doctor, status="planned", category="advice", text="多喝水")
    v.said("plan", "复诊", "talk:三天以后复诊", who=doctor, status="planned", category="follow-up", when="P3D")
    words = "如果出现气急、精神差，马上来医院"
    v.said("plan", words, f"talk:{words}", who=doctor, status="planned", category="return-precaution", text=words)
    return v


def diabetes_followup() -> Visit:
    """A return visit for a known condition, with a series of results and a dispute over a dose."""
    v = Visit(
        language="zh",
        texts={
            "pre": "复查糖尿病。有没有不舒服：口干。二甲双胍每天两次每次一片。",
            "talk": "患者：最近口干好点了，没有手麻，也不怎么起夜。患者：二甲双胍一天三次。患者：酒早戒了，三年了，以前一天二两。医生：糖化还高，加达格列净十毫克每天一次，三个月后复查糖化。医生：足背动脉搏动正常。",
            "emr": "2型糖尿病 2015\n高血压病\n2026-11-18 糖化血红蛋白 8.1 % 高 4.0-6.0\n2026-08-01 糖化血红蛋白 7.9 % 高 4.0-6.0\n血压 2026-08-01 138/86 mmHg\n二甲双胍 0.5 g bid",
        },
    )
    emr = ("this-hospital",)
    v.said(
        "condition",
        "2型糖尿病",
        "emr:2型糖尿病 2015",
        "pre:复查糖尿病",
        who=("this-hospital", "patient"),
        chief=1,
        onset="2015",
    )
    v.said("condition", "高血压病", "emr:高血压病", who=emr)
    v.said(
        "symptom",
        "口干",
        "pre:有没有不舒服：口干",
        "talk:最近口干好点了",
        course="improving",
        id="symptom:thirst-dry-mouth",
    )
    v.said("symptom", "手麻", "talk:没有手麻", status="absent")
    v.said("symptom", "夜尿增多", "talk:也不怎么起夜", status="absent")
    a = v.said(
        "medication",
        "二甲双胍",
        "pre:二甲双胍每天两次每次一片",
        "emr:二甲双胍 0.5 g bid",
        who=("patient", "this-hospital"),
        dose="0.5 g",
        frequency="bid",
    )
    b = v.said("medication", "二甲双胍", "talk:二甲双胍一天三次", frequency="tid", same=True)
    v.said(
        "social-history",
        "饮酒",
        "talk:酒早戒了，三年了，以前一天二两",
        status="historical",
        amount="2 两",
        per="day",
        ended_for="P3Y",
        id="social:alcohol",
    )
    v.said(
        "lab-result",
        "糖化血红蛋白",
        "emr:2026-11-18 糖化血红蛋白 8.1 % 高 4.0-6.0",
        who=emr,
        value="8.1",
        unit="%",
        flag="high",
        reference_range="4.0-6.0",
        date="2026-11-18",
    )
    v.said(
        "lab-result",
        "糖化血红蛋白",
        "emr:2026-08-01 糖化血红蛋白 7.9 % 高 4.0-6.0",
        who=emr,
        value="7.9",
        unit="%",
        flag="high",
        reference_range="4.0-6.0",
        date="2026-08-01",
        same=True,
    )
    v.said(
        "vital-sign",
        "血压",
        "emr:血压 2026-08-01 138/86 mmHg",
        who=emr,
        value="138/86",
        unit="mmHg",
        date="2026-08-01",
        id="vital:blood-pressure",
    )
    v.said("exam-finding", "足背动脉搏动正常", "talk:足背动脉搏动正常", who=("doctor",))
    v.said(
        "plan",
        "达格列净",
        "talk:加达格列净十毫克每天一次",
        who=("doctor",),
        status="planned",
        category="medication",
        dose="10 mg",
        frequency="qd",
    )
    v.said(
        "plan",
        "复查糖化血红蛋白",
        "talk:三个月后复查糖化",
        who=("doctor",),
        status="planned",
        category="follow-up",
        when="P3M",
    )
    v.disagree(a, b)
    return v


def knee() -> Visit:
    """An English orthopaedic visit: side, site, trigger, dispute over the side of an image."""
    v = Visit(
        language="en",
        texts={
            "talk": (
                "PATIENT: I twisted my left knee two weeks ago playing football, sharp pain, swelled up straight away, about a 7. Worse on stairs. Ice helps. "
                "PATIENT: No locking, no numbness. PATIENT: I take ibuprofen 400 when it's bad, helps a bit. PATIENT: I smoke ten a day. No operations. PATIENT: I'm a nurse. "
                "DOCTOR: There's an effusion, medial joint line tenderness, Lachman negative. Probably a meniscal tear. MRI of the knee. Physio referral. Come back in three weeks."
            ),
            "report": "North Clinic\nMRI right knee 12 November 2026: no meniscal tear seen.",
        },
        birth_date="1990-01-01",
        organization="North Clinic",
        recorded="2026-11-12",
    )
    pain = v.said(
        "symptom",
        "knee pain",
        "talk:I twisted my left knee two weeks ago playing football, sharp pain",
        "talk:Worse on stairs. Ice helps",
        chief=1,
        laterality="left",
        duration="P2W",
        character="sharp",
        trigger="playing football",
        aggravated_by="on stairs",
        relieved_by="ice",
        severity="severe",
    )
    v.said("symptom", "swelling", "talk:swelled up straight away", body_site="knee", laterality="left", course="sudden")
    v.said("symptom", "locking", "talk:No locking", status="absent")
    v.said("symptom", "numbness", "talk:no numbness", status="absent")
    v.said(
        "medication",
        "ibuprofen",
        "talk:I take ibuprofen 400 when it's bad, helps a bit",
        dose="400 mg",
        frequency="prn",
        self=1,
        effect="improved",
        id="drug:ibuprofen",
    )
    v.said(
        "social-history", "smoking", "talk:I smoke ten a day", amount="10 cigarettes", per="day", id="social:smoking"
    )
    v.said("social-history", "occupation", "talk:I'm a nurse", text="nurse", id="social:occupation")
    v.said("procedure", "operations", "talk:No operations", status="absent", id="procedure:any")
    mri = v.said(
        "imaging",
        "MRI knee",
        "report:MRI right knee 12 November 2026: no meniscal tear seen",
        who=("other-hospital",),
        laterality="right",
        conclusion="no meniscal tear seen",
        date="2026-11-12",
        organization="North Clinic",
    )
    doctor = ("doctor",)
    v.said("exam-finding", "effusion", "talk:There's an effusion", who=doctor)
    v.said("exam-finding", "joint line tenderness", "talk:medial joint line tenderness", who=doctor, body_site="medial")
    v.said("exam-finding", "Lachman test", "talk:Lachman negative", who=doctor, status="absent")
    v.said("diagnosis", "meniscal tear", "talk:Probably a meniscal tear", who=doctor, status="uncertain")
    v.said("plan", "MRI of the knee", "talk:MRI of the knee", who=doctor, status="planned", category="imaging")
    v.said("plan", "physiotherapy", "talk:Physio referral", who=doctor, status="planned", category="referral")
    v.said(
        "plan",
        "follow-up",
        "talk:Come back in three weeks",
        who=doctor,
        status="planned",
        category="follow-up",
        when="P3W",
    )
    v.disagree(pain, mri)
    return v


def stroke_admission() -> Visit:
    """An admission with a companion, a review of systems from the form, an outside discharge."""
    v = Visit(
        language="zh",
        texts={
            "pre": "系统回顾：咳嗽 无；尿频 无；皮疹 有",
            "talk": "家属：今天早上六点发现他右边胳膊腿没劲，说话不清楚，越来越重。没有抽搐。家属：房颤五年了，吃华法林，一片一天。家属：抽烟三十年，一天一包。医生：神志清，右侧上肢肌力三级，巴氏征阳性。脑梗死，不排除心源性栓塞。急查头颅CT，停华法林。",
            "report": "市二院出院小结 出院日期2025-06-12 诊断：心房颤动 脑萎缩 2025-06-03行冠状动脉造影",
        },
        birth_date="1948-08-08",
        sex="male",
        organization="市二院",
        recorded="2025-06-12",
    )
    kin, doctor, other = ("companion",), ("doctor",), ("other-hospital",)
    v.said(
        "symptom",
        "肢体无力",
        "talk:今天早上六点发现他右边胳膊腿没劲",
        who=kin,
        chief=1,
        laterality="right",
        onset="2026-11-20",
        onset_text="今天早上",
        course="worsening",
    )
    v.said("symptom", "言语不清", "talk:说话不清楚", who=kin, chief=1)
    v.said("symptom", "抽搐", "talk:没有抽搐", who=kin, status="absent")
    v.said("symptom", "咳嗽", "pre:咳嗽 无", status="absent", review=1, id="symptom:cough")
    v.said("symptom", "尿频", "pre:尿频 无", status="absent", review=1)
    v.said("symptom", "皮疹", "pre:皮疹 有", review=1, id="symptom:rash")
    v.said(
        "condition",
        "心房颤动",
        "talk:房颤五年了",
        "report:心房颤动",
        who=("companion", "other-hospital"),
        duration="P5Y",
    )
    v.said("condition", "脑萎缩", "report:脑萎缩", who=other, date="2025-06-12", organization="市二院")
    v.said(
        "procedure",
        "冠状动脉造影",
        "report:2025-06-03行冠状动脉造影",
        who=other,
        date="2025-06-03",
        organization="市二院",
    )
    drug = v.said("medication", "华法林", "talk:吃华法林，一片一天", who=kin, dose="1 tablet", frequency="qd")
    v.said(
        "social-history",
        "吸烟",
        "talk:抽烟三十年，一天一包",
        who=kin,
        amount="1 packs",
        per="day",
        duration="P30Y",
        id="social:smoking",
    )
    v.said("exam-finding", "神志清", "talk:神志清", who=doctor, text="神志清")
    v.said("exam-finding", "上肢肌力", "talk:右侧上肢肌力三级", who=doctor, laterality="right", text="右侧上肢肌力三级")
    v.said("exam-finding", "巴氏征", "talk:巴氏征阳性", who=doctor)
    v.said("diagnosis", "脑梗死", "talk:脑梗死", who=doctor)
    v.said("diagnosis", "心源性栓塞", "talk:不排除心源性栓塞", who=doctor, status="uncertain")
    v.said("plan", "头颅CT", "talk:急查头颅CT", who=doctor, status="planned", category="imaging")
    v.said("plan", "华法林", "talk:停华法林", who=doctor, status="planned", category="medication", action="stop")
    assert drug
    return v


def eczema_online() -> Visit:
    """An online consultation with everything in six sections."""
    v = Visit(
        language="zh",
        texts={
            "pre": "双手起红疹，痒，反复一年多，洗碗后加重。过敏：海鲜起疹子。没有慢性病。在用炉甘石外用，没什么用。怀孕20周。",
            "talk": "医生：考虑湿疹，戴手套，避免热水烫洗。患者：妈妈有哮喘。",
        },
    )
    v.said(
        "symptom",
        "皮疹",
        "pre:双手起红疹，痒，反复一年多，洗碗后加重",
        body_site="手",
        laterality="bilateral",
        duration="P1Y",
        duration_low="P1Y",
        duration_high="P2Y",
        course="recurrent",
        aggravated_by="洗碗后",
        id="symptom:rash",
        chief=1,
    )
    v.said("symptom", "瘙痒", "pre:双手起红疹，痒，反复一年多", chief=1)
    v.said("allergy", "海鲜", "pre:海鲜起疹子", reaction="皮疹")
    v.said("condition", "慢性病", "pre:没有慢性病", status="absent", id="condition:any")
    v.said("medication", "炉甘石", "pre:在用炉甘石外用，没什么用", route="topical", self=1, effect="none")
    v.said("reproductive-history", "妊娠", "pre:怀孕20周", id="reproductive:pregnancy", text="20周")
    v.said("family-history", "哮喘", "talk:妈妈有哮喘", subject="mother")
    v.said("diagnosis", "湿疹", "talk:考虑湿疹", who=("doctor",), status="uncertain")
    for words in ("戴手套", "避免热水烫洗"):
        v.said("plan", words, f"talk:{words}", who=("doctor",), status="planned", category="advice", text=words)
    return v


def cough_disputed() -> Visit:
    """The form and the talk differ on how long the cough lasts, and on whether there is a fever."""
    v = Visit(
        language="zh",
        texts={
            "pre": "咳嗽3天，发热",
            "talk": "患者：咳嗽两周了，干咳，没发烧。患者：胸片没拍。",
            "emr": "2026-11-01 头痛",
        },
    )
    a = v.said("symptom", "咳嗽", "pre:咳嗽3天", chief=1, duration="P3D", id="symptom:cough")
    b = v.said(
        "symptom", "咳嗽", "talk:咳嗽两周了，干咳", duration="P2W", character="干咳", same=True, id="symptom:cough"
    )
    c = v.said("symptom", "发热", "pre:发热", chief=1, id="symptom:fever")
    d = v.said("symptom", "发热", "talk:没发烧", status="absent", same=True, id="symptom:fever")
    v.said("imaging", "胸片", "talk:胸片没拍", status="absent")
    v.said("symptom", "头痛", "emr:2026-11-01 头痛", who=("this-hospital",), date="2026-11-01")
    v.disagree(a, b)
    v.disagree(c, d)
    return v


def low_mood() -> Visit:
    """An English psychiatric visit as SOAP, with self-limiting and resolved complaints."""
    v = Visit(
        language="en",
        texts={
            "pre": "Feeling low for 6 months, can't sleep, lost weight. Alcohol: 14 units a week. Cannabis: no.",
            "talk": "PATIENT: It came on gradually after losing my job. Mornings are worst. No thoughts of harming myself. I had chest tightness last month, that's gone. PATIENT: I stopped sertraline in 2024 because of nausea. PATIENT: My sister has depression. No allergies. DOCTOR: Moderate depressive episode. Start mirtazapine 15 milligrams at night. Bloods: TSH and full blood count. See you in two weeks.",
            "emr": "Hypothyroidism 2019\nlevothyroxine 75 ug qd",
        },
        birth_date="1979-12-12",
    )
    v.said(
        "symptom",
        "low mood",
        "pre:Feeling low for 6 months",
        "talk:It came on gradually after losing my job. Mornings are worst",
        chief=1,
        duration="P6M",
        course="gradual",
        trigger="losing my job",
        aggravated_by="in the morning",
    )
    v.said("symptom", "insomnia", "pre:can't sleep", general=1, id="symptom:insomnia")
    v.said("symptom", "weight loss", "pre:lost weight", general=1, id="symptom:weight-loss")
    v.said("symptom", "thoughts of self-harm", "talk:No thoughts of harming myself", status="absent")
    v.said(
        "symptom",
        "chest tightness",
        "talk:I had chest tightness last month, that's gone",
        status="historical",
        resolved=1,
        onset="2026-10",
        onset_text="last month",
    )
    v.said(
        "medication",
        "sertraline",
        "talk:I stopped sertraline in 2024 because of nausea",
        status="historical",
        ended="2024",
        reason="nausea",
    )
    v.said(
        "medication",
        "levothyroxine",
        "emr:levothyroxine 75 ug qd",
        who=("this-hospital",),
        dose="75 ug",
        frequency="qd",
    )
    v.said("condition", "hypothyroidism", "emr:Hypothyroidism 2019", who=("this-hospital",), onset="2019")
    v.said("family-history", "depression", "talk:My sister has depression", subject="sister")
    v.said("allergy", "allergies", "talk:No allergies", status="absent", id="allergy:any")
    v.said(
        "social-history", "alcohol", "pre:Alcohol: 14 units a week", amount="14 units", per="week", id="social:alcohol"
    )
    v.said("social-history", "recreational drug use", "pre:Cannabis: no", status="absent", id="social:drugs")
    doctor = ("doctor",)
    v.said("diagnosis", "moderate depressive episode", "talk:Moderate depressive episode", who=doctor)
    v.said(
        "plan",
        "mirtazapine",
        "talk:Start mirtazapine 15 milligrams at night",
        who=doctor,
        status="planned",
        category="medication",
        dose="15 mg",
        frequency="qn",
    )
    v.said("plan", "TSH", "talk:Bloods: TSH", who=doctor, status="planned", category="test")
    v.said("plan", "full blood count", "talk:full blood count", who=doctor, status="planned", category="test")
    v.said(
        "plan",
        "See you in two weeks",
        "talk:See you in two weeks",
        who=doctor,
        status="planned",
        category="follow-up",
        text="See you in two weeks",
        when="P2W",
    )
    return v


def bleeding() -> Visit:
    """Gynaecology: cycle, last period, obstetric history, an ultrasound brought along."""
    v = Visit(
        language="zh",
        texts={
            "talk": "患者：下面出血十来天了，量多，有血块，小肚子坠胀。患者：上个月10号来的月经，平时三十天一次。孕二产一。患者：没怀孕，上着环。没有头晕。患者：好像有子宫肌瘤。医生：妇科检查子宫增大，质硬，无压痛。诊断子宫肌瘤，异常子宫出血。",
            "report": "妇幼保健院 超声报告 2026年11月5日\n子宫附件超声\n超声提示：子宫肌瘤（32×28 mm）；\n宫腔内节育器。",
        },
        organization="妇幼保健院",
    )
    v.said(
        "symptom",
        "阴道出血",
        "talk:下面出血十来天了，量多，有血块",
        chief=1,
        duration="P10D",
        duration_low="P10D",
        duration_high="P15D",
        amount="多",
    )
    v.said("symptom", "下腹坠胀", "talk:小肚子坠胀")
    v.said("symptom", "头晕", "talk:没有头晕", status="absent", id="symptom:dizziness")
    v.said("condition", "子宫肌瘤", "talk:好像有子宫肌瘤", status="uncertain")
    v.said(
        "reproductive-history",
        "末次月经",
        "talk:上个月10号来的月经",
        id="reproductive:lmp",
        date="2026-10-10",
        text="上个月10号",
    )
    v.said("reproductive-history", "月经周期", "talk:平时三十天一次", id="reproductive:cycle", text="三十天一次")
    v.said("reproductive-history", "孕产史", "talk:孕二产一", id="reproductive:gravida-para", text="孕二产一")
    v.said("reproductive-history", "妊娠", "talk:没怀孕", id="reproductive:pregnancy", status="absent")
    v.said("reproductive-history", "避孕", "talk:上着环", id="reproductive:contraception", text="上着环")
    v.said(
        "imaging",
        "子宫附件超声",
        "report:子宫附件超声\n超声提示：子宫肌瘤（32×28 mm）；\n宫腔内节育器。",
        who=("other-hospital",),
        conclusion="子宫肌瘤（32×28 mm）；\n宫腔内节育器。",
        date="2026-11-05",
    )
    doctor = ("doctor",)
    v.said("exam-finding", "子宫增大", "talk:子宫增大", who=doctor)
    v.said("exam-finding", "质硬", "talk:质硬", who=doctor, text="质硬")
    v.said("exam-finding", "压痛", "talk:无压痛", who=doctor, status="absent")
    v.said("diagnosis", "子宫肌瘤", "talk:诊断子宫肌瘤", who=doctor)
    v.said("diagnosis", "异常子宫出血", "talk:异常子宫出血", who=doctor)
    return v


def elderly_english() -> Visit:
    """An old lady with her son: many drugs, uncertain facts, an identifiable panel of more than eight rows."""
    labs = [("Sodium", "128", "mmol/L", "low"), ("Potassium", "4.1", "mmol/L", "normal"), ("Urea", "9.8", "mmol/L", "high"),
            ("Creatinine", "110", "umol/L", "high"), ("Albumin", "38", "g/L", "normal"), ("Calcium", "2.30", "mmol/L", "normal"),
            ("Haemoglobin", "118", "g/L", "normal"), ("Platelets", "250", "10^9/L", "normal"), ("White cells", "7.10", "10^9/L", "normal"), ("CRP", "4", "mg/L", "normal")]  # fmt: skip
    v = Visit(
        language="en",
        texts={
            "talk": "COMPANION: She's been confused since yesterday and fell twice. Maybe a headache. COMPANION: She takes indapamide, I think 2.5 each morning, and something for sleep. No vomiting. She had her gallbladder out in 1998. She might have had a stroke. DOCTOR: Heart sounds normal. Hyponatraemia. Stop the indapamide. Admit under medicine.",
            "report": "Hill Hospital Laboratory 2026-11-19\n" + "\n".join(f"{n} {x} {u}" for n, x, u, _ in labs),
        },
        birth_date="1938-05-05",
        organization="Hill Hospital Laboratory",
    )
    kin, doctor = ("companion",), ("doctor",)
    v.said(
        "symptom",
        "confusion",
        "talk:She's been confused since yesterday",
        who=kin,
        chief=1,
        onset="2026-11-19",
        onset_text="since yesterday",
        id="symptom:confusion",
    )
    v.said("symptom", "fall", "talk:fell twice", who=kin, chief=1, count="2")
    v.said("symptom", "headache", "talk:Maybe a headache", who=kin, status="uncertain", id="symptom:headache")
    v.said("symptom", "vomiting", "talk:No vomiting", who=kin, status="absent", id="symptom:vomiting")
    v.said(
        "medication",
        "indapamide",
        "talk:She takes indapamide, I think 2.5 each morning",
        who=kin,
        dose="2.5 mg",
        frequency="qam",
        id="drug:indapamide",
    )
    v.said("medication", "sleeping tablet", "talk:something for sleep", who=kin, status="uncertain")
    v.said("procedure", "cholecystectomy", "talk:She had her gallbladder out in 1998", who=kin, date="1998")
    v.said("condition", "stroke", "talk:She might have had a stroke", who=kin, status="uncertain")
    for name, value, unit, flag in labs:
        v.said(
            "lab-result",
            name,
            f"report:{name} {value} {unit}",
            who=("laboratory",),
            value=value,
            unit=unit,
            flag=flag,
            date="2026-11-19",
        )
    v.said("exam-finding", "heart sounds normal", "talk:Heart sounds normal", who=doctor)
    v.said("diagnosis", "hyponatraemia", "talk:Hyponatraemia", who=doctor)
    v.said(
        "plan",
        "indapamide",
        "talk:Stop the indapamide",
        who=doctor,
        status="planned",
        category="medication",
        action="stop",
        id="drug:indapamide",
    )
    v.said(
        "plan",
        "Admit under medicine",
        "talk:Admit under medicine",
        who=doctor,
        status="planned",
        category="other",
        text="Admit under medicine",
    )
    return v


def nosebleed() -> Visit:
    """ENT: a single odd negative, no treatment, a past operation without a date, a stopped habit, an old complaint."""
    v = Visit(
        language="zh",
        texts={
            "talk": "患者：左边鼻子反复流血半年，每天早上都流，一次几分钟。鼻子不堵，没有失眠。没吃药。患者：小时候做过扁桃体手术，去年出过车祸。以前老头痛。家里人都没这毛病。我不喝酒，也不抽烟。没有高血压，没有糖尿病。做过鼻内镜。医生：鼻中隔左偏。不考虑鼻咽癌。"
        },
    )
    v.said(
        "symptom",
        "鼻出血",
        "talk:左边鼻子反复流血半年，每天早上都流，一次几分钟",
        chief=1,
        laterality="left",
        duration="P6M",
        course="recurrent",
        timing="每天早上",
        episode="PT5M",
    )
    v.said("symptom", "鼻塞", "talk:鼻子不堵", status="absent")
    v.said("symptom", "无力", "talk:没有失眠", status="absent")
    v.said("medication", "用药", "talk:没吃药", status="absent", self=1, id="medication:any")
    v.said("procedure", "扁桃体切除术", "talk:小时候做过扁桃体手术")
    v.said("symptom", "头痛", "talk:以前老头痛", status="historical", id="symptom:headache")
    v.said("family-history", "鼻出血", "talk:家里人都没这毛病", subject="family", status="absent")
    v.said("social-history", "饮酒", "talk:我不喝酒", status="absent", id="social:alcohol")
    v.said("social-history", "吸烟", "talk:也不抽烟", status="absent", id="social:smoking")
    v.said("condition", "高血压", "talk:没有高血压", status="absent")
    v.said("condition", "糖尿病", "talk:没有糖尿病", status="absent")
    v.said("imaging", "鼻内镜", "talk:做过鼻内镜")
    v.said("exam-finding", "鼻中隔左偏", "talk:鼻中隔左偏", who=("doctor",))
    v.said("diagnosis", "鼻咽癌", "talk:不考虑鼻咽癌", who=("doctor",), status="absent")
    return v


def refill() -> Visit:
    """Nothing hurts: a prescription to renew, an insurance remark, and a brother who coughs."""
    v = Visit(
        language="en",
        texts={
            "pre": "Need more salbutamol inhaler 100 mcg, two puffs as needed. My brother is coughing. Insurance card renewed."
        },
    )
    v.said(
        "medication",
        "salbutamol",
        "pre:Need more salbutamol inhaler 100 mcg, two puffs as needed",
        chief=1,
        dose="2 puffs",
        frequency="prn",
        route="inhaled",
        id="drug:salbutamol",
        indication="asthma",
    )
    v.said("symptom", "cough", "pre:My brother is coughing", subject="brother", id="symptom:cough")
    v.said("administrative", "insurance", "pre:Insurance card renewed")
    return v


VISITS = {
    f.__name__: f
    for f in (
        chest, dysuria, feverish_child, diabetes_followup, knee, stroke_admission, eczema_online, cough_disputed,
        low_mood, bleeding, elderly_english, nosebleed, refill,
    )
}  # fmt: skip

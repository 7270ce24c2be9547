"""Sayings of form, talk and record that agree, however differently worded: any two of a set make a visit without a dispute."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from contradiction_maker import (
    Said,
    allergy,
    condition,
    form,
    medication,
    operation,
    pressure,
    relative,
    result,
    smoker,
)
from contradiction_plants import en, zh

_YOUNG = {"birth_date": "1996-05-05"}


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """One state of affairs in one language, told in many ways."""

    topic: str
    language: str
    said: Sequence[Said]
    patient: Mapping[str, str] = field(default_factory=dict)

    def visits(self) -> Iterator[tuple[Said, Said]]:
        """Every two sayings that come from different sources."""
        return (pair for pair in combinations(self.said, 2) if pair[0][0] != pair[1][0])


AGREEMENTS: tuple[Agreement, ...] = (
    # --- habits ---------------------------------------------------------------------------------------------------
    Agreement(
        topic="ex-smoker", language="zh",
        said=[form("吸烟", "已戒，3个月"), form("您吸烟吗？", "已戒烟"), form("是否吸烟", "否"), form("吸烟", "不吸"), form("抽烟吗", "以前抽，戒了"),
              form("您吸烟吗？", "不吸烟，今年8月戒的"), form("吸烟史", "曾吸烟，已戒"), form("个人嗜好", "已戒烟"),
              zh("上次说抽烟要戒，戒了没？", "戒了，八月份以后就没抽了。"), zh("抽烟吗？", "早就不抽了。"), zh("抽烟不？", "戒啦，三个月没抽了。"),
              zh("烟还抽吗？", "不抽了。"), zh("抽烟吗？", "现在不抽，以前抽的。"), zh("抽烟喝酒吗？", "烟戒了，酒也不喝。"), zh("吸烟吗？", "没抽了，戒掉了。"),
              zh("烟呢？", "烟我是不碰了，三个月了。"), zh("抽烟不抽？", "原来一天一包，现在一根不抽。"), zh("抽烟吗？", "不抽烟。")],
    ),
    Agreement(
        topic="ex-smoker", language="en",
        said=[form("Do you smoke?", "Ex-smoker"), form("Smoking", "No, gave up in 2019"), form("Do you smoke?", "No"), form("Smoking status", "Former smoker"),
              form("Tobacco use", "Quit 2019"), form("Do you smoke?", "Not any more"), form("Smoker?", "I used to"), smoker("Former smoker"),
              en("Do you smoke?", "I gave up in 2019."), en("Do you smoke?", "Not now, I packed it in seven years ago."), en("Smoking?", "Not any more, no."),
              en("Are you a smoker?", "Used to be. Stopped in 2019."), en("Any cough?", "I've a bit of a smoker's cough still, dry, in the mornings. I gave up in 2019."),
              en("Do you smoke at all?", "No, haven't touched one since 2019."), en("Smoking?", "I kicked the habit years back."), en("Do you smoke?", "No, I don't."),
              en("And cigarettes?", "I used to smoke twenty a day but I quit."), en("Do you smoke?", "Ex. Twenty years of it though.")],
    ),
    Agreement(
        topic="vaping", language="en",
        said=[form("Do you smoke?", "Ex-smoker, vape"), form("Smoking", "Vape only"), form("Do you smoke?", "No, I vape"), form("Do you smoke?", "Ex-smoker"),
              form("Smoking status", "Former smoker, e-cigarettes now"), form("Do you smoke?", "No - vaping"), form("Do you smoke or vape?", "Vape"),
              en("Smoking?", "I vape now. Packed the fags in four years ago."), en("Do you smoke?", "No, just the vape."), en("Do you smoke?", "Not cigarettes, I vape."),
              en("Smoker?", "I was. I'm on the vape these days."), en("Do you smoke?", "Gave up the cigarettes, use an e-cig instead."), en("Smoking?", "I switched to vaping."),
              en("Do you smoke at all?", "I don't smoke anymore, I've a vape.")],
    ),
    Agreement(
        topic="vaping", language="zh",
        said=[form("吸烟", "已戒，现用电子烟"), form("是否吸烟", "电子烟"), form("吸烟", "已戒烟"), form("您吸烟吗", "不吸烟，抽电子烟"),
              zh("抽烟吗？", "烟戒了，现在抽电子烟。"), zh("抽烟吗？", "不抽纸烟了，换电子烟了。"), zh("吸烟吗？", "电子烟偶尔抽抽，纸烟不抽了。")],
    ),
    Agreement(
        topic="never-smoked", language="zh",
        said=[form("吸烟", "否"), form("吸烟", "从不"), form("您吸烟吗？", "不吸烟"), form("吸烟史", "无"), form("个人史", "不吸烟，不饮酒"), form("吸烟饮酒", "都不"),
              zh("抽烟喝酒吗？", "都不沾的。他也戒了。"), zh("抽烟吗？", "不抽，我老公抽。"), zh("抽烟喝酒？", "烟酒不沾。"), zh("抽烟吗？", "从来没抽过。"),
              zh("家里有人抽烟吗？", "他爸抽，我不抽。"), zh("抽烟不？", "我不会抽烟。"), zh("抽烟喝酒吗？", "我不抽不喝，我爱人以前抽，现在戒了。"),
              zh("吸烟吗？", "没有这个爱好。"), zh("有没有抽烟？", "没有没有。"), zh("平时抽烟吗？", "不抽的，就是办公室同事抽，二手烟闻得多。")],
    ),
    Agreement(
        topic="never-smoked", language="en",
        said=[form("Do you smoke?", "Never"), form("Smoking", "Never smoked"), form("Do you smoke?", "No"), form("Tobacco", "None"), smoker("Never smoker"),
              form("Smoking status", "Non-smoker"), form("Smoking/alcohol", "No / no"),
              en("Do you smoke?", "Never have."), en("Do you smoke?", "No, but my husband does."), en("Do you smoke?", "No, he used to, he gave up last year."),
              en("Does anyone smoke at home?", "My husband did, he stopped when she was born."), en("Any smoking or drinking?", "Neither."),
              en("Smoker?", "God no, never touched one."), en("Smoke?", "No. My dad smoked all his life though.")],
    ),
    Agreement(
        topic="occasional-alcohol", language="zh",
        said=[form("饮酒", "偶尔"), form("您饮酒吗？", "偶尔喝一点"), form("饮酒", "少量"), form("饮酒史", "偶饮"), form("饮酒情况", "社交性饮酒"), form("是否饮酒", "偶尔，一个月一两次"),
              zh("喝酒吗？", "不抽烟，酒的话公司聚餐喝一点，一个月一两次吧。"), zh("喝酒不？", "过年过节喝两口。"), zh("喝酒吗？", "很少喝。"), zh("喝酒吗？", "应酬的时候喝点。"),
              zh("喝不喝酒？", "不怎么喝，就聚会喝一杯。"), zh("饮酒吗？", "一年喝不了几回。"), zh("平时喝酒吗？", "平时不喝，朋友来了喝点啤酒。"), zh("喝酒吗？", "基本不喝，偶尔一杯红酒。"),
              zh("抽烟喝酒呢？", "烟不抽，酒偶尔喝点。")],
    ),
    Agreement(
        topic="occasional-alcohol", language="en",
        said=[form("Alcohol", "Occasional"), form("Do you drink alcohol?", "Occasionally"), form("Alcohol", "2-4 units/week"), form("Alcohol", "socially"), form("How much alcohol do you drink?", "Rarely"),
              form("Alcohol use", "Social drinker"), form("Alcohol: units per week", "2"),
              en("Do you drink?", "Now and again."), en("And alcohol?", "A glass of wine at the weekend."), en("Do you drink alcohol?", "Not much, birthdays and Christmas."),
              en("Any alcohol?", "Hardly ever."), en("Smoke or drink?", "Never smoked. The odd pint."), en("Alcohol?", "Couple of glasses a month, if that."),
              en("Do you drink?", "Not really. Maybe a beer at a barbecue."), en("Alcohol?", "I don't drink much.")],
    ),
    Agreement(
        topic="stopped-drinking", language="zh",
        said=[form("您饮酒吗？", "已戒酒"), form("饮酒", "否"), form("饮酒", "戒了5年"), form("饮酒史", "既往饮酒，已戒"), form("饮酒", "不喝"),
              zh("抽烟喝酒呢？", "酒是不喝了，真不喝了，好几年了。"), zh("喝酒吗？", "戒了。"), zh("还喝酒吗？", "滴酒不沾了，自从那次住院。"), zh("喝酒吗？", "以前喝，肝不好就不喝了。"),
              zh("酒还喝吗？", "早不喝了，五年了。"), zh("喝酒吗？", "不喝了。"), zh("喝酒吗？", "不喝酒。")],
    ),
    Agreement(
        topic="stopped-drinking", language="en",
        said=[form("Alcohol", "None now"), form("Do you drink alcohol?", "No"), form("Alcohol", "Stopped 2021"), form("Alcohol", "Nil, ex-drinker"), form("Alcohol units per week", "0"),
              en("Do you drink?", "Not anymore."), en("Alcohol?", "I knocked it on the head five years ago."), en("Do you drink?", "I gave it up in 2021."), en("Any alcohol?", "Nothing now, I used to."),
              en("Do you drink?", "No, I don't."), en("And alcohol?", "Been sober five years.")],
    ),
    Agreement(
        topic="one-habit-each", language="en",
        said=[form("Alcohol", "4 units/week"), form("Smoking", "Never"), en("Smoking?", "Never smoked. Wine with dinner on Sundays."), en("Do you smoke or drink?", "I don't smoke, I do like a pint on Saturdays."),
              en("Alcohol? Smoking?", "A bit of wine, and never smoked."), en("Do you smoke?", "Never smoked."), en("And drink?", "About four units."), en("Drink at all? Smoke?", "Never smoked.")],
    ),
    # --- past illness ---------------------------------------------------------------------------------------------
    Agreement(
        topic="healed", language="zh",
        said=[form("慢性病", "否"), form("既往史", "体健"), form("有无慢性病", "无"), form("慢性疾病史", "没有"), form("既往慢性病", "否认"), form("基础疾病", "无"),
              zh("以前有什么慢性病吗？", "没有，小时候得过湿疹，早好了。"), zh("身体怎么样？", "都挺好的。小时候有过湿疹，现在没了。"), zh("以前得过什么病？", "小时候得过肺炎，治好了。"),
              zh("有什么老毛病？", "没有。去年得过一次胃炎，吃药好了。"), zh("以前得过病吗？", "小学得过水痘。"), zh("以前有病吗？", "没啥，就是年轻时候得过一次阑尾炎，保守治好的。"),
              zh("以前有什么病？", "得过甲流。"), zh("既往有什么病？", "前年得过带状疱疹，好了。"), zh("以前身体好吗？", "好，就小时候哮喘过，长大就没犯过。"), zh("有什么慢性病？", "颈椎不太好算吗？偶尔落枕。"),
              zh("以前得过什么病？", "尿路感染过一次。"), zh("有没有慢性病？", "没有高血压糖尿病。")],
    ),
    Agreement(
        topic="healed", language="en",
        said=[form("Long-term conditions", "None"), form("Any chronic illness?", "No"), form("Medical conditions", "None"), form("Do you have any ongoing medical conditions?", "No"), form("Past medical history", "Nil"),
              en("Any medical problems?", "No, I had eczema as a child but it cleared up."), en("Anything in the past?", "I had chickenpox as a kid."), en("Any ongoing conditions?", "None. Had pneumonia once, years ago."),
              en("Any other illnesses?", "Tonsillitis a lot when I was little."), en("Past medical history?", "Nothing. A water infection last year."), en("Are you generally well?", "Fit as a fiddle. Childhood asthma, grew out of it."),
              en("Any health problems?", "No, just hay fever."), en("Anything you've been treated for?", "A chest infection in spring."), en("Any medical conditions?", "Nothing at all.")],
    ),
    Agreement(
        topic="diabetes", language="zh",
        said=[form("慢性病", "2型糖尿病"), form("既往疾病", "糖尿病10年"), form("患糖尿病多久", "11年"), form("您有高血压、糖尿病、高脂血症吗？", "糖尿病；没有高血压"), condition("2型糖尿病", "2015-10"),
              zh("有什么慢性病？", "糖尿病，十来年了。"), zh("血糖高吗？", "糖尿病嘛，有十年了。"), zh("糖尿病多少年了？", "差不多十年了吧，记不太清。"), zh("有什么病？", "就是血糖高，一直吃药。"),
              zh("高血压、糖尿病有吗？", "高血压没有，糖尿病有。"), zh("除了糖尿病还有别的病吗？", "没有别的病。"), zh("有没有别的病？", "没有。")],
    ),
    Agreement(
        topic="conditions", language="en",
        said=[form("Medical conditions", "High blood pressure"), form("Past medical history", "HTN"), form("Do you have any of: diabetes, asthma, hypertension?", "Hypertension"), condition("Essential hypertension", "2016"),
              en("Any medical problems?", "Just the blood pressure."), en("Anything else apart from the blood pressure?", "No."), en("Any heart trouble, diabetes?", "No, just high blood pressure, ten years or so."),
              en("Any other conditions?", "No, nothing else."), en("Any diabetes?", "No."), en("How long have you had high blood pressure?", "Oh, about ten years."), en("Do you have high blood pressure?", "Yes, on tablets for it, it's fine now.")],
    ),
    # --- operations -----------------------------------------------------------------------------------------------
    Agreement(
        topic="no-operations", language="zh", patient=_YOUNG,
        said=[form("手术史", "无"), form("做过手术吗？", "没有"), form("手术外伤史", "否认"), form("生育史", "2023年顺产，女婴，足月"), form("住院史", "2023年因分娩住院"), form("既往手术", "无"),
              zh("开过刀没有？", "没有开过刀，孩子是顺产的。"), zh("做过手术吗？", "没有，就做过一次胃镜。"), zh("动过手术吗？", "没有，拔过智齿。"), zh("生过孩子吗？", "生过一个，顺产。"), zh("做过什么手术？", "没有，流产过一次，药流的。"),
              zh("住过院吗？", "生孩子住过，顺产的。"), zh("有没有手术外伤？", "没。"), zh("孩子怎么生的？", "顺的。"), zh("做过手术没得？", "没得，缝过两针算不算？")],
    ),
    Agreement(
        topic="no-operations", language="en", patient=_YOUNG,
        said=[form("Previous operations", "None"), form("Have you had any surgery?", "No"), form("Surgical history", "Nil"), form("Pregnancies", "1, vaginal delivery 2023"), form("Operations", "no"),
              en("Any operations?", "No, never."), en("Any surgery?", "No, just had my baby, normal delivery."), en("Ever been in hospital?", "Only to have my daughter, vaginal birth."), en("Any operations in the past?", "None, unless you count wisdom teeth."),
              en("Any surgery?", "A colonoscopy once, that's all."), en("Previous surgeries?", "Nope."), en("Any operations?", "No. A few stitches in my chin once."), en("Any surgery?", "I had a smear and a biopsy, no operations.")],
    ),
    Agreement(
        topic="operation", language="zh",
        said=[form("手术史", "胆囊切除 2018"), form("做过手术吗？", "2018年胆囊手术"), form("手术史", "有"), operation("腹腔镜胆囊切除术", "2018-05-11"),
              zh("别的病、开刀呢？", "胆囊2018年割掉了，胆结石。"), zh("做过手术没有？", "胆囊摘了，一八年。"), zh("动过刀吗？", "除了胆囊没别的。"), zh("除了胆囊还开过刀没有？", "没有。"), zh("别的手术做过吗？", "没有了。"),
              zh("做过手术吗？", "做过一次微创的，胆囊。"), zh("什么时候切的胆囊？", "有七八年了。")],
    ),
    Agreement(
        topic="operation", language="en",
        said=[form("Previous operations", "Left inguinal hernia repair 2011"), form("Surgery", "Hernia 2011"), form("Have you had any operations?", "Yes, hernia"), operation("Left inguinal hernia repair", "2011-03-02"),
              en("Any operations?", "A hernia on the left, years ago."), en("Any other operations?", "No, just the hernia."), en("Any surgery apart from the hernia?", "No."), en("Previous surgery?", "Hernia done in 2011."),
              en("Any other surgery?", "None."), en("Operations?", "Hernia, fifteen years back.")],
    ),
    # --- pregnancies ----------------------------------------------------------------------------------------------
    Agreement(
        topic="pregnant", language="zh", patient=_YOUNG,
        said=[form("目前是否怀孕", "是"), form("是否怀孕", "怀孕12周"), form("妊娠情况", "孕12周"), form("末次月经", "2026-08-28"), condition("单胎妊娠", recorded="2026-10-16"),
              zh("怀孕多久了？", "十二周了。"), zh("现在几周？", "十二周，第二胎。"), zh("以前怀过吗？", "怀过两次，生了一个，流了一个。"), zh("流过产吗？", "没有流过产。"), zh("出血没有？", "没有出血，肚子也不痛。"),
              zh("有没有妊娠糖尿病、妊娠高血压？", "上次没有。"), zh("上一胎怎么样？", "顺产，没有并发症。")],
    ),
    Agreement(
        topic="pregnant", language="en", patient=_YOUNG,
        said=[form("Are you pregnant?", "Yes"), form("Pregnant?", "24 weeks"), form("Could you be pregnant?", "Yes, 24 weeks"), condition("Pregnancy", recorded="2026-08-26"),
              en("How far along are you?", "Twenty-four weeks today."), en("Any pregnancies before this one?", "No, this is my first."), en("Any problems in the pregnancy?", "None so far."),
              en("Any miscarriages?", "No."), en("Any high blood pressure or diabetes in pregnancy?", "No, neither."), en("Were you trying for a baby?", "Yes, for a year.")],
    ),
    Agreement(
        topic="not-pregnant", language="zh", patient=_YOUNG,
        said=[form("目前是否怀孕", "否"), form("是否怀孕", "没有"), form("是否正在备孕", "否"), form("生育史", "孕1产1，2020年顺产"), zh("怀孕没有？", "没有。"), zh("近期有怀孕打算吗？", "没有没有，还没结婚呢。"), zh("生过几个？", "生过一个，二零年怀的。"),
              zh("上次怀孕是哪年？", "二零年。"), zh("怀孕的时候血糖高吗？", "那时候不高。"), zh("备孕吗？", "没有，避孕的。"), zh("有没有可能怀孕？", "不可能，没有性生活。")],
    ),
    Agreement(
        topic="not-pregnant", language="en", patient=_YOUNG,
        said=[form("Are you pregnant?", "No"), form("Could you be pregnant?", "No"), form("Are you planning a pregnancy?", "No"), form("Pregnancies", "One, 2020"), en("Any chance you could be pregnant?", "No, none."), en("Are you trying for a baby?", "God, no."),
              en("How many pregnancies?", "One, in 2020, my son."), en("Were you well when you were pregnant?", "Yes, no problems."), en("Contraception?", "The pill.")],
    ),
    # --- family ---------------------------------------------------------------------------------------------------
    Agreement(
        topic="family", language="zh",
        said=[form("家族史", "母亲、姐姐糖尿病"), form("家族史", "母亲糖尿病"), form("家族中有无高血压", "无"), form("家族中有无肿瘤", "无"), form("家族遗传病", "无"), relative("MTH", "母亲", "糖尿病"),
              zh("家里谁有？", "我妈，我姐，都是糖尿病。"), zh("家里人身体怎么样？", "我妈糖尿病，别的没有。"), zh("家里有得癌的吗？", "没有。"), zh("父母有高血压、糖尿病吗？", "我妈有糖尿病，我爸没有。"), zh("家族里还有别的病吗？", "没有了。"),
              zh("有没有遗传病？", "没有遗传病。"), zh("爸爸呢？", "我爸身体好，没病。"), zh("兄弟姐妹呢？", "姐姐也是糖尿病，弟弟没有。")],
    ),
    Agreement(
        topic="family", language="en",
        said=[form("Family history", "Mother - breast cancer"), form("Any relative with bowel cancer?", "No"), form("Family history of heart disease?", "No"), form("Family history", "Mum had breast cancer at 52"), relative("MTH", "Mother", "Breast cancer"),
              en("Any illnesses in the family?", "My mum had breast cancer."), en("Any bowel cancer in the family?", "No."), en("Heart disease in the family?", "No, none that I know of."), en("Anything else in the family?", "No."), en("What about your father?", "He's fine, nothing wrong with him."),
              en("Any family history of diabetes?", "No."), en("Are your parents well?", "Mum had breast cancer, dad's fit as a flea."), en("Brothers and sisters?", "All healthy.")],
    ),
    # --- allergies ------------------------------------------------------------------------------------------------
    Agreement(
        topic="allergy", language="zh",
        said=[form("药物过敏", "否"), form("药物过敏", "无"), form("食物过敏", "芒果，嘴唇肿"), form("药物或食物过敏", "芒果过敏"), form("过敏史", "芒果"), allergy("芒果"),
              zh("药物过敏有没有？", "没有药物过敏，就是芒果吃了嘴巴会肿起来。"), zh("对什么药过敏吗？", "没有。"), zh("过敏吗？", "药没有，芒果不能吃。"), zh("有什么过敏的？", "芒果。"), zh("药物过敏呢？", "药都能吃。"),
              zh("青霉素过敏吗？", "不过敏，打过的。"), zh("吃药过敏不？", "不过敏，就吃芒果嘴肿。"), zh("除了芒果还有别的过敏吗？", "没了。")],
    ),
    Agreement(
        topic="allergy", language="en",
        said=[form("Allergies", "Codeine - sickness"), form("Do you have any allergies?", "Codeine makes me vomit"), form("Drug allergies", "Codeine"), allergy("Codeine", reaction=[{"manifestation": [{"text": "Vomiting"}]}]),
              en("And allergies?", "Just codeine. Well, it makes me throw up something chronic."), en("Any allergies?", "Codeine, it makes me sick."), en("Allergic to anything else?", "No."), en("Any allergies apart from codeine?", "No."),
              en("Penicillin allergy?", "No, I've had penicillin, that's fine."), en("Any food allergies?", "No."), en("Latex, plasters?", "No, fine with those.")],
    ),
    # --- medicines ------------------------------------------------------------------------------------------------
    Agreement(
        topic="medicine", language="zh",
        said=[form("目前用药", "二甲双胍0.5g每日三次"), form("正在服用的药", "二甲双胍"), form("目前用药", "格华止 0.5g tid"), form("目前降糖方案", "二甲双胍0.5g，3次/日"), medication("盐酸二甲双胍片 0.5g", "0.5 g 每日3次"),
              zh("吃什么药？", "格华止0.5的，一天三次，一次一片。"), zh("二甲双胍怎么吃？", "一天三次，中午那顿有时候忘。"), zh("药都吃着没漏？", "二甲双胍吃着的。"), zh("吃什么药？", "二甲双胍，三顿饭跟着吃，一回一片。"), zh("二甲双胍吃着吗？", "吃着，前几天拉肚子停了两天。"),
              zh("还吃别的药吗？", "没有，就二甲双胍。"), zh("别的药呢？", "没有别的药。"), zh("二甲双胍吃多少？", "五百毫克，三次。")],
    ),
    Agreement(
        topic="medicine", language="en",
        said=[form("What medicines do you take?", "Ramipril 5mg OD, paracetamol"), form("Current medication", "ramipril 5 mg once daily"), form("Medicines", "Ramipril"), medication("Ramipril 5 mg capsules", "5 mg once daily"),
              en("Anything on repeat?", "The blood pressure one, ramipril, five milligrams in the morning."), en("What do you take?", "Ramipril, five, once a day."), en("Any other tablets?", "No, just the ramipril."), en("Are you taking the ramipril?", "Yes, though I miss the odd one."),
              en("Any other medicines?", "No."), en("Do you take anything over the counter?", "No, nothing."), en("Still on ramipril?", "Yeah, every morning."), en("Any painkillers?", "Paracetamol when it's bad."), en("Any blood thinners?", "No.")],
    ),
    Agreement(
        topic="medicine-stopped", language="zh",
        said=[form("近期用过的药", "头孢克肟，吃了3天已停"), form("曾用药", "阿达帕林，已停"), form("目前用药", "无"), form("目前用药", "克林霉素凝胶 外用"), zh("之前用过什么药？", "头孢吃了三天，没效就停了。"), zh("现在吃药吗？", "现在没吃了。"), zh("之前用过什么？", "阿达帕林涂了一个月，脱皮就停了。"),
              zh("口服的药吃过没有？", "没吃过口服的。"), zh("现在用什么药？", "就涂一个克林霉素凝胶。"), zh("头孢还在吃吗？", "停了，吃了三天。")],
    ),
    Agreement(
        topic="medicine-as-needed", language="en",
        said=[form("Medicines", "Ibuprofen 400 mg as needed"), form("Current medication", "Ibuprofen when needed"), medication("Ibuprofen 400 mg tablets", "400 mg up to three times a day as required"), en("Do you take ibuprofen?", "Now and then."), en("Any painkillers?", "Ibuprofen, a couple of times a week."),
              en("How often do you take the ibuprofen?", "Once a day, sometimes twice, when it's bad."), en("Any ibuprofen lately?", "Not this week."), en("Have you had ibuprofen today?", "No, not today."), en("Ibuprofen?", "I had some last week but not since.")],
    ),
    # --- symptoms -------------------------------------------------------------------------------------------------
    Agreement(
        topic="symptom-course", language="zh",
        said=[form("主诉", "发热3天"), form("是否发热", "有"), form("主要症状", "发热、咳嗽3天"), form("最高体温", "39.2"), form("呼吸困难", "无"), zh("烧了几天了？", "三天了，烧到三十九度二。"), zh("现在还烧吗？", "今天早上不烧了。"), zh("怎么了？", "发烧三天，咳嗽。"), zh("烧吗？", "下午烧，上午不烧。"),
              zh("还有什么不舒服？", "没有了，就是发烧咳嗽。"), zh("哪里不舒服？", "前天开始发烧，咳嗽晚一天。"), zh("喘吗？", "不喘。"), zh("吃了药退了吗？", "退了又烧，反反复复三天。"), zh("夜里烧不烧？", "夜里不烧。")],
    ),
    Agreement(
        topic="symptom-course", language="en",
        said=[form("Main problem", "Fever and cough 3 days"), form("Fever?", "Yes"), form("How long?", "3 days"), form("Breathless?", "No"), en("How long has the fever been going on?", "Since Tuesday, so three days."), en("Any fever?", "It was 39 on Wednesday, it's gone today."), en("Is he still hot?", "Not this morning, no."),
              en("What's the matter?", "Fever and a cough, about three days."), en("Any fever at night?", "No, only in the day."), en("Any breathlessness?", "No."), en("Anything else?", "No, just the fever and cough."), en("How long?", "Two or three days.")],
    ),
    Agreement(
        topic="side", language="zh",
        said=[form("不适部位", "右膝"), form("主诉", "右膝疼痛2周"), form("哪里不舒服", "右膝关节痛"), zh("哪条腿？", "右边膝盖疼，左边不疼。"), zh("左边疼不疼？", "左边没事，右边疼。"), zh("哪边疼？", "右边。"), zh("两边都疼吗？", "就右膝疼，左膝好的。"), zh("以前膝盖伤过吗？", "左膝十年前扭过，早好了。"), zh("膝盖疼？", "右膝，走路就疼。"),
              zh("手麻吗？", "左手有点麻。"), zh("膝盖肿吗？", "右膝肿，左膝不肿。")],
    ),
    Agreement(
        topic="side", language="en",
        said=[form("Main problem", "Pain in right leg"), form("Where is the pain?", "Lower back and right leg"), form("Side", "Right"), form("Reason for visit", "Back pain going down my right leg"), en("Where does it go?", "Down the leg. The right one."), en("Which leg?", "The right."), en("Any pain on the left?", "No, the left's fine."), en("Does the pain go anywhere?", "Down the back of my right thigh to the calf."),
              en("When was the knee?", "Keyhole on the left knee, 2017."), en("Where's the pain?", "My back, low down, and into the right buttock."), en("Any weakness?", "No, both legs are strong."), en("Is it both legs?", "Just the right one.")],
    ),
    Agreement(
        topic="duration", language="zh",
        said=[form("病程", "半个月"), form("主诉", "活动后胸闷，约半个月"), form("胸闷多久", "2周"), zh("胸闷多长时间了？", "得有俩礼拜了吧。"), zh("胸闷多久了？", "差不多半个来月。"), zh("什么时候开始胸闷的？", "十来天，半个月吧。"), zh("胸闷多久了？", "两周多。"), zh("每次胸闷多久？", "三四分钟就好。"), zh("胸闷什么时候犯？", "走快了就犯，歇会儿就好。"),
              zh("以前胸闷过吗？", "以前没有过。"), zh("胸闷一次多长时间？", "一般五分钟。")],
    ),
    Agreement(
        topic="duration", language="en",
        said=[form("How long have you had the back pain?", "3 weeks"), form("Main problem", "Back pain, 3 weeks"), form("Main problem", "Back pain 20 days"), en("How long has your back hurt?", "About three weeks now."), en("When did the back pain start?", "Three weeks ago, lifting a fridge."), en("Back pain how long?", "Two or three weeks."), en("Had back pain before?", "Once, ten years ago."), en("How long does the back pain last?", "An hour or so."),
              en("Is the back pain worse?", "The last two days it has been."), en("When did your back go?", "End of October.")],
    ),
    # --- results and vital signs ----------------------------------------------------------------------------------
    Agreement(
        topic="results", language="zh",
        said=[form("最近检查", "血脂正常"), form("近期血压", "130/80左右"), result("丙氨酸氨基转移酶", 22, "U/L", 9, 50), result("尿微量白蛋白肌酐比", 86, "mg/g", 0, 30), result("肌酐", 68, "μmol/L", 57, 111), pressure(138, 84),
              zh("肾功能查过吗？", "肌酐68，正常的。"), zh("化验怎么样？", "尿微量白蛋白肌酐比高了，86。"), zh("肝功能？", "正常。"), zh("血压多少？", "在家一般一百三八十几。"), zh("血压还行？", "还行。"), zh("肾好吗？", "肌酐正常，尿蛋白有一点。"), zh("单子我看了", "肌酐比高是吧？")],
    ),
    Agreement(
        topic="results", language="en",
        said=[form("Recent tests", "Kidney function normal"), form("Home blood pressure", "about 135/85"), result("Urine albumin/creatinine ratio", 86, "mg/g", 0, 30), result("Creatinine", 0.8, "mg/dL", 0.6, 1.2), result("Hemoglobin A1c", 6.4, "%", 4, 5.6), pressure(142, 86),
              en("Blood tests?", "My kidneys were fine, creatinine 0.8."), en("Any results?", "The albumin creatinine ratio was 86, a bit high."), en("Blood pressure at home?", "One thirty-something over eighty-odd."), en("Sugars?", "A1c was 6.4."), en("Is your blood pressure all right?", "It's fine at home."), en("Kidneys?", "Creatinine's normal.")],
    ),
    # --- what denies one thing only, an aim, a condition, a sample of another day ----------------------------------
    Agreement(
        topic="family", language="zh",
        said=[form("家族史", "無腎病"), form("家人有青光眼吗？", "没有"), zh("家里人身体怎么样？", "没有，我奶奶是高血压。"), zh("家里有人得青光眼吗？", "没有。我妈有高血压。")],
    ),
    Agreement(
        topic="aims", language="zh",
        said=[result("丙氨酸氨基转移酶", 386, "U/L", 9, 50), zh("药呢？", "他讲转氨酶正常了就不用吃。")],
    ),
    Agreement(
        topic="period", language="en", patient={"sex": "female", **_YOUNG},
        said=[form("Last menstrual period", "01/11/2026"), en("When was your last period?", "It started on the first of November.")],
    ),
)  # fmt: skip

"""The plants: what a record's quality control looks for, told in several ways, with look-alikes that are none."""

from __future__ import annotations

from contradiction_maker import (
    Plant,
    allergy,
    condition,
    form,
    medication,
    operation,
    pressure,
    relative,
    result,
    smoker,
    talk,
)

_BASE = {"zh": "医生：{}\n患者：{}", "en": "Doctor: {}\nPatient: {}"}


def zh(*turns: str) -> tuple[str, str]:
    """A question of the doctor's and the patient's answer, in turns."""
    return talk(*(("医生：" if n % 2 == 0 else "患者：") + t for n, t in enumerate(turns)))


def en(*turns: str) -> tuple[str, str]:
    """The same in English."""
    return talk(*(("Doctor: " if n % 2 == 0 else "Patient: ") + t for n, t in enumerate(turns)))


PLANTS: tuple[Plant, ...] = (
    # --- allergy ------------------------------------------------------------------------------------------------
    Plant(
        kind="allergy",
        language="zh",
        found=["青霉素"],
        a=[
            allergy("青霉素"),
            form("有无药物过敏", "青霉素过敏，起皮疹"),
            zh("对什么药过敏？", "青霉素，打了起一身疙瘩。"),
        ],
        b=[
            form("有无药物过敏", "没有"),
            form("过敏史", "无"),
            form("您是否对药物或食物过敏？", "否"),
            zh("有没有药物过敏？", "没有没有。"),
            zh("什么东西过敏不？", "没得，啥都不过敏。"),
            zh("有过敏的药吗？", "没发现。"),
        ],
        harmless=[
            [allergy("青霉素"), zh("对什么药过敏？", "盘尼西林，起疹子。")],
            [allergy("花生"), zh("有没有药物过敏？", "没有。")],
            [form("有无药物过敏", "青霉素"), zh("过敏吗？", "青霉素过敏，别的没有。")],
            [allergy("青霉素"), form("藥物過敏", "青黴素")],
        ],
    ),
    Plant(
        kind="allergy",
        language="en",
        found=["enicillin"],
        a=[
            allergy("Penicillin"),
            form("Allergies", "Penicillin - rash"),
            en("Any allergies?", "Yes, penicillin, I come out in hives."),
        ],
        b=[
            form("Do you have any allergies?", "No"),
            form("Drug allergies", "None"),
            form("Allergies", "NKDA"),
            en("Any drug allergies?", "No, none."),
            en("Are you allergic to anything?", "Not that I know of."),
            en("Allergies?", "Nope, nothing."),
        ],
        harmless=[
            [allergy("Penicillin"), en("Any allergies?", "Just penicillin.")],
            [allergy("Peanut"), en("Any drug allergies?", "No.")],
            [allergy("Amoxicillin"), form("Allergies", "Amoxil")],
        ],
    ),
    # --- medicines ----------------------------------------------------------------------------------------------
    Plant(
        kind="dose",
        language="zh",
        found=["氨氯地平"],
        a=[medication("苯磺酸氨氯地平片", "5 mg 口服 每日1次"), form("正在用的药", "氨氯地平5mg每天一次")],
        b=[
            zh("降压药吃什么？", "络活喜，十毫克，一天一次。"),
            zh("吃什么药？", "氨氯地平，每天10毫克。"),
            form("目前用药", "络活喜10mg，每日一次"),
        ],
        harmless=[
            [medication("苯磺酸氨氯地平片", "5 mg 口服 每日1次"), zh("降压药吃什么？", "络活喜，一天一片。")],
            [medication("苯磺酸氨氯地平片", "5 mg 口服 每日1次"), zh("吃什么药？", "氨氯地平，五毫克，早上吃。")],
            [form("正在用的药", "氨氯地平5mg qd"), medication("络活喜", "5 mg 每日1次")],
        ],
    ),
    Plant(
        kind="dose",
        language="en",
        found=["etformin"],
        a=[
            medication("Metformin 500 mg tablet", "500 mg twice daily"),
            form("Current medications", "Metformin 500 mg twice a day"),
        ],
        b=[
            en("What are you taking?", "Metformin, a thousand milligrams twice a day."),
            en("Which medicines?", "Glucophage, one gram twice a day."),
            form("Medicines you take", "metformin 1000 mg BID"),
        ],
        harmless=[
            [
                medication("Metformin 500 mg tablet", "500 mg twice daily"),
                en("What are you taking?", "Glucophage, five hundred, twice a day."),
            ],
            [
                medication("Metformin 1000 mg tablet", "1000 mg twice daily"),
                en("What are you taking?", "Metformin, a gram, morning and evening."),
            ],
        ],
    ),
    Plant(
        kind="frequency",
        language="zh",
        found=["二甲双胍"],
        a=[medication("二甲双胍片", "0.5 g 每日3次"), form("正在用的药", "二甲双胍0.5g 每日三次")],
        b=[
            zh("二甲双胍怎么吃？", "一天两次，一次零点五克。"),
            zh("吃什么药？", "二甲双胍，早晚各一片。"),
            form("目前用药", "二甲双胍，每日2次"),
        ],
        harmless=[
            [medication("二甲双胍片", "0.5 g 每日3次"), zh("二甲双胍怎么吃？", "一天三次，有时候忘了吃。")],
            [medication("二甲双胍片", "0.5 g 每日2次"), zh("吃什么药？", "二甲双胍，早晚各一片。")],
        ],
    ),
    Plant(
        kind="frequency",
        language="en",
        found=["etoprolol"],
        a=[
            medication("Metoprolol tartrate 25 mg", "25 mg twice daily"),
            form("Current medications", "metoprolol 25 mg twice a day"),
        ],
        b=[
            en("How do you take the metoprolol?", "Just once a day, in the morning."),
            form("Medicines", "Lopressor 25 mg once daily"),
            en("What do you take?", "Metoprolol, twenty-five, once a day."),
        ],
        harmless=[
            [
                medication("Metoprolol tartrate 25 mg", "25 mg twice daily"),
                en("How do you take the metoprolol?", "Twice a day, though I sometimes forget the evening one."),
            ],
            [medication("Metoprolol tartrate 25 mg", "25 mg BID"), form("Medicines", "Lopressor 25 mg twice a day")],
        ],
    ),
    Plant(
        kind="stopped",
        language="zh",
        found=["阿司匹林"],
        a=[medication("阿司匹林肠溶片", "100 mg 每日1次"), form("正在服用的药物", "阿司匹林100mg每日一次")],
        b=[
            zh("阿司匹林还在吃吗？", "早停了，胃不舒服。"),
            zh("吃什么药？", "阿司匹林上个月停了，没再吃。"),
            zh("阿司匹林呢？", "没吃了。"),
        ],
        harmless=[
            [medication("阿司匹林肠溶片", "100 mg 每日1次"), zh("阿司匹林还在吃吗？", "在吃，没停过。")],
            [medication("阿司匹林肠溶片", "100 mg 每日1次", "stopped"), zh("阿司匹林还在吃吗？", "停了。")],
        ],
    ),
    Plant(
        kind="stopped",
        language="en",
        found=["arfarin"],
        a=[medication("Warfarin 5 mg", "5 mg once daily"), form("Current medicines", "warfarin 5 mg daily")],
        b=[
            en("Are you still on the warfarin?", "No, I stopped it last month."),
            en("What about warfarin?", "I came off that in September."),
            en("Warfarin?", "I'm not taking it anymore."),
        ],
        harmless=[
            [
                medication("Warfarin 5 mg", "5 mg once daily"),
                en("Are you still on the warfarin?", "Yes, every evening."),
            ],
            [
                medication("Amoxicillin 500 mg", "500 mg three times daily for 5 days", "completed"),
                en("Any antibiotics?", "Amoxicillin, I finished it last week."),
            ],
        ],
    ),
    # --- symptoms -----------------------------------------------------------------------------------------------
    Plant(
        kind="symptom",
        language="zh",
        found=["发热", "发烧"],
        a=[
            form("有没有发烧", "有，38度5"),
            form("主要症状", "发热、咳嗽"),
            zh("烧不烧？", "烧啊，昨天烧到三十八度五。"),
        ],
        b=[form("是否发热", "否"), zh("发烧吗？", "没有发烧。"), zh("烧不烧？", "不烧。"), form("有无发热", "无")],
        harmless=[
            [form("有没有发烧", "有"), zh("现在还烧吗？", "前两天烧，今天不烧了。")],
            [form("是否发热", "否"), zh("发烧吗？", "没有，就是有点怕冷。")],
        ],
    ),
    Plant(
        kind="symptom",
        language="en",
        found=["tool", "elena", "vomit"],
        a=[form("Black or bloody stools?", "No"), form("Black stools", "none")],
        b=[
            en("What do your stools look like?", "They've been black and sticky, like tar."),
            en("Any change in your poo?", "It went black as tar two or three times last week."),
            en("Any black stools?", "Yes, a couple of times last week."),
        ],
        harmless=[[form("Black or bloody stools?", "No"), en("Any black stools?", "No, they're normal.")]],
    ),
    Plant(
        kind="symptom",
        language="zh",
        found=["呕吐", "吐"],
        a=[form("有无呕吐", "无"), zh("吐没吐？", "没吐。"), form("有没有呕吐", "没有")],
        b=[
            form("主要症状", "发热、呕吐2天"),
            zh("吐了没有？", "吐了两回，吃啥吐啥。"),
            zh("恶心吗？", "昨天呕吐了三次。"),
        ],
        harmless=[[form("有无呕吐", "无"), zh("恶心吐吗？", "有点恶心，没吐。")]],
    ),
    Plant(
        kind="symptom",
        language="en",
        found=["chest pain", "Chest pain"],
        a=[
            form("Chest pain?", "No"),
            en("Any chest pain?", "No, none."),
            en("Do you get pain in the chest?", "No, never."),
        ],
        b=[
            form("Symptoms", "Chest pain on exertion for a week"),
            en("What's the trouble?", "I've had chest pain for a week."),
            form("What brings you in today?", "chest pain when climbing stairs"),
        ],
        harmless=[[form("Chest pain?", "No"), en("Any chest pain?", "No, just a bit breathless.")]],
    ),
    Plant(
        kind="onset",
        language="zh",
        found=["咳嗽"],
        a=[form("哪里不舒服", "咳嗽3天"), zh("怎么了？", "咳嗽三天了。"), form("主诉", "咳嗽3天")],
        b=[zh("怎么不好？", "咳嗽有两个月了。"), form("主要不适", "咳嗽1月余"), zh("咳多久了？", "咳嗽一个多月了。")],
        harmless=[
            [form("哪里不舒服", "咳嗽3天"), zh("多久了？", "咳嗽两三天了。")],
            [form("哪里不舒服", "咳嗽半个月"), zh("怎么了？", "咳嗽十来天了，半个月吧。")],
            [form("哪里不舒服", "咳嗽1周"), zh("怎么了？", "上个礼拜五开始咳嗽。")],
            [form("哪里不舒服", "咳嗽1月"), zh("怎么了？", "咳嗽四五个星期了。")],
        ],
    ),
    Plant(
        kind="onset",
        language="en",
        found=["cough", "Cough", "ear"],
        a=[
            form("When did it start?", "cough started 2 days ago"),
            form("What is the problem?", "Cough for 2 days"),
            en("What's wrong?", "I've had a cough for two days."),
        ],
        b=[
            en("How long have you had the cough?", "About two weeks."),
            en("What brings you in?", "I've been coughing for two weeks now."),
            form("Main complaint", "Cough, two weeks"),
        ],
        harmless=[
            [form("What is the problem?", "Cough for a week"), en("How long?", "I've had the cough about seven days.")],
            [form("What is the problem?", "Cough for 3 days"), en("What's wrong?", "A cough, for three or four days.")],
            [
                form("What is the problem?", "Cough since 2026-11-17"),
                en("What's wrong?", "I've been coughing for three days."),
            ],
        ],
    ),
    Plant(
        kind="side",
        language="zh",
        found=["侧", "左右"],
        a=[form("哪里不舒服", "左膝疼痛1周"), zh("哪里疼？", "左边膝盖疼。"), form("主诉", "左膝关节疼痛")],
        b=[zh("哪个膝盖？", "右膝盖疼。"), zh("怎么了？", "我右腿膝盖疼一个礼拜了。"), form("受伤部位", "右膝疼痛")],
        harmless=[
            [form("哪里不舒服", "左膝疼痛"), zh("哪个膝盖疼？", "左边这个膝盖疼，右边不疼。")],
            [form("哪里不舒服", "双膝疼痛"), zh("哪里疼？", "两个膝盖都疼，左膝盖疼得厉害些。")],
            [form("哪里不舒服", "左膝疼痛"), zh("还有哪里？", "右手腕也有点疼。")],
        ],
    ),
    Plant(
        kind="side",
        language="en",
        found=["ide"],
        a=[
            form("What is the problem?", "Pain in my left ear"),
            en("What's wrong?", "My left ear hurts."),
            form("Main complaint", "Left ear pain for 3 days"),
        ],
        b=[
            en("Which ear hurts?", "I've pain in my right ear."),
            form("Where does it hurt?", "Right ear pain"),
            en("What's the trouble?", "It's my right ear, it's really painful."),
        ],
        harmless=[
            [
                form("What is the problem?", "Pain in my left ear"),
                en("Which ear?", "The left ear hurts, the right is fine."),
            ],
            [form("What is the problem?", "Pain in both ears"), en("Which ear is sore?", "My left ear hurts most.")],
        ],
    ),
    # --- past history -------------------------------------------------------------------------------------------
    Plant(
        kind="condition",
        language="zh",
        found=["糖尿病"],
        a=[condition("2型糖尿病"), form("既往疾病", "糖尿病5年"), zh("有什么慢性病？", "有糖尿病，五年了。")],
        b=[
            form("有无糖尿病", "无"),
            zh("有没有糖尿病？", "没有。"),
            zh("有高血压、糖尿病吗？", "都没有。"),
            form("慢性病史", "无"),
            zh("以前身体怎么样？", "没有慢性病。"),
        ],
        harmless=[
            [condition("2型糖尿病"), zh("有没有糖尿病？", "有，血糖高五年了。")],
            [form("有无高血压", "无"), zh("有糖尿病吗？", "有糖尿病。")],
            [condition("高血压病"), zh("有什么慢性病？", "就血压高，别的没有。")],
        ],
    ),
    Plant(
        kind="condition",
        language="en",
        found=["sthma"],
        a=[
            condition("Asthma"),
            form("Past medical history", "Asthma since childhood"),
            en("Any medical problems?", "I have asthma."),
        ],
        b=[
            form("Do you have asthma?", "No"),
            en("Do you have asthma?", "No, never had it."),
            en("Any history of asthma or COPD?", "No."),
            form("Long-term conditions", "None"),
            en("Any medical conditions?", "No, I'm healthy."),
        ],
        harmless=[
            [condition("Asthma"), en("Any medical conditions?", "Just the asthma.")],
            [condition("Hypertension"), en("Any medical problems?", "High blood pressure, that's all.")],
        ],
    ),
    Plant(
        kind="operation",
        language="zh",
        found=["阑尾", "手术", "胆囊"],
        a=[operation("阑尾切除术", "2015-06-03"), form("手术史", "2015年阑尾切除术"), zh("做过手术吗？", "割过阑尾。")],
        b=[
            form("手术史", "无"),
            form("是否做过手术", "否"),
            zh("开过刀没有？", "没有，没开过刀。"),
            zh("做过手术没？", "没做过。"),
        ],
        harmless=[
            [operation("阑尾切除术", "2015-06-03"), zh("做过手术吗？", "2015年割过阑尾。")],
            [operation("胃镜检查", "2020-06-03"), zh("做过手术吗？", "没有。")],
        ],
    ),
    Plant(
        kind="operation",
        language="en",
        found=["ppend", "peration", "urger"],
        a=[
            operation("Appendectomy", "2012-05-01"),
            form("Surgeries", "Appendix out 2012"),
            en("Any operations?", "I had my appendix out."),
        ],
        b=[
            form("Operations you have had", "None"),
            form("Previous surgery?", "No"),
            en("Ever had surgery?", "No, never."),
            en("Any operations?", "Never been under the knife."),
        ],
        harmless=[
            [operation("Appendicectomy", "2012-05-01"), en("Any operations?", "Just my appendix, years ago.")],
            [operation("Colonoscopy", "2019-05-01"), en("Any operations?", "No.")],
        ],
    ),
    Plant(
        kind="family",
        language="zh",
        found=["家族", "癌"],
        a=[form("家族史", "父亲胃癌"), relative("FTH", "父亲", "胃癌"), zh("家里人有什么病？", "我爸是胃癌走的。")],
        b=[
            form("家族肿瘤史", "无"),
            form("家族史", "无"),
            zh("家里有人得癌吗？", "没有，家里没有得癌的。"),
            zh("家族里有什么遗传病、肿瘤没？", "没有。"),
        ],
        harmless=[
            [form("家族史", "父亲高血压"), zh("家里有人得癌吗？", "没有。")],
            [form("家族史", "父亲胃癌"), zh("家里人有什么病？", "我爸得过胃癌。")],
        ],
    ),
    Plant(
        kind="family",
        language="zh",
        found=["抑郁", "精神"],
        a=[form("精神疾病家族史", "否"), form("家族中有无精神病史", "无"), zh("家里有没有精神方面的病？", "没有。")],
        b=[
            talk("医生：家里人呢？", "家属：她外婆以前得过抑郁症，住过院。"),
            relative("MTH", "母亲", "抑郁症"),
            form("家族史", "母亲抑郁症"),
        ],
        harmless=[[form("精神疾病家族史", "否"), relative("FTH", "父亲", "高血压")]],
    ),
    Plant(
        kind="family",
        language="en",
        found=["amily", "cancer"],
        a=[
            form("Family history", "Mother had breast cancer"),
            relative("MTH", "mother", "Breast cancer"),
            en("Anything in the family?", "My mum had breast cancer."),
        ],
        b=[
            form("Family history of cancer?", "No"),
            form("Family history", "None"),
            en("Any cancer in the family?", "No, none."),
            en("Any family history of breast cancer?", "No."),
        ],
        harmless=[
            [
                form("Family history", "Mother had breast cancer"),
                en("Anything in the family?", "My mother, breast cancer."),
            ],
            [relative("FTH", "father", "Hypertension"), en("Any cancer in the family?", "No.")],
        ],
    ),
    Plant(
        kind="family",
        language="en",
        found=["amily", "epress"],
        a=[
            form("Family history of mental illness?", "No"),
            en("Any mental health problems in the family?", "No, nothing like that."),
        ],
        b=[
            form("Family history", "Grandmother: depression"),
            relative("MTH", "mother", "Depression"),
            relative("BRO", "brother", "Bipolar disorder"),
        ],
    ),
    Plant(
        kind="smoking",
        language="zh",
        found=["吸烟", "烟"],
        a=[form("是否吸烟", "否"), form("吸烟史", "从不吸烟"), zh("抽烟吗？", "不抽。")],
        b=[
            zh("抽烟不？", "抽，一天一包，二十年了。"),
            smoker("目前吸烟，每日10支"),
            form("吸烟", "是，每天10支"),
            zh("烟呢？", "偶尔抽两根。"),
        ],
        harmless=[
            [form("是否吸烟", "否"), zh("抽烟吗？", "不抽，也不喝酒。")],
            [form("吸烟", "每天20支"), zh("抽烟不？", "抽，一天一包。")],
            [form("吸烟", "已戒烟"), zh("抽烟吗？", "戒了五年了。")],
        ],
    ),
    Plant(
        kind="smoking",
        language="en",
        found=["moking", "smok"],
        a=[form("Do you smoke?", "No"), form("Smoking", "Never smoked"), en("Do you smoke?", "No, never have.")],
        b=[
            en("Do you smoke?", "Yeah, about ten a day."),
            smoker("Current every day smoker"),
            form("Tobacco use", "10 cigarettes a day"),
            en("Cigarettes?", "The odd one at weekends."),
        ],
        harmless=[
            [form("Do you smoke?", "No"), en("Do you smoke?", "No, I don't.")],
            [form("Smoking", "20 cigarettes a day"), en("Do you smoke?", "A pack a day.")],
            [form("Smoking", "Ex-smoker"), en("Do you smoke?", "Not any more, I quit in 2015.")],
        ],
    ),
    Plant(
        kind="alcohol",
        language="zh",
        found=["饮酒", "酒"],
        a=[form("是否饮酒", "不饮酒"), form("饮酒史", "无"), zh("喝酒吗？", "不喝。")],
        b=[
            talk("医生：喝酒吗？", "家属：他天天晚上二两白酒。"),
            zh("喝酒不？", "每天喝半斤白酒。"),
            form("饮酒", "每天2两"),
        ],
        harmless=[
            [form("是否饮酒", "否"), zh("还有什么问题？", "能喝酒吗？周末有个婚礼。")],
            [form("是否饮酒", "否"), zh("喝酒吗？", "滴酒不沾。")],
        ],
    ),
    Plant(
        kind="alcohol",
        language="en",
        found=["lcohol"],
        a=[
            form("Do you drink alcohol?", "No"),
            form("Alcohol", "None"),
            en("Do you drink?", "No, I don't drink alcohol."),
        ],
        b=[
            en("Alcohol?", "A bottle of wine most nights."),
            en("Do you drink?", "A few beers every day."),
            form("Alcohol use", "20 units a week"),
        ],
        harmless=[
            [form("Do you drink alcohol?", "No"), en("Anything else?", "Can I drink alcohol with these tablets?")],
            [form("Alcohol", "None"), en("Alcohol?", "I don't touch it.")],
        ],
    ),
    # --- results against words ----------------------------------------------------------------------------------
    Plant(
        kind="said-sugar",
        language="zh",
        found=["糖"],
        a=[
            zh("血糖怎么样？", "血糖挺好的，正常。"),
            zh("血糖控制得好吗？", "控制得不错，正常。"),
            form("最近血糖控制情况", "正常"),
        ],
        b=[result("空腹血糖", 10.8, "mmol/L", 3.9, 6.1), result("糖化血红蛋白", 9.1, "%", 4.0, 6.0)],
        harmless=[[zh("血糖怎么样？", "血糖正常。"), result("空腹血糖", 5.4, "mmol/L", 3.9, 6.1)]],
    ),
    Plant(
        kind="said-organ",
        language="zh",
        found=["肝", "肾", "肌酐", "转氨酶"],
        a=[
            zh("查过血没有？", "查过，肝功能正常，肾功能也正常。"),
            zh("有没有查过？", "查了，肝功肾功都正常。"),
            form("近期检查结果", "肝肾功能正常"),
        ],
        b=[result("丙氨酸氨基转移酶", 186, "U/L", 9, 50), result("肌酐", 188, "μmol/L", 57, 97)],
        harmless=[[zh("查过血没有？", "查过，肝功能正常。"), result("丙氨酸氨基转移酶", 22, "U/L", 9, 50)]],
    ),
    Plant(
        kind="said-blood-count",
        language="zh",
        found=["血常规", "白细胞", "血红蛋白"],
        a=[
            zh("查血常规了吗？", "查了，血常规正常。"),
            form("做过什么检查", "血常规正常"),
            talk("医生：查过血没有？", "家属：在外面查的血常规，说是正常的。"),
        ],
        b=[result("白细胞计数", 16.8, "10^9/L", 4.0, 10.0), result("血红蛋白", 78, "g/L", 115, 150)],
        harmless=[[zh("查血常规了吗？", "查了，血常规正常。"), result("白细胞计数", 6.8, "10^9/L", 4.0, 10.0)]],
    ),
    Plant(
        kind="said-organ",
        language="en",
        found=["idney", "GFR", "glomerular", "reatinine"],
        a=[
            en("Have you had blood tests?", "Yes, my kidney function was normal."),
            en("How are your kidneys?", "They said my kidneys are fine."),
            talk("Doctor: Your kidney function was normal, so I'd try naproxen."),
        ],
        b=[result("eGFR", 37, "mL/min/1.73m2", 60, None), result("Creatinine", 188, "umol/L", 45, 84)],
        harmless=[
            [en("Blood tests?", "Yes, my kidney function was normal."), result("eGFR", 92, "mL/min/1.73m2", 60, None)]
        ],
    ),
    Plant(
        kind="said-blood-count",
        language="en",
        found=["lood count", "emoglobin", "aemoglobin"],
        a=[
            en("Did you have blood tests?", "Yes, the blood count was fine."),
            form("Recent tests", "Full blood count normal"),
            en("And the CBC?", "They told me the CBC was normal."),
        ],
        b=[result("Hemoglobin", 7.9, "g/dL", 12.0, 15.5), result("Haemoglobin", 79, "g/L", 120, 155)],
        harmless=[
            [
                en("Did you have blood tests?", "Yes, the blood count was fine."),
                result("Hemoglobin", 13.1, "g/dL", 12.0, 15.5),
            ]
        ],
    ),
    Plant(
        kind="said-pressure",
        language="zh",
        found=["血压"],
        a=[
            zh("血压平时怎么样？", "血压正常。"),
            zh("血压控制得怎么样？", "血压控制得挺好的。"),
            form("平时血压", "正常"),
        ],
        b=[pressure(168, 95), pressure(182, 104)],
        harmless=[[zh("血压平时怎么样？", "血压正常。"), pressure(124, 78)]],
    ),
    Plant(
        kind="said-pressure",
        language="en",
        found=["lood pressure"],
        a=[
            en("How's your blood pressure?", "My blood pressure is fine."),
            form("How is your blood pressure?", "normal"),
            en("Blood pressure at home?", "It's been normal."),
        ],
        b=[pressure(168, 95), pressure(182, 104)],
        harmless=[[en("How's your blood pressure?", "My blood pressure is fine."), pressure(122, 76)]],
    ),
    Plant(
        kind="said-sugar",
        language="en",
        found=["lucose", "ugar", "A1c"],
        a=[
            en("How's your diabetes?", "My sugar is fine."),
            en("Blood sugar?", "My sugars have been normal."),
            form("How is your blood sugar?", "normal"),
        ],
        b=[result("Fasting glucose", 198, "mg/dL", 70, 99), result("Hemoglobin A1c", 9.4, "%", 4.0, 5.6)],
        harmless=[[en("Blood sugar?", "My sugar is fine."), result("Fasting glucose", 88, "mg/dL", 70, 99)]],
    ),
    # --- numbers ------------------------------------------------------------------------------------------------
    Plant(
        kind="result",
        language="zh",
        found=["血红蛋白", "肌酐"],
        a=[result("血红蛋白", 78, "g/L", 115, 150)],
        b=[zh("我看看化验单，血红蛋白一百一十八。", "嗯。"), zh("血红蛋白98。", "哦。")],
        harmless=[
            [result("血红蛋白", 118, "g/L", 115, 150), zh("血红蛋白一百一十八。", "好。")],
            [
                result("糖化血红蛋白", 7.0, "%", 4, 6, "2025-11-18"),
                result("糖化血红蛋白", 9.1, "%", 4, 6, "2026-11-10"),
                zh("糖化九点一，不算好。", "嗯。"),
            ],
            [result("血糖", 7.06, "mmol/L", 3.9, 6.1), zh("血糖七点一。", "哦。")],
        ],
    ),
    Plant(
        kind="result",
        language="en",
        found=["emoglobin", "otassium"],
        a=[result("Potassium", 5.9, "mmol/L", 3.5, 5.1)],
        b=[en("Your potassium came back at 3.9.", "Good."), en("The potassium is four point nine.", "OK.")],
        harmless=[
            [result("Potassium", 5.9, "mmol/L", 3.5, 5.1), en("Your potassium came back at 5.9.", "Oh.")],
            [
                result("Fasting glucose", 5.5, "mmol/L", 3.9, 6.1),
                en("Your glucose was 99 milligrams per decilitre.", "OK."),
            ],
            [result("Hemoglobin", 13.2, "g/dL", 12, 15.5), en("Hemoglobin about thirteen.", "OK.")],
        ],
    ),
    Plant(
        kind="weight",
        language="en",
        found=["eight"],
        a=[result("Body weight", 94, "kg", None, None, "2026-11-18", "vital-signs"), form("Weight", "94 kg")],
        b=[en("Weight today is 72 kilos.", "OK."), en("You weigh 74 kg.", "Right.")],
        harmless=[
            [
                result("Body weight", 94, "kg", None, None, "2026-11-18", "vital-signs"),
                en("Weight today is 95 kilos.", "OK."),
            ],
            [form("Weight", "207 lb"), en("Weight today is 94 kilos.", "OK.")],
        ],
    ),
    Plant(
        kind="weight",
        language="zh",
        found=["体重", "身高"],
        a=[result("体重", 48, "kg", None, None, "2026-11-18", "vital-signs"), form("体重", "48公斤")],
        b=[zh("体重84公斤。", "嗯。"), zh("称一下，体重六十八公斤。", "好。")],
        harmless=[[form("体重", "120斤"), zh("体重六十公斤。", "嗯。")]],
    ),
    # --- pregnancy ----------------------------------------------------------------------------------------------
    Plant(
        kind="pregnancy",
        language="zh",
        found=["妊娠", "怀孕"],
        patient={"birth_date": "1996-05-05"},
        a=[form("是否怀孕", "否"), zh("有没有可能怀孕？", "不可能，没怀孕。"), form("目前是否妊娠", "否")],
        b=[
            result("β-hCG", 1286, "mIU/mL", 0, 5),
            talk("医生：怀孕了没有？", "家属：她怀孕两个月了。"),
            form("孕周", "孕8周"),
            zh("月经呢？", "我怀孕两个月了。"),
        ],
        harmless=[[form("是否怀孕", "否"), result("β-hCG", 1.2, "mIU/mL", 0, 5)]],
    ),
    Plant(
        kind="pregnancy",
        language="en",
        found=["regnan"],
        patient={"birth_date": "1996-05-05"},
        a=[
            form("Could you be pregnant?", "No"),
            en("Any chance you're pregnant?", "No."),
            form("Are you pregnant?", "No"),
        ],
        b=[
            result("hCG", 2210, "mIU/mL", 0, 5),
            en("Last period?", "I'm ten weeks pregnant."),
            form("Anything else we should know?", "I am 10 weeks pregnant"),
            condition("Pregnancy", recorded="2026-10-02"),
        ],
        harmless=[[form("Are you pregnant?", "No"), result("hCG", 1.0, "mIU/mL", 0, 5)]],
    ),
    # --- the same kinds in other words, other specialties ---------------------------------------------------------
    Plant(
        kind="allergy-2",
        language="zh",
        found=["头孢", "阿莫西林", "碘"],
        a=[
            allergy("头孢克洛"),
            form("过敏药物", "头孢，吃了喘不上气"),
            talk("医生：孩子对什么药过敏？", "家属：头孢，上回输液起了一身红点。"),
        ],
        b=[
            talk("医生：有啥过敏的没有？", "家属：没有过敏的。"),
            form("药物过敏史", "否认"),
            form("食物或药物过敏", "没有"),
            zh("打针吃药有没有过敏过？", "从来没有。"),
        ],
        harmless=[
            [allergy("头孢克洛"), talk("医生：对什么过敏？", "家属：头孢。")],
            [form("过敏药物", "头孢"), zh("过敏史？", "就头孢，其他没有。")],
        ],
    ),
    Plant(
        kind="allergy-2",
        language="en",
        found=["ulfa", "ulpha", "odeine", "atex", "spirin"],
        a=[
            allergy("Codeine"),
            form("Medication allergies", "codeine (swelling of the face)"),
            en("Allergies?", "Codeine. My face blew up."),
        ],
        b=[
            form("Known allergies", "none known"),
            form("Allergic to any medicine?", "no"),
            en("Anything you can't take?", "No, no allergies."),
            talk("Doctor: Does she have any allergies?", "Companion: No, none."),
        ],
        harmless=[
            [allergy("Codeine"), en("Allergies?", "Only codeine.")],
            [allergy("Latex"), form("Medication allergies", "None")],
        ],
    ),
    Plant(
        kind="dose-2",
        language="zh",
        found=["厄贝沙坦", "胰岛素", "华法林"],
        a=[medication("华法林钠片", "2.5 mg 每日1次"), form("长期用药", "华法林2.5毫克每天一次")],
        b=[
            zh("华法林吃多少？", "一天五毫克。"),
            zh("平时吃什么药？", "华法林，一次五毫克，一天一次。"),
            talk("医生：药呢？", "家属：华法林一天吃5mg。"),
        ],
        harmless=[[medication("华法林钠片", "2.5 mg 每日1次"), zh("华法林吃多少？", "一天一片。")]],
    ),
    Plant(
        kind="dose-2",
        language="en",
        found=["evothyroxine", "isinopril"],
        a=[
            medication("Levothyroxine 50 mcg tablet", "50 mcg once daily"),
            form("Regular medication", "levothyroxine 50 micrograms daily"),
        ],
        b=[
            en("What dose of levothyroxine are you on?", "A hundred micrograms."),
            en("Any regular tablets?", "Thyroxine, a hundred micrograms every morning."),
            form("What medicines do you take?", "Levothyroxine 100 mcg OD"),
        ],
        harmless=[
            [
                medication("Levothyroxine 50 mcg tablet", "50 mcg once daily"),
                en("Any regular tablets?", "Levothyroxine, fifty micrograms in the morning."),
            ],
            [
                medication("Levothyroxine 0.05 mg", "0.05 mg once daily"),
                form("What medicines do you take?", "levothyroxine 50 mcg"),
            ],
        ],
    ),
    Plant(
        kind="stopped-2",
        language="zh",
        found=["舍曲林", "阿托伐他汀"],
        a=[medication("阿托伐他汀钙片", "20 mg 每晚1次"), form("目前用药", "立普妥20mg每晚一次")],
        b=[
            zh("降脂药还吃吗？", "立普妥我自己停了两个月了。"),
            zh("吃什么药？", "阿托伐他汀不吃了，腿疼。"),
            talk("医生：药都按时吃吗？", "家属：立普妥他早就不吃了。"),
        ],
        harmless=[[medication("阿托伐他汀钙片", "20 mg 每晚1次"), zh("降脂药还吃吗？", "立普妥一直吃着。")]],
    ),
    Plant(
        kind="stopped-2",
        language="en",
        found=["ertraline", "sertraline"],
        a=[medication("Sertraline 50 mg", "50 mg once daily"), form("Current medications", "Sertraline 50mg OD")],
        b=[
            en("Still taking the sertraline?", "No, I came off it in August."),
            en("How are you getting on with sertraline?", "I stopped taking sertraline a month ago."),
            talk("Doctor: And her tablets?", "Companion: She's stopped the sertraline."),
        ],
        harmless=[
            [medication("Sertraline 50 mg", "50 mg once daily"), en("Still taking the sertraline?", "Yes, every day.")]
        ],
    ),
    Plant(
        kind="symptom-2",
        language="zh",
        found=["胸痛", "血尿", "咯血", "便血"],
        a=[form("有没有胸痛", "没有"), form("胸痛", "无"), zh("胸口疼不疼？", "不疼。")],
        b=[
            form("主要不适", "胸痛半天"),
            zh("哪里不舒服？", "胸口疼，一阵一阵的。"),
            talk("医生：怎么了？", "家属：他说胸口疼了一晚上。"),
        ],
        harmless=[[form("有没有胸痛", "没有"), zh("胸口疼不疼？", "不疼，就是闷。")]],
    ),
    Plant(
        kind="symptom-2",
        language="en",
        found=["ever"],
        a=[form("Fever?", "No"), form("Have you had a fever?", "No"), en("Any fever?", "No, no temperature.")],
        b=[
            form("Symptoms", "Cough and fever since Tuesday"),
            en("What's been going on?", "I've had a fever of 39 for two days."),
            talk("Doctor: How has he been?", "Companion: He's had a high fever since yesterday."),
        ],
        harmless=[
            [form("Fever?", "No"), en("Any fever?", "No, just chills now and then.")],
            [form("Fever?", "Yes"), en("Any fever now?", "Not any more, it's gone.")],
        ],
    ),
    Plant(
        kind="onset-2",
        language="zh",
        found=["起病", "时间"],
        a=[form("主诉", "头晕2天"), form("哪里不舒服", "头晕两天"), zh("哪里不好？", "头晕，前天开始的。")],
        b=[
            zh("头晕多长时间了？", "头晕有半年了。"),
            form("主要不适及时间", "头晕3个月"),
            talk("医生：怎么了？", "家属：她头晕一个多月了。"),
        ],
        harmless=[
            [form("主诉", "头晕2天"), zh("头晕多长时间了？", "头晕从前天开始的。")],
            [form("主诉", "头晕1年"), zh("头晕多长时间了？", "头晕十来个月，一年吧。")],
        ],
    ),
    Plant(
        kind="onset-2",
        language="en",
        found=["Onset"],
        a=[
            form("Reason for visit", "Headache for 3 days"),
            en("What's the matter?", "I've had a headache for three days."),
        ],
        b=[
            form("Describe your problem", "headache, 2 months"),
            en("How long have you had the headaches?", "The headache's been there for about two months."),
            talk("Doctor: What's happening?", "Companion: He's had this headache for six weeks."),
        ],
        harmless=[
            [
                form("Reason for visit", "Headache for 3 days"),
                en("How long?", "A headache since Tuesday, so about three days."),
            ]
        ],
    ),
    Plant(
        kind="side-2",
        language="zh",
        found=["侧", "左右"],
        a=[form("哪里不舒服", "右侧腰痛"), zh("哪里疼？", "右边腰疼。")],
        b=[zh("哪儿疼？", "左边腰疼。"), form("主要症状", "左腰痛3天"), talk("医生：哪边腰疼？", "家属：左边腰疼。")],
        harmless=[[form("哪里不舒服", "右侧腰痛"), zh("哪边腰疼？", "右边腰疼。")]],
    ),
    Plant(
        kind="side-2",
        language="en",
        found=["ide"],
        a=[form("What is the problem?", "Left shoulder pain"), en("Where does it hurt?", "My left shoulder.")],
        b=[
            form("Where is the pain?", "right shoulder pain"),
            en("What's wrong?", "I've got pain in my right shoulder."),
            en("Which shoulder hurts?", "The right shoulder hurts."),
        ],
        harmless=[
            [form("What is the problem?", "Left shoulder pain"), en("Which shoulder hurts?", "My left shoulder hurts.")]
        ],
    ),
    Plant(
        kind="condition-2",
        language="zh",
        found=["高血压", "肝炎", "冠心病"],
        a=[condition("高血压病"), form("既往病史", "高血压8年"), zh("以前有什么病？", "有高血压。")],
        b=[
            form("有无高血压、糖尿病、冠心病", "无"),
            form("既往史", "体健"),
            zh("高血压有吗？", "没有高血压。"),
            form("基础疾病", "没有"),
            zh("身体一直怎么样？", "身体一直好，没什么病。"),
        ],
        harmless=[
            [condition("高血压病"), zh("以前有什么病？", "就血压高点。")],
            [form("有无冠心病", "无"), zh("以前有什么病？", "高血压。")],
        ],
    ),
    Plant(
        kind="condition-2",
        language="en",
        found=["iabetes"],
        a=[
            condition("Type 2 diabetes mellitus"),
            form("Medical history", "Type 2 diabetes"),
            en("Any illnesses?", "I'm diabetic."),
        ],
        b=[
            form("Diabetes?", "No"),
            form("Past illnesses", "none"),
            en("Are you diabetic?", "No."),
            en("Do you have diabetes or high blood pressure?", "No, neither."),
            en("Any past medical history?", "Nothing, no."),
        ],
        harmless=[
            [condition("Type 2 diabetes mellitus"), en("Any illnesses?", "Sugar diabetes.")],
            [form("Diabetes?", "No"), en("Any illnesses?", "High cholesterol.")],
        ],
    ),
    Plant(
        kind="operation-2",
        language="zh",
        found=["剖宫产", "手术", "剖腹产"],
        patient={"birth_date": "1988-05-05"},
        a=[operation("剖宫产术", "2018-06-03"), form("手术史", "2018年剖腹产"), zh("做过手术吗？", "剖腹产一次。")],
        b=[
            form("有无手术史", "无"),
            form("手术外伤史", "否认"),
            zh("动过手术没有？", "没有，没动过手术。"),
            zh("有没有开过刀？", "没有。"),
        ],
        harmless=[[operation("剖宫产术", "2018-06-03"), zh("做过手术吗？", "生孩子剖的。")]],
    ),
    Plant(
        kind="operation-2",
        language="en",
        found=["olecystectomy", "allbladder", "perations"],
        a=[
            operation("Laparoscopic cholecystectomy", "2016-05-01"),
            form("Past surgeries", "Gallbladder removed 2016"),
            en("Any surgery?", "I had my gallbladder taken out."),
        ],
        b=[
            form("Have you had any operations?", "No"),
            form("Surgical history", "None"),
            en("Any previous operations?", "No, never."),
            en("Surgeries?", "I've never had surgery."),
        ],
        harmless=[
            [operation("Laparoscopic cholecystectomy", "2016-05-01"), en("Any surgery?", "Gallbladder out in 2016.")]
        ],
    ),
    Plant(
        kind="operation-date",
        language="zh",
        found=["时间"],
        a=[form("手术史", "2015年阑尾切除"), zh("做过手术吗？", "2015年割的阑尾。")],
        b=[operation("阑尾切除术", "2021-06-03")],
        harmless=[[form("手术史", "2020年阑尾切除"), operation("阑尾切除术", "2020-06-03")]],
    ),
    Plant(
        kind="period",
        language="zh",
        found=["月经", "妊娠"],
        patient={"birth_date": "1996-05-05"},
        a=[form("末次月经", "2026-11-01"), form("末次月经日期", "11月1日")],
        b=[zh("末次月经什么时候？", "9月20号。"), zh("上次月经哪天来的？", "十月十号。")],
        harmless=[[form("末次月经", "2026-11-01"), zh("末次月经什么时候？", "11月初，1号。")]],
    ),
    Plant(
        kind="smoking-2",
        language="zh",
        found=["烟"],
        a=[form("吸烟情况", "从不"), form("是否抽烟", "不抽")],
        b=[
            talk("医生：他抽烟吗？", "家属：抽，一天一包多。"),
            zh("烟瘾大不大？", "一天抽半包。"),
            smoker("每日吸烟20支"),
        ],
        harmless=[[form("吸烟情况", "已戒3年"), zh("还抽烟吗？", "戒了三年了。")]],
    ),
    Plant(
        kind="smoking-2",
        language="en",
        found=["moking"],
        a=[form("Smoking status", "Non-smoker"), form("Smoker?", "No")],
        b=[
            en("Are you a smoker?", "Yes, I smoke a pack a day."),
            talk("Doctor: Does he smoke?", "Companion: He smokes about twenty a day."),
            smoker("Smokes tobacco daily"),
        ],
        harmless=[
            [form("Smoking status", "Non-smoker"), en("Are you a smoker?", "No, never smoked.")],
            [form("Smoking status", "Former smoker"), en("Are you a smoker?", "I used to smoke, gave up years ago.")],
        ],
    ),
    Plant(
        kind="smoking-amount",
        language="zh",
        found=["吸烟"],
        a=[form("吸烟", "每天5支"), form("吸烟史", "吸烟10年，每日5支")],
        b=[zh("抽烟吗？", "抽，一天两包。"), zh("一天抽多少烟？", "一天抽一包多烟。")],
        harmless=[[form("吸烟", "每天20支"), zh("抽烟吗？", "抽，一天一包左右。")]],
    ),
    Plant(
        kind="said-2",
        language="zh",
        found=["甲", "血脂", "胆固醇", "尿", "电解质", "钾"],
        a=[zh("做过检查吗？", "体检血脂、甲功、尿常规、电解质都没问题。")],
        b=[
            result("总胆固醇", 7.9, "mmol/L", 2.8, 5.2),
            result("促甲状腺激素", 18.2, "mIU/L", 0.27, 4.2),
            result("钾", 2.6, "mmol/L", 3.5, 5.3),
        ],
        harmless=[
            [zh("做过检查吗？", "体检血脂没问题。"), result("总胆固醇", 4.6, "mmol/L", 2.8, 5.2)],
            [zh("做过检查吗？", "去年体检血脂正常。"), result("总胆固醇", 7.9, "mmol/L", 2.8, 5.2)],
            [zh("下一步？", "等肝功能正常了再手术。"), result("丙氨酸氨基转移酶", 186, "U/L", 9, 50)],
        ],
    ),
    Plant(
        kind="said-2",
        language="en",
        found=["holesterol", "iver", "hyroid", "lood tests", "lood count", "emoglobin"],
        a=[en("Any recent tests?", "My bloods were all normal last month.")],
        b=[
            result("ALT", 240, "U/L", 7, 40),
            result("Hemoglobin", 8.1, "g/dL", 12, 15.5),
            result("TSH", 22, "mIU/L", 0.4, 4.0),
        ],
        harmless=[
            [en("Any recent tests?", "My bloods were all normal."), result("ALT", 22, "U/L", 7, 40)],
            [en("What now?", "We'll check your liver is okay."), result("ALT", 240, "U/L", 7, 40)],
        ],
    ),
    Plant(
        kind="impossible",
        language="zh",
        found=["出生", "晚于", "年龄", "性别"],
        patient={"sex": "male", "birth_date": "1990-03-02"},
        a=[
            operation("阑尾切除术", "1985-06-03"),
            condition("高血压病", "2027-05-01"),
            form("手术史", "2019年剖宫产"),
            form("既往疾病", "高血压60年"),
        ],
        b=[zh("还有什么？", "没了。"), form("还有什么要说的", "没有")],
        harmless=[[operation("阑尾切除术", "2015-06-03"), zh("还有什么？", "没了。")]],
    ),
    Plant(
        kind="impossible",
        language="en",
        found=["birth", "after this visit", "age", "sex"],
        patient={"sex": "male", "birth_date": "1990-03-02"},
        a=[
            operation("Tonsillectomy", "1984-06-03"),
            condition("Asthma", "2027-05-01"),
            form("Surgeries", "Hysterectomy 2019"),
        ],
        b=[en("Anything else?", "No.")],
        harmless=[[operation("Tonsillectomy", "1995-06-03"), en("Anything else?", "No.")]],
    ),
    Plant(
        kind="family-2",
        language="zh",
        found=["家族", "糖尿病", "高血压"],
        a=[
            form("家族史", "母亲糖尿病"),
            relative("MTH", "母亲", "2型糖尿病"),
            zh("家里人身体怎么样？", "我妈有糖尿病。"),
        ],
        b=[form("家族中有无糖尿病", "无"), zh("家里有人得糖尿病吗？", "没有。"), form("家族病史", "无")],
        harmless=[
            [form("家族史", "母亲糖尿病"), zh("家里人身体怎么样？", "我妈血糖高，有糖尿病。")],
            [form("家族遗传病史", "无"), zh("家里人身体怎么样？", "我爸高血压。")],
        ],
    ),
)

"""Social and reproductive history: smoking, drinking, work, the last period, pregnancy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from syngraph.facts.assertion import assess
from syngraph.facts.mentions import Reading, names_in, polarity
from syngraph.facts.passage import Passage, Sentence
from syngraph.facts.values import values
from syngraph.facts.wording import tidy
from syngraph.model import Concept, Evidence, Fact, FactKind, Status, frozen_map
from syngraph.terminology.numerals import NumberSpan, find_numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class _Habit:
    id: str
    zh: str
    en: str
    words: re.Pattern[str]
    units: re.Pattern[str]


_HABITS = (
    _Habit(
        id="social:smoking", zh="吸烟", en="smoking",
        words=re.compile(r"抽烟|吸烟|烟(?=[^雾花熏囱灰台]|$)|香烟|抽[了着过]?(?=[一两三四五六七八九十半0-9])|抽两|(?<![a-z])(?:smok(?:e|es|ed|ing|er)|ex-smoker|non-smoker|nonsmoker|cigarettes?|vap(?:e|es|ing)|tobacco|packs? (?:a|per) day|pack-years?)(?![a-z])"),
        units=re.compile(r"(?P<cig>支|根|颗|cigarettes?|cigs?|smokes|fags|(?=\s*(?:a|per) day))|(?P<pack>包|盒|packs?)"),
    ),
    _Habit(
        id="social:alcohol", zh="饮酒", en="alcohol",
        words=re.compile(r"喝酒|饮酒|白酒|啤酒|红酒|黄酒|(?<![碘药消])酒(?![精店糟窝吧])|(?<![a-z])(?:(?:i|he|she|i'm|to|not|don't|doesn't|never|social|heavy|big|a) (?:usually |only |really |just |still |do |do not |hardly |rarely |ever )*drink(?:s|er|ing)?(?=[.,;!?]|$| (?:at|on|socially|alcohol|occasionally|much|a lot(?! of (?:water|fluid|tea|coffee|juice|milk))|every|any|rarely|too|wine|beer|when|with))|drinker|alcohol|beers?|wine|pints?|whisky|whiskey|vodka|spirits|booze|teetotal(?:ler)?|units (?:a|per) week)(?![a-z])"),
        units=re.compile(r"(?P<unit>两|斤|瓶|杯|毫升|ml|units?|pints?|glass(?:es)?|beers?|bottles?|drinks?|cans?)"),
    ),
    _Habit(
        id="social:drugs", zh="毒品使用", en="recreational drug use",
        words=re.compile(r"吸毒|毒品|(?<![a-z])(?:recreational drugs?|street drugs?|illicit drugs?|cannabis|marijuana|weed|cocaine|heroin)(?![a-z])"),
        units=re.compile(r"(?!)"),
    ),
)  # fmt: skip
_QUIT = re.compile(
    r"戒了|已戒|戒烟|戒酒|戒掉|(?<![a-z])(?:packed it in|kicked (?:it|the habit)|knocked it on the head)|早就?不[抽喝]|不[抽喝]了|(?<![a-z])(?:quit|quitting|gave up|given up|stopped|ex-smoker|former|used to|not anymore|no longer)(?![a-z])"
)
_NOT_QUITE = re.compile(
    r"没戒|戒不掉|没完全戒|又抽|还抽|还得|还喝|又开始|还是抽|(?<![a-z])(?:trying to (?:quit|stop)|cutting down|started again|back on|still (?:smoke|have|drink)|not quite)(?![a-z])"
)
_NEVER = re.compile(
    r"从不|从来不|从没|没抽|没喝|不抽|不吸|不喝|不沾|滴酒不沾|(?<![a-z])(?:never|non-smoker|nonsmoker|teetotal(?:ler)?|don't smoke|don't drink|doesn't (?:smoke|drink)|not a (?:smoker|drinker))(?![a-z])"
)
_NOW = re.compile(
    r"偶尔|有时|还抽|还喝|还在|两根|一根|每天|天天|一天|(?<![a-z])(?:occasionally|sometimes|socially|still|now and then|weekends?|every|a day|daily|per)(?![a-z])"
)
_SOME = re.compile(
    r"偶尔|应酬|逢年过节|(?<![a-z])(?:occasional(?:ly)?|social(?:ly)?|now and (?:then|again)|special occasions)(?![a-z])"
)
_PER = {
    "天": "day",
    "日": "day",
    "day": "day",
    "周": "week",
    "礼拜": "week",
    "星期": "week",
    "week": "week",
    "weekend": "week",
    "月": "month",
    "month": "month",
    "night": "day",
    "晚": "day",
    "顿": "meal",
}
_PER_WORDS = re.compile(
    r"(?:每|一|a |per |each |every |/)\s*(天|日|day|周|礼拜|星期|weekend|week|个?月|month|night|晚|顿)|(天天)|(daily)"
)
_JOB = re.compile(
    r"(?:我(?:是|是个|是一名|当|做)|职业(?:是|:)?\s*|工作(?:是|:)\s*)(?P<zh>[一-鿿]{2,8}?(?:师|员|工|人|生|民|兵|长|手|家|司机|老板|会计|护士|医生|农民|退休|教师|老师|程序员|厨师))|(?:i work as an?|i'm an?|i am an?|i work in|i work at|employed as an?|occupation(?: is|:)?|job(?: is|:)?|work as an?|retired)\s+(?P<en>[a-z][a-z -]{2,30}?)(?=[.,;!?]|\band\b|\bso\b|$)"
)
_JOB_ENDS = re.compile(
    r"(?:er|or|ist|ian|man|woman|nurse|chef|cook|clerk|guard|pilot|student|assistant|attendant|agent|staff|worker|engineer|mechanic|accountant|retail|construction|office|school|hospital|factory|warehouse|shop|tech|IT|lawyer|farmer|retired)$"
)


def social(reading: Reading) -> Iterator[Fact]:
    """Smoking, alcohol, drugs and occupation."""
    for row in reading.rows:
        if row.role in ("question", "doctor") or row.topic in ("plan", "family-history"):
            continue
        for habit in _HABITS:
            yield from _habit(reading, row, habit)
        yield from _job(reading, row)


def _habit(reading: Reading, row: Passage, habit: _Habit) -> Iterator[Fact]:
    asked = row.asked is not None and habit.words.search(row.folded, row.asked.start, row.asked.end) is not None
    for sentence in row.sentences:
        if sentence.asks:
            continue
        m = habit.words.search(row.folded, sentence.start, sentence.end)
        alone = asked and sentence is row.sentences[0]
        if m is None and not alone:
            continue
        at = m.start() if m else sentence.start
        if reading.subjects.of(row, sentence, at) != "patient" or (m and _supposed(row, sentence, m)):
            continue
        end = max(s.end for s in row.sentences[:3]) if alone else sentence.end
        status = _habit_status(_own_words(row, sentence, habit, end), alone=m is None or alone)
        if status is None:
            continue
        evidence = [row.evidence(sentence.start, end)]
        if alone and row.asked:
            evidence = list(row.answer(row.asked, end))
        yield Fact(
            kind="social-history", concept=Concept(text=habit.zh if reading.encounter.language == "zh" else habit.en, id=habit.id),
            status=status, attributes=frozen_map(_amounts(reading, row, habit, sentence.start, end)), evidence=tuple(evidence),
            witnesses=(row.witness,), recorded=row.said.isoformat(),
        )  # fmt: skip
        return


def _own_words(row: Passage, sentence: Sentence, habit: _Habit, end: int) -> str:
    """The clauses that tell of this habit, without those of another ("烟一天一包，酒不喝")."""
    others = [h.words for h in _HABITS if h is not habit]
    kept: list[str] = []
    mine = True
    for s in (s for s in row.sentences if sentence.start <= s.start < end):
        for clause in s.clauses:
            words = row.folded[clause.start : clause.end]
            if habit.words.search(words):
                mine = True
            elif any(o.search(words) for o in others):
                mine = False
            if mine:
                kept.append(words)
    return ",".join(kept) or row.folded[sentence.start : end]


def _supposed(row: Passage, sentence: Sentence, m: re.Match[str]) -> bool:
    return assess(row.folded, sentence, m.start(), m.end(), []).hypothetical


def _habit_status(words: str, *, alone: bool) -> Status | None:
    if _QUIT.search(words) and not _NOT_QUITE.search(words):
        return "historical"
    if _NEVER.search(words):
        return "absent"
    said = polarity(words)
    if said == "absent" and alone:
        return "present" if _SOME.search(words) and not re.search(r"not (?:even )?occasional", words) else "absent"
    if re.search(
        r"(?<![有])(?:不|没有?|无|否认)[^,，。]{0,4}(?:抽|吸|喝|饮|烟|酒)|\bno (?:alcohol|smoking|tobacco|drugs)|denies",
        words,
    ):
        return "absent"
    return None if said == "uncertain" else "present"


def _amounts(reading: Reading, row: Passage, habit: _Habit, start: int, end: int) -> dict[str, str | None]:
    words = row.folded[start:end]
    out: dict[str, str | None] = {}
    half = re.search(r"[一每]天(半)(?=[包盒斤瓶杯])", words)
    for number in [NumberSpan(half.start(1), half.end(1), Decimal("0.5"))] if half else find_numbers(words):
        unit = habit.units.match(words, number.end) or habit.units.match(words, min(number.end + 1, len(words)))
        if unit is None:
            continue
        sort = unit.lastgroup
        name = {"cig": "cigarettes", "pack": "packs"}.get(sort or "", unit.group())
        out["amount"] = f"{number.value.normalize():f} {name}"
        per = _PER_WORDS.search(words)
        if per:
            key = (per.group(1) or per.group(2) or per.group(3)).replace("个", "")
            out["per"] = _PER.get(key, "day")
        break
    if _SOME.search(words):
        out["text"] = "occasional"
    for sentence in row.sentences:
        if start <= sentence.start < end:
            found = values(reading, row, sentence)
            for d in found.durations:
                if "Y" in d.iso or ("M" in d.iso and "T" not in d.iso):
                    out.setdefault(
                        "ended_for"
                        if re.search(r"戒|quit|stopped|gave up|ago", row.folded[max(start, d.start - 8) : d.end + 6])
                        else "duration",
                        d.iso,
                    )
            if _QUIT.search(words):
                for when in found.dates:
                    out.setdefault("ended", when.iso)
    return out


def _job(reading: Reading, row: Passage) -> Iterator[Fact]:
    if row.role not in ("patient", "companion", "unknown"):
        return
    asked = row.asked and re.search(
        r"职业|什么工作|做什么的|干什么的|干啥的|occupation|for work|for a living|your job|what do you do",
        row.folded[row.asked.start : row.asked.end],
    )
    text = row.source.text
    for sentence in row.sentences:
        m = _JOB.search(row.folded, sentence.start, sentence.end)
        if m is None:
            continue
        group = "zh" if m.group("zh") else "en"
        words = (
            tidy(text[m.start(group) : m.end(group)]).lower() if group == "en" else text[m.start(group) : m.end(group)]
        )
        if (
            not (asked or group == "zh" or _JOB_ENDS.search(words))
            or reading.subjects.of(row, sentence, m.start(group)) != "patient"
        ):
            continue
        if names_in(row.folded, m.start(group), m.end(group)):
            continue
        yield _occupation(reading, row, words, row.evidence(sentence.start, sentence.end))
        return
    if asked and row.asked and row.asked.from_form and len(row.text.strip()) <= 30:
        yield _occupation(reading, row, row.text.strip(" 。."), row.evidence(row.start, row.end))


def _occupation(reading: Reading, row: Passage, words: str, quote: Evidence) -> Fact:
    name = "职业" if reading.encounter.language == "zh" else "occupation"
    return Fact(
        kind="social-history", concept=Concept(text=name, id="social:occupation"), status="present",
        attributes=frozen_map({"text": words}), evidence=(quote,), witnesses=(row.witness,), recorded=row.said.isoformat(),
    )  # fmt: skip


_LMP = re.compile(
    r"末次月经|上次月经|上次来月经|上次来例假|最后一次月经|上一次月经|大姨妈|例假|月经|(?<![a-z])(?:last (?:menstrual )?period|lmp|my period|last menses|periods?)(?![a-z])"
)
_LMP_ONLY = re.compile(r"末次月经|上次|最后一次|上一次|last (?:menstrual )?period|lmp|last menses")
_REPRODUCTIVE: tuple[tuple[str, str, str, re.Pattern[str]], ...] = (
    ("reproductive:pregnancy", "妊娠", "pregnancy", re.compile(r"怀孕|怀上|有孕|妊娠|孕妇|有喜|怀着|(?<![a-z])(?:pregnan(?:t|cy)|expecting)(?![a-z])")),
    ("reproductive:lactation", "哺乳", "breastfeeding", re.compile(r"哺乳|喂奶|母乳喂养|(?<![a-z])(?:breast-?feeding|nursing (?:a|my|the)|lactating)(?![a-z])")),
    ("reproductive:menopause", "绝经", "menopause", re.compile(r"绝经|停经了?好?几?年|更年期后|(?<![a-z])(?:menopaus(?:e|al)|postmenopausal|periods stopped)(?![a-z])")),
    ("reproductive:contraception", "避孕", "contraception", re.compile(r"避孕药|避孕环|上环|节育环|(?<![a-z])(?:contracepti(?:on|ve)|birth control|the pill|coil|iud|implant)(?![a-z])")),
)  # fmt: skip
_GRAVIDA = re.compile(
    r"(?<![a-z])g\s*\d+\s*p\s*\d+(?![a-z])|孕\s*[0-9一二三四五六]\s*产\s*[0-9一二三四五六]|(?:生过?|有)[了]?[一两二三四五0-9]个(?:孩子|小孩|娃)|(?:顺产|剖腹产|剖宫产)[过了]?[一两二三0-9](?:个|次|胎)"
)
_CYCLE = re.compile(
    r"(?:月经|周期|例假)[^。,，]{0,6}(?:不?规律|不?准|不?正常|紊乱|\d+天|提前|推迟|推后)|(?:periods?|cycles?) (?:are |is |have been |been )?(?:usually |always |pretty |very |quite |a bit )?(?:regular|irregular|late|heavy|light|like clockwork)|(?:regular|irregular|heavy|light) (?:periods?|cycles?)|usually late"
)


def reproductive(reading: Reading) -> Iterator[Fact]:
    """Last period, cycle, pregnancy, lactation, menopause, contraception, gravida and para."""
    if reading.encounter.patient.sex == "male":
        rows = [r for r in reading.rows if re.search(r"怀孕|妊娠|pregnan", r.text)]
    else:
        rows = list(reading.rows)
    for row in rows:
        if row.role in ("question", "doctor") or row.topic in ("family-history", "plan"):
            continue
        yield from _states(reading, row)
        yield from _last_period(reading, row)
        yield from _verbatim(reading, row)


def _states(reading: Reading, row: Passage) -> Iterator[Fact]:
    for concept_id, zh, en, words in _REPRODUCTIVE:
        asked = row.asked is not None and words.search(row.folded, row.asked.start, row.asked.end) is not None
        status: Status | None = None
        evidence: tuple[Evidence, ...] = ()
        for sentence in row.sentences:
            m = None if sentence.asks else words.search(row.folded, sentence.start, sentence.end)
            if m is None:
                continue
            names = [
                (x.start, x.end)
                for x in names_in(row.folded, sentence.start, sentence.end)
                if not (x.start < m.end() and m.start() < x.end)
            ]
            said = assess(row.folded, sentence, m.start(), m.end(), names)
            if said.hypothetical or reading.subjects.of(row, sentence, m.start()) != "patient":
                continue
            status, evidence = said.status, (row.evidence(sentence.start, sentence.end),)
            break
        if status is None and asked and row.asked:
            status = polarity(row.folded[row.start : row.end])
            evidence = row.answer(row.asked)
        if status is not None and evidence:
            attributes: dict[str, str | None] = {}
            weeks = re.search(
                r"(\d+|[一二三四五六七八九十]+)\s*(?:周|weeks)", row.folded[evidence[0].start : evidence[0].end]
            )
            if weeks and status == "present" and concept_id == "reproductive:pregnancy":
                attributes["text"] = row.source.text[
                    evidence[0].start + weeks.start() : evidence[0].start + weeks.end()
                ]
            yield _make(reading, row, concept_id, zh, en, status, attributes, evidence)


def _last_period(reading: Reading, row: Passage) -> Iterator[Fact]:
    asked = row.asked is not None and _LMP.search(row.folded, row.asked.start, row.asked.end) is not None
    for sentence in row.sentences:
        named = _LMP_ONLY.search(row.folded, sentence.start, sentence.end) and _LMP.search(
            row.folded, sentence.start, sentence.end
        )
        if sentence.asks or not (named or asked):
            continue
        found = values(reading, row, sentence)
        evidence = [row.evidence(sentence.start, sentence.end)]
        if asked and not named and row.asked:
            evidence = list(row.answer(row.asked, sentence.end))
        if found.dates:
            d = found.dates[0]
            yield _make(reading, row, "reproductive:lmp", "末次月经", "last menstrual period", "present",
                        {"date": d.iso, "text": row.source.text[d.start : d.end]}, tuple(evidence))  # fmt: skip
            return
        if found.durations:
            t = found.durations[0]
            yield _make(reading, row, "reproductive:lmp", "末次月经", "last menstrual period", "present",
                        {"ago": t.iso, "text": row.source.text[t.start : t.end]}, tuple(evidence))  # fmt: skip
            return


def _verbatim(reading: Reading, row: Passage) -> Iterator[Fact]:
    for concept_id, zh, en, words in (
        ("reproductive:gravida-para", "孕产史", "obstetric history", _GRAVIDA),
        ("reproductive:cycle", "月经周期", "menstrual cycle", _CYCLE),
    ):
        m = words.search(row.folded, row.start, row.end)
        if m and not row.sentence_at(m.start()).asks:
            sentence = row.sentence_at(m.start())
            yield _make(reading, row, concept_id, zh, en, "present", {"text": row.source.text[m.start() : m.end()]},
                        (row.evidence(sentence.start, sentence.end),))  # fmt: skip


def _make(
    reading: Reading, row: Passage, concept_id: str, zh: str, en: str, status: Status,
    attributes: dict[str, str | None], evidence: tuple[Evidence, ...],
) -> Fact:  # fmt: skip
    kind: FactKind = "reproductive-history"
    return Fact(
        kind=kind, concept=Concept(text=zh if reading.encounter.language == "zh" else en, id=concept_id), status=status,
        attributes=frozen_map(attributes), evidence=evidence, witnesses=(row.witness,), recorded=row.said.isoformat(),
    )  # fmt: skip

"""A record's voice: how one fact's name, side, time and amount are said in the record's language.

Nothing here decides anything; it only chooses words, and only such as the fact's own evidence bears out: a date
whose year nobody wrote or said is given as it was said ("since Saturday", 前年), or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from syngraph.draft.phrases import Phrases, phrases
from syngraph.model import Encounter, Evidence, Fact, Language, Source, SourceId, is_date, is_duration
from syngraph.terminology.patterns import regex

#: Words of time rather than a number that would need its year ("周六", "last night").
#: A Chinese weekday without its week.
_BARE_DAY = re.compile("(?:周|星期|礼拜)[一二三四五六日天]")
_WORDY = regex(r"[^\d\s./:-]")
_WEEKDAY = r"(mon|tues|wednes|thurs|fri|satur|sun)day"
_HAN = regex(r"[一-鿿]")
#: Kinds whose own wording may be more exact than the terminology's name (高血压病2级 for 高血压).
_EXACT_KINDS = frozenset({"condition", "diagnosis", "procedure", "imaging", "plan", "exam-finding", "immunization"})
#: A child up to this age is 患儿 (paediatrics in China sees patients below 14).
_CHILD_YEARS = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """The words of one encounter's record.

    Attributes:
        language: the language to write, the template's.
        encounter: whose record it is.
        sources: by id, to read what an evidence quotes.
    """

    language: Language
    encounter: Encounter
    sources: Mapping[SourceId, Source] = field(default_factory=dict)

    @property
    def p(self) -> Phrases:
        """The language's phrases."""
        return phrases(self.language)

    # -- what the evidence says -------------------------------------------------------------------------

    def quote(self, evidence: Evidence) -> str:
        """The words that ``evidence`` points at; empty where its source is not at hand."""
        source = self.sources.get(evidence.source)
        return source.text[evidence.start : evidence.end] if source else ""

    def quotes(self, fact: Fact) -> str:
        """Everything that the fact's evidence says, a line each."""
        return "\n".join(self.quote(e) for e in fact.evidence)

    def reported(self, fact: Fact) -> bool:
        """Whether a report brought along says it."""
        return any((s := self.sources.get(e.source)) and s.kind == "report" for e in fact.evidence)

    # -- names ------------------------------------------------------------------------------------------

    def name(self, fact: Fact) -> str:
        """What the fact is about, in the record's language: the terminology's name, else as it was received."""
        text = re.sub(r"(?<=[一-鿿])\s+|\s+(?=[一-鿿])", "", fact.concept.text.strip())
        term = _term_name(fact.concept.id, self.language)
        if term is None or fact.concept.id is None or fact.concept.id.endswith(":any"):
            return text
        same = (_HAN.search(text) is not None) == (self.language == "zh")
        if same and fact.kind in _EXACT_KINDS and term.casefold() in text.casefold():
            return text
        # A clinician's own term for an order or a diagnosis is kept: BNP, spirometry, 急性化脓性扁桃体炎.
        if fact.kind in ("plan", "diagnosis") and fact.get("category") != "medication" and (same or text.isascii()):
            return text
        return term

    def normal(self, fact: Fact) -> bool:
        """Whether the terminology's row already says that nothing is wrong (未闻及心脏杂音, lungs clear)."""
        from syngraph.terminology.lexicon import lexicon

        term = lexicon().terms.get(fact.concept.id or "")
        return term is not None and term.attrs.get("normal") == "1"

    def noun(self, fact: Fact, *, severity: bool = True) -> str:
        """The name with severity, side and site before it, as a clinician puts them: 左膝轻度疼痛, left knee pain."""
        name, site = self.name(fact), (fact.get("body_site") or "").strip()
        if site and (site in name or not self.p.found("side.prefix_site", name)):
            site = ""
        noun = self.p.say("side.name", site=site, name=name).strip()
        noun = self._sided(noun, fact.get("laterality"))
        weight = self.p.word("severity", fact.get("severity")) if severity else ""
        noun = noun if weight and weight in noun else self._joined(weight, noun)
        return self.p.say("marks.uncertain", x=noun) if fact.status == "uncertain" else noun

    def _sided(self, noun: str, side: str | None) -> str:
        if not side or self.p.found("side.said", noun):
            return noun
        for pattern, shape in self.p.get("side.organs"):
            if re.search(pattern, noun, re.IGNORECASE):
                # What an organ does has its side at the organ: 右眼视物模糊, blurred vision in the right eye.
                return str(shape).format_map({"side": self.p.word("side.organ", side), "x": noun})
        limb = self.language == "zh" and self.p.found("side.limb", noun)
        if limb:
            noun = re.sub(self.p.get("side.region"), "", noun)
        en_site = self.language == "en" and " " in noun
        return self._joined(self.p.word("side.short" if limb or en_site else "side.long", side), noun)

    def _joined(self, a: str, b: str) -> str:
        return f"{a} {b}" if a and self.language == "en" else a + b

    def lonely_site(self, fact: Fact) -> str:
        """Where it is, for a name that can't take its site before it (头痛 at the temples)."""
        site, name = (fact.get("body_site") or "").strip(), self.name(fact)
        if not site or site in name or self.p.found("side.prefix_site", name) or name.casefold() in site.casefold():
            return ""
        if self.language == "en" and not re.match(r"(in|at|on|behind|around|under|over|below|above|between)\b", site):
            site = f"in the {site}"
        return self.p.say("side.in_site", x=site)

    def place(self, fact: Fact) -> str:
        """The site with its side: 双下肢, left flank."""
        return self._sided((fact.get("body_site") or "").strip(), fact.get("laterality"))

    def who(self) -> str:
        """患者, or 患儿 for a child; nothing in English, whose sentences begin with the verb."""
        return self.p.word("who", "child" if self.is_child() else "adult")

    def is_child(self) -> bool:
        """Whether the patient is younger than fourteen at the visit; False where the birth date is not known."""
        born = self.encounter.patient.birth_date
        if not born:
            return False
        days = (self.encounter.start.date() - _as_date(born)).days
        return 0 <= days < _CHILD_YEARS * 365.25

    # -- times ------------------------------------------------------------------------------------------

    def length(self, iso: str | None) -> str:
        """An ISO duration in words; empty where there is none."""
        if not iso or not is_duration(iso):
            return iso or ""
        from syngraph.terminology.times import say_duration

        return say_duration(iso, self.language)

    def lasting(self, fact: Fact, *, rough: bool = False) -> str:
        """How long it has lasted, half units as said (半月, not 15天); with 约 where ``rough`` and said so."""
        iso = fact.get("duration")
        if not iso:
            return ""
        quotes = self.quotes(fact)
        halves = self.p.get("when.halves")
        text = next((say for code, cue, say in halves if code == iso and re.search(cue, quotes)), self.length(iso))
        approximate = fact.get("duration_low") != fact.get("duration_high")
        return self.p.say("when.about", x=text) if rough and approximate else text

    def moment(self, fact: Fact, key: str = "onset") -> str:
        """The date under ``key`` as its evidence has it: written out, as day and month, or in the words said.

        Empty where there is no date or the evidence holds nothing of it.
        """
        iso = fact.get(key)
        if not iso or not is_date(iso):
            return ""
        quotes = self.quotes(fact)
        if iso[:4] in quotes or re.search(rf"(?<!\d){iso[2:4]}年", quotes):
            from syngraph.terminology.times import say_date

            return say_date(iso[:10], self.language)
        if len(iso) >= 10 and self.p.found("when.day_month_cue", quotes):
            day = _as_date(iso)
            return self.p.say("when.day_month", m=str(day.month), d=str(day.day), month=f"{day:%B}")
        own = fact.get(f"{key}_text") or ""
        said = self._written(own) if own and own in quotes and _WORDY.search(own) else self._as_said(quotes, iso)
        return self._days_ago(iso) or said if _BARE_DAY.fullmatch(said) and len(iso) >= 10 else said

    def _days_ago(self, iso: str) -> str:
        """How many days before the visit a day was, as 周天 alone would leave open which one is meant."""
        days = (self.encounter.start.date() - _as_date(iso)).days
        return self.p.say("when.days_before", n=str(days)) if days > 0 else ""

    def _written(self, words: str) -> str:
        for pattern, written in self.p.get("when.written"):
            words = re.sub(pattern, written, words)
        return _capitalised(words) if re.match(_WEEKDAY, words, re.IGNORECASE) else words

    def _as_said(self, quotes: str, iso: str) -> str:
        for found in re.finditer(self.p.get("when.said"), quotes, re.IGNORECASE):
            if self._fits(found.group(), iso):
                return self._written(found.group())
        return ""

    def _fits(self, words: str, iso: str) -> bool:
        """Whether ``words`` ("Saturday", 前天) can mean the date ``iso`` on the day of the visit."""
        today, day = self.encounter.start.date(), _as_date(iso)
        back = {"day": (today - day).days, "year": today.year - day.year, "weekday": day.weekday()}
        for pattern, unit, n in self.p.get("when.fits"):
            if re.search(pattern, words, re.IGNORECASE):
                return bool(back[unit] == n) if len(iso) >= 10 or unit == "year" else unit == "year"
        return True

    def onset(self, fact: Fact) -> str:
        """When it began, ready to stand in a sentence: 3天前, 于2024年, for 3 days, since Saturday."""
        if self.language == "en" and (said := self._weekday(fact)):
            return said
        if fact.get("duration"):
            return self.p.say("when.ago", x=self.lasting(fact, rough=True))
        said = self.moment(fact) or self.moment(fact, "date")
        if not said:
            return ""
        dated = re.search(r"\d", said) and not re.search(r"前$|ago$", said)
        return self.p.say("when.dated", x=said) if dated else self.p.shape("moment", said)

    def _weekday(self, fact: Fact) -> str:
        said = self.moment(fact)
        return self.p.shape("moment", said) if said.lower().rstrip("s").endswith("day") else ""

    def days(self, fact: Fact) -> float | None:
        """For how many days, at the visit, the thing has been going on; None where nobody said."""
        if duration := fact.get("duration"):
            from syngraph.terminology.times import duration_days

            return float(duration_days(duration))
        iso = fact.get("onset") or fact.get("date")
        return float((self.encounter.start.date() - _as_date(iso)).days) if iso and is_date(iso) else None

    # -- doses ------------------------------------------------------------------------------------------

    def dosed(self, fact: Fact, *, route: bool = True) -> str:
        """A drug with dose, route, frequency: 氨氯地平 5 mg，口服，每日1次 / Amlodipine 5 mg by mouth once daily."""
        from syngraph.terminology.doses import say_dose, say_frequency, say_route

        dose, often = fact.get("dose"), fact.get("frequency")
        way = fact.get("route") if route else None
        head = " ".join(x for x in (self.name(fact), say_dose(dose, self.language) if dose else "") if x)
        parts = [say_route(way, self.language) if way else "", say_frequency(often, self.language) if often else ""]
        parts += [say_frequency("prn", self.language)] if fact.get("as_needed") and often != "prn" else []
        parts += [self.p.word("adherence", fact.get("adherence"))]
        return (self.p.get("marks.clause") if self.language == "zh" else " ").join([head, *(x for x in parts if x)])

    def measured(self, fact: Fact) -> str:
        """Value and unit as printed, the unit in the language's own way of writing: 5 mmol/L, 88 次/分."""
        value, unit = fact.get("value"), fact.get("unit")
        if not value or not unit or value.endswith(unit):
            return value or ""
        from syngraph.terminology.units import unit as known

        row = known(unit)
        printed = (row.zh if self.language == "zh" else row.en) if row else unit
        tight = printed == "%"
        return value + ("" if tight else " ") + printed

    # -- lists and sentences -----------------------------------------------------------------------------

    def clauses(self, parts: Iterable[str]) -> str:
        """``parts`` with the comma of the language between them, empty ones left out."""
        return str(self.p.get("marks.clause")).join(dict.fromkeys(x for x in parts if x))

    def told(self, text: str) -> str:
        """A clinician's own words, brought from speech into written form by the language's list."""
        for pattern, written in self.p.get("speech"):
            text = re.sub(pattern, written, text.strip(), flags=re.IGNORECASE)
        return text.strip().rstrip(self.p.get("marks.stops") + " ")

    def lowered(self, text: str) -> str:
        """``text`` to stand inside an English sentence: its first letter small, abbreviations as they are."""
        keep = self.language == "zh" or not text[1:2].islower()
        return text if keep else text[:1].lower() + text[1:]

    def tidy(self, value: str | None) -> str:
        """A speaker's own words for a feature, in written form: 歇个三五分钟 is 休息三五分钟."""
        text = (value or "").strip().rstrip(self.p.get("marks.stops"))
        for pattern, written in self.p.get("wording"):
            text = re.sub(pattern, written, text, flags=re.IGNORECASE)
        return text.strip()

    def sentence(self, text: str) -> str:
        """``text`` as a sentence: capitalised in English, without doubled blanks or stops."""
        text = re.sub(r" {2,}", " ", text).strip()
        text = re.sub(r" +([,.;])", r"\1", text)
        text = re.sub(r"([。.；;，,？])[。.]$", r"\1" if text[-2:-1] in "？" else text[-1], text)
        return _capitalised(text) if self.language == "en" else text


def names_in(voice: Voice, facts: Iterable[Fact]) -> Iterator[str]:
    """The names of ``facts``, each once."""
    yield from dict.fromkeys(voice.name(f) for f in facts)


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _as_date(iso: str) -> date:
    """The first day that ``iso`` may mean."""
    year, month, day = (*iso[:10].split("-"), "1", "1")[:3]
    return date(int(year), int(month), int(day))


def _term_name(term_id: str | None, language: str) -> str | None:
    """The terminology's name for an id; a composed one (``symptom:knee+swelling``) is put together again."""
    from syngraph.terminology.lexicon import lexicon

    if not term_id:
        return None
    terms = lexicon().terms
    if term_id in terms:
        return terms[term_id].name(language)
    site, _, feeling = term_id.partition(":")[2].partition("+")
    parts = (terms.get(f"body-site:{site}"), terms.get(f"sensation:{feeling}"))
    if parts[0] is None or parts[1] is None:
        return None
    return ("" if language == "zh" else " ").join(t.name(language) for t in parts if t)


def by_source(facts: Sequence[Fact]) -> int:
    """In how many sources the most widely told of ``facts`` stands."""
    return max((len({e.source for e in f.evidence}) for f in facts), default=0)

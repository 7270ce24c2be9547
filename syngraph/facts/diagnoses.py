"""What the clinician concludes: diagnoses said aloud, with their doubt, and chronic ones said to be stable or not.

A condition is concluded where a cue says so ("looks like", 考虑), where a clause of the later talk holds nothing but
its name, or where it goes on with the list of the sentence before. A cause ("set off by a virus"), a relative's
disease, a supposition and what a drug might do are no diagnoses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from syngraph.facts.diagnosis_wording import alike, alone, named_in, names_alone, worded
from syngraph.facts.mentions import Mention, Reading
from syngraph.facts.naming import concept_of
from syngraph.facts.passage import Clause, Passage, Sentence
from syngraph.facts.spoken import is_han, late, simplified, stated, states, words_for
from syngraph.facts.stretches import names_of, stretches
from syngraph.facts.values import side_of, values
from syngraph.facts.whole_name import full_name
from syngraph.model import Concept, Fact, Status
from syngraph.terminology.lexicon import lexicon

#: A clause that names something unknown to the terminology is kept in so many characters (Chinese) or words.
_HAN, _LATIN = 18, 9
#: So many words behind the name of a list's part still belong to it.
_TAIL = 3
#: So many words before a name may only tell where it is ("left middle cerebral artery stroke, recovering well").
_PLACE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """A sentence of the doctor's with what decides whether a condition in it is a conclusion."""

    reading: Reading
    index: int
    row: Passage
    sentence: Sentence
    late: bool
    listed: bool  # the sentence before concluded, and this one may go on with its list
    aside: bool = False  # told of risks, of people in general, of what was done before

    @property
    def words(self) -> str:
        return self.row.folded[self.sentence.start : self.sentence.end]

    def clause(self, m: Mention) -> Clause:
        return self.sentence.clause_at(m.start)


def diagnoses(reading: Reading) -> Iterator[Fact]:
    """Every diagnosis that the doctor voices."""
    since = late(reading)
    found = list(_voiced(reading, since))
    denied = {f.concept.id for f in found}
    likely = [] if any(f.status != "absent" for f in found) else _likeliest(reading, since)
    yield from [*found, *(f for f in likely if f.concept.id not in denied)]


def _likeliest(reading: Reading, since: int) -> Iterator[Fact]:
    """The disease that the doctor speaks of most in the later talk, where nothing is concluded in so many words."""
    named: dict[str, list[tuple[_Said, Mention]]] = {}
    for index, row in enumerate(reading.rows):
        if row.role != "doctor" or index < since:
            continue
        for sentence in stretches(row):
            said = _Said(reading=reading, index=index, row=row, sentence=sentence, late=True, listed=False)
            if states(row, sentence) and not words_for("no-conclusion").search(said.words):
                for m in names_of(reading, row, index, sentence):
                    if _spoken_of(said, m):
                        named.setdefault(m.term.id, []).append((said, m))
    if named:
        said, m = max(named.values(), key=lambda rows: (len(rows), rows[0][1].start))[0]
        fact = _diagnosis(said, m, full_name(said.row, m))
        if fact is not None:
            yield replace(fact, status="uncertain")  # nobody said that this is it


def _spoken_of(said: _Said, m: Mention) -> bool:
    """Whether a disease is said of the patient, and not as a cause, a cure's aim, a part of the past or a supposition."""
    if m.term.kind != "condition" or m.assertion.hypothetical or m.assertion.subject != "patient":
        return False
    if m.status not in ("present", "uncertain") or words_for("no-disease-alone").fullmatch(m.term.en.lower()):
        return False
    clause = said.clause(m)
    before, after = said.row.folded[clause.start : m.start], said.row.folded[m.end : clause.end]
    aside = words_for("known-condition").search(before[-24:]) or words_for("in-general").match(after)
    return not aside and not _beside(before, after)


def _voiced(reading: Reading, since: int) -> Iterator[Fact]:
    seen: dict[str, str] = {}
    for index, row in enumerate(reading.rows):
        if row.role != "doctor":
            continue
        listed, aside = False, False
        for sentence in stretches(row):
            if not states(row, sentence):
                listed = False
                continue
            aside = _aside(row, sentence, aside)
            said = _Said(
                reading=reading, index=index, row=row, sentence=sentence, late=index >= since,
                listed=listed and not aside, aside=aside,
            )  # fmt: skip
            found = list(_sentence(said))
            yield from (_apart(f, seen) for f in found)
            listed = bool(found)


def _aside(row: Passage, sentence: Sentence, before: bool) -> bool:
    """Whether a sentence tells of risks, of people in general or of what is not known, or goes on with such a list."""
    said = row.folded[sentence.start : sentence.end]
    if words_for("no-conclusion").search(said):
        return True
    named = lexicon().longest(said, "condition")
    if not before or not named:
        return False
    listing = [*(m.term for m in named)]
    return (
        len(listing) > 1 and alone(said[: named[0].start], "") and words_for("concludes-clearly").search(said) is None
    )


def _apart(fact: Fact, seen: dict[str, str]) -> Fact:
    """A second, different disease under the same code keeps its own name: two kinds of dermatitis are two diagnoses."""
    key, text = fact.concept.id, fact.concept.text.lower()
    if key is None:
        return fact
    first = seen.setdefault(key, text)
    if first in text or text in first or not alike(first, text):
        return fact  # "bladder infection, a UTI" is one
    return replace(fact, concept=Concept(text=fact.concept.text))


def _sentence(said: _Said) -> Iterator[Fact]:
    named = [
        m
        for m in names_of(said.reading, said.row, said.index, said.sentence)
        if m.term.kind in ("condition", "symptom")
    ]
    chosen = [m for m in named if _under_review(said, m) or (m.term.kind == "condition" and _concluded(said, m))]
    chosen += [m for m in named if m.term.kind == "condition" and m not in chosen and _listed_with(said, m, chosen)]
    chosen += [m for m in named if m.term.kind == "symptom" and _as_diagnosis(said, m, chosen)]
    ranges = {id(m): full_name(said.row, m) for m in chosen}
    made: list[tuple[int, int]] = []
    for m in _specific(chosen, ranges):
        fact = _diagnosis(said, m, ranges[id(m)])
        if fact is not None:
            made.append(ranges[id(m)])
            yield fact
    if said.aside:
        return
    diseases = [(m.start, m.end) for m in named if m.term.kind == "condition"]
    yield from _unknown(said, [*made, *diseases], listed=bool(made))
    if not made:
        yield from _controlled(said)


def _worse(before: str) -> bool:
    """Whether the words before a known disease say that it is what is wrong now: "this is a flare of your asthma"."""
    return words_for("known-disease-worse").search(before) is not None


def _concluded(said: _Said, m: Mention) -> bool:
    clause = said.clause(m)
    before, after = said.row.folded[clause.start : m.start], said.row.folded[m.end : clause.end]
    if m.assertion.subject != "patient" or (m.assertion.hypothetical and not _thought_of(said, m)):
        return False
    if said.aside:
        return False
    if said.late and (_left_open(said, m) or _fares(said, m, before) or _ruled_out(said, m) or _shown(said, m)):
        return True
    if _worse(before) or (said.late and _explains(said, m)):
        return True
    if _beside(before, after):
        return False
    if words_for("known-condition").search(before[-16:]):
        return False
    lead = said.row.folded[said.sentence.start : m.start]
    if words_for("concludes-clearly").search(lead):
        return True
    if not said.late:
        return False
    if words_for("still-open").match(after):
        return True
    if words_for("opens-conclusion").fullmatch(_bare_lead(said, m)):
        return True  # "so this is a reducible right inguinal hernia", 那就是
    going_on = said.listed and alone(before, "")
    return going_on or _by_itself(said, m) or bool(words_for("concludes").search(before))


def _explains(said: _Said, m: Mention) -> bool:
    """Whether a name tells what a complaint is, with its cause (手麻是奥沙利铂引起的周围神经病变)."""
    lead = said.row.folded[said.sentence.start : m.start]
    after = said.row.folded[m.end : said.sentence.end]
    led = words_for("caused-before").search(lead) is not None
    return led and (is_han(lead[-1:]) or words_for("caused-after").match(after) is not None)


def _under_review(said: _Said, m: Mention) -> bool:
    """Whether a name heads what is then said of it ("for your second problem, your reflux, ...", 高血压这块，...).

    A complaint heads it only where it is counted as a problem; a disease also after "in terms of your ...".
    """
    if not said.late or m.assertion.subject != "patient" or m.term.kind not in ("condition", "symptom"):
        return False
    lead, after = said.row.folded[said.sentence.start : m.start], said.row.folded[m.end : said.sentence.end]
    if words_for("cause-after").match(after) or words_for("supposes-clearly").search(lead):
        return False
    numbered = words_for("problem-numbered").search(lead)
    pointed = words_for("standpoint-after").match(after) and words_for("standpoint-before").search(lead)
    if numbered or pointed:
        return m.status != "absent" or m.term.kind == "condition"
    return m.term.kind == "condition" and words_for("problem-list").search(f"{lead}~{after[:12]}") is not None


def _shown(said: _Said, m: Mention) -> bool:
    """Whether a result read aloud holds the disease ("the film shows a fracture", B超提示胆囊结石)."""
    if m.status not in ("present", "uncertain") or words_for("no-disease-alone").fullmatch(m.term.en.lower()):
        return False
    lead, after = said.row.folded[said.sentence.start : m.start], said.row.folded[m.end : said.sentence.end]
    if words_for("shown-before").search(lead):
        return True
    return words_for("seen-before").search(lead) is not None and words_for("shown-after").match(after) is not None


def _listed_with(said: _Said, m: Mention, chosen: Sequence[Mention]) -> bool:
    """Whether a name makes up a part of the list that a concluded one stands in ("..., with early nerve damage")."""
    if said.aside or not chosen or not said.late or m.assertion.hypothetical or m.assertion.subject != "patient":
        return False
    if m.status not in ("present", "uncertain") or words_for("no-disease-alone").fullmatch(m.term.en.lower()):
        return False
    start, end = full_name(said.row, m)
    part = next((p for p in _parts(said, _AND) if p[0] <= start < p[1]), None)
    if part is None or any(c.start < end and start < c.end for c in chosen):
        return False
    before, after = said.row.folded[part[0] : start], said.row.folded[end : part[1]]
    return alone(words_for("early-late").sub("", before), "", 1) and (
        alone("", after) or words_for("goes-on").match(after) is not None
    )


def _left_open(said: _Said, m: Mention) -> bool:
    """Whether the words around a name leave open whether it is one ("I can't rule out ...", 唔敢话完全排除)."""
    clause = said.clause(m)
    before, after = said.row.folded[clause.start : m.start], said.row.folded[m.end : clause.end]
    return words_for("left-open").search(f"{before}~{after}") is not None


def _ruled_out(said: _Said, m: Mention) -> bool:
    """Whether the words before a name deny that it is one ("nothing here to suggest ...", 没看出有...)."""
    lead = said.row.folded[said.sentence.start : m.start]
    ruled = words_for("rules-out-before").search(lead)
    if ruled is None:
        return False
    gap = lead[ruled.end() :]
    return len(gap) < (8 if is_han(gap) else 40) and words_for("turns").search(gap) is None


def _thought_of(said: _Said, m: Mention) -> bool:
    """Whether a name that seems supposed is denied or left open ("I'm not worried about ...", "I have to exclude ...")."""
    if not said.late or words_for("supposes-clearly").search(said.words):
        return False
    return _ruled_out(said, m) or _left_open(said, m)


def _fares(said: _Said, m: Mention, before: str) -> bool:
    """Whether a clause only tells how a disease is doing ("her eczema's flaring", 类风湿关节炎目前算中度活动)."""
    told = words_for("course").match(said.row.folded, m.end, said.sentence.end)
    if told is None:
        return False
    named = len(before.split()) <= _PLACE and not is_han(before) and words_for("tells").search(before) is None
    return alone(before, "") or named or words_for("known-condition").search(before[-8:]) is not None


def _bare_lead(said: _Said, m: Mention) -> str:
    """What stands in a clause before the whole name of a disease, its signs left out ("a reducible right ...")."""
    clause = said.clause(m)
    start = max(clause.start, said.sentence.start)
    end = max(start, full_name(said.row, m)[0])
    signs = lexicon().longest(said.row.folded[start:end], "exam-finding")
    end = start + signs[-1].start if signs and not said.row.folded[start + signs[-1].end : end].strip() else end
    return said.row.folded[start:end].strip(" ,，、")


def _echoes(said: _Said, m: Mention) -> bool:
    """Whether the doctor only repeats a name that the answer before has just given ("Diabetes." after "diabetes")."""
    if said.index == 0 or said.sentence.start != said.row.sentences[0].start:
        return False
    before = said.reading.rows[said.index - 1]
    name = said.row.folded[m.start : m.end]
    return before.role != "doctor" and name in before.folded[before.start : before.end]


def _by_itself(said: _Said, m: Mention) -> bool:
    """Whether a name begins its sentence, or makes up one of its parts, with nothing but its place or cause behind it."""
    start, end = full_name(said.row, m)
    folded = said.row.folded
    comma = max(folded.rfind(c, said.sentence.start, start) for c in ",;、") + 1
    opened = max(comma, said.sentence.start)
    if not alone(folded[opened:start], "", 1 if is_han(folded[opened:end]) else 0):
        return False
    if words_for("no-disease-alone").fullmatch(folded[m.start : m.end]):
        return False
    if _echoes(said, m):
        return False
    stop = re.compile(r"[,;.。!?]|$").search(folded, end, said.sentence.end)
    rest = folded[end : stop.start() if stop else said.sentence.end]
    first = opened == said.sentence.start
    brief = first or len(rest.split()) <= _TAIL  # "iron deficiency anaemia in pregnancy" in a list
    if words_for("doubts-after").fullmatch(rest.strip()):
        return first  # "neutropenic sepsis until proved otherwise"
    return alone("", rest) or (brief and words_for("goes-on").match(rest) is not None)


def _beside(before: str, after: str) -> bool:
    """Whether the condition is only the cause, the risk or the topic of something."""
    return bool(words_for("cause-before").search(before) or words_for("cause-after").match(after))


def _as_diagnosis(said: _Said, m: Mention, chosen: Sequence[Mention]) -> bool:
    """A symptom's name as the conclusion ("考虑……，肾绞痛"): alone in its clause after a cue, beside no other name."""
    if (
        said.aside
        or m.assertion.hypothetical
        or m.status in ("absent", "historical")
        or m.assertion.subject != "patient"
    ):
        return False
    if any(c.start < m.end and m.start < c.end for c in chosen):
        return False
    if said.late and words_for("symptom-diagnosis").search(said.row.folded, m.start, m.end):
        return _concluded(said, m)
    if said.late and _is_disease_by_kind(said, m):
        return True
    if not chosen:
        return False
    clause = said.clause(m)
    cue = words_for("concludes-clearly").search(said.row.folded, said.sentence.start, m.start)
    before, after = said.row.folded[clause.start : m.start], said.row.folded[m.end : clause.end]
    bare = alone(words_for("concludes-clearly").sub("", before), after)
    return cue is not None and bare and is_han(said.words) and not _beside(before, after)


def _is_disease_by_kind(said: _Said, m: Mention) -> bool:
    """Whether a complaint's name stands with its kind or its cause, which makes a disease of it.

    "Breakthrough seizure, provoked by missed doses"; "the tremor looks like enhanced physiological tremor".
    """
    if is_han(said.words) or m.status not in ("present", "uncertain"):
        return False
    start, end = full_name(said.row, m)
    before, after = said.row.folded[said.sentence.start : start], said.row.folded[end : said.sentence.end]
    cue = list(words_for("concludes-clearly").finditer(before))
    led = words_for("opens-conclusion").fullmatch(before.strip()) or (cue and alone(before[cue[-1].end() :], ""))
    kind = start < m.start and not alone(said.row.folded[start : m.start], "")
    if kind and led and words_for("joins-more").match(after) is None:
        return True
    return alone(before, "") and words_for("caused-tail").match(after) is not None


def _specific(chosen: Sequence[Mention], ranges: dict[int, tuple[int, int]]) -> list[Mention]:
    """Without names that lie inside another's, and without "infection" beside the infection's own name."""
    kept = [
        m for m in chosen
        if not any(o is not m and ranges[id(o)][0] <= m.start and m.end <= ranges[id(o)][1] and o.term is not m.term for o in chosen)
    ]  # fmt: skip
    return [
        m
        for m in kept
        if not words_for("generic-diagnosis").fullmatch(m.term.en.lower()) or (len(kept) == 1 and _grown(m, ranges))
    ]


def _grown(m: Mention, ranges: dict[int, tuple[int, int]]) -> bool:
    """Whether words around a name make it more exact ("infection" in "viral infection of the throat")."""
    return ranges[id(m)] != (m.start, m.end)


def _diagnosis(said: _Said, m: Mention, span: tuple[int, int]) -> Fact | None:
    status = _status(said, m)
    if status is None or any(words_for("no-diagnosis").fullmatch(n.lower()) for n in (m.term.en, m.term.zh)):
        return None
    language = said.reading.encounter.language
    concept = concept_of(m.term, language)
    text = worded(simplified(said.row.source.text[span[0] : span[1]]))
    if said.row.source.text[span[0]].islower():
        text = text[:1].lower() + text[1:]  # tidying begins a sentence, and a name is none
    exact = len(text) >= len(concept.text) or m.term.kind == "symptom" or span != (m.start, m.end)
    if is_han(text) == (language == "zh") and exact:
        concept = replace(concept, text=text)
    concept = replace(concept, text=concept.text + _course(said, m, span[1]))
    side = side_of(said.row, values(said.reading, said.row, said.sentence), said.sentence, m.start, m.end)
    shown = side is None or not re.search(r"左|右|双|两|left|right|bilateral|both", concept.text)
    attributes: dict[str, str | None] = {"laterality": side if shown else None}
    return stated(said.row, (said.sentence.start, _until(said, span[1])), "diagnosis", concept, status, attributes)


def _until(said: _Said, end: int) -> int:
    """Where the quote of a diagnosis ends, with the doubt behind its name, so that a list stays in the order spoken."""
    rest = said.row.folded[end : said.sentence.end]
    told = (words_for(c).match(rest) for c in ("course", "doubts-after", "still-open"))
    doubt = next((m for m in told if m), None)
    stop = re.compile(r"[,，;；。.、]").search(said.row.folded, end + (doubt.end() if doubt else 0), said.sentence.end)
    return stop.start() if stop else said.sentence.end


def _status(said: _Said, m: Mention) -> Status | None:
    """Present, uncertain or ruled out; None where it is none of these."""
    clause = said.clause(m)
    lead = said.row.folded[said.sentence.start : m.start]
    around = said.row.folded[clause.start : clause.end]
    if _under_review(said, m):
        return "uncertain" if words_for("doubts").search(lead[-20:]) else "present"
    before = said.row.folded[clause.start : m.start]
    if said.late and words_for("known-condition").search(before[-8:]) and _fares(said, m, before):
        return "present"  # "it sounds like your depression's stable": the doubt is of how it is doing
    if _left_open(said, m):
        return "uncertain"
    if _ruled_out(said, m):
        return "absent"
    if words_for("to-rule-out").search(around) and not words_for("rules-out").search(around):
        return "uncertain"
    if m.status == "absent":
        return "absent" if words_for("rules-out").search(around) else None
    if words_for("settled").search(said.row.folded[m.start - 8 if m.start > 8 else 0 : m.end]) or _sure(said, m, lead):
        return "present"
    if words_for("flares").search(said.row.folded, m.start, m.end + 6) and words_for("only-considers").search(lead):
        return "present"  # 考虑痛风急性发作: that it is gout is known
    if (
        m.status == "uncertain"
        or words_for("doubts").search(lead[-60:])
        or words_for("doubts-after").match(said.row.folded[m.end : clause.end])
    ):
        return "uncertain"
    if m.status == "historical":
        return "present" if words_for("concludes-clearly").search(lead) and "陈旧" in around else None
    return "present"


def _sure(said: _Said, m: Mention, lead: str) -> bool:
    """Whether the last that is said of how sure it is, is that it is sure, or a known disease has come back."""
    if words_for("back-after").match(said.row.folded, m.end, said.sentence.end):
        return True
    settles = words_for("settles").search(lead)
    return settles is not None and words_for("doubts").search(lead[settles.end() :]) is None


def _course(said: _Said, m: Mention, end: int) -> str:
    """How a known disease is doing, where its clause says so ("heart failure is stable, class two", 控制不佳)."""
    clause = said.clause(m)
    found = words_for("course").match(said.row.folded[end : said.sentence.end])
    if found is None or clause.end < end:
        return ""
    told = simplified(said.row.source.text[end : end + len(found.group())])
    words = re.sub(r"^[\s,，]*(?:is|are|'s|'re|looks?|seems?|remains?)?\s*", "", told)
    return ("，" if is_han(words) else ", ") + words.strip(" ,，.")


# -- names that the terminology does not have -------------------------------------------------------------


def _unknown(said: _Said, known: Sequence[tuple[int, int]], *, listed: bool) -> Iterator[Fact]:
    """Clauses after a clear cue, or in a list with a concluded one, that name a disease we don't know.

    "内侧副韧带可能也有损伤"; "so, pelvic girdle pain, and iron deficiency anaemia".
    """
    after = _after_cue(said)
    if not said.late or (after is None and not listed):
        return
    for clause in _parts(said, _AND if after is None else _COMMA):
        start = max(clause[0], after or 0)
        if clause[1] <= start or any(a < clause[1] and start < b for a, b in known):
            continue
        words = said.row.folded[start : clause[1]]
        named = after is not None and words_for("disease-like").search(words)
        if not (named or names_alone(words)) or words_for("no-disease").search(words):
            continue
        text = named_in(simplified(said.row.source.text[start : clause[1]]))
        if len(text) < 3 or (len(text) > _HAN if is_han(text) else len(text.split()) > _LATIN):
            continue
        if is_han(text) != (said.reading.encounter.language == "zh"):
            continue
        doubt = words_for("doubts").search(said.words[: clause[1] - said.sentence.start])
        status: Status = "uncertain" if doubt else "present"
        yield stated(said.row, (said.sentence.start, clause[1]), "diagnosis", Concept(text=text), status, {})


def _after_cue(said: _Said) -> int | None:
    """Where the words behind a clear cue begin; None where there is none."""
    cue = words_for("concludes-clearly").search(said.words)
    if cue is not None:
        return said.sentence.start + cue.end()
    led = said.words.lstrip()
    opened = words_for("opens-conclusion").match(led)
    return said.sentence.end - len(led) + opened.end() if opened else None


def _controlled(said: _Said) -> Iterator[Fact]:
    """How well a pressure, a sugar or a weight is held ("血压控制得不太好", "your cholesterol is well controlled")."""
    if not said.late:
        return
    for start, end in _parts(said):
        found = words_for("held").search(said.row.folded, start, end)
        if found is None or words_for("not-held").search(said.row.folded, start, end):
            continue
        text = worded(simplified(said.row.source.text[found.start() : found.end()]))
        if is_han(text) == (said.reading.encounter.language == "zh"):
            yield stated(said.row, (start, end), "diagnosis", Concept(text=text), "present", {})


#: What parts a sentence into what it tells, and a list into its names.
_COMMA = re.compile(r"[,，;；。.!](?=\s|$|[一-鿿])|$")
_AND = re.compile(r"[,，;；。.!](?=\s|$|[一-鿿])|\s(?=(?:and|with|plus)\s)|(?<=[一-鿿])(?=伴|合并|并发)|$")


def _parts(said: _Said, breaks: re.Pattern[str] = _COMMA) -> Iterator[tuple[int, int]]:
    at = said.sentence.start
    for m in breaks.finditer(said.words):
        if m.start() + said.sentence.start > at:
            yield at, m.start() + said.sentence.start
        at = m.end() + said.sentence.start

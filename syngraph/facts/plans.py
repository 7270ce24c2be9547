"""What the clinician wants done: tests, procedures, referrals, advice, the next visit, and when to come back at once.

Tests and procedures are facts of their own (drugs are read by :mod:`syngraph.facts.prescriptions`); the rest stays in the clinician's words, without what is only said
to somebody ("妈妈，您先别急"). A supposition ("if you get a fever ...") is a return precaution and nothing else.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from syngraph.facts.arrangements import services_arranged, vaccines_given
from syngraph.facts.dosing import only_values
from syngraph.facts.drug_words import drug_words
from syngraph.facts.mentions import Mention, Reading
from syngraph.facts.naming import concept_of
from syngraph.facts.order_names import as_said
from syngraph.facts.passage import Clause, Passage, Sentence
from syngraph.facts.plan_wording import says_less, step_words, written
from syngraph.facts.spoken import is_han, late, simplified, stated, states, words_for
from syngraph.facts.steps import names_in_step, stepped
from syngraph.facts.values import side_of, values
from syngraph.facts.wording import tidy
from syngraph.model import Concept, Fact
from syngraph.terminology.lexicon import lexicon
from syngraph.terminology.numerals import find_numbers

#: Rows that only say that something is advised: the clinician's own sentence tells what.
_SAID_IN_WORDS = frozenset(
    f"procedure:{n}"
    for n in ("refer", "lifestyle-advice", "diet-advice", "follow-up", "emergency-advice", "home-monitoring")
)
#: Kinds of names that become orders of their own.
_DRUGS = frozenset({"drug", "drug-class"})
_MADE = _DRUGS | {"test", "lab", "procedure"}
#: Kinds of names that may be said not to be needed.
_REFUSED = _DRUGS | {"test", "procedure"}
#: Advice in fewer Chinese characters says too little.
_SHORTEST = 4
_LONGEST = 260
#: What is arranged or considered is told in no more than this.
_BRIEF = 120
#: A number so near behind a test's name is its result.
_NEAR = 14
#: So much before and after a test's name may say that it is not needed.
_NEAR_BEFORE, _NEAR_AFTER, _NEAR_HAN = 60, 32, 10
#: What stands farther before the advice to come back belongs to something else.
_FAR = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """A sentence of the doctor's that may order something, with the names in it."""

    reading: Reading
    row: Passage
    sentence: Sentence
    names: tuple[Mention, ...]
    rest: tuple[Mention, ...]  # names of the whole turn
    late: bool

    @property
    def words(self) -> str:
        return self.row.folded[self.sentence.start : self.sentence.end]

    def fact(self, concept: Concept, attributes: dict[str, str | None]) -> Fact:
        span = (self.sentence.start, self.sentence.end)
        return stated(self.row, span, "plan", concept, "planned", attributes)


def plans(reading: Reading) -> Iterator[Fact]:
    """Everything that the doctor wants done, each thing once."""
    facts = list(_told(reading))
    in_words = [f for f in facts if f.get("text")]
    for fact in facts:
        if not (fact.get("text") and _told_elsewhere(fact, in_words)):
            yield fact


def _told_elsewhere(fact: Fact, others: Sequence[Fact]) -> bool:
    """Whether another step says the same in more words, or said it in the same words later."""
    mine = fact.attributes["text"]
    for other in others:
        theirs = other.attributes["text"]
        if other is fact or not says_less(mine, theirs):
            continue
        later = other.evidence[0].start > fact.evidence[0].start
        if not says_less(theirs, mine) or (len(theirs), later) > (len(mine), not later):
            return True
    return False


def _told(reading: Reading) -> Iterator[Fact]:
    since = late(reading)
    for index, said in enumerate(reading.rows):
        if said.role != "doctor":
            continue
        row = stepped(said)
        stating = [s for s in row.sentences if states(row, s)]
        named = {s.start: names_in_step(reading, row, index, s) for s in stating}
        rest = tuple(m for found in named.values() for m in found)
        for sentence in stating:
            order = _Order(
                reading=reading, row=row, sentence=sentence, names=tuple(named[sentence.start]), rest=rest,
                late=index >= since,
            )  # fmt: skip
            yield from _sentence(order)
        if stating and index >= max(since, 1):
            yield from _answered_no(reading, index, stating[0])


def _answered_no(reading: Reading, index: int, reply: Sentence) -> Iterator[Fact]:
    """What a patient asked for and the doctor does not give ("抗生素要不要？" "病毒的，不用。")."""
    before, row = reading.rows[index - 1], reading.rows[index]
    said = row.folded[reply.start : reply.end].strip()
    if before.role not in ("patient", "companion") or not words_for("answers-no").match(said):
        return
    asked = before.sentences[-1]
    if not words_for("asks-for").search(before.folded, asked.start, asked.end):
        return
    named = list(lexicon().longest(before.folded[asked.start : asked.end], *_REFUSED))
    if len({m.term.id for m in named}) != 1:
        return
    term = named[0].term
    concept = concept_of(term, reading.encounter.language)
    category = "medication" if term.kind in _DRUGS else "procedure" if term.kind == "procedure" else "test"
    fact = stated(row, (reply.start, reply.end), "plan", concept, "absent", {"category": category})
    yield replace(fact, evidence=(*fact.evidence, before.evidence(asked.start, asked.end)))


def _sentence(order: _Order) -> Iterator[Fact]:
    supposed = _supposition(order.row, order.sentence)
    if supposed is not None:
        if order.late and not words_for("no-return").search(order.words):
            yield from _in_words(order, "return-precaution", supposed, order.sentence.end)
        if supposed <= order.sentence.start + 4:
            return
    until = supposed or order.sentence.end
    here = [m for m in order.names if m.start < until]
    ordered = _ordered_tests(order, here)
    yield from _tests(order, ordered)
    yield from _refusals(order, here)
    made = [*ordered, *(m for m in here if m.term.kind in _DRUGS and _makes(m))]
    in_words = list(_instructions(order, made, until))
    yield from in_words
    yield from _arranged(order, until, in_words)


def _arranged(order: _Order, until: int, told: Sequence[Fact]) -> Iterator[Fact]:
    """Vaccines to be given and services sent to, where the steps in words don't tell them already."""
    if not order.late:
        return
    language = order.reading.encounter.language
    step = Clause(start=order.sentence.start, end=until)
    for given in vaccines_given(order.row, step, language):
        yield stated(order.row, given.span, "plan", given.concept, "planned", {"category": "procedure"})
    words = [simplified(fact.attributes["text"]).lower() for fact in told]
    for sent in services_arranged(order.row, step, language):
        if not any(sent.said in text for text in words):
            yield stated(order.row, sent.span, "plan", sent.concept, "planned", {"category": sent.category})


def _supposition(row: Passage, sentence: Sentence) -> int | None:
    """Where the advice to come back begins in a sentence ("要是夜里再憋醒，马上来急诊"); None where there is none."""
    said = row.folded[sentence.start : sentence.end]
    back = words_for("return-to").search(said)
    cue = words_for("supposes-clearly").search(said) or words_for("supposes").search(said)
    if back is None or words_for("told-past").search(said):
        return None
    if cue is None:
        return _sudden(row, sentence, sentence.start + back.start())
    at = sentence.start + cue.start()
    if not is_han(said):
        # An unpunctuated sentence may tell a lot before "call me if ..." comes.
        begun = sentence.start + (back.start() if back.start() > _FAR else 0)
        return at if cue.start() < back.start() else begun
    first = sentence.clause_at(at).start
    return at if words_for("follow-up").search(row.folded[first:at]) else first


def _sudden(row: Passage, sentence: Sentence, back: int) -> int | None:
    """Where a supposition begins that no word marks ("三天后复诊，肚子突然剧烈疼，马上来急诊", "chest pain, 911")."""
    if not words_for("at-once").search(row.folded, back, sentence.end):
        return None
    parts = [c for c in sentence.clauses if c.end <= back] or [Clause(start=sentence.start, end=back)]
    after = [c for c in parts if not words_for("follow-up").search(row.folded, c.start, c.end)]
    named = after and lexicon().longest(row.folded[after[0].start : after[-1].end], "symptom", "sensation", "condition")
    return after[0].start if named else None


# -- tests and procedures -----------------------------------------------------------------------------------


def _ordered_tests(order: _Order, here: Sequence[Mention]) -> list[Mention]:
    tests = [m for m in here if m.term.kind in ("test", "lab", "procedure") and m.term.id not in _SAID_IN_WORDS]
    ranges = {(m.start, m.end) for m in tests if m.term.kind == "test"}
    tests = [m for m in tests if m.term.kind == "test" or (m.start, m.end) not in ranges]
    at = order.sentence.start
    vaccines = [(m.start + at, m.end + at) for m in lexicon().longest(order.words, "immunization")]
    tests = [m for m in tests if not any(a <= m.start and m.end <= b for a, b in vaccines)]  # the "jab" of one
    return list({(m.start, m.end): m for m in tests if _ordered(order, m)}.values())


def _tests(order: _Order, tests: Sequence[Mention]) -> Iterator[Fact]:
    for m in tests:
        if _vague(order, m, tests):
            continue
        side = side_of(order.row, values(order.reading, order.row, order.sentence), order.sentence, m.start, m.end)
        concept = as_said(order.reading, order.row, m)
        named = side is None or not re.search(r"左|右|双|left|right|both|bilateral", concept.text)
        attributes: dict[str, str | None] = {"category": _category(m), "laterality": side if named else None}
        span = (order.sentence.start, order.sentence.clause_at(m.start).end)
        yield stated(order.row, span, "plan", concept, "planned", attributes)


def _refusals(order: _Order, here: Sequence[Mention]) -> Iterator[Fact]:
    """What is not given or done for now ("no antibiotics", 抗生素先不用)."""
    for m in here if order.late else ():
        if m.term.kind not in _REFUSED or m.assertion.hypothetical or m.term.id in _SAID_IN_WORDS:
            continue
        clause = order.sentence.clause_at(m.start)
        before = order.row.folded[clause.start : m.start].rstrip()
        after = order.row.folded[m.end : order.sentence.end]
        if not (words_for("refuses-before").search(before) or words_for("refuses-after").search(after)):
            continue
        category = "medication" if m.term.kind in _DRUGS else _category(m)
        span = (clause.start, order.sentence.end)
        concept = concept_of(m.term, order.reading.encounter.language)
        yield stated(order.row, span, "plan", concept, "absent", {"category": category})


def _category(m: Mention) -> str:
    if m.term.kind == "procedure":
        return "procedure"
    return "imaging" if m.term.attrs.get("group") == "imaging" else "test"


def _ordered(order: _Order, m: Mention) -> bool:
    row, sentence = order.row, order.sentence
    before, after = row.folded[sentence.start : m.start], row.folded[m.end : sentence.end]
    wide = (_NEAR_BEFORE, _NEAR_AFTER) if not is_han(order.words) else (_NEAR_HAN, _NEAR_HAN)
    near = before[-wide[0] :] + row.folded[m.start : min(m.end + wide[1], sentence.end)]
    gone = m.status == "absent" or (m.status == "historical" and not _when_well(order, m))
    if gone or m.assertion.hypothetical or words_for("not-ordered").search(near):
        return False
    if words_for("shows").match(after[:14].lstrip(" ,，")) or words_for("done-before").search(before[-16:]):
        return False
    if words_for("at-home").search(before[-12:]) or _is_read_out(after):
        return False
    if _told_after(order, m):
        return True
    if m.term.kind == "lab":
        return words_for("orders").search(before[-30:]) is not None or _in_order_list(order, m)
    own = row.folded[sentence.clause_at(m.start).start : m.start]
    if words_for("orders").search(order.words if order.late else own) or _urged(order, m, own):
        return True
    # "OCT of the macula today, both eyes": in the plan the bare name is the order.
    if _in_order_list(order, m):
        return True
    opened = words_for("list-filler").sub("", before)
    seen = any(o.term.kind == "exam-finding" for o in order.rest)
    bare = not re.sub(r"[\s,.，、]+", "", opened) and not words_for("shows").search(after[:40])
    alone = m.term.kind == "test" or (m.term.kind == "procedure" and words_for("order-ends").match(after) is not None)
    if words_for("held").match(row.folded, m.start, sentence.end):
        return False  # told how it is doing
    return order.late and not seen and alone and bare


def _when_well(order: _Order, m: Mention) -> bool:
    """Whether something is ordered for when all is over ("喘好了以后查个肺功能"), which is no past of its own."""
    before = order.row.folded[order.sentence.start : m.start]
    return words_for("afterwards").search(before) is not None and words_for("orders").search(before[-4:]) is not None


def _urged(order: _Order, m: Mention, own: str) -> bool:
    """Whether a name that holds its own verb is told to be done ("建议化验大便")."""
    return words_for("order-verb").match(order.row.folded, m.start, m.end) is not None and bool(
        words_for("urges").search(own[-4:])
    )


def _is_read_out(after: str) -> bool:
    """Whether a number follows a name at once that counts neither time nor doses: "visual acuity six over nine"."""
    first = next(iter(find_numbers(after[:_NEAR])), None)
    if first is None or after[: first.start].strip(" :") not in ("", "is", "was", "of"):
        return False
    return words_for("counts-time").match(after[first.end :].lstrip()) is None


def _is_valued(after: str) -> bool:
    """Whether a number stands close behind a name that counts no time ("EEG in two weeks" tells when)."""
    first = next(iter(find_numbers(after[:_NEAR])), None)
    return first is not None and words_for("counts-time").match(after[first.end :].lstrip()) is None


def _told_after(order: _Order, m: Mention) -> bool:
    """Whether the verb of the order stands behind the name or its list (HBV-DNA今天抽血查一下, 彩超和PSA也查)."""
    folded, end = order.row.folded, m.end
    for o in order.names:
        if o.start >= end and o.term.kind in _MADE and not _weighty(folded[end : o.start]):
            end = o.end
    return order.late and words_for("orders-after").match(folded[end : order.sentence.end]) is not None


def _in_order_list(order: _Order, m: Mention) -> bool:
    """Whether a sentence of the plan that tells no result begins with an order, and the name belongs to its list.

    "Urgent colonoscopy and a gastroscopy the same day", "bloods today, full blood count, B12 and vitamin D".
    """
    folded, sentence = order.row.folded, order.sentence
    if not order.late or any(o.term.kind == "exam-finding" for o in order.names):
        return False
    tests = [
        o for o in order.names
        if o.term.kind in ("test", "lab", "procedure") and o.start <= m.start and o.term.id not in _SAID_IN_WORDS
    ]  # fmt: skip
    lead = folded[sentence.start : tests[0].start].rpartition(":")[2]  # "a two week wait: cystoscopy and a CT"
    told = folded[sentence.start : next((i for i in range(m.end, sentence.end) if folded[i] in ",，"), sentence.end)]
    if words_for("refers").search(lead) or words_for("results-verb").search(told):
        return False
    if _is_valued(folded[m.end : sentence.end]):
        return False
    gaps = [folded[a.end : b.start] for a, b in itertools.pairwise(tests) if b.start >= a.end]
    listed = all(not _weighty(gap) for gap in gaps)
    first = words_for("orders").search(lead) is not None or (_can_open(order, tests[0]) and not _weighty(lead))
    return listed and first


def _can_open(order: _Order, m: Mention) -> bool:
    """Whether a bare name may begin a list of orders; an operation only where it makes up its part of the sentence."""
    after = order.row.folded[m.end : order.sentence.end].lstrip()
    if m.term.kind == "lab":
        return words_for("ordered-now").search(order.words) is not None
    return m.term.kind == "test" or after[:1] in (",", ".", "。", "") or after.startswith("and ")


def _weighty(words: str) -> bool:
    """Whether words between the names of a list, or before it, say anything of their own."""
    rest = words_for("list-filler").sub("", words_for("order-adjective").sub("", words))
    return re.sub(r"[\s,.，、及与以&+]+", "", rest) != ""


def _vague(order: _Order, m: Mention, tests: Sequence[Mention]) -> bool:
    """Whether a name says less than another of the same turn ("CT" beside "头颅CT", "bloods" beside "full blood count")."""
    said = order.row.folded[m.start : m.end]
    others = [
        o for o in order.rest if o is not m and o.term.kind in ("test", "lab") and (o.start, o.end) != (m.start, m.end)
    ]
    if any(len(o_said := order.row.folded[o.start : o.end]) > len(said) and said in o_said for o in others):
        return True
    near = [o for o in tests if o is not m]
    return bool(near) and words_for("generic-test").fullmatch(said) is not None


# -- in the clinician's words -------------------------------------------------------------------------------


def _makes(m: Mention) -> bool:
    """Whether a name becomes an order of its own."""
    return m.term.kind in _MADE and m.term.id not in _SAID_IN_WORDS and not _loose(m)


def _loose(m: Mention) -> bool:
    """Whether a name is no drug by itself but a sort of them ("the steroid", "a greasier emollient")."""
    if drug_words("no-medicine").fullmatch(m.term.id.partition(":")[2]):
        return True
    return m.term.kind == "drug-class" or "cream" in m.term.en


def _instructions(order: _Order, made: Sequence[Mention], until: int) -> Iterator[Fact]:
    """A referral, the next visit, advice; only in the part of the talk in which the doctor plans.

    ``made`` are the names that became orders of their own: what is said of them is not told again.
    """
    if not order.late or only_values(order.reading, order.row, order.sentence):
        return  # a dose belongs to the medicine that it is said of
    for start, end in _runs(order, made, until):
        said = order.row.folded[start:end].strip(" .。!;；")
        least = _SHORTEST if is_han(said) else 2 if words_for("arranges").search(said) else 3
        if len(re.findall(r"[a-z']+|[一-鿿]", said)) < least or words_for("chat").search(said):
            continue
        category = _category_of(order, said, bool(made))
        brief = category == "advice" and is_han(said) and len(said) <= _SHORTEST
        if category and (not brief or words_for("short-advice").search(said)):
            yield from _in_words(order, category, start, end)
    if made and words_for("titrates").search(order.words):
        yield from _in_words(order, "advice", order.sentence.start, until)


def _category_of(order: _Order, said: str, made: bool) -> str | None:
    if words_for("refers").search(said) and words_for("refers-to").search(said):
        return "referral"
    if words_for("follow-up").search(said) and (words_for("when").search(said) or (not made and _times(order))):
        return "follow-up"
    if words_for("no-advice").search(said):
        return None
    told = words_for("advises").search(said) or _arranges(said) or _considers(order, said)
    if (told or _gives_unnamed(order, said)) and not _concludes(order, said):
        return "advice"
    return None


def _arranges(said: str) -> bool:
    """Whether a part says what is seen to, in so few words that they are all about it."""
    return len(said) <= _BRIEF and words_for("arranges").search(said) is not None


def _considers(order: _Order, said: str) -> bool:
    """Whether a part names what may be done later, and is not done now ("we could always add gabapentin")."""
    named = any(m.term.kind in _MADE for m in order.names)
    return named and len(said) <= _BRIEF and words_for("considers").search(said) is not None


def _gives_unnamed(order: _Order, said: str) -> bool:
    """Whether a part orders something by how often it is used, of which the terminology knows no name."""
    if any(m.term.kind in _DRUGS for m in order.names) or words_for("medicine-like").search(said) is None:
        return False
    found = values(order.reading, order.row, order.sentence)
    return bool(found.frequencies or found.doses) and not order.words.lstrip().startswith("if ")


def _times(order: _Order) -> bool:
    return bool(values(order.reading, order.row, order.sentence).durations)


def _concludes(order: _Order, said: str) -> bool:
    """Whether the sentence tells what the patient has, and advises nothing in so many words."""
    named = any(m.term.kind == "condition" and not m.assertion.hypothetical for m in order.names)
    return named and words_for("concludes-clearly").search(said) is not None


def _runs(order: _Order, made: Sequence[Mention], until: int) -> list[tuple[int, int]]:
    """The stretches of a sentence left without what addresses or reassures somebody, and without orders already made."""
    runs: list[tuple[int, int]] = []
    at, open_ = order.sentence.start, False
    for end, following in [*_breaks(order, until), (until, until)]:
        if end > at and not _left_out(order, (at, end), made):
            if open_:
                runs[-1] = (runs[-1][0], end)
            else:
                runs.append((at, end))
            open_ = True
        else:
            open_ = False
        at = following
    return runs


def _breaks(order: _Order, until: int) -> list[tuple[int, int]]:
    at = order.sentence.start
    return [(m.start() + at, m.end() + at) for m in re.finditer(r"[,，;；]\s*", order.row.folded[at:until])]


def _left_out(order: _Order, part: tuple[int, int], made: Sequence[Mention]) -> bool:
    said = order.row.folded[part[0] : part[1]].strip(" .。!?；;")
    if not said or step_words("examines-now").search(said) or words_for("leaves-open").search(said):
        return True
    if words_for("addresses").fullmatch(said) or words_for("reassures").search(said) or _read_out(said):
        return True
    if _read_out(order.words) and (lexicon().longest(said, "vital") or find_numbers(said)):
        return True
    if not made or _considers(order, said):
        return False
    if _only_named(order, part, made):
        return True
    if words_for("follow-up").search(said):
        return False
    named = any(part[0] <= m.start < part[1] and _makes(m) for m in made)
    sent = words_for("refers").search(said) and words_for("refers-to").search(said)
    told = sent or words_for("advises").search(said) or _arranges(said)
    return named or not told


def _only_named(order: _Order, part: tuple[int, int], made: Sequence[Mention]) -> bool:
    """Whether a part says no more than that what is ordered already is to be done ("尿蛋白要复查一次")."""
    here = [m for m in made if part[0] <= m.start < part[1] and _makes(m)]
    rest = order.row.folded[part[0] : part[1]]
    for m in reversed(here):
        rest = rest[: m.start - part[0]] + rest[m.end - part[0] :]
    return bool(here) and is_han(rest) and words_for("bare-repeat").fullmatch(rest.strip(" 。.!")) is not None


def _read_out(said: str) -> bool:
    """Whether words only read out a measurement ("称体重，21公斤")."""
    numbers = find_numbers(said)
    return bool(numbers and lexicon().longest(said, "vital")) and words_for("measured-at").search(said) is None


def _in_words(order: _Order, category: str, start: int, end: int) -> Iterator[Fact]:
    """A plan in the clinician's own words, if they are more than talk."""
    text = tidy(simplified(order.row.source.text[start:end]).strip(" ，,").rstrip("。.!！?？"))[:_LONGEST]
    text = re.sub(r"(?i),?\s*(?:okay|ok|all right|alright)\s*$|[，,]?\s*(?:好吧|好吗|行吗|知道吗|哈)$", "", text).strip(
        " ,，-"
    )
    plain = written(text, supposed=category == "return-precaution", appointment=category == "follow-up")
    if plain is None:
        return
    text = plain
    lengths = [d for d in values(order.reading, order.row, order.sentence).durations if start <= d.start < end]
    if is_han(text):  # "那时候16周" is how far a pregnancy will be
        lengths = [
            d
            for d in lengths
            if re.match(r"[左右多的]*(?:[以之]?后|内|[,，]?[再来复回])", order.row.folded[d.end : end])
        ]
    when = min(lengths, key=lambda d: d.start).iso if lengths and category == "follow-up" else None
    yield order.fact(Concept(text=text), {"category": category, "text": text, "when": when})

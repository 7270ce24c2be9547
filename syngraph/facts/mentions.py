"""Mentions: every name that a source holds, with how it is said and by what evidence.

A name in a question says nothing by itself; the answer decides, and question and answer are then quoted together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from syngraph.facts.answers import by_order, how_bad, measured_fever, offered, only_measures, summed_up
from syngraph.facts.assertion import Assertion, assess, blank_masks
from syngraph.facts.compose import Composed, compose
from syngraph.facts.corrections import Retractions
from syngraph.facts.cues import cues
from syngraph.facts.denials import cut_names, taken_up, topic_denied
from syngraph.facts.matters import Matter, asked_about, bare, named, told
from syngraph.facts.passage import Passage, Question, Sentence
from syngraph.facts.phrased import phrased, unmasked
from syngraph.facts.subject import Subjects, relatives
from syngraph.facts.symptom_classes import class_of
from syngraph.model import Encounter, Evidence, Source, Status
from syngraph.terminology.lexicon import Match, Term, lexicon
from syngraph.terminology.patterns import regex

#: Kinds that are named things; the rest (qualifiers, relatives, units ...) describe them.
THINGS = (
    "symptom", "condition", "drug", "drug-class", "allergen", "procedure", "test", "exam-finding", "immunization",
    "substance", "lab", "vital", "normal",
)  # fmt: skip


#: A negation between a body site and what is felt there ("胳膊不疼", "my arm doesn't hurt").
_NOT_WITHIN = regex(r"不|没|无|n't(?![a-z])|(?<![a-z])(?:not|no|never)(?![a-z])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A name in a source with its assertion.

    Attributes:
        term: what is named.
        start: offset of the name in the source's text.
        end: its end.
        row: index of the passage that asserts it (the answer's, for a name in a question).
        sentence: the sentence of the name.
        assertion: how it is said.
        evidence: what to quote, the asserting words first.
        laterality: the side that belongs to the name, if any.
        site: the body site that belongs to the name, if any.
        asked: named in a question that the passage ``row`` answers.
    """

    term: Term
    start: int
    end: int
    row: int
    sentence: Sentence
    assertion: Assertion
    evidence: tuple[Evidence, ...]
    laterality: str | None = None
    site: Term | None = None
    asked: bool = False

    @property
    def status(self) -> Status:
        """The asserted status."""
        return self.assertion.status


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A source as extraction sees it: its passages, its mentions, who is who, and what was taken back."""

    source: Source
    encounter: Encounter
    rows: tuple[Passage, ...]
    mentions: tuple[Mention, ...]
    subjects: Subjects
    retractions: Retractions

    def of(self, *kinds: str) -> Iterator[Mention]:
        """Mentions of terms of these kinds."""
        return (m for m in self.mentions if m.term.kind in kinds)

    def in_row(self, row: int) -> list[Mention]:
        """Mentions that the passage ``row`` asserts."""
        return [m for m in self.mentions if m.row == row]


def read(source: Source, encounter: Encounter, rows: Sequence[Passage]) -> Reading:
    """Find and assess every name in ``rows``."""
    subjects = Subjects(rows, encounter)
    retractions = Retractions(rows)
    found: list[Mention] = []
    for index, row in enumerate(rows):
        own = list(_own(index, row, subjects, retractions))
        found += own
        answered = list(_answered(index, row, own, subjects))
        found += answered
        found += _of_matter(rows, index, [*own, *answered], subjects, retractions)
    return Reading(
        source=source, encounter=encounter, rows=tuple(rows), mentions=tuple(found), subjects=subjects,
        retractions=retractions,
    )  # fmt: skip


def names_in(folded: str, start: int, end: int) -> list[Match]:
    """Named things in a range, composed ones (site and sensation) included, the longest of those that overlap."""
    shift = [Match(m.start + start, m.end + start, m.term) for m in lexicon().matches(folded[start:end])]
    told, masked = phrased(folded, start, end)
    # A turn of phrase says better what its words mean than a name that consists of the same ones.
    spans = {(m.start, m.end) for m in told}
    shift = [*(m for m in unmasked(shift, masked) if (m.start, m.end) not in spans), *told]
    composed = [c for c in compose(folded, shift) if (c.start, c.end) not in spans]
    kept: list[Match] = []
    # Where a part of the body was said, a row that forgets it ("joint swelling") must not win.
    sited = {(c.start, c.end): c.term.attrs.get("site") for c in composed}
    things = [
        m
        for m in shift
        if m.term.kind in THINGS
        and not _allergy(m.term)
        and not (m.term.kind == "symptom" and (m.start, m.end) in sited and _forgets(m.term, sited[m.start, m.end]))
    ]
    for m in sorted([*composed, *things], key=lambda m: (m.start - m.end, m.start)):
        if all(m.end <= k.start or m.start >= k.end or _beside(m, k) for k in kept):
            kept.append(m)
    return sorted(kept, key=lambda m: m.start)


def _forgets(term: Term, site: str | None) -> bool:
    """Whether a symptom's row names no place, or only the limbs where the words say which ("脚麻")."""
    return "site" not in term.attrs or (term.attrs["site"] == "limb" and site != "limb")


def _beside(m: Match, kept: Match) -> bool:
    """Whether ``m`` names another thing with the same words as ``kept``."""
    return (m.start, m.end) == (kept.start, kept.end) and m.term is not kept.term


def _allergy(term: Term) -> bool:
    """Whether a disease's name is "allergy to something": the thing itself must stay visible in it."""
    return term.kind == "condition" and (term.zh.endswith("过敏") or term.en.endswith("allergy"))


def _own(index: int, row: Passage, subjects: Subjects, retractions: Retractions) -> Iterator[Mention]:
    if row.role == "question":
        return
    for sentence in row.sentences:
        if sentence.asks:
            continue
        names = names_in(row.folded, sentence.start, sentence.end)
        ranges = [(m.start, m.end) for m in names]
        for m in cut_names(row.folded, sentence, names):
            if not retractions.holds(m.start, m.end):
                yield Mention(
                    term=m.term, start=m.start, end=m.end, row=index, sentence=sentence,
                    assertion=Assertion(status="absent", cue="within", subject=subjects.of(row, sentence, m.start)),
                    evidence=(row.evidence(sentence.start, sentence.end),),
                )  # fmt: skip
        for m in names:
            if retractions.holds(m.start, m.end):
                continue
            assertion = assess(row.folded, sentence, m.start, m.end, ranges)
            if m.term.kind == "normal" and assertion.status == "absent" and _unlisted(row, sentence, m):
                assertion = replace(assertion, status="present", cue="")
            if assertion.status == "present" and topic_denied(row.folded, m):
                assertion = replace(assertion, status="absent", cue="topic")
            if assertion.status == "present" and _hardly_any(row.folded, m):
                assertion = replace(assertion, status="absent", cue="little")
            if isinstance(m, Composed) and _NOT_WITHIN.search(row.folded, *m.between):
                assertion = replace(assertion, status="absent", cue="within")
            assertion = replace(assertion, subject=subjects.of(row, sentence, m.start))
            yield Mention(
                term=m.term, start=m.start, end=m.end, row=index, sentence=sentence, assertion=assertion,
                evidence=(row.evidence(sentence.start, sentence.end),),
            )  # fmt: skip


_NOT_MUCH = regex(r"(?:也|都|倒)?不(?:算|怎么|太|是很)?多(?=[,，。;；]|$)")


def _hardly_any(folded: str, m: Match) -> bool:
    """Whether there is not much of what everybody has a little of ("眼屎不多")."""
    return _NOT_MUCH.match(folded, m.end) is not None and class_of("normally-little").search(m.term.id) is not None


def _unlisted(row: Passage, sentence: Sentence, m: Match) -> bool:
    """Whether no negation stands in the clause itself: "没吐，大便正常" denies vomiting only."""
    return cues("negation-pre").search(row.folded, sentence.clause_at(m.start).start, m.start) is None


#: What one says while thinking of the answer.
_HESITATION = regex(r"^(?:(?:hm+|um+|uh+|er+|oh|ah|well|let me think|嗯+|呃+|哦+|啊+|诶|哎)(?![a-z])[\s.,,…。、-]*)+")


#: The question said again before it is answered ("过敏？没有").
_ECHOED = regex(r"^[^?.,。，]{1,16}\?\s*(?=\w)")


def polarity(answer: str) -> Status | None:
    """What a folded answer says to a yes-or-no question; None where it says neither.

    >>> polarity("没有没有。"), polarity("yeah, since sunday"), polarity("说不好")
    ('absent', 'present', 'uncertain')
    """
    answer = _HESITATION.sub("", answer.strip())
    if cues("unsure").search(answer):
        # "没量过，感觉没有吧": not measured, but not felt either.
        return "absent" if cues("not-felt").search(answer) else "uncertain"
    if cues("no").search(answer):
        return "absent"
    return "present" if cues("yes").search(answer) else None


def _answered(index: int, row: Passage, own: list[Mention], subjects: Subjects) -> Iterator[Mention]:
    """The names of the question that ``row`` answers, with the status that the answer gives them."""
    asked = row.asked
    if asked is None or row.role in ("doctor", "document", "question"):
        return
    said = {m.term.id for m in own}
    felt = {sensation for m in own if (sensation := _sensation(m.term))}
    for sentence in asked.sentences:
        for m in _names_asked(row.folded, sentence):
            if m.term.id in said or _given(row.folded, sentence, m):
                if m.term.id not in said and _besides(row.folded, sentence, m):
                    yield _known(index, row, sentence, m)
                continue
            if (isinstance(m, Composed) or m.term.attrs.get("site") == "limb") and _sensation(m.term) in felt:
                # "手脚麻木吗？" "右手麻。": the answer tells better where.
                continue
            status = answer_status(row, asked, sentence, m, own)
            if status is None:
                continue
            first = row.sentences[0]
            words = row.folded[sentence.start : m.start] + " "
            subject = (
                subjects.named(row, row.folded[first.start : first.clauses[0].end])
                or subjects.named(row, words)
                or subjects.of(row, first, first.start)
            )
            yield Mention(
                term=m.term, start=m.start, end=m.end, row=index, sentence=sentence,
                assertion=Assertion(status=status, subject=subject, cue="answer"),
                evidence=row.answer(sentence, _past_question(row)),
                asked=True,
            )  # fmt: skip


def _of_matter(
    rows: Sequence[Passage], index: int, known: list[Mention], subjects: Subjects, retractions: Retractions
) -> Iterator[Mention]:
    """What an answer tells of a matter that only its question names ("大便什么样？" "黑的", "Any blood?" "A bit")."""
    row = rows[index]
    matter = asked_about(rows, index) if row.role in ("patient", "companion", "unknown") else None
    if matter is None or row.asked is None or row.asked.from_form:
        return
    ids = {m.term.id for m in known}
    asked = row.asked.sentences[-1]
    for sentence in [s for s in row.sentences if not s.asks][:2]:
        names = told(matter, row.folded, sentence.start, sentence.end)
        ranges = [(m.start, m.end) for m in (*names, *names_in(row.folded, sentence.start, sentence.end))]
        for m in names:
            if m.term.id in ids or retractions.holds(m.start, m.end) or _elsewhere(row, sentence, m, matter, known):
                continue
            ids.add(m.term.id)
            assertion = assess(row.folded, sentence, m.start, m.end, ranges)
            yield Mention(
                term=m.term, start=m.start, end=m.end, row=index, sentence=sentence,
                assertion=replace(assertion, subject=subjects.of(row, sentence, m.start)),
                evidence=row.answer(asked, sentence.end), asked=True,
            )  # fmt: skip
    if bare(row.folded[asked.start : asked.end]) and not names_in(row.folded, asked.start, asked.end):
        yield from _bare_asked(rows[index], index, matter, ids, subjects)


def _elsewhere(row: Passage, sentence: Sentence, m: Match, matter: Matter, known: list[Mention]) -> bool:
    """Whether the words are a part of another name, or of a clause about another matter."""
    if any(k.start < m.end and m.start < k.end for k in known if k.term.kind in THINGS):
        return True
    clause = sentence.clause_at(m.start)
    other = named(row.folded, clause.start, clause.end)
    return other is not None and other.name != matter.name


def _bare_asked(row: Passage, index: int, matter: Matter, ids: set[str], subjects: Subjects) -> Iterator[Mention]:
    """A bare question's own words, of the matter that the talk is about, as the answer has them."""
    if row.asked is None:
        return
    sentence, first = row.asked.sentences[-1], row.sentences[0]
    for m in told(matter, row.folded, sentence.start, sentence.end):
        status = polarity(row.folded[row.start : row.end]) if m.term.id not in ids else None
        if status is not None:
            yield Mention(
                term=m.term, start=m.start, end=m.end, row=index, sentence=sentence,
                assertion=Assertion(status=status, subject=subjects.of(row, first, first.start), cue="answer"),
                evidence=row.answer(sentence), asked=True,
            )  # fmt: skip


def _names_asked(folded: str, sentence: Sentence) -> list[Match]:
    """The names in a question, those included that "有没有" cuts in two ("听力有没有下降")."""
    whole = names_in(folded, sentence.start, sentence.end)
    cut = _WHETHER.search(folded, sentence.start, sentence.end)
    if cut is None or cut.start() == sentence.start:
        return whole
    before = re.split(r"[,，、。?？\s]", folded[sentence.start : cut.start()])[-1]
    after = re.split(r"[,，、。?？\s]", folded[cut.end() : sentence.end])[0]
    if not before or not after:
        return whole
    start, joint = cut.start() - len(before), len(before)
    gap = cut.end() - cut.start()
    joined = [
        Match(start + m.start, start + m.end + gap, m.term)
        for m in names_in(before + after, 0, len(before + after))
        if m.start < joint < m.end
    ]
    return [*(w for w in whole if all(w.end <= j.start or j.end <= w.start for j in joined)), *joined]


def _sensation(term: Term) -> str:
    """What is felt, of a symptom that is felt somewhere; empty for others."""
    return term.attrs.get("sensation") or term.id.partition("+")[2]


#: An answer that takes up the question's own verb ("长了没有？" "长了").
_ANY_ECHO = regex(
    r"^(?:也|还|就|是|有点儿?|老|总|挺|很|倒|[,，、 ])*(不|没有?|没怎么|不怎么|不太)?([一-鿿])(?:了|过|的|着|得|呢|啊|呀|嘛)*(?=[,，。.！、…]|$)"
)
_ECHO = regex(
    r"^(?:嗯|也|还|就|是|有点|有点儿|老|总|挺|很|特别|偶尔|倒|[,，、 ])*(不|没有?|没怎么|不怎么|不太)?([烧疼痛咳痒肿麻晕吐拉喘胀酸闷流抽喝吃])"
)


_HOW_OFTEN = regex(r"次数|几次|多少次|how many times|how often|number of (?:times|episodes)")


def _count(answer: str) -> int | None:
    """The number that an answer consists of ("3", "2次"); None where it says more."""
    found = re.fullmatch(r"(\d{1,2})\s*(?:次|times|x)?[.。]?", answer.strip())
    return int(found.group(1)) if found else None


def _without_subject(answer: str) -> str:
    """An answer without the relative it begins with ("我爸有" -> "有", "my mum does" -> "does")."""
    found = [m for m in relatives(answer[:16]) if m.start <= 3 and not re.search(r"[没无不。]|no", answer[: m.start])]
    if not found:
        return answer
    rest = answer[found[0].end :].lstrip(" ,也都倒就")
    return re.sub(r"^(?:does|did|has|had|is|was)(?![a-z'])(?! not)", "yes", rest)


def _said_back(row: Passage) -> str:
    """The folded answer without a question that it opens with ("烧么烧？他妈量了，不算烧" takes the question up)."""
    opening = row.sentences[0]
    start = opening.end if opening.asks and len(row.sentences) > 1 else row.start
    return row.folded[start : row.end].strip()


def _past_question(row: Passage) -> int | None:
    """Where the first words of an answer end that are no question themselves; None where that is the first sentence."""
    first, *rest = row.sentences
    return rest[0].end if first.asks and rest else None


def answer_status(row: Passage, asked: Question, sentence: Sentence, m: Match, own: list[Mention]) -> Status | None:
    """The status that an answer gives to a name in its question; None where it leaves it open."""
    answer = _without_subject(_said_back(row))
    echo = _ECHO.match(answer) or _ANY_ECHO.match(answer)
    name = row.folded[m.start : m.end]
    if taken_up(answer, name):
        return "absent"
    if echo and echo.group(2) in name:
        return "absent" if echo.group(1) else "present"
    if m.term.id == "symptom:fever" and measured_fever(answer):
        return "present"
    if (count := _count(answer)) is not None and _HOW_OFTEN.search(row.folded, sentence.start, sentence.end):
        return "present" if count else "absent"
    said = polarity(answer)
    if said == "absent" and _DEFINITE.search(row.folded[sentence.start : m.start]):
        # "Did anything bring on the pain?" "No": the pain itself is not denied.
        return None
    if how_bad(row.folded, sentence, m) and said == "absent":
        return "present" if cues("asks-severity").search(answer[:12]) else None  # "咳嗽厉害吗？" "不厉害"
    if said != "absent" and cues("presupposing").search(row.folded, sentence.start, sentence.end):
        return "present" if said != "uncertain" and not offered(row.folded, sentence, m) else None
    special = _by_wording(row, asked, sentence, m, said)
    return special or _plainly(row, asked, sentence, m, own, said)


def _by_wording(row: Passage, asked: Question, sentence: Sentence, m: Match, said: Status | None) -> Status | None:
    """The status where the answer gives it by the list's order, by a time alone, or by confirming a summary."""
    listed = [n for s in asked.sentences for n in names_in(row.folded, s.start, s.end)]
    if (one := by_order(row, listed, m)) is not None:
        return one
    if said is None and len(listed) == 1 and only_measures(row.folded[row.start : row.end].strip()):
        return "present"  # "肚子疼？" "三天了"
    return summed_up(row.folded, sentence, listed, m) if said == "present" else None


def _plainly(
    row: Passage, asked: Question, sentence: Sentence, m: Match, own: list[Mention], said: Status | None
) -> Status | None:
    """The status that a plain yes or no gives, where it answers for the thing at all."""
    answer = _without_subject(_said_back(row))
    if said in ("absent", "present") and not _bare(row, own):
        # "没有发烧" answers for fever only, "no fever" too; the other names of the question stay open.
        return None
    if (
        said == "present"
        and _many(row, asked)
        and not re.match(r"(?:嗯|对|是|都|yes|yeah|both|all|aye|yep|they do)", answer)
    ):
        return None
    tag = row.folded[m.end : sentence.end]
    if (
        said == "present"
        and _asked_negatively(row.folded, sentence, m)
        and not re.match(r"有|yes, i|i do|疼|痛", answer)
    ):
        return "absent" if not tag.startswith("没有") else said
    return said


def _given(folded: str, sentence: Sentence, m: Match) -> bool:
    """Whether a question takes a thing for granted and asks about another ("with those headaches, any ...")."""
    before, after = folded[sentence.start : m.start], folded[m.end : sentence.end]
    if re.match(r"的?(?:时候|时|的话|之前|之后|以后|前|后)", after):
        return True
    if _besides(folded, sentence, m):
        return True
    definite = re.search(
        r"(?:with|during|when you (?:have|get|had)|besides|apart from|before|after)\s+(?:the|those|these|that|this|your)?\s*$",
        before,
    )
    return definite is not None and len(after.strip(" ?,.")) > 12


_BESIDES = regex(
    r"(?:除了|除开|(?<![a-z])(?:besides|apart from|other than|aside from|in addition to))[^,，。;；]{0,16}$"
)


def _besides(folded: str, sentence: Sentence, m: Match) -> bool:
    """Whether a question takes a thing as known and asks what there is besides ("除了发烧，还有别的吗？")."""
    return _BESIDES.search(folded[sentence.start : m.start]) is not None


def _known(index: int, row: Passage, sentence: Sentence, m: Match) -> Mention:
    """What a question takes as known and the answer does not contradict."""
    return Mention(
        term=m.term, start=m.start, end=m.end, row=index, sentence=sentence, assertion=Assertion(cue="besides"),
        evidence=row.answer(sentence), asked=True,
    )  # fmt: skip


_DEFINITE = regex(r"(?<![a-z])(?:the|that|those|these|this|your)\s+(?:[a-z]+\s+)?$")


#: A yes or no that stands by itself before whatever is added ("Yeah, after coughing", "Nope, just the cough").
_PLAIN = regex(
    r"\s*(?:(?:um+|uh+|mm+|oh|well|ah+)[\s,.]+)*(?:yes|yeah|yep|yup|aye|no|nope|nah|not really)(?=\s*[,.!?]|\s*$|\s+(?:i|it|just|actually|yeah|no)\b)"
)


def _bare(row: Passage, own: list[Mention]) -> bool:
    """Whether an answer begins with nothing but yes or no, so that it answers all that was asked."""
    if _PLAIN.match(row.folded, row.start, row.end):
        return True
    first = row.sentences[0].clauses[0]
    return not any(m.start < first.end and not m.assertion.hypothetical for m in own)


def _many(row: Passage, asked: Question) -> bool:
    count = sum(len(names_in(row.folded, s.start, s.end)) for s in asked.sentences)
    return count > 1


#: What asks whether something is so, and denies nothing.
_WHETHER = regex(r"有没有|有无|有冇|有没|是不是|是否|系唔系|会不会|会唔会|能不能|可不可以|要不要")


def _asked_negatively(folded: str, sentence: Sentence, m: Match) -> bool:
    """Whether the question already says no ("不发烧吧？", "no fever?")."""
    words = blank_masks(_WHETHER.sub(lambda w: "·" * len(w.group()), folded[sentence.start : m.start]))
    found = list(cues("negation-pre").finditer(words))
    return bool(found) and len(words) - found[-1].end() <= 6

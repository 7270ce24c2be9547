"""Passages: a source's text cut into voices, sentences and clauses, each question joined to its answer.

Extraction never looks at a source's kind. A spoken turn, a form's answer, a paragraph of a discharge letter are all
:class:`Passage` objects; what was asked just before hangs on the passage that answers it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from syngraph.facts.cues import cues
from syngraph.model import Encounter, Evidence, Role, Segment, Source, Witness
from syngraph.terminology.fold import fold
from syngraph.terminology.patterns import regex

_SENTENCE_END = regex(r"[。!?;\n]+[\"')]*|\.(?=\s|$)|…+|\.{3,}")
_ABBREVIATION = regex(
    r"(?:\b(?:dr|mr|mrs|ms|st|vs|e\.g|i\.e|approx|temp|resp|prof|b\.i\.d|t\.i\.d|q\.d|p\.o|p\.r\.n)|\d)$", re.IGNORECASE
)
#: "H. pylori", "E. coli": what follows the dot tells that it ends nothing.
_SPECIES = regex(
    r"\.\s+(?:pylori|coli|diff|difficile|aureus|influenzae|jejuni|trachomatis|pneumoniae)\b", re.IGNORECASE
)
_CLAUSE_END = regex(
    r",(?=[一-鿿])|(?<=[一-鿿]),"
    r"|(?:,\s*|\s+)(?=(?:but|however|although|though|except|whereas|apart from|other than)\b)"
    r"|,\s+(?=(?:and |so |then |now |though )?(?:i|i'm|i've|i'd|it|it's|he|he's|she|she's|they|we|my|his|her|there|there's|that's|no|not|never|also)\b)"
    r"|\s+(?=and (?:i|i'm|i've|it|it's|he|he's|she|she's|my|his|her|there's|now|then|no|also)\b)"
    r"|\s+[-–—]+\s+"
)  # fmt: skip
#: "疼不疼", "严重不严重", "烧么烧", "痛唔痛": a question in itself, in whichever dialect.
A_NOT_A = regex(r"([一-鿿]{1,2})[不没勿唔弗冇]\1|([一-鿿]{2}|[^什怎那这多要])么\2")
#: An ellipsis behind these is a pause for the word, not the end of what is said ("我这个……大腿根", "就是……最后头那颗").
_PAUSES = regex(
    r"(?:就是|这个|那个|这是|那是|好像是?|我这|叫做?|然后|还有|[的在])(?:[,，]\s*)?$|(?<![a-z])(?:my|the|a|an|like|and|of|in|is|was|so)$"
)
_ROLE_WITNESS: dict[Role, Witness] = {
    "patient": "patient",
    "companion": "companion",
    "doctor": "doctor",
    "unknown": "patient",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A stretch of a sentence that says one thing; offsets into the source's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence with its clauses; ``asks`` tells whether it is a question."""

    start: int
    end: int
    clauses: tuple[Clause, ...]
    asks: bool

    def clause_at(self, offset: int) -> Clause:
        """The clause that holds ``offset``."""
        return next((c for c in self.clauses if offset < c.end), self.clauses[-1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a passage answers: the range of the question, its sentences, and the topic a form gave it."""

    start: int
    end: int
    sentences: tuple[Sentence, ...]
    topic: str | None = None
    from_form: bool = False
    #: Of a question that only names another matter ("And the rash?"): the range of the one before, whose ask it repeats.
    repeats: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One voice's stretch of a source: a turn, an answer, a paragraph.

    Attributes:
        folded: the whole source's text, folded; offsets are the same.
        asked: the question this passage answers.
        said: the date the words were said or written, ISO.
    """

    source: Source
    segment: Segment
    folded: str
    start: int
    end: int
    sentences: tuple[Sentence, ...]
    asked: Question | None = None
    said: date

    @property
    def role(self) -> Role:
        """Whose words these are."""
        return self.segment.role

    @property
    def text(self) -> str:
        """The passage's own words."""
        return self.source.text[self.start : self.end]

    @property
    def asked_spans(self) -> tuple[tuple[int, int], ...]:
        """Where the question stands that this passage answers, and the one before whose ask it only repeats."""
        if self.asked is None:
            return ()
        own = (self.asked.start, self.asked.end)
        return (own, self.asked.repeats) if self.asked.repeats else (own,)

    @property
    def topic(self) -> str | None:
        """The section that the passage is about, where a heading or a form's question says so."""
        return self.segment.section or (self.asked.topic if self.asked else None)

    @property
    def witness(self) -> Witness:
        """Who says so."""
        if self.segment.witness:
            return self.segment.witness
        if self.role in _ROLE_WITNESS:
            return _ROLE_WITNESS[self.role]
        return "this-hospital" if self.source.kind == "emr" else "other-hospital"

    def words(self, start: int, end: int) -> str:
        """The folded words of [start, end)."""
        return self.folded[start:end]

    def evidence(self, start: int, end: int) -> Evidence:
        """Evidence for [start, end), without blanks at its ends."""
        text = self.source.text
        while start < end - 1 and text[start].isspace():
            start += 1
        while end > start + 1 and text[end - 1].isspace():
            end -= 1
        return Evidence(source=self.source.id, start=start, end=end)

    def answer(self, asked: Sentence | Question, end: int | None = None) -> tuple[Evidence, ...]:
        """Evidence for this answer (its first sentence, or up to ``end``) with what was asked.

        A form's question and answer stand on one line and are quoted as one ("过敏：没有"); in talk the answer comes
        first, then the question.
        """
        first = self.sentences[0]
        end = end or first.end
        if self.asked is not None and self.asked.from_form and 0 <= first.start - self.asked.end <= 4:
            return (self.evidence(self.asked.start, end),)
        return (self.evidence(first.start, end), self.evidence(asked.start, asked.end))

    def sentence_at(self, offset: int) -> Sentence:
        """The sentence of this passage that holds ``offset``."""
        return next((s for s in self.sentences if offset < s.end), self.sentences[-1])


def _abbreviates(text: str, start: int, dot: int, end: int) -> bool:
    """Whether the dot belongs to "Dr." or to a number rather than ends a sentence."""
    if _SPECIES.match(text, dot):
        return True
    if _ABBREVIATION.search(text, max(start, dot - 8), dot) is None:
        return False
    return not (text[dot - 1].isdigit() and re.match(r"\.\s+[A-Za-z]|\.\s*$", text[dot:end][:4]))


def _pauses(text: str, start: int, at: int, resumed: int, end: int) -> bool:
    """Whether an ellipsis only holds the breath: the words before it want another, and more follows on the line."""
    follows = text[resumed:end].lstrip(" ")[:1]
    return follows not in ("", "\n") and _PAUSES.search(text, max(start, at - 12), at) is not None


def split_sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Ranges of the sentences of ``text[start:end]``, with their closing mark."""
    at = start
    for m in _SENTENCE_END.finditer(text, start, end):
        if m.group() == "." and _abbreviates(text, start, m.start(), end):
            continue
        if m.group().startswith(("…", "...")) and _pauses(text, at, m.start(), m.end(), end):
            continue
        if text[at : m.end()].strip():
            yield at, m.end()
        at = m.end()
    if text[at:end].strip():
        yield at, end


def split_clauses(text: str, start: int, end: int) -> tuple[Clause, ...]:
    """The clauses of one sentence."""
    out, at = [], start
    for m in _CLAUSE_END.finditer(text, start, end):
        if m.start() > at and text[at : m.start()].strip():
            out.append(Clause(start=at, end=m.start()))
            at = m.end()
    if at < end:
        out.append(Clause(start=at, end=end))
    return tuple(out) or (Clause(start=start, end=end),)


def passages(source: Source, encounter: Encounter) -> tuple[Passage, ...]:
    """Every passage of ``source`` in order, questions joined to the passages that answer them."""
    folded = fold(source.text)
    rows = [_passage(source, segment, folded, encounter) for segment in source.segments]
    return tuple(_join_questions([r for r in rows if r.sentences]))


def _passage(source: Source, segment: Segment, folded: str, encounter: Encounter) -> Passage:
    asker = segment.role in ("doctor", "question")
    sentences = []
    for start, end in split_sentences(folded, segment.start, segment.end):
        asks = segment.role == "question" or (
            segment.role != "document" and is_question(folded[start:end].strip(), asker=asker, marked="?" in folded)
        )
        sentences.append(Sentence(start=start, end=end, clauses=split_clauses(folded, start, end), asks=asks))
    return Passage(
        source=source,
        segment=segment,
        folded=folded,
        start=segment.start,
        end=segment.end,
        sentences=tuple(sentences),
        said=_said(segment.date or source.recorded, encounter),
    )


def _said(recorded: str | None, encounter: Encounter) -> date:
    if recorded and len(recorded) >= 10:
        return date.fromisoformat(recorded[:10])
    return encounter.start.date()


def is_question(sentence: str, *, asker: bool, marked: bool = False) -> bool:
    """Whether a folded sentence asks.

    Of someone who asks by trade a missing question mark is forgiven, unless the talk is written with them
    (``marked``); of one who answers a mere tone of doubt ("Six weeks?") is no question.
    """
    sentence = sentence.rstrip(" ,")
    wh = cues("question").search(sentence) or A_NOT_A.search(sentence)
    if re.search(r"[吗么](?:[呢啊呀]?)[。.?]?$", sentence) and "什么" not in sentence[-4:]:
        return True
    if sentence.endswith("?"):
        return (
            asker
            or bool(wh)
            or re.match(r"(?:is|are|do|does|can|could|should|will|what|why|how|when)\b", sentence) is not None
        )
    if not asker and not marked and cues("asks-back").search(sentence):
        return True
    if marked and sentence.endswith((".", "。", "!")):
        return False
    return asker and not sentence.endswith("!") and bool(wh)


def _join_questions(rows: list[Passage]) -> Iterator[Passage]:
    pending: Question | None = None
    answered_by: set[str] = set()
    for row in rows:
        if row.role in ("doctor", "question"):
            fresh = _question(row)
            if fresh is not None or row.role == "question" or _moves_on(row):
                pending = _repeating(row, fresh, pending)
                answered_by = set()
            yield row
        elif row.role == "document":
            pending = None
            yield row
        else:
            # A second voice may add to the first one's answer, but the same voice answers only once.
            voice = row.segment.label + row.role
            if pending is not None and (voice not in answered_by or pending.from_form):
                yield replace(row, asked=pending)
                answered_by.add(voice)
            else:
                yield row


def _repeating(row: Passage, fresh: Question | None, before: Question | None) -> Question | None:
    """``fresh``, with the question ``before`` where it only names another matter to ask the same of."""
    if fresh is None or before is None or fresh.from_form:
        return fresh
    last = fresh.sentences[-1]
    if cues("names-only").search(row.folded[last.start : last.end].strip()) is None:
        return fresh
    return replace(fresh, repeats=before.repeats or (before.start, before.end))


def _moves_on(row: Passage) -> bool:
    """Whether a doctor's turn without a question is more than a nod ("嗯", "okay")."""
    return len(row.text.strip()) > (4 if re.search(r"[一-鿿]", row.text) else 12)


def _question(row: Passage) -> Question | None:
    """The questions that stand open at the end of a turn; the last ones count, and all of a form's."""
    if row.role == "question":
        open_ones = list(row.sentences)
    else:
        open_ones = []
        for sentence in reversed(row.sentences):
            if not sentence.asks:
                if open_ones or len(row.folded[sentence.start : sentence.end].strip()) > 24:
                    break
                continue
            open_ones.insert(0, sentence)
    if not open_ones:
        return None
    return Question(
        start=open_ones[0].start,
        end=open_ones[-1].end,
        sentences=tuple(open_ones),
        topic=row.segment.section,
        from_form=row.role == "question",
    )

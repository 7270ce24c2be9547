"""Questions and answers that nothing else understood: kept as they were asked and answered.

What a clinician asks is worth a place in the record, and so is the answer, even where neither names anything that the
terminology knows ("And sleep?" "I drop off okay and then I'm awake at four."). Such an exchange becomes a fact whose
text is the answer itself; it can say nothing that was not said.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from importlib.resources import files

from syngraph.facts.cues import cues
from syngraph.facts.mentions import THINGS, Reading, names_in, polarity
from syngraph.facts.passage import Passage, Question, Sentence
from syngraph.facts.phases import end_of_history
from syngraph.model import Concept, Fact, Status, frozen_map
from syngraph.terminology.fold import fold
from syngraph.terminology.lexicon import lexicon
from syngraph.terminology.patterns import regex
from syngraph.terminology.sections import topic_of

#: At most so many exchanges of a source are kept; more would be a transcript, not a record.
_MOST = 6
#: In English talk no more than so many that name nothing of the body, a drug or a number.
_MOST_LOOSE = 4
#: Longest quoted: characters of Chinese, of English.
_HAN, _LATIN = 70, 220
#: What nobody would ask of a patient is worth keeping only if the answer is about the body.
_TELLING = (*THINGS, "body-site", "sensation", "general-state")
#: What is asked of these is told where they are.
_ELSEWHERE = ("drug", "drug-class", "allergen", "immunization", "relative")
_HISTORY = "history-of-present-illness"
#: Sections that an answer may go to; what else a question is about is told in the history.
_HOMES = frozenset({
    _HISTORY, "past-history", "medications", "allergies", "personal-history", "reproductive-history", "family-history",
})  # fmt: skip


@cache
def _words(category: str) -> re.Pattern[str]:
    text = files("syngraph.terminology").joinpath("data/exchanges.tsv").read_text(encoding="utf-8")
    rows = [line.partition("\t")[2] for line in text.splitlines() if line.startswith(category + "\t")]
    return regex("|".join(word.strip() for row in rows for word in row.split(" | ")))


def exchanges(reading: Reading, made: Sequence[Fact]) -> Iterator[Fact]:
    """A fact for each exchange that ``made`` leaves uncovered, in the order of the source.

    Its concept is the question; ``text`` is the answer, ``asked`` the question, ``section`` where it belongs.
    """
    covered = [(e.start, e.end) for f in made for e in f.evidence]
    told = {f.concept.id for f in made if f.kind == "symptom"}
    end = _decided(reading, made)
    rows = [row for row in reading.rows[: end_of_history(reading)] if row.start < end]
    found = [f for row in rows if (f := _exchange(reading, row, rows, covered, told)) is not None]
    yield from _weightiest([f for f in found if not _told_apart(f, made)])


def _weightiest(found: Sequence[Fact]) -> list[Fact]:
    """At most :data:`_MOST` of ``found`` in their order, those first whose words name something of the body.

    English talk, which is longer, keeps only :data:`_MOST_LOOSE` of those that name nothing.
    """
    weighty = [f for f in found if _names_something(f)]
    loose = [f for f in found if f not in weighty]
    english = bool(found) and not re.search(r"[一-鿿]", found[0].attributes["text"])
    room = max(0, (_MOST_LOOSE if english else _MOST) - len(weighty))
    kept = [*weighty[:_MOST], *loose[:room]]
    return [f for f in found if f in kept]


def _names_something(fact: Fact) -> bool:
    words = fold(fact.attributes["asked"] + " " + fact.attributes["text"])
    return bool(lexicon().longest(words, *_TELLING)) or _words("telling").search(words) is not None


#: Headings of a form whose bare "yes" says nothing that the rows below it don't say better.
_HEADS = {
    "allergies": ("allergy",), "past-history": ("condition", "procedure"), "medications": ("medication",),
    "family-history": ("family-history",),
}  # fmt: skip


def _told_apart(fact: Fact, made: Sequence[Fact]) -> bool:
    """Whether a bare "yes" only opens a heading whose matter other facts of the form tell."""
    kinds = _HEADS.get(fact.attributes["section"], ())
    bare = fold(fact.attributes["text"]).strip(" .。") in ("yes", "true", "是", "有", "y")
    return bare and any(f.kind in kinds and f.status != "absent" for f in made)


def _decided(reading: Reading, made: Sequence[Fact]) -> int:
    """Where the visit turns to what will be done: the first decision in the second half of a talk."""
    half = reading.rows[len(reading.rows) // 2].start if reading.rows else 0
    if reading.source.kind != "consultation":
        return len(reading.source.text) + 1
    plans = (f.evidence[0].start for f in made if f.status == "planned" and f.evidence[0].start >= half)
    return min(plans, default=len(reading.source.text) + 1)


def _exchange(
    reading: Reading,
    row: Passage,
    rows: Sequence[Passage],
    covered: list[tuple[int, int]],
    told: Collection[str | None],
) -> Fact | None:
    asked = row.asked
    if asked is None or row.role not in ("patient", "companion", "unknown") or not _first(row, rows):
        return None
    question = row.folded[asked.start : asked.end].strip()
    if _words("courtesy").search(question) or _named(reading, question) or not re.search(r"\w", question):
        return None
    if reading.source.kind == "consultation" and _broken(question):
        return None
    if _answered_elsewhere(row, asked, told):
        return None
    clinical = asked.from_form or (_clinical(row, asked) and not cues("opens").search(question))
    answers = [(s.start, s.end) for r in rows if r.asked == asked for s in r.sentences]
    spans = [(asked.start, asked.end), *answers]
    understood = not all(_free(covered, start, end) for start, end in spans)
    if understood:
        return None
    needs = () if clinical else _TELLING
    said = [s for s in row.sentences if _kept(row, s, covered, needs)]
    if not said or reading.subjects.of(row, said[0], said[0].end) not in ("patient", "family"):
        return None
    if _asks_back(row, said) or _only_confirms(row, asked):
        return None
    return _fact(row, asked, said)


#: A question that stops before its object ("Have you, got a ?", "and do you").
_STOPS_SHORT = regex(
    r"(?<![a-z])(?:an?|the|any|your|my|his|her|and|or|of|with|to|for|have you|do you|are you|is it|got|that|in)[\s,.…-]*\?$"
    r"|(?:有没有|是不是|还|那|你|会不会)[,，…。]*[?？]$|^(?:[a-z]+[\s,]*){0,1}\?$"
)


def _broken(question: str) -> bool:
    """Whether a folded question of a talk was broken off."""
    if re.match(r"[a-z]", question) and "?" not in question:
        return True
    return _STOPS_SHORT.search(question) is not None and not lexicon().longest(question, *_TELLING)


def _asks_back(row: Passage, said: Sequence[Sentence]) -> bool:
    """Whether the answer turns away or asks back rather than tells ("有什么办法呢")."""
    words = row.folded[said[0].start : said[0].end].strip()
    return cues("drops-it").search(words) is not None and not (row.asked and row.asked.from_form)


#: A question of more words than this sums up what was told; "Exactly" adds nothing to it.
_LONGEST_CONFIRMED = 12
_CONFIRMS = regex(
    r"^(?:exactly|yes|yeah|yep|correct|right|that's right|that is right|uh-huh|mm-hmm|mhm|no|nope|sure|okay|嗯+|对+|是的?|好的?|没有|不是|没|有)(?:[,.!。，]* (?:yes|yeah|it is|it does|exactly|that's right|no))*[,.!。，]*$"
)


def _only_confirms(row: Passage, asked: Question) -> bool:
    """Whether a bare yes or no answers a long summing-up in talk, which tells nothing of its own."""
    if asked.from_form or not _CONFIRMS.match(row.folded[row.start : row.end].strip()):
        return False
    words = row.folded[asked.sentences[-1].start : asked.sentences[-1].end].strip()
    return len(words) > 24 if re.search(r"[一-鿿]", words) else len(words.split()) > _LONGEST_CONFIRMED


def _first(row: Passage, rows: Sequence[Passage]) -> bool:
    """Whether no other voice has answered the question before."""
    return all(r is row or r.asked != row.asked or r.start > row.start for r in rows)


def _answered_elsewhere(row: Passage, asked: Question, told: Collection[str | None]) -> bool:
    """Whether all that the question names is told in other facts, or belongs to drugs, allergies or the family."""
    last = asked.sentences[-1]
    names = names_in(row.folded, last.start, last.end)
    if cues("other-matter").search(row.folded, last.start, last.end) and _words("effect").search(
        row.folded, last.start, last.end
    ):
        return False
    if any(m.term.kind in _ELSEWHERE for m in names):
        return True
    symptoms = [m.term.id for m in names if m.term.kind == "symptom"]
    return any(s in told for s in symptoms)


def _named(reading: Reading, question: str) -> bool:
    """Whether the question makes sure who the patient is."""
    name = reading.encounter.patient.name
    return bool(name) and (name or "").lower() in question


def _free(covered: list[tuple[int, int]], start: int, end: int) -> bool:
    return not any(a < end and start < b for a, b in covered)


def _clinical(row: Passage, asked: Question) -> bool:
    """Whether a clinician would want the answer, whatever it is."""
    words = row.folded[asked.sentences[-1].start : asked.sentences[-1].end]
    return bool(_words("inquiry").search(words)) or bool(lexicon().longest(words, *_TELLING))


def _kept(row: Passage, sentence: Sentence, covered: list[tuple[int, int]], needs: Sequence[str]) -> bool:
    """Whether a sentence of the answer is worth a place: it must name one of the kinds ``needs``, if any."""
    words = row.folded[sentence.start : sentence.end].strip()
    if sentence.asks or not _free(covered, sentence.start, sentence.end) or _words("nothing").search(words):
        return False
    return not needs or (bool(lexicon().longest(words, *needs)) and polarity(words) != "absent")


def _fact(row: Passage, asked: Question, said: Sequence[Sentence]) -> Fact | None:
    start, end = said[0].start, said[0].end
    longest = _HAN if re.search(r"[一-鿿]", row.folded[start:end]) else _LATIN
    for sentence in row.sentences[row.sentences.index(said[0]) + 1 :]:
        trailing = row.folded[start:end].rstrip().endswith(("…", "..."))  # "it must be… two weeks" is one answer
        if not (trailing or sentence in said) or sentence.end - start > longest:
            break
        end = sentence.end
    if end - start > longest:
        return None
    evidence = row.evidence(_past_fillers(row.folded, start, end, _HESITATES), end)
    last = asked.sentences[-1]
    opening = _asked_with(row, asked)
    question = row.evidence(_past_fillers(row.folded, opening, last.end, _LEADS_IN), last.end)
    text = row.source.text
    topic = _home(row.folded[asked.start : asked.end]) or row.topic or topic_of(text[asked.start : asked.end])
    return Fact(
        kind="administrative",
        concept=Concept(text=text[question.start : question.end]),
        status=_status(row.folded[start:end]),
        evidence=(evidence, question),
        witnesses=(row.witness,),
        attributes=frozen_map({
            "category": "exchange",
            "asked": text[question.start : question.end],
            "text": text[evidence.start : evidence.end],
            "section": topic if topic in _HOMES else _HISTORY,
        }),
        recorded=row.said.isoformat(),
        extractor="exchange",
    )  # fmt: skip


#: Two questions of so many characters are asked in one breath ("Any warning? Funny smell?").
_ONE_BREATH = 56


def _asked_with(row: Passage, asked: Question) -> int:
    """Where what is quoted of a question begins: its last sentence, with a short one before that the answer answers too."""
    *_, last = asked.sentences
    before = asked.sentences[-2:-1]
    if asked.from_form or not before or last.end - before[0].start > _ONE_BREATH:
        return last.start
    head = row.folded[before[0].start : before[0].end]
    return (
        last.start
        if _words("courtesy").search(head) or names_in(row.folded, before[0].start, before[0].end)
        else before[0].start
    )


#: What is said before an answer while thinking, and before a question to lead over to it.
_HESITATES = regex(r"\s*(?:(?:um+|uh+|erm?|hm+|mm+|嗯+|呃+|那个)(?![a-z])[\s,.…，。、-]*)+")
_LEADS_IN = regex(
    r"\s*(?:(?:um+|uh+|erm?|hm+|mm+|ok(?:ay)?|right|all right|alright|great|good|fine|sure|yeah|yes|i see|got it|and|so|now|well|oh|but|then|"
    r"嗯+|呃+|哦+|噢|好的?|行|啊|那个?|对)(?![a-z一-鿿])[\s,.…，。、-]+)+"
)


def _past_fillers(folded: str, start: int, end: int, fillers: re.Pattern[str]) -> int:
    """Where what is worth quoting begins; ``start`` where too little would be left."""
    found = fillers.match(folded, start, end)
    return found.end() if found is not None and end - found.end() >= 4 else start


def _home(question: str) -> str | None:
    """The section that the question's words alone give, where the terminology's topics don't."""
    return next((s for s in ("personal-history", "past-history") if _words(s).search(question)), None)


def _status(answer: str) -> Status:
    """What the answer's first words say, where they are no more than yes or no; "I'm not bothered" tells something."""
    first = re.split(r"(?<=[\w])[,.。，!！;；]", answer.strip(), maxsplit=1)[0]
    brief = len(first) <= 6 if re.search(r"[一-鿿]", first) else len(first.split()) <= 2
    return (polarity(first) if brief else None) or "present"

"""What the clinician finds and says aloud while examining, each finding in the clinician's own words.

An examination is a stretch of the doctor's talk: it begins with "let me have a listen" or 躺下我按按 (or with a
sentence that dictates findings) and ends with a conclusion, an order, a result read out or a question about something
else. Inside it every piece of a sentence that names a part of the body or a sign is a finding; what is said to the
patient (breathe in, 张嘴) is not. What the patient answers to "does it hurt here?" is one, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from syngraph.facts.mentions import Mention, Reading, polarity
from syngraph.facts.naming import concept_of
from syngraph.facts.passage import Passage, Sentence
from syngraph.facts.spoken import exam_words, is_han, names, simplified, stated, states
from syngraph.facts.statements import statements
from syngraph.facts.values import side_of, sides, values
from syngraph.facts.wording import tidy
from syngraph.model import Concept, Fact, Status
from syngraph.terminology.fold import fold
from syngraph.terminology.lexicon import lexicon
from syngraph.terminology.numerals import find_numbers
from syngraph.terminology.patterns import regex

#: Kinds of names that make a piece of a sentence a finding; a place alone needs something said of it.
_FINDINGS = ("exam-finding", "symptom", "sensation", "condition")
#: Read out as numbers, and measured elsewhere; the others are findings in words ("twenty over sixty").
_IN_WORDS = frozenset({"vital:visual-acuity", "vital:intraocular-pressure", "vital:capillary-refill"})
_CUT = regex(
    r"[,;]|\.{2,}|…+|--+|—+|\s-(?=\s|$)|\s(?=and (?:there|no|your|i|you|it)\b)|\s(?=but (?:there|no|your|the|i|you|it)\b)"
)
#: A comma that only hesitates ("a bit of, uh, an effusion").
_UNFINISHED = regex(r"\b(?:of|a|an|the|some|your|to|with|on|in|little|is|are)(?:\s*,?\s*(?:uh|um|er))?\s*$")
#: A name that is only a heading ("Elbows, scalp, feet clear") has at most so many words.
_HEADING = 3
#: So many signs and readings make a turn a dictation from its beginning.
_TURN = 2
_LONGEST = 320


def _has(category: str, said: str) -> bool:
    return exam_words(category).search(said) is not None


def examination(reading: Reading) -> Iterator[Fact]:
    """Every finding that the doctor voices while examining, and what the patient feels under the hand."""
    seen: set[str] = set()
    for index, row, sentence in _stretches(reading):
        for fact in _sentence(reading, index, row, sentence):
            if fact.concept.text not in seen or fact.concept.id:
                seen.add(fact.concept.text)
                yield fact
    yield from _felt(reading)


# -- where an examination begins and ends -------------------------------------------------------------------


def _stretches(reading: Reading) -> Iterator[tuple[int, Passage, Sentence]]:
    """The doctor's sentences in an examination, in order."""
    inside, shown = False, False
    early = len(reading.rows) // 4
    for index, row in enumerate(reading.rows):
        if row.role != "doctor":
            # "So what is it?" ends it; "ow, it tickles" does not. After "here is the scan" the doctor reads.
            inside = inside and not any(s.asks for s in row.sentences)
            shown = _has("reports", row.folded[row.start : row.end])
            continue
        inside = inside or (not shown and _dictates(reading, index, row))
        for sentence in statements(row):
            said = row.folded[sentence.start : sentence.end]
            if not states(row, sentence):
                inside = (_has("begins", said) and not shown and index >= early) or (
                    inside and (_has("hurts", said) or len(said) < 90)
                )
                if inside and is_han(said):  # "足背动脉搏动好，这里有感觉吗？" states and asks
                    yield index, row, sentence
                continue
            dictated = 0 if shown else _dictated(reading, index, row, sentence)
            if _has("begins-plainly", said):
                shown = False
            shown = shown or (dictated == 0 and _has("reports", said))  # "the film, let me see ..."
            in_time = index >= early or dictated > 1 or inside or _has("begins-plainly", said)
            inside = _goes_on(said, inside, dictated) and not shown and in_time
            beside = not shown and _has("shows-there", said) and _tells_a_sign(reading, index, row)
            if inside or dictated == 1 or beside:
                yield index, row, sentence


def _tells_a_sign(reading: Reading, index: int, row: Passage) -> bool:
    """Whether one of the turn's sentences names a sign: "there's swelling" beside it is seen, not told."""
    return any(_dictated(reading, index, row, s) for s in statements(row) if states(row, s))


def _named(reading: Reading, row: Passage, index: int, statement: Sentence) -> list[Mention]:
    """The names in a statement, which may be a part of a sentence."""
    if statement in row.sentences:
        return names(reading, row, index, statement)
    found = names(reading, row, index, row.sentence_at(statement.start))
    return [m for m in found if statement.start <= m.start < statement.end]


def _dictates(reading: Reading, index: int, row: Passage) -> bool:
    """Whether a turn reads out so many signs that all of it belongs to the examination."""
    if len(row.sentences) < len(parts := statements(row)):
        return False  # running talk tells in one turn what was heard, found and will be done
    counts = [_dictated(reading, index, row, s) for s in parts if states(row, s)]
    readings = sum(_reads_out(row, s) for s in parts if states(row, s))
    return sum(counts) + readings >= _TURN


def _reads_out(row: Passage, sentence: Sentence) -> bool:
    said = row.folded[sentence.start : sentence.end]
    return bool(lexicon().longest(said, "vital")) and bool(find_numbers(said)) and not _has("elsewhere", said)


def _goes_on(said: str, inside: bool, dictated: int) -> bool:
    if _has("begins", said) or dictated > 1:
        return True
    return inside and not _has("ends", said)


def _dictated(reading: Reading, index: int, row: Passage, sentence: Sentence) -> int:
    """How many signs a sentence names; 0 where it speaks of the past, of results or of what might be."""
    said = row.folded[sentence.start : sentence.end]
    if _has("elsewhere", said):
        return 0
    if len({m.group() for m in exam_words("dictates").of(is_han(said)).finditer(said)}) > _TURN:
        return _TURN + 1  # a mental state is told in words that name no sign
    if _has("ends", said):
        return 0
    found = _named(reading, row, index, sentence)
    signs = [m for m in found if m.term.kind == "exam-finding" and not m.assertion.hypothetical]
    signs = [m for m in signs if m.term.attrs.get("system") != "general"]  # "he looks well" is said of any visit
    readings = [m for m in found if m.term.kind == "vital" and find_numbers(said)]
    signs += [m for m in readings if m.term.id in _IN_WORDS]
    return len([m for m in signs if m.status != "historical"]) + (len(readings) > 1 or bool(signs and readings))


# -- the pieces of a sentence -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """A stretch of one sentence that says one thing of one part of the body.

    ``whole``: it can stand alone; a heading ("Elbows") waits for the next. ``weak``: it can't stand without the last.
    ``side``: where the side was said that a bare finding belongs to ("Left... that drum is red"); ``head``: the part
    that the words before it look at ("listening to your heart i hear"); ``since``: where the denial before it begins.
    """

    start: int
    end: int
    status: Status
    denied: str = ""
    whole: bool = True
    weak: bool = False
    side: tuple[int, int] | None = None
    head: str = ""
    since: int | None = None


def _sentence(reading: Reading, index: int, row: Passage, sentence: Sentence) -> Iterator[Fact]:
    mentions = [m for m in _named(reading, row, index, sentence) if m.term.kind in _FINDINGS]
    before = re.sub(r"[ .…,!]+$", "", row.folded[row.start : sentence.start])
    before = re.sub(r"[ .…,]+(?:o+h|a+h|hm+|mm+|yes|yep|right)$", "", before)
    side = _SIDE_LAST.search(before)  # "Left... oh yes, that drum is red"
    opened = (row.start + side.start(1), row.start + side.end(1)) if side else None
    for piece in _joined(row, _sided(row, _pieces(row, sentence, mentions), opened)):
        fact = _finding(reading, row, sentence, piece, mentions)
        if fact is not None:
            yield fact


def _pieces(row: Passage, sentence: Sentence, mentions: Sequence[Mention]) -> Iterator[_Piece | tuple[int, int]]:
    """The pieces in order; a bare range where something that is no finding stands between."""
    at = sentence.start
    cuts = [(m.start() + at, m.end() + at) for m in _CUT.finditer(row.folded[at : sentence.end])]
    inside = [(m.start, m.end) for m in mentions]
    cuts = [c for c in cuts if not any(a < c[0] and c[1] < b for a, b in inside)]
    cuts = [c for c in cuts if not _UNFINISHED.search(row.folded[at : c[0]])]
    cuts = [c for c in cuts if not _has("answers-press", row.folded[c[1] : sentence.end])]
    if sentence.asks and not states(row, sentence):
        cuts = [*cuts[:-1], (cuts[-1][0], sentence.end)] if cuts else [(at, sentence.end)]
        cuts = cuts if cuts[0][0] > at else []  # what is asked is no finding; what was said before it is
    else:
        cuts.append((sentence.end, sentence.end))
    for start, end in cuts:
        if start > at:
            yield _piece(row, at, start, mentions) or (at, start)
        at = end


def _piece(row: Passage, start: int, end: int, mentions: Sequence[Mention]) -> _Piece | None:
    full, begun = row.folded[start:end], start
    start, head = _headed(row.folded, start, end)
    since = start
    start, denied = _led(row.folded, start, end)
    said = row.folded[start:end].strip(" .。,!?")
    pressed = any(_has("answers-press", part) for part in _CUT.split(full)[1:])  # "脐周压一下，有点皱眉"
    if not said or (_has("skips", full) and not pressed) or _has("ends", full) or _has("elsewhere", said):
        return None
    here = [m for m in mentions if begun <= m.start < end and m.end > start]  # "no lymphadenopathy" is one name
    if any(m.assertion.hypothetical for m in here) or _measured(said):
        return None
    sited = bool(lexicon().longest(said, "body-site"))
    sign = any(m.term.kind == "exam-finding" for m in here)
    no = bool(denied) or exam_words("denies").match(said) is not None
    signed = sign or (bool(here) and (sited or no)) or _has("signs", said) or _has("bare-no", denied + said)
    told = _has("predicate", said) or (sited and bool(find_numbers(said)))
    heading = _heading(said, sited or _has("signs", said)) and not here
    weak = not signed and not sited
    if weak and not (_has("dependent", said) or (told and len(said) <= (8 if is_han(said) else 30))):
        return None
    if not weak and not (signed or told or heading):
        return None
    no = no or ((_has("denies", said) or _has("denied", said)) and not _has("apart", said))
    status: Status = "absent" if no else "present"
    return _Piece(
        start=start, end=end, status=status, denied=denied, whole=not heading or bool(denied), weak=weak, head=head,
        since=since if denied else None,
    )  # fmt: skip


def _headed(folded: str, start: int, end: int) -> tuple[int, str]:
    """Where a finding begins after the words that lead to it ("on your neck exam i do n't hear"), and the part named."""
    led = exam_words("leads-in").match(folded, start, end)
    if led is None or led.end() >= end:
        return start, ""
    rest = led.end() + (folded[led.end() : end] != folded[led.end() : end].lstrip())
    tells = exam_words("negated").match(folded, rest, end) or exam_words("lead").match(folded, rest, end)
    if tells is None or tells.end() == rest or tells.end() >= end:
        return start, ""
    sites = lexicon().longest(led.group(), "body-site")
    return rest, led.group()[sites[-1].start : sites[-1].end] if sites else ""


def _led(folded: str, start: int, end: int) -> tuple[int, str]:
    """Where the finding begins after what only opens it ("you've got a", 听着), and the denial that it opens with."""
    for _ in range(5):
        while start < end and folded[start] in " ,、.:":
            start += 1
        no = exam_words("negated").match(folded, start, end)
        if no and no.end() < end:
            return no.end() + (folded[no.end() : end] != folded[no.end() : end].lstrip()), "no "
        lead = exam_words("lead").match(folded, start, end)
        if lead is None or lead.end() >= end or lead.end() == start:
            break
        start = lead.end()
    return start, ""


def _measured(said: str) -> bool:
    """Whether a piece only names or reads out a vital sign."""
    named = lexicon().longest(said, "vital", "exam-finding", "symptom", "body-site")
    vitals = [m for m in named if m.term.kind == "vital"]
    if not vitals or vitals[0].term.id in _IN_WORDS:
        return False
    return bool(find_numbers(said)) or _has("vital-word", said) or not _has("predicate", said)


def _heading(said: str, sited: bool) -> bool:
    """Whether a piece is only a name that waits for what is said of it."""
    short = (
        len(said) <= 6 or _has("heading", said)
        if is_han(said)
        else len(said.split()) <= _HEADING or _has("heading", said)
    )
    return sited and short and not _has("predicate", said) and not find_numbers(said)


_SIDE_LAST = regex(
    r"(?:^|[.,;。!?]\s*)(?:and |now |then )?(?:the )?(left|right|左边|右边|左侧|右侧)(?: one| side| ear| eye)?$"
)


def _sided(
    row: Passage, pieces: Iterable[_Piece | tuple[int, int]], side: tuple[int, int] | None
) -> Iterator[_Piece | None]:
    """Pieces with the side that stood before them by itself; None where something else stands between."""
    for piece in pieces:
        start, end = piece if isinstance(piece, tuple) else (piece.start, piece.end)
        said = row.folded[start:end].strip(" .。,!?")
        opened = re.sub(r"^(?:and|now|then|so|okay|the other|来|再看|那)\s*", "", said)
        if _has("side-only", opened):
            side = (start, end)
        elif isinstance(piece, tuple):
            yield None
        else:
            own = sides(row.folded, piece.start, piece.end)
            side = None if own else side
            yield replace(piece, side=side, weak=piece.weak and side is None)


def _joined(row: Passage, pieces: Iterable[_Piece | None]) -> Iterator[_Piece]:
    """Pieces with what belongs to them: headings to the next, dependents and the rest of a "no" list to the last."""
    last: _Piece | None = None
    for piece in pieces:
        if piece is not None and last is not None and (not last.whole or _belongs(row, last, piece)):
            status = piece.status if not last.whole else last.status
            last = replace(last, end=piece.end, status=status, whole=last.whole or piece.whole, weak=False)
            continue
        if last is not None:
            yield last
        last = None if piece is None or piece.weak else piece
    if last is not None:
        yield last


def _belongs(row: Passage, last: _Piece, piece: _Piece) -> bool:
    said = row.folded[piece.start : piece.end].strip(" .。,!?")
    if piece.weak or _has("no-pain", piece.denied + said) or (_has("dependent", said) and not piece.denied):
        return True
    shown = last.status == piece.status == "present" and not last.denied
    if shown and _has("bare-sign", said):
        own = is_han(said) and _has("holds-own", row.folded[last.start : last.end])
        if not own:
            return True  # "MCP joints two and three, boggy, tender"
    first = row.folded[last.start : last.end].strip()
    listing = bool(last.denied) or exam_words("lists").match(first) is not None
    bare = not _has("predicate", said) and not piece.denied and not _has("denies", said)
    return listing and bare and not (is_han(said) and lexicon().longest(said, "body-site"))


def _finding(
    reading: Reading, row: Passage, sentence: Sentence, piece: _Piece, mentions: Sequence[Mention]
) -> Fact | None:
    start, end = piece.start, piece.end
    said = row.folded[start:end].strip(" .。,!?")
    here = [m for m in mentions if start <= m.start < end]
    if not piece.whole and not (_has("signs", said) and (find_numbers(said) or _FINDING_ALONE.search(said))):
        return None
    text = written(_denied(row, piece), reading.encounter.language)
    start = start if piece.since is None else piece.since
    if piece.side:
        text = _with_side(row, piece.side, text)
        start = piece.side[0]
    if piece.head and not lexicon().longest(fold(text), "body-site"):
        text = f"{piece.head[:1].upper()}{piece.head[1:]}: {text[:1].lower()}{text[1:]}"
    if len(text) < 2 or len(text) > _LONGEST or not _is_written(text):
        return None
    concept, status = _concept(reading, row, here, piece, text)
    side = side_of(row, values(reading, row, sentence), sentence, piece.start, end)
    same = is_han(text) == (reading.encounter.language == "zh")
    attributes = {"laterality": side, "text": text if same or concept.id is None else None}
    return stated(row, (start, end), "exam-finding", concept, status, attributes)


def _is_written(text: str) -> bool:
    """Whether ``text`` may stand in a record: it addresses nobody, asks nothing and is more than a heading."""
    said = fold(text)
    if _has("talk", said) or _has("asks-or-bids", said) or _has("hangs", said):
        return False
    return not (bool(lexicon().longest(said, "drug", "drug-class")) and bool(find_numbers(said)))


def _denied(row: Passage, piece: _Piece) -> str:
    """The words of a piece with its denial ("I can't feel the spleen" is a spleen that is not palpable)."""
    words = row.source.text[piece.start : piece.end].strip(" ，,。.!！；;？?")
    if piece.denied and not is_han(words) and re.match(r"(?:the|your|his|her) ", words, re.IGNORECASE):
        site = words.split(" ", 1)[1]
        sites = lexicon().longest(fold(site), "body-site")
        if sites and (sites[0].start, sites[0].end) == (0, len(site)):
            return f"{site} not palpable"
    return piece.denied + words


#: A single word that is a finding without anything said of it.
_FINDING_ALONE = regex(
    r"crepit|effusion|bulging|perforat|inflamed|fullness|impulse|reducible|rash|swelling|wheez|crackle|murmur|edema|oedema|bruis|erythema|tender|discharge|杂音|啰音|痛|肿|疹|癣|抓痕|脱屑|充血|怒张"
)


def _with_side(row: Passage, span: tuple[int, int], text: str) -> str:
    found = sides(row.folded, *span)
    name = row.source.text[found[0][0] : found[0][1]] if found else ""
    if is_han(text):
        return f"{name}侧{text}" if name else text
    return f"{name[:1].upper()}{name[1:]}: {text[:1].lower()}{text[1:]}" if name else text


def _concept(
    reading: Reading, row: Passage, here: Sequence[Mention], piece: _Piece, text: str
) -> tuple[Concept, Status]:
    """The terminology's name where the piece names one sign of one place; the sign denied, not "no sign" affirmed."""
    signs = {m.term.id: m.term for m in here if m.term.kind == "exam-finding"}
    if len(signs) != 1 or len({m.term.id for m in here}) > 1:
        return Concept(text=text), piece.status
    term = next(iter(signs.values()))
    language = reading.encounter.language
    places = {m.term.id for m in lexicon().longest(row.folded[piece.start : piece.end], "body-site")}
    own = {m.term.id for name in (term.zh, term.en) for m in lexicon().longest(name, "body-site")}
    if not places <= own:
        return Concept(text=text), piece.status
    other = lexicon().terms.get("exam-finding:" + term.attrs.get("negates", ""))
    if other is not None:
        return concept_of(other, language), "absent"
    if term.attrs.get("normal") == "1":
        return (Concept(text=text), "absent") if piece.status == "absent" else (concept_of(term, language), "present")
    return concept_of(term, language), piece.status


@cache
def _register() -> tuple[tuple[re.Pattern[str], str], ...]:
    text = files("syngraph.terminology").joinpath("data/examination_register.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line.strip() and not line.startswith("#"))
    return tuple((regex(cells[0]), cells[1] if len(cells) > 1 else "") for cells in rows)


def written(said: str, language: str) -> str:
    """A spoken finding in a record's words: tidied, and by the register's list where it is in the record's language.

    >>> written("肚子软", "zh"), written("JVP's not raised", "en")
    ('腹软', 'JVP is not raised')
    """
    said = simplified(said)
    first = re.match(r"(?:right|well)\s+(?=\w)", said, re.IGNORECASE)  # "Right ear", "well perfused": no interjection
    text = first.group() + tidy(said[first.end() :]) if first else tidy(said)
    if first:
        text = text[: first.end()] + text[first.end() : first.end() + 1].lower() + text[first.end() + 1 :]
    if is_han(text) == (language == "zh"):
        for pattern, replacement in _register():
            text = pattern.sub(replacement, text)
    text = text.strip(" ，,、。.")
    return text[:1].upper() + text[1:]


# -- what the patient feels ---------------------------------------------------------------------------------


def _felt(reading: Reading) -> Iterator[Fact]:
    """Tenderness that the patient answers for ("does it hurt when I press on your belly?" "ow, yes")."""
    for index, row in enumerate(reading.rows):
        if row.role != "doctor" or index + 1 >= len(reading.rows):
            continue
        sentence = statements(row)[-1]
        said = row.folded[sentence.start : sentence.end]
        if not sentence.asks or not _has("hurts", said) or not _has("presses", row.folded[row.start : row.end]):
            continue
        if not _has("touching", row.folded[row.start : row.end]):
            continue
        fact = _tender(reading, row, sentence, reading.rows[index + 1], reading.rows[index + 2 : index + 3])
        if fact is not None:
            yield fact


def _tender(reading: Reading, row: Passage, asked: Sentence, reply: Passage, after: Sequence[Passage]) -> Fact | None:
    if reply.role not in ("patient", "companion") or any(_tells(r) for r in after):
        return None
    answer = reply.folded[reply.start : reply.sentences[0].end].strip()
    status = polarity(answer)
    if status != "absent" and exam_words("winces").match(answer):
        status = "present"
    before = [s for s in statements(row) if s.end <= asked.start][-1:]
    start = (
        before[0].start
        if before and not lexicon().longest(row.folded[asked.start : asked.end], "body-site")
        else asked.start
    )
    sites = lexicon().longest(row.folded[start : asked.end], "body-site")
    if status not in ("present", "absent") or len({m.term.id for m in sites}) != 1:
        return None
    text = _says(reading, row, (start, asked.end), (sites[0].start + start, sites[0].end + start), status)
    fact = stated(row, (start, asked.end), "exam-finding", Concept(text=text), status, {"text": text})
    evidence = (reply.evidence(reply.start, reply.sentences[0].end), *fact.evidence)
    return replace(fact, evidence=evidence, witnesses=("doctor", "patient"))


def _tells(row: Passage) -> bool:
    """Whether the doctor then says it: 左肾区叩击痛阳性."""
    return row.role == "doctor" and _has("told", row.folded[row.start : row.end])


def _says(reading: Reading, row: Passage, span: tuple[int, int], site: tuple[int, int], status: Status) -> str:
    said, zh = row.folded[span[0] : span[1]], reading.encounter.language == "zh"
    term = lexicon().longest(row.folded[site[0] : site[1]], "body-site")[0].term
    side = {"left": ("左", "left "), "right": ("右", "right "), "bilateral": ("双侧", "both ")}
    found = sides(fold(said), 0, len(said))
    where = (side[found[0][2]][0 if zh else 1] if len({s[2] for s in found}) == 1 else "") + term.name(
        "zh" if zh else "en"
    )
    if zh:
        pain = "叩击痛" if _has("percusses", said) else "压痛"
        return where + ("无" if status == "absent" else "") + pain
    return ("No tenderness" if status == "absent" else "Tenderness") + f" over the {where}"

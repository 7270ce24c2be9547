"""Assertion: is the thing that a phrase names there, absent, doubtful, past or only supposed, and whose is it?

One short algorithm for both languages over the cue words of ``data/cues.tsv``; the categories are those of ConText
(Harkema et al., J Biomed Inform 2009;42:839), with lists carried over commas as Chinese records write them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from syngraph.facts.cues import cues
from syngraph.facts.passage import A_NOT_A, Clause, Sentence
from syngraph.model import Status
from syngraph.terminology.patterns import regex

#: So many characters or words that name nothing may stand between a negation and a thing, or between two things
#: of one list. A bare 不 or 没 and a negated verb reach less far than 无, 否认 or "no".
_HAN_REACH, _SHORT_REACH = 7, 4
_LATIN_RUN, _LATIN_SHORT_RUN = 3, 1
_JOINERS = regex(
    r"[、,/和及与或跟\s]|以及|或者|还有|等等?|and|or|nor|any|病史|史|的|过|什么|这些|情况|症状|现象|也|都|没有|不"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion:
    """How something is said.

    Attributes:
        status: present, absent, uncertain or historical.
        hypothetical: only supposed ("if you get a fever"), so not said to be at all.
        subject: ``patient`` or a relation.
        resolved: said to be over.
        cue: the words that decided, folded; empty where nothing did.
    """

    status: Status = "present"
    hypothetical: bool = False
    subject: str = "patient"
    resolved: bool = False
    cue: str = ""


def blank_masks(text: str) -> str:
    """``text`` with look-alikes of negation ("不能排除", "not only", "疼不疼") replaced by ``·``; same length."""
    text = cues("negation-mask").sub(lambda m: "·" * len(m.group()), text)
    return A_NOT_A.sub(lambda m: "·" * len(m.group()), text)


def negated(folded: str, sentence: Sentence, start: int, end: int, named: list[tuple[int, int]]) -> str:
    """The words that negate ``folded[start:end]`` in its sentence; empty if nothing does.

    Args:
        folded: the whole text, folded.
        sentence: the sentence that holds the thing.
        start: offset of the thing.
        end: its end.
        named: ranges of everything named in the sentence; a negation inside one of them is part of a name.
    """
    clause = sentence.clause_at(start)
    masked = _mask_named(folded, sentence, named)
    return _before(masked, sentence, clause, start) or _after(masked, sentence, clause, end)


def _mask_named(folded: str, sentence: Sentence, named: list[tuple[int, int]]) -> str:
    """The sentence with names and look-alikes blanked, padded so that offsets stay those of the text."""
    chars = list(folded[sentence.start : sentence.end])
    for a, b in named:
        for i in range(max(a, sentence.start), min(b, sentence.end)):
            chars[i - sentence.start] = "□"
    return blank_masks("".join(chars)).rjust(sentence.end, " ") if sentence.start else blank_masks("".join(chars))


def _before(masked: str, sentence: Sentence, clause: Clause, start: int) -> str:
    """A negation before the thing whose reach holds it, in its clause or in an unbroken list of clauses."""
    left = clause.start
    if _only_names(masked[clause.start : clause.end]):
        left = _list_start(masked, sentence, clause)
    window = masked[left:start]
    # A cue may look at the first character of what it negates ("木憋醒过").
    found = [c for c in cues("negation-pre").finditer(masked[left : start + 1]) if c.end() <= start - left]
    if not found:
        return ""
    between = window[found[-1].end() :]
    if cues("negation-stop").search(between) or not _reaches(found[-1].group(), between):
        return ""
    return found[-1].group()


def _list_start(masked: str, sentence: Sentence, clause: Clause) -> int:
    """Where a list that runs over clauses begins ("没有恶心，呕吐，头晕"); the clause's own start if none does."""
    for other in reversed([c for c in sentence.clauses if c.end <= clause.start]):
        words = masked[other.start : other.end]
        cue = cues("negation-pre").search(words)
        if cue:
            return other.start if _only_names(words[cue.end() :]) else clause.start
        if not _only_names(words):
            break
    return clause.start


def _reaches(cue: str, between: str) -> bool:
    """Whether ``cue`` still holds after the words ``between``: names don't count, few other words may stand there."""
    if re.search(r"[一-鿿]", cue):
        reach = _SHORT_REACH if cue in {"不", "没", "勿"} else _HAN_REACH
        return all(len(run) <= reach for run in _JOINERS.sub("", between).split("□"))
    run, limit = 0, _LATIN_RUN if cue in {"no", "without", "denies", "denied", "denying"} else _LATIN_SHORT_RUN
    for word in re.findall(r"[a-z'0-9-]+|□", between):
        run = 0 if word == "□" else run + (cues("negation-light").fullmatch(word) is None)
        if run > limit:
            return False
    return True


def _only_names(words: str) -> bool:
    """Whether a clause lists names and nothing else ("糖尿病、冠心病等病史")."""
    return "□" in words and not _JOINERS.sub("", words).replace("□", "").strip(" .。,;!")


def _after(masked: str, sentence: Sentence, clause: Clause, end: int) -> str:
    """A negation right behind the thing ("咳嗽没有", "墨菲征阴性", "fever: none")."""
    window = masked[end : clause.end]
    m = cues("negation-post").search(window + ("." if clause.end == sentence.end else ","))
    if m is None:
        return ""
    between = window[: m.start()]
    if cues("negation-stop").search(between):
        return ""
    loose = _JOINERS.sub("", between).replace("□", "")
    return m.group() if len(loose) <= (3 if re.search(r"[一-鿿]", m.group()) else 16) else ""


def assess(folded: str, sentence: Sentence, start: int, end: int, named: list[tuple[int, int]]) -> Assertion:
    """How the thing at [start, end) of a folded text is said; the subject is left to :mod:`syngraph.facts.subject`.

    >>> from syngraph.facts.passage import split_clauses
    >>> text = "否认糖尿病病史"
    >>> row = Sentence(start=0, end=7, clauses=split_clauses(text, 0, 7), asks=False)
    >>> assess(text, row, 2, 5, [(2, 5)]).status
    'absent'
    """
    clause = sentence.clause_at(start)
    before, after = folded[clause.start : start], folded[end : clause.end]
    if (behind := _POSTPOSED.match(folded, end, sentence.end)) is not None:
        return Assertion(status="absent" if behind["no"] else "present", cue=behind.group().strip())
    if _supposed(folded, sentence, start):
        return Assertion(hypothetical=True, cue="hypothetical")
    no = negated(folded, sentence, start, end, named)
    doubt = _last_before(cues("uncertain"), before)
    if doubt and not cues("negation-stop").search(before[doubt[1] :]):
        return Assertion(status="uncertain", cue=doubt[0])
    late = cues("uncertain-post").search(after[:8])
    if late and not no:
        return Assertion(status="uncertain", cue=late.group())
    if no:
        return Assertion(status="absent", cue=no)
    over = cues("resolved").search(after[:20])
    past = (
        cues("historical").search(before)
        or cues("historical").search(after[:12])
        or _LONG_AGO.search(_clause_before(folded, sentence, clause))
    )
    if past:
        return Assertion(status="historical", resolved=over is not None, cue=past.group())
    return Assertion(resolved=over is not None)


#: "Chest pain no, palpitations yes", "恶心有，呕吐没有": a yes or no right behind the thing and nothing behind that.
_POSTPOSED = regex(
    r"(?: (?:(?P<no>no|nope|not really|not at all|not so much)|yes|yeah|yep|definitely)(?=\s*(?:[.,;!]|$|but(?![a-z]))))"
)


#: What puts the clause behind it into the past as well ("When I was sixteen, I cut my arms").
_LONG_AGO = regex(
    r"(?<![a-z])(?:when|while) (?:i|he|she|we) (?:was|were)(?! (?:here|there|in (?:the|a) (?:car|shop|kitchen|bed)))|as a (?:child|kid|teenager)|"
    r"years ago$|小时候|年轻(?:的)?时候?|上(?:小|中|大)?学(?:的)?时候?|[一二两三四五六七八九十几0-9]+年前$"
)


def _clause_before(folded: str, sentence: Sentence, clause: Clause) -> str:
    """The words of the clause before, without those behind a "but" or "现在"."""
    earlier = [c for c in sentence.clauses if c.end <= clause.start][-1:]
    if not earlier or re.match(r"\s*(?:but|now|and now)(?![a-z])|但|现在|最近|后来", folded[clause.start : clause.end]):
        return ""
    return folded[earlier[0].start : earlier[0].end].strip(" ,")


def _supposed(folded: str, sentence: Sentence, start: int) -> bool:
    """Whether a supposing word stands before the thing in its sentence and no main clause took over since."""
    words = folded[sentence.start : start]
    last = _last_before(cues("hypothetical"), words)
    if last is None:
        return "的话" in folded[start : sentence.clause_at(start).end]
    rest = words[last[1] :]
    return not re.search(r"[,，]\s*(?:但|不过|现在|我(?:现在)?|but|i |i'm |i've |he |she |my )", rest)


def _last_before(pattern: re.Pattern[str], words: str) -> tuple[str, int] | None:
    last = None
    for m in pattern.finditer(words):
        last = (m.group(), m.end())
    return last

"""What an answer says beyond yes and no: by the order of a list, by a time alone, by confirming what was summed up."""

from __future__ import annotations

import re
from collections.abc import Sequence

from syngraph.facts.assertion import assess
from syngraph.facts.cues import cues
from syngraph.facts.passage import Passage, Sentence
from syngraph.model import Status
from syngraph.terminology.lexicon import Match
from syngraph.terminology.patterns import regex
from syngraph.terminology.times import find_durations

_DEGREES = regex(
    r"(?<![0-9.])(3[7-9]\.\d|38|39|4[01](?:\.\d)?)(?![0-9%])|三十[八九](?:度|点)?|(?<![a-z])10[1-5](?:\.\d)?(?![0-9])"
)


def measured_fever(answer: str) -> bool:
    """Whether an answer to "any fever?" gives the temperature of one ("she was 38.5 last night")."""
    found = _DEGREES.search(answer)
    if (
        found is None
        or cues("negation-pre").search(answer, 0, found.start())
        or re.search(r"不到|没到|under|below", answer)
    ):
        return False
    return found.group(1) is None or not found.group(1).startswith("37") or float(found.group(1)) >= 37.5


def how_bad(folded: str, sentence: Sentence, m: Match) -> bool:
    """Whether a question asks how bad the thing is, which takes it for granted ("咳嗽厉害吗？")."""
    behind = folded[m.end : min(sentence.end, m.end + 12)]
    return (
        re.match(
            r"[得的]?(?:还)?(?:厉害|严重|重不重|多不多|频繁|剧烈)|,? (?:very |that |really )?(?:bad|severe)", behind
        )
        is not None
    )


def offered(folded: str, sentence: Sentence, m: Match) -> bool:
    """Whether a question of what sort only offers the thing for an answer ("怎么个痛法，胀痛、烧起来那样？")."""
    cue = cues("presupposing").search(folded, sentence.start, sentence.end)
    between = folded[cue.end() : m.start] if cue is not None else ""
    return re.search(r"[,，、:：]|还是|(?<![a-z])or ", between) is not None


#: "the first two, yes", "前两个没有", "no to the first", "就最后一个有".
_ORDINAL = regex(
    r"(?P<yes_to>yes to |yeah to |just |only |就|只有?)?(?P<no_to>no to |not )?(?:the |第|前面?|头|后面?|最后)?"
    r"(?P<which>(?<=the )(?:first|last|second|latter|former)|(?<=[前头])[一两二三四]|(?<=面)[一两二三四]|(?<=第)[一二三四]|(?<=后)[一两二三]?|(?<=最后)一)"
    r"(?P<many> two| three| one|个|样|种|项|(?=\s*(?:[,.;!]|$)))"
    r"[,，]?\s*(?:(?P<no>都?没有?|都?不|都?无|no(?![a-z]| to))|(?P<yes>都?有|都?会|(?:yes|yeah|definitely)(?! to)))?"
)
_COUNTS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "first": 1, "second": 2, "two": 2, "three": 3, "one": 1, "": 1}


def by_order(row: Passage, listed: Sequence[Match], m: Match) -> Status | None:
    """What an answer says of a thing by its place in the question's list ("前两个没有", "no to the first")."""
    names = [n.start for n in listed]
    if len(names) < 2 or m.start not in names:
        return None
    for found in _ORDINAL.finditer(row.folded, row.start, min(row.end, row.start + 60)):
        no, yes = found["no_to"], found["yes_to"]
        if not (no or yes):
            no, yes = found["no"], found["yes"]
        if not (no or yes):
            continue
        if names.index(m.start) in _places(found.group(), found["which"], found["many"].strip(), len(names)):
            return "absent" if no else "present"
    return None


def _places(words: str, which: str, many: str, count: int) -> range:
    """The places, from nought, that an ordinal means among ``count``."""
    number = _COUNTS.get(many if many in ("two", "three") else which, 1)
    if re.search(r"last|latter|后", words):
        return range(count - number, count)
    single = re.search(r"第|second", words) is not None
    return range(number - 1, number) if single else range(number)


#: What an answer that gives only a time, a rate or a degree may begin with.
_FILLED = regex(
    r"^(?:嗯|呃|啊|有|大概|差不多|快|得|也就|就|都|已经|about|around|maybe|just|only|for|since|over|[,，、. ])*"
)
_MEASURED = regex(
    r"(?:从|自)?(?:昨|前天|今天|今早|上周|上个?月|上星期|这几天|最近)|每天|天天|经常|老|一直|断断续续|一阵一阵|most days|every (?:day|night|morning)|"
    r"all the time|on and off|now and then|since |yesterday|last (?:night|week|month)|this morning|"
    r"(?:上个?|这个?)?(?:周|星期|礼拜)[一二三四五六日天]|(?:on |last )?(?:mon|tues|wednes|thurs|fri|satur|sun)day(?![a-z])"
)


def only_measures(answer: str) -> bool:
    """Whether an answer begins with since when or how often, as one answers who has what was asked for."""
    filled = _FILLED.match(answer)
    words = answer[filled.end() :] if filled else answer
    if re.search(r"[没不无冇未?？]|(?<![a-z])(?:no|not|never)(?![a-z])|n't(?![a-z])", words[:24]):
        return False
    return any(d.start == 0 for d in find_durations(words[:16])) or _MEASURED.match(words) is not None


_SUMS_UP = regex(r"^(?:okay |ok |right |all right |, )*(?:so|and so)(?![a-z])|^(?:那)?(?:所以|也就是说?|那就是|就是说)")
_ONLY = regex(r"(?:就是|只是|只有|只)$|(?<![a-z])(?:just|only)(?: the| a| your| this| some)?\s*$")


def summed_up(folded: str, sentence: Sentence, listed: Sequence[Match], m: Match) -> Status | None:
    """The status that a doctor's summary gives, which the answer confirms ("So no fever, just the cough?" "Right")."""
    words = folded[sentence.start : sentence.end].strip()
    if not _SUMS_UP.search(words):
        return None
    if _ONLY.search(folded[sentence.start : m.start]):
        return "present"
    ranges = [(n.start, n.end) for n in listed]
    assertion = assess(folded, sentence, m.start, m.end, ranges)
    return None if assertion.hypothetical else assertion.status

"""Denials that take up a word of the question or stand inside a name: "痛没有", "喘倒没喘", "那不算烧", "气不短"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from syngraph.facts.passage import Sentence
from syngraph.terminology.lexicon import Match, lexicon
from syngraph.terminology.patterns import regex

#: A name with its negation inside ("气不短", "心也不慌", "尿冇多").
_CUT_BY_NOT = regex(
    r"([一-鿿]?[一-鿿])(?<![也都倒就又是])(?:也|都|倒|就|又|是)*(?:不|没有?|冇|唔|勿|弗)(?:怎么|咋|太|觉得|得)?([一-鿿])"
)


def cut_names(folded: str, sentence: Sentence, names: Sequence[Match]) -> Iterator[Match]:
    """Symptoms whose name a negation cuts in two, which denies them."""
    for cut in _CUT_BY_NOT.finditer(folded, sentence.start, sentence.end):
        if cut.group(1)[-1] == cut.group(2) or any(n.start < cut.end() and cut.start() < n.end for n in names):
            continue
        for head in (cut.group(1), cut.group(1)[-1]):
            term = lexicon().lookup(head + cut.group(2), "symptom")
            if term is not None:
                yield Match(cut.end(1) - len(head), cut.end(), term)
                break


def topic_denied(folded: str, m: Match) -> bool:
    """Whether a word is only taken up to be denied ("喘倒没喘", "痛是不痛")."""
    word = folded[m.start : m.end]
    again, behind = re.escape(word[-1]), folded[m.end : m.end + 8]
    then = re.match(rf"(?:倒|是|都|也)+(?:不|没有?|冇|唔|莫|木)(?:得|怎么)?{again}", behind)
    if then is None:
        then = re.match(rf"(?:没有?|冇)(?:得|怎么)?{again}(?=[,，。;；]|$)", behind)  # "恶心有点，吐没吐，拉也没拉"
    return then is not None and re.match(r"[一-鿿]", word) is not None and "不" not in word


#: "喘倒没喘", "肚子没拉", "眼睛还行，不模糊": the question's own word with a negation before it.
_NOT = "(?:不|没有?|未|冇|唔|莫|木|勿|弗)(?:得|怎么|太|咋|啥|啷个)?"
_TAKEN_UP = regex(rf"(?<![要也会能敢想差算还了])(?<!什么)(?:([一-鿿])(?:倒|是|都|也)?(?:是)?)?{_NOT}([一-鿿]{{1,2}})")


_FELT_WORD = "[烧疼痛咳痒肿麻晕吐拉喘胀酸闷憋泻呕血]"
_SAID_NOT = regex(
    rf"(?:^|(?<=[,，。;；、!?？ ])|(?<=[是倒就]))(?=({_FELT_WORD}))."
    r"(?:是|倒|都|也|就)*(?:没有|没得|冇得|冇|木有|木得|呒没|么得|莫得|没)(?:过|的|啦|咧|啊|呀|呢|哦)?(?=$|[,，。;；!、 ])"
)
_NOT_COUNTED = regex(rf"(?:不|唔|勿|没|也不)(?:算|叫|至于|好算)(?:是|得|上)?(?:发|有)?({_FELT_WORD})")


def taken_up(answer: str, name: str) -> bool:
    """Whether an answer denies the thing asked for by its own word, wherever it says so ("眼睛还行，不模糊")."""
    plain = _PLAINLY_NOT.search(answer[:24])
    if plain is not None and plain.group(1) == name[-1:] and "不" not in name:
        return True  # "肩膀没事，一点不疼"
    denied = (*_SAID_NOT.finditer(answer[:40]), *_NOT_COUNTED.finditer(answer[:40]))
    if "不" not in name and any(m.group(1) in name for m in denied):
        return True  # "痛没有，爬到四楼会喘", "那不算烧"
    for m in _TAKEN_UP.finditer(answer[:80]):
        topic, word = m.group(1), m.group(2)
        if re.search("[不没无]", name):
            return False  # "不舒服", "没力气": the negation is the complaint itself
        if len(word) == 2 and word in name:
            return True
        if m.start() < 24 and word[0] in name and topic is not None and (topic in name) and word[0] in _FELT:
            return True
    return False


#: One character that names a complaint by itself.
_FELT = frozenset("烧疼痛咳痒肿麻晕吐拉喘胀酸闷憋泻呕")
_PLAINLY_NOT = regex(r"(?:一点儿?|倒|都|也|完全)(?:也|都)?不([烧疼痛咳痒肿麻晕吐喘胀闷])")

"""Spoken words as they may stand in a record: without hesitation, stammer and address, and with nothing added."""

from __future__ import annotations

import re

from syngraph.terminology.patterns import regex

_OPENING = regex(
    r"^(?:(?:um+|uh+|(?-i:er)|erm|hmm+|and|so|but|okay|ok|alright|all right|right|well|yeah|now|then|also|you know|i mean)(?![A-Za-z'])[,.]?\s*)+",
    re.IGNORECASE,
)
_HESITATION = regex(
    r"(?:\s*,)?\s*(?<![A-Za-z])(?:um+|uh+|(?-i:er)|erm|hmm+|mm+|you know|i mean)(?![A-Za-z])\s*,?", re.IGNORECASE
)
_STAMMER = regex(r"(?<![A-Za-z'])([A-Za-z']+)(?:[,\s]+\1)+(?![A-Za-z'])", re.IGNORECASE)
_HAN_OPENING = regex(
    r"^(?:嗯+|啊|呃+|哦|噢|那么?|那个|这个|好的?|行|然后|所以|就是说?|对|是这样|你看|另外|还有)(?:[，,、 ]+|(?=[那就]))"
)
_HAN_FILLER = regex(r"(?:嗯+|呃+|额|啊|哈|呢|嘛|吧|哦|噢|呀|哎)(?=[，,。、]|$)|(?:呃+|嗯+)")


def tidy(words: str) -> str:
    """``words`` without fillers and stammer; never with a word that was not there.

    >>> tidy("Um, so you, you should uh rest for two days.")
    'You should rest for two days.'
    """
    words = " ".join(words.split())
    if re.search(r"[一-鿿]", words):
        for _ in range(3):
            words = _HAN_OPENING.sub("", words)
        words = _HAN_FILLER.sub("", words)
        return re.sub(r"([，、])\1+", r"\1", words).strip("，,、 ")
    words = _HESITATION.sub(" ", words)
    words = _STAMMER.sub(r"\1", words)
    words = _OPENING.sub("", words).strip(" ,")
    words = re.sub(r"\s+([,.;])", r"\1", re.sub(r"\s{2,}", " ", words))
    return words[:1].upper() + words[1:]

"""Golden sentences: each mark says what the fact in it must be."""

from __future__ import annotations

import re

import pytest

from syngraph.model import Fact
from tests.facts.talk import facts

MARK = re.compile(r"<(present|absent|uncertain|historical|none)>(.*?)</>")

SENTENCES = [
    # negation, Chinese, spoken and written
    "<present>咳嗽</>三天了，没有<absent>发烧</>",
    "没有<absent>恶心</>、<absent>呕吐</>，也没有<absent>腹泻</>",
    "没有<absent>恶心</>，<absent>呕吐</>，<absent>头晕</>",
    "不<absent>咳嗽</>，就是<present>嗓子疼</>",
    "<absent>咳嗽</>没有，<present>头疼</>",
    "<absent>发烧</>倒是没有",
    "无明显诱因出现<present>上腹痛</>，伴<present>恶心</>、<present>呕吐</>，无<absent>发热</>、<absent>咳嗽</>",
    "无<absent>胸痛</>，但有<present>咳嗽</>",
    "不停地<present>咳嗽</>",
    "<present>咳嗽</>一直没好",
    "吃了药<present>头疼</>没缓解",
    "从来没有<absent>胸痛</>过",
    "没怎么<absent>咳嗽</>",
    "胳膊不<absent>疼</>",
    # doubt, supposing, the past
    "好像有点<uncertain>发烧</>",
    "如果<none>发烧</>就来医院",
    "要是再<none>呕吐</>的话就来",
    "我怕是<uncertain>胸痛</>",
    "去年有过<historical>胸痛</>",
    # negation, English
    "I've had a <present>cough</> for three days but no <absent>fever</>.",
    "No <absent>fever</>, <absent>chills</> or <absent>night sweats</>.",
    "Denies <absent>nausea</>, <absent>vomiting</> and <absent>diarrhea</>.",
    "I can't stop <present>coughing</>.",
    "The <present>headache</> hasn't gone away.",
    "I'm not only <present>nauseous</>, I'm <present>dizzy</> too.",
    "My arm doesn't <absent>hurt</>.",
    "I don't have any <absent>chest pain</>.",
    "I haven't noticed any <absent>rash</>.",
    "I don't feel <absent>dizzy</>, just <present>tired</>.",
    "If you get a <none>fever</>, come back.",
    "I was worried it was <none>chest pain</>.",
    "I used to get <historical>headaches</> a lot.",
    "I might have a <uncertain>fever</>.",
]


@pytest.mark.parametrize("marked", SENTENCES)
def test_marked_sentence(marked: str) -> None:
    text = MARK.sub(r"\2", marked)
    got = facts(text)
    at = 0
    for m in MARK.finditer(marked):
        start = text.index(m[2], at)
        at = start + len(m[2])
        here = {f.status for f in got if f.kind in ("symptom", "condition") and _covers(f, text, m[2])}
        if m[1] == "none":
            assert not here, f"{m[2]} is only supposed"
        else:
            assert m[1] in here, f"{m[2]}: {here}"


def _covers(fact: Fact, text: str, word: str) -> bool:
    """Whether the fact is about ``word``: the same thing as the word alone would be."""
    alone = {f.concept.id for f in facts(word)} | {f.concept.id for f in facts("胳膊" + word)} | {
        f.concept.id for f in facts("my arm " + word)
    }  # fmt: skip
    return fact.concept.id in alone

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from syngraph.draft.phrases import phrases

#: Word lists that a language may leave shorter: what is missing is written as it is.
OPEN = (
    "relations.", "adverb", "social.", "systems.", "reproductive.", "course.", "hpi.well", "hpi.onset_plain",
    "plan.absent_verbs",
)  # fmt: skip
REGEX_LISTS = ("when.written", "wording", "speech")


def leaves(node, path=""):
    if isinstance(node, Mapping):
        for key, value in node.items():
            assert isinstance(key, str), f"{path}{key} is not text: quote it in the file"
            yield from leaves(value, f"{path}{key}.")
    else:
        yield path.rstrip("."), node


def places(text):
    return set(re.findall(r"\{(\w+)\}", text)) if isinstance(text, str) else set()


def test_both_languages_have_the_same_phrases_with_the_same_places():
    zh, en = (dict(leaves(phrases(x).data)) for x in ("zh", "en"))
    open_keys = {k for k in {**zh, **en} if k.startswith(OPEN)}
    assert set(zh) - open_keys == set(en) - open_keys
    for key in set(zh) & set(en):
        assert type(zh[key]) is type(en[key]), key
        assert places(en[key]) <= places(zh[key]) | {"time", "month", "place", "reason", "side", "date"}, key


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_rule_is_a_regular_expression_and_the_last_of_a_list_always_fits(language):
    p = phrases(language)
    for name, rows in p.get("rules").items():
        for pattern, _ in rows:
            re.compile(pattern)
        assert rows[-1][0] == ".", name
    for key in REGEX_LISTS:
        for pattern, _ in p.get(key):
            re.compile(pattern)
    for key in ("side.said", "side.limb", "side.prefix_site", "when.said", "when.day_month_cue", "plan.done"):
        re.compile(p.get(key))


def test_lists_in_both_languages():
    assert phrases("zh").listed(["发热", "咳嗽", "咳痰"]) == "发热、咳嗽、咳痰"
    assert phrases("en").listed(["fever", "cough", "fever"]) == "fever and cough"
    assert phrases("en").listed(["a", "b", "c"], last="or") == "a, b or c"
    assert phrases("en").listed([]) == ""


def test_a_missing_phrase_is_an_error_and_a_missing_word_is_not():
    with pytest.raises(KeyError):
        phrases("zh").say("hpi.nothing", x="")
    assert phrases("zh").word("relations", "nobody") == ""
    assert phrases("zh").get("hpi.onset.deeper", "x") == "x"

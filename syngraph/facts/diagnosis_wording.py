"""The wording of diagnoses: whether words hold a name alone, and a name as the record writes it."""

from __future__ import annotations

import re

from syngraph.facts.spoken import is_han, words_for
from syngraph.facts.wording import tidy


def alike(a: str, b: str) -> bool:
    """Whether two names share their noun, so that they differ by what stands around it."""
    if is_han(a + b):
        return any(a[i : i + 2] in b for i in range(len(a) - 1))
    return a.split(",")[0].split()[-1:] == b.split(",")[0].split()[-1:]


def alone(before: str, after: str, spare: int | None = None) -> bool:
    """Whether a clause holds the name and nothing else of weight."""
    rest = words_for("list-filler").sub("", f"{before} {after}")
    return len(re.sub(r"[\s,.;:!。，、()]+", "", rest)) <= (
        spare if spare is not None else 2 if is_han(before + after) else 3
    )


def worded(text: str) -> str:
    """A name as the record writes it, the words said to somebody ("of your asthma") left out."""
    side = re.match(r"(?i)right (?=[a-z])", text)  # tidying takes this side for "right, ..."
    rest = tidy(text[side.end() :] if side else text)
    text = f"{side.group()}{rest[:1].lower()}{rest[1:]}" if side else rest
    text = re.sub(r"(?i)\b(of|in|on) (?:your|his|her) ", r"\1 the ", text)
    text = re.sub(
        r"(?i)\b(of) the (?=(?:asthma|arthritis|copd|gout|eczema|kidney stones?|migraines?|heart failure)\b)",
        r"\1 ",
        text,
    )
    return text.strip(" ，,、。.")


def names_alone(words: str) -> bool:
    """Whether a part of a list of diagnoses is nothing but a name: its last word is what such names end with."""
    bare = re.sub(r"^(?:and|so|plus|also|with|probably|some|early|有|伴有?|合并|还有)\s*", "", words.strip(" ,，.。;"))
    ends = words_for("condition-head").search(bare) if is_han(bare) or len(bare.split()) > 1 else None
    return ends is not None and words_for("tells").search(bare) is None


def named_in(words: str) -> str:
    """A disease's name out of its clause, without the words of doubt and of having it."""
    text = tidy(words)
    if is_han(text):
        return re.sub(r"可能性?[大小]?|也许|应该|估计|合并|考虑|还有|是|也|有|的话|就|一个", "", text).strip(
            " ，,、。."
        )
    text = re.sub(
        r"(?i)^(?:that |this |it |you |is |are |'s |'ve |have |has |got |might |may |could |probably |most |likely |be |a |an |the |just |some |with |like )+",
        "", text,
    )  # fmt: skip
    text = re.sub(r"(?i)^(?:a|an|the) ", "", text)
    return re.sub(r"(?i)(?:\s+(?:to|of|with|from|in|by|on|a|an|the|your))+$", "", text).strip(" ,.")

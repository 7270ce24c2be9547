"""The guard: what in a sentence its quotes don't bear out, with reasons, whoever wrote the sentence.

It reads both sides with the terminology (152/94 and 一百五十二、九十四 are the same numbers, a brand is its generic,
"denies" is 没有) and compares them stretch by stretch. A sentence holds when nothing in it is without support; it
need not say everything that the quotes say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, cast

from syngraph.checks.guard_polarity import negation_misses
from syngraph.checks.guard_quantities import Miss, quantity_misses, quoted
from syngraph.checks.guard_words import any_coded, coded, flat, named_in, sentences, words
from syngraph.terminology.lexicon import Match, Term, lexicon
from syngraph.terminology.numerals import plain
from syngraph.terminology.patterns import regex

ReasonKind = Literal[
    "number", "unit", "drug", "dose", "date", "duration", "side", "negation", "certainty", "subject", "entity"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One thing that isn't borne out: its kind, and the words of the sentence that say it."""

    kind: ReasonKind
    text: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the guard finds; a sentence ``holds`` where it finds nothing."""

    reasons: tuple[Reason, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether the quotes bear out everything that the guard can see in the sentence."""
        return not self.reasons


def verdict(sentence: str, quotes: Sequence[str], *, language: str, anchor: date | None = None) -> Verdict:
    """What in ``sentence`` the ``quotes`` don't bear out.

    Args:
        sentence: a statement of a record.
        quotes: verbatim evidence, in the order it was said or written (a question before its answer).
        language: ``zh`` or ``en``, the record's; the quotes may be in either.
        anchor: the day of the visit, from which relative dates count; without it they can't be checked and pass.

    Example:
        >>> verdict("血压 152/94 mmHg。", ["一百五十二、九十四"], language="zh").holds
        True
        >>> {r.kind for r in verdict("No fever.", ["I had a fever"], language="en").reasons}
        {'negation'}
    """
    printed, sentence = sentence, _unquoted(sentence, quotes)
    disputed = sentence.startswith(_TO_CONFIRM)
    texts = tuple(_as_talk(q) for q in quotes if q.strip())
    said = quoted(tuple(dict.fromkeys(texts)), anchor)
    misses = [
        *quantity_misses(sentence, said, anchor),
        *_drug_misses(sentence, texts),
        *_side_misses(sentence, texts, disputed),
        *(() if disputed and _both_ways(texts) else negation_misses(sentence, texts)),
        *_subject_misses(sentence, texts, language),
        *_certainty_misses(sentence, texts),
        *_entity_misses(sentence, texts),
    ]
    reasons = [
        Reason(kind=cast("ReasonKind", m.kind), text=printed[m.start : m.end].strip() or printed.strip())
        for m in misses
    ]
    return Verdict(tuple(dict.fromkeys(reasons)))


#: A form's short answer behind its question, and the same as speech has it.
_FORM_ANSWER = regex(
    r"(?P<question>[^\n]{1,80}?)\s*[:：?？]\s*(?P<answer>否|无|無|没有|沒有|冇|不|没|从不|從不|否认|是|有|no|none|nil|never|n/?a|yes|true|false)\s*[。.]?\s*",
    re.IGNORECASE,
)
_SPOKEN = {"否": "没有", "无": "没有", "無": "没有", "沒有": "没有", "冇": "没有", "不": "没有", "没": "没有", "从不": "没有", "從不": "没有",
           "否认": "没有", "是": "有", "true": "yes", "false": "no", "none": "no", "nil": "no", "never": "no", "n/a": "no", "na": "no"}  # fmt: skip


_IN_QUOTES = regex(r"“([^“”]+)”")
_MARKS = " \n\t，,。.；;：:！!？?"


def _unquoted(sentence: str, quotes: Sequence[str]) -> str:
    """``sentence`` with what it quotes whole and verbatim (问“…”，答“…”) blanked out: that bears itself out."""
    whole = {_bare(part) for q in quotes for _, part in (*sentences(q), (0, q))}
    return _IN_QUOTES.sub(lambda m: "“" + " " * len(m[1]) + "”" if _bare(m[1]) in whole else m[0], sentence)


def _bare(quote: str) -> str:
    """``quote`` without the space and the marks in which two printings of the same words may differ."""
    return re.sub(r"\s+", "", quote.strip(_MARKS))


_TO_CONFIRM = ("〔待确认〕", "[To confirm]")


def _both_ways(quotes: Sequence[str]) -> bool:
    """Whether the quotes hold both a yes and a no, so that a sentence may set the two against each other."""
    denials = [words("negation").search(q) is not None for q in quotes]
    return any(denials) and not all(denials)


def _as_talk(quote: str) -> str:
    """A form's line as question and answer ("吸烟：否" -> "吸烟？没有。"); any other quote as it is."""
    m = _FORM_ANSWER.fullmatch(quote)
    if m is None:
        return quote
    answer = m["answer"].lower()
    han = any("一" <= c <= "鿿" for c in answer)
    return f"{m['question']}{'？' if han else '? '}{_SPOKEN.get(answer, answer)}{'。' if han else '.'}"


# --- drugs -----------------------------------------------------------------------------------------------------


def _ids(term: Term) -> set[str]:
    """The term, its class or parents and its ingredients, by bare id."""
    ids = {term.id.partition(":")[2]}
    for key in ("class", "parent", "ingredients"):
        ids |= {x.strip() for x in re.split(r"[,+|/ ]", term.attrs.get(key, "")) if x.strip()}
    return ids


_LABEL = regex(r"\s?[:：]")


def _drug_misses(sentence: str, quotes: tuple[str, ...]) -> Iterator[Miss]:
    drugs = [m for m in named_in(sentence) if m.term.kind in ("drug", "drug-class")]
    if not drugs:
        return
    named = [m.term for q in quotes for m in lexicon().matches(q, "drug", "drug-class")]
    exact = {t.id for t in named}
    wider = {i for t in named for i in _ids(t)}
    folded = [plain(q) for q in quotes]
    for m in drugs:
        if m.term.id in exact or any(plain(sentence[m.start : m.end]) in q for q in folded):
            continue
        if m.term.kind == "drug-class" and m.start == 0 and _LABEL.match(sentence, m.end):
            continue  # "Contraception: condoms." has a heading, not a drug
        if _same_range_holds(sentence, m, exact):
            continue
        bare = m.term.id.partition(":")[2]
        if bare == "vaccine" and any(words("vaccine").search(q) for q in folded):
            continue
        if m.term.kind == "drug-class" and (bare in wider or _class_above(bare, wider)):
            continue
        yield Miss("drug", m.start, m.end)


def _same_range_holds(sentence: str, match: Match, exact: set[str]) -> bool:
    """Whether another term with the very same name is in the quotes."""
    return any(
        (o.start, o.end) == (match.start, match.end) and o.term.id in exact
        for o in lexicon().matches(sentence, "drug", "drug-class")
    )


def _class_above(bare: str, named: set[str]) -> bool:
    """Whether the class is a parent of a class or of a drug's class among ``named``."""
    terms = lexicon().terms
    seen: set[str] = set()
    rest = set(named)
    while rest:
        name = rest.pop()
        seen.add(name)
        term = terms.get(f"drug-class:{name}")
        rest |= (_ids(term) - seen) if term else set()
    return bare in seen


# --- sides -----------------------------------------------------------------------------------------------------

_SITE_ZH = regex(r"(?:侧|边|面|上|下|前|后|外|内|半)*([\u4e00-\u9fff])")
_SITE_EN = regex(r"(?:[- ]?sided)?[ -](?:upper |lower |inner |outer |front |back )?([a-z]{3,})")


def _sites(text: str, side: str) -> set[str]:
    """What stands behind a side: 左(膝), left (knee)."""
    found = set()
    for m in words(side).finditer(text):
        site = (_SITE_ZH if not m[0].isascii() else _SITE_EN).match(text, m.end())
        if site:
            found.add(site[1])
    return found


_TWO_SIDED = regex(r"双|两侧|\bboth\b|\bbilateral")


def _side_misses(sentence: str, quotes: tuple[str, ...], disputed: bool) -> Iterator[Miss]:
    """A side that no quote gives, or gives of something else; a ``disputed`` sentence sets one against the other."""
    text, said = plain(sentence), plain("\n".join(quotes))
    if not any(words(side).search(text) for side in ("left", "right")) and not _TWO_SIDED.search(text):
        return
    disputed = disputed and all(words(side).search(text) for side in ("left", "right"))
    has = {side: bool(words(side).search(said)) for side in ("left", "right", "both")}
    for side, other in (("left", "right"), ("right", "left")):
        for m in words(side).finditer(text):
            missing = not has[side] and not (has["both"] and "左右" in said)
            if missing or (has[other] and not disputed and _is_swapped(text, said, m, side, other)):
                yield Miss("side", m.start(), m.end())
    one_sided = has["left"] != has["right"] and not has["both"]
    if one_sided and not re.search(r"都|全|另一|两|both|other", said):
        yield from (Miss("side", m.start(), m.end()) for m in _TWO_SIDED.finditer(text) if _same_site(text, said, m))


def _is_swapped(text: str, said: str, match: re.Match[str], side: str, other: str) -> bool:
    site = (_SITE_ZH if not match[0].isascii() else _SITE_EN).match(text, match.end())
    return bool(site) and site[1] in _sites(said, other) and site[1] not in _sites(said, side)  # type: ignore[index]


def _same_site(text: str, said: str, match: re.Match[str]) -> bool:
    """Whether the quotes say a single side of the very thing that the sentence says both of."""
    site = (_SITE_ZH if not match[0].isascii() else _SITE_EN).match(text, match.end())
    if not site:
        return True
    return site[1].rstrip("s") in {s.rstrip("s") for s in _sites(said, "left") | _sites(said, "right")}


# --- whose, how sure, what -------------------------------------------------------------------------------------


def _subject_misses(sentence: str, quotes: tuple[str, ...], language: str) -> Iterator[Miss]:
    """A relative whom no quote names. English "ma", "sis" and the like count only in quotes."""
    text, said = plain(sentence), plain("\n".join(quotes))
    if not any_coded("relation").search(text):
        return
    wider = dict(coded("said_relation"))
    for code, pattern in coded("relation"):
        m = pattern.search(text)
        if m is None or (language != "zh" and len(m[0]) <= 2):
            continue
        if not pattern.search(said) and not (code in wider and wider[code].search(said)):
            yield Miss("subject", m.start(), m.end())


_DIAGNOSES = ("condition", "diagnosis")


def _certainty_misses(sentence: str, quotes: tuple[str, ...]) -> Iterator[Miss]:
    """A diagnosis that every quote only considers and the sentence asserts."""
    text = plain(sentence)
    if words("uncertain").search(text):
        return
    for m in named_in(sentence):
        if m.term.kind not in _DIAGNOSES:
            continue
        places = [(q, o) for q in quotes for o in named_in(q) if o.term.id == m.term.id]
        if places and all(_is_unsure(plain(q), o) for q, o in places):
            yield Miss("certainty", m.start, m.end)


def _is_unsure(quote: str, match: Match) -> bool:
    before, after = quote[: match.start], quote[match.end :]
    return bool(words("unsure_before").search(before) or words("unsure_after").search(after))


def _entity_misses(sentence: str, quotes: tuple[str, ...]) -> Iterator[Miss]:
    """A condition of which the quotes hold no trace under any of its names."""
    named = [m for m in named_in(sentence) if m.term.kind in ("condition", "vaccine")]
    said = plain("\n".join(quotes)) if named else ""
    for m in named:
        if not any(_trace(plain(name), said) for name in (sentence[m.start : m.end], *m.term.names())):
            yield Miss("entity", m.start, m.end)


#: What may stand inside a word in Chinese: 出过血, 发着烧.
_ASPECT = regex(r"(?<=[\u4e00-\u9fff])(?:过(?!敏)|[了着])(?=[\u4e00-\u9fff])")


def _trace(name: str, said: str) -> bool:
    """Whether ``said`` shares a word (English) or two neighbouring characters (Chinese) with ``name``."""
    if name in said:
        return True
    said = _ASPECT.sub("", said)
    if name.isascii():
        return any(len(w) > 3 and w[:5] in said for w in re.findall(r"[a-z]+", name))
    return any(name[i : i + 2] in said for i in range(len(name) - 1))


__all__ = ["Reason", "ReasonKind", "Verdict", "flat", "verdict"]

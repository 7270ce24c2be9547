"""Negations that the quotes don't bear out, added or lost.

Three looks, from sure to cautious: a thing that the lexicon finds on both sides must be affirmed or denied on both;
a sentence that denies needs something in the quotes that denies or says that all is well; a sentence that affirms
must not rest on nothing but a denial.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from syngraph.checks.guard_quantities import Miss
from syngraph.checks.guard_words import flat, named_in, negations, sentences, words
from syngraph.terminology.lexicon import Match
from syngraph.terminology.numerals import plain
from syngraph.terminology.patterns import regex

#: Kinds of terms that are a claim and so can be denied; a place or a way of feeling can't.
CLAIMS = frozenset(
    {"symptom", "condition", "diagnosis", "drug", "drug-class", "allergen", "procedure", "finding", "vaccine"}
)
_LIST_ZH = regex(r"[^,，。;；]{0,40}")
_LIST_EN = regex(
    r"(?:(?!\b(?:but|however|except|though|although|has|had|reports|with|still|yet|otherwise|just|only|apart|other than"
    r"|besides|well|a little|a bit|maybe|because|since|until|when|if|which|who)\b|\b(?:i|he|she|it|they|you|we)\b)[^.;]){0,90}"
)
_AFTER = regex(r"\s*(?:史|病史|症状)?\s*[:(\s]?\s*(?:倒|也|都|就|是|从来|一直|was|is|are|were)?\s*$")
_AFTER_CUE = regex(r"否|无|没|阴|\(|neg|none|absent|no\b|den|nil|never|ruled")
_BREAK = regex(r"\b(?:but|however|except|although|though)\b|但|不过(?!敏)|可是|只是|就是|除了")


@lru_cache(maxsize=2048)
def _terms(text: str) -> tuple[Match, ...]:
    return tuple(m for m in named_in(text) if m.term.kind in CLAIMS)


def _denies(text: str, match: Match, cues: list[tuple[int, int]], blank: str) -> bool | None:
    """Whether the sentence ``text`` denies ``match``; None where that can't be said for sure."""
    before = [c for c in cues if c[0] < match.start]
    after = [c for c in cues if c[0] >= match.end]
    if not before and not after:
        return False
    if before and not (after and _is_after(blank, match, after[0])):
        start, end = before[-1]
        gap = blank[end : match.start]
        if blank[start:end] == "no" and blank[end : end + 1] in (",", "."):
            return None  # "no, …" answers; it denies nothing that follows
        if _out_of_reach(blank[start:end], gap):
            return None
        listed = (_LIST_EN if blank[start:end].isascii() else _LIST_ZH).fullmatch(gap)
        doubled = len(before) > 1 and not re.search(r"[,，、]|\bor\b|\band\b|\bnor\b", blank[before[-2][1] : start])
        return True if listed and not doubled and not _BREAK.search(gap) else None
    if after and _is_after(blank, match, after[0]):
        return True
    return None if before else _may_be_denied_later(blank[match.end : after[0][0]])


def _may_be_denied_later(gap: str) -> bool | None:
    """None where a negation behind the thing may still mean it (咳嗽现在已经没有了), False where it can't."""
    near = not re.search(r"[,，]|\b(?:and|but|or|so)\b", gap) and len(gap) <= 25
    return None if near else False


def _out_of_reach(cue: str, gap: str) -> bool:
    """Whether a weak negation is too far away: 不 reaches its verb, "no" its noun; 否认 and "denies" reach a list."""
    if cue in ("不", "没", "别", "非"):
        return len(gap) > 4 or bool(re.search("还|但|就|有", gap))
    return cue == "no" and "," in gap and not re.search(r"\b(?:or|nor)\b", gap)


def _is_after(text: str, match: Match, cue: tuple[int, int]) -> bool:
    gap = text[match.end : cue[0]]
    return len(gap) <= 8 and bool(_AFTER.match(gap)) and "," not in gap and bool(_AFTER_CUE.match(text, cue[0]))


#: Somebody tells something; a heading does not.
_TELLS = regex(r"\b(?:i|i'm|my|he|she|it|it's|we|they|yes|yeah)\b|[我他她了]|.{40}")
#: Questions that take the thing for granted: how long, since when.
_OPEN = regex(
    r"\b(?:how (?:long|often|much|many|bad)|when|where|which|why)\b|多久|多长时间|什么时候|几[天次年个]|怎么|哪"
)


@lru_cache(maxsize=2048)
def _parts(text: str) -> tuple[tuple[int, str, bool], ...]:
    """(start, sentence, whether it is a question): by its form, or because a bare yes or no comes after it."""
    return tuple(_read_parts(text))


def _read_parts(text: str) -> Iterator[tuple[int, str, bool]]:
    parts = [(at, part) for at, part in sentences(text) if part.strip()]
    for i, (at, part) in enumerate(parts):
        reply = plain(parts[i + 1][1]).strip(" \n。.,，!！\"'") if i + 1 < len(parts) else ""
        apart = bool(reply) and "\n" in text[at : parts[i + 1][0]]
        bare = apart and len(reply) <= 8 and _is_denial(reply) and not _TELLS.search(plain(part))
        yield at, part, bare or bool(words("question").search(plain(part).strip()))


def _stands(text: str) -> Iterator[tuple[str, bool | None, int, int, bool]]:
    """(term id, denied or not or unsure, start, end, in a question) of each thing that ``text`` names."""
    for start, part, asked in _parts(text):
        terms = [m for m in _terms(part) if m.end <= len(part)]
        blank = flat(part)
        cues = [c for c in negations(part) if not any(m.start <= c[0] and c[1] <= m.end for m in terms)]
        open_ = asked or bool(words("hypothesis").search(blank))
        for m in terms:
            denied = None if open_ else _denies(part, m, cues, blank)
            yield (
                m.term.id,
                denied,
                start + m.start,
                start + m.end,
                asked and not _OPEN.search(plain(part)) and _in_question(part, m),
            )


def _in_question(part: str, match: Match) -> bool:
    """Whether the question is about ``match``: it stands in the clause that asks or in the last one."""
    start = max(part.rfind("，", 0, match.start), part.rfind(",", 0, match.start)) + 1
    ends = [i for i in (part.find("，", match.end), part.find(",", match.end)) if i >= 0]
    return not ends or bool(words("question").search(plain(part[start : min(ends)]).strip()))


def _answer(text: str, end: int) -> bool | None:
    """What the words right behind a question say: True a denial, False a yes, None neither."""
    stop = re.search(r"[?？\n。]|[吗么嘛呢]", text[end:])
    rest = plain(text[end + stop.end() :]) if stop else ""
    return _reply(rest)


def _reply(text: str) -> bool | None:
    text = text.lstrip(" ?？\n。,，:：\"'[]()-")
    text = re.sub(r"^(?:患者|病人|家属|医生|patient|pt|p|answer|答)\s*[:：]\s*", "", text)
    text = _HESITATION.sub("", text)
    if words("denial").match(text):
        return True
    return False if words("affirm").match(text) else None


def _before_question(text: str, at: int) -> bool | None:
    """What the quote before the one at ``at`` answers, if it is an answer."""
    lines = text[:at].split("\n")
    return _reply(plain(lines[-2])) if len(lines) > 1 and not words("question").search(plain(lines[-2])) else None


@lru_cache(maxsize=1024)
def _quoted(quotes: tuple[str, ...]) -> dict[str, frozenset[bool | None]]:
    """What the quotes say of each thing they name: denied (True), affirmed (False), unsure (None).

    A question's answer is looked for right behind it and right before it, as quotes may stand in either order.
    """
    text = "\n".join(quotes)
    said: dict[str, set[bool | None]] = {}
    for term, denied, _, end, asked in _stands(text):
        found = said.setdefault(term, set())
        if not asked:
            found.add(denied)
            continue
        found |= {a for a in (_answer(text, end), _before_question(text, end)) if a is not None} or {None}
    return {k: frozenset(v) for k, v in said.items()}


def _has_support(quotes: tuple[str, ...]) -> bool:
    """Whether something in the quotes denies, or says that all is well, so that a denial may rest on it."""
    if any(negations(q) or words("pseudo").search(plain(q)) for q in quotes):
        return True
    return any(words("normal").search(plain(q)) for q in quotes)


def _only_denials(quotes: tuple[str, ...]) -> bool:
    """Whether all that the quotes assert is a bare denial: 没有没有, "no", 否认…, "denies …"."""
    parts = [p for q in quotes for _, p in sentences(q) if p.strip(" \n.。")]
    claims = [p for p in parts if not words("question").search(plain(p).strip())]
    return bool(claims) and all(_is_denial(p) for p in claims)


_HESITATION = regex(r"^(?:(?:um+|uh+|uhm|hmm+|oh|well|ok(?:ay)?|嗯|呃|啊|哦|那个)[,，. ]+)+")
_MORE_THAN_NO = regex(
    r"\b(?:but|just|only|except|sometimes|occasionally|yes|have|had|got|do|did|i (?:live|work|use|take|drink|smoke|eat|sleep|feel|get|go|stopped|quit)|it|it's|that's|same|i'm|(?:we're|we are|i am|he's|she's|they're)(?! (?:not|never))|better|that was|there's|there is|there was|mild|moderate|severe)\b(?!')"
)


def _is_denial(part: str) -> bool:
    """Whether ``part`` denies and says nothing more: 没有没有, "no, I don't", 否认…, "denies …"."""
    blank = _HESITATION.sub("", flat(part).strip(" ,，。.!！\n\"'"))
    if words("denial").match(blank):
        if len(blank) <= 8:
            parts = re.split(r"[,，、 ]+", blank)
            return not _BREAK.search(blank) and all(len(p) <= 2 or words("denial").match(p) for p in parts)
        return blank.isascii() and len(blank) <= 60 and not _MORE_THAN_NO.search(blank)
    return bool(re.match(r"否认|未见|无(?!\x00)|denies\b|negative for", blank)) and not re.search(r"[,，]", blank)


_NOT = r"(?:不(?:太|大|怎么|是很)?|not |ir|ab|a(?=s)|un)"


def _exam_misses(sentence: str, quotes: tuple[str, ...]) -> Iterator[Miss]:
    """律齐 from 不齐, 律不齐 from 齐的, 阳性 from 阴性."""
    text = flat(sentence)
    said = "\n".join(flat(q) for q in quotes)
    for m in words("exam").finditer(text):
        denied_here = bool(re.search(rf"{_NOT}$", text[max(0, m.start() - 4) : m.start()]))
        total, denied = said.count(m[0]), len(re.findall(rf"{_NOT}{re.escape(m[0])}", said))
        if total and (denied == 0 if denied_here else denied == total):
            yield Miss("negation", m.start(), m.end())
    for here, there in (
        ("阳性|\\bpositive|\\(\\+", "阴性|\\bnegative|\\(-"),
        ("阴性|\\bnegative|\\(-\\)", "阳性|\\bpositive|\\(\\+"),
    ):
        found = re.search(here, text)
        if found and re.search(there, said) and not re.search(here, said):
            yield Miss("negation", found.start(), found.end())


# --- by the characters alone: what no lexicon knows -------------------------------------------------------------

_SKIP = regex(r"[有见及的]|过(?!敏)|闻及|触及|引出|明显|什么|任何|啥|特别|再|怎么|太|很")
_CLAUSE = regex(r"[^,，。;；、\n!！?？]+")


def _clauses(text: str) -> Iterator[tuple[int, str, bool]]:
    """(start, clause, whether something in it or in the list before it is denied); questions left out."""
    for start, part, asked in _parts(text):
        carried = False
        if asked:
            continue
        for m in _CLAUSE.finditer(part):
            cues = negations(m[0])
            listed = m.start() > 0 and part[m.start() - 1] == "、"
            carried = bool(cues) or (listed and carried)
            yield start + m.start(), m[0], carried


def _denied_words(clause: str) -> Iterator[str]:
    """What stands right behind a negation: two characters, or one that is a complaint of itself (as ``[疼痛]``)."""
    text = flat(clause)
    for at in _objects(clause):
        word = re.match(r"([\u4e00-\u9fff])[过了着]?([\u4e00-\u9fff])", text[at:])
        if word:
            yield re.escape(word[1] + word[2])
        root = words("root").match(text, at)
        if root and not re.match(r"[\u4e00-\u9fff]", text[at + 1 : at + 2]):
            yield next(f"[{r}]" for r in _roots() if root[0] in r)


def _objects(clause: str) -> Iterator[int]:
    """Where that which is denied begins, behind each negation."""
    text = flat(clause)
    for _, end in negations(clause):
        at = end
        while skip := _SKIP.match(text, at):
            at = skip.end()
        yield at


def _roots() -> tuple[str, ...]:
    return tuple(re.findall(r"\[(.+?)\]", words("root").pattern))


def _word_misses(sentence: str, quotes: tuple[str, ...]) -> Iterator[Miss]:
    """没杂音 never bears out 杂音; 无杂音 is not borne out by 有杂音."""
    quoted = list(_clauses("\n".join(quotes)))
    said = [(plain(c), d) for _, c, d in quoted]
    denied = [(w, plain(c)) for _, c, d in quoted if d for w in _denied_words(c)]
    for start, clause, negated in _clauses(sentence):
        if negated:
            if _denies_what_is_said(clause, said):
                yield Miss("negation", start, start + len(clause))
            continue
        for word, where in denied:
            found = re.search(word, flat(clause))
            if found and words("soft").match(flat(clause), found.end()):
                continue  # 精神差 says 不精神 in another way
            if found and _same_place(word, flat(clause), where) and all(d for c, d in said if re.search(word, c)):
                yield Miss("negation", start + found.start(), start + found.end())


def _denies_what_is_said(clause: str, said: list[tuple[str, bool]]) -> bool:
    """Whether the whole of what the clause denies is said somewhere, and never denied there."""
    for at in _objects(clause):
        noun = re.match(r"[\u4e00-\u9fff]{2,8}?(?=史?$|等|及|和|或|、|[^\u4e00-\u9fff])", flat(clause)[at:])
        places = [(c, d) for c, d in said if noun and noun[0] in c]
        if places and not any(d or words("normal").search(c) for c, d in places):
            return True
    return False


def _same_place(word: str, clause: str, where: str) -> bool:
    """Whether a lone complaint (疼, 肿) is denied of the place that the sentence speaks of."""
    if not word.startswith("["):
        return True
    return bool(
        set(re.findall(r"[\u4e00-\u9fff]", clause)) & set(where) - set(word) - set("为有的不也出无没伴及双左右")
    )


def negation_misses(sentence: str, quotes: tuple[str, ...]) -> Iterator[Miss]:
    """Where ``sentence`` denies what the quotes affirm, or affirms what they deny."""
    said = _quoted(quotes)
    ceased = bool(words("ceased").search(plain(sentence)))
    judged = False
    for term, denied, start, end, _ in _stands(sentence):
        known = said.get(term)
        if denied is None or not known or None in known or (denied is False and ceased):
            continue
        judged = True
        if denied not in known:
            yield Miss("negation", start, end)
    named = [(m.start, m.end) for m in _terms(sentence)]
    # 注意力不集中 is the name of a complaint; its 不 denies nothing.
    cues = [c for c in negations(sentence) if not any(a <= c[0] and c[1] <= b for a, b in named)]
    if cues and not _has_support(quotes):
        yield Miss("negation", cues[0][0], cues[0][1])
    if not cues and not judged and _is_plain_claim(sentence) and _only_denials(quotes):
        yield Miss("negation", 0, len(sentence))
    yield from _exam_misses(sentence, quotes)
    yield from _word_misses(sentence, quotes)


def _is_plain_claim(sentence: str) -> bool:
    quoted = re.findall(r"“([^“”]*)”", sentence)
    if quoted and not any(q.strip() for q in quoted):
        return False  # it quotes whole answers, blanked out by now, that speak for themselves
    text = plain(sentence)
    return not any(words(k).search(text) for k in ("soft", "normal", "pseudo", "negation"))

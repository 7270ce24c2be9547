"""Composed symptoms: a body site and a sensation that belong together ("右边膝盖老是疼", "my left ankle is swollen").

Nobody can list every place that may hurt. Where site and sensation together have a row of their own (胸 + 痛 is
chest pain), that row is taken; otherwise a term is made whose id names both (``symptom:knee+swelling``), the same in
either language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from syngraph.terminology.lexicon import Match, Term, lexicon
from syngraph.terminology.patterns import regex

_HAN_FILLER = regex(
    r"(?:[的那这个儿里边面头上下处位部子后前啊呀呢嘛哦哟噻嘞,，]|摸到|摸着|摸得到|摸起来|发现|长了?|起了?|有|一个|个|位置|地方|关节|旁边|周围|附近|这块|那块|一块|一片|有点|有些|有一点|感觉|觉得|一直|老是|老|总是|总|经常|时不时|偶尔|"
    r"特别|很|挺|好|非常|越来越|开始|突然|突发|就|也|还|又|会|都|在|是|了|到处|全|一阵阵?|一抽一抽|隐隐|阵阵|阵发性?|持续性?|反复|不|没|没有|无|明显|轻度|轻微|略|稍|剧烈|"
    r"…|最|颗|左|右|下|上|里|外|就是|这边|那边|靠|(?:一)?(?:站|走|蹲|咳嗽?|用力|使劲|提重物|弯腰|躺)(?:起来|着|下去?|路|久|多|重)*(?:了)?(?:的时候|时)?(?:就|会|都)?|"
    r"发|胀|酸|刺|[0-9一二两三四五六七八九十半]+(?:天|年|个?月|周|个?星期|个?礼拜|小时)(?:了|前)?)*"
)
_LATIN_FILLER = regex(
    r"[\s,]*(?:(?:joint|muscle|area|region|side|part|bone|has|have|had|been|is|are|was|were|'s|'re|feels?|felt|gets?|getting|got|"
    r"started|starts|keeps?|just|really|so|very|quite|pretty|a|bit|little|kind|sort|of|still|always|sometimes|often|constantly|"
    r"also|all|super|become|became|becoming|looks?|seems?|to|be|that|which|not|no|isn't|doesn't|don't|any|does|do|it|"
    r"now|then|there|gone|went|goes|come|comes|up|down|mildly|slightly|somewhat|again)[\s,]*)*"
)
_LATIN_LINK = regex(
    r"[\s,]*(?:(?:in|on|at|around|over|of|down|across|behind|under|below|above|along|inside|near|through|to|into|my|the|his|her|your|"
    r"their|both|left|right|upper|lower|back|front|inner|outer|side|part|top|bottom|a|and|one|this|that|just|mainly|mostly|"
    r"middle|whole|of|or|deep|um|uh|er|erm|like|um,|low|down|really|right-sided|left-sided|bilateral)[\s,]*)+"
)


_HAN_BEHIND = regex(r"[啊呀呢嘛哦得很]*[,，](?:就|就是|在|是)?(?:这|那)?(?:左|右|两|双)?(?:边|侧|只|条|个)?的?")


#: "我这儿疼，左边腰": the place behind is the one pointed at.
_HERE = regex(r"(?:呢度|呢边|嗰度|此地|格搭|[这那](?:里|儿|边|块|个地方))(?:好|很|有点|老是?|就|都|又|特别)*$")


@dataclass(frozen=True, slots=True)
class Composed(Match):
    """A composed symptom; ``between`` are the offsets of the words between site and sensation."""

    between: tuple[int, int]


@cache
def composed_term(site: Term, sensation: Term) -> Term:
    """The symptom of ``sensation`` at ``site``: the terminology's own row if it has one, else one made here."""
    book = lexicon()
    for names in (
        (s + n for s in (site.zh, *site.zh_terms) for n in (sensation.zh, *sensation.zh_terms)),
        (f"{s} {n}" for s in (site.en, *site.en_terms) for n in (sensation.en, *sensation.en_terms)),
    ):
        for name in names:
            known = book.lookup(name, "symptom")
            if known is not None and tells_site(known, site):
                return known
    return Term(
        id=f"symptom:{site.id.partition(':')[2]}+{sensation.id.partition(':')[2]}",
        kind="symptom",
        zh=site.zh + sensation.zh,
        en=f"{site.en} {sensation.en}",
        attrs={"site": site.id.partition(":")[2], "system": site.attrs.get("system", "general")},
    )


def tells_site(term: Term, site: Term) -> bool:
    """Whether a symptom's row keeps the site ("chest pain" does, "joint swelling" for a swollen knee doesn't)."""
    return term.attrs.get("site") == site.id.partition(":")[2] or site.zh in term.zh or site.en in term.en


def compose(folded: str, matches: Sequence[Match]) -> Iterator[Composed]:
    """Composed symptoms among ``matches`` (offsets into ``folded``); each spans from site to sensation."""
    sites = _longest(m for m in matches if m.term.kind == "body-site")
    # "左半边脑袋": half of the part named next to it, no half of the body.
    sites = [m for m in sites if m.term.id != "body-site:one-side" or all(o.start != m.end for o in sites)]
    sites = [m for m in sites if not _no_head(folded, m)]
    sensations = _longest(m for m in matches if m.term.kind == "sensation")
    for site in sites:
        nearest = None
        for s in sensations:
            if _joined(folded, site, s) and (nearest is None or _gap(site, s) < _gap(site, nearest)):
                nearest = s
        if nearest is not None and _possible(site.term, nearest.term):
            term = composed_term(site.term, nearest.term)
            between = (min(site.end, nearest.end), max(site.start, nearest.start))
            yield Composed(min(site.start, nearest.start), max(site.end, nearest.end), term, between)
            yield from _listed(folded, site, nearest, sensations, matches)


#: Between the feelings of one place ("眼睛红、胀痛", "my eyes are red, itchy and sore").
_AND_ALSO = regex(
    r"(?:得?(?:厉害|很|慌|跟[一-鿿]{1,6}似的))?(?:[、,，]|和|及|伴|又)(?:又|还|也|有点|有些|而且|老|总|就是|不|没有?|无)*"
    r"|(?:,| and|, and|,? but) (?:(?:a bit|a little|quite|really|very|so|also|they're|it's) )?"
)


def _listed(
    folded: str, site: Match, first: Match, sensations: Sequence[Match], matches: Sequence[Match]
) -> Iterator[Composed]:
    """What else is felt at ``site``, listed behind ``first``: each a bare feeling that no other name takes in."""
    last = first if first.start >= site.end else None
    for s in sensations:
        if last is None or s.start < last.end or not _possible(site.term, s.term):
            continue
        if not _AND_ALSO.fullmatch(folded[last.end : s.start]) or _named_apart(s, matches):
            return
        if s.term.id != first.term.id:
            yield Composed(s.start, s.end, composed_term(site.term, s.term), (s.start, s.start))
        last = s


def _named_apart(s: Match, matches: Sequence[Match]) -> bool:
    """Whether a feeling is part of a longer name, or a name that stands for itself ("fever", "乏力")."""
    for m in matches:
        if m.term.kind not in ("symptom", "condition", "exam-finding") or not (m.start <= s.start and s.end <= m.end):
            continue
        if (m.start, m.end) != (s.start, s.end) or m.term.attrs.get("site") or m.term.id not in _OF_ANY_PLACE:
            return True
    return False


#: Feelings with a row of their own that may be of any place.
_OF_ANY_PLACE = frozenset({
    "symptom:pain", "symptom:pruritus", "symptom:itching", "symptom:swelling", "symptom:soreness", "symptom:stiffness",
    "symptom:numbness", "symptom:paresthesia", "symptom:redness", "symptom:discomfort",
})  # fmt: skip


#: "下头", "里头", "最后头": where something is, no head.
_WHERE = frozenset("下上里外前后高东西南北起开码")


def _no_head(folded: str, m: Match) -> bool:
    """Whether a bare 头 only belongs to a word of place or beginning ("右边下头，疼得受不了")."""
    return folded[m.start : m.end] == "头" and folded[max(0, m.start - 1) : m.start] in _WHERE


_LIMB_SYSTEMS = frozenset({"musculoskeletal", "neurological", "general"})


def _possible(site: Term, sensation: Term) -> bool:
    """A soft belly ("肚子软") isn't a weak one: only limbs and face are weak."""
    return sensation.id != "sensation:weakness" or site.attrs.get("system", "general") in _LIMB_SYSTEMS


def _longest(matches: Iterator[Match]) -> list[Match]:
    kept: list[Match] = []
    for m in sorted(matches, key=lambda m: (m.start - m.end, m.start)):
        if all(m.end <= k.start or m.start >= k.end for k in kept):
            kept.append(m)
    return sorted(kept, key=lambda m: m.start)


def _gap(a: Match, b: Match) -> int:
    return max(b.start - a.end, a.start - b.end)


def _joined(folded: str, site: Match, sensation: Match) -> bool:
    """Whether nothing but filler stands between a site and a sensation, in the order the language allows."""
    if site.end <= sensation.start:
        between = folded[site.end : sensation.start]
        if len(between) > 40:
            return False
        han = re.search(r"[一-鿿]", folded[site.start : site.end]) is not None
        return (_HAN_FILLER if han else _LATIN_FILLER).fullmatch(between) is not None
    if sensation.end <= site.start:
        between = folded[sensation.end : site.start]
        if re.search(r"[一-鿿]", folded[site.start : site.end]):
            # "疼，右边腰": the feeling first, the place behind a comma.
            first = (
                folded[: sensation.start].rstrip()[-1:] in ("", ":", "。", "!", "?", ".")
                or "\n" in folded[max(0, sensation.start - 1) : sensation.start]
                or _HERE.search(folded, max(0, sensation.start - 8), sensation.start) is not None
            )
            return first and _HAN_BEHIND.fullmatch(between) is not None
        return len(between) <= 40 and (between.isspace() or _LATIN_LINK.fullmatch(between) is not None)
    return False


#: Places on one body that may hurt on one side only, though there is one of each.
_SIDED_SITES = frozenset({"head", "face", "chest", "abdomen", "upper-abdomen", "lower-abdomen", "neck", "back", "lower-back",
                          "tongue", "gum", "tooth", "vulva", "scrotum", "trunk", "skin", "nose"})  # fmt: skip
_SIDED_SYSTEMS = frozenset({"eye", "ent", "breast", "injury"})
_PAIRED_NAME = regex(r"flank|loin|renal|hernia|groin|hemi|facial|hearing|vision|ear|eye|adnexa|sprain")


def takes_side(term: Term, side: str) -> bool:
    """Whether a symptom can be on the left, the right or both: a knee's pain can, slurred speech can't."""
    name = term.attrs.get("site")
    site = lexicon().terms.get(f"body-site:{name}") if name else None
    if site is not None and site.attrs.get("paired") == "1":
        return True
    if side == "bilateral":
        return site is None and term.attrs.get("system") in ("eye", "breast")
    if site is not None:
        return name in _SIDED_SITES
    return term.attrs.get("system") in _SIDED_SYSTEMS or _PAIRED_NAME.search(term.id) is not None


def at_site(term: Term, other: Term) -> Term | None:
    """``term``, a sensation said without a place, at the place of the symptom ``other`` that the talk is about.

    None where ``other`` has no place, or is that sensation itself.
    """
    site = lexicon().terms.get(f"body-site:{other.attrs.get('site')}")
    feeling = lexicon().terms.get(f"sensation:{term.attrs.get('sensation') or term.id.partition(':')[2]}")
    if site is None or feeling is None or site.attrs.get("system") == "general" or not _possible(site, feeling):
        return None
    made = composed_term(site, feeling)
    return None if made.id == other.id else made

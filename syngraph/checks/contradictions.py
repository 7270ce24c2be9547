"""Claims that can't all be right: affirmed and denied, one value and another, one relative and another."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations, product

from syngraph.checks.assertion import unclear
from syngraph.checks.case import Case, Claim, independent
from syngraph.checks.compare import compare, span
from syngraph.checks.finer import before_its_kind
from syngraph.checks.guard_words import named_in, words
from syngraph.checks.phrases import phrases
from syngraph.checks.rules import Rule
from syngraph.checks.setting_aside import set_aside
from syngraph.checks.wording import words_of
from syngraph.model import Concept, Finding, Severity, is_date
from syngraph.terminology.concepts import broader, covers, name_of, names_kind_of, tags
from syngraph.terminology.fold import fold
from syngraph.terminology.lexicon import lexicon
from syngraph.terminology.patterns import regex

_Pair = tuple[Claim, Claim]
_STOP = regex(r"[.!?](?:\s|$)|,(?!\d)|[。；;!！?？\n，]")


def eligible(case: Case, rule: Rule, kinds: Sequence[str]) -> list[Claim]:
    """The claims of ``kinds`` that the rule looks at: right subject, listed concepts, recent enough, listed origin."""
    subject = None if rule.params.get("anybody") else "patient"
    claims = [*case.of(*kinds, subject=subject), *(c for c in case.heard if c.fact.kind in kinds)]
    return [_as_worded(case, rule, c) for c in claims if _admitted(case, rule, c)]


def _as_worded(case: Case, rule: Rule, claim: Claim) -> Claim:
    """A claim whose own words put it into the past ("the fags went in 2011") as one of the past."""
    past = rule.kinds("past_words")
    if claim.status != "present" or not past:
        return claim
    parts = _STOP.split(words_of(case, claim, asked=False))
    own = [part for part in parts if claim.key in _named_habits(rule, claim, part)]
    free = [part for part in parts if not _named_habits(rule, claim, part)]
    if not any(regex("|".join(past)).search(part) for part in own or free):
        return claim
    return replace(claim, fact=replace(claim.fact, status="historical"))


def _named_habits(rule: Rule, claim: Claim, part: str) -> set[str]:
    """What a part of a sentence names of the claim's kind, by its name or by everyday words for it."""
    prefix = claim.key.split(":")[0]
    named = {m.term.id for m in named_in(part) if m.term.id.split(":")[0] == prefix}
    return named | {key for key, said in rule.params.get("own_words", {}).items() if regex(said).search(part)}


def _admitted(case: Case, rule: Rule, claim: Claim) -> bool:
    only, without = rule.kinds("only"), rule.kinds("without")
    if (only and claim.key not in only) or claim.key in without or _is_general(claim):
        return False
    mild = rule.params.get("not_reactions")
    if mild and any(fold(w) in fold(claim.get("reaction") or "") for w in mild):
        return False
    if claim.witness in rule.kinds("not_by") or claim.origin in rule.params.get("not_from", {}).get(
        claim.fact.kind, ()
    ):
        return False
    if unclear(case, claim) or set_aside(case, rule, claim):
        return False
    return recent(case, claim, rule.params.get("within_days"))


def _is_general(claim: Claim) -> bool:
    """Names of no one thing: "any allergy", "chronic disease", "an operation"."""
    return claim.key.endswith(":any") or bool(tags(claim.fact.concept, "role"))


def recent(case: Case, claim: Claim, days: float | None) -> bool:
    """Whether a claim was told at most ``days`` before the visit; one without a day only where it is of the visit."""
    if days is None or claim.origin in {"preconsultation", "consultation", None}:
        return True
    if claim.told is None:  # a list of medicines without days is one that is kept
        return claim.origin == "emr" and claim.fact.kind == "medication"
    return (case.visit - claim.told).days <= days


def status(case: Case, rule: Rule) -> Iterator[Finding]:
    """One thing with two statuses that exclude each other, said by independent voices.

    Parameters: ``kinds``; ``denied_kinds`` (where denials count, default all); ``pairs`` of statuses; ``lenient``
    (a voice that says both settles nothing); ``over`` (courses after which a denial is true too); ``progress``
    (what ended since it was told is no contradiction).
    """
    claims = [c for c in eligible(case, rule, rule.kinds()) if c.get("course") not in rule.kinds("over")]
    denied = set(rule.kinds("denied_kinds") or rule.kinds())
    pairs: list[_Pair] = []
    for first, second in rule.params["pairs"]:
        left = [c for c in claims if c.status == first]
        right = [c for c in claims if c.status == second and (second != "absent" or c.fact.kind in denied)]
        pairs += [
            (a, b) for a, b in product(left, right) if _excludes(rule, a, b) and not _reconciled(case, rule, a, b)
        ]
    if rule.params.get("lenient"):
        pairs = _without_ambivalent(pairs, claims)
    for side_a, side_b in _components(pairs):
        yield rule.finding(case, (side_a, side_b), name=name_of(_finest(side_a).fact.concept, case.language))


def _excludes(rule: Rule, a: Claim, b: Claim) -> bool:
    if rule.params.get("same_or_spoken") and not _one_time(a, b):
        return False
    if rule.params.get("lasting_only") and (any(_is_course(rule, c) for c in (a, b)) or _is_remedy(a, b)):
        return False  # a course for this illness may well be over
    one = {a.key, b.key} <= set(rule.kinds("one_thing"))
    alike = one or _same_thing(a, b) or (rule.params.get("either") and covers(a.fact.concept, b.fact.concept))
    return bool(alike) and independent(a, b) and _same_person(a, b) and not _progress(rule, a, b)


def _is_course(rule: Rule, claim: Claim) -> bool:
    """A medicine for a time: taken for this illness, for days or weeks, or of a kind that nobody takes for good."""
    from syngraph.terminology.times import duration_days

    taken = claim.get("duration")
    brief = taken is not None and duration_days(taken) <= rule.number("course_days", 60)
    return brief or "drug-class:antibiotic" in broader(claim.key)


def _is_remedy(a: Claim, b: Claim) -> bool:
    """Whether who stopped it had only tried it for the complaint, and nobody lists it as taken day by day."""
    return bool(b.get("self")) and (bool(a.get("self")) or not a.get("frequency") or _as_needed(a))


def _as_needed(claim: Claim) -> bool:
    return claim.get("frequency") == "prn" or claim.get("as_needed") == "true"


def _reconciled(case: Case, rule: Rule, a: Claim, b: Claim) -> bool:
    """Whether a claim and a denial may both be right, by the denial's own words."""
    if b.status == "absent" and rule.params.get("as_needed") and _hardly_needed(case, rule, a, b):
        return True
    return _two_sided(case, a, b) or _not_now(case, rule, a, b) or _over_now(case, rule, a, b)


def _hardly_needed(case: Case, rule: Rule, a: Claim, b: Claim) -> bool:
    """Whether a medicine for when it is needed is only denied as not (much) needed, not as never had or given up."""
    same = [c for c in case.claims if c.group == a.group and c.status == "present"]
    if not any(_as_needed(c) for c in (a, *same)):
        return False
    said = words_of(case, b)
    return phrases("never").search(said) is None and phrases("stopped").search(said) is None


def _over_now(case: Case, rule: Rule, a: Claim, b: Claim) -> bool:
    """Whether who affirms says in the same words that it is over now, so that a plain "no" may be of today."""
    over = rule.kinds("over_now")
    if b.status != "absent" or not over or re.search("|".join(over), words_of(case, a, asked=False)) is None:
        return False
    return phrases("never").search(words_of(case, b)) is None


def _not_now(case: Case, rule: Rule, a: Claim, b: Claim) -> bool:
    """Whether a denial says only what is so now, so that what is over, or hardly ever happens, goes with it.

    "I don't smoke" is true of one who gave up, and "no" of one who has a glass at weddings; "never" is of neither.
    """
    if b.status != "absent" or not rule.kinds("never_words"):
        return False
    slight = a.key in rule.kinds("slight") and a.get("text") == "occasional"
    never = re.search("|".join(rule.kinds("never_words")), words_of(case, b)) is not None
    return (a.status == "historical" or slight) and not never


def _two_sided(case: Case, a: Claim, b: Claim) -> bool:
    """Whether the denial names both sides ("the left hurts, the right is fine"), so that one of them may be ill."""
    if b.status != "absent" or a.get("laterality") not in {"left", "right"}:
        return False
    said = words_of(case, b, asked=False)
    return bool(words("left").search(said) and words("right").search(said))


def _one_time(a: Claim, b: Claim) -> bool:
    """Two written findings of different days may both be right; what is said aloud is held against any."""
    spoken = {"preconsultation", "consultation"} & {a.origin, b.origin}
    return bool(spoken) or (a.get("date") or a.told) == (b.get("date") or b.told)


def _same_thing(a: Claim, b: Claim) -> bool:
    """A denial of the general denies the specific, not the other way round; sides and sites must not differ."""
    left, right = a.get("laterality"), b.get("laterality")
    if left and right and left != right and "bilateral" not in (left, right):
        return False
    if b.status == "absent":
        same_drug = a.group == b.group and a.key.startswith("drug:") and b.key.startswith("drug:")
        return (covers(b.fact.concept, a.fact.concept) or same_drug or _told_closer(a, b)) and _site_denied(a, b)
    return a.group == b.group or a.key == b.key


def _told_closer(a: Claim, b: Claim) -> bool:
    """Whether an illness bears the denied one's name, whatever the terminology knows of it ("慢性乙型病毒性肝炎": 肝炎)."""
    illness = {a.fact.kind, b.fact.kind} <= {"condition", "diagnosis"}
    return illness and names_kind_of(a.fact.concept.text, b.fact.concept.text)


def _site_denied(a: Claim, b: Claim) -> bool:
    """No pain in the chest does not deny pain in the knee; no pain at all does."""
    denied, felt = fold(b.get("body_site") or ""), fold(a.get("body_site") or "")
    return denied in felt


def _same_person(a: Claim, b: Claim) -> bool:
    generic = {"family", "relative", "relatives"}
    return a.fact.subject == b.fact.subject or bool(generic & {b.fact.subject} and a.fact.subject != "patient")


def _progress(rule: Rule, a: Claim, b: Claim) -> bool:
    """What was so when ``a`` was told and ended afterwards is a course of events, not a contradiction.

    A list that is kept up to date (``live`` witnesses) speaks of today, whenever it was written.
    """
    if b.status != "historical" or "progress" not in rule.params or a.witness in rule.kinds("live"):
        return False
    if a.told is None or b.told is None:
        return False
    ended = b.get("ended") or ""
    if is_date(ended):
        return span(ended)[1] >= a.told
    return (b.told - a.told).days > rule.number("progress", 0) and a.origin in {"report", "emr"}


def _without_ambivalent(pairs: Sequence[_Pair], claims: Iterable[Claim]) -> list[_Pair]:
    said: dict[tuple[str, str, int], set[str]] = defaultdict(set)
    for claim in claims:
        said[claim.source, claim.witness, claim.group].add(claim.status)

    def settled(claim: Claim, other: Claim) -> bool:
        voice = claim.source, claim.witness
        return other.status not in said[*voice, claim.group] | said[*voice, other.group]

    return [(a, b) for a, b in pairs if settled(a, b) and settled(b, a)]


def _components(pairs: Sequence[_Pair]) -> Iterator[tuple[list[Claim], list[Claim]]]:
    """Pairs that share a claim, gathered: the first members on one side, the second on the other."""
    gathered: list[tuple[list[Claim], list[Claim]]] = []
    for a, b in pairs:
        touching = [g for g in gathered if a in g[0] + g[1] or b in g[0] + g[1]]
        side_a, side_b = [a], [b]
        for other in reversed(touching):
            gathered.remove(other)
            side_a, side_b = _plus(other[0], side_a), _plus(other[1], side_b)
        gathered.append((side_a, [c for c in side_b if c not in side_a]))
    yield from gathered


def _plus(rows: list[Claim], more: list[Claim]) -> list[Claim]:
    return rows + [c for c in more if c not in rows]


def _finest(claims: Sequence[Claim]) -> Claim:
    """The claim with the most specific name, the first of several."""
    for claim in claims:
        if not any(o.key != claim.key and covers(claim.fact.concept, o.fact.concept) for o in claims):
            return claim
    return claims[0]


def attribute(case: Case, rule: Rule) -> Iterator[Finding]:
    """One thing with values that differ between sources.

    Two sources disagree where no value of one agrees with any value of the other: who says "ten years, worse
    for three days" agrees with who says "three days". Parameters: ``kinds``; ``statuses``; ``compare`` (the
    comparator); ``by`` (``site`` lines up by body site across kinds, else by group).
    """
    statuses = set(rule.kinds("statuses"))
    claims = [c for c in eligible(case, rule, rule.kinds()) if c.status in statuses]
    for rows in _things(rule, claims):
        conflict = _conflict(case, rule, rows)
        if conflict:
            name = name_of(conflict[0][0].fact.concept, case.language)
            grave = any(c.key in rule.kinds("blocking_for") for side in conflict for c in side)
            yield rule.finding(case, conflict, severity="blocking" if grave else None, name=name)
    yield from before_its_kind(case, rule, claims)


def _things(rule: Rule, claims: Sequence[Claim]) -> Iterable[list[Claim]]:
    things: dict[object, list[Claim]] = defaultdict(list)
    for claim in claims:
        if rule.params.get("by") != "site":
            things[claim.group].append(claim)
        elif site := _site(claim):
            things[rule.params.get("one_site", {}).get(site, site)].append(claim)
    return things.values()


def _site(claim: Claim) -> str | None:
    """The part of the body that a claim is about, by its attribute or its concept's row."""
    said = fold(claim.get("body_site") or "").strip()
    if said:
        for word in ("左侧", "右侧", "双侧", "左", "右", "双", "left ", "right "):
            said = said.removeprefix(word)
        known = lexicon().lookup(said, "body-site")
        return known.id.partition(":")[2] if known else said
    return next(iter(sorted(tags(claim.fact.concept, "site"))), None)


def _conflict(case: Case, rule: Rule, rows: Sequence[Claim]) -> tuple[list[Claim], list[Claim]] | None:
    """The source that most others disagree with, against those others."""
    by_source: dict[str, list[Claim]] = defaultdict(list)
    for claim in rows:
        by_source[claim.source].append(claim)
    against: dict[str, list[str]] = defaultdict(list)
    for s, t in combinations(by_source, 2):
        if _disagree(case, rule, by_source[s], by_source[t]):
            against[s].append(t)
            against[t].append(s)
    if not against:
        return None
    odd = max(against, key=lambda s: len(against[s]))
    others = [c for s in by_source if s in against[odd] for c in by_source[s]]
    return _speaking(case, rule, by_source[odd], others), _speaking(case, rule, others, by_source[odd])


def _disagree(case: Case, rule: Rule, left: Sequence[Claim], right: Sequence[Claim]) -> bool:
    verdicts = [compare(rule.params["compare"], case, rule, a, b) for a, b in product(left, right)]
    return False in verdicts and True not in verdicts


def _speaking(case: Case, rule: Rule, rows: Sequence[Claim], others: Sequence[Claim]) -> list[Claim]:
    """Those of ``rows`` that say something the others contradict."""
    return [c for c in rows if any(compare(rule.params["compare"], case, rule, c, o) is False for o in others)]


def blanket(case: Case, rule: Rule) -> Iterator[Finding]:
    """A denial of everything ("no allergies", "no operations") against one thing that another voice affirms.

    Parameters: ``any`` (concepts that deny when absent), ``none`` (that deny when present: "in good health"); ``kinds``, ``statuses`` of what it denies; ``scopes`` (words
    of the denial that narrow it, with what they narrow it to); ``lasting`` (only what lasts or matters counts);
    ``beside`` (words that deny only what has not been told: "any other illness?"); ``over_words`` (words by which
    a thing is over and done with, whoever says them); ``slight_words`` (names of what nobody calls an illness).
    """
    denials = [
        c for c in case.claims if _may_deny(rule, c) and _worded(case, rule, c) and not _of_the_rest(case, rule, c)
    ]
    claims = [c for c in eligible(case, rule, rule.kinds()) if c.status in rule.kinds("statuses")]
    claims = [c for c in claims if not _slight(case, rule, c)]
    if rule.params.get("lasting_only"):
        claims = [c for c in claims if not _is_course(rule, c)]
    affirmed = [c for c in claims if (not rule.params.get("lasting") or _lasting(case, c))
                and (not rule.params.get("surgical") or _surgical(rule, c))]  # fmt: skip
    pairs = [(a, d) for a in affirmed for d in denials if independent(a, d) and _in_scope(case, rule, d, a)]
    pairs = [(a, d) for a, d in pairs if not _excepted(claims, a, d) and not _only_now_and_then(case, rule, a, d)]
    for side_a in by_thing([a for a, _ in pairs]):
        side_b = list(dict.fromkeys(d for a, d in pairs if a in side_a))
        severity: Severity | None = "info" if all(_is_lesser(rule, c) for c in side_a) else None
        name = name_of(_finest(side_a).fact.concept, case.language)
        yield rule.finding(case, (side_a, side_b), severity=severity, name=name)


def _of_the_rest(case: Case, rule: Rule, denial: Claim) -> bool:
    """Whether a denial leaves out what has been told ("apart from the gallbladder?" "no")."""
    beside = rule.kinds("beside")
    if beside and re.search("|".join(beside), words_of(case, denial)) is not None:
        return True
    return _taken_back(case, denial) or phrases("of_relative").search(words_of(case, denial, asked=False)) is not None


def _taken_back(case: Case, denial: Claim) -> bool:
    """Whether the speaker thinks again in the same breath ("No. Oh, well, my gallbladder, in 2019")."""
    source = case.sources.get(denial.source)
    if source is None or source.kind != "consultation":
        return False
    end = max(e.end for e in denial.evidence)
    turn = next((s for s in source.segments if s.start < end <= s.end), None)
    first = min((e for e in denial.evidence if turn and turn.start <= e.start), default=None, key=lambda e: e.start)
    if turn is None or first is None:
        return False
    return phrases("thinks_again").search(fold(source.text[first.start : turn.end])) is not None


def _slight(case: Case, rule: Rule, claim: Claim) -> bool:
    """What "no illness" does not deny: healed, by anybody's words, or nothing that people call an illness."""
    over, slight = rule.kinds("over_words"), rule.kinds("slight_words")
    same = [c for c in case.claims if c.group == claim.group and c.status != "absent"] if over else []
    if any(re.search("|".join(over), words_of(case, c, asked=False)) for c in same):
        return True
    name = fold(" ".join((claim.fact.concept.text, *(name_of(claim.fact.concept, x) for x in ("zh", "en")))))
    return bool(slight) and re.search("|".join(slight), name) is not None


def _only_now_and_then(case: Case, rule: Rule, claim: Claim, denial: Claim) -> bool:
    """Whether a denial of what is taken regularly leaves out this, which is taken when it is needed."""
    regular = rule.kinds("regular_words")
    if not regular or not _as_needed(claim):
        return False
    return re.search("|".join(regular), words_of(case, denial)) is not None


def _excepted(affirmed: Sequence[Claim], claim: Claim, denial: Claim) -> bool:
    """Whether the voice that denies all names this very thing ("just the stent, no operations otherwise")."""
    same = [c for c in affirmed if (c.source, c.witness) == (denial.source, denial.witness)]
    return any(_kin(c.fact.concept, claim.fact.concept) or c.group == claim.group for c in same)


def _is_lesser(rule: Rule, claim: Claim) -> bool:
    """What many people don't call an operation, so that a denial is rather a matter of words."""
    name = fold(claim.fact.concept.text + name_of(claim.fact.concept, "zh") + name_of(claim.fact.concept, "en"))
    return any(fold(w) in name for w in rule.kinds("lesser"))


def by_thing(claims: Iterable[Claim]) -> list[list[Claim]]:
    """Claims whose concepts are the same, or one the more general, together."""
    things: list[list[Claim]] = []
    for claim in claims:
        concept = claim.fact.concept
        home = next((t for t in things if any(_kin(concept, o.fact.concept) for o in t)), None)
        if home is None:
            things.append([claim])
        elif claim not in home:
            home.append(claim)
    return things


def _kin(a: Concept, b: Concept) -> bool:
    return covers(a, b) or covers(b, a)


def _in_scope(case: Case, rule: Rule, denial: Claim, claim: Claim) -> bool:
    """Whether the denial's words reach the claim: "no drug allergies" says nothing of peanuts."""
    spoken = words_of(case, denial)
    scopes = [s for s in rule.params.get("scopes", ()) if not _any_in(s.get("unless", ()), spoken)]
    for said in (spoken, fold(denial.fact.concept.text)):
        narrowed = [s for s in scopes if _any_in(s["words"], said)]
        if narrowed:
            return any(_reaches(s, claim) for s in narrowed)
    return _denies_all(rule, denial)


def _any_in(words: Iterable[str], said: str) -> bool:
    return any(fold(w) in said for w in words)


def _may_deny(rule: Rule, claim: Claim) -> bool:
    """A denial of everything, or (``by_class``) one of a whole class of illnesses ("no cancer").

    What the doctor says in the room of the patient's health echoes the patient, or is a wish.
    """
    if claim.origin == "consultation" and claim.witness == "doctor":
        return False
    by_class = rule.params.get("by_class") and claim.status == "absent" and claim.key in rule.kinds("classes")
    return bool(by_class) or _denies_all(rule, claim)


def _denies_all(rule: Rule, claim: Claim) -> bool:
    if claim.key in rule.kinds("none"):
        return claim.status == "present"
    return claim.key in rule.kinds("any") and claim.status == "absent"


def _worded(case: Case, rule: Rule, denial: Claim) -> bool:
    words = rule.kinds("any_words")
    said = words_of(case, denial) + fold(denial.fact.concept.text)
    return not words or any(fold(w) in said for w in words)


def _surgical(rule: Rule, claim: Claim) -> bool:
    """An operation, not an examination: endoscopies and biopsies are no operations to the one who denies them."""
    known = claim.fact.concept.id
    if known is not None and not known.startswith("procedure:"):
        return False
    name = fold(claim.fact.concept.text + name_of(claim.fact.concept, "zh"))
    return not tags(claim.fact.concept, "minor") and not any(fold(w) in name for w in rule.kinds("minor"))


def _reaches(scope: dict[str, list[str]], claim: Claim) -> bool:
    if claim.key.split(":")[0] in scope.get("terms", ()):
        return True
    return any(value in tags(claim.fact.concept, key) for key, value in (w.split("=") for w in scope.get("tags", ())))


def _lasting(case: Case, claim: Claim) -> bool:
    """What nobody would call "no history": a chronic condition, one that matters for safety, an old open problem."""
    concept = claim.fact.concept
    if tags(concept, "chronic") or tags(concept, "safety"):
        return True
    unknown = concept.id is None and claim.status == "present" and claim.origin == "emr"
    return unknown and claim.told is not None and (case.visit - claim.told).days > 90


def relatives(case: Case, rule: Rule) -> Iterator[Finding]:
    """A family illness that one source gives to one relative and another source to another.

    Parameters: ``slots``, lists of relatives who are taken for one another (father and mother); relatives of
    different slots may both be ill.
    """
    claims = [c for c in eligible(case, rule, ("family-history",)) if c.status in {"present", "historical"}]
    things: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        things[claim.key].append(claim)
    for rows in things.values():
        for slot in rule.params["slots"]:
            sides = _who([c for c in rows if c.fact.subject in slot])
            if sides:
                yield rule.finding(case, sides, name=name_of(rows[0].fact.concept, case.language))


def _who(rows: Sequence[Claim]) -> tuple[list[Claim], list[Claim]] | None:
    by_source: dict[str, list[Claim]] = defaultdict(list)
    for claim in rows:
        by_source[claim.source].append(claim)
    for s, t in combinations(by_source, 2):
        if not {c.fact.subject for c in by_source[s]} & {c.fact.subject for c in by_source[t]}:
            return by_source[s], by_source[t]
    return None

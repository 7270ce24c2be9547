"""What the clinician says aloud: findings on examination, the diagnosis, and the plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from syngraph.facts.diagnoses import diagnoses
from syngraph.facts.examination import examination
from syngraph.facts.mentions import Reading
from syngraph.facts.plans import plans
from syngraph.facts.spoken import exam_words, words_for
from syngraph.model import Evidence, Fact
from syngraph.terminology.fold import fold
from syngraph.terminology.lexicon import lexicon
from syngraph.terminology.numerals import find_numbers

#: Plans that stand in the clinician's own words.
_IN_WORDS = frozenset({"advice", "referral", "follow-up"})
#: A piece behind a diagnosis goes on with it as far as the next of these.
_SENTENCE_ENDS = ".。!?！？;；"


def clinician(reading: Reading) -> Iterator[Fact]:
    """Examination, diagnoses and plan from the doctor's turns; what is concluded or ordered is no finding."""
    concluded, planned = list(diagnoses(reading)), list(plans(reading))
    text = reading.rows[0].folded if reading.rows else ""
    for finding in examination(reading):
        if not _is_conclusion(text, finding, concluded) and not _is_order(text, finding, planned):
            yield finding
    yield from concluded
    yield from planned


def _is_conclusion(text: str, finding: Fact, concluded: Sequence[Fact]) -> bool:
    """Whether a piece taken for a finding names what the doctor concludes, or goes on after it."""
    here = finding.evidence[0]
    signed = exam_words("signs").search(_words(text, here)) is not None
    for d in concluded:
        told = d.evidence[0]
        if told.start <= here.start < told.end:
            led = text[told.start : here.end]
            cue = words_for("concludes-clearly").search(led) or words_for("opens-conclusion").match(led.lstrip())
            if cue or (not signed and _names(_words(text, here), d)):
                return True
        elif not signed and _goes_on(text, finding, d):
            return True
    return False


def _names(said: str, diagnosis: Fact) -> bool:
    named = {m.term.id for m in lexicon().longest(said, "condition", "symptom")}
    return fold(diagnosis.concept.text) in said or diagnosis.concept.id in named


def _goes_on(text: str, finding: Fact, diagnosis: Fact) -> bool:
    end, start = diagnosis.evidence[0].end, finding.evidence[0].start
    return end <= start and not any(c in _SENTENCE_ENDS for c in text[end:start])


def _is_order(text: str, finding: Fact, planned: Sequence[Fact]) -> bool:
    """Whether a piece taken for a finding is part of an order, of what to come back for, or of a result."""
    here = finding.evidence[0]
    said = _words(text, here)
    if lexicon().longest(said, "lab") and find_numbers(said):
        return True  # a result read out
    signed = exam_words("signs").search(said) is not None
    orders = (words_for(c).search(said) for c in ("orders-plainly", "prescribes-clearly"))
    ordering = any(orders) or (lexicon().longest(said, "drug", "drug-class") and words_for("prescribes").search(said))
    for p in planned:
        inside = p.evidence[0].start < here.end and here.start < p.evidence[0].end
        told = p.get("category") == "return-precaution" or (p.get("category") in _IN_WORDS and not signed)
        if inside and (ordering or told):
            return True
    return bool(lexicon().longest(said, "drug", "drug-class")) and bool(ordering)


def _words(text: str, evidence: Evidence) -> str:
    return text[evidence.start : evidence.end]

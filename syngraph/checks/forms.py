"""What the form alone can get wrong: a day to come for what is past, and medicines "taken every day" that are not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from syngraph.checks.case import Case
from syngraph.checks.compare import reads_both_ways, span
from syngraph.checks.guard_words import named_in, words
from syngraph.checks.phrases import phrases
from syngraph.checks.rules import Rule
from syngraph.checks.wording import cut, spoken_by
from syngraph.model import Evidence, FactId, Finding, Segment, Source, Witness
from syngraph.terminology.dates import find_dates
from syngraph.terminology.day_order import current_order
from syngraph.terminology.fold import fold

_Said = tuple[Evidence, Witness]


def form_dates(case: Case, rule: Rule) -> Iterator[Finding]:
    """An answer that dates something past to a day after the visit, with its year written out.

    Facts are checked by :mod:`syngraph.checks.dates`; this looks at answers of which no fact was made. Parameters:
    ``slack_days``.
    """
    for source, segment in _answers(case):
        label, text = fold(segment.label), fold(source.text[segment.start : segment.end])
        if phrases("future").search(label) or phrases("future").search(text):
            continue
        late = [d for d in find_dates(text, case.visit) if d.iso[:4] in text[d.start : d.end]
                and (span(d.iso)[0] - case.visit).days > rule.number("slack_days", 1)]  # fmt: skip
        if late:
            yield _told(case, rule, [_evidence(source, segment)], name=segment.label.rstrip("：:？? "))


def read_both_ways(case: Case, rule: Rule) -> Iterator[Finding]:
    """Days that the form writes in figures which read both ways, where nothing in the encounter tells which is meant."""
    if current_order() is not None:
        return
    for source, segment in _answers(case):
        text = fold(source.text[segment.start : segment.end])
        for day in find_dates(text, case.visit):
            other = _other_way(day.iso) if len(day.iso) == 10 else None
            if other and other <= case.visit.isoformat() and reads_both_ways(text[day.start : day.end], day.iso):
                yield _told(case, rule, [_evidence(source, segment)], name=segment.label.rstrip("：:？? "), day=day.iso,
                            other=other)  # fmt: skip


def _other_way(iso: str) -> str | None:
    """The day with month and day exchanged; None where that is the same day or none at all."""
    year, month, day = iso.split("-")
    return f"{year}-{day}-{month}" if month != day and int(day) <= 12 else None


def adherence(case: Case, rule: Rule) -> Iterator[Finding]:
    """Medicines that the form says are taken as they should be, and the talk owns up to taking badly."""
    good = [_evidence(source, segment) for source, segment in _answers(case) if _taken_well(source, segment)]
    poor = [said for source in case.sources.values() if source.kind == "consultation" for said in _owned_up(source)]
    if good and poor:
        yield _told(case, rule, [good[0], poor[0]])


def _answers(case: Case) -> Iterator[tuple[Source, Segment]]:
    for source in case.sources.values():
        if source.kind == "preconsultation":
            yield from ((source, s) for s in source.segments if s.role in {"patient", "companion"})


def _taken_well(source: Source, segment: Segment) -> bool:
    """Whether an answer says so: yes to "every day?", no to "any missed?", or in its own words."""
    label, text = fold(segment.label), fold(source.text[segment.start : segment.end]).strip()
    if phrases("owns_up").search(text):
        return False
    no, yes = bool(words("denial").match(text)), bool(phrases("affirmed").match(text))
    if phrases("taken_badly").search(label):
        return no
    return (yes and bool(phrases("taken_well").search(label))) or (not no and bool(phrases("taken_well").search(text)))


def _owned_up(source: Source) -> Iterator[_Said]:
    """The sentences of patient or companion that own up, where they or the question before speak of medicines."""
    before = ""
    for segment in source.segments:
        text = fold(source.text[segment.start : segment.end])
        if segment.role in {"patient", "companion"}:
            if phrases("owns_up").search(text) and _of_medicines(before + " " + text):
                yield _evidence(source, segment)
        else:
            before = text


def _of_medicines(text: str) -> bool:
    return bool(phrases("medicine").search(text)) or any(m.term.kind in {"drug", "drug-class"} for m in named_in(text))


def _evidence(source: Source, segment: Segment) -> _Said:
    witness: Witness = "companion" if segment.role == "companion" else "patient"
    return Evidence(source=source.id, start=segment.start, end=segment.end), witness


def _told(case: Case, rule: Rule, said: Sequence[_Said], **more: str) -> Finding:
    voices = [spoken_by(case, *s) for s in said]
    quoted = [voice + cut(case, e) for voice, (e, _) in zip(voices, said, strict=True)]
    blanks = dict(zip("ab", quoted, strict=False)) | {f"who_{n}": v for n, v in zip("ab", voices, strict=False)}
    return rule.told(case, {**blanks, "visit": case.visit.isoformat(), **more}, _facts(case, said),
                     tuple(e for e, _ in said))  # fmt: skip


def _facts(case: Case, said: Sequence[_Said]) -> tuple[FactId, ...]:
    """The facts that rest on the same words."""
    touched = [c.id for c in case.claims if c.id for e in c.evidence for s, _ in said
               if e.source == s.source and e.start < s.end and s.start < e.end]  # fmt: skip
    return tuple(dict.fromkeys(touched))

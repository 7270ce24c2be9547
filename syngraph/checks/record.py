"""The guard over a whole record: no sentence stays that its quotes don't bear out, and none goes in silence."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from syngraph.model import Encounter, FactId, Finding, Section, Source, Statement

#: Writes the record of some facts alone: used to write a rejected sentence again without its bad part.
Rewrite = Callable[[Collection[FactId]], Sequence[Section]]


def guard_sections(
    sections: Sequence[Section],
    sources: Sequence[Source],
    encounter: Encounter,
    again: Rewrite = lambda _: (),
) -> tuple[tuple[Section, ...], list[Finding]]:
    """Hold each statement against its quotes; what they don't bear out is taken out and reported.

    Args:
        sections: the record as written.
        sources: whose texts hold the quotes.
        encounter: its language, and the day that relative dates count from.
        again: writes a record of some facts alone, so that one bad fact doesn't cost a joint sentence the others.

    Returns:
        The sections that hold, with fresh statement ids, and a finding for each sentence left out.
    """
    kept: list[Section] = []
    rejected: list[Finding] = []
    for section in sections:
        good: list[Statement] = []
        for st in section.statements:
            held, refused = _mended(st, section, sources, encounter, again)
            good += [s for s in held if s.text not in {g.text for g in good}]
            rejected += [_rejection(s, section, encounter, _reasons(s, sources, encounter)) for s in refused]
        if good:
            kept.append(replace(section, statements=tuple(good)))
    return _renumbered(kept), rejected


def _mended(
    st: Statement, section: Section, sources: Sequence[Source], encounter: Encounter, again: Rewrite
) -> tuple[list[Statement], list[Statement]]:
    """What of a statement holds, written together where that holds, else fact by fact; and what doesn't hold."""

    def written(facts: Collection[FactId]) -> list[Statement]:
        return [x for s in again(facts) if s.id == section.id for x in s.statements]

    def holds(rows: Sequence[Statement]) -> bool:
        return not any(_reasons(x, sources, encounter) for x in rows)

    if holds([st]):
        return [st], []
    if len(st.facts) < 2:
        return [], [st]
    alone = list({x.text: x for fact in st.facts for x in written([fact])}.values())
    if not alone:
        return [], [st]
    bad = [x for x in alone if not holds([x])]
    return _together([x for x in alone if x not in bad], written, holds), bad


def _together(
    rows: Sequence[Statement],
    written: Callable[[Collection[FactId]], list[Statement]],
    holds: Callable[[Sequence[Statement]], bool],
) -> list[Statement]:
    """``rows`` in as few sentences as hold: each row joins the first one that can take it up."""
    out: list[Statement] = []
    for row in rows:
        for at, group in enumerate(out):
            joint = written([*group.facts, *row.facts])
            if len(joint) == 1 and holds(joint):
                out[at] = joint[0]
                break
        else:
            out.append(row)
    return out


def _reasons(st: Statement, sources: Sequence[Source], encounter: Encounter) -> list[str]:
    """The kinds of what a statement's quotes don't bear out; [] where it holds."""
    from syngraph.checks.guard import verdict

    if st.support == "clinician":
        return []
    texts = {s.id: s.text for s in sources}
    quotes = [texts[e.source][e.start : e.end] for e in sorted(st.evidence)]
    said = verdict(st.text, quotes, language=encounter.language, anchor=encounter.start.date())
    return [r.kind for r in said.reasons]


def _renumbered(sections: Sequence[Section]) -> tuple[Section, ...]:
    number = 0
    out = []
    for section in sections:
        rows = []
        for st in section.statements:
            number += 1
            rows.append(replace(st, id=f"st{number}"))
        out.append(replace(section, statements=tuple(rows)))
    return tuple(out)


def _rejection(st: Statement, section: Section, encounter: Encounter, reasons: Sequence[str]) -> Finding:
    kinds = ", ".join(dict.fromkeys(reasons))
    message = (
        f"“{section.title}”中一句与所引原文不符（{kinds}），未写入：{st.text}"
        if encounter.language == "zh"
        else f"A sentence of “{section.title}” says more than its quotes ({kinds}) and was left out: {st.text}"
    )
    return Finding(
        kind="quality", severity="warning", topic=section.title, message=message, rule="guard",
        facts=st.facts, evidence=st.evidence,
    )  # fmt: skip

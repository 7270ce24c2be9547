"""The guard over a whole record: what holds stays as it was written, what doesn't is reported."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

import pytest

from syngraph.checks import record
from syngraph.checks.record import guard_sections
from syngraph.model import Encounter, Evidence, FactId, Patient, Section, Segment, Source, SourceId, Statement


def someone(language="en") -> Encounter:
    return Encounter(
        id="e", language=language, start=datetime(2026, 11, 20, tzinfo=UTC), patient=Patient(id="P1", name="Ann Lee")
    )


def source(text: str) -> Source:
    return Source(id=SourceId("s1"), kind="consultation", path="talk.txt", sha256="0", text=text,
                  segments=(Segment(start=0, end=len(text), role="patient"),))  # fmt: skip


def section(*sentences: tuple[str, str], quote: str) -> Section:
    here = (Evidence(source=SourceId("s1"), start=0, end=len(quote)),)
    rows = [
        Statement(id=f"st{n}", text=text, facts=(), evidence=here, support=support)
        for n, (text, support) in enumerate(sentences)
    ]
    return Section(id="medications", title="Medications", statements=tuple(rows))


@pytest.mark.parametrize(
    ("language", "quote", "good", "bad"),
    [
        ("en", "I take amlodipine 5 mg.", "Amlodipine 5 mg.", "Amlodipine 10 mg."),
        ("zh", "我吃氨氯地平5毫克。", "氨氯地平 5 mg。", "氨氯地平 10 mg。"),
    ],
)
def test_a_sentence_that_says_more_than_its_quotes_becomes_a_finding(language, quote, good, bad):
    sections = [section((good, "single"), (bad, "single"), quote=quote)]
    kept, rejected = guard_sections(sections, [source(quote)], someone(language))
    assert [s.text for s in kept[0].statements] == [good]
    [finding] = rejected
    assert (finding.kind, finding.severity, finding.rule) == ("quality", "warning", "guard")
    assert bad in finding.message
    assert finding.evidence


def test_a_section_without_a_sentence_left_goes_and_a_clinicians_own_words_stay():
    quote = "I take amlodipine 5 mg."
    kept, _ = guard_sections([section(("Amlodipine 10 mg.", "single"), quote=quote)], [source(quote)], someone())
    assert kept == ()
    kept, rejected = guard_sections(
        [section(("Amlodipine 10 mg.", "clinician"), quote=quote)], [source(quote)], someone()
    )
    assert len(kept) == 1
    assert rejected == []


def written(*drugs: tuple[str, str], quote: str, sections: Sequence[str] = ("medications",)):
    """A writer of records: one joint sentence of the drugs whose facts it is given, in each of the sections."""
    here = (Evidence(source=SourceId("s1"), start=0, end=len(quote)),)

    def write(facts: Collection[str]) -> list[Section]:
        rows = [(fact, text) for fact, text in drugs if fact in facts]
        text = (", ".join(t for _, t in rows) + ".").capitalize()
        joint = Statement(id="st1", text=text, facts=tuple(FactId(f) for f, _ in rows), evidence=here, support="single")
        return [Section(id=s, title=s, statements=(joint,)) for s in sections] if rows else []

    return write


@pytest.mark.parametrize("elsewhere", [(), ("plan",)])
def test_of_a_joint_sentence_only_the_bad_part_is_lost_and_the_rest_stays_joint(elsewhere):
    quote = "I take amlodipine 5 mg, aspirin 100 mg and metformin 500 mg."
    drugs = [("f1", "amlodipine 5 mg"), ("f2", "aspirin 300 mg"), ("f3", "metformin 500 mg")]
    write = written(*drugs, quote=quote, sections=("medications", *elsewhere))
    kept, rejected = guard_sections(write(["f1", "f2", "f3"])[:1], [source(quote)], someone(), write)
    assert [[s.text for s in sec.statements] for sec in kept] == [["Amlodipine 5 mg, metformin 500 mg."]]
    [finding] = rejected
    assert "300" in finding.message
    assert finding.facts == ("f2",)


def test_a_joint_sentence_whose_parts_hold_only_apart_is_written_apart(monkeypatch):
    quote = "I take amlodipine 5 mg and aspirin 100 mg."
    write = written(("f1", "amlodipine 5 mg"), ("f2", "aspirin 100 mg"), quote=quote)
    monkeypatch.setattr(record, "_reasons", lambda st, *_: ["number"] if len(st.facts) > 1 else [])
    kept, rejected = guard_sections(write(["f1", "f2"]), [source(quote)], someone(), write)
    assert [s.text for s in kept[0].statements] == ["Amlodipine 5 mg.", "Aspirin 100 mg."]
    assert rejected == []


def test_a_joint_sentence_with_nothing_good_in_it_goes_with_one_finding_for_each_part():
    quote = "I take amlodipine 5 mg and aspirin 100 mg."
    write = written(("f1", "amlodipine 50 mg"), ("f2", "aspirin 300 mg"), quote=quote)
    kept, rejected = guard_sections(write(["f1", "f2"]), [source(quote)], someone(), write)
    assert kept == ()
    assert [x.facts for x in rejected] == [("f1",), ("f2",)]


def test_statements_are_numbered_through_whatever_was_left_out():
    quote = "I take amlodipine 5 mg."
    rows = [("Amlodipine 10 mg.", "single"), ("Amlodipine 5 mg.", "single"), ("Amlodipine.", "single")]
    kept, _ = guard_sections([section(*rows, quote=quote)] * 2, [source(quote)], someone())
    assert [s.id for sec in kept for s in sec.statements] == ["st1", "st2", "st3", "st4"]

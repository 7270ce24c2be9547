"""The phases of a visit: the history is told first, then comes the examination, then what will be done."""

from __future__ import annotations

from syngraph.facts.mentions import Reading
from syngraph.facts.spoken import words_for


def end_of_history(reading: Reading) -> int:
    """Index of the passage in which the doctor begins to examine: what "hurts" from there on hurts under the hand."""
    for index, row in enumerate(reading.rows):
        if row.role == "doctor" and index * 2 > len(reading.rows):
            found = [m for m in reading.in_row(index) if m.term.kind in ("exam-finding", "vital")]
            felt = [m for m in reading.in_row(index) if m.term.kind == "symptom" and not m.asked]
            looks = words_for("examines").search(row.folded, row.start, row.end) is not None
            asks = row.sentences[-1].asks
            if (len(found) > 1 and not asks) or len(found) > 2 or (looks and len(found) + len(felt) > 1):
                return index
    return len(reading.rows)

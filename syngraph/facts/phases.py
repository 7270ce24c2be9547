"""The phases of a visit: the history is told first, then comes the examination, then what will be done."""

from __future__ import annotations

from syngraph.facts.mentions import Reading


def end_of_history(reading: Reading) -> int:
    """Index of the passage in which the doctor begins to examine: what "hurts" from there on hurts under the hand."""
    for index, row in enumerate(reading.rows):
        if row.role == "doctor" and index * 2 > len(reading.rows):
            found = [m for m in reading.in_row(index) if m.term.kind in ("exam-finding", "vital")]
            if len(found) > 1 and not row.sentences[-1].asks:
                return index
    return len(reading.rows)

"""The plants: what a record's quality control looks for, told in several ways, with look-alikes that are none.

Their sayings stand in ``data/plants_zh.yaml`` and ``data/plants_en.yaml``.
"""

from __future__ import annotations

from collections.abc import Iterator

from contradiction_maker import Plant, Said, asked, rows_of, said_in


def zh(*turns: str) -> Said:
    """A question of the doctor's and the patient's answer, in turns."""
    return asked("zh", *turns)


def en(*turns: str) -> Said:
    """The same in English."""
    return asked("en", *turns)


def _plants(language: str) -> Iterator[Plant]:
    for row in rows_of(f"plants_{language}"):
        yield Plant(
            kind=row["kind"],
            language=language,
            found=row["found"],
            patient=row.get("patient", {}),
            a=[said_in(language, s) for s in row["a"]],
            b=[said_in(language, s) for s in row["b"]],
            harmless=[[said_in(language, s) for s in pair] for pair in row.get("harmless", ())],
        )


PLANTS: tuple[Plant, ...] = (*_plants("zh"), *_plants("en"))

"""Classes of symptoms by their ids: those that a word can describe, those that come by night, those of the skin."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files


@cache
def symptom_classes() -> dict[str, re.Pattern[str]]:
    """What finds each class of symptoms by their ids."""
    text = files("syngraph.terminology").joinpath("data/symptom_classes.tsv").read_text(encoding="utf-8")
    rows = (row.split("\t") for row in text.splitlines() if row and not row.startswith("#"))
    return {name: re.compile(pattern) for name, pattern in rows}


def class_of(name: str) -> re.Pattern[str]:
    """What finds the symptoms of a class of ``symptom_classes.tsv`` by their ids."""
    return symptom_classes()[name]

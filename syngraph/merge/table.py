"""The table ``terminology/data/checks/agreement.yaml``: per fact kind, what must agree for two mentions to be one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from syngraph.model import FACT_KINDS, WITNESSES


@dataclass(frozen=True, slots=True, kw_only=True)
class KindRule:
    """How mentions of one fact kind are lined up; the keys are explained in the data file's header."""

    trust: tuple[str, ...]
    narrow: bool = False
    past: bool = False
    doubt: bool = False
    apart: tuple[str, ...] = ()
    agree: Mapping[str, str]
    union: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """All rows, and the attributes that travel together (each bundle led by its first)."""

    kinds: Mapping[str, KindRule]
    bundles: tuple[tuple[str, ...], ...]

    def leader(self, key: str) -> str:
        """The attribute that decides whether ``key`` may be taken over; ``key`` itself outside every bundle."""
        return next((b[0] for b in self.bundles if key in b), key)


def parse(data: Mapping[str, Any]) -> Table:
    """Build the table from the data file's content.

    Raises:
        ValueError: a fact kind is missing or unknown, or a witness order is not one of all witnesses.
    """
    kinds = {name: _row(row, data["orders"]) for name, row in data["kinds"].items()}
    if set(kinds) != FACT_KINDS:
        raise ValueError(f"agreement.yaml: kinds differ from the model's: {sorted(set(kinds) ^ FACT_KINDS)}")
    return Table(kinds=kinds, bundles=tuple(tuple(b) for b in data["bundles"]))


def _row(row: Mapping[str, Any], orders: Mapping[str, list[str]]) -> KindRule:
    trust = tuple(orders[row["trust"]])
    if set(trust) != WITNESSES:
        raise ValueError(f"agreement.yaml: order {row['trust']} is not an order of all witnesses")
    return KindRule(
        trust=trust,
        narrow=bool(row.get("narrow")),
        past=bool(row.get("past")),
        doubt=bool(row.get("doubt")),
        apart=tuple(row.get("apart", ())),
        agree=row["agree"],
        union=tuple(row.get("union", ())),
    )


def _load(name: str) -> Any:
    import yaml

    text = files("syngraph.terminology").joinpath("data/checks", name).read_text(encoding="utf-8")
    return yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both loaders are the safe one


@cache
def table() -> Table:
    """The shipped table, read once a process."""
    return parse(_load("agreement.yaml"))

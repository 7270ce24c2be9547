"""The rules in ``terminology/data/checks/rules.yaml``: each names an algorithm and gives it numbers and words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, get_args

from syngraph.checks.case import Case, Claim
from syngraph.checks.wording import say_side, say_voice
from syngraph.model import SEVERITIES, Evidence, FactId, Finding, FindingKind, Severity

_LANGUAGES = frozenset({"zh", "en"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row: which algorithm looks, what it needs to know, and what the doctor is told.

    ``topic``, ``message`` and ``choices`` hold one text (or list) for each language. Their blanks are ``{a}`` and
    ``{b}`` (each side quoted), ``{who_a}`` and ``{who_b}`` (who says it) and the algorithm's own words.
    ``params`` are the algorithm's.
    """

    id: str
    check: str
    kind: FindingKind
    severity: Severity
    topic: Mapping[str, str]
    message: Mapping[str, str]
    choices: Mapping[str, Sequence[str]] = field(default_factory=lambda: MappingProxyType({}))
    params: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    def kinds(self, key: str = "kinds") -> tuple[str, ...]:
        """A parameter that is a list of words."""
        return tuple(self.params.get(key, ()))

    def number(self, key: str, default: float) -> float:
        """A parameter that is a number."""
        return float(self.params.get(key, default))

    def finding(
        self,
        case: Case,
        sides: Sequence[Sequence[Claim]],
        *,
        severity: Severity | None = None,
        **words: str,
    ) -> Finding:
        """The finding on ``sides`` (each the claims that say one thing): both quoted, both with their evidence."""
        about = str(self.params.get("compare", ""))
        said = {name: say_side(case, side, about) for name, side in zip("abc", sides, strict=False)}
        said |= {f"who_{name}": say_voice(case, side[0]) for name, side in zip("abc", sides, strict=False) if side}
        said |= words
        claims = [c for side in sides for c in side]
        facts = tuple(dict.fromkeys(c.id for c in claims if c.id))
        return self.told(case, said, facts, tuple(dict.fromkeys(e for c in claims for e in c.evidence)), severity)

    def told(
        self,
        case: Case,
        said: Mapping[str, str],
        facts: tuple[FactId, ...],
        evidence: tuple[Evidence, ...],
        severity: Severity | None = None,
    ) -> Finding:
        """The finding with its blanks filled from ``said``."""
        language = case.language
        return Finding(
            kind=self.kind,
            severity=severity or self.severity,
            topic=_capital(self.topic[language].format(**said)),
            message=_capital(self.message[language].format(**said)),
            rule=self.id,
            facts=facts,
            evidence=evidence,
            choices=tuple(dict.fromkeys(c.format(**said) for c in self.choices.get(language, ()))),
        )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def parse(data: Mapping[str, Any]) -> tuple[Rule, ...]:
    """The rules in ``data``, in order.

    Raises:
        ValueError: a row without a text in either language, with an unknown kind or severity, or twice the same id.
    """
    rows = tuple(_rule(row, data.get("choices", {})) for row in data["rules"])
    ids = [r.id for r in rows]
    if len(set(ids)) != len(ids):
        raise ValueError(f"rules.yaml: an id stands twice: {sorted({i for i in ids if ids.count(i) > 1})}")
    return rows


def _rule(row: Mapping[str, Any], choices: Mapping[str, Any]) -> Rule:
    known = {"id", "check", "kind", "severity", "topic", "message", "choices"}
    if set(row["topic"]) != _LANGUAGES or set(row["message"]) != _LANGUAGES:
        raise ValueError(f"rules.yaml: {row['id']}: topic and message need zh and en")
    if row["kind"] not in get_args(FindingKind) or row["severity"] not in SEVERITIES:
        raise ValueError(f"rules.yaml: {row['id']}: unknown kind or severity")
    offered = row.get("choices", {})
    return Rule(
        id=row["id"],
        check=row["check"],
        kind=row["kind"],
        severity=row["severity"],
        topic=row["topic"],
        message=row["message"],
        choices=choices[offered] if isinstance(offered, str) else offered,
        params=MappingProxyType({k: v for k, v in row.items() if k not in known}),
    )


def load_yaml(name: str) -> Any:
    """The content of ``terminology/data/checks/<name>``."""
    import yaml

    text = files("syngraph.terminology").joinpath("data/checks", name).read_text(encoding="utf-8")
    return yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both loaders are the safe one


@cache
def rules() -> tuple[Rule, ...]:
    """The shipped rules, read once a process."""
    return parse(load_yaml("rules.yaml"))

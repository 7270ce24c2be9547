"""Templates: which sections a record has, in which order, and what it must not lack. All of it is data.

The files stand in ``terminology/data/templates/*.yaml``. A section may ``take`` the content of sections that
its template does not have (an online consultation keeps allergies under past history).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, cast

from syngraph.errors import InputError
from syngraph.model import Language

#: Words in a department's name that call for another template than the language's own.
_BY_DEPARTMENT: tuple[tuple[str, str], ...] = (
    ("互联网", "zh-online-consultation"),
    ("线上", "zh-online-consultation"),
    ("在线", "zh-online-consultation"),
    ("网络", "zh-online-consultation"),
    ("住院", "zh-admission"),
    ("病房", "zh-admission"),
    ("病区", "zh-admission"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionSpec:
    """One section of a template.

    ``takes`` names the section ids whose content goes here too; ``required`` says that an empty one is an
    omission; ``numbered`` that a printer may number its statements (the statements carry no number).
    """

    id: str
    title: str
    takes: tuple[str, ...] = ()
    required: bool = False
    numbered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A kind of record.

    Attributes:
        sections: in reading order.
        required: section ids that some source has to fill; the omission check reads them.
        max_chief_complaint: most characters of the chief complaint, its full stop included.
        follow_up: the record of a return visit; only there may the complaint be a known condition.
    """

    id: str
    language: Language
    title_zh: str
    title_en: str
    sections: tuple[SectionSpec, ...]
    required: tuple[str, ...] = ()
    max_chief_complaint: int = 20
    follow_up: bool = False

    def home(self, section: str) -> str | None:
        """The section of this template that holds what belongs to ``section``; None where none does."""
        for spec in self.sections:
            if spec.id == section or section in spec.takes:
                return spec.id
        return None


def _from_data(data: Mapping[str, Any]) -> Template:
    required = tuple(data.get("required", ()))
    sections = tuple(
        SectionSpec(
            id=row["id"],
            title=row["title"],
            takes=tuple(row.get("takes", ())),
            required=row["id"] in required,
            numbered=row.get("numbered", False),
        )
        for row in data["sections"]
    )
    return Template(
        id=data["id"],
        language=cast(Language, data["language"]),
        title_zh=data["title"]["zh"],
        title_en=data["title"]["en"],
        sections=sections,
        required=required,
        max_chief_complaint=data["max_chief_complaint"],
        follow_up=data.get("follow_up", False),
    )


@cache
def _all() -> Mapping[str, Template]:
    import yaml

    folder = files("syngraph.terminology").joinpath("data/templates")
    texts = [e.read_text(encoding="utf-8") for e in folder.iterdir() if e.name.endswith(".yaml")]
    rows = [_from_data(yaml.load(t, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))) for t in texts]  # noqa: S506
    return {t.id: t for t in sorted(rows, key=lambda t: (t.language == "en", t.id))}


def list_templates() -> tuple[Template, ...]:
    """Every shipped template, the Chinese ones first."""
    return tuple(_all().values())


def load_template(template_id: str) -> Template:
    """The template with this id.

    Raises:
        InputError: there is none; the message lists those that there are.
    """
    try:
        return _all()[template_id]
    except KeyError:
        known = ", ".join(_all())
        raise InputError(f"there is no template {template_id!r}", f"use one of: {known}") from None


def default_template(language: str, department: str | None = None) -> str:
    """The id of the template to use where the encounter names none.

    Whether a visit is a return visit can't be known from language and department, so it is never assumed.

    >>> default_template("zh", "呼吸内科")
    'zh-outpatient-initial'
    """
    if language != "zh":
        return "en-consultation"
    return next((t for word, t in _BY_DEPARTMENT if word in (department or "")), "zh-outpatient-initial")

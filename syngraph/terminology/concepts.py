"""What a concept is called, which names are more general than it, and what its row says of it."""

from __future__ import annotations

from functools import lru_cache

from syngraph.model import Concept
from syngraph.terminology.fold import fold
from syngraph.terminology.lexicon import Term, lexicon


def key_of(concept: Concept) -> str:
    """The terminology's id, or the folded name of what the terminology does not know."""
    return concept.id or fold(" ".join(concept.text.split()))


def term_of(concept: Concept) -> Term | None:
    """The terminology's row for ``concept``, if it has one."""
    return lexicon().terms.get(concept.id or "")


def name_of(concept: Concept, language: str) -> str:
    """The name to show: the terminology's in ``language``, else as the source has it."""
    term = term_of(concept)
    return term.name(language) if term else concept.text


@lru_cache(maxsize=4096)
def broader(term_id: str) -> frozenset[str]:
    """Ids of all terms that name ``term_id`` more generally (``parent=``, and ``class=`` of a drug)."""
    terms = lexicon().terms
    found: set[str] = set()
    waiting = [term_id]
    while waiting:
        for parent in _parents(waiting.pop()):
            if parent not in found and parent in terms:
                found.add(parent)
                waiting.append(parent)
    return frozenset(found - {term_id})


def _parents(term_id: str) -> tuple[str, ...]:
    term = lexicon().terms.get(term_id)
    if term is None:
        return ()
    parents = [p if ":" in p else f"{term.kind}:{p}" for p in _values(term.attrs.get("parent", ""))]
    parents += [f"drug-class:{c}" for c in _values(term.attrs.get("class", ""))]
    return tuple(parents)


def _values(text: str) -> list[str]:
    return [v.strip() for v in text.replace("|", ",").split(",") if v.strip()]


def covers(general: Concept, specific: Concept) -> bool:
    """Whether what is said of all ``general`` is said of ``specific`` too: the same concept or a narrower one."""
    return key_of(general) == key_of(specific) or key_of(general) in broader(key_of(specific))


def names_kind_of(specific: str, general: str) -> bool:
    """Whether one name says the other more closely: it ends in it (type 2 diabetes and diabetes), in either language.

    Diabetic nephropathy is no kind of diabetes; it is another illness that comes of it.

    >>> names_kind_of("慢性乙型病毒性肝炎", "肝炎"), names_kind_of("diabetic nephropathy", "diabetes")
    (True, False)
    """
    a, b = fold(specific).strip(), fold(general).strip()
    return len(b) > 1 and a.endswith(b) and (not b[0].isascii() or not a[: -len(b)][-1:].isalnum())


def tags(concept: Concept, attribute: str) -> frozenset[str]:
    """The values of an attribute such as ``safety`` on the concept's row, with those of its broader rows."""
    return _tags(concept.id, attribute) if concept.id else frozenset()


@lru_cache(maxsize=8192)
def _tags(term_id: str, attribute: str) -> frozenset[str]:
    terms = lexicon().terms
    ids = (term_id, *broader(term_id)) if term_id in terms else ()
    return frozenset(v for i in ids for v in _values(terms[i].attrs.get(attribute, "")))

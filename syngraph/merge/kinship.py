"""Which names mean one thing: the same drug by another brand, the general and the specific name of one condition."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import lru_cache
from typing import TypeVar

from syngraph.model import Fact
from syngraph.terminology.concepts import broader, key_of, names_kind_of
from syngraph.terminology.lexicon import lexicon

K = TypeVar("K", bound=Hashable)


@lru_cache(maxsize=4096)
def _is_kind_of(specific: str, general: str) -> bool:
    """Whether the specific name says the general one more closely: a drug's class, or a name that ends in it.

    Type 2 diabetes is a kind of diabetes; diabetic nephropathy is another illness that comes of it.
    """
    a, b = (lexicon().terms[i] for i in (specific, general))
    if b.kind == "drug-class" or (a.attrs.get("isa") and a.attrs.get("parent") == general.partition(":")[2]):
        return True
    return names_kind_of(a.zh, b.zh) or names_kind_of(a.en, b.en)


def settle(keys: Iterable[K], narrower: Callable[[K, K], bool]) -> dict[K, K]:
    """Each key with the most specific key below it, or with itself where several differ.

    ``narrower(a, b)`` says whether a is a more specific name of what b names. The answer depends on the set
    of keys alone, not on their order: with type 1 and type 2 both present, plain diabetes stays by itself.
    """
    names = set(keys)
    below = {k: {j for j in names if j != k and narrower(j, k)} for k in names}
    settled = {}
    for key, finer in below.items():
        finest = {j for j in finer if not below[j] & finer}
        settled[key] = next(iter(finest)) if len(finest) == 1 else key
    return settled


def concept_keys(facts: Iterable[Fact], narrow: bool) -> Mapping[str, str]:
    """For the facts of one kind and subject: each concept's key with the key of the thing it belongs to.

    A specific name draws the general one to it where somebody affirms the specific; where both are only denied,
    the general denial, which says more, draws the specific one.
    """
    rows = list(facts)
    keys = {key_of(f.concept) for f in rows}
    if not narrow:
        return {k: k for k in keys}
    affirmed = {key_of(f.concept) for f in rows if f.status != "absent"}
    above = {k: broader(k) for k in keys}

    def finer(a: str, b: str) -> bool:
        if a in affirmed:
            return b in above[a] and _is_kind_of(a, b)
        return a not in affirmed and b not in affirmed and a in above[b] and _is_kind_of(b, a)

    return settle(keys, finer)


def site_keys(sites: Iterable[str]) -> dict[str, str]:
    """Each body site (or specimen) with the site it belongs to: "" and 腹 join 右下腹 where that is the only one."""
    return settle(sites, lambda a, b: b in a and a != b)

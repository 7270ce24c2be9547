"""Which analyte a printed line of a laboratory report means.

The printed name alone does not tell: 白细胞 is counted in blood and in urine, PCT is 血小板压积 in per cent and 降钙素原
in ng/mL. So a name leads to candidates, and specimen, panel, unit and abbreviation choose among them; where more
than one is left, the answer is None.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import NamedTuple

from syngraph.terminology.fold import fold
from syngraph.terminology.lab_names import latin_words, may_be_misread, may_mean, same_words
from syngraph.terminology.lexicon import Term, lexicon
from syngraph.terminology.patterns import regex
from syngraph.terminology.units import Unit, convert, quantity, unit

_BLOOD = frozenset({"blood", "serum", "plasma"})
#: Characters that tell one analyte from its neighbour: a misread name must keep every one of them.
_TELLING = "总直间高低酸碱原体百绝率值数尿粪游离前后球白红大小中幼比饱非结合餐空随抗甲乙丙戊αβγκλ敏不未核表浆异"
_MARKS = regex(r"^[\s★☆*△▲▽●○◆◇■□※#·.、,:：_-]+|[\s★☆*△▲▽●○◆◇■□※·.、,:：_↑↓-]+$")
_NUMBERED = regex(r"^\d{1,2}[\s.、)]\s*(?=[^\d\s%.])")
_BRACKETS = regex(r"[(\[{【]([^()\[\]{}【】]*)[)\]}】]?")
_SUFFIX = regex(r"(?:的)?(?:测定|检测|定量|检查|测量|分析|水平|结果|值|level|levels|test|measurement|result)$")
#: LOINC's long names: what [how measured] in which specimen by which method.
_LOINC_NAME = regex(
    r"^(?P<what>[^\[]+?)\s*(?:\[[^\]]+\](?:\s+(?:in|of)\s+(?P<where>.+?))?"
    r"|\s+in\s+(?P<place>(?:serum|plasma|blood|urine|stool|arterial|venous|body fluid|cerebral).*?))"
    r"(?:\s+(?:by|--)\s*.+)?$",
    re.IGNORECASE,
)

_IN_SPECIMEN = regex(
    r"(?:,\s*|[(（]\s*)(whole blood|serum|plasma|urine|stool|csf|ascites|pleural|joint fluid|body fluid|"
    r"尿|粪|大便|脑脊液|胸水|腹水|血清|血浆|全血)",
    re.IGNORECASE,
)
_QUALIFIER = regex(
    r",\s*(?:whole blood|serum|plasma|urine|random|spot|calculated|measured|automated|manual|direct|estimated|"
    r"qualitative|quantitative|fasting|stool|csf|ascites|pleural)\b.*$",
    re.IGNORECASE,
)
_LATIN_END, _LATIN_START = re.compile(r"[A-Za-z][\x00-\x7f]*$"), re.compile(r"^[\x00-\x7f]+(?=[^\x00-\x7f])")
#: Of a name in the order of an index: what, what sort (``Glucose, fasting``; ``Bilirubin, Direct``).
_INVERTED = regex(r"^([A-Za-z][\w \-]*),\s*([A-Za-z][\w \-]*)$")
_PREFIXES = {"urine": ("尿", "urine"), "stool": ("大便", "粪便", "stool"), "csf": ("脑脊液", "csf")}


class _Query(NamedTuple):
    unit: Unit | None
    specimen: str | None
    panel: str | None
    abbreviation: str
    mixed: bool = False


#: A term, and whether the name that led to it is one that is only ever printed.
_Named = tuple[Term, bool]


# -- the index -----------------------------------------------------------------------------------------------


def _key(name: str) -> str:
    """``name`` without case, spaces, hyphens and quotes; brackets are kept."""
    text = fold(unicodedata.normalize("NFKC", name))
    return re.sub(r"[\s\-_'\"“”‘’·,，、;:]+", "", text)


@cache
def _index() -> Mapping[str, tuple[_Named, ...]]:
    """Key to terms, each with whether the name is one that is only ever printed."""
    rows: dict[str, list[_Named]] = {}
    for term in lexicon().terms.values():
        if term.kind != "lab":
            continue
        printed = [*term.attrs.get("printed", "").split("|"), term.attrs.get("abbr", "")]
        for names, only_printed in ((term.names(), False), (printed, True)):
            for name in names:
                key = _key(name)
                if key and all(t is not term for t, _ in rows.get(key, ())):
                    rows.setdefault(key, []).append((term, only_printed))
    return MappingProxyType({k: tuple(v) for k, v in rows.items()})


@cache
def _codes() -> Mapping[str, Term]:
    rows: dict[str, Term] = {}
    for term in lexicon().terms.values():
        if term.kind in ("lab", "vital"):
            for code in (term.code, *term.attrs.get("codes", "").split(",")):
                if code:
                    rows.setdefault(code, term)
    return MappingProxyType(rows)


@cache
def _panels() -> tuple[tuple[re.Pattern[str], str, str], ...]:
    text = files("syngraph.terminology").joinpath("data/lab_panels.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line.strip() and not line.startswith(("#", "words\t"))]
    return tuple((re.compile(r[0], re.IGNORECASE), r[1], r[2] if len(r) > 2 else "") for r in rows)


# -- looking up ----------------------------------------------------------------------------------------------


def lab_by_code(code: str) -> Term | None:
    """The analyte or vital sign with this LOINC code, other codes for the same thing included."""
    return _codes().get(code.strip())


def is_lab_name(name: str) -> bool:
    """Whether ``name`` is exactly the name of an analyte, one that is only ever printed included; short ones say too little.

    >>> is_lab_name("HPV 16型"), is_lab_name("K")
    (True, False)
    """
    key = _key(name)
    return len(key) > (3 if key.isascii() else 1) and key in _index()


def lab_unit(printed: str, term: Term | None) -> Unit | None:
    """The unit that ``printed`` spells on a line about ``term``, whose own units help to read a damaged one."""
    plain = unit(printed)
    own = [u for u in _units(term) if u] if term else []
    if plain is not None and (not own or any(quantity(plain.ucum) == quantity(u) for u in own)):
        return plain
    return next((found for u in own if (found := unit(printed, expected=u)) and found.ucum == u), plain)


@lru_cache(maxsize=4096)
def lab(
    name: str,
    *,
    unit: str | None = None,
    specimen: str | None = None,
    panel_hint: str | None = None,
    abbreviation: str | None = None,
) -> Term | None:
    """The analyte that a line of a report is about; None where it is unknown or can't be told.

    Args:
        name: as printed or read by OCR (``★白细胞计数(WBC)``, ``嗜酸性粒细胞百分``).
        unit: as printed.
        specimen: as printed (``血清``, ``urine``).
        panel_hint: the report's title (``尿常规``).
        abbreviation: the printed abbreviation, where it has a column of its own.

    >>> lab("PCT", unit="ng/mL").id, lab("PCT", unit="%").id, lab("白细胞", panel_hint="尿常规").id
    ('lab:pct', 'lab:plateletcrit', 'lab:urine-wbc')
    """
    stated = _LOINC_NAME.match(name.strip()) if _key(name) not in _index() else None
    if stated:
        name, specimen = stated["what"], specimen or stated["where"] or stated["place"]
    where, panel, mixed = _place(specimen or _named_specimen(name), panel_hint)
    query = _Query(_known_unit(unit), where, panel, _key(abbreviation or ""), mixed)
    for candidates in (*_exact(name, query.abbreviation), *_of_specimen(name, where)):
        found = _choose(candidates, query)
        if found is not None:
            return found if _is_name_of(found, name) or may_mean(name, _all_names(found)) else None
    return _damaged(name, query)


def _is_name_of(term: Term, name: str) -> bool:
    return any(t is term for t, _ in _index().get(_key(name), ()))


def _all_names(term: Term) -> Iterator[str]:
    """Its names in every form, with the specimen that goes without saying in them."""
    yield from term.names()
    yield from term.attrs.get("printed", "").split("|")
    yield term.attrs.get("specimen", "")


def _known_unit(printed: str | None) -> Unit | None:
    return unit(printed) if printed else None


def _place(specimen: str | None, panel_hint: str | None) -> tuple[str | None, str | None, bool]:
    """Specimen and panel that the words of a specimen field or a title stand for; whether they name several."""
    where = panel = None
    mixed = False
    for words in (specimen, panel_hint):
        matched = [(spec, group) for pattern, spec, group in _panels() if words and pattern.search(words)]
        if len({"blood" if spec in _BLOOD else spec for spec, _ in matched if spec}) > 1:
            mixed = True
            continue  # 血清/全血/尿: which of them a line is about, only the line can say
        if matched:
            where, panel = where or matched[0][0], panel or matched[0][1] or None
    return where, panel, mixed and where is None


def _exact(name: str, abbreviation: str) -> Iterator[Sequence[_Named]]:
    """Terms of exactly this name, with less and less of what is printed around it; then of the abbreviation."""
    index = _index()
    forms = list(dict.fromkeys(k for k in map(_key, _forms(name)) if k))
    for form in forms:
        if form in index:
            yield index[form]
    if abbreviation in index and not (forms and _names_another(forms[0], abbreviation)):
        yield index[abbreviation]


def _damaged(name: str, query: _Query) -> Term | None:
    """The one term that a name cut off or misread can only stand for."""
    forms = list(dict.fromkeys(form for form in _forms(name) if _key(form)))
    for near in (_starting, _misread):
        for form in forms:
            rows = [(key, term) for key, term in near(form) if _fits(term, query)]
            told = _telling(_key(form))
            rivals = {t.id for t in _begun(form) if _fits(t, query)} if rows and near is _starting else set()
            if len({term.id for _, term in rows} | rivals) == 1 and any(_telling(key) == told for key, _ in rows):
                return rows[0][1] if may_mean(name, _all_names(rows[0][1])) else None
    return None


def _forms(name: str) -> Iterator[str]:
    """The printed name, then with less and less around it."""
    text = unicodedata.normalize("NFKC", name).strip()
    yield text
    bare = _MARKS.sub("", _NUMBERED.sub("", text))
    yield bare
    yield _SUFFIX.sub("", bare)
    yield _INVERTED.sub(r"\2 \1", bare)
    yield _QUALIFIER.sub("", bare)
    outside = _BRACKETS.sub("", bare).strip()
    if outside and outside != bare:
        yield re.sub(r"[()\[\]{}【】]", "", bare)  # 风疹病毒抗体(IgM)
        yield _MARKS.sub("", outside)
        yield _SUFFIX.sub("", outside)
    yield from (inside for inside in _BRACKETS.findall(bare) if len(inside) > 1)
    yield from _halves(bare)


def _halves(text: str) -> Iterator[str]:
    """The Chinese half of ``WBC 白细胞计数`` and of ``空腹血糖 GLU``, where the Latin half means the same or its kind."""
    for latin in filter(None, (found[0] for found in (_LATIN_END.search(text), _LATIN_START.search(text)) if found)):
        chinese = _key(text.replace(latin, "", 1))
        known = [{t for t, _ in _index().get(half, ())} for half in (chinese, _key(latin))]
        meant = {t.id for t in known[0]} | {f"lab:{t.attrs.get('panel')}" for t in known[0]}
        if meant & {t.id for t in known[1]}:
            yield chinese


def _named_specimen(name: str) -> str | None:
    """The specimen that stands behind a comma or in brackets: ``Chloride, Urine``, ``白细胞(尿)``."""
    found = _IN_SPECIMEN.search(name)
    return found[1] if found else None


def _of_specimen(name: str, where: str | None) -> Iterator[Sequence[_Named]]:
    """What a title leaves unsaid in its lines: ``Glucose`` on a urine report is urine glucose."""
    index = _index()
    for prefix in _PREFIXES.get(where or "", ()):
        for form in dict.fromkeys(map(_key, _forms(name))):
            if prefix + form in index:
                yield index[prefix + form]


def _names_another(form: str, abbreviation: str) -> bool:
    """Whether the name, though damaged, is of something else than what the abbreviation says."""
    known = {t.id for t, _ in _index()[abbreviation]}
    near = {t.id for _, t in (*_starting(form), *_misread(form))}
    return bool(near) and not near & known


def _starting(form: str) -> list[tuple[str, Term]]:
    """Names of which ``form`` is the beginning: long ones are cut off in print, inside a word."""
    short = _key(form)
    if len(short) < (9 if short.isascii() else 5):
        return []
    longer = [k for k in _spelled() if k.startswith(short) and len(k) - len(short) <= 4 and _is_cut(short, k)]
    return [(short, term) for key in longer for term, _ in _index()[key]]


def _begun(form: str) -> list[Term]:
    """All whose names begin with ``form``: one that begins several was perhaps never cut (血管紧张素Ⅱ, 血管紧张素转换酶)."""
    short = _key(form)
    return [term for key in _spelled() if key.startswith(short) for term, _ in _index()[key]]


def _is_cut(short: str, key: str) -> bool:
    """Whether ``key`` only ends what ``short`` begins, and tells nothing more."""
    name, rest = _spelled()[key], key[len(short) :]
    whole = not short.isascii() or any(w.endswith(rest) and len(w) > len(rest) for w in latin_words(name)[-1:])
    return whole and not rest[:1].isdigit() and (short.isascii() or not rest.isascii()) and same_words(short, name)


def _misread(form: str) -> list[tuple[str, Term]]:
    """The names nearest to ``form``, by how many characters must be changed."""
    from rapidfuzz import process
    from rapidfuzz.distance import Levenshtein

    key = _key(form)
    allowed = _slips(key)
    if not allowed:
        return []
    near = process.extract(key, _keys(), scorer=Levenshtein.distance, score_cutoff=allowed, limit=20)
    near = [row for row in near if may_be_misread(form, _spelled()[row[0]], *_vocabulary())]
    best = min((distance for _, distance, _ in near), default=0)
    return [(key, term) for key, distance, _ in near if distance == best for term, _ in _index()[key]]


@cache
def _spelled() -> Mapping[str, str]:
    """Key to the name as it is spelled, with its blanks."""
    rows: dict[str, str] = {}
    for term in lexicon().terms.values():
        if term.kind == "lab":
            for name in (*term.names(), *term.attrs.get("printed", "").split("|"), term.attrs.get("abbr", "")):
                rows.setdefault(_key(name), name)
    return MappingProxyType({key: name for key, name in rows.items() if key})


@cache
def _vocabulary() -> tuple[frozenset[str], frozenset[str]]:
    """The Latin words and the characters of all analytes' names."""
    names = list(_spelled().values())
    return frozenset(w for n in names for w in latin_words(n)), frozenset(c for n in names for c in fold(n))


@cache
def _keys() -> tuple[str, ...]:
    return tuple(_index())


def _slips(form: str) -> int:
    """How many misread characters a name of this length may have (measured: see the tests)."""
    if form.isascii():
        return 0 if len(form) < 7 else 1 if len(form) < 12 else 2
    return 0 if len(form) < 4 else 1 if len(form) < 9 else 2


def _telling(key: str) -> str:
    return "".join(
        sorted(c for c in key if c in _TELLING or c.isdigit() or (c.isascii() and c.isalpha() and not key.isascii()))
    )


# -- choosing ------------------------------------------------------------------------------------------------


def _choose(candidates: Sequence[_Named], query: _Query) -> Term | None:
    """The one candidate that fits best; None where none fits or two fit alike."""
    ranked = sorted(
        ((_fit(term, printed, query), term) for term, printed in candidates if _fits(term, query)),
        key=lambda row: row[0],
        reverse=True,
    )
    if not ranked or (len(ranked) > 1 and ranked[0][0] == ranked[1][0]):
        return None
    return ranked[0][1]


def _fits(term: Term, query: _Query) -> bool:
    """Whether nothing that is known of the line speaks against ``term``."""
    where = term.attrs.get("specimen", "")
    if query.specimen and where != query.specimen and not {where, query.specimen} <= _BLOOD:
        return False
    return query.unit is None or _measures(term, query.unit) is not False


def _fit(term: Term, printed: bool, query: _Query) -> tuple[int, int, int, int, int]:
    """How much speaks for ``term``: unit, panel, abbreviation, an everyday name, blood unless said otherwise."""
    by_unit = 0 if query.unit is None else _closeness(term, query.unit)
    by_abbreviation = bool(query.abbreviation) and query.abbreviation in _short(term)
    return (
        by_unit,
        int(bool(query.panel) and term.attrs.get("panel") == query.panel),
        int(by_abbreviation),
        int(not printed),
        int(term.attrs.get("specimen") in _BLOOD and not query.mixed),
    )


def _short(term: Term) -> set[str]:
    return {_key(n) for n in (*term.attrs.get("printed", "").split("|"), term.attrs.get("abbr", ""), *term.en_terms)}


def _units(term: Term) -> list[str]:
    return [term.attrs.get("unit", ""), *term.attrs.get("units", "").split(",")]


def _closeness(term: Term, found: Unit) -> int:
    """3 where ``found`` is the usual unit of ``term``, 2 an accepted one, 1 of the same quantity, else 0."""
    own = [u for u in _units(term) if u]
    if found.ucum in own:
        return 3 if found.ucum == own[0] else 2
    return int(any(quantity(found.ucum) == quantity(u) for u in own))


def _measures(term: Term, found: Unit) -> bool | None:
    """Whether ``term`` is reported in this unit; None where the terminology names no unit for it."""
    own = [u for u in _units(term) if u]
    if not own or own[0] == "[pH]":
        return None
    if any(quantity(found.ucum) == quantity(u) for u in own):
        return True
    return convert(Decimal(1), found.ucum, own[0], term.id) is not None

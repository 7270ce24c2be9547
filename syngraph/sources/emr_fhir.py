"""FHIR R4 JSON: a resource, a Bundle of any type, an array, or NDJSON, to one Sheet for each patient.

References are followed within the file; a resource that came twice counts once, the newest version. What
belongs to a patient other than the file's main one goes to that patient's own Sheet.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from syngraph.errors import InputError
from syngraph.model import Identity, Problem, Sex
from syngraph.settings import Settings
from syngraph.sources.emr_fhir_values import JsonObject, arr, date_of, named, obj, objects, stamp, txt
from syngraph.sources.emr_sheet import Prose, Reading, Row, Sheet, join_pressures
from syngraph.sources.emr_values import has_chinese, iso_date
from syngraph.sources.plain import parse_json
from syngraph.terminology.patterns import regex

_MAX_DEPTH = 6
_UUID = regex(r"(urn:(uuid|oid):)?[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}|urn:.*")
#: Resources inside these are results or sections of their own; inside others they are only referred to.
_HOLDERS = frozenset({"DiagnosticReport", "Observation", "Composition", "List", "DocumentReference"})
_RESOURCE = regex(r'(?:"fullUrl"\s*:\s*"([^"\\]*)"\s*,\s*)?"resource"\s*:\s*(?=\{)')


@dataclass(frozen=True, slots=True)
class Item:
    """One resource of the file: its data, where it stands, its full URL, and the resource that contains it."""

    data: JsonObject
    path: str
    url: str | None = None
    parent: Item | None = None

    @property
    def type(self) -> str:
        """The resource type; empty where there is none."""
        kind = self.data.get("resourceType")
        return kind if isinstance(kind, str) else ""


@dataclass(slots=True)
class FhirFile:
    """All resources of one file, with the way from a reference to the resource it names.

    ``note`` takes one problem of the file (message, advice); ``max_pages`` limits what is read of an attachment.
    """

    items: list[Item]
    path: str
    max_pages: int
    index: dict[str, Item] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        for item in self.items:
            if item.url:
                self.index.setdefault(item.url, item)
            if identifier := txt(item.data.get("id")):
                self.index.setdefault(f"{item.type}/{identifier}", item)
                self.index.setdefault(f"urn:uuid:{identifier}", item)

    def note(self, message: str, advice: str = "") -> None:
        """Says once that something in the file could not be read."""
        problem = Problem(path=self.path, message=message, advice=advice)
        if problem not in self.problems:
            self.problems.append(problem)

    def resolve(self, reference: object, item: Item) -> Item | None:
        """The resource that ``reference`` names inside this file; None where it is not in it."""
        target = txt(obj(reference).get("reference"))
        if not target:
            return None
        if target.startswith("#"):
            root = item.parent or item
            contained = enumerate(objects(root.data.get("contained")))
            hits = (
                Item(c, f"{root.path}.contained[{n}]", None, root) for n, c in contained if c.get("id") == target[1:]
            )
            return next(hits, None)
        return self.index.get(target) or self.index.get(tail(target))

    def display(self, reference: object, item: Item) -> str | None:
        """What a reference names, as text: its own display, else the name of the resource."""
        if shown := txt(obj(reference).get("display")):
            return shown
        found = self.resolve(reference, item)
        if not found:
            return None
        title = named(found.data.get("code")) or named(found.data.get("type"))
        return title.text if title else human_name(found.data.get("name"))


def tail(reference: str) -> str:
    """``Type/id`` of an absolute or versioned reference."""
    parts = reference.partition("/_history/")[0].rsplit("/", 2)
    return "/".join(parts[-2:])


def read_fhir(text: str, path: str, *, settings: Settings) -> Reading:
    """What a FHIR JSON or NDJSON text says, a Sheet for each patient; never raises."""
    problems: list[Problem] = []
    items = _newest(_collect(text, path, problems))
    if not items:
        if not problems:
            problems.append(Problem(path=path, message="holds no FHIR resource", advice="check the export"))
        return Reading(problems=tuple(problems))
    file = FhirFile(items=items, path=path, max_pages=settings.max_pages)
    sheets = _sheets(file)
    if any(i.type == "QuestionnaireResponse" for i in items):
        file.note("holds a QuestionnaireResponse, which is not read here", "put it into preconsultation/")
    return Reading(sheets=tuple(sheets), problems=(*problems, *file.problems))


def _collect(text: str, path: str, problems: list[Problem]) -> list[Item]:
    items: list[Item] = []
    for value, where, repaired in _values(text, path, problems):
        found = list(_resources(value, where))
        if not found and not repaired:
            problems.append(_foreign(value, path))
        items += found
    return items


def _foreign(value: object, path: str) -> Problem:
    if isinstance(value, dict) and value.get("resourceType") == "Bundle":
        return Problem(path=path, message="is a Bundle without resources", advice="check the export")
    return Problem(
        path=path,
        message="JSON without resourceType: not a FHIR resource",
        advice="emr/ takes FHIR R4 resources, HL7 v2 messages and CDA documents",
    )


def _values(text: str, path: str, problems: list[Problem]) -> Iterator[tuple[object, str, bool]]:
    """The JSON values of the text: one, or one a line; what can be saved of a broken one."""
    try:
        yield parse_json(text), "", False
        return
    except InputError as error:
        whole = error
    lines = [(n, line) for n, line in enumerate(text.splitlines()) if line.strip()]
    if len(lines) > 1 and _is_json(lines[0][1]):
        for n, line in lines:
            try:
                yield parse_json(line), f"line[{n}]", False
            except InputError:
                problems.append(
                    Problem(path=path, message=f"line {n + 1} is not JSON", advice="the other lines are used")
                )
        return
    saved = list(_salvage(text))
    advice = f"{len(saved)} resources before the fault are used; export it again" if saved else "export it again"
    problems.append(Problem(path=path, message=whole.message, advice=advice))
    if saved:
        yield {"resourceType": "Bundle", "entry": saved}, "", True


def _is_json(line: str) -> bool:
    try:
        return isinstance(parse_json(line), dict)
    except InputError:
        return False


def _salvage(text: str) -> Iterator[JsonObject]:
    """Whole entries of a Bundle that is cut off or broken further on."""
    decoder = json.JSONDecoder(parse_float=str, parse_int=str)
    at = 0
    while m := _RESOURCE.search(text, at):
        try:
            value, at = decoder.raw_decode(text, m.end())
        except (ValueError, RecursionError):
            at = m.end()
            continue
        if isinstance(value, dict):
            yield {"fullUrl": m[1], "resource": value}


def _resources(value: object, where: str, url: str | None = None, depth: int = 0) -> Iterator[Item]:
    if isinstance(value, list):
        for n, each in enumerate(value):
            yield from _resources(each, f"{where}[{n}]", None, depth + 1) if depth < _MAX_DEPTH else ()
        return
    data = obj(value)
    kind = txt(data.get("resourceType"))
    if not kind or depth > _MAX_DEPTH:
        return
    path = where if where.endswith("resource") else f"{where}.{kind}".strip(".")
    if kind in ("Bundle", "Parameters"):
        yield from _members(data, path, depth)
        return
    item = Item(data, path, url)
    yield item
    if kind in _HOLDERS:
        for n, inner in enumerate(objects(data.get("contained"))):
            yield Item(inner, f"{path}.contained[{n}]", None, item)


def _members(data: JsonObject, path: str, depth: int) -> Iterator[Item]:
    key = "entry" if data.get("resourceType") == "Bundle" else "parameter"
    for n, entry in enumerate(arr(data.get(key))):
        row = obj(entry)
        if obj(row.get("request")).get("method") == "DELETE":
            continue
        yield from _resources(row.get("resource"), f"{path}.{key}[{n}].resource", txt(row.get("fullUrl")), depth + 1)


def _newest(items: list[Item]) -> list[Item]:
    """Each resource once; of several versions the newest, at the place of the first."""
    kept: dict[object, Item] = {}
    for item in items:
        identifier = txt(item.data.get("id"))
        key: object = (item.type, identifier, item.parent.path if item.parent else "")
        if not identifier:
            key = json.dumps(item.data, sort_keys=True, default=str)
        if key not in kept or _version(item) > _version(kept[key]):
            kept[key] = replace(item, path=kept[key].path if key in kept else item.path)
    return list(kept.values())


def _version(item: Item) -> tuple[str, int]:
    meta = obj(item.data.get("meta"))
    version = txt(meta.get("versionId")) or "0"
    return txt(meta.get("lastUpdated")) or "", int(version) if version.isdecimal() and len(version) < 9 else 0


@dataclass(slots=True)
class _Person:
    """A patient of the file while it is read."""

    key: str
    item: Item | None = None
    display: str | None = None
    path: str | None = None
    rows: list[Row | Prose] = field(default_factory=list)


def _sheets(file: FhirFile) -> list[Sheet]:
    from syngraph.sources.emr_fhir_resources import read_resource

    main = _main_patient(file)
    owners = [_owner(file, item, main) for item in file.items]
    first = _key(main) if main else next((key for key, _, _ in owners if key), "")
    people: dict[str, _Person] = {first: _Person(first, main)}
    for item, (key, patient, display) in zip(file.items, owners, strict=True):
        if item.type == "Patient":
            continue
        person = people.setdefault(key or first, _Person(key or first, patient))
        person.display = person.display or display
        person.path = person.path or f"{item.path}.subject"
        try:
            person.rows += read_resource(file, item)
        except (ValueError, TypeError, AttributeError, LookupError, RecursionError):
            # A resource of a shape that nobody foresaw must cost that resource, not the file.
            file.note(f"{item.path} ({item.type}) can't be read", "check the export")
    shown = [p for p in people.values() if p.rows or (main and p.item is main)]
    return [_sheet(file, p, len(shown)) for p in shown]


def _main_patient(file: FhirFile) -> Item | None:
    for item in file.items:
        if (
            item.type == "Composition"
            and (found := file.resolve(item.data.get("subject"), item))
            and found.type == "Patient"
        ):
            return found
    return next((i for i in file.items if i.type == "Patient" and not i.parent), None)


def _key(item: Item) -> str:
    return f"{item.type}/{txt(item.data.get('id')) or item.url or item.path}"


def _owner(file: FhirFile, item: Item, main: Item | None) -> tuple[str, Item | None, str | None]:
    """Whose resource it is: key, Patient resource and display; an empty key where it does not say."""
    reference, holder = _subject(item), item
    if not reference and item.parent:
        reference, holder = _subject(item.parent), item.parent
    display = txt(reference.get("display"))
    found = file.resolve(reference, holder)
    if found:
        return (_key(found), found, display) if found.type == "Patient" else ("", None, None)
    target = tail(txt(reference.get("reference")) or "")
    if not target.startswith(("Patient/", "urn:")):
        return "", None, display
    if main and not txt(main.data.get("id")) and not main.url:
        return "", None, display  # a Patient without id can't be referred to properly; it is the only candidate
    return target, None, display


def _subject(item: Item) -> JsonObject:
    return obj(item.data.get("subject")) or obj(item.data.get("patient"))


def _sheet(file: FhirFile, person: _Person, count: int) -> Sheet:
    data = person.item.data if person.item else {}
    return Sheet(
        identity=_identity(person, count),
        identity_path=person.item.path if person.item else person.path,
        items=tuple(join_pressures(person.rows)),
        organization=_organization(file, data, person.item),
        recorded=_issued(file),
        title=next((t for i in file.items if i.type == "Composition" and (t := txt(i.data.get("title")))), None),
    )


def _issued(file: FhirFile) -> str | None:
    dates = [date_of(i.data, "date") for i in file.items if i.type == "Composition"]
    return next((d for d in dates if d), None)


def _organization(file: FhirFile, patient: JsonObject, item: Item | None) -> str | None:
    if item and (name := file.display(patient.get("managingOrganization"), item)):
        return name
    for other in file.items:
        if other.type in ("Composition", "Encounter"):
            reference = other.data.get("custodian") or other.data.get("serviceProvider")
            if name := file.display(reference, other):
                return name
    return None


def human_name(names: object) -> str | None:
    """A HumanName as written: the official or first one; Chinese before romanised, family name first without blank."""
    if isinstance(names, str):
        return txt(names)
    rows = sorted(objects(names), key=lambda n: n.get("use") in ("old", "maiden", "nickname"))
    written = [w for n in rows if (w := _written(n))]
    return next((w for w in written if has_chinese(w)), written[0] if written else None)


def _written(name: JsonObject) -> str | None:
    if text := txt(name.get("text")):
        return text
    family = "".join(t for f in arr(name.get("family")) if (t := txt(f)))
    given = [t for g in arr(name.get("given")) if (t := txt(g))]
    if has_chinese(family + "".join(given)):
        return (family + "".join(given)) or None
    return " ".join([*given, family]).strip() or None


def _identity(person: _Person, count: int) -> Identity | None:
    if not person.item:
        # Several patients and no Patient resource: the reference is all that tells them apart.
        number = person.key.rpartition("/")[2].rpartition(":")[2] if count > 1 else ""
        if not person.display and not number:
            return None
        return Identity(name=person.display, ids=(number,) if number else ())
    data = person.item.data
    ids = [t for i in objects(data.get("identifier")) if (t := txt(i.get("value")))]
    own = txt(data.get("id"))
    if own and not _UUID.fullmatch(own):
        ids.append(own)
    return Identity(
        name=human_name(data.get("name")) or person.display,
        sex=_sex(txt(data.get("gender"))),
        birth_date=iso_date(txt(data.get("birthDate"))),
        ids=tuple(dict.fromkeys(ids)),
    )


def _sex(code: str | None) -> Sex | None:
    known: dict[str, Sex] = {"female": "female", "male": "male", "other": "other", "unknown": "unknown"}
    return known.get((code or "").lower())


def encounter_date(file: FhirFile, item: Item) -> str | None:
    """The date of the encounter that a resource belongs to, where that is in the file."""
    reference = item.data.get("encounter") or item.data.get("context")
    found = file.resolve(reference, item)
    return stamp(found.data, "period")[0] if found else None

"""The way through the house: the only module that knows all stages and strings them together."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from syngraph import __version__
from syngraph.draft.templates import Template
from syngraph.errors import InputError, SyngraphError
from syngraph.model import (
    Component,
    Draft,
    Encounter,
    Fact,
    FactId,
    Finding,
    Group,
    Language,
    Patient,
    Problem,
    Section,
    Source,
    SourceId,
    SourceKind,
)
from syngraph.ports import Progress
from syngraph.settings import Settings

#: Kinds of facts whose names help a recogniser hear right.
_HOTWORD_KINDS = ("medication", "allergy", "condition", "symptom")
#: As many names as a recogniser can use.
_HOTWORDS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What the files of an encounter say: sources in the contract's order of kinds, and what could not be read."""

    sources: tuple[Source, ...]
    problems: tuple[Problem, ...]


def draft(
    folder: Path,
    *,
    settings: Settings | None = None,
    language: Language | None = None,
    template: str | None = None,
    progress: Progress | None = None,
) -> Draft:
    """Draft the encounter in ``folder``.

    Args:
        folder: an encounter folder as in ``docs/encounter-format.md``.
        settings: the operator's settings; from the environment by default.
        language: language of the record; the encounter's by default.
        template: template id; the encounter's or the language's default.
        progress: told how far pages and audio are.

    Returns:
        The draft. Files that could not be read stand in its ``problems``.

    Raises:
        InputError: the folder has no usable header, or the template is unknown.
    """
    from syngraph.sources.folder import read_header

    settings = settings or Settings.from_env()
    encounter, problems = read_header(folder)
    # A recording is in the encounter's own language, whatever the record is to be written in.
    read = read_sources(folder, encounter, settings=settings, progress=progress)
    if language:
        encounter = replace(encounter, language=language)
    return compose_draft(encounter, Read(sources=read.sources, problems=(*problems, *read.problems)), template=template)


def read_sources(folder: Path, encounter: Encounter, *, settings: Settings, progress: Progress | None = None) -> Read:
    """Read every file of an encounter folder.

    The consultation comes last, so that a recogniser can listen for the names that the other sources hold, but it
    keeps its place in the order of sources.
    """
    from syngraph.sources.folder import AUDIO, list_files

    files, problems = list_files(folder)
    found: list[Source] = []
    trouble = list(problems)
    talk: list[tuple[str, bytes, SourceId]] = []
    for number, (kind, path) in enumerate(files, 1):
        source_id = SourceId(f"s{number}")
        name = path.relative_to(folder).as_posix()
        data = _bytes(path, name, settings, trouble)
        if data is None:
            continue
        if kind == "consultation":
            talk.append((name, data, source_id))
            continue
        sources, fresh = read_file(data, name, kind, source_id=source_id, settings=settings, progress=progress)
        found += sources
        trouble += fresh
    if talk:
        names = hotwords(found, encounter) if any(Path(name).suffix.lower() in AUDIO for name, _, _ in talk) else ()
        sources, fresh = _read_talk(talk, encounter, names, settings, progress)
        found += sources
        trouble += fresh
    order: dict[str, int] = {"preconsultation": 0, "consultation": 1, "report": 2, "emr": 3}
    found.sort(key=lambda s: order[s.kind])
    return Read(sources=tuple(found), problems=tuple(trouble))


def _bytes(path: Path, name: str, settings: Settings, trouble: list[Problem]) -> bytes | None:
    try:
        if path.stat().st_size > settings.max_file_mb * 2**20:
            limit = f"larger than {settings.max_file_mb} MiB"
            trouble.append(Problem(path=name, message=limit, advice="split it, or raise SYNGRAPH_MAX_FILE_MB"))
            return None
        return path.read_bytes()
    except OSError as e:
        trouble.append(
            Problem(path=name, message=f"can't be opened: {e.strerror}", advice="check its path and permissions")
        )
        return None


def read_file(
    data: bytes,
    name: str,
    kind: SourceKind,
    *,
    source_id: SourceId,
    settings: Settings,
    progress: Progress | None = None,
    language: str = "zh",
) -> tuple[tuple[Source, ...], tuple[Problem, ...]]:
    """Read one file of a known kind. Never raises on bad input: that is a problem."""
    try:
        sources, problems = _read_kind(data, name, kind, source_id, settings, progress, language)
        if not sources and not problems:
            problems = (Problem(path=name, message="holds nothing that can be used", advice="check what it is"),)
        return sources, problems
    except SyngraphError as e:
        return (), (Problem(path=name, message=e.message, advice=e.advice),)
    except Exception as e:  # a reader's own fault must not cost the other sources
        return (), (Problem(path=name, message=f"can't be read: {fault(e)}", advice="please report it"),)


def fault(error: BaseException) -> str:
    """An unforeseen error as a few words: its type and place, never its text, which may be a patient's."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"internal error ({type(error).__name__}{place})"


def _read_kind(
    data: bytes,
    name: str,
    kind: SourceKind,
    source_id: SourceId,
    settings: Settings,
    progress: Progress | None,
    language: str,
) -> tuple[tuple[Source, ...], tuple[Problem, ...]]:
    if kind == "preconsultation":
        from syngraph.sources.preconsultation import read_preconsultation

        source, problems = read_preconsultation(data, name, source_id=source_id, settings=settings)
        return ((source,) if source else ()), problems
    if kind == "report":
        from syngraph.sources.reports import read_report

        source, problems = read_report(data, name, source_id=source_id, settings=settings, progress=progress)
        return ((source,) if source else ()), problems
    if kind == "emr":
        from syngraph.sources.emr import read_emr

        return read_emr(data, name, source_id=source_id, settings=settings)
    from syngraph.sources.consultation import read_consultation

    return read_consultation(
        [(name, data)], first_id=_ids([source_id]), language=language, hotwords=(), settings=settings, progress=progress
    )


def _read_talk(
    talk: Sequence[tuple[str, bytes, SourceId]],
    encounter: Encounter,
    names: Sequence[str],
    settings: Settings,
    progress: Progress | None,
) -> tuple[tuple[Source, ...], tuple[Problem, ...]]:
    from syngraph.sources.consultation import read_consultation

    try:
        return read_consultation(
            [(name, data) for name, data, _ in talk],
            first_id=_ids([source_id for _, _, source_id in talk]),
            language=encounter.language,
            hotwords=names,
            settings=settings,
            progress=progress,
        )
    except Exception as e:  # as in read_file
        said = f"can't be read: {fault(e)}"
        return (), tuple(Problem(path=name, message=said, advice="please report it") for name, _, _ in talk)


def _ids(ids: Sequence[SourceId]) -> Callable[[], SourceId]:
    """Gives the next of ``ids`` each time it is called; a talk is one file or more, so they suffice."""
    left = iter(ids)
    return lambda: next(left)


def hotwords(sources: Sequence[Source], encounter: Encounter) -> tuple[str, ...]:
    """Names that a recogniser should listen for: the patient's drugs, allergies and conditions, as sources name them."""
    names: dict[str, int] = {}
    for source in sources:
        for fact in _facts(source, encounter, []):
            if fact.kind in _HOTWORD_KINDS and fact.concept.id != f"{fact.kind}:any":
                names.setdefault(fact.concept.text, _HOTWORD_KINDS.index(fact.kind))
    return tuple(sorted(names, key=lambda n: names[n]))[:_HOTWORDS]


def _facts(source: Source, encounter: Encounter, trouble: list[Problem]) -> tuple[Fact, ...]:
    from syngraph.facts.extract import extract

    try:
        return extract(source, encounter)
    except Exception as e:  # as in read_file
        said = f"its facts can't be extracted: {fault(e)}"
        trouble.append(Problem(path=source.path, message=said, advice="please report it"))
        return ()


def compose_draft(encounter: Encounter, read: Read, *, template: str | None = None) -> Draft:
    """Extract, merge, check and write what was read.

    Raises:
        InputError: the template is unknown.
    """
    from syngraph.terminology.day_order import day_order, order_of

    with day_order(order_of((s.text for s in read.sources), encounter.start)):
        return _compose_draft(encounter, read, template)


def _compose_draft(encounter: Encounter, read: Read, template: str | None) -> Draft:
    from syngraph.checks.identity import check_identity
    from syngraph.draft.templates import default_template, load_template
    from syngraph.merge import merge, number

    chosen = load_template(
        template or _fitting(encounter) or default_template(encounter.language, encounter.department)
    )
    identity, strangers = check_identity(read.sources, encounter)
    facts: list[Fact] = []
    trouble: list[Problem] = list(read.problems)
    for source in read.sources:
        if source.id not in strangers:
            facts += _facts(source, encounter, trouble)
    groups = number(merge(facts, read.sources, encounter))
    return _write(encounter, replace(read, problems=tuple(trouble)), chosen, groups, identity)


def _fitting(encounter: Encounter) -> str | None:
    """The encounter's own template, where it is of the record's language."""
    from syngraph.draft.templates import load_template

    if encounter.template and load_template(encounter.template).language == encounter.language:
        return encounter.template
    return None


def _write(
    encounter: Encounter, read: Read, template: Template, groups: Sequence[Group], identity: Sequence[Finding]
) -> Draft:
    from syngraph.checks.record import guard_sections
    from syngraph.checks.run import check
    from syngraph.draft.compose import compose, left_out

    findings = [*identity, *check(groups, encounter, read.sources, template.required)]
    sections = compose(groups, encounter, template, read.sources, findings)

    def again(facts: Collection[FactId]) -> Sequence[Section]:
        rows = [g for g in groups if any(f.id in facts for f in g.facts)]
        return compose(rows, encounter, template, read.sources, findings)

    sections, rejected = guard_sections(sections, read.sources, encounter, again)
    refused = {f for x in rejected for f in x.facts}
    findings = _numbered([*findings, *rejected])
    return Draft(
        encounter=encounter,
        template=template.id,
        sources=read.sources,
        facts=tuple(f for g in groups for f in g.facts),
        sections=sections,
        findings=tuple(findings),
        problems=read.problems,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        components=_components(read.sources),
        left_out=tuple({"fact": fact, "reason": reason} for fact, reason in left_out(groups, sections, refused)),
    )


def _numbered(findings: Sequence[Finding]) -> list[Finding]:
    rank = {"blocking": 0, "warning": 1, "info": 2}
    ordered = sorted(findings, key=lambda f: rank[f.severity])
    return [replace(f, id=f"x{i}") for i, f in enumerate(ordered, 1)]


def _components(sources: Sequence[Source]) -> tuple[Component, ...]:
    own = Component(role="software", name="syngraph", version=__version__)
    rules = Component(role="extract", name="rules", version=__version__)
    engines = dict.fromkeys(c for s in sources for c in s.components)
    return (own, rules, *engines)


def read_one(
    path: Path, *, kind: SourceKind | None = None, settings: Settings | None = None, progress: Progress | None = None,
    language: Language | None = None,
) -> tuple[tuple[Source, ...], dict[SourceId, tuple[Fact, ...]], tuple[Problem, ...]]:  # fmt: skip
    """Read one source file and say what it says, without an encounter around it.

    Raises:
        InputError: the file can't be opened or its kind can't be told.
    """
    settings = settings or Settings.from_env()
    trouble: list[Problem] = []
    if path.is_dir():
        raise InputError(f"{path}: is a folder, not a file", "to draft an encounter: syngraph draft")
    data = _bytes(path, str(path), settings, trouble)
    if data is None:
        raise InputError(trouble[0].line)
    kind = kind or guess_kind(path, data[:4096])
    sources, problems = read_file(
        data, path.name, kind, source_id=SourceId("s1"), settings=settings, progress=progress, language=language or "zh"
    )
    trouble += problems
    facts: dict[SourceId, tuple[Fact, ...]] = {}
    for source in sources:
        spoken: Language = language or ("zh" if any("一" <= c <= "鿿" for c in source.text) else "en")
        around = Encounter(
            id="read", language=spoken, start=_now(source), patient=Patient(id="unknown", name="unknown")
        )
        rows = enumerate(_facts(source, around, trouble), 1)
        facts[source.id] = tuple(replace(f, id=FactId(f"f{i}")) for i, f in rows)
    return sources, facts, tuple(trouble)


def _now(source: Source) -> datetime:
    try:
        return datetime.fromisoformat((source.recorded or "")[:10]).replace(tzinfo=UTC)
    except ValueError:  # no date, or one of year or month precision
        return datetime.now(UTC)


_BY_SUFFIX: dict[str, SourceKind] = {
    **dict.fromkeys((".jpg", ".jpeg", ".png", ".heic", ".heif", ".tif", ".tiff", ".bmp", ".webp", ".pdf"), "report"),
    **dict.fromkeys((".wav", ".mp3", ".m4a", ".ogg", ".flac", ".webm", ".vtt", ".srt", ".txt"), "consultation"),
    **dict.fromkeys((".hl7", ".xml", ".ndjson"), "emr"),
    **dict.fromkeys((".yaml", ".yml"), "preconsultation"),
}


def guess_kind(path: Path, head: bytes = b"") -> SourceKind:
    """The kind of a lone file: by its folder's name, its extension, or what the ``head`` of its JSON holds.

    Raises:
        InputError: it can't be told.
    """
    from syngraph.sources.folder import FOLDERS

    if path.parent.name in FOLDERS:
        return FOLDERS[path.parent.name]
    kind = _BY_SUFFIX.get(path.suffix.lower())
    if kind:
        return kind
    if path.suffix.lower() == ".json":
        if b"QuestionnaireResponse" in head or b'"question"' in head:
            return "preconsultation"
        if b"resourceType" in head:
            return "emr"
        return "consultation"
    raise InputError(f"{path}: its kind can't be told", "give --kind preconsultation, consultation, report or emr")

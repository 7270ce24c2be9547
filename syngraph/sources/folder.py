"""The encounter folder: its header, and which file belongs to which of the four sources."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from syngraph.errors import InputError
from syngraph.model import Encounter, Language, Patient, Problem, Sex, SourceKind
from syngraph.sources.plain import decode_text, is_chinese, one_line, parse_json, parse_yaml

HEADERS = ("encounter.yaml", "encounter.yml", "encounter.json")
FOLDERS: Mapping[str, SourceKind] = {
    "preconsultation": "preconsultation",
    "consultation": "consultation",
    "reports": "report",
    "report": "report",
    "emr": "emr",
}
AUDIO = frozenset({".wav", ".mp3", ".m4a", ".ogg", ".flac", ".webm", ".opus", ".aac", ".mp4", ".oga"})
TRANSCRIPTS = frozenset({".vtt", ".srt", ".json", ".txt"})
EXTENSIONS: Mapping[SourceKind, frozenset[str]] = {
    "preconsultation": frozenset({".json", ".yaml", ".yml"}),
    "consultation": AUDIO | TRANSCRIPTS,
    "report": frozenset({".jpg", ".jpeg", ".png", ".heic", ".heif", ".tif", ".tiff", ".pdf", ".webp", ".bmp"}),
    "emr": frozenset({".json", ".ndjson", ".hl7", ".xml"}),
}
MAX_HEADER_BYTES = 1 << 20
_MAX_DEPTH = 4
_IGNORED = frozenset({"thumbs.db", "desktop.ini", "__macosx"})
_SEXES: Mapping[str, Sex] = {
    "f": "female", "female": "female", "woman": "female", "girl": "female", "女": "female", "女性": "female",
    "m": "male", "male": "male", "man": "male", "boy": "male", "男": "male", "男性": "male",
    "other": "other", "o": "other", "其他": "other", "其它": "other",
    "unknown": "unknown", "u": "unknown", "未知": "unknown", "不详": "unknown", "": "unknown",
}  # fmt: skip
_LANGUAGES: Mapping[str, Language] = {
    "zh": "zh", "cn": "zh", "chi": "zh", "zho": "zh", "chinese": "zh", "mandarin": "zh", "中文": "zh", "汉语": "zh",
    "en": "en", "eng": "en", "english": "en", "英文": "en", "英语": "en",
}  # fmt: skip
_DAY = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2}))?|(\d\d)(\d\d))?[日月年]?")


def read_header(folder: Path) -> tuple[Encounter, tuple[Problem, ...]]:
    """The header of an encounter folder, and what in it was unclear.

    Raises:
        InputError: there is no folder, no header, or the header names no patient.
    """
    path = _header_path(folder)
    raw = _load(path)
    problems: list[Problem] = []
    note = _Notes(path.name, problems)
    if sum((folder / name).is_file() for name in HEADERS) > 1:
        note("there is more than one encounter header; this one is used", "keep one")
    patient = _patient(path, raw.get("patient"), note)
    department = _text(raw.get("department"))
    clinician = raw.get("clinician")
    doctor = clinician if isinstance(clinician, dict) else {"name": clinician}
    encounter = Encounter(
        id=_text(raw.get("id")) or folder.resolve().name or "encounter",
        language=_language(raw.get("language"), patient.name + (department or ""), note),
        start=_start(raw.get("start"), note),
        patient=patient,
        template=_text(raw.get("template")),
        department=department,
        clinician_id=_text(doctor.get("id")),
        clinician_name=_text(doctor.get("name")),
    )
    return encounter, tuple(problems)


class _Notes:
    """Collects problems of one file."""

    def __init__(self, path: str, problems: list[Problem]) -> None:
        self.path = path
        self.problems = problems

    def __call__(self, message: str, advice: str) -> None:
        self.problems.append(Problem(path=self.path, message=message, advice=advice))


def _header_path(folder: Path) -> Path:
    if not folder.exists():
        raise InputError(f"{_shown(folder)}: there is no such folder", "give the path of an encounter folder")
    if not folder.is_dir():
        raise InputError(f"{_shown(folder)}: is a file, not an encounter folder", "give the folder that holds it")
    for name in HEADERS:
        if (folder / name).is_file():
            return folder / name
    raise InputError(
        f"{_shown(folder)}: has no encounter.yaml", "write one with patient: {id, name}, language and start"
    )


def _load(path: Path) -> dict[str, Any]:
    shown = _shown(path)
    try:
        with path.open("rb") as file:
            data = file.read(MAX_HEADER_BYTES + 1)
        if len(data) > MAX_HEADER_BYTES:
            raise InputError("is larger than 1 MB", "an encounter header is a few lines")
        text = decode_text(data)
        raw = parse_json(text) if path.suffix == ".json" else parse_yaml(text)
    except InputError as error:
        raise InputError(f"{shown}: {error.message}", error.advice) from None
    except OSError as error:
        raise InputError(f"{shown}: can't be opened ({error.strerror})", "check its permissions") from None
    if not isinstance(raw, dict):
        raise InputError(f"{shown}: is not a list of key: value lines", "see docs/encounter-format.md")
    return {str(k).strip().lower(): v for k, v in raw.items()}


def _text(value: object) -> str | None:
    """A scalar as one line of text; None for nothing, for YAML's null and for lists and mappings."""
    if not isinstance(value, str) or value.strip() in {"", "~", "null", "Null", "NULL"}:
        return None
    return one_line(value)


def _patient(path: Path, raw: object, note: _Notes) -> Patient:
    where = _shown(path)
    if not isinstance(raw, dict):
        raise InputError(f"{where}: names no patient", "add a line patient: {id: ..., name: ...}")
    identifier, name = _text(raw.get("id")), _text(raw.get("name"))
    missing = " and ".join(key for key, value in (("id", identifier), ("name", name)) if not value)
    if not identifier or not name:
        raise InputError(f"{where}: the patient has no {missing}", "complete patient: {id: ..., name: ...}")
    return Patient(
        id=identifier, name=name, sex=_sex(raw.get("sex") or raw.get("gender"), note), birth_date=_birth(raw, note)
    )


def _sex(raw: object, note: _Notes) -> Sex:
    word = (_text(raw) or "").lower()
    if word not in _SEXES:
        note("the patient's sex is not understood; unknown is used", "write female, male, other or unknown")
    return _SEXES.get(word, "unknown")


def _birth(raw: Mapping[str, object], note: _Notes) -> str | None:
    text = _text(raw.get("birth_date") or raw.get("birthdate") or raw.get("birthDate"))
    if text is None:
        return None
    iso = iso_date(text)
    if iso is None:
        note("the patient's birth_date is not a date; none is used", "write it as 1984-03-02")
    return iso


def iso_date(text: str) -> str | None:
    """A day, month or year as ISO 8601, as exact as written; None where it is no date.

    >>> iso_date("1984年3月2日"), iso_date("19840302"), iso_date("1984-13")
    ('1984-03-02', '1984-03-02', None)
    """
    found = _DAY.fullmatch(text.strip().partition("T")[0])
    if not found:
        return None
    year, month, day, month2, day2 = found.groups()
    month, day = month or month2, day or day2
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    return "-".join([year, *(part.zfill(2) for part in (month, day) if part)])


def _start(raw: object, note: _Notes) -> datetime:
    start = _time(_text(raw) or "")
    if start is None:
        what = "start is not a time" if raw else "has no start"
        note(
            f"{what}; the present time is used, so relative dates may be wrong", "write it as 2026-11-20T09:30:00+08:00"
        )
        return datetime.now(UTC)
    if start.tzinfo is None:
        note("start has no offset; UTC is used", "write it as 2026-11-20T09:30:00+08:00")
        start = start.replace(tzinfo=UTC)
    return start


def _time(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text.replace(" +", "+"))
    except ValueError:
        day = iso_date(text)
        return datetime.fromisoformat(day) if day and len(day) == 10 else None


def _language(raw: object, hint: str, note: _Notes) -> Language:
    text = (_text(raw) or "").lower()
    known = _LANGUAGES.get(re.split(r"[-_]", text)[0])
    if known:
        return known
    guess: Language = "zh" if is_chinese(hint) else "en"
    what = "has no language" if not text else "names a language that is neither zh nor en"
    note(f"{what}; {guess} is used", "add language: zh or language: en")
    return guess


def list_files(folder: Path) -> tuple[list[tuple[SourceKind, Path]], tuple[Problem, ...]]:
    """The files of an encounter folder by source, sorted by path; and those that belong to none, with the reason."""
    problems: list[Problem] = []
    files: list[tuple[SourceKind, Path]] = []
    for entry in _children(folder):
        name = entry.name.lower()
        if entry.is_dir() and name in FOLDERS and not entry.is_symlink():
            files += _kind_files(folder, entry, FOLDERS[name], problems)
        elif name not in HEADERS:
            problems.append(_misplaced(folder, entry))
    if not files:
        message = "holds no file of any source"
        advice = "put files into preconsultation/, consultation/, reports/ or emr/"
        problems.append(Problem(path=_shown(Path(folder.name or ".")), message=message, advice=advice))
    order = {kind: i for i, kind in enumerate(EXTENSIONS)}
    return sorted(files, key=lambda f: (order[f[0]], str(f[1]))), tuple(problems)


def _children(folder: Path) -> Iterator[Path]:
    for entry in sorted(folder.iterdir()):
        if not entry.name.startswith((".", "~$")) and entry.name.lower() not in _IGNORED:
            yield entry


def _kind_files(
    root: Path, folder: Path, kind: SourceKind, problems: list[Problem], depth: int = 0
) -> Iterator[tuple[SourceKind, Path]]:
    try:
        entries = list(_children(folder))
    except OSError as error:
        problems.append(_problem(root, folder, f"can't be opened ({error.strerror})", "check its permissions"))
        return
    for entry in entries:
        reason = _refusal(root, entry, kind, depth)
        if reason:
            problems.append(_problem(root, entry, *reason))
        elif entry.is_dir():
            yield from _kind_files(root, entry, kind, problems, depth + 1)
        else:
            yield kind, entry


def _refusal(root: Path, entry: Path, kind: SourceKind, depth: int) -> tuple[str, str] | None:
    """Why ``entry`` can't be a file of ``kind``, with advice; None where it can."""
    if entry.is_symlink():
        target = entry.resolve()
        if not target.is_relative_to(root.resolve()) or not target.is_file():
            return "is a link that leads out of the folder; not followed", "put the file itself here"
    if entry.is_dir():
        return ("is nested too deeply", "put the files higher up") if depth >= _MAX_DEPTH else None
    if not entry.is_file():
        return "is not a regular file", "remove it"
    suffix = entry.suffix.lower()
    if suffix in EXTENSIONS[kind]:
        return None
    allowed = " ".join(sorted(EXTENSIONS[kind]))
    home = next((name for name, k in FOLDERS.items() if suffix in EXTENSIONS[k]), None)
    where = f", or move it to {home}/" if home else ""
    return f"a {kind} can't be read from {suffix or 'a file without extension'}", f"readable: {allowed}{where}"


def _misplaced(root: Path, entry: Path) -> Problem:
    names = "preconsultation/, consultation/, reports/ or emr/"
    if entry.is_dir() and not entry.is_symlink():
        return _problem(root, entry, "is not a folder of any source; not read", f"move its files to {names}")
    if entry.is_symlink() and entry.name.lower() in FOLDERS:
        return _problem(root, entry, "is a linked folder; not followed", "put the files themselves here")
    return _problem(root, entry, "lies outside the source folders; not read", f"move it to {names}")


def _problem(root: Path, entry: Path, message: str, advice: str) -> Problem:
    return Problem(path=_shown(entry.relative_to(root)), message=message, advice=advice)


def _shown(path: Path) -> str:
    """``path`` for a message: forward slashes, printable even where the file system's bytes are no text."""
    text = path.as_posix().encode("utf-8", "replace").decode("utf-8")
    return "".join(c if c.isprintable() else "?" for c in text)

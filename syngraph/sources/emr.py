"""What this hospital already knows: FHIR R4, HL7 v2 and CDA files to Sources.

Each structured thing becomes an :class:`~syngraph.model.Entry` with one plain line of the source's text that shows
it, each written text a :class:`~syngraph.model.Segment`. The original's numbers stay as received.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import PurePosixPath

from syngraph.errors import InputError
from syngraph.model import Problem, Source, SourceId
from syngraph.settings import Settings
from syngraph.sources.emr_sheet import Reading, build_sources
from syngraph.sources.plain import decode_text

_HL7 = re.compile(rb"[\x00-\x20\xef\xbb\xbf]*(?:MSH|FHS|BHS)[^A-Za-z0-9\s]")
_JSON_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*[\[{]")
_XML_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*<")


def read_emr(
    data: bytes, path: str, *, source_id: SourceId, settings: Settings
) -> tuple[tuple[Source, ...], tuple[Problem, ...]]:
    """Reads one file of ``emr/``; what can't be read is a Problem, never an exception.

    Args:
        data: the file's bytes.
        path: relative to the encounter folder.
        source_id: id of the first Source; a file about several patients gives ``s4``, ``s4b``, ``s4c`` …
        settings: limits on size and attached pages.

    Returns:
        One Source for each patient of the file, and the problems met.
    """
    reading = _read(data, path, settings)
    digest = hashlib.sha256(data).hexdigest()
    sheets = [s for s in reading.sheets if s.items or s.identity]
    if not sheets and not reading.problems:
        return (), ()
    return build_sources(sheets, source_id=source_id, path=path, sha256=digest), reading.problems


def _read(data: bytes, path: str, settings: Settings) -> Reading:
    if len(data) > settings.max_file_mb * 1024 * 1024:
        return _problem(path, f"is larger than {settings.max_file_mb} MB", "raise SYNGRAPH_MAX_FILE_MB or split it")
    if not data.strip(b"\x00 \t\r\n\x0b\x1c\xef\xbb\xbf"):
        return _problem(path, "is empty", "export it again")
    try:
        return _by_format(data, path, settings)
    except RecursionError:
        return _problem(path, "is nested too deeply", "check the file")


def _by_format(data: bytes, path: str, settings: Settings) -> Reading:
    """By content first: a message saved under the wrong extension is still a message."""
    kind = _kind(data, PurePosixPath(path).suffix.lower())
    if kind == "hl7":
        from syngraph.sources.emr_hl7 import read_hl7

        return read_hl7(data, path, settings=settings)
    if kind == "cda":
        from syngraph.sources.emr_cda import read_cda

        return read_cda(data, path, settings=settings)
    if kind == "fhir":
        return _fhir(data, path, settings)
    return _problem(path, "is neither FHIR JSON nor HL7 v2 nor CDA", "export it in one of these formats")


def _kind(data: bytes, suffix: str) -> str:
    if _HL7.match(data):
        return "hl7"
    if _XML_START.match(data):
        return "cda"
    if _JSON_START.match(data):
        return "fhir"
    by_name = {".json": "fhir", ".ndjson": "fhir", ".hl7": "hl7", ".xml": "cda", ".cda": "cda", ".ccda": "cda"}
    return by_name.get(suffix, "")


def _fhir(data: bytes, path: str, settings: Settings) -> Reading:
    from syngraph.sources.emr_fhir import read_fhir

    try:
        text = decode_text(data)
    except InputError as error:
        return _problem(path, error.message, error.advice)
    return read_fhir(text, path, settings=settings)


def _problem(path: str, message: str, advice: str) -> Reading:
    return Reading(problems=(Problem(path=path, message=message, advice=advice),))

r"""HL7 v2: bytes to messages of segments. Characters are decoded before anything is split.

464 Chinese characters have a GBK second byte that is ``|``, ``^``, ``\`` or ``~`` (traditional ones, as in names from
Hong Kong and Taiwan), so splitting bytes would tear them apart. Order of trust: MSH-18, strict UTF-8, GB18030.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from syngraph.model import Problem
from syngraph.settings import Settings
from syngraph.sources.emr_sheet import Reading

#: HL7 table 0211 and the spellings met in the field.
_CHARSETS = {
    **dict.fromkeys((b"UNICODE UTF-8", b"UTF-8", b"UTF8", b"UNICODE"), "utf-8"),
    **dict.fromkeys(
        (b"GB 18030-2000", b"GB18030-2000", b"GB 18030", b"GB18030", b"GBK", b"GB2312", b"GB 2312"), "gb18030"
    ),
    **dict.fromkeys((b"BIG-5", b"BIG5"), "big5hkscs"),
    **dict.fromkeys((b"8859/1", b"ISO-8859-1"), "cp1252"),
    b"8859/15": "iso-8859-15",
    b"8859/2": "iso-8859-2",
    b"UNICODE UTF-16": "utf-16",
    b"ASCII": "utf-8",
}
_DECLARED = re.compile(
    rb"[|~](" + b"|".join(re.escape(c) for c in sorted(_CHARSETS, key=len, reverse=True)) + rb")(?=[|~\r\n\x1c]|$)"
)
_SEGMENT = re.compile(r"[A-Z][A-Z0-9]{2}(?=[^A-Za-z0-9]|$)")
_ENVELOPE = frozenset({"FHS", "BHS", "BTS", "FTS"})
_ESCAPE = re.compile(r"\\([^\\\n]{1,200}?)\\")


@dataclass(frozen=True, slots=True)
class Delimiters:
    """The separators of one message, from MSH-1 and MSH-2."""

    field: str = "|"
    component: str = "^"
    repetition: str = "~"
    escape: str = "\\"
    subcomponent: str = "&"


@dataclass(frozen=True, slots=True)
class Segment7:
    """One segment: its name, its fields still separated (``fields[0]`` is the name), its place ``OBX[3]``."""

    name: str
    fields: tuple[str, ...]
    delimiters: Delimiters
    path: str

    def repetitions(self, number: int) -> list[str]:
        """The repetitions of field ``number`` (from 1), still escaped; [] where it is empty."""
        raw = self.fields[number] if number < len(self.fields) else ""
        return [r for r in raw.split(self.delimiters.repetition) if r and r != '""']

    def parts(self, number: int, repetition: int = 0) -> list[str]:
        """The unescaped components of one repetition of a field, subcomponents by a blank."""
        rows = self.repetitions(number)
        if repetition >= len(rows):
            return []
        return self.components(rows[repetition])

    def components(self, raw: str) -> list[str]:
        """The unescaped components of one repetition."""
        d = self.delimiters
        return [" ".join(unescape(s, d) for s in c.split(d.subcomponent) if s) for c in raw.split(d.component)]

    def get(self, number: int, component: int = 1) -> str:
        """One component of the first repetition of a field, on one line; empty where there is none."""
        parts = self.parts(number)
        return " ".join(parts[component - 1].split()) if component <= len(parts) else ""


@dataclass(frozen=True, slots=True)
class Message:
    """One message: its segments in order, the first of them MSH."""

    segments: tuple[Segment7, ...]

    @property
    def head(self) -> Segment7:
        """The MSH segment."""
        return self.segments[0]

    @property
    def type(self) -> str:
        """Message type, ``ORU`` of ``ORU^R01``."""
        return self.head.get(9)

    @property
    def event(self) -> str:
        """Trigger event, ``R01`` of ``ORU^R01``."""
        return self.head.get(9, 2)


def escape(text: str, d: Delimiters | None = None) -> str:
    r"""``text`` as it may stand in a field: separators escaped, line breaks as ``\.br\``."""
    d = d or Delimiters()
    known = {
        d.escape: "E",
        d.field: "F",
        d.component: "S",
        d.subcomponent: "T",
        d.repetition: "R",
        "\n": ".br",
        "\r": "X0D",
    }
    return "".join(f"{d.escape}{known[c]}{d.escape}" if c in known else c for c in text)


def unescape(text: str, d: Delimiters | None = None) -> str:
    """The text that an escaped field stands for; formatting commands become line breaks and blanks or go."""
    d = d or Delimiters()
    if d.escape not in text or not d.escape:
        return text
    pattern = (
        _ESCAPE
        if d.escape == "\\"
        else re.compile(f"{re.escape(d.escape)}([^{re.escape(d.escape)}\n]{{1,200}}?){re.escape(d.escape)}")
    )
    return pattern.sub(lambda m: _meaning(m[1], d, m[0]), text)


def _meaning(code: str, d: Delimiters, whole: str) -> str:
    simple = {"F": d.field, "S": d.component, "T": d.subcomponent, "R": d.repetition, "E": d.escape, "H": "", "N": ""}
    if code in simple:
        return simple[code]
    if code.startswith((".br", ".sp")) or code == ".ce":
        number = code[3:].strip("+ ")
        return "\n" * min(int(number), 20) if number.isdecimal() and len(number) < 4 else "\n"
    if re.fullmatch(r"X(?:[0-9A-Fa-f]{2})+", code):
        return _hex(bytes.fromhex(code[1:]))
    if re.fullmatch(r"\.[a-z]{2}[+-]?\d*|[CMZ][0-9A-Za-z]*", code):
        return ""
    return whole  # a backslash that was never meant as an escape, as in a path or a drug ratio


def _hex(data: bytes) -> str:
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def decode(data: bytes) -> tuple[str, bool]:
    """The text of an HL7 v2 file, and whether every byte of it could be read."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace"), True
    m = _DECLARED.search(data[:2000])
    declared = _CHARSETS[m[1]] if m else ""
    for encoding in dict.fromkeys(_trials(data, declared)):
        try:
            return data.decode(encoding), True
        except UnicodeDecodeError:
            continue
    return data.decode(declared or "gb18030", "replace"), False


def _trials(data: bytes, declared: str) -> Iterator[str]:
    """Encodings in order of trust. What is valid UTF-8 is hardly ever Latin-1 by accident, nor GBK with Chinese in it."""
    if declared in ("", "utf-8", "cp1252", "gb18030", "big5hkscs"):
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            text = ""
        if text and (declared in ("", "utf-8", "cp1252") or sum("\u4e00" <= c <= "\u9fff" for c in text) >= 3):
            yield "utf-8"
    if declared == "cp1252" and not _western(data):
        yield "gb18030"
    if declared:
        yield declared
    yield "gb18030"


def _western(data: bytes) -> bool:
    """Whether bytes above 127 stand alone, as accents do, rather than in the pairs of Chinese."""
    runs = [len(r) for r in re.findall(rb"[\x80-\xff]+", data)]
    return not runs or sum(n == 1 for n in runs) * 2 > len(runs)


def split_messages(text: str) -> list[Message]:
    """The messages of a file; MLLP framing and batch envelopes are taken off. [] where there is no MSH."""
    groups: list[list[str]] = []
    for line in _lines(text):
        if line.startswith("MSH"):
            groups.append([line])
        elif groups and line[:3] not in _ENVELOPE:
            groups[-1].append(line)
    return [_message(g, f"message[{n}]." if len(groups) > 1 else "") for n, g in enumerate(groups, 1)]


def _lines(text: str) -> Iterator[str]:
    """One segment each; a line that starts no segment goes on with the one before (a broken free text)."""
    kept = ""
    for line in re.split(r"\r\n|\r|\n|\x0b|\x1c|\x85", text):
        line = line.lstrip("\ufeff \t")
        if _SEGMENT.match(line) and (line.startswith(("MSH", *_ENVELOPE)) or line[3:4] in ("", kept[3:4], "|")):
            if kept:
                yield kept
            kept = line
        elif line and kept:
            kept += "\n" + line
    if kept:
        yield kept


def _message(lines: list[str], prefix: str) -> Message:
    delimiters = _delimiters(lines[0])
    counts: dict[str, int] = {}
    segments = []
    for line in lines:
        name = line[:3]
        counts[name] = counts.get(name, 0) + 1
        segments.append(_segment(line, delimiters, f"{prefix}{name}[{counts[name]}]"))
    return Message(tuple(segments))


def _delimiters(line: str) -> Delimiters:
    separator = line[3:4] or "|"
    marks = line[4:].partition(separator)[0]
    default = "^~\\&"
    # A message may name fewer than four marks; the rest are the standard's.
    c, r, e, s = (marks[n] if n < len(marks) else default[n] for n in range(4))
    return Delimiters(field=separator, component=c, repetition=r, escape=e, subcomponent=s)


def _segment(line: str, delimiters: Delimiters, path: str) -> Segment7:
    fields = line.split(delimiters.field)
    if fields[0] == "MSH":
        fields.insert(1, delimiters.field)  # MSH-1 is the separator itself
    return Segment7(fields[0], tuple(fields), delimiters, path)


@dataclass(slots=True)
class Hl7File:
    """What a reader of segments needs beside them: where to put problems, and the limit on attached pages."""

    path: str
    max_pages: int
    problems: list[Problem] = field(default_factory=list)

    def note(self, message: str, advice: str = "") -> None:
        """Says once that something in the file could not be read."""
        problem = Problem(path=self.path, message=message, advice=advice)
        if problem not in self.problems:
            self.problems.append(problem)


def read_hl7(data: bytes, path: str, *, settings: Settings) -> Reading:
    """What an HL7 v2 file says, a Sheet for each patient; never raises."""
    from syngraph.sources.emr_hl7_rows import sheets_of

    text, whole = decode(data)
    file = Hl7File(path, settings.max_pages)
    messages = split_messages(text)
    if not messages:
        return Reading(
            problems=(
                Problem(path=path, message="no HL7 v2 message: it has no MSH segment", advice="check the export"),
            )
        )
    if not whole:
        file.note("some characters can't be read in the encoding that MSH-18 names", "name the right one in MSH-18")
    sheets = sheets_of(file, messages)
    return Reading(sheets=tuple(sheets), problems=tuple(file.problems))

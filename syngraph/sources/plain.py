"""Bytes to text, JSON and YAML, safely: any common encoding, numbers kept as written, nothing executed or expanded."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

from syngraph.errors import InputError

_USUAL = re.compile(r"[\t\n\r -~\u00a0-\u00ff\u2010-\u2030\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
#: Control characters that no text needs; tab, line feed and carriage return stay.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\ufeff]")

#: The parser takes a question mark inside {...} for YAML's own: ``{question: Any cough?, answer: no}`` would not parse.
_STRAY_MARK = re.compile(r"(?<=\w)\?(?=\s*[,}\]])")
_MARK = "\ue03f"


def decode_text(data: bytes) -> str:
    r"""``data`` as text: UTF-8, UTF-16 or UTF-32 by its mark, else UTF-8, GB18030 or Windows-1252 by its bytes.

    Line ends become ``\n``; control characters go.

    Raises:
        InputError: the bytes are no text.
    """
    text = _decode(data)
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _decode(data: bytes) -> str:
    for mark, encoding in ((b"\xff\xfe\x00\x00", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _strictly(data, encoding)
    if b"\x00" in data:
        return _strictly(data, _unmarked_utf16(data))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _strictly(data, "cp1252" if _lone_high_bytes(data) else "gb18030")


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        raise InputError("is not text in any known encoding", "save it as UTF-8") from None


def _unmarked_utf16(data: bytes) -> str:
    """The byte order in which ``data`` reads as Chinese or Western text; bytes with zeros are otherwise binary."""
    for encoding in ("utf-16-le", "utf-16-be"):
        text = data.decode(encoding, "replace")
        if sum(1 for c in text if _USUAL.fullmatch(c)) >= 0.95 * len(text):
            return encoding
    return "no text"


def _lone_high_bytes(data: bytes) -> bool:
    """Whether bytes above 127 mostly stand alone, as in Western text; Chinese ones come in pairs and runs."""
    runs = [len(m.group()) for m in _HIGH_RUN.finditer(data)]
    return sum(1 for n in runs if n == 1) > len(runs) / 2


def one_line(text: str) -> str:
    """``text`` with every run of white space made one blank, none at the ends."""
    return " ".join(text.split())


def parse_json(text: str) -> Any:
    """The value of a JSON text; numbers stay strings exactly as written (``7.10`` is not ``7.1``).

    Raises:
        InputError: no JSON, or nested too deeply.
    """
    try:
        return json.loads(text, parse_float=str, parse_int=str, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise InputError(f"is not JSON (line {error.lineno}, column {error.colno})", "check the file") from None
    except RecursionError:
        raise InputError("is nested too deeply", "check the file") from None


def _no_constant(name: str) -> str:
    raise InputError(f"holds {name}, which JSON does not allow", "check the file")


def parse_yaml(text: str) -> Any:
    """The value of a YAML text with every scalar a string as written; lists and mappings, nothing else.

    ``no``, ``0012`` and ``2026-11-20`` stay what they are. Aliases are refused, so that a small file can't
    unfold into a huge one.

    Raises:
        InputError: no YAML, several documents, aliases, or nested too deeply.
    """
    import yaml

    try:
        return yaml.load(_STRAY_MARK.sub(_MARK, text), Loader=_string_loader())  # noqa: S506 - strings, lists, dicts
    except yaml.MarkedYAMLError as error:
        # The library's own message quotes the text, which may be a patient's.
        line = f" (line {error.problem_mark.line + 1})" if error.problem_mark else ""
        raise InputError(f"is not YAML{line}", "check indentation and quotes") from None
    except yaml.YAMLError:
        raise InputError("is not YAML", "check indentation and quotes") from None
    except (RecursionError, TypeError, ValueError):
        raise InputError("is nested too deeply or has keys that are no text", "check the file") from None


@cache
def _string_loader() -> Any:
    import yaml

    class StringLoader(yaml.BaseLoader):
        def compose_node(self, parent: Any, index: Any) -> Any:
            if self.check_event(yaml.AliasEvent):
                raise InputError("uses YAML aliases, which are not followed", "write the values out")
            return super().compose_node(parent, index)

        def construct_scalar(self, node: Any) -> str:
            return str(super().construct_scalar(node)).replace(_MARK, "?")

    return StringLoader


def is_chinese(text: str) -> bool:
    """Whether ``text`` is Chinese rather than English: a tenth of its letters are Han characters."""
    han = sum(1 for c in text if "\u4e00" <= c <= "\u9fff")
    return han > 0 and han * 10 >= sum(1 for c in text if c.isalpha())

"""Written documents inside EMR files: attachments and HTML to plain text, and text to its titled sections."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from functools import cache
from html.parser import HTMLParser

from syngraph.errors import InputError
from syngraph.sources.emr_sheet import Prose
from syngraph.sources.emr_values import many_lines
from syngraph.sources.plain import decode_text
from syngraph.terminology.patterns import regex

_HEADING = regex(
    r"(?:^|(?<=[\n。；;.!！]))[ \t\u3000]*(?:[(（]?[一二三四五六七八九十\d]{1,2}[)）、.．]\s*)?"
    r"(?:[【\[]([^】\]\n]{2,30})[】\]][:：]?|([\u4e00-\u9fffA-Za-z][\u4e00-\u9fffA-Za-z &/、（）()-]{1,40}?)[:：])",
    re.MULTILINE,
)
_BLOCKS = frozenset(
    {"p", "div", "br", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article"}
    | {"dt", "dd", "pre", "hr", "caption"}
)
_HIDDEN = frozenset({"script", "style", "head", "title"})


class _Text(HTMLParser):
    """Collects the text of HTML; blocks and rows end lines, cells stand apart."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self.hidden += 1
        elif tag in _BLOCKS:
            self.parts.append("\n")
        elif tag in ("td", "th"):
            self.parts.append(" | " if self.parts and not self.parts[-1].endswith("\n") else "")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self.hidden = max(0, self.hidden - 1)
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            # Line breaks of the HTML source are blanks, not lines.
            self.parts.append(re.sub(r"\s+", " ", data))


def html_text(html: str) -> str:
    """The readable text of HTML or XHTML: a line for each block, item and table row (cells by ``|``)."""
    parser = _Text()
    try:
        parser.feed(html)
        parser.close()
    except (AssertionError, ValueError):
        return many_lines(re.sub(r"<[^<>]*>", " ", html))
    return many_lines(re.sub(r"[ \t]*\|[ \t]*(?=\n|$)", "", "".join(parser.parts)))


def attachment_text(encoded: str, media_type: str, *, max_pages: int) -> str:
    """The text of a base64 attachment of plain text, HTML or PDF (its text layer).

    Raises:
        InputError: broken base64, or nothing that holds text.
    """
    try:
        data = base64.b64decode(re.sub(r"\s+", "", encoded), validate=True)
    except (binascii.Error, ValueError):
        raise InputError("an attachment is broken base64", "export it again") from None
    return bytes_text(data, media_type, max_pages=max_pages)


def bytes_text(data: bytes, media_type: str, *, max_pages: int) -> str:
    """The text of an attachment's bytes; see :func:`attachment_text`."""
    kind = media_type.lower().partition(";")[0].strip()
    if data.startswith(b"%PDF-"):
        return _pdf_text(data, max_pages)
    if kind.startswith(("image/", "audio/", "video/")) or data[:4] in (b"\x89PNG", b"\xff\xd8\xff\xe0", b"PK\x03\x04"):
        raise InputError("an attachment is an image or sound", "put scans into reports/ and sound into consultation/")
    text = decode_text(data)
    if "html" in kind or re.match(r"\s*<(?:!doctype|html|div|body)", text, re.I):
        return html_text(text)
    if text.startswith("{\\rtf"):
        raise InputError("an attachment is RTF, which is not read", "export it as text or PDF")
    return many_lines(text)


def _pdf_text(data: bytes, max_pages: int) -> str:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        raise InputError("an attached PDF can't be opened", "check whether it is encrypted or broken") from None
    try:
        pages = []
        for n in range(min(len(document), max_pages)):
            page = document[n]
            pages.append(page.get_textpage().get_text_range())
            page.close()
    except pypdfium2.PdfiumError:
        raise InputError("an attached PDF has broken pages", "export it again") from None
    finally:
        document.close()
    text = many_lines("\n".join(pages))
    if not text:
        raise InputError("an attached PDF has no text layer", "put the PDF into reports/, where scans are read")
    return text


@cache
def _sections() -> tuple[Callable[[str], str | None], Callable[[str], str | None]]:
    try:
        from syngraph.terminology.sections import section_of, section_of_code
    except ImportError:
        return (lambda title: None), (lambda code: None)
    return section_of, section_of_code


def section_id(title: str | None, code: str | None = None) -> str | None:
    """The section id that a LOINC code or a title stands for; None where neither is known."""
    by_title, by_code = _sections()
    return (by_code(code) if code else None) or (by_title(title.strip()) if title else None)


def split_document(
    text: str, *, path: str, heading: str = "", section: str | None = None, date: str | None
) -> list[Prose]:
    """A document's text as one Prose for each titled section; ``section`` where no title says better."""
    text = many_lines(text)
    known = {start: (title, found) for start, title, found in _headings(text)}
    starts = sorted({0, *known})
    pieces: list[Prose] = []
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        title, found = known.get(start, ("", section))
        body = _joined(text[start:end], title)
        if body:
            pieces.append(
                Prose(text=body, path=path, heading="" if pieces else heading, title=title, section=found, date=date)
            )
    return pieces


def _headings(text: str) -> Iterator[tuple[int, str, str]]:
    """Where titled sections begin: (offset, title, section id)."""
    for m in _HEADING.finditer(text):
        title = (m[1] or m[2]).strip()
        if found := section_id(title):
            yield m.start() + len(m[0]) - len(m[0].lstrip()), title, found
    at = 0
    for line in text.split("\n"):
        bare = line.strip("【】[]（）() :：#*")
        if 2 <= len(bare) <= 40 and line[-1:] not in "。.；;：:】]" and (found := section_id(bare)):
            yield at, bare, found
        at += len(line) + 1


def _joined(piece: str, title: str) -> str:
    """A piece whose first line is only its title, with the title set in front of what follows."""
    lines = [line.strip() for line in piece.split("\n") if line.strip()]
    if not lines:
        return ""
    if title and len(lines) > 1 and lines[0].strip("【】[]（）() :：#*一二三四五六七八九十、.0123456789") == title:
        colon = "：" if not title.isascii() else ": "
        lines[:2] = [f"{title}{colon}{lines[1]}"]
    return "\n".join(lines)

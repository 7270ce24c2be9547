"""The record, its findings and a file's reading, for a person at a terminal; plain text in a pipe."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from syngraph.model import Draft, Evidence, Fact, Finding, Severity, Source, SourceId, Support
from syngraph.ports import Progress

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

#: severity -> (mark, style)
_SEVERITY: Mapping[Severity, tuple[str, str]] = {
    "blocking": ("⛔", "bold red"),
    "warning": ("⚠ ", "yellow"),
    "info": ("ℹ ", "cyan"),
}
#: support -> (mark before a sentence, style)
_SUPPORT: Mapping[Support, tuple[str, str]] = {
    "corroborated": ("●", "green"),
    "single": ("○", "dim"),
    "conflicting": ("◆", "bold red"),
    "clinician": ("✎", "blue"),
}
_WORDS = {
    "zh": {
        "draft": "草稿 · 未经医师签名", "legend": "● 多源印证  ○ 单一来源  ◆ 来源不一", "choices": "请选择：", "page": "第{}页",
        "problems": "未能读取", "none": "没有可写入的内容", "left": "未写入病历的内容：{} 条（见 JSON 的 left_out）",
    },
    "en": {
        "draft": "DRAFT · not signed", "legend": "● corroborated  ○ single source  ◆ sources disagree", "choices": "Choose: ",
        "page": "page {}", "problems": "Not read", "none": "nothing to write", "left": "facts not written: {} (see left_out in the JSON)",
    },
}  # fmt: skip
#: Control characters but tab and line feed, stray surrogates, and marks that turn the reading direction round.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def safe(text: str) -> str:
    """``text`` without characters that a terminal would obey instead of showing; each becomes a replacement mark."""
    return _UNSAFE.sub("\ufffd", text)


def _console(*, stderr: bool = False) -> Console:
    from rich.console import Console

    console = Console(stderr=stderr, highlight=False, emoji=False, markup=False)
    if not console.is_terminal:
        # A pipe has no width: wrapping there would break sentences for whoever reads them.
        console = Console(stderr=stderr, highlight=False, emoji=False, markup=False, width=10_000, no_color=True)
    return console


@contextmanager
def progress_bar(name: str, *, quiet: bool) -> Iterator[Progress | None]:
    """A bar for pages and seconds of audio while the block runs; none where ``quiet``."""
    if quiet:
        yield None
        return
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:.0f}/{task.total:.0f}"),
               TimeRemainingColumn())  # fmt: skip
    with Bar(*columns, console=_console(stderr=True), transient=True) as bar:
        tasks: dict[str, object] = {}

        def step(done: float, total: float, unit: str) -> None:
            if unit not in tasks:
                tasks[unit] = bar.add_task(f"{name} ({unit}s)", total=total)
            bar.update(tasks[unit], completed=done, total=total)  # type: ignore[arg-type]

        yield step


def print_draft(draft: Draft, *, evidence: bool = False) -> None:
    """Print findings by severity, then the record by section, each sentence with the mark of its support."""
    console = _console()
    words = _WORDS[draft.encounter.language]
    sources = {s.id: s for s in draft.sources}
    console.print(_title(draft, words["draft"]))
    console.print()
    for finding in draft.findings:
        _print_finding(console, finding, words, sources, evidence)
    for problem in draft.problems:
        console.print(safe(f"✗ {words['problems']}: {problem.line}"), style="magenta")
    if draft.findings or draft.problems:
        console.print()
    if not draft.sections:
        console.print(words["none"])
    for section in draft.sections:
        console.print(safe(section.title), style="bold")
        for st in section.statements:
            mark, style = _SUPPORT[st.support]
            console.print(_line(("  ", ""), (mark, style), (f" {st.text}", "")))
            if evidence:
                _print_quotes(console, st.evidence, sources, words)
    console.print()
    if draft.left_out:
        console.print(words["left"].format(len(draft.left_out)), style="dim")
    console.print(words["legend"], style="dim")


def _title(draft: Draft, mark: str) -> Text:
    e = draft.encounter
    about = " · ".join(x for x in (e.patient.name, e.id, e.department or "", e.start.strftime("%Y-%m-%d %H:%M")) if x)
    return _line((f"[{mark}] ", "bold reverse"), (" " + about, "bold"))


def _line(*parts: tuple[str, str]) -> Text:
    from rich.text import Text

    return Text.assemble(*((safe(text), style) for text, style in parts))


def _print_finding(
    console: Console, finding: Finding, words: Mapping[str, str], sources: Mapping[SourceId, Source], evidence: bool
) -> None:
    mark, style = _SEVERITY[finding.severity]
    console.print(_line((f"{mark} ", style), (finding.topic, style), (f"  {finding.message}", "")))
    if finding.choices:
        console.print(safe(f"     {words['choices']}{' / '.join(finding.choices)}"), style="dim")
    if evidence:
        _print_quotes(console, finding.evidence, sources, words)


def _print_quotes(
    console: Console, evidence: Sequence[Evidence], sources: Mapping[SourceId, Source], words: Mapping[str, str]
) -> None:
    for e in evidence:
        source = sources[e.source]
        quote = " ".join(source.text[e.start : e.end].split())
        console.print(safe(f"       “{quote}”  {_where(source, e, words)}"), style="dim")


def _where(source: Source, e: Evidence, words: Mapping[str, str]) -> str:
    place = source.ruler.locate(e.start, e.end)
    parts = [source.path]
    if place.time:
        minutes, seconds = divmod(place.time[0], 60)
        parts.append(f"{int(minutes)}:{seconds:04.1f}")
    if place.page:
        parts.append(words["page"].format(place.page))
    if place.question:
        parts.append(place.question)
    elif place.path:
        parts.append(place.path)
    return " · ".join(parts)


def print_reading(sources: Sequence[Source], facts: Mapping[SourceId, Sequence[Fact]]) -> None:
    """Print what a file says: its text, then its facts in a table."""
    from rich.table import Table

    console = _console()
    for source in sources:
        head = (source.path, source.kind, source.title or "")
        console.print(safe("  ".join(part for part in head if part)), style="bold")
        console.print(safe(source.text.rstrip()))
        table = Table(show_header=True, header_style="bold", box=None, pad_edge=False)
        for column in ("kind", "what", "status", "whose", "more"):
            table.add_column(column)
        for fact in facts.get(source.id, ()):
            more = ", ".join(f"{k}={v}" for k, v in fact.attributes.items())
            cells = (fact.kind, fact.concept.text, fact.status, fact.subject, more)
            table.add_row(*(safe(cell) for cell in cells))
        console.print(table)

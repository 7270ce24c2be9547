"""``syngraph doctor``: what is installed, which models are found, what is missing and how to get it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from importlib.metadata import PackageNotFoundError, entry_points, version
from typing import Any

from syngraph import __version__
from syngraph.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing looked at: its name, whether it is there, what was found, and how to get it if it isn't."""

    name: str
    ok: bool
    found: str
    advice: str = ""
    required: bool = False

    def to_json(self) -> dict[str, Any]:
        """The row as JSON."""
        return asdict(self)


def examine(settings: Settings | None = None) -> tuple[Row, ...]:
    """Look at Python, the terminology, the OCR and speech engines and their models; loads no model."""
    return tuple(_rows(settings or Settings.from_env()))


def _rows(settings: Settings) -> Iterator[Row]:
    python = ".".join(str(n) for n in sys.version_info[:3])
    yield Row(
        name="python",
        ok=sys.version_info >= (3, 11),
        found=python,
        advice="install Python 3.11 or newer",
        required=True,
    )
    yield Row(name="syngraph", ok=True, found=__version__, required=True)
    yield _terminology()
    for name in ("onnxruntime", "rapidocr"):
        yield _package(f"ocr: {name}", name, "pip install --force-reinstall syngraph", required=True)
    yield _package("ocr: faster-paddle", "faster-paddle", 'pip install "syngraph[ocr]" (a second engine, optional)')
    yield _package("speech: faster-whisper", "faster-whisper", 'pip install "syngraph[asr]", or set SYNGRAPH_ASR_URL')
    yield _speech_model(settings)
    for group in ("syngraph.ocr", "syngraph.asr"):
        names = ", ".join(sorted(e.name for e in entry_points(group=group)))
        yield Row(name=f"engines: {group}", ok=bool(names), found=names or "none", advice="reinstall syngraph")
    yield from _misspelt(os.environ)


def _misspelt(env: Mapping[str, str]) -> Iterator[Row]:
    """Variables that look like settings and are none."""
    known = {f"SYNGRAPH_{f.name.upper()}" for f in fields(Settings)}
    for name in sorted(n for n in env if n.startswith("SYNGRAPH_") and n not in known):
        yield Row(name="setting", ok=False, found=f"{name} is not known", advice=f"known: {', '.join(sorted(known))}")


def _package(label: str, name: str, advice: str, *, required: bool = False) -> Row:
    try:
        return Row(name=label, ok=True, found=version(name), required=required)
    except PackageNotFoundError:
        return Row(name=label, ok=False, found="not installed", advice=advice, required=required)


def _terminology() -> Row:
    from syngraph.terminology.lexicon import lexicon

    count = len(lexicon().terms)
    return Row(name="terminology", ok=count > 0, found=f"{count} terms", advice="reinstall syngraph", required=True)


def _speech_model(settings: Settings) -> Row:
    if settings.asr_url:
        return Row(name="speech: model", ok=True, found=f"server {settings.asr_url}")
    from pathlib import Path

    from syngraph.sources.asr_whisper import packaged_parts

    advice = 'pip install "syngraph[asr]", or set SYNGRAPH_ASR_MODEL to the folder of a CTranslate2 Whisper model'
    if settings.asr_model:
        there = (Path(settings.asr_model) / "model.bin").is_file()
        return Row(name="speech: model", ok=there, found=settings.asr_model, advice=advice)
    there = bool(packaged_parts())
    return Row(name="speech: model", ok=there, found="Whisper base, packaged" if there else "none", advice=advice)


def print_examination(rows: Sequence[Row]) -> None:
    """Print the rows as a table, the advice under what is missing."""
    for row in rows:
        mark = "ok" if row.ok else "MISSING" if row.required else "--"
        print(f"{mark:8}{row.name:26}{row.found}")
        if not row.ok and row.advice:
            print(f"{'':8}{'':26}{row.advice}")

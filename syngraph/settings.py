"""Settings, all from environment variables that begin with ``SYNGRAPH_``. The defaults work as they are."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from tempfile import gettempdir

from syngraph.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an operator may set. Each field ``x`` is the variable ``SYNGRAPH_X``."""

    #: OCR engine by entry-point name: ``rapidocr`` or ``faster-paddle``.
    ocr_engine: str = "rapidocr"
    #: Speech engine by entry-point name: ``faster-whisper`` or ``http``; empty picks ``http`` where a URL is set.
    asr_engine: str = ""
    #: Folder of a CTranslate2 Whisper model; empty looks for the packaged base weights.
    asr_model: str = ""
    #: Base URL of an OpenAI-compatible server, e.g. ``http://localhost:8000/v1``; empty keeps speech local.
    asr_url: str = ""
    #: Key for that server.
    asr_api_key: str = ""
    #: Model name to ask that server for.
    asr_server_model: str = "whisper-1"
    #: Allow engines that send data to another machine (1 or 0).
    allow_remote: bool = False
    #: Largest file in mebibytes that is read.
    max_file_mb: int = 200
    #: Most pages read of one document.
    max_pages: int = 50
    #: Most megapixels of one image.
    max_megapixels: int = 50
    #: Longest recording in minutes.
    max_audio_minutes: int = 120
    #: Folder for unpacked models and the compiled terminology; empty means ``~/.cache/syngraph``.
    cache: str = ""

    @property
    def cache_dir(self) -> Path:
        """Where unpacked models and the compiled terminology are kept."""
        if self.cache:
            return Path(self.cache)
        home = os.path.expanduser("~")
        return Path(home if home != "~" else gettempdir()) / ".cache" / "syngraph"

    @classmethod
    def cache_of_environment(cls) -> Path:
        """:attr:`cache_dir` as the process environment sets it, whatever else stands there."""
        return cls(cache=os.environ.get("SYNGRAPH_CACHE", "")).cache_dir

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Settings:
        """Read the settings from ``env`` (the process environment by default).

        Raises:
            InputError: a variable does not hold what its setting needs.
        """
        env = os.environ if env is None else env
        values: dict[str, object] = {}
        for f in fields(cls):
            raw = env.get(f"SYNGRAPH_{f.name.upper()}")
            if raw is None or raw == "":
                continue
            values[f.name] = _parse(f.name, raw, f.default)
        return cls(**values)  # type: ignore[arg-type]


def _parse(name: str, raw: str, default: object) -> object:
    variable = f"SYNGRAPH_{name.upper()}"
    if isinstance(default, bool):
        if raw.lower() in {"1", "true", "yes", "on"}:
            return True
        if raw.lower() in {"0", "false", "no", "off"}:
            return False
        raise InputError(f"{variable} is neither on nor off", "set it to 1 or 0")
    if isinstance(default, int):
        if raw.isascii() and raw.isdecimal() and len(raw) < 10 and int(raw) > 0:
            return int(raw)
        raise InputError(f"{variable} is not a positive whole number", f"the default is {default}")
    return raw

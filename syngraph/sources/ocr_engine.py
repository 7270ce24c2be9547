"""Which OCR engine reads the pages: by entry point, the built-in ones through the same door."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.metadata import entry_points

from syngraph.errors import BackendError, SyngraphError
from syngraph.ports import OcrEngine
from syngraph.settings import Settings

GROUP = "syngraph.ocr"
#: Used where the package runs without its metadata, as from a plain checkout.
_BUILT_IN = {
    "rapidocr": "syngraph.sources.ocr_rapidocr:RapidOcr",
    "faster-paddle": "syngraph.sources.ocr_faster_paddle:FasterPaddle",
}


def ocr_engine(settings: Settings) -> OcrEngine:
    """The engine that ``settings`` name, built once a process.

    Raises:
        BackendError: there is no such engine, it can't be loaded, or it sends pages to another machine and
            that is not allowed.
    """
    engine = _load(settings.ocr_engine)
    if engine.sends_data_out and not settings.allow_remote:
        raise BackendError(
            f"the OCR engine {settings.ocr_engine} sends pages to another machine",
            "allow it with SYNGRAPH_ALLOW_REMOTE=1 or choose SYNGRAPH_OCR_ENGINE=rapidocr",
        )
    return engine


@cache
def _load(name: str) -> OcrEngine:
    found = {e.name: e.value for e in entry_points(group=GROUP)}
    target = found.get(name) or _BUILT_IN.get(name)
    if target is None:
        known = ", ".join(sorted({*found, *_BUILT_IN}))
        raise BackendError(f"there is no OCR engine called {name}", f"set SYNGRAPH_OCR_ENGINE to one of: {known}")
    module, _, attribute = target.partition(":")
    try:
        engine: OcrEngine = getattr(import_module(module), attribute)()
    except SyngraphError:
        raise
    except Exception as error:
        raise BackendError(f"the OCR engine {name} can't be loaded", "pip install 'syngraph[ocr]'") from error
    return engine

"""Which recogniser hears the recordings: by entry point, the built-in ones through the same door."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.metadata import entry_points

from syngraph.errors import BackendError, SyngraphError
from syngraph.ports import SpeechRecogniser
from syngraph.settings import Settings

GROUP = "syngraph.asr"
#: Used where the package runs without its metadata, as from a plain checkout.
_BUILT_IN = {
    "faster-whisper": "syngraph.sources.asr_whisper:WhisperRecogniser",
    "http": "syngraph.sources.asr_http:HttpRecogniser",
}


@cache
def speech_recogniser(settings: Settings) -> SpeechRecogniser:
    """The recogniser that ``settings`` name, built once a process; adapters are called with the settings.

    Raises:
        BackendError: there is no such engine, it can't be loaded, or it sends sound to another machine and that is
            not allowed.
    """
    name = settings.asr_engine or ("http" if settings.asr_url else "faster-whisper")
    found = {e.name: e.value for e in entry_points(group=GROUP)}
    target = found.get(name) or _BUILT_IN.get(name)
    if target is None:
        known = ", ".join(sorted({*found, *_BUILT_IN}))
        raise BackendError(f"there is no speech engine called {name}", f"set SYNGRAPH_ASR_ENGINE to one of: {known}")
    module, _, attribute = target.partition(":")
    try:
        engine: SpeechRecogniser = getattr(import_module(module), attribute)(settings)
    except SyngraphError:
        raise
    except Exception as error:
        raise BackendError(f"the speech engine {name} can't be loaded", 'pip install "syngraph[asr]"') from error
    if engine.sends_data_out and not settings.allow_remote:
        raise BackendError(
            f"the speech engine {name} sends sound to another machine",
            "allow it with SYNGRAPH_ALLOW_REMOTE=1 or choose SYNGRAPH_ASR_ENGINE=faster-whisper",
        )
    return engine

"""Speech by any OpenAI-compatible server: ``POST {SYNGRAPH_ASR_URL}/audio/transcriptions``."""

from __future__ import annotations

import json
import mimetypes
import urllib.error
import urllib.request
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from syngraph.errors import BackendError, InputError
from syngraph.ports import Progress, Utterance, Word
from syngraph.settings import Settings
from syngraph.sources.asr_whisper import is_echo, is_hallucination, prompt, tidy, tidy_words
from syngraph.sources.audio import (
    Sound,
    gated,
    is_silent,
    load,
    load_wav,
    merge_channels,
    separate,
    split_utterance,
    wav_bytes,
)

_CONNECT_ADVICE = "check that the server runs and that SYNGRAPH_ASR_URL is right"
_MAX_ANSWER = 64 << 20
#: Seconds to wait: at least this, and this much for each second of sound (a busy server without a GPU).
_PATIENCE = 60.0
_PATIENCE_FACTOR = 2.0


class HttpRecogniser:
    """A speech server, ours or another's. Servers on other machines must be allowed by the administrator."""

    name = "http"

    def __init__(self, settings: Settings | None = None) -> None:
        self._settings = settings or Settings.from_env()
        self.version = self._settings.asr_server_model
        url = urlsplit(self._settings.asr_url)
        if url.scheme not in {"http", "https"} or not url.hostname:
            raise BackendError("SYNGRAPH_ASR_URL is no http address", "set it like http://localhost:8000/v1")
        self.sends_data_out = not _is_local(url.hostname)

    def transcribe(
        self, audio: Path, *, language: str, hotwords: Sequence[str] = (), progress: Progress | None = None
    ) -> list[Utterance]:
        """What the server hears in ``audio``, in time order; two channels are sent one by one.

        See :class:`syngraph.ports.SpeechRecogniser` for the arguments and errors.
        """
        if self.sends_data_out and not self._settings.allow_remote:
            raise BackendError(
                "the speech server is another machine, to which nothing may be sent",
                "allow it with SYNGRAPH_ALLOW_REMOTE=1, or unset SYNGRAPH_ASR_URL",
            )
        sound = self._sound(audio)
        if sound and is_silent(sound):
            return []
        if sound is None or len(sound.channels) == 1:
            seconds = sound.seconds if sound else None
            name = audio.name if audio.suffix else "audio.wav"
            heard = self._ask(audio.read_bytes(), name, language, hotwords, None, seconds)
        else:
            channels = []
            for number, samples in enumerate(sound.channels):
                speaker = f"channel {number + 1}"
                channels.append(self._ask(wav_bytes(samples), "audio.wav", language, hotwords, speaker, sound.seconds))
                if progress:
                    progress(sound.seconds * (number + 1), sound.seconds * 2, "second")
            heard = merge_channels(channels, sound)
        if progress and sound:
            total = sound.seconds * len(sound.channels)
            progress(total, total, "second")
        return heard

    def _sound(self, audio: Path) -> Sound | None:
        """The decoded sound, to tell channels apart; None where no decoder is installed for this format."""
        try:
            return gated(separate(load(audio, max_minutes=self._settings.max_audio_minutes)))
        except BackendError:
            try:
                return gated(separate(load_wav(audio)))
            except InputError:
                return None

    def _ask(
        self,
        data: bytes,
        name: str,
        language: str,
        hotwords: Sequence[str],
        speaker: str | None,
        seconds: float | None,
    ) -> list[Utterance]:
        fields = [("model", self._settings.asr_server_model), ("language", language), ("temperature", "0")]
        fields.append(("prompt", prompt(language, hotwords)))
        detailed = [
            ("response_format", "verbose_json"),
            ("timestamp_granularities[]", "word"),
            ("timestamp_granularities[]", "segment"),
        ]
        status, answer = self._post([*fields, *detailed], data, name, seconds)
        # Servers that know no segments refuse the request or its granularities: ask for less.
        for plainer in ([("response_format", "verbose_json")], [("response_format", "json")]):
            if status not in {400, 404, 415, 422, 500, 501}:
                break
            status, answer = self._post([*fields, *plainer], data, name, seconds)
        if status != 200:
            raise BackendError(f"the speech server answered with status {status}", _advice(status))
        heard = _utterances(_read(answer), language, speaker, seconds)
        return [u for u in heard if not is_echo(u.text, language, hotwords)]

    def _post(
        self, fields: Sequence[tuple[str, str]], data: bytes, name: str, seconds: float | None
    ) -> tuple[int, bytes]:
        """Status and body of the answer.

        Raises:
            BackendError: no answer, or none in time.
        """
        body, boundary = _multipart(fields, data, name)
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}", "Accept": "application/json"}
        if self._settings.asr_api_key:
            headers["Authorization"] = f"Bearer {self._settings.asr_api_key}"
        url = self._settings.asr_url.rstrip("/") + "/audio/transcriptions"
        request = urllib.request.Request(url, data=body, headers=headers, method="POST")  # noqa: S310 - checked above
        # Without a proxy for this machine, and without redirects: neither may carry a recording elsewhere.
        handlers: list[urllib.request.BaseHandler] = [_NoRedirect()]
        if not self.sends_data_out:
            handlers.append(urllib.request.ProxyHandler({}))
        opener = urllib.request.build_opener(*handlers)
        try:
            with opener.open(request, timeout=_PATIENCE + _PATIENCE_FACTOR * (seconds or 600.0)) as reply:
                return reply.status, reply.read(_MAX_ANSWER)
        except urllib.error.HTTPError as error:
            error.close()
            return error.code, b""
        except TimeoutError:
            raise BackendError("the speech server did not answer in time", _CONNECT_ADVICE) from None
        except (urllib.error.URLError, OSError) as error:
            reason = getattr(error, "reason", error)
            if isinstance(reason, TimeoutError):
                raise BackendError("the speech server did not answer in time", _CONNECT_ADVICE) from None
            raise BackendError("the speech server can't be reached", _CONNECT_ADVICE) from None


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def _is_local(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost" or host.lower().endswith(".localhost")


def _advice(status: int) -> str:
    if status in {401, 403}:
        return "check SYNGRAPH_ASR_API_KEY"
    if status == 404:
        return "check SYNGRAPH_ASR_URL and SYNGRAPH_ASR_SERVER_MODEL"
    if status == 413:
        return "the recording is too large for the server; split it"
    return "see the server's own log"


def _multipart(fields: Sequence[tuple[str, str]], data: bytes, name: str) -> tuple[bytes, str]:
    """The body of a multipart form with one file, and its boundary."""
    boundary = uuid.uuid4().hex
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    # The file's own name may hold the patient's: only its extension is sent.
    lines = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in fields
    ]
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="audio{Path(name).suffix.lower()}"\r\n'
        f"Content-Type: {kind}\r\n\r\n"
    )
    return b"".join([*lines, head.encode(), data, f"\r\n--{boundary}--\r\n".encode()]), boundary


def _read(answer: bytes) -> Mapping[str, Any]:
    """The server's answer; plain text becomes ``{"text": ...}``."""
    text = answer.decode("utf-8", "replace")
    try:
        raw = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        raw = None
        if text.lstrip().startswith(("{", "[", "<")):
            raise BackendError("the speech server's answer can't be read", "see the server's own log") from None
    if raw is None:
        return {"text": text}
    if not isinstance(raw, dict):
        return {"text": raw if isinstance(raw, str) else ""}
    return raw


def _utterances(raw: Mapping[str, Any], language: str, speaker: str | None, seconds: float | None) -> list[Utterance]:
    segments = [s for s in raw.get("segments") or () if isinstance(s, dict)]
    words = _words(raw.get("words"))
    length = seconds if seconds is not None else _float(raw.get("duration")) or 0.0
    whole: list[Utterance] = []
    for s in segments:
        start, end = _float(s.get("start")) or 0.0, _float(s.get("end")) or length
        inside = _words(s.get("words")) or [w for w in words if start - 0.05 <= (w.start + w.end) / 2 < end + 0.05]
        text = str(s.get("text") or "")
        whole.append(_utterance(start, end, text, inside, language, str(s.get("speaker") or "") or speaker))
    if not segments:
        text = str(raw.get("text") or "")
        whole.append(_utterance(words[0].start if words else 0.0, length, text, words, language, speaker))
    parts = [part for u in whole for part in split_utterance(u)]
    return [p for p in parts if not is_hallucination(p.text)]


def _utterance(
    start: float, end: float, text: str, words: Sequence[Word], language: str, speaker: str | None
) -> Utterance:
    tidied = tidy(text, language)
    fitted = tidy_words(_with_marks(text, words), language)
    return Utterance(start=start, end=max(start, end), text=tidied, words=tuple(fitted), speaker=speaker)


def _with_marks(text: str, words: Sequence[Word]) -> list[Word]:
    """Words with the blanks and punctuation that ``text`` has around them; servers leave these out of their words.

    [] where the words are not those of the text.
    """
    out: list[Word] = []
    cursor = 0
    for i, word in enumerate(words):
        bare = word.text.strip()
        found = text.find(bare, cursor) if bare else -1
        if found < 0:
            return []
        upto = found + len(bare)
        following = text.find(words[i + 1].text.strip(), upto) if i + 1 < len(words) else len(text)
        if following < 0:
            return []
        tail = text[upto:following]
        marks = tail.rstrip()
        out.append(replace(word, text=text[cursor:found] + bare + marks))
        cursor = upto + len(marks)
    return out


def _words(raw: object) -> list[Word]:
    words = []
    for row in raw if isinstance(raw, list) else ():
        start, end = (_float(row.get("start")), _float(row.get("end"))) if isinstance(row, dict) else (None, None)
        text = (row.get("word") or row.get("text")) if isinstance(row, dict) else None
        if isinstance(text, str) and start is not None and end is not None:
            sure = _float(row.get("probability", row.get("score")))
            words.append(Word(text=text, start=start, end=max(start, end), probability=1.0 if sure is None else sure))
    return words


def _float(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None

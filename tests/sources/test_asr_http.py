from __future__ import annotations

import email.parser
import email.policy
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from syngraph.errors import BackendError
from syngraph.settings import Settings
from syngraph.sources import asr_http
from syngraph.sources.asr_http import HttpRecogniser
from syngraph.sources.audio import wav_bytes
from tests.sources.test_audio import quiet, tone, turns, write

VERBOSE = {
    "duration": 3.0,
    "segments": [{"start": 0.0, "end": 2.5, "text": " 頭疼, 三天了. 没有发烧."}],
    "words": [
        {"word": "頭疼", "start": 0.1, "end": 0.5},
        {"word": "三天了", "start": 0.6, "end": 1.0},
        {"word": "没有", "start": 1.5, "end": 1.8},
        {"word": "发烧", "start": 1.8, "end": 2.2},
    ],
}


class Server(ThreadingHTTPServer):
    answers: list[tuple[int, bytes]]
    seen: list[tuple[str, dict[str, str], list[tuple[str, str, bytes]]]]


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        raw = b"Content-Type: " + self.headers["Content-Type"].encode() + b"\r\n\r\n" + body
        message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(raw)
        parts = [
            (
                str(p.get_param("name", header="content-disposition")),
                str(p.get_filename() or ""),
                p.get_payload(decode=True),
            )
            for p in message.iter_parts()
        ]
        self.server.seen.append((self.path, dict(self.headers), parts))  # type: ignore[arg-type]
        status, answer = self.server.answers.pop(0) if len(self.server.answers) > 1 else self.server.answers[0]
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server(("127.0.0.1", 0), Handler)
    running.answers, running.seen = [(200, json.dumps(VERBOSE).encode())], []
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield running
    running.shutdown()
    running.server_close()
    thread.join()


def engine(server: Server, **more: Any) -> HttpRecogniser:
    return HttpRecogniser(Settings(asr_url=f"http://127.0.0.1:{server.server_port}/v1/", **more))


@pytest.fixture
def mono(tmp_path: Path) -> Path:
    path = tmp_path / "王芳.wav"
    path.write_bytes(wav_bytes(tone(3)))
    return path


def fields(server: Server, n: int = 0) -> dict[str, list[str]]:
    out: dict[str, list[str]] = {}
    for name, filename, data in server.seen[n][2]:
        if not filename:
            out.setdefault(name, []).append(data.decode())
    return out


def test_request_and_answer(server: Server, mono: Path) -> None:
    seen: list[tuple[float, float, str]] = []
    heard = engine(server, asr_api_key="k", asr_server_model="large").transcribe(
        mono, language="zh", hotwords=["氨氯地平"], progress=lambda *a: seen.append(a)
    )
    path, headers, parts = server.seen[0]
    assert path == "/v1/audio/transcriptions"
    assert headers["Authorization"] == "Bearer k"
    sent = fields(server)
    assert sent["model"] == ["large"]
    assert sent["language"] == ["zh"]
    assert sent["timestamp_granularities[]"] == ["word", "segment"]
    assert "氨氯地平" in sent["prompt"][0]
    assert [(f, d) for n, f, d in parts if n == "file"] == [("audio.wav", mono.read_bytes())]
    assert [(u.text, u.start, u.end) for u in heard] == [("头疼，三天了。", 0.1, 1.0), ("没有发烧。", 1.5, 2.2)]
    assert heard[0].words[1].start == 0.6
    assert seen[-1] == (3.0, 3.0, "second")


def test_the_files_name_is_not_sent(server: Server, mono: Path) -> None:
    engine(server).transcribe(mono, language="zh")
    assert "王芳".encode() not in b"".join(d for _, _, d in server.seen[0][2][:-1])
    assert all("王芳" not in f for _, f, _ in server.seen[0][2])


def test_servers_without_segments_are_asked_for_less(server: Server, mono: Path) -> None:
    server.answers = [(400, b"{}"), (422, b"{}"), (200, b'{"text": "Any pain? None at all."}')]
    heard = engine(server).transcribe(mono, language="en")
    assert [fields(server, n)["response_format"] for n in range(3)] == [["verbose_json"], ["verbose_json"], ["json"]]
    assert "timestamp_granularities[]" not in fields(server, 1)
    assert [(u.text, u.start, u.end) for u in heard] == [("Any pain?", 0.0, 3.0), ("None at all.", 0.0, 3.0)]


@pytest.mark.parametrize(
    ("answer", "texts"),
    [
        (b"Plain words.", ["Plain words."]),
        (b'"Quoted words."', ["Quoted words."]),
        (b'{"text": ""}', []),
        (b'{"text": "Thanks for watching!"}', []),
        (b"{}", []),
        (b"[1]", []),
        (b'{"text": "Hi there", "words": [{"word": "other", "start": 0, "end": 1}]}', ["Hi there"]),
        (
            b'{"text": "Hi there", "words": [{"word": "Hi", "start": 0, "end": 1}, {"word": "gone", "start": 1, "end": 2}]}',
            ["Hi there"],
        ),
        (
            b'{"segments": [{"start": 0, "end": 1, "text": "Hi", "speaker": "A", "words": [{"word": "Hi", "start": 0, "end": 1, "score": 0.4}, "x"]}]}',
            ["Hi"],
        ),
    ],
)
def test_shapes_of_answers(server: Server, mono: Path, answer: bytes, texts: list[str]) -> None:
    server.answers = [(200, answer)]
    assert [u.text for u in engine(server).transcribe(mono, language="en")] == texts


def test_speakers_and_scores_of_the_server_are_kept(server: Server, mono: Path) -> None:
    row = {
        "start": 0,
        "end": 1,
        "text": "Hi",
        "speaker": "A",
        "words": [{"word": "Hi", "start": 0, "end": 1, "score": 0.4}],
    }
    server.answers = [(200, json.dumps({"segments": [row]}).encode())]
    (heard,) = engine(server).transcribe(mono, language="en")
    assert (heard.speaker, heard.words[0].probability) == ("A", 0.4)


def test_two_channels_are_sent_one_by_one(server: Server, tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", *turns().channels)
    server.answers = [(200, b'{"text": "Any pain?"}'), (200, b'{"text": "No."}')]
    seen: list[float] = []
    heard = engine(server).transcribe(path, language="en", progress=lambda done, *_: seen.append(done))
    assert sorted((u.speaker, u.text) for u in heard) == [("channel 1", "Any pain?"), ("channel 2", "No.")]
    assert len(server.seen) == 2
    assert seen[-1] == 12.0


def test_silence_is_not_sent(server: Server, tmp_path: Path) -> None:
    assert engine(server).transcribe(write(tmp_path / "a.wav", quiet(2)), language="en") == []
    assert server.seen == []


def test_without_a_decoder_the_file_goes_as_it_is(
    server: Server, mono: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: Any, **__: Any) -> None:
        raise BackendError("the sound decoder is not installed")

    monkeypatch.setattr(asr_http, "load", missing)
    other = tmp_path / "a.mp3"
    other.write_bytes(b"mp3")
    engine(server).transcribe(other, language="en")
    assert server.seen[0][2][-1][1:] == ("audio.mp3", b"mp3")
    engine(server).transcribe(write(tmp_path / "b.wav", *turns().channels), language="en")
    assert len(server.seen) == 3


@pytest.mark.parametrize(
    ("status", "advice"), [(401, "API_KEY"), (404, "ASR_URL"), (413, "too large"), (500, "log"), (302, "log")]
)
def test_refusals(server: Server, mono: Path, status: int, advice: str) -> None:
    server.answers = [(status, b"patient words")]
    with pytest.raises(BackendError) as caught:
        engine(server).transcribe(mono, language="en")
    assert str(status) in caught.value.message
    assert advice in caught.value.advice
    assert "patient" not in str(caught.value)


@pytest.mark.parametrize("answer", [b"<html>", b"{broken"])
def test_an_answer_that_cannot_be_read(server: Server, mono: Path, answer: bytes) -> None:
    server.answers = [(200, answer)]
    with pytest.raises(BackendError, match="can't be read"):
        engine(server).transcribe(mono, language="en")


def test_a_server_that_is_not_there(mono: Path) -> None:
    with pytest.raises(BackendError, match="can't be reached"):
        HttpRecogniser(Settings(asr_url="http://127.0.0.1:1/v1")).transcribe(mono, language="en")


@pytest.mark.parametrize("wrapped", [True, False])
def test_a_server_that_does_not_answer(mono: Path, monkeypatch: pytest.MonkeyPatch, wrapped: bool) -> None:
    import urllib.error
    import urllib.request

    def late(*_: Any, **__: Any) -> None:
        raise urllib.error.URLError(TimeoutError()) if wrapped else TimeoutError()

    monkeypatch.setattr(urllib.request.OpenerDirector, "open", late)
    with pytest.raises(BackendError, match="in time"):
        HttpRecogniser(Settings(asr_url="http://localhost:1/v1")).transcribe(mono, language="en")


def test_other_machines_need_leave(mono: Path) -> None:
    remote = HttpRecogniser(Settings(asr_url="https://speech.example.org/v1"))
    assert remote.sends_data_out
    with pytest.raises(BackendError, match="another machine"):
        remote.transcribe(mono, language="en")
    for url in ("http://localhost:8000/v1", "http://127.0.0.5/v1", "http://[::1]:80/v1"):
        assert not HttpRecogniser(Settings(asr_url=url)).sends_data_out
    for url in ("http://192.168.1.5/v1", "http://localhost.example.org/v1"):
        assert HttpRecogniser(Settings(asr_url=url)).sends_data_out


@pytest.mark.parametrize("url", ["", "localhost:8000", "file:///etc/passwd", "ftp://x/y"])
def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(BackendError, match="no http address"):
        HttpRecogniser(Settings(asr_url=url))

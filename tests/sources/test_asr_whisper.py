from __future__ import annotations

import hashlib
import re
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from syngraph.errors import BackendError, IntegrityError
from syngraph.ports import Word
from syngraph.settings import Settings
from syngraph.sources import asr_engine, asr_whisper
from syngraph.sources.asr_whisper import (
    WhisperRecogniser,
    is_echo,
    is_hallucination,
    load_model,
    model_folder,
    packaged_parts,
    prompt,
    tidy,
    tidy_words,
)

DATA = Path(__file__).parent.parent / "data" / "audio"


def segment(text: str, **more: Any) -> SimpleNamespace:
    words, at = [], 0.0
    for piece in re.findall(r"\s?\S+", text):
        words.append(SimpleNamespace(word=piece, start=at, end=at + 0.4, probability=0.9))
        at += 0.5
    values = {"no_speech_prob": 0.0, "compression_ratio": 1.0, "avg_logprob": -0.3, "words": words}
    return SimpleNamespace(text=text, start=0.0, end=at, **{**values, **more})


class FakeModel:
    def __init__(self, *segments: SimpleNamespace) -> None:
        self.segments = segments
        self.calls: list[dict[str, Any]] = []

    def transcribe(self, audio: Any, **options: Any) -> tuple[list[SimpleNamespace], None]:
        self.calls.append(options)
        return list(self.segments), None


def hear(
    monkeypatch: pytest.MonkeyPatch, *segments: SimpleNamespace, language: str = "en", name: str = "en.ogg"
) -> Any:
    model = FakeModel(*segments)
    monkeypatch.setattr(asr_whisper, "load_model", lambda _: model)
    told: list[tuple[float, float, str]] = []
    heard = WhisperRecogniser(Settings()).transcribe(
        DATA / name, language=language, hotwords=["warfarin"], progress=lambda *a: told.append(a)
    )
    return heard, model, told


def test_options_and_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    heard, model, told = hear(monkeypatch, segment(" Any pain? None."))
    assert {u.text for u in heard} == {"Any pain?", "None."}
    options = model.calls[0]
    assert (options["language"], options["beam_size"], options["task"]) == ("en", 5, "transcribe")
    assert options["condition_on_previous_text"] is False
    assert options["vad_filter"]
    assert "warfarin" in options["hotwords"]
    assert told[-1][0] == told[-1][1]
    assert all(unit == "second" for _, _, unit in told)


def test_two_channels_are_two_speakers(monkeypatch: pytest.MonkeyPatch) -> None:
    model = FakeModel(segment("你好"))
    monkeypatch.setattr(asr_whisper, "load_model", lambda _: model)
    heard = WhisperRecogniser(Settings()).transcribe(DATA / "zh.ogg", language="zh")
    assert {u.speaker for u in heard} == {"channel 1", "channel 2"}


@pytest.mark.parametrize(
    "bad",
    [
        segment(" Thanks for watching!"),
        segment(" I have pain.", avg_logprob=-1.6),
        segment(" I have pain.", compression_ratio=3.0),
        segment(" I have pain.", no_speech_prob=0.9, avg_logprob=-0.9),
        segment(" A doctor is talking with a patient."),
    ],
)
def test_what_is_likely_noise_is_dropped(monkeypatch: pytest.MonkeyPatch, bad: SimpleNamespace) -> None:
    assert hear(monkeypatch, bad)[0] == []


def test_silence_is_not_listened_to(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from tests.sources.test_audio import quiet, write

    model = FakeModel(segment("x"))
    monkeypatch.setattr(asr_whisper, "load_model", lambda _: model)
    assert WhisperRecogniser(Settings()).transcribe(write(tmp_path / "a.wav", quiet(2)), language="en") == []
    assert model.calls == []


def test_chinese_comes_out_simplified_with_its_own_marks() -> None:
    assert tidy(" 高血壓十年了, 每天吃一片 氨氯地平? CT 做過", "zh") == "高血压十年了，每天吃一片氨氯地平？CT 做过"
    assert tidy("控制得不好０每天", "zh") == "控制得不好，每天"
    assert tidy("血糖9.6, OK", "zh") == "血糖9.6, OK"
    assert tidy(" HbA1c, fine.", "en") == "HbA1c, fine."
    words = [Word(text=t, start=0, end=1, probability=1) for t in ("頭", "疼,", " CT", " scan", "做", "過.")]
    assert [w.text for w in tidy_words(words, "zh")] == ["头", "疼，", "CT", " scan", "做", "过。"]
    assert [w.text for w in tidy_words(words, "en")] == [w.text for w in words]


@given(st.text(st.characters(codec="ascii", categories=["L", "N"]), max_size=30))
def test_latin_letters_keep_their_case(text: str) -> None:
    assert tidy(text, "zh") == text


@pytest.mark.parametrize(
    "text",
    [
        "字幕由 Amara.org 社区提供",
        "请不吝点赞 订阅 转发",
        "Thanks for watching!",
        "Thank you for watching.",
        "Music",
        "♪",
        "...",
        "谢谢大家",
        "体" + "肤" * 30,
        "you",
    ],
)
def test_lines_that_nobody_said(text: str) -> None:
    assert is_hallucination(text)


@pytest.mark.parametrize(
    "text",
    [
        "谢谢大夫。",
        "Thank you, doctor.",
        "No no no.",
        "没有没有没有",
        "Are you taking it?",
        "我在看电视",
        "I watch my diet.",
        "疼",
        "140/90",
    ],
)
def test_lines_that_patients_say(text: str) -> None:
    assert not is_hallucination(text)


def test_the_prompt_and_its_echo() -> None:
    names = ["高血压", "氨氯地平", "氨氯地平", "二甲双胍", ""]
    assert prompt("zh", names) == "以下是医生和患者的对话，提到高血压、氨氯地平、二甲双胍。"
    assert prompt("en", []) == "A doctor is talking with a patient."
    assert prompt("en", [f"drug{n}" for n in range(99)]).count("drug") == 24
    assert is_echo("以下是医生和患者", "zh", [])
    assert is_echo("患者的对话，提到高血压、氨氯地平、二甲双胍", "zh", names)
    assert not is_echo("氨氯地平。", "zh", names)
    assert not is_echo("高血压，吃氨氯地平", "zh", names)
    assert not is_echo("The patient is fine", "en", [])
    assert not is_echo("嗯", "zh", names)


def parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, good: bool = True) -> Settings:
    folders = []
    for n in (1, 2):
        folder = tmp_path / f"part{n}"
        folder.mkdir()
        (folder / f"model.bin.part{n}").write_bytes(b"half" + bytes([n]))
        folders.append(folder)
    for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
        (folders[0] / name).write_text("{}")
    whole = b"half\x01half\x02"
    monkeypatch.setattr(asr_whisper, "packaged_parts", lambda: folders)
    monkeypatch.setattr(asr_whisper, "BASE_SHA256", hashlib.sha256(whole if good else b"").hexdigest())
    monkeypatch.setattr(asr_whisper, "BASE_BYTES", len(whole))
    return Settings(cache=str(tmp_path / "cache"))


def test_the_packaged_halves_are_joined_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = parts(tmp_path, monkeypatch)
    folder = model_folder(settings)
    assert (folder / "model.bin").read_bytes() == b"half\x01half\x02"
    assert sorted(p.name for p in folder.iterdir()) == ["config.json", "model.bin", "tokenizer.json", "vocabulary.txt"]
    before = (folder / "model.bin").stat().st_ino
    assert model_folder(settings) == folder
    assert (folder / "model.bin").stat().st_ino == before


def test_half_written_weights_are_written_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = parts(tmp_path, monkeypatch)
    (settings.cache_dir / "whisper-base").mkdir(parents=True)
    (settings.cache_dir / "whisper-base" / "model.bin").write_bytes(b"ha")
    assert (model_folder(settings) / "model.bin").read_bytes() == b"half\x01half\x02"


def test_wrong_weights_are_refused_and_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = parts(tmp_path, monkeypatch, good=False)
    with pytest.raises(IntegrityError):
        model_folder(settings)
    assert not (settings.cache_dir / "whisper-base" / "model.bin").exists()


def test_a_cache_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = parts(tmp_path, monkeypatch)
    (tmp_path / "cache").write_text("a file, not a folder")
    with pytest.raises(BackendError, match="can't be unpacked"):
        model_folder(settings)


def test_models_that_are_missing_say_how_to_get_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asr_whisper, "packaged_parts", list)
    for settings in (Settings(), Settings(asr_model=str(tmp_path))):
        with pytest.raises(BackendError) as caught:
            model_folder(settings)
        assert "syngraph[asr]" in caught.value.advice
        assert "SYNGRAPH_ASR_MODEL" in caught.value.advice


def test_packages_that_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asr_whisper, "_PARTS", ("syngraph_no_such_part1", "syngraph_no_such_part2"))
    assert packaged_parts() == []
    monkeypatch.setitem(sys.modules, "faster_whisper", None)
    with pytest.raises(BackendError, match="not installed"):
        load_model(Settings())


def test_a_model_that_cannot_be_loaded(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"no model")
    with pytest.raises(BackendError, match="can't be loaded"):
        load_model(Settings(asr_model=str(tmp_path)))


def test_version_names_engine_and_model(monkeypatch: pytest.MonkeyPatch) -> None:
    assert WhisperRecogniser(Settings(asr_model="/models/large-v3")).version.endswith(" large-v3")

    def missing(_: str) -> str:
        raise asr_whisper.PackageNotFoundError

    monkeypatch.setattr(asr_whisper, "version", missing)
    assert WhisperRecogniser(Settings()).version == "not installed whisper-base"


def test_which_engine() -> None:
    assert asr_engine.speech_recogniser(Settings()).name == "faster-whisper"
    assert asr_engine.speech_recogniser(Settings()) is asr_engine.speech_recogniser(Settings())
    assert asr_engine.speech_recogniser(Settings(asr_url="http://localhost:1/v1")).name == "http"
    with pytest.raises(BackendError, match="no speech engine called x"):
        asr_engine.speech_recogniser(Settings(asr_engine="x"))
    with pytest.raises(BackendError, match="no http address"):
        asr_engine.speech_recogniser(Settings(asr_engine="http"))
    with pytest.raises(BackendError, match="another machine"):
        asr_engine.speech_recogniser(Settings(asr_url="https://speech.example.org/v1"))


def test_an_adapter_that_breaks_is_a_backend_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(asr_engine._BUILT_IN, "broken", "syngraph.sources.nowhere:Nothing")
    with pytest.raises(BackendError, match="can't be loaded"):
        asr_engine.speech_recogniser(Settings(asr_engine="broken"))


def spoken(name: str) -> str:
    rows = (DATA / name).read_text(encoding="utf-8").splitlines()
    return " ".join(row.split("\t")[1] for row in rows)


@pytest.mark.engine
def test_real_chinese_speech_on_two_channels() -> None:
    heard = WhisperRecogniser(Settings()).transcribe(DATA / "zh.ogg", language="zh", hotwords=["高血压"])
    wanted = re.sub(r"\W", "", spoken("zh.tsv")).replace("三十八度五", "38度5")
    got = re.sub(r"\W", "", "".join(u.text for u in heard)).replace("三十八度五", "38度5")
    assert Levenshtein.distance(wanted, got) / len(wanted) <= 0.35
    assert {u.speaker for u in heard} == {"channel 1", "channel 2"}
    assert next(u for u in heard if "发烧" in u.text and "没有" in u.text).speaker == "channel 1"
    assert all(w.start < w.end <= 40 for u in heard for w in u.words)


@pytest.mark.engine
def test_real_english_speech_on_one_channel() -> None:
    heard = WhisperRecogniser(Settings()).transcribe(DATA / "en.ogg", language="en", hotwords=["penicillin"])
    wanted = re.findall(r"[a-z]+", spoken("en.tsv").lower())
    got = re.findall(r"[a-z]+", " ".join(u.text for u in heard).lower())
    assert Levenshtein.distance(wanted, got) / len(wanted) <= 0.25
    assert "penicillin" in got


@pytest.mark.engine
def test_real_speech_to_a_source_with_roles() -> None:
    from syngraph.model import SourceId
    from syngraph.sources.consultation import read_consultation

    (source,), problems = read_consultation(
        [("consultation/en.ogg", (DATA / "en.ogg").read_bytes())],
        first_id=lambda: SourceId("s1"),
        language="en",
        hotwords=["penicillin"],
        settings=Settings(),
    )
    assert problems == ()
    at = source.text.index("penicillin")
    speaker = next(s for s in source.segments if s.start <= at < s.end)
    assert speaker.role == "patient"
    place = source.ruler.locate(at, at + len("penicillin"))
    assert place.time is not None
    assert 10 < place.time[0] < 16

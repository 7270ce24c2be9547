from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syngraph.model import Problem
from syngraph.ports import Word
from syngraph.sources.speakers import Turn
from syngraph.sources.transcript import read_transcript, word_marks


def read(data: object, path: str) -> tuple[tuple[Turn, ...], tuple[Problem, ...]]:
    raw = data if isinstance(data, bytes) else (data if isinstance(data, str) else json.dumps(data)).encode()
    return read_transcript(raw, path)


def turns(data: object, path: str) -> list[tuple[str, str]]:
    found, problems = read(data, path)
    assert problems == ()
    return [(t.label, t.text) for t in found]


VTT = """WEBVTT - talk

NOTE patient: not spoken

STYLE
::cue { color: red }

1
00:00:01.000 --> 00:00:03.000 align:left
<v Doctor>What's the <i>matter</i>?</v>

00:03.000 --> 00:05.000
<v.loud Mary Smith>I've had a cough &amp; fever for
three</v>

00:05.100 --> 00:07.000
<v.loud Mary Smith>days.</v>
<v Doctor>OK.</v>

00:08.000 --> 00:09.000
- still the doctor
"""


def test_vtt_voices_entities_and_broken_sentences() -> None:
    found, problems = read(VTT, "a.vtt")
    assert problems == ()
    assert [(t.label, t.text) for t in found] == [
        ("Doctor", "What's the matter?"),
        ("Mary Smith", "I've had a cough & fever for three days."),
        ("Doctor", "OK."),
        ("Doctor", "- still the doctor"),
    ]
    assert [t.time for t in found] == [(1.0, 3.0), (3.0, 7.0), (5.1, 7.0), (8.0, 9.0)]
    days = found[1].text.index("days")
    assert [m.locator.time for m in found[1].marks if m.start <= days < m.end] == [(5.1, 7.0)]


def test_broken_time_stamps_are_reported_and_their_text_kept() -> None:
    found, problems = read("WEBVTT\n\nbad --> 00:09.000\n<v A>Any pain?\n\n00:10.000 --> 00:09.000\nNo.\n", "a.vtt")
    assert [t.text for t in found] == ["Any pain?", "No."]
    assert all(t.time is None for t in found)
    assert problems[0].message.startswith("2 of its time stamps")


def test_srt_with_labels_in_the_text_and_two_voices_in_a_cue() -> None:
    text = (
        "1\n00:00:01,000 --> 00:00:02,000\n医生：哪里不舒服？\n\n"
        "2\n00:00:02,100 --> 00:00:04,000\n患者：头疼\n三天了。\n医生：发烧吗？\n\n"
        "3\n01:00:05,000 --> 01:00:06,000\n没有。\n"
    )
    found, _ = read(text, "a.srt")
    assert [(t.label, t.text) for t in found] == [
        ("医生", "哪里不舒服？"),
        ("患者", "头疼 三天了。"),
        ("医生", "发烧吗？"),
        ("医生", "没有。"),
    ]
    assert found[3].time == (3605.0, 3606.0)


def test_srt_dashes_are_two_voices() -> None:
    assert turns("1\n00:00:01,000 --> 00:00:02,000\n- Any cough?\n- No.\n", "a.srt") == [
        ("", "Any cough?"),
        ("", "No."),
    ]


def test_unpunctuated_cues_stay_apart() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\n医生：头疼吗\n\n2\n00:00:02,100 --> 00:00:03,000\n医生：发烧吗\n"
    assert turns(text, "a.srt") == [("医生", "头疼吗"), ("医生", "发烧吗")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("医生：头疼吗？\n患者:疼", [("医生", "头疼吗？"), ("患者", "疼")]),
        ("[patient] It hurts.\n[doctor]: Where?", [("patient", "It hurts."), ("doctor", "Where?")]),
        ("【患者】疼\n（医生）哪里？", [("患者", "疼"), ("医生", "哪里？")]),
        ("D: x?\nP: y", [("D", "x?"), ("P", "y")]),
        ("Dr. Lee: Hi.\nPt: Hi\nMom: He's hot.", [("Dr. Lee", "Hi."), ("Pt", "Hi"), ("Mom", "He's hot.")]),
        ("**Doctor:** Hi.\n**Patient:** Yes.", [("Doctor", "Hi."), ("Patient", "Yes.")]),
        (">> Doctor: Hi.\n>> Patient: Yes.", [("Doctor", "Hi."), ("Patient", "Yes.")]),
        ("医生：疼吗？ / 患者：疼。 / 医生：哪里？", [("医生", "疼吗？"), ("患者", "疼。"), ("医生", "哪里？")]),
        (
            "DOCTOR: So it's back? PATIENT: Yeah. I saw the doctor: he said fine.",
            [("DOCTOR", "So it's back?"), ("PATIENT", "Yeah. I saw the doctor: he said fine.")],
        ),
        ("医生：血压：152/94\n体温：37.2\n患者：好", [("医生", "血压：152/94 体温：37.2"), ("患者", "好")]),
        ("Doctor: Hi.\n\nand again\nPatient: Yes", [("Doctor", "Hi. and again"), ("Patient", "Yes")]),
        (
            "医生\n头疼吗\n患者\n疼\n医生\n哪里\n患者\n这",
            [("医生", "头疼吗"), ("患者", "疼"), ("医生", "哪里"), ("患者", "这")],
        ),
        ("How are you?\nFine.", [("", "How are you?"), ("", "Fine.")]),
        (
            "Emma: a?\nJack: b\nEmma: c?\nJack: d\nEmma: e?\nJack: f",
            [(n, x) for n, x in zip(["Emma", "Jack"] * 3, ["a?", "b", "c?", "d", "e?", "f"], strict=True)],
        ),
        ("Title of it\n医生：疼吗", [("", "Title of it"), ("医生", "疼吗")]),
        ("SPEAKER_00: a\nSPEAKER_01: b", [("SPEAKER_00", "a"), ("SPEAKER_01", "b")]),
    ],
)
def test_plain_text_labels(text: str, expected: list[tuple[str, str]]) -> None:
    assert turns(text, "a.txt") == expected


def test_a_wrapped_chinese_line_runs_on() -> None:
    long = "患者：" + "我就是这两天老觉得胸口这里闷得慌而且晚上睡不好还有点"
    assert turns(long + "气短\n医生：好", "a.txt")[0][1].endswith("有点气短")
    assert turns(long + "\n气短\n医生：好", "a.txt")[0][1].endswith("有点气短")


@pytest.mark.parametrize(
    "text",
    [
        "[00:12] 医生：疼吗？\n[00:20] 患者：疼",
        "00:12 医生：疼吗？\n00:20 患者：疼",
        "00:00:12 - 00:00:20 医生：疼吗？\n00:00:20 - 00:00:20 患者：疼",
        "医生 00:12\n疼吗？\n\n患者 00:20\n疼",
        "医生 (00:12): 疼吗？\n患者 (00:20): 疼",
    ],
)
def test_text_with_a_clock(text: str) -> None:
    found, _ = read(text, "a.txt")
    assert [(t.label, t.text, t.time) for t in found] == [
        ("医生", "疼吗？", (12.0, 20.0)),
        ("患者", "疼", (20.0, 20.0)),
    ]


def test_meeting_notes_with_unknown_names() -> None:
    text = "Anna Smith  0:03\nWhat brings you in?\n\nBob Jones  0:09\nMy chest.\n\nAnna Smith  0:12\nSince when?\n\nBob Jones 0:15\nMonday.\n"
    assert turns(text, "a.txt")[:2] == [("Anna Smith", "What brings you in?"), ("Bob Jones", "My chest.")]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (
            [{"start": 3.2, "end": 5.1, "speaker": "doctor", "text": " Hi\nthere "}],
            [("doctor", "Hi there", (3.2, 5.1))],
        ),
        ({"segments": [{"start": "00:00:06.5", "end": 7, "text": "yes"}]}, [("", "yes", (6.5, 7.0))]),
        (
            {"utterances": [{"speaker": {"name": "Ann"}, "text": "x", "start": 1, "duration": 2}]},
            [("Ann", "x", (1.0, 3.0))],
        ),
        ({"sentences": [{"begin_time": 0, "end_time": 2500, "text": "你好", "spk": 0}]}, [("0", "你好", (0.0, 2.5))]),
        ([{"start_ms": 500, "end_ms": 900, "text": "x"}], [("", "x", (0.5, 0.9))]),
        ([{"timestamp": [1.0, 2.0], "text": "x"}], [("", "x", (1.0, 2.0))]),
        ({"transcript": "Doctor: hi\nPatient: no"}, [("Doctor", "hi", None), ("Patient", "no", None)]),
        (["Doctor: hi", "Patient: no"], [("Doctor", "hi", None), ("Patient", "no", None)]),
        (
            [{"text": "Doctor: hi"}, {"text": "Patient: no"}, {"no": "text"}],
            [("Doctor", "hi", None), ("Patient", "no", None)],
        ),
        ({"text": "just words"}, [("", "just words", None)]),
    ],
)
def test_json_shapes(data: object, expected: list[object]) -> None:
    found, problems = read(data, "a.json")
    assert problems == ()
    assert [(t.label, t.text, t.time) for t in found] == expected


def test_json_words_become_marks_with_confidence() -> None:
    words = [
        {"word": " A", "start": 0.1, "end": 0.5, "probability": 0.9},
        {"word": " b,", "start": 0.6, "end": 0.9, "probability": 0.3},
        {"word": "lost"},
        "no word",
    ]
    found, _ = read({"segments": [{"start": 0.0, "end": 2, "text": " A b, c", "words": words}]}, "a.json")
    assert [(m.start, m.end, m.locator.time, m.locator.confidence) for m in found[0].marks] == [
        (0, 1, (0.1, 0.5), 0.9),
        (2, 3, (0.6, 0.9), 0.3),
    ]


def test_json_with_a_broken_time() -> None:
    found, problems = read([{"start": "x", "end": 9, "text": "z"}, {"end": 3, "start": 5, "text": "y"}], "a.json")
    assert [t.text for t in found] == ["z", "y"]
    assert "2 of its time stamps" in problems[0].message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "utf-16-le"])
def test_encodings(encoding: str) -> None:
    assert turns("医生：哪里不舒服？\r\n患者：头疼".encode(encoding), "a.txt") == [
        ("医生", "哪里不舒服？"),
        ("患者", "头疼"),
    ]


@pytest.mark.parametrize(
    ("data", "path", "says"),
    [
        (b"", "a.txt", "empty"),
        (b" \n", "a.vtt", "empty"),
        (bytes(range(256)), "a.txt", "not text"),
        ("{", "a.json", "not JSON"),
        ({"a": 1}, "a.json", "no transcript"),
        ([], "a.json", "no spoken text"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n\n", "a.vtt", "no spoken text"),
    ],
)
def test_what_is_no_transcript_is_a_problem(data: object, path: str, says: str) -> None:
    found, problems = read(data, path)
    assert found == ()
    assert says in problems[0].message
    assert problems[0].advice


def test_deeply_nested_json_is_a_problem() -> None:
    nested: object = "x"
    for _ in range(20):
        nested = {"result": nested}
    assert "deeply" in read(nested, "a.json")[1][0].message


SPOKEN = st.text(st.characters(categories=["L"], codec="utf-8"), min_size=1, max_size=12)


@given(st.lists(st.tuples(st.sampled_from(["医生", "患者", "家属"]), SPOKEN), min_size=1, max_size=10))
def test_labelled_lines_come_back_as_turns(rows: list[tuple[str, str]]) -> None:
    assert turns("\n".join(f"{who}：{text}" for who, text in rows), "a.txt") == rows


@given(st.lists(st.tuples(SPOKEN, st.floats(0, 1000), st.floats(0, 10)), min_size=1, max_size=8))
def test_vtt_times_come_back(rows: list[tuple[str, float, float]]) -> None:
    def clock(s: float) -> str:
        ms = round(s * 1000)
        return f"{ms // 3600000:02}:{ms // 60000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"

    body = "\n\n".join(f"{clock(a)} --> {clock(a + d)}\n<v P{n}>{t}." for n, (t, a, d) in enumerate(rows))
    found, problems = read("WEBVTT\n\n" + body, "a.vtt")
    assert problems == ()
    assert [t.text for t in found] == [t + "." for t, _, _ in rows]
    for turn, (_, a, d) in zip(found, rows, strict=True):
        assert turn.time == pytest.approx((round(a, 3), round(a + d, 3)), abs=0.0021)


@given(st.lists(SPOKEN, min_size=1, max_size=10))
def test_word_marks_lie_on_their_words(words: list[str]) -> None:
    text = " ".join(words)
    heard = [Word(text=w, start=float(n), end=n + 0.5, probability=0.5) for n, w in enumerate(words)]
    marks = word_marks(text, heard, at=0)
    assert [text[m.start : m.end] for m in marks] == words
    assert all(a.end <= b.start for a, b in pairwise(marks))

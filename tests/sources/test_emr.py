"""The entry point of the EMR readers: telling formats apart, bad input, and what holds for every file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syngraph.model import Source, SourceId
from syngraph.settings import Settings
from syngraph.sources.emr import read_emr
from syngraph.sources.emr_lines import WORDED

SAMPLES = Path(__file__).parent.parent / "data" / "emr"
FILES = sorted(SAMPLES.iterdir())


def read(data: bytes, name: str = "x.json", **limits: int) -> tuple[tuple[Source, ...], list[str]]:
    sources, problems = read_emr(data, f"emr/{name}", source_id=SourceId("s4"), settings=Settings(**limits))
    return sources, [p.line for p in problems]


def check(source: Source) -> None:
    """What must hold for every source, whatever was read."""
    lines = source.text.split("\n") if source.text else []
    assert len(source.ruler.marks) == len(lines)
    for mark, line in zip(source.ruler.marks, lines, strict=True):
        assert source.text[mark.start : mark.end] == line
        assert mark.locator.path
    for entry in source.entries:
        line = source.text[entry.start : entry.end]
        assert "\n" not in line
        assert entry.text
        assert entry.text in line
        for key, value in entry.attributes.items():
            assert key in WORDED or value in line, (key, value, line)
    for segment in source.segments:
        assert source.text[segment.start : segment.end].strip()
    for a, b in zip(source.segments, source.segments[1:], strict=False):
        assert a.end <= b.start
    source.text.encode("utf-8")


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.name)
def test_samples_hold_what_they_must(file: Path) -> None:
    sources, problems = read(file.read_bytes(), file.name)
    assert problems == []
    assert len(sources) == 1
    assert sources[0].entries
    assert sources[0].identity is not None
    assert sources[0].kind == "emr"
    assert sources[0].path == f"emr/{file.name}"
    check(sources[0])


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.name)
def test_content_counts_before_extension(file: Path) -> None:
    right, _ = read(file.read_bytes(), file.name)
    wrong, _ = read(file.read_bytes(), "renamed.dat")
    assert [s.text for s in wrong] == [s.text for s in right]


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"", "a.json", "is empty"),
        (b" \n\x00", "a.hl7", "is empty"),
        (b"hello", "a.txt", "neither FHIR JSON nor HL7 v2 nor CDA"),
        (b'{"a": 1}', "a.json", "JSON without resourceType"),
        (b"[1, 2]", "a.json", "JSON without resourceType"),
        (b'{"resourceType": "Bundle", "entry": []}', "a.json", "Bundle without resources"),
        (b"hello", "a.json", "is not JSON"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\x01", "a.json", "not text"),
        (b"PID|1||7", "a.hl7", "no MSH"),
        (b"<html></html>", "a.xml", "not a CDA"),
        (b"<Bundle xmlns='http://hl7.org/fhir'/>", "a.xml", "export FHIR as JSON"),
        (b"<ClinicalDocument><a>", "a.xml", "broken XML"),
        (b"\xff\xfe<", "a.xml", "not text"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><ClinicalDocument>&b;</ClinicalDocument>', "a.xml", "entities"),
        (b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "a.xml", "entities"),
        (b"[" * 100_000, "a.json", "nested too deeply"),
    ],
)
def test_bad_files_get_one_line(data: bytes, name: str, said: str) -> None:
    sources, problems = read(data, name)
    assert sources == ()
    assert len(problems) == 1
    assert problems[0].startswith(f"emr/{name}: ")
    assert said in problems[0]
    assert "\n" not in problems[0]


def test_too_large_is_refused_unread() -> None:
    sources, problems = read(b"{" + b" " * 1024 * 1024, "big.json", max_file_mb=1)
    assert sources == ()
    assert problems == ["emr/big.json: is larger than 1 MB (raise SYNGRAPH_MAX_FILE_MB or split it)"]


def test_only_administrative_resources_say_nothing() -> None:
    assert read(b'{"resourceType": "Organization", "id": "1"}') == ((), [])


def test_deep_xml_does_not_break() -> None:
    deep = b"<section>" * 20_000 + b"</section>" * 20_000
    data = b"<ClinicalDocument><component><structuredBody><component>" + deep
    sources, problems = read(data + b"</component></structuredBody></component></ClinicalDocument>", "a.xml")
    assert sources == ()
    assert problems == []


def test_problems_hold_no_patient_text() -> None:
    data = b'{"resourceType": "Patient", "name": [{"text": "SECRET NAME"}], "birthDate": '
    _, problems = read(data)
    assert problems
    assert "SECRET" not in problems[0]


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_mutated_files_never_raise(data: st.DataObject) -> None:
    file = data.draw(st.sampled_from(FILES))
    raw = bytearray(file.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(raw) - 1))
        size = data.draw(st.integers(0, 30))
        raw[at : at + size] = data.draw(st.binary(max_size=12))
    sources, _ = read(bytes(raw), file.name)
    for source in sources:
        check(source)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9999).map(float) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["text", "code", "value"]), inner),
    max_leaves=4,
)


def _paths(value: object, at: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    found = [at]
    if isinstance(value, dict):
        found += [p for k, v in value.items() for p in _paths(v, (*at, k))]
    if isinstance(value, list):
        found += [p for n, v in enumerate(value) for p in _paths(v, (*at, n))]
    return found


_BUNDLE = json.loads((SAMPLES / "bundle_zh.json").read_text(encoding="utf-8"))
_PATHS = [p for p in _paths(_BUNDLE) if len(p) > 3]


@given(changes=st.lists(st.tuples(st.sampled_from(_PATHS), _JSON), min_size=1, max_size=8))
@settings(max_examples=200, deadline=None)
def test_wrong_shapes_cost_one_value_not_the_file(changes: list[tuple[tuple[object, ...], object]]) -> None:
    bundle = json.loads(json.dumps(_BUNDLE))
    for path, value in changes:
        holder = bundle
        try:
            for step in path[:-1]:
                holder = holder[step]
            holder[path[-1]] = value
        except (TypeError, KeyError, IndexError):
            continue
    sources, problems = read(json.dumps(bundle).encode())
    assert not [p for p in problems if "can't be read" in p]
    for source in sources:
        check(source)

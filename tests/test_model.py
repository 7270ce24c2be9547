"""The types: what can't be built, and that any range leads back to the original."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syngraph.model import (
    Concept,
    Evidence,
    Fact,
    FrozenMap,
    Group,
    Locator,
    Mark,
    Problem,
    Ruler,
    Segment,
    Source,
    SourceId,
    Statement,
    frozen_map,
    is_date,
    is_duration,
    join_boxes,
)

HERE = Evidence(source=SourceId("s1"), start=0, end=3)
fractions = st.floats(0, 1)
boxes = st.tuples(fractions, fractions, fractions, fractions).map(
    lambda b: (min(b[0], b[2]), min(b[1], b[3]), max(b[0], b[2]), max(b[1], b[3]))
)
locators = st.builds(
    Locator,
    time=st.none() | st.tuples(st.floats(0, 100), st.floats(0, 100)).map(lambda t: (min(t), max(t))),
    page=st.none() | st.integers(1, 4),
    box=st.none() | boxes,
    path=st.none() | st.sampled_from(["OBX[1]", "OBX[2]"]),
    question=st.none() | st.sampled_from(["q1", "q2"]),
    confidence=st.none() | fractions,
)


@st.composite
def rulers(draw: st.DrawFn) -> Ruler:
    at, marks = 0, []
    for gap, length, locator in draw(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 5), locators), max_size=8)):
        marks.append(Mark(start=at + gap, end=at + gap + length, locator=locator))
        at += gap + length
    return Ruler(tuple(marks))


ranges = st.tuples(st.integers(0, 60), st.integers(1, 20)).map(lambda r: (r[0], r[0] + r[1]))


@given(rulers(), ranges)
def test_between_gives_exactly_the_marks_that_share_a_character(ruler, span):
    start, end = span
    slow = tuple(m for m in ruler.marks if max(m.start, start) < min(m.end, end))
    assert ruler.between(start, end) == slow


@given(rulers(), ranges)
def test_locate_covers_every_mark_of_the_range(ruler, span):
    found = ruler.locate(*span)
    marks = [m.locator for m in ruler.between(*span)]
    if not marks:
        assert found == Locator()
    for m in marks:
        if m.time:
            assert found.time is not None
            assert found.time[0] <= m.time[0] <= m.time[1] <= found.time[1]
        if m.confidence is not None:
            assert found.confidence is not None
            assert found.confidence <= m.confidence
        if m.box and m.page == found.page:
            assert found.box is not None
            assert found.box[0] <= m.box[0]
            assert found.box[1] <= m.box[1]
            assert found.box[2] >= m.box[2]
            assert found.box[3] >= m.box[3]


@given(rulers(), ranges)
def test_locate_says_nothing_that_no_mark_says(ruler, span):
    found = ruler.locate(*span)
    marks = [m.locator for m in ruler.between(*span)]
    for name in ("page", "path", "question", "confidence"):
        value = getattr(found, name)
        assert value is None or value in [getattr(m, name) for m in marks]
    if found.time:
        assert found.time[0] in [m.time[0] for m in marks if m.time]
        assert found.time[1] in [m.time[1] for m in marks if m.time]


@given(rulers(), ranges, ranges)
def test_a_wider_range_never_lies_in_a_narrower_time(ruler, a, b):
    wide = (min(a[0], b[0]), max(a[1], b[1]))
    inner, outer = ruler.locate(*a).time, ruler.locate(*wide).time
    if inner:
        assert outer is not None
        assert outer[0] <= inner[0]
        assert outer[1] >= inner[1]


@given(rulers())
def test_a_ruler_survives_another_process(ruler):
    assert pickle.loads(pickle.dumps(ruler)) == ruler


def test_a_ruler_refuses_marks_that_overlap_or_are_out_of_order():
    a, b = Mark(start=0, end=5, locator=Locator()), Mark(start=4, end=8, locator=Locator())
    with pytest.raises(ValueError, match="overlap"):
        Ruler((a, b))
    with pytest.raises(ValueError, match="overlap"):
        Ruler((Mark(start=5, end=8, locator=Locator()), Mark(start=0, end=2, locator=Locator())))


@given(st.lists(boxes, min_size=1, max_size=5))
def test_joined_boxes_are_the_tightest_around_all(rows):
    joined = join_boxes(rows)
    assert joined == tuple(
        (min if i < 2 else max)(b[i] for b in rows) for i in range(4)
    )  # fmt: skip


def test_no_boxes_join_to_none():
    assert join_boxes([]) is None


# --- ranges -----------------------------------------------------------------------------------------------------


@given(st.integers(-5, 20), st.integers(-5, 20))
def test_only_true_ranges_can_be_built(start, end):
    makers = (
        lambda: Evidence(source=SourceId("s1"), start=start, end=end),
        lambda: Mark(start=start, end=end, locator=Locator()),
        lambda: Segment(start=start, end=end, role="patient"),
    )
    for make in makers:
        if 0 <= start < end:
            assert make().end == end
        else:
            with pytest.raises(ValueError, match="not a text range"):
                make()


@given(st.text(min_size=1), st.data())
def test_a_source_holds_only_ranges_of_its_text(text, data):
    end = data.draw(st.integers(1, len(text) + 3))
    segment = Segment(start=0, end=end, role="document")

    def make() -> Source:
        return Source(id=SourceId("s1"), kind="emr", path="a", sha256="0", text=text, segments=(segment,))

    if end <= len(text):
        # Code points, so that an emoji or a rare Han character is one.
        assert len(make().text[segment.start : segment.end]) == end
    else:
        with pytest.raises(ValueError, match="outside the text of a"):
            make()


def test_a_source_is_of_a_known_kind():
    with pytest.raises(ValueError, match="not a source kind"):
        Source(id=SourceId("s1"), kind="rumour", path="a", sha256="0", text="")  # type: ignore[arg-type]


# --- facts and statements ---------------------------------------------------------------------------------------


def fact(**over):
    given_ = {
        "kind": "symptom",
        "concept": Concept(text="cough"),
        "status": "present",
        "evidence": (HERE,),
        "witnesses": ("patient",),
    }
    return Fact(**{**given_, **over})  # fmt: skip


@pytest.mark.parametrize(
    ("over", "why"),
    [
        ({"kind": "rumour"}, "not a fact kind"),
        ({"status": "maybe"}, "not a status"),
        ({"evidence": ()}, "needs evidence"),
        ({"witnesses": ()}, "needs evidence and a witness"),
        ({"concept": Concept(text="")}, "needs a concept"),
        ({"attributes": {"duration": "3 days"}}, "duration"),
        ({"attributes": {"laterality": "both"}}, "laterality"),
        ({"attributes": {"onset": "yesterday"}}, "onset"),
        ({"attributes": {"date": "2026-13"}}, "date"),
    ],
)
def test_a_wrong_fact_cannot_be_built(over, why):
    with pytest.raises(ValueError, match=why):
        fact(**over)


def test_a_right_fact_can():
    f = fact(attributes=frozen_map({"duration": "P3D", "laterality": "left", "onset": "2026-11", "ended": "yes"}))
    assert f.get("duration") == "P3D"
    assert f.get("severity") is None
    assert Group(facts=(f,), mentions=(f, f)).kind == "symptom"


def test_facts_are_frozen_and_survive_another_process():
    f = fact(attributes=frozen_map({"duration": "P3D"}))
    with pytest.raises(FrozenInstanceError):
        f.status = "absent"
    assert pickle.loads(pickle.dumps(f)) == f
    assert hash(pickle.loads(pickle.dumps(f))) == hash(f)


@pytest.mark.parametrize("over", [{"text": "  "}, {"evidence": ()}])
def test_no_evidence_no_sentence(over):
    fields = {"id": "st1", "text": "Cough.", "facts": (), "evidence": (HERE,), "support": "single", **over}
    with pytest.raises(ValueError, match="a statement needs"):
        Statement(**fields)


def test_a_problem_is_one_line():
    assert Problem(path="a.pdf", message="is empty").line == "a.pdf: is empty"
    assert Problem(path="a.pdf", message="is empty", advice="scan it").line == "a.pdf: is empty (scan it)"


# --- maps, dates, durations -------------------------------------------------------------------------------------

maps = st.dictionaries(st.text(max_size=4), st.text(max_size=4), max_size=5)


@given(maps)
def test_a_frozen_map_is_the_mapping_it_was_made_of(items):
    frozen = FrozenMap(items)
    assert dict(frozen) == items == FrozenMap(items.items())
    assert len(frozen) == len(items)
    assert list(frozen) == list(items)
    assert pickle.loads(pickle.dumps(frozen)) == frozen
    assert repr(items) in repr(frozen)


@given(maps, st.randoms())
def test_equal_maps_hash_alike_whatever_their_order(items, random):
    rows = list(items.items())
    random.shuffle(rows)
    assert hash(FrozenMap(rows)) == hash(FrozenMap(items))


@given(maps)
def test_a_frozen_map_keeps_its_own_copy(items):
    frozen = FrozenMap(items)
    before = dict(frozen)
    items["new"] = "value"
    assert dict(frozen) == before
    with pytest.raises(TypeError):
        frozen["new"] = "value"  # type: ignore[index]


@given(st.dictionaries(st.text(max_size=3), st.none() | st.text(max_size=3)))
def test_frozen_map_drops_what_is_empty(items):
    assert dict(frozen_map(items)) == {k: v for k, v in items.items() if v}


@given(st.dates(min_value=__import__("datetime").date(1000, 1, 1)))
def test_every_day_is_a_date_at_each_precision(day):
    text = day.isoformat()
    assert is_date(text)
    assert is_date(text[:7])
    assert is_date(text[:4])
    assert is_date(f"{text}T09:30:00+08:00")
    assert not is_date(f"{text} ")


@pytest.mark.parametrize("text", ["", "24", "2024-13", "2024-1", "2024-12-32", "2024/12/03", "yesterday"])
def test_what_is_no_date(text):
    assert not is_date(text)


@given(
    st.lists(st.integers(0, 99) | st.none(), min_size=4, max_size=4), st.lists(st.integers(0, 59) | st.none(), min_size=3, max_size=3)
)  # fmt: skip
def test_durations_are_iso_8601(days, hours):
    date = "".join(f"{n}{unit}" for n, unit in zip(days, "YMWD", strict=True) if n is not None)
    time = "".join(f"{n}{unit}" for n, unit in zip(hours, "HMS", strict=True) if n is not None)
    text = f"P{date}" + (f"T{time}" if time else "")
    assert is_duration(text) == bool(date or time)


@pytest.mark.parametrize("text", ["", "P", "PT", "3D", "P3", "P3DT", "P-3D", "P3H", "three days"])
def test_what_is_no_duration(text):
    assert not is_duration(text)

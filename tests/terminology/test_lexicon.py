"""The lexicon finds every name where it stands, and only there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syngraph.terminology import lexicon as module
from syngraph.terminology.lexicon import Lexicon, Term, lexicon


def term(id_: str, zh: str, en: str, *others: str, code: str | None = None) -> Term:
    return Term(id=id_, kind=id_.split(":")[0], zh=zh, en=en, zh_terms=others, code=code)


SMALL = Lexicon(
    [
        term("symptom:cough", "咳嗽", "cough", "咳", code="R05"),
        term("symptom:dry-cough", "干咳", "dry cough"),
        term("symptom:fever", "发热", "fever", "发烧", code="R50.9"),
        term("condition:asthma", "哮喘", "asthma", "气喘", code="J45.909"),
        term("symptom:dyspnea", "呼吸困难", "shortness of breath", "气喘", "SOB"),
        term("body-site:eye", "眼", "eye"),
        term("condition:allergy", "过敏", "allergy"),
        term("condition:reflux", "反流", "reflux"),
    ]
)

_WORDS = [
    "咳嗽",
    "干咳",
    "发烧",
    "頭",
    "的",
    "，",
    " ",
    "cough",
    "Dry Cough",
    "fevers",
    "asthma",
    "SOB",
    "sobbing",
    "気",
    "咳",
]
texts = st.lists(st.sampled_from(_WORDS) | st.text(max_size=4), max_size=14).map("".join)


def ids(text: str, *kinds: str) -> list[str]:
    return [m.term.id for m in SMALL.longest(text, *kinds)]


@given(texts)
def test_longest_never_returns_different_ranges_that_overlap(text: str) -> None:
    found = SMALL.longest(text)
    for a in found:
        for b in found:
            assert a.end <= b.start or b.end <= a.start or (a.start, a.end) == (b.start, b.end)


@given(texts)
def test_every_match_spells_a_name_of_its_term(text: str) -> None:
    for m in SMALL.matches(text):
        assert SMALL.lookup(text[m.start : m.end], m.term.kind) is not None


@given(texts)
def test_longest_is_sorted_and_part_of_the_matches(text: str) -> None:
    found = SMALL.longest(text)
    assert [m.start for m in found] == sorted(m.start for m in found)
    assert set(found) <= set(SMALL.matches(text))


@given(st.sampled_from(["cough", "fever", "asthma", "eye", "SOB"]), st.sampled_from("abcxyz"), st.booleans())
def test_a_latin_name_counts_only_as_a_whole_word(name: str, letter: str, before: bool) -> None:
    glued = letter + name if before else name + letter
    assert all(glued[m.start : m.end].lower() != name.lower() for m in SMALL.matches(glued))


@given(st.sampled_from(["cough", "fever", "SOB"]), st.sampled_from(["", " ", "，", "有", "-", "(", "3"]))
def test_a_latin_name_counts_beside_anything_but_letters(name: str, beside: str) -> None:
    text = beside + name + beside
    assert [text[m.start : m.end] for m in SMALL.longest(text)] == [name]


def test_a_longer_name_swallows_a_shorter_one_inside_it() -> None:
    assert ids("干咳三天") == ["symptom:dry-cough"]
    assert ids("a dry cough and a cough") == ["symptom:dry-cough", "symptom:cough"]


def test_names_of_two_kinds_in_one_place_are_both_kept_unless_kinds_are_asked_for() -> None:
    assert set(ids("气喘")) == {"condition:asthma", "symptom:dyspnea"}
    assert ids("气喘", "symptom") == ["symptom:dyspnea"]


def test_script_case_and_width_do_not_matter_and_offsets_stay() -> None:
    text = "患者發燒，ＣＯＵＧＨ"
    assert [(m.start, m.end, m.term.id) for m in SMALL.longest(text)] == [
        (2, 4, "symptom:fever"),
        (5, 10, "symptom:cough"),
    ]


@pytest.mark.parametrize(
    ("text", "id_"), [("allergies", "condition:allergy"), ("refluxes", "condition:reflux"), ("fevers", "symptom:fever")]
)
def test_english_plurals_are_names_too(text: str, id_: str) -> None:
    assert ids(text) == [id_]


def test_short_names_get_no_plural() -> None:
    assert ids("eyes") == []


def test_terms_are_found_by_id_name_and_code() -> None:
    assert SMALL.get("symptom:cough").zh == "咳嗽"
    assert SMALL.get("symptom:cough").name("zh") == "咳嗽"
    assert SMALL.get("symptom:cough").name("en") == "cough"
    assert SMALL.lookup(" 發燒 ") is SMALL.get("symptom:fever")
    assert SMALL.lookup("fever", "condition") is None
    assert SMALL.lookup("nothing of the sort") is None
    assert SMALL.by_code("R05") is SMALL.get("symptom:cough")
    assert SMALL.by_code("R05", "condition") is None
    assert SMALL.by_code("X99") is None
    with pytest.raises(KeyError):
        SMALL.get("symptom:none")


def test_one_id_for_two_terms_is_an_error() -> None:
    with pytest.raises(ValueError, match="symptom:cough"):
        Lexicon([term("symptom:cough", "咳嗽", "cough"), term("symptom:cough", "咳", "cough")])


def test_a_row_without_a_name_is_an_error_that_names_the_line() -> None:
    with pytest.raises(ValueError, match=r"words\.tsv:3"):
        list(module._read("# kind: symptom\nid\tzh\ten\ncough\t咳嗽\t", "words.tsv"))


def test_a_row_is_read_with_its_lists_and_attributes() -> None:
    rows = "# kind: symptom\n# system: urn:codes\n\nid\tzh\ten\ncough\t咳嗽\tcough\tR05\t咳|呛\tcoughing\tsystem=respiratory;x\nb\t乙\tb"
    first, second = module._read(rows, "words.tsv")
    assert (first.id, first.code, first.system) == ("symptom:cough", "R05", "urn:codes")
    assert list(first.names()) == ["咳嗽", "cough", "咳", "呛", "coughing"]
    assert dict(first.attrs) == {"system": "respiratory"}
    assert (second.code, second.system, second.zh_terms) == (None, None, ())


def test_the_shipped_lexicon_is_compiled_once() -> None:
    assert lexicon() is lexicon()

"""PDF reports: the text layer with its boxes, pictures of pages without one, locked and broken files."""

from __future__ import annotations

import pytest

from syngraph.errors import InputError
from syngraph.sources.report_layout import rows_of
from syngraph.sources.report_pdf import Pdf
from tests.report_maker import pdf_with_text


def test_cells_with_their_places() -> None:
    with Pdf(pdf_with_text([[(100, 200, 10, "白细胞计数"), (300, 200, 10, "11.26")]])) as pdf:
        assert pdf.count == 1
        name, value = pdf.cells(0)
    assert (name.text, value.text) == ("白细胞计数", "11.26")
    assert name.score is None
    assert name.place[0] == pytest.approx(100 / 595, abs=0.005)
    assert name.place[2] == pytest.approx(150 / 595, abs=0.01)
    assert 0.22 < name.place[1] < name.place[3] < 0.245


def test_rows_of_a_page() -> None:
    lines = [
        [(50, 100 + 20 * r, 10, t), (250, 100 + 20 * r, 10, v)]
        for r, (t, v) in enumerate([("钾", "5.62"), ("钠", "136")])
    ]
    with Pdf(pdf_with_text([[c for line in lines for c in line]])) as pdf:
        assert [[c.text for c in row] for row in rows_of(pdf.cells(0))] == [["钾", "5.62"], ["钠", "136"]]


def test_wide_gaps_part_cells_and_words_stay_together() -> None:
    with Pdf(pdf_with_text([[(50, 100, 10, "Free T4 index"), (200, 100, 10, "0.91")]])) as pdf:
        assert [c.text for c in pdf.cells(0)] == ["Free T4 index", "0.91"]


def test_text_drawn_twice_is_one_cell() -> None:
    with Pdf(pdf_with_text([[(50, 100, 10, "血红蛋白"), (50.3, 100, 10, "血红蛋白")]])) as pdf:
        assert [c.text for c in pdf.cells(0)] == ["血红蛋白"]


def test_a_turned_page_is_read_as_it_is_shown() -> None:
    data = pdf_with_text([[(100, 200, 10, "白细胞计数"), (300, 200, 10, "11.26"), (100, 230, 10, "血红蛋白")]])
    for quarter in (90, 180, 270):
        with Pdf(data.replace(b"/MediaBox", b"/Rotate %d /MediaBox" % quarter)) as pdf:
            cells = pdf.cells(0)
            assert [[c.text for c in row] for row in rows_of(cells)] == [["白细胞计数", "11.26"], ["血红蛋白"]]
            assert all(0 <= v <= 1 for c in cells for v in c.place)
    # Turned by a quarter the page is wider than high, and its first line runs down its right side.
    with Pdf(data.replace(b"/MediaBox", b"/Rotate 90 /MediaBox")) as pdf:
        place = pdf.cells(0)[0].place
    assert (place[3] - place[1]) * 595 > (place[2] - place[0]) * 842


def test_a_page_without_text_is_a_picture() -> None:
    with Pdf(pdf_with_text([[]])) as pdf:
        assert pdf.cells(0) == []
        assert pdf.picture(0).shape == (2339, 1653, 3)


def test_a_huge_page_is_drawn_small() -> None:
    with Pdf(pdf_with_text([[]], size=(14000, 14000))) as pdf:
        assert max(pdf.picture(0).shape) <= 3001


def test_a_layer_without_a_character_map_is_no_text() -> None:
    with Pdf(pdf_with_text([[(50, 100, 10, "\ue000\ue001\ue002\ue003")]])) as pdf:
        assert pdf.cells(0) == []


def test_locked_broken_and_empty_files() -> None:
    plain = pdf_with_text([[(50, 100, 10, "x")]])
    locked = plain.replace(
        b"/Root 1 0 R",
        b"/Root 1 0 R /ID [<00> <00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >>"
        % (b"11" * 32, b"22" * 32),
    )
    with pytest.raises(InputError, match="password"):
        Pdf(locked)
    with pytest.raises(InputError, match="damaged"):
        Pdf(b"%PDF-1.4 nothing")
    with pytest.raises(InputError, match=r"no pages|damaged"):
        Pdf(pdf_with_text([]))


@pytest.mark.parametrize(("matrix", "down"), [(b"0 1 -1 0", True), (b"0 -1 1 0", True), (b"-1 0 0 -1", False)])
def test_text_that_runs_another_way_is_turned_and_keeps_its_place(matrix: bytes, down: bool) -> None:
    import re

    plain = pdf_with_text([[(300, 400, 10, "白细胞计数"), (300, 300, 10, "11.26 g/L")]])
    turned = re.sub(rb"(\S+ \S+) Td", matrix + rb" \1 Tm", plain)
    with Pdf(turned) as pdf:
        cells = pdf.cells(0)
    assert {c.text for c in cells} == {"白细胞计数", "11.26 g/L"}
    for cell in cells:
        assert cell.x1 - cell.x0 > cell.y1 - cell.y0
        assert ((cell.place[3] - cell.place[1]) * 842 > (cell.place[2] - cell.place[0]) * 595) is down


def test_a_stamp_over_a_scan_is_not_the_report(monkeypatch: pytest.MonkeyPatch) -> None:
    from syngraph.sources import report_pdf

    monkeypatch.setattr(report_pdf, "_has_full_picture", lambda _: True)
    with Pdf(pdf_with_text([[(50, 100, 10, "Scanned by an app")]])) as pdf:
        assert pdf.cells(0) == []


def test_a_page_that_cannot_be_drawn_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import pypdfium2

    def full(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(pypdfium2.PdfPage, "render", full)
    with Pdf(pdf_with_text([[]])) as pdf, pytest.raises(InputError, match="page 1"):
        pdf.picture(0)

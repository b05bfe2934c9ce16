"""A briefing as a Word file: the layout of GB/T 9704-2012, every number, and its trace."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from pathlib import Path

import briefing_samples as samples
import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Pt

from app.briefing import faces, office, word
from app.briefing.numbering import Numbering, chinese
from app.briefing.parts import Briefing, Change, Chart, Fills, Paragraph, Request, replaced
from app.briefing.word import grid
from app.errors import NoOffice
from app.lettering import text_width

PICTURES = {samples.LINE: samples.picture()}


def opened(briefing: Briefing, pictures: dict[Chart, bytes] | None = None) -> Document:
    file = word.document(briefing, PICTURES if pictures is None else pictures)
    return docx.Document(io.BytesIO(file))


@pytest.fixture(scope="module")
def bulletin() -> Document:
    return opened(samples.bulletin())


def words(element: object) -> str:
    """The text of an element, that of links and of changes too."""
    return "".join(t.text or "" for t in element.iter(qn("w:t")))  # type: ignore[attr-defined]


def lines(made: Document) -> list[str]:
    return [words(paragraph._p) for paragraph in made.paragraphs]


# ------------------------------------------------------------------ the page


def test_the_page_is_a4_with_the_margins_of_the_standard(bulletin: Document) -> None:
    section = bulletin.sections[0]
    sizes = [section.page_width, section.page_height, section.top_margin, section.left_margin,
             section.right_margin, section.bottom_margin]  # fmt: skip
    assert [round(size.mm) for size in sizes if size is not None] == [210, 297, 37, 28, 26, 35]


def test_a_page_has_22_lines_of_28_letters(bulletin: Document) -> None:
    grid = bulletin.sections[0]._sectPr.find(qn("w:docGrid"))
    lines = 225 / 25.4 * 1440 / int(grid.get(qn("w:linePitch")))
    assert 22 <= lines < 22.1, "a whole line more or less would not fit"
    closer = bulletin.styles["Normal"].element.rPr.find(qn("w:spacing"))
    letter = 16 + int(closer.get(qn("w:val"))) / 20  # pt of a letter and its distance
    assert 28 <= 156 / 25.4 * 72 / letter < 28.2


@pytest.mark.parametrize(
    ("style", "face", "size"),
    [
        ("Normal", "仿宋_GB2312", 16), ("Title", "方正小标宋简体", 22), ("Heading 1", "黑体", 16),
        ("Heading 2", "楷体_GB2312", 16), ("Heading 3", "仿宋_GB2312", 16),
        ("Heading 4", "仿宋_GB2312", 16),
    ],
)  # fmt: skip
def test_typefaces_and_sizes_are_those_of_the_standard(
    style: str, face: str, size: int, bulletin: Document
) -> None:
    told = bulletin.styles[style]
    assert told.element.rPr.rFonts.get(qn("w:eastAsia")) == face
    assert told.font.size == Pt(size)


def test_every_face_has_others_that_may_stand_in(bulletin: Document) -> None:
    file = word.document(samples.bulletin(), PICTURES)
    table = zipfile.ZipFile(io.BytesIO(file)).read("word/fontTable.xml").decode()
    for face in faces.STAND_INS:
        assert re.search(f'w:name="{face}"><w:altName w:val="[^"]+"', table)


def test_page_numbers_stand_outside_in_dashes(bulletin: Document) -> None:
    section = bulletin.sections[0]
    assert bulletin.settings.odd_and_even_pages_header_footer
    for footer, side in ((section.footer, "RIGHT"), (section.even_page_footer, "LEFT")):
        paragraph = footer.paragraphs[0]
        assert words(paragraph._p) == "— 1 —"
        assert paragraph.alignment is not None and paragraph.alignment.name == side
        assert "PAGE" in "".join(i.text or "" for i in paragraph._p.iter(qn("w:instrText")))
        assert {run.font.size for run in paragraph.runs} == {Pt(14)}
    assert section.footer_distance is not None
    assert round(section.footer_distance.mm) == 23, "14 pt high, 7 mm below the text"


def test_sample_data_are_marked_on_every_page(bulletin: Document) -> None:
    section = bulletin.sections[0]
    for header in (section.header, section.even_page_header):
        assert "样例数据" in header.paragraphs[0].text
    real = Briefing(
        Request("bulletin", "2023Q4", "pilot"), "通报", "", 73, "2024-02-05", sample=False
    )
    assert opened(real).sections[0].header.paragraphs[0].text == "内部资料"


# ------------------------------------------------------------------ what it says


def test_headings_are_numbered_as_official_documents_do(bulletin: Document) -> None:
    found = [p.text for p in bulletin.paragraphs if (p.style.name or "").startswith("Heading")]
    assert found[:7] == ["一、总体情况", "（一）粤东", "1.汕头", "（1）南澳", "（二）粤西",
                         "二、排名", "附：数据出处"]  # fmt: skip


def test_numbers_of_headings_go_on_past_ten() -> None:
    assert [chinese(n) for n in (1, 10, 11, 20, 35)] == ["一", "十", "十一", "二十", "三十五"]
    english = Numbering("en")
    assert [english.heading(1).strip() for _ in range(4)] == ["I.", "II.", "III.", "IV."]
    assert english.heading(2).strip() == "(a)"


def test_a_paragraph_begins_two_letters_in(bulletin: Document) -> None:
    (paragraph,) = [p for p in bulletin.paragraphs if p.text.startswith("截至")]
    indent = paragraph._p.pPr.ind
    assert indent.get(qn("w:firstLineChars")) == "200"
    assert paragraph.paragraph_format.first_line_indent == Pt(32)


def test_every_cell_of_a_table_is_there_and_its_head_is_repeated(bulletin: Document) -> None:
    long, short, *_ = bulletin.tables
    rows = [[words(cell._tc) for cell in row.cells] for row in long.rows]
    expected = [[str(name[0]), value[0].shown] for name, value in samples.LONG]  # type: ignore[union-attr]
    assert rows == [["县", "占比"], *expected]
    assert long.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in long.rows)
    assert [words(cell._tc) for cell in short.rows[1].cells] == ["乐昌市", "—"]
    sides = [long.rows[1].cells[k].paragraphs[0].alignment for k in (0, 1)]
    assert [side.name for side in sides if side is not None] == ["LEFT", "RIGHT"]
    assert {"表1　各县占比", "表2　缺数的县", "—：缺数。"} <= set(lines(bulletin))


def test_a_picture_is_as_wide_as_the_text_and_is_told_to_those_who_can_not_see_it(
    bulletin: Document,
) -> None:
    (shape,) = bulletin.inline_shapes
    assert round(shape.width.mm) == 156
    assert shape._inline.docPr.get("descr") == samples.LINE.alt
    assert "图1　南澳县护理型床位占比" in lines(bulletin)


def test_a_chart_without_a_picture_is_told_in_a_line(bulletin: Document) -> None:
    assert any("图2　分布" in line and "Chromium" in line for line in lines(bulletin))


def test_every_number_leads_to_its_line_in_the_list_of_traces() -> None:
    briefing = samples.bulletin()
    made = opened(briefing)
    marks = {m.get(qn("w:name")): m.getparent() for m in made.element.iter(qn("w:bookmarkStart"))}
    links = [
        (link.get(qn("w:anchor")), words(link)) for link in made.element.iter(qn("w:hyperlink"))
    ]
    told = {n.shown for n in briefing.numbers()}
    assert {shown for _, shown in links} == told - {"40.1%"}, "that one is in a picture alone"
    for anchor, shown in links:
        line = words(marks[anchor])
        assert f"] {shown}　" in line
    share = next(words(p) for p in marks.values() if "] 48.6%" in words(p))
    assert "南澳县" in share and "48.55" in share
    groups = [line for line in lines(made) if "care_bed_share" in line]
    assert groups == ["护理型床位占比（care_bed_share）2023年四季度",
                      "护理型床位占比（care_bed_share）2023年三季度"]  # fmt: skip
    assert any("V73" in line for line in lines(made))


def test_what_is_filled_in_stands_in_its_place_and_what_is_not_is_left_blank() -> None:
    fills = Fills("粤民函〔2024〕1号", "广东省民政厅办公室", "某某", "各地级以上市民政局")
    told = lines(opened(samples.bulletin(fills=fills)))
    assert told[0] == "发文字号：粤民函〔2024〕1号签发：某某"
    assert {"抄送：各地级以上市民政局", "印发机关：广东省民政厅办公室", "2024年2月5日"} <= set(told)
    blank = lines(opened(samples.bulletin()))
    assert blank[0] == "发文字号：签发：" and "抄送：" in blank


def test_what_was_changed_is_a_change_of_word() -> None:
    made = opened(samples.changed())
    gone = [
        "".join(t.text for t in d.iter(qn("w:delText"))) for d in made.element.iter(qn("w:del"))
    ]
    come = [words(i) for i in made.element.iter(qn("w:ins"))]
    # a line may end after what is gone, so that neither number is broken
    assert gone == ["48.6%\u200b", "已达标。", "48.6%\u200b"] and come == ["51.0%", "51.0%"]
    dates = {i.get(qn("w:date")) for i in made.element.iter(qn("w:ins"))}
    assert dates == {"2024-03-01T00:00:00Z"}
    assert not list(opened(samples.bulletin()).element.iter(qn("w:ins")))


@pytest.mark.parametrize("size", [8.5, 10.5])
def test_no_column_is_too_narrow_for_a_number_old_or_new(size: float) -> None:
    number = Change(("100.0 ○",), ("1,234.5 ✓",))
    rows = [
        (("指标",), ("本季",), ("目标",)),
        (("一项名称很长很长" * 4,), (number,), ("100%（广东省民政事业发展十四五规划，2025年）",)),
    ]
    names, column, target = (twips / 20 / size for twips in grid._widths(rows, size))
    assert column > text_width("1,234.5 ✓", 1) + 1
    assert names > target > column
    assert (names + target + column) * size == pytest.approx(156 / 25.4 * 72, abs=0.5)


def test_an_english_one_is_english() -> None:
    made = opened(samples.bulletin("en"))
    told = "\n".join(lines(made))
    assert "Table 1. " in told and "Figure 1. " in told and "I. 总体情况" in told
    assert made.core_properties.language == "en-GB"


# ------------------------------------------------------------------ that Word opens it

ORDER = {
    "pPr": ["pStyle", "keepNext", "keepLines", "pageBreakBefore", "widowControl", "numPr", "pBdr",
            "shd", "tabs", "snapToGrid", "spacing", "ind", "contextualSpacing", "jc", "outlineLvl",
            "rPr", "sectPr"],
    "rPr": ["rStyle", "rFonts", "b", "bCs", "i", "iCs", "color", "spacing", "w", "kern", "sz",
            "szCs", "u", "lang"],
    "tblPr": ["tblStyle", "tblW", "jc", "tblLayout", "tblLook"],
    "sectPr": ["type", "pgSz", "pgMar", "cols", "titlePg",
               "docGrid"],
}  # fmt: skip


def test_elements_stand_in_the_order_of_the_schema_and_names_are_given_once() -> None:
    for briefing in (samples.bulletin(), samples.changed()):
        made = opened(briefing)
        for part in (made.element, made.styles.element):
            for name, order in ORDER.items():
                for properties in part.iter(qn(f"w:{name}")):
                    found = [child.tag.partition("}")[2] for child in properties]
                    places = [order.index(tag) for tag in found if tag in order]
                    assert places == sorted(places), found
        for tag, key in (("w:bookmarkStart", "w:id"), ("w:bookmarkStart", "w:name")):
            names = [e.get(qn(key)) for e in made.element.iter(qn(tag))]
            assert len(names) == len(set(names))


# ------------------------------------------------------------------ PDF


def test_the_pdf_is_a4_says_the_same_and_a_county_takes_one_page(tmp_path: Path) -> None:
    county = replaced(samples.bulletin(), samples.bulletin().blocks[:2])
    county = Briefing(
        Request("county", "2023Q4", samples.COUNTY), "南澳县简报", "2023年四季度", 73, "2024-02-05",
        True, (*county.blocks, samples.LINE),
    )  # fmt: skip
    file = tmp_path / "county.pdf"
    file.write_bytes(office.pdf(word.document(county, PICTURES)))
    facts = subprocess.run(["pdfinfo", file], capture_output=True, text=True, check=True).stdout
    assert "A4" in facts and "南澳县简报" in facts
    pages = subprocess.run(
        ["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True
    ).stdout.split("\f")
    assert "48.6%" in pages[0] and "图 1" in pages[0].replace("图1", "图 1")
    assert "附：数据出处" in pages[1].replace(" ", "") and "48.55" in pages[1]


def test_a_page_of_text_has_22_lines_when_it_is_laid_out(tmp_path: Path) -> None:
    page = Paragraph(("护理型床位占比" * 400,))
    plain = Briefing(
        Request("bulletin", "2023Q4", "pilot"), "通报", "", 73, "2024-02-05", False, (page,)
    )
    file = tmp_path / "plain.pdf"
    file.write_bytes(office.pdf(word.document(plain, {})))
    told = subprocess.run(
        ["pdftotext", "-f", "2", "-l", "2", "-layout", file, "-"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    faced = subprocess.run(["pdffonts", file], capture_output=True, text=True, check=True).stdout
    assert "NotoSerifCJK" in faced  # in place of 仿宋_GB2312, where that is not installed
    lines = [line for line in told.splitlines() if "床位" in line]
    assert len(lines) == 22
    assert {len(line.strip()) for line in lines} == {28}


def test_without_an_office_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "_office", lambda: None)
    with pytest.raises(NoOffice, match="libreoffice-writer"):
        office.pdf(b"")


def test_a_file_that_is_no_document_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    before = set(Path("/tmp").glob("office-*"))
    with pytest.raises(NoOffice):
        office.pdf(b"PK\x03\x04 no document")
    assert set(Path("/tmp").glob("office-*")) <= before

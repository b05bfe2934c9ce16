"""A briefing as slides and as a workbook: opened again, every number is the briefing's."""

from __future__ import annotations

import csv
import io
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import native_briefings as made
import openpyxl
import pptx
import pytest
import template_forms
from native_briefings import RENHUA, SHIXING
from pptx.util import Pt

from app import formats, lettering, palette, scopes
from app.briefing import deck, printed, slides, workbook
from app.briefing.data_sheet import COLUMN, FIRST
from app.briefing.parts import Briefing, Chart, Heading, Paragraph, Series, Table, text
from app.briefing.runs import runs, sentences, words

A, C = (
    "{http://schemas.openxmlformats.org/drawingml/2006/main}",
    "{http://schemas.openxmlformats.org/drawingml/2006/chart}",
)
KINDS = {
    "county": made.county(),
    "county_en": made.county("en"),
    "bulletin": made.bulletin(),
    "bulletin_en": made.bulletin("en"),
    "changed": made.changed(),
}


def pictures(briefing: Briefing) -> dict[Chart, bytes]:
    return {chart: made.picture() for chart in briefing.charts()}


@pytest.fixture(scope="module")
def presentations() -> dict[str, bytes]:
    return {name: slides.presentation(each, pictures(each)) for name, each in KINDS.items()}


@pytest.fixture(scope="module")
def workbooks() -> dict[str, bytes]:
    return {name: workbook.made(each, pictures(each)) for name, each in KINDS.items()}


def opened(content: bytes) -> Any:
    return pptx.Presentation(io.BytesIO(content))


def of(*blocks: Any, **other: Any) -> Any:
    """The slides of a briefing of these blocks, the title slide left out."""
    briefing = made.briefing(*blocks, **other)
    return list(opened(slides.presentation(briefing, {})).slides)[1:]


def body(slide: Any) -> list[str]:
    """The points of a slide of text."""
    return [p.text for p in slide.placeholders[1].text_frame.paragraphs]


def tables(slide: Any) -> list[list[list[str]]]:
    return [
        [[cell.text for cell in row.cells] for row in shape.table.rows]
        for shape in slide.shapes
        if shape.has_table
    ]


def charts(slide: Any) -> list[Any]:
    return [shape.chart for shape in slide.shapes if shape.has_chart]


def all_text(presentation: Any) -> str:
    parts = []
    for slide in presentation.slides:
        parts += [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        parts += [cell for table in tables(slide) for row in table for cell in row]
    return "\n".join(parts)


# ------------------------------------------------------------------ the text


def test_a_sentence_ends_at_its_stop_and_a_number_is_never_cut() -> None:
    told = ("占比为", made.number("48.6%", SHIXING, 48.55), "。（共", "3个县）。“好。”", "完")
    found = sentences(runs(told, "zh"))
    assert [words(each) for each in found] == ["占比为48.6%。", "（共3个县）。", "“好。”", "完"]
    english = ("It is ", made.number("48.6%", SHIXING, 48.55), ". It rose in no. 3 of 45. So?")
    found = sentences(runs(english, "en"))
    assert [words(each) for each in found] == ["It is 48.6%.", "It rose in no. 3 of 45.", "So?"]


# ------------------------------------------------------------------ slides


@pytest.mark.parametrize("name", KINDS)
def test_every_number_stands_on_a_slide_as_the_briefing_prints_it(
    name: str, presentations: dict[str, bytes]
) -> None:
    briefing, presentation = KINDS[name], opened(presentations[name])
    found = all_text(presentation)
    for block in briefing.blocks:
        if isinstance(block, Paragraph):
            for sentence in sentences(runs(block.told, briefing.request.lang)):
                assert words(sentence) in found
        if isinstance(block, Table):
            told = [row for slide in presentation.slides for t in tables(slide) for row in t]
            wanted = [
                [words(runs(cell, briefing.request.lang)) for cell in row] for row in block.rows
            ]
            assert [row for row in told if row != list(block.head)] == wanted


@pytest.mark.parametrize("name", KINDS)
def test_every_slide_has_title_source_number_and_sample_mark(
    name: str, presentations: dict[str, bytes]
) -> None:
    presentation, lang = opened(presentations[name]), KINDS[name].request.lang
    for slide in presentation.slides:
        assert slide.shapes.title.text_frame.text.strip()
        holders = {s._element.ph.get("type"): s for s in slide.placeholders}
        assert "73" in holders["ftr"].text_frame.text
        note = "样例数据，不是统计数据" if lang == "zh" else "Sample data, not statistics"
        assert note in holders["ftr"].text_frame.text
        assert holders["sldNum"]._element.find(f".//{A}fld").get("type") == "slidenum"
        assert "dt" not in holders
        identities = [shape.shape_id for shape in slide.shapes]
        assert len(identities) == len(set(identities))
    real = replace(KINDS[name], sample=False)
    assert note not in all_text(opened(slides.presentation(real, {})))


@pytest.mark.parametrize("name", KINDS)
def test_no_text_overflows_its_box(name: str, presentations: dict[str, bytes]) -> None:
    for slide in opened(presentations[name]).slides:
        for shape in slide.shapes:
            if shape.has_text_frame and shape.text_frame.text:
                assert _height(shape) <= shape.height.pt + 0.01, shape.text_frame.text
            if shape.has_table:
                _table_fits(shape)
            assert shape.top.pt + shape.height.pt <= deck.HEIGHT
            assert shape.left.pt + shape.width.pt <= deck.WIDTH


def _height(shape: Any) -> float:
    """The height that the text of a shape takes, by the sizes of its runs."""
    whole = 0.0
    sizes = {"ftr": 11, "sldNum": 11, "body": 12, "ctrTitle": 36, "subTitle": 18}
    kind = shape._element.ph.get("type") if shape.is_placeholder else None
    for paragraph in shape.text_frame.paragraphs:
        size = next((r.font.size.pt for r in paragraph.runs if r.font.size), sizes.get(kind, 20))
        indent = 20 if kind is None and shape.is_placeholder else 0
        lines = lettering.wrap(paragraph.text, shape.width.pt - indent, size)
        leading = deck.LEADING if paragraph.line_spacing is not None else 1.32
        whole += len(lines) * size * leading
        whole += paragraph.space_before.pt if paragraph.space_before is not None else 0
    return whole


def _table_fits(shape: Any) -> None:
    grid = shape.table
    assert sum(column.width.pt for column in grid.columns) == pytest.approx(shape.width.pt, abs=1)
    assert shape.top.pt + sum(row.height.pt for row in grid.rows) <= deck.BOTTOM + 0.01
    for row in grid.rows:
        for cell, column in zip(row.cells, grid.columns, strict=True):
            paragraph = cell.text_frame.paragraphs[0]
            size = paragraph.runs[0].font.size.pt
            assert size >= 11
            room = column.width.pt - cell.margin_left.pt - cell.margin_right.pt
            lines = lettering.wrap(paragraph.text, room, size) or [""]
            assert max(lettering.text_width(line, size) for line in lines) <= room + 0.01
            assert len(lines) * size * deck.LEADING + 6 <= row.height.pt + 0.01


@pytest.mark.parametrize("length", [1, 200, 2000])
@pytest.mark.parametrize("letters", ["长", "long "])
def test_text_without_end_goes_on_to_further_slides(length: int, letters: str) -> None:
    found = of(Heading("养老"), Paragraph((letters * length,)))
    for slide in found:
        assert all(_height(s) <= s.height.pt for s in slide.placeholders if s.has_text_frame)
    told = "".join("".join(body(slide)) for slide in found).replace(" ", "")
    assert told == (letters * length).replace(" ", "")
    titles = [slide.shapes.title.text_frame.text for slide in found]
    assert titles == ["养老", *["养老（续）"] * (len(found) - 1)]
    assert len(found) > 1 or length < 2000


def test_sentences_are_points_and_lower_headings_stand_over_theirs() -> None:
    told = Paragraph(("一句。两句。",))
    (slide,) = of(Heading("养老"), told, Heading("床位", 2), Paragraph(("三句。",)))
    assert body(slide) == ["一句。", "两句。", "床位", "三句。"]
    heading = slide.placeholders[1].text_frame.paragraphs[2]
    assert heading.runs[0].font.bold and heading._p.pPr.find(f"{A}buNone") is not None


def test_a_heading_is_not_left_alone_at_the_foot_of_a_slide() -> None:
    # eleven points of 28 + 8 pt would fit 392 pt; the heading would be the eleventh
    first = [Paragraph(("一句。",))] * 9
    one, two = of(Heading("养老"), *first, Heading("床位", 2), Paragraph(("三句。" * 2,)))
    assert len(body(one)) == 9 and body(two)[0] == "床位"


def test_a_heading_right_above_a_table_stands_on_its_slide() -> None:
    table = made.table(made.parts())
    one, two = of(Heading("养老"), Paragraph(("一句。",)), Heading("床位", 2), table)
    assert body(one) == ["一句。"]
    kicker = next(s for s in two.placeholders if s.placeholder_format.idx == 13)
    assert kicker.text_frame.text == "养老 · 床位"


def test_a_heading_without_anything_below_it_has_a_slide() -> None:
    found = of(Heading("没有"), Heading("有"), Paragraph(("一句。",)))
    assert [slide.shapes.title.text_frame.text for slide in found] == ["没有", "有"]


@pytest.mark.parametrize("length", [5, 30, 60, 300])
def test_a_title_of_any_length_keeps_within_its_place(length: int) -> None:
    briefing = made.briefing(Heading("长" * length), Paragraph(("一句。",)), title="标" * length)
    for slide in opened(slides.presentation(briefing, {})).slides:
        title = slide.shapes.title
        assert _height(title) <= title.height.pt and title.text_frame.text[0] in "标长"
        assert len(title.text_frame.text) == length or title.text_frame.text.endswith("…")


def test_a_briefing_without_blocks_is_a_title() -> None:
    assert of() == []


def test_a_long_table_goes_on_with_its_head_repeated(presentations: dict[str, bytes]) -> None:
    found = [s for s in opened(presentations["bulletin"]).slides if tables(s)]
    titles = [slide.shapes.title.text_frame.text for slide in found]
    assert titles == ["试点县排名", "试点县排名（续）", "试点县排名（续）"]
    heads = [tables(slide)[0][0] for slide in found]
    assert all(head == list(made.bulletin_table().head) for head in heads)
    assert sum(len(tables(slide)[0]) - 1 for slide in found) == 45


def test_numbers_stand_to_the_right_and_texts_to_the_left(
    presentations: dict[str, bytes],
) -> None:
    table = made.table(made.parts())
    rows = tuple((row[0], ("很长的一句话，不是数",), *row[1:3]) for row in table.rows)
    (slide,) = of(Heading("床位"), replace(table, rows=rows))
    grid = next(shape.table for shape in slide.shapes if shape.has_table)
    sides = [cell.text_frame.paragraphs[0].alignment.name for cell in grid.rows[1].cells]
    assert sides == ["LEFT", "LEFT", "RIGHT", "RIGHT"]


def test_a_few_words_after_a_table_stand_below_it_and_many_on_a_slide_of_their_own() -> None:
    table, of_parts = made.table(made.parts()), made.parts()
    told = Paragraph(("另有", of_parts["denominator"], "张。"))
    (one,) = of(Heading("床位"), table, told)
    assert "另有80张。" in [s.text_frame.text for s in one.shapes if s.has_text_frame]
    assert "分母" in one.notes_slide.notes_text_frame.text
    first, second = of(Heading("床位"), table, Paragraph(("很长的话" * 60,)))
    assert tables(first) and body(second) == ["很长的话" * 60]


def test_what_comes_before_the_first_heading_stands_on_the_first_slide() -> None:
    briefing = made.briefing(Paragraph(("另有说明。",)), Heading("床位"), Paragraph(("一句。",)))
    first, second = opened(slides.presentation(briefing, {})).slides
    assert first.placeholders[1].text_frame.text.endswith("另有说明。")
    assert body(second) == ["一句。"]


def test_a_table_of_more_columns_than_fit_is_split_beside_its_first() -> None:
    head = ("县", *(f"护理型床位占比第{n}次统计数" for n in range(12)))
    row = (("始兴县",), *((f"Unbreakable{n}0000000000",) for n in range(12)))
    found = of(Heading("表"), Table("宽表", head, (row,), (1 / 13,) * 13))
    shown = [tables(slide)[0] for slide in found]
    assert len(shown) > 1
    assert all(table[0][0] == "县" and table[1][0] == "始兴县" for table in shown)
    assert [cell for table in shown for cell in table[0][1:]] == list(head[1:])
    for slide in found:
        _table_fits(next(shape for shape in slide.shapes if shape.has_table))


def chart_values(chart: Any) -> list[tuple[float | None, ...]]:
    return [tuple(series.values) for plot in chart.plots for series in plot.series]


def test_the_points_of_a_chart_are_the_unrounded_numbers_and_a_gap_has_none(
    presentations: dict[str, bytes],
) -> None:
    slide = next(s for s in opened(presentations["county"]).slides if charts(s))
    (chart,) = charts(slide)
    assert chart_values(chart) == [
        (30.25, 33.125, None, 37.5, 50.0), (41.1, 42.2, 43.3, 44.4, 45.5), (55.0,) * 5,
    ]  # fmt: skip
    first = chart.plots[0].series[0]
    places = [pt.get("idx") for pt in first._element.findall(f"{C}val//{C}pt")]
    assert places == ["0", "1", "3", "4"]
    assert first._element.find(f"{C}val//{C}formatCode").text == "#,##0.0"
    assert chart._chartSpace.find(f".//{C}dispBlanksAs").get("val") == "gap"
    assert chart.value_axis.axis_title.text_frame.text == "%"
    assert list(chart.plots[0].categories) == list(made.PERIODS)


def test_the_workbook_inside_a_chart_holds_the_same_numbers(
    presentations: dict[str, bytes],
) -> None:
    slide = next(s for s in opened(presentations["county"]).slides if charts(s))
    blob = charts(slide)[0].part.chart_workbook.xlsx_part.blob
    sheet = openpyxl.load_workbook(io.BytesIO(blob))["Sheet1"]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == (None, "始兴县", "粤北", "目标")
    assert rows[3] == ("2023Q2", None, 43.3, 55) and rows[5] == ("2023Q4", 50, 45.5, 55)


def test_no_name_within_a_chart_runs_as_a_formula() -> None:
    odd = made.chart("bar", ("=1+1", "乙"), (Series("=2+2", (made.share(RENHUA), None)),))
    (slide,) = of(odd)
    blob = charts(slide)[0].part.chart_workbook.xlsx_part.blob
    sheet = openpyxl.load_workbook(io.BytesIO(blob))["Sheet1"]
    assert {sheet["A2"].data_type, sheet["B1"].data_type} == {"s"}
    content = workbook.made(made.briefing(replace(odd, caption="=3+3")), {})
    sheet = opened_book(content, values=False)["图1"]
    assert {sheet[cell].data_type for cell in ("A1", "A5", "B4")} == {"s"}
    document = zipfile.ZipFile(io.BytesIO(content)).read("xl/charts/chart1.xml").decode()
    assert "<c:f>2+2" not in document and "<c:f>3+3" not in document


def test_the_chosen_county_and_the_target_stand_out(presentations: dict[str, bytes]) -> None:
    slide = next(s for s in opened(presentations["county"]).slides if charts(s))
    own, _, target = charts(slide)[0].plots[0].series
    assert str(own.format.line.color.rgb) == palette.COUNTY.lstrip("#")
    assert own.format.line.width > target.format.line.width
    assert target.format.line.dash_style is not None and target.marker.style.name == "NONE"
    found = [c for s in opened(presentations["bulletin"]).slides for c in charts(s)]
    bars = [c for c in found if "barChart" in c._chartSpace.xml]
    points = {
        (panel.plots[0].categories[int(point.find(f"{C}idx").get("val"))],
         point.find(f".//{A}srgbClr").get("val"))
        for panel in bars for point in panel.plots[0].series[0]._element.findall(f"{C}dPt")
    }  # fmt: skip
    assert points == {("始兴县", palette.COUNTY.lstrip("#"))}


def test_bars_run_from_the_top_as_given_in_panels_of_one_scale(
    presentations: dict[str, bytes],
) -> None:
    found = [s for s in opened(presentations["bulletin"]).slides if charts(s)]
    panels = charts(found[0])
    names = [name for panel in panels for name in panel.plots[0].categories]
    wanted = made.bars()
    assert names == list(wanted.categories) and len(panels) == 3
    values = [v for panel in panels for v in chart_values(panel)[0]]
    numbers = wanted.series[0].numbers
    assert values == [None if n is None else n.trace.value for n in numbers]
    assert {(p.value_axis.minimum_scale, p.value_axis.maximum_scale) for p in panels} == {(0, 80)}
    assert all(panel.category_axis.reverse_order for panel in panels)
    text_of = " ".join(s.text_frame.text for s in found[0].shapes if s.has_text_frame)
    unknown = {made.name(code) for code in made.UNKNOWN}
    assert "留空的没有数据，不是零" in text_of and all(name in text_of for name in unknown)


def test_bars_with_a_target_show_it_as_a_frame_behind_them() -> None:
    numbers = tuple(made.share(code) for code in (RENHUA, SHIXING))
    targets = tuple(made.number("55%", code, 55, "target") for code in (RENHUA, SHIXING))
    told = (Series("占比", numbers), Series("目标", targets))
    (slide,) = of(made.chart("bar", ("仁化县", "始兴县"), told))
    (chart,) = charts(slide)
    assert chart_values(chart)[1] == (55, 55) and chart.plots[0].overlap == 100
    assert chart.plots[0].series[1].format.fill.type.name == "BACKGROUND"
    assert chart.has_legend


def test_a_map_is_a_picture_in_its_proportions_and_without_one_a_line(
    presentations: dict[str, bytes],
) -> None:
    slide = next(
        s for s in opened(presentations["county"]).slides
        if s.shapes.title.text_frame.text == "试点县地图"
    )  # fmt: skip
    (shown,) = [shape for shape in slide.shapes if shape.shape_type.name == "PICTURE"]
    assert shown.width / shown.height == pytest.approx(200 / 120, rel=1e-3)
    assert shown.top.pt + shown.height.pt <= deck.BOTTOM + 0.1
    (bare,) = of(made.map_chart())
    assert "没有图片" in body(bare)[0]


def test_a_chart_without_any_number_is_a_line_that_says_so() -> None:
    empty = made.chart("bar", ("甲", "乙"), (Series("占比", (None, None)),), caption="空图")
    (slide,) = of(empty)
    assert body(slide) == ["空图：没有数据"] and not charts(slide)
    book = opened_book(workbook.made(made.briefing(empty), {}))
    assert "空图：没有数据" in {cell.value for row in book["图1"].rows for cell in row}


@pytest.mark.parametrize("name", KINDS)
def test_every_graphic_has_alternative_text(name: str, presentations: dict[str, bytes]) -> None:
    captions = {c.caption: c.alt for c in KINDS[name].charts()}
    for slide in opened(presentations[name]).slides:
        for shape in slide.shapes:
            if shape.has_chart or shape.shape_type.name == "PICTURE":
                assert shape._element.find(".//{*}cNvPr").get("descr") == captions[shape.name]
            if shape.has_table:
                assert shape._element.find(".//{*}cNvPr").get("descr")


def test_the_notes_hold_the_trace_of_each_number_and_nothing_that_is_not_published(
    presentations: dict[str, bytes],
) -> None:
    presentation = opened(presentations["county"])
    notes = [slide.notes_slide.notes_text_frame.text for slide in presentation.slides]
    assert "care_bed_share · 数值 · 2023年四季度 · 数据版本 73" in notes[1]
    assert "始兴县（440222）50.0% = 50" in notes[1]
    assert "环比" in notes[1] and "始兴县（440222）12.5个百分点 = 12.5" in notes[1]
    assert "目标" in notes[1] and "5.0个百分点 = −5" in notes[1]
    assert "一卡通" in notes[2] and "始兴县（440222）不公布；" not in notes[2]
    assert "不公布 = " not in notes[2] and "持平 = 0.01" in notes[2]
    assert "始兴县（440222）30.3% = 30.25" in notes[3]
    assert notes[-1] == "本页没有数。"


def test_typefaces_are_named_for_chinese_too_and_properties_say_what_it_is(
    presentations: dict[str, bytes],
) -> None:
    for name, language in (("county", "zh-CN"), ("county_en", "en-GB")):
        presentation = opened(presentations[name])
        assert presentation.core_properties.title == KINDS[name].title
        assert presentation.core_properties.language == language
        assert presentation.core_properties.author
        assert (presentation.slide_width, presentation.slide_height) == (Pt(960), Pt(540))
        runs_of = presentation.slides[1].placeholders[1].text_frame.paragraphs[0].runs
        assert runs_of[0]._r.rPr.get("lang") == language
        archive = zipfile.ZipFile(io.BytesIO(presentations[name]))
        theme = archive.read("ppt/theme/theme1.xml").decode()
        assert theme.count('<a:ea typeface="Microsoft YaHei"') == 2
        chart = next(n for n in archive.namelist() if n.startswith("ppt/charts/chart"))
        assert '<a:ea typeface="Microsoft YaHei"' in archive.read(chart).decode()
        assert not [n for n in archive.namelist() if "thumbnail" in n or "printer" in n]
        assert len(set(archive.namelist())) == len(archive.namelist())
        assert b"4x3" not in archive.read("ppt/presentation.xml")
        assert b"4:3" not in archive.read("docProps/app.xml")


def test_what_a_change_made_is_underlined_and_the_old_in_brackets(
    presentations: dict[str, bytes],
) -> None:
    slide = opened(presentations["changed"]).slides[1]
    assert body(slide) == ["占比为50.0%（原48.6%）。（删去：共有三个县。）", "新增一句。", "完。"]
    first, second, _ = slide.placeholders[1].text_frame.paragraphs
    underlined = [run.text for run in (*first.runs, *second.runs) if run.font.underline]
    assert underlined == ["50.0%", "新增一句。"]
    notes = slide.notes_slide.notes_text_frame.text
    assert "50.0% = 50" in notes and "48.55" not in notes


@pytest.mark.parametrize("name", KINDS)
def test_no_file_refers_to_anything_outside(
    name: str, presentations: dict[str, bytes], workbooks: dict[str, bytes]
) -> None:
    for content in (presentations[name], workbooks[name]):
        archive = zipfile.ZipFile(io.BytesIO(content))
        for part in archive.namelist():
            assert "externalLink" not in part
            if part.endswith(".rels"):
                assert b'TargetMode="External"' not in archive.read(part), part


# ------------------------------------------------------------------ the workbook


def opened_book(content: bytes, *, values: bool = True) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content), data_only=values)


def data_rows(book: Any, name: str = "数据") -> list[dict[str, Any]]:
    rows = book[name].iter_rows(min_row=FIRST + 1, values_only=True)
    return [dict(zip(COLUMN, row, strict=True)) for row in rows]


@pytest.mark.parametrize("name", KINDS)
def test_each_trace_has_its_row_with_the_unrounded_value(
    name: str, workbooks: dict[str, bytes]
) -> None:
    lang = KINDS[name].request.lang
    rows = data_rows(opened_book(workbooks[name]), "数据" if lang == "zh" else "Data")
    wanted = KINDS[name].numbers()
    assert [row["order"] for row in sorted(rows, key=lambda r: r["order"])] == list(
        range(1, len(wanted) + 1)
    )
    for row in rows:
        number = wanted[row["order"] - 1]
        trace = number.trace
        assert row["shown"] == number.shown
        assert (row["indicator_id"], row["area_code"]) == (trace.indicator, trace.area_code)
        assert (row["period"], row["vintage"]) == (trace.period, trace.vintage)
        hidden = number.shown in ("—", "不公布")
        if hidden or trace.value is None:
            assert row["exact"] == number.shown
        else:
            assert row["exact"] == pytest.approx(trace.value, rel=1e-15)


def test_numbers_that_rest_on_others_in_the_workbook_are_formulas(
    workbooks: dict[str, bytes],
) -> None:
    held, cached = (opened_book(workbooks["county"], values=v) for v in (False, True))
    found = {
        (row["quantity"], row["period"]): (formula["exact"], row["exact"])
        for formula, row in zip(data_rows(held), data_rows(cached), strict=True)
        if row["area_code"] == SHIXING and row["level"] == "县（市、区）"
        and row["indicator_id"] == made.SHARE
    }  # fmt: skip
    formula, value = found["数值", "2023Q4"]
    assert str(formula).startswith("=IF(COUNT(") and "100*" in formula and value == 50
    assert str(found["环比", "2023Q4"][0]).startswith("=IF(COUNT(")
    assert found["环比", "2023Q4"][1] == 12.5
    assert str(found["与目标之差", "2023Q4"][0]).startswith("=IF(COUNT(")
    assert found["与目标之差", "2023Q4"][1] == -5
    assert found["分子", "2023Q4"] == (40, 40)
    assert found["数值", "2023Q3"] == (37.5, 37.5)  # whose numerator is not there


def test_ranks_are_formulas_only_where_the_whole_group_is_there(
    workbooks: dict[str, bytes],
) -> None:
    rows = data_rows(opened_book(workbooks["bulletin"], values=False))
    ranks = [row["exact"] for row in rows if row["quantity"] == "位次"]
    assert len(ranks) == 43 and all("COUNTIF(" in str(rank) for rank in ranks)
    few = made.bulletin_table()
    short = made.briefing(replace(few, rows=few.rows[:5]), kind="bulletin")
    rows = data_rows(opened_book(workbook.made(short, {}), values=False))
    ranks = [row["exact"] for row in rows if row["quantity"] == "位次"]
    assert sorted(ranks) == [1, 2, 3, 4, 5]


def test_places_are_as_printed_so_that_two_that_read_alike_share_one() -> None:
    # 50.04 and 49.96 both read 50.0
    first, second, *_ = members = scopes.members("440400")
    values = {first: 50.04, second: 49.96, **{code: 40.0 for code in members[2:]}}
    shown = [made.number(formats.number(v, 1), code, v) for code, v in values.items()]
    ranks = [
        made.number(r, code, float(r), "rank", within="city/440400")
        for code, r in zip(members, ("1", "1", *["3"] * (len(members) - 2)), strict=True)
    ]
    content = workbook.made(made.briefing(Paragraph((*shown, *ranks, "。"))), {})
    rows = data_rows(opened_book(content, values=False))
    found = [row["exact"] for row in rows if row["quantity"] == "位次"]
    assert len(found) == len(members) and all("COUNTIF(" in str(rank) for rank in found)


def test_places_of_those_with_a_value_are_formulas_once_it_is_said_how_many_they_are() -> None:
    ranked = [c for c in made.PILOTS if c not in made.UNKNOWN]
    table = made.bulletin_table()
    known = replace(table, rows=table.rows[: len(ranked)])
    count = Paragraph((made.number("43", "pilot", 43.0, "areas_valued", level="pilot"), "个。"))
    for blocks, formulas in (((known,), False), ((known, count), True)):
        briefing = made.briefing(*blocks, kind="bulletin")
        rows = data_rows(opened_book(workbook.made(briefing, {}), values=False))
        found = [row["exact"] for row in rows if row["quantity"] == "位次"]
        assert len(found) == 43 and {isinstance(rank, str) for rank in found} == {formulas}


def test_a_formula_that_would_come_to_another_number_is_not_written() -> None:
    of_parts = made.parts()
    odd = replace(of_parts["change"], trace=replace(of_parts["change"].trace, value=12.4))
    told = Paragraph((of_parts["value"], of_parts["before"], odd, "。"))
    rows = data_rows(opened_book(workbook.made(made.briefing(told), {}), values=False))
    assert {row["quantity"]: row["exact"] for row in rows}["环比"] == 12.4


def test_a_table_holds_numbers_not_texts_and_the_unit_is_in_its_head(
    workbooks: dict[str, bytes],
) -> None:
    sheet = opened_book(workbooks["county"])["表1"]
    rows = list(sheet.iter_rows(min_row=4, max_row=7, values_only=True))
    assert rows[0] == ("指标", "数值（%）", "环比", "距目标（个百分点）")
    assert rows[1] == ("护理型床位占比", 50, 12.5, -5)
    assert rows[2] == ("=1+1", "—", "—", "—")
    assert rows[3] == ("一卡通", "不公布", 0.01, "—")
    assert opened_book(workbooks["county"], values=False)["表1"]["A6"].data_type == "s"


def test_a_column_of_areas_has_its_count_and_ends_and_no_mean_of_rates(
    workbooks: dict[str, bytes],
) -> None:
    sheet = opened_book(workbooks["bulletin"])["表1"]
    found = {row[0]: row[1:3] for row in sheet.iter_rows(min_row=50, values_only=True) if row[0]}
    known = [v for code, v in made.VALUES.items() if code not in made.UNKNOWN]
    before = [v for code, v in made.BEFORES.items() if code not in made.UNKNOWN]
    assert found == {
        "有数的个数": (43, 43), "最大": (max(known), max(before)),
        "最小": (min(known), min(before)),
    }  # fmt: skip
    counts = [
        made.number(f"{n}", code, float(n), indicator="care_beds_to_convert")
        for n, code in enumerate(made.PILOTS[:4])
    ]
    rows = tuple(((made.name(n.trace.area_code),), (n,)) for n in counts)
    table = Table("尚需", ("县", "张"), rows, (0.5, 0.5))
    book = opened_book(workbook.made(made.briefing(table), {}))
    found = {row[0]: row[1] for row in book["表1"].iter_rows(values_only=True) if row[0]}
    assert found["已报合计"] == 0 + 1 + 2 + 3


def test_a_number_in_ten_thousands_is_held_in_full() -> None:
    told = (made.number("1.2亿元", SHIXING, 123456789.0, indicator="dibao_spending_ytd"),)
    cell = printed.cell(told, "zh")
    assert cell.trace is not None and cell.trace.value == 123456789
    assert cell.number_format("zh").startswith("#,##0")


@pytest.mark.parametrize(
    ("told", "value", "style"),
    [
        ((made.number("第3", SHIXING, 3.0, "rank"), "/",
          made.number("45", SHIXING, 45.0, "count", of="ranked")), 3, '"第"#,##0"/45"'),
        ((made.number("55%", SHIXING, 55.0, "target"), "（",
          made.number("2025年", SHIXING, 2025.0, "target", of="year"), "）"),
         55, '#,##0"%（2025年）"'),
        ((made.number("2025年", SHIXING, 2025.0, "target", of="year"),), 2025, '0"年"'),
        ((made.number("不到0.1个百分点", SHIXING, 0.004, "gap"),), 0.004, '"+"#,##0.000"个百分点"'),
        ((made.number("48.6", SHIXING, 48.55), " ✓"), 48.55, '#,##0.0" ✓"'),
    ],
)  # fmt: skip
def test_what_stands_beside_a_number_is_part_of_its_format(
    told: Any, value: float, style: str
) -> None:
    cell = printed.cell(told, "zh")
    assert cell.trace is not None and cell.trace.value == value
    assert style in cell.number_format("zh")


def test_the_sheet_of_a_chart_leaves_empty_what_is_missing(workbooks: dict[str, bytes]) -> None:
    sheet = opened_book(workbooks["county"])["图1"]
    rows = list(sheet.iter_rows(min_row=4, max_row=9, max_col=4, values_only=True))
    assert rows[0] == ("类别（数的单位：%）", "始兴县", "粤北", "目标")
    assert rows[3] == ("2023Q2", None, 43.3, 55)
    archive = zipfile.ZipFile(io.BytesIO(workbooks["county"]))
    document = archive.read("xl/charts/chart1.xml").decode()
    assert "<c:f>图1!$B$5:$B$9</c:f>" in document.replace("'", "")
    assert '<c:pt idx="2"><c:v>43.3</c:v>' in document
    assert document.count('<c:pt idx="2">') == 5  # three categories, and two of three values


def test_bars_begin_at_zero_in_both_files() -> None:
    near = tuple(
        made.number(f"{v}.0%", code, float(v)) for v, code in ((98, RENHUA), (99, SHIXING))
    )
    chart = made.chart("bar", ("仁化县", "始兴县"), (Series("占比", near),))
    (slide,) = of(chart)
    assert charts(slide)[0].value_axis.minimum_scale == 0
    content = workbook.made(made.briefing(chart), {})
    document = zipfile.ZipFile(io.BytesIO(content)).read("xl/charts/chart1.xml").decode()
    assert '<c:min val="0"/>' in document


def test_the_first_sheet_leads_to_all_others(workbooks: dict[str, bytes]) -> None:
    for name in ("county", "bulletin_en"):
        book = opened_book(workbooks[name])
        about = book.worksheets[0]
        links = [cell.hyperlink for row in about.iter_rows() for cell in row if cell.hyperlink]
        led = {link.location.partition("!")[0].strip("'") for link in links}
        assert led == {sheet.title for sheet in book.worksheets[1:]}
        assert about["A1"].value == KINDS[name].title
        assert book.properties.title == KINDS[name].title and book.properties.creator


@pytest.mark.parametrize("name", KINDS)
def test_every_sheet_is_ready_for_print_and_says_that_it_is_sample(
    name: str, workbooks: dict[str, bytes]
) -> None:
    lang = KINDS[name].request.lang
    note = "样例数据，不是统计数据" if lang == "zh" else "Sample data, not statistics"
    for sheet in opened_book(workbooks[name]).worksheets:
        assert sheet["A3"].value == note
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        one = sheet.title.startswith(("图", "Chart"))  # a chart is not cut
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToHeight == 0) is not one
        assert sheet.oddFooter.left.text
    table = opened_book(workbooks[name]).worksheets[2]
    assert table.print_title_rows == "$4:$4" and table.freeze_panes == "B5"


def test_the_sheet_of_text_has_each_sentence_with_its_numbers(
    workbooks: dict[str, bytes],
) -> None:
    sheet = opened_book(workbooks["county"])["正文"]
    rows = list(sheet.iter_rows(min_row=5, values_only=True))
    assert rows[0][0] == "养老服务"
    assert rows[1][2:7] == (50, 40, 80, 37.5, 12.5) and rows[2][2:4] == (55, -5)
    told = "".join(str(row[1]) for row in rows if row[1])
    briefing = KINDS["county"]
    wanted = "".join(text(b.told) for b in briefing.blocks if isinstance(b, Paragraph))
    assert told == wanted


# ------------------------------------------------------------------ as LibreOffice opens them


def by_libreoffice(folder: Path, to: str, files: dict[str, bytes]) -> Path:
    """Files as LibreOffice opens and saves them, in one go."""
    for name, content in files.items():
        (folder / name).write_bytes(content)
    target = folder / "converted"
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run(
        [template_forms.LIBREOFFICE, "--headless", profile, "--convert-to", to, "--outdir",
         target, *(folder / name for name in files)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return target


def recalculated(content: bytes, cells: dict[tuple[str, str], float]) -> bytes:
    """A workbook with cells changed, and without any value that was kept."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for (sheet, cell), value in cells.items():
        book[sheet][cell] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def numerator_cell(content: bytes) -> str:
    rows = data_rows(opened_book(content))
    row = next(n for n, row in enumerate(rows) if row["quantity"] == "分子")
    return f"N{FIRST + 1 + row}"


def test_recalculated_every_cell_is_what_it_was_and_what_follows_a_change_follows(
    tmp_path: Path, workbooks: dict[str, bytes]
) -> None:
    files = {f"{name}.xlsx": recalculated(workbooks[name], {}) for name in KINDS}
    where = numerator_cell(workbooks["county"])
    files["more.xlsx"] = recalculated(workbooks["county"], {("数据", where): 60})
    target = by_libreoffice(tmp_path, "xlsx", files)
    count = 0
    for name in KINDS:
        again = opened_book((target / f"{name}.xlsx").read_bytes())
        for sheet in opened_book(workbooks[name]).worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    value = again[sheet.title][cell.coordinate].value
                    assert not str(value).startswith(("#", "Err:")), (sheet.title, cell)
                    if isinstance(cell.value, float | int):
                        count += 1
                        assert value == pytest.approx(cell.value, rel=1e-12, abs=1e-12)
                    else:
                        assert (value or "") == (cell.value or "")
    assert count > 500
    more = opened_book((target / "more.xlsx").read_bytes())
    # 60 of 80 are 75 %: 37.5 more than before, 20 above the target
    row = next(more["表1"].iter_rows(min_row=5, max_row=5, values_only=True))
    assert row == ("护理型床位占比", 75, 37.5, 20)


def test_the_cells_show_what_the_briefing_prints(
    tmp_path: Path, workbooks: dict[str, bytes]
) -> None:
    every = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1"
    names = ("county", "bulletin", "changed")
    target = by_libreoffice(tmp_path, every, {f"{n}.xlsx": workbooks[n] for n in names})

    def shown(name: str, sheet: str) -> list[list[str]]:
        with (target / f"{name}-{sheet}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))

    table = made.bulletin_table()
    wanted = [[words(runs(cell, "zh")) for cell in row] for row in table.rows]
    assert shown("bulletin", "表1")[FIRST : FIRST + 45] == wanted
    assert shown("county", "表1")[FIRST : FIRST + 3] == [
        ["护理型床位占比", "50.0", "▲12.5", "−5.0"], ["=1+1", "—", "—", "—"],
        ["一卡通", "不公布", "持平", "—"],
    ]  # fmt: skip
    numbers = shown("county", "正文")[FIRST + 1][2:7]
    assert numbers == ["50.0%", "40", "80", "37.5%", "+12.5个百分点"]
    assert shown("changed", "表1")[FIRST][1] == "50.0（原48.6%）"
    labels = [row[1] for row in shown("bulletin", "图1")[FIRST : FIRST + 43]]
    ordered = sorted((v for c, v in made.VALUES.items() if c not in made.UNKNOWN), reverse=True)
    assert labels == [formats.number(value, 1) for value in ordered]


def test_the_slides_open_in_libreoffice_each_on_its_page(
    tmp_path: Path, presentations: dict[str, bytes]
) -> None:
    files = {"bulletin.pptx": presentations["bulletin"]}
    target = by_libreoffice(tmp_path, "pdf", files)
    done = subprocess.run(
        ["pdftotext", "-layout", target / "bulletin.pdf", "-"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    pages = done.stdout.split("\f")[:-1]
    slides_of = list(opened(presentations["bulletin"]).slides)
    assert len(pages) == len(slides_of)
    for number, (page, slide) in enumerate(zip(pages, slides_of, strict=True), start=1):
        assert slide.shapes.title.text_frame.text in page.replace(" ", "")
        assert str(number) in page.split()
    bars = next(n for n, slide in enumerate(slides_of) if charts(slide))
    assert "76.8" in pages[bars] and "20.1" in pages[bars]

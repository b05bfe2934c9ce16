"""The indicator dictionary: its entries, search, page, Word file, workbook and command."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import dashboard_stores as stores
import docx
import openpyxl
import pytest
from command_calls import command
from docx.oxml.ns import qn
from streamlit.testing.v1 import AppTest

from app import assets, catalogue, standards
from app.catalogue import Text
from app.dictionary import document, entries, facts, search, workbook
from app.errors import UnknownName
from app.formula_words import in_words
from app.settings import ROOT, Settings

KNOWN = catalogue.load()
BOTH = {lang: entries.load(KNOWN, lang) for lang in ("zh", "en")}
ZH = BOTH["zh"]
PAGE = "pages/reference/dictionary.py"
MEASURES = [(d, m) for d in KNOWN.datasets.values() for m in d.measures]
CITED = [cited for _, m in MEASURES if m.kind == "standard" for cited in standards.cited(m)]

# Chinese in English texts: the clauses' numbers and the numbers of documents
NUMBERS = set("粤民函号一二三四五六七八九十财社")


def chinese(text: str) -> set[str]:
    return {c for c in text if "\u4e00" <= c <= "\u9fff"}


def indicator(name: str) -> entries.IndicatorEntry:
    return next(e for e in ZH.indicators if e.id == name)


def measure(name: str) -> entries.MeasureEntry:
    return next(e for e in ZH.measures if e.id == name)


# ------------------------------------------------------------------ entries


def test_every_indicator_and_every_measure_has_one_entry() -> None:
    assert [e.id for e in ZH.indicators] == list(
        i.id for d in KNOWN.datasets.values() for i in d.indicators
    )
    assert [e.id for e in ZH.measures] == [f"{d.id}.{m.id}" for d, m in MEASURES]
    assert len({e.id for e in ZH.entries}) == len(ZH.entries)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("care_bed_share", "护理型床位数 ÷ 养老机构床位数 × 100%"),
        (
            "care_beds_to_convert",
            "较大者(0, 向上取整((目标值 × 养老机构床位数 − 100 × 护理型床位数) ÷ 100))",
        ),
        (
            "institution_standard_ratio",
            "(集中养育孤儿养育标准 × 集中养育孤儿) ÷ "
            "(集中养育孤儿养育标准的当年省定最低 × 集中养育孤儿) × 100%",
        ),
        ("child_amount_per_month", "本年累计发放基本生活费的当季数 ÷ (3 × 领取基本生活费儿童)"),
    ],
)
def test_a_formula_is_told_in_the_names_of_the_measures(name: str, said: str) -> None:
    assert said in indicator(name).formula


def test_a_word_of_a_measures_name_is_not_taken_for_another_measure() -> None:
    dataset = KNOWN.dataset("care_beds")
    renamed = [
        m.model_copy(update={"label": Text(zh="甲", en="care beds added for residents")})
        if m.id == "care_beds_added_ytd" else m
        for m in dataset.measures
    ]  # fmt: skip
    changed = dataset.model_copy(update={"measures": renamed})
    flow = KNOWN.indicator("care_bed_plan_fulfilment").model_copy(
        update={"numerator": "quarter(care_beds_added_ytd)"}
    )
    assert "“care beds added for residents”" in in_words(flow, changed, "en")


@pytest.mark.parametrize(
    ("name", "period"),
    [
        ("care_bed_share", "季末数"),
        ("cross_province_applications", "本季发生数（本季累计减上季累计，一季度直接取）"),
        (
            "child_amount_per_month",
            "本年累计发放基本生活费：本季发生数（本季累计减上季累计，一季度直接取）；"
            "领取基本生活费儿童：季末数",
        ),
        (
            "care_bed_plan_fulfilment",
            "本年累计新增护理型床位：本年1月1日至季末的累计数；年度新增护理型床位计划：全年数",
        ),
        (
            "institution_standard_ratio",
            "集中养育孤儿、集中养育孤儿养育标准：季末数；集中养育孤儿养育标准：当年的省定最低标准",
        ),
    ],
)
def test_the_period_follows_from_the_kinds_of_the_measures(name: str, period: str) -> None:
    assert indicator(name).period == period


def test_only_a_standard_is_weighted_and_by_its_recipients() -> None:
    assert indicator("institution_standard_ratio").weighted
    assert indicator("institution_standard_ratio").grouping == "标准按集中养育孤儿加权"
    assert not indicator("care_bed_share").weighted
    assert indicator("children_supported").grouping == "各地相加"


def test_an_indicator_names_the_minimums_it_is_computed_with_and_no_other() -> None:
    told = {(s.year, s.value) for s in indicator("institution_standard_ratio").standards}
    assert {(2019, 1685), (2023, 2017), (2024, 2295)} <= told
    assert (2024, 1600) not in told
    assert indicator("child_paid_share").standards == ()


def test_a_minimum_that_goes_by_class_tells_its_class_and_source() -> None:
    by_class = catalogue.ByClass(area="dibao_class", standard="dibao_rural")
    held = KNOWN.dataset("child_welfare").measure("standard_scattered")
    cited = standards.cited(held.model_copy(update={"by_class": by_class}))
    found = next(c for c in cited if c.minimum.year == 2024 and c.minimum.area_class == "4")
    assert found.minimum.value == 645
    assert found.citation.zh == "二手来源，待核：《深圳特区报》2024年报道"
    assert found.status == "VERIFIED-V2"


def test_a_measure_tells_which_indicators_use_it_or_that_none_does() -> None:
    used = {each.id for each in measure("care_beds.residents").used_by}
    assert used == {
        i.id for i in KNOWN.dataset("care_beds").indicators if i.numerator == "residents"
    }
    assert facts.used_by(measure("care_beds.institutions"), "zh") == "没有指标用到，只作核对"


def test_who_reports_is_told_with_the_datasets_name() -> None:
    assert "护理型床位" in indicator("care_bed_share").reported_by
    assert all(e.dataset in e.reported_by for e in ZH.entries)


# ------------------------------------------------------------------ search


@pytest.mark.parametrize(
    "text",
    ["护理型床位占比", "care-type SHARE", "care_bed_share", "ｃａｒｅ＿ＢＥＤ", " 床位数 护理型 "],
)
def test_search_finds_an_indicator_by_each_of_its_names(text: str) -> None:
    assert "care_bed_share" in [e.id for e in search.find(ZH.entries, text)]


def test_search_finds_indicators_by_a_measure_and_by_the_dataset() -> None:
    found = [e.id for e in search.find(ZH.entries, "领取基本生活费儿童")]
    assert found[0] == "child_welfare.paid_children"  # its own name comes first
    assert {"child_paid_share", "child_amount_per_month"} <= set(found)
    by_dataset = {e.id for e in search.find(ZH.entries, "disability_allowances")}
    assert by_dataset == {e.id for e in ZH.entries if e.dataset_id == "disability_allowances"}


def test_an_empty_search_finds_everything() -> None:
    assert search.find(ZH.entries, " 　") == list(ZH.entries)


def test_a_misspelt_search_finds_nothing_and_offers_the_nearest() -> None:
    assert search.find(ZH.entries, "护里型床位占比") == []
    assert search.nearest(ZH, "护里型床位占比")[0].id == "care_bed_share"
    assert search.nearest(ZH, "care_bed_shar")[0].id == "care_bed_share"
    assert "孤儿" in search.nearest(ZH, "orphens")[0].label
    assert search.nearest(ZH, "☃☃☃☃") == []


def test_a_measures_own_id_stands_for_it_in_every_dataset_that_has_it() -> None:
    assert [e.id for e in search.named(ZH, "beds_care")] == ["care_beds.beds_care"]
    assert {e.id for e in search.named(ZH, "paid_amount_ytd")} >= {
        "child_welfare.paid_amount_ytd",
        "disability_allowances.paid_amount_ytd",
    }
    with pytest.raises(UnknownName, match="care_bed_share"):
        search.named(ZH, "care_bed_sharee")


# ------------------------------------------------------------------ files


def told(content: bytes) -> tuple[str, list[str]]:
    """All text of a Word file, and its headings."""
    opened = docx.Document(io.BytesIO(content))
    cells = [c.text for table in opened.tables for row in table.rows for c in row.cells]
    headings = [p.text for p in opened.paragraphs if p.style.name.startswith("Heading")]
    return "\n".join([*(p.text for p in opened.paragraphs), *cells]), headings


@pytest.fixture(scope="module", params=["zh", "en"])
def files(request: pytest.FixtureRequest) -> tuple[str, bytes, bytes]:
    """The language, the Word file and the workbook."""
    lang = request.param
    return lang, document.made(BOTH[lang]), workbook.made(BOTH[lang])


def test_the_word_file_holds_everything(files: tuple[str, bytes, bytes]) -> None:
    lang, content, _ = files
    text, headings = told(content)
    for each in KNOWN.indicators.values():
        assert each.label(lang) in headings
        assert each.definition(lang) in text and each.id in text
        assert each.target is None or each.target.source(lang) in text
        assert each.caveat is None or each.caveat(lang) in text
    for dataset, each_measure in MEASURES:
        assert each_measure.label(lang) in text and each_measure.definition(lang) in text
        assert dataset.clause_text(lang) in text
    for cited in CITED:
        assert cited.citation(lang) in text


def test_the_word_file_is_ready_for_paper(files: tuple[str, bytes, bytes]) -> None:
    lang, content, _ = files
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        styles, body = parts.read("word/styles.xml").decode(), parts.read("word/document.xml")
        assert not [name for name in parts.namelist() if "font" in name and "Table" not in name]
    assert 'w:eastAsia="zh-CN"' in styles
    assert 'w:eastAsia="SimSun"' in styles and 'w:eastAsia="SimHei"' in styles
    assert "eastAsiaTheme" not in styles.split("<w:style ")[1]  # Normal
    made = docx.Document(io.BytesIO(content))
    section = made.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    footer = section.footer.paragraphs[0]._p.xml
    assert "PAGE" in footer and "NUMPAGES" in footer
    anchors = {e.get(qn("w:anchor")) for e in made.element.body.iter(qn("w:hyperlink"))}
    marks = [e.get(qn("w:name")) for e in made.element.body.iter(qn("w:bookmarkStart"))]
    assert anchors == set(marks) and len(marks) == len(set(marks))
    assert len([name for name in marks if name.startswith("entry_")]) == len(KNOWN.indicators)
    ids = [e.get(qn("w:id")) for e in made.element.body.iter(qn("w:bookmarkStart"))]
    assert len(ids) == len(set(ids))
    if lang == "en":
        assert chinese(body.decode()) <= NUMBERS


def test_the_workbook_holds_everything(files: tuple[str, bytes, bytes]) -> None:
    lang, _, content = files
    book = openpyxl.load_workbook(io.BytesIO(content))
    indicators, measures, minimums = book.worksheets
    texts = [
        {str(cell.value) for row in sheet.iter_rows() for cell in row} for sheet in book.worksheets
    ]  # fmt: skip
    assert indicators.max_row == len(KNOWN.indicators) + 1
    assert measures.max_row == len(MEASURES) + 1
    assert {i.label(lang) for i in KNOWN.indicators.values()} <= texts[0]
    sources = {i.target.source(lang) for i in KNOWN.indicators.values() if i.target}
    assert sources <= texts[0]
    assert {m.label(lang) for _, m in MEASURES} <= texts[1]
    assert {m.definition(lang) for _, m in MEASURES} <= texts[1]
    assert {cited.citation(lang) for cited in CITED} <= texts[2]
    assert sorted({row[3] for row in minimums.iter_rows(min_row=2, values_only=True)}) == sorted(
        {cited.minimum.value for cited in CITED}
    )
    for sheet in book.worksheets:
        assert sheet.freeze_panes is not None and sheet.print_title_rows == "$1:$1"
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    if lang == "en":
        assert chinese("".join("".join(each) for each in texts)) <= NUMBERS


def test_no_text_of_a_file_runs() -> None:
    first = replace(ZH.indicators[0], label="=1+1", definition="@SUM(A1)", caveat="-2+3")
    second = replace(ZH.measures[0], label="+1", definition="=HYPERLINK(1)")
    changed = entries.Dictionary("zh", (first,), (second,))
    content = workbook.made(changed)
    book = openpyxl.load_workbook(io.BytesIO(content))
    found = {c.value for s in book.worksheets for row in s.iter_rows() for c in row}
    assert {"=1+1", "@SUM(A1)", "-2+3", "+1", "=HYPERLINK(1)"} <= found
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheets = [parts.read(n) for n in parts.namelist() if n.startswith("xl/worksheets/sheet")]
    assert len(sheets) == 3 and not any(b"<f>" in sheet for sheet in sheets)
    assert "=1+1" in told(document.made(changed))[1]


# ------------------------------------------------------------------ page


@pytest.fixture
def bare(empty: Path) -> Iterator[None]:
    with stores.store_at(empty):
        yield


def opened(**query: str) -> AppTest:
    """The page as a link opens it."""
    return stores.opened(PAGE, **query)


def words(at: AppTest) -> str:
    parts = [*at.title, *at.subheader, *at.markdown, *at.caption, *at.info, *at.warning]
    labels = [e.proto.label for e in at.get("page_link")]
    cells = [str(c) for f in at.dataframe for c in [*f.value.columns, *f.value.values.ravel()]]
    return "\n".join([*(part.value for part in parts), *labels, *cells])


def links(at: AppTest) -> list[tuple[str, str]]:
    return [(e.proto.page, e.proto.query_string) for e in at.get("page_link")]


def listed(at: AppTest, lang: str = "zh") -> set[str]:
    column = {"zh": "代号", "en": "Id"}[lang]
    return {name for f in at.dataframe for name in f.value[column]}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_without_data_the_page_lists_every_indicator_and_measure(bare: None, lang: str) -> None:
    at = opened(lang=lang)
    assert listed(at, lang) == {e.id for e in ZH.entries}
    assert {e.label for e in BOTH[lang].entries} <= set(words(at).split("\n"))
    assert len(at.get("download_button")) == 2


def test_the_page_opens_before_anything_is_set_up(
    bare: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assets, "is_built", lambda: False)
    assert "care_bed_share" in listed(opened())


@pytest.mark.parametrize("name", [i.id for i in KNOWN.indicators.values()])
def test_a_link_by_id_opens_that_entry(bare: None, name: str) -> None:
    at = opened(entry=name)
    told, own = words(at), indicator(name)
    assert own.label in [s.value for s in at.subheader]
    assert all(text in told for text in (own.definition, own.formula, own.period, own.reported_by))
    assert own.caveat is None or own.caveat in told
    source = KNOWN.indicator(name).target
    assert (source.source("zh") if source else "没有经核实的目标值") in told
    assert all(used.definition in told for used in own.measures)
    assert all(each.source in told for each in own.standards)
    assert not at.dataframe
    assert at.query_params["entry"] in (name, [name])
    found = dict(links(at))
    assert "clause=" in found["notice"]
    if (ROOT / "pages" / "topics" / f"{own.dataset_id}.py").exists():
        assert f"indicator={name}" in found[own.dataset_id]
    assert {f"entry={used.id}" for used in own.measures} <= {q for p, q in links(at)}


def test_a_link_to_a_measure_tells_its_indicators_and_leads_back(bare: None) -> None:
    at = opened(entry="child_welfare.standard_institution")
    told = words(at)
    assert (
        "集中养育孤儿养育标准 2024年 2,295 元/人·月。二手来源，待核：中国新闻网2024年4月30日报道"
        in told
    )
    assert ("dictionary", "entry=institution_standard_ratio") in links(at)
    at.button[-1].click().run()
    assert listed(at) == {e.id for e in ZH.entries}


def test_an_id_of_several_datasets_offers_each(bare: None) -> None:
    at = opened(entry="paid_amount_ytd")
    assert "几张报表" in at.warning[0].value
    assert ("dictionary", "entry=disability_allowances.paid_amount_ytd") in links(at)


def test_an_unknown_id_is_said_plainly_with_the_nearest_and_the_list(bare: None) -> None:
    at = opened(entry="care_bed_shares")
    assert "没有代号为“care\\_bed\\_shares”的条目" in at.warning[0].value
    assert ("dictionary", "entry=care_bed_share") in links(at)
    assert listed(at) == {e.id for e in ZH.entries}


def test_a_search_leads_from_an_entry_to_the_list_and_is_kept_in_the_url(bare: None) -> None:
    at = opened(entry="care_bed_share")
    at.text_input[0].set_value("ＯＲＰＨＡＮＳ").run()
    assert "institution_care_share" in listed(at)
    assert "care_bed_share" not in listed(at)
    assert "entry" not in at.query_params
    again = opened(find="ＯＲＰＨＡＮＳ")
    assert listed(again) == listed(at)


def test_a_search_without_a_hit_offers_the_nearest(bare: None) -> None:
    at = opened(find="护里型床位占比")
    assert "没有找到“护里型床位占比”" in at.info[0].value
    assert ("dictionary", "entry=care_bed_share") in links(at)


@pytest.mark.parametrize("part", ["八", "child_welfare"])
def test_the_list_is_cut_to_a_clause_or_a_dataset(bare: None, part: str) -> None:
    at = opened(part=part)
    assert listed(at) == {e.id for e in ZH.entries if part in (e.clause, e.dataset_id)}


def test_a_search_says_when_its_hits_are_in_another_part(bare: None) -> None:
    at = opened(part="care_beds", find="一卡通")
    assert "全部条目里有" in at.info[0].value


@pytest.mark.parametrize("name", ["", "institution_standard_ratio", "care_beds.beds_total", "nope"])
def test_the_page_speaks_english(bare: None, name: str) -> None:
    at = opened(lang="en", **({"entry": name} if name else {}))
    assert at.title[0].value == "Indicator dictionary"
    assert chinese(words(at)) <= NUMBERS


# ------------------------------------------------------------------ command


def test_the_command_prints_entries_as_json(store: Settings) -> None:
    done = command(store, "dictionary", "care_bed_share", "beds_care", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    first, second = json.loads(done.stdout)
    assert (first["entry"], first["id"], first["label_en"]) == (
        "indicator", "care_bed_share", "Care-type share of beds",
    )  # fmt: skip
    assert first["target"]["value"] == "55%" and first["target"]["year"] == "2025年"
    assert [m["id"] for m in first["measures"]] == ["care_beds.beds_total", "care_beds.beds_care"]
    assert (second["entry"], second["id"]) == ("measure", "care_beds.beds_care")
    whole = json.loads(command(store, "dictionary", "--json").stdout)
    assert [each["id"] for each in whole] == [e.id for e in ZH.entries]


def test_the_command_prints_entries_in_words(store: Settings) -> None:
    done = command(store, "dictionary", "care_bed_share", "--lang", "en")
    assert done.returncode == 0
    assert "Formula: Care-type beds ÷ Beds × 100%" in done.stdout


def test_the_command_writes_both_files_in_either_language(store: Settings, tmp_path: Path) -> None:
    word, book = tmp_path / "a.docx", tmp_path / "a.xlsx"
    assert command(store, "dictionary", "-o", word).returncode == 0
    assert "护理型床位占比" in told(word.read_bytes())[1]
    assert command(store, "dictionary", "-o", book, "--lang", "en").returncode == 0
    assert openpyxl.load_workbook(book).sheetnames[0] == "Indicators"


def test_the_command_ends_with_1_for_an_unknown_id_and_2_for_a_wrong_call(
    store: Settings, tmp_path: Path
) -> None:
    done = command(store, "dictionary", "care_bed_shares", "--json")
    assert (done.returncode, done.stdout) == (1, "")
    assert "care_bed_share" in done.stderr and len(done.stderr.splitlines()) == 1
    assert command(store, "dictionary", "-o", tmp_path / "a.pdf").returncode == 2
    assert command(store, "dictionary", "-o", tmp_path / "a.xlsx", "--json").returncode == 2
    assert command(store, "dictionary", "-o", tmp_path / "no" / "a.xlsx").returncode == 1
    assert list(tmp_path.iterdir()) == []


def test_the_dictionary_needs_neither_streamlit_nor_pandas() -> None:
    script = (
        "import sys, app.command.dictionary, app.dictionary.document, app.dictionary.workbook,"
        " app.dictionary.search; print({'streamlit', 'pandas'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"

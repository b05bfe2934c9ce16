"""The command line keeps its contract: JSON shapes, exit statuses, plain errors, nothing else."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from command_calls import command, command_of_its_own, environment
from dashboard_stores import store_at
from forms import DONGGUAN, KNOWN, RENHUA, SHIXING, form, good, row, stored, submitted, table

from app import areas, periods, settings
from app.settings import Settings

FINDING = {"sheet", "row", "column", "value", "rule", "message", "area_code", "period"}
CHECKED = {
    "dataset", "periods", "rows", "errors", "warnings", "changes", "submission", "vintage",
}  # fmt: skip
FIGURE = {
    "indicator", "area_code", "area_name", "level", "period", "numerator", "denominator", "value",
    "unit", "status", "areas_reporting", "areas_expected", "vintage", "sample",
}  # fmt: skip
HISTORY = {
    "submission", "vintage", "dataset", "periods", "file", "sha256", "by", "at", "note", "rows",
    "added", "changed", "reverts", "reverted_by",
}  # fmt: skip
DIFF = {"area_code", "period", "measure", "old", "new"}
SUBMIT = ("--by", "填报人", "--note", "二季度")


def lines(text: str) -> list[str]:
    """The lines of an error, which must be no traceback."""
    assert "Traceback" not in text, text
    return text.strip().splitlines()


def refused(store: Settings, *args: str | Path, **extra: str) -> str:
    """The one or two lines of a command that exits 1 and prints nothing on standard output."""
    done = command(store, *args, **extra)
    assert done.returncode == 1, done.stderr
    assert done.stdout == ""
    assert 1 <= len(lines(done.stderr)) <= 2
    return done.stderr


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with two counties in two quarters, and one revision."""
    folder = tmp_path_factory.mktemp("reports")
    with store_at(folder / "store") as store:
        for number, period in enumerate(("2023Q1", "2023Q2")):
            rows = [row(SHIXING, period), row(DONGGUAN, period, beds_care=60)]
            stored(store, table(folder / f"{number}.csv", rows))
        stored(store, table(folder / "revised.csv", [row(SHIXING, "2023Q2", beds_care=140)]))
    return folder / "store"


@pytest.fixture
def filled(store: Settings, reports: Path) -> Settings:
    """A copy of it, for one test."""
    shutil.copytree(reports, store.folder)
    return store


# ------------------------------------------------------------------ check


def test_a_check_reports_what_would_change_and_writes_nothing(
    tmp_path: Path, store: Settings
) -> None:
    path = table(tmp_path / "a.csv", [row(SHIXING, "2023Q3"), row(SHIXING, "2023Q2")])
    done = command(store, "check", path, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    document = json.loads(done.stdout)
    assert CHECKED <= document.keys()
    assert document["dataset"] == "care_beds"
    assert document["periods"] == ["2023Q2", "2023Q3"]
    assert document["rows"] == 2
    assert document["errors"] == document["warnings"] == []
    assert document["changes"] == {"added": 18, "changed": 0, "unchanged": 0}
    assert document["submission"] is None and document["vintage"] is None
    assert store.catalog_file is not None and not store.catalog_file.exists()


def test_a_check_with_errors_exits_1_and_names_the_cell(tmp_path: Path, store: Settings) -> None:
    path = form(tmp_path / "a.xlsx", "2023Q2", {SHIXING: good(beds_care="120张")})
    done = command(store, "check", path, "--json")
    assert done.returncode == 1
    (finding,) = json.loads(done.stdout)["errors"]
    assert finding.keys() == FINDING
    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert sheet.cell(finding["row"], 1).value == SHIXING
    assert (finding["sheet"], finding["column"]) == ("护理型床位", "护理型床位数（张）")
    assert (finding["value"], finding["rule"]) == ("120张", "not_a_number")
    assert (finding["area_code"], finding["period"]) == (SHIXING, "2023Q2")
    plain = command(store, "check", path)
    assert plain.returncode == 1
    assert "护理型床位数（张）" in plain.stderr and "120张" in plain.stderr
    assert len(lines(plain.stderr)) == 2  # the finding, and that nothing was written


def test_a_check_with_warnings_alone_exits_0(tmp_path: Path, store: Settings) -> None:
    path = table(tmp_path / "a.csv", [row(SHIXING, "2023Q2", residents=201)])
    done = command(store, "check", path, "--json")
    assert done.returncode == 0
    (warning,) = json.loads(done.stdout)["warnings"]
    assert warning.keys() == FINDING
    assert (warning["rule"], warning["row"], warning["column"]) == (
        "residents_within_beds",
        2,
        "residents",
    )


@pytest.mark.parametrize("verb", [("check",), ("submit", *SUBMIT)])
def test_a_file_that_cannot_be_read_is_a_finding_without_a_place(
    tmp_path: Path, store: Settings, verb: tuple[str, ...]
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_text("not a workbook", "utf-8")
    done = command(store, verb[0], path, *verb[1:], "--json")
    assert done.returncode == 1
    document = json.loads(done.stdout)
    assert CHECKED <= document.keys()
    (finding,) = document["errors"]
    assert finding.keys() == FINDING
    assert finding["row"] is finding["column"] is None
    assert "a.xlsx" in finding["message"]
    assert "a.xlsx" in refused(store, verb[0], path, *verb[1:])


def test_an_unknown_dataset_is_a_finding_too(tmp_path: Path, store: Settings) -> None:
    path = table(tmp_path / "a.csv", [row(SHIXING, "2023Q2")])
    done = command(store, "check", path, "--dataset", "horses", "--json")
    assert done.returncode == 1
    (finding,) = json.loads(done.stdout)["errors"]
    assert finding["rule"] == "unknown_dataset"
    assert "care_beds" in refused(store, "check", path, "--dataset", "horses")


# ------------------------------------------------------------------ submit, history, diff, revert


def test_a_submission_tells_its_id_and_vintage(tmp_path: Path, store: Settings) -> None:
    path = table(tmp_path / "a.csv", [row(SHIXING, "2023Q2")])
    document = json.loads(command(store, "submit", path, *SUBMIT, "--json").stdout)
    assert CHECKED <= document.keys()
    assert (document["submission"], document["vintage"]) == ("S1", 1)
    again = command(store, "submit", path, *SUBMIT, "--json")
    assert again.returncode == 0
    document = json.loads(again.stdout)
    assert document["changes"] == {"added": 0, "changed": 0, "unchanged": 9}
    assert (document["submission"], document["vintage"]) == ("S1", 1)


def test_warnings_without_an_explanation_store_nothing(tmp_path: Path, store: Settings) -> None:
    path = table(tmp_path / "a.csv", [row(SHIXING, "2023Q2", residents=201)])
    done = command(store, "submit", path, *SUBMIT, "--json")
    assert done.returncode == 1
    document = json.loads(done.stdout)
    assert document["warnings"] and document["submission"] is None
    assert json.loads(command(store, "history", "--json").stdout) == []
    assert command(store, "submit", path, *SUBMIT, "--explain", "  ").returncode == 1
    assert command(store, "submit", path, *SUBMIT, "--explain", "临时加床").returncode == 0
    (entry,) = json.loads(command(store, "history", "--json").stdout)
    assert entry["note"] == "二季度"


def test_errors_exit_1_and_store_nothing(tmp_path: Path, store: Settings) -> None:
    path = table(tmp_path / "a.csv", [row(SHIXING, "2023Q2", beds_care=300)])
    done = command(store, "submit", path, *SUBMIT, "--explain", "没错", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["submission"] is None
    assert json.loads(command(store, "history", "--json").stdout) == []


def test_history_has_its_shape_newest_first(filled: Settings) -> None:
    rows = json.loads(command(filled, "history", "--json").stdout)
    assert [r["submission"] for r in rows] == ["S3", "S2", "S1"]
    assert all(HISTORY <= r.keys() for r in rows)
    newest = rows[0]
    assert (newest["vintage"], newest["dataset"], newest["periods"]) == (3, "care_beds", ["2023Q2"])
    assert (newest["file"], newest["by"]) == ("revised.csv", "填报人")
    assert (newest["rows"], newest["added"], newest["changed"]) == (1, 0, 1)
    assert newest["at"].startswith(periods.today().isoformat()) and newest["at"].endswith("+08:00")
    assert len(newest["sha256"]) == 64
    assert newest["reverts"] is newest["reverted_by"] is None
    assert (
        json.loads(command(filled, "history", "--dataset", "child_welfare", "--json").stdout) == []
    )
    assert "horses" in refused(filled, "history", "--dataset", "horses", "--json")


def test_a_diff_shows_old_and_new(filled: Settings) -> None:
    (cell,) = json.loads(command(filled, "diff", "S3", "--json").stdout)
    assert DIFF <= cell.keys()
    assert (cell["area_code"], cell["period"], cell["measure"]) == (SHIXING, "2023Q2", "beds_care")
    assert (cell["old"], cell["new"]) == (120, 140)
    assert "S9" in refused(filled, "diff", "S9", "--json")


def test_a_revert_is_a_submission_and_is_refused_after_later_changes(filled: Settings) -> None:
    assert "S3" in refused(filled, "revert", "S2", "--by", "复核人", "--note", "撤销", "--json")
    done = command(filled, "revert", "S3", "--by", "复核人", "--note", "撤销", "--json")
    assert done.returncode == 0
    document = json.loads(done.stdout)
    assert (document["submission"], document["vintage"]) == ("S4", 4)
    rows = {r["submission"]: r for r in json.loads(command(filled, "history", "--json").stdout)}
    assert rows["S4"]["reverts"] == "S3" and rows["S3"]["reverted_by"] == "S4"
    assert "S9" in refused(filled, "revert", "S9", "--by", "复核人", "--note", "撤销")


# ------------------------------------------------------------------ indicator


def figures(store: Settings, *args: str) -> list[dict[str, object]]:
    """The figures of one call."""
    done = command(store, "indicator", *args, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    rows: list[dict[str, object]] = json.loads(done.stdout)
    assert all(r.keys() == FIGURE for r in rows)
    return rows


def test_an_indicator_has_its_shape(filled: Settings) -> None:
    (found,) = figures(
        filled, "care_bed_share", "--period", "2023Q2", "--level", "county", "--area", SHIXING
    )
    assert found == {
        "indicator": "care_bed_share", "area_code": SHIXING, "area_name": "始兴县",
        "level": "county", "period": "2023Q2", "numerator": 140, "denominator": 200,
        "value": 70.0, "unit": "%", "status": "observed", "areas_reporting": 1,
        "areas_expected": 1, "vintage": 3, "sample": False,
    }  # fmt: skip


def test_several_ids_periods_and_levels_come_in_one_call(filled: Settings) -> None:
    rows = figures(
        filled, "care_bed_share", "children_supported", "--period", "2023Q1", "--period", "2023Q2",
        "--level", "region", "--level", "province", "--level", "pilot",
    )  # fmt: skip
    assert len(rows) == 2 * 2 * (4 + 1 + 1)
    by_key = {(r["indicator"], r["period"], r["area_code"]): r for r in rows}
    province = by_key["care_bed_share", "2023Q2", "440000"]
    assert (province["value"], province["areas_reporting"], province["areas_expected"]) == (
        50.0,
        2,
        124,
    )
    assert by_key["care_bed_share", "2023Q2", "粤北"]["value"] == 70.0
    assert by_key["care_bed_share", "2023Q2", "珠三角"]["value"] == 30.0  # 60 / 200
    assert by_key["care_bed_share", "2023Q2", "pilot"]["areas_expected"] == 45
    nothing = by_key["children_supported", "2023Q2", "440000"]
    assert (nothing["value"], nothing["status"]) == (None, "missing")


def test_each_level_has_all_its_groups(filled: Settings) -> None:
    sizes = {"county": 124, "city": 21, "region": 4, "pilot": 1, "province": 1}
    for level, size in sizes.items():
        rows = figures(filled, "care_bed_share", "--period", "2023Q2", "--level", level)
        assert len(rows) == size
        assert {r["level"] for r in rows} == {level}
        assert all(isinstance(r["area_code"], str) for r in rows)
    codes = {
        r["area_code"]
        for r in figures(filled, "care_bed_share", "--period", "2023Q2", "--level", "county")
    }
    assert codes == set(areas.load())


def test_areas_narrow_a_level(filled: Settings) -> None:
    call = ("care_bed_share", "--period", "2023Q2", "--level", "county")
    rows = figures(filled, *call, "--area", SHIXING, "--area", DONGGUAN)
    assert [r["area_code"] for r in rows] == [SHIXING, DONGGUAN]
    assert {r["level"] for r in rows} == {"county"}
    assert "999999" in refused(filled, "indicator", *call, "--area", "999999", "--json")


def test_names_come_in_the_language_asked_for(filled: Settings) -> None:
    call = ("care_bed_share", "--period", "2023Q2", "--level", "region")
    assert {r["area_name"] for r in figures(filled, *call)} == {"粤东", "粤西", "粤北", "珠三角"}
    english = {r["area_code"]: r["area_name"] for r in figures(filled, *call, "--lang", "en")}
    assert english["粤北"] == "Northern Guangdong"
    done = command(filled, "indicator", *call, "--json", DASHBOARD_LANG="en")
    assert "Northern Guangdong" in done.stdout


def test_an_earlier_vintage_or_day_can_be_asked_for(filled: Settings) -> None:
    call = ("care_bed_share", "--period", "2023Q2", "--level", "county", "--area", SHIXING)
    (old,) = figures(filled, *call, "--as-of", "2")
    assert (old["value"], old["vintage"]) == (60.0, 2)
    (today,) = figures(filled, *call, "--as-of", periods.today().isoformat())
    assert (today["value"], today["vintage"]) == (70.0, 3)
    (before,) = figures(filled, *call, "--as-of", "2020-01-01")
    assert (before["value"], before["status"], before["vintage"]) == (None, "missing", 0)
    assert "99" in refused(filled, "indicator", *call, "--as-of", "99", "--json")
    assert "yesterday" in refused(filled, "indicator", *call, "--as-of", "yesterday", "--json")


@pytest.mark.parametrize(
    ("args", "named"),
    [
        (("horses", "--period", "2023Q2"), "horses"),
        (("care_bed_share", "--period", "2024Q5"), "2024Q5"),
        (("care_bed_share", "--period", "2023Q2", "--level", "village"), "village"),
    ],
)
def test_what_does_not_exist_exits_1_by_its_name(
    store: Settings, args: tuple[str, ...], named: str
) -> None:
    assert named in refused(store, "indicator", *args, "--json")


def test_a_csv_of_figures_has_the_columns_of_the_json(filled: Settings) -> None:
    done = command(
        filled, "indicator", "care_bed_share", "--period", "2023Q2", "--level", "county", "--csv"
    )
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert len(rows) == 124
    assert rows[0].keys() == FIGURE
    by_code = {r["area_code"]: r for r in rows}
    assert (by_code[SHIXING]["value"], by_code[RENHUA]["value"]) == ("70.0", "")


# ------------------------------------------------------------------ an absent store


def test_an_absent_store_is_an_empty_one(store: Settings) -> None:
    assert json.loads(command(store, "history", "--json").stdout) == []
    assert json.loads(command(store, "status", "--json").stdout) == []
    (found,) = figures(store, "care_bed_share", "--period", "2023Q2", "--level", "province")
    assert (found["value"], found["status"], found["vintage"]) == (None, "missing", 0)
    assert (found["areas_reporting"], found["areas_expected"]) == (0, 124)
    assert store.catalog_file is not None and not store.catalog_file.parent.exists()


def test_status_tells_who_has_reported(filled: Settings) -> None:
    rows = json.loads(command(filled, "status", "--period", "2023Q2", "--json").stdout)
    assert len(rows) == sum({"county": 124, "city": 21}[d.level] for d in KNOWN.datasets.values())
    reported = {(r["dataset"], r["area_code"]) for r in rows if r["reported"]}
    assert reported == {("care_beds", SHIXING), ("care_beds", DONGGUAN)}
    (entry,) = [r for r in rows if (r["dataset"], r["area_code"]) == ("care_beds", SHIXING)]
    assert entry["submission"] == "S3"
    assert entry["at"].endswith("+08:00")
    plain = command(filled, "status")
    assert plain.returncode == 0 and "仁化县" in plain.stdout
    assert "2024Q5" in refused(filled, "status", "--period", "2024Q5")


# ------------------------------------------------------------------ template and query


def test_a_template_of_one_city_holds_its_counties(tmp_path: Path, store: Settings) -> None:
    path = tmp_path / "form.xlsx"
    done = command(store, "template", "care_beds", "2023Q2", "-o", path, "--city", "440200")
    assert done.returncode == 0
    codes = [cell.value for cell in openpyxl.load_workbook(path).worksheets[0]["A"]][3:]
    assert codes == [a.code for a in areas.load().values() if a.city_code == "440200"]


@pytest.mark.parametrize(
    ("args", "named"),
    [
        (("horses", "2023Q2", "-o", "{}/a.xlsx"), "horses"),
        (("care_beds", "2024Q5", "-o", "{}/a.xlsx"), "2024Q5"),
        (("care_beds", "2023Q2", "-o", "{}/a.xlsx", "--city", "999900"), "999900"),
        (("care_beds", "2023Q2", "-o", "{}/none/a.xlsx"), "a.xlsx"),
    ],
)
def test_a_template_that_cannot_be_made_is_one_line(
    tmp_path: Path, store: Settings, args: tuple[str, ...], named: str
) -> None:
    assert named in refused(store, "template", *(a.format(tmp_path) for a in args))


def test_any_query_can_be_run_by_its_name(filled: Settings) -> None:
    listed = command(filled, "query", "--list").stdout
    assert "indicator_value" in listed and "$periods" in listed
    done = command(
        filled, "query", "indicator_value",
        "--param", 'indicators=["care_bed_share"]', "--param", 'periods=["2023Q2"]',
        "--param", 'levels=["county"]', "--param", f'areas=["{SHIXING}"]', "--json",
    )  # fmt: skip
    (found,) = json.loads(done.stdout)
    assert (found["area_code"], found["value"]) == (SHIXING, 70.0)
    periods_csv = command(filled, "query", "periods", "--csv").stdout
    assert list(csv.reader(io.StringIO(periods_csv)))[1] == ["care_beds", "2023Q1", "False"]


@pytest.mark.parametrize(
    ("args", "named"),
    [
        (("horses",), "horses"),
        (("model/10_area",), "model/10_area"),
        (("../app/lake",), "../app/lake"),
        (("indicator_value",), "indicators"),
        (("periods", "--param", "period=2023Q2"), "periods"),
        (
            ("indicator_value", "--param", "indicators=a", "--param", "periods=b",
             "--param", "levels=c", "--param", "areas=d"),
            "JSON",
        ),
    ],
)  # fmt: skip
def test_a_query_that_cannot_be_run_is_one_line(
    store: Settings, args: tuple[str, ...], named: str
) -> None:
    assert named in refused(store, "query", *args, "--json")


# ------------------------------------------------------------------ calls that are wrong


@pytest.mark.parametrize(
    "args",
    [
        (),
        ("horses",),
        ("check",),
        ("submit", "a.csv"),
        ("submit", "a.csv", "--by", "填报人"),
        ("submit", "a.csv", "--by", " ", "--note", "b"),
        ("submit", "a.csv", "--by", "填报人", "--note", ""),
        ("revert", "S1"),
        ("template", "care_beds", "2023Q2"),
        ("indicator", "care_bed_share"),
        ("indicator", "--period", "2023Q2"),
        ("indicator", "care_bed_share", "--period", "2023Q2", "--lang", "fr"),
        ("indicator", "care_bed_share", "--period", "2023Q2", "--colour", "red"),
        ("history", "extra"),
    ],
)
def test_a_wrong_call_exits_2(store: Settings, args: tuple[str, ...]) -> None:
    done = command(store, *args)
    assert done.returncode == 2
    lines(done.stderr)
    if args:
        assert done.stdout == ""


@pytest.mark.parametrize(
    "verb", [("history",), ("status",), ("indicator", "care_bed_share", "--period", "2023Q2")]
)
def test_a_store_that_is_set_wrongly_is_one_line_that_names_the_setting(
    store: Settings, verb: tuple[str, ...]
) -> None:
    assert "DASHBOARD_CATALOG" in refused(store, *verb, "--json", DASHBOARD_CATALOG="oracle:db")


def test_errors_come_in_the_language_of_the_setting(tmp_path: Path, store: Settings) -> None:
    path = table(tmp_path / "a.csv", [row(SHIXING, "2023Q2", residents=201)])
    assert "More residents than beds" in command(store, "check", path, DASHBOARD_LANG="en").stderr


# ------------------------------------------------------------------ light on its feet


def test_no_command_of_these_imports_streamlit_or_pandas(tmp_path: Path, filled: Settings) -> None:
    path = form(tmp_path / "a.xlsx", "2023Q2", {RENHUA: good()})
    # one after the other, as what was imported stays
    script = (
        "import json, sys\n"
        "from app.__main__ import main\n"
        "heavy = {'streamlit', 'pandas', 'plotly', 'geopandas', 'pyarrow'}\n"
        "for call in json.loads(sys.argv[1]):\n"
        "    sys.argv[1:] = call\n"
        "    try:\n"
        "        main()\n"
        "    except SystemExit as end:\n"
        "        imported = sorted(name for name in heavy if sys.modules.get(name))\n"
        "        print('DONE', call[0], end.code, *imported, file=sys.stderr)\n"
    )
    calls = (
        ("history",),
        ("check", str(path)),
        ("submit", str(path), *SUBMIT),
        ("diff", "S3"),
        ("indicator", "care_bed_share", "--period", "2023Q2"),
        ("status",),
        ("template", "care_beds", "2023Q2", "-o", str(tmp_path / "t.xlsx")),
    )
    done = subprocess.run(
        [sys.executable, "-c", script, json.dumps(calls)],
        cwd=settings.ROOT, env=environment(filled), capture_output=True, text=True,
        encoding="utf-8", check=False,
    )  # fmt: skip
    told = [line for line in done.stderr.splitlines() if line.startswith("DONE")]
    assert told == [f"DONE {call[0]} 0" for call in calls], done.stderr


@pytest.mark.parametrize(
    "args",
    [
        ("indicator", "care_bed_share", "--period", "2023Q2", "--level", "region", "--csv"),
        ("diff", "S9", "--json"),
        ("history", "extra"),
    ],
)
def test_a_process_of_its_own_prints_and_exits_as_the_calls_of_these_tests(
    filled: Settings, args: tuple[str, ...]
) -> None:
    own, here = command_of_its_own(filled, *args), command(filled, *args)
    assert (own.returncode, own.stdout) == (here.returncode, here.stdout)
    # but for the name of the program, which is in the usage
    assert own.stderr.splitlines()[-1:] == here.stderr.splitlines()[-1:]


def test_output_is_utf_8_whatever_the_locale(filled: Settings) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app", "indicator", "care_bed_share", "--period", "2023Q2"],
        cwd=settings.ROOT, capture_output=True, check=False,
        env=environment(filled, LC_ALL="C", PYTHONUTF8="0", PYTHONIOENCODING="ascii"),
    )  # fmt: skip
    assert done.returncode == 0
    assert "广东省" in done.stdout.decode("utf-8")


def test_the_pages_and_the_command_line_store_the_same(tmp_path: Path, store: Settings) -> None:
    path = table(tmp_path / "a.csv", [row(SHIXING, "2023Q2")])
    assert submitted(store, path).submission == 1
    document = json.loads(command(store, "submit", path, *SUBMIT, "--json").stdout)
    assert document["submission"] == "S1"

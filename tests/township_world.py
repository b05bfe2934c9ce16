"""A small catalogue and reference with townships, made up: codes begin with 9, names say 样例.

The counties are the real ones, so that there is a map of them; no official list of townships comes
with the code.
"""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from app.settings import ROOT

SHIXING, RENHUA, NANAO = "440222", "440224", "440523"
EAST, WEST, SOUTH = "900000001", "900000002", "900000003"  # of 始兴县
OTHER_EAST, NORTH = "900000011", "900000012"  # of 仁化县, in the same city
ISLAND = "900000021"  # of 南澳县, in another region
TOWNS = (
    (EAST, "样例东镇", "Yangli East Town", SHIXING),
    (WEST, "样例西乡", "Yangli West Township", SHIXING),
    (SOUTH, "样例南街道", "Yangli South Subdistrict", SHIXING),
    (OTHER_EAST, "样例东镇", "Yangli East Town", RENHUA),
    (NORTH, "样例北镇", "Yangli North Town", RENHUA),
    (ISLAND, "样例岛镇", "Yangli Island Town", NANAO),
)
_DATASET = """\
id: mental_rehab
level: township
label: {zh: 样例精康融合, en: Sample rehabilitation}
clause: 六
clause_text: {zh: 样例, en: Sample}
definition: {zh: 样例报表，每个乡镇（街道）每季一行。, en: Sample of a report by township.}
measures:
  - id: registered
    label: {zh: 登记康复对象, en: Persons registered}
    unit: persons
    kind: stock
    protected: true
    definition: {zh: 样例。, en: Sample.}
  - id: participants
    label: {zh: 接受服务人数, en: Persons served}
    unit: persons
    kind: stock
    protected: true
    definition: {zh: 样例。, en: Sample.}
rules:
  - id: participants_within_registered
    severity: error
    holds: participants <= registered
    measure: participants
    message: {zh: 接受服务人数多于登记对象。, en: More persons served than registered.}
indicators:
  - id: rehab_participation_rate
    label: {zh: 登记对象接受服务比例, en: Registered persons served}
    short: {zh: 接受服务比例, en: Persons served}
    unit: percent
    direction: higher
    numerator: participants
    denominator: registered
    factor: 100
    definition: {zh: 样例。, en: Sample.}
headline: [rehab_participation_rate]
"""


def write(folder: Path) -> dict[str, str]:
    """Write catalogue and reference below a folder; returns the settings of a store with them."""
    catalogue, reference = folder / "catalogue", folder / "reference"
    catalogue.mkdir(parents=True)
    for name in ("units", "checks", "quality", "care_beds"):
        shutil.copy(ROOT / "data" / "catalogue" / f"{name}.yaml", catalogue)
    (catalogue / "mental_rehab.yaml").write_text(_DATASET, "utf-8")
    shutil.copytree(ROOT / "data" / "reference", reference)
    with (reference / "townships.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("code", "name", "name_en", "county_code"), *TOWNS])
    return {
        "DASHBOARD_CATALOGUE": str(catalogue),
        "DASHBOARD_REFERENCE": str(reference),
        "DASHBOARD_STORE": str(folder / "store"),
    }


def run(place: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command of the dashboard with these settings, or a script of Python's (`-c`)."""
    others = {key: value for key, value in os.environ.items() if not key.startswith("DASHBOARD_")}
    start = [] if arguments[0] == "-c" else ["-m", "app"]
    return subprocess.run(
        [sys.executable, *start, *arguments], cwd=ROOT, env=others | place,
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def table(path: Path, header: Sequence[str], *rows: Sequence[object]) -> Path:
    """A file as a county might send it."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path

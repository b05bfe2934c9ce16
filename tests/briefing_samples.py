"""Whole briefings by hand, of every block that there is, for the tests of their files."""

from __future__ import annotations

import io

from PIL import Image

from app import areas
from app.briefing.parts import (
    Briefing,
    Change,
    Chart,
    Fills,
    Heading,
    Number,
    Paragraph,
    Request,
    Series,
    Table,
    Trace,
)
from app.scopes import Choices

COUNTY = "440523"


def number(shown: str, value: float | None, code: str = COUNTY, period: str = "2023Q4") -> Number:
    return Number(shown, Trace("care_bed_share", "county", code, period, 73, "value", value))


SHARE = number("48.6%", 48.55)
MISSING = number("—", None, "440281")
PILOTS = sorted(areas.pilot())
LONG = tuple(
    ((areas.load()[code].name,), (number(f"{10 + place}.5%", 10.5 + place, code),))
    for place, code in enumerate(PILOTS)
)
LINE = Chart(
    "trend", Choices("2023Q4", "pilot", COUNTY, "care_bed_share", "zh"), "南澳县护理型床位占比",
    "折线：南澳县由40.1%升到48.6%", "percent", 1, "line", ("2023年三季度", "2023年四季度"),
    (Series("南澳县", (number("40.1%", 40.1, period="2023Q3"), SHARE)),),
)  # fmt: skip
MAP = Chart(
    "map", Choices("2023Q4", "pilot", None, "care_bed_share", "zh"), "分布", "地图", "percent", 1
)


BLANK = Fills()


def bulletin(lang: str = "zh", fills: Fills = BLANK) -> Briefing:
    """A bulletin with headings of every level, a long table, a chart and a map."""
    return Briefing(
        Request("bulletin", "2023Q4", "pilot", lang, fills=fills),
        title="粤东粤西粤北试点县通报" if lang == "zh" else "Bulletin of the pilot counties",
        subtitle="2023年四季度" if lang == "zh" else "Q4 2023",
        vintage=73, made="2024-02-05", sample=True,
        blocks=(
            Heading("总体情况", 1),
            Paragraph(("截至2023年四季度，占比为", SHARE, "。", "还有" + "许多说明，" * 60)),
            Heading("粤东", 2), Heading("汕头", 3), Heading("南澳", 4), Heading("粤西", 2),
            Heading("排名", 1),
            Table("各县占比", ("县", "占比"), LONG, (0.6, 0.4), note="—：缺数。"),
            Table("缺数的县", ("县", "占比"), ((("乐昌市",), (MISSING,)),), (0.6, 0.4)),
            LINE, MAP,
        ),
    )  # fmt: skip


def changed() -> Briefing:
    """A paragraph and a cell that were changed."""
    new = number("51.0%", 51.02)
    return Briefing(
        Request("bulletin", "2023Q4", "pilot"), "通报", "2023年四季度", 74, "2024-03-01", False,
        blocks=(
            Paragraph(("占比为", Change((SHARE,), (new,)), "。", Change(("已达标。",), ()))),
            Table("表", ("县", "占比"), ((("南澳县",), (Change((SHARE,), (new,)),)),), (1, 1)),
        ),
    )  # fmt: skip


def picture(width: int = 1843, height: int = 900) -> bytes:
    """A picture of nothing."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(out, "PNG")
    return out.getvalue()

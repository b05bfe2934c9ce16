"""Briefings made by hand for the tests of slides and workbooks."""

from __future__ import annotations

import struct
import zlib
from dataclasses import replace
from typing import Any, Literal

from app import areas, formats
from app.briefing.parts import (
    Block,
    Briefing,
    Change,
    Chart,
    Heading,
    Kind,
    Number,
    Paragraph,
    Quantity,
    Request,
    Series,
    Table,
    Trace,
)
from app.scopes import Choices

PERIOD, BEFORE, VINTAGE = "2023Q4", "2023Q3", 73
SHIXING, RENHUA = "440222", "440224"
SHARE = "care_bed_share"
PILOTS = sorted(areas.pilot())
# 45 values that no arithmetic makes round: 20.123, 21.410… of which two counties have none
UNKNOWN = {PILOTS[7], PILOTS[30]}
VALUES = {code: 20.123 + 1.287 * place for place, code in enumerate(PILOTS)}
BEFORES = {code: value - (place - 20) * 0.1 for place, (code, value) in enumerate(VALUES.items())}


def trace(
    area: str, quantity: Quantity = "value", value: float | None = None, **other: Any
) -> Trace:
    """A trace of the share of care beds of a county in the quarter."""
    usual: dict[str, Any] = {
        "indicator": SHARE, "level": "county", "area_code": area, "period": PERIOD,
        "vintage": VINTAGE, "quantity": quantity, "value": value,
    }  # fmt: skip
    return Trace(**usual | other)


def number(
    shown: str, area: str, value: float | None, quantity: Quantity = "value", **other: Any
) -> Number:
    """A number and its trace."""
    return Number(shown, trace(area, quantity, value, **other))


def name(code: str, lang: str = "zh") -> str:
    """The name of a county."""
    return areas.load()[code].label(lang)


def briefing(*blocks: Block, lang: str = "zh", kind: Kind = "county", **other: Any) -> Briefing:
    """A briefing of these blocks."""
    usual: dict[str, Any] = {
        "title": "始兴县简报" if lang == "zh" else "Shixing County briefing",
        "subtitle": "2023年四季度 · 粤北" if lang == "zh" else "Q4 2023 · North",
        "vintage": VINTAGE, "made": "2024-02-01", "sample": True, "blocks": blocks,
    }  # fmt: skip
    about = SHIXING if kind == "county" else "pilot"
    return Briefing(Request(kind, PERIOD, about, lang), **usual | other)


def parts(area: str = SHIXING) -> dict[str, Number]:
    """40 of 80 beds now, 30 of 80 before: 50.0 %, 12.5 points more, 5.0 short of 55 %."""
    return {
        "value": number("50.0%", area, 50.0),
        "numerator": number("40", area, 40.0, "numerator"),
        "denominator": number("80", area, 80.0, "denominator"),
        "before": number("37.5%", area, 37.5, period=BEFORE),
        "change": number("12.5个百分点", area, 12.5, "change_previous"),
        "target": number("55%", area, 55.0, "target"),
        "gap": number("5.0个百分点", area, -5.0, "gap"),
    }


def sentence(of: dict[str, Number], extra: str = "") -> Paragraph:
    """Two sentences with seven numbers."""
    return Paragraph(
        (
            "截至2023年四季度，始兴县护理型床位占比为", of["value"], "（", of["numerator"],
            "张，共", of["denominator"], "张），上季度为", of["before"], "，提高", of["change"],
            "。距", of["target"], "的目标还差", of["gap"], f"{extra}。",
        )
    )  # fmt: skip


def table(of: dict[str, Number], caption: str = "始兴县主要指标") -> Table:
    """A county's table: one row an indicator."""
    missing = number("—", SHIXING, None, indicator="child_paid_share")
    odd = number("不公布", SHIXING, 7.0, indicator="one_card_share")
    steady = number("持平", SHIXING, 0.01, "change_previous", indicator="one_card_share")
    change = Number("▲12.5", of["change"].trace)
    return Table(
        caption, ("指标", "数值", "环比", "距目标"),
        (
            (("护理型床位占比",), (of["value"],), (change,), (of["gap"],)),
            (("=1+1",), (missing,), ("—",), ("—",)),
            (("一卡通",), (odd,), (steady,), ("—",)),
        ),
        (0.4, 0.2, 0.2, 0.2), note="资料来源见文末。",
    )  # fmt: skip


def chart(
    form: Literal["bar", "line"] | None, categories: tuple[str, ...], series: tuple[Series, ...],
    lang: str = "zh", kind: str = "ranking", caption: str = "图的标题",
) -> Chart:  # fmt: skip
    """A chart of the share."""
    return Chart(
        kind, Choices(PERIOD, "pilot", SHIXING, SHARE, lang), caption, f"{caption}：替代文字",
        "percent", 1, form, categories, series,
    )  # fmt: skip


PERIODS = ("2022Q4", "2023Q1", "2023Q2", "2023Q3", "2023Q4")


def line(lang: str = "zh", indicator: str = SHARE) -> Chart:
    """Shixing with a quarter missing, the north, and the target."""

    def row(code: str, level: str, values: tuple[float | None, ...]) -> tuple[Number | None, ...]:
        pairs = zip(PERIODS, values, strict=True)
        return tuple(
            None
            if v is None
            else number(
                f"{formats.number(v, 1)}%", code, v, period=p, level=level, indicator=indicator
            )
            for p, v in pairs
        )

    targets = tuple(
        number("55%", SHIXING, 55.0, "target", period=p, indicator=indicator) for p in PERIODS
    )
    words = ("始兴县", "粤北", "目标") if lang == "zh" else ("Shixing", "North", "Target")
    shixing = (30.25, 33.125, None, 37.5, 50.0)
    return chart(
        "line", PERIODS,
        (
            Series(words[0], row(SHIXING, "county", shixing)),
            Series(words[1], row("north", "region", (41.1, 42.2, 43.3, 44.4, 45.5))),
            Series(words[2], targets),
        ),
        lang, "trend", "各季走势" if lang == "zh" else "By quarter",
    )  # fmt: skip


def bars(lang: str = "zh", count: int = 45) -> Chart:
    """The pilot counties from the highest share to the lowest; two have none."""
    order = sorted(PILOTS, key=lambda c: (c in UNKNOWN, -VALUES[c]))[:count]
    numbers = tuple(None if c in UNKNOWN else share(c) for c in order)
    word = "护理型床位占比" if lang == "zh" else "Care beds"
    names = tuple(name(c, lang) for c in order)
    return chart("bar", names, (Series(word, numbers),), lang, caption="各县护理型床位占比")


def share(code: str) -> Number:
    """The share of a county in the bulletin."""
    return number(formats.number(VALUES[code], 1), code, VALUES[code])


def bulletin_table(lang: str = "zh") -> Table:
    """45 rows: county, value, value before, change, rank; two counties have nothing."""
    ranked = sorted((c for c in PILOTS if c not in UNKNOWN), key=lambda c: -VALUES[c])
    rows = []
    for code in [*ranked, *sorted(UNKNOWN)]:
        if code in UNKNOWN:
            empty = number("—", code, None)
            rows.append(((name(code, lang),), (empty,), ("—",), ("—",), ("—",)))
            continue
        change = VALUES[code] - BEFORES[code]
        shown = formats.number(abs(change), 1)
        sign = "▲" if change > 0 else "▼"
        place = ranked.index(code) + 1
        rows.append(
            (
                (name(code, lang),), (share(code),),
                (number(formats.number(BEFORES[code], 1), code, BEFORES[code], period=BEFORE),),
                (number("持平" if shown == "0.0" else sign + shown, code, change,
                        "change_previous"),),
                (number(str(place), code, float(place), "rank", within="pilot/pilot"),),
            )
        )  # fmt: skip
    head = ("县（市、区）", "护理型床位占比（%）", "上季度（%）", "环比（个百分点）", "位次")
    if lang == "en":
        head = ("County", "Care beds (%)", "Quarter before (%)", "Change (points)", "Rank")
    return Table("试点县排名", head, tuple(rows), (0.32, 0.2, 0.18, 0.18, 0.12))


def map_chart(lang: str = "zh") -> Chart:
    """A chart without a native form."""
    return chart(None, (), (), lang, "map", "试点县地图")


def county(lang: str = "zh") -> Briefing:
    """A county's briefing."""
    of = parts()
    return briefing(
        Heading("养老服务"), sentence(of), Heading("床位", 2),
        Paragraph(("比分子分母都要看。" * 3,)), table(of), line(lang), map_chart(lang),
        Heading("没有报的"), Paragraph(("所有报表都报了。",)),
        lang=lang,
    )  # fmt: skip


def bulletin(lang: str = "zh") -> Briefing:
    """The bulletin on all pilot counties."""
    title = "试点县季度通报" if lang == "zh" else "Quarterly bulletin on the pilot counties"
    text = "Care beds are most of all beds in the north. " if lang == "en" else "粤北占比最高。"
    return briefing(
        Heading("排名" if lang == "zh" else "Ranking"), Paragraph((text * 30,)),
        bulletin_table(lang), bars(lang), line(lang, "child_paid_share"), lang=lang,
        kind="bulletin", title=title,
    )  # fmt: skip


def changed() -> Briefing:
    """A county's briefing brought up to date: a number changed, a sentence gone, one new."""
    of = parts()
    old = number("48.6%", SHIXING, 48.55, vintage=60)
    told = Paragraph(
        (
            "占比为", Change((old,), (of["value"],)), "。", Change(("共有三个县。",), ()),
            Change((), ("新增一句。",)), "完。",
        )
    )  # fmt: skip
    cells = table(of)
    first = (cells.rows[0][0], (Change((old,), (of["value"],)),), *cells.rows[0][2:])
    return briefing(Heading("养老"), told, replace(cells, rows=(first, *cells.rows[1:])))


def picture(width: int = 200, height: int = 120) -> bytes:
    """A small blue PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data
            + struct.pack(">I", zlib.crc32(kind + data))
        )  # fmt: skip

    rows = (b"\x00" + b"\x00\x72\xb2" * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )  # fmt: skip

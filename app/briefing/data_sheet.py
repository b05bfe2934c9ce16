"""The sheet of all numbers of a briefing: what each is of, and a formula where its bases are there.

A formula is written only where it comes to the number that the briefing has.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from app import areas, catalogue, formats, periods, scopes
from app.briefing import traced
from app.briefing.parts import Briefing, Number, Trace
from app.cells import Formula, at, put
from app.i18n import t

HEAD, FIRST = 3, 4  # rows
LEADING = 17  # points of a line
# columns with their widths, in their order
WIDTHS = {
    "order": 6, "place": 9, "indicator_id": 20, "indicator": 26, "unit": 10, "level": 13,
    "area_code": 10, "area": 16, "within": 12, "period": 9, "vintage": 6, "quantity": 13, "of": 9,
    "exact": 17, "shown": 14, "numerator": 11, "denominator": 11,
}  # fmt: skip
COLUMN = {name: place for place, name in enumerate(WIDTHS)}
_HEADS = {
    "indicator_id": "export.indicator_id", "indicator": "export.indicator", "unit": "export.unit",
    "area_code": "export.area_code", "area": "export.area", "period": "export.period",
    "numerator": "export.numerator", "denominator": "export.denominator",
}  # fmt: skip


class Data:
    """The numbers of a briefing in their rows: sorted, so that a group's values lie together."""

    def __init__(self, briefing: Briefing, sheet: str, places: dict[Trace, str]) -> None:
        self.lang, self.sheet, self.places = briefing.request.lang, sheet, places
        numbers = briefing.numbers()
        self.order = {number.trace: place for place, number in enumerate(numbers, start=1)}
        self.numbers = sorted(numbers, key=self._sorted(numbers))
        self.rows = {n.trace: row for row, n in enumerate(self.numbers, start=FIRST)}
        self.values = {n.trace: traced.value(n, self.lang) for n in self.numbers}
        # a base is found by what it is of, not by its value
        self.known = {replace(trace, value=None): trace for trace in self.rows}
        self.mark = formats.mark("missing", self.lang)
        self.formulas = {trace: self._found(trace) for trace in self.rows}

    def cell(self, trace: Trace, *, outside: bool = True) -> str:
        """The cell that holds a number, as a formula of another sheet names it."""
        return at(self.rows[trace], COLUMN["exact"], self.sheet if outside else "")

    def linked(self, trace: Trace) -> Formula:
        """A formula that takes a number from its row."""
        value = self.values[trace]
        return Formula(self.cell(trace), self.mark if value is None else value)

    def write(self, sheet: Any, form: Any) -> None:
        """Write head and rows; `form` gives a format by its name."""
        for name, column in COLUMN.items():
            head = t(_HEADS.get(name, f"native.sheet.{name}"), self.lang)
            sheet.write_string(HEAD, column, head, form("head"))
        for number in self.numbers:
            row, told = self.rows[number.trace], self._told(number)
            for name, column in COLUMN.items():
                kind = "right" if name in ("exact", "shown", "numerator", "denominator") else "text"
                put(sheet, row, column, told[name], form(kind))
        sheet.set_row(HEAD, 2 * LEADING)
        last = FIRST + len(self.numbers) - 1
        sheet.autofilter(HEAD, 0, max(last, FIRST), len(COLUMN) - 1)

    def _sorted(self, numbers: list[Number]) -> Any:
        """By indicator and quantity as they first appear, then the groups, then the areas."""
        first: dict[str, int] = {}
        for place, number in enumerate(numbers):
            first.setdefault(number.trace.indicator, place)

        def key(number: Number) -> tuple[Any, ...]:
            trace = number.trace
            area = areas.load().get(trace.area_code)
            pilot = trace.area_code not in areas.pilot()
            where = (pilot, area.region, area.city_code) if area else (False, "", "")
            return (
                first[trace.indicator], trace.quantity != "value", trace.quantity, trace.level,
                trace.within, trace.of, trace.period, trace.vintage, where, trace.area_code,
                self.order[trace],
            )  # fmt: skip

        return key

    def _told(self, number: Number) -> dict[str, Any]:
        lang, trace = self.lang, number.trace
        value = self.values[trace]
        exact = self.formulas[trace] or (number.shown if value is None else value)
        found: dict[str, Any] = {
            "order": self.order[trace], "place": self.places.get(trace, ""),
            "indicator_id": trace.indicator, "indicator": traced.indicator(trace, lang),
            "unit": traced.unit(trace, lang), "level": t(f"native.level.{trace.level}", lang),
            "area_code": trace.area_code, "area": traced.area(trace, lang),
            "within": traced.within(trace, lang), "period": trace.period,
            "vintage": trace.vintage, "quantity": traced.quantity(trace, lang), "of": trace.of,
            "exact": exact, "shown": number.shown, "numerator": None, "denominator": None,
        }  # fmt: skip
        if trace.quantity == "value":
            for name in ("numerator", "denominator"):
                base = self._base(trace, quantity=name)
                if base is not None:
                    given = self.values[base]
                    shown = self.mark if given is None else given
                    found[name] = Formula(self.cell(base, outside=False), shown)
        return found

    def _base(self, trace: Trace, **other: Any) -> Trace | None:
        usual = {"value": None, "within": "", "of": ""}
        return self.known.get(replace(trace, **usual | other))

    def _found(self, trace: Trace) -> Formula | None:
        """The formula of a number, None where its bases are not there or come to another number."""
        match trace.quantity:
            case "value":
                candidates = self._ratio(trace)
            case "change_previous":
                candidates = self._difference(trace, -1)
            case "change_year":
                candidates = self._difference(trace, -4)
            case "gap":
                candidates = self._gap(trace)
            case "rank":
                candidates = self._rank(trace)
            case _:
                return None
        wanted = self.values[trace]
        for text, value in candidates:
            if value is None and wanted is None:
                return Formula(text, self.mark)
            if value is not None and wanted is not None and _same(value, wanted):
                return Formula(text, wanted)
        return None

    def _ratio(self, trace: Trace) -> Iterator[tuple[str, float | None]]:
        known = catalogue.load().indicators.get(trace.indicator)
        parts = [self._base(trace, quantity=name) for name in ("numerator", "denominator")]
        if known is None or known.denominator is None or None in parts:
            return
        over, under = (self.values[part] for part in parts if part is not None)
        if over is None or not under:
            return
        names = [self.cell(part, outside=False) for part in parts if part is not None]
        times = "" if known.factor == 1 else f"{known.factor:g}*"
        text = f"{times}{names[0]}/{names[1]}"
        known_both = f"COUNT({names[0]},{names[1]})=2"
        guarded = f'IF({known_both},IF({names[1]}=0,"{self.mark}",{text}),"{self.mark}")'
        yield guarded, known.factor * over / under

    def _difference(self, trace: Trace, quarters: int) -> Iterator[tuple[str, float | None]]:
        now = self._base(trace, quantity="value")
        then = self._base(trace, quantity="value", period=periods.shift(trace.period, quarters))
        yield from self._minus(now, then)

    def _gap(self, trace: Trace) -> Iterator[tuple[str, float | None]]:
        now = self._base(trace, quantity="value")
        target = self._base(trace, quantity="target") or next(
            (
                each for each in self.rows
                if (each.indicator, each.quantity, each.of) == (trace.indicator, "target", "")
            ), None,
        )  # fmt: skip
        yield from self._minus(now, target)
        yield from self._minus(target, now)

    def _minus(self, one: Trace | None, other: Trace | None) -> Iterator[tuple[str, float | None]]:
        if one is None or other is None:
            return
        names = [self.cell(each, outside=False) for each in (one, other)]
        text = f'IF(COUNT({names[0]},{names[1]})=2,{names[0]}-{names[1]},"{self.mark}")'
        whole, part = self.values[one], self.values[other]
        yield text, None if whole is None or part is None else whole - part

    def _rank(self, trace: Trace) -> Iterator[tuple[str, float | None]]:
        """The place among the values of its group, if all of the group are here side by side."""
        own = self._base(trace, quantity="value")
        known = catalogue.load().indicators.get(trace.indicator)
        members = self._members(trace)
        if own is None or known is None or not members or self.values[own] is None:
            return
        found = (self._base(trace, quantity="value", area_code=code) for code in members)
        here = [each for each in found if each is not None]
        rows = sorted(self.rows[each] for each in here)
        values = [v for each in here if (v := self.values[each]) is not None]
        if rows[-1] - rows[0] + 1 != len(rows) or not self._whole(trace, here, members, values):
            return
        column = COLUMN["exact"]
        block = ":".join(
            xl_rowcol_to_cell(row, column, row_abs=True) for row in (rows[0], rows[-1])
        )
        name, value = self.cell(own, outside=False), self.values[own]
        assert value is not None
        decimals = traced.decimals(own)
        shown, lower = formats.rounded(value, decimals), known.direction == "lower"
        # as printed, so that two that read alike share a place: those whose rounding is ahead
        half = Decimal(5).scaleb(-decimals - 1)
        edge = "<" if lower else ">="
        than = f"(ROUND({name},{decimals}){'-' if lower else '+'}{half})"
        text = f'COUNTIF({block},"{edge}"&{than})+1'
        ahead = [v for v in values if _ahead(formats.rounded(v, decimals), shown, lower)]
        yield f'IF(ISNUMBER({name}),{text},"{self.mark}")', len(ahead) + 1
        text = f"RANK({name},{block},{int(lower)})"
        ahead = [v for v in values if _ahead(v, value, lower)]
        yield f'IF(ISNUMBER({name}),{text},"{self.mark}")', len(ahead) + 1

    def _whole(
        self, trace: Trace, here: list[Trace], members: list[str], values: list[float]
    ) -> bool:
        """Whether all of a group are here, or all that have a value by what the briefing tells."""
        if len(here) == len(members):
            return True
        counts = {
            self.values[each]
            for each in self.rows
            if (each.indicator, each.period, each.vintage)
            == (trace.indicator, trace.period, trace.vintage)
            and (
                (each.quantity, f"{each.level}/{each.area_code}") == ("areas_valued", trace.within)
                or (each.quantity, each.of, each.within) == ("count", "ranked", trace.within)
            )
        }
        return counts == {float(len(values))}

    def _members(self, trace: Trace) -> list[str]:
        level, _, code = trace.within.partition("/")
        if trace.level != "county" or not code:
            return []
        if level == "pilot_region":
            inside = scopes.members(code.removeprefix("pilot_"))
            return [each for each in inside if each in areas.pilot()]
        return scopes.members(code)


def _ahead(one: Any, other: Any, lower: bool) -> bool:
    return bool(one < other if lower else one > other)


def _same(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)

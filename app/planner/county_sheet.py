"""The sheet of one way in the plan's workbook: every cell a formula over the parameters.

Amounts are whole numbers, so every formula rounds up by dividing whole numbers: what a spreadsheet
computes in floats can't tip the result.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from app import audience, catalogue, exports, formats, periods, scopes
from app.cells import A4, Formula, put, quoted
from app.cells import at as cell_at
from app.i18n import t
from app.planner import needs, told
from app.planner.cells import base, plain
from app.planner.needs import Aim, Need
from app.planner.plans import County, Plan
from app.view import View

COLUMNS = 24  # quarters that have a column, at least
HEAD, WHOLE, SUM, FIRST = 3, 4, 5, 6  # rows of a sheet of counties
# columns with their widths, in their order; the quarters follow
WIDTHS = {
    "code": 9, "county": 17, "city": 9, "numerator": 10, "denominator": 10, "share": 9,
    "before": 11, "pace": 10, "lacking": 10, "most": 9, "quarters": 10, "met": 12, "verdict": 13,
    "cost": 11,
}  # fmt: skip
PLACE = {name: position for position, name in enumerate(WIDTHS)}


def columns(aim: Aim) -> int:
    """How many quarters have a column."""
    return max(COLUMNS, aim.quarters)


def facts(view: View) -> str:
    """Quarter, scope and vintage in one line."""
    c = view.choices
    scope = scopes.scope_label(c.scope, c.lang)
    return " · ".join(exports.facts(view.source, c.period, scope, c.lang))


class Counties:
    """The sheet of one way: the group as a whole, the sum of its counties, the counties."""

    def __init__(
        self, book: Any, view: View, plan: Plan, unit_cost: Decimal | None,
        formats_of: dict[str, Any],
    ) -> None:  # fmt: skip
        self.view, self.plan, self.aim, self.unit_cost = view, plan, plan.aim, unit_cost
        self.lang = view.lang
        self.form = formats_of
        self.word = told.way(view.indicator, plan.aim.way, self.lang)
        self.sheet = book.add_worksheet(t("planner.sheet.counties", self.lang, way=self.word)[:31])
        self.last = FIRST + len(plan.counties) - 1
        self.words = {
            name: t(f"planner.verdict.{name}", self.lang)
            for name in ("met", "enough", "short", "unknown", "impossible")
        } | {
            "never": t("planner.never", self.lang),
            "no_pace": t("planner.no_pace", self.lang),
            "missing": formats.mark("missing", self.lang),
            "not_applicable": formats.mark("not_applicable", self.lang),
        }

    def write(self) -> None:
        """Write the whole sheet."""
        sheet, lang = self.sheet, self.lang
        title = t("planner.sheet.title", lang, indicator=self.view.indicator.label(lang))
        sheet.write_string(0, 0, f"{title} · {self.word}", self.form["title"])
        sheet.write_string(1, 0, facts(self.view))
        if self.plan.sample:
            sheet.write_string(2, 0, t("figure.sample_note", lang), self.form["sample"])
        for column, head in enumerate(self._heads()):
            sheet.write_string(HEAD, column, head, self.form["head"])
        for k in range(1, columns(self.aim) + 1):
            place = len(PLACE) + k - 1
            quarter = f"{base(self.aim.period) + k}"
            name = f'INT({quarter}/4)&"Q"&(MOD({quarter},4)+1)'
            shown = periods.shift(self.aim.period, k) if k <= self.aim.quarters else ""
            formula = Formula(f'IF({k}<=quarters,{name},"")', shown)
            put(sheet, HEAD, place, formula, self.form["head"])
        self._row(WHOLE, self._group())
        self._row(SUM, self._sums())
        for row, county in enumerate(self.plan.counties, start=FIRST):
            self._row(row, self._county(row, county))
        for column, width in enumerate(WIDTHS.values()):
            sheet.set_column(column, column, width)
        sheet.set_column(len(PLACE), len(PLACE) + columns(self.aim) - 1, 8)
        sheet.set_row(HEAD, 46)
        sheet.set_row(SUM, 76)  # the counts of the verdicts, one below the other
        sheet.freeze_panes(FIRST, 2)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.print_area(0, 0, max(self.last, SUM), len(PLACE) - 1)
        sheet.repeat_rows(HEAD)
        sheet.fit_to_pages(1, 0)
        sheet.set_header(audience.page_header(facts(self.view)))

    def _heads(self) -> list[str]:
        lang, unit = self.lang, told.unit_of(self.view.indicator)
        label = catalogue.load().unit(unit).label(lang)
        lacking = told.to_do(self.view.indicator, self.aim.way, lang)
        return [
            t("export.area_code", lang), t("export.county", lang), t("export.city", lang),
            t("export.numerator", lang), t("export.denominator", lang),
            exports.column_name(self.view.indicator, lang), t("planner.sheet.before", lang),
            t("planner.pace", lang), t("template.header", lang, label=lacking, unit=label),
            t("planner.sheet.most", lang), t("planner.sheet.quarters", lang),
            t("planner.met_when", lang), t("planner.verdict_head", lang),
            t("planner.cost_head", lang),
        ]  # fmt: skip

    def _row(self, row: int, found: dict[str, Any]) -> None:
        kinds = {
            "numerator": "whole", "denominator": "whole", "share": "one", "before": "whole",
            "pace": "pace", "lacking": "whole", "most": "whole", "quarters": "whole",
            "met": "right", "cost": "two",
        }  # fmt: skip
        for name, place in PLACE.items():
            put(self.sheet, row, place, found.get(name), self.form[kinds.get(name, "text")])
        for k in range(1, columns(self.aim) + 1):
            place = len(PLACE) + k - 1
            put(self.sheet, row, place, found[f"quarter_{k}"], self.form["whole"])

    def _county(self, row: int, county: County) -> dict[str, Any]:
        need = county.need
        known = need.numerator is not None and need.denominator is not None
        mark = formats.mark("missing", self.lang)
        now, before = need.numerator, county.before
        pace = needs.pace(now, before)
        at = self._cells(row)
        difference = f"({at['numerator']}-{at['before']})/{needs.QUARTERS}"
        both = f"AND(ISNUMBER({at['numerator']}),ISNUMBER({at['before']}))"
        return {
            "code": county.code,
            "county": county.name,
            "city": county.city,
            "numerator": plain(now) if known else mark,
            "denominator": plain(need.denominator) if known else mark,
            "before": mark if before is None else plain(before),
            "pace": Formula(
                f"IF({both},{difference},{self._word('no_pace')})",
                self.words["no_pace"] if pace is None else float(pace),
            ),
            **self._answer(row, need, pace),
        }

    def _group(self) -> dict[str, Any]:
        need, column = self.plan.whole, self._range("pace")
        return {
            "county": t("planner.whole", self.lang),
            "numerator": Formula(f"SUM({self._range('numerator')})", plain(need.numerator)),
            "denominator": Formula(f"SUM({self._range('denominator')})", plain(need.denominator)),
            "pace": Formula(
                f"IF(COUNT({column})>0,SUM({column}),{self._word('no_pace')})",
                self.words["no_pace"] if need.pace is None else float(need.pace),
            ),
            **self._answer(WHOLE, need, need.pace),
        }

    def _sums(self) -> dict[str, Any]:
        plan, aim = self.plan, self.aim
        column = self._range("lacking")
        impossible, missing = self._word("impossible"), self._word("missing")
        sums, never = plan.quarters, plan.each is None
        found: dict[str, Any] = {
            "county": t("planner.sum", self.lang),
            "lacking": Formula(
                f"IF(COUNTIF({column},{impossible})>0,{missing},SUM({column}))",
                self.words["missing"] if plan.each is None else plan.each,
            ),
            "verdict": Formula(*self._counted()),
        }
        at = self._cells(SUM)
        first, last = len(PLACE), len(PLACE) + columns(aim) - 1
        shown = f"{cell_at(SUM, first)}:{cell_at(SUM, last)}"
        found["most"] = Formula(
            f"IF(ISNUMBER({at['lacking']}),MAX({shown}),{missing})",
            self.words["missing"] if never else max(sums),
        )
        cost = told.cost(plan.each, self.unit_cost)
        found["cost"] = Formula(self._cost(at["lacking"]), "" if cost is None else float(cost))
        for k in range(1, columns(aim) + 1):
            name = xl_col_to_name(len(PLACE) + k - 1)
            rows = f"{name}{FIRST + 1}:{name}{self.last + 1}"
            found[f"quarter_{k}"] = Formula(
                f'IF(AND(ISNUMBER({at["lacking"]}),{k}<=quarters),SUM({rows}),"")',
                "" if never or k > aim.quarters else sums[k - 1],
            )
        return found

    def _counted(self) -> tuple[str, str]:
        """How many counties have each verdict, as a formula and as it is."""
        column, lang = self._range("verdict"), self.lang
        names = ("met", "enough", "short", "unknown", "impossible")
        parts, shown = [], []
        for name in names:
            count = sum(county.need.verdict == name for county in self.plan.counties)
            text = t("planner.counted", lang, verdict=self.words[name], count="\n")
            before, after = text.split("\n")
            counted = f"COUNTIF({column},{self._word(name)})"
            parts.append(f"{quoted(before)}&{counted}&{quoted(after)}")
            shown.append(f"{before}{count}{after}")
        separator = t("figure.separator", lang)
        return f"&{quoted(separator)}&".join(parts), separator.join(shown)

    def _answer(self, row: int, need: Need, pace: Fraction | None) -> dict[str, Any]:
        """What follows from numerator, denominator and pace of a row, as formulas and as it is."""
        words, at = self.words, self._cells(row)
        share, lacking = at["share"], at["lacking"]
        mark = words.get(need.verdict, words["missing"]) if need.lacking is None else ""
        waits = mark if need.lacking is None else self._waits(need, pace)
        cost = told.cost(need.lacking, self.unit_cost)
        most = f'IF(quarters>=1,INT(({lacking}+quarters-1)/quarters),"")'
        found = {
            "share": Formula(self._share_formula(at), mark if need.share is None else need.share),
            "lacking": Formula(
                f"IF(ISNUMBER({share}),{self._amount_formula(at)},{share})",
                mark if need.lacking is None else need.lacking,
            ),
            "most": Formula(
                f"IF(ISNUMBER({lacking}),{most},{lacking})",
                mark
                if need.lacking is None
                else max(needs.spread(need.lacking, self.aim.quarters)),
            ),
            "quarters": Formula(self._waits_formula(at), waits),
            "met": Formula(self._met_formula(at), self._met(need, waits)),
            "verdict": Formula(
                self._verdict_formula(at), mark if need.lacking is None else words[need.verdict]
            ),
            "cost": Formula(self._cost(lacking), "" if cost is None else float(cost)),
        }
        return found | dict(self._spread(row, need))

    def _share_formula(self, at: dict[str, str]) -> str:
        part, whole = at["numerator"], at["denominator"]
        share = f"IF({whole}>0,100*{part}/{whole},{self._word('not_applicable')})"
        return f"IF(ISNUMBER({whole}),{share},{self._word('missing')})"

    def _amount_formula(self, at: dict[str, str]) -> str:
        """The units that are lacking; the target counts in hundredths of a percent."""
        goal = "ROUND(target*100,0)"
        short = f"({goal}*{at['denominator']}-10000*{at['numerator']})"
        if self.aim.way == "within":
            return f"MAX(0,ROUNDUP({short}/10000,0))"
        return (
            f"IF({short}<=0,0,IF({goal}>=10000,{self._word('impossible')},"
            f"ROUNDUP({short}/(10000-{goal}),0)))"
        )

    def _waits_formula(self, at: dict[str, str]) -> str:
        """After how many quarters nothing is lacking at today's pace."""
        lacking, pace = at["lacking"], at["pace"]
        year = f"ROUND({needs.QUARTERS}*{pace},0)"
        until = f"INT(({needs.QUARTERS}*{lacking}+{year}-1)/{year})"
        moving = f"IF({pace}>0,{until},{self._word('never')})"
        unmet = f"IF(ISNUMBER({pace}),{moving},{self._word('no_pace')})"
        return f"IF(ISNUMBER({lacking}),IF({lacking}=0,0,{unmet}),{lacking})"

    def _waits(self, need: Need, pace: Fraction | None) -> int | str:
        """The same as it is, of a need that is known."""
        if need.lacking == 0:
            return 0
        if pace is None:
            return self.words["no_pace"]
        return self.words["never"] if need.met_in is None else need.met_in

    def _met_formula(self, at: dict[str, str]) -> str:
        """In which quarter nothing is lacking at today's pace."""
        last, waits = self.aim.last, at["quarters"]
        quarter = f"({base(self.aim.period)}+{waits})"
        named = f'INT({quarter}/4)&"Q"&(MOD({quarter},4)+1)'
        late = quoted(t("planner.after", self.lang, year=last))
        unmet = f"IF(INT({quarter}/4)>{last},{late},{named})"
        return f"IF(ISNUMBER({waits}),IF({at['lacking']}=0,{self._word('met')},{unmet}),{waits})"

    def _verdict_formula(self, at: dict[str, str]) -> str:
        """Whether today's pace is enough."""
        lacking, waits = at["lacking"], at["quarters"]
        enough, short = self._word("enough"), self._word("short")
        in_time = f"IF({waits}<=quarters,{enough},{short})"
        never = f"IF(ISNUMBER({at['pace']}),{short},{self._word('unknown')})"
        unmet = f"IF(ISNUMBER({waits}),{in_time},{never})"
        return f"IF(ISNUMBER({lacking}),IF({lacking}=0,{self._word('met')},{unmet}),{lacking})"

    def _met(self, need: Need, waits: int | str) -> str:
        if need.lacking == 0:
            return self.words["met"]
        if isinstance(waits, str):
            return waits
        late = t("planner.after", self.lang, year=self.aim.last)
        return needs.met_quarter(need, self.aim) or late

    def _spread(self, row: int, need: Need) -> Iterator[tuple[str, Formula]]:
        """The units of each quarter, which add up to what is lacking."""
        lacking = f"${xl_col_to_name(PLACE['lacking'])}{row + 1}"
        units = [] if need.lacking is None else needs.spread(need.lacking, self.aim.quarters)
        for k in range(1, columns(self.aim) + 1):
            done, before = (f"INT(({lacking}*{n}+quarters-1)/quarters)" for n in (k, k - 1))
            text = f'IF(AND(ISNUMBER({lacking}),{k}<=quarters),{done}-{before},"")'
            yield f"quarter_{k}", Formula(text, units[k - 1] if k <= len(units) else "")

    def _cost(self, lacking: str) -> str:
        name = f"cost_{self.aim.way}"
        return f'IF(AND(ISNUMBER({lacking}),ISNUMBER({name})),ROUND({lacking}*{name},2),"")'

    def _cells(self, row: int) -> dict[str, str]:
        return {name: cell_at(row, place) for name, place in PLACE.items()}

    def _range(self, name: str) -> str:
        return f"{cell_at(FIRST, PLACE[name])}:{cell_at(self.last, PLACE[name])}"

    def _word(self, name: str) -> str:
        return quoted(self.words[name])

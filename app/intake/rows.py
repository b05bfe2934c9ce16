"""Reads the rows under a header: data, and what stands between and below it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from app import spellings
from app.catalogue import Catalogue, Item
from app.i18n import t
from app.intake import places, totals
from app.intake.answers import CellReader, reader_of
from app.intake.cells import is_blank, says_missing
from app.intake.headers import KEY_COLUMNS, Header
from app.intake.items import ItemReader
from app.intake.keys import AreaReader, Context, PeriodReader
from app.intake.line import Findings, Line
from app.intake.merges import Merges
from app.intake.places import Place
from app.intake.tables import Cell
from app.intake.totals import Figure, Total
from app.intake.upload import BlankRow, Picks, ReadCell, Upload
from app.spellings import normal

_TOLD_EVERY = 2_000  # rows


class _Column(NamedTuple):
    position: int
    measure_id: str
    label: str
    reader: CellReader
    rounding: float  # by how much a figure may be rounded in the header's unit


class SheetReader:
    """Reads the rows of one sheet into an upload."""

    def __init__(
        self,
        header: Header,
        upload: Upload,
        catalogue: Catalogue,
        context: Context,
        picks: Picks,
        found: Findings,
        seen: dict[tuple[str, str, str], tuple[str, int]],
        lang: str,
    ) -> None:
        self._header, self._upload, self._context = header, upload, context
        self._found, self._seen, self._lang = found, seen, lang
        self._line = Line(header, found, lang)
        self._dataset = upload.dataset
        self._areas = AreaReader(self._line, context, picks, upload.dataset.level)
        self._items = ItemReader(self._line, upload.dataset)
        self._periods = PeriodReader(self._line, context)
        self._columns = [
            _Column(
                column.position,
                measure_id,
                column.label,
                reader_of(
                    column.measure,
                    catalogue.unit(column.measure.unit),
                    column.factor,
                    upload.texts,
                    lang,
                ),
                0.005 * float(column.factor),
            )
            for measure_id, column in header.columns.items()
        ]
        keys = [header.keys[key] for key in KEY_COLUMNS if key in header.keys]
        self._merges = Merges(header, keys, upload.file_name)
        self._totals: list[Total] = []

    def read(self, progress: Callable[[float], None]) -> None:
        """Read all rows; `progress` is told how much is done, 0 to 1."""
        line, rows = self._line, self._header.sheet.rows
        first_cell = len(self._upload.cells)
        width = max(map(len, rows), default=0)
        named = {position for position, label in enumerate(self._header.labels) if label}
        named.update(self._header.keys.values())
        unnamed = [position for position in range(width) if position not in named]
        for index in range(self._header.last + 1, len(rows)):
            if index % _TOLD_EVERY == 0:
                progress(index / len(rows))
            cells = rows[index]
            if len(cells) < width:
                cells = cells + [None] * (width - len(cells))
            line.cells, line.number = self._merges.filled(index, cells), index + 1
            place = self._areas.place()
            if place.kind == "area" or self._is_data(place):
                for position in unnamed:
                    if not is_blank(line.cells[position]):
                        line.error("beyond_header", t("check.beyond_header", self._lang), position)
                self._read_row(place)
        self._upload.picked.update(self._areas.picked)
        if self._totals and not self._found.errors:
            read = self._upload.cells[first_cell:]
            for finding in totals.check(self._totals, read, self._upload.dataset, self._lang):
                self._found.warnings.add(finding)

    # ------------------------------------------------------------------ which rows are data

    def _is_data(self, place: Place) -> bool:
        """Whether a row without a known area is data all the same; notes what it is if not."""
        filled = [cell for cell in self._line.cells if not is_blank(cell)]
        if not filled:
            return False
        if self._is_heading(filled):
            return self._skip("skipped_row", t("check.skipped_heading", self._lang))
        if place.kind == "total" or self._says_total():
            if place.group and not self._figures() and self._areas.below(place.group):
                return self._skip("skipped_row", t("check.skipped_city", self._lang))
            self._take_total(place)
            return self._skip("skipped_total", t("check.skipped_total", self._lang))
        if self._is_remark(filled) or (not self._figures() and place.kind in ("unknown", "none")):
            return self._skip("skipped_note", t("check.skipped_note", self._lang))
        return True

    def _is_heading(self, filled: list[Cell]) -> bool:
        """Whether a row repeats the header, or numbers the columns just below it."""
        texts = [normal(cell) for cell in filled]
        if len(texts) > 1 and self._line.number == self._header.last + 2:
            marks = spellings.words("column_marks")
            counts = [text.strip("()") for text in texts if text not in marks]
            if all(count.isascii() and count.isdigit() and len(count) < 4 for count in counts):
                numbers = [int(count) for count in counts]
                return not numbers or numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        labels = {normal(label) for label in self._header.labels if label}
        return sum(text in labels for text in texts) * 2 > len(texts)

    def _says_total(self) -> bool:
        """Whether a total is named left of the figures, such as in the column of numbers."""
        first = min((column.position for column in self._columns), default=0)
        texts = (cell for cell in self._line.cells[:first] if isinstance(cell, str))
        text = next((text for text in texts if not is_blank(text)), None)
        return text is not None and places.is_total(normal(text))

    def _is_remark(self, filled: list[Cell]) -> bool:
        """Whether a row begins with such words as 注： or 填报人：."""
        before, colon, _ = normal(filled[0]).partition(":")
        said = before.rstrip("0123456789") in spellings.words("notes")
        return said and (bool(colon) or len(filled) == 1)

    def _skip(self, rule: str, message: str) -> bool:
        filled = (p for p, cell in enumerate(self._line.cells) if not is_blank(cell))
        self._line.note(rule, message, next(filled))
        return False

    def _take_total(self, place: Place) -> None:
        figures = {}
        for column in self._columns:
            cell = self._line.cells[column.position]
            if not self._dataset.measure(column.measure_id).numeric:
                continue
            reading = column.reader.read(cell)
            if reading.value is not None:
                rounding = 0.0 if column.reader.plain else column.rounding
                figures[column.measure_id] = Figure(
                    reading.value, cell, column.label, column.position, rounding
                )
        period = self._periods.named()
        self._totals.append(Total(self._line.number, place.group, period, figures))

    # ------------------------------------------------------------------ a row of data

    def _figures(self) -> bool:
        cells = self._line.cells
        return any(not is_blank(cells[column.position]) for column in self._columns)

    def _read_row(self, place: Place) -> None:
        line, lang = self._line, self._lang
        if not self._figures():
            self._take_blank(place)
            return
        self._upload.rows += 1
        area_code, period = self._areas.code(place), self._periods.period()
        item = self._items.item() if self._dataset.items else None
        if area_code is None or period is None or (self._dataset.items and item is None):
            return
        key = (area_code, period, item.id if item else "")
        sheet, row = self._seen.setdefault(key, (line.sheet, line.number))
        if (sheet, row) != (line.sheet, line.number):
            told = t("check.duplicate_item" if item else "check.duplicate_row", lang, first=row)
            if sheet != line.sheet:
                told = t("check.duplicate_row_elsewhere", lang, sheet=sheet, first=row)
            position = line.position("area_code", "area_name", "city_name")
            line.error("duplicate_row", told, position, area_code, period)
            return
        self._read_figures(area_code, period, item)

    def _read_figures(self, area_code: str, period: str, item: Item | None) -> None:
        line, cells, add = self._line, self._line.cells, self._upload.cells.append
        sheet, number = line.sheet, line.number
        merged = self._merges.holds(number - 1)
        for position, measure_id, label, reader, _ in self._columns:
            cell = cells[position]
            value: float | None
            if merged and self._is_merged(position, area_code, period):
                continue
            if item is not None:
                measure_id = f"{item.id}.{measure_id}"
                if measure_id not in self._dataset.cells:
                    if not is_blank(cell) and not says_missing(cell):
                        told = t("check.not_of_item", self._lang, item=item.label(self._lang))
                        line.error("not_of_item", told, position, area_code, period)
                    continue
            if (
                reader.plain
                and (
                    type(cell) is int
                    or (type(cell) is float and (not reader.whole or cell.is_integer()))
                )
                and reader.minimum <= cell <= reader.maximum
            ):  # nearly all cells, so without further ado
                value, status = float(cell), "reported"
            else:
                reading = reader.read(cell)
                if reading.rule:
                    line.error(reading.rule, reading.message, position, area_code, period)
                    continue
                if reading.message:
                    line.note("interpreted", reading.message, position, area_code, period)
                value, status = reading.value, reading.status
            add(
                ReadCell(
                    area_code, period, measure_id, value, status,
                    sheet, number, label, cell, position,
                )
            )  # fmt: skip

    def _is_merged(self, position: int, area_code: str, period: str) -> bool:
        """Whether a cell is part of a merged one with a figure; an error at the first part."""
        line = self._line
        first = self._merges.first(line.number - 1, position)
        if first is None:
            return False
        value = self._header.sheet.rows[first[0]][first[1]]
        if is_blank(value) or says_missing(value):
            return False
        if first == (line.number - 1, position):
            told = t("check.merged_value", self._lang)
            line.error("merged_value", told, position, area_code, period)
        return True

    def _take_blank(self, place: Place) -> None:
        line, period = self._line, self._periods.named()
        position = line.position("area_code", "area_name", "city_name")
        # of the many rows of a city one note is enough
        rule = "blank_item" if self._dataset.items else "blank_row"
        line.note(rule, t("check.blank_row", self._lang), position, place.code, period)
        if place.kind == "area" and place.code is not None and period is not None:
            self._upload.blank_rows.append(BlankRow(place.code, period, line.sheet, line.number))

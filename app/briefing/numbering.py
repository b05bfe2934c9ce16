"""The numbers of headings, tables and charts as official documents write them."""

from __future__ import annotations

from app.i18n import t

_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


class Numbering:
    """Counts the headings of a document: 一、 （一） 1. （1）, or I. (a) 1. (1) in English."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.counts = [0, 0, 0, 0]
        self.tables = self.charts = 0

    def heading(self, level: int) -> str:
        """The number of the next heading of a level; those below begin anew."""
        self.counts[level - 1] += 1
        self.counts[level:] = [0] * (4 - level)
        count = self.counts[level - 1]
        if self.lang == "en":
            shown = (_roman(count), chr(ord("a") + (count - 1) % 26), str(count), str(count))
        else:
            shown = (chinese(count), chinese(count), str(count), str(count))
        return t(f"official.heading_{level}", self.lang, number=shown[level - 1])

    def table(self) -> str:
        """The number of the next table."""
        self.tables += 1
        return t("official.table", self.lang, number=self.tables)

    def chart(self) -> str:
        """The number of the next chart."""
        self.charts += 1
        return t("official.chart", self.lang, number=self.charts)


def chinese(number: int) -> str:
    """A number from 1 to 99 in Chinese numerals."""
    digits = t("official.digits", "zh")
    tens, ones = divmod(number, 10)
    ten = t("official.ten", "zh")
    before = "" if tens == 0 else ten if tens == 1 else digits[tens - 1] + ten
    return before + (digits[ones - 1] if ones else "")


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        while number >= value:
            text, number = text + letters, number - value
    return text

"""Whatever is handed in, reading ends in an upload or in a sentence that says what to do."""

from __future__ import annotations

import io
import random
import zipfile
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest
from forms import RENHUA, SHIXING, form, good, read_file, row, table
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from openpyxl.utils.exceptions import IllegalCharacterError

from app.errors import DashboardError
from app.intake.upload import Upload

FEW = hypothesis_settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
MANY = hypothesis_settings(FEW, max_examples=3000)
# What people type into cells that were meant for a number, a name or a quarter.
TYPED = st.one_of(
    st.none(),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.text(max_size=12),
    st.sampled_from(
        ["—", "…", "无", "/", "１２", "1,234", "12%", "3万", "约10", "=1/0", "始兴", "城区", "合计"]
        + [
            "2023年第四季度",
            "2023Q9",
            "９９９９Q1",
            "不适用",
            "440222",
            "注：见说明",
            "\ufeff",
            "'5",
        ]
    ),
)


@cache
def workbook() -> bytes:
    """A template filled in for two counties."""
    with TemporaryDirectory() as folder:
        rows = {SHIXING: good(), RENHUA: good()}
        return form(Path(folder) / "a.xlsx", "2023Q2", rows).read_bytes()


def read_whole(content: bytes, name: str) -> Upload | None:
    """The upload; None where it is refused with a message in both languages."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        try:
            upload = read_file(path)
        except DashboardError as error:
            assert error.text("zh").strip() and error.text("en").strip()
            return None
    for finding in [*upload.errors, *upload.warnings, *upload.notes]:
        assert finding.message.strip()
    taken = {(c.area_code, c.period, c.measure_id) for c in upload.cells}
    assert upload.errors or len(taken) == len(upload.cells)
    for cell in upload.cells:
        assert (cell.value is not None) == (cell.status == "reported")
    return upload


def bytes_of_any_kind(content: bytes, name: str) -> None:
    read_whole(content, name)


ANY_BYTES = given(
    st.one_of(
        st.binary(max_size=400),
        st.binary(max_size=400).map(lambda b: b"PK\x03\x04" + b),
        st.binary(max_size=400).map(lambda b: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b),
        st.text(max_size=300).map(lambda t: t.encode("utf-8")),
        st.text(max_size=300).map(lambda t: t.encode("gb18030", "ignore")),
    ),
    st.sampled_from(["a.xlsx", "a.xls", "a.csv", "a.txt", "a", "a.pdf"]),
)


def damaged(seed: int, changes: int) -> None:
    """Parts of a workbook with single bytes changed, packed again as a whole archive."""
    chance = random.Random(seed)
    source = zipfile.ZipFile(io.BytesIO(workbook()))
    target = io.BytesIO()
    names = source.namelist()
    hit = {chance.choice(names) for _ in range(changes)}
    with zipfile.ZipFile(target, "w") as archive:
        for name in names:
            part = bytearray(source.read(name))
            for _ in range(3 if name in hit and part else 0):
                part[chance.randrange(len(part))] = chance.randrange(256)
            if name not in hit or chance.random() > 0.2:  # now and then a part is gone
                archive.writestr(name, bytes(part))
    read_whole(target.getvalue(), "a.xlsx")


DAMAGED = given(st.integers(0, 10**9), st.integers(1, 4))


def retyped(cells: list[tuple[int, int, object]]) -> None:
    """Any cell of a workbook, its headers too, holds what somebody typed over it."""
    book = openpyxl.load_workbook(io.BytesIO(workbook()))
    sheet = book.worksheets[0]
    for line, column, value in cells:
        try:
            sheet.cell(line, column).value = value  # type: ignore[assignment]
        except (AttributeError, ValueError, IllegalCharacterError):  # a merged cell, no XML
            continue
    target = io.BytesIO()
    book.save(target)
    read_whole(target.getvalue(), "a.xlsx")


RETYPED = given(
    st.lists(st.tuples(st.integers(1, 30), st.integers(1, 24), TYPED), min_size=1, max_size=12)
)


def retyped_lines(texts: list[tuple[int, str]], separator: str) -> None:
    """A CSV in which words, separators and quotes stand where they do not belong."""
    with TemporaryDirectory() as folder:
        path = table(
            Path(folder) / "a.csv", [row(SHIXING, "2023Q2"), row(RENHUA, "2023Q2", "care_beds")]
        )
        lines = path.read_text("utf-8").replace(",", separator).splitlines()
    for at, text in texts:
        place = at % len(lines)
        cut = at % (len(lines[place]) + 1)
        lines[place] = lines[place][:cut] + text + lines[place][cut:]
    read_whole("\n".join(lines).encode("utf-8", "replace"), "a.csv")


RETYPED_LINES = given(
    st.lists(st.tuples(st.integers(0, 10_000), st.text(max_size=6)), min_size=1, max_size=6),
    st.sampled_from([",", ";", "\t"]),
)

test_any_bytes_are_read_or_refused_in_words = FEW(ANY_BYTES(bytes_of_any_kind))
test_a_damaged_workbook_is_read_or_refused_in_words = FEW(DAMAGED(damaged))
test_whatever_is_typed_into_cells_is_read_or_refused_in_words = FEW(RETYPED(retyped))
test_whatever_stands_in_a_csv_is_read_or_refused_in_words = FEW(RETYPED_LINES(retyped_lines))


@pytest.mark.soak
class TestForLong:
    """The same with thousands of files each."""

    test_any_bytes = staticmethod(MANY(ANY_BYTES(bytes_of_any_kind)))
    test_damaged_workbooks = staticmethod(MANY(DAMAGED(damaged)))
    test_typed_cells = staticmethod(MANY(RETYPED(retyped)))
    test_typed_lines = staticmethod(MANY(RETYPED_LINES(retyped_lines)))

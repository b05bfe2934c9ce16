"""`python -m app.samples` writes data/sample/*.xlsx."""

from app.samples.workbooks import files, workbooks, write
from app.settings import SAMPLE

SAMPLE.mkdir(parents=True, exist_ok=True)
for workbook in workbooks():
    write(workbook, workbook.path)
size = sum(path.stat().st_size for path in files())
print(f"{len(files())} workbooks, {size / 1e6:.2f} MB, in data/sample")

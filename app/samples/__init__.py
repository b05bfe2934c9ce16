"""Sample workbooks for all areas up to 2024Q4: invented figures, marked as sample.

The core datasets begin in 2021, those reported since the notice in 2023.

`python -m app.samples` writes data/sample/*.xlsx, the same figures at every run. Names,
denominators and provincial minimum standards are real, and the provincial totals come near
published ones where there are any. Everything else is assumed, and the assumption stands beside the
number. The workbooks hold what real ones hold: counties that report late or not at all, empty
cells, zeros, cells that do not apply, a standard raised late, a figure corrected afterwards, a slip
left in.
"""

"""How fast the dashboard is, in the browser and underneath; run with `python -m benchmarks`."""

"""The table of all indicators and all counties: woven, shown, and as files."""

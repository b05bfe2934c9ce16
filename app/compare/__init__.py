"""Views of the page that compares areas: table, trend, scatter, distribution."""

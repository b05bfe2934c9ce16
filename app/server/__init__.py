"""Serves the dashboard: how its pages reach a browser; it draws nothing."""

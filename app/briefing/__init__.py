"""Briefings: what they say, and the files they become."""

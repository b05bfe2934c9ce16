"""The profile of one county: how it stands on all indicators, and what it has to do."""

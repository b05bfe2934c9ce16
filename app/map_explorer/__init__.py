"""The map explorer: an indicator over all quarters, its change, several quarters or two maps."""

"""The reporting board: who has reported what by when, and who is still to be reminded."""

"""The indicator dictionary: entries from the catalogue, and what shows or writes them."""

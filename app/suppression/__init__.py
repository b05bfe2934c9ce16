"""Small counts of children and of disabled or ill persons, kept from people outside."""

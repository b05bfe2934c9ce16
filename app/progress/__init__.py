"""Views of the page of ranks: who stands where, who has moved most in a year, what it is worth."""

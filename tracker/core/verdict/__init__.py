"""Judges an occurrence: takes the evidence of its cells and `now`, gives status, light and reason. Knows no notices."""

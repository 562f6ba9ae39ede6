"""Finds the evidence of each cell of an occurrence in entries and filings. Independent of the clock."""

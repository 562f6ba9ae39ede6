"""Finds evidence: takes entries and filings, gives what proves each cell of an occurrence. Independent of the clock."""

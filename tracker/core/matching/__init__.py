"""From entries and filings to the evidence of each cell of an occurrence. Knows nothing of whether it is late."""

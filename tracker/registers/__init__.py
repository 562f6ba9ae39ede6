"""What people tell the system: events, filings, decisions. Fact and journal in one transaction."""

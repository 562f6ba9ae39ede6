"""What people read beyond single notices: takes what was decided, gives reports, ledgers, circulars, evidence files."""

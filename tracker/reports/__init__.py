"""Reports what was decided: gives overdue reports, ledgers, scores, circulars and evidence files.

Never judges again.
"""

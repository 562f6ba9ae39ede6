"""Assesses: gives report lines, scores, lights and circular lines for the verdicts of a period. Knows no layout."""

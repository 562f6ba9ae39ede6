"""From verdicts over a time to report lines, scores, lights and circular lines. Knows nothing of layout."""

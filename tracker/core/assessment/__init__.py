"""Makes report lines, scores, lights and circular lines of verdicts over a time. Independent of layout."""

"""From duties and a calendar to occurrences with due dates and derivations. Knows nothing of what was published."""

"""From the evidence of cells and `now` to status, light and reason. Knows nothing of who is told."""

"""The pass that reads: takes the columns of a county and gives visits, entries and articles. Knows nothing of duties."""

"""The pass that reads a county's columns and gives visits, entries and articles. Knows nothing of duties."""

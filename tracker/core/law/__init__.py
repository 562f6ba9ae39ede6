"""Counts time by law: takes duties and a calendar, gives occurrences with due dates and derivations."""

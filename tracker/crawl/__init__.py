"""Reads the columns of a county: takes addresses, gives visits, entries and articles in the database.

Knows no duties.
"""

"""Reads files that articles link and people file: takes bytes, gives text. Knows no page."""

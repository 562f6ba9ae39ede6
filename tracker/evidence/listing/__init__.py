"""Reads a column: takes its pages, gives entries and how far back they were read. Knows no article's text."""

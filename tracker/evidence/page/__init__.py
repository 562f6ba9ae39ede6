"""Decodes and parses one answer in a bounded process: takes bytes, gives lines, tables and dates.

Knows no kind of page.
"""

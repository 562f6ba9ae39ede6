"""Reads the county's site: takes addresses and bytes, gives listings, articles and texts.

Knows no duty and no database.
"""

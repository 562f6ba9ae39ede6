"""Asks the county's site: takes addresses, gives answers, with limits, robots.txt and failures in words.

Parses no page.
"""

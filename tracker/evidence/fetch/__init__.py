"""Asks the county's site: addresses give answers, with limits, robots.txt and failures in words. Parses no page."""

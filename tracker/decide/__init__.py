"""Decides what a county's facts mean: gives changes of status, notices and journal lines.

Reads no site, sends nothing.
"""

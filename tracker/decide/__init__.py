"""Decides what is owed and what follows: takes a county's facts, gives changes of status, notices and journal lines.

Knows no network and remembers nothing between passes.
"""

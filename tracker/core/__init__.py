"""Judges purely: takes facts, rules and an instant as frozen values, gives decisions with reasons.

Knows no I/O or clock.
"""

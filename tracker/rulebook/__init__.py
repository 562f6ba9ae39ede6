"""Loads the rules: takes a folder of YAML files, gives the core's values, or every error with its place.

Knows no facts.
"""

"""Stores facts, decisions and messages: tables, queries and migrations, synchronous. Only this package uses SQLAlchemy.

It decides nothing.
"""

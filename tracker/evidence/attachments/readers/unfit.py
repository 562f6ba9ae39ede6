"""Why a file cannot be filed."""

from __future__ import annotations


class Unfit(Exception):
    """It may not be filed; the message says what it really is, or what is wrong with it."""

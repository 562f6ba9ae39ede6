"""What a command raises when its input cannot be used: printed as it is, exit status 2."""

from __future__ import annotations


class UsageError(Exception):
    """The message says what is wrong, where, and what would be right."""

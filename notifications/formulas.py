"""Texts that spreadsheets are to show and never to compute."""

from __future__ import annotations

#: What a spreadsheet takes for the beginning of a formula; a Chinese one takes the full-width signs too.
_SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def safe(text: str) -> str:
    """A cell that a spreadsheet shows and never computes: whoever writes a title writes no formula here."""
    return f"'{text}" if text.lstrip().startswith(_SIGNS) or text.startswith(("\t", "\r", "\n")) else text

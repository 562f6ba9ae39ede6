"""A line of `duban doctor`: what was checked, its state, and what was found."""

from __future__ import annotations

from typing import Literal

#: `ok`, `note` (good to know) or `wrong` (to be repaired).
CheckLine = tuple[str, Literal["ok", "note", "wrong"], str]

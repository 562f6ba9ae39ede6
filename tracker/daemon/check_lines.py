"""A line of `duban doctor`: what was checked, its state, and what was found."""

from __future__ import annotations

from typing import Literal

#: What is examined: the installation, the county's file and contacts, what is read, what is sent, and what failed.
Checked = Literal[
    "archive", "bounces", "calendar", "channel", "clock", "columns", "console", "contacts", "county", "daemon",
    "database", "delivery", "disk", "fault", "filed", "files", "keys", "mail", "mailbox", "modes", "oidc", "pages",
    "restore", "rules", "schedule", "secrets", "site",
]  # fmt: skip
#: `ok`, `note` (good to know) or `wrong` (to be repaired).
CheckLine = tuple[Checked, Literal["ok", "note", "wrong"], str]

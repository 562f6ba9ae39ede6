"""What a mail about a circular (通报) shows to somebody who may read it in several roles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from notifications.lines import NoticeFields


def circular(members: Sequence[NoticeFields]) -> dict[str, Any]:
    """One paper from what each of the reader's roles is told of it: every line once, in the circular's order.

    `instead_of`: for whom it is read, where they cannot be written to; `meant_for`: where the county is in shadow mode.
    """
    lines = {line["number"]: line for member in members for line in member.get("lines", ())}
    others = {member["instead_of"]: member.get("because", "") for member in members if member.get("instead_of")}
    meant = dict.fromkeys(name for member in members for name in member.get("meant_for", ()))
    return {
        **members[0],
        "meant_for": list(meant),
        "lines": [lines[number] for number in sorted(lines)],
        "instead_of": list(others),
        "because": next(filter(None, others.values()), ""),
    }

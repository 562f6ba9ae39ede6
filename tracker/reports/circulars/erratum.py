"""The erratum (更正通报) as a document: what a circular said of a matter, what is true, and what that rests on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from notifications.wording import quoted
from tracker.core.law.wording import day_zh


def erratum_values(
    values: Mapping[str, Any], said: Mapping[str, Any], truth: str, reason: str, number: str, issued: date
) -> dict[str, Any]:
    """What an erratum says. `values`, `said`: of the circular and of its line; `number`, `issued`: the circular's."""
    place = f"{said['who']}{quoted(said['title'])}（{said['period']}，{said['limit']}{said['detail']}）"
    return {
        "month": values["month"],
        "named": 1,
        "head": values.get("head"),
        "number": number,
        "issued": day_zh(issued),
        "lines": [said],
        "mended": [],
        "corrections": [
            {
                "line": said["number"],
                "anchor": said["anchor"],
                "department": said["department"],
                "who": said["who"],
                "said": place,
                "truth": truth.rstrip("。"),
                "reason": reason.rstrip("。"),
            }
        ],
    }

"""What is told of each decision: whether it still has an effect, and what became of it otherwise."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tracker.core.values.facts import Ruling
from tracker.core.verdict.ruling_states import ruling_states

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2015, 9, 1, tzinfo=UTC)


def told(*decisions: dict[str, Any]) -> list[str]:
    """What is told of decisions that were made one after the other."""
    made = [
        Ruling(
            id=number, kind=one.pop("kind"), occurrence=one.pop("about", "c/p/water/a/2015-07"), by=f"甲{number}",
            reason="查实", recorded_at=NOW - timedelta(days=30 - number), **one,
        )
        for number, one in enumerate(decisions, 1)
    ]  # fmt: skip
    found = ruling_states(made, NOW, ZONE)
    return [found[one.id].words for one in made]


URL = "http://x/1"
CASES: dict[str, tuple[list[dict[str, Any]], list[str]]] = {
    "accepted, then rejected": (
        [{"kind": "accept", "target": URL}, {"kind": "reject", "target": URL}],
        ["replaced by ruling:2 of 甲2", "holds"],
    ),
    "two proofs": (
        [{"kind": "accept", "target": URL}, {"kind": "reject", "target": "http://x/2"}],
        ["holds", "holds"],
    ),
    "two parts": (
        [{"kind": "accept", "target": URL, "part": "water"}, {"kind": "reject", "target": URL, "part": "air"}],
        ["holds", "holds"],
    ),
    "the later one is taken back": (
        [
            {"kind": "accept", "target": URL},
            {"kind": "reject", "target": URL},
            {"kind": "revoke", "target": "ruling:2"},
        ],
        ["holds", "revoked by 甲3 on 2015-08-05: 查实", "holds"],
    ),
    "an answer to an objection is taken back": (
        [
            {"kind": "object", "target": URL},
            {"kind": "uphold", "target": "ruling:1"},
            {"kind": "revoke", "target": "ruling:2"},
        ],
        ["waits for an answer", "revoked by 甲3 on 2015-08-05: 查实", "holds"],
    ),
    "postponed twice": (
        [{"kind": "postpone", "until": date(2015, 8, 20)}, {"kind": "postpone", "until": date(2015, 9, 20)}],
        ["replaced by ruling:2 of 甲2", "holds"],
    ),
    "waived, then found not applicable": (
        [{"kind": "waive"}, {"kind": "not-applicable"}],
        ["replaced by ruling:2 of 甲2", "holds"],
    ),
    "waived until a day that is over": ([{"kind": "waive", "until": date(2015, 8, 20)}], ["over since 2015-08-20"]),
    "of two matters": (
        [{"kind": "waive"}, {"kind": "waive", "about": "c/p/water/a/2015-08"}],
        ["holds", "holds"],
    ),
    "an objection that waits": ([{"kind": "object", "target": "县报"}], ["waits for an answer"]),
    "an objection that was upheld": (
        [{"kind": "object", "target": "县报"}, {"kind": "uphold", "target": "ruling:1"}],
        ["upheld by 甲2", "holds"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_became_of_each(case: str) -> None:
    decisions, expected = CASES[case]
    assert told(*(dict(one) for one in decisions)) == expected

"""Says whether a notice that waited is still true when it is about to be sent."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.core.values.verdicts import Status

#: Kinds of the escalation ladder: the last one replaces those before it.
PRESSING = frozenset({"reminder", "overdue", "escalation", "slip", "reopened"})
_COMING = frozenset({Status.UPCOMING, Status.OPEN, Status.DUE_SOON})
_ENDED = frozenset({Status.CLOSED, Status.NOT_APPLICABLE, Status.WAIVED})
#: The statuses in which a notice of a kind is still true; kinds not listed always are.
_HOLDS = {
    "reminder": _COMING,
    "overdue": frozenset({Status.OVERDUE, Status.INCOMPLETE}),
    "escalation": frozenset({Status.OVERDUE, Status.INCOMPLETE}),
    "slip": frozenset({Status.OVERDUE, Status.INCOMPLETE}),
    "reopened": frozenset({Status.OVERDUE, Status.INCOMPLETE, *_COMING}),
    "mended": frozenset({Status.MET, Status.MET_LATE, Status.MET_DISPUTED}),
    "record": frozenset({Status.CLOCK_UNKNOWN}),
    "wait": frozenset({Status.UNVERIFIABLE, Status.OVERDUE, Status.INCOMPLETE}),
}


@dataclass(frozen=True, slots=True)
class CurrentStanding:
    """The current state of an occurrence by its last decision."""

    status: Status
    reason: str
    due_revision: int
    episode: int


def find_stale_reason(
    kind: str, due_revision: int, episode: int, standing: CurrentStanding | None, *, followed: bool
) -> str:
    """Return why a notice no longer applies (Chinese), or "".

    `standing`: None for a notice about no occurrence. `followed`: a later step was decided for the same role.
    """
    if standing is None:
        return ""
    if due_revision < standing.due_revision:
        return f"时限已更正。{standing.reason}"
    if kind == "mended" and standing.status is Status.CLOSED:
        return ""  # the requested record has come
    if kind not in ("correction", "returned") and standing.status in _ENDED:
        return standing.reason
    if standing.status not in _HOLDS.get(kind, frozenset(Status)):
        return standing.reason
    if kind in PRESSING and episode < standing.episode:
        return f"事项已补正后又重新督办。{standing.reason}"
    return "已由后续步骤取代。" if followed and kind in PRESSING else ""

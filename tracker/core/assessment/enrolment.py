"""What people have confirmed of a county's columns, what is no longer true of it, and what they are still asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from tracker.core.law.county import SiteColumn
from tracker.core.values.certificate import Certificate, Confirmation, ConfirmationKind, PartName
from tracker.core.values.facts import Moment, Visit
from tracker.core.values.message import Message


class Superseded(NamedTuple):
    """A confirmation that is no longer true, and why."""

    confirmation: Confirmation
    reason: str


class Proposal(NamedTuple):
    """A list that was learned anew where a column's layout changed. It is read once a person says yes.

    `titles`: its first rows with their days; `entries`: how many rows its first page shows; `end`: what that page says
    of further ones; `reason` (Chinese): why it was not taken unasked.
    """

    titles: tuple[tuple[str, Moment | None], ...]
    entries: int
    end: str
    reason: str


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A column with what people confirmed of it.

    `visit`: the last one that read it, None where there is none; `first_read_at`: when it was read first.
    `in_force`: by kind, the last confirmation that still holds. `asked`: what a person has yet to confirm.
    `proposal`: the list that waits since the column's layout changed, None where the column is read.
    """

    column: SiteColumn
    visit: Visit | None
    certificate: Certificate | None
    first_read_at: datetime | None
    in_force: Mapping[ConfirmationKind, Confirmation]
    superseded: tuple[Superseded, ...]
    asked: tuple[ConfirmationKind, ...]
    proposal: Proposal | None = None

    @property
    def is_doubtful(self) -> bool:
        """Return whether it was read, and the last page does not show that it is the column's list."""
        is_wrong = self.certificate is not None and self.certificate.holds(PartName.RIGHT_LIST) is False
        return self.proposal is not None or is_wrong

    @property
    def waits_since(self) -> datetime | None:
        """Return since when a person is asked: since the column was read first, or last before its layout changed, or
        was confirmed what is not true now.

        None where nobody is asked.
        """
        if not self.asked:
            return None
        if self.proposal is not None and self.visit is not None:
            return self.visit.ended_at
        if self.superseded:
            return self.superseded[-1].confirmation.at
        return self.first_read_at


def assess_enrolment(
    column: SiteColumn,
    visit: Visit | None,
    certificate: Certificate | None,
    first_read_at: datetime | None,
    confirmations: Iterable[Confirmation],
    proposal: Proposal | None = None,
) -> Enrolment:
    """Return what is confirmed of a column and what is asked. `confirmations`: those not withdrawn, oldest first."""
    in_force: dict[ConfirmationKind, Confirmation] = {}
    superseded: dict[ConfirmationKind, Superseded] = {}
    for confirmation in confirmations:
        reason = find_contradiction(confirmation, column, visit, certificate)
        if reason:
            superseded[confirmation.kind] = Superseded(confirmation, reason)
        else:
            in_force[confirmation.kind] = confirmation
            superseded.pop(confirmation.kind, None)
    asked = []
    if visit is not None and (proposal is not None or ConfirmationKind.RIGHT_LIST not in in_force):
        asked.append(ConfirmationKind.RIGHT_LIST)
    if needs_end(visit, certificate) and ConfirmationKind.ONE_PAGE not in in_force:
        asked.append(ConfirmationKind.ONE_PAGE)
    return Enrolment(
        column, visit, certificate, first_read_at, in_force, tuple(superseded.values()), tuple(asked), proposal
    )  # fmt: skip


def needs_end(visit: Visit | None, certificate: Certificate | None) -> bool:
    """Return whether a list of one page says nothing of its end, so that only a person can tell that it is all."""
    if visit is None or certificate is None or visit.pages != 1:
        return False
    return certificate.holds(PartName.END_KNOWN) is None


def find_contradiction(
    confirmation: Confirmation, column: SiteColumn, visit: Visit | None, certificate: Certificate | None
) -> str:
    """Return why a confirmation is no longer true by the last visit, "" where nothing speaks against it.

    A visit takes the end from a confirmation unless the list has since dropped old rows: then the end is open again.
    """
    if confirmation.url and confirmation.url != column.url:
        return Message("the column has another address now")
    if visit is None or confirmation.kind is not ConfirmationKind.ONE_PAGE:
        return ""
    if visit.pages > 1:
        return Message("the list has {pages} pages now", pages=visit.pages)
    if visit.began_at > confirmation.at and needs_end(visit, certificate):
        return Message("rows that it showed are gone from it: it may go on elsewhere")
    return ""

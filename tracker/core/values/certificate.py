"""The certificate of a visit: what speaks for and against "it is not there", part by part, each with its reason.

A visit may show what stands in a list however little of it was understood. That something is absent follows only from a
certificate: the conjunction of its parts, and nothing else grants it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal


class PartName(StrEnum):
    """What has to be known before a list may speak for what it lacks."""

    RIGHT_LIST = "right-list"  # it is the column's list: no rival on the page, most of the last visit's rows
    WHOLE_PAGE = "whole-page"  # no page breaks off
    NO_RESIDUE = "no-residue"  # everything in the list's own room is record, pager, other list or frame
    PROMISES_MET = "promises-met"  # as many pages and rows as the site says there are
    SAME_LIST = "same-list"  # further pages go on with the same list
    NOTHING_LOST = "nothing-lost"  # every row of the last visit is there, or its loss is explained
    FRESH = "fresh"  # the page is no old copy
    DAYS_IN_ORDER = "days-in-order"  # whole days, as printed, newest first: for a claim back to a day
    END_KNOWN = "end-known"  # a promised number met, a pager's last page reached, or one page as confirmed: for the end


#: What only one of the claims rests on: what lies beyond a day says nothing of what is newer.
_OF_A_DAY = frozenset({PartName.DAYS_IN_ORDER})
_OF_THE_END = frozenset({PartName.PROMISES_MET, PartName.SAME_LIST, PartName.END_KNOWN})


@dataclass(frozen=True, slots=True)
class CertificatePart:
    """One part. `holds`: None where it was not asked. `reason` (Chinese): what was looked at and what it showed."""

    name: PartName
    holds: bool | None
    reason: str = ""


#: Why RIGHT_LIST does not hold of a column that nobody said yes to since the county went live (Chinese).
FIRST_SIGHT = "上线以后新读的栏目，列表尚待人核对（duban columns enrol），只据以认定已公开"


class ConfirmationKind(StrEnum):
    """What a person said of a column after looking at it."""

    ONE_PAGE = "one-page"  # the list is this one page, all of it is shown
    RIGHT_LIST = "right-list"  # the first titles are the column's


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What a person said of a column; that it is one page holds as long as the list has no pager.

    `entries`: how many rows the column showed then; `url`: its address then.
    """

    column: str
    by: str
    at: datetime
    kind: ConfirmationKind = ConfirmationKind.ONE_PAGE
    entries: int = 0
    url: str = ""
    note: str = ""
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True)
class Certificate:
    """The parts that were asked, each once. `back_to`: the day down to which the visit read; what is newer was seen."""

    parts: tuple[CertificatePart, ...] = ()
    back_to: date | None = None

    def holds(self, name: PartName) -> bool | None:
        """Return whether a part holds; None where it was not asked."""
        return next((part.holds for part in self.parts if part.name is name), None)

    @property
    def reached(self) -> Literal["end"] | date | None:
        """Return how far back absence may be claimed: to the list's end, to a day, or not at all.

        A part that does not hold denies the claim, one of the end alone only that; for the end END_KNOWN must hold, for
        a day DAYS_IN_ORDER.
        """
        denied = {part.name for part in self.parts if part.holds is False}
        if denied - _OF_A_DAY - _OF_THE_END:
            return None
        if self.holds(PartName.END_KNOWN) and not denied & _OF_THE_END:
            return "end"
        return self.back_to if self.holds(PartName.DAYS_IN_ORDER) else None

    @property
    def shown_to(self) -> Literal["end"] | date | None:
        """Return how far back all rows were read that the list shows, although more may stand where nobody can look.

        What is not among them is off the list; that it is nowhere follows from `reached` alone.
        """
        end = CertificatePart(PartName.END_KNOWN, True)
        is_open = bool(self.parts) and self.holds(PartName.END_KNOWN) is None
        return self.with_part(end).reached if is_open else self.reached

    @property
    def denied(self) -> tuple[CertificatePart, ...]:
        """Return the parts that do not hold."""
        return tuple(part for part in self.parts if part.holds is False)

    def with_part(self, part: CertificatePart) -> Certificate:
        """Return the certificate with one more part; of two of a name the one that does not hold stays."""
        if self.holds(part.name) is False and part.holds is not False:
            return self
        return Certificate((*(one for one in self.parts if one.name is not part.name), part), self.back_to)

    def to_json(self) -> str:
        """Return the stored form; the same parts give the same text."""
        parts = [[part.name.value, part.holds, part.reason] for part in sorted(self.parts, key=lambda one: one.name)]
        back_to = self.back_to.isoformat() if self.back_to is not None else None
        return json.dumps([back_to, parts], ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Certificate:
        """Return the certificate of a stored form."""
        back_to, parts = json.loads(text)
        day = date.fromisoformat(back_to) if back_to is not None else None
        return cls(tuple(CertificatePart(PartName(name), holds, reason) for name, holds, reason in parts), day)

    @property
    def digest(self) -> str:
        """Return what the stored form is known by: visits that end alike share one certificate."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()[:16]


_PART_ZH = {
    PartName.RIGHT_LIST: "列表无误",
    PartName.WHOLE_PAGE: "页面完整",
    PartName.NO_RESIDUE: "全部读出",
    PartName.PROMISES_MET: "数目相符",
    PartName.SAME_LIST: "各页连贯",
    PartName.NOTHING_LOST: "没有缺失",
    PartName.FRESH: "不是旧页",
    PartName.DAYS_IN_ORDER: "日期有序",
    PartName.END_KNOWN: "已到末尾",
}


def part_zh(name: PartName) -> str:
    """Return the Chinese name of a part: what is the case where it holds."""
    return _PART_ZH[name]


def parts_in_order(certificate: Certificate) -> tuple[CertificatePart, ...]:
    """Return every part there is, in the order of `PartName`; one that was not asked without a reason."""
    asked = {part.name: part for part in certificate.parts}
    return tuple(asked.get(name, CertificatePart(name, None)) for name in PartName)


def find_grounds(certificate: Certificate) -> tuple[CertificatePart, ...]:
    """Return the parts on which the claim of a certificate rests, in their order; none where it grants no claim.

    What the claim does not rest on and does not hold is left out: days out of order where the list's end is known.
    """
    if certificate.reached is None:
        return ()
    beside = _OF_A_DAY if certificate.reached == "end" else _OF_THE_END
    return tuple(part for part in parts_in_order(certificate) if part.holds or part.name not in beside)


def find_doubts(certificate: Certificate) -> tuple[CertificatePart, ...]:
    """Return the parts for whose sake a certificate grants no claim; none where it grants one."""
    if certificate.reached is not None:
        return ()
    parts = parts_in_order(certificate)
    general = [part for part in parts if part.holds is False and part.name not in _OF_A_DAY | _OF_THE_END]
    needed = (PartName.DAYS_IN_ORDER, PartName.END_KNOWN)
    return tuple(
        general or [part for part in parts if part.holds is False or (part.holds is None and part.name in needed)]
    )

"""The day on which a request counts as received: from it the limits of the Regulations run.

Regulations on Open Government Information (2019), art. 31; before, 国办公开办函〔2015〕207号, part 1. Both texts go by
the way of filing. Before the letter there is art. 24 of the Regulations of 2007 alone: the time runs from receipt. That
is plain where it is handed in; for every other way the day is assumed, and a county adopts that as `assumed-day`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from tracker.core.law.statutes import Act, Provision, cite
from tracker.core.law.wording import day_zh
from tracker.core.requests.answers import regulations_on
from tracker.core.requests.values import Way

#: Which day counts: on which it was filed, signed for, or confirmed between the department and the applicant.
DayOf = Literal["filed", "signed", "confirmed"]
#: What each day is called.
DAY_TITLES: Mapping[DayOf, str] = {"filed": "提交之日", "signed": "签收之日", "confirmed": "双方确认之日"}
WAY_TITLES: Mapping[Way, str] = {
    "in-person": "当面提交",
    "registered-post": "挂号信、特快专递",
    "ordinary-post": "平常信函",
    "online": "网络",
    "fax": "传真",
    "mail": "电子邮件",
    "oral": "口头提出",
}


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """Which day counts for a way of filing, and the place in the text that says so, "" where it is assumed.

    `instead`: the day that counts where the other one is not on record (assumed).
    """

    day: DayOf
    place: str = ""
    instead: DayOf | None = None


@dataclass(frozen=True, slots=True)
class ReceiptDay:
    """The day of receipt. `provision`: what sets it, "" where nothing does; `text`: the sentence that says why.

    `awaits`: the day that would set it and is not on record.
    """

    day: date
    provision: str
    is_assumed: bool
    text: str
    awaits: DayOf | None = None


class MissingDayError(Exception):
    """The day that counts is not given. `day`: which one."""

    def __init__(self, day: DayOf) -> None:
        super().__init__(f"no day {day}")
        self.day = day


#: 2019, art. 31. An oral request is written down by the agency (art. 29): it is taken as handed in.
_UNDER_2019: Mapping[Way, ReceiptRow] = {
    "in-person": ReceiptRow("filed", "第一项"),
    "oral": ReceiptRow("filed"),
    "registered-post": ReceiptRow("signed", "第二项"),
    "ordinary-post": ReceiptRow("confirmed", "第二项", "signed"),
    "online": ReceiptRow("confirmed", "第三项", "filed"),
    "fax": ReceiptRow("confirmed", "第三项", "filed"),
    "mail": ReceiptRow("confirmed", "第三项", "filed"),
}
#: 国办公开办函〔2015〕207号, part 1. No. 3: a mail counts from the day on which the mail system took it. No. 5, of
#: other published channels as a web page: the day that the agency's own rules say, else the day of confirmation.
_UNDER_LETTER: Mapping[Way, ReceiptRow] = {
    "in-person": ReceiptRow("filed", "第1项"),
    "oral": ReceiptRow("filed"),
    "registered-post": ReceiptRow("signed", "第2项"),
    "ordinary-post": ReceiptRow("confirmed", "第2项", "signed"),
    "mail": ReceiptRow("filed", "第3项"),
    "fax": ReceiptRow("confirmed", "第4项", "filed"),
    "online": ReceiptRow("confirmed", "第5项", "filed"),
}
#: Before, under the Regulations of 2007, art. 24: what is handed in is received then; all else is assumed, by the
#: day on which it reached the department.
_UNDER_2007: Mapping[Way, ReceiptRow] = {
    way: ReceiptRow("signed" if way.endswith("post") else "filed", "第二款" if way == "in-person" else "")
    for way in _UNDER_LETTER
}


def find_receipt_day(
    way: Way, filed_on: date, signed_on: date | None, confirmed_on: date | None, acts: Iterable[Act]
) -> ReceiptDay:
    """The day of receipt by the text in force on the day of filing.

    `signed_on`: the day on which a letter reached the department. Raises MissingDayError where the day that counts,
    and the one that may stand for it, are not given.
    """
    row, citation = _find_row(way, filed_on, acts)
    days: dict[DayOf, date | None] = {"filed": filed_on, "signed": signed_on, "confirmed": confirmed_on}
    day, which = days[row.day], row.day
    if day is None and row.instead is not None:
        day, which = days[row.instead], row.instead
    if day is None:
        raise MissingDayError(row.day)
    basis = f"以{DAY_TITLES[which]}{day_zh(day)}为收到申请之日"
    if which is not row.day:
        text = f"未登记{DAY_TITLES[row.day]}，{basis}（参照口径，{citation}以{DAY_TITLES[row.day]}为准）"
    elif not row.place:
        text = f"{WAY_TITLES[way]}的，{basis}（参照口径，规定未作明确）"
    else:
        text = f"{WAY_TITLES[way]}的，{basis}（{citation}）"
    is_assumed = which is not row.day or not row.place
    awaits = row.day if which is not row.day else None
    return ReceiptDay(day, citation if row.place else "", is_assumed, text, awaits)


def _find_row(way: Way, filed_on: date, acts: Iterable[Act]) -> tuple[ReceiptRow, str]:
    """The row of the table in force, with its citation."""
    act = regulations_on(filed_on, acts)
    if act is not None and act.receipt is None:
        row = _UNDER_2019[way]
        return row, f"{cite([Provision(act, '31')])}{row.place}"
    if act is not None and act.receipt is not None and filed_on >= act.receipt.since:
        row = _UNDER_LETTER[way]
        return row, f"{act.receipt.number}第一条{row.place}"
    if act is None:
        return replace(_UNDER_2007[way], place=""), ""
    row = _UNDER_2007[way]
    return row, f"{cite([Provision(act, '24')])}{row.place}"

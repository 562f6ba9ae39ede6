"""A JSON interface as a column's rule describes it: its wrapper is written by hand."""

from __future__ import annotations

from typing import Any

from tracker.core.law.county import Interface
from tracker.evidence.page.parsed import Page
from tracker.evidence.wrappers.data_pagers import raised
from tracker.evidence.wrappers.data_records import MAX_RECORDS, data_records
from tracker.evidence.wrappers.json_answers import answered, at, is_well, says_no_more, sent_fields, whole_number
from tracker.evidence.wrappers.run import rows_of
from tracker.evidence.wrappers.values import Listing, newest_first, unread_rows
from tracker.evidence.wrappers.wrapper import DayPlace, SourceKind, Wrapper


def described(page: Page, interface: Interface) -> Listing | None:
    """Return what an answer lists; None where it is not what the rule describes: its layout has changed, or it is an
    error."""
    answer = answered(page)
    number = whole_number(dict(sent_fields(page)).get(interface.page)) if interface.page else None
    number = interface.first if number is None else number
    items = at(answer, interface.items)
    if not isinstance(items, list) or len(items) > MAX_RECORDS:
        return None
    if not items:
        ended = number > interface.first and says_no_more(answer)
        return Listing(dialect="interface") if is_well(answer) or ended else None
    paths = (interface.title, interface.url, interface.date, interface.publisher)
    objects = [{path: _text(at(item, path)) for path in paths if path} for item in items]
    read = rows_of(wrapper_of(page, interface), page, data_records(objects, interface.url, page))
    if not read.sightings or read.lost * 4 > len(items) or (interface.date and not read.dated):
        return None
    total = whole_number(at(answer, interface.pages)) if interface.pages else None
    done = number - interface.first + 1
    is_last = total is not None and done >= total
    ask = raised(page, interface.page, number + 1) if interface.page and not is_last else None
    more = total is not None and ask is None and not is_last
    return Listing(
        read.sightings,
        dialect="interface",
        next=ask,
        total=total,
        more=more,
        ordered=read.dated > 0 and newest_first(read.sightings),
        **unread_rows(read.lost, read.lost_day),
    )


def _text(value: Any) -> str:
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def wrapper_of(page: Page, interface: Interface) -> Wrapper:
    """Return the wrapper that a rule describes."""
    return Wrapper(
        page.url, SourceKind.JSON, record_path=interface.items, link=interface.url, title=(interface.title,),
        days=tuple(DayPlace(interface.date, form) for form in ("instant", "whole", "amid") if interface.date),
        others=(("source", interface.publisher),) if interface.publisher else (),
    )  # fmt: skip

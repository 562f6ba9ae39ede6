"""The processing fee (信息处理费) for requests beyond a reasonable number, with its working.

国办函〔2020〕109号, arts. 3-5, on the ground of the Regulations of 2019, art. 42. A request is charged by item or by
page, not by both. Items are counted over what one applicant asked of the agency in a calendar month (art. 4); pages, of
one request alone (art. 5). It is paid within 20 working days from the day after the notice was received.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import count

from tracker.core.law.workdays import Calendar
from tracker.core.values.message import ListedWord, Message

#: The applicant pays within so many working days of receiving the notice; that day does not count.
PAYMENT_WORKDAYS = 20
#: The first day on which a fee can be charged.
FEES_SINCE = date(2021, 1, 1)
INSTRUMENT = "《政府信息公开信息处理费管理办法》（国办函〔2020〕109号）"


@dataclass(frozen=True, slots=True)
class Fee:
    """A fee in yuan. `working` (Chinese): a sentence that shows how it is computed."""

    amount: int
    working: str


@dataclass(frozen=True, slots=True)
class _Tier:
    """The units up to the `last` one, None: all further ones, at a price in yuan each."""

    last: int | None
    price: int


def _list_item_tiers() -> Iterator[_Tier]:
    """Art. 4: ten are free, the eleventh to the thirtieth cost 100 each; each further ten cost 100 more."""
    yield _Tier(10, 0)
    for step in count():
        yield _Tier(30 + 10 * step, 100 + 100 * step)


def _list_page_tiers() -> Iterator[_Tier]:
    """Art. 5."""
    yield from (_Tier(30, 0), _Tier(100, 10), _Tier(200, 20), _Tier(None, 40))


def compute_item_fee(items: int, earlier: int = 0) -> Fee:
    """The fee by item. `items`: of this request; `earlier`: those of the applicant before it in the calendar month."""
    _check(items, earlier)
    head = f"当月第{_span(earlier + 1, earlier + items)}件" if earlier else f"当月累计{items}件"
    return _compute(earlier + 1, earlier + items, _list_item_tiers(), "件", head)


def compute_page_fee(pages: int) -> Fee:
    """The fee by page for the pages of one request."""
    _check(pages, 0)
    return _compute(1, pages, _list_page_tiers(), "页", f"本件共{pages}页")


def complete_fee(fields: Mapping[str, str]) -> tuple[dict[str, str], list[Message]]:
    """The fields of a notice of fees with `amount` and `working` as they follow from `items` (after `earlier`) or
    `pages`, and what is wrong with them; as they are where neither is given."""
    items, pages = fields.get("items", ""), fields.get("pages", "")
    if not items and not pages:
        return dict(fields), []
    try:
        if items and pages:
            raise ValueError("both rates")
        fee = compute_item_fee(int(items), int(fields.get("earlier") or 0)) if items else compute_page_fee(int(pages))
    except ValueError:
        return dict(fields), [
            Message("a fee is by item (items, earlier) or by page (pages), in whole numbers, and not by both")
        ]
    amount = fields.get("amount", "").removesuffix("元")
    if amount and amount != str(fee.amount):
        working = {"amount": fee.amount, "given": amount, "working": fee.working}
        return dict(fields), [Message("the fee is {amount} yuan, not {given}: {working}", **working)]
    return {**fields, "amount": str(fee.amount), "working": fee.working}, []


def find_last_day_to_pay(fields: Mapping[str, str], sent_on: date, calendar: Calendar) -> date:
    """The last day on which the fee can be paid: counted from the day in `reached`, on which the notice was received;
    where that is not known from sending, so that it is this day at the earliest."""
    reached = date.fromisoformat(fields["reached"]) if fields.get("reached") else sent_on
    return calendar.add_workdays(reached, PAYMENT_WORKDAYS)


def complete_payment_term(
    fields: Mapping[str, str], sent_on: date, calendar: Calendar
) -> tuple[dict[str, str], list[Message]]:
    """The fields of a notice of fees with the last day as `until` where the day of receipt (`reached`) is known, and
    what is wrong with them. Days are written 2026-03-02. Before there were rates nothing sets a term."""
    if sent_on < FEES_SINCE:
        return dict(fields), []
    reached, until = fields.get("reached", ""), fields.get("until", "")
    if reached and reached < sent_on.isoformat():
        return dict(fields), [
            Message("reached {day}: that lies before the notice of {sent}", day=reached, sent=sent_on)
        ]
    last = find_last_day_to_pay(fields, sent_on, calendar).isoformat()
    if until and (until != last if reached else until < last):
        said = Message("the fee can be paid until {last} at the earliest, not {given}: 20 working days from the day "
                       "after the notice was received ({reached})", last=last, given=until,
                       reached=ListedWord("field", "reached"))  # fmt: skip
        return dict(fields), [said]
    return {**fields, "until": last} if reached else dict(fields), []


def _check(units: int, earlier: int) -> None:
    if units < 1 or earlier < 0:
        raise ValueError(f"no fee for {units} units after {earlier}: count from 1, and none before at the least")


def _compute(first: int, last: int, tiers: Iterator[_Tier], unit: str, head: str) -> Fee:
    """The fee for the units from the `first` to the `last`."""
    amount, parts, begin = 0, [], first
    for tier in tiers:
        end = min(last, tier.last or last)
        if begin <= end:
            amount += (end - begin + 1) * tier.price
            parts.append(f"第{_span(begin, end)}{unit}{_cost(end - begin + 1, unit, tier.price)}")
            begin = end + 1
        if begin > last:
            break
    return Fee(amount, f"{head}：{'；'.join(parts)}；合计{amount}元。")


def _cost(units: int, unit: str, price: int) -> str:
    if not price:
        return "不收费"
    return f"{price}元" if units == 1 else f"共{units}{unit}，每{unit}{price}元，计{units * price}元"


def _span(first: int, last: int) -> str:
    return f"{first}" if first == last else f"{first}至{last}"

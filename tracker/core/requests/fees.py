"""The processing fee (信息处理费) for requests beyond a reasonable number, with its working.

国办函〔2020〕109号, arts. 3-5, on the ground of the Regulations of 2019, art. 42. A request is charged by item or by
page, not by both. Items are counted over what one applicant asked of the agency in a calendar month; pages, of one
request alone (assumed).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import count

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
    """Units from the `first` to the `last`, None: all further ones, at a price in yuan each."""

    first: int
    last: int | None
    price: int


def _list_item_tiers() -> Iterator[_Tier]:
    """Art. 4: ten are free, the eleventh to the thirtieth cost 100 each; each further ten cost 100 more."""
    yield _Tier(1, 10, 0)
    yield _Tier(11, 30, 100)
    for step in count(1):
        yield _Tier(21 + 10 * step, 30 + 10 * step, 100 + 100 * step)


def _list_page_tiers() -> Iterator[_Tier]:
    """Art. 5."""
    yield from (_Tier(1, 30, 0), _Tier(31, 100, 10), _Tier(101, 200, 20), _Tier(201, None, 40))


def compute_item_fee(items: int, earlier: int = 0) -> Fee:
    """The fee by item. `items`: of this request; `earlier`: those of the applicant before it in the calendar month."""
    _check(items, earlier)
    head = f"当月第{_span(earlier + 1, earlier + items)}件" if earlier else f"当月累计{items}件"
    return _compute(earlier + 1, earlier + items, _list_item_tiers(), "件", head)


def compute_page_fee(pages: int) -> Fee:
    """The fee by page for the pages of one request."""
    _check(pages, 0)
    return _compute(1, pages, _list_page_tiers(), "页", f"本件共{pages}页")


def _check(units: int, earlier: int) -> None:
    if units < 1 or earlier < 0:
        raise ValueError(f"no fee for {units} units after {earlier}: count from 1, and none before at the least")


def _compute(first: int, last: int, tiers: Iterator[_Tier], unit: str, head: str) -> Fee:
    """The fee for the units from the `first` to the `last`."""
    amount, parts = 0, []
    for tier in tiers:
        if tier.first > last:
            break
        begin, end = max(first, tier.first), min(last, tier.last or last)
        if begin > end:
            continue
        units = end - begin + 1
        amount += units * tier.price
        parts.append(f"第{_span(begin, end)}{unit}{_cost(units, unit, tier.price)}")
    return Fee(amount, f"{head}：{'；'.join(parts)}；合计{amount}元。")


def _cost(units: int, unit: str, price: int) -> str:
    if not price:
        return "不收费"
    return f"{price}元" if units == 1 else f"共{units}{unit}，每{unit}{price}元，计{units * price}元"


def _span(first: int, last: int) -> str:
    return f"{first}" if first == last else f"{first}至{last}"

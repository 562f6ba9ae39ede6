"""What a JSON answer says: its value, what stands at a path of it, whether all is well, how many records there are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from tracker.evidence.page.parsed import Page

#: What an interface says about itself, and what it says there when all is well.
_STATES = ("code", "status", "errcode", "resultCode", "retCode", "errorCode")
_WELL = {"0", "1", "200", "000000", "success", "ok", "true", "none", ""}
_MESSAGES = ("msg", "message", "info", "errmsg", "errorMsg", "resultMsg", "desc")
_NO_MORE = re.compile(
    r"没有更多|无更多|已(?:经)?(?:到底|全部加载)|暂?无(?:相关)?(?:数据|记录|内容)|no (?:more|data)", re.IGNORECASE
)
#: What the number of all records, of pages, and of records on a page are called; and the number of the page in an
#: address or a form.
TOTAL = re.compile(r"^_?(?:total|totalcount|totalelements|totalrecords?|totalnum|totalrow|totals|recordcount)$",
                   re.IGNORECASE)  # fmt: skip
COUNT = re.compile(r"^_?count$", re.IGNORECASE)
PAGES = re.compile(r"^_?(?:pages|pagecount|totalpages?|page_?total|total_?pages?|lastpage)$", re.IGNORECASE)
SIZE = re.compile(r"^_?(?:page_?size|size|limit|per_?page|rows)$", re.IGNORECASE)
PAGE_NUMBER = re.compile(
    r"^_?(?:page|p|pn|pg|(?:cur|current|now)_?page|page_?(?:no|num|number|index|now))$", re.IGNORECASE
)
#: A field that counts the records before those that are asked for; what says whether there are more behind them.
OFFSET = re.compile(r"^_?(?:offset|skip|start|start_?(?:row|index|num)|begin)$", re.IGNORECASE)
_MORE = re.compile(r"^(?:has|is)_?(?:more|next)(?:_?page)?$|^more$", re.IGNORECASE)
_LAST = re.compile(r"^(?:is_?)?last(?:_?page)?$|^(?:is_?)?(?:end|finished|over)$", re.IGNORECASE)


def answered(page: Page) -> Any:
    """Return the JSON of an answer, a callback around it taken off; None where it is none."""
    text = page.text.strip().lstrip("\ufeff")
    if text[:1] not in ("{", "["):
        start, end = text.find("("), text.rfind(")")
        text = text[start + 1 : end] if 0 <= start < end else ""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def at(value: Any, path: str) -> Any:
    """Return what stands at a dotted path (`data.results`, `list.0.rows`; "": the whole); None where nothing does."""
    for name in path.split(".") if path else ():
        if isinstance(value, dict):
            value = value.get(name)
        elif isinstance(value, list) and name.isdigit() and len(name) < 6 and int(name) < len(value):
            value = value[int(name)]
        else:
            return None
    return value


def is_well(answer: Any) -> bool:
    """Return whether an answer without records says that this is how it should be."""
    if not isinstance(answer, dict):
        return isinstance(answer, list)
    if answer.get("success") is False or answer.get("error"):
        return False
    states = {str(answer.get(name, "")).lower() for name in _STATES}
    told = [text for name in _MESSAGES if isinstance(text := answer.get(name), str) and text]
    return states <= _WELL and ("1" not in states or all(map(_FINE.search, told)))  # 1 is well here and an error there


_FINE = re.compile(rf"成功|正常|完成|success|\bok\b|{_NO_MORE.pattern}", re.IGNORECASE)


def says_no_more(answer: Any) -> bool:
    """Return whether an answer behind the last page calls it no error but the end: 没有更多数据."""
    words = (answer.get(name) for name in _MESSAGES) if isinstance(answer, dict) else ()
    return any(isinstance(text, str) and _NO_MORE.search(text) for text in words)


def number_at(answer: Any, path: str, called: re.Pattern[str]) -> int | None:
    """Return the greatest number that an answer gives under such a name beside the array at a path, else above it."""
    for named in _beside(answer, path):
        numbers = [whole_number(value) for name, value in named.items() if called.match(str(name))]
        if known := [number for number in numbers if number is not None]:
            return max(known)
    return None


def says_last(answer: Any, path: str) -> bool:
    """Return whether an answer says beside the array at a path, or above it, that no records follow."""
    told = [(str(name), value) for named in _beside(answer, path) for name, value in named.items()]
    return any((value is False and _MORE.match(name)) or (value is True and _LAST.match(name)) for name, value in told)


def _beside(answer: Any, path: str) -> Iterator[dict[str, Any]]:
    """Yield what holds the array at a path, innermost first."""
    holders = [answer]
    for key in path.split(".")[:-1]:
        holders.append(holders[-1].get(key) if isinstance(holders[-1], dict) else None)
    yield from (one for one in reversed(holders) if isinstance(one, dict))


def whole_number(value: Any) -> int | None:
    """Return a number that is written as one or as digits; None for all else."""
    is_number = isinstance(value, int | float | str) and not isinstance(value, bool)
    text = str(value).partition(".")[0] if is_number else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None


def says_empty(page: Page) -> bool:
    """Return whether an answer says itself that there are no records: an empty array beside a total of 0."""
    answer = answered(page)
    paths = _empty_arrays(answer, "", 0)
    return is_well(answer) and any(0 in (number_at(answer, one, TOTAL), number_at(answer, one, COUNT)) for one in paths)


def has_no_records(page: Page) -> bool:
    """Return whether an answer holds an empty array and no fault, as that behind the last page does."""
    answer = answered(page)
    is_empty = answer == [] or any(True for _ in _empty_arrays(answer, "", 0))
    return is_empty and (is_well(answer) or says_no_more(answer))


def _empty_arrays(value: Any, path: str, depth: int) -> Iterator[str]:
    if value == [] and depth:
        yield path
    elif isinstance(value, dict) and depth < 6:
        for key, below in value.items():
            yield from _empty_arrays(below, f"{path}.{key}" if path else str(key), depth + 1)


# -- addresses and forms ---------------------------------------------------------------------------


def sent_fields(page: Page) -> tuple[tuple[str, str], ...]:
    """Return the fields that were sent for a page, in a form or in its address."""
    return page.form if page.form is not None else tuple(parse_qsl(urlsplit(page.url).query))


def with_fields(url: str, values: dict[str, str]) -> str:
    """Return an address with some of its fields set; those it does not have yet stand behind the others."""
    parts = urlsplit(url)
    fields = parse_qsl(parts.query, keep_blank_values=True)
    known = [(name, values.get(name, value)) for name, value in fields]
    added = [(name, value) for name, value in values.items() if all(name != other for other, _ in fields)]
    return urlunsplit(parts._replace(query=urlencode([*known, *added])))

"""How a learned wrapper is written in a column's rule, so that a person can copy and mend it."""

from __future__ import annotations

import re

from tracker.core.law.county import Interface, ListRule
from tracker.evidence.wrappers.link_groups import selector_of
from tracker.evidence.wrappers.wrapper import PagerKind, RecordBound, SourceKind, Wrapper

_LOOSE = re.compile(r"[#&<]")


def written_form(wrapper: Wrapper) -> ListRule | Interface | None:
    """Return what a rule would say; None for what a rule cannot say: records of a store or a feed, one of several
    boxes, the n-th link of each row.

    Of days that stand in the record's own text, or under a heading, it says nothing: they are learned from the rows.
    """
    if wrapper.rule is not None:
        return wrapper.rule
    if wrapper.kind is SourceKind.JSON and wrapper.days and wrapper.title:
        return Interface(wrapper.record_path, wrapper.title[-1], wrapper.link, wrapper.days[0].place)
    if wrapper.kind is not SourceKind.PAGE or wrapper.box is not None or wrapper.skip != (0, 1):
        return None
    record, _, link = wrapper.link.partition("/")
    several = wrapper.bound is not RecordBound.ELEMENT
    return ListRule(
        rows=f"{selector_of(wrapper.record_path)} > {record}",
        link=link.replace("/", " "),
        title=_part(wrapper.title[-1], wrapper, several=several) if wrapper.title[-1] != "^" else "",
        day=_part(wrapper.days[0].place, wrapper, several=several) if wrapper.days else "",
        pager=selector_of(wrapper.pager.place) if wrapper.pager.place and wrapper.pager.kind in _LED else "",
    )


#: Pagers that stand in a box.
_LED = (PagerKind.NEXT_LINK, PagerKind.NUMBERED, PagerKind.FORM)


def _part(place: str, wrapper: Wrapper, *, several: bool) -> str:
    """Return the selector of a place in a record; "" where the rule leaves it out."""
    path, at, attribute = place.removesuffix("+").partition("@")
    if not path or _LOOSE.search(path):
        return ""
    if several and ":" in path:
        return ""  # its number is among the elements of the record, a selector's among all of the box
    own, _, rest = path.partition("/")
    if own == "^":
        steps = [*wrapper.link.split("/")[1:], *rest.split("/")] if rest else []
        own, rest = "", "/".join(steps) if rest else ""
        if not rest:
            return f"{wrapper.link.rpartition('/')[2]}@{attribute}" if at else ""
    elif several:
        rest = path
    if not rest:
        return ""
    return " ".join(map(_step, rest.split("/"))) + (f"@{attribute}" if at else "")


def _step(step: str) -> str:
    """Return the selector of one step: the tag with its class, or with its number among its sisters."""
    name, _, number = step.partition(":")
    return f"{name}:nth-of-type({number or 1})" if number or name in _CELLS else name


#: Elements of which a record has several, told apart by their number.
_CELLS = ("td", "th")

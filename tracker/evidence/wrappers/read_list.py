"""Reads the list of a column's page by its wrapper; learns one where there is none, or where the layout has changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from tracker.core.law.county import ListRule
from tracker.core.values.facts import Sighting
from tracker.evidence.page.parsed import Page
from tracker.evidence.wrappers.frames import sole_frame
from tracker.evidence.wrappers.induce import find_list, induce, own_wrapper, ruled_wrapper
from tracker.evidence.wrappers.pagers import with_pager
from tracker.evidence.wrappers.relearn import relearn
from tracker.evidence.wrappers.run import WrappedPage, run_wrapper
from tracker.evidence.wrappers.sources import stored_elsewhere
from tracker.evidence.wrappers.stand_ins import is_stand_in
from tracker.evidence.wrappers.values import Listing, ReadSoFar
from tracker.evidence.wrappers.verify import WrapperState, verify
from tracker.evidence.wrappers.wrapped_listing import wrapped_listing
from tracker.evidence.wrappers.wrapper import SourceKind, Wrapper, stored_wrapper

#: What a person can do where no list holds what the last visit read.
LAYOUT_ASKED = "新认出的列表待人核对：duban columns enrol"
#: And where a rule states the list.
RULE_TO_MEND = "请核对网页并修改县文件中本栏目的 list，或删去它以重新学习"


def read_list(page: Page, so_far: ReadSoFar, rule: ListRule | None = None) -> Listing | None:
    """Return a page's list. None where there is nothing to learn from: then the page itself may say why.

    Of a first page the listing holds the wrapper that read it: the known one as long as it finds what the last visit
    read, else one that does. Where none does, the list is not understood; the listing then holds the likeliest wrapper
    and its rows, for a person to say yes or no to. Where the column's rule states the list, none is learned.
    """
    wrapper, draft = stored_wrapper(so_far.wrapper), stored_wrapper(so_far.draft)
    if so_far.number > 1 and wrapper is not None:
        if page.kind == "json" and wrapper.kind is SourceKind.PAGE:  # what a script brings behind the page's own rows
            wrapper = induce(page) or Wrapper(page.url, SourceKind.JSON)
        return wrapped_listing(page, wrapper, _read_further(wrapper, page, so_far.above), so_far.number, so_far.rows)
    if rule is not None:
        return _as_ruled(page, so_far, rule, wrapper)
    if wrapper is not None and not wrapper.is_draft:
        read = run_wrapper(wrapper, page)
        checked = verify(wrapper, read, so_far.last, page.today)
        if checked.state is not WrapperState.CHANGED:
            return replace(wrapped_listing(page, wrapper, read), wrapper=so_far.wrapper)
        if not so_far.last:  # the wrapper of another chain of the column
            return _at_first_sight(page, draft)
        return _learned_anew(page, so_far.last, draft, checked.reason)
    if so_far.last:
        return _learned_anew(page, so_far.last, draft, "")
    return _at_first_sight(page, draft)


def _read_further(wrapper: Wrapper, page: Page, above: date | None) -> WrappedPage:
    """Return the rows of a further page. A piece of a page holds them in the inner boxes of the first page's path."""
    if page.kind == "html" and page.text.lstrip()[:3].lower() == "<tr":
        page = page.holding(f"<table>{page.text}</table>")
    read = run_wrapper(wrapper, page, above)
    if read.sightings or wrapper.kind is not SourceKind.PAGE or page.says("(?i)<body"):
        return read
    steps = wrapper.record_path.split("/")
    for number in range(2, len(steps) + 1):
        piece = run_wrapper(replace(wrapper, record_path="/".join(["body", *steps[number:]])), page, above)
        if piece.sightings:
            return piece
    return read


def _as_ruled(page: Page, so_far: ReadSoFar, rule: ListRule, wrapper: Wrapper | None) -> Listing | None:
    """Return the list that the rule states, verified as a learned one is; a fault where it is not there."""
    if wrapper is not None and wrapper.rule == rule:
        read = run_wrapper(wrapper, page)
        if not _ruled_fault(page, wrapper, read, so_far):
            return replace(wrapped_listing(page, wrapper, read), wrapper=so_far.wrapper)
    why = stated = ruled_wrapper(page, rule)
    if isinstance(stated, Wrapper):
        why = _ruled_fault(page, stated, run_wrapper(stated, page), so_far)
        if not why:
            return _first_page(page, with_pager(stated, page))
    there = stored_elsewhere(page) or sole_frame(page)
    if there is not None and there.understood:
        return there
    return Listing(understood=False, reason=f"按规则所写的版式（list: rows: {rule.rows}）{why}，{RULE_TO_MEND}")


def _ruled_fault(page: Page, wrapper: Wrapper, read: WrappedPage, so_far: ReadSoFar) -> str:
    """Return why what was read by a stated wrapper is not the list (Chinese); "" where nothing speaks against it."""
    if not read.sightings:
        return "没有读到任何条目"
    if not so_far.last:
        return ""
    checked = verify(wrapper, read, so_far.last, page.today)
    return checked.reason if checked.state is WrapperState.CHANGED else ""


def _at_first_sight(page: Page, draft: Wrapper | None) -> Listing | None:
    if (there := stored_elsewhere(page)) is not None and there.understood:
        return there
    choice = find_list(page, draft)
    if choice is None or is_stand_in(choice, page):
        return None
    return _first_page(page, with_pager(own_wrapper(choice), page))


def _learned_anew(page: Page, last: Sequence[Sighting], draft: Wrapper | None, reason: str) -> Listing | None:
    """Return the list in which most of the last visit's rows stand. `reason`: why the known wrapper is no good; ""
    where there is none, and a list on which none of those rows should stand is taken as at first sight."""
    found = relearn(page, last, draft)
    if not found.adopted and not reason and found.verification.state is not WrapperState.CHANGED:
        return _at_first_sight(page, draft)
    if found.wrapper is None:
        return None
    listing = _first_page(page, with_pager(found.wrapper, page))
    if found.adopted:
        return replace(listing, relearned=reason)
    why = f"列表的版式已变（{reason or found.verification.reason}），{LAYOUT_ASKED}"
    return replace(listing, understood=False, reason=why)


def _first_page(page: Page, wrapper: Wrapper) -> Listing:
    return replace(wrapped_listing(page, wrapper, run_wrapper(wrapper, page)), wrapper=wrapper.to_json())

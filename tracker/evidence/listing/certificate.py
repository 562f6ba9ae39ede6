"""The parts of a visit's certificate that its own pages can answer; what history answers is added after the crawl."""

from __future__ import annotations

from datetime import date

from tracker.core.values.certificate import Certificate, CertificatePart, PartName
from tracker.core.values.facts import VisitOutcome
from tracker.evidence.listing.walk import Walk


def certificate_of(walk: Walk) -> Certificate:
    """Return what a visit's pages say for and against absence; without parts where the column could not be read.

    RIGHT_LIST, FRESH and END_KNOWN are left open where only history or a person can tell.
    """
    if walk.outcome is not VisitOutcome.READ:
        return Certificate()
    wrong = walk.closed or ("页面只列出各子栏目的最新几条，不是完整的列表" if walk.digest else "")
    unread = walk.residue if walk.residue_day == date.max else ""
    end, back_to = _end(walk), _back_to(walk)
    return Certificate(
        (
            CertificatePart(PartName.RIGHT_LIST, False if wrong else None, wrong),
            CertificatePart(PartName.WHOLE_PAGE, not walk.torn, "页面没有传完" if walk.torn else "各页都已传完"),
            CertificatePart(PartName.NO_RESIDUE, not unread, unread or "列表所在处没有未读出的内容"),
            CertificatePart(PartName.FRESH, False if walk.stale else None, walk.stale),
            CertificatePart(PartName.SAME_LIST, _same_list(walk), walk.unlike),
            CertificatePart(PartName.PROMISES_MET, _is_met(walk, end), walk.unmet),
            CertificatePart(
                PartName.DAYS_IN_ORDER,
                back_to is not None,
                f"{back_to} 以后的条目都已看到" if back_to else "日期不全或次序不清",
            ),
            end,
        ),
        back_to,
    )


def page_certificate(stale: str) -> Certificate:
    """Return the certificate of a column that is a single page, and its own whole list; `stale`: why it is an old
    copy (Chinese)."""
    return Certificate(
        (
            CertificatePart(PartName.WHOLE_PAGE, True, "页面已传完"),
            CertificatePart(PartName.FRESH, False if stale else None, stale),
            CertificatePart(PartName.END_KNOWN, True, "栏目就是这一个页面"),
        )
    )


def _same_list(walk: Walk) -> bool | None:
    if walk.unlike:
        return False
    return True if walk.pages > 1 else None


def _is_met(walk: Walk, end: CertificatePart) -> bool | None:
    if walk.unmet:
        return False
    promised = walk.total is not None or walk.items is not None
    return True if promised and end.holds else None


def _end(walk: Walk) -> CertificatePart:
    """Return whether every chain ended at the list's end; of several reasons the one that matters most."""
    order: tuple[bool | None, ...] = (False, None, True)
    ending = min(walk.endings, key=lambda one: order.index(one.known), default=None)
    if ending is None or walk.waiting:
        return CertificatePart(PartName.END_KNOWN, False, walk.note)
    if walk.residue and ending.known is not False:
        return CertificatePart(PartName.END_KNOWN, False, walk.residue)
    return CertificatePart(PartName.END_KNOWN, ending.known, ending.reason)


def _back_to(walk: Walk) -> date | None:
    """Return the day down to which all is seen: of the chain that was read the least far, and of what is left over."""
    days = [ending.back_to for ending in walk.endings if not ending.known]
    if walk.waiting or not walk.endings or None in days:
        return None
    days += [walk.residue_day] if walk.residue else []
    return max((day for day in days if day is not None), default=None)

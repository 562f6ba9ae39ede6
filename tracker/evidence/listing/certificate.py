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
            CertificatePart(PartName.RIGHT_LIST, False if wrong else None, wrong or "以前所见的条目太少，无从比较"),
            CertificatePart(PartName.WHOLE_PAGE, not walk.torn, "页面没有传完" if walk.torn else "各页都已传完"),
            CertificatePart(PartName.NO_RESIDUE, not unread, unread or "列表所在处没有未读出的内容"),
            CertificatePart(PartName.FRESH, False if walk.stale else None, walk.stale or "没有旧副本的迹象"),
            _same_list(walk),
            _promises(walk, end),
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


def _same_list(walk: Walk) -> CertificatePart:
    if walk.unlike:
        return CertificatePart(PartName.SAME_LIST, False, walk.unlike)
    if walk.pages > 1:
        return CertificatePart(PartName.SAME_LIST, True, "各页接着同一列表")
    return CertificatePart(PartName.SAME_LIST, None, "只读了一页")


def _promises(walk: Walk, end: CertificatePart) -> CertificatePart:
    if walk.unmet:
        return CertificatePart(PartName.PROMISES_MET, False, walk.unmet)
    if end.holds and (walk.total is not None or walk.items is not None):
        return CertificatePart(PartName.PROMISES_MET, True, "与页面所示的数目相符")
    return CertificatePart(PartName.PROMISES_MET, None, "没有可比的数目")


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

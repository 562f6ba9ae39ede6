"""The overdue report (专报, or 逾期情况清单) of the county office.

The scheduled report and the one on demand are the same function of what had been decided by an instant: for a past day
it gives what it gave then.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from tracker.core.escalation.notices import Notice, NoticeKey
from tracker.core.escalation.office_time import OfficeTime
from tracker.core.law.county import Rulebook
from tracker.core.law.wording import day_zh
from tracker.core.values.formulas import ReportRules
from tracker.decide.work_process import WorkProcess, run_by_size
from tracker.documents.docx import docx_of
from tracker.reports.attention import blind, for_people, list_blind, looks_zh, remarks_zh, unreachable
from tracker.reports.circulars.freshness import columns_of
from tracker.reports.journal_head import shown_head
from tracker.reports.ledger import list_rectifying, rectify_by
from tracker.reports.overdue_paper import paper_of
from tracker.reports.overdue_view import Previous, build, counts_zh, list_wanted
from tracker.reports.snapshot import CountyReader, CountySnapshot
from tracker.rulebook.loaded import Loaded
from tracker.store.answers import load_last_explanations
from tracker.store.bulletins import add_bulletin, find_bulletin_of, next_number
from tracker.store.counties import CountyRow, ensure_county, find_county, lock_county
from tracker.store.county_passes import CountyPasses
from tracker.store.engine import Store, Tx
from tracker.store.jobs import list_gaps
from tracker.store.journal import JournalEntry, append_entries
from tracker.store.notices import insert_notices
from tracker.store.occurrences import list_open_questions
from tracker.store.person_looks import list_looks
from tracker.store.requests import list_remarked
from tracker.store.standings import Progress
from tracker.store.tables import notices
from tracker.store.visits import load_last_complete

log = logging.getLogger(__name__)

ACTION = "overdue-report"
WEEK = timedelta(days=7)
#: The shortest pause of the crawl that is reported: shorter ones are nights.
SILENCE = timedelta(hours=24)
#: What a visit has found is judged within this time.
_JUDGED_WITHIN = timedelta(hours=1)
#: Values that only the scheduled report has; its stored copy holds them.
ONLY_SENT = (
    "decide",
    "decide_more",
    "decide_kinds",
    "unreachable",
    "journal",
    "reason",
    "bulletin",
    "recipient",
    "looks",
    "remarks",
)


def overdue_at(
    tx: Tx, reader: CountyReader, county: str, at: datetime, progress: Progress | None = None
) -> dict[str, Any]:
    """The report's values as JSON, all but `ONLY_SENT`, from what was known at that instant."""
    snapshot = reader.read(tx, at, progress, lambda rulebook: [*list_wanted(rulebook, at), *list_rectifying(county)])
    before = _previous(tx, county, at, f"report:overdue:{snapshot.today}")
    no_longer_late = reader.read_some(tx, before.late.difference(snapshot.by_key), at) if before else ()
    snapshot = replace(snapshot, lines=(*snapshot.lines, *no_longer_late))
    unobserved = list_gaps(tx, since=_begin(before, at), until=at, max_age=SILENCE)
    rectify = rectify_by(tx, county, at, snapshot.by_key.values())
    looked = _looked(snapshot, load_last_complete(tx, county, at - _JUDGED_WITHIN))
    report = build(snapshot, before, unobserved, load_last_explanations(tx, county, at), rectify, looked)
    return report | {"faults": blind(snapshot.rulebook, list_blind(tx, snapshot.rulebook, at))}


def _looked(snapshot: CountySnapshot, visited: Mapping[str, datetime]) -> dict[str, datetime]:
    """By late occurrence, the last complete look at all its columns. `visited`: by column."""
    late = [line for line in snapshot.liable_lines if line.late]
    columns = {line.key: columns_of(line, snapshot.rulebook) for line in late}
    return {
        key: min(visited[name] for name in names)
        for key, names in columns.items()
        if names and all(name in visited for name in names)
    }


def announce_overdue(store: Store, loaded: Loaded, now: datetime, apart: WorkProcess | None = None) -> int:
    """Decide each county's report of this day, once, and return how many were new."""
    decided, passes = 0, CountyPasses(store, ACTION)
    for rulebook in loaded.rulebooks:
        with passes.of(rulebook.county.id):
            decided += run_by_size(apart, _announce, store, loaded, rulebook, now)
    passes.finish(now)
    log.info("%d reports decided", decided, extra={"action": ACTION})
    return decided


class _Draft(NamedTuple):
    """A report as it would go out; `paper`: the title and the .docx of one that gets a number with it."""

    notice: Notice
    paper: tuple[str, bytes] | None


def _announce(store: Store, loaded: Loaded, rulebook: Rulebook, now: datetime) -> bool:
    """Whether it was new. It is drafted before the county is locked, and again if something changed meanwhile."""
    county = rulebook.county.id
    with store.read() as tx:
        seen = find_county(tx, county)
        draft = _draft(tx, loaded, rulebook, seen, now) if seen else None
    with store.begin() as tx:
        ensure_county(tx, county)
        head = lock_county(tx, county)
        if draft is None or head != seen:
            draft = _draft(tx, loaded, rulebook, head, now)
        notice, detail = draft.notice, draft.notice.detail
        if draft.paper is not None:
            (year, number), (title, docx) = detail["bulletin"], draft.paper
            add_bulletin(tx, county, year, number, subject=notice.key.subject, title=title, docx=docx, now=now)
        if not insert_notices(tx, [notice], now):
            return False
        who = f"rule:{rulebook.digest[:12]}"
        after = detail["totals"] | ({"bulletin": detail["bulletin"]} if "bulletin" in detail else {})
        entry = JournalEntry(who, "report.decided", notice.key.subject, None, after, notice.reason)
        append_entries(tx, county, [entry], now)
    return True


def _draft(tx: Tx, loaded: Loaded, rulebook: Rulebook, head: CountyRow, now: datetime) -> _Draft:
    """The report of the county as its row stands."""
    county = rulebook.county.id
    shown = overdue_at(tx, CountyReader(rulebook, loaded.calendar), county, now)
    shown |= for_people(list_open_questions(tx, county))
    shown |= {"unreachable": unreachable(rulebook.county)}
    shown |= {"journal": shown_head(head, now, rulebook.county.zone)}
    since = _begin(_previous(tx, county, now, _subject(rulebook, now)), now)
    if looks := list_looks(tx, county, since=since):
        shown |= {"looks": looks_zh(looks)}
    if remarked := list_remarked(tx, county, since):
        shown |= {"remarks": remarks_zh(rulebook, remarked)}
    notice = _notice(rulebook, loaded.office_time(rulebook.county.zone), shown, now)
    if (rulebook.report or ReportRules()).form == "list":
        return _Draft(notice, None)
    return _number(tx, rulebook, notice, now)


def _number(tx: Tx, rulebook: Rulebook, notice: Notice, now: datetime) -> _Draft:
    """The report as a 专报 with the next number; one that has a number, and with it a paper, keeps both."""
    county, day = rulebook.county, now.astimezone(rulebook.county.zone).date()
    given = find_bulletin_of(tx, county.id, notice.key.subject)
    number = given.number if given else next_number(tx, county.id, day.year)
    document = paper_of(rulebook, notice.detail, day, number)
    assert document.masthead is not None
    issued = {"bulletin": [day.year, number], "recipient": document.masthead.recipient}
    paper = None if given else (f"{document.masthead.name}{document.number}", docx_of(document))
    return _Draft(replace(notice, detail={**notice.detail, **issued}), paper)


def _previous(tx: Tx, county: str, at: datetime, today: str) -> Previous | None:
    """The last report of an earlier day: two of one day are compared with the same."""
    subjects = sa.and_(notices.c.subject.like("report:overdue:%"), notices.c.subject < today)
    query = sa.select(notices.c.decided_at, notices.c.detail).where(notices.c.county == county, subjects)
    query = query.where(notices.c.decided_at < at).order_by(notices.c.subject.desc()).limit(1)
    row = tx.execute(query).one_or_none()
    return Previous(row.decided_at, frozenset(row.detail.get("late_keys", ()))) if row else None


def _begin(before: Previous | None, at: datetime) -> datetime:
    """Since when a report reports: the last one, else a week."""
    return before.at if before else at - WEEK


def _subject(rulebook: Rulebook, now: datetime) -> str:
    return f"report:overdue:{now.astimezone(rulebook.county.zone).date()}"


def _notice(rulebook: Rulebook, office: OfficeTime, shown: Mapping[str, Any], now: datetime) -> Notice:
    county = rulebook.county
    day = now.astimezone(county.zone).date()
    key = NoticeKey(_subject(rulebook, now), 0, 0, "overdue-report", 0, "county-office", "mail")
    reason = f"{day_zh(day)}逾期情况：{counts_zh(shown['totals'])}。"
    at = office.next_opening(now)
    return Notice(key, county.id, "", "report", False, reason, at, {**shown, "reason": reason})

"""Drafts last month's circular by schedule where nobody did; people consult, sign and issue it."""

from __future__ import annotations

from datetime import datetime, timedelta

from tracker.core.assessment.golive import was_live_between
from tracker.core.law.county import Rulebook
from tracker.core.law.periods import title_of, window_of
from tracker.decide.work_process import WorkProcess, run_by_size
from tracker.deliver.failures import notify_office
from tracker.registers.golive import apply_golive
from tracker.reports.circulars.lifecycle import Circulars
from tracker.reports.circulars.shared import DRAFTER
from tracker.reports.circulars.text import day_of
from tracker.rulebook.loaded import Loaded
from tracker.store.circulars import CircularRow, find_latest_edition
from tracker.store.counties import ensure_county, lock_county
from tracker.store.county_passes import CountyPasses
from tracker.store.engine import Store, Tx


def draft_last_month(store: Store, loaded: Loaded, now: datetime, apart: WorkProcess | None = None) -> int:
    """Draft last month's circular of each county that issues circulars and has none yet, and return how many."""
    drafted, passes = 0, CountyPasses(store, "circular")
    for rulebook in loaded.rulebooks:
        if rulebook.circular is None:
            continue
        with passes.of(rulebook.county.id):
            drafted += run_by_size(apart, _draft, store, loaded, rulebook, now)
    passes.finish(now)
    return drafted


def _draft(store: Store, loaded: Loaded, rulebook: Rulebook, now: datetime) -> bool:
    with store.begin() as tx:
        return _draft_if_none(tx, loaded, rulebook, now)


def _draft_if_none(tx: Tx, loaded: Loaded, rulebook: Rulebook, now: datetime) -> bool:
    county = rulebook.county
    ensure_county(tx, county.id)
    lock_county(tx, county.id)
    last = day_of(now, rulebook).replace(day=1) - timedelta(days=1)
    month = f"{last:%Y-%m}"
    lived = apply_golive(tx, county)
    if lived.shadow(now) or last < county.start or not was_live_between(lived, last.replace(day=1), last):
        return False
    if find_latest_edition(tx, county.id, month) is not None:
        return False
    circulars = Circulars(tx, loaded, rulebook, now)
    row = circulars.draft(month, DRAFTER)
    title, reason = _announcement(row, len(circulars.unseen), len(circulars.unlooked))
    notify_office(tx, loaded, county, f"circular-draft:{month}", title, reason, now)
    return True


def _announcement(row: CircularRow, unseen: int, unlooked: int) -> tuple[str, str]:
    """Title and text of the county office's notice, with the next command."""
    named = row.values["named"]
    next_move = "consult" if named else "sign"
    blind = f"另有{unseen}项逾期事项最近未能完整查看，未列入，查看网站（duban crawl）后可以重拟。" if unseen else ""
    blind += (
        f"另有{unlooked}项须先再次查看，未列入（duban circular show {row.month} --spared），"
        "查看网站（duban crawl）并对查到的内容作出判定后可以重拟。"
        if unlooked
        else ""
    )
    summary = f"列入{named}项。{blind}" if named or blind else "没有需要通报批评的事项。"
    title = f"{title_of('month', window_of(row.month))}的通报稿已自动拟好"
    return title, f"{summary}查看：duban circular show {row.month}；下一步：duban circular {next_move} {row.month}。"

"""Until a person said yes to its list, a column that is first read after going live counts for presence only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from tests.crawl.test_layout_changed import COLUMN, last_visit
from tests.crawl.test_lists_cut_short import articles
from tests.decide.small_county import Small
from tests.decide.test_site_gone_wrong import (
    Shown,
    article,
    county_showing,
    listed,
    look,
    others,
    row,
    status,
)
from tracker.core.values.certificate import FIRST_SIGHT, PartName
from tracker.registers.columns import confirm_columns, withdraw_columns
from tracker.registers.golive import describe_unseen, list_first_sights, record_golive, revoke_golive
from tracker.store.certificates import list_confirmations, load_certificates
from tracker.store.journal import list_rows

WHO = {"by": "陈县长", "reason": "第7次常务会议纪要"}
ROWS = listed(others(12, 7, 6))
SHOWN: Shown = {"/environment/": ROWS} | articles(ROWS)


def go_live(county: Small) -> str:
    loaded = county.office.loaded
    with county.office.store.begin() as tx:
        now = county.clock.now
        return str(record_golive(tx, loaded, loaded.rulebooks[0], **WHO, now=now, simulated=True).message)


def first_sights(county: Small) -> frozenset[str]:
    with county.office.store.read() as tx:
        return list_first_sights(tx, county.office.loaded.rulebooks[0].county)


def say(county: Small, columns: Sequence[str], *, withdraw: bool = False) -> None:
    rules = county.office.loaded.rulebooks[0].county
    with county.office.store.begin() as tx:
        if withdraw:
            withdraw_columns(tx, rules, columns, by="王主任", reason="看错了", now=county.clock.now)
        else:
            confirm_columns(tx, rules, columns, one_page=False, by="王主任", now=county.clock.now)


def denied(county: Small) -> list[tuple[PartName, str]]:
    visit = last_visit(county)
    with county.office.store.read() as tx:
        certificate = load_certificates(tx, "small", [visit.certificate])[visit.certificate]
    return [(part.name, part.reason) for part in certificate.denied if part.name is PartName.RIGHT_LIST]


def is_told_to_go_live_anew(county: Small) -> bool:
    with county.office.store.read() as tx:
        text = describe_unseen(tx, county.office.loaded.rulebooks[0].county)
    return text is not None and "duban golive --revoke" in text


async def test_going_live_confirms_what_was_read_and_names_what_was_not(tmp_path: Path, sqlite_url: str) -> None:
    async with county_showing(tmp_path, sqlite_url, SHOWN) as county:
        await look(county, "2015-07-20")
        told = go_live(county)
        assert "confirmed" in told
        with county.office.store.read() as tx:
            said = {(one.column, str(one.kind), one.by) for one in list_confirmations(tx, "small")}
            journal = {row.action for row in list_rows(tx, "small", action="column")}
        assert (COLUMN, "right-list", "陈县长") in said
        assert journal == {"column.confirmed"}
        assert not is_told_to_go_live_anew(county)
        assert first_sights(county) == frozenset()


async def test_a_column_nobody_said_yes_to_accuses_nobody_and_says_so(tmp_path: Path, sqlite_url: str) -> None:
    async with county_showing(tmp_path, sqlite_url, SHOWN) as county:
        await look(county, "2015-07-20")
        go_live(county)
        say(county, [COLUMN], withdraw=True)  # as is one that was added later
        assert COLUMN in first_sights(county)
        await look(county, "2015-08-03", "2015-08-10", "2015-08-20")
        assert status(county) == "unverifiable"
        assert denied(county) == [(PartName.RIGHT_LIST, FIRST_SIGHT)]
        assert last_visit(county).reached is None
        assert any("尚待人工核对" in reason for reason in county.reasons())
        assert any("county-office" in notice for notice in county.notices())

        say(county, [COLUMN])
        await look(county, "2015-08-21")
        assert denied(county) == []
        assert isinstance(last_visit(county).reached, date)
        assert status(county) == "overdue"


async def test_what_it_shows_counts_nevertheless(tmp_path: Path, sqlite_url: str) -> None:
    shown = dict(SHOWN)
    async with county_showing(tmp_path, sqlite_url, shown) as county:
        await look(county, "2015-07-20")
        go_live(county)
        say(county, [COLUMN], withdraw=True)
        shown |= {"/environment/": listed(row() + others(12, 7, 6)), "/environment/a.html": article()}
        await look(county, "2015-07-28", "2015-08-03")
        assert status(county) == "met"


async def test_a_county_that_went_live_before_there_was_the_rule_is_judged_as_before(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with county_showing(tmp_path, sqlite_url, SHOWN) as county:
        go_live(county)  # nothing was read, and so nothing is confirmed by it
        assert first_sights(county) == frozenset()
        assert is_told_to_go_live_anew(county)
        await look(county, "2015-08-03", "2015-08-10", "2015-08-20")
        assert status(county) == "overdue"


async def test_back_in_trial_operation_everything_may_be_judged(tmp_path: Path, sqlite_url: str) -> None:
    async with county_showing(tmp_path, sqlite_url, SHOWN) as county:
        await look(county, "2015-07-20")
        go_live(county)
        say(county, [COLUMN], withdraw=True)
        with county.office.store.begin() as tx:
            revoke_golive(tx, county.office.loaded.rulebooks[0], **WHO, now=county.clock.now)
        assert first_sights(county) == frozenset()

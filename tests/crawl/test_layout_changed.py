"""A column whose layout changes: what is found again is journalled, what is not waits for a person."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.crawl.test_lists_cut_short import articles
from tests.decide.small_county import Small
from tests.decide.test_site_gone_wrong import Shown, county_showing, listed, look, others, page, row
from tracker.core.assessment.enrolment import Enrolment
from tracker.core.values.facts import Visit
from tracker.crawl.load import load_pages
from tracker.evidence.wrappers import values
from tracker.registers.columns import confirm_columns, load_enrolments
from tracker.store.faults import list_faults
from tracker.store.journal import list_rows
from tracker.store.visits import load_visits

COLUMN = "county-site/environment"
JUNE, JULY = others(12, 7, 6), others(16, 11, 7)


def tabled(rows: str) -> bytes:
    """The same rows in a table, each under its day."""
    cells = rows.replace("<li>", "<tr><td>").replace("</li>", "</td></tr>").replace("<span>", "</td><td>")
    return page(f"<div class='new'><h1>生态环境</h1><table>{cells.replace('</span>', '')}</table></div>")


def enrolment(county: Small) -> Enrolment:
    with county.office.store.read() as tx:
        rulebook = county.office.loaded.rulebooks[0]
        return next(one for one in load_enrolments(tx, rulebook.county) if one.column.key == COLUMN)


def journal(county: Small) -> list[tuple[str, str]]:
    with county.office.store.read() as tx:
        return [(row.action, row.subject) for row in list_rows(tx, "small", action="column")]


def faults(county: Small) -> Mapping[str, str]:
    with county.office.store.read() as tx:
        return {one.subject: one.error for one in list_faults(tx, "small")}


def last_visit(county: Small) -> Visit:
    with county.office.store.read() as tx:
        return max(load_visits(tx, "small", [COLUMN]), key=lambda visit: visit.began_at)


def outcome(county: Small) -> tuple[str, int]:
    visit = last_visit(county)
    return str(visit.outcome), visit.entries


async def test_a_list_that_is_found_again_is_read_and_journalled(tmp_path: Path, sqlite_url: str) -> None:
    shown: Shown = {"/environment/": listed(JUNE)} | articles(listed(JUNE))
    async with county_showing(tmp_path, sqlite_url, shown) as county:
        await look(county, "2015-06-20")
        shown["/environment/"] = tabled(row("县环保局开展河道巡查", "2015-06-21", "/environment/b.html") + JUNE)
        await look(county, "2015-06-22")
        assert "已按新的版式读取" in last_visit(county).note
        await look(county, "2015-06-23")
        assert (outcome(county), last_visit(county).note) == (("read", 7), "")
        assert journal(county) == [("column.relearned", f"column:{COLUMN}")]
        assert enrolment(county).proposal is None


async def test_a_list_that_is_not_found_again_waits_for_a_person(tmp_path: Path, sqlite_url: str) -> None:
    shown: Shown = {"/environment/": listed(JUNE)} | articles(listed(JUNE), listed(JULY))
    async with county_showing(tmp_path, sqlite_url, shown) as county:
        await look(county, "2015-06-20")
        shown["/environment/"] = tabled(JULY)
        await look(county, "2015-07-17", "2015-07-18")
        assert outcome(county)[0] == "not-understood"
        assert "duban columns enrol" in faults(county)[f"column:{COLUMN}"]
        proposal = enrolment(county).proposal
        assert proposal is not None
        assert (proposal.titles[0][0], proposal.entries) == ("其他环境保护工作动态第716期", 6)

        with county.office.store.begin() as tx:
            rulebook = county.office.loaded.rulebooks[0]
            confirm_columns(tx, rulebook.county, [COLUMN], one_page=False, by="王主任", now=county.clock.now)
        assert enrolment(county).proposal is None
        await look(county, "2015-07-19")
        assert outcome(county) == ("read", 6)
        assert f"column:{COLUMN}" not in faults(county)
        assert journal(county) == [("column.confirmed", f"column:{COLUMN}")]


async def test_a_proposal_is_moot_once_the_column_is_read_again(tmp_path: Path, sqlite_url: str) -> None:
    shown: Shown = {"/environment/": listed(JUNE)} | articles(listed(JUNE))
    async with county_showing(tmp_path, sqlite_url, shown) as county:
        await look(county, "2015-06-20")
        shown["/environment/"] = tabled(JULY)
        await look(county, "2015-07-17")
        assert enrolment(county).proposal is not None
        shown["/environment/"] = listed(JUNE)
        await look(county, "2015-07-18")
        assert enrolment(county).proposal is None


@pytest.mark.parametrize(
    ("then", "expected"),
    [(listed(JUNE), ("read", 6)), (tabled(JUNE), ("read", 6)), (tabled(JULY), ("not-understood", 0))],
)
async def test_how_a_column_is_read_survives_another_edition_of_the_readers(
    then: bytes, expected: Any, tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: Shown = {"/environment/": listed(JUNE)} | articles(listed(JUNE))
    async with county_showing(tmp_path, sqlite_url, shown) as county:
        await look(county, "2015-06-20")
        url = enrolment(county).column.url
        with county.office.store.read() as tx:
            before = load_pages(tx, "small", [url])[url]
        monkeypatch.setattr(values, "EDITION", values.EDITION + 1)
        with county.office.store.read() as tx:
            after = load_pages(tx, "small", [url])[url]
        assert (after.listing.wrapper, after.listing.sightings) == (before.listing.wrapper, before.listing.sightings)
        assert after.digest == ""
        shown["/environment/"] = then
        county.office.reading.sites.clear()
        await look(county, "2015-07-17")
        assert outcome(county) == expected

"""The figures for Prometheus: read back by its own parser, true, and counted in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.console.people import Come
from tests.console.query_count import counted, multiply
from tests.console.served_pages import House
from tracker.core.values.accounts import Role
from tracker.daemon.doctor_database import check_database
from tracker.store.engine import Store
from tracker.store.faults import record_fault
from tracker.store.jobs import begin_run, end_run, take_lease
from tracker.store.tables import messages

Figures = Mapping[str, Mapping[tuple[str, ...], float]]


async def scrape(house: House) -> Figures:
    """The values by metric and labels, in the order of the labels' names."""
    status, text = await house.open(f"{house.base}metrics")
    assert status == 200, text
    return {
        sample.name: {tuple(value for _, value in sorted(each.labels.items())): each.value for each in family.samples}
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.fixture
def watched(house: House) -> House:
    """Pages that this machine may watch: nothing stands before them."""
    change(house, monitors=("127.0.0.1",))
    return house


def change(house: House, **values: Any) -> None:
    office = house.small.office
    console = office.loaded.schedule.console
    assert console is not None
    schedule = replace(office.loaded.schedule, console=replace(console, **values))
    office.loaded = replace(office.loaded, schedule=schedule)


def completed(store: Store, job: str, slot: Any, ended: Any) -> None:
    with store.begin() as tx:
        run = begin_run(tx, job, slot, slot)
        assert run is not None
        end_run(tx, run, ended)


def hold_back(house: House, role: str) -> None:
    """The mails for a role were to leave two days ago."""
    then = house.small.clock.now - timedelta(days=2)
    late = {"state": "sending", "claimed_at": then, "next_attempt_at": then, "lease_until": then}
    with house.small.office.store.begin() as tx:
        tx.execute(messages.update().where(messages.c.role == role).values(late))


@pytest.mark.both_databases
async def test_a_pass_is_late_from_the_first_slot_that_it_missed(watched: House) -> None:
    store, now = watched.small.office.store, watched.small.clock.now  # 10:00
    with store.begin() as tx:
        take_lease(tx, "scheduler", "host:1", now=now - timedelta(hours=5), until=now)
    for minutes in (50, 43):
        completed(store, "tick", now - timedelta(minutes=minutes), now - timedelta(minutes=minutes - 1))
    figures = await scrape(watched)
    assert figures["duban_pass_age_seconds"]["tick",] == 42 * 60
    tick = watched.small.office.loaded.schedule.jobs["tick"]
    assert tick == "*/10 * * * *"
    assert figures["duban_pass_late_seconds"]["tick",] == 40 * 60  # since 9:20
    # It never ran; the daemon has been there since five o'clock, and its slot is at six.
    assert ("crawl",) not in figures["duban_pass_age_seconds"]
    assert figures["duban_pass_late_seconds"]["crawl",] == 4 * 3600
    completed(store, "tick", now, now)
    assert (await scrape(watched))["duban_pass_late_seconds"]["tick",] == 0


@pytest.mark.both_databases
async def test_columns_faults_and_lights_are_those_of_the_database(watched: House) -> None:
    office, now = watched.small.office, watched.small.clock.now
    figures = await scrape(watched)
    columns = office.loaded.rulebooks[0].county.columns
    site = {column.channel for column in columns.values()}.pop()
    assert figures["duban_columns"]["small", site, "read"] == len(columns)
    assert all(0 < age < 86_400 for age in figures["duban_column_age_seconds"].values())
    assert figures["duban_matters"]["small", "huanbao", "red"] == 2
    assert "duban_faults" not in figures
    key = next(iter(columns))
    with office.store.begin() as tx:
        record_fault(tx, "small", f"column:{key}", "crawl", "404", now)
    figures = await scrape(watched)
    assert figures["duban_columns"]["small", site, "failing"] == 1
    assert figures["duban_columns"]["small", site, "read"] == len(columns) - 1
    assert figures["duban_faults"] == {("small", "crawl"): 1}


@pytest.mark.both_databases
async def test_late_mail_is_what_doctor_calls_late(watched: House) -> None:
    office, small = watched.small.office, watched.small
    figures = await scrape(watched)
    assert figures["duban_mail_late"] == {("small", "overdue"): 0, ("small", "stranded"): 0}
    assert "duban_outbox_messages" not in figures
    hold_back(watched, "liaison")
    figures = await scrape(watched)
    assert figures["duban_outbox_messages"] == {("mail", "small"): 2}
    assert figures["duban_outbox_oldest_seconds"] == {("mail", "small"): 2 * 86_400}
    assert figures["duban_mail_late"]["small", "overdue"] == 2
    url = office.store.engine.url.render_as_string(hide_password=False)
    lines = check_database(office.loaded, small.root, url, small.clock.now)
    assert [state for name, state, _ in lines if name == "delivery"] == ["wrong"]
    with office.store.begin() as tx:
        tx.execute(messages.update().values(next_attempt_at=small.clock.now + timedelta(days=400)))
    assert (await scrape(watched))["duban_mail_late"]["small", "stranded"] == 2


async def test_ten_statements_whatever_there_is(watched: House) -> None:
    for times in (0, 40):
        multiply(watched, times)
        with counted(watched) as statements:
            await scrape(watched)
        assert len(statements) == 10, statements


async def test_no_other_machine_and_nobody_hidden_may_read_them(house: House, come: Come) -> None:
    one = await come(Role.OFFICE)
    assert await house.open(f"{house.base}metrics") == (404, "")  # a web server stands before them that is not believed
    change(house, base=house.base, listen=("127.0.0.1", int(house.base.rpartition(":")[2].strip("/"))))
    assert (await house.open(f"{house.base}metrics"))[0] == 200
    change(house, monitors=("10.0.0.9",), base="https://duban.example/")
    assert (await one.http.get(f"{house.base}metrics")).status == 404


async def test_openmetrics_is_spoken_to_who_asks_for_it(watched: House) -> None:
    accept = {"Accept": "application/openmetrics-text; version=1.0.0"}
    async with watched.http.get(f"{watched.base}metrics", headers=accept) as answer:
        assert answer.headers["Content-Type"].startswith("application/openmetrics-text")
        assert (await answer.text()).endswith("# EOF\n")


async def test_it_fails_where_the_database_does_not_answer(watched: House) -> None:
    watched.small.office.store.close()
    status, text = await watched.open(f"{watched.base}metrics")
    watched.small.office.store.open()
    assert (status, text.partition(":")[0]) == (503, "database")

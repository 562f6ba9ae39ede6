"""A mail server that hangs: it is down after the first messages, and other channels and later passes go on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from notifications.channels.folder import FolderChannel
from notifications.channels.mail import MailChannel, SmtpSettings
from tests.deliver.outbox_office import (
    SOON,
    Clock,
    insert_due,
    notice,
    open_faults,
    read_mails,
    rules,
    select_rows,
    send_all,
)
from tests.scripted_smtp import Scripted, scripted
from tests.smtp_server import Catcher, serving
from tracker.core.escalation.notices import Notice
from tracker.core.law.county import Contact
from tracker.deliver.report import DeliveryReport
from tracker.deliver.run import deliver
from tracker.rulebook.loaded import Loaded
from tracker.store.engine import Store
from tracker.store.tables import messages, notices

PERSONS = 12
STEPS = ["greeting", "ehlo", "mail", "rcpt", "data", "body"]


def persons() -> Loaded:
    """The rules of a county with a role for each of many persons."""
    loaded = rules()
    (rulebook,) = loaded.rulebooks
    roles = {f"role-{n}": Contact(f"联络员{n}", f"r{n}@example.gov.cn") for n in range(PERSONS)}
    county = replace(rulebook.county, roles={**rulebook.county.roles, **roles})
    return replace(loaded, rulebooks=(replace(rulebook, county=county),))


def on(channel: str, wanted: Notice) -> Notice:
    return replace(wanted, key=replace(wanted.key, channel=channel))


async def send_both(settings: SmtpSettings, store: Store, clock: Clock, folder: Path) -> DeliveryReport:
    mail = MailChannel(settings)
    try:
        return await deliver(store, persons(), {"mail": mail, "folder": FolderChannel(folder / "mails")}, clock)
    finally:
        await mail.close()


def attempts(store: Store) -> int:
    return sum(count for (count,) in select_rows(store, messages, "attempts"))


@pytest.mark.sampled(6)
@pytest.mark.parametrize(("step", "connections"), list(zip(STEPS, (1, 3) * 3, strict=True)), ids=STEPS)
async def test_a_hung_server_is_down_and_the_rest_of_the_pass_goes_on(
    store: Store, tmp_path: Path, clock: Clock, step: str, connections: int
) -> None:
    insert_due(store, *(notice(f"事项{n}", f"role-{n}") for n in range(PERSONS)))
    insert_due(store, on("folder", notice("月报")))
    server = Scripted(step, "stall")
    async with scripted(server) as settings:
        settings = replace(settings, connections=connections)
        report = await send_both(settings, store, clock, tmp_path)
        assert report.sent == 1  # on the other channel
        assert len(read_mails(tmp_path)) == 1
        assert 1 <= len(server.talks) <= 1 + connections  # the first message, and at most one more a connection
        assert "channel:mail" in open_faults(store)
        tried = attempts(store)
        clock.forward(timedelta(hours=1))
        await send_both(settings, store, clock, tmp_path)
        assert attempts(store) == tried + 1  # while it is known to be in trouble: one a pass
    clock.forward(timedelta(hours=1))
    async with serving(Catcher()) as settings:
        await send_both(settings, store, clock, tmp_path)
        clock.forward(timedelta(hours=1))
        await send_both(settings, store, clock, tmp_path)
    assert {state for (state,) in select_rows(store, notices, "state")} == {"sent"}
    assert open_faults(store) == []


async def test_one_mail_at_which_the_server_hangs_stops_no_other(store: Store, clock: Clock) -> None:
    """Like a filter that does not come to an end with one enclosure."""
    insert_due(store, notice("预算", department="caizheng"), notice("月报"))
    catcher = Catcher()
    catcher.cut = {"cz@example.gov.cn"}
    async with serving(catcher) as settings:
        report = await send_all(replace(settings, connections=1), store, clock)
    assert (report.sent, report.retried) == (1, 1)
    assert open_faults(store) == []


async def test_a_server_that_hangs_for_days_is_held_against_no_mailbox(store: Store, clock: Clock) -> None:
    insert_due(store, notice("月报"), notice("预算", department="caizheng"))
    async with scripted(Scripted("rcpt", "drop")) as settings:
        for _ in range(14):
            await send_all(settings, store, clock)
            clock.forward(timedelta(hours=8))
    assert open_faults(store) == ["channel:mail"]


async def test_a_reply_without_sense_after_the_data_is_repeated_even_if_it_no_longer_applies(
    store: Store, clock: Clock
) -> None:
    insert_due(store, notice("月报"))
    async with scripted(Scripted("body", "gibberish")) as settings:
        assert (await send_all(settings, store, clock)).retried == 1
    assert select_rows(store, messages, "state", "doubtful") == [("sending", True)]
    clock.forward(SOON)
    async with serving(Catcher()) as settings:
        assert (await send_all(settings, store, clock)).sent == 1

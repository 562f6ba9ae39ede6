"""Several messages are claimed at once: where one of them cannot be, the others leave all the same, each once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from notifications.channels.base import Outgoing, SendResult
from notifications.channels.folder import FolderChannel
from tests.deliver.outbox_office import NOW, Clock, insert_due, notice, open_faults, rules, select_rows
from tracker.core.escalation.notices import Notice
from tracker.deliver.attempts import LEASE
from tracker.deliver.run import deliver
from tracker.rulebook.schedule import Rate
from tracker.store import messages
from tracker.store.engine import Store
from tracker.store.messages import MessageRow, list_due_notices
from tracker.store.notices import cancel_notices
from tracker.store.tables import messages as messages_table
from tracker.store.tables import notices

#: Each goes to a mailbox of its own.
FOUR = (
    notice("月报"), notice("季报", "lead"), notice("预算", department="caizheng"),
    notice("决算", "lead", department="caizheng"),
)  # fmt: skip
BOXES = ("hb@example.gov.cn", "huanbao-lead@x.cn", "cz@example.gov.cn", "caizheng-lead@x.cn")
Deed = Callable[[Store, Notice], None]


class Wide(FolderChannel):
    """A channel of several connections. The first message goes alone; while it is under way something happens."""

    width = 4

    def __init__(self, folder: Path, meanwhile: Callable[[], None]) -> None:
        super().__init__(folder)
        self.meanwhile, self.recipients = meanwhile, list[str]()

    async def send(self, message: Outgoing) -> SendResult:
        self.recipients.append(message.recipient)
        if len(self.recipients) == 1:
            self.meanwhile()
        return await super().send(message)


def taken_back(store: Store, wanted: Notice) -> None:
    """Another process decides that it does not apply any longer."""
    with store.begin() as tx:
        assert cancel_notices(tx, "sample", [(wanted.key, "已公开。")], NOW)


def claimed_elsewhere(store: Store, wanted: Notice) -> None:
    """Another process takes it into a message of its own."""
    with store.begin() as tx:
        (due,) = [one for one in list_due_notices(tx, NOW) if one.subject == wanted.key.subject]
        mine = MessageRow("other", "sample", "mail", due.role, due.department, "x@x.cn", "逾期", b"", 1, NOW, "other:1")
        assert messages.claim_messages(tx, [(mine, [due.id])], NOW, NOW + LEASE)


@pytest.mark.parametrize("deed", [taken_back, claimed_elsewhere])
@pytest.mark.parametrize(("place", "number"), [(1, 2), (2, 2), (1, 3), (2, 3), (3, 3)])
async def test_where_one_of_several_is_taken_the_others_leave_each_once(
    store: Store, tmp_path: Path, clock: Clock, deed: Deed, place: int, number: int
) -> None:
    """After the first message `number` more are claimed together; the one at `place` is taken meanwhile."""
    wanted, lost = FOUR[: number + 1], FOUR[place]

    def meanwhile() -> None:
        deed(store, lost)

    insert_due(store, *wanted)
    channel = Wide(tmp_path / "mails", meanwhile)
    report = await deliver(store, rules(), {"mail": channel}, clock)
    others = [box for n, box in enumerate(BOXES[: number + 1]) if n != place]
    assert sorted(channel.recipients) == sorted(others)
    assert (report.sent, report.notices, report.unwritten, report.rate_limited) == (number, number, 0, 0)
    assert open_faults(store) == []
    found = select_rows(store, notices, "subject", "state")
    assert {subject: state for subject, state in found if subject != lost.key.subject} == {
        one.key.subject: "sent" for one in wanted if one is not lost
    }
    assert dict(found)[lost.key.subject] in ("cancelled", "claimed")
    assert (await deliver(store, rules(), {"mail": channel}, clock)).sent == 0
    sent = [box for box, state in select_rows(store, messages_table, "recipient", "state") if state == "sent"]
    assert sorted(sent) == sorted(others)


async def test_where_all_of_several_are_taken_nothing_leaves_twice_and_nothing_is_a_fault(
    store: Store, tmp_path: Path, clock: Clock
) -> None:
    def meanwhile() -> None:
        for one in FOUR[1:]:
            taken_back(store, one)

    insert_due(store, *FOUR)
    channel = Wide(tmp_path / "mails", meanwhile)
    report = await deliver(store, rules(), {"mail": channel}, clock)
    assert (channel.recipients, report.sent, report.unwritten) == ([BOXES[0]], 1, 0)
    assert open_faults(store) == []


async def test_one_of_several_that_cannot_be_claimed_for_a_defect_is_a_fault_and_the_others_leave(
    store: Store, tmp_path: Path, clock: Clock
) -> None:
    """Its row refuses to be taken, as a broken disk or a trigger would."""
    refused = FOUR[2].key.subject
    insert_due(store, *FOUR)

    def meanwhile() -> None:
        with store.begin() as tx:
            for statement in _refusing(tx.dialect.name, refused):
                tx.execute(sa.text(statement))

    channel = Wide(tmp_path / "mails", meanwhile)
    try:
        report = await deliver(store, rules(), {"mail": channel}, clock)
    finally:
        with store.begin() as tx:
            sqlite = tx.dialect.name == "sqlite"
            tx.execute(sa.text("DROP TRIGGER refusing" if sqlite else "DROP FUNCTION refuse() CASCADE"))
    assert sorted(channel.recipients) == sorted(box for box in BOXES if box != "cz@example.gov.cn")
    assert (report.sent, report.unwritten) == (3, 1)
    assert open_faults(store) == ["message:cz@example.gov.cn"]
    states: dict[str, Any] = dict(select_rows(store, notices, "subject", "state"))
    assert states[refused] == "due"


def _refusing(dialect: str, subject: str) -> list[str]:
    """SQL by which the database refuses to change the notice of one subject."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER refusing BEFORE UPDATE ON notices WHEN OLD.subject = '{subject}' "
            "BEGIN SELECT RAISE(ABORT, 'refused'); END"
        ]
    return [
        "CREATE FUNCTION refuse() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$ LANGUAGE plpgsql",
        f"CREATE TRIGGER refusing BEFORE UPDATE ON notices FOR EACH ROW WHEN (OLD.subject = '{subject}') "
        "EXECUTE FUNCTION refuse()",
    ]


async def test_what_waits_for_the_rate_is_counted_once_where_a_claim_falls_back(
    store: Store, tmp_path: Path, clock: Clock
) -> None:
    """Three in a minute: the first, and two of the other three; of those one is taken back meanwhile."""
    loaded = rules()
    delivery = replace(loaded.schedule.delivery, rate=Rate(per_minute=3))
    limited = replace(loaded, schedule=replace(loaded.schedule, delivery=delivery))

    def meanwhile() -> None:
        taken_back(store, FOUR[1])

    insert_due(store, *FOUR)
    channel = Wide(tmp_path / "mails", meanwhile)
    report = await deliver(store, limited, {"mail": channel}, clock)
    assert sorted(channel.recipients) == sorted((BOXES[0], BOXES[2], BOXES[3]))
    assert (report.sent, report.rate_limited) == (3, 0)
    clock.forward(timedelta(minutes=1))
    assert (await deliver(store, limited, {"mail": channel}, clock)).sent == 0

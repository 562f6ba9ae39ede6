"""A county with two departments and due notices, and how its tables and mails are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from notifications.channels.base import Channel
from notifications.channels.folder import FolderChannel
from notifications.channels.mail import MailChannel, SmtpSettings
from tests.live_county import live
from tests.smtp_server import SENDER
from tracker.core.escalation.notices import Notice, NoticeKey
from tracker.core.law.county import Contact, County, Department, Rulebook
from tracker.deliver.report import DeliveryReport
from tracker.deliver.run import deliver
from tracker.rulebook.calendars import load_calendar
from tracker.rulebook.loaded import Loaded
from tracker.rulebook.schedule import Delivery, Schedule
from tracker.store.counties import ensure_county
from tracker.store.engine import Store
from tracker.store.faults import list_faults
from tracker.store.notices import insert_notices
from tracker.store.tables import notices

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2015, 10, 8, 8, 30, tzinfo=ZONE)
SOON = timedelta(minutes=7)  # after the first pause
CALENDAR = load_calendar(None)


@dataclass
class Clock:
    """A clock that a test sets."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, span: timedelta) -> None:
        self.now += span


def rules(**addresses: str) -> Loaded:
    """A county with two departments; `huanbao="…"` sets a liaison's address, `office="…"` the office's."""
    mails = {"huanbao": "hb@example.gov.cn", "caizheng": "cz@example.gov.cn", "office": "zwgk@example.gov.cn"}
    mails |= addresses
    units = {
        id: Department(
            id, name, liaison=Contact("张三", mails[id]), lead=Contact("李四", mails.get("lead", f"{id}-lead@x.cn"))
        )
        for id, name in {"huanbao": "环保局", "caizheng": "财政局"}.items()
    }
    roles = {"county-office": Contact("", mails["office"]), "supervisor": Contact("", mails.get("supervisor", ""))}
    county = live(County("sample", "样例县", date(2015, 1, 1), units, roles, {}))
    delivery = Delivery(sender=f"政务公开督办 <{SENDER}>")
    schedule = Schedule(zone=ZONE, jobs={}, policies={}, delivery=delivery)
    return Loaded((Rulebook(county, (), {}),), schedule, CALENDAR)


def notice(
    duty: str = "月报", role: str = "liaison", department: str = "huanbao", step: str = "overdue", **detail: Any
) -> Notice:
    subject = f"sample/plan-2015/{duty}/{department}/2015-09"
    shown = {
        "kind": "overdue", "step": step, "occurrence": subject, "duty_id": duty, "duty": duty, "department": "环保局",
        "period": "2015年9月", "day": "", "due": "2015年9月30日", "due_on": "2015-09-30",
        "due_at": "2015-10-01T00:00:00+08:00", "days_late": 0, "lateness": "", "weight": 1, "status": "overdue",
        "status_zh": "逾期未公开", "light": "red", "light_zh": "红", "reason": "时限已过。",
    } | detail  # fmt: skip
    where = department if role in ("liaison", "lead") else ""
    key = NoticeKey(subject, 0, 0, step, 0, role, "mail")
    return Notice(key, "sample", where, shown["kind"], False, "时限已过。", NOW, shown)


def insert_due(store: Store, *wanted: Notice) -> None:
    with store.begin() as tx:
        ensure_county(tx, "sample")
        insert_notices(tx, wanted, NOW)


def select_rows(store: Store, table: sa.Table, *names: str) -> list[tuple[Any, ...]]:
    with store.read() as tx:
        found = tx.execute(sa.select(*(table.c[name] for name in names)).order_by(*table.primary_key))
        return [tuple(row) for row in found]


def notice_states(store: Store) -> list[str]:
    return [state for (state,) in select_rows(store, notices, "state")]


def open_faults(store: Store) -> list[str]:
    with store.read() as tx:
        return sorted(fault.subject for fault in list_faults(tx, "sample"))


def parse_mail(body: bytes | str | None) -> EmailMessage:
    assert isinstance(body, bytes)
    mail = message_from_bytes(body, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


@contextmanager
def folder_channel(tmp_path: Path) -> Iterator[Mapping[str, Channel]]:
    yield {"mail": FolderChannel(tmp_path / "mails")}


def read_mails(tmp_path: Path) -> list[EmailMessage]:
    return [parse_mail(path.read_bytes()) for path in sorted((tmp_path / "mails").glob("*.eml"))]


async def send_all(settings: SmtpSettings, store: Store, clock: Clock, loaded: Loaded | None = None) -> DeliveryReport:
    """Run one pass through a real mail server."""
    channel = MailChannel(settings)
    try:
        return await deliver(store, loaded or rules(), {"mail": channel}, clock)
    finally:
        await channel.close()

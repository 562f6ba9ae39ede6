"""A deliverer as a process of its own, to be killed: `python delivering.py DATABASE PORT MAILS [DEAD]`.

It lets go of what the process DEAD held, sends until nothing is left, and ends with 0.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from notifications.channels.mail import MailChannel, SmtpSettings
from tracker.core.assessment.golive import live_since_start
from tracker.core.escalation.notices import Notice, NoticeKey
from tracker.core.law.county import Contact, County, Rulebook
from tracker.daemon.process import holder_name
from tracker.deliver.run import deliver
from tracker.rulebook.calendars import load_calendar
from tracker.rulebook.loaded import Loaded
from tracker.rulebook.schedule import Delivery, Schedule
from tracker.store import messages
from tracker.store.engine import Store
from tracker.store.sent import find_next_delivery

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2015, 10, 8, 8, 30, tzinfo=ZONE)
SENDER = "duban@example.gov.cn"


def rules(mails: int) -> Loaded:
    """A county with as many persons to write to."""
    roles = {f"role-{n}": Contact(f"联络员{n}", f"r{n}@example.gov.cn") for n in range(mails)}
    county = County("sample", "样例县", date(2015, 1, 1), {}, roles, {})
    county = replace(county, golive=live_since_start(county, "试运行结束"))
    schedule = Schedule(zone=ZONE, jobs={}, policies={}, delivery=Delivery(sender=SENDER))
    return Loaded((Rulebook(county, (), {}),), schedule, load_calendar(None))


def notice(number: int) -> Notice:
    key = NoticeKey(f"column:{number}", 0, 0, "blind", 0, f"role-{number}", "mail")
    shown = {"kind": "fault", "step": "blind", "title": f"栏目{number}", "reason": "栏目打不开。"}
    return Notice(key, "sample", "", "fault", False, "栏目打不开。", NOW, shown)


class Clock:
    """Moved from pass to pass."""

    now = NOW + timedelta(seconds=1)

    def __call__(self) -> datetime:
        return self.now


async def main(database: str, port: int, mails: int, dead: str = "") -> int:
    """A clock of its own that goes on to whatever is to be tried again."""
    clock = Clock()
    loaded = rules(mails)
    with Store(database) as store:
        if dead:
            with store.begin() as tx:
                messages.release_holder(tx, dead, clock())
        print(holder_name(), flush=True)
        while True:
            channel = MailChannel(SmtpSettings("127.0.0.1", SENDER, port, "none", timeout=20))
            await deliver(store, loaded, {"mail": channel}, clock, holder_name())
            await channel.close()
            with store.read() as tx:
                coming = find_next_delivery(tx)
            if coming is None:
                return 0
            clock.now = max(clock.now + timedelta(seconds=1), coming)


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), *sys.argv[4:])))

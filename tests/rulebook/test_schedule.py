"""schedule.yaml as values."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path

import pytest

from tests.rulebook.rule_office import Office
from tracker.core.escalation.office_time import Hours, Offset
from tracker.core.escalation.policies import Policy, Step
from tracker.rulebook.schedule import Crawl, Delivery, Schedule, Smtp
from tracker.rulebook.secrets import Secret


def schedule(office: Office, more: str = "") -> Schedule:
    office.put("schedule", 'hours: {begin: "08:30", end: "17:30"}\n', more)
    return office.load().schedule


def test_policies_are_the_core_s_values(office: Office) -> None:
    more = """\
  daily:
    batch: week
    steps:
      overdue: {at: due +0 hours, kind: overdue, to: [liaison]}
  urgent:
    urgent: true
    steps:
      opened: {at: open +0 hours, kind: reminder, to: [lead]}
"""
    assert schedule(office, more).policies == {
        "standard": Policy(
            "standard",
            (
                Step("reminder", "due", Offset(-5, "workdays"), "reminder", ("liaison",)),
                Step("overdue", "due", Offset(1, "workdays"), "overdue", ("liaison", "county-office")),
            ),
        ),
        "daily": Policy("daily", (Step("overdue", "due", Offset(0, "hours"), "overdue", ("liaison",)),), "week"),
        "urgent": Policy(
            "urgent", (Step("opened", "open", Offset(0, "hours"), "reminder", ("lead",)),), None, urgent=True
        ),
    }


def test_what_is_left_out_has_its_default(office: Office) -> None:
    plain = schedule(office)
    assert (plain.hours, plain.delivery, plain.crawl) == (Hours(), Delivery(), Crawl())


def test_settings_are_read(office: Office) -> None:
    more = """\
hours: {begin: "09:00", end: "17:00"}
lights: {red: 红灯}
delivery:
  via: smtp
  folder: out/mails
  sender: 督办 <duban@example.gov.cn>
  smtp: {host: mail.example.gov.cn, port: 465, tls: implicit, user: duban, password: "pass: word", timeout: 2 minutes}
  retry_for: 2 days
crawl:
  {delay: 0.5 seconds, max_pages: 10, slack: 10 days, contact: "0414-1234567",
   max_file_bytes: 5000, file_timeout: 9 seconds}
retention: {pages: 100 days, archive: 2000 days}
"""
    read = schedule(office, more)
    assert read.hours == Hours(time(9), time(17))
    assert read.lights == {"red": "红灯"}
    assert read.delivery == Delivery(
        via="smtp",
        folder=Path("out/mails"),
        sender="督办 <duban@example.gov.cn>",
        smtp=Smtp("mail.example.gov.cn", 465, "implicit", Secret("duban"), Secret("pass: word"), timedelta(minutes=2)),
        retry_for=timedelta(days=2),
    )
    assert read.crawl == Crawl(
        timedelta(seconds=0.5),
        max_pages=10,
        slack=timedelta(days=10),
        contact="0414-1234567",
        max_file_bytes=5000,
        file_timeout=timedelta(seconds=9),
    )
    kept = read.retention
    assert [length.days for length in (kept.pages, kept.messages, kept.archive)] == [100, 1100, 2000]


@pytest.mark.parametrize("line", ["0 6,12 * * *", "*/10 8-17 * * mon-fri", "0 9 1 1,7 *", "5 4 * * sat,sun"])
def test_cron_lines(office: Office, line: str) -> None:
    office.put("schedule", '"0 6 * * *"', f'"{line}"')
    assert office.load().schedule.jobs["crawl"] == line


@pytest.mark.parametrize(
    "line",
    ["60 * * * *", "* * 0 * *", "* * * 13 *", "*/0 * * * *", "0 17-8 * * *", "* * * * monday", "a * * * *", "@daily"],
)
def test_what_is_no_cron_line_is_refused(office: Office, line: str) -> None:
    office.put("schedule", '"0 6 * * *"', f'"{line}"')
    [error] = office.errors()
    assert error.startswith("schedule.yaml:2:15: ")


def test_a_role_must_be_there_in_every_county(office: Office) -> None:
    office.put("schedule", "[liaison, county-office]", "[liaison, supervisor]")
    assert len(office.errors()) == 1
    office.put("county", "roles:\n", "roles:\n  supervisor: {mail: s@example.org}\n")
    assert office.errors() == []

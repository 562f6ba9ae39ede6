"""A county from its first question to its hundredth day: trial, going live, backup, a new machine, no mail twice."""

from __future__ import annotations

import io
import re
import sys
from collections import Counter
from datetime import date, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.commands.beside import beside, web_pages
from tests.commands.command_line import Duban
from tests.smtp_server import Catcher, serving

OFFICE = "gongkai@xin.gov.cn"
FIRST, LIVE, LAST = date(2026, 1, 12), date(2026, 2, 12), date(2026, 4, 21)
REPORT = (
    "<p>一、主动公开政府信息情况</p><p>二、收到和处理政府信息公开申请情况</p>"
    "<p>三、因政府信息公开工作被申请行政复议情况</p><p>四、存在的主要问题及改进情况</p>"
)


class Site(dict[str, str]):
    """The pages of a site with one list of reports; the budgets stand in a list that stays empty of 2026."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, str]] = []
        self["/"] = '<ul><li><a href="/nb/">政府信息公开年报</a></li><li><a href="/ys/">财政预决算</a></li></ul>'
        self["/ys/"] = self._list("/ys/", [("2025-02-2" + str(n), f"{name}2025年部门预算") for n, name in enumerate(
            ("教育局", "民政局", "财政局", "水利局"))])  # fmt: skip
        for day, name in (("2025-01-20", "财政局"), ("2025-01-21", "教育局"), ("2025-01-22", "民政局")):
            self.publish(day, f"{name}2024年政府信息公开工作年度报告")

    def publish(self, day: str, title: str) -> None:
        self.rows.insert(0, (day, title))
        self["/nb/"] = self._list("/nb/", self.rows)

    def _list(self, folder: str, rows: list[tuple[str, str]]) -> str:
        for day, title in rows:
            self[f"{folder}{day}.html"] = f"<h1>{title}</h1><p>发布时间：{day}</p><div>{REPORT}</div>"
        lines = "".join(f'<li><a href="{folder}{day}.html">{title}</a><span>{day}</span></li>' for day, title in rows)
        return f"<h2>栏目</h2><ul>{lines}</ul><p>共{len(rows)}条 第1/1页</p>"


def once(duban: Duban, first: date, last: date) -> None:
    """A pass on each working day at 9:05."""
    for days in range((last - first).days + 1):
        day = first + timedelta(days=days)
        if day.weekday() < 5:
            said = duban("once", "--now", f"{day}T09:05")
            assert said.status in (0, 1), said.err


@pytest.mark.nightly
def test_a_county_lives_to_its_hundredth_day(duban: Duban, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site, catcher = Site(), Catcher()
    monkeypatch.chdir(tmp_path)
    with web_pages(site) as address, beside(serving(catcher)) as server:
        typed = ("新县", address, OFFICE, f"127.0.0.1:{server.port}", "教育局、民政局、财政局", "foi-2019, budget", "y")
        terminal = io.StringIO("".join(f"{line}\n" for line in typed))
        monkeypatch.setattr(terminal, "isatty", lambda: True)
        monkeypatch.setattr(sys, "stdin", terminal)
        assert duban("init", "--now", str(FIRST)).status == 0
        own, schedule = tmp_path / "rules/counties/county/county.yaml", tmp_path / "schedule.yaml"
        own.write_text(own.read_text("utf-8").replace("@fill-in.invalid", "@xin.gov.cn"), "utf-8")
        schedule.write_text(re.sub(r"(?m)^  delay: .*", "  delay: 0 seconds", schedule.read_text("utf-8")), "utf-8")
        assert duban("check", "--now", str(FIRST)).status == 0

        site.publish("2026-01-15", "财政局2025年政府信息公开工作年度报告")
        once(duban, FIRST, LIVE)
        assert readers(catcher) == {OFFICE}  # a month on trial
        duban("event", "add", "budget-approved", "--department", "教育局", "--on", "2026-02-04", "--field", "year=2026",
              "--by", "李强", "--now", f"{LIVE}T10:00")  # fmt: skip

        own.write_text(own.read_text("utf-8").replace("mode: shadow", "mode: live"), "utf-8")
        assert duban("golive", "--by", "王敏", "--reason", "试运行正常", "--now", f"{LIVE}T17:00").status == 0
        once(duban, LIVE + timedelta(days=1), date(2026, 2, 27))
        assert "jiaoyu-liaison@xin.gov.cn" in readers(catcher)
        assert not any("caizheng" in reader for reader in readers(catcher))  # its report is there

        assert duban("backup", tmp_path / "kept", "--now", "2026-02-27T10:00").status == 0
        before = len(catcher.taken)
        new = tmp_path / "new"
        assert duban("restore", tmp_path / "kept", new, "--now", "2026-03-02T08:00").status == 0
        monkeypatch.chdir(new)
        once(duban, date(2026, 3, 2), date(2026, 3, 2))
        assert len(catcher.taken) == before  # nothing leaves before a person says so
        confirmed = duban("restore", "--confirm", "--ran-until", "2026-02-27T11:00", "--by", "李强",
                          "--reason", "换了机器", "--now", "2026-03-02T09:30")  # fmt: skip
        assert confirmed.status == 0, confirmed.err
        once(duban, date(2026, 3, 3), LAST)
        assert duban("journal", "verify").status == 0
    mails = [message_from_bytes(envelope.content, policy=policy.default) for envelope in catcher.taken]
    assert max(Counter(mail["Message-ID"] for mail in mails).values()) == 1
    assert "jiaoyu-lead@xin.gov.cn" in readers(catcher)
    for reader, subject in Counter((str(mail["To"]), str(mail["Subject"])) for mail in mails).items():
        assert subject == 1, reader


def readers(catcher: Catcher) -> set[str]:
    return {reader for envelope in catcher.taken for reader in envelope.rcpt_tos}

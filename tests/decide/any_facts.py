"""A county with duties of every kind and random facts: the selection of a pass is compared with deciding everything."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from tests.decide.small_county import SCHEDULE, ZONE
from tests.decide.table_county import TableCounty, load_rules
from tests.entered import do_decide, do_file, do_record
from tracker.core.matching.fingerprint import fingerprint
from tracker.core.values.facts import EventKey
from tracker.decide.run import judge_new_facts
from tracker.registers.errors import RegisterError
from tracker.registers.events import withdraw_event
from tracker.rulebook.loaded import Loaded
from tracker.store.counties import next_seq
from tracker.store.engine import Tx
from tracker.store.occurrences import load_occurrences
from tracker.store.tables import entries, entry_versions

PACK = """\
pack: small
title: 小方案
in_force: {from: 2015-01-01, until: 2015-12-31}
events:
  budget-approved: {title: 预算批复, needs: [year], expected: 2015-07-31}
  permit-granted: {title: 许可决定}
  news-formed: {title: 信息形成, per: duty}
duties:
  - id: air
    title: 空气质量日报
    clause: 一1
    departments: [huanbao]
    channels: county-site
    deadline: {every: day, about: previous}
    evidence: {column: environment, title: 空气质量}
    contents: [{any: [AQI], number: 0-500}]
  - id: water
    title: 水环境质量月报
    clause: 一2
    departments: [huanbao]
    channels: county-site
    deadline: {every: month, about: previous}
    evidence: {column: environment, title: 水环境}
    contents: [断面, 饮用水]
  - id: plan
    title: 工作计划
    clause: 一3
    departments: [keji, shebao]
    channels: county-site
    deadline: {every: month, about: this, due: +5 days}
    evidence: {column: powers, title: 工作计划, publisher: department}
  - id: bulletin
    title: 每周简报
    clause: 一4
    departments: [shebao]
    channels: county-site
    deadline: {every: week, zero_report: true}
    evidence: {column: insurance, title: 简报}
  - id: news
    title: 及时信息
    clause: 一5
    departments: [shebao]
    channels: county-site
    deadline: [{within: 5 workdays, of: news-formed}, {every: quarter, zero_report: true}]
    evidence: {column: insurance, title: 社会保险}
  - id: permit
    title: 许可公示
    clause: 一6
    departments: [keji]
    channels: county-site
    deadline: {within: 7 days, of: permit-granted}
    evidence: {column: powers, title: 许可}
    contents: [结果]
  - id: budget
    title: 部门预算
    clause: 一7
    departments: [keji]
    channels: county-site
    deadline: {within: 20 days, of: budget-approved}
    evidence: {column: finance, title: "{event.year}年.*预算"}
  - id: powers
    title: 权力清单
    clause: 一8
    departments: [keji]
    channels: county-site
    deadline: [{by: 2015-08-20}, {every: month, upkeep: true}]
    evidence: {column: powers, title: 权力清单}
  - id: follow
    title: 后续公开
    clause: 一9
    departments: [keji]
    channels: county-site
    deadline: {every: month, after: powers}
    evidence: {column: powers, title: 后续}
"""
#: The overdue notice is repeated, each time only after a fresh visit.
REPEATED = SCHEDULE.replace(
    "overdue: {at: due +1 workdays, kind: overdue, to: [liaison]}",
    "overdue: {at: due +1 workdays, kind: overdue, to: [liaison], repeat: {every: 2 workdays}}",
)
DUTIES = ("air", "water", "plan", "bulletin", "news", "permit", "budget", "powers", "follow")
COLUMNS = ("environment", "insurance", "powers", "finance")
WHO = {"by": "李主任", "reason": "经核实"}


def rules(root: Path) -> Loaded:
    return load_rules(root, PACK, REPEATED)


class Life(TableCounty):
    """One random life of the county, the same for the same seed."""

    def __init__(self, loaded: Loaded, url: str, seed: int) -> None:
        super().__init__(loaded, url)
        self.dice = random.Random(seed)
        self.pace = 1 + 2 * (seed % 2)  # some lives last three times as long
        self.log: list[str] = []

    def step(self) -> None:
        """Let something random happen after some time."""
        self.now += timedelta(minutes=self.pace * self.dice.choice([1, 40, 600, 1440, 1440, 4000, 9000]))
        move = self.dice.choice(
            [self.publish] * 6 + [self.change] * 3 + [self.take_down, self.look, self.look, self.fail, self.wait]
            + [self.event] * 3 + [self.withdraw, self.decide, self.decide, self.file]
        )  # fmt: skip
        self.log.append(f"{self.now:%m-%d %H:%M} {move.__name__}")
        move()

    # -- the site --------------------------------------------------------------------------------

    def wait(self) -> None:
        """Let time pass."""

    def publish(self) -> None:
        """A visit sees a new entry."""
        with self.store.begin() as tx:
            column, title = self._title()
            claimed = self._claimed()
            publisher = self.dice.choice(["", "", "科技局"])
            number = self.write_entry(tx, column, listed_title=title, publisher=publisher)
            self._version(tx, number, 1, title, claimed)
            self._visit(tx, column)

    def change(self) -> None:
        """An entry changes: its title, its date, its text."""
        with self.store.begin() as tx:
            if (known := self._any(tx)) is None:
                return
            last = tx.execute(
                sa.select(entry_versions).where(entry_versions.c.entry == known.id).order_by(entry_versions.c.number)
            ).all()[-1]
            title = self._title()[1] if self.dice.random() < 0.4 else last.title
            claimed = self._claimed() if self.dice.random() < 0.5 else last.claimed
            self._version(tx, known.id, last.number + 1, title, claimed)
            tx.execute(entries.update().where(entries.c.id == known.id).values(seq=next_seq(tx, "small")))
            self._visit(tx, known.column.partition("/")[2])

    def take_down(self) -> None:
        """An entry is gone, shows an empty page, or is as before."""
        with self.store.begin() as tx:
            if (known := self._any(tx)) is None:
                return
            gone, empty = {"gone_at": self.now, "gone_status": 404}, {"hollow_at": self.now}
            state: dict[str, Any] = self.dice.choice([gone, empty, {"gone_at": None, "hollow_at": None}])
            seq = next_seq(tx, "small")
            tx.execute(entries.update().where(entries.c.id == known.id).values(seq=seq, **state))

    def look(self) -> None:
        with self.store.begin() as tx:
            for column in self.dice.sample(COLUMNS, 2):
                nine_days_ago = (self.now - timedelta(9)).date().isoformat()
                self._visit(tx, column, self.dice.choice(["end", "end", "", nine_days_ago]))

    def fail(self) -> None:
        with self.store.begin() as tx:
            self._visit(tx, self.dice.choice(COLUMNS), outcome="unreachable")

    def _visit(self, tx: Tx, column: str, reached: str = "end", outcome: str = "read") -> None:
        self.now += timedelta(seconds=1)
        self.write_visit(tx, column, reached, outcome)

    def _any(self, tx: Tx) -> Any:
        known = tx.execute(sa.select(entries).order_by(entries.c.id)).all()
        return self.dice.choice(known[-12:]) if known else None

    def _version(self, tx: Tx, entry: int, number: int, title: str, claimed: date | datetime | None) -> None:
        sentence = f"AQI {self.dice.randrange(600)}，断面达标，饮用水达标，结果已公示。"
        text = self.dice.choice([None, "正文", sentence * 6, "断面情况正常。" * 12])
        self.write_version(tx, entry, title, text, claimed, number, fingerprint=fingerprint(text or ""))

    def _claimed(self) -> date | datetime | None:
        on = self.now.date() - timedelta(days=self.dice.choice([0, 0, 0, 0, 1, 2, 6, 15, 40, 100, 310, 365, -1]))
        return self.dice.choice([on, on, datetime.combine(on, time(9, 30), ZONE), None])

    def _title(self) -> tuple[str, str]:
        day = self.now.date() - timedelta(days=self.dice.choice([0, 0, 1, 1, 1, 2, 3, 8, 31, 365]))
        month = self.now.date() - timedelta(days=self.dice.choice([5, 20, 31, 31, 62, 95, 365]))
        who = self.dice.choice(["", "科技局", "社保局"])
        titles = {
            "environment": [
                f"{day.month}月{day.day}日空气质量", f"{day.month}月{day.day}日空气质量", "空气质量日报", "水环境质量",
                f"{month.month}月份水环境质量", f"{month.year}年{month.month}月水环境质量",
            ],
            "powers": [
                f"{who}{month.month}月工作计划", f"{who}工作计划", "许可结果", f"许可公告第{self.dice.randrange(9)}号",
                "科技局权力清单", "后续情况",
            ],
            "insurance": [f"简报第{self.dice.randrange(40)}期", "社会保险情况"],
            "finance": ["2015年科技局部门预算", "2016年部门预算草案"],
        }  # fmt: skip
        column = self.dice.choice(["environment"] * 3 + ["powers"] * 3 + ["insurance", "finance"])
        return column, self.dice.choice(titles[column])

    # -- people ----------------------------------------------------------------------------------

    def event(self) -> None:
        names = [("budget-approved", "keji"), *[("permit-granted", "keji")] * 2, ("news-formed", "shebao")]
        name, department = self.dice.choice(names)
        on = self.now.date() - timedelta(days=self.dice.choice([0, 1, 3, 10, 30, 60]))
        self.enter(
            do_record, name=name, department=department, occurred=on, reference=str(self.dice.randrange(12)),
            duty="news" if name == "news-formed" else None, correct=self.dice.random() < 0.4,
            fields={"year": "2015"} if name == "budget-approved" else {},
        )  # fmt: skip

    def withdraw(self) -> None:
        self.enter(withdraw_event, key=EventKey("permit-granted", "keji", str(self.dice.randrange(12))))

    def decide(self) -> None:
        """A person accepts or refuses an entry, releases a duty or gives more time."""
        with self.store.read() as tx:
            rows, known = load_occurrences(tx, "small"), self._any(tx)
        key = self.dice.choice(sorted(rows))
        day = self.now.date() + timedelta(days=self.dice.randrange(1, 40))
        match self.dice.randrange(5):
            case 0 | 1 if known is not None:
                kind = self.dice.choice(["accept", "reject"])
                self.enter(do_decide, kind=kind, occurrence=key, target=known.url)
            case 2:
                until = self.dice.choice([None, day])
                self.enter(
                    do_decide, kind="waive", occurrence=key, ground="secret", basis="条例", asked_by="王敏", until=until
                )
            case 3:
                self.enter(do_decide, kind="postpone", occurrence=key, to=day, asked_by="王敏")
            case _:
                whole = key.rpartition("/")[0] + "/*"
                until = self.dice.choice([None, day])
                self.enter(do_decide, kind="not-applicable", occurrence=whole, basis="三定方案", until=until)

    def file(self) -> None:
        with self.store.read() as tx:
            key = self.dice.choice(sorted(load_occurrences(tx, "small")))
        if self.dice.random() < 0.5:
            self.enter(do_file, kind="zero-report", occurrence=key)
        else:
            self.enter(do_file, kind="attestation", occurrence=key, form="statement", proof="会议记录")

    def enter(self, deed: Any, **given: Any) -> None:
        """Enter something; at times it is judged at once, as by the commands. What is refused changes nothing."""
        with self.store.begin() as tx:
            since = next_seq(tx, "small") - 1
            try:
                deed(tx, self.rulebook, now=self.now, **{**WHO, **given})
            except RegisterError as error:
                self.log.append(f"refused: {error}")
                return
            if self.dice.random() < 0.5:
                judge_new_facts(tx, self.loaded, self.rulebook, since, self.now)

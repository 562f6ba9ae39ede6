"""What is measured: a database with five years of facts, and rules for many small counties.

Nothing of the tracker is used here: what one side has written, both sides read.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import yaml

YEAR = 2015
EARLIER = (2011, 2012, 2013, 2014)
#: What is derived is left out: both sides derive it anew.
FACTS = ("entries", "entry_versions", "visits", "events", "filings", "rulings")
#: Numbers of an earlier year's rows lie so far from those of the year.
APART = 1_000_000


def make_history(database: Path, target: Path) -> None:
    """Copy the database, with each fact of 2015 once more in the years before it."""
    shutil.copy(database, target)
    with sqlite3.connect(target) as connection:
        connection.row_factory = sqlite3.Row
        for table in FACTS:
            rows = connection.execute(f"SELECT * FROM {table}").fetchall()
            for year in EARLIER:
                moved = [{name: _moved(name, row[name], year) for name in row.keys()} for row in rows]  # noqa: SIM118
                _insert(connection, table, moved)
        (highest,) = connection.execute("SELECT max(seq) FROM entries").fetchone()
        connection.execute("UPDATE counties SET seq = max(seq, ?)", (highest + APART,))


def _insert(connection: sqlite3.Connection, table: str, rows: list[dict[str, Any]]) -> None:
    names = list(rows[0]) if rows else []
    columns, places = ", ".join(f'"{name}"' for name in names), ", ".join("?" for _ in names)
    sql = f"INSERT OR IGNORE INTO {table} ({columns}) VALUES ({places})"
    connection.executemany(sql, [tuple(row.values()) for row in rows])


def _moved(name: str, value: Any, year: int) -> Any:
    if name in ("id", "seq", "entry"):
        return value + APART * (YEAR - year)
    if not isinstance(value, str):
        return value
    text = value.replace(str(YEAR), str(year))
    # A filing is named by its number where somebody decided about it.
    return re.sub(r"(?<=^attestation:)\d+", lambda found: str(int(found[0]) + APART * (YEAR - year)), text)


def make_rules_of_history(root: Path, target: Path) -> None:
    """The rules with a plan that has been in force all those years."""
    shutil.copytree(root, target)
    plan_file = target / "rules" / "packs" / "plan-2015.yaml"
    plan = yaml.safe_load(plan_file.read_text("utf-8"))
    plan["in_force"] = {"from": f"{EARLIER[0]}-01-01", "until": f"{YEAR}-12-31"}
    plan["issued"] = f"{EARLIER[0]}-01-01"
    county_file = target / "rules" / "counties" / "sample" / "county.yaml"
    county = county_file.read_text("utf-8").replace("{plan-2015: 2015-04-21}", f"{{plan-2015: {plan['issued']}}}")
    county_file.write_text(county, "utf-8")
    for duty in plan["duties"]:
        duty.pop("examples", None)
    plan_file.write_text(yaml.safe_dump(plan, allow_unicode=True, sort_keys=False), "utf-8")


_PACK = """\
pack: small
title: 小方案
in_force: {from: 2015-01-01, until: 2015-12-31}
duties:
  - {id: water, title: 水环境质量月报, clause: 一1, departments: [huanbao], channels: county-site,
     deadline: {every: month, about: previous}, evidence: {column: environment, title: 水环境}}
  - {id: insurance, title: 社会保险情况, clause: 一2, departments: [shebao], channels: county-site,
     deadline: {every: quarter, about: previous}, evidence: {column: insurance, title: 社会保险}}
  - {id: powers, title: 行政权力清单, clause: 一3, departments: [shebao, huanbao], channels: county-site,
     deadline: {by: 2015-09-30}, evidence: {column: powers, title: 权力清单}}
"""
_COUNTY = """\
county: %(name)s
name: 小县%(number)d
start: 2015-07-01
packs: [small]
departments:
  huanbao: {name: 环保局, liaison: {name: 甲, mail: a@small.example}, lead: {name: 乙, mail: b@small.example}}
  shebao: {name: 社保局, liaison: {name: 丙, mail: c@small.example}, lead: {name: 丁, mail: d@small.example}}
roles: {county-office: {mail: office@small.example}, supervisor: {mail: supervisor@small.example}}
channels:
  county-site:
    base: "https://%(name)s.example/"
    columns:
      environment: {title: 环境保护, url: /environment/}
      insurance: {title: 社会保险, url: /insurance/}
      powers: {title: 权力清单, url: /powers/}
"""


def make_counties(root: Path, target: Path, count: int) -> None:
    """Rules for so many counties of three duties each, with the schedule and calendar of the root."""
    shutil.copytree(root, target, ignore=shutil.ignore_patterns("packs", "counties"))
    (target / "rules" / "packs").mkdir()
    (target / "rules" / "packs" / "small.yaml").write_text(_PACK, "utf-8")
    for number in range(1, count + 1):
        name = f"c{number}"
        county = target / "rules" / "counties" / name
        county.mkdir(parents=True)
        (county / "county.yaml").write_text(_COUNTY % {"name": name, "number": number}, "utf-8")

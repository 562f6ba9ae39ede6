"""A county whose requests fall under the Regulations of 2007, from 15 May 2019 under those of 2019.

The shipped plan of 2015 holds for that year alone; its rule on requests stands here in a pack of all the years of 2007.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import yaml

from tests.live_county import all_live
from tracker.rulebook.load import load
from tracker.rulebook.loaded import Loaded

ROOT = Path(__file__).resolve().parents[1]
COUNTY, OLD, NEW = "river", "requests-2007", "foi-2019"
#: By the pack: the duty to answer a request.
ANSWERS = {OLD: "foi-request", NEW: "foi-answer"}

_COUNTY = """\
county: river
name: 河县
allow_private: true
start: START
packs: [requests-2007, foi-2019]
ADOPTED
departments:
  guotu:
    {name: 国土局, liaison: {name: 甲, mail: guotu@river.example}, lead: {name: 乙, mail: guotu-lead@river.example}}
  keji:
    {name: 科技局, liaison: {name: 丙, mail: keji@river.example}, lead: {name: 丁, mail: keji-lead@river.example}}
  xianfuban:
    {name: 县政府办公室, liaison: {name: 戊, mail: fuban@river.example}, lead: {name: 己, mail: lead@river.example}}
roles: {county-office: {mail: office@river.example}, supervisor: {mail: supervisor@river.example}}
channels:
  county-site:
    base: http://127.0.0.1:9/
    columns:
      annual-reports: {title: 年度报告, url: /reports/}
      guide: {title: 公开指南, url: /guide/}
      catalogue: {title: 公开目录, url: /catalogue/}
"""


def load_two_regulations(root: Path, start: str = "2008-05-01", adopted: str = "") -> Loaded:
    """Write the county's rules under the folder and load them, the county live. `adopted`: the line of its file."""
    shutil.copytree(ROOT / "rules/calendar", root / "rules/calendar")
    for name in ("rules/acts.yaml", "schedule.yaml", "rules/packs/foi-2019.yaml"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, root / name)
    old = yaml.dump(_requests_of_2007(), allow_unicode=True, sort_keys=False)
    (root / f"rules/packs/{OLD}.yaml").write_text(old, "utf-8")
    county = root / f"rules/counties/{COUNTY}/county.yaml"
    county.parent.mkdir(parents=True)
    county.write_text(_COUNTY.replace("START", start).replace("ADOPTED\n", f"{adopted}\n" if adopted else ""), "utf-8")
    return all_live(load(root, dict(os.environ)))


def _requests_of_2007() -> dict[str, Any]:
    plan = yaml.load((ROOT / "rules/packs/plan-2015.yaml").read_text("utf-8"), yaml.BaseLoader)
    [duty] = [duty for duty in plan["duties"] if duty["id"] == ANSWERS[OLD]]
    return {
        "pack": OLD,
        "title": "中华人民共和国政府信息公开条例",
        "in_force": {"from": "2008-05-01", "until": "2019-05-14"},
        "events": {name: event for name, event in plan["events"].items() if name.startswith("foi-")},
        "duties": [{**duty, "clause": "第二十四条"}],
    }

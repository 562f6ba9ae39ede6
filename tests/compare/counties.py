"""The counties whose year is compared: the shipped sample, and three made from it that differ in rules, seed and deeds.

Their rules are the earlier commit's files with the changes below, so that both sides read the same bytes.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
Yaml = dict[str, Any]
Duties = dict[str, Yaml]


@dataclass(frozen=True)
class ComparedCounty:
    """`seed`: which year is drawn; 0 is the shipped one. `change`: turns the sample's rules into this county's.

    `port`: where both sides serve the site, one after the other: addresses go into digests and numbers of notices.
    """

    name: str
    seed: int
    port: int
    change: Callable[[Yaml, Yaml, Duties], None] | None = None

    @property
    def commands(self) -> Path:
        """What its people enter in the year."""
        return HERE / "commands" / f"{self.name}.txt"

    def write_rules(self, shipped: Path, folder: Path) -> None:
        """Write the county's `rules/` and `schedule.yaml` into the folder, from the shipped ones."""
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(shipped / "rules", folder / "rules")
        shutil.copy(shipped / "schedule.yaml", folder / "schedule.yaml")
        if self.change is None:
            return
        own = folder / "rules" / "counties" / self.name
        (folder / "rules" / "counties" / "sample").rename(own)
        files = (own / "county.yaml", folder / "schedule.yaml", folder / "rules" / "packs" / "plan-2015.yaml")
        county, schedule, plan = (yaml.safe_load(path.read_text("utf-8")) for path in files)
        county["county"] = self.name
        for duty in plan["duties"]:
            duty.pop("examples", None)  # worked out for the sample county
        self.change(county, schedule, {duty["id"]: duty for duty in plan["duties"]})
        for path, value in zip(files, (county, schedule, plan), strict=True):
            path.write_text(yaml.safe_dump(value, allow_unicode=True, sort_keys=False), "utf-8")


def _east(county: Yaml, schedule: Yaml, duties: Duties) -> None:
    """Merged offices, joint duties, every reading adopted, numbered slips, supervised from March on."""
    county["name"] = "东岭县"
    county["start"] = "2015-03-01"
    county["adopted"]["plan-2015"] += ["instantly", "each-workday", "requests-sorted", "half-yearly", "year-end-kept"]
    _merge(county, {"wujia": "fagai", "keji": "renshe"})
    county["overrides"] |= {
        "prices": {"departments": ["fagai"]},
        "science-funds": {"departments": ["renshe"]},
        "power-list": {"weight": 3},
        "foi-review": {"departments": {"except": ["bianban", "shenji"]}},
    }
    county["departments"]["huanbao"]["liaison"]["summary"] = "daily"
    duties["project-execution"]["departments"] = {"jointly": ["fagai", "chengjian", "guotu"]}
    duties["food-drug"]["departments"] = {"jointly": ["shijian", "weisheng"]}
    duties["budget"]["escalation"] = "urgent"
    schedule["policies"]["standard"] = schedule["policies"]["slips"]
    schedule["hours"] = {"begin": "09:00", "end": "16:30"}
    schedule["objections"]["window"] = "15 workdays"


def _north(county: Yaml, schedule: Yaml, duties: Duties) -> None:
    """Not live before June, nothing adopted by its file, monthly readings, own sites attested by hand."""
    county["name"] = "北川县"
    county["adopted"] = {}
    county["issued"] = {"plan-2015": "2015-02-10"}
    county["readings"] = {
        "plan-2015": {
            "timely": {
                "basis": "本县规定",
                "deadline": [
                    {"within": "10 workdays", "of": "information-formed"},
                    {"every": "month", "due": "+10 days", "about": "this", "zero_report": True},
                ],
            },
            "listed": {
                "basis": "本县规定",
                "deadline": [{"by": "2015-05-29"}, {"every": "quarter", "upkeep": True}],
            },
            "year-end-kept": {
                "basis": "本县规定",
                "assumed": True,
                "deadline": [{"by": "2015-06-30"}, {"every": "quarter", "upkeep": True}],
            },
        }
    }
    del county["departments"]["guotu"]["site"]
    county["channels"]["own-site"] = {"attested": True, "title": "本部门网站"}
    county["departments"]["shebao"]["liaison"]["mail"] = ""
    schedule["policies"]["standard"]["steps"]["last-reminder"]["at"] = "due -2 workdays"
    del schedule["policies"]["daily"]["batch"]
    schedule["jobs"]["overdue-report"] = "0 9 1 * *"


def _south(county: Yaml, schedule: Yaml, duties: Duties) -> None:
    """Ten departments that do the work of nineteen, early reminders, rates that hold mails back."""
    county["name"] = "南屏县"
    county["adopted"]["plan-2015"] = ["timely", "half-yearly"]
    _merge(
        county,
        {
            "gongguan": "fuwu",
            "guotu": "chengjian",
            "shebao": "renshe",
            "renji": "weisheng",
            "shenji": "caizheng",
            "keji": "fagai",
            "wujia": "fagai",
            "anjian": "shijian",
            "bianban": "xianfuban",
        },
    )
    county["overrides"] |= {
        "approval-reform": {"departments": ["xianfuban"]},
        "public-resource-trading": {"departments": ["fuwu"]},
        "land-supply": {"departments": ["chengjian"]},
        "social-insurance": {"departments": ["renshe"]},
        "insurance-catalogues": {"departments": ["renshe"]},
        "medical-institutions": {"departments": ["weisheng"]},
        "safety-production": {"departments": ["shijian"]},
        "fiscal-audit": {"departments": ["caizheng"]},
        "science-funds": {"departments": ["fagai"]},
        "prices": {"departments": ["fagai"]},
        "project-approval": {"departments": ["chengjian", "huanbao"]},
        "project-execution": {"departments": ["chengjian"]},
        "intermediaries": {"departments": ["fagai", "chengjian", "huanbao", "weisheng"]},
        "work-briefing": {"departments": {"except": ["fuwu"]}},
    }
    schedule["policies"]["standard"]["steps"]["reminder"]["at"] = "due -10 workdays"
    schedule["policies"]["standard"]["steps"]["to-lead"]["at"] = "due +2 workdays"
    schedule["delivery"]["rate"] = {"per_minute": 20, "per_recipient_per_hour": 5}


def _merge(county: Yaml, into: dict[str, str]) -> None:
    """Take departments away; another one answers to their names."""
    focus = county["channels"]["county-site"]["columns"]["focus"]["url"]
    left = [name for name in county["departments"] if name not in into]
    for gone, heir in into.items():
        department = county["departments"].pop(gone)
        county["departments"][heir]["aliases"] += [department["name"], *department["aliases"]]
        if "site" in department:
            county["departments"][heir]["site"] = department["site"]
        focus.pop(gone, None)
    county["overrides"]["focus-column-upkeep"] = {"departments": [name for name in left if name in focus]}


COUNTIES = (
    ComparedCounty("sample", 0, 48150),
    ComparedCounty("east", 11, 48151, _east),
    ComparedCounty("north", 23, 48152, _north),
    ComparedCounty("south", 37, 48153, _south),
)

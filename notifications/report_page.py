"""The overdue report as one self-contained HTML page, to read on a screen and to print."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from notifications.ledger import MARKS
from notifications.render import NUMERALS, TEMPLATES, TONES, environment
from tracker.core.values.verdicts import Light


def render_report(county: str, report: Mapping[str, Any], folder: Path = TEMPLATES) -> str:
    """The page. `report`: the values that the mail prints."""
    marks = {light.value: f"{MARKS[light]} {light.zh}" for light in Light}
    filled = environment((folder,)).get_template("report_page.html.j2")
    return filled.render(county=county, report=report, tones=TONES, marks=marks, next=iter(NUMERALS).__next__)

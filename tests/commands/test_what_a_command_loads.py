"""A command loads what it uses: a module that it does not need costs its start as much as its work."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import tracker

CHECKOUT = Path(tracker.__file__).parents[1]
SCRIPT = """
import sys
from tracker.commands.main import main
main(sys.argv[1:])
print("loaded:", *sys.modules)
"""
SITE = {"aiohttp", "selectolax", "tracker.crawl.run", "tracker.evidence"}
MAILS = {"jinja2", "aiosmtplib", "notifications", "tracker.deliver.run"}
DECISION = {"tracker.decide.run", "tracker.decide", "tracker.core.matching.weighing"}
REPORTS = {"docx", "xlsxwriter", "resvg_py", "tracker.reports.circulars"}
ALWAYS = {"alembic", "apscheduler", "starlette", "uvicorn"}


def loaded(*words: str) -> set[str]:
    """The modules in a process of the command when it has done its work."""
    command = [sys.executable, "-c", SCRIPT, *words]
    environ = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


#: What each command leaves out.
IDLE = {
    "status": ALWAYS | SITE | MAILS | DECISION | REPORTS,
    "tick --now 2015-05-05T09:00": ALWAYS | SITE | MAILS | REPORTS | {"rich"},
    "deadlines --from 2015-03-01 --to 2015-03-02": ALWAYS | SITE | MAILS | REPORTS,
}


@pytest.mark.nightly
def test_a_command_loads_nothing_that_it_does_not_use(county: Path) -> None:
    assert {words: loaded(*words.split()) & idle for words, idle in IDLE.items()} == {words: set() for words in IDLE}

"""Commands and passes run where Python runs: what only a POSIX system has is asked for by the daemon alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import tracker

CHECKOUT = Path(tracker.__file__).parents[1]
#: Modules that Python has on POSIX systems alone.
POSIX = ("fcntl", "grp", "pty", "pwd", "resource", "syslog", "termios", "tty")
SCRIPT = f"""
import sys
sys.modules.update(dict.fromkeys({POSIX!r}))
from tracker.commands.main import main
for line in sys.argv[1:]:
    status = main(line.split())
    if status not in (0, 1):
        sys.exit(f"{{line}}: {{status}}")
"""


def test_without_what_only_posix_has_commands_and_passes_run(county: Path) -> None:
    lines = ["tick --now 2015-05-05T09:00", "deliver --now 2015-05-05T09:00", "status"]
    environ = {**os.environ, "PYTHONPATH": str(CHECKOUT), "LOGNAME": "clerk"}
    command = [sys.executable, "-c", SCRIPT, *lines]
    done = subprocess.run(command, env=environ, cwd=county, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr

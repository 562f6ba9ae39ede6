"""What `htmldate` says of a page, asked in a process apart: it and what it loads weigh 30 MB, and are seldom needed.

The process starts with the first question, answers one line for one line, and ends when nobody asks for a while.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import subprocess
import sys
from datetime import date
from pathlib import Path

#: Seconds: for one answer, the first one loading the library; and after which an idle process ends.
_PATIENCE, _IDLE = 15.0, 30.0
_ROOT = Path(__file__).resolve().parents[2]
_START = "import sys; sys.path.insert(0, sys.argv[1]); from tracker.evidence.hint import serve; serve()"

_child: subprocess.Popen[bytes] | None = None


def ask(html: str, latest: date) -> date | None:
    """The day that `htmldate` finds without its extensive search, none after `latest`; None where it finds none."""
    global _child
    if _child is None or _child.poll() is not None:
        close()
        _child = _started()
    said = _answer(_child, json.dumps({"html": html, "latest": latest.isoformat()}).encode() + b"\n")
    if said is None:
        close()
        return None
    try:
        return date.fromisoformat(said) if said else None
    except ValueError:
        return None


def close() -> None:
    """End the process, if there is one."""
    global _child
    child, _child = _child, None
    if child is not None:
        child.kill()
        child.communicate()


atexit.register(close)


def _started() -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603  our own interpreter on our own module
        [sys.executable, "-I", "-c", _START, str(_ROOT)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        # Nothing of our surroundings, where secrets may stand, reaches what reads a stranger's page.
        env={"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "HOME": "/nonexistent"},
    )  # fmt: skip


def _answer(child: subprocess.Popen[bytes], question: bytes) -> str | None:
    """The answer's line; None where the process ended or took too long."""
    if child.stdin is None or child.stdout is None:
        return None
    try:
        child.stdin.write(question)
        child.stdin.flush()
        line = child.stdout.readline() if _ready(child.stdout.fileno(), _PATIENCE) else b""
    except OSError:
        return None
    return line.decode().strip() if line.endswith(b"\n") else None


def _ready(descriptor: int, seconds: float) -> bool:
    """Whether something can be read before the time is over."""
    poll = select.poll()
    poll.register(descriptor, select.POLLIN | select.POLLHUP)
    return bool(poll.poll(seconds * 1000))


def serve() -> None:
    """The process: a question a line, an answer a line, until the input ends or nobody asks."""
    from htmldate import find_date

    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_RDWR), 1)  # what a library prints is no answer
    while _ready(0, _IDLE) and (line := sys.stdin.buffer.readline()):
        asked = json.loads(line)
        try:
            found = find_date(
                asked["html"], extensive_search=False, original_date=True, outputformat="%Y-%m-%d",
                max_date=asked["latest"],
            )  # fmt: skip
        except Exception:  # a library's trouble with a page is no date
            found = None
        answers.write(f"{found or ''}\n".encode())
        answers.flush()

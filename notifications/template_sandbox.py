"""Renders county templates in a sandboxed child process with limits of CPU, memory and output.

A request and its answer are a line of JSON each.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Lock, Timer
from typing import Any

#: Of one filling in: seconds of processor time; bytes of memory; characters of what comes out.
_SECONDS, _MEMORY, _MOST = 3, 1_000_000_000, 4_000_000
#: Seconds by the clock, after which a child is given up whatever it does: none has reason to wait.
_PATIENCE = 60.0
_FAULT = 300
#: Finds the packages wherever they lie, with nothing else from the surroundings.
_START = "import sys; sys.path.append(sys.argv.pop()); from notifications.template_sandbox import main; main()"
_ROOT = Path(__file__).resolve().parents[1]
_Stamp = tuple[tuple[str, int, int], ...]


class SandboxError(Exception):
    """The templates could not be filled in; the message says why, with the kind of the error."""


class _Child:
    """One child, started when it is first needed and kept; what was stuck is not asked again until it is changed."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._stuck: dict[tuple[str, Path], tuple[_Stamp, str]] = {}

    def ask(self, task: str, name: str, folder: Path, arguments: Sequence[Any]) -> Any:
        """Result of the task. Raises SandboxError where the child gives none."""
        with self._lock:
            stamp, why = self._stuck.get((name, folder), ((), ""))
            if why and stamp == _stamp(folder):
                raise SandboxError(why)
            try:
                request = json.dumps([task, arguments]).encode() + b"\n"
            except (TypeError, ValueError) as error:
                raise SandboxError(f"{type(error).__name__}: {error}") from error
            line = self._asked(request)
            if not line.endswith(b"\n"):
                why = self._ended()
                self._stuck[name, folder] = _stamp(folder), why
                raise SandboxError(why)
        said = json.loads(line)
        if said["fault"]:
            raise SandboxError(said["fault"])
        return said["made"]

    def _asked(self, request: bytes) -> bytes:
        child = self._ready()
        patience = Timer(_PATIENCE, child.kill)
        patience.start()
        try:
            if child.stdin is None or child.stdout is None:
                return b""
            child.stdin.write(request)
            child.stdin.flush()
            return child.stdout.readline()
        except OSError:
            return b""
        finally:
            patience.cancel()

    def _ready(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is not None:
            self.end()
        if self._process is None:
            self._process = subprocess.Popen(  # noqa: S603  (our own interpreter and code)
                [sys.executable, "-I", "-c", _START, str(_ROOT)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                # Nothing of our surroundings, where secrets may stand, reaches what fills in others' templates.
                env={"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "HOME": "/nonexistent"},
            )  # fmt: skip
        return self._process

    def _ended(self) -> str:
        """Why the child is over."""
        status = self.end()
        if status in (-signal.SIGXCPU, -signal.SIGKILL):
            return f"TimeoutError: it does not end; stopped after {_SECONDS} seconds"
        return f"RuntimeError: it ended the process that filled it in (status {status})"

    def end(self) -> int | None:
        """End the child; how it ended."""
        child, self._process = self._process, None
        if child is None:
            return None
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        return child.wait()  # its input is over


_CHILD = _Child()
atexit.register(_CHILD.end)


def render_in_sandbox(task: str, name: str, folder: Path, *arguments: Any) -> Any:
    """What the task makes of its arguments, in the child. `name`: the template's; `folder`: where the county's lie.

    Arguments and result are what JSON can hold. Raises SandboxError where the child gives none.
    """
    return _CHILD.ask(task, name, folder, arguments)


def has_own(folder: Path | None) -> bool:
    """Whether a county has any template of its own."""
    return folder is not None and bool(_stamp(folder))


def _stamp(folder: Path) -> _Stamp:
    """What the files in the folder look like from outside."""
    try:
        found = [(one.name, one.stat()) for one in sorted(folder.glob("*.j2"))]
    except OSError:
        return ()
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in found)


# -- in the child --------------------------------------------------------------------------------


def main() -> None:
    """Serve until the input ends."""
    from notifications.render import filled_apart
    from notifications.wording import said_apart

    tasks: Mapping[str, Callable[..., Any]] = {"mail": filled_apart, "wording": said_apart}
    _confine()
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    while line := requests.readline():
        task, arguments = json.loads(line)
        _allow()
        answers.write(json.dumps(_answer(tasks[task], arguments)).encode() + b"\n")
        answers.flush()


def _answer(task: Callable[..., Any], arguments: Sequence[Any]) -> Mapping[str, Any]:
    try:
        made = task(*arguments)
        if (size := len(json.dumps(made, ensure_ascii=False))) > _MOST:
            raise ValueError(f"it makes {size} characters, and {_MOST} are the most")
    except Exception as error:  # whatever a template does, one that calls itself included
        return {"fault": f"{type(error).__name__}: {str(error)[:_FAULT]}", "made": None}
    return {"fault": "", "made": made}


def _confine() -> None:
    """Bounds that this process cannot lift: memory, no file written, no core."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle: it closes our input


def _allow() -> None:
    """So much more processor time than was used up to now; beyond it the kernel ends this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + _SECONDS + 1, hard))

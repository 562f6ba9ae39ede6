"""Renders county templates in a sandboxed child process with limits of CPU, memory and output.

A request and its answer are a line of JSON each.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Lock, Timer
from typing import Any

try:
    import resource
except ImportError:  # not a POSIX system: templates of a county are filled in without bounds there
    resource = None  # type: ignore[assignment]

#: Limits of one task: seconds of processor time; bytes of memory; characters of the result.
_SECONDS, _MEMORY, _MAX_RESULT = 3, 1_000_000_000, 4_000_000
#: Seconds by the clock after which the child is killed.
_TIMEOUT = 60.0
_MAX_FAULT = 300
#: Finds the packages in our folder and takes nothing else from the environment.
_START = "import sys; sys.path.append(sys.argv.pop()); from notifications.template_sandbox import main; main()"
_ROOT = Path(__file__).resolve().parents[1]
_Stamp = tuple[tuple[str, int, int], ...]


class SandboxError(Exception):
    """The template could not be rendered; the message says why, with the kind of the error."""


class _Child:
    """The child process. Templates that killed it are refused until one of their files changes."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._refused: dict[tuple[str, Path], tuple[_Stamp, str]] = {}

    def ask(self, task: str, name: str, folder: Path, arguments: Sequence[Any]) -> Any:
        """Result of the task. Raises SandboxError where the child gives none."""
        with self._lock:
            stamp, why = self._refused.get((name, folder), ((), ""))
            if why and stamp == _stamp(folder):
                raise SandboxError(why)
            try:
                request = json.dumps([task, arguments]).encode() + b"\n"
            except (TypeError, ValueError) as error:
                raise SandboxError(f"{type(error).__name__}: {error}") from error
            line = self._answer_to(request)
            if not line.endswith(b"\n"):
                why = self._end_reason()
                self._refused[name, folder] = _stamp(folder), why
                raise SandboxError(why)
        answer = json.loads(line)
        if answer["fault"]:
            raise SandboxError(answer["fault"])
        return answer["result"]

    def _answer_to(self, request: bytes) -> bytes:
        """A line of JSON; less where the child ends."""
        child = self._started()
        timeout = Timer(_TIMEOUT, child.kill)
        timeout.start()
        try:
            if child.stdin is None or child.stdout is None:
                return b""
            child.stdin.write(request)
            child.stdin.flush()
            return child.stdout.readline()
        except OSError:
            return b""
        finally:
            timeout.cancel()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is not None:
            self.end()
        if self._process is None:
            self._process = subprocess.Popen(  # noqa: S603  (our own interpreter and code)
                [sys.executable, "-I", "-c", _START, str(_ROOT)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                # The environment may hold secrets: none of it reaches the templates.
                env={"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "HOME": "/nonexistent"},
            )  # fmt: skip
        return self._process

    def _end_reason(self) -> str:
        status = self.end()
        if status in (-signal.SIGXCPU, -signal.SIGKILL):
            return f"TimeoutError: it does not end; stopped after {_SECONDS} seconds"
        return f"RuntimeError: it ended the process that filled it in (status {status})"

    def end(self) -> int | None:
        """End the child and return its status, None where there was none."""
        child, self._process = self._process, None
        if child is None:
            return None
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        return child.wait()


_CHILD = _Child()
atexit.register(_CHILD.end)


def render_in_sandbox(task: str, name: str, folder: Path, *arguments: Any) -> Any:
    """The result of the task in the child. `name`: the template's; `folder`: that of the county's templates.

    Arguments and result are JSON values. Raises SandboxError where the child gives no result.
    """
    return _CHILD.ask(task, name, folder, arguments)


def has_own(folder: Path | None) -> bool:
    """Whether a county's folder has any template."""
    return folder is not None and bool(_stamp(folder))


def _stamp(folder: Path) -> _Stamp:
    """Name, time and size of each template in the folder."""
    try:
        files = [(file.name, file.stat()) for file in sorted(folder.glob("*.j2"))]
    except OSError:
        return ()
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in files)


# -- in the child --------------------------------------------------------------------------------


def main() -> None:
    """Do tasks until the input ends."""
    from notifications.render import render_json
    from notifications.wording import word_json

    tasks: Mapping[str, Callable[..., Any]] = {"mail": render_json, "wording": word_json}
    _limit_process()
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    while line := requests.readline():
        task, arguments = json.loads(line)
        _limit_task()
        answers.write(json.dumps(_answer(tasks[task], arguments)).encode() + b"\n")
        answers.flush()


def _answer(task: Callable[..., Any], arguments: Sequence[Any]) -> Mapping[str, Any]:
    try:
        result = task(*arguments)
        if (size := len(json.dumps(result, ensure_ascii=False))) > _MAX_RESULT:
            raise ValueError(f"it makes {size} characters, and {_MAX_RESULT} are the most")
    except Exception as error:  # a template may raise anything, endless recursion included
        return {"fault": f"{type(error).__name__}: {str(error)[:_MAX_FAULT]}", "result": None}
    return {"fault": "", "result": result}


def _limit_process() -> None:
    """Set limits that this process cannot lift: on memory, no file written, no core."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # at Ctrl-C the parent closes our input
    if resource is None:
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _limit_task() -> None:
    """Allow a task its processor time; beyond it the kernel ends this process."""
    if resource is None:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + _SECONDS + 1, hard))

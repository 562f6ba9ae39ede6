"""Does the work of large counties in a child process, which ends after it: its memory goes back, and Python in it makes
no page of the daemon wait.

Work is any function of the store, the rules, the county's among them, and the instant. The child does it under the
rules that the daemon has taken, which are handed to it county by county, and by the daemon's clock. It ends when its
line does, also because the daemon was killed: what it had not committed is rolled back. To another program (after an
upgrade under a running daemon) nothing is handed over: then the daemon does the work itself.
"""

from __future__ import annotations

import logging
import os
import pickle
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from logging.handlers import QueueHandler
from queue import SimpleQueue
from typing import IO, Any, TypeVar

from tracker.core.law.county import Rulebook
from tracker.program import PROGRAM, own_process
from tracker.rulebook.loaded import Loaded
from tracker.store.engine import Store
from tracker.store.selection import count_rows

log = logging.getLogger(__name__)

_SAYING = logging.getLogger("tracker")
#: What the daemon is told to do by signals to its group is not for its child: the end of the line is.
_NOT_OURS = ("SIGINT", "SIGTERM", "SIGHUP")


T = TypeVar("T")
Work = Callable[[Store, Loaded, Rulebook, datetime], T]

#: Matters beyond which a county is large for what reads them: this many take a second.
_MANY = 10_000


class ProcessEndedError(Exception):
    """The process ended in the middle of its work; nothing of it was committed."""


class WorkProcess:
    """A child process for the counties of one job, started with the first; as a context manager it ends with it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._child: subprocess.Popen[bytes] | None = None
        self._is_refused = False  # it is of another program

    def __enter__(self) -> WorkProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """Of the child, where there is one."""
        return self._child.pid if self._child is not None else None

    def run(self, work: Work[T], loaded: Loaded, rulebook: Rulebook, now: datetime) -> T:
        """Do the work there; here where no child of this program can be had. Raises what was raised there.

        The function is handed over by its name, what it returns as a pickle.
        """
        child = self._ready()
        if child is None:
            return work(self._store, loaded, rulebook, now)
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            pickle.dump((work, loaded.only(rulebook.county.id), rulebook, now), child.stdin)
            child.stdin.flush()
            while True:
                kind, value = pickle.load(child.stdout)  # noqa: S301  (of our own child)
                if kind != "log":
                    break
                logging.getLogger(value.name).handle(value)
        except (OSError, EOFError, pickle.UnpicklingError):
            self.close()
            raise ProcessEndedError(f"the process of the work ended ({child.returncode}); nothing was done") from None
        if kind == "failed":
            error, trace = value
            error.add_note(trace)
            raise error
        return value  # type: ignore[no-any-return]

    def close(self) -> None:
        """End the child, if there is one, and take its memory back."""
        if (child := self._child) is None:
            return
        self._child = None
        for line in (child.stdin, child.stdout):
            assert line is not None
            with suppress(OSError):  # it ended before it took all
                line.close()
        child.wait()

    def _ready(self) -> subprocess.Popen[bytes] | None:
        """The child; None for one of another program."""
        if self._child is not None or self._is_refused:
            return self._child
        command, environment = own_process(__name__, os.environ)
        child = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603
        self._child = child
        assert child.stdin is not None
        assert child.stdout is not None
        if child.stdout.readline().rstrip() != PROGRAM:
            log.warning(
                "the work is done in this process: another version of the program answered", extra={"action": "tick"}
            )
            self._is_refused = True
            self.close()
            return None
        store, level = self._store, _SAYING.getEffectiveLevel()
        url = store.url.render_as_string(hide_password=False)
        with suppress(OSError):  # it is asked next, and that says how it ended
            pickle.dump((url, store.durable, store.origin, level), child.stdin)
        return child


def run_by_size(
    apart: WorkProcess | None, work: Work[T], store: Store, loaded: Loaded, rulebook: Rulebook, now: datetime
) -> T:
    """Do the work of a county here, or of one with many matters `apart`."""
    if apart is not None and is_large(store, rulebook):
        return apart.run(work, loaded, rulebook, now)
    return work(store, loaded, rulebook, now)


def is_large(store: Store, rulebook: Rulebook) -> bool:
    """Whether reading all matters of the county takes long."""
    with store.read() as tx:
        return count_rows(tx, rulebook.county.id, _MANY + 1) > _MANY


# -- in the child ----------------------------------------------------------------------------------


_Request = tuple[Work[Any], Loaded, Rulebook, datetime]


class _Saying(QueueHandler):
    """Hands the lines of the log to the parent, which writes them as it writes its own."""

    def __init__(self, answers: IO[bytes]) -> None:
        super().__init__(SimpleQueue())
        self._answers = answers

    def enqueue(self, record: logging.LogRecord) -> None:
        _answer(self._answers, "log", record)


def serve() -> None:
    """Answer one request after the other until the line ends."""
    for name in _NOT_OURS:
        signal.signal(getattr(signal, name), signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints does not do so into the line
    answers.write(PROGRAM + b"\n")
    answers.flush()
    try:
        url, durable, origin, level = pickle.load(sys.stdin.buffer)  # noqa: S301  (of our parent)
    except EOFError:  # it is of another version, and hands nothing over
        return
    requests = SimpleQueue[_Request]()
    threading.Thread(target=_read, args=[requests], daemon=True).start()
    logging.basicConfig(level=logging.WARNING, handlers=[_Saying(answers)])
    _SAYING.setLevel(level)
    with Store(url, durable=durable, origin=origin) as store:
        while True:
            try:
                work, loaded, rulebook, now = requests.get()
                answer = "done", work(store, loaded, rulebook, now)
            except Exception as error:
                answer = "failed", _handed_over(error)
            _answer(answers, *answer)


def _read(requests: SimpleQueue[_Request]) -> None:
    """Read the requests; the end of the line is the end of this process, whatever it is at."""
    while True:
        try:
            requests.put(pickle.load(sys.stdin.buffer))  # noqa: S301  (of our parent)
        except (EOFError, OSError, pickle.UnpicklingError):
            os._exit(0)
        except Exception as error:  # it is not this program's
            traceback.print_exception(error)
            os._exit(1)


def _handed_over(error: Exception) -> tuple[Exception, str]:
    """The error, in words where it cannot be pickled, and where it was raised."""
    trace = "".join(traceback.format_exception(error))
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301  (our own)
    except Exception:
        return RuntimeError(repr(error)), trace
    return error, trace


def _answer(answers: IO[bytes], kind: str, value: Any) -> None:
    pickle.dump((kind, value), answers)
    answers.flush()


if __name__ == "__main__":
    serve()

"""Who this process is in leases, whether another one on this machine is gone, and how it stays small."""

from __future__ import annotations

import ctypes
import gc
import logging
import os
import pwd
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

log = logging.getLogger(__name__)

#: Seconds for what worker threads still do when all else has ended.
_PATIENCE = 3.0
_WORKERS = "worker"


def me() -> str:
    """This process as the holder of a lease."""
    return f"{socket.gethostname()}:{os.getpid()}"


def at_command_line() -> str:
    """From where a command acts, for the journal: the system's user, not the environment's, and the machine."""
    try:
        user = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # in a container a number may have no name
        user = f"uid-{os.getuid()}"
    return f"cli {user}@{socket.gethostname()}"


def as_daemon() -> str:
    """The same for the daemon."""
    return f"daemon {me()}"


def died(holder: str) -> bool:
    """Whether the holder ran on this machine and its process is gone: killed, it could give nothing back.

    A process that has our own number is not the one that is meant: in a container every start is number 1.
    """
    host, _, pid = holder.rpartition(":")
    if host != socket.gethostname() or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return int(pid) == os.getpid()


#: glibc's M_ARENA_MAX (mallopt(3)).
_ARENAS = -8


def worker_threads() -> ThreadPoolExecutor:
    """The threads in which a daemon reads and writes the database."""
    return ThreadPoolExecutor(thread_name_prefix=_WORKERS)


def leave(workers: ThreadPoolExecutor, code: int) -> None:
    """End the process at once, with `code`, where a worker thread is still busy after some seconds.

    No thread can be stopped from outside. As after a kill, its transaction is rolled back, and the next pass does it.
    """
    workers.shutdown(wait=False, cancel_futures=True)
    until = time.monotonic() + _PATIENCE
    threads = [thread for thread in threading.enumerate() if thread.name.startswith(_WORKERS)]
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    if any(thread.is_alive() for thread in threads):
        log.warning("ended while a pass was at work; the next one does it anew", extra={"action": "stop"})
        logging.shutdown()
        os._exit(code)


def one_heap() -> None:
    """Let all threads share one heap: each would keep its own for good, and Python runs one of them at a time."""
    try:
        ctypes.CDLL(None).mallopt(_ARENAS, 1)
    except (AttributeError, OSError):
        return  # another C library has no such thing


def slim() -> None:
    """Let go of memory that is free but kept: a daemon lives for months, what its first minutes needed with it."""
    gc.collect()
    try:
        ctypes.CDLL(None).malloc_trim(0)  # glibc keeps freed memory for the process
    except (AttributeError, OSError):
        return  # another C library gives it back by itself

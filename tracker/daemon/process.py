"""The process: its name in leases and in the journal, its end, its memory, and what it tells systemd."""

from __future__ import annotations

import ctypes
import gc
import getpass
import logging
import os
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

log = logging.getLogger(__name__)

#: Seconds that worker threads get when everything else has ended.
_PATIENCE = 3.0
_WORKERS = "worker"


def holder_name() -> str:
    """The name of this process as the holder of a lease."""
    return f"{socket.gethostname()}:{os.getpid()}"


def command_origin() -> str:
    """The origin of a command for the journal: the system's user, not the environment's, and the machine."""
    try:
        import pwd
    except ImportError:  # not a POSIX system
        user = getpass.getuser()
    else:
        try:
            user = pwd.getpwuid(os.getuid()).pw_name
        except KeyError:  # in a container a user may have no name
            user = f"uid-{os.getuid()}"
    return f"cli {user}@{socket.gethostname()}"


def daemon_origin() -> str:
    """The origin of the daemon for the journal."""
    return f"daemon {holder_name()}"


def is_dead(holder: str) -> bool:
    """Whether the holder of a lease ran on this machine and its process is gone.

    A holder with this process's own number is gone too: in a container every start has number 1.
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


def exit_process(workers: ThreadPoolExecutor, code: int) -> None:
    """End the process at once, with `code`, where a worker thread is still busy after some seconds.

    No thread can be stopped from outside. As after a kill, its transaction is rolled back and the next pass repeats it.
    """
    workers.shutdown(wait=False, cancel_futures=True)
    deadline = time.monotonic() + _PATIENCE
    threads = [thread for thread in threading.enumerate() if thread.name.startswith(_WORKERS)]
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    if any(thread.is_alive() for thread in threads):
        log.warning("ended while a pass was at work; the next one does it anew", extra={"action": "stop"})
        logging.shutdown()
        os._exit(code)


def share_one_heap() -> None:
    """Let all threads share one heap: each would keep the memory of its own, and Python runs one thread at a time."""
    try:
        ctypes.CDLL(None).mallopt(_ARENAS, 1)
    except (AttributeError, OSError):
        return  # another C library does not have it


def free_memory() -> None:
    """Give free memory back to the system: a daemon runs for months and would keep what its first minutes needed."""
    gc.collect()
    try:
        ctypes.CDLL(None).malloc_trim(0)  # glibc keeps freed memory for the process
    except (AttributeError, OSError):
        return  # another C library gives it back by itself


def notify_systemd(state: str) -> bool:
    """Send `READY=1`, `WATCHDOG=1` or `STOPPING=1` by sd_notify(3); False if systemd did not start this process."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return False
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.connect("\0" + address[1:] if address.startswith("@") else address)
        sock.sendall(state.encode())
    return True

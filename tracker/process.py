"""Who this process is in leases, and whether another one on this machine is gone."""

from __future__ import annotations

import os
import socket


def me() -> str:
    """This process as the holder of a lease."""
    return f"{socket.gethostname()}:{os.getpid()}"


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

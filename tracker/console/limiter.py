"""Limits how often one caller may ask."""

from __future__ import annotations

import threading
from collections import OrderedDict
from datetime import datetime, timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address

#: So many callers are remembered; beyond that those that asked longest ago are forgotten.
_CALLERS = 10_000


def network_of(address: str) -> str:
    """Whom a limit counts: the address, of IPv6 the network of 64 bits, in which one caller has all addresses."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    if not isinstance(ip, IPv6Address):
        return address
    return str(ip.ipv4_mapped or IPv6Network((int(ip) >> 64 << 64, 64)))


class Limiter:
    """Allows each caller `most` times in `span`, refilled steadily. Threads may share it."""

    def __init__(self, most: int, span: timedelta) -> None:
        self._most = most
        self._interval, self._span = span / most, span
        self._full_at: OrderedDict[str, datetime] = OrderedDict()
        self._lock = threading.Lock()

    def allows(self, caller: str, now: datetime) -> bool:
        """Whether the caller (an address) may ask now; if so, this time is counted."""
        caller = network_of(caller)
        with self._lock:
            full = min(max(self._full_at.pop(caller, now), now), now + self._span)  # a clock set back shuts nobody out
            allowed = full - now <= self._interval * (self._most - 1)
            self._full_at[caller] = full + self._interval if allowed else full
            while len(self._full_at) > _CALLERS:
                self._full_at.popitem(last=False)
        return allowed

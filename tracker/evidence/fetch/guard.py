"""Which addresses may be dialled at all."""

from __future__ import annotations

import ipaddress

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def permitted(address: str, allow_private: bool) -> bool:
    """Whether an address may be dialled. Addresses that carry another one inside are judged by that."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return permitted(str(inner), allow_private)
    if ip.is_multicast or ip.is_unspecified:
        return False
    return allow_private or ip.is_global

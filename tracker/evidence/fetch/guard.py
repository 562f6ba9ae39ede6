"""Which addresses may be dialled at all.

The ranges are the registries' own (IANA, special-purpose addresses of IPv4 and IPv6): what Python calls global differs
from version to version and names only what is known not to be.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

#: IPv4 outside the public network: private, shared, loopback, link-local, protocol assignments, documentation, relays
#: of 6to4, benchmarks, multicast and what is reserved.
_NOT_PUBLIC = [
    IPv4Network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
    )
]  # fmt: skip
#: All that is assigned of IPv6 as public, and what is not public in it: protocol assignments with Teredo,
#: documentation, 6to4.
_PUBLIC6 = IPv6Network("2000::/3")
_NOT_PUBLIC6 = [IPv6Network(network) for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")]
#: Addresses that lead to the IPv4 address in their last 32 bits: mapped ones, and those of translators (RFC 6052).
_CARRIERS = (IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96"))
_BROADCAST = IPv4Address("255.255.255.255")


def permitted(address: str, allow_private: bool) -> bool:
    """Whether an address may be dialled. Addresses that lead to another one are judged by that.

    `allow_private`: everything that names one machine.
    """
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address) and any(ip in carrier for carrier in _CARRIERS):
        ip = IPv4Address(int(ip) & 0xFFFFFFFF)
    if ip.is_multicast or ip.is_unspecified or ip == _BROADCAST:
        return False
    return allow_private or _is_public(ip)


def _is_public(ip: IPv4Address | IPv6Address) -> bool:
    if isinstance(ip, IPv4Address):
        return not any(ip in network for network in _NOT_PUBLIC)
    return ip in _PUBLIC6 and not any(ip in network for network in _NOT_PUBLIC6)

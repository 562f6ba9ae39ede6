"""Checks mail addresses and encodes their domains, which may be of any script."""

from __future__ import annotations

import re

# One mailbox, in letters of any script, without spaces and control characters.
_PLAIN = re.compile(r"[^\s@<>()\[\],;:\"\\\x00-\x1f\x7f-\x9f]+@[^\s@<>()\[\],;:\"\\\x00-\x1f\x7f-\x9f]+")


def usable(address: str) -> bool:
    """Whether the text can be the address of a mail."""
    if _PLAIN.fullmatch(address) is None:
        return False
    try:
        to_ascii_domain(address)
    except ValueError:
        return False
    return True


def to_ascii_domain(address: str) -> tuple[str, bool]:
    """The address with its domain in ASCII, and whether it still needs SMTPUTF8 (RFC 6531).

    ValueError: the domain is none.
    """
    local, _, domain = address.rpartition("@")
    if not domain.isascii():
        domain = domain.encode("idna").decode("ascii")
    return f"{local}@{domain}", not local.isascii()

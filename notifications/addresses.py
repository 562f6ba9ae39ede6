"""Addresses as the mail system takes them: a domain of any script in ASCII, a local part of any script as it is."""

from __future__ import annotations

import re

# One mailbox and nothing else; letters of any script, no space or control character of any.
_PLAIN = re.compile(r"[^\s@<>()\[\],;:\"\\\x00-\x1f\x7f-\x9f]+@[^\s@<>()\[\],;:\"\\\x00-\x1f\x7f-\x9f]+")


def usable(address: str) -> bool:
    """Whether the text can be the address of a mail."""
    if _PLAIN.fullmatch(address) is None:
        return False
    try:
        on_the_wire(address)
    except ValueError:
        return False
    return True


def on_the_wire(address: str) -> tuple[str, bool]:
    """The address with its domain in ASCII, and whether it still needs SMTPUTF8 (RFC 6531).

    ValueError: the domain is none.
    """
    local, _, domain = address.rpartition("@")
    if not domain.isascii():
        domain = domain.encode("idna").decode("ascii")
    return f"{local}@{domain}", not local.isascii()

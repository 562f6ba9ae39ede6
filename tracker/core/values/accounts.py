"""The accounts of the people who log in at the pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What somebody is in a county: it decides which pages are seen and what may be done on them."""

    LIAISON = "liaison"
    OFFICE = "county-office"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"


@dataclass(frozen=True, slots=True)
class Account:
    """A person who may log in. `name`: as the journal names the person; `department`: of a liaison, else "".

    `password`: its Argon2id hash; `must_change`: it was given by somebody else. `totp`: the secret of the second
    factor in base32, "" where there is none; `totp_step`: the last time step whose code was taken (RFC 6238, 5.2).
    """

    id: int
    county: str
    login: str
    name: str
    role: Role
    department: str
    password: str
    must_change: bool
    totp: str
    totp_step: int
    created_at: datetime
    disabled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A person's stay, from log-in to its end. `digest`: SHA-256 of the cookie's value."""

    digest: str
    account: int
    began_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Failures:
    """The log-ins in a row that failed for an account or from an address, and when the last one did."""

    key: str
    count: int
    last_at: datetime

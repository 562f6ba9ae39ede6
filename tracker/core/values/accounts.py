"""The accounts of the people who log in at the pages, and the tokens of other systems."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


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
    `region`: of an auditor who reads other counties too, where those lie (`divisions.lies_in`); "" of all others.
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
    region: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """A person's stay, from log-in to its end. `digest`: SHA-256 of the cookie's value."""

    digest: str
    account: int
    began_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Feed:
    """The address at which programs read an account's due days without a log-in. `digest`: SHA-256 of its secret."""

    digest: str
    account: int
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Failures:
    """The log-ins in a row that failed for an account or from an address, and when the last one did."""

    key: str
    count: int
    last_at: datetime


class Scope(StrEnum):
    """What another system may do with its token."""

    EVENTS_WRITE = "events:write"
    EVIDENCE_WRITE = "evidence:write"
    MATTERS_READ = "matters:read"
    COLUMNS_READ = "columns:read"
    COUNTIES_READ = "counties:read"


@dataclass(frozen=True, slots=True)
class ApiToken:
    """The key of another system. `name`: the system, as the journal names it; `digest`: SHA-256 of the token;
    `scopes`: what it may do, apart by blanks; `department`: the only one whose matters it reaches, "": all. `region`:
    the counties whose sums it reads, "": its own alone.
    """

    id: int
    county: str
    name: str
    department: str
    digest: str
    scopes: str
    created_by: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    region: str = ""

    def counts(self, now: datetime) -> bool:
        """Whether it was not revoked and has not run out."""
        return self.revoked_at is None and now < self.expires_at

    def may(self, scope: Scope) -> bool:
        return scope in self.scopes.split()

    def owns(self, department: str) -> bool:
        """Whether what belongs to a department, or to a joint assignment `a+b`, is open to the system."""
        return not self.department or self.department in department.split("+")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a system was answered to what it sent under a number of its own. `system`: its token's name; `kind`: of
    what was sent; `digest`: SHA-256 of that, so that the same is known again; `answer`: as it was given.
    """

    county: str
    system: str
    kind: str
    number: str
    digest: str
    answer: Mapping[str, Any]
    recorded_at: datetime

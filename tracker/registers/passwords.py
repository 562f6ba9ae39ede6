"""Hashes passwords and checks them, makes first passwords and tokens. The only home of argon2 and pyotp."""

from __future__ import annotations

import hashlib
import secrets
import threading
from datetime import datetime
from functools import cache

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from tracker.core.values.message import Message
from tracker.registers.errors import RegisterError

#: Characters of a password: NIST SP 800-63B, 3.1.1.2 asks for length and for no mixture of kinds.
SHORTEST, LONGEST = 10, 128
#: So many different characters at least: 1111111111 is long enough and is guessed first.
_DIFFERENT = 5
#: Without letters and digits that are taken for one another when a password is read out.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
#: Seconds of a time step, and steps by which a telephone's clock may be off (RFC 6238, 5.2).
_STEP, _OFF = 30, 1
#: Hashes computed at the same time: each takes 64 MB.
_TURNS = threading.Semaphore(2)


@cache
def _hasher() -> PasswordHasher:
    """Argon2id with the second recommended option of RFC 9106, 4: 64 MB, three passes."""
    return PasswordHasher()


@cache
def _nobody() -> str:
    """The hash of a password that nobody has: an unknown name takes as long as a known one."""
    return _hasher().hash(secrets.token_hex())


def hash_password(password: str) -> str:
    with _TURNS:
        return _hasher().hash(password)


def is_password(digest: str, password: str) -> bool:
    """Whether the hash is of that password; "" is the hash of none. Takes as long for every hash."""
    with _TURNS:
        try:
            return _hasher().verify(digest or _nobody(), password[:LONGEST]) and bool(digest)
        except (VerificationError, InvalidHashError):
            return False


def check_password(password: str, login: str) -> None:
    """Refuse a password that is guessed soon. Raises RegisterError."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise RegisterError("a password has {least} to {most} characters", least=SHORTEST, most=LONGEST)
    if len(set(password)) < _DIFFERENT:
        raise RegisterError(
            Message("the password repeats few characters; take at least {count} different ones", count=_DIFFERENT)
        )
    if login.lower() in password.lower():
        raise RegisterError("the password contains the log-in name; take another one")


def make_password() -> str:
    """A first password, which its owner changes at the first log-in: 80 bits in groups of four."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(16))
    return "-".join(letters[start : start + 4] for start in range(0, 16, 4))


def make_token() -> str:
    """A key of 256 bits: the value of a session's cookie, or, behind its prefix, another system's token."""
    return secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    """What the database keeps of a key. A key of 256 bits is not guessed from its SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()


def find_totp_step(secret: str, code: str, now: datetime) -> int | None:
    """The time step to which the code of a second factor belongs; None where it is none of this time (RFC 6238)."""
    totp, step = pyotp.TOTP(secret), int(now.timestamp()) // _STEP
    fits = (
        each for each in range(step - _OFF, step + _OFF + 1) if secrets.compare_digest(totp.generate_otp(each), code)
    )
    return next(fits, None) if code.isascii() and code.isdecimal() else None


def make_totp_secret() -> str:
    return pyotp.random_base32()


def totp_address(secret: str, login: str, issuer: str) -> str:
    """The address that telephones read: otpauth://totp/…"""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=issuer)

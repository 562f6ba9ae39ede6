"""Reads and writes the key file of personal data, which lies outside the database.

It holds keys by name, of which one is current. A name ends in the key's fingerprint, so that a key that was changed or
mixed up is refused when the file is read. Nobody but the file's user may read it.
"""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import yaml
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tracker.core.values.message import Message
from tracker.store.engine import StoreError

#: Bytes of a key, and of the keys that are derived from it.
_KEY_BYTES = 32
_FINGERPRINT = 7
_HEAD = """\
# 申请人信息的密钥（duban request key）。数据库与本文件分开备份：丢失本文件，已存的申请人信息无法恢复。
# Keys of the personal data. Keep a copy apart from the database: without this file the data cannot be read again.
"""


@dataclass(frozen=True, slots=True)
class PersonKey:
    """One key by its name: YYYYMMDD-fingerprint."""

    name: str
    material: bytes = field(repr=False)

    def derive(self, purpose: str) -> bytes:
        """The key for one purpose (HKDF-SHA256)."""
        derivation = HKDF(SHA256(), length=_KEY_BYTES, salt=None, info=f"duban persons {purpose}".encode())
        return derivation.derive(self.material)

    @property
    def is_genuine(self) -> bool:
        """Whether it is the key that was given this name."""
        return self.name[9:] == _fingerprint(self.material)


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of a key file. `current`: what new rows are encrypted with."""

    path: Path
    current: PersonKey
    by_name: Mapping[str, PersonKey]

    def get(self, name: str) -> PersonKey:
        """The key of that name. Raises StoreError where the file does not have it."""
        key = self.by_name.get(name)
        if key is None:
            raise StoreError(
                Message(
                    "{path}: the key {name} is missing: bring the file back from the copy that is kept apart from the "
                    "database; what is encrypted with it cannot be read without it",
                    path=self.path,
                    name=name,
                )
            )
        return key


def load_keys(path: Path) -> Keys:
    """Read the key file. Raises StoreError where it is missing, can be read by others, or holds what is no key."""
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise StoreError(
            Message(
                "{path}: there is no key file: duban request key create makes one; if personal data is stored already, "
                "bring the file back from the copy that is kept apart from the database",
                path=path,
            )
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(Message("{path}: the key file cannot be read: {why}", path=path, why=str(error))) from None
    if mode & 0o077:
        raise StoreError(
            Message(
                "{path}: others can read the key file (mode {mode}): chmod 600 it", path=path, mode=f"{mode:o}"[-3:]
            )
        )
    return _parse(path, text)


def _parse(path: Path, text: str) -> Keys:
    refusal = StoreError(
        Message("{path}: not a key file: bring it back from its copy (duban request key create made it)", path=path)
    )
    try:
        content = yaml.load(text, yaml.BaseLoader)  # noqa: S506  (texts only)
        keys = [PersonKey(name, base64.b64decode(key, validate=True)) for name, key in content["keys"].items()]
        current = content["current"]
    except (yaml.YAMLError, KeyError, TypeError, AttributeError, binascii.Error):
        raise refusal from None
    for key in keys:
        if len(key.material) != _KEY_BYTES or not key.is_genuine:
            raise StoreError(
                Message("{path}: the key {name} is not the one that was given this name", path=path, name=key.name)
            )
    by_name = {key.name: key for key in keys}
    if current not in by_name:
        raise refusal
    return Keys(path, by_name[current], by_name)


def create_key_file(path: Path, today: date) -> Keys:
    """Make a key file with one new key. Raises StoreError where there is a file already: nothing is written over."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = _generate(today)
    keys = Keys(path, key, {key.name: key})
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise StoreError(
            Message("{path}: there is a key file already; duban request key rotate makes a new key", path=path)
        ) from None
    _write(descriptor, keys)
    return keys


def add_key(keys: Keys, today: date) -> Keys:
    """Write a new key into the key file and make it the current one; the older ones stay."""
    key = _generate(today)
    return _replace_file(Keys(keys.path, key, {**keys.by_name, key.name: key}))


def remove_key(keys: Keys, name: str) -> Keys:
    """Take a key that is not the current one out of the key file."""
    assert name != keys.current.name
    return _replace_file(Keys(keys.path, keys.current, {n: key for n, key in keys.by_name.items() if n != name}))


def _replace_file(keys: Keys) -> Keys:
    """Write the file beside the old one and put it in its place, so that a crash leaves the one or the other."""
    target = keys.path.resolve()
    beside = target.with_name(f"{target.name}.{secrets.token_hex(4)}")
    _write(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), keys)
    os.replace(beside, target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return keys


def _write(descriptor: int, keys: Keys) -> None:
    lines = [f'  "{key.name}": {base64.b64encode(key.material).decode()}\n' for key in keys.by_name.values()]
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(f'{_HEAD}current: "{keys.current.name}"\nkeys:\n{"".join(lines)}')
        file.flush()
        os.fsync(file.fileno())


def _generate(today: date) -> PersonKey:
    material = secrets.token_bytes(_KEY_BYTES)
    return PersonKey(f"{today:%Y%m%d}-{_fingerprint(material)}", material)


def _fingerprint(material: bytes) -> str:
    """The first characters of a hash of the key, which tell keys apart and nothing about them."""
    return PersonKey("", material).derive("name").hex()[:_FINGERPRINT]

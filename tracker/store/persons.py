"""Stores the personal data of requests encrypted, and who looked at it.

AES-256-GCM with a key of the key file. County, request and role are authenticated with it, so that a row that was moved
to another request cannot be read. The digest is an HMAC-SHA256 of what identifies the person; its key is derived from
the same key, so a rotation makes every digest anew.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections import Counter
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from typing import Literal

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tracker.core.requests.identity import identify
from tracker.core.requests.values import Person, Request
from tracker.core.values.message import ListedWord, Message
from tracker.store.engine import StoreError, Tx
from tracker.store.person_keys import Keys, PersonKey
from tracker.store.rows import batches, read_all, select_as
from tracker.store.tables_requests import persons, request_moves, requests

Role = Literal["applicant", "agent", "third-party"]
ROLES: tuple[Role, ...] = ("applicant", "agent", "third-party")
_NONCE = 12


@dataclass(frozen=True, slots=True)
class PersonPlace:
    """Where a person's row belongs: what is authenticated with it."""

    county: str
    request: int
    role: Role

    @property
    def associated(self) -> bytes:
        return json.dumps([self.county, self.request, self.role]).encode()


@dataclass(frozen=True, slots=True)
class StoredPerson:
    """A row. `key`: the name of the key with which box and digest were made."""

    id: int
    request: int
    role: Role
    key: str
    box: bytes
    digest: str


class PersonBox:
    """Encrypts and decrypts persons with one key."""

    def __init__(self, key: PersonKey) -> None:
        self._key = key
        self._cipher = AESGCM(key.derive("encrypt"))

    def encrypt(self, person: Person, place: PersonPlace) -> bytes:
        """The nonce and the encrypted person."""
        plain = json.dumps(asdict(person), ensure_ascii=False, sort_keys=True).encode()
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, plain, place.associated)

    def decrypt(self, box: bytes, place: PersonPlace) -> Person:
        """The person. Raises StoreError where the row was changed, or belongs to another place."""
        try:
            plain = self._cipher.decrypt(box[:_NONCE], box[_NONCE:], place.associated)
        except (InvalidTag, ValueError):
            raise StoreError(
                Message(
                    "the {role} of the request with the id {request} cannot be decrypted with key {key}: the row was "
                    "changed, or moved here from another request; bring the database back from its backup",
                    role=ListedWord("role", place.role),
                    request=place.request,
                    key=self._key.name,
                )
            ) from None
        return Person(**json.loads(plain))


def compute_person_digest(key: PersonKey, person: Person, place: PersonPlace) -> str:
    """The keyed hash under which the same person is found again, in whatever request.

    Of a person with nothing but a name it is one of this request only, since many people share a name.
    """
    parts = identify(person) or ("here", person.name, place.associated.decode())
    text = json.dumps(parts, ensure_ascii=False).encode()
    return hmac.new(key.derive("digest"), text, hashlib.sha256).hexdigest()


def compute_digests(keys: Keys, person: Person, place: PersonPlace) -> list[str]:
    """The digests of a person under every key of the file, since during a rotation rows have the one or the other."""
    return [compute_person_digest(key, person, place) for key in keys.by_name.values()]


def add_person(tx: Tx, keys: Keys, request: Request, role: Role, person: Person) -> StoredPerson | None:
    """Store a person with the current key; None where the same person is on record in this role."""
    place = PersonPlace(request.county, request.id, role)
    same = (
        persons.c.request == request.id,
        persons.c.role == role,
        persons.c.digest.in_(compute_digests(keys, person, place)),
    )
    if tx.execute(sa.select(persons.c.id).where(*same)).first() is not None:
        return None
    key = keys.current
    values = {
        "request": request.id,
        "role": role,
        "key": key.name,
        "box": PersonBox(key).encrypt(person, place),
        "digest": compute_person_digest(key, person, place),
    }
    number = tx.execute(persons.insert().values(values).returning(persons.c.id)).scalar_one()
    return StoredPerson(id=number, **values)  # type: ignore[arg-type]


def list_persons(tx: Tx, request: int) -> list[StoredPerson]:
    """The rows of a request, still encrypted."""
    return list_persons_of(tx, [request])


def list_persons_of(tx: Tx, requests: Collection[int]) -> list[StoredPerson]:
    """The rows of many requests, still encrypted."""
    query = select_as(StoredPerson, persons).order_by(persons.c.request, persons.c.id)
    found = (read_all(tx, StoredPerson, query.where(persons.c.request.in_(ids))) for ids in batches(requests, 500))
    return [row for rows in found for row in rows]


def has_persons(tx: Tx, request: int) -> bool:
    return tx.execute(sa.select(persons.c.id).where(persons.c.request == request).limit(1)).first() is not None


def read_person(keys: Keys, county: str, stored: StoredPerson) -> Person:
    """The person of a row in clear. Raises StoreError where the key is missing or the row is not genuine."""
    place = PersonPlace(county, stored.request, stored.role)
    return PersonBox(keys.get(stored.key)).decrypt(stored.box, place)


def delete_person(tx: Tx, stored: StoredPerson) -> None:
    tx.execute(persons.delete().where(persons.c.id == stored.id))


def find_same_person(tx: Tx, county: str, digests: Collection[str], role: Role = "applicant") -> list[int]:
    """The ids of the county's requests in which one of these digests stands in that role."""
    query = (
        sa.select(persons.c.request)
        .join(requests, requests.c.id == persons.c.request)
        .where(requests.c.county == county, persons.c.role == role, persons.c.digest.in_(digests))
        .order_by(persons.c.request)
    )
    return list(tx.execute(query).scalars())


def count_persons_by_key(tx: Tx) -> dict[str, int]:
    """How many rows need which key."""
    query = sa.select(persons.c.key, sa.func.count()).group_by(persons.c.key).order_by(persons.c.key)
    return dict(map(tuple, tx.execute(query)))


def reencrypt_persons(tx: Tx, keys: Keys, limit: int) -> Counter[str]:
    """Encrypt up to `limit` rows of older keys with the current one, digests too; how many there were by county."""
    query = (
        select_as(StoredPerson, persons)
        .add_columns(requests.c.county)
        .join(requests, requests.c.id == persons.c.request)
        .where(persons.c.key != keys.current.name)
        .order_by(persons.c.id)
        .limit(limit)
        .with_for_update(of=persons)
    )
    box, changed, counts = PersonBox(keys.current), [], Counter[str]()
    for *columns, county in tx.execute(query):
        stored = StoredPerson(*columns)
        person, place = read_person(keys, county, stored), PersonPlace(county, stored.request, stored.role)
        digest = compute_person_digest(keys.current, person, place)
        changed.append(replace(stored, key=keys.current.name, box=box.encrypt(person, place), digest=digest))
        counts[county] += 1
    for row in changed:
        values = {"key": row.key, "box": row.box, "digest": row.digest}
        tx.execute(persons.update().where(persons.c.id == row.id).values(values))
    return counts


def list_handlers(tx: Tx, request: int) -> set[str]:
    """Who entered the request or a move of it."""
    moved = sa.select(request_moves.c.by).where(request_moves.c.request == request)
    entered = sa.select(requests.c.created_by).where(requests.c.id == request)
    return set(tx.execute(sa.union(moved, entered)).scalars())

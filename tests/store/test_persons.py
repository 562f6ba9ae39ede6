"""The personal data of requests is stored encrypted, belongs to its request, and survives a rotation of its key."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from tracker.core.requests.values import Move, MoveKind, Person, Request, RequestState
from tracker.store.counties import ensure_county
from tracker.store.engine import Store, StoreError, Tx
from tracker.store.journal import list_rows
from tracker.store.person_keys import Keys, add_key, create_key_file, load_keys, remove_key
from tracker.store.person_retention import delete_expired_persons
from tracker.store.persons import (
    PersonPlace,
    Role,
    StoredPerson,
    add_person,
    compute_digests,
    count_persons_by_key,
    find_same_person,
    list_persons,
    read_person,
    reencrypt_persons,
)
from tracker.store.requests import add_move, add_request
from tracker.store.tables_requests import persons, request_moves, requests

DAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ZHANG = Person("张三", "resident", "11010519491231002X", "13800001234", "某镇某村", "z@example.com", "请公开补偿方案")
LI = Person("李四", phone="13900005678")


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return create_key_file(tmp_path / "keys" / "persons.key", DAY)


def new_request(tx: Tx, number: int, county: str = "sample", **changes: object) -> Request:
    ensure_county(tx, county)
    request = Request(
        0, county, "request", "guotu", 2026, number, "guotu", "online", DAY, DAY, "natural", "补偿方案",
        created_at=NOW, created_by="王五",
    )  # fmt: skip
    return add_request(tx, replace(request, **changes))  # type: ignore[arg-type]


def stored(tx: Tx, request: Request) -> StoredPerson:
    [row] = list_persons(tx, request.id)
    return row


# -- rows -------------------------------------------------------------------------------------------


def test_a_person_comes_back_as_stored_and_nothing_lies_in_clear(store: Store, keys: Keys) -> None:
    with store.begin() as tx:
        request = new_request(tx, 1)
        add_person(tx, keys, request, "applicant", ZHANG)
    with store.read() as tx:
        row = stored(tx, request)
        assert read_person(keys, "sample", row) == ZHANG
        [raw] = tx.execute(sa.select(persons))
    assert not any(word.encode() in bytes(raw.box) for word in (ZHANG.name, ZHANG.id_number, ZHANG.phone))
    assert row.digest
    assert ZHANG.id_number not in repr(raw)


MOVED: Sequence[tuple[str, dict[str, object]]] = [
    ("to another request", {"request": 2}),
    ("to another role", {"role": "agent"}),
]


@pytest.mark.parametrize(("where", "change"), MOVED, ids=[where for where, _ in MOVED])
def test_a_row_that_was_moved_cannot_be_read(store: Store, keys: Keys, where: str, change: dict[str, object]) -> None:
    with store.begin() as tx:
        first, second = new_request(tx, 1), new_request(tx, 2)
        assert (first.id, second.id) == (1, 2)
        add_person(tx, keys, first, "applicant", ZHANG)
        tx.execute(persons.update().values(**change))
        [row] = list_persons(tx, first.id) or list_persons(tx, second.id)
        with pytest.raises(StoreError, match="moved here from another request"):
            read_person(keys, "sample", row)


def test_a_request_that_was_moved_to_another_county_takes_nobody_along(store: Store, keys: Keys) -> None:
    with store.begin() as tx:
        request = new_request(tx, 1)
        add_person(tx, keys, request, "applicant", ZHANG)
        with pytest.raises(StoreError, match="cannot be decrypted"):
            read_person(keys, "other", stored(tx, request))


def test_a_changed_row_cannot_be_read(store: Store, keys: Keys) -> None:
    with store.begin() as tx:
        request = new_request(tx, 1)
        add_person(tx, keys, request, "applicant", ZHANG)
        row = stored(tx, request)
    for box in (row.box[:-1], bytes([row.box[0] ^ 1]) + row.box[1:], b"", row.box[:12]):
        with pytest.raises(StoreError, match="was changed"):
            read_person(keys, "sample", replace(row, box=box))


def test_the_same_person_is_stored_once_a_role_and_found_in_other_requests(store: Store, keys: Keys) -> None:
    with store.begin() as tx:
        first, second, third = (new_request(tx, number) for number in (1, 2, 3))
        other = new_request(tx, 1, "other")
        for request in (first, second, other):
            assert add_person(tx, keys, request, "applicant", ZHANG) is not None
        assert add_person(tx, keys, first, "applicant", replace(ZHANG, phone="")) is None
        assert add_person(tx, keys, third, "applicant", LI) is not None
        digests = compute_digests(keys, ZHANG, PersonPlace("sample", first.id, "applicant"))
        assert find_same_person(tx, "sample", digests) == [first.id, second.id]


def test_people_with_nothing_but_the_same_name_are_never_taken_for_one(store: Store, keys: Keys) -> None:
    with store.begin() as tx:
        first, second = new_request(tx, 1), new_request(tx, 2)
        for request in (first, second):
            add_person(tx, keys, request, "applicant", Person("张伟"))
        digests = compute_digests(keys, Person("张伟"), PersonPlace("sample", first.id, "applicant"))
        assert find_same_person(tx, "sample", digests) == [first.id]


def test_who_holds_the_database_alone_cannot_test_a_guess(keys: Keys, tmp_path: Path) -> None:
    """Identity numbers can be counted through; the hash depends on the key."""
    place = PersonPlace("sample", 1, "applicant")
    other = create_key_file(tmp_path / "other.yaml", DAY)
    assert compute_digests(keys, ZHANG, place) != compute_digests(other, ZHANG, place)


# -- keys -------------------------------------------------------------------------------------------


def test_the_key_file_is_its_users_alone_and_reads_back(keys: Keys) -> None:
    assert stat.S_IMODE(keys.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(keys.path.parent.stat().st_mode) == 0o700
    assert load_keys(keys.path) == keys
    assert keys.current.material.hex() not in repr(keys)
    with pytest.raises(StoreError, match="there is a key file already"):
        create_key_file(keys.path, DAY)


def test_a_key_file_that_cannot_be_right_is_refused_with_what_to_do(keys: Keys, tmp_path: Path) -> None:
    text, path = keys.path.read_text(), keys.path
    other = create_key_file(tmp_path / "other.yaml", DAY)

    def refusal(content: str | None, mode: int = 0o600) -> str:
        path.unlink(missing_ok=True)
        if content is not None:
            path.write_text(content)
            path.chmod(mode)
        with pytest.raises(StoreError) as error:
            load_keys(path)
        assert keys.current.material.hex() not in str(error.value)
        return str(error.value)

    assert "request key create" in refusal(None)
    assert "others can read" in refusal(text, 0o640)
    assert "(mode 604)" in refusal(text, 0o604)
    assert "not a key file" in refusal("")
    assert "not a key file" in refusal("keys: [1]")
    assert "not a key file" in refusal(text.replace("current:", "now:"))
    assert "not a key file" in refusal(text.replace('current: "', 'current: "x'))
    mixed_up = other.path.read_text().replace(other.current.name, keys.current.name)
    assert "is not the one that was given this name" in refusal(mixed_up)


def test_a_missing_key_is_named(store: Store, keys: Keys, tmp_path: Path) -> None:
    other = create_key_file(tmp_path / "other.yaml", DAY)
    with store.begin() as tx:
        request = new_request(tx, 1)
        add_person(tx, keys, request, "applicant", ZHANG)
        with pytest.raises(StoreError, match=f"the key {keys.current.name} is missing"):
            read_person(other, "sample", stored(tx, request))


def test_a_broken_write_leaves_the_old_key_file(keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        add_key(keys, DAY)
    assert load_keys(keys.path) == keys


def test_a_rotation_makes_boxes_and_digests_anew_in_batches(store: Store, keys: Keys) -> None:
    with store.begin() as tx:
        found = [new_request(tx, number) for number in range(1, 6)]
        for request in found:
            add_person(tx, keys, request, "applicant", ZHANG)
        before = [stored(tx, request) for request in found]
        newer = add_key(keys, DAY + timedelta(days=365))
        assert reencrypt_persons(tx, newer, 2) == {"sample": 2}
        assert count_persons_by_key(tx) == {keys.current.name: 3, newer.current.name: 2}
        digests = compute_digests(newer, ZHANG, PersonPlace("sample", 1, "applicant"))
        assert len(find_same_person(tx, "sample", digests)) == 5, "half way through too"
        assert add_person(tx, newer, found[4], "applicant", ZHANG) is None, "under the older key it is the same person"
        assert reencrypt_persons(tx, newer, 10) == {"sample": 3}
        assert reencrypt_persons(tx, newer, 10) == {}
        after = [stored(tx, request) for request in found]
        assert all(read_person(newer, "sample", row) == ZHANG for row in after)
        assert not {row.digest for row in before} & {row.digest for row in after}
    last = remove_key(newer, keys.current.name)
    assert load_keys(keys.path) == last
    assert list(last.by_name) == [newer.current.name]


# -- retention --------------------------------------------------------------------------------------

OLD, YOUNG = date(2020, 3, 2), date(2025, 3, 2)
ENDS: Sequence[tuple[str, RequestState, list[tuple[MoveKind, date]], bool]] = [
    ("archived long ago", RequestState.ARCHIVED, [(MoveKind.ARCHIVE, OLD)], True),
    ("archived lately", RequestState.ARCHIVED, [(MoveKind.ARCHIVE, YOUNG)], False),
    ("withdrawn long ago", RequestState.WITHDRAWN, [(MoveKind.WITHDRAW, OLD)], True),
    ("abandoned long ago", RequestState.ABANDONED, [(MoveKind.ABANDON, OLD)], True),
    ("never archived", RequestState.ANSWERED, [(MoveKind.ANSWER, OLD)], False),
    ("an appeal is open", RequestState.ARCHIVED, [(MoveKind.ARCHIVE, OLD), (MoveKind.APPEAL, OLD)], False),
    (
        "an appeal was decided long ago",
        RequestState.ARCHIVED,
        [(MoveKind.ARCHIVE, OLD), (MoveKind.APPEAL, OLD), (MoveKind.APPEAL_RESULT, OLD)],
        True,
    ),
    (
        "an appeal was decided lately",
        RequestState.ARCHIVED,
        [(MoveKind.ARCHIVE, OLD), (MoveKind.APPEAL, OLD), (MoveKind.APPEAL_RESULT, YOUNG)],
        False,
    ),
]


@pytest.mark.parametrize(("how", "state", "moves", "gone"), ENDS, ids=[how for how, *_ in ENDS])
def test_persons_go_long_after_the_request_ended_and_the_request_stays(
    store: Store, keys: Keys, how: str, state: RequestState, moves: list[tuple[MoveKind, date]], gone: bool
) -> None:
    with store.begin() as tx:
        request = new_request(tx, 1, state=state)
        roles: tuple[Role, ...] = ("applicant", "third-party")
        for role in roles:
            add_person(tx, keys, request, role, ZHANG)
        for kind, on in moves:
            add_move(tx, Move(0, request.id, 0, kind, on, NOW, "王五"))
    before = NOW - timedelta(days=1830)
    with store.begin() as tx:
        assert delete_expired_persons(tx, before, NOW) == (2 if gone else 0)
        assert delete_expired_persons(tx, before, NOW) == 0
        assert len(list_persons(tx, request.id)) == (0 if gone else 2)
        assert len(tx.execute(sa.select(requests.c.id)).all()) == 1
        assert len(tx.execute(sa.select(request_moves.c.id)).all()) == len(moves)
        journal = [(row.action, row.after) for row in list_rows(tx, "sample")]
    expected = '{"count":2,"ended_before":"2021-02-26T09:00:00+00:00","requests":["request:2026-guotu-1"]}'
    assert journal == ([("persons.deleted", expected)] if gone else [])


def test_a_request_entered_by_mistake_gives_its_persons_up_too(store: Store, keys: Keys) -> None:
    with store.begin() as tx:
        wrong = new_request(tx, 1, withdrawn_at=datetime(2020, 1, 1, tzinfo=UTC))
        add_person(tx, keys, wrong, "applicant", ZHANG)
        assert delete_expired_persons(tx, NOW - timedelta(days=1830), NOW) == 1

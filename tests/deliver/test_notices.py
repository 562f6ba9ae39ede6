"""Notices in the database: once under their key, taken back or claimed by exactly one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tracker.core.escalation.notices import DeliveryState, Notice, NoticeKey
from tracker.store import messages
from tracker.store.counties import ensure_county
from tracker.store.engine import Store, Tx
from tracker.store.messages import MessageRow
from tracker.store.notices import (
    cancel_notices,
    insert_notices,
    list_notices,
    load_delivery_states,
    load_last_details,
    supersede_notices,
)

NOW = datetime(2015, 10, 8, 1, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
KEY = NoticeKey("sample/plan-2015/monthly/huanbao/2015-09", 0, 0, "overdue", 0, "liaison", "mail")
NOTICE = Notice(KEY, "sample", "huanbao", "overdue", False, "时限已过。", NOW, {"kind": "overdue", "duty": "月报"})
MESSAGE = MessageRow("m-1", "sample", "mail", "liaison", "huanbao", "hb@x.cn", "逾期", b"bytes", 1, NOW)


@pytest.fixture
def county(store: Store) -> Store:
    with store.begin() as tx:
        ensure_county(tx, "sample")
    return store


def states(store: Store) -> dict[str, str]:
    with store.read() as tx:
        return {row["step"]: row["state"] for row in list_notices(tx, "sample")}


def test_a_notice_is_stored_once(county: Store) -> None:
    for expected in ([NOTICE], []):
        with county.begin() as tx:
            assert insert_notices(tx, [NOTICE], NOW) == expected
    with county.read() as tx:
        assert load_delivery_states(tx, "sample") == {KEY.subject: {KEY: DeliveryState("due", NOW)}}
        assert load_delivery_states(tx, "sample", ["another"]) == {}
        assert load_last_details(tx, "sample", [KEY.subject]) == {KEY.subject: NOTICE.detail}


@pytest.mark.parametrize("change", ["due_revision", "episode", "ordinal"])
def test_each_part_of_the_key_makes_another_notice(county: Store, change: str) -> None:
    other = replace(NOTICE, key=replace(KEY, **{change: 1}))
    with county.begin() as tx:
        assert insert_notices(tx, [NOTICE, other], NOW) == [NOTICE, other]


def test_a_cancelled_notice_may_become_due_again(county: Store) -> None:
    with county.begin() as tx:
        insert_notices(tx, [NOTICE], NOW)
        assert cancel_notices(tx, "sample", [(KEY, "已公开。")], NOW) == [KEY]
        assert cancel_notices(tx, "sample", [(KEY, "已公开。")], NOW) == []
    assert states(county) == {"overdue": "cancelled"}
    with county.begin() as tx:
        assert insert_notices(tx, [NOTICE], LATER) == [NOTICE]
    with county.read() as tx:
        assert load_delivery_states(tx, "sample")[KEY.subject][KEY] == DeliveryState("due", LATER)


def test_a_notice_that_still_waits_shows_the_new_state(county: Store) -> None:
    with county.begin() as tx:
        insert_notices(tx, [NOTICE], NOW)
        assert insert_notices(tx, [replace(NOTICE, detail={"duty": "月报（新）"}, not_before=LATER)], LATER) == []
        (due,) = messages.list_due_notices(tx, NOW)
        assert due.detail == {"duty": "月报（新）"}
        assert load_delivery_states(tx, "sample")[KEY.subject][KEY] == DeliveryState("due", NOW)


def test_a_superseded_notice_is_kept_and_never_sent(county: Store) -> None:
    with county.begin() as tx:
        insert_notices(tx, [NOTICE], NOW)
        skipped = [NOTICE, replace(NOTICE, key=replace(KEY, step="reminder"))]
        assert supersede_notices(tx, skipped, NOW) == skipped
        assert supersede_notices(tx, skipped, NOW) == []
        assert insert_notices(tx, [NOTICE], NOW) == []
    assert states(county) == {"overdue": "superseded", "reminder": "superseded"}


def test_a_claimed_notice_is_out_of_reach(county: Store) -> None:
    with county.begin() as tx:
        insert_notices(tx, [NOTICE], NOW)
        (due,) = messages.list_due_notices(tx, NOW)
        assert messages.claim_messages(tx, [(MESSAGE, [due.id])], NOW, LATER)
        assert cancel_notices(tx, "sample", [(KEY, "已公开。")], NOW) == []
        assert messages.list_due_notices(tx, LATER) == []
    assert states(county) == {"overdue": "claimed"}


def test_a_claim_takes_all_members_or_says_no(county: Store) -> None:
    second = replace(NOTICE, key=replace(KEY, step="to-lead"))
    with county.begin() as tx:
        insert_notices(tx, [NOTICE, second], NOW)
        members = [one.id for one in messages.list_due_notices(tx, NOW)]
        cancel_notices(tx, "sample", [(KEY, "已公开。")], NOW)
        assert not messages.claim_messages(tx, [(MESSAGE, members)], NOW, LATER)


def test_nothing_leaves_before_its_time(county: Store) -> None:
    with county.begin() as tx:
        insert_notices(tx, [replace(NOTICE, not_before=LATER)], NOW)
        assert messages.list_due_notices(tx, NOW) == []
        assert len(messages.list_due_notices(tx, LATER)) == 1


def test_a_lease_is_held_by_one(county: Store) -> None:
    with county.begin() as tx:
        assert messages.claim_messages(tx, [(MESSAGE, [])], NOW, LATER)
        assert messages.list_unfinished(tx, NOW) == []
        (found,) = messages.list_unfinished(tx, LATER)
        assert messages.retake_message(tx, found, LATER, LATER + timedelta(hours=1))
        assert not messages.retake_message(tx, found, LATER, LATER + timedelta(hours=1))
        assert not messages.record_retry(tx, found, "too late", LATER, LATER, doubtful=False)
        assert messages.record_sent(tx, {"m-1": "250"}, LATER) == {"m-1": []}
        assert messages.record_sent(tx, {"m-1": "250"}, LATER) == {}
        assert not messages.record_ended(tx, "m-1", "failed", "550")


# -- which state each deed leaves ----------------------------------------------------------------


def bring(tx: Tx, state: str) -> None:
    """A notice in that state, by the deeds that lead there."""
    insert_notices(tx, [NOTICE], NOW)
    if state == "cancelled":
        cancel_notices(tx, "sample", [(KEY, "已公开。")], NOW)
    elif state == "superseded":
        supersede_notices(tx, [replace(NOTICE, reason="由后续步骤代替。")], NOW)
    elif state in ("claimed", "sent"):
        (due,) = messages.list_due_notices(tx, NOW)
        assert messages.claim_messages(tx, [(MESSAGE, [due.id])], NOW, LATER)
        if state == "sent":
            messages.record_sent(tx, {MESSAGE.id: "250"}, NOW)


AGAIN = replace(NOTICE, reason="仍未公开。", not_before=LATER, detail={"kind": "overdue", "duty": "月报（新）"})


def insert(tx: Tx) -> bool:
    return bool(insert_notices(tx, [AGAIN], LATER))


def renew(tx: Tx) -> bool:
    return bool(insert_notices(tx, [AGAIN], LATER, renew=True))


def skip(tx: Tx) -> bool:
    return bool(supersede_notices(tx, [AGAIN], LATER))


def cancel(tx: Tx) -> bool:
    return bool(cancel_notices(tx, "sample", [(KEY, "已公开。")], LATER))


DEEDS = [
    # deed, state before, state after, whether it says that it changed something
    (insert, "due", "due", False),
    (insert, "cancelled", "due", True),
    (insert, "superseded", "superseded", False),
    (insert, "claimed", "claimed", False),
    (insert, "sent", "sent", False),
    (renew, "due", "due", True),
    (renew, "cancelled", "due", True),
    (renew, "superseded", "due", True),
    (renew, "claimed", "claimed", False),
    (renew, "sent", "sent", False),
    (skip, "due", "superseded", True),
    (skip, "cancelled", "superseded", True),
    (skip, "superseded", "superseded", False),
    (skip, "claimed", "claimed", False),
    (skip, "sent", "sent", False),
    (cancel, "due", "cancelled", True),
    (cancel, "cancelled", "cancelled", False),
    (cancel, "superseded", "superseded", False),
    (cancel, "claimed", "claimed", False),
    (cancel, "sent", "sent", False),
]


@pytest.mark.parametrize(
    ("deed", "before", "after", "changed"),
    DEEDS,
    ids=[f"{deed.__name__} of what is {state}" for deed, state, *_ in DEEDS],
)
def test_what_becomes_of_a_notice(
    county: Store, deed: Callable[[Tx], bool], before: str, after: str, changed: bool
) -> None:
    with county.begin() as tx:
        bring(tx, before)
        assert deed(tx) is changed
    assert states(county) == {"overdue": after}


@pytest.mark.parametrize("before", ["due", "cancelled", "superseded"])
def test_a_renewed_notice_leaves_at_its_new_time_with_its_new_words(county: Store, before: str) -> None:
    with county.begin() as tx:
        bring(tx, before)
        renew(tx)
        assert messages.list_due_notices(tx, LATER - timedelta(seconds=1)) == []
        (due,) = messages.list_due_notices(tx, LATER)
        (row,) = list_notices(tx, "sample")
        assert (due.detail, row["reason"], row["state_reason"]) == (AGAIN.detail, AGAIN.reason, "")
        assert load_delivery_states(tx, "sample")[KEY.subject][KEY] == DeliveryState("due", LATER)


@pytest.mark.parametrize("before", ["claimed", "sent"])
def test_what_has_left_the_house_keeps_its_words(county: Store, before: str) -> None:
    with county.begin() as tx:
        bring(tx, before)
        renew(tx)
        (row,) = list_notices(tx, "sample")
        assert (row["reason"], row["detail"], row["decided_at"]) == (NOTICE.reason, NOTICE.detail, NOW)


def test_what_is_skipped_without_particulars_keeps_those_it_had_and_when_it_was_decided(county: Store) -> None:
    with county.begin() as tx:
        bring(tx, "due")
        supersede_notices(tx, [replace(AGAIN, detail={})], LATER)
        (row,) = list_notices(tx, "sample")
        assert (row["state"], row["state_reason"]) == ("superseded", AGAIN.reason)
        assert (row["detail"], row["decided_at"]) == (NOTICE.detail, NOW)


def test_a_renewed_notice_that_left_is_not_claimed_again(county: Store) -> None:
    with county.begin() as tx:
        bring(tx, "superseded")
        renew(tx)
        (due,) = messages.list_due_notices(tx, LATER)
        second = replace(MESSAGE, id="m-2")
        assert messages.claim_messages(tx, [(MESSAGE, [due.id])], LATER, LATER)
        assert not messages.claim_messages(tx, [(second, [due.id])], LATER, LATER)
        assert messages.record_sent(tx, {MESSAGE.id: "250"}, LATER)
        renew(tx)
        assert messages.list_due_notices(tx, LATER + timedelta(days=1)) == []

"""Where two people decide about one subject at once, on two connections, one succeeds and the other gets an error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import pytest

from tests.at_once import at_once
from tests.entered import new_ruling
from tests.registers.register_office import NOW, QUARTER, ROWS, RULES, journalled
from tracker.core.law.duties import Span
from tracker.core.values.verdicts import Status
from tracker.registers.decisions import record_ruling
from tracker.registers.errors import RegisterError
from tracker.registers.objections import file_objection
from tracker.registers.rulings import OvertakenError
from tracker.rulebook.calendars import load_calendar
from tracker.store.engine import Store, Tx
from tracker.store.occurrences import upsert_occurrences
from tracker.store.rulings import count_rulings, list_rulings

pytestmark = pytest.mark.both_databases

Deed = Callable[[Tx, str, int | None], Any]


def do_waive(tx: Tx, by: str, seen: int | None) -> Any:
    return record_ruling(
        tx,
        RULES,
        new_ruling(
            "waive",
            occurrence=QUARTER,
            ground="secret",
            basis="条例第八条",
            by=by,
            asked_by="王敏",
            reason=f"{by}认定",
            now=NOW,
        ),
        seen=seen,
    )


def do_say_not_applicable(tx: Tx, by: str, seen: int | None) -> Any:
    return record_ruling(
        tx,
        RULES,
        new_ruling("not-applicable", occurrence=QUARTER, basis="三定方案", by=by, reason=f"{by}认定", now=NOW),
        seen=seen,
    )


def do_postpone(tx: Tx, by: str, seen: int | None) -> Any:
    to = date(2015, 4, 10) if by == "李主任" else date(2015, 4, 20)
    return record_ruling(
        tx,
        RULES,
        new_ruling("postpone", occurrence=QUARTER, to=to, by=by, asked_by="王敏", reason=f"{by}批准", now=NOW),
        seen=seen,
    )


def do_accept(tx: Tx, by: str, seen: int | None) -> Any:
    return record_ruling(
        tx,
        RULES,
        new_ruling("accept", occurrence=QUARTER, target="http://x/1", by=by, reason=f"{by}认定", now=NOW),
        seen=seen,
    )


def do_reject(tx: Tx, by: str, seen: int | None) -> Any:
    return record_ruling(
        tx,
        RULES,
        new_ruling("reject", occurrence=QUARTER, target="http://x/1", by=by, reason=f"{by}认定", now=NOW),
        seen=seen,
    )


def do_object(tx: Tx, by: str, seen: int | None) -> Any:
    return file_objection(
        tx,
        RULES,
        load_calendar(None),
        new_ruling("object", occurrence=QUARTER, target="http://x/1", by=by, reason=f"{by}异议", now=NOW),
        window=Span(5, "workdays"),
        seen=seen,
    )


def do_uphold(tx: Tx, by: str, seen: int | None) -> Any:
    return record_ruling(tx, RULES, new_ruling("uphold", number=1, by=by, reason=f"{by}认定", now=NOW))


def do_dismiss(tx: Tx, by: str, seen: int | None) -> Any:
    return record_ruling(tx, RULES, new_ruling("dismiss", number=1, by=by, reason=f"{by}认定", now=NOW))


def do_revoke(tx: Tx, by: str, seen: int | None) -> Any:
    return record_ruling(tx, RULES, new_ruling("revoke", number=1, by=by, reason=f"{by}撤销", now=NOW))


#: name → (what stands before, two deeds, whether they say what they saw)
AT_ONCE: dict[str, tuple[Deed | None, Deed, Deed, bool]] = {
    "two waivers": (None, do_waive, do_waive, False),
    "two waivers of what both saw": (None, do_waive, do_waive, True),
    "a waiver and a finding that it does not apply": (None, do_waive, do_say_not_applicable, False),
    "two postponements of what both saw": (None, do_postpone, do_postpone, True),
    "a waiver and a postponement of what both saw": (None, do_waive, do_postpone, True),
    "an acceptance and a refusal of what both saw": (None, do_accept, do_reject, True),
    "a refusal and a waiver of what both saw": (None, do_reject, do_waive, True),
    "two objections": (None, do_object, do_object, False),
    "two answers to an objection": (do_object, do_uphold, do_dismiss, False),
    "two who take the same thing back": (do_waive, do_revoke, do_revoke, False),
}


@pytest.mark.parametrize("case", AT_ONCE)
def test_one_wins_and_the_other_is_told_who_did_what_when(county: Store, store_url: str, case: str) -> None:
    first, one, other, with_sight = AT_ONCE[case]
    late = do_object in (first, one)
    with county.begin() as tx:
        upsert_occurrences(tx, [replace(ROWS[0], status=Status.OVERDUE if late else Status.OPEN)])
        if first is not None:
            first(tx, "陈科长", None)
    with Store(store_url, durable=False) as theirs:
        with county.read() as mine, theirs.read() as others:  # both look before either acts
            seen = {count_rulings(tx, "sample", QUARTER) for tx in (mine, others)}

        def act(store: Store, deed: Deed, by: str) -> Any:
            try:
                with store.begin() as tx:
                    return deed(tx, by, min(seen) if with_sight else None).value
            except RegisterError as error:
                return error

        done = at_once([partial(act, county, one, "李主任"), partial(act, theirs, other, "赵主任")])
    refused = [found for found in done if isinstance(found, RegisterError)]
    [won] = [found for found in done if not isinstance(found, RegisterError)]
    assert len(refused) == 1
    assert isinstance(refused[0], OvertakenError) == with_sight
    assert f"{won.by} decided {won.kind}" in str(refused[0])
    assert "on 2015-03-10" in str(refused[0])
    assert won.reason in str(refused[0])
    with county.read() as tx:
        assert len(list_rulings(tx, "sample", QUARTER)) == (2 if first else 1)
        assert len(journalled(tx)) == (2 if first else 1)


def test_who_saw_more_than_there_is_made_a_slip(county: Store) -> None:
    with county.begin() as tx, pytest.raises(RegisterError, match="there are only 0 decisions"):
        do_waive(tx, "李主任", 3)


def test_nobody_has_seen_less_than_nothing(county: Store) -> None:
    with county.begin() as tx, pytest.raises(RegisterError, match="there are only 0 decisions"):
        do_waive(tx, "李主任", -1)


def test_the_same_again_is_no_quarrel(county: Store) -> None:
    with county.begin() as tx:
        assert do_waive(tx, "李主任", 0).changed
        again = do_waive(tx, "李主任", 0)
    assert (again.changed, "nothing changed" in again.message) == (False, True)

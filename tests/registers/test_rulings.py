"""Rulings are checked against the rules, written once, and journalled."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from tests.entered import new_ruling
from tests.registers.register_office import (
    BUDGETED,
    EAST,
    MONTH,
    NOW,
    QUARTER,
    REQUEST,
    RULES,
    budget,
    journalled,
    statement,
)
from tracker.core.values.facts import Event, Ruling
from tracker.registers.decisions import record_ruling
from tracker.registers.errors import RegisterError
from tracker.registers.events import record_event
from tracker.registers.filings import build_file_proof, record_filing
from tracker.store.engine import Store
from tracker.store.facts import load_facts


def decision(kind: str, occurrence: str = QUARTER, **changes: Any) -> Ruling:
    return new_ruling(kind, occurrence=occurrence, **{"by": "张主任", "reason": "据实认定", "now": NOW, **changes})


def test_an_entry_is_accepted_as_seen_and_then_rejected(county: Store) -> None:
    with county.begin() as tx:
        record_ruling(tx, RULES, decision("accept", target="http://x/1", as_seen=True))
        record_ruling(tx, RULES, decision("reject", target="http://x/1"))
        again = record_ruling(tx, RULES, decision("accept", target="http://x/1", as_seen=True))
        assert again.changed  # the latest one stands: it was a rejection
        assert [ruling.kind for ruling in load_facts(tx, "sample").rulings] == ["accept", "reject", "accept"]


def test_a_filed_proof_is_accepted_by_its_number_its_link_or_its_file_name(county: Store) -> None:
    proof = build_file_proof("公示照片.jpg", b"...")
    with county.begin() as tx:
        photo = record_filing(tx, RULES, statement(form="file", proof=proof)).value
        link = record_filing(tx, RULES, statement(form="link", proof="http://news/1")).value
        for given, meant in (
            (f"attestation:{photo.id}", photo),
            ("公示照片.jpg", photo),
            (proof, photo),
            ("http://news/1", link),
        ):
            done = record_ruling(tx, RULES, decision("accept", target=given))
            assert done.value.target == f"attestation:{meant.id}"


def test_what_was_published_elsewhere_is_accepted_by_its_address(county: Store) -> None:
    with county.begin() as tx:
        done = record_ruling(tx, RULES, decision("accept", target="https://news.example/1"))
    assert done.value.target == "https://news.example/1"


def test_an_extension_is_granted_once(county: Store) -> None:
    with county.begin() as tx:
        assert record_ruling(tx, RULES, decision("extend", REQUEST)).changed
        assert not record_ruling(tx, RULES, decision("extend", REQUEST)).changed
        with pytest.raises(RegisterError, match="was extended by 张主任 on 2015-03-10: only once"):
            record_ruling(tx, RULES, decision("extend", REQUEST, reason="再延长"))


DECISIONS_REFUSED = {
    "without a reason": (decision("extend", reason=" "), "reason is missing"),
    "by nobody": (decision("extend", by=""), "by is missing"),
    "by the one who asked": (decision("extend", asked_by="张主任"), "somebody else must approve"),
    "on an unknown occurrence": (decision("extend", QUARTER + "9"), "no occurrence"),
    "on an unknown part": (decision("accept", MONTH, target="http://x/1", part="soil"), "has no part 'soil'"),
    "accept without a target": (decision("accept"), "target is missing"),
    "accept what was never seen": (decision("accept", target="http://x/2"), "neither seen on the site nor filed"),
    "accept a file that was never filed": (decision("accept", target="公示.jpg"), "neither seen on the site nor filed"),
    "accept what was never filed": (decision("accept", target="attestation:99"), r"no attestation:99.*\(filed: none\)"),
    "extend with a target": (decision("extend", REQUEST, target="http://x/1"), "as a whole"),
    "reject as seen": (decision("reject", target="http://x/1", as_seen=True), "as-seen belongs to accept"),
    "extend what has no extension": (decision("extend", BUDGETED), "its rule has no extension"),
    "extend a period": (decision("extend", QUARTER), "its rule has no extension"),
    "extend what is late": (
        decision("extend", REQUEST, now=datetime(2015, 3, 21, tzinfo=EAST)),
        r"was due before 2015-03-21T00:00\+08:00: too late",
    ),
}


@pytest.mark.parametrize("case", DECISIONS_REFUSED)
def test_a_decision_that_does_not_fit_is_refused(county: Store, case: str) -> None:
    given, message = DECISIONS_REFUSED[case]
    with county.begin() as tx:
        with pytest.raises(RegisterError, match=message):
            record_ruling(tx, RULES, given)
        assert journalled(tx) == []


def test_another_one_may_approve_what_was_asked_for(county: Store) -> None:
    with county.begin() as tx:
        record_ruling(tx, RULES, decision("extend", REQUEST, asked_by="王"))
        [line] = journalled(tx)
    assert '"asked_by":"王"' in line.after


def test_a_refused_registration_leaves_the_transaction_usable(county: Store) -> None:
    with county.begin() as tx:
        with pytest.raises(RegisterError):
            record_ruling(tx, RULES, decision("accept"))
        done: Event = record_event(tx, RULES, budget()).value
    with county.read() as tx:
        assert load_facts(tx, "sample").events == (done,)

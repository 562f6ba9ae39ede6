"""Persons, texts and subjects of entries are checked: names that look alike are equal, and nothing is ambiguous."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.entered import new_filing, new_ruling
from tests.registers.register_office import NOW, QUARTER, ROWS, RULES, journalled
from tracker.core.values.verdicts import Status
from tracker.registers.decisions import build_duty_subject, record_ruling
from tracker.registers.errors import RegisterError
from tracker.registers.filings import record_filing
from tracker.store.engine import Store, Tx
from tracker.store.occurrences import upsert_occurrences


def do_file(tx: Tx, *, by: str = "李梅", form: Any = "statement", proof: str = "已上墙") -> Any:
    return record_filing(
        tx, RULES, new_filing("attestation", occurrence=QUARTER, form=form, proof=proof, by=by, now=NOW)
    )


def do_link(tx: Tx, proof: str) -> Any:
    return do_file(tx, form="link", proof=proof)


def do_accept(tx: Tx, *, by: str = "李主任", target: str = "http://x.example/1", reason: str = "属实") -> Any:
    return record_ruling(
        tx, RULES, new_ruling("accept", occurrence=QUARTER, target=target, by=by, reason=reason, now=NOW)
    )


def do_waive(tx: Tx, *, by: str = "李主任", asked_by: str = "王敏", reason: str = "经核实") -> Any:
    return record_ruling(
        tx,
        RULES,
        new_ruling(
            "waive",
            occurrence=QUARTER,
            ground="secret",
            basis="条例第八条",
            by=by,
            asked_by=asked_by,
            reason=reason,
            now=NOW,
        ),
    )


def do_say_a_part_does_not_apply(tx: Tx) -> Any:
    subject = build_duty_subject(RULES, QUARTER.split("/")[2], QUARTER.split("/")[3])
    return record_ruling(
        tx,
        RULES,
        new_ruling("not-applicable", occurrence=subject, basis="x", by="李主任", reason="x", now=NOW, part="水质"),
    )


def do_postpone(tx: Tx) -> Any:
    return record_ruling(
        tx,
        RULES,
        new_ruling(
            "postpone", occurrence=QUARTER, to=date(2015, 6, 1), by="李主任", asked_by="王敏", reason="x", now=NOW
        ),
    )


REFUSED: dict[str, tuple[Callable[[Tx], Any], str]] = {
    "a name with a character that nobody sees": (lambda tx: do_file(tx, by="李\u200b梅"), r"U\+200B"),
    "a name of two lines": (lambda tx: do_file(tx, by="李梅\n王敏"), r"U\+000A"),
    "a name written backwards": (lambda tx: do_waive(tx, by="李\u202e主任"), r"U\+202E"),
    "an asker that nobody sees": (lambda tx: do_waive(tx, asked_by="李主\u2060任"), r"U\+2060"),
    "a name in another encoding": (
        lambda tx: do_file(tx, by="\udcc0\udcee"),
        "by .* is no whole text: write it in UTF-8",
    ),
    "a reason in another encoding": (lambda tx: do_accept(tx, reason="\udcc0"), "reason .* is no whole text"),
    "a name longer than its column": (lambda tx: do_waive(tx, by="李" * 129), "at most 128 characters, not 129"),
    "an asker longer than the column": (
        lambda tx: do_waive(tx, asked_by="王" * 129),
        "asked-by: a name of at most 128",
    ),
    "a link without a host": (lambda tx: do_link(tx, "http://"), "give the whole address"),
    "a link that goes on as a page": (lambda tx: do_link(tx, "http://x.example/ <script>"), "without blanks"),
    "what is no address": (lambda tx: do_accept(tx, target="http://[::1"), "is no address"),
    "a part that the duty does not have": (do_say_a_part_does_not_apply, "has no part '水质'"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_only_half_understood_is_refused_and_nothing_is_written(county: Store, case: str) -> None:
    deed, why = REFUSED[case]
    with pytest.raises(RegisterError, match=why), county.begin() as tx:
        deed(tx)
    with county.read() as tx:
        assert journalled(tx) == []


def test_what_is_met_is_not_postponed(county: Store) -> None:
    with county.begin() as tx:
        upsert_occurrences(tx, [replace(ROWS[0], status=Status.MET)])
        with pytest.raises(RegisterError, match="is met, there is nothing to postpone"):
            do_postpone(tx)

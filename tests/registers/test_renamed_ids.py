"""Ids that records name: they do not change while the rules go on, and what goes is named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.entered import new_event, new_filing
from tests.registers.register_office import NOW, RULES
from tracker.core.law.county import Contact, Department, Rulebook
from tracker.registers.errors import RegisterError
from tracker.registers.events import record_event
from tracker.registers.filings import record_filing
from tracker.registers.renamed_ids import check_ids_kept, find_lost_ids
from tracker.rulebook.canonical import build_body, digest_of
from tracker.store.counties import mark_ticked, store_document
from tracker.store.engine import Store, Tx


def decide(tx: Tx, rules: Rulebook = RULES) -> None:
    """A pass has run by the rules, and the environment bureau has a zero report and an event on record."""
    body = build_body(rules, {})
    store_document(tx, digest_of(body), "rulebook", body, NOW)
    mark_ticked(tx, "sample", rulebook=digest_of(body), calendar="", by="", seq=0, until=NOW.date(), at=NOW)
    record_event(tx, RULES, new_event(name="budget-approved", department="huanbao", occurred=NOW.date(), now=NOW,
                                      fields={"year": "2015"}))  # fmt: skip
    record_filing(tx, RULES, new_filing("zero-report", occurrence="sample/plan-2015/approval-reform/bianban/2015-Q1",
                                        now=NOW))  # fmt: skip


def rename_department(old: str, new: str, name: str, rules: Rulebook = RULES) -> Rulebook:
    departments = {id: one for id, one in rules.county.departments.items() if id != old}
    moved = replace(rules.county.departments[old], id=new, name=name)
    return replace(rules, digest="e" * 64, county=replace(rules.county, departments={**departments, new: moved}))


def swap_departments(first: str, second: str) -> Rulebook:
    known = RULES.county.departments
    swapped = {first: replace(known[second], id=first), second: replace(known[first], id=second)}
    return replace(RULES, digest="e" * 64, county=replace(RULES.county, departments={**known, **swapped}))


def swap_duties(first: str, second: str) -> Rulebook:
    ids = {first: second, second: first}
    duties = tuple(replace(duty, id=ids.get(duty.id, duty.id)) for duty in RULES.duties)
    return replace(RULES, digest="e" * 64, duties=duties)


def merge_departments(gone: str, into: str) -> Rulebook:
    departments = {id: one for id, one in RULES.county.departments.items() if id != gone}
    departments[into] = replace(departments[into], aliases=(RULES.county.departments[gone].name,))
    return replace(RULES, digest="e" * 64, county=replace(RULES.county, departments=departments))


@pytest.mark.parametrize(
    ("rulebook", "sentence"),
    [
        (rename_department("huanbao", "epb", "huanbao"), "huanbao is called epb now, was huanbao; .*: 1 events. Write"),
        (rename_department("bianban", "bb", "bianban"), "bianban is called bb now, was bianban; .*: 1 filings. Write"),
        (
            replace(
                RULES,
                digest="e" * 64,
                duties=tuple(
                    replace(duty, id="reform") if duty.id == "approval-reform" else duty for duty in RULES.duties
                ),
            ),
            "approval-reform is called plan-2015/reform now, was plan-2015/approval-reform; .*: 1 filings. Write",
        ),
        (
            swap_departments("huanbao", "caizheng"),
            "^huanbao is called caizheng now, was huanbao; .*: 1 events. Write huanbao for caizheng",
        ),
        (
            swap_duties("approval-reform", "budget"),
            "approval-reform is called plan-2015/budget now, was plan-2015/approval-reform; .*: 1 filings. Write",
        ),
    ],
)
def test_an_id_with_records_that_came_under_another_one_is_refused(
    county: Store, rulebook: Rulebook, sentence: str
) -> None:
    with county.begin() as tx:
        decide(tx)
    with county.read() as tx:
        check_ids_kept(tx, RULES)
        with pytest.raises(RegisterError, match=sentence):
            check_ids_kept(tx, rulebook)


@pytest.mark.parametrize(
    ("rulebook", "lost"),
    [
        (rename_department("caizheng", "cz", "caizheng"), []),  # nothing is recorded about it
        (rename_department("huanbao", "huanbao", "生态环境局"), []),  # its name alone
        (rename_department("huanbao", "epb", "生态环境局"), [("huanbao", "")]),  # nobody can tell: named, not refused
        (merge_departments("huanbao", "caizheng"), [("huanbao", "")]),
    ],
)
def test_what_loses_no_records_or_may_have_ended_is_not_refused(
    county: Store, rulebook: Rulebook, lost: list[tuple[str, str]]
) -> None:
    with county.begin() as tx:
        decide(tx)
    with county.read() as tx:
        check_ids_kept(tx, rulebook)
        assert [(one.old, one.new) for one in find_lost_ids(tx, rulebook)] == lost


def test_what_came_with_the_contact_of_what_went_is_named(county: Store) -> None:
    """Neither may be told for sure from a department that ended and one that began."""
    bureau = Department("huanbao", "huanbao", liaison=Contact(mail="huanbao@sample.example"))
    rules = replace(RULES, county=replace(RULES.county, departments={**RULES.county.departments, "huanbao": bureau}))
    told = rename_department("huanbao", "epb", "生态环境局", rules)
    with county.begin() as tx:
        decide(tx, rules)
    with county.read() as tx:
        [lost] = find_lost_ids(tx, told)
    assert lost.similar == "epb"
    assert "epb came, with the same mail or clause: if it is the same, write huanbao for epb" in str(lost.text)

"""What people file is checked against the rules, written once, and journalled."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from register_office import (
    EAST,
    FORGOTTEN,
    GONE,
    LAST_QUARTER,
    MONTH,
    NEXT_QUARTER,
    NOW,
    ONCE,
    PLAN,
    PUBLISHED,
    QUARTER,
    RULES,
    UPKEEP,
    WAITS,
    journalled,
    statement,
)

from tracker.registers.errors import RegisterError
from tracker.registers.events import record_event
from tracker.registers.filings import file_attestation, file_upkeep, file_zero_report
from tracker.store.counties import ensure_county
from tracker.store.engine import Store
from tracker.store.facts import load_facts


async def test_an_attestation_is_filed_once_and_waits_to_be_accepted(county: Store) -> None:
    async with county.begin() as tx:
        done = await file_attestation(tx, RULES, **statement(claimed=date(2015, 3, 9)))
        assert (
            done.message
            == f"filed attestation:{done.value.id}; it counts once accepted (duban attest accept {done.value.id})"
        )
        assert not (await file_attestation(tx, RULES, **statement(by="李"))).changed
        assert (await load_facts(tx, "sample")).filings == (done.value,)
        [line] = await journalled(tx)
    assert (line.action, line.subject, '"claimed":"2015-03-09"' in line.after) == ("attestation.filed", QUARTER, True)


async def test_an_attestation_of_a_part(county: Store) -> None:
    async with county.begin() as tx:
        assert (await file_attestation(tx, RULES, **statement(MONTH, part="water"))).value.part == "water"
        assert (await file_attestation(tx, RULES, **statement(PLAN, part="plan"))).value.part == "plan"


ATTESTATIONS_REFUSED = {
    "an unknown label": (statement(MONTH.replace("03", "13")), f"no occurrence .*: close ones: {MONTH}"),
    "an unknown duty": (
        statement(QUARTER.replace("reform", "reforms")),
        rf"no occurrence .*close ones: .*{QUARTER}",
    ),
    "no key at all": (statement("budget"), "a key is county/pack/duty/department/label"),
    "another county": (statement(QUARTER.replace("sample", "other")), "this is county sample"),
    "a closed one": (statement(GONE), "is closed: 由事项替代"),
    "one whose duty left the rules": (statement(FORGOTTEN), "no longer lay plan-2015/no-such-duty on bianban"),
    "one that waits for its event": (statement(WAITS), "record it first .duban event add budget-approved"),
    "an unknown part": (statement(MONTH, part="soil"), r"has no part 'soil' \(parts: water, air\)"),
    "another occurrence's part": (statement(MONTH, part="plan"), "has no part 'plan'"),
    "a part where there are none": (statement(part="water"), r"has no part 'water' \(no parts\)"),
    "a link that is none": (statement(form="link", proof="www.x.cn/1"), "give the whole address"),
    "an empty proof": (statement(proof=""), "proof is missing"),
    "a date to come": (statement(claimed=date(2015, 3, 11)), "lies in the future"),
    "an hour without a zone": (statement(claimed=datetime(2015, 3, 9, 8)), "has no zone"),
}


@pytest.mark.parametrize("case", ATTESTATIONS_REFUSED)
async def test_an_attestation_that_does_not_fit_is_refused(county: Store, case: str) -> None:
    given, message = ATTESTATIONS_REFUSED[case]
    async with county.begin() as tx:
        with pytest.raises(RegisterError, match=message):
            await file_attestation(tx, RULES, **given)
        assert await journalled(tx) == []


async def test_before_the_first_tick_the_hint_is_to_tick(store: Store) -> None:
    async with store.begin() as tx:
        await ensure_county(tx, "sample")
        with pytest.raises(RegisterError, match="there are none yet, run `duban tick`"):
            await file_attestation(tx, RULES, **statement())


def zero(occurrence: str = QUARTER, **changes: Any) -> dict[str, Any]:
    return {"occurrence": occurrence, "by": "王", "now": NOW, **changes}


async def test_a_zero_report_is_filed_once(county: Store) -> None:
    async with county.begin() as tx:
        done = await file_zero_report(tx, RULES, **zero(statement="本季度无相关信息"))
        assert (done.changed, done.value.kind) == (True, "zero-report")
        assert not (await file_zero_report(tx, RULES, **zero(by="李"))).changed
        [line] = await journalled(tx)
    assert (line.action, line.reason) == ("zero-report.filed", "本季度无相关信息")


ZERO_REPORTS_REFUSED = {
    "where the rule takes none": (zero(ONCE), "its rule requires the publication itself"),
    "after the deadline": (zero(LAST_QUARTER), r"was due before 2015-01-01T00:00\+08:00: .* only by the deadline"),
    "before the period": (zero(NEXT_QUARTER), "opens on 2015-04-01"),
    "where something was published": (zero(PUBLISHED), "something was published: 已于2015年3月9日公开"),
}


@pytest.mark.parametrize("case", ZERO_REPORTS_REFUSED)
async def test_a_zero_report_is_refused(county: Store, case: str) -> None:
    given, message = ZERO_REPORTS_REFUSED[case]
    async with county.begin() as tx:
        with pytest.raises(RegisterError, match=message):
            await file_zero_report(tx, RULES, **given)


async def test_a_zero_report_is_taken_to_the_last_instant(county: Store) -> None:
    last = datetime(2015, 3, 31, 23, 59, 59, tzinfo=EAST)
    async with county.begin() as tx:
        with pytest.raises(RegisterError, match="only by the deadline"):
            await file_zero_report(tx, RULES, **zero(now=last + timedelta(seconds=1)))
        assert (await file_zero_report(tx, RULES, **zero(now=last))).changed


@pytest.mark.parametrize(
    ("day", "refused"), [(date(2015, 1, 1), True), (date(2014, 12, 31), False), (date(2015, 3, 10), True)]
)
async def test_a_zero_report_is_refused_where_an_event_lies_in_the_period(
    county: Store, day: date, refused: bool
) -> None:
    event = {"name": "information-formed", "department": "bianban", "duty": "approval-reform", "occurred": day}
    async with county.begin() as tx:
        await record_event(tx, RULES, **event, by="王", now=NOW)
        if refused:
            with pytest.raises(RegisterError, match=f"information-formed:{day} of {day} lies in its period"):
                await file_zero_report(tx, RULES, **zero())
        else:
            assert (await file_zero_report(tx, RULES, **zero())).changed


async def test_upkeep_is_filed_for_periods_of_upkeep_only(county: Store) -> None:
    async with county.begin() as tx:
        assert (await file_upkeep(tx, RULES, **zero(UPKEEP))).value.kind == "upkeep"
        with pytest.raises(RegisterError, match="is not a period of upkeep"):
            await file_upkeep(tx, RULES, **zero(QUARTER))

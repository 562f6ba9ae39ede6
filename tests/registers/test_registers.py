"""What people tell the system is checked against the rules, written once, and journalled with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from tracker.core.duties import (
    Assignment,
    By,
    Cell,
    County,
    Department,
    Duty,
    EventRule,
    Every,
    Part,
    Rulebook,
    Source,
    Span,
    Within,
)
from tracker.core.facts import Event
from tracker.core.verdicts import Light, Status
from tracker.registers.errors import RegisterError
from tracker.registers.events import correct_event, list_events, record_event, withdraw_event
from tracker.registers.filings import file_attestation, file_proof, file_upkeep, file_zero_report
from tracker.registers.rulings import rule
from tracker.store.counties import ensure_county
from tracker.store.engine import Store, Tx
from tracker.store.facts import load_facts
from tracker.store.journal import JournalRow, show, verify
from tracker.store.occurrences import OccurrenceRow, upsert_occurrences
from tracker.store.tables import entries

EAST = timezone(timedelta(hours=8))
NOW = datetime(2015, 3, 10, 9, tzinfo=EAST)
BUDGET = EventRule("budget-approved", "预算批复", needs=("year",))
FORMED = EventRule("information-formed", "信息形成或变更", per_duty=True)
RECEIVED = EventRule("foi-request-received", "收到申请")
ANSWERED = EventRule("foi-request-answered", "答复申请")
WORKDAYS_20 = Span(20, "workdays")
WITHIN_15 = Within(span=Span(15, "workdays"), event=RECEIVED, extension=Span(15, "workdays"))


def duty(id: str, departments: str, *deadlines: Any, parts: tuple[Part, ...] = (), record: str = "") -> Duty:
    source = Source("attested", "record" if record else "filing", record=record)
    made = tuple(Assignment(one, (one,), (Cell("@attested", "", (source,)),)) for one in departments.split())
    span = (date(2015, 1, 1), date(2015, 12, 31))
    return Duty("sample", "plan-2015", id, id, "一", *span, parts or (Part("", id, deadlines),), made)


RULES = Rulebook(
    County(
        "sample",
        "样例县",
        date(2015, 1, 1),
        {one: Department(one, one) for one in ("huanbao", "caizheng", "bianban")},
        {},
        {},
        hosts=frozenset({"x"}),
    ),
    (
        duty(
            "approval-reform",
            "bianban",
            Within(span=WORKDAYS_20, event=FORMED),
            Every(unit="quarter", zero_report=True),
        ),
        duty("budget", "huanbao caizheng", Within(span=Span(20, "days"), event=BUDGET)),
        duty("foi-request", "huanbao", WITHIN_15, record="foi-request-answered"),
        duty(
            "power-list",
            "huanbao",
            By(day=date(2015, 7, 31)),
            Every(unit="quarter", upkeep=True, upkeep_after=date(2015, 7, 31)),
        ),
        duty(
            "environment-monthly",
            "huanbao",
            parts=(
                Part("water", "水", (Every(unit="month"),)),
                Part("air", "气", (Every(unit="month"),)),
                Part("plan", "计划", (Every(unit="year"),), own_deadline=True),
            ),
        ),
    ),
    {one.name: one for one in (BUDGET, FORMED, RECEIVED, ANSWERED)},
    "d" * 64,
)


def row(key: str, due_on: date | None = date(2015, 3, 31), **changes: Any) -> OccurrenceRow:
    county, pack, duty, department, label = key.split("/")
    one = OccurrenceRow(
        key=key,
        county=county,
        pack=pack,
        duty=duty,
        department=department,
        label=label,
        opens_on=date(2015, 1, 1) if due_on else None,
        due_on=due_on,
        due_at=datetime(due_on.year, due_on.month, due_on.day, tzinfo=EAST) + timedelta(days=1) if due_on else None,
        status=Status.OPEN,
        light=Light.NONE,
        reason="进行中",
        rulebook="r",
        calendar="c",
        created_at=NOW,
        updated_at=NOW,
    )
    return replace(one, **changes)


QUARTER = "sample/plan-2015/approval-reform/bianban/2015-Q1"
LAST_QUARTER = "sample/plan-2015/approval-reform/bianban/2014-Q4"
NEXT_QUARTER = "sample/plan-2015/approval-reform/bianban/2015-Q2"
PUBLISHED = "sample/plan-2015/approval-reform/bianban/2015-Q3"
GONE = "sample/plan-2015/approval-reform/bianban/2015-Q4"
FORGOTTEN = "sample/plan-2015/no-such-duty/bianban/2015-Q1"
ONCE = "sample/plan-2015/power-list/huanbao/once"
UPKEEP = "sample/plan-2015/power-list/huanbao/2015-Q4"
MONTH = "sample/plan-2015/environment-monthly/huanbao/2015-03"
PLAN = "sample/plan-2015/environment-monthly/huanbao/2015.plan"
WAITS = "sample/plan-2015/budget/huanbao/awaiting:budget-approved"
REQUEST = "sample/plan-2015/foi-request/huanbao/event:foi-request-received:7号"
BUDGETED = "sample/plan-2015/budget/huanbao/event:budget-approved:2015-03-02"

ROWS = (
    row(QUARTER),
    row(LAST_QUARTER, date(2014, 12, 31)),
    row(NEXT_QUARTER, date(2015, 6, 30), opens_on=date(2015, 4, 1)),
    row(PUBLISHED, status=Status.MET, reason="已于2015年3月9日公开"),
    row(GONE, closed=True, status=Status.CLOSED, reason="由事项替代"),
    row(FORGOTTEN),
    row(ONCE, date(2015, 7, 31)),
    row(UPKEEP, date(2015, 12, 31)),
    row(MONTH),
    row(PLAN, date(2015, 12, 31)),
    row(WAITS, None),
    row(REQUEST, date(2015, 3, 20)),
    row(BUDGETED, date(2015, 3, 23)),
)


@pytest.fixture
async def county(store: Store) -> Store:
    async with store.begin() as tx:
        await ensure_county(tx, "sample")
        await upsert_occurrences(tx, ROWS)
        values = {"county": "sample", "seq": 0, "column": "county-site/finance", "url": "http://x/1"}
        await tx.execute(entries.insert(), {**values, "first_seen_at": NOW, "last_seen_at": NOW})
    return store


async def journalled(tx: Tx) -> list[JournalRow]:
    assert await verify(tx, "sample") == []
    return await show(tx, "sample")


def budget(**changes: Any) -> dict[str, Any]:
    given = {"name": "budget-approved", "department": "huanbao", "occurred": date(2015, 3, 2), "by": "王", "now": NOW}
    return {**given, "fields": {"year": "2015"}, **changes}


# -- events --------------------------------------------------------------------------------------


async def test_an_event_is_recorded_with_its_day_as_reference_and_journalled(county: Store) -> None:
    async with county.begin() as tx:
        done = await record_event(tx, RULES, **budget())
        assert (done.changed, done.message) == (True, "recorded budget-approved:2015-03-02 of huanbao")
        assert (await load_facts(tx, "sample")).events == (done.value,)
        [line] = await journalled(tx)
    assert (line.who, line.action, line.subject) == ("王", "event.recorded", "event:budget-approved:huanbao:2015-03-02")
    assert (line.before, line.after) == ("", '{"fields":{"year":"2015"},"occurred":"2015-03-02"}')


async def test_the_same_again_changes_nothing_and_says_so(county: Store) -> None:
    async with county.begin() as tx:
        await record_event(tx, RULES, **budget())
        before = await load_facts(tx, "sample")
        again = await record_event(tx, RULES, **budget(by="李", now=NOW + timedelta(days=1)))
        assert not again.changed
        assert "on record already" in again.message
        assert await load_facts(tx, "sample") == before
        assert len(await journalled(tx)) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"occurred": date(2015, 3, 3)},
        {"occurred": datetime(2015, 3, 2, tzinfo=UTC)},
        {"fields": {"year": "2014"}},
    ],
    ids=["another day", "an hour where only the day was known", "another field"],
)
async def test_the_same_key_with_other_contents_is_refused_unless_it_corrects(
    county: Store, changes: dict[str, Any]
) -> None:
    async with county.begin() as tx:
        await record_event(tx, RULES, **budget(reference="12号"))
        with pytest.raises(RegisterError, match=r"is on record with 2015-03-02, year=2015: correct it"):
            await record_event(tx, RULES, **budget(reference="12号", **changes))
        done = await record_event(tx, RULES, **budget(reference="12号", correct=True, **changes))
        assert done.message.startswith("corrected ")
        assert [line.action for line in await journalled(tx)] == ["event.recorded", "event.corrected"]
        assert (await load_facts(tx, "sample")).events == (done.value,)


async def test_a_correction_keeps_what_it_leaves_out_and_names_its_reason(county: Store) -> None:
    async with county.begin() as tx:
        await record_event(tx, RULES, **budget(reference="12号"))
        key = {"name": "budget-approved", "department": "huanbao", "reference": "12号"}
        done = await correct_event(
            tx, RULES, **key, occurred=date(2015, 3, 5), by="李", reason="文件日期为3月5日", now=NOW
        )
        assert (done.value.occurred, done.value.fields) == (date(2015, 3, 5), {"year": "2015"})
        line = (await journalled(tx))[-1]
        assert (line.reason, '"occurred":"2015-03-02"' in line.before) == ("文件日期为3月5日", True)


async def test_a_withdrawn_event_no_longer_holds_and_may_be_restored(county: Store) -> None:
    key = {"name": "budget-approved", "department": "huanbao", "reference": "2015-03-02"}
    async with county.begin() as tx:
        event = (await record_event(tx, RULES, **budget())).value
        gone = await withdraw_event(tx, RULES, **key, by="王", reason="录入错误", now=NOW)
        assert gone.changed
        assert not (await withdraw_event(tx, RULES, **key, by="王", reason="录入错误", now=NOW)).changed
        assert (await load_facts(tx, "sample")).withdrawn_events == (event.id,)
        assert await list_events(tx, "sample") == []
        with pytest.raises(RegisterError, match="was withdrawn with 2015-03-02"):
            await record_event(tx, RULES, **budget())
        await record_event(tx, RULES, **budget(correct=True))
        assert [one.event.id for one in await list_events(tx, "sample")] == [event.id]
        assert [line.action for line in await journalled(tx)] == ["event.recorded", "event.withdrawn", "event.restored"]


EVENTS_REFUSED = {
    "an unknown event": ({"name": "budget-aproved"}, r"no event 'budget-aproved': did you mean budget-approved\?"),
    "an unknown department": ({"department": "huanbo"}, r"no department 'huanbo': did you mean huanbao\?"),
    "a needed field left out": ({"fields": {}}, r"needs year \(--field year=…\)"),
    "a needed field left blank": ({"fields": {"year": " "}}, "needs year"),
    "a year with its word": ({"fields": {"year": "2015年"}}, "write the year in four digits, like 2015"),
    "a year cut short": ({"fields": {"year": "15"}}, "write the year in four digits, like 2015"),
    "a reference with a slash": ({"reference": "2015/12"}, "without / . : or spaces"),
    "a reference with a dot": ({"reference": "v1.2"}, "without / . : or spaces"),
    "a reference with a colon": ({"reference": "a:b"}, "without / . : or spaces"),
    "a reference with a wide space": ({"reference": "12\u3000号"}, "without / . : or spaces"),
    "an empty reference": ({"reference": ""}, "1 to 128 characters"),
    "an hour without a zone": ({"occurred": datetime(2015, 3, 2, 9)}, "has no zone"),
    "a naive now": ({"now": datetime(2015, 3, 2, 9)}, "naive instant"),
    "nobody": ({"by": " "}, "by is missing"),
    "a duty where none belongs": ({"duty": "budget"}, "not recorded per duty: leave the duty out"),
    "a department without such a duty": (
        {"department": "bianban"},
        r"no duty of bianban uses budget-approved \(departments: caizheng, huanbao\)",
    ),
    "a duty left out": (
        {"name": "information-formed", "department": "bianban", "fields": {}},
        r"per duty: name it \(approval-reform\)",
    ),
    "a duty that does not use it": (
        {"name": "information-formed", "department": "bianban", "fields": {}, "duty": "budget"},
        "duty 'budget' of bianban does not use information-formed: known: approval-reform",
    ),
}


@pytest.mark.parametrize("case", EVENTS_REFUSED)
async def test_an_event_that_does_not_fit_the_rules_is_refused(county: Store, case: str) -> None:
    changes, message = EVENTS_REFUSED[case]
    async with county.begin() as tx:
        with pytest.raises(RegisterError, match=message):
            await record_event(tx, RULES, **budget(**changes))
        assert await journalled(tx) == []


async def test_a_record_that_proves_a_duty_is_an_event_too(county: Store) -> None:
    given = {"name": "foi-request-answered", "department": "huanbao", "reference": "7号"}
    async with county.begin() as tx:
        done = await record_event(tx, RULES, **budget(**given, fields={}))
    assert done.changed


async def test_what_the_recorder_should_know_is_said(county: Store) -> None:
    async with county.begin() as tx:
        ahead = await record_event(tx, RULES, **budget(occurred=date(2015, 3, 11)))
        assert ahead.message.endswith("(it lies in the future)")
        before = await record_event(tx, RULES, **budget(occurred=date(2014, 12, 31)))
        assert before.message.endswith("(no rule that uses it was in force on that day)")


async def test_the_day_of_an_instant_is_the_countys_own(county: Store) -> None:
    async with county.begin() as tx:
        done = await record_event(tx, RULES, **budget(occurred=datetime(2015, 3, 1, 16, 30, tzinfo=UTC)))
    assert done.value.reference == "2015-03-02"


async def test_correcting_what_is_not_on_record_names_what_is(county: Store) -> None:
    key = {"name": "budget-approved", "department": "huanbao", "reference": "2015-03-22"}
    async with county.begin() as tx:
        await record_event(tx, RULES, **budget())
        with pytest.raises(RegisterError, match="did you mean 2015-03-02"):
            await withdraw_event(tx, RULES, **key, by="王", reason="录入错误", now=NOW)


# -- filings -------------------------------------------------------------------------------------


def statement(occurrence: str = QUARTER, **changes: Any) -> dict[str, Any]:
    given = {"occurrence": occurrence, "form": "statement", "proof": "已在大厅公示", "by": "王", "now": NOW}
    return {**given, **changes}


async def test_an_attestation_is_filed_once_and_waits_to_be_accepted(county: Store) -> None:
    async with county.begin() as tx:
        done = await file_attestation(tx, RULES, **statement(claimed=date(2015, 3, 9)))
        assert done.message == f"filed attestation:{done.value.id}; it counts once accepted (duban evidence accept)"
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


# -- decisions -----------------------------------------------------------------------------------


def decision(kind: str, occurrence: str = QUARTER, **changes: Any) -> dict[str, Any]:
    return {"kind": kind, "occurrence": occurrence, "by": "张主任", "reason": "据实认定", "now": NOW, **changes}


@pytest.mark.parametrize("kind", ["waive", "not-applicable"])
async def test_a_person_decides_with_a_basis(county: Store, kind: str) -> None:
    async with county.begin() as tx:
        done = await rule(tx, RULES, **decision(kind))
        assert not (await rule(tx, RULES, **decision(kind, now=NOW + timedelta(days=1)))).changed
        assert (await load_facts(tx, "sample")).rulings == (done.value,)
        [line] = await journalled(tx)
    assert (line.who, line.action, line.reason) == ("张主任", f"ruling.{kind}", "据实认定")
    assert '"status":"open"' in line.before


async def test_an_entry_is_accepted_as_seen_and_then_rejected(county: Store) -> None:
    async with county.begin() as tx:
        await rule(tx, RULES, **decision("accept", target="http://x/1", as_seen=True))
        await rule(tx, RULES, **decision("reject", target="http://x/1"))
        again = await rule(tx, RULES, **decision("accept", target="http://x/1", as_seen=True))
        assert again.changed  # the latest one stands: it was a rejection
        assert [one.kind for one in (await load_facts(tx, "sample")).rulings] == ["accept", "reject", "accept"]


async def test_a_filed_proof_is_accepted_by_its_number_its_link_or_its_file_name(county: Store) -> None:
    proof = file_proof("公示照片.jpg", b"...")
    async with county.begin() as tx:
        photo = (await file_attestation(tx, RULES, **statement(form="file", proof=proof))).value
        link = (await file_attestation(tx, RULES, **statement(form="link", proof="http://news/1"))).value
        for given, meant in (
            (f"attestation:{photo.id}", photo),
            ("公示照片.jpg", photo),
            (proof, photo),
            ("http://news/1", link),
        ):
            done = await rule(tx, RULES, **decision("accept", target=given))
            assert done.value.target == f"attestation:{meant.id}"


async def test_what_was_published_elsewhere_is_accepted_by_its_address(county: Store) -> None:
    async with county.begin() as tx:
        done = await rule(tx, RULES, **decision("accept", target="https://news.example/1"))
    assert done.value.target == "https://news.example/1"


async def test_an_extension_is_granted_once(county: Store) -> None:
    async with county.begin() as tx:
        assert (await rule(tx, RULES, **decision("extend", REQUEST))).changed
        assert not (await rule(tx, RULES, **decision("extend", REQUEST))).changed
        with pytest.raises(RegisterError, match="was extended by 张主任 on 2015-03-10: only once"):
            await rule(tx, RULES, **decision("extend", REQUEST, reason="再延长"))


DECISIONS_REFUSED = {
    "without a reason": (decision("waive", reason=" "), "reason is missing"),
    "by nobody": (decision("waive", by=""), "by is missing"),
    "by the one who asked": (decision("waive", asked_by="张主任"), "somebody else must approve"),
    "on an unknown occurrence": (decision("waive", QUARTER + "9"), "no occurrence"),
    "on an unknown part": (decision("accept", MONTH, target="http://x/1", part="soil"), "has no part 'soil'"),
    "accept without a target": (decision("accept"), "target is missing"),
    "accept what was never seen": (decision("accept", target="http://x/2"), "neither seen on the site nor filed"),
    "accept a file that was never filed": (decision("accept", target="公示.jpg"), "neither seen on the site nor filed"),
    "accept what was never filed": (decision("accept", target="attestation:99"), r"no attestation:99.*\(filed: none\)"),
    "waive with a target": (decision("waive", target="http://x/1"), "as a whole"),
    "reject as seen": (decision("reject", target="http://x/1", as_seen=True), "as-seen belongs to accept"),
    "extend what has no extension": (decision("extend", BUDGETED), "its rule has no extension"),
    "extend a period": (decision("extend", QUARTER), "its rule has no extension"),
    "extend what is late": (
        decision("extend", REQUEST, now=datetime(2015, 3, 21, tzinfo=EAST)),
        r"was due before 2015-03-21T00:00\+08:00: too late",
    ),
}


@pytest.mark.parametrize("case", DECISIONS_REFUSED)
async def test_a_decision_that_does_not_fit_is_refused(county: Store, case: str) -> None:
    given, message = DECISIONS_REFUSED[case]
    async with county.begin() as tx:
        with pytest.raises(RegisterError, match=message):
            await rule(tx, RULES, **given)
        assert await journalled(tx) == []


async def test_another_one_may_approve_what_was_asked_for(county: Store) -> None:
    async with county.begin() as tx:
        await rule(tx, RULES, **decision("waive", asked_by="王"))
        [line] = await journalled(tx)
    assert '"asked_by":"王"' in line.after


async def test_a_refused_registration_leaves_the_transaction_usable(county: Store) -> None:
    async with county.begin() as tx:
        with pytest.raises(RegisterError):
            await rule(tx, RULES, **decision("accept"))
        done: Event = (await record_event(tx, RULES, **budget())).value
    async with county.read() as tx:
        assert (await load_facts(tx, "sample")).events == (done,)

"""Servers that refuse, for now or for good: what is tried again, and who is told instead."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.deliver.outbox_office import (
    NOW,
    SOON,
    Clock,
    insert_due,
    notice,
    notice_states,
    open_faults,
    parse_mail,
    rules,
    select_rows,
    send_all,
    text_of,
)
from tests.smtp_server import Catcher, serving
from tracker.daemon.doctor import run_checks
from tracker.deliver.mailboxes import RETRY_AFTER
from tracker.deliver.report import DeliveryReport
from tracker.store.engine import Store
from tracker.store.notices import cancel_notices
from tracker.store.tables import messages, notices


async def test_a_lost_answer_is_repeated_with_the_same_bytes(store: Store, clock: Clock) -> None:
    insert_due(store, notice())
    catcher = Catcher(data="cut after taking")
    async with serving(catcher) as settings:
        assert (await send_all(settings, store, clock)).retried == 1
        catcher.answers.clear()
        assert await send_all(settings, store, clock) == DeliveryReport()  # not before its time
        clock.forward(SOON)
        assert (await send_all(settings, store, clock)).sent == 1
    first, second = (one.content for one in catcher.taken)
    assert first == second


@pytest.mark.parametrize("answers", [{"rcpt": "450 busy"}, {"data": "451 greylisted"}], ids=["rcpt", "data"])
async def test_a_soft_refusal_is_tried_again_more_and_more_seldom(
    store: Store, clock: Clock, answers: dict[str, str]
) -> None:
    insert_due(store, replace(notice(), urgent=True))  # for some of it falls into the night
    catcher = Catcher(**answers)
    waited = []
    async with serving(catcher) as settings:
        for _ in range(8):
            await send_all(settings, store, clock)
            ((again,),) = select_rows(store, messages, "next_attempt_at")
            waited.append((again - clock.now) / timedelta(minutes=1))
            clock.now = again
        catcher.answers.clear()
        assert (await send_all(settings, store, clock)).sent == 1
    steps = [5, 10, 20, 40, 80, 160, 240, 240]
    assert all(least <= one <= least * 1.25 for least, one in zip(steps, waited, strict=True))
    assert len({one / least for least, one in zip(steps, waited, strict=True)}) == len(steps)  # not all at once


async def test_a_server_that_is_down_freezes_no_second_mail(store: Store, clock: Clock) -> None:
    insert_due(store, notice(), notice("预算", department="caizheng"))
    async with serving(Catcher(rcpt="421 going down")) as settings:
        assert (await send_all(settings, store, clock)).retried == 1
    assert sorted(notice_states(store)) == ["claimed", "due"]
    assert open_faults(store) == ["channel:mail"]
    catcher = Catcher()
    with store.begin() as tx:  # what no longer applies is never sent
        taken = cancel_notices(tx, "sample", [(notice("预算", department="caizheng").key, "已公开。")], NOW)
    assert len(taken) == 1
    clock.forward(SOON)
    async with serving(catcher) as settings:
        assert (await send_all(settings, store, clock)).sent == 1
    assert open_faults(store) == []
    assert len(catcher.taken) == 1


@pytest.mark.parametrize("answers", [{"rcpt": "550 no such user"}, {"data": "552 5.2.2 full"}], ids=["rcpt", "data"])
async def test_a_hard_refusal_is_final_for_that_address_and_the_next_role_is_told(
    store: Store, clock: Clock, answers: dict[str, str]
) -> None:
    insert_due(store, notice("月报"), notice("季报"))
    catcher = Catcher(**answers)
    async with serving(catcher) as settings:
        assert await send_all(settings, store, clock) == DeliveryReport(failed=1, notices=2)
        assert open_faults(store) == ["mailbox:hb@example.gov.cn"]
        catcher.answers.clear()
        assert (await send_all(settings, store, clock)).sent == 2
    assert notice_states(store) == ["sent"] * 3
    told = {one.rcpt_tos[0]: text_of(parse_mail(one.content)) for one in catcher.taken}
    assert set(told) == {"huanbao-lead@x.cn", "zwgk@example.gov.cn"}
    assert told["huanbao-lead@x.cn"].count("原应发环保局联络员，因邮箱退信或屡次投递失败，改发环保局负责人") == 2
    for words in (
        "邮件未能送达环保局联络员（hb@example.gov.cn）",
        "改发环保局负责人",
        "月报",
        "季报",
        *answers.values(),
    ):
        assert words in told["zwgk@example.gov.cn"]


@pytest.mark.parametrize("answers", [{"rcpt": "554 5.7.1 relay access denied"}, {"data": "552 too large"}])
async def test_a_mail_that_is_refused_for_what_it_is_does_not_make_its_mailbox_fail(
    store: Store, clock: Clock, answers: dict[str, str]
) -> None:
    """It is tried again, the next mail goes to the same mailbox, and the county office is told after three attempts."""
    insert_due(store, replace(notice("月报"), urgent=True))
    refusing, taking = Catcher(**answers), Catcher()
    async with serving(refusing) as settings:
        for _ in range(3):
            await send_all(settings, store, clock)
            assert open_faults(store) == ["channel:mail"]
            clock.now = max(at for (at,) in select_rows(store, messages, "next_attempt_at"))
        insert_due(store, notice("季报"))
    async with serving(taking) as settings:
        assert (await send_all(settings, store, clock)).sent == 3
    assert sorted(one.rcpt_tos[0] for one in taking.taken) == [*["hb@example.gov.cn"] * 2, "zwgk@example.gov.cn"]
    (told,) = [text_of(parse_mail(one.content)) for one in taking.taken if one.rcpt_tos == ["zwgk@example.gov.cn"]]
    for words in ("邮件被拒收：环保局联络员（hb@example.gov.cn）", "并非该邮箱失效", "月报", *answers.values()):
        assert words in told
    assert "季报" not in told
    assert open_faults(store) == []


async def test_a_mail_to_the_office_that_is_refused_for_what_it_is_is_not_told_to_the_office(
    store: Store, clock: Clock
) -> None:
    insert_due(store, replace(notice("月报", "county-office"), urgent=True))
    async with serving(Catcher(data="554 5.7.1 spam")) as settings:
        for _ in range(3):
            await send_all(settings, store, clock)
            ((clock.now,),) = select_rows(store, messages, "next_attempt_at")
    assert notice_states(store) == ["claimed"]


async def test_a_mail_that_is_refused_to_the_end_is_written_anew_to_the_same_mailbox(
    store: Store, clock: Clock
) -> None:
    insert_due(store, notice())
    catcher = Catcher(data="554 5.7.1 spam")
    async with serving(catcher) as settings:
        await send_all(settings, store, clock)
        clock.forward(timedelta(days=5))
        report = await send_all(settings, store, clock)
        assert (report.failed, report.retried) == (1, 1)
        catcher.answers.clear()
        clock.forward(SOON)
        assert (await send_all(settings, store, clock)).sent == 1
    assert catcher.taken[0].rcpt_tos == ["hb@example.gov.cn"]


async def test_a_mailbox_that_fails_is_told_of_once_and_tried_again_after_a_day(store: Store, clock: Clock) -> None:
    catcher = Catcher()
    catcher.refused = {"hb@example.gov.cn"}
    async with serving(catcher) as settings:
        for duty in ("月报", "季报", "年报"):
            insert_due(store, notice(duty))
            await send_all(settings, store, clock)
            await send_all(settings, store, clock)
            clock.forward(RETRY_AFTER + timedelta(minutes=1))
        to = [one.rcpt_tos[0] for one in catcher.taken]
        assert to.count("huanbao-lead@x.cn") == 3
        assert to.count("zwgk@example.gov.cn") == 1  # of the whole spell
        assert open_faults(store) == ["mailbox:hb@example.gov.cn", "recipient:liaison:huanbao"]
        assert {urgent for kind, urgent in select_rows(store, notices, "kind", "urgent") if kind == "fault"} == {False}
        catcher.refused.clear()
        clock.forward(timedelta(days=1))  # it was a Sunday
        insert_due(store, notice("预算"))
        await send_all(settings, store, clock)
        assert open_faults(store) == []
        assert catcher.taken[-1].rcpt_tos == ["hb@example.gov.cn"]
        catcher.refused = {"hb@example.gov.cn"}  # a new spell is told of anew
        insert_due(store, notice("决算"))
        await send_all(settings, store, clock)
        clock.forward(timedelta(days=1))
        await send_all(settings, store, clock)
    assert [one.rcpt_tos[0] for one in catcher.taken].count("zwgk@example.gov.cn") == 2


async def test_a_new_address_in_the_county_file_heals_at_once(store: Store, clock: Clock) -> None:
    insert_due(store, notice("月报"))
    catcher = Catcher()
    catcher.refused = {"hb@example.gov.cn"}
    async with serving(catcher) as settings:
        await send_all(settings, store, clock)
        await send_all(settings, store, clock, rules(huanbao="new@example.gov.cn"))
        assert open_faults(store) == []
    assert sorted(one.rcpt_tos[0] for one in catcher.taken) == ["new@example.gov.cn", "zwgk@example.gov.cn"]


async def test_three_messages_in_a_row_refused_for_the_time_being_and_the_mailbox_fails(
    store: Store, clock: Clock
) -> None:
    catcher = Catcher()
    catcher.busy = {"hb@example.gov.cn"}
    async with serving(catcher) as settings:
        for duty in ("月报", "季报", "年报"):
            insert_due(store, notice(duty))
            await send_all(settings, store, clock)
        for _ in range(2):
            clock.forward(timedelta(minutes=30))
            await send_all(settings, store, clock)
        assert open_faults(store) == ["mailbox:hb@example.gov.cn"]
        insert_due(store, notice("预算"))
        await send_all(settings, store, clock)
        assert [one.rcpt_tos[0] for one in catcher.taken] == ["huanbao-lead@x.cn"]
        catcher.busy.clear()
        clock.forward(timedelta(hours=2))
        assert (await send_all(settings, store, clock)).sent == 3
    assert open_faults(store) == ["recipient:liaison:huanbao"]
    assert notice_states(store) == ["sent"] * 4


async def test_when_the_county_office_refuses_there_is_no_circle(store: Store, clock: Clock) -> None:
    insert_due(store, notice("月报", "county-office"))
    catcher = Catcher(rcpt="550 no such user")
    async with serving(catcher) as settings:
        assert (await send_all(settings, store, clock)).failed == 1
        assert await send_all(settings, store, clock) == DeliveryReport(unaddressed=1)
        assert notice_states(store) == ["due"]
        catcher.answers.clear()
        assert await send_all(settings, store, clock) == DeliveryReport(unaddressed=1)
        clock.forward(RETRY_AFTER)
        assert (await send_all(settings, store, clock)).sent == 1
    assert open_faults(store) == []


async def test_after_the_horizon_it_has_failed_and_the_next_role_is_told(store: Store, clock: Clock) -> None:
    insert_due(store, notice())
    catcher = Catcher(data="451 later")
    async with serving(catcher) as settings:
        assert (await send_all(settings, store, clock)).retried == 1
        clock.forward(rules().schedule.delivery.retry_for)
        assert await send_all(settings, store, clock) == DeliveryReport(deferred=1)  # a Sunday: nobody is written to
        clock.forward(timedelta(days=1))
        assert (await send_all(settings, store, clock)).retried == 1  # the office has only just opened
        clock.forward(timedelta(hours=2))
        catcher.busy, catcher.answers = {"hb@example.gov.cn"}, {}
        report = await send_all(settings, store, clock)
        assert (report.failed, report.sent) == (1, 2)
    assert [state for (state,) in select_rows(store, messages, "state")].count("failed") == 1
    assert {one.rcpt_tos[0] for one in catcher.taken} == {"huanbao-lead@x.cn", "zwgk@example.gov.cn"}


async def test_doctor_names_the_mailbox_that_fails_and_whose_it_is(
    store: Store, store_url: str, tmp_path: Path, clock: Clock
) -> None:
    insert_due(store, notice("月报"))
    catcher = Catcher()
    catcher.refused = {"hb@example.gov.cn"}
    async with serving(catcher) as settings:
        await send_all(settings, store, clock)
    found = await run_checks(rules(), tmp_path, store_url, clock(), offline=True)
    (said,) = (what for check, state, what in found if check == "mailbox" and state == "wrong")
    assert said.startswith("sample: 环保局联络员 hb@example.gov.cn: 550 no such user (1 times since 2015-10-08")
    assert said.endswith("its mail goes to the next role, tried again daily)")

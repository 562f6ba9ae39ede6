"""Templates, mails and channels that break: nothing is lost, nothing else is stopped, and the fault is shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from notifications.channels.base import MessageForm, Outgoing, SendResult
from notifications.channels.folder import FolderChannel
from tests.deliver.outbox_office import (
    Clock,
    folder_channel,
    insert_due,
    notice,
    notice_states,
    open_faults,
    read_mails,
    rules,
    text_of,
)
from tracker.deliver.run import deliver
from tracker.store.engine import Store
from tracker.store.faults import list_faults


async def test_a_template_that_fails_loses_nothing(store: Store, tmp_path: Path, clock: Clock) -> None:
    insert_due(store, notice(kind="strange"))
    with folder_channel(tmp_path) as channels:
        assert (await deliver(store, rules(), channels, clock)).sent == 1
        assert open_faults(store) == ["template:digest"]
        assert (await deliver(store, rules(), channels, clock)).sent == 1
    first, second = sorted(read_mails(tmp_path), key=lambda mail: str(mail["To"]))
    assert "月报" in text_of(first) + text_of(second)
    assert "邮件模板出错" in text_of(first) + text_of(second)


@pytest.mark.parametrize(
    "words", ["{% if %}", "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}"], ids=["syntax", "circle"]
)
async def test_a_template_that_stays_broken_is_told_of_once_and_heals(
    store: Store, tmp_path: Path, clock: Clock, words: str
) -> None:
    """The mail that tells of it is written with the same template: it must not tell of itself again and again."""
    own = tmp_path / "templates"
    own.mkdir()
    (own / "digest.txt.j2").write_text(words, encoding="utf-8")
    loaded = replace(rules(), templates={"sample": own})
    insert_due(store, notice("月报"), notice("季报", "lead"))
    with folder_channel(tmp_path) as channels:
        passes = []
        for _ in range(4):
            passes.append((await deliver(store, loaded, channels, clock)).sent)
            clock.forward(timedelta(minutes=5))
        assert passes == [2, 1, 0, 0]
        assert open_faults(store) == ["template:digest"]
        (own / "digest.txt.j2").write_text("{{ counts }}", encoding="utf-8")
        insert_due(store, notice("年报"))
        assert (await deliver(store, loaded, channels, clock)).sent == 1
    assert open_faults(store) == []
    assert [mail["Subject"] for mail in read_mails(tmp_path)].count(
        "【样例县政务公开督办】系统提示1件｜邮件模板出错"
    ) == 1
    assert all(mail.get_body(("html",)) for mail in read_mails(tmp_path))  # by the shipped template


async def test_a_mail_that_cannot_be_written_stops_nothing(store: Store, tmp_path: Path, clock: Clock) -> None:
    """Whatever goes wrong with one of them, the others leave, and the fault is shown."""
    broken = notice("月报", **{"due_at": "no instant", "due_on": "no day", "kind": "overdue"})
    insert_due(store, notice("季报", "lead"), broken, notice("预算", department="caizheng"))
    with folder_channel(tmp_path) as channels:
        report = await deliver(store, rules(), channels, clock)
    assert (report.sent, report.unwritten) == (2, 1)
    assert open_faults(store) == ["message:hb@example.gov.cn"]
    assert notice_states(store) == ["sent", "due", "sent"]


async def test_a_channel_with_a_defect_stops_nothing(store: Store, tmp_path: Path, clock: Clock) -> None:
    class Broken(FolderChannel):
        async def send(self, message: Outgoing) -> SendResult:
            if message.recipient == "cz@example.gov.cn":
                raise RuntimeError("a defect")
            return await super().send(message)

    insert_due(store, notice("预算", department="caizheng"), notice())
    report = await deliver(store, rules(), {"mail": Broken(tmp_path / "mails")}, clock)
    assert (report.sent, report.retried) == (1, 1)


async def test_a_channel_that_is_not_configured_is_a_fault(store: Store, clock: Clock) -> None:
    one = notice()
    insert_due(store, replace(one, key=replace(one.key, channel="wecom")))
    assert (await deliver(store, rules(), {}, clock)).unaddressed == 1
    assert notice_states(store) == ["due"]


class Refusing(FolderChannel):
    """What answers the same to everything."""

    max_bytes = 20_000

    def __init__(self, form: MessageForm, answer: SendResult) -> None:
        super().__init__(Path())
        self.form, self.answer, self.asked = form, answer, 0

    async def send(self, message: Outgoing) -> SendResult:
        self.asked += 1
        return self.answer


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    "answer",
    [SendResult(False, 'HTTP 200 {"errcode":93000}', down=True), SendResult(False, "HTTP 404 93000")],
    ids=["a robot that was removed", "an address that is gone"],
)
async def test_a_group_that_cannot_be_reached_is_asked_more_and_more_seldom_and_told_of_once(
    store: Store, tmp_path: Path, clock: Clock, answer: SendResult
) -> None:
    """Nobody else would know that the group hears nothing."""
    one = notice("月报")
    insert_due(store, replace(one, key=replace(one.key, channel="group")))
    robot = Refusing("chat", answer)
    with folder_channel(tmp_path) as channels:
        for _ in range(9 * 12):  # a working day, every five minutes
            await deliver(store, rules(), {**channels, "group": robot}, clock)
            clock.forward(timedelta(minutes=5))
    assert 5 <= robot.asked <= 8
    assert open_faults(store) == ["channel:group"]
    (mail,) = read_mails(tmp_path)
    assert mail["To"].addresses[0].addr_spec == "zwgk@example.gov.cn"
    for words in ("通知渠道“group”发送失败", "93000", "月报，2015年9月"):
        assert words in text_of(mail)
    assert sorted(notice_states(store)) == ["claimed", "sent"]


async def test_a_telephone_that_is_refused_is_told_of_once_and_left_alone_for_a_day(
    store: Store, tmp_path: Path, clock: Clock
) -> None:
    loaded = rules()
    (book,) = loaded.rulebooks
    unit = book.county.departments["huanbao"]
    units = {"huanbao": replace(unit, liaison=replace(unit.liaison, phone="13800000000"))}
    book = replace(book, county=replace(book.county, departments=units))
    one = notice("月报")
    insert_due(store, replace(one, key=replace(one.key, channel="phone")))
    gateway = Refusing("sms", SendResult(False, 'HTTP 200 {"code":"3"}'))
    with folder_channel(tmp_path) as channels:
        for _ in range(10):
            await deliver(store, replace(loaded, rulebooks=(book,)), {**channels, "phone": gateway}, clock)
            clock.forward(timedelta(minutes=5))
    assert gateway.asked == 1
    (mail,) = read_mails(tmp_path)
    assert "通知未能送达环保局联络员（13800000000）" in text_of(mail)


async def test_a_document_that_is_not_there_is_named_and_its_mail_waits(
    store: Store, tmp_path: Path, clock: Clock
) -> None:
    insert_due(store, notice("月报", paper=[2015, 7]))
    with folder_channel(tmp_path) as channels:
        assert (await deliver(store, rules(), channels, clock)).unwritten == 1
    with store.read() as tx:
        (fault,) = list_faults(tx, "sample")
    assert (fault.subject, "〔2015〕7号" in fault.error) == ("message:hb@example.gov.cn", True)
    assert notice_states(store) == ["due"]

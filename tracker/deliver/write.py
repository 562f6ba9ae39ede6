"""Records the outcomes of attempts: sent, to be tried again, or failed."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

from notifications.channels.base import SendResult
from tracker.deliver.attempts import last_attempt_at, next_attempt_at
from tracker.deliver.failures import notify_of_channel, notify_of_unacceptable, record_failure
from tracker.deliver.load import PassState, channel_subject
from tracker.deliver.mailboxes import BOUNCED, REFUSED, mailbox_subject
from tracker.deliver.open_faults import FaultChanges
from tracker.rulebook.loaded import Loaded
from tracker.store import messages
from tracker.store.counties import CountyRow, lock_county
from tracker.store.journal import JournalEntry, append_entries
from tracker.store.messages import Member, MessageRow

#: The attempt after which a message counts against its mailbox.
_OFTEN = 3
#: Seconds that a commit waits for the outcomes of messages that are under way.
_PATIENCE = 0.02

#: A message with the channel's answer.
Answered = tuple[MessageRow, SendResult]


def write_outcomes(state: PassState, answered: Sequence[Answered]) -> None:
    """Record the outcomes of messages of one county in one transaction; the pass counts them once it is committed."""
    now, county = state.clock(), answered[0][0].county
    counts, failing = Counter[str](), set[str]()
    with state.change_faults(now) as faults:
        head = lock_county(faults.tx, county)
        sent = [(message, result) for message, result in answered if result.ok]
        if sent:
            counts.update(_write_sent(faults, head, sent))
        for message, result in answered:
            if not result.ok:
                counts.update(_write_unsent(state, faults, message, result, failing))
    state.report.add(counts)
    if failing:
        state.failing[county] |= failing


def _write_sent(faults: FaultChanges, head: CountyRow, sent: Sequence[Answered]) -> dict[str, int]:
    """Record messages that were sent. Return what counts in the report."""
    tx, now, answers = faults.tx, faults.now, {message.id: result.answer for message, result in sent}
    members = messages.record_sent(tx, answers, now)
    entries = [_sent_entry(member, id, answers[id]) for id, notices in members.items() for member in notices]
    if entries:
        append_entries(tx, head.id, entries, now, head)
    for message, _ in sent:
        faults.clear(head.id, channel_subject(message.channel), "deliver")
        for action in (REFUSED, BOUNCED):
            faults.clear(head.id, mailbox_subject(message.recipient), action)
    return {"sent": len(members), "notices": len(entries)}


def _write_unsent(
    state: PassState, faults: FaultChanges, message: MessageRow, result: SendResult, failing: set[str]
) -> dict[str, int]:
    """Record an attempt that failed. Return what counts in the report, and add the address to `failing` if it fails."""
    tx, now, loaded = faults.tx, faults.now, state.loaded
    county, mailbox = message.county, mailbox_subject(message.recipient)
    is_mailbox_failing = not _is_of_channel(loaded, faults, message, result)
    if is_mailbox_failing and result.retry and not result.unanswered and message.attempts == _OFTEN:
        faults.add(county, mailbox, REFUSED, result.answer)
    # A channel that is down is no reason to give up a message early, whatever it answers.
    office = loaded.office_time(state.counties[county].zone)
    until = last_attempt_at(message.claimed_at, loaded.schedule.delivery.retry_for, office)
    if (result.retry or result.down) and now < until:
        is_doubtful = message.doubtful or result.doubtful
        next_at = next_attempt_at(message, now, office)
        messages.record_retry(tx, message, result.answer, now, next_at, doubtful=is_doubtful)
        return {"retried": 1}
    count = record_failure(tx, loaded, message, result.answer, now, is_mailbox_failing=is_mailbox_failing)
    if count is None:
        return {}
    if is_mailbox_failing:
        faults.note((county, mailbox, BOUNCED))
        failing.add(message.recipient)
    return {"failed": 1, "notices": count}


def _is_of_channel(loaded: Loaded, faults: FaultChanges, message: MessageRow, result: SendResult) -> bool:
    """Return whether a failure is the channel's or our mail's, not the mailbox's, and record it so.

    The county office is told at the third attempt.
    """
    if not (result.down or result.unanswered or result.unacceptable):
        return False
    is_new = faults.add(message.county, channel_subject(message.channel), "deliver", result.answer)
    if result.unanswered and not result.down and is_new:
        return False
    if message.attempts == _OFTEN:
        notify = notify_of_unacceptable if result.unacceptable else notify_of_channel
        notify(faults.tx, loaded, message, result.answer, faults.now)
    return True


def _sent_entry(member: Member, message: str, answer: str) -> JournalEntry:
    after = {"message": message, "role": member.role, "step": member.step}
    return JournalEntry("outbox", "notice.sent", member.subject, None, after, answer)


class Recorder:
    """Commits outcomes that arrive at about the same time in one transaction, in a worker thread.

    `write`: commits the outcomes of messages of one county. `unrecorded`: outcomes whose commit failed; the list
    belongs to the process and outlasts the pass.
    """

    def __init__(self, write: Callable[[Sequence[Answered]], None], unrecorded: list[Answered]) -> None:
        self._write = write
        self.unrecorded = unrecorded
        self._under_way = 0  # messages whose outcome is expected
        self._all_here = asyncio.Event()
        self._waiting: list[tuple[Answered, asyncio.Future[None]]] = []
        self._task: asyncio.Task[None] | None = None

    @contextmanager
    def expecting(self) -> Iterator[None]:
        """For as long as an outcome is under way."""
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._all_here.set()

    async def record(self, message: MessageRow, result: SendResult) -> None:
        """Return when the outcome is committed; raises the database's error."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(((message, result), done))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())
        await done

    async def finish(self) -> None:
        """Return when no commit is under way."""
        if self._task is not None:
            await asyncio.wait([self._task])

    async def retry(self) -> None:
        """Record the outcomes whose commit failed, singly. Keep those that fail again, and raise the first error."""
        errors: list[Exception] = []
        for answered in list(self.unrecorded):
            try:
                await asyncio.to_thread(self._write, [answered])
                self.unrecorded.remove(answered)
            except Exception as error:
                errors.append(error)
        if errors:
            raise errors[0]

    async def _run(self) -> None:
        """Commit what waits, county by county; what arrives during a commit waits for the next."""
        while self._waiting:
            await self._gather()
            county = self._waiting[0][0][0].county
            batch = [pair for pair in self._waiting if pair[0][0].county == county]
            self._waiting = [pair for pair in self._waiting if pair[0][0].county != county]
            answered = [outcome for outcome, _ in batch]
            failure: Exception | None = None
            try:
                await asyncio.to_thread(self._write, answered)
            except Exception as error:
                failure = error
                self.unrecorded += answered
            for _, done in batch:
                if done.done():  # its caller was cancelled meanwhile
                    continue
                if failure is None:
                    done.set_result(None)
                else:
                    done.set_exception(failure)

    async def _gather(self) -> None:
        """Wait for the outcomes of what is under way, for a moment: fewer commits, and none waits for a slow server."""
        if self._under_way:
            self._all_here.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._all_here.wait(), _PATIENCE)

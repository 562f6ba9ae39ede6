"""Commits answers that arrive at the same time in one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from notifications.channels.base import SendResult
from tracker.store.messages import MessageRow

Answered = tuple[MessageRow, SendResult]


class Recorder:
    """`write`: commits what became of messages of one county; it is run in a worker thread. A commit holds what came
    in during the one before.

    `unrecorded`: answers whose commit failed. The list belongs to the process and outlasts the pass.
    """

    def __init__(self, write: Callable[[Sequence[Answered]], None], unrecorded: list[Answered]) -> None:
        self._write = write
        self.unrecorded = unrecorded
        self._waiting: list[tuple[Answered, asyncio.Future[None]]] = []
        self._task: asyncio.Task[None] | None = None

    async def record(self, message: MessageRow, result: SendResult) -> None:
        """Returns when it is committed; raises what the database raised."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(((message, result), done))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())
        await done

    async def settle(self) -> None:
        """Returns when nothing is being recorded any more."""
        if self._task is not None:
            await asyncio.wait([self._task])

    async def retry(self) -> None:
        """Record the answers whose commit failed; raises what the database raised, and keeps those that failed."""
        failures: list[Exception] = []
        for answered in list(self.unrecorded):
            try:
                await asyncio.to_thread(
                    self._write, [answered]
                )  # each for itself: one that cannot be recorded keeps no other waiting
                self.unrecorded.remove(answered)
            except Exception as error:
                failures.append(error)
        if failures:
            raise failures[0]

    async def _run(self) -> None:
        while self._waiting:
            county = self._waiting[0][0][0].county
            taken = [one for one in self._waiting if one[0][0].county == county]
            self._waiting = [one for one in self._waiting if one[0][0].county != county]
            try:
                await asyncio.to_thread(self._write, [answered for answered, _ in taken])
            except Exception as error:
                self.unrecorded += [answered for answered, _ in taken]
                for _, done in taken:
                    if not done.done():
                        done.set_exception(error)
            else:
                for _, done in taken:
                    if not done.done():  # whoever waited may have been stopped meanwhile
                        done.set_result(None)

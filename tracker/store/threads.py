"""Transactions for coroutines: each runs whole in a worker thread, so that none is open while a coroutine waits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from tracker.store.engine import Store, Tx

T = TypeVar("T")


async def run_read(store: Store, work: Callable[[Tx], T]) -> T:
    """The result of `work` in a transaction that reads."""

    def run() -> T:
        with store.read() as tx:
            return work(tx)

    return await asyncio.to_thread(run)


async def run_write(store: Store, work: Callable[[Tx], T]) -> T:
    """The result of `work` in a transaction that writes, once it is committed.

    Who is cancelled while it runs does not stop it: it is committed or rolled back as a whole.
    """

    def run() -> T:
        with store.begin() as tx:
            return work(tx)

    return await asyncio.to_thread(run)

"""Runs transactions for coroutines, each wholly in a worker thread, so that none is open while a coroutine waits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TypeVar

from tracker.store.engine import Store, Tx

T = TypeVar("T")


async def run_read(store: Store, work: Callable[[Tx], T]) -> T:
    """The result of `work` in a transaction that reads."""
    return await asyncio.to_thread(_run, store.read, work)


async def run_write(store: Store, work: Callable[[Tx], T]) -> T:
    """The result of `work` in a transaction that writes, once it is committed.

    Cancelling the caller does not stop the transaction: it is committed or rolled back as a whole.
    """
    return await asyncio.to_thread(_run, store.begin, work)


def _run(transaction: Callable[[], AbstractContextManager[Tx]], work: Callable[[Tx], T]) -> T:
    with transaction() as tx:
        return work(tx)

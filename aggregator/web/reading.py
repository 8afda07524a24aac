"""How the served site reads the store: in threads of its own, so that a slow question delays neither pages nor polls."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import Connection

from aggregator.store import Store, StoreError

THREADS, SEARCHING = 2, 1  # each may hold a connection, with a cache of 2 MiB

T = TypeVar("T")
Ask = Callable[[Callable[[Connection], T]], Awaitable[T]]


class Reader:
    """Asks a store, off the event loop."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="web")
        self._searching = ThreadPoolExecutor(SEARCHING, thread_name_prefix="web-search")

    async def ask(self, work: Callable[[Connection], T], *, searches: bool = False) -> T:
        """Do some reading in one transaction, which sees one state of the store. Raises `StoreError`.

        What `searches` may take a second: such questions wait for one another, and no page for them.
        """
        threads = self._searching if searches else self._threads
        return await asyncio.get_running_loop().run_in_executor(threads, lambda: self._read(work))

    async def apart(self, work: Callable[[], T]) -> T:
        """Do some work that takes its time, in one of the threads."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def close(self) -> None:
        """Take no further questions, and give back all connections."""
        for threads in (self._threads, self._searching):
            threads.shutdown(wait=False, cancel_futures=True)
        self._store.close()

    def _read(self, work: Callable[[Connection], T]) -> T:
        try:
            with self._store.read() as tx:
                return work(tx)
        except StoreError:
            self._store.close()  # a connection that was opened to a file without rights would keep to that
            raise

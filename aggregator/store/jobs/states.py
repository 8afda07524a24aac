"""What the store has of sources, asked by many coroutines: what gathers while one question is under way is the next one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from aggregator.model import SourceKey
from aggregator.store.engine import Store
from aggregator.store.sources import SourceState, states_of

GATHERS = 0.02  # seconds for which more is waited for that goes the same way


class States:
    """Reads the states of sources, in a thread."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: dict[SourceKey, asyncio.Future[SourceState | None]] = {}
        self._task: asyncio.Task[None] | None = None

    async def of(self, key: SourceKey) -> SourceState | None:
        """The state of a source, None where the store has none of this key. Raises `StoreError`."""
        answer = self._waiting.get(key)
        if answer is None:
            answer = self._waiting[key] = asyncio.get_running_loop().create_future()
        if self._task is None:
            self._task = asyncio.create_task(self._read())
        return await asyncio.shield(answer)

    async def _read(self) -> None:
        try:
            while self._waiting:
                await asyncio.sleep(GATHERS)
                wanted, self._waiting = self._waiting, {}
                try:
                    found = {state.key: state for state in await asyncio.to_thread(self._states, [*wanted])}
                except Exception as error:  # noqa: BLE001 - not handled here: handed to everybody who asked
                    for answer in wanted.values():
                        answer.set_exception(error)
                    continue
                for key, answer in wanted.items():
                    answer.set_result(found.get(key))
        finally:
            self._task = None

    def _states(self, keys: Sequence[SourceKey]) -> Sequence[SourceState]:
        with self._store.look() as tx:
            return states_of(tx, keys)

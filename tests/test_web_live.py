"""New updates, pushed: at once, each once, to whoever listens, and again to whoever was away."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager
from typing import Any

import httpx
import pytest
from starlette.types import Message, Scope

from aggregator.service import open_for
from aggregator.web import events
from aggregator.web.app import Served, application
from tests.conftest import NOON, STORY, Clock, Desk, Web, item, rss, source_block
from tests.patience import WAIT, Passing
from tests.serving import served

Tell = Callable[[int], None]
PLACES = ("Kyiv", "Oslo", "Lima", "Cairo", "Quito", "Seoul", "Tunis", "Accra", "Riga")


@pytest.fixture
def tell(web: Web, desk: Callable[[str], Desk]) -> tuple[Desk, Tell]:
    """A desk, and a function that publishes the next so many updates of its story, each by a transaction of its own."""
    other = STORY.replace("stories.talks", "stories.other").replace('"talks"', '"another matter"')
    at_work = desk(STORY + other + source_block("a", web.url()))
    listed: list[str] = []

    def publish(count: int) -> None:
        for _ in range(count):
            number = len(listed)
            said = f"Delegation {number} from {PLACES[number]} brought {number + 12} proposals of its own to the talks."
            listed.append(item(f"n{number}", f"Talks: what {PLACES[number]} proposes", said, at=NOON))
            web.serve(rss(*listed))
            at_work.poll()
            at_work.settle()

    return at_work, publish


def heard(answer: httpx.Response) -> Iterator[dict[str, Any]]:
    """The events of a stream, as they come."""
    event: dict[str, Any] = {}
    for line in answer.iter_lines():
        name, _, value = line.partition(": ")
        if not line and "data" in event:
            yield {**event, "data": json.loads(event["data"])}
            event = {}
        elif name:
            event[name] = value


def following(answer: httpx.Response, count: int) -> list[dict[str, Any]]:
    events_ = heard(answer)
    return [next(events_) for _ in range(count)]


def test_an_update_is_heard_of_within_a_second(tell: tuple[Desk, Tell]) -> None:
    at_work, publish = tell
    publish(1)
    with served(at_work.config) as reader, reader.client.stream("GET", "/events/talks") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        stream = heard(answer)
        state = next(stream)
        assert (state["event"], state["data"]["updates"]) == ("state", 1)
        publish(1)
        with Passing() as passing:
            update = next(stream)
        assert passing.seconds < 1
        assert update["event"] == "update"
        assert update["data"] == {
            "story": "talks", "number": 2, "kind": "adds", "reason": update["data"]["reason"],
            "title": "Talks: what Oslo proposes", "url": "talks.html#update-2", "id": update["data"]["id"],
        }  # fmt: skip
        assert update["data"]["id"].startswith("tag:")
        assert update["data"]["id"].endswith(",2026:talks/update-2")
        assert reader.rows(f"/changes?limit={update['id']}")["changes"][-1]["key"] == "talks/2"  # the id is the change's number


def test_who_was_away_is_told_what_it_missed_and_nothing_twice(tell: tuple[Desk, Tell]) -> None:
    at_work, publish = tell
    publish(3)
    with served(at_work.config) as reader:
        with reader.client.stream("GET", "/events?since=0") as answer:
            all_of_them = following(answer, 3)
        assert [one["data"]["number"] for one in all_of_them] == [1, 2, 3]
        first, second, _ = (one["id"] for one in all_of_them)
        with reader.client.stream("GET", "/events/talks", headers={"last-event-id": first}) as answer:
            stream = heard(answer)
            assert [next(stream)["data"]["number"], next(stream)["data"]["number"]] == [2, 3]
            publish(1)
            assert next(stream)["data"]["number"] == 4
        with reader.client.stream("GET", f"/events?since={second}") as answer:
            assert [one["data"]["number"] for one in following(answer, 2)] == [3, 4]


def test_a_story_is_heard_of_by_itself(tell: tuple[Desk, Tell]) -> None:
    at_work, publish = tell
    publish(1)
    with served(at_work.config) as reader, reader.client.stream("GET", "/events/other?since=0") as other:
        with reader.client.stream("GET", "/events?since=0") as every:
            assert following(every, 1)[0]["data"]["story"] == "talks"
        lines = other.iter_lines()
        assert [next(lines), next(lines)] == [f"retry: {events.RETRY_MS}", ""]
        other.close()  # nothing but that has come


def test_a_wrong_place_to_go_on_from(tell: tuple[Desk, Tell]) -> None:
    at_work, publish = tell
    publish(1)
    with served(at_work.config) as reader:
        assert reader.wrong("/events?since=yesterday").startswith("`since`: write the id of an event")
        assert reader.wrong("/events/nothing", 404) == "There is no story nothing. All updates are pushed at /events."
        for ahead in ("999999", "nonsense", "9" * 40, "-1"):
            # Seen before the store was put back from a backup, or never: told how things are, and never cut off.
            with reader.client.stream("GET", "/events/talks", headers={"last-event-id": ahead}) as answer:
                assert following(answer, 1)[0]["event"] == "state"
        assert reader.client.head("/events/talks").headers["content-type"].startswith("text/event-stream")


def test_a_quiet_line_is_kept_open(tell: tuple[Desk, Tell], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "HEARTBEAT", 0.02)
    at_work, _ = tell
    with served(at_work.config) as reader, reader.client.stream("GET", "/events") as answer:
        comments = (line for line in answer.iter_lines() if line.startswith(":"))
        assert [next(comments), next(comments)] == [": still here", ": still here"]


def test_too_many_listeners_are_told_so(tell: tuple[Desk, Tell], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "MOST_LISTENERS", 0)
    at_work, _ = tell
    with served(at_work.config) as reader:
        assert "Try again in a minute" in reader.wrong("/events", 503)


# --- without a network: listeners that do what clients of a library do not


class Client:
    """A listener to the application itself. One that is `slow` takes nothing after the head."""

    def __init__(self, served_: Served, path: str, *, slow: bool = False) -> None:
        self.pieces: list[bytes] = []
        self.gone = asyncio.Event()
        self.begun = asyncio.Event()
        self._slow = slow
        headers = [(b"host", b"localhost")]
        path, _, query = path.partition("?")
        scope: Scope = {
            "type": "http", "asgi": {"version": "3.0"}, "method": "GET", "path": path, "raw_path": path.encode(),
            "query_string": query.encode(), "headers": headers, "scheme": "http", "http_version": "1.1", "client": None,
            "root_path": "",
        }  # fmt: skip
        self.task = asyncio.create_task(self._listen(served_, scope))

    async def _listen(self, served_: Served, scope: Scope) -> None:
        await served_.app(scope, self._receive, self._send)

    async def _receive(self) -> Message:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        self.begun.set()
        if self._slow and message["type"] == "http.response.body":
            await asyncio.Event().wait()
        self.pieces.append(message.get("body", b""))

    @property
    def numbers(self) -> list[int]:
        """Of the updates that it heard of."""
        told = [piece.decode() for piece in self.pieces if b"event: update" in piece]
        return [json.loads(one.split("data: ")[1])["number"] for one in told]


async def until(holds: Callable[[], bool]) -> None:
    """Wait for what nothing announces."""
    async with asyncio.timeout(WAIT):
        while not holds():  # noqa: ASYNC110 - as it says
            await asyncio.sleep(0.01)


@asynccontextmanager
async def applied(at_work: Desk) -> AsyncIterator[Served]:
    served_ = application(open_for(at_work.config, create=False), at_work.config, clock=Clock())
    try:
        yield served_
    finally:
        served_.end_streams()


def test_a_listener_that_takes_nothing_is_let_go_and_delays_nobody(
    tell: tuple[Desk, Tell], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "MOST_WAITING", 2)
    at_work, publish = tell
    publish(1)

    async def listen() -> list[int]:
        async with applied(at_work) as served_:
            slow, quick = Client(served_, "/events/talks", slow=True), Client(served_, "/events/talks?since=0")
            await asyncio.gather(slow.begun.wait(), quick.begun.wait())
            for number in range(2, 6):  # all at once would be more than waits for anybody
                await asyncio.to_thread(publish, 1)
                await until(lambda told=number: quick.numbers == [*range(1, told + 1)])  # type: ignore[misc]  # bound at once
            await until(slow.task.done)
            again = Client(served_, "/events/talks?since=0")
            await until(lambda: len(again.numbers) == 5)
            return again.numbers

    assert asyncio.run(listen()) == [1, 2, 3, 4, 5]


def test_listeners_that_vanish_leave_nothing_behind(tell: tuple[Desk, Tell], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "MOST_LISTENERS", WAIT)
    at_work, _ = tell

    async def vanish() -> None:
        async with applied(at_work) as served_:
            for _ in range(3):  # were one of them still counted, the last could not come
                clients = [Client(served_, "/events") for _ in range(20)]
                for client in clients:
                    await until(lambda client=client: len(client.pieces) > 1)  # type: ignore[misc]
                    client.gone.set()
                await asyncio.wait_for(asyncio.gather(*(client.task for client in clients)), WAIT)
        ours = asyncio.current_task()
        await until(lambda: asyncio.all_tasks() == {ours})

    asyncio.run(vanish())


def test_all_streams_end_when_the_service_does(tell: tuple[Desk, Tell]) -> None:
    at_work, _ = tell
    with ExitStack() as client:
        with served(at_work.config) as reader:
            following(client.enter_context(reader.client.stream("GET", "/events")), 1)
            passing = client.enter_context(Passing())
        assert passing.seconds < 3

"""A configuration as the store keeps it: what the file says, without secrets and comments."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

SECRET = {"service": frozenset({"database"})}  # its address may hold a password. A proxy's login is never in the file
DAYS = ("from", "until")
OF_MACHINE = ("storage", "concurrency")  # of [service]: what each machine says for itself
UNREAD = ("web", "notify")  # a replay tells nobody, and `$NAME` may be unknown there
UNUSED = "proxy"  # when it is read again: nothing is asked, and `$NAME` may be unknown there


def record_of(raw: dict[str, Any]) -> str:
    """JSON of the file's tables, in their order: the order of stories is that in which they take up a statement."""
    kept = {name: _without_secrets(name, table) for name, table in raw.items()}
    return json.dumps(kept, ensure_ascii=False, indent=1, default=_day)


def _without_secrets(name: str, table: Any) -> Any:
    if not isinstance(table, dict):
        return table
    return {key: value for key, value in table.items() if key not in SECRET.get(name, ())}


def _day(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)  # a datetime is a date, too


def tables_of(record: str) -> dict[str, Any]:
    """The tables of which `record_of` made a text."""
    raw: dict[str, Any] = json.loads(record)
    for table in UNREAD:
        raw.pop(table, None)
    for story in raw.get("stories", {}).values():
        for key in DAYS:
            if isinstance(story.get(key), str):
                story[key] = _read_day(story[key])
    for source in raw.get("sources", {}).values():
        for address in (source, *source.get("listings", {}).values(), *source.get("fallback", ())):
            if isinstance(address, dict):  # not a plain address
                address.pop(UNUSED, None)
    return raw


def same_polls(one: str, other: str) -> bool:
    """Whether polls under two configurations, each as it is kept, come to the same. Where their files lie, how much is done at
    a time, and who is told of updates, may differ from machine to machine."""
    return one == other or _of_polls(one) == _of_polls(other)


def _of_polls(record: str) -> dict[str, Any]:
    raw = tables_of(record) if record else {}
    raw["service"] = {key: value for key, value in raw.get("service", {}).items() if key not in OF_MACHINE}
    return raw


def _read_day(written: str) -> date:
    return datetime.fromisoformat(written) if "T" in written else date.fromisoformat(written)

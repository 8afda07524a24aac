"""What is decided of notifications without asking anybody: quiet hours, further tries, signatures, and what is said."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from aggregator.config.values import signing_key
from aggregator.model import (
    STORY_ACTS,
    Attribution,
    DeskAct,
    DeskKind,
    Paragraph,
    Replaced,
    RevisionId,
    Sentence,
    SourceKey,
    StatementId,
    StoryKey,
    Update,
    UpdateKind,
)
from aggregator.publish.notify.answers import LONGEST_REST, MOST_REFUSED, MOST_TRIES, Answer, Fate, after, rest_after
from aggregator.publish.notify.hours import is_quiet, quiet_until
from aggregator.publish.notify.message import MOST_BODY, MOST_WORDS, Told, as_json, as_words, message_id
from aggregator.publish.notify.sending import hidden
from aggregator.publish.notify.signing import signed_headers
from aggregator.publish.places import Site
from aggregator.store.outbox import Message, Unit
from tests.conftest import NOON
from tests.telling import SECRET

BERLIN, KATHMANDU = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kathmandu")
SITE = Site(url="https://news.example.org/", identity="3f2a9c1e-0000-4000-8000-000000000000")
SCHEMA = json.loads((files("aggregator.publish.notify") / "message.schema.json").read_text(encoding="utf-8"))
UPDATE = Update(
    number=4,
    kind=UpdateKind.ADDS,
    reason="Adds a statement.",
    said_at=NOON,
    published_at=NOON + timedelta(minutes=10),
    paragraphs=(Paragraph(sentences=(Sentence(text="They <b>spoke</b>.", citations=()),)),),
    attributions=(Attribution(name="A", url="javascript:alert(1)", source=SourceKey("a")),),
    title="Talks on grain",
    statement=StatementId(1),
    revision=RevisionId(1),
    hash="ab" * 32,
    language="en",
)
TOLD = Told(story=StoryKey("talks"), story_title="Talks in Geneva", what=UPDATE)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "zone", "now", "until"),
    [
        ("", None, "2025-08-14 03:00", None),
        ("22:00-07:00", None, "2025-08-14 21:59", None),
        ("22:00-07:00", None, "2025-08-14 22:00", "2025-08-15 07:00"),
        ("22:00-07:00", None, "2025-08-15 06:59", "2025-08-15 07:00"),
        ("22:00-07:00", None, "2025-08-15 07:00", None),
        ("12:30-13:15", None, "2025-08-15 12:45", "2025-08-15 13:15"),
        ("12:30-13:15", None, "2025-08-15 13:15", None),
        ("22:00-07:00", BERLIN, "2025-08-14 20:30", "2025-08-15 05:00"),  # summer: two hours before UTC
        ("22:00-07:00", BERLIN, "2025-12-14 20:30", None),
        ("22:00-07:00", KATHMANDU, "2025-08-14 16:15", "2025-08-15 01:15"),
        # Clocks are put forward at 01:00 UTC, from 02:00 to 03:00: an hour less of quiet.
        ("22:00-07:00", BERLIN, "2025-03-30 00:30", "2025-03-30 05:00"),
        ("01:00-02:30", BERLIN, "2025-03-30 00:30", "2025-03-30 01:00"),  # no clock shows 02:30; it jumps over it
        ("02:10-02:50", BERLIN, "2025-03-30 00:59", None),  # and none of this
        # Clocks are put back at 01:00 UTC, from 03:00 to 02:00: an hour more, and 02:10 comes twice.
        ("22:00-07:00", BERLIN, "2025-10-26 00:30", "2025-10-26 06:00"),
        ("02:00-02:30", BERLIN, "2025-10-26 00:10", "2025-10-26 00:30"),
        ("02:00-02:30", BERLIN, "2025-10-26 00:40", None),
        ("02:00-02:30", BERLIN, "2025-10-26 01:10", "2025-10-26 01:30"),
    ],
)
def test_quiet_hours_are_those_of_the_clock_on_the_wall(hours: str, zone: ZoneInfo | None, now: str, until: str | None) -> None:
    assert quiet_until(hours, zone, utc(now)) == (None if until is None else utc(until))
    assert is_quiet(hours, zone, utc(now)) == (until is not None)


@given(st.datetimes(utc("2025-01-01").replace(tzinfo=None), utc("2026-01-01").replace(tzinfo=None), timezones=st.just(UTC)))
def test_what_is_quiet_ends_when_it_is_no_longer_quiet(now: datetime) -> None:
    until = quiet_until("21:45-06:15", BERLIN, now)
    if until is not None:
        assert now < until <= now + timedelta(hours=9, minutes=31)
        assert not is_quiet("21:45-06:15", BERLIN, until)
        assert is_quiet("21:45-06:15", BERLIN, until - timedelta(microseconds=1))


def test_rests_grow_to_six_hours_and_differ_by_message_and_not_by_chance() -> None:
    rests = [rest_after(tries, key="desk:talks:4") for tries in range(1, MOST_TRIES)]
    assert rests == [rest_after(tries, key="desk:talks:4") for tries in range(1, MOST_TRIES)]
    for tries, rest in enumerate(rests, 1):
        plain = min(timedelta(seconds=10 * 4 ** (tries - 1)), LONGEST_REST)
        assert plain * 0.8 <= rest <= plain * 1.2
    assert len({rest_after(1, key=str(number)) for number in range(50)}) == 50
    assert timedelta(days=2.5) < sum(rests, timedelta()) < timedelta(days=4)


def test_what_fails_is_given_up_after_so_many_tries_and_what_is_refused_sooner() -> None:
    for fate, most in ((Fate.AGAIN, MOST_TRIES), (Fate.REFUSED, MOST_REFUSED), (Fate.GONE, 1)):
        answer, tries = Answer(fate=fate, reason="HTTP 500"), 0
        while (following := after(answer, attempts=tries, key="k", now=NOON)).next_try_at is not None:
            assert following.next_try_at == NOON + rest_after(tries + 1, key="k")
            tries += 1
        assert tries + 1 == most
        assert "given up" in following.why


def test_a_receiver_that_asks_for_rest_gets_it_up_to_a_day() -> None:
    asked = [timedelta(seconds=1), timedelta(hours=2), timedelta(days=400)]
    answers = [Answer(fate=Fate.AGAIN, reason="HTTP 429", retry_after=rest) for rest in asked]
    following = [after(answer, attempts=0, key="k", now=NOON).next_try_at for answer in answers]
    assert following == [NOON + rest_after(1, key="k"), NOON + timedelta(hours=2), NOON + timedelta(days=1)]


@given(body=st.text(max_size=300), key=st.binary(min_size=1, max_size=64))
def test_a_receiver_with_the_standard_library_takes_our_signature_and_no_other(body: str, key: bytes) -> None:
    secret = "whsec_" + base64.b64encode(key).decode()
    now = datetime.now(UTC)  # the library holds it against its own clock
    raw = body.encode("utf-8", "replace").decode()
    headers = dict(signed_headers("3f2a9c1e:desk:talks:4:abc", raw.encode(), secret=secret, at=now))
    receiver = Webhook(secret)
    receiver.verify(json.dumps(raw), dict(signed_headers("1", json.dumps(raw).encode(), secret=secret, at=now)))
    for name, value in (("webhook-id", "another"), ("webhook-timestamp", str(int(now.timestamp()) + 1))):
        with pytest.raises(WebhookVerificationError):
            receiver.verify(raw, headers | {name: value})
    with pytest.raises(WebhookVerificationError):
        receiver.verify(raw + " ", headers)
    old = dict(signed_headers("1", raw.encode(), secret=secret, at=now - timedelta(minutes=6)))
    with pytest.raises(WebhookVerificationError):  # somebody sends again what was overheard
        receiver.verify(raw, old)


def test_the_signature_is_that_of_the_specification() -> None:
    """The example of the Standard Webhooks specification, as its libraries test it."""
    body = b'{"test": 2432232314}'
    at = datetime.fromtimestamp(1614265330, UTC)
    headers = signed_headers("msg_p5jXN8AQM9LWM0D4loKWxJek", body, secret=SECRET, at=at)
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_secret_is_base64_behind_its_prefix_and_else_as_it_is() -> None:
    assert signing_key("whsec_c2VjcmV0") == b"secret"
    assert signing_key("secret") == b"secret"
    for wrong in ("whsec_", "whsec_no base64", "whsec_abc"):
        with pytest.raises(ValueError, match="whsec_"):
            signing_key(wrong)
    with pytest.raises(ValueError, match="dot"):
        signed_headers("a.b", b"", secret=SECRET, at=NOON)


def test_what_programs_are_sent_is_as_its_schema_says() -> None:
    old = Replaced(number=1, paragraph=1, position=1, before="two days", after="three days")
    corrected = replace(UPDATE, kind=UpdateKind.CORRECTED, corrects=(1,), replaces=(old,), said_day="2025-08-14")
    body = as_json(SITE, [TOLD, replace(TOLD, what=corrected)])
    whole = json.loads(body)
    jsonschema.Draft202012Validator(SCHEMA).validate(whole)
    assert (
        set(SCHEMA["$defs"]["update"]["required"])
        == set(SCHEMA["$defs"]["update"]["properties"])
        == set(whole["data"]["updates"][0])
    )
    first, second = whole["data"]["updates"]
    assert (whole["type"], whole["timestamp"], whole["data"]["store"]) == (
        "updates.published",
        "2025-08-14T12:10:00Z",
        SITE.identity,
    )
    assert first["id"] == SITE.update_id(StoryKey("talks"), 4)
    assert first["url"] == "https://news.example.org/talks.html#update-4"
    assert (first["paragraphs"], first["attributions"]) == (["They <b>spoke</b>."], [{"name": "A", "url": ""}])
    assert (second["said_at"], second["said_day"], second["corrects"]) == (None, "2025-08-14", [1])
    assert second["replaces"] == [{"number": 1, "paragraph": 1, "before": "two days", "after": "three days"}]
    test = json.loads(as_json(SITE, [], at=NOON))
    jsonschema.Draft202012Validator(SCHEMA).validate(test)


MERGED = DeskAct(
    id=7,
    kind=DeskKind.MERGE,
    at=NOON + timedelta(hours=1),
    by="A Person",
    why="One meeting.",
    story=StoryKey("talks"),
    other=StoryKey("more"),
)


def test_programs_are_told_what_the_desk_did_with_a_story() -> None:
    merged = replace(TOLD, what=MERGED)
    whole = json.loads(as_json(SITE, [merged]))
    jsonschema.Draft202012Validator(SCHEMA).validate(whole)
    (act,) = whole["data"]["acts"]
    schema = SCHEMA["$defs"]["act"]
    assert set(schema["required"]) == set(schema["properties"]) == set(act)
    assert set(schema["properties"]["kind"]["enum"]) == {kind.value for kind in STORY_ACTS}
    assert (whole["type"], whole["timestamp"], whole["data"]["updates"]) == ("stories.changed", "2025-08-14T13:00:00Z", [])
    assert act["says"] == "Continued in the story more, on 8/14/2025 by the desk: One meeting."
    assert (act["id"], act["url"]) == (SITE.act_id(StoryKey("talks"), 7), "https://news.example.org/talks.html#desk-7")
    assert (act["kind"], act["leads_to"]) == ("merge", "https://news.example.org/more.html")
    assert "A Person" not in json.dumps(whole)
    both = json.loads(as_json(SITE, [TOLD, merged]))
    assert (both["type"], len(both["data"]["updates"]), len(both["data"]["acts"])) == ("updates.published", 1, 1)


def test_people_are_told_what_the_desk_did_with_a_story() -> None:
    closed = replace(TOLD, what=replace(MERGED, kind=DeskKind.CLOSE, other=None, why="@everyone"))
    words = as_words(SITE, [closed])
    assert words.title == "Talks in Geneva: from the desk"
    assert words.body == ("Closed on 8/14/2025 by the desk: @\u200beveryone\nhttps://news.example.org/talks.html#desk-7")
    assert words.body in as_words(SITE, [TOLD, closed]).body


def test_a_body_is_never_over_its_limit() -> None:
    long = replace(UPDATE, paragraphs=(Paragraph(sentences=(Sentence(text="да" * 40_000, citations=()),)),))
    body = as_json(SITE, [replace(TOLD, what=long)] * 2)
    assert len(body) < MOST_BODY
    assert [(one["cut"], one["paragraphs"]) for one in json.loads(body)["data"]["updates"]] == [(True, []), (True, [])]


def unit(*numbers: int, digest: str = "ab" * 32) -> Unit:
    told = [{"story": "talks", "number": str(number), "hash": digest} for number in numbers]
    return Unit(
        messages=tuple(Message(id=n, key=str(n), target="notify", payload=one) for n, one in enumerate(told, 1)), attempts=0
    )


def test_an_id_is_of_one_store_one_target_and_what_it_tells() -> None:
    ids = [
        message_id(SITE, "notify:desk", unit(4)),
        message_id(SITE, "notify:other", unit(4)),
        message_id(replace(SITE, identity="11111111"), "notify:desk", unit(4)),
        message_id(SITE, "notify:desk", unit(5)),
        message_id(SITE, "notify:desk", unit(4, digest="cd" * 32)),  # put back from a backup, and gone on otherwise
        message_id(SITE, "notify:desk", unit(4, 5)),
        message_id(SITE, "notify:desk", unit(4, 6)),
    ]
    assert len(set(ids)) == len(ids)
    assert ids[0] == "3f2a9c1e:desk:talks:4:abababababab"
    assert all("." not in one and one.isascii() and len(one) < 200 for one in ids)


def test_people_get_a_few_lines_and_nobody_is_called() -> None:
    hostile = replace(
        UPDATE,
        title="@everyone <@U123> look, @Here",
        paragraphs=(Paragraph(sentences=(Sentence(text="x" * 9_000, citations=()),)),),
    )
    words = as_words(SITE, [replace(TOLD, what=hostile)])
    assert words.title == "Talks in Geneva: Update.4"
    assert "@everyone" not in words.body
    assert "<@" not in words.body
    assert "@Here" not in words.body
    assert len(words.body) < MOST_WORDS + 300
    assert words.body.endswith("for more info: A\nhttps://news.example.org/talks.html#update-4")
    several = as_words(SITE, [TOLD, replace(TOLD, what=replace(UPDATE, number=5, kind=UpdateKind.WITHDRAWN))] * 60)
    assert several.title == "120 updates: Talks in Geneva"
    assert "Update.5 (withdrawn)" in several.body
    assert len(several.body) <= MOST_WORDS
    assert "more" in several.body.splitlines()[-1]


def test_no_part_of_an_address_or_a_secret_is_shown() -> None:
    url = "https://hooks.example.org/services/T0AB12CD/xyzzy-9?token=abcdef99"
    said = f"port 81: {url!r}; /services/T0AB12CD/xyzzy-9 said abcdef99 {SECRET} {SECRET.removeprefix('whsec_')}"
    shown = hidden(said, {url, SECRET, SECRET.removeprefix("whsec_")})
    assert "hooks.example.org" in shown
    for part in ("T0AB12CD", "xyzzy", "abcdef99", "MfKQ9r8"):
        assert part not in shown

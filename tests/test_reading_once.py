"""Reading a text for what is near it: the same bytes as ever, and facts that are read once and yet the same."""

from __future__ import annotations

import hashlib
import json
import pickle
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from aggregator.stories.near.reading import INVISIBLE, SPACES, UNCLEAN
from aggregator.stories.profiles import profile_bytes
from aggregator.stories.sketching import NearText, near_reading, read_ahead, read_text
from aggregator.text.facts import MAYBE_PHONE, PHONE, facts, facts_and_within
from aggregator.text.references import REFERENCE, START, find_references

DATA = Path(__file__).parent / "data"
AT = datetime(2022, 3, 1, 12, tzinfo=UTC)
# Of what is kept of every text below: whoever changes it, raises VERSION in stories/near/sketch or stories/profiles.
KEPT = "da486a0efce4cfd0bf5b3515c66488719432e3c767a57e053499cac470773b76"

# What stands around the end of a title matters most: numbers, months, references and signs that may go on in the next line.
_ATOMS = """
    12 12th 3 2022 March Mar. May monday two hundred and million billion percent % $ € EUR usd H.R. S. Res. EO EC PL COM (2022)
    1234 /2022 12/03/2022 11:30 pm a.m. uhr XII II IP/26/1166 +1 (202) 555-0123 555-0123 one third thirds second the The of
    President in on de la le la der die das im am vom und Kyiv’s U.S. F-16 No. - – . , : ½ ²
    й и\u0306 \u0301 \u200b @ a@b.example
"""
WORDINGS = st.lists(
    st.tuples(st.sampled_from(_ATOMS.split()), st.sampled_from([" ", " ", " ", "", "-", "\n", "\u00a0", "  "])), max_size=24
).map(lambda parts: "".join(word + gap for word, gap in parts))


def _texts() -> Iterator[tuple[str, str, str]]:
    """Each text of the quality sample and of MEANTIME: title, text, language."""
    for path in sorted(DATA.glob("quality/*.jsonl")) + sorted(DATA.glob("meantime/*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            for one in (record, record.get("a"), record.get("b")):
                for name in ("old_text", "text"):
                    if isinstance(one, dict) and name in one:
                        yield one.get("title") or "", one[name], one.get("language") or ""


def test_what_is_kept_of_a_text_stays_the_same() -> None:
    kept = hashlib.sha256()
    for title, text, language in _texts():
        read = near_reading(text, title, AT, language=language, family="white-house", url="https://example.org/1")
        parts = (read.copied.sketch.pack(), profile_bytes(read.profile), repr((read.copied.bands, read.bands)).encode())
        kept.update(b"".join(parts))
    assert kept.hexdigest() == KEPT


def test_what_was_read_in_another_process_is_the_same() -> None:
    for title, text, language in islice(_texts(), 0, None, 40):
        known = {"language": language, "family": "white-house", "url": "https://example.org/1"}
        read = near_reading(text, title, AT, **known)
        whole = NearText(revision=1, statement=1, said_at=AT, title=title, text=text, reading=b"", **known)
        there = read_text(replace(whole, reading=read_ahead(text, title, AT, **known)))
        there = read_text(replace(whole, reading=pickle.dumps(there.reading)))  # on its way nobody has looked into it
        assert (there.reading.copied.packed, there.reading.bands) == (read.copied.sketch.pack(), read.bands)
        assert (there.reading.copied.bands, there.language) == (read.copied.bands, read.profile.language)
        assert there.kept_profile == profile_bytes(read.profile)
        assert there.reading.profile == read.profile
        ours, theirs = read.copied.sketch, there.reading.copied.sketch
        assert (theirs.spoken, theirs.facts, theirs.published) == (ours.spoken, ours.facts, ours.published)
        assert (theirs.line.plain, theirs.line.named, theirs.line.denied) == (
            ours.line.plain,
            ours.line.named,
            ours.line.denied,
        )
        assert theirs.line.names() == ours.line.names()


@given(WORDINGS, WORDINGS, st.sampled_from(["", "en", "fr", "de", "ru", "pl", "xx"]))
def test_facts_that_are_read_once_are_those_of_both(title: str, text: str, language: str) -> None:
    whole, within = facts_and_within(title, text, language)
    assert within == facts(text, language)
    assert whole == facts(f"{title}\n{text}" if title else text, language)


def test_a_fact_across_the_end_of_the_title_is_none_of_the_text() -> None:
    whole, within = facts_and_within("Package of two", "hundred people met on 12 March 2022 in Kyiv, and 3 left", "en")
    assert [fact.value for fact in whole] == ["200", "2022-03-12", "3"]
    assert [fact.value for fact in within] == [fact.value for fact in facts("hundred people met on 12 March 2022 and 3", "en")]


@given(WORDINGS)
def test_what_is_looked_for_first_misses_nothing(text: str) -> None:
    free, expected = 0, []
    for at in range(len(text)):
        match = (
            REFERENCE.match(text, at)
            if at >= free and not (at and (text[at - 1].isalnum() or text[at - 1] in "_/.$€£-"))
            else None
        )
        if match:
            free = match.end()
            expected.append(match.span())
    assert all(START.match(text, start) for start, _ in expected)
    assert all((start, end) in expected or any(one[0] == start for one in expected) for _, start, end in find_references(text))
    assert MAYBE_PHONE.search(text) or not PHONE.search(text)


def test_every_space_and_unseen_sign_is_noticed() -> None:
    for sign in map(chr, range(0x11000)):
        if sign not in " \n" and SPACES.sub(" ", INVISIBLE.sub("", f"a{sign}b")) != f"a{sign}b":
            assert UNCLEAN.search(f"a{sign}b"), hex(ord(sign))

"""Word diffs: exact, readable, and bounded whatever the texts are."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rapidfuzz.distance import Indel

from aggregator.text import worddiff
from aggregator.text.worddiff import Change, Piece, count_words, new_of, old_of, shortened, word_diff

# Few words, signs and breaks, so that they meet; and any text at all.
PARTS = [
    "talks",
    "Talks",
    "the ",
    "on ",
    "grain",
    "12",
    "13.5",
    ", ",
    ". ",
    " ",
    "\n",
    "\n\n",
    "é",
    "e\u0301",
    "Київ",
    "会談",
    "\u2028",
]
TEXTS = st.one_of(st.lists(st.sampled_from(PARTS), max_size=40).map("".join), st.text(max_size=60))


def plain(pieces: list[Piece]) -> str:
    marks = {Change.SAME: "{}", Change.REMOVED: "[-{}-]", Change.ADDED: "{{+{}+}}", Change.LEFT_OUT: "<{}>"}
    return "".join(marks[one.change].format(one.text) for one in pieces)


@pytest.fixture
def cells(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How much is compared in full, each time."""
    found: list[int] = []

    class Counting:
        @staticmethod
        def opcodes(old: list[int], new: list[int]) -> object:
            found.append(len(old) * len(new))
            return Indel.opcodes(old, new)

    monkeypatch.setattr("rapidfuzz.distance.Indel", Counting)
    return found


@given(TEXTS, TEXTS)
@example("", "")
@example("\n\nA", "A\n\n")
def test_a_difference_applied_to_the_old_text_gives_the_new_one(old: str, new: str) -> None:
    pieces = word_diff(old, new)
    assert old_of(pieces) == old
    assert new_of(pieces) == new
    assert all(piece.text for piece in pieces)
    order = {Change.SAME: 0, Change.REMOVED: 1, Change.ADDED: 2}
    for first, then in pairwise(pieces):
        assert then.change is Change.SAME or order[first.change] < order[then.change]
        assert (first.change, then.change) != (Change.SAME, Change.SAME)


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert word_diff(text, text) == ([Piece(Change.SAME, text)] if text else [])


@given(TEXTS, TEXTS)
def test_where_little_is_compared_in_full_a_difference_is_exact_all_the_same(old: str, new: str) -> None:
    most, worddiff.MOST_CELLS = worddiff.MOST_CELLS, 4
    try:
        pieces = word_diff(old, new)
    finally:
        worddiff.MOST_CELLS = most
    assert (old_of(pieces), new_of(pieces)) == (old, new)


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("The 12th package is ready.", "The 13th package is ready.", "The [-12th-]{+13th+} package is ready."),
        ("They met on Monday.", "They met.", "They met[- on Monday-]."),
        ("One.\n\nTwo.\n\nThree.", "One.\n\nThree.", "One.\n\n[-Two.\n\n-]Three."),
        ("It costs 3.5 billion.", "It costs 3.8 billion.", "It costs [-3.5-]{+3.8+} billion."),
        ("don't go there now", "do go there now", "[-don't-]{+do+} go there now"),
        ("Президент сказав так.", "Президент сказав ні.", "Президент сказав [-так-]{+ні+}."),
        ("首相は会談した。", "首相は会議した。", "首相は会[-談-]{+議+}した。"),
        ("One. Three.", "One. Two. Three.", "One.{+ Two.+} Three."),
        ("It is so. It is so.", "It is so. It is so. It is so.", "It is so. It is so.{+ It is so.+}"),
        ("It lasts 12 days.", "It lasts 13 days.\n\nA paragraph.", "It lasts [-12-]{+13+} days.{+\n\nA paragraph.+}"),
        ("same", "same", "same"),
        ("", "new", "{+new+}"),
        ("old", "", "[-old-]"),
        (  # no salad of words that both sentences happen to have
            "The minister of trade said that the price of grain fell.",
            "In the evening a storm broke off a roof.",
            "[-The minister of trade said that the price of grain fell-]{+In the evening a storm broke off a roof+}.",
        ),
    ],
)
def test_what_changed_is_shown_as_people_read(old: str, new: str, shown: str) -> None:
    assert plain(word_diff(old, new)) == shown


def test_a_moved_paragraph_leaves_the_others_unmarked() -> None:
    first, second, third = (f"Paragraph {n} is about {n * 7} things of its own." for n in (1, 2, 3))
    pieces = word_diff("\n\n".join([first, second, third, ""]), "\n\n".join([second, third, first, ""]))
    assert [(one.change.value, one.text) for one in pieces] == [
        ("removed", f"{first}\n\n"),
        ("same", f"{second}\n\n{third}\n\n"),
        ("added", f"{first}\n\n"),
    ]


WORDS = 100_000
some = random.Random(7)  # noqa: S311 - no secret: a text
HOSTILE = {
    "one word, more often": ("a " * WORDS, "a " * (WORDS - 1) + "b"),
    "one word against another": ("a " * WORDS, "b " * WORDS),
    "two words by turns": ("a b " * (WORDS // 2), "b a a " * (WORDS // 3)),
    "every word is new": (" ".join(f"a{n}" for n in range(WORDS)), " ".join(f"b{n}" for n in range(WORDS))),
    "every word moved": (" ".join(map(str, range(WORDS))), " ".join(map(str, some.sample(range(WORDS), WORDS)))),
    "every word turned round": (" ".join(map(str, range(WORDS))), " ".join(map(str, range(WORDS, 0, -1)))),
    "every second word changed": (
        " ".join(map(str, range(WORDS))),
        " ".join(str(n) if n % 2 else f"x{n}" for n in range(WORDS)),
    ),
    "each word a paragraph": ("a\n\nb\n\n" * (WORDS // 2), "b\n\na\n\na\n\n" * (WORDS // 3)),
    "paragraphs of chance": tuple("\n".join(some.choices("abcdef", k=WORDS)) for _ in range(2)),
    "words of chance": tuple(" ".join(some.choices("abcdef", k=WORDS)) for _ in range(2)),
    "signs alone": ("." * 500_000, ".," * 250_000),
    "blanks alone": (" " * 500_000, "\t " * 250_000),
    "no blank at all": ("a" * 1_000_000, "a" * 999_999 + "b"),
    "hyphens": ("a-" * 300_000, "a'" * 300_000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_is_compared_within_bounds(name: str, cells: list[int]) -> None:
    old, new = HOSTILE[name]
    pieces = word_diff(old, new)
    assert old_of(pieces) == old
    assert new_of(pieces) == new
    assert all(each <= worddiff.MOST_CELLS for each in cells)
    # Gaps part both sides: whatever the texts, all together costs no more than gaps of the largest size allowed would.
    assert sum(cells) <= worddiff.DEEPEST * 2 * 500_000 * worddiff.MOST_CELLS**0.5


def test_a_long_text_with_a_small_edit_is_still_compared_word_by_word() -> None:
    sentences = [f"Sentence {n} of the long report speaks of {n * 31 % 997} things. " for n in range(12_000)]
    old = "".join(sentences)  # one paragraph of more than 100,000 words, so that it must be parted
    new = old.replace("Sentence 400 of", "Sentence four hundred of").replace("Sentence 11500 of the ", "Sentence 11500 of no ")
    assert count_words(old) > WORDS
    changed = [one for one in word_diff(old, new) if one.change is not Change.SAME]
    assert [(one.change.value, one.text) for one in changed] == [
        ("removed", "400"),
        ("added", "four hundred"),
        ("removed", "the"),
        ("added", "no"),
    ]


def test_what_is_unchanged_for_long_is_shortened_at_words_beside_the_changes() -> None:
    long = " ".join(f"word{n}" for n in range(400))
    pieces = word_diff(f"{long} end", f"{long} middle {long} finish")
    short = shortened(pieces, around=40)
    assert "".join(one.text for one in short) == "".join(one.text for one in pieces)
    left_out = [one.text for one in short if one.change is Change.LEFT_OUT]
    assert len(left_out) == 1
    assert count_words(left_out[0]) > 390
    assert all(len(one.text) <= 40 for one in short if one.change is Change.SAME)
    assert [one.text for one in short if one.change is not Change.SAME] == [
        one.text for one in [Piece(Change.LEFT_OUT, left_out[0]), *pieces] if one.change is not Change.SAME
    ]
    assert shortened(word_diff(long, long), around=40) == [Piece(Change.LEFT_OUT, long)]


@given(TEXTS, TEXTS, st.integers(1, 30))
def test_shortening_changes_no_character(old: str, new: str, around: int) -> None:
    pieces = word_diff(old, new)
    short = shortened(pieces, around=around)
    assert "".join(one.text for one in short) == "".join(one.text for one in pieces)
    assert [one for one in short if one.change in (Change.REMOVED, Change.ADDED)] == [
        one for one in pieces if one.change in (Change.REMOVED, Change.ADDED)
    ]

"""Texts of one mould are told apart by what their titles name; a copy under another headline is not."""

from __future__ import annotations

import pytest

from aggregator.stories.titles import names_another

MOULD = "The keeper declared that the storm was a disaster in the county of {}, and sent oil for the lamps."


def test_the_same_mould_for_another_place_is_another_thing() -> None:
    found = names_another(
        "Keeper Declares Disaster in Skerry", MOULD.format("Skerry"), "Keeper Declares Disaster in Holm", MOULD.format("Holm")
    )
    assert found == "its title and text say “skerry”, where the other's say “holm”"


@pytest.mark.parametrize(
    ("title", "text", "other_title", "other_text"),
    [
        ("Storm in Skerry", MOULD.format("Skerry"), "Oil for the lamps", MOULD.format("Skerry")),  # another headline
        ("Skerry and its lamps", MOULD.format("Skerry") + " The lamps of Holm burn.", "A storm", MOULD.format("Skerry")),  # cut
        ("He signs", "The keeper signs the letter.", "He signed", "The keeper signed the letter."),  # one word in two forms
        ("", "", "", ""),
        ("Skerry", "", "Holm", ""),
    ],
)
def test_what_the_other_text_says_too_is_no_difference(title: str, text: str, other_title: str, other_text: str) -> None:
    assert names_another(title, text, other_title, other_text) == ""

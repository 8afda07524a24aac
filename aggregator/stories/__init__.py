"""Stories: matching, settling, copies and languages, the digest and its citation gate. Pure."""

from typing import TYPE_CHECKING

import aggregator
from aggregator import later

if TYPE_CHECKING or not aggregator.HANDED:  # names of modules, too: a process of the service asks these for what it needs
    from aggregator.stories.digest import digest
    from aggregator.stories.gate import gate

if TYPE_CHECKING:
    from aggregator.stories.duplicates import DuplicateIndex, Likeness
    from aggregator.stories.edits import edit, edit_kind
    from aggregator.stories.matching import why_it_matches
    from aggregator.stories.profiles import Profile, profile, profile_bytes, read_profile
    from aggregator.stories.settling import settled
    from aggregator.stories.stream import StoryStream
    from aggregator.stories.translations import Versions, bands, same_in_two_languages
else:  # a process imports what it needs of the judgement, not all of it
    __getattr__ = later(
        __name__,
        {
            "DuplicateIndex": "duplicates",
            "Likeness": "duplicates",
            "edit": "edits",
            "edit_kind": "edits",
            "why_it_matches": "matching",
            "Profile": "profiles",
            "profile": "profiles",
            "profile_bytes": "profiles",
            "read_profile": "profiles",
            "settled": "settling",
            "StoryStream": "stream",
            "Versions": "translations",
            "bands": "translations",
            "same_in_two_languages": "translations",
        },
    )

__all__ = [
    "DuplicateIndex",
    "Likeness",
    "Profile",
    "StoryStream",
    "Versions",
    "bands",
    "digest",
    "edit",
    "edit_kind",
    "gate",
    "profile",
    "profile_bytes",
    "read_profile",
    "same_in_two_languages",
    "settled",
    "why_it_matches",
]

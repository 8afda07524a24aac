"""Stories: matching, settling, the digest and its citation gate. Pure."""

from aggregator.stories.digest import digest
from aggregator.stories.duplicates import DuplicateIndex, Likeness
from aggregator.stories.edits import edit, edit_kind
from aggregator.stories.gate import gate
from aggregator.stories.matching import why_it_matches
from aggregator.stories.profiles import Profile, profile, profile_bytes, read_profile
from aggregator.stories.settling import settled
from aggregator.stories.stream import StoryStream
from aggregator.stories.translations import Versions, bands, same_in_two_languages

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

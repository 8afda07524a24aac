"""Stories: matching, settling, the digest and its citation gate. Pure."""

from aggregator.stories.digest import digest
from aggregator.stories.gate import gate
from aggregator.stories.matching import why_it_matches
from aggregator.stories.settling import settled
from aggregator.stories.stream import StoryStream

__all__ = ["StoryStream", "digest", "gate", "settled", "why_it_matches"]

"""Stories: matching, settling, the digest and its citation gate. Pure."""

from aggregator.stories.digest import digest
from aggregator.stories.edits import edit, edit_kind
from aggregator.stories.gate import gate
from aggregator.stories.matching import why_it_matches
from aggregator.stories.settling import settled

__all__ = ["digest", "edit", "edit_kind", "gate", "settled", "why_it_matches"]

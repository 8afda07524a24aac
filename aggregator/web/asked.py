"""What may be asked of the API: each question with its parameters, checked, and as OpenAPI has them."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)

from aggregator.model import Lane, UpdateKind

MOST_ROWS, ROWS = 200, 50  # of one answer: at most, and where nothing is said
MOST_CHANGES = 1_000
HIGHEST_ID = 2**63 - 1
LONGEST = 2_000  # characters of a value


def _digits(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"-?(0|[1-9][0-9]{0,18})", value):
        raise ValueError("write a whole number")
    return value


def _day(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError("write a day such as 2025-08-14")
    return value


def _printable(value: str) -> str:
    if any(ord(sign) < 32 or ord(sign) == 127 for sign in value):
        raise ValueError("leave out control characters")
    return value


_NO_CONTROLS = r"^[^\u0000-\u001f\u007f]*$"
Plain = Annotated[
    str,
    Field(max_length=LONGEST),
    AfterValidator(_printable),
    WithJsonSchema({"type": "string", "maxLength": LONGEST, "pattern": _NO_CONTROLS}),
]
Words = Annotated[
    str,
    Field(max_length=LONGEST),
    AfterValidator(_printable),
    WithJsonSchema({"type": "string", "maxLength": LONGEST, "pattern": _NO_CONTROLS}),
]
Whole = Annotated[int, BeforeValidator(_digits)]
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Cursor = Annotated[Plain | None, Field(description="`next` of the page before; without it, the first page.")]


class Asked(BaseModel):
    """A question without parameters. A parameter that is not known is an error: it would be passed over in silence."""

    # What checks a question is built when the first one is asked.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class OfStory(Asked):
    """One story."""

    key: Plain = Field(description="The story's key in feeds.toml.")


class OfStatement(Asked):
    """One statement."""

    id: Whole = Field(ge=1, le=HIGHEST_ID, description="The statement's id.")


class Paged(Asked):
    """A list, page by page."""

    limit: Whole = Field(ROWS, ge=1, le=MOST_ROWS, description="How many at most.")
    cursor: Cursor = None


class UpdatesOfStory(Paged):
    """The updates of a story."""

    key: Plain = Field(description="The story's key in feeds.toml.")
    order: Literal["oldest", "newest"] = Field("oldest", description="Which comes first.")


class Updates(Paged):
    """The updates of all stories, newest first."""

    story: Plain | None = Field(None, description="Of this story only.")
    kind: UpdateKind | None = Field(None, description="Of this kind only.")


class Statements(Paged):
    """Statements, newest said first."""

    source: Plain | None = Field(None, description="Of which this source brought a version.")
    family: Plain | None = Field(None, description="Of this publisher.")
    lane: Lane | None = Field(None, description="Of sources that speak for themselves (primary), or report.")
    language: Plain | None = Field(None, description="With a version in this language (BCP 47); `en` also finds `en-GB`.")
    story: Plain | None = Field(None, description="That this story took up.")
    since: Day | None = Field(None, description="The first day, in UTC.")
    until: Day | None = Field(None, description="The last day, in UTC.")

    @field_validator("until")
    @classmethod
    def _in_order(cls, until: date | None, info: ValidationInfo) -> date | None:
        """Days the other way round would find nothing, as if nothing had been said."""
        since = info.data.get("since")
        if until is not None and since is not None and until < since:
            raise ValueError("write a day that is not before `since`")
        return until


class Search(Statements):
    """Statements by their words, newest said first."""

    q: Words = Field(
        description='Words, all of which must stand in one version: a "phrase" in quotes, begin* of a word, -without.'
    )


class Since(Asked):
    """What has changed."""

    since: Plain = Field("", description="`cursor` of the answer before; from the beginning without.")
    limit: Whole = Field(100, ge=1, le=MOST_CHANGES, description="How many at most.")

"""What the desk does with a ledger. No command here changes what is published."""

from __future__ import annotations

import getpass
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any

import typer

from aggregator.cli.common import FEEDS, ConfigOption, JsonOption, configuration, reading, store_errors
from aggregator.cli.completing import story_keys
from aggregator.cli.ledger_shown import held, log, show_done
from aggregator.cli.output import FAILED, WRONG, fail
from aggregator.model import DeskKind, StatementId, StoryKey
from aggregator.pipeline.acts import DeskError, Done, Given, UnknownError
from aggregator.pipeline.desk import act
from aggregator.service import open_for, utc_now
from aggregator.store.quoting import SaidVersion, versions_of
from aggregator.stories.desk import MOST_NAME, MOST_WHY, WordsError, one_line

ledger = typer.Typer(
    help="What the desk does with a story's ledger. Nothing of it changes a published update.", no_args_is_help=True
)

LARGEST = (1 << 31) - 1  # number that a database takes

StoryArgument = Annotated[
    str, typer.Argument(metavar="STORY", help="The story's key in feeds.toml.", autocompletion=story_keys)
]
StatementArgument = Annotated[
    int, typer.Argument(metavar="STATEMENT", min=1, max=LARGEST, help="The number of a statement that waits.")
]
NumberArgument = Annotated[int, typer.Argument(metavar="NUMBER", min=1, max=LARGEST, help="Of the update: 3 for Update.3.")]
ByOption = Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who does it; your login name if none is given.")]
WhyOption = Annotated[str, typer.Option("--why", metavar="TEXT", help="Why; for yourselves.")]
ShownWhyOption = Annotated[str, typer.Option("--why", metavar="TEXT", help="Why, in a sentence: readers see it.")]
DryOption = Annotated[bool, typer.Option("--dry-run", help="Show what it would come to, and do nothing.")]


@ledger.command()
def hold(  # noqa: PLR0917 - they are the words of the command line
    story: StoryArgument,
    statement: StatementArgument,
    why: WhyOption = "",
    by: ByOption = None,
    config: ConfigOption = FEEDS,
    as_json: JsonOption = False,
) -> None:
    """Keep a statement that waits from being told, until it is released; edits of it, too.

    Example: aggregator ledger hold ukraine-peace 214 --why "the ministry denies it"
    """
    given = Given(
        kind=DeskKind.HOLD, story=StoryKey(story), statement=StatementId(statement), by=checked_by(by), why=checked_why(why)
    )
    _act(given, config, as_json=as_json)


@ledger.command()
def release(  # noqa: PLR0917 - as `hold`
    story: StoryArgument,
    statement: StatementArgument,
    why: WhyOption = "",
    by: ByOption = None,
    config: ConfigOption = FEEDS,
    as_json: JsonOption = False,
) -> None:
    """Let a statement go its way at once, whether the desk or a rule holds it or it is settling.

    Example: aggregator ledger release ukraine-peace 214
    """
    given = Given(
        kind=DeskKind.RELEASE, story=StoryKey(story), statement=StatementId(statement), by=checked_by(by), why=checked_why(why)
    )
    _act(given, config, as_json=as_json)


@ledger.command()
def withdraw(  # noqa: PLR0917 - as `hold`
    story: StoryArgument,
    number: NumberArgument,
    why: ShownWhyOption,
    by: ByOption = None,
    dry: DryOption = False,
    config: ConfigOption = FEEDS,
    as_json: JsonOption = False,
) -> None:
    """Take an update back, by a new update. The old one stays where it is, marked.

    Example: aggregator ledger withdraw ukraine-peace 3 --why "The statement was a forgery." --dry-run
    """
    given = Given(kind=DeskKind.WITHDRAW, story=StoryKey(story), number=number, by=checked_by(by), why=_shown(why))
    _act(given, config, as_json=as_json, dry=dry)


@ledger.command()
def correct(
    story: StoryArgument,
    number: NumberArgument,
    *,
    why: ShownWhyOption,
    paragraph: Annotated[int, typer.Option("--paragraph", metavar="P", help="Of the update, from 1.")],
    sentence: Annotated[
        int | None, typer.Option("--sentence", metavar="S", help="Of the paragraph, from 1; the whole paragraph if none.")
    ] = None,
    statement: Annotated[
        int | None, typer.Option("--statement", metavar="ID", min=1, max=LARGEST, help="Whose words are right.")
    ] = None,
    revision: Annotated[
        int | None, typer.Option("--revision", metavar="N", help="Which version of it, by its number; the newest if none.")
    ] = None,
    words: Annotated[
        str | None, typer.Option("--words", metavar="TEXT", help="Words that stand in it: their sentence is put in.")
    ] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Take the sentence or paragraph out.")] = False,
    by: ByOption = None,
    dry: DryOption = False,
    config: ConfigOption = FEEDS,
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Put a sentence of an update right by a sentence of a source, or take it out, by a new update. The old one stays, marked.

    Example: aggregator ledger correct ukraine-peace 3 --paragraph 2 --sentence 1 --statement 214 --words "at 11:30"
    --why "The time was wrong."
    """
    detail: dict[str, Any] = {"paragraph": paragraph, "sentence": sentence}
    if remove:
        if not (statement is None and revision is None and words is None):
            fail("--remove puts nothing in: leave --statement, --revision and --words out", code=WRONG)
        detail["remove"] = True
    elif statement is None or words is None:
        fail("Say what is right: --statement ID --words TEXT, words that stand in it; or --remove", code=WRONG)
    else:
        with reading(config) as store, store.read() as tx:
            version = _version(versions_of(tx, StatementId(statement)), statement, revision)
        detail |= {"revision_id": version.revision, "words": words}
    given = Given(
        kind=DeskKind.CORRECT, story=StoryKey(story), number=number, by=checked_by(by), why=_shown(why), detail=detail
    )
    _act(given, config, as_json=as_json, dry=dry)


def _version(found: Any, statement: int, number: int | None) -> SaidVersion:
    """The version that is meant: the newest, or the newest with that number."""
    if not found:
        fail(f"There is no statement {statement}. List them: aggregator statements", code=WRONG)
    chosen = [one for one in found if number in (None, one.number)]
    if not chosen:
        there = ", ".join(f"{one.number} ({one.language or 'of an unknown language'})" for one in found)
        fail(f"Statement {statement} has no version {number}: it has {there}", code=WRONG)
    version: SaidVersion = chosen[-1]
    return version


@ledger.command()
def close(
    story: StoryArgument,
    why: ShownWhyOption,
    by: ByOption = None,
    config: ConfigOption = FEEDS,
    as_json: JsonOption = False,
) -> None:
    """Let a story take no further updates; what comes waits until it is reopened.

    Example: aggregator ledger close ukraine-peace --why "The summit is over."
    """
    _act(Given(kind=DeskKind.CLOSE, story=StoryKey(story), by=checked_by(by), why=_shown(why)), config, as_json=as_json)


@ledger.command()
def reopen(
    story: StoryArgument,
    why: ShownWhyOption,
    by: ByOption = None,
    config: ConfigOption = FEEDS,
    as_json: JsonOption = False,
) -> None:
    """Let a closed story take updates again; what has waited goes on.

    Example: aggregator ledger reopen ukraine-peace --why "They meet again."
    """
    _act(Given(kind=DeskKind.REOPEN, story=StoryKey(story), by=checked_by(by), why=_shown(why)), config, as_json=as_json)


@ledger.command()
def merge(  # noqa: PLR0917 - as `hold`
    stories: Annotated[
        list[str],
        typer.Argument(metavar="LOSER [into] WINNER", help="Two keys: what ends, and what goes on.", autocompletion=story_keys),
    ],
    why: ShownWhyOption,
    by: ByOption = None,
    dry: DryOption = False,
    config: ConfigOption = FEEDS,
    as_json: JsonOption = False,
) -> None:
    """Continue a story in another one, for good. It keeps its page and its numbers; what waits, and what matches it, goes over.

    Example: aggregator ledger merge summit-talks into ukraine-peace --why "It is one story now."
    """
    keys = [*stories[:1], *stories[2:]] if len(stories) == 3 and stories[1].lower() == "into" else stories
    if len(keys) != 2:
        fail("Name two stories: aggregator ledger merge LOSER into WINNER --why TEXT", code=WRONG)
    loser, winner = map(StoryKey, keys)
    given = Given(kind=DeskKind.MERGE, story=loser, other=winner, by=checked_by(by), why=_shown(why))
    _act(given, config, as_json=as_json, dry=dry)


@ledger.command()
def note(  # noqa: PLR0917 - as `hold`
    story: StoryArgument,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="The remark: readers see it as the desk's.")],
    number: Annotated[
        int | None, typer.Option("--number", metavar="N", min=1, max=LARGEST, help="Beside Update.N; else beside the story.")
    ] = None,
    by: ByOption = None,
    config: ConfigOption = FEEDS,
    as_json: JsonOption = False,
) -> None:
    """Put a remark beside a story or an update, for readers.

    Example: aggregator ledger note ukraine-peace --number 3 --why "We have asked the ministry for the full text."
    """
    given = Given(kind=DeskKind.NOTE, story=StoryKey(story), number=number, by=checked_by(by), why=_shown(why))
    _act(given, config, as_json=as_json)


for listing in (held, log):
    ledger.command()(listing)


def checked_by(name: str | None) -> str:
    """Who does something: as they say, else their login name; or exit code 2."""
    if name is None:
        try:
            name = getpass.getuser()
        except (KeyError, OSError, ImportError):
            fail("There is no login name here: say who does it with --by NAME", code=WRONG)
    return _line("--by", name, most=MOST_NAME) or fail("--by: write a name", code=WRONG)


def checked_why(text: str) -> str:
    """Why, as it is kept; or exit code 2."""
    return _line("--why", text, most=MOST_WHY)


def _shown(text: str) -> str:
    return checked_why(text) or fail("--why: say why, in a sentence: readers see it", code=WRONG)


def _line(option: str, text: str, *, most: int) -> str:
    try:
        return one_line(text, most=most)
    except WordsError as error:
        fail(f"{option}: {error}", code=WRONG)


def _act(given: Given, config: Path, *, as_json: bool, dry: bool = False) -> None:
    show_done(done_by(given, config, dry=dry), given, as_json=as_json, dry=dry)


def done_by(given: Given, config: Path, *, dry: bool = False) -> Done:
    """Do an act, or end with a sentence and an exit code: 2 where it names what is not there, 1 where it cannot be done."""
    plan = configuration(config)
    with store_errors(), closing(open_for(plan, create=False)) as store:
        try:
            return act(store, given, now=utc_now(), dry=dry)
        except UnknownError as error:
            fail(str(error), code=WRONG)
        except DeskError as error:
            fail(str(error), code=FAILED)

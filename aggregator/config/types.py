"""`feeds.toml` as types. The JSON Schema is generated from them, and every text here is what an editor shows."""

from __future__ import annotations

import zlib
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Literal, get_args

from aggregator.config.places import SnapshotPlace
from aggregator.config.rules import Item, Mapping, Selectors
from aggregator.config.stamp import Stamp
from aggregator.config.tables import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from aggregator.config.terms import read_term
from aggregator.config.values import (
    FOREVER,
    Contact,
    Duration,
    Folder,
    FromDay,
    HostName,
    Keeping,
    Listening,
    Proxy,
    QuietHours,
    Reference,
    Room,
    RoomKept,
    Secret,
    Size,
    Target,
    UntilDay,
    Wait,
    WebUrl,
    WebUrlOrNone,
    Zone,
    table_of_url,
    waits_by_lane,
)
from aggregator.model import Lane, SourceKey, StoryKey, UpdateKind

Kind = Literal["feed", "page", "sitemap", "json_api"]  # the one list of kinds; each is a module of aggregator/sources
KINDS: tuple[str, ...] = get_args(Kind)
Digest = Literal["extractive", "openai-compatible"]
EXTRACTIVE: Digest = "extractive"
KEY_PATTERN = r"^[a-z0-9][a-z0-9-]{0,63}$"
HOST_PATTERN = r"^[a-z0-9._:\[\]-]{1,253}$"
AGENT_PATTERN = r"^[!-~][ -~]+[!-~]$"
GROUP_PATTERN = r"^[A-Za-z0-9._-]{1,64}$"
MOST_LISTING_PAGES = 20
MOST_FALLBACKS = 9
SETTLE, NO_TIME = timedelta(minutes=10), timedelta()
LANGUAGE_PATTERN = r"^([A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*)?$"


def _not_blank(value: str) -> str:
    if not any(sign.isalnum() for sign in value):
        raise ValueError("write at least one word")
    return value


def _term(value: str) -> str:
    read_term(value)
    return value


def _with_h2(value: bool) -> bool:
    if value and find_spec("h2") is None:
        raise ValueError("it needs a further package; install: pip install 'update-aggregator[http2]'")
    return value


def _with_apprise(value: str) -> str:
    if value == "apprise" and find_spec("apprise") is None:
        raise ValueError("it needs a further package; install: pip install 'update-aggregator[notify]'")
    return value


Http2 = Annotated[bool, AfterValidator(_with_h2)]
Way = Annotated[Literal["webhook", "apprise"], AfterValidator(_with_apprise)]
Words = Annotated[str, AfterValidator(_not_blank)]
Term = Annotated[str, AfterValidator(_term)]


class _Table(BaseModel):
    # What checks a table is built when the first one is checked, and not at all where all were.
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, defer_build=True)


class Service(_Table):
    """How the service works."""

    storage: Folder = Field(
        Path("storage"),
        examples=["/var/lib/update-aggregator"],
        description="Folder of the SQLite file, the snapshots and the site; relative to this file.",
    )
    database: str | None = Field(
        None,
        pattern=r"^[a-z][a-z0-9+]*://",
        examples=["postgresql+psycopg://desk@db.example.org/news"],
        description="Address of another database, such as postgresql+psycopg://HOST/NAME.",
    )
    contact: Contact = Field(
        "",
        examples=["desk@example.org"],
        description="E-mail or page that tells sources whom to write to; goes into the User-Agent.",
    )
    user_agent: str | None = Field(
        None,
        pattern=AGENT_PATTERN,
        examples=["desk-monitor/1.0 (desk at example.org)"],
        description="Whole User-Agent, where the usual one is refused.",
    )
    snapshots: SnapshotPlace | None = Field(
        None,
        examples=["s3://desk-evidence/snapshots"],
        description="Folder or address of the snapshots, such as s3://bucket/prefix; a folder in `storage` if not set.",
    )
    interval: Duration = Field(timedelta(minutes=10), description="How often a source is asked, unless it says otherwise.")
    min_interval: Duration = Field(timedelta(minutes=2), description="No source is asked more often.")
    max_interval: Duration = Field(timedelta(days=1), description="No source is asked less often.")
    timeout: Duration = Field(timedelta(seconds=30), description="For one whole answer.")
    connect_timeout: Duration = Field(timedelta(seconds=10), description="For reaching a host.")
    read_timeout: Duration = Field(timedelta(seconds=20), description="Between two pieces of an answer.")
    max_body: Size = Field(10_000_000, description="Largest answer that is read, before and after decompression.")
    max_redirects: int = Field(5, ge=0, le=20, strict=True, examples=[3], description="How many redirects are followed.")
    gap: Wait = Field(timedelta(seconds=1), description="Rest between two requests to one host.")
    concurrency: int = Field(
        64, ge=1, le=256, strict=True, examples=[16], description="Requests under way at once; one per host."
    )
    keep_snapshots: Keeping = Field(
        FOREVER,
        description="How long raw bytes are kept, from when they were last received; never less than a citation needs them.",
    )
    snapshots_size: RoomKept | None = Field(
        None, description="How much room the raw bytes may take on the disk, packed; what was received longest ago goes first."
    )
    low_disk: Room = Field(
        1_000_000_000, description="With less free on the disk, no raw bytes are kept; texts are stored all the same."
    )
    full_disk: Room = Field(200_000_000, description="With less free on the disk of the database, nobody is asked.")
    digest: Digest = Field(
        EXTRACTIVE,
        description="Who shortens statements: extractive (their own sentences), or openai-compatible (a model).",
    )
    digest_timeout: Duration = Field(timedelta(seconds=20), description="How long a model is waited for.")
    digest_calls: int = Field(
        200, ge=0, le=1_000_000, strict=True, examples=[50], description="Questions to a model in a day (UTC)."
    )
    digest_characters: int = Field(
        2_000_000,
        ge=0,
        le=10_000_000_000,
        strict=True,
        examples=[500_000],
        description="Characters sent to a model and received in a day (UTC).",
    )

    watch_for: Wait = Field(
        timedelta(days=60),
        description="How long the pages of what is told are looked at again after their story has ended; 0s: not at all.",
    )
    gone_after: Wait = Field(
        timedelta(hours=24),
        description="How long a page must be seen gone, three times at least, until what it said counts as withdrawn.",
    )

    @property
    def database_file(self) -> Path:
        """The SQLite file of the store, where no other `database` is named."""
        return self.storage / "aggregator.sqlite"

    @property
    def database_url(self) -> str:
        """The SQLAlchemy address of the store."""
        return self.database or f"sqlite:///{self.database_file}"

    @property
    def snapshot_place(self) -> str:
        """Where the snapshots are kept: the path of a folder, or an address of an object store."""
        return self.snapshots or str(self.storage / "snapshots")


class _Address(_Table):
    """How one address is asked and read."""

    kind: Kind = Field("feed", description="How it is read.")
    selectors: Selectors | None = Field(None, description="For kind page: where the page holds what.")
    mapping: Mapping | None = Field(None, description="For kind json_api: where the answer holds what.")
    pages: int = Field(
        1,
        ge=1,
        le=MOST_LISTING_PAGES,
        strict=True,
        examples=[3],
        description="How many pages of a listing, or files of a sitemap index, one poll may read.",
    )
    only: tuple[Words, ...] = Field(
        (),
        examples=[["/news/"]],
        description="Read only entries whose address (/path/…) or title begins so; the others are counted as dropped.",
    )
    without: tuple[Words, ...] = Field(
        (),
        examples=[["Agenda"]],
        description="Leave out entries whose address (/path/…) or title begins so; they are counted as dropped.",
    )
    reference: Reference = Field(
        "", description="Regular expression with one group: the source's own number, in an entry's address or else its id."
    )
    fetch_pages: bool = Field(False, strict=True, description="Read the text from each item's own page.")
    item: Item | None = Field(None, description="How each item's own page is read, where fetch_pages is true.")
    zone: Zone | None = Field(None, description="Zone of its times where they name none, or a wrong one.")
    language: str = Field("", pattern=LANGUAGE_PATTERN, examples=["en"], description="Language of its texts, such as en.")
    homepage: WebUrlOrNone = Field("", description="Link for readers where an entry has none.")
    allow: tuple[HostName, ...] = Field((), description="Hosts on private addresses that this source may reach all the same.")
    proxy: Proxy | None = Field(None, repr=False, description="An http(s) proxy; $NAME reads it from the environment.")
    interval: Duration | None = Field(None, description="How often it is asked.")
    keep_snapshots: Keeping | None = Field(None, description="How long its raw bytes are kept.")
    snapshots_size: RoomKept | None = Field(None, description="How much room its raw bytes may take on the disk.")
    licence: str = Field(
        "",
        examples=["CC BY 4.0"],
        description="What its publisher allows, in words for readers: a licence, with its attribution.",
    )
    enabled: bool = Field(True, strict=True, description="false: kept in the file, not asked.")
    note: str = Field("", examples=["asked for permission in March"], description="For yourself.")


class FurtherListing(_Address):
    """A further listing of a source, such as another language; what it does not say is as the source has it."""

    url: WebUrl = Field(description="Address of the listing.")
    name: Words = Field(
        "", examples=["Kremlin, in Russian"], description="What readers see, where it is not the source's name."
    )


class Fallback(_Address):
    """What is asked while the source itself fails; what it does not say is as the source has it."""

    url: WebUrl = Field("", description="Address, where it is another one.")
    name: Words = Field(
        "", examples=["Kremlin, its listing page"], description="What readers see, where it is not the source's name."
    )


class Source(_Address):
    """One place that publishes."""

    key: SourceKey = Field(exclude=True)
    name: Words = Field(examples=["Kremlin"], description='What readers see after "for more info:".')
    url: WebUrl = Field(description="Address of the listing.")
    settle: Wait | None = Field(None, description="How long what it says waits, whatever its stories say.")
    family: str = Field(
        pattern=KEY_PATTERN, examples=["kremlin"], description="The publisher; two feeds of one government are one family."
    )
    lane: Lane = Field(Lane.PRIMARY, description="primary: speaks for itself; reporting: tells what others said.")
    listings: dict[
        Annotated[str, Field(pattern=KEY_PATTERN)],
        Annotated[FurtherListing, BeforeValidator(table_of_url, json_schema_input_type=WebUrl | FurtherListing)],
    ] = Field(default_factory=dict, description="Further listings by name: each an address, or a table.")
    fallback: tuple[Annotated[Fallback, BeforeValidator(table_of_url, json_schema_input_type=WebUrl | Fallback)], ...] = Field(
        (), max_length=MOST_FALLBACKS, description="Asked in this order while the source fails: each an address, or a table."
    )
    instead_of: SourceKey | None = Field(None, exclude=True)  # of a fallback: the source that it stands in for


class Settle(_Table):
    """How long a statement waits, by the lane of its source."""

    primary: Wait = Field(SETTLE, description="What a government says.")
    reporting: Wait = Field(SETTLE, description="What tells what others said.")


class Story(_Table):
    """A thread to follow."""

    key: StoryKey = Field(exclude=True)
    title: Words = Field(examples=["Talks in Alaska"], description="Heading of the page.")
    lead: str = Field("", examples=["What is said about the talks"], description="One sentence below the heading.")
    from_: FromDay = Field(alias="from", description="First day, in UTC.")
    until: UntilDay | None = Field(None, description="Last day, in UTC.")
    terms: tuple[Term, ...] = Field(
        min_length=1,
        examples=[["Alaska", "Trump Putin"]],
        description="One entry must be met: all its words stand in the statement, in whichever form. "
        '"side by side" in quotes, sanction* begins so, Putin|Путин is one of the two, =Poles is in no other form.',
    )
    none: tuple[Term, ...] = Field((), examples=[["weather"]], description="No entry may be met; written as in `terms`.")
    forms: bool = Field(True, strict=True, description="false: words are found only as they are written in `terms`.")
    min_score: int = Field(
        1,
        ge=1,
        le=1000,
        strict=True,
        examples=[2],
        description="What the entries of `terms` that are met must count together: each 1, or 2 if all of it is in the title.",
    )
    sources: tuple[SourceKey, ...] = Field(
        (), examples=[["kremlin", "white-house"]], description="Only these; every source if none is named."
    )
    lanes: tuple[Lane, ...] = Field((), description="Only sources of these lanes: primary, reporting; both if none is named.")
    lane_of: dict[SourceKey, Lane] = Field(default_factory=dict, exclude=True, repr=False)  # of every source, for `lanes`
    language: str = Field("en", pattern=LANGUAGE_PATTERN, examples=["en"], description="Language of the page.")
    image: WebUrlOrNone = Field("", description="Address of the picture.")
    image_alt: str = Field(
        "", examples=["A river between hills"], description="The picture in words, for those who do not see it."
    )
    image_credit: str = Field(
        "", examples=["Photo: A. Name, CC BY 4.0"], description="Whose picture it is: a name, and a licence if it has one."
    )
    image_allow: tuple[HostName, ...] = Field((), description="Hosts on private addresses that its picture may come from.")
    settle: Annotated[Settle, BeforeValidator(waits_by_lane, json_schema_input_type=Wait | Settle)] = Field(
        Settle.model_construct(primary=SETTLE, reporting=SETTLE),
        description="How long a statement waits, so that copies arrive first: a duration, or one for each lane.",
    )
    settle_of: dict[SourceKey, timedelta] = Field(default_factory=dict, exclude=True, repr=False)  # where not as `primary`
    settle_edits: Wait | None = Field(
        None, description="How long the page of a statement that was told is quiet before an edit of it is; six times `settle`."
    )
    hold_reporting: Wait = Field(
        NO_TIME, description="How long what a single family reports is held until a second one says it; 0s: not at all."
    )
    wait_language: Wait = Field(
        NO_TIME, description="How long what is said in another language waits for a version in the story's own; 0s: not at all."
    )
    digest: Digest | None = Field(None, description="Who shortens its statements, where it is not as [service] says.")

    @property
    def settle_of_edits(self) -> timedelta:
        """How long an edit of a told statement waits for a further one."""
        return min(6 * self.settle.primary, timedelta(days=1)) if self.settle_edits is None else self.settle_edits


class Host(_Table):
    """How one host is asked."""

    key: str = Field(exclude=True)
    user_agent: str | None = Field(
        None,
        pattern=AGENT_PATTERN,
        examples=["desk-monitor/1.0 (desk at example.org)"],
        description="Whole User-Agent for this host.",
    )
    group: str = Field(
        "host",
        pattern=GROUP_PATTERN,
        examples=["slow-cdn"],
        description="Who takes turns: host; url (each address by itself); or a name for several hosts.",
    )
    gap: Wait | None = Field(None, description="Rest between two requests.")
    http2: Http2 = Field(False, strict=True, description="Ask by HTTP/2, where HTTP/1.1 meets a wall.")
    robots: bool = Field(True, strict=True, description="false: robots.txt is not asked; only with the host's permission.")


class Web(_Table):
    """The site and the API that the running service offers."""

    listen: Listening = Field("127.0.0.1:8600", description='Host and port of the served site and API; "" for none.')
    token: Secret | None = Field(
        None, repr=False, description="What a caller must show; needed where `listen` is open to other machines."
    )
    url: WebUrlOrNone = Field("", description="Address of the site as its readers see it, for feeds, sitemaps and previews.")
    metrics_each: int = Field(
        1000,
        ge=0,
        le=100_000,
        strict=True,
        examples=[200],
        description="Up to so many sources, and so many stories, each have series of their own at /metrics.",
    )
    hub: WebUrlOrNone = Field("", description="A WebSub hub that is told when the feeds have changed.")
    hub_allow: tuple[HostName, ...] = Field((), description="Hosts on private addresses that the hub may be all the same.")


class Notify(_Table):
    """One who is told of updates."""

    key: str = Field(exclude=True)
    kind: Way = Field("webhook", description="How: a signed web request, or any service of Apprise.")
    url: Target = Field(repr=False, description="Whom; an address that holds a secret stands in a variable, named $NAME.")
    secret: Secret | None = Field(None, repr=False, description="For kind webhook: what its messages are signed with.")
    stories: tuple[StoryKey, ...] = Field(
        (), examples=[["alaska"]], description="Of these stories only; of every one if none is named."
    )
    kinds: tuple[UpdateKind, ...] = Field(
        (), description="Of these kinds only: new, adds, corrected, withdrawn; of all if none."
    )
    quiet: QuietHours = Field("", description="Hours of the day in which nothing is sent; it comes after them.")
    zone: Zone | None = Field(None, description="Zone of `quiet`; UTC if none is named.")
    every: Wait = Field(NO_TIME, description="What came is sent together, so often; 0s: each update at once.")
    allow: tuple[HostName, ...] = Field((), description="Hosts on private addresses that may be told all the same.")
    enabled: bool = Field(True, strict=True, description="false: kept in the file, not told.")


class Config(_Table):
    """A whole `feeds.toml`."""

    path: Path = Field(exclude=True)
    advice: tuple[str, ...] = Field((), exclude=True, repr=False)  # what is no mistake, and should be looked at, with its line
    packed: bytes = Field(b"", exclude=True, repr=False)  # `record`: ten thousand sources are a megabyte of JSON
    stamp: Stamp = Field("", exclude=True, repr=False)  # of the file, from before it was read
    elsewhere: str | None = Field(None, exclude=True, repr=False)  # where the site is served in place of what the file says
    service: Service = Service()
    web: Web = Web()
    hosts: dict[str, Host] = Field(default_factory=dict)
    sources: dict[SourceKey, Source]
    stories: dict[StoryKey, Story] = Field(default_factory=dict)
    notify: dict[str, Notify] = Field(default_factory=dict)

    @property
    def record(self) -> str:
        """The file's tables as JSON, without secrets: kept in the store."""
        return zlib.decompress(self.packed).decode() if self.packed else ""

    def served_at(self, listen: str | None) -> Config:
        """The same with its site served where whoever started the program says; None: where the file does."""
        if listen is None:
            return self
        return self.model_copy(update={"elsewhere": listen, "web": self.web.model_copy(update={"listen": listen})})

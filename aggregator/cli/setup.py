"""Commands about the configuration: init, check."""

from __future__ import annotations

from pathlib import Path

from aggregator.cli.common import FEEDS, ConfigOption, JsonOption, configuration
from aggregator.cli.output import FAILED, WRONG, fail, show_json, show_table
from aggregator.config import Config, Source, Story, write_starter, written


def init(config: ConfigOption = FEEDS) -> None:
    """Write a commented feeds.toml to start from. A file that is there is never overwritten.

    Example: aggregator init --config news/feeds.toml
    """
    try:
        write_starter(config)
    except FileExistsError:
        fail(f"{config}: it is there already, and was left as it is. Check it: aggregator check -c {config}", code=WRONG)
    except OSError as error:
        fail(f"{config}: cannot be written ({error.strerror}).", code=FAILED)
    print(f"Wrote {config}. Edit it, then: aggregator check -c {config}")


def check(config: ConfigOption = FEEDS, as_json: JsonOption = False) -> None:
    """Print the plan (sources, intervals, stories), or all mistakes of the file with their lines.

    Example: aggregator check
    """
    plan = configuration(config)
    if as_json:
        show_json(_plan(plan))
        return
    service = plan.service
    show_table(
        ("source", "name", "family", "lane", "kind", "every", "address"),
        [(s.key, s.name, s.family, s.lane, s.kind, _every(plan, s), s.url) for s in plan.sources.values()],
    )
    print()
    show_table(
        ("story", "title", "from", "until", "settles", "terms"),
        [(t.key, t.title, t.from_, t.until, _settles(t), _terms(t)) for t in plan.stories.values()],
    )
    print(f"\nstorage: {service.storage}\n{config}: no mistakes.")
    for one in plan.advice:
        print(f"warning: {one}")
    if not service.contact:
        print("Set `contact` under [service]: it tells the sources whom to write to.")


def _settles(story: Story) -> str:
    """How long what is said waits, in one cell."""
    by_lane, of = story.settle, story.settle_of
    usual = written(by_lane.primary)
    if by_lane.reporting != by_lane.primary:
        usual = f"primary {usual}; reporting {written(by_lane.reporting)}"
    more = [
        *(f"{key} {written(of[key])}" for key in of if of[key] != by_lane.reporting),
        f"reports by one family held {written(story.hold_reporting)}" if story.hold_reporting else "",
        f"other languages {written(story.wait_language)}" if story.wait_language else "",
    ]
    return " / ".join([usual, *filter(None, more)])


def _terms(story: Story) -> str:
    """What a story takes up, in one cell."""
    more = [
        f"none of: {'; '.join(story.none)}" if story.none else "",
        f"score {story.min_score} or more" if story.min_score > 1 else "",
        f"lane {' or '.join(story.lanes)}" if story.lanes else "",
        "as written" if not story.forms else "",
    ]
    return " / ".join(["; ".join(story.terms), *filter(None, more)])


def _every(plan: Config, source: Source) -> str:
    if not source.enabled:
        return "off"
    every = written(source.interval or plan.service.interval)
    return f"{every}, while {source.instead_of} fails" if source.instead_of else every


def _plan(plan: Config) -> dict[str, object]:
    return {
        "file": str(plan.path),
        "storage": str(plan.service.storage),
        "warnings": list(plan.advice),
        "sources": [
            {
                "key": s.key,
                "name": s.name,
                "family": s.family,
                "lane": str(s.lane),
                "kind": s.kind,
                "url": s.url,
                "enabled": s.enabled,
                "instead_of": s.instead_of,
                "interval_s": (s.interval or plan.service.interval).total_seconds(),
            }
            for s in plan.sources.values()
        ],
        "stories": [
            {
                "key": t.key,
                "title": t.title,
                "from": t.from_,
                "until": t.until,
                "settle_s": t.settle.primary.total_seconds(),
                "settle_reporting_s": t.settle.reporting.total_seconds(),
                "settle_of_s": {key: wait.total_seconds() for key, wait in t.settle_of.items()},
                "hold_reporting_s": t.hold_reporting.total_seconds(),
                "wait_language_s": t.wait_language.total_seconds(),
                "terms": list(t.terms),
                "none": list(t.none),
                "forms": t.forms,
                "min_score": t.min_score,
                "sources": list(t.sources),
                "lanes": [str(lane) for lane in t.lanes],
            }
            for t in plan.stories.values()
        ],
    }


def shown_path(path: Path) -> str:
    """A path as people read it: relative where it lies below the folder that they are in."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)

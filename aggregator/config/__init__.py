"""`feeds.toml`: read once, checked whole, handed on as typed values."""

from typing import TYPE_CHECKING

from aggregator import later
from aggregator.config.errors import ConfigError, Mistake
from aggregator.config.rules import ArticleRules, Item, Mapping, Selectors
from aggregator.config.types import KINDS, Config, Host, Notify, Service, Source, Story, Web
from aggregator.config.values import written

if TYPE_CHECKING:
    from aggregator.config.load import load_config, recorded_config, service_in
    from aggregator.config.schema import json_schema, schema_text
    from aggregator.config.starting import starter, write_starter
else:  # the running service is handed what was read and checked
    __getattr__ = later(
        __name__,
        {
            "load_config": "load",
            "recorded_config": "load",
            "service_in": "load",
            "json_schema": "schema",
            "schema_text": "schema",
            "starter": "starting",
            "write_starter": "starting",
        },
    )

__all__ = [
    "KINDS",
    "ArticleRules",
    "Config",
    "ConfigError",
    "Host",
    "Item",
    "Mapping",
    "Mistake",
    "Notify",
    "Selectors",
    "Service",
    "Source",
    "Story",
    "Web",
    "json_schema",
    "load_config",
    "recorded_config",
    "schema_text",
    "service_in",
    "starter",
    "write_starter",
    "written",
]

"""`feeds.toml`: read once, checked whole, handed on as typed values."""

from aggregator.config.errors import ConfigError, Mistake
from aggregator.config.load import load_config, recorded_config
from aggregator.config.rules import ArticleRules, Item, Mapping, Selectors
from aggregator.config.schema import json_schema, schema_text
from aggregator.config.starter import starter, write_starter
from aggregator.config.types import KINDS, Config, Host, Service, Source, Story
from aggregator.config.values import written

__all__ = [
    "KINDS",
    "ArticleRules",
    "Config",
    "ConfigError",
    "Host",
    "Item",
    "Mapping",
    "Mistake",
    "Selectors",
    "Service",
    "Source",
    "Story",
    "json_schema",
    "load_config",
    "recorded_config",
    "schema_text",
    "starter",
    "write_starter",
    "written",
]

"""A source-monitoring update aggregator: official statements in, numbered and cited updates out."""

__version__ = "0.1.0"

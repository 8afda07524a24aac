"""What the tables of `feeds.toml` are made of: models that check what they are given, or plain ones that were handed it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aggregator

if TYPE_CHECKING or not aggregator.HANDED:
    from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
else:
    from aggregator.config.plain import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

__all__ = ["AfterValidator", "BaseModel", "BeforeValidator", "ConfigDict", "Field", "WithJsonSchema"]

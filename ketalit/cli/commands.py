"""All commands of `ketalit` in one app: each of these modules adds its own when it is imported."""

from __future__ import annotations

from . import (
    asking,
    claiming,
    doctoring,
    extracting,
    freezing,
    libraries,
    looking,
    mapping,
    modelling,
    pooling,
    reviewing,
    scanning,
    screening,
    teaching,
)
from .frame import app

__all__ = [
    "app",
    "asking",
    "claiming",
    "doctoring",
    "extracting",
    "freezing",
    "libraries",
    "looking",
    "mapping",
    "modelling",
    "pooling",
    "reviewing",
    "scanning",
    "screening",
    "teaching",
]

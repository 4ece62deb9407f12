"""PRISMA 2020: how many records were found, screened, assessed and included, counted rather than typed in."""

from __future__ import annotations

from .counts import Column, Found, PrismaCounts, Source, count_prisma, prisma_of, read_entered, read_sources
from .export import check_target, export
from .flow import prisma_svg
from .text import prisma_json, prisma_markdown, prisma_text

__all__ = [
    "Column",
    "Found",
    "PrismaCounts",
    "Source",
    "check_target",
    "count_prisma",
    "export",
    "prisma_json",
    "prisma_markdown",
    "prisma_of",
    "prisma_svg",
    "prisma_text",
    "read_entered",
    "read_sources",
]

"""Fixtures for all tests."""

from collections.abc import Iterator

import pytest

from tests.eutils import Corpus, Server


@pytest.fixture
def eutils() -> Iterator[Server]:
    """The local E-utilities over the synthetic corpus, without the limiter; change its plan and day as needed."""
    with Server(Corpus.synthetic(), today="2026-11-01", limit=False) as server:
        yield server

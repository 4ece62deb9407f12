"""Fixtures for all tests."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from ketalit.cli import main
from tests.eutils import Corpus, Server

# How long a case takes says more of the machine than of the code. In CI the cases are the same each time; elsewhere new
# ones are looked for in every run.
settings.register_profile("untimed", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("untimed")


@pytest.fixture(autouse=True, scope="session")
def cache(tmp_path_factory) -> Iterator[None]:
    """What tests work out is not kept in the user's cache folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KETALIT_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def eutils() -> Iterator[Server]:
    """The local E-utilities over the synthetic corpus, without the limiter; change its plan and day as needed."""
    with Server(Corpus.synthetic(), today="2026-11-01", limit=False) as server:
        yield server


@pytest.fixture
def book() -> Path:
    """The documentation and all lessons as `make course` built them."""
    folder = Path(__file__).parents[1] / "course"
    if not (folder / "index.html").exists():
        pytest.skip("there is no book: `make course` builds it")
    return folder


@pytest.fixture
def ketalit(monkeypatch, capsys) -> Callable[..., tuple[int, str, str]]:
    """Run the command; give code, standard output, standard error."""

    def run(*args: object) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["ketalit", *map(str, args)])
        with pytest.raises(SystemExit) as stopped:
            main()
        out, err = capsys.readouterr()
        return stopped.value.code or 0, out, err

    return run


CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="module")
def browser() -> Iterator:
    """Chromium. One at a time in a process: Playwright takes no second, so no fixture holds one for longer."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET, timeout=120_000)
        yield browser
        browser.close()

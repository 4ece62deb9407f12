"""Fixtures: Chromium, axe-core, JupyterLab and Voila."""

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from .servers import jupyterlab, presented


@pytest.fixture
def page(browser) -> Iterator:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    yield page
    page.close()


@pytest.fixture(scope="session")
def axe(request) -> str:
    """The program of axe-core, from npm, kept in pytest's cache."""
    kept = Path(request.config.cache.mkdir("axe-core")) / "node_modules"
    program = kept / "axe-core" / "axe.min.js"
    if not program.exists():
        if (npm := shutil.which("npm")) is None:
            pytest.skip("npm, which brings axe-core, is not installed")
        with tempfile.TemporaryDirectory(dir=kept.parent) as folder:
            shutil.copy(Path(__file__).with_name("package.json"), folder)
            command = [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"]
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
            if done.returncode:
                pytest.skip(f"npm could not bring axe-core: {done.stderr.strip()[-200:]}")
            with suppress(OSError):  # another process was quicker
                (Path(folder) / "node_modules").rename(kept)
    return program.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def lab(tmp_path_factory) -> Iterator[tuple[str, Path]]:
    """Where JupyterLab shows a lesson, with {} for its name, and the file that answers are written to."""
    pytest.importorskip("jupyterlab", reason="JupyterLab is not installed")
    folder = tmp_path_factory.mktemp("lab")
    with jupyterlab(folder, settings={"KETALIT_ANSWERS": str(folder / "answers.csv")}) as address:
        yield f"{address}/doc/tree/{{}}.ipynb", folder / "answers.csv"


@pytest.fixture
def presenting(tmp_path) -> Iterator[Callable[[str], str]]:
    """Presents a lesson, as `ketalit present` does, and says where."""
    pytest.importorskip("voila", reason="Voila is not installed")
    with ExitStack() as started:
        yield lambda name: started.enter_context(presented(tmp_path, name))

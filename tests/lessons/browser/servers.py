"""JupyterLab and `ketalit present` on free ports, over copies of the lessons, each ended by whoever started it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import ketalit

ROOT = Path(ketalit.__file__).parents[1]
NOTEBOOKS = ROOT / "notebooks"

# What JupyterLab would ask people about at its first start.
_QUIET = {"apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False}}


def lessons() -> list[str]:
    """Names of the notebooks that are made from a text, which are the lessons."""
    return sorted(path.stem for path in NOTEBOOKS.glob("*.py") if path.with_suffix(".ipynb").exists())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _serving(command: list[str], folder: Path, ready: str, settings: Mapping[str, str]) -> Iterator[None]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("KETALIT_")}
    own = {f"JUPYTER_{name}_DIR": str(folder / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    own |= {f"JUPYTERLAB_{name}_DIR": str(folder / name.lower()) for name in ("SETTINGS", "WORKSPACES")}
    with (folder / "log.txt").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, *command], env={**clean, **own, **settings}, cwd=folder, stdout=log, stderr=log
        )
        try:
            for _ in range(600):
                try:
                    urlopen(ready, timeout=5).close()
                    break
                except HTTPError as answer:  # it answers, if only to say that there is no such page
                    answer.close()
                    break
                except OSError:
                    if server.poll() is not None:
                        break
                    time.sleep(0.1)
            if server.poll() is not None:
                raise RuntimeError(f"the server did not start:\n{(folder / 'log.txt').read_text()[-2000:]}")
            yield
        finally:
            server.terminate()  # which ends its kernels too
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


@contextmanager
def jupyterlab(folder: Path, *, dark: bool = False, settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """JupyterLab over a copy of all lessons, instructor's cells included; yields its address without the last "/".

    Args:
        folder: what it may write to; the lessons are in `lessons` of it.
        dark: the dark theme.
        settings: variables of the environment.
    """
    shutil.copytree(NOTEBOOKS, folder / "lessons", ignore=shutil.ignore_patterns(".*", "*.py"))
    for name, values in (_QUIET | {"apputils-extension/themes": {"adaptive-theme": False}}).items():
        plugin, file = name.split("/")
        path = folder / "settings" / "@jupyterlab" / plugin / f"{file}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        theme = {"theme": f"JupyterLab {'Dark' if dark else 'Light'}"} if file == "themes" else {}
        path.write_text(json.dumps(values | theme))
    port = free_port()
    command = [
        *(
            "-m",
            "jupyterlab",
            "--no-browser",
            "--expose-app-in-browser",
            f"--port={port}",
            "--ServerApp.port_retries=0",
        ),
        *("--ServerApp.token=", "--ServerApp.password=", f"--ServerApp.root_dir={folder / 'lessons'}"),
        *(["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
    ]
    address = f"http://127.0.0.1:{port}"
    with _serving(command, folder, f"{address}/api", settings or {}):
        yield address


@contextmanager
def presented(folder: Path, name: str, settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """`ketalit present` with one lesson; yields its address."""
    port = free_port()
    command = ["-c", "from ketalit.cli import main; main()", "present", name[:2], "--no-browser", f"--port={port}"]
    with _serving(command, folder, f"http://127.0.0.1:{port}/voila/api/shutdown", settings or {}):
        yield f"http://127.0.0.1:{port}/"

"""Compile the ion channels and synapses (`mechanisms/*.mod`) once, and load them into NEURON."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import shutil
import subprocess
import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ....errors import InputError
from ....telling import adds

FOLDER = Path(__file__).parent / "mechanisms"


def available() -> bool:
    """Whether NEURON and its compiler of mechanisms are installed."""
    return importlib.util.find_spec("neuron") is not None and _compiler() is not None


@cache
def load() -> Any:
    """NEURON's interpreter with the mechanisms loaded; compiles them the first time (about ten seconds).

    Raises:
        InputError: NEURON is not installed, or the mechanisms do not compile.
    """
    compiler = _compiler()
    if compiler is None:
        raise InputError("NEURON is not installed", next_step=adds("neuron"))
    h = importlib.import_module("neuron").h
    library = _compiled(compiler)
    if not h.nrn_load_dll(str(library)):
        raise InputError("NEURON does not load the compiled mechanisms", where=str(library))
    return h


def _compiler() -> str | None:
    return shutil.which("nrnivmodl", path=str(Path(sys.executable).parent)) or shutil.which("nrnivmodl")


def _compiled(compiler: str) -> Path:
    """The compiled library, in the user's cache, under a name that changes with the mechanisms and with NEURON."""
    from platformdirs import user_cache_path

    texts = b"".join(path.read_bytes() for path in sorted(FOLDER.glob("*.mod")))
    name = hashlib.sha256(texts + version("neuron").encode()).hexdigest()
    folder = user_cache_path("ketalit") / "neuron" / name
    found = _library(folder)
    if found is None:
        folder.mkdir(parents=True, exist_ok=True)
        done = subprocess.run([compiler, str(FOLDER)], cwd=folder, capture_output=True, text=True, check=False)
        found = _library(folder)
        if done.returncode or found is None:
            said = (done.stderr or done.stdout).strip().splitlines() or ["no message"]
            raise InputError(f"the mechanisms do not compile: {said[-1]}", next_step="A C++ compiler is needed")
    return found


def _library(folder: Path) -> Path | None:
    return next((path for end in ("so", "dylib", "dll") for path in folder.rglob(f"*nrnmech.{end}")), None)

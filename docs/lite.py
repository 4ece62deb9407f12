"""Build the site that needs no installation: lessons in JupyterLite, their Python running in the reader's browser.

`python docs/lite.py LESSONS SITE` takes notebooks 1 to 5 out of one folder and leaves the site in another. The Python
that runs this is one with docs/lite.txt; npm must be there too, for its registry holds the runtime, Pyodide.

The site brings the runtime, ketalit, and each package that a registry has for it. What is compiled for browsers and in
no registry (numpy, pandas, scipy, lxml) stands in its list with address and hash; the reader's browser fetches it when
a lesson starts.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Mapping
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
SOURCES = ("pyproject.toml", "setup.py", "README.md", "LICENSE", "ketalit", "notebooks")
WHEELS = ROOT / "docs" / "lite-wheels.txt"
LESSONS = "0[1-5]-*.ipynb"
# What lessons 1 to 5 import, and scipy, which the solver falls back on where a matrix cannot be diagonalised. A test
# holds the lessons to it. The rest of what ketalit requires would be fetched in vain.
NEEDED = {"anywidget", "ipywidgets", "lxml", "msgspec", "numpy", "pandas", "pint", "scipy"}
IN_THE_SITE = {"jupyterlab-widgets", "widgetsnbextension"}  # the browser's part of ipywidgets, which has no Python
LOCK = "pyodide-lock.json"
RUNTIME = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", LOCK)


def build(lessons: Path, site: Path) -> None:
    """Put the site into a folder, where it takes the place of an older one when it is whole."""
    from jupyterlite_pyodide_kernel.constants import PYODIDE_CDN_URL, PYODIDE_VERSION

    if shutil.which("npm") is None:
        sys.exit("npm is not installed. Its registry holds Pyodide, which runs Python in a browser. Install Node.js.")
    with tempfile.TemporaryDirectory() as made:  # JupyterLite takes `files` and `static/pyodide` from where it works
        folder, runtime = Path(made), Path(made) / "static" / "pyodide"
        fetch_runtime(runtime, PYODIDE_VERSION)
        lock = json.loads((runtime / LOCK).read_text(encoding="utf-8"))
        fetch_wheels(runtime, lock["info"])
        (runtime / LOCK).write_text(json.dumps(with_ours(lock, runtime, PYODIDE_CDN_URL)), encoding="utf-8")
        (folder / "files").mkdir()
        for path in sorted(lessons.glob(LESSONS)):
            shutil.copy(path, folder / "files")
        run(sys.executable, "-m", "jupyterlite_core", "build", "--lite-dir", folder, "--output-dir", folder / "site",
            "--apps", "lab", "--no-sourcemaps", cwd=folder)  # fmt: skip
        shutil.rmtree(site, ignore_errors=True)
        shutil.move(folder / "site", site)


def fetch_runtime(folder: Path, release: str) -> None:
    """Put Pyodide itself in a folder; npm checks its hash."""
    folder.mkdir(parents=True)
    run("npm", "pack", "--silent", f"pyodide@{release}", "--pack-destination", folder)
    (packed,) = folder.glob("*.tgz")
    with tarfile.open(packed) as tar:
        for name in RUNTIME:
            member = tar.extractfile(f"package/{name}")
            assert member is not None
            (folder / name).write_bytes(member.read())
    packed.unlink()


def fetch_wheels(folder: Path, info: Mapping[str, str]) -> None:
    """Put ketalit and the packages of lite-wheels.txt in a folder, as wheels for the runtime described by `info`."""
    major, minor, _ = info["python"].split(".")
    pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
    with tempfile.TemporaryDirectory() as clean:  # what an earlier build left in the checkout would go into the wheel
        for name in SOURCES:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, Path(clean) / name)
        run(*pip, "wheel", "--no-deps", "--wheel-dir", folder, clean)
    run(*pip, "download", "--no-deps", "--only-binary", ":all:", "--dest", folder, "--requirement", WHEELS,
        "--platform", f"pyemscripten_{info['abi_version']}_wasm32", "--platform", "any",
        "--implementation", "cp", "--python-version", f"{major}.{minor}",
        "--abi", f"cp{major}{minor}", "--abi", "none")  # fmt: skip


def with_ours(lock: Mapping[str, Any], folder: Path, elsewhere: str) -> dict[str, Any]:
    """Pyodide's list of packages: those whose wheels are in the folder from there, all others from `elsewhere`.

    What a wheel requires is held against the versions in the list.
    """
    packages = {name: {**one, "file_name": f"{elsewhere}/{one['file_name']}"} for name, one in lock["packages"].items()}
    wheels = {canonicalize_name(path.name.split("-")[0]): path for path in sorted(folder.glob("*.whl"))}
    described = {name: metadata(path) for name, path in wheels.items()}
    for name, path in wheels.items():
        packages[name] = {
            "name": name,
            "version": described[name]["Version"],
            "file_name": path.name,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "imports": imported_as(path),
            "install_dir": "site",
            "package_type": "package",
            "unvendored_tests": False,
        }
    for name in wheels:
        packages[name]["depends"] = sorted(required(name, described[name], packages, lock["info"]["python"]))
    return {**lock, "packages": packages}


def required(name: str, said: Message, packages: Mapping[str, Any], python: str) -> set[str]:
    """What a package needs in a browser, by name.

    Ends the build with words when the list lacks one, or has another version.
    """
    there = {
        "implementation_name": "cpython",
        "os_name": "posix",
        "platform_machine": "wasm32",
        "platform_python_implementation": "CPython",
        "platform_system": "Emscripten",
        "python_full_version": python,
        "python_version": python.rpartition(".")[0],
        "sys_platform": "emscripten",
    }
    asked = [Requirement(line) for line in said.get_all("Requires-Dist", [])]
    if name == "ketalit":
        asked = [one for one in asked if canonicalize_name(one.name) in NEEDED]
    else:
        asked = [one for one in asked if one.marker is None or one.marker.evaluate({**there, "extra": ""})]
    found: set[str] = set()
    for one in asked:
        key = canonicalize_name(one.name)
        if key in IN_THE_SITE:
            continue
        if key not in packages:
            sys.exit(f"{name} requires {one}, which neither Pyodide nor {WHEELS.name} has. Add it there.")
        if not one.specifier.contains(packages[key]["version"], prereleases=True):
            sys.exit(f"{name} requires {one}; the site would have {packages[key]['version']}. Change {WHEELS.name}.")
        found.add(key)
    return found


def metadata(wheel: Path) -> Message:
    """What a wheel says of itself."""
    with zipfile.ZipFile(wheel) as opened:
        (name,) = [name for name in opened.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", name)]
        return HeaderParser().parsestr(opened.read(name).decode())


def imported_as(wheel: Path) -> list[str]:
    """Names by which a wheel's modules and packages are imported."""
    with zipfile.ZipFile(wheel) as opened:
        paths = [name.split("/") for name in opened.namelist() if name.endswith(".py")]
    tops = {path[0].removesuffix(".py") for path in paths}
    return sorted(top for top in tops if top.isidentifier())


def run(*command: object, cwd: Path | None = None) -> None:
    """Run a command; when it fails, end with what it said."""
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, encoding="utf-8", errors="replace", cwd=cwd, check=False
    )
    if done.returncode:
        sys.exit(f"{done.stdout}{done.stderr}\n{command[0]} ended with {done.returncode}.")


if __name__ == "__main__":
    build(Path(sys.argv[1]), Path(sys.argv[2]))

"""Build the book: documentation and lessons, one set of pages.

`python docs/book.py JUPYTER_BOOK FOLDER` lays everything out in FOLDER and leaves the pages in FOLDER/_build/html. The
Python that runs this is one in which ketalit is installed; JUPYTER_BOOK stands in an environment of its own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from ketalit.lessons import editions

DOCS = Path(__file__).parent
MEASURED = DOCS.parent / "benchmarks" / "results"


def lay_out(folder: Path) -> None:
    """Put the pages, the lessons and what the benchmarks measured in a folder; what stood there goes."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(DOCS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(MEASURED, folder / "measured")
    for page in folder.glob("*.md"):  # in the checkout these link to files beside docs/
        text = page.read_text(encoding="utf-8")
        page.write_text(text.replace("](../benchmarks/results/", "](measured/"), encoding="utf-8")
    editions.main([str(folder / "lessons")])


def build(jupyter_book: str, folder: Path) -> Path:
    """The folder of the pages, built anew. A warning is an error."""
    lay_out(folder)
    # ketalit and what it needs come last on the path of the book's own Python: what both have is the book's.
    site = os.pathsep.join([str(DOCS.parent), sysconfig.get_path("purelib"), sysconfig.get_path("platlib")])
    command = [jupyter_book, "build", "--all", "--quiet", "--warningiserror", "--keep-going", str(folder)]
    environment = {**os.environ, "KETALIT_SITE": site}
    done = subprocess.run(
        command, env=environment, capture_output=True, encoding="utf-8", errors="replace", check=False
    )
    if done.returncode:
        sys.exit(done.stderr or done.stdout)
    return folder / "_build" / "html"


if __name__ == "__main__":
    build(sys.argv[1], Path(sys.argv[2]))

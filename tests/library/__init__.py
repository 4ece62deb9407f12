"""Tests of ketalit/library/, and what they share."""

import os
import warnings
from collections.abc import Callable

from ketalit.library import FILE, Library, Raw, RunKind

SOURCE = "PubMed XML"


def raw(number, text="", **more):
    """A synthetic record."""
    return Raw(f"PMID:{number}", SOURCE, f"<PubmedArticle>{number} {text}</PubmedArticle>".encode(), **more)


def stored(path, *batches, kind=RunKind.FETCH, finish=True):
    """One run per batch of raws; the path."""
    with Library.open(path, write=True) as library:
        for batch in batches:
            run = library.begin(kind)
            library.store(run, batch)
            if finish:
                library.finish(run)
    return path


def texts(path, **how):
    """What the library shows: id and text, without the tags."""
    with Library.open(path) as library:
        return [(item.id, item.content.decode()[15:-16].strip()) for item in library.contents(**how)]


def files_of(folder):
    """Every file of a folder, hidden ones too, with its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def in_child(act: Callable[[], object], *, user: int | None = None) -> int:
    """Run something in a process of its own; its exit code, negative for a signal. 70: it raised something."""
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # forks a process that may have threads: the child only acts
        pid = os.fork()
    if pid == 0:
        code = 70
        try:
            if user is not None:
                os.setgroups([])
                os.setgid(user)
                os.setuid(user)
            act()
            code = 0
        except BaseException as error:
            os.write(2, f"{error!r}\n".encode())
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


__all__ = ["FILE", "SOURCE", "files_of", "in_child", "raw", "stored", "texts"]

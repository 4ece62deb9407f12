"""A scan on Dask: one task for each file, on this machine or wherever a scheduler has its workers."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from .. import __version__
from ..errors import InputError, KetalitError
from ..telling import Say, count_of
from .done import Done
from .wanted import Wanted

if TYPE_CHECKING:
    from distributed import Client, Future

_PATIENCE = 30  # seconds to wait for a scheduler, or for a worker where none is left


def outcomes(
    files: Sequence[Path], folder: Path, wanted: Wanted, say: Say, workers: int = 0, scheduler: str = ""
) -> Generator[tuple[Path, Done | str], None, None]:
    """What came of each file, in the order in which they are finished.

    A task whose worker dies is given to another worker, which begins that file again; a file that several workers died
    of is reported as one that cannot be read.

    Raises:
        InputError: there is no such scheduler, no worker is left, or the folder cannot be written.
    """
    with ExitStack() as stack:
        client = stack.enter_context(_connected(stack, workers, scheduler))
        say(f"{count_of(len(files), 'file')} on {count_of(len(client.scheduler_info()['workers']), 'worker')}")
        suspects: list[Path] = []
        for path, outcome in _finished(client, files, folder, wanted, "first"):
            if outcome is None:
                suspects.append(path)
            else:
                yield path, outcome
        # Dask blames every file that a dying worker had been given. One at a time, only the one to blame fails again.
        for path in suspects:
            for _, outcome in _finished(client, [path], folder, wanted, "alone"):
                yield path, outcome or "several workers died while they read it, perhaps for want of memory"


def _finished(
    client: Client, files: Sequence[Path], folder: Path, wanted: Wanted, round_: str
) -> Iterator[tuple[Path, Done | str | None]]:
    """What came of each file; None of those that several workers died of."""
    from distributed import as_completed

    from .run import attempt

    waiting = {
        client.submit(attempt, path.resolve(), folder, wanted, pure=False, key=f"scan-{path.name}-{round_}"): path
        for path in files
    }
    try:
        for future in as_completed(list(waiting)):
            yield waiting.pop(future), _outcome(future)
            future.release()
    finally:
        if waiting:  # interrupted: what is under way is given up, what is done is done
            client.cancel(list(waiting), force=True)


def _connected(stack: ExitStack, workers: int, scheduler: str) -> Client:
    from dask import config
    from distributed import Client, LocalCluster

    if not scheduler:
        # One that dies while it starts is not started again; without this the scan would wait for it for ever.
        with _deaf_to_interrupts(), config.set({"distributed.scheduler.no-workers-timeout": _PATIENCE}):
            cluster = LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                dashboard_address="127.0.0.1:0",  # there is no way to have none; any free port
                silence_logs=logging.CRITICAL,  # a worker that ends after its scheduler complains at length
            )
        return Client(stack.enter_context(cluster))
    try:
        return Client(scheduler, timeout=_PATIENCE)
    except (OSError, ValueError, TypeError) as error:
        said = (str(error).splitlines() or [type(error).__name__])[0]
        what = f"does not answer as a Dask scheduler ({said})"
        raise InputError(what, where=scheduler, expected="an address such as tcp://192.0.2.1:8786") from None


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Processes started inside do not hear Ctrl-C: it is for this process to end them, and to say so once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _outcome(future: Future) -> Done | str | None:
    from distributed.scheduler import KilledWorker, NoWorkerError

    try:
        found: Done | str = future.result()
    except KilledWorker:
        return None
    except NoWorkerError:
        what = "no worker is left; what was done is kept"
        raise InputError(what, next_step="The same command goes on from there, perhaps with fewer workers") from None
    except KetalitError:
        raise
    except Exception as error:  # whatever a worker came to grief on must not stop the rest
        return f"the worker failed ({type(error).__name__}: {error})"
    if isinstance(found, Done) and found.ketalit != __version__:
        return f"was read by a worker with ketalit {found.ketalit}, this is {__version__}; install the same everywhere"
    return found

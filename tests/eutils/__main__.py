"""Serve the stand-in from a shell: `python -m tests.eutils`, ended with Ctrl-C."""

from __future__ import annotations

import argparse
import contextlib
import datetime
import logging
import re
import signal
import sys
import threading

from . import FAULTS, Corpus, Fault, Server


def corpus(text: str) -> Corpus:
    """A corpus by name, or several joined: `synthetic`, `generated:N`, `recorded`, `synthetic+generated:500`."""
    whole = Corpus(())
    for part in text.split("+"):
        name, _, count = part.partition(":")
        if name == "generated" and count.isdigit():
            whole += Corpus.generated(int(count))
        elif part in ("synthetic", "recorded"):
            whole += getattr(Corpus, part)()
        else:
            raise argparse.ArgumentTypeError(f"{part}: synthetic, generated:N or recorded")
    return whole


def fault(text: str) -> Fault:
    """A fault written as NAME[=VALUE][@ENDPOINT][#NTH[,NTH]].

    >>> fault("slow_drip=0.1@efetch#2,3")
    Fault(name='slow_drip', endpoint='efetch', nth={2, 3}, ids=(), times=None, value='0.1', struck=0)
    """
    match = re.fullmatch(r"([\w]+)(?:=([^@#]*))?(?:@(\w+))?(?:#(\d+(?:,\d+)*))?", text)
    if not match or match[1] not in FAULTS:
        raise argparse.ArgumentTypeError(f"{text}: NAME[=VALUE][@ENDPOINT][#NTH]; names: {', '.join(sorted(FAULTS))}")
    nth = {int(each) for each in match[4].split(",")} if match[4] else None
    return Fault(match[1], match[3] or "", nth, value=match[2])


def day(text: str) -> str:
    """An ISO day."""
    try:
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text}: a day such as 2026-05-01") from None


def main() -> int:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.eutils", description="A local stand-in for NCBI's E-utilities."
    )
    parser.add_argument("--port", type=int, default=0, help="0 takes any free one")
    parser.add_argument("--today", type=day, default="2026-11-01", help="day on which the databases are shown")
    parser.add_argument("--cap", type=int, default=9_999, help="how many ids of a search can be had")
    parser.add_argument("--no-limit", action="store_true", help="answer at any rate")
    parser.add_argument("--fault", type=fault, action="append", default=[], metavar="NAME[=VALUE][@ENDPOINT][#NTH]")
    parser.add_argument("--corpus", type=corpus, default="synthetic", metavar="synthetic|generated:N|recorded")
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s  %(message)s", datefmt="%H:%M:%S", stream=sys.stderr)
    try:
        server = Server(
            asked.corpus,
            today=asked.today,
            cap=asked.cap,
            limit=not asked.no_limit,
            faults=asked.fault,
            port=asked.port,
        )
    except OSError as error:
        print(f"port {asked.port} cannot be used: {error.strerror}", file=sys.stderr)
        return 1
    for wanted in (signal.SIGINT, signal.SIGTERM):  # also where whoever started it ignores them
        signal.signal(wanted, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt), server:
        view = server.view
        print(f"export KETALIT_EUTILS={server.url}")
        print(
            f"# {len(view.pubmed)} PubMed records and {len(view.pmc)} PMC articles as of {server.today}; "
            f"cap {server.cap:,}; {'no limit' if asked.no_limit else '3 requests a second, 10 with a key'}; "
            f"planned faults: {len(server.faults)}. Ctrl-C ends it.",
            flush=True,
        )
        threading.Event().wait()
    print("\nended", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""What a fetch of 1,000 records and a refresh of 1,000 unchanged ones cost: requests, seconds, memory.

    python -m benchmarks.asking [RECORDS] [ROUNDS]

Against the local E-utilities server, with NCBI's limit of 3 requests a second. The floor is what that limit allows:
the first request may start at once, every other a third of a second after the one before. The server runs on the same
machine, and takes its share of the time too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from ketalit.review import new_review
from ketalit.searching import save_search
from tests.eutils import Corpus, Server

from .measuring import Report, spread, table

RATE = 3  # requests a second without a key

FETCH = """
from ketalit.fetch import fetch_into
report = fetch_into(folder, ids, source)
assert report.complete and report.new == len(ids), report
"""
REFRESH = """
from ketalit.refresh import refresh
report = refresh(folder, source)
assert report.complete and report.needs_attention is expected, report
"""
CHILD = """
import json, sys, time
from benchmarks.measuring import peak_mb as peak
from pathlib import Path
from ketalit.entrez import Ncbi, Transport, load_settings
import ketalit.fetch, ketalit.refresh
folder, ids, expected = Path(sys.argv[1]), json.loads(sys.argv[2]), sys.argv[3] == "news"
source = Ncbi(Transport(load_settings()))
imported, started, used = peak(), time.perf_counter(), time.process_time()
{work}
seconds, cpu = time.perf_counter() - started, time.process_time() - used
print(json.dumps([source.transport.requests, seconds, cpu, peak() - imported]))
"""


def run(work: str, server: Server, folder: Path, ids: list[str], expected: str = "") -> tuple[float, ...]:
    """Requests, seconds, CPU seconds and MB above import of one act in a process of its own."""
    environment = os.environ | {"KETALIT_EUTILS": server.url, "KETALIT_STATE": str(folder.parent / "state")}
    environment.pop("NCBI_API_KEY", None)
    done = subprocess.run(
        [sys.executable, "-c", CHILD.replace("{work}", work), str(folder), json.dumps(ids), expected],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    if done.returncode:
        sys.exit(done.stderr)
    return tuple(json.loads(done.stdout))


def main(records: int = 1_000, rounds: int = 3) -> None:
    report = Report("asking", "Asking NCBI", __doc__.split("\n\n")[2])
    corpus = Corpus.generated(records)
    acts = {
        f"fetch of {records:,} records": (FETCH, ""),
        f"first refresh of {records:,} records": (REFRESH, "news"),
        f"refresh of {records:,} unchanged records": (REFRESH, ""),
    }
    found: dict[str, list[tuple[float, ...]]] = {name: [] for name in acts}
    refused = sent = 0
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as parent, Server(corpus, limit=True) as server:
            folder = new_review(Path(parent, "review"), empty=True)
            save_search(folder, "all", "ketamine")
            for name, (work, expected) in acts.items():
                found[name].append(run(work, server, folder, corpus.pmids, expected))
            refused += sum(request.status == 429 for request in server.log)
            sent += len(server.log)
    rows = []
    for name, measured in found.items():
        requests, seconds, cpu, memory = zip(*measured, strict=True)
        floors = [(one - 1) / RATE for one in requests]
        report.ratio(name, f"the floor of {RATE} requests a second", seconds, floors, unit="time by the clock")
        rows.append([name, f"{requests[0]:.0f}", *map(spread, (seconds, floors, cpu, memory))])
    head = ["act", "requests", "seconds", "floor, seconds", "CPU seconds", "MB above import"]
    report.say("## In figures", table(head, rows, numbers=5), f"Refused for going too fast: {refused} of {sent}.")
    report.write()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

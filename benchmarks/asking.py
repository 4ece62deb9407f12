"""What a fetch of 1,000 records and a refresh of 1,000 unchanged ones cost: requests, seconds, memory.

    python -m benchmarks.asking [RECORDS]

Against the local E-utilities server, with NCBI's limit of 3 requests a second. The floor is what that limit allows:
the first request may start at once, every other a third of a second after the one before.
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
import json, resource, sys, time
from pathlib import Path
from ketalit.entrez import Ncbi, Transport, load_settings
import ketalit.fetch, ketalit.refresh
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
folder, ids, expected = Path(sys.argv[1]), json.loads(sys.argv[2]), sys.argv[3] == "news"
source = Ncbi(Transport(load_settings()))
imported, started, used = peak(), time.perf_counter(), time.process_time()
{work}
seconds, cpu = time.perf_counter() - started, time.process_time() - used
print(json.dumps([source.transport.requests, seconds, cpu, peak() - imported]))
"""


def run(work: str, server: Server, folder: Path, ids: list[str], expected: str = "") -> tuple[float, ...]:
    """Requests, seconds, CPU seconds and MiB above import of one act in a process of its own."""
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


def main(records: int = 1_000) -> None:
    corpus = Corpus.generated(records)
    with tempfile.TemporaryDirectory() as parent, Server(corpus, limit=True) as server:
        folder = new_review(Path(parent, "review"), empty=True)
        save_search(folder, "all", "ketamine")
        ids = corpus.pmids
        print(f"{records:,} records, {server.limit and 3} requests a second")
        print(f"{'':34}{'requests':>9}{'seconds':>9}{'floor':>7}{'CPU s':>7}{'MiB':>6}")
        for name, work, expected in (
            ("fetch", FETCH, ""),
            ("refresh, the first", REFRESH, "news"),
            ("refresh, nothing changed", REFRESH, ""),
        ):
            requests, seconds, cpu, memory = run(work, server, folder, ids, expected)
            floor = (requests - 1) / 3
            print(f"{name:34}{requests:>9.0f}{seconds:>9.2f}{floor:>7.2f}{cpu:>7.2f}{memory:>6.0f}")
        refused = sum(request.status == 429 for request in server.log)
        print(f"refused for going too fast: {refused} of {len(server.log)}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

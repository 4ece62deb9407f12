"""What a scan of PubMed files costs: slopes over records, files and workers, memory, and all of PubMed from these.

    python -m benchmarks.scan [--quick]

Files are made by `benchmarks.make_baseline`: recorded records (`../shared/recorded`) under fresh PMIDs, 1 in 100 of
them on the topic; without these, synthetic ones. The peer is a plain loop over `lxml.iterparse`: it reads PMID,
version, title and abstract, looks for the same words and keeps what has them in a list; it takes no hashes, writes
nothing, knows nothing of revisions and stops at the first fault. Both take turns in one run; times are CPU seconds,
medians of the rounds with the lowest and the highest. Workers are measured by the clock, since that is what they are
for. Writes `benchmarks/results/scan.md`.
"""

from __future__ import annotations

import argparse
import datetime
import gzip
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from lxml import etree

from benchmarks.make_baseline import make
from ketalit.scan import Wanted, scan
from ketalit.scan.current import Last, write_current
from ketalit.scan.done import Done, all_done

RESULTS = Path(__file__).parent / "results" / "scan.md"
TOPIC = Wanted(searches=(("drug", "ketamine[tiab] OR esketamine[tiab]"),))
EVERYTHING = Wanted()
WHOLE_RECORDS, WHOLE_FILES = 38_000_000, 1_300  # PubMed, as the task was set; NLM's own count is on its website


def plain_iterparse(path: Path) -> list[tuple[str, str, str, str]]:
    """What somebody writes in an afternoon."""
    kept = []
    with gzip.open(path) as file:
        for _, element in etree.iterparse(file, tag="PubmedArticle"):
            citation = element.find("MedlineCitation")
            pmid = citation.find("PMID")
            title = " ".join("".join(citation.find("Article/ArticleTitle").itertext()).split())
            parts = citation.iterfind("Article/Abstract/AbstractText")
            abstract = " ".join(" ".join("".join(part.itertext()).split()) for part in parts)
            if re.search(r"\b(?:es)?ketamine\b", f"{title} {abstract}", re.IGNORECASE):
                kept.append((pmid.text, pmid.get("Version"), title, abstract))
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    return kept


class Spread:
    """The measurements of one thing."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    def __str__(self) -> str:
        return f"{self.median:.2f} ({min(self.seconds):.2f} to {max(self.seconds):.2f})"


def taking_turns(
    contestants: dict[str, Callable[[], object]], rounds: int, clock: Callable[[], float]
) -> dict[str, Spread]:
    spreads = {name: Spread() for name in contestants}
    for _ in range(rounds):
        for name, act in contestants.items():
            start = clock()
            act()
            spreads[name].seconds.append(clock() - start)
    return spreads


def scanning(files: Sequence[Path], folder: Path, wanted: Wanted, **options: int) -> Callable[[], object]:
    def act() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        assert scan(files, folder, wanted, **options).complete

    return act


def peak(path: Path, wanted: str) -> tuple[float, float]:
    """Peak MB of a fresh process that scans a file, and how much of it was there after an empty scan."""
    command = [sys.executable, "-m", "benchmarks.scan", "--memory", str(path), wanted]
    answer = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[1])
    whole, before = json.loads(answer.stdout)
    return whole, before


def _peak_of(path: Path, wanted: Wanted) -> None:
    def highest() -> float:
        """getrusage would count, on Linux, what the parent held when it started us; VmHWM does not."""
        return int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]) / 1024

    with tempfile.TemporaryDirectory() as folder:
        small = make(Path(folder, "small"), files=1, records=20, topic=1.0, synthetic=True)
        scan(small, Path(folder, "before"), EVERYTHING)
        before = highest()
        scan([path], Path(folder, "out"), wanted)
        print(json.dumps([highest(), before]))


def of_current(files: int, records: int) -> tuple[float, float]:
    """Seconds and MB to find out what counts now in so many files, made up as columns of numbers."""
    import pyarrow

    last = Last()
    chance = np.random.default_rng(1)
    spent = 0.0
    for number in range(1, files + 1):
        pmids = chance.permutation(np.arange((number - 1) * records, number * records)) + 1
        seen = pyarrow.table(
            {"pmid": pmids, "version": np.ones(records, dtype=np.int32)}
            | {name: np.zeros(records, dtype=bool) for name in ("withdrawn", "lost")}
        )
        start = time.process_time()
        last.add(number, seen)
        last.current(number, seen)
        spent += time.process_time() - start
    return spent, last.dense.nbytes / 1e6


def hours(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:,.0f} s"
    return f"{seconds / 60:,.0f} min" if seconds < 2 * 3600 else f"{seconds / 3600:,.1f} h"


def workers_table(topic: float, everything: float, at_the_end: float, efficiency: float) -> str:
    """Times of N workers: as two of them did here, and as they would if each did what one does alone."""

    def shared(seconds: float, workers: int, each: float) -> str:
        return hours(seconds / (1 if workers == 1 else workers * each) + at_the_end)

    rows = [
        f"| {n} | {shared(topic, n, efficiency)} | {shared(topic, n, 1)} | {shared(everything, n, efficiency)} | "
        f"{shared(everything, n, 1)} |"
        for n in (1, 2, 4, 8, 16, 64)
    ]
    head = (
        "| workers | 0.1 % kept, as measured | … ideal | every record, as measured | … ideal |\n|--:|--:|--:|--:|--:|\n"
    )
    return head + "\n".join(rows)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--quick", action="store_true", help="a tenth of the records: a look, no result")
    arguments.add_argument("--memory", nargs=2, help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.memory:
        _peak_of(Path(given.memory[0]), EVERYTHING if given.memory[1] == "everything" else TOPIC)
        return
    size, rounds = (200, 2) if given.quick else (2000, 3)
    with tempfile.TemporaryDirectory() as folder:
        text = measured(Path(folder), size, rounds)
    print(text)
    if not given.quick:
        RESULTS.write_text(text, encoding="utf-8")


def measured(folder: Path, size: int, rounds: int) -> str:
    files = make(folder / "files", files=8, records=size)
    small = make(folder / "small", files=1, records=size // 10)
    large = make(folder / "large", files=1, records=10 * size * 3 // 2)
    third = make(folder / "third", files=1, records=size * 3 // 2)
    bytes_each = sum(len(gzip.decompress(path.read_bytes())) for path in files) / (8 * size)
    out = folder / "out"
    lines = [
        "# Scanning PubMed files",
        f"{datetime.date.today().isoformat()}, {os.cpu_count()} cores ({platform.machine()}, load "
        f"{os.getloadavg()[0]:.1f} at the start: others were at work on them), Python {platform.python_version()}. "
        f"Files of {size:,} records, {bytes_each:,.0f} bytes of XML each, 1 in 100 on the topic. Made by `python -m "
        "benchmarks.scan`; see there for what is compared.",
    ]

    # --- one process: slopes over files and over records in a file -------------------------------------------------
    scanning(small, out, EVERYTHING)()  # everything is loaded
    counts = (1, 2, 4, 8)
    contestants: dict[str, Callable[[], object]] = {}
    for count in counts:
        contestants[f"scan {count}"] = scanning(files[:count], out, TOPIC)
        contestants[f"plain {count}"] = lambda count=count: [plain_iterparse(path) for path in files[:count]]
    contestants["scan small"] = scanning(small, out, TOPIC)
    contestants["everything"] = scanning(files[:1], out, EVERYTHING)
    spreads = taking_turns(contestants, rounds, time.process_time)
    lines += [
        "## One process",
        "| files | records | scan, CPU s | plain iterparse, CPU s | scan ÷ plain |\n|--:|--:|--:|--:|--:|\n"
        + "\n".join(
            f"| {count} | {count * size:,} | {spreads[f'scan {count}']} | {spreads[f'plain {count}']} | "
            f"{spreads[f'scan {count}'].median / spreads[f'plain {count}'].median:.2f} |"
            for count in counts
        ),
    ]
    # seconds = fixed + files * each; then each = per file + records * per record
    slope, fixed = np.polyfit(counts, [spreads[f"scan {count}"].median for count in counts], 1)
    of_small = spreads["scan small"].median - fixed
    per_record = (slope - of_small) / (size - size // 10)
    per_file = max(slope - per_record * size, 0.0)
    of_all = (spreads["everything"].median - fixed - per_file) / size
    lines.append(
        f"A scan costs {fixed:.2f} s, {1000 * per_file:.0f} ms for each file and {1e6 * per_record:.0f} µs for each "
        f"record that is looked at, {1e6 * of_all:.0f} µs for one that is kept and read by the rules (no filter at "
        f"all: {spreads['everything']} s for {size:,}). Straight line through the four medians; the file of "
        f"{size // 10:,} records separates files from records."
    )

    # --- workers ------------------------------------------------------------------------------------------------------
    turns = {f"{n} {count}": scanning(files[:count], out, EVERYTHING, workers=n) for n in (0, 1, 2) for count in (2, 8)}
    clocked = taking_turns(turns, 2, time.monotonic)
    names = {0: "this process alone", 1: "1 worker", 2: "2 workers"}
    more = {n: (clocked[f"{n} 8"].median - clocked[f"{n} 2"].median) / 6 for n in names}
    gain = more[1] / more[2]
    lines += [
        "## Workers",
        "All records kept, seconds by the clock, start of the cluster included; what one more file costs is the "
        "difference by 6:",
        "| | 2 files | 8 files | one more file | against 1 worker |\n|---|--:|--:|--:|--:|\n"
        + "\n".join(
            f"| {name} | {clocked[f'{n} 2']} | {clocked[f'{n} 8']} | {more[n]:.2f} | {more[1] / more[n]:.2f} |"
            for n, name in names.items()
        ),
    ]

    # --- memory -------------------------------------------------------------------------------------------------------
    rows = []
    for path, count in ((third[0], size * 3 // 2), (large[0], 10 * size * 3 // 2)):
        for wanted in ("topic", "everything"):
            whole, before = peak(path, wanted)
            rows.append((wanted, count, whole, whole - before))
    lines += [
        "## Memory",
        "Peak of a fresh process, and how far that is above a scan of 20 records:",
        "| kept | records in the file | peak, MB | above, MB |\n|---|--:|--:|--:|\n"
        + "\n".join(f"| {wanted} | {count:,} | {whole:.0f} | {above:.0f} |" for wanted, count, whole, above in rows),
    ]

    # --- what counts now ----------------------------------------------------------------------------------------------
    some, in_each = 65, 30_000
    seconds, megabytes = of_current(some, in_each)
    scanning(files, out, TOPIC)()
    done: list[Done] = all_done(out)
    start = time.process_time()
    write_current(out, done)
    copying = (time.process_time() - start) / len(done)
    at_the_end = WHOLE_FILES * (seconds / some + copying)
    lines += [
        "## What counts now",
        f"Revisions and withdrawals of {some} files with {in_each:,} PMIDs each: {seconds:.2f} s and {megabytes:.0f} "
        f"MB. Opening, filtering and copying what was kept: {1000 * copying:.0f} ms for each file. This part is done "
        "by one process.",
    ]

    # --- all of PubMed ------------------------------------------------------------------------------------------------
    topic_share = 0.001
    looking = WHOLE_FILES * per_file + WHOLE_RECORDS * per_record
    reading = WHOLE_RECORDS * topic_share * of_all
    whole = WHOLE_FILES * per_file + WHOLE_RECORDS * of_all
    efficiency = gain / 2
    table = workers_table(looking + reading, whole, at_the_end, efficiency)
    lines += [
        "## Extrapolated to all of PubMed",
        f"{WHOLE_RECORDS:,} records in {WHOLE_FILES:,} files. Looking at all: {WHOLE_FILES:,} × {per_file:.4f} s + "
        f"{WHOLE_RECORDS:,} × {1e6 * per_record:.1f} µs = {hours(looking)}. Reading the share that is kept, "
        f"{topic_share:.1%} assumed: {WHOLE_RECORDS * topic_share:,.0f} × {1e6 * of_all:.0f} µs = {hours(reading)}. "
        f"Keeping all: {WHOLE_FILES:,} × {per_file:.4f} s + {WHOLE_RECORDS:,} × {1e6 * of_all:.0f} µs = "
        f"{hours(whole)}. "
        f"What counts now: {WHOLE_FILES:,} × ({1000 * seconds / some:.0f} + {1000 * copying:.0f}) ms = "
        f"{hours(at_the_end)}, whatever the number of workers. Two workers did {gain:.2f} times the work of one, so "
        f"each of several is taken to do {efficiency:.2f} of what one does alone.",
        table,
        "The gain of a second worker is that of this machine in this hour: with a load above the number of cores "
        "there is none to be had, and the columns of ideal workers are the other bound.",
        "Not measured, and so not promised: more than two workers, a network between them, a disk that is slower than "
        "the processors.",
    ]
    return "\n\n".join(lines) + "\n"


if __name__ == "__main__":
    main()

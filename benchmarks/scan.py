"""What a scan of PubMed files costs: slopes over records, files and workers, memory, and all of PubMed from these.

    python -m benchmarks.scan [RECORDS] [ROUNDS]

Files are made by `benchmarks.make_baseline`: recorded records (`../shared/recorded`) under fresh PMIDs, 1 in 100 of
them on the topic; without these, synthetic ones. The peer is a plain loop over `lxml.iterparse`: it reads PMID,
version, title and abstract, looks for the same words and keeps what has them in a list; it takes no hashes, writes
nothing, knows nothing of revisions and stops at the first fault. Both take turns in one run; times are CPU seconds.
Workers are measured by the clock, since that is what they are for.
"""

from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from lxml import etree

from ketalit.scan import Wanted, scan
from ketalit.scan.current import Last, write_current
from ketalit.scan.done import Done, all_done

from .make_baseline import make
from .measuring import CLOCK, HERE, Growth, Report, peak_mb, spread, table, turns

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


def scanning(files: Sequence[Path], folder: Path, wanted: Wanted, **options: int) -> Callable[[], object]:
    def act() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        assert scan(files, folder, wanted, **options).complete

    return act


def peak(path: Path, wanted: str) -> tuple[float, float]:
    """Peak MB of a fresh process that scans a file, and how much of it was there after an empty scan."""
    command = [sys.executable, "-m", "benchmarks.scan", "--memory", str(path), wanted]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=HERE.parent)
    whole, before = json.loads(answer.stdout)
    return whole, before


def _peak_of(path: Path, wanted: Wanted) -> None:
    with tempfile.TemporaryDirectory() as folder:
        small = make(Path(folder, "small"), files=1, records=20, topic=1.0, synthetic=True)
        scan(small, Path(folder, "before"), EVERYTHING)
        before = peak_mb()
        scan([path], Path(folder, "out"), wanted)
        print(json.dumps([peak_mb(), before]))


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


def workers_table(topic: float, everything: float, at_the_end: float, efficiency: float | None) -> str:
    """Times of N workers: as two of them did here, and as they would if each did what one does alone."""

    def shared(seconds: float, workers: int, each: float | None) -> str:
        if each is None:
            return "–"
        return hours(seconds / (1 if workers == 1 else workers * each) + at_the_end)

    rows = [
        [n, *(shared(seconds, n, each) for seconds in (topic, everything) for each in (efficiency, 1))]
        for n in (1, 2, 4, 8, 16, 64)
    ]
    head = ["workers", "0.1 % kept, as measured", "… ideal", "every record, as measured", "… ideal"]
    return table(head, rows, numbers=5)


def main(size: int = 1000, rounds: int = 3) -> None:
    report = Report("scan", "Scanning PubMed files", __doc__.split("\n\n")[2], ("lxml", "pyarrow", "distributed"))
    with tempfile.TemporaryDirectory() as folder:
        measure(report, Path(folder), size, rounds)
    report.write()


def measure(report: Report, folder: Path, size: int, rounds: int) -> None:
    files = make(folder / "files", files=8, records=size)
    small = make(folder / "small", files=1, records=size // 10)
    bytes_each = sum(len(gzip.decompress(path.read_bytes())) for path in files) / (8 * size)
    out = folder / "out"
    report.say(f"Files of {size:,} records, {bytes_each:,.0f} bytes of XML each, 1 in 100 on the topic.")

    # --- one process: slopes over files and over records in a file -------------------------------------------------
    scanning(small, out, EVERYTHING)()  # everything is loaded
    counts = (1, 2, 4, 8)
    contestants: dict[str, Callable[[], object]] = {}
    for count in counts:
        contestants[f"scan {count}"] = scanning(files[:count], out, TOPIC)
        contestants[f"plain {count}"] = lambda count=count: [plain_iterparse(path) for path in files[:count]]
    contestants["scan small"] = scanning(small, out, TOPIC)
    contestants["everything"] = scanning(files[:1], out, EVERYTHING)
    spent = turns(contestants, rounds)
    spreads = {name: spread(seconds) for name, seconds in spent.items()}
    for count in counts:
        what = f"scan for a topic, {count * size:,} records in {count} {'file' if count == 1 else 'files'}"
        report.ratio(what, "lxml.iterparse, plain loop", spent[f"scan {count}"], spent[f"plain {count}"])
    records = [count * size for count in counts]
    for what, name in (("scan for a topic", "scan"), ("plain loop over lxml.iterparse", "plain")):
        report.growth.append(Growth(what, "CPU s", records, [spreads[f"{name} {count}"].median for count in counts]))
    # seconds = fixed + files * each; then each = per file + records * per record
    slope, fixed = np.polyfit(counts, [spreads[f"scan {count}"].median for count in counts], 1)
    of_small = spreads["scan small"].median - fixed
    per_record = (slope - of_small) / (size - size // 10)
    per_file = max(slope - per_record * size, 0.0)
    of_all = (spreads["everything"].median - fixed - per_file) / size
    rows = [[count, f"{count * size:,}", spreads[f"scan {count}"], spreads[f"plain {count}"]] for count in counts]
    report.say(
        "## One process",
        table(["files", "records", "scan, CPU s", "plain loop, CPU s"], rows, numbers=4),
        f"A scan costs {fixed:.2f} s, {1000 * per_file:.0f} ms for each file and {1e6 * per_record:.0f} µs for each "
        f"record that is looked at, {1e6 * of_all:.0f} µs for one that is kept and read by the rules (no filter at "
        f"all: {spreads['everything']} s for {size:,}). Straight line through the four medians; the file of "
        f"{size // 10:,} records separates files from records.",
    )

    # --- workers ------------------------------------------------------------------------------------------------------
    few, many = 2, 8
    names = {0: "this process alone", 1: "1 worker", 2: "2 workers"}
    acts = {f"{n} {count}": scanning(files[:count], out, EVERYTHING, workers=n) for n in names for count in (few, many)}
    clocked = turns(acts, 2, time.monotonic)
    more = {
        n: [(b - a) / (many - few) for a, b in zip(clocked[f"{n} {few}"], clocked[f"{n} {many}"], strict=True)]
        for n in names
    }
    measurable = min(*more[1], *more[2]) > 0  # not where other work on the machine weighs more than a file
    gain = spread(more[1]).median / spread(more[2]).median if measurable else None
    if measurable:
        report.ratio("one more file with 2 workers", "with 1 worker", more[2], more[1], unit=CLOCK)
    rows = [
        [name, spread(clocked[f"{n} {few}"]), spread(clocked[f"{n} {many}"]), f"{spread(more[n]).median:.2f}"]
        for n, name in names.items()
    ]
    report.say(
        "## Workers",
        "All records kept, seconds by the clock, start of the cluster included; what one more file costs is the "
        f"difference by {many - few}:",
        table(["", f"{few} files", f"{many} files", "one more file"], rows, numbers=3),
    )

    # --- memory -------------------------------------------------------------------------------------------------------
    sizes = [size, 4 * size, 16 * size]
    paths = [make(folder / f"of {count}", files=1, records=count)[0] for count in sizes]
    rows = []
    for wanted, what in (("topic", "scan for a topic"), ("everything", "scan that keeps everything")):
        peaks = [peak(path, wanted) for path in paths]
        rows += [[what, f"{n:,}", f"{a:.0f}", f"{a - b:.0f}"] for n, (a, b) in zip(sizes, peaks, strict=True)]
        report.growth.append(Growth(what, "MB at most", sizes, [whole for whole, _ in peaks]))
        small_peak, large_peak = peaks[0][0], peaks[-1][0]
        name = f"memory of a {what}, file of {sizes[-1]:,} records"
        report.ratio(name, f"file of {sizes[0]:,} records", [large_peak], [small_peak], unit="memory at its peak")
    report.say(
        "## Memory",
        "Peak of a fresh process, and how far that is above a scan of 20 records:",
        table(["", "records in the file", "peak, MB", "above, MB"], rows, numbers=3),
    )

    # --- what counts now ----------------------------------------------------------------------------------------------
    some, in_each = 65, 30_000
    seconds, megabytes = of_current(some, in_each)
    scanning(files, out, TOPIC)()
    done: list[Done] = all_done(out)
    start = time.process_time()
    write_current(out, done)
    copying = (time.process_time() - start) / len(done)
    at_the_end = WHOLE_FILES * (seconds / some + copying)
    report.say(
        "## What counts now",
        f"Revisions and withdrawals of {some} files with {in_each:,} PMIDs each: {seconds:.2f} s and {megabytes:.0f} "
        f"MB. Opening, filtering and copying what was kept: {1000 * copying:.0f} ms for each file. This part is done "
        "by one process.",
    )

    # --- all of PubMed ------------------------------------------------------------------------------------------------
    topic_share = 0.001
    looking = WHOLE_FILES * per_file + WHOLE_RECORDS * per_record
    reading = WHOLE_RECORDS * topic_share * of_all
    whole = WHOLE_FILES * per_file + WHOLE_RECORDS * of_all
    efficiency = gain / 2 if gain else None
    shared = (
        f"Two workers did {gain:.2f} times the work of one, so each of several is taken to do {efficiency:.2f} of what "
        "one does alone."
        if gain
        else "What a second worker adds could not be told from the other work on the machine."
    )
    report.say(
        "## Extrapolated to all of PubMed",
        f"{WHOLE_RECORDS:,} records in {WHOLE_FILES:,} files. Looking at all: {WHOLE_FILES:,} × {per_file:.4f} s + "
        f"{WHOLE_RECORDS:,} × {1e6 * per_record:.1f} µs = {hours(looking)}. Reading the share that is kept, "
        f"{topic_share:.1%} assumed: {WHOLE_RECORDS * topic_share:,.0f} × {1e6 * of_all:.0f} µs = {hours(reading)}. "
        f"Keeping all: {WHOLE_FILES:,} × {per_file:.4f} s + {WHOLE_RECORDS:,} × {1e6 * of_all:.0f} µs = "
        f"{hours(whole)}. "
        f"What counts now: {WHOLE_FILES:,} × ({1000 * seconds / some:.0f} + {1000 * copying:.0f}) ms = "
        f"{hours(at_the_end)}, whatever the number of workers. {shared}",
        workers_table(looking + reading, whole, at_the_end, efficiency),
        "The gain of a second worker is that of this machine in this hour: with a load above the number of cores "
        "there is none to be had, and the columns of ideal workers are the other bound.",
        "Not measured, and so not promised: more than two workers, a network between them, a disk that is slower than "
        "the processors.",
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--memory"]:
        _peak_of(Path(sys.argv[2]), EVERYTHING if sys.argv[3] == "everything" else TOPIC)
    else:
        main(*map(int, sys.argv[1:]))

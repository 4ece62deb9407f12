"""Whether a review of 50,000 records stays pleasant: time, memory and size of every command, at four sizes.

    python -m benchmarks.review_size [SIZES…] [--reviews FOLDER] [--only NAME …]

Reviews are made by a script: recorded articles (`../shared/recorded`) under identifiers of their own, each with title
and abstract of another recorded work on ketamine and pain; without these, synthetic ones. One record in 20 is included,
one in 20 waits. Each command runs in a fresh process; counted are its CPU seconds, its peak memory and what it prints
or writes. “kept” is a command whose readings the cache holds from the one before it. NCBI is the local stand-in of the
tests, the pace of requests taken out. The exponent is the slope between two sizes of log time over log records: 1 is
linear. Times of a page are by the clock, in headless Chromium. Writes `results/review_size.md` and `.json`.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import os
import platform
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

from benchmarks.make_baseline import FIRST, recorded, written
from ketalit.library import FILE, Library, Raw, RunKind, State
from ketalit.records.model import Record, Section
from ketalit.review import new_review

RESULTS = Path(__file__).parent / "results" / "review_size"
SIZES = (100, 1_000, 10_000, 50_000)
_OWN = re.compile(rb'(<PMID Version="\d+">|<ArticleId IdType="pubmed">)\d+(<)')
_DOI = re.compile(rb'(<ArticleId IdType="doi">|<ELocationID EIdType="doi"[^>]*>)([^<]*)(<)')
_PMC = re.compile(rb'(<ArticleId IdType="pmc">PMC)\d+(<)')
_TRIAL = re.compile(rb"<AccessionNumber>[^<]*<")
_TEXT = re.compile(rb"<ArticleTitle>.*?</ArticleTitle>|<Abstract>.*?</Abstract>", re.DOTALL)
_LINKED = b"<CommentsCorrectionsList>"


# --- reviews ----------------------------------------------------------------------------------------------------------


def fresh(raw: bytes, number: int) -> bytes:
    """A record under identifiers of its own; those of what it cites stay."""
    head, mark, references = raw.partition(b"<ReferenceList>")
    first, *rest = re.split(b"(?=" + _LINKED + b")", head, maxsplit=1)
    first = _OWN.sub(rb"\g<1>%d\g<2>" % number, first, count=1)
    body = b"".join(rest)
    whole = first + re.sub(rb'(<ArticleId IdType="pubmed">)\d+(<)', rb"\g<1>%d\g<2>" % number, body)
    whole = re.sub(rb'(<ArticleId IdType="pubmed">)\d+(<)', rb"\g<1>%d\g<2>" % number, whole)
    whole = _DOI.sub(rb"\g<1>\g<2>.%d\g<3>" % number, whole)
    whole = _PMC.sub(rb"\g<1>9%d\g<2>" % number, whole)
    return _TRIAL.sub(b"<AccessionNumber>NCT%08d<" % number, whole) + mark + references


def with_text(raw: bytes, text: Record) -> bytes:
    """A recorded article with the title and the abstract of another."""

    def part(section: Section) -> str:
        label = f' Label="{escape(section.label)}"' if section.label else ""
        return f"<AbstractText{label}>{escape(section.text)}</AbstractText>"

    head, mark, rest = raw.partition(b"<ArticleTitle>")
    abstract = f"<Abstract>{''.join(map(part, text.abstract))}</Abstract>"
    title = f"<ArticleTitle>{escape(text.title)}</ArticleTitle>{abstract}"
    return head + title.encode() + _TEXT.sub(b"", mark + rest)


def pool() -> list[bytes]:
    """Articles to draw from; none where the recorded ones are not beside the project."""
    from benchmarks.corpus import KETAMINE_AND_PAIN, records

    shells = [raw for raw in recorded() if raw.startswith(b"<PubmedArticle>") and b"<ArticleTitle>" in raw]
    texts = [one for one in records(KETAMINE_AND_PAIN) if one.abstract] if shells else []
    return [with_text(shells[at % len(shells)], one) for at, one in enumerate(texts)]


def make_review(folder: Path, size: int, articles: Sequence[bytes]) -> Path:
    """A review of so many records; the same arguments make the same records."""
    chance = random.Random(size)
    new_review(folder, empty=True)
    numbers = range(FIRST, FIRST + size)
    with Library.open(folder / FILE, write=True) as library:
        run = library.begin(RunKind.FETCH, ids=[f"PMID:{number}" for number in numbers])
        for start in range(0, size, 500):
            raws = [
                Raw(
                    f"PMID:{number}",
                    "PubMed XML",
                    fresh(chance.choice(articles), number) if articles else written(number, chance, topic=True),
                )
                for number in numbers[start : start + 500]
            ]
            library.store(run, raws, {raw.id: (State.RETURNED, "") for raw in raws})
        library.finish(run)
    with (folder / "screening.csv").open("w", newline="", encoding="utf-8") as file:
        sheet = csv.writer(file, lineterminator="\n")
        sheet.writerow(("record", "decision", "reason"))
        for at, number in enumerate(numbers):
            if at % 20 < 19:
                sheet.writerow((f"PMID:{number}", *(("exclude", "other design") if at % 20 else ("include", ""))))
    return folder


# --- one command in a fresh process -----------------------------------------------------------------------------------

_CHILD = """
import json, re, resource, sys
from ketalit.entrez import limiter
limiter.Limiter.wait = lambda self: 0.0
from ketalit.cli import main
sys.argv = ["ketalit", *sys.argv[2:]]
try:
    main()
except SystemExit as left:
    code = left.code or 0
used = resource.getrusage(resource.RUSAGE_SELF)
high = int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) / 1024
open(TOLD, "w").write(json.dumps([used.ru_utime + used.ru_stime, high, code]))
"""


def measure(arguments: Sequence[object], environment: dict[str, str], out: Path) -> dict[str, Any]:
    """CPU seconds, peak MB and bytes of output (printed, or written to `out`) of one command."""
    told = out / "told.json"
    code = _CHILD.replace("TOLD", repr(str(told)))
    command = [sys.executable, "-c", code, "--", *map(str, arguments)]
    before = {path: path.stat().st_size for path in out.iterdir()}
    done = subprocess.run(command, capture_output=True, env=environment, check=False)
    cpu, peak, left = json.loads(told.read_text())
    if left not in (0, 4):
        raise SystemExit(f"{' '.join(map(str, arguments))}\n{done.stderr.decode()}")
    written = sum(path.stat().st_size for path in out.iterdir() if path not in before and path != told)
    return {"cpu_s": round(cpu, 3), "peak_mb": round(peak, 1), "output_bytes": written or len(done.stdout)}


COMMANDS: dict[str, tuple[str, ...]] = {
    "load, first": ("show", f"PMID:{FIRST}"),
    "load, kept": ("show", f"PMID:{FIRST}"),
    "table of the included": ("table",),
    "table of all, first": ("table", "--screened", "all", "--sort", "-year"),
    "table of all, kept": ("table", "--screened", "all", "--sort", "-year"),
    **{
        f"{kind} of all": ("table", "--screened", "all", "--to", f"all.{kind}")
        for kind in ("csv", "html", "ris", "md", "xlsx")
    },
    "first 100 of all, in a terminal": ("table", "--screened", "all", "--sort", "-year"),
    "csv of chosen columns": (
        *("table", "--screened", "all", "--columns", "design,n_total,dose,followup"),
        *("--to", "all.chosen.csv"),
    ),
    "docx of the included": ("table", "--to", "included.docx"),
    "docx of all": ("table", "--screened", "all", "--to", "all.docx"),
    "screen vote": ("screen", "vote", f"PMID:{FIRST + 19}", "include", "--as", "AB"),
    "search --check": ("search", "ketamine[tiab] AND fibromyalgia[tiab]", "--check"),
    "verify --all": ("verify", "--all"),
    "refresh, first": ("refresh",),
    "refresh, nothing new": ("refresh",),
}
IN_TERMINAL = {"first 100 of all, in a terminal"}
ASKING = {"search --check", "verify --all", "refresh, first", "refresh, nothing new"}


@contextmanager
def stand_in(folder: Path) -> Iterator[str]:
    """The tests' E-utilities with the records of a review."""
    from tests.eutils import Corpus, Server
    from tests.eutils.corpus import entry

    with Library.open(folder / FILE) as library:
        corpus = Corpus(tuple(entry(stored.content) for stored in library.contents()))
    with Server(corpus, limit=False) as server:
        yield server.url


# --- the page in a browser --------------------------------------------------------------------------------------------

_CHANGE = """async (act) => {
  const text = (what) => document.querySelector(what)?.textContent;
  const row = () => text("#evidence tbody tr") + text("div.dt-info");
  const before = row(), start = performance.now();
  if (act === "sort") document.querySelectorAll("#evidence thead th .dt-column-order")[1].click();
  else {
    const input = document.querySelector("div.dt-search input");
    input.value = act;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
  while (row() === before && performance.now() - start < 60000) await new Promise(requestAnimationFrame);
  return performance.now() - start;
}"""


def browsed(page_file: Path) -> dict[str, float]:
    """Seconds until the page is usable, then of one filter and one sort; how many elements it has."""
    from playwright.sync_api import sync_playwright

    from tests.conftest import CHROMIUM, QUIET

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = browser.new_page()
        page.set_default_timeout(300_000)
        page.goto(page_file.as_uri(), wait_until="commit")
        page.wait_for_selector("div.dt-info")
        found = {
            "usable_s": page.evaluate("performance.now()") / 1000,
            "filter_s": page.evaluate(_CHANGE, "fibromyalgia") / 1000,
            "again_s": page.evaluate(_CHANGE, "depression") / 1000,
            "sort_s": page.evaluate(_CHANGE, "sort") / 1000,
            "elements": page.evaluate("document.querySelectorAll('*').length"),
        }
        browser.close()
    return {name: round(value, 3) for name, value in found.items()}


# --- all of it --------------------------------------------------------------------------------------------------------


def run(sizes: Sequence[int], reviews: Path, only: Sequence[str]) -> list[dict[str, Any]]:
    """Every command at every size."""
    found: list[dict[str, Any]] = []
    articles = pool()
    for size in sizes:
        folder = reviews / f"r{size}"
        if not folder.exists():
            make_review(folder, size, articles)
        with tempfile.TemporaryDirectory() as place:
            here, out = Path(place, "review"), Path(place, "out")
            shutil.copytree(folder, here)
            out.mkdir()
            environment = {**os.environ, "KETALIT_CACHE": str(Path(place, "cache")), "COLUMNS": "120"}
            environment |= {"KETALIT_STATE": str(Path(place, "state"))}

            def one(name: str, more: dict[str, str], here: Path = here, out: Path = out, size: int = size) -> None:
                words = COMMANDS[name]
                arguments = [out / word if word.startswith(("all.", "included.")) else word for word in words]
                told = measure([*arguments, "-r", here], environment | more, out)  # noqa: B023 - called at once
                found.append({"what": name, "records": size, **told})
                print(found[-1], flush=True)

            chosen = [name for name in COMMANDS if not only or any(word in name for word in only)]
            for name in chosen:
                if name not in ASKING:
                    one(name, {"FORCE_COLOR": "1"} if name in IN_TERMINAL else {})
            if (out / "all.html").exists():
                found.append({"what": "page in Chromium", "records": size, **browsed(out / "all.html")})
                print(found[-1], flush=True)
            if set(chosen) & ASKING:
                with stand_in(here) as url:
                    for name in chosen:
                        if name in ASKING:
                            one(name, {"KETALIT_EUTILS": url})
    return found


def report(found: list[dict[str, Any]]) -> str:
    """The tables as Markdown."""
    sizes = sorted({one["records"] for one in found})
    by = {(one["what"], one["records"]): one for one in found}
    head = f"| | {' | '.join(f'{size:,}' for size in sizes)} |"
    rule = f"|---|{'--:|' * len(sizes)}"

    def grown(name: str, key: str) -> str:
        cells = []
        for place, size in enumerate(sizes):
            value = by.get((name, size), {}).get(key)
            if value is None:
                cells.append("–")
                continue
            text = (
                f"{value / 1e6:.2f}"
                if key == "output_bytes"
                else f"{value:.2f}"
                if key.endswith("_s")
                else f"{value:,.0f}"
            )
            smaller = by.get((name, sizes[place - 1]), {}).get(key) if place else None
            if smaller and value and key == "cpu_s":
                slope = math.log(value / smaller) / math.log(size / sizes[place - 1])
                text += f" ({slope:.2f})"
            cells.append(text)
        return f"| {name} | {' | '.join(cells)} |"

    names = [name for name in COMMANDS if any((name, size) in by for size in sizes)]
    lines = [
        "# A review of many records",
        f"`python -m benchmarks.review_size`, {date.today().isoformat()}, Python {platform.python_version()}, "
        f"{os.cpu_count()} cores shared with other work. {__doc__.split(chr(10) * 2)[2].strip()}",
    ]
    for title, key in (
        ("CPU seconds (exponent)", "cpu_s"),
        ("Peak memory, MB", "peak_mb"),
        ("Output, MB", "output_bytes"),
    ):
        lines += [f"## {title}", "\n".join([head, rule, *(grown(name, key) for name in names)])]
    page = "page in Chromium"
    if any((page, size) in by for size in sizes):
        keys = {"usable_s": "usable after, s", "filter_s": "first filter, s", "again_s": "another filter, s"}
        keys |= {"sort_s": "sort, s", "elements": "elements"}
        rows = [grown(page, key).replace(f"| {page} |", f"| {label} |", 1) for key, label in keys.items()]
        lines += ["## The page in Chromium", "\n".join([head, rule, *rows])]
    return "\n\n".join(lines) + "\n"


def main() -> None:
    """Measure, print and write."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("sizes", nargs="*", type=int, default=SIZES)
    arguments.add_argument("--reviews", type=Path, help="where the reviews are kept for another run")
    arguments.add_argument("--only", nargs="*", default=(), help="commands whose names hold one of these words")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as place:
        found = run(given.sizes, given.reviews or Path(place), given.only)
    path = RESULTS.with_suffix(".json")
    old = json.loads(path.read_text()) if given.only and path.exists() else []
    new = {(one["what"], one["records"]) for one in found}
    found = [one for one in old if (one["what"], one["records"]) not in new] + found
    path.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    RESULTS.with_suffix(".md").write_text(report(found), encoding="utf-8")


if __name__ == "__main__":
    main()

"""Run the benchmarks, one after another, each in a process of its own, and put the results together.

    python -m benchmarks               # all of them
    python -m benchmarks parsing scan  # some
    python -m benchmarks --summary     # none: only put together what is there

One that fails or cannot run is named and stops no other; the command then leaves with 1. A limit that is missed is a
result, not a failure: it stands in the summary.
"""

from __future__ import annotations

import subprocess
import sys
import time

from . import summary
from .measuring import HERE

EVERY = ("parsing", "reading", "asking", "mechanism", "auditing", "pooling", "panels", "scan", "review_size")


def run(name: str) -> str:
    """Run one; why it failed, or nothing."""
    command = [sys.executable, "-m", f"benchmarks.{name}"]
    done = subprocess.run(command, cwd=HERE.parent, stderr=subprocess.PIPE, text=True, errors="replace", check=False)
    said = done.stderr.strip().splitlines()
    if done.returncode:
        print(done.stderr, file=sys.stderr)
    return (said[-1] if said else f"it left with {done.returncode}") if done.returncode else ""


def main(asked: list[str]) -> int:
    """Run what was asked for, all without names; 1 where something did not run."""
    if asked == ["--summary"]:
        summary.write()
        return 0
    if unknown := [name for name in asked if name not in EVERY]:
        print(f"There is no benchmark “{unknown[0]}”. There are: {', '.join(EVERY)}.", file=sys.stderr)
        return 2
    failed: dict[str, str] = {}
    for name in asked or EVERY:
        print(f"\n=== {name}", flush=True)
        start = time.monotonic()
        if why := run(name):
            failed[name] = why
        print(f"=== {name}: {why or 'done'}, {time.monotonic() - start:.0f} s", flush=True)
    summary.write(failed)
    for name, why in failed.items():
        print(f"{name} did not run: {why}", file=sys.stderr)
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

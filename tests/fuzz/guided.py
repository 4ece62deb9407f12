"""The same questions asked by a fuzzer that watches which lines are reached: `python -m tests.fuzz.guided KIND FOLDER`.

Needs atheris, which is no dependency of the project: install it in an environment of its own. KIND is a key of
`_kinds`; FOLDER keeps the inputs that reached something new, FOLDER/faults those for which something did not hold, one
for each place in the code. Further arguments go to libFuzzer (-max_total_time=600).
"""

from __future__ import annotations

import gzip
import hashlib
import sys
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path


def main() -> None:
    """Run until the time is up."""
    import atheris

    kind, folder = sys.argv[1], Path(sys.argv[2])
    with atheris.instrument_imports(include=["ketalit"], exclude=["ketalit.models", "ketalit.lessons"]):
        from . import material, properties
    holds, sound = _kinds(material, properties)[kind]
    faults = folder / "faults"
    faults.mkdir(parents=True, exist_ok=True)
    for number, content in enumerate(sound.values()):
        (folder / f"seed{number}").write_bytes(content)

    def one(data: bytes) -> None:
        try:
            holds(data)
        except Exception as error:
            told = f"{type(error).__name__} {traceback.extract_tb(error.__traceback__)[-1][:2]}"
            name = faults / hashlib.sha256(told.encode()).hexdigest()[:12]
            if not name.exists():
                name.write_bytes(data)
                name.with_suffix(".txt").write_text(traceback.format_exc(), encoding="utf-8", errors="replace")

    atheris.Setup([sys.argv[0], str(folder), "-max_len=20000", "-timeout=60", *sys.argv[3:]], one)
    atheris.Fuzz()


def _kinds(material, properties) -> Mapping[str, tuple[Callable[[bytes], object], Mapping[object, bytes]]]:  # type: ignore[no-untyped-def]
    def text(holds: Callable[[str], object]) -> Callable[[bytes], object]:
        return lambda data: holds(data.decode("utf-8", "replace"))

    return {
        "files": (properties.file_holds, material.seeds()),
        "pages": (properties.page_bytes_hold, material.pages()),
        "packs": (
            lambda data: properties.archive_holds(gzip.compress(data, 1)),
            dict(enumerate(material.archives())),
        ),
        "reviews": (properties.review_holds, material.reviews()),
        "queries": (text(properties.query_holds), {one: one.encode() for one in material.QUERIES}),
        "audits": (text(properties.audit_holds), material.pages()),
    }


if __name__ == "__main__":
    main()

"""The same questions asked by a fuzzer that watches which lines are reached: `python -m tests.fuzz.guided KIND FOLDER`.

Needs atheris, which is no dependency of the project: install it in an environment of its own. KIND is one of `KINDS`;
FOLDER keeps the inputs that reached something new. Further arguments go to libFuzzer (-max_total_time=600).
"""

from __future__ import annotations

import sys
from pathlib import Path

KINDS = ("files", "pages", "packs")


def main() -> None:
    """Run until something does not hold, or the time is up."""
    import atheris

    kind, folder = sys.argv[1], Path(sys.argv[2])
    with atheris.instrument_imports(
        include=["ketalit.records", "ketalit.citations", "ketalit.page", "ketalit.sentences"]
    ):
        from . import material, properties
    holds = {
        "files": properties.file_holds,
        "pages": properties.page_bytes_hold,
        "packs": properties.archive_holds,
    }[kind]
    sound = {"files": material.seeds(), "pages": material.pages(), "packs": dict(enumerate(material.archives()))}[kind]
    folder.mkdir(parents=True, exist_ok=True)
    for number, content in enumerate(sound.values()):
        (folder / f"seed{number}").write_bytes(content)
    atheris.Setup(
        [sys.argv[0], str(folder), "-max_len=20000", "-timeout=60", *sys.argv[3:]], lambda data: holds(data) and None
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()

"""The documentation: what its pages tell people to type runs, in a folder of its own and without a network.

A fenced block “console” holds lines to type, after “$ ”, and what they print (as a doctest: “...” stands for anything). A
block with a caption is a file of that name; what stands in several is added at its end. A block “python” is run. Blocks
that need more than that are marked by a class and skipped by name, or leave with the code they name.
"""

import doctest
import importlib
import inspect
import os
import pkgutil
import re
import runpy
import shlex
import subprocess
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

import ketalit
from ketalit.cli import app
from ketalit.errors import KetalitError

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
NOT_HERE = {
    "needs-network": "needs a network",
    "needs-browser": "needs a browser and somebody before it",
    "depends-on-machine": "its answer depends on the machine; tests/test_doctor.py runs it",
}
# Written elsewhere; their commands need files that are not shipped.
ELSEWHERE = {"scale.md"}
_FENCE = re.compile(r"^(`{3,})(\{code-block\} )?(\w+)?\n(.*?)^\1\n", re.MULTILINE | re.DOTALL)
_OPTION = re.compile(r"\A:(caption|class): (.+)\n")
_INDENTED = re.compile(r"(?:`(?P<name>[\w.-]+)`:\n\n)?(?P<body>(?:^ {4}.*\n)+)", re.MULTILINE)
_OFFLINE = "http://127.0.0.1:9/"  # nobody listens on the discard port


@dataclass(frozen=True)
class Block:
    """What somebody types, runs or saves."""

    page: str
    line: int
    kind: str  # console, python, or another language
    body: str
    caption: str = ""
    classes: tuple[str, ...] = ()

    @property
    def skipped(self) -> str:
        return next((NOT_HERE[one] for one in self.classes if one in NOT_HERE), "")

    @property
    def typed(self) -> str:
        """Keys that somebody presses."""
        return "".join(f"{one.removeprefix('types-')}\n" for one in self.classes if one.startswith("types-"))

    @property
    def leaves(self) -> int:
        return next((int(one.removeprefix("exit-")) for one in self.classes if one.startswith("exit-")), 0)

    @property
    def first(self) -> str:
        return self.body.strip().splitlines()[0].removeprefix("$ ")


def blocks(path: Path) -> Iterator[Block]:
    """The blocks of a page, in order."""
    name, text = path.relative_to(DOCS).as_posix(), path.read_text(encoding="utf-8")
    for found in _FENCE.finditer(text):
        body, options = found[4], {"caption": "", "class": ""}
        while found[2] and (option := _OPTION.match(body)):
            options[option[1]], body = option[2], body[option.end() :]
        line = text[: found.start()].count("\n") + 1
        yield Block(name, line, found[3] or "", body, options["caption"], tuple(options["class"].split()))
    if name == "pooling.md":  # its commands are indented
        for found in _INDENTED.finditer(text):
            body = re.sub(r"^ {4}", "", found["body"], flags=re.MULTILINE)
            line = text[: found.start()].count("\n") + 1
            if found["name"]:
                yield Block(name, line, "csv", body, found["name"])
            else:
                yield Block(name, line, "console", f"$ {body}")


PAGES = [path for path in sorted(DOCS.rglob("*.md")) if path.relative_to(DOCS).as_posix() not in ELSEWHERE]
ALL = [block for path in PAGES for block in blocks(path)]


def commands(block: Block) -> Iterator[tuple[str, str]]:
    """Each command of a console block with what it prints; “” where the page does not say."""
    for part in re.split(r"^\$ ", block.body, flags=re.MULTILINE)[1:]:
        lines = part.splitlines(keepends=True)
        size = 1 + next((at for at, line in enumerate(lines) if not line.endswith("\\\n")), 0)
        yield "".join(lines[:size]).replace("\\\n", "").strip(), "".join(lines[size:])


def environment(home: Path) -> dict[str, str | None]:
    """Of somebody new, without a network and without settings; None for what is not set."""
    return {
        **{name: None for name in os.environ if name.startswith(("KETALIT", "NCBI"))},
        "PATH": f"{sysconfig.get_path('scripts')}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_STATE_HOME": str(home / ".state"),
        "KETALIT_EUTILS": _OFFLINE,
        "http_proxy": _OFFLINE,
        "https_proxy": _OFFLINE,
        "COLUMNS": "100",
    }


def run(command: str, typed: str = "") -> tuple[int, str]:
    """Exit code and what was printed. What is ketalit's runs in this process, as a hundred Pythons take minutes."""
    words = shlex.split(command)
    if words[0] != "ketalit":
        done = subprocess.run(["sh", "-c", command], input=typed, capture_output=True, encoding="utf-8", check=False)
        return done.returncode, done.stdout + done.stderr
    done = CliRunner().invoke(app, words[1:], input=typed)
    if isinstance(done.exception, KetalitError):  # as cli.main does
        return done.exception.exit_code, f"{done.output}ketalit: {done.exception}\n"
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


_OUTPUT = doctest.OutputChecker()
_LOOSE = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@pytest.mark.skipif(os.name == "nt", reason="the pages' commands are those of a POSIX shell")
@pytest.mark.parametrize("page", sorted({block.page for block in ALL if not block.skipped}))
def test_what_a_page_says_to_type_runs(page, tmp_path, monkeypatch):
    here, home = tmp_path / "here", tmp_path / "home"
    here.mkdir()
    home.mkdir()
    monkeypatch.chdir(here)
    for name, value in environment(home).items():
        monkeypatch.delenv(name) if value is None else monkeypatch.setenv(name, value)
    names: dict[str, object] = {}
    for block in ALL:
        if block.page != page or block.skipped:
            continue
        place = f"docs/{block.page}, line {block.line}"
        if block.caption:
            with (here / block.caption).open("a", encoding="utf-8") as file:
                file.write(block.body)
        elif block.kind == "python":
            exec(compile(block.body, place, "exec"), names)
        elif block.kind == "console":
            for command, printed in commands(block):
                if command.startswith("cd "):
                    monkeypatch.chdir(command.removeprefix("cd "))
                    continue
                left, told = run(command, block.typed)
                assert left == block.leaves, f"{place}: {command}\n{told}"
                assert not printed or _OUTPUT.check_output(printed, told, _LOOSE), f"{place}: {command}\n{told}"


@pytest.mark.parametrize("block", [pytest.param(one, id=f"{one.page}:{one.first}") for one in ALL if one.skipped])
def test_what_cannot_run_here(block):
    """Not run; but the command and its options are in the reference, which the program made."""
    reference = (DOCS / "reference" / "commands.md").read_text(encoding="utf-8")
    for command, _ in commands(block):
        program, *words = command.split()
        if program == "ketalit":
            (section,) = re.findall(rf"^## `ketalit {words[0]}`\n(.*?)(?=^## |\Z)", reference, re.MULTILINE | re.DOTALL)
            unknown = [word for word in words if word.startswith("--") and f"`{word}" not in section]
            assert not unknown, command
    pytest.skip(block.skipped)


def test_every_block_is_of_a_kind_that_is_looked_at():
    known = {"console", "python", "toml", "text", "json", "bash", "csv", "tableofcontents", "eval", ""}
    assert not [f"{one.page}, line {one.line}: {one.kind}" for one in ALL if one.kind not in known]
    marks = {mark for one in ALL for mark in one.classes}
    assert all(mark in NOT_HERE or re.fullmatch(r"exit-\d|types-\w", mark) for mark in marks)


def test_the_commands_are_those_of_the_program():
    made = runpy.run_path(str(DOCS / "_ext" / "commands.py"))["page"]()
    assert made == (DOCS / "reference" / "commands.md").read_text(encoding="utf-8"), "`make docs` brings it up to date"


def public_rooms() -> set[str]:
    """Packages with `__all__`, and modules that stand alone."""
    found = set()
    for module in pkgutil.walk_packages(ketalit.__path__, "ketalit."):
        parts = module.name.split(".")
        if parts[1] in {"cli", "reviews"} or parts[1:-1] == [
            "lessons"
        ]:  # panels need an extra; they are shown as lessons
            continue
        if module.ispkg:
            loaded = importlib.import_module(module.name)
            found |= {module.name} if hasattr(loaded, "__all__") else set()
        elif len(parts) == 2:
            found.add(module.name)
    return found


def test_the_reference_has_every_public_name():
    text = "".join(path.read_text(encoding="utf-8") for path in (DOCS / "reference" / "python").glob("*.md"))
    shown = set(re.findall(r"automodule:: (\S+)", text))
    assert public_rooms() <= shown
    undocumented = [
        f"{room}.{name}"
        for room in sorted(shown)
        for name, value in vars(importlib.import_module(room)).items()
        if name in getattr(importlib.import_module(room), "__all__", ())
        and (inspect.isfunction(value) or inspect.isclass(value))
        and not inspect.getdoc(value)
    ]
    assert not undocumented  # autodoc would leave them out
    listed = (DOCS / "reference" / "python" / "index.md").read_text(encoding="utf-8")
    assert {name.rsplit(".", 1)[1] for name in re.findall(r"^   (ketalit\.\S+)$", listed, re.MULTILINE)} == set(
        ketalit.__all__
    )


def test_every_page_is_in_the_book_and_every_link_leads_somewhere():
    toc = (DOCS / "_toc.yml").read_text(encoding="utf-8")
    yaml.safe_load(toc)
    listed = set(re.findall(r"(?:file|root): (\S+)", toc))
    pages = {path.relative_to(DOCS).with_suffix("").as_posix() for path in DOCS.rglob("*.md")}
    assert listed == pages
    broken = []
    for path in PAGES:
        text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
            if not re.match(r"https?:|mailto:", target) and not (path.parent / target).exists():
                broken.append(f"{path.relative_to(DOCS)}: {target}")
    assert not broken


def test_pages_name_no_machine_and_no_registry():
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"/(?:home|root|work|Users)/|index-url|pypi\.|\.whl\b", text), path.name


# --- the pages, built ----------------------------------------------------------------------------------------------


@pytest.mark.long
def test_the_book_is_whole_and_asks_no_other_host(book):
    names = {path.relative_to(book).with_suffix("").as_posix() for path in book.rglob("*.html")}
    assert {path.relative_to(DOCS).with_suffix("").as_posix() for path in PAGES} <= names
    for path in book.rglob("*.html"):
        loads = re.findall(
            r"<(?:script|img|iframe)[^>]+src=\"([^\"]+)|<link[^>]+stylesheet[^>]+href=\"([^\"]+)",
            path.read_text(encoding="utf-8"),
        )
        assert not [one for pair in loads for one in pair if re.match(r"(?:https?:)?//", one)], path.name


@pytest.mark.long
def test_the_reference_shows_docstrings_as_they_are_meant(book):
    text = (book / "reference" / "python" / "pooling.html").read_text(encoding="utf-8")
    assert "ketalit.pooling.pool" in text
    assert "Alias for field" not in text
    assert "system-message" not in text

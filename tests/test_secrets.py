"""Key, e-mail and address of the person who asks: sent to NCBI where they belong, and found nowhere else.

Searches, fetches, refreshes and verifications are run against the local E-utilities, with answers that echo the key or
the caller's address, and with every kind of failure; then everything that was left behind is looked through.
"""

from __future__ import annotations

import dataclasses
import gzip
import io
import json
import logging
import os
import re
import secrets
import sqlite3
import subprocess
import sys
import tarfile
import traceback
import zlib
from base64 import b64encode
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from rich.console import Console

from ketalit import strategy, verify
from ketalit.entrez.ncbi import Ncbi
from ketalit.entrez.settings import load_settings
from ketalit.entrez.transport import Transport
from ketalit.errors import KetalitError
from ketalit.export import export
from ketalit.fetch import fetch_into, search_into
from ketalit.library import FILE, Library
from ketalit.library.archive import pack
from ketalit.records.model import Record, to_json
from ketalit.refresh import last_report, refresh, save
from ketalit.review import load_review, new_review
from ketalit.table import evidence_table
from tests.eutils import FAULTS, Corpus, Fault, Server

from .records.synthetic import article

KEY = secrets.token_hex(18)  # as NCBI makes them; new for every run, so that no file can hold it by design
EMAIL = f"reviewer+{secrets.token_hex(4)}@example.org"
ADDRESS = "127.0.0.1"  # of the caller; the server is asked under its name, so that only an echo can bring it in
REPOSITORY = Path(__file__).parents[1]
TEN = [str(pmid) for pmid in range(1001, 1011)]


def forms(secret: str) -> set[bytes]:
    """A secret in the spellings it travels in; four characters of a key may be shown."""
    spelt = {secret, quote(secret), quote_plus(secret), secret.upper(), secret[:-4], secret[4:]}
    return {each.encode() for each in spelt} | {b64encode(secret.encode()).rstrip(b"=")}


SECRETS = {"key": forms(KEY), "e-mail": forms(EMAIL), "address": {ADDRESS.encode()}}


def leaks(content: bytes | str) -> list[str]:
    """Which of the secrets a content holds, also where it is packed."""
    raw = content.encode(errors="replace") if isinstance(content, str) else content
    seen = [raw, *_unpacked(raw)]
    return [name for name, spelt in SECRETS.items() if any(form in part for part in seen for form in spelt)]


def _unpacked(raw: bytes) -> Iterator[bytes]:
    for unpack in (zlib.decompress, gzip.decompress):
        try:
            inner = unpack(raw)
        except (OSError, EOFError, zlib.error):
            continue
        if inner:
            yield inner
            yield from _unpacked(inner)
    if raw[257:262] == b"ustar":
        with tarfile.open(fileobj=io.BytesIO(raw)) as archive:
            for member in archive.getmembers():
                inner = archive.extractfile(member).read() if member.isfile() else b""
                yield f"{member.name} {member.pax_headers}".encode() + inner
                yield from _unpacked(inner)
    if raw.startswith(b"PK\x03\x04"):
        import zipfile

        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            for name in archive.namelist():
                yield archive.read(name)
    if raw.startswith(b"SQLite format 3"):
        database = sqlite3.connect(":memory:")
        database.deserialize(raw.replace(b"\x02\x02", b"\x01\x01", 1))  # a WAL file cannot be read from memory
        for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for row in database.execute(f'SELECT * FROM "{table}"').fetchall():
                for cell in row:
                    yield cell if isinstance(cell, bytes) else str(cell).encode()
                    if isinstance(cell, bytes):
                        yield from _unpacked(cell)
        database.close()


def told(error: BaseException) -> Iterator[str]:
    """Everything that can be shown of an error, the values in its frames included."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        waiting += [one.__cause__, one.__context__]
        yield f"{one!s} {one!r} {one.args!r} {getattr(one, '__dict__', {})!r} {getattr(one, '__notes__', '')}"
    shown = traceback.TracebackException.from_exception(error, capture_locals=True)
    # The frames of this file hold the secrets by design.
    parts = [shown]
    while parts:
        part = parts.pop()
        parts += [each for each in (part.__cause__, part.__context__) if each]
        yield "".join(
            f"{frame.name} {frame.locals}\n"
            for frame in part.stack
            if "ketalit" in frame.filename and "tests" not in frame.filename
        )


class Run:
    """Everything that one run of all flows left behind, by name."""

    def __init__(self) -> None:
        self.artefacts: dict[str, bytes | str] = {}
        self.server: Server
        self.errors: list[BaseException] = []
        self.said: list[str] = []


class _Records(logging.Handler):
    def __init__(self, said: list[str]):
        super().__init__(logging.DEBUG)
        self.said = said

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(f"{record.getMessage()} {record.args!r} {record.exc_info!r}")


@pytest.fixture(scope="module", params=["with a key", "without a key"])
def run(request, tmp_path_factory) -> Iterator[Run]:
    """All flows, once with key and e-mail, once as nobody in particular (then the answers echo the address)."""
    path = tmp_path_factory.mktemp("secrets")
    run = Run()
    handler = _Records(run.said)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    patch = pytest.MonkeyPatch()
    patch.setattr("ketalit.entrez.limiter.RESERVE", 0.01)
    patch.setattr("ketalit.entrez.settings.config_file", lambda: path / "config.toml")
    try:
        with Server(Corpus.of(article(pmid) for pmid in TEN), today="2026-11-01", limit=False) as run.server:
            _all_flows(run, path, keyed=request.param == "with a key")
            yield run
    finally:
        patch.undo()
        root.removeHandler(handler)
        root.setLevel(level)


def _all_flows(run: Run, path: Path, *, keyed: bool) -> None:
    environment = {"KETALIT_EUTILS": run.server.url.replace(ADDRESS, "localhost"), "KETALIT_STATE": str(path / "state")}
    environment |= {"NCBI_API_KEY": KEY if keyed else "", "NCBI_EMAIL": EMAIL}
    settings = dataclasses.replace(
        load_settings(environment),
        attempts=2, backoff=0.01, longest_pause=0.1, read_timeout=0.2, total_timeout=0.4, largest_answer=1 << 24,
    )  # fmt: skip
    ncbi = Ncbi(Transport(settings, say=run.said.append))
    folder = new_review(path / "review", empty=True)
    with (folder / "review.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[searches]]\nname = "mine"\nquery = "ketamine[ti]"\n')
    entered = Record(
        source="person", key="doe2009", pmid="1001", doi="10.1000/x", title="Synthetic", unverified=("pmid", "doi")
    )
    (folder / "records.jsonl").write_bytes(to_json(entered) + b"\n")
    (folder / "screening.csv").write_text("record,decision\ndoe2009,include\n", encoding="utf-8")
    say = run.said.append

    def attempt(name: str, act) -> object:
        try:
            result = act()
        except KetalitError as error:
            run.errors.append(error)
            return None
        run.artefacts[f"{name}, shown"] = f"{result!s} {result!r}"
        return result

    def round_of(name: str) -> None:
        flows = {
            "search": lambda: search_into(folder, "mine", ncbi, say=say),
            "other search": lambda: search_into(folder, "ketamine[ti] OR qqxyz[ti]", ncbi, say=say),
            "fetch": lambda: fetch_into(
                folder, [*TEN, "90000001", "10.1000/none", "PMC77", "nonsense"], ncbi, force=True, say=say
            ),
            "refresh": lambda: refresh(folder, ncbi, say=say),
            "dry run": lambda: refresh(folder, ncbi, dry_run=True, say=say),
            "verify": lambda: verify.verify(load_review(folder), ncbi, everything=True, say=say),
            "strategy": lambda: strategy.check_strategy(load_review(folder), "mine", ncbi, say=say),
            "spelling": lambda: ncbi.spell("ketamin"),
        }
        for flow, act in flows.items():
            attempt(f"{flow}, {name}", act)

    round_of("all well")
    for fault in sorted(FAULTS):
        if fault in {"slow_drip", "hang", "hang_body", "delay"}:
            value = 0.05 if fault == "slow_drip" else 0.01 if fault == "delay" else None
            run.server.faults = [Fault(fault, value=value)]
            attempt(f"spelling, {fault}", lambda: ncbi.spell("ketamin"))
        elif fault == "gzip_bomb":
            run.server.faults = [Fault(fault, "efetch", value=32)]
            attempt(f"fetch, {fault}", lambda: fetch_into(folder, TEN[:1], ncbi, force=True, say=say))
        else:
            # Everything struck, and what comes after the first search.
            run.server.faults = [Fault(fault, value=1000 if fault == "deep_nesting" else None)]
            attempt(f"search, {fault}", lambda: search_into(folder, "mine", ncbi, say=say))
            attempt(f"spelling, {fault}", lambda: ncbi.spell("ketamin"))
            run.server.faults = [Fault(fault, "efetch", value=1000 if fault == "deep_nesting" else None)]
            attempt(f"fetch, {fault}", lambda: fetch_into(folder, TEN[:2], ncbi, force=True, say=say))
    for fault in ("429", "400_key", "html200_blocked", "500"):
        run.server.faults = [Fault(fault)]
        round_of(fault)
    run.server.faults = []
    run.server.keys = {"another"}
    round_of("a wrong key")
    run.server.keys = None
    gone = dataclasses.replace(settings, base_url="http://localhost:9/", idconv_url="http://localhost:9/")
    ncbi = Ncbi(Transport(gone, say=say))
    round_of("no network")
    ncbi = Ncbi(Transport(settings, say=say))
    report = attempt("refresh at the end", lambda: refresh(folder, ncbi, say=say))
    for name in ("report.html", "report.md", "report.json"):
        save(report, path / name)
    console = Console(width=100, record=True, file=io.StringIO())
    found = verify.verify(load_review(folder), ncbi)
    checked = strategy.check_strategy(load_review(folder), "mine", ncbi)
    console.print(verify.to_rich(found))
    console.print(strategy.to_rich(checked))
    run.artefacts["terminal"] = console.export_text()
    run.artefacts["JSON"] = json.dumps([verify.as_json(found), strategy.as_json(checked)])
    run.artefacts["last report"] = repr(last_report(folder))
    run.artefacts["objects"] = f"{settings!r} {ncbi!r} {ncbi.transport!r} {ncbi.transport!s}"
    with Library.open(folder / FILE) as library:
        run.artefacts["library, as read"] = repr(
            [
                list(library.contents(current=False)), library.searches(), library.runs(), library.gone(),
                [library.ledger(each.id) for each in library.runs()],
            ]
        )  # fmt: skip
    review = load_review(folder)
    run.artefacts["review"] = repr(review)
    for name in ("table.html", "table.csv", "table.md", "table.xlsx", "refs.ris", "refs.bib", "refs.json"):
        export(evidence_table(review, screened="all"), path / name)
    pack(folder, path / "packed.tar.gz")
    for file in path.rglob("*"):
        if file.is_file():
            run.artefacts[str(file.relative_to(path))] = file.read_bytes()
    run.artefacts["said"] = "\n".join(run.said)


@pytest.mark.parametrize(
    "secret", ["\n".join([KEY]), quote(EMAIL), f'{{"api-key":"{ADDRESS}"}}'], ids=["key", "e-mail", "address"]
)
def test_the_search_itself_finds_what_is_hidden(secret, tmp_path):
    name = leaks(secret)
    assert len(name) == 1
    assert leaks(zlib.compress(secret.encode())) == leaks(gzip.compress(secret.encode())) == name
    path = tmp_path / "a.sqlite"
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE a (b)")
        database.execute("INSERT INTO a VALUES (?)", [zlib.compress(secret.encode() * 9)])
    database.close()
    assert leaks(path.read_bytes()) == name
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as archive:
        archive.add(path)
    assert leaks((tmp_path / "a.tar.gz").read_bytes()) == name
    with pytest.raises(ValueError, match=".") as caught:
        raise ValueError(secret)
    assert leaks("".join(told(caught.value))) == name


def test_they_were_sent_and_echoed(run):
    """Otherwise nothing that follows would mean anything."""
    asked = run.server.asked("efetch")
    assert {request.parameters["email"] for request in asked} == {EMAIL}
    assert len({request.keyed for request in asked}) == 1
    assert {"429", "400_key", "html200_blocked"} <= {request.fault for request in run.server.log}
    assert len(run.errors) > 50
    assert {error.exit_code for error in run.errors} >= {1, 3}
    names = set(run.artefacts)
    assert {"review/library.sqlite", "packed.tar.gz", "report.html", "table.xlsx", "state/limiter.sqlite"} <= names


def test_no_error_holds_them(run):
    found = [(str(error)[:80], leaks(part)) for error in run.errors for part in told(error) if leaks(part)]
    assert not found


def test_no_artefact_holds_them(run):
    found = {name: leaks(content) for name, content in run.artefacts.items() if leaks(content)}
    assert not found


def test_a_key_is_shown_by_its_end_only(run):
    said = [str(error) for error in run.errors if "API key" in str(error)]
    if any(request.keyed for request in run.server.log):
        assert said
        assert all(f"…{KEY[-4:]}" in line for line in said if "does not accept" in line)


COMMANDS = [
    ["search", "ketamine[ti]"],
    ["search", "ketamine[ti]", "--check"],
    ["fetch", *TEN],
    ["refresh", "--dry-run"],
    ["refresh"],
    ["verify"],
]


@pytest.mark.parametrize("fault", ["", "429", "400_key", "html200_blocked", "500", "hang"])
def test_the_command_line_holds_them_back(fault, tmp_path):
    folder = new_review(tmp_path / "review", empty=True)
    entered = Record(source="person", key="doe2009", pmid="1001", title="Synthetic", unverified=("pmid",))
    (folder / "records.jsonl").write_bytes(to_json(entered) + b"\n")
    command = (
        "import ketalit.entrez.limiter\n"
        "from dataclasses import replace\n"
        "from ketalit.entrez.transport import Transport\n"
        "made, ketalit.entrez.limiter.RESERVE = Transport.__init__, 0.01\n"
        "def make(self, settings, **more): made(self, replace(settings, attempts=1, read_timeout=LIMIT), **more)\n"
        "Transport.__init__ = make\n"
        "from ketalit.cli import main; main()"
    ).replace("LIMIT", "0.3" if fault else "60")
    with Server(Corpus.of(article(pmid) for pmid in TEN), today="2026-11-01", limit=False) as server:
        server.faults = [Fault(fault)] if fault else []
        environment = {
            **os.environ,
            "KETALIT_EUTILS": server.url.replace(ADDRESS, "localhost"),
            "KETALIT_STATE": str(tmp_path / "state"),
            "XDG_CONFIG_HOME": str(tmp_path / "config"),
            "NCBI_API_KEY": KEY,
            "NCBI_EMAIL": EMAIL,
        }
        for words in COMMANDS:
            place = [str(folder)] if words[0] == "refresh" else ["-r", str(folder)]
            done = subprocess.run(
                [sys.executable, "-c", command, *words, *place], env=environment, capture_output=True, check=False, timeout=120
            )  # fmt: skip
            said = done.stdout + done.stderr
            assert not leaks(said), words
            assert b"Traceback" not in said, said.decode()
            assert b"No such" not in said, said.decode()
            assert done.returncode in ((0, 4) if not fault else (1, 3, 4)), (words, said.decode())
        assert all(request.keyed and request.parameters.get("email") == EMAIL for request in server.asked("esearch"))
    for file in tmp_path.rglob("*"):
        assert not (file.is_file() and leaks(file.read_bytes())), file


# --- the repository --------------------------------------------------------------------------------------------------

SKIPPED = {
    ".git",
    ".venv",
    ".venv-book",
    "build",
    "course",
    ".hypothesis",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    "__pycache__",
    "ketalit.egg-info",
    "demo",
}
ADDRESS_LIKE = re.compile(rb"(?<!section )(?<!HANDBOOK} )(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.]*\d)")
KEY_LIKE = re.compile(rb"(?<![0-9a-f])[0-9a-f]{36}(?![0-9a-f])")
EMAIL_LIKE = re.compile(rb"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|edu|gov|de|uk|info|io)\b")
PUBLIC = re.compile(rb"@(?:.*\.)?(?:example\.(?:org|com|net)|nlm\.nih\.gov)$")


def repository() -> Iterator[Path]:
    for folder, names, files in os.walk(REPOSITORY):
        names[:] = [name for name in names if name not in SKIPPED]
        yield from (Path(folder, file) for file in files)


def is_of_somebody(address: bytes) -> bool:
    """Whether it is an IP address that a machine on the internet can have (not loopback, private or for documents)."""
    try:
        return ip_address(address.decode()).is_global
    except ValueError:
        return False


def test_no_file_of_the_repository_holds_a_key_an_e_mail_or_an_address():
    own = [os.environ.get(name, "").strip().encode() for name in ("NCBI_API_KEY", "NCBI_EMAIL")]
    found = []
    for file in repository():
        content = file.read_bytes()
        found += [(file.name, "of this machine") for secret in own if secret and secret in content]
        # Keys written for tests count up from 0123 or repeat themselves.
        found += [
            (file.name, key)
            for key in KEY_LIKE.findall(content)
            if not key.startswith(b"0123456789") and len(set(key)) > 6
        ]
        found += [(file.name, name) for name in EMAIL_LIKE.findall(content) if not PUBLIC.search(name)]
        found += [(file.name, name) for name in ADDRESS_LIKE.findall(content) if is_of_somebody(name)]
    assert not found


def test_notebooks_carry_no_output():
    for path in (REPOSITORY / "notebooks").glob("*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        assert not [
            leaks(json.dumps(cell.get("outputs", []))) for cell in cells if leaks(json.dumps(cell.get("outputs", [])))
        ]

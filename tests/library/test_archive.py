"""A review packs to the same bytes everywhere, and nothing hostile unpacks."""

import dataclasses
import gzip
import hashlib
import io
import os
import tarfile
import time

import pytest

from ketalit.errors import InputError
from ketalit.library import FILE, Library, Raw, RunKind, SavedSearch, State, check_library, pack, quarantine, unpack
from ketalit.library import archive as archive_module

from . import files_of, raw, stored

SEARCH = SavedSearch("main", "ketamine", "pubmed", 1, ("1",), "k", ("n",), "b", "u", (), "2026-11-22T10:00:00", 1)


@pytest.fixture
def review(tmp_path):
    folder = tmp_path / "review"
    (folder / "votes").mkdir(parents=True)
    (folder / "review.toml").write_text("format = 1\n")
    (folder / "screening.csv").write_text("record,decision\nPMID:1,include\n")
    (folder / "votes" / "Zoë.csv").write_text("record,vote\r\nPMID:1,maybe\r\n", newline="")
    (folder / "votes" / f"{'long' * 40}.csv").touch()
    (folder / ".hidden").write_text("mine")
    (folder / ".git").mkdir()
    (folder / ".git" / "config").write_text("mine")
    with Library.open(folder / FILE, write=True) as library:
        for text in "AB":
            run = library.begin(RunKind.FETCH, f"with “{text}”")
            library.request(run, ["PMID:3", "PMID:1"])
            library.store(run, [raw(1, text), raw(2)], {"PMID:1": (State.RETURNED, ""), "PMID:3": (State.ABSENT, "no")})
            library.store(run, [Raw("PMID:1", "JATS", b"\x00\xff\n\r", file="Zoë\n.xml")])
            library.add_search(run, dataclasses.replace(SEARCH, count=run))
            library.finish(run, '{"records": 2}')
        library.request(library.begin(RunKind.REFRESH), ["PMID:9"])
    return folder


@pytest.fixture
def packed(review, tmp_path):
    return pack(review, tmp_path / "packed.tar.gz")


def all_of(path):
    with Library.open(path) as library:
        return (
            list(library.contents(current=False)),
            library.runs(),
            [library.ledger(run.id) for run in library.runs()],
            library.searches(),
        )


def test_a_review_comes_back_whole(review, packed, tmp_path):
    copy = unpack(packed, tmp_path / "copy")
    mine = {name: content for name, content in files_of(review).items() if not name.startswith((".", FILE))}
    assert {name: content for name, content in files_of(copy).items() if name != FILE} == mine
    assert len(mine) == 4
    assert all_of(copy / FILE) == all_of(review / FILE)
    assert files_of(copy).keys() == {*mine, FILE}


def test_it_packs_to_the_same_bytes_again(packed, tmp_path):
    copy = unpack(packed, tmp_path / "copy")
    assert pack(copy, tmp_path / "again.tar.gz").read_bytes() == packed.read_bytes()


def test_on_another_day_in_another_folder_from_other_pages_too(review, packed, tmp_path, monkeypatch):
    moved = review.rename(tmp_path / "elsewhere")
    for path in moved.rglob("*"):
        os.utime(path, (1, 1))
        path.chmod(0o700)
    with Library.open(moved / FILE, write=True) as library:
        library._database.execute("PRAGMA journal_mode = DELETE")
        library._database.execute("PRAGMA page_size = 8192")
        library._database.execute("VACUUM")
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    assert pack(moved, tmp_path / "again.tar.gz").read_bytes() == packed.read_bytes()


def test_the_archive_is_made_of_plain_files_that_any_tool_can_check(packed, review):
    with tarfile.open(packed) as tar:
        members = tar.getmembers()
        content = {member.name: tar.extractfile(member).read() for member in members}
    names = [member.name for member in members]
    assert names == sorted(names)
    assert {(item.mtime, item.uid, item.gid, item.uname, item.gname, item.mode) for item in members} == {
        (0, 0, 0, "", "", 0o644)
    }
    sums = "".join(f"{hashlib.sha256(content[name]).hexdigest()}  {name}\n" for name in names if name != "SHA256SUMS")
    assert content["SHA256SUMS"].decode() == sums
    assert content["review/review.toml"] == (review / "review.toml").read_bytes()
    sha256 = hashlib.sha256(raw(1, "A").content).hexdigest()
    assert content[f"library/contents/{sha256}"] == raw(1, "A").content
    assert not any("hidden" in name or ".git" in name or "sqlite" in name for name in names)


def test_a_review_without_a_library_packs_too(review, tmp_path):
    (review / FILE).unlink()
    copy = unpack(pack(review, tmp_path / "a.tar.gz"), tmp_path / "copy")
    assert not (copy / FILE).exists()
    assert pack(copy, tmp_path / "b.tar.gz").read_bytes() == (tmp_path / "a.tar.gz").read_bytes()


def test_it_packs_while_another_process_writes(review, tmp_path, packed):
    with Library.open(review / FILE, write=True) as writer, writer.writing() as database:
        database.execute("UPDATE run SET note = 'half done'")
        assert pack(review, tmp_path / "again.tar.gz").read_bytes() == packed.read_bytes()


def test_what_is_in_quarantine_stays_so(review, tmp_path):
    with Library.open(review / FILE, write=True) as library:
        library._database.execute("UPDATE content SET bytes = x'' WHERE rowid = 1")
    with pytest.raises(InputError, match=r"damaged library: PMID:1, the bytes.*check --repair"):
        pack(review, tmp_path / "a.tar.gz")
    assert not (tmp_path / "a.tar.gz").exists()
    damages = check_library(review / FILE)
    quarantine(review / FILE, damages)
    copy = unpack(pack(review, tmp_path / "a.tar.gz"), tmp_path / "copy")
    assert check_library(copy / FILE) == check_library(review / FILE)
    assert pack(copy, tmp_path / "b.tar.gz").read_bytes() == (tmp_path / "a.tar.gz").read_bytes()


def test_what_cannot_be_packed_is_said(review, tmp_path):
    target = tmp_path / "a.tar.gz"
    with pytest.raises(InputError, match="is no review"):
        pack(tmp_path, target)
    with pytest.raises(InputError, match="lies in the review"):
        pack(review, review / "votes" / "a.tar.gz")
    with pytest.raises(InputError, match="there is no folder"):
        pack(review, tmp_path / "none" / "a.tar.gz")
    (review / "link.csv").symlink_to("screening.csv")
    with pytest.raises(InputError, match="is a link"):
        pack(review, target)
    (review / "link.csv").unlink()
    for name in ("a\nb.csv", "a\\b.csv", "C:a.csv", "\udce9.csv"):
        (review / name).touch()
        with pytest.raises(InputError, match="cannot be packed"):
            pack(review, target)
        (review / name).unlink()
    os.mkfifo(review / "pipe")  # reading it would wait for ever
    with pytest.raises(InputError, match="cannot be packed"):
        pack(review, target)
    assert [path.name for path in tmp_path.iterdir()] == ["review"]


@pytest.mark.parametrize("name", ["votes", "screening.csv"])
def test_what_cannot_be_read_is_said_and_not_left_out(review, tmp_path, somebody, name):
    tmp_path.chmod(0o777)
    (review / FILE).chmod(0o444)
    (review / name).chmod(0)

    def act():
        with pytest.raises(InputError, match=f"{name}.*cannot be read"):
            pack(review, tmp_path / "a.tar.gz")

    assert somebody(act) == 0
    (review / name).chmod(0o755)


def test_a_file_that_changes_meanwhile_is_said(review, tmp_path, monkeypatch):
    contents = iter(range(100))
    monkeypatch.setattr(archive_module, "_bytes_of", lambda path: str(next(contents)).encode())
    with pytest.raises(InputError, match="changed while it was packed"):
        pack(review, tmp_path / "a.tar.gz")
    assert [path.name for path in tmp_path.iterdir()] == ["review"]


# Hostile archives


def make(path, members, *, sums=None, tail=b""):
    """An archive of (name or TarInfo, content), with right sums unless others are given."""
    if sums is None:
        named = [(getattr(item, "name", item), content) for item, content in members]
        sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in named).encode()
    with gzip.open(path, "wb") as file:
        with tarfile.open(fileobj=file, mode="w") as tar:
            for item, content in [("SHA256SUMS", sums), *members]:
                member = tarfile.TarInfo(item) if isinstance(item, str) else item
                member.size = len(content)
                tar.addfile(member, io.BytesIO(content))
        file.write(tail)
    return path


def special(name, kind, target=""):
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, target
    return member


TOML = ("review/review.toml", b"format = 1\n")

HOSTILE = {
    "traversal": ([("review/../../evil", b"")], None, "not allowed"),
    "absolute": ([("/tmp/evil", b"")], None, "not allowed"),
    "bare": ([("evil", b"")], None, "not allowed"),
    "dot": ([("review/./evil", b"")], None, "not allowed"),
    "doubled slash": ([("review//evil", b"")], None, "not allowed"),
    "drive": ([("review/C:/evil", b"")], None, "not allowed"),
    "backslash": ([("review/..\\evil", b"")], None, "not allowed"),
    "hidden": ([("review/.git/hooks", b"")], None, "not allowed"),
    "a library of its own": ([(f"review/{FILE}", b"")], None, "not allowed"),
    "its journal": ([("review/Library.SQLite-wal", b"")], None, "not allowed"),
    "unknown part": ([("library/evil.jsonl", b"")], None, "not allowed"),
    "content traversal": ([("library/contents/../evil", b"")], None, "not allowed"),
    "symbolic link": ([(special("review/a", tarfile.SYMTYPE, "/etc/passwd"), b"")], None, "no plain file"),
    "hard link": ([(special("review/a", tarfile.LNKTYPE, "/etc/passwd"), b"")], None, "no plain file"),
    "device": ([(special("review/a", tarfile.CHRTYPE), b"")], None, "no plain file"),
    "pipe": ([(special("review/a", tarfile.FIFOTYPE), b"")], None, "no plain file"),
    "folder": ([(special("review/a", tarfile.DIRTYPE), b"")], None, "no plain file"),
    "wrong sum": ([TOML], b"0" * 64 + b"  review/review.toml\n", "is not what SHA256SUMS says"),
    "not in the sums": ([TOML], b"", "is not what SHA256SUMS says"),
    "missing": ([], b"0" * 64 + b"  review/review.toml\n", "lacks review/review.toml"),
    "twice": ([TOML, TOML], f"{hashlib.sha256(TOML[1]).hexdigest()}  {TOML[0]}\n".encode(), "comes twice"),
    "garbled sums": ([TOML], b"what?\n", "holds a line that is wrong"),
    "sums that are no text": ([TOML], b"\xff\xfe\n", "cannot be unpacked"),
    "file as folder": ([("review/a", b""), ("review/a/b", b"")], None, "cannot be unpacked"),
    "content of another name": ([(f"library/contents/{'0' * 64}", b"x")], None, "lacks library"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_archive_is_refused_and_leaves_nothing(name, tmp_path):
    members, sums, what = HOSTILE[name]
    archive = make(tmp_path / "evil.tar.gz", members, sums=sums)
    with pytest.raises(InputError, match=what) as refused:
        unpack(archive, tmp_path / "inner" if (tmp_path / "inner").exists() else tmp_path / "target")
    assert str(archive) in str(refused.value)
    assert [path.name for path in tmp_path.iterdir()] == ["evil.tar.gz"]


def test_sums_must_come_first(tmp_path):
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as tar:
        tar.addfile(tarfile.TarInfo("review/review.toml"), io.BytesIO())
    with pytest.raises(InputError, match="does not begin with SHA256SUMS"):
        unpack(tmp_path / "a.tar.gz", tmp_path / "target")


def test_a_bomb_is_refused_before_it_fills_anything(tmp_path, monkeypatch):
    monkeypatch.setattr(archive_module, "_ROOM", 2**16)
    archive = make(tmp_path / "bomb.tar.gz", [("review/zeros", bytes(2**24))])
    with pytest.raises(InputError, match="far larger inside"):
        unpack(archive, tmp_path / "target")
    header = tarfile.TarInfo("review/a")
    header.pax_headers = {"comment": "0" * 2**22}
    archive = make(tmp_path / "bomb.tar.gz", [(header, b"")])
    with pytest.raises(InputError, match="far larger inside"):
        unpack(archive, tmp_path / "target")
    assert [path.name for path in tmp_path.iterdir()] == ["bomb.tar.gz"]


def test_every_damaged_or_shortened_archive_is_refused_or_gives_the_same(packed, review, tmp_path):
    whole = packed.read_bytes()
    broken = tmp_path / "broken.tar.gz"
    cuts = [whole[:place] for place in range(0, len(whole), 97)]
    flips = [whole[:place] + bytes([whole[place] ^ 0x10]) + whole[place + 1 :] for place in range(0, len(whole), 61)]
    refused = 0
    for number, content in enumerate((*cuts, *flips, whole + b"more", b"", b"\x1f\x8b")):
        broken.write_bytes(content)
        try:
            copy = unpack(broken, tmp_path / f"copy{number}")
        except InputError:
            refused += 1
        else:
            assert all_of(copy / FILE) == all_of(review / FILE)
    assert refused >= len(cuts) + len(flips) - 3  # a flipped bit in gzip's header may mean nothing
    assert not list(tmp_path.glob(".*.part"))


def edited(packed, tmp_path, name, change):
    """The archive with one member changed, and its sum made right."""
    with tarfile.open(packed) as tar:
        members = {member.name: tar.extractfile(member).read() for member in tar if member.name != "SHA256SUMS"}
    members[name] = change(members[name])
    return make(tmp_path / "edited.tar.gz", list(members.items()))


@pytest.mark.parametrize(
    ("name", "change", "what"),
    [
        ("library/library.json", lambda _: b'{"schema": 99}\n', "another ketalit.*Update ketalit"),
        ("library/library.json", lambda _: b"[]\n", "cannot be read"),
        ("library/runs.jsonl", lambda text: text.replace(b"refresh", b"magic"), "runs.jsonl, line 3"),
        ("library/runs.jsonl", lambda text: text.replace(b'"id":1', b'"id":"x"'), "runs.jsonl, line 1"),
        ("library/runs.jsonl", lambda text: b"", "does not fit with the rest"),
        ("library/runs.jsonl", lambda text: text.replace(b'"id":1', b'"id":99999999999999999999999'), "line 1"),
        ("library/sightings.jsonl", lambda _: b"", "bytes that belong to no record"),
        ("library/sightings.jsonl", lambda text: text.replace(b'"sha256":"', b'"sha256":"0'), "the bytes are missing"),
    ],
)
def test_a_library_that_does_not_hang_together_is_refused(packed, tmp_path, name, change, what):
    archive = edited(packed, tmp_path, name, change)
    with pytest.raises(InputError, match=what):
        unpack(archive, tmp_path / "target")
    assert not (tmp_path / "target").exists()


def test_bytes_under_the_name_of_others_are_refused(packed, tmp_path):
    sha256 = hashlib.sha256(raw(1, "A").content).hexdigest()
    archive = edited(packed, tmp_path, f"library/contents/{sha256}", lambda _: b"other")
    with pytest.raises(InputError, match=r"damaged library: PMID:1"):
        unpack(archive, tmp_path / "target")


def test_the_target_must_be_new_or_empty(packed, tmp_path):
    for name in ("empty", "full"):
        (tmp_path / name).mkdir()
    (tmp_path / "full" / ".hidden").touch()
    unpack(packed, tmp_path / "empty")
    assert (tmp_path / "empty" / "review.toml").exists()
    for target in (tmp_path / "full", packed):
        with pytest.raises(InputError, match="is not empty"):
            unpack(packed, target)
    with pytest.raises(InputError, match="there is no folder"):
        unpack(packed, tmp_path / "none" / "target")
    with pytest.raises(InputError, match="cannot be"):
        unpack(tmp_path / "none.tar.gz", tmp_path / "target")


def test_an_archive_takes_the_place_of_the_one_before(review, packed, tmp_path):
    before = packed.read_bytes()
    stored(review / FILE, [raw(7)])
    assert pack(review, packed).read_bytes() != before
    with Library.open(unpack(packed, tmp_path / "copy") / FILE) as library:
        assert "PMID:7" in library.ids()

"""Questions: is every change to a snapshot named, and can a hostile one do harm?"""

import hashlib
import shutil
import zipfile

import pytest

from ketalit.errors import InputError
from ketalit.freeze import freeze, verify
from ketalit.freeze.about import SUMS

DAY = "2026-11-22"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    place = tmp_path_factory.mktemp("made")
    return freeze(to=place / "snapshot", date=DAY), freeze(to=place / "snapshot.zip", date=DAY)


@pytest.fixture
def folder(made, tmp_path):
    return shutil.copytree(made[0].path, tmp_path / "copy")


def test_what_was_frozen_is_fine_as_folder_and_as_zip(made):
    for one in made:
        found = verify(one.path)
        assert found.ok
        assert found.fingerprint == one.fingerprint == made[0].fingerprint
        assert found.files == len(one.files) - 1
    sums = (made[0].path / SUMS).read_bytes()
    assert made[0].fingerprint == hashlib.sha256(sums).hexdigest()


def test_every_change_is_named(folder):
    with (folder / "table/evidence.csv").open("ab") as file:
        file.write(b" ")
    (folder / "methods.md").unlink()
    (folder / "references/more.ris").write_text("")
    found = verify(folder)
    assert (found.changed, found.missing, found.added) == (
        ("table/evidence.csv",), ("methods.md",), ("references/more.ris",)
    )  # fmt: skip
    assert not found.ok


def test_sums_made_anew_have_another_fingerprint(folder, made):
    (folder / "methods.md").write_text("forged")
    lines = []
    for line in (folder / SUMS).read_text().splitlines():
        name = line.split("  ")[1]
        lines.append(f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n")
    (folder / SUMS).write_text("".join(lines))
    found = verify(folder)
    assert found.ok
    assert found.fingerprint != made[0].fingerprint


def test_a_link_is_not_followed(folder, tmp_path):
    outside = tmp_path / "outside"
    shutil.copy(folder / "methods.md", outside)
    (folder / "methods.md").unlink()
    (folder / "methods.md").symlink_to(outside)
    (folder / "more").symlink_to(tmp_path)
    found = verify(folder)
    assert (found.changed, found.added) == (("methods.md",), ("more",))


def test_a_file_outside_is_never_read(folder, tmp_path):
    (tmp_path / "outside").write_bytes(b"")
    with (folder / SUMS).open("a") as file:
        file.write(f"{hashlib.sha256(b'').hexdigest()}  ../outside\n")
    assert verify(folder).missing == ("../outside",)


@pytest.mark.parametrize("line", ["nonsense", "ab  a", "", f"{'0' * 64}  methods.md", f"{'0' * 64} *a", "\x1b[31m"])
def test_sums_that_are_none_are_refused(folder, line):
    with (folder / SUMS).open("a") as file:
        file.write(f"{line}\n")
    with pytest.raises(InputError, match=SUMS) as refused:
        verify(folder)
    assert "\x1b" not in str(refused.value)


def test_what_is_no_snapshot_is_refused(tmp_path):
    (tmp_path / "note.txt").write_text("hello")
    (tmp_path / "empty.zip").write_bytes(b"PK\x05\x06" + bytes(18))
    for path in (tmp_path, tmp_path / "note.txt", tmp_path / "empty.zip", tmp_path / "nowhere"):
        with pytest.raises(InputError, match="snapshot"):
            verify(path)


def test_a_zip_is_held_file_by_file(made, tmp_path):
    changed = tmp_path / "changed.zip"
    with zipfile.ZipFile(made[1].path) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            if not name.endswith("/methods.md"):
                new.writestr(name, b"other" if name.endswith("/README.md") else old.read(name))
        new.writestr(old.namelist()[0].split("/")[0] + "/../escape", b"")
    found = verify(changed)
    assert (found.changed, found.missing, found.added) == (("README.md",), ("methods.md",), ("../escape",))
    assert not (tmp_path / "escape").exists()


def test_a_damaged_or_cut_zip_is_named(made, tmp_path):
    content = made[1].path.read_bytes()
    cut = tmp_path / "cut.zip"
    cut.write_bytes(content[:-100])
    with pytest.raises(InputError, match="cannot be read"):
        verify(cut)
    with zipfile.ZipFile(made[1].path) as archive:
        entry = next(one for one in archive.infolist() if one.filename.endswith("evidence.html"))
    damaged = tmp_path / "damaged.zip"
    at = entry.header_offset + 5000
    damaged.write_bytes(content[:at] + bytes(20) + content[at + 20 :])
    assert verify(damaged).changed == ("table/evidence.html",)


def test_a_bomb_is_refused(tmp_path):
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(f"a/{SUMS}", "w") as file:
        for _ in range(1100):
            file.write(bytes(2**20))
    with pytest.raises(InputError, match="far larger inside"):
        verify(bomb)

"""The doctor: environments are broken, and its words are read."""

import dataclasses
import json
import os
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version
from typer.testing import CliRunner

from ketalit import doctor
from ketalit.cli import app
from ketalit.doctor import Extension, Facts, Folder, Kernel, Package, examine, look, meets, required
from ketalit.errors import OfflineError

ROOT = Path(__file__).parents[1]
KEY = "synthetic0key0never0shown"

WELL = Facts(
    python="3.12.1",
    python_wanted=">=3.11",
    version="0.1.0",
    packages=(
        Package("pandas", ">=2.2", installed="2.3.0"),
        Package("jupyterlab", ">=4.3", "lab", "4.4.0"),
        Package("ipywidgets", ">=8.1", "lab", "8.1.5"),
        Package("anywidget", ">=0.9", "lab", "0.9.13"),
    ),
    others={"jupyterlab_widgets": "3.0.15"},
    widgets_wanted="~=3.0.15",
    extensions=(
        Extension("@jupyter-widgets/jupyterlab-manager", (("5.0.15", "/env/manager"),)),
        Extension("anywidget", (("0.9.13", "/env/anywidget"),)),
    ),
    kernel=Kernel("/env/kernels/python3", "python"),
    folders=(Folder("here", "/home/x"), Folder("settings", "/home/x/.config"), Folder("state", "/home/x/.state")),
    key=True,
    email=True,
    network="",
)


def broken(facts):
    return [one for one in examine(facts) if one.state == "broken"]


def only(facts):
    """The one thing that is broken; it must come with something to do."""
    found = broken(facts)
    assert len(found) == 1, [one.said for one in found]
    assert found[0].next_step
    return found[0]


def swap(**packages):
    """The packages of a healthy installation, some of another version, some missing (None)."""
    return tuple(
        dataclasses.replace(one, installed=packages.get(one.name, one.installed)) if one.name in packages else one
        for one in WELL.packages
    )


def test_a_healthy_installation_has_nothing_broken_and_nothing_to_note():
    assert {one.state for one in examine(WELL)} == {"fine"}
    assert doctor.as_text(examine(WELL)).startswith("Nothing is broken.\n")


def test_an_old_python():
    found = only(dataclasses.replace(WELL, python="3.9.18"))
    assert found.said == "This is Python 3.9.18; ketalit needs >=3.11."


def test_not_installed_at_all():
    found = only(Facts(python="3.12.1", network="", checkout=True))
    assert "not installed in this Python" in found.said
    assert "pip install -e ." in found.next_step


def test_a_needed_package_is_missing_too_old_or_does_not_load():
    missing = only(dataclasses.replace(WELL, packages=swap(pandas=None)))
    assert missing.said == "Missing, though ketalit never goes without: pandas (>=2.2)."
    old = only(dataclasses.replace(WELL, packages=swap(pandas="1.5.3")))
    assert old.said == "pandas 1.5.3 is installed; ketalit needs >=2.2."
    assert old.next_step == "pip install ketalit"
    fault = Package("pandas", ">=2.2", installed="2.3.0", fault="ImportError, no shared object")
    cannot = only(dataclasses.replace(WELL, packages=(fault, *WELL.packages[1:])))
    assert "cannot be loaded: ImportError, no shared object" in cannot.said
    assert cannot.next_step.endswith('pip install --force-reinstall "pandas>=2.2"')


def test_a_version_that_cannot_be_compared_is_said_to_be_so_and_not_called_broken():
    found = examine(dataclasses.replace(WELL, packages=swap(pandas="unknown")))
    assert [one.said for one in found if one.state == "note"] == [
        "pandas unknown is installed; whether that is >=2.2 could not be told."
    ]


def test_an_extra_that_is_missing_is_no_fault_and_says_what_it_is_for():
    without = dataclasses.replace(
        WELL, packages=(WELL.packages[0], Package("python-docx", ">=1.1", "word")), extensions=None, kernel=None
    )
    assert not broken(without)
    (note,) = [one for one in examine(without) if one.about == "extras"]
    assert note.state == "note"
    assert "python-docx" in note.said
    assert "Word files" in note.said
    assert 'pip install "ketalit[word]"' in note.next_step


def test_an_extra_that_is_too_old_is_broken():
    assert "ketalit needs >=0.9" in only(dataclasses.replace(WELL, packages=swap(anywidget="0.5.1"))).said


@pytest.mark.parametrize("name", ["anywidget", "ipywidgets"])
def test_jupyterlab_without_widgets(name):
    found = [one for one in broken(dataclasses.replace(WELL, packages=swap(**{name: None}))) if one.about == "widgets"]
    assert [one.said for one in found] == [
        f"JupyterLab is there, but {name} is not: the panels of the lessons show as text or as an error."
    ]
    assert found[0].next_step == 'pip install "ketalit[lab]"'


def test_widgets_missing_or_of_another_major_version():
    assert "jupyterlab_widgets is not" in only(dataclasses.replace(WELL, others={})).said
    other = only(dataclasses.replace(WELL, others={"jupyterlab_widgets": "1.1.11"}))
    assert "1.1.11 does not go with ipywidgets 8.1.5" in other.said


def test_widgets_that_jupyterlab_does_not_find_hides_or_switches_off():
    manager, mine = WELL.extensions
    gone = only(dataclasses.replace(WELL, extensions=(manager, Extension("anywidget"))))
    assert "does not find its page part, anywidget" in gone.said
    shadow = Extension(manager.name, (("3.1.0", "/home/x/old"), *manager.copies))
    hidden = only(dataclasses.replace(WELL, extensions=(shadow, mine)))
    assert "3.1.0 from /home/x/old, which hides version 5.0.15" in hidden.said
    off = only(
        dataclasses.replace(WELL, extensions=(manager, dataclasses.replace(mine, disabled="/etc/page_config.json")))
    )
    assert "switched off in /etc/page_config.json" in off.said
    assert off.next_step == "jupyter labextension enable anywidget"


def test_kernels():
    assert "no kernel" in only(dataclasses.replace(WELL, kernel=Kernel())).said
    gone = only(dataclasses.replace(WELL, kernel=Kernel("/home/x/kernels/python3", "/gone/python", exists=False)))
    assert "/gone/python, which is not there" in gone.said
    other = only(dataclasses.replace(WELL, kernel=Kernel("/home/x/kernels/python3", "/usr/bin/python3", same=False)))
    assert "another Python, /usr/bin/python3" in other.said


def test_folders_that_cannot_be_written():
    def with_fault(what):
        folders = tuple(
            dataclasses.replace(one, fault="Read-only file system") if one.what == what else one for one in WELL.folders
        )
        return dataclasses.replace(WELL, folders=folders)

    assert "/home/x, cannot be written (Read-only file system)" in only(with_fault("here")).said
    for what, word in (("state", "KETALIT_STATE"), ("settings", "environment")):  # both have a way round
        assert not broken(with_fault(what))
        (note,) = [one for one in examine(with_fault(what)) if one.state == "note"]
        assert word in note.next_step


def test_settings_review_and_network():
    assert "is not TOML" in only(dataclasses.replace(WELL, settings_fault="config.toml: is not TOML.")).said
    damaged = only(dataclasses.replace(WELL, review=("a, line 1.", "b.", "c.", "d.")))
    assert damaged.said == "The bundled review is damaged. a, line 1. b. c. And 1 more."
    assert not broken(dataclasses.replace(WELL, review=None))
    assert "no route" in only(dataclasses.replace(WELL, network="There is no route.")).said
    (unasked,) = [one for one in examine(dataclasses.replace(WELL, network=None)) if one.state != "fine"]
    assert unasked.state == "note"
    assert "was not looked at" in unasked.said
    assert "--online" in unasked.next_step
    (stand_in,) = [
        one for one in examine(dataclasses.replace(WELL, stand_in="http://127.0.0.1:1/")) if one.state == "note"
    ]
    assert "in place of NCBI" in stand_in.said


def test_what_is_broken_comes_first_and_names_cannot_move_the_cursor():
    facts = dataclasses.replace(WELL, key=False, folders=(Folder("here", "/home/\x1b[2Jx", "Read-only"),))
    assert [one.state for one in examine(facts)][:2] == ["broken", "note"]
    assert "\x1b" not in doctor.as_text(examine(facts))


@pytest.mark.parametrize("wanted", [">=2.2", "==0.0.13", "~=3.0.15", ">=1,<2", "!=2.0", "==2.*", "~=2.2", ">1", "<=4"])
@pytest.mark.parametrize("version", ["0.0.13", "1.0", "2", "2.0.0", "2.2", "2.10.1", "3.0.17", "3.1", "4.0.1"])
def test_versions_are_compared_as_packaging_does(version, wanted):
    assert meets(version, wanted) is (Version(version) in SpecifierSet(wanted))


def test_requirements_are_read_as_packaging_does():
    lines = [line for line in metadata.requires("ketalit") if not line.startswith("ketalit[")]
    ours = required(lines)
    assert [one.name for one in ours] == [Requirement(line).name for line in lines]
    for one, line in zip(ours, lines, strict=True):
        theirs = Requirement(line)
        assert SpecifierSet(one.wanted) == theirs.specifier
        assert theirs.marker is None or theirs.marker.evaluate({"extra": one.extra})


def test_every_extra_has_a_purpose_or_is_for_developers():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert set(project["optional-dependencies"]) <= {*doctor.EXTRAS, *doctor.DEVELOPERS}


# --- this machine, broken on purpose ------------------------------------------------------------------------------


@pytest.fixture
def alone(tmp_path, monkeypatch):
    """Folders of this test only."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KETALIT_STATE", str(tmp_path / "state"))
    monkeypatch.delenv("KETALIT_EUTILS", raising=False)
    monkeypatch.delenv("NCBI_EMAIL", raising=False)
    monkeypatch.delenv("NCBI_API_KEY", raising=False)
    monkeypatch.setattr("ketalit.entrez.settings.config_file", lambda: tmp_path / "config.toml")
    return tmp_path


def test_this_installation_is_looked_at(alone):
    facts = look()
    assert facts.version == metadata.version("ketalit")
    assert {one.name: one.installed for one in facts.packages}["pandas"] == metadata.version("pandas")
    assert facts.review == ()
    assert facts.network is None
    assert not (alone / "state").exists()  # looking makes nothing
    assert list(alone.iterdir()) == []


def test_metadata_that_asks_for_more_than_is_there(alone, monkeypatch):
    theirs = metadata.requires

    def more(name):
        return ["pandas>=99", "no-such-synthetic-package>=1"] if name == "ketalit" else theirs(name)

    monkeypatch.setattr(doctor, "_PYPROJECT", alone / "none")
    monkeypatch.setattr(metadata, "requires", more)
    said = [one.said for one in broken(look())]
    assert f"pandas {metadata.version('pandas')} is installed; ketalit needs >=99." in said
    assert "Missing, though ketalit never goes without: no-such-synthetic-package (>=1)." in said


def test_a_checkout_asks_for_what_it_says_now_and_not_when_it_was_installed(alone, monkeypatch):
    monkeypatch.setattr(metadata, "requires", lambda name: [])
    project = alone / "pyproject.toml"
    project.write_text(
        """[project]
        requires-python = ">=3.99"
        dependencies = ["pandas>=99"]
        [project.optional-dependencies]
        word = ["no-such-synthetic-package>=1"]""",
        encoding="utf-8",
    )
    monkeypatch.setattr(doctor, "_PYPROJECT", project)
    facts = look()
    assert [(one.name, one.wanted, one.extra) for one in facts.packages] == [
        ("pandas", ">=99", ""),
        ("no-such-synthetic-package", ">=1", "word"),
    ]
    assert facts.python_wanted == ">=3.99"
    assert facts.checkout


def test_a_package_that_does_not_load(alone, monkeypatch):
    monkeypatch.setitem(sys.modules, "pint", None)  # import raises
    facts = look()
    assert facts.review is None  # what reads it may need that package
    assert any(
        one.said.startswith("pint ") and "cannot be loaded: ModuleNotFoundError" in one.said for one in broken(facts)
    )


def test_the_module_runs_where_the_command_cannot(alone):
    """Without site-packages nothing is there but the standard library and the checkout."""
    done = subprocess.run(
        [sys.executable, "-S", "-m", "ketalit.doctor"],
        cwd=alone,
        env={"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"], "PYTHONIOENCODING": "utf-8", "HOME": str(alone)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 1
    assert "broken" in done.stdout
    assert "Traceback" not in done.stderr


def test_a_read_only_folder(alone, monkeypatch):
    def refuse(*_, **__):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    found = [one for one in examine(look()) if one.about == "folders"]
    assert {one.state for one in found} == {"broken", "note"}
    assert all("Read-only file system" in one.said for one in found)


def test_a_state_folder_below_a_file(alone, monkeypatch):
    (alone / "file").write_text("synthetic", encoding="utf-8")
    monkeypatch.setenv("KETALIT_STATE", str(alone / "file" / "state"))
    (state,) = [one for one in look().folders if one.what == "state"]
    assert state.fault == "Not a directory"


def test_the_key_is_never_shown(alone, monkeypatch):
    monkeypatch.setenv("NCBI_API_KEY", KEY)
    monkeypatch.setenv("NCBI_EMAIL", "synthetic@example.org")
    facts = look()
    assert facts.key
    assert facts.email
    for shown in (repr(facts), doctor.as_text(examine(facts)), json.dumps(doctor.as_plain(examine(facts)))):
        assert KEY not in shown
        assert "synthetic@example.org" not in shown
    assert "A key for NCBI is set" in doctor.as_text(examine(facts))


def test_settings_that_cannot_be_read(alone):
    (alone / "config.toml").write_text(f"api_key = {KEY}", encoding="utf-8")
    found = [one for one in examine(look()) if one.about == "settings"]
    assert [one.state for one in found] == ["broken"]
    assert "is not TOML" in found[0].said
    assert KEY not in found[0].said


def test_a_damaged_bundled_review(alone, monkeypatch):
    from ketalit import review

    folder = review.new_review(alone / "bundled")
    (folder / "extraction.csv").write_text("nonsense\n", encoding="utf-8")
    monkeypatch.setattr(review, "BUNDLED", folder)
    (found,) = [one for one in examine(look()) if one.about == "review"]
    assert found.state == "broken"
    assert "extraction.csv" in found.said
    monkeypatch.setattr(review, "BUNDLED", alone / "gone")
    (found,) = [one for one in examine(look()) if one.about == "review"]
    assert found.state == "broken"


def test_jupyter_s_own_files_are_read(alone, monkeypatch):
    pytest.importorskip("jupyterlab")
    here, theirs = alone / "data", alone / "config" / "labconfig"
    (here / "labextensions" / "anywidget").mkdir(parents=True)
    (here / "labextensions" / "anywidget" / "package.json").write_text('{"version": "0.1.0"}', encoding="utf-8")
    theirs.mkdir(parents=True)
    (theirs / "page_config.json").write_text('{"disabledExtensions": {"anywidget": true}}', encoding="utf-8")
    kernel = here / "kernels" / "python3"
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text(
        json.dumps({"argv": [str(alone / "gone" / "python")], "display_name": "x", "language": "python"}),
        encoding="utf-8",
    )
    monkeypatch.setenv("JUPYTER_PATH", str(here))
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(alone / "config"))
    facts = look()
    (mine,) = [one for one in facts.extensions if one.name == "anywidget"]
    assert mine.copies[0] == ("0.1.0", str(here / "labextensions" / "anywidget"))
    assert mine.disabled == str(theirs / "page_config.json")
    assert facts.kernel == Kernel(str(kernel), str(alone / "gone" / "python"), same=False, exists=False)
    other = alone / "other" / "python"
    other.parent.mkdir()
    other.symlink_to(Path(sys.executable).resolve())
    (kernel / "kernel.json").write_text(
        json.dumps({"argv": [str(other)], "display_name": "x", "language": "python"}), encoding="utf-8"
    )
    assert look().kernel == Kernel(str(kernel), str(other), same=False, exists=True)


def test_asking_ncbi(alone, monkeypatch, eutils):
    monkeypatch.setenv("KETALIT_EUTILS", eutils.url)
    assert look(online=True).network == ""
    monkeypatch.setenv("KETALIT_EUTILS", "http://127.0.0.1:9/")
    assert look(online=True).network
    from ketalit.entrez.ncbi import Ncbi

    def lost(*_):
        raise OfflineError("there is no network")

    monkeypatch.setattr(Ncbi, "spell", lost)
    assert look(online=True).network == "there is no network."


def test_the_command(alone, monkeypatch):
    monkeypatch.setattr(doctor, "look", lambda online: WELL)
    done = CliRunner().invoke(app, ["doctor"])
    assert done.exit_code == 0
    assert "Nothing is broken." in done.output
    monkeypatch.setattr(doctor, "look", lambda online: dataclasses.replace(WELL, python="3.9.0", network=str(online)))
    done = CliRunner().invoke(app, ["doctor", "--json", "--online"])
    assert done.exit_code == 1
    told = json.loads(done.output)
    assert told["broken"] == 2
    assert {one["about"] for one in told["found"] if one["state"] == "broken"} == {"python", "network"}
    assert "True" in done.output  # it was asked
    assert doctor.main(["--json"]) == 1

"""What a user installs holds the lessons: built as a wheel, and used where no checkout is."""

import json
import shutil
import subprocess
import sys
import venv
from importlib.metadata import version
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = ("pyproject.toml", "setup.py", "README.md", "LICENSE", "ketalit", "notebooks")
INSIDE = "ketalit/lessons/notebooks/"

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(int(version("setuptools").split(".")[0]) < 77, reason="building needs setuptools 77"),
]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel of this checkout, built offline in a copy of it with litter in it."""
    folder = tmp_path_factory.mktemp("build")
    source = folder / "source"
    source.mkdir()
    for name in SOURCES:
        path = ROOT / name
        if path.is_dir():
            shutil.copytree(path, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(path, source / name)
    (source / "notebooks" / ".ipynb_checkpoints").mkdir(exist_ok=True)
    (source / "notebooks" / ".ipynb_checkpoints" / "01-checkpoint.ipynb").write_text("{}")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*command, "--wheel-dir", str(folder), str(source)], check=True)
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_the_lessons_and_all_they_need(wheel):
    names = set(ZipFile(wheel).namelist())
    wanted = {
        path.relative_to(ROOT / "notebooks").as_posix()
        for path in (ROOT / "notebooks").rglob("*")
        if path.is_file() and path.suffix != ".py" and "/." not in path.as_posix().removeprefix(str(ROOT.parent))
    }
    assert any(name.endswith(".ipynb") for name in wanted)
    assert {name.removeprefix(INSIDE) for name in names if name.startswith(INSIDE)} == wanted
    for folder in ("front", "bank", "jupyter"):
        inside = {
            path.relative_to(ROOT).as_posix()
            for path in (ROOT / "ketalit" / "lessons" / folder).rglob("*")
            if path.is_file()
        }
        assert inside
        assert inside <= names


def test_the_lessons_are_there_without_a_checkout(wheel, tmp_path):
    home = tmp_path / "venv"
    venv.create(home, with_pip=False)
    (site,) = (home / "lib").glob("python*/site-packages")
    with ZipFile(wheel) as archive:
        archive.extractall(site)
    # The libraries come from here, the package itself does not.
    libraries = [path for path in sys.path if path.endswith("site-packages")]
    (site / "libraries.pth").write_text("\n".join(libraries))
    code = "import ketalit, sys; from ketalit.cli import main; print(ketalit.__file__, file=sys.stderr); main()"

    def run(*args):
        return subprocess.run(
            [home / "bin" / "python", "-c", code, *args], cwd=tmp_path, capture_output=True, text=True, check=True
        )

    done = run("lessons", "--json")
    assert str(site) in done.stderr
    listed = json.loads(done.stdout)
    assert {one["notebook"] for one in listed} == {path.name for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert all(one["objectives"] for one in listed)

    copied = tmp_path / "copied"
    laid = "from pathlib import Path; from ketalit.lessons.editions import main; main([str(Path('copied'))])"
    subprocess.run([home / "bin" / "python", "-c", laid], cwd=tmp_path, check=True)
    assert {path.name for path in copied.glob("*.ipynb")} == {one["notebook"] for one in listed}

"""The site that needs no installation: does it hold what lessons 1 to 5 need, and does Python run in a browser there?

No registry holds numpy, pandas, scipy and lxml for browsers; a browser fetches them from where Pyodide keeps them.
Whether the lessons run there is tried where that can be reached. Everywhere, they are run on this machine with nothing
but what the site has, and the site's own Python is tried with what needs no fetching.
"""

import functools
import hashlib
import http.server
import importlib.util
import json
import re
import subprocess
import sys
import threading
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
LESSONS = sorted((ROOT / "notebooks").glob("0[1-5]-*.ipynb"))
FETCHED = {"numpy", "pandas", "scipy", "lxml", "python-dateutil", "six", "pytz"}  # by the browser
PRESSED = "Infusion rate: 0.25 mg/kg/h"
CONTROL = """
from IPython.display import display
from ketalit.lessons.control import Control, Number
rate = Control(Number(key="rate", label="Infusion rate", unit="mg/kg/h", value=0.2, low=0, high=1, step=0.05))
display(rate)
"""
COMPILED = """
import pathlib, warnings, ketalit
files = list(pathlib.Path(ketalit.__file__).parent.rglob("*.py"))
with warnings.catch_warnings(action="error"):
    for file in files:
        compile(file.read_text(), str(file), "exec")
print(len(files) > 100)
"""
# Runs notebooks with nothing else than the distributions named; says what was imported, and what is shown otherwise.
ALONE = """
import ast, json, sys
from importlib.machinery import PathFinder
from importlib.metadata import packages_distributions

allowed, *notebooks = json.loads(sys.argv[1])
owners = {top: {name.lower().replace("_", "-") for name in names} for top, names in packages_distributions().items()}

class Allowed(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if "." in name or name not in owners or owners[name] & set(allowed):
            return super().find_spec(name, path, target)

sys.meta_path[sys.meta_path.index(PathFinder)] = Allowed
shown = differ = 0
for path in notebooks:
    names = {}
    for cell in json.load(open(path, encoding="utf-8"))["cells"]:
        if cell["cell_type"] != "code":
            continue
        *lines, last = ast.parse("".join(cell["source"])).body
        value = None
        if not isinstance(last, ast.Expr):
            lines.append(last)
        exec(compile(ast.Module(lines, []), path, "exec"), names)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), path, "eval"), names)
        for output in cell["outputs"]:
            if "text/html" in output.get("data", {}):
                html = value._repr_mimebundle_()["text/html"] if hasattr(value, "_repr_mimebundle_") else value._repr_html_()
                shown += 1
                differ += html != "".join(output["data"]["text/html"])
print(json.dumps([sorted({name.split(".")[0] for name in sys.modules}), shown, differ]), file=sys.__stderr__)
"""


@pytest.fixture(scope="module")
def lite():
    """docs/lite.py as a module."""
    spec = importlib.util.spec_from_file_location("lite", ROOT / "docs" / "lite.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def pins(name: str) -> dict[str, str]:
    found = re.findall(r"^([a-z-]+)==(\S+)", (ROOT / "docs" / name).read_text(encoding="utf-8"), re.MULTILINE)
    assert found
    return dict(found)


# --- what the lessons need -------------------------------------------------------------------------------------------


def test_lessons_show_the_same_with_nothing_but_what_the_site_has(lite):
    allowed = [*pins("lite-wheels.txt"), *FETCHED, "ketalit"]
    command = [sys.executable, "-c", ALONE, json.dumps([allowed, *map(str, LESSONS)])]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    imported, shown, differ = json.loads(done.stderr.splitlines()[-1])
    assert shown > 20
    assert differ == 0
    # What is never imported is fetched in vain; scipy is for settings that no notebook stands at.
    assert lite.NEEDED - set(imported) <= {"scipy"}


def test_python_and_the_browser_have_the_same_widgets():
    here, there = pins("lite-wheels.txt"), pins("lite.txt")
    assert {name: here[name] for name in ("ipywidgets", "anywidget")} == {
        name: there[name] for name in ("ipywidgets", "anywidget")
    }


def test_what_the_site_brings_is_new_enough_for_ketalit(lite):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [Requirement(line) for line in [*project["dependencies"], *project["optional-dependencies"]["lab"]]]
    brought = pins("lite-wheels.txt")
    checked = {one.name for one in asked if one.name in lite.NEEDED & set(brought)}
    assert checked == {"anywidget", "ipywidgets", "msgspec", "pint"}
    assert all(brought[one.name] in one.specifier for one in asked if one.name in checked)


# --- the list of packages --------------------------------------------------------------------------------------------


def wheel(folder: Path, name: str, version: str, *requires: str) -> Path:
    path = folder / f"{name}-{version}-py3-none-any.whl"
    said = [f"Name: {name}", f"Version: {version}", *(f"Requires-Dist: {one}" for one in requires)]
    with zipfile.ZipFile(path, "w") as opened:
        opened.writestr(f"{name}/__init__.py", "")
        opened.writestr(f"{name}/part/deeper.py", "")
        opened.writestr(f"{name}_alone.py", "")
        opened.writestr(f"{name}-{version}.dist-info/METADATA", "\n".join(["Metadata-Version: 2.1", *said, "", ""]))
    return path


LOCK = {
    "info": {"python": "3.14.2"},
    "packages": {
        "numpy": {"version": "2.4.6", "file_name": "numpy.whl", "depends": []},
        "toy": {"version": "0.1", "file_name": "toy.whl", "depends": ["numpy"]},
    },
}


def test_own_wheels_stand_for_those_of_the_release_and_the_rest_is_elsewhere(lite, tmp_path):
    path = wheel(tmp_path, "toy", "0.2", 'numpy>=2; extra == "fast"', 'gone; sys_platform == "win32"')
    made = lite.with_ours(LOCK, tmp_path, "https://example.org/full")
    assert made["packages"]["numpy"]["file_name"] == "https://example.org/full/numpy.whl"
    toy = made["packages"]["toy"]
    assert (toy["version"], toy["file_name"], toy["depends"]) == ("0.2", path.name, [])
    assert toy["imports"] == ["toy", "toy_alone"]
    assert toy["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert LOCK["packages"]["toy"]["version"] == "0.1"


def test_ketalit_brings_only_what_lessons_need(lite, tmp_path):
    wheel(tmp_path, "ketalit", "1", "numpy>=2.0", "biopython>=1.85", 'anywidget>=0.9; extra == "lab"')
    wheel(tmp_path, "anywidget", "0.11.0", "numpy")
    made = lite.with_ours(LOCK, tmp_path, "https://example.org/full")
    assert made["packages"]["ketalit"]["depends"] == ["anywidget", "numpy"]


@pytest.mark.parametrize(
    ("requires", "words"),
    [
        ("nowhere>=1", "toy requires nowhere>=1, which neither Pyodide nor lite-wheels.txt has"),
        ("numpy>=3", "toy requires numpy>=3; the site would have 2.4.6"),
    ],
)
def test_a_site_that_would_not_run_is_not_built(lite, tmp_path, requires, words):
    wheel(tmp_path, "toy", "0.2", requires)
    with pytest.raises(SystemExit, match=re.escape(words)):
        lite.with_ours(LOCK, tmp_path, "https://example.org/full")


# --- the site in a browser -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def site(request, tmp_path_factory) -> Path:
    """The site, built in an environment of its own that pytest's cache keeps."""
    pinned = (ROOT / "docs" / "lite.txt").read_bytes()
    kept = Path(request.config.cache.mkdir("lite")) / hashlib.sha256(pinned).hexdigest()[:12]
    python = kept / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    if not (kept / "ready").exists():
        venv.create(kept, with_pip=True, clear=True)
        command = [python, "-m", "pip", "install", "--quiet", "--requirement", ROOT / "docs" / "lite.txt"]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
        if done.returncode:
            pytest.skip(f"pip cannot bring JupyterLite: {done.stderr.strip()[-200:]}")
        (kept / "ready").touch()
    made = tmp_path_factory.mktemp("lite")
    subprocess.run([sys.executable, "-m", "ketalit.lessons.editions", made / "lessons"], check=True)
    command = [python, ROOT / "docs" / "lite.py", made / "lessons", made / "site"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    if done.returncode and re.search("npm |No matching distribution|Connection", done.stderr):
        pytest.skip(f"the registries cannot be reached: {done.stderr.strip()[-200:]}")
    assert done.returncode == 0, done.stderr
    return made / "site"


@pytest.fixture(scope="module")
def address(site):
    """Where the site is served; the application can be reached by scripts, so that a test can ask it."""
    settings = site / "jupyter-lite.json"
    told = json.loads(settings.read_text(encoding="utf-8"))
    told["jupyter-config-data"]["exposeAppInBrowser"] = True
    settings.write_text(json.dumps(told), encoding="utf-8")

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=site)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class Lesson:
    """A notebook in the browser."""

    panel = "window.jupyterapp.shell.currentWidget"

    def __init__(self, browser, address, name):
        self.page = browser.new_page(viewport={"width": 1280, "height": 900})
        self.page.set_default_timeout(120_000)
        self.refused = []
        self.page.on("requestfailed", lambda request: self.refused.append(request.url))
        self.page.goto(f"{address}/lab/index.html?path={name}")
        self.page.wait_for_selector(".jp-Notebook .jp-Cell")
        self.page.wait_for_function(f"{self.panel}.context.sessionContext.isReady")

    def outputs(self):
        """Of each code cell: its number, and its outputs."""
        cells = self.page.evaluate(f"{self.panel}.content.model.toJSON().cells")
        return [(cell["execution_count"], cell["outputs"]) for cell in cells if cell["cell_type"] == "code"]

    def run(self, code):
        """Run code in place of the first code cell; what it prints or fails with."""
        self.page.evaluate(
            f"""code => {{
                const notebook = {self.panel}.content;
                const at = notebook.widgets.findIndex(cell => cell.model.type === 'code');
                notebook.widgets[at].model.clearExecution();
                notebook.widgets[at].model.sharedModel.setSource(code);
                notebook.activeCellIndex = at;
                window.jupyterapp.commands.execute('notebook:run-cell');
            }}""",
            code + "\nprint('done')",
        )
        cell = f"{self.panel}.content.model.toJSON().cells.find(cell => cell.cell_type === 'code')"
        self.page.wait_for_function(
            f"{cell}.outputs.some(one => one.output_type === 'error' || [one.text].flat().join('').includes('done'))"
        )
        outputs = self.outputs()[0][1]
        return "".join("".join(one.get("text", "")) + one.get("evalue", "") for one in outputs)

    def run_all(self):
        """Run all cells, until the last one or one that fails; what the notebook was saved with goes first."""
        self.page.evaluate("window.jupyterapp.commands.execute('notebook:clear-all-cell-outputs')")
        assert not any(number or outputs for number, outputs in self.outputs())
        self.page.evaluate("void window.jupyterapp.commands.execute('notebook:run-all-cells')")
        self.page.wait_for_function(
            f"""(() => {{
                const cells = {self.panel}.content.model.toJSON().cells.filter(cell => cell.cell_type === 'code');
                return cells.some(cell => cell.outputs.some(one => one.output_type === 'error'))
                    || cells.every(cell => cell.execution_count)
                        && {self.panel}.context.sessionContext.session.kernel.status === 'idle';
            }})()"""
        )


@pytest.mark.long
def test_every_package_is_in_the_site_or_has_an_address_and_a_hash(lite, site):
    folder = site / "static" / "pyodide"
    packages = json.loads((folder / lite.LOCK).read_text(encoding="utf-8"))["packages"]
    reached, ahead = set(), ["ketalit", "ipython", "micropip"]
    while ahead:
        name = ahead.pop()
        if name not in reached:
            reached.add(name)
            ahead += packages[name]["depends"]
    away = {name for name in reached if packages[name]["file_name"].startswith("https://")}
    assert reached >= lite.NEEDED
    assert away == FETCHED
    assert all(re.fullmatch("[0-9a-f]{64}", packages[name]["sha256"]) for name in reached)
    for name in reached - away:
        content = (folder / packages[name]["file_name"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == packages[name]["sha256"]
    assert sorted(path.name for path in (site / "files").iterdir()) == [path.name for path in LESSONS]


@pytest.mark.long
def test_without_another_host_pictures_are_seen_and_python_runs(browser, address):
    lesson = Lesson(browser, address, "02-the-trap.ipynb")
    lesson.page.set_viewport_size({"width": 1280, "height": 6000})  # cells out of sight are not drawn
    lesson.page.wait_for_function(
        "[...document.querySelectorAll('.jp-OutputArea-output figure img')].filter(one => one.naturalWidth).length >= 3"
    )
    lesson.page.set_viewport_size({"width": 1280, "height": 900})
    assert lesson.run("import sqlite3, decimal\nprint(decimal.Decimal(1) / 4)") == "0.25\ndone\n"
    assert lesson.run(COMPILED) == "True\ndone\n"
    assert lesson.run(CONTROL) == "done\n"
    lesson.page.get_by_role("slider", name="Infusion rate").press("ArrowRight")
    lesson.page.wait_for_timeout(1000)
    assert lesson.run("print(rate)") == f"{PRESSED}\ndone\n"
    lesson.page.close()


@pytest.mark.long
@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem[:2])
def test_lessons_run_in_the_browser(browser, address, path):
    lesson = Lesson(browser, address, path.name)
    lesson.run_all()
    failed = [one for _, outputs in lesson.outputs() for one in outputs if one["output_type"] == "error"]
    away = [url for url in lesson.refused if not url.startswith(address)]
    if failed and away:
        assert re.fullmatch(r"No module named '(numpy|pandas|lxml)'", failed[0]["evalue"])
        pytest.skip(f"not reached: {away[0].rsplit('/', 1)[0]}; {failed[0]['evalue']}")
    assert not failed
    shown = [one for _, outputs in lesson.outputs() for one in outputs if "text/html" in one.get("data", {})]
    live = [one for one in shown if "application/vnd.jupyter.widget-view+json" in one["data"]]
    assert len(live) > 3
    lesson.page.close()

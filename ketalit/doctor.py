"""What is wrong with this installation, in sentences, each with what to do next.

`ketalit doctor` and `python -m ketalit.doctor` say the same; the second also runs where a package that the command
needs is missing, as this module loads nothing outside the standard library before it has to.

`look` gathers facts and changes nothing; `examine` decides what they mean.
"""

from __future__ import annotations

import argparse
import dataclasses
import importlib
import importlib.metadata
import importlib.util
import json
import os
import re
import shutil
import sys
import tempfile
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from .escaping import terminal

State = Literal["broken", "note", "fine"]

# What each extra is for; those of developers are not looked at.
EXTRAS = {
    "lab": "the lessons in JupyterLab (`ketalit lab`)",
    "present": "a lesson on a projector (`ketalit present`)",
    "word": "tables as Word files (`--to table.docx`)",
    "figures": "pictures as PNG and PDF (`--to forest.pdf`)",
    "parquet": "tables as Parquet (`--to table.parquet`)",
    "scan": "whole PubMed files to Parquet (`ketalit scan`)",
    "dependent": "a variance for trials that come several times (`ketalit pool --robust`)",
    "neuron": "the published wind-up model itself, to compare with ours",
}
DEVELOPERS = ("test", "bench")

_PYPROJECT = Path(__file__).parents[1] / "pyproject.toml"  # of a checkout

_WIDGETS = ("ipywidgets", "jupyterlab_widgets", "anywidget")
_LAB_EXTENSIONS = {"@jupyter-widgets/jupyterlab-manager": "jupyterlab_widgets", "anywidget": "anywidget"}
# Where the module of a package has another name.
_MODULES = {"biopython": "Bio", "markdown-it-py": "markdown_it"}
_REQUIREMENT = re.compile(r"([A-Za-z0-9._-]+)\s*(?:\[[^\]]*\])?\s*\(?([^;)]*)\)?\s*(?:;(.*))?")
_EXTRA = re.compile(r"""^\s*extra\s*==\s*["']([^"']+)["']\s*$""")
_CLAUSE = re.compile(r"\s*(~=|>=|<=|==|!=|<|>)\s*(\d+(?:\.\d+)*)(\.\*)?\s*")
_RELEASE = re.compile(r"v?(?:\d+!)?(\d+(?:\.\d+)*)")


@dataclass(frozen=True)
class Package:
    """A package that ketalit asks for, and what is there.

    Attributes:
        name: as it is installed.
        wanted: its versions, as in pyproject.toml (">=2.2"); "" for any.
        extra: what it belongs to; "" where ketalit never goes without it.
        installed: its version, or None.
        fault: what went wrong when it was loaded; "" where nothing did or nobody tried.
    """

    name: str
    wanted: str = ""
    extra: str = ""
    installed: str | None = None
    fault: str = ""


@dataclass(frozen=True)
class Extension:
    """A part of JupyterLab's page that draws panels.

    Attributes:
        name: as JupyterLab knows it.
        copies: version and folder of each copy, the one that is used first.
        disabled: the file that switches it off; "" where none does.
    """

    name: str
    copies: tuple[tuple[str, str], ...] = ()
    disabled: str = ""


@dataclass(frozen=True)
class Kernel:
    """The kernel “python3”, which the lessons ask for.

    Attributes:
        folder: where it is described; "" where there is none.
        program: what it starts.
        same: whether that is this Python.
        exists: whether it is there at all.
    """

    folder: str = ""
    program: str = ""
    same: bool = True
    exists: bool = True


@dataclass(frozen=True)
class Folder:
    """A folder that is written in: what for, where, and why that fails ("" where it does not)."""

    what: Literal["here", "settings", "state"]
    path: str
    fault: str = ""


@dataclass(frozen=True)
class Facts:
    """All that is known of an installation; nothing secret is among it.

    Attributes:
        python: version of this Python.
        python_wanted: versions that ketalit runs on; "" where nobody says.
        version: ketalit's, as installed; "" where it is not.
        checkout: whether it runs from a checkout.
        packages: what it asks for.
        others: versions of further packages by name, where they are installed.
        widgets_wanted: what ipywidgets asks of jupyterlab_widgets.
        extensions: what JupyterLab's page loads; None where JupyterLab is not installed.
        kernel: None where JupyterLab is not installed.
        folders: where ketalit writes.
        key: whether a key for NCBI is set.
        email: whether an e-mail address for NCBI is set.
        settings_fault: why the settings cannot be read; None where nobody could look.
        stand_in: address asked in place of NCBI's.
        review: what is wrong with the bundled review; None where it could not be looked at.
        network: None: not asked; "": NCBI answered; else what went wrong.
    """

    python: str
    python_wanted: str = ""
    version: str = ""
    checkout: bool = False
    packages: tuple[Package, ...] = ()
    others: Mapping[str, str] = field(default_factory=dict)
    widgets_wanted: str = ""
    extensions: tuple[Extension, ...] | None = None
    kernel: Kernel | None = None
    folders: tuple[Folder, ...] = ()
    key: bool = False
    email: bool = False
    settings_fault: str | None = ""
    stand_in: str = ""
    review: tuple[str, ...] | None = ()
    network: str | None = None


@dataclass(frozen=True)
class Diagnosis:
    """One thing about an installation.

    Attributes:
        about: python, ketalit, packages, extras, widgets, kernel, folders, settings, review, network or programs.
        state: broken (something will fail), note (worth knowing) or fine.
        said: what is so, in sentences.
        next_step: what to do; "" where nothing is to be done.
    """

    about: str
    state: State
    said: str
    next_step: str = ""


def meets(version: str, wanted: str) -> bool | None:
    """Whether a version is among those wanted; None where either is written in a way that is not understood.

    Compares release numbers only, as far as ketalit's own requirements need it (PEP 440 knows more).

    >>> meets("2.10.1", ">=2.2,<3"), meets("3.0", ">=2.2,<3"), meets("3.0.17", "~=3.0.15"), meets("2.1", "===2.1")
    (True, False, True, None)
    """
    found = _RELEASE.match(version)
    if not found:
        return None
    have = _numbers(found[1])
    for clause in filter(None, (part.strip() for part in wanted.split(","))):
        parsed = _CLAUSE.fullmatch(clause)
        if not parsed:
            return None
        sign, number, star = parsed.groups()
        want = _numbers(number)
        size = max(len(have), len(want))
        a, b = (one + (0,) * (size - len(one)) for one in (have, want))
        start = have[: len(want)] == want
        right = {
            ">=": a >= b,
            "<=": a <= b,
            ">": a > b,
            "<": a < b,
            "==": start if star else a == b,
            "!=": not start if star else a != b,
            "~=": a >= b and a[: len(want) - 1] == want[:-1],
        }[sign]
        if not right:
            return False
    return True


def required(lines: Sequence[str]) -> list[Package]:
    """The packages in lines as `importlib.metadata.requires` gives them; extras of extras are left out.

    >>> required(["pandas>=2.2", 'anywidget>=0.9; extra == "lab"', 'ketalit[lab]; extra == "present"'])[1]
    Package(name='anywidget', wanted='>=0.9', extra='lab', installed=None, fault='')
    """
    found = []
    for line in lines:
        parsed = _REQUIREMENT.fullmatch(line.strip())
        if not parsed or parsed[1].lower() == "ketalit":
            continue
        extra = _EXTRA.match(parsed[3]) if parsed[3] else None
        if parsed[3] and not extra:  # only on some systems: nothing follows from its absence
            continue
        found.append(Package(parsed[1], parsed[2].replace(" ", ""), extra[1] if extra else ""))
    return found


def examine(facts: Facts) -> list[Diagnosis]:
    """What the facts mean, what is broken first.

    >>> [(one.state, one.about) for one in examine(Facts(python="3.9.1", python_wanted=">=3.11", version="0.1.0"))][0]
    ('broken', 'python')
    """
    found = [
        *_python(facts),
        *_packages(facts),
        *_widgets(facts),
        *_kernel(facts),
        *_extras(facts),
        *_folders(facts),
        *_settings(facts),
        *_review(facts),
        *_network(facts),
        Diagnosis("programs", "fine", "Chromium and LibreOffice are not needed: only the developers' tests use them."),
    ]
    return sorted(found, key=lambda one: ("broken", "note", "fine").index(one.state))


def _python(facts: Facts) -> Iterator[Diagnosis]:
    if meets(facts.python, facts.python_wanted) is False:
        said = f"This is Python {facts.python}; ketalit needs {facts.python_wanted}."
        yield Diagnosis("python", "broken", said, "Install a newer Python and make a new environment with it.")
    else:
        yield Diagnosis("python", "fine", f"Python {facts.python} will do.")
    if facts.version:
        yield Diagnosis("ketalit", "fine", f"ketalit {facts.version} is installed.")
    else:
        said = "ketalit runs from a folder and is not installed in this Python, so nobody can say what it needs."
        yield Diagnosis("ketalit", "broken", said, f"{_install('', facts)}, with the Python that shall run it.")


def _packages(facts: Facts) -> Iterator[Diagnosis]:
    wrong = False
    for one in facts.packages:
        if one.extra and (one.extra not in EXTRAS or one.installed is None):
            continue  # an extra that is not there is no fault
        again = _install(one.extra, facts)
        fits = meets(one.installed, one.wanted) if one.installed else False
        if one.installed is None:
            continue  # said in one sentence
        if fits is False:
            wrong = True
            said = f"{one.name} {one.installed} is installed; ketalit needs {one.wanted}."
            yield Diagnosis("packages", "broken", said, again)
        elif fits is None:
            said = f"{one.name} {one.installed} is installed; whether that is {one.wanted} could not be told."
            yield Diagnosis("packages", "note", said)
        if one.fault:
            wrong = True
            said = f"{one.name} {one.installed} is installed but cannot be loaded: {one.fault}."
            step = f'Install it anew: pip install --force-reinstall "{one.name}{one.wanted}"'
            yield Diagnosis("packages", "broken", said, step)
    if missing := [f"{one.name} ({_any(one)})" for one in facts.packages if not one.extra and one.installed is None]:
        wrong = True
        said = f"Missing, though ketalit never goes without: {', '.join(missing)}."
        yield Diagnosis("packages", "broken", said, _install("", facts))
    needed = sum(not one.extra for one in facts.packages)
    if needed and not wrong:
        yield Diagnosis("packages", "fine", f"All {needed} packages that ketalit needs are installed and load.")


def _extras(facts: Facts) -> Iterator[Diagnosis]:
    for extra, purpose in EXTRAS.items():
        mine = [one for one in facts.packages if one.extra == extra]
        missing = [one.name for one in mine if one.installed is None]
        if missing:
            said = f"Not installed: {', '.join(missing)}. Needed for {purpose}; everything else works without."
            yield Diagnosis("extras", "note", said, f"If you want that: {_install(extra, facts)}")
        elif mine:
            yield Diagnosis("extras", "fine", f"There for {purpose}.")


def _widgets(facts: Facts) -> Iterator[Diagnosis]:
    """Panels need two Python packages and two parts of JupyterLab's page; without one they show as text."""
    if facts.extensions is None:
        return
    again = _install("lab", facts)
    installed = {one.name: one.installed for one in facts.packages if one.installed} | dict(facts.others)
    lost = "the panels of the lessons show as text or as an error"
    wrong = False
    for name in _WIDGETS:
        if name not in installed:
            wrong = True
            yield Diagnosis("widgets", "broken", f"JupyterLab is there, but {name} is not: {lost}.", again)
    have = installed.get("jupyterlab_widgets", "")
    if have and meets(have, facts.widgets_wanted) is False:
        wrong = True
        said = (
            f"jupyterlab_widgets {have} does not go with ipywidgets {installed.get('ipywidgets')}, which needs "
            f"{facts.widgets_wanted}: {lost}."
        )
        yield Diagnosis("widgets", "broken", said, "pip install --upgrade ipywidgets jupyterlab_widgets")
    for one in facts.extensions:
        package = _LAB_EXTENSIONS[one.name]
        if package not in installed:
            continue  # said above
        if not one.copies:
            wrong = True
            said = f"{package} is installed, but JupyterLab does not find its page part, {one.name}: {lost}."
            yield Diagnosis("widgets", "broken", said, f"pip install --force-reinstall {package}")
            continue
        version, folder = one.copies[0]
        others = [other for other, _ in one.copies[1:] if _major(other) != _major(version)]
        if others:
            wrong = True
            said = f"JupyterLab takes {one.name} {version} from {folder}, which hides version {others[0]}: {lost}."
            yield Diagnosis("widgets", "broken", said, f"Remove the folder {folder} if it is the older one.")
        if one.disabled:
            wrong = True
            said = f"{one.name} is switched off in {one.disabled}: {lost}."
            yield Diagnosis("widgets", "broken", said, f"jupyter labextension enable {one.name}")
    if not wrong:
        yield Diagnosis("widgets", "fine", "JupyterLab finds what draws the panels of the lessons.")


def _kernel(facts: Facts) -> Iterator[Diagnosis]:
    kernel = facts.kernel
    if kernel is None:
        return
    here = "python -m ipykernel install --sys-prefix --name python3"
    if not kernel.folder:
        said = "JupyterLab and Voila know no kernel “python3”, so no lesson can run."
        yield Diagnosis("kernel", "broken", said, f"pip install ipykernel, then {here}")
    elif not kernel.exists:
        said = f"The kernel “python3” in {kernel.folder} starts {kernel.program}, which is not there."
        yield Diagnosis("kernel", "broken", said, f"Remove that folder, or {here}")
    elif not kernel.same:
        said = (
            f"The kernel “python3” in {kernel.folder} starts another Python, {kernel.program}: the lessons run there, "
            "where ketalit may be missing or another version."
        )
        yield Diagnosis("kernel", "broken", said, f"Remove that folder, or {here}")
    else:
        yield Diagnosis("kernel", "fine", "The lessons run in this Python.")


def _folders(facts: Facts) -> Iterator[Diagnosis]:
    for one in facts.folders:
        if not one.fault:
            continue
        if one.what == "here":
            said = f"The folder you are in, {one.path}, cannot be written ({one.fault}): nothing can be saved here."
            yield Diagnosis("folders", "broken", said, "Go to a folder of your own (`cd`).")
        elif one.what == "state":
            said = (
                f"The folder that keeps the pace of requests, {one.path}, cannot be written ({one.fault}); a temporary "
                "one is used, so two machines that share your home do not know of each other."
            )
            yield Diagnosis("folders", "note", said, "Make it writable, or name another in KETALIT_STATE.")
        else:
            said = f"The settings folder {one.path} cannot be written ({one.fault})."
            yield Diagnosis("folders", "note", said, "Nothing needs it: settings can come from the environment.")
    if facts.folders and not any(one.fault for one in facts.folders):
        yield Diagnosis("folders", "fine", "The folder you are in, and those for settings and state, can be written.")


def _settings(facts: Facts) -> Iterator[Diagnosis]:
    if facts.settings_fault is None:
        return
    if facts.settings_fault:
        step = "Correct it; until then nothing asks NCBI."
        yield Diagnosis("settings", "broken", f"The settings cannot be read. {facts.settings_fault}", step)
        return
    if facts.key:
        yield Diagnosis("settings", "fine", "A key for NCBI is set: 10 requests a second.")
    else:
        said = "No key for NCBI is set: 3 requests a second, which is enough for most reviews."
        yield Diagnosis("settings", "note", said, "With an NCBI account: make one there, and set NCBI_API_KEY.")
    if facts.email:
        yield Diagnosis("settings", "fine", "An e-mail address for NCBI is set.")
    else:
        said = "No e-mail address for NCBI is set; it writes to that before it blocks anybody."
        yield Diagnosis("settings", "note", said, "Set NCBI_EMAIL.")
    if facts.stand_in:
        said = f"KETALIT_EUTILS is set: {facts.stand_in} is asked in place of NCBI."
        yield Diagnosis("settings", "note", said, "Unset it to ask NCBI.")


def _review(facts: Facts) -> Iterator[Diagnosis]:
    if facts.review is None:
        yield Diagnosis("review", "note", "The bundled review was not looked at: what reads it cannot be loaded.")
    elif facts.review:
        more = len(facts.review) - 3
        said = (
            "The bundled review is damaged. " + " ".join(facts.review[:3]) + (f" And {more} more." if more > 0 else "")
        )
        yield Diagnosis("review", "broken", said, f"It is never edited; bring it back: {_again(facts)}")
    else:
        yield Diagnosis("review", "fine", "The bundled review is as it should be.")


def _network(facts: Facts) -> Iterator[Diagnosis]:
    if facts.network is None:
        said = "Whether NCBI can be reached was not looked at. Only search, fetch, refresh and verify need it."
        yield Diagnosis("network", "note", said, "`ketalit doctor --online` asks it one question.")
    elif facts.network:
        said = f"NCBI could not be asked. {facts.network}"
        step = "Look at your connection, proxy and firewall; all but search, fetch, refresh and verify works without."
        yield Diagnosis("network", "broken", said, step)
    else:
        yield Diagnosis("network", "fine", "NCBI answers.")


def as_text(found: Sequence[Diagnosis], width: int = 100) -> str:
    """The diagnoses in lines for a terminal.

    >>> print(as_text([Diagnosis("python", "fine", "Python 3.12.1 will do.")]))
    Nothing is broken.
    <BLANKLINE>
    fine    Python 3.12.1 will do.
    """
    broken = sum(one.state == "broken" for one in found)
    lines = [f"{broken} {'thing is' if broken == 1 else 'things are'} broken." if broken else "Nothing is broken.", ""]
    room, indent = max(width, 40), " " * 8
    for one in found:
        said = " ".join(terminal(one.said).split())
        lines += textwrap.wrap(said, room, initial_indent=f"{one.state:<8}", subsequent_indent=indent)
        if one.next_step:
            step = f"{indent}→ {' '.join(terminal(one.next_step).split())}"
            lines += textwrap.wrap(step, room, subsequent_indent=f"{indent}  ", break_on_hyphens=False)
    return "\n".join(lines)


def as_plain(found: Sequence[Diagnosis]) -> dict[str, Any]:
    """The diagnoses as data for JSON: `broken` (how many) and `found`, a list."""
    return {
        "broken": sum(one.state == "broken" for one in found),
        "found": [dataclasses.asdict(one) for one in found],
    }


# --- the edge: look at this machine ---------------------------------------------------------------------------------


def look(*, online: bool = False) -> Facts:
    """The facts of the installation that runs this; changes nothing, and asks NCBI one question only when `online`."""
    lines, wanted = _asked()
    packages = [_looked_at(one) for one in required(lines)]
    usable = not any(one.fault or (not one.extra and one.installed is None) for one in packages)
    has_lab = _version("jupyterlab") is not None
    key, email, fault, stand_in = _look_at_settings()
    return Facts(
        python=".".join(map(str, sys.version_info[:3])),
        python_wanted=wanted,
        version=_version("ketalit") or "",
        checkout=_PYPROJECT.is_file(),
        packages=tuple(packages),
        others={name: found for name in _WIDGETS if (found := _version(name))},
        widgets_wanted=_wanted_by_ipywidgets(),
        extensions=_look_at_extensions() if has_lab else None,
        kernel=_look_at_kernel() if has_lab else None,
        folders=tuple(_look_at_folders()),
        key=key,
        email=email,
        settings_fault=fault,
        stand_in=stand_in,
        review=_look_at_review() if usable else None,
        network=_ask_ncbi() if online else None,
    )


def _asked() -> tuple[list[str], str]:
    """The packages and the Python that ketalit asks for.

    In a checkout as pyproject.toml says, as what was installed from it may be older; else as the installation says.
    """
    if _PYPROJECT.is_file() and importlib.util.find_spec("tomllib"):  # from Python 3.11 on
        import tomllib

        project = tomllib.loads(_PYPROJECT.read_text(encoding="utf-8"))["project"]
        extras = project["optional-dependencies"].items()
        more = [f'{line}; extra == "{extra}"' for extra, lines in extras for line in lines]
        return [*project["dependencies"], *more], project["requires-python"]
    try:
        wanted = importlib.metadata.metadata("ketalit")["Requires-Python"] or ""
        return importlib.metadata.requires("ketalit") or [], wanted
    except importlib.metadata.PackageNotFoundError:
        return [], ""


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _looked_at(package: Package) -> Package:
    """With its version; what ketalit never goes without is loaded too."""
    installed = _version(package.name)
    fault = "" if package.extra or installed is None else _load(_module(package.name))
    return dataclasses.replace(package, installed=installed, fault=fault)


def _load(module: str) -> str:
    """What goes wrong when a module is loaded."""
    try:
        importlib.import_module(module)
    except Exception as error:  # a compiled part may raise anything
        return f"{type(error).__name__}, {str(error).splitlines()[0] if str(error) else 'without a reason'}"
    return ""


def _look_at_extensions() -> tuple[Extension, ...]:
    try:
        from jupyter_core.paths import jupyter_config_path, jupyter_path
    except ImportError:
        return ()
    off: dict[str, str] = {}
    for folder in jupyter_config_path():
        path = Path(folder) / "labconfig" / "page_config.json"
        disabled = _read_json(path).get("disabledExtensions", {})
        pairs = disabled.items() if isinstance(disabled, dict) else ((name, True) for name in disabled)
        for name, switched in pairs:
            if switched:
                off.setdefault(str(name).split(":")[0], str(path))
    found = []
    for name in _LAB_EXTENSIONS:
        copies = []
        for folder in jupyter_path("labextensions"):
            described = Path(folder) / name / "package.json"
            if described.is_file():
                copies.append((str(_read_json(described).get("version", "")), str(described.parent)))
        found.append(Extension(name, tuple(copies), off.get(name, "")))
    return tuple(found)


def _look_at_kernel() -> Kernel:
    try:
        from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

        spec = KernelSpecManager().get_kernel_spec("python3")
    except (ImportError, NoSuchKernel, ValueError):
        return Kernel()
    program = spec.argv[0] if spec.argv else ""
    # Jupyter starts this Python for these names.
    if program in {"python", "python3", f"python3.{sys.version_info[1]}", f"python{sys.version_info[0]}"}:
        return Kernel(spec.resource_dir, program)
    found = shutil.which(program)
    # Environments of one Python share its binary, so folders are compared and not files.
    same = found is not None and Path(found).absolute().parent == Path(sys.executable).absolute().parent
    return Kernel(spec.resource_dir, program, same=same, exists=found is not None)


def _look_at_folders() -> Iterator[Folder]:
    try:
        yield Folder("here", str(Path.cwd()), _fault_of(Path.cwd()))
    except OSError as error:  # it was removed
        yield Folder("here", ".", error.strerror or str(error))
    try:
        import platformdirs
    except ImportError:
        return
    yield Folder("settings", *_told(platformdirs.user_config_path("ketalit")))
    state = os.environ.get("KETALIT_STATE", "").strip()
    yield Folder("state", *_told(Path(state) if state else platformdirs.user_state_path("ketalit")))


def _told(path: Path) -> tuple[str, str]:
    return str(path), _fault_of(path)


def _fault_of(folder: Path) -> str:
    """Why a folder cannot be written, tried with a file without a name in it or in the nearest folder above."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        with tempfile.TemporaryFile(dir=folder):
            return ""
    except OSError as error:
        return error.strerror or str(error)


def _look_at_settings() -> tuple[bool, bool, str | None, str]:
    """Key set, e-mail set, what is wrong with them, stand-in. The values themselves go no further."""
    from .errors import KetalitError

    try:
        from .entrez.settings import load_settings

        settings = load_settings()
    except KetalitError as error:
        return False, False, str(error), ""
    except ImportError:  # which package is missing is said elsewhere
        return False, False, None, ""
    return bool(settings.api_key), bool(settings.email), "", os.environ.get("KETALIT_EUTILS", "").strip()


def _look_at_review() -> tuple[str, ...] | None:
    from .errors import KetalitError

    try:
        from .checks import check_review
        from .review import BUNDLED, read_review

        review, problems = read_review(BUNDLED)
        doubts = [one for one in check_review(review) if not one.explained] if review else []
    except KetalitError as error:
        return (str(error),)
    except ImportError:
        return None
    return tuple(str(one) for one in (*problems, *doubts))


def _ask_ncbi() -> str:
    """One question, once; what went wrong."""
    from .errors import KetalitError

    try:
        from .entrez.ncbi import Ncbi
        from .entrez.settings import load_settings
        from .entrez.transport import Transport

        patient = dataclasses.replace(load_settings(), attempts=1, total_timeout=30)
        Ncbi(Transport(patient)).spell("ketamine")
    except KetalitError as error:
        return str(error)
    except ImportError as error:
        return f"{error}."
    return ""


def _wanted_by_ipywidgets() -> str:
    try:
        lines = importlib.metadata.requires("ipywidgets") or ()
    except importlib.metadata.PackageNotFoundError:
        return ""
    return next((one.wanted for one in required(lines) if one.name.replace("-", "_") == "jupyterlab_widgets"), "")


def _read_json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _module(package: str) -> str:
    return _MODULES.get(package.lower(), package.replace("-", "_"))


def _install(extra: str, facts: Facts) -> str:
    if facts.checkout:
        return f'pip install -e ".[{extra}]"' if extra else "pip install -e ."
    return f'pip install "ketalit[{extra}]"' if extra else "pip install ketalit"


def _again(facts: Facts) -> str:
    return "git checkout ketalit/reviews" if facts.checkout else "pip install --force-reinstall --no-deps ketalit"


def _any(package: Package) -> str:
    return package.wanted or "any version"


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(".")))


def _major(version: str) -> str:
    return version.split(".", maxsplit=1)[0]


def cannot_load(error: ImportError) -> str:
    """What to tell somebody whose Python lacks a package; empty where the fault is our own, as a traceback shows more.

    >>> cannot_load(ModuleNotFoundError("No module named 'lxml'", name="lxml"))  # doctest: +ELLIPSIS
    'the package “lxml” is not installed in this Python (...). `ketalit doctor` says ...'
    >>> cannot_load(ImportError("cannot import name 'tabel'", name="ketalit.table"))
    ''
    """
    name = (error.name or "").partition(".")[0]
    if name in {"", "ketalit"}:
        return ""
    missing = isinstance(error, ModuleNotFoundError)
    what = "is not installed in this Python" if missing else f"cannot be loaded: {error}"
    return (
        f"the package “{name}” {what} ({sys.executable}). `ketalit doctor` says what is missing and what to do; "
        "where that does not start, `python -m ketalit.doctor`."
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """As `ketalit doctor`; 0 where nothing is broken, else 1."""
    parser = argparse.ArgumentParser("python -m ketalit.doctor", description="What is wrong with this installation.")
    parser.add_argument("--online", action="store_true", help="Ask NCBI one question too.")
    parser.add_argument("--json", action="store_true", help="Print JSON for scripts.")
    given = parser.parse_args(arguments)
    found = examine(look(online=given.online))
    told = json.dumps(as_plain(found), indent=2, ensure_ascii=False) if given.json else as_text(found, _columns())
    try:
        print(told, flush=True)
    except BrokenPipeError:  # whoever reads has seen enough; Python must not try again on its way out
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return int(any(one.state == "broken" for one in found))


def _columns() -> int:
    return min(shutil.get_terminal_size().columns, 110)


if __name__ == "__main__":
    sys.exit(main())

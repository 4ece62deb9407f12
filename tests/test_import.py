"""`import ketalit` is cheap and leaves nothing behind."""

import subprocess
import sys

HEAVY = (
    "pandas",
    "numpy",
    "lxml",
    "pint",
    "rich",
    "typer",
    "openpyxl",
    "itables",
    "jinja2",
    "Bio",
    "matplotlib",
    "IPython",
)


def run(code, **kwargs):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, **kwargs)


def test_import_loads_nothing_heavy():
    done = run(f"import sys, ketalit; print(sorted(set(sys.modules) & set({HEAVY!r})))")
    assert done.stdout.strip() == "[]"


def test_import_writes_nothing_and_opens_no_connection(tmp_path):
    code = (
        "import sys\n"
        "def forbid(event, args):\n"
        "    writes = event == 'open' and isinstance(args[1], str) and set(args[1]) & set('wax+')\n"
        "    if writes or event in {'socket.connect', 'os.mkdir', 'subprocess.Popen'}: raise SystemExit(event)\n"
        "sys.dont_write_bytecode = True\n"
        "sys.addaudithook(forbid)\n"
        "import ketalit\n"
    )
    done = run(code, cwd=tmp_path, env={"HOME": str(tmp_path), "PATH": ""})
    assert done.returncode == 0, done.stderr
    assert not list(tmp_path.iterdir())


def test_every_public_name_can_be_reached():
    done = run("import ketalit; print(all(callable(getattr(ketalit, name)) for name in ketalit.__all__))")
    assert done.stdout.strip() == "True", done.stderr


def test_an_unknown_name_is_an_attribute_error():
    assert "has no attribute 'nothing'" in run("import ketalit; ketalit.nothing").stderr


def test_an_unknown_name_comes_with_the_nearest():
    assert "Did you mean: 'evidence_table'?" in run("import ketalit; ketalit.evidence_tabel").stderr
    assert "Did you mean: 'receptor'?" in run("import ketalit; ketalit.models.recepter").stderr


def test_the_rooms_that_a_notebook_takes_from_are_there_and_are_offered():
    done = run("import ketalit; print(ketalit.models.Dose.__name__, ketalit.pooling.pool, ketalit.figures.draw)")
    assert done.stdout.startswith("Dose"), done.stderr
    offered = run("import ketalit; print(*dir(ketalit))").stdout.split()
    assert {"models", "figures", "pooling", "evidence_table"} <= {*offered}
    assert not {"Any", "TYPE_CHECKING", "import_module"} & {*offered}

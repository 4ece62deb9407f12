"""Does the R script hold our numbers to the last digit, and does metafor agree where it is installed?"""

import re
import shutil
import subprocess

import pytest

from ketalit.errors import InputError
from ketalit.pooling import METHODS, mantel_haenszel, pool, r_script
from ketalit.pooling.intervals import INTERVALS

Y, V = [-0.1, 1 / 3, 0.7, 1e-7, 2.5], [0.1, 0.2, 0.05, 1 / 7, 0.3]


def vector(script, name):
    return [float(one) for one in re.search(rf"{name} (?:=|<-) c\(([^)]*)\)", script)[1].split(",")]


def test_numbers_come_back_exactly():
    found = pool(Y, V)
    script = r_script(found)
    assert vector(script, "yi") == Y
    assert vector(script, "vi") == V
    assert vector(script, "ours") == [found.estimate, found.ci_low, found.ci_high, found.tau2, found.i2, found.q]
    assert 'method = "REML"' in script
    assert "prediction interval" in script


def test_labels_cannot_break_out():
    names = ['O"Neill', "back\\slash", "new\nline", "Rodríguez", '"); quit("no']
    script = r_script(pool(Y, V), names, title="one\ntwo")
    assert script.startswith("# one two\n")
    assert r'"O\"Neill", "back\\slash", "new\nline", "Rodríguez", "\"); quit(\"no"' in script
    with pytest.raises(InputError, match="1 labels for 5 studies"):
        r_script(pool(Y, V), ["A"])


def test_tables_are_refused():
    with pytest.raises(InputError, match="a result of tables"):
        r_script(mantel_haenszel([3], [30], [5], [30]))


@pytest.mark.parametrize("interval", INTERVALS)
@pytest.mark.parametrize("method", METHODS)
def test_metafor_agrees(method, interval, tmp_path):
    if not shutil.which("Rscript"):
        pytest.skip("R is not installed")
    path = tmp_path / "again.R"
    path.write_text(r_script(pool(Y, V, method, interval)), encoding="utf-8")
    done = subprocess.run(["Rscript", str(path)], capture_output=True, text=True, check=False)
    if "no package called" in done.stderr:
        pytest.skip("the R package metafor is not installed")
    assert done.returncode == 0, done.stderr
    rows = re.findall(r"^(?:estimate|ci\.lb|ci\.ub|tau2|I2|Q)\s+(\S+)\s+(\S+)$", done.stdout, re.MULTILINE)
    assert len(rows) == 6
    for ours, theirs in rows:
        assert float(ours) == pytest.approx(float(theirs), rel=1e-6, abs=1e-8)

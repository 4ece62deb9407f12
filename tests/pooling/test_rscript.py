"""Does the R script hold our numbers to the last digit, and does metafor agree where it is installed?

Where there is no R, the script is taken apart instead: its numbers are those of the data, its calls are held against
what metafor documents, and the results it prints as ours follow from its own numbers by brute force.
"""

import math
import re
import shutil
import subprocess

import numpy as np
import pytest

from ketalit.errors import InputError
from ketalit.pooling import METHODS, mantel_haenszel, pool, r_script
from ketalit.pooling.intervals import INTERVALS
from ketalit.review import load_review
from ketalit.synthesis import choose

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


# man/rma.uni.Rd and man/confint.rma.Rd of github.com/wviechtb/metafor, and the code beside them, as read for this test
DOCUMENTED = {
    "rma": {"yi", "vi", "data", "method", "test", "level", "control"},
    "confint": {"object", "level", "control"},
    "library": {"metafor"},
}
CONTROL = {"threshold", "maxiter", "tol", "tau2.max"}
FIELDS = {"beta", "se", "tau2", "I2", "QE", "k", "ci.lb", "ci.ub", "yi", "vi"}  # of a fit, and of the data
ESTIMATORS = {"FE", "DL", "REML", "PM", "ML"}


def calls(script, name):
    """Arguments of the calls of a function, innermost brackets left in."""
    for start in (found.end() for found in re.finditer(rf"(?<![\w.]){name}\(", script)):
        depth, end = 1, start
        while depth:
            depth += {"(": 1, ")": -1}.get(script[end], 0)
            end += 1
        yield re.split(r",\s*(?![^(]*\))", script[start : end - 1])


def code(script):
    return "\n".join(line.split("#")[0] for line in script.splitlines())


@pytest.mark.parametrize("interval", INTERVALS)
@pytest.mark.parametrize("method", METHODS)
def test_every_call_is_one_that_metafor_documents(method, interval):
    plain = code(r_script(pool(Y, V, method, interval)))
    for name, arguments in DOCUMENTED.items():
        for call in calls(plain, name):
            named = {one.partition("=")[0].strip() for one in call if "=" in one}
            assert named <= arguments, (name, call)
    for call in calls(plain, "rma"):
        assert [one.strip() for one in call[:2]] == ["yi", "vi"]
    assert set(re.findall(r'method = "(\w+)"', plain)) <= ESTIMATORS
    assert set(re.findall(r'test = "(\w+)"', plain)) <= {"z", "knha"}
    assert {one.partition("=")[0].strip() for call in calls(plain, "list") for one in call if one} <= CONTROL
    assert set(re.findall(r"\$([\w.]+)", plain)) <= FIELDS
    assert [plain.count(one) for one in "([{"] == [plain.count(one) for one in ")]}"]
    assert plain.count('"') % 2 == 0


PAIN = choose(load_review(), comparison="IV ketamine vs placebo", outcome="pain intensity", time="immediate")


@pytest.mark.parametrize("method", METHODS)
def test_the_script_holds_the_trials_of_the_review(method):
    """The numbers of the three trials, from the table of the review by hand: no code of ours between."""
    rows = [(59, 60.033898, 38.030326, 30, 61.3, 32.7), (12, 56, 31.176915, 12, 74, 10.392305)]
    rows += [(30, 26.8, 27.93385, 30, 54.5, 26.290683)]
    script = r_script(PAIN.pool(method, "wald"), [one.study for one in PAIN.effects])
    assert vector(script, "yi") == pytest.approx([m1 - m2 for _, m1, _, _, m2, _ in rows], rel=1e-12)
    assert vector(script, "vi") == pytest.approx([s1**2 / n1 + s2**2 / n2 for n1, _, s1, n2, _, s2 in rows], rel=1e-12)
    assert 'study = c("lumanauw2019", "noppers2011fm", "sigtermans2009")' in script
    assert f'fit <- rma(yi, vi, data = dat, method = "{method}"' in script


def estimate(y, v, tau2):
    w = 1 / (v + tau2)
    return float((w * y).sum() / w.sum()), w


def equations(method, y, v):
    """Zero, or greatest, at the estimate of tau²: as the method is defined, and nothing cleverer."""
    if method == "PM":
        return lambda tau2: -abs((estimate(y, v, tau2)[1] * (y - estimate(y, v, tau2)[0]) ** 2).sum() - (len(y) - 1))

    def likelihood(tau2):
        middle, w = estimate(y, v, tau2)
        value = (np.log(w).sum() - (w * (y - middle) ** 2).sum()) / 2
        return value - math.log(w.sum()) / 2 if method == "REML" else value

    return likelihood


def highest(goal, most):
    """Where a function with one peak is greatest, by golden section."""
    low, high, ratio = 0.0, most, (math.sqrt(5) - 1) / 2
    for _ in range(200):
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        low, high = (low, right) if goal(left) >= goal(right) else (left, high)
    return (low + high) / 2


@pytest.mark.parametrize("method", METHODS)
def test_what_the_script_prints_as_ours_follows_from_its_own_numbers(method):
    script = r_script(PAIN.pool(method, "wald"))
    y, v = np.asarray(vector(script, "yi")), np.asarray(vector(script, "vi"))
    if method in {"FE", "DL"}:
        middle, w = estimate(y, v, 0.0)
        q = (w * (y - middle) ** 2).sum()
        tau2 = 0.0 if method == "FE" else max(0.0, (q - 2) / (w.sum() - (w**2).sum() / w.sum()))
    else:
        tau2 = highest(equations(method, y, v), 10 * y.var())
    middle, w = estimate(y, v, tau2)
    half = 1.959963984540054 / math.sqrt(w.sum())
    ours = vector(script, "ours")
    assert ours[:3] == pytest.approx([middle, middle - half, middle + half], rel=1e-5)
    assert ours[3] == pytest.approx(tau2, rel=1e-5)
    # Q-profile: where the generalised Q meets the ends of chi² with 2 df
    low, high = (float(one) for one in re.search(r"Q-profile; ours (\S+) to (\S+)", script).groups())
    assert low == 0.0
    middle, w = estimate(y, v, high)
    assert (w * (y - middle) ** 2).sum() == pytest.approx(-2 * math.log(0.975), rel=1e-9)


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

"""`ketalit pool` as a user meets it: numbers that were published, warnings, files, and sentences for broken input.

Files of effects are synthetic.
"""

import csv
import json
import re
import shlex
import sys
from functools import partial
from pathlib import Path

import pytest
from typer.main import get_command

from ketalit.cli import app
from ketalit.pooling.effects import COLUMNS
from ketalit.review import new_review

PAIN = ("--comparison", "IV ketamine vs placebo", "--outcome", "pain intensity", "--time", "immediate")
THREE = "study,yi,vi\nA 2019,-1.266102,60.156656\nB 2011,-18.0,90.0\nC 2009,-27.7,49.05\n"


@pytest.fixture
def ketalit(ketalit):
    """Run `ketalit pool`; give code, standard output, standard error."""
    return partial(ketalit, "pool")


@pytest.fixture
def run(ketalit):
    """Run any command; give code, standard output, standard error."""
    return ketalit.func


@pytest.fixture
def file(tmp_path):
    """Write a CSV file."""

    def write(text, name="effects.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def data(ketalit, *args):
    code, out, err = ketalit(*args, "--json")
    assert code == 0, err
    return json.loads(out)


def test_the_published_result_of_cochrane(ketalit):
    # CD015373.pub2: pain MD -15.79 (-32.09 to 0.51), adverse events RR 3.26 (1.05 to 10.09)
    pain = data(ketalit, *PAIN, "--classic")["pooled"]
    assert [round(pain[one], 2) for one in ("estimate", "ci_low", "ci_high")] == [-15.79, -32.09, 0.51]
    harm = data(ketalit, "--comparison", "IV ketamine vs placebo", "--outcome", "adverse events", "--classic")["pooled"]
    assert [round(harm[one], 2) for one in ("estimate", "ci_low", "ci_high")] == [3.26, 1.05, 10.09]


def test_three_studies_and_how_much_the_options_decide(ketalit):
    """The figures are those of metafor for these three trials."""
    code, out, _ = ketalit(*PAIN)
    assert code == 0
    assert re.search(r"pooled, 3 studies +-15\.8 +-49\.8 to 18\.2 +100\.0 %", out)
    assert re.search(r"FE, wald +-16\.3 +-25\.3 to -7\.4 +yes", out)
    assert re.search(r"DL, wald \(Cochrane classic\) +-15\.8 +-32\.1 to 0\.5 +no", out)
    assert re.search(r"REML, wald +-15\.8 +-31\.7 to 0\.1 +no", out)
    assert re.search(r"PM, wald +-15\.8 +-31\.3 to -0\.3 +yes", out)
    assert "By 2 of these 6 the interval excludes 0" in out
    assert "! Only 3 studies: the answer depends on the options chosen" in out
    assert "tau 11.5, 95 % CI 0.0 to 83.7" in out
    assert "I² 67 % from tau², 69 % from Q" in out
    assert "prediction interval: none below 5 studies" in out


def test_every_simple_form_of_a_file_gives_the_same(ketalit, file):
    se = "study,estimate,se\nA,-1.266102,7.756072\nB,-18.0,9.486833\nC,-27.7,7.003571\n"
    ends = "study,estimate,ci_low,ci_high\n" + "".join(
        f"{name},{y},{y - 1.959964 * s},{y + 1.959964 * s}\n"
        for name, y, s in (("A", -1.266102, 7.756072), ("B", -18.0, 9.486833), ("C", -27.7, 7.003571))
    )
    arms = (
        "study,n1,mean1,sd1,n2,mean2,sd2\nA,59,60.033898,38.030326,30,61.3,32.7\n"
        "B,12,56,31.176915,12,74,10.392305\nC,30,26.8,27.93385,30,54.5,26.290683\n"
    )
    for text in (THREE, se, ends, arms):
        pooled = data(ketalit, file(text), "--method", "DL", "--interval", "wald")["pooled"]
        found = [pooled[one] for one in ("estimate", "ci_low", "ci_high", "i2_from_q")]
        assert found == pytest.approx([-15.791128, -32.087519, 0.505263, 68.938170], abs=2e-4)  # metafor's


def test_ratios_are_shown_as_ratios(ketalit, file):
    path = file("study,measure,n1,events1,n2,events2\nA,RR,100,10,100,20\nB,RR,100,5,100,10\n")
    found = data(ketalit, path, "--method", "FE", "--interval", "wald")
    assert [round(one["estimate"], 6) for one in found["studies"]] == [0.5, 0.5]
    assert found["pooled"]["estimate"] == pytest.approx(0.5)
    # 1/10 - 1/100 + 1/20 - 1/100 is the variance of the logarithm
    assert found["studies"][0]["vi"] == pytest.approx(0.13)
    assert "below 1: less in the first group" in ketalit(path)[1]


def test_what_is_left_out_is_said(ketalit, file):
    harms = ketalit("--comparison", "IV ketamine vs placebo", "--outcome", "psychotomimetic effects")[1]
    assert "Left out: effects.csv, line 17: schwartzman2009" in harms
    path = file("study,measure,n1,events1,n2,events2\nA,RR,10,1,10,2\nB,RR,10,0,10,0\nC,RR,10,3,10,2\n")
    code, _, err = ketalit(path)
    assert code == 1
    assert "line 3" in err
    code, out, _ = ketalit(path, "--skip")
    assert code == 0
    assert "Left out: effects.csv, line 3: B" in " ".join(out.split())
    assert "pooled, 2 studies" in out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("study,n1,mean1,sd1,n2,mean2,sd2\nA,30,2.7,-0.5,30,5.4,2\n", "line 2: A, group 1: sd1 is -0.5"),
        ("study,n1,mean1,sd1,n2,mean2,sd2\nA,1,2.7,0.5,30,5.4,2\n", "line 2: A, group 1: n1 is 1"),
        ("study,measure,n1,events1,n2,events2\nA,RR,0,0,30,5\n", "n1 is 0. Expected: an arm with people in it"),
        ("study,yi,vi\nA,many,2\n", "line 2, yi: the cell is wrong (found “many”). Expected: a number"),
        ("study,yi,vi\n", "there are no studies"),
        ("", "there are no studies"),
        ("study,yi,vi\nA,1,\n", "vi is empty"),
        ("study,yi,vi\nA,1,0\n", "vi is 0"),
        ("study,yy,vi\nA,1,1\n", "yy: unknown column"),
        ("study;yi;vi\nA;1;2\n", "not separated by commas"),
        ("study,estimate,ci_low,ci_high\nA,1,2,3\n", "the estimate 1 is not between 2 and 3"),
        ("study,estimate\nA,1\n", "the estimate has no spread"),
        ("study,yi,vi\nA,nan,1\n", "yi is nan"),
        ("study,yi,vi,measure\nA,1,1,MD\nB,1,1,RR\n", "MD, RR are pooled together"),
    ],
)
def test_broken_input_is_answered_by_a_sentence(ketalit, file, text, said):
    code, out, err = ketalit(file(text))
    assert (code, out) == (1, "")
    assert said in err
    assert err.count("\n") == 1
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--mcid", "10"), "a threshold without a source"),
        (("--mcid-source", "mine"), "a source without a threshold"),
        (("--mcid", "much", "--mcid-source", "mine"), "no threshold"),
        (("--mcid", "-3", "--mcid-source", "mine"), "a threshold of -3"),
        (("--mcid", "olsen2018"), "in points of a scale"),
        (("--classic", "--method", "DL"), "--classic says"),
        (("--method", "HE"), "method is “HE”"),
        (("--interval", "z"), "interval is “z”"),
        (("--level", "2"), "level is 2"),
        (("--scale", "wide"), "no scale"),
        (("--comparison", "IV"), "no comparison “IV”"),
        (("--to", "forest.docx"), "no kind of report"),
    ],
)
def test_wrong_options_are_answered_by_a_sentence(ketalit, file, options, said):
    code, _, err = ketalit(file(THREE), *options)
    assert code == 1
    assert said in err


def test_no_such_file(ketalit, tmp_path):
    assert "there is no such file" in ketalit(tmp_path / "none.csv")[2]


def test_what_there_is_to_choose_from_is_said(ketalit):
    code, _, err = ketalit()
    assert code == 1
    assert "IV ketamine vs placebo; " in err
    out = ketalit("--list")[1]
    assert "IV ketamine vs placebo\n" in out
    assert "  pain intensity, immediate term: 3 trials" in out
    code, _, err = ketalit("--comparison", "IV ketamine vs placebo", "--outcome", "pain intensity")
    assert (code, "short term" in err) == (1, True)


def test_a_file_with_several_outcomes_and_times(ketalit, file):
    path = file(
        "study,outcome,hours,yi,vi\nA,pain,24,1,1\nA,pain,168,2,1\nB,pain,24,1,1\nB,sleep,24,9,1\nC,pain,900,5,1\n"
    )
    assert "--outcome" in ketalit(path)[2]
    found = data(ketalit, path, "--outcome", "pain", "--time", "0-200")
    assert [(one["study"], one["yi"]) for one in found["studies"]] == [("A", 2.0), ("B", 1.0)]  # the latest of each
    assert [one["study"] for one in data(ketalit, path, "--outcome", "pain", "--time", "24 h")["studies"]] == ["A", "B"]


def test_conversions_are_shown(ketalit, file):
    path = file("study,measure,spread,n1,mean1,sd1,n2,mean2,sd2\nA,MD,SEM,30,2.68,0.51,30,5.45,0.48\n")
    out = " ".join(ketalit(path, "--show-steps")[1].split())
    assert "SD from SEM: SD = SEM × √n; SEM = 0.51, n = 30; SD = 2.793" in out
    assert "Cochrane Handbook 6.5, section 6.5.2.2" in out


def test_leave_one_out_cumulative_and_multiverse(ketalit, file):
    path = file(THREE)
    out = ketalit(path, "--leave-one-out", "--cumulative", "--multiverse", "--classic")[1]
    assert re.search(r"without +effect", out)
    assert out.index("C 2009", out.index("As studies came in, by year")) < out.index("A 2019", out.index("by year"))
    assert "52 universes of 3 trials" in out
    found = data(ketalit, path, "--leave-one-out", "--cumulative", "--multiverse", "--method", "FE")
    without = {one["study"]: one["estimate"] for one in found["leave_one_out"]}
    assert without["A 2019"] == pytest.approx((-18 / 90 - 27.7 / 49.05) / (1 / 90 + 1 / 49.05))
    assert [one["study"] for one in found["cumulative"]] == ["C 2009", "B 2011", "A 2019"]
    assert found["multiverse"]["universes"] == 52


def test_a_threshold_is_printed_with_its_source(ketalit):
    out = " ".join(ketalit(*PAIN, "--mcid", "salaffi2004")[1].split())
    assert "Threshold of 10 (slightly better; 825 people" in out  # 1 of 10 points, on a scale from 0 to 100
    assert "Salaffi et al. 2004, PMID:15207508" in out
    assert "on both sides of it" in out
    found = data(ketalit, *PAIN, "--mcid", "60", "--mcid-source", "a bet")["mcid"]
    assert found == {"value": 60.0, "source": "a bet", "verdict": "the whole interval is smaller than it"}
    nearly = data(ketalit, *PAIN, "--mcid", "40", "--mcid-source", "a bet")["mcid"]  # -49.8 to 18.2
    assert nearly["verdict"].startswith("the interval lies on both sides")
    beyond = data(ketalit, *PAIN, "--method", "FE", "--interval", "wald", "--mcid", "7", "--mcid-source", "a bet")[
        "mcid"
    ]
    assert beyond["verdict"] == "the whole interval is beyond it"  # -25.3 to -7.4


def test_subgroups_of_a_file(ketalit, file):
    path = file("study,yi,vi,group\nA,0.1,0.01,oral\nB,0.2,0.01,oral\nC,0.6,0.01,IV\nD,0.7,0.01,IV\n")
    found = data(ketalit, path, "--method", "FE", "--interval", "wald")["subgroups"]
    assert (found["q_between"], found["df"]) == (pytest.approx(25.0), 1)
    assert "test of the difference: Q 25.00, df 1" in ketalit(path, "--method", "FE")[1]


def test_files(ketalit, tmp_path):
    names = [tmp_path / f"a.{kind}" for kind in ("svg", "csv", "json", "md", "R")]
    code, out, _ = ketalit(*PAIN, *(part for name in names for part in ("--to", name)))
    assert code == 0
    assert out.count("wrote ") == 5
    svg, table, plain, text, script = (name.read_text(encoding="utf-8") for name in names)
    assert "<title>IV ketamine vs placebo: pain intensity, immediate term</title>" in svg
    assert "Pooled (REML, Knapp-Hartung): −15.8 (95 % CI −49.8 to 18.2)" in svg
    assert "Risk of bias: not assessed." in svg
    assert len(table.splitlines()) == 5
    lines = list(csv.DictReader(table.splitlines()))
    assert [line["mean2"] for line in lines] == ["61.3", "74.0", "54.5", ""]
    assert json.loads(plain)["pooled"]["k"] == 3
    assert "| pooled, 3 studies | 101 |  | 72 |  | -15.8 | -49.8 to 18.2 | 100.0 % |" in text
    assert 'rma(yi, vi, data = dat, method = "REML"' in script


@pytest.mark.parametrize("kind", ["png", "pdf"])
def test_pictures_for_paper(ketalit, tmp_path, kind):
    pytest.importorskip("vl_convert", reason="vl-convert is not installed")
    path = tmp_path / f"a.{kind}"
    assert ketalit(*PAIN, "--to", path)[0] == 0
    assert path.read_bytes()[:4] in {b"\x89PNG", b"%PDF"}


@pytest.mark.parametrize(
    ("figure", "seen"),
    [
        ("forest", "Weight"),
        ("funnel", "fewer than 10"),
        ("leave-one-out", "without each study in turn"),
        ("cumulative", "by year"),
        ("multiverse", "What was chosen"),
        ("traffic-light", "not assessed"),
    ],
)
def test_every_figure(ketalit, tmp_path, figure, seen):
    path = tmp_path / "a.svg"
    assert ketalit(*PAIN, "--figure", figure, "--to", path, "--mcid", "salaffi2004")[0] == 0
    assert seen in path.read_text(encoding="utf-8")


def test_a_formula_in_a_name_stays_text(ketalit, file, tmp_path):
    path = tmp_path / "out.csv"
    assert ketalit(file("study,yi,vi\n=HYPERLINK(1),1,1\nB,2,1\n"), "--to", path)[0] == 0
    assert "'=HYPERLINK(1)" in path.read_text(encoding="utf-8")


def test_a_review_of_ones_own_and_its_judgements(ketalit, tmp_path):
    folder = tmp_path / "mine"
    new_review(folder)
    (folder / "rob.csv").write_text(
        "study,outcome,time,domain,judgement,reason,who,when\n"
        "noppers2011fm,pain intensity,immediate term,D1,high,synthetic,AB,2026-01-01\n",
        encoding="utf-8",
    )
    path = tmp_path / "a.svg"
    assert ketalit("-r", folder, *PAIN, "--to", path)[0] == 0
    assert "D1 high risk" in path.read_text(encoding="utf-8")
    (folder / "effects.csv").unlink()
    (folder / "rob.csv").unlink()
    code, _, err = ketalit("-r", folder, *PAIN)
    assert (code, "there are no effects" in err) == (1, True)


def words(out):
    return " ".join(out.split())


def test_small_study_tests_say_why_they_are_not_done(ketalit, file):
    code, out, _ = ketalit(*PAIN, "--egger", "--peters", "--trim-and-fill")
    assert code == 0
    assert "Not done: 3 studies. Needed: 10 or more, as fewer cannot tell asymmetry from chance." in words(out)
    assert "Not done: 3 of 3 studies without events. Needed: events and people of both groups." in words(out)
    assert "A sensitivity analysis, no correction" in words(out)
    assert "3 studies, fewer than 10: whether the funnel is uneven cannot be told from chance." in words(out)
    found = data(ketalit, *PAIN, "--egger", "--trim-and-fill")
    assert found["egger"] == {
        "not_done": "3 studies",
        "needed": "10 or more, as fewer cannot tell asymmetry from chance",
    }
    assert [(one["method"], one["estimator"]) for one in found["trim_and_fill"]["variants"]] == [
        ("FE", "L0"),
        ("FE", "R0"),
        ("REML", "L0"),
        ("REML", "R0"),
    ]
    two = file("study,yi,vi\nA,1,1\nB,2,1\n")
    assert "Not done: 2 studies. Needed: three at least." in words(ketalit(two, "--trim-and-fill")[1])


BCG = [  # Colditz 1994 as in Viechtbauer 2010, https://doi.org/10.18637/jss.v036.i03: events and people, latitude
    (4, 123, 11, 139, 44), (6, 306, 29, 303, 55), (3, 231, 11, 220, 42), (62, 13598, 248, 12867, 52),
    (33, 5069, 47, 5808, 13), (180, 1541, 372, 1451, 44), (8, 2545, 10, 629, 19), (505, 88391, 499, 88391, 13),
    (29, 7499, 45, 7277, 27), (17, 1716, 65, 1665, 42), (186, 50634, 141, 27338, 18), (5, 2498, 3, 2341, 33),
    (27, 16913, 29, 17854, 33),
]  # fmt: skip


@pytest.fixture
def bcg(file):
    """The BCG trials as a file, with a column that ketalit does not know."""
    rows = [f"T{n},{a},{n1},{c},{n2},{latitude}" for n, (a, n1, c, n2, latitude) in enumerate(BCG)]
    return file("\n".join(["study,events1,n1,events2,n2,latitude", *rows]) + "\n", "bcg.csv")


def test_meta_regression_on_a_column_of_ones_own(ketalit, bcg):
    """The figures are those of metafor with a tight limit, to the digits on which its default agrees too."""
    found = data(ketalit, bcg, "--explain", "latitude")["meta_regression"]
    slope = found["terms"][1]
    # metafor, rma(yi, vi, mods = ablat, data = dat, test = "knha"): -0.0291, tau2 0.076, R2 75.6 %
    assert (slope["term"], round(slope["coefficient"], 4), round(found["tau2"], 3)) == ("latitude", -0.0291, 0.076)
    assert round(found["r2"], 1) == 75.6
    out = words(ketalit(bcg, "--explain", "latitude")[1])
    assert "Trials were not allocated to these values" in out
    code, _, err = ketalit(bcg)
    assert (code, "bcg.csv, line 1, latitude: unknown column" in err) == (1, True)
    code, _, err = ketalit(bcg, "--explain", "lattitude")
    assert (code, "no column “lattitude”, did you mean “latitude”?" in err) == (1, True)


def test_two_covariates_need_twenty_studies(ketalit, bcg):
    out = words(ketalit(bcg, "--explain", "latitude", "--explain", "n1")[1])
    assert "Not done: 13 studies for 2 covariates. Needed: 10 studies for each." in out


def test_peters_and_egger_from_ten_studies_on(ketalit, bcg):
    bcg.write_text(bcg.read_text().replace("latitude", "year"))
    found = data(ketalit, bcg, "--peters", "--egger")
    assert found["egger"]["df"] == found["peters"]["df"] == 11
    out = words(ketalit(bcg, "--peters", "--egger")[1])
    assert "It is computed on odds ratios, whatever was pooled." in out
    assert "For events Peters' test is the better one" in out


def test_studies_without_a_value_are_named(ketalit, file):
    rows = [f"T{n},{n / 10},0.1,{n if n != 3 else ''}" for n in range(12)]
    path = file("\n".join(["study,yi,vi,dose", *rows]) + "\n")
    out = words(ketalit(path, "--explain", "dose")[1])
    assert "k 11 Left out, as a value is not known: T3." in out


def test_subgroups_by_a_field_of_the_review(ketalit):
    found = data(ketalit, *PAIN, "--by", "condition")["subgroups"]
    assert len(found["groups"]) == 3
    assert "fibromyalgia" in found["groups"]
    assert found["q_between"] == pytest.approx(6.438770600228498)  # each trial is a group: Q itself
    out = words(ketalit(*PAIN, "--by", "condition")[1])
    assert "3 studies, fewer than 10: too few to explain differences." in out
    code, _, err = ketalit(*PAIN, "--by", "rout")
    assert (code, "did you mean “route”" in err) == (1, True)


def test_groups_and_covariates_that_do_not_differ(ketalit):
    out = words(ketalit(*PAIN, "--by", "blinding", "--explain", "blinding")[1])
    assert "Not done: all studies are in one group, double. Needed: two groups at least." in out
    assert "Not done: all studies have the same blinding. Needed: studies that differ in it." in out


def test_times_and_measures_that_could_have_been_chosen(ketalit, tmp_path):
    found = data(ketalit, *PAIN, "--or-time", "short", "--or-measure", "SMD")["multiverse"]
    choices = {one["choice"] for one in found["shares"]}
    assert choices == {"method", "interval", "measure", "window", "left_out"}
    assert found["unit"] == "points of the scale"
    # 13 ways of pooling; 3 trials and 4 trials, all and without each; 2 measures
    assert found["universes"] == 13 * ((1 + 3) + (1 + 4)) * 2
    path = tmp_path / "a.svg"
    assert ketalit(*PAIN, "--or-time", "short", "--figure", "multiverse", "--to", path)[0] == 0
    svg = path.read_text(encoding="utf-8")
    assert "<title>IV ketamine vs placebo: pain intensity, all defensible choices</title>" in svg
    assert "follow-up: short term" in svg


def test_windows_of_hours_of_a_file_in_the_multiverse(ketalit, file):
    rows = "A,24,1,1\nA,168,2,1\nB,24,1,1\nB,168,4,1\nC,24,5,1\n"
    path = file(f"study,hours,yi,vi\n{rows}")
    found = data(ketalit, path, "--time", "0-48", "--or-time", "100-200")["multiverse"]
    assert "window" in {one["choice"] for one in found["shares"]}
    assert found["universes"] == 13 * (4 + 1)  # three trials early, all and without each; two trials late


def test_a_broken_row_of_a_review_is_told_with_file_and_line(ketalit, tmp_path):
    folder = tmp_path / "mine"
    new_review(folder)
    table = folder / "effects.csv"
    table.write_text(table.read_text().replace("60.033898,38.030326", "60.033898,-38"), encoding="utf-8")
    out = words(ketalit("-r", folder, *PAIN)[1])
    assert "Left out: effects.csv, line 2: lumanauw2019, pain intensity, immediate term, group 1: sd1 is -38." in out
    assert "! Only 2 studies" in out


@pytest.fixture
def pairs(file):
    """Four trials with two effects each."""
    rows = [f"{name},{y},1\n" for name, y in zip("AABBCCDD", range(8), strict=True)]
    return file("study,yi,vi\n" + "".join(rows))


def test_robust_variance(ketalit, pairs):
    pytest.importorskip("pymare", reason="PyMARE is not installed")
    found = data(ketalit, pairs, "--robust")["robust"]
    # equal variances, so the mean; four trials of the same size, so three degrees of freedom
    assert (found["yi"], found["df"]) == (pytest.approx(3.5, rel=1e-6), pytest.approx(3, rel=1e-3))
    assert "8 effects of 4 trials" in words(ketalit(pairs, "--robust")[1])


def test_without_pymare_the_rest_is_shown_all_the_same(ketalit, pairs, monkeypatch):
    monkeypatch.setitem(sys.modules, "pymare.estimators", None)
    out = words(ketalit(pairs, "--robust")[1])
    assert "Not done: a robust variance needs PyMARE. Install PyMARE 0.0.13." in out
    assert "pooled, 8 studies" in out
    out = words(ketalit("--comparison", "ketorolac", "--outcome", "pain", "--robust")[1])
    assert "Not done: all effects come from one trial. Needed: two trials at least." in out


def test_strata_of_one_trial_are_told(ketalit):
    out = words(ketalit("--comparison", "ketorolac", "--outcome", "pain")[1])
    assert "dadabayev2020 comes 2 times: its people are counted more than once, unless these are groups" in out
    assert "no interval: the studies agree more closely than chance would let them" in out


PAGE = (Path(__file__).parent.parent / "docs" / "pooling.md").read_text(encoding="utf-8")


def test_the_page_on_pooling_tells_what_the_command_says(ketalit, file):
    """The table of three trials and the numbers of the multiverse, in the page and on the screen."""
    text = "\n".join(line.strip() for line in re.findall(r"^    (?:study,|\w+ \d{4},).*$", PAGE, re.MULTILINE))
    for arguments in (PAIN, (file(f"{text}\n", "three.csv"),)):
        shown = words(ketalit(*arguments)[1])
        rows = re.findall(r"^\| (\w+, [\w-]+)[^|]*\| (\S+) \| (.+?) \| (\w+) \|$", PAGE, re.MULTILINE)
        assert len(rows) == 6
        for name, middle, ends, out in rows:
            assert re.search(rf"{name}(?: \(Cochrane classic\))? {middle} {ends} {out}", shown), name
    found = data(ketalit, *PAIN, "--multiverse")["multiverse"]
    told = [found["universes"], *(round(one, 1) for one in found["estimates"])]
    said = re.search(r"(\d+) universes of 3 trials: estimates from (\S+) to (\S+), .* 0 in (\d+) %", PAGE).groups()
    assert [float(one) for one in said] == [*told, round(100 * found["share_that_excludes_zero"])]


def test_the_page_on_pooling_names_options_that_exist(ketalit):
    out = ketalit("--help")[1]
    for option in set(re.findall(r"`(--[a-z-]+)", PAGE)):
        assert option in out, option


ROW = ("--comparison", "A vs B", "--outcome", "pain", "--measure", "MD", "--n1", 30, "--mean1", -4.5, "--sd1", 2)
ROW = (*ROW, "--n2", 30, "--mean2", -3, "--sd2", 2.5, "--score", "change", "--time", "24 h", "--better", "lower")


@pytest.fixture
def mine(tmp_path):
    """A review of one's own, with the records of the bundled one and no numbers."""
    folder = new_review(tmp_path / "mine")
    (folder / "effects.csv").unlink()
    return folder


def test_a_row_in_one_line_and_back(run, mine):
    code, out, err = run("effects", "add", "sigtermans2009", "--as", "AB", "-r", mine, *ROW, "--locator", "table 2")
    assert (code, err) == (0, "")
    first, effect, _ = out.splitlines()
    assert first == "sigtermans2009, pain, 24 h: saved, effects.csv, line 2"
    assert effect.startswith("MD -1.50 (95 % CI -2.65 to -0.35), in favour of A")  # 1.5 ± 1.96 √((4 + 6.25)/30)
    again = run("effects", "add", "sigtermans2009", "--as", "AB", "-r", mine, *ROW, "--locator", "table 2")
    assert "stands there already" in again[1]
    assert run("pool", "-r", mine)[0] == 0
    assert "taken out of effects.csv" in run("effects", "undo", "--as", "AB", "-r", mine)[1]
    assert "`ketalit effects add --as INITIALS` enters one" in run("pool", "--list", "-r", mine)[1]
    assert "`ketalit effects add --as INITIALS` enters a row" in run("pool", "-r", mine)[2]


def test_what_is_odd_about_a_row_goes_to_standard_error(run, mine):
    code, _, err = run("effects", "add", "sigtermans2009", "--as", "AB", "-r", mine, *ROW, "--n1", 300)
    assert code == 0
    assert "! the groups have 330 people, the study 60 [people]" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("sigtermans2009", *ROW, "--sd1", "0"),
            "no effect follows: sd1 is 0. Expected: a number above 0. Nothing saved",
        ),
        (("sigtermens2009", *ROW), "unknown record “sigtermens2009”, did you mean “sigtermans2009”?"),
        (ROW, "no study is named"),
        (("sigtermans2009", *ROW, "--n1", "thirty"), "n1: “thirty” cannot be taken. Expected: a number"),
    ],
)
def test_a_row_that_cannot_be_is_refused(run, mine, words, said):
    code, out, err = run("effects", "add", "--as", "AB", "-r", mine, *words)
    assert (code, out) == (1, "")
    assert said in err
    assert not (mine / "effects.csv").exists()


def test_every_column_of_effects_has_its_option():
    """`time` and `scale` stand for two columns each, the argument for the study."""
    options = {one.name for one in get_command(app).commands["effects"].commands["add"].params}
    both = {"time": {"hours", "window"}, "scale": {"scale_low", "scale_high"}}
    columns = set(COLUMNS) - both["time"] - both["scale"] | set(both)
    assert options == columns | {"who", "review", "anyway"}


def test_the_list_ends_with_a_command_that_runs(run):
    last = run("pool", "--list")[1].splitlines()[-1]
    command = re.search(r"`ketalit (.+?)`", last)[1]
    code, out, _ = run(*shlex.split(command))
    assert code == 0
    assert "pooled, 4 studies" in out


def test_different_scales_name_the_option_that_brings_them_to_one(run, file):
    path = file(
        "study,measure,n1,mean1,sd1,n2,mean2,sd2,scale_low,scale_high\n"
        "A,MD,30,41,20,30,48,22,0,100\nB,MD,25,3.9,1.8,26,4.5,2.1,0,10\n"
    )
    code, _, err = run("pool", path)
    assert code == 1
    option = re.search(r"`ketalit pool (--scale \S+)`", err)[1]
    assert run("pool", path, *option.split())[0] == 0


@pytest.mark.parametrize("width", [80, 120])
def test_the_numbers_of_the_groups_stand_where_there_is_room(run, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", str(width))
    out = run("pool", *PAIN)[1]
    assert ("60.0 (38.0)" in out) == (width == 120)
    assert max(map(len, out.splitlines())) <= width
    assert "60.0 (38.0)" not in run("pool", *PAIN, "--no-groups")[1]


def test_a_picture_for_slides_leaves_the_groups_out(run, tmp_path):
    for name, options in (("with", ()), ("without", ("--no-groups",))):
        assert run("pool", *PAIN, *options, "--to", tmp_path / f"{name}.svg")[0] == 0
    assert "60.0 (38.0)" in (tmp_path / "with.svg").read_text(encoding="utf-8")
    assert "60.0 (38.0)" not in (tmp_path / "without.svg").read_text(encoding="utf-8")

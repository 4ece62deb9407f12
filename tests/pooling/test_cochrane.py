"""Are data packages read as they come, and are printed analyses reproduced? Packages here are synthetic."""

import csv
import io
import zipfile

import pytest

from ketalit.errors import InputError
from ketalit.pooling import agreement, read_package
from ketalit.pooling.cochrane import ROWS, SETTINGS, effects_of_analysis

from .oracles import KETAMINE

HEADER = [
    "Analysis group", "Analysis number", "Analysis name", "Subgroup", "Study", "Study year", "GIV Mean", "GIV SE",
    "Experimental mean", "Experimental SD", "Experimental cases", "Experimental N", "Control mean", "Control SD",
    "Control cases", "Control N", "O-E", "Variance", "Weight", "Mean", "CI start", "CI end", "Footnotes",
]  # fmt: skip
SETTING_HEADER = [
    "Analysis group", "Analysis number", "Analysis name", "Analysis group name", "Statistical method",
    "Effect measure", "Analysis model", "Heterogeneity estimator", "Mean", "CI start", "CI end",
]  # fmt: skip


def text(header, rows):
    out = io.StringIO()
    writer = csv.DictWriter(out, header, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def means(study, values, weight="", effect=""):
    keys = ("Experimental N", "Experimental mean", "Experimental SD", "Control N", "Control mean", "Control SD")
    given = {"Analysis group": 1, "Analysis number": 1, "Analysis name": "Pain", "Study": study, "Weight": weight}
    return given | dict(zip(keys, values, strict=True)) | {"Mean": effect}


def events(study, values, weight="", number=2):
    keys = ("Experimental cases", "Experimental N", "Control cases", "Control N")
    given = {
        "Analysis group": 1,
        "Analysis number": number,
        "Analysis name": "Nausea",
        "Study": study,
        "Weight": weight,
    }
    return given | dict(zip(keys, values, strict=True))


def settings(number=1, **columns):
    given = {
        "Analysis group": 1, "Analysis number": number, "Analysis group name": "Drug or placebo",
        "Statistical method": "Inverse variance", "Effect measure": "Mean Difference", "Analysis model": "Random effect",
    }  # fmt: skip
    return given | columns


# variances 4/20 + 4/20 = 0.4 and 9/30 + 9/30 = 0.6, effects -1 and -2: Q = 1, so tau² = 0 and the weights are 60 and
# 40 percent, the estimate -1.4, its SE √0.24
TWO = [means("One 2001", (20, 4, 2, 20, 5, 2), "60.0", -1), means("Two 2002", (30, 4, 3, 30, 6, 3), "40.0", -2)]


def package(tmp_path, rows, estimates=(), kind="folder"):
    files = {f"CD1-analysis-data/CD1-{ROWS}": text(HEADER, rows)}
    if estimates:
        files[f"CD1-analysis-data/CD1-{SETTINGS}"] = text(SETTING_HEADER, estimates)
    if kind == "folder":
        for name, content in files.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(content, encoding="utf-8-sig")
        return tmp_path
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as zipped:
        for name, content in files.items():
            zipped.writestr(name, content)
    path = tmp_path / "CD1-dataPackage.zip"
    if kind == "zip":
        path.write_bytes(inner.getvalue())
    else:
        with zipfile.ZipFile(path, "w") as zipped:
            zipped.writestr("CD1-files/CD1-data.zip", inner.getvalue())
    return path


@pytest.mark.parametrize("kind", ["folder", "zip", "zip in zip"])
def test_a_package_in_every_wrapping(tmp_path, kind):
    printed = {"Mean": "-1.4", "CI start": "-2.36", "CI end": "-0.44"}
    (found,) = read_package(package(tmp_path, TWO, [settings(**printed)], kind))
    assert (found.label, found.measure, found.random, found.group_name) == ("1.1", "MD", True, "Drug or placebo")
    assert found.pooled == (-1.4, -2.36, -0.44)
    assert [study.name for study in found.studies] == ["One 2001", "Two 2002"]
    compared = agreement(found)
    assert compared.way == "DL"
    assert compared.result.estimate == pytest.approx(-1.4)
    assert compared.weights == pytest.approx(0, abs=1e-9)
    assert compared.pooled < 0.005
    assert compared.agrees


def test_without_settings_the_printed_effects_tell_the_measure(tmp_path):
    path = package(tmp_path, TWO) / "CD1-analysis-data" / f"CD1-{ROWS}"
    (found,) = read_package(path)
    assert (found.measure, found.random, found.pooled) == ("MD", None, None)
    assert agreement(found).agrees


def test_a_printed_weight_that_is_wrong_does_not_agree(tmp_path):
    wrong = [TWO[0] | {"Weight": "61.0"}, TWO[1] | {"Weight": "39.0"}]
    (found,) = read_package(package(tmp_path, wrong, [settings()]))
    compared = agreement(found)
    assert compared.weights == pytest.approx(1)
    assert not compared.agrees


@pytest.mark.parametrize(("printed", "agrees"), [("-1.394", True), ("-1.406", True), ("-1.408", False)])
def test_without_weights_the_printed_result_is_compared_to_half_a_percent_of_it(tmp_path, printed, agrees):
    unweighted = [one | {"Weight": ""} for one in TWO]
    ends = {"Mean": printed, "CI start": "-2.36", "CI end": "-0.44"}
    compared = agreement(read_package(package(tmp_path, unweighted, [settings(**ends)]))[0])
    assert compared.weights is None
    assert compared.pooled == pytest.approx(abs(float(printed) + 1.4), abs=1e-3)
    assert compared.agrees == agrees


def test_mantel_haenszel_and_peto_are_used_where_the_settings_say_so(tmp_path):
    rows = [events("One", (4, 20, 8, 20)), events("Two", (3, 30, 9, 30)), events("Three", (0, 10, 0, 10))]
    fixed = settings(2, **{"Analysis model": "Fixed effect", "Effect measure": "Risk Ratio"})
    (found,) = read_package(package(tmp_path, rows, [fixed | {"Statistical method": "Mantel-Haenszel"}]))
    compared = agreement(found)
    # (4·20/40 + 3·30/60) / (8·20/40 + 9·30/60)
    assert compared.way == "MH"
    assert compared.result.ratio[0] == pytest.approx(3.5 / 8.5)
    (found,) = read_package(
        package(tmp_path, rows, [fixed | {"Statistical method": "Peto", "Effect measure": "Peto Odds Ratio"}])
    )
    assert agreement(found).way == "Peto"


def test_reml_is_used_where_the_settings_say_so(tmp_path):
    reml = settings(**{"Heterogeneity estimator": "Restricted maximum-likelihood"})
    assert agreement(read_package(package(tmp_path, TWO, [reml]))[0]).way == "REML"


def test_estimates_entered_as_such(tmp_path):
    rows = [
        {"Analysis group": 1, "Analysis number": 1, "Study": name, "GIV Mean": mean, "GIV SE": se}
        for name, mean, se in (("One", -0.5, 0.2), ("Two", -0.1, 0.3))
    ]
    (found,) = read_package(package(tmp_path, rows, [settings()]))
    assert [(one.study, one.yi, one.vi) for one in effects_of_analysis(found)] == [
        ("One", -0.5, pytest.approx(0.04)),
        ("Two", -0.1, pytest.approx(0.09)),
    ]


def test_a_measure_that_is_not_known_is_not_guessed_at(tmp_path):
    rows = [one | {"Mean": "17"} for one in TWO]
    (found,) = read_package(package(tmp_path, rows))
    assert found.measure == ""
    assert agreement(found) is None
    with pytest.raises(InputError, match="the measure is not known"):
        effects_of_analysis(found)


def test_not_estimable_is_no_number(tmp_path):
    (found,) = read_package(package(tmp_path, [events("One", (0, 10, 0, 10), "Not estimable")]))
    assert (found.studies[0].weight, found.studies[0].effect) == (None, None)
    assert agreement(found) is None


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("none.zip", None, "there is no such file"),
        ("broken.zip", b"PK\x03\x04 and then nothing", "the column Analysis group is missing"),
        ("other.csv", b"a,b\n1,2\n", "the column Analysis group is missing"),
        ("wrong.csv", b"Analysis group,Analysis number,Study\none,1,A\n", "the analysis has the number"),
        ("latin.csv", "Study\nMénière\n".encode("latin-1"), "is not UTF-8 text"),
    ],
)
def test_files_that_are_no_package(tmp_path, name, content, said):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=said):
        read_package(path)


def test_a_zip_without_an_analysis(tmp_path):
    path = tmp_path / "empty.zip"
    with zipfile.ZipFile(path, "w") as zipped:
        zipped.writestr("readme.txt", "nothing")
    with pytest.raises(InputError, match="no file in it ends in data-rows.csv"):
        read_package(path)
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError, match="no file ends in data-rows.csv"):
        read_package(tmp_path / "folder")


def test_a_number_that_is_none_is_told_with_its_place(tmp_path):
    with pytest.raises(InputError, match=r"Analysis 1.1, One 2001: Experimental SD is .two."):
        read_package(package(tmp_path, [TWO[0] | {"Experimental SD": "two"}]))


@pytest.mark.skipif(not KETAMINE.is_dir(), reason="the shared ketamine numbers are not beside the project")
def test_the_ketamine_review_in_the_columns_of_a_package(tmp_path):
    with (KETAMINE / "cochrane_CD015373_study_level.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = {
        "Analysis group": "comparison_id", "Analysis number": "analysis", "Analysis name": "outcome",
        "Subgroup": "subgroup", "Study": "study", "Study year": "year", "Experimental mean": "exp_mean",
        "Experimental SD": "exp_sd", "Experimental cases": "exp_events", "Experimental N": "exp_n",
        "Control mean": "ctl_mean", "Control SD": "ctl_sd", "Control cases": "ctl_events", "Control N": "ctl_n",
        "Weight": "published_weight_pct", "Mean": "published_effect", "CI start": "published_ci_lb",
        "CI end": "published_ci_ub", "Footnotes": "footnote",
    }  # fmt: skip
    path = package(tmp_path, [{theirs: row[ours] for theirs, ours in names.items()} for row in rows])
    compared = [one for one in map(agreement, read_package(path)) if one]
    # 26 pooled analyses, and 10 more that hold the same trials once again by subgroup
    assert len(compared) == 36
    assert all(one.agrees and one.way == "DL" for one in compared)
    assert max(one.weights for one in compared) < 5e-7  # printed weights have six decimals
    assert max(one.effects for one in compared) < 5e-7


def test_a_damaged_package_in_a_package(tmp_path):
    path = tmp_path / "CD1.zip"
    with zipfile.ZipFile(path, "w") as zipped:
        zipped.writestr("CD1-files/CD1-data.zip", b"no archive at all")
    with pytest.raises(InputError, match=r"CD1-data.zip: cannot be unpacked"):
        read_package(path)

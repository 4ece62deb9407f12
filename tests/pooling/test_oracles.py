"""Nothing in the oracles is passed over in silence: each key is tested somewhere, or is on the list of what is not offered."""

from fnmatch import fnmatch

from .oracles import NAMES, NOT_OFFERED, cases, needs_oracles, oracle

# tested, with the module that does it
TESTED = {
    "models.*.est": "test_estimators",
    "models.*.se": "test_estimators",
    "models.*.stat": "test_estimators",
    "models.*.p": "test_estimators",
    "models.*.ci_lb": "test_estimators",
    "models.*.ci_ub": "test_estimators",
    "models.*.ddf": "test_estimators",
    "models.*.tau2": "test_estimators",
    "models.*.tau": "test_estimators",
    "models.*.I2": "test_estimators",
    "models.*.Q": "test_estimators",
    "models.*.Q_df": "test_estimators",
    "models.*.Q_p": "test_estimators",
    "models.*.weights_pct": "test_estimators",
    "models.*.prediction_interval.t_k_minus_2_HTS_Riley": "test_intervals",
    "models.*.hksj.est": "test_intervals",
    "models.*.hksj.se": "test_intervals",
    "models.*.hksj.stat": "test_intervals",
    "models.*.hksj.p": "test_intervals",
    "models.*.hksj.ci_lb": "test_intervals",
    "models.*.hksj.ci_ub": "test_intervals",
    "models.*.hksj.ddf": "test_intervals",
    "qprofile_ci.*.tau2": "test_intervals",
    "qprofile_ci.*.tau": "test_intervals",
    "qprofile_ci.*.I2": "test_intervals",
    "I2_test_based_HT2002.I2": "test_estimators",
    "leave_one_out": "test_influence",
    "influence_REML": "test_influence",
    "cumulative": "test_influence",
    "subgroup": "test_influence",
    "meta_regression": "test_regression",
    "egger_mixed_effects_REML": "test_regression",
    "egger_lm": "test_bias",
    "trim_and_fill": "test_bias",
    "binary": "test_rare",
    "R_meta_package_REML.est": "test_estimators",
    "R_meta_package_REML.I2": "test_estimators",
}
ABOUT = {"name", "measure", "k", "note", "source", "software", "yi", "vi", "convergence", "R_meta_package_REML.version"}


def keys(value, path=""):
    """Paths of all values, as deep as the lists above go."""
    known = {*TESTED, *NOT_OFFERED, *ABOUT}
    if path and any(fnmatch(path, one) for one in known):
        yield path
    elif isinstance(value, dict):
        for name, inside in value.items():
            yield from keys(inside, f"{path}.{name}" if path else name)
    else:
        yield path


@needs_oracles
def test_every_key_of_every_oracle_is_tested_or_named():
    known = {*TESTED, *NOT_OFFERED, *ABOUT, "R_meta_package_REML.predict_*"}
    for name in NAMES:
        unknown = [path for path in keys(oracle(name)) if not any(fnmatch(path, one) for one in known)]
        assert not unknown, name


@needs_oracles
def test_there_are_as_many_oracles_as_the_manifest_says():
    assert len(NAMES) == 22
    assert len(cases()) == 61

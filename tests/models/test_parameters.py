"""Every number has its unit, source and standing; users can put others in their place."""

import ast
import math
from pathlib import Path

import pint
import pytest

import ketalit.models
from ketalit.errors import InputError
from ketalit.models.parameters import Parameters, Status, load, parameters_of

MODELS = Path(ketalit.models.__file__).parent
NOT_MODELS = {
    "solve.py",
    "schemes.py",
    "quantity.py",
}  # numerics and units: their tolerances and factors are no facts of nature
FREE = {*range(11), 0.5, 12, 24, 60, 100, 1000, 3600}  # counting, halves, units of time and concentration
DECLARED = parameters_of()

DECLARATION = """
[sources.A1999]
citation = "A test's own source"

[a.number]
value = 2
unit = "mM"
preparation = "not stated"
source = ["A1999"]
status = "seen"

[a.list]
value = [1, 2.5]
unit = ""
preparation = "not stated"
source = ["A1999"]
status = "seen"
"""


def declared(tmp_path, text=DECLARATION):
    path = tmp_path / "some.toml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def own_numbers(code):
    """Numbers in a model that are neither counting nor units.

    Left out: defaults and settings that a caller can give, decorators, and constants in capitals, which a reader sees.
    """
    tree = ast.parse(code)
    seen_by_readers = [
        part
        for node in ast.walk(tree)
        for part in (
            [*node.args.defaults, *node.args.kw_defaults, *node.decorator_list]
            if isinstance(node, ast.FunctionDef)
            else [node.value]
            if isinstance(node, ast.Assign) and all(ast.unparse(one).isupper() for one in node.targets)
            else []
        )
        if part is not None
    ]
    left_out = {id(node) for part in seen_by_readers for node in ast.walk(part)}
    return [
        f"line {node.lineno}: {node.value}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, int | float | complex)
        and not isinstance(node.value, bool)
        and node.value not in FREE
        and id(node) not in left_out
    ]


@pytest.mark.parametrize("path", sorted(MODELS.rglob("*.py")), ids=lambda path: str(path.relative_to(MODELS)))
def test_models_hold_no_numbers_of_their_own(path):
    if path.name in NOT_MODELS:
        pytest.skip("holds no model")
    assert not own_numbers(path.read_text(encoding="utf-8")), "declare it in parameters.toml"


def test_a_number_in_a_model_is_found():
    assert own_numbers("def f(x, half=0.3):\n    return 3.57 * x + 2") == ["line 2: 3.57"]
    assert own_numbers("TOLERANCE = 1e-9\nlimit = 1e-9") == ["line 2: 1e-09"]


@pytest.mark.parametrize("name", sorted(DECLARED))
def test_every_number_says_where_it_comes_from(name):
    one = DECLARED[name]
    assert one.preparation
    assert one.source or one.status not in {Status.SEEN, Status.SECONDARY}
    assert one.source or one.note
    assert one.note or one.status not in {Status.ASSUMED, Status.COMPUTED}
    if one.status in {Status.SEEN, Status.SECONDARY}:
        assert any(source.seen for source in one.source)
    for number in one.value if isinstance(one.value, tuple) else (one.value,):
        assert isinstance(number, float)
        assert math.isfinite(number)
    pint.application_registry.parse_units(one.unit)


def test_every_source_can_be_found():
    sources = {source for one in DECLARED.values() for source in one.source}
    lost = [source.key for source in sources if not source.citation]
    assert not lost
    assert {source.link[:8] for source in sources if source.link} == {"https://"}


def test_names_lead_to_values():
    assert DECLARED.value("magnesium.half_block") == 3.57
    assert DECLARED.array("magnesium.half_block").tolist() == [3.57]
    assert set(DECLARED.under("magnesium")) == {"half_block", "slope"}
    assert DECLARED["magnesium.slope"].source[0].pmid == "1697902"
    assert "magnesium.nothing" not in DECLARED


def test_an_unknown_name_is_told_with_the_nearest():
    with pytest.raises(InputError, match="magnesium.half_block"):
        DECLARED.value("magnesium.halfblock")
    with pytest.raises(InputError, match="magnesium"):
        DECLARED.under("magnesum")
    with pytest.raises(KeyError):
        DECLARED["magnesium.halfblock"]


def test_a_number_or_text_with_a_unit_takes_the_place(tmp_path):
    known = declared(tmp_path)
    given = known.replaced({"a.number": "400 µM", "a.list": [3, 4]})
    assert given.value("a.number") == pytest.approx(0.4)
    assert given.value("a.list") == (3.0, 4.0)
    assert given["a.number"].status is Status.GIVEN
    assert not given["a.number"].source  # it is no longer what the paper said
    assert known.value("a.number") == 2.0
    assert known.replaced({"a.number": 5}).value("a.number") == 5.0


@pytest.mark.parametrize(
    "given",
    [
        {"a.number": "5 mg"},
        {"a.number": "five"},
        {"a.number": float("nan")},
        {"a.number": True},
        {"a.number": None},
        {"a.number": [1, 2]},
        {"a.list": 3},
        {"a.list": [1, 2, 3]},
        {"a.list": "12"},
        {"a.nmber": 1},
    ],
)
def test_what_is_no_such_number_is_refused(tmp_path, given):
    with pytest.raises(InputError, match=r"a\."):
        declared(tmp_path).replaced(given)


def test_parameters_pass_through_and_nothing_gives_the_declared():
    mine = parameters_of({"magnesium.slope": 0.05})
    assert parameters_of(mine) is mine
    assert parameters_of({}) is parameters_of(None) is parameters_of()
    assert isinstance(mine, Parameters)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('unit = "mM"\n', "", "has no unit"),
        ('status = "seen"', 'status = "sure"', "status"),
        ('status = "seen"', 'status = "given by you"', "status"),
        ('source = ["A1999"]', 'source = ["B1999"]', "did you mean “A1999”"),
        ('source = ["A1999"]', "source = []", "neither source nor note"),
        ("value = 2", 'value = "2"', "no number"),
        ("value = 2", "value = true", "no number"),
        ("value = 2", "value = nan", "no number"),
        ("value = 2", "value = []", "no number"),
        ("value = 2", "value = 2\nsd_ = 1", "did you mean “sd”"),
        ("citation =", "author =", "citation"),
        ("[a.number]", "[a.number", "is not TOML"),
        ("[a.number]", "[a.number]\nvalue = 1\n[a.number]", "is not TOML"),
        ("[a.number]", "loose = 1\n[a.number]", "A1999"),
    ],
)
def test_a_faulty_declaration_is_told_with_its_place(tmp_path, old, new, message):
    with pytest.raises(InputError, match=message) as told:
        declared(tmp_path, DECLARATION.replace(old, new, 1))
    assert "some.toml" in str(told.value)


def test_links():
    source = DECLARED["magnesium.slope"].source[0]
    assert source.link == "https://pubmed.ncbi.nlm.nih.gov/1697902/"

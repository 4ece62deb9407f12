"""Can a lesson's author learn from `help` how to call every public function: arguments, units, and an example that runs?"""

import doctest
import inspect
import re
from importlib import import_module

import pytest

ROOMS = (
    "models",
    "models.linear",
    "models.receptor",
    "models.targets",
    "models.windup",
    "models.response",
    "models.pharmacokinetics",
    "figures.mechanism",
)
UNDERSTOOD = {"parameters"}  # explained once, in ketalit.models


def found():
    """Every public function with the room that it is imported from."""
    for room in ROOMS:
        module = import_module(f"ketalit.{room}")
        for name in module.__all__:
            if inspect.isfunction(getattr(module, name)):
                yield pytest.param(module, name, id=f"{room}.{name}")


FUNCTIONS = list(found())


@pytest.mark.parametrize(("room", "name"), FUNCTIONS)
def test_every_argument_is_told(room, name):
    told = inspect.getdoc(getattr(room, name))
    arguments = set(inspect.signature(getattr(room, name)).parameters) - UNDERSTOOD
    _, _, after = told.partition("Args:")
    listed = set(re.findall(r"\w+", " ".join(re.findall(r"^ {4}([\w, ]+):", after, re.MULTILINE))))
    assert arguments <= listed


@pytest.mark.parametrize(("room", "name"), FUNCTIONS)
def test_every_example_runs_with_what_its_room_offers(room, name):
    told = inspect.getdoc(getattr(room, name))
    offered = {one: getattr(room, one) for one in room.__all__}
    example = doctest.DocTestParser().get_doctest(told, offered, name, None, 0)
    assert example.examples
    said = []
    doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE, verbose=False).run(example, out=said.append)
    assert not said, "".join(said)


@pytest.mark.parametrize(("room", "name"), [one for one in FUNCTIONS if "figures" not in one.id])
def test_every_result_is_told(room, name):
    assert "Returns:" in inspect.getdoc(getattr(room, name))

"""Does the browser show the picture it was sent, whatever it showed before?"""

import random

import pytest

from ketalit.figures import Axis, Line, Panel, Points, Rule, Words, draw
from ketalit.lessons.view import View

SHOW = """async ([program, first]) => {
  const {default: view} = await import(URL.createObjectURL(new Blob([program], {type: 'text/javascript'})));
  const held = {svg: first, words: 'words', name: 'toy', stale: false}, heard = {};
  const model = {
    get: (name) => held[name],
    on: (event, act) => { heard[event] = act; },
    send: () => {},
  };
  document.body.innerHTML = '<div id="here"></div>';
  view.render({model, el: document.getElementById('here')});
  window.put = (svg) => { held.svg = svg; heard['change:svg'](); };
  window.shown = () => document.querySelector('.ket-picture');
  window.whole = (svg) => {
    const one = document.createElement('div');
    one.innerHTML = svg.replace(/<style>.*?<\\/style>/s, '');
    return one;
  };
}"""


def picture(seed: int) -> str:
    """A picture of other marks, in another number, with other words than those before it."""
    chance = random.Random(seed)
    marks = [
        Line(range(5), [chance.random() for _ in range(5)], label=f"line {chance.randint(1, 3)} < & >", series=at)
        for at in range(chance.randint(0, 3))
    ]
    marks += [Points([chance.random()], [0.5], tips=["a tip"] * chance.randint(0, 1))] * chance.randint(0, 2)
    marks += [Rule(y=0.5, name="half")] * chance.randint(0, 1) + [Words(1, 0.5, "here")] * chance.randint(0, 1)
    panel = Panel(marks or [Rule(x=1)], Axis("x", limits=(0, 4)), Axis("y", limits=(0, 1)))
    title = chance.choice(["One", "Two"])
    return draw(panel, title=title, description=str(seed), width=chance.choice([400, 640])).svg


@pytest.fixture
def page(browser):
    page = browser.new_page()
    page.goto("about:blank")
    page.evaluate(SHOW, [str(View._esm), picture(0)])
    yield page
    page.close()


def test_a_picture_changed_in_its_place_is_the_picture_that_came(page):
    for seed in [*range(1, 40), 39, 0]:
        svg = picture(seed)
        page.evaluate("svg => window.put(svg)", svg)
        assert page.evaluate("() => window.shown().childNodes.length === 1"), seed
        assert page.evaluate("svg => window.shown().firstChild.isEqualNode(window.whole(svg).firstChild)", svg), seed


def test_what_did_not_change_stays_where_it_is(page):
    page.evaluate("svg => window.put(svg)", picture(3))
    page.evaluate("() => { window.texts = [...window.shown().querySelectorAll('text')]; }")
    page.evaluate("svg => window.put(svg)", picture(3).replace("<desc>3</desc>", "<desc>other</desc>"))
    assert page.evaluate("() => window.texts.length > 3 && window.texts.every(one => one.isConnected)")
    assert page.evaluate("() => window.shown().querySelector('desc').textContent") == "other"

"""Questions: does a panel show what its controls say, keep what was, say what is wrong, and come back from a code?"""

import base64
import re
from html import unescape
from html.parser import HTMLParser
from urllib.parse import quote
from xml.etree import ElementTree

import pytest

from ketalit.errors import InputError
from ketalit.lessons.control import Choice, Control, Number, Switch
from ketalit.lessons.panel import Setting, restore
from ketalit.lessons.shown import plain

from .toy import Toy

NUTS = "50 % + nuts & <b>~figs~</b>=all#1"


@pytest.fixture
def toy():
    return Toy()


def told_by_svg(svg):
    """Title and description, as a screen reader takes them."""
    root = ElementTree.fromstring(svg)
    return [root.findtext(f"{{http://www.w3.org/2000/svg}}{name}") for name in ("title", "desc")]


# --- moving ----------------------------------------------------------------------------------------------------------


def test_reading_picture_and_data_follow_the_controls(toy):
    assert toy.seen() == "Each of 2 has 50.0 g & no more."
    toy.heads.value = 4
    assert toy.seen() == "Each of 4 has 25.0 g & no more."
    assert told_by_svg(toy.view.svg) == [toy.title, toy.seen()]
    assert told_by_svg(toy.picture.svg) == told_by_svg(toy.view.svg)
    assert toy.frame().to_dict("list") == {"heads": [4], "share_g": [25.0]}


def test_set_draws_once(toy):
    before = len(toy.drawn)
    toy.set(whole=200, heads=5, grid=False)
    assert len(toy.drawn) == before + 1
    assert toy.seen() == "Each of 5 has 40.0 g & no more."
    assert dict(toy.now) == {"whole": 200, "heads": 5, "dose": 1.0, "shift": -70, "kind": "plain", "grid": False}


def test_settings_may_be_given_at_once_and_have_no_before():
    toy = Toy(heads=4)
    assert toy.seen() == "Each of 4 has 25.0 g & no more."
    assert toy.drawn[-1][1] is None


def test_a_wrong_name_is_refused_with_a_hint(toy):
    with pytest.raises(InputError, match="heads"):
        toy.set(head=3)
    with pytest.raises(AttributeError, match="nothing"):
        _ = toy.nothing
    assert toy.now.heads == 2


def test_reset_puts_everything_back_in_one_draw(toy):
    start = toy.seen()
    toy.set(whole=10, heads=9, kind=NUTS, grid=False, dose=30, shift=0)
    count = len(toy.drawn)
    toy.reset.click()
    assert (toy.seen(), toy.code, len(toy.drawn)) == (start, "toy", count + 1)


def test_a_setting_is_a_mapping_with_attributes():
    now = Setting({"a": 1})
    assert (now.a, now["a"], dict(**now), len(now)) == (1, 1, {"a": 1}, 1)
    with pytest.raises(AttributeError, match="b"):
        _ = now.b


# --- what was before -------------------------------------------------------------------------------------------------


def test_the_previous_setting_stays_in_the_picture(toy):
    toy.heads.value = 4
    toy.heads.value = 5
    now, before = toy.drawn[-1]
    assert (now.heads, before.heads) == (5, 4)
    assert "before: 4" in toy.view.svg


def test_during_one_movement_the_comparison_is_where_it_began(toy):
    toy.heads.holding = True
    for value in (3, 4, 5, 6):
        toy.heads.value = value
    assert toy.drawn[-1][1].heads == 2
    toy.heads.holding = False
    toy.heads.holding = True
    toy.heads.value = 7
    assert toy.drawn[-1][1].heads == 6


# --- what cannot be taken --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "taken", "told"),
    [
        (900, 500, "900 g lies outside 0 to 500; 500 g is shown."),
        (-5, 0, "−5 g lies outside 0 to 500; 0 g is shown."),
        (float("inf"), 500, "inf g lies outside 0 to 500; 500 g is shown."),
        ("much", 100, "“much” is not a number; 100 g is shown."),
        (None, 100, "“None” is not a number; 100 g is shown."),
        (float("nan"), 100, "“nan” is not a number; 100 g is shown."),
        (True, 100, "“True” is not a number; 100 g is shown."),
    ],
)
def test_what_cannot_be_taken_is_said_beside_its_control(toy, asked, taken, told):
    toy.whole.value = asked
    assert (toy.whole.value, toy.whole.message) == (taken, told)
    assert told in toy.seen()
    assert not toy.heads.message
    toy.whole.value = 20
    assert not toy.whole.message


def test_minus_signs_and_long_numbers_are_written_out(toy):
    toy.shift.value = -200
    assert toy.shift.message == "−200 mV lies outside −100 to 60; −100 mV is shown."
    assert repr(Control(Number(key="n", label="N", value=1234567, low=0, high=1e7))) == "N: 1234567"


def test_choices_and_switches_refuse_what_they_do_not_offer(toy):
    toy.set(kind="stale", grid="yes")
    assert (toy.now.kind, toy.now.grid) == ("plain", True)
    assert "“stale” is not offered" in toy.seen()
    assert "“yes” is neither on nor off" in toy.seen()


def test_a_message_goes_with_reset(toy):
    toy.whole.value = 900
    toy.reset.click()
    assert toy.whole.message == ""


def test_what_cannot_be_computed_is_said_in_words_and_the_picture_stays(toy):
    toy.heads.value = 4
    svg = toy.view.svg
    toy.heads.value = 0
    assert toy.seen() == "Nothing can be shown for these settings. nobody <is> here to share."
    assert "<is>" not in toy.view.words
    assert (toy.view.svg, toy.view.stale) == (svg, True)
    assert "Nothing can be shown" in toy.twin()
    toy.heads.value = 5
    assert (toy.seen(), toy.view.stale) == ("Each of 5 has 20.0 g & no more.", False)
    assert toy.drawn[-1][1].heads == 4


# --- codes -----------------------------------------------------------------------------------------------------------


def test_a_code_names_only_what_was_moved_and_brings_it_back(toy):
    assert toy.code == "toy"
    toy.set(heads=4, grid=False, kind=NUTS, dose=0.25, shift=-5)
    again = Toy(whole=300)
    again.restore(toy.code)
    assert dict(again.now) == dict(toy.now)
    assert again.now.whole == 100
    assert again.seen() == toy.seen()


def test_a_code_holds_numbers_as_their_boxes_show_them(toy):
    toy.set(heads=3.0, dose=0.15)
    assert toy.code == "toy~heads=3~dose=0.15"


@pytest.mark.parametrize(
    ("code", "told"),
    [("gate~heads=3", "not the code"), ("", "not the code"), ("toy~heads", "is no setting"), ("toy~head=3", "heads")],
)
def test_a_wrong_code_is_refused_and_nothing_moves(toy, code, told):
    with pytest.raises(InputError, match=told):
        toy.restore(code)
    assert toy.code == "toy"


def test_a_code_finds_its_panel_in_the_notebook(toy):
    code = toy.code
    toy.set(heads=3)
    moved = toy.code
    toy.restore(code)
    restore(f" {moved}\n")
    assert toy.code == moved != code
    with pytest.raises(InputError, match="no panel of this notebook has the name “elsewhere”.*toy"):
        restore("elsewhere~x=1")
    assert toy.code == moved


def test_a_code_with_an_impossible_value_says_so(toy):
    toy.restore("toy~whole=9000~heads=many~grid=perhaps")
    assert (toy.now.whole, toy.now.heads, toy.now.grid) == (500, 2, True)
    assert toy.seen().count("shown.") == 2


@pytest.mark.parametrize("quoted", [False, True])
def test_the_address_may_hold_a_code(monkeypatch, quoted):
    toy = Toy(heads=4, grid=False, shift=-5)
    code = quote(toy.code) if quoted else toy.code
    monkeypatch.setenv("QUERY_STRING", f"voila-theme=dark&s=gate~x=1&s={code}")
    assert dict(Toy().now) == dict(toy.now)


def test_an_address_with_a_wrong_code_shows_the_start_and_says_so(monkeypatch):
    monkeypatch.setenv("QUERY_STRING", "s=toy~noses=<b>")
    toy = Toy()
    assert "cannot be taken" in toy.seen()
    assert "Each of 2 has" in toy.seen()
    assert "<b>" not in toy.view.words
    toy.heads.value = 4
    assert "cannot be taken" not in toy.seen()


# --- examples --------------------------------------------------------------------------------------------------------


def test_an_example_sets_its_controls_and_puts_the_others_back(toy):
    toy.set(whole=200)
    count = len(toy.drawn)
    toy.example.value = "party"
    assert (toy.now.heads, toy.now.whole, len(toy.drawn)) == (8, 100, count + 1)


@pytest.mark.parametrize("leave", [lambda toy: setattr(toy.heads, "value", 3), lambda toy: toy.reset.click()])
def test_the_name_of_an_example_goes_when_a_control_leaves_it(toy, leave):
    toy.example.value = "party"
    leave(toy)
    assert toy.example.value == "as you set it"
    toy.example.value = "party"
    assert toy.now.heads == 8


# --- for the browser -------------------------------------------------------------------------------------------------


def test_the_browser_gets_code_and_table(toy):
    sent = []
    toy.view.send = sent.append
    for ask in ("code", "copy", "save"):
        toy.view._handle_custom_msg({"ask": ask}, [])
    assert sent[0] == {"code": "toy"}
    assert [one["save"] for one in sent[1:]] == [False, True]
    assert sent[1]["csv"].splitlines() == ["heads,share_g", "2,50.0"]


def test_a_message_of_the_browser_moves_the_panel(toy):
    toy.heads._handle_custom_msg({"move": "a 1", "value": 4, "holding": True, "message": ""}, [])
    assert toy.seen() == "Each of 4 has 25.0 g & no more."
    assert toy.heads.holding
    toy.heads._handle_custom_msg({"move": "a 2", "value": 99}, [])
    assert toy.now.heads == 10
    assert toy.heads.heard == "a 2"
    toy.heads._handle_custom_msg({"move": "a 3", "holding": False}, [])
    assert (toy.now.heads, toy.heads.holding) == (10, False)


def test_every_widget_names_itself_without_an_address(toy):
    for widget in (toy.view, *toy.moves.values()):
        assert "0x" not in repr(widget)
    assert repr(toy.shift) == "Shift: −70 mV"
    assert repr(toy.grid) == "Grid: on"


# --- without a kernel ------------------------------------------------------------------------------------------------


class Images(HTMLParser):
    """The images of a page."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag == "img":
            self.found.append(dict(attrs))


def test_the_twin_reads_as_the_panel_does(toy):
    toy.set(heads=4, grid=False)
    bundle = toy._repr_mimebundle_()
    page = bundle["text/html"]
    (image,) = Images(page).found
    assert image["alt"] == f"{toy.title}. {toy.seen()}"
    caption = plain(re.search("<figcaption>(.*)</figcaption>", page)[1])
    assert caption.startswith(toy.seen())
    assert "Heads: 4; " in caption
    assert "Grid: off" in caption
    svg = base64.b64decode(image["src"].split(",")[1]).decode()
    assert told_by_svg(svg) == [toy.title, toy.seen()]
    assert toy.seen() in bundle["text/plain"]
    assert "<script" not in page
    assert toy.notice in page
    assert "application/vnd.jupyter.widget-view+json" in bundle


def test_limits_sources_and_examples_are_one_click_away(toy):
    text = unescape(toy._foot())
    assert text.startswith("<details><summary>")
    for words in (toy.limits, "Example “party”: a made-up source", "Example “big”: an illustration"):
        assert words in text


def test_a_picture_that_describes_itself_otherwise_says_what_the_reading_says():
    class Own(Toy):
        def draw(self, result, before, words):
            return super().draw(result, before, "a cake <&>")

    panel = Own(heads=4)
    assert told_by_svg(panel.view.svg) == [panel.title, panel.seen()]
    assert Images(panel.twin()).found[0]["alt"] == f"{panel.title}. {panel.seen()}"


@pytest.mark.parametrize(("setting", "there"), [("", False), ("1", True)])
def test_for_the_projector_letters_are_larger(monkeypatch, setting, there):
    monkeypatch.setenv("KETALIT_PRESENT", setting)
    assert ("ket-present" in Toy().widget()._dom_classes) is there


def test_a_panel_is_one_widget(toy):
    assert toy.widget() is toy.widget()


# --- controls alone --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spec", "text", "value"),
    [
        (Number(key="n", label="N", value=1, low=0, high=2), "1.5", 1.5),
        (Number(key="n", label="N", value=1, low=0, high=2), "a", "a"),
        (Choice(key="c", label="C", value="x", options=("x", "y")), "y", "y"),
        (Switch(key="s", label="S", value=True), "False", False),
        (Switch(key="s", label="S", value=True), "false", "false"),
    ],
)
def test_text_of_a_code_becomes_a_value(spec, text, value):
    assert spec.from_text(text) == value
    assert type(spec.from_text(text)) is type(value)

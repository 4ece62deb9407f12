"""Questions: can text break out of a picture, do lines keep their width, do odd letters survive?"""

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from ketalit.figures.text import measure, number, words, wrap


@given(st.text())
def test_any_text_is_well_formed(text):
    element = etree.fromstring(words(1, 2, text))
    assert element.tag == "text"
    assert all(child.tag == "tspan" for child in element)


def test_marks_of_xml_are_shown_not_obeyed():
    hostile = '</text><script>alert("1")</script><text a=\'&amp;'
    element = etree.fromstring(words(0, 0, hostile))
    assert len(element) == 0
    assert element.text == hostile


def test_raised_digits_are_ordinary_ones_set_higher_and_the_line_comes_back():
    element = etree.fromstring(words(0, 0, "Mg²⁺ and 10⁻⁶ M", size=10))
    assert "".join(element.itertext()) == "Mg2+ and 10−6 M"
    shifts = [float(piece.get("dy", 0)) for piece in element]
    assert abs(sum(shifts)) < 0.02
    assert shifts[0] < 0


def test_a_raised_digit_at_the_end_of_one_and_start_of_next():
    element = etree.fromstring(words(0, 0, "H₂²x", size=10))
    assert "".join(element.itertext()) == "H22x"
    assert abs(sum(float(piece.get("dy", 0)) for piece in element)) < 0.02


@given(st.text(st.characters(codec="utf-8"), min_size=1), st.floats(20, 400))
def test_no_line_is_wider_than_asked(text, width):
    lines = wrap(text, width)
    assert all(measure(line) <= width or len(line) == 1 for line in lines)


@given(st.lists(st.text("abcdefgh", min_size=1, max_size=6), min_size=1, max_size=12))
def test_wrapping_loses_no_word(text):
    assert " ".join(wrap(" ".join(text), 60)) == " ".join(text)


def test_helvetica_widths():
    # Adobe's metrics: "Hamburg" is 722 + 556 + 833 + 556 + 556 + 333 + 556 thousandths
    assert 4.112 * 12 <= measure("Hamburg", 12) <= 4.112 * 12 * 1.05


@given(st.floats(-1e6, 1e6))
def test_coordinates_have_two_decimals_at_most(value):
    text = number(value)
    assert abs(float(text) - value) <= 0.00501
    assert len(text.partition(".")[2]) <= 2
    assert text != "-0"

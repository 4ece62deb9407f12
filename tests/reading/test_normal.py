"""Is every number brought into one spelling, and does the way back hold?"""

import pytest

from ketalit.reading.normal import normalise
from ketalit.reading.units import normalise_dose


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("One hundred and six", "106"),
        ("two-hundred-and-one", "201"),
        ("Five hundred sixteen", "516"),
        ("three thousand nine hundred seven", "3907"),
        ("a hundred women", "100 women"),
        ("Often someone attends", "often someone attends"),
        ("stone, tent, none", "stone, tent, none"),
        ("twenty-one of ninety", "21 of 90"),
        ("1,200 and 12,345,678", "1200 and 12345678"),
        ("17 707 men", "17707 men"),
        ("17 707 menus", "17 707 menus"),
        ("1,20 of 300", "1,20 of 300"),
        ("group 1 250 men", "group 1 250 men"),
        ("3·5 mg − 2\u2009mg × 4", "3.5 mg - 2 mg x 4"),
    ],
)
def test_one_spelling(text, normal):
    assert normalise(text).text == normal


def test_the_way_back_from_a_number_in_words():
    text = "Of three-hundred-and-two women, ten left."
    normal = normalise(text)
    start = normal.text.index("302")
    back = normal.back(start, start + 3)
    assert text[slice(*back)] == "three-hundred-and-two"


def test_what_is_kept_cannot_be_changed():
    with pytest.raises(AttributeError):
        normalise("One man").text = "2 men"
    with pytest.raises(AttributeError):
        normalise_dose("10", "µg/kg/min").value = 0.7

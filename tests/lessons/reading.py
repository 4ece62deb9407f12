"""What a learner reads of a panel, taken apart."""

import re
from xml.etree import ElementTree


def read(text: str, pattern: str) -> float:
    """The number in a reading that stands where the pattern has its group."""
    found = re.search(pattern, text)
    assert found, f"{pattern} is not in: {text}"
    return float(found[1].replace("−", "-"))


def described(panel) -> str:
    """The description of the picture, as a screen reader takes it."""
    return ElementTree.fromstring(panel.view.svg).findtext("{http://www.w3.org/2000/svg}desc")

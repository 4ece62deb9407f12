"""Reading pictures back: elements, coordinates, words."""

import re

from lxml import etree

SVG = "{http://www.w3.org/2000/svg}"
_PAIR = re.compile(r"[ML](-?[\d.]+) (-?[\d.]+)")


def parsed(picture):
    """The picture as a tree; fails where it is not well-formed."""
    return etree.fromstring(str(picture).encode())


def texts(picture) -> list[str]:
    """What can be read in it, without the halves that only keep the ground clear."""
    return ["".join(one.itertext()) for one in parsed(picture).iter(f"{SVG}text") if not one.get("aria-hidden")]


def paths(picture, ink: str) -> list[list[tuple[float, float]]]:
    """The points of every path drawn in an ink, as line or area."""
    found = [one.get("d") for one in parsed(picture).iter(f"{SVG}path") if f"-{ink}" in one.get("class", "")]
    return [[(float(x), float(y)) for x, y in _PAIR.findall(data)] for data in found]


def coordinates(picture):
    """Every absolute coordinate that anything has, as (x, y); None where an element gives only one."""
    for one in parsed(picture).iter():
        for x, y in (("x", "y"), ("cx", "cy"), ("x1", "y1"), ("x2", "y2")):
            if one.get(x) is not None or one.get(y) is not None:
                yield float(one.get(x, 0)), float(one.get(y, 0))
        if one.tag == f"{SVG}rect":
            yield float(one.get("x", 0)) + float(one.get("width")), float(one.get("y", 0)) + float(one.get("height"))
        if one.get("d"):
            yield from ((float(x), float(y)) for x, y in _PAIR.findall(one.get("d")))

"""Questions, in a real browser: do labels collide or leave the picture, is dark dark and paper light, are widths right?"""

import pytest

from ketalit.figures import Axis, Band, ErrorBars, Line, Panel, Points, Region, Rule, draw
from ketalit.figures.mechanism import gallery
from ketalit.figures.mechanism.gallery import gallery_page
from ketalit.figures.style import INKS
from ketalit.figures.text import measure

# Boxes of letters, a little smaller than the lines they stand on: descenders may share a px with what is below.
BOXES = """svg => [...svg.querySelectorAll('text:not([aria-hidden])')].filter(one => one.textContent.trim()).map(one => {
  const box = one.getBoundingClientRect(), all = svg.getBoundingClientRect();
  return {text: one.textContent, left: box.left - all.left, right: box.right - all.left,
          top: box.top - all.top + 3, bottom: box.bottom - all.top - 3, width: all.width, height: all.height};
})"""


@pytest.fixture
def page(browser):
    page = browser.new_page(viewport={"width": 1300, "height": 900})
    yield page
    page.close()


def collisions(page, picture) -> list[str]:
    """Words that touch other words, or leave the picture."""
    page.set_content(f"<!doctype html><body>{picture.svg}")
    boxes = page.eval_on_selector("svg", BOXES)
    wrong = [
        f"“{one['text']}” leaves the picture"
        for one in boxes
        if one["left"] < 0 or one["top"] < 0 or one["right"] > one["width"] or one["bottom"] > one["height"]
    ]
    for at, one in enumerate(boxes):
        for two in boxes[at + 1 :]:
            apart = (
                one["right"] <= two["left"]
                or two["right"] <= one["left"]
                or one["bottom"] <= two["top"]
                or two["bottom"] <= one["top"]
            )
            if not apart:
                wrong.append(f"“{one['text']}” on “{two['text']}”")
    return wrong


def crowded():
    """A picture in which much is in the way: synthetic."""
    x = [0.1 * at for at in range(1, 41)]
    lines = [
        Line(x, [one / (at + 1) for one in x], label=f"a model with a long name, number {at}", series=at)
        for at in range(4)
    ]
    rules = [Rule(x=2 + 0.05 * at, name=f"event {at}") for at in range(3)]
    names = tuple(f"a target with quite a long name, number {at}" for at in range(5))
    dots = [
        ErrorBars(names, [0.001, 0.01, 0.1, 0.2, 0.3], [0.1, 0.2, 0.5, 0.9, 5], flat=True),
        Points([0.01, 0.05, 0.2, 0.4, 0.9], names, label="an occupancy"),
    ]
    return draw(
        [
            Panel(
                [Region((1, 2), name="infusion"), *lines, *rules], Axis("Time", "time"), Axis("Concentration (ng/mL)")
            ),
            Panel(
                [Band([1, 1000], [1, 2], [50_000, 200_000])],
                Axis("Dose", "log"),
                Axis("Much"),
                "A title that goes on and on",
            ),
            Panel(
                dots,
                Axis("Share (%)", "log", limits=(1e-3, 1), percent=True),
                Axis(kind="names", names=names, beside=("1–10 %",) * 5),
            ),
        ],
        title="A long title of a crowded picture, longer than a narrow window is wide",
        description="Synthetic.",
        subtitle="0.5 mg/kg over 40 min; and more of that kind, so that it wraps too",
        note="A note under it all that has to be wrapped as well when the window is narrow.",
    )


@pytest.mark.parametrize("width", [320, 400, 640, 1200])
def test_no_words_collide(page, width):
    assert collisions(page, crowded().at(width)) == []


@pytest.mark.parametrize("width", [520, 900])
def test_names_at_the_ends_of_lines_do_not_collide(page, width):
    x = [0, 1, 2]
    lines = [Line(x, [0, 1, 2 + 0.01 * at], label=f"model {at} with a long name", series=at) for at in range(6)]
    picture = draw(Panel(lines, Axis("Time", "time")), title="Ends", description="S.", width=width, names_at_ends=True)
    assert collisions(page, picture) == []


def test_the_check_can_fail(page):
    bad = draw(Panel([]), title="T", description="D")
    broken = type(bad)(
        bad.svg.replace("</svg>", '<text x="14" y="30">over the title</text></svg>'), bad.width, bad.height, "T", "D"
    )
    assert collisions(page, broken)


def colours(page) -> tuple[str, str]:
    return page.evaluate(
        "['svg > rect.f-ground', 'svg text.f-ink'].map(s => getComputedStyle(document.querySelector(s)).fill)"
    )


def rgb(colour: str) -> str:
    return "rgb(" + ", ".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5)) + ")"


LIGHT, DARK = ([rgb(INKS[name][at]) for name in ("ground", "ink")] for at in (0, 1))


@pytest.mark.parametrize(
    ("system", "body", "expected"),
    [
        ("light", "<body>", LIGHT),
        ("dark", "<body>", DARK),
        ("light", '<body data-jp-theme-light="false">', DARK),  # JupyterLab's own theme comes first
        ("dark", '<body data-jp-theme-light="true">', LIGHT),
        ("dark", '<body data-theme="light">', LIGHT),
    ],
)
def test_themes(browser, system, body, expected):
    page = browser.new_page(color_scheme=system)
    page.set_content(f"<!doctype html>{body}{crowded().svg}")
    assert colours(page) == expected
    page.emulate_media(media="print", color_scheme="dark")
    assert colours(page) == LIGHT
    page.close()


def test_an_image_follows_the_system_too(browser):
    """The static twin of a notebook is an image, which no style of the page reaches."""
    dark = browser.new_page(color_scheme="dark", viewport={"width": 700, "height": 500})
    light = browser.new_page(color_scheme="light", viewport={"width": 700, "height": 500})
    shots = []
    for page in (dark, light):
        page.set_content(f"<!doctype html><body>{crowded()._repr_html_()}")
        page.wait_for_function("document.images[0].complete && document.images[0].naturalWidth > 0")
        shots.append(page.query_selector("img").screenshot())
        page.close()
    assert shots[0] != shots[1]


def test_letters_are_not_wider_than_reckoned(page):
    samples = [
        "Concentration (ng/mL)",
        "0.0001",
        "−100",
        "GluN2A, 1 mM magnesium",
        "Mg²⁺ 10⁻⁶",
        "α4β2 nicotinic receptor",
        "µ-opioid",
    ]
    picture = draw(Panel([]), title="T", description="D", note=" ")
    page.set_content(f"<!doctype html><body>{picture.svg}")
    has_font = page.evaluate("document.fonts.check('12px Arial')")
    real = page.evaluate(
        """samples => samples.map(text => { const c = document.createElement('canvas').getContext('2d');
        c.font = "12px Arial, Helvetica, 'Liberation Sans', sans-serif"; return c.measureText(text).width; })""",
        samples,
    )
    assert has_font is not None
    for text, wide in zip(samples[:4], real[:4], strict=True):
        assert wide <= measure(text) <= 1.12 * wide
    for text, wide in zip(samples[4:], real[4:], strict=True):
        assert measure(text) >= 0.8 * wide  # raised digits are drawn smaller than the font has them


@pytest.mark.parametrize("width", [340, 760])
def test_no_words_collide_in_the_pictures_of_the_models(page, width):
    found = {one.title: collisions(page, one.at(width)) for one in gallery().values()}
    assert {title: wrong for title, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("width", [400, 1200])
def test_the_page_is_as_wide_as_the_window_and_asks_for_nothing(browser, width):
    page = browser.new_page(viewport={"width": width, "height": 900})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_content(gallery_page())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("[...document.querySelectorAll('svg')].filter(one => one.checkVisibility()).length") == len(
        gallery()
    )
    assert asked == []
    page.close()

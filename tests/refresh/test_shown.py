"""Questions: does every form of the report say the same, harmlessly, at every width?"""

import json
import re
from html.parser import HTMLParser

import pytest
from rich.console import Console

from ketalit.errors import InputError
from ketalit.refresh import Change, Kind, Report, refresh_demo, save
from ketalit.refresh import html as page
from ketalit.refresh import markdown as text
from ketalit.refresh.report import (
    CellChange,
    CheckedValue,
    Consequences,
    Drift,
    Link,
    Lost,
    Piece,
    PoolChange,
    RowChange,
    SearchNews,
    from_json,
    to_json,
)
from ketalit.refresh.terminal import to_rich
from tests.synthetic_review import HOSTILE

WHEN = {"at": "2026-11-01T09:00:00+00:00", "since": "2026-10-01T09:00:00+00:00"}


@pytest.fixture(scope="module")
def report() -> Report:
    return refresh_demo()


@pytest.fixture(scope="module")
def hostile() -> Report:
    """A report in which every text is hostile."""
    change = {
        "record": HOSTILE,
        "citation": HOSTILE,
        "identifiers": ("PMID:1", "DOI:10.1000/<b>'\"", "PMID:javascript:alert(1)"),
        "title": HOSTILE,
        "what": HOSTILE,
        "links": (Link(type=HOSTILE, citation=HOSTILE, pmid="<i>1"),),
        "searches": (HOSTILE,),
        "design": HOSTILE,
        "people": HOSTILE,
        "quote": HOSTILE,
        "values": (CheckedValue(field="result", value=HOSTILE, quote=HOSTILE, who=HOSTILE, found=HOSTILE, lost=True),),
        "words": tuple(Piece(kind, HOSTILE) for kind in ("same", "gone", "new", "skipped")),
    }
    search = SearchNews(
        name=HOSTILE,
        query=HOSTILE,
        count=1,
        count_before=2,
        lost=(Lost(record=HOSTILE, citation=HOSTILE, why=HOSTILE),),
        drift=(Drift(what=HOSTILE, before=HOSTILE, after=HOSTILE),),
        notes=(HOSTILE,),
        build=HOSTILE,
        build_before="1",
    )
    cell = dict.fromkeys(("study", "citation", "field", "heading", "before", "after", "origin", "reads"), HOSTILE)
    return Report(
        title=HOSTILE,
        **WHEN,
        trouble=(HOSTILE,),
        failed=(HOSTILE,),
        alarms=(HOSTILE,),
        changes=tuple(Change(kind=kind, **change) for kind in Kind),
        searches=(search, SearchNews(name=HOSTILE, query=HOSTILE, error=HOSTILE)),
        consequences=Consequences(
            rows=(RowChange(study=HOSTILE, citation=HOSTILE, what=HOSTILE),),
            cells=(CellChange(**cell), CellChange(**cell, kept=True)),
            totals_before=HOSTILE,
            totals=HOSTILE + ".",
            pools=(PoolChange(name=HOSTILE, text=HOSTILE, records=(HOSTILE,)),),
            pools_known=1,
        ),
    )


class Tags(HTMLParser):
    """The elements of a page, and the addresses it leads to."""

    def __init__(self, text: str):
        super().__init__()
        self.tags: set[str] = set()
        self.addresses: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.addresses += [value for name, value in attributes if name in {"href", "src"}]
        assert not any(name.startswith("on") for name, _ in attributes)


def plain(report: Report, width: int) -> str:
    console = Console(width=width, color_system=None, force_terminal=False, highlight=False)
    with console.capture() as capture:
        console.print(to_rich(report))
    return capture.get()


def test_html_lets_no_text_become_markup(hostile):
    shown = page.render(hostile)
    tags = Tags(shown)
    assert not tags.tags & {"script", "b", "i", "img", "iframe", "object"}
    assert all(address.startswith(("#", "https://pubmed.ncbi", "https://doi.org/")) for address in tags.addresses)
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "default-src &#39;none&#39;" in shown


def test_the_terminal_gets_no_control_codes(hostile):
    shown = plain(hostile, 80)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202e]", shown)


def test_markdown_lets_no_text_become_markup(hostile):
    from markdown_it import MarkdownIt

    shown = MarkdownIt("commonmark", {"html": True}).enable("strikethrough").render(text.render(hostile))
    tags = Tags(shown)
    assert not tags.tags & {"script", "img", "b", "code"}
    assert all(address.startswith(("https://pubmed.ncbi", "https://doi.org/")) for address in tags.addresses)


@pytest.mark.parametrize("width", [40, 80, 120])
def test_no_line_is_wider_than_the_terminal(report, hostile, width):
    for one in (report, hostile):
        assert max(map(len, plain(one, width).splitlines())) <= width


def test_nothing_is_said_by_colour_alone(report):
    shown = plain(report, 120)
    assert "[60 → 54] patients" in shown
    assert "its quote no longer stands there" in shown
    assert shown.index("Retracted (1)") < shown.index("New records to screen (3)") < shown.index("Minor (1)")
    assert "No pooled estimates exist in this review yet." in shown


def test_a_thousand_new_records_do_not_flood_the_terminal():
    changes = tuple(
        Change(kind=Kind.NEW, record=f"PMID:{number}", citation=f"Doe {number}") for number in range(1, 1001)
    )
    report = Report(title="A", **WHEN, changes=changes)
    shown = plain(report, 80)
    assert len(shown.splitlines()) < 120
    assert "… and 980 more" in shown
    assert "Doe 1000" in text.render(report)


def test_unchanged_is_one_line(report):
    shown = plain(Report(title="A", **WHEN), 80)
    assert shown.splitlines() == [
        "A",
        "As of 2026-11-01, compared with 2026-10-01",
        "Nothing changed since 2026-10-01: 0 searches, 0 records, 0 requests.",
        "",
        "This table states evidence. It gives no medical advice.",
    ]


def test_every_form_tells_of_every_change(report):
    forms = [plain(report, 120), page.render(report), text.render(report), to_json(report)]
    for change in report.changes:
        for shown in forms:
            assert change.citation in shown


def test_an_incomplete_report_says_so_first():
    report = Report(title="A", **WHEN, trouble=("The search “q” could not be run: no connection",), failed=("PMID:1",))
    lines = plain(report, 80).splitlines()
    assert lines[2] == "Incomplete. No news so far."
    assert lines[4] == "Incomplete"
    assert any("PMID:1" in line for line in lines)
    assert report.needs_attention


def test_files(report, tmp_path):
    for suffix in (".html", ".md", ".json"):
        path = save(report, tmp_path / f"report{suffix}")
        assert path.stat().st_size > 1000
        assert save(report, path).read_bytes() == path.read_bytes()
    whole = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert (whole["needs_attention"], whole["complete"]) == (True, True)
    with pytest.raises(InputError, match=r"\.html \.md \.json"):
        save(report, tmp_path / "report.docx")


def test_json_comes_back_whole(report, hostile):
    assert from_json(to_json(report)) == report
    assert from_json(to_json(hostile)) == hostile
    with pytest.raises(InputError, match="cannot be read"):
        from_json('{"title": 1}')


@pytest.mark.parametrize("width", [400, 1280])
def test_the_page_fits_and_asks_for_nothing(browser, report, hostile, tmp_path, width):
    for name, one in (("report", report), ("hostile", hostile)):
        address = save(one, tmp_path / f"{name}.html").as_uri()
        tab = browser.new_page(viewport={"width": width, "height": 900})
        said: list[str] = []
        tab.on("console", lambda message, said=said: said.append(message.text))
        tab.on("dialog", lambda dialog, said=said: said.append(dialog.message))
        tab.on("request", lambda request, said=said, own=address: request.url == own or said.append(request.url))
        tab.goto(address)
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        assert tab.evaluate("document.querySelectorAll('h1').length") == 1
        tab.close()
        assert said == []

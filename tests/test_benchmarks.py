"""Do the benchmarks say what they measured, wherever they say it? (Times themselves are no matter of tests.)"""

import doctest
import json
import re
from html.parser import HTMLParser
from itertools import groupby
from xml.etree import ElementTree

import pytest

from benchmarks import __main__ as command
from benchmarks import measuring, summary
from benchmarks.measuring import Bound, Growth, Report, Share


@pytest.fixture
def results(tmp_path, monkeypatch):
    """A folder of results of a toy benchmark: one limit kept, one missed, of each kind."""
    monkeypatch.setattr(measuring, "RESULTS", tmp_path)
    report = Report("toy", "A toy & its <peers>")
    report.ratio("adding, small", "abacus", [1, 2, 3], [2, 4, 6], limit=0.6)
    report.ratio("adding, large", "abacus", [9, 8, 7], [10, 10, 10], limit=0.6)
    report.bounds += [Bound("memory", 7, "MB", 100), Bound("abstracts", 700, "a second", 1000, least=True)]
    report.shares += [Share("design", 0.977, 88, 0.983, 59, 0.93), Share("direction", 0.9, 10, 0.5, 10, 0.85)]
    report.growth.append(Growth("table", "CPU s", [100, 1000, 10_000], [0.1, 1.0, 10.0]))
    report.write()
    sizes = [
        {"what": "page", "records": n, "cpu_s": n * n / 1e6, "peak_mb": 50.0, "output_bytes": n} for n in (10, 100)
    ]
    (tmp_path / "sizes.json").write_text(json.dumps(sizes))
    return summary.measured(tmp_path)


def test_a_ratio_is_ours_by_theirs_of_the_same_round(results):
    _, toy = results
    assert [(one.ratio, one.n) for one in toy.ratios] == [(0.5, 3), (0.8, 3)]
    assert toy.ratios[1].low == pytest.approx(0.72)
    assert toy.ratios[1].high == pytest.approx(0.88)


def test_contestants_take_turns_and_short_ones_fill_theirs():
    clock, seen = [0.0], []

    def takes(name, seconds):
        def act():
            clock[0] += seconds
            seen.append(name)

        return act

    contestants = {"quick": takes("quick", 1 / 1024), "slow": takes("slow", 0.05)}
    spent = measuring.turns(contestants, 2, lambda: clock[0], fill=20 / 1024)
    assert spent["quick"] == pytest.approx([1 / 1024] * 2)
    assert spent["slow"] == pytest.approx([0.05, 0.05])
    runs = [(name, len(list(some))) for name, some in groupby(seen)]
    assert runs[:2] == [("quick", 1), ("slow", 1)]  # to see how many fill a turn
    assert runs[-2:] == [("quick", 20), ("slow", 1)]


def test_what_was_missed_is_said_on_both_pages(results):
    page, text = summary.page(results, {}), summary.markdown(results, {"scan": "no <recorded> records"})
    told = summary.missed(results)
    assert [one.split(" ")[0] for one in told] == ["adding,", "abstracts:", "direction:"]
    assert "6 limits" in text
    assert "3 were kept" in text
    assert all(one in text for one in told)
    assert text.count("| NO |") == 3
    assert "scan: no <recorded> records" in text
    assert page.count(">NO<") == 3


def test_growth_is_the_slope_on_logarithmic_axes(results):
    sizes, toy = results
    assert summary.slope(toy.growth[0]) == pytest.approx(1)
    assert {one.unit: round(summary.slope(one), 6) for one in sizes.growth} == {
        "CPU s": 2,
        "MB at most": 0,
        "bytes written": 1,
    }


def test_the_page_stands_alone_and_is_escaped(results):
    page = summary.page(results, {"scan": "<b>"})
    tags, addresses = [], []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attributes):
            tags.append(tag)
            addresses.extend(value for name, value in attributes if name in ("src", "href"))

    Reader().feed(page)
    assert "script" not in tags
    assert "b" not in tags
    assert [one for one in addresses if re.match(r"(?:[a-z]+:)?//", one)] == []
    pictures = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert len(pictures) == 2 * 6  # the ratios, the shares, growth in four units; for wide windows and narrow ones
    for one in pictures:
        assert ElementTree.fromstring(one).find("{http://www.w3.org/2000/svg}desc").text


def test_one_that_fails_is_named_and_stops_no_other(monkeypatch, capfd):
    written = []
    monkeypatch.setattr(command, "EVERY", ("missing", "corpus"))
    monkeypatch.setattr(summary, "write", written.append)
    assert command.main([]) == 1
    assert list(written[0]) == ["missing"]
    out, err = capfd.readouterr()
    assert "corpus: done" in out
    assert "missing did not run: " in err
    assert command.main(["corpus"]) == 0


def test_a_name_that_does_not_exist_is_refused(capsys):
    assert command.main(["parsnip"]) == 2
    assert "There are: parsing, " in capsys.readouterr().err


def test_readme_quotes_what_was_measured():
    readme = summary.README.read_text(encoding="utf-8")
    assert summary.with_block(readme, summary.measured()) == readme, "`python -m benchmarks --summary` writes it"


def test_every_result_can_be_read_by_people_and_by_programs():
    names = {path.stem for path in measuring.RESULTS.glob("*.json")}
    assert names
    assert names <= {path.stem for path in measuring.RESULTS.glob("*.md")}
    assert names <= set(command.EVERY)


@pytest.mark.parametrize("module", [measuring, summary])
def test_examples(module):
    found = doctest.testmod(module)
    assert found.attempted
    assert not found.failed

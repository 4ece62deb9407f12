"""Questions: does each rendering show every study and every gap, and can no text of a record get out of its place?"""

import csv
import io
import json
from dataclasses import replace

import pytest
from lxml import etree, html
from rich.console import Console

from ketalit.escaping import is_formula
from ketalit.mapping import SUFFIXES, evidence_map, export, picture
from ketalit.mapping.files import to_json, to_markdown
from ketalit.mapping.html import render
from ketalit.mapping.terminal import to_rich, why_rich
from ketalit.review import load_review
from tests.figures.svg import SVG, parsed
from tests.synthetic_review import HOSTILE, synthetic_review


@pytest.fixture(scope="module")
def bundled():
    return evidence_map(load_review())


@pytest.fixture(scope="module")
def hostile():
    return evidence_map(synthetic_review(), screened="all")


def printed(renderable, width=80):
    console = Console(width=width, file=io.StringIO(), highlight=False)
    console.print(renderable)
    return console.file.getvalue()


@pytest.mark.parametrize("by", ["route", "followup"])
@pytest.mark.parametrize("width", [80, 100, 200])
def test_the_terminal_holds_the_width(bundled, by, width):
    text = printed(to_rich(bundled, width, by=by), width)
    assert max(map(len, text.splitlines())) <= width
    assert f"of {bundled.gaps(by).cells} cells" in text


def test_the_terminal_shows_a_cell_counted_by_hand(bundled):
    text = printed(to_rich(bundled, 80))
    line = next(line for line in text.splitlines() if line.startswith("CRPS"))
    assert line.split()[:3] == ["CRPS", "0", "2r+4o"]
    assert "n189" in text


def test_why_names_every_study_and_every_one_left_out(bundled):
    text = printed(why_rich(bundled), 400)
    for name in (*bundled.studies.index, *bundled.left_out.index):
        assert name in text


def test_one_dot_a_study_each_with_its_name(bundled):
    for by in ("route", "followup"):
        for width in (340, 700, 1100):
            tree = parsed(picture(bundled, by, width=width))
            tips = [one.text for one in tree.iter(f"{SVG}title")][1:]
            assert len(tips) == len(bundled.studies)
            assert sum("Sigtermans 2009: parallel RCT, 60 people" in tip for tip in tips) == 1


def test_what_is_not_counted_is_pale(bundled):
    pale = [one for one in parsed(picture(bundled)).iter(f"{SVG}g") if one.get("opacity")]
    assert len(pale) == bundled.totals()["beside"] + 1  # and its sample in the legend
    assert all("not counted" in one.find(f"{SVG}title").text for one in pale if one.find(f"{SVG}title") is not None)


def test_empty_cells_are_drawn(bundled):
    zeros = [one for one in parsed(picture(bundled)).iter(f"{SVG}text") if one.text == "0"]
    gaps = bundled.gaps("route")
    assert len(zeros) == gaps.without_study - gaps.beside
    shaded = [one for one in parsed(picture(bundled)).iter(f"{SVG}rect") if one.get("class") == "f-grid"]
    assert len(shaded) == gaps.without_trial + 1  # and its sample in the legend


def test_the_picture_is_told_in_words(bundled):
    told = picture(bundled).description
    assert "Phantom and stump pain. IV, once: 1 randomised" in told
    assert "49 of 64 cells" in told
    assert "harms told in 5 of 6" in told


def test_the_page_lists_the_studies_behind_each_cell_with_links(bundled):
    tree = html.fromstring(render(bundled))
    cell = tree.get_element_by_id("crps-iv-repeated-or-over-days")
    names = [one.text_content() for one in cell.xpath(".//article//span[@class='name']")]
    assert sorted(names) == sorted(
        bundled.studies.loc[
            (bundled.studies.condition == "CRPS") & (bundled.studies.route == "IV, repeated or over days"), "citation"
        ]
    )
    assert "https://pubmed.ncbi.nlm.nih.gov/19604642/" in cell.xpath(".//a/@href")
    assert len(tree.xpath("//article")) == len(bundled.studies)


def test_links_inside_the_page_lead_somewhere(bundled):
    tree = html.fromstring(render(bundled))
    names = tree.xpath("//@id")
    assert len(names) == len(set(names))
    assert {link[1:] for link in tree.xpath("//a/@href") if link.startswith("#")} <= set(names)


def test_hostile_text_stays_text(hostile):
    page = render(hostile)
    tree = html.fromstring(page)
    assert not tree.xpath("//script | //iframe | //@onclick | //@onload")
    assert all(link.startswith(("#", "https://")) for link in tree.xpath("//a/@href"))
    assert "&lt;script&gt;" in page
    for text in (page, to_markdown(hostile), picture(hostile).svg, printed(why_rich(hostile)), to_json(hostile)):
        assert "\x1b" not in text.replace("\\u001b", "")
    assert "\u202e" not in page + to_markdown(hostile) + picture(hostile).svg + printed(why_rich(hostile))
    assert "<script" not in to_markdown(hostile).replace("\\<script", "")
    etree.fromstring(picture(hostile).svg.encode())


def test_a_hostile_route_stays_text():
    review = synthetic_review()
    row = next(row for row in review.extraction if row.record == "beta2014" and row.finding.field == "dose")
    bad = replace(row, finding=replace(row.finding, field="route", value=f"intravenous {HOSTILE}"))
    found = evidence_map(replace(review, extraction=(*review.extraction, bad)))
    assert HOSTILE in found.studies.loc["beta2014", "route_text"]
    for text in (printed(why_rich(found)), render(found), to_markdown(found), picture(found).svg):
        assert not {"\x1b", "\u202e"} & set(text)
    assert not html.fromstring(render(found)).xpath("//script")


def test_csv_holds_every_cell_and_no_formula(hostile, tmp_path):
    cells, studies = export(hostile, tmp_path / "map.csv")
    rows = list(csv.DictReader(io.StringIO(cells.read_text(encoding="utf-8"))))
    assert len(rows) == len(hostile.cells())
    assert sum(int(row["studies"]) for row in rows) == hostile.totals()["studies"]
    listed = list(csv.DictReader(io.StringIO(studies.read_text(encoding="utf-8"))))
    assert len(listed) == len(hostile.studies) + len(hostile.left_out)
    assert not [value for row in listed for value in row.values() if is_formula(value)]
    assert next(row for row in listed if row["study"] == "delta2018")["left_out_because"] == "retracted"


def test_json_is_the_map(bundled):
    data = json.loads(to_json(bundled))
    assert data["gaps"]["route"] == {"cells": 64, "without_trial": 49, "without_study": 45, "beside": 1}
    assert sum(cell["studies"] for cell in data["cells"]) == data["totals"]["studies"] == 56
    study = next(one for one in data["studies"] if one["study"] == "sigtermans2009")
    assert (study["condition"], study["route"], study["people"]) == ("CRPS", "IV, repeated or over days", 60)
    assert study["condition_rule"] == "condition/crps"


def test_markdown_has_a_column_each_and_every_study(bundled):
    text = to_markdown(bundled)
    head = next(line for line in text.splitlines() if line.startswith("| Condition"))
    assert head.count("|") == 2 + len(bundled.columns("route"))
    assert text.count("\n- ") >= len(bundled.studies) + len(bundled.left_out)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("where", [None, "year=1800"])
def test_every_kind_of_file_can_be_written_empty_too(tmp_path, suffix, where):
    if suffix in {".png", ".pdf"}:
        pytest.importorskip("vl_convert", reason="the extra `figures` is not installed")
    first, *_ = export(evidence_map(load_review(), where=where), tmp_path / f"map{suffix}")
    assert first == tmp_path / f"map{suffix}"
    assert first.stat().st_size > 100


def test_equal_maps_are_equal_files():
    assert render(evidence_map(load_review())) == render(evidence_map(load_review()))


def test_all_renderings_give_no_advice(bundled):
    for text in (render(bundled), to_markdown(bundled), printed(to_rich(bundled), 300), picture(bundled).svg):
        assert "no medical advice" in " ".join(text.split())

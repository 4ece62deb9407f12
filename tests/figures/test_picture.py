"""Questions: does a notebook show it with its words, and are the files what their endings say?"""

import base64
import re
import sys

import pytest
from lxml import etree, html

from ketalit.errors import InputError
from ketalit.figures import Axis, Line, Panel, draw, page
from ketalit.figures.export import plain


@pytest.fixture
def picture():
    panel = Panel([Line([0.1, 1, 10], [9, 5, 1], label="Mg²⁺ & “more”")], Axis("Dose (µM)", "log"))
    return draw(panel, title='A "toy" <curve>', description="It falls.")


def test_a_notebook_gets_an_image_with_alternative_text(picture):
    image = html.fromstring(picture._repr_html_())
    assert image.tag == "img"
    assert image.get("alt") == 'A "toy" <curve>. It falls.'
    kind, _, coded = image.get("src").partition(",")
    assert kind == "data:image/svg+xml;base64"
    assert base64.b64decode(coded).decode() == picture.svg
    assert "It falls." in repr(picture)
    assert "<svg" not in repr(picture)


def test_svg_file(picture, tmp_path):
    path = picture.save(tmp_path / "a.svg")
    assert path.read_text(encoding="utf-8") == picture.svg
    etree.parse(path)


def test_another_ending(picture, tmp_path):
    with pytest.raises(InputError, match=re.escape(".svg, .png or .pdf")):
        picture.save(tmp_path / "a.gif")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("ending", ["png", "pdf"])
def test_without_the_extra(picture, tmp_path, monkeypatch, ending):
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    with pytest.raises(InputError, match=re.escape("ketalit[figures]")):
        picture.save(tmp_path / f"a.{ending}")
    assert not list(tmp_path.iterdir())


def test_png_file(picture, tmp_path):
    pytest.importorskip("vl_convert", reason="the extra `figures` is not installed")
    content = picture.save(tmp_path / "a.png").read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = (int.from_bytes(content[at : at + 4], "big") for at in (16, 20))
    assert (width, height) == (2 * picture.width, 2 * picture.height)
    assert picture.save(tmp_path / "b.png").read_bytes() == content


def test_pdf_file(picture, tmp_path):
    pytest.importorskip("vl_convert", reason="the extra `figures` is not installed")
    content = picture.save(tmp_path / "a.pdf").read_bytes()
    assert content[:5] == b"%PDF-"
    assert b"/Font" in content  # letters, not outlines


def test_for_other_programs_no_style_sheet_is_left(picture):
    text = plain(picture.svg)
    assert "<style" not in text
    assert "class=" not in text
    assert etree.fromstring(text.encode()).get("viewBox")
    assert "Mg2+ & “more”" in "".join(etree.fromstring(text.encode()).itertext())


def test_a_page_holds_every_picture_twice_and_its_words_once(picture):
    tree = html.fromstring(page([picture, picture], title="Two <toys>", introduction="Look."))
    assert len(tree.findall(".//figure")) == 2
    assert len(tree.xpath("//*[local-name()='svg']")) == 4
    assert [one.text_content() for one in tree.findall(".//details")] == ["The picture in wordsIt falls."] * 2
    assert tree.findtext(".//h1") == "Two <toys>"

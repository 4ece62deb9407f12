"""Can any text of a review become something active in an output? Each output is read as its own programs read it."""

import csv
import dataclasses
import io
import json
import re
import shutil
from types import MappingProxyType

import docx
import lxml.html
import openpyxl
import pytest
import rispy
from lxml import etree
from markdown_it import MarkdownIt
from pybtex.database import parse_string
from rich.console import Console

import ketalit.audit as audits
import ketalit.refresh as refreshing
from ketalit import claims, mapping
from ketalit.audit.terminal import to_rich as audit_in_terminal
from ketalit.claims.export import export as export_claims
from ketalit.claims.terminal import to_rich as claims_in_terminal
from ketalit.escaping import is_formula
from ketalit.export import export, to_rich
from ketalit.findings import Finding
from ketalit.freeze import freeze
from ketalit.mapping.files import export as export_map
from ketalit.mapping.terminal import to_rich as map_in_terminal
from ketalit.prisma import Column, PrismaCounts, Source, prisma_json, prisma_markdown, prisma_svg, prisma_text
from ketalit.reading import read_record
from ketalit.reading.notebook import MarkedText
from ketalit.records.model import Author, Date, Journal, Record, Section, to_json
from ketalit.refresh.terminal import to_rich as refresh_in_terminal
from ketalit.review import Claim, Extraction, Review, Screening, Search, new_review
from ketalit.table import evidence_table
from ketalit.vocabulary import Checked, Decision, Origin, Verdict
from tests.export.hostile import basic
from tests.export.test_latex import COMMANDS
from tests.refresh.test_shown import hostile as hostile_report  # noqa: F401 - a fixture

EVIL = "evil.example"
TEXTS = (
    f"</script></style></title></textarea><script>alert(1)</script><img src=//{EVIL}/a onerror=alert(2)><svg onload=alert(3)>",
    "\" onmouseover=\"alert(4)\" x=' onfocus='alert(5)' autofocus y=`",
    f"[x](javascript:alert(6)) ![z](https://{EVIL}/p.png) <https://{EVIL}> www.{EVIL} [y]: data:text/html,<b>\n\n# head\n```",
    "=cmd|' /C calc'!A0",
    '\t=HYPERLINK("https://evil.example","x")\n@SUM(A1)',
    "{{ 7*7 }} {% import os %} ${7*7} <%= 7*7 %> #{7*7}",
    "\x1b]0;owned\x07\x1b[2J\x9b31m \u202eabc\u202c\u2066 \x00\x08 \u200f end",
    "w" * 3000,
    "]]> --> <!-- &lt;script&gt; &#60;script&#62; <![CDATA[ &bogus; <?x?> \ufffe",
    "javascript:alert(7)",
    "First\r\nER  - \r\nTY  - JOUR\nPMID- 9\n\n@article{x,\n} \u2028 } \\\\",
)
_NO_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def _record(number: int, text: str) -> Record:
    return Record(
        source="person",
        key=f"evil{number}",
        pmid=str(3000000 + number),
        doi=f'10.1000/{number}"><script>alert(8)</script>',
        title=f"{text} ketamine for pain: a randomised trial",
        abstract=(
            Section(label=text[:60], text=f"{text} 60 patients were randomised to ketamine 0.5 mg/kg or placebo."),
        ),
        authors=(Author(last=text, fore=text, initials="A"), Author(collective=text)),
        journal=Journal(title=text, abbreviation=text, issn=text[:9]),
        published=Date(iso="2020", precision="year", verbatim=text),
        volume=text[:20],
        pages=text[:20],
        keywords=(text,),
    )


def _review(path) -> Review:
    records = [_record(number, text) for number, text in enumerate(TEXTS, 1)]
    everything = " ".join(TEXTS)
    values = [
        Extraction(
            one.id,
            Finding(
                field=field, value=text, origin=Origin.PERSON, checked=Checked.ONE, locator=text, quote=text, who=text,
                when="2024-01-02", note=text, source=one.id,
            ),
        )
        for one, text in zip(records, TEXTS, strict=True)
        for field in ("dose", "result", "condition", "route", "followup")
    ]  # fmt: skip
    said = [
        Claim(
            id=f"K{number}", page=text, claim=text, topic=text, verdict=Verdict.SUPPORTED, explanation=text,
            basis=(one.id,), locators=(f"{one.id}: {text}",), cited=text, would_change=text, note=text,
        )
        for number, (one, text) in enumerate(zip(records, TEXTS, strict=True), 1)
    ]  # fmt: skip
    return Review(
        path=path,
        title=everything,
        question=everything,
        how_found=everything,
        searches=tuple(Search(name=text, query=text, why=text) for text in TEXTS),
        records=MappingProxyType({one.id: one for one in records}),
        screening=tuple(
            Screening(record=one.id, decision=Decision.INCLUDE, reason=text, note=text, study=text[:80])
            for one, text in zip(records, TEXTS, strict=True)
        ),
        extraction=tuple(values),
        claims=tuple(said),
    )


@pytest.fixture(scope="module")
def review(tmp_path_factory):
    return _review(tmp_path_factory.mktemp("evil"))


@pytest.fixture(scope="module")
def table(review):
    return evidence_table(review, view="full")


@pytest.fixture(scope="module")
def folder(review):
    """The same review as a person could be sent it."""
    place = review.path / "review"
    place.mkdir()
    first = {"format": "1", "title": basic(review.title), "question": basic(review.question)}
    searches = "".join(
        f"[[searches]]\nname = {basic(one.name)}\nquery = {basic(one.query)}\n" for one in review.searches
    )
    settings = "".join(f"{name} = {value}\n" for name, value in first.items()) + searches
    (place / "review.toml").write_text(settings, encoding="utf-8")
    (place / "records.jsonl").write_bytes(b"".join(to_json(one) + b"\n" for one in review.records.values()))
    ids = list(review.records)
    sheets = {
        "screening": [("record", "decision", "note"), *((one, "include", text) for one, text in zip(ids, TEXTS, strict=True))],
        "extraction": [
            ("record", "field", "value", "quote", "source", "origin", "who", "note"),
            *((one, field, text, text, one, "person", text, text) for one, text in zip(ids, TEXTS, strict=True)
              for field in ("dose", "result", "condition")),
        ],
        "claims": [
            ("id", "page", "claim", "topic", "verdict", "explanation", "basis", "locators", "cited", "checked", "note"),
            *((f"K{n}", text, text, text, "supported", text, one, f"{one}: {text.replace(';', ',')}", text, "one", text)
              for n, (one, text) in enumerate(zip(ids, TEXTS, strict=True))),
        ],
    }  # fmt: skip
    for name, rows in sheets.items():
        with (place / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([[cell.replace("\x00", "") for cell in row] for row in rows])
    return place


# --- what a page, a picture, a sheet may hold

_ACTIVE = {
    "iframe",
    "object",
    "embed",
    "base",
    "form",
    "applet",
    "frame",
    "foreignobject",
    "animate",
    "set",
    "link",
    "audio",
    "video",
}


def page_is_inert(source: str, *, scripts: int = 0) -> None:
    """No element, attribute or address that does anything, but for our own scripts."""
    assert not _NO_CONTROL.search(re.sub(r"(?s)<script.*?</script>", "", source) if scripts else source)
    root = lxml.html.document_fromstring(source or "<p></p>")
    found = [element for element in root.iter() if isinstance(element.tag, str)]
    tags = [element.tag.lower().rpartition("}")[2] for element in found]
    assert not _ACTIVE & set(tags)
    assert tags.count("script") == scripts
    for element in found:
        for name, value in element.attrib.items():
            assert not name.lower().startswith("on"), (element.tag, name)
            if name.lower() in {"href", "src", "action", "formaction", "srcset", "poster", "xlink:href"}:
                assert re.match(r"(?:#|https://|data:image/(?:svg\+xml|png|gif);base64,|data:,)", value), value[:100]
                assert EVIL not in value.split("/")[2:3], value[:100]
            if name == "style":
                assert "url(" not in value.lower()
            if name == "http-equiv":
                assert value.lower() != "refresh"
        if element.tag in ("script", "style") and element.text:
            assert not re.search(r"alert\(\d\)", element.text)
            assert EVIL not in element.text


def picture_is_inert(source: str) -> None:
    """A well-formed picture that runs and fetches nothing."""
    assert not _NO_CONTROL.search(source)
    root = etree.fromstring(source.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    for element in root.iter(etree.Element):
        tag = etree.QName(element).localname.lower()
        assert tag not in _ACTIVE | {"script", "a", "image", "use", "handler"}, tag
        for name, value in element.attrib.items():
            assert not etree.QName(name).localname.lower().startswith("on")
            assert "href" not in name.lower()
            assert "javascript:" not in value.lower() or name == "aria-label"
    assert not root.getroottree().docinfo.internalDTD


def markdown_is_inert(source: str) -> None:
    """As rendered by a reader of Markdown that lets HTML through: nothing active, no heading that we did not write."""
    rendered = (
        MarkdownIt("commonmark", {"html": True, "linkify": False}).enable(["table", "strikethrough"]).render(source)
    )
    page_is_inert(rendered)
    root = lxml.html.document_fromstring(rendered)
    assert not list(root.iter("img"))
    assert "head" not in [heading.text_content().strip() for heading in root.iter("h1")]


def sheet_is_inert(content: str) -> None:
    for row in csv.reader(io.StringIO(content, newline=""), strict=True):
        for cell in row:
            assert not is_formula(cell), cell[:80]
            assert not _NO_CONTROL.search(cell)


def in_terminal(renderable) -> str:
    console = Console(file=io.StringIO(), width=100, force_terminal=True, color_system="truecolor", highlight=False)
    console.print(renderable)
    return console.file.getvalue()


def terminal_is_inert(shown: str) -> None:
    """Nothing but text and the colours that rich itself writes, and links it made to known places."""
    left = re.sub(r"\x1b\[[\d;]*m", "", shown)
    left = re.sub(r"\x1b\]8;[^;\x1b]*;(?:https://(?:pubmed|doi|pmc)[^\x1b\x07]*)?\x1b\\", "", left)
    assert not _NO_CONTROL.search(left)
    assert "31mred" not in left


# --- outputs


def test_the_table_as_a_page(table, tmp_path):
    source = export(table, tmp_path / "t.html")[0].read_text(encoding="utf-8")
    page_is_inert(source, scripts=1)
    assert "{{ 7*7 }}" in lxml.html.document_fromstring(source).text_content()


def test_the_table_as_a_workbook(table, tmp_path):
    book = openpyxl.load_workbook(export(table, tmp_path / "t.xlsx")[0])
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", cell.value
                assert cell.hyperlink is None or re.match(r"https://|#", cell.hyperlink.target or "#"), (
                    cell.hyperlink.target
                )
                if isinstance(cell.value, str):
                    assert not _NO_CONTROL.search(cell.value)
    assert not book.vba_archive
    assert not book._external_links
    assert not list(book.defined_names.values()) or all(
        "evil" not in str(one.value) for one in book.defined_names.values()
    )


def test_the_table_as_csv(table, tmp_path):
    for file in export(table, tmp_path / "t.csv"):
        sheet_is_inert(file.read_text(encoding="utf-8-sig"))


def test_the_table_as_markdown(table, tmp_path):
    markdown_is_inert(export(table, tmp_path / "t.md")[0].read_text(encoding="utf-8"))


def test_the_table_as_a_document(table, tmp_path):
    document = docx.Document(str(export(table, tmp_path / "t.docx")[0]))
    for relation in document.part.rels.values():
        assert not relation.is_external or relation.target_ref.startswith("https://")
    tags = {etree.QName(element).localname for element in document.element.iter(etree.Element)}
    assert not tags & {"fldSimple", "instrText", "object", "altChunk", "control", "pict"}


@pytest.mark.parametrize("suffix", [".ris", ".bib", ".json", ".nbib"])
def test_the_references(table, tmp_path, suffix):
    text = export(table, tmp_path / f"t{suffix}")[0].read_text(encoding="utf-8")
    assert not _NO_CONTROL.search(text)
    if suffix == ".ris":
        assert len(rispy.loads(text)) == len(TEXTS)
    elif suffix == ".bib":
        assert len(parse_string(text, "bibtex").entries) == len(TEXTS)
    elif suffix == ".json":
        assert len(json.loads(text)) == len(TEXTS)
    else:
        assert len(re.findall(r"(?m)^PMID- ", text)) == len(TEXTS)


def test_the_table_in_latex(table, tmp_path):
    source = export(table, tmp_path / "t.tex")[0].read_text(encoding="utf-8")
    assert not _NO_CONTROL.search(source)
    assert set(re.findall(r"\\(?:[a-zA-Z]+|.)", source)) <= COMMANDS
    assert source.count(r"\begin{longtable}") == source.count(r"\end{longtable}")


def test_the_table_as_parquet(table, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
    path, *_ = export(table, tmp_path / "t.parquet")
    assert parquet.read_table(io.BytesIO(path.read_bytes())).column("title").to_pylist() == list(table.frame["title"])


def test_the_terminal(table, review, hostile_report):  # noqa: F811
    found = audits.audit(" ".join(TEXTS), review)
    for renderable in (
        to_rich(table, 100),
        claims_in_terminal(claims.checked_claims(review), full=True),
        map_in_terminal(mapping.evidence_map(review), 100),
        audit_in_terminal(found),
        refresh_in_terminal(hostile_report),
    ):
        terminal_is_inert(in_terminal(renderable))


def test_claims(review, tmp_path):
    found = claims.checked_claims(review)
    everything = " ".join(TEXTS)
    page_is_inert(export_claims(found, tmp_path / "c.html", title=everything).read_text(encoding="utf-8"))
    markdown_is_inert(export_claims(found, tmp_path / "c.md", title=everything).read_text(encoding="utf-8"))
    sheet_is_inert(export_claims(found, tmp_path / "c.csv").read_text(encoding="utf-8-sig"))
    assert len(json.loads(export_claims(found, tmp_path / "c.json").read_text(encoding="utf-8"))) == len(TEXTS)


def test_an_audit(review, tmp_path):
    page = "\n\n".join(f"{text} Ketamine relieves pain for 3 weeks in 40 % of patients [1]." for text in TEXTS)
    found = audits.audit(dataclasses.replace(audits_page(page), source=" ".join(TEXTS)), review)
    page_is_inert(audits.export(found, tmp_path / "a.html").read_text(encoding="utf-8"))
    markdown_is_inert(audits.export(found, tmp_path / "a.md").read_text(encoding="utf-8"))
    json.loads(audits.export(found, tmp_path / "a.json").read_text(encoding="utf-8"))


def audits_page(text):
    from ketalit.page import PageKind, page_of_text

    return page_of_text(text, kind=PageKind.TEXT)


def test_the_map(review, tmp_path):
    found = mapping.evidence_map(review)
    for suffix in (".html", ".md", ".csv", ".json", ".svg"):
        for file in export_map(found, tmp_path / f"m{suffix}"):
            text = file.read_text(encoding="utf-8-sig")
            if suffix == ".html":
                page_is_inert(text)
            elif suffix == ".md":
                markdown_is_inert(text)
            elif suffix == ".csv":
                sheet_is_inert(text)
            elif suffix == ".svg":
                picture_is_inert(text)
            else:
                json.loads(text)


def test_the_report_of_a_refresh(hostile_report, tmp_path):  # noqa: F811
    for suffix, holds in ((".html", page_is_inert), (".md", markdown_is_inert), (".json", json.loads)):
        holds(refreshing.save(hostile_report, tmp_path / f"r{suffix}").read_text(encoding="utf-8"))


def test_the_flow_diagram():
    everything = " ".join(TEXTS)
    column = Column(
        sources=tuple(Source(name=text, records=1, when=text[:20], note=text) for text in TEXTS),
        identified=11, duplicates=0, screened=11, excluded_early=0, sought=11, not_retrieved=0, assessed=11,
        excluded=tuple((text, 1) for text in TEXTS),
    )  # fmt: skip
    counts = PrismaCounts(
        title=everything, databases=column, other=Column(), studies=1, reports=1,
        excluded_without_stage=((everything, 1),), differences=TEXTS, notes=TEXTS,
    )  # fmt: skip
    picture_is_inert(prisma_svg(counts))
    markdown_is_inert(prisma_markdown(counts))
    json.loads(prisma_json(counts))
    assert not _NO_CONTROL.search(prisma_text(counts))


def test_what_notebooks_show(table, review, hostile_report):  # noqa: F811
    page_is_inert(mapping.evidence_map(review)._repr_html_())
    page_is_inert(table._repr_html_())
    markdown_is_inert(hostile_report._repr_markdown_())
    for record in review.records.values():
        page_is_inert(MarkedText(record, read_record(record))._repr_html_())


def test_what_the_commands_print(folder, ketalit, tmp_path):
    page = tmp_path / "page.txt"
    page.write_text(
        "\n\n".join(f"{text} Ketamine helps (10.1000/{n})." for n, text in enumerate(TEXTS)), encoding="utf-8"
    )
    asked = [("cite", page), ("audit", page), ("show", "evil1"), ("show", TEXTS[6].replace("\x00", ""))]
    asked += [("table", "--view", "full"), ("check",), ("claims",), ("map",), ("prisma",)]
    for command in asked:
        for more in ((), ("--json",)):
            _, out, err = ketalit(*command, *more, "-r", folder)
            terminal_is_inert(out)
            terminal_is_inert(err)
            if more and out:
                json.loads(out)


def test_what_is_wrong_in_a_file_is_told_harmlessly(folder, ketalit, tmp_path):
    broken = shutil.copytree(folder, tmp_path / "broken")
    with (broken / "extraction.csv").open("a", encoding="utf-8", newline="") as file:
        rows = [
            ("evil1", field, text.replace("\x00", "")) for text in TEXTS for field in ("n_total", "design", text[:40])
        ]
        csv.writer(file).writerows([*cells, "", "evil1", "person", "AB", ""] for cells in rows)
    for command in (("check",), ("check", "--json"), ("table",)):
        code, out, err = ketalit(*command, "-r", broken)
        assert code == 1
        terminal_is_inert(out)
        terminal_is_inert(err)


def test_what_an_import_tells(ketalit, tmp_path):
    new_review(tmp_path / "mine", empty=True)
    wild = TEXTS[6].replace("\x00", "").replace("\x08", "")
    files = {
        "a.bib": f"@article{{a\x1b[31mb, title = {{{wild}}}, author = {{\n\n@article{{{wild}, x}}\n@article{{b, title = {{A}}}}\n",
        "b.ris": f"TY  - JOUR\nTI  - {wild}\nDO  - {wild}\nER  - \nTY  - JOUR\nTI  - {wild}\nER  - \n",
        "c.csv": f"PMID,Title\n1,{wild}\n{wild},,,\n",
        "d.csv": f"{wild},b\n1,2\n",
    }
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
        _, out, err = ketalit("import", tmp_path / name, "-r", tmp_path / "mine")
        assert out + err
        terminal_is_inert(out)
        terminal_is_inert(err)
        _, out, err = ketalit("read", tmp_path / name, "--json")
        terminal_is_inert(out)
        terminal_is_inert(err)


def test_a_snapshot(folder, tmp_path):
    frozen = freeze(folder, to=tmp_path / "snapshot", date="2026-11-22").path
    for path in frozen.rglob("*"):
        if path.suffix in {".md", ".csv", ".html", ".svg", ".json", ".cff", ".ris", ".bib", ".nbib"}:
            text = path.read_text(encoding="utf-8-sig")
            {
                ".md": lambda text: markdown_is_inert(
                    re.sub(r"\]\((?=[\w/.-]+\))", "](#", text)
                ),  # links to its own files
                ".csv": sheet_is_inert,
                ".svg": picture_is_inert,
                ".html": lambda text: page_is_inert(text, scripts=1),
                ".json": json.loads,
            }.get(path.suffix, terminal_is_inert)(text)


def test_what_learners_answered(ketalit, tmp_path):
    log = tmp_path / "answers.csv"
    with log.open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file).writerow
        write(("when", "lesson", "item", "given", "correct", "confidence"))
        for number, text in enumerate(text.replace("\x00", "") for text in TEXTS):
            write(("2026-11-23T09:00:00+00:00", "01", f"{number}{text}", text, "False", "50"))
    for more in ((), ("--json",), ("--to", tmp_path / "class.csv"), ("--to", tmp_path / "class.svg")):
        code, out, err = ketalit("answers", log, *more)
        assert code == 0, err
        terminal_is_inert(out)
    sheet_is_inert((tmp_path / "class.csv").read_text(encoding="utf-8"))
    picture_is_inert((tmp_path / "class.svg").read_text(encoding="utf-8"))

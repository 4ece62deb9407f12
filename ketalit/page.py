"""A page as people read it: open a file, standard input or an address, and make one canonical text with its links.

Canonical text (version 1), into which all offsets of citations point. Plain text: the decoded characters, byte
order mark off, line ends as LF, nothing else changed. HTML, and Markdown by way of HTML: what a reader sees,
without scripts, styles, forms and navigation; runs of white space are one space; each block and line break starts
a new line; an item of a list starts with "- " or its number and ". ".
"""

from __future__ import annotations

import codecs
import hashlib
import re
import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from .errors import InputError

MAX_BYTES = 10 * 1024 * 1024
TIME_LIMIT = 20.0  # seconds for the whole answer


class PageKind(StrEnum):
    """How a page is written."""

    TEXT = "text"
    HTML = "html"
    MARKDOWN = "markdown"


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a page: its target and where its text stands (start == end: a link without text)."""

    href: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page.

    Attributes:
        text: the canonical text (see the module).
        kind: how it was written.
        source: path, address or "-" it came from; empty for text handed in.
        sha256: hash of the bytes it came as.
        links: links of HTML and Markdown; addresses written out in a text are found by `citations`.
        raised: offsets of superscripts.
    """

    text: str
    kind: PageKind = PageKind.TEXT
    source: str = ""
    sha256: str = ""
    links: tuple[Link, ...] = ()
    raised: tuple[tuple[int, int], ...] = ()


def page_of_text(text: str, *, kind: PageKind | None = None, source: str = "", sha256: str = "") -> Page:
    """A page from decoded text; without a kind, it is found out.

    Raises:
        InputError: it is HTML that no reader can follow: elements more than 2,000 deep.

    >>> page = page_of_text('<p>Pain fell.<sup>1</sup></p><ol><li><a href="https://doi.org/10.1/x">A trial</a></ol>')
    >>> page.text, page.links[0].start
    ('Pain fell.1\\n1. A trial', 15)
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    kind = kind or sniff(text, source)
    sha256 = sha256 or hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    if kind is PageKind.TEXT:
        return Page(text=text, kind=kind, source=source, sha256=sha256)
    writer = _read_html(_markdown_to_html(text) if kind is PageKind.MARKDOWN else text, source)
    base = source if _is_url(source) else ""
    links = tuple(Link(_absolute(href, base), start, end) for href, start, end in writer.links)
    return Page(
        text="".join(writer.parts), kind=kind, source=source, sha256=sha256, links=links, raised=tuple(writer.raised)
    )


_HTML = re.compile(
    r"<!doctype\s+html|<(?:html|body|head)[\s>]"
    r"|</(?:p|div|a|li|ul|ol|span|h[1-6]|table|sup|em|strong|article|section|blockquote)\s*>",
    re.IGNORECASE,
)
_MARKDOWN = re.compile(r"^#{1,6} \S|\]\(\s*<?(?:https?://|#)|^\[[^\]\n]+\]:\s|^```", re.MULTILINE)


def sniff(text: str, source: str = "") -> PageKind:
    """How a text is written, by the suffix of its source, failing that by its marks.

    >>> sniff("See [a trial](https://doi.org/10.1/x)."), sniff("Pain < 3 [1]")
    (<PageKind.MARKDOWN: 'markdown'>, <PageKind.TEXT: 'text'>)
    """
    suffix = Path(urlsplit(source).path if _is_url(source) else source).suffix.lower()
    if suffix in {".md", ".markdown"}:
        return PageKind.MARKDOWN
    if suffix in {".html", ".htm", ".xhtml"} or _HTML.search(text):
        return PageKind.HTML
    return PageKind.MARKDOWN if _MARKDOWN.search(text) else PageKind.TEXT


def open_page(source: str) -> Page:
    """The page in a file, on standard input ("-") or at an http(s) address.

    At most 10 MiB are read, and an address has 20 seconds to answer.

    Raises:
        InputError: missing, a folder, empty, too large, not text, not decodable, or the server refused.
        OfflineError: the address could not be reached.
    """
    if _is_url(source):
        raw, charset, kind = _fetch(source)
    else:
        raw, charset, kind = _read(source), "", None
    where = "standard input" if source == "-" else source
    text = _decode(raw, where, charset)
    if not text.strip():
        raise InputError("there is nothing in it", where=where, expected="a text, HTML or Markdown page")
    if text.lstrip("\ufeff \n\r\t").startswith("<?xml") and not re.search(r"<html[\s>]", text, re.IGNORECASE):
        what, next_step = "this is an XML file, not a page", "`ketalit read` reads PubMed and PMC records"
        raise InputError(what, where=where, expected="a text, HTML or Markdown page", next_step=next_step)
    page = page_of_text(text, kind=kind, source=source, sha256=hashlib.sha256(raw).hexdigest())
    if not page.text.strip():
        next_step = "If scripts draw the page, copy its text from the browser into a file"
        raise InputError("the page holds no readable text", where=where, next_step=next_step)
    return page


def _is_url(source: str) -> bool:
    return source.lower().startswith(("http://", "https://"))


def _absolute(href: str, base: str) -> str:
    href = href.strip()
    if not base or href.startswith("#"):
        return href
    try:
        return urljoin(base, href)
    except ValueError:  # e.g. "http://[": not an address; shown as it stands
        return href


# --- HTML and Markdown to canonical text


def _markdown_to_html(text: str) -> str:
    from markdown_it import MarkdownIt

    # CommonMark knows no footnotes and would swallow "[^1]: …" as the definition of a link: keep each as a paragraph.
    html: str = MarkdownIt("commonmark").render(re.sub(r"(?m)^\[\^([^\]\n]+)\]:", r"\n\\[^\1\\]:", text))
    return html


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_DROPPED = _words("script style noscript template head title nav button select option textarea svg math iframe object")
_BLOCKS = _words(
    "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hr html li main ol p pre section summary table tbody td tfoot th thead tr ul"
)
_LISTS = frozenset({"ol", "ul"})


class _Writer:
    """Collects the canonical text and keeps the offsets of links and superscripts on the way."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.links: list[tuple[str, int, int]] = []
        self.raised: list[tuple[int, int]] = []
        self._line = self._space = False  # a new line, a space is due before the next word
        self._after_marker = False
        self._open: list[tuple[str, int | None]] = []  # links and superscripts ("") and where their text begins
        self._numbers: list[int] = []  # the next number of each open list; 0: not numbered

    def write(self, text: str | None) -> None:
        words = " ".join((text or "").split())
        if text and text[0].isspace():
            self._space = True
        if not text or not words:
            return
        if self._line:
            self._emit("\n" if self.length else "")
        elif self._space and self.length and not self._after_marker:
            self._emit(" ")
        self._line = self._after_marker = False
        self._open = [(href, self.length if start is None else start) for href, start in self._open]
        self._emit(words)
        self._space = text[-1].isspace()

    def start(self, tag: str, href: str, number: str) -> None:
        given = int(number) if re.fullmatch(r"\d{1,6}", number) else None
        if tag == "li":
            self._item(given)
        elif tag in _BLOCKS or tag == "br":
            self._block()
        if tag in _LISTS:
            self._numbers.append((given or 1) if tag == "ol" else 0)
        if tag == "sup" or (tag == "a" and href):
            self._open.append((href if tag == "a" else "", None))

    def end(self, tag: str, href: str) -> None:
        if tag == "sup" or (tag == "a" and href):
            target, start = self._open.pop()
            start = self.length if start is None else start
            if target:
                self.links.append((target, start, self.length))
            elif start < self.length:
                self.raised.append((start, self.length))
        if tag in _LISTS and self._numbers:
            self._numbers.pop()
        if tag in _BLOCKS:
            self._block()

    def _block(self) -> None:
        # An item's first paragraph stays on the line of the item's mark.
        if not self._after_marker:
            self._line, self._space = True, False

    def _item(self, given: int | None) -> None:
        marker = "- "
        if self._numbers and self._numbers[-1]:
            number = given or self._numbers[-1]
            marker, self._numbers[-1] = f"{number}. ", number + 1
        self._emit("\n" if self.length else "")
        self._emit(marker)
        self._line = self._space = False
        self._after_marker = True

    def _emit(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)


def _read_html(html: str, source: str) -> _Writer:
    from lxml import etree

    writer = _Writer()
    # libxml2 ends a text at NUL; surrogates cannot be encoded.
    raw = html.replace("\x00", " ").encode("utf-8", "replace")
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError):  # nothing that looks like an element
        root = None
    if any(error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for error in parser.error_log):  # the rest is lost
        what, next_step = "its elements are nested too deeply to be read", "Copy its text from the browser into a file"
        raise InputError(what, where=source, next_step=next_step)
    if root is None:
        return writer
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag, href = str(element.tag).lower(), element.get("href") or ""
        dropped = tag in _DROPPED or element.get("hidden") is not None
        if event == "start" and dropped:
            walk.skip_subtree()
        elif event == "start":
            writer.start(tag, href, element.get("start") or element.get("value") or "")
            writer.write(element.text)
        else:
            if not dropped:
                writer.end(tag, href)
            writer.write(element.tail)
    return writer


# --- the edge: bytes from a file, standard input or an address


def _read(source: str) -> bytes:
    expected = "a text, HTML or Markdown file, “-” or an http(s) address"
    if re.match(r"[a-z][a-z0-9+.-]+://", source, re.IGNORECASE):
        raise InputError("only http and https addresses are opened", where=source, expected=expected)
    try:
        if source == "-":
            raw = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            with Path(source).open("rb") as file:
                raw = file.read(MAX_BYTES + 1)
    except IsADirectoryError:
        raise InputError("this is a folder", where=source, expected=expected) from None
    except FileNotFoundError:
        raise InputError("there is no such file", where=source, expected=expected) from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise InputError(f"it cannot be read ({why})", where=source, expected=expected) from error
    _check_size(raw, source)
    return raw


def _check_size(raw: bytes, source: str) -> None:
    if len(raw) > MAX_BYTES:
        raise InputError(f"it is larger than {MAX_BYTES // 1024**2} MiB", where=source, expected="one page")


def _fetch(url: str) -> tuple[bytes, str, PageKind | None]:
    """Body, declared character set and kind of what an address answers with."""
    from .web import get

    answer = get(url, seconds=TIME_LIMIT, most=MAX_BYTES)
    _check_size(answer.body, url)
    kinds = {"text/html": PageKind.HTML, "application/xhtml+xml": PageKind.HTML, "text/markdown": PageKind.MARKDOWN}
    content_type = answer.content_type
    if content_type not in kinds and not content_type.startswith("text/"):
        raise InputError(f"the address gives {content_type}", where=url, expected="a text, HTML or Markdown page")
    return answer.body, answer.charset, kinds.get(content_type)


_SIGNATURES = ((b"%PDF", "a PDF file"), (b"PK\x03\x04", "a zip or Office file"), (b"\x1f\x8b", "a gzip file"))
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:.-]{2,40})", re.IGNORECASE)


# Python calls these encodings; no page or file is written in them, and the first takes hours for a long one.
_NO_CHARACTER_SETS = {"punycode", "idna", "undefined", "unicode-escape", "raw-unicode-escape"}


def character_set(label: str) -> str:
    """Python's name of the character set that a page or file declares.

    Raises:
        LookupError: nobody knows it, or it is none ("base64" turns bytes into bytes).

    >>> character_set("Latin-1"), character_set("UTF8")
    ('iso8859-1', 'utf-8')
    """
    try:
        name = codecs.lookup(label).name
    except ValueError as error:  # no name at all
        raise LookupError(str(error)) from None
    if name.replace("_", "-") in _NO_CHARACTER_SETS:
        raise LookupError(f"{label} is no character set")
    "".encode(name)  # raises LookupError where it is not from text to bytes
    return name


def _decode(raw: bytes, source: str, charset: str = "") -> str:
    """Bytes to text: by byte order mark, by what was declared, else as UTF-8. Never guessed, never patched up."""
    for signature, what in _SIGNATURES:
        if raw.startswith(signature):
            next_step = "Copy its text into a file and give that"
            raise InputError(f"this is {what}", where=source, expected="a page of text", next_step=next_step)
    encoding = next((name for mark, name in _BOMS if raw.startswith(mark)), "")
    if not encoding and b"\x00" in raw:
        raise InputError("this is a binary file", where=source, expected="a page of text")
    declared = _CHARSET.search(raw[:4096])
    encoding = encoding or charset or (declared.group(1).decode("ascii", "replace") if declared else "") or "utf-8"
    try:
        # Browsers, and so the pages, mean Windows-1252 when they say Latin 1 (WHATWG Encoding Standard).
        name = character_set(encoding)
        return raw.decode("cp1252" if name in {"iso8859-1", "ascii"} else name)
    except (LookupError, UnicodeError):
        what, expected = f"the bytes cannot be read as {encoding}", "a file saved as UTF-8"
        raise InputError(what, where=source, expected=expected) from None

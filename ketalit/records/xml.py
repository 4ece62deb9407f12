"""Hardened XML: bytes of one element to a tree, and mixed content to the text a reader of the page would see.

Never a DTD, never the network, no entities but the five of XML and the published character names
(`&eacute;`), which stand for themselves and cannot expand into anything else.
"""

from __future__ import annotations

import html
import html.entities
import re
from collections.abc import Callable, Iterator

from lxml import etree

_PARSER = etree.XMLParser(
    resolve_entities=False,
    no_network=True,
    load_dtd=False,
    dtd_validation=False,
    huge_tree=False,  # keeps libxml2's limits on depth and text length
    remove_comments=True,
    remove_pis=True,
    collect_ids=False,
)
_SPACES = re.compile(r"[ \t\r\n]+")
_ESCAPED = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_LITERAL_TAGS = re.compile(r"<(i|b|u|em|strong|sub|sup)>([^<>]*)</\1>", re.IGNORECASE)
_NAMED = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,30});")
_PREFIXES = re.compile(rb"[<\s]([A-Za-z_][\w.-]*):[A-Za-z_]")
_SUPERSCRIPT = str.maketrans("0123456789+-−()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾")
_RAISED = re.compile(r"[\d+\-−–(), .]*[\d+\-−–][\d+\-−–(), .]*")
_INLINE = {"b": "b", "bold": "b", "i": "i", "italic": "i", "sub": "sub", "sup": "sup", "u": "u", "underline": "u"}


class Unreadable(ValueError):
    """The bytes are not one well-formed element; the message says why."""


def parse(raw: bytes, encoding: str = "utf-8") -> etree._Element:
    """The tree of one element, from its bytes without prolog.

    Raises:
        Unreadable: not well-formed, wrongly encoded, or too deep.

    >>> parse(b"<a>x &lt; y</a>").text
    'x < y'
    """
    if encoding != "utf-8":
        try:
            raw = raw.decode(encoding).encode()
        except UnicodeError as error:
            reason = f"{error.reason} at byte {error.start}" if isinstance(error, UnicodeDecodeError) else str(error)
            raise Unreadable(f"not valid {encoding}: {reason}") from None
    try:
        return etree.fromstring(raw, _PARSER)
    except etree.XMLSyntaxError as error:
        first = error
    for mended in (_name_characters(raw), _declare_prefixes(_name_characters(raw))):
        try:
            root = etree.fromstring(mended, _PARSER)
        except etree.XMLSyntaxError:
            continue
        return root[0] if root.tag == "ketalit-prefixes" else root
    raise Unreadable(_reason(raw, first)) from None


def _name_characters(raw: bytes) -> bytes:
    """Named characters of HTML and ISO by the characters themselves; every other name stays (and is refused)."""

    def character(match: re.Match[bytes]) -> bytes:
        name = match[1].decode()
        if name in ("lt", "gt", "amp", "quot", "apos"):
            return match[0]
        return html.entities.html5.get(f"{name};", match[0].decode()).encode()

    return _NAMED.sub(character, raw)


def _declare_prefixes(raw: bytes) -> bytes:
    """Wrap an element whose namespace prefixes were declared further out (or only in the DTD)."""
    prefixes = {prefix.decode() for prefix in _PREFIXES.findall(raw)} - {"xml", "xmlns"}
    declared = "".join(f' xmlns:{prefix}="urn:{prefix}"' for prefix in sorted(prefixes))
    return f"<ketalit-prefixes{declared}>".encode() + raw + b"</ketalit-prefixes>"


def _reason(raw: bytes, error: etree.XMLSyntaxError) -> str:
    try:
        raw.decode()
    except UnicodeDecodeError as bad:
        return f"not valid UTF-8 (byte {bad.start} of the record)"
    if "depth" in (error.msg or ""):
        return "nested too deeply to be a record"
    return f"not well-formed XML ({(error.msg or 'unknown').rstrip('.')[:200]})"  # it names tags, of any length


def name(element: etree._Element) -> str:
    """Tag without namespace."""
    tag: str = element.tag
    return tag.rpartition("}")[2] if "}" in tag else tag


def squeeze(text: str) -> str:
    """Runs of space, tab, CR and LF as one space, ends trimmed; every other character untouched."""
    if "\n" in text or "  " in text or "\t" in text or "\r" in text:
        text = _SPACES.sub(" ", text)
    return text.strip(" ")


def text_of(element: etree._Element | None) -> str:
    """All text of an element without markup, as a reader sees it.

    Numeric superscripts become Unicode ones, so 10 to the 6th never reads as 106; text that was escaped
    twice is unescaped; comments, LaTeX sources and footnote bodies are left out.

    >>> text_of(parse(b"<a>10<sup>6</sup> cells, <i>P</i> &amp;lt; 0.001</a>"))
    '10⁶ cells, P < 0.001'
    """
    if element is None:
        return ""
    text = (element.text or "") if not len(element) else "".join(_pieces(element))
    return squeeze(unescape(text) if "&" in text or "<" in text else text)


def unescape(text: str) -> str:
    """Undo a second escaping: `&lt;` left in parsed text, and the inline tags it may spell.

    >>> unescape("P &lt; 0.05, AT&T, <i>n</i> &#61; 3")
    'P < 0.05, AT&T, n = 3'
    """
    text = _ESCAPED.sub(lambda match: html.unescape(match[0]), text)
    return _LITERAL_TAGS.sub(r"\2", text) if "<" in text else text


def markup_of(element: etree._Element | None) -> str:
    """Content with only the inline tags b, i, sub, sup and u, everything else escaped: safe inside HTML.

    Empty when the element has no markup.
    """
    if element is None or not len(element):
        return ""

    def inside(node: etree._Element) -> Iterator[str]:
        yield html.escape(node.text or "", quote=False)
        for child in node:
            tag = name(child)
            kept = _INLINE.get(tag)
            if kept:
                yield f"<{kept}>{''.join(inside(child))}</{kept}>"
            elif tag in _RENDER:
                yield html.escape(_RENDER[tag](child), quote=False)
            else:
                yield from inside(child)
            yield html.escape(child.tail or "", quote=False)

    return squeeze("".join(inside(element)))


def raised(text: str) -> str:
    """Digits and signs as Unicode superscripts; a superscript that holds letters stays as it is.

    >>> raised("-3"), raised("st")
    ('⁻³', 'st')
    """
    if not _RAISED.fullmatch(text):
        return text
    if text.startswith("–"):
        text = f"−{text[1:]}"
    return text.translate(_SUPERSCRIPT)


def _pieces(element: etree._Element) -> Iterator[str]:
    if element.text:
        yield element.text
    for child in element:
        render = _RENDER.get(name(child))
        if render:
            yield render(child)
        else:
            yield from _pieces(child)
        if child.tail:
            yield child.tail


def _plain(element: etree._Element) -> str:
    return "".join(_pieces(element))


def _math(element: etree._Element) -> str:
    """A formula on one line: fractions with a slash, roots with a sign, powers raised."""
    tag = name(element)
    if tag in ("annotation", "annotation-xml"):
        return ""
    parts = [_math(child) for child in element]
    if tag == "mfrac" and len(parts) == 2:
        top, bottom = (part if re.fullmatch(r"[\w.]*", part) else f"({part})" for part in parts)
        return f"{top}/{bottom}"
    if tag == "msqrt":
        return f"√({''.join(parts)})"
    if tag == "msup" and len(parts) == 2:
        return parts[0] + raised(parts[1])
    if tag == "msubsup" and len(parts) == 3:
        return parts[0] + parts[1] + raised(parts[2])
    if tag == "mmultiscripts" and parts:
        return _multiscripts(element, parts)
    if tag == "mtext":
        return _SPACES.sub(" ", element.text or "")
    tails = [squeeze(child.tail or "") for child in element]
    return squeeze(element.text or "") + "".join(part + tail for part, tail in zip(parts, tails, strict=True))


def _multiscripts(element: etree._Element, parts: list[str]) -> str:
    """A base with pairs of sub- and superscripts after it and, behind the mprescripts mark, before it: ³He."""
    tags = [name(child) for child in element]
    mark = tags.index("mprescripts") if "mprescripts" in tags else len(tags)
    after, before = parts[1:mark], parts[mark + 1 :]

    def scripts(found: list[str]) -> str:
        return "".join(raised(part) if index % 2 else part for index, part in enumerate(found))

    return scripts(before) + parts[0] + scripts(after)


def _alternatives(element: etree._Element) -> str:
    """One of several forms of the same formula or table: MathML, failing that whatever has text."""
    for child in element:
        if name(child) == "math":
            return _math(child)
    return next((text for child in element if (text := _RENDER.get(name(child), _plain)(child))), "")


def _citation(element: etree._Element) -> str:
    """A numbered citation or footnote mark set as plain text: raised, unless it stands in brackets or in a sup."""
    text = _plain(element)
    parent = element.getparent()
    if parent is None or name(parent) == "sup" or element.get("ref-type") not in ("bibr", "fn", "table-fn"):
        return text
    before = (parent.text or "") + "".join(sibling.tail or "" for sibling in element.itersiblings(preceding=True))
    in_brackets = before.count("(") > before.count(")") or before.count("[") > before.count("]")
    previous = element.getprevious()
    last = ((previous.tail if previous is not None else parent.text) or "")[-1:]
    return raised(text) if not in_brackets and (last.isalnum() or last in tuple(".,;:%)")) else text


def _spaced(element: etree._Element) -> str:
    return f" {_plain(element)} "


def _nothing(element: etree._Element) -> str:
    return ""


def _space(element: etree._Element) -> str:
    return " "


_RENDER: dict[str, Callable[[etree._Element], str]] = {
    "sup": lambda element: raised(_plain(element)),
    "math": _math,
    "alternatives": _alternatives,
    "xref": _citation,
    "break": _space,
    "tex-math": _nothing,
    "fn": _nothing,
    "object-id": _nothing,
    "table-wrap": _nothing,
    "fig": _nothing,
    **dict.fromkeys(("p", "title", "list-item", "def-item", "disp-formula", "disp-quote", "td", "th", "tr"), _spaced),
}
